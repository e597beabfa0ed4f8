/* SPDX-License-Identifier: Apache-2.0 */
/* ombud link keygen: a private key, or a secret for OSCORE, in a file that only its owner reads. */
#include "cli/cli.h"
#include "cli/link.h"
#include "link/cbor.h"
#include "node/config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* A new file: a key that is there is never overwritten. */
static bool write_secret(const char *path, const uint8_t *bytes, size_t count, ob_err *err)
{
    char text[2 * 32 + 1];
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    }
    text[2 * count] = '\n';
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        int code = errno;
        ob_wipe(text, sizeof text);
        return ob_fail_errno(err, code, "cannot make %s", path);
    }
    bool good = write(fd, text, 2 * count + 1) == (ssize_t)(2 * count + 1) && fsync(fd) == 0;
    int code = errno;
    good = close(fd) == 0 && good;
    ob_wipe(text, sizeof text);
    if (!good) {
        (void)unlink(path);
    }
    return good || ob_fail_errno(err, code, "cannot write %s", path);
}

/* A CCS (RFC 8392) without a name: {8: {1: COSE_Key}}. */
static ob_span make_ccs(int curve, ob_span kid, const uint8_t *x, const uint8_t *y,
                        uint8_t out[OB_NODE_CRED_MAX])
{
    obi_cbor_writer w = {.ptr = out, .cap = OB_NODE_CRED_MAX};
    bool point = curve == OB_P256;
    obi_cbor_put_head(&w, OBI_CBOR_MAP, 1);
    obi_cbor_put_int(&w, 8);
    obi_cbor_put_head(&w, OBI_CBOR_MAP, 1);
    obi_cbor_put_int(&w, 1);
    obi_cbor_put_head(&w, OBI_CBOR_MAP, point ? 5 : 4);
    obi_cbor_put_int(&w, 1); /* kty: EC2 or OKP */
    obi_cbor_put_int(&w, point ? 2 : 1);
    obi_cbor_put_int(&w, 2);
    obi_cbor_put_bytes(&w, kid);
    obi_cbor_put_int(&w, -1);
    obi_cbor_put_int(&w, curve);
    obi_cbor_put_int(&w, -2);
    obi_cbor_put_bytes(&w, (ob_span){(const char *)x, 32});
    if (point) {
        obi_cbor_put_int(&w, -3);
        obi_cbor_put_bytes(&w, (ob_span){(const char *)y, 32});
    }
    return obi_cbor_written(&w);
}

/* The id in --kid, else one byte at random that travels as a number. */
static bool choose_kid(const ob_args *args, uint8_t kid[16], size_t *len, ob_err *err)
{
    const char *given = ob_args_text(args, "kid");
    if (given == NULL) {
        *len = 1;
        if (!ob_random(kid, 1, err)) {
            return false;
        }
        kid[0] = (uint8_t)(kid[0] % 24 + (kid[0] & 0x80 ? 0x20 : 0));
        return true;
    }
    return (ob_node_hex(ob_span_str(given), kid, 16, len) && *len > 0) ||
           ob_fail(err, OB_ERR_USAGE, "--kid is 1 to 16 bytes in hexadecimal digits, such as 2b");
}

static bool make_pair(const ob_args *args, const char *path, ob_err *err)
{
    static const char *const names[] = {"p-256", "x25519", "ed25519"};
    static const int curves[] = {OB_P256, OB_X25519, OB_ED25519};
    const ob_link_crypto *crypto = ob_link_libcrypto();
    int which = ob_text_index(ob_span_str(ob_args_text(args, "curve")), names, OB_COUNT(names));
    uint8_t key[32];
    uint8_t x[OB_LINK_COORD_MAX];
    uint8_t y[OB_LINK_COORD_MAX];
    uint8_t kid[16];
    uint8_t ccs[OB_NODE_CRED_MAX];
    size_t kid_len = 0;
    OB_AUTO(ob_buf) hex = {.max = (size_t)4 * OB_NODE_CRED_MAX};
    int curve = curves[which < 0 ? 0 : which];
    if (!choose_kid(args, kid, &kid_len, err) || !ob_random(key, sizeof key, err)) {
        return false;
    }
    /* A number that is no key of P-256 is drawn with a chance of 2^-32. */
    bool good = crypto->public_key(crypto->ctx, curve, (ob_span){(const char *)key, 32}, x,
                                   curve == OB_P256 ? y : NULL)
                    ? write_secret(path, key, sizeof key, err)
                    : ob_fail(err, OB_ERR_IO, "no key came out; try again");
    ob_wipe(key, sizeof key);
    if (!good) {
        return false;
    }
    ob_span made = make_ccs(curve, (ob_span){(const char *)kid, kid_len}, x, y, ccs);
    ob_buf_add_hex(&hex, made.ptr, made.len);
    (void)printf("credential: \"%.*s\"\n", OB_SHOW(ob_buf_span(&hex)));
    return true;
}

int ob_link_keygen(const ob_args *args)
{
    ob_err err = {0};
    const char *path = ob_args_text(args, "out");
    uint8_t secret[16];
    if (path == NULL || args->words_count > 1) {
        (void)ob_fail(&err, OB_ERR_USAGE, "link keygen needs --out FILE, and no other word");
        return ob_cli_usage("link", &err);
    }
    if (ob_args_flag(args, "secret") &&
        (ob_args_count(args, "kid") > 0 || ob_args_count(args, "curve") > 0)) {
        (void)ob_fail(&err, OB_ERR_USAGE,
                      "--secret goes without --kid and --curve: a secret has neither, and its "
                      "sender-id and recipient-id stand in the configuration");
        return ob_cli_usage("link", &err);
    }
    bool good = true;
    if (ob_args_flag(args, "secret")) {
        good = ob_random(secret, sizeof secret, &err) &&
               write_secret(path, secret, sizeof secret, &err);
        ob_wipe(secret, sizeof secret);
    } else {
        good = make_pair(args, path, &err);
    }
    return good ? OB_EXIT_OK : ob_cli_fail(&err, false);
}
