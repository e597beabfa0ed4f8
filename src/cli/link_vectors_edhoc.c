/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors of EDHOC: whole sessions, where both sides are played, and single messages that arrive.
 */
#include "cli/link.h"
#include "link/edhoc.h"

#include <ombud/mem.h>
#include <ombud/sys.h>

#include <dirent.h>

#define MESSAGE_MAX 4096

/* One side of a session. */
typedef struct side {
    ob_edhoc edhoc;
    ob_edhoc_cred own;
    ob_edhoc_cred peer; /* whom it trusts */
    uint8_t own_key[OB_LINK_PUBLIC_MAX];
    uint8_t peer_key[OB_LINK_PUBLIC_MAX];
    ob_span ephemeral;
    ob_span ead[2]; /* of its two messages */
    ob_link_crypto crypto;
    ob_span signature; /* the recorded one, where signing is not deterministic */
} side;

typedef struct play {
    ob_vectors *v;
    const ob_json *entry;
    const ob_json *inputs;
    const ob_json *outputs;
    side i;
    side r;
    ob_span messages[5]; /* recorded, from 1 on */
} play;

static bool find(void *ctx, ob_span id, ob_edhoc_cred *peer)
{
    const side *s = ctx;
    *peer = s->peer;
    return ob_span_is(id, s->peer.id);
}

static bool knows(void *ctx, int64_t label)
{
    (void)ctx;
    (void)label;
    return true; /* what the data are for is the business of an application */
}

/* ES256 gives another signature each time: the recorded one is checked and taken. */
static bool sign_recorded(void *ctx, int alg, int curve, ob_span private_key, const ob_span *parts,
                          size_t count, uint8_t *out, size_t *len)
{
    const side *s = ctx;
    const ob_link_crypto *crypto = ob_link_libcrypto();
    uint8_t made[OB_LINK_SIGN_MAX];
    size_t made_len = 0;
    if (!crypto->sign(NULL, alg, curve, private_key, parts, count, made, &made_len) ||
        !crypto->verify(NULL, alg, curve, s->own.x, s->own.y, parts, count,
                        (ob_span){(const char *)made, made_len}) ||
        !crypto->verify(NULL, alg, curve, s->own.x, s->own.y, parts, count, s->signature)) {
        return false;
    }
    memcpy(out, s->signature.ptr, s->signature.len);
    *len = s->signature.len;
    return true;
}

static bool read_cred(play *p, ob_edhoc_cred *cred, uint8_t key[OB_LINK_PUBLIC_MAX],
                      const char *cred_name, const char *id_name)
{
    ob_err err = {0};
    bool bad = false;
    uint8_t id[24];
    ob_span bytes = ob_vector_hex(p->v, p->inputs, cred_name, &bad);
    bool map = bytes.len > 0 && (uint8_t)bytes.ptr[0] >> 5 == OBI_CBOR_MAP;
    if (!(map ? ob_edhoc_ccs(cred, bytes, id, &err) : ob_edhoc_x509(cred, bytes, key, &err))) {
        (void)ob_vector_fail(p->v, "%s: %s", cred_name, err.text);
        return false;
    }
    cred->id = ob_vector_hex(p->v, p->inputs, id_name, &bad);
    return !bad;
}

/* SUITES_I as its numbers, the last one selected. */
static bool read_suites(play *p, ob_edhoc_options *options)
{
    bool bad = false;
    obi_cbor_reader r = {.text = ob_vector_hex(p->v, p->inputs, "SUITES_I", &bad)};
    uint64_t count = 1;
    if (obi_cbor_is(&r, OBI_CBOR_ARRAY) && !obi_cbor_many(&r, OBI_CBOR_ARRAY, &count)) {
        return false;
    }
    for (uint64_t i = 0; i < count && i < OB_EDHOC_SUITES_MAX; i++) {
        int64_t number = -1;
        if (!obi_cbor_int(&r, &number)) {
            return false;
        }
        options->suites[i] = (int)number;
    }
    options->suite_count = (size_t)count;
    options->suite = (size_t)count - 1;
    return count > 0 && count <= OB_EDHOC_SUITES_MAX && obi_cbor_done(&r);
}

