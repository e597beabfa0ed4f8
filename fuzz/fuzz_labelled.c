/* SPDX-License-Identifier: Apache-2.0 */
/* Labelled texts from anywhere: rows or mistakes with a place, and a line that stands alone says
 * the same as among others. */
#include "input/labelled.h"

#include "fuzz.h"

static void on_mistake(void *ctx, const char *text)
{
    const ob_span *all = ctx;
    ob_err err = {.kind = OB_ERR_INPUT};
    hold_sentence(text);
    (void)snprintf(err.text, sizeof err.text, "%s", text);
    hold_place(&err, "f", *all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_labelled_rows) rows = {0};
    ob_span text = {(const char *)data, size};
    ob_problems problems = {.tell = on_mistake, .ctx = &text};
    hold(ob_labelled_parse(&rows, &arena, text, "f", &ob_labelled_names_default, &problems, &err));
    for (size_t i = 0; i < rows.count; i++) {
        const ob_labelled_row *row = &rows.items[i];
        hold(ob_span_trim(row->text).len > 0 && ob_utf8_bad(row->text) == SIZE_MAX);
        hold(row->lang.len <= OB_LABELLED_NAME_MAX && row->line > 0);
    }
    /* Without a collector it ends at the first mistake, if there is one. */
    OB_AUTO(ob_labelled_rows) strict = {0};
    bool good =
        ob_labelled_parse(&strict, &arena, text, "f", &ob_labelled_names_default, NULL, &err);
    hold(good == (problems.count == 0));
    hold(!good || strict.count == rows.count);
    return 0;
}
