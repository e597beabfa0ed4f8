/* SPDX-License-Identifier: Apache-2.0 */
/* The wording by a model: what it is told, that its words are used, and what happens without it. */
#include "client.h"

#include <arpa/inet.h>
#include <netinet/in.h>

/* A model that answers with the number of messages it was sent, and keeps the last request. */
typedef struct model {
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock;
    ob_buf request;
    bool broken;
    char url[128];
} model;

typedef struct model_request {
    ob_buf body;
} model_request;

static size_t count_messages(ob_span body)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_json_doc doc = {0};
    ob_err err = {0};
    if (!ob_json_parse(&doc, &arena, body, &err)) {
        return 0;
    }
    const ob_json *messages = ob_json_get(doc.root, "messages");
    return messages == NULL ? 0 : messages->count;
}

static enum MHD_Result on_model(void *ctx, struct MHD_Connection *connection, const char *url,
                                const char *method, const char *version, const char *data,
                                size_t *size, void **state)
{
    model *m = ctx;
    model_request *r = *state;
    char reply[128];
    (void)url;
    (void)method;
    (void)version;
    if (r == NULL) {
        r = ob_mem_new(sizeof *r);
        if (r == NULL) {
            return MHD_NO;
        }
        *r = (model_request){.body = {.max = 1 << 20}};
        *state = r;
        return MHD_YES;
    }
    if (*size > 0) {
        ob_buf_add(&r->body, (ob_span){data, *size});
        *size = 0;
        return MHD_YES;
    }
    (void)pthread_mutex_lock(&m->lock);
    ob_buf_reset(&m->request);
    ob_buf_add(&m->request, ob_buf_span(&r->body));
    bool broken = m->broken;
    (void)pthread_mutex_unlock(&m->lock);
    (void)snprintf(reply, sizeof reply,
                   broken ? "{\"error\":%zu}"
                          : "{\"choices\":[{\"message\":{\"content\":\"I was sent %zu.\"}}]}",
                   count_messages(ob_buf_span(&r->body)));
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(reply), reply, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result result = MHD_queue_response(connection, broken ? 500 : 200, response);
    MHD_destroy_response(response);
    return result;
}

static void on_model_end(void *ctx, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    model_request *r = *state;
    (void)ctx;
    (void)connection;
    (void)code;
    if (r != NULL) {
        ob_buf_fini(&r->body);
        ob_mem_free(r);
    }
}

static void model_start(model *m)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    *m = (model){.request = {.max = 1 << 20}};
    (void)pthread_mutex_init(&m->lock, NULL);
    m->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, on_model, m,
                                 MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
                                 MHD_OPTION_NOTIFY_COMPLETED, on_model_end, NULL, MHD_OPTION_END);
    assert_non_null(m->daemon);
    (void)snprintf(m->url, sizeof m->url, "http://127.0.0.1:%u/v1/chat/completions",
                   MHD_get_daemon_info(m->daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
}

static void model_stop(model *m)
{
    MHD_stop_daemon(m->daemon);
    ob_buf_fini(&m->request);
    (void)pthread_mutex_destroy(&m->lock);
}

static bool model_was_told(model *m, const char *part)
{
    (void)pthread_mutex_lock(&m->lock);
    bool told = ob_span_find(ob_buf_span(&m->request), ob_span_str(part), 0) != SIZE_MAX;
    (void)pthread_mutex_unlock(&m->lock);
    return told;
}

/* The first reply of a session says that a machine answers; the model has no part in that. */
#define NOTICE "You are chatting with an automated assistant, not a person. "

static void the_model_words_and_the_rules_act(void **state)
{
    ob_demo demo = {0};
    model m;
    answer a = {0};
    ob_err err = {0};
    (void)state;
    model_start(&m);
    assert_ok(ob_demo_open(
        &demo, &(ob_demo_options){.admin_token = ob_span_str(ADMIN), .llm_url = m.url}, &err));
    person p = person_new(&demo);
    person q = person_new(&demo);
    person_say(&demo, &p, "t", OB_SPAN("What does Plan Basic cost?"), &a);
    assert_span(reply_of(&a), NOTICE "I was sent 3.");
    assert_true(model_was_told(&m, "Finding in article KB-02: Plan Basic costs EUR 12.50"));
    person_say(&demo, &p, "t", OB_SPAN("I want a refund of 20."), &a);
    assert_span(reply_of(&a), "I was sent 5.");
    assert_true(model_was_told(&m, "What does Plan Basic cost?"));
    assert_true(model_was_told(&m, "{\"role\":\"assistant\",\"content\":\"I was sent 3.\"}"));
    assert_span(ob_json_at(a.doc.root, OB_SPAN("/tools/0/result"))->text, "denied");
    person_say(&demo, &q, "t", OB_SPAN("Hello"), &a); /* another session is told nothing of it */
    assert_span(reply_of(&a), NOTICE "I was sent 3.");
    assert_false(model_was_told(&m, "Plan Basic cost"));
    (void)pthread_mutex_lock(&m.lock);
    m.broken = true;
    (void)pthread_mutex_unlock(&m.lock);
    person_say(&demo, &p, "t", OB_SPAN("What was my last bill?"), &a);
    assert_true(replies(&a, p.bill));
    model_stop(&m);
    person_say(&demo, &p, "t", OB_SPAN("What was my last bill?"), &a);
    assert_true(replies(&a, p.bill));
    char path[128];
    char left[16] = "";
    (void)snprintf(path, sizeof path, "/sessions/%s", p.session);
    client_send(&demo, (ask){.method = "DELETE", .path = path, .token = p.token}, &a);
    (void)snprintf(path, sizeof path, "/admin/customers/%s", q.id);
    client_send(&demo, (ask){.method = "DELETE", .path = path, .token = ADMIN}, &a);
    (void)pthread_mutex_lock(&demo.core->lock);
    assert_true(obd_ask(demo.core, "SELECT count(*) FROM said", NULL, 0, left, sizeof left));
    (void)pthread_mutex_unlock(&demo.core->lock);
    assert_string_equal(left, "0"); /* a dialogue goes with its session */
    answer_fini(&a);
    ob_demo_close(&demo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_model_words_and_the_rules_act),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
