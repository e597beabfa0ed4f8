/* SPDX-License-Identifier: Apache-2.0 */
/* The client against peers on loopback that answer everything with the same bytes: where requests
 * go, what they hold, and what is shown of the answers. */
#include "drive/client_core.h"
#include "drive/driver.h"
#include "given_back.h"
#include "ob_test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#define OPEN_MAX_HERE 8

/* Holds its connections open until the end, as a server that keeps them alive. */
typedef struct peer {
    int listener;
    int stop[2];
    uint16_t port;
    pthread_t thread;
    const char *answer;
    size_t answer_len; /* 0: it ends with NUL */
    char asked[16384]; /* all requests */
    size_t asked_len;
    unsigned count;
} peer;

/* One request with its body; the peers are asked one at a time. */
static void take_request(peer *p, int fd)
{
    char *start = p->asked + p->asked_len;
    for (;;) {
        ssize_t got = recv(fd, p->asked + p->asked_len, sizeof p->asked - 1 - p->asked_len, 0);
        if (got <= 0) {
            return;
        }
        p->asked_len += (size_t)got;
        p->asked[p->asked_len] = '\0';
        const char *end = strstr(start, "\r\n\r\n");
        const char *length = strstr(start, "Content-Length: ");
        size_t body = length == NULL ? 0 : strtoul(length + 16, NULL, 10);
        if (end != NULL && strlen(end + 4) >= body) {
            break;
        }
    }
    p->count++;
    (void)send(fd, p->answer, p->answer_len > 0 ? p->answer_len : strlen(p->answer), MSG_NOSIGNAL);
}

static void *serve(void *arg)
{
    peer *p = arg;
    int open[OPEN_MAX_HERE];
    size_t count = 0;
    struct pollfd waits[2] = {{p->listener, POLLIN, 0}, {p->stop[0], POLLIN, 0}};
    while (poll(waits, 2, -1) > 0 && waits[1].revents == 0 && count < OPEN_MAX_HERE) {
        open[count] = accept(p->listener, NULL, NULL);
        take_request(p, open[count++]);
    }
    while (count > 0) {
        (void)close(open[--count]);
    }
    return NULL;
}

static void peer_open(peer *p, const char *host, uint16_t port, const char *answer)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    socklen_t length = sizeof at;
    *p = (peer){.answer = answer};
    assert_int_equal(inet_pton(AF_INET, host, &at.sin_addr), 1);
    p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(p->listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(p->listener, 8), 0);
    assert_int_equal(getsockname(p->listener, (struct sockaddr *)&at, &length), 0);
    p->port = ntohs(at.sin_port);
    assert_int_equal(pipe(p->stop), 0);
    assert_int_equal(pthread_create(&p->thread, NULL, serve, p), 0);
}

static void peer_close(peer *p)
{
    assert_int_equal(write(p->stop[1], "x", 1), 1);
    assert_int_equal(pthread_join(p->thread, NULL), 0);
    (void)close(p->listener);
    (void)close(p->stop[0]);
    (void)close(p->stop[1]);
}

/* A client of a service file in which PORT stands for a port, one call of it, and what came. */
typedef struct rig {
    ob_arena arena;
    ob_service service;
    ob_scope scope;
    ob_client client;
    ob_jar jar;
    ob_lost lost;
    char why[200];
    char body[4096];  /* as told to the hooks */
    char head[4096];  /* as told to the hooks */
    char value[4096]; /* the first that was extracted */
    double first_byte_ms;
} rig;

static void keep(char *out, size_t size, ob_span text)
{
    (void)snprintf(out, size, "%.*s", OB_SHOW(text));
}

static bool on_ended(void *ctx, void *owner, const ob_attempt *attempt, ob_err *err)
{
    rig *r = ctx;
    (void)owner;
    (void)err;
    keep(r->body, sizeof r->body, attempt->body);
    keep(r->head, sizeof r->head, attempt->head);
    return true;
}

static void on_done(void *ctx, const ob_reply *reply)
{
    rig *r = ctx;
    r->lost = reply->lost;
    r->first_byte_ms = reply->first_byte_ms;
    keep(r->why, sizeof r->why, ob_span_str(reply->why));
    if (reply->extracted_count > 0) {
        keep(r->value, sizeof r->value, reply->extracted[0].value);
    }
}

