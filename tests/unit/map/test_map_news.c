/* SPDX-License-Identifier: Apache-2.0 */
/* Days that follow from meetings; trends, gaps closed and opened, counts of readings. */
#include "ask_world.h"

#include "map/due.h"
#include "map/news.h"

#define BEFORE 20260930
#define AFTER  20261031

static world w;
static ob_item_reading readings[WORLD_ACTIVITIES][2];
static const uint32_t agent[] = {0};
static const uint32_t iot[] = {1};

static int make(void **state)
{
    (void)state;
    w.seed = 11;
    world_make(&w, 6);
    (void)memset(readings, 0, sizeof readings);
    return 0;
}

static int fini(void **state)
{
    (void)state;
    ob_arena_fini(&w.arena);
    return 0;
}

/* An activity of body 0 on a topic, read as "then" and as "now"; NULL: not read. */
static ob_activity *place(uint32_t number, const uint32_t *topic, const char *then, const char *now)
{
    ob_activity *a = &w.activities[number];
    a->body = 0;
    a->topics = topic;
    a->topics_count = 1;
    a->readings = readings[number];
    const char *said[2] = {then, now};
    for (int i = 0; i < 2; i++) {
        if (said[i] != NULL) {
            readings[number][a->readings_count++] = (ob_item_reading){
                .day = i == 0 ? BEFORE : AFTER, .item = {.status = ob_span_str(said[i])}};
            a->state = ob_state_of(ob_span_str(said[i]));
        }
    }
    return a;
}

static void test_month_before(void **state)
{
    (void)state;

    static const struct {
        ob_day day;
        uint32_t months;
        ob_day before;
    } rows[] = {
        {20270331, 1, 20270228}, /* the month is shorter */
        {20280331, 1, 20280229}, /* a leap year */
        {20280330, 1, 20280229}, {20280229, 1, 20280129}, {20280229, 12, 20270228},
        {21000331, 1, 21000228}, /* a century is no leap year */
        {20000331, 1, 20000229}, /* unless 400 divides it */
        {20270131, 1, 20261231}, /* the year before */
        {20270115, 1, 20261215}, {20260531, 1, 20260430}, {20251203, 1, 20251103},
        {20260601, 1, 20260501}, {20270331, 0, 20270331}, {20270331, 13, 20260228},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        assert_int_equal(ob_day_months_before(rows[i].day, rows[i].months), rows[i].before);
    }
}

/* Whatever the day: the month before is the one before, and the day is not later in it. */
static void test_month_before_all(void **state)
{
    (void)state;
    for (ob_day day = 20230101; day < 20330101; day = ob_day_plus(day, 1)) {
        ob_day before = ob_day_months_before(day, 1);
        int64_t apart = ob_day_count(day) - ob_day_count(before);
        uint32_t months = day / 10000 * 12 + day / 100 % 100;
        assert_int_equal(before / 10000 * 12 + before / 100 % 100, months - 1);
        assert_true(before % 100 == day % 100 || before == ob_day_last(before / 100 * 100));
        assert_true(before % 100 <= day % 100 && apart >= 28 && apart <= 31);
    }
}

static void test_days(void **state)
{
    (void)state;
    assert_int_equal(ob_day_plus(20270104, -12), 20261223);
    assert_int_equal(ob_day_plus(20280228, 1), 20280229);
    assert_int_equal(ob_day_plus(20270228, 1), 20270301);
    assert_int_equal(ob_day_plus(20260600, 1), 0);
    assert_int_equal(ob_days_late(20270228, 20270228), 0);
    assert_int_equal(ob_days_late(20270228, 20270301), 1);
    assert_int_equal(ob_days_late(20270200, 20270228), 0); /* the month is not over */
    assert_int_equal(ob_days_late(20270228, 20270128), -31);
}

static void test_meetings(void **state)
{
    (void)state;
    static const ob_meeting meetings[] = {
        {.body = 0, .kind = {"plenary", 7}, .start = 20260601, .end = 20260610},
        {.body = 1, .kind = {"plenary", 7}, .start = 20260801, .end = 20260802},
        {.body = 0, .kind = {"content week", 12}, .start = 20260907, .end = 20260911},
        {.body = 0, .kind = {"plenary", 7}, .start = 20270331, .report_due = 0},
    };

    w.map.meetings = meetings;
    w.map.meetings_count = OB_COUNT(meetings);
    assert_int_equal(ob_meeting_next(&w.map, 0, "plenary", 20260601), 0);
    assert_int_equal(ob_meeting_next(&w.map, 0, "plenary", 20260602), 3);
    assert_int_equal(ob_meeting_next(&w.map, 0, NULL, 20260602), 2);
    assert_int_equal(ob_meeting_next(&w.map, 0, NULL, 20270401), OB_NONE);
    assert_int_equal(ob_report_due(&meetings[3]), 20270228);
    const ob_meeting said = {.start = 20270331, .report_due = 20270220};
    assert_int_equal(ob_report_due(&said), 20270220);
    const ob_meeting some_day = {.start = 20270300};
    assert_int_equal(ob_report_due(&some_day), 0);
}

