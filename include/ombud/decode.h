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

/* A row of the table of encodings, sorted by name. */
typedef struct ob_coding {
    const char *name;  /* "base64", "hex", "rot13", "percent", "spaced", "reversed", "leet",
                          "homoglyph", "zero_width", "tag_chars", "full_width", "case", "html",
                          "digit_words", "circled" ... */
    const char *title; /* for people */
    /* Encodes text into out; NULL for codings that exist only as decoders. rng varies the result.
     */
    bool (*encode)(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err);
    /* Appends every stretch that this coding can undo; see ob_decode_all. NULL if none. */
    bool (*decode)(struct ob_views *views, ob_span text, const uint32_t *map, unsigned depth,
                   uint64_t steps, ob_err *err);
} ob_coding;

OB_API extern const ob_coding *const ob_codings[];
OB_API extern const size_t ob_codings_count;
/* The row of that name, or NULL. */
OB_API const ob_coding *ob_coding_find(ob_span name);

/* One way to read a text. */
typedef struct ob_view {
    ob_span text;
    const uint32_t *map; /* text.len + 1 offsets into the original, map[len] = end */
    uint64_t steps;      /* bit i: ob_codings[i] was undone; 0 = the original itself */
} ob_view;

typedef struct ob_views {
    ob_arena *arena;
    const ob_view *items;
    size_t count;
    size_t cap;
    size_t bytes; /* of all views together, at most OB_DECODE_MAX */
    bool cut;     /* the limit was reached: some view is missing; never silent */
} ob_views;

/* All views of text: itself, its normal form (NFKC, case-folded, invisible characters dropped,
 * look-alikes folded to ASCII), and recursively (depth at most 3) what the codings undo. Views live
 * in arena. Texts over 4 GiB are refused with OB_ERR_LIMIT. */
OB_MUST OB_API bool ob_decode_all(ob_views *views, ob_arena *arena, ob_span text, ob_err *err);
/* "base64, reversed" for a steps mask, into out; "as sent" for 0. */
OB_API void ob_steps_show(uint64_t steps, ob_buf *out);

/* A planted value that surfaced. */
typedef struct ob_canary_hit {
    size_t start; /* bytes of the original text, end exclusive */
    size_t end;
    uint64_t steps;
} ob_canary_hit;

/*
 * Looks for canary (at least 8 bytes, ASCII letters, digits, - _ and space) in text: exact,
 * ignoring case, spaced or with separators, reversed, digits as words or in other scripts, and
 * inside every decoded view. Where echoed is not empty, an occurrence whose original bytes stand in
 * the same form inside echoed (what the speaker itself was sent) does not count. *found is set
 * either way.
 */
OB_MUST OB_API bool ob_canary_find(ob_arena *arena, ob_span text, ob_span canary, ob_span echoed,
                                   ob_canary_hit *hit, bool *found, ob_err *err);

OB_END

#endif
