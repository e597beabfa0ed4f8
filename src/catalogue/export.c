/* SPDX-License-Identifier: Apache-2.0 */
/* The order of the document: threats, requirements, evaluation guidelines, what they refer to. */
#include "catalogue/export.h"

#include <ombud/text.h>

static const char *const chapters[] = {
    "Introduction",          "Threats",    "Security requirements",
    "Evaluation guidelines", "Procedures", "Metrics",
    "Sampling plans",        "Incidents",  "Sources"};

static const char *const components[] = {
    "dialogue front end", "channel/voice", "NLU/LLM", "knowledge base/RAG",
    "tools/back-office",  "session store", "logs",    "human hand-off",
    "platform",           "operations"};

static void chapter(ob_page *page, unsigned number)
{
    OB_AUTO(ob_buf) text = {.max = 256};
    char id[16];
    (void)snprintf(id, sizeof id, "c%u", number);
    ob_buf_addf(&text, "%u  %s", number + 1, obi_say(page, chapters[number]));
    obi_heading(page, 2, ob_span_str(id), ob_buf_span(&text));
}

static void group(ob_page *page, unsigned number, size_t i, ob_span name)
{
    OB_AUTO(ob_buf) text = {.max = 512};
    char id[32];
    (void)snprintf(id, sizeof id, "c%u-%zu", number, i + 1);
    ob_buf_addf(&text, "%u.%zu  %.*s", number + 1, i + 1, OB_SHOW(name));
    obi_heading(page, 3, ob_span_str(id), ob_buf_span(&text));
}

static void contents_line(ob_page *page, unsigned number, size_t i, ob_span name)
{
    bool html = page->style == OB_PAGE_HTML;
    char id[32];
    char shown[32];
    if (i == 0) {
        (void)snprintf(id, sizeof id, "c%u", number);
        (void)snprintf(shown, sizeof shown, "%u", number + 1);
    } else {
        (void)snprintf(id, sizeof id, "c%u-%zu", number, i);
        (void)snprintf(shown, sizeof shown, "%u.%zu", number + 1, i);
    }
    if (html) {
        ob_buf_addf(page->out, "<li><a href=\"#%s\">%s ", id, shown);
        ob_buf_add_html(page->out, name);
        ob_buf_add_str(page->out, "</a></li>\n");
    } else {
        ob_buf_addf(page->out, "%s- [%s %.*s](#%s)\n", i == 0 ? "" : "  ", shown, OB_SHOW(name),
                    id);
    }
}

static void contents(ob_page *page)
{
    const ob_catalogue *c = page->catalogue;
    bool html = page->style == OB_PAGE_HTML;
    obi_heading(page, 2, OB_SPAN("contents"), ob_span_str(obi_say(page, "Contents")));
    ob_buf_add_str(page->out, html ? "<nav><ul>\n" : "");
    for (unsigned n = 0; n < OB_COUNT(chapters); n++) {
        contents_line(page, n, 0, ob_span_str(obi_say(page, chapters[n])));
        bool nested = n >= 1 && n <= 3;
        ob_buf_add_str(page->out, html && nested ? "<li><ul>\n" : "");
        for (size_t i = 0; n == 1 && i < c->pillars_count; i++) {
            contents_line(page, n, i + 1,
                          obi_pick(page, c->pillars[i].title, c->pillars[i].title_zh));
        }
        for (size_t i = 0; n >= 2 && nested && i < OB_COUNT(components); i++) {
            contents_line(page, n, i + 1, ob_span_str(obi_say(page, components[i])));
        }
        ob_buf_add_str(page->out, html && nested ? "</ul></li>\n" : "");
    }
    ob_buf_add_str(page->out, html ? "</ul></nav>\n" : "");
}

static void bracketed(ob_page *page, const char *text)
{
    obi_field_add(page, page->zh ? OB_SPAN("（") : OB_SPAN(" ("));
    obi_field_add(page, ob_span_str(obi_say(page, text)));
    obi_field_add(page, page->zh ? OB_SPAN("）") : OB_SPAN(")"));
}

