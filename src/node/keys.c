/* SPDX-License-Identifier: Apache-2.0 */
#include "node/keys.h"

#include "link/cbor.h"

#include <ombud/mem.h>

#include <errno.h>
#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

#define CERTIFICATE_MAX 8192

static bool check_mode(int fd, const char *path, ob_err *err)
{
    struct stat info = {0};
    if (fstat(fd, &info) != 0) {
        return ob_fail_errno(err, errno, "cannot read %s", path);
    }
    if (!S_ISREG(info.st_mode)) {
        return ob_fail(err, OB_ERR_INPUT, "%s is not a regular file", path);
    }
    if ((info.st_mode & 077) != 0) {
        return ob_fail(err, OB_ERR_INPUT,
                       "%s holds a secret, and others may use it (mode %04o): chmod 600", path,
                       (unsigned)(info.st_mode & 07777));
    }
    return info.st_uid == geteuid() || info.st_uid == 0 ||
           ob_fail(err, OB_ERR_INPUT, "%s holds a secret, and belongs to somebody else", path);
}

bool ob_node_secret_text(const char *path, char *text, size_t cap, size_t *len, ob_err *err)
{
    size_t used = 0;
    ssize_t got = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return ob_fail_errno(err, errno, "cannot open %s", path);
    }
    bool good = check_mode(fd, path, err);
    while (good && used < cap &&
           ((got = read(fd, text + used, cap - used)) > 0 || (got < 0 && errno == EINTR))) {
        used += got > 0 ? (size_t)got : 0;
    }
    (void)close(fd);
    if (good && (got < 0 || used == cap)) {
        good = ob_fail(err, OB_ERR_INPUT, "%s %s", path,
                       got < 0 ? "cannot be read" : "is too long for a key");
    }
    if (!good) {
        ob_wipe(text, used);
    }
    *len = good ? used : 0;
    return good;
}

int ob_node_no_password(char *out, int size, int writing, void *ctx)
{
    (void)out;
    (void)size;
    (void)writing;
    (void)ctx;
    return -1;
}

bool ob_node_secret_read(ob_node_secret *secret, const char *path, ob_err *err)
{
    char text[4096]; /* a key of another form is told apart from garbage */
    size_t used = 0;
    if (!ob_node_secret_text(path, text, sizeof text, &used, err)) {
        return false;
    }
    ob_node_secret made = {0};
    bool pem = ob_span_find((ob_span){text, used}, OB_SPAN("-----BEGIN "), 0) != SIZE_MAX;
    bool good = ob_node_hex(ob_span_trim((ob_span){text, used}), made.bytes, sizeof made.bytes,
                            &made.len) &&
                made.len >= 16;
    if (!good) {
        (void)(pem ? ob_fail(err, OB_ERR_INPUT,
                             "%s is PEM; the key alone is wanted, in hexadecimal digits, as 'ombud "
                             "link keygen' writes it",
                             path)
                   : ob_fail(err, OB_ERR_INPUT, "%s must hold 16 to %d bytes in hexadecimal digits",
                             path, OB_NODE_SECRET_MAX));
    }
    ob_wipe(text, sizeof text);
    if (good) {
        *secret = made;
    }
    ob_wipe(&made, sizeof made);
    return good;
}

void ob_node_secret_fini(ob_node_secret *secret)
{
    ob_wipe(secret, sizeof *secret);
}

static int64_t time_of(const ASN1_TIME *time, int64_t otherwise)
{
    struct tm parts = {0};
    return ASN1_TIME_to_tm(time, &parts) == 1 ? (int64_t)timegm(&parts) * 1000 : otherwise;
}

