/* SPDX-License-Identifier: Apache-2.0 */
/* Points of a SWOT: each says itself as bullets, or tells that there is nothing to say. */
#ifndef OB_MAP_PAPER_POINTS_H
#define OB_MAP_PAPER_POINTS_H

#include "map/paper_strategy.h"

typedef bool obi_point(ob_paper *p, const obi_facts *f);

/* Is there nothing of the body on the topic, and are the records fresh? */
bool obi_is_gap(const obi_stand *s);
/* Topics that pass, in the order of the facts; NULL: p->err tells. */
uint32_t *obi_pick_topics(ob_paper *p, const obi_facts *f, bool (*test)(const obi_stand *s),
                          size_t *count);

bool obi_answer_point(ob_paper *p, const obi_facts *f);
bool obi_unlisted_point(ob_paper *p, const obi_facts *f);
bool obi_published_point(ob_paper *p, const obi_facts *f);
bool obi_adopt_point(ob_paper *p, const obi_facts *f);
bool obi_unused_point(ob_paper *p, const obi_facts *f);
bool obi_outnumbered_point(ob_paper *p, const obi_facts *f);
bool obi_sooner_point(ob_paper *p, const obi_facts *f);
bool obi_stale_point(ob_paper *p, const obi_facts *f);

#endif
