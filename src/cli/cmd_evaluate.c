/* SPDX-License-Identifier: Apache-2.0 */
/* ombud evaluate: a live service against the catalogue. */
#include "cli/cli.h"

#include "cli/evaluate_plan.h"
#include "cli/init.h"
#include "cli/judge_files.h"
#include "cli/scan.h"
#include "drive/driver.h"
#include "evaluate/run.h"
#include "evaluate/try.h"
#include "report/report.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

/* Progress */

typedef struct progress_line {
    bool live; /* a terminal: one line, rewritten */
    bool quiet;
    bool shown;
    unsigned tenth; /* plain: last tenth told */
} progress_line;

static bool is_live(void)
{
    const char *term = getenv("TERM"); /* NOLINT(concurrency-mt-unsafe): one thread */
    return isatty(STDERR_FILENO) == 1 && (term == NULL || strcmp(term, "dumb") != 0);
}

static void erase(progress_line *line)
{
    if (line->shown) {
        (void)fputs("\r\x1b[K", stderr);
        line->shown = false;
    }
}

static void on_progress(void *ctx, const ob_progress *p)
{
    progress_line *line = ctx;
    char eta[32] = "";
    if (line->quiet) {
        return;
    }
    if (p->eta_s >= 0 && p->undecided > 0) {
        unsigned long seconds = (unsigned long)(p->eta_s + 0.5);
        (void)snprintf(eta, sizeof eta, "  eta %02lu:%02lu", seconds / 60, seconds % 60);
    }
    if (line->live) {
        char text[128];
        (void)snprintf(text, sizeof text,
                       "evaluate  %zu of %zu undecided  %llu trials  %llu hits  %llu requests "
                       "left%s",
                       p->undecided, p->families, (unsigned long long)p->trials,
                       (unsigned long long)p->hits, (unsigned long long)p->left, eta);
        /* A line that goes on below the next one could not be erased. */
        (void)fprintf(stderr, "\r\x1b[K%.*s", (int)ob_cli_width(STDERR_FILENO) - 1, text);
        line->shown = true;
        return;
    }
    uint64_t all = p->requests + p->left;
    unsigned tenth = all == 0 ? 0 : (unsigned)(p->requests * 10 / all);
    if (tenth > line->tenth) {
        line->tenth = tenth;
        (void)fprintf(stderr, "evaluate  %u %%  %zu of %zu undecided  %llu trials  %llu hits%s\n",
                      tenth * 10, p->undecided, p->families, (unsigned long long)p->trials,
                      (unsigned long long)p->hits, eta);
    }
}

/* Who runs it: the account's name, as a record and not as a proof. */
static const char *user_name(void)
{
    const struct passwd *entry = getpwuid(getuid()); /* NOLINT(concurrency-mt-unsafe): one thread */
    return entry == NULL ? "unknown" : entry->pw_name;
}

typedef struct work {
    const ob_cli_evaluation *v;
    ob_arena arena;
    ob_service service;
    ob_scope scope;
    ob_catalogue catalogue;
    ob_cli_judge judge;
    ob_store store;
    ob_detector *detector;
    ob_run_options options;
    ob_span only[OB_CLI_IDS_MAX];
    ob_span except[OB_CLI_IDS_MAX];
    ob_log log;
    ob_log told; /* log, with the line of progress out of its way */
    progress_line line;
    bool sent;
} work;

static void on_message(void *ctx, ob_log_level level, const char *event, const char *fields)
{
    work *w = ctx;
    erase(&w->line);
    w->log.sink(w->log.ctx, level, event, fields);
}

static bool read_ids(work *w, ob_err *err)
{
    w->options.only = w->only;
    w->options.except = w->except;
    return ob_cli_ids(w->v->args, "only", w->only, &w->options.only_count, err) &&
           ob_cli_ids(w->v->args, "except", w->except, &w->options.except_count, err);
}

