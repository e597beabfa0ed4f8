/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of resources: URIs taken apart into options (RFC 7252, 6.4), and their pieces. */
#ifndef OB_NODE_URI_H
#define OB_NODE_URI_H

#include <ombud/coap.h>
#include <ombud/mem.h>

#define OB_NODE_OPTIONS_MAX 32
#define OB_NODE_PATH_MAX    64 /* of a resource of the server: "/a/b" and NUL */

/* coap://HOST[:PORT]/PATH?QUERY; borrows from the text and the arena. */
typedef struct ob_node_uri {
    ob_span host; /* without brackets */
    uint16_t port;
    ob_coap_option options[OB_NODE_OPTIONS_MAX]; /* Uri-Host, Uri-Path and Uri-Query */
    size_t option_count;
    bool has_name; /* host is no address: the options begin with Uri-Host */
} ob_node_uri;

OB_MUST bool ob_node_uri_read(ob_node_uri *uri, ob_arena *arena, ob_span text, ob_err *err);

/* Where text stops being a URL with a scheme, a host and perhaps more (RFC 3986, 3), as others are
 * to follow it; SIZE_MAX: nowhere. Nobody's name is in front of the host, and there is no fragment.
 */
size_t ob_node_url_fault(ob_span text);
/* A DNS name, whose first label may be a star, or an IP address without brackets. */
bool ob_node_is_host(ob_span text);

/* The next piece up to the separator; other than ob_span_cut it gives an empty one at the end, and
 * for an empty rest. rest->ptr is NULL after the last one. */
bool ob_node_piece(ob_span *rest, char separator, ob_span *piece);
/* Undoes %XX; out has text.len bytes. False: a % without two hexadecimal digits behind it. */
OB_MUST bool ob_node_unescape(ob_span text, char *out, size_t *len);

#endif
