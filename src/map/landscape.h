/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The landscape: who standardizes what. Bodies, activities (documents, and work items on their way
 * to become one), meetings, topics, and the relations between them, as one graph. Loaded once for a
 * day (as_of), read-only afterwards, all in the arena given. It is made of
 *   - the files of landscape/, the baseline;
 *   - the readings of a store up to as_of, which go before the baseline: the last reading of a work
 *     item tells how it stands, and all readings are kept with it;
 *   - a catalogue, if one is given: requirement -> clause of a source -> activity -> body.
 *
 * Everything is an array and a number in it. The nodes of the graph are numbered through: bodies,
 * then activities, then clauses, then requirements. Edges of a node are neighbours in memory, so
 * questions over all pairs of 10,000 activities and 50,000 relations cost milliseconds.
 */
#ifndef OB_MAP_LANDSCAPE_H
#define OB_MAP_LANDSCAPE_H

#include "catalogue/catalogue.h"
#include "evidence/reading.h"
#include "input/yaml_pack.h"
#include "map/item.h"
#include "map/meeting.h"
#include "map/name.h"
#include "map/set.h"

#define OB_NONE UINT32_MAX /* no body, no activity, no node */

/* Where a statement stands: a file of YAML and a node of it, or neither (from a reading). */
typedef struct ob_place {
    const ob_yaml_doc *doc;
    const ob_yaml *at;
} ob_place;

typedef struct ob_topic {
    ob_span id;
    ob_place place;
    ob_span title;
    ob_span short_name; /* "AI agents", as it stands in a sentence; may be empty */
} ob_topic;

typedef struct ob_body {
    ob_span id; /* "itu-t-sg17" */
    ob_place place;
    ob_span name;
    ob_span short_name; /* "SG17" */
    ob_names aliases;   /* further spellings that pages use */
    uint32_t parent;    /* body, or OB_NONE */
    uint32_t successor; /* the body that took over its work; OB_NONE: it is there still */
    ob_span kind;
    ob_span url;
    ob_span working_party; /* of Questions; may be empty */
    ob_span note;
    ob_day data_day; /* when its records were last read */
    bool verified;
} ob_body;

/* The stages that all publishers' words are sorted into, in the order of a work item's life. */
typedef enum ob_state {
    OB_STATE_UNKNOWN,
    OB_STATE_NEW,        /* agreed as new work */
    OB_STATE_STUDY,      /* under study, drafts */
    OB_STATE_LAST_CALL,  /* determined, consented, in enquiry or at a final ballot */
    OB_STATE_CARRIED,    /* to a later study period */
    OB_STATE_APPROVED,   /* or agreed; not yet seen published */
    OB_STATE_PUBLISHED,  /* or in force */
    OB_STATE_CONTINUOUS, /* lists, programmes, groups that go on */
    OB_STATE_SUPERSEDED, /* replaced */
    OB_STATE_STOPPED     /* expired, declined, discontinued, closed */
} ob_state;

#define OB_STATES 10
extern const char *const ob_state_names[OB_STATES];
/* The stage that a status means; words that are not known are OB_STATE_UNKNOWN. Empty: on a page of
 * the work programme that is a new work item, which is the caller's to know. */
ob_state ob_state_of(ob_span status);
/* Work that is planned or going on. */
bool ob_state_is_open(ob_state state);
struct ob_activity;
/* The same of an activity; one that went on as another is no work any more. */
bool ob_activity_is_open(const struct ob_activity *activity);

/* How it is known. */
typedef enum ob_evidence {
    OB_EVIDENCE_NONE,      /* not seen */
    OB_EVIDENCE_SECONDARY, /* reported by others */
    OB_EVIDENCE_PAGE,      /* a page of the body */
    OB_EVIDENCE_RECORD     /* the publisher's record */
} ob_evidence;

#define OB_EVIDENCES 4
extern const char *const ob_evidence_names[OB_EVIDENCES];

/* One reading of a work item. */
typedef struct ob_item_reading {
    ob_day day;
    ob_span source;
    uint64_t seq; /* in the store */
    ob_digest digest;
    ob_item item;
} ob_item_reading;

