/* SPDX-License-Identifier: Apache-2.0 */
/*
 * COSE messages for one recipient that is known: COSE_Encrypt0, COSE_Mac0, COSE_Sign1 (RFC 9052,
 * 9053), and CWT around them (RFC 8392). No memory is allocated.
 */
#ifndef OB_LINK_COSE_H
#define OB_LINK_COSE_H

#include <ombud/link.h>

typedef enum obi_cose_kind {
    OBI_COSE_ENCRYPT0 = 16,
    OBI_COSE_MAC0 = 17,
    OBI_COSE_SIGN1 = 18
} obi_cose_kind;

#define OBI_COSE_CWT_TAG 61

typedef struct obi_cose {
    obi_cose_kind kind;
    int64_t alg;         /* of the protected header, else of the other one */
    ob_span protected_;  /* the map as it stands; empty for an empty map */
    ob_span unprotected; /* the map as it stands */
    ob_span iv;          /* empty: none */
    ob_span partial_iv;  /* the end of a nonce whose beginning the key has; empty: none */
    ob_span kid;         /* empty: none */
    ob_span content;     /* payload or ciphertext */
    bool detached;       /* the content is nil and comes from elsewhere */
    bool is_cwt;
    ob_span proof; /* tag of Mac0, signature of Sign1 */
} obi_cose;

typedef struct obi_cose_key {
    ob_span secret;  /* of Mac0 and Encrypt0 */
    ob_span base_iv; /* of Encrypt0 with a Partial IV: as long as the nonce, which is both by XOR */
    int curve;       /* of Sign1 */
    ob_span x;
    ob_span y;           /* may be empty */
    ob_span private_key; /* to sign */
} obi_cose_key;

/* Reads a message, tagged or, where kind is given (0: it must be tagged), without. OB_ERR_PEER
 * tells what is wrong: another structure, no algorithm, a header twice, an IV of both kinds, a
 * critical header that nobody here knows. */
OB_MUST bool obi_cose_read(obi_cose *cose, obi_cose_kind kind, ob_span message, ob_err *err);

/* The algorithm is one that is known for this kind; AES-CBC-MAC, for one, is not. */
bool obi_cose_has_alg(const obi_cose *cose);

/* Whether tag or signature hold, with the content of the message or, if that is detached, content.
 * external: external_aad. */
OB_MUST bool obi_cose_verify(const obi_cose *cose, const ob_link_crypto *crypto,
                             const obi_cose_key *key, ob_span external, ob_span content);
/* Decrypts COSE_Encrypt0 into work, which is as long as the content at least; with more than some
 * 450 bytes of headers and external_aad it is longer by these. */
OB_MUST bool obi_cose_decrypt(const obi_cose *cose, const ob_link_crypto *crypto,
                              const obi_cose_key *key, ob_span external, uint8_t *work, size_t cap,
                              ob_span *plain);
/*
 * Makes a tagged message from cose: kind, alg, protected_ and unprotected (maps as they are to
 * stand; empty: an empty map), iv (which must stand in one of them), content, detached. It is
 * written to out (cap bytes, of which many headers and a long external_aad take some more while it
 * is made).
 */
OB_MUST bool obi_cose_make(const obi_cose *cose, const ob_link_crypto *crypto,
                           const obi_cose_key *key, ob_span external, uint8_t *out, size_t cap,
                           ob_span *message, ob_err *err);

#endif
