/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree over the pull parser. Members keep their order; duplicate keys are all kept and the
 * first duplicate's place is told. Keys of large objects are compared by sorted hashes, so that an
 * object of many members costs n log n and not n squared.
 */
#include <ombud/json.h>
#include <ombud/span.h>

typedef struct builder {
    ob_json_doc *doc;
    ob_arena *arena;
    ob_json_parser parser;
    ob_json *parents[OB_JSON_DEPTH_MAX];
    ob_json *lasts[OB_JSON_DEPTH_MAX]; /* last child of each parent so far */
    size_t depth;
    ob_span key;   /* of the value to come */
    size_t key_at; /* where that key stands */
} builder;

static bool plain_text(builder *b, const ob_json_token *token, ob_span *text, ob_err *err)
{
    if (!token->escaped) {
        *text = token->raw;
        return true;
    }
    OB_AUTO(ob_buf) buf = {.max = token->raw.len + 4};
    if (!ob_json_unescape(token->raw, &buf, err) ||
        !ob_arena_dup(b->arena, ob_buf_span(&buf), text, err)) {
        return false;
    }
    if (memchr(text->ptr, '\0', text->len) != NULL) {
        b->doc->has_nul = true;
    }
    return true;
}

typedef struct hashed {
    uint64_t hash;
    const ob_json *member;
} hashed;

static uint64_t hash_of(ob_span text)
{
    uint64_t hash = 0xcbf29ce484222325; /* FNV-1a */
    for (size_t i = 0; i < text.len; i++) {
        hash = (hash ^ (unsigned char)text.ptr[i]) * 0x100000001b3;
    }
    return hash;
}

static int by_hash(const void *a, const void *b)
{
    const hashed *left = a;
    const hashed *right = b;
    if (left->hash != right->hash) {
        return left->hash < right->hash ? -1 : 1;
    }
    int order = ob_span_compare(left->member->key, right->member->key);
    return order != 0 ? order : left->member->key_at < right->member->key_at ? -1 : 1;
}

static void found_duplicate(builder *b, size_t at)
{
    if (at < b->doc->duplicate_at) {
        b->doc->duplicate_at = at;
    }
}

#define SMALL_OBJECT 16

static bool check_duplicates(builder *b, const ob_json *object, ob_err *err)
{
    if (object->count <= SMALL_OBJECT) {
        for (const ob_json *m = object->first; m != NULL; m = m->next) {
            for (const ob_json *o = object->first; o != m; o = o->next) {
                if (ob_span_is(o->key, m->key)) {
                    found_duplicate(b, m->key_at);
                }
            }
        }
        return true;
    }
    hashed *list = ob_mem_new(object->count * sizeof *list);
    if (list == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for a JSON object");
    }
    size_t count = 0;
    for (const ob_json *m = object->first; m != NULL; m = m->next) {
        list[count++] = (hashed){hash_of(m->key), m};
    }
    qsort(list, count, sizeof *list, by_hash);
    for (size_t i = 1; i < count; i++) {
        if (list[i].hash == list[i - 1].hash &&
            ob_span_is(list[i].member->key, list[i - 1].member->key)) {
            found_duplicate(b, list[i].member->key_at);
        }
    }
    ob_mem_free(list);
    return true;
}

static bool add_value(builder *b, const ob_json_token *token, ob_err *err)
{
    ob_json *node = OB_NEW(b->arena, ob_json, 1, err);
    if (node == NULL) {
        return false;
    }
    node->kind = token->kind;
    node->truth = token->truth;
    node->at = token->at;
    node->key = b->key;
    node->key_at = b->key_at;
    b->key = (ob_span){NULL, 0};
    b->key_at = 0;
    if (token->kind == OB_JSON_NUMBER) {
        node->text = token->raw;
    } else if (token->kind == OB_JSON_STRING && !plain_text(b, token, &node->text, err)) {
        return false;
    }
    if (b->depth == 0) {
        b->doc->root = node;
    } else {
        ob_json *parent = b->parents[b->depth - 1];
        if (parent->first == NULL) {
            parent->first = node;
        } else {
            b->lasts[b->depth - 1]->next = node;
        }
        b->lasts[b->depth - 1] = node;
        parent->count++;
    }
    if (token->kind == OB_JSON_OBJECT || token->kind == OB_JSON_ARRAY) {
        b->parents[b->depth++] = node;
    }
    return true;
}

