/* SPDX-License-Identifier: Apache-2.0 */
#include "node/client.h"

#define STEP    16
#define WAIT_MS 93000 /* MAX_TRANSMIT_WAIT, RFC 7252 4.8.2 */

static const ob_coap_remote server = {.len = 1, .bytes = {1}};

bool ob_node_client_init(ob_node_client *client, const ob_node_wire *wire, ob_err *err)
{
    uint16_t first = 0;
    uint32_t token = 0;
    if (!ob_random(&first, sizeof first, err) || !ob_random(&token, sizeof token, err)) {
        return false;
    }
    *client = (ob_node_client){.wire = *wire, .step = STEP, .wait_ms = WAIT_MS, .token = token};
    ob_coap_peer_init(&client->peer, &(ob_coap_peer_options){.sent = client->sent,
                                                             .sent_count = OB_COUNT(client->sent),
                                                             .seen = client->seen,
                                                             .seen_count = OB_COUNT(client->seen),
                                                             .first_id = first});
    return true;
}

static bool send(ob_node_client *c, ob_span datagram, ob_err *err)
{
    c->stats.octets_out += datagram.len;
    c->stats.messages_out++;
    return c->wire.send(c->wire.ctx, datagram, err);
}

static bool has_token(const ob_coap_msg *msg, const ob_coap_msg *of)
{
    return msg->token_len == of->token_len && memcmp(msg->token, of->token, of->token_len) == 0;
}

/* A token: random where it is all that tells a response from a forged one, one byte under OSCORE,
 * which tells better. */
static void new_token(ob_node_client *c, ob_coap_msg *msg)
{
    do {
        uint32_t token = c->token++ * 2654435761U;
        msg->token_len = c->context == NULL ? 4 : 1;
        memcpy(msg->token, &token, sizeof token);
    } while (c->watching && has_token(msg, &c->watched)); /* an observation still has that one */
}

/* Message 3 of EDHOC in front of the ciphertext (RFC 9668, 3.2). */
static bool take_along(ob_node_client *c, ob_span *datagram, ob_err *err)
{
    ob_coap_msg sealed;
    if (!ob_coap_read(&sealed, *datagram, err)) {
        return false;
    }
    size_t at = datagram->len - sealed.payload.len;
    if (datagram->len + c->first_len > sizeof c->datagram) {
        return ob_fail(err, OB_ERR_BUG, "message 3 and the request are too long for a datagram");
    }
    memmove(c->datagram + at + c->first_len, c->datagram + at, sealed.payload.len);
    memcpy(c->datagram + at, c->first + c->first_at, c->first_len);
    datagram->len += c->first_len;
    c->first_len = 0;
    return true;
}

/* Writes the datagram of msg, and keeps it until it is acknowledged. */
static bool launch(ob_node_client *c, ob_coap_msg *msg, ob_oscore_bind *bind, ob_err *err)
{
    ob_span datagram;
    uint32_t random = 0;
    msg->type = OB_COAP_CON;
    msg->id = ob_coap_peer_id(&c->peer);
    if (c->context != NULL) {
        if ((c->state != NULL && !ob_node_state_reserve(c->state, c->context, c->step, err)) ||
            !ob_oscore_request(c->context, msg, bind, c->datagram, sizeof c->datagram, &datagram,
                               err) ||
            (c->first_len > 0 && !take_along(c, &datagram, err))) {
            return false;
        }
    } else {
        ob_coap_writer w = ob_coap_writer_on(c->datagram, sizeof c->datagram);
        ob_coap_option option;
        ob_coap_begin(&w, msg);
        for (ob_coap_iter it = ob_coap_options(msg); ob_coap_next(&it, &option);) {
            ob_coap_add(&w, option.number, option.value);
        }
        ob_coap_payload(&w, msg->payload);
        if (!ob_coap_end(&w, &datagram, err)) {
            return false;
        }
    }
    return ob_random(&random, sizeof random, err) &&
           ob_coap_peer_keep(&c->peer, &server, datagram, 0, c->wire.now(c->wire.ctx), random,
                             err) &&
           send(c, datagram, err);
}

/* Sends again what is due. */
static bool repeat(ob_node_client *c, uint64_t now, ob_err *err)
{
    ob_coap_again again;
    while (ob_coap_peer_due(&c->peer, now, &again)) {
        if (again.gave_up) {
            return ob_fail(err, OB_ERR_TIMEOUT, "no answer");
        }
        if (!send(c, again.datagram, err)) {
            return false;
        }
    }
    return true;
}

