/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An authority for tests: makes certificates of devices, servers and of itself, and lists of what
 * it revoked, as the rules of cert_rules.def want them. Its key lies in a file, and nobody watches
 * what it issues: it is no authority to trust outside a laboratory. No clock and no file; time is
 * an argument.
 */
#ifndef OB_NODE_AUTHORITY_H
#define OB_NODE_AUTHORITY_H

#include "node/cert.h"

#include <ombud/buf.h>

#define OB_ISSUE_NUMBER_LEN 16

typedef struct ob_issue {
    ob_cert_role role;
    ob_span name;     /* commonName; an authority and a server need one */
    ob_span serial;   /* of the device: attribute serialNumber of the subject; a device needs it */
    ob_span host;     /* DNS name or address, for subjectAltName; a server needs it */
    ob_span crl;      /* URL of the list; may be empty */
    ob_span ocsp;     /* URL of the responder; may be empty */
    ob_span hardware; /* type of a hardware module in digits and dots; may be empty */
    int64_t from_ms;  /* wall time */
    int64_t until_ms; /* inclusive; INT64_MAX: 99991231235959Z */
    bool agrees;      /* the key may do static Diffie-Hellman, too, where it can */
    uint8_t number[OB_ISSUE_NUMBER_LEN]; /* random; becomes the serial number of the certificate */
} ob_issue;

/* A new certificate for the public part of key. issuer NULL: self-signed by key. The caller frees
 * *made. OB_ERR_USAGE for a name that cannot be written. */
OB_MUST bool ob_authority_issue(const ob_issue *issue, EVP_PKEY *key, X509 *issuer,
                                EVP_PKEY *issuer_key, X509 **made, ob_err *err);
/* A new list: what old (may be NULL) has, and cert (may be NULL) with it. OB_ERR_INPUT where cert
 * is of another issuer or revoked already. */
OB_MUST bool ob_authority_list(X509 *issuer, EVP_PKEY *issuer_key, X509_CRL *old, X509 *cert,
                               int64_t at_ms, int64_t next_ms, X509_CRL **made, ob_err *err);
/* A key pair from the 32 bytes of its private part. curve: OB_P256, OB_ED25519 or OB_X25519. */
OB_MUST bool ob_authority_key(int curve, ob_span private_key, EVP_PKEY **made, ob_err *err);

OB_MUST bool ob_authority_pem(X509 *cert, ob_buf *out, ob_err *err);
OB_MUST bool ob_authority_list_pem(X509_CRL *list, ob_buf *out, ob_err *err);

#endif
