/* SPDX-License-Identifier: Apache-2.0 */
#include "node/uri.h"

#include "node/config.h"

#include <arpa/inet.h>
#include <ctype.h>

bool ob_node_piece(ob_span *rest, char separator, ob_span *piece)
{
    if (rest->ptr == NULL) {
        return false;
    }
    size_t end = ob_span_find(*rest, (ob_span){&separator, 1}, 0);
    *piece = ob_span_sub(*rest, 0, end);
    *rest = end == SIZE_MAX ? ((ob_span){0}) : ob_span_sub(*rest, end + 1, rest->len);
    return true;
}

bool ob_node_unescape(ob_span text, char *out, size_t *len)
{
    size_t used = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = (uint8_t)text.ptr[i];
        size_t one = 0;
        if (byte == '%') {
            if (!ob_node_hex(ob_span_sub(text, i + 1, i + 3), &byte, 1, &one) || one == 0) {
                return false;
            }
            i += 2;
        }
        out[used++] = (char)byte;
    }
    *len = used;
    return true;
}

/* An option with the %XX of its value undone. */
static bool add_option(ob_node_uri *uri, ob_arena *arena, uint16_t number, ob_span text,
                       ob_err *err)
{
    char *to = OB_NEW(arena, char, text.len + 1, err);
    size_t len = 0;
    if (to == NULL) {
        return false;
    }
    if (!ob_node_unescape(text, to, &len)) {
        return ob_fail(err, OB_ERR_USAGE, "a %% in the URI without two digits behind it");
    }
    if (len > 255 || uri->option_count == OB_NODE_OPTIONS_MAX - 4) {
        return ob_fail(err, OB_ERR_USAGE, "the path of the URI is too long");
    }
    uri->options[uri->option_count++] = (ob_coap_option){number, {to, len}};
    return true;
}

static bool is_address(int family, ob_span text)
{
    char copy[INET6_ADDRSTRLEN];
    uint8_t address[16];
    (void)snprintf(copy, sizeof copy, "%.*s", OB_SHOW(text));
    return text.len > 0 && text.len < sizeof copy && memchr(text.ptr, '\0', text.len) == NULL &&
           inet_pton(family, copy, address) == 1;
}

static bool read_authority(ob_node_uri *uri, ob_span text)
{
    uint64_t port = 5683;
    ob_err ignored = {0};
    bool brackets = text.len > 0 && text.ptr[0] == '[';
    size_t colon = ob_span_find(text, OB_SPAN(":"), 0);
    if (brackets) {
        size_t close = ob_span_find(text, OB_SPAN("]"), 0);
        if (close == SIZE_MAX) {
            return false;
        }
        uri->host = ob_span_sub(text, 1, close);
        colon = close + 1;
        if (colon < text.len && text.ptr[colon] != ':') {
            return false;
        }
    } else {
        uri->host = ob_span_sub(text, 0, colon);
    }
    if (colon < text.len &&
        (!ob_span_to_u64(ob_span_sub(text, colon + 1, text.len), &port, &ignored) || port == 0 ||
         port > 65535)) {
        return false;
    }
    uri->port = (uint16_t)port;
    uri->has_name = !brackets && !is_address(AF_INET, uri->host);
    /* Behind an address of one link there may be the interface to it. */
    size_t zone = ob_span_find(uri->host, OB_SPAN("%"), 0);
    return uri->host.len > 0 && uri->host.len < 254 &&
           ob_span_find(uri->host, OB_SPAN("@"), 0) == SIZE_MAX &&
           (!brackets || is_address(AF_INET6, ob_span_sub(uri->host, 0, zone)));
}

/* What a URI cannot have in it, RFC 3986 2; bytes beyond ASCII stand for themselves. */
static bool has_strange(ob_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c <= ' ' || c == 127 || strchr("\"<>\\^`{|}", c) != NULL) {
            return true;
        }
    }
    return false;
}

/* The name that was asked for, where the address of the datagram does not say it (6.4, step 5). */
static bool add_host(ob_node_uri *uri, ob_arena *arena, ob_err *err)
{
    char *name = OB_NEW(arena, char, uri->host.len + 1, err);
    if (name == NULL) {
        return false;
    }
    for (size_t i = 0; i < uri->host.len; i++) {
        name[i] = (char)tolower((unsigned char)uri->host.ptr[i]);
    }
    if (!add_option(uri, arena, OB_COAP_URI_HOST, (ob_span){name, uri->host.len}, err)) {
        return false;
    }
    uri->host = uri->options[0].value;
    return !has_strange(uri->host) ||
           ob_fail(err, OB_ERR_USAGE, "a URI has the name of a host that cannot be one");
}

/* How many dots a segment is, where it is one or two and nothing else; %2E is one, too. */
static size_t dots_of(ob_span segment)
{
    char made[6];
    size_t len = 0;
    return segment.len <= sizeof made && ob_node_unescape(segment, made, &len) && len <= 2 &&
                   ob_span_is((ob_span){made, len}, ob_span_sub(OB_SPAN(".."), 0, len))
               ? len
               : 0;
}

/* A segment for each option, the last one perhaps empty: "/a/" is not "/a". "." and ".." are none
 * (RFC 3986, 5.2.4); at the end they leave the slash before them. */
static bool add_path(ob_node_uri *uri, ob_arena *arena, ob_span path, ob_err *err)
{
    size_t first = uri->option_count;
    ob_span piece;
    if (path.len == 0) {
        return true;
    }
    while (ob_node_piece(&path, '/', &piece)) {
        size_t dots = dots_of(piece);
        if (dots == 2 && uri->option_count > first) {
            uri->option_count--;
        }
        piece = dots > 0 ? OB_SPAN("") : piece;
        if ((dots == 0 || path.ptr == NULL) &&
            !add_option(uri, arena, OB_COAP_URI_PATH, piece, err)) {
            return false;
        }
    }
    if (uri->option_count == first + 1 && uri->options[first].value.len == 0) {
        uri->option_count = first; /* "/", which is what "/.." comes to */
    }
    return true;
}

