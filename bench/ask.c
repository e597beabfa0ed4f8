/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long each question over a landscape takes, loaded once. Prints "NAME SECONDS" lines for
 * scripts/bench: the best of the rounds, in processor time of the thread.
 *
 *   ask LANDSCAPE PACK STORE CATALOGUE
 *
 * paths is the longest one of 200 pairs of documents, up to four steps; sets is what set relations
 * leave between one document and all others.
 */
#include "map/ask.h"
#include "map/suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 5
#define PAIRS  200

static void stop(const ob_err *err)
{
    (void)fprintf(stderr, "ask: %s\n", err->text);
    exit(1);
}

static double worked(void)
{
    struct timespec at = {0};
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

/* One question; rows is what it found, so that nobody measures an empty answer. */
typedef bool question(ob_ask *ask, size_t *rows, ob_err *err);

static bool gaps(ob_ask *ask, size_t *rows, ob_err *err)
{
    ob_gaps found = {0};
    bool good = ob_ask_gaps(ask, OB_SORTS, &found, err);
    *rows = found.count;
    return good;
}

static bool overlaps(ob_ask *ask, size_t *rows, ob_err *err)
{
    ob_overlaps found = {0};
    bool good = ob_ask_overlaps(ask, &found, err);
    *rows = found.subjects_count + found.pairs_count;
    return good;
}

static bool partners(ob_ask *ask, size_t *rows, ob_err *err)
{
    const ob_partner *found = NULL;
    ask->body = 0;
    while (ask->map->bodies[ask->body].parent == OB_NONE) {
        ask->body++;
    }
    bool good = ob_ask_partners(ask, &found, rows, err);
    ask->body = OB_NONE;
    return good;
}

static bool timeline(ob_ask *ask, size_t *rows, ob_err *err)
{
    const ob_event *found = NULL;
    return ob_ask_timeline(ask, 0, 0, &found, rows, err);
}

static bool coverage(ob_ask *ask, size_t *rows, ob_err *err)
{
    ob_coverage found = {0};
    bool good = ob_ask_coverage(ask, OB_NONE, &found, err);
    *rows = found.rows_count + found.unused_count;
    return good;
}

static bool differences(ob_ask *ask, size_t *rows, ob_err *err)
{
    ob_edits found = {0};
    bool good = ob_ask_diff(ask, 20260930, &found, err);
    *rows = found.count;
    return good;
}

static bool suggest(ob_ask *ask, size_t *rows, ob_err *err)
{
    const ob_suggestion *found = NULL;
    return ob_ask_suggest(ask, 1000, &found, rows, err);
}

static bool sets(ob_ask *ask, size_t *rows, ob_err *err)
{
    const ob_map *m = ask->map;
    const ob_set_mask *masks = NULL;
    if (!ob_ask_sets(ask, ob_map_node_of(m, OB_NODE_ACTIVITY, 17), OB_PATH_STEPS, &masks, err)) {
        return false;
    }
    *rows = 0;
    for (uint32_t i = 0; i < m->nodes_count; i++) {
        *rows += masks[i] != OB_SET_ANY;
    }
    return true;
}

static void measure(ob_ask *ask, const char *name, question *put)
{
    double best = 1e9;
    size_t rows = 0;
    for (int i = 0; i < ROUNDS; i++) {
        ob_err err = {0};
        ob_arena arena = {0};
        ask->arena = &arena;
        double start = worked();
        if (!put(ask, &rows, &err)) {
            stop(&err);
        }
        double took = worked() - start;
        best = took < best ? took : best;
        ob_arena_fini(&arena);
    }
    (void)printf("%s %.6f\n# %s: %zu rows\n", name, best, name, rows);
}

/* The longest of many, each the best of three. */
static void paths(ob_ask *ask)
{
    const ob_map *m = ask->map;
    double longest = 0.0;
    size_t ways = 0;
    for (uint32_t i = 0; i < PAIRS; i++) {
        uint32_t from = ob_map_node_of(m, OB_NODE_ACTIVITY, i * 37 % m->inside_count);
        uint32_t to = ob_map_node_of(m, OB_NODE_ACTIVITY, (i * 61 + 5000) % m->inside_count);
        double best = 1e9;
        for (int round = 0; from != to && round < 3; round++) {
            ob_err err = {0};
            ob_arena arena = {0};
            ob_ways found = {0};
            ask->arena = &arena;
            double start = worked();
            if (!ob_ask_path(ask, from, to, OB_PATH_STEPS, &found, &err)) {
                stop(&err);
            }
            double took = worked() - start;
            best = took < best ? took : best;
            ways += round == 0 ? found.count : 0;
            ob_arena_fini(&arena);
        }
        longest = best < 1e9 && best > longest ? best : longest;
    }
    (void)printf("path %.6f\n# path: %zu ways of %d pairs\n", longest, ways, PAIRS);
}

int main(int argc, char **argv)
{
    static ob_arena arena;
    static ob_map map;
    static ob_store store;
    static ob_catalogue catalogue;
    ob_err err = {0};
    ob_buf bytes = {.max = OB_YAML_PACK_MAX};
    ob_yaml_pack pack = {0};
    if (argc != 5) {
        (void)fprintf(stderr, "usage: ask LANDSCAPE PACK STORE CATALOGUE\n");
        return 2;
    }
    ob_catalogue_from wanted = {.folder = argv[4], .profile = OB_SPAN("ics")};
    ob_map_from from = {.folder = argv[1],
                        .pack = &pack,
                        .store = &store,
                        .catalogue = &catalogue,
                        .as_of = 20261126};
    if (!ob_file_read(argv[2], &bytes, &err) || !ob_store_open(&store, argv[3], true, &err) ||
        !ob_catalogue_load(&catalogue, &arena, &wanted, &err)) {
        stop(&err);
    }
    ob_yaml_pack_open(&pack, ob_buf_span(&bytes));
    double start = worked();
    if (!ob_map_load(&map, &arena, &from, &err)) {
        stop(&err);
    }
    (void)printf("# %u documents, %u relations, loaded in %.0f ms\n", map.inside_count,
                 map.relations_count, (worked() - start) * 1e3);
    ob_ask ask = {.map = &map,
                  .body = OB_NONE,
                  .with = OB_NONE,
                  .topic = OB_NONE,
                  .fresh_days = OB_FRESH_DAYS};
    measure(&ask, "gaps", gaps);
    measure(&ask, "overlaps", overlaps);
    measure(&ask, "partners", partners);
    measure(&ask, "coverage", coverage);
    measure(&ask, "timeline", timeline);
    measure(&ask, "diff", differences);
    measure(&ask, "suggest", suggest);
    measure(&ask, "sets", sets);
    paths(&ask);
    ob_store_close(&store);
    ob_arena_fini(&arena);
    ob_buf_fini(&bytes);
    return 0;
}
