/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/scan_roc.h"

#include <ombud/json.h>
#include <ombud/stats.h>

#include <stdlib.h>

#define Z95 1.959964

/* Shares of honest texts with an alarm for which the recall is told. */
static const double shares[] = {0.001, 0.005, 0.01, 0.02};
/* Groups are told at this one. */
#define GROUP_SHARE 0.01
/* Points of the curve in JSON, evenly over the attacks. */
#define CURVE_POINTS 50

typedef enum group {
    BY_LANG,
    BY_TECHNIQUE,
    BY_WHERE,
    BY_SOURCE,
    GROUPS
} group;

static const char *const group_names[GROUPS] = {"lang", "technique", "where", "source"};

static ob_span value_of(const ob_labelled_row *row, group by)
{
    return by == BY_LANG         ? row->lang
           : by == BY_TECHNIQUE  ? row->technique
           : by == BY_WHERE      ? row->where
           : row->source.len > 0 ? row->source
                                 : ob_span_str(row->file);
}

ob_roc_point ob_roc_at(const ob_scored *scored, size_t count, int32_t threshold)
{
    ob_roc_point p = {.threshold = threshold};
    for (size_t i = 0; i < count; i++) {
        bool alarm = scored[i].score >= threshold;
        p.attacks += scored[i].row->attack;
        p.honest += !scored[i].row->attack;
        p.found += alarm && scored[i].row->attack;
        p.alarms += alarm && !scored[i].row->attack;
    }
    return p;
}

static int falling(const void *a, const void *b)
{
    int32_t left = *(const int32_t *)a;
    int32_t right = *(const int32_t *)b;
    return (left < right) - (left > right);
}

static size_t sorted_of(const ob_scored *scored, size_t count, bool attack, int32_t *out)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (scored[i].row->attack == attack) {
            out[used++] = scored[i].score;
        }
    }
    qsort(out, used, sizeof *out, falling);
    return used;
}

int32_t ob_roc_threshold(const ob_scored *scored, size_t count, double share, int32_t *scratch)
{
    size_t honest = sorted_of(scored, count, false, scratch);
    size_t most = (size_t)((double)honest * share + 1e-9);
    /* What would be the first alarm too many stays below; ties of it, too. */
    return most >= honest ? OB_ROC_ANYTHING : scratch[most] + 1;
}

static void add_rate(ob_buf *out, size_t part, size_t all)
{
    double low = 0;
    double high = 0;
    if (all == 0) {
        ob_buf_addf(out, "%27s", "-");
        return;
    }
    ob_wilson(all, part, Z95, &low, &high);
    ob_buf_addf(out, "  %6.2f %% (%6.2f - %6.2f)", 100 * (double)part / (double)all, 100 * low,
                100 * high);
}

static void json_rate(ob_json_writer *w, const char *key, size_t part, size_t all)
{
    double low = 0;
    double high = 1;
    ob_wilson(all, part, Z95, &low, &high);
    ob_jw_object(w, key);
    ob_jw_u64(w, "count", part);
    ob_jw_u64(w, "of", all);
    if (all > 0) {
        ob_jw_double(w, "rate", (double)part / (double)all);
        ob_jw_double(w, "low", low);
        ob_jw_double(w, "high", high);
    }
    ob_jw_end(w, true);
}

static void json_point(ob_json_writer *w, const char *key, ob_roc_point p)
{
    ob_jw_object(w, key);
    if (p.threshold == OB_ROC_ANYTHING) {
        ob_jw_null(w, "threshold");
    } else {
        ob_jw_double(w, "threshold", (double)p.threshold / 100);
    }
    json_rate(w, "recall", p.found, p.attacks);
    json_rate(w, "false_alarms", p.alarms, p.honest);
    ob_jw_end(w, true);
}

/* A threshold, or that there is none: every text that showed anything at all may have an alarm. */
static void add_threshold(ob_buf *out, int32_t threshold)
{
    if (threshold == OB_ROC_ANYTHING) {
        ob_buf_addf(out, "%9s", "any");
    } else {
        ob_buf_addf(out, "%9.2f", (double)threshold / 100);
    }
}

static int by_name(const void *a, const void *b)
{
    return ob_span_compare(*(const ob_span *)a, *(const ob_span *)b);
}

/* The different values of a group, sorted; room for count of them. */
static size_t values_of(const ob_scored *scored, size_t count, group by, ob_span *out)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        out[i] = value_of(scored[i].row, by);
    }
    qsort(out, count, sizeof *out, by_name);
    for (size_t i = 0; i < count; i++) {
        if (used == 0 || !ob_span_is(out[i], out[used - 1])) {
            out[used++] = out[i];
        }
    }
    return used;
}

static ob_roc_point part_at(const ob_scored *scored, size_t count, group by, ob_span value,
                            int32_t threshold)
{
    ob_roc_point p = {.threshold = threshold};
    for (size_t i = 0; i < count; i++) {
        if (ob_span_is(value_of(scored[i].row, by), value)) {
            ob_roc_point one = ob_roc_at(&scored[i], 1, threshold);
            p.attacks += one.attacks;
            p.honest += one.honest;
            p.found += one.found;
            p.alarms += one.alarms;
        }
    }
    return p;
}

typedef struct report {
    const ob_scored *scored;
    size_t count;
    int32_t *scratch;
    ob_span *values;
    ob_buf *out;
} report;

