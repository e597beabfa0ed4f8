/* SPDX-License-Identifier: Apache-2.0 */
#include <ombud/sse.h>

enum state {
    AT_START,
    IN_LINE,
    AFTER_CR,
    DEAD
};

void ob_sse_init(ob_sse *sse)
{
    *sse = (ob_sse){.line = {.max = OB_EVENT_MAX},
                    .data = {.max = OB_EVENT_MAX},
                    .type = {.max = OB_EVENT_MAX},
                    .id = {.max = OB_EVENT_MAX}};
}

/* One field of an event (9.2.6): name, colon, one optional space, value. */
static void take_field(ob_sse *sse, ob_span line)
{
    size_t colon = ob_span_find(line, OB_SPAN(":"), 0);
    ob_span name = ob_span_sub(line, 0, colon);
    ob_span value = colon == SIZE_MAX ? (ob_span){"", 0} : ob_span_sub(line, colon + 1, line.len);
    if (value.len > 0 && value.ptr[0] == ' ') {
        value = ob_span_sub(value, 1, value.len);
    }
    if (ob_span_is_str(name, "data")) {
        if (sse->has_data) {
            ob_buf_add_char(&sse->data, '\n');
        }
        ob_buf_add(&sse->data, value);
        sse->has_data = true;
    } else if (ob_span_is_str(name, "event")) {
        ob_buf_reset(&sse->type);
        ob_buf_add(&sse->type, value);
    } else if (ob_span_is_str(name, "id") &&
               (value.len == 0 || memchr(value.ptr, '\0', value.len) == NULL)) {
        ob_buf_reset(&sse->id);
        ob_buf_add(&sse->id, value);
    }
}

/* The line is complete; true when it closes an event. */
static bool end_line(ob_sse *sse, ob_sse_event *event)
{
    ob_span line = ob_buf_span(&sse->line);
    if (line.len > 0) {
        if (line.ptr[0] != ':') {
            take_field(sse, line);
        }
        ob_buf_reset(&sse->line);
        return false;
    }
    bool complete = sse->has_data;
    if (complete) {
        event->data = ob_buf_span(&sse->data);
        event->type = sse->type.len > 0 ? ob_buf_span(&sse->type) : OB_SPAN("message");
        event->id = ob_buf_span(&sse->id);
    }
    sse->has_data = false;
    return complete;
}

static bool overflowed(const ob_sse *sse)
{
    return sse->line.bad != OB_OK || sse->data.bad != OB_OK || sse->type.bad != OB_OK ||
           sse->id.bad != OB_OK;
}

static void drop_mark(ob_sse *sse)
{
    /* A byte order mark counts only at the very start of the stream. */
    if (ob_span_has_prefix(ob_buf_span(&sse->line), OB_SPAN("\xef\xbb\xbf"))) {
        sse->line.len -= 3;
        (void)memmove(sse->line.ptr, sse->line.ptr + 3, sse->line.len + 1);
    }
}

ob_step ob_sse_feed(ob_sse *sse, ob_span *input, ob_sse_event *event)
{
    bool first = sse->state == AT_START;
    if (sse->state == DEAD) {
        return OB_BAD;
    }
    if (sse->fresh) {
        /* The event told last was borrowed until now. */
        ob_buf_reset(&sse->data);
        ob_buf_reset(&sse->type);
        sse->fresh = false;
    }
    while (input->len > 0) {
        char c = input->ptr[0];
        if (sse->state == AFTER_CR && c == '\n') {
            sse->state = IN_LINE; /* the second half of a CR LF */
            input->ptr++;
            input->len--;
            sse->consumed++;
            continue;
        }
        size_t length = 0;
        while (length < input->len && input->ptr[length] != '\n' && input->ptr[length] != '\r') {
            length++;
        }
        ob_buf_add(&sse->line, ob_span_sub(*input, 0, length));
        bool ended = length < input->len;
        char end = ended ? input->ptr[length] : '\0';
        size_t eaten = length + ended;
        input->ptr += eaten;
        input->len -= eaten;
        sse->consumed += eaten;
        if (overflowed(sse)) {
            sse->state = DEAD;
            return OB_BAD;
        }
        if (!ended) {
            if (sse->state == AFTER_CR) {
                sse->state = IN_LINE;
            }
            return OB_MORE;
        }
        if (first) {
            drop_mark(sse);
            first = false;
        }
        sse->state = end == '\r' ? AFTER_CR : IN_LINE;
        bool blank = sse->line.len == 0;
        if (end_line(sse, event)) {
            sse->fresh = true;
            return OB_DONE;
        }
        if (blank) {
            ob_buf_reset(&sse->type);
            ob_buf_reset(&sse->data);
        }
        if (overflowed(sse)) {
            sse->state = DEAD;
            return OB_BAD;
        }
    }
    return OB_MORE;
}

void ob_sse_fini(ob_sse *sse)
{
    if (sse != NULL) {
        ob_buf_fini(&sse->line);
        ob_buf_fini(&sse->data);
        ob_buf_fini(&sse->type);
        ob_buf_fini(&sse->id);
    }
}
