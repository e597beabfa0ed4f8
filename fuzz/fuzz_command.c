/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as what a local program prints: any cut gives the same lines, and no request is answered
 * twice, or after it was given up. First byte: requests open; second: those given up, as bits;
 * third: the cuts. */
#include "drive/lines.h"

#include <ombud/sys.h>

#define LINE_MAX_BYTES 96

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void see(const obi_line *line, unsigned expected, unsigned given_up, uint32_t *seen,
                ob_buf *out)
{
    if (line->text.len == 0 || line->text.len > LINE_MAX_BYTES || line->id > expected ||
        memchr(line->text.ptr, '\n', line->text.len) != NULL) {
        abort();
    }
    if (line->kind == OBI_LINE_ANSWER || line->kind == OBI_LINE_LATE) {
        uint32_t bit = 1U << line->id;
        bool late = (given_up >> (line->id - 1) & 1U) != 0;
        if (line->id == 0 || (*seen & bit) != 0 || late != (line->kind == OBI_LINE_LATE)) {
            abort();
        }
        *seen |= bit;
    } else if (line->id != 0) {
        abort();
    }
    ob_buf_addf(out, "%d %u ", (int)line->kind, (unsigned)line->id);
    ob_buf_add(out, line->text);
    ob_buf_add_char(out, '\n');
}

static void run(ob_span all, unsigned expected, unsigned given_up, uint64_t cuts, ob_buf *out)
{
    obi_lines lines;
    obi_line line;
    ob_err err = {0};
    uint32_t seen = 0;
    ob_step step = OB_MORE;
    obi_lines_init(&lines, LINE_MAX_BYTES);
    for (unsigned id = 1; id <= expected; id++) {
        if (!obi_lines_expect(&lines, id, &err)) {
            abort();
        }
        if ((given_up >> (id - 1) & 1U) != 0) {
            obi_lines_give_up(&lines, id);
        }
    }
    while (step != OB_BAD && all.len > 0) {
        size_t most = cuts == 0 ? all.len : cuts % 7 + 1;
        ob_span piece = ob_span_sub(all, 0, most);
        all = ob_span_sub(all, piece.len, all.len);
        cuts = cuts == 0 ? 0 : cuts * 6364136223846793005U + 1442695040888963407U;
        cuts = cuts == 0 ? 0 : cuts | 1U << 20;
        while ((step = obi_lines_feed(&lines, &piece, &line)) == OB_DONE) {
            see(&line, expected, given_up, &seen, out);
        }
        if (step == OB_MORE && piece.len > 0) {
            abort();
        }
    }
    ob_buf_addf(out, "%s %d", step == OB_BAD ? "bad" : "end", (int)lines.gives_ids);
    obi_lines_fini(&lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_buf) whole = {.max = 64 << 20};
    OB_AUTO(ob_buf) pieces = {.max = 64 << 20};
    if (size < 3) {
        return 0;
    }
    unsigned expected = data[0] % 9;
    ob_span all = {(const char *)data + 3, size - 3};
    run(all, expected, data[1], 0, &whole);
    run(all, expected, data[1], data[2] + 1U, &pieces);
    if (!ob_span_is(ob_buf_span(&whole), ob_buf_span(&pieces))) {
        abort();
    }
    return 0;
}
