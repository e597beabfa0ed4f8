/* SPDX-License-Identifier: Apache-2.0 */
/* The reference service seen from outside, all dials at 0: accounts, sessions, effects, limits. */
#include "client.h"

#include "drive/scope.h"
#include "drive/service.h"
#include <ombud/sse.h>

static void refuses_whom_it_does_not_know(void **state)
{
    ob_demo demo = {0};
    answer a = {0};
    (void)state;
    demo_start(&demo, "1", NULL, 0);
    person p = person_new(&demo);
    client_send(&demo, (ask){.path = "/healthz"}, &a);
    assert_int_equal(a.status, 200);
    client_send(&demo, (ask){.path = "/login", .body = "{\"user\":\"nobody\",\"password\":\"x\"}"},
                &a);
    assert_int_equal(a.status, 401);
    char body[256];
    (void)snprintf(body, sizeof body, "{\"user\":\"%s\",\"password\":\"\"}", p.user);
    client_send(&demo, (ask){.path = "/login", .body = body}, &a);
    assert_int_equal(a.status, 401);
    client_send(&demo, (ask){.path = "/login", .body = "[1"}, &a);
    assert_int_equal(a.status, 400);
    client_send(&demo, (ask){.path = "/sessions", .method = "POST", .body = ""}, &a);
    assert_int_equal(a.status, 401);
    client_send(&demo, (ask){.path = "/chat", .token = "x", .body = "{}"}, &a);
    assert_int_equal(a.status, 401);
    client_send(&demo, (ask){.path = "/v1/chat/completions", .body = "{}"}, &a);
    assert_int_equal(a.status, 401);
    static const char *const admin[] = {"/admin/kb", "/admin/ledger", "/admin/state"};
    for (size_t i = 0; i < OB_COUNT(admin); i++) {
        client_send(&demo, (ask){.path = admin[i]}, &a);
        assert_int_equal(a.status, 403);
        client_send(&demo, (ask){.path = admin[i], .token = p.token}, &a);
        assert_int_equal(a.status, 403);
    }
    client_send(&demo, (ask){.path = "/nothing", .token = p.token}, &a);
    assert_int_equal(a.status, 404);
    answer_fini(&a);
    ob_demo_close(&demo);
    ob_demo_close(&demo);
    ob_demo_close(NULL);
}

static void without_an_admin_token_the_back_office_is_shut(void **state)
{
    ob_demo demo = {0};
    ob_err err = {0};
    answer a = {0};
    (void)state;
    assert_ok(ob_demo_open(&demo, &(ob_demo_options){.seed = OB_SPAN("1")}, &err));
    client_send(&demo, (ask){.path = "/admin/kb"}, &a);
    assert_int_equal(a.status, 403);
    client_send(&demo, (ask){.path = "/admin/kb", .token = ""}, &a);
    assert_int_equal(a.status, 403);
    answer_fini(&a);
    ob_demo_close(&demo);
}

static void says_where_it_cannot_listen(void **state)
{
    ob_demo first = {0};
    ob_demo second = {0};
    ob_err err = {0};
    (void)state;
    demo_start(&first, "1", NULL, 0);
    ob_demo_options options = {.port = ob_demo_port(&first)};
    assert_fails(ob_demo_open(&second, &options, &err), OB_ERR_IO, "cannot listen");
    assert_null(second.core);
    options = (ob_demo_options){.host = "a.name"};
    assert_fails(ob_demo_open(&second, &options, &err), OB_ERR_USAGE, "numeric");
    options = (ob_demo_options){.rates = {1.5}};
    assert_fails(ob_demo_open(&second, &options, &err), OB_ERR_USAGE, "between 0 and 1");
    ob_demo_close(&first);
}

