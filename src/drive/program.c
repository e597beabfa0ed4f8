/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The transport of a service that is a local program: which process gets a request, whose answer a
 * line is, and what a process is worth that is silent, floods or dies. A request of which a byte
 * was written is never written again: the program may have acted on it.
 */
#include "drive/command.h"
#include "drive/process.h"

void obi_program_show(const ob_client_core *core, ob_span text, size_t max_bytes, ob_buf *out)
{
    OB_AUTO(ob_buf) clean = {.max = OB_REPLY_MAX_CEILING};
    ob_buf_add(&clean, ob_span_sub(text, 0, OBI_ERROR_LINE));
    /* What the program prints may hold what any of its callers sent. */
    const obi_exchange *x = core->all;
    do { /* once at least: what the service file keeps secret */
        OB_AUTO(ob_buf) masked = {.max = OB_REPLY_MAX_CEILING};
        obi_mask(core, x, ob_buf_span(&clean), &masked);
        ob_buf_reset(&clean);
        ob_buf_add(&clean, ob_buf_span(&masked));
        x = x == NULL ? NULL : x->all_next;
    } while (x != NULL);
    ob_buf_add_shown(out, ob_buf_span(&clean), max_bytes);
}

/* Ends of attempts */

static void end_one(obi_exchange *x, ob_lost lost, const char *why)
{
    obi_end end = {.lost = lost};
    (void)snprintf(end.why, sizeof end.why, "%s", why);
    obi_attempt_ended(x->core, x, &end); /* takes it off the process, too */
}

/* A program that only dies says nothing about the service: say so once, as with a host that nobody
 * reaches. */
static void end_with(obi_process *p, ob_lost lost, const char *why)
{
    obi_program *program = p->program;
    ob_client client = {program->core};
    ob_err err = {0};
    bool idle = p->exchanges == NULL;
    obi_process_end(p, true);
    ob_log_event(program->core->o.log, idle ? OB_LOG_INFO : OB_LOG_WARN, "command.end",
                 "why=\"%s\"", why);
    if (++program->deaths == OBI_DEATHS) {
        (void)ob_fail(&err, OB_ERR_PEER, "%s (%d times in a row, with no good answer in between)",
                      why, OBI_DEATHS);
        ob_client_abort(&client, &err);
    }
    while (p->exchanges != NULL) {
        end_one(p->exchanges, lost, why);
    }
}

void obi_program_gone(obi_process *p)
{
    char why[160];
    obi_process_tell(p, why);
    end_with(p, OB_LOST_RESET, why);
}

/* It runs, but nothing good comes of it any more. */
static void put_down(obi_process *p, ob_lost lost, const char *what)
{
    char why[160];
    (void)snprintf(why, sizeof why, "%s %.60s and was ended", p->program->name, what);
    end_with(p, lost, why);
}

/* Lines */

static void begin_line(obi_process *p, uint64_t now)
{
    p->line_ns = now;
    p->piece_ns = now;
    p->gap_ms = 0;
}

/* Without ids only the order says whose an answer is. One that lacks what was asked may be an extra
 * line, such as a greeting; then all later answers would be taken for those of their successors. */
static bool is_in_step(const obi_process *p, obi_exchange *x)
{
    ob_reply probe = {0};
    ob_err ignored = {0};
    return p->lines.gives_ids || obi_answer_read(x->core, x, x->answer, &probe, &ignored);
}

static void keep_answer(obi_process *p, obi_exchange *x, ob_span text)
{
    obi_end end = {.answered = true};
    ob_err err = {0};
    p->silent = 0;
    p->answered = true;
    x->first_byte_ns = p->line_ns;
    x->last_byte_ns = p->piece_ns;
    x->max_gap_ms = p->gap_ms;
    ob_buf_add(&x->body, text);
    if (!ob_buf_check(&x->body, "an answer", &err) ||
        !obi_command_answer(&x->arena, ob_buf_span(&x->body), &x->answer, &err)) {
        end.lost = OB_LOST_MAPPING;
        (void)snprintf(end.why, sizeof end.why, "%.150s", err.text);
    }
    bool in_step = is_in_step(p, x);
    p->program->deaths = in_step ? 0 : p->program->deaths;
    obi_attempt_ended(x->core, x, &end);
    if (!in_step) {
        put_down(p, OB_LOST_RESET, "gave an answer with neither an id nor what was asked");
    }
}

