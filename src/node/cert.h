/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates of devices: read from PEM or DER, looked at rule by rule (cert_rules.def), and put
 * into a path that ends at an authority. libcrypto parses; what is wrong with what it parsed is
 * told here. No input or output, no clock.
 */
#ifndef OB_NODE_CERT_H
#define OB_NODE_CERT_H

#include <ombud/mem.h>

#include <openssl/x509.h>

#define OB_CERTS_MAX      32
#define OB_CERT_LISTS_MAX 16
#define OB_CERT_FILE_MAX  ((size_t)1 << 20)
#define OB_CERT_NONE      SIZE_MAX

typedef enum ob_cert_rule_id {
#define OB_CERT_RULE(look, id, hard, roles, clause, x1112, says, mend) OB_CERT_RULE_##look,
#include "node/cert_rules.def"
#undef OB_CERT_RULE
    OB_CERT_RULES
} ob_cert_rule_id;

/* What a certificate is for; the values are bits. */
typedef enum ob_cert_role {
    OB_CERT_ANY = 0, /* find out from the certificate */
    OB_CERT_DEVICE = 1,
    OB_CERT_SERVER = 2,
    OB_CERT_AUTHORITY = 4
} ob_cert_role;

const char *ob_cert_role_name(ob_cert_role role);

typedef struct ob_cert_rule {
    const char *id;
    bool must; /* else it should be so */
    unsigned roles;
    const char *clause;
    const char *x1112; /* clause of ITU-T X.1112 */
    const char *says;
    const char *mend;
} ob_cert_rule;

const ob_cert_rule *ob_cert_rule_of(ob_cert_rule_id id);

/* Certificates and revocation lists, in the order in which they came. */
typedef struct ob_cert_set {
    size_t count;
    X509 *certs[OB_CERTS_MAX];
    bool given[OB_CERTS_MAX];    /* it is to be checked */
    bool anchor[OB_CERTS_MAX];   /* it is trusted; unless it is given, too, the path may need it */
    size_t bad_at[OB_CERTS_MAX]; /* where the bytes were no DER; OB_CERT_NONE: nowhere */
    size_t list_count;
    X509_CRL *lists[OB_CERT_LISTS_MAX];
} ob_cert_set;

/*
 * Adds what text holds: PEM with certificates and lists in any order, or one certificate or list in
 * DER. Nothing is added where it fails: OB_ERR_INPUT with name and line (PEM) or byte (DER). The
 * same certificate is kept once. What stands between PEM blocks is left alone; a private key is
 * refused, since it has no business there.
 */
OB_MUST bool ob_cert_set_read(ob_cert_set *set, const char *name, ob_span text, bool anchor,
                              ob_err *err);
/* As above from a file. */
OB_MUST bool ob_cert_set_load(ob_cert_set *set, const char *path, bool anchor, ob_err *err);
/* Revocation lists, from a file that has nothing else: a certificate in it would be a trusted one
 * that nobody named. */
OB_MUST bool ob_cert_lists_load(ob_cert_set *set, const char *path, ob_err *err);
void ob_cert_set_fini(ob_cert_set *set);

typedef struct ob_cert_ask {
    const ob_cert_set *set;
    int64_t at_ms;     /* the wall time for which it is asked */
    ob_cert_role role; /* of the certificate at the end of the path */
    const char *host;  /* the name of the server that was asked for, or NULL */
    bool first;        /* the first one is the end of the path, as a peer sends them */
} ob_cert_ask;

typedef enum ob_cert_verdict {
    OB_CERT_NOT_ASKED, /* the rule is about something that is not there, or not of this role */
    OB_CERT_KEPT,
    OB_CERT_BROKEN
} ob_cert_verdict;

typedef struct ob_cert_finding {
    ob_cert_rule_id rule;
    ob_span detail; /* what was found; foreign bytes in it are not escaped */
} ob_cert_finding;

typedef struct ob_cert_look {
    size_t cert; /* index in the set */
    ob_cert_role role;
    size_t depth; /* in the path, 0 the end; OB_CERT_NONE: not part of it */
    bool self_signed;
    size_t issuer; /* index in the set, or OB_CERT_NONE */
    uint8_t verdicts[OB_CERT_RULES];
    const ob_cert_finding *findings; /* in the order of the rules */
    size_t finding_count;
} ob_cert_look;

typedef struct ob_cert_answer {
    size_t count;
    const ob_cert_look *looks; /* the path from its end up, then the others */
    unsigned must;             /* rules that were broken */
    unsigned should;
} ob_cert_answer;

/* All in the arena. OB_ERR_INPUT where nothing in the set is to be checked. */
OB_MUST bool ob_cert_check(const ob_cert_ask *ask, ob_arena *arena, ob_cert_answer *answer,
                           ob_err *err);

/* The subject in one line, such as "CN=meter,serialNumber=SN-1" (RFC 4514), and the same of its
 * issuer: valid UTF-8 without control characters. */
OB_MUST bool ob_cert_subject(const X509 *cert, ob_arena *arena, ob_span *text, ob_err *err);
OB_MUST bool ob_cert_issuer(const X509 *cert, ob_arena *arena, ob_span *text, ob_err *err);
/* The serialNumber attribute of the subject; empty where there is none. Borrows from cert. */
ob_span ob_cert_device_serial(const X509 *cert);
/* Wall time of a date in a certificate; false where it is none. Years up to 9999. */
bool ob_cert_time(const ASN1_TIME *time, int64_t *wall_ms);

/*
 * The decision whether to trust the first certificate of chain (RFC 5280, 6): libcrypto builds a
 * path to an anchor of trusted and checks signatures, dates for at_ms, constraints, key strength
 * and, where trusted has lists, revocation. usage: KU_DIGITAL_SIGNATURE or KU_KEY_AGREEMENT, what
 * keyUsage must allow where it is there. OB_ERR_PEER says why not.
 */
OB_MUST bool ob_cert_trust(const ob_cert_set *chain, const ob_cert_set *trusted, int64_t at_ms,
                           uint32_t usage, ob_err *err);

#endif
