/* SPDX-License-Identifier: Apache-2.0 */
/* The words of SSSOM tables; the exporter and the importer of them include this. */
#ifndef OB_MAP_SSSOM_H
#define OB_MAP_SSSOM_H

#include "map/exchange.h"

#define OBI_SSSOM_PREFIX "doc:"

enum {
    OBI_SSSOM_FROM_TITLE = 1,
    OBI_SSSOM_PREDICATE = 2,
    OBI_SSSOM_MODIFIER = 3,
    OBI_SSSOM_TO_TITLE = 5,
    OBI_SSSOM_JUSTIFICATION = 6,
    OBI_SSSOM_COLUMNS = 14
};

extern const char *const obi_sssom_columns[OBI_SSSOM_COLUMNS];
/* The key of a statement that a column holds as it is, or -1. */
extern const int obi_sssom_keys[OBI_SSSOM_COLUMNS];
/* SKOS: the object of a broadMatch is the broader one, so the subject asks for less. OB_SET_NONE is
 * the predicate of intersects with the modifier Not. */
extern const char *const obi_sssom_predicates[OB_SETS];
#define OBI_SSSOM_NOT "Not"

#endif
