/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates and revocation lists from PEM and DER. */
#include "node/cert_parts.h"

#include <ombud/sys.h>
#include <ombud/text.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#define DER_DEPTH 24

/* One element of DER: its head is definite and as short as can be, and so are those in it. A tag
 * of several bytes is in no certificate. */
static size_t element_bad(const uint8_t *p, size_t at, size_t end, unsigned depth, size_t *next)
{
    size_t start = at;
    if (end - at < 2 || (p[at] & 0x1f) == 0x1f || depth > DER_DEPTH) {
        return at;
    }
    uint8_t tag = p[at++];
    size_t len = p[at++];
    if (len >= 0x80) {
        size_t count = len & 0x7f;
        if (count == 0 || count > 4 || end - at < count || p[at] == 0) {
            return at - 1;
        }
        for (len = 0; count > 0; count--) {
            len = len << 8 | p[at++];
        }
        if (len < 0x80) {
            return at - 1;
        }
    }
    if (end - at < len) {
        return start;
    }
    *next = at + len;
    bool constructed = (tag & 0x20) != 0;
    if (!constructed && tag == 0x02 &&
        (len == 0 ||
         (len > 1 && ((p[at] == 0 && p[at + 1] < 0x80) || (p[at] == 0xff && p[at + 1] >= 0x80))))) {
        return at;
    }
    if (!constructed && tag == 0x01 && (len != 1 || (p[at] != 0 && p[at] != 0xff))) {
        return at;
    }
    for (end = *next; constructed && at < end;) {
        size_t bad = element_bad(p, at, end, depth + 1, &at);
        if (bad != OB_CERT_NONE) {
            return bad;
        }
    }
    return OB_CERT_NONE;
}

size_t obi_cert_der_bad(ob_span der)
{
    size_t next = 0;
    size_t bad = element_bad((const uint8_t *)der.ptr, 0, der.len, 0, &next);
    return bad != OB_CERT_NONE ? bad : next == der.len ? OB_CERT_NONE : next;
}

/* Takes x509 over; the same one twice is kept once. */
static bool add_cert(ob_cert_set *set, X509 *x509, size_t bad_at, bool anchor, ob_err *err)
{
    for (size_t i = 0; i < set->count; i++) {
        if (X509_cmp(set->certs[i], x509) == 0) {
            set->anchor[i] = set->anchor[i] || anchor;
            set->given[i] = set->given[i] || !anchor;
            X509_free(x509);
            return true;
        }
    }
    if (set->count == OB_CERTS_MAX) {
        X509_free(x509);
        return ob_fail(err, OB_ERR_INPUT, "more than %d certificates", OB_CERTS_MAX);
    }
    set->certs[set->count] = x509;
    set->anchor[set->count] = anchor;
    set->given[set->count] = !anchor;
    set->bad_at[set->count++] = bad_at;
    return true;
}

static bool add_list(ob_cert_set *set, X509_CRL *list, ob_err *err)
{
    if (set->list_count == OB_CERT_LISTS_MAX) {
        X509_CRL_free(list);
        return ob_fail(err, OB_ERR_INPUT, "more than %d revocation lists", OB_CERT_LISTS_MAX);
    }
    set->lists[set->list_count++] = list;
    return true;
}

/* One certificate or list; *used: bytes that it took, 0 where it is none. */
static bool add_der(ob_cert_set *set, ob_span der, bool anchor, size_t *used, ob_err *err)
{
    const uint8_t *at = (const uint8_t *)der.ptr;
    const uint8_t *start = at;
    *used = 0;
    X509 *cert = d2i_X509(NULL, &at, (long)der.len);
    if (cert != NULL) {
        *used = (size_t)(at - start);
        return add_cert(set, cert, obi_cert_der_bad(ob_span_sub(der, 0, *used)), anchor, err);
    }
    at = start;
    X509_CRL *list = d2i_X509_CRL(NULL, &at, (long)der.len);
    ERR_clear_error();
    if (list != NULL) {
        *used = (size_t)(at - start);
        return add_list(set, list, err);
    }
    return true;
}

static bool is_label(ob_span line, const char *edge, ob_span *label)
{
    ob_span text = ob_span_trim(line);
    ob_span head = ob_span_str(edge);
    if (!ob_span_has_prefix(text, head) || !ob_span_has_suffix(text, OB_SPAN("-----")) ||
        text.len < head.len + 5) {
        return false;
    }
    *label = ob_span_sub(text, head.len, text.len - 5);
    return true;
}

static size_t line_of(ob_span text, const char *at)
{
    size_t line = 0;
    size_t column = 0;
    ob_text_place(text, (size_t)(at - text.ptr), &line, &column);
    return line;
}

/* The bytes of a block, by libcrypto's decoder of base64. */
static bool decode(ob_span body, ob_buf *out)
{
    EVP_ENCODE_CTX *state = EVP_ENCODE_CTX_new();
    uint8_t piece[1024];
    int len = 0;
    bool good = state != NULL;
    if (good) {
        EVP_DecodeInit(state);
    }
    while (good && body.len > 0) {
        size_t take = body.len < 768 ? body.len : 768;
        good = EVP_DecodeUpdate(state, piece, &len, (const uint8_t *)body.ptr, (int)take) >= 0;
        ob_buf_add(out, (ob_span){(const char *)piece, good ? (size_t)len : 0});
        body = ob_span_sub(body, take, body.len);
    }
    good = good && EVP_DecodeFinal(state, piece, &len) == 1;
    ob_buf_add(out, (ob_span){(const char *)piece, good ? (size_t)len : 0});
    EVP_ENCODE_CTX_free(state);
    return good && out->bad == OB_OK;
}

