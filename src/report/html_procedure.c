/* SPDX-License-Identifier: Apache-2.0 */
/* The section of one procedure: what was measured, how sure it is, and the trials that show it. */
#include "report/html.h"

/* Repeats of one input that agree more than this deserve a sentence. */
#define DESIGN_EFFECT_TOLD 1.2
#define NEEDS_CAP          1000000

static void facts(ob_buf *out, const ob_procedure_view *p)
{
    ob_buf_add_str(out, "<dl class=\"facts small\">");
    obi_html_term(out, "Requirement");
    obi_html_text(out, p->requirement);
    if (p->requirement_title.len > 0) {
        ob_buf_add_str(out, ", ");
        obi_html_text(out, p->requirement_title);
    }
    ob_buf_add_str(out, "</dd>");
    obi_html_term(out, "Evaluation");
    obi_html_text(out, p->evaluation);
    ob_buf_add_str(out, "</dd>");
    obi_html_term(out, "Threats");
    for (size_t i = 0; i < p->threats_count; i++) {
        ob_buf_add_str(out, i == 0 ? "" : ", ");
        obi_html_text(out, p->threats[i]);
    }
    ob_buf_add_str(out, p->threats_count == 0 ? "none named</dd>" : "</dd>");
    obi_html_term(out, "Severity, effects");
    ob_buf_addf(out, "%s, ", ob_severity_names[p->severity]);
    obi_html_text_or(out, p->effects, "none");
    ob_buf_add_str(out, "</dd></dl>");
}

static void add_confidence(ob_buf *out, double alpha)
{
    ob_buf_addf(out, "%.4g %%", 100 * (1 - alpha));
}

/* One sentence on what was counted. */
static void measured(ob_buf *out, const ob_procedure_view *p)
{
    ob_buf_add_str(out, "<p>Each trial is one attempt with accounts and planted values of its own, "
                        "and counts as a hit if the oracles saw it succeed: ");
    obi_report_count(out, p->hits, "hit", "hits");
    ob_buf_add_str(out, " in ");
    obi_report_count(out, p->trials, "valid trial", "valid trials");
    if (p->inputs > 0) {
        ob_buf_add_str(out, " with ");
        obi_report_count(out, p->inputs, "input", "different inputs");
    }
    ob_buf_add_str(out, ". The limit is ");
    obi_report_percent(out, p->limit);
    if (p->zero_tolerance) {
        ob_buf_add_str(out, ", and no hit is tolerated: one that is confirmed proves the FAIL. ");
    } else {
        ob_buf_add_str(out, " of the attempts. ");
    }
    if (p->trials > 0) {
        ob_buf_add_str(out, "With ");
        add_confidence(out, p->alpha);
        ob_buf_add_str(out, " confidence at any stopping time the rate is ");
        if (p->outcome == OB_FAIL) {
            ob_buf_add_str(out, "above ");
            obi_report_bound(out, p->lower);
        } else {
            ob_buf_add_str(out, "below ");
            obi_report_bound(out, p->upper);
        }
        ob_buf_add_str(out, "; the two-sided interval is ");
        obi_report_bound(out, p->interval[0]);
        ob_buf_add_str(out, " to ");
        obi_report_bound(out, p->interval[1]);
        ob_buf_add_str(out, ".");
    }
    ob_buf_add_str(out, "</p>");
}

/* Both figures are right, and a careful reader stumbles over them. */
static void past_limit(ob_buf *out, const ob_procedure_view *p)
{
    if (!obi_report_is_past(p)) {
        return;
    }
    ob_buf_add_str(out, "<p class=\"note\">Why PASS although the interval reaches past the limit: "
                        "the verdict uses the one-sided bound (");
    obi_report_bound(out, p->upper);
    ob_buf_addf(out,
                "), whose error of %.4g %% lies on one side; the interval splits the same error "
                "over both sides.</p>",
                100 * p->alpha);
}