static void start(play *p, side *s, bool initiator, const ob_edhoc_options *base)
{
    bool bad = false;
    ob_edhoc_options options = *base;
    options.connection_id = ob_vector_hex(p->v, p->inputs, initiator ? "C_I_raw" : "C_R_raw", &bad);
    options.own = s->own;
    options.private_key = ob_vector_hex(p->v, p->inputs, initiator ? "SK_I" : "SK_R", &bad);
    options.find = find;
    options.knows = knows;
    options.ctx = s;
    s->crypto = *ob_link_libcrypto();
    const ob_json *same = ob_json_get(p->entry, "signatures_deterministic");
    if (same != NULL && !same->truth) {
        s->signature = ob_vector_hex(p->v, p->outputs,
                                     initiator ? "Signature_or_MAC_3" : "Signature_or_MAC_2", &bad);
        s->crypto.ctx = s;
        s->crypto.sign = sign_recorded;
    }
    options.crypto = &s->crypto;
    if (!initiator) { /* it supports the suite that was agreed on, and no other */
        options.suites[0] = options.suites[options.suite];
        options.suite_count = 1;
        options.suite = 0;
    }
    s->ephemeral = ob_vector_hex(p->v, p->inputs, initiator ? "X" : "Y", &bad);
    s->ead[0] = ob_vector_hex(p->v, p->inputs, initiator ? "EAD_1" : "EAD_2", &bad);
    s->ead[1] = ob_vector_hex(p->v, p->inputs, initiator ? "EAD_3" : "EAD_4", &bad);
    ob_edhoc_start(&s->edhoc, &options, initiator);
}

static bool prepare(play *p)
{
    static const char *const names[] = {"", "message_1", "message_2", "message_3", "message_4"};
    bool bad = false;
    ob_edhoc_options options = {.method = (unsigned)ob_json_i64(p->inputs, "method", 99)};
    if (!read_cred(p, &p->i.own, p->i.own_key, "CRED_I", "ID_CRED_I") ||
        !read_cred(p, &p->r.own, p->r.own_key, "CRED_R", "ID_CRED_R")) {
        return false;
    }
    if (!read_suites(p, &options)) {
        (void)ob_vector_fail(p->v, "SUITES_I cannot be read");
        return false;
    }
    p->i.peer = p->r.own;
    p->r.peer = p->i.own;
    start(p, &p->i, true, &options);
    start(p, &p->r, false, &options);
    for (size_t i = 1; i < OB_COUNT(p->messages); i++) {
        p->messages[i] = ob_vector_hex(p->v, p->outputs, names[i], &bad);
    }
    return !bad || ob_vector_fail(p->v, "hexadecimal digits that are none") == OB_VECTOR_PASSED;
}

/* Writes message number by its side and reads the recorded one by the other. */
static bool write_message(play *p, unsigned number, uint8_t *out, size_t cap, ob_span *made,
                          ob_err *err)
{
    switch (number) {
    case 1:
        return ob_edhoc_write_1(&p->i.edhoc, p->i.ephemeral, p->i.ead[0], out, cap, made, err);
    case 2:
        return ob_edhoc_write_2(&p->r.edhoc, p->r.ephemeral, p->r.ead[0], out, cap, made, err);
    case 3:
        return ob_edhoc_write_3(&p->i.edhoc, p->i.ead[1], out, cap, made, err);
    default:
        return ob_edhoc_write_4(&p->r.edhoc, p->r.ead[1], out, cap, made, err);
    }
}

static bool read_message(play *p, unsigned number, ob_span message, ob_span *ead, ob_err *err)
{
    switch (number) {
    case 1:
        return ob_edhoc_read_1(&p->r.edhoc, message, ead, err);
    case 2:
        return ob_edhoc_read_2(&p->i.edhoc, message, ead, err);
    case 3:
        return ob_edhoc_read_3(&p->r.edhoc, message, ead, err);
    default:
        return ob_edhoc_read_4(&p->i.edhoc, message, ead, err);
    }
}

static ob_vector_result exchange(play *p, unsigned last)
{
    for (unsigned number = 1; number <= last; number++) {
        ob_err err = {0};
        uint8_t out[MESSAGE_MAX];
        char name[16];
        ob_span made;
        ob_span ead;
        const side *sender = number % 2 == 1 ? &p->i : &p->r;
        (void)snprintf(name, sizeof name, "message_%u", number);
        if (p->messages[number].len == 0) {
            return ob_vector_fail(p->v, "%s is missing", name);
        }
        if (!write_message(p, number, out, sizeof out, &made, &err)) {
            return ob_vector_fail(p->v, "%s: %s", name, err.text);
        }
        if (ob_vector_same(p->v, name, made, p->messages[number]) != OB_VECTOR_PASSED) {
            return OB_VECTOR_FAILED;
        }
        if (!read_message(p, number, p->messages[number], &ead, &err)) {
            return ob_vector_fail(p->v, "%s was refused: %s", name, err.text);
        }
        if (ob_vector_same(p->v, "EAD", ead, sender->ead[number > 2]) != OB_VECTOR_PASSED) {
            return OB_VECTOR_FAILED;
        }
    }
    return OB_VECTOR_PASSED;
}

