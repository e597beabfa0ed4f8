/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Typed reads of a loaded tree: what every format of ours asks for.
 */
#include "input/yaml.h"

#include <ombud/text.h>

/* A foreign text cut and escaped for a message; lives as long as the struct. */
typedef struct shown {
    char text[160];
} shown;

static shown show(ob_span span)
{
    shown result = {0};
    OB_AUTO(ob_buf) buf = {.max = 4096};
    ob_buf_add_shown(&buf, span, OB_QUOTE_MAX);
    if (buf.len >= sizeof result.text) { /* much of it is escaped: a byte takes four */
        ob_buf_reset(&buf);
        ob_buf_add_shown(&buf, span, OB_QUOTE_MAX / 2);
    }
    (void)snprintf(result.text, sizeof result.text, "%.*s", OB_SHOW(ob_buf_span(&buf)));
    return result;
}

const ob_yaml *ob_yaml_get(const ob_yaml *map, const char *key)
{
    if (map == NULL || map->kind != OB_YAML_MAP) {
        return NULL;
    }
    for (size_t i = 0; i < map->count; i++) {
        if (ob_span_is_str(map->keys[i].text, key)) {
            return &map->items[i];
        }
    }
    return NULL;
}

bool ob_yaml_known(const ob_yaml_doc *doc, const ob_yaml *map, const char *const *names,
                   size_t count, ob_err *err)
{
    if (map == NULL || map->kind != OB_YAML_MAP) {
        return ob_yaml_fail(doc, map, err, "must be a map of keys and values (KEY: VALUE)");
    }
    for (size_t i = 0; i < map->count; i++) {
        if (ob_text_index(map->keys[i].text, names, count) >= 0) {
            continue;
        }
        const char *near = ob_text_nearest(map->keys[i].text, names, count);
        shown key = show(map->keys[i].text);
        if (near != NULL) {
            return ob_yaml_fail(doc, &map->keys[i], err, "unknown key '%s', did you mean '%s'?",
                                key.text, near);
        }
        return ob_yaml_fail(doc, &map->keys[i], err, "unknown key '%s'; remove it", key.text);
    }
    return true;
}

bool ob_yaml_need(const ob_yaml_doc *doc, const ob_yaml *map, const char *key, const ob_yaml **node,
                  ob_err *err)
{
    const ob_yaml *found = ob_yaml_get(map, key);
    if (found == NULL) {
        return ob_yaml_fail(doc, map, err, "needs '%s'; add it", key);
    }
    if (found->kind == OB_YAML_NULL) {
        return ob_yaml_fail(doc, found, err, "needs '%s'; give it a value", key);
    }
    *node = found;
    return true;
}

/* The scalar of a key: *found stays NULL when the key is absent. */
static bool scalar_of(const ob_yaml_doc *doc, const ob_yaml *map, const char *key, const char *what,
                      const ob_yaml **found, ob_err *err)
{
    const ob_yaml *node = ob_yaml_get(map, key);
    if (node != NULL && (node->kind != OB_YAML_SCALAR || node->text.len == 0)) {
        return ob_yaml_fail(doc, node, err, "'%s' must be %s", key, what);
    }
    *found = node;
    return true;
}

static bool plain_of(const ob_yaml_doc *doc, const ob_yaml *map, const char *key, const char *what,
                     const ob_yaml **found, ob_err *err)
{
    if (!scalar_of(doc, map, key, what, found, err)) {
        return false;
    }
    if (*found != NULL && (*found)->quoted) {
        return ob_yaml_fail(doc, *found, err, "'%s' must be %s, without quotes", key, what);
    }
    return true;
}

bool ob_yaml_text(const ob_yaml_doc *doc, const ob_yaml *map, const char *key, ob_span *out,
                  ob_err *err)
{
    const ob_yaml *node = NULL;
    if (!scalar_of(doc, map, key, "a text that is not empty", &node, err)) {
        return false;
    }
    if (node != NULL) {
        *out = node->text;
    }
    return true;
}

bool ob_yaml_bool(const ob_yaml_doc *doc, const ob_yaml *map, const char *key, bool *out,
                  ob_err *err)
{
    const ob_yaml *node = NULL;
    if (!plain_of(doc, map, key, "true or false", &node, err)) {
        return false;
    }
    if (node == NULL) {
        return true;
    }
    bool yes = ob_span_is_str(node->text, "true");
    if (!yes && !ob_span_is_str(node->text, "false")) {
        return ob_yaml_fail(doc, node, err, "'%s' must be true or false, not '%s'", key,
                            show(node->text).text);
    }
    *out = yes;
    return true;
}

bool ob_yaml_u64(const ob_yaml_doc *doc, const ob_yaml *map, const char *key, uint64_t low,
                 uint64_t high, uint64_t *out, ob_err *err)
{
    const ob_yaml *node = NULL;
    if (!plain_of(doc, map, key, "a whole number", &node, err)) {
        return false;
    }
    if (node == NULL) {
        return true;
    }
    uint64_t value = 0;
    ob_err ignored = {0};
    if (!ob_span_to_u64(node->text, &value, &ignored) || value < low || value > high) {
        return ob_yaml_fail(
            doc, node, err, "'%s' must be a whole number from %llu to %llu, not '%s'", key,
            (unsigned long long)low, (unsigned long long)high, show(node->text).text);
    }
    *out = value;
    return true;
}

