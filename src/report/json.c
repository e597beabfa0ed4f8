/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report for programs: one JSON object, closed by doc/schema/report-1.json. Adding a key keeps
 * the version, taking one away or changing its meaning raises it.
 */
#include "report/table.h"

#include <ombud/json.h>
#include <ombud/text.h>

static void time_or_null(ob_json_writer *w, const char *key, int64_t wall_ms)
{
    char text[32];
    if (wall_ms == 0) {
        ob_jw_null(w, key);
    } else {
        ob_time_format(wall_ms, text);
        ob_jw_str(w, key, text);
    }
}

static void write_digests(ob_json_writer *w, const ob_summary *s)
{
    ob_jw_object(w, "digests");
    ob_jw_text(w, "catalogue", s->catalogue_digest);
    ob_jw_text(w, "procedures", s->procedures_digest);
    ob_jw_text(w, "service", s->service_digest);
    ob_jw_text_or_null(w, "scope", s->scope_digest);
    ob_jw_end(w, true);
}

static void write_run(ob_json_writer *w, const ob_summary *s)
{
    ob_jw_object(w, "run");
    ob_jw_str(w, "id", s->run.id);
    time_or_null(w, "started", s->run.started_ms);
    time_or_null(w, "ended", s->run.ended_ms);
    ob_jw_str(w, "state", s->run.state);
    ob_jw_text(w, "tool", s->tool);
    ob_jw_text(w, "service", s->service);
    ob_jw_text(w, "address", s->address);
    ob_jw_text(w, "driver", s->driver);
    ob_jw_text(w, "profile", s->profile);
    ob_jw_u64(w, "level", s->level);
    ob_jw_text(w, "seed", s->seed);
    ob_jw_double(w, "time_scale", s->time_scale);
    ob_jw_bool(w, "keep_raw", s->keep_raw);
    ob_jw_text(w, "operator", s->operator_);
    ob_jw_text_or_null(w, "owner", s->owner);
    write_digests(w, s);
    ob_jw_text(w, "chain", s->chain);
    ob_jw_texts(w, "addresses", s->addresses, s->addresses_count);
    ob_jw_texts(w, "deviations", s->deviations, s->deviations_count);
    ob_jw_texts(w, "left_behind", s->left_behind, s->left_behind_count);
    ob_jw_u64(w, "requests", s->requests);
    ob_jw_u64(w, "trials", s->trials);
    ob_jw_double(w, "rate", s->rate);
    ob_jw_u64(w, "in_flight", s->in_flight);
    ob_jw_end(w, true);
}

static void write_pillar(ob_json_writer *w, const ob_pillar_view *p)
{
    ob_jw_object(w, NULL);
    ob_jw_text(w, "id", p->id);
    ob_jw_text(w, "title", p->title);
    ob_jw_str(w, "outcome", ob_outcome_names[p->outcome]);
    ob_jw_object(w, "counts");
    for (size_t i = 0; i < OB_OUTCOMES; i++) {
        ob_jw_u64(w, ob_outcome_names[i], p->counts[i]);
    }
    ob_jw_end(w, true);
    ob_jw_end(w, true);
}

static void write_turn(ob_json_writer *w, const ob_turn_view *t)
{
    ob_jw_object(w, NULL);
    ob_jw_text(w, "actor", t->actor);
    ob_jw_text(w, "session", t->session);
    ob_jw_text(w, "kind", t->kind);
    ob_jw_text(w, "sent", t->sent);
    ob_jw_text(w, "reply", t->reply);
    ob_jw_text(w, "names", t->names);
    ob_jw_text(w, "lost", t->lost);
    ob_jw_i64(w, "status", t->status);
    ob_jw_double(w, "total_ms", t->total_ms);
    ob_jw_u64(w, "record", t->record);
    ob_jw_end(w, true);
}

