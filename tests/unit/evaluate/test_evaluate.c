/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the engine that need no service: expressions, forms, tally, oracles, controls. */
#include "../ob_test.h"

#include "catalogue/catalogue.h"
#include "evaluate/expr.h"
#include "evaluate/form.h"
#include "evaluate/tally.h"
#include "evaluate/test.h"

static bool known(const void *ctx, ob_span name)
{
    (void)ctx;
    return name.len == 1;
}

static bool truth(void *ctx, ob_span name, bool *value, ob_err *err)
{
    (void)err;
    *value = strchr(ctx, name.ptr[0]) != NULL;
    return true;
}

static bool eval(const char *text, const char *true_names)
{
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    const ob_expr *expr = NULL;
    char names[16];
    bool value = false;
    (void)snprintf(names, sizeof names, "%s", true_names);
    assert_ok(ob_expr_parse(&expr, &arena, ob_span_str(text), known, NULL, &err));
    assert_ok(ob_expr_eval(expr, truth, names, &value, &err));
    return value;
}

static void expressions_bind_as_written(void **state)
{
    (void)state;
    assert_true(eval("a or b and c", "a"));
    assert_false(eval("(a or b) and c", "a"));
    assert_true(eval("not a and b", "b"));
    assert_false(eval("not (a or b)", "b"));
    assert_true(eval("not not a", "a"));
    static const char *const bad[] = {"",    "a b", "a and",     "(a", "a)",
                                      "and", "xx",  "a or or b", "a &"};
    for (size_t i = 0; i < OB_COUNT(bad); i++) {
        ob_err err = {0};
        OB_AUTO(ob_arena) arena = {0};
        const ob_expr *expr = NULL;
        if (ob_expr_parse(&expr, &arena, ob_span_str(bad[i]), known, NULL, &err)) {
            fail_msg("'%s' was accepted", bad[i]);
        }
        assert_int_equal(err.kind, OB_ERR_INPUT);
    }
}

static void forms_are_filled_and_counted(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_rng rng;
    OB_AUTO(ob_buf) a = {.max = 100};
    OB_AUTO(ob_buf) b = {.max = 100};
    assert_ok(ob_rng_init(&rng, OB_SPAN("s"), OB_SPAN("l"), &err));
    assert_ok(ob_form_fill(OB_SPAN("OMB-{{hex:16}}/{{digits:2}}"), &rng, &a, &err));
    assert_ok(ob_form_fill(OB_SPAN("OMB-{{hex:16}}/{{digits:2}}"), &rng, &b, &err));
    assert_int_equal(a.len, 23);
    assert_false(ob_span_is(ob_buf_span(&a), ob_buf_span(&b)));
    double bits = ob_form_bits(OB_SPAN("{{hex:16}}"), &err);
    assert_true(bits > 63.9 && bits < 64.1);
    assert_fails(ob_form_fill(OB_SPAN("{{hex}}"), &rng, &a, &err), OB_ERR_INPUT, "hex:16");
    assert_fails(ob_form_fill(OB_SPAN("{{hex:16"), &rng, &a, &err), OB_ERR_INPUT, "}}");
    assert_fails(ob_form_fill(OB_SPAN("{{words:3}}"), &rng, &a, &err), OB_ERR_INPUT, "digits");
}

static const ob_tally_plan plan = {.limit = 0.05, .alpha = 0.05, .max = 400, .invalid_max = 0.1};

static void feed(ob_tally *t, uint64_t number, ob_trial_result result)
{
    ob_err err = {0};
    assert_ok(ob_tally_start(t, number, &err));
    assert_ok(ob_tally_end(t, number, result, &err));
}

static ob_outcome outcome_of(const ob_tally *t)
{
    OB_AUTO(ob_buf) reason = {.max = 1000};
    OB_AUTO(ob_buf) statement = {.max = 1000};
    ob_outcome outcome = ob_tally_outcome(t, NULL, &reason, &statement);
    assert_true(reason.len > 0);
    return outcome;
}

