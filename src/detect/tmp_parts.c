/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/address.h"
#include "detect/scanner.h"
#include "detect/unhide.h"

size_t obi_tail_address(ob_span text, size_t from, bool last, bool *more)
{
    (void)text;
    (void)from;
    (void)last;
    *more = false;
    return 0;
}

bool obi_unhide(const obi_scan *scan, ob_arena *arena, ob_views *views, ob_err *err)
{
    (void)scan;
    (void)arena;
    (void)err;
    views->count = 0;
    return true;
}