static bool load_catalogue(work *w, const char *folder, ob_catalogue_from *from, ob_err *err)
{
    const char *profile = ob_args_text(w->v->args, "profile");
    from->folder = folder;
    from->profile = profile != NULL              ? ob_span_str(profile)
                    : w->service.profile.len > 0 ? w->service.profile
                                                 : OB_SPAN("ics");
    ob_span there = {0};
    if (!ob_arena_printf(&w->arena, &there, err, "%s/%.*s", folder, OB_SHOW(from->profile))) {
        return false;
    }
    if (profile == NULL && access(there.ptr, F_OK) != 0) {
        return ob_yaml_fail(&w->service.doc, ob_yaml_get(w->service.doc.root, "profile"), err,
                            "there is no profile '%.*s' in %.80s; 'ics' is that of customer "
                            "services",
                            OB_SHOW(ob_span_sub(from->profile, 0, 40)), folder);
    }
    return ob_catalogue_load(&w->catalogue, &w->arena, from, err);
}

static bool load(work *w, ob_err *err)
{
    const ob_cli_evaluation *v = w->v;
    ob_catalogue_from from = {0};
    ob_span folder = {0};
    uint64_t level = 1;
    uint64_t minutes = 0;
    uint64_t in_flight = 0;
    if (!ob_service_load(&w->service, &w->arena, v->service_path, err) ||
        (v->scope_path != NULL && !ob_scope_load(&w->scope, &w->arena, v->scope_path, err)) ||
        !ob_cli_catalogue(v->args, &w->arena, &folder, err) ||
        !ob_cli_packs(v->args, &w->arena, &from, err) ||
        !load_catalogue(w, folder.ptr, &from, err) ||
        !ob_cli_environment(&w->arena, &w->options.environment, &w->options.environment_count,
                            err) ||
        !ob_cli_secrets(v->args, &w->arena, &w->service, v->secret, &w->options.secrets, err) ||
        !ob_cli_judge_load(v->args, &w->arena, &w->judge, &w->options, err) ||
        !ob_args_number(v->args, "level", 1, 3, &level, err) ||
        !ob_args_number(v->args, "max-requests", 1, UINT64_MAX, &w->options.max_requests, err) ||
        !ob_args_number(v->args, "max-minutes", 1, 1000000, &minutes, err) ||
        !ob_args_number(v->args, "in-flight", 1, 10000, &in_flight, err) ||
        !ob_args_real(v->args, "rate", 0.001, 1e6, &w->options.rate, err) || !read_ids(w, err)) {
        return false;
    }
    w->options.catalogue = &w->catalogue;
    w->options.service = &w->service;
    w->options.service_path = ob_span_str(v->service_path);
    w->options.scope = &w->scope;
    w->options.level = (unsigned)level;
    w->options.seed = ob_span_str(v->seed != NULL ? v->seed : ob_args_text(v->args, "seed"));
    w->options.operator_ = ob_span_str(user_name());
    w->options.max_ms = minutes * 60000;
    w->options.in_flight = (unsigned)in_flight;
    w->options.keep_raw = ob_args_flag(w->v->args, "keep-raw");
    w->told = (ob_log){.level = w->log.level, .sink = on_message, .ctx = w};
    w->options.log = &w->told;
    return true;
}

/* --try */

static int print_try(work *w)
{
    ob_err err = {0};
    OB_AUTO(ob_buf) out = {.max = OB_REPORT_MAX};
    bool all_good = false;
    bool tried = ob_try(&w->options, &out, &all_good, &err);
    if (out.len > 0) {
        (void)fwrite(out.ptr, 1, out.len, stdout);
    }
    if (!tried) {
        return ob_cli_fail(&err, out.len > 0);
    }
    return all_good ? OB_EXIT_OK : OB_EXIT_UNDECIDED;
}

/* The run */

static bool find_resumed(work *w, char id[40], ob_err *err)
{
    ob_run_info *runs = NULL;
    size_t count = 0;
    if (!ob_store_runs(&w->store, &w->arena, &runs, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(runs[i].state, "finished") != 0 &&
            ob_span_is_str(runs[i].service_path, w->v->service_path)) {
            (void)memcpy(id, runs[i].id, 40);
            return true;
        }
    }
    return ob_fail(err, OB_ERR_USAGE, "%s holds no unfinished run of %s", w->v->store_path,
                   w->v->service_path);
}

#define REPORTS 4

typedef struct wanted {
    const char *id;
    const char *path; /* or NULL */
} wanted;

