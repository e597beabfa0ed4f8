/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scope file, and the questions asked of it. A name in the file covers what it resolves to
 * only while that very name is asked for; networks are compared in IPv6 form.
 */
#include "drive/scope.h"

#include <ombud/text.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#define ADDRESSES_MAX 256
#define MEND          "needs a scope file that allows %s: --scope FILE"

const char *const ob_effect_names[OB_EFFECTS] = {"none", "read", "write", "load", "fault"};

/* An address as bytes in IPv6 form. */
typedef struct flat {
    uint8_t bytes[16];
    bool v4;
} flat;

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static flat flat_of(const uint8_t *bytes, bool v4)
{
    flat result = {.v4 = v4};
    memcpy(result.bytes, mapped_prefix, v4 ? sizeof mapped_prefix : 0);
    memcpy(result.bytes + (v4 ? 12 : 0), bytes, v4 ? 4 : 16);
    result.v4 = v4 || memcmp(result.bytes, mapped_prefix, sizeof mapped_prefix) == 0;
    return result;
}

static bool flat_parse(ob_span text, flat *out)
{
    char copy[64];
    uint8_t bytes[16] = {0};
    if (text.len == 0 || text.len >= sizeof copy || memchr(text.ptr, '\0', text.len) != NULL) {
        return false;
    }
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    if (inet_pton(AF_INET, copy, bytes) == 1) {
        *out = flat_of(bytes, true);
        return true;
    }
    if (inet_pton(AF_INET6, copy, bytes) == 1) {
        *out = flat_of(bytes, false);
        return true;
    }
    return false;
}

static bool flat_from(const struct sockaddr *address, flat *out, uint16_t *port)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        *out = flat_of((const uint8_t *)&v4.sin_addr, true);
        *port = ntohs(v4.sin_port);
        return true;
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        *out = flat_of((const uint8_t *)&v6.sin6_addr, false);
        *port = ntohs(v6.sin6_port);
        return true;
    }
    return false;
}

static bool flat_is_loopback(const flat *address)
{
    static const uint8_t one[16] = {[15] = 1};
    return address->v4 ? address->bytes[12] == 127 : memcmp(address->bytes, one, 16) == 0;
}

bool ob_address_is_loopback(const struct sockaddr *address)
{
    flat where = {0};
    uint16_t port = 0;
    return flat_from(address, &where, &port) && flat_is_loopback(&where);
}

void ob_address_show(const struct sockaddr *address, char out[64])
{
    flat where = {0};
    uint16_t port = 0;
    char text[INET6_ADDRSTRLEN] = "";
    if (!flat_from(address, &where, &port)) {
        (void)snprintf(out, 64, "address family %d", (int)address->sa_family);
    } else if (where.v4) {
        (void)snprintf(out, 64, "%s:%u", inet_ntop(AF_INET, where.bytes + 12, text, sizeof text),
                       port);
    } else {
        (void)snprintf(out, 64, "[%s]:%u", inet_ntop(AF_INET6, where.bytes, text, sizeof text),
                       port);
    }
}

/* The host without its brackets and the port (0 if none) of "host", "host:443", "[::1]:443",
 * "::1". */
static bool split_port(ob_span text, ob_span *host, uint16_t *port)
{
    ob_span digits = {0};
    *port = 0;
    size_t colon = ob_span_find(text, OB_SPAN(":"), 0);
    if (text.len > 0 && text.ptr[0] == '[') {
        size_t close = ob_span_find(text, OB_SPAN("]"), 0);
        if (close == SIZE_MAX) {
            return false;
        }
        *host = ob_span_sub(text, 1, close);
        ob_span rest = ob_span_sub(text, close + 1, text.len);
        if (rest.len == 0) {
            return true;
        }
        if (rest.ptr[0] != ':') {
            return false;
        }
        digits = ob_span_sub(rest, 1, rest.len);
    } else if (colon == SIZE_MAX || ob_span_find(text, OB_SPAN(":"), colon + 1) != SIZE_MAX) {
        *host = text;
        return true;
    } else {
        *host = ob_span_sub(text, 0, colon);
        digits = ob_span_sub(text, colon + 1, text.len);
    }
    uint64_t value = 0;
    ob_err ignored = {0};
    if (!ob_span_to_u64(digits, &value, &ignored) || value == 0 || value > UINT16_MAX) {
        return false;
    }
    *port = (uint16_t)value;
    return true;
}

