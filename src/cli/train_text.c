/* SPDX-License-Identifier: Apache-2.0 */
/* Texts as examples: windows of sparse rows, and wraps around them. */
#include "cli/train.h"

#include <math.h>
#include <stdlib.h>

/* How often a neighbour is looked for, and how long it may be. */
#define NEAR_TRIES 40
#define NEAR_BYTES 200

/* A slot, and how much it counts. */
typedef struct entry {
    uint32_t slot;
    uint32_t counts;
} entry;

typedef struct maker {
    const ob_labelled_rows *rows;
    ob_train_reader reader;
    ob_examples *all;
    ob_example *example;
    ob_train_window windows[OB_TRAIN_WINDOWS_MAX];
    entry *gathered; /* features of all windows */
    size_t gathered_count;
    size_t gathered_cap;
    size_t gathered_squares;
    obi_features features;
    entry entries[OBI_MODEL_FEATURES_MAX];
    ob_err *err;
} maker;

static int by_slot(const void *a, const void *b)
{
    const entry *left = a;
    const entry *right = b;
    return (left->slot > right->slot) - (left->slot < right->slot);
}

/* Sorts entries and adds up those of one slot; each sum is divided by length. */
static bool make_sparse(entry *entries, size_t count, double length, ob_arena *arena,
                        ob_sparse *out, ob_err *err)
{
    size_t different = 0;
    qsort(entries, count, sizeof *entries, by_slot);
    for (size_t i = 0; i < count; i++) {
        different += i == 0 || entries[i].slot != entries[i - 1].slot;
    }
    uint32_t *at = OB_NEW(arena, uint32_t, different, err);
    float *values = OB_NEW(arena, float, different, err);
    if (at == NULL || values == NULL) {
        return false;
    }
    size_t k = 0;
    for (size_t i = 0; i < count;) {
        uint32_t sum = 0;
        at[k] = entries[i].slot;
        for (; i < count && entries[i].slot == at[k]; i++) {
            sum += entries[i].counts;
        }
        values[k++] = (float)(sum / length);
    }
    *out = (ob_sparse){.slots = at, .values = values, .count = different};
    return true;
}

static bool gather(maker *m, const entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!ob_array_grow((void **)&m->gathered, &m->gathered_cap, m->gathered_count,
                           sizeof *m->gathered, (size_t)64 << 20, m->err)) {
            return false;
        }
        m->gathered[m->gathered_count++] = entries[i];
    }
    return true;
}

static bool on_window(void *ctx, const obi_window *window, const obi_meaning *meaning,
                      unsigned weight)
{
    maker *m = ctx;
    (void)weight;
    entry words[2 * OBI_WINDOW_WORDS];
    obi_features *f = &m->features;
    if (m->example->count >= OB_TRAIN_WINDOWS_MAX) {
        return true;
    }
    ob_train_window *made = &m->windows[m->example->count];
    obi_model_features(window, meaning, f);
    for (size_t i = 0; i < f->count; i++) {
        m->entries[i] = (entry){.slot = obi_model_slot(f->hashes[i], OB_TRAIN_BITS),
                                .counts = i < f->heavy ? OBI_MODEL_HEAVY : 1};
    }
    for (size_t i = 0; i < window->count; i++) {
        uint32_t before = i == 0 ? 0 : window->words[i - 1].hash;
        uint32_t hash = window->words[i].hash;
        words[2 * i] = (entry){obi_model_gate_slot(hash, OB_TRAIN_GATE), 1};
        words[2 * i + 1] = (entry){obi_model_gate_pair(before, hash, OB_TRAIN_GATE), 1};
    }
    ob_arena *arena = &m->all->arena;
    double length = sqrt((double)obi_model_squares(f->count, f->heavy));
    m->gathered_squares += obi_model_squares(f->count, f->heavy);
    if (!gather(m, m->entries, f->count) ||
        !make_sparse(m->entries, f->count, length, arena, &made->x, m->err) ||
        !make_sparse(words, 2 * window->count, 1, arena, &made->words, m->err)) {
        return false;
    }
    made->lang = window->lang;
    m->example->count++;
    return true;
}

