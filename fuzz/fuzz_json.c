/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pull parser and the tree agree; what was read, written and read again is the same value, and
 * written once more the same bytes. A refusal says where.
 */
#include "fuzz.h"

#include <ombud/json.h>

/* The tokens tell what the tree holds, one by one. */
static void follow(ob_json_parser *parser, const ob_json *value, ob_json_token token)
{
    hold(token.kind == value->kind && token.at == value->at && token.truth == value->truth);
    if (value->kind != OB_JSON_ARRAY && value->kind != OB_JSON_OBJECT) {
        return;
    }
    size_t count = 0;
    for (const ob_json *item = value->first; item != NULL; item = item->next, count++) {
        hold(ob_json_next(parser, &token) == OB_DONE);
        if (value->kind == OB_JSON_OBJECT) {
            hold(token.kind == OB_JSON_KEY && token.at == item->key_at);
            hold(ob_json_next(parser, &token) == OB_DONE);
        }
        follow(parser, item, token);
    }
    hold(ob_json_next(parser, &token) == OB_DONE && count == value->count);
    hold(token.kind == (value->kind == OB_JSON_ARRAY ? OB_JSON_ARRAY_END : OB_JSON_OBJECT_END));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) out = {.max = 6 * size + 16};
    OB_AUTO(ob_buf) twice = {.max = 6 * size + 16};
    ob_err err = {0};
    ob_json_doc doc = {0};
    ob_json_doc again = {0};
    ob_json_parser parser;
    ob_json_token token = {.kind = OB_JSON_NULL};
    ob_span text = {(const char *)data, size};
    ob_json_start(&parser, text);
    if (!ob_json_parse(&doc, &arena, text, &err)) {
        while (ob_json_next(&parser, &token) == OB_DONE) {
            hold(token.kind != OB_JSON_END);
        }
        hold(parser.why != NULL && parser.at <= size && strstr(err.text, parser.why) != NULL);
        hold(doc.root == NULL && err.kind == OB_ERR_INPUT);
        hold_sentence(err.text);
        return 0;
    }
    hold(ob_json_next(&parser, &token) == OB_DONE);
    follow(&parser, doc.root, token);
    hold(ob_json_next(&parser, &token) == OB_DONE && token.kind == OB_JSON_END);
    ob_json_write(&out, doc.root);
    hold(ob_buf_check(&out, "the text", &err));
    hold(ob_json_parse(&again, &arena, ob_buf_span(&out), &err));
    hold(ob_json_equal(doc.root, again.root) && ob_json_equal(again.root, doc.root));
    ob_json_write(&twice, again.root);
    hold(ob_span_is(ob_buf_span(&out), ob_buf_span(&twice)));
    hold(doc.has_nul == again.has_nul);
    hold((doc.duplicate_at == SIZE_MAX) == (again.duplicate_at == SIZE_MAX));
    return 0;
}
