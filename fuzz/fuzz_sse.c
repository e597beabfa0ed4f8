/* SPDX-License-Identifier: Apache-2.0 */
/* However a stream is cut, the events are the same. The first byte chooses the cuts. */
#include <ombud/sse.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Feeds text in pieces of at most step bytes and tells every event, with lengths in front so that
 * no two lists of events look alike. */
static ob_step feed(ob_span text, size_t step, ob_buf *told)
{
    OB_AUTO(ob_sse) sse;
    ob_sse_init(&sse);
    ob_step answer = OB_MORE;
    for (size_t from = 0; from < text.len && answer != OB_BAD; from += step) {
        ob_span input = ob_span_sub(text, from, from > SIZE_MAX - step ? SIZE_MAX : from + step);
        ob_sse_event event = {0};
        while ((answer = ob_sse_feed(&sse, &input, &event)) == OB_DONE) {
            ob_buf_addf(told, "%zu %zu %zu ", event.type.len, event.id.len, event.data.len);
            ob_buf_add(told, event.type);
            ob_buf_add(told, event.id);
            ob_buf_add(told, event.data);
            if (event.type.len == 0 || memchr(event.data.ptr, '\r', event.data.len) != NULL) {
                abort();
            }
        }
        if (answer == OB_MORE && input.len > 0) {
            abort();
        }
    }
    return answer;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_buf) whole = {.max = (size_t)64 << 20};
    OB_AUTO(ob_buf) cut = {.max = (size_t)64 << 20};
    ob_span text = {(const char *)data, size};
    size_t step = size == 0 ? 1 : 1 + data[0] % 7;
    ob_step one = feed(text, size + 1, &whole);
    ob_step many = feed(text, step, &cut);
    if (one != many || !ob_span_is(ob_buf_span(&whole), ob_buf_span(&cut))) {
        abort();
    }
    return 0;
}
