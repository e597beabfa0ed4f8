/* SPDX-License-Identifier: Apache-2.0 */
/* The key of a certificate. */
#include "link/cbor.h"

#include <ombud/link.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

/* x and y of a Weierstrass key, or the raw bytes of another one. */
static bool read_key(EVP_PKEY *key, uint8_t *out, size_t *coord, bool *has_y)
{
    uint8_t point[1 + OB_LINK_PUBLIC_MAX];
    size_t len = (size_t)OB_LINK_PUBLIC_MAX;
    *has_y = EVP_PKEY_get_base_id(key) == EVP_PKEY_EC;
    if (!*has_y) {
        bool ok = EVP_PKEY_get_raw_public_key(key, out, &len) == 1;
        *coord = len;
        return ok;
    }
    if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &len) !=
            1 ||
        len < 3 || point[0] != 4) {
        return false;
    }
    *coord = (len - 1) / 2;
    memcpy(out, point + 1, len - 1);
    return true;
}

bool ob_edhoc_x509(ob_edhoc_cred *made, ob_span cred, uint8_t key[OB_LINK_PUBLIC_MAX], ob_err *err)
{
    obi_cbor_reader r = {.text = cred};
    ob_span der;
    size_t coord = 0;
    bool has_y = false;
    if (!obi_cbor_bytes(&r, &der) || !obi_cbor_done(&r) || der.len > INT32_MAX) {
        return ob_fail(err, OB_ERR_INPUT, "a credential that is no byte string");
    }
    const uint8_t *at = (const uint8_t *)der.ptr;
    X509 *read = d2i_X509(NULL, &at, (long)der.len);
    bool ok = read != NULL && at == (const uint8_t *)der.ptr + der.len &&
              X509_get0_pubkey(read) != NULL &&
              read_key(X509_get0_pubkey(read), key, &coord, &has_y);
    X509_free(read);
    if (!ok) {
        return ob_fail(err, OB_ERR_INPUT,
                       "a credential that is no certificate with a key of a "
                       "known curve");
    }
    *made = (ob_edhoc_cred){.cred = cred,
                            .x = {(const char *)key, coord},
                            .y = {(const char *)key + coord, has_y ? coord : 0}};
    return true;
}
