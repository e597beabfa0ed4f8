/* SPDX-License-Identifier: Apache-2.0 */
#include "node/state.h"

#include "node/config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#define HEADER   "ombud link state 1\n"
#define FILE_MAX ((size_t)64 * 1024)

static bool damaged(const char *name, size_t line, ob_err *err)
{
    return ob_fail(err, OB_ERR_INPUT,
                   "%s:%zu:1: the state file is damaged; numbers that may have been used are not "
                   "used again: give its contexts new secrets, then remove it",
                   name, line);
}

/* "DIGEST LIMIT" */
static bool read_row(ob_span line, ob_node_state_row *row)
{
    ob_err ignored = {0};
    size_t len = 0;
    return line.len > 65 && line.ptr[64] == ' ' &&
           ob_node_hex(ob_span_sub(line, 0, 64), row->id.bytes, sizeof row->id.bytes, &len) &&
           ob_span_to_u64(ob_span_sub(line, 65, line.len), &row->limit, &ignored) &&
           row->limit <= OB_OSCORE_SEQUENCE_MAX + 1;
}

static ob_node_state_row *find(ob_node_state *state, const ob_digest *id)
{
    for (size_t i = 0; i < state->count; i++) {
        if (memcmp(state->rows[i].id.bytes, id->bytes, sizeof id->bytes) == 0) {
            return &state->rows[i];
        }
    }
    return NULL;
}

/* The last line is "end N", N rows: a file that was cut off does not have it. */
bool ob_node_state_parse(ob_node_state *state, ob_span text, const char *name, ob_err *err)
{
    ob_span rest = text;
    ob_span line = {0};
    size_t number = 1;
    char end[32];
    state->count = 0;
    if (!ob_span_has_prefix(text, OB_SPAN(HEADER))) {
        return damaged(name, 1, err);
    }
    (void)ob_span_cut_line(&rest, &line);
    while (ob_span_cut_line(&rest, &line)) {
        ob_node_state_row row;
        number++;
        (void)snprintf(end, sizeof end, "end %zu", state->count);
        if (ob_span_is_str(line, end) && rest.len == 0) {
            return true;
        }
        if (state->count == OB_NODE_STATES_MAX || !read_row(line, &row) ||
            find(state, &row.id) != NULL) {
            break;
        }
        state->rows[state->count++] = row;
    }
    return damaged(name, number, err);
}

static bool take_lock(const char *path, int *lock, ob_err *err)
{
    char name[4096];
    int len = snprintf(name, sizeof name, "%s.lock", path);
    if (len < 0 || (size_t)len >= sizeof name) {
        return ob_fail(err, OB_ERR_INPUT, "the name of the state file is too long");
    }
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return ob_fail_errno(err, errno, "cannot make %s", name);
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        int code = errno;
        (void)close(fd);
        return code == EWOULDBLOCK
                   ? ob_fail(err, OB_ERR_IO, "%s is in use by another process", path)
                   : ob_fail_errno(err, code, "cannot lock %s", name);
    }
    *lock = fd;
    return true;
}

bool ob_node_state_open(ob_node_state *state, const char *path, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = FILE_MAX};
    int lock = -1;
    size_t len = strlen(path) + 1;
    if (!take_lock(path, &lock, err)) {
        return false;
    }
    bool good = access(path, F_OK) != 0 && errno == ENOENT;
    state->count = 0;
    if (!good) {
        good = ob_file_read(path, &text, err) &&
               ob_node_state_parse(state, ob_buf_span(&text), path, err);
    }
    char *copy = good ? ob_mem_new(len) : NULL;
    if (copy == NULL) {
        (void)close(lock);
        return good ? ob_fail(err, OB_ERR_NOMEM, "no memory") : false;
    }
    memcpy(copy, path, len);
    state->path = copy;
    state->lock = lock;
    return true;
}

void ob_node_state_close(ob_node_state *state)
{
    if (state->path != NULL) {
        (void)close(state->lock);
        ob_mem_free(state->path);
        state->path = NULL;
    }
}

