/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inputs of a procedure: texts that stand in the procedure, in a file beside it, in a user's
 * own CSV, JSON, JSONL or text file, or that a matrix of axes makes. doc/procedure-format.md tells
 * the form.
 *
 * A procedure is data that somebody else may have written, so the file that it names is found only
 * below the profile's folder or below folders that the user named (--inputs DIR); no absolute path,
 * no "..", and no symbolic link that leads out.
 */
#ifndef OB_CATALOGUE_INPUTS_H
#define OB_CATALOGUE_INPUTS_H

#include "input/template.h"
#include "input/yaml.h"

typedef struct ob_input {
    ob_span text;
    ob_span kind;         /* free word of the file, such as a family of attacks; may be empty */
    ob_span lang;         /* BCP 47, default en */
    const ob_var *fields; /* its further keys: {{input.NAME}} */
    size_t fields_count;
    size_t fill;  /* the text is said repeated up to so many bytes; 0: once */
    bool literal; /* the text is no template: it came from a file that is not in our format */
} ob_input;

/* Folders that the user named, in the order in which they are searched. NULL or zeroed: none. */
typedef struct ob_input_folders {
    const char *const *items;
    size_t count;
} ob_input_folders;

typedef struct ob_inputs {
    const ob_input *items; /* at least one, with empty text when the procedure names none */
    size_t count;
} ob_inputs;

/*
 * Reads the value of the key inputs of a procedure; node NULL when it has none. folder is the
 * profile's, folders may be NULL. The digest of a file that is read is mixed into *digest.
 */
OB_MUST bool ob_inputs_read(ob_inputs *inputs, const ob_yaml_doc *doc, const ob_yaml *node,
                            const char *folder, const ob_input_folders *folders, ob_arena *arena,
                            ob_digest *digest, ob_err *err);

/* out holds the input's text once; goes on with it as its fill says, whole characters only. */
void ob_input_fill(const ob_input *input, ob_buf *out);

#endif
