/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of strategy, SWOT and terms of reference, as the papers print them. */
#include "map/paper_facts.h"

const ob_paper_rule obi_rules[OBI_RULES] = {
    {"scope",
     "A work is a document that holds or a work item that is open, if its title speaks of "
     "artificial intelligence, machine or deep or federated learning, neural nets, "
     "language models, generative, agentic or adversarial AI, deepfakes or intelligent "
     "customer service; where no title is known, its id decides. A topic belongs to AI if at "
     "least three works have it, and at least half of all live documents that have it are "
     "works."},
    {"direction",
     "Lead: the body has open work on the topic, no other body has more works or more open ones, "
     "and "
     "the records of all bodies there are fresh. Align: it has open work, and one of these "
     "does not hold. Keep: it has no open work, and texts of its own. Adopt: it has neither, and "
     "others have published. Watch: none of these."},
    {"tactic",
     "The body that is named beside a topic is the one with the most open work there, then "
     "with the most works. Works are named in the order of the landscape, open ones first."},
    {"gap",
     "A gap is a topic on which the body has no standard and no work towards one, by records "
     "that are fresh; titles were searched for the words of the topic, too. No gap is "
     "claimed from stale records."},
    {"stale", "Records are stale if they were last read longer ago than the days that the head of "
              "this paper names; a month counts from its first day."},
    {"partner",
     "A body should be written to if both are at work on a topic and no list of liaisons "
     "names the other (weight 4), it lists us and we do not list it (3), we list it and "
     "its known list lacks us (2), its text is out while we are at work (2), or our work "
     "refers to its document without a liaison (1). The sum of the weights gives the "
     "order."},
    {"late", "Work is late if its timing lies before the day of this paper."},
    {"near",
     "Two works are near each other if a relation joins them, or if their topics and titles "
     "share what few others have; the order is that of the information they share, in "
     "bits."},
    {"due", "A report is due one calendar month before the first day of the plenary; where that "
            "month is too short, on its last day."},
    {"rests", "A requirement of the catalogue rests on a document if its mappings name it or a "
              "clause of it."},
};
