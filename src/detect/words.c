/* SPDX-License-Identifier: Apache-2.0 */
/* Reads words. Most of a text is read here and nowhere else, so the loop over lower-case letters is
 * short. */
#include "detect/words.h"

#include "detect/runes.h"

#include <endian.h>
#include <ombud/text.h>

#if defined(__SSE2__)
#    include <emmintrin.h>
#endif

#define S OBI_GLYPH_SIGN
#define L OBI_GLYPH_LOWER
#define U OBI_GLYPH_UPPER
#define D OBI_GLYPH_DIGIT
#define B OBI_GLYPH_SPACE
#define N OBI_GLYPH_LINE
#define P OBI_GLYPH_POINT
#define H OBI_GLYPH_HIGH

#define ROW16(x) x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x
/* clang-format off */
const uint8_t obi_glyphs[256] = {
    P, P, P, P, P, P, P, P, P, B, N, P, P, N, P, P, ROW16(P),
    B, S, P, S, S, S, S, S, P, P, S, S, P, S, S, S, D, D, D, D, D, D, D, D, D, D, S, P, P, S, P, S,
    S, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, P, S, P, S, S,
    P, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, P, P, P, S, P,
    ROW16(H), ROW16(H), ROW16(H), ROW16(H), ROW16(H), ROW16(H), ROW16(H), ROW16(H),
};

/* clang-format on */
#undef S
#undef L
#undef U
#undef D
#undef B
#undef N
#undef P
#undef H

static bool is_capital(uint32_t rune)
{
    return (rune >= 0xc0 && rune <= 0xde && rune != 0xd7) || (rune >= 0x386 && rune <= 0x3ab) ||
           (rune >= 0x400 && rune <= 0x42f) ||
           (rune >= 0x100 && rune <= 0x17f && rune % 2 == (rune > 0x138 && rune < 0x149));
}

/* The bytes that a rune with this first byte has; 0 if none begins with it. */
static unsigned rune_bytes(unsigned char c)
{
    return c >= 0xc2 && c <= 0xdf ? 2 : c >= 0xe0 && c <= 0xef ? 3 : c >= 0xf0 && c <= 0xf4 ? 4 : 0;
}

static bool goes_on_wrong(ob_span text, size_t pos)
{
    for (size_t i = pos + 1; i < text.len; i++) {
        if (((unsigned char)text.ptr[i] & 0xc0) != 0x80) {
            return true;
        }
    }
    return false;
}

static uint8_t glyph_of(uint32_t rune, uint8_t class)
{
    switch (class) {
    case OBI_RUNE_ALONE:
        return OBI_GLYPH_ALONE;
    case OBI_RUNE_WORD:
        return is_capital(rune) ? OBI_GLYPH_CAPITAL : OBI_GLYPH_LETTER;
    case OBI_RUNE_SPACE:
        return OBI_GLYPH_SPACE;
    case OBI_RUNE_POINT:
        return OBI_GLYPH_POINT;
    case OBI_RUNE_COLON:
        return OBI_GLYPH_COLON;
    case OBI_RUNE_INVISIBLE:
    case OBI_RUNE_HIDING:
        return OBI_GLYPH_HIDDEN;
    case OBI_RUNE_NUMERAL:
        return OBI_GLYPH_NUMERAL;
    default: /* it is read as an ASCII character */
        return obi_glyphs[class] == OBI_GLYPH_POINT ? OBI_GLYPH_SIGN : obi_glyphs[class];
    }
}

