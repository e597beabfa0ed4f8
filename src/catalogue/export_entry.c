/* SPDX-License-Identifier: Apache-2.0 */
/* One entry of each kind, with its links. */
#include "catalogue/export.h"

#include <ombud/stats.h>
#include <ombud/text.h>

static void comma(ob_page *page, size_t i)
{
    if (i > 0) {
        obi_field_add(page, page->zh ? OB_SPAN("、") : OB_SPAN(", "));
    }
}

static void add_str(ob_page *page, const char *text)
{
    obi_field_add(page, ob_span_str(text));
}

/* The label of a text in the data, such as a component. */
static ob_span said(const ob_page *page, ob_span text)
{
    char word[64];
    (void)snprintf(word, sizeof word, "%.*s", OB_SHOW(text));
    const char *label = obi_say(page, word);
    return label == word ? text : ob_span_str(label);
}

void obi_field_word(ob_page *page, const ob_word *word)
{
    obi_field_add(page, word->name.len > 0 ? obi_pick(page, word->name, word->name_zh)
                                           : obi_pick(page, word->title, word->title_zh));
    if (word->added) {
        add_str(page, page->zh ? "（" : " (");
        add_str(page, obi_say(page, "added by this project"));
        add_str(page, page->zh ? "）" : ")");
    }
}

static void title(ob_page *page, ob_span id, ob_span text)
{
    OB_AUTO(ob_buf) line = {.max = 4096};
    ob_buf_addf(&line, "%.*s  %.*s", OB_SHOW(id), OB_SHOW(text));
    obi_heading(page, 4, id, ob_buf_span(&line));
}

static void links(ob_page *page, const char *label, const ob_yaml *ids)
{
    if (ids->count == 0) {
        return;
    }
    obi_field_open(page, obi_say(page, label));
    for (size_t i = 0; i < ids->count; i++) {
        comma(page, i);
        obi_field_link(page, ids->items[i].text);
    }
    obi_field_close(page);
}

static void words(ob_page *page, const char *label, const ob_yaml *list, const ob_words *among)
{
    obi_field_open(page, obi_say(page, label));
    for (size_t i = 0; i < list->count; i++) {
        const ob_word *word = ob_words_find(among, list->items[i].text);
        comma(page, i);
        if (word != NULL) {
            obi_field_word(page, word);
        }
    }
    obi_field_close(page);
}

/* Families of mappings as people know them, and the source of which the ids are, if it is one. */
static const struct {
    const char *family;
    const char *name;
    const char *source;
} families[] = {
    {"aiuc_1", "AIUC-1", "S-AIUC"},
    {"anssi", "ANSSI", "S-ANSSI"},
    {"atlas", "MITRE ATLAS", "S-ATLAS"},
    {"atlas_mitigation", "MITRE ATLAS mitigations", "S-ATLAS"},
    {"cn", "Chinese documents", ""},
    {"etsi_en_304_223", "ETSI EN 304 223", "S-ETSI-EN304223"},
    {"eu_ai_act", "EU AI Act, articles", "S-EU-AIACT"},
    {"gdpr", "GDPR, articles", "S-EU-GDPR"},
    {"iso_42001", "ISO/IEC 42001", "S-ISO-42001"},
    {"itu_t", "ITU-T", ""},
    {"nist_ai_100_2", "NIST AI 100-2", "S-NIST-AI100-2"},
    {"nist_ai_600_1", "NIST AI 600-1", "S-NIST-AI600"},
    {"nist_ai_rmf", "NIST AI RMF", "S-NIST-RMF"},
    {"nist_sp_800_53", "NIST SP 800-53", "S-NIST-53"},
    {"owasp_asi", "OWASP agentic top 10", "S-OWASP-ASI"},
    {"owasp_llm", "OWASP LLM top 10", "S-OWASP-LLM"},
    {"pci_dss", "PCI DSS", "S-PCI"},
    {"sg_starter_kit", "Singapore starter kit", "S-SG-STARTER"},
};

