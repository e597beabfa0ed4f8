/* SPDX-License-Identifier: Apache-2.0 */
/* Who observes /sensor, over a wire that is made up (RFC 7641). */
#include "node_pair.h"

/* The client, what it asks for again and again, and its last notification. */
typedef struct watch {
    ob_node_request r;
    ob_node_response n;
    bool with_oscore;
} watch;

/* A server whose sensor has news each second; the same server ends with end(). */
static void start_sensor(bool with_config)
{
    sensor_ms = 1000;
    start(with_config);
    sensor_ms = 0;
}

static ob_node_request observe_sensor(void)
{
    ob_node_request r = ask(OB_COAP_GET, "coap://127.0.0.1/sensor", (ob_span){0});
    r.observe = true;
    assert_int_equal(go(&r), 205);
    assert_true(last.r.observing);
    return r;
}

static void start_watch(watch *v, bool with_oscore)
{
    start_sensor(with_oscore);
    if (with_oscore) {
        protect();
    }
    *v = (watch){.r = observe_sensor(),
                 .n = {.body = {.max = 1000}, .location = {.max = 100}},
                 .with_oscore = with_oscore};
}

static void end_watch(watch *v)
{
    ob_buf_fini(&v->n.body);
    ob_buf_fini(&v->n.location);
    if (v->with_oscore) {
        ob_node_state_close(&numbers);
    }
    end();
}

static void notifications(bool with_oscore, unsigned lose)
{
    ob_err err = {0};
    watch v;
    start_watch(&v, with_oscore);
    w.lose = lose;
    unsigned reading = 0;
    for (unsigned i = 1; i <= 30; i++) {
        char *end_of = NULL;
        assert_ok(ob_node_client_next(&client, &v.r, &v.n, &err));
        assert_true(v.n.observing && v.n.is_protected == with_oscore);
        unsigned long now = strtoul(strstr(v.n.body.ptr, "reading") + 9, &end_of, 10);
        assert_true(*end_of == '}' && now > reading && (lose > 0 || now == i));
        reading = (unsigned)now;
    }
    w.lose = 0;
    assert_ok(ob_node_client_forget(&client, &v.r, &err));
    w.count = 0;
    ob_node_server_tick(w.server, w.now + 2000, WALL);
    assert_int_equal(w.count, 0);
    end_watch(&v);
}

/* Requests in between do not end an observation, and none of them takes its token. */
static void an_observation_stands_beside_other_requests(void **state)
{
    (void)state;
    ob_err err = {0};
    watch v;
    start_watch(&v, true);
    for (unsigned i = 0; i < 600; i++) { /* the tokens of one byte have come round */
        w.now += 100;
        ob_node_server_tick(w.server, w.now, WALL);
        assert_int_equal(get("/actuator"), 205);
        assert_true(client.watching && client.token > i);
    }
    assert_ok(ob_node_client_next(&client, &v.r, &v.n, &err));
    assert_true(v.n.observing && strstr(v.n.body.ptr, "reading") != NULL);
    end_watch(&v);
}

/* A plain observer whose right ends is told so without protection, and one who rejects a
 * notification that asks for nothing gets no more. */
static void an_observation_ends(void **state)
{
    (void)state;
    for (unsigned reset = 0; reset < 2; reset++) {
        start_sensor(true);
        config.has_rights = true;
        config.rights = &(ob_node_right){.who = OB_SPAN("anyone"),
                                         .resource = OB_SPAN("/sensor"),
                                         .methods = 1U << OB_COAP_GET,
                                         .until_ms = WALL + 2500};
        config.right_count = 1;
        (void)observe_sensor();
        for (uint64_t now = 1000; now < 9000; now += 1000) {
            ob_node_server_tick(w.server, now, WALL + (int64_t)now);
            if (reset && now == 1000) {
                const uint8_t *m = w.datagrams[w.first];
                char rst[4] = {0x70, 0, (char)m[2], (char)m[3]};
                assert_int_equal(m[0] >> 4 & 3, OB_COAP_NON);
                ob_node_server_receive(w.server, &w.from, (ob_span){rst, 4}, now, WALL);
            }
        }
        assert_int_equal(w.count, reset ? 1 : 3);
        assert_int_equal(w.datagrams[(w.first + w.count - 1) % 64][1],
                         reset ? OB_COAP_CODE(2, 5) : OB_COAP_CODE(4, 1));
        end();
    }
}

/* One who does not acknowledge the eighth notification is forgotten, and one who resets one. */
static void who_is_gone_is_forgotten(void **state)
{
    (void)state;
    for (unsigned reset = 0; reset < 2; reset++) {
        start_sensor(false);
        (void)observe_sensor();
        size_t most = 0;
        for (uint64_t now = 0; now < 200000; now += 500) {
            w.now = now;
            ob_node_server_tick(w.server, now, WALL);
            most = w.count > most ? w.count : most;
            if (reset && most == 8) { /* the one that asks for confirmation */
                const uint8_t *m = w.datagrams[(w.first + 7) % 64];
                char rst[4] = {0x70, 0, (char)m[2], (char)m[3]};
                assert_int_equal(m[0] >> 4 & 3, OB_COAP_CON);
                ob_node_server_receive(w.server, &w.from, (ob_span){rst, 4}, now, WALL);
                most++;
            }
        }
        assert_int_equal(w.count, reset ? 8 : 8 + 4); /* it came four times more */
        end();
    }
}