/* Waits for one datagram or until something is due. */
static bool turn(ob_node_client *c, uint64_t until_ms, ob_coap_arrival *a, ob_err *err)
{
    size_t len = 0;
    uint64_t wake = ob_coap_peer_wake(&c->peer);
    *a = (ob_coap_arrival){.seen = SIZE_MAX};
    if (!c->wire.wait(c->wire.ctx, wake < until_ms ? wake : until_ms, c->datagram,
                      sizeof c->datagram, &len, err)) {
        return false;
    }
    uint64_t now = c->wire.now(c->wire.ctx);
    if (len == 0) {
        return repeat(c, now, err);
    }
    c->stats.octets_in += len;
    c->stats.messages_in++;
    ob_coap_peer_receive(&c->peer, &server, (ob_span){(const char *)c->datagram, len}, now, a);
    if (a->event == OB_COAP_REQUEST) { /* a client serves nothing */
        a->answer = ob_coap_peer_reset(&c->peer, a);
        a->event = OB_COAP_NOTHING;
    }
    return a->answer.len == 0 || send(c, a->answer, err);
}

/* A response with an option that must be understood and is not says nothing (RFC 7252, 5.4.1). */
static bool is_understood(const ob_coap_msg *msg, ob_err *err)
{
    ob_coap_option option;
    for (ob_coap_iter it = ob_coap_options(msg); ob_coap_next(&it, &option);) {
        if (ob_coap_is_critical(option.number) && option.number != OB_COAP_BLOCK1 &&
            option.number != OB_COAP_BLOCK2) {
            return ob_fail(err, OB_ERR_PEER,
                           "a response with option %u, which must be understood and is not known",
                           option.number);
        }
    }
    return true;
}

/* What a response says, without its protection. One that should be protected and is not may only
 * tell of an error (RFC 8613, 8.2). */
static bool open_response(ob_node_client *c, ob_oscore_bind *bind, ob_coap_msg *msg,
                          bool *is_protected, ob_err *err)
{
    ob_span value;
    ob_coap_msg inner;
    *is_protected = ob_coap_find(msg, OB_COAP_OSCORE, &value);
    if (c->context == NULL && *is_protected) {
        return ob_fail(err, OB_ERR_PEER, "a protected response to a plain request");
    }
    if (c->context != NULL && !*is_protected && msg->code < OB_COAP_CODE(4, 0)) {
        return ob_fail(err, OB_ERR_PEER, "a response without the protection that it must have");
    }
    if (*is_protected) {
        if (!ob_oscore_open_response(c->context, bind, msg, c->work, sizeof c->work, &inner, err)) {
            return false;
        }
        *msg = inner;
    }
    return is_understood(msg, err);
}

/* One response of the right token: acknowledges it, refuses every other. */
static bool take(ob_node_client *c, ob_coap_arrival *a, const ob_coap_msg *of, bool *right,
                 ob_err *err)
{
    if (a->event != OB_COAP_RESPONSE) {
        return true;
    }
    *right = has_token(&a->msg, of);
    bool known = *right || (c->watching && has_token(&a->msg, &c->watched));
    ob_span answer = known ? ob_coap_peer_ack(&c->peer, a) : ob_coap_peer_reset(&c->peer, a);
    return answer.len == 0 || send(c, answer, err);
}

static bool exchange(ob_node_client *c, ob_coap_msg *msg, ob_oscore_bind *bind, ob_coap_msg *got,
                     bool *is_protected, ob_err *err)
{
    uint64_t until = c->wire.now(c->wire.ctx) + c->wait_ms;
    bool right = false;
    ob_coap_arrival a;
    if (!launch(c, msg, bind, err)) {
        return false;
    }
    while (!right) {
        if (c->wire.now(c->wire.ctx) >= until) {
            return ob_fail(err, OB_ERR_TIMEOUT, "the request arrived, and no response came");
        }
        if (!turn(c, until, &a, err) || !take(c, &a, msg, &right, err)) {
            return false;
        }
        if (a.event == OB_COAP_REJECTED) {
            return ob_fail(err, OB_ERR_PEER, "the server does not take this message");
        }
    }
    *got = a.msg;
    return open_response(c, bind, got, is_protected, err);
}

/* One message and its response, which lies in c->datagram or c->work. */
static bool transact(ob_node_client *c, ob_coap_msg *msg, ob_oscore_bind *bind, ob_coap_msg *got,
                     bool *is_protected, ob_err *err)
{
    bool good = exchange(c, msg, bind, got, is_protected, err);
    ob_coap_peer_forget(&c->peer, 0); /* what failed is not sent again */
    return good;
}

