/* SPDX-License-Identifier: Apache-2.0 */
/* ombud link request METHOD URI */
#include "cli/cli.h"
#include "cli/link.h"
#include "cli/link_way.h"
#include "node/trust.h"

#include <unistd.h>

#define PAYLOAD_MAX ((size_t)1 << 20)
#define BODY_MAX    ((size_t)4 << 20)

static const char *const methods[] = {"GET", "POST", "PUT", "DELETE", "FETCH", "PATCH", "iPATCH"};

typedef struct asking {
    const ob_args *args;
    ob_arena arena;
    ob_node_uri uri;
    ob_node_request request;
    ob_buf payload;
    uint64_t observe;
    uint64_t wait_s;
    ob_node_config config; /* of --oscore or --edhoc */
    ob_node_trust trust;
    ob_node_found found; /* the server */
    ob_oscore oscore;
    ob_node_state state;
    ob_node_counter counter;
    ob_node_client client;
    ob_node_response response;
    ob_link_way way;
} asking;

/* --- what is asked --- */

static bool read_payload(asking *a, ob_err *err)
{
    const char *path = ob_args_text(a->args, "payload");
    char chunk[4096];
    size_t got = 0;
    if (path == NULL) {
        return true;
    }
    if (strcmp(path, "-") != 0) {
        if (!ob_file_read(path, &a->payload, err)) {
            return false;
        }
    } else {
        while ((got = fread(chunk, 1, sizeof chunk, stdin)) > 0) {
            ob_buf_add(&a->payload, (ob_span){chunk, got});
        }
    }
    a->request.payload = ob_buf_span(&a->payload);
    return ob_buf_check(&a->payload, "the payload", err);
}

static bool read_words(asking *a, ob_err *err)
{
    const ob_args *args = a->args;
    uint64_t szx = OB_COAP_BLOCK_SZX_MAX;
    if (args->words_count != 3) {
        return ob_fail(err, OB_ERR_USAGE, "link request needs a method and a URI");
    }
    int method = ob_text_index(ob_span_str(args->words[1]), methods, OB_COUNT(methods));
    if (method < 0) {
        return ob_fail(err, OB_ERR_USAGE,
                       "no method '%.20s'; use GET, POST, PUT, DELETE, FETCH, PATCH or iPATCH",
                       args->words[1]);
    }
    a->request.method = (uint8_t)(method + 1);
    if (!ob_node_uri_read(&a->uri, &a->arena, ob_span_str(args->words[2]), err) ||
        !ob_args_number(args, "block", 0, OB_COAP_BLOCK_SZX_MAX, &szx, err) ||
        !ob_args_number(args, "observe", 1, 1000000, &a->observe, err) ||
        !ob_args_number(args, "wait", 1, 86400, &a->wait_s, err)) {
        return false;
    }
    memcpy(a->request.options, a->uri.options, sizeof a->uri.options);
    a->request.option_count = a->uri.option_count;
    a->request.has_szx = ob_args_count(args, "block") > 0;
    a->request.szx = (uint8_t)szx;
    a->request.observe = a->observe > 0;
    if (a->request.observe && a->request.method != OB_COAP_GET) {
        return ob_fail(err, OB_ERR_USAGE, "--observe goes with GET");
    }
    if (ob_args_count(args, "oscore") > 0 && ob_args_count(args, "edhoc") > 0) {
        return ob_fail(err, OB_ERR_USAGE,
                       "give --oscore or --edhoc: EDHOC makes a context for "
                       "OSCORE");
    }
    if (ob_args_flag(args, "combined") && ob_args_count(args, "edhoc") == 0) {
        return ob_fail(err, OB_ERR_USAGE, "--combined goes with --edhoc");
    }
    return true;
}

/* --- keys --- */

static bool open_oscore(asking *a, const char *path, ob_err *err)
{
    const ob_link_crypto *crypto = &a->counter.table;
    bool known = false;
    if (!ob_node_config_load(&a->config, &a->arena, path, err)) {
        return false;
    }
    if (a->config.context_count != 1) {
        return ob_fail(err, OB_ERR_INPUT,
                       "%s: --oscore needs a file with one context, this has %zu", path,
                       a->config.context_count);
    }
    return ob_node_context_open(&a->oscore, &a->config.contexts[0], crypto, err) &&
           ob_node_state_open(&a->state, a->config.state_file.ptr, err) &&
           ob_node_state_restore(&a->state, &a->oscore, &known, err);
}

