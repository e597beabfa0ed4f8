/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors of OSCORE. */
#include "cli/link_vectors.h"
#include "link/oscore.h"

#include <ombud/mem.h>
#include <ombud/text.h>

#define MESSAGE_MAX 16384
#define NO_HASH     1 /* is no hash */

/* The hash of HKDF, by its name or its number. */
static int hash_of(const ob_json *inputs)
{
    static const char *const names[] = {"sha256",  "SHA-256", "sha384", "SHA-384", "sha512",
                                        "SHA-512", "-16",     "-43",    "-44"};
    static const int hashes[] = {OB_SHA_256, OB_SHA_256, OB_SHA_384, OB_SHA_384, OB_SHA_512,
                                 OB_SHA_512, OB_SHA_256, OB_SHA_384, OB_SHA_512};
    const ob_json *given = ob_json_get(inputs, "hkdf_hash");
    if (given == NULL || given->kind == OB_JSON_NULL) {
        return OB_SHA_256;
    }
    int at = ob_text_index(given->text, names, OB_COUNT(names));
    return at < 0 ? NO_HASH : hashes[at];
}

/* A context of one side. ids: the object that names sender_id and recipient_id. */
static bool make_context(ob_vectors *v, const ob_json *inputs, const ob_json *ids, bool swapped,
                         ob_oscore *context)
{
    ob_err err = {0};
    bool bad = false;
    const ob_json *about = ob_json_get(inputs, "id_context");
    const ob_json *sends = ob_json_get(inputs, "send_kid_context");
    ob_span sender = ob_vector_hex(v, ids, "sender_id", &bad);
    ob_span recipient = ob_vector_hex(v, ids, "recipient_id", &bad);
    ob_oscore_options options = {
        .master_secret = ob_vector_hex(v, inputs, "master_secret", &bad),
        .master_salt = ob_vector_hex(v, inputs, "master_salt", &bad),
        .sender_id = swapped ? recipient : sender,
        .recipient_id = swapped ? sender : recipient,
        .id_context = ob_vector_hex(v, inputs, "id_context", &bad),
        .has_id_context = about != NULL && about->kind == OB_JSON_STRING,
        .send_id_context = sends != NULL && sends->truth,
        .aead = (int)ob_json_i64(inputs, "aead_algorithm", OB_AES_CCM_16_64_128),
        .hash = hash_of(inputs)};
    if (bad) {
        (void)ob_vector_fail(v, "hexadecimal digits that are none");
        return false;
    }
    if (!ob_oscore_init(context, &options, &err)) {
        (void)ob_vector_fail(v, "%s", err.text);
        return false;
    }
    return true;
}

static ob_vector_result compare(ob_vectors *v, const ob_json *outputs, const char *key,
                                const uint8_t *made, size_t len)
{
    bool bad = false;
    const ob_json *wanted = ob_json_get(outputs, key);
    if (wanted == NULL) {
        return OB_VECTOR_PASSED;
    }
    return ob_vector_same(v, key, (ob_span){(const char *)made, len},
                          ob_vector_hex(v, outputs, key, &bad));
}

static ob_vector_result check_keys(ob_vectors *v, const ob_oscore *context, const ob_json *outputs)
{
    uint8_t sender[OB_LINK_NONCE_MAX];
    uint8_t recipient[OB_LINK_NONCE_MAX];
    ob_span zero = OB_SPAN("\0");
    obi_oscore_nonce(context, (ob_span){(const char *)context->sender_id, context->sender_id_len},
                     zero, sender);
    obi_oscore_nonce(context,
                     (ob_span){(const char *)context->recipient_id, context->recipient_id_len},
                     zero, recipient);

    const struct {
        const char *key;
        const uint8_t *bytes;
        size_t len;
    } all[] = {{"sender_key", context->sender_key, context->sizes.key},
               {"recipient_key", context->recipient_key, context->sizes.key},
               {"common_iv", context->common_iv, context->sizes.nonce},
               {"sender_nonce_piv0", sender, context->sizes.nonce},
               {"recipient_nonce_piv0", recipient, context->sizes.nonce}};

    for (size_t i = 0; i < OB_COUNT(all); i++) {
        if (compare(v, outputs, all[i].key, all[i].bytes, all[i].len) != OB_VECTOR_PASSED) {
            return OB_VECTOR_FAILED;
        }
    }
    return OB_VECTOR_PASSED;
}

