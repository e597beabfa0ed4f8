/* SPDX-License-Identifier: Apache-2.0 */
/* all, any, not: oracles made of oracles. */
#include "evaluate/oracle.h"

typedef struct parts {
    const ob_oracle *items;
    size_t count;
} parts;

static bool compile(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle, ob_err *err)
{
    const ob_yaml *list = ob_yaml_get(node, oracle->row->id);
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
    *data = (parts){items, count};
    oracle->data = data;
    return true;
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

bool ob_oracle_has_canary(const ob_oracle *oracle)
{
    if (ob_span_is_str(ob_span_str(oracle->row->id), "canary")) {
        return true;
    }
    if (oracle->row->compile != compile) {
        return false;
    }
    const parts *data = oracle->data;
    for (size_t i = 0; i < data->count; i++) {
        if (ob_oracle_has_canary(&data->items[i])) {
            return true;
        }
    }
    return false;
}

static const char *const all_keys[] = {"all"};
static const char *const any_keys[] = {"any"};
static const char *const not_keys[] = {"not"};
const ob_oracle_row ob_oracle_row_all = {
    "all", "Every one of the oracles in it says hit", "all", all_keys, 1, false, compile, look_all};
const ob_oracle_row ob_oracle_row_any = {
    "any", "One of the oracles in it says hit", "any", any_keys, 1, false, compile, look_any};
const ob_oracle_row ob_oracle_row_not = {
    "not", "The oracle in it says clean", "not", not_keys, 1, false, compile, look_not};
