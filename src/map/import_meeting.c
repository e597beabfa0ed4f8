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
    char day[OB_DAY_TEXT_MAX];
    ob_meeting_page meeting = {0};
    if (!ob_meeting_read(&meeting, arena, file->page, err)) {
        return false;
    }
    ob_meeting_write(&body, &meeting);
    ob_day_write(file->day, day);
    ob_reading reading = {.kind = OB_SPAN("meeting"),
                          .subject = meeting.id,
                          .day = ob_span_str(day),
                          .source = file->name,
                          .body = ob_buf_span(&body)};
    return ob_buf_check(&body, "a reading", err) &&
           ob_sha256(&file->bytes, 1, &reading.digest, err) && sink->take(sink->ctx, &reading, err);
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
