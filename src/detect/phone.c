/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks the automaton of phone_plan.def: scripts/phone-plan tells how an edge is written. Two
 * digits suffice to see how long a country calling code is, because none begins another (E.164).
 */
#include "detect/phone.h"

#include "detect/valid_core.h"

#define EDGE_BYTES   5
#define EDGES_IN_ROW 16
#define NATIONAL_MOST                                                          \
    15 /* with the code more than E.164 has, but Germany gave out such numbers \
        */

typedef char plan_row[EDGES_IN_ROW * EDGE_BYTES + 1];

static const plan_row plan[] = {
#define PLAN(row) row,
#include "detect/phone_plan.def"
#undef PLAN
};

typedef struct plan_region {
    char name[3];
    uint16_t code;
    const char *national; /* prefix in front of a national number, "" for none */
    const char *abroad;   /* international prefix */
    uint32_t lengths;     /* bit n: a national number may have n digits */
} plan_region;

static const plan_region regions[] = {
#define REGION(name, code, national, abroad, lengths) {#name, code, national, abroad, lengths},
#include "detect/phone_plan.def"
#undef REGION
};

/* What the characters of base64 stand for, from '+' on. */
static const uint8_t sextets['z' - '+' + 1] = {
    62, 0,  0,  0,  63, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 0,  0,  0,  0,  0,
    0,  0,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17,
    18, 19, 20, 21, 22, 23, 24, 25, 0,  0,  0,  0,  0,  0,  26, 27, 28, 29, 30, 31,
    32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51};

static uint32_t edge_at(size_t edge)
{
    const char *at = &plan[edge / EDGES_IN_ROW][edge % EDGES_IN_ROW * EDGE_BYTES];
    uint32_t bits = 0;
    for (unsigned i = 0; i < EDGE_BYTES; i++) {
        bits |= (uint32_t)sextets[at[i] - '+'] << (6 * i);
    }
    return bits;
}

/* Where an automaton stands: the first edge of its state, and what a number that ends here is. */
typedef struct walk {
    size_t edge;
    unsigned ends;
    bool stuck; /* no edge leads on */
} walk;

static void step(walk *at, unsigned digit)
{
    for (size_t edge = at->edge; !at->stuck; edge++) {
        uint32_t bits = edge_at(edge);
        if ((bits >> digit & 1) != 0) {
            at->edge = bits >> 15;
            at->ends = bits >> 12 & 7;
            at->stuck = at->edge == 0;
            return;
        }
        at->stuck = (bits >> 10 & 1) != 0;
    }
    at->ends = 0;
}

/* What the number is that code (a country calling code) and the digits make: bits of the plan. */
static unsigned ends_of(unsigned code, ob_span national)
{
    walk at = {0};
    unsigned scale = code > 99 ? 100 : code > 9 ? 10 : 1;
    for (; scale > 0; scale /= 10) {
        step(&at, code / scale % 10);
    }
    if (national.len < 2 || national.len > NATIONAL_MOST) {
        return 0;
    }
    for (size_t i = 0; i < national.len; i++) {
        if (at.stuck) {
            return 0; /* more digits than any number of the plan */
        }
        step(&at, obi_digit(national, i));
    }
    return at.ends;
}

size_t ob_phone_code_length(ob_span digits)
{
    /* Codes of two digits, by their first one: a bit for each second one. */
    static const uint16_t two[10] = {
        [2] = 1 << 0 | 1 << 7, [3] = 0x25f, [4] = 0x3fb,
        [5] = 0x1fe,           [6] = 0x07f, [8] = 1 << 1 | 1 << 2 | 1 << 4 | 1 << 6,
        [9] = 0x13f,
    };
    if (digits.len < 3 || !obi_all(ob_span_sub(digits, 0, 3), OBI_DIGIT)) {
        return 0;
    }
    unsigned first = obi_digit(digits, 0);
    size_t length = first == 1 || first == 7                        ? 1
                    : (two[first] >> obi_digit(digits, 1) & 1) != 0 ? 2
                                                                    : 3;
    walk at = {0};
    for (size_t i = 0; i < length; i++) {
        step(&at, obi_digit(digits, i));
    }
    return at.stuck ? 0 : length;
}

