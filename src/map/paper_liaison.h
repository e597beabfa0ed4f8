/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the liaison statement: what it is made of. */
#ifndef OB_MAP_PAPER_LIAISON_H
#define OB_MAP_PAPER_LIAISON_H

#include "map/paper_parts.h"

typedef struct obi_letter {
    obi_scope scope;
    uint32_t from;
    uint32_t to;
    ob_overlaps overlaps;
    ob_subject *subjects; /* of the two, what is most to do first */
    size_t subjects_count;
    obi_list ours;
    obi_list theirs;
    obi_list list; /* of theirs, open, that does not list us, or is not known to */
    obi_list tell; /* of theirs, open */
    obi_list add;  /* of ours, open, that does not list them */
    uint32_t *relations;
    size_t relations_count;
    const ob_pair **twice;
    size_t twice_count;
} obi_letter;

/* Is the first one of the sender's, the second one of the receiver's? */
bool obi_is_between(const ob_paper *p, uint32_t ours, uint32_t theirs);
void obi_letter_say(ob_paper *p, const obi_letter *l);

#endif
