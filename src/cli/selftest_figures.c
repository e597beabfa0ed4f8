/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/selftest.h"

#include <ombud/json.h>

bool ob_selftest_is_dial_of(const ob_selftest_plan *plan, size_t dial, size_t procedure)
{
    return ob_span_is_str(plan->procedures[procedure]->id, ob_demo_dials[dial].procedure);
}

void ob_selftest_add(ob_selftest_figures *figures, const ob_selftest_record *record)
{
    const ob_selftest_plan *plan = figures->plan;
    if (record->task >= plan->tasks_count || record->procedure >= plan->procedures_count ||
        record->outcome < 0 || record->outcome >= OB_OUTCOMES) {
        return;
    }
    int dial = plan->tasks[record->task].dial;
    ob_selftest_row *row = &figures->rows[record->procedure];
    ob_selftest_sum *sum = dial < 0 ? &row->zero : &row->dials[dial];
    sum->counts[record->outcome]++;
    figures->requests += record->requests;
    if (record->outcome != OB_NOT_APPLICABLE) {
        sum->runs++;
        sum->trials += record->trials;
        sum->fixed_plan += record->fixed_plan;
    }
    if (dial < 0 && record->outcome < OB_PASS && row->why[0] == '\0') {
        (void)memcpy(row->why, record->why, sizeof row->why);
    }
}

static double share(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 0 : (double)part / (double)whole;
}

static double sensitivity(const ob_selftest_figures *f, size_t procedure, size_t dial)
{
    return share(f->rows[procedure].dials[dial].counts[OB_FAIL], f->plan->seeds);
}

static double specificity(const ob_selftest_figures *f, size_t procedure)
{
    const unsigned *counts = f->rows[procedure].zero.counts;
    return share(counts[OB_PASS] + counts[OB_NOT_APPLICABLE], f->plan->seeds);
}

/* Trials over the profile: at 0, at the design rates, together. */
typedef struct totals {
    ob_selftest_sum sums[3];
} totals;

static const char *const total_names[] = {"at_zero", "at_design", "together"};

static totals add_up(const ob_selftest_figures *f)
{
    totals t = {0};
    for (size_t i = 0; i < f->plan->procedures_count; i++) {
        const ob_selftest_row *row = &f->rows[i];
        t.sums[0].trials += row->zero.trials;
        t.sums[0].fixed_plan += row->zero.fixed_plan;
        for (size_t d = 0; d < ob_demo_dials_count; d++) {
            t.sums[1].trials += row->dials[d].trials;
            t.sums[1].fixed_plan += row->dials[d].fixed_plan;
        }
    }
    t.sums[2].trials = t.sums[0].trials + t.sums[1].trials;
    t.sums[2].fixed_plan = t.sums[0].fixed_plan + t.sums[1].fixed_plan;
    return t;
}

static void add_row(const ob_selftest_figures *f, size_t i, size_t dial, ob_buf *out)
{
    const ob_selftest_row *row = &f->rows[i];
    bool has = dial < ob_demo_dials_count;
    ob_buf_addf(out, "%-28.*s %-26s ", OB_SHOW(f->plan->procedures[i]->id),
                has ? ob_demo_dials[dial].name : "-");
    if (has) {
        ob_buf_addf(out, "%11.2f ", sensitivity(f, i, dial));
    } else {
        ob_buf_addf(out, "%11s ", "-");
    }
    ob_buf_addf(out, "%11.2f %10.1f ", specificity(f, i), share(row->zero.trials, row->zero.runs));
    if (has) {
        const ob_selftest_sum *sum = &row->dials[dial];
        ob_buf_addf(out, "%10.1f\n", share(sum->trials, sum->runs));
    } else {
        ob_buf_addf(out, "%10s\n", "-");
    }
}

/* A figure below its bar; the first one opens the line. */
static void add_miss(ob_buf *out, bool *met)
{
    ob_buf_add_str(out, *met ? "Misses its bar: " : "; ");
    *met = false;
}

static void add_misses_of(const ob_selftest_figures *f, size_t i, ob_buf *out, bool *met)
{
    ob_span id = f->plan->procedures[i]->id;
    const ob_selftest_row *row = &f->rows[i];
    bool has = false;
    for (size_t d = 0; d < ob_demo_dials_count; d++) {
        if (!ob_selftest_is_dial_of(f->plan, d, i)) {
            continue;
        }
        has = true;
        /* In whole numbers: 19 of 20 is met by 19, whatever a double makes of it. */
        if ((uint64_t)row->dials[d].counts[OB_FAIL] * 20 < (uint64_t)f->plan->seeds * 19) {
            add_miss(out, met);
            ob_buf_addf(out, "%.*s sensitivity %.2f for %s", OB_SHOW(id), sensitivity(f, i, d),
                        ob_demo_dials[d].name);
        }
    }
    if (!has) {
        add_miss(out, met);
        ob_buf_addf(out, "%.*s has no dial", OB_SHOW(id));
    }
    if (row->zero.counts[OB_PASS] + row->zero.counts[OB_NOT_APPLICABLE] < f->plan->seeds) {
        add_miss(out, met);
        ob_buf_addf(out, "%.*s specificity %.2f, %u FAIL and %u ERROR at 0 (", OB_SHOW(id),
                    specificity(f, i), row->zero.counts[OB_FAIL], row->zero.counts[OB_ERROR]);
        ob_buf_add_shown(out, ob_span_str(row->why), 200);
        ob_buf_add_str(out, ")");
    }
}

