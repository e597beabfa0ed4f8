/* SPDX-License-Identifier: Apache-2.0 */
/* Confirmable messages until they are acknowledged, and messages that come again: RFC 7252, 4. */
#include <ombud/exchange.h>

#define HEADER 4

static const ob_coap_times standard = {2000, 1000, 4, 247000, 145000};

bool ob_coap_same_remote(const ob_coap_remote *a, const ob_coap_remote *b)
{
    return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

void ob_coap_peer_init(ob_coap_peer *peer, const ob_coap_peer_options *options)
{
    ob_coap_times *times = &peer->options.times;
    *peer = (ob_coap_peer){.options = *options, .id = options->first_id};
    times->ack_ms = times->ack_ms == 0 ? standard.ack_ms : times->ack_ms;
    times->spread_ms = times->spread_ms == 0 ? standard.spread_ms : times->spread_ms;
    times->tries = times->tries == 0 ? standard.tries : times->tries;
    times->lifetime_ms = times->lifetime_ms == 0 ? standard.lifetime_ms : times->lifetime_ms;
    times->non_lifetime_ms =
        times->non_lifetime_ms == 0 ? standard.non_lifetime_ms : times->non_lifetime_ms;
    for (size_t i = 0; i < options->sent_count; i++) {
        options->sent[i].used = false;
    }
    for (size_t i = 0; i < options->seen_count; i++) {
        options->seen[i].used = false;
    }
}

uint16_t ob_coap_peer_id(ob_coap_peer *peer)
{
    return peer->id++;
}

bool ob_coap_peer_keep(ob_coap_peer *peer, const ob_coap_remote *remote, ob_span datagram,
                       uint32_t tag, uint64_t now_ms, uint32_t random, ob_err *err)
{
    const ob_coap_times *times = &peer->options.times;
    if (datagram.len > OB_COAP_DATAGRAM_MAX || datagram.len < HEADER) {
        return ob_fail(err, OB_ERR_LIMIT, "a message of %zu bytes; %d are the most", datagram.len,
                       OB_COAP_DATAGRAM_MAX);
    }
    for (size_t i = 0; i < peer->options.sent_count; i++) {
        ob_coap_sent *s = &peer->options.sent[i];
        if (s->used) {
            continue;
        }
        s->used = true;
        s->tries = 0;
        s->id = (uint16_t)((uint8_t)datagram.ptr[2] << 8 | (uint8_t)datagram.ptr[3]);
        s->tag = tag;
        s->wait_ms = times->ack_ms + (uint32_t)((uint64_t)random * times->spread_ms >> 32);
        s->due_ms = now_ms + s->wait_ms;
        s->remote = *remote;
        s->len = datagram.len;
        memcpy(s->bytes, datagram.ptr, datagram.len);
        return true;
    }
    return ob_fail(err, OB_ERR_LIMIT, "%zu messages are on their way already",
                   peer->options.sent_count);
}

/* The message of one's own that an ACK or RST names. */
static ob_coap_sent *sent_by_id(ob_coap_peer *peer, const ob_coap_remote *remote, uint16_t id)
{
    for (size_t i = 0; i < peer->options.sent_count; i++) {
        ob_coap_sent *s = &peer->options.sent[i];
        if (s->used && s->id == id && ob_coap_same_remote(&s->remote, remote)) {
            return s;
        }
    }
    return NULL;
}

/* The request that a response on its own answers: it arrived, so it need not be sent again, even if
 * its ACK was lost (5.2.2). */
static ob_coap_sent *sent_by_token(ob_coap_peer *peer, const ob_coap_remote *remote,
                                   const ob_coap_msg *msg)
{
    for (size_t i = 0; i < peer->options.sent_count; i++) {
        ob_coap_sent *s = &peer->options.sent[i];
        if (s->used && s->bytes[1] < 32 && (s->bytes[0] & 15) == msg->token_len &&
            memcmp(s->bytes + HEADER, msg->token, msg->token_len) == 0 &&
            ob_coap_same_remote(&s->remote, remote)) {
            return s;
        }
    }
    return NULL;
}

static void settle(ob_coap_sent *s, ob_coap_arrival *arrival)
{
    if (s != NULL) {
        arrival->has_tag = true;
        arrival->tag = s->tag;
        s->used = false;
    }
}

static ob_coap_seen *seen_before(ob_coap_peer *peer, const ob_coap_remote *remote, uint16_t id,
                                 uint64_t now_ms)
{
    for (size_t i = 0; i < peer->options.seen_count; i++) {
        ob_coap_seen *s = &peer->options.seen[i];
        if (s->used && s->id == id && now_ms < s->until_ms &&
            ob_coap_same_remote(&s->remote, remote)) {
            return s;
        }
    }
    return NULL;
}

/* A place for a message that is new: a free one, else the one that would be forgotten first. */
static size_t see(ob_coap_peer *peer, const ob_coap_remote *remote, const ob_coap_msg *msg,
                  uint64_t now_ms)
{
    const ob_coap_times *times = &peer->options.times;
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < peer->options.seen_count; i++) {
        const ob_coap_seen *s = &peer->options.seen[i];
        if (!s->used) {
            best = i;
            break;
        }
        if (best == SIZE_MAX || s->until_ms < peer->options.seen[best].until_ms) {
            best = i;
        }
    }
    if (best != SIZE_MAX) {
        ob_coap_seen *s = &peer->options.seen[best];
        bool confirmable = msg->type == OB_COAP_CON;
        s->used = true;
        s->confirmable = confirmable;
        s->id = msg->id;
        s->until_ms = now_ms + (confirmable ? times->lifetime_ms : times->non_lifetime_ms);
        s->remote = *remote;
        s->len = 0;
    }
    return best;
}

