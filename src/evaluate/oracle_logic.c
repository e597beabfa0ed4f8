/* SPDX-License-Identifier: Apache-2.0 */
/* all, any, not, count: oracles made of oracles. */
#include "evaluate/oracle.h"

typedef struct parts {
    const ob_oracle *items;
    size_t count;
    ob_compare compare; /* count only */
} parts;

static bool compile_parts(const ob_oracle_reader *r, const ob_yaml *list, ob_oracle *oracle,
                          parts **made, ob_err *err)
{
    bool one = list->kind == OB_YAML_MAP;
    size_t count = one ? 1 : list->count;
    if (list->kind == OB_YAML_SCALAR || list->kind == OB_YAML_NULL || count == 0) {
        return ob_yaml_fail(&r->procedure->doc, list, err, "%s takes oracles", oracle->row->id);
    }
    parts *data = OB_NEW(r->arena, parts, 1, err);
    ob_oracle *items = data == NULL ? NULL : OB_NEW(r->arena, ob_oracle, count, err);
    for (size_t i = 0; items != NULL && i < count; i++) {
        if (!ob_oracle_compile(r, oracle->name, one ? list : &list->items[i], &items[i], err)) {
            return false;
        }
    }
    if (items == NULL) {
        return false;
    }
    *data = (parts){.items = items, .count = count};
    oracle->data = data;
    *made = data;
    return true;
}

static bool compile(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle, ob_err *err)
{
    parts *unused = NULL;
    return compile_parts(r, ob_yaml_get(node, oracle->row->id), oracle, &unused, err);
}

static bool compile_count(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle,
                          ob_err *err)
{
    static const char *const keys[] = {"of", "gt", "ge", "lt", "le", "eq"};
    const ob_yaml_doc *doc = &r->procedure->doc;
    const ob_yaml *map = ob_yaml_get(node, "count");
    const ob_yaml *of = NULL;
    parts *data = NULL;
    ob_yaml *only = OB_NEW(r->arena, ob_yaml, 1, err);
    if (only == NULL || !ob_yaml_known(doc, map, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(doc, map, "of", &of, err) || !compile_parts(r, of, oracle, &data, err)) {
        return false;
    }
    if (map->count != 2) {
        return ob_yaml_fail(doc, map, err, "count is like {of: [..], ge: 2}");
    }
    /* The comparison stands beside the list; it is read from a map of its own. */
    size_t other = ob_span_is_str(map->keys[0].text, "of") ? 1 : 0;
    *only = *map;
    only->count = 1;
    only->keys = &map->keys[other];
    only->items = &map->items[other];
    return ob_compare_read(doc, only, &data->compare, err);
}

static bool look_all(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding, bool *hit,
                     ob_err *err)
{
    const parts *data = oracle->data;
    *hit = true;
    for (size_t i = 0; *hit && i < data->count; i++) {
        if (!ob_oracle_look(&data->items[i], obs, finding, hit, err)) {
            return false;
        }
    }
    return true;
}

static bool look_any(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding, bool *hit,
                     ob_err *err)
{
    const parts *data = oracle->data;
    *hit = false;
    for (size_t i = 0; !*hit && i < data->count; i++) {
        if (!ob_oracle_look(&data->items[i], obs, finding, hit, err)) {
            return false;
        }
    }
    return true;
}

static bool look_not(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding, bool *hit,
                     ob_err *err)
{
    ob_finding unused = {0};
    bool inner = false;
    if (!look_any(oracle, obs, &unused, &inner, err)) {
        return false;
    }
    *hit = !inner;
    return inner || ob_finding_set(finding, obs, NULL, 0, 0, err, "what was wanted is not there");
}

static bool look_count(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding, bool *hit,
                       ob_err *err)
{
    const parts *data = oracle->data;
    size_t count = 0;
    double bound = 0;
    for (size_t i = 0; i < data->count; i++) {
        ob_finding unused = {0};
        bool one = false;
        if (!ob_oracle_look(&data->items[i], obs, &unused, &one, err)) {
            return false;
        }
        count += one;
    }
    return ob_compare_holds(&data->compare, obs, (double)count, false, &bound, hit, err) &&
           (!*hit || ob_finding_set(finding, obs, NULL, 0, 0, err,
                                    "%zu of %zu oracles say hit, the bound is %.0f", count,
                                    data->count, bound));
}

bool obi_oracle_nests(const ob_oracle *oracle)
{
    return oracle->row->compile == compile || oracle->row->compile == compile_count;
}

const ob_oracle *obi_oracle_parts(const ob_oracle *oracle, size_t *count)
{
    const parts *data = obi_oracle_nests(oracle) ? oracle->data : NULL;
    *count = data == NULL ? 0 : data->count;
    return data == NULL ? NULL : data->items;
}

bool ob_oracle_has_canary(const ob_oracle *oracle)
{
    if (!obi_oracle_nests(oracle)) {
        return obi_canary_is_planted(oracle);
    }
    const parts *data = oracle->data;
    for (size_t i = 0; i < data->count; i++) {
        if (ob_oracle_has_canary(&data->items[i])) {
            return true;
        }
    }
    return false;
}

bool ob_oracle_look_canaries(const ob_oracle *oracle, ob_observation *obs, bool *hit, ob_err *err)
{
    ob_finding unused = {0};
    *hit = false;
    if (!obi_oracle_nests(oracle)) {
        return !obi_canary_is_planted(oracle) || ob_oracle_look(oracle, obs, &unused, hit, err);
    }
    const parts *data = oracle->data;
    for (size_t i = 0; !*hit && i < data->count; i++) {
        if (!ob_oracle_look_canaries(&data->items[i], obs, hit, err)) {
            return false;
        }
    }
    return true;
}

static const char *const all_keys[] = {"all"};
static const char *const any_keys[] = {"any"};
static const char *const count_keys[] = {"count"};
static const char *const not_keys[] = {"not"};
const ob_oracle_row ob_oracle_row_all = {.id = "all",
                                         .title = "Every one of the oracles in it says hit",
                                         .doc = "all",
                                         .keys = all_keys,
                                         .keys_count = 1,
                                         .compile = compile,
                                         .look = look_all};
const ob_oracle_row ob_oracle_row_any = {.id = "any",
                                         .title = "One of the oracles in it says hit",
                                         .doc = "any",
                                         .keys = any_keys,
                                         .keys_count = 1,
                                         .compile = compile,
                                         .look = look_any};
const ob_oracle_row ob_oracle_row_count = {.id = "count",
                                           .title = "So many of the oracles in it say hit",
                                           .doc = "count",
                                           .keys = count_keys,
                                           .keys_count = 1,
                                           .compile = compile_count,
                                           .look = look_count};
const ob_oracle_row ob_oracle_row_not = {.id = "not",
                                         .title = "The oracle in it says clean",
                                         .doc = "not",
                                         .keys = not_keys,
                                         .keys_count = 1,
                                         .compile = compile,
                                         .look = look_not};
