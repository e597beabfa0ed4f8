/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readings, the part of the store that the map uses: what somebody read about a subject on a day,
 * or says about it (a relation, a review). Entries are added and never changed or taken away; the
 * database itself refuses both. A store may hold runs and readings.
 */
#ifndef OB_EVIDENCE_READING_H
#define OB_EVIDENCE_READING_H

#include "evidence/store.h"

typedef struct ob_reading {
    uint64_t seq;     /* in the order in which they were added, from 1; set by the store */
    ob_span kind;     /* "item", "meeting", "relation", ... */
    ob_span subject;  /* the id it is about */
    ob_span day;      /* "2026-11-24": when it was read, not when it was added */
    ob_span source;   /* file name or address */
    ob_span body;     /* one JSON object */
    ob_digest digest; /* of the bytes that were read */
    int64_t added_ms; /* wall time; set by the store */
} ob_reading;

/* Which readings: empty fields mean all. */
typedef struct ob_reading_query {
    ob_span kind;
    ob_span subject;
    ob_span until; /* day, included */
} ob_reading_query;

/* Makes the table if the store has none. Then ob_store_reading_add may be called, best between
 * begin and commit: 1,000 are written in one piece. *added is false for what is there already:
 * same kind, subject, day and body. */
OB_MUST bool ob_store_readings_begin(ob_store *store, ob_err *err);
OB_MUST bool ob_store_reading_add(ob_store *store, const ob_reading *reading, bool *added,
                                  ob_err *err);
OB_MUST bool ob_store_readings_commit(ob_store *store, ob_err *err);
void ob_store_readings_rollback(ob_store *store);
/* By day, then as they were added; copied into the arena. A store without the table has none. */
OB_MUST bool ob_store_readings(ob_store *store, ob_arena *arena, const ob_reading_query *query,
                               ob_reading **readings, size_t *count, ob_err *err);

#endif
