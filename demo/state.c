/* SPDX-License-Identifier: Apache-2.0 */
/* Customers and what belongs to them, in a data base in memory. Values are bound, never pasted. */
#include "core.h"

static const char schema[] =
    "CREATE TABLE customer (id TEXT PRIMARY KEY, account TEXT, user TEXT UNIQUE, password TEXT,"
    " name TEXT, phone TEXT, address TEXT, bill TEXT, fault TEXT DEFAULT '');"
    "CREATE TABLE token (token TEXT PRIMARY KEY, customer TEXT);"
    "CREATE TABLE session (id TEXT PRIMARY KEY, customer TEXT, used INTEGER,"
    " told INTEGER DEFAULT 0, turns INTEGER DEFAULT 0, since INTEGER DEFAULT 0);"
    "CREATE TABLE keyed (customer TEXT, key TEXT, reply TEXT, PRIMARY KEY (customer, key));"
    "CREATE TABLE said (id INTEGER PRIMARY KEY, session TEXT, customer TEXT, role TEXT, text TEXT);"
    "CREATE TABLE note (id INTEGER PRIMARY KEY, customer TEXT, tag TEXT, text TEXT);"
    "CREATE TABLE ticket (id TEXT PRIMARY KEY, customer TEXT, kind TEXT);"
    "CREATE TABLE credit (id TEXT PRIMARY KEY, customer TEXT, amount TEXT);"
    "CREATE TABLE ledger (seq INTEGER PRIMARY KEY, customer TEXT, name TEXT, args TEXT, result "
    "TEXT,"
    " ref TEXT, at TEXT);"
    "CREATE TABLE report (customer TEXT, text TEXT);"
    "CREATE TABLE desk (id INTEGER PRIMARY KEY, customer TEXT, text TEXT);"
    "CREATE INDEX desk_customer ON desk (customer);"
    "CREATE TABLE article_planted (id TEXT, tag TEXT, title TEXT, text TEXT, audience TEXT,"
    " valid_from TEXT, valid_until TEXT);"
    "CREATE INDEX article_planted_tag ON article_planted (tag);"
    "CREATE INDEX token_customer ON token (customer);"
    "CREATE INDEX session_customer ON session (customer);"
    "CREATE INDEX session_used ON session (used);"
    "CREATE INDEX said_session ON said (session);"
    "CREATE INDEX note_customer ON note (customer);"
    "CREATE INDEX note_tag ON note (tag);"
    "CREATE INDEX report_customer ON report (customer);"
    "CREATE INDEX ticket_customer ON ticket (customer);"
    "CREATE INDEX credit_customer ON credit (customer);"
    "CREATE INDEX ledger_customer ON ledger (customer);"
    "CREATE TRIGGER session_gone AFTER DELETE ON session BEGIN"
    " DELETE FROM said WHERE session = old.id; END;"
    "CREATE TRIGGER customer_gone AFTER DELETE ON customer BEGIN"
    " DELETE FROM token WHERE customer = old.id; DELETE FROM session WHERE customer = old.id;"
    " DELETE FROM note WHERE customer = old.id; DELETE FROM ticket WHERE customer = old.id;"
    " DELETE FROM keyed WHERE customer = old.id; DELETE FROM report WHERE customer = old.id;"
    " DELETE FROM desk WHERE customer = old.id;"
    " DELETE FROM credit WHERE customer = old.id; DELETE FROM ledger WHERE customer = old.id; END;";

bool obd_state_open(ob_demo_core *core, ob_err *err)
{
    if (sqlite3_open_v2(":memory:", &core->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK ||
        sqlite3_exec(core->db, schema, NULL, NULL, NULL) != SQLITE_OK) {
        return ob_fail(err, OB_ERR_STORE, "the data base in memory cannot be made: %s",
                       core->db == NULL ? "out of memory" : sqlite3_errmsg(core->db));
    }
    return true;
}

void obd_new_id(ob_demo_core *core, const char *prefix, char id[24])
{
    (void)snprintf(id, 24, "%s-%06llu", prefix, (unsigned long long)++core->next_id);
}

static sqlite3_stmt *bind_all(ob_demo_core *core, const char *sql, const char *const *values,
                              size_t count)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(core->db, sql, -1, &statement, NULL) != SQLITE_OK) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        (void)sqlite3_bind_text(statement, (int)i + 1, values[i], -1, SQLITE_STATIC);
    }
    return statement;
}

bool obd_change(ob_demo_core *core, const char *sql, const char *const *values, size_t count)
{
    sqlite3_stmt *statement = bind_all(core, sql, values, count);
    bool good = statement != NULL && sqlite3_step(statement) == SQLITE_DONE;
    (void)sqlite3_finalize(statement);
    return good;
}

bool obd_changed(ob_demo_core *core, const char *sql, const char *const *values, size_t count)
{
    return obd_change(core, sql, values, count) && sqlite3_changes(core->db) > 0;
}

bool obd_ask(ob_demo_core *core, const char *sql, const char *const *values, size_t count,
             char *out, size_t room)
{
    sqlite3_stmt *statement = bind_all(core, sql, values, count);
    bool found = statement != NULL && sqlite3_step(statement) == SQLITE_ROW;
    if (found) {
        const unsigned char *text = sqlite3_column_text(statement, 0);
        (void)snprintf(out, room, "%s", text == NULL ? "" : (const char *)text);
    }
    (void)sqlite3_finalize(statement);
    return found;
}

void obd_rows(ob_demo_core *core, const char *sql, const char *const *values, size_t count,
              ob_buf *out)
{
    sqlite3_stmt *statement = bind_all(core, sql, values, count);
    bool first = true;
    ob_buf_add_char(out, '[');
    while (statement != NULL && sqlite3_step(statement) == SQLITE_ROW) {
        const unsigned char *text = sqlite3_column_text(statement, 0);
        ob_buf_add_str(out, first ? "" : ",");
        ob_buf_add_str(out, text == NULL ? "null" : (const char *)text);
        first = false;
    }
    ob_buf_add_char(out, ']');
    (void)sqlite3_finalize(statement);
}

void obd_ledger(obd_turn *turn, const char *name, const char *args_json, const char *result,
                char ref[24])
{
    char at[32];
    ob_time_format(ob_clock_wall_ms(), at);
    obd_new_id(turn->core, "R", ref);
    (void)obd_change(
        turn->core,
        "INSERT INTO ledger (customer, name, args, result, ref, at) VALUES (?1, ?2, ?3, "
        "?4, ?5, ?6)",
        (const char *const[]){turn->customer, name, args_json, result, ref, at}, 6);
    ob_buf_addf(&turn->tools, "%s{\"name\":\"%s\",\"args\":%s,\"result\":\"%s\",\"ref\":\"%s\"}",
                turn->tools.len > 0 ? "," : "", name, args_json, result, ref);
}