static void family(ob_page *page, ob_span word)
{
    for (size_t i = 0; i < OB_COUNT(families); i++) {
        if (!ob_span_is_str(word, families[i].family)) {
            continue;
        }
        const ob_source *source =
            ob_catalogue_source(page->catalogue, ob_span_str(families[i].source));
        add_str(page, obi_say(page, families[i].name));
        if (source != NULL && !source->verified) {
            add_str(page, page->zh ? "（" : " (");
            add_str(page, obi_say(page, "unverified"));
            add_str(page, page->zh ? "）" : ")");
        }
        return;
    }
    obi_field_add(page, word);
}

static void mappings(ob_page *page, const ob_yaml *map)
{
    if (map == NULL || map->count == 0) {
        return;
    }
    obi_field_open(page, obi_say(page, "Mappings"));
    for (size_t i = 0; i < map->count; i++) {
        add_str(page, i == 0 ? "" : page->zh ? "；" : "; ");
        family(page, map->keys[i].text);
        for (size_t k = 0; k < map->items[i].count; k++) {
            add_str(page, k > 0 ? ", " : page->zh ? "：" : ": ");
            obi_field_add(page, map->items[i].items[k].text);
        }
    }
    obi_field_close(page);
}

static const ob_requirement *requirement_of(const ob_page *page, const ob_procedure *p)
{
    return ob_catalogue_evaluation(page->catalogue, p->evaluation)->requirement;
}

/* The procedures that test something: of a threat, a requirement or an evaluation. */
static void procedures(ob_page *page, ob_span threat, const ob_requirement *q, ob_span evaluation)
{
    size_t shown = 0;
    obi_field_open(page, obi_say(page, "Procedures"));
    for (size_t i = 0; i < page->catalogue->procedures_count; i++) {
        const ob_procedure *p = &page->catalogue->procedures[i];
        const ob_requirement *own = requirement_of(page, p);
        if ((threat.len > 0 && !ob_yaml_holds(own->threat_ids, threat)) ||
            (q != NULL && own != q) ||
            (evaluation.len > 0 && !ob_span_is(p->evaluation, evaluation))) {
            continue;
        }
        comma(page, shown++);
        obi_field_link(page, p->id);
    }
    add_str(page, shown == 0 ? obi_say(page, "none") : "");
    obi_field_close(page);
}

void obi_entry_threat(ob_page *page, const ob_threat *t, bool whole)
{
    title(page, t->id, obi_pick(page, t->title, t->title_zh));
    obi_para(page, obi_pick(page, t->description, t->description_zh));
    obi_field_open(page, obi_say(page, "Problem area"));
    obi_field_word(page, t->pillar);
    obi_field_close(page);
    words(page, "Scenarios", t->scenarios, &page->catalogue->scenarios);
    obi_field(page, "Asset", t->asset);
    obi_field(page, "Actor", t->actor);
    obi_field_open(page, obi_say(page, "STRIDE"));
    for (size_t i = 0; i < t->stride->count; i++) {
        comma(page, i);
        obi_field_add(page, said(page, t->stride->items[i].text));
    }
    obi_field_close(page);
    mappings(page, t->mappings);
    links(page, "Incidents", t->incidents);
    if (!whole) {
        links(page, "Countered by", t->countered_by);
        return;
    }
    for (size_t i = 0; i < t->countered_by->count; i++) {
        const ob_requirement *q =
            ob_catalogue_requirement(page->catalogue, t->countered_by->items[i].text);
        obi_field_open(page, obi_say(page, "Countered by"));
        obi_field_link(page, q->id);
        add_str(page, " ");
        obi_field_add(page, obi_pick(page, q->title, q->title_zh));
        obi_field_close(page);
    }
    procedures(page, t->id, NULL, (ob_span){0});
}

static void level(ob_page *page, unsigned number)
{
    const ob_word *word = &page->catalogue->levels.items[number - 1];
    char digit[8];
    (void)snprintf(digit, sizeof digit, "%u ", number);
    add_str(page, digit);
    obi_field_add(page, obi_pick(page, word->name, word->name_zh));
}