/* An empty ACK or RST. It is kept in the table where the message has a place there; a peer that has
 * no table at all uses the first bytes of what it sends, so there must be one place at least. */
static ob_span empty(ob_coap_peer *peer, ob_coap_arrival *arrival, ob_coap_type type)
{
    if (arrival->seen == SIZE_MAX) {
        return (ob_span){0};
    }
    ob_coap_seen *s = &peer->options.seen[arrival->seen];
    s->bytes[0] = (uint8_t)(0x40U | (unsigned)type << 4);
    s->bytes[1] = OB_COAP_EMPTY;
    s->bytes[2] = (uint8_t)(s->id >> 8);
    s->bytes[3] = (uint8_t)s->id;
    s->len = HEADER;
    return (ob_span){(const char *)s->bytes, HEADER};
}

ob_span ob_coap_peer_ack(ob_coap_peer *peer, ob_coap_arrival *arrival)
{
    return arrival->msg.type == OB_COAP_CON ? empty(peer, arrival, OB_COAP_ACK) : (ob_span){0};
}

ob_span ob_coap_peer_reset(ob_coap_peer *peer, ob_coap_arrival *arrival)
{
    return arrival->msg.type == OB_COAP_CON || arrival->msg.type == OB_COAP_NON
               ? empty(peer, arrival, OB_COAP_RST)
               : (ob_span){0};
}

void ob_coap_peer_answer(ob_coap_peer *peer, const ob_coap_arrival *arrival, ob_span datagram)
{
    if (arrival->seen != SIZE_MAX && datagram.len <= OB_COAP_DATAGRAM_MAX) {
        ob_coap_seen *s = &peer->options.seen[arrival->seen];
        s->len = datagram.len;
        memcpy(s->bytes, datagram.ptr, datagram.len);
    }
}

/* 2.xx, 4.xx, 5.xx; 1, 6 and 7 are reserved (3). */
static bool is_response(uint8_t code)
{
    unsigned class_ = code >> 5;
    return class_ == 2 || class_ == 4 || class_ == 5;
}

static bool is_request(uint8_t code)
{
    return code > 0 && code < 32;
}

