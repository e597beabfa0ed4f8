/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A script of requests, in plain, that real clients protect: so what arrives at the server is
 * genuine, and is then repeated, held back, brought out of order, given other ids, damaged, and
 * brought again after a restart. No request is executed twice, none without rights, none that was
 * damaged, none from before a restart; what is answered opens.
 *
 * Four bytes a step: what, and three that say which; the payload of a request follows. A step of
 * kind 8 delivers bytes as they are: seeds hold published messages for the same keys.
 */
#include "fuzz.h"
#include "node/server_parts.h"

#define ASKED 64

/* Kind, code, id and token may be changed by anybody on the way, and so may the outer Observe
 * option behind them (RFC 8613, 4.1.3.5); what changes after these is noticed. */
#define GUARDED 5

enum {
    METER,   /* may do everything */
    DISPLAY, /* may GET /sensor */
    NOBODY   /* without protection; everybody may GET /.well-known/core */
};

/* A request as it was sent. */
typedef struct asked {
    unsigned who;
    bool may;
    bool executed;
    bool answered;
    bool stale;     /* made before a restart */
    size_t guarded; /* what is changed from here on is noticed */
    ob_oscore_bind bind;
    size_t len;
    uint8_t bytes[512];
} asked;

typedef struct play {
    ob_node_server *server;
    ob_oscore clients[2];
    asked list[ASKED];
    size_t count;
    asked *now; /* what is being delivered; NULL: nothing that a client made */
    bool damaged;
    unsigned executed;
    unsigned replies; /* to it */
    uint64_t time;
    uint64_t restarts;
    size_t echo_len;
    uint8_t echo[40];
} play;

static void executed(void *ctx, const ob_coap_msg *request)
{
    play *p = ctx;
    (void)request;
    hold(p->now != NULL && p->now->who == METER && p->now->may);
    hold(!p->now->executed && !p->now->stale && !p->damaged);
    p->now->executed = true;
    p->executed++;
}

/* A reply opens, and says no to whom it must. */
static void check_reply(play *p, asked *a, const ob_coap_msg *msg)
{
    uint8_t work[2 * OB_COAP_DATAGRAM_MAX];
    ob_coap_msg inner = *msg;
    ob_err err = {0};
    ob_span value;
    if (ob_coap_find(msg, OB_COAP_OSCORE, &value)) {
        hold(a->who != NOBODY);
        hold(ob_oscore_open_response(&p->clients[a->who], &a->bind, msg, work, sizeof work, &inner,
                                     &err));
        hold(a->may || inner.code >= OB_COAP_CODE(4, 0));
        if (a->who == METER && ob_coap_find(&inner, OB_COAP_ECHO, &value) &&
            value.len <= sizeof p->echo) {
            hold(inner.code == OB_COAP_CODE(4, 1));
            memcpy(p->echo, value.ptr, value.len);
            p->echo_len = value.len;
        }
    } else {
        hold(msg->code >= OB_COAP_CODE(4, 0) || (a->who == NOBODY && a->may));
    }
}

static void sent(void *ctx, const ob_coap_remote *to, ob_span datagram)
{
    play *p = ctx;
    ob_err err = {0};
    ob_coap_msg msg;
    hold(to->len == 1 && datagram.len <= OB_COAP_DATAGRAM_MAX);
    hold(ob_coap_read(&msg, datagram, &err));
    if (p->damaged || p->now == NULL || msg.code == 0 || msg.token_len != 1 ||
        msg.token[0] != (uint8_t)(p->now - p->list)) {
        return; /* a notification, or an answer to something that nobody asked */
    }
    hold(++p->replies <= 1);
    if (!p->now->answered) {
        p->now->answered = true;
        check_reply(p, p->now, &msg);
    }
}

static const char *const paths[] = {"/sensor",   "/actuator",         "/faults",
                                    "/faults/1", "/.well-known/core", "/none"};

