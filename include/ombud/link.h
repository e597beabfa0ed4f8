/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secure interconnection of constrained devices: OSCORE (RFC 8613) protects CoAP messages from end
 * to end, EDHOC (RFC 9528) agrees on the keys for it.
 *
 * Nothing here opens a socket, reads a clock, draws a random number or allocates: the caller gives
 * bytes in and gets bytes out, and the cryptography is a table of functions. Keys, secrets and
 * plaintexts lie in the caller's structures; the _wipe functions clear them.
 */
#ifndef OMBUD_LINK_H
#define OMBUD_LINK_H

#include <ombud/coap.h>

OB_BEGIN

/* Algorithms are named by their COSE numbers (IANA registry "COSE Algorithms"). */
enum {
    OB_AES_GCM_128 = 1,
    OB_AES_GCM_192 = 2,
    OB_AES_GCM_256 = 3,
    OB_HMAC_256_64 = 4,
    OB_HMAC_256 = 5,
    OB_HMAC_384 = 6,
    OB_HMAC_512 = 7,
    OB_AES_CCM_16_64_128 = 10, /* nonce of 13 bytes, tag of 8, key of 16 */
    OB_AES_CCM_16_64_256 = 11,
    OB_AES_CCM_64_64_128 = 12, /* nonce of 7 bytes */
    OB_AES_CCM_64_64_256 = 13,
    OB_CHACHA20_POLY1305 = 24,
    OB_AES_CCM_16_128_128 = 30,
    OB_AES_CCM_16_128_256 = 31,
    OB_AES_CCM_64_128_128 = 32,
    OB_AES_CCM_64_128_256 = 33,
    OB_ES256 = -7,
    OB_EDDSA = -8,
    OB_SHA_256_64 = -15, /* the first 8 bytes of SHA-256: for x5t */
    OB_SHA_256 = -16,
    OB_ES384 = -35,
    OB_ES512 = -36,
    OB_SHA_384 = -43,
    OB_SHA_512 = -44
};

/* COSE elliptic curves. */
enum {
    OB_P256 = 1,
    OB_P384 = 2,
    OB_P521 = 3,
    OB_X25519 = 4,
    OB_ED25519 = 6,
    OB_ED448 = 7
};

#define OB_LINK_HASH_MAX  64
#define OB_LINK_KEY_MAX   32
#define OB_LINK_TAG_MAX   16
#define OB_LINK_NONCE_MAX 13
#define OB_LINK_COORD_MAX 66  /* a coordinate or private key of P-521 */
#define OB_LINK_SIGN_MAX  132 /* a signature */

/*
 * What the protocols ask of a cryptographic library. Each function returns false for a value that
 * is wrong (a tag, a signature, a point that is not on the curve) and for an algorithm that it
 * lacks. Sizes follow from the algorithm. Messages come in parts, so that nobody has to join them.
 */
typedef struct ob_link_crypto {
    void *ctx;
    OB_MUST bool (*hash)(void *ctx, int alg, const ob_span *parts, size_t count, uint8_t *out);
    OB_MUST bool (*hmac)(void *ctx, int hash, ob_span key, const ob_span *parts, size_t count,
                         uint8_t *out);
    /* In place: bytes holds len bytes and, behind them, room for the tag or the tag itself. */
    OB_MUST bool (*seal)(void *ctx, int aead, const uint8_t *key, const uint8_t *nonce, ob_span aad,
                         uint8_t *bytes, size_t len);
    OB_MUST bool (*open)(void *ctx, int aead, const uint8_t *key, const uint8_t *nonce, ob_span aad,
                         uint8_t *bytes, size_t len);
    /* The public key of a private one: x, and for P-256, P-384 and P-521 y (may be NULL). */
    OB_MUST bool (*public_key)(void *ctx, int curve, ob_span private_key, uint8_t *x, uint8_t *y);
    /* The Diffie-Hellman secret, of the size of a coordinate. peer_x: the x-coordinate alone. */
    OB_MUST bool (*agree)(void *ctx, int curve, ob_span private_key, ob_span peer_x, uint8_t *out);
    /* A signature as COSE has it (RFC 9053, 2): r and s in full length. */
    OB_MUST bool (*sign)(void *ctx, int alg, int curve, ob_span private_key, const ob_span *parts,
                         size_t count, uint8_t *out, size_t *len);
    /* y may be empty: one of the two points with that x is tried, then the other. */
    OB_MUST bool (*verify)(void *ctx, int alg, int curve, ob_span x, ob_span y,
                           const ob_span *parts, size_t count, ob_span signature);
    /* No message under the key that lies there follows: what seal and open keep of it is cleared.
     * NULL where they keep nothing. */
    void (*forget)(void *ctx, const uint8_t *key);
} ob_link_crypto;

