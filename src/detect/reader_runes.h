/* SPDX-License-Identifier: Apache-2.0 */
/* Letters beyond ASCII, as the reader tells them apart. */
#ifndef OB_DETECT_READER_RUNES_H
#define OB_DETECT_READER_RUNES_H

#include <stdbool.h>
#include <stdint.h>

/* The small letter; of scripts where nobody has any, and of rare letters, the letter itself. What
 * this answers never changes. */
static inline uint32_t obi_rune_lower(uint32_t rune)
{
    if (rune < 0x80) {
        return rune >= 'A' && rune <= 'Z' ? rune + 32 : rune;
    }
    if ((rune >= 0xc0 && rune <= 0xde && rune != 0xd7) || (rune >= 0x391 && rune <= 0x3a9) ||
        (rune >= 0x410 && rune <= 0x42f)) {
        return rune + 32;
    }
    if (rune >= 0x400 && rune <= 0x40f) {
        return rune + 80;
    }
    bool odd_capital = (rune >= 0x139 && rune <= 0x148) || (rune >= 0x179 && rune <= 0x17e);
    if (odd_capital) {
        return rune + (rune & 1);
    }
    if (rune == 0x130 || rune == 0x178 || rune == 0x1e9e) {
        return rune == 0x130 ? 'i' : rune == 0x178 ? 0xff : 0xdf;
    }
    bool pairs = (rune >= 0x100 && rune <= 0x137) || (rune >= 0x14a && rune <= 0x177) ||
                 (rune >= 0x460 && rune <= 0x481) || (rune >= 0x48a && rune <= 0x4bf) ||
                 (rune >= 0x4d0 && rune <= 0x52f) || (rune >= 0x1e00 && rune <= 0x1e95) ||
                 (rune >= 0x1ea0 && rune <= 0x1eff);
    return pairs ? rune | 1 : rune;
}

static inline bool obi_rune_is_han(uint32_t rune)
{
    return (rune >= 0x2e80 && rune < 0x2fe0) || (rune >= 0x3005 && rune <= 0x3007) ||
           (rune >= 0x3041 && rune <= 0x30ff && rune != 0x30fb) ||
           (rune >= 0x31f0 && rune <= 0x31ff) || (rune >= 0x3400 && rune <= 0x9fff) ||
           (rune >= 0xf900 && rune <= 0xfaff) || (rune >= 0xff66 && rune <= 0xff9f) ||
           (rune >= 0x20000 && rune <= 0x3ffff);
}

static inline bool obi_rune_is_kana(uint32_t rune)
{
    return (rune >= 0x3041 && rune <= 0x30ff) || (rune >= 0x31f0 && rune <= 0x31ff) ||
           (rune >= 0xff66 && rune <= 0xff9f);
}

static inline bool obi_rune_is_hangul(uint32_t rune)
{
    return (rune >= 0xac00 && rune <= 0xd7a3) || (rune >= 0x1100 && rune <= 0x11ff) ||
           (rune >= 0x3130 && rune <= 0x318f);
}

/* A letter of a script that the table of runes lets stand alone, because it sets no words apart. */
static inline bool obi_rune_is_other_letter(uint32_t rune)
{
    return obi_rune_is_hangul(rune) ||
           (rune >= 0x900 && rune <= 0x109f && rune != 0x964 && rune != 0x965) ||
           (rune >= 0x1780 && rune <= 0x17d3);
}

static inline bool obi_rune_is_arabic(uint32_t rune)
{
    return (rune >= 0x600 && rune <= 0x77f) || (rune >= 0x8a0 && rune <= 0x8ff) ||
           (rune >= 0xfb50 && rune <= 0xfdff) || (rune >= 0xfe70 && rune <= 0xfefc);
}

/* Vowel signs and the sign that only lengthens a line of writing. */
static inline bool obi_rune_is_arabic_mark(uint32_t rune)
{
    return rune == 0x640 || (rune >= 0x64b && rune <= 0x65f) || rune == 0x670;
}

/* A letter of another script that may look like a Latin one. */
static inline bool obi_rune_is_alike_script(uint32_t rune)
{
    return (rune >= 0x370 && rune < 0x590) || (rune >= 0x13a0 && rune < 0x1400) || rune == 0x251 ||
           rune == 0x261;
}

#endif
