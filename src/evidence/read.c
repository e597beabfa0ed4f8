/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a store: runs, records, and the proof that nothing was changed. */
#include "evidence/store_core.h"

typedef struct canon {
    char text[160]; /* the widest numbers fit, which a forged record may have */
    size_t len;
} canon;

static void put_number(canon *c, bool negative, uint64_t size, char behind)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + size % 10);
        size /= 10;
    } while (size > 0);
    if (negative) {
        c->text[c->len++] = '-';
    }
    (void)memcpy(c->text + c->len, digits + at, sizeof digits - at);
    c->len += sizeof digits - at;
    c->text[c->len++] = behind;
}

static void put_signed(canon *c, int64_t value)
{
    put_number(c, value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, ';');
}

/*
 * Canonical form: each text as its length in decimal, a colon and its bytes; numbers in decimal
 * with a semicolon. Lengths in front make the form unambiguous whatever the texts hold.
 */
bool obi_store_hash(const ob_digest *before, const char *run, const ob_record *record,
                    ob_digest *hash, ob_err *err)
{
    canon name = {.len = 0};
    canon head = {.len = 0};
    canon middle = {.len = 0};
    canon tail = {.len = 0};
    put_number(&name, false, strlen(run), ':');
    put_number(&head, false, record->seq, ';');
    put_signed(&head, record->kind);
    put_number(&head, false, record->procedure.len, ':');
    put_signed(&middle, record->trial);
    put_signed(&middle, record->attempt);
    put_signed(&middle, record->at_ms);
    put_number(&middle, false, record->body.len, ':');
    put_number(&tail, false, record->data.len, ':');
    const ob_span parts[] = {{(const char *)before->bytes, OB_SHA256_BYTES},
                             {name.text, name.len},
                             ob_span_str(run),
                             {head.text, head.len},
                             record->procedure,
                             {middle.text, middle.len},
                             record->body,
                             {tail.text, tail.len},
                             record->data};
    return ob_sha256(parts, OB_COUNT(parts), hash, err);
}

static ob_span column_span(sqlite3_stmt *s, int column)
{
    const void *bytes = sqlite3_column_blob(s, column);
    return (ob_span){bytes == NULL ? "" : bytes, (size_t)sqlite3_column_bytes(s, column)};
}

static bool read_run(sqlite3_stmt *s, ob_arena *arena, ob_run_info *info, ob_err *err)
{
    ob_run_info read = {0};
    ob_span last = column_span(s, 7);
    (void)snprintf(read.id, sizeof read.id, "%.*s", OB_SHOW(column_span(s, 0)));
    read.started_ms = sqlite3_column_int64(s, 1);
    read.ended_ms = sqlite3_column_int64(s, 2);
    (void)snprintf(read.state, sizeof read.state, "%.*s", OB_SHOW(column_span(s, 5)));
    read.records = (uint64_t)sqlite3_column_int64(s, 6);
    if (last.len == OB_SHA256_BYTES) {
        (void)memcpy(read.last.bytes, last.ptr, OB_SHA256_BYTES);
    }
    if (!ob_arena_dup(arena, column_span(s, 3), &read.service, err) ||
        !ob_arena_dup(arena, column_span(s, 4), &read.service_path, err)) {
        return false;
    }
    *info = read;
    return true;
}

#define RUN_COLUMNS "id, started_ms, ended_ms, service, service_path, state, records, last"

bool ob_store_runs(ob_store *store, ob_arena *arena, ob_run_info **runs, size_t *count, ob_err *err)
{
    ob_store_core *core = store->core;
    sqlite3_stmt *s = NULL;
    ob_run_info *list = NULL;
    size_t cap = 0;
    size_t used = 0;
    bool good = sqlite3_prepare_v2(
                    core->db, "SELECT " RUN_COLUMNS " FROM run ORDER BY started_ms DESC, id DESC",
                    -1, &s, NULL) == SQLITE_OK ||
                obi_store_fail(core, err, "the runs cannot be read");
    int step = SQLITE_DONE;
    while (good && (step = sqlite3_step(s)) == SQLITE_ROW) {
        void *items = list;
        good = ob_array_grow(&items, &cap, used, sizeof *list, 1000000, err);
        list = items;
        good = good && read_run(s, arena, &list[used], err);
        used += good;
    }
    if (good && step != SQLITE_DONE) {
        good = obi_store_fail(core, err, "the runs cannot be read");
    }
    (void)sqlite3_finalize(s);
    ob_run_info *copy = good ? OB_NEW(arena, ob_run_info, used, err) : NULL;
    if (copy != NULL) {
        if (used > 0) {
            (void)memcpy(copy, list, used * sizeof *copy);
        }
        *runs = copy;
        *count = used;
    }
    ob_mem_free(list);
    return copy != NULL;
}