/* What can be said of a datagram that is no message: its type and id stand where they always do. */
static bool read_damaged(ob_coap_msg *msg, ob_span datagram)
{
    if (datagram.len < HEADER || ((uint8_t)datagram.ptr[0] >> 6) != 1) {
        return false;
    }
    *msg =
        (ob_coap_msg){.type = (uint8_t)datagram.ptr[0] >> 4 & 3,
                      .id = (uint16_t)((uint8_t)datagram.ptr[2] << 8 | (uint8_t)datagram.ptr[3])};
    return true;
}

static void answered(ob_coap_peer *peer, const ob_coap_remote *remote, ob_coap_arrival *a)
{
    const ob_coap_msg *msg = &a->msg;
    ob_coap_sent *s = sent_by_id(peer, remote, msg->id);
    if (msg->type == OB_COAP_RST) {
        a->event = s == NULL ? OB_COAP_NOTHING : OB_COAP_REJECTED;
    } else if (msg->code == OB_COAP_EMPTY) {
        a->event = s == NULL ? OB_COAP_NOTHING : OB_COAP_ACKNOWLEDGED;
    } else if (is_response(msg->code) && s != NULL) {
        a->event = OB_COAP_RESPONSE;
    } else {
        return; /* an ACK that carries a request, or belongs to nothing */
    }
    settle(s, a);
}

void ob_coap_peer_receive(ob_coap_peer *peer, const ob_coap_remote *remote, ob_span datagram,
                          uint64_t now_ms, ob_coap_arrival *arrival)
{
    ob_err err = {0};
    ob_coap_arrival a = {.seen = SIZE_MAX};
    bool good = ob_coap_read(&a.msg, datagram, &err);
    if (!good && !read_damaged(&a.msg, datagram)) {
        *arrival = a;
        return;
    }
    if (a.msg.type == OB_COAP_ACK || a.msg.type == OB_COAP_RST) {
        if (good) {
            answered(peer, remote, &a);
        }
        *arrival = a;
        return;
    }
    ob_coap_seen *before = seen_before(peer, remote, a.msg.id, now_ms);
    if (before != NULL) {
        peer->came_again++;
        a.answer = before->confirmable ? (ob_span){(const char *)before->bytes, before->len}
                                       : (ob_span){0};
    } else if (good && (is_request(a.msg.code) || is_response(a.msg.code))) {
        a.seen = see(peer, remote, &a.msg, now_ms);
        a.event = is_request(a.msg.code) ? OB_COAP_REQUEST : OB_COAP_RESPONSE;
        if (a.event == OB_COAP_RESPONSE) {
            settle(sent_by_token(peer, remote, &a.msg), &a);
        }
    } else if (a.msg.type == OB_COAP_CON) {
        a.seen = see(peer, remote, &a.msg, now_ms);
        a.answer = ob_coap_peer_reset(peer, &a);
    }
    *arrival = a;
}

bool ob_coap_peer_due(ob_coap_peer *peer, uint64_t now_ms, ob_coap_again *again)
{
    for (size_t i = 0; i < peer->options.sent_count; i++) {
        ob_coap_sent *s = &peer->options.sent[i];
        if (!s->used || s->due_ms > now_ms) {
            continue;
        }
        *again = (ob_coap_again){
            .remote = &s->remote, .datagram = {(const char *)s->bytes, s->len}, .tag = s->tag};
        if (s->tries >= peer->options.times.tries) {
            s->used = false;
            again->gave_up = true;
            again->datagram = (ob_span){0};
        } else {
            s->tries++;
            s->wait_ms *= 2;
            s->due_ms = now_ms + s->wait_ms;
            peer->sent_again++;
        }
        return true;
    }
    return false;
}

uint64_t ob_coap_peer_wake(const ob_coap_peer *peer)
{
    uint64_t first = UINT64_MAX;
    for (size_t i = 0; i < peer->options.sent_count; i++) {
        const ob_coap_sent *s = &peer->options.sent[i];
        first = s->used && s->due_ms < first ? s->due_ms : first;
    }
    return first;
}

void ob_coap_peer_forget(ob_coap_peer *peer, uint32_t tag)
{
    for (size_t i = 0; i < peer->options.sent_count; i++) {
        if (peer->options.sent[i].tag == tag) {
            peer->options.sent[i].used = false;
        }
    }
}
