/* SPDX-License-Identifier: Apache-2.0 */
/* Looks at one segment: the families, once over the text and once over each view in which an
 * encoding was undone. */
#include "detect/codings.h"
#include "detect/scanner.h"
#include "detect/unhide.h"

static const obi_family families[] = {
#define OB_FAMILY(name, needs) {obi_find_##name, (needs)},
#include "detect/families.def"
#undef OB_FAMILY
};

static void run_families(obi_scan *scan)
{
    unsigned wanted = 0; /* no branch for each: which one is wanted cannot be guessed */
    for (unsigned i = 0; i < OB_COUNT(families); i++) {
        wanted |= (unsigned)((families[i].needs & scan->seen) != 0) << i;
    }
    for (; wanted != 0; wanted &= wanted - 1) {
        families[__builtin_ctz(wanted)].find(scan);
    }
}

/* The letters and digits of text; at most cap. */
static size_t plain(ob_span text, char *out, size_t cap)
{
    size_t len = 0;
    for (size_t i = 0; i < text.len && len < cap; i++) {
        char c = text.ptr[i];
        if (obi_is_alnum(c) || (unsigned char)c >= 0x80) {
            out[len++] = obi_lower(c);
        }
    }
    return len;
}

bool obi_is_exempt(const ob_scan_options *options, ob_span value)
{
    OB_UNSET char mine[OB_HOLD_MAX];
    OB_UNSET char theirs[1024];
    size_t len = plain(value, mine, sizeof mine);
    for (size_t i = 0; i < options->exempt_count; i++) {
        size_t all_len = plain(options->exempt[i], theirs, sizeof theirs);
        ob_span all = {theirs, all_len};
        if (len > 0 && ob_span_find(all, (ob_span){mine, len}, 0) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

/* Drops what is not asked for or may stand in the text. */
static void drop(const ob_scanner *scanner, obi_scan *scan)
{
    size_t kept = 0;
    for (size_t i = 0; i < scan->count; i++) {
        const obi_candidate *found = &scan->found[i];
        if (found->score >= scanner->options.min_score &&
            (scanner->kinds == NULL || scanner->kinds[found->kind]) &&
            (scanner->options.exempt_count == 0 ||
             !obi_is_exempt(&scanner->options,
                            ob_span_sub(scan->text, found->start, found->end)))) {
            scan->found[kept++] = *found;
        }
    }
    scan->count = kept;
}

/* Brings a candidate of a view home, unless the text itself has the same. */
static void bring(obi_scan *scan, const ob_view *view, const obi_candidate *found)
{
    size_t first = 0;
    size_t behind = 0;
    ob_view_place(view, found->start, found->end, &first, &behind);
    first = first < scan->from ? scan->from : first;
    while ((view->steps & OBI_STEP(base64)) != 0 && behind < scan->text.len &&
           scan->text.ptr[behind] == '=') {
        behind++; /* its padding stands for nothing by itself */
    }
    if (first >= behind || scan->count == OBI_FOUND_MAX) {
        return;
    }
    for (size_t i = 0; i < scan->count; i++) {
        const obi_candidate *other = &scan->found[i];
        if (other->start == first && other->end == behind && other->kind == found->kind &&
            other->score >= found->score) {
            return;
        }
    }
    obi_candidate *copy = &scan->found[scan->count++];
    *copy = *found;
    copy->start = (uint32_t)first;
    copy->end = (uint32_t)behind;
    copy->steps = view->steps | found->steps;
    /* How a hidden value goes on, nobody can tell from the outside: with the word it is in. */
    copy->tail =
        found->tail != OBI_TAIL_NONE && behind == scan->text.len && (scan->seen & OBI_SEEN_CUT) != 0
            ? OBI_TAIL_WORD
            : OBI_TAIL_NONE;
}

/* Where the segment begins in a view. */
static size_t view_from(const ob_view *view, size_t from)
{
    if (view->map[0] > view->map[view->text.len]) {
        return 0; /* turned round */
    }
    size_t low = 0;
    for (size_t high = view->text.len; low < high;) {
        size_t middle = (low + high) / 2;
        if (view->map[middle] < from) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool look_behind(ob_scanner *scanner, ob_err *err)
{
    obi_scan *scan = &scanner->scan;
    obi_scan *inner = &scanner->view;
    ob_views views = {0};
    OB_UNSET obi_literal literals[64];
    ob_arena_reset(&scanner->arena);
    if (!obi_unhide(scan, &scanner->arena, &views, err)) {
        return false;
    }
    for (size_t i = 1; i < views.count; i++) {
        const ob_view *view = &views.items[i];
        size_t count = 0;
        inner->text = view->text;
        inner->from = view_from(view, scan->from);
        inner->next = scan->next;
        inner->seen = ~(unsigned)(OBI_SEEN_FOLDS | OBI_SEEN_CODED | OBI_SEEN_CUT | OBI_SEEN_REST);
        inner->steps = view->steps;
        inner->count = 0;
        inner->cue_at = SIZE_MAX;
        inner->tally.counted = false;
        inner->literals = literals;
        (void)obi_rules_scan(scanner->detector, scanner->scratch, view->text, literals,
                             OB_COUNT(literals), &count);
        inner->literal_count = count;
        run_families(inner);
        drop(scanner, inner);
        for (size_t k = 0; k < inner->count; k++) {
            bring(scan, view, &inner->found[k]);
        }
    }
    return true;
}

bool obi_examine(ob_scanner *scanner, ob_span text, const obi_segment *segment, ob_err *err)
{
    obi_scan *scan = &scanner->scan;
    size_t left = segment->start < OBI_LEFT_MAX ? 0 : segment->start - OBI_LEFT_MAX;
    while (left < segment->start && ((unsigned char)text.ptr[left] & 0xc0) == 0x80) {
        left++;
    }
    scan->text = ob_span_sub(text, left, segment->end);
    scan->from = segment->start - left;
    scan->next = (segment->seen & OBI_SEEN_CUT) != 0 ? 'x'
                 : segment->end < text.len           ? text.ptr[segment->end]
                                                     : '\0';
    scan->seen = segment->seen;
    scan->steps = 0;
    scan->count = 0;
    scan->cue_at = SIZE_MAX;
    scan->tally.counted = false;
    scan->literals = scanner->literals + segment->first;
    scan->literal_count = segment->behind - segment->first;
    for (size_t i = segment->first; i < segment->behind; i++) {
        scanner->literals[i].start =
            (uint32_t)(scanner->literals[i].start + scanner->lexer.literal_base - left);
        scanner->literals[i].end =
            (uint32_t)(scanner->literals[i].end + scanner->lexer.literal_base - left);
    }
    run_families(scan);
    drop(scanner, scan);
    if ((scan->seen & (OBI_SEEN_FOLDS | OBI_SEEN_CODED)) != 0 && !look_behind(scanner, err)) {
        return false;
    }
    if (scan->count > 0) {
        obi_scan_settle(scan);
    }
    return true;
}
