/* SPDX-License-Identifier: Apache-2.0 */
/* A request at work, shared by the routes of server.c and admin.c. */
#ifndef OB_DEMO_SERVER_H
#define OB_DEMO_SERVER_H

#include "core.h"

typedef struct obd_request {
    ob_demo_core *core;
    struct MHD_Connection *connection;
    const char *path;
    ob_buf body;
    ob_arena arena;
} obd_request;

enum MHD_Result obd_send_json(obd_request *r, unsigned status, const ob_buf *json);
enum MHD_Result obd_send_error(obd_request *r, unsigned status, const char *what);
/* The tag of the trial that asks, else what stands in its place. */
void obd_request_tag(const obd_request *r, const char *otherwise, char tag[200]);
/* 429: too many, come back after so many seconds. */
enum MHD_Result obd_send_retry(obd_request *r, const char *seconds, const char *what);
const char *obd_bearer(const obd_request *r);
void obd_copy_text(const ob_json *object, const char *key, char *out, size_t room);
bool obd_parse_body(obd_request *r, ob_json_doc *doc);

/* sessions.c: who speaks, and in which session. */
enum MHD_Result obd_login(obd_request *r);
enum MHD_Result obd_logout(obd_request *r);
enum MHD_Result obd_open_session(obd_request *r);
enum MHD_Result obd_end_session(obd_request *r);
/* The customer whose token came along. */
bool obd_who(const obd_request *r, char customer[24]);
/* Takes the session that is named, if it is the customer's own and alive; without a name, one for
 * this turn alone. */
bool obd_take_session(const obd_request *r, char customer[24], const char *named, char session[40]);

/* limits.c: false when the turn was refused; result says how that went. */
bool obd_within_limits(obd_request *r, obd_turn *turn, enum MHD_Result *result);
/* Refuses a body that is no turn. */
enum MHD_Result obd_malformed(obd_request *r, const char *what);
/* A turn with the same Idempotency-Key was answered: that answer once more. */
bool obd_answered(obd_request *r, const obd_turn *turn, ob_buf *json);
void obd_keep_answer(obd_request *r, const obd_turn *turn, const ob_buf *json);

/* admin.c: what only the operator may see and do. */
enum MHD_Result obd_admin_create(obd_request *r);
enum MHD_Result obd_admin_remove(obd_request *r);
enum MHD_Result obd_admin_ledger(obd_request *r);
enum MHD_Result obd_admin_state(obd_request *r);
enum MHD_Result obd_admin_kb(obd_request *r);
enum MHD_Result obd_admin_break(obd_request *r);
enum MHD_Result obd_admin_mend(obd_request *r);
enum MHD_Result obd_admin_dials(obd_request *r);

/* desktop.c: what the agent sees of a case that was handed over. */
enum MHD_Result obd_admin_desktop(obd_request *r);

/* objects.c */
enum MHD_Result obd_object(obd_request *r);

/* planted.c: articles of one trial alone. */
enum MHD_Result obd_admin_plant(obd_request *r);
enum MHD_Result obd_admin_unplant(obd_request *r);

#endif
