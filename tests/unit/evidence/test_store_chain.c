/* SPDX-License-Identifier: Apache-2.0 */
/* The chain of records: its bytes as documented, forged values, transactions. */
#include "store_kit.h"

#define RECORDS 6

/* A run of RECORDS records in a closed store. */
static void make_run(const kit *k, char run[40], ob_digest *last)
{
    ob_err err = {0};
    OB_AUTO_CLOSE(ob_store) store = {0};
    OB_AUTO(ob_arena) arena = {0};
    ob_run_info info = {0};
    assert_ok(ob_store_open(&store, k->path, false, &err));
    assert_ok(ob_store_run_new(&store, OB_SPAN("s"), OB_SPAN("p"), run, &err));
    for (int64_t n = 1; n <= RECORDS; n++) {
        assert_ok(kit_append(&store, OB_RECORD_TURN, n, &err));
    }
    assert_ok(ob_store_run_find(&store, &arena, run, &info, &err));
    assert_int_equal(info.records, RECORDS);
    *last = info.last;
}

static void put_text(ob_buf *out, ob_span text)
{
    ob_buf_addf(out, "%zu:", text.len);
    ob_buf_add(out, text);
}

/* The form of doc/evidence.md, written a second time. */
static void the_bytes_are_as_documented(void **state)
{
    const kit *k = *state;
    ob_err err = {0};
    char run[40];
    ob_digest last = {{0}};
    ob_digest hash = {{0}};
    OB_AUTO_CLOSE(ob_store) store = {0};
    OB_AUTO_CLOSE(ob_records) it = {0};
    make_run(k, run, &last);
    assert_ok(ob_store_open(&store, k->path, true, &err));
    assert_ok(ob_records_open(&it, &store, &(ob_record_query){.run = run, .trial = -1}, &err));
    for (ob_record r; ob_records_next(&it, &r, &err);) {
        OB_AUTO(ob_buf) bytes = {.max = 4096};
        ob_buf_add(&bytes, (ob_span){(const char *)hash.bytes, sizeof hash.bytes});
        put_text(&bytes, ob_span_str(run));
        ob_buf_addf(&bytes, "%llu;%d;", (unsigned long long)r.seq, (int)r.kind);
        put_text(&bytes, r.procedure);
        ob_buf_addf(&bytes, "%lld;%d;%lld;", (long long)r.trial, r.attempt, (long long)r.at_ms);
        put_text(&bytes, r.body);
        put_text(&bytes, r.data);
        ob_span part = ob_buf_span(&bytes);
        assert_ok(ob_sha256(&part, 1, &hash, &err));
        assert_memory_equal(hash.bytes, r.hash.bytes, sizeof hash.bytes);
    }
    assert_memory_equal(hash.bytes, last.bytes, sizeof hash.bytes);
}

static void values_no_record_can_have_are_found(void **state)
{
    static const struct {
        const char *sql;
        uint64_t bad;
    } rows[] = {
        {"UPDATE record SET kind = 99 WHERE seq = 2", 2},
        {"UPDATE record SET kind = -1 WHERE seq = 2", 2},
        {"UPDATE record SET kind = kind + 4294967296 WHERE seq = 2", 2},
        {"UPDATE record SET attempt = attempt + 4294967296 WHERE seq = 5", 5},
        {"UPDATE record SET attempt = attempt - 4294967296 WHERE seq = 5", 5},
        {"UPDATE record SET trial = -9223372036854775808, at_ms = -9223372036854775808,"
         " attempt = -2147483648, body = printf('%.*c', 1000, 'x') WHERE seq = 5",
         5},
        {"UPDATE record SET hash = x'00' WHERE seq = 1", 1},
        {"UPDATE record SET hash = zeroblob(33) WHERE seq = 6", 6},
        {"INSERT INTO record SELECT run, 0, kind, procedure, trial, attempt, at_ms, body, data,"
         " hash FROM record WHERE seq = 1",
         1},
        {"INSERT INTO record SELECT run, -1, kind, procedure, trial, attempt, at_ms, body, data,"
         " hash FROM record WHERE seq = 1",
         1},
        {"UPDATE run SET last = x''", RECORDS + 1},
    };

    const kit *k = *state;
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        char run[40];
        ob_digest last = {{0}};
        make_run(k, run, &last);
        assert_int_equal(kit_verify(k, run, &last), 0);
        kit_sql(k, rows[i].sql);
        uint64_t alone = kit_verify(k, run, NULL);
        if (alone != rows[i].bad || kit_verify(k, run, &last) != rows[i].bad) {
            fail_msg("%s: found at %llu, wanted %llu", rows[i].sql, (unsigned long long)alone,
                     (unsigned long long)rows[i].bad);
        }
        assert_int_equal(unlink(k->path), 0);
    }
}

