/* SPDX-License-Identifier: Apache-2.0 */
/* What a procedure's pairs and outcomes say together, in figures and in words. */
#include "evaluate/diff_core.h"

#include <math.h>

const char *const ob_change_names[OB_CHANGES] = {"worse", "undecided", "better", "unchanged"};

bool obi_diff_is_tested(const ob_procedure_view *view)
{
    return view != NULL && view->outcome != OB_NOT_APPLICABLE && view->trials > 0;
}

/* e-BH in one direction over the procedures that have a discordant pair. */
static bool claim(ob_diff_procedure *list, size_t count, double alpha, bool better, ob_arena *arena,
                  ob_err *err)
{
    double *log_e = OB_NEW(arena, double, count, err);
    bool *claimed = OB_NEW(arena, bool, count, err);
    size_t used = 0;
    if (log_e == NULL || claimed == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (list[i].n.new_hits + list[i].n.gone_hits > 0) {
            log_e[used++] = better ? list[i].log_e_better : list[i].log_e_worse;
        }
    }
    ob_ebh(log_e, used, alpha, claimed);
    used = 0;
    for (size_t i = 0; i < count; i++) {
        ob_diff_procedure *p = &list[i];
        bool counts = p->n.new_hits + p->n.gone_hits > 0;
        double value = better ? p->log_e_better : p->log_e_worse;
        bool alone = counts && value >= -log(alpha);
        bool suite = counts && claimed[used];
        used += counts;
        *(better ? &p->better_alone : &p->worse_alone) = alone;
        *(better ? &p->better_suite : &p->worse_suite) = suite;
    }
    return true;
}

static const char *outcome_of(const ob_procedure_view *view)
{
    return view == NULL ? "not run" : ob_outcome_names[view->outcome];
}

static bool is_outcome(const ob_procedure_view *view, ob_outcome outcome)
{
    return view != NULL && view->outcome == outcome;
}

/* The change, and the clause that says why, which is a constant. */
static ob_change change_of(const ob_diff_procedure *p, bool confirmed_now, const char **because)
{
    bool decided_before = is_outcome(p->before, OB_PASS) || is_outcome(p->before, OB_FAIL);
    *because = NULL;
    if (is_outcome(p->before, OB_PASS) && is_outcome(p->now, OB_FAIL)) {
        *because = "the requirement was met and is not any more";
        return OB_CHANGE_WORSE;
    }
    if (p->now != NULL && p->now->zero_tolerance && confirmed_now &&
        (p->before == NULL || p->before->hits == 0)) {
        *because = obi_diff_is_tested(p->before)
                       ? "a hit was confirmed, none is tolerated, and there was none before"
                       : "a hit was confirmed and none is tolerated; it was not tested before";
        return OB_CHANGE_WORSE;
    }
    if (p->worse_suite) {
        *because = "more hits than before";
        return OB_CHANGE_WORSE;
    }
    if (is_outcome(p->now, OB_ERROR)) {
        *because = "it could not be measured now";
        return OB_CHANGE_UNDECIDED;
    }
    if (obi_diff_is_tested(p->before) && !obi_diff_is_tested(p->now)) {
        *because = "it was tested before and is not now";
        return OB_CHANGE_UNDECIDED;
    }
    if (is_outcome(p->before, OB_PASS) && is_outcome(p->now, OB_INCONCLUSIVE)) {
        *because = "the requirement was met, and now that is not decided";
        return OB_CHANGE_UNDECIDED;
    }
    if (is_outcome(p->now, OB_FAIL) && !decided_before) {
        *because = "it fails now, and what it was before is not known";
        return OB_CHANGE_UNDECIDED;
    }
    if (p->worse_alone) {
        *because = "more hits than before, if this procedure is looked at alone; among so many it "
                   "may be chance";
        return OB_CHANGE_UNDECIDED;
    }
    if (is_outcome(p->before, OB_FAIL) && is_outcome(p->now, OB_PASS)) {
        *because = "the requirement is met now";
        return OB_CHANGE_BETTER;
    }
    *because = p->better_suite ? "fewer hits than before" : NULL;
    return p->better_suite ? OB_CHANGE_BETTER : OB_CHANGE_NONE;
}

