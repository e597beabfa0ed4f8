/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks a text: literals block by block, segment by segment, and lets leave what is decided. A
 * whole text is a stream of one piece that is not copied.
 */
#include "detect/scanner.h"

#include <openssl/evp.h>

#define HITS_MAX  ((size_t)1 << 24)
#define SLICE_MAX ((size_t)32 << 10) /* of a piece that is fed: what is copied at once */
#define BUF_MAX   ((size_t)64 << 10)
#define ARENA_MAX ((size_t)1 << 20)
#define LITERALS  512 /* in a block; there are seldom ten */

bool ob_scanner_new(ob_scanner **scanner, const ob_detector *detector,
                    const ob_scan_options *options, ob_err *err)
{
    ob_scanner *made = ob_mem_new(sizeof *made);
    if (made == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "no memory for a scanner");
    }
    *made = (ob_scanner){.detector = detector,
                         .options = {.min_score = OB_SCORE_DEFAULT},
                         /* They hold what nobody was to see. */
                         .buf = {.max = BUF_MAX, .secret = true},
                         .head = {.max = OB_HOLD_MAX, .secret = true},
                         .mask = {.max = BUF_MAX},
                         .arena = {.cap = ARENA_MAX, .secret = true}};
    size_t kinds = ob_detector_kinds(detector);
    if (options != NULL) {
        made->options = *options;
    }
    if (made->options.kinds != NULL && (made->kinds = ob_mem_new(kinds)) != NULL) {
        memcpy(made->kinds, made->options.kinds, kinds * sizeof(bool));
    }
    made->literals = ob_mem_new(LITERALS * sizeof *made->literals);
    made->literal_cap = LITERALS;
    made->digest = EVP_MD_CTX_new();
    bool ready = made->literals != NULL && made->digest != NULL &&
                 (made->options.kinds == NULL || made->kinds != NULL);
    if (!ready || !obi_rules_scratch(detector, &made->scratch, err)) {
        ob_scanner_free(made);
        return ready ? false : ob_fail(err, OB_ERR_NOMEM, "no memory for a scanner");
    }
    made->lexer.detector = detector;
    made->scan.detector = detector;
    made->scan.scratch = made->scratch;
    made->view.detector = detector;
    made->view.scratch = made->scratch;
    if (!obi_canaries_new(&made->canaries, made->options.canaries, made->options.canary_count,
                          OBI_BLOCK_MAX, err)) {
        ob_scanner_free(made);
        return false;
    }
    made->scan.canaries = made->canaries;
    made->view.canaries = made->canaries;
    made->scan.options = &made->options;
    made->view.options = &made->options;
    if (!obi_scanner_passages(made, err)) {
        ob_scanner_free(made);
        return false;
    }
    ob_scanner_start(made, &(ob_scan_sink){0});
    *scanner = made;
    return true;
}

void ob_scanner_free(ob_scanner *scanner)
{
    if (scanner == NULL) {
        return;
    }
    obi_rules_scratch_free(scanner->scratch);
    EVP_MD_CTX_free(scanner->digest);
    ob_buf_fini(&scanner->buf);
    ob_buf_fini(&scanner->head);
    ob_buf_fini(&scanner->mask);
    ob_arena_fini(&scanner->arena);
    if (scanner->passages != NULL) {
        obi_prompts_free(scanner->passages->prompts);
        obi_passages_fini(scanner->passages);
    }
    obi_canaries_free(scanner->canaries);
    ob_mem_free(scanner->passages);
    ob_mem_free(scanner->literals);
    ob_mem_free(scanner->kinds);
    ob_mem_free(scanner->hits);
    ob_mem_free(scanner);
}

void ob_scanner_exempt(ob_scanner *scanner, const ob_span *values, size_t count)
{
    scanner->options.exempt = values;
    scanner->options.exempt_count = count;
}

void ob_scanner_start(ob_scanner *scanner, const ob_scan_sink *sink)
{
    scanner->sink = *sink;
    scanner->lexer.rest = false;
    scanner->lexer.label = 0;
    scanner->lexer.gap = 0;
    scanner->lexer.colon = false;
    ob_buf_reset(&scanner->buf);
    scanner->base = 0;
    scanner->at = 0;
    scanner->released = 0;
    scanner->swallowing = false;
    scanner->failed = false;
    scanner->hit_count = 0;
    obi_scanner_pass_start(scanner);
}

size_t ob_scanner_held(const ob_scanner *scanner)
{
    return scanner->buf.len - scanner->released;
}

