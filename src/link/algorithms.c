/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes of the algorithms, RFC 9053. */
#include <ombud/link.h>

bool ob_link_aead_of(int alg, ob_link_aead *sizes)
{
    static const struct {
        int alg;
        ob_link_aead sizes;
    } rows[] = {
        {OB_AES_GCM_128, {16, 12, 16}},        {OB_AES_GCM_192, {24, 12, 16}},
        {OB_AES_GCM_256, {32, 12, 16}},        {OB_AES_CCM_16_64_128, {16, 13, 8}},
        {OB_AES_CCM_16_64_256, {32, 13, 8}},   {OB_AES_CCM_64_64_128, {16, 7, 8}},
        {OB_AES_CCM_64_64_256, {32, 7, 8}},    {OB_CHACHA20_POLY1305, {32, 12, 16}},
        {OB_AES_CCM_16_128_128, {16, 13, 16}}, {OB_AES_CCM_16_128_256, {32, 13, 16}},
        {OB_AES_CCM_64_128_128, {16, 7, 16}},  {OB_AES_CCM_64_128_256, {32, 7, 16}},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        if (rows[i].alg == alg) {
            *sizes = rows[i].sizes;
            return true;
        }
    }
    return false;
}

size_t ob_link_hash_of(int alg)
{
    return alg == OB_SHA_256 ? 32 : alg == OB_SHA_384 ? 48 : alg == OB_SHA_512 ? 64 : 0;
}

size_t ob_link_coord_of(int curve)
{
    switch (curve) {
    case OB_P256:
    case OB_X25519:
    case OB_ED25519:
        return 32;
    case OB_P384:
        return 48;
    case OB_P521:
        return 66;
    case OB_ED448:
        return 57;
    default:
        return 0;
    }
}
