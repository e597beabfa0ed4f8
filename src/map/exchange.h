/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements: set relations as text, in the form in which they are exchanged with others. A
 * statement is what relations.yaml or a reading of the kind "relation" says; its ends need not be
 * nodes here, so what others say of documents that we do not know is kept and given back, too.
 *
 * A statement is canonical: white space folded to one blank, words as we write them, review never
 * empty. Statements of a list stand sorted and none stands there twice, so the same statements give
 * the same bytes in every form, whatever form they came in.
 */
#ifndef OB_MAP_EXCHANGE_H
#define OB_MAP_EXCHANGE_H

#include "map/import.h"
#include "map/landscape.h"

#include <ombud/json.h>

enum {
    OB_ST_FROM,
    OB_ST_TO,
    OB_ST_SET,
    OB_ST_RATIONALE, /* empty: unsaid */
    OB_ST_STRENGTH,  /* empty: none */
    OB_ST_REVIEW,
    OB_ST_AUTHOR,
    OB_ST_REVIEWER,
    OB_ST_DATE,
    OB_ST_NOTE,
    OB_ST_KEYS
};

/* "from", "to", ...: keys of JSON and columns of CSV, in this order. */
extern const char *const ob_statement_keys[OB_ST_KEYS];

typedef struct ob_statement {
    ob_span text[OB_ST_KEYS];
    bool user; /* not of the baseline */
} ob_statement;

typedef struct ob_statements {
    ob_statement *items; /* heap */
    size_t count;
    size_t cap;
} ob_statements;

#define OB_STATEMENTS_MAX 1000000

void ob_statements_fini(ob_statements *list);
/* Makes a statement canonical and adds it. *wrong is a sentence about what is not in order with it,
 * in the arena or a constant; then it is not added; NULL: nothing. */
OB_MUST bool ob_statements_add(ob_statements *list, ob_arena *arena, const ob_span text[OB_ST_KEYS],
                               const char **wrong, ob_err *err);
/* Sorted, each once. */
void ob_statements_sort(ob_statements *list);
/* Those of the files and those of the store up to the map's day; of the latter the last one of a
 * pair holds. Ends that are nodes are written as the map writes them. */
OB_MUST bool ob_statements_of(ob_statements *list, ob_arena *arena, const ob_map *map,
                              ob_store *store, ob_err *err);
/* One JSON object: the body of a reading. */
void ob_statement_write(ob_buf *out, const ob_statement *statement);
/* The texts of an object; numbers as they are written. Borrows from it. */
void ob_statement_texts(const ob_json *object, ob_span text[OB_ST_KEYS]);
/* A strength without a reviewer counts for nothing here: forms that know no reviewers have it put
 * into the note. */
OB_MUST bool ob_statement_foreign(ob_arena *arena, ob_span text[OB_ST_KEYS], ob_err *err);
/* Gives them to an import, each as a reading of the kind "relation". Sorts the list. */
OB_MUST bool ob_statements_give(ob_statements *list, ob_arena *arena, const ob_import_file *file,
                                const ob_import_sink *sink, ob_err *err);
/* A reading of a work item that somebody's record of a document gives. */
OB_MUST bool ob_item_give(const ob_item *item, const ob_import_file *file,
                          const ob_import_sink *sink, ob_err *err);

/* One end: the document, and the clause behind '#' if there is one. */
void ob_end_split(ob_span end, ob_span *document, ob_span *clause);
/* All white space that stands together becomes one blank, none at the ends. Borrows where nothing
 * is to be done. */
OB_MUST bool ob_fold_blanks(ob_arena *arena, ob_span text, ob_span *folded, ob_err *err);
/* A text of the file in which a byte stands where none may: no NUL, all UTF-8. Fails with
 * NAME:LINE. */
OB_MUST bool ob_import_is_text(const ob_import_file *file, ob_err *err);
/* Parses a file of JSON; a defect is told with its line. */
OB_MUST bool ob_import_json(ob_json_doc *doc, ob_arena *arena, const ob_import_file *file,
                            ob_err *err);
/* Fails with NAME:LINE: text. */
bool ob_import_fail_at(const ob_import_file *file, size_t line, ob_err *err, const char *where,
                       const char *format, ...) OB_PRINTF(5, 6);
#define ob_import_fail(file, line, err, ...) \
    ob_import_fail_at((file), (line), (err), OB_WHERE, __VA_ARGS__)

/* Tables: rows of a text between delimiters; the first row names the columns. */
typedef struct ob_rows {
    const ob_span *cells; /* columns a row */
    const uint32_t *lines;
    size_t columns;
    size_t count; /* without the first */
} ob_rows;

/* Empty lines are passed over; a row with more cells than the first one is a mistake, one with
 * fewer is filled up. Everything lives in the arena. */
OB_MUST bool ob_rows_read(ob_rows *rows, ob_arena *arena, const ob_import_file *file, ob_span text,
                          size_t first_line, char delimiter, ob_err *err);
/* The column with a name, in any case; SIZE_MAX: none. */
size_t ob_rows_column(const ob_rows *rows, const char *name);
ob_span ob_rows_cell(const ob_rows *rows, size_t row, size_t column);
/* Appends a cell for CSV (delimiter ',') or TSV. A text that a spreadsheet would take for a formula
 * gets an apostrophe in front, which ob_cell_plain takes off. */
void ob_cell_add(ob_buf *out, ob_span text, char delimiter);
ob_span ob_cell_plain(ob_span text);

/* Names of ours in the files of others: a URN that needs no domain and no register (RFC 9562), with
 * what is meant behind a #. It is the name space of our UUIDs. */
#define OB_MAP_URN "urn:uuid:d54ee594-4524-598d-9f8f-4461ca5664f6"

/* "" or 36 characters and a NUL: the UUID (version 5, RFC 9562) of a kind of thing and a content.
 */
#define OB_UUID_MAX 37
OB_MUST bool ob_uuid(char out[OB_UUID_MAX], const char *kind, const ob_span *parts, size_t count,
                     ob_err *err);

#endif