static ob_vector_result compare(play *p, const char *key, ob_span made)
{
    bool bad = false;
    return ob_json_get(p->outputs, key) == NULL
               ? OB_VECTOR_PASSED
               : ob_vector_same(p->v, key, made, ob_vector_hex(p->v, p->outputs, key, &bad));
}

/* The keys that follow, by both sides. suffix: after a key update. */
static ob_vector_result check_keys(play *p, const ob_edhoc *s, const char *suffix)
{
    static const char *const names[] = {"PRK_out", "PRK_exporter", "OSCORE_Master_Secret",
                                        "OSCORE_Master_Salt"};
    ob_err err = {0};
    ob_link_aead sizes = {0};
    uint8_t secret[OB_LINK_KEY_MAX];
    uint8_t salt[8];
    size_t hash = ob_link_hash_of(s->suite.hash);
    if (!ob_link_aead_of(s->suite.app_aead, &sizes) ||
        !ob_edhoc_export(s, 0, (ob_span){0}, secret, sizes.key, &err) ||
        !ob_edhoc_export(s, 1, (ob_span){0}, salt, sizeof salt, &err)) {
        return ob_vector_fail(p->v, "%s", err.text);
    }
    const ob_span made[] = {{(const char *)s->prk_out, hash},
                            {(const char *)s->prk_exporter, hash},
                            {(const char *)secret, sizes.key},
                            {(const char *)salt, sizeof salt}};
    for (size_t i = 0; i < OB_COUNT(names); i++) {
        char key[64];
        (void)snprintf(key, sizeof key, "%s%s", names[i], suffix);
        if (compare(p, key, made[i]) != OB_VECTOR_PASSED) {
            return OB_VECTOR_FAILED;
        }
    }
    return OB_VECTOR_PASSED;
}

static ob_vector_result check_oscore(play *p)
{
    ob_err err = {0};
    bool bad = false;
    const ob_json *oscore = ob_json_get(p->entry, "oscore");
    ob_oscore client;
    ob_oscore server;
    if (!ob_edhoc_oscore(&p->i.edhoc, &client, &err) ||
        !ob_edhoc_oscore(&p->r.edhoc, &server, &err)) {
        return ob_vector_fail(p->v, "%s", err.text);
    }
    if (!ob_span_is((ob_span){(const char *)client.sender_key, client.sizes.key},
                    (ob_span){(const char *)server.recipient_key, server.sizes.key})) {
        return ob_vector_fail(p->v, "the sides have different keys");
    }
    if (oscore == NULL) {
        return OB_VECTOR_PASSED;
    }
    if (client.aead != ob_json_i64(oscore, "aead_algorithm", client.aead)) {
        return ob_vector_fail(p->v, "another AEAD algorithm for OSCORE");
    }
    if (ob_vector_same(p->v, "client_sender_id",
                       (ob_span){(const char *)client.sender_id, client.sender_id_len},
                       ob_vector_hex(p->v, oscore, "client_sender_id", &bad)) != OB_VECTOR_PASSED) {
        return OB_VECTOR_FAILED;
    }
    return ob_vector_same(p->v, "server_sender_id",
                          (ob_span){(const char *)server.sender_id, server.sender_id_len},
                          ob_vector_hex(p->v, oscore, "server_sender_id", &bad));
}

static ob_vector_result check_update(play *p)
{
    ob_err err = {0};
    bool bad = false;
    if (ob_json_get(p->outputs, "PRK_out_after_KeyUpdate") == NULL) {
        return OB_VECTOR_PASSED;
    }
    ob_span context = ob_vector_hex(p->v, p->inputs, "key_update_context", &bad);
    if (!ob_edhoc_update(&p->i.edhoc, context, &err) ||
        !ob_edhoc_update(&p->r.edhoc, context, &err)) {
        return ob_vector_fail(p->v, "%s", err.text);
    }
    ob_vector_result result = check_keys(p, &p->i.edhoc, "_after_KeyUpdate");
    return result == OB_VECTOR_PASSED ? check_keys(p, &p->r.edhoc, "_after_KeyUpdate") : result;
}

