/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The evidence store: what was appended comes back, whatever was changed behind its back is found,
 * and neither a kill nor a full disk leaves a broken chain. Children that are forked here never use
 * the checks of the framework: they tell by their exit status.
 */
#include "../ob_test.h"
#include "../scratch.h"

#include "evidence/store_core.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct place {
    char folder[SCRATCH_MAX];
    char store[SCRATCH_FILE_MAX];
} place;

static const char *const suffixes[] = {"", "-wal", "-shm", "-lock"};

static int make_place(void **state)
{
    static place made;
    if (scratch_make(made.folder) != 0) {
        return -1;
    }
    (void)snprintf(made.store, sizeof made.store, "%s/e.db", made.folder);
    *state = &made;
    return 0;
}

static int remove_place(void **state)
{
    const place *p = *state;
    return scratch_remove(p->folder);
}

static ob_store open_store(const place *p, bool read_only)
{
    ob_err err = {0};
    ob_store store = {0};
    assert_ok(ob_store_open(&store, p->store, read_only, &err));
    return store;
}

static bool append(ob_store *store, ob_record_kind kind, const char *procedure, int64_t trial,
                   int32_t attempt, const char *data, ob_err *err)
{
    ob_record r = {.kind = kind,
                   .procedure = ob_span_str(procedure),
                   .trial = trial,
                   .attempt = attempt,
                   .at_ms = 1700000000000 + trial,
                   .body = OB_SPAN("{\"a\":1}"),
                   .data = ob_span_str(data)};
    return ob_store_append(store, &r, err);
}

/* A run of nine records: run, two trials of p1 (the second with two attempts), one of p2, finish.
 */
static void fill(ob_store *store, char id[40])
{
    ob_err err = {0};
    assert_ok(ob_store_run_new(store, OB_SPAN("Trial service"), OB_SPAN("s.yaml"), id, &err));
    assert_ok(append(store, OB_RECORD_RUN, "", -1, 0, "", &err));
    assert_ok(append(store, OB_RECORD_START, "p1", 0, 1, "", &err));
    assert_ok(append(store, OB_RECORD_END, "p1", 0, 1, "zero", &err));
    assert_ok(append(store, OB_RECORD_START, "p1", 1, 1, "", &err));
    assert_ok(append(store, OB_RECORD_START, "p1", 1, 2, "", &err));
    assert_ok(append(store, OB_RECORD_END, "p1", 1, 2, "one", &err));
    assert_ok(append(store, OB_RECORD_START, "p2", 0, 1, "", &err));
    assert_ok(append(store, OB_RECORD_END, "p2", 0, 1, "two", &err));
    assert_ok(append(store, OB_RECORD_NOTE, "", -1, 0, "", &err));
}

#define FILLED 9

/* The sequence numbers that a query gives, as "1 2 3". */
static void query_gives(ob_store *store, ob_record_query query, const char *seqs)
{
    ob_err err = {0};
    OB_AUTO(ob_buf) got = {.max = 1000};
    ob_records it = {0};
    assert_ok(ob_records_open(&it, store, &query, &err));
    for (ob_record r; ob_records_next(&it, &r, &err);) {
        ob_buf_addf(&got, "%s%llu", got.len > 0 ? " " : "", (unsigned long long)r.seq);
    }
    ob_records_close(&it);
    assert_int_equal(err.kind, OB_OK);
    assert_span(ob_buf_span(&got), seqs);
}

