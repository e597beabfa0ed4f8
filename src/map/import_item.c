/* SPDX-License-Identifier: Apache-2.0 */
#include "map/exchange.h"

static bool knows(const ob_import_file *file)
{
    return ob_item_is(file->page);
}

static bool read_page(const ob_import_file *file, ob_arena *arena, const ob_import_sink *sink,
                      ob_err *err)
{
    ob_item item = {0};
    return ob_item_read(&item, arena, file->page, err) && ob_item_give(&item, file, sink, err);
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