/* What the client adds to the options of a request. */
typedef struct extra {
    bool has_observe;
    uint32_t observe;
    bool has_block2;
    ob_coap_block block2;
    bool has_block1;
    ob_coap_block block1;
    uint32_t size1;
    bool has_edhoc;
    uint8_t echo_len;
    uint8_t echo[40];
} extra;

static void add_until(ob_coap_writer *w, const ob_node_request *r, size_t *at, uint16_t number)
{
    for (; *at < r->option_count && r->options[*at].number <= number; (*at)++) {
        ob_coap_add(w, r->options[*at].number, r->options[*at].value);
    }
}

static ob_span write_options(const ob_node_request *r, const extra *e, uint8_t *out, size_t cap)
{
    ob_coap_writer w = ob_coap_writer_on(out, cap);
    size_t at = 0;
    add_until(&w, r, &at, OB_COAP_OBSERVE - 1);
    if (e->has_observe) {
        ob_coap_add_uint(&w, OB_COAP_OBSERVE, e->observe);
    }
    add_until(&w, r, &at, OB_COAP_EDHOC - 1);
    if (e->has_edhoc) {
        ob_coap_add(&w, OB_COAP_EDHOC, (ob_span){0});
    }
    add_until(&w, r, &at, OB_COAP_BLOCK2 - 1);
    if (e->has_block2) {
        ob_coap_add_uint(&w, OB_COAP_BLOCK2, ob_coap_block_value(&e->block2));
    }
    if (e->has_block1) {
        ob_coap_add_uint(&w, OB_COAP_BLOCK1, ob_coap_block_value(&e->block1));
    }
    if (e->size1 != 0) {
        ob_coap_add_uint(&w, OB_COAP_SIZE1, e->size1);
    }
    add_until(&w, r, &at, OB_COAP_ECHO - 1);
    if (e->echo_len > 0) {
        ob_coap_add(&w, OB_COAP_ECHO, (ob_span){(const char *)e->echo, e->echo_len});
    }
    add_until(&w, r, &at, UINT16_MAX);
    ob_span made = {(const char *)out, w.failed ? 0 : w.len};
    return made;
}

typedef struct doing {
    ob_node_client *c;
    const ob_node_request *request;
    ob_node_response *response;
    extra extra;
    ob_coap_msg got;
    ob_oscore_bind bind;
    ob_coap_msg msg;
    bool has_token; /* for the blocks that follow */
    uint32_t etag;
    uint8_t options[512];
} doing;

/* Blocks of one body go under one token: some servers know by it what belongs together, though RFC
 * 7959 asks them not to. Under OSCORE each request has its own, and so has an observation. */
static void choose_token(doing *d)
{
    bool ends = d->extra.has_observe && d->extra.observe != 0;
    if (!ends && (d->c->context != NULL || !d->has_token)) {
        new_token(d->c, &d->msg);
    }
    d->has_token = !d->extra.has_observe;
}

/* What OSCORE adds at most: its option with the id context, the code, the marker and the tag. */
#define PROTECTION_MAX (8 + OB_OSCORE_CONTEXT_MAX + OB_OSCORE_ID_MAX + 2 + OB_LINK_TAG_MAX)

/* The options of a message; message 3 goes along where there is room for it, else before it. */
static bool make_options(doing *d, ob_span payload, ob_err *err)
{
    ob_node_client *c = d->c;
    d->extra.has_edhoc = c->context != NULL && c->first_len > 0;
    d->msg.options = write_options(d->request, &d->extra, d->options, sizeof d->options);
    if (d->extra.has_edhoc &&
        4 + OB_COAP_TOKEN_MAX + d->msg.options.len + payload.len + PROTECTION_MAX + c->first_len >
            sizeof c->datagram) {
        if (!ob_node_client_send_first(c, err)) {
            return false;
        }
        d->extra.has_edhoc = false;
        d->msg.options = write_options(d->request, &d->extra, d->options, sizeof d->options);
    }
    return d->msg.options.len > 0 || d->request->option_count == 0 ||
           ob_fail(err, OB_ERR_LIMIT, "the options of the request are too long");
}

/* Whether the server, and not somebody on the way, said what came: a request is not made once more
 * for the word of anybody, who may have kept the response back. */
