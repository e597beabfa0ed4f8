/* SPDX-License-Identifier: Apache-2.0 */
/* ombud scan evaluate: how well attacks are told from honest texts that somebody labelled. */
#include "cli/scan.h"
#include "cli/scan_roc.h"
#include "cli/train.h"

typedef struct work {
    const obi_lexicon *lexicon;
    FILE *trace;
    int row, attack;
    const obi_model *model;
    int best;
    int64_t sum;
    uint64_t windows;
} work;

static bool on_window(void *ctx, const obi_window *window, const obi_meaning *meaning,
                      unsigned weight)
{
    work *w = ctx;
    if (w->trace) { int gs = 0; for (size_t i = 0; i < window->count; i++) gs += obi_model_gate_word(w->model, i ? window->words[i-1].hash : 0, window->words[i].hash); 
        obi_verdict v = {0};
        obi_rules_judge(window, meaning, &v);
        fprintf(w->trace, "%d\t%d\t%u\t%d\t%d\t%d\t%d\t%d\n", w->row, w->attack, weight,
                gs, obi_model_score(w->model, window, meaning),
                v.points, v.brakes,
                (int)(window->words[window->count - 1].end -
                      (window->fresh < window->count ? window->words[window->fresh].start : 0)));
    }
    int score = obi_model_gate(w->model, window) || getenv("NOGATE")
                    ? obi_model_score(w->model, window, meaning)
                    : OBI_MODEL_SILENT;
    w->best = w->windows == 0 || score > w->best ? score : w->best;
    w->sum += score;
    w->windows++;
    return true;
}

static bool score_text(work *w, ob_span text, int32_t *score)
{
    w->windows = 0;
    w->best = 0;
    w->sum = 0;
    ob_train_reader r = {.lexicon = w->lexicon, .look = on_window, .ctx = w};
    if (!ob_train_read(&r, text)) {
        return false;
    }
    *score = w->windows == 0 ? OB_ROC_NOTHING : w->best;
    return true;
}

int ob_scan_evaluate(const ob_args *args)
{
    static const char *const own[] = {"data",       "out",         "model",        "json",
                                      "text-field", "label-field", "attack-label", "honest-label"};
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {.cap = (size_t)4 << 30};
    OB_AUTO(ob_labelled_rows) rows = {0};
    OB_AUTO(ob_buf) out = {.max = OB_REPORT_MAX};
    OB_AUTO(ob_buf) bytes = {.max = OBI_MODEL_FILE_MAX};
    obi_model *model = NULL;
    const char *other = ob_scan_misplaced(args, own, OB_COUNT(own));
    const char *path = ob_args_text(args, "model");
    if (other != NULL) {
        (void)ob_fail(&err, OB_ERR_USAGE, "--%s is not for scan evaluate", other);
        return ob_cli_usage("scan", &err);
    }
    if (!ob_scan_labelled(args, &arena, &rows, &err)) {
        return ob_cli_fail(&err, false);
    }
    if (!ob_file_read(path, &bytes, &err) || !obi_model_read(&model, &arena, ob_buf_span(&bytes), &err)) {
        return ob_cli_fail(&err, false);
    }
    ob_scored *scored = OB_NEW(&arena, ob_scored, rows.count, &err);
    obi_lexicon *lexicon = NULL;
    if (!obi_lexicon_build(&lexicon, &arena, &err))
        return 4;
    work w = {.model = model,
              .lexicon = lexicon,
              .trace = getenv("TRACE") ? fopen(getenv("TRACE"), "w") : NULL};
    for (size_t i = 0; i < rows.count; i++) {
        w.row = (int)i;
        w.attack = rows.items[i].attack;
        scored[i].row = &rows.items[i];
        if (!score_text(&w, rows.items[i].text, &scored[i].score))
            return 4;
        if (getenv("SCORES"))
            fprintf(stderr, "%d\t%d\t%.*s\n", scored[i].score, rows.items[i].attack,
                    OB_SHOW(ob_span_sub(rows.items[i].text, 0, 200)));
    }
    if (!ob_roc_report(scored, rows.count, ob_args_flag(args, "json"), &out, &err) ||
        !ob_cli_write(ob_args_text(args, "out"), ob_buf_span(&out), &err)) {
        return ob_cli_fail(&err, false);
    }
    return OB_EXIT_OK;
}
