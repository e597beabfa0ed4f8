/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of documents as reference managers write them: fields with a name each. RIS and BibTeX
 * read them in their own ways and make one reading of a document in the same way.
 */
#ifndef OB_MAP_CITED_H
#define OB_MAP_CITED_H

#include "map/exchange.h"

typedef struct ob_cited {
    size_t line;  /* where it begins */
    ob_span kind; /* "STAND", "techreport" */
    ob_span number;
    ob_span doi;
    ob_span key; /* the manager's own name for it */
    ob_span title;
    ob_span publisher;
    ob_span date; /* "2024", "2024-05", "2024-05-31" */
    ob_span summary;
    ob_span note;
} ob_cited;

/* The number of a document is its id; without one it is the DOI, then the key. */
OB_MUST bool ob_cited_give(const ob_cited *record, ob_arena *arena, const ob_import_file *file,
                           const ob_import_sink *sink, ob_err *err);

#endif
