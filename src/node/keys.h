/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files with secrets and credentials. A file with a secret must be one that nobody else can read;
 * it holds hexadecimal digits.
 */
#ifndef OB_NODE_KEYS_H
#define OB_NODE_KEYS_H

#include "node/config.h"

#define OB_NODE_SECRET_MAX 128

typedef struct ob_node_secret {
    size_t len;
    uint8_t bytes[OB_NODE_SECRET_MAX];
} ob_node_secret;

/* OB_ERR_INPUT with the path: others may read it, it belongs to somebody else, it holds no
 * hexadecimal digits. Clear it by ob_node_secret_fini. */
OB_MUST bool ob_node_secret_read(ob_node_secret *secret, const char *path, ob_err *err);
void ob_node_secret_fini(ob_node_secret *secret);
/* The text of such a file, whatever it holds; the caller clears it. */
OB_MUST bool ob_node_secret_text(const char *path, char *text, size_t cap, size_t *len,
                                 ob_err *err);

/* For readers of PEM: no password is asked for, on a terminal or elsewhere. */
int ob_node_no_password(char *out, int size, int writing, void *ctx);

/* A credential ready for EDHOC; its spans live in the arena. */
typedef struct ob_node_identity {
    ob_span name;
    ob_edhoc_cred cred;
    int64_t from_ms;  /* validity of a certificate, wall time; */
    int64_t until_ms; /* INT64_MIN and INT64_MAX for a CCS */
} ob_node_identity;

OB_MUST bool ob_node_identity_read(ob_node_identity *identity, ob_arena *arena,
                                   const ob_node_cred *from, ob_err *err);
/* The curve of a private key and its credential; 0: they do not belong together. */
int ob_node_key_curve(const ob_node_secret *key, const ob_edhoc_cred *cred);
/* The OSCORE context that a row of the configuration tells. */
OB_MUST bool ob_node_context_open(ob_oscore *context, const ob_node_context *from,
                                  const ob_link_crypto *crypto, ob_err *err);

/* A table over another one that counts what is asked of it. */
typedef struct ob_node_counter {
    const ob_link_crypto *inner;
    ob_link_crypto table; /* to be handed on; its ctx is this object, which must not move */
    unsigned hashes;      /* HMAC included */
    unsigned seals;       /* AEAD, both ways */
    unsigned keys;        /* Diffie-Hellman, and public keys made */
    unsigned signatures;  /* made and verified */
} ob_node_counter;

void ob_node_counter_init(ob_node_counter *counter, const ob_link_crypto *inner);

#endif
