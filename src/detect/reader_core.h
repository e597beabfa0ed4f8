/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the reader that the short way through plain text (gather_run.c) has, too. */
#ifndef OB_DETECT_READER_CORE_H
#define OB_DETECT_READER_CORE_H

#include "detect/reader.h"

#include <string.h>

#ifdef __SSE2__
#    include <emmintrin.h>
#endif

/* What a byte is: the low bits for words, GAP with the sign below. */
enum {
    OBI_IS_SMALL = 1,
    OBI_IS_CAPITAL = 2,
    OBI_IS_DIGIT = 4,
    OBI_IS_HIGH = 8,
    OBI_IS_WORD = OBI_IS_SMALL | OBI_IS_CAPITAL | OBI_IS_DIGIT
};

#define OBI_R4(x)  (x), (x), (x), (x)
#define OBI_R8(x)  OBI_R4(x), OBI_R4(x)
#define OBI_R32(x) OBI_R8(x), OBI_R8(x), OBI_R8(x), OBI_R8(x)

static const uint8_t obi_reader_kinds[256] = {
    ['0'] = OBI_R8(OBI_IS_DIGIT),   ['8'] = OBI_IS_DIGIT,           ['9'] = OBI_IS_DIGIT,
    ['A'] = OBI_R8(OBI_IS_CAPITAL), ['I'] = OBI_R8(OBI_IS_CAPITAL), ['Q'] = OBI_R8(OBI_IS_CAPITAL),
    ['Y'] = OBI_IS_CAPITAL,         ['Z'] = OBI_IS_CAPITAL,         ['a'] = OBI_R8(OBI_IS_SMALL),
    ['i'] = OBI_R8(OBI_IS_SMALL),   ['q'] = OBI_R8(OBI_IS_SMALL),   ['y'] = OBI_IS_SMALL,
    ['z'] = OBI_IS_SMALL,           [128] = OBI_R32(OBI_IS_HIGH),   [160] = OBI_R32(OBI_IS_HIGH),
    [192] = OBI_R32(OBI_IS_HIGH),   [224] = OBI_R32(OBI_IS_HIGH),
};

#define OBI_BAD4 OBI_R4(OBI_GAP_BAD)

/* An escape (0x1b) begins the colours of a terminal, which are in honest logs. */
static const uint32_t obi_reader_gaps[128] = {
    [0] = OBI_BAD4,         [4] = OBI_BAD4,
    [8] = OBI_GAP_BAD,      [14] = OBI_GAP_BAD,
    [15] = OBI_GAP_BAD,     [16] = OBI_BAD4,
    [20] = OBI_BAD4,        [24] = OBI_GAP_BAD,
    [25] = OBI_GAP_BAD,     [26] = OBI_GAP_BAD,
    [28] = OBI_BAD4,        [127] = OBI_GAP_BAD,
    [' '] = OBI_GAP_BLANK,  ['\t'] = OBI_GAP_BLANK,
    ['\r'] = OBI_GAP_BLANK, ['\n'] = OBI_GAP_LINE,
    ['.'] = OBI_GAP_DOT,    ['!'] = OBI_GAP_DOT,
    ['?'] = OBI_GAP_DOT,    [':'] = OBI_GAP_COLON,
    [','] = OBI_GAP_COMMA,  [';'] = OBI_GAP_COMMA,
    ['<'] = OBI_GAP_ANGLE,  ['>'] = OBI_GAP_CLOSE,
    [']'] = OBI_GAP_CLOSE,  ['}'] = OBI_GAP_CLOSE,
    [')'] = OBI_GAP_CLOSE,  ['['] = OBI_GAP_SQUARE,
    ['{'] = OBI_GAP_CURLY,  ['('] = OBI_GAP_ROUND,
    ['|'] = OBI_GAP_PIPE,   ['#'] = OBI_GAP_HASH,
    ['*'] = OBI_GAP_STAR,   ['/'] = OBI_GAP_SLASH,
    ['\\'] = OBI_GAP_BACK,  ['-'] = OBI_GAP_DASH,
    ['_'] = OBI_GAP_UNDER,  ['"'] = OBI_GAP_QUOTE,
    ['`'] = OBI_GAP_QUOTE,  ['\''] = OBI_GAP_APOSTROPHE,
    ['='] = OBI_GAP_EQUALS, ['%'] = OBI_GAP_PERCENT,
    ['&'] = OBI_GAP_AND,    ['@'] = OBI_GAP_AT,
    ['$'] = OBI_GAP_AT,     ['~'] = OBI_GAP_OTHER,
    ['^'] = OBI_GAP_OTHER,  ['+'] = OBI_GAP_OTHER,
};

/* A quote that nobody closed ends by itself. */
#define OBI_QUOTED_MAX 60

static inline uint64_t obi_reader_load(const char *bytes)
{
    uint64_t value = 0;
    memcpy(&value, bytes, sizeof value);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    return value;
}