static bool release(ob_scanner *scanner, ob_span text, size_t end, ob_err *err)
{
    ob_span out = ob_span_sub(text, scanner->released, end);
    scanner->released = end > scanner->released ? end : scanner->released;
    return out.len == 0 || scanner->sink.text == NULL ||
           scanner->sink.text(scanner->sink.ctx, out, err);
}

/* A finding whose end is known leaves, and what stands for it. */
static bool leave(ob_scanner *scanner, const ob_hit *hit, ob_span value, const uint8_t digest[32],
                  ob_err *err)
{
    const ob_scan_sink *sink = &scanner->sink;
    if (sink->hit != NULL && !sink->hit(sink->ctx, hit, err)) {
        return false;
    }
    if (sink->text == NULL) {
        return true;
    }
    ob_buf_reset(&scanner->mask);
    if (sink->mask == NULL) {
        ob_buf_addf(&scanner->mask, "[%s]", ob_detector_kind(scanner->detector, hit->kind)->id);
    } else if (!sink->mask(sink->ctx, hit, value, digest, &scanner->mask, err)) {
        return false;
    }
    return ob_buf_check(&scanner->mask, "mask", err) &&
           (scanner->mask.len == 0 || sink->text(sink->ctx, ob_buf_span(&scanner->mask), err));
}

static bool hash(ob_scanner *scanner, ob_span bytes, ob_err *err)
{
    if (scanner->sink.mask == NULL) {
        return true;
    }
    return EVP_DigestUpdate(scanner->digest, bytes.ptr, bytes.len) == 1
               ? true
               : ob_fail(err, OB_ERR_BUG, "SHA-256 cannot be computed");
}

static bool hash_start(ob_scanner *scanner, ob_err *err)
{
    return scanner->sink.mask == NULL || EVP_DigestInit_ex(scanner->digest, EVP_sha256(), NULL) == 1
               ? true
               : ob_fail(err, OB_ERR_BUG, "SHA-256 cannot be computed");
}

static bool hash_end(ob_scanner *scanner, uint8_t digest[32], ob_err *err)
{
    memset(digest, 0, 32);
    return scanner->sink.mask == NULL || EVP_DigestFinal_ex(scanner->digest, digest, NULL) == 1
               ? true
               : ob_fail(err, OB_ERR_BUG, "SHA-256 cannot be computed");
}

/* A long kind begins: its head is in text, from start to end. */
static bool swallow_start(ob_scanner *scanner, ob_span text, size_t start, size_t end,
                          const ob_hit *hit, obi_tail tail, ob_err *err)
{
    ob_span head = ob_span_sub(text, start, end);
    ob_buf_reset(&scanner->head);
    ob_buf_add(&scanner->head, head);
    scanner->swallowing = true;
    scanner->tail = tail;
    scanner->long_hit = *hit;
    scanner->at = end;
    scanner->released = end;
    return ob_buf_check(&scanner->head, "head of a finding", err) && hash_start(scanner, err) &&
           hash(scanner, head, err);
}

/* Goes on with a long kind as far as the text says. */
static bool swallow(ob_scanner *scanner, ob_span text, bool last, ob_err *err)
{
    bool done = false;
    size_t len = obi_tail_read(scanner->tail, text, scanner->at, scanner->head.len, last, &done);
    ob_span more = ob_span_sub(text, scanner->at, scanner->at + len);
    ob_buf_add(&scanner->head, ob_span_sub(more, 0, OB_HOLD_MAX - scanner->head.len));
    scanner->at += len;
    scanner->released = scanner->at;
    if (!hash(scanner, more, err) || !ob_buf_check(&scanner->head, "head of a finding", err)) {
        return false;
    }
    if (!done) {
        return true;
    }
    uint8_t digest[32];
    scanner->swallowing = false;
    scanner->long_hit.end = scanner->base + scanner->at;
    return hash_end(scanner, digest, err) && obi_scanner_pass(scanner, text, scanner->at, err) &&
           leave(scanner, &scanner->long_hit, ob_buf_span(&scanner->head), digest, err);
}

