/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Papers: what a delegate writes for a meeting, from the landscape. One row of papers.def a kind,
 * one source file paper_NAME.c a row, which says one thing after the other; three renderers.
 *
 * A paper is a list of blocks. Everything that it claims stands in sentences and in cells of
 * tables, and each sentence and each row cites what bears it out: naming a node writes its name and
 * cites it. A sentence or row that cites nothing but topics and rules is a defect of the program
 * (OB_ERR_BUG). What only a person can judge is a blank: a number, what is asked, and facts beside
 * it. A rule tells how the program came to a judgement; sentences cite it as "rule:NAME".
 *
 * Errors stick: a builder says all it has to say, and ob_paper_make tells whether that was good.
 * Text in blocks is plain; what is foreign in it is escaped by the renderers. All of it lives in
 * the arena. The same landscape, readings and day give the same bytes.
 */
#ifndef OB_MAP_PAPER_H
#define OB_MAP_PAPER_H

#include "map/ask.h"

/* The first four are the kinds of nodes, in their order. */
typedef enum ob_ref_kind {
    OB_REF_BODY,
    OB_REF_ACTIVITY,
    OB_REF_CLAUSE,
    OB_REF_REQUIREMENT,
    OB_REF_MEETING,
    OB_REF_TOPIC, /* cited as "topic:agent" */
    OB_REF_RULE   /* number of a rule of the kind of paper; cited as "rule:lead" */
} ob_ref_kind;

#define OB_REFS 7
extern const char *const ob_ref_names[OB_REFS];

typedef struct ob_ref {
    ob_ref_kind kind;
    uint32_t index;
    bool shown; /* its id stands in the text */
} ob_ref;

typedef struct ob_sentence {
    ob_span text; /* with its full stop; of a cell without */
    ob_ref *refs; /* each once, in the order in which they were cited */
    size_t refs_count;
    size_t refs_cap;
    uint32_t list; /* number of the list in the annex that has all its ids; 0: they stand here */
} ob_sentence;

/* List number n of the annex is lists[n - 1]; no two are equal. */
typedef struct ob_paper_list {
    const ob_ref *refs;
    size_t count;
} ob_paper_list;

typedef enum ob_block_kind {
    OB_BLOCK_HEADING,
    OB_BLOCK_PARAGRAPH,
    OB_BLOCK_BULLET,
    OB_BLOCK_TABLE,
    OB_BLOCK_BLANK,
    OB_BLOCK_RULE
} ob_block_kind;

#define OB_BLOCKS 6
extern const char *const ob_block_names[OB_BLOCKS];

typedef struct ob_block {
    ob_block_kind kind;
    unsigned level;         /* heading: 1 is a section, 2 a part of one */
    uint32_t number;        /* blank, table: from 1; rule: its number among those of the kind */
    ob_span text;           /* heading; caption of a table; what a blank asks; a rule */
    ob_sentence *sentences; /* paragraph, bullet: at least one; blank: facts; table: its cells */
    size_t count;
    size_t cap;
    const char *const *heads; /* table: one a column */
    size_t columns;
    size_t shown;    /* table: rows in the body; those behind are in the annex */
    uint32_t *lists; /* table: by row, the number of the list with the ids that no cell shows; 0:
                      * they stand here */
    bool ids; /* table: some row cites what no cell shows, so ids get a column of their own */
} ob_block;

typedef struct ob_paper_rule {
    const char *id; /* "lead" */
    const char *text;
} ob_paper_rule;

typedef struct ob_paper ob_paper;

enum {
    OB_PAPER_NEEDS_CATALOGUE = 1, /* requirements are nodes of the map */
    OB_PAPER_TAKES_SINCE = 2,     /* compares with an earlier day: --since */
    OB_PAPER_TAKES_WITH = 4,      /* is addressed to a body: --to */
    OB_PAPER_TAKES_TOPIC = 8      /* may be about one topic: --topic */
};

