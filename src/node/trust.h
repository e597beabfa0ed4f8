/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom a node believes in EDHOC: the peers that its configuration names by credential, and, where
 * it names an authority, the devices whose certificate that authority issued. For client and
 * server.
 */
#ifndef OB_NODE_TRUST_H
#define OB_NODE_TRUST_H

#include "node/cert.h"
#include "node/keys.h"

#include <ombud/sys.h>

/* Large; wiped and freed by ob_node_trust_close. */
typedef struct ob_node_trust {
    const ob_node_edhoc *config;
    ob_node_secret key;
    ob_node_identity own;
    ob_node_identity
        peers[OB_NODE_PEERS_MAX]; /* without a credential where a serial number stands */
    ob_cert_set authorities;      /* with their lists */
} ob_node_trust;

OB_MUST bool ob_node_trust_open(ob_node_trust *trust, ob_arena *arena, const ob_node_edhoc *config,
                                ob_err *err);
void ob_node_trust_close(ob_node_trust *trust);

/* Who was found. It must not move while the session lives: the credential is in it. */
typedef struct ob_node_found {
    size_t peer;      /* index in the configuration */
    ob_digest digest; /* of the certificate that was sent; zeros where none was */
    uint8_t cred[OB_EDHOC_MESSAGE_MAX];
    uint8_t key[OB_LINK_PUBLIC_MAX];
} ob_node_found;

/*
 * Who is meant by id, an ID_CRED_x, and may be believed at wall_ms. is_static: the peer proves
 * itself by a static Diffie-Hellman key, else by a signature. OB_ERR_PEER says why not.
 */
OB_MUST bool ob_node_trust_find(const ob_node_trust *trust, ob_span id, int64_t wall_ms,
                                bool is_static, ob_node_found *found, ob_edhoc_cred *cred,
                                ob_err *err);

/* The certificates of an x5chain (RFC 9360, 2), the first one first; false where id is none.
 * *first: the first one as the CBOR item that EDHOC proves. The caller frees the set. */
OB_MUST bool ob_node_chain_read(ob_span id, ob_cert_set *chain, ob_span *first, ob_err *err);

#endif
