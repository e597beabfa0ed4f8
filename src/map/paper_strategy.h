/* SPDX-License-Identifier: Apache-2.0 */
/* Sections of the strategy that stand in a file of their own, and that terms of reference use. */
#ifndef OB_MAP_PAPER_STRATEGY_H
#define OB_MAP_PAPER_STRATEGY_H

#include "map/paper_facts.h"

/* A text with "|body|" for the body of the paper and "|topics|" for these topics. */
void obi_say_filled(ob_paper *p, const char *text, const uint32_t *topics, size_t count);
/* As bullets: open work that is due before or after the meeting, late, or without a timing. */
void obi_say_timing(ob_paper *p, const obi_facts *f);
/* As a bullet: topics on which there is nothing; bodies at work without a liaison. */
void obi_say_gaps(ob_paper *p, const obi_facts *f);
void obi_say_unlisted(ob_paper *p, const obi_facts *f);
/* As bullets: what rests on the body, and who lists it. */
void obi_say_value(ob_paper *p, const obi_facts *f);
/* As a paragraph: the meeting and when the report to it is due, or a blank for them. */
void obi_say_meeting(ob_paper *p);
/* Whole sections. */
void obi_say_directions(ob_paper *p, const obi_facts *f);
void obi_say_recommendations(ob_paper *p, const obi_facts *f);
void obi_say_timeline(ob_paper *p, const obi_facts *f);
void obi_say_requirements(ob_paper *p, const obi_facts *f);
/* Sentences beside a blank, where there is something to say. */
void obi_beside_stand(ob_paper *p, const obi_facts *f);
void obi_beside_partners(ob_paper *p, const obi_facts *f);
void obi_beside_plenaries(ob_paper *p);
void obi_beside_questions(ob_paper *p, const obi_facts *f);
void obi_beside_stale(ob_paper *p, const obi_facts *f);
void obi_beside_groups(ob_paper *p);
/* Tables. */
void obi_table_partners(ob_paper *p, const obi_facts *f);
void obi_table_pairs(ob_paper *p, const obi_facts *f);

#endif
