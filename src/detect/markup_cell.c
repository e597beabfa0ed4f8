/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cells of a table that a spreadsheet computes when the table is opened, and sequences that a
 * terminal obeys.
 *
 * A cell begins a line, follows a tab, or stands in quotes behind a separator. "=" begins formulas
 * only; "+", "-" and "@" begin honest lines, too, so that a known function has to follow them.
 */
#include "detect/markup.h"

/* A formula is covered to its last bracket, at most so far. */
#define FORMULA_MAX 160

static bool is_sign(char c)
{
    return obi_one_of(c, "=+-@");
}

/* A cell begins at pos: where its signs do. */
static bool begins_cell(const obi_markup_at *at, size_t pos)
{
    if (pos == 0) {
        return true;
    }
    char c = at->text.ptr[pos - 1];
    if (c == '"' || c == '\'') {
        return pos == 1 || obi_one_of(at->text.ptr[pos - 2], "\n\t,;\r");
    }
    return obi_one_of(c, "\n\t\r") || (obi_one_of(c, ",;") && at->text.ptr[pos] == '=');
}

/* Behind the brackets of a formula, or its last sign in this line. */
static size_t formula_end(ob_span text, size_t at, bool *ended)
{
    size_t stop = at + FORMULA_MAX < text.len ? at + FORMULA_MAX : text.len;
    unsigned depth = 0;
    bool quoted = false;
    for (; at < stop && text.ptr[at] != '\n' && text.ptr[at] != '\r'; at++) {
        quoted = text.ptr[at] == '"' ? !quoted : quoted;
        depth += !quoted && text.ptr[at] == '(';
        if (!quoted && text.ptr[at] == ')') {
            depth -= depth > 0;
            if (depth == 0) {
                *ended = true;
                return at + 1;
            }
        }
        if (depth == 0 && obi_one_of(text.ptr[at], "\t,;\"")) {
            break;
        }
    }
    *ended = at < text.len;
    return at;
}

/* "A1", "$B$2", "12": what a formula without a function begins with. */
static size_t operand_end(ob_span text, size_t at)
{
    size_t from = at;
    while (at < text.len && (obi_is(text.ptr[at], OBI_UPPER | OBI_DIGIT) || text.ptr[at] == '$')) {
        at++;
    }
    return at - from <= 8 ? at : from;
}

/* Behind signs at pos: a function is called, a program is named, or cells are computed. */
static bool is_formula(ob_span text, size_t pos, bool equal, bool *more)
{
    size_t end = pos;
    while (end < text.len &&
           (obi_is(text.ptr[end], OBI_ALNUM) || obi_one_of(text.ptr[end], "._"))) {
        end++;
    }
    *more = end == text.len || (text.ptr[end] == '|' && end + 1 == text.len);
    if (*more || end == pos) {
        return false;
    }
    bool named = obi_is(text.ptr[pos], OBI_LETTER) && end - pos >= 2;
    if (named && equal && text.ptr[end] == '(') {
        return true;
    }
    if (named && text.ptr[end] == '|' && text.ptr[end + 1] == '\'') {
        return true;
    }
    size_t operand = operand_end(text, pos);
    bool cell = operand > pos + 1 && obi_is(text.ptr[pos], OBI_UPPER) &&
                obi_is(text.ptr[operand - 1], OBI_DIGIT);
    return operand == end && operand < text.len &&
           (cell ? obi_one_of(text.ptr[operand], "+*/!&^:") || (equal && text.ptr[operand] == '-')
                 : equal && obi_is(text.ptr[pos], OBI_DIGIT) &&
                       obi_one_of(text.ptr[operand], "+*!|"));
}

static obi_fit report(const obi_markup_at *at, size_t start, size_t pos, obi_mark *mark)
{
    bool ended = false;
    size_t end = formula_end(at->text, pos, &ended);
    *mark = (obi_mark){.start = start,
                       .end = end,
                       .rule = "csv-formula",
                       .kind = OB_KIND_CSV_FORMULA,
                       .sure = true};
    return ended || at->last ? OBI_FIT_YES : OBI_FIT_MORE;
}

