/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/name_words.h"

#include "detect/codings.h"

#include <ombud/defs.h>
#include <ombud/text.h>

#define CUE_MAX  48
#define WORD_MAX 48

typedef struct cue {
    uint32_t key; /* the last four bytes of its last word, the last one in the lowest place */
    uint8_t kind;
    uint8_t len;
    const char *text;
} cue;

static const cue cues[] = {
#define NAME_CUE(key, text, kind) {key, OBI_NAME_##kind, sizeof(text) - 1, text},
#include "detect/name_table.def"
#undef NAME_CUE
};

/* A list and its sieve: bits of the places that its words hash to. */
#define SIEVE_WORDS 64
#define ROW(row)    UINT64_C(row),

static const char *const particles[] = {
#define NAME_PARTICLE(word) word,
#include "detect/name_table.def"
#undef NAME_PARTICLE
};
static const char *const stops[] = {
#define NAME_STOP(word) word,
#include "detect/name_table.def"
#undef NAME_STOP
};
static const char *const place_stops[] = {
#define NAME_PLACE(word) word,
#include "detect/name_table.def"
#undef NAME_PLACE
};
static const char *const units[] = {
#define NAME_UNIT(word) word,
#include "detect/name_table.def"
#undef NAME_UNIT
};
static const char *const low_stops[] = {
#define NAME_LOW_STOP(word) word,
#include "detect/name_table.def"
#undef NAME_LOW_STOP
};
static const char *const streets[] = {
#define NAME_STREET(word) word,
#include "detect/name_table.def"
#undef NAME_STREET
};
static const char *const plain_streets[] = {
#define NAME_STREET_PLAIN(word) word,
#include "detect/name_table.def"
#undef NAME_STREET_PLAIN
};
static const char *const first_streets[] = {
#define NAME_STREET_FIRST(word) word,
#include "detect/name_table.def"
#undef NAME_STREET_FIRST
};
static const char *const regions[] = {
#define NAME_REGION(word) word,
#include "detect/name_table.def"
#undef NAME_REGION
};
static const uint64_t particles_sieve[SIEVE_WORDS] = {
#define NAME_PARTICLE_SIEVE(row) ROW(row)
#include "detect/name_table.def"
#undef NAME_PARTICLE_SIEVE
};
static const uint64_t stops_sieve[SIEVE_WORDS] = {
#define NAME_STOP_SIEVE(row) ROW(row)
#include "detect/name_table.def"
#undef NAME_STOP_SIEVE
};
static const uint64_t place_stops_sieve[SIEVE_WORDS] = {
#define NAME_PLACE_SIEVE(row) ROW(row)
#include "detect/name_table.def"
#undef NAME_PLACE_SIEVE
};
static const uint64_t units_sieve[SIEVE_WORDS] = {
#define NAME_UNIT_SIEVE(row) ROW(row)
#include "detect/name_table.def"
#undef NAME_UNIT_SIEVE
};
static const uint64_t low_stops_sieve[SIEVE_WORDS] = {
#define NAME_LOW_STOP_SIEVE(row) ROW(row)
#include "detect/name_table.def"
#undef NAME_LOW_STOP_SIEVE
};
static const uint64_t streets_sieve[SIEVE_WORDS] = {
#define NAME_STREET_SIEVE(row) ROW(row)
#include "detect/name_table.def"
#undef NAME_STREET_SIEVE
};
static const uint64_t plain_streets_sieve[SIEVE_WORDS] = {
#define NAME_STREET_PLAIN_SIEVE(row) ROW(row)
#include "detect/name_table.def"
#undef NAME_STREET_PLAIN_SIEVE
};
static const uint64_t first_streets_sieve[SIEVE_WORDS] = {
#define NAME_STREET_FIRST_SIEVE(row) ROW(row)
#include "detect/name_table.def"
#undef NAME_STREET_FIRST_SIEVE
};
static const uint64_t regions_sieve[SIEVE_WORDS] = {
#define NAME_REGION_SIEVE(row) ROW(row)
#include "detect/name_table.def"
#undef NAME_REGION_SIEVE
};
static const uint64_t cues_sieve[SIEVE_WORDS] = {
#define NAME_CUE_SIEVE(row) ROW(row)
#include "detect/name_table.def"
#undef NAME_CUE_SIEVE
};