static void test_trend(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_trend t = {0};
    (void)place(0, agent, "under study", "approved");
    (void)place(1, agent, "under study", "under study");
    (void)place(2, agent, "", "under study");
    (void)place(3, agent, "under study", NULL); /* not read again: no trend */
    (void)place(4, agent, NULL, "under study"); /* not read before */
    assert_ok(ob_ask_trend(&w.ask, NULL, BEFORE, &t, &err));
    assert_int_equal(t.count, 3);
    assert_int_equal(t.then[OB_STATE_NEW], 1);
    assert_int_equal(t.then[OB_STATE_STUDY], 2);
    assert_int_equal(t.now[OB_STATE_STUDY], 2);
    assert_int_equal(t.now[OB_STATE_APPROVED], 1);
    assert_int_equal(t.now[OB_STATE_NEW], 0);
    assert_ok(ob_ask_trend(&w.ask, NULL, AFTER, &t, &err));
    assert_int_equal(t.count, 0);
    const bool only[WORLD_ACTIVITIES] = {[1] = true, [3] = true};
    assert_ok(ob_ask_trend(&w.ask, only, BEFORE, &t, &err));
    assert_int_equal(t.count, 1);
    assert_int_equal(t.activities[0], 1);
    w.ask.topic = 1;
    assert_ok(ob_ask_trend(&w.ask, NULL, BEFORE, &t, &err));
    assert_int_equal(t.count, 0);
}

static ob_turn the_turn(void)
{
    ob_err err = {0};
    const ob_turn *turns = NULL;
    size_t count = 0;
    w.ask.body = 0;
    assert_ok(ob_ask_turns(&w.ask, BEFORE, &turns, &count, &err));
    assert_int_equal(count, 1);
    return turns[0];
}

static size_t turns_count(void)
{
    ob_err err = {0};
    const ob_turn *turns = NULL;
    size_t count = 0;
    w.ask.body = 0;
    assert_ok(ob_ask_turns(&w.ask, BEFORE, &turns, &count, &err));
    return count;
}

static void test_closed(void **state)
{
    (void)state;
    (void)place(0, agent, "under study", "approved");
    ob_turn turn = the_turn();
    assert_int_equal(turn.kind, OB_TURN_CLOSED);
    assert_int_equal(turn.topic, 0);
    assert_int_equal(turn.sort, OB_SORT_STANDARD);
    assert_int_equal(turn.by_count, 1);
    assert_int_equal(turn.by[0], 0);
    /* Another text was there all the time: nothing is closed. */
    (void)place(1, agent, "in force", NULL);
    assert_int_equal(turns_count(), 0);
    /* One on another topic does not matter, nor does one of another body. */
    w.activities[1].topics = iot;
    assert_int_equal(turns_count(), 1);
    w.activities[1].topics = agent;
    w.activities[1].body = 1;
    assert_int_equal(turns_count(), 1);
    w.activities[1].body = 2; /* below it */
    assert_int_equal(turns_count(), 0);
}

static void test_opened(void **state)
{
    (void)state;
    (void)place(0, agent, "under study", "discontinued");
    assert_int_equal(the_turn().kind, OB_TURN_OPENED);
    (void)place(1, agent, "under study", NULL); /* somebody else works on it */
    assert_int_equal(turns_count(), 0);
    (void)place(2, iot, "in force", "superseded");
    (void)place(3, iot, "under study", NULL);
    assert_int_equal(the_turn().kind, OB_TURN_LOST);
    assert_int_equal(the_turn().topic, 1);
}

static void test_begun(void **state)
{
    (void)state;
    ob_activity *a = place(0, agent, NULL, "under study");
    assert_int_equal(turns_count(), 0); /* since when it is there, nothing tells */
    a->registered = 20260601;
    assert_int_equal(turns_count(), 0); /* it was there, and nobody had read it */
    a->registered = 20261015;
    assert_int_equal(the_turn().kind, OB_TURN_BEGUN);
    a->kind = OB_SPAN("liaison statement");
    assert_int_equal(turns_count(), 0);
}

/* A page that lags behind the baseline shows no change. */
static void test_behind(void **state)
{
    (void)state;
    ob_activity *a = place(0, agent, "under study", "under study");
    a->state = OB_STATE_PUBLISHED;
    assert_int_equal(turns_count(), 0);
}

static void test_readings(void **state)
{
    (void)state;
    ob_err err = {0};
    const ob_read_count *counts = NULL;
    size_t count = 0;
    (void)place(0, agent, "under study", "approved");
    (void)place(1, agent, "under study", NULL);
    (void)place(2, agent, NULL, "under study");
    place(3, agent, "under study", NULL)->body = 1;
    place(4, agent, NULL, "new")->body = OB_NONE;
    assert_ok(ob_ask_readings(&w.ask, NULL, BEFORE, &counts, &count, &err));
    assert_int_equal(count, 3);
    assert_int_equal(counts[0].body, 0);
    assert_int_equal(counts[0].pages, 4);
    assert_int_equal(counts[0].since, 2);
    assert_int_equal(counts[0].fresh, 1);
    assert_int_equal(counts[0].last, AFTER);
    assert_int_equal(counts[1].body, OB_NONE);
    assert_int_equal(counts[2].body, 1);
    assert_int_equal(counts[2].since, 0);
    assert_int_equal(counts[2].last, BEFORE);
    w.ask.body = 1;
    assert_ok(ob_ask_readings(&w.ask, NULL, BEFORE, &counts, &count, &err));
    assert_int_equal(count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_month_before),
        cmocka_unit_test(test_month_before_all),
        cmocka_unit_test(test_days),
        cmocka_unit_test_setup_teardown(test_meetings, make, fini),
        cmocka_unit_test_setup_teardown(test_trend, make, fini),
        cmocka_unit_test_setup_teardown(test_closed, make, fini),
        cmocka_unit_test_setup_teardown(test_opened, make, fini),
        cmocka_unit_test_setup_teardown(test_begun, make, fini),
        cmocka_unit_test_setup_teardown(test_behind, make, fini),
        cmocka_unit_test_setup_teardown(test_readings, make, fini),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
