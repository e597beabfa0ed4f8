/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EDHOC over CoAP, the server as the Responder (RFC 9528, A.2.1): message 1 arrives behind the CBOR
 * value true, message 3 behind the identifier that the server chose. What comes of it is a security
 * context in memory; it is gone with the process, and then its keys are never used again.
 */
#include "link/edhoc.h"
#include "link/hkdf.h"
#include "node/server_parts.h"

#define REACH_MS   30000 /* an Echo value holds this long, and at most twice as long */
#define MESSAGE_2  112   /* bytes of a message 2 beside ID_CRED_R, at most */
#define RESPONSE   32    /* bytes of a response beside its payload, at most */
#define AMPLIFYING 3     /* so many times what was received (RFC 9175, 2.6) */

bool obi_node_edhoc_prepare(ob_node_server *s, ob_arena *arena, ob_err *err)
{
    return ob_random(s->reach_key, sizeof s->reach_key, err) &&
           ob_node_trust_open(&s->trust, arena, &s->options.config->edhoc, err);
}

/* The Echo value of an address: nothing has to be kept for who may not be there. */
static bool echo_of(ob_node_server *s, const ob_coap_remote *remote, uint64_t slot, uint8_t echo[8])
{
    uint8_t mac[OB_LINK_HASH_MAX];
    const ob_span parts[] = {{(const char *)&slot, sizeof slot},
                             {(const char *)remote->bytes, remote->len}};
    bool good = s->crypto.hmac(s->crypto.ctx, OB_SHA_256,
                               (ob_span){(const char *)s->reach_key, sizeof s->reach_key}, parts,
                               OB_COUNT(parts), mac);
    memcpy(echo, mac, 8);
    return good;
}

static bool is_reached(ob_node_server *s, const obi_request *q)
{
    ob_span value;
    uint64_t slot = q->now_ms / REACH_MS;
    if (!ob_coap_find(q->msg, OB_COAP_ECHO, &value) || value.len != 8) {
        return false;
    }
    for (uint64_t i = 0; i < 2 && i <= slot; i++) {
        uint8_t echo[8];
        if (echo_of(s, q->remote, slot - i, echo) &&
            obi_same_secret(echo, (const uint8_t *)value.ptr, sizeof echo)) {
            return true;
        }
    }
    return false;
}

/*
 * An address may be a forged one: whoever holds it must not get much more than was sent in its
 * name. A longer answer waits until an Echo value has come back from there (RFC 9528, A.2.1; RFC
 * 9175, 2.4). False: the reply asks for it.
 */
static bool may_send(ob_node_server *s, const obi_request *q, size_t len, obi_reply *r)
{
    size_t body = q->body.len > q->msg->payload.len ? q->body.len : q->msg->payload.len;
    size_t got = 4 + q->msg->token_len + q->msg->options.len + 1 + body;
    if (q->key != OBI_NOBODY || len + RESPONSE <= AMPLIFYING * got || is_reached(s, q)) {
        return true;
    }
    r->payload = (ob_span){0};
    r->format = OBI_NO_FORMAT;
    r->code = echo_of(s, q->remote, q->now_ms / REACH_MS, r->reach) ? OB_COAP_CODE(4, 1)
                                                                    : OB_COAP_CODE(5, 0);
    r->echo = (ob_span){(const char *)r->reach, r->code == OB_COAP_CODE(4, 1) ? 8 : 0};
    return false;
}

/* Only who stands in the configuration is trusted, or was issued a certificate by the authority
 * that does; a certificate must be valid now. */
static bool find_peer(void *ctx, ob_span id, ob_edhoc_cred *peer)
{
    obi_session *session = ctx;
    ob_node_server *s = session->server;
    ob_err err = {0};
    bool is_static = (session->edhoc.method & 2) != 0; /* the Initiator's */
    if (ob_node_trust_find(&s->trust, id, session->wall_ms, is_static, &session->found, peer,
                           &err)) {
        return true;
    }
    obi_node_say(s, "%s", err.text);
    session->found.peer = OBI_NOBODY;
    return false;
}

static bool is_taken(const ob_node_server *s, uint8_t id)
{
    for (size_t i = 0; i < OBI_KEYS; i++) {
        const ob_oscore *c = &s->keys[i].context;
        if (s->keys[i].used && c->recipient_id_len == 1 && c->recipient_id[0] == id) {
            return true;
        }
    }
    for (size_t i = 0; i < OBI_SESSIONS; i++) {
        if (s->sessions[i].used && s->sessions[i].id == id) {
            return true;
        }
    }
    return false;
}

/* An identifier of one byte that travels as a number, from a random place on. There are 48, and
 * fewer contexts and sessions of one byte unless the configuration has many. */