static bool in_sieve(const uint64_t sieve[SIEVE_WORDS], uint32_t place)
{
    return (sieve[place / 64] >> (place % 64) & 1) != 0;
}

static uint32_t place_by(char first, char last, size_t len)
{
    return ((uint32_t)(unsigned char)first + 31 * (uint32_t)(unsigned char)last +
            131 * (uint32_t)len) %
           (SIEVE_WORDS * 64);
}

static uint32_t place_of(ob_span word)
{
    return place_by(word.ptr[0], word.ptr[word.len - 1], word.len);
}

/* -1, 0, 1 in byte order. Rows are short: a call for each would cost more than the loop. */
static int compare(const char *row, ob_span word)
{
    for (size_t i = 0; i < word.len; i++) {
        if (row[i] != word.ptr[i] || row[i] == '\0') {
            return row[i] == '\0' || (unsigned char)row[i] < (unsigned char)word.ptr[i] ? -1 : 1;
        }
    }
    return row[word.len] == '\0' ? 0 : 1;
}

static bool in_list(ob_span word, const char *const *list, size_t count,
                    const uint64_t sieve[SIEVE_WORDS])
{
    size_t low = 0;
    size_t high = word.len > 0 && in_sieve(sieve, place_of(word)) ? count : 0;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = compare(list[middle], word);
        if (order == 0) {
            return true;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

bool obi_name_particle(ob_span word)
{
    return in_list(word, particles, OB_COUNT(particles), particles_sieve);
}

/* Whether a word in any case may be in the list: most need not be made small to tell. */
static bool may_be(ob_span word, const uint64_t sieve[SIEVE_WORDS])
{
    if (word.len == 0 || word.len > WORD_MAX) {
        return false;
    }
    char first = obi_lower(word.ptr[0]);
    char last = obi_lower(word.ptr[word.len - 1]);
    bool ascii = (((unsigned char)first | (unsigned char)last) & 0x80) == 0;
    return !ascii || in_sieve(sieve, place_by(first, last, word.len));
}

bool obi_name_particle_any(ob_span word)
{
    OB_UNSET char room[WORD_MAX];
    return may_be(word, particles_sieve) && obi_name_particle(obi_small(word, room, sizeof room));
}

bool obi_common_word(ob_span word)
{
    return in_list(word, stops, OB_COUNT(stops), stops_sieve);
}

bool obi_name_stop(ob_span word)
{
    return obi_common_word(word) ||
           in_list(word, place_stops, OB_COUNT(place_stops), place_stops_sieve);
}

bool obi_name_low_stop(ob_span word)
{
    return in_list(word, low_stops, OB_COUNT(low_stops), low_stops_sieve) || obi_name_stop(word);
}

bool obi_street(ob_span word)
{
    return in_list(word, streets, OB_COUNT(streets), streets_sieve);
}

bool obi_street_plain(ob_span word)
{
    return in_list(word, plain_streets, OB_COUNT(plain_streets), plain_streets_sieve);
}

bool obi_street_first(ob_span word)
{
    return in_list(word, first_streets, OB_COUNT(first_streets), first_streets_sieve);
}

bool obi_street_first_any(ob_span word)
{
    OB_UNSET char room[WORD_MAX];
    return may_be(word, first_streets_sieve) &&
           obi_street_first(obi_small(word, room, sizeof room));
}

bool obi_address_unit(ob_span word)
{
    return in_list(word, units, OB_COUNT(units), units_sieve);
}

bool obi_region(ob_span word)
{
    return in_list(word, regions, OB_COUNT(regions), regions_sieve);
}

ob_span obi_small(ob_span word, char *out, size_t cap)
{
    if (word.len > cap) {
        return (ob_span){out, 0};
    }
    for (size_t i = 0; i < word.len; i++) {
        unsigned char c = (unsigned char)word.ptr[i];
        unsigned char lead = i > 0 ? (unsigned char)word.ptr[i - 1] : 0;
        if (lead == 0xc3 && c >= 0x80 && c <= 0x9e) {
            c += 0x20; /* Latin-1 */
        } else if (lead == 0xd0 && c >= 0x90 && c <= 0x9f) {
            c += 0x20; /* Cyrillic, first half */
        } else if (lead == 0xd0 && c >= 0xa0 && c <= 0xaf) {
            c -= 0x20; /* second half: it moves to the next page */
            out[i - 1] = (char)0xd1;
        }
        out[i] = obi_lower((char)c);
    }
    return (ob_span){out, word.len};
}

bool obi_capital(ob_span word)
{
    if (word.len == 0) {
        return false;
    }
    unsigned char c = (unsigned char)word.ptr[0];
    if (c < 0x80) {
        return c >= 'A' && c <= 'Z';
    }
    size_t at = 0;
    uint32_t rune = 0;
    (void)ob_utf8_next(word, &at, &rune);
    return (rune >= 0xc0 && rune <= 0xde && rune != 0xd7) || (rune >= 0x386 && rune <= 0x3ab) ||
           (rune >= 0x400 && rune <= 0x42f) ||
           (rune >= 0x100 && rune <= 0x17f && rune % 2 == (rune > 0x138 && rune < 0x149));
}

static bool is_letter(char c)
{
    return obi_is_alnum(c) || (unsigned char)c >= 0x80;
}

static uint32_t key_before(ob_span text, size_t end)
{
    char room[4] = {0};
    uint32_t key = 0;
    if (end >= sizeof room && (unsigned char)text.ptr[end - 1] >= 0x80) {
        text = obi_small(ob_span_sub(text, end - sizeof room, end), room, sizeof room);
        end = sizeof room;
    }
    for (size_t i = 0; i < 4 && i < end && is_letter(text.ptr[end - 1 - i]); i++) {
        key |= (uint32_t)(unsigned char)obi_lower(text.ptr[end - 1 - i]) << 8 * i;
    }
    return key;
}

/* A word goes on from before start: a letter, but no Han character or sign of such a text. */
static bool within_word(ob_span text, size_t start)
{
    size_t first = start;
    while (first > 0 && ((unsigned char)text.ptr[first - 1] & 0xc0) == 0x80) {
        first--;
    }
    return first == start ? start > 0 && is_letter(text.ptr[start - 1])
                          : first == 0 || (unsigned char)text.ptr[first - 1] < 0xe2;
}

/* No word stands before start: a line or a sentence begins, or a list of values. */
static bool begins(ob_span text, size_t start)
{
    for (unsigned i = 0; i < 8 && start > 0; i++, start--) {
        if (text.ptr[start - 1] != ' ' && text.ptr[start - 1] != '*') {
            break;
        }
    }
    return !within_word(text, start);
}

static bool fits(const cue *one, ob_span text, size_t end)
{
    char small[CUE_MAX];
    if (one->len > end || one->len > sizeof small) {
        return false;
    }
    size_t start = end - one->len;
    ob_span found = obi_small(ob_span_sub(text, start, end), small, sizeof small);
    if (found.len == 0 || memcmp(small, one->text, one->len) != 0 || within_word(text, start)) {
        return false;
    }
    return (one->kind != OBI_NAME_ALONE || begins(text, start)) &&
           (one->kind != OBI_NAME_TITLE || obi_capital(ob_span_sub(text, start, end)));
}

obi_name_cue obi_name_cue_at(ob_span text, size_t end, size_t *start)
{
    uint32_t key = key_before(text, end);
    size_t low = 0;
    size_t high = OB_COUNT(cues);
    if (!in_sieve(cues_sieve, key * UINT32_C(2654435761) >> 20)) {
        return OBI_NAME_NONE;
    }
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (cues[middle].key < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < OB_COUNT(cues) && cues[low].key == key; low++) {
        if (fits(&cues[low], text, end)) {
            *start = end - cues[low].len;
            return (obi_name_cue)cues[low].kind;
        }
    }
    return OBI_NAME_NONE;
}

bool obi_name_announced(ob_span text, size_t pos)
{
    size_t at = pos;
    size_t start = 0;
    bool colon = false;
    while (at > 0 && pos - at < 6) {
        char c = text.ptr[at - 1];
        bool wide = at >= 3 && memcmp(text.ptr + at - 3, "\xef\xbc\x9a", 3) == 0;
        colon = colon || wide || c == ':' || c == '=';
        if (!wide && !obi_among(c, " :=\"'")) {
            break;
        }
        at -= wide ? 3 : 1;
    }
    if (at == 0 || at == pos || !obi_is_alpha(text.ptr[at - 1])) {
        return false;
    }
    obi_name_cue found = obi_name_cue_at(text, at, &start);
    return colon ? found == OBI_NAME_LABEL || found == OBI_NAME_ALONE : found == OBI_NAME_SURE;
}
