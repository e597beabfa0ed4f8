/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A datagram as a protected request and response: options are taken apart within their bytes,
 * nothing that fails moves the window. Then the same datagram as a message to protect: what is
 * opened is what was sealed.
 */
#include "fuzz.h"

#include <ombud/link.h>

static void make(ob_oscore *context, bool client)
{
    ob_err err = {0};
    ob_oscore_options options = {.master_secret = OB_SPAN("0123456789abcdef"),
                                 .sender_id = client ? OB_SPAN("c") : OB_SPAN("s"),
                                 .recipient_id = client ? OB_SPAN("s") : OB_SPAN("c"),
                                 .id_context = OB_SPAN("here"),
                                 .has_id_context = true,
                                 .send_id_context = true};
    hold(ob_oscore_init(context, &options, &err));
}

static void arrive(const ob_coap_msg *msg)
{
    ob_err err = {0};
    uint8_t work[16384];
    ob_oscore server;
    ob_coap_msg inner;
    ob_oscore_bind bind = {.kid_len = 1, .piv_len = 1, .kid = {'s'}};
    ob_oscore_refusal refusal = {0};
    ob_oscore_option option;
    ob_span value;
    make(&server, false);
    if (ob_coap_find(msg, OB_COAP_OSCORE, &value) && ob_oscore_option_read(&option, value, &err)) {
        hold(option.piv.len + option.kid.len + option.kid_context.len <= value.len);
    }
    if (!ob_oscore_open_request(&server, msg, work, sizeof work, &inner, &bind, &refusal, &err)) {
        hold(!server.seen_any && err.kind != OB_OK);
    }
    if (!ob_oscore_open_response(&server, &bind, msg, work, sizeof work, &inner, &err)) {
        hold(err.kind != OB_OK);
    }
}

/* Options of the message that the other side is to see, and its payload, are the same again. */
static void same(const ob_coap_msg *a, const ob_coap_msg *b)
{
    ob_coap_option x;
    ob_coap_option y;
    ob_coap_iter left = ob_coap_options(a);
    ob_coap_iter right = ob_coap_options(b);
    hold(a->code == b->code && ob_span_is(a->payload, b->payload));
    while (ob_coap_next(&left, &x)) {
        hold(ob_coap_next(&right, &y) && x.number == y.number && ob_span_is(x.value, y.value));
    }
    hold(!ob_coap_next(&right, &y));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ob_err err = {0};
    uint8_t sealed[16384];
    uint8_t work[16384];
    ob_oscore client;
    ob_oscore server;
    ob_coap_msg msg;
    ob_coap_msg outer;
    ob_coap_msg inner;
    ob_oscore_bind bind;
    ob_oscore_bind bound;
    ob_oscore_refusal refusal;
    ob_span made;
    if (size > 4096 || !ob_coap_read(&msg, (ob_span){(const char *)data, size}, &err)) {
        return 0;
    }
    arrive(&msg);
    make(&client, true);
    make(&server, false);
    if (ob_oscore_request(&client, &msg, &bind, sealed, sizeof sealed, &made, &err)) {
        hold(ob_coap_read(&outer, made, &err));
        hold(ob_oscore_open_request(&server, &outer, work, sizeof work, &inner, &bound, &refusal,
                                    &err));
        same(&msg, &inner);
    }
    return 0;
}
