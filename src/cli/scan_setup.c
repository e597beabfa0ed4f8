/* SPDX-License-Identifier: Apache-2.0 */
/* A job of ombud scan from its options. */
#include "cli/scan.h"

#include <math.h>
#include <unistd.h>

#define NAMES_MAX 1024
#define NEVER     101u /* percent that no score reaches */

bool ob_scan_load(ob_scan_job *job, ob_err *err)
{
    if (ob_args_count(job->args, "rules") > 1) {
        return ob_fail(err, OB_ERR_USAGE,
                       "scan takes one file of rules; 'ombud scan compile' makes one of several");
    }
    if (!ob_cli_detector(job->args, ob_args_text(job->args, "rules"), &job->detector, err) ||
        !ob_scan_model(job->args, job->detector, err)) {
        return false;
    }
    size_t kinds = ob_detector_kinds(job->detector);
    job->hits_of_kind = OB_NEW(&job->arena, uint64_t, kinds, err);
    return job->hits_of_kind != NULL;
}

/* One word of --kinds: "all", a class, or the id of a kind. */
static bool take_kind(ob_scan_job *job, ob_span word, ob_err *err)
{
    const char *names[NAMES_MAX];
    size_t count = 0;
    size_t found = 0;
    size_t kinds = ob_detector_kinds(job->detector);
    for (size_t i = 0; i < kinds; i++) {
        const ob_hit_kind *kind = ob_detector_kind(job->detector, i);
        if (ob_span_is_str(word, "all") || ob_span_is_str(word, kind->id) ||
            ob_span_is_str(word, ob_hit_class_name(kind->class_))) {
            job->kinds[i] = true;
            found++;
        }
        if (count < NAMES_MAX) {
            names[count++] = kind->id;
        }
    }
    for (int c = OB_HIT_PII; c <= OB_HIT_EVASION && count < NAMES_MAX; c++) {
        names[count++] = ob_hit_class_name((ob_hit_class)c);
        found += ob_span_is_str(word, names[count - 1]);
    }
    if (found > 0) {
        return true;
    }
    const char *near = ob_text_nearest(word, names, count);
    return ob_fail(err, OB_ERR_USAGE,
                   "no kind or class is called '%.*s'%s%s%s; see 'ombud scan --list-kinds'",
                   OB_SHOW(ob_span_sub(word, 0, 40)), near == NULL ? "" : ", did you mean '",
                   near == NULL ? "" : near, near == NULL ? "" : "'?");
}

static bool take_kinds(ob_scan_job *job, ob_err *err)
{
    size_t given = ob_args_count(job->args, "kinds");
    if (given == 0) {
        return true;
    }
    job->kinds = OB_NEW(&job->arena, bool, ob_detector_kinds(job->detector), err);
    if (job->kinds == NULL) {
        return false;
    }
    for (size_t i = 0; i < given; i++) {
        ob_span rest = ob_span_str(ob_args_nth(job->args, "kinds", i));
        ob_span word = {0};
        while (ob_span_cut(&rest, ',', &word)) {
            if (!take_kind(job, ob_span_trim(word), err)) {
                return false;
            }
        }
    }
    job->options.kinds = job->kinds;
    return true;
}

static unsigned percent(double score)
{
    return (unsigned)lround(score * 100);
}

static bool take_scores(ob_scan_job *job, ob_err *err)
{
    const char *fail_on = ob_args_text(job->args, "fail-on");
    double score = (double)OB_SCORE_DEFAULT / 100;
    if (!ob_args_real(job->args, "min-score", 0, 1, &score, err)) {
        return false;
    }
    job->options.min_score = percent(score);
    job->fail_on = NEVER;
    if (fail_on != NULL && strcmp(fail_on, "any") == 0) {
        job->fail_on = 0;
    } else if (fail_on != NULL) {
        if (!ob_args_real(job->args, "fail-on", 0, 1, &score, err)) {
            return ob_fail(err, OB_ERR_USAGE,
                           "--fail-on takes any, or a score from 0 to 1, not '%.40s'", fail_on);
        }
        job->fail_on = percent(score);
    }
    return true;
}

bool ob_scan_where(const ob_args *args, ob_where *where, ob_err *err)
{
    const char *given = ob_args_text(args, "where");
    if (given == NULL || ob_where_find(ob_span_str(given), where)) {
        return true;
    }
    const char *names[16];
    size_t count = 0;
    while (count < OB_COUNT(names) && ob_where_name((unsigned)count) != NULL) {
        names[count] = ob_where_name((unsigned)count);
        count++;
    }
    const char *near = ob_text_nearest(ob_span_str(given), names, count);
    return ob_fail(
        err, OB_ERR_USAGE,
        "--where takes user, ticket, article, device, tool or unknown, not '%.40s'%s%s%s", given,
        near == NULL ? "" : "; did you mean '", near == NULL ? "" : near, near == NULL ? "" : "'?");
}

static bool take_form(ob_scan_job *job, ob_err *err)
{
    const ob_args *args = job->args;
    static const char *const of_table[] = {"show-values"};
    bool redact = ob_args_flag(args, "redact");
    job->lines = ob_args_flag(args, "jsonl");
    job->explain = ob_args_flag(args, "explain");
    job->show_values = ob_args_flag(args, "show-values");
    job->form = redact ? OB_SCAN_REDACT : ob_args_flag(args, "json") ? OB_SCAN_JSON : OB_SCAN_TABLE;
    if (redact && (ob_args_flag(args, "json") || job->explain)) {
        return ob_fail(err, OB_ERR_USAGE, "--redact writes the text; leave --%s away",
                       job->explain ? "explain" : "json");
    }
    if (!redact && ob_args_text(args, "pseudonyms") != NULL) {
        return ob_fail(err, OB_ERR_USAGE, "--pseudonyms belongs to --redact");
    }
    for (size_t i = 0; i < OB_COUNT(of_table); i++) {
        if (job->form != OB_SCAN_TABLE && ob_args_flag(args, of_table[i])) {
            return ob_fail(err, OB_ERR_USAGE, "--%s belongs to the table; leave --%s away",
                           of_table[i], redact ? "redact" : "json");
        }
    }
    return true;
}

bool ob_scan_setup(ob_scan_job *job, ob_err *err)
{
    bool quiet = ob_args_flag(job->args, "quiet");
    job->progress = (ob_scan_progress){
        .quiet = quiet, .live = !quiet && isatty(STDERR_FILENO) == 1, .start_ns = ob_clock_ns()};
    return take_form(job, err) && take_scores(job, err) &&
           ob_scan_where(job->args, &job->where, err) && ob_scan_load(job, err) &&
           take_kinds(job, err) && ob_scan_own(job, err);
}

void ob_scan_job_fini(ob_scan_job *job)
{
    ob_scan_out_close(&job->out);
    ob_scanner_free(job->scanner);
    ob_detector_free(job->detector);
    ob_wipe((void *)(uintptr_t)job->key.ptr, job->key.len);
    ob_arena_fini(&job->arena);
}