static void table_groups(const report *r, int32_t threshold)
{
    for (group by = 0; by < GROUPS; by++) {
        size_t values = values_of(r->scored, r->count, by, r->values);
        if (values == 1 && r->values[0].len == 0) {
            continue;
        }
        ob_buf_addf(r->out, "\n%-18s %7s %27s %7s %27s\n", group_names[by], "attacks", "found",
                    "honest", "false alarms");
        for (size_t i = 0; i < values; i++) {
            ob_roc_point p = part_at(r->scored, r->count, by, r->values[i], threshold);
            OB_AUTO(ob_buf) name = {.max = 400};
            ob_buf_add_shown(&name, r->values[i], 40);
            ob_buf_addf(r->out, "%-18s %7zu ", name.len == 0 ? "(none)" : name.ptr, p.attacks);
            add_rate(r->out, p.found, p.attacks);
            ob_buf_addf(r->out, " %7zu ", p.honest);
            add_rate(r->out, p.alarms, p.honest);
            ob_buf_add_char(r->out, '\n');
        }
    }
}

static void table(const report *r)
{
    ob_roc_point all = ob_roc_at(r->scored, r->count, OB_ROC_NOTHING);
    ob_buf_addf(r->out, "%zu attacks, %zu honest texts; in brackets 95 %% (Wilson)\n\n",
                all.attacks, all.honest);
    ob_buf_addf(r->out, "%-12s %9s %27s %27s\n", "at most", "threshold", "attacks found",
                "false alarms");
    for (size_t i = 0; i < OB_COUNT(shares); i++) {
        int32_t threshold = ob_roc_threshold(r->scored, r->count, shares[i], r->scratch);
        ob_roc_point p = ob_roc_at(r->scored, r->count, threshold);
        ob_buf_addf(r->out, "%5.1f %%      ", shares[i] * 100);
        add_threshold(r->out, threshold);
        add_rate(r->out, p.found, p.attacks);
        add_rate(r->out, p.alarms, p.honest);
        ob_buf_add_char(r->out, '\n');
    }
    int32_t threshold = ob_roc_threshold(r->scored, r->count, GROUP_SHARE, r->scratch);
    ob_buf_addf(r->out, "\nBy group, at the threshold of %.0f %% false alarms:\n",
                GROUP_SHARE * 100);
    table_groups(r, threshold);
}

static void json_groups(const report *r, ob_json_writer *w, int32_t threshold)
{
    ob_jw_object(w, "groups");
    for (group by = 0; by < GROUPS; by++) {
        size_t values = values_of(r->scored, r->count, by, r->values);
        ob_jw_array(w, group_names[by]);
        for (size_t i = 0; i < values; i++) {
            ob_roc_point p = part_at(r->scored, r->count, by, r->values[i], threshold);
            ob_jw_object(w, NULL);
            ob_jw_text(w, "name", r->values[i]);
            json_rate(w, "recall", p.found, p.attacks);
            json_rate(w, "false_alarms", p.alarms, p.honest);
            ob_jw_end(w, true);
        }
        ob_jw_end(w, false);
    }
    ob_jw_end(w, true);
}

static void json_curve(const report *r, ob_json_writer *w)
{
    size_t attacks = sorted_of(r->scored, r->count, true, r->scratch);
    size_t points = attacks < CURVE_POINTS ? attacks : CURVE_POINTS;
    int32_t last = INT32_MAX;
    ob_jw_array(w, "roc");
    for (size_t i = 1; i <= points; i++) {
        int32_t threshold = r->scratch[i * attacks / points - 1];
        if (threshold < last && threshold > OB_ROC_NOTHING) {
            json_point(w, NULL, ob_roc_at(r->scored, r->count, threshold));
            last = threshold;
        }
    }
    ob_jw_end(w, false);
}

static void json(const report *r)
{
    ob_json_writer w = {.out = r->out, .indent = 2};
    ob_roc_point all = ob_roc_at(r->scored, r->count, OB_ROC_NOTHING);
    ob_jw_object(&w, NULL);
    ob_jw_u64(&w, "attacks", all.attacks);
    ob_jw_u64(&w, "honest", all.honest);
    ob_jw_array(&w, "at");
    for (size_t i = 0; i < OB_COUNT(shares); i++) {
        int32_t threshold = ob_roc_threshold(r->scored, r->count, shares[i], r->scratch);
        ob_jw_object(&w, NULL);
        ob_jw_double(&w, "share", shares[i]);
        json_point(&w, "point", ob_roc_at(r->scored, r->count, threshold));
        ob_jw_end(&w, true);
    }
    ob_jw_end(&w, false);
    json_groups(r, &w, ob_roc_threshold(r->scored, r->count, GROUP_SHARE, r->scratch));
    json_curve(r, &w);
    ob_jw_end(&w, true);
    ob_buf_add_char(r->out, '\n');
}

bool ob_roc_report(const ob_scored *scored, size_t count, bool as_json, ob_buf *out, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {.cap = (size_t)1 << 30};
    report r = {.scored = scored,
                .count = count,
                .scratch = OB_NEW(&arena, int32_t, count, err),
                .values = OB_NEW(&arena, ob_span, count, err),
                .out = out};
    if (r.scratch == NULL || r.values == NULL) {
        return false;
    }
    if (as_json) {
        json(&r);
    } else {
        table(&r);
    }
    return ob_buf_check(out, "the report", err);
}
