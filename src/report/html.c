/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report for people: one HTML file without script that asks nothing of the network, in the
 * order in which an evaluator reads: the outcome, who and when, the procedures, the evidence.
 */
#include "report/html.h"
#include "report/table.h"

static const char *sentence_of(ob_outcome outcome)
{
    switch (outcome) {
    case OB_FAIL:
        return "At least one requirement is not met. The evidence is below.";
    case OB_ERROR:
        return "Nothing was shown to fail, but at least one procedure could not be measured.";
    case OB_INCONCLUSIVE:
        return "Nothing was shown to fail, but not every requirement is decided.";
    case OB_PASS:
        return "Every requirement was tested and kept within its limit.";
    case OB_NOT_APPLICABLE:
        break;
    }
    return "Nothing in the catalogue applies to this service.";
}

static void head(ob_buf *out, const ob_summary *s)
{
    ob_buf_add_str(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                        "'none'; style-src 'unsafe-inline'\">\n"
                        "<meta name=\"viewport\" content=\"width=device-width, "
                        "initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
                        "<meta name=\"generator\" content=\"Ombud\">\n<title>");
    ob_buf_addf(out, "%s: ", obi_report_word(s->outcome));
    obi_html_text(out, s->service);
    ob_buf_add_str(out, "</title>\n<style>");
    for (size_t i = 0; i < obi_report_style_count; i++) {
        ob_buf_add_str(out, obi_report_style[i]);
    }
    ob_buf_add_str(out, "</style></head>\n<body><a class=\"skip\" href=\"#main\">To the "
                        "report</a>\n");
}

static void opening(ob_buf *out, const ob_summary *s)
{
    unsigned counts[OB_OUTCOMES];
    obi_report_tally(s, counts);
    ob_buf_add_str(out, "<header><p class=\"kind\">Security evaluation, profile ");
    obi_html_text(out, s->profile);
    ob_buf_addf(out, ", level %u</p><h1>", s->level);
    obi_html_text_or(out, s->service, "Service without a title");
    ob_buf_addf(out, "</h1><div class=\"verdict %s\"><b>%s</b><span>%s</span></div>",
                obi_html_class(s->outcome), obi_report_word(s->outcome), sentence_of(s->outcome));
    ob_buf_add_str(out, "<p>Procedures: ");
    obi_html_counts(out, counts);
    size_t untested = obi_report_untested(s);
    ob_buf_addf(out, ". %zu of %zu requirements were not tested.", untested, s->requirements_count);
    if (strcmp(s->run.state, "finished") != 0) {
        ob_buf_add_str(out, " The run is not finished (");
        obi_html_text(out, ob_span_str(s->run.state));
        ob_buf_add_str(out, "), so this is what it came to so far.");
    }
    ob_buf_add_str(out, "</p></header>\n<nav aria-label=\"Contents\"><ul>"
                        "<li><a href=\"#run\">The run</a></li>"
                        "<li><a href=\"#pillars\">Pillars</a></li>"
                        "<li><a href=\"#procedures\">Procedures</a></li>"
                        "<li><a href=\"#evidence\">Evidence</a></li>"
                        "<li><a href=\"#untested\">Not tested</a></li>"
                        "<li><a href=\"#notes\">Left behind, deviations</a></li>"
                        "<li><a href=\"#check\">Check it yourself</a></li>"
                        "<li><a href=\"#words\">Words</a></li></ul></nav>\n");
}

static void fact(ob_buf *out, const char *name, ob_span value, const char *none)
{
    obi_html_term(out, name);
    obi_html_text_or(out, value, none);
    ob_buf_add_str(out, "</dd>");
}