static play *new_play(ob_vectors *v, const ob_json *entry)
{
    ob_err err = {0};
    play *p = ob_arena_take(&v->arena, 1, sizeof *p, &err);
    if (p == NULL) {
        (void)ob_vector_fail(v, "%s", err.text);
        return NULL;
    }
    *p = (play){.v = v,
                .entry = entry,
                .inputs = ob_json_get(entry, "inputs"),
                .outputs = ob_json_get(entry, "outputs")};
    return prepare(p) ? p : NULL;
}

ob_vector_result ob_vector_session(ob_vectors *v, const ob_json *entry)
{
    ob_edhoc_suite suite;
    if (!ob_edhoc_suite_of((int)ob_json_i64(ob_json_get(entry, "inputs"), "cipher_suite", 0),
                           &suite)) {
        return ob_vector_skip(v, "a cipher suite beyond 0 to 6");
    }
    play *p = new_play(v, entry);
    if (p == NULL || exchange(p, p->messages[4].len > 0 ? 4 : 3) != OB_VECTOR_PASSED ||
        compare(p, "TH_4", obi_edhoc_th(&p->i.edhoc)) != OB_VECTOR_PASSED ||
        check_keys(p, &p->i.edhoc, "") != OB_VECTOR_PASSED ||
        check_keys(p, &p->r.edhoc, "") != OB_VECTOR_PASSED || check_oscore(p) != OB_VECTOR_PASSED) {
        return OB_VECTOR_FAILED;
    }
    return check_update(p);
}

static bool names(const ob_json *object, const char *key, ob_span id)
{
    return ob_span_find(ob_json_text(object, key), id, 0) != SIZE_MAX;
}

/* The session that a negative entry belongs to: the one of the longest id that it or its file
 * names. */
static const ob_json *session_of(const ob_vectors *v, const ob_json *entry)
{
    const ob_json *best = NULL;
    size_t len = 0;
    for (const ob_json *s = v->sessions == NULL ? NULL : v->sessions->first; s != NULL;
         s = s->next) {
        ob_span id = ob_json_text(s, "id");
        if (id.len > len && (ob_span_is(ob_json_text(entry, "session"), id) ||
                             names(entry, "source", id) || names(v->root, "source", id))) {
            best = s;
            len = id.len;
        }
    }
    return best;
}

/* A plaintext as if message 2 or 3 had been decrypted to it. */
static bool read_plain(ob_edhoc *s, unsigned number, ob_span text)
{
    obi_edhoc_plain plain;
    if (text.len > sizeof s->plain) {
        return false;
    }
    if (text.len > 0) {
        memcpy(s->plain, text.ptr, text.len);
    }
    s->plain_len = text.len;
    return obi_edhoc_read_plain(s, number, &plain);
}

/* Without a session only what needs no keys can be told: any suite is fine. */
static bool arrives_alone(bool plaintext, unsigned number, ob_span message, ob_err *err)
{
    ob_edhoc session;
    ob_span ead;
    uint8_t bytes[64];
    ob_span made;
    ob_edhoc_options options = {.suites = {0, 1, 2, 3, 4, 5, 6},
                                .suite_count = 7,
                                .suite = 2,
                                .connection_id = OB_SPAN("\x0e")};
    ob_edhoc_start(&session, &options, number == 2);
    if (plaintext) {
        return read_plain(&session, number, message);
    }
    if (number == 1) {
        /* Each suite alone, so that the choice among them is not what is refused. */
        for (int i = 0; i <= 6; i++) {
            options.suites[0] = i;
            options.suite_count = 1;
            ob_edhoc_start(&session, &options, false);
            if (ob_edhoc_read_1(&session, message, &ead, err)) {
                return true;
            }
        }
        return false;
    }
    return number == 2 &&
           ob_edhoc_write_1(&session, OB_SPAN("abcdefghijklmnopqrstuvwxyz012345"), (ob_span){0},
                            bytes, sizeof bytes, &made, err) &&
           ob_edhoc_read_2(&session, message, &ead, err);
}

