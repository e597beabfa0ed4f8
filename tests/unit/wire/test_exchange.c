/* SPDX-License-Identifier: Apache-2.0 */
/* Exchanges of CoAP with a clock that is made up and a wire that loses, doubles and delays. */
#include "ob_test.h"

#include <ombud/exchange.h>
#include <ombud/sys.h>

#define SENT 16
#define SEEN 70 /* more than a lifetime has, with one request in four seconds */

typedef struct end {
    ob_coap_peer peer;
    ob_coap_sent sent[SENT];
    ob_coap_seen seen[SEEN];
} end;

static const ob_coap_remote far = {.len = 3, .bytes = "far"};
static const ob_coap_remote near = {.len = 4, .bytes = "near"};

static void start(end *e, uint16_t first_id)
{
    ob_coap_peer_init(&e->peer, &(ob_coap_peer_options){.sent = e->sent,
                                                        .sent_count = SENT,
                                                        .seen = e->seen,
                                                        .seen_count = SEEN,
                                                        .first_id = first_id});
}

static ob_span make(char bytes[64], uint8_t type, uint8_t code, uint16_t id, uint32_t token)
{
    ob_err err = {0};
    ob_span made;
    ob_coap_msg msg = {.type = type, .code = code, .id = id, .token_len = code == 0 ? 0 : 4};
    memcpy(msg.token, &token, 4);
    ob_coap_writer w = ob_coap_writer_on(bytes, 64);
    ob_coap_begin(&w, &msg);
    assert_ok(ob_coap_end(&w, &made, &err));
    return made;
}

static ob_coap_arrival receive(end *e, const ob_coap_remote *from, ob_span datagram, uint64_t now)
{
    ob_coap_arrival a;
    ob_coap_peer_receive(&e->peer, from, datagram, now, &a);
    return a;
}

/* RFC 7252 4.2: after 2 to 3 seconds, then twice as long each time, four times. */
static void a_message_is_sent_again_until_the_caller_is_told_that_nobody_answers(void **state)
{
    (void)state;
    ob_err err = {0};
    static end e;
    char bytes[64];
    ob_coap_again again;

    const struct {
        uint32_t random;
        uint64_t first;
    } rows[] = {{0, 2000}, {UINT32_MAX, 2999}, {1U << 31, 2500}};

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        start(&e, 7);
        ob_span m = make(bytes, OB_COAP_CON, OB_COAP_GET, ob_coap_peer_id(&e.peer), 1);
        assert_ok(ob_coap_peer_keep(&e.peer, &far, m, 5, 1000, rows[i].random, &err));
        uint64_t now = 1000;
        for (unsigned k = 0; k < 4; k++) {
            now += rows[i].first << k;
            assert_int_equal(ob_coap_peer_wake(&e.peer), now);
            assert_false(ob_coap_peer_due(&e.peer, now - 1, &again));
            assert_true(ob_coap_peer_due(&e.peer, now, &again));
            assert_true(ob_span_is(again.datagram, m) && !again.gave_up);
            assert_false(ob_coap_peer_due(&e.peer, now, &again));
        }
        assert_true(ob_coap_peer_due(&e.peer, now + (rows[i].first << 4), &again));
        assert_true(again.gave_up && again.tag == 5 && again.datagram.len == 0);
        assert_true(ob_coap_peer_wake(&e.peer) == UINT64_MAX);
        assert_int_equal(e.peer.sent_again, 4);
    }
}

