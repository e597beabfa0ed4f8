/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who observes /sensor, and what they are told (RFC 7641). Every eighth notification asks for
 * confirmation, so that one who is gone is forgotten (4.5); while it is on its way no other is sent
 * to that observer, and then the state of that time, not each one in between.
 */
#include "node/server_parts.h"

#define CONFIRM_EVERY 8

static size_t place(const ob_node_server *s, const ob_coap_observer *o)
{
    return (size_t)(o - s->observers);
}

/* The observation with that token of that client, whoever it says it is; NULL: none. */
static ob_coap_observer *observer_of(ob_node_server *s, const obi_request *q)
{
    for (size_t i = 0; i < OBI_OBSERVERS; i++) {
        ob_coap_observer *o = &s->observers[i];
        if (o->used && o->token_len == q->msg->token_len &&
            memcmp(o->token, q->msg->token, o->token_len) == 0 &&
            ob_coap_same_remote(&o->remote, q->remote)) {
            return o;
        }
    }
    return NULL;
}

/* Nobody is told any more, and what becomes of a notification on its way is no news of whoever has
 * the place next. */
static void end_watch(ob_node_server *s, ob_coap_observer *o)
{
    o->used = false;
    ob_coap_peer_forget(&s->peer, (uint32_t)place(s, o));
}

/*
 * With Observe 0 the request begins, with 1 it ends, what it asks for is answered either way. Where
 * the list is full it is answered as without the option, and so it is where the observation is of
 * another context: an address and a token can be forged.
 */
void obi_node_watch_begin(ob_node_server *s, const obi_request *q, obi_reply *r)
{
    uint32_t observe = 2;
    ob_span value;
    ob_coap_block block = {.szx = OB_COAP_BLOCK_SZX_MAX};
    ob_coap_observer *o = observer_of(s, q);
    if (!ob_coap_find_uint(q->msg, OB_COAP_OBSERVE, &observe) || observe > 1 ||
        (o != NULL && s->watches[place(s, o)].key != q->key)) {
        return;
    }
    if (observe == 1) {
        if (o != NULL) {
            end_watch(s, o);
        }
        return;
    }
    if (ob_coap_find(q->msg, OB_COAP_BLOCK2, &value) && !ob_coap_block_read(value, &block)) {
        return;
    }
    o = ob_coap_observe(s->observers, OBI_OBSERVERS, q->remote, q->msg, s->reading);
    if (o == NULL) {
        return;
    }
    s->watches[place(s, o)] = (obi_watch){.key = q->key, .szx = block.szx, .bind = q->bind};
    r->observe = true;
    r->observe_value = s->reading;
}

/* The tag of a notification: which observer, and which of its uses. */
static void notify(ob_node_server *s, ob_coap_observer *o, uint64_t now_ms, int64_t wall_ms)
{
    obi_watch *watch = &s->watches[place(s, o)];
    uint8_t out[OB_COAP_DATAGRAM_MAX];
    ob_err err = {0};
    obi_reply r = {.format = OBI_NO_FORMAT};
    if (o->waiting) {
        o->behind = true;
        return;
    }
    bool may = ob_node_may(s->options.config, obi_node_name_of(s, watch->key), OB_SPAN("/sensor"),
                           OB_COAP_GET, wall_ms);
    if (!may) { /* a right has ended: the last word, without the option */
        obi_node_refuse(&r, watch->key == OBI_NOBODY ? OB_COAP_CODE(4, 1) : OB_COAP_CODE(4, 3),
                        NULL);
        o->used = false;
    } else {
        r.observe = true;
        r.observe_value = s->reading;
        r.format = OBI_FORMAT_JSON;
        r.code = OB_COAP_CODE(2, 5);
        obi_node_cut(&r, obi_node_sensor(s), watch->szx, NULL);
    }
    bool confirm = may && ++o->count % CONFIRM_EVERY == 0;
    ob_coap_msg msg = {.type = confirm ? OB_COAP_CON : OB_COAP_NON,
                       .id = ob_coap_peer_id(&s->peer),
                       .token_len = o->token_len};
    memcpy(msg.token, o->token, sizeof msg.token);
    watch->id = msg.id;
    ob_span sent = obi_node_send(s, &o->remote, &msg, &r, watch->key, &watch->bind, out);
    if (sent.len == 0) {
        o->used = false;
    } else if (confirm) {
        o->waiting = ob_coap_peer_keep(&s->peer, &o->remote, sent, (uint32_t)place(s, o), now_ms,
                                       obi_node_random(s), &err);
    }
}

void obi_node_sensor_changed(ob_node_server *s, uint64_t now_ms, int64_t wall_ms)
{
    s->reading = (s->reading + 1) & 0xffffff;
    for (size_t i = 0; i < OBI_OBSERVERS; i++) {
        if (s->observers[i].used) {
            notify(s, &s->observers[i], now_ms, wall_ms);
        }
    }
}

void obi_node_notified(ob_node_server *s, uint32_t tag, bool wanted, uint64_t now_ms,
                       int64_t wall_ms)
{
    if (tag >= OBI_OBSERVERS || !s->observers[tag].used) {
        return;
    }
    ob_coap_observer *o = &s->observers[tag];
    o->waiting = false;
    o->used = wanted;
    if (wanted && o->behind) {
        o->behind = false;
        notify(s, o, now_ms, wall_ms);
    }
}

void obi_node_watch_forget(ob_node_server *s, size_t key)
{
    for (size_t i = 0; i < OBI_OBSERVERS; i++) {
        if (s->observers[i].used && s->watches[i].key == key) {
            end_watch(s, &s->observers[i]);
        }
    }
}

void obi_node_unwanted(ob_node_server *s, const ob_coap_remote *from, uint16_t id)
{
    for (size_t i = 0; i < OBI_OBSERVERS; i++) {
        ob_coap_observer *o = &s->observers[i];
        if (o->used && !o->waiting && o->count > 0 && s->watches[i].id == id &&
            ob_coap_same_remote(&o->remote, from)) {
            o->used = false;
        }
    }
}
