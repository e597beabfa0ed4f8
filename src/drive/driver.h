/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A driver maps a turn to an HTTP request and the answer back to a reply. It is sans-IO: the client
 * moves the bytes. One row a driver in src/drive/all.def, sorted by id.
 */
#ifndef OB_DRIVE_DRIVER_H
#define OB_DRIVE_DRIVER_H

#include "drive/client.h"

typedef struct ob_driver {
    const char *id;
    const char *title;
    const char *doc; /* page below doc/ */
    /* Checks the driver's own keys of the service file, after the common ones were read. */
    bool (*check)(ob_service *service, const ob_yaml *root, ob_arena *arena, ob_err *err);
    /* Method and place of a turn's request, and its headers besides the common ones. */
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

#define OB_DRIVER(id) extern const ob_driver ob_driver_##id;
#include "drive/all.def"
#undef OB_DRIVER
extern const ob_driver *const ob_drivers[];
extern const size_t ob_drivers_count;
const ob_driver *ob_driver_find(ob_span id);

#endif
