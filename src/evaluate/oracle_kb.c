/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checkable statements of a reply against the knowledge base: an amount, a duration, a date, a
 * percentage, a volume, a clause or the name of a plan that no article holds is invented, unless
 * the question itself named it.
 */
#include "evaluate/oracle.h"

#include <ombud/text.h>

typedef struct kb_rule {
    unsigned types; /* bit per ob_claim_type */
    bool supported; /* hit at a statement that an article holds, not at an invented one */
} kb_rule;

static bool compile(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle, ob_err *err)
{
    static const char *const keys[] = {"types", "status"};
    static const char *const statuses[] = {"invented", "supported"};
    const ob_yaml_doc *doc = &r->procedure->doc;
    const ob_yaml *map = ob_yaml_get(node, "kb");
    const ob_yaml *types = NULL;
    int status = 0;
    kb_rule *data = OB_NEW(r->arena, kb_rule, 1, err);
    oracle->data = data;
    if (data == NULL || !ob_yaml_known(doc, map, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(doc, map, "types", &types, err) ||
        !ob_yaml_choice(doc, map, "status", statuses, OB_COUNT(statuses), &status, err)) {
        return false;
    }
    data->supported = status == 1;
    for (size_t i = 0; types->kind == OB_YAML_SEQ && i < types->count; i++) {
        int type = -1;
        for (int k = OB_CLAIM_AMOUNT; k <= OB_CLAIM_NAME; k++) {
            if (ob_span_is_str(types->items[i].text, ob_claim_type_name((ob_claim_type)k))) {
                type = k;
            }
        }
        if (type < 0) {
            return ob_yaml_fail(
                doc, &types->items[i], err,
                "a claim is an amount, duration, date, percent, volume, clause or name");
        }
        data->types |= 1u << type;
    }
    return data->types != 0 || ob_yaml_fail(doc, types, err, "types is a list of kinds of claims");
}

static bool holds(ob_span text, const ob_claim *claim)
{
    ob_claim other;
    if (claim->type == OB_CLAIM_NAME) {
        return ob_name_in(text, ob_span_str(claim->value));
    }
    for (size_t at = 0; ob_claim_next(text, &at, &other);) {
        if (other.type == claim->type && strcmp(other.value, claim->value) == 0) {
            return true;
        }
    }
    return false;
}

static bool supported(const ob_kb *kb, const ob_claim *claim)
{
    if (claim->type == OB_CLAIM_NAME) {
        return ob_name_in(kb->text, ob_span_str(claim->value));
    }
    for (size_t i = 0; i < kb->claims_count; i++) {
        if (kb->claims[i].type == claim->type && strcmp(kb->claims[i].value, claim->value) == 0) {
            return true;
        }
    }
    return false;
}

/* The first statement of one iterator's kind that decides. */
static bool look_at(const kb_rule *data, ob_observation *obs, const ob_named *named,
                    bool (*next)(ob_span, size_t *, ob_claim *), ob_finding *finding, bool *hit,
                    ob_err *err)
{
    ob_claim claim;
    for (size_t at = 0; !*hit && next(named->value, &at, &claim);) {
        if ((data->types & 1u << claim.type) == 0) {
            continue;
        }
        bool known = supported(obs->kb, &claim);
        *hit = data->supported ? known : !known && !holds(obs->turns[named->turn].sent, &claim);
        size_t start = (size_t)(claim.at.ptr - named->value.ptr);
        if (*hit && !ob_finding_set(finding, obs, named, start, start + claim.at.len, err,
                                    data->supported ? "an article holds the %s '%s'"
                                                    : "no article supports the %s '%s'",
                                    ob_claim_type_name(claim.type), claim.value)) {
            return false;
        }
    }
    return true;
}

static bool look(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding, bool *hit,
                 ob_err *err)
{
    const kb_rule *data = oracle->data;
    *hit = false;
    if (obs->kb == NULL || !obs->kb->present) {
        return ob_fail(err, OB_ERR_PEER, "the knowledge base was not read");
    }
    for (size_t i = 0; i < oracle->in_count && !*hit; i++) {
        const ob_named *named = ob_oracle_in(oracle, obs, i);
        if (named != NULL && (!look_at(data, obs, named, ob_claim_next, finding, hit, err) ||
                              !look_at(data, obs, named, ob_name_next, finding, hit, err))) {
            return false;
        }
    }
    return true;
}

static const char *const keys[] = {"kb"};
const ob_oracle_row ob_oracle_row_kb = {
    "kb",    "The reply states terms that the knowledge base does not hold, or does",
    "kb",    keys,
    1,       true,
    compile, look};
