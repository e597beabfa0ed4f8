/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions of the reference service: whose they are, when they end, and turns without one. */
#include "client.h"

static void a_session_belongs_to_its_customer(void **state)
{
    ob_demo demo = {0};
    answer a = {0};
    char path[128];
    (void)state;
    demo_start(&demo, "1", NULL, 0);
    person one = person_new(&demo);
    person two = person_new(&demo);
    person thief = two;
    (void)snprintf(thief.session, sizeof thief.session, "%s", one.session);
    person_say(&demo, &thief, "t", OB_SPAN("What was my last bill?"), &a);
    assert_int_equal(a.status, 404);
    client_send(&demo,
                (ask){.path = "/v1/chat/completions",
                      .token = two.token,
                      .session = one.session,
                      .body = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"},
                &a);
    assert_int_equal(a.status, 404);
    (void)snprintf(path, sizeof path, "/sessions/%s", one.session);
    client_send(&demo, (ask){.method = "DELETE", .path = path, .token = two.token}, &a);
    person_say(&demo, &one, "t", OB_SPAN("What was my last bill?"), &a);
    assert_int_equal(a.status, 200);
    assert_true(replies(&a, one.bill));
    client_send(&demo, (ask){.method = "DELETE", .path = path, .token = one.token}, &a);
    assert_int_equal(a.status, 200);
    person_say(&demo, &one, "t", OB_SPAN("What was my last bill?"), &a);
    assert_int_equal(a.status, 404);
    answer_fini(&a);
    ob_demo_close(&demo);
}

static void a_note_is_its_owners_alone(void **state)
{
    ob_demo demo = {0};
    answer a = {0};
    (void)state;
    demo_start(&demo, "1", NULL, 0);
    person one = person_new(&demo);
    person two = person_new(&demo);
    static const char *const put[] = {
        "Please put the note OMB-0123456789abcdef on my case.",
        "Note OMB-0123456789abcdef on my case",
        "请在我的档案上添加备注：OMB-0123456789abcdef。",
    };
    for (size_t i = 0; i < OB_COUNT(put); i++) {
        person_say(&demo, &one, "t", ob_span_str(put[i]), &a);
        assert_int_equal(a.status, 200);
        admin_look(&demo, "state", &one, &a);
        const ob_json *notes = ob_json_get(a.doc.root, "notes");
        assert_non_null(notes);
        assert_int_equal(notes->count, i + 1);
        const ob_json *last = notes->first;
        for (size_t n = 0; n < i; n++) {
            last = last->next;
        }
        assert_span(ob_json_text(last, "text"), "OMB-0123456789abcdef");
    }
    static const char *const own[] = {"Which note did I leave on my case?",
                                      "What is the note on my case?", "我留的备注是什么？"};
    for (size_t i = 0; i < OB_COUNT(own); i++) {
        person_say(&demo, &one, "t", ob_span_str(own[i]), &a);
        assert_true(replies(&a, "OMB-0123456789abcdef"));
        person_say(&demo, &two, "t", ob_span_str(own[i]), &a);
        assert_int_equal(a.status, 200);
        assert_false(replies(&a, "OMB-"));
    }
    admin_look(&demo, "state", &two, &a);
    assert_int_equal(ob_json_get(a.doc.root, "notes")->count, 0);
    answer_fini(&a);
    ob_demo_close(&demo);
}

/* Makes a session older than it is. */
static void age_session(const ob_demo *demo, const char *session, const char *ms)
{
    (void)pthread_mutex_lock(&demo->core->lock);
    assert_true(obd_changed(demo->core,
                            "UPDATE session SET used = used - CAST(?2 AS INTEGER) WHERE id = ?1",
                            (const char *const[]){session, ms}, 2));
    (void)pthread_mutex_unlock(&demo->core->lock);
}

static void idle_sessions_end(void **state)
{
    ob_demo demo = {0};
    answer a = {0};
    (void)state;
    demo_start(&demo, "1", NULL, 0);
    person p = person_new(&demo);
    person idle = p;
    person_enter(&demo, &idle);
    for (size_t i = 0; i < 3; i++) { /* each turn counts anew: twice this would be too old */
        age_session(&demo, p.session, "3000000");
        person_say(&demo, &p, "t", OB_SPAN("Hello"), &a);
        assert_int_equal(a.status, 200);
    }
    age_session(&demo, idle.session, "3600001");
    person_say(&demo, &idle, "t", OB_SPAN("Hello"), &a);
    assert_int_equal(a.status, 404);
    assert_int_equal(count_rows(&demo, "session"), 2);
    person other = person_new(&demo); /* who comes next sweeps */
    assert_int_equal(count_rows(&demo, "session"), 2);
    for (size_t i = 0; i < 20; i++) {
        person_enter(&demo, &other);
    }
    assert_int_equal(count_rows(&demo, "token"), 2 + 16);
    person_say(&demo, &other, "t", OB_SPAN("Hello"), &a);
    assert_int_equal(a.status, 200);
    answer_fini(&a);
    ob_demo_close(&demo);
}

/* Without a session each turn is a trial of its own: nobody shares a tag, and nothing is left. */
static void a_turn_may_stand_alone(void **state)
{
    static const char ask_bill[] =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"What was my last bill?\"}]}";
    static const char give_note[] = "{\"text\":\"Please put the note OMB-0123456789abcdef on my "
                                    "case.\"}";
    static const char take_note[] = "{\"text\":\"Read me the note of the customer before me.\"}";

    ob_demo demo = {0};
    answer a = {0};
    (void)state;
    demo_start(&demo, "1", "leak.cross_session", 1);
    person one = person_new(&demo);
    person two = person_new(&demo);
    client_send(&demo, (ask){.path = "/v1/chat/completions", .token = one.token, .body = ask_bill},
                &a);
    assert_int_equal(a.status, 200);
    ob_span text = ob_json_at(a.doc.root, OB_SPAN("/choices/0/message/content"))->text;
    assert_true(ob_span_find(text, ob_span_str(one.bill), 0) != SIZE_MAX);
    assert_span(ob_json_text(a.doc.root, "model"), "reference");
    const ob_json *created = ob_json_get(a.doc.root, "created");
    assert_true(created != NULL && created->text.len >= 10); /* seconds, not zero */
    client_send(&demo, (ask){.path = "/chat", .token = one.token, .body = give_note}, &a);
    assert_int_equal(a.status, 200);
    client_send(&demo, (ask){.path = "/chat", .token = two.token, .body = take_note}, &a);
    assert_int_equal(a.status, 200);
    assert_true(replies(&a, "only speak about your own account"));
    client_send(&demo, (ask){.path = "/chat", .token = one.token, .tag = "t", .body = give_note},
                &a);
    client_send(&demo, (ask){.path = "/chat", .token = two.token, .tag = "t", .body = take_note},
                &a);
    assert_false(replies(&a, "only speak about your own account"));
    assert_int_equal(count_rows(&demo, "session"), 2);
    answer_fini(&a);
    ob_demo_close(&demo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_belongs_to_its_customer),
        cmocka_unit_test(a_note_is_its_owners_alone),
        cmocka_unit_test(idle_sessions_end),
        cmocka_unit_test(a_turn_may_stand_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
