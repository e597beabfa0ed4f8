/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cookies as RFC 6265 has them: each goes back to the host that set it, or to the domain that it
 * names, below its path, and where it says Secure only to https. So what a login gives reaches no
 * other host that the service file lists. Ports do not tell cookies apart there either.
 */
#include "drive/client_core.h"

#include <arpa/inet.h>

#define COOKIES_MAX 256
#define COOKIE_MAX  4096               /* bytes of name and value (RFC 6265, 6.1) */
#define JAR_MAX     ((size_t)48 << 10) /* of all together: they must fit into a request */

static size_t weight(const ob_cookie *cookie)
{
    return cookie->name.len + cookie->value.len + 3;
}

/* Is there room for a cookie in the place of old, which may be NULL? */
static bool has_room(const ob_jar *jar, const ob_cookie *old, const ob_cookie *cookie)
{
    size_t sum = weight(cookie);
    for (size_t i = 0; i < jar->count; i++) {
        sum += &jar->items[i] == old ? 0 : weight(&jar->items[i]);
    }
    /* Path and domain are not sent, but kept. */
    return weight(cookie) <= COOKIE_MAX && cookie->path.len + cookie->domain.len <= COOKIE_MAX &&
           sum <= JAR_MAX && (old != NULL || jar->count < COOKIES_MAX);
}

static bool grow(ob_jar *jar, ob_err *err)
{
    if (jar->count < jar->cap) {
        return true;
    }
    size_t cap = jar->cap == 0 ? 8 : jar->cap * 2;
    ob_cookie *items = OB_NEW(jar->arena, ob_cookie, cap, err);
    if (items == NULL) {
        return false;
    }
    if (jar->count > 0) {
        (void)memcpy(items, jar->items, jar->count * sizeof *items);
    }
    jar->items = items;
    jar->cap = cap;
    return true;
}

static ob_cookie *find(const ob_jar *jar, const ob_cookie *cookie)
{
    for (size_t i = 0; i < jar->count; i++) {
        ob_cookie *old = &jar->items[i];
        if (ob_span_is(old->name, cookie->name) && ob_span_is(old->path, cookie->path) &&
            ob_span_is_nocase(old->domain, cookie->domain)) {
            return old;
        }
    }
    return NULL;
}

static void drop(ob_jar *jar, ob_cookie *old)
{
    jar->count--;
    (void)memmove(old, old + 1, (size_t)(jar->items + jar->count - old) * sizeof *old);
}

/* Takes the place of the cookie with the same name, domain and path. What has no room is left out,
 * as in a browser: a service must not end the run with it. */
static bool put(ob_jar *jar, const ob_cookie *cookie, ob_err *err)
{
    ob_cookie *old = find(jar, cookie);
    ob_cookie made = *cookie;
    bool gone = cookie->until_ms <= ob_clock_wall_ms();
    if (gone || !has_room(jar, old, cookie)) {
        if (old != NULL) {
            drop(jar, old);
        }
        return true;
    }
    if (!ob_arena_dup(jar->arena, cookie->value, &made.value, err)) {
        return false;
    }
    if (old != NULL) {
        made.name = old->name;
        made.path = old->path;
        made.domain = old->domain;
        *old = made;
        return true;
    }
    if (!ob_arena_dup(jar->arena, cookie->name, &made.name, err) ||
        !ob_arena_dup(jar->arena, cookie->path, &made.path, err) ||
        !ob_arena_dup(jar->arena, cookie->domain, &made.domain, err) || !grow(jar, err)) {
        return false;
    }
    jar->items[jar->count++] = made;
    return true;
}

/* The value of an attribute behind a cookie, which may have none; the last one counts. False if it
 * is not there. */
static bool attribute(ob_span attributes, const char *name, ob_span *value)
{
    ob_span part = {0};
    bool found = false;
    while (ob_span_cut(&attributes, ';', &part)) {
        ob_span field = {0};
        if (ob_span_cut(&part, '=', &field) &&
            ob_span_is_nocase(ob_span_trim(field), ob_span_str(name))) {
            *value = ob_span_trim(part);
            found = true;
        }
    }
    return found;
}

/* Until when it is kept (RFC 6265, 5.2.1 and 5.2.2): Max-Age counts before Expires. */
static int64_t until(ob_span attributes)
{
    ob_span value = {0};
    char date[64];
    uint64_t seconds = 0;
    ob_err ignored = {0};
    if (attribute(attributes, "max-age", &value) && value.len > 0) {
        if (value.ptr[0] == '-') {
            return 0;
        }
        if (ob_span_to_u64(value, &seconds, &ignored)) {
            seconds = seconds < UINT32_MAX ? seconds : UINT32_MAX;
            return seconds == 0 ? 0 : ob_clock_wall_ms() + (int64_t)seconds * 1000;
        }
    }
    if (!attribute(attributes, "expires", &value) || value.len >= sizeof date) {
        return INT64_MAX;
    }
    (void)snprintf(date, sizeof date, "%.*s", OB_SHOW(value));
    time_t at = curl_getdate(date, NULL);
    return at < 0 ? INT64_MAX : (int64_t)at * 1000;
}

/* A control character could end the header that the cookie is sent in. */
static bool has_control(ob_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f) {
            return true;
        }
    }
    return false;
}

