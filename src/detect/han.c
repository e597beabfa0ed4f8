/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/han.h"

#include <ombud/defs.h>
#include <ombud/text.h>

#define WORDS   OBI_HAN_WORDS
#define HAN_LEN 3 /* bytes of a character of that range */

#define MAP(row) UINT64_C(row),
static const uint64_t map_last[WORDS] = {
#define HAN_LAST(row) MAP(row)
#include "detect/han_table.def"
#undef HAN_LAST
};
const uint64_t obi_han_steps[OBI_HAN_WORDS * 2] = {
#define HAN_STEPS(row) MAP(row)
#include "detect/han_table.def"
#undef HAN_STEPS
};
const uint64_t obi_han_sieve[OBI_HAN_SIEVE] = {
#define HAN_SIEVE(row) MAP(row)
#include "detect/han_table.def"
#undef HAN_SIEVE
};
static const uint64_t map_begin[WORDS] = {
#define HAN_BEGIN(row) MAP(row)
#include "detect/han_table.def"
#undef HAN_BEGIN
};
static const uint64_t map_plate[WORDS] = {
#define HAN_PLATE(row) MAP(row)
#include "detect/han_table.def"
#undef HAN_PLATE
};
static const uint64_t map_surname[WORDS] = {
#define HAN_SURNAME(row) MAP(row)
#include "detect/han_table.def"
#undef HAN_SURNAME
};
static const uint64_t map_single[WORDS] = {
#define HAN_SINGLE(row) MAP(row)
#include "detect/han_table.def"
#undef HAN_SINGLE
};
static const uint64_t map_given[WORDS] = {
#define HAN_GIVEN(row) MAP(row)
#include "detect/han_table.def"
#undef HAN_GIVEN
};
static const uint64_t map_name_stop[WORDS] = {
#define HAN_NAME_STOP(row) MAP(row)
#include "detect/han_table.def"
#undef HAN_NAME_STOP
};
static const uint64_t map_address_stop[WORDS] = {
#define HAN_ADDRESS_STOP(row) MAP(row)
#include "detect/han_table.def"
#undef HAN_ADDRESS_STOP
};
static const uint64_t map_unit[WORDS] = {
#define HAN_UNIT(row) MAP(row)
#include "detect/han_table.def"
#undef HAN_UNIT
};

/* Two characters, the first one in the upper half; rising. */
#define PAIR(pair) UINT32_C(pair),
static const uint32_t places[] = {
#define HAN_PLACE(pair) PAIR(pair)
#include "detect/han_table.def"
#undef HAN_PLACE
};
static const uint32_t surname_pairs[] = {
#define HAN_PAIR(pair) PAIR(pair)
#include "detect/han_table.def"
#undef HAN_PAIR
};
static const uint32_t no_names[] = {
#define HAN_NOT_NAME(pair) PAIR(pair)
#include "detect/han_table.def"
#undef HAN_NOT_NAME
};

enum label_kind {
    LABEL_WEAK,
    LABEL_NAME,
    LABEL_ADDRESS
};

typedef struct label {
    uint16_t last;
    uint8_t kind;
    uint8_t len;
    char text[13];
} label;

static const label labels[] = {
#define HAN_LABEL(last, text, kind) {last, LABEL_##kind, sizeof(text) - 1, text},
#include "detect/han_table.def"
#undef HAN_LABEL
};

static bool in_map(const uint64_t map[WORDS], uint32_t rune)
{
    uint32_t place = rune - OBI_HAN_FIRST;
    return place < WORDS * 64 && (map[place / 64] >> (place % 64) & 1) != 0;
}

static bool in_pairs(const uint32_t *pairs, size_t count, uint32_t pair)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (pairs[middle] < pair) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && pairs[low] == pair;
}

/* The character of three bytes at ptr, or 0. */
static uint32_t three(const char *ptr)
{
    uint32_t first = (unsigned char)ptr[0];
    uint32_t second = (unsigned char)ptr[1];
    uint32_t third = (unsigned char)ptr[2];
    if ((first & 0xf0) != 0xe0 || (second & 0xc0) != 0x80 || (third & 0xc0) != 0x80) {
        return 0;
    }
    return (first & 0xf) << 12 | (second & 0x3f) << 6 | (third & 0x3f);
}

static uint32_t rune_before(ob_span text, size_t end)
{
    return end >= HAN_LEN && end <= text.len ? three(text.ptr + end - HAN_LEN) : 0;
}

/* The first two characters of text as in the tables, or 0. */
static uint32_t pair_at(ob_span text)
{
    if (text.len < (size_t)2 * HAN_LEN) {
        return 0;
    }
    uint32_t first = three(text.ptr);
    uint32_t second = three(text.ptr + HAN_LEN);
    return first == 0 || second == 0 ? 0 : first << 16 | second;
}