static bool is_host_name(ob_span name)
{
    bool letter = false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool edge = i == 0 || i + 1 == name.len || name.ptr[i - 1] == '.' || name.ptr[i + 1] == '.';
        if (!alpha && !(c >= '0' && c <= '9') && !(c == '-' && !edge) && !(c == '_') &&
            !(c == '.' && i > 0 && name.ptr[i - 1] != '.')) {
            return false;
        }
        letter = letter || alpha;
    }
    return name.len > 0 && name.len <= 253 && letter;
}

static bool read_prefix(ob_span digits, const flat *base, unsigned *prefix)
{
    uint64_t value = 0;
    ob_err ignored = {0};
    unsigned most = base->v4 ? 32 : 128;
    if (!ob_span_to_u64(digits, &value, &ignored) || value > most) {
        return false;
    }
    *prefix = (unsigned)value + (128 - most);
    return true;
}

static bool host_bits_clear(const flat *base, unsigned prefix)
{
    for (unsigned bit = prefix; bit < 128; bit++) {
        if ((base->bytes[bit / 8] >> (7 - bit % 8) & 1) != 0) {
            return false;
        }
    }
    return true;
}

static bool read_address(const ob_yaml_doc *doc, const ob_yaml *node, ob_scope_address *out,
                         ob_err *err)
{
    ob_scope_address result = {.prefix = 128};
    if (node->kind != OB_YAML_SCALAR || node->text.len == 0) {
        return ob_yaml_fail(doc, node, err, "an address must be text such as 192.0.2.7");
    }
    ob_span text = node->text;
    size_t slash = ob_span_find(text, OB_SPAN("/"), 0);
    flat where = {0};
    ob_span host = {0};
    if (slash != SIZE_MAX) {
        if (!flat_parse(ob_span_sub(text, 0, slash), &where) ||
            !read_prefix(ob_span_sub(text, slash + 1, text.len), &where, &result.prefix)) {
            return ob_yaml_fail(doc, node, err,
                                "not a network; write it as 192.0.2.0/24 or 2001:db8::/32, without "
                                "scheme or path");
        }
        if (!host_bits_clear(&where, result.prefix)) {
            return ob_yaml_fail(doc, node, err,
                                "the network has bits set behind its prefix; clear them or change "
                                "the prefix");
        }
    } else if (!split_port(text, &host, &result.port)) {
        return ob_yaml_fail(doc, node, err,
                            "not an address; write HOST, HOST:PORT or \"[IPV6]:PORT\"");
    } else if (!flat_parse(host, &where)) {
        result.by_name = true;
        if (!is_host_name(host)) {
            return ob_yaml_fail(doc, node, err,
                                "neither an IP address nor a host name; write one of them");
        }
    }
    result.host = slash != SIZE_MAX ? text : host;
    memcpy(result.bytes, where.bytes, sizeof result.bytes);
    *out = result;
    return true;
}

static bool read_addresses(ob_scope *scope, ob_arena *arena, const ob_yaml *root, ob_err *err)
{
    const ob_yaml *list = NULL;
    if (!ob_yaml_need(&scope->doc, root, "addresses", &list, err)) {
        return false;
    }
    if (list->kind != OB_YAML_SEQ || list->count == 0 || list->count > ADDRESSES_MAX) {
        return ob_yaml_fail(&scope->doc, list, err,
                            "'addresses' must be a list of 1 to " OB_STR(ADDRESSES_MAX) " entries");
    }
    ob_scope_address *items = OB_NEW(arena, ob_scope_address, list->count, err);
    if (items == NULL) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (!read_address(&scope->doc, &list->items[i], &items[i], err)) {
            return false;
        }
    }
    scope->addresses = items;
    scope->addresses_count = list->count;
    return true;
}

