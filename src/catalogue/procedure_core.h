/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the reader of procedures: what its files share. */
#ifndef OB_CATALOGUE_PROCEDURE_CORE_H
#define OB_CATALOGUE_PROCEDURE_CORE_H

#include "catalogue/procedure.h"

typedef struct obi_procedure_reader {
    ob_procedure *p;
    ob_arena *arena;
    const char *folder;
    const ob_input_folders *folders;
    ob_problems *problems;
    const ob_yaml_doc *doc;
} obi_procedure_reader;

/* A part of the file was read, or its mistake was told and the next part may be read. */
OB_MUST bool obi_procedure_told(const obi_procedure_reader *r, bool good, ob_err *err);
OB_MUST bool obi_procedure_name_of(const obi_procedure_reader *r, const ob_yaml *key, ob_span *name,
                                   ob_err *err);
OB_MUST bool obi_procedure_flow(const obi_procedure_reader *r, const ob_yaml *node, ob_err *err);

#endif
