/* SPDX-License-Identifier: Apache-2.0 */
/* The client as the Initiator of EDHOC. */
#include "link/edhoc.h"
#include "node/client.h"

#define FORMAT_EDHOC     64
#define FORMAT_CID_EDHOC 65
#define GIVE_UP_MS       5000 /* the first ACK_TIMEOUT and one message more, RFC 7252 4.8 */

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

void ob_node_client_reason(const ob_node_response *response, ob_buf *out)
{
    const ob_node_response *r = response;
    ob_edhoc_problem problem;
    if (!r->has_format || r->format != FORMAT_EDHOC ||
        !ob_edhoc_error_read(&problem, ob_buf_span(&r->body))) {
        return;
    }
    if (problem.code == OB_EDHOC_UNKNOWN_CRED) {
        ob_buf_add_str(out, ": it does not know who this is (error 3)");
    } else if (problem.code == OB_EDHOC_WRONG_SUITE) {
        ob_buf_add_str(out, ": no suite of 'suites' is left; it has");
        for (size_t i = 0; i < problem.suite_count; i++) {
            ob_buf_addf(out, "%s %d", i == 0 ? "" : ",", problem.suites[i]);
        }
        ob_buf_add_str(out, " (error 2)");
    } else {
        ob_buf_add_str(out, problem.text.len > 0 ? ": " : "");
        ob_buf_add_shown(out, problem.text, 60);
        ob_buf_addf(out, " (error %lld)", (long long)problem.code);
    }
}

/* What a refusal says: 4.00 with an error message of EDHOC in it, or any other. */
static bool refused(const ob_node_response *r, ob_err *err)
{
    OB_AUTO(ob_buf) reason = {.max = 512};
    ob_node_client_reason(r, &reason);
    return ob_fail(err, OB_ERR_PEER, "the server refused EDHOC with %u.%02u%.*s", r->code >> 5,
                   r->code & 31U, OB_SHOW(ob_buf_span(&reason)));
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

/* Tells the server that its session is over (RFC 9528, 6), behind the identifier that it chose. It
 * does not have to arrive: without it the session ends by its age. */
static void give_up(ob_node_client *c, const ob_edhoc *session)
{
    uint8_t out[OB_EDHOC_ID_MAX + 64];
    ob_node_response response = {.body = {.max = OB_NODE_EDHOC_MAX}, .location = {.max = 64}};
    uint64_t wait_ms = c->wait_ms;
    ob_err ignored = {0};
    ob_span made;
    obi_cbor_writer w = {.ptr = out, .cap = sizeof out};
    obi_edhoc_put_id(&w, (ob_span){(const char *)session->peer_id, session->peer_id_len});
    c->wait_ms = wait_ms < GIVE_UP_MS ? wait_ms : GIVE_UP_MS;
    if (ob_edhoc_error(session, OB_SPAN("refused"), out + w.len, sizeof out - w.len, &made,
                       &ignored)) {
        (void)post(c, (ob_span){(const char *)out, w.len + made.len}, &response, &ignored);
    }
    c->wait_ms = wait_ms;
    ob_buf_fini(&response.body);
    ob_buf_fini(&response.location);
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
    if (session.state == OB_EDHOC_FAILED && session.error != 0 && session.has_peer_id) {
        give_up(client, &session);
    }
    client->context = before;
    ob_edhoc_wipe(&session);
    ob_buf_fini(&response.body);
    ob_buf_fini(&response.location);
    return good;
}
