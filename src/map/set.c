/* SPDX-License-Identifier: Apache-2.0 */
#include "map/set.h"

const char *const ob_set_names[OB_SETS] = {"subset", "superset", "equal", "intersects", "none"};

#define SUB  OB_SET_BIT(OB_SET_SUBSET)
#define SUP  OB_SET_BIT(OB_SET_SUPERSET)
#define EQ   OB_SET_BIT(OB_SET_EQUAL)
#define X    OB_SET_BIT(OB_SET_INTERSECTS)
#define NONE OB_SET_BIT(OB_SET_NONE)

/* The composition of the region connection calculus RCC-5 (Bennett 1994) for sets that are not
 * empty: row from A to B, column from B to C. A test derives it from all sets of a small world. */
static const ob_set_mask composed[OB_SETS][OB_SETS] = {
    [OB_SET_SUBSET] = {[OB_SET_SUBSET] = SUB,
                       [OB_SET_SUPERSET] = OB_SET_ANY,
                       [OB_SET_EQUAL] = SUB,
                       [OB_SET_INTERSECTS] = SUB | X | NONE,
                       [OB_SET_NONE] = NONE},
    [OB_SET_SUPERSET] = {[OB_SET_SUBSET] = SUB | SUP | EQ | X,
                         [OB_SET_SUPERSET] = SUP,
                         [OB_SET_EQUAL] = SUP,
                         [OB_SET_INTERSECTS] = SUP | X,
                         [OB_SET_NONE] = SUP | X | NONE},
    [OB_SET_EQUAL] = {[OB_SET_SUBSET] = SUB,
                      [OB_SET_SUPERSET] = SUP,
                      [OB_SET_EQUAL] = EQ,
                      [OB_SET_INTERSECTS] = X,
                      [OB_SET_NONE] = NONE},
    [OB_SET_INTERSECTS] = {[OB_SET_SUBSET] = SUB | X,
                           [OB_SET_SUPERSET] = SUP | X | NONE,
                           [OB_SET_EQUAL] = X,
                           [OB_SET_INTERSECTS] = OB_SET_ANY,
                           [OB_SET_NONE] = SUP | X | NONE},
    [OB_SET_NONE] = {[OB_SET_SUBSET] = SUB | X | NONE,
                     [OB_SET_SUPERSET] = NONE,
                     [OB_SET_EQUAL] = NONE,
                     [OB_SET_INTERSECTS] = SUB | X | NONE,
                     [OB_SET_NONE] = OB_SET_ANY},
};

ob_set ob_set_turn(ob_set set)
{
    switch (set) {
    case OB_SET_SUBSET:
        return OB_SET_SUPERSET;
    case OB_SET_SUPERSET:
        return OB_SET_SUBSET;
    case OB_SET_EQUAL:
    case OB_SET_INTERSECTS:
    case OB_SET_NONE:
        break;
    }
    return set;
}

ob_set_mask ob_set_turn_mask(ob_set_mask mask)
{
    unsigned kept = mask & (unsigned)(EQ | X | NONE);
    unsigned turned = ((mask & SUB) != 0 ? SUP : 0u) | ((mask & SUP) != 0 ? SUB : 0u);
    return (ob_set_mask)(kept | turned);
}

ob_set_mask ob_set_compose(ob_set_mask ab, ob_set_mask bc)
{
    unsigned result = 0;
    for (unsigned i = 0; i < OB_SETS; i++) {
        for (unsigned j = 0; j < OB_SETS; j++) {
            if ((ab >> i & 1) != 0 && (bc >> j & 1) != 0) {
                result |= composed[i][j];
            }
        }
    }
    return (ob_set_mask)result;
}

bool ob_set_known(ob_set_mask mask, ob_set *set)
{
    for (int i = 0; i < OB_SETS; i++) {
        if (mask == OB_SET_BIT(i)) {
            *set = (ob_set)i;
            return true;
        }
    }
    return false;
}
