/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of documents. People write one document in many ways: "X.1234", "ITU-T X.1234",
 * "Rec. ITU-T X.1234 (2024)", "ISO/IEC FDIS 27090:2026". A name is split into a key, which is the
 * same for all spellings, and an edition, which may be missing. Also days, of which years and
 * months may be all that is known.
 */
#ifndef OB_MAP_NAME_H
#define OB_MAP_NAME_H

#include <ombud/json.h>
#include <ombud/mem.h>

typedef struct ob_doc_name {
    ob_span plain;   /* as written, without publisher words in front and edition behind; borrows */
    ob_span key;     /* capitals, without blanks: "X.1234", "ISO/IEC27090"; in the arena */
    ob_span edition; /* "04/2016", "2024", "V1.2.1", or empty; borrows */
} ob_doc_name;

/* Splits a name; text must outlive it. An empty text gives an empty key. */
OB_MUST bool ob_doc_name_read(ob_doc_name *name, ob_arena *arena, ob_span text, ob_err *err);
/* Does the edition that somebody names mean the one that is recorded? "2024" means "06/2024" and
 * "2024-06", "06/2024" means "2024-06"; an empty one means any. */
bool ob_edition_fits(ob_span named, ob_span recorded);

/* Bodies: "ITU-T SG17", "SG 17", "ISO/IEC JTC1/SC27". Letters and digits in capitals only; in the
 * arena. */
OB_MUST bool ob_body_key(ob_arena *arena, ob_span text, ob_span *key, ob_err *err);

/* A day as the number YYYYMMDD; month and day are 0 where they are not known; 0: no day at all. */
typedef uint32_t ob_day;

/* "2026", "2026-11", "2026-11-24", "2027-Q4" (the last month of the quarter), "11/2026". False for
 * everything else, and for days that no calendar has. */
bool ob_day_read(ob_span text, ob_day *day);
#define OB_DAY_TEXT_MAX 16
/* "2026-11-24", "2026-11", "2026", or "". */
void ob_day_write(ob_day day, char out[OB_DAY_TEXT_MAX]);
/* The same as a member; null for 0. */
void ob_day_json(ob_json_writer *w, const char *key, ob_day day);
/* The last day that it may be: 2026 gives 20261231. */
ob_day ob_day_last(ob_day day);
/* Days since 1970-01-01 of the first day that it may be, for differences. */
int64_t ob_day_count(ob_day day);
/* The day of a wall time in UTC. */
ob_day ob_day_of_ms(int64_t wall_ms);

#endif
