/* SPDX-License-Identifier: Apache-2.0 */
/* Where a long kind ends. Each tail is read in steps that end where the text has decided, so that
 * pieces give the same as the whole. */
#include "detect/address.h"
#include "detect/scanner.h"
#include "detect/valid_core.h"

static size_t read_word(ob_span text, size_t at, bool *done)
{
    while (at < text.len && obi_glyphs[(unsigned char)text.ptr[at]] <= OBI_GLYPH_DIGIT) {
        at++;
    }
    *done = at < text.len;
    return at;
}

/* White space between the lines of a PEM block, also written as in a JSON string or a shell. */
static size_t skip_blank(ob_span text, size_t at)
{
    for (;;) {
        if (at < text.len && obi_one_of(text.ptr[at], " \t\r\n")) {
            at++;
        } else if (at + 1 < text.len && text.ptr[at] == '\\' &&
                   obi_one_of(text.ptr[at + 1], "nrt")) {
            at += 2;
        } else {
            return at;
        }
    }
}

static size_t line_end(ob_span text, size_t at)
{
    while (at < text.len &&
           (obi_is(text.ptr[at], OBI_ALNUM | OBI_BASE64) || obi_one_of(text.ptr[at], ":,"))) {
        at++;
    }
    return at;
}

/*
 * One word of the block behind at. A word is the block's if it is long, looks like a header or the
 * last line, or the end follows it; so prose behind a block that was cut is not swallowed. *goes is
 * false where the block ends, and *more where that cannot be told.
 */
static size_t pem_step(ob_span text, size_t at, bool *goes, bool *more)
{
    static const char end_line[] = "-----END ";
    bool inside = at > 0 && obi_is(text.ptr[at - 1], OBI_ALNUM | OBI_BASE64);
    size_t start = inside && at < text.len && obi_is(text.ptr[at], OBI_ALNUM | OBI_BASE64)
                       ? at
                       : skip_blank(text, at);
    size_t left = text.len - start;
    size_t begin = left < sizeof end_line - 1 ? left : sizeof end_line - 1;
    *goes = true;
    *more = left == 0 || (left == 1 && text.ptr[start] == '\\');
    if (memcmp(text.ptr + start, end_line, begin) == 0) {
        size_t close =
            ob_span_find(ob_span_sub(text, 0, start + 100), OB_SPAN("-----"), start + begin);
        *goes = false;
        *more = close == SIZE_MAX && text.len < start + 100;
        return close == SIZE_MAX ? at : close + 5;
    }
    size_t end = line_end(text, start);
    if (*more || end == text.len) {
        *more = *more || end - start < 16;
        return end - start < 16 && start != at ? at : end;
    }
    bool ours = start == at ? inside && end > start : end - start >= 16;
    for (size_t i = start; i < end && !ours; i++) {
        ours = obi_one_of(text.ptr[i], ":=");
    }
    if (!ours && end > start) {
        size_t next = skip_blank(text, end);
        left = text.len - next < 5 ? text.len - next : 5;
        ours = left > 0 && memcmp(text.ptr + next, end_line, left) == 0;
        *more = left < 5 && (left == 0 || ours);
    }
    *goes = ours;
    return ours && !*more ? end : at;
}

static size_t read_pem(ob_span text, size_t at, bool last, bool *done)
{
    for (;;) {
        bool goes = false;
        bool more = false;
        size_t next = pem_step(text, at, &goes, &more);
        if (more && !last) {
            return next > at && goes ? next : at;
        }
        if (!goes || next == at) {
            *done = !goes || last;
            return next;
        }
        at = next;
    }
}

static size_t read_url(ob_span text, size_t at, bool *done)
{
    while (at < text.len && (unsigned char)text.ptr[at] > ' ' &&
           !obi_one_of(text.ptr[at], "<>\"`|)\x7f")) {
        at++;
    }
    *done = at < text.len;
    return at;
}

/* The sign that closes the tag is a part of it. */
static size_t read_tag(ob_span text, size_t at, bool *done)
{
    while (at < text.len && !obi_one_of(text.ptr[at], "<>") &&
           (text.ptr[at] != '\n' || at == 0 || text.ptr[at - 1] != '\n')) {
        at++;
    }
    *done = at < text.len;
    return *done && text.ptr[at] == '>' ? at + 1 : at;
}

static size_t read_line(ob_span text, size_t at, bool *done)
{
    while (at < text.len && !obi_one_of(text.ptr[at], "\n\a\x1b")) {
        at++;
    }
    *done = at < text.len;
    return *done && text.ptr[at] == '\a' ? at + 1 : at;
}

size_t obi_tail_read(obi_tail tail, ob_span text, size_t at, size_t used, bool last, bool *done)
{
    size_t end = at;
    *done = false;
    switch (tail) {
    case OBI_TAIL_WORD:
        end = read_word(text, at, done);
        break;
    case OBI_TAIL_PEM:
        end = read_pem(text, at, last, done);
        break;
    case OBI_TAIL_ADDRESS: {
        bool more = false;
        end += obi_tail_address(text, at, used, last, &more);
        *done = !more;
        break;
    }
    case OBI_TAIL_URL:
        end = read_url(text, at, done);
        break;
    case OBI_TAIL_TAG:
        end = read_tag(text, at, done);
        break;
    case OBI_TAIL_LINE:
        end = read_line(text, at, done);
        break;
    case OBI_TAIL_NONE:
        *done = true;
        break;
    }
    *done = *done || last;
    return end - at;
}
