/* SPDX-License-Identifier: Apache-2.0 */
/* Two runs compared, over stores that are written here record by record. */
#include "evaluate/diff.h"
#include "ob_test.h"
#include "report/diff.h"
#include "scratch.h"
#include "strict_text.h"

#include <ombud/json.h>
#include <ombud/limits.h>
#include <stdlib.h>
#include <unistd.h>

#define DIGEST_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define DIGEST_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

/* A procedure to record: its trials as letters (h hit, u unconfirmed hit, c clean, i invalid). */
typedef struct plan {
    const char *id;
    const char *trials;
    const char *digest; /* NULL: DIGEST_A */
    double limit;       /* 0: 0.5 */
    bool zero_tolerance;
    const char *coding; /* NULL: "none" */
    const char *not_applicable;
    const char *severity; /* NULL: "high" */
} plan;

typedef struct setting {
    const char *seed; /* NULL: "s" */
    unsigned level;   /* 0: 1 */
    const char *profile;
    bool unfinished;
} setting;

typedef struct kit {
    char folder[SCRATCH_MAX];
    char path[SCRATCH_FILE_MAX];
    ob_store store;
    ob_arena arena;
    char ids[2][40];
    size_t runs;
} kit;

static void append(kit *k, ob_record_kind kind, const char *procedure, int64_t trial,
                   const char *body)
{
    ob_err err = {0};
    ob_record record = {.kind = kind,
                        .procedure = ob_span_str(procedure),
                        .trial = trial,
                        .attempt = trial < 0 ? 0 : 1,
                        .body = ob_span_str(body)};
    assert_ok(ob_store_append(&k->store, &record, &err));
}

static void write_trial(kit *k, const plan *p, int64_t number, char letter)
{
    char body[400];
    (void)snprintf(body, sizeof body,
                   "{\"input\":%d,\"coding\":\"%s\",\"vars\":{\"input\":\"text %d\"}}",
                   (int)(number % 7), p->coding == NULL ? "none" : p->coding, (int)(number % 7));
    append(k, OB_RECORD_START, p->id, number, body);
    bool hit = letter == 'h' || letter == 'u';
    (void)snprintf(body, sizeof body,
                   "{\"result\":\"%s\",\"reason\":\"because\",\"confirmed\":%s,\"findings\":[]}",
                   hit             ? "hit"
                   : letter == 'i' ? "invalid"
                                   : "clean",
                   letter == 'h' ? "true" : "false");
    append(k, OB_RECORD_END, p->id, number, body);
}

static void write_procedure(kit *k, const plan *p)
{
    char body[1000];
    char applies[200] = "";
    if (p->not_applicable != NULL) {
        (void)snprintf(applies, sizeof applies, ",\"not_applicable\":\"%s\"", p->not_applicable);
    }
    (void)snprintf(body, sizeof body,
                   "{\"id\":\"%s\",\"title\":\"A title\",\"requirement\":\"R-%s\",\"pillar\":"
                   "\"data\",\"severity\":\"%s\",\"digest\":\"%s\",\"limit\":%g,\"alpha\":0.05,"
                   "\"max\":1000,\"zero_tolerance\":%s,\"invalid_max\":0.1%s}",
                   p->id, p->id, p->severity == NULL ? "high" : p->severity,
                   p->digest == NULL ? DIGEST_A : p->digest, p->limit > 0 ? p->limit : 0.5,
                   p->zero_tolerance ? "true" : "false", applies);
    append(k, OB_RECORD_PROCEDURE, p->id, -1, body);
    for (size_t i = 0; p->trials[i] != '\0'; i++) {
        write_trial(k, p, (int64_t)i, p->trials[i]);
    }
}

