/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Postal addresses: where one that began ends. Nothing but the text behind its head tells, so that
 * pieces of a stream give the same as the whole.
 */
#ifndef OB_DETECT_ADDRESS_H
#define OB_DETECT_ADDRESS_H

#include "detect/scan.h"

/*
 * How many bytes of text from from on belong to the address that goes on there. Bytes before from
 * are not read, so a caller may ask again from where it was answered. used: bytes that the address
 * has before from; it ends where it would have more than OBI_ADDRESS_MAX. *more: the rest needs
 * more text; never if last, and never where 64 bytes stand behind what was accepted.
 */
size_t obi_tail_address(ob_span text, size_t from, size_t used, bool last, bool *more);

#define OBI_ADDRESS_MAX 200

/* Addresses in Han characters, of a segment that begins at a place or behind a label. */
void obi_find_address_han(obi_scan *scan);

#endif
