/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report for a pull request or an issue: what failed in a short table, the rest folded away,
 * small enough for a comment.
 */
#include "report/markdown.h"
#include "report/table.h"
#include "report/words.h"

#include <ombud/text.h>

#define HITS_MAX 2
#define ROWS_MAX 500 /* more would not fit into a comment anyway */

static void head(ob_buf *out, const ob_summary *s)
{
    ob_buf_addf(out, "## Security evaluation: %s\n\nService ", obi_report_word(s->outcome));
    obi_md_text(out, s->service);
    ob_buf_add_str(out, " at ");
    obi_md_code(out, s->address, false);
    ob_buf_add_str(out, "; profile ");
    obi_md_code(out, s->profile, false);
    ob_buf_addf(out, ", level %u, seed ", s->level);
    obi_md_code(out, s->seed, false);
    ob_buf_add_str(out, ", run ");
    obi_md_code(out, ob_span_str(s->run.id), false);
    ob_buf_add_str(out, ".\n\n");
    if (strcmp(s->run.state, "finished") != 0) {
        ob_buf_add_str(out, "**The run is not finished**, so this is what it came to so far.\n\n");
    }
    if (s->time_scale != 1) {
        ob_buf_addf(out, "Time scale %.4g: waits and time limits are multiplied by it.\n\n",
                    s->time_scale);
    }
    if (s->keep_raw) {
        ob_buf_add_str(out, "The evidence is kept raw: personal data and secrets stand in it as "
                            "they came.\n\n");
    }
}

static void counts(ob_buf *out, const ob_summary *s, const unsigned by_outcome[OB_OUTCOMES])
{
    bool first = true;
    for (unsigned i = 0; i < OB_OUTCOMES; i++) {
        if (by_outcome[i] > 0) {
            ob_buf_addf(out, "%s%u %s", first ? "" : ", ", by_outcome[i],
                        obi_report_word((ob_outcome)i));
            first = false;
        }
    }
    ob_buf_addf(out, "%s; %zu of %zu requirements were not tested.\n", first ? "No procedure" : "",
                obi_report_untested(s), s->requirements_count);
}

static void table_head(ob_buf *out)
{
    ob_buf_add_str(out, "\n| outcome | procedure | severity | hits/trials | rate | limit |\n"
                        "| --- | --- | --- | ---: | ---: | ---: |\n");
}

static void row(ob_buf *out, const ob_procedure_view *p)
{
    OB_AUTO(ob_buf) rate = {.max = 100};
    ob_buf_addf(out, "| %s | ", obi_report_word(p->outcome));
    obi_md_code(out, p->id, true);
    ob_buf_addf(out, " | %s | %llu/%llu | ", ob_severity_names[p->severity],
                (unsigned long long)p->hits, (unsigned long long)p->trials);
    /* "<" and ">" begin nothing before a blank, but a reader should not have to know that. */
    obi_report_rate(&rate, p);
    ob_buf_add_html(out, ob_buf_span(&rate));
    obi_report_carry(out, &rate);
    ob_buf_add_str(out, " | ");
    obi_report_percent(out, p->limit);
    ob_buf_add_str(out, " |\n");
}

static bool is_quiet(const ob_procedure_view *p)
{
    return p->outcome == OB_PASS || p->outcome == OB_NOT_APPLICABLE;
}

/* The procedures that are quiet, or those that are not, in the order of their ranks. */
static size_t pick(const ob_summary *s, bool quiet, const ob_procedure_view **list, size_t most)
{
    size_t count = 0;
    for (unsigned rank = 0; rank < OBI_REPORT_RANKS; rank++) {
        for (size_t i = 0; i < s->procedures_count && count < most; i++) {
            const ob_procedure_view *p = &s->procedures[i];
            if (is_quiet(p) == quiet && obi_report_rank(p) == rank) {
                list[count++] = p;
            }
        }
    }
    return count;
}

static void rows(ob_buf *out, const ob_procedure_view *const *list, size_t count)
{
    for (size_t i = 0; i < count && out->len < OBI_MD_MOST; i++) {
        if (i == 0) {
            table_head(out);
        }
        row(out, list[i]);
    }
}

static void sentence(ob_buf *out, const char *name, ob_span foreign)
{
    if (foreign.len > 0) {
        ob_buf_addf(out, "- %s: ", name);
        obi_md_text(out, foreign);
        ob_buf_add_char(out, '\n');
    }
}

static void procedure(ob_buf *out, const ob_procedure_view *p)
{
    obi_md_fold(out, obi_report_word(p->outcome), p->id);
    sentence(out, "Title", p->title);
    sentence(out, "Requirement", p->requirement);
    sentence(out, "That is", p->requirement_title);
    ob_buf_addf(out, "- Severity: %s\n", ob_severity_names[p->severity]);
    sentence(out, "Reason", p->reason);
    sentence(out, "Statement", p->statement);
    obi_report_hits(out, p, HITS_MAX, obi_md_trial, ".");
    obi_md_unfold(out);
}

static void notes(ob_buf *out, const char *title, const ob_span *items, size_t count)
{
    if (count == 0) {
        return;
    }
    obi_md_fold(out, title, (ob_span){"", 0});
    for (size_t i = 0; i < count && out->len < OBI_MD_FULL; i++) {
        ob_buf_add_str(out, "- It says: ");
        obi_md_text(out, items[i]);
        ob_buf_add_char(out, '\n');
    }
    obi_md_unfold(out);
}

static bool write(const ob_summary *s, ob_buf *out, ob_err *err)
{
    unsigned by_outcome[OB_OUTCOMES];
    const ob_procedure_view *list[ROWS_MAX];
    size_t left_out = 0;
    obi_report_tally(s, by_outcome);
    head(out, s);
    counts(out, s, by_outcome);
    size_t count = pick(s, false, list, ROWS_MAX);
    rows(out, list, count);
    for (size_t i = 0; i < count; i++) {
        if (out->len < OBI_MD_FULL) {
            procedure(out, list[i]);
        } else {
            left_out++;
        }
    }
    if (left_out > 0) {
        ob_buf_addf(out, "\nThe details of %zu more are in the full report.\n", left_out);
    }
    count = pick(s, true, list, ROWS_MAX);
    if (count > 0) {
        obi_md_fold(out, "Passed, or not applicable", (ob_span){"", 0});
        rows(out, list, count);
        obi_md_unfold(out);
    }
    notes(out, "Left behind in the service", s->left_behind, s->left_behind_count);
    notes(out, "Deviations from the plan", s->deviations, s->deviations_count);
    ob_buf_add_str(out, "\nEvidence: chain ");
    obi_md_code(out, s->chain, false);
    ob_buf_add_str(out, ", made by ");
    obi_md_text(out, s->tool);
    ob_buf_add_str(out, ".\n");
    return ob_buf_check(out, "the Markdown report", err);
}

const ob_report_writer ob_report_writer_markdown = {
    .id = "markdown",
    .title = "Markdown, for a pull request or an issue",
    .doc = "reports.md",
    .write = write,
};
