/* SPDX-License-Identifier: Apache-2.0 */
/* Cookies without a service: what is kept, and which request gets it. */
#include "drive/client_core.h"
#include "ob_test.h"

/* A jar takes no more than fits into a request. */
static void bounds_cookies(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) head = {.max = 1 << 20};
    ob_jar jar = {.arena = &arena};
    obi_wire wire = {.target = OB_SPAN("h"), .path = OB_SPAN("/")};
    ob_span line = {0};
    ob_err err = {0};
    for (unsigned i = 0; i < 300; i++) {
        ob_buf_addf(&head, "Set-Cookie: c%u=", i);
        for (unsigned k = 0; k < 300; k++) {
            ob_buf_add_char(&head, 'x');
        }
        ob_buf_add_str(&head, "\r\n");
    }
    assert_ok(obi_jar_take(&jar, &wire, ob_buf_span(&head), &err));
    assert_ok(obi_jar_header(&jar, &wire, &arena, &line, &err));
    assert_true(ob_span_has_prefix(line, OB_SPAN("Cookie: c0=xxx")));
    assert_true(line.len > 20000 && line.len < 65536);
    assert_ok(obi_jar_take(&jar, &wire, OB_SPAN("Set-Cookie: c0=1\r\n"), &err));
    assert_ok(obi_jar_header(&jar, &wire, &arena, &line, &err));
    assert_true(ob_span_has_prefix(line, OB_SPAN("Cookie: c0=1; c1=xxx")));
}

/* A cookie set at a URL by a head, and whether it goes to another URL (RFC 6265, 5.4). */
static void sends_cookies_where_they_belong(void **state)
{
    static const struct {
        const char *set_host, *set_path, *cookie;
        bool private;
        const char *host, *path, *sent;
    } rows[] = {
        {"a.example", "/chat", "s=1", true, "a.example", "/other", "s=1"},
        {"a.example", "/chat", "s=1", true, "b.example", "/chat", ""},
        {"a.example", "/chat", "s=1", true, "x.a.example", "/chat", ""},
        {"a.example", "/chat", "s=1; Domain=.A.example", true, "x.a.example", "/chat", "s=1"},
        {"a.example", "/chat", "s=1; Domain=a.example", true, "xa.example", "/chat", ""},
        {"a.example", "/chat", "s=1; Domain=example", true, "a.example", "/chat", ""},
        {"a.example", "/chat", "s=1; Domain=b.example", true, "b.example", "/chat", ""},
        {"localhost", "/chat", "s=1; Domain=localhost", true, "localhost", "/chat", "s=1"},
        {"10.0.0.1", "/chat", "s=1; Domain=0.0.1", true, "10.0.0.1", "/chat", ""},
        {"a.example", "/auth/login", "s=1", true, "a.example", "/chat", ""},
        {"a.example", "/auth/login", "s=1", true, "a.example", "/auth", "s=1"},
        {"a.example", "/auth/login", "s=1", true, "a.example", "/authors", ""},
        {"a.example", "/auth/login", "s=1; Path=/", true, "a.example", "/chat", "s=1"},
        {"a.example", "/auth/login", "s=1; Path=chat", true, "a.example", "/chat", ""},
        {"a.example", "/chat", "s=1; Path=/api/", true, "a.example", "/api/x", "s=1"},
        {"a.example", "/chat", "s=1; Path=/api/", true, "a.example", "/api", ""},
        {"a.example", "/chat", "s=1; Secure", true, "a.example", "/chat", "s=1"},
        {"a.example", "/chat", "s=1; Secure", false, "a.example", "/chat", ""},
        {"a.example", "/chat", "s=1; Max-Age=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT", true,
         "a.example", "/chat", ""},
    };

    (void)state;
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_jar jar = {.arena = &arena};
        ob_span line = {0};
        ob_err err = {0};
        char head[200];
        obi_wire set = {.target = ob_span_str(rows[i].set_host),
                        .path = ob_span_str(rows[i].set_path)};
        obi_wire sent = {.target = ob_span_str(rows[i].host),
                         .path = ob_span_str(rows[i].path),
                         .private = rows[i].private};
        (void)snprintf(head, sizeof head, "Set-Cookie: %s\r\n", rows[i].cookie);
        assert_ok(obi_jar_take(&jar, &set, ob_span_str(head), &err));
        assert_ok(obi_jar_header(&jar, &sent, &arena, &line, &err));
        line = ob_span_sub(line, line.len > 8 ? 8 : 0, line.len);
        if (!ob_span_is_str(line, rows[i].sent)) {
            fail_msg("row %zu, %s: '%.*s'", i, rows[i].cookie, OB_SHOW(line));
        }
    }
}

/* One name below two paths is two cookies; the nearer one stands first, and one can be taken back.
 */
static void tells_cookies_apart_by_path(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_jar jar = {.arena = &arena};
    obi_wire wire = {.named = OB_SPAN("shop.example"),
                     .target = OB_SPAN("127.0.0.1"),
                     .path = OB_SPAN("/api/chat")};
    ob_span line = {0};
    ob_err err = {0};
    assert_ok(obi_jar_take(&jar, &wire,
                           OB_SPAN("Set-Cookie: a=1; Path=/; Domain=shop.example\r\n"
                                   "Set-Cookie: b=2\r\nSet-Cookie: a=3; Path=/api\r\n"),
                           &err));
    assert_ok(obi_jar_header(&jar, &wire, &arena, &line, &err));
    assert_true(ob_span_is_str(line, "Cookie: b=2; a=3; a=1"));
    assert_ok(obi_jar_take(&jar, &wire, OB_SPAN("Set-Cookie: a=; Path=/api; Max-Age=0\r\n"), &err));
    assert_ok(obi_jar_header(&jar, &wire, &arena, &line, &err));
    assert_true(ob_span_is_str(line, "Cookie: b=2; a=1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_cookies),
        cmocka_unit_test(sends_cookies_where_they_belong),
        cmocka_unit_test(tells_cookies_apart_by_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
