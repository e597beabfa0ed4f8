/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of text, of any size, in constant memory: pieces go into the scanner, findings come out as
 * they are known. Where a finding stands and how it reads is looked up in the newest part of the
 * text, which is kept: a finding is told after its end was seen, so its start lies behind.
 *
 * Passages come later than what stands within and behind them. So findings wait until the text is
 * some way ahead, and are shown in the order of their starts. What comes from a pipe is shown piece
 * by piece, so that who watches it sees everything that is known.
 */
#include "cli/scan.h"

#include <sys/stat.h>

/* What is kept of the text: between half of it and all. A finding that is longer (a whole file in
 * base64) is told without its place. */
#define KEPT ((size_t)1 << 20)

/* How far the text is ahead of a finding that is shown. */
#define AHEAD       ((size_t)32 << 10)
#define WAITING_MAX ((size_t)1 << 20)

typedef struct place {
    uint64_t offset;
    uint64_t line;
    uint64_t column; /* in characters, from 1 */
} place;

typedef struct work {
    ob_scan_job *job;
    const char *file;
    ob_buf kept;
    uint64_t kept_start; /* offset of its first byte */
    place at;            /* moves forward only */
    uint64_t count;      /* of findings in this file */
    ob_hit *waiting;     /* by start */
    size_t waiting_count;
    size_t waiting_cap;
} work;

/* Moves the place to offset, which the kept text must hold. */
static void move_to(work *w, uint64_t offset)
{
    ob_span text = ob_span_sub(ob_buf_span(&w->kept), (size_t)(w->at.offset - w->kept_start),
                               (size_t)(offset - w->kept_start));
    ob_span rest = text;
    const char *feed = NULL;
    while (rest.len > 0 && (feed = memchr(rest.ptr, '\n', rest.len)) != NULL) {
        w->at.line++;
        w->at.column = 1;
        rest = ob_span_sub(rest, (size_t)(feed - rest.ptr) + 1, rest.len);
    }
    for (size_t i = 0; i < rest.len; i++) {
        w->at.column += ((unsigned char)rest.ptr[i] & 0xc0) != 0x80;
    }
    w->at.offset = offset;
}

/* The place of offset, which the kept text must hold; it may lie before w->at, if a passage came
 * very late. */
static place place_of(work *w, uint64_t offset)
{
    if (offset >= w->at.offset) {
        move_to(w, offset);
        return w->at;
    }
    place found = {.offset = offset, .line = w->at.line, .column = 1};
    size_t at = (size_t)(offset - w->kept_start);
    for (size_t i = at; i < (size_t)(w->at.offset - w->kept_start); i++) {
        found.line -= w->kept.ptr[i] == '\n';
    }
    while (at > 0 && w->kept.ptr[at - 1] != '\n') {
        at--;
        found.column += ((unsigned char)w->kept.ptr[at] & 0xc0) != 0x80;
    }
    return found;
}

static bool show(work *w, const ob_hit *hit, ob_err *err)
{
    ob_scan_found found = {.hit = hit, .file = w->file};
    if (w->job->form == OB_SCAN_JSON) {
        ob_buf_add_str(&w->job->out.text, w->count++ == 0 ? "" : ",");
        ob_scan_json(w->job, hit, &w->job->out.text);
        return ob_scan_out_add(&w->job->out, (ob_span){0}, err);
    }
    if (hit->start >= w->kept_start) {
        place at = place_of(w, hit->start);
        found.line = at.line;
        found.column = at.column;
        found.value = ob_span_sub(ob_buf_span(&w->kept), (size_t)(hit->start - w->kept_start),
                                  (size_t)(hit->end - w->kept_start));
    }
    return ob_scan_row(w->job, &found, err);
}

/* Shows what waits and begins before byte before. */
static bool show_waiting(work *w, uint64_t before, ob_err *err)
{
    size_t shown = 0;
    while (shown < w->waiting_count && w->waiting[shown].start < before) {
        if (!show(w, &w->waiting[shown++], err)) {
            return false;
        }
    }
    w->waiting_count -= shown;
    if (shown > 0) {
        memmove(w->waiting, w->waiting + shown, w->waiting_count * sizeof *w->waiting);
    }
    return true;
}