static void list_wanted(const work *w, wanted list[REPORTS])
{
    list[0] = (wanted){"html", w->v->html_path};
    list[1] = (wanted){"json", w->v->json_path};
    list[2] = (wanted){"junit", w->v->junit_path};
    list[3] = (wanted){"markdown", w->v->markdown_path};
}

/* What would only show at the end of a run is asked before it. */
static bool check_reports(const work *w, ob_err *err)
{
    wanted list[REPORTS];
    list_wanted(w, list);
    for (size_t i = 0; i < REPORTS; i++) {
        if (!ob_cli_writable(list[i].path, err)) {
            return false;
        }
        for (size_t k = 0; k < i; k++) {
            if (list[i].path != NULL && list[k].path != NULL &&
                strcmp(list[i].path, list[k].path) == 0 && strncmp(list[i].path, "/dev/", 5) != 0) {
                return ob_fail(err, OB_ERR_USAGE, "--%s and --%s both write %.100s; name two files",
                               list[k].id, list[i].id, list[i].path);
            }
        }
    }
    return true;
}

static bool write_report(const wanted *report, const ob_summary *summary, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = OB_REPORT_MAX};
    const ob_report_writer *writer = ob_report_writer_find(ob_span_str(report->id));
    if (OB_NEVER(writer == NULL)) {
        return ob_fail(err, OB_ERR_BUG, "no writer for %s", report->id);
    }
    return writer->write(summary, &text, err) && ob_buf_check(&text, "the report", err) &&
           ob_cli_write(report->path, ob_buf_span(&text), err);
}

/* One that cannot be written does not keep the others from it. */
static bool write_reports(work *w, const ob_summary *summary, ob_err *err)
{
    wanted list[REPORTS];
    bool good = true;
    list_wanted(w, list);
    for (size_t i = 0; i < REPORTS; i++) {
        ob_err why = {0};
        if (list[i].path == NULL || write_report(&list[i], summary, &why)) {
            continue;
        }
        ob_cli_say(w->v->args,
                   "the run is kept; write this report with 'ombud report %s --format "
                   "%s --out FILE --store %s'",
                   summary->run.id, list[i].id, w->v->store_path);
        *err = good ? why : *err;
        good = false;
    }
    return good;
}

static bool tell(work *w, const ob_summary *summary, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = OB_REPORT_MAX};
    /* Standard output is the report's when it goes there. */
    bool taken = ob_cli_is_stdout(w->v->json_path) || ob_cli_is_stdout(w->v->junit_path) ||
                 ob_cli_is_stdout(w->v->markdown_path) || ob_cli_is_stdout(w->v->html_path);
    int fd = taken ? STDERR_FILENO : STDOUT_FILENO;
    ob_terminal_style style = {.width = ob_cli_width(fd), .colour = ob_cli_colour(w->v->args, fd)};
    if (!ob_report_terminal(summary, &style, &text, err) ||
        !ob_buf_check(&text, "the summary", err)) {
        return false;
    }
    (void)fwrite(text.ptr, 1, text.len, taken ? stderr : stdout);
    (void)fflush(stdout);
    return true;
}

static int run(work *w)
{
    ob_err err = {0};
    char resumed[40];
    ob_run_result result = {0};
    ob_summary summary = {0};
    if (!check_reports(w, &err) || !ob_cli_detector(w->v->args, NULL, &w->detector, &err) ||
        !ob_store_open(&w->store, w->v->store_path, false, &err) ||
        !ob_cli_signals(&w->options.stop_fd, &err)) {
        return ob_cli_fail(&err, false);
    }
    w->options.detector = w->detector;
    w->options.store = &w->store;
    if (w->v->resume) {
        if (!find_resumed(w, resumed, &err)) {
            return ob_cli_fail(&err, false);
        }
        w->options.resume = resumed;
    }
    w->line.quiet = ob_args_flag(w->v->args, "quiet");
    w->line.live = is_live();
    w->options.progress = on_progress;
    w->options.progress_ctx = &w->line;
    ob_cli_say(w->v->args, "evaluating %.*s at %.*s, evidence in %s", OB_SHOW(w->service.title),
               OB_SHOW(w->service.address), w->v->store_path);
    bool good = ob_run_execute(&w->options, &result, &err);
    erase(&w->line);
    if (!good) {
        bool begun = result.requests > 0;
        int status = ob_cli_fail(&err, begun);
        if (begun) {
            ob_cli_say(w->v->args, "run %s is kept in %s; go on with --resume", result.id,
                       w->v->store_path);
        }
        return status;
    }
    if (!ob_summary_load(&summary, &w->arena, &w->store, result.id, &err) ||
        !tell(w, &summary, &err) || !write_reports(w, &summary, &err)) {
        return ob_cli_fail(&err, true);
    }
    if (result.interrupted) {
        ob_cli_say(w->v->args, "run %s is not finished; go on with --resume", result.id);
    }
    int fail_on = ob_text_index(ob_span_str(ob_args_text(w->v->args, "fail-on")), ob_severity_names,
                                OB_SEVERITIES);
    return ob_cli_status(&summary, fail_on < 0 ? OB_SEV_LOW : (ob_severity)fail_on);
}