/* Kept for the reason of a request that waits in vain, and told once a process. */
static void ignore_line(obi_process *p, const obi_line *line, const char *what)
{
    OB_AUTO(ob_buf) shown = {.max = 1024};
    obi_program_show(p->program->core, line->text, 40, &shown);
    p->ignored_ns = p->piece_ns;
    (void)snprintf(p->ignored, sizeof p->ignored, "it printed %s: %.*s", what,
                   OB_SHOW(ob_buf_span(&shown)));
    ob_log_event(p->program->core->o.log, p->warned ? OB_LOG_DEBUG : OB_LOG_WARN, "command.ignored",
                 "words=\"%s\" line=\"%s\"", p->program->name, p->ignored);
    p->warned = true;
}

static void take_line(obi_process *p, const obi_line *line)
{
    obi_exchange *x = p->exchanges;
    switch (line->kind) {
    case OBI_LINE_ANSWER:
        while (x != NULL && x->line != line->id) {
            x = x->in_process;
        }
        if (!OB_NEVER(x == NULL)) {
            keep_answer(p, x, line->text);
        }
        break;
    case OBI_LINE_LATE:
        p->program->deaths = 0;
        ignore_line(p, line, "an answer that came too late");
        break;
    case OBI_LINE_STRAY:
        ignore_line(p, line, "a line without the id of a request");
        break;
    case OBI_LINE_NONSENSE:
        ignore_line(p, line, "a line that is no JSON object");
        break;
    case OBI_LINE_UNASKED:
        /* Without ids its next answers cannot be told from such lines: a fresh one can be trusted.
         */
        ignore_line(p, line, "an answer that nobody asked for");
        put_down(p, OB_LOST_RESET, "printed an answer that nobody asked for");
        break;
    }
}

static void end_late_ones(obi_process *p);

void obi_program_bytes(obi_process *p, ob_span bytes)
{
    uint64_t now = ob_clock_ns();
    obi_line line;
    ob_step step = OB_MORE;
    if (!obi_lines_is_partial(&p->lines)) {
        begin_line(p, now);
    } else {
        double gap = (double)(now - p->piece_ns) / 1e6;
        p->gap_ms = gap > p->gap_ms ? gap : p->gap_ms;
        p->piece_ns = now;
    }
    while (p->state <= OBI_LEAVING &&
           (step = obi_lines_feed(&p->lines, &bytes, &line)) == OB_DONE) {
        take_line(p, &line);
        begin_line(p, now);
    }
    if (p->state > OBI_LEAVING) {
        return;
    }
    if (step == OB_BAD) {
        char what[80];
        (void)snprintf(what, sizeof what, "printed a line of more than %zu bytes",
                       p->program->core->o.service->limits.reply_bytes);
        put_down(p, OB_LOST_TOO_LARGE, what);
    } else if (!obi_lines_is_partial(&p->lines)) {
        end_late_ones(p);
    }
}

/* Time limits */

static void end_late(obi_exchange *x)
{
    obi_process *p = x->process;
    char why[160];
    bool unread = x->blocks_out == 0;
    bool whole = !unread && x->line_late;
    bool ignored = !unread && p->ignored_ns >= x->sent_ns;
    (void)snprintf(why, sizeof why, "%s %s within %llu ms%s%.45s", p->program->name,
                   unread  ? "did not read its standard input"
                   : whole ? "did not end its answer"
                           : "gave no answer",
                   (unsigned long long)x->line_limit_ms, ignored ? "; " : "",
                   ignored ? p->ignored : "");
    p->silent++;
    end_one(x, whole ? OB_LOST_TOTAL : OB_LOST_FIRST_BYTE, why);
    if (p->silent >= OBI_SILENT && p->state <= OBI_LEAVING) {
        put_down(p, OB_LOST_RESET, "let " OB_STR(OBI_SILENT) " requests in a row go unanswered");
    }
}

/* The line that arrived was not theirs. */
static void end_late_ones(obi_process *p)
{
    obi_exchange *x = p->exchanges;
    while (x != NULL && p->state <= OBI_LEAVING) {
        if (!x->line_late) {
            x = x->in_process;
            continue;
        }
        x->line_late = false;
        end_late(x);
        x = p->exchanges;
    }
}

static void on_late(uv_timer_t *timer)
{
    obi_exchange *x = timer->data;
    ob_client_core *core = x->core;
    const ob_service_limits *l = &core->o.service->limits;
    if (x->blocks_out > 0 && !x->line_late && obi_lines_is_partial(&x->process->lines)) {
        /* An answer is arriving. Whose it is shows at its end. */
        x->line_late = true;
        x->line_limit_ms += l->total_ms - l->first_byte_ms;
        (void)uv_timer_start(timer, on_late, l->total_ms - l->first_byte_ms, 0);
        return;
    }
    end_late(x);
    obi_after_events(core);
}

