/* SPDX-License-Identifier: Apache-2.0 */
/* Planted values in a text: where they stand, where one may have begun, and the family that reports
 * them. One that stretches over more than a stream may hold is none. */
#include "detect/canaries.h"

bool obi_canaries_new(obi_canaries **canaries, const ob_span *values, size_t count, size_t room,
                      ob_err *err)
{
    *canaries = NULL;
    if (count == 0) {
        return true;
    }
    obi_canaries *made = ob_mem_new(sizeof *made);
    if (made == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "no memory for canaries");
    }
    *made = (obi_canaries){.room = room};
    made->items = ob_mem_new(count * sizeof *made->items);
    made->signs.signs = ob_mem_new(OBI_SIGNS_ROOM(room));
    made->signs.at = ob_mem_new(OBI_SIGNS_ROOM(room) * sizeof *made->signs.at);
    bool good = (made->items != NULL && made->signs.signs != NULL && made->signs.at != NULL) ||
                ob_fail(err, OB_ERR_NOMEM, "no memory for canaries");
    for (; good && made->count < count; made->count++) {
        obi_canary *item = &made->items[made->count];
        if (!obi_canary_make(item, values[made->count], err)) {
            good = ob_wrap(err, "canary %zu", made->count + 1);
            break;
        }
        made->digits = made->digits || item->digits_only;
        made->others = made->others || !item->digits_only;
    }
    if (!good) {
        obi_canaries_free(made);
        return false;
    }
    *canaries = made;
    return true;
}

void obi_canaries_free(obi_canaries *canaries)
{
    if (canaries == NULL) {
        return;
    }
    if (canaries->items != NULL) {
        ob_wipe(canaries->items, canaries->count * sizeof *canaries->items);
    }
    ob_mem_free(canaries->items);
    ob_mem_free(canaries->signs.signs);
    ob_mem_free(canaries->signs.at);
    ob_mem_free(canaries);
}

static bool find_one(const obi_canaries *all, const obi_canary *canary, ob_span text,
                     obi_canary_place *found, void *ctx, ob_err *err)
{
    for (size_t form = 0; form < OBI_CANARY_FORMS; form++) {
        size_t start = 0;
        size_t end = 0;
        for (size_t pos = 0;
             obi_canary_next(canary, form, &all->signs, text, &pos, &start, &end);) {
            if (end - start <= OB_HOLD_MAX && !found(ctx, canary, form, start, end, err)) {
                return false;
            }
        }
    }
    return true;
}

static void read_signs(obi_canaries *all, ob_span text, size_t from, bool digits)
{
    obi_signs_read(&all->signs, ob_span_sub(text, 0, from + all->room), from, digits);
}

bool obi_canaries_find(obi_canaries *canaries, ob_span text, size_t from, obi_canary_place *found,
                       void *ctx, ob_err *err)
{
    for (unsigned digits = 0; digits < 2; digits++) {
        if (digits == 1 ? !canaries->digits : !canaries->others) {
            continue;
        }
        read_signs(canaries, text, from, digits == 1);
        for (size_t i = 0; i < canaries->count; i++) {
            if (canaries->items[i].digits_only == (digits == 1) &&
                !find_one(canaries, &canaries->items[i], text, found, ctx, err)) {
                return false;
            }
        }
    }
    return true;
}

size_t obi_canaries_pending(obi_canaries *canaries, ob_span text, size_t from)
{
    size_t pending = text.len;
    /* What may be held, and the gap before. */
    size_t least = text.len - from > OB_HOLD_MAX ? text.len - OB_HOLD_MAX : from;
    while (least > from && ((unsigned char)text.ptr[least] & 0xc0) == 0x80) {
        least++;
        if (least >= text.len) {
            return text.len;
        }
    }
    for (unsigned digits = 0; digits < 2; digits++) {
        if (digits == 1 ? !canaries->digits : !canaries->others) {
            continue;
        }
        read_signs(canaries, text, least, digits == 1);
        for (size_t i = 0; i < canaries->count; i++) {
            const obi_canary *canary = &canaries->items[i];
            size_t first = canary->digits_only == (digits == 1)
                               ? obi_canary_pending(canary, &canaries->signs, text.len)
                               : canaries->signs.count;
            if (first < canaries->signs.count && canaries->signs.at[first] < pending) {
                pending = canaries->signs.at[first];
            }
        }
    }
    return pending;
}

static bool report(void *ctx, const obi_canary *canary, size_t form, size_t start, size_t end,
                   ob_err *err)
{
    obi_scan *scan = ctx;
    size_t before = scan->count;
    (void)err;
    obi_found(scan, OB_KIND_CANARY, start, end, OB_VALID_YES, "canary", 0);
    if (scan->count > before) {
        scan->found[before].steps |= obi_canary_steps(canary, form, scan->text, start, end);
    }
    return true;
}

void obi_find_canary(obi_scan *scan)
{
    ob_err ignored = {0};
    if (scan->canaries != NULL) {
        bool found =
            obi_canaries_find(scan->canaries, scan->text, scan->from, report, scan, &ignored);
        (void)OB_NEVER(!found); /* nothing of report fails */
    }
}
