/* SPDX-License-Identifier: Apache-2.0 */
/* The windows of a text. */
#include "cli/train.h"

bool ob_train_windows(ob_span text,
                      bool (*look)(void *ctx, const obi_window *window, const obi_meaning *meaning),
                      void *ctx)
{
    static obi_token all[65536];
    static char folded[65536 * 16];
    size_t count = 0, used = 0, pos = 0;
    obi_reader reader;
    obi_reader_start(&reader);
    ob_span lang = ob_lang_guess(text);
    unsigned id = ob_span_is_str(lang, "en")   ? OBI_LANG_EN
                  : ob_span_is_str(lang, "zh") ? OBI_LANG_ZH
                  : ob_span_is_str(lang, "fr") ? OBI_LANG_FR
                  : ob_span_is_str(lang, "es") ? OBI_LANG_ES
                  : ob_span_is_str(lang, "ru") ? OBI_LANG_RU
                  : ob_span_is_str(lang, "ar") ? OBI_LANG_AR
                                               : 0;
    obi_token t;
    size_t at[65536];
    size_t starts[4096];
    size_t sentences = 0;
    while (count < 60000 && used < sizeof folded - 100 &&
           obi_reader_next(&reader, text, &pos, true, &t)) {
        if ((count == 0 || (t.gap & (OBI_GAP_STOP | OBI_GAP_PARAGRAPH)) ||
             count - starts[sentences - 1] >= 32) &&
            sentences < 4096) {
            starts[sentences++] = count;
        }
        memcpy(folded + used, reader.folded, t.len);
        at[count] = used;
        used += t.len;
        all[count++] = t;
    }
    for (size_t i = 0; i < sentences; i++) {
        size_t from = starts[i > 0 ? i - 1 : 0];
        size_t to = i + 1 < sentences ? starts[i + 1] : count;
        if (to - from > 64)
            from = to - 64;
        if (i == 0 && sentences > 1)
            continue;
        obi_token words[64];
        for (size_t k = from; k < to; k++) {
            words[k - from] = all[k];
            words[k - from].at = (uint16_t)(at[k] - at[from]);
        }
        obi_window w = {
            .words = words, .count = to - from, .folded = {folded + at[from], 8192}, .lang = id};
        static obi_lexicon *lex;
        static ob_arena ar;
        ob_err e = {0};
        if (!lex && !obi_lexicon_build(&lex, &ar, &e))
            return false;
        obi_meaning m;
        obi_lexicon_read(lex, &w, &m);
        if (!look(ctx, &w, &m))
            return false;
    }
    return true;
}
