/* SPDX-License-Identifier: Apache-2.0 */
/* The windows of a text, cut as the scanner cuts them (detect/passage.c). */
#include "cli/train.h"

static bool show(const ob_train_reader *r, const obi_gather *g)
{
    obi_meaning meaning;
    obi_window window = obi_gather_window(g);
    window.lang = obi_window_lang(&window, r->lexicon);
    obi_meaning_read(r->lexicon, &window, &meaning);
    obi_matter_read(r->lexicon->matter, &window, &meaning.matter);
    return r->look(r->ctx, &window, &meaning, obi_gather_weight(g));
}

bool ob_train_read(const ob_train_reader *r, ob_span text)
{
    obi_reader reader;
    obi_gather gather;
    obi_token token;
    size_t pos = 0;
    obi_reader_start(&reader);
    obi_gather_start(&gather, NULL);
    /* The end of the text ends its last word, too. */
    while (obi_reader_next(&reader, text, &pos, true, &token)) {
        if (obi_gather_ready(&gather, &token)) {
            if (!show(r, &gather)) {
                return false;
            }
            obi_gather_shift(&gather);
        }
        obi_gather_add(&gather, r->lexicon, &token, reader.folded);
    }
    return gather.count == gather.fresh || show(r, &gather);
}
