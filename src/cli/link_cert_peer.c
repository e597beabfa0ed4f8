/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The certificates that live peers show: in a handshake of TLS or DTLS, by OpenSSL's libssl, or of
 * EDHOC. Nothing is trusted here and nothing is sent beyond the handshake: what the certificates
 * are worth is for the check to say, so old protocols and weak keys are let in to be looked at.
 */
#include "cli/cli.h"
#include "cli/link_cert.h"
#include "cli/link_way.h"
#include "node/trust.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>

bool ob_cert_is_peer(const char *text)
{
    ob_span span = ob_span_str(text);
    return ob_span_has_prefix(span, OB_SPAN("tls://")) ||
           ob_span_has_prefix(span, OB_SPAN("dtls://")) ||
           ob_span_has_prefix(span, OB_SPAN("coaps://")) ||
           ob_span_has_prefix(span, OB_SPAN("coap://"));
}

/* Reads scheme://HOST[:PORT] with the parser of CoAP URIs. */
static bool read_uri(const char *text, uint16_t port, ob_arena *arena, ob_node_uri *uri,
                     ob_err *err)
{
    ob_span as_coap;
    const char *rest = strstr(text, "://") + 3;
    if (!ob_arena_printf(arena, &as_coap, err, "coap://%s", rest) ||
        !ob_node_uri_read(uri, arena, as_coap, err)) {
        return false;
    }
    if (uri->option_count > (uri->has_name ? 1 : 0)) {
        return ob_fail(err, OB_ERR_USAGE, "a peer is host and port alone, such as tls://host:8883");
    }
    bool has_port = text[strlen(text) - 1] != ']' && strrchr(rest, ':') != NULL;
    uri->port = has_port ? uri->port : port;
    return has_port || port != 0 ||
           ob_fail(err, OB_ERR_USAGE, "%.60s needs a port, such as tls://host:8883", text);
}

/* --- TLS and DTLS --- */

typedef struct tls {
    const ob_args *args;
    ob_cert_set *set;
    ob_link_way way;
    bool datagrams;
    SSL_CTX *ctx;
    SSL *ssl;
    ob_err bad; /* a certificate that could not be taken */
} tls;

static bool take(tls *t, X509 *cert)
{
    uint8_t *der = NULL;
    int len = i2d_X509(cert, &der);
    bool good =
        len > 0 && ob_cert_set_read(t->set, "a certificate of the peer",
                                    (ob_span){(const char *)der, (size_t)len}, false, &t->bad);
    OPENSSL_free(der);
    return good;
}

/* Called with what the peer sent, before anything is believed; 1: go on. */
static int take_chain(X509_STORE_CTX *ctx, void *arg)
{
    tls *t = arg;
    STACK_OF(X509) *chain = X509_STORE_CTX_get0_untrusted(ctx);
    X509 *first = X509_STORE_CTX_get0_cert(ctx);
    bool good = first != NULL && take(t, first);
    for (int i = 0; good && i < sk_X509_num(chain); i++) {
        good = take(t, sk_X509_value(chain, i)); /* the first one again is kept once */
    }
    X509_STORE_CTX_set_error(ctx, X509_V_OK);
    return good ? 1 : 0;
}

static bool set_up(tls *t, const char *name, ob_err *err)
{
    t->ctx = SSL_CTX_new(t->datagrams ? DTLS_client_method() : TLS_client_method());
    if (t->ctx == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "libssl cannot begin");
    }
    SSL_CTX_set_security_level(t->ctx, 0);
    bool good = SSL_CTX_set_min_proto_version(t->ctx, 0) == 1 &&
                SSL_CTX_set_cipher_list(t->ctx, "ALL:@SECLEVEL=0") == 1;
    SSL_CTX_set_cert_verify_callback(t->ctx, take_chain, t);
    SSL_CTX_set_verify(t->ctx, SSL_VERIFY_PEER, NULL);
    t->ssl = good ? SSL_new(t->ctx) : NULL;
    BIO *bio = t->ssl == NULL ? NULL
               : t->datagrams ? BIO_new_dgram(t->way.fd, BIO_NOCLOSE)
                              : BIO_new_socket(t->way.fd, BIO_NOCLOSE);
    if (bio == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "libssl cannot begin");
    }
    if (t->datagrams) { /* the address is asked of the socket */
        struct sockaddr_storage peer = {0};
        socklen_t len = sizeof peer;
        good = getpeername(t->way.fd, (struct sockaddr *)&peer, &len) == 0;
        (void)SSL_set_options(t->ssl, SSL_OP_NO_QUERY_MTU);
        (void)SSL_set_mtu(t->ssl, 1400);
        if (good) {
            (void)BIO_ctrl(bio, BIO_CTRL_DGRAM_SET_CONNECTED, 0, &peer);
        }
    }
    SSL_set_bio(t->ssl, bio, bio);
    SSL_set_connect_state(t->ssl);
    return name == NULL || SSL_set_tlsext_host_name(t->ssl, name) == 1 ||
           ob_fail(err, OB_ERR_USAGE, "'%.60s' is no name of a host", name);
}

