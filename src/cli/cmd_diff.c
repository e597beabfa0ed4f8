/* SPDX-License-Identifier: Apache-2.0 */
/* ombud diff: did the service get worse between two runs? */
#include "cli/cli.h"
#include "report/diff.h"

#include <unistd.h>

typedef struct work {
    const ob_args *args;
    ob_arena arena;
    ob_store old_store;
    ob_store new_store;
    ob_diff_from from;
    ob_span only[OB_CLI_IDS_MAX];
    ob_span except[OB_CLI_IDS_MAX];
    ob_diff diff;
} work;

/* The run before the newest of a store, for "ombud diff" without names. */
static bool find_before(work *w, ob_err *err)
{
    ob_run_info *runs = NULL;
    size_t count = 0;
    if (!ob_store_runs(&w->new_store, &w->arena, &runs, &count, err)) {
        return false;
    }
    if (count < 2) {
        return ob_fail(err, OB_ERR_USAGE,
                       "%s holds %zu runs, and a comparison needs two; name the other store with "
                       "--old-store",
                       ob_args_text(w->args, "store"), count);
    }
    w->from.old_run = runs[1].id;
    w->from.new_run = runs[0].id;
    return true;
}

static bool open_stores(work *w, ob_err *err)
{
    const char *store = ob_args_text(w->args, "store");
    const char *old = ob_args_text(w->args, "old-store");
    if (!ob_store_open(&w->new_store, store, true, err) ||
        (old != NULL && !ob_store_open(&w->old_store, old, true, err))) {
        return false;
    }
    w->from.new_store = &w->new_store;
    w->from.old_store = old == NULL ? &w->new_store : &w->old_store;
    w->from.old_run = w->args->words_count > 0 ? w->args->words[0] : NULL;
    w->from.new_run = w->args->words_count > 1 ? w->args->words[1] : NULL;
    return old != NULL || w->args->words_count > 0 || find_before(w, err);
}

static bool write_files(const work *w, ob_err *err)
{
    static const struct {
        const char *option;
        bool (*write)(const ob_diff *diff, ob_buf *out, ob_err *err);
    } formats[] = {{"json", ob_diff_json}, {"markdown", ob_diff_markdown}};

    for (size_t i = 0; i < OB_COUNT(formats); i++) {
        OB_AUTO(ob_buf) text = {.max = OB_REPORT_MAX};
        const char *path = ob_args_text(w->args, formats[i].option);
        if (path != NULL && (!formats[i].write(&w->diff, &text, err) ||
                             !ob_cli_write(path, ob_buf_span(&text), err))) {
            return false;
        }
    }
    return true;
}

static bool is_standard_output(const work *w, const char *option)
{
    return ob_cli_is_stdout(ob_args_text(w->args, option));
}

static bool tell(const work *w, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = OB_REPORT_MAX};
    /* Standard output is a file's when it goes there. */
    bool taken = is_standard_output(w, "json") || is_standard_output(w, "markdown");
    int fd = taken ? STDERR_FILENO : STDOUT_FILENO;
    ob_terminal_style style = {.width = ob_cli_width(fd), .colour = ob_cli_colour(w->args, fd)};
    if (!ob_diff_terminal(&w->diff, &style, &text, err)) {
        return false;
    }
    if (!taken || !ob_args_flag(w->args, "quiet")) {
        (void)fwrite(text.ptr, 1, text.len, taken ? stderr : stdout);
        (void)fflush(stdout);
    }
    return true;
}

static int status_of(ob_change change)
{
    return change == OB_CHANGE_WORSE       ? OB_EXIT_FOUND
           : change == OB_CHANGE_UNDECIDED ? OB_EXIT_UNDECIDED
                                           : OB_EXIT_OK;
}

static int compare(work *w)
{
    ob_err err = {0};
    w->from.alpha = 0.05;
    w->from.only = w->only;
    w->from.except = w->except;
    if (!ob_cli_ids(w->args, "only", w->only, &w->from.only_count, &err) ||
        !ob_cli_ids(w->args, "except", w->except, &w->from.except_count, &err) ||
        !ob_cli_fail_on(w->args, &w->from.fail_on, &err) ||
        !ob_args_real(w->args, "alpha", 1e-6, 0.5, &w->from.alpha, &err)) {
        return ob_cli_usage("diff", &err);
    }
    if (!open_stores(w, &err) || !ob_diff_load(&w->diff, &w->arena, &w->from, &err)) {
        /* Also a damaged store is no answer to "is it worse?". */
        return ob_cli_fail(&err, false);
    }
    if (w->args->words_count < 2 && w->from.old_store == w->from.new_store &&
        strcmp(w->diff.before.run.id, w->diff.now.run.id) == 0) {
        (void)ob_fail(&err, OB_ERR_USAGE,
                      "run %s is the newest itself; name the run to compare "
                      "it with",
                      w->diff.now.run.id);
        return ob_cli_usage("diff", &err);
    }
    if (!write_files(w, &err) || !tell(w, &err)) {
        return ob_cli_fail(&err, false);
    }
    return status_of(w->diff.change);
}

static int run_command(const ob_args *args)
{
    ob_err err = {0};
    work w = {.args = args};
    if (args->words_count > 2) {
        (void)ob_fail(&err, OB_ERR_USAGE, "name at most two runs");
        return ob_cli_usage("diff", &err);
    }
    int status = compare(&w);
    ob_store_close(&w.old_store);
    ob_store_close(&w.new_store);
    ob_arena_fini(&w.arena);
    return status;
}

static const ob_option options[] = {
    {"alpha", OB_OPTION_REAL, false, "N", "0.05", "most chance of a wrong claim, each way", NULL},
    {"except", OB_OPTION_TEXT, true, "ID,...", NULL, "leave these out of the comparison", NULL},
    {"fail-on", OB_OPTION_TEXT, false, "low|medium|high|critical", "low",
     "least severity that gives status 1 or 3", NULL},
    {"json", OB_OPTION_TEXT, false, "FILE", NULL,
     "write the comparison as JSON (- is standard output)", NULL},
    {"markdown", OB_OPTION_TEXT, false, "FILE", NULL, "write it as Markdown, for a pull request",
     NULL},
    {"old-store", OB_OPTION_TEXT, false, "FILE", NULL, "the store of OLD, if it is another", NULL},
    {"only", OB_OPTION_TEXT, true, "ID,...", NULL,
     "compare these procedures, evaluations or requirements", NULL},
    {"store", OB_OPTION_TEXT, false, "FILE", "ombud.db", "evidence store of NEW, and of OLD", NULL},
};

const ob_command ob_command_diff = {
    .name = "diff",
    .purpose = "compare two runs: is the service worse than it was",
    .usage = "  ombud diff [OLD [NEW]] [options]   (ids of runs, or their starts)\n",
    .examples = "  ombud diff 20261124-12 20261126-09\n"
                "  ombud diff --old-store baseline.db --store ombud.db\n"
                "  ombud diff --old-store baseline.db --markdown diff.md\n",
    .options = options,
    .options_count = OB_COUNT(options),
    .notes = "Without NEW it is the newest run of the store. Without OLD it is the newest of\n"
             "--old-store, or else the run before NEW.\n"
             "\n"
             "Trials are paired when seed, level, time scale and procedure are the same, so\n"
             "evaluate with --seed. Otherwise verdicts are compared, and that is said.\n"
             "\n"
             "Exit status: 0 no regression, 1 a regression, 2 wrong usage or nothing to\n"
             "compare, 3 undecided (coverage lost, an ERROR, not enough pairs), 4 our own\n"
             "fault.\n",
    .run = run_command,
};
