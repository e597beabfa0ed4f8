/* SPDX-License-Identifier: Apache-2.0 */
/* A folder with keys and configurations, and a wire between a client and a server in one process.
 */
#ifndef OB_NODE_TEST_H
#define OB_NODE_TEST_H

#include "node/client.h"
#include "node/server.h"
#include "ob_test.h"
#include "scratch.h"

#include <sys/stat.h>
#include <unistd.h>

#define WALL INT64_C(1800000000000)

typedef struct wire {
    uint64_t now;
    ob_node_server *server;
    ob_coap_remote from; /* who the client is */
    unsigned lose;       /* of each 100 datagrams, both ways */
    unsigned strange;    /* the number of an empty option behind those of each response; 0: none */
    ob_rng rng;
    size_t first; /* a ring of what goes to the client */
    size_t count;
    size_t lens[64];
    uint8_t datagrams[64][OB_COAP_DATAGRAM_MAX];
    unsigned executed;
    char said[256];                     /* the last line for the operator */
    uint8_t last[OB_COAP_DATAGRAM_MAX]; /* the last datagram of the client */
    size_t last_len;
} wire;

static inline bool is_lost(wire *w)
{
    return w->lose > 0 && ob_rng_below(&w->rng, 100) < w->lose;
}

static inline void wire_to_client(void *ctx, const ob_coap_remote *to, ob_span datagram)
{
    wire *w = ctx;
    assert_true(ob_coap_same_remote(to, &w->from));
    assert_in_range(datagram.len, 4, OB_COAP_DATAGRAM_MAX);
    if (w->count < 64 && !is_lost(w)) {
        size_t at = (w->first + w->count++) % 64;
        memcpy(w->datagrams[at], datagram.ptr, datagram.len);
        w->lens[at] = datagram.len;
        if (w->strange > 0) { /* at least 269 more than the option before, and no payload */
            w->datagrams[at][w->lens[at]++] = 0xe0;
            w->datagrams[at][w->lens[at]++] = (uint8_t)((w->strange - 269) >> 8);
            w->datagrams[at][w->lens[at]++] = (uint8_t)(w->strange - 269);
        }
    }
}

static inline void wire_executed(void *ctx, const ob_coap_msg *request)
{
    wire *w = ctx;
    (void)request;
    w->executed++;
}

static inline void wire_say(void *ctx, const char *line)
{
    wire *w = ctx;
    (void)snprintf(w->said, sizeof w->said, "%s", line);
}

static inline bool wire_send(void *ctx, ob_span datagram, ob_err *err)
{
    wire *w = ctx;
    (void)err;
    memcpy(w->last, datagram.ptr, datagram.len);
    w->last_len = datagram.len;
    if (!is_lost(w)) {
        ob_node_server_receive(w->server, &w->from, datagram, w->now, WALL + (int64_t)w->now);
    }
    return true;
}

static inline bool wire_wait(void *ctx, uint64_t until_ms, uint8_t *bytes, size_t cap, size_t *len,
                             ob_err *err)
{
    wire *w = ctx;
    (void)err;
    (void)cap;
    *len = 0;
    while (w->count == 0 && w->now < until_ms) {
        uint64_t wake = ob_node_server_wake(w->server);
        w->now = wake < until_ms ? (wake > w->now ? wake : w->now + 1) : until_ms;
        ob_node_server_tick(w->server, w->now, WALL + (int64_t)w->now);
    }
    if (w->count > 0) {
        *len = w->lens[w->first];
        memcpy(bytes, w->datagrams[w->first], *len);
        w->first = (w->first + 1) % 64;
        w->count--;
    }
    return true;
}

static inline uint64_t wire_now(void *ctx)
{
    const wire *w = ctx;
    return w->now;
}

static inline void put_file(const char *name, const char *text, unsigned mode)
{
    ob_err err = {0};
    assert_ok(ob_file_write(name, ob_span_str(text), mode, &err));
}

/* A folder of its own, which is the current one from then on. */
static inline void go_away(void)
{
    char name[SCRATCH_MAX];
    assert_int_equal(scratch_make(name), 0);
    assert_int_equal(chdir(name), 0);
}

#endif
