/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A trial as the evaluator reads it: who said what, what came back, and the very bytes that made it
 * a hit. Logins and other ground work are folded away unless a finding points at them.
 */
#include "report/html.h"

#define MARKS_MAX 64
#define KINDS_MAX 8

/* Bytes of context in front of the first mark when it lies too deep in a long reply. */
#define LEAD ((size_t)512)

typedef struct stretch {
    size_t start;
    size_t end;
} stretch;

typedef struct marks {
    stretch list[MARKS_MAX]; /* in order, none touching another */
    size_t count;
    bool whole; /* a finding about the reply as a whole */
} marks;

static int by_start(const void *a, const void *b)
{
    const stretch *left = a;
    const stretch *right = b;
    return (left->start > right->start) - (left->start < right->start);
}

static void merge(marks *m)
{
    size_t used = 0;
    qsort(m->list, m->count, sizeof *m->list, by_start);
    for (size_t i = 0; i < m->count; i++) {
        if (used > 0 && m->list[i].start <= m->list[used - 1].end) {
            size_t end = m->list[i].end;
            m->list[used - 1].end = end > m->list[used - 1].end ? end : m->list[used - 1].end;
        } else {
            m->list[used++] = m->list[i];
        }
    }
    m->count = used;
}

/* Where a character that begins before at ends. */
static size_t boundary_up(ob_span text, size_t at)
{
    size_t down = obi_report_boundary(text, at);
    while (down < at && at < text.len && ((unsigned char)text.ptr[at] & 0xc0) == 0x80) {
        at++;
    }
    return at < text.len ? at : text.len;
}

static marks marks_of(const ob_trial_view *trial, size_t turn)
{
    marks m = {.count = 0};
    ob_span reply = trial->turns[turn].reply;
    for (size_t i = 0; i < trial->findings_count; i++) {
        const ob_finding_view *f = &trial->findings[i];
        if (f->turn != turn) {
            continue;
        }
        if (f->start >= f->end || f->start >= reply.len) {
            m.whole = true;
        } else if (m.count < MARKS_MAX) {
            size_t end = f->end < reply.len ? f->end : reply.len;
            m.list[m.count++] = (stretch){.start = obi_report_boundary(reply, f->start),
                                          .end = boundary_up(reply, end)};
        }
    }
    if (m.count > 0) {
        merge(&m);
    }
    return m;
}

static void left_out(ob_buf *out, size_t bytes, const char *where)
{
    if (bytes > 0) {
        ob_buf_addf(out, "<span class=\"cut\">[%zu bytes %s are not shown here]</span>", bytes,
                    where);
    }
}

/* A part of reply of at most OBI_HTML_REPLY_MAX bytes, the one with the first mark in it. */
static void marked_text(ob_buf *out, ob_span reply, const marks *m)
{
    size_t from = 0;
    if (m->count > 0 && m->list[0].end > OBI_HTML_REPLY_MAX) {
        size_t lead = m->list[0].start > LEAD ? m->list[0].start - LEAD : 0;
        from = obi_report_boundary(reply, lead);
    }
    size_t to = reply.len - from > OBI_HTML_REPLY_MAX
                    ? obi_report_boundary(reply, from + OBI_HTML_REPLY_MAX)
                    : reply.len;
    left_out(out, from, "before this");
    size_t at = from;
    for (size_t i = 0; i < m->count && m->list[i].start < to; i++) {
        size_t end = m->list[i].end < to ? m->list[i].end : to;
        ob_buf_add_html(out, ob_span_sub(reply, at, m->list[i].start));
        ob_buf_add_str(out, "<mark>");
        ob_buf_add_html(out, ob_span_sub(reply, m->list[i].start, end));
        ob_buf_add_str(out, "</mark>");
        at = end;
    }
    ob_buf_add_html(out, ob_span_sub(reply, at, to));
    left_out(out, reply.len - to, "after this");
}