static bool read_effects(ob_scope *scope, const ob_yaml *root, ob_err *err)
{
    const ob_yaml *list = NULL;
    if (!ob_yaml_need(&scope->doc, root, "effects", &list, err)) {
        return false;
    }
    if (list->kind != OB_YAML_SEQ || list->count == 0) {
        return ob_yaml_fail(&scope->doc, list, err,
                            "'effects' must be a list such as [read, write]");
    }
    for (size_t i = 0; i < list->count; i++) {
        const ob_yaml *item = &list->items[i];
        int at = item->kind == OB_YAML_SCALAR
                     ? ob_text_index(item->text, ob_effect_names + 1, OB_EFFECTS - 1)
                     : -1;
        if (at < 0) {
            const char *near =
                item->kind == OB_YAML_SCALAR
                    ? ob_text_nearest(item->text, ob_effect_names + 1, OB_EFFECTS - 1)
                    : NULL;
            return ob_yaml_fail(&scope->doc, item, err,
                                "unknown effect%s%s; use read, write, load or fault",
                                near == NULL ? "" : ", did you mean ", near == NULL ? "" : near);
        }
        scope->effects |= 1U << (at + 1);
    }
    return true;
}

static bool read_date(ob_scope *scope, const ob_yaml *root, const char *key, int64_t *out,
                      ob_err *err)
{
    const ob_yaml *node = NULL;
    ob_span text = {0};
    ob_err why = {0};
    if (!ob_yaml_need(&scope->doc, root, key, &node, err) ||
        !ob_yaml_text(&scope->doc, root, key, &text, err)) {
        return false;
    }
    return ob_time_parse(text, out, &why) ||
           ob_yaml_fail(&scope->doc, node, err,
                        "'%s' must be a date such as 2026-11-24 or 2026-11-24T08:00:00Z", key);
}