/* The iterator tells of damage instead of handing out a record that cannot be. */
static void the_iterator_stops_at_damage(void **state)
{
    static const char *const rows[] = {"UPDATE record SET kind = 99 WHERE seq = 3",
                                       "UPDATE record SET kind = kind + 4294967296 WHERE seq = 3",
                                       "UPDATE record SET attempt = 4294967297 WHERE seq = 3",
                                       "UPDATE record SET hash = x'00' WHERE seq = 3"};
    const kit *k = *state;
    ob_err err = {0};
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        char run[40];
        ob_digest last = {{0}};
        ob_store store = {0};
        ob_records it = {0};
        size_t seen = 0;
        make_run(k, run, &last);
        kit_sql(k, rows[i]);
        assert_ok(ob_store_open(&store, k->path, true, &err));
        assert_ok(ob_records_open(&it, &store, &(ob_record_query){.run = run, .trial = -1}, &err));
        for (ob_record r; ob_records_next(&it, &r, &err);) {
            seen++;
        }
        assert_int_equal(seen, 2);
        assert_int_equal(err.kind, OB_ERR_STORE);
        assert_non_null(strstr(err.text, "record 3 is damaged"));
        ob_store_close(&store); /* before the iterator: it must not leak */
        ob_records_close(&it);
        ob_records_close(&it);
        assert_int_equal(unlink(k->path), 0);
    }
}

static void a_transaction_is_all_or_nothing(void **state)
{
    const kit *k = *state;
    ob_err err = {0};
    ob_store store = {0};
    ob_store reader = {0};
    char run[40];
    bool good = false;
    uint64_t bad = 0;
    assert_ok(ob_store_open(&store, k->path, false, &err));
    assert_ok(ob_store_open(&reader, k->path, true, &err));
    assert_ok(ob_store_run_new(&store, OB_SPAN("s"), OB_SPAN("p"), run, &err));
    ob_record_query all = {.run = run, .trial = -1};
    assert_ok(ob_store_begin(&store, &err));
    assert_ok(kit_append(&store, OB_RECORD_TURN, 1, &err));
    assert_ok(kit_append(&store, OB_RECORD_TURN, 2, &err));
    assert_int_equal(kit_count(&reader, &all), 0);
    assert_int_equal(kit_count(&store, &all), 2);
    assert_ok(ob_store_verify(&store, run, NULL, &good, &bad, &err)); /* in the midst of it */
    assert_true(good);
    assert_ok(ob_store_commit(&store, &err));
    assert_int_equal(kit_count(&reader, &all), 2);
    assert_ok(ob_store_begin(&store, &err));
    assert_ok(kit_append(&store, OB_RECORD_TURN, 3, &err));
    ob_store_close(&store); /* never committed */
    assert_int_equal(kit_count(&reader, &all), 2);
    ob_store_close(&reader);
    assert_int_equal(kit_verify(k, run, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_bytes_are_as_documented, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(values_no_record_can_have_are_found, kit_setup,
                                        kit_teardown),
        cmocka_unit_test_setup_teardown(the_iterator_stops_at_damage, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(a_transaction_is_all_or_nothing, kit_setup, kit_teardown),
    };
    return cmocka_run_group_tests_name("store_chain", tests, NULL, NULL);
}