static uint64_t now_ms(void)
{
    return ob_clock_ns() / 1000000;
}

/* Until when to wait: for the peer, or for the time when DTLS sends again. */
static uint64_t wake(const tls *t, uint64_t until_ms)
{
    struct timeval left = {0};
    if (t->datagrams && DTLSv1_get_timeout(t->ssl, &left) == 1) {
        uint64_t at = now_ms() + (uint64_t)left.tv_sec * 1000 + (uint64_t)left.tv_usec / 1000 + 1;
        return at < until_ms ? at : until_ms;
    }
    return until_ms;
}

static bool fail_handshake(const tls *t, int code, ob_err *err)
{
    int number = errno;
    const char *why = ERR_reason_error_string(ERR_peek_last_error());
    if (t->bad.kind != OB_OK) {
        *err = t->bad;
        err->kind = OB_ERR_PEER;
        return false;
    }
    if (code == SSL_ERROR_SYSCALL && number != 0) {
        return ob_fail_code_at(err, OB_ERR_PEER, number, OB_WHERE, "the handshake failed");
    }
    return ob_fail(err, OB_ERR_PEER, "the handshake failed: %s",
                   why != NULL ? why : "the peer ended it");
}

static bool shake(tls *t, uint64_t until_ms, ob_err *err)
{
    for (;;) {
        bool ready = false;
        ERR_clear_error();
        errno = 0;
        int done = SSL_do_handshake(t->ssl);
        int code = SSL_get_error(t->ssl, done);
        if (done == 1) {
            return true;
        }
        if (code != SSL_ERROR_WANT_READ && code != SSL_ERROR_WANT_WRITE) {
            return fail_handshake(t, code, err);
        }
        if (now_ms() >= until_ms) {
            return ob_fail(err, OB_ERR_TIMEOUT, "the peer does not answer");
        }
        if (!ob_link_way_wait(&t->way, code == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN,
                              wake(t, until_ms), &ready, err)) {
            return false;
        }
        if (!ready && t->datagrams && DTLSv1_handle_timeout(t->ssl) < 0) {
            return fail_handshake(t, SSL_ERROR_SSL, err);
        }
    }
}

static bool ask_tls(tls *t, const char *uri, ob_arena *arena, bool *proven, ob_err *err)
{
    ob_node_uri where = {0};
    const char *name = ob_args_text(t->args, "host");
    uint64_t wait_s = 0;
    t->datagrams = strncmp(uri, "tls://", 6) != 0;
    if (!ob_args_number(t->args, "wait", 1, 86400, &wait_s, err) ||
        !read_uri(uri, strncmp(uri, "coaps", 5) == 0 ? 5684 : 0, arena, &where, err) ||
        !ob_link_way_open(&t->way, t->args, arena, where.host, where.port,
                          t->datagrams ? SOCK_DGRAM : SOCK_STREAM, OB_EFFECT_READ, err) ||
        !ob_link_way_take(&t->way, err) || !set_up(t, name, err)) {
        return false;
    }
    *proven = shake(t, now_ms() + wait_s * 1000, err);
    if (*proven) {
        (void)SSL_shutdown(t->ssl);
    } else if (t->set->count > 0 && t->bad.kind == OB_OK && err->kind == OB_ERR_PEER) {
        ob_cli_say(t->args, "%s; what it showed is looked at", err->text);
        *err = (ob_err){0};
    }
    if (err->kind == OB_OK && t->set->count == 0) {
        return ob_fail(err, OB_ERR_PEER, "the peer showed no certificate");
    }
    return err->kind == OB_OK;
}

/* --- EDHOC --- */

typedef struct edhoc {
    ob_cert_set *set;
    ob_node_config config;
    ob_node_trust trust;
    ob_node_found found;
    ob_link_way way;
    ob_node_client client;
    ob_oscore made;
    ob_err why; /* that the peer has no certificate */
} edhoc;

/* Takes whoever proves that it has the key of the certificate that it sends; of one that it names
 * by its hash the configuration has the file. */