/* Reports the settled candidates of a segment, which begins with its left context at byte left. */
static bool report(ob_scanner *scanner, ob_span text, size_t left, ob_err *err)
{
    const obi_scan *scan = &scanner->scan;
    for (size_t i = 0; i < scan->count; i++) {
        const obi_candidate *found = &scan->found[i];
        size_t start = left + found->start;
        size_t end = left + found->end;
        ob_hit hit = {.start = scanner->base + start,
                      .end = scanner->base + end,
                      .steps = found->steps,
                      .rule = found->rule,
                      .kind = found->kind,
                      .score = found->score,
                      .check = found->check,
                      .prior = found->prior,
                      .cue = found->cue,
                      .near_ = found->near_};
        if (!obi_scanner_pass(scanner, text, start, err) || !release(scanner, text, start, err)) {
            return false;
        }
        if (found->tail != OBI_TAIL_NONE) {
            return swallow_start(scanner, text, start, end, &hit, (obi_tail)found->tail, err);
        }
        ob_span value = ob_span_sub(text, start, end);
        uint8_t digest[32];
        scanner->released = end;
        if (!hash_start(scanner, err) || !hash(scanner, value, err) ||
            !hash_end(scanner, digest, err) || !leave(scanner, &hit, value, digest, err)) {
            return false;
        }
    }
    return true;
}

static bool more_literals(ob_scanner *scanner, ob_err *err)
{
    size_t cap = scanner->literal_cap * 2;
    obi_literal *more = ob_mem_resize(scanner->literals, cap * sizeof *more);
    if (more == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "no memory for %zu literals", cap);
    }
    scanner->literals = more;
    scanner->literal_cap = cap;
    return true;
}

/* A canary takes its place among the literals. */
static bool add_canary(void *ctx, const obi_canary *canary, size_t form, size_t start, size_t end,
                       ob_err *err)
{
    ob_scanner *scanner = ctx;
    size_t count = scanner->lexer.literal_count;
    size_t at = count;
    (void)canary;
    (void)form;
    if (count == scanner->literal_cap && !more_literals(scanner, err)) {
        return false;
    }
    const obi_literal made = {.start = (uint32_t)(start - scanner->at),
                              .end = (uint32_t)(end - scanner->at),
                              .rule = OBI_RULE_CANARY};
    for (; at > 0 && scanner->literals[at - 1].start > made.start; at--) {
        scanner->literals[at] = scanner->literals[at - 1];
    }
    scanner->literals[at] = made;
    scanner->lexer.literal_count = count + 1;
    return true;
}

static bool search_canaries(ob_scanner *scanner, ob_span block, bool last, size_t *end, ob_err *err)
{
    if (scanner->canaries == NULL) {
        return true;
    }
    if (!last) {
        size_t pending = obi_canaries_pending(scanner->canaries, block, scanner->at);
        *end = pending < *end ? pending : *end;
    }
    return obi_canaries_find(scanner->canaries, block, scanner->at, add_canary, scanner, err);
}

/* The literals of the next block of text from scanner->at on; *end: where the block ends, in front
 * of what may be the beginning of a literal. *whole: nothing lies behind the block. */
static bool search(ob_scanner *scanner, ob_span text, bool last, size_t *end, bool *whole,
                   ob_err *err)
{
    size_t len = text.len - scanner->at < OBI_BLOCK_MAX ? text.len - scanner->at : OBI_BLOCK_MAX;
    size_t count = 0;
    while (!obi_rules_scan(scanner->detector, scanner->scratch,
                           ob_span_sub(text, scanner->at, scanner->at + len), scanner->literals,
                           scanner->literal_cap, &count)) {
        if (!more_literals(scanner, err)) {
            return false;
        }
    }
    scanner->lexer.literal_count = count;
    scanner->lexer.literal_next = 0;
    scanner->lexer.literal_base = scanner->at;
    *whole = scanner->at + len == text.len;
    ob_span block = ob_span_sub(text, 0, scanner->at + len);
    bool ends = last && *whole;
    *end = ends ? text.len : obi_rules_pending(scanner->detector, block, scanner->at);
    bool good = search_canaries(scanner, block, ends, end, err);
    scanner->lexer.literals = scanner->literals;
    return good;
}

/* The literals of a segment count from its left context while it is looked at; afterwards from
 * where those of the block do. */
static void give_back(ob_scanner *scanner, const obi_segment *segment, size_t left)
{
    for (size_t i = segment->first; i < segment->behind; i++) {
        obi_literal *literal = &scanner->literals[i];
        literal->start = (uint32_t)(literal->start + left - scanner->lexer.literal_base);
        literal->end = (uint32_t)(literal->end + left - scanner->lexer.literal_base);
    }
    scanner->lexer.literal_next = segment->first;
}

