/* SPDX-License-Identifier: Apache-2.0 */
/* Readings: added once, in order, never changed; beside the runs of the same store. */
#include "../ob_test.h"
#include "../scratch.h"

#include "evidence/reading.h"
#include "evidence/store_core.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[SCRATCH_FILE_MAX];

static int make_store(void **state)
{
    static ob_store store;
    char folder[SCRATCH_MAX];
    ob_err err = {0};
    *state = &store;
    if (scratch_make(folder) != 0) {
        return -1;
    }
    (void)snprintf(path, sizeof path, "%s/s.db", folder);
    return ob_store_open(&store, path, false, &err) ? 0 : -1;
}

static int close_store(void **state)
{
    ob_store_close(*state);
    return 0;
}

static bool add(ob_store *store, const char *kind, const char *subject, const char *day,
                const char *body)
{
    ob_err err = {0};
    bool added = false;
    const ob_reading r = {.kind = ob_span_str(kind),
                          .subject = ob_span_str(subject),
                          .day = ob_span_str(day),
                          .source = OB_SPAN("f"),
                          .body = ob_span_str(body),
                          .digest = {{1, 2, 3}}};
    assert_ok(ob_store_reading_add(store, &r, &added, &err));
    return added;
}

static size_t count_of(ob_store *store, const char *kind, const char *subject, const char *until)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_err err = {0};
    ob_reading *list = NULL;
    size_t count = 0;
    const ob_reading_query q = {ob_span_str(kind), ob_span_str(subject), ob_span_str(until)};
    assert_ok(ob_store_readings(store, &arena, &q, &list, &count, &err));
    for (size_t i = 1; i < count; i++) {
        int order = ob_span_compare(list[i - 1].day, list[i].day);
        assert_true(order < 0 || (order == 0 && list[i - 1].seq < list[i].seq));
    }
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(list[i].digest.bytes[2], 3);
        assert_true(list[i].added_ms > 0);
    }
    return count;
}

static void readings_add_up(void **state)
{
    ob_store *store = *state;
    ob_err err = {0};
    char id[40];
    assert_int_equal(count_of(store, "", "", ""), 0); /* without a table */
    assert_ok(ob_store_run_new(store, OB_SPAN("t"), OB_SPAN("p"), id, &err));
    assert_ok(ob_store_readings_begin(store, &err));
    assert_true(add(store, "item", "a", "2026-02-01", "{}"));
    assert_true(add(store, "item", "a", "2026-01-01", "{}"));
    assert_true(add(store, "item", "b", "2026-01-01", "{}"));
    assert_true(add(store, "item", "a", "2026-02-01", "{\"x\":1}"));
    assert_true(add(store, "meeting", "a", "2026-02-01", "{}"));
    assert_false(add(store, "item", "a", "2026-01-01", "{}"));
    assert_ok(ob_store_readings_commit(store, &err));
    assert_int_equal(count_of(store, "", "", ""), 5);
    assert_int_equal(count_of(store, "item", "a", ""), 3);
    assert_int_equal(count_of(store, "item", "", "2026-01-31"), 2);
    assert_ok(ob_store_readings_begin(store, &err));
    assert_true(add(store, "item", "c", "2026-01-01", "{}"));
    ob_store_readings_rollback(store);
    assert_int_equal(count_of(store, "", "", ""), 5);
    ob_record record = {.kind = OB_RECORD_NOTE, .trial = -1, .body = OB_SPAN("{}")};
    assert_ok(ob_store_append(store, &record, &err)); /* the run goes on */
}

static void nobody_changes_them(void **state)
{
    static const char *const tries[] = {"UPDATE reading SET body = '{}'", "DELETE FROM reading",
                                        "UPDATE reading SET day = '2020-01-01' WHERE seq = 1"};
    ob_store *store = *state;
    struct stat info = {0};
    for (size_t i = 0; i < OB_COUNT(tries); i++) {
        assert_int_not_equal(sqlite3_exec(store->core->db, tries[i], NULL, NULL, NULL), SQLITE_OK);
    }
    assert_int_equal(count_of(store, "", "", ""), 5);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(readings_add_up),
                                       cmocka_unit_test(nobody_changes_them)};
    return cmocka_run_group_tests(tests, make_store, close_store);
}
