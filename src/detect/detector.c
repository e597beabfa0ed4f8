/* SPDX-License-Identifier: Apache-2.0 */
/* The detector: the kinds, shipped ones and an operator's, and the rules. */
#include "detect/injections.h"
#include "detect/model.h"
#include "detect/rules.h"
#include "detect/secrets.h"

#include <hs/hs.h>

const char *ob_hit_class_name(ob_hit_class class_)
{
    static const char *const names[] = {
        [OB_HIT_PII] = "pii",   [OB_HIT_SECRET] = "secret", [OB_HIT_INJECTION] = "injection",
        [OB_HIT_LEAK] = "leak", [OB_HIT_MARKUP] = "markup", [OB_HIT_EVASION] = "evasion",
    };
    return (size_t)class_ < OB_COUNT(names) ? names[class_] : "";
}

const char *ob_hit_technique_name(unsigned index)
{
    static const char *const names[] = {
#define OB_TECHNIQUE(name, id) [OBI_BY_##name] = (id),
#include "detect/techniques.def"
#undef OB_TECHNIQUE
    };
    return index < OB_COUNT(names) ? names[index] : NULL;
}

static const ob_hit_kind shipped[OB_KINDS] = {
#define OB_KIND(constant, id_, kind_class, title_, region_, ...) \
    {.id = (id_), .title = (title_), .region = (region_), .class_ = OB_HIT_##kind_class},
#include "detect/kinds.def"
#undef OB_KIND
};

ob_hit_class obi_kind_class(ob_kind kind)
{
    return shipped[kind].class_;
}

static bool take_kinds(ob_detector *d, ob_err *err)
{
    d->kinds = OB_NEW(&d->arena, ob_hit_kind, OB_KINDS + d->own_count, err);
    if (d->kinds == NULL) {
        return false;
    }
    memcpy(d->kinds, shipped, sizeof shipped);
    d->kind_count = OB_KINDS;
    for (size_t i = 0; i < OB_KINDS; i++) {
        d->kinds[i].passage =
            d->kinds[i].class_ == OB_HIT_INJECTION || strcmp(d->kinds[i].id, "prompt-leak") == 0;
    }
    return true;
}

/* The kind of an own rule, which may be new. */
static bool take_kind(ob_detector *d, const ob_rule *rule, uint16_t *kind, ob_err *err)
{
    size_t known = ob_detector_kind_find(d, rule->kind);
    if (known == SIZE_MAX) {
        known = d->kind_count++;
        d->kinds[known] = (ob_hit_kind){
            .id = rule->kind.ptr, .title = rule->title.ptr, .region = "", .class_ = rule->class_};
    } else if (d->kinds[known].class_ != rule->class_) {
        return ob_fail(err, OB_ERR_INPUT,
                       "rule %.*s: kind %s is of class %s and not %s; correct the class, or name "
                       "another kind",
                       OB_SHOW(rule->id), d->kinds[known].id,
                       ob_hit_class_name(d->kinds[known].class_), ob_hit_class_name(rule->class_));
    }
    *kind = (uint16_t)known;
    return true;
}

/* Whether the lexer may let go of a literal's beginning before the rest of it is there: it holds a
 * word up to the next character, and no more. */
static bool is_odd(ob_span head)
{
    for (size_t i = 0; i + 1 < head.len; i++) {
        if ((unsigned char)head.ptr[i] >= 0x80 || (unsigned char)head.ptr[i] <= ' ' ||
            strchr("\"(),;<>[]{}|`", head.ptr[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* By what they begin with, so that few are compared at each feed. */
static bool take_odd(ob_detector *d, ob_err *err)
{
    size_t next[256] = {0};
    size_t count = 0;
    for (size_t i = OBI_SECRETS; i < d->rule_count; i++) {
        ob_span head = d->rules[i].head;
        if (is_odd(head)) {
            obi_odd *row = &d->odd[obi_odd_row(head.ptr[0])];
            row->count++;
            row->longest = head.len > row->longest ? head.len : row->longest;
            d->odd_longest = head.len > d->odd_longest ? head.len : d->odd_longest;
        }
    }
    for (size_t i = 0; i < OB_COUNT(d->odd); i++) {
        next[i] = d->odd[i].first = count;
        count += d->odd[i].count;
    }
    d->odd_rules = OB_NEW(&d->arena, uint32_t, count, err);
    if (d->odd_rules == NULL) {
        return false;
    }
    for (size_t i = OBI_SECRETS; i < d->rule_count; i++) {
        if (is_odd(d->rules[i].head)) {
            d->odd_rules[next[obi_odd_row(d->rules[i].head.ptr[0])]++] = (uint32_t)i;
        }
    }
    return true;
}

/* Kinds and rules, when the own rules are there. */
bool obi_detector_tables(ob_detector *d, ob_err *err)
{
    size_t first = obi_rules_shipped();
    d->rules = OB_NEW(&d->arena, obi_rule, first + d->own_count, err);
    if (d->rules == NULL || !take_kinds(d, err)) {
        return false;
    }
    obi_rules_ship(d->rules);
    for (size_t i = 0; i < d->own_count; i++) {
        const obi_own_rule *own = &d->own[i];
        uint16_t kind = 0;
        if (!take_kind(d, &own->text, &kind, err)) {
            return false;
        }
        d->rules[first + i] = (obi_rule){
            .name = own->text.id.ptr,
            .head = ob_span_sub(own->text.literal, 0, own->text.literal.len - own->rest.len),
            .kind = kind,
            .any_case = own->text.any_case,
            .own = own};
    }
    d->rule_count = first + d->own_count;
    return take_odd(d, err);
}

bool obi_detector_scratch(ob_detector *d, ob_err *err)
{
    hs_error_t code = hs_alloc_scratch(d->heads, &d->scratch);
    for (size_t i = 0; code == HS_SUCCESS && i < d->own_count; i++) {
        if (d->own[i].pattern != NULL) {
            code = hs_alloc_scratch(d->own[i].pattern, &d->scratch);
        }
    }
    return code == HS_SUCCESS || obi_hs_fail(code, "the scratch of the rules", err);
}

static bool fill(ob_detector *d, ob_span compiled, bool *stale, ob_err *err)
{
    return compiled.len == 0 ? obi_detector_fill(d, NULL, 0, err)
                             : obi_rules_read(d, compiled, stale, err);
}

bool ob_detector_new(ob_detector **detector, ob_span compiled, bool *stale, ob_err *err)
{
    bool old = false;
    if (!obi_rules_machine(err)) {
        return false;
    }
    ob_detector *d = ob_mem_new(sizeof *d);
    if (d == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for the detector");
    }
    *d = (ob_detector){0};
    if (!obi_injections_new(&d->injections, err) || !fill(d, compiled, &old, err)) {
        ob_detector_free(d);
        return false;
    }
    if (stale != NULL) {
        *stale = old;
    }
    *detector = d;
    return true;
}

bool ob_detector_model(ob_detector *detector, ob_span bytes, ob_err *err)
{
    obi_model *model = NULL;
    if (!obi_model_read(&model, &detector->arena, bytes, err)) {
        return false;
    }
    obi_injections_model(detector->injections, model);
    return true;
}

void ob_detector_free(ob_detector *detector)
{
    if (detector == NULL) {
        return;
    }
    (void)hs_free_scratch(detector->scratch);
    (void)hs_free_database(detector->heads);
    for (size_t i = 0; i < detector->own_count; i++) {
        (void)hs_free_database(detector->own[i].pattern);
    }
    obi_injections_free(detector->injections);
    ob_arena_fini(&detector->arena);
    ob_mem_free(detector);
}

size_t ob_detector_kinds(const ob_detector *detector)
{
    return detector->kind_count;
}

const ob_hit_kind *ob_detector_kind(const ob_detector *detector, size_t index)
{
    return OB_NEVER(index >= detector->kind_count) ? NULL : &detector->kinds[index];
}

size_t ob_detector_kind_find(const ob_detector *detector, ob_span id)
{
    ob_kind known = ob_kind_find(id);
    if (known < OB_KINDS) {
        return known;
    }
    for (size_t i = OB_KINDS; i < detector->kind_count; i++) {
        if (ob_span_is_str(id, detector->kinds[i].id)) {
            return i;
        }
    }
    return SIZE_MAX;
}