static bool find_peer(void *ctx, ob_span id, ob_edhoc_cred *peer)
{
    asking *a = ctx;
    ob_err err = {0};
    bool is_static = (a->config.edhoc.method & 1) != 0; /* the Responder's */
    if (ob_node_trust_find(&a->trust, id, ob_clock_wall_ms(), is_static, &a->found, peer, &err)) {
        return true;
    }
    ob_cli_say(a->args, "%s", err.text);
    return false;
}

static bool open_edhoc(asking *a, const char *path, ob_err *err)
{
    if (!ob_node_config_load(&a->config, &a->arena, path, err)) {
        return false;
    }
    if (!a->config.edhoc.present) {
        return ob_fail(err, OB_ERR_INPUT, "%s: --edhoc needs a file with 'edhoc'", path);
    }
    return ob_node_trust_open(&a->trust, &a->arena, &a->config.edhoc, err);
}

static bool handshake(asking *a, ob_err *err)
{
    const ob_node_edhoc *e = &a->config.edhoc;
    uint8_t id = 0;
    ob_edhoc_options options = {.crypto = &a->counter.table,
                                .method = e->method,
                                .suite_count = e->suite_count,
                                .connection_id = {(const char *)&id, 1},
                                .own = a->trust.own.cred,
                                .private_key = {(const char *)a->trust.key.bytes, a->trust.key.len},
                                .find = find_peer,
                                .ctx = a};
    memcpy(options.suites, e->suites, sizeof options.suites);
    return ob_link_choose_id(&id, err) &&
           ob_node_client_edhoc(&a->client, &options, ob_args_flag(a->args, "combined"), &a->oscore,
                                err);
}

static bool connect_to(asking *a, ob_err *err)
{
    bool reads = a->request.method == OB_COAP_GET || a->request.method == OB_COAP_FETCH;
    return ob_link_way_open(&a->way, a->args, &a->arena, a->uri.host, a->uri.port, SOCK_DGRAM,
                            reads ? OB_EFFECT_READ : OB_EFFECT_WRITE, err);
}

/* --- what came --- */

static const char *word_of(uint8_t code)
{
    static const struct {
        uint8_t code;
        const char *word;
    } rows[] = {{OB_COAP_CODE(2, 1), "Created"},
                {OB_COAP_CODE(2, 2), "Deleted"},
                {OB_COAP_CODE(2, 3), "Valid"},
                {OB_COAP_CODE(2, 4), "Changed"},
                {OB_COAP_CODE(2, 5), "Content"},
                {OB_COAP_CODE(4, 0), "Bad Request"},
                {OB_COAP_CODE(4, 1), "Unauthorized"},
                {OB_COAP_CODE(4, 2), "Bad Option"},
                {OB_COAP_CODE(4, 3), "Forbidden"},
                {OB_COAP_CODE(4, 4), "Not Found"},
                {OB_COAP_CODE(4, 5), "Method Not Allowed"},
                {OB_COAP_CODE(4, 6), "Not Acceptable"},
                {OB_COAP_CODE(4, 8), "Request Entity Incomplete"},
                {OB_COAP_CODE(4, 13), "Request Entity Too Large"},
                {OB_COAP_CODE(4, 15), "Unsupported Content-Format"},
                {OB_COAP_CODE(5, 0), "Internal Server Error"},
                {OB_COAP_CODE(5, 1), "Not Implemented"},
                {OB_COAP_CODE(5, 3), "Service Unavailable"},
                {OB_COAP_CODE(5, 5), "Proxying Not Supported"}};

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        if (rows[i].code == code) {
            return rows[i].word;
        }
    }
    return "";
}

/* The body as it is, for programs; at a terminal nothing of it is acted upon. */
static bool print_body(const asking *a, ob_err *err)
{
    OB_AUTO(ob_buf) shown = {.max = 4 * BODY_MAX};
    ob_span body = ob_buf_span(&a->response.body);
    if (isatty(STDOUT_FILENO) == 1 && body.len > 0) {
        ob_buf_add_shown(&shown, body, body.len);
        ob_buf_add_char(&shown, '\n');
        body = ob_buf_span(&shown);
    } else if (a->observe > 0 && body.len > 0) {
        ob_buf_add(&shown, body); /* one a line, so that they can be told apart */
        ob_buf_add_char(&shown, '\n');
        body = ob_buf_span(&shown);
    }
    return ob_buf_check(&shown, "the body", err) && ob_cli_write("-", body, err);
}

