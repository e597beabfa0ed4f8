/* SPDX-License-Identifier: Apache-2.0 */
#include "report/markdown.h"

#include "report/words.h"

#include <ombud/text.h>

#define TURNS_MAX 3

static size_t longest_run(ob_span text, char c)
{
    size_t most = 0;
    size_t run = 0;
    for (size_t i = 0; i < text.len; i++) {
        run = text.ptr[i] == c ? run + 1 : 0;
        most = run > most ? run : most;
    }
    return most;
}

static void repeat(ob_buf *out, char c, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ob_buf_add_char(out, c);
    }
}

/* Text that is escaped for people already. In a cell a bar would end the cell even in code. */
static void code_span(ob_buf *out, ob_span shown, bool in_table)
{
    size_t fence = longest_run(shown, '`') + 1;
    bool pad = shown.ptr[0] == '`' || shown.ptr[0] == ' ' || shown.ptr[shown.len - 1] == '`' ||
               shown.ptr[shown.len - 1] == ' ';
    repeat(out, '`', fence);
    ob_buf_add_str(out, pad ? " " : "");
    for (size_t i = 0; i < shown.len; i++) {
        if (shown.ptr[i] == '|' && in_table) {
            ob_buf_add_char(out, '\\');
        }
        ob_buf_add_char(out, shown.ptr[i]);
    }
    ob_buf_add_str(out, pad ? " " : "");
    repeat(out, '`', fence);
}

void obi_md_code(ob_buf *out, ob_span foreign, bool in_table)
{
    OB_AUTO(ob_buf) shown = {.max = 5 * OBI_MD_LINE_MAX + 16};
    ob_buf_add_shown(&shown, foreign, OBI_MD_LINE_MAX);
    if (shown.len == 0) {
        ob_buf_add_str(out, "none");
    } else {
        code_span(out, ob_buf_span(&shown), in_table);
    }
    obi_report_carry(out, &shown);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What Markdown and the readers of issue and person leave alone, wherever it stands in a line. */
static bool is_harmless(char before, char c, char after)
{
    bool ends = after == ' ' || after == '\0';
    switch (c) {
    case ' ':
    case ',':
    case '\'':
        return true;
    case '.':
        return ends || (is_digit(before) && is_digit(after));
    case ':':
    case ';':
        return ends;
    case '%':
        return ends || after == ',' || after == ';';
    case '-':
        return is_letter(before) && is_letter(after);
    default:
        return is_letter(c) || is_digit(c) || (unsigned char)c >= 0x80;
    }
}

/* Hex digits in a row may be the name of a commit. */
#define COMMIT_LEAST 7

static bool is_prose(ob_span text)
{
    size_t hex = 0;
    char last = text.len == 0 ? '\0' : text.ptr[text.len - 1];
    /* A mark of ours may stand behind it, so its own last is none. */
    if (last == '\0' || !is_letter(text.ptr[0]) ||
        !(is_letter(last) || is_digit(last) || (unsigned char)last >= 0x80)) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_harmless(i == 0 ? '\0' : text.ptr[i - 1], c,
                         i + 1 < text.len ? text.ptr[i + 1] : '\0')) {
            return false;
        }
        bool digit = is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        hex = digit ? hex + 1 : 0;
        if (hex >= COMMIT_LEAST) {
            return false;
        }
    }
    return true;
}

void obi_md_text(ob_buf *out, ob_span foreign)
{
    OB_AUTO(ob_buf) shown = {.max = 5 * OBI_MD_LINE_MAX + 16};
    ob_buf_add_shown(&shown, foreign, OBI_MD_LINE_MAX);
    if (ob_span_is(ob_buf_span(&shown), foreign) && is_prose(foreign)) {
        ob_buf_add(out, foreign);
    } else {
        obi_md_code(out, foreign, false);
    }
    obi_report_carry(out, &shown);
}

void obi_md_block(ob_buf *out, ob_span foreign)
{
    size_t end = obi_report_boundary(foreign, OBI_MD_BLOCK_MAX);
    ob_span text = ob_span_sub(foreign, 0, end);
    size_t run = longest_run(text, '`');
    size_t fence = run < 3 ? 3 : run + 1;
    size_t at = 0;
    uint32_t rune = 0;
    repeat(out, '`', fence);
    ob_buf_add_str(out, "text\n");
    for (size_t start = 0; ob_utf8_next(text, &at, &rune); start = at) {
        ob_span piece = ob_span_sub(text, start, at);
        if (rune == '\n' || rune == '"' || rune == '\\') {
            ob_buf_add(out, piece);
        } else {
            ob_buf_add_shown(out, piece, piece.len);
        }
    }
    if (end < foreign.len) {
        ob_buf_addf(out, "... (%zu bytes more)", foreign.len - end);
    }
    ob_buf_add_char(out, '\n');
    repeat(out, '`', fence);
    ob_buf_add_char(out, '\n');
}

void obi_md_fold(ob_buf *out, const char *word, ob_span id)
{
    OB_AUTO(ob_buf) shown = {.max = 5 * OBI_MD_LINE_MAX + 16};
    ob_buf_add_shown(&shown, id, OBI_MD_LINE_MAX);
    ob_buf_addf(out, "\n<details>\n<summary><b>%s</b>", word);
    if (shown.len > 0) {
        ob_buf_add_str(out, " <code>");
        ob_buf_add_html(out, ob_buf_span(&shown));
        ob_buf_add_str(out, "</code>");
    }
    ob_buf_add_str(out, "</summary>\n\n");
    obi_report_carry(out, &shown);
}

void obi_md_unfold(ob_buf *out)
{
    ob_buf_add_str(out, "\n</details>\n");
}

static void turn(ob_buf *out, const ob_turn_view *t)
{
    if (t->actor.len > 0 && ob_span_is_str(t->kind, "say")) {
        ob_buf_add_str(out, "\nActor ");
        obi_md_text(out, t->actor);
        ob_buf_add_str(out, " says:\n\n");
        obi_md_block(out, t->sent);
        ob_buf_add_str(out, "\nThe service replies:\n\n");
    } else {
        ob_buf_add_str(out, "\nThe call ");
        obi_md_text(out, t->sent);
        ob_buf_add_str(out, " gives:\n\n");
    }
    obi_md_block(out, t->reply);
}

static bool is_finding(const ob_trial_view *t, size_t number)
{
    for (size_t i = 0; i < t->findings_count; i++) {
        if (t->findings[i].turn == number) {
            return true;
        }
    }
    return false;
}

/* The turns that findings point at; where none does, what was said last. */
static void turns(ob_buf *out, const ob_trial_view *t)
{
    size_t written = 0;
    for (size_t i = 0; i < t->turns_count && written < TURNS_MAX && out->len < OBI_MD_FULL; i++) {
        if (is_finding(t, i)) {
            turn(out, &t->turns[i]);
            written++;
        }
    }
    for (size_t i = t->turns_count; i > 0 && written == 0; i--) {
        if (ob_span_is_str(t->turns[i - 1].kind, "say")) {
            turn(out, &t->turns[i - 1]);
            written++;
        }
    }
}

void obi_md_trial(ob_buf *out, const ob_trial_view *t)
{
    ob_buf_addf(out, "\nTrial %lld%s", (long long)t->trial, t->confirmed ? ", confirmed" : "");
    if (t->reruns > 0) {
        ob_buf_addf(out, ", again in %u of %u reruns", t->reproduced, t->reruns);
    }
    if (t->reason.len > 0) {
        ob_buf_add_str(out, ": ");
        obi_md_text(out, t->reason);
    }
    ob_buf_add_str(out, "\n");
    turns(out, t);
}
