/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A CoAP server with example resources: /sensor (observable), /actuator, /faults, and what
 * RFC 6690 and RFC 9528 A.2 put under /.well-known. Requests come plain or protected by OSCORE,
 * whose keys come from the configuration or from EDHOC; the rights table says who may do what.
 *
 * No socket and no clock: datagrams and times are arguments, and what is to be sent goes to a
 * function of the caller. Not safe for several threads.
 */
#ifndef OB_NODE_SERVER_H
#define OB_NODE_SERVER_H

#include "node/config.h"
#include "node/keys.h"
#include "node/state.h"

#include <ombud/exchange.h>

typedef struct ob_node_server ob_node_server;

typedef struct ob_node_server_options {
    const ob_node_config *config; /* NULL: no keys, no rights table; outlives the server */
    ob_arena *arena;              /* where the server lives */
    uint64_t step;                /* numbers that are reserved at once; 0: 64 */
    uint32_t sensor_ms;           /* how often the sensor changes by itself; 0: never */
    void (*send)(void *ctx, const ob_coap_remote *to, ob_span datagram);
    /* A line for the operator about something unusual; NULL: none. Foreign bytes are shown. */
    void (*say)(void *ctx, const char *line);
    /* A request that changes something is executed now; NULL for everybody but tests. */
    void (*executed)(void *ctx, const ob_coap_msg *request);
    void *ctx;
} ob_node_server_options;

/* Reads the keys, takes the state file and reserves numbers in it. */
OB_MUST bool ob_node_server_open(ob_node_server **server, const ob_node_server_options *options,
                                 uint64_t now_ms, ob_err *err);
/* Clears keys and gives memory and the state file back; NULL is fine. */
void ob_node_server_close(ob_node_server *server);

/* A datagram arrived. wall_ms: for the dates of rights and certificates. */
void ob_node_server_receive(ob_node_server *server, const ob_coap_remote *from, ob_span datagram,
                            uint64_t now_ms, int64_t wall_ms);
/* Does what is due. */
void ob_node_server_tick(ob_node_server *server, uint64_t now_ms, int64_t wall_ms);
/* When to tick next. */
uint64_t ob_node_server_wake(const ob_node_server *server);
/* What the server cannot go on with, such as a disk that refuses the state file; NULL: nothing. */
const ob_err *ob_node_server_broken(const ob_node_server *server);

#endif
