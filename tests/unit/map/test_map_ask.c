/* SPDX-License-Identifier: Apache-2.0 */
/* Gaps, overlaps, partners, the timeline and differences on a small landscape. */
#include "ask_world.h"

#include "map/suggest.h"

static world w;

static int make(void **state)
{
    (void)state;
    w.seed = 11;
    world_make(&w, 6);
    return 0;
}

static int fini(void **state)
{
    (void)state;
    ob_arena_fini(&w.arena);
    return 0;
}

static void test_sorts(void **state)
{
    (void)state;

    static const struct {
        const char *kind;
        ob_sort sort;
    } rows[] = {
        {"Recommendation", OB_SORT_STANDARD},
        {"draft Recommendation", OB_SORT_STANDARD},
        {"TS", OB_SORT_STANDARD},
        {"TR", OB_SORT_REPORT},
        {"Technical Report", OB_SORT_REPORT},
        {"draft Supplement", OB_SORT_REPORT},
        {"white paper", OB_SORT_REPORT},
        {"framework", OB_SORT_GUIDANCE},
        {"guidance", OB_SORT_GUIDANCE},
        {"regulation", OB_SORT_REGULATION},
        {"liaison statement", OB_SORT_OTHER},
        {"terms of reference", OB_SORT_OTHER},
        {"Internet-Draft", OB_SORT_STANDARD},
        {"", OB_SORT_OTHER},
        {"certification scheme", OB_SORT_GUIDANCE},
        {"BoF request", OB_SORT_OTHER},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        assert_int_equal(ob_sort_of(ob_span_str(rows[i].kind)), rows[i].sort);
    }
}

static const uint32_t agent[] = {0};
static const uint32_t iot[] = {1};

static ob_activity *place(uint32_t number, uint32_t body, const uint32_t *topic, ob_state state,
                          const char *title)
{
    ob_activity *a = &w.activities[number];
    a->body = body;
    a->topics = topic;
    a->topics_count = topic == NULL ? 0 : 1;
    a->state = state;
    a->title = ob_span_str(title);
    return a;
}

static const ob_gap_cell *cell(const ob_gaps *gaps, uint32_t topic, ob_sort sort, uint32_t body)
{
    for (size_t i = 0; i < gaps->count; i++) {
        const ob_gap_cell *c = &gaps->cells[i];
        if (c->topic == topic && c->sort == sort && c->body == body) {
            return c;
        }
    }
    fail_msg("no such cell");
    return NULL;
}

static void test_gaps(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_gaps gaps = {0};
    place(0, 2, agent, OB_STATE_PUBLISHED, "Agents and their keys");
    place(1, 0, iot, OB_STATE_STUDY, "Things");
    place(2, 0, iot, OB_STATE_STOPPED, "A report on agentic things")->kind = OB_SPAN("TR");
    place(3, 1, iot, OB_STATE_PUBLISHED, "Old things");
    place(4, 0, NULL, OB_STATE_STUDY, "A report on agentic things")->kind = OB_SPAN("TR");
    place(5, 1, NULL, OB_STATE_PUBLISHED, "Something else");
    world_close(&w);
    assert_ok(ob_ask_gaps(&w.ask, OB_SORTS, &gaps, &err));
    /* What a group has, its parent has. */
    assert_int_equal(cell(&gaps, 0, OB_SORT_STANDARD, 2)->state, OB_GAP_COVERED);
    assert_int_equal(cell(&gaps, 0, OB_SORT_STANDARD, 0)->state, OB_GAP_COVERED);
    assert_int_equal(cell(&gaps, 1, OB_SORT_STANDARD, 0)->state, OB_GAP_PLANNED);
    /* The title has the word, the topic is not there. What was stopped counts for nothing. */
    const ob_gap_cell *unsure = cell(&gaps, 0, OB_SORT_REPORT, 0);
    assert_int_equal(unsure->state, OB_GAP_UNSURE);
    assert_int_equal(unsure->likely_count, 1);
    assert_int_equal(unsure->likely[0], 4);
    const ob_gap_cell *empty = cell(&gaps, 1, OB_SORT_REPORT, 0);
    assert_int_equal(empty->state, OB_GAP_EMPTY);
    assert_int_equal(empty->looked_at, 2);
    assert_int_equal(empty->age_days, 56);
    assert_span(gaps.words[0], "agent");
    /* Old data prove neither that there is something nor that there is nothing. */
    assert_int_equal(cell(&gaps, 1, OB_SORT_STANDARD, 1)->state, OB_GAP_STALE);
    assert_int_equal(cell(&gaps, 0, OB_SORT_STANDARD, 1)->state, OB_GAP_STALE);
    w.ask.fresh_days = 1000;
    assert_ok(ob_ask_gaps(&w.ask, OB_SORTS, &gaps, &err));
    assert_int_equal(cell(&gaps, 1, OB_SORT_STANDARD, 1)->state, OB_GAP_COVERED);
    assert_int_equal(cell(&gaps, 0, OB_SORT_STANDARD, 1)->state, OB_GAP_EMPTY);
    /* Nothing is known of a body that was never read. */
    w.bodies[1].data_day = 0;
    assert_ok(ob_ask_gaps(&w.ask, OB_SORTS, &gaps, &err));
    assert_int_equal(cell(&gaps, 0, OB_SORT_STANDARD, 1)->state, OB_GAP_STALE);
    assert_int_equal(cell(&gaps, 0, OB_SORT_STANDARD, 1)->age_days, -1);
    w.ask.body = 1;
    w.ask.topic = 0;
    assert_ok(ob_ask_gaps(&w.ask, OB_SORT_STANDARD, &gaps, &err));
    assert_int_equal(gaps.count, 1);
}

