/* SPDX-License-Identifier: Apache-2.0 */
/* Ways between documents, against a walk that tries everything; and what set relations prove,
 * against sets. */
#include "ask_world.h"

static world w;

static int make(void **state)
{
    (void)state;
    w.seed = 7;
    world_make(&w, 7);
    return 0;
}

static int fini(void **state)
{
    (void)state;
    ob_arena_fini(&w.arena);
    return 0;
}

/* All sequences of different nodes, the dull way. */
static size_t count_ways(uint32_t node, uint32_t to, size_t left, bool *visited, bool inner)
{
    size_t ways = 0;
    if (node == to) {
        return 1;
    }
    if (left == 0 || (inner && node < WORLD_BODIES)) {
        return 0;
    }
    visited[node] = true;
    for (uint32_t i = 0; i < w.map.relations_count; i++) {
        const ob_relation *r = &w.relations[i];
        uint32_t other = r->from == node ? r->to : r->to == node ? r->from : node;
        if (other != node && !visited[other] && ob_relation_counts(r)) {
            ways += count_ways(other, to, left - 1, visited, true);
        }
    }
    visited[node] = false;
    return ways;
}

/* Ways of two steps through a body. */
static size_t count_body_ways(uint32_t from, uint32_t to)
{
    size_t ways = 0;
    for (uint32_t body = 0; body < WORLD_BODIES; body++) {
        size_t ends[2] = {0, 0};
        for (uint32_t i = 0; i < w.map.relations_count; i++) {
            const ob_relation *r = &w.relations[i];
            bool touches = r->to == body && ob_relation_counts(r);
            ends[0] += touches && r->from == from;
            ends[1] += touches && r->from == to;
        }
        ways += ends[0] * ends[1];
    }
    return ways;
}

static void check_ways(const ob_ways *ways, uint32_t from, uint32_t to, size_t steps)
{
    for (size_t i = 0; i < ways->count; i++) {
        const ob_way *way = &ways->ways[i];
        bool seen[WORLD_NODES] = {false};
        uint32_t at = from;
        assert_true(way->count <= steps && way->count > 0);
        seen[at] = true;
        for (size_t k = 0; k < way->count; k++) {
            const ob_relation *r = &w.relations[way->hops[k].relation];
            assert_int_equal(way->hops[k].back ? r->to : r->from, at);
            at = way->hops[k].back ? r->from : r->to;
            assert_false(seen[at]);
            seen[at] = true;
        }
        assert_int_equal(at, to);
        /* None twice. */
        for (size_t n = 0; n < i; n++) {
            const ob_way *other = &ways->ways[n];
            bool same = other->count == way->count;
            for (size_t k = 0; same && k < way->count; k++) {
                same = other->hops[k].relation == way->hops[k].relation;
            }
            assert_false(same);
        }
    }
}

static void test_no_way_is_lost(void **state)
{
    (void)state;
    ob_err err = {0};
    for (int round = 0; round < 150; round++) {
        world_make(&w, 7);
        uint32_t relations = 4 + world_pick(&w, 16);
        for (uint32_t i = 0; i < relations; i++) {
            uint32_t from = world_node(world_pick(&w, 7));
            uint32_t to = world_pick(&w, 10);
            if (from != to) {
                ob_relation *r = world_relate(
                    &w, from, to, to < WORLD_BODIES ? OB_REL_LIAISON_WITH : OB_REL_REFERENCES);
                r->review = world_pick(&w, 6) == 0 ? OB_REVIEW_REJECTED : OB_REVIEW_STATED;
            }
        }
        world_close(&w);
        uint32_t from = world_node(world_pick(&w, 7));
        uint32_t to = world_node(world_pick(&w, 7));
        size_t steps = 1 + world_pick(&w, 6);
        bool visited[WORLD_NODES] = {false};
        ob_ways ways = {0};
        if (from == to) {
            continue;
        }
        size_t wanted = count_ways(from, to, steps, visited, false) +
                        (steps >= 2 ? count_body_ways(from, to) : 0);
        assert_ok(ob_ask_path(&w.ask, from, to, steps, &ways, &err));
        assert_int_equal(ways.count, wanted);
        check_ways(&ways, from, to, steps);
        /* What says that there are no longer ways is right. */
        size_t all = count_ways(from, to, 7, visited, false) + count_body_ways(from, to);
        assert_true(ways.cut || all == wanted || steps < 2);
    }
}

