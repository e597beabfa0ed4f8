/* SPDX-License-Identifier: Apache-2.0 */
/* The comparison on a terminal: settings, changes, hits that are new or gone, the answer. */
#include "report/diff.h"
#include "report/paper.h"
#include "report/words.h"

#define CHANGE_WIDTH  9
#define OUTCOME_WIDTH 12
#define FIGURE_WIDTH  5
#define HITS_MAX      3

static const ob_outcome colours[OB_CHANGES] = {OB_FAIL, OB_INCONCLUSIVE, OB_PASS,
                                               OB_NOT_APPLICABLE};

const char *obi_diff_sentence(ob_change change)
{
    switch (change) {
    case OB_CHANGE_WORSE:
        return "worse: the new run shows a regression";
    case OB_CHANGE_UNDECIDED:
        return "undecided: whether there is a regression was not measured";
    case OB_CHANGE_BETTER:
        return "better: no regression was found, and something got better";
    case OB_CHANGE_NONE:
        break;
    }
    return "unchanged: no regression was found";
}

const char *obi_diff_outcome(const ob_procedure_view *view)
{
    return view == NULL                         ? "not run"
           : view->outcome == OB_NOT_APPLICABLE ? "N/A"
                                                : ob_outcome_names[view->outcome];
}

const char *obi_diff_word(const ob_diff_procedure *p)
{
    return p->change != OB_CHANGE_NONE ? ob_change_names[p->change]
           : p->before == NULL         ? "new"
                                       : "-";
}

bool obi_diff_is_news(const ob_diff *diff, const ob_diff_procedure *p)
{
    bool both = p->before != NULL && p->now != NULL;
    return p->change != OB_CHANGE_NONE || !both || p->before->outcome != p->now->outcome ||
           p->n.new_hits + p->n.gone_hits > 0 || p->fresh.count + p->gone.count > 0 ||
           (p->not_paired != NULL && diff->not_paired == NULL &&
            p->now->outcome != OB_NOT_APPLICABLE);
}

static void header(obi_paper *p, const char *name, const ob_summary *s)
{
    OB_AUTO(ob_buf) line = {.max = 4096};
    ob_buf_addf(&line, "%-6s", name);
    ob_buf_add_shown(&line, ob_span_str(s->run.id), sizeof s->run.id);
    ob_buf_addf(&line, ", level %u, seed ", s->level);
    ob_buf_add_shown(&line, s->seed, 40);
    ob_buf_add_str(&line, ", ");
    ob_buf_add_shown(&line, s->service, 60);
    if (strcmp(s->run.state, "finished") != 0) {
        ob_buf_add_str(&line, ", ");
        ob_buf_add_shown(&line, ob_span_str(s->run.state), sizeof s->run.state);
    }
    obi_paper_wrap(p, 0, ob_buf_span(&line));
    obi_paper_carry(p, &line);
}

/* Digests are told apart by their beginning. */
static ob_span brief(ob_span value)
{
    return value.len == 64 ? ob_span_sub(value, 0, 12) : ob_span_sub(value, 0, 60);
}

static void settings(obi_paper *p, const ob_diff *d)
{
    OB_AUTO(ob_buf) line = {.max = 4096};
    for (size_t i = 0; i < d->settings_count; i++) {
        const ob_diff_setting *s = &d->settings[i];
        obi_paper_again(p, &line);
        ob_buf_addf(&line, "%s: ", s->name);
        ob_buf_add_shown(&line, s->before.len == 0 ? OB_SPAN("none") : brief(s->before), 60);
        ob_buf_add_str(&line, " -> ");
        ob_buf_add_shown(&line, s->now.len == 0 ? OB_SPAN("none") : brief(s->now), 60);
        ob_buf_add_str(&line, s->unpairs ? " (so trials are not paired)" : "");
        if (i == 0) {
            ob_buf_add_str(p->out, "\nchanged settings\n");
        }
        obi_paper_wrap(p, 2, ob_buf_span(&line));
        obi_paper_carry(p, &line);
    }
}

static unsigned id_width(const obi_paper *p)
{
    unsigned used = CHANGE_WIDTH + 1 + 2 * (OUTCOME_WIDTH + 1);
    used += p->width < OBI_PAPER_NARROW ? 0 : 3 * (FIGURE_WIDTH + 1);
    return p->width - used;
}

static void figure(obi_paper *p, bool known, uint64_t value)
{
    OB_AUTO(ob_buf) text = {.max = 40};
    if (known) {
        ob_buf_addf(&text, "%llu", (unsigned long long)value);
    } else {
        ob_buf_add_char(&text, '-');
    }
    obi_paper_blanks(p, 1);
    obi_paper_cell_right(p, &text, FIGURE_WIDTH);
}

static void row(obi_paper *p, const ob_diff_procedure *q)
{
    obi_paper_paint(p, colours[q->change], obi_diff_word(q), CHANGE_WIDTH + 1);
    obi_paper_cell(p, q->id, id_width(p));
    ob_buf_addf(p->out, " %-*s %-*s", OUTCOME_WIDTH, obi_diff_outcome(q->before), OUTCOME_WIDTH,
                obi_diff_outcome(q->now));
    if (p->width >= OBI_PAPER_NARROW) {
        figure(p, q->paired, q->n.pairs);
        figure(p, q->paired, q->n.new_hits);
        figure(p, q->paired, q->n.gone_hits);
    }
    obi_paper_trim(p);
    ob_buf_add_char(p->out, '\n');
}

