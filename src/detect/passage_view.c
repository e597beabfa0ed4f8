/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows in which hiding is undone. What folding undoes (full width, look-alikes, invisible
 * characters, tags) and leet are words to the reader already; here it is what turns a whole stretch
 * into something else.
 */
#include "detect/codings.h"
#include "detect/lexicon.h"

#define VIEWS_MAX 12

#define CODES                                                                                   \
    (OBI_STEP(base64) | OBI_STEP(hex) | OBI_STEP(percent) | OBI_STEP(html) | OBI_STEP(escape) | \
     OBI_STEP(spacing) | OBI_STEP(variation) | OBI_STEP(bidi) | OBI_STEP(zero_width))

/* From so many words on. */
enum {
    PERCENT_MIN = 6,
    ENTITY_MIN = 6,
    ESCAPE_MIN = 4,
    SINGLE_MIN = 8,
    HIDDEN_MIN = 1,
    TURNED_MIN = 2,
    MIXED_MIN = 2
};

bool obi_gather_may_be_odd(const obi_gather *g)
{
    uint64_t single = g->single;
    for (unsigned i = 1; i < SINGLE_MIN; i++) {
        single &= single - 1;
    }
    return (g->odd | single) != 0;
}

obi_oddness obi_oddness_of(const obi_gather *g)
{
    obi_oddness shape = {.first = g->count};
    for (uint64_t left = g->odd | g->single; left != 0; left &= left - 1) {
        size_t i = (size_t)__builtin_ctzll(left);
        const obi_token *word = &g->words[i];
        uint32_t gap = word->gap;
        bool run = word->len >= OBI_RUN_LETTERS && (word->flags & OBI_TOKEN_HIGH) == 0 &&
                   (word->flags & OBI_TOKEN_LETTER) != 0;
        bool digits = word->len >= 2 * OBI_RUN_LETTERS;
        shape.runs += run || digits;
        shape.single += word->len == 1 && (word->flags & OBI_TOKEN_LETTER) != 0;
        shape.percent += (gap & OBI_GAP_PERCENT) != 0;
        shape.entity += (gap & OBI_GAP_AND) != 0;
        shape.escape += (gap & OBI_GAP_BACK) != 0;
        shape.hidden += (gap & OBI_GAP_HIDDEN) != 0;
        shape.mixed += gap == OBI_GAP_AT;
        shape.first = shape.first < i ? shape.first : i;
        shape.last = i;
    }
    return shape;
}

bool obi_is_odd(const obi_oddness *shape)
{
    return shape->runs > 0 || shape->percent >= PERCENT_MIN || shape->entity >= ENTITY_MIN ||
           shape->escape >= ESCAPE_MIN || shape->single >= SINGLE_MIN ||
           shape->hidden >= HIDDEN_MIN || shape->turned >= TURNED_MIN || shape->mixed >= MIXED_MIN;
}

/* The best finding in the words of a view. */
static void read_view(const obi_passages *p, const ob_view *view, uint64_t base, ob_hit *best)
{
    obi_gather *g = p->inner;
    obi_reader reader;
    obi_token token;
    size_t pos = 0;
    bool more = true;
    obi_reader_start(&reader);
    obi_gather_start(g, p->model);
    while (more) {
        more = obi_reader_next(&reader, view->text, &pos, true, &token);
        if (g->count > 0 && (!more || obi_gather_ready(g, &token))) {
            obi_window window = obi_gather_window(g);
            window.place = p->place;
            obi_verdict verdict = {0};
            bool seen = obi_window_judge(p, &window, &verdict);
            ob_hit hit = {0};
            obi_verdict_hit(&verdict, p->level, &hit);
            if (seen && hit.score > best->score) {
                size_t first = 0;
                size_t behind = 0;
                ob_view_place(view, (size_t)g->words[verdict.first].start,
                              (size_t)g->words[verdict.last].end, &first, &behind);
                hit.start = base + first;
                hit.end = base + (behind > first ? behind : first + 1);
                hit.steps = view->steps;
                *best = hit;
            }
            obi_gather_shift(g);
        }
        if (more) {
            obi_gather_add(g, p->lexicon, &token, reader.folded);
        }
    }
}

/* Which codings may have been used. */
static uint64_t codings_of(ob_span raw, const obi_oddness *shape, bool *turned)
{
    *turned = shape->turned >= TURNED_MIN;
    uint64_t codes = obi_decode_signs(raw, CODES);
    codes |= shape->mixed >= MIXED_MIN ? OBI_STEP(leet) : 0;
    return codes | (*turned ? OBI_STEP(rot13) | OBI_STEP(reversed) : 0);
}

bool obi_view_judge(obi_passages *p, ob_span raw, uint64_t base, const obi_oddness *shape,
                    ob_hit *hit, ob_err *err)
{
    bool turned = false;
    uint64_t first = raw.len == 0 ? 0 : codings_of(raw, shape, &turned);
    if (first == 0) {
        return true;
    }
    ob_arena_reset(p->arena);
    ob_views all = {.arena = p->arena, .cap = VIEWS_MAX, .most = 4 * raw.len};
    all.items = OB_NEW(p->arena, ob_view, all.cap, err);
    uint32_t *map = OB_NEW(p->arena, uint32_t, raw.len + 1, err);
    if (all.items == NULL || map == NULL) {
        return false;
    }
    for (size_t i = 0; i <= raw.len; i++) {
        map[i] = (uint32_t)i;
    }
    all.items[all.count++] = (ob_view){.text = raw, .map = map};
    uint64_t whole = OBI_STEP(rot13) | OBI_STEP(reversed) | OBI_STEP(leet);
    if (((first & CODES) != 0 && !obi_decode_more(&all, first & CODES, CODES, true, err)) ||
        ((first & whole) != 0 && !obi_decode_more(&all, first & whole, 0, false, err))) {
        return false;
    }
    for (size_t i = 1; i < all.count; i++) {
        read_view(p, &all.items[i], base, hit);
    }
    return true;
}
