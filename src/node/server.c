/* SPDX-License-Identifier: Apache-2.0 */
/* The server: what arrives is opened, allowed, answered and protected. */
#include "link/hkdf.h"
#include "node/server_parts.h"

#include <stdarg.h>

#define STEP 64
#define UNFRAGMENTED_MAX                                                    \
    2048 /* bytes of a protected message: MAX_UNFRAGMENTED_SIZE of RFC 8613 \
          */

void obi_node_say(ob_node_server *s, const char *format, ...)
{
    char line[256];
    va_list values;
    if (s->options.say == NULL) {
        return;
    }
    va_start(values, format);
    (void)vsnprintf(line, sizeof line, format, values);
    va_end(values);
    s->options.say(s->options.ctx, line);
}

static void fall(ob_node_server *s, const ob_err *err)
{
    if (s->broken.kind == OB_OK) {
        s->broken = *err;
    }
}

uint32_t obi_node_random(ob_node_server *s)
{
    uint32_t value = 0;
    ob_err err = {0};
    if (!ob_random(&value, sizeof value, &err)) {
        fall(s, &err);
    }
    return value;
}

ob_span obi_node_name_of(const ob_node_server *s, size_t key)
{
    return key == OBI_NOBODY ? OB_SPAN(OB_NODE_ANYONE) : s->keys[key].name;
}

const ob_err *ob_node_server_broken(const ob_node_server *server)
{
    return server->broken.kind == OB_OK ? NULL : &server->broken;
}

static bool reserve(ob_node_server *s, obi_key *key, ob_err *err)
{
    return key->learnt || ob_node_state_reserve(&s->state, &key->context, s->options.step, err);
}

/* Two contexts of one secret and one sender-id have one key, and each its own count of numbers: the
 * same numbers under the same key (RFC 8613, 3.3). */
static bool has_own_key(const ob_node_server *s, const obi_key *key, ob_err *err)
{
    const ob_oscore *own = &key->context;
    for (const obi_key *k = s->keys; k != key; k++) {
        const ob_oscore *other = &k->context;
        if (own->aead == other->aead &&
            obi_same_secret(own->sender_key, other->sender_key, own->sizes.key) &&
            obi_same_secret(own->common_iv, other->common_iv, own->sizes.nonce)) {
            return ob_fail(err, OB_ERR_INPUT,
                           "%.*s: contexts '%.*s' and '%.*s' have one secret and one sender-id; "
                           "give one of them another secret",
                           OB_SHOW(s->options.config->doc.name),
                           OB_SHOW(ob_span_sub(k->name, 0, 40)),
                           OB_SHOW(ob_span_sub(key->name, 0, 40)));
        }
    }
    return true;
}

/* A context of the configuration: one that was used before begins behind all its numbers, and asks
 * for a proof that requests are new. The file knows it before anything is executed, so that the
 * next start is a restart. */
static bool open_key(ob_node_server *s, obi_key *key, const ob_node_context *from, ob_err *err)
{
    bool known = false;
    if (!ob_node_context_open(&key->context, from, &s->crypto, err)) {
        return false;
    }
    key->used = true;
    key->name = from->name;
    return has_own_key(s, key, err) && ob_random(key->echo, sizeof key->echo, err) &&
           ob_node_state_restore(&s->state, &key->context, &known, err) && reserve(s, key, err);
}

static bool open_all(ob_node_server *s, ob_err *err)
{
    const ob_node_config *c = s->options.config;
    if (c->context_count > 0 && !ob_node_state_open(&s->state, c->state_file.ptr, err)) {
        return false;
    }
    for (size_t i = 0; i < c->context_count; i++) {
        if (!open_key(s, &s->keys[i], &c->contexts[i], err)) {
            return false;
        }
    }
    return !c->edhoc.present || obi_node_edhoc_prepare(s, s->options.arena, err);
}

