/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readings in SQLite. The table stands beside those of runs and is made when the first reading is
 * written, so stores of earlier versions serve, too. Triggers refuse changes by whatever program.
 */
#include "evidence/reading.h"

#include "evidence/store_core.h"

#include <stdlib.h>

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS reading (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL,"
    " subject TEXT NOT NULL, day TEXT NOT NULL, source TEXT NOT NULL, body TEXT NOT NULL,"
    " digest BLOB NOT NULL, added_ms INTEGER NOT NULL) STRICT;"
    "CREATE INDEX IF NOT EXISTS reading_subject ON reading (kind, subject, day);"
    "CREATE TRIGGER IF NOT EXISTS reading_stays BEFORE UPDATE ON reading"
    " BEGIN SELECT raise(ABORT, 'a reading is never changed'); END;"
    "CREATE TRIGGER IF NOT EXISTS reading_kept BEFORE DELETE ON reading"
    " BEGIN SELECT raise(ABORT, 'a reading is never taken away'); END;";

static bool execute(ob_store_core *core, const char *sql, ob_err *err)
{
    return sqlite3_exec(core->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
           obi_store_fail(core, err, "a reading cannot be written");
}

bool ob_store_readings_begin(ob_store *store, ob_err *err)
{
    ob_store_core *core = store->core;
    if (!execute(core, "BEGIN IMMEDIATE", err)) {
        return false;
    }
    if (!execute(core, schema, err)) {
        ob_store_readings_rollback(store);
        return false;
    }
    return true;
}

void ob_store_readings_rollback(ob_store *store)
{
    (void)sqlite3_finalize(store->core->reading);
    store->core->reading = NULL;
    (void)sqlite3_exec(store->core->db, "ROLLBACK", NULL, NULL, NULL);
}

bool ob_store_readings_commit(ob_store *store, ob_err *err)
{
    (void)sqlite3_finalize(store->core->reading);
    store->core->reading = NULL;
    if (!execute(store->core, "COMMIT", err)) {
        ob_store_readings_rollback(store);
        return false;
    }
    return true;
}

static int bind(sqlite3_stmt *s, int at, ob_span text)
{
    return sqlite3_bind_text64(s, at, text.ptr == NULL ? "" : text.ptr, text.len, SQLITE_STATIC,
                               SQLITE_UTF8);
}

bool ob_store_reading_add(ob_store *store, const ob_reading *r, bool *added, ob_err *err)
{
    static const char sql[] =
        "INSERT INTO reading (kind, subject, day, source, body, digest, added_ms)"
        " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (SELECT 1 FROM reading"
        " WHERE kind = ?1 AND subject = ?2 AND day = ?3 AND body = ?5)";
    ob_store_core *core = store->core;
    if (core->reading == NULL && sqlite3_prepare_v3(core->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                                    &core->reading, NULL) != SQLITE_OK) {
        return obi_store_fail(core, err, "a reading cannot be written");
    }
    sqlite3_stmt *s = core->reading;
    bool good =
        bind(s, 1, r->kind) == SQLITE_OK && bind(s, 2, r->subject) == SQLITE_OK &&
        bind(s, 3, r->day) == SQLITE_OK && bind(s, 4, r->source) == SQLITE_OK &&
        bind(s, 5, r->body) == SQLITE_OK &&
        sqlite3_bind_blob(s, 6, r->digest.bytes, OB_SHA256_BYTES, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_bind_int64(s, 7, ob_clock_wall_ms()) == SQLITE_OK && sqlite3_step(s) == SQLITE_DONE;
    good = good || obi_store_fail(core, err, "a reading cannot be written");
    (void)sqlite3_reset(s);
    (void)sqlite3_clear_bindings(s);
    if (good) {
        *added = sqlite3_changes(core->db) > 0;
    }
    return good;
}

static bool copy_column(sqlite3_stmt *s, int column, ob_arena *arena, ob_span *out, ob_err *err)
{
    const char *text = (const char *)sqlite3_column_text(s, column);
    ob_span span = {text, text == NULL ? 0 : (size_t)sqlite3_column_bytes(s, column)};
    return ob_arena_dup(arena, span, out, err);
}

static bool copy_row(sqlite3_stmt *s, ob_arena *arena, ob_reading *r, ob_err *err)
{
    *r = (ob_reading){.seq = (uint64_t)sqlite3_column_int64(s, 0),
                      .added_ms = sqlite3_column_int64(s, 7)};
    if (sqlite3_column_bytes(s, 6) == OB_SHA256_BYTES) {
        (void)memcpy(r->digest.bytes, sqlite3_column_blob(s, 6), OB_SHA256_BYTES);
    }
    return copy_column(s, 1, arena, &r->kind, err) && copy_column(s, 2, arena, &r->subject, err) &&
           copy_column(s, 3, arena, &r->day, err) && copy_column(s, 4, arena, &r->source, err) &&
           copy_column(s, 5, arena, &r->body, err);
}

static bool has_table(ob_store_core *core, bool *has, ob_err *err)
{
    sqlite3_stmt *s = NULL;
    bool good =
        sqlite3_prepare_v2(core->db, "SELECT count(*) FROM sqlite_schema WHERE name = 'reading'",
                           -1, &s, NULL) == SQLITE_OK &&
        sqlite3_step(s) == SQLITE_ROW;
    *has = good && sqlite3_column_int(s, 0) > 0;
    good = good || obi_store_fail(core, err, "readings cannot be read");
    (void)sqlite3_finalize(s);
    return good;
}

/* Rows go into a growing list first: one statement, so that all are of one moment. */
static bool collect(ob_store_core *core, sqlite3_stmt *s, ob_arena *arena, ob_reading **list,
                    size_t *count, ob_err *err)
{
    size_t cap = 0;
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(s)) == SQLITE_ROW) {
        void *items = *list;
        if (!ob_array_grow(&items, &cap, *count, sizeof **list, 10000000, err)) {
            return false;
        }
        *list = items;
        if (!copy_row(s, arena, &(*list)[*count], err)) {
            return false;
        }
        (*count)++;
    }
    return code == SQLITE_DONE || obi_store_fail(core, err, "readings cannot be read");
}

static int by_day(const void *a, const void *b)
{
    const ob_reading *x = a;
    const ob_reading *y = b;
    int order = ob_span_compare(x->day, y->day);
    return order != 0 ? order : x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* Here and not in the database, whose sorter would copy all bodies once more. */
static void sort_by_day(ob_reading *list, size_t count)
{
    bool sorted = true;
    for (size_t i = 1; i < count; i++) {
        sorted = sorted && ob_span_compare(list[i - 1].day, list[i].day) <= 0;
    }
    if (!sorted) {
        qsort(list, count, sizeof *list, by_day);
    }
}

bool ob_store_readings(ob_store *store, ob_arena *arena, const ob_reading_query *q,
                       ob_reading **readings, size_t *count, ob_err *err)
{
    static const char sql[] =
        "SELECT seq, kind, subject, day, source, body, digest, added_ms FROM reading"
        " WHERE (?1 = '' OR kind = ?1) AND (?2 = '' OR subject = ?2) AND (?3 = '' OR day <= ?3)"
        " ORDER BY seq";
    ob_store_core *core = store->core;
    bool has = false;
    ob_reading *list = NULL;
    size_t used = 0;
    sqlite3_stmt *s = NULL;
    if (!has_table(core, &has, err)) {
        return false;
    }
    bool good = true;
    if (has) {
        good = (sqlite3_prepare_v2(core->db, sql, -1, &s, NULL) == SQLITE_OK &&
                bind(s, 1, q->kind) == SQLITE_OK && bind(s, 2, q->subject) == SQLITE_OK &&
                bind(s, 3, q->until) == SQLITE_OK) ||
               obi_store_fail(core, err, "readings cannot be read");
        good = good && collect(core, s, arena, &list, &used, err);
        (void)sqlite3_finalize(s);
    }
    ob_reading *copy = good ? OB_NEW(arena, ob_reading, used, err) : NULL;
    if (copy != NULL) {
        if (used > 0) {
            (void)memcpy(copy, list, used * sizeof *copy);
            sort_by_day(copy, used);
        }
        *readings = copy;
        *count = used;
    }
    ob_mem_free(list);
    return copy != NULL;
}