bool ob_store_run_find(ob_store *store, ob_arena *arena, const char *id, ob_run_info *run,
                       ob_err *err)
{
    ob_run_info *runs = NULL;
    size_t count = 0;
    size_t found = 0;
    if (!ob_store_runs(store, arena, &runs, &count, err)) {
        return false;
    }
    if (id == NULL || id[0] == '\0') {
        if (count == 0) {
            return ob_fail(err, OB_ERR_INPUT, "%s holds no runs yet", store->core->path);
        }
        *run = runs[0];
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(runs[i].id, id) == 0) {
            *run = runs[i];
            return true;
        }
        if (strncmp(runs[i].id, id, strlen(id)) == 0) {
            found++;
            *run = runs[i];
        }
    }
    if (found == 1) {
        return true;
    }
    return ob_fail(err, OB_ERR_INPUT,
                   found == 0 ? "%s holds no run '%.40s'; see them with 'ombud report --list'"
                              : "%s holds several runs that begin with '%.40s'",
                   store->core->path, id);
}

bool ob_records_open(ob_records *records, ob_store *store, const ob_record_query *query,
                     ob_err *err)
{
    static const char sql[] =
        "SELECT seq, kind, procedure, trial, attempt, at_ms, body, data, hash FROM record"
        " WHERE run = ?1 AND seq BETWEEN ?6 AND ?7 AND (?2 = 0 OR (?2 >> kind) & 1)"
        " AND (?3 = '' OR procedure = ?3) AND (?4 < 0 OR trial = ?4)"
        " AND (?5 = 0 OR attempt = ?5) ORDER BY seq";
    ob_store_core *core = store->core;
    sqlite3_stmt *s = NULL;
    uint64_t most = INT64_MAX;
    uint64_t last = query->last == 0 || query->last > most ? most : query->last;
    bool good =
        sqlite3_prepare_v2(core->db, sql, -1, &s, NULL) == SQLITE_OK &&
        sqlite3_bind_text(s, 1, query->run, -1, SQLITE_TRANSIENT) == SQLITE_OK &&
        sqlite3_bind_int64(s, 2, query->kinds) == SQLITE_OK &&
        sqlite3_bind_text(s, 3, query->procedure.len == 0 ? "" : query->procedure.ptr,
                          (int)query->procedure.len, SQLITE_TRANSIENT) == SQLITE_OK &&
        sqlite3_bind_int64(s, 4, query->trial) == SQLITE_OK &&
        sqlite3_bind_int(s, 5, query->attempt) == SQLITE_OK &&
        /* Without a bound also what no record can have, so that it is found. */
        sqlite3_bind_int64(s, 6,
                           query->first == 0     ? INT64_MIN
                           : query->first > most ? INT64_MAX
                                                 : (sqlite3_int64)query->first) == SQLITE_OK &&
        sqlite3_bind_int64(s, 7, (sqlite3_int64)last) == SQLITE_OK;
    if (!good) {
        (void)obi_store_fail(core, err, "the records cannot be read");
        (void)sqlite3_finalize(s);
        return false;
    }
    *records = (ob_records){s, core};
    return true;
}

/* False if the row at hand holds what no record can: numbers are read in full width, so that a
 * change of their upper half cannot hide; and what only reads like a number or a text, as the text
 * "7x" does, would be another value where rows are chosen. */
static bool read_record(sqlite3_stmt *s, ob_record *record)
{
    static const int types[] = {SQLITE_INTEGER, SQLITE_INTEGER, SQLITE_TEXT,
                                SQLITE_INTEGER, SQLITE_INTEGER, SQLITE_INTEGER,
                                SQLITE_TEXT,    SQLITE_BLOB,    SQLITE_BLOB};
    for (int i = 0; i < (int)OB_COUNT(types); i++) {
        if (sqlite3_column_type(s, i) != types[i]) {
            return false;
        }
    }
    int64_t kind = sqlite3_column_int64(s, 1);
    int64_t attempt = sqlite3_column_int64(s, 4);
    ob_span hash = column_span(s, 8);
    if (kind < 0 || kind >= OB_RECORD_KINDS || attempt < INT32_MIN || attempt > INT32_MAX ||
        hash.len != OB_SHA256_BYTES) {
        return false;
    }
    *record = (ob_record){.seq = (uint64_t)sqlite3_column_int64(s, 0),
                          .kind = (ob_record_kind)kind,
                          .procedure = column_span(s, 2),
                          .trial = sqlite3_column_int64(s, 3),
                          .attempt = (int32_t)attempt,
                          .at_ms = sqlite3_column_int64(s, 5),
                          .body = column_span(s, 6),
                          .data = column_span(s, 7)};
    (void)memcpy(record->hash.bytes, hash.ptr, OB_SHA256_BYTES);
    return true;
}