static void add_e(ob_buf *out, double log_e)
{
    ob_buf_addf(out, log_e < 13 ? "%.1f" : "%.1e", exp(log_e < 700 ? log_e : 700));
}

static void add_count(ob_buf *out, uint64_t count, const char *one, const char *many)
{
    ob_buf_addf(out, "%llu %s", (unsigned long long)count, count == 1 ? one : many);
}

static void say_pairs(const ob_diff_procedure *p, double alpha, ob_buf *out)
{
    const ob_diff_pairs *n = &p->n;
    if (!p->paired) {
        ob_buf_addf(out, "compared by the verdicts only: %s", p->not_paired);
        return;
    }
    add_count(out, n->pairs, "pair", "pairs");
    if (n->new_hits + n->gone_hits == 0) {
        ob_buf_add_str(out, n->pairs == 0 ? "" : n->pairs == 1 ? ", alike" : ", all alike");
    } else {
        ob_buf_add_str(out, ", ");
        add_count(out, n->new_hits, "new hit", "new hits");
        ob_buf_addf(out, ", %llu gone, of ", (unsigned long long)n->gone_hits);
        add_count(out, n->inputs, "input", "inputs");
        bool worse = p->log_e_worse >= p->log_e_better;
        ob_buf_add_str(out, worse ? ", E for worse " : ", E for better ");
        add_e(out, worse ? p->log_e_worse : p->log_e_better);
        ob_buf_addf(out, " where %.0f decides", 1 / alpha);
        uint64_t more = worse ? n->new_hits : n->gone_hits;
        uint64_t needs = ob_sign_needs(more, n->new_hits + n->gone_hits - more, alpha, 1000);
        if (needs > 0) {
            ob_buf_add_str(out, ", so the pairs alone do not; ");
            add_count(out, needs, worse ? "more new hit" : "more hit gone",
                      worse ? "more new hits" : "more hits gone");
            ob_buf_add_str(out, " would");
        }
    }
    if (n->invalid > 0) {
        ob_buf_addf(out, "; %llu more not measured in one of the runs",
                    (unsigned long long)n->invalid);
    }
    if (n->unlike > 0) {
        ob_buf_addf(out, "; %llu more with another input", (unsigned long long)n->unlike);
    }
}

static bool state(ob_diff_procedure *p, bool confirmed_now, double alpha, ob_arena *arena,
                  ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = 2000};
    const char *because = NULL;
    p->change = change_of(p, confirmed_now, &because);
    bool same = p->before != NULL && p->now != NULL && p->before->outcome == p->now->outcome;
    if (same) {
        ob_buf_addf(&text, "%s as before", outcome_of(p->now));
    } else {
        ob_buf_addf(&text, "%s before, %s now", outcome_of(p->before), outcome_of(p->now));
    }
    if (because != NULL) {
        ob_buf_addf(&text, ": %s", because);
    }
    if (p->before != NULL && p->now != NULL) {
        if (p->before->limit < p->now->limit || p->before->limit > p->now->limit) {
            ob_buf_addf(&text, "; the limit was %.4g %% and is %.4g %%", 100 * p->before->limit,
                        100 * p->now->limit);
        }
        ob_buf_add_str(&text, "; ");
        say_pairs(p, alpha, &text);
    }
    return ob_buf_check(&text, "a statement", err) &&
           ob_arena_dup(arena, ob_buf_span(&text), &p->statement, err);
}

bool obi_diff_judge(ob_diff_procedure *list, size_t count, double alpha, const bool *confirmed_now,
                    ob_arena *arena, ob_err *err)
{
    for (size_t i = 0; i < count; i++) {
        list[i].log_e_worse = ob_sign_log_e(list[i].n.new_hits, list[i].n.gone_hits);
        list[i].log_e_better = ob_sign_log_e(list[i].n.gone_hits, list[i].n.new_hits);
    }
    if (!claim(list, count, alpha, false, arena, err) ||
        !claim(list, count, alpha, true, arena, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!state(&list[i], confirmed_now[i], alpha, arena, err)) {
            return false;
        }
    }
    return true;
}
