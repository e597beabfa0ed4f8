/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads of one field of a file. A mistake that somebody was told of leaves the field as it is; only
 * readers of the landscape include this.
 */
#ifndef OB_MAP_LANDSCAPE_FIELDS_H
#define OB_MAP_LANDSCAPE_FIELDS_H

#include "map/landscape_core.h"

OB_MUST bool obi_field_text(obi_loader *l, const ob_yaml *map, const char *key, ob_span *out,
                            ob_err *err);
/* The key has to be there. */
OB_MUST bool obi_field_need(obi_loader *l, const ob_yaml *map, const char *key, ob_span *out,
                            ob_err *err);
OB_MUST bool obi_field_day(obi_loader *l, const ob_yaml *map, const char *key, ob_day *day,
                           ob_err *err);
OB_MUST bool obi_field_bool(obi_loader *l, const ob_yaml *map, const char *key, bool *out,
                            ob_err *err);
/* Of the key "url". */
OB_MUST bool obi_field_url(obi_loader *l, const ob_yaml *map, ob_span *url, ob_err *err);
/* The map has no keys but these. */
OB_MUST bool obi_field_known(obi_loader *l, const ob_yaml *map, const char *const *names,
                             size_t count, ob_err *err);
/* Of texts? */
bool obi_field_is_list(const ob_yaml *node);
OB_MUST bool obi_field_names(obi_loader *l, const ob_yaml *map, const char *key, ob_names *names,
                             ob_err *err);

#endif