static ob_span with_port(ob_arena *arena, const char *text, uint16_t port)
{
    OB_AUTO(ob_buf) out = {.max = 65536};
    ob_span rest = ob_span_str(text);
    ob_span copy = {0};
    ob_err err = {0};
    for (size_t at = 0; (at = ob_span_find(rest, OB_SPAN("PORT"), 0)) != SIZE_MAX;) {
        ob_buf_add(&out, ob_span_sub(rest, 0, at));
        ob_buf_addf(&out, "%u", port);
        rest = ob_span_sub(rest, at + 4, rest.len);
    }
    ob_buf_add(&out, rest);
    assert_ok(ob_arena_dup(arena, ob_buf_span(&out), &copy, &err));
    return copy;
}

#define SCOPE(addresses)                                                          \
    "ombud: 1\nscope: s\nowner: o\naddresses: [" addresses "]\neffects: [read]\n" \
    "from: 2020-01-01\nuntil: 9999-01-01\n"
#define SERVICE_AT(host)                                                                \
    "ombud: 1\nservice: s\nprofile: ics\ndriver: json\naddress: http://" host ":PORT\n" \
    "json: {request: {path: /say, body: {t: \"{{say}}\"}}, reply: .a}\n"                \
    "limits: {retries: 0, connect: 1s, first_byte: 1s, total: 2s}\n"
#define SERVICE SERVICE_AT("127.0.0.1")

static bool rig_open(rig *r, const char *service, const char *scope, uint16_t port, ob_err *why)
{
    ob_err err = {0};
    *r = (rig){.lost = OB_LOST_STOPPED};
    r->jar.arena = &r->arena;
    assert_ok(ob_service_parse(&r->service, &r->arena, OB_SPAN("s.yaml"),
                               with_port(&r->arena, service, port), &err));
    if (scope != NULL) {
        assert_ok(
            ob_scope_parse(&r->scope, &r->arena, OB_SPAN("c.yaml"), ob_span_str(scope), &err));
    }
    ob_client_options options = {.service = &r->service,
                                 .scope = &r->scope,
                                 .run = "run",
                                 .hooks = {.ctx = r, .ended = on_ended}};
    return ob_client_open(&r->client, &options, why);
}

/* Makes a call below backend; vars may be NULL. */
static bool rig_ask(rig *r, const char *name, const ob_vars *vars, ob_err *err)
{
    ob_call call = {.call = ob_service_backend(&r->service, ob_span_str(name)),
                    .kind = "x",
                    .vars = vars,
                    .jar = &r->jar,
                    .done = on_done,
                    .ctx = r};
    r->lost = OB_LOST_STOPPED;
    return ob_client_send(&r->client, &call, err) && ob_client_run(&r->client, err);
}

static bool rig_call(rig *r, const ob_vars *vars, ob_err *err)
{
    return rig_ask(r, "x", vars, err);
}

static void rig_close(rig *r)
{
    ob_client_close(&r->client);
    ob_arena_fini(&r->arena);
}

#define JSON(text, length) \
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " length "\r\n\r\n" text

/* A URL that names one host to us and another to curl must reach neither. */
static void asks_the_host_of_the_scope(void **state)
{
    (void)state;

    static const char *const urls[] = {
        "http://localhost:x@127.0.0.2:PORT/",
        "http://localhost:PORT@127.0.0.2:PORT/",
        "http://[localhost]@127.0.0.2:PORT/",
        "http://localhost@127.0.0.2:PORT/",
        "http://localhost\\@127.0.0.2:PORT/",
        "http://127.0.0.2:PORT/#@localhost/",
        "http://127.0.0.2%2f@localhost:PORT/",
        "http://localhost:x%40@127.0.0.2:PORT/",
        "http://0x7f000002:PORT/",
        "http://0177.0.0.2:PORT/",
        "http://localhost.@127.0.0.2:PORT/",
    };
    peer other;
    ob_err err = {0};
    peer_open(&other, "127.0.0.2", 0, JSON("{\"a\":1}", "7"));
    for (size_t i = 0; i < OB_COUNT(urls); i++) {
        rig r;
        char text[1024];
        (void)snprintf(text, sizeof text,
                       SERVICE "backend: {x: {request: {url: '%s'}, extract: {a: .a}}}\n", urls[i]);
        assert_ok(rig_open(&r, text, SCOPE("localhost, 127.0.0.1"), other.port, &err));
        bool good = rig_call(&r, NULL, &err) && r.lost == OB_LOST_NONE;
        if (other.count > 0 || good) {
            fail_msg("%s reached another host", urls[i]);
        }
        rig_close(&r);
    }
    peer_close(&other);
}