static bool is_genuine(const doing *d)
{
    return d->c->context == NULL || d->response->is_protected;
}

/* One step of a request: with the payload or block of it, and with an Echo value if the server asks
 * for one (RFC 9175, 2.3), which happens once. */
static bool step(doing *d, ob_span payload, ob_err *err)
{
    bool asked = false;
    for (;;) {
        ob_span echo;
        d->msg.code = d->request->method;
        d->msg.payload = payload;
        if (!make_options(d, payload, err)) {
            return false;
        }
        choose_token(d);
        if (!transact(d->c, &d->msg, &d->bind, &d->got, &d->response->is_protected, err)) {
            return false;
        }
        if (asked || d->got.code != OB_COAP_CODE(4, 1) || !is_genuine(d) ||
            !ob_coap_find(&d->got, OB_COAP_ECHO, &echo) || echo.len == 0 ||
            echo.len > sizeof d->extra.echo) {
            d->extra.echo_len = 0;
            return true;
        }
        memcpy(d->extra.echo, echo.ptr, echo.len);
        d->extra.echo_len = (uint8_t)echo.len;
        asked = true;
    }
}

/* Sends the payload once: as a whole where it fits into a block, else block by block; the server
 * may ask for smaller ones (RFC 7959, 2.3). */
static bool put_body(doing *d, uint8_t *szx, ob_err *err)
{
    ob_span body = d->request->payload;
    size_t sent = 0;
    if (body.len <= ob_coap_block_size(*szx)) {
        return step(d, body, err);
    }
    d->extra.has_block1 = true;
    d->extra.size1 = (uint32_t)body.len;
    for (;;) {
        ob_coap_block answered;
        ob_span slice;
        ob_span value;
        d->extra.block1 =
            (ob_coap_block){.number = (uint32_t)(sent / ob_coap_block_size(*szx)), .szx = *szx};
        if (!ob_coap_block_slice(body, &d->extra.block1, &slice) || !step(d, slice, err)) {
            return err->kind != OB_OK ? false : ob_fail(err, OB_ERR_BUG, "a block too far");
        }
        d->extra.size1 = 0;
        if (d->got.code != OB_COAP_CODE(2, 31) || !d->extra.block1.more) {
            break;
        }
        sent += slice.len;
        if (ob_coap_find(&d->got, OB_COAP_BLOCK1, &value) && ob_coap_block_read(value, &answered) &&
            answered.szx < *szx) {
            *szx = answered.szx;
        }
    }
    d->extra.has_block1 = false;
    return true;
}

/* A 4.13 may say which blocks would not be too large (RFC 7959, 2.9.3): then all begins anew with
 * them. They get smaller each time, so it ends. */
static bool put_blocks(doing *d, ob_err *err)
{
    uint8_t szx = d->request->has_szx ? d->request->szx : OB_COAP_BLOCK_SZX_MAX;
    for (;;) {
        ob_coap_block hint;
        ob_span value;
        if (!put_body(d, &szx, err)) {
            return false;
        }
        if (d->got.code != OB_COAP_CODE(4, 13) || !is_genuine(d) ||
            !ob_coap_find(&d->got, OB_COAP_BLOCK1, &value) || !ob_coap_block_read(value, &hint) ||
            hint.szx >= szx || d->request->payload.len <= ob_coap_block_size(hint.szx)) {
            return true;
        }
        szx = hint.szx;
    }
}

static uint32_t etag_of(const ob_coap_msg *msg)
{
    uint32_t hash = 2166136261U;
    ob_span value;
    if (!ob_coap_find(msg, OB_COAP_ETAG, &value)) {
        return 0;
    }
    for (size_t i = 0; i < value.len; i++) {
        hash = (hash ^ (uint8_t)value.ptr[i]) * 16777619U;
    }
    return hash | 1;
}

static void keep_place(ob_node_response *r, const ob_coap_msg *got)
{
    ob_coap_option option;
    ob_buf_reset(&r->location);
    for (ob_coap_iter it = ob_coap_options(got); ob_coap_next(&it, &option);) {
        if (option.number == OB_COAP_LOCATION_PATH) {
            ob_buf_add_char(&r->location, '/');
            ob_buf_add(&r->location, option.value);
        }
    }
}