static bool choose_id(ob_node_server *s, const ob_edhoc *edhoc, uint8_t *id)
{
    uint32_t first = obi_node_random(s);
    for (uint32_t i = 0; i < 48; i++) {
        uint32_t n = (first % 48 + i) % 48;
        uint8_t value = (uint8_t)(n < 24 ? n : 0x20 + n - 24);
        bool same = edhoc->peer_id_len == 1 && edhoc->peer_id[0] == value;
        if (!same && !is_taken(s, value)) {
            *id = value;
            return true;
        }
    }
    return false;
}

static void end_session(obi_session *session)
{
    ob_edhoc_wipe(&session->edhoc);
    session->used = false;
}

void obi_node_edhoc_tick(ob_node_server *s, uint64_t now_ms)
{
    for (size_t i = 0; i < OBI_SESSIONS; i++) {
        if (s->sessions[i].used && now_ms - s->sessions[i].since_ms >= OBI_SESSION_MS) {
            end_session(&s->sessions[i]);
        }
    }
}

uint64_t obi_node_edhoc_wake(const ob_node_server *s)
{
    uint64_t first = UINT64_MAX;
    for (size_t i = 0; i < OBI_SESSIONS; i++) {
        uint64_t end = s->sessions[i].since_ms + OBI_SESSION_MS;
        first = s->sessions[i].used && end < first ? end : first;
    }
    return first;
}

/* A free session, else the one that waits longest: who begins and does not go on holds nobody up.
 */
static obi_session *new_session(ob_node_server *s, const obi_request *q)
{
    obi_session *best = &s->sessions[0];
    for (size_t i = 0; i < OBI_SESSIONS; i++) {
        obi_session *session = &s->sessions[i];
        if (best->used && (!session->used || session->since_ms < best->since_ms)) {
            best = session;
        }
    }
    ob_edhoc_wipe(&best->edhoc);
    best->used = false;
    best->since_ms = q->now_ms;
    best->wall_ms = q->wall_ms;
    best->server = s;
    best->found.peer = OBI_NOBODY;
    return best;
}

/* What the peer is told of a failure: an error message of EDHOC in a 4.00 (A.2.1). */
static void fail(ob_node_server *s, obi_session *session, const ob_err *err, obi_reply *r)
{
    ob_err ignored = {0};
    ob_span message = {0};
    obi_node_say(s, "%s", err->text);
    r->code = OB_COAP_CODE(4, 0);
    if (ob_edhoc_error(&session->edhoc, OB_SPAN("refused"), (uint8_t *)s->text, sizeof s->text,
                       &message, &ignored)) {
        r->payload = message;
        r->format = OBI_FORMAT_EDHOC;
    }
    end_session(session);
}

static void read_1(ob_node_server *s, obi_request *q, ob_span message, obi_reply *r)
{
    const ob_node_edhoc *e = &s->options.config->edhoc;
    obi_session *session = new_session(s, q);
    ob_err err = {0};
    ob_span ead;
    ob_span made;
    char ephemeral[32];
    ob_edhoc_options options = {.crypto = &s->crypto,
                                .methods = e->methods,
                                .suite_count = e->suite_count,
                                .own = s->trust.own.cred,
                                .private_key = {(const char *)s->trust.key.bytes, s->trust.key.len},
                                .find = find_peer,
                                .ctx = session};
    memcpy(options.suites, e->suites, sizeof options.suites);
    ob_edhoc_start(&session->edhoc, &options, false);
    if (!ob_edhoc_read_1(&session->edhoc, message, &ead, &err)) {
        fail(s, session, &err, r);
        return;
    }
    if (!choose_id(s, &session->edhoc, &session->id) ||
        !ob_random(ephemeral, sizeof ephemeral, &err)) {
        obi_node_refuse(r, OB_COAP_CODE(5, 3), NULL);
        end_session(session);
        return;
    }
    session->edhoc.options.connection_id = (ob_span){(const char *)&session->id, 1};
    bool good = ob_edhoc_write_2(&session->edhoc, (ob_span){ephemeral, sizeof ephemeral},
                                 (ob_span){0}, (uint8_t *)s->text, sizeof s->text, &made, &err);
    ob_wipe(ephemeral, sizeof ephemeral);
    if (!good) {
        fail(s, session, &err, r);
        return;
    }
    session->used = true;
    r->code = OB_COAP_CODE(2, 4);
    r->format = OBI_FORMAT_EDHOC;
    r->payload = made;
}

void obi_node_forget_key(ob_node_server *s, size_t key)
{
    obi_node_watch_forget(s, key);
    for (size_t i = 0; i < OBI_UPLOADS; i++) {
        s->uploads[i].used = s->uploads[i].used && s->uploads[i].key != key;
    }
    ob_oscore_wipe(&s->keys[key].context);
    s->keys[key].used = false;
}