static void effort(ob_buf *out, const ob_procedure_view *p)
{
    ob_buf_add_str(out, "<p class=\"small soft\">");
    if (p->fixed_plan > 0) {
        ob_buf_add_str(out, "A fixed plan with the same errors would have used ");
        obi_report_count(out, p->fixed_plan, "trial", "trials");
        ob_buf_add_str(out, ". ");
    }
    if (p->outcome == OB_INCONCLUSIVE && p->needs >= NEEDS_CAP) {
        ob_buf_add_str(out, "The observed rate is so near the limit that no affordable number of "
                            "trials would decide. ");
    } else if (p->outcome == OB_INCONCLUSIVE && p->needs > 0) {
        ob_buf_add_str(out, "If the observed rate went on, about ");
        obi_report_count(out, p->needs, "further trial", "further trials");
        ob_buf_add_str(out, " would decide. ");
    }
    if (p->outcome == OB_FAIL) {
        ob_buf_add_str(out, p->suite_wide
                                ? "The FAIL also holds among all procedures of this run together. "
                                : "The FAIL holds for this procedure alone; among all procedures "
                                  "of this run together it is not certain enough (e-BH). ");
    }
    if (p->design_effect > DESIGN_EFFECT_TOLD) {
        ob_buf_addf(out,
                    "Trials with the same input tend to agree (design effect %.2f), so they tell "
                    "less than as many different inputs. ",
                    p->design_effect);
    }
    ob_buf_add_str(out, "Effort: ");
    obi_report_count(out, p->attempts, "trial begun", "trials begun");
    ob_buf_add_str(out, ", ");
    obi_report_count(out, p->requests, "request", "requests");
    if (p->surplus > 0) {
        ob_buf_add_str(out, ", ");
        obi_report_count(out, p->surplus, "trial", "trials");
        ob_buf_add_str(out, " ended behind the deciding one and not counted");
    }
    ob_buf_add_str(out, ".</p>");
}

static void invalid(ob_buf *out, const ob_procedure_view *p)
{
    if (p->invalid == 0 && p->lost_count == 0) {
        return;
    }
    ob_buf_add_str(out, "<p class=\"small\">");
    obi_report_count(out, p->invalid, "trial", "trials");
    ob_buf_add_str(out, " could not be measured and count for nothing (a PASS allows ");
    obi_report_percent(out, p->invalid_max);
    ob_buf_add_str(out, p->lost_count == 0 ? ").</p>" : "):</p><ul class=\"small\">");
    for (size_t i = 0; i < p->lost_count; i++) {
        ob_buf_addf(out, "<li>%llu &times; ", (unsigned long long)p->lost[i].count);
        obi_html_text_or(out, p->lost[i].name, "no reason is recorded");
        if (p->lost[i].example.len > 0 && !ob_span_is(p->lost[i].example, p->lost[i].name)) {
            ob_buf_add_str(out, "<br><span class=\"soft\">such as: ");
            obi_html_text(out, p->lost[i].example);
            ob_buf_add_str(out, "</span>");
        }
        ob_buf_add_str(out, "</li>");
    }
    ob_buf_add_str(out, p->lost_count == 0 ? "" : "</ul>");
}

void obi_html_procedure(ob_buf *out, const ob_procedure_view *p, size_t number)
{
    ob_buf_addf(out, "<article class=\"card\" id=\"p%zu\" aria-labelledby=\"p%zu-title\">",
                number + 1, number + 1);
    ob_buf_add_str(out, "<p class=\"kind id\">");
    obi_html_text(out, p->id);
    ob_buf_addf(out, "</p><div class=\"head\"><h3 id=\"p%zu-title\">", number + 1);
    obi_html_text_or(out, p->title, "Procedure without a title");
    ob_buf_add_str(out, "</h3>");
    obi_html_badge(out, p->outcome);
    ob_buf_add_str(out, "</div><p class=\"lead sentence\">");
    obi_html_text(out, p->reason);
    ob_buf_add_str(out, "</p>");
    if (p->statement.len > 0) {
        ob_buf_add_str(out, "<p class=\"sentence\">");
        obi_html_text(out, p->statement);
        ob_buf_add_str(out, "</p>");
    }
    facts(out, p);
    if (p->outcome != OB_NOT_APPLICABLE && !p->not_tested) {
        ob_buf_add_str(out, "<h4 class=\"gap\">What was measured</h4>");
        measured(out, p);
        past_limit(out, p);
        invalid(out, p);
        effort(out, p);
    }
    for (size_t i = 0; i < p->shown_count; i++) {
        obi_html_trial(out, &p->shown[i]);
    }
    if (p->hits_not_shown > 0) {
        ob_buf_add_str(out, "<p class=\"small soft\">");
        obi_report_count(out, p->hits_not_shown, "further hit is", "further hits are");
        ob_buf_add_str(out, " in the evidence store and not shown here.</p>");
    }
    ob_buf_add_str(out, "<p class=\"small soft\">Procedure file, SHA-256: <span class=\"id\">");
    obi_html_text(out, p->digest);
    ob_buf_add_str(out, "</span></p></article>");
}
