/* SPDX-License-Identifier: Apache-2.0 */
/* Puts masks in the place of findings, without breaking the text that they stand in. */
#include "evaluate/screen.h"

#define EDITS_MAX ((size_t)1 << 22)
#define SHORTEST                                                                    \
    4 /* a shorter value is not looked for again: it would black out half of a text \
       */

typedef struct edit {
    uint32_t start; /* bytes of the text */
    uint32_t end;
    ob_span mask;
    bool number;
} edit;

typedef struct work {
    ob_screen *screen;
    const ob_screen_own *own;
    ob_arena *arena;
    ob_masked **known;
    obi_parts parts;
    edit *edits; /* heap */
    size_t count;
    size_t cap;
} work;

static bool add_edit(work *w, edit e, ob_err *err)
{
    void *edits = w->edits;
    if (!ob_array_grow(&edits, &w->cap, w->count, sizeof e, EDITS_MAX, err)) {
        return false;
    }
    w->edits = edits;
    w->edits[w->count++] = e;
    return true;
}

/* The first piece that ends behind byte at of the view. */
static size_t piece_at(const obi_screen_view *view, size_t at)
{
    size_t low = 0;
    for (size_t high = view->pieces_count; low < high;) {
        size_t middle = (low + high) / 2;
        if (view->pieces[middle].end <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Bytes start to end of a view are to be masked: in each part of the text that they stand in. */
static bool replace(work *w, const obi_screen_view *view, size_t start, size_t end, ob_span mask,
                    ob_err *err)
{
    for (size_t i = piece_at(view, start); i < view->pieces_count && view->pieces[i].start < end;
         i++) {
        const obi_piece *piece = &view->pieces[i];
        const obi_part *part = &w->parts.items[piece->part];
        size_t from = start > piece->start ? start : piece->start;
        edit e = {.start = part->start, .end = part->end, .mask = mask};
        if (part->kind == OBI_PART_NUMBER) {
            e.number = true;
        } else {
            e.start = view->map == NULL ? (uint32_t)from : view->map[from];
            e.end = end >= piece->end   ? part->end
                    : view->map == NULL ? (uint32_t)end
                                        : view->map[end];
        }
        if (!add_edit(w, e, err)) {
            return false;
        }
        mask = view->joined ? (ob_span){"", 0} : mask;
    }
    return true;
}

static bool mask_found(work *w, const obi_screen_view *view, ob_err *err)
{
    const ob_hit *hits = NULL;
    size_t count = 0;
    if (!ob_screen_find(w->screen, w->own, view->text, &hits, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        ob_span value = ob_span_sub(view->text, (size_t)hits[i].start, (size_t)hits[i].end);
        const ob_hit_kind *kind = ob_detector_kind(w->screen->detector, hits[i].kind);
        ob_span mask = {0};
        bool counts = kind->class_ == OB_HIT_PII || kind->class_ == OB_HIT_SECRET;
        if (counts &&
            (!obi_screen_mask_of(w->screen, w->arena, w->known, value, kind->id, &mask, err) ||
             !replace(w, view, (size_t)hits[i].start, (size_t)hits[i].end, mask, err))) {
            return false;
        }
    }
    return true;
}

static bool is_alnum(ob_span text, size_t at)
{
    char c = at < text.len ? text.ptr[at] : ' ';
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A value that is known stands here, whether or not the detectors would see it. */
static bool mask_known(work *w, const obi_screen_view *view, ob_err *err)
{
    for (const ob_masked *m = *w->known; m != NULL; m = m->next) {
        if (m->value.len < SHORTEST) {
            continue;
        }
        for (size_t at = 0; (at = ob_span_find(view->text, m->value, at)) != SIZE_MAX;) {
            size_t end = at + m->value.len;
            bool within = (at > 0 && is_alnum(view->text, at - 1) && is_alnum(view->text, at)) ||
                          (is_alnum(view->text, end) && is_alnum(view->text, end - 1));
            if (!within && !replace(w, view, at, end, m->mask, err)) {
                return false;
            }
            at = end;
        }
    }
    return true;
}

/* Those with a mask before those without, so that a value that is spread keeps its one mask. */
static int compare(const void *left, const void *right)
{
    const edit *a = left;
    const edit *b = right;
    if (a->start != b->start) {
        return a->start < b->start ? -1 : 1;
    }
    if (a->end != b->end) {
        return a->end > b->end ? -1 : 1;
    }
    return (a->mask.len < b->mask.len) - (a->mask.len > b->mask.len);
}

static bool write_shown(work *w, ob_span *shown, ob_err *err)
{
    ob_span text = w->parts.text;
    OB_AUTO(ob_buf) out = {.max = OB_REPLY_MAX_CEILING * 4};
    size_t behind = 0;
    qsort(w->edits, w->count, sizeof *w->edits, compare);
    for (size_t i = 0; i < w->count;) {
        edit e = w->edits[i];
        for (i++; i < w->count && w->edits[i].start < e.end; i++) {
            e.end = w->edits[i].end > e.end ? w->edits[i].end : e.end;
        }
        ob_buf_add(&out, ob_span_sub(text, behind, e.start));
        ob_buf_add_str(&out, e.number ? "\"" : "");
        ob_buf_add(&out, e.mask);
        ob_buf_add_str(&out, e.number ? "\"" : "");
        behind = e.end;
    }
    ob_buf_add(&out, ob_span_sub(text, behind, text.len));
    return ob_buf_check(&out, "a masked text", err) &&
           ob_arena_dup(w->arena, ob_buf_span(&out), shown, err);
}

static bool mask_all(work *w, ob_span text, ob_span *shown, ob_err *err)
{
    if (!obi_parts_make(&w->parts, &w->screen->arena, text, err)) {
        return false;
    }
    for (size_t i = 0; w->own != NULL && i < w->parts.views_count; i++) {
        if (!mask_found(w, &w->parts.views[i], err)) {
            return false;
        }
    }
    for (size_t i = 0; i < w->parts.views_count; i++) {
        if (!mask_known(w, &w->parts.views[i], err)) {
            return false;
        }
    }
    if (w->count == 0) {
        *shown = text;
        return true;
    }
    return write_shown(w, shown, err);
}

/* Nothing in it can hide a value from a scan of the bytes as they are. */
static bool is_simple(ob_span text)
{
    return memchr(text.ptr, '\\', text.len) == NULL &&
           ob_span_find(text, OB_SPAN("data:"), 0) == SIZE_MAX &&
           ob_span_find(text, OB_SPAN("\n{"), 0) == SIZE_MAX;
}

bool ob_screen_mask(ob_screen *screen, const ob_screen_own *own, ob_arena *arena, ob_masked **known,
                    ob_span text, ob_span *shown, ob_err *err)
{
    const ob_hit *hits = NULL;
    size_t count = 0;
    bool nothing = text.len == 0 || (own == NULL && *known == NULL);
    if (!nothing && *known == NULL && is_simple(text)) {
        if (!ob_screen_find(screen, own, text, &hits, &count, err)) {
            return false;
        }
        nothing = count == 0;
    }
    if (nothing) {
        *shown = text;
        return true;
    }
    work w = {.screen = screen, .own = own, .arena = arena, .known = known};
    bool good = mask_all(&w, text, shown, err);
    obi_parts_fini(&w.parts);
    ob_mem_free(w.edits);
    ob_arena_reset(&screen->arena);
    return good;
}
