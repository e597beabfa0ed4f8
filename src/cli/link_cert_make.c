/* SPDX-License-Identifier: Apache-2.0 */
/* ombud link cert authority, issue, revoke: an authority for tests, in a folder. */
#include "cli/cli.h"
#include "cli/link.h"
#include "cli/link_cert.h"
#include "node/authority.h"
#include "node/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY_MS   INT64_C(86400000)
#define DAYS_MAX 36500
#define KEY_MAX  8192

/* A new file: what is there is never overwritten. */
static bool write_new(const char *path, ob_span text, unsigned mode, ob_err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0 && errno == EEXIST) {
        return ob_fail(err, OB_ERR_INPUT, "%s is there already; remove it, or choose another name",
                       path);
    }
    if (fd < 0) {
        return ob_fail_errno(err, errno, "cannot make %s", path);
    }
    bool good = write(fd, text.ptr, text.len) == (ssize_t)text.len && fsync(fd) == 0;
    int code = errno;
    good = close(fd) == 0 && good;
    if (!good) {
        (void)unlink(path);
    }
    return good || ob_fail_errno(err, code, "cannot write %s", path);
}

/* A key and its certificate: both or neither. */
static bool write_both(const char *key_path, const char *hex, const char *cert_path, ob_span pem,
                       ob_err *err)
{
    if (!write_new(key_path, ob_span_str(hex), 0600, err)) {
        return false;
    }
    if (!write_new(cert_path, pem, 0644, err)) {
        (void)unlink(key_path);
        return false;
    }
    return true;
}

static bool is_free(const char *path, ob_err *err)
{
    struct stat info = {0};
    return lstat(path, &info) != 0 ||
           ob_fail(err, OB_ERR_INPUT, "%s is there already; remove it, or choose another name",
                   path);
}

/* --- keys --- */

static bool read_curve(const ob_args *args, int *curve, ob_err *err)
{
    static const char *const names[] = {"p-256", "x25519", "ed25519"};
    static const int curves[] = {OB_P256, OB_X25519, OB_ED25519};
    int which = ob_text_index(ob_span_str(ob_args_text(args, "curve")), names, OB_COUNT(names));
    *curve = curves[which < 0 ? 0 : which];
    return which >= 0 || ob_fail(err, OB_ERR_USAGE, "--curve takes p-256, x25519 or ed25519");
}

/* A new key: its 32 bytes as hexadecimal digits in hex, as keygen writes them. */
static bool new_key(int curve, char hex[66], EVP_PKEY **key, ob_err *err)
{
    uint8_t bytes[32];
    if (!ob_random(bytes, sizeof bytes, err)) {
        return false;
    }
    for (size_t i = 0; i < sizeof bytes; i++) {
        (void)snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
    }
    memcpy(hex + 64, "\n", 2);
    bool good = ob_authority_key(curve, (ob_span){(const char *)bytes, sizeof bytes}, key, err);
    ob_wipe(bytes, sizeof bytes);
    return good;
}

/* PKCS #8, and the older form that OpenSSL writes. */
static bool is_encrypted(ob_span text)
{
    return ob_span_find(text, OB_SPAN("-----BEGIN ENCRYPTED PRIVATE KEY-----"), 0) != SIZE_MAX ||
           ob_span_find(text, OB_SPAN("Proc-Type: 4,ENCRYPTED"), 0) != SIZE_MAX;
}

/* A key of keygen, or a private key in PEM; others must not be able to read it. */
static bool read_key(const char *path, int curve, EVP_PKEY **key, ob_err *err)
{
    char text[KEY_MAX];
    uint8_t bytes[32];
    size_t len = 0;
    size_t count = 0;
    bool good = true;
    if (!ob_node_secret_text(path, text, sizeof text, &len, err)) {
        return false;
    }
    if (is_encrypted((ob_span){text, len})) {
        good = ob_fail(err, OB_ERR_INPUT,
                       "%s: the key is encrypted, and no password is asked for; decrypt it: "
                       "(umask 077; openssl pkey -in FILE -out PLAIN)",
                       path);
    } else if (ob_span_find((ob_span){text, len}, OB_SPAN("-----BEGIN "), 0) != SIZE_MAX) {
        BIO *bio = BIO_new_mem_buf(text, (int)len);
        *key = bio == NULL ? NULL : PEM_read_bio_PrivateKey(bio, NULL, ob_node_no_password, NULL);
        BIO_free(bio);
        ERR_clear_error();
        good = *key != NULL ||
               ob_fail(err, OB_ERR_INPUT, "%s holds no private key in PEM that can be read", path);
    } else if (ob_node_hex(ob_span_trim((ob_span){text, len}), bytes, sizeof bytes, &count) &&
               count == sizeof bytes) {
        good = ob_authority_key(curve, (ob_span){(const char *)bytes, sizeof bytes}, key, err) ||
               ob_wrap(err, "%s", path);
    } else {
        good = ob_fail(err, OB_ERR_INPUT, "%s holds no key: 32 bytes in hexadecimal digits, or PEM",
                       path);
    }
    ob_wipe(text, sizeof text);
    ob_wipe(bytes, sizeof bytes);
    return good;
}