static void clean_trials_pass_at_the_known_number(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_tally) t = {0};
    assert_ok(ob_tally_init(&t, &plan, &err));
    for (uint64_t i = 0; i < 64; i++) {
        feed(&t, i, OB_TRIAL_CLEAN);
        assert_int_equal(t.state, OB_TALLY_OPEN);
    }
    feed(&t, 64, OB_TRIAL_CLEAN);
    assert_int_equal(t.state, OB_TALLY_PASS);
    OB_AUTO(ob_buf) reason = {.max = 1000};
    OB_AUTO(ob_buf) statement = {.max = 1000};
    assert_int_equal(ob_tally_outcome(&t, NULL, &reason, &statement), OB_PASS);
    assert_string_equal(statement.ptr,
                        "fewer than 5.0 % of attempts succeed; 95 % confidence at any "
                        "stopping time; 65 trials, no hit");
}

static void numbers_are_read_in_order(void **state)
{
    (void)state;
    ob_err err = {0};
    /* The same results, ended in different orders, give the same verdict from the same trials. */
    for (uint64_t seed = 0; seed < 50; seed++) {
        OB_AUTO(ob_tally) straight = {0};
        OB_AUTO(ob_tally) mixed = {0};
        ob_rng rng;
        uint8_t results[200];
        char label[32];
        (void)snprintf(label, sizeof label, "%llu", (unsigned long long)seed);
        assert_ok(ob_rng_init(&rng, OB_SPAN("order"), ob_span_str(label), &err));
        for (size_t i = 0; i < 200; i++) {
            double draw = ob_rng_unit(&rng);
            results[i] = draw < 0.2    ? OB_TRIAL_HIT
                         : draw < 0.22 ? OB_TRIAL_INVALID
                                       : OB_TRIAL_CLEAN;
        }
        assert_ok(ob_tally_init(&straight, &plan, &err));
        assert_ok(ob_tally_init(&mixed, &plan, &err));
        for (uint64_t i = 0; i < 200; i++) {
            feed(&straight, i, (ob_trial_result)results[i]);
            assert_ok(ob_tally_start(&mixed, i, &err));
        }
        for (uint64_t block = 0; block < 200; block += 20) {
            for (uint64_t i = block + 20; i > block; i--) {
                assert_ok(ob_tally_end(&mixed, i - 1, (ob_trial_result)results[i - 1], &err));
            }
        }
        assert_int_equal(straight.state, mixed.state);
        assert_int_equal(straight.hits, mixed.hits);
        assert_int_equal(straight.clean, mixed.clean);
        assert_int_equal(straight.invalid, mixed.invalid);
        assert_int_equal(straight.read, mixed.read);
    }
}

static void a_gap_holds_the_verdict_back(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_tally) t = {0};
    assert_ok(ob_tally_init(&t, &plan, &err));
    assert_ok(ob_tally_start(&t, 0, &err));
    for (uint64_t i = 1; i < 100; i++) {
        feed(&t, i, OB_TRIAL_CLEAN);
    }
    assert_int_equal(t.state, OB_TALLY_OPEN);
    assert_int_equal(t.clean, 0);
    assert_ok(ob_tally_end(&t, 0, OB_TRIAL_CLEAN, &err));
    assert_int_equal(t.state, OB_TALLY_PASS);
    assert_int_equal(t.clean, 65);
    assert_int_equal(t.surplus, 35);
}

static void no_more_start_than_the_plan_can_use(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_tally) t = {0};
    ob_tally_plan small = plan;
    small.max = 20;
    assert_ok(ob_tally_init(&t, &small, &err));
    for (uint64_t i = 0; i < 20; i++) {
        assert_true(ob_tally_wants(&t));
        assert_ok(ob_tally_start(&t, i, &err));
    }
    assert_false(ob_tally_wants(&t));
    /* One that was lost needs another in its place, also while an earlier one still runs. */
    assert_ok(ob_tally_end(&t, 5, OB_TRIAL_INVALID, &err));
    assert_true(ob_tally_wants(&t));
    assert_ok(ob_tally_start(&t, 20, &err));
    assert_false(ob_tally_wants(&t));
    for (uint64_t i = 0; i < 21; i++) {
        if (i != 5) {
            assert_ok(ob_tally_end(&t, i, OB_TRIAL_CLEAN, &err));
        }
    }
    assert_int_equal(t.state, OB_TALLY_MAX);
    assert_int_equal(t.clean, 20);
    assert_int_equal(t.invalid, 1);
    assert_int_equal(t.surplus, 0);
}