static void write_path(ob_coap_writer *w, const char *path)
{
    ob_span rest = ob_span_str(path + 1);
    ob_span piece;
    while (ob_span_cut(&rest, '/', &piece)) {
        ob_coap_add(w, OB_COAP_URI_PATH, piece);
    }
}

static bool may(unsigned who, const char *path, uint8_t method)
{
    return who == METER || (method == OB_COAP_GET &&
                            (strcmp(path, paths[4]) == 0 || (who == DISPLAY && path == paths[0])));
}

/* b: which path, and which options; NULL: there is no room for more. */
static asked *make(play *p, unsigned a, unsigned b, ob_span payload)
{
    asked *made = &p->list[p->count];
    const char *path = paths[(b & 15) % OB_COUNT(paths)];
    uint8_t options[128];
    ob_err err = {0};
    ob_span datagram;
    if (p->count == ASKED) {
        return NULL;
    }
    *made = (asked){.who = (a & 3) % 3};
    ob_coap_msg msg = {.type = a & 4 ? OB_COAP_NON : OB_COAP_CON,
                       .code = (uint8_t)(1 + (a >> 3 & 7) % 7),
                       .id = (uint16_t)(1000 + p->count),
                       .token_len = 1,
                       .token = {(uint8_t)p->count},
                       .payload = payload};
    ob_coap_writer w = ob_coap_writer_on(options, sizeof options);
    if (b & 16) {
        ob_coap_add_uint(&w, OB_COAP_OBSERVE, b >> 7);
    }
    made->guarded = GUARDED + w.len;
    write_path(&w, path);
    if (b & 32) {
        ob_coap_add_uint(&w, OB_COAP_BLOCK1, (a >> 6 & 1) << 4 | (payload.len == 16 ? 8U : 0U));
    }
    if ((b & 64) && p->echo_len > 0) {
        ob_coap_add(&w, OB_COAP_ECHO, (ob_span){(const char *)p->echo, p->echo_len});
    }
    msg.options = (ob_span){(const char *)options, w.len};
    made->may = may(made->who, path, msg.code);
    if (made->who != NOBODY) {
        hold(ob_oscore_request(&p->clients[made->who], &msg, &made->bind, made->bytes,
                               sizeof made->bytes, &datagram, &err));
    } else {
        ob_coap_writer o = ob_coap_writer_on(made->bytes, sizeof made->bytes);
        ob_coap_option option;
        ob_coap_begin(&o, &msg);
        for (ob_coap_iter it = ob_coap_options(&msg); ob_coap_next(&it, &option);) {
            ob_coap_add(&o, option.number, option.value);
        }
        ob_coap_payload(&o, payload);
        hold(ob_coap_end(&o, &datagram, &err));
    }
    made->len = datagram.len;
    p->count++;
    return made;
}

/* which: NULL for bytes that no client made. damaged: where protection must notice it. */
static void deliver(play *p, asked *which, ob_span bytes, bool damaged)
{
    ob_coap_remote from = {.len = 1, .bytes = {which == NULL ? 9 : (uint8_t)which->who}};
    p->now = which;
    p->damaged = damaged;
    p->replies = 0;
    p->executed = 0;
    ob_node_server_receive(p->server, &from, bytes, p->time, 0);
    hold(p->executed <= 1);
    p->now = NULL;
    p->damaged = false;
}

static void again(play *p, unsigned what, unsigned a, unsigned b, unsigned c)
{
    uint8_t bytes[512];
    if (p->count == 0) {
        return;
    }
    asked *which = &p->list[a % p->count];
    size_t at = b % which->len;
    memcpy(bytes, which->bytes, which->len);
    if (what == 5) {
        bytes[2] ^= (uint8_t)b;
        bytes[3] ^= (uint8_t)c;
    } else if (what == 6) {
        bytes[at] ^= (uint8_t)c;
    }
    bool damaged = what == 6 && c != 0;
    bool noticed = damaged && at >= which->guarded && which->who != NOBODY;
    /* A plain message is what it is when it is damaged, and nobody has made it. */
    deliver(p, damaged && which->who == NOBODY ? NULL : which,
            (ob_span){(const char *)bytes, which->len}, noticed);
}

