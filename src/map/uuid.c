/* SPDX-License-Identifier: Apache-2.0 */
/* UUIDs version 5 (RFC 9562, 5.5): from a name, so that the same content has the same one. */
#include "map/exchange.h"

#include <openssl/evp.h>

/* Our name space: the version 5 UUID of "ombud.map" in the name space of domain names. */
static const unsigned char space[16] = {0xd5, 0x4e, 0xe5, 0x94, 0x45, 0x24, 0x59, 0x8d,
                                        0x9f, 0x8f, 0x44, 0x61, 0xca, 0x56, 0x64, 0xf6};

bool ob_uuid(char out[OB_UUID_MAX], const char *kind, const ob_span *parts, size_t count,
             ob_err *err)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context != NULL && EVP_DigestInit_ex(context, EVP_sha1(), NULL) == 1 &&
                EVP_DigestUpdate(context, space, sizeof space) == 1 &&
                EVP_DigestUpdate(context, kind, strlen(kind)) == 1;
    for (size_t i = 0; good && i < count; i++) {
        /* A line feed stands in no part, so parts cannot run into each other. */
        good =
            EVP_DigestUpdate(context, "\n", 1) == 1 &&
            EVP_DigestUpdate(context, parts[i].ptr == NULL ? "" : parts[i].ptr, parts[i].len) == 1;
    }
    good = good && EVP_DigestFinal_ex(context, hash, NULL) == 1;
    EVP_MD_CTX_free(context);
    if (!good) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for a hash");
    }
    hash[6] = (unsigned char)((hash[6] & 0x0f) | 0x50);
    hash[8] = (unsigned char)((hash[8] & 0x3f) | 0x80);
    (void)snprintf(out, OB_UUID_MAX,
                   "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", hash[0],
                   hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7], hash[8], hash[9],
                   hash[10], hash[11], hash[12], hash[13], hash[14], hash[15]);
    return true;
}
