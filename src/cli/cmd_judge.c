/* SPDX-License-Identifier: Apache-2.0 */
/* ombud judge: how often a language model is right about the labelled replies of a rubric. */
#include "cli/cli.h"
#include "cli/judge_files.h"

#include <ombud/stats.h>
#include <unistd.h>

/* Of the bounds that are printed; those of a verdict follow from its own alpha. */
#define SHOWN_ALPHA 0.05

typedef struct work {
    const ob_args *args;
    const char *path;
    ob_arena arena;
    ob_judge judge;
    ob_secrets secrets;
    ob_scope scope;
    ob_catalogue catalogue;
    ob_span out;
    ob_log log;
    ob_calibrated *figures;
    size_t figures_count;
    int stop_fd;
    bool sent;
} work;

static void on_progress(void *ctx, size_t done, size_t all)
{
    const ob_args *args = ctx;
    if (done * 4 / all > (done - 1) * 4 / all) {
        ob_cli_say(args, "judge  %zu of %zu replies", done, all);
    }
}

static bool load(work *w, ob_err *err)
{
    const char *profile = ob_args_text(w->args, "profile");
    const char *scope = ob_args_text(w->args, "scope");
    ob_catalogue_from from = {.profile = ob_span_str(profile)};
    ob_span folder = {0};
    if (!ob_judge_load(&w->judge, &w->arena, w->path, err) ||
        (scope != NULL && !ob_scope_load(&w->scope, &w->arena, scope, err)) ||
        !ob_cli_secrets(w->args, &w->arena, &w->judge.service, NULL, &w->secrets, err) ||
        !ob_cli_catalogue(w->args, &w->arena, &folder, err) ||
        !ob_cli_packs(w->args, &w->arena, &from, err)) {
        return false;
    }
    from.folder = folder.ptr;
    return ob_catalogue_load(&w->catalogue, &w->arena, &from, err) &&
           ob_cli_calibration_path(w->args, "out", w->path, &w->arena, &w->out, err) &&
           ob_cli_writable(w->out.ptr, err);
}

static bool wanted(const work *w, const ob_rubric *rubric)
{
    size_t count = ob_args_count(w->args, "rubric");
    for (size_t i = 0; i < count; i++) {
        if (ob_span_is_str(rubric->id, ob_args_nth(w->args, "rubric", i))) {
            return true;
        }
    }
    return count == 0;
}

static bool check_wanted(const work *w, ob_err *err)
{
    for (size_t i = 0; i < ob_args_count(w->args, "rubric"); i++) {
        const char *id = ob_args_nth(w->args, "rubric", i);
        if (ob_catalogue_rubric(&w->catalogue, ob_span_str(id)) == NULL) {
            return ob_fail(err, OB_ERR_USAGE,
                           "no rubric is called '%.60s'; see 'ombud catalogue list rubrics'", id);
        }
    }
    return w->catalogue.rubrics_count > 0 ||
           ob_fail(err, OB_ERR_INPUT, "the catalogue holds no rubric to calibrate the judge for");
}

static void print_rate(const char *what, const char *of, uint64_t right, uint64_t all)
{
    (void)printf("  %-12s %4llu of %-4llu %-9s %5.1f %%, at least %.1f %%\n", what,
                 (unsigned long long)right, (unsigned long long)all, of,
                 100 * (double)right / (double)all, 100 * ob_exact_lower(all, right, SHOWN_ALPHA));
}

/* "en: 46 of 48 hits, 47 of 48 others": where it is weak is seen here, if not proven. */
static void print_languages(const ob_rubric *q, const ob_labelled *how)
{
    for (size_t i = 0; i < q->languages->count; i++) {
        ob_span lang = q->languages->items[i].text;
        unsigned counts[2][2] = {{0}};
        for (size_t k = 0; k < q->items_count; k++) {
            if (ob_span_is(q->items[k].lang, lang)) {
                counts[q->items[k].hit][0]++;
                counts[q->items[k].hit][1] += how[k] == OB_LABELLED_RIGHT;
            }
        }
        (void)printf("  %-12.*s %4u of %-4u hits, %u of %u others\n", OB_SHOW(lang), counts[1][1],
                     counts[1][0], counts[0][1], counts[0][0]);
    }
}

