/* SPDX-License-Identifier: Apache-2.0 */
/* What a summary takes from the chain, over a store that is written here record by record. */
#include "evaluate/summary.h"
#include "ob_test.h"
#include "scratch.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct kit {
    char folder[SCRATCH_MAX];
    char path[SCRATCH_FILE_MAX];
    char id[40];
    ob_store store;
    ob_arena arena;
} kit;

static int set_up(void **state)
{
    ob_err err = {0};
    kit *k = ob_mem_new(sizeof *k);
    *k = (kit){.folder = ""};
    *state = k;
    if (scratch_make(k->folder) != 0) {
        return -1;
    }
    (void)snprintf(k->path, sizeof k->path, "%s/s.db", k->folder);
    return ob_store_open(&k->store, k->path, false, &err) &&
                   ob_store_run_new(&k->store, OB_SPAN("S"), OB_SPAN("s.yaml"), k->id, &err)
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    kit *k = *state;
    ob_store_close(&k->store);
    ob_arena_fini(&k->arena);
    int gone = scratch_remove(k->folder);
    ob_mem_free(k);
    return gone;
}

static void add(kit *k, ob_record_kind kind, int64_t trial, int64_t at_ms, const char *body)
{
    ob_err err = {0};
    ob_record r = {.kind = kind,
                   .procedure =
                       trial < 0 && kind != OB_RECORD_PROCEDURE ? OB_SPAN("") : OB_SPAN("p"),
                   .trial = trial,
                   .attempt = trial < 0 ? 0 : 1,
                   .at_ms = at_ms,
                   .body = ob_span_str(body)};
    assert_ok(ob_store_append(&k->store, &r, &err));
}

static ob_summary summary_of(kit *k)
{
    ob_err err = {0};
    ob_summary s = {0};
    assert_ok(ob_summary_load(&s, &k->arena, &k->store, k->id, &err));
    return s;
}

static void add_head(kit *k, bool zero_tolerance)
{
    char body[300];
    add(k, OB_RECORD_RUN, -1, 1000, "{\"level\":1,\"requirements\":[],\"pillars\":[]}");
    (void)snprintf(body, sizeof body,
                   "{\"id\":\"p\",\"limit\":0.05,\"alpha\":0.05,\"max\":400,\"zero_tolerance\":%s,"
                   "\"invalid_max\":0.1}",
                   zero_tolerance ? "true" : "false");
    add(k, OB_RECORD_PROCEDURE, -1, 1001, body);
}

/* The row of the run is beside the chain: whoever changes it changes no report. */
static void the_chain_says_how_it_ended(void **state)
{
    kit *k = *state;
    sqlite3 *db = NULL;
    add_head(k, false);
    assert_string_equal(summary_of(k).run.state, "running");
    add(k, OB_RECORD_FINISH, -1, 5000, "{\"why_stopped\":\"interrupted\",\"addresses\":[]}");
    assert_int_equal(sqlite3_open(k->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "UPDATE run SET state = 'finished', started_ms = 7, ended_ms = 8",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    ob_summary s = summary_of(k);
    assert_string_equal(s.run.state, "interrupted");
    assert_int_equal(s.run.started_ms, 1000);
    assert_int_equal(s.run.ended_ms, 5000);
}

static void a_resumed_run_is_one_run(void **state)
{
    kit *k = *state;
    add_head(k, false);
    add(k, OB_RECORD_FINISH, -1, 5000,
        "{\"why_stopped\":\"interrupted\",\"addresses\":[\"127.0.0.1:1\",\"127.0.0.1:2\"]}");
    add(k, OB_RECORD_NOTE, -1, 6000, "{\"kind\":\"resumed\",\"text\":\"t\"}");
    ob_summary between = summary_of(k);
    assert_string_equal(between.run.state, "running");
    assert_int_equal(between.run.ended_ms, 0);
    assert_null(strstr(between.procedures[0].reason.ptr, "interrupted"));
    add(k, OB_RECORD_FINISH, -1, 9000,
        "{\"why_stopped\":\"\",\"addresses\":[\"127.0.0.1:3\",\"127.0.0.1:2\"]}");
    ob_summary s = summary_of(k);
    assert_string_equal(s.run.state, "finished");
    assert_int_equal(s.run.ended_ms, 9000);
    assert_int_equal(s.addresses_count, 3);
    assert_span(s.addresses[0], "127.0.0.1:1");
    assert_span(s.addresses[1], "127.0.0.1:2");
    assert_span(s.addresses[2], "127.0.0.1:3");
}

/* Trial 1 was confirmed while trial 0 never ended. */
static void a_confirmed_hit_outlives_a_stop(void **state)
{
    kit *k = *state;
    add_head(k, true);
    add(k, OB_RECORD_START, 0, 2000, "{\"input\":0}");
    add(k, OB_RECORD_START, 1, 2001, "{\"input\":1}");
    add(k, OB_RECORD_END, 1, 2002,
        "{\"result\":\"hit\",\"reason\":\"r\",\"confirmed\":true,\"findings\":[]}");
    add(k, OB_RECORD_FINISH, -1, 5000, "{\"why_stopped\":\"interrupted\",\"addresses\":[]}");
    ob_summary s = summary_of(k);
    assert_int_equal(s.procedures[0].outcome, OB_FAIL);
    assert_int_equal(s.procedures[0].hits, 1);
    assert_true(s.procedures[0].suite_wide);
}

/* Whoever writes records by hand gets one line, and no fault of ours. */
static void records_by_hand_are_refused(void **state)
{
    static const struct {
        ob_record_kind kind;
        int64_t trial;
        const char *body;
        const char *says;
    } bad[] = {
        {OB_RECORD_END, 0, "{\"result\":\"clean\"}", "record 3 ends a trial that never began"},
        {OB_RECORD_END, 3, "{\"result\":\"clean\"}", "record 4 ends a trial that never began"},
        {OB_RECORD_START, 0, "{\"input\":4294967295}", "record 3 names no input"},
        {OB_RECORD_START, 0, "{\"input\":-1}", "record 3 names no input"},
        {OB_RECORD_RUN, -1, "{\"requirements\":[{}]}", "record 3 begins the run again"},
    };

    for (size_t i = 0; i < OB_COUNT(bad); i++) {
        ob_err err = {0};
        ob_summary s = {0};
        kit *k = NULL;
        assert_int_equal(set_up((void **)&k), 0);
        add_head(k, false);
        if (bad[i].trial == 3) {
            add(k, OB_RECORD_START, 0, 2000, "{\"input\":0}");
        }
        add(k, bad[i].kind, bad[i].trial, 3000, bad[i].body);
        assert_fails(ob_summary_load(&s, &k->arena, &k->store, k->id, &err), OB_ERR_STORE,
                     bad[i].says);
        assert_int_equal(tear_down((void **)&k), 0);
    }
    (void)state;
}

/* Times of hand-written records lie anywhere. */
static void times_do_not_overflow(void **state)
{
    kit *k = *state;
    add_head(k, false);
    add(k, OB_RECORD_START, 0, INT64_MIN, "{\"input\":0}");
    add(k, OB_RECORD_END, 0, INT64_MAX, "{\"result\":\"clean\"}");
    assert_true(summary_of(k).procedures[0].busy_ms == UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_chain_says_how_it_ended, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_resumed_run_is_one_run, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_confirmed_hit_outlives_a_stop, set_up, tear_down),
        cmocka_unit_test_setup_teardown(times_do_not_overflow, set_up, tear_down),
        cmocka_unit_test(records_by_hand_are_refused),
    };
    return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
