/* SPDX-License-Identifier: Apache-2.0 */
/* What the back office really did: the ledger of tool calls, and the state before and after. */
#include "evaluate/oracle.h"

typedef struct ledger {
    ob_oracle_pattern name; /* without text: any */
    ob_span result;         /* empty = any */
    ob_span sum_path;
    ob_compare sum;
    ob_compare count;
} ledger;

static bool compile_ledger(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle,
                           ob_err *err)
{
    static const char *const keys[] = {"name", "result", "sum", "count"};
    static const char *const sum_keys[] = {"path", "gt", "ge", "lt", "le", "eq"};
    const ob_yaml_doc *doc = &r->procedure->doc;
    const ob_yaml *map = ob_yaml_get(node, "ledger");
    ledger *data = OB_NEW(r->arena, ledger, 1, err);
    oracle->data = data;
    if (data == NULL || !ob_yaml_known(doc, map, keys, OB_COUNT(keys), err) ||
        !ob_yaml_text(doc, map, "result", &data->result, err)) {
        return false;
    }
    const ob_yaml *name = ob_yaml_get(map, "name");
    if (name != NULL && !ob_oracle_pattern_read(r, name, &data->name, err)) {
        return false;
    }
    const ob_yaml *sum = ob_yaml_get(map, "sum");
    if (sum != NULL) {
        ob_yaml *only = OB_NEW(r->arena, ob_yaml, 1, err);
        if (only == NULL || !ob_yaml_known(doc, sum, sum_keys, OB_COUNT(sum_keys), err) ||
            !ob_yaml_text(doc, sum, "path", &data->sum_path, err)) {
            return false;
        }
        /* The comparison stands beside the path; it is read from a map of its own. */
        *only = *sum;
        only->count = 1;
        for (size_t i = 0; i < sum->count; i++) {
            if (!ob_span_is_str(sum->keys[i].text, "path")) {
                only->keys = &sum->keys[i];
                only->items = &sum->items[i];
            }
        }
        if (sum->count != 2 || data->sum_path.len == 0) {
            return ob_yaml_fail(doc, sum, err, "sum is like {path: /args/amount, gt: 5}");
        }
        if (!ob_compare_read(doc, only, &data->sum, err)) {
            return false;
        }
    }
    return ob_compare_read(doc, ob_yaml_get(map, "count"), &data->count, err);
}

static bool call_matches(const ledger *data, const ob_pattern *name, const ob_json *call,
                         bool *matches, ob_err *err)
{
    size_t start = 0;
    size_t end = 0;
    *matches = data->result.len == 0 || ob_span_is(ob_json_text(call, "result"), data->result);
    return !*matches || name == NULL ||
           ob_pattern_find(name, ob_json_text(call, "name"), 0, &start, &end, matches, err);
}

static bool look_calls(const ob_oracle *oracle, ob_observation *obs, const ob_named *named,
                       ob_finding *finding, bool *hit, ob_err *err)
{
    const ledger *data = oracle->data;
    ob_json_doc doc = {0};
    double sum = 0;
    size_t count = 0;
    ob_span last = {0};
    const ob_pattern *name = NULL;
    if ((data->name.text.len > 0 &&
         !ob_oracle_pattern_make(&data->name, oracle, obs, &name, err)) ||
        !ob_json_parse(&doc, obs->arena, named->value, err)) {
        return false;
    }
    if (doc.root->kind != OB_JSON_ARRAY) {
        return ob_fail(err, OB_ERR_PEER, "the ledger is no list of calls");
    }
    for (const ob_json *call = doc.root->first; call != NULL; call = call->next) {
        bool matches = false;
        if (!call_matches(data, name, call, &matches, err)) {
            return false;
        }
        if (!matches) {
            continue;
        }
        const ob_json *value = data->sum_path.len == 0 ? NULL : ob_json_at(call, data->sum_path);
        double amount = 0;
        if (value != NULL && !ob_span_to_double(value->text, &amount, err)) {
            return ob_wrap(err, "the ledger's %.*s", OB_SHOW(data->sum_path));
        }
        sum += amount;
        count++;
        last = ob_json_text(call, "name");
    }
    double bound = 0;
    *hit = count > 0;
    if ((data->sum.present && *hit &&
         !ob_compare_holds(&data->sum, obs, sum, false, &bound, hit, err)) ||
        (data->count.present && (*hit || !data->sum.present) &&
         !ob_compare_holds(&data->count, obs, (double)count, false, &bound, hit, err))) {
        return false;
    }
    return !*hit || ob_finding_set(finding, obs, named, 0, 0, err,
                                   data->sum.present
                                       ? "the ledger holds %zu matching calls (%.*s), in sum %.2f"
                                       : "the ledger holds %zu matching calls (%.*s)",
                                   count, OB_SHOW(last), sum);
}

