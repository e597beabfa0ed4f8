/* SPDX-License-Identifier: Apache-2.0 */
/* Small pieces of the HTML report. */
#include "report/html.h"

#define BAR_WIDTH 240.0

const char *obi_html_class(ob_outcome outcome)
{
    switch (outcome) {
    case OB_FAIL:
        return "fail";
    case OB_ERROR:
        return "error";
    case OB_INCONCLUSIVE:
        return "open";
    case OB_PASS:
        return "pass";
    case OB_NOT_APPLICABLE:
        break;
    }
    return "none";
}

void obi_html_text(ob_buf *out, ob_span foreign)
{
    size_t end = foreign.len;
    if (end > OBI_HTML_TEXT_MAX) {
        end = obi_report_boundary(foreign, OBI_HTML_TEXT_MAX);
    }
    ob_buf_add_html(out, ob_span_sub(foreign, 0, end));
    if (end < foreign.len) {
        ob_buf_addf(out, "<span class=\"cut\"> ... (%zu bytes more)</span>", foreign.len - end);
    }
}

void obi_html_text_or(ob_buf *out, ob_span foreign, const char *none)
{
    if (foreign.len == 0) {
        ob_buf_addf(out, "<span class=\"soft\">%s</span>", none);
    } else {
        obi_html_text(out, foreign);
    }
}

void obi_html_badge(ob_buf *out, ob_outcome outcome)
{
    ob_buf_addf(out, "<strong class=\"badge %s\">%s</strong>", obi_html_class(outcome),
                obi_report_word(outcome));
}

void obi_html_counts(ob_buf *out, const unsigned counts[OB_OUTCOMES])
{
    bool any = false;
    for (unsigned i = 0; i < OB_OUTCOMES; i++) {
        if (counts[i] > 0) {
            ob_buf_addf(out, "%s%u %s", any ? ", " : "", counts[i], obi_report_word((ob_outcome)i));
            any = true;
        }
    }
    ob_buf_add_str(out, any ? "" : "none");
}

void obi_html_term(ob_buf *out, const char *name)
{
    ob_buf_addf(out, "<dt>%s</dt><dd>", name);
}

void obi_html_list(ob_buf *out, const ob_span *items, size_t count, const char *none)
{
    if (count == 0) {
        ob_buf_addf(out, "<p>%s</p>", none);
        return;
    }
    ob_buf_add_str(out, "<ul>");
    for (size_t i = 0; i < count; i++) {
        ob_buf_add_str(out, "<li>");
        obi_html_text(out, items[i]);
        ob_buf_add_str(out, "</li>");
    }
    ob_buf_add_str(out, "</ul>");
}

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

static void bar_label(ob_buf *out, const ob_procedure_view *p)
{
    ob_buf_add_str(out, "Observed rate ");
    obi_report_bound(out, (double)p->hits / (double)p->trials);
    ob_buf_add_str(out, ", interval ");
    obi_report_bound(out, p->interval[0]);
    ob_buf_add_str(out, " to ");
    obi_report_bound(out, p->interval[1]);
    ob_buf_add_str(out, ", limit ");
    obi_report_percent(out, p->limit);
}

void obi_html_bar(ob_buf *out, const ob_procedure_view *p)
{
    if (p->trials == 0) {
        return;
    }
    /* The limit stands in the middle unless the interval reaches further. */
    double most = p->limit * 2 > p->interval[1] * 1.1 ? p->limit * 2 : p->interval[1] * 1.1;
    double unit = BAR_WIDTH / clamp(most, 1e-6, 1);
    double low = clamp(p->interval[0] * unit, 0, BAR_WIDTH);
    double high = clamp(p->interval[1] * unit, low, BAR_WIDTH);
    double seen = clamp((double)p->hits / (double)p->trials * unit, 3, BAR_WIDTH - 3);
    double limit = clamp(p->limit * unit, 1, BAR_WIDTH - 1);
    ob_buf_addf(out,
                "<svg class=\"bar %s\" viewBox=\"0 0 240 24\" preserveAspectRatio=\"xMinYMid\" "
                "role=\"img\" aria-label=\"",
                obi_html_class(p->outcome));
    bar_label(out, p); /* words and figures of our own */
    ob_buf_addf(out,
                "\"><rect class=\"track\" x=\"0\" y=\"9\" width=\"240\" height=\"6\" rx=\"3\"/>"
                "<rect class=\"range\" x=\"%.1f\" y=\"7\" width=\"%.1f\" height=\"10\" rx=\"3\"/>"
                "<circle class=\"dot\" cx=\"%.1f\" cy=\"12\" r=\"4\"/>"
                "<rect class=\"limit\" x=\"%.1f\" y=\"1\" width=\"2\" height=\"22\"/></svg>",
                low, high - low < 2 ? 2 : high - low, seen, limit - 1);
}
