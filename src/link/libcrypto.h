/* SPDX-License-Identifier: Apache-2.0 */
/* The part of the table over libcrypto that works with key pairs. */
#ifndef OB_LINK_LIBCRYPTO_H
#define OB_LINK_LIBCRYPTO_H

#include <ombud/link.h>

#include <openssl/evp.h>

OB_MUST bool obi_libcrypto_public_key(void *ctx, int curve, ob_span private_key, uint8_t *x,
                                      uint8_t *y);
OB_MUST bool obi_libcrypto_agree(void *ctx, int curve, ob_span private_key, ob_span peer_x,
                                 uint8_t *out);
OB_MUST bool obi_libcrypto_sign(void *ctx, int alg, int curve, ob_span private_key,
                                const ob_span *parts, size_t count, uint8_t *out, size_t *len);
OB_MUST bool obi_libcrypto_verify(void *ctx, int alg, int curve, ob_span x, ob_span y,
                                  const ob_span *parts, size_t count, ob_span signature);

#endif
