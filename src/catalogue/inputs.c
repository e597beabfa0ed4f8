/* SPDX-License-Identifier: Apache-2.0 */
#include "catalogue/inputs.h"

typedef struct reader {
    ob_inputs *out;
    ob_arena *arena;
    const char *folder;
    const ob_yaml_doc *doc;
} reader;

static bool read_items(const reader *r, const ob_yaml_doc *doc, const ob_yaml *list, ob_err *err)
{
    static const char *const keys[] = {"text", "kind", "lang"};
    if (list->kind != OB_YAML_SEQ || list->count == 0) {
        return ob_yaml_fail(doc, list, err, "a list of inputs with at least one item is wanted");
    }
    ob_input *inputs = OB_NEW(r->arena, ob_input, list->count, err);
    if (inputs == NULL) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        const ob_yaml *item = &list->items[i];
        inputs[i].lang = OB_SPAN("en");
        if (item->kind == OB_YAML_SCALAR) {
            inputs[i].text = item->text;
            continue;
        }
        const ob_yaml *text = NULL;
        if (!ob_yaml_known(doc, item, keys, OB_COUNT(keys), err) ||
            !ob_yaml_need(doc, item, "text", &text, err) ||
            !ob_yaml_text(doc, item, "text", &inputs[i].text, err) ||
            !ob_yaml_text(doc, item, "kind", &inputs[i].kind, err) ||
            !ob_yaml_text(doc, item, "lang", &inputs[i].lang, err)) {
            return false;
        }
    }
    r->out->items = inputs;
    r->out->count = list->count;
    return true;
}

static bool read_texts(const reader *r, const ob_yaml *at, ob_span name, ob_digest *digest,
                       ob_err *err)
{
    static const char *const keys[] = {"ombud", "items"};
    if (name.ptr[0] == '/' || ob_span_find(name, OB_SPAN(".."), 0) != SIZE_MAX) {
        return ob_yaml_fail(r->doc, at, err, "'%.*s' must lie below the profile's folder",
                            OB_SHOW(ob_span_sub(name, 0, OB_QUOTE_MAX)));
    }
    ob_span path = {0};
    ob_yaml_doc *doc = OB_NEW(r->arena, ob_yaml_doc, 1, err);
    const ob_yaml *items = NULL;
    if (doc == NULL ||
        !ob_arena_printf(r->arena, &path, err, "%s/%.*s", r->folder, OB_SHOW(name)) ||
        !ob_yaml_load(doc, r->arena, path.ptr, OB_INPUT_FILE_MAX, err)) {
        return false;
    }
    *digest = doc->digest;
    return ob_yaml_known(doc, doc->root, keys, OB_COUNT(keys), err) &&
           ob_yaml_need(doc, doc->root, "items", &items, err) && read_items(r, doc, items, err);
}

bool ob_inputs_read(ob_inputs *inputs, const ob_yaml_doc *doc, const ob_yaml *node,
                    const char *folder, const ob_input_folders *folders, ob_arena *arena,
                    ob_digest *digest, ob_err *err)
{
    const reader reading = {.out = inputs, .arena = arena, .folder = folder, .doc = doc};
    const reader *r = &reading;
    (void)folders;
    static const char *const keys[] = {"list", "file"};
    static const ob_input none = {.text = {"", 0}, .lang = {"en", 2}};
    if (node == NULL) {
        r->out->items = &none;
        r->out->count = 1;
        return true;
    }
    if (!ob_yaml_known(r->doc, node, keys, OB_COUNT(keys), err)) {
        return false;
    }
    const ob_yaml *list = ob_yaml_get(node, "list");
    const ob_yaml *file = ob_yaml_get(node, "file");
    if ((list == NULL) == (file == NULL)) {
        return ob_yaml_fail(r->doc, node, err, "inputs needs either list or file");
    }
    if (list != NULL) {
        return read_items(r, r->doc, list, err);
    }
    ob_span name = {0};
    ob_digest texts = {{0}};
    if (!ob_yaml_text(r->doc, node, "file", &name, err) ||
        !read_texts(r, file, name, &texts, err)) {
        return false;
    }
    const ob_span parts[] = {{(const char *)digest->bytes, OB_SHA256_BYTES},
                             {(const char *)texts.bytes, OB_SHA256_BYTES}};
    return ob_sha256(parts, OB_COUNT(parts), digest, err);
}