/* Problem areas or scenarios: those of the draft, then the project's own. */
static void introduce(ob_page *page, const char *label, const ob_word *items, size_t count)
{
    for (int added = 0; added < 2; added++) {
        size_t shown = 0;
        for (size_t i = 0; i < count; i++) {
            if (items[i].added != (added == 1)) {
                continue;
            }
            if (shown++ == 0) {
                obi_field_open(page, obi_say(page, label));
            } else {
                obi_field_add(page, page->zh ? OB_SPAN("、") : OB_SPAN(", "));
            }
            obi_field_add(page, obi_pick(page, items[i].title, items[i].title_zh));
        }
        if (shown > 0) {
            bracketed(page, added == 1 ? "added by this project" : "of the draft Recommendation");
            obi_field_close(page);
        }
    }
}

/* Levels or methods: their short names, and what these mean. */
static void explain(ob_page *page, const char *label, const ob_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        const ob_word *word = &words->items[i];
        bool same = ob_span_is(word->id, word->name);
        obi_field_open_of(page, label, same ? OB_SPAN("") : word->id, word);
        obi_field_add(page, obi_pick(page, word->title, word->title_zh));
        obi_field_close(page);
    }
}

static void how_to_read(ob_page *page)
{
    const ob_catalogue *c = page->catalogue;
    obi_para(page, page->zh
                       ? OB_SPAN("等级逐级累加：某一等级包含其下各等级的要求。通过准则分为基本级、"
                                 "增强级、高级时，按目标等级取值；只有一句时适用于所有等级。")
                       : c->level_rule);
    obi_para(
        page,
        page->zh
            ? OB_SPAN("条文用语：is required to（要求）表示该等级的服务必须满足；is recommended "
                      "to（建议）表示应当满足，不满足时须说明理由；can optionally（可选）表示可"
                      "以增设，不影响其他要求的判定。")
            : OB_SPAN("Keywords: what \"is required to\" states has to be met by a service of "
                      "that level; what \"is recommended to\" states should be met, and a "
                      "reason is given where it is not; what \"can optionally\" states may be "
                      "added and decides nothing else."));
    obi_para(
        page,
        page->zh
            ? OB_SPAN("映射表示该来源论及同一事项，满足其一并不等于满足其二。标注“未核实”的来源"
                      "和事件，编制时未读其原文。尚无中文的条文、说明与程序标题以英文列出。")
            : OB_SPAN("A mapping says that a source treats the same matter; to meet one is not to "
                      "meet the other. The own text of a source or incident marked as unverified "
                      "was not read for this catalogue."));
}

static void introduction(ob_page *page)
{
    const ob_catalogue *c = page->catalogue;
    OB_AUTO(ob_buf) text = {.max = 4096};
    chapter(page, 0);
    ob_buf_addf(
        &text,
        page->zh ? "本文件列出安全威胁 %zu 项、安全要求 %zu 项、评估项 %zu 项，以及可自动执行评估"
                   "的测试程序 %zu 个。每项威胁列明应对它的要求，每项要求列明其评估项。"
                 : "This document lists %zu threats, %zu requirements and %zu evaluations, and "
                   "%zu procedures execute evaluations by themselves. A threat names the "
                   "requirements that counter it, a requirement names its evaluations.",
        c->threats_count, c->requirements_count, c->evaluations_count, c->procedures_count);
    obi_para(page, ob_buf_span(&text));
    introduce(page, "Problem areas", c->pillars, c->pillars_count);
    introduce(page, "Scenarios", c->scenarios.items, c->scenarios.count);
    explain(page, "Level", &c->levels);
    explain(page, "Method", &c->methods);
    if (page->style == OB_PAGE_MARKDOWN) {
        ob_buf_add_str(page->out, "\n");
    }
    how_to_read(page);
}

