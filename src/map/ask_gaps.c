/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gaps: which topics a body has no text on. A cell is one topic, one sort of text, one body with
 * those below it. What is found there is counted; where nothing is, titles are looked through for
 * the words of the topic, since somebody may have forgotten to give a text its topic.
 */
#include "map/ask_words.h"

#include <string.h>

const char *const ob_gap_state_names[OB_GAP_STATES] = {"covered", "planned", "unsure", "gap",
                                                       "stale"};

typedef struct tally {
    uint32_t texts;
    uint32_t work;
    ob_day read;
} tally;

/* Activities that may belong to a cell, one behind the other. */
typedef struct likely {
    uint32_t activity;
    uint32_t next; /* number + 1; 0: none */
} likely;

typedef struct work {
    const ob_ask *ask;
    tally *tallies;      /* [topic][sort][body] */
    uint32_t *looked_at; /* [sort][body] */
    bool *used;          /* bodies with at least one activity of their own */
    const ob_sort *sorts;
    likely *likely; /* heap */
    size_t likely_count;
    size_t likely_cap;
    uint32_t *likely_of; /* [topic][sort][body]: the last one, number + 1 */
    ob_span *words;
} work;

static size_t cell_of(const ob_map *m, uint32_t topic, ob_sort sort, uint32_t body)
{
    return ((size_t)topic * OB_SORTS + (size_t)sort) * m->bodies_count + body;
}

static void count_one(work *w, uint32_t number)
{
    const ob_map *m = w->ask->map;
    const ob_activity *a = &m->activities[number];
    ob_sort sort = w->sorts[number];
    ob_day read = ob_map_age(m, a);
    if (a->body != OB_NONE) {
        w->used[a->body] = true;
    }
    for (uint32_t b = a->body; b != OB_NONE; b = m->bodies[b].parent) {
        w->looked_at[(size_t)sort * m->bodies_count + b]++;
        for (size_t i = 0; i < a->topics_count && ob_activity_is_live(a); i++) {
            tally *t = &w->tallies[cell_of(m, a->topics[i], sort, b)];
            t->texts += !ob_activity_is_open(a);
            t->work += ob_activity_is_open(a);
            t->read = read > t->read ? read : t->read;
        }
    }
}

/* Words of a topic's id, of three letters and more: "federated learning". */
static bool topic_words(work *w, uint32_t topic, ob_err *err)
{
    OB_AUTO(ob_buf) out = {.max = 4096};
    char word[OBI_WORD_MAX];
    size_t length = 0;
    ob_span id = w->ask->map->topics[topic].id;
    for (size_t at = 0; obi_next_word(id, &at, word, &length);) {
        if (out.len > 0) {
            ob_buf_add_char(&out, ' ');
        }
        ob_buf_add(&out, (ob_span){word, length});
    }
    return ob_buf_check(&out, "a topic", err) &&
           ob_arena_dup(w->ask->arena, ob_buf_span(&out), &w->words[topic], err);
}

/* Does a title have a word that begins like this one? "agent" is also found in "agentic". */
static bool title_has(const obi_words *words, uint32_t activity, ob_span word)
{
    for (uint32_t i = words->first[activity]; i < words->first[activity + 1]; i++) {
        ob_span text = words->words[words->numbers[i]].text;
        if (ob_span_is(text, word) || (word.len >= 5 && ob_span_has_prefix(text, word))) {
            return true;
        }
    }
    return false;
}

static bool title_has_all(const obi_words *words, uint32_t activity, ob_span topic)
{
    ob_span word = {0};
    while (ob_span_cut(&topic, ' ', &word)) {
        if (word.len >= 3 && !title_has(words, activity, word)) {
            return false;
        }
    }
    return true;
}

/* Into the cells of its body and of those above it. */
static bool add_likely(work *w, uint32_t topic, uint32_t activity, ob_err *err)
{
    const ob_map *m = w->ask->map;
    for (uint32_t b = m->activities[activity].body; b != OB_NONE; b = m->bodies[b].parent) {
        void *items = w->likely;
        if (!ob_array_grow(&items, &w->likely_cap, w->likely_count, sizeof *w->likely,
                           UINT32_MAX / 2, err)) {
            return false;
        }
        w->likely = items;
        uint32_t *last = &w->likely_of[cell_of(m, topic, w->sorts[activity], b)];
        w->likely[w->likely_count++] = (likely){activity, *last};
        *last = (uint32_t)w->likely_count;
    }
    return true;
}

/* The titles to look at are those with a word that matches the topic's first long one. */
static void look_at_titles(const work *w, const obi_words *words, uint32_t topic, bool *seen)
{
    const ob_map *m = w->ask->map;
    ob_span rest = w->words[topic];
    ob_span word = {0};
    do {
        if (!ob_span_cut(&rest, ' ', &word)) {
            return;
        }
    } while (word.len < 3);
    for (uint32_t n = 0; n < words->count; n++) {
        ob_span text = words->words[n].text;
        if (!ob_span_is(text, word) && (word.len < 5 || !ob_span_has_prefix(text, word))) {
            continue;
        }
        for (uint32_t i = words->titles_first[n]; i < words->titles_first[n + 1]; i++) {
            const ob_activity *a = &m->activities[words->titles[i]];
            seen[words->titles[i]] = ob_activity_is_live(a) && !ob_activity_has_topic(a, topic) &&
                                     title_has_all(words, words->titles[i], w->words[topic]);
        }
    }
}

