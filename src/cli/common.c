/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

int ob_cli_fail(const ob_err *err, bool sent)
{
    (void)fflush(stdout);
    (void)fprintf(stderr, "ombud: %s\n", err->text);
    switch (err->kind) {
    case OB_ERR_BUG:
    case OB_ERR_NOMEM:
        (void)fprintf(stderr, "ombud: this is our own fault, at %s; please report it\n",
                      err->where == NULL ? "?" : err->where);
        return OB_EXIT_BUG;
    case OB_ERR_USAGE:
    case OB_ERR_INPUT:
    case OB_ERR_SCOPE:
        return sent ? OB_EXIT_UNDECIDED : OB_EXIT_USAGE;
    case OB_ERR_IO:
    case OB_ERR_STORE:
    case OB_ERR_LIMIT:
        return sent ? OB_EXIT_UNDECIDED : OB_EXIT_USAGE;
    case OB_ERR_PEER:
    case OB_ERR_TIMEOUT:
    case OB_ERR_CANCELLED:
        return OB_EXIT_UNDECIDED;
    case OB_OK:
        break;
    }
    return OB_EXIT_BUG;
}

int ob_cli_usage(const char *command, const ob_err *err)
{
    (void)fprintf(stderr, "ombud: %s; try 'ombud %s%s--help'\n", err->text,
                  command == NULL ? "" : command, command == NULL ? "" : " ");
    return OB_EXIT_USAGE;
}

void ob_cli_say(const ob_args *args, const char *format, ...)
{
    va_list values;
    if (ob_args_flag(args, "quiet")) {
        return;
    }
    va_start(values, format);
    (void)vfprintf(stderr, format, values);
    va_end(values);
    (void)fputc('\n', stderr);
}

bool ob_cli_colour(const ob_args *args, int fd)
{
    const char *when = ob_args_text(args, "color");
    const char *term = getenv("TERM");          /* NOLINT(concurrency-mt-unsafe): one thread */
    const char *no_colour = getenv("NO_COLOR"); /* NOLINT(concurrency-mt-unsafe): one thread */
    if (strcmp(when, "always") == 0) {
        return true;
    }
    return strcmp(when, "never") != 0 && isatty(fd) == 1 &&
           (no_colour == NULL || *no_colour == '\0') && (term == NULL || strcmp(term, "dumb") != 0);
}

unsigned ob_cli_width(int fd)
{
    struct winsize size = {0};
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) {
        return size.ws_col > 100 ? 100 : size.ws_col;
    }
    return 80;
}

static const char *const level_names[] = {"error", "warn", "info", "debug"};

static void log_text(void *ctx, ob_log_level level, const char *event, const char *fields)
{
    (void)ctx;
    (void)fprintf(stderr, "%s %s %s\n", level_names[level], event, fields);
}

static void log_json(void *ctx, ob_log_level level, const char *event, const char *fields)
{
    OB_AUTO(ob_buf) line = {.max = 8192};
    (void)ctx;
    ob_buf_add_str(&line, "{\"level\":");
    ob_buf_add_json(&line, ob_span_str(level_names[level]));
    ob_buf_add_str(&line, ",\"event\":");
    ob_buf_add_json(&line, ob_span_str(event));
    ob_buf_add_str(&line, ",\"fields\":");
    ob_buf_add_json(&line, ob_span_str(fields));
    ob_buf_add_str(&line, "}\n");
    (void)fwrite(line.ptr, 1, line.len, stderr);
}

ob_log ob_cli_log(const ob_args *args)
{
    bool json = strcmp(ob_args_text(args, "log"), "json") == 0;
    ob_log_level level = ob_args_flag(args, "quiet")     ? OB_LOG_ERROR
                         : ob_args_flag(args, "verbose") ? OB_LOG_DEBUG
                                                         : OB_LOG_WARN;
    return (ob_log){.level = level, .sink = json ? log_json : log_text};
}

/* Secrets */

static bool read_secret_file(ob_arena *arena, const char *path, ob_span *value, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = 65536};
    if (!ob_file_read(path, &text, err)) {
        return false;
    }
    ob_span trimmed = ob_buf_span(&text);
    while (trimmed.len > 0 &&
           (trimmed.ptr[trimmed.len - 1] == '\n' || trimmed.ptr[trimmed.len - 1] == '\r')) {
        trimmed.len--;
    }
    bool good = ob_arena_dup(arena, trimmed, value, err);
    ob_wipe(text.ptr, text.len);
    return good;
}

