/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the certificate check. */
#ifndef OB_NODE_CERT_PARTS_H
#define OB_NODE_CERT_PARTS_H

#include "node/cert.h"

#include <ombud/buf.h>

#include <openssl/x509v3.h>

/* Extensions that are read once for all rules. */
typedef enum obi_cert_ext_id {
    OBI_EXT_BASIC,
    OBI_EXT_USAGE,
    OBI_EXT_PURPOSE,
    OBI_EXT_SUBJECT_KEY,
    OBI_EXT_AUTHORITY_KEY,
    OBI_EXT_ALT_NAME,
    OBI_EXT_POINTS,
    OBI_EXT_ACCESS,
    OBI_EXTS
} obi_cert_ext_id;

typedef struct obi_cert_ext {
    bool there;
    bool critical;
    void *value; /* NULL where it cannot be read, and then no rule but extension-syntax is asked */
} obi_cert_ext;

/* A certificate on its way through the rules. */
typedef struct obi_cert {
    const ob_cert_ask *ask;
    const ob_cert_look *looks; /* of all in the set, by index */
    const ob_cert_look *look;  /* its own */
    X509 *x509;
    X509 *issuer;        /* NULL: not there */
    obi_cert_ext *exts;  /* OBI_EXTS of them */
    obi_cert_ext *above; /* of the issuer, where there is one */
    X509_CRL *list;      /* of its issuer; NULL: none was given */
    unsigned below;      /* authorities below it in the path, self-issued ones not counted */
    ob_buf *detail;
} obi_cert;

/* The functions that rows name. detail: what was found, where it is broken. */
#define OB_CERT_RULE(look, id, hard, roles, clause, x1112, says, mend) \
    ob_cert_verdict obi_cert_look_##look(const obi_cert *c);
#include "node/cert_rules.def"
#undef OB_CERT_RULE

void obi_cert_exts_open(obi_cert_ext *exts, const X509 *x509);
void obi_cert_exts_close(obi_cert_ext *exts);
/* Bits of keyUsage; false where it is not there or cannot be read. */
bool obi_cert_usage(const obi_cert_ext *exts, uint32_t *bits);
/* Whether basicConstraints say that it is an authority. */
bool obi_cert_is_authority(const obi_cert_ext *exts);
/* Whether subjectAltName holds a hardware module name (RFC 4108); *good: in its form. */
bool obi_cert_hardware(const obi_cert_ext *exts, bool *good);
/* Offset of the first byte that DER would not have there; OB_CERT_NONE: all is DER. */
size_t obi_cert_der_bad(ob_span der);
/* Broken with what was found, or kept. */
ob_cert_verdict obi_cert_say(const obi_cert *c, bool kept, const char *format, ...) OB_PRINTF(3, 4);

/* A part is in the fewest bytes; the issuer of each certificate, and the path from the end. */
void obi_cert_link(const ob_cert_ask *ask, ob_cert_look *looks);

#endif
