/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scanner of digit runs (find_digits.c): a segment becomes groups of digits, neighbouring
 * groups become numbers, and a number is tried as the kinds that have as many digits. Which these
 * are stands in one table, so that no run meets all validators.
 */
#ifndef OB_DETECT_FIND_DIGITS_H
#define OB_DETECT_FIND_DIGITS_H

#include "detect/scan.h"
#include "detect/valid_core.h"

/* Digits of the longest kind (EID), and a sign or letter that belongs to the value. */
#define OBI_NUMBER_MAX 34
/* From so many digits on, a comma or colon between numbers sets identifiers apart, and is no sign
 * of thousands or of the time. */
#define OBI_LONG_DIGITS 7
#define OBI_GROUPS_MAX  ((size_t)OB_HOLD_MAX / 2)

/* What stands between a group and the one before. */
typedef enum obi_gap {
    OBI_GAP_APART, /* something that is not part of numbers: a new chain begins */
    OBI_GAP_WIDE,  /* blanks: one number, or two */
    OBI_GAP_TIGHT  /* a hyphen, dot, slash or closing bracket: one number */
} obi_gap;

typedef struct obi_group {
    uint16_t start; /* of its digits, in scan->text */
    uint16_t end;
    uint16_t word; /* behind the last letter, or byte beyond ASCII, before it; 0: there is none */
    uint8_t gap;
    bool plus; /* "+" in front, perhaps with a bracket between */
    bool date; /* part of a calendar date: of no other number */
} obi_group;

typedef struct obi_groups {
    obi_group *all;
    size_t count;
    size_t cap;
} obi_groups;

/* What stands at an edge of a number, apart from its own groups. */
typedef enum obi_edge {
    OBI_EDGE_CLEAN,
    OBI_EDGE_CUE, /* it may be part of something else: believe it beside a cue only */
    OBI_EDGE_DEAD /* it is part of something else */
} obi_edge;

/* Neighbouring groups taken as one number. */
typedef struct obi_digits {
    obi_scan *scan;
    const obi_group *groups;
    size_t count;
    size_t start; /* of the first digit */
    size_t end;
    size_t digits;
    size_t tail;                   /* behind a telephone extension; end where there is none */
    char text[OBI_NUMBER_MAX + 2]; /* behind len anything may stand */
    size_t len;                    /* of text: the digits, and a letter that ends the value */
    bool strict_left;              /* the edge asks for a cue */
    bool strict_right;
    bool crowded;   /* has more than one group, and other groups beside it */
    bool han;       /* stands in Chinese text */
    int near_;      /* of all kinds: for being crowded */
    uint64_t shape; /* sizes of the groups, a hex digit each: 0x334; 15 stands for more, too */
} obi_digits;

obi_edge obi_edge_left(const obi_scan *scan, size_t start, size_t len);
obi_edge obi_edge_right(const obi_scan *scan, size_t end, size_t len);

/* As obi_cued; knows that digits and signs alone are no words, as in long lists of numbers. */
bool obi_number_cued(const obi_digits *number, ob_kind kind, size_t start);
/* Reports it unless an edge asks for a cue and there is none. */
void obi_number_found(obi_digits *number, ob_kind kind, size_t start, size_t end, ob_valid check,
                      const char *rule, int near);

/* The kinds of the table, by length: find_digits_kinds.c. */
void obi_number_kinds(obi_digits *number);
/* Telephone numbers: find_digits_phone.c. */
void obi_number_phone(obi_digits *number);
/* Behind " x123", " ext. 123" or the like at end; end where nothing of the kind stands there. */
size_t obi_extension(const obi_scan *scan, size_t end);
/* Codes of three to nine digits that only a label makes known: find_digits_codes.c. */
void obi_number_codes(obi_digits *number);
/* Records of calls, places and dates of birth, which have more than digits: find_digits_text.c.
 * Marks the groups of dates. */
void obi_find_dates(obi_scan *scan, obi_groups *groups);
void obi_find_records(obi_scan *scan, const obi_groups *groups);

#endif