obi_rune_at obi_rune_look(ob_span text, size_t pos, bool last)
{
    obi_rune_at at = {.rune = 0xfffd, .len = 1, .glyph = OBI_GLYPH_POINT};
    unsigned bytes = rune_bytes((unsigned char)text.ptr[pos]);
    if (bytes == 0) {
        return at;
    }
    const char *ptr = text.ptr + pos;
    if (bytes == 3 && text.len - pos >= 3 && (unsigned char)ptr[0] - 0xe1U < 12 &&
        ((unsigned char)ptr[1] & 0xc0) == 0x80 && ((unsigned char)ptr[2] & 0xc0) == 0x80) {
        at.rune = (ptr[0] & 15U) << 12 | (ptr[1] & 63U) << 6 | (ptr[2] & 63U);
        at.len = 3;
        at.class = obi_rune3(ptr);
        at.glyph = glyph_of(at.rune, at.class);
        return at;
    }
    if (bytes > text.len - pos) {
        at.glyph = last || goes_on_wrong(text, pos) ? OBI_GLYPH_POINT : OBI_GLYPH_MORE;
        return at;
    }
    size_t next = pos;
    (void)ob_utf8_next(ob_span_sub(text, 0, pos + bytes), &next, &at.rune);
    at.len = (uint8_t)(next - pos);
    if (at.rune != 0xfffd) {
        at.class = obi_rune(at.rune);
        at.glyph = glyph_of(at.rune, at.class);
    }
    return at;
}

static bool is_zone(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '<';
}

/* Separating signs that belong to a word where they stand: the filler of machine readable zones,
 * and the end of an HTML entity. More text may be needed to tell. */
static int belongs(ob_span text, const obi_word *word, size_t pos, bool last)
{
    if (text.ptr[pos] == ';' && word->escapes > 0) {
        for (size_t i = pos; i > word->start && pos - i < 10; i--) {
            if (text.ptr[i - 1] == '&') {
                return pos - i > 0;
            }
        }
        return 0;
    }
    if (text.ptr[pos] != '<' || !word->zone) {
        return 0;
    }
    if (pos + 1 == text.len) {
        return last ? 1 : -1;
    }
    char next = text.ptr[pos + 1];
    return is_zone(next) || next == '\n' || next == '\r';
}

static void count_sign(obi_word *word, ob_span text, size_t pos)
{
    char c = text.ptr[pos];
    word->signs++;
    word->zone = false;
    word->percents = (uint16_t)(word->percents + (c == '%'));
    word->escapes = (uint16_t)(word->escapes + (c == '&' || c == '\\'));
    word->colons = (uint16_t)(word->colons + (c == ':'));
    word->assigns = (uint16_t)(word->assigns + ((c == ':' || c == '=') && word->visible > 0));
    word->at = word->at || c == '@' || (c == '/' && pos >= 2 && text.ptr[pos - 1] == '/');
}

static void count(obi_word *word, uint8_t glyph)
{
    switch (glyph) {
    case OBI_GLYPH_DIGIT:
        word->digits++;
        break;
    case OBI_GLYPH_LOWER:
        word->lowers++;
        word->zone = false;
        break;
    case OBI_GLYPH_UPPER:
        word->uppers++;
        break;
    case OBI_GLYPH_HIDDEN:
        word->hidden++;
        return;
    case OBI_GLYPH_NUMERAL:
        word->numerals++;
        word->zone = false;
        break;
    default:
        word->zone = false;
        word->letters = (uint16_t)(word->letters + (glyph != OBI_GLYPH_SIGN));
        break;
    }
    word->visible++;
    if (word->first == OBI_GLYPH_SIGN) {
        word->first = glyph;
    }
}

/* A rune beyond ASCII; false where the word ends before it. */
static bool take_rune(obi_word *word, obi_rune_at at)
{
    if (at.glyph >= OBI_GLYPH_ALONE) {
        return false;
    }
    if (at.class >= 0x21) {
        bool alike = at.rune < 0x2000 && at.glyph != OBI_GLYPH_DIGIT;
        word->alike = (uint16_t)(word->alike + alike);
        word->folded = (uint16_t)(word->folded + !alike);
        word->percents = (uint16_t)(word->percents + (at.class == '%'));
        word->at = word->at || at.class == '@';
        word->colons = (uint16_t)(word->colons + (at.class == ':'));
        if (alike) { /* may be a letter of its own script, where the case matters */
            at.glyph = is_capital(at.rune) ? OBI_GLYPH_CAPITAL : OBI_GLYPH_LETTER;
        } else if (at.glyph == OBI_GLYPH_SIGN) {
            word->signs++;
        }
    }
    word->turned = word->turned || at.rune == 0x202d || at.rune == 0x202e;
    word->folded = (uint16_t)(word->folded + (at.class == OBI_RUNE_HIDING));
    count(word, at.glyph);
    return true;
}