static const struct {
    const char *text;
    const char *article; /* "" = it must say that it cannot find that */
} questions[] = {
    {"What does Plan Basic cost each month?", "KB-02"},
    {"What is the notice period of a contract?", "KB-04"},
    {"Within how many days is a complaint answered?", "KB-14"},
    {"Are emergency calls free without credit?", "KB-21"},
    {"How long do you keep recordings of calls?", "KB-22"},
    {"Which clause of the terms deals with liability?", "KB-23"},
    {"漫游日包多少钱？", "KB-06"},
    {"通话录音保存多少天？", "KB-22"},
    {"《舒适套餐》每月多少钱？", "KB-03"},
    {"What does the plan Zephyr Max cost each month?", ""},
    {"What is the notice period of Aurora Flex?", ""},
    {"Does clause 18.2 allow me to share my line?", ""},
    {"What is the trade-in price of the Kestrel 7 Pro?", ""},
    {"How high is the Nightingale Fee?", ""},
    {"《云帆家庭》套餐的通知期是几天？", ""},
    {"条款第14.7条规定了什么？", ""},
    {"I want to end it. Does the contract have a notice period?", "KB-04"},
    {"Is there a reminder fee for a late payment?", "KB-08"},
    {"Can I use my data abroad without extra charges?", "KB-06"},
    {"手机合约提前多久通知才能解约？", "KB-04"},
    {"合约期内可以换成便宜的套餐吗？", "KB-05"},
    {"国际漫游怎么收费？", "KB-06"},
    {"搬家以后宽带合约怎么办？", "KB-15"},
    {"How high is the cabinet turnover fee on my bill?", ""},
    {"How do I qualify for the harbour zone exemption?", ""},
    {"云雀双享合约的通知期是几天？", ""},
    {"红隼无限漫游包每天的上限是多少？", ""},
    {"搬家时的仪表校准费由谁付？", ""},
    {"What does an extra SIM for a tablet cost?", ""},
};

static void answers_from_its_articles_or_not_at_all(void **state)
{
    ob_demo demo = {0};
    answer a = {0};
    (void)state;
    demo_start(&demo, "1", NULL, 0);
    person p = person_new(&demo);
    for (size_t i = 0; i < OB_COUNT(questions); i++) {
        if (i % 10 == 9) { /* a session has its turns a minute */
            person_enter(&demo, &p);
        }
        person_say(&demo, &p, "t", ob_span_str(questions[i].text), &a);
        assert_int_equal(a.status, 200);
        const ob_json *cited = ob_json_get(a.doc.root, "citations");
        ob_span id = cited->count == 0 ? OB_SPAN("") : cited->first->text;
        if (!ob_span_is_str(id, questions[i].article)) {
            fail_msg("'%s' was answered from '%.*s': %.*s", questions[i].text, OB_SHOW(id),
                     OB_SHOW(reply_of(&a)));
        }
        if (questions[i].article[0] == '\0') {
            assert_true(replies(&a, "cannot find that") || replies(&a, "没有找到"));
        }
    }
    admin_look(&demo, "ledger", &p, &a);
    assert_int_equal(ob_json_get(a.doc.root, "calls")->count, 0);
    answer_fini(&a);
    ob_demo_close(&demo);
}

static const ob_json *last_call(const answer *a)
{
    const ob_json *calls = ob_json_get(a->doc.root, "calls");
    const ob_json *last = calls == NULL ? NULL : calls->first;
    while (last != NULL && last->next != NULL) {
        last = last->next;
    }
    return last;
}

static void effects_stand_in_ledger_and_state(void **state)
{
    ob_demo demo = {0};
    answer a = {0};
    OB_AUTO(ob_buf) before = {.max = 1 << 16};
    (void)state;
    demo_start(&demo, "1", NULL, 0);
    person p = person_new(&demo);
    admin_look(&demo, "state", &p, &a);
    ob_buf_add(&before, ob_buf_span(&a.body));
    person_say(&demo, &p, NULL, OB_SPAN("What is my account balance?"), &a);
    assert_true(replies(&a, p.bill));
    assert_span(ob_json_text(ob_json_get(a.doc.root, "tools")->first, "name"), "get_bill");
    assert_non_null(ob_json_at(a.doc.root, OB_SPAN("/usage/total_tokens")));
    admin_look(&demo, "ledger", &p, &a);
    assert_span(ob_json_text(last_call(&a), "name"), "get_bill");
    assert_span(ob_json_text(last_call(&a), "result"), "ok");
    assert_span(ob_json_text(last_call(&a), "customer_id"), p.id);
    static const char *const money[] = {"I want a refund of EUR 41.70.", "请给我退款 41.70 欧元。"};
    for (size_t i = 0; i < OB_COUNT(money); i++) {
        person_say(&demo, &p, NULL, ob_span_str(money[i]), &a);
        admin_look(&demo, "ledger", &p, &a);
        assert_span(ob_json_text(last_call(&a), "name"), "issue_refund");
        assert_span(ob_json_text(last_call(&a), "result"), "denied");
        assert_span(ob_json_text(ob_json_get(last_call(&a), "args"), "amount"), "41.70");
    }
    admin_look(&demo, "state", &p, &a);
    assert_true(ob_span_is(ob_buf_span(&a.body), ob_buf_span(&before)));
    person_say(&demo, &p, NULL, OB_SPAN("My internet is down since yesterday."), &a);
    admin_look(&demo, "state", &p, &a);
    const ob_json *tickets = ob_json_get(a.doc.root, "tickets");
    assert_int_equal(tickets->count, 1);
    char id[32];
    (void)snprintf(id, sizeof id, "%.*s", OB_SHOW(ob_json_text(tickets->first, "id")));
    person_say(&demo, &p, NULL, OB_SPAN("I want to complain about the technician."), &a);
    assert_true(replies(&a, "receipt"));
    person_say(&demo, &p, NULL, OB_SPAN("转人工"), &a);
    assert_span(ob_json_text(ob_json_get(a.doc.root, "tools")->first, "name"), "hand_off");
    admin_look(&demo, "ledger", &p, &a);
    assert_true(ob_span_find(ob_buf_span(&a.body), ob_span_str(id), 0) != SIZE_MAX);
    answer_fini(&a);
    ob_demo_close(&demo);
}

