/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors of COSE: those of the working group's repository, and flat ones. */
#include "cli/link_vectors.h"
#include "link/cbor.h"
#include "link/cose.h"

#include <ombud/mem.h>
#include <ombud/text.h>

#define MESSAGE_MAX 32768

/* What an entry is about, whatever its shape. */
typedef struct subject {
    obi_cose_kind kind; /* 0: as tagged */
    obi_cose_key key;
    ob_span message;
    ob_span external;
    ob_span content; /* payload or plaintext that is wanted; supplied where it is detached */
    bool has_content;
    bool remake; /* private or secret key are there: what is made must be the same */
} subject;

static ob_span unbase64(ob_vectors *v, ob_span text)
{
    ob_err err = {0};
    char *out = ob_arena_take(&v->arena, text.len + 1, 1, &err);
    return (ob_span){out, out == NULL ? 0 : ob_base64_read(text, out)};
}

/* A member as NAME_hex in hexadecimal digits or NAME in base64url. */
static ob_span either(ob_vectors *v, const ob_json *key, const char *name, bool *bad)
{
    char hex[32];
    (void)snprintf(hex, sizeof hex, "%s_hex", name);
    return ob_json_get(key, hex) != NULL ? ob_vector_hex(v, key, hex, bad)
                                         : unbase64(v, ob_json_text(key, name));
}

static int curve_of(ob_span name)
{
    static const struct {
        const char *name;
        int curve;
    } rows[] = {{"P-256", OB_P256},
                {"P-384", OB_P384},
                {"P-521", OB_P521},
                {"Ed25519", OB_ED25519},
                {"Ed448", OB_ED448}};

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        if (ob_span_is_str(name, rows[i].name)) {
            return rows[i].curve;
        }
    }
    return 0;
}

static void read_key(ob_vectors *v, const ob_json *key, obi_cose_key *made, bool *bad)
{
    *made = (obi_cose_key){.secret = either(v, key, "k", bad),
                           .curve = curve_of(ob_json_text(key, "crv")),
                           .x = either(v, key, "x", bad),
                           .y = either(v, key, "y", bad),
                           .private_key = either(v, key, "d", bad)};
}

/* Encryption and MAC are the same each time, and so is EdDSA. */
static bool is_deterministic(const obi_cose *cose)
{
    return cose->kind != OBI_COSE_SIGN1 || cose->alg == OB_EDDSA;
}

static ob_vector_result remake(ob_vectors *v, const subject *s, const obi_cose *read, ob_span plain)
{
    ob_err err = {0};
    uint8_t out[MESSAGE_MAX];
    ob_span made;
    obi_cose cose = *read;
    obi_cose again;
    cose.content = read->kind == OBI_COSE_ENCRYPT0 || read->detached ? plain : read->content;
    if (!obi_cose_make(&cose, ob_link_libcrypto(), &s->key, s->external, out, sizeof out, &made,
                       &err)) {
        return ob_vector_fail(v, "it cannot be made: %s", err.text);
    }
    if (!is_deterministic(read)) {
        return obi_cose_read(&again, 0, made, &err) &&
                       obi_cose_verify(&again, ob_link_libcrypto(), &s->key, s->external, plain)
                   ? OB_VECTOR_PASSED
                   : ob_vector_fail(v, "what was signed does not verify");
    }
    /* A recorded message may lack its tag, or say in another way that it protects nothing. */
    size_t tag = (uint8_t)s->message.ptr[0] >> 5 == OBI_CBOR_TAG ? 0 : 1;
    ob_span recorded = s->message;
    if (read->protected_.len == 0) {
        return obi_cose_read(&again, 0, made, &err)
                   ? ob_vector_same(v, "the proof",
                                    again.kind == OBI_COSE_ENCRYPT0 ? again.content : again.proof,
                                    read->kind == OBI_COSE_ENCRYPT0 ? read->content : read->proof)
                   : ob_vector_fail(v, "what was made cannot be read");
    }
    return ob_vector_same(v, "the message that was made", ob_span_sub(made, tag, made.len),
                          recorded);
}

static ob_vector_result judge(ob_vectors *v, const ob_json *entry, const subject *s)
{
    ob_err err = {0};
    uint8_t work[MESSAGE_MAX];
    obi_cose cose;
    ob_span plain = s->content;
    bool accepts = ob_vector_accepts(v, entry);
    bool read = obi_cose_read(&cose, s->kind, s->message, &err);
    if (read && !obi_cose_has_alg(&cose) && accepts) {
        return ob_vector_skip(v, "an algorithm that is not there (AES-CBC-MAC and others)");
    }
    bool good = read && (cose.kind == OBI_COSE_ENCRYPT0
                             ? obi_cose_decrypt(&cose, ob_link_libcrypto(), &s->key, s->external,
                                                work, sizeof work, &plain)
                             : obi_cose_verify(&cose, ob_link_libcrypto(), &s->key, s->external,
                                               s->content));
    if (good != accepts) {
        return ob_vector_fail(v, "%s",
                              good   ? "it was accepted"
                              : read ? "tag or signature do not hold"
                                     : err.text);
    }
    if (!good) {
        return OB_VECTOR_PASSED;
    }
    ob_span got = cose.kind == OBI_COSE_ENCRYPT0 || cose.detached ? plain : cose.content;
    if (s->has_content && ob_vector_same(v, "the content", got, s->content) != OB_VECTOR_PASSED) {
        return OB_VECTOR_FAILED;
    }
    return s->remake ? remake(v, s, &cose, got) : OB_VECTOR_PASSED;
}