/* The word ends before at. */
static bool end_word(obi_word *word, size_t at, bool full)
{
    word->end = at;
    word->full = full;
    return true;
}

#if defined(__SSE2__)
#    define QUICK 16 /* bytes */

/* How many bits are set, of so few that a call would cost more. */
static unsigned count_bits(unsigned bits)
{
    unsigned count = 0;
    for (; bits != 0; bits &= bits - 1) {
        count++;
    }
    return count;
}

/* The same as below for a word of letters and digits of ASCII only, perhaps with a sign that ends a
 * sentence, whose end is within the bytes that a vector has: most words that are looked at. False
 * for another one. */
static bool read_quick(ob_span text, size_t pos, obi_word *word)
{
    __m128i some = _mm_loadu_si128((const __m128i *)(const void *)(text.ptr + pos));
    __m128i low = _mm_or_si128(some, _mm_set1_epi8(0x20));
    /* From the smallest value up are the letters, or digits: a signed comparison tells them. */
    unsigned letters = (unsigned)_mm_movemask_epi8(_mm_cmplt_epi8(
        _mm_add_epi8(low, _mm_set1_epi8((char)(0x80 - 'a'))), _mm_set1_epi8(-0x80 + 26)));
    unsigned digits = (unsigned)_mm_movemask_epi8(_mm_cmplt_epi8(
        _mm_add_epi8(some, _mm_set1_epi8((char)(0x80 - '0'))), _mm_set1_epi8(-0x80 + 10)));
    unsigned small = letters & (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(some, low));
    unsigned len = (unsigned)__builtin_ctz(~(letters | digits));
    if (len == 0 || len >= QUICK - 1) {
        return false;
    }
    char c = text.ptr[pos + len];
    unsigned sign = c == '.' || c == '?' || c == '!';
    c = text.ptr[pos + len + sign];
    uint8_t behind = obi_glyphs[(unsigned char)c];
    if (behind < OBI_GLYPH_SPACE || behind > OBI_GLYPH_POINT || c == '<') {
        return false;
    }
    unsigned inside = (1U << len) - 1;
    word->digits = (uint16_t)count_bits(digits & inside);
    word->uppers = (uint16_t)count_bits(letters & ~small & inside);
    word->lowers = (uint16_t)(len - word->digits - word->uppers);
    word->signs = (uint16_t)sign;
    word->visible = (uint16_t)(len + sign);
    word->zone = word->lowers + sign == 0;
    word->first = obi_glyphs[(unsigned char)text.ptr[pos]];
    word->end = pos + len + sign;
    return true;
}
#endif

bool obi_word_read(ob_span text, size_t pos, size_t allowed, bool last, obi_word *word)
{
    *word = (obi_word){.start = pos, .first = OBI_GLYPH_SIGN, .zone = true};
#if defined(__SSE2__)
    if (allowed > QUICK && text.len - pos > QUICK && read_quick(text, pos, word)) {
        return true;
    }
#endif
    size_t most = allowed < text.len - pos ? pos + allowed : text.len;
    size_t at = pos;
    if (at < most && text.ptr[at] == '(') { /* in front of a digit or a plus sign only */
        count_sign(word, text, at++);
        word->visible++;
    }
    while (at < most) {
        uint8_t glyph = obi_glyphs[(unsigned char)text.ptr[at]];
        if (glyph == OBI_GLYPH_LOWER) {
            size_t from = at;
            while (++at < most && text.ptr[at] >= 'a' && text.ptr[at] <= 'z') {
            }
            word->first = word->first == OBI_GLYPH_SIGN ? (uint8_t)OBI_GLYPH_LOWER : word->first;
            word->lowers = (uint16_t)(word->lowers + (at - from));
            word->visible = (uint16_t)(word->visible + (at - from));
            word->zone = false;
        } else if (glyph <= OBI_GLYPH_DIGIT) {
            if (glyph == OBI_GLYPH_SIGN) {
                count_sign(word, text, at);
            }
            count(word, glyph);
            at++;
        } else if (glyph == OBI_GLYPH_HIGH) {
            obi_rune_at rune = obi_rune_look(text, at, last);
            if (rune.glyph == OBI_GLYPH_MORE) {
                return false;
            }
            bool full = at + rune.len > pos + allowed;
            if (full || !take_rune(word, rune)) {
                return end_word(word, at, full);
            }
            at += rune.len;
        } else {
            int stays = glyph == OBI_GLYPH_POINT ? belongs(text, word, at, last) : 0;
            if (stays < 0) {
                return false;
            }
            if (stays == 0) {
                return end_word(word, at, false);
            }
            word->visible++;
            at++;
        }
    }
    return end_word(word, at, at - pos >= allowed) && (last || word->full);
}

