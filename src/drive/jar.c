/* SPDX-License-Identifier: Apache-2.0 */
#include "drive/client_core.h"

#define COOKIES_MAX 256
#define COOKIE_MAX  4096               /* bytes of name and value (RFC 6265, 6.1) */
#define JAR_MAX     ((size_t)48 << 10) /* of all together: they must fit into a request */

static size_t weight(const ob_var *cookie)
{
    return cookie->name.len + cookie->value.len + 3;
}

/* Is there room for a cookie in the place of old, which may be NULL? */
static bool has_room(const ob_jar *jar, const ob_var *old, const ob_var *cookie)
{
    size_t sum = weight(cookie);
    for (size_t i = 0; i < jar->count; i++) {
        sum += &jar->items[i] == old ? 0 : weight(&jar->items[i]);
    }
    return weight(cookie) <= COOKIE_MAX && sum <= JAR_MAX &&
           (old != NULL || jar->count < COOKIES_MAX);
}

static bool grow(ob_jar *jar, ob_err *err)
{
    if (jar->count < jar->cap) {
        return true;
    }
    size_t cap = jar->cap == 0 ? 8 : jar->cap * 2;
    ob_var *items = OB_NEW(jar->arena, ob_var, cap, err);
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

/* A cookie without a value takes the one of that name back. What has no room is left out, as in a
 * browser: a service must not end the run with it. */
static bool put(ob_jar *jar, ob_span name, ob_span value, ob_err *err)
{
    ob_var cookie = {.name = name, .value = value, .secret = true};
    ob_var *old = NULL;
    for (size_t i = 0; i < jar->count; i++) {
        old = ob_span_is(jar->items[i].name, name) ? &jar->items[i] : old;
    }
    if (value.len == 0 && old != NULL) {
        jar->count--;
        (void)memmove(old, old + 1, (size_t)(jar->items + jar->count - old) * sizeof *old);
    }
    if (value.len == 0 || !has_room(jar, old, &cookie)) {
        return true;
    }
    if (!ob_arena_dup(jar->arena, value, &cookie.value, err)) {
        return false;
    }
    if (old != NULL) {
        old->value = cookie.value;
        return true;
    }
    if (!ob_arena_dup(jar->arena, name, &cookie.name, err) || !grow(jar, err)) {
        return false;
    }
    jar->items[jar->count++] = cookie;
    return true;
}

/* The value of an attribute behind a cookie; the last one counts. False if there is none. */
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

/* The value of Domain=, without its leading dot; or empty. */
static ob_span domain_of(ob_span attributes)
{
    ob_span found = {"", 0};
    (void)attribute(attributes, "domain", &found);
    return ob_span_sub(found, ob_span_has_prefix(found, OB_SPAN(".")), found.len);
}

/* Is it taken back (RFC 6265, 5.2.1 and 5.2.2)? Max-Age counts before Expires. */
static bool is_gone(ob_span attributes)
{
    ob_span value = {0};
    char date[64];
    if (attribute(attributes, "max-age", &value) && value.len > 0) {
        uint64_t seconds = 1;
        ob_err ignored = {0};
        return value.ptr[0] == '-' || (ob_span_to_u64(value, &seconds, &ignored) && seconds == 0);
    }
    if (!attribute(attributes, "expires", &value) || value.len >= sizeof date) {
        return false;
    }
    (void)snprintf(date, sizeof date, "%.*s", OB_SHOW(value));
    time_t at = curl_getdate(date, NULL);
    return at >= 0 && (int64_t)at * 1000 <= ob_clock_wall_ms();
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

/* RFC 6265, 5.1.3: the host itself, or a name below the domain. */
static bool is_within(ob_span host, ob_span domain)
{
    if (domain.len == 0 || ob_span_is_nocase(host, domain)) {
        return true;
    }
    return host.len > domain.len && host.ptr[host.len - domain.len - 1] == '.' &&
           ob_span_is_nocase(ob_span_sub(host, host.len - domain.len, host.len), domain);
}

bool obi_jar_take(ob_jar *jar, ob_span host, ob_span head, ob_err *err)
{
    ob_span line;
    while (ob_span_cut_line(&head, &line)) {
        ob_span rest = line;
        ob_span field, pair, name;
        if (!ob_span_cut(&rest, ':', &field) || !ob_span_is_nocase(field, OB_SPAN("set-cookie"))) {
            continue;
        }
        if (!ob_span_cut(&rest, ';', &pair) || !ob_span_cut(&pair, '=', &name) ||
            !is_within(host, domain_of(rest))) {
            continue;
        }
        ob_span value = is_gone(rest) ? (ob_span){"", 0} : ob_span_trim(pair);
        name = ob_span_trim(name);
        if (!has_control(name) && !has_control(value) && !put(jar, name, value, err)) {
            return false;
        }
    }
    return true;
}

bool obi_jar_header(const ob_jar *jar, ob_arena *arena, ob_span *line, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = 65536};
    for (size_t i = 0; i < jar->count; i++) {
        ob_buf_add_str(&text, text.len == 0 ? "Cookie: " : "; ");
        ob_buf_add(&text, jar->items[i].name);
        ob_buf_add_char(&text, '=');
        ob_buf_add(&text, jar->items[i].value);
    }
    return ob_buf_check(&text, "the cookies", err) &&
           ob_arena_dup(arena, ob_buf_span(&text), line, err);
}
