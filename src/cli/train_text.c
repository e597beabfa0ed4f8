/* SPDX-License-Identifier: Apache-2.0 */
/* Texts as examples: windows of sparse rows, and wraps around them. */
#include "cli/train.h"

#include <math.h>
#include <stdlib.h>

typedef struct maker {
    ob_examples *all;
    ob_example *example;
    ob_train_window windows[OB_TRAIN_WINDOWS_MAX];
    uint32_t *gathered; /* features of all windows */
    size_t gathered_count;
    size_t gathered_cap;
    ob_err *err;
} maker;

static int by_slot(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* Sorts slots and makes numbers of how often each is there: count / sqrt(all). plain: 1 a time. */
static bool make_sparse(uint32_t *slots, size_t count, bool plain, ob_arena *arena, ob_sparse *out,
                        ob_err *err)
{
    size_t different = 0;
    qsort(slots, count, sizeof *slots, by_slot);
    for (size_t i = 0; i < count; i++) {
        different += i == 0 || slots[i] != slots[i - 1];
    }
    uint32_t *at = OB_NEW(arena, uint32_t, different, err);
    float *values = OB_NEW(arena, float, different, err);
    if (at == NULL || values == NULL) {
        return false;
    }
    double share = plain ? 1 : 1 / sqrt((double)count);
    size_t k = 0;
    for (size_t i = 0; i < count;) {
        size_t begin = i;
        while (i < count && slots[i] == slots[begin]) {
            i++;
        }
        at[k] = slots[begin];
        values[k++] = (float)((double)(i - begin) * share);
    }
    *out = (ob_sparse){.slots = at, .values = values, .count = different};
    return true;
}

static bool gather(maker *m, const uint32_t *slots, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!ob_array_grow((void **)&m->gathered, &m->gathered_cap, m->gathered_count,
                           sizeof *m->gathered, (size_t)64 << 20, m->err)) {
            return false;
        }
        m->gathered[m->gathered_count++] = slots[i];
    }
    return true;
}

static bool on_window(void *ctx, const obi_window *window)
{
    maker *m = ctx;
    uint32_t slots[OBI_MODEL_FEATURES_MAX];
    uint32_t words[OBI_WINDOW_WORDS];
    if (m->example->count >= OB_TRAIN_WINDOWS_MAX) {
        return true;
    }
    ob_train_window *made = &m->windows[m->example->count];
    size_t count = obi_model_features(window, slots);
    for (size_t i = 0; i < count; i++) {
        slots[i] = obi_model_slot(slots[i], OB_TRAIN_BITS);
    }
    for (size_t i = 0; i < window->count; i++) {
        words[i] = obi_model_slot(window->words[i].hash, OB_TRAIN_GATE);
    }
    ob_arena *arena = &m->all->arena;
    if (!gather(m, slots, count) || !make_sparse(slots, count, false, arena, &made->x, m->err) ||
        !make_sparse(words, window->count, true, arena, &made->words, m->err)) {
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
    if (!ob_train_windows(text, on_window, m)) {
        return false;
    }
    example->windows = OB_NEW(arena, ob_train_window, example->count, m->err);
    if (example->windows == NULL) {
        return false;
    }
    memcpy(example->windows, m->windows, example->count * sizeof *m->windows);
    m->all->windows += example->count;
    return example->count == 0 ||
           make_sparse(m->gathered, m->gathered_count, false, arena, &example->whole, m->err);
}

static bool add_row(maker *m, const ob_labelled_row *row, ob_span seed, unsigned folds)
{
    OB_AUTO(ob_buf) wrapped = {.max = (size_t)64 << 20};
    ob_rng rng;
    if (!ob_rng_init(&rng, seed, row->text, m->err)) {
        return false;
    }
    unsigned fold = (unsigned)ob_rng_below(&rng, folds);
    ob_train_wrap(&wrapped, row->text, row->lang, ob_rng_u64(&rng));
    if (!ob_buf_check(&wrapped, "a text in its wrap", m->err)) {
        return false;
    }
    const ob_span texts[OB_TRAIN_FORMS] = {row->text, ob_buf_span(&wrapped)};
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