ob_vector_result ob_vector_derivation(ob_vectors *v, const ob_json *entry)
{
    const ob_json *inputs = ob_json_get(entry, "inputs");
    const ob_json *roles = ob_json_get(entry, "roles");
    const ob_json *outputs = ob_json_get(entry, "outputs");
    ob_oscore context;
    if (outputs != NULL) {
        return make_context(v, inputs, inputs, false, &context) ? check_keys(v, &context, outputs)
                                                                : OB_VECTOR_FAILED;
    }
    if (roles == NULL || roles->first == NULL) {
        return ob_vector_fail(v, "neither outputs nor roles");
    }
    for (const ob_json *role = roles->first; role != NULL; role = role->next) {
        if (!make_context(v, inputs, role, false, &context) ||
            check_keys(v, &context, role) != OB_VECTOR_PASSED) {
            return OB_VECTOR_FAILED;
        }
    }
    return OB_VECTOR_PASSED;
}

/* A context whose keys are given as they are; the other side has them the other way round. */
static bool given_context(ob_vectors *v, const ob_json *inputs, bool opens, ob_oscore *context)
{
    bool bad = false;
    ob_span id = ob_vector_hex(v, inputs, "sender_id", &bad);
    ob_span key = ob_vector_hex(v, inputs, "sender_key", &bad);
    ob_span iv = ob_vector_hex(v, inputs, "common_iv", &bad);
    *context = (ob_oscore){.crypto = ob_link_libcrypto(),
                           .aead = (int)ob_json_i64(inputs, "aead_algorithm", 10),
                           .window = 32,
                           .sequence_limit = OB_OSCORE_SEQUENCE_MAX + 1};
    if (bad || !ob_link_aead_of(context->aead, &context->sizes) || id.len > OB_OSCORE_ID_MAX ||
        key.len != context->sizes.key || iv.len != context->sizes.nonce) {
        (void)ob_vector_fail(v, "keys that do not fit the algorithm");
        return false;
    }
    memcpy(opens ? context->recipient_id : context->sender_id, id.len > 0 ? id.ptr : "", id.len);
    *(opens ? &context->recipient_id_len : &context->sender_id_len) = (uint8_t)id.len;
    memcpy(opens ? context->recipient_key : context->sender_key, key.ptr, key.len);
    memcpy(context->common_iv, iv.ptr, iv.len);
    return true;
}

static bool contexts(ob_vectors *v, const ob_json *inputs, ob_oscore *seals, ob_oscore *opens)
{
    if (ob_json_get(inputs, "master_secret") == NULL) {
        return given_context(v, inputs, false, seals) && given_context(v, inputs, true, opens);
    }
    return make_context(v, inputs, inputs, false, seals) &&
           make_context(v, inputs, inputs, true, opens);
}

static bool read_bind(ob_vectors *v, const ob_json *inputs, ob_oscore_bind *bind)
{
    bool bad = false;
    ob_span kid = ob_vector_hex(v, inputs, "request_kid", &bad);
    ob_span piv = ob_vector_hex(v, inputs, "request_piv", &bad);
    if (bad || kid.len > sizeof bind->kid || piv.len > sizeof bind->piv) {
        (void)ob_vector_fail(v, "the request's kid or Partial IV cannot be");
        return false;
    }
    *bind = (ob_oscore_bind){.kid_len = (uint8_t)kid.len, .piv_len = (uint8_t)piv.len};
    memcpy(bind->kid, kid.len > 0 ? kid.ptr : "", kid.len);
    memcpy(bind->piv, piv.len > 0 ? piv.ptr : "", piv.len);
    return true;
}

/* A message as it is written when it is read and written again. */
static bool write_again(const ob_coap_msg *msg, uint8_t *out, size_t cap, ob_span *datagram,
                        ob_err *err)
{
    ob_coap_option option;
    ob_coap_writer w = ob_coap_writer_on(out, cap);
    ob_coap_begin(&w, msg);
    for (ob_coap_iter it = ob_coap_options(msg); ob_coap_next(&it, &option);) {
        ob_coap_add(&w, option.number, option.value);
    }
    ob_coap_payload(&w, msg->payload);
    return ob_coap_end(&w, datagram, err);
}

static ob_vector_result check_open(ob_vectors *v, ob_oscore *opens, ob_oscore_bind *bind,
                                   bool response, ob_span sealed, ob_span wanted)
{
    ob_err err = {0};
    uint8_t work[MESSAGE_MAX];
    uint8_t again[MESSAGE_MAX];
    ob_coap_msg outer;
    ob_coap_msg inner;
    ob_oscore_refusal refusal;
    ob_span text;
    bool ok =
        ob_coap_read(&outer, sealed, &err) &&
        (response ? ob_oscore_open_response(opens, bind, &outer, work, sizeof work, &inner, &err)
                  : ob_oscore_open_request(opens, &outer, work, sizeof work, &inner, bind, &refusal,
                                           &err)) &&
        write_again(&inner, again, sizeof again, &text, &err);
    return ok ? ob_vector_same(v, "the opened message", text, wanted)
              : ob_vector_fail(v, "it cannot be opened: %s", err.text);
}