static void records_are_found_again(void **state)
{
    char id[40];
    ob_store store = open_store(*state, false);
    fill(&store, id);
    query_gives(&store, (ob_record_query){.run = id, .trial = -1}, "1 2 3 4 5 6 7 8 9");
    query_gives(&store, (ob_record_query){.run = id, .trial = -1, .kinds = 1U << OB_RECORD_START},
                "2 4 5 7");
    query_gives(&store,
                (ob_record_query){
                    .run = id, .trial = -1, .kinds = 1U << OB_RECORD_RUN | 1U << OB_RECORD_NOTE},
                "1 9");
    query_gives(&store, (ob_record_query){.run = id, .trial = -1, .procedure = OB_SPAN("p1")},
                "2 3 4 5 6");
    query_gives(&store, (ob_record_query){.run = id, .trial = 1, .procedure = OB_SPAN("p1")},
                "4 5 6");
    query_gives(&store,
                (ob_record_query){.run = id, .trial = 1, .attempt = 2, .procedure = OB_SPAN("p1")},
                "5 6");
    query_gives(&store,
                (ob_record_query){.run = id, .trial = -1, .attempt = 2, .procedure = OB_SPAN("p1")},
                "5 6");
    query_gives(
        &store,
        (ob_record_query){
            .run = id, .trial = 1, .procedure = OB_SPAN("p1"), .kinds = 1U << OB_RECORD_END},
        "6");
    query_gives(&store, (ob_record_query){.run = id, .trial = 0}, "2 3 7 8");
    query_gives(&store, (ob_record_query){.run = id, .trial = -1, .attempt = 2}, "5 6");
    query_gives(&store, (ob_record_query){.run = id, .trial = -1, .procedure = OB_SPAN("p")}, "");
    query_gives(&store, (ob_record_query){.run = "none", .trial = -1}, "");
    ob_store_close(&store);
}

static void bytes_come_back_as_they_were(void **state)
{
    ob_err err = {0};
    char id[40];
    OB_AUTO(ob_buf) all = {.max = 1 << 20};
    for (int i = 0; i < 300000; i++) {
        ob_buf_add_char(&all, (char)(i * 7 + i / 256));
    }
    const ob_record put = {.kind = OB_RECORD_RESPONSE,
                           .procedure = OB_SPAN("p-\xc3\xa9"),
                           .trial = INT64_MAX,
                           .attempt = INT32_MAX,
                           .at_ms = 1,
                           .body = OB_SPAN("{\"text\":\"\xe2\x82\xac\"}"),
                           .data = ob_buf_span(&all)};
    ob_store store = open_store(*state, false);
    assert_ok(ob_store_run_new(&store, OB_SPAN(""), OB_SPAN(""), id, &err));
    assert_ok(ob_store_append(&store, &put, &err));
    assert_ok(ob_store_append(&store, &(ob_record){.kind = OB_RECORD_NOTE, .trial = -1}, &err));
    ob_store_close(&store);

    store = open_store(*state, true);
    ob_records it = {0};
    ob_record got = {0};
    assert_ok(ob_records_open(&it, &store, &(ob_record_query){.run = id, .trial = -1}, &err));
    assert_true(ob_records_next(&it, &got, &err));
    assert_int_equal(got.seq, 1);
    assert_int_equal(got.kind, put.kind);
    assert_true(ob_span_is(got.procedure, put.procedure));
    assert_true(got.trial == put.trial && got.attempt == put.attempt && got.at_ms == 1);
    assert_true(ob_span_is(got.body, put.body));
    assert_true(ob_span_is(got.data, put.data));
    assert_true(ob_records_next(&it, &got, &err));
    assert_true(got.at_ms > 1600000000000); /* 0 became now */
    assert_true(got.body.len == 0 && got.data.len == 0);
    assert_false(ob_records_next(&it, &got, &err));
    assert_int_equal(err.kind, OB_OK);
    ob_records_close(&it);
    ob_store_close(&store);
}

static void files_are_private(void **state)
{
    const place *p = *state;
    char id[40];
    mode_t before = umask(0);
    ob_store store = open_store(p, false);
    fill(&store, id);
    (void)umask(before);
    for (size_t i = 0; i < OB_COUNT(suffixes); i++) {
        char path[SCRATCH_FILE_MAX + 8];
        struct stat info;
        (void)snprintf(path, sizeof path, "%s%s", p->store, suffixes[i]);
        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(info.st_mode & 0777, 0600);
    }
    ob_store_close(&store);
}