static void what_settles_a_message(void **state)
{
    (void)state;
    ob_err err = {0};
    static end e;
    char sent[64];
    char bytes[64];

    const struct {
        uint8_t type;
        uint8_t code;
        uint16_t id;
        uint32_t token;
        ob_coap_event event;
        bool settled;
    } rows[] = {
        {OB_COAP_ACK, 0, 7, 0, OB_COAP_ACKNOWLEDGED, true},
        {OB_COAP_ACK, OB_COAP_CODE(2, 5), 7, 1, OB_COAP_RESPONSE, true},
        {OB_COAP_RST, 0, 7, 0, OB_COAP_REJECTED, true},
        {OB_COAP_CON, OB_COAP_CODE(2, 5), 900, 1, OB_COAP_RESPONSE, true}, /* its ACK was lost */
        {OB_COAP_NON, OB_COAP_CODE(2, 5), 900, 1, OB_COAP_RESPONSE, true},
        {OB_COAP_NON, OB_COAP_CODE(2, 5), 900, 2, OB_COAP_RESPONSE, false},
        {OB_COAP_ACK, 0, 8, 0, OB_COAP_NOTHING, false},
        {OB_COAP_ACK, OB_COAP_CODE(2, 5), 8, 1, OB_COAP_NOTHING, false},
        {OB_COAP_ACK, OB_COAP_GET, 7, 1, OB_COAP_NOTHING, false},
        {OB_COAP_RST, 0, 8, 0, OB_COAP_NOTHING, false},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        start(&e, 7);
        ob_span m = make(sent, OB_COAP_CON, OB_COAP_GET, ob_coap_peer_id(&e.peer), 1);
        assert_ok(ob_coap_peer_keep(&e.peer, &far, m, 5, 0, 0, &err));
        ob_span got = make(bytes, rows[i].type, rows[i].code, rows[i].id, rows[i].token);
        ob_coap_arrival a = receive(&e, &near, got, 1); /* from elsewhere: never */
        assert_false(a.has_tag);
        start(&e, 7);
        m = make(sent, OB_COAP_CON, OB_COAP_GET, ob_coap_peer_id(&e.peer), 1);
        assert_ok(ob_coap_peer_keep(&e.peer, &far, m, 5, 0, 0, &err));
        a = receive(&e, &far, got, 1);
        assert_int_equal(a.event, rows[i].event);
        assert_int_equal(a.has_tag, rows[i].settled);
        assert_int_equal(ob_coap_peer_wake(&e.peer) == UINT64_MAX, rows[i].settled);
        assert_true(!a.has_tag || a.tag == 5);
    }
}

static void what_came_before_is_answered_the_same_and_not_given_again(void **state)
{
    (void)state;
    static end e;
    char bytes[64];
    char more[64];
    start(&e, 1);
    ob_span request = make(bytes, OB_COAP_CON, OB_COAP_POST, 40, 9);
    ob_coap_arrival a = receive(&e, &far, request, 100);
    assert_int_equal(a.event, OB_COAP_REQUEST);
    ob_coap_arrival early = receive(&e, &far, request, 101); /* not answered yet: silence */
    assert_true(early.event == OB_COAP_NOTHING && early.answer.len == 0);
    ob_span answer = make(more, OB_COAP_ACK, OB_COAP_CODE(2, 1), 40, 9);
    ob_coap_peer_answer(&e.peer, &a, answer);
    a = receive(&e, &far, request, 247099);
    assert_true(a.event == OB_COAP_NOTHING && ob_span_is(a.answer, answer));
    assert_int_equal(e.peer.came_again, 2);
    assert_int_equal(receive(&e, &near, request, 200).event, OB_COAP_REQUEST);
    assert_int_equal(receive(&e, &far, request, 247100).event, OB_COAP_REQUEST);

    /* A response that comes later: first an empty ACK, which a repeated request gets again. */
    request = make(bytes, OB_COAP_CON, OB_COAP_GET, 41, 9);
    a = receive(&e, &far, request, 300000);
    ob_span ack = ob_coap_peer_ack(&e.peer, &a);
    assert_int_equal(ack.len, 4);
    assert_memory_equal(ack.ptr, "\x60\x00\x00\x29", 4);
    a = receive(&e, &far, request, 300001);
    assert_memory_equal(a.answer.ptr, "\x60\x00\x00\x29", 4);

    /* One that asks for no confirmation is never answered twice. */
    request = make(bytes, OB_COAP_NON, OB_COAP_GET, 42, 9);
    a = receive(&e, &far, request, 300002);
    assert_int_equal(ob_coap_peer_ack(&e.peer, &a).len, 0);
    ob_coap_peer_answer(&e.peer, &a, answer);
    a = receive(&e, &far, request, 300003);
    assert_true(a.event == OB_COAP_NOTHING && a.answer.len == 0);
}

