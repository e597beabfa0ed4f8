/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a profile, one after the other; what an entry refers to was read before it. */
#include "catalogue/reader.h"

#include <ombud/text.h>

#define FILE_MAX_ITEMS 4096

static const char *const file_names[OBI_FILES] = {"profile",      "sources",    "metrics",
                                                  "plans",        "incidents",  "threats",
                                                  "requirements", "evaluations"};

bool obi_open(obi_reader *r, obi_file file, const ob_yaml **items, ob_err *err)
{
    const char *name = file_names[file];
    ob_yaml_doc *doc = &r->docs[file];
    ob_span path = {0};
    uint64_t version = 1;
    const ob_yaml *value = NULL;
    r->doc = doc;
    *items = &obi_empty_list;
    if (!ob_arena_printf(r->arena, &path, err, "%.*s/%s.yaml", OB_SHOW(r->c->folder), name)) {
        return false;
    }
    if (!ob_yaml_load(doc, r->arena, path.ptr, OB_INPUT_FILE_MAX, err)) {
        doc->root = NULL;
        return obi_took(r, err);
    }
    const ob_span parts[] = {{(const char *)r->c->digest.bytes, OB_SHA256_BYTES},
                             {(const char *)doc->digest.bytes, OB_SHA256_BYTES}};
    const char *const keys[] = {"ombud", name};
    if (!ob_sha256(parts, OB_COUNT(parts), &r->c->digest, err)) {
        return false;
    }
    if (doc->root->kind != OB_YAML_MAP) {
        return obi_mistake(r, doc->root, err, "must be a map of keys and values (KEY: VALUE)");
    }
    if ((!ob_yaml_need(doc, doc->root, "ombud", &value, err) ||
         !ob_yaml_u64(doc, doc->root, "ombud", 1, 1, &version, err)) &&
        !obi_took(r, err)) {
        return false;
    }
    if (file == OBI_PROFILE) {
        return true;
    }
    if (!obi_known(r, doc->root, keys, 2, err)) {
        return false;
    }
    if (!ob_yaml_need(doc, doc->root, name, &value, err)) {
        return obi_took(r, err);
    }
    if (value->kind != OB_YAML_SEQ || value->count > FILE_MAX_ITEMS) {
        return obi_mistake(r, value, err, "%s is a list of at most %d items; write '- id: ...'",
                           name, FILE_MAX_ITEMS);
    }
    *items = value;
    return true;
}

/* Profile */

static bool read_word(obi_reader *r, const ob_yaml *node, ob_word *w, ob_err *err)
{
    static const char *const keys[] = {"id", "title", "title_zh", "name", "name_zh", "added"};
    w->at = node;
    return obi_known(r, node, keys, OB_COUNT(keys), err) && obi_text(r, node, "id", &w->id, err) &&
           obi_text(r, node, "title", &w->title, err) &&
           obi_text_maybe(r, node, "title_zh", &w->title_zh, err) &&
           obi_text_maybe(r, node, "name", &w->name, err) &&
           obi_text_maybe(r, node, "name_zh", &w->name_zh, err) &&
           (ob_yaml_bool(r->doc, node, "added", &w->added, err) || obi_took(r, err));
}

static bool read_words(obi_reader *r, const ob_yaml *root, const char *key, ob_words *words,
                       ob_err *err)
{
    const ob_yaml *list = NULL;
    if (!ob_yaml_need(r->doc, root, key, &list, err)) {
        return obi_took(r, err);
    }
    if (list->kind != OB_YAML_SEQ || list->count == 0) {
        return obi_mistake(r, list, err, "%s is a list with at least one item; add '- id: ...'",
                           key);
    }
    ob_word *items = OB_NEW(r->arena, ob_word, list->count, err);
    for (size_t i = 0; items != NULL && i < list->count; i++) {
        const obi_table before = {key, items, sizeof *items, i};
        if (list->items[i].kind != OB_YAML_MAP) {
            items[i].at = &list->items[i];
            if (!obi_mistake(r, &list->items[i], err, "must be a map; write {id: .., title: ..}")) {
                return false;
            }
            continue;
        }
        if (!read_word(r, &list->items[i], &items[i], err)) {
            return false;
        }
        const obi_entry *first = obi_find(&before, items[i].id);
        if (first != NULL &&
            !obi_mistake(r, &list->items[i], err,
                         "%.*s stands in %s a second time, first at line %u; take one out",
                         OB_SHOW(items[i].id), key, first->at->line)) {
            return false;
        }
    }
    *words = (ob_words){items, list->count};
    return items != NULL;
}