int ob_cli_evaluate(const ob_cli_evaluation *evaluation)
{
    ob_err err = {0};
    work w = {.v = evaluation, .log = ob_cli_log(evaluation->args)};
    const char *fail_on = ob_args_text(evaluation->args, "fail-on");
    int status = OB_EXIT_OK;
    if (fail_on != NULL &&
        ob_text_index(ob_span_str(fail_on), ob_severity_names, OB_SEVERITIES) < 0) {
        (void)ob_fail(&err, OB_ERR_USAGE, "--fail-on takes low, medium, high or critical");
        return ob_cli_usage("evaluate", &err);
    }
    if (!load(&w, &err)) {
        status = ob_cli_fail(&err, false);
    } else if (evaluation->dry_run) {
        status =
            obi_evaluate_plan(&w.options, &w.arena, &err) ? OB_EXIT_OK : ob_cli_fail(&err, false);
    } else if (evaluation->try_it) {
        status = print_try(&w);
    } else {
        status = run(&w);
    }
    ob_store_close(&w.store);
    ob_detector_free(w.detector);
    ob_arena_fini(&w.arena);
    return status;
}

static int print_init(const ob_args *args)
{
    ob_err err = {0};
    OB_AUTO(ob_buf) out = {.max = 65536};
    if (args->words_count > 0) {
        (void)ob_fail(&err, OB_ERR_USAGE, "--init prints to standard output; write > %.60s",
                      args->words[0]);
        return ob_cli_usage("evaluate", &err);
    }
    if (!ob_init_write(ob_args_text(args, "init"), ob_clock_wall_ms(), &out, &err) ||
        !ob_cli_write("-", ob_buf_span(&out), &err)) {
        return ob_cli_fail(&err, false);
    }
    return OB_EXIT_OK;
}

static int run_command(const ob_args *args)
{
    ob_err err = {0};
    if (ob_args_text(args, "init") != NULL) {
        return print_init(args);
    }
    if (args->words_count != 1) {
        (void)ob_fail(&err, OB_ERR_USAGE,
                      args->words_count == 0 ? "name a service file; --init json prints one to "
                                               "begin with"
                                             : "name one service file only");
        return ob_cli_usage("evaluate", &err);
    }
    ob_cli_evaluation evaluation = {.args = args,
                                    .service_path = args->words[0],
                                    .scope_path = ob_args_text(args, "scope"),
                                    .store_path = ob_args_text(args, "store"),
                                    .html_path = ob_args_text(args, "html"),
                                    .json_path = ob_args_text(args, "json"),
                                    .junit_path = ob_args_text(args, "junit"),
                                    .markdown_path = ob_args_text(args, "markdown"),
                                    .resume = ob_args_flag(args, "resume"),
                                    .dry_run = ob_args_flag(args, "dry-run"),
                                    .try_it = ob_args_flag(args, "try")};
    return ob_cli_evaluate(&evaluation);
}

