/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of the store share: a scratch folder for each test, appending, counting, and the
 * look of an outsider at the file (plain SQLite, no code of the store).
 */
#ifndef STORE_KIT_H
#define STORE_KIT_H

#include "evidence/store.h"
#include "ob_test.h"
#include "scratch.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct kit {
    char folder[SCRATCH_MAX];
    char path[SCRATCH_FILE_MAX];
} kit;

static int kit_setup(void **state)
{
    kit *k = ob_mem_new(sizeof *k);
    *k = (kit){.folder = ""};
    if (scratch_make(k->folder) != 0) {
        return -1;
    }
    (void)snprintf(k->path, sizeof k->path, "%s/evidence.db", k->folder);
    *state = k;
    return 0;
}

static int kit_teardown(void **state)
{
    kit *k = *state;
    int gone = scratch_remove(k->folder);
    ob_mem_free(k);
    return gone;
}

/* A record with the number n in its texts. */
static inline bool kit_append(ob_store *store, ob_record_kind kind, int64_t n, ob_err *err)
{
    char body[64];
    char data[64];
    int used = snprintf(body, sizeof body, "{\"n\":%lld}", (long long)n);
    int more = snprintf(data, sizeof data, "GET /%lld HTTP/1.1\r\n\r\n", (long long)n);
    ob_record r = {.kind = kind,
                   .procedure = n % 2 == 0 ? OB_SPAN("even") : OB_SPAN("odd"),
                   .trial = n / 2,
                   .attempt = 1,
                   .at_ms = 1700000000000 + n,
                   .body = {body, (size_t)used},
                   .data = {data, (size_t)more}};
    return ob_store_append(store, &r, err);
}

static inline uint64_t kit_count(ob_store *store, const ob_record_query *query)
{
    ob_err err = {0};
    OB_AUTO_CLOSE(ob_records) it = {0};
    uint64_t count = 0;
    uint64_t last = 0;
    assert_ok(ob_records_open(&it, store, query, &err));
    for (ob_record r; ob_records_next(&it, &r, &err);) {
        assert_true(r.seq > last);
        last = r.seq;
        count++;
    }
    assert_int_equal(err.kind, OB_OK);
    return count;
}

/* Runs SQL on the file behind the store's back. */
static inline void kit_sql(const kit *k, const char *sql)
{
    sqlite3 *db = NULL;
    char *why = NULL;
    assert_int_equal(
        sqlite3_open_v2(k->path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) {
        fail_msg("%s: %s", sql, why);
    }
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Opens, verifies, closes; 0 = the chain holds, else the seq that does not fit. */
static inline uint64_t kit_verify(const kit *k, const char *run, const ob_digest *expected)
{
    ob_err err = {0};
    OB_AUTO_CLOSE(ob_store) store = {0};
    bool good = false;
    uint64_t bad = 0;
    assert_ok(ob_store_open(&store, k->path, true, &err));
    assert_ok(ob_store_verify(&store, run, expected, &good, &bad, &err));
    assert_true(good == (bad == 0));
    return bad;
}

/* What a run of work came to: how many records were reported as written. */
typedef struct kit_done {
    char run[40];
    uint64_t written;
} kit_done;

/* Creates, begins a run, appends single records, a batch, and one larger than a page. */
static inline bool kit_work(const kit *k, kit_done *w, ob_err *err)
{
    OB_AUTO_CLOSE(ob_store) store = {0};
    static char large[20000];
    ob_record big = {.kind = OB_RECORD_RESPONSE, .trial = -1, .data = {large, sizeof large}};
    if (!ob_store_open(&store, k->path, false, err) ||
        !ob_store_run_new(&store, OB_SPAN("s"), OB_SPAN("p"), w->run, err)) {
        return false;
    }
    for (int64_t n = 0; n < 5; n++) {
        if (!kit_append(&store, OB_RECORD_TURN, n, err)) {
            return false;
        }
        w->written++;
    }
    if (!ob_store_begin(&store, err) || !kit_append(&store, OB_RECORD_START, 5, err) ||
        !ob_store_append(&store, &big, err) || !ob_store_commit(&store, err)) {
        return false;
    }
    w->written += 2;
    return ob_store_run_end(&store, "interrupted", err);
}

/* The chain holds, what was written is there, and work goes on behind it. */
static inline void kit_check(const kit *k, const kit_done *w)
{
    ob_err err = {0};
    OB_AUTO_CLOSE(ob_store) store = {0};
    OB_AUTO(ob_arena) arena = {0};
    ob_run_info info = {0};
    bool good = false;
    uint64_t bad = 0;
    assert_ok(ob_store_open(&store, k->path, false, &err));
    if (w->run[0] == '\0') {
        return;
    }
    assert_ok(ob_store_run_find(&store, &arena, w->run, &info, &err));
    if (info.records < w->written) {
        fail_msg("%llu written, %llu found", (unsigned long long)w->written,
                 (unsigned long long)info.records);
    }
    assert_ok(ob_store_verify(&store, w->run, NULL, &good, &bad, &err));
    assert_true(good);
    assert_ok(ob_store_run_resume(&store, w->run, &err));
    assert_ok(kit_append(&store, OB_RECORD_NOTE, 1, &err));
    assert_ok(ob_store_verify(&store, w->run, NULL, &good, &bad, &err));
    assert_true(good);
}

static inline void kit_remove(const kit *k)
{
    static const char *const names[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < OB_COUNT(names); i++) {
        char path[SCRATCH_FILE_MAX + 8];
        (void)snprintf(path, sizeof path, "%s%s", k->path, names[i]);
        (void)unlink(path);
    }
}

#endif