ob_vector_result ob_vector_edhoc_arrival(ob_vectors *v, const ob_json *entry)
{
    ob_err err = {0};
    bool bad = false;
    ob_span field = ob_json_text(entry, "field");
    ob_span hex = ob_vector_hex(v, entry, "hex", &bad);
    bool plaintext = ob_span_has_prefix(field, OB_SPAN("PLAINTEXT_"));
    unsigned number = field.len > 0 ? (unsigned)(field.ptr[field.len - 1] - '0') : 0;
    const ob_json *session = session_of(v, entry);
    bool accepted = false;
    if (bad || number < 1 || number > 4 || (plaintext && (number < 2 || number > 3)) ||
        (!plaintext && !ob_span_has_prefix(field, OB_SPAN("message_")))) {
        return ob_vector_fail(v, "a field that is no message of EDHOC");
    }
    if (session == NULL && number > 2 && !plaintext) {
        return ob_vector_skip(v, "a message whose session is in no file beside it");
    }
    if (session == NULL) {
        accepted = arrives_alone(plaintext, number, hex, &err);
    } else {
        play *p = new_play(v, session);
        if (p == NULL || exchange(p, number - 1) != OB_VECTOR_PASSED) {
            return OB_VECTOR_FAILED;
        }
        ob_span ead;
        uint8_t out[MESSAGE_MAX];
        ob_span made;
        /* The side that reads must have written what comes before; message 3 and 4 follow so. */
        if (plaintext) {
            accepted = read_plain(number == 2 ? &p->i.edhoc : &p->r.edhoc, number, hex);
        } else if (number == 4 || write_message(p, number, out, sizeof out, &made, &err)) {
            accepted = read_message(p, number, hex, &ead, &err);
        }
    }
    return accepted == ob_vector_accepts(v, entry)
               ? OB_VECTOR_PASSED
               : ob_vector_fail(v, accepted ? "it was accepted" : "it was refused: %s", err.text);
}

/* Adds the sessions of a file of vectors to list. */
static bool add_sessions(ob_arena *arena, const ob_json *root, ob_json *list, ob_err *err)
{
    const ob_json *vectors = ob_json_get(root, "vectors");
    for (const ob_json *e = vectors == NULL ? NULL : vectors->first; e != NULL; e = e->next) {
        if (!ob_span_is_str(ob_json_text(e, "kind"), "edhoc-session")) {
            continue;
        }
        ob_json *copy = ob_arena_take(arena, 1, sizeof *copy, err);
        if (copy == NULL) {
            return false;
        }
        *copy = *e;
        copy->next = list->first;
        list->first = copy;
    }
    return true;
}

static bool add_file(ob_arena *arena, const char *path, ob_json *list, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = (size_t)16 << 20};
    ob_err ignored = {0};
    ob_span kept;
    ob_json_doc doc;
    if (!ob_file_read(path, &text, &ignored) ||
        !ob_arena_dup(arena, ob_buf_span(&text), &kept, err) ||
        !ob_json_parse(&doc, arena, kept, &ignored)) {
        return err->kind == OB_OK; /* a neighbour that cannot be read is none */
    }
    return add_sessions(arena, doc.root, list, err);
}

/* Whether some entry is a message alone, whose session stands elsewhere. */
static bool needs_sessions(const ob_json *root)
{
    const ob_json *vectors = ob_json_get(root, "vectors");
    for (const ob_json *e = vectors == NULL ? NULL : vectors->first; e != NULL; e = e->next) {
        if (ob_json_get(e, "field") != NULL) {
            return true;
        }
    }
    return false;
}

bool ob_link_sessions(ob_vectors *v, ob_arena *arena, ob_err *err)
{
    ob_json *list = ob_arena_take(arena, 1, sizeof *list, err);
    if (list == NULL) {
        return false;
    }
    *list = (ob_json){.kind = OB_JSON_ARRAY};
    v->sessions = list;
    if (!needs_sessions(v->root)) {
        return true;
    }
    const char *slash = strrchr(v->path, '/');
    ob_span folder;
    if (!ob_arena_printf(arena, &folder, err, "%.*s",
                         slash == NULL ? 1 : (int)(slash - v->path + 1),
                         slash == NULL ? "." : v->path)) {
        return false;
    }
    DIR *dir = opendir(folder.ptr);
    bool ok = add_sessions(arena, v->root, list, err);
    for (struct dirent *e;
         ok && dir != NULL && (e = readdir(dir)) != NULL;) { /* NOLINT: one thread */
        ob_span name = ob_span_str(e->d_name);
        ob_span path;
        if (ob_span_has_prefix(name, OB_SPAN("edhoc-")) &&
            ob_span_has_suffix(name, OB_SPAN(".json"))) {
            ok = ob_arena_printf(arena, &path, err, "%s/%s", folder.ptr, e->d_name) &&
                 add_file(arena, path.ptr, list, err);
        }
    }
    if (dir != NULL) {
        (void)closedir(dir);
    }
    return ok;
}
