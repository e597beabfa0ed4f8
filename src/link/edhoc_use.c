/* SPDX-License-Identifier: Apache-2.0 */
/* What a session is good for afterwards, and what is said where it fails (RFC 9528, 4.2 and 6). */
#include "link/edhoc.h"

#include <ombud/mem.h>

static bool is_done(const ob_edhoc *s, ob_err *err)
{
    return s->state == OB_EDHOC_DONE ||
           ob_fail(err, OB_ERR_USAGE, "EDHOC: the session has no keys (state %d)", s->state);
}

bool ob_edhoc_export(const ob_edhoc *session, int64_t label, ob_span context, uint8_t *out,
                     size_t len, ob_err *err)
{
    return is_done(session, err) &&
           (obi_edhoc_kdf(session, session->prk_exporter, label, &context, 1, out, len) ||
            ob_fail(err, OB_ERR_LIMIT, "EDHOC: %zu bytes are too many for a key", len));
}

bool ob_edhoc_update(ob_edhoc *session, ob_span context, ob_err *err)
{
    size_t hash = ob_link_hash_of(session->suite.hash);
    uint8_t made[OB_LINK_HASH_MAX];
    if (!is_done(session, err)) {
        return false;
    }
    bool ok = obi_edhoc_kdf(session, session->prk_out, OBI_PRK_UPDATE, &context, 1, made, hash) &&
              obi_edhoc_kdf(session, made, OBI_PRK_EXPORTER, NULL, 0, session->prk_exporter, hash);
    if (ok) {
        memcpy(session->prk_out, made, hash);
    }
    ob_wipe(made, sizeof made);
    return ok || ob_fail(err, OB_ERR_BUG, "EDHOC: keys cannot be derived");
}

bool ob_edhoc_oscore(const ob_edhoc *session, ob_oscore *context, ob_err *err)
{
    ob_link_aead sizes;
    uint8_t secret[OB_LINK_KEY_MAX];
    uint8_t salt[8];
    if (!ob_link_aead_of(session->suite.app_aead, &sizes) ||
        !ob_edhoc_export(session, 0, (ob_span){0}, secret, sizes.key, err) ||
        !ob_edhoc_export(session, 1, (ob_span){0}, salt, sizeof salt, err)) {
        ob_wipe(secret, sizeof secret);
        return false;
    }
    ob_span own = session->options.connection_id;
    /* Each side receives under the identifier that it chose. */
    ob_oscore_options options = {
        .crypto = session->options.crypto,
        .master_secret = {(const char *)secret, sizes.key},
        .master_salt = {(const char *)salt, sizeof salt},
        .sender_id = {(const char *)session->peer_id, session->peer_id_len},
        .recipient_id = own,
        .aead = session->suite.app_aead,
        .hash = session->suite.app_hash};
    bool ok = ob_oscore_init(context, &options, err);
    ob_wipe(secret, sizeof secret);
    ob_wipe(salt, sizeof salt);
    return ok;
}

bool ob_edhoc_error(const ob_edhoc *session, ob_span text, uint8_t *out, size_t cap,
                    ob_span *message, ob_err *err)
{
    const ob_edhoc_options *o = &session->options;
    obi_cbor_writer w = {.ptr = out, .cap = cap};
    obi_cbor_put_int(&w, session->error == 0 ? OB_EDHOC_UNSPECIFIED : session->error);
    if (session->error == OB_EDHOC_WRONG_SUITE) {
        if (o->suite_count != 1) {
            obi_cbor_put_head(&w, OBI_CBOR_ARRAY, o->suite_count);
        }
        for (size_t i = 0; i < o->suite_count; i++) {
            obi_cbor_put_int(&w, o->suites[i]);
        }
    } else if (session->error == OB_EDHOC_UNKNOWN_CRED) {
        obi_cbor_put_head(&w, OBI_CBOR_SIMPLE, 21);
    } else {
        obi_cbor_put_text(&w, text);
    }
    if (w.full) {
        return ob_fail(err, OB_ERR_LIMIT, "EDHOC: an error message does not fit");
    }
    *message = obi_cbor_written(&w);
    return true;
}

/* SUITES_R: one number, or an array. */
static bool read_suites(ob_edhoc_problem *problem, obi_cbor_reader *r)
{
    uint64_t count = 1;
    if (obi_cbor_is(r, OBI_CBOR_ARRAY) &&
        (!obi_cbor_many(r, OBI_CBOR_ARRAY, &count) || count == 0)) {
        return false;
    }
    for (uint64_t i = 0; i < count; i++) {
        int64_t number = 0;
        if (!obi_cbor_int(r, &number)) {
            return false;
        }
        if (problem->suite_count < OB_EDHOC_PEER_SUITES_MAX && number >= INT32_MIN &&
            number <= INT32_MAX) {
            problem->suites[problem->suite_count++] = (int)number;
        }
    }
    return true;
}

