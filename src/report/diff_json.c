/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The comparison for programs: one JSON object, closed by doc/schema/diff-1.json. Adding a key
 * keeps the version, taking one away or changing its meaning raises it.
 */
#include "report/diff.h"

#include <ombud/json.h>
#include <ombud/text.h>

static void write_run(ob_json_writer *w, const char *key, const ob_summary *s)
{
    char started[32];
    ob_time_format(s->run.started_ms, started);
    ob_jw_object(w, key);
    ob_jw_str(w, "id", s->run.id);
    ob_jw_str(w, "started", started);
    ob_jw_str(w, "state", s->run.state);
    ob_jw_text(w, "service", s->service);
    ob_jw_text(w, "profile", s->profile);
    ob_jw_u64(w, "level", s->level);
    ob_jw_text(w, "seed", s->seed);
    ob_jw_text(w, "chain", s->chain);
    ob_jw_str(w, "outcome", ob_outcome_names[s->outcome]);
    ob_jw_texts(w, "deviations", s->deviations, s->deviations_count);
    ob_jw_end(w, true);
}

static void write_settings(ob_json_writer *w, const ob_diff *d)
{
    ob_jw_array(w, "settings");
    for (size_t i = 0; i < d->settings_count; i++) {
        ob_jw_object(w, NULL);
        ob_jw_str(w, "name", d->settings[i].name);
        ob_jw_text(w, "before", d->settings[i].before);
        ob_jw_text(w, "now", d->settings[i].now);
        ob_jw_bool(w, "unpairs", d->settings[i].unpairs);
        ob_jw_end(w, true);
    }
    ob_jw_end(w, false);
}

static void write_side(ob_json_writer *w, const char *key, const ob_procedure_view *v)
{
    if (v == NULL) {
        ob_jw_null(w, key);
        return;
    }
    ob_jw_object(w, key);
    ob_jw_str(w, "outcome", ob_outcome_names[v->outcome]);
    ob_jw_text(w, "reason", v->reason);
    ob_jw_u64(w, "trials", v->trials);
    ob_jw_u64(w, "hits", v->hits);
    ob_jw_u64(w, "invalid", v->invalid);
    ob_jw_double(w, "limit", v->limit);
    ob_jw_text(w, "digest", v->digest);
    ob_jw_end(w, true);
}

static void write_pairs(ob_json_writer *w, const ob_diff_procedure *p)
{
    const ob_diff_pairs *n = &p->n;
    if (!p->paired) {
        ob_jw_null(w, "pairs");
        return;
    }
    ob_jw_object(w, "pairs");
    ob_jw_u64(w, "count", n->pairs);
    ob_jw_u64(w, "both_hit", n->both_hit);
    ob_jw_u64(w, "both_clean", n->both_clean);
    ob_jw_u64(w, "new_hits", n->new_hits);
    ob_jw_u64(w, "gone_hits", n->gone_hits);
    ob_jw_u64(w, "invalid", n->invalid);
    ob_jw_u64(w, "old_only", n->old_only);
    ob_jw_u64(w, "new_only", n->new_only);
    ob_jw_u64(w, "unlike", n->unlike);
    ob_jw_u64(w, "inputs", n->inputs);
    ob_jw_double(w, "log_e_worse", p->log_e_worse);
    ob_jw_double(w, "log_e_better", p->log_e_better);
    ob_jw_bool(w, "worse_alone", p->worse_alone);
    ob_jw_bool(w, "worse_suite", p->worse_suite);
    ob_jw_bool(w, "better_alone", p->better_alone);
    ob_jw_bool(w, "better_suite", p->better_suite);
    ob_jw_end(w, true);
}

static void write_findings(ob_json_writer *w, const char *key, const ob_diff_findings *f)
{
    ob_jw_object(w, key);
    ob_jw_u64(w, "count", f->count);
    ob_jw_array(w, "shown");
    for (size_t i = 0; i < f->shown_count; i++) {
        const ob_trial_view *t = &f->shown[i].trial;
        ob_jw_object(w, NULL);
        ob_jw_i64(w, "trial", t->trial);
        ob_jw_i64(w, "attempt", t->attempt);
        ob_jw_bool(w, "confirmed", t->confirmed);
        ob_jw_str(w, "why", f->shown[i].why);
        ob_jw_text(w, "reason", t->reason);
        ob_jw_text(w, "input", t->input);
        ob_jw_end(w, true);
    }
    ob_jw_end(w, false);
    ob_jw_end(w, true);
}

static void write_procedure(ob_json_writer *w, const ob_diff_procedure *p)
{
    const ob_procedure_view *v = p->now != NULL ? p->now : p->before;
    ob_jw_object(w, NULL);
    ob_jw_text(w, "id", p->id);
    ob_jw_text(w, "title", v->title);
    ob_jw_text(w, "requirement", v->requirement);
    ob_jw_str(w, "severity", ob_severity_names[v->severity]);
    ob_jw_str(w, "change", ob_change_names[p->change]);
    ob_jw_text(w, "statement", p->statement);
    write_side(w, "before", p->before);
    write_side(w, "now", p->now);
    ob_jw_text_or_null(w, "not_paired", ob_span_str(p->not_paired));
    write_pairs(w, p);
    write_findings(w, "new_hits", &p->fresh);
    write_findings(w, "gone_hits", &p->gone);
    ob_jw_end(w, true);
}

static void write_requirements(ob_json_writer *w, const char *key,
                               const ob_requirement_view *const *list, size_t count)
{
    ob_jw_array(w, key);
    for (size_t i = 0; i < count; i++) {
        ob_jw_text(w, NULL, list[i]->id);
    }
    ob_jw_end(w, false);
}

bool ob_diff_json(const ob_diff *d, ob_buf *out, ob_err *err)
{
    ob_json_writer writer = {.out = out, .indent = 2};
    ob_json_writer *w = &writer;
    ob_jw_object(w, NULL);
    ob_jw_str(w, "format", "ombud.diff");
    ob_jw_u64(w, "version", 1);
    ob_jw_str(w, "change", ob_change_names[d->change]);
    ob_jw_texts(w, "reasons", d->reasons, d->reasons_count);
    ob_jw_double(w, "alpha", d->alpha);
    write_run(w, "old", &d->before);
    write_run(w, "new", &d->now);
    write_settings(w, d);
    ob_jw_text_or_null(w, "not_paired", ob_span_str(d->not_paired));
    ob_jw_array(w, "procedures");
    for (size_t i = 0; i < d->procedures_count; i++) {
        write_procedure(w, &d->procedures[i]);
    }
    ob_jw_end(w, false);
    write_requirements(w, "requirements_lost", d->lost, d->lost_count);
    write_requirements(w, "requirements_gained", d->gained, d->gained_count);
    ob_jw_end(w, true);
    ob_buf_add_char(out, '\n');
    return ob_buf_check(out, "the JSON comparison", err);
}
