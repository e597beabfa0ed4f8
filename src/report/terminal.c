/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report on a terminal. No line is wider than asked, whatever the service calls itself: foreign
 * text is escaped first, then measured, then broken or cut.
 */
#include "report/paper.h"
#include "report/words.h"

/* Columns of the table, each followed by one blank; the id takes what is left. */
#define OUTCOME_WIDTH 14
#define TRIALS_WIDTH  15 /* four million trials are the most there can be */
#define BOUND_WIDTH   10
#define LIMIT_WIDTH   8
#define PILLAR_WIDTH  30

static unsigned id_width(const obi_paper *p)
{
    unsigned least = OUTCOME_WIDTH + TRIALS_WIDTH + 2;
    return p->width - least - (p->width < OBI_PAPER_NARROW ? 0 : BOUND_WIDTH + LIMIT_WIDTH + 2);
}

static void header(obi_paper *p, const ob_summary *s)
{
    OB_AUTO(ob_buf) line = {.max = 16384};
    ob_buf_add_shown(&line, s->service, 300);
    ob_buf_add_str(&line, ", ");
    ob_buf_add_shown(&line, s->address, 300);
    obi_paper_wrap(p, 0, ob_buf_span(&line));
    obi_paper_again(p, &line);
    ob_buf_add_str(&line, "profile ");
    ob_buf_add_shown(&line, s->profile, 60);
    ob_buf_addf(&line, ", level %u, seed ", s->level);
    ob_buf_add_shown(&line, s->seed, 80);
    ob_buf_add_str(&line, ", run ");
    ob_buf_add_shown(&line, ob_span_str(s->run.id), sizeof s->run.id);
    if (strcmp(s->run.state, "finished") != 0) {
        ob_buf_add_str(&line, ", ");
        ob_buf_add_shown(&line, ob_span_str(s->run.state), sizeof s->run.state);
    }
    obi_paper_wrap(p, 0, ob_buf_span(&line));
    if (s->time_scale != 1) {
        obi_paper_again(p, &line);
        ob_buf_addf(&line, "time scale %.4g: waits and time limits are multiplied by it",
                    s->time_scale);
        obi_paper_wrap(p, 0, ob_buf_span(&line));
    }
    if (s->keep_raw) {
        obi_paper_again(p, &line);
        ob_buf_add_str(&line, "evidence kept raw: personal data and secrets stand in it as they "
                              "came");
        obi_paper_wrap(p, 0, ob_buf_span(&line));
    }
    obi_paper_carry(p, &line);
}

static void row(obi_paper *p, const ob_procedure_view *v)
{
    OB_AUTO(ob_buf) text = {.max = 200};
    obi_paper_paint(p, v->outcome, obi_report_word(v->outcome), OUTCOME_WIDTH + 1);
    obi_paper_cell(p, v->id, id_width(p));
    ob_buf_addf(&text, "%llu/%llu", (unsigned long long)v->hits, (unsigned long long)v->trials);
    obi_paper_blanks(p, 1);
    obi_paper_cell_right(p, &text, TRIALS_WIDTH);
    if (p->width >= OBI_PAPER_NARROW) {
        obi_paper_again(p, &text);
        obi_report_rate(&text, v);
        obi_paper_blanks(p, 1);
        obi_paper_cell_right(p, &text, BOUND_WIDTH);
        obi_paper_again(p, &text);
        obi_report_percent(&text, v->limit);
        obi_paper_blanks(p, 1);
        obi_paper_cell_right(p, &text, LIMIT_WIDTH);
    }
    obi_paper_carry(p, &text);
    ob_buf_add_char(p->out, '\n');
}

static void table(obi_paper *p, const ob_summary *s)
{
    ob_buf_addf(p->out, "\n%-*s %-*s %*s", OUTCOME_WIDTH, "outcome", (int)id_width(p), "procedure",
                TRIALS_WIDTH, "hits/trials");
    if (p->width >= OBI_PAPER_NARROW) {
        ob_buf_addf(p->out, " %*s %*s", BOUND_WIDTH, "rate", LIMIT_WIDTH, "limit");
    }
    ob_buf_add_char(p->out, '\n');
    /* What was not applicable follows by its reasons. */
    size_t rows = 0;
    for (size_t i = 0; i < s->procedures_count; i++) {
        if (s->procedures[i].outcome != OB_NOT_APPLICABLE) {
            row(p, &s->procedures[i]);
            rows++;
        }
    }
    if (rows == 0) {
        ob_buf_add_str(p->out, "no procedure ran\n");
    }
}

static void reasons(obi_paper *p, const ob_summary *s)
{
    for (size_t i = 0; i < s->procedures_count; i++) {
        const ob_procedure_view *v = &s->procedures[i];
        if (v->outcome == OB_PASS || v->outcome == OB_NOT_APPLICABLE) {
            continue;
        }
        ob_buf_add_char(p->out, '\n');
        obi_paper_paint(p, v->outcome, obi_report_word(v->outcome), 0);
        obi_paper_blanks(p, 1);
        obi_paper_cell(p, v->id, p->width - OUTCOME_WIDTH - 1);
        obi_paper_trim(p);
        ob_buf_add_char(p->out, '\n');
        obi_paper_wrap_foreign(p, 2, v->title);
        obi_paper_wrap_foreign(p, 4, v->reason);
        obi_paper_wrap_foreign(p, 4, v->statement);
    }
}