bool obi_read_profile(obi_reader *r, ob_err *err)
{
    static const char *const keys[] = {"ombud",     "profile", "title",   "title_zh",  "pillars",
                                       "scenarios", "levels",  "methods", "level_rule"};
    const ob_yaml *ignored = NULL;
    ob_catalogue *c = r->c;
    ob_words pillars = {0};
    ob_span name = {0};
    if (!obi_open(r, OBI_PROFILE, &ignored, err)) {
        return false;
    }
    const ob_yaml *root = r->doc->root;
    if (root == NULL || root->kind != OB_YAML_MAP) {
        return true;
    }
    if (!obi_known(r, root, keys, OB_COUNT(keys), err) ||
        !obi_text(r, root, "profile", &name, err) || !obi_text(r, root, "title", &c->title, err) ||
        !obi_text_maybe(r, root, "title_zh", &c->title_zh, err) ||
        !obi_text_maybe(r, root, "level_rule", &c->level_rule, err) ||
        !read_words(r, root, "pillars", &pillars, err) ||
        !read_words(r, root, "scenarios", &c->scenarios, err) ||
        !read_words(r, root, "levels", &c->levels, err) ||
        !read_words(r, root, "methods", &c->methods, err)) {
        return false;
    }
    c->pillars = pillars.items;
    c->pillars_count = pillars.count;
    if (c->levels.count != 0 && c->levels.count != OB_LEVELS &&
        !obi_mistake(r, ob_yaml_get(root, "levels"), err, "there are %d levels; list all of them",
                     OB_LEVELS)) {
        return false;
    }
    return name.len == 0 || ob_span_is(name, c->profile) ||
           obi_mistake(r, ob_yaml_get(root, "profile"), err,
                       "the profile is '%.*s' and its folder '%.*s'; make them the same",
                       OB_SHOW(ob_span_sub(name, 0, 40)), OB_SHOW(c->profile));
}

/* A reader of one entry, and the loop over the list of a file. */
typedef bool read_entry(obi_reader *r, const ob_yaml *node, const obi_table *before, void *entry,
                        ob_err *err);

static bool read_list(obi_reader *r, obi_file file, obi_table *table, read_entry *one, ob_err *err)
{
    const ob_yaml *list = NULL;
    if (!obi_open(r, file, &list, err)) {
        return false;
    }
    char *items = ob_arena_take(r->arena, list->count, table->size, err);
    table->items = items;
    for (size_t i = 0; items != NULL && i < list->count; i++) {
        void *entry = items + i * table->size;
        const ob_yaml *node = &list->items[i];
        table->count = i;
        ((obi_entry *)entry)->at = node;
        if (node->kind != OB_YAML_MAP ? !obi_mistake(r, node, err,
                                                     "must be a map of keys and "
                                                     "values; write '- id: ...'")
                                      : !one(r, node, table, entry, err)) {
            return false;
        }
    }
    table->count = list->count;
    return items != NULL;
}

static bool read_source(obi_reader *r, const ob_yaml *node, const obi_table *before, void *entry,
                        ob_err *err)
{
    static const char *const keys[] = {"id",  "title",  "body",         "year",
                                       "url", "status", "verification", "verified"};
    ob_source *s = entry;
    uint64_t year = 0;
    return obi_known(r, node, keys, OB_COUNT(keys), err) &&
           obi_id(r, node, "S-*", before, &s->id, err) &&
           obi_text(r, node, "title", &s->title, err) && obi_text(r, node, "body", &s->body, err) &&
           obi_text(r, node, "year", &s->year, err) &&
           (ob_yaml_u64(r->doc, node, "year", 1900, 2100, &year, err) || obi_took(r, err)) &&
           obi_url(r, node, &s->url, err) && obi_text(r, node, "status", &s->status, err) &&
           obi_verified(r, node, &s->verification, &s->verified, err);
}

static bool read_metric(obi_reader *r, const ob_yaml *node, const obi_table *before, void *entry,
                        ob_err *err)
{
    static const char *const keys[] = {"id", "title", "title_zh", "definition", "unit", "better"};
    static const char *const ways[] = {"higher", "lower"};
    ob_metric *m = entry;
    return obi_known(r, node, keys, OB_COUNT(keys), err) &&
           obi_id(r, node, "M-*", before, &m->id, err) &&
           obi_text(r, node, "title", &m->title, err) &&
           obi_text_maybe(r, node, "title_zh", &m->title_zh, err) &&
           obi_text(r, node, "definition", &m->definition, err) &&
           obi_text(r, node, "unit", &m->unit, err) &&
           obi_text(r, node, "better", &m->better, err) &&
           (m->better.len == 0 ||
            obi_word(r, ob_yaml_get(node, "better"), "direction", ways, OB_COUNT(ways), err));
}

