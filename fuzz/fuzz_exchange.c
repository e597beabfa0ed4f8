/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Datagrams arrive in a row: a byte says from whom, how much time has passed and what is done with
 * it, the next how long it is. A request is given once, what is sent again is what was sent.
 */
#include "fuzz.h"

#include <ombud/exchange.h>

#define SENT 3
#define SEEN 4

static ob_coap_sent sent[SENT];
static ob_coap_seen seen[SEEN];

static void use(ob_coap_peer *peer, ob_coap_arrival *a, unsigned how)
{
    ob_coap_block block;
    ob_span value;
    ob_span slice;
    uint8_t bytes[64];
    ob_coap_body body = {.ptr = bytes, .cap = sizeof bytes};
    if (how & 1) {
        ob_coap_peer_answer(peer, a, OB_SPAN("\x60\x45\x00\x00"));
    } else if (how & 2) {
        hold(ob_coap_peer_ack(peer, a).len <= 4);
    } else {
        hold(ob_coap_peer_reset(peer, a).len <= 4);
    }
    if (ob_coap_find(&a->msg, OB_COAP_BLOCK1, &value) && ob_coap_block_read(value, &block)) {
        ob_coap_body_step step = ob_coap_body_add(&body, &block, a->msg.payload);
        hold(body.len <= body.cap && (step != OB_COAP_BODY_DONE || !block.more));
    }
    if (ob_coap_find(&a->msg, OB_COAP_BLOCK2, &value) && ob_coap_block_read(value, &block)) {
        hold(!ob_coap_block_slice(a->msg.payload, &block, &slice) ||
             slice.len <= ob_coap_block_size(block.szx));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ob_err err = {0};
    ob_coap_peer peer;
    ob_coap_observer list[2] = {{0}};
    uint64_t now = 0;
    ob_coap_again again;
    ob_coap_peer_init(&peer,
                      &(ob_coap_peer_options){
                          .sent = sent, .sent_count = SENT, .seen = seen, .seen_count = SEEN});
    for (size_t at = 0; at + 2 <= size;) {
        unsigned op = data[at];
        size_t len = data[at + 1] < size - at - 2 ? data[at + 1] : size - at - 2;
        ob_span datagram = {(const char *)data + at + 2, len};
        ob_coap_remote from = {.len = 1, .bytes = {op & 1}};
        ob_coap_arrival a;
        ob_coap_arrival twice;
        at += 2 + len;
        now += (uint64_t)(op >> 4) * 500;
        if (op & 2) { /* one of our own */
            uint64_t wake = ob_coap_peer_wake(&peer);
            if (ob_coap_peer_keep(&peer, &from, datagram, op, now, op << 28, &err)) {
                hold(ob_coap_peer_wake(&peer) <= (wake < now + 3000 ? wake : now + 3000));
            }
            continue;
        }
        ob_coap_peer_receive(&peer, &from, datagram, now, &a);
        hold(a.seen == SIZE_MAX || a.seen < SEEN);
        hold(a.event != OB_COAP_REQUEST || (a.seen < SEEN && a.answer.len == 0));
        if (a.event == OB_COAP_REQUEST || a.event == OB_COAP_RESPONSE) {
            if (op & 4) {
                (void)ob_coap_observe(list, 2, &from, &a.msg, op);
            } else {
                (void)ob_coap_unobserve(list, 2, &from, &a.msg);
            }
        }
        if (a.event == OB_COAP_REQUEST) {
            use(&peer, &a, op >> 2);
            ob_coap_peer_receive(&peer, &from, datagram, now, &twice);
            hold(twice.event == OB_COAP_NOTHING);
        }
        for (unsigned k = 0; ob_coap_peer_due(&peer, now, &again); k++) {
            hold(k < SENT && (again.gave_up || again.datagram.len >= 4));
        }
        hold(ob_coap_peer_wake(&peer) > now);
    }
    return 0;
}
