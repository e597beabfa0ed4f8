/* SPDX-License-Identifier: Apache-2.0 */
/* The words of OLIR tables; the exporter and the importer of them include this. */
#ifndef OB_MAP_OLIR_H
#define OB_MAP_OLIR_H

#include "map/exchange.h"

enum {
    OBI_OLIR_FROM_TITLE = 1,
    OBI_OLIR_TO_TITLE = 5,
    OBI_OLIR_NEEDED = 5, /* columns without which a table is none: up to the reference element */
    OBI_OLIR_COLUMNS = 14
};

extern const char *const obi_olir_columns[OBI_OLIR_COLUMNS];
extern const char *const obi_olir_sets[OB_SETS];
/* The key of a statement that a column holds, or -1. */
extern const int obi_olir_keys[OBI_OLIR_COLUMNS];

#endif
