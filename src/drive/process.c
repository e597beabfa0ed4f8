/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One process of a local program: started without a shell, in a session of its own (an interrupt at
 * the terminal is for Ombud, which then lets exchanges end), with three pipes and nothing else. It
 * is signalled, with all that it has started in its session, only until it was reaped: as long as
 * it is not, nothing else can have its number.
 */
#include "drive/process.h"

#include <sys/stat.h>

/* Ending */

static void on_closed(uv_handle_t *handle)
{
    obi_process *p = handle->data;
    if (--p->handles > 0) {
        return;
    }
    obi_lines_fini(&p->lines);
    ob_buf_fini(&p->sending);
    ob_buf_fini(&p->error_line);
    ob_mem_free(p);
}

static void close_handle(void *handle)
{
    if (uv_is_closing(handle) == 0) {
        uv_close(handle, on_closed);
    }
}

static void close_all(obi_process *p)
{
    close_handle(&p->in);
    close_handle(&p->out);
    close_handle(&p->err);
    close_handle(&p->timer);
    close_handle(&p->handle);
}

/* Its group as a whole: a shell or a package manager does not hand a signal on to the program that
 * it has started. */
static void signal_group(const obi_process *p, int number)
{
    uv_pid_t pid = uv_process_get_pid(&p->handle);
    if (!p->exited && pid > 1) {
        (void)kill(-pid, number);
    }
}

static void on_timer(uv_timer_t *timer)
{
    obi_process *p = timer->data;
    ob_client_core *core = p->program->core;
    switch (p->state) {
    case OBI_LEAVING:
        obi_program_gone(p);
        obi_after_events(core);
        break;
    case OBI_ENDING:
        p->state = OBI_TERMED;
        signal_group(p, SIGTERM);
        (void)uv_timer_start(timer, on_timer, OBI_GRACE_MS, 0);
        break;
    case OBI_TERMED:
        p->state = OBI_KILLED;
        signal_group(p, SIGKILL);
        break;
    case OBI_RUNNING:
    case OBI_KILLED:
        break;
    }
}

void obi_process_end(obi_process *p, bool deaf)
{
    if (p->slot != NULL) {
        *p->slot = NULL;
        p->slot = NULL;
    }
    if (p->exited) {
        close_all(p);
        return;
    }
    if (p->state >= OBI_ENDING) {
        return;
    }
    p->state = OBI_ENDING;
    close_handle(&p->in);
    if (deaf) {
        close_handle(&p->out);
        close_handle(&p->err);
    }
    (void)uv_timer_start(&p->timer, on_timer, OBI_GRACE_MS, 0);
}

/* One sign of its end was seen; the others follow within a moment, or it is ended. */
static void leave(obi_process *p)
{
    if (p->state == OBI_RUNNING) {
        p->state = OBI_LEAVING;
        (void)uv_timer_start(&p->timer, on_timer, OBI_LAST_WORD_MS, 0);
    }
    if (p->state == OBI_LEAVING && p->exited && p->at_end) {
        obi_program_gone(p);
        obi_after_events(p->program->core);
    }
}

static void on_exit_of(uv_process_t *handle, int64_t status, int signal)
{
    obi_process *p = handle->data;
    p->exited = true;
    p->exit_status = status;
    p->exit_signal = signal;
    if (p->state >= OBI_ENDING) {
        close_all(p);
    } else {
        leave(p);
    }
}

void obi_process_tell(const obi_process *p, char out[160])
{
    char how[48];
    if (p->exited && p->exit_signal != 0) {
        (void)snprintf(how, sizeof how, "was ended by signal %d", p->exit_signal);
    } else if (p->exited) {
        (void)snprintf(how, sizeof how, "ended with exit status %lld", (long long)p->exit_status);
    } else {
        (void)snprintf(how, sizeof how, "closed its standard %s", p->at_end ? "output" : "input");
    }
    (void)snprintf(out, 160, "%s %s%s%.65s", p->program->name, how,
                   p->last_error[0] == '\0' ? "" : ": ", p->last_error);
}

/* Its words */

static void on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *room)
{
    obi_process *p = handle->data;
    (void)wanted;
    *room = uv_buf_init(p->program->read_buffer, sizeof p->program->read_buffer);
}

static void on_output(uv_stream_t *stream, ssize_t count, const uv_buf_t *room)
{
    obi_process *p = stream->data;
    if (count < 0) {
        p->at_end = true;
        close_handle(stream);
        leave(p);
    } else if (count > 0 && p->state <= OBI_LEAVING) {
        obi_program_bytes(p, (ob_span){room->base, (size_t)count});
        obi_after_events(p->program->core);
    }
}

static void tell_error_line(obi_process *p)
{
    const ob_log *log = p->program->core->o.log;
    OB_AUTO(ob_buf) shown = {.max = 4096};
    ob_span line = ob_span_trim(ob_buf_span(&p->error_line));
    if (line.len > 0) {
        obi_program_show(p->program->core, line, 300, &shown);
        (void)snprintf(p->last_error, sizeof p->last_error, "%.*s", OB_SHOW(ob_buf_span(&shown)));
        ob_log_event(log, OB_LOG_DEBUG, "command.stderr", "pid=%d line=\"%.400s\"",
                     (int)uv_process_get_pid(&p->handle), shown.ptr == NULL ? "" : shown.ptr);
    }
    ob_buf_reset(&p->error_line);
}