typedef struct role_row {
    uint64_t word;
    obi_role role;
} role_row;

static const role_row roles[] = {
#define OB_ROLE(word, role) {word, OBI_ROLE_##role},
#include "detect/role_table.def"
#undef OB_ROLE
};

static const uint64_t role_map[64] = {
#define OB_ROLE_MAP(bits) bits,
#include "detect/role_table.def"
#undef OB_ROLE_MAP
};

/* How long words with this first letter are, a bit for each length; the last one for eight and
 * more. */
static const uint16_t role_lengths[26] = {
#define OB_ROLE_LENGTHS(bits) bits,
#include "detect/role_table.def"
#undef OB_ROLE_LENGTHS
};

const uint16_t obi_role_groups[26 * 32] = {
#define OB_ROLE_GROUPS(...) __VA_ARGS__,
#include "detect/role_table.def"
#undef OB_ROLE_GROUPS
};

/* The first eight bytes of a word in lower case, so that numbers compare as the words do. Two loads
 * that overlap take any length from four on. */
static uint64_t pack(ob_span word)
{
    uint64_t value = 0;
    size_t len = word.len < 8 ? word.len : 8;
    if (len >= 4) {
        uint32_t low = 0;
        uint32_t high = 0;
        memcpy(&low, word.ptr, 4);
        memcpy(&high, word.ptr + len - 4, 4);
        value = low | (uint64_t)high << 8 * (len - 4);
    } else {
        for (size_t i = 0; i < len; i++) {
            value |= (uint64_t)(unsigned char)word.ptr[i] << 8 * i;
        }
    }
    value = le64toh(value);
    /* Of bytes from A to Z the sixth bit, which makes them lower-case. */
    uint64_t seven = value & UINT64_C(0x7f7f7f7f7f7f7f7f);
    uint64_t from = seven + UINT64_C(0x3f3f3f3f3f3f3f3f);
    uint64_t behind = seven + UINT64_C(0x2525252525252525);
    uint64_t upper = (from & ~behind & ~value) & UINT64_C(0x8080808080808080);
    return __builtin_bswap64(value | upper >> 2);
}

obi_role obi_word_role(ob_span word)
{
    while (word.len > 1 && word.ptr[word.len - 1] == '.') {
        word.len--;
    }
    if (word.len < 1 || word.len > 18) {
        return OBI_ROLE_NONE;
    }
    unsigned first = ((unsigned char)word.ptr[0] | 0x20U) - 'a';
    if (first < 26 && (role_lengths[first] >> (word.len < 8 ? word.len : 8) & 1) == 0) {
        return OBI_ROLE_NONE;
    }
    uint64_t key = pack(word);
    uint64_t place = key * UINT64_C(0x9e3779b97f4a7c15) >> 52; /* as in scripts/role-table */
    if ((role_map[place / 64] >> place % 64 & 1) == 0) {
        return OBI_ROLE_NONE;
    }
    size_t low = 0;
    for (size_t high = OB_COUNT(roles); low < high;) {
        size_t middle = (low + high) / 2;
        if (roles[middle].word == key) {
            return roles[middle].role;
        }
        if (roles[middle].word < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return OBI_ROLE_NONE;
}