bool ob_edhoc_error_read(ob_edhoc_problem *problem, ob_span message)
{
    obi_cbor_reader r = {.text = message};
    ob_edhoc_problem read = {0};
    obi_cbor_item item;
    ob_span info;
    if (!obi_cbor_int(&r, &read.code)) {
        return false;
    }
    bool good = false;
    if (read.code == OB_EDHOC_UNSPECIFIED) {
        good = obi_cbor_is(&r, OBI_CBOR_TEXT) && obi_cbor_next(&r, &item);
        read.text = good ? item.bytes : (ob_span){0};
    } else if (read.code == OB_EDHOC_WRONG_SUITE) {
        good = read_suites(&read, &r);
    } else {
        good = read.code != 0 && obi_cbor_skip(&r, &info); /* 0 is no error, and is not sent */
    }
    if (!good || !obi_cbor_done(&r)) {
        return false;
    }
    *problem = read;
    return true;
}

bool ob_edhoc_next_suite(const ob_edhoc *session, ob_span error, size_t *suite)
{
    const ob_edhoc_options *o = &session->options;
    ob_edhoc_problem problem;
    if (!ob_edhoc_error_read(&problem, error)) {
        return false;
    }
    /* Suites before the one that was tried are wanted more, and one may not go back. */
    for (size_t j = o->suite + 1; j < o->suite_count; j++) {
        for (size_t i = 0; i < problem.suite_count; i++) {
            if (problem.suites[i] == o->suites[j]) {
                *suite = j;
                return true;
            }
        }
    }
    return false;
}

/* The COSE_Key of a CCS: {8: {1: key}}; everything else in it is passed over. */
static bool find_key(ob_span ccs, ob_span *key)
{
    obi_cbor_reader r = {.text = ccs};
    uint64_t pairs = 0;
    bool found = false;
    if (!obi_cbor_many(&r, OBI_CBOR_MAP, &pairs)) {
        return false;
    }
    for (uint64_t i = 0; i < pairs; i++) {
        int64_t label = 0;
        ob_span value;
        bool number = obi_cbor_is(&r, OBI_CBOR_UINT) || obi_cbor_is(&r, OBI_CBOR_NEGATIVE);
        if ((number ? !obi_cbor_int(&r, &label) : !obi_cbor_skip(&r, &value)) ||
            !obi_cbor_skip(&r, &value)) {
            return false;
        }
        obi_cbor_reader confirm = {.text = value};
        uint64_t count = 0;
        int64_t method = 0;
        if (number && label == 8 && obi_cbor_many(&confirm, OBI_CBOR_MAP, &count) && count == 1 &&
            obi_cbor_int(&confirm, &method) && method == 1) {
            found = obi_cbor_skip(&confirm, key);
        }
    }
    return found && obi_cbor_done(&r);
}

static bool read_key(ob_span key, ob_edhoc_cred *made, ob_span *kid, bool *has_kid)
{
    obi_cbor_reader r = {.text = key};
    uint64_t pairs = 0;
    if (!obi_cbor_many(&r, OBI_CBOR_MAP, &pairs)) {
        return false;
    }
    for (uint64_t i = 0; i < pairs; i++) {
        int64_t label = 0;
        ob_span value;
        if (!obi_cbor_int(&r, &label) || !obi_cbor_skip(&r, &value)) {
            return false;
        }
        obi_cbor_reader inner = {.text = value};
        ob_span bytes;
        if (!obi_cbor_bytes(&inner, &bytes)) {
            continue;
        }
        if (label == 2) {
            *kid = bytes;
            *has_kid = true;
        } else if (label == -2) {
            made->x = bytes;
        } else if (label == -3) {
            made->y = bytes;
        }
    }
    return made->x.len > 0;
}

bool ob_edhoc_ccs(ob_edhoc_cred *made, ob_span ccs, uint8_t id_bytes[24], ob_err *err)
{
    ob_edhoc_cred read = {.cred = ccs};
    ob_span key;
    ob_span kid;
    bool has_kid = false;
    if (!find_key(ccs, &key) || !read_key(key, &read, &kid, &has_kid)) {
        return ob_fail(err, OB_ERR_INPUT, "a credential that is no CCS with a COSE_Key in it");
    }
    if (has_kid) {
        obi_cbor_writer w = {.ptr = id_bytes, .cap = 24};
        obi_cbor_put_head(&w, OBI_CBOR_MAP, 1);
        obi_cbor_put_int(&w, 4);
        obi_cbor_put_bytes(&w, kid);
        if (w.full) {
            return ob_fail(err, OB_ERR_INPUT, "a kid of more than 20 bytes");
        }
        read.id = obi_cbor_written(&w);
    }
    *made = read;
    return true;
}
