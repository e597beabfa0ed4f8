/* SPDX-License-Identifier: Apache-2.0 */
#include "map/import.h"
#include "map/item.h"

static bool knows(const ob_import_file *file)
{
    return ob_item_is(file->page);
}

static bool read_page(const ob_import_file *file, ob_arena *arena, const ob_import_sink *sink,
                      ob_err *err)
{
    OB_AUTO(ob_buf) body = {.max = OB_PAGE_MAX * 2};
    char day[OB_DAY_TEXT_MAX];
    ob_item item = {0};
    if (!ob_item_read(&item, arena, file->page, err)) {
        return false;
    }
    ob_item_write(&body, &item);
    ob_day_write(file->day, day);
    ob_reading reading = {.kind = OB_SPAN("item"),
                          .subject = item.id,
                          .day = ob_span_str(day),
                          .source = file->name,
                          .body = ob_buf_span(&body)};
    return ob_buf_check(&body, "a reading", err) &&
           ob_sha256(&file->bytes, 1, &reading.digest, err) && sink->take(sink->ctx, &reading, err);
}

extern const ob_importer ob_importer_item;

const ob_importer ob_importer_item = {
    .id = "work-programme",
    .title = "pages of the ITU-T work programme",
    .suffixes = ".html .htm .txt",
    .pages = true,
    .knows = knows,
    .read = read_page,
};
