/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/rules.h"
#include "ob_test.h"

#include "detect/valid_core.h"

/* A rule with what every rule needs. */
static ob_rule plain(const char *id, const char *literal, const char *pattern)
{
    return (ob_rule){.id = ob_span_str(id),
                     .title = OB_SPAN("Something of ours"),
                     .kind = ob_span_str(id),
                     .class_ = OB_HIT_PII,
                     .literal = ob_span_str(literal),
                     .pattern = ob_span_str(pattern),
                     .score = 60,
                     .score_cued = 90};
}

static ob_detector *detector_of(const ob_rule *rules, size_t count)
{
    ob_err err = {0};
    ob_detector *d = NULL;
    bool stale = true;
    OB_AUTO(ob_buf) file = {.max = OB_RULES_FILE_MAX};
    assert_ok(ob_rules_write(rules, count, &file, &err));
    assert_ok(ob_detector_new(&d, ob_buf_span(&file), &stale, &err));
    assert_false(stale);
    return d;
}

/* Runs the family over a text that is one segment from "from" on. */
static void look(const ob_detector *d, const char *text, size_t from, char next, obi_scan *scan)
{
    ob_err err = {0};
    static obi_literal literals[64];
    struct hs_scratch *scratch = NULL;
    *scan = (obi_scan){.text = ob_span_str(text),
                       .from = from,
                       .next = next,
                       .seen = OBI_SEEN_LITERAL,
                       .detector = d,
                       .literals = literals,
                       .cue_at = SIZE_MAX};
    assert_ok(obi_rules_scratch(d, &scratch, &err));
    assert_true(
        obi_rules_scan(d, scratch, scan->text, literals, OB_COUNT(literals), &scan->literal_count));
    scan->scratch = scratch;
    obi_find_rule(scan);
    scan->scratch = NULL;
    obi_rules_scratch_free(scratch);
}

/* What the only rule finds in text: "" for nothing. */
static void finds(const ob_detector *d, const char *text, const char *value)
{
    obi_scan scan;
    look(d, text, 0, '\0', &scan);
    if (value[0] == '\0') {
        assert_int_equal(scan.count, 0);
        return;
    }
    assert_int_equal(scan.count, 1);
    assert_span(ob_span_sub(scan.text, scan.found[0].start, scan.found[0].end), value);
}

static void shipped_literals(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_detector *d = NULL;
    struct hs_scratch *scratch = NULL;
    obi_literal found[8];
    size_t count = 9;
    bool stale = true;
    assert_ok(ob_detector_new(&d, (ob_span){0}, &stale, &err));
    assert_false(stale);
    assert_int_equal(ob_detector_kinds(d), OB_KINDS);
    assert_int_equal(d->rule_count, obi_rules_shipped());
    assert_ok(obi_rules_scratch(d, &scratch, &err));
    assert_true(obi_rules_scan(d, scratch, OB_SPAN("ghp_ AIza xAKIA akia"), found, 8, &count));
    assert_int_equal(count, 3);
    const char *heads[] = {"ghp_", "AIza", "AKIA"};
    const size_t starts[] = {0, 5, 11};
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(found[i].start, starts[i]);
        assert_int_equal(found[i].end, starts[i] + 4);
        assert_span(d->rules[found[i].rule].head, heads[i]);
        assert_int_equal(obi_rules_reach(d, &found[i]), 0);
    }
    assert_int_equal(d->rules[found[2].rule].kind, OB_KIND_KEY_AWS);
    assert_false(obi_rules_scan(d, scratch, OB_SPAN("ghp_ AIza xAKIA"), found, 2, &count));
    assert_int_equal(count, 2);
    assert_true(obi_rules_scan(d, scratch, (ob_span){0}, found, 8, &count));
    assert_int_equal(count, 0);
    obi_rules_scratch_free(scratch);
    ob_detector_free(d);
    ob_detector_free(NULL);
}

static void values(void **state)
{
    (void)state;
    ob_rule number = plain("staff-number", "STF-", "STF-[0-9]{6,8}");
    ob_detector *d = detector_of(&number, 1);
    finds(d, "STF-123456", "STF-123456");
    finds(d, "the STF-12345678, x", "STF-12345678");
    finds(d, "STF-123456789", ""); /* goes on */
    finds(d, "XSTF-123456", "");   /* begins within a word */
    finds(d, "STF-12345", "");     /* too short */
    finds(d, "stf-123456", "");    /* other case */
    finds(d, "\xe5\xb7\xa5STF-123456\xe5\xb7\xa5", "STF-123456");
    finds(d, "STF-123456\xff", "STF-123456");
    ob_detector_free(d);

    ob_rule phrase = plain("project", "Project Blue Falcon", "");
    d = detector_of(&phrase, 1);
    finds(d, "about Project Blue Falcon.", "Project Blue Falcon");
    finds(d, "about Project Blue\r\nFalcon.", "Project Blue\r\nFalcon");
    finds(d, "about Project Blue Falcons", "");
    finds(d, "about Project Blue", "");
    finds(d, "about Project Red Falcon", "");
    finds(d, "about Project blue falcon", "");
    const obi_literal literal = {.rule = (uint32_t)obi_rules_shipped()};
    assert_true(obi_rules_reach(d, &literal) >= strlen("Project Blue\r\nFalcon"));
    ob_detector_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_literals),
        cmocka_unit_test(values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
