/* SPDX-License-Identifier: Apache-2.0 */
#include "input/rules_yaml.h"

#include <ombud/text.h>

#define EXAMPLES_MAX 32

/* Scores of a rule that names none, in percent: with cues it is silent where none stands. */
#define SCORE       90
#define SCORE_ALONE 40

typedef struct reader {
    ob_rules_yaml *rules;
    ob_arena *arena;
    ob_problems *problems;
    const ob_yaml_doc *doc;
    bool patterns;
} reader;

static ob_span cut(ob_span text)
{
    return ob_span_sub(text, 0, 40);
}

static bool need_text(const reader *r, const ob_yaml *map, const char *key, ob_span *out,
                      ob_err *err)
{
    const ob_yaml *at = NULL;
    return ob_yaml_need(r->doc, map, key, &at, err) && ob_yaml_text(r->doc, map, key, out, err);
}

/* A list of texts that are not empty; *items is NULL where the key is absent. */
static bool read_list(const reader *r, const ob_yaml *map, const char *key, size_t most,
                      const ob_span **items, size_t *count, ob_err *err)
{
    const ob_yaml *list = ob_yaml_get(map, key);
    if (list == NULL) {
        return true;
    }
    if (list->kind != OB_YAML_SEQ || list->count == 0 || list->count > most) {
        return ob_yaml_fail(r->doc, list, err,
                            "%s is a list of 1 to %zu texts; write [ONE, ANOTHER]", key, most);
    }
    ob_span *texts = OB_NEW(r->arena, ob_span, list->count, err);
    if (texts == NULL) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        const ob_yaml *item = &list->items[i];
        if (item->kind != OB_YAML_SCALAR || item->text.len == 0) {
            return ob_yaml_fail(r->doc, item, err,
                                "%s holds texts only; write one here, or take it "
                                "out",
                                key);
        }
        texts[i] = item->text;
    }
    *items = texts;
    *count = list->count;
    return true;
}

static const char *const checks[] = {
    [OB_RULE_CHECK_NONE] = "none",         [OB_RULE_CHECK_LUHN] = "luhn",
    [OB_RULE_CHECK_VERHOEFF] = "verhoeff", [OB_RULE_CHECK_MOD11_10] = "mod11-10",
    [OB_RULE_CHECK_MOD11_2] = "mod11-2",   [OB_RULE_CHECK_EAN13] = "ean13",
    [OB_RULE_CHECK_MOD97] = "mod97",
};

static bool read_check(const reader *r, const ob_yaml *map, ob_rule *rule, ob_err *err)
{
    const char *names[OB_COUNT(checks) + OB_KINDS];
    ob_span word = {0};
    if (!ob_yaml_text(r->doc, map, "validator", &word, err) || word.len == 0) {
        return word.len == 0 && ob_yaml_get(map, "validator") == NULL;
    }
    int check = ob_text_index(word, checks, OB_COUNT(checks));
    if (check >= 0) {
        rule->check = (ob_rule_check)check;
        return true;
    }
    rule->check_kind = ob_kind_find(word);
    if (rule->check_kind < OB_KINDS) {
        rule->check = OB_RULE_CHECK_KIND;
        return true;
    }
    memcpy(names, checks, sizeof checks);
    for (size_t i = 0; i < OB_KINDS; i++) {
        names[OB_COUNT(checks) + i] = ob_kind_rows[i].id;
    }
    const char *near = ob_text_nearest(word, names, OB_COUNT(names));
    OB_AUTO(ob_buf) shown = {.max = 1000};
    ob_buf_add_shown(&shown, cut(word), OB_QUOTE_MAX);
    const ob_yaml *at = ob_yaml_get(map, "validator");
    return near != NULL
               ? ob_yaml_fail(r->doc, at, err, "unknown validator '%.*s', did you mean '%s'?",
                              OB_SHOW(ob_buf_span(&shown)), near)
               : ob_yaml_fail(r->doc, at, err,
                              "unknown validator '%.*s'; use none, luhn, verhoeff, mod11-10, "
                              "mod11-2, ean13, mod97, or the id of a shipped kind",
                              OB_SHOW(ob_buf_span(&shown)));
}