static void test_overlaps(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_overlaps o = {0};
    world_make(&w, WORLD_ACTIVITIES); /* of six, no word could be a rare one */
    place(0, 0, agent, OB_STATE_STUDY, "Requirements for quorum agents");
    place(1, 1, agent, OB_STATE_STUDY, "Framework for quorum agents");
    place(2, 2, agent, OB_STATE_STUDY, "Part of the first");
    place(3, 1, iot, OB_STATE_PUBLISHED, "Things");
    place(4, 0, iot, OB_STATE_PUBLISHED, "Things");
    place(5, 1, agent, OB_STATE_STOPPED, "Framework for quorum agents");
    world_relate(&w, world_node(0), 1, OB_REL_LIAISON_WITH);
    world_close(&w);
    assert_ok(ob_ask_overlaps(&w.ask, &o, &err));
    /* Two bodies with texts only do not overlap, nor does a body with its own group. */
    assert_int_equal(o.subjects_count, 2);
    const ob_subject *s = &o.subjects[1];
    assert_int_equal(s->body[0], 0);
    assert_int_equal(s->body[1], 1);
    assert_int_equal(s->lists[0], OB_LISTS_YES);
    /* That no list of theirs is known is not that they list nobody. */
    assert_int_equal(s->lists[1], OB_LISTS_UNKNOWN);
    assert_int_equal(o.subjects[0].lists[0], OB_LISTS_UNKNOWN);
    w.activities[1].read = true;
    assert_ok(ob_ask_overlaps(&w.ask, &o, &err));
    assert_int_equal(o.pairs_count, 1);
    assert_int_equal(o.pairs[0].activity[0], 0);
    assert_int_equal(o.pairs[0].activity[1], 1);
    assert_int_equal(o.pairs[0].lists[1], OB_LISTS_NO);
    assert_int_equal(o.pairs[0].topics.count, 1);
    w.ask.body = 1;
    w.ask.with = 0;
    w.ask.topic = 0;
    assert_ok(ob_ask_overlaps(&w.ask, &o, &err));
    assert_int_equal(o.subjects_count, 2);
    assert_int_equal(o.subjects[0].body[0], 1);
    w.ask.topic = 1;
    assert_ok(ob_ask_overlaps(&w.ask, &o, &err));
    assert_int_equal(o.subjects_count, 0);
}

