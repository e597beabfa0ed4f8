/* SPDX-License-Identifier: Apache-2.0 */
#include "input/yaml_quote.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}

/* Folds the line breaks at *at: blanks around them go, one break is a space, n breaks are n - 1
 * line feeds. */
static size_t fold(ob_span source, size_t *at, char *out, size_t used)
{
    size_t breaks = 0;
    while (used > 0 && is_blank(out[used - 1])) {
        used--;
    }
    while (*at < source.len && (is_blank(source.ptr[*at]) || is_break(source.ptr[*at]))) {
        bool both = source.ptr[*at] == '\r' && *at + 1 < source.len && source.ptr[*at + 1] == '\n';
        breaks += is_break(source.ptr[*at]);
        *at += both ? 2 : 1;
    }
    if (breaks == 1) {
        out[used++] = ' ';
    }
    for (size_t i = 1; i < breaks; i++) {
        out[used++] = '\n';
    }
    return used;
}

bool obi_yaml_single_quoted(ob_span source, ob_arena *arena, ob_span *value, ob_err *err)
{
    size_t end = 0;
    while (end < source.len &&
           (source.ptr[end] != '\'' || (end + 1 < source.len && source.ptr[end + 1] == '\''))) {
        end += source.ptr[end] == '\'' ? 2 : 1;
    }
    if (OB_NEVER(end >= source.len)) {
        return ob_fail(err, OB_ERR_BUG, "a text in single quotes has no end");
    }
    char *out = OB_NEW(arena, char, end + 1, err);
    if (out == NULL) {
        return false;
    }
    size_t used = 0;
    source.len = end;
    for (size_t at = 0; at < end;) {
        if (is_break(source.ptr[at])) {
            used = fold(source, &at, out, used);
        } else {
            out[used++] = source.ptr[at];
            at += source.ptr[at] == '\'' ? 2 : 1;
        }
    }
    *value = (ob_span){out, used};
    return true;
}