/* The same peer has one context that was agreed on, its newest; else the oldest goes. */
static bool learn(ob_node_server *s, obi_session *session, uint64_t now_ms, ob_err *err)
{
    size_t best = OB_NODE_CONTEXTS_MAX;
    const ob_node_found *found = &session->found;
    ob_span name = s->trust.peers[found->peer].name;
    for (size_t i = OB_NODE_CONTEXTS_MAX; i < OBI_KEYS; i++) {
        const obi_key *k = &s->keys[i];
        if (k->used && ob_span_is(k->name, name) &&
            memcmp(&k->cert, &found->digest, sizeof k->cert) == 0) {
            best = i;
            break;
        }
        if (s->keys[best].used && (!k->used || k->since_ms < s->keys[best].since_ms)) {
            best = i;
        }
    }
    obi_node_forget_key(s, best);
    obi_key *key = &s->keys[best];
    if (!ob_edhoc_oscore(&session->edhoc, &key->context, err)) {
        return false;
    }
    key->used = true;
    key->learnt = true;
    key->name = name;
    key->cert = found->digest;
    key->since_ms = now_ms;
    return true;
}

static obi_session *session_of(ob_node_server *s, const uint8_t *id, size_t len)
{
    for (size_t i = 0; i < OBI_SESSIONS; i++) {
        if (s->sessions[i].used && len == 1 && s->sessions[i].id == id[0]) {
            return &s->sessions[i];
        }
    }
    return NULL;
}

static void read_3(ob_node_server *s, obi_request *q, obi_session *session, ob_span message,
                   obi_reply *r)
{
    ob_err err = {0};
    ob_span ead;
    ob_span made = {0};
    session->wall_ms = q->wall_ms;
    if (!ob_edhoc_read_3(&session->edhoc, message, &ead, &err) ||
        !learn(s, session, q->now_ms, &err) ||
        (s->options.config->edhoc.message_4 &&
         !ob_edhoc_write_4(&session->edhoc, (ob_span){0}, (uint8_t *)s->text, sizeof s->text, &made,
                           &err))) {
        fail(s, session, &err, r);
        return;
    }
    r->code = OB_COAP_CODE(2, 4);
    r->format = OBI_FORMAT_EDHOC;
    r->payload = made;
    end_session(session);
}

bool obi_node_edhoc_combined(ob_node_server *s, obi_request *q, ob_coap_msg *outer, obi_reply *r)
{
    ob_err err = {0};
    ob_span value;
    ob_span ead;
    ob_span message;
    ob_oscore_option option;
    obi_cbor_reader reader = {.text = outer->payload};
    obi_node_edhoc_tick(s, q->now_ms);
    if (!ob_coap_find(outer, OB_COAP_OSCORE, &value) ||
        !ob_oscore_option_read(&option, value, &err) || !option.has_kid ||
        !obi_cbor_is(&reader, OBI_CBOR_BYTES) || !obi_cbor_skip(&reader, &message)) {
        obi_node_refuse(r, OB_COAP_CODE(4, 0), "no message 3 of EDHOC is in it");
        return false;
    }
    obi_session *session = session_of(s, (const uint8_t *)option.kid.ptr, option.kid.len);
    if (session == NULL) {
        obi_node_refuse(r, OB_COAP_CODE(4, 0), "no session with this identifier");
        return false;
    }
    session->wall_ms = q->wall_ms;
    if (!ob_edhoc_read_3(&session->edhoc, message, &ead, &err) ||
        !learn(s, session, q->now_ms, &err)) {
        fail(s, session, &err, r);
        return false;
    }
    end_session(session); /* the response proves that this side has the keys: no message 4 */
    outer->payload = ob_span_sub(outer->payload, reader.at, outer->payload.len);
    return true;
}

/* What is kept for that client; for a new message a free place, else the oldest. */
static obi_kept *kept_of(ob_node_server *s, const obi_request *q, bool make)
{
    obi_kept *best = &s->kept[0];
    for (size_t i = 0; i < OBI_KEPT; i++) {
        obi_kept *k = &s->kept[i];
        k->used = k->used && q->now_ms - k->since_ms <= OBI_SESSION_MS;
        if (k->used && ob_coap_same_remote(&k->remote, q->remote)) {
            return k;
        }
        if (best->used && (!k->used || k->since_ms < best->since_ms)) {
            best = k;
        }
    }
    return make ? best : NULL;
}

/* A message that is longer than a block, which is what goes in one datagram, is kept for the
 * requests of its other blocks (RFC 7959, 3.3). */
