/* SPDX-License-Identifier: Apache-2.0 */
/* The way to a peer of ombud link: a socket that the owner's permission covers. */
#ifndef OB_CLI_LINK_WAY_H
#define OB_CLI_LINK_WAY_H

#include "cli/options.h"
#include "drive/scope.h"
#include "node/client.h"

typedef struct ob_link_way {
    int fd; /* -1: none; connected, does not block */
    int stop;
    bool sent;        /* something left */
    uint64_t most;    /* datagrams or connections that the scope allows; 0: it does not say */
    uint64_t count;   /* that left */
    uint64_t gap_ms;  /* between two of them */
    uint64_t last_ms; /* when the last one left */
} ob_link_way;

/* Connects to that host. kind: SOCK_DGRAM or SOCK_STREAM. Off loopback --scope must cover the
 * address, the effect and the time; nothing has been sent before this is asked. */
OB_MUST bool ob_link_way_open(ob_link_way *way, const ob_args *args, ob_arena *arena, ob_span host,
                              uint16_t port, int kind, ob_effect effect, ob_err *err);
void ob_link_way_close(ob_link_way *way);
/* One more datagram or connection: waits as the scope wants, or fails where it allows no more. */
OB_MUST bool ob_link_way_take(ob_link_way *way, ob_err *err);
/* Waits until the socket is ready for events of poll or the clock is at until_ms (milliseconds);
 * *ready: it is. OB_ERR_CANCELLED where the user stops. */
OB_MUST bool ob_link_way_wait(const ob_link_way *way, short events, uint64_t until_ms, bool *ready,
                              ob_err *err);
/* For a CoAP client over a datagram socket. */
ob_node_wire ob_link_way_wire(ob_link_way *way);

/* A connection identifier of EDHOC: one byte that travels as a number. */
OB_MUST bool ob_link_choose_id(uint8_t *id, ob_err *err);

#endif
