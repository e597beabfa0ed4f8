/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/codings.h"

#include <ombud/look.h>

/* How far into a tag an event handler is looked for. */
#define TAG_MAX 1024

static const struct {
    const char *name;
    const char *family;
} tags[] = {
    {"script", "script"}, {"iframe", "frame"}, {"frame", "frame"},  {"object", "frame"},
    {"embed", "frame"},   {"applet", "frame"}, {"portal", "frame"}, {"base", "frame"},
    {"meta", "frame"},    {"svg", "svg"},      {"math", "svg"},     {"style", "style"},
    {"link", "style"},    {"form", "form"},    {"input", "form"},   {"button", "form"},
    {"textarea", "form"}, {"select", "form"},
};

/* Functions that are meant even behind + - and @, which also start honest lines. */
static const char *const functions[] = {
    "SUM",        "HYPERLINK",   "IMPORTXML",   "IMPORTDATA", "IMPORTFEED",
    "IMPORTHTML", "IMPORTRANGE", "WEBSERVICE",  "IMAGE",      "DDE",
    "EXEC",       "CALL",        "CONCATENATE", "CONCAT",     "CHAR",
    "INDIRECT",   "IF",          "RTD",         "ENCODEURL",  "CELL",
};

static size_t name_end(ob_span text, size_t pos)
{
    while (pos < text.len &&
           (obi_is_alnum(text.ptr[pos]) || text.ptr[pos] == '.' || text.ptr[pos] == '_')) {
        pos++;
    }
    return pos;
}