bool ob_node_uri_read(ob_node_uri *uri, ob_arena *arena, ob_span text, ob_err *err)
{
    ob_node_uri made = {0};
    ob_span scheme = OB_SPAN("coap://");
    ob_span piece;
    if (!ob_span_is_nocase(ob_span_sub(text, 0, scheme.len), scheme) ||
        ob_span_find(text, OB_SPAN("#"), 0) != SIZE_MAX) {
        return ob_fail(err, OB_ERR_USAGE, "a URI is like coap://127.0.0.1/sensor");
    }
    if (has_strange(text)) {
        return ob_fail(
            err, OB_ERR_USAGE,
            "a URI has no blank, control character or one of \"<>\\^`{|}; write %%20 for "
            "a blank");
    }
    ob_span rest = ob_span_sub(text, scheme.len, text.len);
    size_t question = ob_span_find(rest, OB_SPAN("?"), 0);
    ob_span query =
        question == SIZE_MAX ? ((ob_span){0}) : ob_span_sub(rest, question + 1, rest.len);
    rest = ob_span_sub(rest, 0, question);
    size_t slash = ob_span_find(rest, OB_SPAN("/"), 0);
    ob_span path = ob_span_sub(rest, slash == SIZE_MAX ? rest.len : slash + 1, rest.len);
    if (!read_authority(&made, ob_span_sub(rest, 0, slash))) {
        return ob_fail(err, OB_ERR_USAGE, "a URI is like coap://127.0.0.1:5683/sensor");
    }
    if ((made.has_name && !add_host(&made, arena, err)) || !add_path(&made, arena, path, err)) {
        return false;
    }
    while (ob_node_piece(&query, '&', &piece)) {
        if (!add_option(&made, arena, OB_COAP_URI_QUERY, piece, err)) {
            return false;
        }
    }
    *uri = made;
    return true;
}

static bool is_letter_or_digit(char c)
{
    return isalnum((unsigned char)c) != 0 && (unsigned char)c < 128;
}

bool ob_node_is_host(ob_span text)
{
    ob_span rest = text;
    ob_span label;
    if (text.len == 0 || text.len > 253) {
        return false;
    }
    if (is_address(AF_INET, text) || is_address(AF_INET6, text)) {
        return true;
    }
    while (ob_node_piece(&rest, '.', &label)) {
        bool star = ob_span_is_str(label, "*") && label.ptr == text.ptr;
        for (size_t i = 0; i < label.len && !star; i++) {
            bool inside = i > 0 && i + 1 < label.len;
            if (!is_letter_or_digit(label.ptr[i]) && !(label.ptr[i] == '-' && inside)) {
                return false;
            }
        }
        if (label.len == 0 || label.len > 63) {
            return false;
        }
    }
    return true;
}

/* Host and port, [ADDRESS] for one of IPv6; the whole of text. */
static bool is_place(ob_span text)
{
    uint64_t port = 0;
    ob_err ignored = {0};
    bool brackets = text.len > 0 && text.ptr[0] == '[';
    size_t end =
        brackets ? ob_span_find(text, OB_SPAN("]"), 0) : ob_span_find(text, OB_SPAN(":"), 0);
    ob_span host = ob_span_sub(text, brackets ? 1 : 0, end);
    size_t after = end == SIZE_MAX ? text.len : brackets ? end + 1 : end;
    ob_span rest = ob_span_sub(text, after, text.len);
    bool good = brackets ? end != SIZE_MAX && host.len > 0 && is_address(AF_INET6, host)
                         : ob_node_is_host(host) && host.ptr[0] != '*';
    return good &&
           (rest.len == 0 || (rest.ptr[0] == ':' && rest.len > 1 &&
                              ob_span_to_u64(ob_span_sub(rest, 1, rest.len), &port, &ignored) &&
                              port > 0 && port <= 65535));
}

size_t ob_node_url_fault(ob_span text)
{
    size_t colon = ob_span_find(text, OB_SPAN("://"), 0);
    size_t i = 0;
    char byte = 0;
    while (i < colon && i < text.len &&
           (is_letter_or_digit(text.ptr[i]) ||
            (i > 0 && text.ptr[i] != '\0' && strchr("+-.", text.ptr[i]) != NULL)) &&
           (i > 0 || isalpha((unsigned char)text.ptr[i]))) {
        i++;
    }
    if (i != colon || colon == 0) {
        return i;
    }
    size_t host = colon + 3;
    size_t end = host;
    while (end < text.len && strchr("/?#", text.ptr[end]) == NULL) {
        end++;
    }
    /* Who asks a directory may know its host already (RFC 5280, 4.2.1.13). */
    bool known = end == host && ob_span_is_nocase(ob_span_sub(text, 0, host), OB_SPAN("ldap://"));
    if (!known && !is_place(ob_span_sub(text, host, end))) {
        return host;
    }
    for (i = end; i < text.len; i++) {
        if (text.ptr[i] == '%' &&
            !ob_node_unescape(ob_span_sub(text, i, i + 3), &byte, &(size_t){0})) {
            return i;
        }
        if (!is_letter_or_digit(text.ptr[i]) &&
            (text.ptr[i] == '\0' || strchr("%-._~!$&'()*+,;=:@/?", text.ptr[i]) == NULL)) {
            return i;
        }
    }
    return SIZE_MAX;
}
