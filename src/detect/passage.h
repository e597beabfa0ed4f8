/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passages: findings that need many words (injection). The words of the reader are gathered into
 * sentences; a window is the last two of them, more where they are short. Windows whose words weigh
 * enough are looked at by the rules (passage_rules.c) and by the model (model.h); so are views of
 * the window in which hiding is undone (passage_view.c), where its shape is that of an encoding.
 *
 * What is found depends on the words alone, so on the text and not on how it was cut. A finding is
 * told when the sentence behind it has been read.
 */
#ifndef OB_DETECT_PASSAGE_H
#define OB_DETECT_PASSAGE_H

#include "detect/prompts.h"
#include "detect/reader.h"

#include <ombud/detect.h>

/* Most words of a window. A longer sentence is cut, and the parts overlap by half. */
#define OBI_WINDOW_WORDS 64
/* What its words must weigh together before the rules look at it. */
#define OBI_WEIGHT_MIN 3
/* Most folded bytes of one. */
#define OBI_WINDOW_BYTES (OBI_WINDOW_WORDS * (OBI_TOKEN_MAX + 1))
/* Letters of one word that may be base64 or hexadecimal. */
#define OBI_RUN_LETTERS 22
/* Most bytes of the text that a view is made of. */
#define OBI_VIEW_BYTES ((size_t)4096)

/* The language of a window as far as its script and its small words tell. */
enum {
    OBI_LANG_OTHER,
    OBI_LANG_EN,
    OBI_LANG_ZH,
    OBI_LANG_FR,
    OBI_LANG_ES,
    OBI_LANG_RU,
    OBI_LANG_AR,
    OBI_LANG_DE,
    OBI_LANG_PT,
    OBI_LANG_IT,
    OBI_LANG_JA,
    OBI_LANG_KO,
    OBI_LANGS
};

/* What may be asked for in a text: the more it is one that a service only reads, the less. */
typedef enum obi_place {
    OBI_PLACE_BETWEEN, /* a ticket, or a text of which nothing is known */
    OBI_PLACE_USER,
    OBI_PLACE_DOCUMENT,
    OBI_PLACES
} obi_place;

/* Words in a row, with their folded bytes: words stand one blank apart, Han characters and kana
 * without one. A word's bytes begin at words[i].at of folded, behind which 16 more can be read.
 * Borrowed for the call. */
typedef struct obi_window {
    const obi_token *words;
    size_t count;
    ob_span folded;
    unsigned lang; /* OBI_LANG_*; 0 where nobody asked for it */
    size_t fresh;  /* the words from here on were in no window before */
    int gate;      /* the sum of the model's gate; 0 if the gather has no model */
    obi_place place;
} obi_window;

/* What makes a window suspicious without a word that means anything: counts of its words. */
typedef struct obi_oddness {
    unsigned runs;    /* long ones of letters and digits */
    unsigned percent; /* with a percent sign before them */
    unsigned entity;  /* with an ampersand */
    unsigned escape;  /* with a backslash */
    unsigned single;  /* one letter */
    unsigned hidden;  /* with something invisible before them, that is not in a word */
    unsigned turned;  /* frequent words backwards, or thirteen letters further */
    unsigned mixed;   /* signs of leet beside letters */
    size_t first;     /* the words that were counted lie between these, both included */
    size_t last;
} obi_oddness;

/* The words that the next window will have. They move through a room for twice as many, so that
 * they need not be moved each time. Not to be copied. */
typedef struct obi_gather {
    obi_token *words; /* the first one of the window; words[count] is for one not yet added */
    size_t count;
    size_t fresh;
    obi_token store[2 * OBI_WINDOW_WORDS + 1];
    char folded[2 * OBI_WINDOW_BYTES + OBI_TOKEN_MAX];
    size_t len;
    uint32_t key;         /* of the last word (lexicon.h) */
    unsigned weight;      /* the sum of the words': what all may mean together */
    uint16_t gate;        /* of the last word */
    uint16_t gate_before; /* before the first word, so that the difference is the window's sum */
    /* What is so of word i of the window has bit i: */
    uint64_t begins;               /* a sentence */
    uint64_t lines;                /* begins a line, or the text */
    uint64_t weighing;             /* it has a weight */
    uint64_t odd;                  /* may count for obi_oddness, */
    uint64_t single;               /* or does so only because it has one letter */
    const struct obi_model *model; /* NULL: gates are 0 */
} obi_gather;

