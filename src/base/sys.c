/* SPDX-License-Identifier: Apache-2.0 */
#include <ombud/sys.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

uint64_t ob_clock_ns(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int64_t ob_clock_wall_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool ob_random(void *out, size_t bytes, ob_err *err)
{
    size_t done = 0;
    while (done < bytes) {
        ssize_t got = getrandom((char *)out + done, bytes - done, 0);
        if (got < 0 && errno != EINTR) {
            return ob_fail_errno(err, errno, "the system gives no random bytes");
        }
        done += got > 0 ? (size_t)got : 0;
    }
    return true;
}

/* Looked up once: OpenSSL searches its providers for it otherwise, which takes longer than the
 * digest of a short text. */
static EVP_MD *sha256;
static pthread_once_t sha256_once = PTHREAD_ONCE_INIT;

static void sha256_find(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
}

bool ob_sha256(const ob_span *parts, size_t count, ob_digest *out, ob_err *err)
{
    (void)pthread_once(&sha256_once, sha256_find);
    EVP_MD_CTX *context = sha256 == NULL ? NULL : EVP_MD_CTX_new();
    bool good = context != NULL && EVP_DigestInit_ex(context, sha256, NULL) == 1;
    for (size_t i = 0; good && i < count; i++) {
        good =
            EVP_DigestUpdate(context, parts[i].ptr == NULL ? "" : parts[i].ptr, parts[i].len) == 1;
    }
    ob_digest digest = {{0}};
    good = good && EVP_DigestFinal_ex(context, digest.bytes, NULL) == 1;
    EVP_MD_CTX_free(context);
    if (!good) {
        return ob_fail(err, OB_ERR_NOMEM, "SHA-256 is not available");
    }
    *out = digest;
    return true;
}

void ob_digest_hex(const ob_digest *digest, char out[65])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < OB_SHA256_BYTES; i++) {
        out[2 * i] = digits[digest->bytes[i] >> 4];
        out[2 * i + 1] = digits[digest->bytes[i] & 15];
    }
    out[64] = '\0';
}

bool ob_rng_init(ob_rng *rng, ob_span seed, ob_span label, ob_err *err)
{
    ob_digest digest = {{0}};
    const ob_span parts[] = {seed, {"\0", 1}, label};
    if (!ob_sha256(parts, OB_COUNT(parts), &digest, err)) {
        return false;
    }
    (void)memcpy(rng->state, digest.bytes, sizeof rng->state);
    return true;
}

static uint64_t rotate(uint64_t value, int by)
{
    return value << by | value >> (64 - by);
}

uint64_t ob_rng_u64(ob_rng *rng)
{
    uint64_t *s = rng->state;
    uint64_t result = rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

uint64_t ob_rng_below(ob_rng *rng, uint64_t bound)
{
    if (bound == 0) {
        return 0;
    }
    /* Values at the top that would favour small remainders are drawn again. */
    uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
    uint64_t value = ob_rng_u64(rng);
    while (value >= limit) {
        value = ob_rng_u64(rng);
    }
    return value % bound;
}

double ob_rng_unit(ob_rng *rng)
{
    return (double)(ob_rng_u64(rng) >> 11) * 0x1p-53;
}

static bool read_all(int fd, const char *path, ob_buf *buf, ob_err *err)
{
    char chunk[16384];
    for (;;) {
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return ob_fail_errno(err, errno, "cannot read %s", path);
        }
        if (got == 0) {
            break;
        }
        ob_buf_add(buf, (ob_span){chunk, (size_t)got});
        if (buf->bad != OB_OK) {
            break;
        }
    }
    return ob_buf_check(buf, path, err);
}

bool ob_file_read(const char *path, ob_buf *buf, ob_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return ob_fail_errno(err, errno, "cannot open %s", path);
    }
    struct stat info = {0};
    bool good = false;
    if (fstat(fd, &info) != 0) {
        (void)ob_fail_errno(err, errno, "cannot read %s", path);
    } else if (!S_ISREG(info.st_mode)) {
        (void)ob_fail(err, OB_ERR_IO, "%s is not a regular file", path);
    } else {
        good = read_all(fd, path, buf, err);
    }
    (void)close(fd);
    return good;
}

static bool write_all(int fd, ob_span text)
{
    size_t done = 0;
    while (done < text.len) {
        ssize_t put = write(fd, text.ptr + done, text.len - done);
        if (put < 0 && errno != EINTR) {
            return false;
        }
        done += put > 0 ? (size_t)put : 0;
    }
    return true;
}

/* A device or a pipe takes the bytes itself: nothing may stand in its place. */
static bool write_device(const char *path, ob_span text, ob_err *err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        return ob_fail_errno(err, errno, "cannot write %s", path);
    }
    bool good = write_all(fd, text);
    int code = errno;
    (void)close(fd);
    return good || ob_fail_errno(err, code, "cannot write %s", path);
}

bool ob_file_write(const char *path, ob_span text, unsigned mode, ob_err *err)
{
    char name[PATH_MAX];
    char target[PATH_MAX];
    unsigned char salt[6];
    struct stat info = {0};
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)) {
        return write_device(path, text, err);
    }
    /* Behind a link it is the file that is replaced, and the link stays. */
    path = realpath(path, target) != NULL ? target : path;
    if (!ob_random(salt, sizeof salt, err)) {
        return false;
    }
    int length = snprintf(name, sizeof name, "%s.%02x%02x%02x%02x%02x%02x.part", path, salt[0],
                          salt[1], salt[2], salt[3], salt[4], salt[5]);
    if (length < 0 || (size_t)length >= sizeof name) {
        return ob_fail(err, OB_ERR_IO, "cannot write %s: the name is too long", path);
    }
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
    if (fd < 0) {
        return ob_fail_errno(err, errno, "cannot write %s", path);
    }
    /* The name must not show up before the bytes are on disk, so: write, fsync, rename. */
    bool good = write_all(fd, text) && fsync(fd) == 0;
    int code = errno;
    if (close(fd) != 0 && good) {
        code = errno;
        good = false;
    }
    if (good && rename(name, path) != 0) {
        code = errno;
        good = false;
    }
    if (!good) {
        (void)unlink(name);
        return ob_fail_errno(err, code, "cannot write %s", path);
    }
    return true;
}

void ob_log_event(const ob_log *log, ob_log_level level, const char *event, const char *format, ...)
{
    if (log == NULL || log->sink == NULL || level > log->level) {
        return;
    }
    char fields[512];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(fields, sizeof fields, format, values);
    va_end(values);
    log->sink(log->ctx, level, event, length < 0 ? "" : fields);
}
