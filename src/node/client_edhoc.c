/* SPDX-License-Identifier: Apache-2.0 */
/* The client as the Initiator of EDHOC, and the addresses of resources. */
#include "link/edhoc.h"
#include "node/client.h"

#define FORMAT_CID_EDHOC 65

static bool post(ob_node_client *c, ob_span payload, ob_node_response *response, ob_err *err)
{
    ob_node_request request = {
        .method = OB_COAP_POST,
        .options = {{OB_COAP_URI_PATH, OB_SPAN(".well-known")},
                    {OB_COAP_URI_PATH, OB_SPAN("edhoc")},
                    {OB_COAP_CONTENT_FORMAT, {(const char[]){FORMAT_CID_EDHOC}, 1}}},
        .option_count = 3,
        .payload = payload};
    ob_buf_reset(&response->body);
    return ob_node_client_do(c, &request, response, err);
}

/* What a refusal says: 4.00 with an error message of EDHOC in it, or any other. */
static bool refused(const ob_node_response *r, ob_err *err)
{
    return ob_fail(err, OB_ERR_PEER, "the server refused EDHOC with %u.%02u", r->code >> 5,
                   r->code & 31U);
}

static bool hello(ob_node_client *c, ob_edhoc *session, const ob_edhoc_options *options,
                  ob_node_response *response, ob_err *err)
{
    uint8_t out[OB_NODE_EDHOC_MAX];
    uint8_t ephemeral[32];
    ob_edhoc_options o = *options;
    ob_span made;
    for (;;) {
        ob_edhoc_start(session, &o, true);
        bool good = ob_random(ephemeral, sizeof ephemeral, err) &&
                    ob_edhoc_write_1(session, (ob_span){(const char *)ephemeral, 32}, (ob_span){0},
                                     out + 1, sizeof out - 1, &made, err);
        ob_wipe(ephemeral, sizeof ephemeral);
        if (!good) {
            return false;
        }
        out[0] = 0xf5; /* true: a message 1 follows */
        c->stats.edhoc[1] = (unsigned)made.len;
        if (!post(c, (ob_span){(const char *)out, made.len + 1}, response, err)) {
            return false;
        }
        if (response->code == OB_COAP_CODE(2, 4)) {
            return true;
        }
        if (!ob_edhoc_next_suite(session, ob_buf_span(&response->body), &o.suite)) {
            return refused(response, err);
        }
    }
}

/* Message 3 without a request; r: message 4, if any. */
static bool post_3(ob_node_client *c, ob_span payload, ob_node_response *r, ob_err *err)
{
    return post(c, payload, r, err) && (r->code == OB_COAP_CODE(2, 4) || refused(r, err));
}

bool ob_node_client_send_first(ob_node_client *client, ob_err *err)
{
    ob_node_client *c = client;
    ob_node_response response = {.body = {.max = OB_NODE_EDHOC_MAX}, .location = {.max = 64}};
    ob_span payload = {(const char *)c->first, c->first_at + c->first_len};
    ob_oscore *context = c->context;
    c->context = NULL;
    c->first_len = 0;
    bool good = post_3(c, payload, &response, err);
    c->context = context;
    ob_buf_fini(&response.body);
    ob_buf_fini(&response.location);
    return good;
}

static bool finish(ob_node_client *c, ob_edhoc *session, bool combined, ob_node_response *response,
                   ob_err *err)
{
    uint8_t *out = c->first;
    ob_span ead;
    ob_span made;
    obi_cbor_writer w = {.ptr = out, .cap = sizeof c->first};
    if (!ob_edhoc_read_2(session, ob_buf_span(&response->body), &ead, err)) {
        return false;
    }
    c->stats.edhoc[2] = (unsigned)response->body.len;
    obi_edhoc_put_id(&w, (ob_span){(const char *)session->peer_id, session->peer_id_len});
    if (!ob_edhoc_write_3(session, (ob_span){0}, out + w.len, sizeof c->first - w.len, &made,
                          err)) {
        return false;
    }
    c->stats.edhoc[3] = (unsigned)made.len;
    if (combined) {
        c->first_at = w.len;
        c->first_len = made.len;
        return true;
    }
    if (!post_3(c, (ob_span){(const char *)out, w.len + made.len}, response, err)) {
        return false;
    }
    c->stats.edhoc[4] = (unsigned)response->body.len;
    return response->body.len == 0 ||
           ob_edhoc_read_4(session, ob_buf_span(&response->body), &ead, err);
}

