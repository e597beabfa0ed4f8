/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report on a terminal. No line is wider than asked, whatever the service calls itself: foreign
 * text is escaped first, then measured, then broken or cut.
 */
#include "report/report.h"
#include "report/words.h"

#include <ombud/text.h>

#define LEAST_WIDTH 40
#define NARROW      64 /* below it bounds and counts are left out: the id matters more */
#define MOST_WIDTH  160

/* Columns of the table, each followed by one blank; the id takes what is left. */
#define OUTCOME_WIDTH 14
#define TRIALS_WIDTH  15 /* four million trials are the most there can be */
#define BOUND_WIDTH   10
#define LIMIT_WIDTH   8
#define PILLAR_WIDTH  30

typedef struct paper {
    ob_buf *out;
    unsigned width;
    bool colour;
} paper;

static unsigned id_width(const paper *p)
{
    unsigned least = OUTCOME_WIDTH + TRIALS_WIDTH + 2;
    return p->width - least - (p->width < NARROW ? 0 : BOUND_WIDTH + LIMIT_WIDTH + 2);
}

static const char *colour_of(ob_outcome outcome)
{
    switch (outcome) {
    case OB_FAIL:
        return "\x1b[1;31m";
    case OB_ERROR:
        return "\x1b[1;35m";
    case OB_INCONCLUSIVE:
        return "\x1b[33m";
    case OB_PASS:
        return "\x1b[32m";
    case OB_NOT_APPLICABLE:
        break;
    }
    return "\x1b[2m";
}

/* Cells that a terminal gives a character. Rather one too many than one too few. */
static unsigned cells(uint32_t rune)
{
    bool wide = (rune >= 0x1100 && rune <= 0x115f) || (rune >= 0x231a && rune <= 0x231b) ||
                (rune >= 0x2600 && rune <= 0x27bf) || (rune >= 0x2e80 && rune <= 0xa4cf) ||
                (rune >= 0xa960 && rune <= 0xa97c) || (rune >= 0xac00 && rune <= 0xd7a3) ||
                (rune >= 0xf900 && rune <= 0xfaff) || (rune >= 0xfe30 && rune <= 0xfe6f) ||
                (rune >= 0xff00 && rune <= 0xff60) || (rune >= 0xffe0 && rune <= 0xffe6) ||
                rune >= 0x1f000;
    return wide ? 2 : 1;
}

static unsigned cells_of(ob_span text)
{
    unsigned sum = 0;
    uint32_t rune = 0;
    for (size_t at = 0; ob_utf8_next(text, &at, &rune);) {
        sum += cells(rune);
    }
    return sum;
}

/* The bytes of text that fit into so many cells. */
static size_t fitting(ob_span text, unsigned width)
{
    unsigned sum = 0;
    size_t at = 0;
    uint32_t rune = 0;
    for (size_t start = 0; ob_utf8_next(text, &at, &rune); start = at) {
        sum += cells(rune);
        if (sum > width) {
            return start;
        }
    }
    return text.len;
}

static void blanks(paper *p, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        ob_buf_add_char(p->out, ' ');
    }
}

static void paint(paper *p, ob_outcome outcome, const char *text, unsigned width)
{
    ob_buf_add_str(p->out, p->colour ? colour_of(outcome) : "");
    ob_buf_add_str(p->out, text);
    ob_buf_add_str(p->out, p->colour ? "\x1b[0m" : "");
    unsigned used = (unsigned)strlen(text);
    blanks(p, used < width ? width - used : 0);
}

/* Escaped text in a cell of the table, filled up with blanks. */
static void cell(paper *p, ob_span foreign, unsigned width)
{
    OB_AUTO(ob_buf) shown = {.max = 4096};
    ob_buf_add_shown(&shown, foreign, 300);
    ob_span text = ob_buf_span(&shown);
    if (cells_of(text) > width) {
        text = ob_span_sub(text, 0, fitting(text, width - 3));
        ob_buf_add(p->out, text);
        ob_buf_add_str(p->out, "...");
        blanks(p, width - 3 - cells_of(text));
        return;
    }
    ob_buf_add(p->out, text);
    blanks(p, width - cells_of(text));
}

static void cell_right(paper *p, const ob_buf *text, unsigned width)
{
    unsigned used = (unsigned)text->len;
    blanks(p, used < width ? width - used : 0);
    ob_buf_add(p->out, ob_buf_span(text));
}

