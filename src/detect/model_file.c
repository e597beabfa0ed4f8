/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file of a model. Numbers are 32 bits, the least byte first, negative ones in two's
 * complement.
 *
 *   at   bytes
 *    0       8  "OMBUDMDL"
 *    8       4  version of this format
 *   12      32  SHA-256 of all bytes of the file but these
 *   44       4  version of the features (OBI_MODEL_FEATURES)
 *   48       4  bits: there are 2^bits weights
 *   52       4  bits of the gate
 *   56       4  the least sum that opens the gate
 *   60       4  hash of the names of the concepts, in their order
 *   64       4  number of languages (OBI_LANGS)
 *   68       8  of each language: bias and slope, in 1/65536
 *               bytes of the note, and the note, which is UTF-8
 *               weights of the gate, one byte each
 *               weights, one byte each
 */
#include "detect/cursor.h"
#include "detect/model.h"

#include <ombud/sys.h>
#include <ombud/text.h>

/* Written by scripts/embed from model.obm. */
extern const unsigned char obi_model_bytes[];
extern const unsigned long obi_model_bytes_bytes;

#define MAGIC       "OMBUDMDL"
#define VERSION     1
#define AT_VERSION  8
#define AT_DIGEST   12
#define AT_BODY     44
#define AT_CONCEPTS 60

/* The concepts are features by their numbers, so a model is for one list of them. */
static uint32_t concepts_hash(void)
{
    static const char names[] =
#define OB_CONCEPT(name, weight) #name " "
#include "detect/concepts.def"
#undef OB_CONCEPT
#define OB_MATTER(name) #name " "
#include "detect/matter.def"
#undef OB_MATTER
        ;
    uint32_t hash = UINT32_C(2166136261);
    for (const char *at = names; *at != '\0'; at++) {
        hash = (hash ^ (unsigned char)*at) * UINT32_C(16777619);
    }
    return hash;
}

static void put_body(const obi_model_parts *parts, ob_buf *body)
{
    obi_put_number(body, OBI_MODEL_FEATURES);
    obi_put_number(body, parts->bits);
    obi_put_number(body, parts->gate_bits);
    obi_put_number(body, (uint32_t)parts->gate_least);
    obi_put_number(body, concepts_hash());
    obi_put_number(body, OBI_LANGS);
    for (size_t i = 0; i < OBI_LANGS; i++) {
        obi_put_number(body, (uint32_t)parts->lines[i].bias);
        obi_put_number(body, (uint32_t)parts->lines[i].slope);
    }
    obi_put_number(body, (uint32_t)parts->note.len);
    ob_buf_add(body, parts->note);
    ob_buf_add(body, (ob_span){(const char *)parts->gate, (size_t)1 << parts->gate_bits});
    ob_buf_add(body, (ob_span){(const char *)parts->weights, (size_t)1 << parts->bits});
}

static int32_t take_signed(obi_cursor *c)
{
    return (int32_t)obi_take_number(c);
}

static uint32_t take_within(obi_cursor *c, uint32_t low, uint32_t high)
{
    uint32_t number = obi_take_number(c);
    c->bad = c->bad || number < low || number > high;
    return c->bad ? low : number;
}

static ob_span take_bytes(obi_cursor *c, size_t len)
{
    if (c->bad || c->text.len - c->at < len) {
        c->bad = true;
        return (ob_span){0};
    }
    c->at += len;
    return (ob_span){c->text.ptr + c->at - len, len};
}

static bool is_note(ob_span note)
{
    size_t at = 0;
    uint32_t rune = 0;
    while (ob_utf8_next(note, &at, &rune)) {
        if (rune < 0x20 || (rune >= 0x7f && rune < 0xa0)) {
            return false;
        }
    }
    return ob_utf8_bad(note) == SIZE_MAX;
}

static bool take_body(obi_cursor *c, obi_model_parts *parts)
{
    parts->bits = take_within(c, OBI_MODEL_BITS_MIN, OBI_MODEL_BITS_MAX);
    parts->gate_bits = take_within(c, OBI_MODEL_GATE_MIN, OBI_MODEL_GATE_MAX);
    parts->gate_least = take_signed(c);
    (void)obi_take_number(c);
    (void)take_within(c, OBI_LANGS, OBI_LANGS);
    for (size_t i = 0; i < OBI_LANGS; i++) {
        parts->lines[i].bias = take_signed(c);
        parts->lines[i].slope = take_signed(c);
        c->bad = c->bad || parts->lines[i].slope < 0;
    }
    parts->note = take_bytes(c, take_within(c, 0, OBI_MODEL_NOTE_MAX));
    parts->gate = (const int8_t *)take_bytes(c, (size_t)1 << parts->gate_bits).ptr;
    parts->weights = (const int8_t *)take_bytes(c, (size_t)1 << parts->bits).ptr;
    return !c->bad && c->at == c->text.len && is_note(parts->note);
}

