/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

bool ob_scan_out_open(ob_scan_out *out, const char *path, ob_err *err)
{
    unsigned char salt[6];
    *out = (ob_scan_out){.fd = STDOUT_FILENO, .text = {.max = (size_t)1 << 30}};
    if (path == NULL || strcmp(path, "-") == 0) {
        return true;
    }
    struct stat info = {0};
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)) {
        /* A device or a pipe takes the bytes itself; nothing may stand in its place. */
        out->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
        out->path = path;
        return out->fd >= 0 || ob_fail_errno(err, errno, "cannot write %.150s", path);
    }
    if (!ob_random(salt, sizeof salt, err)) {
        return false;
    }
    int length = snprintf(out->part, sizeof out->part, "%s.%02x%02x%02x%02x%02x%02x.part", path,
                          salt[0], salt[1], salt[2], salt[3], salt[4], salt[5]);
    if (length < 0 || (size_t)length >= sizeof out->part) {
        out->part[0] = '\0';
        return ob_fail(err, OB_ERR_IO, "cannot write %.100s...: the name is too long", path);
    }
    /* What is found, and a text with masks too, is for the eyes of its owner first. */
    int fd = open(out->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        out->part[0] = '\0';
        return ob_fail_errno(err, errno, "cannot write %.150s", path);
    }
    out->path = path;
    out->fd = fd;
    return true;
}

bool ob_scan_out_flush(ob_scan_out *out, ob_err *err)
{
    size_t done = 0;
    if (!ob_buf_check(&out->text, "the output", err)) {
        return false;
    }
    while (done < out->text.len && !out->gone) {
        ssize_t put = write(out->fd, out->text.ptr + done, out->text.len - done);
        if (put < 0 && errno == EPIPE) {
            out->gone = true;
        } else if (put < 0 && errno != EINTR) {
            return ob_fail_errno(err, errno, "cannot write to %.150s",
                                 out->path == NULL ? "standard output" : out->path);
        }
        done += put > 0 ? (size_t)put : 0;
    }
    ob_buf_reset(&out->text);
    return !out->gone || ob_fail(err, OB_ERR_CANCELLED, "nobody reads the output any more");
}

bool ob_scan_out_add(ob_scan_out *out, ob_span text, ob_err *err)
{
    ob_buf_add(&out->text, text);
    return out->text.len < OB_SCAN_PIECE || ob_scan_out_flush(out, err);
}

bool ob_scan_out_finish(ob_scan_out *out, ob_err *err)
{
    if (!ob_scan_out_flush(out, err)) {
        return false;
    }
    if (out->path == NULL) {
        return true;
    }
    int fd = out->fd;
    bool device = out->part[0] == '\0';
    bool good = device || fsync(fd) == 0;
    int code = errno;
    out->fd = -1;
    if (close(fd) != 0 && good) {
        code = errno;
        good = false;
    }
    if (good && !device && rename(out->part, out->path) != 0) {
        code = errno;
        good = false;
    }
    if (!good) {
        return ob_fail_errno(err, code, "cannot write %.150s", out->path);
    }
    out->part[0] = '\0';
    return true;
}

void ob_scan_out_close(ob_scan_out *out)
{
    if (out->path != NULL && out->fd >= 0) {
        (void)close(out->fd);
    }
    if (out->part[0] != '\0') {
        (void)unlink(out->part);
    }
    out->part[0] = '\0';
    ob_buf_fini(&out->text);
}