/* The table over OpenSSL's libcrypto; a constant. Threads may share it. */
OB_API const ob_link_crypto *ob_link_libcrypto(void);
/*
 * The same with a memory: it keeps the ciphers of the last keys set up, which halves the time of a
 * short message. Of one thread at a time; every ob_oscore and ob_edhoc that has it is wiped before
 * _fini, which clears what is left. OB_ERR_NOMEM.
 */
OB_MUST OB_API bool ob_link_keeping_init(ob_link_crypto *table, ob_err *err);
OB_API void ob_link_keeping_fini(ob_link_crypto *table);

/* Key, nonce and tag of an AEAD algorithm, in bytes; false for one that is not listed above. */
typedef struct ob_link_aead {
    uint8_t key;
    uint8_t nonce;
    uint8_t tag;
} ob_link_aead;

OB_API bool ob_link_aead_of(int alg, ob_link_aead *sizes);
/* Bytes of a hash; 0 for one that is not listed above. */
OB_API size_t ob_link_hash_of(int alg);
/* Bytes of a coordinate of a curve; 0 for one that is not listed above. */
OB_API size_t ob_link_coord_of(int curve);

/* --- OSCORE ------------------------------------------------------------------------------- */

#define OB_OSCORE_ID_MAX       7                         /* of a sender, with a nonce of 13 bytes */
#define OB_OSCORE_CONTEXT_MAX  64                        /* of an id context */
#define OB_OSCORE_SEQUENCE_MAX (((uint64_t)1 << 40) - 1) /* the last Partial IV */
#define OB_OSCORE_WINDOW_MAX   64

typedef struct ob_oscore_options {
    const ob_link_crypto *crypto; /* NULL: libcrypto */
    ob_span master_secret;
    ob_span master_salt;
    ob_span sender_id;
    ob_span recipient_id;
    ob_span id_context;
    bool has_id_context;
    bool send_id_context; /* in every request, as kid context */
    int aead;             /* 0: OB_AES_CCM_16_64_128 */
    int hash;             /* of HKDF; 0: OB_SHA_256 */
    unsigned window;      /* of replays: 1 to OB_OSCORE_WINDOW_MAX numbers; 0: 32 */
} ob_oscore_options;

/* A security context, RFC 8613 section 3. Made by ob_oscore_init; its fields may be read. */
typedef struct ob_oscore {
    const ob_link_crypto *crypto;
    int aead;
    ob_link_aead sizes;
    uint8_t sender_id_len;
    uint8_t recipient_id_len;
    uint8_t id_context_len;
    bool has_id_context;
    bool send_id_context;
    uint8_t window;
    uint8_t sender_id[OB_OSCORE_ID_MAX];
    uint8_t recipient_id[OB_OSCORE_ID_MAX];
    uint8_t id_context[OB_OSCORE_CONTEXT_MAX];
    uint8_t sender_key[OB_LINK_KEY_MAX];
    uint8_t recipient_key[OB_LINK_KEY_MAX];
    uint8_t common_iv[OB_LINK_NONCE_MAX];
    uint64_t sequence; /* the next Partial IV to be used */
    uint64_t
        sequence_limit; /* numbers from here on are not to be used yet; see ob_oscore_reserve */
    uint64_t seen_top;  /* the highest Partial IV that was accepted */
    uint64_t seen;      /* bit i: seen_top - i was accepted */
    bool seen_any;
    bool unsure; /* after a restart: requests are answered by a challenge, RFC 8613 B.1.2 */
} ob_oscore;

/* Derives the keys (RFC 8613, 3.2.1). OB_ERR_INPUT where an id is too long for the algorithm's
 * nonce, both ids are the same, or an algorithm is not there. */
OB_MUST OB_API bool ob_oscore_init(ob_oscore *context, const ob_oscore_options *options,
                                   ob_err *err);
/* Of a context that was made, or is all zeros. */
OB_API void ob_oscore_wipe(ob_oscore *context);

/*
 * Numbers that survive a crash (RFC 8613, B.1.1): before a message goes out whose number is not
 * below context->sequence_limit, the caller stores a higher limit where a restart finds it, and
 * then tells it here. After a restart sequence begins at the limit that was stored, so no number is
 * used twice. A new context has no limit (all numbers may be used) until this is called once.
 */
