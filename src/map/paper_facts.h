/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What strategy, SWOT and terms of reference are made of: the part of the landscape that speaks of
 * AI, and how a body stands in it, topic by topic.
 */
#ifndef OB_MAP_PAPER_FACTS_H
#define OB_MAP_PAPER_FACTS_H

#include "map/paper.h"

/* What to do about a topic; rule:direction says when. */
typedef enum obi_direction {
    OBI_LEAD,
    OBI_ALIGN,
    OBI_KEEP,
    OBI_ADOPT,
    OBI_WATCH
} obi_direction;

#define OBI_DIRECTIONS 5

/* Works are activities that speak of AI, hold or are open, and are texts on a subject. */
typedef struct obi_works {
    const uint32_t *items; /* open ones first */
    size_t count;
    size_t open;
} obi_works;

/* How the body stands on a topic of AI. */
typedef struct obi_stand {
    uint32_t topic;
    obi_works ours;
    obi_works theirs;
    uint32_t rival;        /* other body with the most open work, then texts, on it; or OB_NONE */
    obi_works rival_works; /* its works on the topic */
    size_t bodies;         /* other bodies with works on it */
    bool stale;            /* the records of one of them are too old */
    ob_gap_state gap;      /* of standards of the body */
    obi_direction direction;
} obi_stand;

typedef struct obi_facts {
    const bool *ai;          /* by activity: it is such a work */
    const obi_stand *stands; /* topics of AI, most works first */
    size_t stands_count;
    obi_works ours;
    const uint32_t *bodies; /* other bodies with such works, most first */
    size_t bodies_count;
    const obi_works *works;     /* by body */
    const ob_partner *partners; /* those of ob_ask_partners, for such works only */
    size_t partners_count;
    const ob_pair *pairs; /* of two such works, one open and of the body, nearest first,
                           * two for each */
    size_t pairs_count;
    const uint32_t *stale; /* of .bodies, those with records that are too old */
    size_t stale_count;
    ob_coverage coverage;
} obi_facts;

/* Does a title speak of AI? */
bool obi_speaks_of_ai(ob_span title);
OB_MUST bool obi_facts_make(obi_facts *facts, const ob_paper *p, ob_err *err);
bool obi_is_stale(const ob_paper *p, ob_day day);

/* The rules of all three papers. */
#define OBI_RULES 10
extern const ob_paper_rule obi_rules[OBI_RULES];

/* The four parts of a SWOT: strengths, weaknesses, opportunities, threats. */
#define OBI_PARTS 4
extern const char *const obi_part_names[OBI_PARTS];
/* Says, as bullets, at most so many points of a part; how many it said. */
size_t obi_say_part(ob_paper *p, const obi_facts *f, size_t part, size_t most);

#endif
