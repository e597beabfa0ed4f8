/* SPDX-License-Identifier: Apache-2.0 */
/* SWOT: each point a fact with what it rests on; what it weighs is a person's to say. */
#include "map/paper_facts.h"

static void basis(ob_paper *p, const obi_facts *f)
{
    ob_paper_heading(p, 1, "Basis");
    ob_paper_paragraph(p);
    ob_say(p, "this SWOT is drawn from the landscape: ");
    ob_sayf(p, "%zu documents and work items of ", f->ours.count);
    ob_say_body(p, p->body);
    ob_sayf(p, " that speak of AI, and those of %zu other bodies, on ", f->bodies_count);
    ob_say_count(p, f->stands_count, "topic", "topics");
    ob_cite_activities(p, f->ours.items, f->ours.count);
    for (size_t i = 0; i < f->bodies_count; i++) {
        ob_cite(p, OB_REF_BODY, f->bodies[i]);
    }
    ob_cite_rule(p, "scope");
    ob_say_end(p);
}

static void write(ob_paper *p)
{
    static const char *const asked[OBI_PARTS] = {
        "Which of these strengths does the group build on?",
        "Which weaknesses are to be mended first, and by whom?",
        "Which opportunities are taken up, with what resources?",
        "Which threats are accepted, and which are met?"};
    obi_facts facts = {0};
    if (!obi_facts_make(&facts, p, &p->err)) {
        return;
    }
    basis(p, &facts);
    for (size_t part = 0; part < OBI_PARTS; part++) {
        ob_paper_heading(p, 1, obi_part_names[part]);
        (void)obi_say_part(p, &facts, part, SIZE_MAX);
        ob_paper_blank(p, asked[part]);
    }
}

const ob_paper_kind ob_paper_kind_swot = {.id = "swot",
                                          .title = "SWOT",
                                          .flags = OB_PAPER_NEEDS_CATALOGUE,
                                          .rules = obi_rules,
                                          .rules_count = OBI_RULES,
                                          .write = write};
