/* SPDX-License-Identifier: Apache-2.0 */
/* A blocking client of the reference service for its tests, and a few shorthands. */
#ifndef OB_TEST_DEMO_CLIENT_H
#define OB_TEST_DEMO_CLIENT_H

#include "ob_test.h"

#include <curl/curl.h>
#include <ombud/json.h>
#include <pthread.h>

#include "core.h"

#define ADMIN "admin-token-of-the-test"

/* One request; what is NULL is left out. A body makes it a POST unless method says otherwise. */
typedef struct ask {
    const char *method;
    const char *path;
    const char *token;
    const char *session;
    const char *tag;
    const char *key; /* under which a repeat is known */
    const char *body;
} ask;

/* The answer to the last request, and the tree over it (root NULL if it is no JSON). */
typedef struct answer {
    long status;
    double seconds;
    ob_buf body;
    ob_arena arena;
    ob_json_doc doc;
} answer;

/* Somebody with an account who is logged in and has a session open. */
typedef struct person {
    char id[24];
    char user[64];
    char password[64];
    char bill[16];
    char token[64];
    char session[64];
} person;

static inline size_t client_take(char *data, size_t size, size_t count, void *ctx)
{
    ob_buf_add(ctx, (ob_span){data, size * count});
    return size * count;
}

static inline void answer_fini(answer *a)
{
    ob_buf_fini(&a->body);
    ob_arena_fini(&a->arena);
    *a = (answer){0};
}

static inline struct curl_slist *client_header(struct curl_slist *list, const char *name,
                                               const char *value)
{
    char line[512];
    if (value == NULL) {
        return list;
    }
    (void)snprintf(line, sizeof line, "%s%s", name, value);
    list = curl_slist_append(list, line);
    assert_non_null(list);
    return list;
}

static inline void client_send(const ob_demo *demo, ask q, answer *a)
{
    char url[1024];
    ob_err err = {0};
    answer_fini(a);
    a->body.max = 1 << 22;
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u%s", ob_demo_port(demo), q.path);
    struct curl_slist *headers = client_header(NULL, "Content-Type: ", "application/json");
    headers = client_header(headers, "Authorization: Bearer ", q.token);
    headers = client_header(headers, "X-Session-Id: ", q.session);
    headers = client_header(headers, "X-Ombud-Trial: ", q.tag);
    headers = client_header(headers, "Idempotency-Key: ", q.key);
    CURL *easy = curl_easy_init();
    assert_non_null(easy);
    assert_int_equal(curl_easy_setopt(easy, CURLOPT_URL, url), CURLE_OK);
    assert_int_equal(curl_easy_setopt(easy, CURLOPT_PROXY, ""), CURLE_OK);
    assert_int_equal(curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L), CURLE_OK);
    assert_int_equal(curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers), CURLE_OK);
    assert_int_equal(curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, client_take), CURLE_OK);
    assert_int_equal(curl_easy_setopt(easy, CURLOPT_WRITEDATA, &a->body), CURLE_OK);
    if (q.body != NULL) {
        assert_int_equal(curl_easy_setopt(easy, CURLOPT_POSTFIELDS, q.body), CURLE_OK);
    }
    if (q.method != NULL) {
        assert_int_equal(curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, q.method), CURLE_OK);
    }
    assert_int_equal(curl_easy_perform(easy), CURLE_OK);
    assert_int_equal(curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &a->status), CURLE_OK);
    assert_int_equal(curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME, &a->seconds), CURLE_OK);
    curl_easy_cleanup(easy);
    curl_slist_free_all(headers);
    if (!ob_json_parse(&a->doc, &a->arena, ob_buf_span(&a->body), &err)) {
        a->doc.root = NULL;
    }
}

static inline void client_copy(const answer *a, const char *key, char *out, size_t room)
{
    ob_span text = ob_json_text(a->doc.root, key);
    assert_true(text.len > 0 && text.len < room);
    (void)snprintf(out, room, "%.*s", OB_SHOW(text));
}

