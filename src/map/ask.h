/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions over a landscape, one file ask_NAME.c each. All take an ob_ask and give arrays in its
 * arena, sorted so that the same landscape gives the same answer. Relations that are only
 * suggested, or rejected, are in no answer but that of suggest.
 */
#ifndef OB_MAP_ASK_H
#define OB_MAP_ASK_H

#include "map/landscape.h"

typedef struct ob_ask {
    const ob_map *map;
    ob_arena *arena;
    uint32_t body;       /* with those below it; OB_NONE: any */
    uint32_t with;       /* overlaps: the other body; OB_NONE: any */
    uint32_t topic;      /* OB_NONE: any */
    uint32_t fresh_days; /* data that are older prove nothing */
} ob_ask;

#define OB_FRESH_DAYS 180

/* What all publishers' kinds of text are sorted into. */
typedef enum ob_sort {
    OB_SORT_STANDARD,   /* says what to do, to claim conformity with: Recommendation, TS, RFC */
    OB_SORT_REPORT,     /* reports, supplements, papers */
    OB_SORT_GUIDANCE,   /* frameworks, guidance, principles, lists */
    OB_SORT_REGULATION, /* law */
    OB_SORT_OTHER       /* groups, letters, terms of reference: no texts on a subject */
} ob_sort;

#define OB_SORTS 5
extern const char *const ob_sort_names[OB_SORTS];
ob_sort ob_sort_of(ob_span kind);
/* Days from when something was last read up to as_of; -1: it never was. A day without month or
 * day counts as its first, so that data are never taken for fresher than they are. */
int64_t ob_age_days(const ob_map *map, ob_day data_day);
/* May answers use it? Neither suggested nor rejected. */
bool ob_relation_counts(const ob_relation *relation);
/* Does the activity list the body, or one below it, as a liaison? */
bool ob_lists_body(const ob_map *map, uint32_t activity, uint32_t body);
/* Is it known whom it lists? A page that was read tells, and be it that it lists nobody. */
bool ob_lists_known(const ob_map *map, uint32_t activity);
/* Texts that hold or are to come: not superseded, stopped or unknown, and not external. */
bool ob_activity_is_live(const ob_activity *activity);

/* gaps: each topic, sort of text and body. */
typedef enum ob_gap_state {
    OB_GAP_COVERED, /* fresh data show a text that holds */
    OB_GAP_PLANNED, /* fresh data show work, and no text yet */
    OB_GAP_UNSURE,  /* no text has the topic, but words of titles say that one may belong, or
                     * an item has it of which nobody knows the status */
    OB_GAP_EMPTY,   /* fresh data, nothing found: a gap */
    OB_GAP_STALE    /* the data are too old to say either */
} ob_gap_state;

#define OB_GAP_STATES 5
extern const char *const ob_gap_state_names[OB_GAP_STATES];

typedef struct ob_gap_cell {
    uint32_t topic;
    ob_sort sort;
    uint32_t body;
    ob_gap_state state;
    uint32_t texts;         /* found that hold */
    uint32_t work;          /* found that is open */
    uint32_t looked_at;     /* activities of this body, and those below, of this sort */
    ob_day data_day;        /* when that was last read; 0: never */
    int64_t age_days;       /* -1: never read */
    const uint32_t *likely; /* activities without the topic whose titles have its words */
    size_t likely_count;
} ob_gap_cell;

typedef struct ob_gaps {
    const ob_gap_cell *cells; /* by topic, sort, body */
    size_t count;
    size_t states[OB_GAP_STATES];
    const ob_span *words; /* one a topic: the words looked for in titles, blank between */
} ob_gaps;

/* Bodies with at least one activity, or .body alone. sort: OB_SORTS for all but other. */
OB_MUST bool ob_ask_gaps(const ob_ask *ask, int sort, ob_gaps *gaps, ob_err *err);

/* overlaps: work of two bodies on one subject, of which at least one is still open. */

/* Does a side list the other one as a liaison? */
typedef enum ob_lists {
    OB_LISTS_NO,
    OB_LISTS_YES,
    OB_LISTS_UNKNOWN, /* it has work, and no list of liaisons is known of any */
    OB_LISTS_DONE     /* it has no open work, and what is published lists nobody */
} ob_lists;