static bool print_response(const asking *a, ob_err *err)
{
    const ob_node_response *r = &a->response;
    OB_AUTO(ob_buf) more = {.max = 2048};
    ob_buf_add_str(&more, r->is_protected ? ", protected" : "");
    ob_buf_add_str(&more, r->location.len > 0 ? ", at " : "");
    ob_buf_add_shown(&more, ob_buf_span(&r->location), 200);
    ob_node_client_reason(r, &more); /* message 3 went along, and was refused */
    ob_cli_say(a->args, "%u.%02u %s%.*s", r->code >> 5, r->code & 31U, word_of(r->code),
               OB_SHOW(ob_buf_span(&more)));
    return print_body(a, err);
}

static void print_stats(const asking *a)
{
    const ob_node_stats *s = &a->client.stats;
    const ob_node_counter *c = &a->counter;
    uint64_t again = a->client.peer.sent_again + a->client.peer.came_again;
    (void)fprintf(stderr,
                  "messages      %u sent, %u received, %llu of them again\n"
                  "octets        %llu sent, %llu received, without UDP and IP\n",
                  s->messages_out, s->messages_in, (unsigned long long)again,
                  (unsigned long long)s->octets_out, (unsigned long long)s->octets_in);
    if (s->edhoc[1] > 0) {
        (void)fprintf(stderr, "EDHOC         %u + %u + %u = %u octets, message 4: %u\n",
                      s->edhoc[1], s->edhoc[2], s->edhoc[3],
                      s->edhoc[1] + s->edhoc[2] + s->edhoc[3], s->edhoc[4]);
    }
    (void)fprintf(stderr,
                  "cryptography  %u encryptions, %u hashes, %u key operations, %u signatures\n",
                  c->seals, c->hashes, c->keys, c->signatures);
}

static bool work(asking *a, ob_err *err)
{
    ob_node_wire wire = ob_link_way_wire(&a->way);
    const char *oscore = ob_args_text(a->args, "oscore");
    const char *edhoc = ob_args_text(a->args, "edhoc");
    ob_node_counter_init(&a->counter, ob_link_libcrypto());
    if (!read_words(a, err) || !read_payload(a, err) ||
        (oscore != NULL && !open_oscore(a, oscore, err)) ||
        (edhoc != NULL && !open_edhoc(a, edhoc, err)) || !connect_to(a, err) ||
        !ob_node_client_init(&a->client, &wire, err)) {
        return false;
    }
    a->client.wait_ms = a->wait_s * 1000;
    if (edhoc != NULL && !handshake(a, err)) {
        return false;
    }
    a->client.context = oscore != NULL || edhoc != NULL ? &a->oscore : NULL;
    a->client.state = oscore != NULL ? &a->state : NULL;
    if (!ob_node_client_do(&a->client, &a->request, &a->response, err) || !print_response(a, err)) {
        return false;
    }
    for (uint64_t i = 0; i < a->observe && a->response.code >> 5 == 2; i++) {
        if (!ob_node_client_next(&a->client, &a->request, &a->response, err) ||
            !print_response(a, err)) {
            return false;
        }
    }
    return ob_node_client_forget(&a->client, &a->request, err);
}

int ob_link_request(const ob_args *args)
{
    static asking a; /* large */
    ob_err err = {0};
    a = (asking){.args = args,
                 .way = {.fd = -1},
                 .payload = {.max = PAYLOAD_MAX},
                 .response = {.body = {.max = BODY_MAX}, .location = {.max = 1024}}};
    bool good = work(&a, &err);
    int status = !good ? OB_EXIT_UNDECIDED : a.response.code >> 5 == 2 ? OB_EXIT_OK : OB_EXIT_FOUND;
    if (!good) {
        status =
            err.kind == OB_ERR_USAGE ? ob_cli_usage("link", &err) : ob_cli_fail(&err, a.way.sent);
    }
    if (a.way.sent && ob_args_flag(args, "stats")) {
        print_stats(&a);
    }
    ob_oscore_wipe(&a.oscore);
    ob_node_trust_close(&a.trust);
    ob_node_state_close(&a.state);
    ob_buf_fini(&a.payload);
    ob_buf_fini(&a.response.body);
    ob_buf_fini(&a.response.location);
    ob_arena_fini(&a.arena);
    ob_link_way_close(&a.way);
    return status;
}
