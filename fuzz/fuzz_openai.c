/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as the answer of a chat service, head and body: a text or a sentence that says why not. */
#include "drive/driver.h"

#include <ombud/json.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_json(ob_arena *arena, ob_span text)
{
    ob_json_doc doc = {0};
    ob_err err = {0};
    if (text.len > 0 && !ob_json_parse(&doc, arena, text, &err)) {
        abort();
    }
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
        if (err.kind == OB_OK || err.kind == OB_ERR_BUG || err.text[0] == '\0') {
            abort();
        }
        return 0;
    }
    if (reply.text.ptr == NULL || reply.text.len > size + 2 * size) {
        abort();
    }
    check_json(&arena, reply.tools);
    check_json(&arena, reply.citations);
    check_json(&arena, reply.usage);
    return 0;
}
