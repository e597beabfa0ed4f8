/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An operator's rules in YAML: a refusal names a place inside the file; what is taken is well
 * formed, is the same when read twice, and can be written as a compiled file.
 */
#include "input/rules_yaml.h"

#include "fuzz.h"

static void same(const ob_rule *a, const ob_rule *b)
{
    hold(ob_span_is(a->id, b->id) && ob_span_is(a->kind, b->kind) && a->class_ == b->class_);
    hold(ob_span_is(a->literal, b->literal) && ob_span_is(a->pattern, b->pattern));
    hold(a->check == b->check && a->score == b->score && a->score_cued == b->score_cued);
    hold(a->cue_count == b->cue_count && a->any_case == b->any_case);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_span text = {(const char *)data, size};
    ob_rules_yaml one = {0};
    ob_rules_yaml two = {0};
    ob_err a = {0};
    ob_err b = {0};
    /* Repeats make compiling slow, and are Vectorscan's to bear. */
    bool patterns = memchr(data, '{', size) == NULL && size < 400;
    bool first = ob_rules_yaml_parse(&one, &arena, OB_SPAN("f.yaml"), text, patterns, NULL, &a);
    bool second = ob_rules_yaml_parse(&two, &arena, OB_SPAN("f.yaml"), text, patterns, NULL, &b);
    hold(first == second && strcmp(a.text, b.text) == 0 && one.count == two.count);
    for (size_t i = 0; i < one.count; i++) {
        const char *field = NULL;
        same(&one.rules[i], &two.rules[i]);
        hold(ob_rule_check_form(&one.rules[i], &field, &b));
    }
    if (!first) {
        hold(a.kind == OB_ERR_INPUT);
        hold_sentence(a.text);
        hold_place(&a, "f.yaml", text);
    } else if (patterns) {
        OB_AUTO(ob_buf) file = {.max = OB_RULES_FILE_MAX};
        hold(ob_rules_write(one.rules, one.count, &file, &b));
    }
    return 0;
}