static void print_ids(const ob_rubric *q, const ob_labelled *how, ob_labelled which,
                      const char *what)
{
    size_t column = 0;
    for (size_t i = 0; i < q->items_count; i++) {
        if (how[i] != which) {
            continue;
        }
        if (column == 0 || column + q->items[i].id.len + 1 > 78) {
            column = (size_t)(column == 0 ? printf("  %-12s", what) : printf("\n  %-12s", ""));
        }
        column += (size_t)printf(" %.*s", OB_SHOW(q->items[i].id));
    }
    if (column > 0) {
        (void)putchar('\n');
    }
}

static void print_result(const ob_rubric *q, const ob_calibrate_result *r)
{
    OB_AUTO(ob_buf) example = {.max = 1000};
    const ob_calibrated *f = &r->figures;
    (void)printf("\nrubric %.*s\n  %.*s\n", OB_SHOW(q->id), OB_SHOW(q->title));
    print_rate("sensitivity", "hits", f->hits_right, f->hits);
    print_rate("specificity", "others", f->clean_right, f->clean);
    print_languages(q, r->labelled);
    print_ids(q, r->labelled, OB_LABELLED_WRONG, "wrong");
    print_ids(q, r->labelled, OB_LABELLED_UNUSABLE, "unusable");
    if (r->example[0] != '\0') {
        ob_buf_add_shown(&example, ob_span_str(r->example), 200);
        (void)printf("               such as: %.*s\n", OB_SHOW(ob_buf_span(&example)));
    }
    (void)fflush(stdout);
}

static bool measure(work *w, ob_err *err)
{
    w->figures = OB_NEW(&w->arena, ob_calibrated, w->catalogue.rubrics_count, err);
    if (w->figures == NULL || !check_wanted(w, err) || !ob_cli_signals(&w->stop_fd, err)) {
        return false;
    }
    (void)printf("judge %.*s: model %.*s at %.*s\n", OB_SHOW(w->judge.title),
                 OB_SHOW(w->judge.service.model), OB_SHOW(w->judge.service.address));
    for (size_t i = 0; i < w->catalogue.rubrics_count; i++) {
        const ob_rubric *q = &w->catalogue.rubrics[i];
        ob_calibrate_result result = {0};
        ob_calibrate_options options = {.judge = &w->judge,
                                        .rubric = q,
                                        .scope = &w->scope,
                                        .secrets = w->secrets,
                                        .seed = ob_span_str(ob_args_text(w->args, "seed")),
                                        .stop_fd = w->stop_fd,
                                        .log = &w->log,
                                        .progress = on_progress,
                                        .progress_ctx = (void *)(uintptr_t)w->args};
        if (!wanted(w, q)) {
            continue;
        }
        if (!ob_calibrate(&options, &w->arena, &result, err)) {
            return ob_wrap(err, "rubric %.*s", OB_SHOW(q->id));
        }
        w->sent = true;
        w->figures[w->figures_count++] = result.figures;
        print_result(q, &result);
    }
    return true;
}

/* What an earlier calibration of the same judge says of other rubrics stays. */
static bool keep_others(work *w, ob_calibration *all, ob_err *err)
{
    ob_calibration old = {0};
    ob_err ignored = {0};
    if (access(w->out.ptr, F_OK) != 0 ||
        !ob_calibration_load(&old, &w->arena, w->out.ptr, &ignored) ||
        !ob_span_is(old.settings, all->settings)) {
        return true;
    }
    ob_calibrated *list =
        OB_NEW(&w->arena, ob_calibrated, w->figures_count + old.rubrics_count, err);
    for (size_t i = 0; list != NULL && i < w->figures_count; i++) {
        list[i] = w->figures[i];
    }
    for (size_t i = 0; list != NULL && i < old.rubrics_count; i++) {
        bool again = false;
        for (size_t k = 0; k < w->figures_count; k++) {
            again = again || ob_span_is(w->figures[k].rubric, old.rubrics[i].rubric);
        }
        if (!again) {
            list[all->rubrics_count++] = old.rubrics[i];
        }
    }
    all->rubrics = list;
    return list != NULL;
}