static void write_run(kit *k, const setting *s, const plan *plans, size_t count)
{
    ob_err err = {0};
    OB_AUTO(ob_buf) body = {.max = 100000};
    char *id = k->ids[k->runs++];
    assert_ok(ob_store_run_new(&k->store, OB_SPAN("A service"), OB_SPAN("service.yaml"), id, &err));
    assert_ok(ob_store_begin(&k->store, &err));
    ob_buf_addf(&body,
                "{\"tool\":\"ombud\",\"service\":\"A service\",\"profile\":\"%s\",\"level\":%u,"
                "\"seed\":\"%s\",\"time_scale\":1,\"service_digest\":\"" DIGEST_A
                "\",\"pillars\":[{\"id\":\"data\",\"title\":\"Data\"}],\"requirements\":[",
                s->profile == NULL ? "ics" : s->profile, s->level == 0 ? 1 : s->level,
                s->seed == NULL ? "s" : s->seed);
    for (size_t i = 0; i < count; i++) {
        ob_buf_addf(&body, "%s{\"id\":\"R-%s\",\"pillar\":\"data\",\"testable\":true}",
                    i == 0 ? "" : ",", plans[i].id);
    }
    ob_buf_add_str(&body, "]}");
    append(k, OB_RECORD_RUN, "", -1, body.ptr);
    for (size_t i = 0; i < count; i++) {
        write_procedure(k, &plans[i]);
    }
    append(k, OB_RECORD_FINISH, "", -1,
           s->unfinished ? "{\"why_stopped\":\"interrupted\"}" : "{\"why_stopped\":\"\"}");
    assert_ok(ob_store_commit(&k->store, &err));
    assert_ok(ob_store_run_end(&k->store, s->unfinished ? "interrupted" : "finished", &err));
}

static void open_kit(kit *k)
{
    ob_err err = {0};
    *k = (kit){.folder = ""};
    assert_int_equal(scratch_make(k->folder), 0);
    (void)snprintf(k->path, sizeof k->path, "%s/e.db", k->folder);
    assert_ok(ob_store_open(&k->store, k->path, false, &err));
    assert_ok(ob_store_relax(&k->store, &err));
}

static void close_kit(kit *k)
{
    ob_store_close(&k->store);
    ob_arena_fini(&k->arena);
    assert_int_equal(scratch_remove(k->folder), 0);
}

static ob_diff load(kit *k, ob_severity fail_on)
{
    ob_err err = {0};
    ob_diff diff = {0};
    ob_diff_from from = {.old_store = &k->store,
                         .old_run = k->ids[0],
                         .new_store = &k->store,
                         .new_run = k->ids[1],
                         .alpha = 0.05,
                         .fail_on = fail_on};
    assert_ok(ob_diff_load(&diff, &k->arena, &from, &err));
    return diff;
}

/* One procedure in both runs. */
static ob_diff compare(kit *k, plan before, plan now)
{
    const setting plain = {0};
    open_kit(k);
    before.id = now.id = "one";
    write_run(k, &plain, &before, 1);
    write_run(k, &plain, &now, 1);
    return load(k, OB_SEV_LOW);
}

static bool holds(ob_span text, const char *part)
{
    return ob_span_find(text, ob_span_str(part), 0) != SIZE_MAX;
}

static void must_say(ob_span text, const char *part)
{
    if (!holds(text, part)) {
        fail_msg("'%.*s' does not say '%s'", OB_SHOW(text), part);
    }
}

#define CLEAN_30 "cccccccccccccccccccccccccccccc"

static void the_same_is_unchanged(void **state)
{
    (void)state;
    kit k;
    ob_diff d = compare(&k, (plan){.trials = "hc" CLEAN_30}, (plan){.trials = "hc" CLEAN_30});
    assert_int_equal(d.change, OB_CHANGE_NONE);
    assert_int_equal(d.procedures[0].n.pairs, 32);
    assert_int_equal(d.procedures[0].n.both_hit, 1);
    assert_int_equal(d.procedures[0].fresh.count + d.procedures[0].gone.count, 0);
    assert_int_equal(d.settings_count + d.reasons_count + d.lost_count + d.gained_count, 0);
    must_say(d.procedures[0].statement, "PASS as before; 32 pairs, all alike");
    close_kit(&k);
}

