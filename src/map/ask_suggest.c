/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suggest: what two documents share, by BM25 over the words of titles, topics and summaries, each
 * word counted once. What a document scores with itself is the measure of what another one scores
 * with it, so that long and short texts compare; a pair gets the mean of both ways. All pairs that
 * share a word are looked at, in arrays: to ask the full-text index for each of 10,000 documents
 * takes minutes. Words that every eighth document has tell little and are left out.
 */
#include "map/ask_words.h"
#include "map/suggest.h"

#include <math.h>
#include <ombud/sys.h>
#include <stdlib.h>
#include <string.h>

enum {
    SUMMARY_MAX = 400, /* bytes of a summary that are looked at */
    COMMON_PART = 8,
    COMMON_LEAST = 40 /* a word of up to so many documents is never a common one */
};

/* As SQLite's FTS5 and most others have them. */
#define K1 1.2
#define B  0.75

typedef struct finder {
    const ob_ask *ask;
    obi_words words;
    double *idf;      /* by word; 0: it does not count */
    double *part;     /* by activity: what its length makes of a word in it */
    double *self;     /* by activity: what it scores with itself */
    double *shared;   /* with the one at hand */
    uint32_t *cursor; /* by word: the first document behind the one at hand */
    uint32_t *touched;
    bool *live;           /* takes part at all */
    ob_suggestion *items; /* heap; the best so far and what came since */
    size_t count;
    size_t cap;
    size_t most;
    double least; /* what is less alike than that is none of the best */
} finder;

static bool take_part(const finder *f, uint32_t one, uint32_t other)
{
    const ob_ask *ask = f->ask;
    const ob_map *m = ask->map;
    const ob_activity *a = &m->activities[one];
    const ob_activity *b = &m->activities[other];
    bool ours = ask->body == OB_NONE || ob_map_body_within(m, a->body, ask->body) ||
                ob_map_body_within(m, b->body, ask->body);
    bool topic = ask->topic == OB_NONE ||
                 (ob_activity_has_topic(a, ask->topic) && ob_activity_has_topic(b, ask->topic));
    return ours && topic && (a->body != b->body || ask->body != OB_NONE);
}

/* Any relation between the two, whatever its state. */
static bool related(const ob_map *m, uint32_t one, uint32_t other)
{
    uint32_t ends[2] = {ob_map_node_of(m, OB_NODE_ACTIVITY, one),
                        ob_map_node_of(m, OB_NODE_ACTIVITY, other)};
    for (int turn = 0; turn < 2; turn++) {
        for (uint32_t i = m->out.first[ends[turn]]; i < m->out.first[ends[turn] + 1]; i++) {
            if (m->relations[m->out.numbers[i]].to == ends[1 - turn]) {
                return true;
            }
        }
    }
    return false;
}

/* Title, topics and summary as one text; a topic is one word. */
static bool text_of(const ob_map *m, ob_arena *arena, uint32_t number, ob_buf *out, ob_span *text,
                    ob_err *err)
{
    const ob_activity *a = &m->activities[number];
    ob_buf_reset(out);
    ob_buf_add(out, a->title);
    for (size_t i = 0; i < a->topics_count; i++) {
        ob_span id = m->topics[a->topics[i]].id;
        ob_buf_add_char(out, ' ');
        for (size_t k = 0; k < id.len; k++) {
            if (id.ptr[k] != '-') {
                ob_buf_add_char(out, id.ptr[k]);
            }
        }
    }
    ob_buf_add_char(out, ' ');
    ob_buf_add(out, ob_span_sub(a->summary, 0, SUMMARY_MAX));
    return ob_buf_check(out, "words", err) && ob_arena_dup(arena, ob_buf_span(out), text, err);
}

static bool make_words(finder *f, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = 1u << 20};
    const ob_map *m = f->ask->map;
    ob_span *texts = OB_NEW(f->ask->arena, ob_span, (size_t)m->inside_count + 1, err);
    for (uint32_t i = 0; texts != NULL && i < m->inside_count; i++) {
        if (m->activities[i].title.len > 0 &&
            !text_of(m, f->ask->arena, i, &text, &texts[i], err)) {
            return false;
        }
    }
    return texts != NULL && obi_words_of(&f->words, f->ask->arena, texts, m->inside_count, err);
}

static bool make_arrays(finder *f, ob_err *err)
{
    ob_arena *arena = f->ask->arena;
    size_t activities = (size_t)f->ask->map->inside_count + 1;
    size_t words = (size_t)f->words.count + 1;
    f->idf = OB_NEW(arena, double, words, err);
    f->cursor = OB_NEW(arena, uint32_t, words, err);
    f->part = OB_NEW(arena, double, activities, err);
    f->self = OB_NEW(arena, double, activities, err);
    f->shared = OB_NEW(arena, double, activities, err);
    f->touched = OB_NEW(arena, uint32_t, activities, err);
    f->live = OB_NEW(arena, bool, activities, err);
    return f->idf != NULL && f->cursor != NULL && f->part != NULL && f->self != NULL &&
           f->shared != NULL && f->touched != NULL && f->live != NULL;
}

