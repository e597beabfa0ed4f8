/* SPDX-License-Identifier: Apache-2.0 */
/* The table over OpenSSL's libcrypto: hashes, HMAC and AEAD; keys are in libcrypto_keys.c. */
#include "link/libcrypto.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

static const char *hash_name(int alg)
{
    return alg == OB_SHA_256   ? "SHA256"
           : alg == OB_SHA_384 ? "SHA384"
           : alg == OB_SHA_512 ? "SHA512"
                               : NULL;
}

static bool hash(void *ctx, int alg, const ob_span *parts, size_t count, uint8_t *out)
{
    (void)ctx;
    const EVP_MD *md = hash_name(alg) == NULL ? NULL : EVP_get_digestbyname(hash_name(alg));
    EVP_MD_CTX *digest = md == NULL ? NULL : EVP_MD_CTX_new();
    bool ok = digest != NULL && EVP_DigestInit_ex(digest, md, NULL) == 1;
    for (size_t i = 0; ok && i < count; i++) {
        ok = EVP_DigestUpdate(digest, parts[i].ptr, parts[i].len) == 1;
    }
    ok = ok && EVP_DigestFinal_ex(digest, out, NULL) == 1;
    EVP_MD_CTX_free(digest);
    return ok;
}

static bool hmac(void *ctx, int alg, ob_span key, const ob_span *parts, size_t count, uint8_t *out)
{
    (void)ctx;
    const char *known = hash_name(alg);
    if (known == NULL) {
        return false;
    }
    char name[sizeof "SHA256"]; /* libcrypto wants one that it could write to */
    memcpy(name, known, sizeof name);
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *state = mac == NULL ? NULL : EVP_MAC_CTX_new(mac);
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                           OSSL_PARAM_construct_end()};
    /* An empty key is one, and NULL would mean that none is given. */
    const uint8_t *bytes = key.len > 0 ? (const uint8_t *)key.ptr : (const uint8_t *)"";
    bool ok = state != NULL && EVP_MAC_init(state, bytes, key.len, params) == 1;
    for (size_t i = 0; ok && i < count; i++) {
        ok = parts[i].len == 0 ||
             EVP_MAC_update(state, (const uint8_t *)parts[i].ptr, parts[i].len) == 1;
    }
    size_t len = 0;
    ok = ok && EVP_MAC_final(state, out, &len, OB_LINK_HASH_MAX) == 1;
    EVP_MAC_CTX_free(state);
    EVP_MAC_free(mac);
    return ok;
}

static const EVP_CIPHER *cipher_of(int aead, bool *ccm)
{
    *ccm = aead >= OB_AES_CCM_16_64_128 && aead != OB_CHACHA20_POLY1305;
    ob_link_aead sizes;
    if (!ob_link_aead_of(aead, &sizes)) {
        return NULL;
    }
    if (aead == OB_CHACHA20_POLY1305) {
        return EVP_chacha20_poly1305();
    }
    if (*ccm) {
        return sizes.key == 16 ? EVP_aes_128_ccm() : EVP_aes_256_ccm();
    }
    return sizes.key == 16   ? EVP_aes_128_gcm()
           : sizes.key == 24 ? EVP_aes_192_gcm()
                             : EVP_aes_256_gcm();
}

/* Sets up a cipher with its key and nonce; CCM wants the tag (or its size) and the length first. */
static bool start(EVP_CIPHER_CTX *cipher, int aead, bool sealing, const uint8_t *key,
                  const uint8_t *nonce, uint8_t *tag, size_t len)
{
    bool ccm = false;
    const EVP_CIPHER *kind = cipher_of(aead, &ccm);
    ob_link_aead sizes = {0};
    int done = 0;
    if (kind == NULL || !ob_link_aead_of(aead, &sizes)) {
        return false;
    }
    return EVP_CipherInit_ex(cipher, kind, NULL, NULL, NULL, sealing) == 1 &&
           EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_IVLEN, sizes.nonce, NULL) == 1 &&
           ((!ccm && sealing) || EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, sizes.tag,
                                                     sealing ? NULL : tag) == 1) &&
           EVP_CipherInit_ex(cipher, NULL, NULL, key, nonce, sealing) == 1 &&
           (!ccm || EVP_CipherUpdate(cipher, NULL, &done, NULL, (int)len) == 1);
}

static bool work(int aead, bool sealing, const uint8_t *key, const uint8_t *nonce, ob_span aad,
                 uint8_t *bytes, size_t len)
{
    ob_link_aead sizes = {0};
    bool ccm = false;
    int done = 0;
    if (len > INT32_MAX - 64 || aad.len > INT32_MAX || !ob_link_aead_of(aead, &sizes) ||
        cipher_of(aead, &ccm) == NULL) {
        return false;
    }
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    bool ok = cipher != NULL && start(cipher, aead, sealing, key, nonce, bytes + len, len) &&
              (aad.len == 0 || EVP_CipherUpdate(cipher, NULL, &done, (const uint8_t *)aad.ptr,
                                                (int)aad.len) == 1) &&
              EVP_CipherUpdate(cipher, bytes, &done, bytes, (int)len) >= (len > 0 || ccm ? 1 : 0) &&
              /* CCM has checked its tag with the only update. */
              ((ccm && !sealing) || EVP_CipherFinal_ex(cipher, bytes + len, &done) == 1) &&
              (!sealing ||
               EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, sizes.tag, bytes + len) == 1);
    EVP_CIPHER_CTX_free(cipher);
    return ok;
}

static bool seal(void *ctx, int aead, const uint8_t *key, const uint8_t *nonce, ob_span aad,
                 uint8_t *bytes, size_t len)
{
    (void)ctx;
    return work(aead, true, key, nonce, aad, bytes, len);
}

static bool open(void *ctx, int aead, const uint8_t *key, const uint8_t *nonce, ob_span aad,
                 uint8_t *bytes, size_t len)
{
    (void)ctx;
    return work(aead, false, key, nonce, aad, bytes, len);
}

const ob_link_crypto *ob_link_libcrypto(void)
{
    static const ob_link_crypto table = {.hash = hash,
                                         .hmac = hmac,
                                         .seal = seal,
                                         .open = open,
                                         .public_key = obi_libcrypto_public_key,
                                         .agree = obi_libcrypto_agree,
                                         .sign = obi_libcrypto_sign,
                                         .verify = obi_libcrypto_verify};
    return &table;
}
