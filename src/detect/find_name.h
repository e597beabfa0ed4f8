/* SPDX-License-Identifier: Apache-2.0 */
/* What the two halves of the family of names share. */
#ifndef OB_DETECT_FIND_NAME_H
#define OB_DETECT_FIND_NAME_H

#include "detect/scan.h"

/* Names in Han characters behind a label. */
void obi_find_name_han(obi_scan *scan);
/* How a label in Han characters binds that ends at end, or before a word for "is" that ends there:
 * as obi_han_name_label. */
unsigned obi_name_label_before(ob_span text, size_t end);

#endif
