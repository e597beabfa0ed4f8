/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A refusal names a place inside the file. What is taken, printed and taken again is the same
 * leave: each address that it lists is covered, the moment before it begins and the one it ends at
 * are not.
 */
#include "drive/scope.h"

#include "fuzz.h"

#include <netinet/in.h>

#define YEAR_10000 INT64_C(253402300799999) /* ms; the last with four digits */

static bool read_scope(ob_scope *scope, ob_arena *arena, ob_span text)
{
    ob_err err = {0};
    if (ob_scope_parse(scope, arena, OB_SPAN("f.yaml"), text, &err)) {
        return true;
    }
    hold(err.kind == OB_ERR_INPUT && strstr(err.text, "f.yaml:") == err.text);
    hold_sentence(err.text);
    hold_place(&err, "f.yaml", text);
    return false;
}

static void print_text(ob_buf *out, const char *key, ob_span text)
{
    ob_buf_addf(out, "%s: ", key);
    print_quoted(out, text);
    ob_buf_add_char(out, '\n');
}

static void print_time(ob_buf *out, const char *key, int64_t wall_ms)
{
    char text[32];
    ob_time_format(wall_ms, text);
    hold(strlen(text) == 24); /* 2026-11-24T08:00:00.000Z; files know whole seconds */
    ob_buf_addf(out, "%s: %.19sZ\n", key, text);
}

static void print_scope(const ob_scope *s, ob_buf *out)
{
    ob_buf_add_str(out, "ombud: 1\n");
    print_text(out, "scope", s->service);
    print_text(out, "owner", s->owner);
    ob_buf_add_str(out, "addresses:\n");
    for (size_t i = 0; i < s->addresses_count; i++) {
        const ob_scope_address *a = &s->addresses[i];
        bool v6 = ob_span_find(a->host, OB_SPAN(":"), 0) != SIZE_MAX && a->port != 0;
        ob_buf_addf(out, "- \"%s%.*s%s", v6 ? "[" : "", OB_SHOW(a->host), v6 ? "]" : "");
        if (a->port != 0) {
            ob_buf_addf(out, ":%u", a->port);
        }
        ob_buf_add_str(out, "\"\n");
    }
    ob_buf_add_str(out, "effects: [");
    for (unsigned i = 1; i < OB_EFFECTS; i++) {
        if ((s->effects >> i & 1u) != 0) {
            ob_buf_addf(out, "%s, ", ob_effect_names[i]);
        }
    }
    ob_buf_add_str(out, "]\n");
    if (s->rate > 0) {
        ob_buf_addf(out, "rate: %.17g\n", s->rate);
    }
    if (s->in_flight > 0) {
        ob_buf_addf(out, "in_flight: %u\n", s->in_flight);
    }
    if (s->requests > 0) {
        ob_buf_addf(out, "requests: %llu\n", (unsigned long long)s->requests);
    }
    print_time(out, "from", s->from_ms);
    print_time(out, "until", s->until_ms);
}

static void same(const ob_scope *a, const ob_scope *b)
{
    hold(ob_span_is(a->owner, b->owner) && ob_span_is(a->service, b->service));
    hold(a->effects == b->effects && a->in_flight == b->in_flight && a->requests == b->requests);
    hold(a->from_ms == b->from_ms && a->until_ms == b->until_ms);
    hold(!(a->rate < b->rate) && !(a->rate > b->rate));
    hold(a->addresses_count == b->addresses_count);
    for (size_t i = 0; i < a->addresses_count; i++) {
        const ob_scope_address *x = &a->addresses[i];
        const ob_scope_address *y = &b->addresses[i];
        hold(memcmp(x->bytes, y->bytes, sizeof x->bytes) == 0 && x->prefix == y->prefix);
        hold(x->by_name == y->by_name && x->port == y->port && ob_span_is(x->host, y->host));
    }
}

/* Each entry covers its first address; and one that no bit of any entry speaks of is refused. */
static void ask(const ob_scope *s)
{
    ob_err err = {0};
    bool all = false;
    hold(s->present && s->until_ms > s->from_ms && s->effects != 0 && (s->effects & 1u) == 0);
    hold(ob_scope_check_time(s, s->from_ms, &err) && ob_scope_check_time(s, s->until_ms - 1, &err));
    hold(!ob_scope_check_time(s, s->from_ms - 1, &err));
    hold(!ob_scope_check_time(s, s->until_ms, &err) && err.kind == OB_ERR_SCOPE);
    for (size_t i = 0; i < s->addresses_count; i++) {
        const ob_scope_address *a = &s->addresses[i];
        struct sockaddr_in6 where = {.sin6_family = AF_INET6};
        where.sin6_port = htons(a->port == 0 ? 1 : a->port);
        (void)memcpy(&where.sin6_addr, a->bytes, sizeof a->bytes);
        hold(a->prefix <= 128);
        all = all || a->prefix == 0;
        hold(ob_scope_check_address(s, a->by_name ? a->host : OB_SPAN("x"),
                                    (const struct sockaddr *)&where, &err));
        /* A name vouches for its own connections only. */
        hold(!a->by_name || s->addresses_count > 1 ||
             !ob_scope_check_address(s, OB_SPAN("another.example"), (const struct sockaddr *)&where,
                                     &err) ||
             ob_span_is_nocase(a->host, OB_SPAN("another.example")));
        if (s->addresses_count == 1 && !a->by_name && a->prefix > 0) {
            where.sin6_addr.s6_addr[(a->prefix - 1) / 8] ^=
                (uint8_t)(0x80u >> ((a->prefix - 1) % 8));
            hold(!ob_scope_check_address(s, OB_SPAN("x"), (const struct sockaddr *)&where, &err));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) out = {.max = 8 * OB_INPUT_FILE_MAX};
    ob_span text = {(const char *)data, size};
    ob_scope one = {0};
    ob_scope two = {0};
    if (!read_scope(&one, &arena, text)) {
        hold(!one.present);
        return 0;
    }
    ask(&one);
    if (one.until_ms > YEAR_10000) {
        return 0; /* a leap second can be said of it, but not said again */
    }
    print_scope(&one, &out);
    hold(out.bad == OB_OK && read_scope(&two, &arena, ob_buf_span(&out)));
    same(&one, &two);
    return 0;
}
