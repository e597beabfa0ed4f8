/* SPDX-License-Identifier: Apache-2.0 */
/* A small landscape made by hand, for the tests of questions: no files, and any relations. */
#ifndef OB_TEST_ASK_WORLD_H
#define OB_TEST_ASK_WORLD_H

#include "../ob_test.h"

#include "map/ask.h"

#include <stdlib.h>
#include <string.h>

#define WORLD_BODIES     3 /* 0 and 1 beside each other, 2 below 0 */
#define WORLD_ACTIVITIES 24
#define WORLD_RELATIONS  200
#define WORLD_NODES      (WORLD_BODIES + WORLD_ACTIVITIES)

typedef struct world {
    ob_arena arena;
    ob_map map;
    ob_ask ask;
    ob_topic topics[2];
    ob_body bodies[WORLD_BODIES];
    ob_activity activities[WORLD_ACTIVITIES];
    char ids[WORLD_ACTIVITIES][16];
    ob_relation relations[WORLD_RELATIONS];
    uint32_t first[2][WORLD_NODES + 1];
    uint32_t numbers[2][WORLD_RELATIONS];
    uint32_t seed;
} world;

static inline uint32_t world_pick(world *w, uint32_t below)
{
    w->seed = w->seed * 1664525u + 1013904223u;
    return (w->seed >> 8) % below;
}

static inline void world_make(world *w, uint32_t activities)
{
    ob_arena_fini(&w->arena);
    *w = (world){.seed = w->seed};
    w->topics[0] = (ob_topic){.id = OB_SPAN("agent"), .title = OB_SPAN("Agents")};
    w->topics[1] = (ob_topic){.id = OB_SPAN("iot"), .title = OB_SPAN("Things")};
    w->bodies[0] = (ob_body){
        .id = OB_SPAN("one"), .parent = OB_NONE, .successor = OB_NONE, .data_day = 20261001};
    w->bodies[1] = (ob_body){
        .id = OB_SPAN("two"), .parent = OB_NONE, .successor = OB_NONE, .data_day = 20251001};
    w->bodies[2] =
        (ob_body){.id = OB_SPAN("one-a"), .parent = 0, .successor = OB_NONE, .data_day = 20261001};
    for (uint32_t i = 0; i < activities; i++) {
        (void)snprintf(w->ids[i], sizeof w->ids[i], "D.%u", i);
        w->activities[i] = (ob_activity){.id = ob_span_str(w->ids[i]),
                                         .title = ob_span_str(w->ids[i]),
                                         .kind = OB_SPAN("Recommendation"),
                                         .body = OB_NONE,
                                         .state = OB_STATE_PUBLISHED};
    }
    w->map = (ob_map){.as_of = 20261126,
                      .baseline_day = 20261123,
                      .topics = w->topics,
                      .topics_count = 2,
                      .bodies = w->bodies,
                      .bodies_count = WORLD_BODIES,
                      .activities = w->activities,
                      .activities_count = activities,
                      .inside_count = activities,
                      .relations = w->relations,
                      .nodes_count = WORLD_BODIES + activities};
    w->ask = (ob_ask){.map = &w->map,
                      .arena = &w->arena,
                      .body = OB_NONE,
                      .with = OB_NONE,
                      .topic = OB_NONE,
                      .fresh_days = OB_FRESH_DAYS};
}

static inline ob_relation *world_relate(world *w, uint32_t from, uint32_t to, ob_relation_type type)
{
    ob_relation *r = &w->relations[w->map.relations_count++];
    *r = (ob_relation){.from = from, .to = to, .type = type, .strength = -1};
    return r;
}

/* The edges, once all relations are there. */
static inline void world_close(world *w)
{
    for (int in = 0; in < 2; in++) {
        uint32_t used = 0;
        for (uint32_t node = 0; node < w->map.nodes_count; node++) {
            w->first[in][node] = used;
            for (uint32_t i = 0; i < w->map.relations_count; i++) {
                const ob_relation *r = &w->relations[i];
                if ((in == 1 ? r->to : r->from) == node) {
                    w->numbers[in][used++] = i;
                }
            }
        }
        w->first[in][w->map.nodes_count] = used;
    }
    w->map.out = (ob_edges){w->first[0], w->numbers[0]};
    w->map.in = (ob_edges){w->first[1], w->numbers[1]};
}

static inline uint32_t world_node(uint32_t activity)
{
    return WORLD_BODIES + activity;
}

#endif
