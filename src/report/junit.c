/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report for build servers: JUnit XML, in the elements and attributes that the schema of
 * Jenkins' xUnit plugin (junit-10.xsd) and the other readers have in common.
 *
 * A suite a pillar, a case a procedure. FAIL is a <failure>: the requirement was shown to be
 * broken. ERROR and INCONCLUSIVE are an <error>, told apart by its type: the test came to no
 * answer, and no reader shows that as passed. <skipped> would not do for them, because readers
 * count it as no reason for concern; it is left to NOT_APPLICABLE.
 */
#include "report/table.h"
#include "report/words.h"

#include <ombud/text.h>

#define TEXT_MAX  ((size_t)2048) /* most bytes of a foreign text that are shown */
#define HITS_MAX  3              /* a build server links to the report; it does not replace it */
#define TURNS_MAX 24

/* XML 1.0 allows U+FFFD and no U+FFFE or U+FFFF; all else is as in HTML. */
static void text(ob_buf *out, ob_span foreign)
{
    size_t at = 0;
    size_t plain = 0;
    uint32_t rune = 0;
    bool cut = foreign.len > TEXT_MAX;
    foreign = ob_span_sub(foreign, 0, obi_report_boundary(foreign, TEXT_MAX));
    for (size_t start = 0; ob_utf8_next(foreign, &at, &rune); start = at) {
        if (rune == 0xfffe || rune == 0xffff) {
            ob_buf_add_html(out, ob_span_sub(foreign, plain, start));
            ob_buf_add_rune(out, 0xfffd);
            plain = at;
        }
    }
    ob_buf_add_html(out, ob_span_sub(foreign, plain, foreign.len));
    ob_buf_add_str(out, cut ? "..." : "");
}

static void attribute(ob_buf *out, const char *name, ob_span foreign)
{
    ob_buf_addf(out, " %s=\"", name);
    text(out, foreign);
    ob_buf_add_char(out, '"');
}

static void line(ob_buf *out, const char *name, ob_span foreign)
{
    if (foreign.len > 0) {
        ob_buf_addf(out, "%s%s", name, name[0] == '\0' ? "" : ": ");
        text(out, foreign);
        ob_buf_add_char(out, '\n');
    }
}

static void trial(ob_buf *out, const ob_trial_view *t)
{
    ob_buf_addf(out, "\ntrial %lld, hit%s", (long long)t->trial, t->confirmed ? ", confirmed" : "");
    if (t->reruns > 0) {
        ob_buf_addf(out, ", again in %u of %u reruns", t->reproduced, t->reruns);
    }
    ob_buf_add_char(out, '\n');
    line(out, "why", t->reason);
    for (size_t i = 0; i < t->turns_count && i < TURNS_MAX; i++) {
        const ob_turn_view *turn = &t->turns[i];
        ob_buf_add_str(out, "  ");
        text(out, turn->actor.len > 0 ? turn->actor : OB_SPAN("call"));
        line(out, "", OB_SPAN(":"));
        line(out, "    sent", turn->sent);
        line(out, "    reply", turn->reply);
    }
}

/* GitLab shows the text of the element and not its message, Jenkins both. */
static void details(ob_buf *out, const ob_procedure_view *p)
{
    line(out, "", p->title);
    line(out, "requirement", p->requirement_title);
    line(out, "severity", ob_span_str(ob_severity_names[p->severity]));
    line(out, "reason", p->reason);
    line(out, "statement", p->statement);
    obi_report_hits(out, p, HITS_MAX, trial, "");
}

static const char *const elements[OB_OUTCOMES] = {"failure", "error", "error", NULL, "skipped"};

static void testcase(ob_buf *out, const ob_procedure_view *p)
{
    const char *element = elements[p->outcome];
    ob_buf_add_str(out, "    <testcase classname=\"");
    text(out, p->pillar);
    ob_buf_add_char(out, '.');
    text(out, p->requirement);
    ob_buf_add_char(out, '"');
    attribute(out, "name", p->id);
    ob_buf_addf(out, " time=\"%.3f\">\n", (double)p->busy_ms / 1000);
    if (element == NULL) {
        ob_buf_add_str(out, "      <system-out>");
        text(out, p->statement);
        ob_buf_add_str(out, "</system-out>\n");
    } else {
        ob_buf_addf(out, "      <%s", element);
        attribute(out, "type", ob_span_str(ob_outcome_names[p->outcome]));
        attribute(out, "message", p->reason);
        ob_buf_add_char(out, '>');
        details(out, p);
        ob_buf_addf(out, "</%s>\n", element);
    }
    ob_buf_add_str(out, "    </testcase>\n");
}