/* Takes what d->got holds, and gets the blocks that follow. */
static bool get_blocks(doing *d, ob_err *err)
{
    ob_node_response *r = d->response;
    ob_coap_block block = {0};
    ob_span value;
    r->code = d->got.code;
    r->has_format = ob_coap_find_uint(&d->got, OB_COAP_CONTENT_FORMAT, &r->format);
    keep_place(r, &d->got);
    ob_buf_reset(&r->body);
    d->etag = etag_of(&d->got);
    for (;;) {
        bool has = ob_coap_find(&d->got, OB_COAP_BLOCK2, &value);
        if (has && (!ob_coap_block_read(value, &block) ||
                    block.number * ob_coap_block_size(block.szx) != r->body.len)) {
            return ob_fail(err, OB_ERR_PEER, "another block came than was asked for");
        }
        ob_buf_add(&r->body, d->got.payload);
        if (!ob_buf_check(&r->body, "the response", err)) {
            return false;
        }
        if (!has || !block.more) {
            return true;
        }
        if (d->got.payload.len != ob_coap_block_size(block.szx)) {
            return ob_fail(err, OB_ERR_PEER, "a block that is not full, and more follow");
        }
        d->extra.has_observe = false;
        d->extra.has_block2 = true;
        d->extra.block2 = (ob_coap_block){.number = block.number + 1, .szx = block.szx};
        if (!step(d, (ob_span){0}, err)) {
            return false;
        }
        if (d->got.code != r->code || etag_of(&d->got) != d->etag) {
            return ob_fail(err, OB_ERR_PEER, "the resource changed while it was read");
        }
    }
}

bool ob_node_client_do(ob_node_client *client, const ob_node_request *request,
                       ob_node_response *response, ob_err *err)
{
    doing d = {.c = client, .request = request, .response = response};
    bool reads = request->method == OB_COAP_GET || request->method == OB_COAP_FETCH;
    uint32_t number = 0;
    d.extra.has_observe = request->observe;
    d.extra.has_block2 = request->has_szx && reads;
    d.extra.block2.szx = request->szx;
    if (!put_blocks(&d, err)) {
        return false;
    }
    response->observing = request->observe && d.got.code >> 5 == 2 &&
                          ob_coap_find_uint(&d.got, OB_COAP_OBSERVE, &number);
    if (request->observe) { /* any other request leaves an observation as it is */
        client->watching = response->observing;
    }
    if (response->observing) {
        client->watched = d.msg;
        client->watched_bind = d.bind;
        client->noted_number = number;
        client->noted_ms = client->wire.now(client->wire.ctx);
    }
    return get_blocks(&d, err);
}

/* Whether a notification is newer than the last one; under OSCORE its number has told already. */
static bool is_news(ob_node_client *c, const ob_coap_msg *msg)
{
    uint64_t now = c->wire.now(c->wire.ctx);
    uint32_t number = 0;
    bool has = ob_coap_find_uint(msg, OB_COAP_OBSERVE, &number);
    if (has && c->context == NULL && !ob_coap_is_newer(c->noted_number, c->noted_ms, number, now)) {
        return false;
    }
    c->noted_number = number;
    c->noted_ms = now;
    c->watching = has;
    return true;
}

bool ob_node_client_next(ob_node_client *client, const ob_node_request *request,
                         ob_node_response *response, ob_err *err)
{
    ob_node_client *c = client;
    doing d = {.c = c, .request = request, .response = response};
    uint64_t until = c->wire.now(c->wire.ctx) + c->wait_ms;
    while (c->watching) {
        ob_coap_arrival a;
        ob_err why = {0};
        bool right = false;
        if (c->wire.now(c->wire.ctx) >= until) {
            return ob_fail(err, OB_ERR_TIMEOUT, "no notification came");
        }
        if (!turn(c, until, &a, err) || !take(c, &a, &c->watched, &right, err)) {
            return false;
        }
        if (!right) {
            continue;
        }
        /* One that is damaged, old, or not protected as it should be is passed over. */
        d.got = a.msg;
        if (open_response(c, &c->watched_bind, &d.got, &response->is_protected, &why) &&
            is_genuine(&d) && is_news(c, &d.got)) {
            response->observing = c->watching;
            return get_blocks(&d, err);
        }
    }
    return ob_fail(err, OB_ERR_PEER, "the server does not notify any more");
}

bool ob_node_client_forget(ob_node_client *client, const ob_node_request *request, ob_err *err)
{
    ob_node_response response = {0};
    doing d = {.c = client, .request = request, .response = &response};
    if (!client->watching) {
        return true;
    }
    client->watching = false;
    d.extra.has_observe = true;
    d.extra.observe = 1;
    d.msg = client->watched;
    return step(&d, (ob_span){0}, err);
}