/* The problem areas and scenarios of a requirement: those of its threats. */
static void areas(ob_page *page, const ob_requirement *q)
{
    const ob_catalogue *c = page->catalogue;
    size_t shown = 0;
    obi_field_open(page, obi_say(page, "Problem areas"));
    for (size_t i = 0; i < c->pillars_count; i++) {
        bool has = false;
        for (size_t k = 0; k < q->threats_count; k++) {
            has = has || q->threats[k]->pillar == &c->pillars[i];
        }
        if (has) {
            comma(page, shown++);
            obi_field_word(page, &c->pillars[i]);
        }
    }
    obi_field_close(page);
    shown = 0;
    obi_field_open(page, obi_say(page, "Scenarios"));
    for (size_t i = 0; i < c->scenarios.count; i++) {
        bool has = false;
        for (size_t k = 0; k < q->threats_count; k++) {
            has = has || ob_yaml_holds(q->threats[k]->scenarios, c->scenarios.items[i].id);
        }
        if (has) {
            comma(page, shown++);
            obi_field_word(page, &c->scenarios.items[i]);
        }
    }
    obi_field_close(page);
}

void obi_entry_requirement(ob_page *page, const ob_requirement *q, bool whole)
{
    title(page, q->id, obi_pick(page, q->title, q->title_zh));
    obi_para(page, obi_pick(page, q->statement, q->statement_zh));
    obi_field_open(page, obi_say(page, "Level"));
    level(page, q->level);
    obi_field_close(page);
    obi_field(page, "Component", said(page, q->component));
    obi_field(page, "Keyword", said(page, q->keyword));
    areas(page, q);
    links(page, "Threats", q->threat_ids);
    words(page, "Methods", q->methods, &page->catalogue->methods);
    mappings(page, q->mappings);
    links(page, "Evaluations", q->evaluations);
    if (whole) {
        procedures(page, (ob_span){0}, q, (ob_span){0});
    }
}

/* "fault and load": each word has its label. */
static void modes(ob_page *page, ob_span mode)
{
    ob_span rest = mode;
    obi_field_open(page, obi_say(page, "Mode"));
    for (bool more = true; more;) {
        size_t at = ob_span_find(rest, OB_SPAN(" and "), 0);
        more = at != SIZE_MAX;
        obi_field_add(page, said(page, ob_span_sub(rest, 0, more ? at : rest.len)));
        if (more) {
            add_str(page, page->zh ? "、" : ", ");
            rest = ob_span_sub(rest, at + 5, rest.len);
        }
    }
    obi_field_close(page);
}

static void fixed_plan(ob_page *page, const ob_evaluation *e)
{
    const ob_plan *plan = ob_catalogue_plan(page->catalogue, e->plan);
    obi_field_open(page, obi_say(page, "A fixed plan would have used"));
    obi_field_add(page, e->plan_size);
    add_str(page, page->zh ? "（" : " (");
    obi_field_link(page, e->plan);
    add_str(page, " ");
    obi_field_add(page, obi_pick(page, plan->title, plan->title_zh));
    add_str(page, page->zh ? "）" : ")");
    obi_field_close(page);
}

void obi_entry_evaluation(ob_page *page, const ob_evaluation *e, bool whole)
{
    const ob_requirement *q = e->requirement;
    title(page, e->id, obi_pick(page, q->title, q->title_zh));
    obi_field_open(page, obi_say(page, "Requirement"));
    obi_field_link(page, q->id);
    obi_field_close(page);
    obi_field_open(page, obi_say(page, "Level"));
    level(page, q->level);
    obi_field_close(page);
    areas(page, q);
    modes(page, e->mode);
    obi_field(page, "Stimulus", obi_pick(page, e->stimulus, e->stimulus_zh));
    obi_field(page, "Observation", obi_pick(page, e->observation, e->observation_zh));
    for (unsigned i = 0; i < (e->pass_by_level ? OB_LEVELS : 1); i++) {
        const ob_word *word = &page->catalogue->levels.items[i];
        if (e->pass_by_level) {
            obi_field_open_of(page, "Pass", word->id, word);
        } else {
            obi_field_open(page, obi_say(page, "Pass"));
        }
        obi_field_add(page, ob_span_is_str(e->pass[i], "not applicable")
                                ? ob_span_str(obi_say(page, "not applicable"))
                                : e->pass[i]);
        obi_field_close(page);
    }
    links(page, "Metrics", e->metrics);
    fixed_plan(page, e);
    procedures(page, (ob_span){0}, NULL, e->id);
    if (whole) {
        links(page, "Threats", q->threat_ids);
    }
}