/* The bits of the label that ends at end with the character rune: 1 << label_kind. */
static unsigned labels_at(ob_span text, size_t end, uint32_t rune)
{
    size_t low = 0;
    size_t high = OB_COUNT(labels);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (labels[middle].last < rune) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    unsigned found = 0;
    for (; low < OB_COUNT(labels) && labels[low].last == rune; low++) {
        const label *one = &labels[low];
        size_t len = one->len;
        size_t before = len > HAN_LEN ? HAN_LEN + 1 : len; /* from the end */
        /* The byte in front of the last character tells most apart without a call. */
        if (end >= len && text.ptr[end - before] == one->text[len - before] &&
            memcmp(text.ptr + end - len, one->text, len) == 0) {
            found |= 1u << one->kind;
        }
    }
    return found;
}

bool obi_han_waits(uint32_t rune)
{
    return in_map(map_begin, rune) || in_map(map_plate, rune);
}

unsigned obi_han_open(ob_span before, size_t end)
{
    uint32_t rune = rune_before(before, end);
    unsigned answer = in_map(map_begin, rune) ? OBI_HAN_BEGINS : OBI_HAN_NONE;
    if (!in_map(map_last, rune)) {
        return answer;
    }
    answer |= in_map(map_plate, rune) ? OBI_HAN_PLATE : 0u;
    unsigned found = labels_at(before, end, rune);
    answer |= (found & (1u << LABEL_NAME | 1u << LABEL_WEAK)) != 0 ? OBI_HAN_NAME : 0u;
    answer |= (found & 1u << LABEL_ADDRESS) != 0 ? OBI_HAN_ADDRESS : 0u;
    if (end >= OBI_HAN_PLACE_LEN &&
        obi_han_place(ob_span_sub(before, end - OBI_HAN_PLACE_LEN, end))) {
        answer |= OBI_HAN_PLACE | OBI_HAN_ADDRESS;
    }
    return answer;
}

unsigned obi_han_name_label(ob_span before, size_t end)
{
    uint32_t rune = rune_before(before, end);
    unsigned found = in_map(map_last, rune) ? labels_at(before, end, rune) : 0;
    return (found & 1u << LABEL_NAME) != 0 ? 2 : (found & 1u << LABEL_WEAK) != 0 ? 1 : 0;
}

bool obi_han_address_label(ob_span before, size_t end)
{
    uint32_t rune = rune_before(before, end);
    return in_map(map_last, rune) && (labels_at(before, end, rune) & 1u << LABEL_ADDRESS) != 0;
}

bool obi_han_place(ob_span text)
{
    uint32_t pair = pair_at(text);
    return in_map(map_begin, pair >> 16) && in_pairs(places, OB_COUNT(places), pair);
}

bool obi_han_between(uint32_t rune)
{
    return rune == ':' || rune == 0xff1a || rune == ' ' || rune == '=' || rune == 0x3000 ||
           rune == 0x662f || rune == 0x4e3a || rune == 0x70ba || rune == 0x53eb;
}

bool obi_han_name_goes_on(ob_span name, bool colon, uint32_t next)
{
    if (name.len == 0) {
        return in_map(map_surname, next) ||
               (colon && obi_is_han(next) && !in_map(map_name_stop, next));
    }
    /* U+00B7 joins the parts of a foreign name, which is longer. */
    size_t most = ob_span_find(name, OB_SPAN("\u00b7"), 0) != SIZE_MAX ? 12 : 6;
    return name.len < most * HAN_LEN &&
           (next == 0xb7 || (obi_is_han(next) && !in_map(map_name_stop, next)));
}

bool obi_han_address_goes_on(ob_span address, uint32_t next)
{
    if (next < 0x80) {
        bool letter = (next >= 'A' && next <= 'Z') || (next >= 'a' && next <= 'z');
        return letter || (next >= '0' && next <= '9') || next == '-' || next == '#' ||
               next == '(' || next == ')';
    }
    if (!obi_is_han(next)) {
        return next == 0xff08 || next == 0xff09 || next == 0xb7 || next == 0x3007 ||
               (next >= 0xff10 && next <= 0xff19);
    }
    if (in_map(map_address_stop, next)) {
        return false;
    }
    size_t at = address.len;
    for (size_t i = 0; i < OBI_HAN_LOOSE_MAX; i++) {
        if (at == 0 || in_map(map_unit, rune_before(address, at))) {
            return true;
        }
        do {
            at--;
        } while (at > 0 && ((unsigned char)address.ptr[at] & 0xc0) == 0x80);
    }
    return false;
}

size_t obi_han_surname(ob_span text)
{
    if (in_pairs(surname_pairs, OB_COUNT(surname_pairs), pair_at(text))) {
        return 2;
    }
    return text.len >= HAN_LEN && in_map(map_single, three(text.ptr)) ? 1 : 0;
}

bool obi_han_given(uint32_t rune)
{
    return in_map(map_given, rune);
}

bool obi_han_name_stop(uint32_t rune)
{
    return in_map(map_name_stop, rune);
}

bool obi_han_unit(uint32_t rune)
{
    return in_map(map_unit, rune);
}

bool obi_han_no_name(ob_span text)
{
    return in_pairs(no_names, OB_COUNT(no_names), pair_at(text));
}
