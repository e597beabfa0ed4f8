/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/map.h"

#include <ombud/text.h>
#include <sys/ioctl.h>
#include <unistd.h>

void ob_table_fini(ob_table *table)
{
    ob_mem_free(table->rows);
    table->rows = NULL;
}

bool ob_table_add(ob_table *table, const ob_span cells[OB_TABLE_COLUMNS], ob_err *err)
{
    void *rows = table->rows;
    OB_AUTO(ob_buf) shown = {.max = OB_MAP_OUTPUT_MAX};
    if (!ob_array_grow(&rows, &table->cap, table->count, sizeof *table->rows, 1000000, err)) {
        return false;
    }
    table->rows = rows;
    for (size_t i = 0; i < table->columns; i++) {
        ob_buf_reset(&shown);
        ob_buf_add_shown(&shown, cells[i], SIZE_MAX);
        if (!ob_buf_check(&shown, "a cell", err) ||
            !ob_arena_dup(table->arena, ob_buf_span(&shown), &table->rows[table->count][i], err)) {
            return false;
        }
    }
    table->count++;
    return true;
}

/* Code points, which is near enough to columns for the names we have. */
static size_t width_of(ob_span text)
{
    size_t width = 0;
    for (size_t i = 0; i < text.len; i++) {
        width += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    }
    return width;
}

/* Bytes of the first columns of a text, up to the last blank among them where there is one. */
static size_t fitting(ob_span text, size_t width)
{
    size_t at = 0;
    size_t blank = 0;
    size_t used = 0;
    uint32_t rune = 0;
    for (size_t next = 0; ob_utf8_next(text, &next, &rune); at = next) {
        blank = rune == ' ' ? at : blank;
        if (used++ == width) {
            return blank > 0 ? blank : at;
        }
    }
    return text.len;
}

/* The last column: broken at blanks, what follows stands below its beginning. */
static void write_last(ob_buf *out, ob_span cell, size_t indent, size_t room)
{
    for (bool first = true; cell.len > 0 || first; first = false) {
        size_t end = fitting(cell, room);
        ob_buf_addf(out, first ? "" : "\n%*s", (int)indent, "");
        ob_buf_add(out, ob_span_trim(ob_span_sub(cell, 0, end)));
        cell = ob_span_trim(ob_span_sub(cell, end, cell.len));
    }
}

static void end_line(ob_buf *out)
{
    while (out->len > 0 && out->bad == OB_OK && out->ptr[out->len - 1] == ' ') {
        out->ptr[--out->len] = '\0';
    }
    ob_buf_add_char(out, '\n');
}

void ob_table_write(const ob_table *table, ob_buf *out, unsigned width)
{
    enum {
        LEAST = 24, /* columns in which a text can be read */
        BELOW = 4
    };

    size_t widths[OB_TABLE_COLUMNS] = {0};
    size_t used = 0;
    for (size_t i = 0; i < table->count; i++) {
        for (size_t c = 0; c < table->columns; c++) {
            size_t w = width_of(table->rows[i][c]);
            widths[c] = w > widths[c] ? w : widths[c];
        }
    }
    for (size_t c = 0; c + 1 < table->columns; c++) {
        used += widths[c] > 0 ? widths[c] + 2 : 0;
    }
    /* Where the others leave too little, the last column has lines of its own. */
    size_t longest = widths[table->columns - 1];
    bool beside = used + (longest < LEAST ? longest : LEAST) <= width;
    for (size_t i = 0; i < table->count; i++) {
        for (size_t c = 0; c + 1 < table->columns; c++) {
            ob_span cell = table->rows[i][c];
            if (widths[c] > 0) {
                ob_buf_add(out, cell);
                ob_buf_addf(out, "%*s", (int)(widths[c] - width_of(cell) + 2), "");
            }
        }
        if (!beside) {
            end_line(out);
            ob_buf_addf(out, "%*s", BELOW, "");
        }
        size_t indent = beside ? used : BELOW;
        write_last(out, table->rows[i][table->columns - 1], indent,
                   width > indent + LEAST ? width - indent : LEAST);
        end_line(out);
    }
}

/* Tables may be as wide as the terminal; only running text is better kept narrow. */
unsigned ob_map_width(void)
{
    struct winsize size = {0};
    if (isatty(STDOUT_FILENO) != 1) {
        return 120;
    }
    bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40;
    return known ? size.ws_col : 80;
}

void ob_map_foot(const ob_map_cli *cli, ob_buf *out)
{
    char as_of[OB_DAY_TEXT_MAX];
    char baseline[OB_DAY_TEXT_MAX];
    ob_day_write(cli->map.as_of, as_of);
    ob_day_write(cli->map.baseline_day, baseline);
    ob_buf_addf(out, "as of %s; landscape of %s%s\n", as_of, baseline,
                cli->map.as_of < cli->map.baseline_day
                    ? ", which is later: what it says may not have held then"
                    : "");
}

ob_span ob_map_group(const ob_map *map, const ob_activity *activity)
{
    return activity->body == OB_NONE ? ((ob_span){0}) : map->bodies[activity->body].short_name;
}