/* Both runs PASS: only the pairs tell. Five new hits suffice, four do not. */
static void five_new_hits_are_a_regression(void **state)
{
    (void)state;
    kit k;
    ob_diff d = compare(&k, (plan){.trials = "ccccc" CLEAN_30}, (plan){.trials = "hhuhh" CLEAN_30});
    const ob_diff_procedure *p = &d.procedures[0];
    assert_int_equal(p->before->outcome, OB_PASS);
    assert_int_equal(p->now->outcome, OB_PASS);
    assert_int_equal(d.change, OB_CHANGE_WORSE);
    assert_true(p->worse_alone && p->worse_suite && !p->better_alone && !p->better_suite);
    must_say(p->statement, "more hits than before; 35 pairs, 5 new hits, 0 gone, of 5 inputs, E "
                           "for worse 21.3");
    assert_int_equal(p->fresh.count, 5);
    assert_string_equal(p->fresh.shown[0].why, "the same trial was clean before");
    assert_span(p->fresh.shown[0].trial.input, "text 0");
    assert_span(p->fresh.shown[0].trial.reason, "because");
    assert_true(p->fresh.shown[0].trial.confirmed && !p->fresh.shown[2].trial.confirmed);
    close_kit(&k);
    d = compare(&k, (plan){.trials = "ccccc" CLEAN_30}, (plan){.trials = "hhhhc" CLEAN_30});
    assert_int_equal(d.change, OB_CHANGE_NONE);
    must_say(d.procedures[0].statement, "so the pairs alone do not; 1 more new hit would");
    close_kit(&k);
    d = compare(&k, (plan){.trials = "hhhhh" CLEAN_30}, (plan){.trials = "ccccc" CLEAN_30});
    assert_int_equal(d.change, OB_CHANGE_BETTER);
    assert_true(d.procedures[0].better_suite && !d.procedures[0].worse_alone);
    assert_int_equal(d.procedures[0].gone.count, 5);
    assert_string_equal(d.procedures[0].gone.shown[0].why, "the same trial is clean now");
    close_kit(&k);
}

static void what_was_not_measured_is_no_pair(void **state)
{
    (void)state;
    kit k;
    ob_diff d = compare(&k, (plan){.trials = "ci" CLEAN_30}, (plan){.trials = "ich" CLEAN_30 "cc"});
    const ob_diff_pairs *n = &d.procedures[0].n;
    assert_int_equal(n->invalid, 2);
    assert_int_equal(n->pairs, 30);
    assert_int_equal(n->new_hits, 1);
    assert_int_equal(n->old_only, 0);
    assert_int_equal(n->new_only, 3);
    must_say(d.procedures[0].statement, "2 more not measured in one of the runs");
    close_kit(&k);
    /* Trials 0 and 7 have the same input. */
    d = compare(&k, (plan){.trials = "hhhccccccc"}, (plan){.trials = "cchcccchcc"});
    assert_int_equal(d.procedures[0].n.new_hits + d.procedures[0].n.gone_hits, 3);
    assert_int_equal(d.procedures[0].n.inputs, 2);
    close_kit(&k);
    d = compare(&k, (plan){.trials = CLEAN_30, .coding = "hex"}, (plan){.trials = CLEAN_30});
    assert_int_equal(d.procedures[0].n.unlike, 30);
    assert_int_equal(d.procedures[0].n.pairs, 0);
    close_kit(&k);
}

