/* SPDX-License-Identifier: Apache-2.0 */
/* Protecting messages, RFC 8613 8.1 and 8.3. */
#include "link/oscore.h"

#include <ombud/mem.h>

/* Flags, Partial IV, length and kid context, kid. */
#define VALUE_MAX (1 + 5 + 1 + OB_OSCORE_CONTEXT_MAX + OB_OSCORE_ID_MAX)

typedef struct sealing {
    ob_oscore *context;
    const ob_coap_msg *msg;
    const ob_oscore_bind *bind; /* of the request */
    ob_span option;             /* the OSCORE option's value */
    ob_span nonce_id;           /* who made the number that the nonce has */
    ob_span nonce_piv;
    uint8_t code; /* of the outer message */
    bool response;
} sealing;

static bool take_number(ob_oscore *context, uint64_t *number, ob_err *err)
{
    if (context->sequence > OB_OSCORE_SEQUENCE_MAX) {
        return ob_fail(err, OB_ERR_LIMIT,
                       "the numbers of this context are used up: agree on new "
                       "keys");
    }
    if (context->sequence >= context->sequence_limit) {
        return ob_fail(err, OB_ERR_LIMIT, "number %llu is not reserved yet",
                       (unsigned long long)context->sequence);
    }
    *number = context->sequence++;
    return true;
}

static void add_oscore(ob_coap_writer *w, const sealing *s, bool *added)
{
    if (!*added) {
        ob_coap_add(w, OB_COAP_OSCORE, s->option);
        *added = true;
    }
}

static void write_outer(ob_coap_writer *w, const sealing *s)
{
    ob_coap_msg outer = *s->msg;
    outer.code = s->code;
    ob_coap_begin(w, &outer);
    bool added = false;
    ob_coap_option option;
    for (ob_coap_iter it = ob_coap_options(s->msg); ob_coap_next(&it, &option);) {
        if (obi_oscore_class_of(option.number) == OBI_OSCORE_INNER) {
            continue;
        }
        if (option.number > OB_COAP_OSCORE) {
            add_oscore(w, s, &added);
        }
        ob_coap_add(w, option.number, option.value);
    }
    add_oscore(w, s, &added);
}

static void write_inner(ob_coap_writer *w, const sealing *s)
{
    ob_coap_option option;
    for (ob_coap_iter it = ob_coap_options(s->msg); ob_coap_next(&it, &option);) {
        if (obi_oscore_class_of(option.number) == OBI_OSCORE_OUTER) {
            continue;
        }
        /* The inner Observe of a notification is empty: its number orders it (4.1.3.5.2). */
        bool empty = s->response && option.number == OB_COAP_OBSERVE;
        ob_coap_add(w, option.number, empty ? ((ob_span){0}) : option.value);
    }
    ob_coap_payload(w, s->msg->payload);
}

static bool seal(const sealing *s, uint8_t *out, size_t cap, ob_span *datagram, ob_err *err)
{
    const ob_oscore *context = s->context;
    uint8_t aad[OBI_OSCORE_AAD_MAX];
    uint8_t nonce[OB_LINK_NONCE_MAX];
    ob_coap_writer w = ob_coap_writer_on(out, cap);
    write_outer(&w, s);
    size_t at = w.len + 1;
    if (w.failed || cap < at + 1 + context->sizes.tag) {
        return ob_fail(err, OB_ERR_LIMIT, "a protected message does not fit into %zu bytes", cap);
    }
    out[at - 1] = 0xff;
    out[at] = s->msg->code;
    ob_coap_writer inner = ob_coap_writer_on(out + at + 1, cap - at - 1 - context->sizes.tag);
    write_inner(&inner, s);
    if (inner.failed) {
        return ob_fail(err, OB_ERR_LIMIT, "a protected message does not fit into %zu bytes", cap);
    }
    obi_oscore_nonce(context, s->nonce_id, s->nonce_piv, nonce);
    if (!context->crypto->seal(context->crypto->ctx, context->aead, context->sender_key, nonce,
                               obi_oscore_aad(context, s->bind, aad), out + at, 1 + inner.len)) {
        ob_wipe(out + at, 1 + inner.len);
        return ob_fail(err, OB_ERR_INPUT, "the message cannot be encrypted by algorithm %d",
                       context->aead);
    }
    *datagram = (ob_span){(const char *)out, at + 1 + inner.len + context->sizes.tag};
    return true;
}

