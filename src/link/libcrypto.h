/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the table over libcrypto. */
#ifndef OB_LINK_LIBCRYPTO_H
#define OB_LINK_LIBCRYPTO_H

#include <ombud/link.h>

#include <openssl/ec.h>
#include <openssl/evp.h>

#define OBI_LIBCRYPTO_AEADS  6
#define OBI_LIBCRYPTO_HASHES 3
#define OBI_LIBCRYPTO_CURVES 3

/* Constant once made; an entry is NULL where libcrypto lacks it. */
typedef struct obi_libcrypto_parts {
    EVP_CIPHER *aeads[OBI_LIBCRYPTO_AEADS];  /* AES-CCM 128, 256; GCM 128, 192, 256; ChaCha20 */
    EVP_MD *hashes[OBI_LIBCRYPTO_HASHES];    /* SHA-256, 384, 512 */
    EVP_MAC_CTX *macs[OBI_LIBCRYPTO_HASHES]; /* to be copied, and then given a key */
    EC_GROUP *curves[OBI_LIBCRYPTO_CURVES];  /* P-256, P-384, P-521 */
} obi_libcrypto_parts;

/* Threads may call it at once; NULL: it cannot be made. */
const obi_libcrypto_parts *obi_libcrypto_get(void);

/* A message that is to be encrypted or decrypted, as far as its cipher must know it. */
typedef struct obi_libcrypto_message {
    int aead;
    bool sealing;
    ob_link_aead sizes;
} obi_libcrypto_message;

/* False: an algorithm that is not there, or sizes that libcrypto cannot take. */
OB_MUST bool obi_libcrypto_message_of(obi_libcrypto_message *m, int aead, bool sealing, ob_span aad,
                                      size_t len);
/* NULL: libcrypto lacks it. */
const EVP_CIPHER *obi_libcrypto_cipher(const obi_libcrypto_message *m);
/* One message. kind: of a cipher that is new; NULL: it has that key from a message before. */
OB_MUST bool obi_libcrypto_run(EVP_CIPHER_CTX *cipher, const EVP_CIPHER *kind,
                               const obi_libcrypto_message *m, const uint8_t *key,
                               const uint8_t *nonce, ob_span aad, uint8_t *bytes, size_t len);

OB_MUST bool obi_libcrypto_public_key(void *ctx, int curve, ob_span private_key, uint8_t *x,
                                      uint8_t *y);
OB_MUST bool obi_libcrypto_agree(void *ctx, int curve, ob_span private_key, ob_span peer_x,
                                 uint8_t *out);
OB_MUST bool obi_libcrypto_sign(void *ctx, int alg, int curve, ob_span private_key,
                                const ob_span *parts, size_t count, uint8_t *out, size_t *len);
OB_MUST bool obi_libcrypto_verify(void *ctx, int alg, int curve, ob_span x, ob_span y,
                                  const ob_span *parts, size_t count, ob_span signature);

#endif