/* Makes room for a piece: the older half of what is kept goes. */
static bool keep(work *w, ob_span piece, ob_err *err)
{
    if (w->kept.len + piece.len > KEPT) {
        size_t old = w->kept.len - KEPT / 2;
        if (!show_waiting(w, w->kept_start + old + AHEAD, err)) {
            return false;
        }
        if (w->at.offset < w->kept_start + old) {
            move_to(w, w->kept_start + old);
        }
        (void)memmove(w->kept.ptr, w->kept.ptr + old, w->kept.len - old);
        w->kept.len -= old;
        w->kept_start += old;
    }
    ob_buf_add(&w->kept, piece);
    return ob_buf_check(&w->kept, "the newest text", err);
}

static bool on_hit(void *ctx, const ob_hit *hit, ob_err *err)
{
    work *w = ctx;
    ob_scan_count(w->job, hit);
    if (w->job->form == OB_SCAN_REDACT) {
        return true;
    }
    if (hit->end > AHEAD && !show_waiting(w, hit->end - AHEAD, err)) {
        return false;
    }
    void *items = w->waiting;
    if (!ob_array_grow(&items, &w->waiting_cap, w->waiting_count, sizeof *hit, WAITING_MAX, err)) {
        return false;
    }
    w->waiting = items;
    size_t at = w->waiting_count++;
    for (; at > 0 && w->waiting[at - 1].start > hit->start; at--) {
        w->waiting[at] = w->waiting[at - 1];
    }
    w->waiting[at] = *hit;
    return true;
}

static bool on_text(void *ctx, ob_span released, ob_err *err)
{
    work *w = ctx;
    return ob_scan_out_add(&w->job->out, released, err);
}

static bool on_mask(void *ctx, const ob_hit *hit, ob_span value, const uint8_t digest[32],
                    ob_buf *out, ob_err *err)
{
    work *w = ctx;
    return ob_scan_pseudonym(w->job, hit, value, digest, out, err);
}

static bool scan_pieces(work *w, ob_scan_in *in, ob_err *err)
{
    char piece[OB_SCAN_PIECE];
    size_t got = 0;
    bool redact = w->job->form == OB_SCAN_REDACT;
    struct stat is;
    bool live = fstat(in->fd, &is) != 0 || !S_ISREG(is.st_mode);
    ob_scan_sink sink = {.ctx = w,
                         .text = redact ? on_text : NULL,
                         .hit = on_hit,
                         .mask = redact && w->job->key.len > 0 ? on_mask : NULL};
    ob_scanner_start(w->job->scanner, &sink);
    do {
        if ((live && !show_waiting(w, UINT64_MAX, err)) ||
            !ob_scan_in_read(w->job, in, piece, &got, err) ||
            (!redact && !keep(w, (ob_span){piece, got}, err)) ||
            !ob_scanner_feed(w->job->scanner, (ob_span){piece, got}, err)) {
            return false;
        }
    } while (got > 0);
    return ob_scanner_end(w->job->scanner, err) && show_waiting(w, UINT64_MAX, err);
}

bool ob_scan_text(ob_scan_job *job, ob_scan_in *in, ob_err *err)
{
    work w = {.job = job, .file = in->name, .kept = {.max = KEPT + OB_SCAN_PIECE}, .at = {0, 1, 1}};
    bool json = job->form == OB_SCAN_JSON;
    job->inputs++;
    if (json) {
        ob_buf_add_str(&job->out.text, "{\"id\":");
        ob_buf_add_json(&job->out.text, ob_span_str(in->name));
        ob_buf_add_str(&job->out.text, ",\"findings\":[");
    }
    bool good = scan_pieces(&w, in, err);
    ob_buf_fini(&w.kept);
    ob_mem_free(w.waiting);
    if (json) {
        /* The line is whole even where the file could not be read to its end. */
        ob_buf_add_str(&job->out.text, "]");
        if (!good) {
            ob_buf_add_str(&job->out.text, ",\"error\":");
            ob_buf_add_json(&job->out.text, ob_span_str(err->text));
        }
        ob_buf_add_str(&job->out.text, "}\n");
    }
    return good;
}
