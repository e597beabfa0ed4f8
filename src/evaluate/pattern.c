/* SPDX-License-Identifier: Apache-2.0 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "evaluate/pattern.h"

#include <pcre2.h>

#define MATCH_LIMIT 1000000
#define DEPTH_LIMIT 5000
#define HEAP_KIB    16384

struct ob_pattern {
    ob_span text;
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *limits;
};

static void release(void *arg)
{
    ob_pattern *pattern = arg;
    pcre2_match_context_free(pattern->limits);
    pcre2_match_data_free(pattern->match);
    pcre2_code_free(pattern->code);
}

bool ob_pattern_new(const ob_pattern **pattern, ob_arena *arena, ob_span text, ob_err *err)
{
    int code = 0;
    PCRE2_SIZE at = 0;
    ob_pattern *made = OB_NEW(arena, ob_pattern, 1, err);
    if (made == NULL || !ob_arena_dup(arena, text, &made->text, err) ||
        !ob_arena_defer(arena, release, made, err)) {
        return false;
    }
    made->code = pcre2_compile((PCRE2_SPTR)made->text.ptr, text.len,
                               PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C, &code,
                               &at, NULL);
    if (made->code == NULL) {
        PCRE2_UCHAR reason[128] = {0};
        (void)pcre2_get_error_message(code, reason, sizeof reason);
        return ob_fail(err, OB_ERR_INPUT, "the pattern is wrong at character %zu: %s", at + 1,
                       (const char *)reason);
    }
    made->match = pcre2_match_data_create_from_pattern(made->code, NULL);
    made->limits = pcre2_match_context_create(NULL);
    if (made->match == NULL || made->limits == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for a pattern");
    }
    (void)pcre2_set_match_limit(made->limits, MATCH_LIMIT);
    (void)pcre2_set_depth_limit(made->limits, DEPTH_LIMIT);
    (void)pcre2_set_heap_limit(made->limits, HEAP_KIB);
    *pattern = made;
    return true;
}

bool ob_pattern_find(const ob_pattern *pattern, ob_span text, size_t from, size_t *start,
                     size_t *end, bool *found, ob_err *err)
{
    *found = false;
    if (from > text.len) {
        return true;
    }
    int count = pcre2_match(pattern->code, (PCRE2_SPTR)(text.ptr == NULL ? "" : text.ptr), text.len,
                            from, 0, pattern->match, pattern->limits);
    if (count == PCRE2_ERROR_NOMATCH) {
        return true;
    }
    if (count < 0) {
        return ob_fail(err, OB_ERR_LIMIT, "the pattern '%.*s' gave up on a text of %zu bytes",
                       OB_SHOW(ob_span_sub(pattern->text, 0, 60)), text.len);
    }
    const PCRE2_SIZE *places = pcre2_get_ovector_pointer(pattern->match);
    size_t group = count > 1 && places[2] != PCRE2_UNSET ? 1 : 0;
    *start = places[2 * group];
    *end = places[2 * group + 1];
    *found = true;
    return true;
}
