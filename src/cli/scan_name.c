/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pseudonyms: the kind and a short code from HMAC-SHA-256 (RFC 2104) with the owner's key, so that
 * the same value gets the same name in all texts, whatever way it is written, and nobody without
 * the key can try values out. Six signs of base 32 are 30 bits: among ten thousand values of one
 * kind two share a name in one of twenty cases.
 */
#include "cli/scan.h"

#include "detect/validate.h"

#include <ombud/decode.h>
#include <openssl/hmac.h>
#include <sys/stat.h>

#define CODE_SIGNS   6
#define KEY_BYTES    16
#define KEY_FILE_MAX 4096

bool ob_scan_key(ob_scan_job *job, ob_err *err)
{
    const char *path = ob_args_text(job->args, "pseudonyms");
    struct stat info = {0};
    OB_AUTO(ob_buf) text = {.max = KEY_FILE_MAX};
    if (path == NULL) {
        return true;
    }
    if (!ob_file_read(path, &text, err)) {
        return false;
    }
    if (stat(path, &info) == 0 && (info.st_mode & 077) != 0) {
        ob_wipe(text.ptr, text.len);
        return ob_fail(err, OB_ERR_INPUT,
                       "others may read the key %.100s (mode %04o): run chmod 600 %.80s", path,
                       (unsigned)info.st_mode & 07777, path);
    }
    ob_span key = ob_buf_span(&text);
    while (key.len > 0 && (key.ptr[key.len - 1] == '\n' || key.ptr[key.len - 1] == '\r')) {
        key.len--;
    }
    if (key.len < KEY_BYTES) {
        ob_wipe(text.ptr, text.len);
        return ob_fail(err, OB_ERR_INPUT,
                       "the key %.100s has %zu bytes, at least %d are needed: run head -c 32 "
                       "/dev/urandom > %.60s",
                       path, key.len, KEY_BYTES, path);
    }
    bool good = ob_arena_dup(&job->arena, key, &job->key, err);
    ob_wipe(text.ptr, text.len);
    return good;
}

/* The one way to write a value: out holds it, or is left alone where there is none. */
static bool canonical(ob_kind kind, ob_span raw, char out[OB_CANONICAL_MAX], size_t *len)
{
    char text[OB_CANONICAL_MAX];
    size_t length = 0;
    if (kind == OB_KINDS || !ob_canonical(kind, ob_span_trim(raw), text, sizeof text, &length) ||
        ob_validate(kind, (ob_span){text, length}) == OB_VALID_NO) {
        return false;
    }
    (void)memcpy(out, text, length);
    *len = length;
    return true;
}

/* The same for what an encoding hides: the first view that can be one. */
static bool canonical_hidden(ob_kind kind, ob_span raw, char out[OB_CANONICAL_MAX], size_t *len)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_views views = {0};
    ob_err ignored = {0};
    if (!ob_decode_all(&views, &arena, raw, &ignored)) {
        return false;
    }
    for (size_t i = 1; i < views.count; i++) {
        if (canonical(kind, views.items[i].text, out, len)) {
            return true;
        }
    }
    return false;
}

bool ob_scan_pseudonym(void *ctx, const ob_hit *hit, ob_span value, const uint8_t digest[32],
                       ob_buf *out, ob_err *err)
{
    static const char signs[] = "abcdefghijklmnopqrstuvwxyz234567";
    const ob_scan_job *job = ctx;
    const char *id = ob_detector_kind(job->detector, hit->kind)->id;
    ob_kind kind = ob_kind_find(ob_span_str(id));
    char text[OB_CANONICAL_MAX];
    size_t len = 0;
    OB_AUTO(ob_buf) message = {.max = 8192};
    unsigned char code[32];
    ob_buf_add_str(&message, id);
    ob_buf_add_char(&message, '\0');
    if (hit->end - hit->start != value.len) {
        ob_buf_add(&message, (ob_span){(const char *)digest, 32});
    } else if (canonical(kind, value, text, &len) ||
               (hit->steps != 0 && canonical_hidden(kind, value, text, &len))) {
        ob_buf_add(&message, (ob_span){text, len});
    } else {
        ob_buf_add(&message, value);
    }
    unsigned length = 0;
    if (!ob_buf_check(&message, "a value", err)) {
        return false;
    }
    if (HMAC(EVP_sha256(), job->key.ptr, (int)job->key.len, (const unsigned char *)message.ptr,
             message.len, code, &length) == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "HMAC-SHA-256 is not available");
    }
    ob_wipe(message.ptr, message.len);
    ob_buf_addf(out, "[%s:", id);
    uint32_t bits = (uint32_t)code[0] << 24 | (uint32_t)code[1] << 16 | (uint32_t)code[2] << 8 |
                    (uint32_t)code[3];
    for (int i = 0; i < CODE_SIGNS; i++) {
        ob_buf_add_char(out, signs[bits >> 27]);
        bits <<= 5;
    }
    ob_buf_add_char(out, ']');
    return true;
}
