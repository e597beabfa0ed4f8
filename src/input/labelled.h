/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Labelled texts: lines of JSON, each {"text", "label", "lang", "technique", "where", "source"};
 * the last four may be missing, and other members are passed over. The label is "attack" or
 * "honest". What somebody wrote in several turns has "turns", a list of texts, in place of "text".
 * A user's own files may call fields and labels by other names. Lines of white space are passed
 * over.
 */
#ifndef OB_INPUT_LABELLED_H
#define OB_INPUT_LABELLED_H

#include "input/problems.h"

#include <ombud/mem.h>

#define OB_LABELLED_FILE_MAX ((size_t)1 << 30)
#define OB_LABELLED_ROWS_MAX ((size_t)4 << 20)
/* Of one talk. */
#define OB_LABELLED_TURNS_MAX ((size_t)1000)
/* Bytes of lang, technique, where and source; they stand in tables. */
#define OB_LABELLED_NAME_MAX 40

/* What members and labels are called. A label that is a number or true or false in the data is
 * compared as it is written there. */
typedef struct ob_labelled_names {
    const char *text;
    const char *label;
    const char *lang;
    const char *technique;
    const char *where;
    const char *source;
    const char *attack; /* the label of attacks */
    const char *honest;
} ob_labelled_names;

extern const ob_labelled_names ob_labelled_names_default;

typedef struct ob_labelled_row {
    ob_span text;         /* of turns: all of them, a line each */
    const ob_span *turns; /* NULL: the text was not written in turns */
    size_t turn_count;
    bool attack;
    ob_span lang; /* these four: empty where the line has none */
    ob_span technique;
    ob_span where;
    ob_span source;
    const char *file; /* as the caller named it */
    size_t line;
} ob_labelled_row;

/* Rows of one or more files. All spans live in the caller's arena. */
typedef struct ob_labelled_rows {
    ob_labelled_row *items;
    size_t count;
    size_t cap;
} ob_labelled_rows;

void ob_labelled_rows_fini(ob_labelled_rows *rows);
/*
 * Appends the rows of text. A line that is none is a mistake that says "FILE:LINE:COLUMN: what is
 * wrong"; with problems all of them are told and the other lines are read.
 */
OB_MUST bool ob_labelled_parse(ob_labelled_rows *rows, ob_arena *arena, ob_span text,
                               const char *file, const ob_labelled_names *names,
                               ob_problems *problems, ob_err *err);
/* The same of a file. */
OB_MUST bool ob_labelled_load(ob_labelled_rows *rows, ob_arena *arena, const char *path,
                              const ob_labelled_names *names, ob_problems *problems, ob_err *err);

#endif
