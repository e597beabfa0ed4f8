/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a page as UTF-8 text; only the reader of pages includes this. */
#ifndef OB_MAP_PAGE_DECODE_H
#define OB_MAP_PAGE_DECODE_H

#include "map/page.h"

/* Of two bytes of UTF-16, or one of Windows-1252, become three at most. */
#define OBI_PAGE_TEXT_MAX (OB_PAGE_MAX * 3)

/* UTF-8 with or without its mark, UTF-16 of either order with or without, Windows-1252; line ends
 * are line feeds afterwards. *text borrows from bytes or from out. */
OB_MUST bool obi_page_decode(const ob_page_text *page, ob_buf *out, ob_span bytes, ob_span *text,
                             ob_err *err);

#endif