/* Those titles, and what has the topic and may be open work as well as none. */
static bool find_likely(work *w, const obi_words *words, uint32_t topic, bool *seen, ob_err *err)
{
    const ob_map *m = w->ask->map;
    (void)memset(seen, 0, m->inside_count * sizeof *seen);
    look_at_titles(w, words, topic, seen);
    /* From the back, so that each chain begins with the lowest number. */
    for (uint32_t i = m->inside_count; i-- > 0;) {
        const ob_activity *a = &m->activities[i];
        bool unknown = a->state == OB_STATE_UNKNOWN && ob_activity_has_topic(a, topic);
        if ((seen[i] || unknown) && !add_likely(w, topic, i, err)) {
            return false;
        }
    }
    return true;
}

static bool likely_in(const work *w, ob_gap_cell *cell, ob_err *err)
{
    uint32_t start = w->likely_of[cell_of(w->ask->map, cell->topic, cell->sort, cell->body)];
    for (uint32_t at = start; at != 0; at = w->likely[at - 1].next) {
        cell->likely_count++;
    }
    if (start == 0) {
        return true;
    }
    uint32_t *list = OB_NEW(w->ask->arena, uint32_t, cell->likely_count, err);
    size_t used = 0;
    for (uint32_t at = start; list != NULL && at != 0; at = w->likely[at - 1].next) {
        list[used++] = w->likely[at - 1].activity;
    }
    cell->likely = list;
    return list != NULL;
}

static bool fill(const work *w, ob_gap_cell *cell, ob_err *err)
{
    const ob_map *m = w->ask->map;
    const tally *t = &w->tallies[cell_of(m, cell->topic, cell->sort, cell->body)];
    cell->texts = t->texts;
    cell->work = t->work;
    cell->looked_at = w->looked_at[(size_t)cell->sort * m->bodies_count + cell->body];
    /* What was found is as old as its own reading; that nothing was, as the records of the body. */
    cell->data_day = t->texts + t->work > 0 ? t->read : m->bodies[cell->body].data_day;
    cell->age_days = ob_age_days(m, cell->data_day);
    bool fresh = cell->age_days >= 0 && cell->age_days <= (int64_t)w->ask->fresh_days;
    if (cell->texts + cell->work == 0 && !likely_in(w, cell, err)) {
        return false;
    }
    cell->state = !fresh                   ? OB_GAP_STALE
                  : cell->texts > 0        ? OB_GAP_COVERED
                  : cell->work > 0         ? OB_GAP_PLANNED
                  : cell->likely_count > 0 ? OB_GAP_UNSURE
                                           : OB_GAP_EMPTY;
    return true;
}

static bool wanted(const work *w, uint32_t body)
{
    return w->ask->body == OB_NONE ? w->used[body] : body == w->ask->body;
}

static bool make_cells(const work *w, int sort, ob_gaps *gaps, ob_err *err)
{
    const ob_map *m = w->ask->map;
    size_t most = (size_t)m->topics_count * OB_SORTS * m->bodies_count;
    ob_gap_cell *cells = OB_NEW(w->ask->arena, ob_gap_cell, most + 1, err);
    if (cells == NULL) {
        return false;
    }
    for (uint32_t t = 0; t < m->topics_count; t++) {
        for (int s = 0; s < OB_SORTS; s++) {
            bool sorted = sort == OB_SORTS ? s != OB_SORT_OTHER : s == sort;
            for (uint32_t b = 0; sorted && b < m->bodies_count; b++) {
                if ((w->ask->topic != OB_NONE && w->ask->topic != t) || !wanted(w, b)) {
                    continue;
                }
                ob_gap_cell *cell = &cells[gaps->count++];
                *cell = (ob_gap_cell){.topic = t, .sort = (ob_sort)s, .body = b};
                if (!fill(w, cell, err)) {
                    return false;
                }
                gaps->states[cell->state]++;
            }
        }
    }
    gaps->cells = cells;
    return true;
}

static bool prepare(work *w, bool **seen, ob_err *err)
{
    const ob_map *m = w->ask->map;
    ob_arena *arena = w->ask->arena;
    size_t cells = (size_t)m->topics_count * OB_SORTS * m->bodies_count;
    w->tallies = OB_NEW(arena, tally, cells + 1, err);
    w->looked_at = OB_NEW(arena, uint32_t, (size_t)OB_SORTS * m->bodies_count + 1, err);
    w->used = OB_NEW(arena, bool, (size_t)m->bodies_count + 1, err);
    w->words = OB_NEW(arena, ob_span, (size_t)m->topics_count + 1, err);
    w->likely_of = OB_NEW(arena, uint32_t, cells + 1, err);
    *seen = OB_NEW(arena, bool, (size_t)m->inside_count + 1, err);
    return w->tallies != NULL && w->looked_at != NULL && w->used != NULL && w->words != NULL &&
           w->likely_of != NULL && *seen != NULL && obi_sorts_make(&w->sorts, arena, m, err);
}

static bool answer(work *w, int sort, ob_gaps *gaps, ob_err *err)
{
    const ob_map *m = w->ask->map;
    obi_words words = {0};
    bool *seen = NULL;
    if (!prepare(w, &seen, err) || !obi_words_make(&words, w->ask->arena, m, err)) {
        return false;
    }
    for (uint32_t i = 0; i < m->inside_count; i++) {
        count_one(w, i);
    }
    for (uint32_t t = 0; t < m->topics_count; t++) {
        if (!topic_words(w, t, err) || !find_likely(w, &words, t, seen, err)) {
            return false;
        }
    }
    gaps->words = w->words;
    return make_cells(w, sort, gaps, err);
}

bool ob_ask_gaps(const ob_ask *ask, int sort, ob_gaps *gaps, ob_err *err)
{
    work w = {.ask = ask};
    ob_gaps made = {0};
    bool good = answer(&w, sort, &made, err);
    ob_mem_free(w.likely);
    if (good) {
        *gaps = made;
    }
    return good;
}
