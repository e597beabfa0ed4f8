/* SPDX-License-Identifier: Apache-2.0 */
/* The table over OpenSSL's libcrypto: hashes, HMAC and AEAD; keys are in libcrypto_keys.c. */
#include "link/libcrypto.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

/* Where a hash stands in obi_libcrypto_parts. */
static bool place_of(int alg, size_t *place)
{
    *place = alg == OB_SHA_256 ? 0 : alg == OB_SHA_384 ? 1 : 2;
    return ob_link_hash_of(alg) > 0;
}

static bool hash(void *ctx, int alg, const ob_span *parts, size_t count, uint8_t *out)
{
    (void)ctx;
    size_t place = 0;
    const obi_libcrypto_parts *made = place_of(alg, &place) ? obi_libcrypto_get() : NULL;
    EVP_MD_CTX *digest = made == NULL || made->hashes[place] == NULL ? NULL : EVP_MD_CTX_new();
    bool ok = digest != NULL && EVP_DigestInit_ex2(digest, made->hashes[place], NULL) == 1;
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
    size_t place = 0;
    const obi_libcrypto_parts *made = place_of(alg, &place) ? obi_libcrypto_get() : NULL;
    EVP_MAC_CTX *state =
        made == NULL || made->macs[place] == NULL ? NULL : EVP_MAC_CTX_dup(made->macs[place]);
    /* An empty key is one, and NULL would mean that none is given. */
    const uint8_t *bytes = key.len > 0 ? (const uint8_t *)key.ptr : (const uint8_t *)"";
    bool ok = state != NULL && EVP_MAC_init(state, bytes, key.len, NULL) == 1;
    for (size_t i = 0; ok && i < count; i++) {
        ok = parts[i].len == 0 ||
             EVP_MAC_update(state, (const uint8_t *)parts[i].ptr, parts[i].len) == 1;
    }
    size_t len = 0;
    ok = ok && EVP_MAC_final(state, out, &len, OB_LINK_HASH_MAX) == 1;
    EVP_MAC_CTX_free(state);
    return ok;
}

const EVP_CIPHER *obi_libcrypto_cipher(const obi_libcrypto_message *m)
{
    const obi_libcrypto_parts *made = obi_libcrypto_get();
    bool ccm = m->aead >= OB_AES_CCM_16_64_128;
    if (made == NULL) {
        return NULL;
    }
    if (m->aead == OB_CHACHA20_POLY1305) {
        return made->aeads[5];
    }
    return ccm ? made->aeads[m->sizes.key == 16 ? 0 : 1] : made->aeads[2 + (m->sizes.key - 16) / 8];
}

/*
 * A cipher before a message: with its key, where it has none yet (kind says which), and the nonce.
 * CCM wants the tag (or its size) and the length first.
 */
static bool start(EVP_CIPHER_CTX *cipher, const EVP_CIPHER *kind, const obi_libcrypto_message *m,
                  bool ccm, const uint8_t *key, const uint8_t *nonce, uint8_t *bytes, size_t len)
{
    size_t nonce_size = m->sizes.nonce;
    int done = 0;
    OSSL_PARAM sizes[3] = {
        OSSL_PARAM_construct_size_t(OSSL_CIPHER_PARAM_IVLEN, &nonce_size),
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, NULL, m->sizes.tag),
        OSSL_PARAM_construct_end()};
    OSSL_PARAM tag[2] = {
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, bytes + len, m->sizes.tag),
        OSSL_PARAM_construct_end()};
    if (!ccm) {
        sizes[1] = OSSL_PARAM_construct_end();
    }
    if (kind != NULL && EVP_CipherInit_ex2(cipher, kind, NULL, NULL, m->sealing, sizes) != 1) {
        return false;
    }
    return EVP_CipherInit_ex2(cipher, NULL, kind == NULL ? NULL : key, nonce, m->sealing,
                              m->sealing ? NULL : tag) == 1 &&
           (!ccm || EVP_CipherUpdate(cipher, NULL, &done, NULL, (int)len) == 1);
}

bool obi_libcrypto_run(EVP_CIPHER_CTX *cipher, const EVP_CIPHER *kind,
                       const obi_libcrypto_message *m, const uint8_t *key, const uint8_t *nonce,
                       ob_span aad, uint8_t *bytes, size_t len)
{
    bool ccm = m->aead >= OB_AES_CCM_16_64_128 && m->aead != OB_CHACHA20_POLY1305;
    int done = 0;
    OSSL_PARAM tag[] = {
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, bytes + len, m->sizes.tag),
        OSSL_PARAM_construct_end()};
    return start(cipher, kind, m, ccm, key, nonce, bytes, len) &&
           (aad.len == 0 ||
            EVP_CipherUpdate(cipher, NULL, &done, (const uint8_t *)aad.ptr, (int)aad.len) == 1) &&
           EVP_CipherUpdate(cipher, bytes, &done, bytes, (int)len) >= (len > 0 || ccm ? 1 : 0) &&
           /* CCM has checked its tag with the only update. */
           ((ccm && !m->sealing) || EVP_CipherFinal_ex(cipher, bytes + len, &done) == 1) &&
           (!m->sealing || EVP_CIPHER_CTX_get_params(cipher, tag) == 1);
}

bool obi_libcrypto_message_of(obi_libcrypto_message *m, int aead, bool sealing, ob_span aad,
                              size_t len)
{
    *m = (obi_libcrypto_message){.aead = aead, .sealing = sealing};
    return len <= INT32_MAX - 64 && aad.len <= INT32_MAX && ob_link_aead_of(aead, &m->sizes);
}

static bool work(int aead, bool sealing, const uint8_t *key, const uint8_t *nonce, ob_span aad,
                 uint8_t *bytes, size_t len)
{
    obi_libcrypto_message m;
    if (!obi_libcrypto_message_of(&m, aead, sealing, aad, len)) {
        return false;
    }
    const EVP_CIPHER *kind = obi_libcrypto_cipher(&m);
    EVP_CIPHER_CTX *cipher = kind == NULL ? NULL : EVP_CIPHER_CTX_new();
    bool ok = cipher != NULL && obi_libcrypto_run(cipher, kind, &m, key, nonce, aad, bytes, len);
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
