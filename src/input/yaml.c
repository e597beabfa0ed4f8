/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML over libyaml's event parser. Events are copied into our tree as they come, so nesting,
 * aliases and tags are refused before anything is built of them. Children wait on one stack of
 * nodes until their collection ends.
 */
#include "input/yaml.h"

#include <ombud/text.h>

#include <stdarg.h>
#include <yaml.h>

#define NAME_SHOWN_MAX 100
#define SMALL_MAP      8

typedef struct frame {
    ob_yaml node;
    size_t base; /* first child on the stack */
} frame;

typedef struct reader {
    ob_yaml_doc *doc;
    ob_arena *arena;
    ob_yaml *stack; /* heap; children of open collections, keys and values in turn */
    size_t count;
    size_t cap;
    frame frames[OB_YAML_DEPTH_MAX];
    size_t depth;
    size_t nodes;
    uint64_t hash_key[2]; /* random: nobody can prepare keys that collide */
    yaml_parser_t parser; /* once it is ready */
    bool ready;
} reader;

static void reader_fini(reader *r)
{
    if (r->ready) {
        yaml_parser_delete(&r->parser);
    }
    ob_mem_free(r->stack);
}

/* Long paths keep their end, which tells files apart. */
static ob_span shown_name(ob_span name, const char **dots)
{
    *dots = name.len > NAME_SHOWN_MAX ? "..." : "";
    return name.len > NAME_SHOWN_MAX ? ob_span_sub(name, name.len - NAME_SHOWN_MAX, name.len)
                                     : name;
}

static bool fail_place(ob_span name, uint32_t line, uint32_t column, ob_err *err, const char *where,
                       const char *text)
{
    const char *dots = "";
    ob_span shown = shown_name(name, &dots);
    return ob_fail_at(err, OB_ERR_INPUT, where, "%s%.*s:%u:%u: %s", dots, OB_SHOW(shown), line,
                      column, text);
}

static bool fail_byte(ob_span name, size_t offset, ob_err *err, const char *text)
{
    const char *dots = "";
    ob_span shown = shown_name(name, &dots);
    return ob_fail(err, OB_ERR_INPUT, "%s%.*s: byte %zu: %s", dots, OB_SHOW(shown), offset, text);
}

bool ob_yaml_fail_at(const ob_yaml_doc *doc, const ob_yaml *node, ob_err *err, const char *where,
                     const char *format, ...)
{
    char text[sizeof err->text];
    va_list values;
    va_start(values, format);
    if (vsnprintf(text, sizeof text, format, values) < 0) {
        text[0] = '\0';
    }
    va_end(values);
    return fail_place(doc->name, node == NULL ? 1 : node->line, node == NULL ? 1 : node->column,
                      err, where, text);
}

/* The checks before libyaml, which takes U+0085, U+2028 and U+2029 for ends of lines (YAML 1.1): a
 * text with one would end there, or change, so it has to be an escape. */
static bool check_bytes(ob_span name, ob_span text, size_t max, ob_err *err)
{
    if (text.len > max) {
        return fail_byte(name, max, err, "the file is larger than the limit; split it");
    }
    size_t bad = ob_utf8_bad(text);
    if (bad != SIZE_MAX) {
        return fail_byte(name, bad, err, "not valid UTF-8; save the file as UTF-8");
    }
    bool content = false;
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        uint32_t rune = 0;
        (void)ob_utf8_next(text, &at, &rune);
        bool blank = rune == '\n' || rune == '\r' || rune == ' ' || rune == '\t';
        if (rune == 0) {
            return fail_byte(name, start, err, "a NUL; a YAML file is text, remove it");
        }
        if (rune == 0x85 || rune == 0x2028 || rune == 0x2029) {
            return fail_byte(name, start, err,
                             "an end of a line that only some programs see; write \\N, \\L or "
                             "\\P within double quotes");
        }
        if ((rune < 0x20 && !blank) || (rune >= 0x7f && rune < 0xa0) || rune == 0xfffe ||
            rune == 0xffff || (rune == 0xfeff && start > 0)) {
            return fail_byte(name, start, err, "a control character; remove or escape it");
        }
        content = content || !(blank || rune == 0xfeff);
    }
    if (!content) {
        return fail_byte(name, 0, err, "the file is empty; a document is needed");
    }
    return true;
}

