/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A model that is damaged is refused with a sentence, whatever the damage. One whose digest was
 * made right again is refused or can be used: it then gives every window a score within its bounds.
 */
#include "detect/model.h"
#include "fuzz.h"

#include <ombud/sys.h>

#define AT_DIGEST 12
#define AT_BODY   44

static void sign(ob_buf *file)
{
    ob_err err = {0};
    ob_digest digest;
    const ob_span parts[] = {ob_span_sub(ob_buf_span(file), 0, AT_DIGEST),
                             ob_span_sub(ob_buf_span(file), AT_BODY, file->len)};
    hold(ob_sha256(parts, OB_COUNT(parts), &digest, &err));
    memcpy(file->ptr + AT_DIGEST, digest.bytes, sizeof digest.bytes);
}

static void score(const obi_model *model, ob_span text)
{
    static ob_arena arena;
    static obi_lexicon *lexicon;
    static obi_gather gather;
    ob_err err = {0};
    obi_reader reader;
    obi_token token;
    obi_meaning meaning;
    size_t pos = 0;
    hold(lexicon != NULL || obi_lexicon_build(&lexicon, &arena, &err));
    obi_reader_start(&reader);
    obi_gather_start(&gather, NULL);
    while (gather.count < OBI_WINDOW_WORDS && obi_reader_next(&reader, text, &pos, true, &token)) {
        obi_gather_add(&gather, lexicon, &token, reader.folded);
    }
    obi_window window = obi_gather_window(&gather);
    window.lang = obi_window_lang(&window, lexicon);
    obi_meaning_read(lexicon, &window, &meaning);
    obi_matter_read(lexicon->matter, &window, &meaning.matter);
    (void)obi_model_gate(model, &window);
    int odds = obi_model_score(model, NULL, &window, &meaning);
    hold(odds >= OBI_MODEL_SILENT && odds <= OBI_MODEL_SCORE_MAX);
}

/* Whether it loads; what loads can be used. */
static bool load(ob_span bytes, ob_span text)
{
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    obi_model *model = NULL;
    if (!obi_model_read(&model, &arena, bytes, &err)) {
        hold(model == NULL && err.kind == OB_ERR_INPUT);
        hold_sentence(err.text);
        return false;
    }
    score(model, text);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int8_t weights[1 << OBI_MODEL_BITS_MIN];
    static int8_t gate[1 << OBI_MODEL_GATE_MIN];
    ob_err err = {0};
    OB_AUTO(ob_buf) file = {.max = OBI_MODEL_FILE_MAX};
    obi_model_parts parts = {.bits = OBI_MODEL_BITS_MIN,
                             .gate_bits = OBI_MODEL_GATE_MIN,
                             .weights = weights,
                             .gate = gate,
                             .note = OB_SPAN("note")};
    ob_span raw = {(const char *)data, size};
    for (size_t i = 0; i < size && i < sizeof weights; i++) {
        weights[i] = (int8_t)data[i];
    }
    hold(obi_model_write(&parts, &file, &err));
    hold(load(ob_buf_span(&file), raw));
    hold(!load(raw, raw) || size > AT_BODY);
    /* The data are edits: a place, mostly in the head, and what is put there. */
    bool other = false;
    for (size_t i = 0; i + 2 < size && i < 300; i += 3) {
        size_t at = ((size_t)data[i] << 8 | data[i + 1]) % (data[i] < 128 ? 200 : file.len);
        other = other || file.ptr[at] != (char)data[i + 2];
        file.ptr[at] = (char)data[i + 2];
    }
    if (other) {
        (void)load(ob_buf_span(&file), raw);
        sign(&file);
        (void)load(ob_buf_span(&file), raw);
    }
    return 0;
}