static bool read_plan(obi_reader *r, const ob_yaml *node, const obi_table *before, void *entry,
                      ob_err *err)
{
    static const char *const keys[] = {"id", "title", "title_zh", "logic", "table"};
    ob_plan *p = entry;
    if (!obi_known(r, node, keys, OB_COUNT(keys), err) ||
        !obi_id(r, node, "SP-*", before, &p->id, err) ||
        !obi_text(r, node, "title", &p->title, err) ||
        !obi_text_maybe(r, node, "title_zh", &p->title_zh, err) ||
        !obi_text(r, node, "logic", &p->logic, err)) {
        return false;
    }
    const ob_yaml *table = ob_yaml_get(node, "table");
    if (table == NULL) {
        return true;
    }
    if (table->kind != OB_YAML_SEQ) {
        return obi_mistake(r, table, err, "table is a list of maps; write '- p: 0.1'");
    }
    p->table = table;
    for (size_t i = 0; i < table->count; i++) {
        const ob_yaml *row = &table->items[i];
        for (size_t k = 0; row->kind == OB_YAML_MAP && k < row->count; k++) {
            double number = 0;
            ob_err ignored = {0};
            if (!ob_span_to_double(row->items[k].text, &number, &ignored) &&
                !obi_mistake(r, &row->items[k], err, "a table holds numbers only; write one")) {
                return false;
            }
        }
        if (row->kind != OB_YAML_MAP &&
            !obi_mistake(r, row, err, "a row of a table is a map; write '- p: 0.1'")) {
            return false;
        }
    }
    return true;
}

static bool read_incident(obi_reader *r, const ob_yaml *node, const obi_table *before, void *entry,
                          ob_err *err)
{
    static const char *const keys[] = {"id",     "title", "date",         "facts",
                                       "lesson", "url",   "verification", "verified"};
    ob_incident *i = entry;
    return obi_known(r, node, keys, OB_COUNT(keys), err) &&
           obi_id(r, node, "I-*", before, &i->id, err) &&
           obi_text(r, node, "title", &i->title, err) && obi_date_field(r, node, &i->date, err) &&
           obi_text(r, node, "facts", &i->facts, err) &&
           obi_text(r, node, "lesson", &i->lesson, err) && obi_url(r, node, &i->url, err) &&
           obi_verified(r, node, &i->verification, &i->verified, err);
}

bool obi_read_references(obi_reader *r, ob_err *err)
{
    ob_catalogue *c = r->c;
    obi_table sources = obi_table_sources(c);
    obi_table metrics = obi_table_metrics(c);
    obi_table plans = obi_table_plans(c);
    obi_table incidents = obi_table_incidents(c);
    if (!read_list(r, OBI_SOURCES, &sources, read_source, err) ||
        !read_list(r, OBI_METRICS, &metrics, read_metric, err) ||
        !read_list(r, OBI_PLANS, &plans, read_plan, err) ||
        !read_list(r, OBI_INCIDENTS, &incidents, read_incident, err)) {
        return false;
    }
    c->sources = sources.items;
    c->sources_count = sources.count;
    c->metrics = metrics.items;
    c->metrics_count = metrics.count;
    c->plans = plans.items;
    c->plans_count = plans.count;
    c->incidents = incidents.items;
    c->incidents_count = incidents.count;
    return true;
}

/* The ids of words, for messages and comparison. */
static const char **names_of(obi_reader *r, const ob_word *words, size_t count, ob_err *err)
{
    const char **names = OB_NEW(r->arena, const char *, count, err);
    for (size_t i = 0; names != NULL && i < count; i++) {
        ob_span name = {0};
        if (!ob_arena_dup(r->arena, words[i].id, &name, err)) {
            return NULL;
        }
        names[i] = name.ptr;
    }
    return names;
}

static bool in_words(obi_reader *r, const ob_yaml *list, const char *what, const ob_words *words,
                     ob_err *err)
{
    for (size_t i = 0; i < list->count; i++) {
        if (ob_words_find(words, list->items[i].text) != NULL) {
            continue;
        }
        const char **names = names_of(r, words->items, words->count, err);
        if (names == NULL || !obi_word(r, &list->items[i], what, names, words->count, err)) {
            return false;
        }
    }
    return true;
}

/* Threats */

