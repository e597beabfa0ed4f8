/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps of training:
 *
 *   1. Cost. For each cost of a list, each fold is scored by weights from the other folds, a text
 * as one row of all its windows. The cost with the least loss is taken.
 *   2. Windows. Weights from whole texts choose the window that counts: of an attack the one that
 *      looks most like one, of an honest text the few that do. Weights are fitted again to these,
 * so that they learn from where the attack stands, and from what looks like one.
 *   3. Both steps without each fold in turn score its texts as texts that were never seen. The
 *      calibration, the gate's threshold and the figures of the report come from these scores.
 *   4. Weights of all rows, rounded to 8 bits.
 */
#include "cli/train.h"

#include <math.h>
#include <stdlib.h>

#define SLOTS ((size_t)1 << OB_TRAIN_BITS)
#define GATES ((size_t)1 << OB_TRAIN_GATE)
/* Windows of an honest text that are learned from. */
#define HONEST_WINDOWS 8
#define GATE_COST      0.05
/* Weights that only choose something may be rough. Those that stay are found so well that another
 * order of additions, in another library of linear algebra, moves none by a step of the 8 bits. */
#define ROUGH 1e-2
#define FINE  1e-4
/* Of the attacks that are found, how many the gate may lose: one in 50. */
#define GATE_LOSS 50

static const double costs[] = {1, 4, 16, 64};

typedef struct trainer {
    const ob_examples *all;
    ob_arena arena;
    ob_fit_row *rows; /* room for all windows that can be used */
    double *weights;
    double *gate;
    /* Of each example, from weights that did not see it. */
    obi_model_point *points;
    double *sums; /* of the gate, of the window that counts */
} trainer;

static bool is_part(unsigned fold, unsigned left_out)
{
    return fold != left_out;
}

/* Weights of whole texts. left_out OB_TRAIN_FOLDS: of all of them. */
static bool fit_whole(trainer *t, unsigned left_out, double cost, ob_err *err)
{
    size_t count = 0;
    for (size_t i = 0; i < t->all->count; i++) {
        const ob_example *e = &t->all->items[i];
        if (is_part(e->fold, left_out)) {
            t->rows[count++] = (ob_fit_row){.x = &e->whole, .attack = e->attack};
        }
    }
    return ob_fit(t->rows, count, SLOTS, cost, ROUGH, t->weights, err);
}

/* Puts the windows that score highest first, most of them; ties stay in the order of the text. */
static size_t best_windows(const ob_example *e, const double *weights, size_t most,
                           const ob_train_window *best[HONEST_WINDOWS])
{
    double scores[HONEST_WINDOWS];
    size_t count = 0;
    for (size_t i = 0; i < e->count; i++) {
        double score = ob_sparse_dot(&e->windows[i].x, weights);
        size_t at = count;
        while (at > 0 && score > scores[at - 1]) {
            at--;
        }
        if (at >= most) {
            continue;
        }
        count += count < most;
        for (size_t k = count - 1; k > at; k--) {
            scores[k] = scores[k - 1];
            best[k] = best[k - 1];
        }
        scores[at] = score;
        best[at] = &e->windows[i];
    }
    return count;
}

