/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Of candidates that overlap one stays. The best are taken first, and what overlaps one that was
 * taken is dropped; so the result depends on the candidates alone, not on their order. There are
 * OBI_FOUND_MAX at most: insertion sorts do.
 */
#include "detect/scanner.h"

/* Whether a is to be preferred to b; false for equal ones. */
static bool is_better(const obi_candidate *a, const obi_candidate *b)
{
    if (a->score != b->score) {
        return a->score > b->score;
    }
    uint32_t a_len = a->end - a->start;
    uint32_t b_len = b->end - b->start;
    if (a_len != b_len) {
        return a_len > b_len;
    }
    if (a->kind != b->kind) {
        /* A kind that knows the value tells more than a label in front of it does. */
        bool generic = a->kind == OB_KIND_KEY_GENERIC || b->kind == OB_KIND_KEY_GENERIC;
        return generic ? b->kind == OB_KIND_KEY_GENERIC : a->kind < b->kind;
    }
    if (a->start != b->start) {
        return a->start < b->start;
    }
    return a->tail != b->tail ? a->tail > b->tail : a->steps < b->steps;
}

static void sort_best_first(obi_candidate *found, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        obi_candidate item = found[i];
        size_t at = i;
        for (; at > 0 && is_better(&item, &found[at - 1]); at--) {
            found[at] = found[at - 1];
        }
        found[at] = item;
    }
}

void obi_scan_settle(obi_scan *scan)
{
    if (scan->count < 2) {
        return;
    }
    sort_best_first(scan->found, scan->count);
    obi_candidate *kept = scan->found; /* the first count, by start; what is dropped makes room */
    size_t count = 0;
    for (size_t i = 0; i < scan->count; i++) {
        const obi_candidate item = scan->found[i];
        size_t at = count; /* where it would stand */
        while (at > 0 && kept[at - 1].start > item.start) {
            at--;
        }
        bool free_left = at == 0 || kept[at - 1].end <= item.start;
        bool free_right = at == count || item.end <= kept[at].start;
        if (free_left && free_right) {
            memmove(kept + at + 1, kept + at, (count - at) * sizeof(*kept));
            kept[at] = item;
            count++;
        }
    }
    scan->count = count;
}