static void times(ob_buf *out, const ob_summary *s)
{
    obi_html_term(out, "When");
    obi_report_time(out, s->run.started_ms);
    if (s->run.ended_ms != 0) {
        ob_buf_add_str(out, " to ");
        obi_report_time(out, s->run.ended_ms);
    } else {
        ob_buf_add_str(out, ", not ended");
    }
    ob_buf_add_str(out, "</dd>");
    if (s->time_scale != 1) {
        obi_html_term(out, "Time scale");
        ob_buf_addf(out,
                    "%.4g: waits and time limits of the procedures were multiplied by it, so what "
                    "was measured in time holds for this scale only</dd>",
                    s->time_scale);
    }
    if (s->keep_raw) {
        obi_html_term(out, "Evidence");
        ob_buf_add_str(out, "kept raw: personal data and secrets stand in it as they came</dd>");
    }
}

static void limits(ob_buf *out, const ob_summary *s)
{
    obi_html_term(out, "Sent");
    obi_report_count(out, s->requests, "request", "requests");
    ob_buf_add_str(out, " in ");
    obi_report_count(out, s->trials, "valid trial", "valid trials");
    if (s->rate > 0) {
        ob_buf_addf(out, "; at most %.4g requests a second", s->rate);
    }
    if (s->in_flight > 0) {
        ob_buf_addf(out, "; at most %u in flight", s->in_flight);
    }
    ob_buf_add_str(out, "</dd>");
}

static void run(ob_buf *out, const ob_summary *s)
{
    ob_buf_add_str(out, "<section aria-labelledby=\"run\"><h2 id=\"run\">The run</h2>"
                        "<div class=\"card\"><dl class=\"facts\">");
    fact(out, "Evaluated by", s->operator_, "not named");
    fact(out, "By leave of", s->owner,
         "nobody named: only read, and only from this machine, for which no scope file is needed");
    times(out, s);
    fact(out, "Service address", s->address, "not named");
    fact(out, "Spoken to by", s->driver, "not named");
    obi_html_term(out, "Addresses contacted");
    obi_html_list(out, s->addresses, s->addresses_count, "none recorded");
    ob_buf_add_str(out, "</dd>");
    limits(out, s);
    fact(out, "Run", ob_span_str(s->run.id), "not named");
    fact(out, "Seed", s->seed, "not named");
    fact(out, "Tool", s->tool, "not named");
    ob_buf_add_str(out, "</dl></div></section>\n");
}

static void pillars(ob_buf *out, const ob_summary *s)
{
    ob_buf_add_str(out, "<section aria-labelledby=\"pillars\"><h2 id=\"pillars\">Outcome by "
                        "pillar</h2><ul class=\"pillars\">");
    for (size_t i = 0; i < s->pillars_count; i++) {
        const ob_pillar_view *p = &s->pillars[i];
        ob_buf_add_str(out, "<li><h3 class=\"sentence\">");
        obi_html_text(out, p->title.len == 0 ? p->id : p->title);
        ob_buf_add_str(out, "</h3>");
        obi_html_badge(out, p->outcome);
        ob_buf_add_str(out, "<p>Requirements: ");
        obi_html_counts(out, p->counts);
        ob_buf_add_str(out, "</p></li>");
    }
    ob_buf_add_str(out, s->pillars_count == 0 ? "<li>No pillar is recorded.</li>" : "");
    ob_buf_add_str(out, "</ul></section>\n");
}