/* --- the authority in its folder --- */

typedef struct authority {
    ob_arena arena;
    ob_cert_set set; /* its certificate, and its list */
    EVP_PKEY *key;
    ob_span list_path;
} authority;

static void authority_close(authority *a)
{
    EVP_PKEY_free(a->key);
    ob_cert_set_fini(&a->set);
    ob_arena_fini(&a->arena);
}

/* Its key is of the curve that its certificate says. */
static bool authority_open(authority *a, const ob_args *args, ob_err *err)
{
    const char *folder = ob_args_text(args, "authority");
    ob_span cert;
    ob_span key;
    if (folder == NULL || ob_args_count(args, "authority") > 1) {
        return ob_fail(err, OB_ERR_USAGE,
                       "link cert %s needs one --authority DIR, as 'link cert "
                       "authority' makes it",
                       args->words[1]);
    }
    if (!ob_arena_printf(&a->arena, &cert, err, "%s/" OB_AUTHORITY_CERT, folder) ||
        !ob_arena_printf(&a->arena, &key, err, "%s/" OB_AUTHORITY_KEY, folder) ||
        !ob_arena_printf(&a->arena, &a->list_path, err, "%s/" OB_AUTHORITY_LIST, folder) ||
        !ob_cert_set_load(&a->set, cert.ptr, false, err)) {
        return false;
    }
    if (a->set.count != 1) {
        return ob_fail(err, OB_ERR_INPUT, "%s must hold one certificate", cert.ptr);
    }
    const EVP_PKEY *own = X509_get0_pubkey(a->set.certs[0]);
    bool edwards = own != NULL && EVP_PKEY_get_base_id(own) == EVP_PKEY_ED25519;
    if (!read_key(key.ptr, edwards ? OB_ED25519 : OB_P256, &a->key, err)) {
        return false;
    }
    bool fits = X509_check_private_key(a->set.certs[0], a->key) == 1;
    ERR_clear_error();
    return fits ||
           ob_fail(err, OB_ERR_INPUT, "the key in %s does not belong to %s", key.ptr, cert.ptr);
}

static bool read_days(const ob_args *args, uint64_t fallback, ob_issue *issue, ob_err *err)
{
    uint64_t days = fallback;
    const char *at = ob_args_text(args, "at");
    issue->from_ms = ob_clock_wall_ms() / 1000 * 1000;
    if (at != NULL && !ob_time_parse(ob_span_str(at), &issue->from_ms, err)) {
        err->kind = OB_ERR_USAGE;
        return ob_wrap(err, "--at");
    }
    if (!ob_args_number(args, "days", 1, DAYS_MAX, &days, err)) {
        return false;
    }
    bool endless = ob_args_flag(args, "no-end");
    if (endless && ob_args_count(args, "days") > 0) {
        return ob_fail(err, OB_ERR_USAGE, "give --days or --no-end");
    }
    issue->until_ms = endless ? INT64_MAX : issue->from_ms + (int64_t)days * DAY_MS - 1000;
    return ob_random(issue->number, sizeof issue->number, err);
}

static ob_span text_of(const ob_args *args, const char *name)
{
    const char *text = ob_args_text(args, name);
    return ob_span_str(text == NULL ? "" : text);
}

/* --- authority --- */

