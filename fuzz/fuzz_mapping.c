/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Expressions that the lexer admits, in jq itself. jq compiles them or refuses them as input; what
 * they give is JSON; and nothing of an expression acts outside its parentheses: the one that stands
 * beside it in the same program keeps its meaning. An input is an expression, and behind a NUL the
 * reply that it is run on.
 */
#include "drive/mapping.h"

#include "fuzz.h"

#include <ombud/json.h>

#define EXPRESSION_MAX \
    200 /* what builds lists of lists grows with its length; one file is trusted */

/* libjq 1.6 forgets the name when it cannot index a number with it. That we forget nothing is
 * watched by the unit test of this module. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libjq";
}

static const char reply[] = "{\"a\":[1,\"b\",null,{\"c\":true}],\"text\":\"x\"}";

static void run(ob_mapping *mapping, ob_arena *arena, unsigned index, ob_span json)
{
    ob_span result = {0};
    ob_span text = {0};
    ob_json_doc doc = {0};
    ob_err err = {0};
    if (!ob_mapping_run(mapping, arena, index, json, &result, &text, &err)) {
        hold(err.kind == OB_ERR_PEER && result.ptr == NULL);
        hold_sentence(err.text);
        return;
    }
    hold(ob_json_parse(&doc, arena, result, &err) && doc.root->kind != OB_JSON_NULL);
    hold(doc.root->kind != OB_JSON_STRING || ob_span_is(doc.root->text, text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_span text = {(const char *)data, size};
    ob_span json = OB_SPAN(reply);
    ob_span first = {0};
    ob_span result = {0};
    ob_span plain = {0};
    ob_mapping *mapping = NULL;
    ob_err err = {0};
    size_t at = 0;
    if (ob_span_find(text, (ob_span){"", 1}, 0) != SIZE_MAX) {
        (void)ob_span_cut(&text, '\0', &first);
        json = text;
    } else {
        first = text;
    }
    if (first.len > EXPRESSION_MAX || !ob_mapping_check(first, &at, &err)) {
        return 0;
    }
    const ob_span expressions[] = {first, OB_SPAN("\"beside\""), first};
    if (!ob_mapping_new(&mapping, &arena, expressions, OB_COUNT(expressions), &at, &err)) {
        hold(err.kind == OB_ERR_INPUT && strstr(err.text, "jq refuses it") != NULL && at == 0);
        hold_sentence(err.text);
        return 0;
    }
    run(mapping, &arena, 0, json);
    hold(ob_mapping_run(mapping, &arena, 1, OB_SPAN(reply), &result, &plain, &err));
    hold(ob_span_is_str(plain, "beside"));
    run(mapping, &arena, 2, json);
    return 0;
}