static void test_partners(void **state)
{
    (void)state;
    ob_err err = {0};
    const ob_partner *p = NULL;
    size_t count = 0;
    ob_meeting meetings[] = {{.body = 1, .start = 20261101}, {.body = 1, .start = 20270110}};
    w.map.meetings = meetings;
    w.map.meetings_count = 2;
    place(0, 0, agent, OB_STATE_STUDY, "A");
    place(1, 1, agent, OB_STATE_STUDY, "B");
    world_close(&w);
    w.ask.body = 0;
    assert_ok(ob_ask_partners(&w.ask, &p, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(p[0].body, 1);
    assert_int_equal(p[0].reasons[0].kind, OB_REASON_UNLISTED);
    assert_int_equal(p[0].meeting, 1);
    world_relate(&w, world_node(1), 0, OB_REL_LIAISON_WITH);
    world_close(&w);
    assert_ok(ob_ask_partners(&w.ask, &p, &count, &err));
    assert_int_equal(p[0].reasons[0].kind, OB_REASON_ANSWER);
    world_relate(&w, world_node(0), 1, OB_REL_LIAISON_WITH);
    world_close(&w);
    assert_ok(ob_ask_partners(&w.ask, &p, &count, &err));
    assert_int_equal(count, 0);
    w.relations[0].type = OB_REL_RELATED; /* to a body: no document, so it tells nothing */
    w.activities[1].read = true;
    assert_ok(ob_ask_partners(&w.ask, &p, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(p[0].reasons[0].kind, OB_REASON_REMIND);
    w.activities[1].state = OB_STATE_PUBLISHED;
    w.relations[1].to = 2;
    assert_ok(ob_ask_partners(&w.ask, &p, &count, &err));
    assert_int_equal(p[0].reasons[0].kind, OB_REASON_PUBLISHED);
}

/* Who took over is written to, and nobody writes to what we took over ourselves. */
static void test_partners_of_today(void **state)
{
    (void)state;
    ob_err err = {0};
    const ob_partner *p = NULL;
    size_t count = 0;
    place(0, 0, agent, OB_STATE_STUDY, "A");
    place(1, 1, agent, OB_STATE_STUDY, "B");
    place(2, 2, agent, OB_STATE_STUDY, "C");
    world_relate(&w, world_node(0), world_node(1), OB_REL_RELATED);
    world_close(&w);
    w.bodies[2].parent = OB_NONE;
    w.bodies[1].successor = 2;
    w.ask.body = 0;
    assert_ok(ob_ask_partners(&w.ask, &p, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(p[0].body, 2);
    assert_int_equal(p[0].count, 2); /* both works on the topic together, and the relation */
    assert_int_equal(p[0].reasons[0].theirs_count, 2);
    w.bodies[2].successor = 0;
    assert_ok(ob_ask_partners(&w.ask, &p, &count, &err));
    assert_int_equal(count, 0);
}

static void test_timeline(void **state)
{
    (void)state;
    ob_err err = {0};
    const ob_event *events = NULL;
    size_t count = 0;
    ob_meeting meetings[] = {{.body = 0, .start = 20270110, .report_due = 20261210}};
    w.map.meetings = meetings;
    w.map.meetings_count = 1;
    for (uint32_t i = 0; i < 6; i++) {
        place(i, 1, NULL, OB_STATE_STUDY, "");
    }
    w.activities[0].timing = OB_SPAN("2026-10 (Medium priority)");
    w.activities[1].timing = OB_SPAN("2026-11");
    w.activities[2].timing = OB_SPAN("2026-Q4");
    w.activities[3].state = OB_STATE_PUBLISHED;
    w.activities[3].date = 20260900;
    w.activities[3].timing = OB_SPAN("2020-01");
    w.activities[4].state = OB_STATE_SUPERSEDED;
    w.activities[4].date = 20261001; /* when it was published: no event of these days */
    world_close(&w);
    assert_ok(ob_ask_timeline(&w.ask, 20260930, 20261231, &events, &count, &err));
    assert_int_equal(count, 5);
    assert_int_equal(events[0].kind, OB_EVENT_STATUS);
    assert_int_equal(events[1].activity, 0);
    assert_true(events[1].late);
    assert_false(events[2].late); /* the month is not over */
    assert_int_equal(events[3].kind, OB_EVENT_DUE);
    assert_int_equal(events[4].kind, OB_EVENT_REPORT_DUE);
    assert_ok(ob_ask_timeline(&w.ask, 20261201, 0, &events, &count, &err));
    assert_int_equal(count, 4); /* what is late is always there */
    assert_int_equal(ob_timing_day(OB_SPAN("  2027-Q4 (High)")), 20271200);
    assert_int_equal(ob_timing_day(OB_SPAN("soon")), 0);
}

/* Two readings of each page; some fields of the second are other ones. The answer is these. */
static const struct {
    const char *field;
    size_t offset;
    const char *before;
    const char *after;
    ob_edit_kind kind;
} edits[] = {
    {"status", offsetof(ob_item, status), "Under study", "Approved on 2026-10-20",
     OB_EDIT_PUBLISHED},
    {"status", offsetof(ob_item, status), "", "Under study", OB_EDIT_ADVANCED},
    {"status", offsetof(ob_item, status), "Under study", "Determined", OB_EDIT_ADVANCED},
    {"status", offsetof(ob_item, status), "Under study", "Carried to next study period",
     OB_EDIT_STALLED},
    {"status", offsetof(ob_item, status), "Under study", "Deleted", OB_EDIT_STOPPED},
    {"timing", offsetof(ob_item, timing), "2026-12", "2027-Q4", OB_EDIT_STALLED},
    {"timing", offsetof(ob_item, timing), "2027-12", "2027-01", OB_EDIT_OTHER},
    {"question", offsetof(ob_item, question), "Q1/1", "Q2/1", OB_EDIT_MOVED},
    {"group", offsetof(ob_item, group), "SG16", "SG21", OB_EDIT_MOVED},
    {"title", offsetof(ob_item, title), "A", "B", OB_EDIT_OTHER},
    {"summary", offsetof(ob_item, summary), "A", "", OB_EDIT_OTHER},
    {"id", offsetof(ob_item, id), "X.old", "X.1", OB_EDIT_RENAMED},
};

static void set_field(ob_item *item, size_t edit, const char *text)
{
    ob_span value = ob_span_str(text);
    (void)memcpy((char *)item + edits[edit].offset, &value, sizeof value);
}

static void test_differences(void **state)
{
    (void)state;
    ob_err err = {0};
    static ob_item_reading readings[6][2];
    const ob_span old_name[] = {OB_SPAN("X.old")};
    for (int round = 0; round < 200; round++) {
        size_t made[6];
        size_t changed = 0;
        ob_edits found = {0};
        ob_arena_reset(&w.arena);
        for (uint32_t i = 0; i < 6; i++) {
            ob_item item = {.id = w.activities[i].id, .title = OB_SPAN("A")};
            readings[i][0] = (ob_item_reading){.day = 20260930, .seq = i, .item = item};
            readings[i][1] = (ob_item_reading){.day = 20261031, .seq = 10 + i, .item = item};
            w.activities[i].readings = readings[i];
            w.activities[i].readings_count = 2;
            made[i] = world_pick(&w, OB_COUNT(edits) + 3);
            if (made[i] < OB_COUNT(edits)) {
                set_field(&readings[i][0].item, made[i], edits[made[i]].before);
                set_field(&readings[i][1].item, made[i], edits[made[i]].after);
                changed++;
            }
            if (made[i] == OB_COUNT(edits) - 1) {
                /* One name each, or the pages would be one. */
                bool taken = false;
                for (uint32_t k = 0; k < i; k++) {
                    taken = taken || made[k] == made[i];
                }
                if (taken) {
                    readings[i][1].item = readings[i][0].item = item;
                    made[i] = OB_COUNT(edits);
                    changed--;
                } else {
                    readings[i][1].item.former = (ob_names){old_name, 1};
                }
            }
        }
        assert_ok(ob_ask_diff(&w.ask, round % 2 == 0 ? 20260930 : 20261001, &found, &err));
        assert_int_equal(found.count, changed);
        assert_int_equal(found.compared_with, 20260930);
        for (size_t i = 0; i < found.count; i++) {
            size_t edit = made[found.changes[i].activity];
            assert_true(edit < OB_COUNT(edits));
            assert_string_equal(found.changes[i].field, edits[edit].field);
            assert_int_equal(found.changes[i].kind, edits[edit].kind);
            assert_span(found.changes[i].before, edits[edit].before);
            assert_span(found.changes[i].after, edits[edit].after);
        }
    }
}

static void test_new_pages(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_edits found = {0};
    static ob_item_reading readings[2];
    readings[0] = (ob_item_reading){.day = 20260930, .item = {.id = OB_SPAN("D.0")}};
    readings[1] = (ob_item_reading){
        .day = 20261031, .seq = 1, .item = {.id = OB_SPAN("D.1"), .title = OB_SPAN("T")}};
    w.activities[0].readings = &readings[0];
    w.activities[0].readings_count = 1;
    assert_ok(ob_ask_diff(&w.ask, 20200101, &found, &err));
    assert_int_equal(found.count, 0); /* the first day with readings takes the place */
    assert_int_equal(found.compared_with, 20260930);
    w.activities[1].readings = &readings[1];
    w.activities[1].readings_count = 1;
    w.activities[1].state = OB_STATE_STUDY;
    w.activities[1].timing = OB_SPAN("2026-10");
    assert_ok(ob_ask_diff(&w.ask, 20260930, &found, &err));
    assert_int_equal(found.count, 1);
    assert_int_equal(found.changes[0].kind, OB_EDIT_NEW);
    assert_false(found.changes[0].known);
    assert_int_equal(found.overdue_count, 1);
    readings[1].item.registered = OB_SPAN("2024-03-06 08:41:14");
    assert_ok(ob_ask_diff(&w.ask, 20260930, &found, &err));
    assert_true(found.changes[0].known);
    assert_ok(ob_ask_diff(&w.ask, 20261101, &found, &err));
    assert_int_equal(found.count, 0);
    w.activities[0].readings_count = w.activities[1].readings_count = 0;
    assert_ok(ob_ask_diff(&w.ask, 20261101, &found, &err));
    assert_int_equal(found.compared_with, 0);
}

/* Suggestions: like texts without a relation, the most alike first, and few are the first of many.
 */
static void alike_is_suggested(void **state)
{
    static const char *const words[] = {"agent", "cloud", "key", "model", "trust", "vehicle"};
    static char titles[WORLD_ACTIVITIES][64];
    ob_err err = {0};
    (void)state;
    for (int round = 0; round < 20; round++) {
        const ob_suggestion *all = NULL;
        const ob_suggestion *few = NULL;
        size_t count = 0;
        size_t some = 0;
        world_make(&w, WORLD_ACTIVITIES);
        for (uint32_t i = 0; i < WORLD_ACTIVITIES; i++) {
            (void)snprintf(titles[i], sizeof titles[i], "%s %s %s w%u", words[world_pick(&w, 6)],
                           words[world_pick(&w, 6)], words[world_pick(&w, 6)], i + 100);
            w.activities[i].title = ob_span_str(titles[i]);
            w.activities[i].body = i % 2;
        }
        w.activities[0].title = w.activities[1].title = OB_SPAN("quantum things of two");
        w.activities[2].title = OB_SPAN("Quantum thing, of two!");
        w.activities[4].title = w.activities[5].title = OB_SPAN("old words");
        w.activities[4].state = OB_STATE_SUPERSEDED;
        (void)world_relate(&w, world_node(1), world_node(2), OB_REL_REFERENCES);
        world_close(&w);
        assert_ok(ob_ask_suggest(&w.ask, 1000, &all, &count, &err));
        assert_true(count > 0);
        assert_int_equal(all[0].activity[0], 0);
        assert_int_equal(all[0].activity[1], 1);
        assert_true(all[0].likeness > 0.999 && all[0].likeness <= 1.0);
        for (size_t i = 0; i < count; i++) {
            uint32_t a = all[i].activity[0];
            uint32_t b = all[i].activity[1];
            assert_true(i == 0 || all[i].likeness <= all[i - 1].likeness);
            assert_true(all[i].likeness >= OB_LIKENESS_LEAST && a < b && a % 2 != b % 2);
            assert_false(a == 1 && b == 2); /* related */
            assert_false(a == 4);           /* nothing that is over */
        }
        size_t most = 1 + world_pick(&w, 6);
        assert_ok(ob_ask_suggest(&w.ask, most, &few, &some, &err));
        assert_int_equal(some, most < count ? most : count);
        assert_memory_equal(few, all, some * sizeof *few);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alike_is_suggested),
        cmocka_unit_test_setup_teardown(test_sorts, make, fini),
        cmocka_unit_test_setup_teardown(test_gaps, make, fini),
        cmocka_unit_test_setup_teardown(test_overlaps, make, fini),
        cmocka_unit_test_setup_teardown(test_partners, make, fini),
        cmocka_unit_test_setup_teardown(test_partners_of_today, make, fini),
        cmocka_unit_test_setup_teardown(test_timeline, make, fini),
        cmocka_unit_test_setup_teardown(test_differences, make, fini),
        cmocka_unit_test_setup_teardown(test_new_pages, make, fini),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