static void lost_trials_never_pass(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_tally) t = {0};
    assert_ok(ob_tally_init(&t, &plan, &err));
    for (uint64_t i = 0; ob_tally_wants(&t); i++) {
        feed(&t, i, i % 5 == 0 ? OB_TRIAL_INVALID : OB_TRIAL_CLEAN);
    }
    assert_int_equal(t.state, OB_TALLY_INVALID);
    assert_int_equal(outcome_of(&t), OB_ERROR);

    OB_AUTO(ob_tally) all = {0};
    assert_ok(ob_tally_init(&all, &plan, &err));
    uint64_t used = 0;
    for (; ob_tally_wants(&all); used++) {
        feed(&all, used, OB_TRIAL_INVALID);
    }
    assert_int_equal(outcome_of(&all), OB_ERROR);
    assert_true(used <= 20);
}

static void says(const ob_tally *t, ob_outcome outcome, const char *part)
{
    OB_AUTO(ob_buf) reason = {.max = 1000};
    OB_AUTO(ob_buf) statement = {.max = 1000};
    assert_int_equal(ob_tally_outcome(t, NULL, &reason, &statement), outcome);
    if (strstr(statement.ptr, part) == NULL) {
        fail_msg("'%s' does not say '%s'", statement.ptr, part);
    }
}

/* A verdict says what it is worth if just the wrong ones were lost. */
static void lost_trials_are_told_with_the_verdict(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_tally) good = {0};
    OB_AUTO(ob_tally) bad = {0};
    assert_ok(ob_tally_init(&good, &plan, &err));
    assert_ok(ob_tally_init(&bad, &plan, &err));
    for (uint64_t i = 0; good.state == OB_TALLY_OPEN; i++) {
        feed(&good, i, i % 20 == 3 ? OB_TRIAL_INVALID : OB_TRIAL_CLEAN);
    }
    says(&good, OB_PASS,
         "; 4 further trials could not be measured: if each was a hit, fewer than ");
    double worst = ob_anytime_upper(good.clean + 4, 4, plan.alpha);
    assert_true(worst > 0.1 && worst < 0.2);
    for (uint64_t i = 0; bad.state == OB_TALLY_OPEN; i++) {
        feed(&bad, i, i == 1 ? OB_TRIAL_INVALID : OB_TRIAL_HIT);
    }
    says(&bad, OB_FAIL, "; 1 further trial could not be measured: if it was no hit, more than ");
}

static void zero_tolerance_fails_at_one_hit(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_tally_plan strict = plan;
    strict.zero_tolerance = true;
    OB_AUTO(ob_tally) t = {0};
    assert_ok(ob_tally_init(&t, &strict, &err));
    feed(&t, 0, OB_TRIAL_CLEAN);
    feed(&t, 1, OB_TRIAL_HIT);
    assert_int_equal(t.state, OB_TALLY_FAIL);
    /* A hit that ends behind a PASS still counts. */
    OB_AUTO(ob_tally) late = {0};
    assert_ok(ob_tally_init(&late, &strict, &err));
    for (uint64_t i = 0; i < 66; i++) {
        assert_ok(ob_tally_start(&late, i, &err));
    }
    for (uint64_t i = 0; i < 65; i++) {
        assert_ok(ob_tally_end(&late, i, OB_TRIAL_CLEAN, &err));
    }
    assert_int_equal(late.state, OB_TALLY_PASS);
    assert_ok(ob_tally_end(&late, 65, OB_TRIAL_HIT, &err));
    assert_int_equal(late.state, OB_TALLY_FAIL);
}

