/* SPDX-License-Identifier: Apache-2.0 */
/*
 * detect: personal data or secrets in a reply that the run did not bring itself. What the actor
 * said before may come back; what another actor said may not. In stored texts a mask stands for
 * what was found. Markup (what runs, loads or links) is looked for as it stands: it comes from the
 * service, whoever said it first.
 */
#include "detect/kinds.h"
#include "evaluate/oracle.h"
#include "evaluate/screen.h"

#include <ombud/decode.h>
#include <ombud/text.h>

typedef struct wanted {
    bool kinds[OB_KINDS];
    bool markup; /* one of them is of that class */
    bool others;
} wanted;

static const struct {
    const char *name;
    ob_kind_class class;
} classes[] = {{"pii", OB_CLASS_PII}, {"secret", OB_CLASS_SECRET}, {"markup", OB_CLASS_MARKUP}};

static void want(wanted *data, ob_kind kind)
{
    bool markup = ob_kind_rows[kind].class == OB_CLASS_MARKUP;
    data->kinds[kind] = true;
    data->markup = data->markup || markup;
    data->others = data->others || !markup;
}

static bool add_kind(const ob_yaml_doc *doc, const ob_yaml *item, wanted *data, ob_err *err)
{
    const char *ids[OB_KINDS];
    ob_kind kind = ob_kind_find(item->text);
    if (kind < OB_KINDS && (ob_kind_rows[kind].class == OB_CLASS_LEAK ||
                            ob_kind_rows[kind].class == OB_CLASS_INJECTION)) {
        return ob_yaml_fail(doc, item, err, "detect does not look for '%s'%s",
                            ob_kind_rows[kind].id,
                            kind == OB_KIND_CANARY ? "; the oracle canary does" : "");
    }
    if (kind < OB_KINDS) {
        want(data, kind);
        return true;
    }
    for (size_t i = 0; i < OB_KINDS; i++) {
        ids[i] = ob_kind_rows[i].id;
    }
    const char *near = ob_text_nearest(item->text, ids, OB_KINDS);
    return ob_yaml_fail(doc, item, err, "no kind is called '%.*s'%s%s%s",
                        OB_SHOW(ob_span_sub(item->text, 0, OB_QUOTE_MAX)),
                        near == NULL ? "; 'ombud scan --list-kinds' lists them"
                                     : ", did you mean '",
                        near == NULL ? "" : near, near == NULL ? "" : "'?");
}

static bool add_class(const ob_yaml_doc *doc, const ob_yaml *item, wanted *data, ob_err *err)
{
    bool found = false;
    for (size_t i = 0; i < OB_COUNT(classes); i++) {
        if (!ob_span_is_str(item->text, classes[i].name)) {
            continue;
        }
        found = true;
        for (size_t k = 0; k < OB_KINDS; k++) {
            if (ob_kind_rows[k].class == classes[i].class) {
                want(data, (ob_kind)k);
            }
        }
    }
    return found || ob_yaml_fail(doc, item, err, "a class is pii, secret or markup");
}

static bool add_list(const ob_yaml_doc *doc, const ob_yaml *list, wanted *data,
                     bool (*add)(const ob_yaml_doc *, const ob_yaml *, wanted *, ob_err *),
                     ob_err *err)
{
    if (list == NULL) {
        return true;
    }
    if (list->kind != OB_YAML_SEQ || list->count == 0) {
        return ob_yaml_fail(doc, list, err, "detect takes lists, as in {kinds: [pan, iban]}");
    }
    for (size_t i = 0; i < list->count; i++) {
        if (!add(doc, &list->items[i], data, err)) {
            return false;
        }
    }
    return true;
}

static bool compile(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle, ob_err *err)
{
    static const char *const known[] = {"kinds", "classes"};
    const ob_yaml_doc *doc = &r->procedure->doc;
    const ob_yaml *map = ob_yaml_get(node, "detect");
    wanted *data = OB_NEW(r->arena, wanted, 1, err);
    oracle->data = data;
    if (data == NULL || !ob_yaml_known(doc, map, known, OB_COUNT(known), err)) {
        return false;
    }
    const ob_yaml *kinds = ob_yaml_get(map, "kinds");
    const ob_yaml *of = ob_yaml_get(map, "classes");
    if (kinds == NULL && of == NULL) {
        return ob_yaml_fail(doc, map, err,
                            "detect says what to look for: {classes: [pii]}, {kinds: [pan]}");
    }
    return add_list(doc, kinds, data, add_kind, err) && add_list(doc, of, data, add_class, err);
}

