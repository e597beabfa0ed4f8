/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite behind the evidence store. Three tables: run (one row a run, with the last hash of its
 * chain), record (the chain), and nothing that cannot be recomputed from them. A record and the
 * run's last hash change in the same transaction, so a kill leaves a whole chain whatever it hits.
 *
 * Only one process may write: an open-file-description lock on a file of its own says so. SQLite's
 * own locks would let a second run slip in between two transactions of the first.
 */
#include "evidence/store_core.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID 0x4f6d6275 /* "Ombu" */
#define USER_VERSION   1
/* Bytes of the lock file. */
#define LOCK_WRITER 0
#define LOCK_MAKER  1

const char *const ob_record_names[OB_RECORD_KINDS] = {"run",      "procedure", "start", "request",
                                                      "response", "turn",      "end",   "confirm",
                                                      "note",     "verdict",   "finish"};

/* As SQLite keeps them behind CREATE TABLE: a store is held against these texts. */
#define RUN_TABLE                                                                    \
    "run (id TEXT PRIMARY KEY, started_ms INTEGER NOT NULL,"                         \
    " ended_ms INTEGER NOT NULL, service TEXT NOT NULL, service_path TEXT NOT NULL," \
    " state TEXT NOT NULL, records INTEGER NOT NULL, last BLOB NOT NULL) STRICT, WITHOUT ROWID"
#define RECORD_TABLE                                                                       \
    "record (run TEXT NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL,"              \
    " procedure TEXT NOT NULL, trial INTEGER NOT NULL, attempt INTEGER NOT NULL,"          \
    " at_ms INTEGER NOT NULL, body TEXT NOT NULL, data BLOB NOT NULL, hash BLOB NOT NULL," \
    " PRIMARY KEY (run, seq)) STRICT, WITHOUT ROWID"
static const char schema[] =
    "CREATE TABLE IF NOT EXISTS " RUN_TABLE ";CREATE TABLE IF NOT EXISTS " RECORD_TABLE ";";

bool obi_store_fail(const ob_store_core *core, ob_err *err, const char *what)
{
    int code = sqlite3_extended_errcode(core->db);
    int kind = code & 0xff;
    int cause = kind == SQLITE_IOERR ? sqlite3_system_errno(core->db) : 0;
    const char *hint = "";
    if (kind == SQLITE_FULL || cause == ENOSPC || cause == EDQUOT) {
        hint = "; make room on the disk and go on with --resume";
    } else if (kind == SQLITE_CANTOPEN || code == SQLITE_READONLY_DIRECTORY) {
        hint = "; it needs a folder that it may write to";
    }
    (void)ob_fail(err, kind == SQLITE_NOMEM ? OB_ERR_NOMEM : OB_ERR_STORE, "%s: %s: %s%s",
                  core->path, what, sqlite3_errmsg(core->db), hint);
    err->code = code;
    return false;
}

