/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a coding hides, the decoders find: a sentence, encoded by one coding, is among the views
 * again. The first bytes choose the codings and their variation.
 */
#include "fuzz.h"

#include <ombud/decode.h>

#define WORDS_MAX 120
#define WORDS_MIN 16

/* These keep words whole; the others give two letters one sign, or stand around a text. */
static const char *const whole[] = {"base64",    "circled",    "escape",    "full_width", "hex",
                                    "html",      "percent",    "reversed",  "rot13",      "spacing",
                                    "variation", "zero_width", "homoglyph", "tag_chars"};

/* Words of letters: other signs are what some codings are made of. */
static ob_span sentence_of(ob_span bytes, char out[WORDS_MAX])
{
    size_t length = bytes.len < WORDS_MAX ? bytes.len : WORDS_MAX;
    size_t since = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];
        bool blank = c % 8 == 0 && since > 2 && i > 0 && i + 1 < length;
        out[i] = blank ? ' ' : (char)("abcdefghijklmnopqrstuvwxyz"[c % 26]);
        since = blank ? 0 : since + 1;
    }
    return (ob_span){out, length};
}

static bool is_found(ob_span coded, ob_span sentence)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_views views;
    ob_err err = {0};
    bool found = false;
    hold(ob_decode_all(&views, &arena, coded, &err));
    for (size_t i = 0; i < views.count; i++) {
        const ob_view *view = &views.items[i];
        size_t at = ob_span_find_nocase(view->text, sentence, 0);
        if (at != SIZE_MAX) {
            size_t first = 0;
            size_t behind = 0;
            ob_view_place(view, at, at + sentence.len, &first, &behind);
            hold(first < behind && behind <= coded.len);
            found = true;
        }
    }
    return found || views.cut;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char room[WORDS_MAX];
    OB_AUTO(ob_buf) coded = {.max = 1 << 16};
    ob_rng rng;
    ob_err err = {0};
    if (size < 2 + WORDS_MIN) {
        return 0;
    }
    ob_span sentence = sentence_of((ob_span){(const char *)data + 2, size - 2}, room);
    const ob_coding *coding = ob_coding_find(ob_span_str(whole[data[0] % OB_COUNT(whole)]));
    hold(coding != NULL && ob_rng_init(&rng, (ob_span){(const char *)data, 2}, sentence, &err));
    hold(coding->encode(sentence, &rng, &coded, &err) && coded.bad == OB_OK);
    hold(ob_utf8_bad(ob_buf_span(&coded)) == SIZE_MAX);
    hold(is_found(ob_buf_span(&coded), sentence));
    for (size_t i = 0; i < ob_codings_count; i++) {
        /* Whatever a coding makes of any bytes is within its limit and can be read by all. */
        OB_AUTO(ob_buf) any = {.max = 1 << 20};
        if (ob_codings[i]->encode != NULL && i == data[1] % ob_codings_count) {
            hold(ob_codings[i]->encode((ob_span){(const char *)data, size}, &rng, &any, &err));
            (void)is_found(ob_buf_span(&any), sentence);
        }
    }
    return 0;
}
