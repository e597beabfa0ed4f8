/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encodings, both ways: what an attacker hides a text in, and what a detector or oracle undoes
 * before it looks. The same table serves the mutators of an evaluation, the oracles, and the guard.
 * Each decoded view carries a map back to the bytes of the original, so a finding points at what
 * was sent.
 */
#ifndef OMBUD_DECODE_H
#define OMBUD_DECODE_H

#include <ombud/limits.h>
#include <ombud/mem.h>
#include <ombud/sys.h>

OB_BEGIN

/* One way to read a text. */
typedef struct ob_view {
    ob_span text;
    /* text.len + 1 offsets into the original, one for each boundary between bytes: the bytes a to b
     * of the view stand in the original between map[a] and map[b], whichever is smaller first. The
     * map rises, or falls throughout where a reversal was undone, or in a stretch up to a line feed
     * where an override of direction was. */
    const uint32_t *map;
    uint64_t steps;  /* bit i: ob_codings[i] was undone; 0 = the original itself */
    uint64_t turned; /* those steps that turned the text as a whole since the last stretch */
    unsigned depth;  /* of views above it */
} ob_view;

typedef struct ob_views {
    ob_arena *arena;
    ob_view *items;
    size_t count;
    size_t cap;
    size_t bytes; /* of all decoded views together */
    size_t most;  /* that bytes may become; 0: OB_DECODE_MAX */
    bool cut;     /* a limit was reached: some view is missing or short; never silent */
} ob_views;

/* A row of the table of encodings, sorted by name. */
typedef struct ob_coding {
    const char *name;
    const char *title; /* for people */
    /* Appends an encoded form of text to out; NULL for codings that exist only as decoders. rng
     * varies the result. Letter codings leave alone what they have no sign for. */
    bool (*encode)(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err);
    /* Adds at most one view: what this coding can undo in from. NULL for settings and noise.
     * Several codings may share one decoder, which then undoes them together. */
    bool (*decode)(ob_views *views, const ob_view *from, ob_err *err);
} ob_coding;

OB_API extern const ob_coding *const ob_codings[];
OB_API extern const size_t ob_codings_count;
/* The row of that name, or NULL. */
OB_API const ob_coding *ob_coding_find(ob_span name);

#define OB_VIEWS_MAX        64
#define OB_DECODE_DEPTH_MAX 3

/* All views of text: itself first; its normal form if that differs (NFKC rune by rune, invisible
 * characters dropped, look-alikes and digits of other scripts folded to ASCII; letters keep their
 * case because base64 below needs it, so look without regard to case); and recursively what the
 * codings undo, nearest first. At most OB_VIEWS_MAX views, OB_DECODE_DEPTH_MAX steps deep. Views
 * live in arena. Texts over 4 GiB are refused with OB_ERR_LIMIT. */
OB_MUST OB_API bool ob_decode_all(ob_views *views, ob_arena *arena, ob_span text, ob_err *err);
/* The bytes start to end (exclusive) of a view in the original. */
OB_API void ob_view_place(const ob_view *view, size_t start, size_t end, size_t *first,
                          size_t *behind);
/* "base64, reversed" for a steps mask, into out; "as sent" for 0. */
OB_API void ob_steps_show(uint64_t steps, ob_buf *out);

/* A planted value that surfaced. */
typedef struct ob_canary_hit {
    size_t start; /* bytes of the original text, end exclusive */
    size_t end;
    uint64_t steps;
} ob_canary_hit;

/*
 * Looks for canary (8 to 256 bytes, ASCII letters, digits, - _ and space; at least 6 letters or
 * digits) in text: exact, ignoring case, spaced or with separators, reversed, in leet, digits as
 * words or in other scripts, and inside every decoded view. The whole canary must be there; digits
 * alone never stand for it. OB_ERR_INPUT for a canary of another form. Where echoed is not empty,
 * an occurrence whose original bytes stand in the same form inside echoed (what the speaker itself
 * was sent) does not count. *found is set either way.
 */
OB_MUST OB_API bool ob_canary_find(ob_arena *arena, ob_span text, ob_span canary, ob_span echoed,
                                   ob_canary_hit *hit, bool *found, ob_err *err);

OB_END

#endif
