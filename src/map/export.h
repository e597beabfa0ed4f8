/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exporters: one row of exporters.def a form, one source file a row. The same landscape, store and
 * day give the same bytes. What a form leaves out stands in doc/map.md.
 */
#ifndef OB_MAP_EXPORT_H
#define OB_MAP_EXPORT_H

#include "map/exchange.h"

typedef struct ob_export {
    const ob_map *map;
    ob_store *store; /* or NULL */
    ob_arena *arena;
    const ob_statements *statements; /* those of the map and the store */
} ob_export;

/* A file of a form that gives several; text is filled by the exporter. */
typedef struct ob_export_sink {
    bool (*take)(void *ctx, ob_span path, ob_span text, ob_err *err);
    void *ctx;
} ob_export_sink;

typedef struct ob_exporter {
    const char *id;    /* what --format names */
    const char *title; /* for help */
    /* One of the two: one file, or several. */
    bool (*write)(const ob_export *export_, ob_buf *out, ob_err *err);
    bool (*write_files)(const ob_export *export_, const ob_export_sink *sink, ob_err *err);
} ob_exporter;

extern const ob_exporter *const ob_exporters[];
extern const size_t ob_exporters_count;

#define OB_EXPORT_MAX ((size_t)256 << 20)

/* The exporter of a name, or NULL. */
const ob_exporter *ob_exporter_named(const char *id);
/* Do others take it for what holds? Neither suggested nor rejected. */
bool ob_statement_holds(const ob_statement *statement);
/* The title of an end, "" where none is known. */
ob_span ob_end_title(const ob_map *map, ob_span end);

#endif
