/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is admitted holds none of the marks that reach outside, and its brackets are balanced; a
 * refusal points to a character of the text.
 */
#include "drive/mapping.h"

#include "fuzz.h"

static void check_refusal(ob_span text, size_t at, const ob_err *err)
{
    uint32_t rune = 0;
    size_t pos = 0;
    hold(err->kind == OB_ERR_INPUT && at <= text.len);
    hold_sentence(err->text);
    if (ob_utf8_bad(text) == SIZE_MAX && text.len <= OB_MAPPING_EXPRESSION_MAX) {
        while (pos < at && ob_utf8_next(text, &pos, &rune)) {
        }
        hold(pos == at); /* not within a character */
    }
}

/* Walks over it without knowing what the lexer knows: texts, brackets and marks only. */
static void check_admitted(ob_span text)
{
    char open[OB_MAPPING_EXPRESSION_MAX];
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (quoted && c == '\\') {
            i++;
            hold(i < text.len && text.ptr[i] != '(');
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted) {
            hold(strchr("$@#`%*&^~!'", c) == NULL || (c == '!' && text.ptr[i + 1] == '='));
            if (c == '(' || c == '[' || c == '{') {
                open[depth++] = c == '(' ? ')' : c == '[' ? ']' : '}';
            } else if (c == ')' || c == ']' || c == '}') {
                hold(depth > 0 && open[--depth] == c);
            }
        }
    }
    hold(!quoted && depth == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ob_span text = {(const char *)data, size};
    ob_err err = {0};
    size_t at = 0;
    if (ob_mapping_check(text, &at, &err)) {
        check_admitted(text);
    } else {
        check_refusal(text, at, &err);
    }
    return 0;
}
