/* SPDX-License-Identifier: Apache-2.0 */
#include "map/import.h"
#include "map/meeting.h"

static bool knows(const ob_import_file *file)
{
    return ob_meeting_is(file->page);
}

static bool read_page(const ob_import_file *file, ob_arena *arena, const ob_import_sink *sink,
                      ob_err *err)
{
    OB_AUTO(ob_buf) body = {.max = OB_PAGE_MAX * 2};
    ob_meeting_page meeting = {0};
    if (!ob_meeting_read(&meeting, arena, file->page, err)) {
        return false;
    }
    ob_meeting_write(&body, &meeting);
    return ob_reading_give(file, sink, OB_SPAN("meeting"), meeting.id, NULL, &body, err);
}

extern const ob_importer ob_importer_meeting;

const ob_importer ob_importer_meeting = {
    .id = "meeting",
    .title = "summaries of ITU-T meetings",
    .suffixes = ".html .htm .txt",
    .pages = true,
    .knows = knows,
    .read = read_page,
};