static void procedure_row(ob_buf *out, const ob_procedure_view *p, size_t index)
{
    ob_buf_addf(out, "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\"><a href=\"#p%zu\">",
                index + 1);
    obi_html_text_or(out, p->title, "Procedure without a title");
    ob_buf_add_str(out, "</a><br><span class=\"id soft small\">");
    obi_html_text(out, p->id);
    ob_buf_add_str(out, "</span></th><td role=\"cell\" data-name=\"Outcome\">");
    obi_html_badge(out, p->outcome);
    ob_buf_addf(out,
                "</td><td role=\"cell\" class=\"num\" data-name=\"Hits in trials\">%llu in %llu"
                "</td><td role=\"cell\" data-name=\"Rate against the limit\">",
                (unsigned long long)p->hits, (unsigned long long)p->trials);
    obi_html_bar(out, p);
    ob_buf_add_str(out, "<span class=\"small soft\">");
    if (p->trials > 0) {
        ob_buf_add_str(out, "<span class=\"pair\">");
        obi_report_bound(out, p->interval[0]);
        ob_buf_add_str(out, " to ");
        obi_report_bound(out, p->interval[1]);
        ob_buf_add_str(out, ",</span> ");
    }
    ob_buf_add_str(out, "<span class=\"pair\">limit ");
    obi_report_percent(out, p->limit);
    ob_buf_add_str(out,
                   "</span></span></td><td role=\"cell\" class=\"say\" data-name=\"Statement\">"
                   "<span class=\"sentence\">");
    obi_html_text(out, p->statement.len == 0 ? p->reason : p->statement);
    ob_buf_add_str(out, "</span></td></tr>\n");
}

static void evidence(ob_buf *out, const ob_procedure_view *p, size_t index)
{
    obi_html_procedure(out, p, index);
    ob_buf_add_char(out, '\n');
}

/* Who opens a report looks for what is wrong: worst outcome first, then the most severe. */
static void each_procedure(ob_buf *out, const ob_summary *s,
                           void (*write)(ob_buf *, const ob_procedure_view *, size_t))
{
    for (unsigned rank = 0; rank < OBI_REPORT_RANKS; rank++) {
        for (size_t i = 0; i < s->procedures_count; i++) {
            const ob_procedure_view *p = &s->procedures[i];
            if (obi_report_rank(p) == rank) {
                write(out, p, i);
            }
        }
    }
}

static void procedures(ob_buf *out, const ob_summary *s)
{
    ob_buf_add_str(out, "<section aria-labelledby=\"procedures\"><h2 id=\"procedures\">"
                        "Procedures</h2>");
    if (s->procedures_count == 0) {
        ob_buf_add_str(out, "<p>No procedure ran.</p></section>\n");
        return;
    }
    ob_buf_add_str(out, "<table role=\"table\"><caption>The dot is the observed rate, the bar its "
                        "two-sided interval, the upright line the limit.</caption>"
                        "<thead role=\"rowgroup\"><tr role=\"row\">"
                        "<th role=\"columnheader\" scope=\"col\">Procedure</th>"
                        "<th role=\"columnheader\" scope=\"col\">Outcome</th>"
                        "<th role=\"columnheader\" scope=\"col\">Hits in trials</th>"
                        "<th role=\"columnheader\" scope=\"col\">Rate against the limit</th>"
                        "<th role=\"columnheader\" scope=\"col\">Statement</th></tr></thead>"
                        "<tbody role=\"rowgroup\">\n");
    each_procedure(out, s, procedure_row);
    ob_buf_add_str(out, "</tbody></table></section>\n<section aria-labelledby=\"evidence\">"
                        "<h2 id=\"evidence\">Evidence by procedure</h2>");
    each_procedure(out, s, evidence);
    ob_buf_add_str(out, "</section>\n");
}

static bool write(const ob_summary *s, ob_buf *out, ob_err *err)
{
    head(out, s);
    opening(out, s);
    ob_buf_add_str(out, "<main id=\"main\" tabindex=\"-1\">\n");
    run(out, s);
    pillars(out, s);
    procedures(out, s);
    obi_html_untested(out, s);
    obi_html_notes(out, s);
    obi_html_check(out, s);
    obi_html_words(out);
    ob_buf_add_str(out, "</main>\n<footer><p>Written by ");
    obi_html_text_or(out, s->tool, "Ombud");
    ob_buf_add_str(out, ". This file holds no script and asks nothing of any network.</p>"
                        "</footer></body></html>\n");
    return ob_buf_check(out, "the HTML report", err);
}

const ob_report_writer ob_report_writer_html = {
    .id = "html",
    .title = "One HTML file, for people",
    .doc = "reports.md",
    .write = write,
};