static bool found_is(ob_phone *found, unsigned ends, unsigned code, size_t national)
{
    if (ends != 0 && found != NULL) {
        found->type = (ends & 3) == 3   ? OB_PHONE_EITHER
                      : (ends & 2) != 0 ? OB_PHONE_MOBILE
                      : (ends & 1) != 0 ? OB_PHONE_FIXED
                                        : OB_PHONE_OTHER;
        found->code = code;
        found->national = national;
    }
    return ends != 0;
}

static bool length_fits(unsigned code, size_t length)
{
    for (size_t i = 0; i < OB_COUNT(regions); i++) {
        if (regions[i].code == code && length < 32 && (regions[i].lengths >> length & 1) != 0) {
            return true;
        }
    }
    return false;
}

/* A country calling code and a national number from at on; type OTHER counts less. */
static ob_valid international(ob_span digits, size_t at, ob_phone *found)
{
    ob_span rest = ob_span_sub(digits, at, digits.len);
    size_t length = ob_phone_code_length(rest);
    if (length == 0) {
        return OB_VALID_NO;
    }
    unsigned code = obi_number(rest, 0, length);
    unsigned ends = ends_of(code, ob_span_sub(rest, length, rest.len));
    if (!found_is(found, ends, code, at + length)) {
        return OB_VALID_NO;
    }
    return (ends & 3) != 0 ? OB_VALID_YES : OB_VALID_MAYBE;
}

/* "+", a code that exists, and as many digits as its numbers can have. */
static ob_valid unknown(ob_span digits, ob_phone *found)
{
    size_t length = ob_phone_code_length(ob_span_sub(digits, 1, digits.len));
    unsigned code = obi_number(digits, 1, length);
    if (length == 0 || !length_fits(code, digits.len - 1 - length)) {
        return OB_VALID_NO;
    }
    if (found != NULL) {
        *found = (ob_phone){OB_PHONE_UNKNOWN, code, 1 + length};
    }
    return OB_VALID_MAYBE;
}

static const plan_region *region_find(const char *name)
{
    size_t first = 0;
    for (size_t behind = OB_COUNT(regions); first < behind;) { /* the table is sorted */
        size_t middle = (first + behind) / 2;
        int order = name[0] != regions[middle].name[0] ? name[0] - regions[middle].name[0]
                                                       : name[1] - regions[middle].name[1];
        if (order == 0) {
            return &regions[middle];
        }
        behind = order < 0 ? middle : behind;
        first = order < 0 ? first : middle + 1;
    }
    return NULL;
}

/* As dialled in region: national, or behind the prefix for calls abroad. */
static bool dialled(ob_span digits, const plan_region *region, ob_phone *found)
{
    ob_span abroad = ob_span_str(region->abroad);
    ob_span national = ob_span_str(region->national);
    if (ob_span_has_prefix(digits, abroad) &&
        international(digits, abroad.len, found) != OB_VALID_NO) {
        return true;
    }
    if (national.len > 0 && ob_span_has_prefix(digits, national)) {
        unsigned ends = ends_of(region->code, ob_span_sub(digits, national.len, digits.len));
        if (found_is(found, ends, region->code, national.len)) {
            return true;
        }
    }
    return found_is(found, ends_of(region->code, digits), region->code, 0);
}

ob_valid ob_phone_valid(ob_span digits, const char *region, ob_phone *found)
{
    bool plus = digits.len > 0 && digits.ptr[0] == '+';
    const plan_region *home =
        region == NULL || region[0] == '\0' || plus ? NULL : region_find(region);
    if (!obi_all(ob_span_sub(digits, plus ? 1 : 0, digits.len), OBI_DIGIT)) {
        return OB_VALID_NO;
    }
    if (plus) {
        ob_valid valid = international(digits, 1, found);
        return valid != OB_VALID_NO ? valid : unknown(digits, found);
    }
    if (home != NULL && dialled(digits, home, found)) {
        return OB_VALID_MAYBE;
    }
    size_t at = ob_span_has_prefix(digits, OB_SPAN("00")) ? 2 : 0;
    return obi_maybe_if(international(digits, at, found) != OB_VALID_NO);
}
