/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of Bitcoin and Ethereum. */
#include "detect/valid_core.h"

/* The functions of SHA-256 that need no heap are marked as old; the new ones allocate. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

static bool sha256(const uint8_t *bytes, size_t len, uint8_t out[SHA256_DIGEST_LENGTH])
{
    SHA256_CTX state;
    return SHA256_Init(&state) == 1 && SHA256_Update(&state, bytes, len) == 1 &&
           SHA256_Final(out, &state) == 1;
}

/* 25 bytes from base 58; false if the text stands for more or fewer, or has other signs. */
static bool base58(ob_span text, uint8_t out[25])
{
    static const char signs[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    size_t zeros = 0;
    bool front = true;
    (void)memset(out, 0, 25);
    for (size_t i = 0; i < text.len; i++) {
        const char *place = memchr(signs, text.ptr[i], sizeof signs - 1);
        if (place == NULL) {
            return false;
        }
        front = front && text.ptr[i] == '1';
        zeros += front ? 1 : 0;
        unsigned carry = (unsigned)(place - signs);
        for (size_t j = 25; j-- > 0;) {
            carry += 58U * out[j];
            out[j] = (uint8_t)carry;
            carry >>= 8;
        }
        if (carry != 0) {
            return false;
        }
    }
    size_t empty = 0;
    while (empty < 25 && out[empty] == 0) {
        empty++;
    }
    return empty == zeros; /* each leading 1 is a zero byte, and no other one is there */
}

static bool base58check(ob_span text)
{
    uint8_t bytes[25];
    uint8_t digest[SHA256_DIGEST_LENGTH];
    return base58(text, bytes) && (bytes[0] == 0 || bytes[0] == 5) && sha256(bytes, 21, digest) &&
           sha256(digest, sizeof digest, digest) && memcmp(digest, bytes + 21, 4) == 0;
}

static uint32_t polymod(uint32_t state, unsigned value)
{
    static const uint32_t generators[5] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                           0x2a1462b3};
    uint32_t top = state >> 25;
    state = (state & 0x1ffffff) << 5 ^ value;
    for (size_t i = 0; i < 5; i++) {
        state ^= (top >> i & 1) != 0 ? generators[i] : 0;
    }
    return state;
}

