/* SPDX-License-Identifier: Apache-2.0 */
#include "input/rules_yaml.h"
#include "ob_test.h"

#define HEAD "ombud: 1\nrules:\n"
#define GOOD "  - {id: one, title: One, class: pii, literal: ONE-, pattern: 'ONE-[0-9]{4}'}\n"

static bool parse(ob_rules_yaml *rules, ob_arena *arena, const char *text, ob_problems *problems,
                  ob_err *err)
{
    return ob_rules_yaml_parse(rules, arena, OB_SPAN("f.yaml"), ob_span_str(text), true, problems,
                               err);
}

static void reads(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    ob_rules_yaml rules = {0};
    assert_ok(parse(&rules, &arena,
                    HEAD "  - id: staff\n"
                         "    title: Staff number\n"
                         "    class: leak\n"
                         "    kind: staff-number\n"
                         "    literal: 'Staff no '\n"
                         "    pattern: 'Staff no [0-9]{7}'\n"
                         "    validator: luhn\n"
                         "    cues: [badge, door]\n"
                         "    score: {alone: 20, cued: 80}\n"
                         "    case: any\n"
                         "    examples: ['the staff no 1234566.']\n"
                         "  - {id: puk-2, title: Another PUK, kind: puk, literal: PUK2, validator: "
                         "puk, pattern: 'PUK2 [0-9]{8}', cues: [sim]}\n",
                    NULL, &err));
    assert_ok(parse(&rules, &arena, HEAD GOOD, NULL, &err));
    assert_int_equal(rules.count, 3);
    const ob_rule *rule = &rules.rules[0];
    assert_span(rule->id, "staff");
    assert_span(rule->title, "Staff number");
    assert_span(rule->kind, "staff-number");
    assert_int_equal(rule->class_, OB_HIT_LEAK);
    assert_span(rule->literal, "Staff no ");
    assert_span(rule->pattern, "Staff no [0-9]{7}");
    assert_int_equal(rule->check, OB_RULE_CHECK_LUHN);
    assert_int_equal(rule->cue_count, 2);
    assert_span(rule->cues[1], "door");
    assert_int_equal(rule->score, 20);
    assert_int_equal(rule->score_cued, 80);
    assert_true(rule->any_case);
    rule = &rules.rules[1];
    assert_int_equal(rule->class_, OB_HIT_SECRET);
    assert_int_equal(rule->check, OB_RULE_CHECK_KIND);
    assert_int_equal(rule->check_kind, OB_KIND_PUK);
    assert_int_equal(rule->score, 40);
    assert_int_equal(rule->score_cued, 90);
    rule = &rules.rules[2];
    assert_span(rule->kind, "one");
    assert_int_equal(rule->score, 90);
    assert_int_equal(rule->score_cued, 90);
    assert_false(rule->any_case);
    assert_string_equal(rules.places[2], "f.yaml:3");
}

#define RULE(rest) HEAD "  - {id: one, title: One, class: pii, " rest "}\n"

static void refuses(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        const char *says;
    } rows[] = {
        {"rules: []\n", "f.yaml:1:1: needs 'ombud'"},
        {"ombud: 2\nrules: []\n", "f.yaml:1:8: "},
        {"ombud: 1\n", "needs 'rules'"},
        {"ombud: 1\nrules: []\n", "f.yaml:2:8: rules is a list"},
        {"ombud: 1\nrule: []\n", "unknown key 'rule', did you mean 'rules'?"},
        {HEAD "  - [one]\n", "f.yaml:3:5: must be a map"},
        {HEAD "  - {id: one, titel: x}\n",
         "f.yaml:3:15: unknown key 'titel', did you mean 'title'"},
        {HEAD "  - {id: One, title: x, class: pii, literal: ONE-}\n",
         "f.yaml:3:10: id: use 1 to 64"},
        {HEAD "  - {id: one, title: x, literal: ONE-}\n", "f.yaml:3:5: needs 'class'"},
        {HEAD "  - {id: one, title: x, class: pi, literal: ONE-}\n", "f.yaml:3:32: "},
        {HEAD "  - {id: one, title: x, class: pii, kind: puk, literal: ONE-}\n",
         "f.yaml:3:32: class: kind puk is of class secret"},
        {RULE("pattern: x"), "needs 'literal'"},
        {RULE("literal: 'a b'"), "f.yaml:3:48: literal: the first word"},
        {RULE("literal: abc, pattern: 'abc['"), "f.yaml:3:62: the pattern cannot be used: "},
        {RULE("literal: abc, pattern: 'abc.*'"), "f.yaml:3:62: the pattern has no greatest"},
        {RULE("literal: abc, pattern: 'abcd', examples: [abcd, abc]"),
         "f.yaml:3:87: the rule finds nothing"},
        {RULE("literal: abc, examples: [xabc]"), "f.yaml:3:64: the rule finds nothing"},
        {RULE("literal: abc, validator: luhn"), "f.yaml:3:64: validator: a literal alone"},
        {RULE("literal: abc, validator: lun"), "unknown validator 'lun', did you mean 'luhn'?"},
        {RULE("literal: abc, validator: zzzzzzzz"), "use none, luhn"},
        {RULE("literal: abc, validator: ''"), "f.yaml:3:64: "},
        {RULE("literal: abc, score: 0"), "f.yaml:3:60: "},
        {RULE("literal: abc, score: 100"), "f.yaml:3:60: "},
        {RULE("literal: abc, score: {alone: 5}"), "f.yaml:3:60: without cues there is one score"},
        {RULE("literal: abc, cues: [a], score: 5"), "write {alone: 5, cued: N}"},
        {RULE("literal: abc, cues: [a], score: {alone: 9, cued: 8}"), "not less than without"},
        {RULE("literal: abc, cues: []"), "f.yaml:3:59: cues is a list"},
        {RULE("literal: abc, cues: [[a]]"), "f.yaml:3:60: cues holds texts only"},
        {RULE("literal: abc, case: none"), "f.yaml:3:59: "},
        {HEAD GOOD GOOD, "f.yaml:4:10: the id one stands at f.yaml:3 already"},
        {HEAD GOOD "  - {id: two, title: x, class: leak, kind: one, literal: TWO-}\n",
         "f.yaml:4:32: kind one is of class pii at f.yaml:3"},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_rules_yaml rules = {0};
        ob_err err = {0};
        assert_fails(parse(&rules, &arena, rows[i].text, NULL, &err), OB_ERR_INPUT, rows[i].says);
    }
}

static void count_problem(void *ctx, const char *text)
{
    size_t *lines = ctx;
    *lines += strstr(text, "f.yaml:") == text;
}

static void names_all(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    ob_rules_yaml rules = {0};
    size_t told = 0;
    ob_problems problems = {.tell = count_problem, .ctx = &told};
    assert_ok(parse(&rules, &arena, HEAD "  - {id: x}\n" GOOD GOOD, &problems, &err));
    assert_int_equal(told, 2);
    assert_int_equal(problems.count, 2);
    assert_int_equal(rules.count, 1);
    assert_ok(parse(&rules, &arena, "a: [", &problems, &err));
    assert_int_equal(problems.count, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads),
        cmocka_unit_test(refuses),
        cmocka_unit_test(names_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
