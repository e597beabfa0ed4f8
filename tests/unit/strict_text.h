/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strict readers of what our writers make: they accept the little XML and Markdown that is ours and
 * nothing else, so a text from outside that became markup is seen. They give NULL, or what is
 * wrong.
 */
#ifndef OB_TEST_STRICT_TEXT_H
#define OB_TEST_STRICT_TEXT_H

#include <ombud/text.h>
#include <string.h>

static inline bool strict_at(ob_span text, size_t at, const char *word)
{
    return ob_span_has_prefix(ob_span_sub(text, at, text.len), ob_span_str(word));
}

/* Valid UTF-8 without controls and without what turns the direction of a line. */
static inline const char *strict_characters(ob_span text)
{
    uint32_t rune = 0;
    if (ob_utf8_bad(text) != SIZE_MAX) {
        return "bytes that are not UTF-8";
    }
    for (size_t at = 0; ob_utf8_next(text, &at, &rune);) {
        if ((rune < 0x20 && rune != '\n' && rune != '\t') || (rune >= 0x7f && rune < 0xa0) ||
            rune == 0x202e) {
            return "a character that must not be there";
        }
    }
    return NULL;
}

/* Every & begins one of the five entities that are written. */
static inline const char *strict_entities(ob_span text)
{
    static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    for (size_t i = 0; i < text.len; i++) {
        bool good = text.ptr[i] != '&';
        for (size_t k = 0; !good && k < OB_COUNT(known); k++) {
            good = strict_at(text, i, known[k]);
        }
        if (!good) {
            return "a bare &";
        }
    }
    return NULL;
}

/* name="value" name="value" behind the name of an element; known names only. */
static inline const char *strict_attributes(ob_span rest)
{
    static const char *const known[] = {"classname", "errors",    "failures", "id",
                                        "message",   "name",      "skipped",  "tests",
                                        "time",      "timestamp", "type",     "value"};
    for (rest = ob_span_trim(rest); rest.len > 0 && !ob_span_is_str(rest, "/");
         rest = ob_span_trim(rest)) {
        ob_span name = {0};
        ob_span value = {0};
        if (!ob_span_cut(&rest, '=', &name) || ob_text_index(name, known, OB_COUNT(known)) < 0 ||
            rest.len < 2 || rest.ptr[0] != '"') {
            return "an attribute that is not ours";
        }
        rest = ob_span_sub(rest, 1, rest.len);
        size_t end = ob_span_find(rest, OB_SPAN("\""), 0);
        if (end == SIZE_MAX) {
            return "a value without an end";
        }
        value = ob_span_sub(rest, 0, end);
        rest = ob_span_sub(rest, end + 1, rest.len);
        if (memchr(value.ptr, '<', value.len) != NULL) {
            return "a < in a value";
        }
    }
    return NULL;
}

static inline const char *strict_xml(ob_span xml)
{
    static const char *const known[] = {"testsuites", "testsuite", "properties",
                                        "property",   "testcase",  "failure",
                                        "error",      "skipped",   "system-out"};
    int open[8];
    size_t depth = 0;
    size_t roots = 0;
    const char *declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    const char *bad = strict_characters(xml);
    bad = bad != NULL ? bad : strict_entities(xml);
    if (ob_span_find(xml, OB_SPAN("\xef\xbf\xbe"), 0) != SIZE_MAX ||
        ob_span_find(xml, OB_SPAN("\xef\xbf\xbf"), 0) != SIZE_MAX) {
        return "a character that XML 1.0 does not allow";
    }
    if (bad != NULL || !strict_at(xml, 0, declaration)) {
        return bad != NULL ? bad : "no declaration";
    }
    for (size_t at = strlen(declaration); at < xml.len; at++) {
        if (xml.ptr[at] == '>' || (xml.ptr[at] != '<' && xml.ptr[at] != '\n' && depth == 0)) {
            return "text outside of the root, or a bare >";
        }
        if (xml.ptr[at] != '<') {
            continue;
        }
        size_t end = ob_span_find(xml, OB_SPAN(">"), at);
        if (end == SIZE_MAX) {
            return "a tag without an end";
        }
        ob_span tag = ob_span_sub(xml, at + 1, end);
        bool closes = tag.len > 0 && tag.ptr[0] == '/';
        bool empty = tag.len > 0 && tag.ptr[tag.len - 1] == '/';
        tag = ob_span_sub(tag, closes, tag.len);
        size_t blank = ob_span_find(tag, OB_SPAN(" "), 0);
        int name = ob_text_index(ob_span_sub(tag, 0, blank), known, OB_COUNT(known));
        if (name < 0 || (closes && (depth == 0 || open[--depth] != name))) {
            return "an element that is not ours, or one closed that was not open";
        }
        roots += depth == 0 && !closes;
        bad = closes || blank == SIZE_MAX ? NULL
                                          : strict_attributes(ob_span_sub(tag, blank, tag.len));
        if (bad != NULL || (!closes && !empty && depth == OB_COUNT(open))) {
            return bad != NULL ? bad : "too deep";
        }
        if (!closes && !empty) {
            open[depth++] = name;
        }
        at = end;
    }
    return depth == 0 && roots == 1 ? NULL : "no single root, or elements left open";
}

static inline size_t strict_run(ob_span line, size_t at)
{
    size_t count = 0;
    while (at + count < line.len && line.ptr[at + count] == '`') {
        count++;
    }
    return count;
}