static bool find_peer(void *ctx, ob_span id, ob_edhoc_cred *peer)
{
    edhoc *e = ctx;
    ob_span first = {0};
    ob_err err = {0};
    if (ob_node_chain_read(id, e->set, &first, &err)) {
        if (first.len > sizeof e->found.cred) {
            return ob_fail(&e->why, OB_ERR_PEER, "the certificate is too long");
        }
        memcpy(e->found.cred, first.ptr, first.len);
        return ob_edhoc_x509(peer, (ob_span){(const char *)e->found.cred, first.len}, e->found.key,
                             &e->why);
    }
    for (size_t i = 0; i < e->config.edhoc.peer_count; i++) {
        const ob_node_cred *known = &e->config.edhoc.peers[i];
        if (ob_span_is(e->trust.peers[i].cred.id, id) && id.len > 0) {
            *peer = e->trust.peers[i].cred;
            return known->certificate_file.len > 0
                       ? ob_cert_set_load(e->set, known->certificate_file.ptr, false, &e->why)
                       : ob_fail(&e->why, OB_ERR_PEER,
                                 "the peer proves itself by a key without a certificate");
        }
    }
    return ob_fail(&e->why, OB_ERR_PEER,
                   "the peer names its certificate by a hash; the file of --edhoc needs it");
}

static bool ask_edhoc(edhoc *e, const ob_args *args, const char *uri, ob_arena *arena, bool *proven,
                      ob_err *err)
{
    const char *path = ob_args_text(args, "edhoc");
    ob_node_uri where = {0};
    uint64_t wait_s = 0;
    uint8_t id = 0;
    if (path == NULL) {
        return ob_fail(err, OB_ERR_USAGE, "coap:// is asked by EDHOC, which needs --edhoc FILE");
    }
    if (!ob_args_number(args, "wait", 1, 86400, &wait_s, err) ||
        !read_uri(uri, 5683, arena, &where, err) ||
        !ob_node_config_load(&e->config, arena, path, err)) {
        return false;
    }
    const ob_node_edhoc *own = &e->config.edhoc;
    if (!own->present) {
        return ob_fail(err, OB_ERR_INPUT, "%s: --edhoc needs a file with 'edhoc'", path);
    }
    ob_node_wire wire = ob_link_way_wire(&e->way);
    if (!ob_node_trust_open(&e->trust, arena, own, err) ||
        !ob_link_way_open(&e->way, args, arena, where.host, where.port, SOCK_DGRAM, OB_EFFECT_READ,
                          err) ||
        !ob_node_client_init(&e->client, &wire, err) || !ob_link_choose_id(&id, err)) {
        return false;
    }
    e->client.wait_ms = wait_s * 1000;
    ob_edhoc_options options = {.method = own->method,
                                .suite_count = own->suite_count,
                                .connection_id = {(const char *)&id, 1},
                                .own = e->trust.own.cred,
                                .private_key = {(const char *)e->trust.key.bytes, e->trust.key.len},
                                .find = find_peer,
                                .ctx = e};
    memcpy(options.suites, own->suites, sizeof options.suites);
    bool done = ob_node_client_edhoc(&e->client, &options, false, &e->made, err);
    *proven = e->client.stats.edhoc[2] > 0; /* message 2 was verified */
    if (!done && !*proven) {
        if (e->why.kind != OB_OK) {
            *err = e->why;
            err->kind = OB_ERR_PEER;
        }
        return false;
    }
    if (!done) {
        ob_cli_say(args, "%s; what it showed is looked at", err->text);
        *err = (ob_err){0};
    }
    return true;
}

bool ob_cert_peer(const ob_args *args, const char *uri, ob_arena *arena, ob_cert_set *set,
                  bool *proven, bool *sent, ob_err *err)
{
    *proven = false;
    if (strncmp(uri, "coap://", 7) == 0) {
        static edhoc e; /* large */
        e = (edhoc){.set = set, .way = {.fd = -1}};
        bool good = ask_edhoc(&e, args, uri, arena, proven, err);
        *sent = e.way.sent;
        ob_oscore_wipe(&e.made);
        ob_node_trust_close(&e.trust);
        ob_link_way_close(&e.way);
        return good;
    }
    tls t = {.args = args, .set = set, .way = {.fd = -1}};
    bool good = ask_tls(&t, uri, arena, proven, err);
    *sent = t.way.sent;
    SSL_free(t.ssl);
    SSL_CTX_free(t.ctx);
    ob_link_way_close(&t.way);
    ERR_clear_error();
    return good;
}