/* One server may answer for many names, so the name in the header counts, not only the URL's. */
static void asks_by_the_name_of_the_scope(void **state)
{
    (void)state;

    static const struct {
        const char *addresses;
        const char *host;
        bool fine;
    } rows[] = {
        {SCOPE("localhost"), "other.example", false},
        {SCOPE("localhost"), "other.example:80", false},
        {SCOPE("localhost"), "LOCALHOST:PORT", true},
        {SCOPE("localhost, other.example"), "other.example", true},
        {SCOPE("127.0.0.1"), "other.example", true},
        {NULL, "other.example", true},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        peer p;
        rig r;
        ob_err err = {0};
        char text[1024];
        peer_open(&p, "127.0.0.1", 0, JSON("{}", "2"));
        (void)snprintf(text, sizeof text,
                       SERVICE_AT("localhost") "backend: {x: {request: {path: /x, headers: {Host: "
                                               "'%s'}}}, y: {request: {path: /y}}}\n",
                       rows[i].host);
        assert_ok(rig_open(&r, text, rows[i].addresses, p.port, &err));
        /* A connection that was opened under the right name is no way around it. */
        assert_ok(rig_ask(&r, "y", NULL, &err));
        assert_int_equal(r.lost, OB_LOST_NONE);
        assert_ok(rig_call(&r, NULL, &err));
        if (r.lost != (rows[i].fine ? OB_LOST_NONE : OB_LOST_SCOPE) ||
            p.count != 1U + rows[i].fine) {
            fail_msg("row %zu: %u requests, %s", i, p.count, r.why);
        }
        rig_close(&r);
        peer_close(&p);
    }
}

/* Nobody sees what a name resolves to behind a proxy, so the URL itself must be covered. */
static void asks_a_proxy_for_what_is_covered(void **state)
{
    (void)state;

    static const struct {
        const char *url;
        const char *addresses;
        bool fine;
    } rows[] = {
        {"http://192.0.2.9/", SCOPE("127.0.0.1"), false},
        {"http://other.example/", SCOPE("127.0.0.0/8"), false},
        {"http://other.example/", NULL, false},
        {"http://127.0.0.9/", NULL, true},
        {"http://other.example/", SCOPE("127.0.0.1, other.example"), true},
        {"http://127.0.0.9/", SCOPE("127.0.0.0/8"), true},
    };

    peer proxy;
    ob_err err = {0};
    peer_open(&proxy, "127.0.0.1", 0, JSON("{\"a\":1}", "7"));
    unsigned fine = 0;
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        rig r;
        char text[1024];
        (void)snprintf(text, sizeof text,
                       SERVICE "proxy: http://127.0.0.1:PORT\n"
                               "backend: {x: {request: {url: '%s'}, extract: {a: .a}}}\n",
                       rows[i].url);
        assert_ok(rig_open(&r, text, rows[i].addresses, proxy.port, &err));
        bool good = rig_call(&r, NULL, &err) && r.lost == OB_LOST_NONE;
        fine += rows[i].fine;
        if (proxy.count != fine || good != rows[i].fine) {
            fail_msg("row %zu: %s, %u requests: %s %s", i, rows[i].url, proxy.count, err.text,
                     r.why);
        }
        assert_true(good || err.kind == OB_ERR_SCOPE);
        err = (ob_err){0};
        rig_close(&r);
    }
    rig r;
    assert_ok(rig_open(&r,
                       SERVICE "proxy: http://127.0.0.1:PORT\n"
                               "backend: {x: {request: {path: /x, headers: {Host: other}}}}\n",
                       SCOPE("127.0.0.1"), proxy.port, &err));
    assert_fails(rig_call(&r, NULL, &err), OB_ERR_INPUT, "a Host header may not name another");
    assert_int_equal(proxy.count, fine);
    rig_close(&r);
    assert_fails(rig_open(&r,
                          "ombud: 1\nservice: s\nprofile: ics\ndriver: json\n"
                          "address: http://other.example\nproxy: http://127.0.0.1:PORT\n"
                          "json: {request: {path: /say, body: \"{{say}}\"}, reply: .a}\n",
                          SCOPE("127.0.0.0/8"), proxy.port, &err),
                 OB_ERR_SCOPE, "does not cover other.example");
    ob_arena_fini(&r.arena);
    peer_close(&proxy);
}