typedef struct ob_activity {
    ob_span id; /* its present one; the baseline's spelling where it has it */
    ob_place place;
    uint32_t body; /* or OB_NONE: an external one, or a page that names no group */
    ob_span title; /* may be empty: not known */
    ob_span kind;  /* "Recommendation", "draft Recommendation", "TS", ... */
    ob_span status;
    ob_state state;
    ob_day date; /* of its status or edition */
    ob_span edition;
    ob_span question;
    ob_span timing;
    ob_span approval;
    ob_day registered;
    ob_names former; /* former ids */
    const uint32_t *topics;
    size_t topics_count;
    ob_span summary; /* in our words, or from a page */
    ob_span url;
    ob_span note;
    ob_evidence evidence;
    bool verified;
    bool external; /* outside the landscape: declared so that relations have an end */
    bool went_on;  /* carried, and what it was continued as is here: that one counts */
    bool read;     /* what stands above comes from its last reading, as far as that says it */
    /* Up to as_of: by day; those of one day as old as they say they are, then as added. */
    const ob_item_reading *readings;
    size_t readings_count;
} ob_activity;

typedef struct ob_meeting {
    ob_span id; /* "sg17-2025-04"; of one that only a page knows, "sg5-2025-05-03" */
    ob_place place;
    uint32_t body;
    ob_span kind;
    ob_span title;
    ob_day start;
    ob_day end;
    ob_span where;  /* place, may be empty */
    ob_span status; /* "held" or "announced" */
    ob_span url;
    ob_span note;
    ob_day report_due;
    int64_t outputs[OB_OUTPUTS]; /* -1: not known */
    bool verified;
    const ob_meeting_page *page; /* its last reading, or NULL */
    ob_day page_day;
} ob_meeting;

/* A clause (control, risk, article) of an activity that a requirement or a set relation names. */
typedef struct ob_clause {
    ob_span id;     /* "X.1452#10.2" */
    uint32_t owner; /* activity */
    ob_span number; /* "10.2" */
} ob_clause;

/* The relation of an edge: twelve between documents, one for all set relations, four that follow
 * from the data. */
typedef enum ob_relation_type {
    OB_REL_SUPERSEDES,
    OB_REL_REFERENCES,
    OB_REL_EQUIVALENT_TO,
    OB_REL_LIAISON_WITH, /* activity to body */
    OB_REL_COMPLEMENTS,
    OB_REL_PART_OF,
    OB_REL_CONTINUED_AS,
    OB_REL_CONTINUES,
    OB_REL_FORMERLY_WORK_ITEM,
    OB_REL_RELATED,
    OB_REL_PRODUCED_BY,  /* activity to body */
    OB_REL_PUBLISHED_BY, /* activity to body */
    OB_REL_SET,
    OB_REL_WORK_OF,   /* activity to its body */
    OB_REL_GROUP_OF,  /* body to its parent */
    OB_REL_CLAUSE_OF, /* clause to its activity */
    OB_REL_RESTS_ON   /* requirement to a clause, or to an activity as a whole */
} ob_relation_type;

#define OB_RELS          17
#define OB_RELS_DOCUMENT 12 /* the first ones are those that files name */
extern const char *const ob_relation_names[OB_RELS];

typedef enum ob_rationale {
    OB_RATIONALE_UNSAID,
    OB_RATIONALE_SYNTACTIC,
    OB_RATIONALE_SEMANTIC,
    OB_RATIONALE_FUNCTIONAL
} ob_rationale;

#define OB_RATIONALES 4
extern const char *const ob_rationale_names[OB_RATIONALES];

typedef enum ob_review {
    OB_REVIEW_STATED, /* a fact of the landscape, a page or the catalogue */
    OB_REVIEW_SUGGESTED,
    OB_REVIEW_PROPOSED,
    OB_REVIEW_REVIEWED,
    OB_REVIEW_ACCEPTED,
    OB_REVIEW_REJECTED /* kept, and in no answer */
} ob_review;

#define OB_REVIEWS 6
extern const char *const ob_review_names[OB_REVIEWS];

typedef enum ob_origin {
    OB_ORIGIN_BASELINE,
    OB_ORIGIN_READING,
    OB_ORIGIN_USER,
    OB_ORIGIN_CATALOGUE,
    OB_ORIGIN_DERIVED
} ob_origin;

typedef struct ob_relation {
    uint32_t from; /* nodes */
    uint32_t to;
    ob_relation_type type;
    ob_set set; /* of OB_REL_SET: from is a ... of to */
    ob_rationale rationale;
    int strength; /* 0 to 10; -1: none given */
    ob_review review;
    ob_origin origin;
    ob_day date;
    ob_span author;
    ob_span reviewer;
    ob_span note;
    ob_place place;
} ob_relation;

/* A family of references of the catalogue ("itu_t", "owasp_llm"): which activity it speaks of. */
typedef struct ob_scheme {
    ob_span id;
    ob_place place;
    uint32_t activity; /* OB_NONE: each reference begins with the name of its document */
} ob_scheme;