static void runs_are_listed_and_found(void **state)
{
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    char id[40];
    ob_run_info info = {0};
    ob_run_info *runs = NULL;
    size_t count = 0;
    ob_store store = open_store(*state, false);
    assert_fails(ob_store_run_find(&store, &arena, NULL, &info, &err), OB_ERR_INPUT, "no runs");
    fill(&store, id);
    assert_ok(ob_store_run_find(&store, &arena, "", &info, &err));
    assert_string_equal(info.id, id);
    assert_string_equal(info.state, "running");
    assert_int_equal(info.records, FILLED);
    assert_int_equal(info.ended_ms, 0);
    assert_span(info.service, "Trial service");
    assert_span(info.service_path, "s.yaml");
    assert_ok(ob_store_run_end(&store, "finished", &err));
    char other[40];
    fill(&store, other);
    assert_ok(ob_store_runs(&store, &arena, &runs, &count, &err));
    assert_int_equal(count, 2);
    assert_ok(ob_store_run_find(&store, &arena, id, &info, &err));
    assert_string_equal(info.state, "finished");
    assert_true(info.ended_ms > 0);
    assert_fails(ob_store_run_find(&store, &arena, "2", &info, &err), OB_ERR_INPUT, "several");
    assert_fails(ob_store_run_find(&store, &arena, "x", &info, &err), OB_ERR_INPUT, "no run 'x'");
    ob_store_close(&store);
}

static void verify_gives(const place *p, const char *id, const ob_digest *expected, uint64_t bad)
{
    ob_err err = {0};
    bool good = false;
    uint64_t seq = 77;
    ob_store store = open_store(p, true);
    assert_ok(ob_store_verify(&store, id, expected, &good, &seq, &err));
    ob_store_close(&store);
    if (good != (bad == 0) || seq != bad) {
        fail_msg("verify: %s, first bad %llu, wanted %llu", good ? "good" : "bad",
                 (unsigned long long)seq, (unsigned long long)bad);
    }
}

/* Changes the file behind the store's back. */
static void tamper(const place *p, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(p->store, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK || sqlite3_total_changes(db) == 0) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    }
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void new_run(const place *p, char id[40], ob_digest *last)
{
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    ob_run_info info = {0};
    ob_store store = open_store(p, false);
    fill(&store, id);
    assert_ok(ob_store_run_find(&store, &arena, id, &info, &err));
    *last = info.last;
    ob_store_close(&store);
}

static void changes_are_found(void **state)
{
    static const struct {
        const char *sql;
        uint64_t bad;
    } rows[] = {
        {"UPDATE record SET body = '{\"a\":2}' WHERE seq = 4", 4},
        {"UPDATE record SET data = x'00' WHERE seq = 3", 3},
        {"UPDATE record SET kind = 8 WHERE seq = 5", 5},
        {"UPDATE record SET procedure = 'p2' WHERE seq = 2", 2},
        {"UPDATE record SET trial = 5 WHERE seq = 1", 1},
        {"UPDATE record SET attempt = 1 WHERE seq = 6", 6},
        {"UPDATE record SET at_ms = at_ms + 1 WHERE seq = 9", 9},
        {"UPDATE record SET hash = zeroblob(32) WHERE seq = 7", 7},
        {"DELETE FROM record WHERE seq = 1", 1},
        {"DELETE FROM record WHERE seq = 5", 5},
        {"DELETE FROM record WHERE seq = 9", 9},
        {"DELETE FROM record", 1},
        {"DELETE FROM record WHERE seq = 5; UPDATE record SET seq = seq - 1 WHERE seq > 5;"
         " UPDATE run SET records = 8",
         5},
        {"INSERT INTO record SELECT run, 10, kind, procedure, trial, attempt, at_ms, body, data,"
         " hash FROM record WHERE seq = 9",
         10},
        {"UPDATE record SET seq = 100 WHERE seq = 5; UPDATE record SET seq = 5 WHERE seq = 7;"
         " UPDATE record SET seq = 7 WHERE seq = 100",
         5},
        {"UPDATE run SET records = 10", 10},
        {"UPDATE run SET last = zeroblob(32)", 10},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        char id[40];
        ob_digest last;
        new_run(*state, id, &last);
        verify_gives(*state, id, NULL, 0);
        verify_gives(*state, id, &last, 0);
        tamper(*state, rows[i].sql);
        verify_gives(*state, id, NULL, rows[i].bad);
        verify_gives(*state, id, &last, rows[i].bad);
        tamper(*state, "DELETE FROM record; DELETE FROM run");
    }
}

