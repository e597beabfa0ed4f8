/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/catalogue_tables.h"

#include "demo.h"

#include <ombud/text.h>

#define COLUMNS 80

/* One line of a list: id, two words about it, title. */
typedef struct row {
    ob_span id;
    ob_span first;
    ob_span second;
    ob_span title;
} row;

static ob_span mark_of(bool verified)
{
    return ob_span_str(verified ? "" : "unverified");
}

static row row_of(const ob_catalogue *c, int kind, size_t i)
{
    static const char *const levels[OB_LEVELS] = {"level 1", "level 2", "level 3"};
    switch (kind) {
    case 0:
        return (row){c->threats[i].id, c->threats[i].pillar->id, {0}, c->threats[i].title};
    case 1:
        return (row){c->requirements[i].id, ob_requirement_pillar(&c->requirements[i])->id,
                     ob_span_str(levels[c->requirements[i].level - 1]), c->requirements[i].title};
    case 2:
        return (row){c->evaluations[i].id, c->evaluations[i].requirement->id,
                     c->evaluations[i].plan, c->evaluations[i].requirement->title};
    case 3: {
        const ob_procedure *p = &c->procedures[i];
        const ob_requirement *q = ob_catalogue_evaluation(c, p->evaluation)->requirement;
        return (row){p->id, p->evaluation, ob_requirement_pillar(q)->id, p->title};
    }
    case 4:
        return (row){c->metrics[i].id, c->metrics[i].unit, c->metrics[i].better,
                     c->metrics[i].title};
    case 5:
        return (row){c->plans[i].id, {0}, {0}, c->plans[i].title};
    case 6:
        return (row){c->incidents[i].id, c->incidents[i].date, mark_of(c->incidents[i].verified),
                     c->incidents[i].title};
    case 7:
        return (row){c->rubrics[i].id, {0}, {0}, c->rubrics[i].title};
    default:
        return (row){c->sources[i].id, c->sources[i].year, mark_of(c->sources[i].verified),
                     c->sources[i].title};
    }
}

static size_t wider(size_t width, ob_span text)
{
    return text.len > width ? text.len : width;
}

/* Pads or cuts text to width bytes; titles are cut, ids fit. */
static void cell(ob_buf *out, ob_span text, size_t width)
{
    if (width > 0) {
        ob_buf_addf(out, "%-*.*s  ", (int)width, OB_SHOW(text));
    }
}

static void list_text(ob_buf *out, const ob_catalogue *c, int kind, size_t count)
{
    size_t widths[3] = {0};
    for (size_t i = 0; i < count; i++) {
        row r = row_of(c, kind, i);
        widths[0] = wider(widths[0], r.id);
        widths[1] = wider(widths[1], r.first);
        widths[2] = wider(widths[2], r.second);
    }
    for (size_t i = 0; i < count; i++) {
        row r = row_of(c, kind, i);
        size_t start = out->len;
        cell(out, r.id, widths[0]);
        cell(out, r.first, widths[1]);
        cell(out, r.second, widths[2]);
        size_t used = out->len - start;
        size_t room = used + 20 < COLUMNS ? COLUMNS - used : 20;
        if (r.title.len > room) {
            ob_buf_add_shown(out, ob_span_sub(r.title, 0, room - 3), SIZE_MAX);
            ob_buf_add_str(out, "...\n");
        } else {
            ob_buf_add_shown(out, r.title, SIZE_MAX);
            ob_buf_add_str(out, "\n");
        }
    }
}

static void list_json(ob_buf *out, const ob_catalogue *c, const char *name, int kind, size_t count)
{
    ob_buf_addf(out, "{\"format\":\"ombud.catalogue\",\"version\":1,\"kind\":\"%s\",\"items\":[",
                name);
    for (size_t i = 0; i < count; i++) {
        row r = row_of(c, kind, i);
        ob_buf_add_str(out, i == 0 ? "\n{\"id\":" : ",\n{\"id\":");
        ob_buf_add_json(out, r.id);
        ob_buf_add_str(out, ",\"title\":");
        ob_buf_add_json(out, r.title);
        ob_buf_add_str(out, "}");
    }
    ob_buf_add_str(out, "]}\n");
}