static bool is_number(ob_span host)
{
    char text[64];
    struct in6_addr address;
    if (host.len == 0 || host.len >= sizeof text) {
        return false;
    }
    (void)snprintf(text, sizeof text, "%.*s", OB_SHOW(host));
    return inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1;
}

/* RFC 6265, 5.1.3: the host itself, or a name below the domain. */
static bool is_within(ob_span host, ob_span domain)
{
    if (ob_span_is_nocase(host, domain)) {
        return true;
    }
    return host.len > domain.len && host.ptr[host.len - domain.len - 1] == '.' &&
           ob_span_is_nocase(ob_span_sub(host, host.len - domain.len, host.len), domain) &&
           !is_number(host);
}

/* RFC 6265, 5.1.4: the path itself, or one below it. */
static bool is_below(ob_span asked, ob_span path)
{
    return ob_span_has_prefix(asked, path) &&
           (asked.len == path.len || path.ptr[path.len - 1] == '/' || asked.ptr[path.len] == '/');
}

/* A service knows itself by the name that it is asked by. */
static ob_span host_of(const obi_wire *wire)
{
    return wire->named.len > 0 ? wire->named : wire->target;
}

/* The path without its last part (RFC 6265, 5.1.4). */
static ob_span default_path(ob_span asked)
{
    size_t end = asked.len;
    while (end > 0 && asked.ptr[end - 1] != '/') {
        end--;
    }
    return end <= 1 ? OB_SPAN("/") : ob_span_sub(asked, 0, end - 1);
}

/* Domain and Path, or what holds without them. False for a domain that is not the service's, and
 * for one of a single label, such as "example", which would be everybody's. */
static bool take_reach(ob_cookie *cookie, const obi_wire *wire, ob_span attributes)
{
    ob_span domain = {"", 0};
    ob_span host = host_of(wire);
    (void)attribute(attributes, "domain", &domain);
    domain = ob_span_sub(domain, ob_span_has_prefix(domain, OB_SPAN(".")), domain.len);
    cookie->host_only = domain.len == 0;
    cookie->domain = domain.len == 0 ? host : domain;
    if (!is_within(host, cookie->domain) ||
        (!ob_span_is_nocase(host, cookie->domain) &&
         ob_span_find(cookie->domain, OB_SPAN("."), 0) == SIZE_MAX)) {
        return false;
    }
    if (!attribute(attributes, "path", &cookie->path) || cookie->path.len == 0 ||
        cookie->path.ptr[0] != '/') {
        cookie->path = default_path(wire->path);
    }
    return true;
}

bool obi_jar_take(ob_jar *jar, const obi_wire *wire, ob_span head, ob_err *err)
{
    ob_span line;
    while (ob_span_cut_line(&head, &line)) {
        ob_span rest = line;
        ob_span field, pair, name, ignored;
        if (!ob_span_cut(&rest, ':', &field) || !ob_span_is_nocase(field, OB_SPAN("set-cookie")) ||
            !ob_span_cut(&rest, ';', &pair) || ob_span_find(pair, OB_SPAN("="), 0) == SIZE_MAX ||
            !ob_span_cut(&pair, '=', &name)) {
            continue;
        }
        ob_cookie cookie = {.name = ob_span_trim(name),
                            .value = ob_span_trim(pair),
                            .until_ms = until(rest),
                            .secure = attribute(rest, "secure", &ignored)};
        if (cookie.name.len > 0 && !has_control(cookie.name) && !has_control(cookie.value) &&
            take_reach(&cookie, wire, rest) && !put(jar, &cookie, err)) {
            return false;
        }
    }
    return true;
}

/* Does it go with this request? Where nobody listens, plain HTTP is as good as TLS. */
static bool goes_with(const ob_cookie *cookie, const obi_wire *wire, int64_t now_ms)
{
    ob_span host = host_of(wire);
    return cookie->until_ms > now_ms && (wire->private || !cookie->secure) &&
           (cookie->host_only ? ob_span_is_nocase(host, cookie->domain)
                              : is_within(host, cookie->domain)) &&
           is_below(wire->path, cookie->path);
}

static void add_cookie(ob_buf *text, const ob_cookie *cookie)
{
    ob_buf_add_str(text, text->len == 0 ? "Cookie: " : "; ");
    ob_buf_add(text, cookie->name);
    ob_buf_add_char(text, '=');
    ob_buf_add(text, cookie->value);
}

/* The longest path that is left below the one before; 0 if none is. */
static size_t next_path(const ob_jar *jar, size_t before)
{
    size_t longest = 0;
    for (size_t i = 0; i < jar->count; i++) {
        size_t len = jar->items[i].path.len;
        longest = len < before && len > longest ? len : longest;
    }
    return longest;
}

bool obi_jar_header(const ob_jar *jar, const obi_wire *wire, ob_arena *arena, ob_span *line,
                    ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = 65536, .secret = true};
    int64_t now = ob_clock_wall_ms();
    /* Longer paths first, and those of one length as they came (RFC 6265, 5.4). */
    for (size_t len = next_path(jar, SIZE_MAX); len > 0; len = next_path(jar, len)) {
        for (size_t i = 0; i < jar->count; i++) {
            if (jar->items[i].path.len == len && goes_with(&jar->items[i], wire, now)) {
                add_cookie(&text, &jar->items[i]);
            }
        }
    }
    return ob_buf_check(&text, "the cookies", err) &&
           ob_arena_dup(arena, ob_buf_span(&text), line, err);
}