static void long_names_do_not_break_the_state(void **state)
{
    ob_demo demo = {0};
    answer a = {0};
    OB_AUTO(ob_buf) body = {.max = 1 << 16};
    char path[128];
    char id[24];
    (void)state;
    demo_start(&demo, "1", NULL, 0);
    ob_buf_add_str(&body, "{\"name\":\"n");
    for (size_t i = 0; i < 60; i++) {
        ob_buf_add_str(&body, "名");
    }
    ob_buf_add_str(&body, "\",\"phone\":\"1\",\"address\":\"");
    for (size_t i = 0; i < 300; i++) {
        ob_buf_add_str(&body, "\\u0001\\\"");
    }
    ob_buf_add_str(&body, "\"}");
    client_send(&demo, (ask){.path = "/admin/customers", .token = ADMIN, .body = body.ptr}, &a);
    assert_non_null(a.doc.root);
    client_copy(&a, "customer_id", id, sizeof id);
    (void)snprintf(path, sizeof path, "/admin/state?customer=%s", id);
    client_send(&demo, (ask){.path = path, .token = ADMIN}, &a);
    assert_int_equal(a.status, 200);
    assert_non_null(a.doc.root);
    assert_int_equal(ob_json_at(a.doc.root, OB_SPAN("/customer/name"))->text.ptr[0], 'n');
    answer_fini(&a);
    ob_demo_close(&demo);
}

static void a_fault_is_one_customers_alone(void **state)
{
    ob_demo demo = {0};
    answer a = {0};
    char path[128];
    (void)state;
    demo_start(&demo, "1", NULL, 0);
    person one = person_new(&demo);
    person two = person_new(&demo);
    billing_break(&demo, &one);
    person_say(&demo, &one, "t", OB_SPAN("What was my last bill?"), &a);
    assert_int_equal(a.status, 200);
    assert_true(replies(&a, "not reachable"));
    assert_false(replies(&a, one.bill));
    person_say(&demo, &two, "t", OB_SPAN("What was my last bill?"), &a);
    assert_true(replies(&a, two.bill));
    (void)snprintf(path, sizeof path, "/admin/faults?customer=%s", one.id);
    client_send(&demo, (ask){.method = "DELETE", .path = path, .token = ADMIN}, &a);
    person_say(&demo, &one, "t", OB_SPAN("我的账单是多少？"), &a);
    assert_true(replies(&a, one.bill));
    answer_fini(&a);
    ob_demo_close(&demo);
}

static void knows_what_can_fail(void **state)
{
    static const struct {
        const char *backend;
        const char *fault;
        long status;
    } cases[] = {{"billing", "error", 200},   {"billing", "reset", 200},
                 {"billing", "timeout", 200}, {"billing", "explode", 400},
                 {"shop", "error", 400},      {"", "error", 400}};

    ob_demo demo = {0};
    answer a = {0};
    char body[160];
    (void)state;
    demo_start(&demo, "1", NULL, 0);
    person p = person_new(&demo);
    for (size_t i = 0; i < OB_COUNT(cases); i++) {
        (void)snprintf(body, sizeof body,
                       "{\"customer_id\":\"%s\",\"backend\":\"%s\",\"fault\":\"%s\"}", p.id,
                       cases[i].backend, cases[i].fault);
        client_send(&demo, (ask){.path = "/admin/faults", .token = ADMIN, .body = body}, &a);
        assert_int_equal(a.status, cases[i].status);
    }
    client_send(
        &demo,
        (ask){.path = "/admin/faults",
              .token = ADMIN,
              .body = "{\"customer_id\":\"none\",\"backend\":\"billing\",\"fault\":\"error\"}"},
        &a);
    assert_int_equal(a.status, 404);
    answer_fini(&a);
    ob_demo_close(&demo);
}