static bool read_pillar(obi_reader *r, const ob_yaml *node, ob_threat *t, ob_err *err)
{
    static const struct {
        char letter;
        const char *pillar;
    } letters[] = {{'D', "data"},
                   {'S', "stability"},
                   {'A', "algorithm"},
                   {'X', "service-abuse"},
                   {'G', "governance"}};

    const ob_catalogue *c = r->c;
    const obi_table pillars = {"pillar", c->pillars, sizeof *c->pillars, c->pillars_count};
    const ob_yaml *at = ob_yaml_get(node, "pillar");
    const void *found = NULL;
    ob_span id = {0};
    if (!obi_text(r, node, "pillar", &id, err)) {
        return false;
    }
    if (id.len == 0) {
        return true;
    }
    if (!obi_resolve(r, &pillars, at, &found, err)) {
        return false;
    }
    t->pillar = found;
    for (size_t i = 0; t->id.len > 2 && i < OB_COUNT(letters); i++) {
        if (letters[i].letter == t->id.ptr[2]) {
            return found == NULL || ob_span_is_str(id, letters[i].pillar) ||
                   obi_mistake(r, at, err,
                               "the %c of %.*s means pillar %s, not %.*s; change one of them",
                               letters[i].letter, OB_SHOW(t->id), letters[i].pillar, OB_SHOW(id));
        }
    }
    return t->id.len <= 2 ||
           obi_mistake(r, ob_yaml_get(node, "id"), err,
                       "the letter behind T- is one of D, S, A, X, G; change the id");
}

static bool read_threat(obi_reader *r, const ob_yaml *node, const obi_table *before, void *entry,
                        ob_err *err)
{
    static const char *const keys[] = {"id",          "title",  "title_zh",    "pillar",
                                       "asset",       "actor",  "description", "description_zh",
                                       "scenarios",   "stride", "mappings",    "incidents",
                                       "countered_by"};
    static const char *const strides[] = {"Spoofing",          "Tampering",
                                          "Repudiation",       "Information disclosure",
                                          "Denial of service", "Elevation of privilege"};
    const obi_table incidents = obi_table_incidents(r->c);
    ob_threat *t = entry;
    if (!obi_known(r, node, keys, OB_COUNT(keys), err) ||
        !obi_id(r, node, "T-A99", before, &t->id, err) ||
        !obi_text(r, node, "title", &t->title, err) ||
        !obi_text_maybe(r, node, "title_zh", &t->title_zh, err) || !read_pillar(r, node, t, err) ||
        !obi_text(r, node, "asset", &t->asset, err) ||
        !obi_text(r, node, "actor", &t->actor, err) ||
        !obi_text(r, node, "description", &t->description, err) ||
        !obi_text_maybe(r, node, "description_zh", &t->description_zh, err) ||
        !obi_list(r, node, "scenarios", true, &t->scenarios, err) ||
        !in_words(r, t->scenarios, "scenario", &r->c->scenarios, err) ||
        !obi_list(r, node, "stride", true, &t->stride, err) ||
        !obi_words(r, t->stride, "STRIDE class", strides, OB_COUNT(strides), err) ||
        !obi_mappings(r, node, &t->mappings, err) ||
        !obi_list(r, node, "incidents", false, &t->incidents, err) ||
        !obi_list(r, node, "countered_by", true, &t->countered_by, err)) {
        return false;
    }
    for (size_t i = 0; i < t->incidents->count; i++) {
        const void *found = NULL;
        if (!obi_resolve(r, &incidents, &t->incidents->items[i], &found, err)) {
            return false;
        }
    }
    return true;
}

bool obi_read_threats(obi_reader *r, ob_err *err)
{
    obi_table table = obi_table_threats(r->c);
    bool good = read_list(r, OBI_THREATS, &table, read_threat, err);
    r->c->threats = table.items;
    r->c->threats_count = good ? table.count : 0;
    return good;
}

/* Requirements */

static bool read_component(obi_reader *r, const ob_yaml *node, ob_requirement *q, ob_err *err)
{
    static const struct {
        const char letters[3];
        const char *component;
    } components[] = {{"FE", "dialogue front end"},
                      {"VO", "channel/voice"},
                      {"ML", "NLU/LLM"},
                      {"KB", "knowledge base/RAG"},
                      {"TL", "tools/back-office"},
                      {"SS", "session store"},
                      {"LG", "logs"},
                      {"HH", "human hand-off"},
                      {"PF", "platform"},
                      {"OP", "operations"}};

    const ob_yaml *at = ob_yaml_get(node, "component");
    if (!obi_text(r, node, "component", &q->component, err) || q->component.len == 0 ||
        q->id.len < 4) {
        return q->component.len > 0 || r->problems != NULL;
    }
    ob_span letters = ob_span_sub(q->id, 2, 4);
    const char *names[OB_COUNT(components)];
    for (size_t i = 0; i < OB_COUNT(components); i++) {
        names[i] = components[i].component;
        if (ob_span_is_str(letters, components[i].letters)) {
            return ob_span_is_str(q->component, components[i].component) ||
                   obi_mistake(r, at, err,
                               "the %.*s of %.*s means component '%s'; change one of them",
                               OB_SHOW(letters), OB_SHOW(q->id), components[i].component);
        }
    }
    return obi_mistake(r, ob_yaml_get(node, "id"), err,
                       "%.*s is no component; use FE, VO, ML, KB, TL, SS, LG, HH, PF or OP",
                       OB_SHOW(letters)) &&
           obi_word(r, at, "component", names, OB_COUNT(names), err);
}