/* Weights of the windows that count, and of their words for the gate. */
static bool fit_windows(trainer *t, unsigned left_out, double cost, ob_err *err)
{
    size_t count = 0;
    if (!fit_whole(t, left_out, cost, err)) {
        return false;
    }
    const ob_sparse **words =
        OB_NEW(&t->arena, const ob_sparse *, t->all->count *HONEST_WINDOWS, err);
    if (words == NULL) {
        return false;
    }
    for (size_t i = 0; i < t->all->count; i++) {
        const ob_example *e = &t->all->items[i];
        const ob_train_window *best[HONEST_WINDOWS];
        if (!is_part(e->fold, left_out)) {
            continue;
        }
        size_t found = best_windows(e, t->weights, e->attack ? 1 : HONEST_WINDOWS, best);
        for (size_t k = 0; k < found; k++) {
            words[count] = &best[k]->words;
            t->rows[count++] = (ob_fit_row){.x = &best[k]->x, .attack = e->attack};
        }
    }
    double precision = left_out == OB_TRAIN_FOLDS ? FINE : ROUGH;
    if (!ob_fit(t->rows, count, SLOTS, cost, precision, t->weights, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        t->rows[i].x = words[i];
    }
    return ob_fit(t->rows, count, GATES, GATE_COST, precision, t->gate, err);
}

static double loss_of(const trainer *t)
{
    double of_class[2] = {0};
    size_t count[2] = {0};
    obi_model_curve curve = obi_model_calibrate(t->points, t->all->count);
    for (size_t i = 0; i < t->all->count; i++) {
        double z = curve.bias + curve.slope * t->points[i].raw;
        bool attack = t->points[i].attack;
        z = attack ? -z : z;
        of_class[attack] += z > 0 ? z + log1p(exp(-z)) : log1p(exp(z));
        count[attack]++;
    }
    return of_class[0] / (double)count[0] + of_class[1] / (double)count[1];
}

static bool choose_cost(trainer *t, double *cost, ob_err *err)
{
    double least = INFINITY;
    for (size_t c = 0; c < OB_COUNT(costs); c++) {
        for (unsigned fold = 0; fold < OB_TRAIN_FOLDS; fold++) {
            if (!fit_whole(t, fold, costs[c], err)) {
                return false;
            }
            for (size_t i = 0; i < t->all->count; i++) {
                const ob_example *e = &t->all->items[i];
                if (e->fold == fold) {
                    t->points[i] = (obi_model_point){.raw = ob_sparse_dot(&e->whole, t->weights),
                                                     .attack = e->attack};
                }
            }
        }
        double loss = loss_of(t);
        if (loss < least) {
            least = loss;
            *cost = costs[c];
        }
    }
    return true;
}

/* Scores each text by weights that did not see it. */
static bool hold_out(trainer *t, double cost, ob_err *err)
{
    for (unsigned fold = 0; fold < OB_TRAIN_FOLDS; fold++) {
        if (!fit_windows(t, fold, cost, err)) {
            return false;
        }
        for (size_t i = 0; i < t->all->count; i++) {
            const ob_example *e = &t->all->items[i];
            const ob_train_window *best[HONEST_WINDOWS] = {&e->windows[0]};
            if (e->fold == fold) {
                (void)best_windows(e, t->weights, 1, best);
                t->points[i] = (obi_model_point){.raw = ob_sparse_dot(&best[0]->x, t->weights),
                                                 .attack = e->attack,
                                                 .lang = best[0]->lang};
                t->sums[i] = ob_sparse_dot(&best[0]->words, t->gate);
            }
        }
    }
    return true;
}

static int rising(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Values of one class, sorted; those whose score is above least only. */
static size_t sorted_of(const trainer *t, const double *values, bool attack, double least,
                        double *out)
{
    size_t count = 0;
    for (size_t i = 0; i < t->all->count; i++) {
        if (t->points[i].attack == attack && t->points[i].raw > least) {
            out[count++] = values != NULL ? values[i] : t->points[i].raw;
        }
    }
    qsort(out, count, sizeof *out, rising);
    return count;
}

/* The threshold of the gate in its own steps, and the figures of the report. */
static bool set_gate(trainer *t, double step, obi_model_parts *parts, ob_train_report *report,
                     ob_err *err)
{
    double *sorted = OB_NEW(&t->arena, double, t->all->count, err);
    if (sorted == NULL) {
        return false;
    }
    size_t honest = sorted_of(t, NULL, false, -INFINITY, sorted);
    double bar = honest == 0 ? 0 : sorted[honest - 1 - honest / 100];
    size_t attacks = sorted_of(t, NULL, true, -INFINITY, sorted);
    size_t found = sorted_of(t, t->sums, true, bar, sorted);
    double least = found == 0 ? 0 : sorted[found / GATE_LOSS];
    parts->gate_least = step == 0 ? 0 : (int32_t)floor(least / step);
    size_t lost = 0;
    while (lost < found && sorted[lost] < least) {
        lost++;
    }
    report->recall = (double)found / (double)attacks;
    report->gate_lost = found == 0 ? 0 : (double)lost / (double)found;
    size_t windows = 0;
    size_t open = 0;
    for (size_t i = 0; i < t->all->count; i++) {
        const ob_example *e = &t->all->items[i];
        for (size_t k = 0; k < e->count && !e->attack; k++) {
            windows++;
            open += ob_sparse_dot(&e->windows[k].words, t->gate) >= least;
        }
    }
    report->gate_open = (double)open / (double)windows;
    return true;
}

static bool write_model(trainer *t, ob_span note, ob_buf *file, ob_train_report *report,
                        ob_err *err)
{
    int8_t *weights = OB_NEW(&t->arena, int8_t, SLOTS, err);
    int8_t *gate = OB_NEW(&t->arena, int8_t, GATES, err);
    double *scratch = OB_NEW(&t->arena, double, SLOTS, err);
    obi_model_curve curves[OBI_LANGS];
    if (weights == NULL || gate == NULL || scratch == NULL) {
        return false;
    }
    double step = obi_model_quantise(t->weights, SLOTS, weights, scratch);
    double gate_step = obi_model_quantise(t->gate, GATES, gate, scratch);
    obi_model_parts parts = {.bits = OB_TRAIN_BITS,
                             .gate_bits = OB_TRAIN_GATE,
                             .weights = weights,
                             .gate = gate,
                             .note = note};
    obi_model_calibrate_langs(t->points, t->all->count, curves);
    for (unsigned lang = 0; lang < OBI_LANGS; lang++) {
        parts.lines[lang] = obi_model_line_of(curves[lang], step);
    }
    return set_gate(t, gate_step, &parts, report, err) && obi_model_write(&parts, file, err);
}

static bool begin(trainer *t, const ob_examples *all, ob_err *err)
{
    *t = (trainer){.all = all, .arena = {.cap = (size_t)4 << 30}};
    t->rows = OB_NEW(&t->arena, ob_fit_row, all->count * HONEST_WINDOWS, err);
    t->weights = OB_NEW(&t->arena, double, SLOTS, err);
    t->gate = OB_NEW(&t->arena, double, GATES, err);
    t->points = OB_NEW(&t->arena, obi_model_point, all->count, err);
    t->sums = OB_NEW(&t->arena, double, all->count, err);
    return t->rows != NULL && t->weights != NULL && t->gate != NULL && t->points != NULL &&
           t->sums != NULL;
}

static bool work(trainer *t, const ob_labelled_rows *rows, ob_span data, ob_span seed, double cost,
                 ob_buf *file, ob_train_report *report, ob_err *err)
{
    for (size_t i = 0; i < rows->count; i++) {
        report->attacks += rows->items[i].attack;
    }
    report->honest = rows->count - report->attacks;
    report->cost = cost;
    ob_span note = {0};
    if (report->attacks == 0 || report->honest == 0) {
        return ob_fail(err, OB_ERR_INPUT, "training needs attacks and honest texts");
    }
    return (cost > 0 || choose_cost(t, &report->cost, err)) && hold_out(t, report->cost, err) &&
           ob_arena_printf(&t->arena, &note, err,
                           "%zu attacks, %zu honest texts, data %.*s, seed %.*s, cost %g",
                           report->attacks, report->honest, OB_SHOW(ob_span_sub(data, 0, 16)),
                           OB_SHOW(ob_span_sub(seed, 0, 40)), report->cost) &&
           fit_windows(t, OB_TRAIN_FOLDS, report->cost, err) &&
           write_model(t, note, file, report, err);
}

bool ob_train(const ob_labelled_rows *rows, ob_span data, ob_span seed, double cost, ob_buf *file,
              ob_train_report *report, ob_err *err)
{
    ob_examples all = {0};
    trainer t = {0};
    ob_train_report made = {0};
    bool good = ob_examples_make(&all, rows, seed, err) && begin(&t, &all, err) &&
                work(&t, rows, data, seed, cost, file, &made, err);
    ob_arena_fini(&t.arena);
    ob_examples_fini(&all);
    if (good) {
        *report = made;
    }
    return good;
}