static bool write_out(work *w, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = OB_INPUT_FILE_MAX};
    char at[32];
    char settings[65];
    ob_time_format(ob_clock_wall_ms(), at);
    ob_digest_hex(&w->judge.settings, settings);
    ob_calibration all = {.at = ob_span_str(at),
                          .settings = ob_span_str(settings),
                          .judge = w->judge.title,
                          .model = w->judge.service.model,
                          .address = w->judge.service.address,
                          .rubrics = w->figures,
                          .rubrics_count = w->figures_count};
    if (!keep_others(w, &all, err)) {
        return false;
    }
    ob_calibration_write(&all, &text);
    if (!ob_buf_check(&text, "the calibration", err) ||
        !ob_cli_write(w->out.ptr, ob_buf_span(&text), err)) {
        return false;
    }
    ob_cli_say(w->args, "calibration written to %.*s", OB_SHOW(w->out));
    return true;
}

static int run_command(const ob_args *args)
{
    ob_err err = {0};
    work w = {.args = args, .log = ob_cli_log(args)};
    int status = OB_EXIT_OK;
    if (args->words_count != 1) {
        (void)ob_fail(&err, OB_ERR_USAGE, "name one judge's file");
        return ob_cli_usage("judge", &err);
    }
    w.path = args->words[0];
    if (!load(&w, &err) || !measure(&w, &err) || !write_out(&w, &err)) {
        status = ob_cli_fail(&err, w.sent);
    }
    ob_arena_fini(&w.arena);
    return status;
}

static const ob_option options[] = {
    {"catalogue", OB_OPTION_TEXT, false, "DIR", NULL, "folder of catalogues", NULL},
    {"inputs", OB_OPTION_TEXT, true, "DIR", NULL, "folder of your own inputs", NULL},
    {"out", OB_OPTION_TEXT, false, "FILE", NULL,
     "where the calibration goes [JUDGE.calibration.json]", NULL},
    {"procedures", OB_OPTION_TEXT, true, "DIR", NULL, "folder with further rubrics below it", NULL},
    {"profile", OB_OPTION_TEXT, false, "NAME", "ics", "catalogue to use", NULL},
    {"rubric", OB_OPTION_TEXT, true, "ID", NULL, "this rubric only", NULL},
    {"scope", OB_OPTION_TEXT, false, "FILE", NULL, "permission; needed off loopback", NULL},
    {"secret", OB_OPTION_TEXT, true, "NAME=@FILE", NULL, "a secret that the judge's file names",
     NULL},
    {"seed", OB_OPTION_TEXT, false, "TEXT", "judge", "seed of the order of the replies", NULL},
};

const ob_command ob_command_judge = {
    .name = "judge",
    .purpose = "measure a language model that is to judge the wording of replies",
    .usage = "  ombud judge JUDGE.yaml [options]\n",
    .examples = "  ombud judge judge.yaml\n"
                "  ombud judge judge.yaml --rubric demeaning\n"
                "  ombud evaluate service.yaml --scope scope.yaml --judge judge.yaml\n",
    .options = options,
    .options_count = OB_COUNT(options),
    .notes = "The labelled replies of each rubric are sent to the judge, their labels are not.\n"
             "Bounds are one-sided, with 95 % confidence. doc/judge.md explains the files.\n"
             "\n"
             "Exit status: 0 measured and written, 2 wrong usage, input or scope (nothing\n"
             "was sent), 3 not finished (nothing was written), 4 our own fault.\n",
    .run = run_command,
};