static void write_finding(ob_json_writer *w, const ob_finding_view *f)
{
    ob_jw_object(w, NULL);
    ob_jw_text(w, "oracle", f->oracle);
    ob_jw_text(w, "why", f->why);
    if (f->turn == SIZE_MAX) {
        ob_jw_null(w, "turn");
    } else {
        ob_jw_u64(w, "turn", f->turn);
    }
    ob_jw_u64(w, "start", f->start);
    ob_jw_u64(w, "end", f->end);
    ob_jw_text(w, "steps", f->steps);
    ob_jw_end(w, true);
}

static void write_trial(ob_json_writer *w, const ob_trial_view *t)
{
    ob_jw_object(w, NULL);
    ob_jw_i64(w, "trial", t->trial);
    ob_jw_i64(w, "attempt", t->attempt);
    ob_jw_text(w, "result", t->result);
    ob_jw_text(w, "reason", t->reason);
    ob_jw_text(w, "input", t->input);
    ob_jw_bool(w, "confirmed", t->confirmed);
    ob_jw_object(w, "reproduced");
    ob_jw_u64(w, "hits", t->reproduced);
    ob_jw_u64(w, "of", t->reruns);
    ob_jw_end(w, true);
    ob_jw_array(w, "turns");
    for (size_t i = 0; i < t->turns_count; i++) {
        write_turn(w, &t->turns[i]);
    }
    ob_jw_end(w, false);
    ob_jw_array(w, "findings");
    for (size_t i = 0; i < t->findings_count; i++) {
        write_finding(w, &t->findings[i]);
    }
    ob_jw_end(w, false);
    ob_jw_end(w, true);
}

static void write_counts(ob_json_writer *w, const ob_procedure_view *p)
{
    ob_jw_u64(w, "trials", p->trials);
    ob_jw_u64(w, "hits", p->hits);
    ob_jw_u64(w, "invalid", p->invalid);
    ob_jw_u64(w, "surplus", p->surplus);
    ob_jw_u64(w, "attempts", p->attempts);
    ob_jw_u64(w, "requests", p->requests);
    ob_jw_double(w, "limit", p->limit);
    ob_jw_double(w, "alpha", p->alpha);
    ob_jw_double(w, "lower", p->lower);
    ob_jw_double(w, "upper", p->upper);
    ob_jw_array(w, "interval");
    ob_jw_double(w, NULL, p->interval[0]);
    ob_jw_double(w, NULL, p->interval[1]);
    ob_jw_end(w, false);
    ob_jw_double(w, "log_e_pass", p->log_e_pass);
    ob_jw_double(w, "log_e_fail", p->log_e_fail);
    ob_jw_bool(w, "zero_tolerance", p->zero_tolerance);
    ob_jw_bool(w, "suite_wide", p->suite_wide);
    ob_jw_u64(w, "needs", p->needs);
    ob_jw_u64(w, "fixed_plan", p->fixed_plan);
    ob_jw_double(w, "invalid_max", p->invalid_max);
    ob_jw_u64(w, "inputs", p->inputs);
    ob_jw_double(w, "design_effect", p->design_effect);
}

static void write_judge(ob_json_writer *w, const ob_judge_view *j)
{
    if (j == NULL) {
        ob_jw_null(w, "judge");
        return;
    }
    ob_jw_object(w, "judge");
    ob_jw_text(w, "rubric", j->rubric);
    ob_jw_text(w, "title", j->judge);
    ob_jw_text(w, "model", j->model);
    ob_jw_text(w, "address", j->address);
    ob_jw_text(w, "calibrated", j->calibrated);
    ob_jw_u64(w, "hits", j->hits);
    ob_jw_u64(w, "hits_right", j->hits_right);
    ob_jw_u64(w, "clean", j->clean);
    ob_jw_u64(w, "clean_right", j->clean_right);
    ob_jw_u64(w, "unusable", j->unusable);
    ob_jw_double(w, "sensitivity", j->sensitivity);
    ob_jw_double(w, "sensitivity_low", j->sensitivity_low);
    ob_jw_double(w, "specificity", j->specificity);
    ob_jw_double(w, "specificity_low", j->specificity_low);
    ob_jw_double(w, "bound_alpha", j->bound_alpha);
    ob_jw_double(w, "test_alpha", j->test_alpha);
    ob_jw_double(w, "pass_limit", j->pass_limit);
    ob_jw_double(w, "fail_limit", j->fail_limit);
    ob_jw_u64(w, "pass_from", j->pass_from);
    ob_jw_u64(w, "pass_else", j->pass_else);
    ob_jw_end(w, true);
}