bool ob_json_parse(ob_json_doc *doc, ob_arena *arena, ob_span text, ob_err *err)
{
    ob_json_doc made = {.duplicate_at = SIZE_MAX};
    builder b = {.doc = &made, .arena = arena};
    ob_json_token token = {.kind = OB_JSON_NULL};
    ob_json_start(&b.parser, text);
    while (ob_json_next(&b.parser, &token) == OB_DONE) {
        bool good = true;
        switch (token.kind) {
        case OB_JSON_END:
            *doc = made;
            return true;
        case OB_JSON_KEY:
            good = plain_text(&b, &token, &b.key, err);
            b.key_at = token.at;
            break;
        case OB_JSON_OBJECT_END:
            good = check_duplicates(&b, b.parents[--b.depth], err);
            break;
        case OB_JSON_ARRAY_END:
            b.depth--;
            break;
        case OB_JSON_NULL:
        case OB_JSON_BOOL:
        case OB_JSON_NUMBER:
        case OB_JSON_STRING:
        case OB_JSON_ARRAY:
        case OB_JSON_OBJECT:
            good = add_value(&b, &token, err);
            break;
        }
        if (!good) {
            return false;
        }
    }
    return ob_fail(err, OB_ERR_INPUT, "byte %zu: %s", b.parser.at, b.parser.why);
}

const ob_json *ob_json_get(const ob_json *object, const char *key)
{
    const ob_json *found = NULL;
    if (object != NULL && object->kind == OB_JSON_OBJECT) {
        for (const ob_json *m = object->first; m != NULL; m = m->next) {
            if (ob_span_is_str(m->key, key)) {
                found = m;
            }
        }
    }
    return found;
}

/* "~1" is "/", "~0" is "~" (RFC 6901, 4). */
static bool step_is(ob_span step, ob_span key)
{
    size_t k = 0;
    for (size_t i = 0; i < step.len; i++, k++) {
        char c = step.ptr[i];
        if (c == '~' && i + 1 < step.len && (step.ptr[i + 1] == '0' || step.ptr[i + 1] == '1')) {
            c = step.ptr[++i] == '0' ? '~' : '/';
        }
        if (k >= key.len || key.ptr[k] != c) {
            return false;
        }
    }
    return k == key.len;
}

const ob_json *ob_json_at(const ob_json *root, ob_span pointer)
{
    const ob_json *at = root;
    if (pointer.len > 0 && pointer.ptr[0] != '/') {
        return NULL;
    }
    while (at != NULL && pointer.len > 0) {
        size_t end = ob_span_find(pointer, OB_SPAN("/"), 1);
        ob_span step = ob_span_sub(pointer, 1, end);
        pointer = ob_span_sub(pointer, end, pointer.len);
        const ob_json *next = NULL;
        if (at->kind == OB_JSON_OBJECT) {
            for (const ob_json *m = at->first; m != NULL; m = m->next) {
                if (step_is(step, m->key)) {
                    next = m;
                }
            }
        } else if (at->kind == OB_JSON_ARRAY) {
            uint64_t index = 0;
            ob_err ignored = {0};
            bool good = ob_span_to_u64(step, &index, &ignored) &&
                        (step.len == 1 || step.ptr[0] != '0') && index < at->count;
            next = good ? at->first : NULL;
            for (uint64_t i = 0; next != NULL && i < index; i++) {
                next = next->next;
            }
        }
        at = next;
    }
    return at;
}

ob_span ob_json_text(const ob_json *object, const char *key)
{
    const ob_json *member = ob_json_get(object, key);
    return member != NULL && member->kind == OB_JSON_STRING ? member->text : (ob_span){"", 0};
}

int64_t ob_json_i64(const ob_json *object, const char *key, int64_t fallback)
{
    int64_t value = fallback;
    ob_err ignored = {0};
    const ob_json *member = ob_json_get(object, key);
    bool good = member != NULL && member->kind == OB_JSON_NUMBER &&
                ob_span_to_i64(member->text, &value, &ignored);
    return good ? value : fallback;
}

double ob_json_double(const ob_json *object, const char *key, double fallback)
{
    double value = fallback;
    ob_err ignored = {0};
    const ob_json *member = ob_json_get(object, key);
    bool good = member != NULL && member->kind == OB_JSON_NUMBER &&
                ob_span_to_double(member->text, &value, &ignored);
    return good ? value : fallback;
}

bool ob_json_is_number(ob_span text)
{
    ob_json_parser parser;
    ob_json_token token;
    ob_json_start(&parser, text);
    /* White space is fine around a value, but not within what is to stand as a number. */
    return ob_json_next(&parser, &token) == OB_DONE && token.kind == OB_JSON_NUMBER &&
           token.raw.len == text.len;
}
