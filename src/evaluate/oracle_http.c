/* SPDX-License-Identifier: Apache-2.0 */
/* What an exchange was like, whatever it said: status, headers, latency, a value within JSON. */
#include "evaluate/oracle.h"

#include <math.h>

static bool compile_status(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle,
                           ob_err *err)
{
    ob_compare *data = OB_NEW(r->arena, ob_compare, 1, err);
    oracle->data = data;
    return data != NULL &&
           ob_compare_read(&r->procedure->doc, ob_yaml_get(node, "status"), data, err);
}

static bool look_status(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding,
                        bool *hit, ob_err *err)
{
    *hit = false;
    for (size_t i = 0; i < oracle->in_count && !*hit; i++) {
        const ob_named *named = ob_oracle_in(oracle, obs, i);
        if (named == NULL || obs->turns[named->turn].status == 0) {
            continue;
        }
        int status = obs->turns[named->turn].status;
        double bound = 0;
        if (!ob_compare_holds(oracle->data, obs, status, false, &bound, hit, err) ||
            (*hit && !ob_finding_set(finding, obs, named, 0, 0, err,
                                     "the service answered with status %d", status))) {
            return false;
        }
    }
    return true;
}

typedef struct latency {
    ob_compare compare[4];
} latency;

static const char *const latency_keys[] = {"total", "first_byte", "first_token", "max_gap"};
static const char *const latency_words[] = {"the whole reply took", "the first byte took",
                                            "the first word took", "the longest silence was"};

static bool compile_latency(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle,
                            ob_err *err)
{
    const ob_yaml *map = ob_yaml_get(node, "latency");
    latency *data = OB_NEW(r->arena, latency, 1, err);
    oracle->data = data;
    if (data == NULL ||
        !ob_yaml_known(&r->procedure->doc, map, latency_keys, OB_COUNT(latency_keys), err)) {
        return false;
    }
    for (size_t i = 0; i < OB_COUNT(latency_keys); i++) {
        if (!ob_compare_read(&r->procedure->doc, ob_yaml_get(map, latency_keys[i]),
                             &data->compare[i], err)) {
            return false;
        }
    }
    return map->count > 0 ||
           ob_yaml_fail(&r->procedure->doc, map, err, "latency needs a comparison");
}

static bool look_latency(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding,
                         bool *hit, ob_err *err)
{
    const latency *data = oracle->data;
    *hit = false;
    for (size_t i = 0; i < oracle->in_count && !*hit; i++) {
        const ob_named *named = ob_oracle_in(oracle, obs, i);
        if (named == NULL) {
            continue;
        }
        const ob_seen *seen = &obs->turns[named->turn];
        const double values[] = {seen->total_ms, seen->first_byte_ms, seen->first_token_ms,
                                 seen->max_gap_ms};
        for (size_t k = 0; k < OB_COUNT(values) && !*hit; k++) {
            double bound = 0;
            if (!data->compare[k].present || values[k] < 0) {
                continue;
            }
            if (!ob_compare_holds(&data->compare[k], obs, values[k], true, &bound, hit, err) ||
                (*hit &&
                 !ob_finding_set(finding, obs, named, 0, 0, err, "%s %.0f ms, the bound is %.0f ms",
                                 latency_words[k], values[k], bound))) {
                return false;
            }
        }
    }
    return true;
}

typedef struct header {
    ob_span name;
    bool absent;
    ob_oracle_pattern pattern; /* without text: any value */
} header;