/* Sending */

static obi_exchange *first_unsent(const obi_process *p)
{
    obi_exchange *x = p->exchanges;
    while (x != NULL && x->blocks_out > 0) {
        x = x->in_process;
    }
    return x;
}

/* The clock of an answer. A program that has just been started gets the time for a connection on
 * top. */
static void start_clock(const obi_process *p, obi_exchange *x)
{
    const ob_service_limits *l = &x->core->o.service->limits;
    x->sent_ns = ob_clock_ns();
    uint64_t age_ms = (x->sent_ns - p->started_ns) / 1000000;
    x->line_limit_ms = l->first_byte_ms;
    if (!p->answered && age_ms < l->connect_ms) {
        x->line_limit_ms += l->connect_ms - age_ms;
    }
    (void)uv_timer_start(&x->timer, on_late, x->line_limit_ms, 0);
}

static bool send_waiting(obi_process *p, ob_err *err)
{
    for (obi_exchange *x = first_unsent(p); x != NULL; x = first_unsent(p)) {
        bool sent = false;
        if (p->writing || p->state != OBI_RUNNING) {
            return true;
        }
        if (!obi_lines_expect(&p->lines, x->line, err) ||
            !obi_process_write(p, x->wire.body, err, &sent)) {
            return false;
        }
        if (!sent) {
            obi_lines_unexpect(&p->lines, x->line);
            return true;
        }
        x->blocks_out = 1;
        start_clock(p, x);
    }
    return true;
}

void obi_program_writable(obi_process *p)
{
    ob_client client = {p->program->core};
    ob_err err = {0};
    if (!send_waiting(p, &err)) {
        ob_client_abort(&client, &err);
        obi_after_events(p->program->core);
    }
}

static obi_process **slot_of(const ob_client_core *core, const obi_exchange *x)
{
    return &core->program->slots[x->call.lane % core->o.service->command.processes];
}

static bool ready(ob_client_core *core, obi_exchange *x, ob_err *err)
{
    obi_process **slot = slot_of(core, x);
    return *slot != NULL || obi_process_start(core->program, slot, err);
}

static bool start(ob_client_core *core, obi_exchange *x, ob_err *err)
{
    /* It may have ended since the attempt was told. */
    if (!ready(core, x, err)) {
        return false;
    }
    obi_process *p = *slot_of(core, x);
    obi_exchange **end = &p->exchanges;
    while (*end != NULL) {
        end = &(*end)->in_process;
    }
    *end = x;
    x->in_process = NULL;
    x->process = p;
    x->line_late = false;
    (void)snprintf(x->attempt.address, sizeof x->attempt.address, "%.*s",
                   OB_SHOW(core->o.service->address));
    start_clock(p, x);
    return send_waiting(p, err);
}

static void drop(ob_client_core *core, obi_exchange *x)
{
    obi_process *p = x->process;
    (void)core;
    if (p == NULL) {
        return;
    }
    obi_exchange **link = &p->exchanges;
    while (*link != x) {
        link = &(*link)->in_process;
    }
    *link = x->in_process;
    x->in_process = NULL;
    x->process = NULL;
    obi_lines_give_up(&p->lines, x->line);
    (void)uv_timer_stop(&x->timer);
}

/* Opening and closing */

/* Of the program's own path the last part is enough for a reason. */
static ob_span without_folders(ob_span words)
{
    size_t slash = 0;
    while ((slash = ob_span_find(words, OB_SPAN("/"), 0)) < ob_span_find(words, OB_SPAN(" "), 0)) {
        words = ob_span_sub(words, slash + 1, words.len);
    }
    return words;
}

static bool make_words(obi_program *program, ob_err *err)
{
    const ob_service_command *c = &program->core->o.service->command;
    program->words = OB_NEW(&program->core->arena, char *, c->words_count + 1, err);
    if (program->words == NULL) {
        return false;
    }
    for (size_t i = 0; i < c->words_count; i++) {
        ob_span copy = {0};
        if (!ob_arena_dup(&program->core->arena, c->words[i], &copy, err)) {
            return false;
        }
        program->words[i] = (char *)(uintptr_t)copy.ptr;
    }
    ob_span shown = program->core->o.service->address;
    shown = without_folders(ob_span_sub(shown, strlen("command:"), shown.len));
    (void)snprintf(program->name, sizeof program->name, "%.*s%s",
                   OB_SHOW(ob_span_sub(shown, 0, OBI_NAME - 4)),
                   shown.len >= OBI_NAME ? "..." : "");
    return true;
}

