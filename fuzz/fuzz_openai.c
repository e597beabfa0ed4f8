/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes as the answer of a chat service, head and body, given to the driver alone: a text or a
 * sentence that says why not. fuzz_http.c takes the whole way.
 */
#include "drive/driver.h"

#include "fuzz.h"

#include <ombud/json.h>

static void check_json(ob_arena *arena, ob_span text)
{
    ob_json_doc doc = {0};
    ob_err err = {0};
    hold(text.len == 0 || ob_json_parse(&doc, arena, text, &err));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_span all = {(const char *)data, size};
    const ob_driver *driver = ob_driver_find(OB_SPAN("openai"));
    ob_service service = {.driver = driver};
    ob_reply reply = {0};
    ob_err err = {0};
    size_t blank = ob_span_find(all, OB_SPAN("\r\n\r\n"), 0);
    size_t split = blank == SIZE_MAX ? 0 : blank + 4;
    ob_span head = ob_span_sub(all, 0, split);
    ob_span body = ob_span_sub(all, split, size);
    if (!driver->reply(&service, &arena, head, body, &reply, &err)) {
        hold(err.kind != OB_OK && err.kind != OB_ERR_BUG);
        hold_sentence(err.text);
        return 0;
    }
    hold(reply.text.ptr != NULL && reply.text.len <= 3 * size);
    hold(ob_utf8_bad(reply.text) == SIZE_MAX);
    check_json(&arena, reply.tools);
    check_json(&arena, reply.citations);
    check_json(&arena, reply.usage);
    return 0;
}