/* The server forgets what it has seen, as after a crash, and goes on behind all its numbers. */
static void restart(play *p)
{
    obi_key *key = &p->server->keys[0];
    ob_oscore_restart(&key->context, key->context.sequence + 64);
    uint64_t echo = ++p->restarts; /* another one each time, as random ones are */
    memcpy(key->echo, &echo, sizeof key->echo);
    for (size_t i = 0; i < p->count; i++) {
        p->list[i].stale = p->list[i].stale || p->list[i].who == METER;
    }
    p->echo_len = 0;
}

static void step(play *p, const uint8_t *s, ob_span payload)
{
    unsigned what = s[0] % 9;
    if (what <= 3) {
        asked *made = make(p, s[1], s[2], payload);
        if (made != NULL && what < 3) {
            deliver(p, made, (ob_span){(const char *)made->bytes, made->len}, false);
        }
    } else if (what <= 6) {
        again(p, what, s[1], s[2], s[3]);
    } else if (what == 8) {
        deliver(p, NULL, payload, false);
    } else if (s[1] & 1) {
        restart(p);
    } else {
        p->time += (uint64_t)s[2] * 1000;
        ob_node_server_tick(p->server, p->time, 0);
    }
}

/* Keys of RFC 8613, C.1, and others for the second client. */
static void open_keys(play *p)
{
    static const char secret[] = "\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20";
    static const char *const names[2] = {"meter", "display"};
    ob_err err = {0};
    for (size_t i = 0; i < 2; i++) {
        ob_oscore_options o = {.master_secret = {secret, 16},
                               .master_salt = OB_SPAN("\x9e\x7c\xa9\x22\x23\x78\x63\x40"),
                               .sender_id = i == 0 ? OB_SPAN("") : OB_SPAN("\x02"),
                               .recipient_id = OB_SPAN("\x01")};
        obi_key *key = &p->server->keys[i];
        hold(ob_oscore_init(&p->clients[i], &o, &err));
        o.recipient_id = o.sender_id;
        o.sender_id = OB_SPAN("\x01");
        hold(ob_oscore_init(&key->context, &o, &err));
        key->used = true;
        key->learnt = true; /* no file keeps its numbers */
        key->name = ob_span_str(names[i]);
    }
    p->clients[0].sequence = 21; /* behind the published messages */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    const ob_node_right rights[] = {
        {OB_SPAN("meter"), OB_SPAN(""), true, 0xfe, INT64_MAX},
        {OB_SPAN("display"), OB_SPAN("/sensor"), false, 1U << OB_COAP_GET, INT64_MAX},
        {OB_SPAN(OB_NODE_ANYONE), OB_SPAN("/.well-known/core"), false, 1U << OB_COAP_GET,
         INT64_MAX}};
    const ob_node_config config = {.has_rights = true, .rights = rights, .right_count = 3};
    static play p;
    ob_err err = {0};
    p = (play){0};
    ob_node_server_options options = {.config = &config,
                                      .arena = &arena,
                                      .sensor_ms = 2000,
                                      .send = sent,
                                      .executed = executed,
                                      .ctx = &p};
    hold(ob_node_server_open(&p.server, &options, 0, &err));
    open_keys(&p);
    for (size_t at = 0; at + 4 <= size;) {
        const uint8_t *s = data + at;
        bool carries = s[0] % 9 <= 3 || s[0] % 9 == 8;
        size_t len = carries ? s[3] % 200 : 0;
        at += 4;
        len = len < size - at ? len : size - at;
        step(&p, s, (ob_span){(const char *)data + at, len});
        at += len;
    }
    hold(ob_node_server_broken(p.server) == NULL);
    ob_node_server_close(p.server);
    return 0;
}