OB_API void ob_oscore_reserve(ob_oscore *context, uint64_t limit);
/* After a restart: numbers begin at sequence, and what was received before is not known. */
OB_API void ob_oscore_restart(ob_oscore *context, uint64_t sequence);

/* What binds a response to its request: made by the request, used by its responses. */
typedef struct ob_oscore_bind {
    uint8_t kid_len;
    uint8_t piv_len;
    uint8_t kid[OB_OSCORE_ID_MAX];
    uint8_t piv[5];
    bool
        used; /* the request's own nonce has protected a response; another one needs a new number */
    bool observing;    /* the request asked to be notified */
    bool notified_any; /* a notification with a Partial IV has arrived */
    uint64_t notified; /* and this was the newest */
} ob_oscore_bind;

/* The value of an OSCORE option (RFC 8613, 6.1). */
typedef struct ob_oscore_option {
    ob_span piv;
    ob_span kid;
    ob_span kid_context;
    bool has_kid;
    bool has_kid_context;
} ob_oscore_option;

/* Borrows from value. OB_ERR_PEER: reserved bits, a length that is reserved, or it ends early. */
OB_MUST OB_API bool ob_oscore_option_read(ob_oscore_option *option, ob_span value, ob_err *err);

/* Why a message was refused, and what a server may answer (RFC 8613, 8.2): a code such as
 * OB_COAP_CODE(4, 1) with a diagnostic payload, unprotected. code 0: nothing is to be answered. */
typedef struct ob_oscore_refusal {
    uint8_t code;
    const char *diagnostic; /* a constant */
} ob_oscore_refusal;

/*
 * Protects a request: msg is the message as it would be without OSCORE. The datagram is written to
 * out (cap bytes). Uses one number of the context. OB_ERR_LIMIT where the numbers, the reserved
 * ones or the bytes are used up; OB_ERR_INPUT for a Proxy-Uri option, which the caller takes apart
 * first (RFC 8613, 4.1.3.3), and for a message that has an OSCORE option already.
 */
OB_MUST OB_API bool ob_oscore_request(ob_oscore *context, const ob_coap_msg *msg,
                                      ob_oscore_bind *bind, uint8_t *out, size_t cap,
                                      ob_span *datagram, ob_err *err);
/*
 * Opens a request that carries an OSCORE option and was addressed to this context. The message is
 * written to work (cap bytes, at least as many as the payload and the outer options together) and
 * msg borrows from there: options that belong inside and were found outside are dropped. refusal
 * tells what to answer where it fails (OB_ERR_PEER). A number that was seen, or is too old, is
 * refused, and nothing that fails moves the window. While context->unsure holds, a request that is
 * genuine succeeds, and the window is not moved: see ob_oscore_is_fresh.
 */
OB_MUST OB_API bool ob_oscore_open_request(ob_oscore *context, const ob_coap_msg *outer,
                                           uint8_t *work, size_t cap, ob_coap_msg *msg,
                                           ob_oscore_bind *bind, ob_oscore_refusal *refusal,
                                           ob_err *err);
/*
 * While context->unsure holds: whether msg, which ob_oscore_open_request gave, brings back the Echo
 * value that it was sent (RFC 9175, 2; RFC 8613, B.1.2). If so the window begins with this
 * request, and unsure ends. If not, the caller answers 4.01 with an Echo option, protected, with a
 * number of its own.
 */
OB_MUST OB_API bool ob_oscore_is_fresh(ob_oscore *context, const ob_coap_msg *msg,
                                       const ob_oscore_bind *bind, ob_span echo);
/* Protects a response. The nonce is the request's unless new_number is set or it has been used
 * once; notifications (an Observe option) always have a number of their own. */
OB_MUST OB_API bool ob_oscore_response(ob_oscore *context, ob_oscore_bind *bind,
                                       const ob_coap_msg *msg, bool new_number, uint8_t *out,
                                       size_t cap, ob_span *datagram, ob_err *err);
/* Opens a response to the request that bind belongs to. A notification that is older than one
 * before it is refused. */
OB_MUST OB_API bool ob_oscore_open_response(ob_oscore *context, ob_oscore_bind *bind,
                                            const ob_coap_msg *outer, uint8_t *work, size_t cap,
                                            ob_coap_msg *msg, ob_err *err);

/* --- EDHOC -------------------------------------------------------------------------------- */

#define OB_EDHOC_ID_MAX      24   /* of a connection identifier */
#define OB_EDHOC_SUITES_MAX  9    /* that one side names */
#define OB_EDHOC_MESSAGE_MAX 1536 /* bytes of a message, a certificate in it included */