static bool found_at(ob_span text, size_t start, size_t end, const char *family, ob_active *found)
{
    *found = (ob_active){.family = family, .at = ob_span_sub(text, start, end)};
    return true;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool handler_in(ob_span text, size_t pos, ob_active *found)
{
    size_t stop = text.len - pos > TAG_MAX ? pos + TAG_MAX : text.len;
    char quote = 0;
    for (; pos < stop; pos++) {
        char c = text.ptr[pos];
        if (quote != 0) {
            quote = c == quote ? 0 : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>' || c == '<') {
            return false;
        }
        if (quote != 0 || !(is_space(c) || c == '/' || c == '"' || c == '\'')) {
            continue;
        }
        size_t end = name_end(text, pos + 1);
        ob_span name = ob_span_sub(text, pos + 1, end);
        size_t equal = end;
        while (equal < stop && is_space(text.ptr[equal])) {
            equal++;
        }
        if (name.len >= 5 && ob_span_is_nocase(ob_span_sub(name, 0, 2), OB_SPAN("on")) &&
            equal < text.len && text.ptr[equal] == '=') {
            return found_at(text, pos + 1, equal + 1, "handler", found);
        }
    }
    return false;
}

static bool tag_at(ob_span text, size_t pos, ob_active *found)
{
    size_t end = name_end(text, pos + 1);
    if (end == pos + 1 || !obi_is_alpha(text.ptr[pos + 1])) {
        return false;
    }
    bool closed =
        end == text.len || is_space(text.ptr[end]) || text.ptr[end] == '/' || text.ptr[end] == '>';
    for (size_t i = 0; closed && i < OB_COUNT(tags); i++) {
        if (ob_span_is_nocase(ob_span_sub(text, pos + 1, end), ob_span_str(tags[i].name))) {
            return found_at(text, pos, end, tags[i].family, found);
        }
    }
    return handler_in(text, end, found);
}

/* "javascript:" and "data:text/html," with something behind; white space makes it prose. */
static bool link_at(ob_span text, size_t colon, ob_active *found)
{
    static const char *const schemes[] = {"javascript", "vbscript", "livescript"};
    size_t start = colon;
    while (start > 0 && colon - start < 12 && obi_is_alpha(text.ptr[start - 1])) {
        start--;
    }
    ob_span scheme = ob_span_sub(text, start, colon);
    if (colon + 1 >= text.len || is_space(text.ptr[colon + 1])) {
        return false;
    }
    for (size_t i = 0; i < OB_COUNT(schemes); i++) {
        if (ob_span_is_nocase(scheme, ob_span_str(schemes[i]))) {
            return found_at(text, start, colon + 1, "script-link", found);
        }
    }
    if (!ob_span_is_nocase(scheme, OB_SPAN("data"))) {
        return false;
    }
    size_t end = colon + 1;
    bool slash = false;
    while (end < text.len && end - colon < 64 &&
           (obi_is_alnum(text.ptr[end]) || strchr("/+.-=;", text.ptr[end]) != NULL) &&
           text.ptr[end] != 0) {
        slash = slash || text.ptr[end] == '/';
        end++;
    }
    return slash && end < text.len && text.ptr[end] == ',' &&
           found_at(text, start, end + 1, "data-link", found);
}

static bool is_reference(ob_span text, size_t pos, bool sign_only)
{
    size_t at = pos;
    at += at < text.len && text.ptr[at] == '$';
    size_t letters = at;
    while (at < text.len && text.ptr[at] >= 'A' && text.ptr[at] <= 'Z') {
        at++;
    }
    letters = at - letters;
    at += at < text.len && text.ptr[at] == '$';
    size_t digits = at;
    while (at < text.len && obi_is_digit(text.ptr[at])) {
        at++;
    }
    digits = at - digits;
    if (letters == 0 || letters > 3 || digits == 0 || digits > 7) {
        return false;
    }
    if (at < text.len && text.ptr[at] != 0 && strchr("+*/:!&^", text.ptr[at]) != NULL) {
        return true;
    }
    return !sign_only && (at == text.len || strchr("\r\n\t,;\"-", text.ptr[at]) != NULL);
}

/* A formula at the start of a line or cell: a sign, then a call, a reference or a pipe. */
static bool formula_at(ob_span text, size_t pos, ob_active *found)
{
    bool cell = pos == 0 || text.ptr[pos - 1] == '\n' || text.ptr[pos - 1] == '\t' ||
                text.ptr[pos - 1] == '\r';
    if (!cell && text.ptr[pos - 1] == '"') {
        cell = pos == 1 || strchr("\n\t,;", text.ptr[pos - 2]) != NULL;
    }
    if (!cell) {
        return false;
    }
    size_t at = pos;
    bool equal = false;
    while (at < text.len && at - pos < 4 && text.ptr[at] != 0 &&
           strchr("=+-@", text.ptr[at]) != NULL) {
        equal = equal || text.ptr[at] == '=';
        at++;
    }
    size_t end = name_end(text, at);
    ob_span name = ob_span_sub(text, at, end);
    if (end < text.len && name.len > 0 && obi_is_alpha(name.ptr[0])) {
        bool known = equal && name.len >= 2;
        for (size_t i = 0; i < OB_COUNT(functions); i++) {
            known = known || ob_span_is_nocase(name, ob_span_str(functions[i]));
        }
        if ((text.ptr[end] == '(' && known) ||
            (text.ptr[end] == '|' && end + 1 < text.len && text.ptr[end + 1] == '\'')) {
            return found_at(text, pos, end + 1, "formula", found);
        }
    }
    return is_reference(text, at, !equal) && found_at(text, pos, end, "formula", found);
}

static bool active_at(ob_span text, size_t pos, ob_active *found)
{
    switch (text.ptr[pos]) {
    case '<':
        return tag_at(text, pos, found);
    case ':':
        return link_at(text, pos, found);
    case '=':
    case '+':
    case '-':
    case '@':
        return formula_at(text, pos, found);
    case 0x1b:
        return found_at(text, pos, pos + 1, "terminal", found);
    case '\xc2':
        return pos + 1 < text.len && text.ptr[pos + 1] == '\x9b' &&
               found_at(text, pos, pos + 2, "terminal", found);
    default:
        return false;
    }
}

bool ob_active_next(ob_span text, size_t *pos, ob_active *found)
{
    for (size_t at = *pos; at < text.len; at++) {
        ob_active hit;
        if (active_at(text, at, &hit)) {
            size_t end = (size_t)(hit.at.ptr - text.ptr) + hit.at.len;
            *found = hit;
            *pos = end > at ? end : at + 1;
            return true;
        }
    }
    *pos = text.len;
    return false;
}
