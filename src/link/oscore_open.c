/* SPDX-License-Identifier: Apache-2.0 */
/* Opening protected messages, RFC 8613 8.2 and 8.4. */
#include "link/hkdf.h"
#include "link/oscore.h"

#include <ombud/mem.h>

static const ob_oscore_refusal undecodable = {OB_COAP_CODE(4, 2), "Failed to decode COSE"};
static const ob_oscore_refusal unknown = {OB_COAP_CODE(4, 1), "Security context not found"};
static const ob_oscore_refusal replayed = {OB_COAP_CODE(4, 1), "Replay detected"};
static const ob_oscore_refusal broken = {OB_COAP_CODE(4, 0), "Decryption failed"};

static bool refuse(ob_oscore_refusal *refusal, const ob_oscore_refusal *why, ob_err *err)
{
    *refusal = *why;
    return ob_fail(err, OB_ERR_PEER, "%s", why->diagnostic);
}

/* Whether a number may be accepted, RFC 8613 7.4. */
static bool is_new(const ob_oscore *context, uint64_t number)
{
    if (!context->seen_any || number > context->seen_top) {
        return true;
    }
    uint64_t age = context->seen_top - number;
    return age < context->window && (context->seen >> age & 1) == 0;
}

static void see(ob_oscore *context, uint64_t number)
{
    if (!context->seen_any || number > context->seen_top) {
        uint64_t step = context->seen_any ? number - context->seen_top : 64;
        context->seen = step < 64 ? context->seen << step | 1 : 1;
        context->seen_top = number;
        context->seen_any = true;
    } else {
        context->seen |= (uint64_t)1 << (context->seen_top - number);
    }
}

/* The next option of the two sides in the order of numbers: what is meant for outside from the
 * outer message, everything else from the inner one. */
typedef struct merge {
    ob_coap_iter outer;
    ob_coap_iter inner;
    ob_coap_option from_outer;
    ob_coap_option from_inner;
    bool has_outer;
    bool has_inner;
} merge;

static void next_outer(merge *m)
{
    while ((m->has_outer = ob_coap_next(&m->outer, &m->from_outer))) {
        if (obi_oscore_class_of(m->from_outer.number) == OBI_OSCORE_OUTER &&
            m->from_outer.number != OB_COAP_OSCORE) {
            return;
        }
    }
}

static void next_inner(merge *m)
{
    while ((m->has_inner = ob_coap_next(&m->inner, &m->from_inner))) {
        if (obi_oscore_class_of(m->from_inner.number) != OBI_OSCORE_OUTER) {
            return;
        }
    }
}

/* Observe counts where both sides have it: the request's value from inside, a notification's from
 * outside (RFC 8613, 4.1.3.5). */
static void write_inner(ob_coap_writer *w, const merge *m, const ob_coap_msg *outer, bool response)
{
    ob_span value = m->from_inner.value;
    if (m->from_inner.number == OB_COAP_OBSERVE) {
        ob_span seen;
        if (!ob_coap_find(outer, OB_COAP_OBSERVE, &seen)) {
            return;
        }
        value = response ? seen : value;
    }
    ob_coap_add(w, m->from_inner.number, value);
}

static bool join(const ob_coap_msg *outer, bool response, uint8_t *bytes, size_t cap,
                 ob_coap_msg *msg)
{
    merge m = {.outer = ob_coap_options(outer), .inner = ob_coap_options(msg)};
    ob_coap_writer w = ob_coap_writer_on(bytes, cap);
    next_outer(&m);
    next_inner(&m);
    while (m.has_outer || m.has_inner) {
        if (m.has_outer && (!m.has_inner || m.from_outer.number < m.from_inner.number)) {
            ob_coap_add(&w, m.from_outer.number, m.from_outer.value);
            next_outer(&m);
        } else {
            write_inner(&w, &m, outer, response);
            next_inner(&m);
        }
    }
    msg->options = (ob_span){(const char *)bytes, w.len};
    return !w.failed;
}

/* Decrypts the payload of outer in work, and joins what was inside with what belongs outside. */
static bool open_payload(const ob_oscore *context, const ob_oscore_bind *bind, ob_span nonce_id,
                         ob_span nonce_piv, const ob_coap_msg *outer, bool response, uint8_t *work,
                         size_t cap, ob_coap_msg *msg, ob_oscore_refusal *refusal, ob_err *err)
{
    uint8_t aad[OBI_OSCORE_AAD_MAX];
    uint8_t nonce[OB_LINK_NONCE_MAX];
    size_t len = outer->payload.len;
    if (len < 1U + context->sizes.tag) {
        return refuse(refusal, &undecodable, err);
    }
    if (len > cap) {
        *refusal = (ob_oscore_refusal){OB_COAP_CODE(4, 13), "Message too large"};
        return ob_fail(err, OB_ERR_LIMIT, "a protected message of %zu bytes does not fit into %zu",
                       len, cap);
    }
    memcpy(work, outer->payload.ptr, len);
    len -= context->sizes.tag;
    obi_oscore_nonce(context, nonce_id, nonce_piv, nonce);
    if (!context->crypto->open(context->crypto->ctx, context->aead, context->recipient_key, nonce,
                               obi_oscore_aad(context, bind, aad), work, len)) {
        ob_wipe(work, len);
        return refuse(refusal, &broken, err);
    }
    ob_coap_msg read = *outer;
    read.code = work[0];
    if (!ob_coap_read_body(&read, (ob_span){(const char *)work + 1, len - 1}, 1, err)) {
        ob_wipe(work, len);
        return refuse(refusal, &undecodable, err);
    }
    if (!join(outer, response, work + len, cap - len, &read)) {
        ob_wipe(work, cap);
        *refusal = (ob_oscore_refusal){OB_COAP_CODE(4, 13), "Message too large"};
        return ob_fail(err, OB_ERR_LIMIT, "the options of a message do not fit into %zu bytes",
                       cap - len);
    }
    *msg = read;
    return true;
}

