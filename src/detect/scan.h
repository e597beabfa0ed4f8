/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a text is looked at. The lexer (lexer.c) cuts it into segments: a segment is whatever could
 * be one finding, decided by the text alone, at most OB_HOLD_MAX bytes, so nothing needs to be held
 * longer than that. Each segment that shows something goes through the families (families.def),
 * which report candidates; score.c weighs them; what overlaps is settled (settle.c) and reported.
 * Whole texts and streams take the same way, so they cannot differ.
 *
 * A long kind (PEM, JWT, a base64 block, an address) is decided at its head and then swallowed up
 * to where its tail ends (tail.c).
 */
#ifndef OB_DETECT_SCAN_H
#define OB_DETECT_SCAN_H

#include "detect/cues.h"
#include "detect/validate.h"

#include <ombud/decode.h>
#include <ombud/detect.h>

/* Bytes kept before a segment, at a rune's start: 24 characters of any script. */
#define OBI_LEFT_MAX 96

/* What the lexer saw in a segment; families are called where one of their signs was seen. */
enum {
    OBI_SEEN_DIGITS = 1,    /* three digits or more, of any script */
    OBI_SEEN_MIXED = 2,     /* a word of eight or more letters, digits and signs with a digit or a
                               change of case inside: an id, a token, a password */
    OBI_SEEN_AT = 4,        /* @, or :// */
    OBI_SEEN_COLONS = 8,    /* two colons or more in one word, or "::" */
    OBI_SEEN_CAPITALS = 16, /* a word that begins with a capital */
    OBI_SEEN_STREET = 32,   /* a number and a capitalised word, or the beginning of an address */
    OBI_SEEN_VALUE = 64,  /* what stands before is ":", "=", a quote behind one of these, or a word
                             such as "is": what follows may be what a label announces */
    OBI_SEEN_HAN = 128,   /* Han characters that were held: behind a label for a name, or as an
                             address, a date or a plate */
    OBI_SEEN_FOLDS = 256, /* characters that stand for others (full width, look-alikes, circled,
                             digits of other scripts) or are invisible */
    OBI_SEEN_CODED = 512, /* a long run of base64 or hexadecimal, percent or entity escapes, single
                             characters set apart, number words, a bidi override */
    OBI_SEEN_LITERAL = 1024, /* the head of a secret or of an operator's rule */
    OBI_SEEN_BEGIN = 2048,   /* "-----BEGIN" */
    OBI_SEEN_CUT = 4096,     /* the last word goes on behind the segment, which is full */
    OBI_SEEN_REST = 8192     /* the segment begins within a word */
};

/* A literal of the rules that was found in a segment. */
typedef struct obi_literal {
    uint32_t start; /* in scan->text */
    uint32_t end;
    uint32_t rule; /* index into the detector's rules */
} obi_literal;

typedef struct obi_candidate {
    uint32_t start; /* in scan->text */
    uint32_t end;
    uint64_t steps;
    const char *rule; /* a constant, or of the detector */
    uint16_t kind;
    uint8_t check; /* ob_valid */
    uint8_t score;
    int16_t prior;
    int16_t cue;
    int16_t near_;
    uint8_t tail; /* obi_tail: how it goes on behind the segment */
} obi_candidate;

/* How a candidate goes on behind its head. */
typedef enum obi_tail {
    OBI_TAIL_NONE,
    OBI_TAIL_WORD,    /* up to the end of the word: no white space, quote or bracket */
    OBI_TAIL_PEM,     /* up to "-----END ...-----" */
    OBI_TAIL_ADDRESS, /* as long as the words can belong to an address */
    OBI_TAIL_URL,     /* up to what no link has in it */
    OBI_TAIL_TAG,     /* up to ">" or "<", or an empty line */
    OBI_TAIL_LINE     /* up to the end of the line, or BEL */
} obi_tail;

#define OBI_FOUND_MAX 96

/* The words before one place, kept because several families ask for the same places in turn. */
typedef struct obi_cue_place {
    uint32_t at;
    uint8_t count;
    obi_cue cues[OBI_CUES_MAX];
} obi_cue_place;

#define OBI_CUE_PLACES 4

/* How many characters of a segment are of some kinds: what several families need to know before
 * they begin. */
typedef struct obi_tally {
    bool counted;
    uint16_t digits;
    uint16_t letters;
    uint16_t dots;
    uint16_t colons;
    uint16_t hyphens;
    uint16_t angles; /* < */
} obi_tally;

/* A segment under examination; a part of the scanner, because it is large. */
typedef struct obi_scan {
    ob_span text; /* up to OBI_LEFT_MAX bytes that stand before, then the segment; nothing behind */
    size_t from;  /* where the segment begins in text */
    char next;    /* the byte behind the segment, '\0' at the end of the text */
    unsigned seen;
    const ob_detector *detector;
    const ob_scan_options *options; /* NULL: none */
    struct obi_canaries *canaries;  /* NULL: none */
    const obi_literal *literals;    /* of this segment, by start */
    size_t literal_count;
    struct hs_scratch
        *scratch;   /* of the scanner (rules.h), for the patterns of an operator's rules */
    uint64_t steps; /* that led to text, if it is a decoded view */
    obi_tally tally;
    obi_candidate found[OBI_FOUND_MAX];
    size_t count;
    /* Cues before the place asked for last (score.c). */
    size_t cue_at; /* SIZE_MAX: none asked for */
    size_t cue_count;
    obi_cue cues[OBI_CUES_MAX];
    obi_cue_place places[OBI_CUE_PLACES]; /* asked for before that, in a ring */
    size_t place_count;                   /* ever; begins anew with cue_at of SIZE_MAX */
} obi_scan;

/*
 * Reports a candidate: bytes start to end of scan->text, within the segment. score.c adds the
 * terms: the prior of (kind, check), cues before start, neighbours around it; near is added on top,
 * for what only the family knows (0 in most cases). A check of OB_VALID_NO is a failed check: it
 * needs a strong cue. What scores too little is dropped here.
 */
void obi_found(obi_scan *scan, unsigned kind, size_t start, size_t end, ob_valid check,
               const char *rule, int near);
/* As obi_found, for the head of a long kind that may go on behind the segment. */
void obi_found_long(obi_scan *scan, unsigned kind, size_t start, size_t end, ob_valid check,
                    const char *rule, int near, obi_tail tail);

/* The probability in percent that belongs to hundredths of log-odds (score.c). */
uint8_t obi_percent(int odds);

/* Whether words that name kind stand within 24 characters before start (score.c): for families that
 * report nothing without. The answer is kept, so asking for many kinds at one place costs little.
 */
bool obi_cued(obi_scan *scan, unsigned kind, size_t start);

/* Counts at the first call for a segment. */
const obi_tally *obi_scan_tally(obi_scan *scan);

/* Sorts the candidates by start and keeps of those that overlap the one with the higher score, else
 * the longer one, else the one whose kind comes first (settle.c). */
void obi_scan_settle(obi_scan *scan);

/* The families. Each looks at bytes from scan->from on and may read what stands before. */
typedef struct obi_family {
    void (*find)(obi_scan *scan);
    unsigned needs; /* one of these signs */
} obi_family;

#define OB_FAMILY(name, needs) void obi_find_##name(obi_scan *scan);
#include "detect/families.def"
#undef OB_FAMILY

#endif