static uint64_t trials_to_pass(const ob_procedure *p, unsigned i)
{
    ob_eproc e = {0};
    ob_err ignored = {0};
    return ob_eproc_init(&e, p->limit[i], &ignored) ? ob_eproc_needs(&e, p->alpha, 1000000) : 0;
}

void obi_entry_procedure(ob_page *page, const ob_procedure *p)
{
    static const char *const severities[] = {"low", "medium", "high", "critical"};
    static const char *const severities_zh[] = {"低", "中", "高", "严重"};
    const ob_evaluation *e = ob_catalogue_evaluation(page->catalogue, p->evaluation);
    title(page, p->id, p->title);
    obi_field_open(page, obi_say(page, "Evaluation"));
    obi_field_link(page, e->id);
    obi_field_close(page);
    obi_field_open(page, obi_say(page, "Requirement"));
    obi_field_link(page, e->requirement->id);
    add_str(page, " ");
    obi_field_add(page, obi_pick(page, e->requirement->title, e->requirement->title_zh));
    obi_field_close(page);
    areas(page, e->requirement);
    links(page, "Threats", e->requirement->threat_ids);
    obi_field(page, "Severity", ob_span_str((page->zh ? severities_zh : severities)[p->severity]));
    obi_field(page, "Judge, by rubric", p->rubric);
    for (unsigned i = 0; i < OB_LEVELS; i++) {
        char text[120];
        (void)snprintf(text, sizeof text,
                       page->zh
                           ? "命中率低于 %.4g %%；连续 %llu 次试验无命中即判定通过"
                           : "hits in fewer than %.4g %% of trials; PASS after %llu without a hit",
                       p->limit[i] * 100, (unsigned long long)trials_to_pass(p, i));
        obi_field_open_of(page, "Limit", page->catalogue->levels.items[i].id,
                          &page->catalogue->levels.items[i]);
        add_str(page, text);
        obi_field_close(page);
    }
    fixed_plan(page, e);
}

void obi_entry_rubric(ob_page *page, const ob_rubric *q)
{
    size_t hits = 0;
    char text[80];
    for (size_t i = 0; i < q->items_count; i++) {
        hits += q->items[i].hit;
    }
    title(page, q->id, q->title);
    obi_para(page, q->question);
    obi_field(page, "Hit", q->hit);
    obi_field(page, "Clean", q->clean);
    (void)snprintf(text, sizeof text,
                   page->zh ? "命中 %zu 条，未命中 %zu 条" : "%zu hits, %zu others", hits,
                   q->items_count - hits);
    obi_field(page, "Labelled replies", ob_span_str(text));
}

void obi_entry_metric(ob_page *page, const ob_metric *m)
{
    title(page, m->id, obi_pick(page, m->title, m->title_zh));
    obi_para(page, m->definition);
    obi_field(page, "Unit", said(page, m->unit));
    obi_field(page, "Better", said(page, m->better));
}

void obi_entry_plan(ob_page *page, const ob_plan *p)
{
    title(page, p->id, obi_pick(page, p->title, p->title_zh));
    obi_para(page, p->logic);
    if (p->table != NULL) {
        obi_table(page, p->table);
    }
}

static void verification(ob_page *page, ob_span text, bool verified)
{
    obi_field_open(page, obi_say(page, "Verification"));
    if (!verified) {
        add_str(page, obi_say(page, "unverified"));
        add_str(page, page->zh ? "，" : ", ");
    }
    obi_field_add(page, said(page, text));
    obi_field_close(page);
}

void obi_entry_incident(ob_page *page, const ob_incident *i)
{
    title(page, i->id, i->title);
    obi_para(page, i->facts);
    obi_field(page, "Date", i->date);
    obi_field(page, "Lesson", i->lesson);
    obi_field(page, "Web address", i->url);
    verification(page, i->verification, i->verified);
}

void obi_entry_source(ob_page *page, const ob_source *s)
{
    title(page, s->id, s->title);
    obi_field(page, "Body", s->body);
    obi_field(page, "Year", s->year);
    obi_field(page, "Status", s->status);
    obi_field(page, "Web address", s->url);
    verification(page, s->verification, s->verified);
}