/* A certificate as PEM or DER, as a CBOR byte string with its DER. */
static bool read_certificate(ob_arena *arena, const char *path, ob_node_identity *out,
                             ob_span *wrapped, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = CERTIFICATE_MAX};
    if (!ob_file_read(path, &text, err)) {
        return false;
    }
    bool pem = text.len > 0 && ob_span_has_prefix(ob_buf_span(&text), OB_SPAN("-----BEGIN "));
    BIO *bio = BIO_new_mem_buf(text.ptr == NULL ? "" : text.ptr, (int)text.len);
    X509 *read = bio == NULL ? NULL
                 : pem       ? PEM_read_bio_X509(bio, NULL, ob_node_no_password, NULL)
                             : d2i_X509_bio(bio, NULL);
    uint8_t *der = NULL;
    int len = read == NULL ? 0 : i2d_X509(read, &der);
    BIO_free(bio);
    obi_cbor_writer w = {.cap = CERTIFICATE_MAX + 8};
    w.ptr = len <= 0 ? NULL : OB_NEW(arena, uint8_t, w.cap, err);
    bool good = w.ptr != NULL;
    if (good) {
        obi_cbor_put_bytes(&w, (ob_span){(const char *)der, (size_t)len});
        out->from_ms = time_of(X509_get0_notBefore(read), INT64_MAX);
        out->until_ms = time_of(X509_get0_notAfter(read), INT64_MIN);
        *wrapped = obi_cbor_written(&w);
    } else if (len <= 0) {
        (void)ob_fail(err, OB_ERR_INPUT, "%s is no certificate in PEM or DER", path);
    }
    OPENSSL_free(der);
    X509_free(read);
    return good;
}

/* {34: [-15, hash]}: x5t, the first 8 bytes of SHA-256 over the DER. */
static bool name_by_hash(ob_arena *arena, ob_edhoc_cred *cred, ob_err *err)
{
    obi_cbor_reader r = {.text = cred->cred};
    obi_cbor_writer w = {.ptr = OB_NEW(arena, uint8_t, 24, err), .cap = 24};
    ob_span der;
    ob_digest digest;
    if (w.ptr == NULL || !obi_cbor_bytes(&r, &der) || !ob_sha256(&der, 1, &digest, err)) {
        return false;
    }
    obi_cbor_put_head(&w, OBI_CBOR_MAP, 1);
    obi_cbor_put_int(&w, 34);
    obi_cbor_put_head(&w, OBI_CBOR_ARRAY, 2);
    obi_cbor_put_int(&w, OB_SHA_256_64);
    obi_cbor_put_bytes(&w, (ob_span){(const char *)digest.bytes, 8});
    cred->id = obi_cbor_written(&w);
    return true;
}

bool ob_node_identity_read(ob_node_identity *identity, ob_arena *arena, const ob_node_cred *from,
                           ob_err *err)
{
    ob_node_identity made = {.name = from->name, .from_ms = INT64_MIN, .until_ms = INT64_MAX};
    if (from->certificate_file.len == 0) {
        uint8_t *id = OB_NEW(arena, uint8_t, 24, err);
        if (id == NULL || !ob_edhoc_ccs(&made.cred, from->ccs, id, err)) {
            return false;
        }
    } else {
        ob_span wrapped = {0};
        uint8_t *key = OB_NEW(arena, uint8_t, (size_t)OB_LINK_PUBLIC_MAX, err);
        if (key == NULL ||
            !read_certificate(arena, from->certificate_file.ptr, &made, &wrapped, err)) {
            return false;
        }
        if (!ob_edhoc_x509(&made.cred, wrapped, key, err)) {
            return ob_wrap(err, "%s", from->certificate_file.ptr);
        }
        if (!name_by_hash(arena, &made.cred, err)) {
            return false;
        }
    }
    *identity = made;
    return true;
}

int ob_node_key_curve(const ob_node_secret *key, const ob_edhoc_cred *cred)
{
    static const int curves[] = {OB_P256, OB_X25519, OB_ED25519};
    const ob_link_crypto *crypto = ob_link_libcrypto();
    uint8_t x[OB_LINK_COORD_MAX];
    for (size_t i = 0; i < OB_COUNT(curves); i++) {
        if (key->len == 32 && cred->x.len == 32 &&
            crypto->public_key(crypto->ctx, curves[i], (ob_span){(const char *)key->bytes, 32}, x,
                               NULL) &&
            memcmp(x, cred->x.ptr, 32) == 0) {
            return curves[i];
        }
    }
    return 0;
}