typedef struct ob_paper_kind {
    const char *id;    /* what the command line names: "activity-report" */
    const char *title; /* "Activity report" */
    unsigned flags;
    const ob_paper_rule *rules;
    size_t rules_count;
    void (*write)(ob_paper *p);
} ob_paper_kind;

#define OB_PAPER(id) extern const ob_paper_kind ob_paper_kind_##id;
#include "map/papers.def"
#undef OB_PAPER

extern const ob_paper_kind *const ob_paper_kinds[];
extern const size_t ob_paper_kinds_count;

typedef struct ob_paper_from {
    const ob_map *map;
    ob_arena *arena;
    uint32_t body;       /* whose paper it is; a correspondence group, or a Question, gives itself
                          * and, as the body, its parent.
                          * OB_NONE: cg-aisec-strat, or itu-t-sg17 if there is no such group */
    uint32_t meeting;    /* OB_NONE: the next plenary of the body from as_of on, if there is one */
    ob_day meeting_day;  /* instead of .meeting: of one that the landscape does not have; or 0 */
    uint32_t with;       /* OB_PAPER_TAKES_WITH; OB_NONE: not said */
    uint32_t topic;      /* OB_PAPER_TAKES_TOPIC; OB_NONE: any */
    ob_day since;        /* OB_PAPER_TAKES_SINCE; 0: not said */
    uint32_t fresh_days; /* 0: OB_FRESH_DAYS */
} ob_paper_from;

struct ob_paper {
    const ob_paper_kind *kind;
    const ob_map *map;
    ob_arena *arena;
    ob_ask ask;         /* of .body, and of the topic if one was asked for */
    uint32_t body;      /* a study group */
    uint32_t group;     /* the group or Question whose paper it is, or OB_NONE */
    uint32_t meeting;   /* or OB_NONE: none is known */
    ob_day meeting_day; /* its first day; 0: none is known. May be set without .meeting */
    ob_day report_due;  /* a month before the meeting; 0: none is known */
    uint32_t last;      /* the last plenary of the body before as_of, or OB_NONE */
    uint32_t with;
    ob_day since;
    ob_span title;
    ob_block *blocks;
    size_t count;
    size_t cap;
    uint32_t blanks;
    const ob_paper_list *lists; /* of ids, too long to stand in the text */
    uint32_t lists_count;
    size_t lists_cap;
    uint32_t tables;
    uint32_t annexed;      /* tables with rows in the annex */
    const ob_ref *sources; /* all that is cited but rules: by kind, then id */
    size_t sources_count;
    const bool *rules_cited; /* by number; a rule that stands as a block is not among them */
    char uuid[40];           /* from the content */
    ob_err err;
    /* Of the sentence that is being said. */
    ob_buf now;
    ob_sentence sentence;
    bool cell_open;
};

/* Chooses body and meeting, lets the kind write, and finishes. Release with ob_paper_fini. */
OB_MUST bool ob_paper_make(ob_paper *p, const ob_paper_kind *kind, const ob_paper_from *from,
                           ob_err *err);
void ob_paper_fini(ob_paper *p);

/* Blocks. What is said goes into the last one. Constant texts are kept, not copied. */
void ob_paper_title(ob_paper *p, const char *format, ...) OB_PRINTF(2, 3);
void ob_paper_heading(ob_paper *p, unsigned level, const char *text);
void ob_paper_paragraph(ob_paper *p);
void ob_paper_bullet(ob_paper *p);
/* A place for a person: what is asked, in one line that ends in "?" or "."; facts may follow. */
void ob_paper_blank(ob_paper *p, const char *asked);
/* The text of a rule, here; rules that are cited and stand nowhere are in an annex. */
void ob_paper_show_rule(ob_paper *p, const char *id);
/* heads outlives the paper. Then rows: ob_paper_cell for each cell, from the left; what is said
 * goes into it. A row that cites nothing is a defect. */