struct obi_lexicon;
struct obi_model;
struct obi_model_words;

/* What the rules say about a window. */
typedef struct obi_verdict {
    int points;          /* the sum of its rules; 0: none */
    int brakes;          /* what speaks against, below 0 */
    uint32_t techniques; /* bit i: obi_technique i */
    uint16_t kind;
    const char *rule; /* the one that weighs most, or that of the model */
    bool has_model;   /* a model was asked */
    int model;        /* its score in hundredths of log-odds */
    unsigned turned;  /* words that look turned or moved, whatever the rules say */
    size_t first;     /* words of the window, both included */
    size_t last;
} obi_verdict;

typedef struct obi_passages {
    obi_reader reader;
    obi_gather gather;
    const struct obi_lexicon *lexicon;
    const struct obi_model *model; /* NULL: none */
    struct obi_model_words *known; /* of the model; NULL: none */
    obi_prompts *prompts;          /* NULL: none; sees the same words */
    obi_gather *inner;             /* of views; NULL: none are made */
    ob_arena *arena;               /* of views */
    int level;                     /* what remains of weak signals, in hundredths of log-odds */
    obi_place place;
    bool guesses;   /* nothing is known of the place, so it is a document when it looks like one */
    unsigned marks; /* signs of a document so far */
    unsigned line_words; /* words of the line so far */
    ob_where where;
    char *raw; /* the newest bytes, 2 * OBI_VIEW_BYTES at most */
    size_t raw_len;
    uint64_t raw_start;
    uint64_t viewed; /* bytes before it were in a view that found something */
    ob_hit waiting;  /* a finding that may go on; no rule: none */
    bool (*found)(void *ctx, const ob_hit *hit, ob_err *err);
    void *ctx;
} obi_passages;

/* Takes memory; the lexicon and the arena are borrowed. */
OB_MUST bool obi_passages_init(obi_passages *p, const struct obi_lexicon *lexicon, ob_arena *arena,
                               ob_err *err);
void obi_passages_fini(obi_passages *p);
/* Where the texts come from: from the next obi_passages_start on. */
void obi_passages_where(obi_passages *p, ob_where where);
/* A new text; level is kept. */
void obi_passages_start(obi_passages *p);
/* The next bytes of the text. last: nothing follows. */
OB_MUST bool obi_passages_feed(obi_passages *p, ob_span piece, bool last, ob_err *err);

/* passage_recall.c. What was said before the text, right behind obi_passages_start: its words stand
 * before those of the text in the first window. */
void obi_passages_recall(obi_passages *p, ob_span said);
/* The text ended: said and then the end of the text, as much of both as the next text recalls.
 * Writes into said, which has room for OB_SESSION_BYTES; returns how many bytes. */
size_t obi_passages_said(obi_passages *p, char *said, size_t len);

/* The text of a finding that is being told, as far as it is kept: at least its last OBI_VIEW_BYTES,
 * less what was read since. */
ob_span obi_passages_text(const obi_passages *p, const ob_hit *hit);

/* gather: the parts that views share. model: whose gate is summed up, or NULL. */
void obi_gather_start(obi_gather *g, const struct obi_model *model);
/* Whether the words so far are a window, because token begins something new. */
bool obi_gather_ready(const obi_gather *g, const obi_token *token);
/* token may stand in g->words[g->count] already, which saves a copy. */
void obi_gather_add(obi_gather *g, const struct obi_lexicon *lexicon, const obi_token *token,
                    const char *folded);
