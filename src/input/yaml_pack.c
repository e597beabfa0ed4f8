/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of a pack, all numbers but the fixed ones as LEB128:
 *
 *   "OMBUDYP1"                              8 bytes
 *   SHA-256 of everything behind it         32 bytes
 *   number of documents                     4 bytes, little endian
 *   for each: SHA-256 of its file           32 bytes
 *             offset and size of its tree   4 bytes each, little endian, from the start
 *   the trees, nodes in the order of the file:
 *     kind + 4 if quoted                    1 byte
 *     line, as difference to the node before (zigzag), column
 *     scalar: length, bytes; sequence: count, items; map: count, key and value in turn
 */
#include "input/yaml_pack.h"

#define HEAD  44
#define ENTRY 40

static const char magic[] = "OMBUDYP1";

static void add_number(ob_buf *out, uint64_t value)
{
    while (value >= 0x80) {
        ob_buf_add_char(out, (char)(value | 0x80));
        value >>= 7;
    }
    ob_buf_add_char(out, (char)value);
}

static void add_fixed(ob_buf *out, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) {
        ob_buf_add_char(out, (char)(value >> (8 * i) & 0xff));
    }
}

static uint32_t fixed_at(ob_span bytes, size_t at)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < 4; i++) {
        value |= (uint32_t)(unsigned char)bytes.ptr[at + i] << (8 * i);
    }
    return value;
}

/* Depth is bounded by the parser of the file. */
static void add_node(ob_buf *out, const ob_yaml *node, uint32_t *line)
{
    int64_t step = (int64_t)node->line - (int64_t)*line;
    *line = node->line;
    ob_buf_add_char(out, (char)((unsigned)node->kind | (node->quoted ? 4u : 0u)));
    add_number(out, step < 0 ? (uint64_t)(-step) * 2 - 1 : (uint64_t)step * 2);
    add_number(out, node->column);
    if (node->kind == OB_YAML_SCALAR || node->kind == OB_YAML_NULL) {
        add_number(out, node->text.len);
        ob_buf_add(out, node->text);
        return;
    }
    add_number(out, node->count);
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == OB_YAML_MAP) {
            add_node(out, &node->keys[i], line);
        }
        add_node(out, &node->items[i], line);
    }
}

bool ob_yaml_pack_write(ob_buf *out, const ob_yaml_doc *const *docs, size_t count, ob_err *err)
{
    OB_AUTO(ob_buf) head = {.max = OB_YAML_PACK_MAX};
    OB_AUTO(ob_buf) trees = {.max = OB_YAML_PACK_MAX};
    ob_digest digest;
    add_fixed(&head, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        size_t start = trees.len;
        uint32_t line = 0;
        add_node(&trees, docs[i]->root, &line);
        ob_buf_add(&head, (ob_span){(const char *)docs[i]->digest.bytes, OB_SHA256_BYTES});
        add_fixed(&head, (uint32_t)(HEAD + count * ENTRY + start));
        add_fixed(&head, (uint32_t)(trees.len - start));
    }
    if (!ob_buf_check(&head, "the pack", err) || !ob_buf_check(&trees, "the pack", err)) {
        return false;
    }
    const ob_span parts[] = {ob_buf_span(&head), ob_buf_span(&trees)};
    if (!ob_sha256(parts, OB_COUNT(parts), &digest, err)) {
        return false;
    }
    ob_buf_add_str(out, magic);
    ob_buf_add(out, (ob_span){(const char *)digest.bytes, OB_SHA256_BYTES});
    ob_buf_add(out, parts[0]);
    ob_buf_add(out, parts[1]);
    return ob_buf_check(out, "the pack", err);
}

void ob_yaml_pack_open(ob_yaml_pack *pack, ob_span bytes)
{
    ob_digest digest;
    ob_err err = {0};
    ob_span body = ob_span_sub(bytes, HEAD - 4, bytes.len);
    pack->bytes = (ob_span){0};
    if (bytes.len < HEAD || !ob_span_has_prefix(bytes, OB_SPAN("OMBUDYP1")) ||
        !ob_sha256(&body, 1, &digest, &err) ||
        memcmp(digest.bytes, bytes.ptr + 8, OB_SHA256_BYTES) != 0 ||
        fixed_at(bytes, HEAD - 4) > (bytes.len - HEAD) / ENTRY) {
        return;
    }
    pack->bytes = bytes;
}

/* Reading. What does not fit ends it; then the file is parsed. */
typedef struct unpack {
    ob_span bytes;
    size_t at;
    ob_arena *arena;
    uint32_t line;
    size_t nodes;
    ob_err *err; /* of the arena */
} unpack;

