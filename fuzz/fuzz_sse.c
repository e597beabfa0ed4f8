/* SPDX-License-Identifier: Apache-2.0 */
/*
 * However a stream is cut, the events are the same, and they are those of a second reader that is
 * written down here straight from the standard, over the whole text at once. The first byte chooses
 * the cuts.
 */
#include "fuzz.h"

#include <ombud/sse.h>

/* With lengths in front, so that no two lists of events look alike. */
static void tell(ob_buf *told, ob_span type, ob_span id, ob_span data)
{
    ob_buf_addf(told, "%zu %zu %zu ", type.len, id.len, data.len);
    ob_buf_add(told, type);
    ob_buf_add(told, id);
    ob_buf_add(told, data);
}

static ob_step feed(ob_span text, size_t step, ob_buf *told)
{
    OB_AUTO(ob_sse) sse;
    ob_sse_init(&sse);
    ob_step answer = OB_MORE;
    for (size_t from = 0; from < text.len && answer != OB_BAD; from += step) {
        ob_span input = ob_span_sub(text, from, from > SIZE_MAX - step ? SIZE_MAX : from + step);
        ob_sse_event event = {0};
        while ((answer = ob_sse_feed(&sse, &input, &event)) == OB_DONE) {
            tell(told, event.type, event.id, event.data);
        }
        hold(answer == OB_BAD || input.len == 0);
    }
    hold(answer == OB_BAD || sse.consumed == text.len);
    return answer;
}

/* WHATWG HTML, 9.2.6: fields of whole lines; a blank line ends an event; an id lasts. */
typedef struct model {
    ob_buf data;
    ob_buf type;
    ob_buf id;
} model;

static void line_ends(model *m, ob_span line, ob_buf *told)
{
    size_t colon = ob_span_find(line, OB_SPAN(":"), 0);
    ob_span field = ob_span_sub(line, 0, colon);
    ob_span value = colon == SIZE_MAX ? OB_SPAN("") : ob_span_sub(line, colon + 1, line.len);
    value = ob_span_sub(value, ob_span_has_prefix(value, OB_SPAN(" ")), value.len);
    if (line.len == 0) {
        if (m->data.len > 0) {
            tell(told, m->type.len > 0 ? ob_buf_span(&m->type) : OB_SPAN("message"),
                 ob_buf_span(&m->id), ob_span_sub(ob_buf_span(&m->data), 0, m->data.len - 1));
        }
        ob_buf_reset(&m->data);
        ob_buf_reset(&m->type);
    } else if (ob_span_is_str(field, "data")) {
        ob_buf_add(&m->data, value);
        ob_buf_add_char(&m->data, '\n');
    } else if (ob_span_is_str(field, "event")) {
        ob_buf_reset(&m->type);
        ob_buf_add(&m->type, value);
    } else if (ob_span_is_str(field, "id") &&
               ob_span_find(value, (ob_span){"", 1}, 0) == SIZE_MAX) {
        ob_buf_reset(&m->id);
        ob_buf_add(&m->id, value);
    }
}

static void read_whole(ob_span text, ob_buf *told)
{
    size_t max = text.len + 1;
    model m = {.data = {.max = max}, .type = {.max = max}, .id = {.max = max}};
    size_t start = ob_span_has_prefix(text, OB_SPAN("\xEF\xBB\xBF")) ? 3 : 0;
    for (size_t at = start; at < text.len; at++) {
        if (text.ptr[at] == '\r' || text.ptr[at] == '\n') {
            line_ends(&m, ob_span_sub(text, start, at), told);
            at += text.ptr[at] == '\r' && at + 1 < text.len && text.ptr[at + 1] == '\n';
            start = at + 1;
        }
    }
    ob_buf_fini(&m.data);
    ob_buf_fini(&m.type);
    ob_buf_fini(&m.id);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_buf) whole = {.max = (size_t)64 << 20};
    OB_AUTO(ob_buf) cut = {.max = (size_t)64 << 20};
    OB_AUTO(ob_buf) wanted = {.max = (size_t)64 << 20};
    ob_span text = {(const char *)data, size};
    size_t step = size == 0 ? 1 : 1 + data[0] % 7;
    ob_step one = feed(text, size + 1, &whole);
    ob_step many = feed(text, step, &cut);
    hold(one == many && ob_span_is(ob_buf_span(&whole), ob_buf_span(&cut)));
    if (one != OB_BAD) {
        read_whole(text, &wanted);
        hold(ob_span_is(ob_buf_span(&whole), ob_buf_span(&wanted)));
    }
    return 0;
}