bool ob_node_client_edhoc(ob_node_client *client, const ob_edhoc_options *options, bool combined,
                          ob_oscore *context, ob_err *err)
{
    ob_edhoc session = {0};
    ob_node_response response = {.body = {.max = OB_NODE_EDHOC_MAX}, .location = {.max = 64}};
    ob_oscore *before = client->context;
    client->context = NULL;
    bool good = hello(client, &session, options, &response, err) &&
                finish(client, &session, combined, &response, err) &&
                ob_edhoc_oscore(&session, context, err);
    client->context = before;
    ob_edhoc_wipe(&session);
    ob_buf_fini(&response.body);
    ob_buf_fini(&response.location);
    return good;
}

static int digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* A segment with its %XX undone. */
static bool add_option(ob_node_uri *uri, ob_arena *arena, uint16_t number, ob_span text,
                       ob_err *err)
{
    char *to = OB_NEW(arena, char, text.len + 1, err);
    size_t len = 0;
    if (to == NULL) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '%') {
            int high = i + 2 < text.len ? digit(text.ptr[i + 1]) : -1;
            int low = i + 2 < text.len ? digit(text.ptr[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return ob_fail(err, OB_ERR_USAGE, "a %% in the URI without two digits behind it");
            }
            c = (char)(high * 16 + low);
            i += 2;
        }
        to[len++] = c;
    }
    if (len > 255 || uri->option_count == OB_NODE_OPTIONS_MAX - 4) {
        return ob_fail(err, OB_ERR_USAGE, "the path of the URI is too long");
    }
    uri->options[uri->option_count++] = (ob_coap_option){number, {to, len}};
    return true;
}

static bool read_authority(ob_node_uri *uri, ob_span text)
{
    uint64_t port = 5683;
    ob_err ignored = {0};
    size_t colon = ob_span_find(text, OB_SPAN(":"), 0);
    if (text.len > 0 && text.ptr[0] == '[') {
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
    return uri->host.len > 0 && uri->host.len < 254 &&
           ob_span_find(uri->host, OB_SPAN("@"), 0) == SIZE_MAX;
}

bool ob_node_uri_read(ob_node_uri *uri, ob_arena *arena, ob_span text, ob_err *err)
{
    ob_node_uri made = {0};
    ob_span piece;
    size_t hash = ob_span_find(text, OB_SPAN("#"), 0);
    if (!ob_span_has_prefix(text, OB_SPAN("coap://")) || hash != SIZE_MAX) {
        return ob_fail(err, OB_ERR_USAGE, "a URI is like coap://127.0.0.1/sensor");
    }
    ob_span rest = ob_span_sub(text, strlen("coap://"), text.len);
    size_t question = ob_span_find(rest, OB_SPAN("?"), 0);
    ob_span query = ob_span_sub(rest, question == SIZE_MAX ? rest.len : question + 1, rest.len);
    rest = ob_span_sub(rest, 0, question);
    size_t slash = ob_span_find(rest, OB_SPAN("/"), 0);
    ob_span path = ob_span_sub(rest, slash == SIZE_MAX ? rest.len : slash + 1, rest.len);
    if (!read_authority(&made, ob_span_sub(rest, 0, slash))) {
        return ob_fail(err, OB_ERR_USAGE, "a URI is like coap://127.0.0.1:5683/sensor");
    }
    while (ob_span_cut(&path, '/', &piece)) {
        if (!add_option(&made, arena, OB_COAP_URI_PATH, piece, err)) {
            return false;
        }
    }
    while (ob_span_cut(&query, '&', &piece)) {
        if (!add_option(&made, arena, OB_COAP_URI_QUERY, piece, err)) {
            return false;
        }
    }
    *uri = made;
    return true;
}
