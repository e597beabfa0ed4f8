/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Suggested relations: documents whose words are alike (BM25 over titles, topics and summaries). A
 * suggestion is a reading of the kind "relation" with the review "suggested"; it is in no answer
 * until somebody accepts it. Accepting and rejecting are further readings of the same subject: the
 * last one of a subject holds.
 */
#ifndef OB_MAP_SUGGEST_H
#define OB_MAP_SUGGEST_H

#include "map/ask.h"

typedef struct ob_suggestion {
    uint32_t activity[2];
    double likeness; /* 0 to 1: of the score that each has with itself, the mean of both */
} ob_suggestion;

#define OB_LIKENESS_LEAST 0.25

/* The most alike first. Pairs that have a relation of any kind, be it rejected, are left out, and
 * so are those of one body unless .body names it. */
OB_MUST bool ob_ask_suggest(const ob_ask *ask, size_t most, const ob_suggestion **suggestions,
                            size_t *count, ob_err *err);

/* An entry of relations.yaml, or of the store. */
typedef struct ob_entry {
    ob_span from;
    ob_span to;
    ob_span set;
    ob_span rationale;
    ob_span strength; /* empty: none */
    ob_span author;
    ob_span reviewer;
    ob_span date;
    ob_span review;
    ob_span note;
} ob_entry;

/* In the arena; keys that are not there are empty. */
OB_MUST bool ob_entry_parse(ob_entry *entry, ob_arena *arena, ob_span json, ob_err *err);
void ob_entry_write(ob_buf *out, const ob_entry *entry);
/* "FROM -> TO": the subject of its readings. */
OB_MUST bool ob_entry_subject(ob_span *subject, ob_arena *arena, const ob_entry *entry,
                              ob_err *err);

/* "S-1a2b3c4d", from the two ends, so that it is the same everywhere. */
#define OB_SUGGESTION_ID_MAX 12
OB_MUST bool ob_entry_id(char id[OB_SUGGESTION_ID_MAX], const ob_entry *entry, ob_err *err);

/* The last entry of each subject up to a day (0: no limit), by subject. */
OB_MUST bool ob_entries_read(ob_store *store, ob_arena *arena, ob_day until, ob_entry **entries,
                             size_t *count, ob_err *err);
/* Adds one as a reading; *added is false if the store had it. */
OB_MUST bool ob_entry_add(ob_store *store, const ob_entry *entry, bool *added, ob_err *err);

#endif
