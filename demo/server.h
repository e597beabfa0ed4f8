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
const char *obd_bearer(const obd_request *r);
void obd_copy_text(const ob_json *object, const char *key, char *out, size_t room);

/* admin.c: what only the operator may see and do. */
enum MHD_Result obd_admin_create(obd_request *r);
enum MHD_Result obd_admin_remove(obd_request *r);
enum MHD_Result obd_admin_ledger(obd_request *r);
enum MHD_Result obd_admin_state(obd_request *r);
enum MHD_Result obd_admin_kb(obd_request *r);
enum MHD_Result obd_admin_break(obd_request *r);
enum MHD_Result obd_admin_mend(obd_request *r);

#endif
