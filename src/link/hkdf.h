/* SPDX-License-Identifier: Apache-2.0 */
/* HKDF (RFC 5869) over the table's HMAC. */
#ifndef OB_LINK_HKDF_H
#define OB_LINK_HKDF_H

#include <ombud/link.h>

#define OBI_HKDF_INFO_MAX 12 /* parts of an info */

OB_MUST bool obi_hkdf_extract(const ob_link_crypto *crypto, int hash, ob_span salt, ob_span secret,
                              uint8_t *prk);
/* info comes in parts, at most OBI_HKDF_INFO_MAX; out: len bytes, at most 255 hashes. */
OB_MUST bool obi_hkdf_expand(const ob_link_crypto *crypto, int hash, const uint8_t *prk,
                             const ob_span *info, size_t count, uint8_t *out, size_t len);

/* Equality whose time does not depend on where the bytes differ. */
bool obi_same_secret(const void *a, const void *b, size_t len);

#endif