/* Words of text, which is escaped already, in lines behind indent blanks. Words too long for a line
 * are cut in pieces. */
static void wrap(paper *p, unsigned indent, ob_span text)
{
    unsigned column = 0;
    ob_span word = {0};
    ob_span rest = text;
    while (ob_span_cut(&rest, ' ', &word)) {
        while (word.len > 0) {
            unsigned need = cells_of(word);
            if (column > indent && column + 1 + need > p->width) {
                ob_buf_add_char(p->out, '\n');
                column = 0;
            }
            if (column == 0) {
                blanks(p, indent);
                column = indent;
            } else {
                ob_buf_add_char(p->out, ' ');
                column++;
            }
            size_t fits = fitting(word, p->width - column);
            ob_buf_add(p->out, ob_span_sub(word, 0, fits));
            column += cells_of(ob_span_sub(word, 0, fits));
            word = ob_span_sub(word, fits, word.len);
        }
    }
    ob_buf_add_char(p->out, '\n');
}

static void wrap_foreign(paper *p, unsigned indent, ob_span foreign)
{
    OB_AUTO(ob_buf) shown = {.max = 16384};
    if (foreign.len > 0) {
        ob_buf_add_shown(&shown, foreign, 2000);
        wrap(p, indent, ob_buf_span(&shown));
    }
}

static void header(paper *p, const ob_summary *s)
{
    OB_AUTO(ob_buf) line = {.max = 16384};
    ob_buf_add_shown(&line, s->service, 300);
    ob_buf_add_str(&line, ", ");
    ob_buf_add_shown(&line, s->address, 300);
    wrap(p, 0, ob_buf_span(&line));
    ob_buf_reset(&line);
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
    wrap(p, 0, ob_buf_span(&line));
    if (s->time_scale != 1) {
        ob_buf_reset(&line);
        ob_buf_addf(&line, "time scale %.4g: waits and time limits are multiplied by it",
                    s->time_scale);
        wrap(p, 0, ob_buf_span(&line));
    }
}

static void add_bound(ob_buf *out, const ob_procedure_view *v)
{
    bool decided = v->outcome == OB_PASS || v->outcome == OB_FAIL || v->outcome == OB_INCONCLUSIVE;
    if (!decided || v->trials == 0) {
        ob_buf_add_char(out, '-');
    } else if (v->outcome == OB_FAIL && v->zero_tolerance && v->lower <= v->limit) {
        ob_buf_add_str(out, "confirmed");
    } else if (v->outcome == OB_FAIL) {
        ob_buf_add_str(out, "> ");
        obi_report_bound(out, v->lower);
    } else {
        ob_buf_add_str(out, "< ");
        obi_report_bound(out, v->upper);
    }
}

static void row(paper *p, const ob_procedure_view *v)
{
    OB_AUTO(ob_buf) text = {.max = 200};
    paint(p, v->outcome, obi_report_word(v->outcome), OUTCOME_WIDTH + 1);
    cell(p, v->id, id_width(p));
    ob_buf_addf(&text, "%llu/%llu", (unsigned long long)v->hits, (unsigned long long)v->trials);
    blanks(p, 1);
    cell_right(p, &text, TRIALS_WIDTH);
    if (p->width >= NARROW) {
        ob_buf_reset(&text);
        add_bound(&text, v);
        blanks(p, 1);
        cell_right(p, &text, BOUND_WIDTH);
        ob_buf_reset(&text);
        obi_report_percent(&text, v->limit);
        blanks(p, 1);
        cell_right(p, &text, LIMIT_WIDTH);
    }
    ob_buf_add_char(p->out, '\n');
}