/* Whoever rewrites the run's row too leaves a whole chain; the digest kept elsewhere tells. */
static void a_digest_kept_elsewhere_finds_the_rest(void **state)
{
    char id[40];
    ob_digest last;
    new_run(*state, id, &last);
    tamper(*state, "DELETE FROM record WHERE seq = 9; UPDATE run SET records = 8,"
                   " last = (SELECT hash FROM record WHERE seq = 8)");
    verify_gives(*state, id, NULL, 0);
    verify_gives(*state, id, &last, 9);
    /* One that is added at the end with the right hash. */
    ob_err err = {0};
    ob_store store = open_store(*state, false);
    assert_ok(ob_store_run_resume(&store, id, &err));
    assert_ok(append(&store, OB_RECORD_NOTE, "", -1, 0, "forged", &err));
    assert_ok(append(&store, OB_RECORD_NOTE, "", -1, 0, "", &err));
    ob_store_close(&store);
    verify_gives(*state, id, NULL, 0);
    verify_gives(*state, id, &last, 11);
}

/* Fields must not flow into one another: neighbours with the same bytes, cut elsewhere. */
static void the_hash_tells_fields_apart(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_digest zero = {{0}};
    ob_digest a;
    ob_digest b;
    ob_record left = {.seq = 1, .body = OB_SPAN("ab"), .data = OB_SPAN("c")};
    ob_record right = {.seq = 1, .body = OB_SPAN("a"), .data = OB_SPAN("bc")};
    assert_ok(obi_store_hash(&zero, "r", &left, &a, &err));
    assert_ok(obi_store_hash(&zero, "r", &right, &b, &err));
    assert_memory_not_equal(a.bytes, b.bytes, OB_SHA256_BYTES);
    assert_ok(obi_store_hash(&a, "r", &left, &b, &err));
    assert_memory_not_equal(a.bytes, b.bytes, OB_SHA256_BYTES);
    assert_ok(obi_store_hash(&zero, "s", &left, &b, &err));
    assert_memory_not_equal(a.bytes, b.bytes, OB_SHA256_BYTES);
}

