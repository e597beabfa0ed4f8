/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of the store share: a scratch folder for each test, appending, counting, and the
 * look of an outsider at the file (plain SQLite, no code of the store).
 */
#ifndef STORE_KIT_H
#define STORE_KIT_H

#include "evidence/store.h"
#include "ob_test.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct kit {
    char folder[64];
    char path[128];
} kit;

static int kit_setup(void **state)
{
    kit *k = ob_mem_new(sizeof *k);
    *k = (kit){.folder = "/tmp/ombud-store-XXXXXX"};
    if (mkdtemp(k->folder) == NULL) {
        return -1;
    }
    (void)snprintf(k->path, sizeof k->path, "%s/evidence.db", k->folder);
    *state = k;
    return 0;
}

static int kit_teardown(void **state)
{
    static const char *const names[] = {"", "-wal", "-shm", "-journal", "-lock"};
    kit *k = *state;
    for (size_t i = 0; i < OB_COUNT(names); i++) {
        char path[160];
        (void)snprintf(path, sizeof path, "%s%s", k->path, names[i]);
        (void)unlink(path);
    }
    int gone = rmdir(k->folder);
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

#endif
