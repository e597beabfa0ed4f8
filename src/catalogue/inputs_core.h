/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the two halves of the reader of inputs: inputs.c knows the procedure's own YAML,
 * inputs_file.c the files of others.
 */
#ifndef OB_CATALOGUE_INPUTS_CORE_H
#define OB_CATALOGUE_INPUTS_CORE_H

#include "catalogue/inputs.h"

#include <ombud/json.h>

#define OB_INPUTS_FILE_MAX    ((size_t)64 << 20) /* a user's own file */
#define OB_INPUTS_MAX         ((size_t)1000000)  /* items of one procedure */
#define OB_INPUTS_MATRIX_MAX  ((size_t)4096)     /* items that a matrix makes */
#define OB_INPUTS_TEXT_MAX    ((size_t)64 << 10) /* one text of a file */
#define OB_INPUTS_FILL_MAX    ((size_t)1 << 20)  /* one text that is repeated */
#define OB_INPUTS_COLUMNS_MAX 256

typedef enum ob_inputs_format {
    OB_INPUTS_YAML,
    OB_INPUTS_CSV,
    OB_INPUTS_JSON,
    OB_INPUTS_JSONL,
    OB_INPUTS_TEXT
} ob_inputs_format;

/* A name and the column that it is taken from, or a column and the value that it must have. */
typedef struct ob_inputs_pair {
    ob_span name;
    ob_span value;
} ob_inputs_pair;

typedef struct ob_inputs_source {
    const ob_yaml_doc *doc; /* the procedure, for messages */
    const ob_yaml *at;
    ob_inputs_format format;
    ob_span path;
    ob_span text_column; /* empty: not named */
    ob_span kind_column;
    ob_span lang_column;
    ob_span kind; /* one for all, or empty */
    ob_span lang;
    ob_span pointer; /* json: to the items */
    char delimiter;
    uint64_t most;
    ob_inputs_pair *fields;
    size_t fields_count;
    ob_inputs_pair *where;
    size_t where_count;
} ob_inputs_source;

/* Reads a file that is in no format of ours. */
OB_MUST bool obi_inputs_file(const ob_inputs_source *source, ob_inputs *inputs, ob_arena *arena,
                             ob_digest *digest, ob_err *err);
/* The name may stand in {{input.NAME}}. */
bool obi_inputs_is_name(ob_span text);

#endif