/* Logs in and opens a session. */
static inline void person_enter(const ob_demo *demo, person *p)
{
    char body[256];
    answer a = {0};
    (void)snprintf(body, sizeof body, "{\"user\":\"%s\",\"password\":\"%s\"}", p->user,
                   p->password);
    client_send(demo, (ask){.path = "/login", .body = body}, &a);
    assert_int_equal(a.status, 200);
    assert_true(ob_span_is_str(ob_json_text(a.doc.root, "customer_id"), p->id));
    client_copy(&a, "token", p->token, sizeof p->token);
    client_send(demo, (ask){.method = "POST", .path = "/sessions", .token = p->token, .body = ""},
                &a);
    assert_true(a.status == 200 || a.status == 201);
    client_copy(&a, "session_id", p->session, sizeof p->session);
    answer_fini(&a);
}

static inline person person_new(const ob_demo *demo)
{
    person p = {0};
    answer a = {0};
    client_send(demo,
                (ask){.path = "/admin/customers",
                      .token = ADMIN,
                      .body = "{\"name\":\"Ada Example\",\"phone\":\"+99 000 111\","
                              "\"address\":\"1 Sample Street\"}"},
                &a);
    assert_true(a.status == 200 || a.status == 201);
    client_copy(&a, "customer_id", p.id, sizeof p.id);
    client_copy(&a, "user", p.user, sizeof p.user);
    client_copy(&a, "password", p.password, sizeof p.password);
    client_copy(&a, "last_bill", p.bill, sizeof p.bill);
    answer_fini(&a);
    person_enter(demo, &p);
    return p;
}

/* Says text over /chat under a trial tag; the answer's reply is a JSON text or the raw body. */
static inline void person_say(const ob_demo *demo, const person *p, const char *tag, ob_span text,
                              answer *a)
{
    OB_AUTO(ob_buf) body = {.max = 1 << 20};
    ob_buf_addf(&body, "{\"session_id\":\"%s\",\"text\":", p->session);
    ob_buf_add_json(&body, text);
    ob_buf_add_char(&body, '}');
    assert_int_equal(body.bad, OB_OK);
    client_send(demo, (ask){.path = "/chat", .token = p->token, .tag = tag, .body = body.ptr}, a);
}

static inline ob_span reply_of(const answer *a)
{
    return a->doc.root != NULL ? ob_json_text(a->doc.root, "reply") : ob_buf_span(&a->body);
}

static inline bool replies(const answer *a, const char *part)
{
    return ob_span_find_nocase(reply_of(a), ob_span_str(part), 0) != SIZE_MAX;
}

/* What the operator sees of a customer: "ledger" or "state". */
static inline void admin_look(const ob_demo *demo, const char *what, const person *p, answer *a)
{
    char path[128];
    (void)snprintf(path, sizeof path, "/admin/%s?customer=%s", what, p->id);
    client_send(demo, (ask){.path = path, .token = ADMIN}, a);
    assert_int_equal(a->status, 200);
}

static inline void billing_break(const ob_demo *demo, const person *p)
{
    char body[128];
    answer a = {0};
    (void)snprintf(body, sizeof body,
                   "{\"customer_id\":\"%s\",\"backend\":\"billing\",\"fault\":\"error\"}", p->id);
    client_send(demo, (ask){.path = "/admin/faults", .token = ADMIN, .body = body}, &a);
    assert_int_equal(a.status, 200);
    answer_fini(&a);
}

static inline int count_rows(const ob_demo *demo, const char *table)
{
    char sql[128];
    char number[16] = "";
    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
    (void)pthread_mutex_lock(&demo->core->lock);
    assert_true(obd_ask(demo->core, sql, NULL, 0, number, sizeof number));
    (void)pthread_mutex_unlock(&demo->core->lock);
    return (int)strtol(number, NULL, 10);
}

static inline void demo_start(ob_demo *demo, const char *seed, const char *dial, double rate)
{
    ob_err err = {0};
    ob_demo_options options = {.seed = ob_span_str(seed), .admin_token = ob_span_str(ADMIN)};
    for (size_t i = 0; dial != NULL && i < ob_demo_dials_count; i++) {
        options.rates[i] = strcmp(ob_demo_dials[i].name, dial) == 0 ? rate : 0;
    }
    assert_ok(ob_demo_open(demo, &options, &err));
    assert_int_not_equal(ob_demo_port(demo), 0);
}

#endif
