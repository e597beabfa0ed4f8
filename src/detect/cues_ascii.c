/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folds a text of ASCII. A word of 64 bits holds eight bytes; in the classes below, the highest bit
 * of each byte says whether it belongs. These bits are then gathered to one bit a byte. As the
 * bytes are below 0x80, adding to them never carries into the next.
 */
#include "detect/cues.h"
#include "detect/cues_fold.h"

#ifdef __SSE2__
#    include <emmintrin.h>
#endif

#define EACH (UINT64_MAX / 255) /* 1 in each byte */
#define HIGH (EACH * 0x80)

#ifndef __SSE2__
/* Bytes from first to last. */
static uint64_t between(uint64_t bytes, uint64_t first, uint64_t last)
{
    return (bytes + EACH * (0x80 - first)) & ~(bytes + EACH * (0x7f - last)) & HIGH;
}

/* A bit a byte, the lowest for the first. */
static uint64_t gather(uint64_t class)
{
    return (class >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

static void store(char *to, uint64_t word)
{
#    if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#    endif
    memcpy(to, &word, sizeof word);
}
#endif

static uint64_t low_bits(size_t count)
{
    return count < 64 ? (UINT64_C(1) << count) - 1 : UINT64_MAX;
}

/* What OBI_FOLD_CHARACTERS bytes are, a bit for each. */
typedef struct masks {
    uint64_t upper;
    uint64_t small;
    uint64_t digits;
} masks;

/* Folds so many bytes of ASCII into text. */
static masks fold_all(const char *bytes, char *text)
{
    masks of = {0};
#ifdef __SSE2__
    for (size_t i = 0; i < OBI_FOLD_CHARACTERS; i += 16) {
        __m128i some = _mm_loadu_si128((const __m128i *)(const void *)(bytes + i));
        __m128i low = _mm_or_si128(some, _mm_set1_epi8(0x20));
        /* One comparison for a range: moved to where the signed numbers begin. */
        __m128i letter = _mm_cmplt_epi8(_mm_add_epi8(low, _mm_set1_epi8((char)(0x80 - 'a'))),
                                        _mm_set1_epi8(-0x80 + 26));
        __m128i digit = _mm_cmplt_epi8(_mm_add_epi8(some, _mm_set1_epi8((char)(0x80 - '0'))),
                                       _mm_set1_epi8(-0x80 + 10));
        __m128i solid = _mm_or_si128(letter, digit);
        __m128i folded =
            _mm_or_si128(_mm_and_si128(low, solid), _mm_andnot_si128(solid, _mm_set1_epi8(' ')));
        _mm_storeu_si128((__m128i *)(void *)(text + i), folded);
        uint64_t letters = (unsigned)_mm_movemask_epi8(letter);
        uint64_t is_small =
            (unsigned)_mm_movemask_epi8(_mm_and_si128(letter, _mm_cmpeq_epi8(some, low)));
        of.small |= is_small << i;
        of.upper |= (letters & ~is_small) << i;
        of.digits |= (uint64_t)(unsigned)_mm_movemask_epi8(digit) << i;
    }
#else
    for (size_t i = 0; i < OBI_FOLD_CHARACTERS; i += 8) {
        uint64_t word = obi_fold_load(bytes + i);
        uint64_t low = word | EACH * 0x20;
        uint64_t letter = between(low, 'a', 'z');
        uint64_t is_small = letter & word << 2;
        uint64_t digit = between(word, '0', '9');
        uint64_t solid = ((letter | digit) >> 7) * 0xff;
        store(text + i, (low & solid) | (EACH * ' ' & ~solid));
        of.upper |= gather(letter & ~is_small) << i;
        of.small |= gather(is_small) << i;
        of.digits |= gather(digit) << i;
    }
#endif
    return of;
}

#define ROOM 16 /* bytes that are moved at once, however short the run */

/* Moves ROOM bytes. Not by memcpy, which would have its room checked at each run. */
static void move(char *to, const char *from)
{
#ifdef __SSE2__
    __m128i some = _mm_loadu_si128((const __m128i *)(const void *)from);
    _mm_storeu_si128((__m128i *)(void *)to, some);
#else
    store(to, obi_fold_load(from));
    store(to + 8, obi_fold_load(from + 8));
#endif
}

/* Sets ROOM bytes to first and the numbers behind it. */
static void count_on(uint8_t *to, size_t first)
{
#ifdef __SSE2__
    const __m128i numbers = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    _mm_storeu_si128((__m128i *)(void *)to, _mm_add_epi8(numbers, _mm_set1_epi8((char)first)));
#else
    uint64_t places = EACH * first + UINT64_C(0x0706050403020100);
    store((char *)to, places);
    store((char *)to + 8, places + EACH * 8);
#endif
}

/* Moves the runs of letters and digits together, with what is known of each byte. */
static void squeeze(obi_fold *to, const char *folded, uint64_t solid, uint64_t edge, uint64_t start)
{
    size_t len = 0;
    to->edge.of[0] = to->start.of[0] = to->blank.of[0] = 0;
    while (solid != 0) {
        size_t from = (size_t)__builtin_ctzll(solid);
        size_t count = (size_t)__builtin_ctzll(~(solid >> from));
        uint64_t run = (UINT64_C(1) << count) - 1;
        to->edge.of[0] |= (edge >> from & run) << len;
        to->start.of[0] |= (start >> from & run) << len;
        to->blank.of[0] |= UINT64_C(1) << len;
        for (size_t i = 0; i < count; i += ROOM) {
            move(to->text + len + i, folded + from + i);
            count_on(to->character + len + i, from + i);
        }
        len += count;
        solid &= solid + (UINT64_C(1) << from); /* the carry runs through the run */
    }
    memset(to->text + len, ' ', 8);
    to->edge.of[0] |= UINT64_MAX << len;
    to->edge.of[1] = UINT64_MAX;
    to->start.of[1] = to->blank.of[1] = 0;
    to->len = len;
}

bool obi_fold_ascii(obi_fold *to, ob_span left, bool *ascii)
{
    size_t skipped = left.len > OBI_FOLD_CHARACTERS ? left.len - OBI_FOLD_CHARACTERS : 0;
    ob_span text = {left.ptr + skipped, left.len - skipped};
    OB_UNSET char bytes[OBI_FOLD_CHARACTERS];
    uint64_t all = 0;
    if (text.len == sizeof bytes) { /* mostly: no call */
        memcpy(bytes, text.ptr, sizeof bytes);
    } else {
        memset(bytes, 0, sizeof bytes);
        memcpy(bytes, text.ptr, text.len);
    }
    for (size_t i = 0; i < sizeof bytes; i += 8) {
        all |= obi_fold_load(bytes + i);
    }
    *ascii = (all & HIGH) == 0;
    if (!*ascii) {
        return false;
    }
    OB_UNSET char folded[OBI_FOLD_CHARACTERS + ROOM];
    memset(folded + OBI_FOLD_CHARACTERS, ' ', ROOM);
    const masks of = fold_all(bytes, folded);
    uint64_t upper = of.upper;
    uint64_t small = of.small;
    uint64_t digits = of.digits;
    to->letters = upper | small;
    to->digits = digits;
    to->source = text;
    to->characters = text.len;
    to->ascii = true;
    to->read = false;
    if (to->letters == 0) {
        return false; /* digits and signs alone are no words */
    }
    uint64_t solid = to->letters | digits;
    uint64_t glued = solid & solid << 1; /* behind a letter or digit */
    uint64_t edge = ~glued | digits | (upper & small << 1) | digits << 1;
    uint64_t start = solid & edge & ~(glued & digits);
    if (skipped > 0) { /* the first word may be the end of one */
        uint64_t first = solid & (0 - solid);
        edge &= ~first;
        start &= ~first;
    }
    squeeze(to, folded, solid, edge, start);
    size_t far = text.len > OBI_CUE_REACH + 1 ? text.len - OBI_CUE_REACH - 1 : 0;
    to->from = (size_t)__builtin_popcountll(solid & low_bits(far));
    return true;
}

static size_t highest(uint64_t bits)
{
    return 63 - (size_t)__builtin_clzll(bits);
}

/* Where the run of letters and digits begins that ends before at. */
static size_t run_start(uint64_t solid, size_t at)
{
    uint64_t others = ~solid & low_bits(at);
    return others == 0 ? 0 : highest(others) + 1;
}

/* The sign at at ends a sentence. */
static bool ends_sentence(const obi_fold *in, size_t at)
{
    ob_span text = in->source;
    char c = text.ptr[at];
    bool last = at + 1 == text.len;
    char next = last ? ' ' : text.ptr[at + 1];
    if (c == '\n') {
        return next == '\n';
    }
    if (next != ' ' && next != '\n' && next != '\t' && next != '\r') {
        return false;
    }
    if (c != '.') {
        return true;
    }
    uint64_t solid = in->letters | in->digits;
    size_t word = run_start(solid, at);
    bool stands = at > 0 && word == at; /* apart from the word before */
    size_t folded = (size_t)__builtin_popcountll(solid & low_bits(word)); /* where it is in text */
    return !last && (stands || !obi_fold_abbreviation((ob_span){in->text + folded, at - word}));
}

/* What is neither a letter nor a digit, a bit a byte. */
static uint64_t signs_of(const obi_fold *to)
{
    return ~(to->letters | to->digits) & low_bits(to->source.len);
}

static void read_sentence(obi_fold *to)
{
    for (uint64_t rest = signs_of(to); rest != 0;) {
        size_t at = highest(rest);
        char c = to->source.ptr[at];
        if ((c == '.' || c == '!' || c == '?' || c == '\n') && ends_sentence(to, at)) {
            to->sentence = at;
            to->asked = c == '?';
            return;
        }
        rest ^= UINT64_C(1) << at;
    }
}

/* Digits count on behind signs, and anew behind letters and lines. */
static void read_value(obi_fold *to)
{
    uint64_t breaks = to->letters;
    uint64_t digits = to->digits;
    if (__builtin_popcountll(digits) < OBI_FOLD_DIGITS) {
        return;
    }
    for (uint64_t rest = signs_of(to); rest != 0; rest &= rest - 1) {
        size_t at = (size_t)__builtin_ctzll(rest);
        breaks |= (uint64_t)(to->source.ptr[at] == '\n') << at;
    }
    while (digits != 0) {
        uint64_t before = breaks & low_bits(highest(digits));
        uint64_t group = before == 0 ? digits : digits & ~low_bits(highest(before));
        digits &= ~group;
        for (size_t i = 1; i < OBI_FOLD_DIGITS; i++) {
            group &= group - 1;
        }
        if (group != 0) { /* its lowest bit is that of the last digit which is needed */
            to->value = run_start(to->letters | to->digits, (size_t)__builtin_ctzll(group));
            return;
        }
    }
}

void obi_fold_read(obi_fold *to)
{
    to->sentence = to->value = 0;
    to->asked = false;
    to->read = true;
    read_sentence(to);
    read_value(to);
}