static void test_ends(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_ways ways = {0};
    world_make(&w, 3);
    world_relate(&w, world_node(0), 1, OB_REL_LIAISON_WITH);
    world_relate(&w, world_node(1), 1, OB_REL_WORK_OF);
    world_relate(&w, world_node(1), world_node(2), OB_REL_RELATED);
    world_close(&w);
    assert_fails(ob_ask_path(&w.ask, 3, 3, 4, &ways, &err), OB_ERR_USAGE, "two different ends");
    assert_fails(ob_ask_path(&w.ask, 3, 4, 9, &ways, &err), OB_ERR_USAGE, "from 1 to 8");
    /* Both touch the body; a way of three steps through it is none. */
    assert_ok(ob_ask_path(&w.ask, world_node(0), world_node(1), 4, &ways, &err));
    assert_int_equal(ways.count, 1);
    assert_ok(ob_ask_path(&w.ask, world_node(0), world_node(2), 4, &ways, &err));
    assert_int_equal(ways.count, 0);
    /* A body may be an end. */
    assert_ok(ob_ask_path(&w.ask, 1, world_node(2), 4, &ways, &err));
    assert_int_equal(ways.count, 1);
    assert_int_equal(ways.ways[0].count, 2);
    assert_false(ways.composed);
}

static ob_set truth(unsigned a, unsigned b)
{
    return a == b         ? OB_SET_EQUAL
           : (a & b) == a ? OB_SET_SUBSET
           : (a & b) == b ? OB_SET_SUPERSET
           : (a & b) != 0 ? OB_SET_INTERSECTS
                          : OB_SET_NONE;
}

/* Documents are sets, relations tell the truth about them: then no answer denies the truth. */
static void test_sets_never_lie(void **state)
{
    (void)state;
    ob_err err = {0};
    size_t proofs = 0;
    for (int round = 0; round < 150; round++) {
        unsigned sets[7];
        world_make(&w, 7);
        for (uint32_t i = 0; i < 7; i++) {
            sets[i] = 1 + world_pick(&w, 31);
        }
        for (int i = 0; i < 9; i++) {
            uint32_t from = world_pick(&w, 7);
            uint32_t to = world_pick(&w, 7);
            if (from != to) {
                ob_relation *r = world_relate(&w, world_node(from), world_node(to), OB_REL_SET);
                r->set = truth(sets[from], sets[to]);
                r->review = OB_REVIEW_REVIEWED;
            }
        }
        world_close(&w);
        const ob_set_mask *masks = NULL;
        assert_ok(ob_ask_sets(&w.ask, world_node(0), 4, &masks, &err));
        for (uint32_t i = 1; i < 7; i++) {
            ob_ways ways = {0};
            ob_set_mask bit = OB_SET_BIT(truth(sets[0], sets[i]));
            assert_ok(ob_ask_path(&w.ask, world_node(0), world_node(i), 4, &ways, &err));
            assert_true((ways.sets & bit) != 0);
            assert_true((masks[world_node(i)] & bit) != 0);
            /* Walks may also turn back, which tells no less. */
            assert_int_equal(masks[world_node(i)] & ways.sets, masks[world_node(i)]);
            proofs += ways.sets == bit;
        }
    }
    assert_true(proofs > 100);
}

static void test_subset_after_intersects(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_ways ways = {0};
    world_make(&w, 3);
    world_relate(&w, world_node(0), world_node(1), OB_REL_SET)->set = OB_SET_INTERSECTS;
    world_relate(&w, world_node(1), world_node(2), OB_REL_SET)->set = OB_SET_SUBSET;
    w.relations[0].review = OB_REVIEW_ACCEPTED;
    w.relations[1].review = OB_REVIEW_PROPOSED;
    world_close(&w);
    assert_ok(ob_ask_path(&w.ask, world_node(0), world_node(2), 4, &ways, &err));
    assert_true(ways.composed);
    assert_int_equal(ways.sets, OB_SET_BIT(OB_SET_SUBSET) | OB_SET_BIT(OB_SET_INTERSECTS));
    assert_int_equal(ways.ways[0].weakest, OB_REVIEW_PROPOSED);
    /* A suggestion is in no answer, and a statement of another kind proves nothing. */
    w.relations[1].review = OB_REVIEW_SUGGESTED;
    assert_ok(ob_ask_path(&w.ask, world_node(0), world_node(2), 4, &ways, &err));
    assert_int_equal(ways.count, 0);
    w.relations[1].review = OB_REVIEW_STATED;
    w.relations[1].type = OB_REL_EQUIVALENT_TO;
    assert_ok(ob_ask_path(&w.ask, world_node(0), world_node(2), 4, &ways, &err));
    assert_false(ways.composed);
    assert_int_equal(ways.sets, OB_SET_ANY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_no_way_is_lost, make, fini),
        cmocka_unit_test_setup_teardown(test_ends, make, fini),
        cmocka_unit_test_setup_teardown(test_sets_never_lie, make, fini),
        cmocka_unit_test_setup_teardown(test_subset_after_intersects, make, fini),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