bool ob_node_server_open(ob_node_server **server, const ob_node_server_options *options,
                         uint64_t now_ms, ob_err *err)
{
    ob_node_server *s = OB_NEW(options->arena, ob_node_server, 1, err);
    uint16_t first = 0;
    if (s == NULL || !ob_random(&first, sizeof first, err)) {
        return false;
    }
    s->options = *options;
    s->options.step = options->step == 0 ? STEP : options->step;
    s->options.config = options->config == NULL ? &s->none : options->config;
    s->sensor_due_ms = options->sensor_ms == 0 ? UINT64_MAX : now_ms + options->sensor_ms;
    ob_coap_peer_init(&s->peer, &(ob_coap_peer_options){.sent = s->sent,
                                                        .sent_count = OBI_SENT,
                                                        .seen = s->seen,
                                                        .seen_count = OBI_SEEN,
                                                        .first_id = first});
    if (!ob_link_keeping_init(&s->crypto, err) || !open_all(s, err)) {
        ob_node_server_close(s);
        return false;
    }
    *server = s;
    return true;
}

void ob_node_server_close(ob_node_server *server)
{
    ob_node_server *s = server;
    if (s == NULL) {
        return;
    }
    for (size_t i = 0; i < OBI_KEYS; i++) {
        ob_oscore_wipe(&s->keys[i].context);
    }
    for (size_t i = 0; i < OBI_SESSIONS; i++) {
        ob_edhoc_wipe(&s->sessions[i].edhoc);
    }
    for (size_t i = 0; i < OBI_UPLOADS; i++) {
        ob_mem_free(s->uploads[i].body.ptr);
    }
    for (size_t i = 0; i < OBI_FAULTS; i++) {
        ob_mem_free(s->faults[i].ptr);
    }
    ob_link_keeping_fini(&s->crypto);
    ob_node_trust_close(&s->trust);
    ob_node_state_close(&s->state);
}

/* The options of a reply, in the order of their numbers. */
static void write_options(ob_coap_writer *w, const obi_reply *r)
{
    if (r->etag != 0) {
        ob_coap_add(w, OB_COAP_ETAG, (ob_span){(const char *)&r->etag, sizeof r->etag});
    }
    if (r->observe) {
        ob_coap_add_uint(w, OB_COAP_OBSERVE, r->observe_value & 0xffffff);
    }
    for (size_t i = 0; i < OB_COUNT(r->location); i++) {
        if (r->location[i][0] != '\0') {
            ob_coap_add(w, OB_COAP_LOCATION_PATH, ob_span_str(r->location[i]));
        }
    }
    if (r->format != OBI_NO_FORMAT && r->payload.len > 0) {
        ob_coap_add_uint(w, OB_COAP_CONTENT_FORMAT, r->format);
    }
    if (r->has_block2) {
        ob_coap_add_uint(w, OB_COAP_BLOCK2, ob_coap_block_value(&r->block2));
    }
    if (r->has_block1) {
        ob_coap_add_uint(w, OB_COAP_BLOCK1, ob_coap_block_value(&r->block1));
    }
    if (r->size1 != 0) {
        ob_coap_add_uint(w, OB_COAP_SIZE1, r->size1);
    }
    if (r->echo.len > 0) {
        ob_coap_add(w, OB_COAP_ECHO, r->echo);
    }
}

static bool protect(ob_node_server *s, const ob_coap_msg *msg, obi_key *key, ob_oscore_bind *bind,
                    uint8_t *out, ob_span *datagram, ob_err *err)
{
    return reserve(s, key, err) && ob_oscore_response(&key->context, bind, msg, false, out,
                                                      OB_COAP_DATAGRAM_MAX, datagram, err);
}