static bool write_list(const authority *a, X509_CRL *old, X509 *cert, int64_t at_ms, uint64_t days,
                       ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = OB_CERT_FILE_MAX};
    X509_CRL *list = NULL;
    if (!ob_authority_list(a->set.certs[0], a->key, old, cert, at_ms,
                           at_ms + (int64_t)days * DAY_MS, &list, err)) {
        return false;
    }
    bool good = ob_authority_list_pem(list, &text, err) &&
                ob_file_write(a->list_path.ptr, ob_buf_span(&text), 0644, err);
    X509_CRL_free(list);
    return good;
}

static bool make_authority(authority *a, const ob_args *args, ob_err *err)
{
    const char *folder = ob_args_text(args, "out");
    OB_AUTO(ob_buf) pem = {.max = OB_CERT_FILE_MAX};
    ob_issue issue = {.role = OB_CERT_AUTHORITY, .name = text_of(args, "name")};
    char hex[66];
    int curve = 0;
    ob_span cert;
    ob_span key;
    if (args->words_count > 2 || folder == NULL || issue.name.len == 0) {
        return ob_fail(err, OB_ERR_USAGE,
                       "link cert authority needs --out DIR and --name NAME, "
                       "and no other word");
    }
    if (!read_curve(args, &curve, err) || !read_days(args, 3650, &issue, err)) {
        return false;
    }
    if (curve == OB_X25519) {
        return ob_fail(err, OB_ERR_USAGE, "a key of X25519 cannot sign; use p-256 or ed25519");
    }
    if (!ob_arena_printf(&a->arena, &cert, err, "%s/" OB_AUTHORITY_CERT, folder) ||
        !ob_arena_printf(&a->arena, &key, err, "%s/" OB_AUTHORITY_KEY, folder) ||
        !ob_arena_printf(&a->arena, &a->list_path, err, "%s/" OB_AUTHORITY_LIST, folder)) {
        return false;
    }
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        return ob_fail_errno(err, errno, "cannot make %s", folder);
    }
    if (!is_free(cert.ptr, err) || !is_free(key.ptr, err) || !is_free(a->list_path.ptr, err) ||
        !new_key(curve, hex, &a->key, err)) {
        return false;
    }
    bool good = ob_authority_issue(&issue, a->key, NULL, NULL, &a->set.certs[0], err);
    a->set.count = good ? 1 : 0;
    good = good && ob_authority_pem(a->set.certs[0], &pem, err) &&
           write_both(key.ptr, hex, cert.ptr, ob_buf_span(&pem), err);
    if (good && !write_list(a, NULL, NULL, issue.from_ms, 30, err)) {
        (void)unlink(key.ptr);
        (void)unlink(cert.ptr);
        good = false;
    }
    ob_wipe(hex, sizeof hex);
    return good;
}

static int end(const ob_args *args, ob_err *err, authority *a, bool good)
{
    (void)args;
    authority_close(a);
    if (good) {
        return OB_EXIT_OK;
    }
    return err->kind == OB_ERR_USAGE ? ob_cli_usage("link", err) : ob_cli_fail(err, false);
}

int ob_cert_make_authority(const ob_args *args)
{
    ob_err err = {0};
    authority a = {.list_path = OB_SPAN("")};
    bool good = make_authority(&a, args, &err);
    if (good) {
        (void)printf("authority: %s/" OB_AUTHORITY_CERT "\nrevoked: %s\n",
                     ob_args_text(args, "out"), a.list_path.ptr);
        ob_cli_say(args, "an authority for tests only: its key lies in a file, and it asks nobody "
                         "before it issues");
    }
    return end(args, &err, &a, good);
}

/* --- issue --- */

static bool read_issue(const ob_args *args, ob_issue *issue, ob_err *err)
{
    const char *role = ob_args_text(args, "profile");
    if (role != NULL && strcmp(role, "device") != 0 && strcmp(role, "server") != 0) {
        return ob_fail(err, OB_ERR_USAGE, "link cert issue makes --profile device or server");
    }
    *issue = (ob_issue){.role = role != NULL && strcmp(role, "server") == 0 ? OB_CERT_SERVER
                                                                            : OB_CERT_DEVICE,
                        .name = text_of(args, "name"),
                        .serial = text_of(args, "serial"),
                        .host = text_of(args, "host"),
                        .crl = text_of(args, "crl"),
                        .ocsp = text_of(args, "ocsp"),
                        .hardware = text_of(args, "hardware"),
                        .agrees = true};
    if (issue->hardware.len > 0 && issue->serial.len == 0) {
        return ob_fail(err, OB_ERR_USAGE, "--hardware goes with --serial");
    }
    return read_days(args, 365, issue, err);
}

