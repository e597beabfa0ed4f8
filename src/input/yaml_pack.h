/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML documents, read before. Parsing takes longer than a command may take to start, so a build
 * packs the trees of files that it ships. A document is found by the SHA-256 of its bytes: a file
 * that was changed since is parsed as ever, and nothing has to be kept in step by hand.
 */
#ifndef OB_INPUT_YAML_PACK_H
#define OB_INPUT_YAML_PACK_H

#include "input/yaml.h"

#define OB_YAML_PACK_MAX ((size_t)64 << 20)

typedef struct ob_yaml_pack {
    ob_span bytes; /* empty: no pack */
} ob_yaml_pack;

/* Appends a whole pack of these documents. */
OB_MUST bool ob_yaml_pack_write(ob_buf *out, const ob_yaml_doc *const *docs, size_t count,
                                ob_err *err);
/* Takes bytes as a pack if they are one that is whole (its own digest fits) and of this version;
 * otherwise the pack is empty, which costs time and nothing else. The bytes must outlive it. */
void ob_yaml_pack_open(ob_yaml_pack *pack, ob_span bytes);
/* As ob_yaml_load; from the pack, if it has the file as it is now. Nodes borrow from the pack. */
OB_MUST bool ob_yaml_pack_load(const ob_yaml_pack *pack, ob_yaml_doc *doc, ob_arena *arena,
                               const char *path, size_t max, ob_err *err);

#endif
