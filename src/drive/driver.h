/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A driver maps a turn to a request and the answer back to a reply. It is sans-IO: the transport
 * that it names moves the bytes. One row a driver in src/drive/all.def, sorted by id.
 */
#ifndef OB_DRIVE_DRIVER_H
#define OB_DRIVE_DRIVER_H

#include "drive/client.h"

struct obi_transport;

typedef struct ob_driver {
    const char *id;
    const char *title;
    const char *doc; /* page below doc/ */
    const struct obi_transport *transport;
    bool is_program;    /* a local program: no address and no headers; requests have a body only */
    bool keeps_session; /* turns of a conversation hang together without 'session' of the file */
    /* Checks the driver's own keys of the service file, after the common ones were read. */
    bool (*check)(ob_service *service, const ob_yaml *root, ob_arena *arena, ob_err *err);
    /* Method and place of a turn's request, and its headers besides the common ones; HTTP only. */
    void (*target)(const ob_service *service, ob_request_template *request);
    /* Builds the body of a turn; headers of login and session are added by the client. masked: as
     * shown, secrets hidden. NULL: the target's own template is the body. */
    bool (*body)(const ob_service *service, const ob_call *call, const ob_vars *vars, bool masked,
                 ob_buf *out, ob_err *err);
    /* Reads a complete answer (head: header block, body: raw bytes). Fills text, tools, citations,
     * usage; OB_ERR_PEER with the reason when the reply is not there. */
    bool (*reply)(const ob_service *service, ob_arena *arena, ob_span head, ob_span body,
                  ob_reply *reply, ob_err *err);
    /* This event of a stream holds content, so the first word has come; NULL: no streams. */
    bool (*is_content)(ob_span data);
} ob_driver;

/* json.c: reads what the service file's expressions (reply, tools, citations, usage) say. */
OB_MUST bool obi_reply_by_expressions(const ob_service *service, ob_arena *arena, ob_span head,
                                      ob_span body, ob_reply *reply, ob_err *err);

#define OB_DRIVER(id) extern const ob_driver ob_driver_##id;
#include "drive/all.def"
#undef OB_DRIVER
extern const ob_driver *const ob_drivers[];
extern const size_t ob_drivers_count;
const ob_driver *ob_driver_find(ob_span id);

#endif