/* The judge's exchange is part of what a hit stands on. */
static bool is_judge(const ob_turn_view *t)
{
    return ob_span_is_str(t->kind, "judge");
}

static void answer_head(ob_buf *out, const ob_turn_view *t)
{
    ob_buf_add_str(out, "<p class=\"by answer\">");
    ob_buf_add_str(out, is_judge(t) ? "Judge" : "Service");
    if (t->status > 0) {
        ob_buf_addf(out, ", status %d", t->status);
    }
    if (t->total_ms >= 1) {
        ob_buf_addf(out, ", %.0f ms", t->total_ms);
    } else if (t->total_ms > 0) {
        ob_buf_add_str(out, ", under 1 ms");
    }
    ob_buf_addf(out, ", evidence record %llu", (unsigned long long)t->record);
    if (t->names.len > 0) {
        ob_buf_add_str(out, ", taken from it: ");
        obi_html_text(out, t->names);
    }
    ob_buf_add_str(out, "</p>");
}

static void answer(ob_buf *out, const ob_turn_view *t, const marks *m, bool talk)
{
    bool lost = t->lost.len > 0 && !ob_span_is_str(t->lost, "none");
    answer_head(out, t);
    if (lost) {
        ob_buf_add_str(out, "<p class=\"answer\">No whole answer: ");
        obi_html_text(out, t->lost);
        ob_buf_add_str(out, "</p>");
    }
    if (t->reply.len > 0 || !lost) {
        ob_buf_addf(out, "<div class=\"words answer%s%s\" dir=\"auto\">", talk ? "" : " data",
                    m->whole || m->count > 0 ? " why" : "");
        if (t->reply.len == 0) {
            ob_buf_add_str(out, "<span class=\"cut\">an empty answer</span>");
        }
        marked_text(out, t->reply, m);
        ob_buf_add_str(out, "</div>");
    }
}

static void turn(ob_buf *out, const ob_turn_view *t, const marks *m)
{
    bool talk = ob_span_is_str(t->kind, "say");
    ob_buf_add_str(out, "<li><p class=\"by\">");
    obi_html_text_or(out, t->actor, "Evaluator");
    if (t->session.len > 0) {
        ob_buf_add_str(out, ", session ");
        obi_html_text(out, t->session);
    }
    if (is_judge(t)) {
        ob_buf_add_str(out, ", question to the judge");
    } else if (!talk) {
        ob_buf_add_str(out, ", back-end call ");
        obi_html_text(out, t->kind);
    }
    ob_buf_add_str(out, "</p>");
    if (t->sent.len > 0) {
        ob_buf_addf(out, "<div class=\"words said%s\" dir=\"auto\">", talk ? "" : " data");
        marked_text(out, t->sent, &(marks){.count = 0});
        ob_buf_add_str(out, "</div>");
    }
    answer(out, t, m, talk);
    ob_buf_add_str(out, "</li>");
}

static void findings(ob_buf *out, const ob_trial_view *t)
{
    if (t->findings_count == 0) {
        return;
    }
    ob_buf_add_str(out, "<ul class=\"reasons\">");
    for (size_t i = 0; i < t->findings_count; i++) {
        const ob_finding_view *f = &t->findings[i];
        ob_buf_add_str(out, "<li><span class=\"sentence\">");
        obi_html_text_or(out, f->why, "no reason is recorded");
        ob_buf_add_str(out, "</span><span class=\"soft small\">Oracle ");
        obi_html_text(out, f->oracle);
        if (f->steps.len > 0 && !ob_span_is_str(f->steps, "as sent")) {
            ob_buf_add_str(out, "; found after decoding: ");
            obi_html_text(out, f->steps);
        }
        if (f->turn < t->turns_count) {
            ob_buf_addf(out, "; evidence record %llu",
                        (unsigned long long)t->turns[f->turn].record);
        }
        ob_buf_add_str(out, "</span></li>");
    }
    ob_buf_add_str(out, "</ul>");
}

