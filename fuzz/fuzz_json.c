/* SPDX-License-Identifier: Apache-2.0 */
/* Tree and pull parser agree about what JSON is and where it breaks; a tree written and read again
 * is equal. */
#include <ombud/json.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) out = {.max = OB_REPLY_MAX_CEILING};
    ob_span text = {(const char *)data, size};
    ob_json_doc doc = {0};
    ob_json_doc again = {0};
    ob_json_parser parser;
    ob_json_token token = {.kind = OB_JSON_NULL};
    ob_err err = {0};
    ob_step step = OB_DONE;
    ob_json_start(&parser, text);
    do {
        size_t before = parser.at;
        step = ob_json_next(&parser, &token);
        if (step == OB_MORE || parser.at > size || (step == OB_DONE && parser.at < before)) {
            abort();
        }
    } while (step == OB_DONE && token.kind != OB_JSON_END);
    if (!ob_json_parse(&doc, &arena, text, &err)) {
        char place[64];
        (void)snprintf(place, sizeof place, "byte %zu: ", parser.at);
        if (step != OB_BAD || strncmp(err.text, place, strlen(place)) != 0) {
            abort();
        }
        return 0;
    }
    ob_json_write(&out, doc.root);
    if (step != OB_DONE || !ob_json_parse(&again, &arena, ob_buf_span(&out), &err) ||
        !ob_json_equal(doc.root, again.root) || !ob_json_equal(again.root, doc.root) ||
        doc.has_nul != again.has_nul ||
        (doc.duplicate_at == SIZE_MAX) != (again.duplicate_at == SIZE_MAX)) {
        abort();
    }
    return 0;
}