/* All but its language, which takes a look at each word and is seldom asked for. */
obi_window obi_gather_window(const obi_gather *g);
unsigned obi_window_lang(const obi_window *window, const struct obi_lexicon *lexicon);
/* The window was looked at: keeps the words that the next one has, too. */
void obi_gather_shift(obi_gather *g);

/* What the words of the window may mean together. */
static inline unsigned obi_gather_weight(const obi_gather *g)
{
    return g->weight;
}

/* The sum of the model's gate: of 64 words within 16 bits. */
static inline int obi_gather_gate(const obi_gather *g)
{
    return (int16_t)(g->gate - g->gate_before);
}

/* So many bytes behind a piece must be readable. What they are does not matter. */
#define OBI_RUN_SLACK 64

/* What the bytes of a block of a piece are: bit i is set where byte i is one of these. */
typedef struct obi_block {
    const unsigned char *from; /* NULL: none of this piece was looked at */
    uint64_t words;            /* letters and digits of ASCII */
    uint64_t capitals;
    uint64_t digits;
} obi_block;

/* Reads and adds words in the short way, which ASCII words and Han characters go (gather_run.c),
 * as far as it knows what comes. Above 0: another window begins with the word of so many bytes at
 * *pos, which is not read: after obi_gather_shift it is added by the next call. 0: what is at *pos
 * goes the way word by word, or there is nothing left. last: nothing follows the piece. block: none
 * at the beginning of a piece, then left alone. */
size_t obi_gather_run(obi_gather *g, obi_reader *reader, const struct obi_lexicon *lexicon,
                      ob_span piece, size_t *pos, bool last, obi_block *block);

/* passage_place.c. How far a place is trusted. */
obi_place obi_place_of(ob_where where);
/* A new text: its place is what p->where says. */
void obi_place_start(obi_passages *p);
/* The fresh words of the window may say that it is a document. */
void obi_place_look(obi_passages *p);

struct obi_meaning;
/* passage_rules.c. What the words of a window mean, and what the signs around them do: forged turns
 * and tags. */
void obi_meaning_read(const struct obi_lexicon *lexicon, const obi_window *window,
                      struct obi_meaning *meaning);
/* Forgets the tokens of a chat template that may be chance, and tells at which words. The rules do
 * not believe them; the model learned with them, so obi_rules_believe puts them back. */
uint64_t obi_rules_doubt(const obi_window *window, struct obi_meaning *meaning);
void obi_rules_believe(uint64_t doubted, struct obi_meaning *meaning);
/* Fills lexicon->rules. */
void obi_rules_index(struct obi_lexicon *lexicon);
/* verdict->points 0: nothing, or nothing that the fresh words take part in. */
void obi_rules_judge(const struct obi_lexicon *lexicon, const obi_window *window,
                     const struct obi_meaning *meaning, obi_verdict *verdict);
/* passage_judge.c. Whether the window is worth a judgement. */
bool obi_gather_shows(const obi_gather *g);
/* What rules and model say. False: neither says anything. */
bool obi_window_judge(const obi_passages *p, const obi_window *window, obi_verdict *verdict);
/* passage_view.c: the best verdict over the views of raw, which begins at byte base of the text,
 * and where it stands. */
OB_MUST bool obi_view_judge(obi_passages *p, ob_span raw, uint64_t base, const obi_oddness *shape,
                            ob_hit *hit, ob_err *err);
/* The shape of a window. */
obi_oddness obi_oddness_of(const obi_gather *g);
bool obi_is_odd(const obi_oddness *shape);
/* Whether obi_is_odd may be true of a window's shape, if none of its words is turned; mostly not.
 */
bool obi_gather_may_be_odd(const obi_gather *g);
/* A verdict as a finding, but for its place. carry: added to near. */
void obi_verdict_hit(const obi_verdict *verdict, int carry, ob_hit *hit);

/* Techniques, as bits of ob_hit.techniques. */
typedef enum obi_technique {
#define OB_TECHNIQUE(name, id) OBI_BY_##name,
#include "detect/techniques.def"
#undef OB_TECHNIQUE
    OBI_TECHNIQUES
} obi_technique;

#endif