static bool make_example(maker *m, ob_span text, ob_example *example)
{
    ob_arena *arena = &m->all->arena;
    m->example = example;
    m->gathered_count = 0;
    m->gathered_squares = 0;
    if (!ob_train_read(&m->reader, text)) {
        return false;
    }
    example->windows = OB_NEW(arena, ob_train_window, example->count, m->err);
    if (example->windows == NULL) {
        return false;
    }
    memcpy(example->windows, m->windows, example->count * sizeof *m->windows);
    m->all->windows += example->count;
    return example->count == 0 ||
           make_sparse(m->gathered, m->gathered_count, sqrt((double)m->gathered_squares), arena,
                       &example->whole, m->err);
}

/* A text as people write: what they want stands between other things. */
static void add_neighbours(ob_buf *out, const maker *m, const ob_labelled_row *row, ob_rng *rng)
{
    const ob_labelled_row *near[2] = {NULL, NULL};
    for (unsigned tries = 0; tries < 2 * NEAR_TRIES; tries++) {
        const ob_labelled_row *other = &m->rows->items[ob_rng_below(rng, m->rows->count)];
        const ob_labelled_row **place = &near[tries / NEAR_TRIES];
        if (*place == NULL && !other->attack && other->text.len <= NEAR_BYTES &&
            ob_span_is(other->lang, row->lang) && other->text.ptr != row->text.ptr) {
            *place = other;
        }
    }
    for (unsigned i = 0; i < 2; i++) {
        if (near[i] != NULL) {
            ob_buf_add(out, ob_span_trim(near[i]->text));
            ob_buf_add_char(out, ' ');
        }
        if (i == 0) {
            ob_buf_add(out, ob_span_trim(row->text));
            ob_buf_add_char(out, ' ');
        }
    }
}

static bool add_row(maker *m, const ob_labelled_row *row, ob_span seed, unsigned folds)
{
    OB_AUTO(ob_buf) wrapped = {.max = (size_t)64 << 20};
    OB_AUTO(ob_buf) between = {.max = (size_t)64 << 20};
    ob_rng rng;
    if (!ob_rng_init(&rng, seed, row->text, m->err)) {
        return false;
    }
    unsigned fold = (unsigned)ob_rng_below(&rng, folds);
    ob_train_wrap(&wrapped, row->text, row->lang, ob_rng_u64(&rng));
    add_neighbours(&between, m, row, &rng);
    if (!ob_buf_check(&wrapped, "a text in its wrap", m->err) ||
        !ob_buf_check(&between, "a text between others", m->err)) {
        return false;
    }
    const ob_span texts[OB_TRAIN_FORMS] = {row->text, ob_buf_span(&wrapped), ob_buf_span(&between)};
    for (size_t i = 0; i < OB_TRAIN_FORMS; i++) {
        ob_example *example = &m->all->items[m->all->count];
        *example = (ob_example){.attack = row->attack, .fold = fold};
        if (!make_example(m, texts[i], example)) {
            return false;
        }
        /* What has no word, or no letter that the reader knows, teaches nothing. */
        m->all->count += example->count > 0;
    }
    return true;
}

bool ob_examples_make(ob_examples *examples, const ob_labelled_rows *rows, ob_span seed,
                      ob_err *err)
{
    *examples = (ob_examples){.arena = {.cap = (size_t)8 << 30}};
    maker *m = OB_NEW(&examples->arena, maker, 1, err);
    examples->items = OB_NEW(&examples->arena, ob_example, rows->count * OB_TRAIN_FORMS, err);
    if (m == NULL || examples->items == NULL) {
        return false;
    }
    obi_lexicon *lexicon = NULL;
    if (!obi_lexicon_build(&lexicon, &examples->arena, err)) {
        return false;
    }
    m->reader = (ob_train_reader){.lexicon = lexicon, .look = on_window, .ctx = m};
    m->rows = rows;
    m->all = examples;
    m->err = err;
    bool good = true;
    for (size_t i = 0; i < rows->count && good; i++) {
        good = add_row(m, &rows->items[i], seed, OB_TRAIN_FOLDS);
    }
    ob_mem_free(m->gathered);
    return good;
}

void ob_examples_fini(ob_examples *examples)
{
    ob_arena_fini(&examples->arena);
    *examples = (ob_examples){0};
}
