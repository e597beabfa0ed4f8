/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of OSCORE that protecting (oscore_seal.c) and opening (oscore_open.c) share. */
#ifndef OB_LINK_OSCORE_H
#define OB_LINK_OSCORE_H

#include <ombud/link.h>

/* [1, [alg], kid, piv, h''] within ["Encrypt0", h'', ...], RFC 8613 5.4 */
#define OBI_OSCORE_AAD_MAX 64

/* How an option travels, RFC 8613 4.1 and the registry of options. */
typedef enum obi_oscore_class {
    OBI_OSCORE_INNER, /* class E: encrypted; everything that is not listed is */
    OBI_OSCORE_OUTER, /* class U: as it is */
    OBI_OSCORE_BOTH   /* Observe and No-Response: a proxy must see them, too */
} obi_oscore_class;

obi_oscore_class obi_oscore_class_of(uint16_t number);

/* A number as Partial IV: its shortest bytes, one at least. */
uint8_t obi_oscore_piv(uint64_t number, uint8_t out[5]);
uint64_t obi_oscore_number(ob_span piv);
/* The nonce of a message whose number was made by the owner of id, RFC 8613 5.2. */
void obi_oscore_nonce(const ob_oscore *context, ob_span id, ob_span piv, uint8_t *nonce);
/* The additional authenticated data: kid and Partial IV of the request. */
ob_span obi_oscore_aad(const ob_oscore *context, const ob_oscore_bind *bind,
                       uint8_t out[OBI_OSCORE_AAD_MAX]);

#endif