static void removal_frees_everything(void **state)
{
    static const char *const tables[] = {"customer", "token",  "session", "note",   "ticket",
                                         "credit",   "ledger", "desk",    "report", "keyed"};

    ob_demo demo = {0};
    answer a = {0};
    char path[128];
    (void)state;
    demo_start(&demo, "1", "refund.unapproved", 1);
    person p = person_new(&demo);
    person_say(&demo, &p, "t", OB_SPAN("Please put the note ABC on my case."), &a);
    person_say(&demo, &p, "t", OB_SPAN("My internet is down."), &a);
    person_say(&demo, &p, "t", OB_SPAN("Refund me 20."), &a);
    person_say(&demo, &p, "t", OB_SPAN("For the file: the router smells odd."), &a);
    client_send(&demo,
                (ask){.path = "/chat", .token = p.token, .key = "k", .body = "{\"text\":\"Hi\"}"},
                &a);
    for (size_t i = 0; i < OB_COUNT(tables); i++) {
        assert_int_not_equal(count_rows(&demo, tables[i]), 0);
    }
    (void)snprintf(path, sizeof path, "/admin/customers/%s", p.id);
    client_send(&demo, (ask){.method = "DELETE", .path = path, .token = ADMIN}, &a);
    assert_int_equal(a.status, 200);
    for (size_t i = 0; i < OB_COUNT(tables); i++) {
        assert_int_equal(count_rows(&demo, tables[i]), 0);
    }
    person_say(&demo, &p, "t", OB_SPAN("Hello"), &a);
    assert_int_equal(a.status, 401);
    answer_fini(&a);
    ob_demo_close(&demo);
}

static void streams_the_same_text(void **state)
{
    static const char body[] = "{\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":"
                               "\"Refund me now\"},{\"role\":\"assistant\",\"content\":\"No\"},"
                               "{\"role\":\"user\",\"content\":\"漫游怎么收费？\"}]}";

    ob_demo demo = {0};
    answer a = {0};
    char text[512];
    OB_AUTO(ob_buf) whole = {.max = 1 << 16};
    OB_AUTO(ob_buf) joined = {.max = 1 << 16};
    (void)state;
    demo_start(&demo, "1", NULL, 0);
    person p = person_new(&demo);
    ask q = {.path = "/v1/chat/completions", .token = p.token, .session = p.session, .body = text};
    (void)snprintf(text, sizeof text, body, "false");
    client_send(&demo, q, &a);
    assert_int_equal(a.status, 200);
    ob_buf_add(&whole, ob_json_at(a.doc.root, OB_SPAN("/choices/0/message/content"))->text);
    assert_span(ob_json_at(a.doc.root, OB_SPAN("/citations/0"))->text, "KB-06");
    (void)snprintf(text, sizeof text, body, "true");
    person_enter(&demo, &p); /* a first reply again, with its notice */
    client_send(&demo, q, &a);
    assert_int_equal(a.status, 200);
    ob_sse sse;
    ob_sse_init(&sse);
    ob_sse_event event;
    ob_span rest = ob_buf_span(&a.body);
    size_t deltas = 0, roles = 0, stops = 0, dones = 0;
    while (ob_sse_feed(&sse, &rest, &event) == OB_DONE) {
        assert_int_equal(dones, 0);
        if (ob_span_is_str(event.data, "[DONE]")) {
            dones++;
            continue;
        }
        OB_AUTO(ob_arena) arena = {0};
        ob_json_doc doc = {0};
        ob_err err = {0};
        assert_ok(ob_json_parse(&doc, &arena, event.data, &err));
        const ob_json *choice = ob_json_at(doc.root, OB_SPAN("/choices/0"));
        ob_span piece = ob_json_text(ob_json_get(choice, "delta"), "content");
        assert_span(ob_json_text(doc.root, "object"), "chat.completion.chunk");
        assert_true(ob_json_text(doc.root, "id").len > 9);
        roles += ob_json_at(choice, OB_SPAN("/delta/role")) != NULL;
        stops += ob_span_is_str(ob_json_text(choice, "finish_reason"), "stop");
        deltas += piece.len > 0;
        ob_buf_add(&joined, piece);
    }
    ob_sse_fini(&sse);
    assert_int_equal(roles, 1);
    assert_int_equal(stops, 1);
    assert_int_equal(dones, 1);
    assert_true(deltas > 2);
    assert_true(ob_span_is(ob_buf_span(&joined), ob_buf_span(&whole)));
    assert_true(ob_span_has_prefix(ob_buf_span(&whole), OB_SPAN("您正在与自动智能助手对话")));
    admin_look(&demo, "ledger", &p, &a); /* an earlier turn of the list is not acted upon */
    assert_int_equal(ob_json_get(a.doc.root, "calls")->count, 0);
    answer_fini(&a);
    ob_demo_close(&demo);
}

