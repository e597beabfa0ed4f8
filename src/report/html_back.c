/* SPDX-License-Identifier: Apache-2.0 */
/* The back of the HTML report: what was not tested, what was left behind, how to check, words. */
#include "report/html.h"

/* The reason of a tested one begins with the id of its procedure, which has no capital letter. */
static void requirement_row(ob_buf *out, const ob_requirement_view *r, bool tested)
{
    ob_buf_add_str(out, "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">"
                        "<span class=\"id small soft\">");
    obi_html_text(out, r->id);
    ob_buf_add_str(out, "</span><br>");
    obi_html_text(out, r->title);
    ob_buf_addf(out,
                "</th><td role=\"cell\" class=\"num\" data-name=\"Level\">%u</td>"
                "<td role=\"cell\" class=\"tag\" data-name=\"Pillar\">",
                r->level);
    obi_html_text_or(out, r->pillar, "none");
    ob_buf_add_str(out, "</td><td role=\"cell\" data-name=\"Outcome\">");
    obi_html_badge(out, r->outcome);
    ob_buf_add_str(out, "</td><td role=\"cell\" data-name=\"Why\">");
    ob_buf_add_str(out, tested ? "<span>" : "<span class=\"sentence\">");
    obi_html_text(out, r->reason);
    ob_buf_add_str(out, "</span></td></tr>\n");
}

static void requirements(ob_buf *out, const ob_summary *s, bool tested, size_t count)
{
    if (count == 0) {
        ob_buf_addf(out, "<p>%s</p>",
                    tested ? "No requirement was tested." : "Every requirement was tested.");
        return;
    }
    ob_buf_addf(out,
                "<details><summary><h3>%s (%zu)</h3></summary><table role=\"table\">"
                "<thead role=\"rowgroup\"><tr role=\"row\">"
                "<th role=\"columnheader\" scope=\"col\">Requirement</th>"
                "<th role=\"columnheader\" scope=\"col\">Level</th>"
                "<th role=\"columnheader\" scope=\"col\">Pillar</th>"
                "<th role=\"columnheader\" scope=\"col\">Outcome</th>"
                "<th role=\"columnheader\" scope=\"col\">Why</th></tr></thead>"
                "<tbody role=\"rowgroup\">\n",
                tested ? "Requirements that were tested" : "Requirements that were not tested",
                count);
    for (size_t i = 0; i < s->requirements_count; i++) {
        if (obi_report_is_tested(s, &s->requirements[i]) == tested) {
            requirement_row(out, &s->requirements[i], tested);
        }
    }
    ob_buf_add_str(out, "</tbody></table></details>");
}

void obi_html_untested(ob_buf *out, const ob_summary *s)
{
    size_t untested = obi_report_untested(s);
    ob_buf_add_str(out, "<section aria-labelledby=\"untested\"><h2 id=\"untested\">What was not "
                        "tested</h2><p>A requirement without a procedure in this run stays "
                        "undecided. It is never counted as a PASS.</p>");
    requirements(out, s, false, untested);
    requirements(out, s, true, s->requirements_count - untested);
    ob_buf_add_str(out, "</section>\n");
}

void obi_html_notes(ob_buf *out, const ob_summary *s)
{
    ob_buf_add_str(out, "<section aria-labelledby=\"notes\"><h2 id=\"notes\">Left behind, and "
                        "deviations</h2><h3>Left behind in the service</h3>");
    obi_html_list(out, s->left_behind, s->left_behind_count, "Nothing is recorded as left behind.");
    ob_buf_add_str(out, "<h3>Deviations from the plan</h3>");
    obi_html_list(out, s->deviations, s->deviations_count, "None.");
    ob_buf_add_str(out, "</section>\n");
}

static void digest(ob_buf *out, const char *name, ob_span hex, const char *none)
{
    obi_html_term(out, name);
    ob_buf_add_str(out, "<span class=\"id\">");
    obi_html_text_or(out, hex, none);
    ob_buf_add_str(out, "</span></dd>");
}

void obi_html_check(ob_buf *out, const ob_summary *s)
{
    ob_buf_add_str(out, "<section aria-labelledby=\"check\"><h2 id=\"check\">How to check the "
                        "evidence</h2><p>Every request, every answer and every judgement is a "
                        "record in the evidence store. Each record holds a hash over itself and "
                        "the one before it, so the last hash stands for all of them. With the "
                        "store and the JSON report of this run at hand, type:</p>"
                        "<p><code>ombud report --verify FILE.json</code></p><p>It computes the "
                        "chain again and names the first record that was changed, added or taken "
                        "away. The chain of this run:</p><div class=\"card\">"
                        "<dl class=\"facts small\">");
    obi_html_term(out, "Records");
    ob_buf_addf(out, "%llu</dd>", (unsigned long long)s->run.records);
    digest(out, "Last hash", s->chain, "none");
    digest(out, "Service file", s->service_digest, "none");
    digest(out, "Scope file", s->scope_digest, "none");
    digest(out, "Catalogue", s->catalogue_digest, "none");
    digest(out, "Procedures", s->procedures_digest, "none");
    ob_buf_add_str(out, "</dl></div></section>\n");
}

void obi_html_words(ob_buf *out)
{
    static const char *const meanings[OB_OUTCOMES] = {
        "The rate of hits is above the limit with the stated confidence, or a hit that is not "
        "tolerated was confirmed from the stored bytes.",
        "Too many trials could not be measured, so nothing can be said. What was lost is never "
        "counted as safe.",
        "Not decided: not tested, stopped early, or the rate lies too near the limit for the "
        "trials made.",
        "The rate of hits is below the limit with the stated confidence. It does not say that no "
        "attempt can ever succeed.",
        "The service has nothing that the procedure could test, such as no ledger to read.",
    };
    ob_buf_add_str(out, "<section aria-labelledby=\"words\"><h2 id=\"words\">The five outcomes, "
                        "worst first</h2><div class=\"card\"><dl class=\"facts\">");
    for (unsigned i = 0; i < OB_OUTCOMES; i++) {
        ob_buf_add_str(out, "<dt>");
        obi_html_badge(out, (ob_outcome)i);
        ob_buf_addf(out, "</dt><dd>%s</dd>", meanings[i]);
    }
    ob_buf_add_str(out, "</dl></div><p>A requirement takes the worst outcome of its procedures, a "
                        "pillar that of its requirements, the service that of its pillars. "
                        "Confidence &ldquo;at any stopping time&rdquo; holds however often one "
                        "looks at the figures while they come in.</p></section>\n");
}