static bool digest_of(ob_span head, ob_span body, ob_digest *digest, ob_err *err)
{
    const ob_span parts[] = {head, body};
    return ob_sha256(parts, OB_COUNT(parts), digest, err);
}

bool obi_model_write(const obi_model_parts *parts, ob_buf *out, ob_err *err)
{
    OB_AUTO(ob_buf) head = {.max = AT_DIGEST};
    OB_AUTO(ob_buf) body = {.max = OBI_MODEL_FILE_MAX};
    ob_digest digest;
    ob_buf_add_str(&head, MAGIC);
    obi_put_number(&head, VERSION);
    put_body(parts, &body);
    if (!ob_buf_check(&body, "the model", err) ||
        !digest_of(ob_buf_span(&head), ob_buf_span(&body), &digest, err)) {
        return false;
    }
    ob_buf_add(out, ob_buf_span(&head));
    ob_buf_add(out, (ob_span){(const char *)digest.bytes, sizeof digest.bytes});
    ob_buf_add(out, ob_buf_span(&body));
    return ob_buf_check(out, "the model", err);
}

static bool damaged(ob_err *err)
{
    return ob_fail(err, OB_ERR_INPUT,
                   "the model is damaged; write it again with 'ombud scan train'");
}

static bool check_head(ob_span bytes, ob_err *err)
{
    obi_cursor c = {.text = bytes, .at = AT_VERSION};
    ob_digest digest;
    if (!ob_span_has_prefix(bytes, OB_SPAN(MAGIC))) {
        return ob_fail(err, OB_ERR_INPUT,
                       "this is no model; make one with 'ombud scan train --data FILE.jsonl'");
    }
    if (bytes.len < AT_CONCEPTS + 4) {
        return damaged(err);
    }
    uint32_t version = obi_take_number(&c);
    if (version != VERSION) {
        return ob_fail(err, OB_ERR_INPUT,
                       "the model has format %u and this ombud reads %d; train it again", version,
                       VERSION);
    }
    ob_span body = ob_span_sub(bytes, AT_BODY, bytes.len);
    if (!digest_of(ob_span_sub(bytes, 0, AT_DIGEST), body, &digest, err)) {
        return false;
    }
    if (memcmp(bytes.ptr + AT_DIGEST, digest.bytes, sizeof digest.bytes) != 0) {
        return damaged(err);
    }
    c.at = AT_BODY;
    uint32_t features = obi_take_number(&c);
    c.at = AT_CONCEPTS;
    if (features != OBI_MODEL_FEATURES || obi_take_number(&c) != concepts_hash()) {
        return ob_fail(err, OB_ERR_INPUT,
                       "the model was made for another version of ombud; train it again");
    }
    return true;
}

static bool borrow(ob_span bytes, obi_model_parts *parts, ob_err *err)
{
    obi_model_parts found = {0};
    if (!check_head(bytes, err)) {
        return false;
    }
    obi_cursor c = {.text = bytes, .at = AT_BODY + 4};
    if (!take_body(&c, &found)) {
        return damaged(err);
    }
    *parts = found;
    return true;
}

bool obi_model_read(obi_model **model, ob_arena *arena, ob_span bytes, ob_err *err)
{
    ob_span copy = {0};
    obi_model_parts parts;
    /* Looked at first, so that nothing of what is no model is kept. */
    if (!borrow(bytes, &parts, err) || !ob_arena_dup(arena, bytes, &copy, err) ||
        !borrow(copy, &parts, err)) {
        return false;
    }
    obi_model *made = OB_NEW(arena, obi_model, 1, err);
    if (made == NULL) {
        return false;
    }
    made->parts = parts;
    *model = made;
    return true;
}

bool obi_model_shipped(obi_model **model, ob_arena *arena, ob_err *err)
{
    obi_model_parts parts;
    ob_span bytes = {(const char *)obi_model_bytes, obi_model_bytes_bytes};
    if (!borrow(bytes, &parts, err)) {
        return ob_wrap(err, "the model in the library");
    }
    obi_model *made = OB_NEW(arena, obi_model, 1, err);
    if (made == NULL) {
        return false;
    }
    made->parts = parts;
    *model = made;
    return true;
}
