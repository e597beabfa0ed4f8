/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text: what a grammar of markup says about its beginning stays true when more comes, unless it
 * asked for more; and what it covers is enough to say so again. The first byte chooses the row.
 */
#include "fuzz.h"

#include "detect/markup.h"

#define TEXT_MAX 400

static obi_fit ask(const obi_markup_row *row, ob_span text, size_t start, bool last, obi_mark *mark)
{
    const obi_markup_at at = {.text = text,
                              .start = start,
                              .end = start + strlen(row->head),
                              .last = last,
                              .whole = true};
    *mark = (obi_mark){0};
    obi_fit fit = row->read(&at, mark);
    hold(fit != OBI_FIT_MORE || !last);
    hold(fit != OBI_FIT_YES || (mark->start < mark->end && mark->end <= text.len));
    return fit;
}

static void check(const obi_markup_row *row, ob_span text, size_t start)
{
    obi_mark whole;
    obi_mark part;
    obi_fit fit = ask(row, text, start, true, &whole);
    for (size_t len = start + strlen(row->head); len <= text.len; len++) {
        obi_fit so_far = ask(row, ob_span_sub(text, 0, len), start, false, &part);
        hold(so_far == OBI_FIT_MORE || so_far == fit);
        hold(so_far != OBI_FIT_YES || (part.start == whole.start && part.end == whole.end));
    }
    if (fit == OBI_FIT_YES) {
        hold(ask(row, ob_span_sub(text, 0, whole.end), start, true, &part) == OBI_FIT_YES);
        hold(part.start == whole.start);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    const obi_markup_row *row = &obi_markup_rows[data[0] % obi_markup_count];
    ob_span text = ob_span_sub((ob_span){(const char *)data + 1, size - 1}, 0, TEXT_MAX);
    ob_span head = ob_span_str(row->head);
    for (size_t at = 0; (at = ob_span_find_nocase(text, head, at)) != SIZE_MAX; at++) {
        check(row, text, at);
    }
    return 0;
}
