/* SPDX-License-Identifier: Apache-2.0 */
/* Any text: the folded words are the same for every cut, lie in the text in order, and are valid
 * UTF-8 of the size that was promised. The first byte chooses how the text is cut. */
#include "detect/reader.h"
#include "fuzz.h"

#include <ombud/sys.h>
#include <ombud/text.h>

#define TOKENS_MAX ((size_t)4096)

typedef struct words {
    obi_token tokens[TOKENS_MAX];
    size_t count;
} words;

static void take(words *w, obi_reader *reader, ob_span piece, bool last, size_t len)
{
    size_t pos = 0;
    obi_token token;
    while (obi_reader_next(reader, piece, &pos, last, &token)) {
        ob_span folded = {reader->folded, token.len};
        hold(token.len > 0 && token.len <= OBI_TOKEN_MAX);
        hold(ob_utf8_bad(folded) == SIZE_MAX && token.hash == obi_token_hash(folded));
        hold(token.start < token.end && token.end <= len);
        hold(w->count == 0 || token.start >= w->tokens[w->count - 1].end);
        w->tokens[w->count++] = token;
    }
    hold(pos == piece.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static words whole;
    static words cut;
    ob_err err = {0};
    ob_rng rng = {0};
    obi_reader reader;
    if (size < 1 || size > TOKENS_MAX) {
        return 0;
    }
    ob_span text = {(const char *)data + 1, size - 1};
    whole.count = 0;
    obi_reader_start(&reader);
    take(&whole, &reader, text, true, text.len);
    hold(ob_rng_init(&rng, (ob_span){(const char *)data, 1}, OB_SPAN("reader"), &err));
    cut.count = 0;
    obi_reader_start(&reader);
    for (size_t at = 0; at < text.len;) {
        size_t end = at + 1 + (size_t)ob_rng_below(&rng, 1 + data[0] % 32U);
        take(&cut, &reader, ob_span_sub(text, at, end), false, text.len);
        at = end;
    }
    take(&cut, &reader, (ob_span){0}, true, text.len);
    hold(cut.count == whole.count);
    hold(memcmp(cut.tokens, whole.tokens, whole.count * sizeof(obi_token)) == 0);
    return 0;
}