static void strangers_are_refused(void **state)
{
    const place *p = *state;
    ob_err err = {0};
    ob_store store = {0};
    assert_fails(ob_store_open(&store, p->store, true, &err), OB_ERR_STORE, p->store);
    assert_ok(ob_file_write(p->store,
                            OB_SPAN("not a database, but long enough to look like one "
                                    "to somebody who does not read what it says.\n"),
                            0600, &err));
    assert_fails(ob_store_open(&store, p->store, false, &err), OB_ERR_STORE, p->store);
    assert_null(store.core);
    OB_AUTO(ob_buf) after = {.max = 1000};
    assert_ok(ob_file_read(p->store, &after, &err));
    assert_true(ob_span_has_prefix(ob_buf_span(&after), OB_SPAN("not a database")));
    assert_int_equal(unlink(p->store), 0);
    tamper(p, "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    assert_fails(ob_store_open(&store, p->store, false, &err), OB_ERR_STORE, "no evidence store");
    tamper(p, "PRAGMA application_id = 5; INSERT INTO t VALUES (1)");
    assert_fails(ob_store_open(&store, p->store, false, &err), OB_ERR_STORE, "no evidence store");
    assert_fails(ob_store_open(&store, "/nonexistent/e.db", false, &err), OB_ERR_STORE,
                 "/nonexistent/e.db");
    assert_fails(ob_store_open(&store, p->folder, false, &err), OB_ERR_STORE, p->folder);
}

static void newer_formats_are_refused(void **state)
{
    ob_err err = {0};
    ob_store store = open_store(*state, false);
    char id[40];
    fill(&store, id);
    ob_store_close(&store);
    tamper(*state, "PRAGMA user_version = 2; UPDATE run SET state = state");
    const place *p = *state;
    assert_fails(ob_store_open(&store, p->store, false, &err), OB_ERR_STORE, "newer ombud");
    assert_fails(ob_store_open(&store, p->store, true, &err), OB_ERR_STORE, "newer ombud");
}

static void one_writer_at_a_time(void **state)
{
    ob_err err = {0};
    char id[40];
    char other[40];
    ob_store first = open_store(*state, false);
    fill(&first, id);
    ob_store second = open_store(*state, false);
    assert_fails(ob_store_run_new(&second, OB_SPAN(""), OB_SPAN(""), other, &err), OB_ERR_STORE,
                 "another ombud is writing");
    assert_fails(ob_store_run_resume(&second, id, &err), OB_ERR_STORE, "another ombud is writing");
    query_gives(&second, (ob_record_query){.run = id, .trial = -1}, "1 2 3 4 5 6 7 8 9");
    assert_ok(append(&first, OB_RECORD_NOTE, "", -1, 0, "", &err));
    ob_store_close(&first);
    assert_ok(ob_store_run_resume(&second, id, &err));
    assert_ok(append(&second, OB_RECORD_NOTE, "", -1, 0, "", &err));
    ob_store_close(&second);
    verify_gives(*state, id, NULL, 0);
}

static void resuming_goes_on_with_the_chain(void **state)
{
    ob_err err = {0};
    char id[40];
    ob_store store = open_store(*state, false);
    fill(&store, id);
    assert_ok(ob_store_run_end(&store, "interrupted", &err));
    ob_store_close(&store);
    store = open_store(*state, false);
    assert_ok(ob_store_run_resume(&store, id, &err));
    assert_ok(append(&store, OB_RECORD_FINISH, "", -1, 0, "", &err));
    query_gives(&store, (ob_record_query){.run = id, .trial = -1, .kinds = 1U << OB_RECORD_FINISH},
                "10");
    assert_ok(ob_store_run_end(&store, "finished", &err));
    assert_fails(ob_store_run_resume(&store, id, &err), OB_ERR_USAGE, "finished");
    assert_fails(ob_store_run_resume(&store, "x", &err), OB_ERR_INPUT, "no run 'x'");
    ob_store_close(&store);
    verify_gives(*state, id, NULL, 0);
}

static void a_group_that_is_not_committed_is_not_there(void **state)
{
    ob_err err = {0};
    char id[40];
    ob_store store = open_store(*state, false);
    fill(&store, id);
    assert_ok(ob_store_begin(&store, &err));
    assert_ok(append(&store, OB_RECORD_NOTE, "", -1, 0, "a", &err));
    assert_ok(append(&store, OB_RECORD_NOTE, "", -1, 0, "b", &err));
    assert_ok(ob_store_commit(&store, &err));
    assert_ok(ob_store_begin(&store, &err));
    assert_ok(append(&store, OB_RECORD_NOTE, "", -1, 0, "c", &err));
    ob_store_close(&store);
    verify_gives(*state, id, NULL, 0);
    store = open_store(*state, true);
    query_gives(&store, (ob_record_query){.run = id, .trial = -1}, "1 2 3 4 5 6 7 8 9 10 11");
    ob_store_close(&store);
}

/* The child: appends until it is killed, alone and in groups, and tells each committed number. */
static void write_until_killed(const place *p, const char *id, int told)
{
    ob_err err = {0};
    ob_store store = {0};
    if (!ob_store_open(&store, p->store, false, &err) || !ob_store_run_resume(&store, id, &err)) {
        _exit(1);
    }
    for (uint64_t i = 0;; i++) {
        bool group = i % 3 == 0;
        bool good = !group || ob_store_begin(&store, &err);
        for (int k = 0; good && k < (group ? 5 : 1); k++) {
            good = append(&store, OB_RECORD_NOTE, "p1", (int64_t)i, 1, "some bytes", &err);
        }
        good = good && (!group || ob_store_commit(&store, &err));
        if (!good || write(told, &store.core->records, sizeof store.core->records) !=
                         (ssize_t)sizeof store.core->records) {
            _exit(1);
        }
    }
}

static void a_kill_loses_nothing_committed(void **state)
{
    const place *p = *state;
    ob_err err = {0};
    ob_rng rng;
    char id[40];
    ob_digest last;
    uint8_t seed[8];
    new_run(p, id, &last);
    assert_ok(ob_random(seed, sizeof seed, &err));
    assert_ok(ob_rng_init(&rng, (ob_span){(const char *)seed, sizeof seed}, OB_SPAN("kill"), &err));
    for (int round = 0; round < 20; round++) {
        int pipes[2];
        assert_int_equal(pipe(pipes), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            (void)close(pipes[0]);
            write_until_killed(p, id, pipes[1]);
        }
        (void)close(pipes[1]);
        uint64_t committed = 0;
        uint64_t number = 0;
        int status = 0;
        uint64_t reads = ob_rng_below(&rng, 40);
        for (uint64_t i = 0; i <= reads; i++) {
            assert_int_equal(read(pipes[0], &committed, sizeof committed), sizeof committed);
        }
        (void)usleep((useconds_t)ob_rng_below(&rng, 3000));
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        while (read(pipes[0], &number, sizeof number) == (ssize_t)sizeof number) {
            committed = number;
        }
        (void)close(pipes[0]);
        verify_gives(p, id, NULL, 0);
        OB_AUTO(ob_arena) arena = {0};
        ob_run_info info = {0};
        ob_store store = open_store(p, true);
        assert_ok(ob_store_run_find(&store, &arena, id, &info, &err));
        ob_store_close(&store);
        assert_true(info.records >= committed && committed > 0);
        assert_true(info.records <= committed + 5);
    }
}

/* The child: 0 when the full disk was told as it should be and writing went on afterwards. */
static int fill_the_disk(const place *p, const char *id)
{
    ob_err err = {0};
    ob_store store = {0};
    struct rlimit limit;
    static char text[4096];
    (void)memset(text, 'x', sizeof text - 1);
    (void)signal(SIGXFSZ, SIG_IGN);
    if (!ob_store_open(&store, p->store, false, &err) || !ob_store_run_resume(&store, id, &err) ||
        getrlimit(RLIMIT_FSIZE, &limit) != 0) {
        return 1;
    }
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = 300000;
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) {
        return 2;
    }
    uint64_t count = 0;
    while (count < 1000 && append(&store, OB_RECORD_NOTE, "p1", 1, 1, text, &err)) {
        count++;
    }
    if (count < 5 || count == 1000 || err.kind != OB_ERR_STORE || err.text[0] == '\0') {
        return 3;
    }
    /* A group fails as a whole. */
    err = (ob_err){0};
    uint64_t records = store.core->records;
    bool good = ob_store_begin(&store, &err);
    for (int i = 0; good && i < 5; i++) {
        good = append(&store, OB_RECORD_NOTE, "p1", 2, 1, text, &err);
    }
    good = good && ob_store_commit(&store, &err);
    if (good || err.kind != OB_ERR_STORE || store.core->records != records) {
        return 4;
    }
    limit.rlim_cur = before;
    err = (ob_err){0};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0 ||
        !append(&store, OB_RECORD_NOTE, "p1", 3, 1, text, &err) ||
        store.core->records != records + 1) {
        return 5;
    }
    ob_store_close(&store);
    return 0;
}

static void a_full_disk_is_told_and_breaks_nothing(void **state)
{
    const place *p = *state;
    char id[40];
    ob_digest last;
    int status = 0;
    new_run(p, id, &last);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(fill_the_disk(p, id));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    verify_gives(p, id, NULL, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(records_are_found_again),
        TEST(bytes_come_back_as_they_were),
        TEST(files_are_private),
        TEST(runs_are_listed_and_found),
        TEST(changes_are_found),
        TEST(a_digest_kept_elsewhere_finds_the_rest),
        TEST(the_hash_tells_fields_apart),
        TEST(strangers_are_refused),
        TEST(newer_formats_are_refused),
        TEST(one_writer_at_a_time),
        TEST(resuming_goes_on_with_the_chain),
        TEST(a_group_that_is_not_committed_is_not_there),
        TEST(a_kill_loses_nothing_committed),
        TEST(a_full_disk_is_told_and_breaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