static void by_component(ob_page *page, unsigned number)
{
    const ob_catalogue *c = page->catalogue;
    for (size_t k = 0; k < OB_COUNT(components); k++) {
        group(page, number, k, ob_span_str(obi_say(page, components[k])));
        for (size_t i = 0; number == 2 && i < c->requirements_count; i++) {
            if (ob_span_is_str(c->requirements[i].component, components[k])) {
                obi_entry_requirement(page, &c->requirements[i], false);
            }
        }
        for (size_t i = 0; number == 3 && i < c->evaluations_count; i++) {
            if (ob_span_is_str(c->evaluations[i].requirement->component, components[k])) {
                obi_entry_evaluation(page, &c->evaluations[i], false);
            }
        }
    }
}

/* What threats, requirements and evaluations refer to. */
static void references(ob_page *page)
{
    const ob_catalogue *c = page->catalogue;
    chapter(page, 4);
    for (size_t i = 0; i < c->procedures_count; i++) {
        obi_entry_procedure(page, &c->procedures[i]);
    }
    chapter(page, 5);
    for (size_t i = 0; i < c->metrics_count; i++) {
        obi_entry_metric(page, &c->metrics[i]);
    }
    chapter(page, 6);
    for (size_t i = 0; i < c->plans_count; i++) {
        obi_entry_plan(page, &c->plans[i]);
    }
    chapter(page, 7);
    for (size_t i = 0; i < c->incidents_count; i++) {
        obi_entry_incident(page, &c->incidents[i]);
    }
    chapter(page, 8);
    for (size_t i = 0; i < c->sources_count; i++) {
        obi_entry_source(page, &c->sources[i]);
    }
}

void ob_catalogue_export(ob_page *page)
{
    const ob_catalogue *c = page->catalogue;
    OB_AUTO(ob_buf) title = {.max = 4096};
    ob_buf_add(&title, obi_pick(page, c->title, c->title_zh));
    ob_buf_add_str(&title, page->zh ? "：安全威胁、安全要求与评估指南"
                                    : ": threats, security requirements, evaluation guidelines");
    obi_page_head(page, ob_buf_span(&title));
    contents(page);
    introduction(page);
    chapter(page, 1);
    for (size_t k = 0; k < c->pillars_count; k++) {
        group(page, 1, k, obi_pick(page, c->pillars[k].title, c->pillars[k].title_zh));
        for (size_t i = 0; i < c->threats_count; i++) {
            if (c->threats[i].pillar == &c->pillars[k]) {
                obi_entry_threat(page, &c->threats[i], false);
            }
        }
    }
    chapter(page, 2);
    by_component(page, 2);
    chapter(page, 3);
    by_component(page, 3);
    references(page);
    obi_page_tail(page);
}

bool ob_catalogue_show(ob_page *page, ob_span id)
{
    const ob_catalogue *c = page->catalogue;
    const ob_threat *t = ob_catalogue_threat(c, id);
    const ob_requirement *q = ob_catalogue_requirement(c, id);
    const ob_evaluation *e = ob_catalogue_evaluation(c, id);
    const ob_procedure *p = ob_catalogue_procedure(c, id);
    const ob_rubric *r = ob_catalogue_rubric(c, id);
    const ob_metric *m = ob_catalogue_metric(c, id);
    const ob_plan *plan = ob_catalogue_plan(c, id);
    const ob_incident *i = ob_catalogue_incident(c, id);
    const ob_source *s = ob_catalogue_source(c, id);
    if (t != NULL) {
        obi_entry_threat(page, t, true);
    } else if (q != NULL) {
        obi_entry_requirement(page, q, true);
    } else if (e != NULL) {
        obi_entry_evaluation(page, e, true);
    } else if (p != NULL) {
        obi_entry_procedure(page, p);
    } else if (r != NULL) {
        obi_entry_rubric(page, r);
    } else if (m != NULL) {
        obi_entry_metric(page, m);
    } else if (plan != NULL) {
        obi_entry_plan(page, plan);
    } else if (i != NULL) {
        obi_entry_incident(page, i);
    } else if (s != NULL) {
        obi_entry_source(page, s);
    } else {
        return false;
    }
    return true;
}