bool ob_cli_catalogue_list(ob_buf *out, const ob_catalogue *c, const char *kind, bool json)
{
    static const char *const kinds[] = {"threats",    "requirements", "evaluations",
                                        "procedures", "metrics",      "plans",
                                        "incidents",  "rubrics",      "sources"};
    const size_t counts[] = {c->threats_count,    c->requirements_count, c->evaluations_count,
                             c->procedures_count, c->metrics_count,      c->plans_count,
                             c->incidents_count,  c->rubrics_count,      c->sources_count};
    int at = kind == NULL ? 3 : ob_text_index(ob_span_str(kind), kinds, OB_COUNT(kinds));
    if (at < 0) {
        return false;
    }
    if (json) {
        list_json(out, c, kinds[at], at, counts[at]);
        return true;
    }
    if (kind == NULL) {
        ob_buf_addf(out,
                    "%.*s: %zu threats, %zu requirements,\n%zu evaluations, %zu procedures, %zu "
                    "metrics, %zu plans, %zu incidents, %zu rubrics, %zu sources\n\n",
                    OB_SHOW(c->title), counts[0], counts[1], counts[2], counts[3], counts[4],
                    counts[5], counts[6], counts[7], counts[8]);
    }
    list_text(out, c, at, counts[at]);
    return true;
}

/* Coverage */

static const ob_requirement *requirement_of(const ob_catalogue *c, const ob_procedure *p)
{
    return ob_catalogue_evaluation(c, p->evaluation)->requirement;
}

static size_t procedures_of(const ob_catalogue *c, const ob_requirement *q)
{
    size_t count = 0;
    for (size_t i = 0; i < c->procedures_count; i++) {
        count += requirement_of(c, &c->procedures[i]) == q;
    }
    return count;
}

static void procedure_lines(ob_buf *out, const ob_catalogue *c, const ob_requirement *q)
{
    for (size_t i = 0; i < c->procedures_count; i++) {
        const ob_procedure *p = &c->procedures[i];
        size_t dials = 0;
        if (requirement_of(c, p) != q) {
            continue;
        }
        for (size_t k = 0; k < ob_demo_dials_count; k++) {
            if (ob_span_is_str(p->id, ob_demo_dials[k].procedure)) {
                ob_buf_addf(out, "    %-36.*s dial %s\n", OB_SHOW(p->id), ob_demo_dials[k].name);
                dials++;
            }
        }
        if (dials == 0) {
            ob_buf_addf(out, "    %-36.*s no dial\n", OB_SHOW(p->id));
        }
    }
}

/* Requirements for which the question holds, in lines of 80 columns. */
static size_t holes(ob_buf *out, const ob_catalogue *c, bool testable)
{
    size_t column = COLUMNS;
    size_t count = 0;
    for (size_t i = 0; i < c->requirements_count; i++) {
        const ob_requirement *q = &c->requirements[i];
        if (q->testable != testable || procedures_of(c, q) > 0) {
            continue;
        }
        if (column + q->id.len + 1 > COLUMNS - 2) {
            ob_buf_add_str(out, count == 0 ? " " : "\n ");
            column = 1;
        }
        ob_buf_addf(out, " %.*s", OB_SHOW(q->id));
        column += q->id.len + 1;
        count++;
    }
    ob_buf_add_str(out, count == 0 ? "  none\n" : "\n");
    return count;
}