static void cut(ob_node_server *s, const obi_request *q, obi_reply *r, const ob_coap_block *asked)
{
    if (r->code != OB_COAP_CODE(2, 4) || r->payload.len <= ob_coap_block_size(asked->szx) ||
        r->payload.len > OBI_EDHOC_MAX) {
        return;
    }
    obi_kept *k = kept_of(s, q, true);
    k->used = true;
    k->since_ms = q->now_ms;
    k->remote = *q->remote;
    k->reached = is_reached(s, q);
    k->len = r->payload.len;
    memcpy(k->bytes, r->payload.ptr, r->payload.len);
    obi_node_cut(r, (ob_span){(const char *)k->bytes, k->len}, asked->szx, asked);
}

static void send_rest(ob_node_server *s, const obi_request *q, obi_reply *r,
                      const ob_coap_block *asked)
{
    obi_kept *k = kept_of(s, q, false);
    size_t size = ob_coap_block_size(asked->szx);
    if (k == NULL) {
        obi_node_refuse(r, OB_COAP_CODE(4, 8), "the first block is not known any more");
        return;
    }
    if (!k->reached && !may_send(s, q, k->len < size ? k->len : size, r)) {
        return;
    }
    k->reached = k->reached || is_reached(s, q);
    r->code = OB_COAP_CODE(2, 4);
    r->format = OBI_FORMAT_EDHOC;
    obi_node_cut(r, (ob_span){(const char *)k->bytes, k->len}, asked->szx, asked);
}

/* The peer ends the session, and says why; nothing more is said about it (RFC 9528, 6). */
static void take_error(ob_node_server *s, obi_session *session, const ob_edhoc_problem *problem,
                       obi_reply *r)
{
    OB_AUTO(ob_buf) text = {.max = 512};
    ob_buf_add_shown(&text, problem->text, 60);
    obi_node_say(s, "a peer ends EDHOC with error %lld%s%.*s", (long long)problem->code,
                 text.len > 0 ? ": " : "", OB_SHOW(ob_buf_span(&text)));
    end_session(session);
    r->code = OB_COAP_CODE(2, 4);
}

static void take_message(ob_node_server *s, obi_request *q, obi_reply *r,
                         const ob_coap_block *asked)
{
    obi_cbor_reader reader = {.text = q->body};
    ob_edhoc_problem problem;
    uint8_t id[OB_EDHOC_ID_MAX];
    uint8_t len = 0;
    size_t block = ob_coap_block_size(asked->szx);
    size_t longest = s->trust.own.cred.id.len + MESSAGE_2;
    if (q->body.len > 0 && (uint8_t)q->body.ptr[0] == 0xf5) {
        if (!may_send(s, q, longest < block ? longest : block, r)) {
            return;
        }
        read_1(s, q, ob_span_sub(q->body, 1, q->body.len), r);
        return;
    }
    bool good = obi_edhoc_read_id(&reader, id, &len);
    obi_session *session = good ? session_of(s, id, len) : NULL;
    ob_span rest = ob_span_sub(q->body, reader.at, q->body.len);
    if (session == NULL) {
        obi_node_refuse(r, OB_COAP_CODE(4, 0), "no session with this identifier");
    } else if (ob_edhoc_error_read(&problem, rest)) {
        take_error(s, session, &problem, r);
    } else {
        read_3(s, q, session, rest, r);
    }
}

void obi_node_edhoc_serve(ob_node_server *s, obi_request *q, obi_reply *r)
{
    uint32_t format = OBI_FORMAT_CID_EDHOC;
    ob_coap_block asked = {.szx = OB_COAP_BLOCK_SZX_MAX};
    obi_upload *upload = NULL;
    ob_span value;
    obi_node_edhoc_tick(s, q->now_ms);
    if (!s->options.config->edhoc.present) {
        obi_node_refuse(r, OB_COAP_CODE(4, 4), NULL);
    } else if (q->msg->code != OB_COAP_POST) {
        obi_node_refuse(r, OB_COAP_CODE(4, 5), NULL);
    } else if (ob_coap_find_uint(q->msg, OB_COAP_CONTENT_FORMAT, &format) &&
               format != OBI_FORMAT_CID_EDHOC) {
        obi_node_refuse(r, OB_COAP_CODE(4, 15), NULL);
    } else if (ob_coap_find(q->msg, OB_COAP_BLOCK2, &value) && !ob_coap_block_read(value, &asked)) {
        obi_node_refuse(r, OB_COAP_CODE(4, 0), "a block option that cannot be read");
    } else if (asked.number > 0) {
        send_rest(s, q, r, &asked);
    } else if (obi_node_gather(s, q, r, OBI_EDHOC_MAX, &upload)) {
        take_message(s, q, r, &asked);
        cut(s, q, r, &asked);
    }
    if (upload != NULL) {
        upload->used = false;
    }
}