static void outcomes_tell(void **state)
{
    (void)state;

    static const struct {
        plan before, now;
        ob_change change;
        const char *says;
    } rows[] = {
        {{.trials = CLEAN_30},
         {.trials = "hhhhhhhhhhhh"},
         OB_CHANGE_WORSE,
         "PASS before, FAIL now: the requirement was met and is not any more"},
        {{.trials = "hhhhhhhhhhhh"},
         {.trials = CLEAN_30},
         OB_CHANGE_BETTER,
         "FAIL before, PASS now: the requirement is met now"},
        {{.trials = CLEAN_30},
         {.trials = "cc"},
         OB_CHANGE_UNDECIDED,
         "PASS before, INCONCLUSIVE now: the requirement was met, and now that is not decided"},
        {{.trials = CLEAN_30},
         {.trials = "iiiiiiiiiiiiiiiiiiiiiiiic"},
         OB_CHANGE_UNDECIDED,
         "ERROR now: it could not be measured now"},
        {{.trials = CLEAN_30},
         {.trials = "", .not_applicable = "no way"},
         OB_CHANGE_UNDECIDED,
         "NOT_APPLICABLE now: it was tested before and is not now"},
        {{.trials = "cc"},
         {.trials = "hhhhhhhhhhhh"},
         OB_CHANGE_UNDECIDED,
         "it fails now, and what it was before is not known"},
        {{.trials = "cc"}, {.trials = CLEAN_30}, OB_CHANGE_NONE, "INCONCLUSIVE before, PASS now"},
        {{.trials = "cc"}, {.trials = "cc"}, OB_CHANGE_NONE, "INCONCLUSIVE as before"},
        {{.trials = CLEAN_30, .zero_tolerance = true},
         {.trials = "cch", .zero_tolerance = true},
         OB_CHANGE_WORSE,
         "PASS before, FAIL now"},
        {{.trials = "cc", .zero_tolerance = true},
         {.trials = "cch", .zero_tolerance = true},
         OB_CHANGE_WORSE,
         "a hit was confirmed, none is tolerated, and there was none before"},
        {{.trials = "", .zero_tolerance = true, .not_applicable = "no way"},
         {.trials = "cch", .zero_tolerance = true},
         OB_CHANGE_WORSE,
         "a hit was confirmed and none is tolerated; it was not tested before"},
        /* It leaked before and leaks still, at another trial: known, and no regression. */
        {{.trials = "ch", .zero_tolerance = true},
         {.trials = "cch", .zero_tolerance = true},
         OB_CHANGE_NONE,
         "FAIL as before"},
        {{.trials = CLEAN_30, .limit = 0.5},
         {.trials = CLEAN_30, .limit = 0.4},
         OB_CHANGE_NONE,
         "the limit was 50 % and is 40 %"},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        kit k;
        ob_diff d = compare(&k, rows[i].before, rows[i].now);
        if (d.change != rows[i].change) {
            fail_msg("row %zu: %s: %.*s", i, ob_change_names[d.change],
                     OB_SHOW(d.procedures[0].statement));
        }
        must_say(d.procedures[0].statement, rows[i].says);
        assert_int_equal(d.reasons_count, d.change <= OB_CHANGE_UNDECIDED);
        close_kit(&k);
    }
}

static void settings_unpair(void **state)
{
    (void)state;
    static const setting plain = {0};

    static const struct {
        setting now;
        const char *why;
    } rows[] = {{{.seed = "t"}, "the seeds differ"}, {{.level = 2}, "the levels differ"}};

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        kit k;
        open_kit(&k);
        plan p = {.id = "one", .trials = CLEAN_30};
        write_run(&k, &plain, &p, 1);
        p.trials = "hc" CLEAN_30;
        write_run(&k, &rows[i].now, &p, 1);
        ob_diff d = load(&k, OB_SEV_LOW);
        assert_string_equal(d.not_paired, rows[i].why);
        assert_int_equal(d.settings_count, 1);
        assert_true(d.settings[0].unpairs);
        assert_false(d.procedures[0].paired);
        assert_int_equal(d.procedures[0].n.pairs, 0);
        assert_int_equal(d.change, OB_CHANGE_NONE);
        must_say(d.procedures[0].statement, rows[i].why);
        /* The inputs are the same, so a hit may still be news. */
        assert_int_equal(d.procedures[0].fresh.count, 1);
        assert_string_equal(d.procedures[0].fresh.shown[0].why,
                            "other trials of its input were clean before");
        close_kit(&k);
    }
}

static void another_digest_unpairs_one(void **state)
{
    (void)state;
    kit k;
    const setting plain = {0};
    open_kit(&k);
    plan plans[] = {{.id = "one", .trials = CLEAN_30}, {.id = "two", .trials = CLEAN_30}};
    write_run(&k, &plain, plans, 2);
    plans[1].digest = DIGEST_B;
    plans[1].trials = "hhc" CLEAN_30;
    write_run(&k, &plain, plans, 2);
    ob_diff d = load(&k, OB_SEV_LOW);
    assert_null(d.not_paired);
    assert_true(d.procedures[0].paired && !d.procedures[1].paired);
    must_say(d.procedures[1].statement, "the procedure or its inputs changed");
    assert_int_equal(d.procedures[1].fresh.count, 2);
    assert_string_equal(d.procedures[1].fresh.shown[0].why, "the procedure had no hit before");
    close_kit(&k);
}

