/* SPDX-License-Identifier: Apache-2.0 */
/* Tables between delimiters, read and written. */
#include "map/exchange.h"

#include "input/csv.h"

#include <ombud/text.h>

#define COLUMNS_MAX 256
#define CELLS_MAX   4000000

typedef struct work {
    ob_span *cells; /* heap */
    size_t count;
    size_t cap;
    uint32_t *lines; /* heap; of rows */
    size_t rows;
    size_t rows_cap;
    size_t columns; /* 0: not known yet */
    size_t in_row;
    size_t at; /* byte that .line is of */
    size_t line;
} work;

static bool add_cell(work *w, ob_span text, ob_err *err)
{
    void *cells = w->cells;
    if (!ob_array_grow(&cells, &w->cap, w->count, sizeof *w->cells, CELLS_MAX, err)) {
        return false;
    }
    w->cells = cells;
    w->cells[w->count++] = text;
    return true;
}

static bool end_row(work *w, ob_err *err)
{
    void *lines = w->lines;
    /* An empty line is one empty cell. */
    if (w->in_row == 1 && w->cells[w->count - 1].len == 0) {
        w->count--;
        w->in_row = 0;
        return true;
    }
    w->columns = w->columns == 0 ? w->in_row : w->columns;
    for (; w->in_row < w->columns; w->in_row++) {
        if (!add_cell(w, (ob_span){0}, err)) {
            return false;
        }
    }
    w->in_row = 0;
    if (!ob_array_grow(&lines, &w->rows_cap, w->rows, sizeof *w->lines, CELLS_MAX, err)) {
        return false;
    }
    w->lines = lines;
    w->lines[w->rows++] = (uint32_t)w->line;
    return true;
}

static void move_to(work *w, ob_span text, size_t at)
{
    for (; w->at < at; w->at++) {
        w->line += text.ptr[w->at] == '\n';
    }
}

static bool read_all(work *w, ob_arena *arena, const ob_import_file *file, ob_span text,
                     char delimiter, ob_err *err)
{
    ob_csv csv;
    ob_csv_field field = {0};
    ob_csv_start(&csv, text, delimiter);
    for (;;) {
        ob_span value = {0};
        bool good = ob_csv_next(&csv, &field) == OB_DONE;
        move_to(w, text, good ? field.at : csv.at);
        if (!good) {
            return ob_import_fail(file, w->line, err, "%s", csv.why);
        }
        if (field.end) {
            return true;
        }
        w->in_row++;
        if (w->in_row > (w->columns == 0 ? COLUMNS_MAX : w->columns)) {
            return ob_import_fail(file, w->line, err, "more cells than columns (%zu)",
                                  w->columns == 0 ? (size_t)COLUMNS_MAX : w->columns);
        }
        if (!ob_csv_value(&field, arena, &value, err) || !add_cell(w, ob_span_trim(value), err) ||
            (field.last && !end_row(w, err))) {
            return false;
        }
    }
}

bool ob_rows_read(ob_rows *rows, ob_arena *arena, const ob_import_file *file, ob_span text,
                  size_t first_line, char delimiter, ob_err *err)
{
    work w = {.line = first_line};
    bool good = read_all(&w, arena, file, text, delimiter, err) &&
                (w.rows > 0 || ob_import_fail(file, first_line, err, "no line names the columns"));
    ob_span *cells = good ? OB_NEW(arena, ob_span, w.count, err) : NULL;
    uint32_t *lines = good ? OB_NEW(arena, uint32_t, w.rows, err) : NULL;
    good = cells != NULL && lines != NULL;
    if (good && w.cells != NULL && w.lines != NULL) {
        (void)memcpy(cells, w.cells, w.count * sizeof *cells);
        (void)memcpy(lines, w.lines, w.rows * sizeof *lines);
        *rows = (ob_rows){cells, lines, w.columns, w.rows - 1};
    }
    ob_mem_free(w.cells);
    ob_mem_free(w.lines);
    return good;
}

size_t ob_rows_column(const ob_rows *rows, const char *name)
{
    for (size_t i = 0; i < rows->columns; i++) {
        if (ob_span_is_nocase(rows->cells[i], ob_span_str(name))) {
            return i;
        }
    }
    return SIZE_MAX;
}

ob_span ob_rows_cell(const ob_rows *rows, size_t row, size_t column)
{
    return column < rows->columns ? rows->cells[(row + 1) * rows->columns + column] : (ob_span){0};
}

/* Behind how many apostrophes a sign stands with which spreadsheets begin a formula; SIZE_MAX: none
 * stands there. */
static size_t formula(ob_span text)
{
    size_t at = 0;
    while (at < text.len && text.ptr[at] == '\'') {
        at++;
    }
    char c = at < text.len ? text.ptr[at] : '\0';
    return c == '=' || c == '+' || c == '-' || c == '@' ? at : SIZE_MAX;
}

void ob_cell_add(ob_buf *out, ob_span text, char delimiter)
{
    bool quote = false;
    for (size_t i = 0; i < text.len; i++) {
        quote = quote || text.ptr[i] == '"' || text.ptr[i] == '\n' || text.ptr[i] == '\r' ||
                text.ptr[i] == delimiter;
    }
    if (quote) {
        ob_buf_add_char(out, '"');
    }
    if (formula(text) != SIZE_MAX) {
        ob_buf_add_char(out, '\'');
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"') {
            ob_buf_add_char(out, '"');
        }
        ob_buf_add_char(out, text.ptr[i]);
    }
    if (quote) {
        ob_buf_add_char(out, '"');
    }
}

ob_span ob_cell_plain(ob_span text)
{
    size_t quotes = formula(text);
    return quotes != SIZE_MAX && quotes > 0 ? ob_span_sub(text, 1, text.len) : text;
}