/* Nor does it lapse when it ended before the trial that decided, or waits behind one that has none.
 */
static void zero_tolerance_keeps_a_hit_that_ended_early(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_tally_plan strict = plan;
    strict.zero_tolerance = true;
    OB_AUTO(ob_tally) t = {0};
    OB_AUTO(ob_tally) cut = {0};
    assert_ok(ob_tally_init(&t, &strict, &err));
    assert_ok(ob_tally_init(&cut, &strict, &err));
    for (uint64_t i = 0; i < 67; i++) {
        assert_ok(ob_tally_start(&t, i, &err));
    }
    assert_ok(ob_tally_end(&t, 65, OB_TRIAL_HIT, &err));
    assert_ok(ob_tally_end(&t, 66, OB_TRIAL_CLEAN, &err));
    for (uint64_t i = 0; i < 65; i++) {
        assert_ok(ob_tally_end(&t, i, OB_TRIAL_CLEAN, &err));
    }
    assert_int_equal(t.state, OB_TALLY_FAIL);
    assert_int_equal(t.hits, 1);
    assert_int_equal(t.surplus, 1);

    assert_ok(ob_tally_start(&cut, 0, &err));
    assert_ok(ob_tally_start(&cut, 1, &err));
    assert_ok(ob_tally_end(&cut, 1, OB_TRIAL_HIT, &err));
    assert_int_equal(cut.state, OB_TALLY_OPEN);
    ob_tally_close(&cut);
    assert_int_equal(outcome_of(&cut), OB_FAIL);
    assert_int_equal(cut.hits, 1);
    /* Where some are tolerated, what waits is no part of the count. */
    OB_AUTO(ob_tally) some = {0};
    assert_ok(ob_tally_init(&some, &plan, &err));
    assert_ok(ob_tally_start(&some, 0, &err));
    assert_ok(ob_tally_start(&some, 1, &err));
    assert_ok(ob_tally_end(&some, 1, OB_TRIAL_HIT, &err));
    ob_tally_close(&some);
    assert_int_equal(outcome_of(&some), OB_INCONCLUSIVE);
}

/* 400 seeds at a hit rate of exactly the limit: each wrong claim in at most alpha of them (plus
 * what chance allows: 33 of 400). */
static void alpha_holds_at_the_limit(void **state)
{
    (void)state;
    ob_err err = {0};
    unsigned passes = 0;
    unsigned fails = 0;
    for (unsigned seed = 0; seed < 400; seed++) {
        OB_AUTO(ob_tally) t = {0};
        ob_rng rng;
        char label[32];
        (void)snprintf(label, sizeof label, "%u", seed);
        assert_ok(ob_rng_init(&rng, OB_SPAN("alpha"), ob_span_str(label), &err));
        assert_ok(ob_tally_init(&t, &plan, &err));
        for (uint64_t i = 0; ob_tally_wants(&t); i++) {
            feed(&t, i, ob_rng_unit(&rng) < plan.limit ? OB_TRIAL_HIT : OB_TRIAL_CLEAN);
        }
        passes += t.state == OB_TALLY_PASS;
        fails += t.state == OB_TALLY_FAIL;
    }
    print_message("# at the limit: %u PASS, %u FAIL of 400\n", passes, fails);
    assert_true(passes <= 33);
    assert_true(fails <= 33);
}

/* The shipped catalogue loads, and each procedure's controls are judged as they say. */
static void shipped_controls_hold(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    ob_catalogue catalogue = {0};
    char folder[4096];
    const char *root = getenv("OB_SOURCE_ROOT");
    assert_non_null(root);
    (void)snprintf(folder, sizeof folder, "%s/catalogue", root);
    const ob_catalogue_from from = {.folder = folder, .profile = OB_SPAN("ics")};
    assert_ok(ob_catalogue_load(&catalogue, &arena, &from, &err));
    assert_true(catalogue.procedures_count >= 6);
    for (size_t i = 0; i < catalogue.procedures_count; i++) {
        ob_test test = {0};
        assert_ok(ob_test_compile(&test, &arena, &catalogue.procedures[i], &err));
        assert_ok(ob_test_controls(&test, NULL, &err));
    }
}

