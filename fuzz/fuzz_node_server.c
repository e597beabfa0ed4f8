/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Datagrams arrive at a server: a byte tells from whom and after how much time, the next how long
 * it is. What goes out is well-formed, and no request is answered by more than one datagram and
 * what observers are told.
 */
#include "fuzz.h"
#include "node/server.h"

typedef struct out {
    size_t count;
} out;

static void check(void *ctx, const ob_coap_remote *to, ob_span datagram)
{
    out *o = ctx;
    ob_err err = {0};
    ob_coap_msg msg;
    hold(to->len == 1 && datagram.len <= OB_COAP_DATAGRAM_MAX);
    hold(ob_coap_read(&msg, datagram, &err));
    o->count++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_err err = {0};
    ob_node_server *server = NULL;
    out o = {0};
    uint64_t now = 0;
    ob_node_server_options options = {.arena = &arena, .send = check, .ctx = &o, .sensor_ms = 2000};
    hold(ob_node_server_open(&server, &options, 0, &err));
    for (size_t at = 0; at + 2 <= size;) {
        size_t len = data[at + 1] < size - at - 2 ? data[at + 1] : size - at - 2;
        ob_coap_remote from = {.len = 1, .bytes = {data[at] & 3}};
        now += (uint64_t)(data[at] >> 2) * 100;
        o.count = 0;
        ob_node_server_receive(server, &from, (ob_span){(const char *)data + at + 2, len}, now, 0);
        hold(o.count <= 1 + 32);
        ob_node_server_tick(server, now, 0);
        at += 2 + len;
    }
    hold(ob_node_server_broken(server) == NULL);
    ob_node_server_close(server);
    return 0;
}
