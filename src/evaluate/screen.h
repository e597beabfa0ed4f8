/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The detectors at work in a run: what they find in a reply, and the masks that stand for it in the
 * evidence. A value that the run brought itself is no finding: planted values, variables, inputs,
 * accounts of the service file, and what was said.
 *
 * A mask is "[masked:KIND:TAG]". The tag is eight letters that follow from the value and from a
 * random key that is stored nowhere: within one sitting of a run equal values have equal masks and
 * others, in all likelihood, have not, so that texts can still be compared; nobody can compute the
 * value from it.
 */
#ifndef OB_EVALUATE_SCREEN_H
#define OB_EVALUATE_SCREEN_H

#include "drive/service.h"
#include "evaluate/observe.h"

#include <ombud/detect.h>
#include <ombud/sys.h>

/* A value that was masked in a trial; from then on it is masked wherever it stands. */
typedef struct ob_masked {
    struct ob_masked *next;
    ob_span value;
    ob_span mask;
} ob_masked;

#define OB_SCREEN_HASH 16

/* Zeroed it is valid and loads its detector when it is first needed. One thread. */
typedef struct ob_screen {
    const ob_detector *detector; /* given by the caller, or own */
    ob_detector *own;
    ob_scanner *scanner; /* what is masked: personal data, secrets, what hides them */
    ob_scanner *markup;  /* what runs, loads or links; made when it is first needed */
    ob_digest key;
    ob_arena arena;  /* of one text */
    ob_span *exempt; /* heap */
    size_t exempt_count;
    size_t exempt_cap;
    /* Keyed hashes of texts in which nothing was found: services repeat themselves. */
    uint8_t (*clean)[OB_SCREEN_HASH];
    const ob_service *service; /* whose accounts are the run's own; may be NULL */
} ob_screen;

void ob_screen_close(ob_screen *screen);

/* Whose words may come back without being a finding. */
typedef struct ob_screen_own {
    const ob_observation *obs; /* NULL: nobody's */
    const ob_span *actor;      /* NULL: of all actors */
    size_t turns;              /* the first turns of obs only */
    ob_span saying;            /* what is being said now, or empty */
} ob_screen_own;

/* What is found in text and not the run's own. The findings belong to the screen until it is used
 * again. */
OB_MUST bool ob_screen_find(ob_screen *screen, const ob_screen_own *own, ob_span text,
                            const ob_hit **hits, size_t *count, ob_err *err);
/* What text would run, load or link at its reader: class markup. It is never masked, and whoever
 * said it first does not matter. The findings belong to the screen until it is used again. */
OB_MUST bool ob_screen_markup(ob_screen *screen, ob_span text, const ob_hit **hits, size_t *count,
                              ob_err *err);
/*
 * Text as it may be stored: findings, and values masked before (*known), are replaced. JSON stays
 * JSON: within a string a finding is replaced there, a number that holds one becomes a string; in
 * events and lines of JSON a value that is spread over several of them is replaced in the first and
 * left out of the others. own NULL: only what is known. *known and *shown live in arena; *shown is
 * text itself where nothing was replaced.
 */
OB_MUST bool ob_screen_mask(ob_screen *screen, const ob_screen_own *own, ob_arena *arena,
                            ob_masked **known, ob_span text, ob_span *shown, ob_err *err);
/* The next mask in text from *at on; sets where it stands, its kind, and *at behind it. */
bool ob_screen_next_mask(ob_span text, size_t *at, size_t *start, ob_span *kind);

/* Between the parts of the screen. */
#define OBI_MASK_HEAD "[masked:"
#define OBI_MASK_TAG  8 /* letters */

/* The mask of a value, added to *known if it is new. */
OB_MUST bool obi_screen_mask_of(ob_screen *screen, ob_arena *arena, ob_masked **known,
                                ob_span value, const char *kind, ob_span *mask, ob_err *err);

/* A text cut into what a finding may be replaced in (screen_text.c). */
typedef enum obi_part_kind {
    OBI_PART_PLAIN,
    OBI_PART_STRING, /* content of a JSON string, without its quotes */
    OBI_PART_NUMBER
} obi_part_kind;

typedef struct obi_part {
    uint32_t start; /* bytes of the text */
    uint32_t end;
    uint32_t path; /* equal for strings at the same place of several documents */
    uint8_t kind;
    bool escaped;
} obi_part;

/* Where a part lies in a view. */
typedef struct obi_piece {
    uint32_t part;
    uint32_t start; /* bytes of the view */
    uint32_t end;
} obi_piece;

/* What is scanned: the whole text with JSON's escapes undone, or strings that belong together. */
typedef struct obi_screen_view {
    ob_span text;
    const uint32_t *map; /* of each byte of the view: where it stands in the text; NULL: the same */
    obi_piece *pieces;
    size_t pieces_count;
    bool joined; /* of several documents */
} obi_screen_view;

typedef struct obi_parts {
    ob_span text;
    obi_part *items;
    size_t count;
    size_t cap;
    size_t documents;
    obi_screen_view *views;
    size_t views_count;
} obi_parts;

/* Parts and views of text; they live in arena. */
OB_MUST bool obi_parts_make(obi_parts *parts, ob_arena *arena, ob_span text, ob_err *err);
void obi_parts_fini(obi_parts *parts);

#endif
