/* SPDX-License-Identifier: Apache-2.0 */
#include "link/hkdf.h"

#include <ombud/mem.h>

bool obi_hkdf_extract(const ob_link_crypto *crypto, int hash, ob_span salt, ob_span secret,
                      uint8_t *prk)
{
    static const char zeros[OB_LINK_HASH_MAX];
    ob_span key = salt.len > 0 ? salt : (ob_span){zeros, ob_link_hash_of(hash)};
    return crypto->hmac(crypto->ctx, hash, key, &secret, 1, prk);
}

bool obi_hkdf_expand(const ob_link_crypto *crypto, int hash, const uint8_t *prk,
                     const ob_span *info, size_t count, uint8_t *out, size_t len)
{
    size_t size = ob_link_hash_of(hash);
    ob_span parts[OBI_HKDF_INFO_MAX + 2];
    uint8_t block[OB_LINK_HASH_MAX];
    if (size == 0 || count > OBI_HKDF_INFO_MAX || len > 255 * size) {
        return false;
    }
    bool ok = true;
    uint8_t number = 0;
    for (size_t done = 0; ok && done < len; done += size) {
        number++;
        parts[0] = (ob_span){(const char *)block, done == 0 ? 0 : size};
        memcpy(parts + 1, info, count * sizeof *info);
        parts[count + 1] = (ob_span){(const char *)&number, 1};
        ok = crypto->hmac(crypto->ctx, hash, (ob_span){(const char *)prk, size}, parts, count + 2,
                          block);
        if (ok) {
            memcpy(out + done, block, len - done < size ? len - done : size);
        }
    }
    ob_wipe(block, sizeof block);
    return ok;
}

bool obi_same_secret(const void *a, const void *b, size_t len)
{
    const volatile uint8_t *x = a;
    const volatile uint8_t *y = b;
    unsigned differs = 0;
    for (size_t i = 0; i < len; i++) {
        differs |= (unsigned)x[i] ^ (unsigned)y[i];
    }
    return differs == 0;
}