ob_span obi_node_send(ob_node_server *s, const ob_coap_remote *to, const ob_coap_msg *head,
                      const obi_reply *r, size_t key, ob_oscore_bind *bind,
                      uint8_t out[OB_COAP_DATAGRAM_MAX])
{
    uint8_t options[256];
    ob_err err = {0};
    ob_span datagram = {0};
    ob_coap_writer o = ob_coap_writer_on(options, sizeof options);
    write_options(&o, r);
    ob_coap_msg msg = *head;
    msg.code = r->code;
    msg.options = (ob_span){(const char *)options, o.len};
    msg.payload = r->payload;
    bool good = false;
    if (key != OBI_NOBODY) {
        good = protect(s, &msg, &s->keys[key], bind, out, &datagram, &err);
    } else {
        ob_coap_writer w = ob_coap_writer_on(out, OB_COAP_DATAGRAM_MAX);
        ob_coap_begin(&w, &msg);
        write_options(&w, r);
        ob_coap_payload(&w, r->payload);
        good = ob_coap_end(&w, &datagram, &err);
    }
    if (!good) {
        obi_node_say(s, "a response could not be made: %s", err.text);
        if (err.kind == OB_ERR_IO) {
            fall(s, &err); /* better no server than a number that may have been used */
        }
        return (ob_span){0};
    }
    s->options.send(s->options.ctx, to, datagram);
    return datagram;
}

/* "/a/b" of the options; false: too long, or a segment that has a slash or NUL in it. */
static bool read_path(const ob_coap_msg *msg, char path[OB_NODE_PATH_MAX])
{
    size_t used = 0;
    ob_coap_option option;
    for (ob_coap_iter it = ob_coap_options(msg); ob_coap_next(&it, &option);) {
        if (option.number != OB_COAP_URI_PATH) {
            continue;
        }
        if (used + 1 + option.value.len >= OB_NODE_PATH_MAX ||
            (option.value.len > 0 && (memchr(option.value.ptr, '/', option.value.len) != NULL ||
                                      memchr(option.value.ptr, '\0', option.value.len) != NULL))) {
            return false;
        }
        path[used++] = '/';
        memcpy(path + used, option.value.ptr, option.value.len);
        used += option.value.len;
    }
    path[used] = '\0';
    return true;
}

/* An option that must be understood and is not (RFC 7252, 5.4.1), which one is, too, that comes
 * twice and may not (5.4.5), or has a length that cannot be (5.4.3). */
static bool has_unknown(const ob_coap_msg *msg, bool is_protected)
{
    ob_coap_option option;
    unsigned last = 0;
    for (ob_coap_iter it = ob_coap_options(msg); ob_coap_next(&it, &option);) {
        bool twice = option.number == last;
        last = option.number;
        switch (option.number) {
        case OB_COAP_URI_PATH:
        case OB_COAP_URI_QUERY:
            break;
        case OB_COAP_URI_PORT:
        case OB_COAP_ACCEPT:
            if (twice || option.value.len > 2) {
                return true;
            }
            break;
        case OB_COAP_URI_HOST:
        case OB_COAP_BLOCK1:
        case OB_COAP_BLOCK2:
            if (twice) {
                return true;
            }
            break;
        default:
            /* EDHOC has been dealt with where the message was opened. */
            if (ob_coap_is_critical(option.number) &&
                (option.number != OB_COAP_EDHOC || !is_protected)) {
                return true;
            }
        }
    }
    return false;
}

/* Keys are agreed on before anybody has rights. */
static bool is_hello(const char *path)
{
    return strcmp(path, "/.well-known/edhoc") == 0;
}

static void decide(ob_node_server *s, obi_request *q, obi_reply *r)
{
    ob_span value;
    if (ob_coap_find(q->msg, OB_COAP_PROXY_URI, &value) ||
        ob_coap_find(q->msg, OB_COAP_PROXY_SCHEME, &value)) {
        obi_node_refuse(r, OB_COAP_CODE(5, 5), "this server is no proxy");
    } else if (has_unknown(q->msg, q->key != OBI_NOBODY)) {
        if (q->msg->type == OB_COAP_CON) { /* any other is not answered */
            obi_node_refuse(r, OB_COAP_CODE(4, 2), "an option that is not known here");
        }
    } else if (!read_path(q->msg, q->path)) {
        obi_node_refuse(r, OB_COAP_CODE(4, 4), NULL);
    } else if (!is_hello(q->path) && !ob_node_may(s->options.config, obi_node_name_of(s, q->key),
                                                  ob_span_str(q->path), q->msg->code, q->wall_ms)) {
        obi_node_refuse(r, q->key == OBI_NOBODY ? OB_COAP_CODE(4, 1) : OB_COAP_CODE(4, 3), NULL);
    } else if (is_hello(q->path)) {
        obi_node_edhoc_serve(s, q, r);
    } else {
        obi_node_serve(s, q, r);
    }
}