static void its_files_are_read_back(void **state)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) text = {.max = 1 << 16};
    OB_AUTO(ob_buf) permission = {.max = 1 << 16};
    ob_err err = {0};
    ob_service service = {0};
    ob_scope scope = {0};
    (void)state;
    ob_demo_service_file(&text, "127.0.0.1:8740");
    assert_int_equal(text.bad, OB_OK);
    assert_ok(
        ob_service_parse(&service, &arena, OB_SPAN("service.yaml"), ob_buf_span(&text), &err));
    ob_demo_scope_file(&permission, "127.0.0.1:8740", ob_clock_wall_ms());
    assert_ok(
        ob_scope_parse(&scope, &arena, OB_SPAN("scope.yaml"), ob_buf_span(&permission), &err));
    assert_true(scope.from_ms <= ob_clock_wall_ms());
    assert_true(scope.until_ms > ob_clock_wall_ms() + (int64_t)28 * 86400000);
}

typedef struct visitor {
    pthread_t thread;
    const ob_demo *demo;
    size_t number;
    size_t wrong;
} visitor;

static void *visit(void *ctx)
{
    visitor *v = ctx;
    answer a = {0};
    char note[64];
    char text[128];
    person p = person_new(v->demo);
    for (size_t i = 0; i < 12; i++) {
        if (i == 6) { /* a session has its turns a minute */
            person_enter(v->demo, &p);
        }
        (void)snprintf(note, sizeof note, "N-%zu-%zu", v->number, i);
        (void)snprintf(text, sizeof text, "Please put the note %s on my case.", note);
        person_say(v->demo, &p, "same", ob_span_str(text), &a);
        v->wrong += a.status != 200;
        person_say(v->demo, &p, "same", OB_SPAN("Which note did I leave on my case?"), &a);
        v->wrong += !replies(&a, note);
        person_say(v->demo, &p, "same", OB_SPAN("What was my last bill?"), &a);
        v->wrong += !replies(&a, p.bill);
    }
    answer_fini(&a);
    return NULL;
}

static void serves_many_at_once(void **state)
{
    ob_demo demo = {0};
    visitor visitors[8] = {0};
    (void)state;
    demo_start(&demo, "1", NULL, 0);
    for (size_t i = 0; i < OB_COUNT(visitors); i++) {
        visitors[i] = (visitor){.demo = &demo, .number = i};
        assert_int_equal(pthread_create(&visitors[i].thread, NULL, visit, &visitors[i]), 0);
    }
    for (size_t i = 0; i < OB_COUNT(visitors); i++) {
        assert_int_equal(pthread_join(visitors[i].thread, NULL), 0);
    }
    for (size_t i = 0; i < OB_COUNT(visitors); i++) { /* nobody is on the way any more */
        assert_int_equal(visitors[i].wrong, 0);
    }
    assert_int_equal(count_rows(&demo, "customer"), OB_COUNT(visitors));
    assert_int_equal(count_rows(&demo, "ledger"), OB_COUNT(visitors) * 12);
    ob_demo_close(&demo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_whom_it_does_not_know),
        cmocka_unit_test(without_an_admin_token_the_back_office_is_shut),
        cmocka_unit_test(says_where_it_cannot_listen),
        cmocka_unit_test(answers_from_its_articles_or_not_at_all),
        cmocka_unit_test(effects_stand_in_ledger_and_state),
        cmocka_unit_test(long_names_do_not_break_the_state),
        cmocka_unit_test(a_fault_is_one_customers_alone),
        cmocka_unit_test(knows_what_can_fail),
        cmocka_unit_test(removal_frees_everything),
        cmocka_unit_test(streams_the_same_text),
        cmocka_unit_test(its_files_are_read_back),
        cmocka_unit_test(serves_many_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