static void coverage_is_told(void **state)
{
    (void)state;
    kit k;
    const setting plain = {0};
    open_kit(&k);
    plan plans[] = {{.id = "one", .trials = CLEAN_30},
                    {.id = "two", .trials = CLEAN_30, .severity = "medium"},
                    {.id = "three", .trials = CLEAN_30}};
    write_run(&k, &plain, plans, 2);
    plans[1] = plans[2];
    write_run(&k, &plain, plans, 2);
    ob_diff d = load(&k, OB_SEV_LOW);
    assert_int_equal(d.procedures_count, 3);
    assert_int_equal(d.change, OB_CHANGE_UNDECIDED);
    assert_int_equal(d.lost_count, 1);
    assert_span(d.lost[0]->id, "R-two");
    assert_int_equal(d.gained_count, 1);
    assert_span(d.gained[0]->id, "R-three");
    assert_span(d.reasons[0], "two: PASS before, not run now: it was tested before and is not now");
    /* What weighs less than asked for is told and changes nothing. */
    d = load(&k, OB_SEV_HIGH);
    assert_int_equal(d.change, OB_CHANGE_NONE);
    assert_int_equal(d.lost_count, 1);
    close_kit(&k);
}

/* A pull request runs a few procedures, its baseline holds all. */
static void a_comparison_is_narrowed(void **state)
{
    (void)state;
    kit k;
    const setting plain = {0};
    ob_err err = {0};
    ob_diff d = {0};
    const ob_span only[] = {OB_SPAN("R-one")};
    open_kit(&k);
    plan plans[] = {{.id = "one", .trials = CLEAN_30}, {.id = "two", .trials = CLEAN_30}};
    write_run(&k, &plain, plans, 2);
    write_run(&k, &plain, plans, 1);
    assert_int_equal(load(&k, OB_SEV_LOW).change, OB_CHANGE_UNDECIDED);
    ob_diff_from from = {.old_store = &k.store,
                         .old_run = k.ids[0],
                         .new_store = &k.store,
                         .new_run = k.ids[1],
                         .alpha = 0.05,
                         .only = only,
                         .only_count = 1};
    assert_ok(ob_diff_load(&d, &k.arena, &from, &err));
    assert_int_equal(d.change, OB_CHANGE_NONE);
    assert_int_equal(d.procedures_count, 1);
    assert_int_equal(d.lost_count, 0);
    close_kit(&k);
}

/* Among twenty procedures five new hits in one may be chance, five in each are not. */
static void many_claims_at_once(void **state)
{
    (void)state;
    static const setting plain = {0};
    for (unsigned all = 0; all < 2; all++) {
        kit k;
        plan plans[20];
        char ids[20][8];
        open_kit(&k);
        for (size_t i = 0; i < 20; i++) {
            (void)snprintf(ids[i], sizeof ids[i], "p%zu", i);
            plans[i] = (plan){.id = ids[i], .trials = "ccccc" CLEAN_30};
        }
        write_run(&k, &plain, plans, 20);
        for (size_t i = 0; i < 20; i++) {
            plans[i].trials = i == 3 || all == 1 ? "hhhhh" CLEAN_30 : "hcccc" CLEAN_30;
        }
        write_run(&k, &plain, plans, 20);
        ob_diff d = load(&k, OB_SEV_LOW);
        assert_true(d.procedures[3].worse_alone);
        assert_int_equal(d.procedures[3].worse_suite, all == 1);
        assert_int_equal(d.change, all == 1 ? OB_CHANGE_WORSE : OB_CHANGE_UNDECIDED);
        assert_int_equal(d.reasons_count, all == 1 ? 20 : 1);
        close_kit(&k);
    }
}

