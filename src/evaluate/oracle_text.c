/* SPDX-License-Identifier: Apache-2.0 */
/* What a reply says as text: regex, contains, and the grammar of links and active content. */
#include "evaluate/oracle.h"
#include "evaluate/screen.h"

static bool compile_regex(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle,
                          ob_err *err)
{
    ob_oracle_pattern *data = OB_NEW(r->arena, ob_oracle_pattern, 1, err);
    oracle->data = data;
    return data != NULL && ob_oracle_pattern_read(r, ob_yaml_get(node, "regex"), data, err);
}

static bool look_regex(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding, bool *hit,
                       ob_err *err)
{
    const ob_oracle_pattern *data = oracle->data;
    const ob_pattern *pattern = NULL;
    *hit = false;
    if (!ob_oracle_pattern_make(data, oracle, obs, &pattern, err)) {
        return false;
    }
    for (size_t i = 0; i < oracle->in_count && !*hit; i++) {
        const ob_named *named = ob_oracle_in(oracle, obs, i);
        size_t start = 0;
        size_t end = 0;
        if (named == NULL) {
            continue;
        }
        if (!ob_pattern_find(pattern, named->value, 0, &start, &end, hit, err)) {
            return false;
        }
        char shown[OB_WHY_QUOTE];
        if (*hit && !ob_finding_set(finding, obs, named, start, end, err,
                                    "the reply matches the pattern '%s'",
                                    ob_shorten(shown, sizeof shown, data->text))) {
            return false;
        }
    }
    return true;
}

static bool compile_contains(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle,
                             ob_err *err)
{
    ob_span *text = OB_NEW(r->arena, ob_span, 1, err);
    oracle->data = text;
    return text != NULL && ob_yaml_text(&r->procedure->doc, node, "contains", text, err) &&
           (ob_span_trim(*text).len > 0 ||
            ob_yaml_fail(&r->procedure->doc, node, err, "contains takes a text"));
}

static bool look_contains(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding,
                          bool *hit, ob_err *err)
{
    ob_span text = {0};
    *hit = false;
    if (!ob_oracle_expand(obs, *(const ob_span *)oracle->data, &text, err)) {
        return false;
    }
    /* A service that gives an empty number, say, has not named it in its reply. */
    bool empty = ob_span_trim(text).len == 0;
    for (size_t i = 0; i < oracle->in_count && !*hit && !empty; i++) {
        const ob_named *named = ob_oracle_in(oracle, obs, i);
        size_t at = named == NULL ? SIZE_MAX : ob_span_find_nocase(named->value, text, 0);
        *hit = at != SIZE_MAX;
        char shown[OB_WHY_QUOTE];
        if (*hit &&
            !ob_finding_set(finding, obs, named, at, at + text.len, err, "the reply contains '%s'",
                            ob_shorten(shown, sizeof shown, text))) {
            return false;
        }
    }
    return true;
}

/* active and url are switches: {active: true, in: [reply]}. */
static bool compile_switch(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle,
                           ob_err *err)
{
    bool on = false;
    if (!ob_yaml_bool(&r->procedure->doc, node, oracle->row->id, &on, err)) {
        return false;
    }
    return on || ob_yaml_fail(&r->procedure->doc, node, err, "%s takes true", oracle->row->id);
}

/* Runs as it stands, in a reader's browser, spreadsheet or terminal: not what an encoding hides,
 * and no code that is only quoted. */
static bool is_active(const ob_hit *hit)
{
    static const char *const rules[] = {"script/element", "script/handler", "script/srcdoc",
                                        "link/script",    "link/data",      "csv-formula",
                                        "ansi/sequence",  "ansi/string"};
    for (size_t i = 0; hit->steps == 0 && i < OB_COUNT(rules); i++) {
        if (strcmp(hit->rule, rules[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool look_active(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding,
                        bool *hit, ob_err *err)
{
    *hit = false;
    if (OB_NEVER(obs->screen == NULL)) {
        return ob_fail(err, OB_ERR_BUG, "an observation without detectors");
    }
    for (size_t i = 0; i < oracle->in_count && !*hit; i++) {
        const ob_named *named = ob_oracle_in(oracle, obs, i);
        const ob_hit *hits = NULL;
        size_t count = 0;
        if (named == NULL) {
            continue;
        }
        if (!ob_screen_markup(obs->screen, named->value, &hits, &count, err)) {
            return false;
        }
        for (size_t k = 0; k < count && !*hit; k++) {
            *hit = is_active(&hits[k]);
            if (*hit &&
                !ob_finding_set(finding, obs, named, (size_t)hits[k].start, (size_t)hits[k].end,
                                err, "the reply holds active content (%s)", hits[k].rule)) {
                return false;
            }
        }
    }
    return true;
}

static bool foreign(const ob_observation *obs, const ob_url *url)
{
    return url->host.len > 0 && !ob_span_is_nocase(url->host, obs->own_host) &&
           !ob_host_allowed(url->host, obs->allow_hosts, obs->allow_hosts_count);
}

static bool look_url(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding, bool *hit,
                     ob_err *err)
{
    *hit = false;
    for (size_t i = 0; i < oracle->in_count && !*hit; i++) {
        const ob_named *named = ob_oracle_in(oracle, obs, i);
        ob_url url;
        for (size_t pos = 0; named != NULL && !*hit && ob_url_next(named->value, &pos, &url);) {
            if (!foreign(obs, &url)) {
                continue;
            }
            size_t start = (size_t)(url.whole.ptr - named->value.ptr);
            *hit = true;
            if (!ob_finding_set(finding, obs, named, start, start + url.whole.len, err,
                                "the reply %s '%.*s', which is on no list of the service",
                                url.image ? "loads from" : "links to",
                                OB_SHOW(ob_span_sub(url.host, 0, 100)))) {
                return false;
            }
        }
    }
    return true;
}

static const char *const regex_keys[] = {"regex"};
static const char *const contains_keys[] = {"contains"};
static const char *const active_keys[] = {"active"};
static const char *const url_keys[] = {"url"};
const ob_oracle_row ob_oracle_row_regex = {
    "regex",   "The reply matches a pattern", "regex", regex_keys, 1, true, compile_regex,
    look_regex};
const ob_oracle_row ob_oracle_row_contains = {"contains",
                                              "The reply holds a text, whatever its case",
                                              "contains",
                                              contains_keys,
                                              1,
                                              true,
                                              compile_contains,
                                              look_contains};
const ob_oracle_row ob_oracle_row_active = {"active",
                                            "The reply holds content that would run at its reader",
                                            "active",
                                            active_keys,
                                            1,
                                            true,
                                            compile_switch,
                                            look_active};
const ob_oracle_row ob_oracle_row_url = {"url",
                                         "The reply points to a host on no list of the service",
                                         "url",
                                         url_keys,
                                         1,
                                         true,
                                         compile_switch,
                                         look_url};
