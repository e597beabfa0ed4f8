/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of EDHOC that both roles share. */
#ifndef OB_LINK_EDHOC_H
#define OB_LINK_EDHOC_H

#include "link/cbor.h"

#include <ombud/link.h>

/* Labels of EDHOC_KDF, RFC 9528 4.1.2. */
enum {
    OBI_KEYSTREAM_2,
    OBI_SALT_3E2M,
    OBI_MAC_2,
    OBI_K_3,
    OBI_IV_3,
    OBI_SALT_4E3M,
    OBI_MAC_3,
    OBI_PRK_OUT,
    OBI_K_4,
    OBI_IV_4,
    OBI_PRK_EXPORTER,
    OBI_PRK_UPDATE
};

/* Ends a session with what to tell the peer; false. */
bool obi_edhoc_fail(ob_edhoc *s, uint8_t error, const char *what, ob_err *err);
/* Whether the session is where a step belongs; a wrong order is the caller's mistake. */
OB_MUST bool obi_edhoc_in(ob_edhoc *s, bool initiator, ob_edhoc_state state, ob_err *err);

ob_span obi_edhoc_th(const ob_edhoc *s);
/* EDHOC_KDF: context in up to 5 parts. */
OB_MUST bool obi_edhoc_kdf(const ob_edhoc *s, const uint8_t *prk, int64_t label,
                           const ob_span *context, size_t count, uint8_t *out, size_t len);
/* TH becomes the hash of the old one (as a byte string) and what follows. */
OB_MUST bool obi_edhoc_next_th(ob_edhoc *s, ob_span plaintext, ob_span cred);
/* PRK becomes that of the next stage, with the secret of a static key; label: of the salt. */
OB_MUST bool obi_edhoc_mix(ob_edhoc *s, int64_t label, ob_span private_key, ob_span peer_x);

/* A connection identifier: as a number where it is one, else as a byte string (RFC 9528 3.3.2). */
void obi_edhoc_put_id(obi_cbor_writer *w, ob_span id);
OB_MUST bool obi_edhoc_read_id(obi_cbor_reader *r, uint8_t *id, uint8_t *len);
/* The other side's. */
OB_MUST bool obi_edhoc_read_peer_id(ob_edhoc *s, obi_cbor_reader *r);
bool obi_edhoc_is_peer_id(const ob_edhoc *s, ob_span id);
/* Checks external authorization data up to the end of the reader. */
OB_MUST bool obi_edhoc_read_ead(const ob_edhoc *s, obi_cbor_reader *r, ob_span *ead);

/* edhoc_auth.c: signature or MAC of one side, and its check. number: 2 or 3. */
OB_MUST bool obi_edhoc_prove(ob_edhoc *s, unsigned number, ob_span ead, uint8_t *out, size_t *len);
OB_MUST bool obi_edhoc_check(ob_edhoc *s, unsigned number, ob_span ead, ob_span proof);
/* Whether the side that sends that message proves itself by a static Diffie-Hellman key. */
bool obi_edhoc_is_static(const ob_edhoc *s, unsigned number);

/* Plaintext 2 or 3: identifier (2 only), ID_CRED, proof, EAD. */
OB_MUST bool obi_edhoc_write_plain(ob_edhoc *s, unsigned number, ob_span ead, ob_err *err);

typedef struct obi_edhoc_plain {
    ob_span id; /* ID_CRED_x as a map */
    ob_span proof;
    ob_span ead;
} obi_edhoc_plain;

OB_MUST bool obi_edhoc_read_plain(ob_edhoc *s, unsigned number, obi_edhoc_plain *plain);

/* A message that is one encrypted byte string: 3 and 4. The plaintext is s->plain. */
OB_MUST bool obi_edhoc_seal(ob_edhoc *s, unsigned number, uint8_t *out, size_t cap,
                            ob_span *message, ob_err *err);
OB_MUST bool obi_edhoc_open(ob_edhoc *s, unsigned number, ob_span message, ob_err *err);
/* PRK_out and PRK_exporter: the session is done. */
OB_MUST bool obi_edhoc_finish(ob_edhoc *s);

#endif
