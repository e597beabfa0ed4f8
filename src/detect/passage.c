/* SPDX-License-Identifier: Apache-2.0 */
/* Words into windows, windows into findings. */
#include "detect/passage.h"

#include "detect/kinds.h"
#include "detect/model.h"

#include <ombud/mem.h>

/* Bytes fed at a time, so that what a view needs is still there. */
#define SLICE OBI_VIEW_BYTES
/* The newest bytes, with room to read on behind them. */
#define RAW_BYTES (2 * OBI_VIEW_BYTES + OBI_RUN_SLACK)
/* A finding that grows with each sentence is told in parts of this size. */
#define HIT_MAX 8192
/* Of the evidence of rules and model in a window that is no finding, this part remains for those
 * behind it. */
#define LEVEL_PART 4
#define LEVEL_MAX  110
/* Less of it is nothing. */
#define LEVEL_MIN 200

bool obi_passages_init(obi_passages *p, const obi_lexicon *lexicon, ob_arena *arena, ob_err *err)
{
    *p = (obi_passages){.lexicon = lexicon, .arena = arena};
    p->inner = ob_mem_new(sizeof *p->inner);
    p->raw = ob_mem_new(RAW_BYTES);
    p->known = ob_mem_new(sizeof *p->known);
    if (p->inner == NULL || p->raw == NULL || p->known == NULL) {
        obi_passages_fini(p);
        return ob_fail(err, OB_ERR_NOMEM, "no memory for passages");
    }
    memset(p->raw, 0, RAW_BYTES);
    memset(p->known, 0, sizeof *p->known);
    obi_passages_start(p);
    return true;
}

void obi_passages_fini(obi_passages *p)
{
    if (p->raw != NULL) {
        ob_wipe(p->raw, RAW_BYTES);
    }
    if (p->known != NULL) {
        ob_wipe(p->known, sizeof *p->known);
    }
    ob_mem_free(p->known);
    ob_mem_free(p->raw);
    ob_mem_free(p->inner);
    p->known = NULL;
    p->raw = NULL;
    p->inner = NULL;
}

void obi_passages_start(obi_passages *p)
{
    obi_reader_start(&p->reader);
    obi_gather_start(&p->gather, p->model);
    p->raw_len = 0;
    p->raw_start = 0;
    p->viewed = 0;
    p->waiting = (ob_hit){0};
    obi_place_start(p);
}

ob_span obi_passages_text(const obi_passages *p, const ob_hit *hit)
{
    size_t start = hit->start < p->raw_start ? 0 : (size_t)(hit->start - p->raw_start);
    size_t end = hit->end < p->raw_start ? 0 : (size_t)(hit->end - p->raw_start);
    return ob_span_sub((ob_span){p->raw, p->raw_len}, start, end);
}

static bool tell(obi_passages *p, ob_err *err)
{
    ob_hit hit = p->waiting;
    p->waiting = (ob_hit){0};
    return hit.rule == NULL || p->found(p->ctx, &hit, err);
}

/* A finding goes on with the one before, or that one is told. */
static bool put(obi_passages *p, const ob_hit *hit, ob_err *err)
{
    ob_hit *held = &p->waiting;
    bool joined = held->rule != NULL && held->kind == hit->kind && held->steps == hit->steps &&
                  hit->start <= held->end + 64 && hit->end - held->start <= HIT_MAX;
    if (!joined) {
        if (!tell(p, err)) {
            return false;
        }
        *held = *hit;
        return true;
    }
    uint64_t start = hit->start < held->start ? hit->start : held->start;
    uint64_t end = hit->end > held->end ? hit->end : held->end;
    uint32_t techniques = held->techniques | hit->techniques;
    if (hit->score > held->score) {
        *held = *hit;
    }
    held->start = start;
    held->end = end;
    held->techniques = techniques;
    return true;
}

/* Half of the level is gone after some hundred words. */
static void fade(obi_passages *p, size_t words)
{
    if (p->level == 0) { /* mostly, and a division is slow */
        return;
    }
    p->level -= (int)((size_t)p->level * words / (words + 128));
}

/* Whether all words of a window may be part of one encoding. */
static bool is_whole(const obi_oddness *shape)
{
    return shape->turned > 0 || shape->single > 0 || shape->mixed > 0 || shape->hidden > 0;
}

/* The bytes of the text that may be an encoding, as far as they are kept: what stands around long
 * runs need not be looked at, but letters that are turned are all words of a window, and the
 * first one that is hidden may be a whole one. */
static ob_span raw_of(const obi_passages *p, const obi_window *window, const obi_oddness *shape,
                      uint64_t *base)
{
    bool whole = is_whole(shape);
    uint64_t end = window->words[whole ? window->count - 1 : shape->last].end;
    uint64_t start = window->words[whole ? 0 : shape->first].start;
    /* What stands right before it may belong to an encoding: % & \ =. */
    start -= start < 8 ? start : 8;
    /* What is kept depends on how the text was cut; this much always is. */
    uint64_t oldest = p->reader.place < OBI_VIEW_BYTES ? 0 : p->reader.place - OBI_VIEW_BYTES;
    start = start < oldest ? oldest : start;
    start = start < p->viewed ? p->viewed : start;
    *base = start;
    size_t first = (size_t)(start - p->raw_start);
    size_t behind = end <= start ? first : (size_t)(end - p->raw_start);
    return ob_span_sub((ob_span){p->raw, p->raw_len}, first, behind);
}

