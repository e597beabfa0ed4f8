/* SPDX-License-Identifier: Apache-2.0 */
/* ombud report: the report of a stored run, the list of runs, the check of the evidence chain. */
#include "cli/cli.h"
#include "report/report.h"

#include <unistd.h>

static int list_runs(ob_store *store, ob_arena *arena)
{
    ob_err err = {0};
    ob_run_info *runs = NULL;
    size_t count = 0;
    if (!ob_store_runs(store, arena, &runs, &count, &err)) {
        return ob_cli_fail(&err, false);
    }
    for (size_t i = 0; i < count; i++) {
        char started[32];
        OB_AUTO(ob_buf) title = {.max = 4096};
        ob_time_format(runs[i].started_ms, started);
        ob_buf_add_shown(&title, runs[i].service, 60);
        (void)printf("%-24s %.19sZ %-12s %8llu records  %s\n", runs[i].id, started, runs[i].state,
                     (unsigned long long)runs[i].records, title.ptr == NULL ? "" : title.ptr);
    }
    if (count == 0) {
        (void)fputs("no runs\n", stdout);
    }
    return OB_EXIT_OK;
}

static int verify(ob_store *store, const char *path)
{
    ob_err err = {0};
    OB_AUTO(ob_buf) json = {.max = OB_REPORT_MAX};
    OB_AUTO(ob_buf) message = {.max = 8192};
    OB_AUTO(ob_buf) figures = {.max = 8192};
    bool good = false;
    if (!ob_file_read(path, &json, &err)) {
        return ob_cli_fail(&err, false);
    }
    if (!ob_report_verify(store, ob_buf_span(&json), &message, &good, &err) ||
        (good && !ob_report_verify_figures(store, ob_buf_span(&json), &figures, &good, &err))) {
        (void)ob_wrap(&err, "--verify %.150s", path);
        return ob_cli_fail(&err, false);
    }
    (void)printf("%.*s\n", OB_SHOW(ob_buf_span(figures.len > 0 ? &figures : &message)));
    return good ? OB_EXIT_OK : OB_EXIT_FOUND;
}

/* The word "verdict" among the ids of --only stands for a format. */
static bool take_verdict(ob_span *ids, size_t *count)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if (!ob_span_is_str(ids[i], "verdict")) {
            ids[kept++] = ids[i];
        }
    }
    bool found = kept < *count;
    *count = kept;
    return found;
}

/* text is the default; terminal is another word for it. */
static bool write_text(const ob_args *args, const ob_summary *summary, const char *format,
                       ob_buf *text, ob_err *err)
{
    if (strcmp(format, "text") == 0 || strcmp(format, "terminal") == 0) {
        ob_terminal_style style = {.width = ob_cli_width(STDOUT_FILENO),
                                   .colour = ob_cli_colour(args, STDOUT_FILENO)};
        return ob_report_terminal(summary, &style, text, err);
    }
    const ob_report_writer *writer = ob_report_writer_find(ob_span_str(format));
    if (OB_NEVER(writer == NULL)) {
        return ob_fail(err, OB_ERR_BUG, "no writer for --format %s", format);
    }
    return writer->write(summary, text, err);
}

static int write_report(const ob_args *args, ob_store *store, ob_arena *arena, const char *run)
{
    ob_err err = {0};
    ob_summary summary = {0};
    ob_span ids[OB_CLI_IDS_MAX];
    size_t count = 0;
    ob_severity fail_on = OB_SEV_LOW;
    OB_AUTO(ob_buf) text = {.max = OB_REPORT_MAX};
    const char *format = ob_args_text(args, "format");
    const char *out = ob_args_text(args, "out");
    if (!ob_cli_fail_on(args, &fail_on, &err) || !ob_cli_ids(args, "only", ids, &count, &err)) {
        return ob_cli_usage("report", &err);
    }
    bool verdict = take_verdict(ids, &count);
    /* Not even one line about a run whose evidence somebody changed. */
    if (!ob_store_require_whole(store, run, &err) ||
        !ob_summary_load(&summary, arena, store, run, &err) ||
        (count > 0 && !ob_summary_only(&summary, arena, ids, count, &err)) ||
        !write_text(args, &summary, verdict ? "verdict" : format, &text, &err)) {
        return err.kind == OB_ERR_USAGE ? ob_cli_usage("report", &err) : ob_cli_fail(&err, false);
    }
    if (!ob_buf_check(&text, "the report", &err) || !ob_cli_write(out, ob_buf_span(&text), &err)) {
        return ob_cli_fail(&err, false);
    }
    return ob_cli_status(&summary, fail_on);
}

static int run_command(const ob_args *args)
{
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO_CLOSE(ob_store) store = {0};
    if (args->words_count > 1) {
        (void)ob_fail(&err, OB_ERR_USAGE, "name at most one run");
        return ob_cli_usage("report", &err);
    }
    if (!ob_store_open(&store, ob_args_text(args, "store"), true, &err)) {
        return ob_cli_fail(&err, false);
    }
    if (ob_args_flag(args, "list")) {
        return list_runs(&store, &arena);
    }
    if (ob_args_text(args, "verify") != NULL) {
        return verify(&store, ob_args_text(args, "verify"));
    }
    return write_report(args, &store, &arena, args->words_count == 1 ? args->words[0] : NULL);
}

static const ob_option options[] = {
    {"fail-on", OB_OPTION_TEXT, false, "low|medium|high|critical", "low",
     "least severity of a FAIL that gives status 1", NULL},
    {"format", OB_OPTION_TEXT, false, "text|terminal|html|json|junit|markdown|verdict", "text",
     "form of the report; terminal is text", NULL},
    {"list", OB_OPTION_FLAG, false, NULL, NULL, "list the runs of the store", NULL},
    {"only", OB_OPTION_TEXT, true, "ID,...", NULL,
     "these procedures or requirements; verdict: one line", NULL},
    {"out", OB_OPTION_TEXT, false, "FILE", "-", "where to write (- is standard output)", NULL},
    {"store", OB_OPTION_TEXT, false, "FILE", "ombud.db", "evidence store", NULL},
    {"verify", OB_OPTION_TEXT, false, "FILE", NULL, "check the store against a JSON report", NULL},
};

const ob_command ob_command_report = {
    .name = "report",
    .purpose = "write the report of a stored run, or check its evidence",
    .usage = "  ombud report [RUN] [options]   (RUN: an id, its start, or the latest)\n",
    .examples = "  ombud report --list\n"
                "  ombud report --format html --out report.html\n"
                "  ombud report --only verdict\n",
    .options = options,
    .options_count = OB_COUNT(options),
    .notes = "A run whose records do not fit their chain gives no report.\n"
             "\n"
             "Exit status: as of the run (0 all PASS, 1 a FAIL, 3 not decided); --verify: 0\n"
             "the chain holds, 1 it does not; 2 wrong usage or input, or a broken chain; 4 a\n"
             "fault of ombud.\n",
    .run = run_command,
};