static ob_yaml node_at(ob_yaml_kind kind, yaml_mark_t mark)
{
    return (ob_yaml){.kind = kind,
                     .line = (uint32_t)mark.line + 1,
                     .column = (uint32_t)mark.column + 1,
                     .text = OB_SPAN("")};
}

static bool refuse(const reader *r, uint32_t line, uint32_t column, ob_err *err, const char *text)
{
    return fail_place(r->doc->name, line, column, err, OB_WHERE, text);
}

static bool refuse_marks(const reader *r, const yaml_char_t *anchor, const yaml_char_t *tag,
                         const ob_yaml *node, ob_err *err)
{
    if (anchor != NULL) {
        return refuse(r, node->line, node->column, err,
                      "anchors are not allowed; write the value where it is needed");
    }
    return tag == NULL ||
           refuse(r, node->line, node->column, err, "tags are not allowed; remove it");
}

static bool is_null_word(ob_span text)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    return ob_text_index(text, words, OB_COUNT(words)) >= 0;
}

/* SipHash-1-3 (Aumasson, Bernstein 2012), little endian. */
static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = (v[1] << 13 | v[1] >> 51) ^ v[0];
    v[3] = (v[3] << 16 | v[3] >> 48) ^ v[2];
    v[0] = v[0] << 32 | v[0] >> 32;
    v[2] += v[1];
    v[0] += v[3];
    v[1] = (v[1] << 17 | v[1] >> 47) ^ v[2];
    v[3] = (v[3] << 21 | v[3] >> 43) ^ v[0];
    v[2] = v[2] << 32 | v[2] >> 32;
}