static bool look_at_views(obi_passages *p, const obi_window *window, const obi_oddness *shape,
                          ob_err *err)
{
    uint64_t base = 0;
    ob_hit hit = {0};
    ob_span raw = raw_of(p, window, shape, &base);
    if (!obi_view_judge(p, raw, base, shape, &hit, err)) {
        return false;
    }
    if (hit.rule == NULL) {
        return true;
    }
    p->viewed = hit.end;
    return put(p, &hit, err);
}

/* Long runs that the window shares with the one before were looked at there. */
static bool is_worth_a_view(const obi_gather *g, const obi_oddness *shape)
{
    return obi_is_odd(shape) && (shape->last >= g->fresh || is_whole(shape));
}

static bool look(obi_passages *p, ob_err *err)
{
    obi_gather *g = &p->gather;
    size_t fresh = g->count - g->fresh;
    bool shows = obi_gather_shows(g);
    obi_place_look(p);
    if (!shows && p->waiting.rule == NULL && !obi_gather_may_be_odd(g)) { /* most windows */
        fade(p, fresh);
        return true;
    }
    obi_window window = obi_gather_window(g);
    obi_verdict verdict = {0};
    bool seen = false;
    obi_oddness shape = obi_oddness_of(g);
    window.place = p->place;
    if (shows) {
        seen = obi_window_judge(p, &window, &verdict);
        shape.turned = verdict.turned;
    }
    if (seen) {
        ob_hit hit = {.start = g->words[verdict.first].start, .end = g->words[verdict.last].end};
        obi_verdict_hit(&verdict, p->level, &hit);
        int rest = hit.cue + hit.near_ - p->level;
        fade(p, fresh);
        p->level += hit.score < OB_SCORE_DEFAULT && rest >= LEVEL_MIN ? rest / LEVEL_PART : 0;
        p->level = p->level > LEVEL_MAX ? LEVEL_MAX : p->level;
        if (!put(p, &hit, err)) {
            return false;
        }
    } else {
        fade(p, fresh);
        if (p->waiting.rule != NULL && g->fresh < g->count &&
            g->words[g->fresh].start > p->waiting.end && !tell(p, err)) {
            return false;
        }
    }
    return !is_worth_a_view(g, &shape) || look_at_views(p, &window, &shape, err);
}

/* Keeps the newest bytes; returns where they stand now. */
static ob_span keep(obi_passages *p, ob_span slice)
{
    if (p->raw_len + slice.len > 2 * OBI_VIEW_BYTES) {
        size_t old = p->raw_len - OBI_VIEW_BYTES;
        memmove(p->raw, p->raw + old, OBI_VIEW_BYTES);
        p->raw_len -= old;
        p->raw_start += old;
    }
    memcpy(p->raw + p->raw_len, slice.ptr, slice.len);
    p->raw_len += slice.len;
    return (ob_span){p->raw + p->raw_len - slice.len, slice.len};
}

/* Room for the word that comes next. */
static obi_token *next_word(obi_gather *g)
{
    return &g->words[g->count];
}

static bool read(obi_passages *p, ob_span slice, bool last, ob_err *err)
{
    obi_gather *g = &p->gather;
    obi_block block = {0};
    size_t pos = 0;
    for (;;) {
        /* Whatever looks at each word keeps them from going the short way. */
        size_t next_len = p->prompts == NULL
                              ? obi_gather_run(g, &p->reader, p->lexicon, slice, &pos, last, &block)
                              : 0;
        if (next_len > 0) {
            p->reader.place += next_len; /* what a look sees is the same for either way */
            if (!look(p, err)) {
                return false;
            }
            p->reader.place -= next_len;
            obi_gather_shift(g);
            continue;
        }
        if (!obi_reader_next(&p->reader, slice, &pos, last, next_word(g))) {
            return true;
        }
        if (obi_gather_ready(g, next_word(g))) {
            obi_token next = *next_word(g);
            if (!look(p, err)) {
                return false;
            }
            obi_gather_shift(g);
            *next_word(g) = next;
        }
        obi_gather_add(g, p->lexicon, next_word(g), p->reader.folded);
        if (p->prompts != NULL && !obi_prompts_word(p->prompts, next_word(g) - 1, err)) {
            return false;
        }
    }
}

bool obi_passages_feed(obi_passages *p, ob_span piece, bool last, ob_err *err)
{
    while (piece.len > 0) {
        ob_span slice = ob_span_sub(piece, 0, SLICE);
        piece = ob_span_sub(piece, slice.len, piece.len);
        if (!read(p, keep(p, slice), last && piece.len == 0, err)) {
            return false;
        }
    }
    if (!last) {
        return true;
    }
    return read(p, (ob_span){0}, true, err) && /* of an empty piece, or of a rune */
           (p->gather.count == p->gather.fresh || look(p, err)) && tell(p, err) &&
           (p->prompts == NULL || obi_prompts_end(p->prompts, err));
}