/* The literal is a function's name, or "|'": the signs stand before it. */
static obi_fit function(const obi_markup_at *at, obi_mark *mark)
{
    size_t start = at->start;
    size_t least = start > OBI_MARKUP_LEFT ? start - OBI_MARKUP_LEFT : 0;
    bool pipe = at->text.ptr[start] == '|';
    while (pipe && start > least && obi_is(at->text.ptr[start - 1], OBI_ALNUM)) {
        start--;
    }
    bool program = start < at->start;
    size_t name = start;
    while (start > least &&
           (is_sign(at->text.ptr[start - 1]) || obi_is(at->text.ptr[start - 1], OBI_DIGIT) ||
            obi_one_of(at->text.ptr[start - 1], " ("))) {
        start--;
    }
    while (start < name && !is_sign(at->text.ptr[start])) {
        start++;
    }
    if (start == name || (pipe && !program) || !begins_cell(at, start)) {
        return OBI_FIT_NO;
    }
    return report(at, start, name, mark);
}

obi_fit obi_markup_cell(const obi_markup_at *at, obi_mark *mark)
{
    if (at->end > at->start && !is_sign(at->text.ptr[at->end - 1])) {
        return function(at, mark);
    }
    /* The literal ends with the sign; at the beginning of a text there is none. */
    size_t start = at->end > at->start ? at->end - 1 : at->start;
    size_t pos = start;
    bool equal = false;
    bool more = false;
    if (!begins_cell(at, start)) {
        return OBI_FIT_NO;
    }
    while (pos < at->text.len && pos - start < 4 && is_sign(at->text.ptr[pos])) {
        equal = equal || at->text.ptr[pos] == '=';
        pos++;
    }
    if (!is_formula(at->text, pos, equal, &more)) {
        return more && !at->last ? OBI_FIT_MORE : OBI_FIT_NO;
    }
    return report(at, start, pos, mark);
}

/* Behind a control sequence (ECMA-48, 5.4): parameters, then one byte from "@" to "~". */
static size_t sequence_end(ob_span text, size_t at, bool *ended)
{
    while (at < text.len && text.ptr[at] >= ' ' && text.ptr[at] <= '?') {
        at++;
    }
    *ended = at < text.len;
    return *ended && text.ptr[at] >= '@' && text.ptr[at] <= '~' ? at + 1 : at;
}

/* Behind a control string: BEL or ST ends it, or the line where neither comes. */
static size_t string_end(ob_span text, size_t at, bool *ended)
{
    *ended = true;
    for (; at < text.len && text.ptr[at] != '\n'; at++) {
        if (text.ptr[at] == '\a') {
            return at + 1;
        }
        if (text.ptr[at] == '\x1b' || text.ptr[at] == '\xc2') {
            char last = text.ptr[at] == '\x1b' ? '\\' : '\x9c';
            if (at + 1 == text.len || text.ptr[at + 1] == last) {
                *ended = at + 1 < text.len;
                return *ended ? at + 2 : at + 1;
            }
            return at;
        }
    }
    *ended = at < text.len;
    return at;
}

obi_fit obi_markup_ansi(const obi_markup_at *at, obi_mark *mark)
{
    char kind = at->text.ptr[at->end - 1];
    bool sequence = kind == '[' || kind == '\x9b';
    bool string = obi_one_of(kind, "]P_^\x9d\x90");
    bool ended = true;
    size_t end = sequence ? sequence_end(at->text, at->end, &ended)
                 : string ? string_end(at->text, at->end, &ended)
                          : at->end;
    *mark = (obi_mark){.start = at->start,
                       .end = end,
                       .rule = string ? "ansi/string" : "ansi/sequence",
                       .kind = OB_KIND_ANSI,
                       .sure = true,
                       .tail = string && !ended ? OBI_TAIL_LINE : OBI_TAIL_NONE};
    return ended || at->last ? OBI_FIT_YES : OBI_FIT_MORE;
}
