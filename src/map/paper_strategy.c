/* SPDX-License-Identifier: Apache-2.0 */
/* The strategy of a group: where its body stands, and what follows from that. */
#include "map/paper.h"

static void write(ob_paper *p)
{
    ob_paper_heading(p, 1, "Scope and basis");
    ob_paper_paragraph(p);
    ob_say(p, "this paper is about the work of ");
    ob_say_body(p, p->body);
    ob_say_end(p);
}

const ob_paper_kind ob_paper_kind_strategy = {
    .id = "strategy", .title = "Strategy", .flags = OB_PAPER_NEEDS_CATALOGUE, .write = write};