static inline uint32_t obi_hash_end(uint64_t h)
{
    h ^= h >> 29;
    h *= UINT64_C(0xbf58476d1ce4e5b9);
    return (uint32_t)(h >> 32);
}

/* Of up to eight bytes, which stand in a number, lowest first. */
static inline uint32_t obi_hash_short(uint64_t bytes, size_t len)
{
    uint64_t h = UINT64_C(0x9e3779b97f4a7c15) * (len + 1);
    return obi_hash_end((h ^ bytes) * UINT64_C(0x94d049bb133111eb));
}

/* bytes: readable up to a multiple of eight; what is there beyond len does not count. */
static inline uint32_t obi_hash_padded(const char *bytes, size_t len)
{
    uint64_t h = UINT64_C(0x9e3779b97f4a7c15) * (len + 1);
    for (; len > 8; len -= 8, bytes += 8) {
        h = (h ^ obi_reader_load(bytes)) * UINT64_C(0x94d049bb133111eb);
        h ^= h >> 32;
    }
    uint64_t rest = len == 0 ? 0 : obi_reader_load(bytes) << (64 - 8 * len) >> (64 - 8 * len);
    return obi_hash_end((h ^ rest) * UINT64_C(0x94d049bb133111eb));
}

/* The same of up to 15 bytes, which stand in two numbers with zeros behind them. */
static inline uint32_t obi_hash_halves(const uint64_t halves[2], size_t len)
{
    uint64_t h = UINT64_C(0x9e3779b97f4a7c15) * (len + 1);
    uint64_t more = (h ^ halves[0]) * UINT64_C(0x94d049bb133111eb);
    more ^= more >> 32;
    h = len > 8 ? more ^ halves[1] : h ^ halves[0];
    return obi_hash_end(h * UINT64_C(0x94d049bb133111eb));
}

/* The first 16 bytes of a word in two numbers, zeros behind them, without a branch on how long it
 * is. */
static inline void obi_halves_of(const char *folded, size_t len, uint64_t halves[2])
{
    static const uint8_t masks[32] = {255, 255, 255, 255, 255, 255, 255, 255,
                                      255, 255, 255, 255, 255, 255, 255, 255};
    uint64_t mask[2];
    memcpy(halves, folded, 2 * sizeof halves[0]);
    memcpy(mask, masks + 16 - (len < 16 ? len : 16), sizeof mask);
    halves[0] &= mask[0];
    halves[1] &= mask[1];
}

/* The flags of a word, with what is kept of quotes. */
static inline uint32_t obi_quote_flag(obi_reader *reader)
{
    if (!reader->quoted) {
        return 0;
    }
    if (++reader->quoted_words > OBI_QUOTED_MAX) {
        reader->quoted = false;
        return 0;
    }
    return OBI_TOKEN_QUOTED;
}

/* A sign of ASCII between words. */
static inline void obi_take_gap(obi_reader *reader, unsigned char c)
{
    uint32_t sign = obi_reader_gaps[c];
    uint32_t gap = reader->gap;
    if ((sign & (OBI_GAP_BLANK | OBI_GAP_LINE)) != 0) {
        gap |= (gap & OBI_GAP_DOT) != 0 ? OBI_GAP_STOP : 0U;
        gap |= (gap & sign & OBI_GAP_BLANK) != 0 ? OBI_GAP_WIDE : 0U;
        if ((gap & sign & OBI_GAP_LINE) != 0) {
            gap |= OBI_GAP_PARAGRAPH;
            reader->quoted = false;
        }
    } else if (c == '"') {
        bool opens = !reader->quoted && (gap & ~(uint32_t)(OBI_GAP_DOT | OBI_GAP_BAD)) != 0;
        reader->quoted = opens;
        reader->quoted_words = 0;
    } else if (c == '?') {
        gap |= OBI_GAP_QUESTION;
    }
    reader->gap = gap | sign;
}

/* Whether a Han character of the main block begins there. */
static inline bool obi_is_han_at(const unsigned char *at, size_t left)
{
    return left >= 3 && at[0] >= 0xe4 && at[0] <= 0xe9 && (at[1] & 0xc0) == 0x80 &&
           (at[2] & 0xc0) == 0x80;
}
#ifdef __SSE2__
/* Which bytes are one of count from first on. One comparison does for a range that is moved to
 * where the signed numbers begin. */
static inline __m128i obi_in_range(__m128i bytes, char first, char count)
{
    return _mm_cmplt_epi8(_mm_add_epi8(bytes, _mm_set1_epi8((char)(128 - first))),
                          _mm_set1_epi8((char)(count - 128)));
}

/* The highest bit of each byte. */
static inline uint64_t obi_bits_of(__m128i bytes)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(bytes);
}

/* Writes 16 bytes with small letters for capitals. */
static inline void obi_fold16(const unsigned char *from, char *folded)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)from);
    __m128i capital = obi_in_range(bytes, 'A', 26);
    _mm_storeu_si128((__m128i *)(void *)folded,
                     _mm_or_si128(bytes, _mm_and_si128(capital, _mm_set1_epi8(0x20))));
}
#endif

#endif
