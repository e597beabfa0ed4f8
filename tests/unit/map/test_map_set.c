/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Set relations against sets: all triples of sets that are not empty, in a world of five elements,
 * must give exactly the table. So nothing in it is missing (it is sound) and nothing too much.
 */
#include "../ob_test.h"

#include "map/set.h"

#define ELEMENTS 5
#define SETS     (1u << ELEMENTS)

static ob_set relation(unsigned a, unsigned b)
{
    if (a == b) {
        return OB_SET_EQUAL;
    }
    unsigned both = a & b;
    return both == 0   ? OB_SET_NONE
           : both == a ? OB_SET_SUBSET
           : both == b ? OB_SET_SUPERSET
                       : OB_SET_INTERSECTS;
}

static void table_is_what_sets_do(void **state)
{
    (void)state;
    ob_set_mask seen[OB_SETS][OB_SETS] = {{0}};
    for (unsigned a = 1; a < SETS; a++) {
        for (unsigned b = 1; b < SETS; b++) {
            assert_int_equal(ob_set_turn(relation(a, b)), relation(b, a));
            for (unsigned c = 1; c < SETS; c++) {
                seen[relation(a, b)][relation(b, c)] |= OB_SET_BIT(relation(a, c));
            }
        }
    }
    for (int i = 0; i < OB_SETS; i++) {
        for (int j = 0; j < OB_SETS; j++) {
            assert_int_equal(ob_set_compose(OB_SET_BIT(i), OB_SET_BIT(j)), seen[i][j]);
        }
    }
}

/* Along a path of any length the true relation is never lost. */
static void paths_keep_the_truth(void **state)
{
    (void)state;
    uint32_t random = 1;
    for (unsigned round = 0; round < 20000; round++) {
        unsigned first = 0;
        unsigned before = 0;
        ob_set_mask mask = OB_SET_BIT(OB_SET_EQUAL);
        for (unsigned step = 0; step < 6; step++) {
            random = random * 1664525u + 1013904223u;
            unsigned next = 1 + (random >> 16) % (SETS - 1);
            if (step > 0) {
                mask = ob_set_compose(mask, OB_SET_BIT(relation(before, next)));
                assert_true((mask & OB_SET_BIT(relation(first, next))) != 0);
            }
            first = step == 0 ? next : first;
            before = next;
        }
    }
}

static void masks_distribute_and_turn(void **state)
{
    (void)state;
    for (unsigned a = 0; a < 32; a++) {
        for (unsigned b = 0; b < 32; b++) {
            ob_set_mask ab = ob_set_compose((ob_set_mask)a, (ob_set_mask)b);
            ob_set_mask turned =
                ob_set_compose(ob_set_turn_mask((ob_set_mask)b), ob_set_turn_mask((ob_set_mask)a));
            assert_int_equal(ob_set_turn_mask(ab), turned);
            for (unsigned c = 0; c < 32; c++) {
                assert_int_equal(ob_set_compose((ob_set_mask)(a | c), (ob_set_mask)b),
                                 ab | ob_set_compose((ob_set_mask)c, (ob_set_mask)b));
                assert_int_equal(
                    ob_set_compose(ab, (ob_set_mask)c),
                    ob_set_compose((ob_set_mask)a, ob_set_compose((ob_set_mask)b, (ob_set_mask)c)));
            }
        }
    }
}

static void one_candidate_is_known(void **state)
{
    (void)state;
    ob_set set = OB_SET_NONE;
    ob_set_mask after = ob_set_compose(OB_SET_BIT(OB_SET_INTERSECTS), OB_SET_BIT(OB_SET_SUBSET));
    assert_false(ob_set_known(after, &set));
    assert_false(ob_set_known(0, &set));
    assert_true(
        ob_set_known(ob_set_compose(OB_SET_BIT(OB_SET_SUBSET), OB_SET_BIT(OB_SET_SUBSET)), &set));
    assert_int_equal(set, OB_SET_SUBSET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_is_what_sets_do),
        cmocka_unit_test(paths_keep_the_truth),
        cmocka_unit_test(masks_distribute_and_turn),
        cmocka_unit_test(one_candidate_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