static bool read_scope(ob_scope *scope, ob_arena *arena, ob_err *err)
{
    static const char *const keys[] = {"ombud", "scope",     "owner",    "addresses", "effects",
                                       "rate",  "in_flight", "requests", "from",      "until"};
    const ob_yaml *root = scope->doc.root;
    const ob_yaml *node = NULL;
    uint64_t version = 0;
    uint64_t in_flight = 0;
    double rate = 0;
    if (root->kind == OB_YAML_MAP && ob_yaml_get(root, "driver") != NULL) {
        return ob_yaml_fail(&scope->doc, root, err,
                            "this is a service file; --init scope prints a scope file");
    }
    if (!ob_yaml_known(&scope->doc, root, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(&scope->doc, root, "ombud", &node, err) ||
        !ob_yaml_u64(&scope->doc, root, "ombud", 1, 1, &version, err) ||
        !ob_yaml_need(&scope->doc, root, "scope", &node, err) ||
        !ob_yaml_text(&scope->doc, root, "scope", &scope->service, err) ||
        !ob_yaml_need(&scope->doc, root, "owner", &node, err) ||
        !ob_yaml_text(&scope->doc, root, "owner", &scope->owner, err) ||
        !read_addresses(scope, arena, root, err) || !read_effects(scope, root, err) ||
        !ob_yaml_double(&scope->doc, root, "rate", 0.001, 1e6, &rate, err) ||
        !ob_yaml_u64(&scope->doc, root, "in_flight", 1, 10000, &in_flight, err) ||
        !ob_yaml_u64(&scope->doc, root, "requests", 1, UINT64_MAX >> 1, &scope->requests, err) ||
        !read_date(scope, root, "from", &scope->from_ms, err) ||
        !read_date(scope, root, "until", &scope->until_ms, err)) {
        return false;
    }
    if (scope->until_ms <= scope->from_ms) {
        return ob_yaml_fail(&scope->doc, ob_yaml_get(root, "until"), err,
                            "'until' is not after 'from'; the day of 'until' is no longer covered");
    }
    scope->rate = rate;
    scope->in_flight = (unsigned)in_flight;
    scope->present = true;
    return true;
}

bool ob_scope_parse(ob_scope *scope, ob_arena *arena, ob_span name, ob_span text, ob_err *err)
{
    ob_scope result = {0};
    if (!ob_yaml_parse(&result.doc, arena, name, text, OB_INPUT_FILE_MAX, err) ||
        !read_scope(&result, arena, err)) {
        return false;
    }
    *scope = result;
    return true;
}

bool ob_scope_load(ob_scope *scope, ob_arena *arena, const char *path, ob_err *err)
{
    ob_scope result = {0};
    if (!ob_yaml_load(&result.doc, arena, path, OB_INPUT_FILE_MAX, err) ||
        !read_scope(&result, arena, err)) {
        return false;
    }
    *scope = result;
    return true;
}

bool ob_scope_check_time(const ob_scope *scope, int64_t wall_ms, ob_err *err)
{
    if (!scope->present || (wall_ms >= scope->from_ms && wall_ms < scope->until_ms)) {
        return true;
    }
    bool early = wall_ms < scope->from_ms;
    char limit[32];
    ob_time_format(early ? scope->from_ms : scope->until_ms, limit);
    return ob_fail(err, OB_ERR_SCOPE, "the scope %s %s; ask the owner for one that covers today",
                   early ? "begins only at" : "ended at", limit);
}

bool ob_scope_check_effect(const ob_scope *scope, ob_effect effect, ob_err *err)
{
    if (effect == OB_EFFECT_NONE || (!scope->present && effect == OB_EFFECT_READ)) {
        return true;
    }
    if (scope->present && (scope->effects >> effect & 1U) != 0) {
        return true;
    }
    const char *name = (unsigned)effect < OB_EFFECTS ? ob_effect_names[effect] : "this effect";
    if (scope->present) {
        return ob_fail(err, OB_ERR_SCOPE,
                       "the scope does not allow the effect '%s'; ask the owner to add it to "
                       "'effects'",
                       name);
    }
    return ob_fail(err, OB_ERR_SCOPE, "the effect '%s' " MEND, name, name);
}

static bool covers(const ob_scope_address *entry, const flat *where, uint16_t port)
{
    if (entry->by_name || (entry->port != 0 && entry->port != port)) {
        return false;
    }
    if (where->v4 && entry->prefix < 96) {
        return false; /* "::/0" is all of IPv6, not IPv4 in the form of it */
    }
    for (unsigned bit = 0; bit < entry->prefix; bit++) {
        unsigned mask = 0x80U >> (bit % 8);
        if (((unsigned)entry->bytes[bit / 8] & mask) != ((unsigned)where->bytes[bit / 8] & mask)) {
            return false;
        }
    }
    return true;
}

/* "example.org." and "EXAMPLE.org" are the same name. */
static bool same_name(ob_span a, ob_span b)
{
    size_t a_len = a.len > 0 && a.ptr[a.len - 1] == '.' ? a.len - 1 : a.len;
    size_t b_len = b.len > 0 && b.ptr[b.len - 1] == '.' ? b.len - 1 : b.len;
    return ob_span_is_nocase(ob_span_sub(a, 0, a_len), ob_span_sub(b, 0, b_len));
}

static bool name_covered(const ob_scope *scope, ob_span host, uint16_t port)
{
    for (size_t i = 0; i < scope->addresses_count; i++) {
        const ob_scope_address *entry = &scope->addresses[i];
        if (entry->by_name && (entry->port == 0 || entry->port == port) &&
            same_name(entry->host, host)) {
            return true;
        }
    }
    return false;
}

static bool flat_covered(const ob_scope *scope, const flat *where, uint16_t port)
{
    for (size_t i = 0; i < scope->addresses_count; i++) {
        if (covers(&scope->addresses[i], where, port)) {
            return true;
        }
    }
    return false;
}

bool ob_scope_check_address(const ob_scope *scope, ob_span host, const struct sockaddr *address,
                            ob_err *err)
{
    flat where = {0};
    uint16_t port = 0;
    char shown[64];
    ob_address_show(address, shown);
    if (!flat_from(address, &where, &port)) {
        return ob_fail(err, OB_ERR_SCOPE, "%s is no internet address; only those can be in scope",
                       shown);
    }
    if (!scope->present) {
        return flat_is_loopback(&where) ||
               ob_fail(err, OB_ERR_SCOPE, "%s is not loopback and " MEND, shown, "it");
    }
    if (flat_covered(scope, &where, port) || name_covered(scope, host, port)) {
        return true;
    }
    return ob_fail(err, OB_ERR_SCOPE,
                   "the scope does not cover %s; ask the owner to add it to 'addresses'", shown);
}

/* Host and port of a URL, as far as the scope needs them. */
static bool split_url(ob_span url, ob_span *host, uint16_t *port)
{
    size_t colon = ob_span_find(url, OB_SPAN("://"), 0);
    if (colon == SIZE_MAX) {
        return false;
    }
    ob_span scheme = ob_span_sub(url, 0, colon);
    ob_span rest = ob_span_sub(url, colon + 3, url.len);
    for (size_t i = 0; i < rest.len; i++) {
        if (rest.ptr[i] == '/' || rest.ptr[i] == '?' || rest.ptr[i] == '#') {
            rest = ob_span_sub(rest, 0, i);
            break;
        }
    }
    bool tls = ob_span_is_nocase(scheme, OB_SPAN("https"));
    if ((!tls && !ob_span_is_nocase(scheme, OB_SPAN("http"))) ||
        ob_span_find(rest, OB_SPAN("@"), 0) != SIZE_MAX || !split_port(rest, host, port) ||
        host->len == 0) {
        return false;
    }
    if (*port == 0) {
        *port = tls ? 443 : 80;
    }
    return true;
}

/* The name may resolve into a network of the scope, or without a scope to loopback. */
static bool name_possible(const ob_scope *scope, uint16_t port)
{
    bool possible = !scope->present;
    for (size_t i = 0; i < scope->addresses_count; i++) {
        const ob_scope_address *entry = &scope->addresses[i];
        possible = possible || (!entry->by_name && (entry->port == 0 || entry->port == port));
    }
    return possible;
}

/* resolves: the address that the name leads to will be checked, too. */
static bool check_url(const ob_scope *scope, ob_span url, bool resolves, ob_err *err)
{
    ob_span host = {0};
    uint16_t port = 0;
    flat where = {0};
    OB_AUTO(ob_buf) shown = {.max = 4096};
    if (!split_url(url, &host, &port)) {
        ob_buf_add_shown(&shown, url, OB_QUOTE_MAX);
        return ob_fail(err, OB_ERR_INPUT,
                       "'%.*s' is no address; write http://HOST[:PORT] or https://HOST[:PORT]",
                       OB_SHOW(ob_buf_span(&shown)));
    }
    bool literal = flat_parse(host, &where);
    bool covered =
        literal ? (scope->present ? flat_covered(scope, &where, port) : flat_is_loopback(&where))
                : (scope->present ? name_covered(scope, host, port)
                                  : same_name(host, OB_SPAN("localhost")));
    if (covered || (!literal && resolves && name_possible(scope, port))) {
        return true;
    }
    ob_buf_add_shown(&shown, host, OB_QUOTE_MAX);
    if (!scope->present) {
        return ob_fail(err, OB_ERR_SCOPE, "%.*s:%u is not loopback and " MEND,
                       OB_SHOW(ob_buf_span(&shown)), port, "it");
    }
    return ob_fail(err, OB_ERR_SCOPE,
                   "the scope does not cover %.*s:%u%s; ask the owner to add it to 'addresses'",
                   OB_SHOW(ob_buf_span(&shown)), port,
                   literal || resolves ? "" : " by its name, as a proxy needs it");
}

bool ob_scope_check_url(const ob_scope *scope, ob_span url, ob_err *err)
{
    return check_url(scope, url, true, err);
}

bool ob_scope_check_behind_proxy(const ob_scope *scope, ob_span url, ob_err *err)
{
    return check_url(scope, url, false, err);
}

bool ob_scope_check_command(const ob_scope *scope, ob_err *err)
{
    return !scope->present || name_covered(scope, OB_SPAN("command"), 0) ||
           ob_fail(err, OB_ERR_SCOPE,
                   "the scope does not cover a local program; ask the owner to add 'command' to "
                   "'addresses'");
}