/* A nonce that is not sent as a whole: the key's part is what is left without the Partial IV. */
static void read_unsent(ob_vectors *v, const ob_json *of, subject *s, bool *bad)
{
    ob_err err = {0};
    obi_cose cose;
    ob_span nonce = ob_vector_hex(v, ob_json_get(of, "unsent"), "IV_hex", bad);
    if (nonce.len == 0 || !obi_cose_read(&cose, s->kind, s->message, &err) ||
        cose.partial_iv.len > nonce.len) {
        return;
    }
    char *base = ob_arena_take(&v->arena, nonce.len, 1, &err);
    if (base == NULL) {
        return;
    }
    memcpy(base, nonce.ptr, nonce.len);
    for (size_t i = 0; i < cose.partial_iv.len; i++) {
        base[nonce.len - cose.partial_iv.len + i] ^= cose.partial_iv.ptr[i];
    }
    s->key.base_iv = (ob_span){base, nonce.len};
}

ob_vector_result ob_vector_cose(ob_vectors *v, const ob_json *entry)
{
    static const struct {
        const char *member;
        obi_cose_kind kind;
    } kinds[] = {
        {"encrypted", OBI_COSE_ENCRYPT0}, {"mac0", OBI_COSE_MAC0}, {"sign0", OBI_COSE_SIGN1}};

    bool bad = false;
    const ob_json *input = ob_json_get(entry, "input");
    const ob_json *of = NULL;
    subject s = {.message = ob_vector_hex(v, ob_json_get(entry, "output"), "cbor", &bad)};
    for (size_t i = 0; of == NULL && i < OB_COUNT(kinds); i++) {
        of = ob_json_get(input, kinds[i].member);
        s.kind = kinds[i].kind;
    }
    if (of == NULL) {
        return ob_vector_skip(v, "COSE_Encrypt, COSE_Mac or COSE_Sign, with recipients or signers");
    }
    if (ob_json_get(of, "countersign") != NULL || ob_json_get(of, "countersign0") != NULL) {
        return ob_vector_skip(v, "a countersignature");
    }
    const ob_json *recipient = ob_json_get(of, "recipients");
    const ob_json *key = ob_json_get(recipient == NULL ? of : recipient->first, "key");
    read_key(v, key, &s.key, &bad);
    read_unsent(v, of, &s, &bad);
    s.external = ob_vector_hex(v, of, "external", &bad);
    s.has_content = true;
    s.content = ob_json_get(input, "plaintext_hex") != NULL
                    ? ob_vector_hex(v, input, "plaintext_hex", &bad)
                    : ob_json_text(input, "plaintext");
    s.remake = s.key.secret.len > 0 || s.key.private_key.len > 0;
    if (bad || key == NULL || s.message.len == 0) {
        return ob_vector_fail(v, "no key, no message, or hexadecimal digits that are none");
    }
    return judge(v, entry, &s);
}

/* A flat key: its bytes as they are; of a Weierstrass curve x and y together, with or without the
 * 4 in front, or compressed. */
static void flat_key(ob_vectors *v, const ob_json *entry, subject *s, bool *bad)
{
    const ob_json *public_key = ob_json_get(entry, "public_key");
    const ob_json *given = public_key != NULL ? public_key : ob_json_get(entry, "key");
    if (given != NULL && given->kind == OB_JSON_OBJECT) {
        read_key(v, given, &s->key, bad);
        s->remake = s->key.secret.len > 0;
        return;
    }
    s->key.secret = ob_vector_hex(v, entry, "key", bad);
    s->key.base_iv = ob_vector_hex(v, entry, "base_iv", bad);
    ob_span raw = ob_vector_hex(v, entry, public_key != NULL ? "public_key" : "key", bad);
    ob_span named = ob_json_text(entry, "curve");
    if (raw.len > 1 && raw.len % 2 == 1 && raw.len != 57) {
        bool whole = raw.ptr[0] == 4;
        size_t half = whole ? raw.len / 2 : raw.len - 1;
        s->key.x = ob_span_sub(raw, 1, 1 + half);
        s->key.y = whole ? ob_span_sub(raw, 1 + half, raw.len) : (ob_span){0};
    } else if (raw.len == 64 || raw.len == 96 || raw.len == 132) {
        s->key.x = ob_span_sub(raw, 0, raw.len / 2);
        s->key.y = ob_span_sub(raw, raw.len / 2, raw.len);
    } else {
        s->key.x = raw;
    }
    size_t size = s->key.x.len;
    bool edwards = s->key.y.len == 0 && raw.len == size;
    s->key.curve = named.len > 0 ? curve_of(named)
                   : size == 57  ? OB_ED448
                   : edwards     ? OB_ED25519
                   : size == 32  ? OB_P256
                   : size == 48  ? OB_P384
                                 : OB_P521;
}

