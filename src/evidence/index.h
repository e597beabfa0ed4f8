/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A full-text index in memory (SQLite FTS5), ranked by BM25. Built for one question or many, gone
 * when closed. Words are folded (case, accents, English endings); what people type needs no syntax.
 */
#ifndef OB_EVIDENCE_INDEX_H
#define OB_EVIDENCE_INDEX_H

#include <ombud/mem.h>

typedef struct ob_index {
    struct ob_index_core *core;
} ob_index;

/* A match; the lower the rank, the better. */
typedef struct ob_match {
    uint32_t number;
    double rank;
} ob_match;

OB_MUST bool ob_index_open(ob_index *index, ob_err *err);
void ob_index_close(ob_index *index);
/* A document under a number of the caller. Names weigh most, then title, topics, and text. */
OB_MUST bool ob_index_add(ob_index *index, uint32_t number, ob_span names, ob_span title,
                          ob_span topics, ob_span text, ob_err *err);

typedef enum ob_index_how {
    OB_INDEX_PHRASE, /* the words side by side */
    OB_INDEX_ALL,
    OB_INDEX_ANY
} ob_index_how;

/* Best first, equal ones by number; at most max. A text without words matches nothing. In the
 * arena. */
OB_MUST bool ob_index_search(ob_index *index, ob_arena *arena, ob_span words, ob_index_how how,
                             size_t max, ob_match **matches, size_t *count, ob_err *err);

#endif