/* Spelled as JSON or a URL spells it, a secret is the same secret. */
static void hides_secrets_however_spelled(void **state)
{
    (void)state;
    peer p;
    rig r;
    ob_err err = {0};
    ob_vars vars = {0};
    peer_open(
        &p, "127.0.0.1", 0,
        "HTTP/1.1 200 OK\r\nLocation: /in?t=ab%2Fcd%2Bef%3D%22gh\r\nContent-Length: 63\r\n\r\n"
        "{\"a\":\"ab\\/cd\\u002bef=\\\"gh\",\"b\":\"\\u0061b\\/cd+ef\\u003D\\u0022gh\" }");
    assert_ok(rig_open(&r, SERVICE "backend: {x: {request: {path: /x}, extract: {a: .a}}}\n", NULL,
                       p.port, &err));
    vars.arena = &r.arena;
    assert_ok(ob_vars_set(&vars, OB_SPAN("actor.token"), OB_SPAN("ab/cd+ef=\"gh"), true, &err));
    assert_ok(rig_call(&r, &vars, &err));
    assert_int_equal(r.lost, OB_LOST_NONE);
    assert_string_equal(r.body, "{\"a\":\"sk-...(12)\",\"b\":\"sk-...(12)\" }");
    assert_non_null(strstr(r.head, "/in?t=sk-...(12)\r\n"));
    assert_string_equal(r.value, "ab/cd+ef=\"gh");
    rig_close(&r);
    peer_close(&p);
}

/* In another charset it is the same secret, and what is kept of it is what was read. */
static void hides_secrets_in_any_charset(void **state)
{
    (void)state;
    peer p;
    rig r;
    ob_err err = {0};
    ob_vars vars = {0};
    static const char json[] = "{\"a\":\"key-17-of-42\"}";
    char answer[256];
    int head = snprintf(answer, sizeof answer,
                        "HTTP/1.1 200 OK\r\nContent-Type: text/json; charset=UTF-16LE\r\n"
                        "Content-Length: %zu\r\n\r\n",
                        2 * (sizeof json - 1));
    peer_open(&p, "127.0.0.1", 0, answer);
    for (size_t i = 0; json[i] != '\0'; i++) {
        answer[head + 2 * (int)i] = json[i];
        answer[head + 2 * (int)i + 1] = '\0';
    }
    p.answer_len = (size_t)head + 2 * (sizeof json - 1);
    assert_ok(rig_open(&r, SERVICE "backend: {x: {request: {path: /x}, extract: {a: .a}}}\n", NULL,
                       p.port, &err));
    vars.arena = &r.arena;
    assert_ok(ob_vars_set(&vars, OB_SPAN("actor.token"), OB_SPAN("key-17-of-42"), true, &err));
    assert_ok(rig_call(&r, &vars, &err));
    assert_int_equal(r.lost, OB_LOST_NONE);
    assert_string_equal(r.body, "{\"a\":\"sk-...(12)\"}");
    assert_string_equal(r.value, "key-17-of-42");
    rig_close(&r);
    peer_close(&p);
}

#define TOKEN  "tok-5e884898da28047151"
#define SECRET "key-2bb80d537b1da3e38b"

/* Neither what is sent nor what a login answers stays behind, and a login takes no memory that
 * lasts. */