/* A number, or {alone: N, cued: N}. */
static bool read_score(const reader *r, const ob_yaml *map, ob_rule *rule, ob_err *err)
{
    static const char *const keys[] = {"alone", "cued"};
    const ob_yaml *at = ob_yaml_get(map, "score");
    bool cues = rule->cue_count > 0;
    uint64_t alone = cues ? SCORE_ALONE : SCORE;
    uint64_t cued = SCORE;
    if (at != NULL && at->kind != OB_YAML_MAP) {
        if (!ob_yaml_u64(r->doc, map, "score", 1, 99, &alone, err)) {
            return false;
        }
        if (cues) {
            return ob_yaml_fail(r->doc, at, err,
                                "beside cues there are two scores; write {alone: "
                                "%llu, cued: N}",
                                (unsigned long long)alone);
        }
        cued = alone;
    } else if (at != NULL) {
        if (!ob_yaml_known(r->doc, at, keys, OB_COUNT(keys), err) ||
            !ob_yaml_u64(r->doc, at, "alone", 1, 99, &alone, err) ||
            !ob_yaml_u64(r->doc, at, "cued", 1, 99, &cued, err)) {
            return false;
        }
        if (!cues) {
            return ob_yaml_fail(r->doc, at, err,
                                "without cues there is one score; write its number, "
                                "or add cues");
        }
    }
    rule->score = (uint8_t)alone;
    rule->score_cued = (uint8_t)cued;
    return true;
}

/* Own kind unless it says another; the class of a shipped kind need not be written. */
static bool read_kind(const reader *r, const ob_yaml *map, ob_rule *rule, ob_err *err)
{
    const char *classes[OB_HIT_EVASION + 1];
    const ob_yaml *at = NULL;
    int class_ = -1;
    for (size_t i = 0; i < OB_COUNT(classes); i++) {
        classes[i] = ob_hit_class_name((ob_hit_class)i);
    }
    rule->kind = rule->id;
    if (!ob_yaml_text(r->doc, map, "kind", &rule->kind, err) ||
        !ob_yaml_choice(r->doc, map, "class", classes, OB_COUNT(classes), &class_, err)) {
        return false;
    }
    ob_kind kind = ob_kind_find(rule->kind);
    if (class_ < 0 && kind == OB_KINDS) {
        return ob_yaml_need(r->doc, map, "class", &at, err);
    }
    rule->class_ = class_ < 0 ? obi_kind_class(kind) : (ob_hit_class)class_;
    return true;
}

static bool check_others(const reader *r, const ob_yaml *map, const ob_rule *rule, ob_err *err)
{
    for (size_t i = 0; i < r->rules->count; i++) {
        const ob_rule *other = &r->rules->rules[i];
        if (ob_span_is(other->id, rule->id)) {
            return ob_yaml_fail(r->doc, ob_yaml_get(map, "id"), err,
                                "the id %.*s stands at %.100s already; change one of them",
                                OB_SHOW(rule->id), r->rules->places[i]);
        }
        if (ob_span_is(other->kind, rule->kind) && other->class_ != rule->class_) {
            return ob_yaml_fail(r->doc, ob_yaml_get(map, "class"), err,
                                "kind %.*s is of class %s at %.100s; a kind has one class",
                                OB_SHOW(rule->kind), ob_hit_class_name(other->class_),
                                r->rules->places[i]);
        }
    }
    return true;
}

/* What follows from the rule as a whole. */
static bool check_rule(const reader *r, const ob_yaml *map, const ob_rule *rule, ob_err *err)
{
    const char *field = NULL;
    ob_err why = {0};
    const ob_span *examples = NULL;
    size_t count = 0;
    size_t wrong = SIZE_MAX;
    if (!ob_rule_check_form(rule, &field, &why)) {
        const ob_yaml *at = ob_yaml_get(map, field);
        return ob_yaml_fail(r->doc, at == NULL ? map : at, err, "%s: %s", field, why.text);
    }
    if (!read_list(r, map, "examples", EXAMPLES_MAX, &examples, &count, err) ||
        !check_others(r, map, rule, err)) {
        return false;
    }
    if (!r->patterns || ob_rule_check_pattern(rule, examples, count, &wrong, &why)) {
        return true;
    }
    if (why.kind != OB_ERR_INPUT) {
        *err = why;
        return false;
    }
    const ob_yaml *at = ob_yaml_get(map, "pattern");
    return ob_yaml_fail(r->doc,
                        wrong != SIZE_MAX ? &ob_yaml_get(map, "examples")->items[wrong]
                        : at != NULL      ? at
                                          : map,
                        err, "%s", why.text);
}