/* A first notification may go under the number of its request, which the library opens and does not
 * make: its own have numbers of their own. */
static bool is_first_notification(ob_span protected_)
{
    ob_err ignored = {0};
    ob_coap_msg msg;
    ob_span option;
    return ob_coap_read(&msg, protected_, &ignored) &&
           ob_coap_find(&msg, OB_COAP_OSCORE, &option) && option.len == 0;
}

static ob_vector_result check_aad(ob_vectors *v, const ob_oscore *context,
                                  const ob_oscore_bind *bind, const ob_json *outputs)
{
    uint8_t bytes[OBI_OSCORE_AAD_MAX];
    ob_span aad = obi_oscore_aad(context, bind, bytes);
    return compare(v, outputs, "aad", (const uint8_t *)aad.ptr, aad.len);
}

ob_vector_result ob_vector_message(ob_vectors *v, const ob_json *entry, bool response)
{
    ob_err err = {0};
    bool bad = false;
    uint8_t out[MESSAGE_MAX];
    const ob_json *inputs = ob_json_get(entry, "inputs");
    const ob_json *outputs = ob_json_get(entry, "outputs");
    const ob_json *own = ob_json_get(inputs, "new_partial_iv");
    ob_span plain = ob_vector_hex(v, inputs, "unprotected", &bad);
    ob_span wanted = ob_vector_hex(v, outputs, "protected", &bad);
    ob_oscore seals;
    ob_oscore opens;
    ob_oscore_bind bind = {0};
    ob_coap_msg msg;
    ob_span sealed;
    if (bad || !contexts(v, inputs, &seals, &opens) || (response && !read_bind(v, inputs, &bind))) {
        return OB_VECTOR_FAILED;
    }
    seals.sequence = (uint64_t)ob_json_i64(inputs, "sender_sequence_number", 0);
    if (!ob_coap_read(&msg, plain, &err)) {
        return ob_vector_fail(v, "%s", err.text);
    }
    /* Who is notified has asked for it. */
    bind.observing = response && ob_coap_find(&msg, OB_COAP_OBSERVE, &sealed);
    if (bind.observing && is_first_notification(wanted)) {
        return check_aad(v, &seals, &bind, outputs) == OB_VECTOR_PASSED
                   ? check_open(v, &opens, &bind, response, wanted, plain)
                   : OB_VECTOR_FAILED;
    }
    if (!(response ? ob_oscore_response(&seals, &bind, &msg, own != NULL && own->truth, out,
                                        sizeof out, &sealed, &err)
                   : ob_oscore_request(&seals, &msg, &bind, out, sizeof out, &sealed, &err))) {
        return ob_vector_fail(v, "%s", err.text);
    }
    if (check_aad(v, &seals, &bind, outputs) != OB_VECTOR_PASSED ||
        ob_vector_same(v, "the protected message", sealed, wanted) != OB_VECTOR_PASSED) {
        return OB_VECTOR_FAILED;
    }
    return check_open(v, &opens, &bind, response, sealed, plain);
}

static bool server_of(ob_vectors *v, const ob_json *context, bool client, ob_oscore *made)
{
    ob_err err = {0};
    bool bad = false;
    ob_span server = ob_vector_hex(v, context, "server_sender_id", &bad);
    ob_span peer = ob_vector_hex(v, context, "server_recipient_id", &bad);
    const ob_json *about = ob_json_get(context, "id_context");
    ob_oscore_options options = {.master_secret = ob_vector_hex(v, context, "master_secret", &bad),
                                 .master_salt = ob_vector_hex(v, context, "master_salt", &bad),
                                 .id_context = ob_vector_hex(v, context, "id_context", &bad),
                                 .has_id_context = about != NULL && about->kind == OB_JSON_STRING,
                                 .sender_id = client ? peer : server,
                                 .recipient_id = client ? server : peer,
                                 .aead = (int)ob_json_i64(context, "aead_algorithm", 10),
                                 .hash = hash_of(context)};
    if (bad || !ob_oscore_init(made, &options, &err)) {
        (void)ob_vector_fail(v, "%s", bad ? "hexadecimal digits that are none" : err.text);
        return false;
    }
    return true;
}

/* The code that answers, as "4.02"; true where the entry lists none. */
static bool is_listed(const ob_json *codes, uint8_t code)
{
    char text[16];
    (void)snprintf(text, sizeof text, "%d.%02d", code >> 5, code & 31);
    if (codes == NULL || codes->first == NULL || code == 0) {
        return true; /* silence is right, too */
    }
    for (const ob_json *c = codes->first; c != NULL; c = c->next) {
        if (ob_span_is_str(c->text, text)) {
            return true;
        }
    }
    return false;
}