static void coverage_pillars(ob_buf *out, const ob_catalogue *c)
{
    ob_buf_add_str(out, "Problem area     threats  with a procedure\n");
    for (size_t k = 0; k < c->pillars_count; k++) {
        size_t all = 0;
        size_t reached = 0;
        for (size_t i = 0; i < c->threats_count; i++) {
            const ob_yaml *by = c->threats[i].countered_by;
            bool has = false;
            for (size_t n = 0; n < by->count; n++) {
                has = has || procedures_of(c, ob_catalogue_requirement(c, by->items[n].text)) > 0;
            }
            all += c->threats[i].pillar == &c->pillars[k];
            reached += c->threats[i].pillar == &c->pillars[k] && has;
        }
        ob_buf_addf(out, "%-16.*s %7zu  %16zu%s\n", OB_SHOW(c->pillars[k].id), all, reached,
                    c->pillars[k].added ? "  (added by this project)" : "");
    }
}

static void coverage_json(ob_buf *out, const ob_catalogue *c)
{
    ob_buf_add_str(out, "{\"format\":\"ombud.coverage\",\"version\":1,\"requirements\":[");
    for (size_t i = 0; i < c->requirements_count; i++) {
        const ob_requirement *q = &c->requirements[i];
        const char *sign = "";
        ob_buf_addf(out, "%s\n{\"id\":\"%.*s\",\"level\":%u,\"testable\":%s,\"threats\":[",
                    i == 0 ? "" : ",", OB_SHOW(q->id), q->level, q->testable ? "true" : "false");
        for (size_t k = 0; k < q->threats_count; k++) {
            ob_buf_addf(out, "%s\"%.*s\"", k == 0 ? "" : ",", OB_SHOW(q->threats[k]->id));
        }
        ob_buf_add_str(out, "],\"procedures\":[");
        for (size_t k = 0; k < c->procedures_count; k++) {
            const ob_procedure *p = &c->procedures[k];
            if (requirement_of(c, p) != q) {
                continue;
            }
            ob_buf_addf(out, "%s{\"id\":", sign);
            ob_buf_add_json(out, p->id);
            ob_buf_add_str(out, ",\"dials\":[");
            sign = "";
            for (size_t n = 0; n < ob_demo_dials_count; n++) {
                if (ob_span_is_str(p->id, ob_demo_dials[n].procedure)) {
                    ob_buf_addf(out, "%s\"%s\"", sign, ob_demo_dials[n].name);
                    sign = ",";
                }
            }
            ob_buf_add_str(out, "]}");
            sign = ",";
        }
        ob_buf_add_str(out, "]}");
    }
    ob_buf_add_str(out, "]}\n");
}

void ob_cli_catalogue_coverage(ob_buf *out, const ob_catalogue *c, bool json)
{
    if (json) {
        coverage_json(out, c);
        return;
    }
    for (size_t i = 0; i < c->threats_count; i++) {
        const ob_threat *t = &c->threats[i];
        ob_buf_addf(out, "%.*s  %.*s\n", OB_SHOW(t->id), OB_SHOW(ob_span_sub(t->title, 0, 72)));
        for (size_t k = 0; k < t->countered_by->count; k++) {
            const ob_requirement *q = ob_catalogue_requirement(c, t->countered_by->items[k].text);
            bool none = procedures_of(c, q) == 0;
            ob_buf_addf(out, "  %.*s  level %u%s\n", OB_SHOW(q->id), q->level,
                        !q->testable ? "  examine or interview only"
                        : none       ? "  - no procedure"
                                     : "");
            procedure_lines(out, c, q);
        }
    }
    ob_buf_add_str(out, "\n");
    coverage_pillars(out, c);
    ob_buf_add_str(out, "\nTestable, and no procedure tests it:\n");
    size_t open = holes(out, c, true);
    ob_buf_add_str(out, "\nBy examination and interview only:\n");
    size_t others = holes(out, c, false);
    ob_buf_addf(out,
                "\n%zu requirements: %zu tested by %zu procedures, %zu testable without a "
                "procedure,\n%zu not for testing.\n",
                c->requirements_count, c->requirements_count - open - others, c->procedures_count,
                open, others);
}