static bool find_secret(const ob_args *args, ob_arena *arena, ob_span file, ob_span name,
                        ob_span *value, ob_err *err)
{
    for (size_t i = 0; i < ob_args_count(args, "secret"); i++) {
        ob_span rest = ob_span_str(ob_args_nth(args, "secret", i));
        ob_span given = {0};
        if (!ob_span_cut(&rest, '=', &given) || rest.len < 2 || rest.ptr[0] != '@') {
            return ob_fail(err, OB_ERR_USAGE,
                           "--secret is like NAME=@FILE: values never stand on the "
                           "command line");
        }
        if (ob_span_is(given, name)) {
            return read_secret_file(arena, rest.ptr + 1, value, err) &&
                   (value->len > 0 || ob_fail(err, OB_ERR_USAGE, "the secret %.*s is empty in %s",
                                              OB_SHOW(name), rest.ptr + 1));
        }
    }
    char variable[128];
    (void)snprintf(variable, sizeof variable, "OMBUD_SECRET_%.*s",
                   OB_SHOW(ob_span_sub(name, 0, 100)));
    const char *found = getenv(variable); /* NOLINT(concurrency-mt-unsafe): one thread */
    if (found == NULL || *found == '\0') {
        return ob_fail(err, OB_ERR_USAGE,
                       "%.*s asks for the secret %.*s; give --secret %.*s=@FILE or set %s",
                       OB_SHOW(ob_span_sub(file, file.len > 80 ? file.len - 80 : 0, file.len)),
                       OB_SHOW(name), OB_SHOW(name), variable);
    }
    return ob_arena_dup(arena, ob_span_str(found), value, err);
}

bool ob_cli_secrets(const ob_args *args, ob_arena *arena, const ob_service *service,
                    const ob_var *extra, ob_secrets *secrets, ob_err *err)
{
    const ob_span *names = NULL;
    size_t count = 0;
    if (!ob_service_secret_names(service, arena, &names, &count, err)) {
        return false;
    }
    ob_var *items = OB_NEW(arena, ob_var, count, err);
    for (size_t i = 0; items != NULL && i < count; i++) {
        items[i] = (ob_var){.name = names[i], .secret = true};
        if (extra != NULL && ob_span_is(extra->name, names[i])) {
            items[i].value = extra->value;
        } else if (!find_secret(args, arena, service->doc.name, names[i], &items[i].value, err)) {
            return false;
        }
    }
    *secrets = (ob_secrets){items, count};
    return items != NULL;
}

/* Where data lie */

static bool is_folder(const char *path)
{
    struct stat info = {0};
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

bool ob_cli_catalogue(const ob_args *args, ob_arena *arena, ob_span *folder, ob_err *err)
{
    const char *given = ob_args_text(args, "catalogue");
    char self[4096];
    if (given != NULL) {
        return ob_arena_dup(arena, ob_span_str(given), folder, err);
    }
    /* A program in out/VARIANT/ of the sources uses the catalogue beside it. */
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length > 0) {
        self[length] = '\0';
        for (int up = 0; up < 3 && strrchr(self, '/') != NULL; up++) {
            *strrchr(self, '/') = '\0';
        }
        if (!ob_arena_printf(arena, folder, err, "%s/catalogue", self)) {
            return false;
        }
        if (is_folder(folder->ptr)) {
            return true;
        }
    }
    if (!ob_arena_dup(arena, OB_SPAN(OB_DATADIR "/catalogue"), folder, err)) {
        return false;
    }
    return is_folder(folder->ptr) ||
           ob_fail(err, OB_ERR_INPUT, "no catalogue at %s; name one with --catalogue DIR",
                   folder->ptr);
}

static const char **folders_of(const ob_args *args, const char *name, ob_arena *arena,
                               size_t *count, ob_err *err)
{
    *count = ob_args_count(args, name);
    const char **folders = OB_NEW(arena, const char *, *count, err);
    for (size_t i = 0; folders != NULL && i < *count; i++) {
        folders[i] = ob_args_nth(args, name, i);
        if (!is_folder(folders[i])) {
            (void)ob_fail(err, OB_ERR_USAGE, "--%s: %.100s is no folder", name, folders[i]);
            return NULL;
        }
    }
    return folders;
}

bool ob_cli_packs(const ob_args *args, ob_arena *arena, ob_catalogue_from *from, ob_err *err)
{
    from->packs = folders_of(args, "procedures", arena, &from->packs_count, err);
    if (from->packs == NULL) {
        return false;
    }
    from->inputs.items = folders_of(args, "inputs", arena, &from->inputs.count, err);
    return from->inputs.items != NULL;
}

bool ob_cli_folder(char *made, size_t size, const char *name, ob_err *err)
{
    const char *base = getenv("TMPDIR"); /* NOLINT(concurrency-mt-unsafe): one thread */
    int length =
        snprintf(made, size, "%s/%s-XXXXXX", base == NULL || *base == '\0' ? "/tmp" : base, name);
    if (length < 0 || (size_t)length >= size) {
        made[0] = '\0';
        return ob_fail(err, OB_ERR_USAGE, "the path in TMPDIR is too long");
    }
    if (mkdtemp(made) == NULL) {
        (void)ob_fail_errno(err, errno, "cannot make the folder %s", made);
        made[0] = '\0'; /* nothing to take away */
        return false;
    }
    return true;
}

bool ob_cli_is_stdout(const char *path)
{
    return path != NULL && (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0);
}