static bool add_block(ob_cert_set *set, const char *name, size_t line, ob_span label, ob_span body,
                      bool anchor, ob_err *err)
{
    OB_AUTO(ob_buf) der = {.max = OB_CERT_FILE_MAX};
    size_t used = 0;
    bool cert = ob_span_is_str(label, "CERTIFICATE") || ob_span_is_str(label, "X509 CERTIFICATE") ||
                ob_span_is_str(label, "TRUSTED CERTIFICATE");
    if (ob_span_has_suffix(label, OB_SPAN("PRIVATE KEY"))) {
        return ob_fail(err, OB_ERR_INPUT,
                       "%s:%zu: a private key has no business among certificates", name, line);
    }
    if (!cert && !ob_span_is_str(label, "X509 CRL")) {
        return true;
    }
    if (!decode(body, &der) || !add_der(set, ob_buf_span(&der), anchor, &used, err)) {
        return err->kind != OB_OK
                   ? ob_wrap(err, "%s:%zu", name, line)
                   : ob_fail(err, OB_ERR_INPUT, "%s:%zu: this is no base64", name, line);
    }
    /* OpenSSL puts trust settings behind what it calls a trusted certificate. */
    if (used == 0 || (used < der.len && !ob_span_is_str(label, "TRUSTED CERTIFICATE"))) {
        return ob_fail(err, OB_ERR_INPUT, "%s:%zu: what stands here is no %s", name, line,
                       cert ? "certificate" : "revocation list");
    }
    return true;
}

static bool read_pem(ob_cert_set *set, const char *name, ob_span text, bool anchor, ob_err *err)
{
    ob_span rest = text;
    ob_span line;
    ob_span label = {0};
    ob_span end;
    const char *begin = NULL; /* of a block; its body starts behind that line */
    const char *body = NULL;
    while (ob_span_cut_line(&rest, &line)) {
        if (begin == NULL && is_label(line, "-----BEGIN ", &label)) {
            begin = line.ptr;
            body = rest.ptr;
        } else if (begin != NULL && is_label(line, "-----END ", &end) && ob_span_is(end, label)) {
            if (!add_block(set, name, line_of(text, begin), label,
                           (ob_span){body, (size_t)(line.ptr - body)}, anchor, err)) {
                return false;
            }
            begin = NULL;
        }
    }
    return begin == NULL ||
           ob_fail(err, OB_ERR_INPUT, "%s:%zu: the block that begins here has no end", name,
                   line_of(text, begin));
}

static bool read_der(ob_cert_set *set, const char *name, ob_span text, bool anchor, ob_err *err)
{
    size_t used = 0;
    if (!add_der(set, text, anchor, &used, err)) {
        return ob_wrap(err, "%s", name);
    }
    size_t bad = used > 0 ? used : text.len == 0 ? 0 : obi_cert_der_bad(text);
    if (used == text.len && used > 0) {
        return true;
    }
    return ob_fail(err, OB_ERR_INPUT, "%s: byte %zu: %s", name, bad == OB_CERT_NONE ? 0 : bad,
                   used > 0 ? "something follows the certificate"
                   : bad == OB_CERT_NONE
                       ? "this is DER, and no certificate"
                       : "this is no certificate in PEM or DER; it cannot be read from here on");
}

/* Undoes what was added behind those counts. */
static void cut(ob_cert_set *set, size_t certs, size_t lists)
{
    while (set->count > certs) {
        X509_free(set->certs[--set->count]);
    }
    while (set->list_count > lists) {
        X509_CRL_free(set->lists[--set->list_count]);
    }
}

bool ob_cert_set_read(ob_cert_set *set, const char *name, ob_span text, bool anchor, ob_err *err)
{
    ob_cert_set before = *set;
    bool pem = ob_span_find(text, OB_SPAN("-----BEGIN "), 0) != SIZE_MAX;
    if (text.len > OB_CERT_FILE_MAX) {
        return ob_fail(err, OB_ERR_INPUT, "%s is larger than %zu bytes", name, OB_CERT_FILE_MAX);
    }
    if (pem ? read_pem(set, name, text, anchor, err) : read_der(set, name, text, anchor, err)) {
        return true;
    }
    cut(set, before.count, before.list_count);
    *set = before; /* flags of those that were there may have changed */
    return false;
}

bool ob_cert_set_load(ob_cert_set *set, const char *path, bool anchor, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = OB_CERT_FILE_MAX};
    return ob_file_read(path, &text, err) &&
           ob_cert_set_read(set, path, ob_buf_span(&text), anchor, err);
}

bool ob_cert_lists_load(ob_cert_set *set, const char *path, ob_err *err)
{
    ob_cert_set read = {0};
    bool good = ob_cert_set_load(&read, path, false, err);
    if (good && read.list_count == 0) {
        good = ob_fail(err, OB_ERR_INPUT, "%s has no revocation list", path);
    } else if (good && read.count > 0) {
        good = ob_fail(err, OB_ERR_INPUT,
                       "%s has a certificate, too; put it into a file of its own, lists are alone",
                       path);
    }
    for (size_t i = 0; good && i < read.list_count; i++) {
        good = X509_CRL_up_ref(read.lists[i]) == 1 && add_list(set, read.lists[i], err);
    }
    ob_cert_set_fini(&read);
    return good;
}

void ob_cert_set_fini(ob_cert_set *set)
{
    cut(set, 0, 0);
}