static void what_nobody_understands_is_reset(void **state)
{
    (void)state;
    static end e;

    const struct {
        const char *bytes;
        size_t len;
        const char *reset; /* NULL: silence */
    } rows[] = {
        {"\x40\x00\x12\x34", 4, "\x70\x00\x12\x34"},     /* a ping */
        {"\x40\x01\x12\x34\xff", 5, "\x70\x00\x12\x34"}, /* a marker without payload */
        {"\x49\x01\x12\x34"
         "aaaaaaaaa",
         13, "\x70\x00\x12\x34"},                    /* a token of nine bytes */
        {"\x40\xe1\x12\x34", 4, "\x70\x00\x12\x34"}, /* a code of class 7 */
        {"\x50\x00\x12\x34", 4, NULL},
        {"\x50\x01\x12\x34\xff", 5, NULL},
        {"\x60\x01\x12\x34\xff", 5, NULL},
        {"\x70\x01\x12\x34\xff", 5, NULL},
        {"\x80\x01\x12\x34", 4, NULL}, /* another version */
        {"\x40\x01\x12", 3, NULL},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        start(&e, 1);
        ob_coap_arrival a = receive(&e, &far, (ob_span){rows[i].bytes, rows[i].len}, 1);
        assert_int_equal(a.event, OB_COAP_NOTHING);
        assert_int_equal(a.answer.len, rows[i].reset == NULL ? 0 : 4);
        if (rows[i].reset != NULL) {
            assert_memory_equal(a.answer.ptr, rows[i].reset, 4);
        }
    }
    char bytes[64]; /* and a notification that nobody waits for, by choice of the caller */
    start(&e, 1);
    ob_coap_arrival a =
        receive(&e, &far, make(bytes, OB_COAP_NON, OB_COAP_CODE(2, 5), 0x1234, 3), 1);
    assert_int_equal(a.event, OB_COAP_RESPONSE);
    assert_memory_equal(ob_coap_peer_reset(&e.peer, &a).ptr, "\x70\x00\x12\x34", 4);
}

static void the_oldest_is_forgotten_where_the_table_is_full(void **state)
{
    (void)state;
    static end e;
    char bytes[64];
    start(&e, 1);
    for (uint16_t id = 0; id <= SEEN; id++) {
        ob_span m = make(bytes, OB_COAP_CON, OB_COAP_GET, id, 1);
        assert_int_equal(receive(&e, &far, m, 10U + id).event, OB_COAP_REQUEST);
    }
    for (uint16_t id = 1; id <= SEEN; id++) {
        ob_span m = make(bytes, OB_COAP_CON, OB_COAP_GET, id, 1);
        assert_int_equal(receive(&e, &far, m, 100).event, OB_COAP_NOTHING);
    }
    ob_span m = make(bytes, OB_COAP_CON, OB_COAP_GET, 0, 1);
    assert_int_equal(receive(&e, &far, m, 100).event, OB_COAP_REQUEST);
    ob_err err = {0};
    for (size_t i = 0; i < SENT; i++) {
        assert_ok(ob_coap_peer_keep(&e.peer, &far, m, 1, 0, 0, &err));
    }
    assert_fails(ob_coap_peer_keep(&e.peer, &far, m, 1, 0, 0, &err), OB_ERR_LIMIT, "16 messages");
    ob_coap_peer_forget(&e.peer, 1);
    assert_ok(ob_coap_peer_keep(&e.peer, &far, m, 1, 0, 0, &err));
}

/* The wire: datagrams with the time when they arrive. */
typedef struct parcel {
    bool used;
    bool to_server;
    uint64_t at;
    size_t len;
    char bytes[64];
} parcel;

typedef struct wire {
    ob_rng rng;
    parcel parcels[256];
    unsigned loss; /* of 100 */
} wire;

static void post(wire *w, bool to_server, ob_span datagram, uint64_t now)
{
    unsigned copies = ob_rng_below(&w->rng, 100) < w->loss ? 0
                      : ob_rng_below(&w->rng, 100) < 20    ? 2
                                                           : 1;
    for (size_t i = 0; i < OB_COUNT(w->parcels) && copies > 0; i++) {
        parcel *p = &w->parcels[i];
        if (!p->used) {
            *p = (parcel){.used = true,
                          .to_server = to_server,
                          .at = now + ob_rng_below(&w->rng, 5000),
                          .len = datagram.len};
            memcpy(p->bytes, datagram.ptr, datagram.len);
            copies--;
        }
    }
    assert_int_equal(copies, 0);
}

#define REQUESTS 400

typedef struct run {
    wire wire;
    end client;
    end server;
    unsigned executed[REQUESTS];
    unsigned answered[REQUESTS];
    unsigned gave_up;
} run;

/* Every second request is answered piggybacked, the others on their own after an empty ACK. */
static void serve(run *r, ob_coap_arrival *a, uint64_t now)
{
    ob_err err = {0};
    char bytes[64];
    uint32_t token = 0;
    memcpy(&token, a->msg.token, 4);
    assert_true(token < REQUESTS);
    r->executed[token]++;
    if (token % 2 == 0) {
        ob_span m = make(bytes, OB_COAP_ACK, OB_COAP_CODE(2, 4), a->msg.id, token);
        ob_coap_peer_answer(&r->server.peer, a, m);
        post(&r->wire, false, m, now);
        return;
    }
    post(&r->wire, false, ob_coap_peer_ack(&r->server.peer, a), now);
    ob_span m =
        make(bytes, OB_COAP_CON, OB_COAP_CODE(2, 4), ob_coap_peer_id(&r->server.peer), token);
    if (ob_coap_peer_keep(&r->server.peer, &near, m, 1000 + token, now, 77, &err)) {
        post(&r->wire, false, m, now);
    }
}