/* Edges of a node: numbers of relations, numbers[first[n]] up to first[n + 1]. */
typedef struct ob_edges {
    const uint32_t *first;
    const uint32_t *numbers;
} ob_edges;

typedef struct ob_map {
    ob_day as_of;
    ob_day baseline_day; /* when the files were put together */
    ob_digest digest;    /* over the files */
    const ob_topic *topics;
    uint32_t topics_count;
    const ob_body *bodies;
    uint32_t bodies_count;
    const ob_activity *activities;
    uint32_t activities_count; /* external ones are the last; */
    uint32_t inside_count;     /* these are not external */
    const ob_meeting *meetings;
    uint32_t meetings_count; /* by start */
    const ob_clause *clauses;
    uint32_t clauses_count; /* by owner */
    const ob_scheme *schemes;
    uint32_t schemes_count;
    const ob_catalogue *catalogue; /* or NULL; its requirements are nodes */
    uint32_t requirements_count;
    const ob_relation *relations; /* by from, type, to */
    uint32_t relations_count;
    uint32_t nodes_count;
    ob_edges out;
    ob_edges in;
    struct obi_names_table *names; /* of activities: ids, former ids, spellings */
    struct obi_names_table *body_names;
} ob_map;

typedef struct ob_map_from {
    const char *folder;            /* landscape/ */
    const ob_yaml_pack *pack;      /* or NULL */
    ob_store *store;               /* or NULL */
    const ob_catalogue *catalogue; /* or NULL */
    ob_day as_of;                  /* 0: no limit; the map's day is then the baseline's */
    /* NULL: the first mistake is the error. Else each is told and reading goes on. */
    ob_problems *problems;
} ob_map_from;

OB_MUST bool ob_map_load(ob_map *map, ob_arena *arena, const ob_map_from *from, ob_err *err);
/* The pack of the files of a folder. */
OB_MUST bool ob_map_pack(ob_buf *out, const char *folder, ob_err *err);

/* Finding. An activity by any spelling of its id or a former one; an edition in the name must fit.
 * A body by its id, short name, alias or spelling. OB_NONE: not found. */
OB_MUST bool ob_map_find(const ob_map *map, ob_span text, uint32_t *activity, ob_err *err);
OB_MUST bool ob_map_body_named(const ob_map *map, ob_span text, uint32_t *body, ob_err *err);
/* As ob_map_body_named for names that go deeper than we do: "ISO/IEC JTC 1/SC 27/WG 5" gives the
 * deepest body that it is within. */
OB_MUST bool ob_map_find_body(const ob_map *map, ob_span text, uint32_t *body, ob_err *err);
uint32_t ob_map_topic(const ob_map *map, ob_span id);
uint32_t ob_map_meeting(const ob_map *map, ob_span id);
/* The id that is nearest to a word, for "did you mean"; empty if none is near. */
OB_MUST bool ob_map_near(const ob_map *map, ob_arena *arena, ob_span text, ob_span *near,
                         ob_err *err);
/* The same among bodies: an id or a short name. */
OB_MUST bool ob_map_near_body(const ob_map *map, ob_arena *arena, ob_span text, ob_span *near,
                              ob_err *err);

/* Nodes. */
typedef enum ob_node_kind {
    OB_NODE_BODY,
    OB_NODE_ACTIVITY,
    OB_NODE_CLAUSE,
    OB_NODE_REQUIREMENT
} ob_node_kind;

ob_node_kind ob_map_node(const ob_map *map, uint32_t node, uint32_t *index);
uint32_t ob_map_node_of(const ob_map *map, ob_node_kind kind, uint32_t index);
ob_span ob_map_node_id(const ob_map *map, uint32_t node);
/* A node by what a file or a user writes: a requirement, "X.1452#10.2", an activity, a body. */
OB_MUST bool ob_map_find_node(const ob_map *map, ob_span text, uint32_t *node, ob_err *err);

/* The body that does its work now: itself, or the last of those that took over. */
uint32_t ob_map_body_now(const ob_map *map, uint32_t body);
/* Is body the same as, or below, the other one? */
bool ob_map_body_within(const ob_map *map, uint32_t body, uint32_t above);
/* When what is known about it was last read: its last reading, else the records of its body. */
ob_day ob_map_age(const ob_map *map, const ob_activity *activity);
bool ob_activity_has_topic(const ob_activity *activity, uint32_t topic);

#endif
