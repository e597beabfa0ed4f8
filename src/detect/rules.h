/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules that begin with a literal: the shipped ones (secrets.def) and the operator's. Vectorscan
 * finds the literals, all in one pass; families look at what follows. The compiled form of both is
 * a file (rules_file.c), because compiling takes far longer than loading.
 *
 * Threads share a detector: once it is made only injections.c adds to it, behind a lock. A scratch
 * belongs to one scanner.
 */
#ifndef OB_DETECT_RULES_H
#define OB_DETECT_RULES_H

#include "detect/scan.h"

#define OB_RULES_MAX        1000 /* of an operator */
#define OB_RULE_TEXT_MAX    100  /* bytes of an id, a title, a kind, a literal, a cue */
#define OB_RULE_HEAD_MIN    3    /* bytes of a literal's first word: a shorter one is everywhere */
#define OB_RULE_PATTERN_MAX 1000
#define OB_RULE_CUES_MAX    32
#define OB_RULES_FILE_MAX   ((size_t)64 << 20)

/* Where an operator's rule has its check from. */
typedef enum ob_rule_check {
    OB_RULE_CHECK_NONE,
    OB_RULE_CHECK_LUHN, /* these five: over the digits of the value */
    OB_RULE_CHECK_VERHOEFF,
    OB_RULE_CHECK_MOD11_10,
    OB_RULE_CHECK_MOD11_2, /* X may be the last */
    OB_RULE_CHECK_EAN13,
    OB_RULE_CHECK_MOD97, /* over its letters and digits */
    OB_RULE_CHECK_KIND   /* that of a shipped kind */
} ob_rule_check;

/* A rule as an operator writes it (doc/detector-rules.md). All spans are borrowed. */
typedef struct ob_rule {
    ob_span id;
    ob_span title;
    ob_span kind; /* its own, or a shipped one */
    ob_hit_class class_;
    ob_span literal;
    ob_span pattern; /* empty: the literal is the value */
    ob_rule_check check;
    ob_kind check_kind; /* for OB_RULE_CHECK_KIND */
    bool any_case;      /* of ASCII letters */
    uint8_t score;      /* in percent, 1 to 99 */
    uint8_t score_cued; /* beside one of the cues */
    const ob_span *cues;
    size_t cue_count;
} ob_rule;

struct hs_database;
struct hs_scratch;

/* An operator's rule, ready to be used. */
typedef struct obi_own_rule {
    ob_rule text;
    ob_span rest;                /* of the literal, behind its first word */
    struct hs_database *pattern; /* NULL: none */
    uint32_t reach;              /* most bytes from the literal's start that it may cover */
    int16_t terms;               /* score and score_cued, in hundredths of log-odds */
    int16_t terms_cued;
} obi_own_rule;

/* Anything with a literal. Shipped rules come first, in the order of secrets.def, then of
 * markup.def. */
typedef struct obi_rule {
    const char *name;
    ob_span head; /* what is looked for: of a phrase its first word */
    uint16_t kind;
    bool any_case;
    const obi_own_rule *own;             /* NULL: a shipped one */
    const struct obi_markup_row *markup; /* NULL: none of markup.def */
} obi_rule;

/* The odd heads (obi_rules_pending) that begin with the same byte, or the same letter. */
typedef struct obi_odd {
    size_t first; /* of odd_rules */
    size_t count;
    size_t longest; /* bytes of a head */
} obi_odd;