static void deliver(run *r, parcel *p, uint64_t now)
{
    end *e = p->to_server ? &r->server : &r->client;
    ob_coap_arrival a = receive(e, p->to_server ? &near : &far, (ob_span){p->bytes, p->len}, now);
    p->used = false;
    if (a.answer.len > 0) {
        post(&r->wire, !p->to_server, a.answer, now);
    }
    if (a.event == OB_COAP_REQUEST) {
        serve(r, &a, now);
    } else if (a.event == OB_COAP_RESPONSE) {
        uint32_t token = 0;
        memcpy(&token, a.msg.token, 4);
        r->answered[token]++;
        ob_span ack = ob_coap_peer_ack(&e->peer, &a);
        if (ack.len > 0) {
            post(&r->wire, !p->to_server, ack, now);
        }
    }
}

static void pass(run *r, uint64_t now)
{
    ob_coap_again again;
    for (size_t i = 0; i < OB_COUNT(r->wire.parcels); i++) {
        if (r->wire.parcels[i].used && r->wire.parcels[i].at <= now) {
            deliver(r, &r->wire.parcels[i], now);
        }
    }
    while (ob_coap_peer_due(&r->client.peer, now, &again)) {
        r->gave_up += again.gave_up;
        if (!again.gave_up) {
            post(&r->wire, true, again.datagram, now);
        }
    }
    while (ob_coap_peer_due(&r->server.peer, now, &again)) {
        if (!again.gave_up) {
            post(&r->wire, false, again.datagram, now);
        }
    }
}

static void over_a_bad_wire_every_request_is_executed_once_at_most(void **state)
{
    (void)state;
    static run r;
    for (unsigned loss = 0; loss <= 40; loss += 20) {
        ob_err err = {0};
        char bytes[64];
        uint32_t next = 0;
        unsigned executed = 0;
        unsigned answered = 0;
        r = (run){.wire = {.loss = loss}};
        assert_ok(ob_rng_init(&r.wire.rng, OB_SPAN("wire"), (ob_span){0}, &err));
        start(&r.client, 65500); /* the numbers go round */
        start(&r.server, 3);
        for (uint64_t now = 0; now < 3000000; now += 100) {
            if (now % 4000 == 0 && next < REQUESTS) {
                ob_span m =
                    make(bytes, OB_COAP_CON, OB_COAP_POST, ob_coap_peer_id(&r.client.peer), next);
                if (ob_coap_peer_keep(&r.client.peer, &far, m, next, now,
                                      (uint32_t)ob_rng_u64(&r.wire.rng), &err)) {
                    post(&r.wire, true, m, now);
                    next++;
                }
            }
            pass(&r, now);
        }
        assert_int_equal(next, REQUESTS);
        for (size_t i = 0; i < REQUESTS; i++) {
            assert_in_range(r.executed[i], 0, 1);
            assert_in_range(r.answered[i], 0, 1);
            executed += r.executed[i];
            answered += r.answered[i];
        }
        assert_true(loss > 0 || (answered == REQUESTS && r.gave_up == 0));
        assert_in_range(executed, REQUESTS * 9 / 10, REQUESTS);
        assert_in_range(answered, REQUESTS * 8 / 10, executed);
    }
}

static void blocks_take_a_body_apart_and_put_it_together(void **state)
{
    (void)state;
    char body[1000];
    uint8_t back[1000];
    for (size_t i = 0; i < sizeof body; i++) {
        body[i] = (char)(i * 7);
    }
    for (uint8_t szx = 0; szx <= 6; szx++) {
        for (size_t len = 0; len <= sizeof body; len += len < 40 ? 1 : 13) {
            ob_coap_body made = {.ptr = back, .cap = sizeof back};
            ob_coap_body_step step = OB_COAP_BODY_MORE;
            for (uint32_t n = 0; step == OB_COAP_BODY_MORE; n++) {
                ob_coap_block block = {.number = n, .szx = szx};
                ob_coap_block again;
                ob_span slice;
                assert_true(ob_coap_block_slice((ob_span){body, len}, &block, &slice));
                uint32_t value = ob_coap_block_value(&block);
                char wire_form[3] = {(char)(value >> 16), (char)(value >> 8), (char)value};
                assert_true(ob_coap_block_read((ob_span){wire_form, 3}, &again));
                assert_true(again.number == n && again.more == block.more && again.szx == szx);
                step = ob_coap_body_add(&made, &again, slice);
                assert_int_equal(ob_coap_body_add(&made, &again, slice), step); /* twice */
            }
            assert_int_equal(step, OB_COAP_BODY_DONE);
            assert_int_equal(made.len, len);
            assert_memory_equal(back, body, len);
        }
    }
    ob_coap_block behind = {.number = 63, .szx = 0};
    ob_span slice;
    assert_false(ob_coap_block_slice((ob_span){body, 1000}, &behind, &slice) && behind.more);
    behind.number = 64;
    assert_false(ob_coap_block_slice((ob_span){body, 1000}, &behind, &slice));
}

