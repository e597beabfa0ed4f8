/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the store; only the files of this folder include it. */
#ifndef OB_EVIDENCE_STORE_CORE_H
#define OB_EVIDENCE_STORE_CORE_H

#include "evidence/store.h"

#include <sqlite3.h>

typedef struct ob_store_core {
    sqlite3 *db;
    sqlite3_stmt *begin; /* these five from the first run on */
    sqlite3_stmt *commit;
    sqlite3_stmt *rollback;
    sqlite3_stmt *insert;
    sqlite3_stmt *update;
    sqlite3_stmt *reading; /* while readings are added */
    int lock_fd;
    bool open; /* a transaction */
    char run[40];
    uint64_t records; /* of the current run, as of the last append */
    ob_digest last;
    uint64_t kept_records; /* as of the last commit */
    ob_digest kept_last;
    char path[4096];
} ob_store_core;

/* Fails with the path, what, and SQLite's reason. */
bool obi_store_fail(const ob_store_core *core, ob_err *err, const char *what);
/* The hash of a record behind the one before it. */
OB_MUST bool obi_store_hash(const ob_digest *before, const char *run, const ob_record *record,
                            ob_digest *hash, ob_err *err);

#endif
