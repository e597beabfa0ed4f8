/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of papers share: the end of saying, and what all renderers show. */
#ifndef OB_MAP_PAPER_CORE_H
#define OB_MAP_PAPER_CORE_H

#include "map/paper.h"

typedef struct obi_source {
    ob_ref ref;
    ob_span id;
} obi_source;

/* A character that ends a row, or changes how the text around it is shown: a blank stands for it.
 */
bool obi_paper_hides(uint32_t rune);
/* Room for one more in an array of the arena; the old one stays behind. NULL: p->err tells. */
void *obi_paper_grown(ob_paper *p, void *items, size_t count, size_t *cap, size_t size);
/* Ends the last block; a defect goes into p->err. */
void obi_paper_close(ob_paper *p);

/* A line above the paper: "Landscape", "of 2026-11-23". Foreign text in .text is as it came. */
typedef struct obi_paper_fact {
    const char *name;
    ob_span text;
} obi_paper_fact;

#define OBI_PAPER_FACTS 12
OB_MUST bool obi_paper_facts(const ob_paper *p, obi_paper_fact facts[OBI_PAPER_FACTS],
                             size_t *count, ob_err *err);
/* How something is known: "record of the publisher", "only reported". A constant. */
const char *obi_ref_evidence(const ob_paper *p, const ob_ref *ref);
/* The body of a document, the status of it: short texts for the table of sources. */
ob_span obi_ref_body(const ob_paper *p, const ob_ref *ref);
ob_span obi_ref_status(const ob_paper *p, const ob_ref *ref);

/* What the cells of a row cite, each once: all, or what no cell shows. */
OB_MUST bool obi_row_refs(const ob_block *table, size_t row, ob_arena *arena, bool hidden,
                          const ob_ref **refs, size_t *count, ob_err *err);

/* How to read a paper: a sentence that stands below the lines above it. */
extern const char obi_paper_note[];

#endif
