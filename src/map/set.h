/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Set relations, as NIST IR 8477 and IR 8278A use them, between what two texts ask for. Read "A is
 * a subset of B" as: whoever does all of B has done all of A, and B asks for more. Both sides are
 * taken as not empty, so exactly one of the five holds for any two.
 *
 * Only these compose. From A to B and B to C usually more than one relation from A to C remains
 * possible, so an answer is a set of candidates (a mask). One candidate is a proof; all five is no
 * knowledge. "subset" behind "intersects" leaves subset and intersects, so it proves neither.
 */
#ifndef OB_MAP_SET_H
#define OB_MAP_SET_H

#include <ombud/span.h>

typedef enum ob_set {
    OB_SET_SUBSET,
    OB_SET_SUPERSET,
    OB_SET_EQUAL,
    OB_SET_INTERSECTS,
    OB_SET_NONE
} ob_set;

#define OB_SETS 5
/* "subset", "superset", "equal", "intersects", "none": what files and output say. */
extern const char *const ob_set_names[OB_SETS];

typedef uint8_t ob_set_mask;
#define OB_SET_BIT(set) ((ob_set_mask)(1u << (unsigned)(set)))
#define OB_SET_ANY      ((ob_set_mask)0x1f)

/* From B to A what is from A to B. */
ob_set ob_set_turn(ob_set set);
ob_set_mask ob_set_turn_mask(ob_set_mask mask);
/* What may hold from A to C when one of ab holds from A to B and one of bc from B to C. */
ob_set_mask ob_set_compose(ob_set_mask ab, ob_set_mask bc);
/* The one candidate that is left; false if there are more, or none (a contradiction). */
bool ob_set_known(ob_set_mask mask, ob_set *set);

#endif