bool ob_records_next(ob_records *records, ob_record *record, ob_err *err)
{
    sqlite3_stmt *s = records->statement;
    int step = sqlite3_step(s);
    if (step != SQLITE_ROW) {
        if (step != SQLITE_DONE) {
            (void)obi_store_fail(records->core, err, "a record cannot be read");
        }
        return false;
    }
    return read_record(s, record) ||
           ob_fail(err, OB_ERR_STORE, "%s: record %lld is damaged", records->core->path,
                   (long long)sqlite3_column_int64(s, 0));
}

void ob_records_close(ob_records *records)
{
    if (records != NULL) {
        (void)sqlite3_finalize(records->statement);
        records->statement = NULL;
    }
}

static bool same_digest(const ob_digest *a, const ob_digest *b)
{
    return memcmp(a->bytes, b->bytes, OB_SHA256_BYTES) == 0;
}

/* Goes along the chain: *last and *seq are of the last record that fits; *fits tells of the next.
 */
static bool walk_chain(ob_store_core *core, const char *run, ob_digest *last, uint64_t *seq,
                       bool *fits, ob_err *err)
{
    OB_AUTO_CLOSE(ob_records) it = {0};
    ob_store store = {core};
    int step = SQLITE_DONE;
    if (!ob_records_open(&it, &store, &(ob_record_query){.run = run, .trial = -1}, err)) {
        return false;
    }
    *fits = true;
    while (*fits && (step = sqlite3_step(it.statement)) == SQLITE_ROW) {
        ob_record r = {0};
        ob_digest hash = {{0}};
        *fits = read_record(it.statement, &r) && r.seq == *seq + 1;
        if (*fits && !obi_store_hash(last, run, &r, &hash, err)) {
            return false;
        }
        *fits = *fits && same_digest(&hash, &r.hash);
        if (*fits) {
            *last = hash;
            (*seq)++;
        }
    }
    return step == SQLITE_DONE || step == SQLITE_ROW ||
           obi_store_fail(core, err, "a record cannot be read");
}

static bool verify(ob_store *store, const char *run, const ob_digest *expected, bool *good,
                   uint64_t *bad_seq, ob_err *err)
{
    ob_store_core *core = store->core;
    OB_AUTO(ob_arena) arena = {0};
    ob_run_info info = {0};
    ob_digest last = {{0}};
    uint64_t seq = 0;
    bool fits = false;
    if (!ob_store_run_find(store, &arena, run, &info, err) ||
        !walk_chain(core, info.id, &last, &seq, &fits, err)) {
        return false;
    }
    if (core->open && strcmp(core->run, info.id) == 0) {
        info.records = core->records; /* the run's row follows at the commit */
        info.last = core->last;
    }
    fits = fits && seq == info.records && same_digest(&last, &info.last) &&
           (expected == NULL || same_digest(&last, expected));
    *good = fits;
    *bad_seq = fits ? 0 : seq + 1;
    return true;
}

bool ob_store_verify(ob_store *store, const char *run, const ob_digest *expected, bool *good,
                     uint64_t *bad_seq, ob_err *err)
{
    /* The run's row and its records are read at one moment, also while another process appends. */
    sqlite3 *db = store->core->db;
    bool own = sqlite3_get_autocommit(db) != 0;
    if (own && sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK) {
        return obi_store_fail(store->core, err, "cannot be read");
    }
    bool done = verify(store, run, expected, good, bad_seq, err);
    if (own && sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK && done) {
        return obi_store_fail(store->core, err, "cannot be read");
    }
    return done;
}

bool ob_store_require_whole(ob_store *store, const char *run, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_run_info info = {0};
    uint64_t seq = 0;
    bool good = false;
    if (!ob_store_run_find(store, &arena, run, &info, err) ||
        !ob_store_verify(store, info.id, NULL, &good, &seq, err)) {
        return false;
    }
    return good || ob_fail(err, OB_ERR_STORE,
                           "%s: the evidence of run %s was changed: record %llu does not fit the "
                           "chain; go back to a copy of the store",
                           store->core->path, info.id, (unsigned long long)seq);
}