/* Claims of a CWT: each that is listed must stand in the payload under its number. */
static ob_vector_result check_claims(ob_vectors *v, const ob_json *claims, ob_span payload)
{
    static const char *const names[] = {"", "iss", "sub", "aud", "exp", "nbf", "iat", "cti"};
    for (const ob_json *c = claims->first; c != NULL; c = c->next) {
        ob_err err = {0};
        int64_t wanted = 0;
        bool found = false;
        for (size_t i = 1; i < OB_COUNT(names); i++) {
            wanted = ob_span_is_str(c->key, names[i]) ? (int64_t)i : wanted;
        }
        if (wanted == 0 && !ob_span_to_i64(c->key, &wanted, &err)) {
            return ob_vector_fail(v, "a claim that is not known: %.*s", OB_SHOW(c->key));
        }
        obi_cbor_reader r = {.text = payload};
        uint64_t pairs = 0;
        if (!obi_cbor_many(&r, OBI_CBOR_MAP, &pairs)) {
            return ob_vector_fail(v, "the payload is no map of claims");
        }
        for (uint64_t i = 0; i < pairs && !found; i++) {
            int64_t label = 0;
            obi_cbor_item item;
            ob_span whole;
            if (!obi_cbor_int(&r, &label)) {
                return ob_vector_fail(v, "a claim that has no number");
            }
            if (!obi_cbor_skip(&r, &whole)) {
                return ob_vector_fail(v, "a claim that is damaged");
            }
            obi_cbor_reader value = {.text = whole};
            if (label != wanted || !obi_cbor_next(&value, &item)) {
                continue;
            }
            bool bad = false;
            int64_t number = 0;
            found = c->kind == OB_JSON_NUMBER
                        ? item.major <= OBI_CBOR_NEGATIVE &&
                              ob_span_to_i64(c->text, &number, &err) &&
                              number == (item.major == OBI_CBOR_UINT ? (int64_t)item.value
                                                                     : -1 - (int64_t)item.value)
                        : ob_span_is(item.bytes, c->text) ||
                              (item.major == OBI_CBOR_BYTES &&
                               ob_span_is(item.bytes, ob_vector_bytes(v, c->text, &bad)));
        }
        if (!found) {
            return ob_vector_fail(v, "claim %.*s is not as it is listed", OB_SHOW(c->key));
        }
    }
    return OB_VECTOR_PASSED;
}

ob_vector_result ob_vector_cose_flat(ob_vectors *v, const ob_json *entry)
{
    bool bad = false;
    ob_err err = {0};
    ob_span kind = ob_json_text(entry, "kind");
    const ob_json *plaintext = ob_json_get(entry, "plaintext");
    const ob_json *payload = ob_json_get(entry, "payload");
    const ob_json *claims = ob_json_get(entry, "claims");
    subject s = {.kind = ob_span_is_str(kind, "COSE_Encrypt0") ? OBI_COSE_ENCRYPT0
                         : ob_span_is_str(kind, "COSE_Mac0")   ? OBI_COSE_MAC0
                         : ob_span_is_str(kind, "COSE_Sign1")  ? OBI_COSE_SIGN1
                                                               : 0,
                 .message = ob_vector_hex(v, entry, "cbor", &bad),
                 .external = ob_vector_hex(v, entry, "external_aad", &bad)};
    if (s.kind == 0 && !ob_span_is_str(kind, "CWT")) {
        return ob_vector_skip(v, "COSE_Encrypt, COSE_Mac or COSE_Sign, with recipients or signers");
    }
    s.has_content = plaintext != NULL || payload != NULL;
    s.content = ob_vector_hex(v, entry, plaintext != NULL ? "plaintext" : "payload", &bad);
    flat_key(v, entry, &s, &bad);
    if (bad || s.message.len == 0) {
        return ob_vector_fail(v, "no message, or hexadecimal digits that are none");
    }
    ob_vector_result result = judge(v, entry, &s);
    if (result != OB_VECTOR_PASSED || claims == NULL || !ob_vector_accepts(v, entry)) {
        return result;
    }
    uint8_t work[MESSAGE_MAX];
    obi_cose cose;
    ob_span plain = s.content;
    if (!obi_cose_read(&cose, s.kind, s.message, &err) ||
        (cose.kind == OBI_COSE_ENCRYPT0 &&
         !obi_cose_decrypt(&cose, ob_link_libcrypto(), &s.key, s.external, work, sizeof work,
                           &plain))) {
        return ob_vector_fail(v, "%s", err.text);
    }
    return check_claims(v, claims,
                        cose.kind == OBI_COSE_ENCRYPT0 || cose.detached ? plain : cose.content);
}