bool ob_yaml_double(const ob_yaml_doc *doc, const ob_yaml *map, const char *key, double low,
                    double high, double *out, ob_err *err)
{
    const ob_yaml *node = NULL;
    if (!plain_of(doc, map, key, "a number", &node, err)) {
        return false;
    }
    if (node == NULL) {
        return true;
    }
    double value = 0;
    ob_err ignored = {0};
    /* Written so that a value that is no number is outside as well. */
    if (!ob_span_to_double(node->text, &value, &ignored) || !(value >= low && value <= high)) {
        return ob_yaml_fail(doc, node, err, "'%s' must be a number from %g to %g, not '%s'", key,
                            low, high, show(node->text).text);
    }
    *out = value;
    return true;
}

/* Splits "12ms" into number and unit. */
static bool split_unit(ob_span text, uint64_t *number, ob_span *unit)
{
    size_t digits = 0;
    while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9') {
        digits++;
    }
    ob_err ignored = {0};
    *unit = ob_span_sub(text, digits, text.len);
    return digits > 0 && ob_span_to_u64(ob_span_sub(text, 0, digits), number, &ignored);
}

bool ob_duration_parse(ob_span text, uint64_t *ms, ob_err *err)
{
    static const char *const units[] = {"ms", "s", "m", "h"};
    static const uint64_t factors[] = {1, 1000, 60000, 3600000};
    uint64_t number = 0;
    ob_span unit = {0};
    bool split = split_unit(text, &number, &unit);
    int at = ob_text_index(unit, units, OB_COUNT(units));
    uint64_t value = 0;
    if (!split || at < 0) {
        return ob_fail(err, OB_ERR_INPUT, "'%s' is no duration; write it as 250ms, 5s, 2m or 1h",
                       show(text).text);
    }
    if (__builtin_mul_overflow(number, factors[at], &value) || value > (uint64_t)INT64_MAX) {
        return ob_fail(err, OB_ERR_INPUT, "the duration '%s' is too long; make it shorter",
                       show(text).text);
    }
    *ms = value;
    return true;
}

bool ob_yaml_duration(const ob_yaml_doc *doc, const ob_yaml *map, const char *key, uint64_t *out_ms,
                      ob_err *err)
{
    const ob_yaml *node = NULL;
    if (!scalar_of(doc, map, key, "a duration such as 5s", &node, err)) {
        return false;
    }
    ob_err why = {0};
    if (node != NULL && !ob_duration_parse(node->text, out_ms, &why)) {
        return ob_yaml_fail(doc, node, err, "'%s': %s", key, why.text);
    }
    return true;
}

bool ob_yaml_bytes(const ob_yaml_doc *doc, const ob_yaml *map, const char *key, size_t max,
                   size_t *out, ob_err *err)
{
    static const char *const units[] = {"", "B", "KiB", "MiB", "GiB"};
    static const unsigned shifts[] = {0, 0, 10, 20, 30};
    const ob_yaml *node = NULL;
    if (!scalar_of(doc, map, key, "a size such as 64KiB", &node, err)) {
        return false;
    }
    if (node == NULL) {
        return true;
    }
    uint64_t number = 0;
    ob_span unit = {0};
    bool split = split_unit(node->text, &number, &unit);
    int at = ob_text_index(unit, units, OB_COUNT(units));
    if (!split || at < 0) {
        return ob_yaml_fail(doc, node, err,
                            "'%s' must be a size: bytes, or a number with KiB, MiB or GiB, not "
                            "'%s'",
                            key, show(node->text).text);
    }
    if (number > (uint64_t)max >> shifts[at]) {
        return ob_yaml_fail(doc, node, err, "'%s' may be at most %zu bytes", key, max);
    }
    *out = (size_t)(number << shifts[at]);
    return true;
}

bool ob_yaml_choice(const ob_yaml_doc *doc, const ob_yaml *map, const char *key,
                    const char *const *names, size_t count, int *out, ob_err *err)
{
    const ob_yaml *node = NULL;
    if (!scalar_of(doc, map, key, "one word", &node, err)) {
        return false;
    }
    if (node == NULL) {
        return true;
    }
    int at = ob_text_index(node->text, names, count);
    if (at >= 0) {
        *out = at;
        return true;
    }
    const char *near = ob_text_nearest(node->text, names, count);
    shown word = show(node->text);
    if (near != NULL) {
        return ob_yaml_fail(doc, node, err, "'%s' cannot be '%s', did you mean '%s'?", key,
                            word.text, near);
    }
    OB_AUTO(ob_buf) list = {.max = 4096};
    for (size_t i = 0; i < count; i++) {
        ob_buf_add_str(&list, i == 0 ? "" : ", ");
        ob_buf_add_str(&list, names[i]);
    }
    return ob_yaml_fail(doc, node, err, "'%s' cannot be '%s'; use one of: %.*s", key, word.text,
                        OB_SHOW(ob_buf_span(&list)));
}