/* One topic and two bodies, neither of which is part of the other. */
typedef struct ob_subject {
    uint32_t topic;
    uint32_t body[2];
    const uint32_t *works[2]; /* activities, open ones first */
    uint32_t count[2];
    uint32_t open[2];
    ob_lists lists[2]; /* [0]: the first lists the second */
} ob_subject;

/* Two documents of two bodies that are near each other. */
typedef struct ob_pair {
    uint32_t activity[2];
    ob_names topics; /* shared */
    ob_names words;  /* of titles, shared, that few titles have */
    ob_names types;  /* of relations between the two */
    ob_lists lists[2];
    double score; /* sum of the information of what is shared, in bits */
} ob_pair;

typedef struct ob_overlaps {
    const ob_subject *subjects; /* most to do first: open on both sides, no liaison */
    size_t subjects_count;
    const ob_pair *pairs; /* nearest first */
    size_t pairs_count;
} ob_overlaps;

OB_MUST bool ob_ask_overlaps(const ob_ask *ask, ob_overlaps *overlaps, ob_err *err);
/* As ob_ask_overlaps, without the pairs. */
OB_MUST bool ob_ask_subjects(const ob_ask *ask, ob_overlaps *overlaps, ob_err *err);

/* partners: who should be written to, by .body, and why. */
typedef enum ob_reason_kind {
    OB_REASON_UNLISTED,  /* both work on it, neither is known to list the other */
    OB_REASON_ANSWER,    /* they list us, we do not list them */
    OB_REASON_REMIND,    /* we list them, their list is known and lacks us */
    OB_REASON_PUBLISHED, /* their text on it is out while we work on it */
    OB_REASON_RELATION /* a text of ours has a relation to one of theirs, and no liaison is kept */
} ob_reason_kind;

#define OB_REASONS 5
extern const char *const ob_reason_names[OB_REASONS];
/* What a reason weighs: two that work on one subject without a word are the worst. */
extern const uint32_t ob_reason_weights[OB_REASONS];

typedef struct ob_reason {
    ob_reason_kind kind;
    uint32_t topic;       /* or OB_NONE */
    const uint32_t *ours; /* activities */
    size_t ours_count;
    const uint32_t *theirs;
    size_t theirs_count;
} ob_reason;

typedef struct ob_partner {
    uint32_t body;
    const ob_reason *reasons; /* the weightiest first */
    size_t count;
    uint32_t weight;
    uint32_t meeting; /* its next one from as_of on, or OB_NONE */
} ob_partner;

OB_MUST bool ob_ask_partners(const ob_ask *ask, const ob_partner **partners, size_t *count,
                             ob_err *err);

/*
 * path: all ways from one node to another, none twice, none lost. A way passes no node twice and
 * has at most steps relations, walked in either direction. Bodies join everything with everything,
 * so one stands within a way only if the way has two steps: both ends touch it.
 */
#define OB_PATH_STEPS     4
#define OB_PATH_STEPS_MAX 8
#define OB_PATH_WAYS_MAX  100000

typedef struct ob_hop {
    uint32_t relation; /* number in the map */
    bool back;         /* walked from .to to .from */
} ob_hop;

typedef struct ob_way {
    const ob_hop *hops;
    size_t count;
    ob_set_mask sets;  /* what follows for the two ends; OB_SET_ANY if not all hops are sets */
    bool composed;     /* all hops are set relations */
    ob_review weakest; /* of its set relations */
} ob_way;

typedef struct ob_ways {
    const ob_way *ways; /* short ones first, then by the numbers of their relations */
    size_t count;
    ob_set_mask sets; /* what all composed ways leave; 0: they contradict each other */
    bool composed;    /* there is one */
    bool cut;         /* there may be longer ways; they were not walked */
} ob_ways;

/* Fails if there are more than OB_PATH_WAYS_MAX. */
OB_MUST bool ob_ask_path(const ob_ask *ask, uint32_t from, uint32_t to, size_t steps, ob_ways *ways,
                         ob_err *err);
/* What set relations leave between one node and all others, by at most so many of them: masks[n] is
 * OB_SET_ANY where nothing is known, and 0 where statements contradict each other. */
OB_MUST bool ob_ask_sets(const ob_ask *ask, uint32_t from, size_t steps, const ob_set_mask **masks,
                         ob_err *err);

