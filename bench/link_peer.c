/* SPDX-License-Identifier: Apache-2.0 */
#include "link_peer.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

void stop(const char *what)
{
    (void)fprintf(stderr, "bench: %s\n", what);
    ERR_print_errors_fp(stderr);
    exit(1);
}

own own_make(bool edwards, const char *serial)
{
    own o = {.key = edwards ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")
                            : EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256"),
             .certificate = X509_new()};
    X509_NAME *name = o.certificate == NULL ? NULL : X509_get_subject_name(o.certificate);
    if (o.key == NULL || name == NULL || X509_set_version(o.certificate, 2) != 1 ||
        ASN1_INTEGER_set(X509_get_serialNumber(o.certificate), 7) != 1 ||
        X509_gmtime_adj(X509_getm_notBefore(o.certificate), -3600) == NULL ||
        X509_gmtime_adj(X509_getm_notAfter(o.certificate), 86400) == NULL ||
        X509_NAME_add_entry_by_txt(name, "serialNumber", MBSTRING_ASC,
                                   (const unsigned char *)serial, -1, -1, 0) != 1 ||
        X509_set_issuer_name(o.certificate, name) != 1 ||
        X509_set_pubkey(o.certificate, o.key) != 1 ||
        X509_sign(o.certificate, o.key, edwards ? NULL : EVP_sha256()) <= 0) {
        stop("no certificate can be made");
    }
    return o;
}

void own_free(own *o)
{
    EVP_PKEY_free(o->key);
    X509_free(o->certificate);
}

/* OpenSSL takes Ed25519 with TLS only: with DTLS the certificates have a key of P-256 where the
 * exchange of keys is X25519. The other side's certificate is the anchor itself, so that no
 * signature of an issuer is checked: EDHOC by x5t checks none either. */
