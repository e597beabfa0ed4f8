/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What libcrypto looks up by name, which takes longer than to protect a message. It is made at the
 * first use, once for all threads, and only read afterwards; it holds no key.
 */
#include "link/libcrypto.h"

#include <openssl/core_names.h>
#include <openssl/params.h>
#include <pthread.h>

static obi_libcrypto_parts parts;

static EVP_MAC_CTX *make_mac(EVP_MAC *hmac, char *hash)
{
    /* A key of no meaning: only one that is set up can be copied. */
    static const uint8_t key[1];
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, hash, 0),
                           OSSL_PARAM_construct_end()};
    EVP_MAC_CTX *made = hmac == NULL ? NULL : EVP_MAC_CTX_new(hmac);
    if (made != NULL && EVP_MAC_init(made, key, sizeof key, params) != 1) {
        EVP_MAC_CTX_free(made);
        return NULL;
    }
    return made;
}

/* What is not there stays NULL, and whoever asks for it is told so. */
static void make(void)
{
    static const char *const aeads[OBI_LIBCRYPTO_AEADS] = {"AES-128-CCM", "AES-256-CCM",
                                                           "AES-128-GCM", "AES-192-GCM",
                                                           "AES-256-GCM", "ChaCha20-Poly1305"};
    static const int curves[OBI_LIBCRYPTO_CURVES] = {NID_X9_62_prime256v1, NID_secp384r1,
                                                     NID_secp521r1};
    /* libcrypto wants names that it could write to */
    static char hashes[OBI_LIBCRYPTO_HASHES][8] = {"SHA256", "SHA384", "SHA512"};
    for (size_t i = 0; i < OBI_LIBCRYPTO_AEADS; i++) {
        parts.aeads[i] = EVP_CIPHER_fetch(NULL, aeads[i], NULL);
    }
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    for (size_t i = 0; i < OBI_LIBCRYPTO_HASHES; i++) {
        parts.hashes[i] = EVP_MD_fetch(NULL, hashes[i], NULL);
        parts.macs[i] = make_mac(hmac, hashes[i]);
    }
    EVP_MAC_free(hmac);
    for (size_t i = 0; i < OBI_LIBCRYPTO_CURVES; i++) {
        parts.curves[i] = EC_GROUP_new_by_curve_name(curves[i]);
    }
}

const obi_libcrypto_parts *obi_libcrypto_get(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    return pthread_once(&once, make) == 0 ? &parts : NULL;
}