static bool execute(ob_store_core *core, const char *sql, const char *what, ob_err *err)
{
    return sqlite3_exec(core->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
           obi_store_fail(core, err, what);
}

static bool pragma_number(ob_store_core *core, const char *sql, int64_t *value, ob_err *err)
{
    sqlite3_stmt *statement = NULL;
    bool good = sqlite3_prepare_v2(core->db, sql, -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step(statement) == SQLITE_ROW;
    if (good) {
        *value = sqlite3_column_int64(statement, 0);
    } else {
        (void)obi_store_fail(core, err, "cannot be read");
    }
    (void)sqlite3_finalize(statement);
    return good;
}

/*
 * A new file is made here, so that it is private from its first byte. One that exists is looked at
 * by name only: closing a descriptor of ours would release the locks that SQLite holds on the same
 * file elsewhere in this process.
 */
static bool make_file(const char *path, bool read_only, ob_err *err)
{
    struct stat s = {0};
    int code = EEXIST;
    if (!read_only) {
        int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        code = errno;
        if (fd >= 0) {
            (void)close(fd);
            return true;
        }
    }
    if (code == EEXIST) {
        int wanted = read_only ? R_OK : R_OK | W_OK;
        bool good = stat(path, &s) == 0 && faccessat(AT_FDCWD, path, wanted, AT_EACCESS) == 0;
        code = good ? 0 : errno;
    }
    if (code != 0) {
        return ob_fail_code_at(err, OB_ERR_STORE, code, OB_WHERE, "cannot open the store %s", path);
    }
    if (!S_ISREG(s.st_mode)) {
        return ob_fail(err, OB_ERR_STORE, "cannot open the store %s: it is not a regular file",
                       path);
    }
    if (!read_only && s.st_size == 0 && chmod(path, 0600) != 0) {
        code = errno;
        return ob_fail_code_at(err, OB_ERR_STORE, code, OB_WHERE, "cannot make %s private", path);
    }
    return true;
}

/* Locks one byte of the file beside the store; the lock lives as long as *fd. Beside the store
 * itself, by whatever link it was reached, as SQLite does with its log. */
static bool take_lock(const ob_store_core *core, off_t byte, bool wait, int *fd, ob_err *err)
{
    char real[PATH_MAX] = "";
    char path[sizeof real + 8];
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    bool found = realpath(core->path, real) != NULL;
    (void)snprintf(path, sizeof path, "%s-lock", found ? real : core->path);
    int opened = found ? open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
    if (opened < 0) {
        int code = errno;
        return ob_fail_code_at(err, OB_ERR_STORE, code, OB_WHERE, "cannot open the lock file %s",
                               path);
    }
    int code = 0;
    do {
        code = fcntl(opened, wait ? F_OFD_SETLKW : F_OFD_SETLK, &lock) == 0 ? 0 : errno;
    } while (code == EINTR);
    if (code == 0) {
        *fd = opened;
        return true;
    }
    (void)close(opened);
    if (code != EAGAIN && code != EACCES) {
        return ob_fail_code_at(err, OB_ERR_STORE, code, OB_WHERE, "cannot lock %s", path);
    }
    return ob_fail(err, OB_ERR_STORE,
                   "another ombud is writing to %s; wait for it or name another store with --store",
                   core->path);
}

/* Makes the tables, one process at a time: SQLite does not wait for another one that switches the
 * same file to WAL. Whoever comes second finds everything there. */
static bool make_tables(ob_store_core *core, ob_err *err)
{
    char sql[1500];
    int fd = -1;
    (void)snprintf(sql, sizeof sql,
                   "BEGIN IMMEDIATE; PRAGMA application_id = %d; PRAGMA user_version = %d; %s "
                   "COMMIT;",
                   APPLICATION_ID, USER_VERSION, schema);
    if (!take_lock(core, LOCK_MAKER, true, &fd, err)) {
        return false;
    }
    /* A page holds a dozen records, so that adding one seldom splits pages. */
    bool good = execute(core, "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL",
                        "cannot be made ready", err) &&
                execute(core, sql, "cannot be made ready", err);
    (void)close(fd);
    return good;
}

/* Other tables, a view or a trigger in their place could show one thing to a check and another to a
 * report. */
static bool check_tables(ob_store_core *core, ob_err *err)
{
    static const char sql[] =
        "SELECT (SELECT count(*) FROM sqlite_schema WHERE sql IN ('CREATE TABLE " RUN_TABLE
        "', 'CREATE TABLE " RECORD_TABLE "')) - (SELECT count(*) FROM sqlite_schema"
        " WHERE type = 'trigger' AND lower(tbl_name) IN ('run', 'record'))";
    int64_t count = 0;
    return pragma_number(core, sql, &count, err) &&
           (count == 2 ||
            ob_fail(err, OB_ERR_STORE, "%s is damaged: its tables are not those that ombud makes",
                    core->path));
}

static bool check_identity(ob_store_core *core, bool read_only, ob_err *err)
{
    int64_t application = 0;
    int64_t version = 0;
    int64_t tables = 0;
    /* One transaction: another process may be making the tables just now. */
    bool good = execute(core, "BEGIN", "cannot be read", err) &&
                pragma_number(core, "PRAGMA application_id", &application, err) &&
                pragma_number(core, "PRAGMA user_version", &version, err) &&
                pragma_number(core, "SELECT count(*) FROM sqlite_schema", &tables, err);
    if (!good || !execute(core, "ROLLBACK", "cannot be read", err)) {
        return false;
    }
    if (application == 0 && tables == 0 && !read_only) {
        return make_tables(core, err);
    }
    if (application != APPLICATION_ID) {
        return ob_fail(err, OB_ERR_STORE, "%s is no evidence store of ombud; name another file",
                       core->path);
    }
    if (version < 1) {
        return ob_fail(err, OB_ERR_STORE, "%s is damaged: it says format %lld", core->path,
                       (long long)version);
    }
    if (version > USER_VERSION) {
        return ob_fail(err, OB_ERR_STORE,
                       "%s was written by a newer ombud (format %lld, this one knows %d); use that "
                       "version",
                       core->path, (long long)version, USER_VERSION);
    }
    return check_tables(core, err);
}

bool ob_store_open(ob_store *store, const char *path, bool read_only, ob_err *err)
{
    /* Each checkpoint waits for the disk: at 32 MiB of log instead of 4 there are fewer. Records
     * are appended and read in their order, so pages that were kept would not be asked for again:
     * one MiB of them does. */
    static const char set_up[] =
        "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -1024";
    if (!make_file(path, read_only, err)) {
        return false;
    }
    ob_store_core *core = ob_mem_new(sizeof *core);
    if (core == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for a store");
    }
    *core = (ob_store_core){.lock_fd = -1};
    (void)snprintf(core->path, sizeof core->path, "%s", path);
    /* ":memory:" and "file:..." are names of files here, as everywhere. */
    char name[sizeof core->path + 2];
    (void)snprintf(name, sizeof name, "%s%s", path[0] == '/' ? "" : "./", path);
    int flags = SQLITE_OPEN_NOMUTEX |
                (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    bool good = sqlite3_open_v2(name, &core->db, flags, NULL) == SQLITE_OK ||
                obi_store_fail(core, err, "cannot be opened");
    if (good) {
        (void)sqlite3_busy_timeout(core->db, 10000);
        (void)sqlite3_extended_result_codes(core->db, 1);
    }
    good = good && check_identity(core, read_only, err) &&
           (read_only || execute(core, set_up, "cannot be set up", err));
    ob_store opened = {core};
    if (!good) {
        ob_store_close(&opened);
        return false;
    }
    *store = opened;
    return true;
}

void ob_store_close(ob_store *store)
{
    if (store == NULL || store->core == NULL) {
        return;
    }
    ob_store_core *core = store->core;
    (void)sqlite3_finalize(core->begin);
    (void)sqlite3_finalize(core->commit);
    (void)sqlite3_finalize(core->rollback);
    (void)sqlite3_finalize(core->insert);
    (void)sqlite3_finalize(core->update);
    (void)sqlite3_finalize(core->reading);
    (void)sqlite3_close_v2(core->db); /* waits for iterators that are still open */
    if (core->lock_fd >= 0) {
        (void)close(core->lock_fd);
    }
    ob_mem_free(core);
    store->core = NULL;
}

bool ob_store_relax(ob_store *store, ob_err *err)
{
    return execute(store->core, "PRAGMA synchronous = OFF", "cannot be set up", err);
}

/* Held until the store is closed or the process ends, however it ends. */
static bool lock_for_writing(ob_store_core *core, ob_err *err)
{
    return core->lock_fd >= 0 || take_lock(core, LOCK_WRITER, false, &core->lock_fd, err);
}

static bool prepare(ob_store_core *core, const char *sql, sqlite3_stmt **statement, ob_err *err)
{
    return *statement != NULL ||
           sqlite3_prepare_v3(core->db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL) ==
               SQLITE_OK ||
           obi_store_fail(core, err, "cannot be written");
}

static bool prepare_writing(ob_store_core *core, ob_err *err)
{
    static const char insert[] =
        "INSERT INTO record (run, seq, kind, procedure, trial, attempt, at_ms, body, data, hash)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    static const char update[] = "UPDATE run SET records = ?2, last = ?3 WHERE id = ?1";
    return prepare(core, "BEGIN IMMEDIATE", &core->begin, err) &&
           prepare(core, "COMMIT", &core->commit, err) &&
           prepare(core, "ROLLBACK", &core->rollback, err) &&
           prepare(core, insert, &core->insert, err) && prepare(core, update, &core->update, err);
}

/* Runs a prepared statement that gives no rows. */
static bool run_prepared(ob_store_core *core, sqlite3_stmt *statement, ob_err *err)
{
    bool good =
        sqlite3_step(statement) == SQLITE_DONE || obi_store_fail(core, err, "cannot be written");
    (void)sqlite3_reset(statement);
    return good;
}

bool ob_store_run_new(ob_store *store, ob_span service_title, ob_span service_path, char id[40],
                      ob_err *err)
{
    ob_store_core *core = store->core;
    unsigned char salt[3];
    char made[40];
    time_t now = time(NULL);
    struct tm parts = {0};
    if (!lock_for_writing(core, err) || !prepare_writing(core, err) ||
        !ob_random(salt, sizeof salt, err)) {
        return false;
    }
    (void)gmtime_r(&now, &parts);
    size_t used = strftime(made, sizeof made, "%Y%m%d-%H%M%S", &parts);
    (void)snprintf(made + used, sizeof made - used, "-%02x%02x%02x", salt[0], salt[1], salt[2]);
    sqlite3_stmt *statement = NULL;
    ob_digest zero = {{0}};
    bool good = sqlite3_prepare_v2(
                    core->db,
                    "INSERT INTO run (id, started_ms, ended_ms, service, service_path, state,"
                    " records, last) VALUES (?1, ?2, 0, ?3, ?4, 'running', 0, ?5)",
                    -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_bind_text(statement, 1, made, -1, SQLITE_STATIC) == SQLITE_OK &&
                sqlite3_bind_int64(statement, 2, ob_clock_wall_ms()) == SQLITE_OK &&
                sqlite3_bind_text(statement, 3, service_title.ptr, (int)service_title.len,
                                  SQLITE_STATIC) == SQLITE_OK &&
                sqlite3_bind_text(statement, 4, service_path.ptr, (int)service_path.len,
                                  SQLITE_STATIC) == SQLITE_OK &&
                sqlite3_bind_blob(statement, 5, zero.bytes, sizeof zero.bytes, SQLITE_STATIC) ==
                    SQLITE_OK &&
                sqlite3_step(statement) == SQLITE_DONE;
    good = good || obi_store_fail(core, err, "a run cannot be begun");
    (void)sqlite3_finalize(statement);
    if (good) {
        (void)memcpy(core->run, made, sizeof core->run);
        (void)memcpy(id, made, sizeof made);
        core->records = 0;
        core->last = zero;
    }
    return good;
}

bool ob_store_run_resume(ob_store *store, const char *id, ob_err *err)
{
    ob_store_core *core = store->core;
    OB_AUTO(ob_arena) arena = {0};
    ob_run_info info = {0};
    if (!lock_for_writing(core, err) || !prepare_writing(core, err) ||
        !ob_store_run_find(store, &arena, id, &info, err)) {
        return false;
    }
    if (strcmp(info.state, "finished") == 0) {
        return ob_fail(err, OB_ERR_USAGE, "run %s is finished; there is nothing to resume",
                       info.id);
    }
    (void)memcpy(core->run, info.id, sizeof core->run);
    core->records = info.records;
    core->last = info.last;
    return true;
}

bool ob_store_begin(ob_store *store, ob_err *err)
{
    ob_store_core *core = store->core;
    if (OB_NEVER(core->run[0] == '\0')) {
        return ob_fail(err, OB_ERR_BUG, "a transaction without a run");
    }
    if (!run_prepared(core, core->begin, err)) {
        return false;
    }
    core->open = true;
    core->kept_records = core->records;
    core->kept_last = core->last;
    return true;
}

static void roll_back(ob_store_core *core)
{
    (void)sqlite3_step(core->rollback); /* fails where SQLite has rolled back already */
    (void)sqlite3_reset(core->rollback);
    core->open = false;
    core->records = core->kept_records;
    core->last = core->kept_last;
}

/* The run's row follows the records, in the same transaction. */
static bool update_run(ob_store_core *core, ob_err *err)
{
    sqlite3_stmt *s = core->update;
    bool good =
        sqlite3_bind_text(s, 1, core->run, -1, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_bind_int64(s, 2, (sqlite3_int64)core->records) == SQLITE_OK &&
        sqlite3_bind_blob(s, 3, core->last.bytes, OB_SHA256_BYTES, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_step(s) == SQLITE_DONE;
    good = good || obi_store_fail(core, err, "cannot be written");
    (void)sqlite3_reset(s);
    return good;
}

bool ob_store_commit(ob_store *store, ob_err *err)
{
    ob_store_core *core = store->core;
    if (!update_run(core, err) || !run_prepared(core, core->commit, err)) {
        roll_back(core);
        return false;
    }
    core->open = false;
    return true;
}

static bool insert_record(ob_store_core *core, const ob_record *r, ob_err *err)
{
    sqlite3_stmt *s = core->insert;
    bool good =
        sqlite3_bind_text(s, 1, core->run, -1, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_bind_int64(s, 2, (sqlite3_int64)r->seq) == SQLITE_OK &&
        sqlite3_bind_int(s, 3, (int)r->kind) == SQLITE_OK &&
        sqlite3_bind_text(s, 4, r->procedure.ptr == NULL ? "" : r->procedure.ptr,
                          (int)r->procedure.len, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_bind_int64(s, 5, r->trial) == SQLITE_OK &&
        sqlite3_bind_int(s, 6, r->attempt) == SQLITE_OK &&
        sqlite3_bind_int64(s, 7, r->at_ms) == SQLITE_OK &&
        sqlite3_bind_text64(s, 8, r->body.ptr == NULL ? "" : r->body.ptr, r->body.len,
                            SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK &&
        sqlite3_bind_blob64(s, 9, r->data.ptr == NULL ? "" : r->data.ptr, r->data.len,
                            SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_bind_blob(s, 10, r->hash.bytes, OB_SHA256_BYTES, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_step(s) == SQLITE_DONE;
    good = good || obi_store_fail(core, err, "a record cannot be written");
    (void)sqlite3_reset(s);
    (void)sqlite3_clear_bindings(s);
    return good;
}

uint64_t ob_store_last(const ob_store *store)
{
    return store->core->records;
}

bool ob_store_append(ob_store *store, const ob_record *record, ob_err *err)
{
    ob_store_core *core = store->core;
    bool own = !core->open;
    ob_record r = *record;
    if (OB_NEVER(core->run[0] == '\0')) {
        return ob_fail(err, OB_ERR_BUG, "a record without a run");
    }
    if (own && !ob_store_begin(store, err)) {
        return false;
    }
    r.seq = core->records + 1;
    r.at_ms = r.at_ms == 0 ? ob_clock_wall_ms() : r.at_ms;
    if (!obi_store_hash(&core->last, core->run, &r, &r.hash, err) ||
        !insert_record(core, &r, err)) {
        roll_back(core);
        return false;
    }
    core->records = r.seq;
    core->last = r.hash;
    return !own || ob_store_commit(store, err);
}

bool ob_store_run_end(ob_store *store, const char *state, ob_err *err)
{
    ob_store_core *core = store->core;
    sqlite3_stmt *statement = NULL;
    bool good =
        sqlite3_prepare_v2(core->db, "UPDATE run SET state = ?2, ended_ms = ?3 WHERE id = ?1", -1,
                           &statement, NULL) == SQLITE_OK &&
        sqlite3_bind_text(statement, 1, core->run, -1, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_bind_text(statement, 2, state, -1, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_bind_int64(statement, 3, ob_clock_wall_ms()) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_DONE;
    good = good || obi_store_fail(core, err, "cannot be written");
    (void)sqlite3_finalize(statement);
    return good;
}