static uint64_t hash_of(const uint64_t key[2], ob_span text)
{
    uint64_t v[4] = {key[0] ^ 0x736f6d6570736575U, key[1] ^ 0x646f72616e646f6dU,
                     key[0] ^ 0x6c7967656e657261U, key[1] ^ 0x7465646279746573U};
    for (size_t at = 0; at <= text.len; at += 8) {
        uint64_t word = 0;
        size_t left = text.len - at;
        for (size_t i = 0; i < 8 && i < left; i++) {
            word |= (uint64_t)(unsigned char)text.ptr[at + i] << (8 * i);
        }
        if (left < 8) {
            word |= (uint64_t)(text.len & 0xff) << 56;
        }
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    v[2] ^= 0xff;
    for (int i = 0; i < 3; i++) {
        sip_round(v);
    }
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static bool fail_duplicate(const reader *r, const ob_yaml *first, const ob_yaml *second,
                           ob_err *err)
{
    OB_AUTO(ob_buf) shown = {.max = 4096};
    ob_buf_add_shown(&shown, second->text, OB_QUOTE_MAX);
    return ob_yaml_fail(r->doc, second, err,
                        "duplicate key '%.*s', first at %u:%u; keep one of the two",
                        OB_SHOW(ob_buf_span(&shown)), first->line, first->column);
}

static bool check_duplicates(const reader *r, const ob_yaml *keys, size_t count, ob_err *err)
{
    if (count <= SMALL_MAP) {
        for (size_t i = 1; i < count; i++) {
            for (size_t k = 0; k < i; k++) {
                if (ob_span_is(keys[i].text, keys[k].text)) {
                    return fail_duplicate(r, &keys[k], &keys[i], err);
                }
            }
        }
        return true;
    }
    size_t slots = 16;
    while (slots < count * 2) {
        slots *= 2;
    }
    uint32_t *table = ob_mem_new(slots * sizeof *table);
    if (table == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "no memory for %zu keys", count);
    }
    memset(table, 0, slots * sizeof *table);
    bool fine = true;
    for (size_t i = 0; fine && i < count; i++) {
        size_t slot = (size_t)hash_of(r->hash_key, keys[i].text) & (slots - 1);
        for (; table[slot] != 0; slot = (slot + 1) & (slots - 1)) {
            const ob_yaml *other = &keys[table[slot] - 1];
            if (ob_span_is(other->text, keys[i].text)) {
                fine = fail_duplicate(r, other, &keys[i], err);
                break;
            }
        }
        table[slot] = (uint32_t)(i + 1);
    }
    ob_mem_free(table);
    return fine;
}

static bool expects_key(const reader *r)
{
    const frame *top = r->depth == 0 ? NULL : &r->frames[r->depth - 1];
    return top != NULL && top->node.kind == OB_YAML_MAP && (r->count - top->base) % 2 == 0;
}

static bool push(reader *r, const ob_yaml *node, ob_err *err)
{
    if (r->nodes >= OB_YAML_NODES_MAX) {
        return refuse(r, node->line, node->column, err,
                      "more than " OB_STR(OB_YAML_NODES_MAX) " values; split the file");
    }
    r->nodes++;
    void *items = r->stack;
    if (!ob_array_grow(&items, &r->cap, r->count, sizeof *r->stack, OB_YAML_NODES_MAX, err)) {
        return false;
    }
    r->stack = items;
    r->stack[r->count++] = *node;
    return true;
}

static bool check_scalar_text(const reader *r, const ob_yaml *node, ob_err *err)
{
    if (node->text.len > 0 && memchr(node->text.ptr, '\0', node->text.len) != NULL) {
        return refuse(r, node->line, node->column, err, "the text holds a NUL; remove the escape");
    }
    if (ob_utf8_bad(node->text) != SIZE_MAX) {
        return refuse(r, node->line, node->column, err,
                      "an escape gives text that is not valid UTF-8; write the character itself");
    }
    return true;
}

static bool check_key(const reader *r, const ob_yaml *key, ob_err *err)
{
    if (key->text.len == 0) {
        return refuse(r, key->line, key->column, err, "a key is empty; give it a name");
    }
    if (!key->quoted && ob_span_is_str(key->text, "<<")) {
        return refuse(r, key->line, key->column, err,
                      "merge keys are not allowed; write the keys out");
    }
    return true;
}

static bool read_scalar(reader *r, const yaml_event_t *event, ob_err *err)
{
    ob_yaml node = node_at(OB_YAML_SCALAR, event->start_mark);
    ob_span text = {(const char *)event->data.scalar.value, event->data.scalar.length};
    if (!refuse_marks(r, event->data.scalar.anchor, event->data.scalar.tag, &node, err) ||
        !ob_arena_dup(r->arena, text, &node.text, err)) {
        return false;
    }
    node.quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    if (!check_scalar_text(r, &node, err)) {
        return false;
    }
    if (expects_key(r)) {
        if (!check_key(r, &node, err)) {
            return false;
        }
    } else if (!node.quoted && is_null_word(node.text)) {
        node.kind = OB_YAML_NULL;
    }
    return push(r, &node, err);
}

static bool open_collection(reader *r, const ob_yaml *node, const yaml_char_t *anchor,
                            const yaml_char_t *tag, ob_err *err)
{
    if (!refuse_marks(r, anchor, tag, node, err)) {
        return false;
    }
    if (expects_key(r)) {
        return refuse(r, node->line, node->column, err,
                      "a key must be plain text; a template in braces needs quotes");
    }
    if (r->depth == OB_YAML_DEPTH_MAX) {
        return refuse(r, node->line, node->column, err,
                      "nested deeper than " OB_STR(OB_YAML_DEPTH_MAX) " levels; flatten it");
    }
    r->frames[r->depth++] = (frame){.node = *node, .base = r->count};
    return true;
}

static bool close_collection(reader *r, ob_err *err)
{
    if (OB_NEVER(r->depth == 0)) {
        return ob_fail(err, OB_ERR_BUG, "a YAML collection ends that never began");
    }
    frame top = r->frames[r->depth - 1];
    size_t children = r->count - top.base;
    bool map = top.node.kind == OB_YAML_MAP;
    size_t count = map ? children / 2 : children;
    ob_yaml *items = OB_NEW(r->arena, ob_yaml, count, err);
    ob_yaml *keys = map && items != NULL ? OB_NEW(r->arena, ob_yaml, count, err) : NULL;
    if (items == NULL || (map && keys == NULL)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const ob_yaml *child = &r->stack[top.base + (map ? 2 * i : i)];
        if (map) {
            keys[i] = child[0];
            items[i] = child[1];
        } else {
            items[i] = child[0];
        }
    }
    if (map && !check_duplicates(r, keys, count, err)) {
        return false;
    }
    top.node.count = count;
    top.node.items = items;
    top.node.keys = keys;
    r->count = top.base;
    r->depth--;
    return push(r, &top.node, err);
}

static bool open_document(const reader *r, const yaml_event_t *event, size_t *documents,
                          ob_err *err)
{
    const ob_yaml at = node_at(OB_YAML_NULL, event->start_mark);
    if (event->data.document_start.version_directive != NULL ||
        event->data.document_start.tag_directives.start !=
            event->data.document_start.tag_directives.end) {
        return refuse(r, at.line, at.column, err,
                      "a line that starts with '%' is a directive, and none is needed; remove it");
    }
    return ++*documents == 1 || refuse(r, at.line, at.column, err,
                                       "a second document starts; one file holds one document");
}

static bool take_event(reader *r, const yaml_event_t *event, size_t *documents, ob_err *err)
{
    ob_yaml node = node_at(OB_YAML_SEQ, event->start_mark);
    switch (event->type) {
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return true;
    case YAML_DOCUMENT_START_EVENT:
        return open_document(r, event, documents, err);
    case YAML_ALIAS_EVENT:
        return refuse(r, node.line, node.column, err,
                      "aliases are not allowed; write the value, or quote a text that starts with "
                      "'*'");
    case YAML_SCALAR_EVENT:
        return read_scalar(r, event, err);
    case YAML_SEQUENCE_START_EVENT:
        return open_collection(r, &node, event->data.sequence_start.anchor,
                               event->data.sequence_start.tag, err);
    case YAML_MAPPING_START_EVENT:
        node.kind = OB_YAML_MAP;
        return open_collection(r, &node, event->data.mapping_start.anchor,
                               event->data.mapping_start.tag, err);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_collection(r, err);
    }
    return ob_fail(err, OB_ERR_BUG, "an unknown YAML event %d", (int)event->type);
}

/* The library's complaint, in our form. */
static bool fail_syntax(const reader *r, ob_err *err)
{
    const yaml_parser_t *p = &r->parser;
    if (p->error == YAML_MEMORY_ERROR || p->problem == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "no memory for the YAML parser");
    }
    char text[240];
    /* JSON writes characters as two halves of a pair of UTF-16, YAML does not. */
    const char *mend = strstr(p->problem, "Unicode") != NULL ? "write the character itself"
                                                             : "mend it or quote the text";
    if (p->context == NULL) {
        (void)snprintf(text, sizeof text, "not valid YAML: %.100s; %s", p->problem, mend);
    } else {
        (void)snprintf(text, sizeof text, "not valid YAML: %.80s %.80s that begins at %zu:%zu; %s",
                       p->problem, p->context, p->context_mark.line + 1, p->context_mark.column + 1,
                       mend);
    }
    ob_yaml at = node_at(OB_YAML_NULL, p->problem_mark);
    return refuse(r, at.line, at.column, err, text);
}