static bool named(const ob_service_command *c, ob_span name)
{
    for (size_t i = 0; i < c->environment_count; i++) {
        if (ob_span_is(c->environment[i].name, name)) {
            return true;
        }
    }
    return false;
}

static bool put_variable(obi_program *program, ob_span name, const ob_value *value,
                         const ob_vars *vars, char **out, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = OB_INPUT_FILE_MAX, .secret = true};
    ob_span copy = {0};
    ob_buf_add(&text, name);
    ob_buf_add_char(&text, '=');
    if (!obi_value(program->core, value, vars, OB_ESCAPE_NONE, false, &text, err) ||
        !ob_buf_check(&text, "a variable", err)) {
        return ob_wrap(err, "environment %.*s", OB_SHOW(ob_span_sub(name, 0, OB_QUOTE_MAX)));
    }
    if (memchr(text.ptr, '\0', text.len) != NULL) {
        return ob_fail(err, OB_ERR_INPUT, "environment %.*s: its value holds NUL",
                       OB_SHOW(ob_span_sub(name, 0, OB_QUOTE_MAX)));
    }
    if (!ob_arena_dup(&program->core->arena, ob_buf_span(&text), &copy, err)) {
        return false;
    }
    *out = (char *)(uintptr_t)copy.ptr;
    return true;
}

/* Few of ours, all that the file names. */
static bool make_environment(obi_program *program, ob_err *err)
{
    ob_client_core *core = program->core;
    const ob_service_command *c = &core->o.service->command;
    OB_AUTO(ob_arena) arena = {0};
    obi_exchange x = {.core = core, .call = {.kind = "start"}};
    ob_vars run = {.arena = &arena};
    ob_vars vars = {0};
    size_t count = 0;
    x.call.vars = &run;
    program->environment =
        OB_NEW(&core->arena, char *, c->environment_count + core->o.environment_count + 1, err);
    bool good = program->environment != NULL &&
                ob_vars_set(&run, OB_SPAN("run.id"), ob_span_str(core->o.run), false, err) &&
                obi_request_vars(core, &x, &vars, err);
    for (size_t i = 0; good && i < core->o.environment_count; i++) {
        const ob_var *ours = &core->o.environment[i];
        ob_span copy = {0};
        if (named(c, ours->name)) {
            continue;
        }
        good = ob_arena_printf(&core->arena, &copy, err, "%.*s=%.*s", OB_SHOW(ours->name),
                               OB_SHOW(ours->value));
        program->environment[count++] = (char *)(uintptr_t)copy.ptr;
    }
    for (size_t i = 0; good && i < c->environment_count; i++) {
        good = put_variable(program, c->environment[i].name, &c->environment[i].value, &vars,
                            &program->environment[count++], err);
    }
    ob_arena_fini(&x.arena);
    return good;
}

static bool program_open(ob_client_core *core, ob_err *err)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    unsigned processes = core->o.service->command.processes;
    obi_program *program = NULL;
    core->loopback = true;
    /* One at a time each: a program that answers several at once is known to its owner only. */
    core->usual_in_flight = processes;
    if (!ob_scope_check_command(core->o.scope, err)) {
        return false;
    }
    program = OB_NEW(&core->arena, obi_program, 1, err);
    if (program == NULL) {
        return false;
    }
    program->core = core;
    core->program = program;
    program->slots = OB_NEW(&core->arena, obi_process *, processes, err);
    /* A program that ends while it is written to must not end us. */
    program->pipe_ignored = sigaction(SIGPIPE, &ignore, &program->old_pipe) == 0;
    return program->slots != NULL && make_words(program, err) && make_environment(program, err);
}

static void program_close(ob_client_core *core)
{
    obi_program *program = core->program;
    if (program == NULL) {
        return;
    }
    for (size_t i = 0; program->slots != NULL && i < core->o.service->command.processes; i++) {
        if (program->slots[i] != NULL) {
            obi_process_end(program->slots[i], false);
        }
    }
    if (program->pipe_ignored) {
        (void)sigaction(SIGPIPE, &program->old_pipe, NULL);
    }
}

const obi_transport obi_transport_program = {
    .open = program_open,
    .close = program_close,
    .build = obi_command_build,
    .ready = ready,
    .start = start,
    .drop = drop,
};