/* A cipher suite, RFC 9528 section 3.6: suites 0 to 6. */
typedef struct ob_edhoc_suite {
    int aead;
    int hash;
    uint8_t mac; /* bytes of a MAC that stands for a signature */
    int curve;   /* of ephemeral and static Diffie-Hellman keys */
    int sign;
    int app_aead; /* of OSCORE afterwards */
    int app_hash;
} ob_edhoc_suite;

OB_API bool ob_edhoc_suite_of(int number, ob_edhoc_suite *suite);

/* How somebody is known. Spans are borrowed for as long as the session lives. */
typedef struct ob_edhoc_cred {
    ob_span id;   /* ID_CRED_x: a CBOR map such as {4: h'2b'}, {34: [-15, hash]}, {33: cert} */
    ob_span cred; /* CRED_x: one CBOR item: a CCS (a map), or a byte string with a certificate */
    ob_span x;    /* the public key: its x-coordinate, or the key of Ed25519 or X25519 */
    ob_span y;    /* of a Weierstrass curve; may be empty */
} ob_edhoc_cred;

/* Takes a CCS (RFC 8392 claims with a COSE_Key in cnf) apart: sets all of made; id is written to
 * id_bytes where the key has a kid, else it is left empty. OB_ERR_INPUT says what is missing. */
OB_MUST OB_API bool ob_edhoc_ccs(ob_edhoc_cred *made, ob_span ccs, uint8_t id_bytes[24],
                                 ob_err *err);

#define OB_LINK_PUBLIC_MAX (2 * OB_LINK_COORD_MAX)

/* Takes a certificate apart: cred is a CBOR byte string with its DER. x and y are written to
 * key; id is left empty. Uses libcrypto. OB_ERR_INPUT where it is no certificate or its key is of
 * another curve than those above. Nothing is said about who issued it. */
OB_MUST OB_API bool ob_edhoc_x509(ob_edhoc_cred *made, ob_span cred,
                                  uint8_t key[OB_LINK_PUBLIC_MAX], ob_err *err);

typedef struct ob_edhoc_options {
    const ob_link_crypto *crypto; /* NULL: libcrypto */
    unsigned method;  /* of the Initiator: 0 signature both, 1 Responder by static Diffie-Hellman
                         key, 2 Initiator by such a key, 3 both */
    unsigned methods; /* that a Responder accepts: bit i for method i; 0: all */
    int suites[OB_EDHOC_SUITES_MAX]; /* that are supported, the most wanted first */
    size_t suite_count;
    size_t suite; /* of the Initiator: index of the one to be used */
    ob_span
        connection_id; /* own; of one byte 0x00 to 0x17 or 0x20 to 0x37 it travels as a number */
    ob_edhoc_cred own;
    ob_span private_key;
    /* Finds who id names (an ID_CRED_x map); false: nobody that is trusted. Of a chain of
     * certificates it is this function that checks it. */
    bool (*find)(void *ctx, ob_span id, ob_edhoc_cred *peer);
    /* Whether external authorization data with that critical label is known; NULL: none is. */
    bool (*knows)(void *ctx, int64_t label);
    void *ctx;
} ob_edhoc_options;

typedef enum ob_edhoc_state {
    OB_EDHOC_NEW,
    OB_EDHOC_SENT_1,
    OB_EDHOC_READ_1,
    OB_EDHOC_SENT_2,
    OB_EDHOC_READ_2,
    OB_EDHOC_DONE, /* the keys may be used: message 3 was sent, or read and verified */
    OB_EDHOC_FAILED
} ob_edhoc_state;

/* Codes of an error message, RFC 9528 section 6. */
enum {
    OB_EDHOC_UNSPECIFIED = 1,
    OB_EDHOC_WRONG_SUITE = 2,
    OB_EDHOC_UNKNOWN_CRED = 3
};

/* One run of the protocol. About 2.5 KB; clear it by ob_edhoc_wipe. */
typedef struct ob_edhoc {
    ob_edhoc_options options;
    ob_edhoc_suite suite;
    ob_edhoc_state state;
    bool initiator;
    uint8_t method;
    uint8_t error;    /* after a failure: what to tell the peer; 0: nothing */
    bool has_peer_id; /* it has been read: an Initiator's error message reaches its session */
    uint8_t peer_id_len;
    uint8_t peer_id[OB_EDHOC_ID_MAX]; /* the other side's connection identifier */
    uint8_t ephemeral[32];
    uint8_t peer_ephemeral[32];
    uint8_t message_1[OB_LINK_HASH_MAX]; /* its hash */
    uint8_t th[OB_LINK_HASH_MAX];        /* the last transcript hash */
    uint8_t prk[OB_LINK_HASH_MAX];       /* the last of PRK_2e, PRK_3e2m, PRK_4e3m */
    uint8_t prk_out[OB_LINK_HASH_MAX];
    uint8_t prk_exporter[OB_LINK_HASH_MAX];
    ob_edhoc_cred peer;
    uint8_t id_bytes[OB_EDHOC_ID_MAX + 8]; /* an ID_CRED_x that travelled as its kid alone */
    size_t plain_len;
    uint8_t plain[OB_EDHOC_MESSAGE_MAX]; /* the last plaintext; what was found in it borrows */
} ob_edhoc;

