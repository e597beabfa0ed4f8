/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must hold for any text and any way to cut it: the findings are those of the whole text, what
 * leaves is the text with each finding masked that is no passage, and no more is held than was
 * promised.
 *
 * Passages come when they are decided, so their order among the others is that of the first stream,
 * which gets the whole text at once.
 */
#ifndef OB_TEST_SPLIT_CHECK_H
#define OB_TEST_SPLIT_CHECK_H

#include <ombud/detect.h>
#include <ombud/sys.h>
#include <stdio.h>

#define SPLIT_HITS_MAX 4096
/* A rune, what may stand between two words, and the sign that tells what the next one is. */
#define SPLIT_HOLD_MAX (OB_HOLD_MAX + 24)

typedef struct split {
    ob_scanner *scanner;
    ob_span text;
    ob_buf want; /* the text with its findings masked */
    ob_hit hits[SPLIT_HITS_MAX];
    size_t hit_count;
    ob_hit order[SPLIT_HITS_MAX]; /* the same findings as a stream tells them */
    size_t order_count;
    /* Of one way to cut. */
    size_t left; /* bytes that left so far */
    size_t hit;
    size_t most; /* held */
    char wrong[128];
} split;

static inline bool split_wrong(split *check, const char *what)
{
    if (check->wrong[0] == '\0') {
        (void)snprintf(check->wrong, sizeof check->wrong,
                       "%s (byte %zu of what leaves, finding %zu)", what, check->left, check->hit);
    }
    return true; /* the stream goes on; the caller looks at wrong */
}

static inline bool split_text(void *ctx, ob_span released, ob_err *err)
{
    split *check = ctx;
    (void)err;
    if (check->left + released.len > check->want.len ||
        memcmp(check->want.ptr + check->left, released.ptr, released.len) != 0) {
        return split_wrong(check, "other text leaves than from the whole");
    }
    check->left += released.len;
    return true;
}

static inline bool split_hit(void *ctx, const ob_hit *hit, ob_err *err)
{
    split *check = ctx;
    (void)err;
    const ob_hit *want = &check->order[check->hit];
    if (check->hit >= check->order_count || hit->start != want->start || hit->end != want->end ||
        hit->kind != want->kind || hit->score != want->score || hit->steps != want->steps ||
        hit->techniques != want->techniques) {
        return split_wrong(check, "another finding than in the whole");
    }
    check->hit++;
    return true;
}

static inline bool split_note(void *ctx, const ob_hit *hit, ob_err *err)
{
    split *check = ctx;
    (void)err;
    if (check->order_count < SPLIT_HITS_MAX) {
        check->order[check->order_count] = *hit;
    }
    check->order_count++;
    return true;
}

/* The order in which a stream tells the findings, which must be those of the whole. */
static inline bool split_order(split *check, ob_err *err)
{
    check->order_count = 0;
    ob_scanner_start(check->scanner, &(ob_scan_sink){.ctx = check, .hit = split_note});
    if (!ob_scanner_feed(check->scanner, check->text, err) ||
        !ob_scanner_end(check->scanner, err)) {
        return false;
    }
    bool same = check->order_count == check->hit_count;
    for (size_t i = 0; same && i < check->hit_count; i++) {
        bool there = false;
        for (size_t k = 0; !there && k < check->order_count; k++) {
            const ob_hit *a = &check->hits[i];
            const ob_hit *b = &check->order[k];
            there = a->start == b->start && a->end == b->end && a->kind == b->kind &&
                    a->score == b->score;
        }
        same = there;
    }
    return same || ob_fail(err, OB_ERR_BUG, "a stream tells other findings than the whole");
}

/* Scans the whole. False: an error, or the findings are not in order inside of the text. */
static inline bool split_start(split *check, const ob_detector *detector, ob_scanner *scanner,
                               ob_span text, ob_err *err)
{
    const ob_hit *hits = NULL;
    size_t count = 0;
    size_t at = 0;
    check->scanner = scanner;
    check->text = text;
    check->wrong[0] = '\0';
    check->most = 0;
    check->want.max = (size_t)64 << 20;
    ob_buf_reset(&check->want);
    if (!ob_scanner_text(scanner, text, &hits, &count, err)) {
        return false;
    }
    if (count > SPLIT_HITS_MAX) {
        return ob_fail(err, OB_ERR_LIMIT, "too many findings for a check");
    }
    check->hit_count = count;
    for (size_t i = 0; i < count; i++) {
        check->hits[i] = hits[i];
        bool passage = ob_detector_kind(detector, hits[i].kind)->passage;
        if ((i > 0 && hits[i].start < hits[i - 1].start) || hits[i].end <= hits[i].start ||
            hits[i].end > text.len) {
            return ob_fail(err, OB_ERR_BUG, "finding %zu lies outside or is out of order", i);
        }
        if (passage) {
            continue;
        }
        if (hits[i].start < at) {
            return ob_fail(err, OB_ERR_BUG, "finding %zu lies outside or overlaps", i);
        }
        ob_buf_add(&check->want, ob_span_sub(text, at, hits[i].start));
        ob_buf_addf(&check->want, "[%s]", ob_detector_kind(detector, hits[i].kind)->id);
        at = hits[i].end;
    }
    ob_buf_add(&check->want, ob_span_sub(text, at, text.len));
    return ob_buf_check(&check->want, "masked text", err) && split_order(check, err);
}

static inline void split_begin(split *check)
{
    check->left = 0;
    check->hit = 0;
    ob_scanner_start(check->scanner,
                     &(ob_scan_sink){.ctx = check, .text = split_text, .hit = split_hit});
}

static inline bool split_feed(split *check, size_t start, size_t end, ob_err *err)
{
    bool fed = ob_scanner_feed(check->scanner, ob_span_sub(check->text, start, end), err);
    size_t held = ob_scanner_held(check->scanner);
    check->most = held > check->most ? held : check->most;
    if (held > SPLIT_HOLD_MAX) {
        (void)split_wrong(check, "more is held than was promised");
    }
    return fed;
}

/* False with *err: the cut gave something else. */
static inline bool split_end(split *check, ob_err *err)
{
    if (!ob_scanner_end(check->scanner, err)) {
        return false;
    }
    if (check->left != check->want.len || check->hit != check->order_count) {
        (void)split_wrong(check, "less leaves than from the whole");
    }
    return check->wrong[0] == '\0' || ob_fail(err, OB_ERR_BUG, "%s", check->wrong);
}

/* Pieces of size bytes each. */
static inline bool split_even(split *check, size_t size, ob_err *err)
{
    split_begin(check);
    for (size_t at = 0; at < check->text.len; at += size) {
        if (!split_feed(check, at, at + size, err)) {
            return false;
        }
    }
    return split_end(check, err);
}

/* One cut. */
static inline bool split_once(split *check, size_t at, ob_err *err)
{
    split_begin(check);
    return split_feed(check, 0, at, err) && split_feed(check, at, check->text.len, err) &&
           split_end(check, err);
}

/* Pieces of 1 to most bytes. */
static inline bool split_random(split *check, ob_rng *rng, size_t most, ob_err *err)
{
    split_begin(check);
    for (size_t at = 0; at < check->text.len;) {
        size_t size = 1 + (size_t)ob_rng_below(rng, most);
        if (!split_feed(check, at, at + size, err)) {
            return false;
        }
        at += size;
    }
    return split_end(check, err);
}

#endif