static void forgets_secrets(void **state)
{
    (void)state;
    peer p;
    rig r;
    ob_err err = {0};
    ob_vars vars = {0};
    static const char *const both[] = {TOKEN, SECRET};
    for (size_t i = 0; i < OB_COUNT(both); i++) {
        peer_open(&p, "127.0.0.1", 0,
                  "HTTP/1.1 200 OK\r\nConnection: close\r\nSet-Cookie: t=" TOKEN
                  "\r\nContent-Length: 34\r\n\r\n"
                  "{\"token\":\"" TOKEN "\"}");
        assert_ok(rig_open(&r,
                           SERVICE
                           "backend: {x: {request: {path: /x, headers: {X-Key: '{{actor.name}}'},"
                           " body: {k: 'with {{actor.name}}'}}, extract: {token: .token}}}\n",
                           NULL, p.port, &err));
        vars = (ob_vars){.arena = &r.arena};
        assert_ok(ob_vars_set(&vars, OB_SPAN("actor.name"), OB_SPAN(SECRET), true, &err));
        assert_ok(rig_call(&r, &vars, &err));
        size_t used = r.client.core->arena.used;
        given_back = (struct given_back){.wanted = both[i]};
        assert_ok(rig_call(&r, &vars, &err));
        assert_int_equal(r.client.core->arena.used, used);
        ob_client_close(&r.client);
        given_back.wanted = NULL;
        assert_int_equal(r.lost, OB_LOST_NONE);
        assert_string_equal(r.value, TOKEN);
        assert_true(given_back.blocks > 2);
        assert_int_equal(given_back.left, 0);
        ob_arena_fini(&r.arena);
        peer_close(&p);
    }
}

/* What a request without a body needs to be understood, and an answer that has none. */
static void sends_methods_as_they_are_meant(void **state)
{
    (void)state;
    peer p;
    rig r;
    ob_err err = {0};
    peer_open(&p, "127.0.0.1", 0, JSON("", "7"));
    assert_ok(rig_open(&r, SERVICE "backend: {x: {request: {path: /x, method: HEAD}}}\n", NULL,
                       p.port, &err));
    assert_ok(rig_call(&r, NULL, &err));
    assert_string_equal(r.why, "");
    assert_int_equal(r.lost, OB_LOST_NONE);
    rig_close(&r);
    peer_close(&p);

    peer_open(&p, "127.0.0.1", 0, JSON("{}", "2"));
    assert_ok(rig_open(&r, SERVICE "backend: {x: {request: {path: /a/../x, method: POST}}}\n", NULL,
                       p.port, &err));
    assert_ok(rig_call(&r, NULL, &err));
    assert_int_equal(r.lost, OB_LOST_NONE);
    assert_non_null(strstr(p.asked, "POST /a/../x HTTP/1.1\r\n"));
    assert_non_null(strstr(p.asked, "Content-Length: 0\r\n"));
    assert_null(strstr(p.asked, "Content-Type:"));
    rig_close(&r);
    peer_close(&p);
}

/* A header that looks like a status line begins no new head. */
static void keeps_the_whole_head(void **state)
{
    (void)state;
    peer p;
    rig r;
    ob_err err = {0};
    peer_open(&p, "127.0.0.1", 0,
              "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-First: 1\r\n"
              "HTTP/nothing: 2\r\nContent-Length: 2\r\n\r\n{}");
    assert_ok(rig_open(&r, SERVICE "backend: {x: {request: {path: /x}}}\n", NULL, p.port, &err));
    assert_ok(rig_call(&r, NULL, &err));
    assert_int_equal(r.lost, OB_LOST_NONE);
    assert_true(ob_span_has_prefix(ob_span_str(r.head), OB_SPAN("HTTP/1.1 200 OK\r\nX-First: 1\r\n"
                                                                "HTTP/nothing: 2\r\n")));
    rig_close(&r);
    peer_close(&p);
}

