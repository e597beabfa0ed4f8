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

static const uint32_t obi_reader_gaps[128] = {
    [' '] = OBI_GAP_BLANK,       ['\t'] = OBI_GAP_BLANK, ['\r'] = OBI_GAP_BLANK,
    ['\n'] = OBI_GAP_LINE,       ['.'] = OBI_GAP_DOT,    ['!'] = OBI_GAP_DOT,
    ['?'] = OBI_GAP_DOT,         [':'] = OBI_GAP_COLON,  [','] = OBI_GAP_COMMA,
    [';'] = OBI_GAP_COMMA,       ['<'] = OBI_GAP_ANGLE,  ['>'] = OBI_GAP_CLOSE,
    [']'] = OBI_GAP_CLOSE,       ['}'] = OBI_GAP_CLOSE,  [')'] = OBI_GAP_CLOSE,
    ['['] = OBI_GAP_SQUARE,      ['{'] = OBI_GAP_CURLY,  ['('] = OBI_GAP_ROUND,
    ['|'] = OBI_GAP_PIPE,        ['#'] = OBI_GAP_HASH,   ['*'] = OBI_GAP_STAR,
    ['/'] = OBI_GAP_SLASH,       ['\\'] = OBI_GAP_BACK,  ['-'] = OBI_GAP_DASH,
    ['_'] = OBI_GAP_UNDER,       ['"'] = OBI_GAP_QUOTE,  ['`'] = OBI_GAP_QUOTE,
    ['\''] = OBI_GAP_APOSTROPHE, ['='] = OBI_GAP_EQUALS, ['%'] = OBI_GAP_PERCENT,
    ['&'] = OBI_GAP_AND,         ['@'] = OBI_GAP_AT,     ['$'] = OBI_GAP_AT,
    ['~'] = OBI_GAP_OTHER,       ['^'] = OBI_GAP_OTHER,  ['+'] = OBI_GAP_OTHER,
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
        bool opens = !reader->quoted && (gap & ~(uint32_t)OBI_GAP_DOT) != 0;
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
/* The letters and digits at from, of which 16 bytes can be read: how many there are, 16 if they
 * may go on; *capitals: bit i is set where byte i is a capital, and *digits so. *goes_on: another
 * script is next. Writes them folded. */
static inline size_t obi_fold16(const unsigned char *from, char *folded, unsigned *capitals,
                                unsigned *digits, bool *goes_on)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)from);
    __m128i small = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    /* One comparison for a range: moved to where the signed numbers begin. */
    __m128i letter = _mm_cmplt_epi8(_mm_add_epi8(small, _mm_set1_epi8((char)(128 - 'a'))),
                                    _mm_set1_epi8(-128 + 26));
    __m128i digit = _mm_cmplt_epi8(_mm_add_epi8(bytes, _mm_set1_epi8((char)(128 - '0'))),
                                   _mm_set1_epi8(-128 + 10));
    __m128i high = _mm_cmplt_epi8(bytes, _mm_setzero_si128());
    unsigned letters = (unsigned)_mm_movemask_epi8(letter);
    *digits = (unsigned)_mm_movemask_epi8(digit);
    *capitals = letters & ~(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, small));
    _mm_storeu_si128((__m128i *)(void *)folded,
                     _mm_or_si128(bytes, _mm_and_si128(letter, _mm_set1_epi8(0x20))));
    unsigned word = letters | *digits;
    size_t len = (size_t)__builtin_ctz(~word | 0x10000U);
    *goes_on = ((unsigned)_mm_movemask_epi8(high) >> len & 1) != 0;
    return len;
}
#endif

#endif
