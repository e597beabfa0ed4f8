/* SPDX-License-Identifier: Apache-2.0 */
/* The comparison for a pull request: the answer, what changed in a table, details folded away. */
#include "report/diff.h"
#include "report/markdown.h"
#include "report/words.h"

#define HITS_MAX 2

static void run(ob_buf *out, const char *name, const ob_summary *s)
{
    ob_buf_addf(out, "- %s run ", name);
    obi_md_code(out, ob_span_str(s->run.id), false);
    ob_buf_addf(out, ", level %u, seed ", s->level);
    obi_md_code(out, s->seed, false);
    ob_buf_add_str(out, ", service ");
    obi_md_text(out, s->service);
    ob_buf_addf(out, ": %s", obi_report_word(s->outcome));
    ob_buf_add_str(out, strcmp(s->run.state, "finished") == 0 ? "\n" : ", not finished\n");
}

static void row(ob_buf *out, const ob_diff_procedure *p)
{
    ob_buf_addf(out, "| %s | ", obi_diff_word(p));
    obi_md_code(out, p->id, true);
    ob_buf_addf(out, " | %s | %s |", obi_diff_outcome(p->before), obi_diff_outcome(p->now));
    const uint64_t figures[] = {p->n.pairs, p->n.new_hits, p->n.gone_hits};
    for (size_t i = 0; i < OB_COUNT(figures); i++) {
        if (p->paired) {
            ob_buf_addf(out, " %llu |", (unsigned long long)figures[i]);
        } else {
            ob_buf_add_str(out, " - |");
        }
    }
    ob_buf_add_char(out, '\n');
}

static void table(ob_buf *out, const ob_diff *d)
{
    bool any = false;
    size_t quiet = 0;
    for (unsigned change = 0; change < OB_CHANGES; change++) {
        for (size_t i = 0; i < d->procedures_count; i++) {
            const ob_diff_procedure *p = &d->procedures[i];
            if (p->change != (ob_change)change) {
                continue;
            }
            if (!obi_diff_is_news(d, p)) {
                quiet++;
                continue;
            }
            if (!any) {
                ob_buf_add_str(out, "\n| change | procedure | before | now | pairs | new hits | "
                                    "hits gone |\n| --- | --- | --- | --- | ---: | ---: | ---: "
                                    "|\n");
            }
            any = true;
            row(out, p);
        }
    }
    if (quiet > 0) {
        ob_buf_add_char(out, '\n');
        obi_report_count(out, quiet, any ? "other procedure is" : "procedure is",
                         any ? "other procedures are" : "procedures are");
        ob_buf_add_str(out, quiet == 1 ? " as it was.\n" : " as they were.\n");
    }
}

static void findings(ob_buf *out, const char *name, const ob_diff_findings *f, bool in_full)
{
    if (f->count == 0) {
        return;
    }
    ob_buf_addf(out, "\n%s: %llu.\n", name, (unsigned long long)f->count);
    for (size_t i = 0; i < f->shown_count && i < HITS_MAX && out->len < OBI_MD_FULL; i++) {
        const ob_diff_finding *finding = &f->shown[i];
        ob_trial_view brief = finding->trial;
        brief.turns_count = in_full ? brief.turns_count : 0;
        ob_buf_addf(out, "\nHere %s.\n", finding->why);
        obi_md_trial(out, &brief);
    }
}

static void details(ob_buf *out, const ob_diff *d)
{
    size_t left_out = 0;
    for (unsigned change = 0; change < OB_CHANGES; change++) {
        for (size_t i = 0; i < d->procedures_count; i++) {
            const ob_diff_procedure *p = &d->procedures[i];
            bool both = p->before != NULL && p->now != NULL;
            if (p->change != (ob_change)change || !obi_diff_is_news(d, p) ||
                (!both && p->fresh.count == 0)) {
                continue;
            }
            if (out->len >= OBI_MD_FULL) {
                left_out++;
                continue;
            }
            obi_md_fold(out, p->change == OB_CHANGE_NONE ? "changed" : ob_change_names[p->change],
                        p->id);
            ob_buf_add_str(out, "In short: ");
            obi_md_text(out, p->statement);
            ob_buf_add_char(out, '\n');
            findings(out, "New hits", &p->fresh, true);
            findings(out, "Hits gone", &p->gone, false);
            obi_md_unfold(out);
        }
    }
    if (left_out > 0) {
        ob_buf_addf(out, "\nThe details of %zu more are not shown.\n", left_out);
    }
}

static void settings(ob_buf *out, const ob_diff *d)
{
    if (d->settings_count == 0) {
        return;
    }
    obi_md_fold(out, "Changed settings", (ob_span){"", 0});
    for (size_t i = 0; i < d->settings_count; i++) {
        const ob_diff_setting *s = &d->settings[i];
        ob_buf_addf(out, "- %s: before ", s->name);
        obi_md_code(out, s->before, false);
        ob_buf_add_str(out, ", now ");
        obi_md_code(out, s->now, false);
        ob_buf_add_str(out, s->unpairs ? ", so trials are not paired\n" : "\n");
    }
    obi_md_unfold(out);
}

static void requirements(ob_buf *out, const char *name, const ob_requirement_view *const *list,
                         size_t count)
{
    for (size_t i = 0; i < count && out->len < OBI_MD_FULL; i++) {
        ob_buf_add_str(out, i == 0 ? "\n" : "");
        ob_buf_add_str(out, i == 0 ? name : ",");
        ob_buf_add_char(out, ' ');
        obi_md_code(out, list[i]->id, false);
    }
    ob_buf_add_str(out, count == 0 ? "" : "\n");
}

bool ob_diff_markdown(const ob_diff *d, ob_buf *out, ob_err *err)
{
    ob_buf_addf(out, "## Comparison: %s\n\n", obi_diff_sentence(d->change));
    run(out, "old", &d->before);
    run(out, "new", &d->now);
    if (d->not_paired != NULL) {
        ob_buf_addf(out, "\nCompared by the verdicts only, because %s.\n", d->not_paired);
    }
    table(out, d);
    requirements(out, "Requirements no longer tested:", d->lost, d->lost_count);
    requirements(out, "Requirements tested now and not before:", d->gained, d->gained_count);
    details(out, d);
    settings(out, d);
    return ob_buf_check(out, "the Markdown comparison", err);
}