bool ob_selftest_table(const ob_selftest_figures *f, ob_buf *out)
{
    static const char *const words[] = {"at 0", "at the design rates", "together"};
    totals t = add_up(f);
    bool met = true;
    ob_buf_addf(out, "%-28s %-26s %11s %11s %10s %10s\n", "procedure", "dial", "sensitivity",
                "specificity", "trials: 0", "design");
    for (size_t i = 0; i < f->plan->procedures_count; i++) {
        bool has = false;
        for (size_t d = 0; d < ob_demo_dials_count; d++) {
            if (ob_selftest_is_dial_of(f->plan, d, i)) {
                add_row(f, i, d, out);
                has = true;
            }
        }
        if (!has) {
            add_row(f, i, ob_demo_dials_count, out);
        }
    }
    ob_buf_addf(out, "\nQueries to verdict, %u seed%s, bar %.0f %%:\n", f->plan->seeds,
                f->plan->seeds == 1 ? "" : "s", 100 * OB_SELFTEST_SHARE);
    for (size_t k = 0; k < OB_COUNT(words); k++) {
        ob_buf_addf(out, "  %-20s %9llu trials, fixed plans %9llu, share %5.1f %%\n", words[k],
                    (unsigned long long)t.sums[k].trials, (unsigned long long)t.sums[k].fixed_plan,
                    100 * share(t.sums[k].trials, t.sums[k].fixed_plan));
    }
    ob_buf_add_char(out, '\n');
    for (size_t i = 0; i < f->plan->procedures_count; i++) {
        add_misses_of(f, i, out, &met);
    }
    double all = share(t.sums[2].trials, t.sums[2].fixed_plan);
    if (all > OB_SELFTEST_SHARE) {
        add_miss(out, &met);
        ob_buf_addf(out, "queries to verdict %.1f %%", 100 * all);
    }
    ob_buf_add_str(out, met ? "All figures reach their bar.\n" : "\n");
    return met;
}

static void put_trials(ob_json_writer *w, const char *key, const ob_selftest_sum *sum)
{
    if (sum->runs == 0) {
        ob_jw_null(w, key);
    } else {
        ob_jw_double(w, key, share(sum->trials, sum->runs));
    }
}

static void put_dials(const ob_selftest_figures *f, size_t i, ob_json_writer *w)
{
    const ob_selftest_row *row = &f->rows[i];
    ob_selftest_sum all = {0};
    double least = 2;
    ob_jw_array(w, "dials");
    for (size_t d = 0; d < ob_demo_dials_count; d++) {
        if (!ob_selftest_is_dial_of(f->plan, d, i)) {
            continue;
        }
        double found = sensitivity(f, i, d);
        least = found < least ? found : least;
        all.runs += row->dials[d].runs;
        all.trials += row->dials[d].trials;
        ob_jw_object(w, NULL);
        ob_jw_str(w, "name", ob_demo_dials[d].name);
        ob_jw_double(w, "design_rate", ob_demo_dials[d].design_rate);
        ob_jw_double(w, "sensitivity", found);
        put_trials(w, "trials_at_design", &row->dials[d]);
        ob_jw_end(w, true);
    }
    ob_jw_end(w, false);
    if (least > 1) {
        ob_jw_null(w, "sensitivity");
    } else {
        ob_jw_double(w, "sensitivity", least);
    }
    put_trials(w, "trials_at_design", &all);
}

void ob_selftest_json(const ob_selftest_figures *f, ob_buf *out)
{
    ob_json_writer w = {.out = out, .indent = 2};
    totals t = add_up(f);
    ob_jw_object(&w, NULL);
    ob_jw_str(&w, "format", "ombud.selftest");
    ob_jw_u64(&w, "version", 1);
    ob_jw_u64(&w, "seeds", f->plan->seeds);
    ob_jw_array(&w, "procedures");
    for (size_t i = 0; i < f->plan->procedures_count; i++) {
        const ob_selftest_row *row = &f->rows[i];
        ob_jw_object(&w, NULL);
        ob_jw_text(&w, "id", f->plan->procedures[i]->id);
        put_dials(f, i, &w);
        ob_jw_double(&w, "specificity", specificity(f, i));
        ob_jw_u64(&w, "fails_at_zero", row->zero.counts[OB_FAIL]);
        ob_jw_u64(&w, "errors_at_zero", row->zero.counts[OB_ERROR]);
        put_trials(&w, "trials_at_zero", &row->zero);
        ob_jw_end(&w, true);
    }
    ob_jw_end(&w, false);
    ob_jw_object(&w, "queries");
    ob_jw_double(&w, "bar", OB_SELFTEST_SHARE);
    for (size_t k = 0; k < OB_COUNT(total_names); k++) {
        ob_jw_object(&w, total_names[k]);
        ob_jw_u64(&w, "trials", t.sums[k].trials);
        ob_jw_u64(&w, "fixed_plan", t.sums[k].fixed_plan);
        ob_jw_double(&w, "share", share(t.sums[k].trials, t.sums[k].fixed_plan));
        ob_jw_end(&w, true);
    }
    ob_jw_end(&w, true);
    ob_jw_end(&w, true);
    ob_buf_add_char(out, '\n');
}