static bool make_issue(authority *a, const ob_args *args, ob_span *cert_path, ob_span *key_path,
                       ob_err *err)
{
    const char *out = ob_args_text(args, "out");
    const char *given = ob_args_text(args, "key");
    OB_AUTO(ob_buf) pem = {.max = OB_CERT_FILE_MAX};
    EVP_PKEY *key = NULL;
    X509 *cert = NULL;
    ob_issue issue;
    char hex[66] = "";
    int curve = 0;
    if (args->words_count > 2 || out == NULL) {
        return ob_fail(err, OB_ERR_USAGE,
                       "link cert issue needs --out NAME, for NAME.crt and "
                       "NAME.key, and no other word");
    }
    if (!read_issue(args, &issue, err) || !read_curve(args, &curve, err) ||
        !authority_open(a, args, err) ||
        !ob_arena_printf(&a->arena, cert_path, err, "%s.crt", out) ||
        !(given != NULL ? ob_arena_dup(&a->arena, ob_span_str(given), key_path, err)
                        : ob_arena_printf(&a->arena, key_path, err, "%s.key", out)) ||
        !is_free(cert_path->ptr, err) || (given == NULL && !is_free(key_path->ptr, err)) ||
        !(given != NULL ? read_key(given, curve, &key, err) : new_key(curve, hex, &key, err))) {
        return false;
    }
    bool good =
        ob_authority_issue(&issue, key, a->set.certs[0], a->key, &cert, err) &&
        ob_authority_pem(cert, &pem, err) &&
        (given != NULL ? write_new(cert_path->ptr, ob_buf_span(&pem), 0644, err)
                       : write_both(key_path->ptr, hex, cert_path->ptr, ob_buf_span(&pem), err));
    ob_wipe(hex, sizeof hex);
    EVP_PKEY_free(key);
    X509_free(cert);
    return good;
}

int ob_cert_make_issue(const ob_args *args)
{
    ob_err err = {0};
    authority a = {.list_path = OB_SPAN("")};
    ob_span cert = OB_SPAN("");
    ob_span key = OB_SPAN("");
    bool good = make_issue(&a, args, &cert, &key, &err);
    if (good) {
        (void)printf("certificate: %s\nkey: %s\n", cert.ptr, key.ptr);
    }
    return end(args, &err, &a, good);
}

/* --- revoke --- */

static bool make_list(authority *a, const ob_args *args, ob_err *err)
{
    ob_cert_set set = {0};
    ob_cert_set old = {0};
    uint64_t days = 30;
    struct stat info = {0};
    if (args->words_count > 3) {
        return ob_fail(err, OB_ERR_USAGE,
                       "link cert revoke takes one certificate, or none to make "
                       "the list anew");
    }
    if (!ob_args_number(args, "days", 1, DAYS_MAX, &days, err) || !authority_open(a, args, err)) {
        return false;
    }
    bool there = stat(a->list_path.ptr, &info) == 0;
    bool good = !there || ob_cert_set_load(&old, a->list_path.ptr, false, err);
    good = good && (args->words_count < 3 || ob_cert_set_load(&set, args->words[2], false, err));
    if (good && args->words_count == 3 && set.count == 0) {
        good = ob_fail(err, OB_ERR_INPUT, "%s has no certificate", args->words[2]);
    }
    good = good && (write_list(a, old.list_count > 0 ? old.lists[0] : NULL,
                               set.count > 0 ? set.certs[0] : NULL,
                               ob_clock_wall_ms() / 1000 * 1000, days, err) ||
                    (args->words_count == 3 && ob_wrap(err, "%s", args->words[2])));
    ob_cert_set_fini(&set);
    ob_cert_set_fini(&old);
    return good;
}

int ob_cert_make_list(const ob_args *args)
{
    ob_err err = {0};
    authority a = {.list_path = OB_SPAN("")};
    bool good = make_list(&a, args, &err);
    if (good) {
        (void)printf("revoked: %s\n", a.list_path.ptr);
    }
    return end(args, &err, &a, good);
}