/* The byte behind the code span that begins at at, or SIZE_MAX. In a table a bar must be escaped.
 */
static inline size_t strict_code_end(ob_span line, size_t at, bool in_table)
{
    size_t fence = strict_run(line, at);
    size_t slashes = 0;
    for (size_t i = at + fence; i < line.len; i++) {
        size_t run = strict_run(line, i);
        if (run == fence) {
            return i + run;
        }
        if (line.ptr[i] == '|' && in_table && slashes % 2 == 0) {
            return SIZE_MAX;
        }
        slashes = line.ptr[i] == '\\' ? slashes + 1 : 0;
        i += run > 0 ? run - 1 : 0;
    }
    return SIZE_MAX;
}

/* The byte behind a tag of ours that begins at at, or SIZE_MAX. Code in a heading of details is
 * read as HTML, up to its end. */
static inline size_t strict_tag_end(ob_span line, size_t at)
{
    static const char *const known[] = {"<details>",  "</details>", "<summary>",
                                        "</summary>", "<b>",        "</b>"};
    for (size_t k = 0; k < OB_COUNT(known); k++) {
        if (strict_at(line, at, known[k])) {
            return at + strlen(known[k]);
        }
    }
    size_t end = ob_span_find(line, OB_SPAN("</code>"), at);
    if (!strict_at(line, at, "<code>") || end == SIZE_MAX) {
        return SIZE_MAX;
    }
    ob_span inside = ob_span_sub(line, at + 6, end);
    return memchr(inside.ptr, '<', inside.len) == NULL ? end + 7 : SIZE_MAX;
}

static inline bool strict_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static inline bool strict_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A character outside of code: markup, links, mentions, references are not ours. */
static inline const char *strict_plain(ob_span line, size_t at, size_t *hex)
{
    char c = line.ptr[at];
    char next = at + 1 < line.len ? line.ptr[at + 1] : ' ';
    *hex = strict_hex(c) ? *hex + 1 : 0;
    if (*hex >= 7) {
        return "what may be the name of a commit";
    }
    if (strchr("[]!@#*_~$\\>{}^=+/\"", c) != NULL) {
        return "a character that may be markup";
    }
    if (c == '&') {
        return strict_entities(ob_span_sub(line, at, at + 6 < line.len ? at + 6 : line.len));
    }
    if (c == ':' && next != ' ') {
        return "a colon that may be part of a link";
    }
    if (c == '.' && next != ' ' && !(next >= '0' && next <= '9')) {
        return "a full stop that may be part of a link";
    }
    if (c == '-' && at > 0 && strict_letter(line.ptr[at - 1]) && next >= '0' && next <= '9') {
        return "what may be a reference to an issue";
    }
    return c == '%' && next != ' ' && next != ',' && next != ';' && next != '.'
               ? "what may be a reference to a milestone"
               : NULL;
}

/* One line outside of fenced blocks. *bars: of a table, to be the same in each of its lines. */
static inline const char *strict_line(ob_span line, size_t *bars)
{
    bool table = strict_at(line, 0, "| ");
    size_t hex = 0;
    size_t seen = 0;
    size_t at = strict_at(line, 0, "## ") ? 3 : 0;
    at = strict_at(line, 0, "**The run is not finished**") ? 27 : at;
    if (line.len > 0 && strchr("`> \t", line.ptr[0]) != NULL) {
        return "a line that begins with foreign text";
    }
    if (table && strict_at(line, 0, "| --- ")) {
        at = line.len;
        for (size_t i = 0; i < line.len; i++) {
            seen += line.ptr[i] == '|';
        }
    }
    while (at < line.len) {
        char c = line.ptr[at];
        size_t end = c == '`'   ? strict_code_end(line, at, table)
                     : c == '<' ? strict_tag_end(line, at)
                                : at + 1;
        if (end == SIZE_MAX) {
            return c == '`' ? "a code span that does not end" : "a tag that is not ours";
        }
        const char *bad = end == at + 1 && c == '|' && !table ? "a bar" : NULL;
        seen += end == at + 1 && c == '|';
        /* A table's figures stand with a slash between them. */
        if (bad == NULL && end == at + 1 && c != '|' && !(table && c == '/')) {
            bad = strict_plain(line, at, &hex);
        }
        if (bad != NULL) {
            return bad;
        }
        hex = end > at + 1 ? 0 : hex;
        at = end;
    }
    const char *bad = table && *bars != 0 && *bars != seen ? "a row with other cells" : NULL;
    *bars = table ? seen : 0;
    return bad;
}

static inline const char *strict_markdown(ob_span text)
{
    size_t fence = 0;
    size_t bars = 0;
    ob_span line = {0};
    const char *bad = strict_characters(text);
    for (ob_span rest = text; bad == NULL && ob_span_cut(&rest, '\n', &line);) {
        size_t run = strict_run(line, 0);
        if (fence > 0) {
            fence = run >= fence && run == line.len ? 0 : fence;
        } else if (run >= 3 && ob_span_is_str(ob_span_sub(line, run, line.len), "text")) {
            fence = run;
            bars = 0;
        } else {
            bad = strict_line(line, &bars);
        }
    }
    return bad != NULL ? bad : fence > 0 ? "a block that does not end" : NULL;
}

#endif