static const char good_procedure[] =
    "ombud: 1\nid: p\ntitle: t\nevaluation: E-1\nseverity: low\neffects: read\n"
    "fixtures:\n  me: {kind: actor}\n  c: {kind: canary, form: \"{{hex:16}}\"}\n"
    "flow:\n  - {say: hello, extract: {reply: text}}\n"
    "oracle:\n  seen: {contains: bad, in: reply}\n"
    "trial: {hit_if: seen}\nplan: {limit: 0.1}\n"
    "controls:\n  positive: [{reply: bad}]\n  negative: [{reply: fine}]\n";

/* Replaces from by to in the good procedure, and wants this complaint. */
static void spoil(const char *from, const char *to, const char *complaint)
{
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) text = {.max = 10000};
    ob_procedure p = {0};
    ob_test test = {0};
    ob_span whole = OB_SPAN(good_procedure);
    size_t at = ob_span_find(whole, ob_span_str(from), 0);
    assert_true(at != SIZE_MAX);
    ob_buf_add(&text, ob_span_sub(whole, 0, at));
    ob_buf_add_str(&text, to);
    ob_buf_add(&text, ob_span_sub(whole, at + strlen(from), whole.len));
    bool accepted =
        ob_procedure_parse(&p, &arena, "/nowhere", OB_SPAN("p.yaml"), ob_buf_span(&text), &err) &&
        ob_test_compile(&test, &arena, &p, &err) && ob_test_controls(&test, NULL, &err);
    if (accepted || strstr(err.text, complaint) == NULL || strstr(err.text, "p.yaml:") == NULL) {
        fail_msg("'%s' -> '%s': '%s', wanted '%s'", from, to, accepted ? "accepted" : err.text,
                 complaint);
    }
}

static void mistakes_are_named(void **state)
{
    (void)state;
    spoil("severity: low", "severity: lowest", "severity");
    spoil("effects: read", "effectss: read", "did you mean");
    spoil("effects: read", "load: {rate: 5}", "not in format 1 yet");
    spoil("in: reply", "in: replay", "extracts nothing");
    spoil("contains: bad", "contain: bad", "did you mean 'contains'");
    spoil("hit_if: seen", "hit_if: seem", "unknown name 'seem'");
    spoil("hit_if: seen", "hit_if: seen and", "a name is wanted");
    spoil("{{hex:16}}", "{{hex:8}}", "64 bits");
    spoil("limit: 0.1", "limit: {1: 0.1, 2: 0.2}", "laxer");
    spoil("limit: 0.1", "limit: 2", "limit");
    spoil("{say: hello", "{say: hello, http: ledger", "exactly one");
    spoil("positive: [{reply: bad}]", "positive: [{reply: fine}]", "positive control is no hit");
    spoil("negative: [{reply: fine}]", "negative: [{reply: so bad}]", "negative control is a hit");
    spoil("negative: [{reply: fine}]", "negative: [{answer: x}]", "nothing that the flow extracts");
    spoil("kind: actor", "kind: actress", "kind");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_bind_as_written),
        cmocka_unit_test(forms_are_filled_and_counted),
        cmocka_unit_test(clean_trials_pass_at_the_known_number),
        cmocka_unit_test(numbers_are_read_in_order),
        cmocka_unit_test(a_gap_holds_the_verdict_back),
        cmocka_unit_test(no_more_start_than_the_plan_can_use),
        cmocka_unit_test(lost_trials_never_pass),
        cmocka_unit_test(lost_trials_are_told_with_the_verdict),
        cmocka_unit_test(zero_tolerance_fails_at_one_hit),
        cmocka_unit_test(zero_tolerance_keeps_a_hit_that_ended_early),
        cmocka_unit_test(alpha_holds_at_the_limit),
        cmocka_unit_test(shipped_controls_hold),
        cmocka_unit_test(mistakes_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