static bool read_events(reader *r, ob_span text, ob_err *err)
{
    if (yaml_parser_initialize(&r->parser) == 0) {
        return ob_fail(err, OB_ERR_NOMEM, "no memory for the YAML parser");
    }
    r->ready = true;
    yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r->parser, (const unsigned char *)text.ptr, text.len);
    size_t documents = 0;
    for (bool ended = false; !ended;) {
        yaml_event_t event;
        if (yaml_parser_parse(&r->parser, &event) == 0) {
            return fail_syntax(r, err);
        }
        ended = event.type == YAML_STREAM_END_EVENT;
        bool fine = take_event(r, &event, &documents, err);
        yaml_event_delete(&event);
        if (!fine) {
            return false;
        }
    }
    if (r->count != 1 || r->stack[0].kind == OB_YAML_NULL) {
        return fail_byte(r->doc->name, 0, err, "the file holds no document; write its keys");
    }
    return true;
}

bool ob_yaml_parse(ob_yaml_doc *doc, ob_arena *arena, ob_span name, ob_span text, size_t max,
                   ob_err *err)
{
    if (!check_bytes(name, text, max, err)) {
        return false;
    }
    ob_yaml_doc result = {0};
    if (!ob_arena_dup(arena, name, &result.name, err) ||
        !ob_arena_dup(arena, text, &result.text, err) ||
        !ob_sha256(&text, 1, &result.digest, err)) {
        return false;
    }
    OB_AUTO(reader) r = {.doc = &result, .arena = arena};
    ob_yaml *root = OB_NEW(arena, ob_yaml, 1, err);
    if (root == NULL || !ob_random(r.hash_key, sizeof r.hash_key, err)) {
        return false;
    }
    if (!read_events(&r, ob_span_skip_mark(result.text), err)) {
        return false;
    }
    *root = r.stack[0];
    result.root = root;
    *doc = result;
    return true;
}

bool ob_yaml_load(ob_yaml_doc *doc, ob_arena *arena, const char *path, size_t max, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = max};
    return ob_file_read(path, &text, err) &&
           ob_yaml_parse(doc, arena, ob_span_str(path), ob_buf_span(&text), max, err);
}