static void blocks_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    uint8_t back[40];
    ob_coap_body b = {.ptr = back, .cap = sizeof back};
    ob_span full = OB_SPAN("0123456789abcdef");
    ob_coap_block block = {.number = 1, .more = true};
    assert_int_equal(ob_coap_body_add(&b, &block, full), OB_COAP_BODY_GAP);
    block.number = 0;
    assert_int_equal(ob_coap_body_add(&b, &block, OB_SPAN("short")), OB_COAP_BODY_GAP);
    assert_int_equal(ob_coap_body_add(&b, &block, full), OB_COAP_BODY_MORE);
    block.number = 2;
    assert_int_equal(ob_coap_body_add(&b, &block, full), OB_COAP_BODY_GAP);
    block.number = 1;
    assert_int_equal(ob_coap_body_add(&b, &block, full), OB_COAP_BODY_MORE);
    block.number = 2;
    assert_int_equal(ob_coap_body_add(&b, &block, full), OB_COAP_BODY_LARGE);
    block.number = 0xfffff;
    block.szx = 6;
    assert_int_equal(ob_coap_body_add(&b, &block, full), OB_COAP_BODY_GAP);
    assert_false(ob_coap_block_read(OB_SPAN("\x07"), &block));
    assert_false(ob_coap_block_read(OB_SPAN("\x01\x01\x01\x01"), &block));
    assert_true(ob_coap_block_read((ob_span){0}, &block) && block.number == 0 && !block.more);
}

static void notifications_are_ordered(void **state)
{
    (void)state;
    assert_true(ob_coap_is_newer(1, 0, 2, 0));
    assert_false(ob_coap_is_newer(2, 0, 1, 0));
    assert_false(ob_coap_is_newer(2, 0, 2, 128000));
    assert_true(ob_coap_is_newer(2, 0, 1, 128001));
    assert_true(ob_coap_is_newer(0xffffff, 0, 0, 0)); /* round */
    assert_false(ob_coap_is_newer(0, 0, 0xffffff, 0));
    assert_false(ob_coap_is_newer(0, 0, 1U << 23, 0));
    assert_true(ob_coap_is_newer(0, 0, (1U << 23) - 1, 0));
    ob_coap_observer list[2] = {{0}};
    ob_coap_msg a = {.token_len = 1, .token = {1}};
    ob_coap_msg b = {.token_len = 1, .token = {2}};
    ob_coap_observer *first = ob_coap_observe(list, 2, &far, &a, 5);
    assert_ptr_equal(ob_coap_observe(list, 2, &far, &a, 6), first);
    assert_int_equal(first->resource, 6);
    assert_ptr_not_equal(ob_coap_observe(list, 2, &far, &b, 5), first);
    assert_null(ob_coap_observe(list, 2, &near, &a, 5));
    assert_false(ob_coap_unobserve(list, 2, &near, &a));
    assert_true(ob_coap_unobserve(list, 2, &far, &a));
    assert_false(ob_coap_unobserve(list, 2, &far, &a));
    assert_non_null(ob_coap_observe(list, 2, &near, &a, 5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_sent_again_until_the_caller_is_told_that_nobody_answers),
        cmocka_unit_test(what_settles_a_message),
        cmocka_unit_test(what_came_before_is_answered_the_same_and_not_given_again),
        cmocka_unit_test(what_nobody_understands_is_reset),
        cmocka_unit_test(the_oldest_is_forgotten_where_the_table_is_full),
        cmocka_unit_test(over_a_bad_wire_every_request_is_executed_once_at_most),
        cmocka_unit_test(blocks_take_a_body_apart_and_put_it_together),
        cmocka_unit_test(blocks_that_do_not_fit_are_refused),
        cmocka_unit_test(notifications_are_ordered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
