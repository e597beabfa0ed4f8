/* SPDX-License-Identifier: Apache-2.0 */
/* What the targets share. A target holds to what a module promises; a broken promise ends it. */
#ifndef OB_FUZZ_H
#define OB_FUZZ_H

#include <ombud/text.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No assert: it must hold in every build. */
static inline void hold(bool condition)
{
    if (!condition) {
        abort();
    }
}

static inline bool within(ob_span text, ob_span part)
{
    return part.len == 0 || (part.ptr >= text.ptr && part.ptr + part.len <= text.ptr + text.len);
}

/* One line for people: not empty, valid UTF-8, nothing that a terminal would act on. */
static inline void hold_sentence(const char *why)
{
    ob_span text = ob_span_str(why);
    size_t at = 0;
    uint32_t rune = 0;
    hold(text.len > 0 && ob_utf8_bad(text) == SIZE_MAX);
    while (ob_utf8_next(text, &at, &rune)) {
        hold(rune >= 0x20 && rune != 0x7f && !(rune >= 0x80 && rune < 0xa0));
    }
}

/* A text in double quotes for YAML: as in JSON, with escapes for what its files must not hold. */
static inline void print_quoted(ob_buf *out, ob_span text)
{
    uint32_t rune = 0;
    ob_buf_add_char(out, '"');
    for (size_t at = 0, from = 0; ob_utf8_next(text, &at, &rune); from = at) {
        if (rune < 0x20 || (rune >= 0x7f && rune < 0xa0) || rune == 0x2028 || rune == 0x2029 ||
            rune == 0xfeff || rune == 0xfffe || rune == 0xffff) {
            ob_buf_addf(out, "\\u%04x", (unsigned)rune);
        } else {
            ob_buf_add_str(out, rune == '"' || rune == '\\' ? "\\" : "");
            ob_buf_add(out, ob_span_sub(text, from, at));
        }
    }
    ob_buf_add_char(out, '"');
}

/* Reads the number behind *at and the colon behind it. */
static inline bool take_number(const char **at, size_t *value)
{
    size_t digits = 0;
    *value = 0;
    for (; digits < 9 && (*at)[digits] >= '0' && (*at)[digits] <= '9'; digits++) {
        *value = *value * 10 + (size_t)((*at)[digits] - '0');
    }
    bool good = digits > 0 && (*at)[digits] == ':';
    *at += digits + 1;
    return good;
}

/* A mistake that names the file says a place in it: "NAME:LINE:COLUMN: ", or "NAME: byte N: ". One
 * line and one column behind the end are places, too: that is where something is missing. */
static inline void hold_place(const ob_err *err, const char *name, ob_span text)
{
    const char *at = strstr(err->text, name);
    const char *quote = strchr(err->text, '\'');
    size_t line = 0;
    size_t column = 0;
    if (at == NULL || (quote != NULL && quote < at)) {
        return; /* about another file, or about none */
    }
    at += strlen(name) + 1;
    hold(at[-1] == ':');
    if (strncmp(at, " byte ", 6) == 0) {
        at += 6;
        hold(take_number(&at, &line) && line <= text.len);
        return;
    }
    hold(take_number(&at, &line) && take_number(&at, &column) && line > 0 && column > 0);
    size_t lines = 1;
    size_t columns = 1;
    uint32_t rune = 0;
    for (size_t pos = 0; lines < line && ob_utf8_next(text, &pos, &rune);) {
        bool both = rune == '\r' && pos < text.len && text.ptr[pos] == '\n';
        lines += !both && (rune == '\n' || rune == '\r');
        if (lines == line) {
            size_t end = pos;
            while (ob_utf8_next(text, &end, &rune) && rune != '\n' && rune != '\r') {
                columns++;
            }
        }
    }
    if (line == 1) {
        for (size_t pos = 0; ob_utf8_next(text, &pos, &rune) && rune != '\n' && rune != '\r';) {
            columns++;
        }
    }
    hold(line <= lines + 1 && column <= columns + 1);
}

#endif