bool ob_node_context_open(ob_oscore *context, const ob_node_context *from,
                          const ob_link_crypto *crypto, ob_err *err)
{
    OB_AUTO(ob_node_secret) secret = {0};
    ob_oscore_options options = from->options;
    if (!ob_node_secret_read(&secret, from->secret_file.ptr, err)) {
        return false;
    }
    options.master_secret = (ob_span){(const char *)secret.bytes, secret.len};
    options.crypto = crypto;
    return ob_oscore_init(context, &options, err) ||
           ob_wrap(err, "context '%.*s'", OB_SHOW(ob_span_sub(from->name, 0, 40)));
}

static bool count_hash(void *ctx, int alg, const ob_span *parts, size_t count, uint8_t *out)
{
    ob_node_counter *c = ctx;
    c->hashes++;
    return c->inner->hash(c->inner->ctx, alg, parts, count, out);
}

static bool count_hmac(void *ctx, int hash, ob_span key, const ob_span *parts, size_t count,
                       uint8_t *out)
{
    ob_node_counter *c = ctx;
    c->hashes++;
    return c->inner->hmac(c->inner->ctx, hash, key, parts, count, out);
}

static bool count_seal(void *ctx, int aead, const uint8_t *key, const uint8_t *nonce, ob_span aad,
                       uint8_t *bytes, size_t len)
{
    ob_node_counter *c = ctx;
    c->seals++;
    return c->inner->seal(c->inner->ctx, aead, key, nonce, aad, bytes, len);
}

static bool count_open(void *ctx, int aead, const uint8_t *key, const uint8_t *nonce, ob_span aad,
                       uint8_t *bytes, size_t len)
{
    ob_node_counter *c = ctx;
    c->seals++;
    return c->inner->open(c->inner->ctx, aead, key, nonce, aad, bytes, len);
}

static bool count_public_key(void *ctx, int curve, ob_span private_key, uint8_t *x, uint8_t *y)
{
    ob_node_counter *c = ctx;
    c->keys++;
    return c->inner->public_key(c->inner->ctx, curve, private_key, x, y);
}

static bool count_agree(void *ctx, int curve, ob_span private_key, ob_span peer_x, uint8_t *out)
{
    ob_node_counter *c = ctx;
    c->keys++;
    return c->inner->agree(c->inner->ctx, curve, private_key, peer_x, out);
}

static bool count_sign(void *ctx, int alg, int curve, ob_span private_key, const ob_span *parts,
                       size_t count, uint8_t *out, size_t *len)
{
    ob_node_counter *c = ctx;
    c->signatures++;
    return c->inner->sign(c->inner->ctx, alg, curve, private_key, parts, count, out, len);
}

static bool count_verify(void *ctx, int alg, int curve, ob_span x, ob_span y, const ob_span *parts,
                         size_t count, ob_span signature)
{
    ob_node_counter *c = ctx;
    c->signatures++;
    return c->inner->verify(c->inner->ctx, alg, curve, x, y, parts, count, signature);
}

static void count_forget(void *ctx, const uint8_t *key)
{
    const ob_node_counter *c = ctx;
    c->inner->forget(c->inner->ctx, key);
}

void ob_node_counter_init(ob_node_counter *counter, const ob_link_crypto *inner)
{
    *counter = (ob_node_counter){.inner = inner,
                                 .table = {.ctx = counter,
                                           .hash = count_hash,
                                           .hmac = count_hmac,
                                           .seal = count_seal,
                                           .open = count_open,
                                           .public_key = count_public_key,
                                           .agree = count_agree,
                                           .sign = count_sign,
                                           .verify = count_verify,
                                           .forget = inner->forget == NULL ? NULL : count_forget}};
}