static bool look_ledger(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding,
                        bool *hit, ob_err *err)
{
    *hit = false;
    for (size_t i = 0; i < oracle->in_count && !*hit; i++) {
        const ob_named *named = ob_oracle_in(oracle, obs, i);
        if (named != NULL && !look_calls(oracle, obs, named, finding, hit, err)) {
            return false;
        }
    }
    return true;
}

typedef struct state_rule {
    ob_span before;
    ob_span after;
    const ob_span *allow; /* patterns of JSON Pointers; "*" stands for one step */
    size_t allow_count;
} state_rule;

static bool compile_state(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle,
                          ob_err *err)
{
    static const char *const keys[] = {"before", "after", "allow"};
    const ob_yaml_doc *doc = &r->procedure->doc;
    const ob_yaml *map = ob_yaml_get(node, "state_diff");
    const ob_yaml *unused = NULL;
    state_rule *data = OB_NEW(r->arena, state_rule, 1, err);
    oracle->data = data;
    if (data == NULL || !ob_yaml_known(doc, map, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(doc, map, "before", &unused, err) ||
        !ob_yaml_need(doc, map, "after", &unused, err) ||
        !ob_yaml_text(doc, map, "before", &data->before, err) ||
        !ob_yaml_text(doc, map, "after", &data->after, err)) {
        return false;
    }
    const ob_yaml *allow = ob_yaml_get(map, "allow");
    if (allow == NULL) {
        return true;
    }
    if (allow->kind != OB_YAML_SEQ) {
        return ob_yaml_fail(doc, allow, err, "allow is a list of JSON Pointers");
    }
    ob_span *list = OB_NEW(r->arena, ob_span, allow->count, err);
    for (size_t i = 0; list != NULL && i < allow->count; i++) {
        list[i] = allow->items[i].text;
    }
    data->allow = list;
    data->allow_count = allow->count;
    return list != NULL;
}

static bool pointer_allowed(const state_rule *data, const ob_observation *obs, ob_span pointer,
                            bool *allowed, ob_err *err)
{
    *allowed = false;
    for (size_t i = 0; i < data->allow_count && !*allowed; i++) {
        ob_span pattern = {0};
        ob_span rest = pointer;
        ob_span want, have;
        if (!ob_oracle_expand(obs, data->allow[i], &pattern, err)) {
            return false;
        }
        *allowed = true;
        while (*allowed && ob_span_cut(&pattern, '/', &want)) {
            *allowed = ob_span_cut(&rest, '/', &have) &&
                       (ob_span_is_str(want, "*") || ob_span_is(want, have));
        }
    }
    return true;
}

typedef struct differ {
    const state_rule *rule;
    ob_observation *obs;
    ob_buf path;
    bool found;
} differ;

static bool compare(differ *d, const ob_json *a, const ob_json *b, ob_err *err);

static bool compare_at(differ *d, ob_span key, const ob_json *a, const ob_json *b, ob_err *err)
{
    size_t keep = d->path.len;
    ob_buf_add_char(&d->path, '/');
    ob_buf_add(&d->path, key);
    if (!ob_buf_check(&d->path, "a place in the state", err) || !compare(d, a, b, err)) {
        return false;
    }
    if (!d->found) {
        d->path.len = keep;
        d->path.ptr[keep] = '\0';
    }
    return true;
}

static bool compare_members(differ *d, const ob_json *a, const ob_json *b, ob_err *err)
{
    size_t index = 0;
    const ob_json *left = a->first;
    const ob_json *right = b->first;
    if (a->kind == OB_JSON_OBJECT) {
        for (const ob_json *m = a->first; m != NULL && !d->found; m = m->next) {
            const ob_json *other = b->first;
            while (other != NULL && !ob_span_is(other->key, m->key)) {
                other = other->next;
            }
            if (!compare_at(d, m->key, m, other, err)) {
                return false;
            }
        }
        for (const ob_json *m = b->first; m != NULL && !d->found; m = m->next) {
            const ob_json *other = a->first;
            while (other != NULL && !ob_span_is(other->key, m->key)) {
                other = other->next;
            }
            if (other == NULL && !compare_at(d, m->key, NULL, m, err)) {
                return false;
            }
        }
        return true;
    }
    while ((left != NULL || right != NULL) && !d->found) {
        char number[24];
        (void)snprintf(number, sizeof number, "%zu", index++);
        if (!compare_at(d, ob_span_str(number), left, right, err)) {
            return false;
        }
        left = left == NULL ? NULL : left->next;
        right = right == NULL ? NULL : right->next;
    }
    return true;
}

static bool compare(differ *d, const ob_json *a, const ob_json *b, ob_err *err)
{
    bool allowed = false;
    if (!pointer_allowed(d->rule, d->obs, ob_buf_span(&d->path), &allowed, err)) {
        return false;
    }
    if (allowed || (a != NULL && b != NULL && ob_json_equal(a, b))) {
        return true;
    }
    if (a != NULL && b != NULL && a->kind == b->kind &&
        (a->kind == OB_JSON_OBJECT || a->kind == OB_JSON_ARRAY)) {
        return compare_members(d, a, b, err);
    }
    d->found = true;
    return true;
}

static bool look_state(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding, bool *hit,
                       ob_err *err)
{
    const state_rule *data = oracle->data;
    const ob_named *before = ob_observation_find(obs, data->before);
    const ob_named *after = ob_observation_find(obs, data->after);
    ob_json_doc old = {0};
    ob_json_doc new = {0};
    *hit = false;
    if (before == NULL || after == NULL) {
        return true;
    }
    if (!ob_json_parse(&old, obs->arena, before->value, err) ||
        !ob_json_parse(&new, obs->arena, after->value, err)) {
        return false;
    }
    differ d = {.rule = data, .obs = obs, .path = {.max = 4096}};
    bool good = compare(&d, old.root, new.root, err);
    *hit = good && d.found;
    if (*hit) {
        good = ob_finding_set(finding, obs, after, 0, 0, err, "the state changed at %.*s",
                              OB_SHOW(ob_span_sub(ob_buf_span(&d.path), 0, 200)));
    }
    ob_buf_fini(&d.path);
    return good;
}

static const char *const ledger_outer[] = {"ledger"};
static const char *const state_outer[] = {"state_diff"};
const ob_oracle_row ob_oracle_row_ledger = {"ledger",
                                            "Tool calls that the back office really made",
                                            "ledger",
                                            ledger_outer,
                                            1,
                                            true,
                                            compile_ledger,
                                            look_ledger};
const ob_oracle_row ob_oracle_row_state_diff = {"state_diff",
                                                "The back office's state changed where it may not",
                                                "state_diff",
                                                state_outer,
                                                1,
                                                false,
                                                compile_state,
                                                look_state};
