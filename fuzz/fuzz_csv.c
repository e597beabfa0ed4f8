/* SPDX-License-Identifier: Apache-2.0 */
/* Fields stay within the text, and what was read, printed and read again is the same. */
#include "input/csv.h"

#include "fuzz.h"

static void print(ob_buf *out, ob_span value, char delimiter)
{
    ob_span mark = {&delimiter, 1};
    bool plain = value.len > 0 && ob_span_find(value, mark, 0) == SIZE_MAX &&
                 ob_span_find(value, OB_SPAN("\""), 0) == SIZE_MAX &&
                 ob_span_find(value, OB_SPAN("\n"), 0) == SIZE_MAX &&
                 ob_span_find(value, OB_SPAN("\r"), 0) == SIZE_MAX &&
                 !ob_span_has_prefix(value, OB_SPAN("\xEF\xBB\xBF"));
    if (plain) {
        ob_buf_add(out, value);
        return;
    }
    ob_buf_add_char(out, '"');
    for (size_t i = 0; i < value.len; i++) {
        ob_buf_add(out, value.ptr[i] == '"' ? OB_SPAN("\"\"") : ob_span_sub(value, i, i + 1));
    }
    ob_buf_add_char(out, '"');
}

/* Prints all of text into out; false at a defect. */
static bool rewrite(ob_span text, char delimiter, ob_arena *arena, ob_buf *out)
{
    ob_csv csv;
    ob_csv_field field;
    ob_err err = {0};
    ob_span value = {0};
    ob_csv_start(&csv, text, delimiter);
    for (;;) {
        size_t before = csv.at;
        if (ob_csv_next(&csv, &field) != OB_DONE) {
            hold(csv.why != NULL && csv.at <= text.len);
            hold(ob_csv_next(&csv, &field) == OB_BAD);
            return false;
        }
        if (field.end) {
            hold(csv.at == text.len);
            return true;
        }
        hold(csv.at > before || (before == text.len && field.last && field.raw.len == 0));
        hold(field.raw.ptr >= text.ptr && field.raw.ptr + field.raw.len <= text.ptr + text.len);
        hold(ob_csv_value(&field, arena, &value, &err));
        print(out, value, delimiter);
        ob_buf_add_char(out, field.last ? '\n' : delimiter);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) once = {.max = 4 * size + 16};
    OB_AUTO(ob_buf) twice = {.max = 4 * size + 16};
    ob_span text = {(const char *)data, size};
    char delimiter = size > 0 && data[size - 1] == ';' ? ';' : ',';
    if (size == 0 || !rewrite(text, delimiter, &arena, &once)) {
        return 0;
    }
    hold(once.bad == OB_OK);
    hold(rewrite(ob_buf_span(&once), delimiter, &arena, &twice));
    hold(ob_span_is(ob_buf_span(&once), ob_buf_span(&twice)));
    return 0;
}