static void table(paper *p, const ob_summary *s)
{
    ob_buf_addf(p->out, "\n%-*s %-*s %*s", OUTCOME_WIDTH, "outcome", (int)id_width(p), "procedure",
                TRIALS_WIDTH, "hits/trials");
    if (p->width >= NARROW) {
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

static void reasons(paper *p, const ob_summary *s)
{
    for (size_t i = 0; i < s->procedures_count; i++) {
        const ob_procedure_view *v = &s->procedures[i];
        if (v->outcome == OB_PASS || v->outcome == OB_NOT_APPLICABLE) {
            continue;
        }
        ob_buf_add_char(p->out, '\n');
        paint(p, v->outcome, obi_report_word(v->outcome), 0);
        blanks(p, 1);
        cell(p, v->id, p->width - OUTCOME_WIDTH - 1);
        while (p->out->len > 0 && p->out->ptr[p->out->len - 1] == ' ') {
            p->out->ptr[--p->out->len] = '\0';
        }
        ob_buf_add_char(p->out, '\n');
        wrap_foreign(p, 2, v->title);
        wrap_foreign(p, 4, v->reason);
        wrap_foreign(p, 4, v->statement);
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
static void not_applicable(paper *p, const ob_summary *s)
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
            paint(p, OB_NOT_APPLICABLE, obi_report_word(OB_NOT_APPLICABLE), 0);
            ob_buf_add_char(p->out, '\n');
            first = false;
        }
        wrap_foreign(p, 2, s->procedures[i].reason);
        wrap(p, 4, ob_buf_span(&ids));
    }
}

/* As many whole counts as fit. */
static void add_counts(paper *p, ob_span counts, size_t room)
{
    size_t end = counts.len;
    while (end > room) {
        do {
            end--;
        } while (end > 0 && counts.ptr[end] != ',');
    }
    ob_buf_add(p->out, ob_span_sub(counts, 0, end));
}

static void pillars(paper *p, const ob_summary *s)
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
        paint(p, v->outcome, obi_report_word(v->outcome), OUTCOME_WIDTH + 1);
        cell(p, v->title.len == 0 ? v->id : v->title, p->width < NARROW ? 22 : PILLAR_WIDTH);
        if (p->width >= NARROW) {
            blanks(p, 1);
            size_t room = p->width - OUTCOME_WIDTH - 1 - PILLAR_WIDTH - 1;
            add_counts(p, ob_buf_span(&counts), room);
        }
        ob_buf_add_char(p->out, '\n');
    }
}

static void closing(paper *p, const ob_summary *s)
{
    OB_AUTO(ob_buf) line = {.max = 1000};
    size_t untested = obi_report_untested(s);
    ob_buf_add_char(p->out, '\n');
    if (untested > 0) {
        ob_buf_addf(&line, "%zu of %zu requirements were not tested.", untested,
                    s->requirements_count);
        wrap(p, 0, ob_buf_span(&line));
    }
    if (s->left_behind_count > 0) {
        ob_buf_reset(&line);
        obi_report_count(&line, s->left_behind_count, "thing was", "things were");
        ob_buf_add_str(&line, " left behind in the service:");
        wrap(p, 0, ob_buf_span(&line));
        for (size_t i = 0; i < s->left_behind_count && i < 10; i++) {
            wrap_foreign(p, 2, s->left_behind[i]);
        }
    }
    ob_buf_reset(&line);
    obi_report_count(&line, s->trials, "trial", "trials");
    ob_buf_add_str(&line, ", ");
    obi_report_count(&line, s->requests, "request", "requests");
    ob_buf_add_str(&line, ".");
    wrap(p, 0, ob_buf_span(&line));
    uint64_t fixed = 0;
    for (size_t i = 0; i < s->procedures_count; i++) {
        fixed += s->procedures[i].trials > 0 ? s->procedures[i].fixed_plan : 0;
    }
    if (fixed > 0) {
        ob_buf_reset(&line);
        ob_buf_add_str(&line, "Fixed plans with the same errors would have used ");
        obi_report_count(&line, fixed, "trial", "trials");
        ob_buf_add_str(&line, ".");
        wrap(p, 0, ob_buf_span(&line));
    }
    ob_buf_add_str(p->out, "service: ");
    paint(p, s->outcome, obi_report_word(s->outcome), 0);
    ob_buf_add_char(p->out, '\n');
}

bool ob_report_terminal(const ob_summary *summary, const ob_terminal_style *style, ob_buf *out,
                        ob_err *err)
{
    unsigned width = style->width == 0 ? 80 : style->width;
    paper p = {.out = out,
               .width = width < LEAST_WIDTH  ? LEAST_WIDTH
                        : width > MOST_WIDTH ? MOST_WIDTH
                                             : width,
               .colour = style->colour};
    header(&p, summary);
    table(&p, summary);
    reasons(&p, summary);
    not_applicable(&p, summary);
    pillars(&p, summary);
    closing(&p, summary);
    return ob_buf_check(out, "the report", err);
}