static void on_error_output(uv_stream_t *stream, ssize_t count, const uv_buf_t *room)
{
    obi_process *p = stream->data;
    for (ssize_t i = 0; i < count; i++) {
        if (room->base[i] == '\n') {
            tell_error_line(p);
        } else if (p->error_line.len < OBI_ERROR_LINE) {
            ob_buf_add_char(&p->error_line, room->base[i]); /* what is longer is cut */
        }
    }
    if (count < 0) {
        tell_error_line(p);
        close_handle(stream);
    }
}

static void on_written(uv_write_t *request, int status)
{
    obi_process *p = request->data;
    p->writing = false;
    ob_wipe(p->sending.ptr, p->sending.len);
    ob_buf_reset(&p->sending);
    if (p->state != OBI_RUNNING) {
        return;
    }
    if (status < 0) {
        leave(p);
    } else {
        obi_program_writable(p);
    }
}

bool obi_process_write(obi_process *p, ob_span line, ob_err *err, bool *sent)
{
    ob_buf_reset(&p->sending);
    ob_buf_add(&p->sending, line);
    if (!ob_buf_check(&p->sending, "a request", err)) {
        return false;
    }
    uv_buf_t bytes = uv_buf_init(p->sending.ptr, (unsigned)p->sending.len);
    int done = uv_try_write((uv_stream_t *)&p->in, &bytes, 1);
    *sent = done >= 0 || done == UV_EAGAIN;
    if (!*sent) {
        ob_wipe(p->sending.ptr, p->sending.len);
        leave(p);
        return true;
    }
    size_t gone = done < 0 ? 0 : (size_t)done;
    if (gone == p->sending.len) {
        ob_wipe(p->sending.ptr, p->sending.len);
        return true;
    }
    bytes = uv_buf_init(p->sending.ptr + gone, (unsigned)(p->sending.len - gone));
    p->write.data = p;
    p->writing = true;
    if (uv_write(&p->write, (uv_stream_t *)&p->in, &bytes, 1, on_written) != 0) {
        p->writing = false;
        leave(p);
    }
    return true;
}

/* Starting */

static bool cannot_start(const obi_program *program, int code, ob_err *err)
{
    const ob_service_command *c = &program->core->o.service->command;
    struct stat info;
    OB_AUTO(ob_buf) word = {.max = 1024};
    OB_AUTO(ob_buf) folder = {.max = 1024};
    ob_buf_add_shown(&word, c->words[0], OB_QUOTE_MAX);
    ob_buf_add_shown(&folder, c->folder, OB_QUOTE_MAX);
    if (stat(c->folder.ptr, &info) != 0 || !S_ISDIR(info.st_mode)) {
        return ob_fail(err, OB_ERR_INPUT,
                       "'%.*s' cannot be started: there is no folder '%.*s'; see 'folder' in the "
                       "service file",
                       OB_SHOW(ob_buf_span(&word)), OB_SHOW(ob_buf_span(&folder)));
    }
    if (code == UV_ENOENT && memchr(c->words[0].ptr, '/', c->words[0].len) == NULL) {
        return ob_fail(err, OB_ERR_INPUT,
                       "'%.*s' cannot be started: there is no such program in PATH",
                       OB_SHOW(ob_buf_span(&word)));
    }
    return ob_fail(err, OB_ERR_INPUT, "'%.*s' cannot be started in '%.*s': %s",
                   OB_SHOW(ob_buf_span(&word)), OB_SHOW(ob_buf_span(&folder)), uv_strerror(code));
}

static int spawn(obi_process *p)
{
    const obi_program *program = p->program;
    uv_stdio_container_t pipes[3] = {
        {.flags = UV_CREATE_PIPE | UV_READABLE_PIPE, .data.stream = (uv_stream_t *)&p->in},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&p->out},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&p->err},
    };
    uv_process_options_t options = {.exit_cb = on_exit_of,
                                    .file = program->words[0],
                                    .args = program->words,
                                    .env = program->environment,
                                    .cwd = program->core->o.service->command.folder.ptr,
                                    .flags = UV_PROCESS_DETACHED,
                                    .stdio_count = 3,
                                    .stdio = pipes};
    return uv_spawn(program->core->loop, &p->handle, &options);
}

static void make_handles(obi_process *p)
{
    uv_loop_t *loop = p->program->core->loop;
    (void)uv_pipe_init(loop, &p->in, 0);
    (void)uv_pipe_init(loop, &p->out, 0);
    (void)uv_pipe_init(loop, &p->err, 0);
    (void)uv_timer_init(loop, &p->timer);
    p->in.data = p;
    p->out.data = p;
    p->err.data = p;
    p->timer.data = p;
    p->handle.data = p;
    p->handles = 5;
}

bool obi_process_start(obi_program *program, obi_process **slot, ob_err *err)
{
    ob_client_core *core = program->core;
    obi_process *p = ob_mem_new(sizeof *p);
    if (p == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for a process");
    }
    *p = (obi_process){.program = program,
                       .slot = slot,
                       .started_ns = ob_clock_ns(),
                       .sending = {.max = OB_REQUEST_MAX, .secret = true},
                       .error_line = {.max = OBI_ERROR_LINE}};
    obi_lines_init(&p->lines, core->o.service->limits.reply_bytes);
    make_handles(p);
    int code = spawn(p);
    if (code != 0) {
        p->slot = NULL;
        p->exited = true;
        close_all(p);
        return cannot_start(program, code, err);
    }
    (void)uv_read_start((uv_stream_t *)&p->out, on_room, on_output);
    (void)uv_read_start((uv_stream_t *)&p->err, on_room, on_error_output);
    *slot = p;
    ob_log_event(core->o.log, OB_LOG_INFO, "command.start", "pid=%d words=\"%s\"",
                 (int)uv_process_get_pid(&p->handle), program->name);
    return true;
}