ob_vector_result ob_vector_arrival(ob_vectors *v, const ob_json *entry, const ob_json *context)
{
    ob_err err = {0};
    bool bad = false;
    uint8_t work[MESSAGE_MAX];
    ob_oscore server;
    ob_coap_msg outer;
    ob_coap_msg inner;
    ob_oscore_bind bind;
    ob_oscore_refusal refusal = {0};
    ob_span message = ob_vector_hex(v, entry, "message", &bad);
    if (bad || !server_of(v, context, false, &server)) {
        return OB_VECTOR_FAILED;
    }
    bool opened =
        ob_coap_read(&outer, message, &err) &&
        ob_oscore_open_request(&server, &outer, work, sizeof work, &inner, &bind, &refusal, &err);
    if (opened != ob_vector_accepts(v, entry)) {
        return ob_vector_fail(v, opened ? "it was accepted" : "it was refused: %s", err.text);
    }
    if (!opened && !is_listed(ob_json_get(entry, "error_codes"), refusal.code)) {
        return ob_vector_fail(v, "refused by another code, %u.%02u", refusal.code >> 5,
                              refusal.code & 31);
    }
    return OB_VECTOR_PASSED;
}

/* One message of a sequence: a number, with "!" behind it where its tag is damaged. */
static bool send(ob_oscore *client, ob_oscore *server, uint64_t number, bool damaged)
{
    ob_err err = {0};
    uint8_t bytes[64];
    uint8_t sealed[128];
    uint8_t work[128];
    ob_coap_msg msg = {.type = OB_COAP_CON, .code = OB_COAP_GET};
    ob_coap_msg inner;
    ob_oscore_bind bind;
    ob_oscore_refusal refusal;
    ob_span datagram;
    ob_coap_writer w = ob_coap_writer_on(bytes, sizeof bytes);
    ob_coap_begin(&w, &msg);
    ob_coap_add(&w, OB_COAP_URI_PATH, OB_SPAN("t"));
    client->sequence = number;
    if (!ob_coap_end(&w, &datagram, &err) || !ob_coap_read(&msg, datagram, &err) ||
        !ob_oscore_request(client, &msg, &bind, sealed, sizeof sealed, &datagram, &err)) {
        return false;
    }
    sealed[datagram.len - 1] ^= damaged ? 1 : 0;
    return ob_coap_read(&msg, datagram, &err) &&
           ob_oscore_open_request(server, &msg, work, sizeof work, &inner, &bind, &refusal, &err);
}

ob_vector_result ob_vector_replay(ob_vectors *v, const ob_json *sequence, unsigned window)
{
    ob_err err = {0};
    ob_oscore client;
    ob_oscore server;
    const ob_json *pivs = ob_json_get(sequence, "piv");
    const ob_json *accepts = ob_json_get(sequence, "accept");
    ob_oscore_options options = {.master_secret = OB_SPAN("0123456789abcdef"),
                                 .sender_id = OB_SPAN("c"),
                                 .recipient_id = OB_SPAN("s"),
                                 .window = window};
    if (pivs == NULL || accepts == NULL || pivs->count != accepts->count ||
        !ob_oscore_init(&client, &options, &err)) {
        return ob_vector_fail(v, "a sequence needs as many piv as accept");
    }
    options.sender_id = OB_SPAN("s");
    options.recipient_id = OB_SPAN("c");
    if (!ob_oscore_init(&server, &options, &err)) {
        return ob_vector_fail(v, "%s", err.text);
    }
    const ob_json *accept = accepts->first;
    size_t at = 0;
    for (const ob_json *piv = pivs->first; piv != NULL; piv = piv->next, accept = accept->next) {
        ob_span text = piv->text;
        bool damaged = ob_span_has_suffix(text, OB_SPAN("!"));
        uint64_t number = 0;
        if (!ob_span_to_u64(ob_span_sub(text, 0, text.len - (damaged ? 1 : 0)), &number, &err)) {
            return ob_vector_fail(v, "piv %zu is no number", at);
        }
        bool wanted =
            accept->kind == OB_JSON_BOOL ? accept->truth : ob_span_is_str(accept->text, "1");
        if (send(&client, &server, number, damaged) != wanted) {
            return ob_vector_fail(v, "message %zu (number %llu) was %s", at,
                                  (unsigned long long)number, wanted ? "refused" : "accepted");
        }
        at++;
    }
    return OB_VECTOR_PASSED;
}