static void property(ob_buf *out, const char *name, ob_span foreign)
{
    ob_buf_addf(out, "      <property name=\"%s\"", name);
    attribute(out, "value", foreign);
    ob_buf_add_str(out, "/>\n");
}

static void properties(ob_buf *out, const ob_summary *s)
{
    char number[32];
    ob_buf_add_str(out, "    <properties>\n");
    property(out, "run", ob_span_str(s->run.id));
    property(out, "state", ob_span_str(s->run.state));
    property(out, "tool", s->tool);
    property(out, "service", s->service);
    property(out, "address", s->address);
    property(out, "profile", s->profile);
    (void)snprintf(number, sizeof number, "%u", s->level);
    property(out, "level", ob_span_str(number));
    property(out, "seed", s->seed);
    (void)snprintf(number, sizeof number, "%zu", obi_report_untested(s));
    property(out, "requirements-not-tested", ob_span_str(number));
    property(out, "evidence", s->chain);
    ob_buf_add_str(out, "    </properties>\n");
}

static ob_span pillar_title(const ob_summary *s, ob_span id)
{
    for (size_t i = 0; i < s->pillars_count; i++) {
        if (ob_span_is(s->pillars[i].id, id) && s->pillars[i].title.len > 0) {
            return s->pillars[i].title;
        }
    }
    return id;
}

static void suite(ob_buf *out, const ob_summary *s, ob_span pillar)
{
    unsigned counts[OB_OUTCOMES] = {0};
    unsigned tests = 0;
    uint64_t busy_ms = 0;
    char started[32];
    for (size_t i = 0; i < s->procedures_count; i++) {
        if (ob_span_is(s->procedures[i].pillar, pillar)) {
            counts[s->procedures[i].outcome]++;
            busy_ms += s->procedures[i].busy_ms;
            tests++;
        }
    }
    ob_time_format(s->run.started_ms, started);
    ob_buf_add_str(out, "  <testsuite");
    attribute(out, "name", pillar_title(s, pillar));
    attribute(out, "id", pillar);
    ob_buf_addf(out,
                " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\" time=\"%.3f\" "
                "timestamp=\"%.19s\">\n",
                tests, counts[OB_FAIL], counts[OB_ERROR] + counts[OB_INCONCLUSIVE],
                counts[OB_NOT_APPLICABLE], (double)busy_ms / 1000, started);
    properties(out, s);
    for (size_t i = 0; i < s->procedures_count; i++) {
        if (ob_span_is(s->procedures[i].pillar, pillar)) {
            testcase(out, &s->procedures[i]);
        }
    }
    ob_buf_add_str(out, "  </testsuite>\n");
}

static bool is_first_of_pillar(const ob_summary *s, size_t number)
{
    for (size_t i = 0; i < number; i++) {
        if (ob_span_is(s->procedures[i].pillar, s->procedures[number].pillar)) {
            return false;
        }
    }
    return true;
}

static bool write(const ob_summary *s, ob_buf *out, ob_err *err)
{
    unsigned counts[OB_OUTCOMES];
    obi_report_tally(s, counts);
    ob_buf_add_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    attribute(out, "name", s->service);
    ob_buf_addf(out, " tests=\"%zu\" failures=\"%u\" errors=\"%u\"", s->procedures_count,
                counts[OB_FAIL], counts[OB_ERROR] + counts[OB_INCONCLUSIVE]);
    if (s->run.ended_ms != 0 && s->run.ended_ms >= s->run.started_ms) {
        uint64_t wall_ms = (uint64_t)s->run.ended_ms - (uint64_t)s->run.started_ms;
        ob_buf_addf(out, " time=\"%.3f\"", (double)wall_ms / 1000);
    }
    ob_buf_add_str(out, ">\n");
    for (size_t i = 0; i < s->procedures_count; i++) {
        if (is_first_of_pillar(s, i)) {
            suite(out, s, s->procedures[i].pillar);
        }
    }
    ob_buf_add_str(out, "</testsuites>\n");
    return ob_buf_check(out, "the JUnit report", err);
}

const ob_report_writer ob_report_writer_junit = {
    .id = "junit",
    .title = "JUnit XML, for build servers",
    .doc = "reports.md",
    .write = write,
};