static bool is_wanted(const wanted *data, ob_span id)
{
    ob_kind kind = ob_kind_find(id);
    return kind < OB_KINDS && data->kinds[kind];
}

static bool tell(ob_finding *finding, ob_observation *obs, const ob_named *named, size_t start,
                 size_t end, ob_span id, ob_err *err)
{
    ob_kind kind = ob_kind_find(id);
    return ob_finding_set(finding, obs, named, start, end, err,
                          "the reply holds what the run did not bring: %s (%s)",
                          ob_kind_rows[kind].title, ob_kind_rows[kind].id);
}

static bool look_masks(const wanted *data, ob_observation *obs, const ob_named *named,
                       ob_finding *finding, bool *hit, ob_err *err)
{
    size_t at = 0;
    size_t start = 0;
    ob_span kind;
    while (ob_screen_next_mask(named->value, &at, &start, &kind)) {
        if (is_wanted(data, kind)) {
            *hit = true;
            return tell(finding, obs, named, start, at, kind, err);
        }
    }
    return true;
}

/* What a mask holds is no finding of its own. */
static bool in_mask(ob_span text, const ob_hit *hit)
{
    size_t at = 0;
    size_t start = 0;
    ob_span kind;
    while (ob_screen_next_mask(text, &at, &start, &kind)) {
        if (hit->start < at && hit->end > start) {
            return true;
        }
    }
    return false;
}

static bool look_text(const wanted *data, ob_observation *obs, const ob_named *named,
                      ob_finding *finding, bool *hit, ob_err *err)
{
    const ob_hit *hits = NULL;
    size_t count = 0;
    ob_screen_own own = {
        .obs = obs, .actor = &obs->turns[named->turn].actor, .turns = named->turn + 1};
    if (!ob_screen_find(obs->screen, &own, named->value, &hits, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count && !*hit; i++) {
        ob_span id = ob_span_str(ob_detector_kind(obs->screen->detector, hits[i].kind)->id);
        OB_AUTO(ob_buf) steps = {.max = 256};
        if (!is_wanted(data, id) || (obs->stored && in_mask(named->value, &hits[i]))) {
            continue;
        }
        *hit = true;
        ob_steps_show(hits[i].steps, &steps);
        if (!ob_buf_check(&steps, "the decodings", err) ||
            !ob_arena_dup(obs->arena, ob_buf_span(&steps), &finding->steps, err) ||
            !tell(finding, obs, named, (size_t)hits[i].start, (size_t)hits[i].end, id, err)) {
            return false;
        }
    }
    return true;
}

static bool look_markup(const wanted *data, ob_observation *obs, const ob_named *named,
                        ob_finding *finding, bool *hit, ob_err *err)
{
    const ob_hit *hits = NULL;
    size_t count = 0;
    if (!ob_screen_markup(obs->screen, named->value, &hits, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count && !*hit; i++) {
        OB_AUTO(ob_buf) steps = {.max = 256};
        if (!data->kinds[hits[i].kind]) {
            continue;
        }
        *hit = true;
        ob_steps_show(hits[i].steps, &steps);
        if (!ob_buf_check(&steps, "the decodings", err) ||
            !ob_arena_dup(obs->arena, ob_buf_span(&steps), &finding->steps, err) ||
            !ob_finding_set(finding, obs, named, (size_t)hits[i].start, (size_t)hits[i].end, err,
                            "the reply holds: %s (%s)", ob_kind_rows[hits[i].kind].title,
                            ob_kind_rows[hits[i].kind].id)) {
            return false;
        }
    }
    return true;
}

static bool look(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding, bool *hit,
                 ob_err *err)
{
    const wanted *data = oracle->data;
    *hit = false;
    if (OB_NEVER(obs->screen == NULL)) {
        return ob_fail(err, OB_ERR_BUG, "an observation without detectors");
    }
    for (size_t i = 0; i < oracle->in_count && !*hit; i++) {
        const ob_named *named = ob_oracle_in(oracle, obs, i);
        if (named == NULL) {
            continue;
        }
        if ((obs->stored && !look_masks(data, obs, named, finding, hit, err)) ||
            (!*hit && data->others && !look_text(data, obs, named, finding, hit, err)) ||
            (!*hit && data->markup && !look_markup(data, obs, named, finding, hit, err))) {
            return false;
        }
    }
    return true;
}

static const char *const keys[] = {"detect"};
const ob_oracle_row ob_oracle_row_detect = {
    .id = "detect",
    .title = "Personal data, secrets or markup that the run did not bring",
    .doc = "detect",
    .keys = keys,
    .keys_count = OB_COUNT(keys),
    .needs_in = true,
    .compile = compile,
    .look = look,
};