/* The cookies that the next request would carry after this head. */
static void cookies_after(rig *r, const char *head, char out[512])
{
    ob_err err = {0};
    peer p;
    peer q;
    char answer[4096];
    (void)snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\n%sContent-Length: 2\r\n\r\n{}", head);
    peer_open(&p, "127.0.0.1", 0, answer);
    assert_ok(rig_open(r, SERVICE "backend: {x: {request: {path: /x}}}\n", NULL, p.port, &err));
    assert_ok(rig_call(r, NULL, &err));
    assert_int_equal(r->lost, OB_LOST_NONE);
    ob_client_close(&r->client);
    peer_close(&p);
    ob_jar jar = r->jar;
    ob_arena first = r->arena;
    peer_open(&q, "127.0.0.1", 0, JSON("{}", "2"));
    assert_ok(rig_open(r, SERVICE "backend: {x: {request: {path: /x}}}\n", NULL, q.port, &err));
    jar.arena = &r->arena;
    r->jar = jar;
    assert_ok(rig_call(r, NULL, &err));
    assert_int_equal(r->lost, OB_LOST_NONE);
    const char *line = strstr(q.asked, "Cookie: ");
    keep(out, 512,
         line == NULL ? OB_SPAN("") : ob_span_sub(ob_span_str(line), 0, strcspn(line, "\r\n")));
    rig_close(r);
    ob_arena_fini(&first);
    peer_close(&q);
}

/* What a service takes back is gone, and what it sets can neither break a request nor end a run. */
static void keeps_cookies_as_they_are_meant(void **state)
{
    (void)state;
    static char many[3000];
    rig r;
    char line[512];
    cookies_after(&r, "Set-Cookie: a=1\r\nSet-Cookie: b=2; Path=/; HttpOnly\r\n", line);
    assert_string_equal(line, "Cookie: a=1; b=2");
    cookies_after(&r,
                  "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nSet-Cookie: c=max-age=0\r\n"
                  "Set-Cookie: a=deleted; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/\r\n"
                  "Set-Cookie: b=x; Max-Age=-1\r\n",
                  line);
    assert_string_equal(line, "Cookie: c=max-age=0");
    cookies_after(&r,
                  "Set-Cookie: a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=3600\r\n"
                  "Set-Cookie: b=2; Expires=Fri, 31 Dec 2100 00:00:00 GMT\r\n"
                  "Set-Cookie: c=3\rX-Smuggled: 1\r\nSet-Cookie: d=4\x01\r\n",
                  line);
    assert_string_equal(line, "Cookie: a=1; b=2");
    cookies_after(&r, "Set-Cookie: =1\r\nSet-Cookie: b\r\nSet-Cookie: c=\r\n", line);
    assert_string_equal(line, "Cookie: c=");
    size_t used = 0;
    for (unsigned i = 0; i < 300 && used < sizeof many - 32; i++) {
        used += (size_t)snprintf(many + used, sizeof many - used, "Set-Cookie:c%u\r\n", i);
    }
    cookies_after(&r, many, line);
    assert_string_equal(line, "");
}

/* What one host of a service file set is not sent to another. */
static void keeps_cookies_from_other_hosts(void **state)
{
    (void)state;
    peer p;
    peer q;
    rig r;
    ob_err err = {0};
    peer_open(&p, "127.0.0.1", 0,
              "HTTP/1.1 200 OK\r\nSet-Cookie: s=1; Path=/; Secure\r\nContent-Length: 2\r\n\r\n{}");
    peer_open(&q, "127.0.0.2", p.port, JSON("{}", "2"));
    assert_ok(rig_open(&r,
                       SERVICE "backend: {x: {request: {path: /x}},"
                               " y: {request: {url: 'http://127.0.0.2:PORT/y'}}}\n",
                       SCOPE("127.0.0.1, 127.0.0.2"), p.port, &err));
    assert_ok(rig_ask(&r, "x", NULL, &err));
    assert_ok(rig_ask(&r, "y", NULL, &err));
    assert_int_equal(r.lost, OB_LOST_NONE);
    assert_non_null(strstr(q.asked, "GET /y "));
    assert_null(strstr(q.asked, "Cookie"));
    rig_close(&r);
    peer_close(&p);
    peer_close(&q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_the_host_of_the_scope),
        cmocka_unit_test(asks_by_the_name_of_the_scope),
        cmocka_unit_test(asks_a_proxy_for_what_is_covered),
        cmocka_unit_test(hides_secrets_however_spelled),
        cmocka_unit_test(hides_secrets_in_any_charset),
        cmocka_unit_test(forgets_secrets),
        cmocka_unit_test(sends_methods_as_they_are_meant),
        cmocka_unit_test(keeps_the_whole_head),
        cmocka_unit_test(keeps_cookies_as_they_are_meant),
        cmocka_unit_test(keeps_cookies_from_other_hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
