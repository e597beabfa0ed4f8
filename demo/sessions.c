/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logins and sessions. Both are bounded: a session ends after an hour without a turn, and of a
 * customer's logins the newest few stand.
 */
#include "server.h"

#define SESSION_LIFE_MS 3600000
#define TOKENS_MAX      "16" /* of one customer */

static bool random_word(char word[33])
{
    unsigned char bytes[16];
    ob_err ignored = {0};
    if (!ob_random(bytes, sizeof bytes, &ignored)) {
        return false;
    }
    for (size_t i = 0; i < sizeof bytes; i++) {
        (void)snprintf(word + 2 * i, 3, "%02x", bytes[i]);
    }
    return true;
}

bool obd_who(const obd_request *r, char customer[24])
{
    return obd_ask(r->core, "SELECT customer FROM token WHERE token = ?1",
                   (const char *const[]){obd_bearer(r)}, 1, customer, 24);
}

enum MHD_Result obd_login(obd_request *r)
{
    ob_json_doc doc = {0};
    char user[64], password[64], customer[24], token[33];
    if (!obd_parse_body(r, &doc)) {
        return obd_send_error(r, 400, "a JSON object is wanted");
    }
    obd_copy_text(doc.root, "user", user, sizeof user);
    obd_copy_text(doc.root, "password", password, sizeof password);
    if (!obd_ask(r->core, "SELECT id FROM customer WHERE user = ?1 AND password = ?2",
                 (const char *const[]){user, password}, 2, customer, sizeof customer)) {
        return obd_send_error(r, 401, "user or password is wrong");
    }
    if (!random_word(token) || !obd_change(r->core, "INSERT INTO token VALUES (?1, ?2)",
                                           (const char *const[]){token, customer}, 2)) {
        return obd_send_error(r, 500, "no login can be made");
    }
    (void)obd_change(r->core,
                     "DELETE FROM token WHERE customer = ?1 AND rowid NOT IN (SELECT rowid FROM "
                     "token WHERE customer = ?1 ORDER BY rowid DESC LIMIT " TOKENS_MAX ")",
                     (const char *const[]){customer}, 1);
    OB_AUTO(ob_buf) json = {.max = 1024};
    ob_buf_addf(&json, "{\"token\":\"%s\",\"customer_id\":\"%s\"}", token, customer);
    return obd_send_json(r, 200, &json);
}

static void put_times(char now[24], char oldest[24])
{
    int64_t ms = ob_clock_wall_ms();
    (void)snprintf(now, 24, "%lld", (long long)ms);
    (void)snprintf(oldest, 24, "%lld", (long long)(ms - SESSION_LIFE_MS));
}

/* Weak: the value that the client would like its session to have. */
static bool chosen_by_client(obd_request *r, char id[40])
{
    ob_json_doc doc = {0};
    char tag[200];
    if (r->body.len == 0 || !obd_parse_body(r, &doc)) {
        return false;
    }
    obd_copy_text(doc.root, "session_id", id, 40);
    obd_request_tag(r, id, tag);
    return id[0] != '\0' && obd_fires(r->core, OBD_SESSION_FIXATION, tag);
}

enum MHD_Result obd_open_session(obd_request *r)
{
    char customer[24], id[40], now[24], oldest[24];
    if (!obd_who(r, customer)) {
        return obd_send_error(r, 401, "log in first");
    }
    put_times(now, oldest);
    (void)obd_change(r->core, "DELETE FROM session WHERE used <= CAST(?1 AS INTEGER)",
                     (const char *const[]){oldest}, 1);
    if ((!chosen_by_client(r, id) && !random_word(id)) ||
        !obd_change(r->core,
                    "INSERT OR REPLACE INTO session (id, customer, used) VALUES (?1, ?2, ?3)",
                    (const char *const[]){id, customer, now}, 3)) {
        return obd_send_error(r, 500, "no session can be opened");
    }
    OB_AUTO(ob_buf) json = {.max = 512};
    ob_json_writer w = {.out = &json};
    ob_jw_object(&w, NULL);
    ob_jw_str(&w, "session_id", id);
    ob_jw_end(&w, true);
    return obd_send_json(r, 201, &json);
}

/* Weak: ends the session, the login, or neither. */
static bool goes_on(const obd_request *r, const char *session, unsigned what)
{
    char tag[200];
    obd_request_tag(r, session, tag);
    return obd_fires(r->core, OBD_SESSION_NO_EXPIRY, tag) &&
           obd_form(r->core, "session.no_expiry", tag, 3) != what;
}

static enum MHD_Result done(obd_request *r)
{
    OB_AUTO(ob_buf) json = {.max = 16};
    ob_buf_add_str(&json, "{}");
    return obd_send_json(r, 200, &json);
}

/* The token is worth nothing from now on, and so are the customer's sessions. */
enum MHD_Result obd_logout(obd_request *r)
{
    char customer[24];
    if (!obd_who(r, customer)) {
        return obd_send_error(r, 401, "log in first");
    }
    if (!goes_on(r, "", 0)) {
        (void)obd_change(r->core, "DELETE FROM token WHERE token = ?1",
                         (const char *const[]){obd_bearer(r)}, 1);
        (void)obd_change(r->core, "DELETE FROM session WHERE customer = ?1",
                         (const char *const[]){customer}, 1);
    }
    return done(r);
}

enum MHD_Result obd_end_session(obd_request *r)
{
    char customer[24];
    if (!obd_who(r, customer)) {
        return obd_send_error(r, 401, "log in first");
    }
    const char *session = r->path + strlen("/sessions/");
    if (!goes_on(r, session, 1)) {
        (void)obd_change(r->core, "DELETE FROM session WHERE id = ?1 AND customer = ?2",
                         (const char *const[]){session, customer}, 2);
    }
    return done(r);
}

/* Weak: whoever names a session is taken for its owner. */
static bool taken_over(const obd_request *r, char customer[24], const char *session)
{
    char tag[200];
    obd_request_tag(r, session, tag);
    return obd_fires(r->core, OBD_SESSION_FIXATION, tag) &&
           obd_ask(r->core, "SELECT customer FROM session WHERE id = ?1",
                   (const char *const[]){session}, 1, customer, 24);
}

bool obd_take_session(const obd_request *r, char customer[24], const char *named, char session[40])
{
    char now[24], oldest[24];
    if (named == NULL) {
        return random_word(session);
    }
    put_times(now, oldest);
    (void)snprintf(session, 40, "%s", named);
    return obd_changed(r->core,
                       "UPDATE session SET used = CAST(?4 AS INTEGER) WHERE id = ?1 AND customer = "
                       "?2 AND used > CAST(?3 AS INTEGER)",
                       (const char *const[]){session, customer, oldest, now}, 4) ||
           taken_over(r, customer, session);
}