void ob_paper_table(ob_paper *p, const char *caption, const char *const *heads, size_t columns);
void ob_paper_cell(ob_paper *p);

/* Sentences: texts and nodes by turns, then ob_say_end, which writes the full stop. The first
 * letter of what ob_say and ob_say_count begin a sentence with becomes a capital. */
void ob_say(ob_paper *p, const char *text);
void ob_sayf(ob_paper *p, const char *format, ...) OB_PRINTF(2, 3);
void ob_say_text(ob_paper *p, ob_span foreign);
void ob_say_end(ob_paper *p);
/* Named and cited: a document by its id, a body by its short name, a meeting by its title and days,
 * a topic by its short name, or its title up to the first comma; a requirement by its id. */
void ob_say_activity(ob_paper *p, uint32_t activity);
void ob_say_body(ob_paper *p, uint32_t body);
void ob_say_meeting(ob_paper *p, uint32_t meeting);
void ob_say_topic(ob_paper *p, uint32_t topic);
void ob_say_node(ob_paper *p, uint32_t node);
/* X.sgAIoT "Security guidelines for ...". */
void ob_say_titled(ob_paper *p, uint32_t activity);
/* "X.1, X.2 and X.3", or "X.1, X.2 and 5 more"; all are cited. most 0: all are named. */
void ob_say_activities(ob_paper *p, const uint32_t *numbers, size_t count, size_t most);
void ob_say_bodies(ob_paper *p, const uint32_t *numbers, size_t count, size_t most);
void ob_say_topics(ob_paper *p, const uint32_t *numbers, size_t count, size_t most);
void ob_say_requirements(ob_paper *p, const uint32_t *numbers, size_t count, size_t most);
/* "no work item", "one work item", "twelve work items", "13 work items". */
void ob_say_count(ob_paper *p, size_t count, const char *one, const char *many);
/* "no", "one", "twelve", "13". */
void ob_say_number(ob_paper *p, size_t count);
/* "2026-11-26", "2026-11"; "an unknown day". */
void ob_say_day(ob_paper *p, ob_day day);
/* Cited, not named: the text speaks of it already. */
void ob_cite(ob_paper *p, ob_ref_kind kind, uint32_t index);
void ob_cite_activities(ob_paper *p, const uint32_t *numbers, size_t count);
void ob_cite_rule(ob_paper *p, const char *id);

/* What is cited. */
OB_MUST bool ob_ref_id(const ob_paper *p, const ob_ref *ref, ob_buf *out, ob_err *err);
ob_span ob_ref_title(const ob_paper *p, const ob_ref *ref);
/* The day of what is known about it: of a document its last reading or the records of its body;
 * 0: none is known, or it has none. */
ob_day ob_ref_day(const ob_paper *p, const ob_ref *ref);
/* Of a document: only others report it, or nobody was seen to. False for all else. */
bool ob_ref_reported(const ob_paper *p, const ob_ref *ref);

/* The same day a number of calendar months before; where that month is too short, its last day.
 * 20260331 and 1 give 20260228. The day has to have a month and a day; 0 gives 0. */
ob_day ob_day_months_before(ob_day day, unsigned months);

/* Renderers. Ids stand behind sentences in brackets; of more than OB_PAPER_IDS the first ones, and
 * all of them in a list of the annex. */
#define OB_PAPER_IDS     8
#define OB_PAPER_ROW_IDS 3 /* of a row; if there are more, the column names the list */
#define OB_PAPER_ROWS    10
#define OB_PAPER_MAX     ((size_t)64 << 20)
OB_MUST bool ob_paper_markdown(ob_buf *out, const ob_paper *p, ob_err *err);
OB_MUST bool ob_paper_html(ob_buf *out, const ob_paper *p, ob_err *err);
OB_MUST bool ob_paper_json(ob_buf *out, const ob_paper *p, ob_err *err);

#endif
