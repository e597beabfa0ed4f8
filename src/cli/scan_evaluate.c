/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ombud scan evaluate: how well attacks are told from honest texts that somebody labelled. Each
 * text goes through the scanner as it does in ombud scan; its score is the log-odds of its
 * strongest finding of a class that attacks a service.
 */
#include "cli/scan.h"
#include "cli/scan_roc.h"
#include "detect/model.h"

static bool counts(const ob_detector *detector, const ob_hit *hit)
{
    ob_hit_class class_ = ob_detector_kind(detector, hit->kind)->class_;
    return class_ == OB_HIT_INJECTION || class_ == OB_HIT_EVASION || class_ == OB_HIT_LEAK ||
           class_ == OB_HIT_MARKUP;
}

static bool score_text(const ob_detector *detector, ob_scanner *scanner, ob_span text,
                       int32_t *score, ob_err *err)
{
    const ob_hit *hits = NULL;
    size_t count = 0;
    if (!ob_scanner_text(scanner, text, &hits, &count, err)) {
        return false;
    }
    int32_t best = OB_ROC_NOTHING;
    for (size_t i = 0; i < count; i++) {
        int32_t odds = hits[i].prior + hits[i].cue + hits[i].near_;
        best = counts(detector, &hits[i]) && odds > best ? odds : best;
    }
    *score = best;
    return true;
}

/* A talk is as suspicious as its worst turn, and turns of one session add up. */
static bool score_row(const ob_detector *detector, ob_scanner *scanner, const ob_labelled_row *row,
                      int32_t *score, ob_err *err)
{
    if (row->turns == NULL) {
        return score_text(detector, scanner, row->text, score, err);
    }
    ob_scan_session session = {0};
    int32_t best = OB_ROC_NOTHING;
    bool good = true;
    ob_scanner_session(scanner, &session);
    for (size_t i = 0; i < row->turn_count && good; i++) {
        int32_t one = OB_ROC_NOTHING;
        good = score_text(detector, scanner, row->turns[i], &one, err);
        best = one > best ? one : best;
    }
    ob_scanner_session(scanner, NULL);
    *score = best;
    return good;
}

/* What a line says of its place, else what is said of all. */
static ob_where where_of(const ob_labelled_row *row, ob_where where)
{
    (void)ob_where_find(row->where, &where);
    return where;
}

static bool score_all(const ob_detector *detector, const ob_labelled_rows *rows, ob_where where,
                      ob_scored *scored, ob_err *err)
{
    const ob_scan_options options = {.min_score = 0};
    ob_scanner *scanner = NULL;
    if (!ob_scanner_new(&scanner, detector, &options, err)) {
        return false;
    }
    bool good = true;
    for (size_t i = 0; i < rows->count && good; i++) {
        scored[i].row = &rows->items[i];
        ob_scanner_where(scanner, where_of(scored[i].row, where));
        good = score_row(detector, scanner, &rows->items[i], &scored[i].score, err);
    }
    ob_scanner_free(scanner);
    return good;
}

/* The texts with their scores, most suspicious first: what to look at. */
static bool list_scores(const ob_scored *scored, size_t count, ob_buf *out, ob_err *err)
{
    for (size_t i = 0; i < count; i++) {
        const ob_labelled_row *row = scored[i].row;
        if (scored[i].score == OB_ROC_NOTHING) {
            ob_buf_add_str(out, "  none ");
        } else {
            ob_buf_addf(out, "%6.2f ", (double)scored[i].score / 100);
        }
        ob_buf_addf(out, "%s ", row->attack ? "attack" : "honest");
        ob_buf_add_shown(out, ob_span_str(row->file), 80);
        ob_buf_addf(out, ":%zu ", row->line);
        ob_buf_add_shown(out, row->text, 100);
        ob_buf_add_char(out, '\n');
    }
    return ob_buf_check(out, "the list", err);
}

static bool evaluate(const ob_args *args, const ob_detector *detector, const ob_labelled_rows *rows,
                     ob_arena *arena, ob_err *err)
{
    OB_AUTO(ob_buf) out = {.max = OB_REPORT_MAX};
    ob_where where = OB_WHERE_UNKNOWN;
    ob_scored *scored = OB_NEW(arena, ob_scored, rows->count, err);
    return scored != NULL && ob_scan_where(args, &where, err) &&
           score_all(detector, rows, where, scored, err) &&
           (ob_args_flag(args, "list")
                ? list_scores(scored, rows->count, &out, err)
                : ob_roc_report(scored, rows->count, ob_args_flag(args, "json"), &out, err)) &&
           ob_cli_write(ob_args_text(args, "out"), ob_buf_span(&out), err);
}

bool ob_scan_model(const ob_args *args, ob_detector *detector, ob_err *err)
{
    OB_AUTO(ob_buf) bytes = {.max = OBI_MODEL_FILE_MAX};
    const char *path = ob_args_text(args, "model");
    if (path == NULL) {
        return true;
    }
    if (!ob_file_read(path, &bytes, err)) {
        return false;
    }
    return ob_detector_model(detector, ob_buf_span(&bytes), err) ||
           (err->kind == OB_ERR_INPUT && ob_wrap(err, "%.100s", path));
}

int ob_scan_evaluate(const ob_args *args)
{
    static const char *const own[] = {"data",         "out",          "model",      "rules",
                                      "json",         "list",         "text-field", "label-field",
                                      "attack-label", "honest-label", "where"};
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {.cap = (size_t)4 << 30};
    OB_AUTO(ob_labelled_rows) rows = {0};
    ob_detector *detector = NULL;
    const char *other = ob_scan_misplaced(args, own, OB_COUNT(own));
    if (other != NULL) {
        (void)ob_fail(&err, OB_ERR_USAGE, "--%s is not for scan evaluate", other);
        return ob_cli_usage("scan", &err);
    }
    if (args->words_count > 1 || ob_args_count(args, "data") == 0) {
        (void)ob_fail(&err, OB_ERR_USAGE, "scan evaluate takes its texts with --data FILE.jsonl");
        return ob_cli_usage("scan", &err);
    }
    bool good = ob_scan_labelled(args, &arena, &rows, &err) &&
                ob_cli_detector(args, ob_args_text(args, "rules"), &detector, &err) &&
                ob_scan_model(args, detector, &err) &&
                evaluate(args, detector, &rows, &arena, &err);
    ob_detector_free(detector);
    return good ? OB_EXIT_OK : ob_cli_fail(&err, false);
}