static inline unsigned char obi_odd_row(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

struct ob_detector {
    ob_arena arena;
    ob_hit_kind *kinds;
    size_t kind_count; /* OB_KINDS shipped ones, then the operator's */
    obi_rule *rules;
    size_t rule_count;
    obi_own_rule *own;
    size_t own_count;
    uint32_t *odd_rules;               /* those that obi_rules_pending looks at, row by row */
    obi_odd odd[256];                  /* obi_odd_row() */
    size_t odd_longest;                /* bytes of the longest head of all rows */
    struct obi_injections *injections; /* what passages need; made when it is asked for */
    struct hs_database *heads;
    struct hs_scratch *scratch; /* never scanned with: others are copies of it */
};

/* How many rules are shipped; rules with an index from there on are an operator's. */
size_t obi_rules_shipped(void);
/* The heads, cases and kinds of the shipped rules, so that a file made from others is known. */
OB_MUST bool obi_rules_shipped_digest(ob_digest *digest, ob_err *err);

/* A scratch for one scanner; free it with obi_rules_scratch_free before the detector. */
OB_MUST bool obi_rules_scratch(const ob_detector *detector, struct hs_scratch **scratch,
                               ob_err *err);
void obi_rules_scratch_free(struct hs_scratch *scratch);

/*
 * Finds the literals in text, sorted by start, then end, then rule. False, with the cap that end
 * first in out: there are more than cap; look at shorter pieces. Of a phrase only the first word
 * has been seen. A literal may stand anywhere, within a word, too: what stands around it is for the
 * family to judge.
 */
bool obi_rules_scan(const ob_detector *detector, struct hs_scratch *scratch, ob_span text,
                    obi_literal *out, size_t cap, size_t *count);

/*
 * How far a segment is extended for the rule of a literal at start of text (bytes from start to end
 * are its own), if the text goes on: of an operator's rule as far as it may cover, of markup as far
 * as it does. 0: not at all, its family works within the segment. *more is set where text is
 * missing.
 */
size_t obi_rules_reach(const ob_detector *detector, uint32_t rule, ob_span text, size_t start,
                       size_t end, bool last, bool *more);
/* Whether a rule may reach beyond what the lexer takes for a segment. */
bool obi_rules_extends(const ob_detector *detector, uint32_t rule);

/*
 * Where a stream has to wait: the first place from from on from which on all of text is the
 * beginning of a literal that the lexer does not hold by itself, because it is more
 * than one word for it (Han characters, brackets). text.len: nowhere.
 */
size_t obi_rules_pending(const ob_detector *detector, ob_span text, size_t from);

/*
 * Making rules ready (rules.c, rules_own.c). Vectorscan runs in most of these, so ask
 * obi_rules_machine first: OB_ERR_USAGE where the processor cannot run it.
 */
OB_MUST bool obi_rules_machine(ob_err *err);
/* Fills the shipped rules in, obi_rules_shipped() of them. */
void obi_rules_ship(obi_rule *rules);
OB_MUST bool obi_rules_heads(const obi_rule *rules, size_t count, struct hs_database **heads,
                             ob_err *err);
/* The error for what Vectorscan answers to something that cannot be wrong. */
bool obi_hs_fail(int code, const char *what, ob_err *err);

/* The class of a shipped kind. */
ob_hit_class obi_kind_class(ob_kind kind);
/* Checks all of an operator's rule but the pattern. On failure *field is the key to blame. */
OB_MUST bool ob_rule_check_form(const ob_rule *rule, const char **field, ob_err *err);
/* Compiles the pattern of a rule, anchored, and says how many bytes it may cover. *pattern is NULL
 * where there is none. */
OB_MUST bool obi_rule_pattern(const ob_rule *rule, struct hs_database **pattern, uint32_t *reach,
                              ob_err *err);
/* Whether the pattern can be compiled, and the rule finds something in each of the examples; *wrong
 * is the first one in which it does not, or SIZE_MAX for the pattern. */
OB_MUST bool ob_rule_check_pattern(const ob_rule *rule, const ob_span *examples, size_t count,
                                   size_t *wrong, ob_err *err);
/* Sets what follows from the text of a rule: rest and terms. */
void obi_own_prepare(obi_own_rule *rule);

/* Where the value of an own rule ends that begins at start of text, where its first word was found;
 * the longest one. 0: there is none. next: the byte behind text. */
size_t obi_own_match(const obi_own_rule *rule, struct hs_scratch *scratch, ob_span text,
                     size_t start, char next, ob_valid *check);

/*
 * The compiled file (rules_file.c). Writes the shipped rules and those of an operator, whose ids
 * must be different.
 */
OB_MUST bool ob_rules_write(const ob_rule *rules, size_t count, ob_buf *out, ob_err *err);
/* Fill a zeroed detector: from a file, or from rules, compiling. After a failure it can be freed.
 */
OB_MUST bool obi_rules_read(ob_detector *detector, ob_span compiled, bool *stale, ob_err *err);
OB_MUST bool obi_detector_fill(ob_detector *detector, const ob_rule *rules, size_t count,
                               ob_err *err);
/* Their parts (detector.c): kinds and rules, once the own rules are there; the scratch, once all
 * databases are. */
OB_MUST bool obi_detector_tables(ob_detector *detector, ob_err *err);
OB_MUST bool obi_detector_scratch(ob_detector *detector, ob_err *err);

#endif