static bool same_reason_before(const ob_summary *s, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (s->procedures[i].outcome == OB_NOT_APPLICABLE &&
            ob_span_is(s->procedures[i].reason, s->procedures[at].reason)) {
            return true;
        }
    }
    return false;
}

/* Many procedures lack the same thing, so each reason stands once, with the ids. */
static void not_applicable(obi_paper *p, const ob_summary *s)
{
    bool first = true;
    for (size_t i = 0; i < s->procedures_count; i++) {
        OB_AUTO(ob_buf) ids = {.max = 65536};
        if (s->procedures[i].outcome != OB_NOT_APPLICABLE || same_reason_before(s, i)) {
            continue;
        }
        for (size_t k = i; k < s->procedures_count; k++) {
            const ob_procedure_view *v = &s->procedures[k];
            if (v->outcome == OB_NOT_APPLICABLE && ob_span_is(v->reason, s->procedures[i].reason)) {
                ob_buf_add_str(&ids, ids.len == 0 ? "" : ", ");
                ob_buf_add_shown(&ids, v->id, 300);
            }
        }
        if (first) {
            ob_buf_add_char(p->out, '\n');
            obi_paper_paint(p, OB_NOT_APPLICABLE, obi_report_word(OB_NOT_APPLICABLE), 0);
            ob_buf_add_char(p->out, '\n');
            first = false;
        }
        obi_paper_wrap_foreign(p, 2, s->procedures[i].reason);
        obi_paper_wrap(p, 4, ob_buf_span(&ids));
        obi_paper_carry(p, &ids);
    }
}

/* As many whole counts as fit. */
static void add_counts(obi_paper *p, ob_span counts, size_t room)
{
    size_t end = counts.len;
    while (end > room) {
        do {
            end--;
        } while (end > 0 && counts.ptr[end] != ',');
    }
    ob_buf_add(p->out, ob_span_sub(counts, 0, end));
}

static void pillars(obi_paper *p, const ob_summary *s)
{
    ob_buf_add_str(p->out, "\nby pillar\n");
    for (size_t i = 0; i < s->pillars_count; i++) {
        const ob_pillar_view *v = &s->pillars[i];
        OB_AUTO(ob_buf) counts = {.max = 200};
        for (unsigned k = 0; k < OB_OUTCOMES; k++) {
            if (v->counts[k] > 0) {
                ob_buf_addf(&counts, "%s%u %s", counts.len == 0 ? "" : ", ", v->counts[k],
                            obi_report_word((ob_outcome)k));
            }
        }
        obi_paper_paint(p, v->outcome, obi_report_word(v->outcome), OUTCOME_WIDTH + 1);
        obi_paper_cell(p, v->title.len == 0 ? v->id : v->title,
                       p->width < OBI_PAPER_NARROW ? 22 : PILLAR_WIDTH);
        if (p->width >= OBI_PAPER_NARROW) {
            obi_paper_blanks(p, 1);
            size_t room = p->width - OUTCOME_WIDTH - 1 - PILLAR_WIDTH - 1;
            add_counts(p, ob_buf_span(&counts), room);
        }
        ob_buf_add_char(p->out, '\n');
        obi_paper_carry(p, &counts);
    }
}

static void closing(obi_paper *p, const ob_summary *s)
{
    OB_AUTO(ob_buf) line = {.max = 1000};
    size_t untested = obi_report_untested(s);
    ob_buf_add_char(p->out, '\n');
    if (untested > 0) {
        ob_buf_addf(&line, "%zu of %zu requirements were not tested.", untested,
                    s->requirements_count);
        obi_paper_wrap(p, 0, ob_buf_span(&line));
    }
    if (s->left_behind_count > 0) {
        obi_paper_again(p, &line);
        obi_report_count(&line, s->left_behind_count, "thing was", "things were");
        ob_buf_add_str(&line, " left behind in the service:");
        obi_paper_wrap(p, 0, ob_buf_span(&line));
        for (size_t i = 0; i < s->left_behind_count && i < 10; i++) {
            obi_paper_wrap_foreign(p, 2, s->left_behind[i]);
        }
    }
    obi_paper_again(p, &line);
    obi_report_count(&line, s->trials, "trial", "trials");
    ob_buf_add_str(&line, ", ");
    obi_report_count(&line, s->requests, "request", "requests");
    ob_buf_add_str(&line, ".");
    obi_paper_wrap(p, 0, ob_buf_span(&line));
    uint64_t fixed = 0;
    for (size_t i = 0; i < s->procedures_count; i++) {
        fixed += s->procedures[i].trials > 0 ? s->procedures[i].fixed_plan : 0;
    }
    if (fixed > 0) {
        obi_paper_again(p, &line);
        ob_buf_add_str(&line, "Fixed plans with the same errors would have used ");
        obi_report_count(&line, fixed, "trial", "trials");
        ob_buf_add_str(&line, ".");
        obi_paper_wrap(p, 0, ob_buf_span(&line));
    }
    obi_paper_carry(p, &line);
    ob_buf_add_str(p->out, "service: ");
    obi_paper_paint(p, s->outcome, obi_report_word(s->outcome), 0);
    ob_buf_add_char(p->out, '\n');
}

bool ob_report_terminal(const ob_summary *summary, const ob_terminal_style *style, ob_buf *out,
                        ob_err *err)
{
    obi_paper p = obi_paper_of(style, out);
    header(&p, summary);
    table(&p, summary);
    reasons(&p, summary);
    not_applicable(&p, summary);
    pillars(&p, summary);
    closing(&p, summary);
    return ob_buf_check(out, "the report", err);
}