static void table(obi_paper *p, const ob_diff *d)
{
    size_t quiet = 0;
    bool any = false;
    for (unsigned change = 0; change < OB_CHANGES; change++) {
        for (size_t i = 0; i < d->procedures_count; i++) {
            const ob_diff_procedure *q = &d->procedures[i];
            if (q->change != (ob_change)change) {
                continue;
            }
            if (!obi_diff_is_news(d, q)) {
                quiet++;
                continue;
            }
            if (!any) {
                ob_buf_addf(p->out, "\n%-*s %-*s %-*s %-*s", CHANGE_WIDTH, "change",
                            (int)id_width(p), "procedure", OUTCOME_WIDTH, "before", OUTCOME_WIDTH,
                            "now");
                if (p->width >= OBI_PAPER_NARROW) {
                    ob_buf_addf(p->out, " %*s %*s %*s", FIGURE_WIDTH, "pairs", FIGURE_WIDTH, "new",
                                FIGURE_WIDTH, "gone");
                }
                obi_paper_trim(p);
                ob_buf_add_char(p->out, '\n');
            }
            any = true;
            row(p, q);
        }
    }
    if (quiet > 0) {
        ob_buf_add_str(p->out, any ? "" : "\n");
        obi_report_count(p->out, quiet, any ? "other procedure" : "procedure",
                         any ? "other procedures" : "procedures");
        ob_buf_add_str(p->out, quiet == 1 ? " is as it was\n" : " are as they were\n");
    }
}

static void findings(obi_paper *p, const char *one, const char *many, const ob_diff_findings *f)
{
    OB_AUTO(ob_buf) line = {.max = 16384};
    for (size_t i = 0; i < f->shown_count && i < HITS_MAX; i++) {
        const ob_diff_finding *finding = &f->shown[i];
        obi_paper_again(p, &line);
        ob_buf_addf(&line, "%s, trial %lld%s: ", one, (long long)finding->trial.trial,
                    finding->trial.confirmed ? ", confirmed" : "");
        ob_buf_add_shown(&line, finding->trial.reason, 300);
        ob_buf_addf(&line, " (%s)", finding->why);
        obi_paper_wrap(p, 4, ob_buf_span(&line));
        obi_paper_carry(p, &line);
    }
    if (f->count > HITS_MAX) {
        obi_paper_again(p, &line);
        ob_buf_addf(&line, "and %llu more %s", (unsigned long long)(f->count - HITS_MAX),
                    f->count - HITS_MAX == 1 ? one : many);
        obi_paper_wrap(p, 4, ob_buf_span(&line));
        obi_paper_carry(p, &line);
    }
}

static void statements(obi_paper *p, const ob_diff *d)
{
    for (unsigned change = 0; change < OB_CHANGES; change++) {
        for (size_t i = 0; i < d->procedures_count; i++) {
            const ob_diff_procedure *q = &d->procedures[i];
            bool both = q->before != NULL && q->now != NULL;
            /* Of a procedure that one run lacks the table has said all, unless it was hit. */
            if (q->change != (ob_change)change || !obi_diff_is_news(d, q) ||
                (!both && q->fresh.count == 0)) {
                continue;
            }
            ob_buf_add_char(p->out, '\n');
            obi_paper_paint(p, colours[q->change], obi_diff_word(q), 0);
            obi_paper_blanks(p, 1);
            obi_paper_cell(p, q->id, p->width - CHANGE_WIDTH - 1);
            obi_paper_trim(p);
            ob_buf_add_char(p->out, '\n');
            obi_paper_wrap_foreign(p, 2, q->statement);
            findings(p, "new hit", "new hits", &q->fresh);
            findings(p, "hit gone", "hits gone", &q->gone);
        }
    }
}

static void requirements(obi_paper *p, const char *name, const ob_requirement_view *const *list,
                         size_t count)
{
    OB_AUTO(ob_buf) line = {.max = 65536};
    for (size_t i = 0; i < count; i++) {
        ob_buf_add_str(&line, i == 0 ? name : ", ");
        ob_buf_add_shown(&line, list[i]->id, 60);
    }
    if (count > 0) {
        obi_paper_wrap(p, 0, ob_buf_span(&line));
        obi_paper_carry(p, &line);
    }
}

static void deviations(obi_paper *p, const char *name, const ob_summary *s)
{
    for (size_t i = 0; i < s->deviations_count && i < 10; i++) {
        OB_AUTO(ob_buf) line = {.max = 16384};
        ob_buf_addf(&line, "deviation of the %s run: ", name);
        ob_buf_add_shown(&line, s->deviations[i], 300);
        obi_paper_wrap(p, 0, ob_buf_span(&line));
        obi_paper_carry(p, &line);
    }
}

bool ob_diff_terminal(const ob_diff *d, const ob_terminal_style *style, ob_buf *out, ob_err *err)
{
    obi_paper paper = obi_paper_of(style, out);
    obi_paper *p = &paper;
    header(p, "old", &d->before);
    header(p, "new", &d->now);
    settings(p, d);
    table(p, d);
    statements(p, d);
    ob_buf_add_char(out, '\n');
    if (d->not_paired != NULL) {
        OB_AUTO(ob_buf) line = {.max = 300};
        ob_buf_addf(&line, "Compared by the verdicts only, because %s.", d->not_paired);
        obi_paper_wrap(p, 0, ob_buf_span(&line));
        obi_paper_carry(p, &line);
    }
    requirements(p, "requirements no longer tested: ", d->lost, d->lost_count);
    requirements(p, "requirements tested now and not before: ", d->gained, d->gained_count);
    deviations(p, "old", &d->before);
    deviations(p, "new", &d->now);
    if (strcmp(d->now.run.state, "finished") != 0) {
        obi_paper_wrap(p, 0, OB_SPAN("The new run is not finished."));
    }
    obi_paper_paint(p, colours[d->change], obi_diff_sentence(d->change), 0);
    ob_buf_add_char(out, '\n');
    return ob_buf_check(out, "the comparison", err);
}
