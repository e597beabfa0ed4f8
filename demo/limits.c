/* SPDX-License-Identifier: Apache-2.0 */
/* What a turn has to be before the assistant sees it: well formed, not too long, not too often, and
 * not the repeat of one that was answered. */
#include "server.h"

#define TURN_MAX       ((size_t)8000) /* bytes; the service file states it */
#define TURNS_A_MINUTE "20"

static const char *header(const obd_request *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}

/* A session's turns within a minute are counted; a turn without a session is not. */
static bool too_often(obd_request *r, const obd_turn *turn)
{
    char now[24], start[24], found[16];
    int64_t ms = ob_clock_wall_ms();
    (void)snprintf(now, sizeof now, "%lld", (long long)ms);
    (void)snprintf(start, sizeof start, "%lld", (long long)(ms - 60000));
    (void)obd_change(r->core,
                     "UPDATE session SET turns = CASE WHEN since > CAST(?2 AS INTEGER) THEN turns "
                     "+ 1 ELSE 1 END, since = CASE WHEN since > CAST(?2 AS INTEGER) THEN since "
                     "ELSE CAST(?3 AS INTEGER) END WHERE id = ?1",
                     (const char *const[]){turn->session, start, now}, 3);
    return obd_ask(r->core, "SELECT 1 FROM session WHERE id = ?1 AND turns > " TURNS_A_MINUTE,
                   (const char *const[]){turn->session}, 1, found, sizeof found) &&
           !obd_fires(r->core, OBD_LIMITS_NONE, turn->tag);
}

bool obd_within_limits(obd_request *r, obd_turn *turn, enum MHD_Result *result)
{
    if (too_often(r, turn)) {
        *result = obd_send_retry(r, "60", "too many turns, please wait a minute");
        return false;
    }
    if (turn->text.len <= TURN_MAX) {
        return true;
    }
    if (!obd_fires(r->core, OBD_LIMITS_INPUT, turn->tag)) {
        *result = obd_send_error(r, 413, "a turn is at most 8000 bytes long");
        return false;
    }
    turn->text = ob_span_sub(turn->text, 0, TURN_MAX);
    turn->text = ob_span_sub(turn->text, 0, ob_utf8_bad(turn->text));
    return true;
}

enum MHD_Result obd_malformed(obd_request *r, const char *what)
{
    const char *tag = header(r, "X-Ombud-Trial");
    if (tag == NULL || !obd_fires(r->core, OBD_PARSER_CRASH, tag)) {
        return obd_send_error(r, 400, what);
    }
    return obd_send_error(r, 500,
                          "Traceback (most recent call last): chat.py:41 in read_turn: "
                          "JSONDecodeError: unexpected input");
}

bool obd_answered(obd_request *r, const obd_turn *turn, ob_buf *json)
{
    const char *key = header(r, "Idempotency-Key");
    if (key == NULL || obd_fires(r->core, OBD_TOOLS_REPEATS, turn->tag)) {
        return false;
    }
    char reply[16384];
    bool found = obd_ask(r->core, "SELECT reply FROM keyed WHERE customer = ?1 AND key = ?2",
                         (const char *const[]){turn->customer, key}, 2, reply, sizeof reply);
    if (found) {
        ob_buf_add_str(json, reply);
    }
    return found;
}

void obd_keep_answer(obd_request *r, const obd_turn *turn, const ob_buf *json)
{
    const char *key = header(r, "Idempotency-Key");
    char reply[16384];
    if (key != NULL && json->bad == OB_OK && json->len < sizeof reply) {
        (void)snprintf(reply, sizeof reply, "%.*s", OB_SHOW(ob_buf_span(json)));
        (void)obd_change(r->core, "INSERT OR REPLACE INTO keyed VALUES (?1, ?2, ?3)",
                         (const char *const[]){turn->customer, key, reply}, 3);
    }
}