static bool is_meant(const ob_oscore *c, const ob_oscore_option *o)
{
    ob_span own = {(const char *)c->recipient_id, c->recipient_id_len};
    ob_span about = {(const char *)c->id_context, c->id_context_len};
    return ob_span_is(own, o->kid) &&
           (!o->has_kid_context || (c->has_id_context && ob_span_is(about, o->kid_context)));
}

/* Which context opens it. Several may have the same id of the sender where they differ in the id
 * context. */
static bool open_request(ob_node_server *s, const ob_coap_msg *outer, uint8_t *work, size_t cap,
                         ob_coap_msg *msg, obi_request *q, ob_oscore_refusal *refusal)
{
    ob_err err = {0};
    ob_span value;
    ob_oscore_option option;
    *refusal = (ob_oscore_refusal){OB_COAP_CODE(4, 2), "Failed to decode COSE"};
    if (!ob_coap_find(outer, OB_COAP_OSCORE, &value) ||
        !ob_oscore_option_read(&option, value, &err) || !option.has_kid || option.piv.len == 0) {
        return false;
    }
    *refusal = (ob_oscore_refusal){OB_COAP_CODE(4, 1), "Security context not found"};
    for (size_t i = 0; i < OBI_KEYS; i++) {
        if (s->keys[i].used && is_meant(&s->keys[i].context, &option) &&
            ob_oscore_open_request(&s->keys[i].context, outer, work, cap, msg, &q->bind, refusal,
                                   &err)) {
            q->key = i;
            q->msg = msg;
            return true;
        }
    }
    return false;
}

/*
 * A proxy may have cut a protected message into blocks; then outer gets the payload of all (RFC
 * 8613, 4.1.3.4.2). False: the reply asks for more, or refuses. Nothing is known of who sent it
 * until the last block is there, so it is kept like an upload of anybody, and is not longer than
 * what is opened.
 */
static bool join_blocks(ob_node_server *s, const obi_request *q, ob_coap_msg *outer, obi_reply *r)
{
    obi_upload *upload = NULL;
    obi_request whole = *q;
    ob_coap_msg msg = *outer;
    whole.msg = &msg;
    (void)snprintf(whole.path, sizeof whole.path, "OSCORE"); /* no path begins like this */
    if (!obi_node_gather(s, &whole, r, UNFRAGMENTED_MAX, &upload)) {
        return false;
    }
    if (upload != NULL) { /* it is copied before anything else is kept there */
        upload->used = false;
    }
    r->has_block1 = false; /* what follows is about the message inside */
    outer->payload = whole.body;
    return true;
}

