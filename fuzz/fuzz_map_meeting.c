/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A summary of a meeting: a refusal names the file. What is taken has a group and days in order,
 * and is the same when it was stored and read again.
 */
#include "map/meeting.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) one = {.max = OB_PAGE_MAX * 4};
    OB_AUTO(ob_buf) two = {.max = OB_PAGE_MAX * 4};
    ob_span text = {(const char *)data, size};
    ob_page_text page = {0};
    ob_meeting_page meeting = {0};
    ob_meeting_page back = {0};
    ob_err err = {0};
    if (!ob_page_read(&page, &arena, OB_SPAN("p"), text, &err) ||
        !ob_meeting_read(&meeting, &arena, &page, &err)) {
        hold(meeting.id.ptr == NULL && err.kind == OB_ERR_INPUT);
        hold(strncmp(err.text, "p:", 2) == 0);
        hold_sentence(err.text);
        return 0;
    }
    hold(meeting.id.len > 0 && meeting.group.len > 2 && meeting.start <= meeting.end);
    for (size_t i = 0; i < meeting.future_count; i++) {
        hold(meeting.future[i].start > 0 && meeting.future[i].start <= meeting.future[i].end);
    }
    for (size_t i = 0; i < OB_OUTPUTS; i++) {
        hold(meeting.outputs[i] >= -1);
    }
    ob_meeting_write(&one, &meeting);
    hold(ob_buf_check(&one, "it", &err) &&
         ob_meeting_parse(&back, &arena, ob_buf_span(&one), &err));
    ob_meeting_write(&two, &back);
    hold(ob_span_is(ob_buf_span(&one), ob_buf_span(&two)));
    return 0;
}
