/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pack of YAML: what was packed comes back the same. Bytes that were damaged and signed again
 * give some tree or none, and never a place outside of them. The input is the YAML up to a NUL,
 * then edits: place, byte.
 */
#include "input/yaml_pack.h"

#include "fuzz.h"
#include "scratch.h"

static void same(const ob_yaml *a, const ob_yaml *b)
{
    hold(a->kind == b->kind && a->count == b->count && a->quoted == b->quoted);
    hold(a->line == b->line && a->column == b->column && ob_span_is(a->text, b->text));
    for (size_t i = 0; i < a->count; i++) {
        if (a->kind == OB_YAML_MAP) {
            same(&a->keys[i], &b->keys[i]);
        }
        same(&a->items[i], &b->items[i]);
    }
}

static void walk(const ob_yaml *node, ob_span bytes)
{
    hold(within(bytes, node->text));
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == OB_YAML_MAP) {
            walk(&node->keys[i], bytes);
        }
        walk(&node->items[i], bytes);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) bytes = {.max = OB_YAML_PACK_MAX};
    const uint8_t *nul = size == 0 ? NULL : memchr(data, 0, size);
    size_t len = nul == NULL ? size : (size_t)(nul - data);
    ob_span text = {(const char *)data, len};
    static char folder[SCRATCH_MAX];
    char path[SCRATCH_FILE_MAX];
    ob_yaml_doc doc = {0};
    ob_yaml_doc back = {0};
    ob_yaml_pack pack = {0};
    ob_digest digest;
    ob_err err = {0};
    if (!ob_yaml_parse(&doc, &arena, OB_SPAN("f"), text, OB_INPUT_FILE_MAX, &err)) {
        return 0;
    }
    const ob_yaml_doc *docs[] = {&doc};
    hold(ob_yaml_pack_write(&bytes, docs, 1, &err));
    ob_yaml_pack_open(&pack, ob_buf_span(&bytes));
    hold(folder[0] != '\0' || scratch_make(folder) == 0);
    (void)snprintf(path, sizeof path, "%s/XXXXXX", folder);
    int fd = mkstemp(path);
    hold(fd >= 0 && write(fd, text.ptr, text.len) == (ssize_t)text.len);
    hold(ob_yaml_pack_load(&pack, &back, &arena, path, OB_INPUT_FILE_MAX, &err));
    hold(back.text.ptr == NULL);
    same(doc.root, back.root);
    for (size_t i = len + 1; i + 2 < size; i += 3) {
        size_t at = 84 + ((size_t)data[i] << 8 | data[i + 1]) % (bytes.len - 84);
        bytes.ptr[at] = (char)data[i + 2];
    }
    ob_span body = ob_span_sub(ob_buf_span(&bytes), 40, bytes.len);
    hold(ob_sha256(&body, 1, &digest, &err));
    memcpy(bytes.ptr + 8, digest.bytes, sizeof digest.bytes);
    ob_yaml_pack_open(&pack, ob_buf_span(&bytes));
    if (ob_yaml_pack_load(&pack, &back, &arena, path, OB_INPUT_FILE_MAX, &err) &&
        back.text.ptr == NULL) {
        walk(back.root, ob_buf_span(&bytes));
    }
    (void)close(fd);
    (void)unlink(path);
    return 0;
}
