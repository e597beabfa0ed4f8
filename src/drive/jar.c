/* SPDX-License-Identifier: Apache-2.0 */
#include "drive/client_core.h"

static bool put(ob_jar *jar, ob_span name, ob_span value, ob_err *err)
{
    for (size_t i = 0; i < jar->count; i++) {
        if (ob_span_is(jar->items[i].name, name)) {
            return ob_arena_dup(jar->arena, value, &jar->items[i].value, err);
        }
    }
    if (jar->count == jar->cap) {
        size_t cap = jar->cap == 0 ? 8 : jar->cap * 2;
        ob_var *items = cap > 256 ? NULL : OB_NEW(jar->arena, ob_var, cap, err);
        if (items == NULL) {
            return cap > 256 ? ob_fail(err, OB_ERR_LIMIT, "more than 256 cookies") : false;
        }
        if (jar->count > 0) {
            (void)memcpy(items, jar->items, jar->count * sizeof *items);
        }
        jar->items = items;
        jar->cap = cap;
    }
    ob_var *slot = &jar->items[jar->count];
    if (!ob_arena_dup(jar->arena, name, &slot->name, err) ||
        !ob_arena_dup(jar->arena, value, &slot->value, err)) {
        return false;
    }
    slot->secret = true;
    jar->count++;
    return true;
}

/* The value of Domain= in the attributes behind a cookie, without its leading dot; or empty. */
static ob_span domain_of(ob_span attributes)
{
    ob_span part = {0};
    ob_span found = {"", 0};
    while (ob_span_cut(&attributes, ';', &part)) {
        ob_span name = {0};
        if (ob_span_cut(&part, '=', &name) &&
            ob_span_is_nocase(ob_span_trim(name), OB_SPAN("domain"))) {
            found = ob_span_trim(part);
        }
    }
    return ob_span_sub(found, ob_span_has_prefix(found, OB_SPAN(".")), found.len);
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
        bool gone = ob_span_find_nocase(rest, OB_SPAN("max-age=0"), 0) != SIZE_MAX;
        if (!ob_span_cut(&rest, ';', &pair) || !ob_span_cut(&pair, '=', &name) ||
            !is_within(host, domain_of(rest))) {
            continue;
        }
        if (!put(jar, ob_span_trim(name), gone ? (ob_span){"", 0} : ob_span_trim(pair), err)) {
            return false;
        }
    }
    return true;
}

bool obi_jar_header(const ob_jar *jar, ob_arena *arena, ob_span *line, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = 65536};
    for (size_t i = 0; i < jar->count; i++) {
        if (jar->items[i].value.len == 0) {
            continue;
        }
        ob_buf_add_str(&text, text.len == 0 ? "Cookie: " : "; ");
        ob_buf_add(&text, jar->items[i].name);
        ob_buf_add_char(&text, '=');
        ob_buf_add(&text, jar->items[i].value);
    }
    return ob_buf_check(&text, "the cookies", err) &&
           ob_arena_dup(arena, ob_buf_span(&text), line, err);
}