static void refuses_what_cannot_be_compared(void **state)
{
    (void)state;
    static const setting plain = {0};
    const setting other = {.profile = "other"};
    kit k;
    ob_err err = {0};
    ob_diff d = {0};
    open_kit(&k);
    plan p = {.id = "one", .trials = "c"};
    write_run(&k, &plain, &p, 1);
    p.id = "two";
    write_run(&k, &plain, &p, 1);
    ob_diff_from from = {.old_store = &k.store,
                         .old_run = k.ids[0],
                         .new_store = &k.store,
                         .new_run = k.ids[1],
                         .alpha = 0.05};
    assert_fails(ob_diff_load(&d, &k.arena, &from, &err), OB_ERR_USAGE, "no procedure in common");
    k.runs = 1;
    write_run(&k, &other, &p, 1);
    assert_fails(ob_diff_load(&d, &k.arena, &from, &err), OB_ERR_USAGE, "the profiles differ");
    const ob_span unknown[] = {OB_SPAN("three")};
    from.new_run = k.ids[0];
    from.only = unknown;
    from.only_count = 1;
    assert_fails(ob_diff_load(&d, &k.arena, &from, &err), OB_ERR_USAGE, "neither run holds");
    from.old_run = "nothing";
    assert_fails(ob_diff_load(&d, &k.arena, &from, &err), OB_ERR_INPUT, "the old run: ");
    close_kit(&k);
}

static void an_unfinished_run_is_undecided(void **state)
{
    (void)state;
    static const setting plain = {0};
    const setting unfinished = {.unfinished = true};
    kit k;
    open_kit(&k);
    plan p = {.id = "one", .trials = CLEAN_30};
    write_run(&k, &plain, &p, 1);
    write_run(&k, &unfinished, &p, 1);
    ob_diff d = load(&k, OB_SEV_LOW);
    assert_int_equal(d.change, OB_CHANGE_UNDECIDED);
    assert_span(d.reasons[0], "the new run is not finished");
    close_kit(&k);
}

static void writers_agree(void **state)
{
    (void)state;
    ob_err err = {0};
    kit k;
    OB_AUTO(ob_buf) out = {.max = OB_REPORT_MAX};
    ob_json_doc doc = {0};
    ob_diff d = compare(&k, (plan){.trials = "ccccc" CLEAN_30}, (plan){.trials = "hhuhh" CLEAN_30});
    assert_ok(ob_diff_json(&d, &out, &err));
    assert_ok(ob_json_parse(&doc, &k.arena, ob_buf_span(&out), &err));
    assert_span(ob_json_at(doc.root, OB_SPAN("/change"))->text, "worse");
    assert_span(ob_json_at(doc.root, OB_SPAN("/procedures/0/pairs/new_hits"))->text, "5");
    assert_span(ob_json_at(doc.root, OB_SPAN("/procedures/0/new_hits/count"))->text, "5");
    assert_span(ob_json_at(doc.root, OB_SPAN("/reasons/0"))->text,
                "one: PASS as before: more hits than before; 35 pairs, 5 new hits, 0 gone, of 5 "
                "inputs, E for worse 21.3 where 20 decides");
    ob_buf_reset(&out);
    assert_ok(ob_diff_markdown(&d, &out, &err));
    const char *bad = strict_markdown(ob_buf_span(&out));
    if (bad != NULL) {
        fail_msg("%s in:\n%.*s", bad, OB_SHOW(ob_buf_span(&out)));
    }
    must_say(ob_buf_span(&out), "| worse | `one` | PASS | PASS | 35 | 5 | 0 |");
    for (unsigned width = 40; width <= 160; width += 20) {
        ob_terminal_style style = {.width = width};
        ob_span line = {0};
        ob_buf_reset(&out);
        assert_ok(ob_diff_terminal(&d, &style, &out, &err));
        must_say(ob_buf_span(&out), "worse: the new run shows a regression");
        for (ob_span rest = ob_buf_span(&out); ob_span_cut(&rest, '\n', &line);) {
            assert_true(line.len <= width);
        }
    }
    must_say(ob_buf_span(&out), "and 2 more new hits");
    close_kit(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_is_unchanged),
        cmocka_unit_test(five_new_hits_are_a_regression),
        cmocka_unit_test(what_was_not_measured_is_no_pair),
        cmocka_unit_test(outcomes_tell),
        cmocka_unit_test(settings_unpair),
        cmocka_unit_test(another_digest_unpairs_one),
        cmocka_unit_test(coverage_is_told),
        cmocka_unit_test(a_comparison_is_narrowed),
        cmocka_unit_test(many_claims_at_once),
        cmocka_unit_test(refuses_what_cannot_be_compared),
        cmocka_unit_test(an_unfinished_run_is_undecided),
        cmocka_unit_test(writers_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
