/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of EDHOC that look alike on both sides, edhoc_hello.c. */
#ifndef OB_LINK_EDHOC_HELLO_H
#define OB_LINK_EDHOC_HELLO_H

#include "link/edhoc.h"

/* TH_2 and PRK_2e, from both ephemeral keys. g_y: the Responder's. */
OB_MUST bool obi_edhoc_agree_2(ob_edhoc *s, ob_span g_y);
/* XORs s->plain with KEYSTREAM_2. */
OB_MUST bool obi_edhoc_stream_2(ob_edhoc *s);
/* Finds who sent plaintext 2 or 3, checks the proof, and goes on to the next transcript hash. */
OB_MUST bool obi_edhoc_believe(ob_edhoc *s, unsigned number, const obi_edhoc_plain *plain,
                               ob_err *err);
/* true, after the session has gone on to state and *ead (may be NULL) was set. */
bool obi_edhoc_step(ob_edhoc *s, ob_edhoc_state state, ob_span *ead, ob_span value);
/* Message 3 under keys of an earlier stage, then the keys of the last one. */
OB_MUST bool obi_edhoc_seal_3(ob_edhoc *s, const uint8_t *prk_3e2m, uint8_t *out, size_t cap,
                              ob_span *message, ob_err *err);

#endif