static SSL_CTX *context_make(bool datagrams, bool edwards, bool is_server, const own *o,
                             const own *other)
{
    const SSL_METHOD *method = datagrams ? (is_server ? DTLS_server_method() : DTLS_client_method())
                               : is_server ? TLS_server_method()
                                           : TLS_client_method();
    SSL_CTX *c = SSL_CTX_new(method);
    int version = datagrams ? DTLS1_2_VERSION : TLS1_3_VERSION;
    if (c == NULL || SSL_CTX_set_min_proto_version(c, version) != 1 ||
        SSL_CTX_set_max_proto_version(c, version) != 1 ||
        (datagrams ? SSL_CTX_set_cipher_list(c, "ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0")
                   : SSL_CTX_set_ciphersuites(c, "TLS_AES_128_CCM_8_SHA256")) != 1 ||
        SSL_CTX_set1_groups_list(c, edwards ? "X25519:P-256" : "P-256") != 1 ||
        SSL_CTX_set1_sigalgs_list(c, edwards && !datagrams ? "ed25519" : "ECDSA+SHA256") != 1 ||
        SSL_CTX_use_certificate(c, o->certificate) != 1 || SSL_CTX_use_PrivateKey(c, o->key) != 1 ||
        X509_STORE_add_cert(SSL_CTX_get_cert_store(c), other->certificate) != 1) {
        stop("OpenSSL does not take the parameters");
    }
    SSL_CTX_set_security_level(c, 0); /* a tag of 8 bytes */
    SSL_CTX_set_verify(c, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_purpose(c, X509_PURPOSE_ANY);
    SSL_CTX_set_options(c, SSL_OP_NO_TICKET | SSL_OP_NO_QUERY_MTU);
    SSL_CTX_set_num_tickets(c, 0);
    SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
    return c;
}

peer peer_make(bool datagrams, bool edwards, const own *client, const own *server)
{
    return (peer){.client = context_make(datagrams, edwards, false, client, server),
                  .server = context_make(datagrams, edwards, true, server, client),
                  .datagrams = datagrams};
}

void peer_free(peer *p)
{
    SSL_CTX_free(p->client);
    SSL_CTX_free(p->server);
}

/* A wire in memory that keeps datagrams apart; OpenSSL 3.0 has none of its own. */
#define QUEUE 16

typedef struct wire {
    size_t first;
    size_t count;
    size_t lens[QUEUE];
    uint8_t bytes[QUEUE][2048];
} wire;

static int wire_write(BIO *bio, const char *bytes, int len)
{
    wire *w = BIO_get_data(bio);
    size_t at = (w->first + w->count) % QUEUE;
    if (w->count == QUEUE || len < 0 || (size_t)len > sizeof w->bytes[0]) {
        return -1;
    }
    memcpy(w->bytes[at], bytes, (size_t)len);
    w->lens[at] = (size_t)len;
    w->count++;
    return len;
}

static int wire_read(BIO *bio, char *bytes, int cap)
{
    wire *w = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (w->count == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t len = w->lens[w->first] < (size_t)cap ? w->lens[w->first] : (size_t)cap;
    memcpy(bytes, w->bytes[w->first], len);
    w->first = (w->first + 1) % QUEUE;
    w->count--;
    return (int)len;
}

static long wire_ctrl(BIO *bio, int what, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return what == BIO_CTRL_FLUSH;
}

static int wire_free(BIO *bio)
{
    free(BIO_get_data(bio));
    return 1;
}

static BIO *wire_make(void)
{
    static BIO_METHOD *method;
    if (method == NULL) {
        method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire");
        BIO_meth_set_write(method, wire_write);
        BIO_meth_set_read(method, wire_read);
        BIO_meth_set_ctrl(method, wire_ctrl);
        BIO_meth_set_destroy(method, wire_free);
    }
    BIO *bio = BIO_new(method);
    wire *w = calloc(1, sizeof *w);
    if (bio == NULL || w == NULL) {
        stop("out of memory");
    }
    BIO_set_data(bio, w);
    BIO_set_init(bio, 1);
    return bio;
}

/* One step of a handshake; octets that it sent. */
static size_t turn(SSL *ssl, bool *done)
{
    uint64_t before = BIO_number_written(SSL_get_wbio(ssl));
    int r = SSL_do_handshake(ssl);
    if (r != 1 && SSL_get_error(ssl, r) != SSL_ERROR_WANT_READ) {
        stop("a handshake of OpenSSL failed");
    }
    *done = r == 1;
    return (size_t)(BIO_number_written(SSL_get_wbio(ssl)) - before);
}

connection connection_make(const peer *p)
{
    connection c = {.client = SSL_new(p->client), .server = SSL_new(p->server)};
    BIO *up = p->datagrams ? wire_make() : BIO_new(BIO_s_mem());
    BIO *down = p->datagrams ? wire_make() : BIO_new(BIO_s_mem());
    if (c.client == NULL || c.server == NULL || up == NULL || down == NULL || BIO_up_ref(up) != 1 ||
        BIO_up_ref(down) != 1) {
        stop("out of memory");
    }
    if (!p->datagrams) { /* an empty memory is no end of the stream */
        BIO_set_mem_eof_return(up, -1);
        BIO_set_mem_eof_return(down, -1);
    }
    SSL_set_bio(c.client, down, up);
    SSL_set_bio(c.server, up, down);
    SSL_set_connect_state(c.client);
    SSL_set_accept_state(c.server);
    SSL_set_mtu(c.client, 1400);
    SSL_set_mtu(c.server, 1400);
    bool client = false;
    bool server = false;
    while (!client || !server) {
        size_t sent = client ? 0 : turn(c.client, &client);
        size_t answered = server ? 0 : turn(c.server, &server);
        c.octets += sent + answered;
        c.flights += (sent > 0) + (answered > 0);
    }
    return c;
}

void connection_free(connection *c)
{
    SSL_free(c->client);
    SSL_free(c->server);
}

size_t connection_send(SSL *from, SSL *to, const void *text, size_t len)
{
    char got[2048];
    uint64_t before = BIO_number_written(SSL_get_wbio(from));
    if (SSL_write(from, text, (int)len) != (int)len ||
        SSL_read(to, got, (int)sizeof got) != (int)len) {
        stop("a record of OpenSSL did not arrive");
    }
    return (size_t)(BIO_number_written(SSL_get_wbio(from)) - before);
}