static const ob_option options[] = {
    {"calibration", OB_OPTION_TEXT, false, "FILE", NULL, "of the judge [JUDGE.calibration.json]",
     NULL},
    {"catalogue", OB_OPTION_TEXT, false, "DIR", NULL, "folder of catalogues", NULL},
    {"dry-run", OB_OPTION_FLAG, false, NULL, NULL,
     "print the plan and first requests; send nothing", NULL},
    {"except", OB_OPTION_TEXT, true, "ID,...", NULL,
     "procedures, evaluations or requirements to leave out", NULL},
    {"fail-on", OB_OPTION_TEXT, false, "low|medium|high|critical", "low",
     "least severity of a FAIL that gives status 1", NULL},
    {"html", OB_OPTION_TEXT, false, "FILE", NULL, "write the report as one HTML file", NULL},
    {"in-flight", OB_OPTION_NUMBER, false, "N", NULL, "most exchanges at once [16; 4 off loopback]",
     NULL},
    {"init", OB_OPTION_TEXT, false, OB_INIT_WORDS, NULL, "print a file to begin with; send nothing",
     NULL},
    {"inputs", OB_OPTION_TEXT, true, "DIR", NULL, "folder of your own inputs", NULL},
    {"json", OB_OPTION_TEXT, false, "FILE", NULL, "write the report as JSON (- is standard output)",
     NULL},
    {"judge", OB_OPTION_TEXT, false, "FILE", NULL, "a calibrated judge of wording", NULL},
    {"junit", OB_OPTION_TEXT, false, "FILE", NULL, "write the report as JUnit XML", NULL},
    {"keep-raw", OB_OPTION_FLAG, false, NULL, NULL, "store personal data and secrets as they come",
     NULL},
    {"level", OB_OPTION_NUMBER, false, "1|2|3", "1", "requirements: 1 basic, 2 enhanced, 3 high",
     NULL},
    {"markdown", OB_OPTION_TEXT, false, "FILE", NULL, "write the report as Markdown", NULL},
    {"max-minutes", OB_OPTION_NUMBER, false, "N", NULL, "stop after N minutes", NULL},
    {"max-requests", OB_OPTION_NUMBER, false, "N", NULL, "stop after N requests", "budget"},
    {"only", OB_OPTION_TEXT, true, "ID,...", NULL, "procedures, evaluations or requirements", NULL},
    {"procedures", OB_OPTION_TEXT, true, "DIR", NULL, "folder of further procedures", NULL},
    {"profile", OB_OPTION_TEXT, false, "NAME", NULL, "catalogue to use [of the service file]",
     NULL},
    {"rate", OB_OPTION_REAL, false, "N", NULL, "most requests a second [2 off loopback]", NULL},
    {"resume", OB_OPTION_FLAG, false, NULL, NULL, "go on with the latest unfinished run", NULL},
    {"scope", OB_OPTION_TEXT, false, "FILE", NULL, "the owner's written permission", NULL},
    {"secret", OB_OPTION_TEXT, true, "NAME=@FILE", NULL, "a secret that the service file names",
     NULL},
    {"seed", OB_OPTION_TEXT, false, "TEXT", NULL, "seed of all choices [random]", NULL},
    {"store", OB_OPTION_TEXT, false, "FILE", "ombud.db", "evidence store", NULL},
    {"try", OB_OPTION_FLAG, false, NULL, NULL, "one harmless exchange; show what is extracted",
     NULL},
};

const ob_command ob_command_evaluate = {
    .name = "evaluate",
    .purpose = "test a live customer service and give verdicts with evidence",
    .usage = "  ombud evaluate SERVICE.yaml [options]\n"
             "  ombud evaluate --init json > service.yaml\n",
    .examples = "  ombud evaluate service.yaml --dry-run\n"
                "  ombud evaluate service.yaml --scope scope.yaml --html report.html\n"
                "  ombud evaluate service.yaml --scope scope.yaml --resume\n",
    .options = options,
    .options_count = OB_COUNT(options),
    .notes = "Limits of one exchange, set under limits: in the service file [default]:\n"
             "  connect [5s]  first_byte [30s]  total [60s]  reply_size [4MiB]\n"
             "  retries [2, before the first byte only]  on_429 [wait]\n"
             "Off loopback also: 2 requests/s, 4 in flight, 5,000 requests.\n"
             "\n"
             "Exit status: 0 all PASS, 1 a FAIL, 2 wrong usage, input or scope (nothing\n"
             "was sent), 3 not finished or not decided, 4 a fault of ombud.\n",
    .run = run_command,
};