/* Keys are never written; a digest of them under a word of its own tells nothing about them. */
static bool identify(const ob_oscore *context, ob_digest *id, ob_err *err)
{
    const ob_span parts[] = {
        OB_SPAN("ombud link state"),
        {(const char *)context->sender_key, context->sizes.key},
        {(const char *)context->common_iv, context->sizes.nonce},
        {(const char *)context->sender_id, context->sender_id_len},
    };
    return ob_sha256(parts, OB_COUNT(parts), id, err);
}

static bool force(const char *path, const char *part, ob_span text, ob_err *err)
{
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return ob_fail_errno(err, errno, "cannot write %s", part);
    }
    size_t done = 0;
    bool good = true;
    while (good && done < text.len) {
        ssize_t put = write(fd, text.ptr + done, text.len - done);
        good = put >= 0 || errno == EINTR;
        done += put > 0 ? (size_t)put : 0;
    }
    good = good && fsync(fd) == 0;
    int code = errno;
    good = close(fd) == 0 && good;
    if (!good || rename(part, path) != 0) {
        return ob_fail_errno(err, good ? errno : code, "cannot write %s", path);
    }
    return true;
}

/* The new name is on the disk when its folder is. */
static bool force_folder(const char *path, ob_err *err)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    (void)snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int)(slash - path + 1),
                   slash == NULL ? "." : path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return ob_fail_errno(err, errno, "cannot open %s", folder);
    }
    bool good = fsync(fd) == 0 || errno == EINVAL; /* some file systems have nothing to do */
    int code = errno;
    (void)close(fd);
    return good || ob_fail_errno(err, code, "cannot write %s", folder);
}

static bool save(const ob_node_state *state, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = FILE_MAX};
    OB_AUTO(ob_buf) part = {.max = 4096};
    ob_buf_add_str(&text, HEADER);
    for (size_t i = 0; i < state->count; i++) {
        char id[65];
        ob_digest_hex(&state->rows[i].id, id);
        ob_buf_addf(&text, "%s %llu\n", id, (unsigned long long)state->rows[i].limit);
    }
    ob_buf_addf(&text, "end %zu\n", state->count);
    ob_buf_addf(&part, "%s.part", state->path);
    return ob_buf_check(&text, "a state file", err) && ob_buf_check(&part, "its name", err) &&
           force(state->path, part.ptr, ob_buf_span(&text), err) && force_folder(state->path, err);
}

bool ob_node_state_restore(ob_node_state *state, ob_oscore *context, bool *known, ob_err *err)
{
    ob_digest id;
    if (!identify(context, &id, err)) {
        return false;
    }
    const ob_node_state_row *row = find(state, &id);
    if (row != NULL) {
        ob_oscore_restart(context, row->limit);
    }
    ob_oscore_reserve(context, context->sequence);
    *known = row != NULL;
    return true;
}

bool ob_node_state_reserve(ob_node_state *state, ob_oscore *context, uint64_t step, ob_err *err)
{
    ob_digest id;
    if (context->sequence < context->sequence_limit || context->sequence > OB_OSCORE_SEQUENCE_MAX) {
        return true; /* the latter is refused when a number is taken */
    }
    if (!identify(context, &id, err)) {
        return false;
    }
    ob_node_state_row *row = find(state, &id);
    if (row == NULL) {
        if (state->count == OB_NODE_STATES_MAX) {
            return ob_fail(err, OB_ERR_LIMIT, "a state file holds %d contexts", OB_NODE_STATES_MAX);
        }
        row = &state->rows[state->count++];
        row->id = id;
    }
    uint64_t limit = context->sequence + step;
    row->limit = limit > OB_OSCORE_SEQUENCE_MAX + 1 ? OB_OSCORE_SEQUENCE_MAX + 1 : limit;
    if (!save(state, err)) {
        row->limit = context->sequence_limit; /* what the file says: nothing more is used */
        return false;
    }
    ob_oscore_reserve(context, row->limit);
    return true;
}