static bool check(const ob_coap_msg *msg, ob_err *err)
{
    ob_coap_option option;
    for (ob_coap_iter it = ob_coap_options(msg); ob_coap_next(&it, &option);) {
        if (option.number == OB_COAP_PROXY_URI) {
            return ob_fail(err, OB_ERR_INPUT,
                           "a Proxy-Uri option is taken apart before a message is protected");
        }
        if (option.number == OB_COAP_OSCORE) {
            return ob_fail(err, OB_ERR_INPUT, "the message has an OSCORE option already");
        }
    }
    return true;
}

static ob_span request_option(const ob_oscore *context, const ob_oscore_bind *bind,
                              uint8_t value[VALUE_MAX])
{
    size_t len = 1;
    value[0] = (uint8_t)(8 | bind->piv_len);
    memcpy(value + len, bind->piv, bind->piv_len);
    len += bind->piv_len;
    if (context->send_id_context) {
        value[0] |= 0x10;
        value[len++] = context->id_context_len;
        memcpy(value + len, context->id_context, context->id_context_len);
        len += context->id_context_len;
    }
    memcpy(value + len, bind->kid, bind->kid_len);
    return (ob_span){(const char *)value, len + bind->kid_len};
}

bool ob_oscore_request(ob_oscore *context, const ob_coap_msg *msg, ob_oscore_bind *bind,
                       uint8_t *out, size_t cap, ob_span *datagram, ob_err *err)
{
    uint64_t number = 0;
    if (!check(msg, err) || !take_number(context, &number, err)) {
        return false;
    }
    uint32_t observe = 0;
    bool observing = ob_coap_find_uint(msg, OB_COAP_OBSERVE, &observe);
    ob_oscore_bind made = {.kid_len = context->sender_id_len,
                           .observing = observing && observe == 0};
    memcpy(made.kid, context->sender_id, sizeof made.kid);
    made.piv_len = obi_oscore_piv(number, made.piv);
    uint8_t value[VALUE_MAX];
    sealing s = {.context = context,
                 .msg = msg,
                 .bind = &made,
                 .option = request_option(context, &made, value),
                 .nonce_id = {(const char *)made.kid, made.kid_len},
                 .nonce_piv = {(const char *)made.piv, made.piv_len},
                 .code = observing ? OB_COAP_FETCH : OB_COAP_POST};
    if (!seal(&s, out, cap, datagram, err)) {
        return false;
    }
    *bind = made;
    return true;
}

bool ob_oscore_response(ob_oscore *context, ob_oscore_bind *bind, const ob_coap_msg *msg,
                        bool new_number, uint8_t *out, size_t cap, ob_span *datagram, ob_err *err)
{
    uint64_t number = 0;
    uint8_t value[6] = {0};
    ob_span observe;
    bool notifies = ob_coap_find(msg, OB_COAP_OBSERVE, &observe);
    bool own = new_number || notifies || bind->used;
    if (!check(msg, err) || (own && !take_number(context, &number, err))) {
        return false;
    }
    sealing s = {.context = context,
                 .msg = msg,
                 .bind = bind,
                 .nonce_id = {(const char *)bind->kid, bind->kid_len},
                 .nonce_piv = {(const char *)bind->piv, bind->piv_len},
                 .code = notifies || bind->observing ? OB_COAP_CODE(2, 5) : OB_COAP_CODE(2, 4),
                 .response = true};
    if (own) {
        value[0] = obi_oscore_piv(number, value + 1);
        s.option = (ob_span){(const char *)value, 1U + value[0]};
        s.nonce_id = (ob_span){(const char *)context->sender_id, context->sender_id_len};
        s.nonce_piv = (ob_span){(const char *)value + 1, value[0]};
    }
    if (!seal(&s, out, cap, datagram, err)) {
        return false;
    }
    bind->used = bind->used || !own;
    return true;
}