static bool compile_header(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle,
                           ob_err *err)
{
    static const char *const keys[] = {"name", "regex", "absent"};
    const ob_yaml_doc *doc = &r->procedure->doc;
    const ob_yaml *map = ob_yaml_get(node, "header");
    const ob_yaml *name = NULL;
    const ob_yaml *regex = ob_yaml_get(map, "regex");
    header *data = OB_NEW(r->arena, header, 1, err);
    oracle->data = data;
    if (data == NULL || !ob_yaml_known(doc, map, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(doc, map, "name", &name, err) ||
        !ob_yaml_text(doc, map, "name", &data->name, err) ||
        !ob_yaml_bool(doc, map, "absent", &data->absent, err) ||
        (regex != NULL && !ob_oracle_pattern_read(r, regex, &data->pattern, err))) {
        return false;
    }
    return (regex != NULL) != data->absent ||
           ob_yaml_fail(doc, map, err, "header takes either regex or absent: true");
}

/* *found: a line of that name whose value matches; *there: a line of that name. */
static bool look_head(const header *data, const ob_pattern *pattern, ob_span head, bool *there,
                      bool *found, ob_span *value, ob_err *err)
{
    ob_span line;
    while (!*found && ob_span_cut_line(&head, &line)) {
        ob_span field;
        size_t start = 0;
        size_t end = 0;
        if (!ob_span_cut(&line, ':', &field) || !ob_span_is_nocase(field, data->name)) {
            continue;
        }
        *there = true;
        *value = ob_span_trim(line);
        if (pattern != NULL && !ob_pattern_find(pattern, *value, 0, &start, &end, found, err)) {
            return false;
        }
    }
    return true;
}

static bool look_header(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding,
                        bool *hit, ob_err *err)
{
    const header *data = oracle->data;
    const ob_pattern *pattern = NULL;
    *hit = false;
    if (!data->absent && !ob_oracle_pattern_make(&data->pattern, oracle, obs, &pattern, err)) {
        return false;
    }
    for (size_t i = 0; i < oracle->in_count && !*hit; i++) {
        const ob_named *named = ob_oracle_in(oracle, obs, i);
        bool there = false;
        bool found = false;
        ob_span value = {0};
        if (named == NULL || obs->turns[named->turn].head.len == 0) {
            continue; /* no answer: it lacks nothing */
        }
        if (!look_head(data, pattern, obs->turns[named->turn].head, &there, &found, &value, err)) {
            return false;
        }
        *hit = data->absent ? !there : found;
        if (*hit && !ob_finding_set(finding, obs, named, 0, 0, err,
                                    data->absent ? "the answer has no header %.*s"
                                                 : "the header %.*s is '%.*s'",
                                    OB_SHOW(data->name), OB_SHOW(ob_span_sub(value, 0, 100)))) {
            return false;
        }
    }
    return true;
}

typedef struct json_rule {
    ob_span path;
    ob_span equals; /* template */
    bool has_equals;
    ob_oracle_pattern pattern; /* without text: none */
} json_rule;

static bool compile_json(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle,
                         ob_err *err)
{
    static const char *const keys[] = {"path", "equals", "regex"};
    const ob_yaml *map = ob_yaml_get(node, "json");
    json_rule *data = OB_NEW(r->arena, json_rule, 1, err);
    oracle->data = data;
    if (data == NULL || !ob_yaml_known(&r->procedure->doc, map, keys, OB_COUNT(keys), err) ||
        !ob_yaml_text(&r->procedure->doc, map, "path", &data->path, err) ||
        !ob_yaml_text(&r->procedure->doc, map, "equals", &data->equals, err)) {
        return false;
    }
    data->has_equals = ob_yaml_get(map, "equals") != NULL;
    const ob_yaml *regex = ob_yaml_get(map, "regex");
    return regex == NULL || ob_oracle_pattern_read(r, regex, &data->pattern, err);
}

static bool json_matches(const ob_oracle *oracle, ob_observation *obs, const ob_json *value,
                         bool *hit, ob_err *err)
{
    const json_rule *data = oracle->data;
    const ob_pattern *pattern = NULL;
    ob_span text = value->text;
    *hit = true;
    if (value->kind == OB_JSON_BOOL) {
        text = value->truth ? OB_SPAN("true") : OB_SPAN("false");
    }
    if (data->has_equals) {
        ob_span wanted = {0};
        if (!ob_oracle_expand(obs, data->equals, &wanted, err)) {
            return false;
        }
        *hit = ob_span_is(text, wanted);
    }
    size_t start = 0;
    size_t end = 0;
    if (!*hit || data->pattern.text.len == 0) {
        return true;
    }
    return ob_oracle_pattern_make(&data->pattern, oracle, obs, &pattern, err) &&
           ob_pattern_find(pattern, text, 0, &start, &end, hit, err);
}

static bool look_json(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding, bool *hit,
                      ob_err *err)
{
    const json_rule *data = oracle->data;
    *hit = false;
    for (size_t i = 0; i < oracle->in_count && !*hit; i++) {
        const ob_named *named = ob_oracle_in(oracle, obs, i);
        ob_json_doc doc = {0};
        if (named == NULL) {
            continue;
        }
        if (!ob_json_parse(&doc, obs->arena, named->value, err)) {
            return false;
        }
        const ob_json *value = ob_json_at(doc.root, data->path);
        if (value == NULL) {
            continue;
        }
        if (!json_matches(oracle, obs, value, hit, err) ||
            (*hit &&
             !ob_finding_set(finding, obs, named, 0, 0, err, "%.*s is '%.*s'", OB_SHOW(data->path),
                             OB_SHOW(ob_span_sub(value->text, 0, 100))))) {
            return false;
        }
    }
    return true;
}

static const char *const header_outer[] = {"header"};
static const char *const status_outer[] = {"status"};
static const char *const latency_outer[] = {"latency"};
static const char *const json_outer[] = {"json"};
const ob_oracle_row ob_oracle_row_status = {
    "status",   "The HTTP status of an exchange", "status", status_outer, 1, true, compile_status,
    look_status};
const ob_oracle_row ob_oracle_row_latency = {
    "latency",   "How long an exchange took", "latency", latency_outer, 1, true, compile_latency,
    look_latency};
const ob_oracle_row ob_oracle_row_json = {
    "json", "A value within a JSON answer", "json", json_outer, 1, true, compile_json, look_json};
const ob_oracle_row ob_oracle_row_header = {
    "header", "A header of the answer", "header",   header_outer, 1,
    true,     compile_header,           look_header};