static void answer(ob_node_server *s, const ob_coap_remote *from, const ob_coap_arrival *a,
                   uint64_t now_ms, int64_t wall_ms)
{
    obi_request request = {
        .remote = from, .msg = &a->msg, .key = OBI_NOBODY, .now_ms = now_ms, .wall_ms = wall_ms};
    obi_request *q = &request;
    uint8_t work[2 * OB_COAP_DATAGRAM_MAX];
    uint8_t out[OB_COAP_DATAGRAM_MAX];
    obi_reply r = {.format = OBI_NO_FORMAT};
    ob_oscore_refusal refusal = {0};
    ob_span value;
    ob_coap_msg inner;
    ob_coap_msg outer = a->msg;
    bool con = a->msg.type == OB_COAP_CON;
    ob_coap_msg reply = {.type = con ? OB_COAP_ACK : OB_COAP_NON,
                         .id = con ? a->msg.id : ob_coap_peer_id(&s->peer),
                         .token_len = a->msg.token_len};
    memcpy(reply.token, a->msg.token, sizeof reply.token);
    if (!ob_coap_find(&a->msg, OB_COAP_OSCORE, &value)) {
        if (ob_coap_find(&a->msg, OB_COAP_EDHOC, &value)) { /* RFC 9668, 3.3.1 */
            obi_node_refuse(&r, OB_COAP_CODE(4, 0), "message 3 comes with a protected request");
        } else {
            decide(s, q, &r);
        }
    } else if (!join_blocks(s, q, &outer, &r)) {
        /* the reply says what is missing */
    } else if (ob_coap_find(&a->msg, OB_COAP_EDHOC, &value) &&
               !obi_node_edhoc_combined(s, q, &outer, &r)) {
        /* the reply says why */
    } else if (!open_request(s, &outer, work, sizeof work, &inner, q, &refusal)) {
        obi_node_refuse(&r, refusal.code, refusal.diagnostic);
    } else if (!ob_oscore_is_fresh(&s->keys[q->key].context, q->msg, &q->bind,
                                   (ob_span){(const char *)s->keys[q->key].echo, 8})) {
        r.code = OB_COAP_CODE(4, 1);
        r.echo = (ob_span){(const char *)s->keys[q->key].echo, 8};
    } else {
        decide(s, q, &r);
    }
    if (r.code != 0) {
        ob_span sent = obi_node_send(s, q->remote, &reply, &r, q->key, &q->bind, out);
        ob_coap_peer_answer(&s->peer, a, sent);
    }
    ob_wipe(work, sizeof work);
}

void ob_node_server_receive(ob_node_server *server, const ob_coap_remote *from, ob_span datagram,
                            uint64_t now_ms, int64_t wall_ms)
{
    ob_node_server *s = server;
    ob_coap_arrival a;
    ob_coap_peer_receive(&s->peer, from, datagram, now_ms, &a);
    if (a.answer.len > 0) {
        s->options.send(s->options.ctx, from, a.answer);
    }
    if (a.event == OB_COAP_REQUEST) {
        answer(s, from, &a, now_ms, wall_ms);
        return;
    }
    if (a.event == OB_COAP_RESPONSE) { /* a server has asked nothing */
        ob_span reset = ob_coap_peer_reset(&s->peer, &a);
        if (reset.len > 0) {
            s->options.send(s->options.ctx, from, reset);
        }
    }
    if (a.has_tag) { /* one who answers a notification by a response does not understand it */
        obi_node_notified(s, a.tag, a.event == OB_COAP_ACKNOWLEDGED, now_ms, wall_ms);
    } else if (a.msg.type == OB_COAP_RST && a.event == OB_COAP_NOTHING) {
        obi_node_unwanted(s, from, a.msg.id);
    }
}

void ob_node_server_tick(ob_node_server *server, uint64_t now_ms, int64_t wall_ms)
{
    ob_node_server *s = server;
    ob_coap_again again;
    while (ob_coap_peer_due(&s->peer, now_ms, &again)) {
        if (again.gave_up) {
            obi_node_notified(s, again.tag, false, now_ms, wall_ms);
        } else {
            s->options.send(s->options.ctx, again.remote, again.datagram);
        }
    }
    obi_node_edhoc_tick(s, now_ms);
    if (now_ms >= s->sensor_due_ms) {
        s->sensor_due_ms = now_ms + s->options.sensor_ms;
        obi_node_sensor_changed(s, now_ms, wall_ms);
    }
}

uint64_t ob_node_server_wake(const ob_node_server *server)
{
    uint64_t wake = ob_coap_peer_wake(&server->peer);
    uint64_t session = obi_node_edhoc_wake(server);
    wake = session < wake ? session : wake;
    return wake < server->sensor_due_ms ? wake : server->sensor_due_ms;
}