static bool read_keyword(obi_reader *r, const ob_yaml *node, ob_requirement *q, ob_err *err)
{
    static const char *const keywords[] = {"required", "recommended", "optional"};
    static const char *const phrases[] = {"is required to", "is recommended to", "can optionally"};
    if (!obi_text(r, node, "statement", &q->statement, err) ||
        !obi_text_maybe(r, node, "statement_zh", &q->statement_zh, err) ||
        !obi_text(r, node, "keyword", &q->keyword, err)) {
        return false;
    }
    if (q->keyword.len == 0) {
        return true;
    }
    int at = ob_text_index(q->keyword, keywords, OB_COUNT(keywords));
    if (at < 0) {
        return obi_word(r, ob_yaml_get(node, "keyword"), "keyword", keywords, OB_COUNT(keywords),
                        err);
    }
    return q->statement.len == 0 ||
           ob_span_find(q->statement, ob_span_str(phrases[at]), 0) != SIZE_MAX ||
           obi_mistake(r, ob_yaml_get(node, "statement"), err,
                       "the keyword is '%s' and the statement does not say '%s'; change one of "
                       "them",
                       keywords[at], phrases[at]);
}

static bool read_counters(obi_reader *r, const ob_yaml *node, ob_requirement *q, ob_err *err)
{
    const obi_table threats = obi_table_threats(r->c);
    if (!obi_list(r, node, "threats", true, &q->threat_ids, err)) {
        return false;
    }
    const ob_threat **list = OB_NEW(r->arena, const ob_threat *, q->threat_ids->count, err);
    for (size_t i = 0; list != NULL && i < q->threat_ids->count; i++) {
        const void *found = NULL;
        if (!obi_resolve(r, &threats, &q->threat_ids->items[i], &found, err)) {
            return false;
        }
        if (found != NULL) {
            list[q->threats_count++] = found;
        }
    }
    q->threats = list;
    return list != NULL;
}

static bool read_requirement(obi_reader *r, const ob_yaml *node, const obi_table *before,
                             void *entry, ob_err *err)
{
    static const char *const keys[] = {"id",        "title",   "title_zh",  "level",
                                       "component", "keyword", "statement", "statement_zh",
                                       "threats",   "methods", "mappings",  "evaluations"};
    ob_requirement *q = entry;
    const ob_yaml *value = NULL;
    uint64_t level = 1;
    if (!obi_known(r, node, keys, OB_COUNT(keys), err) ||
        !obi_id(r, node, "R-AA-99", before, &q->id, err) ||
        !obi_text(r, node, "title", &q->title, err) ||
        !obi_text_maybe(r, node, "title_zh", &q->title_zh, err) ||
        ((!ob_yaml_need(r->doc, node, "level", &value, err) ||
          !ob_yaml_u64(r->doc, node, "level", 1, OB_LEVELS, &level, err)) &&
         !obi_took(r, err)) ||
        !read_component(r, node, q, err) || !read_keyword(r, node, q, err) ||
        !read_counters(r, node, q, err) || !obi_list(r, node, "methods", true, &q->methods, err) ||
        !in_words(r, q->methods, "method", &r->c->methods, err) ||
        !obi_mappings(r, node, &q->mappings, err) ||
        !obi_list(r, node, "evaluations", false, &q->evaluations, err)) {
        return false;
    }
    q->level = (unsigned)level;
    q->testable = ob_yaml_holds(q->methods, OB_SPAN("test"));
    return !q->testable || q->evaluations->count > 0 ||
           obi_mistake(r, node, err,
                       "a requirement with method test needs an evaluation; add it to evaluations");
}

bool obi_read_requirements(obi_reader *r, ob_err *err)
{
    obi_table table = obi_table_requirements(r->c);
    bool good = read_list(r, OBI_REQUIREMENTS, &table, read_requirement, err);
    r->c->requirements = table.items;
    r->c->requirements_count = good ? table.count : 0;
    return good;
}
