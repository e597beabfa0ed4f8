/* SPDX-License-Identifier: Apache-2.0 */
/* However a stream is cut (the first byte says how), the same events come out of it. */
#include <ombud/sse.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void feed(ob_span stream, size_t piece, ob_buf *out)
{
    ob_sse sse;
    ob_sse_event event;
    ob_step step = OB_MORE;
    ob_sse_init(&sse);
    for (size_t at = 0; at < stream.len && step != OB_BAD; at += piece) {
        ob_span part = ob_span_sub(stream, at, at + piece);
        while ((step = ob_sse_feed(&sse, &part, &event)) == OB_DONE) {
            ob_buf_addf(out, "%zu.%zu.%zu:", event.type.len, event.data.len, event.id.len);
            ob_buf_add(out, event.type);
            ob_buf_add(out, event.data);
            ob_buf_add(out, event.id);
        }
        if (step == OB_MORE && part.len > 0) {
            abort();
        }
    }
    ob_buf_add_str(out, step == OB_BAD ? "bad" : "more");
    ob_sse_fini(&sse);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_buf) whole = {.max = OB_REPLY_MAX_CEILING};
    OB_AUTO(ob_buf) bytes = {.max = OB_REPLY_MAX_CEILING};
    OB_AUTO(ob_buf) pieces = {.max = OB_REPLY_MAX_CEILING};
    if (size < 2) {
        return 0;
    }
    ob_span stream = {(const char *)data + 1, size - 1};
    feed(stream, stream.len, &whole);
    feed(stream, 1, &bytes);
    feed(stream, 1 + (size_t)data[0], &pieces);
    if (!ob_span_is(ob_buf_span(&whole), ob_buf_span(&bytes)) ||
        !ob_span_is(ob_buf_span(&whole), ob_buf_span(&pieces))) {
        abort();
    }
    return 0;
}
