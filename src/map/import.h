/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Importers: one row of importers.def a kind of file, one source file a row. The first importer
 * that knows a file reads it and gives readings, each of which is one entry of the store.
 */
#ifndef OB_MAP_IMPORT_H
#define OB_MAP_IMPORT_H

#include "evidence/reading.h"
#include "map/name.h"
#include "map/page.h"

typedef struct ob_import_file {
    ob_span name;  /* for messages and as the reading's source */
    ob_span bytes; /* as on disk */
    ob_day day;    /* when it was read */
    /* Pages only: what the bytes say as text; made once for all importers. NULL: not made, because
     * the importer reads bytes. */
    const ob_page_text *page;
} ob_import_file;

/* Gives a reading to whoever imports; may be called several times for one file. */
typedef struct ob_import_sink {
    bool (*take)(void *ctx, const ob_reading *reading, ob_err *err);
    void *ctx;
} ob_import_sink;

/* Gives one reading of a file, with the day and the digest of it; digest NULL: it is made here. The
 * body may have failed. */
OB_MUST bool ob_reading_give(const ob_import_file *file, const ob_import_sink *sink, ob_span kind,
                             ob_span subject, const ob_digest *digest, const ob_buf *body,
                             ob_err *err);

typedef struct ob_importer {
    const char *id;       /* what --from names */
    const char *title;    /* for help and messages */
    const char *suffixes; /* ".html .htm .txt": files of a folder that are tried */
    bool pages;           /* wants .page */
    bool (*knows)(const ob_import_file *file);
    bool (*read)(const ob_import_file *file, ob_arena *arena, const ob_import_sink *sink,
                 ob_err *err);
} ob_importer;

extern const ob_importer *const ob_importers[];
extern const size_t ob_importers_count;

/* Reads a file by the importer id, or by the first that knows it (id NULL). Fails with NAME:LINE:
 * and the reason, or with what no importer could tell. Nothing was given to the sink then. */
OB_MUST bool ob_import(const char *id, const ob_import_file *file, const ob_import_sink *sink,
                       ob_err *err);

#endif