/* A plain observer of that address, with a token of its own; 1: it asks to be forgotten. */
static void observe(uint8_t address, uint32_t value)
{
    ob_err err = {0};
    static uint16_t id = 5000;
    uint8_t out[64];
    ob_coap_msg msg = {.code = OB_COAP_GET, .id = id++, .token_len = 1, .token = "o"};
    ob_span made;
    ob_coap_writer o = ob_coap_writer_on(out, sizeof out);
    ob_coap_begin(&o, &msg);
    ob_coap_add_uint(&o, OB_COAP_OBSERVE, value);
    ob_coap_add(&o, OB_COAP_URI_PATH, OB_SPAN("sensor"));
    assert_ok(ob_coap_end(&o, &made, &err));
    w.from.bytes[0] = address;
    ob_node_server_receive(w.server, &w.from, made, w.now, WALL);
}

static unsigned observers(void)
{
    unsigned count = 0;
    for (size_t i = 0; i < OBI_OBSERVERS; i++) {
        count += w.server->observers[i].used;
    }
    return count;
}

/* Up to the notification that asks for confirmation; its id. */
static unsigned until_confirmable(void)
{
    for (unsigned i = 0; i < 8; i++) {
        w.count = 0;
        w.now += 1000;
        ob_node_server_tick(w.server, w.now, WALL);
    }
    assert_int_equal(w.count, 1);
    const uint8_t *m = w.datagrams[w.first];
    assert_int_equal(m[0] >> 4 & 3, OB_COAP_CON);
    w.count = 0;
    return m[2] * 256U + m[3];
}

/* What becomes of a notification is no news of whoever observes in that place afterwards. */
static void who_comes_after_is_another_one(void **state)
{
    (void)state;
    start_sensor(false);
    observe('a', 0);
    unsigned id = until_confirmable();
    observe('a', 1);
    assert_int_equal(observers(), 0);
    w.count = 0;
    observe('a', 0);
    char rst[4] = {0x70, 0, (char)(id >> 8), (char)id};
    ob_node_server_receive(w.server, &w.from, (ob_span){rst, 4}, w.now, WALL);
    assert_int_equal(observers(), 1);
    end();
}

/* A response in the place of an acknowledgement: that observer does not keep its place for ever. */
static void who_does_not_understand_is_forgotten(void **state)
{
    (void)state;
    start_sensor(false);
    observe('a', 0);
    unsigned id = until_confirmable();
    char answer[4] = {0x60, OB_COAP_CODE(2, 5), (char)(id >> 8), (char)id};
    ob_node_server_receive(w.server, &w.from, (ob_span){answer, 4}, w.now, WALL);
    assert_int_equal(observers(), 0);
    assert_int_equal(w.count, 0);
    end();
}

/* Address and token of another one are easy to have; its context is not. */
static void an_observation_is_of_its_context(void **state)
{
    (void)state;
    ob_err err = {0};
    watch v;
    start_watch(&v, true);
    const ob_node_right rights[] = {{.who = OB_SPAN("anyone"),
                                     .resource = OB_SPAN("/sensor"),
                                     .methods = 1U << OB_COAP_GET,
                                     .until_ms = INT64_MAX}};
    config.rights = rights;
    config.right_count = 1;
    for (unsigned value = 0; value < 2; value++) {
        uint8_t out[64];
        ob_span made;
        ob_coap_msg msg = {.code = OB_COAP_GET,
                           .id = (uint16_t)(client.peer.id + 1000 + value),
                           .token_len = client.watched.token_len};
        memcpy(msg.token, client.watched.token, sizeof msg.token);
        ob_coap_writer o = ob_coap_writer_on(out, sizeof out);
        ob_coap_begin(&o, &msg);
        ob_coap_add_uint(&o, OB_COAP_OBSERVE, value);
        ob_coap_add(&o, OB_COAP_URI_PATH, OB_SPAN("sensor"));
        assert_ok(ob_coap_end(&o, &made, &err));
        ob_node_server_receive(w.server, &w.from, made, w.now, WALL);
        w.count = 0;
        assert_int_equal(observers(), 1);
        assert_ok(ob_node_client_next(&client, &v.r, &v.n, &err));
        assert_true(v.n.observing && v.n.is_protected);
    }
    end_watch(&v);
}

/* An error that is not protected may be anybody's. */
static void nobody_else_ends_an_observation(void **state)
{
    (void)state;
    ob_err err = {0};
    watch v;
    start_watch(&v, true);
    uint8_t out[16];
    ob_span made;
    ob_coap_msg msg = client.watched;
    msg.type = OB_COAP_NON;
    msg.code = OB_COAP_CODE(4, 4);
    msg.id = 4711;
    ob_coap_writer o = ob_coap_writer_on(out, sizeof out);
    ob_coap_begin(&o, &msg);
    assert_ok(ob_coap_end(&o, &made, &err));
    wire_to_client(&w, &w.from, made);
    assert_ok(ob_node_client_next(&client, &v.r, &v.n, &err));
    assert_int_equal(v.n.code, OB_COAP_CODE(2, 5));
    assert_true(v.n.observing && v.n.is_protected);
    end_watch(&v);
}

static void who_observes_is_told(void **state)
{
    (void)state;
    notifications(false, 0);
    notifications(true, 0);
    notifications(false, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_observes_is_told),
        cmocka_unit_test(an_observation_stands_beside_other_requests),
        cmocka_unit_test(an_observation_ends),
        cmocka_unit_test(who_is_gone_is_forgotten),
        cmocka_unit_test(who_comes_after_is_another_one),
        cmocka_unit_test(who_does_not_understand_is_forgotten),
        cmocka_unit_test(an_observation_is_of_its_context),
        cmocka_unit_test(nobody_else_ends_an_observation),
    };
    return cmocka_run_group_tests(tests, make_files, NULL);
}
