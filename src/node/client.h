/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A CoAP client: one request at a time, with blocks, Observe, OSCORE and EDHOC. It waits through
 * functions of the caller, so it runs over a socket as well as over a wire that a test makes up.
 */
#ifndef OB_NODE_CLIENT_H
#define OB_NODE_CLIENT_H

#include "node/keys.h"
#include "node/state.h"
#include "node/uri.h"

#include <ombud/exchange.h>

typedef struct ob_node_wire {
    void *ctx;
    OB_MUST bool (*send)(void *ctx, ob_span datagram, ob_err *err);
    /* Waits for a datagram from the server until the clock is at until_ms; *len 0: none came. A
     * failure (OB_ERR_CANCELLED, for one) ends the request. */
    OB_MUST bool (*wait)(void *ctx, uint64_t until_ms, uint8_t *bytes, size_t cap, size_t *len,
                         ob_err *err);
    uint64_t (*now)(void *ctx);
} ob_node_wire;

typedef struct ob_node_stats {
    uint64_t octets_out; /* of datagrams, without UDP and IP */
    uint64_t octets_in;
    unsigned messages_out;
    unsigned messages_in;
    unsigned edhoc[5]; /* octets of the messages 1 to 4 of EDHOC, without CoAP */
} ob_node_stats;

#define OB_NODE_EDHOC_MAX (OB_EDHOC_MESSAGE_MAX + 64) /* a message and what goes with it */

/* Initialized by ob_node_client_init; large. */
typedef struct ob_node_client {
    ob_node_wire wire;
    ob_oscore *context;   /* NULL: nothing is protected */
    ob_node_state *state; /* of the context's numbers; NULL: they need not survive */
    uint64_t step;        /* numbers that are reserved at once */
    uint64_t wait_ms;     /* for a response; MAX_TRANSMIT_WAIT of RFC 7252 */
    ob_node_stats stats;
    ob_coap_peer peer;
    ob_coap_sent sent[2];
    ob_coap_seen seen[16];
    uint32_t token;
    ob_coap_msg watched; /* the token of the observation */
    ob_oscore_bind watched_bind;
    bool watching;
    size_t first_len; /* message 3 of EDHOC, which the next request takes along; 0: none */
    size_t first_at;  /* where it begins; before it stands the identifier that goes with it alone */
    uint8_t first[OB_NODE_EDHOC_MAX];
    bool noted; /* a notification came: its number and time follow */
    uint32_t noted_number;
    uint64_t noted_ms;
    uint8_t datagram[OB_COAP_DATAGRAM_MAX];
    uint8_t work[2 * OB_COAP_DATAGRAM_MAX];
} ob_node_client;

OB_MUST bool ob_node_client_init(ob_node_client *client, const ob_node_wire *wire, ob_err *err);

/* Options in ascending order, without those that the client adds: Observe, blocks, Echo. */
typedef struct ob_node_request {
    uint8_t method;
    ob_coap_option options[OB_NODE_OPTIONS_MAX];
    size_t option_count;
    ob_span payload;
    bool has_szx; /* a size of blocks is asked for */
    uint8_t szx;
    bool observe;
} ob_node_request;

typedef struct ob_node_response {
    uint8_t code;
    bool is_protected; /* it came under OSCORE */
    bool observing;    /* the server will notify */
    bool has_format;
    uint32_t format;
    ob_buf body;     /* the caller's, with its max */
    ob_buf location; /* "/faults/1"; the caller's */
} ob_node_response;

/* Makes a request and gets its response, all blocks of both. A response of any code is a success.
 * OB_ERR_TIMEOUT: nobody answers; OB_ERR_PEER: what comes cannot be right. */
OB_MUST bool ob_node_client_do(ob_node_client *client, const ob_node_request *request,
                               ob_node_response *response, ob_err *err);
/* After a request with observe that is observing: the next notification that is new. */
OB_MUST bool ob_node_client_next(ob_node_client *client, const ob_node_request *request,
                                 ob_node_response *response, ob_err *err);
/* Tells the server that it may forget us. */
OB_MUST bool ob_node_client_forget(ob_node_client *client, const ob_node_request *request,
                                   ob_err *err);

/* Runs EDHOC as the Initiator (RFC 9528, A.2.1) and gives the context that comes of it. combined:
 * message 3 goes with the next request, under that context (RFC 9668), unless both are too long for
 * a datagram: then it goes before it. Long messages go in blocks. */
OB_MUST bool ob_node_client_edhoc(ob_node_client *client, const ob_edhoc_options *options,
                                  bool combined, ob_oscore *context, ob_err *err);

/* Adds why the server refuses, ": " and words, where the response holds an error message of EDHOC.
 */
void ob_node_client_reason(const ob_node_response *response, ob_buf *out);

/* For the client itself: sends the message 3 that is to go with a request without it. */
OB_MUST bool ob_node_client_send_first(ob_node_client *client, ob_err *err);

#endif
