/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the reader of configurations, config.c and config_rights.c. */
#ifndef OB_NODE_CONFIG_PARTS_H
#define OB_NODE_CONFIG_PARTS_H

#include "node/config.h"

typedef struct obi_node_reading {
    ob_node_config *config;
    ob_arena *arena;
    const ob_yaml_doc *doc;
} obi_node_reading;

/* The list under key, of 1 to max entries; NULL where there is none. */
OB_MUST bool obi_node_read_list(const obi_node_reading *r, const ob_yaml *map, const char *key,
                                size_t max, const ob_yaml **list, ob_err *err);
/* The rights table; contexts and peers have been read. */
OB_MUST bool obi_node_read_rights(obi_node_reading *r, const ob_yaml *root, ob_err *err);

#endif