static bool read_value(const ob_coap_msg *outer, ob_oscore_option *option,
                       ob_oscore_refusal *refusal, ob_err *err)
{
    ob_span value;
    if (!ob_coap_find(outer, OB_COAP_OSCORE, &value)) {
        *refusal = (ob_oscore_refusal){0};
        return ob_fail(err, OB_ERR_PEER, "the message has no OSCORE option");
    }
    return ob_oscore_option_read(option, value, err) || refuse(refusal, &undecodable, err);
}

static bool is_for(const ob_oscore *context, const ob_oscore_option *option)
{
    ob_span own = {(const char *)context->recipient_id, context->recipient_id_len};
    ob_span about = {(const char *)context->id_context, context->id_context_len};
    return ob_span_is(option->kid, own) &&
           (!option->has_kid_context ||
            (context->has_id_context && ob_span_is(option->kid_context, about)));
}

bool ob_oscore_open_request(ob_oscore *context, const ob_coap_msg *outer, uint8_t *work, size_t cap,
                            ob_coap_msg *msg, ob_oscore_bind *bind, ob_oscore_refusal *refusal,
                            ob_err *err)
{
    ob_oscore_option option = {0};
    if (!read_value(outer, &option, refusal, err)) {
        return false;
    }
    if (!option.has_kid || option.piv.len == 0) {
        return refuse(refusal, &undecodable, err);
    }
    if (!is_for(context, &option)) {
        return refuse(refusal, &unknown, err);
    }
    uint64_t number = obi_oscore_number(option.piv);
    if (!context->unsure && !is_new(context, number)) {
        return refuse(refusal, &replayed, err);
    }
    ob_oscore_bind made = {.kid_len = context->recipient_id_len,
                           .piv_len = (uint8_t)option.piv.len};
    memcpy(made.kid, context->recipient_id, sizeof made.kid);
    memcpy(made.piv, option.piv.ptr, option.piv.len);
    ob_coap_msg read;
    if (!open_payload(context, &made, option.kid, option.piv, outer, false, work, cap, &read,
                      refusal, err)) {
        return false;
    }
    uint32_t observe = 1;
    made.observing = ob_coap_find_uint(&read, OB_COAP_OBSERVE, &observe) && observe == 0;
    if (context->unsure) {
        made.used = true; /* the challenge has a number of its own, as B.1.2 wants it */
    } else {
        see(context, number);
    }
    *msg = read;
    *bind = made;
    return true;
}

bool ob_oscore_is_fresh(ob_oscore *context, const ob_coap_msg *msg, const ob_oscore_bind *bind,
                        ob_span echo)
{
    ob_span given;
    if (!context->unsure) {
        return true;
    }
    if (echo.len == 0 || !ob_coap_find(msg, OB_COAP_ECHO, &given) || given.len != echo.len ||
        !obi_same_secret(given.ptr, echo.ptr, echo.len)) {
        return false;
    }
    /* What lies below may have been executed before the restart: the window begins here (B.1.2). */
    context->unsure = false;
    context->seen_any = true;
    context->seen_top = obi_oscore_number((ob_span){(const char *)bind->piv, bind->piv_len});
    context->seen = UINT64_MAX;
    return true;
}

/* Whether a notification is newer than those before it (RFC 8613, 7.4.1). One that has no number of
 * its own is the oldest, so it comes first and once. */
static bool take_notification(ob_oscore_bind *bind, const ob_span *piv, ob_err *err)
{
    uint64_t number = piv == NULL ? 0 : obi_oscore_number(*piv);
    if (!bind->observing) {
        return ob_fail(err, OB_ERR_PEER, "a notification that was not asked for");
    }
    if (piv == NULL ? bind->notified_any || bind->used
                    : bind->notified_any && number <= bind->notified) {
        return ob_fail(err, OB_ERR_PEER, "a notification that is older than one before it");
    }
    bind->used = true;
    bind->notified_any = piv != NULL;
    bind->notified = number;
    return true;
}

bool ob_oscore_open_response(ob_oscore *context, ob_oscore_bind *bind, const ob_coap_msg *outer,
                             uint8_t *work, size_t cap, ob_coap_msg *msg, ob_err *err)
{
    ob_oscore_option option = {0};
    ob_oscore_refusal refusal;
    ob_span observe;
    if (!read_value(outer, &option, &refusal, err)) {
        return false;
    }
    if (option.has_kid && !is_for(context, &option)) {
        return ob_fail(err, OB_ERR_PEER, "a response from another sender than was asked");
    }
    bool own = option.piv.len > 0;
    ob_span id = own ? (ob_span){(const char *)context->recipient_id, context->recipient_id_len}
                     : (ob_span){(const char *)bind->kid, bind->kid_len};
    ob_span piv = own ? option.piv : (ob_span){(const char *)bind->piv, bind->piv_len};
    ob_coap_msg read;
    if (!open_payload(context, bind, id, piv, outer, true, work, cap, &read, &refusal, err)) {
        return false;
    }
    if (ob_coap_find(&read, OB_COAP_OBSERVE, &observe) &&
        !take_notification(bind, own ? &option.piv : NULL, err)) {
        return false;
    }
    *msg = read;
    return true;
}