static void weigh(finder *f)
{
    const ob_map *m = f->ask->map;
    const obi_words *w = &f->words;
    double all = (double)m->inside_count;
    uint32_t common = m->inside_count / COMMON_PART;
    common = common > COMMON_LEAST ? common : COMMON_LEAST;
    for (uint32_t i = 0; i < w->count; i++) {
        double has = (double)w->words[i].count;
        double idf = log((all - has + 0.5) / (has + 0.5));
        f->idf[i] = w->words[i].count > common || idf <= 0.0 ? 0.0 : idf;
        f->cursor[i] = w->titles_first[i];
    }
    double mean = m->inside_count == 0 ? 1.0 : (double)w->first[m->inside_count] / all;
    for (uint32_t i = 0; i < m->inside_count; i++) {
        const ob_activity *a = &m->activities[i];
        double length = (double)(w->first[i + 1] - w->first[i]);
        f->part[i] = (K1 + 1.0) / (1.0 + K1 * (1.0 - B + B * length / (mean > 0.0 ? mean : 1.0)));
        f->live[i] = ob_activity_is_live(a) && ob_sort_of(a->kind) != OB_SORT_OTHER;
        for (uint32_t n = w->first[i]; n < w->first[i + 1]; n++) {
            f->self[i] += f->idf[w->numbers[n]] * f->part[i];
        }
    }
}

static int most_alike(const void *x, const void *y)
{
    const ob_suggestion *a = x;
    const ob_suggestion *b = y;
    if (a->likeness != b->likeness) {
        return a->likeness > b->likeness ? -1 : 1;
    }
    if (a->activity[0] != b->activity[0]) {
        return a->activity[0] < b->activity[0] ? -1 : 1;
    }
    return a->activity[1] < b->activity[1] ? -1 : a->activity[1] > b->activity[1];
}

/* Leaves the best ones, most alike first. */
static void keep_best(finder *f)
{
    if (f->count > 0) {
        qsort(f->items, f->count, sizeof *f->items, most_alike);
    }
    if (f->count > f->most) {
        f->count = f->most;
        f->least = f->items[f->count - 1].likeness;
    }
}

static bool add(finder *f, uint32_t one, uint32_t other, double likeness, ob_err *err)
{
    void *items = f->items;
    if (f->count >= f->most * 4 + 64) {
        keep_best(f);
    }
    if (!ob_array_grow(&items, &f->cap, f->count, sizeof *f->items, 10000000, err)) {
        return false;
    }
    f->items = items;
    f->items[f->count++] = (ob_suggestion){{one, other}, likeness};
    return true;
}

/* A score over that of a document with itself; a longer text cannot be more alike than that. */
static double ratio(double score, double self)
{
    return self <= 0.0 ? 0.0 : score > self ? 1.0 : score / self;
}

/* All later documents that share a word with this one. */
static bool look(finder *f, uint32_t one, ob_err *err)
{
    const ob_map *m = f->ask->map;
    const obi_words *w = &f->words;
    size_t touched = 0;
    for (uint32_t n = w->first[one]; n < w->first[one + 1]; n++) {
        uint32_t word = w->numbers[n];
        uint32_t end = w->titles_first[word + 1];
        uint32_t at = f->cursor[word];
        while (at < end && w->titles[at] <= one) {
            at++;
        }
        f->cursor[word] = at;
        for (; f->live[one] && f->idf[word] > 0.0 && at < end; at++) {
            uint32_t other = w->titles[at];
            if (f->shared[other] <= 0.0) {
                f->touched[touched++] = other;
            }
            f->shared[other] += f->idf[word];
        }
    }
    for (size_t i = 0; i < touched; i++) {
        uint32_t other = f->touched[i];
        double shared = f->shared[other];
        f->shared[other] = 0.0;
        double likeness = (ratio(shared * f->part[other], f->self[one]) +
                           ratio(shared * f->part[one], f->self[other])) /
                          2.0;
        if (likeness >= f->least && f->live[other] && take_part(f, one, other) &&
            !related(m, one, other) && !add(f, one, other, likeness, err)) {
            return false;
        }
    }
    return true;
}

static bool find(finder *f, ob_err *err)
{
    const ob_map *m = f->ask->map;
    if (!make_words(f, err) || !make_arrays(f, err)) {
        return false;
    }
    weigh(f);
    for (uint32_t i = 0; i < m->inside_count; i++) {
        if (!look(f, i, err)) {
            return false;
        }
    }
    keep_best(f);
    return true;
}

bool ob_ask_suggest(const ob_ask *ask, size_t most, const ob_suggestion **suggestions,
                    size_t *count, ob_err *err)
{
    finder f = {.ask = ask, .most = most, .least = OB_LIKENESS_LEAST};
    bool good = find(&f, err);
    size_t used = f.count;
    ob_suggestion *copy = good ? OB_NEW(ask->arena, ob_suggestion, used + 1, err) : NULL;
    if (copy != NULL && used > 0) {
        (void)memcpy(copy, f.items, used * sizeof *copy);
    }
    ob_mem_free(f.items);
    if (copy != NULL) {
        *suggestions = copy;
        *count = used;
    }
    return copy != NULL;
}