static bool read_rule(reader *r, const ob_yaml *map, ob_err *err)
{
    static const char *const keys[] = {"id",        "title", "class", "kind", "literal", "pattern",
                                       "validator", "cues",  "score", "case", "examples"};
    static const char *const cases[] = {"exact", "any"};
    ob_rule rule = {.pattern = {"", 0}};
    int any_case = 0;
    if (!ob_yaml_known(r->doc, map, keys, OB_COUNT(keys), err) ||
        !need_text(r, map, "id", &rule.id, err) || !need_text(r, map, "title", &rule.title, err) ||
        !read_kind(r, map, &rule, err) || !need_text(r, map, "literal", &rule.literal, err) ||
        !ob_yaml_text(r->doc, map, "pattern", &rule.pattern, err) ||
        !read_check(r, map, &rule, err) ||
        !read_list(r, map, "cues", OB_RULE_CUES_MAX, &rule.cues, &rule.cue_count, err) ||
        !read_score(r, map, &rule, err) ||
        !ob_yaml_choice(r->doc, map, "case", cases, OB_COUNT(cases), &any_case, err)) {
        return false;
    }
    rule.any_case = any_case == 1;
    if (!check_rule(r, map, &rule, err)) {
        return false;
    }
    ob_span place = {0};
    if (!ob_arena_printf(r->arena, &place, err, "%.*s:%u", OB_SHOW(r->doc->name), map->line)) {
        return false;
    }
    r->rules->rules[r->rules->count] = rule;
    r->rules->places[r->rules->count++] = place.ptr;
    return true;
}

static bool read_root(reader *r, ob_err *err)
{
    static const char *const keys[] = {"ombud", "rules"};
    const ob_yaml *root = r->doc->root;
    const ob_yaml *list = NULL;
    uint64_t version = 1;
    if (!ob_yaml_known(r->doc, root, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(r->doc, root, "ombud", &list, err) ||
        !ob_yaml_u64(r->doc, root, "ombud", 1, 1, &version, err) ||
        !ob_yaml_need(r->doc, root, "rules", &list, err)) {
        return ob_problems_take(r->problems, err);
    }
    if (list->kind != OB_YAML_SEQ || list->count == 0) {
        return ob_yaml_fail(r->doc, list, err, "rules is a list of rules; write one") ||
               ob_problems_take(r->problems, err);
    }
    if (list->count > OB_RULES_MAX - r->rules->count) {
        return ob_yaml_fail(r->doc, list, err, "there are more than %d rules in all; take some out",
                            OB_RULES_MAX) ||
               ob_problems_take(r->problems, err);
    }
    for (size_t i = 0; i < list->count; i++) {
        if (!read_rule(r, &list->items[i], err) && !ob_problems_take(r->problems, err)) {
            return false;
        }
    }
    return true;
}

static bool make_room(ob_rules_yaml *rules, ob_arena *arena, ob_err *err)
{
    if (rules->rules == NULL) {
        rules->rules = OB_NEW(arena, ob_rule, OB_RULES_MAX, err);
        rules->places = OB_NEW(arena, const char *, OB_RULES_MAX, err);
    }
    return rules->rules != NULL && rules->places != NULL;
}

bool ob_rules_yaml_parse(ob_rules_yaml *rules, ob_arena *arena, ob_span name, ob_span text,
                         bool patterns, ob_problems *problems, ob_err *err)
{
    ob_yaml_doc doc = {0};
    reader r = {
        .rules = rules, .arena = arena, .problems = problems, .doc = &doc, .patterns = patterns};
    if (!make_room(rules, arena, err)) {
        return false;
    }
    return ob_yaml_parse(&doc, arena, name, text, OB_INPUT_FILE_MAX, err)
               ? read_root(&r, err)
               : ob_problems_take(problems, err);
}

bool ob_rules_yaml_load(ob_rules_yaml *rules, ob_arena *arena, const char *path,
                        ob_problems *problems, ob_err *err)
{
    ob_yaml_doc doc = {0};
    reader r = {
        .rules = rules, .arena = arena, .problems = problems, .doc = &doc, .patterns = true};
    if (!make_room(rules, arena, err)) {
        return false;
    }
    return ob_yaml_load(&doc, arena, path, OB_INPUT_FILE_MAX, err)
               ? read_root(&r, err)
               : ob_problems_take(problems, err);
}
