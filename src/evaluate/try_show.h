/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a tried exchange gave, in words for people who write a service file: each expression with
 * its value or the reason why there is none, and, where something is wrong, what was sent, what
 * came back and which key to change.
 */
#ifndef OB_EVALUATE_TRY_SHOW_H
#define OB_EVALUATE_TRY_SHOW_H

#include "drive/client.h"

typedef struct obi_tried {
    const ob_service *service;
    const ob_call_template *call; /* NULL: a turn */
    const char *kind;             /* as in ob_call */
    ob_span sent;                 /* the request as ob_client_preview writes it */
} obi_tried;

/* Writes it down; *nothing counts the optional expressions that gave nothing. False: something is
 * to be mended; an empty reply is, too, because no test can judge it. */
bool obi_try_show(ob_buf *out, ob_arena *arena, const obi_tried *tried, const ob_reply *reply,
                  unsigned *nothing);

#endif