/*
 * Each of these is one step; the order is kept, and any failure ends the session. A message is
 * written to out (cap bytes). ead (may be empty): external authorization data, encoded, RFC 9528
 * section 3.8. ephemeral: 32 bytes of a good random source, a fresh one each time.
 * OB_ERR_PEER for a message that is wrong: then ob_edhoc_error makes what may be answered.
 */
OB_API void ob_edhoc_start(ob_edhoc *session, const ob_edhoc_options *options, bool initiator);
OB_API void ob_edhoc_wipe(ob_edhoc *session);
OB_MUST OB_API bool ob_edhoc_write_1(ob_edhoc *session, ob_span ephemeral, ob_span ead,
                                     uint8_t *out, size_t cap, ob_span *message, ob_err *err);
OB_MUST OB_API bool ob_edhoc_read_1(ob_edhoc *session, ob_span message, ob_span *ead, ob_err *err);
OB_MUST OB_API bool ob_edhoc_write_2(ob_edhoc *session, ob_span ephemeral, ob_span ead,
                                     uint8_t *out, size_t cap, ob_span *message, ob_err *err);
OB_MUST OB_API bool ob_edhoc_read_2(ob_edhoc *session, ob_span message, ob_span *ead, ob_err *err);
OB_MUST OB_API bool ob_edhoc_write_3(ob_edhoc *session, ob_span ead, uint8_t *out, size_t cap,
                                     ob_span *message, ob_err *err);
OB_MUST OB_API bool ob_edhoc_read_3(ob_edhoc *session, ob_span message, ob_span *ead, ob_err *err);
/* Message 4 is optional: it proves to the Initiator that the Responder has the keys. */
OB_MUST OB_API bool ob_edhoc_write_4(ob_edhoc *session, ob_span ead, uint8_t *out, size_t cap,
                                     ob_span *message, ob_err *err);
OB_MUST OB_API bool ob_edhoc_read_4(ob_edhoc *session, ob_span message, ob_span *ead, ob_err *err);

/* The error message for session->error; text: for the unspecified one. */
OB_MUST OB_API bool ob_edhoc_error(const ob_edhoc *session, ob_span text, uint8_t *out, size_t cap,
                                   ob_span *message, ob_err *err);

#define OB_EDHOC_PEER_SUITES_MAX 16 /* of an error message; what it names beyond is left out */

/* What an error message says. */
typedef struct ob_edhoc_problem {
    int64_t code;
    ob_span text;                         /* of OB_EDHOC_UNSPECIFIED; borrows from the message */
    int suites[OB_EDHOC_PEER_SUITES_MAX]; /* of OB_EDHOC_WRONG_SUITE: that the peer supports */
    size_t suite_count;
} ob_edhoc_problem;

/* False where message is none. It is not authenticated: anybody may have made it. */
OB_MUST OB_API bool ob_edhoc_error_read(ob_edhoc_problem *problem, ob_span message);
/* Reads an error message in answer to message 1: true and the index of the suite to try next, if
 * the Responder named one that is supported and was not tried. */
OB_MUST OB_API bool ob_edhoc_next_suite(const ob_edhoc *session, ob_span error, size_t *suite);

/* Keys for applications (RFC 9528, 4.2.1); of a session that is done. */
OB_MUST OB_API bool ob_edhoc_export(const ob_edhoc *session, int64_t label, ob_span context,
                                    uint8_t *out, size_t len, ob_err *err);
/* New keys from the old ones (RFC 9528, Appendix H). */
OB_MUST OB_API bool ob_edhoc_update(ob_edhoc *session, ob_span context, ob_err *err);
/* The OSCORE context that follows (RFC 9528, Appendix A.1). */
OB_MUST OB_API bool ob_edhoc_oscore(const ob_edhoc *session, ob_oscore *context, ob_err *err);

OB_END

#endif
