/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What 64 bytes are, a bit for each, the first byte in the lowest bit. Two ways that say the same:
 * by the vectors that every x86-64 has, and by arithmetic on words of eight bytes.
 */
#ifndef OB_DETECT_LEXER_MASKS_H
#define OB_DETECT_LEXER_MASKS_H

#include <endian.h>
#include <ombud/span.h>

#if defined(__SSE2__)
#    include <emmintrin.h>
#endif

#define OBI_MASKS_LEN 64

typedef struct obi_masks {
    uint64_t lower; /* a to z */
    uint64_t blank; /* U+0020 */
} obi_masks;

/* The high bits of eight bytes, the first of them in the lowest bit. */
static inline uint64_t obi_masks_gather(uint64_t high)
{
    return (high >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

static inline obi_masks obi_masks_portable(const char *bytes)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t tops = ones << 7;
    obi_masks masks = {0};
    for (unsigned i = 0; i < OBI_MASKS_LEN; i += 8) {
        uint64_t eight = 0;
        memcpy(&eight, bytes + i, 8);
        eight = le64toh(eight);
        uint64_t seven = eight & ~tops;
        uint64_t from = seven + ones * (0x80 - 'a');
        uint64_t behind = seven + ones * (0x80 - 'z' - 1);
        uint64_t other = seven ^ ones * ' '; /* zero where it is a blank */
        masks.lower |= obi_masks_gather(from & ~behind & ~eight & tops) << i;
        masks.blank |= obi_masks_gather(~(other + ~tops) & ~eight & tops) << i;
    }
    return masks;
}

static inline obi_masks obi_masks_of(const char *bytes)
{
#if defined(__SSE2__)
    obi_masks masks = {0};
    for (unsigned i = 0; i < OBI_MASKS_LEN; i += 16) {
        __m128i some = _mm_loadu_si128((const __m128i *)(const void *)(bytes + i));
        /* From the smallest value up are the letters: a signed comparison tells them. */
        __m128i moved = _mm_add_epi8(some, _mm_set1_epi8((char)(0x80 - 'a')));
        __m128i lower = _mm_cmplt_epi8(moved, _mm_set1_epi8((char)(0x80 + 26)));
        __m128i blank = _mm_cmpeq_epi8(some, _mm_set1_epi8(' '));
        masks.lower |= (uint64_t)(unsigned)_mm_movemask_epi8(lower) << i;
        masks.blank |= (uint64_t)(unsigned)_mm_movemask_epi8(blank) << i;
    }
    return masks;
#else
    return obi_masks_portable(bytes);
#endif
}

#endif
