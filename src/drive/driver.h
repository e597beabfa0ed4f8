/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A driver maps a turn to an HTTP request and the answer back to a reply. It is sans-IO: the client
 * moves the bytes. One row a driver in src/drive/all.def, sorted by id.
 */
#ifndef OB_DRIVE_DRIVER_H
#define OB_DRIVE_DRIVER_H

#include "drive/client.h"

/* A request ready for the wire, twice: as sent, and with secrets masked for evidence. */
typedef struct ob_wire_request {
    ob_span method;
    ob_span url;
    const ob_span *headers; /* "Name: value" */
    size_t headers_count;
    ob_span body;
    ob_span shown; /* request line, headers, blank line, body; secrets masked */
} ob_wire_request;

typedef struct ob_driver {
    const char *id;
    const char *title;
    const char *doc; /* page below doc/ */
    /* Checks the driver's own keys of the service file, after the common ones were read. */
    bool (*check)(ob_service *service, const ob_yaml *root, ob_arena *arena, ob_err *err);
    /* Builds the body of a turn; headers of login and session are added by the client. masked: as
     * shown, secrets hidden. */
    bool (*body)(const ob_service *service, const ob_call *call, const ob_vars *vars, bool masked,
                 ob_buf *out, ob_err *err);
    /* Reads a complete answer (head: header block, body: raw bytes). Fills text, tools, citations,
     * usage; OB_ERR_PEER with the reason when the reply is not there. */
    bool (*reply)(const ob_service *service, ob_arena *arena, ob_span head, ob_span body,
                  ob_reply *reply, ob_err *err);
} ob_driver;

extern const ob_driver *const ob_drivers[];
extern const size_t ob_drivers_count;
const ob_driver *ob_driver_find(ob_span id);

#endif