static bool is_ground_work(const ob_trial_view *t, size_t i, const marks *m)
{
    return !ob_span_is_str(t->turns[i].kind, "say") && !is_judge(&t->turns[i]) && m->count == 0 &&
           !m->whole;
}

/* Opens the fold that begins at turn i and says which calls are in it. */
static void open_fold(ob_buf *out, const ob_trial_view *t, size_t i)
{
    ob_span last = {0};
    size_t named = 0;
    ob_buf_add_str(out, "<li><details><summary class=\"soft small\">Ground work: ");
    for (; i < t->turns_count && named < KINDS_MAX; i++) {
        marks m = marks_of(t, i);
        if (!is_ground_work(t, i, &m)) {
            break;
        }
        if (named == 0 || !ob_span_is(last, t->turns[i].kind)) {
            ob_buf_add_str(out, named == 0 ? "" : ", ");
            obi_html_text(out, t->turns[i].kind);
            named++;
        }
        last = t->turns[i].kind;
    }
    ob_buf_add_str(out, named == KINDS_MAX ? " ..." : "");
    ob_buf_add_str(out, "</summary><ol class=\"talk\">");
}

/* Turns in order; neighbours that are ground work share one fold. */
static void dialogue(ob_buf *out, const ob_trial_view *t)
{
    bool folded = false;
    ob_buf_add_str(out, "<ol class=\"talk\">");
    for (size_t i = 0; i < t->turns_count; i++) {
        marks m = marks_of(t, i);
        bool fold = is_ground_work(t, i, &m);
        if (fold && !folded) {
            open_fold(out, t, i);
        } else if (!fold && folded) {
            ob_buf_add_str(out, "</ol></details></li>");
        }
        folded = fold;
        turn(out, &t->turns[i], &m);
    }
    ob_buf_add_str(out, folded ? "</ol></details></li></ol>" : "</ol>");
}

static void title(ob_buf *out, const ob_trial_view *t)
{
    bool hit = ob_span_is_str(t->result, "hit");
    ob_buf_addf(out, "Trial %lld: ", (long long)t->trial);
    obi_html_text(out, t->result);
    if (hit && t->confirmed) {
        ob_buf_add_str(out, ", confirmed from the stored bytes");
    }
    if (t->reruns > 0) {
        ob_buf_addf(out, ", reproduced %u of %u", t->reproduced, t->reruns);
    }
    if (t->attempt > 1) {
        ob_buf_addf(out, " (attempt %ld)", (long)t->attempt);
    }
}

/* The reason is made of what the oracles say, and those are listed. */
static bool is_told(const ob_trial_view *t)
{
    for (size_t i = 0; i < t->findings_count; i++) {
        ob_span why = t->findings[i].why;
        if (why.len > 0 && ob_span_find(t->reason, why, 0) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

void obi_html_trial(ob_buf *out, const ob_trial_view *t)
{
    bool hit = ob_span_is_str(t->result, "hit");
    /* A hit is what the reader came for; an example of a clean trial waits until it is opened. */
    ob_buf_add_str(out, hit ? "<section class=\"trial\"><h4>"
                            : "<details class=\"trial\"><summary><h4>");
    title(out, t);
    ob_buf_add_str(out, hit ? "</h4>" : ", as an example</h4></summary>");
    if (t->reason.len > 0 && !is_told(t)) {
        ob_buf_add_str(out, "<p class=\"sentence\">");
        obi_html_text(out, t->reason);
        ob_buf_add_str(out, "</p>");
    }
    findings(out, t);
    if (t->input.len > 0) {
        ob_buf_add_str(out, "<p class=\"small soft\">Input: ");
        obi_html_text(out, t->input);
        ob_buf_add_str(out, "</p>");
    }
    dialogue(out, t);
    ob_buf_add_str(out, hit ? "</section>" : "</details>");
}