static bool take_number(unpack *u, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
        if (u->at >= u->bytes.len) {
            return false;
        }
        unsigned char byte = (unsigned char)u->bytes.ptr[u->at++];
        *value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return true;
        }
    }
    return false;
}

static bool take_node(unpack *u, ob_yaml *node, unsigned depth);

static bool take_children(unpack *u, ob_yaml *node, unsigned depth)
{
    bool map = node->kind == OB_YAML_MAP;
    /* A node takes four bytes at least, so a count cannot ask for more memory than that. */
    if (node->count > (u->bytes.len - u->at) / 4) {
        return false;
    }
    ob_yaml *items = OB_NEW(u->arena, ob_yaml, node->count, u->err);
    ob_yaml *keys = map ? OB_NEW(u->arena, ob_yaml, node->count, u->err) : items;
    if (items == NULL || keys == NULL) {
        return false;
    }
    for (size_t i = 0; i < node->count; i++) {
        if ((map && (!take_node(u, &keys[i], depth + 1) || keys[i].kind != OB_YAML_SCALAR)) ||
            !take_node(u, &items[i], depth + 1)) {
            return false;
        }
    }
    node->items = items;
    node->keys = map ? keys : NULL;
    return true;
}

static bool take_node(unpack *u, ob_yaml *node, unsigned depth)
{
    uint64_t step = 0;
    uint64_t column = 0;
    uint64_t count = 0;
    if (u->at >= u->bytes.len || depth > OB_YAML_DEPTH_MAX || ++u->nodes > OB_YAML_NODES_MAX) {
        return false;
    }
    unsigned head = (unsigned char)u->bytes.ptr[u->at++];
    if (head > 7 || !take_number(u, &step) || !take_number(u, &column) || !take_number(u, &count)) {
        return false;
    }
    u->line += (step & 1) != 0 ? 0u - (uint32_t)((step + 1) / 2) : (uint32_t)(step / 2);
    *node = (ob_yaml){.kind = (ob_yaml_kind)(head & 3),
                      .quoted = head >= 4,
                      .line = u->line,
                      .column = (uint32_t)column};
    if (node->kind == OB_YAML_MAP || node->kind == OB_YAML_SEQ) {
        node->count = (size_t)count;
        return take_children(u, node, depth);
    }
    if (count > u->bytes.len - u->at) {
        return false;
    }
    node->text = ob_span_sub(u->bytes, u->at, u->at + (size_t)count);
    u->at += (size_t)count;
    return true;
}

/* The root of the document with this digest, or NULL. */
static const ob_yaml *find(const ob_yaml_pack *pack, ob_arena *arena, const ob_digest *digest,
                           ob_err *err)
{
    uint32_t count = pack->bytes.len < HEAD ? 0 : fixed_at(pack->bytes, HEAD - 4);
    for (uint32_t i = 0; i < count; i++) {
        size_t at = HEAD + (size_t)i * ENTRY;
        if (memcmp(pack->bytes.ptr + at, digest->bytes, OB_SHA256_BYTES) != 0) {
            continue;
        }
        size_t offset = fixed_at(pack->bytes, at + 32);
        size_t size = fixed_at(pack->bytes, at + 36);
        if (offset > pack->bytes.len || size > pack->bytes.len - offset) {
            return NULL;
        }
        unpack u = {ob_span_sub(pack->bytes, offset, offset + size), 0, arena, 0, 0, err};
        ob_yaml *root = OB_NEW(arena, ob_yaml, 1, err);
        return root != NULL && take_node(&u, root, 0) && u.at == size ? root : NULL;
    }
    return NULL;
}

bool ob_yaml_pack_load(const ob_yaml_pack *pack, ob_yaml_doc *doc, ob_arena *arena,
                       const char *path, size_t max, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = max};
    ob_yaml_doc made = {0};
    if (pack == NULL || pack->bytes.len == 0) {
        return ob_yaml_load(doc, arena, path, max, err);
    }
    ob_span bytes = {0};
    if (!ob_file_read(path, &text, err)) {
        return false;
    }
    bytes = ob_buf_span(&text);
    if (!ob_sha256(&bytes, 1, &made.digest, err)) {
        return false;
    }
    made.root = find(pack, arena, &made.digest, err);
    if (made.root == NULL && err->kind != OB_OK) {
        return false;
    }
    if (made.root == NULL) {
        return ob_yaml_parse(doc, arena, ob_span_str(path), bytes, max, err);
    }
    if (!ob_arena_dup(arena, ob_span_str(path), &made.name, err)) {
        return false;
    }
    *doc = made; /* its text stays empty: nobody asks for it behind the tree */
    return true;
}