/* coverage: requirement -> clause -> document -> body. The map has to have a catalogue. */
typedef struct ob_cover {
    uint32_t node; /* clause, or activity as a whole */
    const uint32_t *requirements;
    size_t count;
} ob_cover;

/* A requirement that reaches a framework only by way of another document, or by set relations of
 * its own. */
typedef struct ob_cover_by {
    uint32_t requirement;
    uint32_t by;      /* activity that it rests on; OB_NONE: by its own set relations */
    uint32_t reaches; /* node: the framework, or a clause of it */
    ob_set_mask sets; /* from what it rests on, or itself, to .reaches */
} ob_cover_by;

typedef struct ob_cover_body {
    uint32_t body;
    size_t documents;
    size_t requirements;
} ob_cover_body;

typedef struct ob_coverage {
    const ob_cover *rows; /* of a framework: its clauses; else documents, most requirements first */
    size_t rows_count;
    const ob_cover_by *by; /* of a framework only */
    size_t by_count;
    const uint32_t *without; /* requirements that rest on no clause of it (on nothing at all) */
    size_t without_count;
    const ob_cover_body *bodies; /* most requirements first */
    size_t bodies_count;
    const uint32_t *unused; /* open work that no requirement rests on, within .body and .topic */
    size_t unused_count;
} ob_coverage;

/* framework: an activity, or OB_NONE for all documents. */
OB_MUST bool ob_ask_coverage(const ob_ask *ask, uint32_t framework, ob_coverage *coverage,
                             ob_err *err);

/* timeline: what was, and what is due. */
typedef enum ob_event_kind {
    OB_EVENT_MEETING,
    OB_EVENT_REPORT_DUE, /* to the meeting */
    OB_EVENT_STATUS,     /* the day of the status: approved, published, ... */
    OB_EVENT_REGISTERED, /* as a work item */
    OB_EVENT_DUE         /* the timing of open work */
} ob_event_kind;

#define OB_EVENTS 5
extern const char *const ob_event_names[OB_EVENTS];

typedef struct ob_event {
    ob_day day;
    ob_event_kind kind;
    uint32_t activity; /* or OB_NONE */
    uint32_t meeting;  /* or OB_NONE */
    bool late;         /* open work that was due before as_of */
} ob_event;

/* Within since and until (0: no limit), by day; what is late is there whenever it was due. */
OB_MUST bool ob_ask_timeline(const ob_ask *ask, ob_day since, ob_day until, const ob_event **events,
                             size_t *count, ob_err *err);
/* The day of a timing, "2027-Q4 (Medium priority)"; 0: it has none. */
ob_day ob_timing_day(ob_span timing);

/* diff: what readings say that those up to a day did not. */
typedef enum ob_edit_kind {
    OB_EDIT_NEW,
    OB_EDIT_RENAMED,
    OB_EDIT_MOVED,     /* to another group, Question or study period */
    OB_EDIT_ADVANCED,  /* to a later stage */
    OB_EDIT_PUBLISHED, /* approved, agreed or published */
    OB_EDIT_STALLED,   /* put off, or carried over */
    OB_EDIT_STOPPED,   /* discontinued, replaced */
    OB_EDIT_OTHER      /* another field */
} ob_edit_kind;

#define OB_EDITS 8
extern const char *const ob_edit_names[OB_EDITS];

typedef struct ob_edit {
    ob_edit_kind kind;
    uint32_t activity;
    ob_span id;        /* that of the later page */
    const char *field; /* "status", ...; NULL: the whole page is new */
    ob_span before;
    ob_span after;
    ob_day before_day; /* of the readings; 0: none */
    ob_day after_day;
    bool known; /* new to the readings, but the landscape has it, or it was registered before */
} ob_edit;

typedef struct ob_edits {
    ob_day compared_with;   /* the readings up to this day; 0: there are none */
    const ob_edit *changes; /* by kind, then id, then field */
    size_t count;
    const uint32_t *overdue; /* open by their last reading, and due between the two days */
    size_t overdue_count;
} ob_edits;

/* Where no reading is as old as since, the first day that has one takes its place. */
OB_MUST bool ob_ask_diff(const ob_ask *ask, ob_day since, ob_edits *diff, ob_err *err);

#endif
