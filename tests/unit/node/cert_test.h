/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates for tests: a root, one below it, a list; each may be changed before it is signed. */
#ifndef OB_CERT_TEST_H
#define OB_CERT_TEST_H

#include "node/authority.h"
#include "node/cert_parts.h"
#include "ob_test.h"

#include <ombud/link.h>

#include <openssl/evp.h>
#include <openssl/rsa.h>

#define DAY  INT64_C(86400000)
#define WALL INT64_C(1800000000000)

typedef struct scene {
    EVP_PKEY *root_key;
    EVP_PKEY *other_key;
    EVP_PKEY *key; /* of the certificate; keys of the table below are not freed with it */
    EVP_PKEY *sign_key;
    X509 *root;
    X509 *other_root; /* of another key and name */
    X509 *cert;
    X509_CRL *list;
    ob_issue issue;
    int64_t at;
    const char *host;
    bool lists;      /* the list is given */
    bool anchored;   /* the root is given as an authority */
    bool with_root;  /* the root is given as part of the chain */
    bool with_other; /* the other root is given as an authority */
    ob_buf der;      /* of the certificate, as it is read */
    ob_buf more;     /* DER of one more certificate; empty: none */
} scene;

static inline EVP_PKEY *key_of(char digit)
{
    ob_err err = {0};
    char bytes[32];
    EVP_PKEY *made = NULL;
    memset(bytes, digit, sizeof bytes);
    assert_ok(ob_authority_key(OB_P256, (ob_span){bytes, sizeof bytes}, &made, &err));
    return made;
}

static inline ob_issue issue_of(ob_cert_role role, uint8_t number)
{
    ob_issue made = {.role = role,
                     .name = OB_SPAN("meter"),
                     .serial = OB_SPAN("SN-1"),
                     .crl = OB_SPAN("http://crl.example/list"),
                     .from_ms = WALL - DAY,
                     .until_ms = WALL + 300 * DAY,
                     .agrees = true};
    if (role == OB_CERT_SERVER) {
        made.host = OB_SPAN("meter.example");
    }
    memset(made.number, number, sizeof made.number);
    return made;
}

static inline X509 *make(const ob_issue *issue, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key)
{
    ob_err err = {0};
    X509 *made = NULL;
    assert_ok(ob_authority_issue(issue, key, issuer, issuer_key, &made, &err));
    return made;
}

static inline void put_der(ob_buf *out, X509 *cert)
{
    uint8_t *der = NULL;
    int len = i2d_X509(cert, &der);
    assert_true(len > 0);
    ob_buf_reset(out);
    ob_buf_add(out, (ob_span){(char *)der, (size_t)len});
    OPENSSL_free(der);
}

static inline X509 *make_root(const char *name, EVP_PKEY *key)
{
    ob_issue issue = issue_of(OB_CERT_AUTHORITY, 0x11);
    issue.name = ob_span_str(name);
    issue.serial = (ob_span){0};
    issue.from_ms = WALL - 3650 * DAY;
    issue.until_ms = WALL + 3650 * DAY;
    return make(&issue, key, NULL, NULL);
}

static inline void scene_begin(scene *s, ob_cert_role role)
{
    ob_err err = {0};
    *s = (scene){.root_key = key_of(1),
                 .other_key = key_of(2),
                 .key = key_of(3),
                 .at = WALL,
                 .lists = true,
                 .anchored = true,
                 .der = {.max = 65536},
                 .more = {.max = 65536},
                 .issue = issue_of(role, 0x22)};
    s->sign_key = s->root_key;
    s->root = make_root("Root", s->root_key);
    s->other_root = make_root("Other root", s->other_key);
    assert_ok(ob_authority_list(s->root, s->root_key, NULL, NULL, WALL - 5 * DAY, WALL + 2000 * DAY,
                                &s->list, &err));
}

static inline void scene_end(scene *s)
{
    EVP_PKEY_free(s->root_key);
    EVP_PKEY_free(s->other_key);
    EVP_PKEY_free(s->key);
    X509_free(s->root);
    X509_free(s->other_root);
    X509_free(s->cert);
    X509_CRL_free(s->list);
    ob_buf_fini(&s->der);
    ob_buf_fini(&s->more);
}

/* All that the scene gives, as a set. */
static inline void scene_set(scene *s, ob_cert_set *set)
{
    ob_err err = {0};
    OB_AUTO(ob_buf) text = {.max = 65536};
    assert_ok(ob_cert_set_read(set, "cert", ob_buf_span(&s->der), false, &err));
    if (s->more.len > 0) {
        assert_ok(ob_cert_set_read(set, "more", ob_buf_span(&s->more), false, &err));
    }
    if (s->anchored || s->with_root) {
        assert_ok(ob_authority_pem(s->root, &text, &err));
        assert_ok(ob_cert_set_read(set, "root", ob_buf_span(&text), !s->with_root, &err));
    }
    ob_buf_reset(&text);
    if (s->with_other) {
        assert_ok(ob_authority_pem(s->other_root, &text, &err));
        assert_ok(ob_cert_set_read(set, "other", ob_buf_span(&text), true, &err));
    }
    ob_buf_reset(&text);
    if (s->lists) {
        assert_ok(ob_authority_list_pem(s->list, &text, &err));
        assert_ok(ob_cert_set_read(set, "list", ob_buf_span(&text), false, &err));
    }
}

#endif
