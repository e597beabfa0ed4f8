/* SPDX-License-Identifier: Apache-2.0 */
/* The words of OSCAL mapping collections; the exporter and the importer of them include this. */
#ifndef OB_MAP_OSCAL_H
#define OB_MAP_OSCAL_H

#include "map/exchange.h"

#define OBI_OSCAL_NS OB_MAP_URN
/* A prop of an item: its id is not that of a clause of the resource, but ... */
#define OBI_OSCAL_END             "end"
#define OBI_OSCAL_END_WHOLE       "whole"       /* the resource itself */
#define OBI_OSCAL_END_REQUIREMENT "requirement" /* a requirement of the catalogue */
#define OBI_OSCAL_CATALOGUE       "catalogue of requirements"

/* By ob_set. */
extern const char *const obi_oscal_sets[OB_SETS];
/* Keys of statements that are props of a map. */
extern const int obi_oscal_props[5];

#endif
