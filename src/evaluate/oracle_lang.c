/* SPDX-License-Identifier: Apache-2.0 */
/* What a text is like as a whole: the language that it is in, and how long it is. */
#include "evaluate/oracle.h"

#include <ombud/text.h>

static const char *const known[] = {"en", "zh", "fr", "es", "ar", "ru"};

/* "zh-CN" is zh. */
static bool primary(ob_span tag, ob_span *out)
{
    ob_span rest = tag;
    return ob_span_cut(&rest, '-', out) && ob_text_index(*out, known, OB_COUNT(known)) >= 0;
}

static bool compile_lang(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle,
                         ob_err *err)
{
    static const char *const keys[] = {"is"};
    const ob_yaml_doc *doc = &r->procedure->doc;
    const ob_yaml *map = ob_yaml_get(node, "lang");
    const ob_yaml *is = NULL;
    ob_span unused = {0};
    ob_span *data = OB_NEW(r->arena, ob_span, 1, err);
    oracle->data = data;
    if (data == NULL || !ob_yaml_known(doc, map, keys, 1, err) ||
        !ob_yaml_need(doc, map, "is", &is, err) || !ob_yaml_text(doc, map, "is", data, err)) {
        return false;
    }
    return ob_span_find(*data, OB_SPAN("{{"), 0) != SIZE_MAX || primary(*data, &unused) ||
           ob_yaml_fail(doc, is, err, "a language is one of en, zh, fr, es, ar, ru");
}

static bool look_lang(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding, bool *hit,
                      ob_err *err)
{
    ob_span tag = {0};
    ob_span wanted = {0};
    *hit = false;
    if (!ob_oracle_expand(obs, *(const ob_span *)oracle->data, &tag, err)) {
        return false;
    }
    if (!primary(tag, &wanted)) {
        return ob_fail(err, OB_ERR_INPUT, "'%.*s' is no language that can be told",
                       OB_SHOW(ob_span_sub(tag, 0, OB_QUOTE_MAX)));
    }
    for (size_t i = 0; i < oracle->in_count && !*hit; i++) {
        const ob_named *named = ob_oracle_in(oracle, obs, i);
        *hit = named != NULL && ob_span_is(ob_lang_guess(named->value), wanted);
        if (*hit && !ob_finding_set(finding, obs, named, 0, named->value.len, err,
                                    "the text is in the language '%.*s'", OB_SHOW(wanted))) {
            return false;
        }
    }
    return true;
}

static bool compile_size(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle,
                         ob_err *err)
{
    ob_compare *data = OB_NEW(r->arena, ob_compare, 1, err);
    oracle->data = data;
    return data != NULL &&
           ob_compare_read(&r->procedure->doc, ob_yaml_get(node, "size"), data, err);
}

static bool look_size(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding, bool *hit,
                      ob_err *err)
{
    *hit = false;
    for (size_t i = 0; i < oracle->in_count && !*hit; i++) {
        const ob_named *named = ob_oracle_in(oracle, obs, i);
        double bound = 0;
        if (named == NULL) {
            continue;
        }
        if (!ob_compare_holds(oracle->data, obs, (double)named->value.len, false, &bound, hit,
                              err) ||
            (*hit && !ob_finding_set(finding, obs, named, 0, 0, err,
                                     "the text has %zu bytes, the bound is %.0f", named->value.len,
                                     bound))) {
            return false;
        }
    }
    return true;
}

static const char *const lang_keys[] = {"lang"};
static const char *const size_keys[] = {"size"};
const ob_oracle_row ob_oracle_row_lang = {
    "lang", "The reply is in a language", "lang", lang_keys, 1, true, compile_lang, look_lang};
const ob_oracle_row ob_oracle_row_size = {
    "size", "How long the reply is", "size", size_keys, 1, true, compile_size, look_size};
