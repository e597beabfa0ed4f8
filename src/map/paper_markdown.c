/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Papers as Markdown, a line a sentence. All text is escaped, ours as well as foreign, since both
 * stand in one sentence: nothing in a title makes a link, a tag, a list or a cell of a table.
 */
#include "map/paper_form.h"

#include <ombud/text.h>

/* A line that begins like a list or a heading would become one. */
static bool starts_block(ob_span text, size_t at)
{
    char c = text.ptr[at];
    if (at == 0 && strchr("#+-=:", c) != NULL) {
        return true;
    }
    size_t digits = 0;
    while (digits < at && text.ptr[digits] >= '0' && text.ptr[digits] <= '9') {
        digits++;
    }
    return digits == at && at > 0 && (c == '.' || c == ')');
}

static bool add_text(ob_buf *out, ob_span text, ob_err *err)
{
    OB_AUTO(ob_buf) clean = {.max = OB_PAPER_MAX};
    size_t pos = 0;
    for (uint32_t rune = 0; ob_utf8_next(text, &pos, &rune);) {
        ob_buf_add_rune(&clean, obi_paper_hides(rune) ? ' ' : rune);
    }
    ob_span s = ob_buf_span(&clean);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool link = c == ':' && i + 2 < s.len && s.ptr[i + 1] == '/' && s.ptr[i + 2] == '/';
        bool host =
            c == '.' && i >= 3 && ob_span_is_nocase(ob_span_sub(s, i - 3, i), OB_SPAN("www"));
        if (strchr("\\`*_[]<>|&~$^@{}", c) != NULL || link || host || starts_block(s, i)) {
            ob_buf_add_char(out, '\\');
        }
        ob_buf_add_char(out, c);
    }
    return ob_buf_check(&clean, "a text", err);
}

#define OB_MARKS(tag, before, number, behind, d, e, f) {before, number, behind},
static const obi_paper_form form = {.text = add_text,
                                    .marks = {
#include "map/paper_marks.def"
                                    }};

bool ob_paper_markdown(ob_buf *out, const ob_paper *p, ob_err *err)
{
    return obi_paper_write(out, p, &form, err);
}