bool ob_cli_writable(const char *path, ob_err *err)
{
    struct stat info = {0};
    OB_AUTO(ob_buf) folder = {.max = 4096};
    if (path == NULL || ob_cli_is_stdout(path)) {
        return true;
    }
    bool there = stat(path, &info) == 0;
    if (there && S_ISDIR(info.st_mode)) {
        return ob_fail(err, OB_ERR_USAGE, "cannot write %.150s: it is a folder; name a file", path);
    }
    const char *slash = strrchr(path, '/');
    ob_buf_add(&folder, slash == NULL ? OB_SPAN(".")
                                      : ob_span_sub(ob_span_str(path), 0,
                                                    slash == path ? 1 : (size_t)(slash - path)));
    ob_buf_add(&folder, (ob_span){"", 1});
    if (!ob_buf_check(&folder, "the name of a file", err)) {
        return false;
    }
    /* A file is replaced, which its folder has to allow; a device is written to. */
    if (access(there && !S_ISREG(info.st_mode) ? path : folder.ptr, W_OK) != 0) {
        return ob_fail_errno(err, errno, "cannot write %.150s", path);
    }
    return true;
}

bool ob_cli_write(const char *path, ob_span text, ob_err *err)
{
    if (!ob_cli_is_stdout(path)) {
        return ob_file_write(path, text, 0644, err);
    }
    if (fwrite(text.ptr, 1, text.len, stdout) != text.len || fflush(stdout) != 0) {
        int code = errno;
        clearerr(stdout); /* told here, and not once more at the end of the program */
        return ob_fail_errno(err, code, "cannot write to standard output");
    }
    return true;
}

bool ob_cli_environment(ob_arena *arena, const ob_var **items, size_t *count, ob_err *err)
{
    static const char *const names[] = {"PATH",   "HOME",     "USER", "LOGNAME", "LANG",
                                        "LC_ALL", "LC_CTYPE", "TZ",   "TMPDIR"};
    ob_var *list = OB_NEW(arena, ob_var, OB_COUNT(names), err);
    size_t used = 0;
    for (size_t i = 0; list != NULL && i < OB_COUNT(names); i++) {
        const char *value = getenv(names[i]); /* NOLINT(concurrency-mt-unsafe): one thread */
        if (value != NULL) {
            list[used++] = (ob_var){ob_span_str(names[i]), ob_span_str(value), false};
        }
    }
    *items = list;
    *count = used;
    return list != NULL;
}

/* Signals: the handler writes one byte; the second signal acts as if there were no handler. */

static volatile sig_atomic_t signal_fd = -1;

static void on_signal(int number)
{
    int code = errno;
    if (write(signal_fd, "s", 1) != 1) {
        _exit(OB_EXIT_UNDECIDED);
    }
    (void)signal(number, SIG_DFL);
    errno = code;
}

bool ob_cli_signals(int *fd, ob_err *err)
{
    int ends[2];
    struct sigaction action = {.sa_handler = on_signal};
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        return ob_fail_errno(err, errno, "cannot make a pipe");
    }
    signal_fd = ends[1];
    if (sigaction(SIGINT, &action, NULL) != 0 || sigaction(SIGTERM, &action, NULL) != 0 ||
        signal(SIGPIPE, SIG_IGN) == SIG_ERR) {
        return ob_fail_errno(err, errno, "cannot catch signals");
    }
    *fd = ends[0];
    return true;
}

int ob_cli_status(const ob_summary *summary, ob_severity fail_on)
{
    bool undecided = summary->run.ended_ms == 0 || strcmp(summary->run.state, "finished") != 0;
    bool failed = false;
    for (size_t i = 0; i < summary->procedures_count; i++) {
        failed = failed || (summary->procedures[i].outcome == OB_FAIL &&
                            summary->procedures[i].severity >= fail_on);
    }
    if (failed) {
        return OB_EXIT_FOUND;
    }
    return undecided || summary->outcome != OB_PASS ? OB_EXIT_UNDECIDED : OB_EXIT_OK;
}

bool ob_cli_fail_on(const ob_args *args, ob_severity *severity, ob_err *err)
{
    const char *given = ob_args_text(args, "fail-on");
    int found = ob_text_index(ob_span_str(given), ob_severity_names, OB_SEVERITIES);
    if (found < 0) {
        return ob_fail(err, OB_ERR_USAGE, "--fail-on takes low, medium, high or critical");
    }
    *severity = (ob_severity)found;
    return true;
}

bool ob_cli_ids(const ob_args *args, const char *option, ob_span ids[OB_CLI_IDS_MAX], size_t *count,
                ob_err *err)
{
    size_t found = 0;
    for (size_t i = 0; i < ob_args_count(args, option); i++) {
        ob_span rest = ob_span_str(ob_args_nth(args, option, i));
        ob_span id;
        if (rest.len == 0) {
            return ob_fail(err, OB_ERR_USAGE, "--%s names no id; leave it out to take all", option);
        }
        while (ob_span_cut(&rest, ',', &id)) {
            if (found == OB_CLI_IDS_MAX) {
                return ob_fail(err, OB_ERR_USAGE, "--%s takes at most %d ids", option,
                               OB_CLI_IDS_MAX);
            }
            ids[found++] = ob_span_trim(id);
        }
    }
    *count = found;
    return true;
}