/* A segment that was longer than it would be by itself: what nothing was found in is cut anew. */
static void go_back(ob_scanner *scanner, const obi_segment *segment)
{
    const obi_scan *scan = &scanner->scan;
    size_t left = segment->start - scan->from;
    size_t at = segment->natural;
    for (size_t i = 0; i < scan->count; i++) {
        at = left + scan->found[i].end > at ? left + scan->found[i].end : at;
    }
    give_back(scanner, segment, left);
    obi_lex_back(&scanner->lexer, segment, at);
    scanner->at = at;
}

/* Decides as much of text as can be decided. */
static bool work(ob_scanner *scanner, ob_span text, bool last, ob_err *err)
{
    size_t end = 0;
    bool whole = false;
    bool searched = false; /* up to end, and not all of that is decided */
    for (;;) {
        if (scanner->swallowing) {
            if (!swallow(scanner, text, last, err)) {
                return false;
            }
            if (scanner->swallowing) {
                return true;
            }
        }
        if (!obi_scanner_pass(scanner, text, scanner->at, err)) {
            return false;
        }
        if ((!searched || scanner->at >= end) && !search(scanner, text, last, &end, &whole, err)) {
            return false;
        }
        ob_span block = ob_span_sub(text, 0, end);
        obi_segment segment;
        while (!scanner->swallowing &&
               obi_lex(&scanner->lexer, block, &scanner->at, last && end == text.len, &segment)) {
            if (!obi_examine(scanner, block, &segment, err)) {
                return false;
            }
            size_t left = segment.start - scanner->scan.from;
            if (!report(scanner, block, left, err)) {
                return false;
            }
            if (scanner->swallowing) {
                give_back(scanner, &segment, left);
            } else if (segment.extended) {
                go_back(scanner, &segment);
            }
        }
        if (!scanner->swallowing && whole) {
            return true;
        }
        searched = scanner->swallowing;
    }
}

/* Forgets what is decided but for the left context of what comes. */
static void trim(ob_scanner *scanner)
{
    size_t kept = scanner->at < OBI_LEFT_MAX + 4 ? 0 : scanner->at - OBI_LEFT_MAX - 4;
    if (kept > 1024) {
        memmove(scanner->buf.ptr, scanner->buf.ptr + kept, scanner->buf.len - kept);
        scanner->buf.len -= kept;
        scanner->at -= kept;
        scanner->released -= kept;
        scanner->base += kept;
    }
}

bool ob_scanner_feed(ob_scanner *scanner, ob_span piece, ob_err *err)
{
    while (piece.len > 0 && !scanner->failed) {
        ob_span slice = ob_span_sub(piece, 0, SLICE_MAX);
        piece = ob_span_sub(piece, slice.len, piece.len);
        ob_buf_add(&scanner->buf, slice);
        scanner->failed =
            !ob_buf_check(&scanner->buf, "text that is held", err) ||
            !work(scanner, ob_buf_span(&scanner->buf), false, err) ||
            !obi_scanner_pass(scanner, ob_buf_span(&scanner->buf), scanner->at, err) ||
            !release(scanner, ob_buf_span(&scanner->buf), scanner->at, err);
        if (scanner->failed) {
            return false;
        }
        trim(scanner);
    }
    return !scanner->failed || ob_fail(err, OB_ERR_USAGE, "the stream has ended with an error");
}

bool ob_scanner_end(ob_scanner *scanner, ob_err *err)
{
    ob_span text = ob_buf_span(&scanner->buf);
    if (scanner->failed) {
        return ob_fail(err, OB_ERR_USAGE, "the stream has ended with an error");
    }
    scanner->failed = !work(scanner, text, true, err) ||
                      !obi_scanner_pass_end(scanner, text, err) ||
                      !release(scanner, text, text.len, err);
    return !scanner->failed;
}

static bool collect(void *ctx, const ob_hit *hit, ob_err *err)
{
    ob_scanner *scanner = ctx;
    void *items = scanner->hits;
    if (!ob_array_grow(&items, &scanner->hit_cap, scanner->hit_count, sizeof *hit, HITS_MAX, err)) {
        return false;
    }
    scanner->hits = items;
    scanner->hits[scanner->hit_count++] = *hit;
    return true;
}

bool ob_scanner_text(ob_scanner *scanner, ob_span text, const ob_hit **hits, size_t *count,
                     ob_err *err)
{
    ob_scanner_start(scanner, &(ob_scan_sink){.ctx = scanner, .hit = collect});
    if (!work(scanner, text, true, err) || !obi_scanner_pass_end(scanner, text, err)) {
        return false;
    }
    obi_scanner_sort(scanner);
    *hits = scanner->hits;
    *count = scanner->hit_count;
    return true;
}
