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

enum MHD_Result obd_open_session(obd_request *r)
{
    char customer[24], id[33], now[24], oldest[24];
    if (!obd_who(r, customer)) {
        return obd_send_error(r, 401, "log in first");
    }
    put_times(now, oldest);
    (void)obd_change(r->core, "DELETE FROM session WHERE used <= CAST(?1 AS INTEGER)",
                     (const char *const[]){oldest}, 1);
    if (!random_word(id) ||
        !obd_change(r->core, "INSERT INTO session (id, customer, used) VALUES (?1, ?2, ?3)",
                    (const char *const[]){id, customer, now}, 3)) {
        return obd_send_error(r, 500, "no session can be opened");
    }
    OB_AUTO(ob_buf) json = {.max = 256};
    ob_buf_addf(&json, "{\"session_id\":\"%s\"}", id);
    return obd_send_json(r, 201, &json);
}

enum MHD_Result obd_end_session(obd_request *r)
{
    char customer[24];
    if (!obd_who(r, customer)) {
        return obd_send_error(r, 401, "log in first");
    }
    (void)obd_change(r->core, "DELETE FROM session WHERE id = ?1 AND customer = ?2",
                     (const char *const[]){r->path + strlen("/sessions/"), customer}, 2);
    OB_AUTO(ob_buf) json = {.max = 16};
    ob_buf_add_str(&json, "{}");
    return obd_send_json(r, 200, &json);
}

bool obd_take_session(const obd_request *r, const char *customer, const char *named,
                      char session[40])
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
                       (const char *const[]){session, customer, oldest, now}, 4);
}
