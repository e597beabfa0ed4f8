/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The evidence store: one SQLite file a workspace, mode 0600, WAL, synchronous NORMAL. A run is a
 * chain of records, appended and never changed; everything else (totals, verdicts, reports) is
 * computed from them, so a run that was killed loses nothing but the requests in flight.
 *
 * Each record's hash is SHA-256 over the hash of the record before it in its run (32 zero bytes for
 * the first) and a canonical form of all its fields; doc/evidence.md gives the bytes. The last hash
 * stands in the report, so a changed, dropped or added record is found.
 *
 * Record kinds, in the order they occur (body: one JSON object, described in doc/evidence.md):
 *   run         the resolved configuration: seed, level, digests, service, scope, versions
 *   procedure   one per procedure: its plan as resolved
 *   start       a trial's attempt begins: input, canaries, actors
 *   request     an HTTP request is about to leave (data: the bytes, secrets masked)
 *   response    it has ended (data: header block, blank line, body)
 *   turn        what an exchange gave and the names it was extracted to
 *   end         a trial's attempt ended: hit, clean or invalid, oracles, reason
 *   confirm     a hit was confirmed from the stored bytes, or a rerun of it
 *   note        something that must stand in the report: left behind, deviation, interruption
 *   verdict     a procedure's outcome
 *   finish      the run's end: state, totals, addresses
 */
#ifndef OB_EVIDENCE_STORE_H
#define OB_EVIDENCE_STORE_H

#include <ombud/sys.h>

typedef struct ob_store {
    struct ob_store_core *core;
} ob_store;

typedef enum ob_record_kind {
    OB_RECORD_RUN,
    OB_RECORD_PROCEDURE,
    OB_RECORD_START,
    OB_RECORD_REQUEST,
    OB_RECORD_RESPONSE,
    OB_RECORD_TURN,
    OB_RECORD_END,
    OB_RECORD_CONFIRM,
    OB_RECORD_NOTE,
    OB_RECORD_VERDICT,
    OB_RECORD_FINISH
} ob_record_kind;

#define OB_RECORD_KINDS 11
extern const char *const ob_record_names[OB_RECORD_KINDS];

typedef struct ob_record {
    uint64_t seq; /* from 1 within the run; set by the store */
    ob_record_kind kind;
    ob_span procedure; /* its id, or empty */
    int64_t trial;     /* number by the plan from 0, or -1 */
    int32_t attempt;   /* from 1 within the trial, or 0 */
    int64_t at_ms;     /* wall time; 0 = now */
    ob_span body;      /* one JSON object */
    ob_span data;      /* raw bytes, may be empty */
    ob_digest hash;    /* set by the store */
} ob_record;

typedef struct ob_run_info {
    char id[40];
    int64_t started_ms;
    int64_t ended_ms; /* 0 = unfinished */
    ob_span service;  /* title; lives in the arena given */
    ob_span service_path;
    char state[16]; /* "running", "interrupted", "finished" */
    uint64_t records;
    ob_digest last;
} ob_run_info;

/* Opens or creates (mode 0600). Refuses a store of a newer version, a file that is no store of
 * ours, and a path it may not write. read_only opens an existing one. */
OB_MUST bool ob_store_open(ob_store *store, const char *path, bool read_only, ob_err *err);
void ob_store_close(ob_store *store);
/* From now on nothing waits for the disk: what a stop of the machine would lose is lost. For stores
 * that are thrown away. */
OB_MUST bool ob_store_relax(ob_store *store, ob_err *err);

/* Starts a run; id is made by the store (sortable by time: "20261124-123456-xxxxxx"). */
OB_MUST bool ob_store_run_new(ob_store *store, ob_span service_title, ob_span service_path,
                              char id[40], ob_err *err);
/* Continues a run: further records go behind its last one. */
OB_MUST bool ob_store_run_resume(ob_store *store, const char *id, ob_err *err);
/* Appends to the current run. Inside ob_store_begin .. ob_store_commit several become durable
 * together; outside each is its own transaction. */
OB_MUST bool ob_store_append(ob_store *store, const ob_record *record, ob_err *err);
OB_MUST bool ob_store_begin(ob_store *store, ob_err *err);
OB_MUST bool ob_store_commit(ob_store *store, ob_err *err);
/* Marks the current run: "interrupted" or "finished". */
OB_MUST bool ob_store_run_end(ob_store *store, const char *state, ob_err *err);

/* Runs, newest first. */
OB_MUST bool ob_store_runs(ob_store *store, ob_arena *arena, ob_run_info **runs, size_t *count,
                           ob_err *err);
/* A run by its id or an unambiguous prefix; NULL or "" = the newest. */
OB_MUST bool ob_store_run_find(ob_store *store, ob_arena *arena, const char *id, ob_run_info *run,
                               ob_err *err);

/* The seq of the last record that was appended to the current run; 0 if there is none. */
uint64_t ob_store_last(const ob_store *store);

/* Which records: kinds is a bit set (0 = all), procedure empty = all, trial -1 = all, attempt 0 =
 * all. Only first and last make the search shorter: there is no index but the chain, because to
 * keep one would cost a run more than all reports together gain. */
typedef struct ob_record_query {
    const char *run;
    unsigned kinds;
    ob_span procedure;
    int64_t trial;
    int32_t attempt;
    uint64_t first; /* seq from here on; 0 = all */
    uint64_t last;  /* up to here; 0 = all */
} ob_record_query;

typedef struct ob_records {
    void *statement;
    struct ob_store_core *core;
} ob_records;

/* In chain order. Spans of a record borrow until the next call. After the loop look at err->kind.
 */
OB_MUST bool ob_records_open(ob_records *records, ob_store *store, const ob_record_query *query,
                             ob_err *err);
bool ob_records_next(ob_records *records, ob_record *record, ob_err *err);
void ob_records_close(ob_records *records);

/* Recomputes the chain of a run. *good is false at the first record that does not fit, whose seq is
 * in *bad_seq (records + 1: records are missing at the end, when expected differs). expected may be
 * NULL. */
OB_MUST bool ob_store_verify(ob_store *store, const char *run, const ob_digest *expected,
                             bool *good, uint64_t *bad_seq, ob_err *err);
/* Fails where the run's records do not fit its chain: nothing may be concluded from them. run as in
 * ob_store_run_find. */
OB_MUST bool ob_store_require_whole(ob_store *store, const char *run, ob_err *err);

#endif