/* BIP 173 and 350 for the prefix bc, in one case throughout: version, 5 bits a sign, checksum. */
static bool segwit(ob_span text)
{
    static const char signs[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    bool upper = text.ptr[0] == 'B';
    uint32_t state = 1;
    unsigned version = 0;
    const unsigned front[5] = {3, 3, 0, 'b' & 31, 'c' & 31};
    for (size_t i = 0; i < OB_COUNT(front); i++) {
        state = polymod(state, front[i]);
    }
    for (size_t i = 3; i < text.len; i++) {
        char c = text.ptr[i];
        if (obi_is(c, upper ? OBI_LOWER : OBI_UPPER)) {
            return false;
        }
        char lower = obi_is(c, OBI_UPPER) ? (char)(c + 32) : c;
        const char *place = memchr(signs, lower, sizeof signs - 1);
        if (place == NULL) {
            return false;
        }
        unsigned value = (unsigned)(place - signs);
        version = i == 3 ? value : version;
        state = polymod(state, value);
    }
    size_t bits = (text.len - 10) * 5; /* without prefix, version and checksum */
    size_t bytes = bits / 8;
    bool program = bits % 8 < 5 && bytes >= 2 && bytes <= 40 && version <= 16;
    return program &&
           (version == 0 ? state == 1 && (bytes == 20 || bytes == 32) : state == 0x2bc830a3);
}

ob_valid obi_valid_btc(ob_span value)
{
    if (ob_span_has_prefix(value, OB_SPAN("bc1")) || ob_span_has_prefix(value, OB_SPAN("BC1"))) {
        return obi_yes_if(segwit(value));
    }
    if ((value.ptr[0] != '1' && value.ptr[0] != '3') || value.len > 35) {
        return OB_VALID_NO;
    }
    return obi_yes_if(base58check(value));
}

static uint64_t rotate(uint64_t value, unsigned by)
{
    return by == 0 ? value : value << by | value >> (64 - by);
}

/* The permutation Keccak-f[1600] (FIPS 202, 3.3). Lane x + 5 y; the constants of iota come from the
 * register of 3.2.5, the turns of rho and the places of pi from walking 24 steps. */
static void keccak(uint64_t lanes[25])
{
    unsigned lfsr = 1;
    for (size_t round = 0; round < 24; round++) {
        uint64_t columns[5];
        for (size_t x = 0; x < 5; x++) {
            columns[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20];
        }
        for (size_t i = 0; i < 25; i++) {
            lanes[i] ^= columns[(i + 4) % 5] ^ rotate(columns[(i + 1) % 5], 1);
        }
        uint64_t moved = lanes[1];
        for (size_t step = 0, x = 1, y = 0; step < 24; step++) {
            size_t to = (2 * x + 3 * y) % 5;
            x = y;
            y = to;
            uint64_t next = lanes[x + 5 * y];
            lanes[x + 5 * y] = rotate(moved, (unsigned)((step + 1) * (step + 2) / 2 % 64));
            moved = next;
        }
        for (size_t y = 0; y < 25; y += 5) {
            uint64_t row[5];
            (void)memcpy(row, lanes + y, sizeof row);
            for (size_t x = 0; x < 5; x++) {
                lanes[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
            }
        }
        for (unsigned bit = 0; bit < 7; bit++) {
            lanes[0] ^= (uint64_t)(lfsr & 1) << ((1U << bit) - 1);
            lfsr = lfsr << 1 ^ ((lfsr & 0x80) != 0 ? 0x171 : 0);
        }
    }
}

/* Keccak-256 as Ethereum uses it (the padding before FIPS 202) of at most 135 bytes, as nibbles. */
static void keccak256(ob_span text, uint8_t nibbles[64])
{
    uint64_t lanes[25] = {0};
    for (size_t i = 0; i < text.len; i++) {
        lanes[i / 8] ^= (uint64_t)(unsigned char)text.ptr[i] << (i % 8 * 8);
    }
    lanes[text.len / 8] ^= (uint64_t)1 << (text.len % 8 * 8);
    lanes[16] ^= (uint64_t)0x80 << 56;
    keccak(lanes);
    for (size_t i = 0; i < 32; i++) {
        unsigned byte = (unsigned)(lanes[i / 8] >> (i % 8 * 8) & 0xff);
        nibbles[2 * i] = (uint8_t)(byte >> 4);
        nibbles[2 * i + 1] = byte & 15;
    }
}

/* EIP-55: a letter is upper case where the digest of the lower-case form has 8 or more. Written in
 * one case there is no check. */
ob_valid obi_valid_eth(ob_span value)
{
    ob_span hex = ob_span_sub(value, 2, value.len);
    char lower[40];
    uint8_t nibbles[64];
    unsigned cases = 0;
    bool holds = true;
    if (!ob_span_has_prefix(value, OB_SPAN("0x")) || !obi_all(hex, OBI_HEX) || obi_uniform(hex)) {
        return OB_VALID_NO;
    }
    for (size_t i = 0; i < sizeof lower; i++) {
        bool upper = obi_is(hex.ptr[i], OBI_UPPER);
        cases |= upper ? 1 : obi_is(hex.ptr[i], OBI_LOWER) ? 2 : 0;
        lower[i] = upper ? (char)(hex.ptr[i] + 32) : hex.ptr[i];
    }
    if (cases != 3) {
        return OB_VALID_MAYBE;
    }
    keccak256((ob_span){lower, sizeof lower}, nibbles);
    for (size_t i = 0; i < sizeof lower; i++) {
        bool upper = obi_is(hex.ptr[i], OBI_UPPER);
        holds = holds && (!obi_is(hex.ptr[i], OBI_LETTER) || upper == (nibbles[i] >= 8));
    }
    return obi_yes_if(holds);
}