static void write_procedure(ob_json_writer *w, const ob_procedure_view *p)
{
    ob_jw_object(w, NULL);
    ob_jw_text(w, "id", p->id);
    ob_jw_text(w, "title", p->title);
    ob_jw_text(w, "requirement", p->requirement);
    ob_jw_text(w, "evaluation", p->evaluation);
    ob_jw_texts(w, "threats", p->threats, p->threats_count);
    ob_jw_text(w, "pillar", p->pillar);
    ob_jw_str(w, "severity", ob_severity_names[p->severity]);
    ob_jw_text(w, "effects", p->effects);
    ob_jw_text(w, "digest", p->digest);
    ob_jw_str(w, "outcome", ob_outcome_names[p->outcome]);
    ob_jw_text(w, "reason", p->reason);
    ob_jw_text(w, "statement", p->statement);
    write_counts(w, p);
    write_judge(w, p->judge);
    ob_jw_array(w, "lost");
    for (size_t i = 0; i < p->lost_count; i++) {
        ob_jw_object(w, NULL);
        ob_jw_text(w, "name", p->lost[i].name);
        ob_jw_u64(w, "count", p->lost[i].count);
        ob_jw_text(w, "example", p->lost[i].example);
        ob_jw_end(w, true);
    }
    ob_jw_end(w, false);
    ob_jw_array(w, "shown");
    for (size_t i = 0; i < p->shown_count; i++) {
        write_trial(w, &p->shown[i]);
    }
    ob_jw_end(w, false);
    ob_jw_u64(w, "hits_not_shown", p->hits_not_shown);
    ob_jw_end(w, true);
}

static void write_requirement(ob_json_writer *w, const ob_requirement_view *r)
{
    ob_jw_object(w, NULL);
    ob_jw_text(w, "id", r->id);
    ob_jw_text(w, "title", r->title);
    ob_jw_u64(w, "level", r->level);
    ob_jw_text(w, "component", r->component);
    ob_jw_text(w, "pillar", r->pillar);
    ob_jw_str(w, "outcome", ob_outcome_names[r->outcome]);
    ob_jw_text(w, "reason", r->reason);
    ob_jw_end(w, true);
}

static bool write(const ob_summary *summary, ob_buf *out, ob_err *err)
{
    ob_json_writer writer = {.out = out, .indent = 2};
    ob_json_writer *w = &writer;
    ob_jw_object(w, NULL);
    ob_jw_str(w, "format", "ombud.report");
    ob_jw_u64(w, "version", 1);
    write_run(w, summary);
    ob_jw_str(w, "outcome", ob_outcome_names[summary->outcome]);
    ob_jw_array(w, "pillars");
    for (size_t i = 0; i < summary->pillars_count; i++) {
        write_pillar(w, &summary->pillars[i]);
    }
    ob_jw_end(w, false);
    ob_jw_array(w, "procedures");
    for (size_t i = 0; i < summary->procedures_count; i++) {
        write_procedure(w, &summary->procedures[i]);
    }
    ob_jw_end(w, false);
    ob_jw_array(w, "requirements");
    for (size_t i = 0; i < summary->requirements_count; i++) {
        write_requirement(w, &summary->requirements[i]);
    }
    ob_jw_end(w, false);
    ob_jw_end(w, true);
    ob_buf_add_char(out, '\n');
    return ob_buf_check(out, "the JSON report", err);
}

const ob_report_writer ob_report_writer_json = {
    .id = "json",
    .title = "One JSON object, for programs",
    .doc = "reports.md",
    .write = write,
};
