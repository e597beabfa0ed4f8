/* SPDX-License-Identifier: Apache-2.0 */
#include "catalogue/reader.h"

#include <ombud/text.h>
#include <stdarg.h>

const ob_yaml obi_empty_list = {.kind = OB_YAML_SEQ};

#define LIST_MAX 4096

static const obi_entry *entry_at(const obi_table *table, size_t i)
{
    return (const obi_entry *)(const void *)((const char *)table->items + i * table->size);
}

const void *obi_find(const obi_table *table, ob_span id)
{
    for (size_t i = 0; i < table->count && id.len > 0; i++) {
        if (ob_span_is(entry_at(table, i)->id, id)) {
            return entry_at(table, i);
        }
    }
    return NULL;
}

bool obi_took(obi_reader *r, ob_err *err)
{
    return ob_problems_take(r->problems, err);
}

bool obi_mistake(obi_reader *r, const ob_yaml *at, ob_err *err, const char *format, ...)
{
    char text[sizeof err->text];
    va_list values;
    va_start(values, format);
    if (vsnprintf(text, sizeof text, format, values) < 0) {
        text[0] = '\0';
    }
    va_end(values);
    return ob_yaml_fail(r->doc, at, err, "%s", text) || obi_took(r, err);
}

static ob_span cut(ob_span text)
{
    return ob_span_sub(text, 0, OB_QUOTE_MAX);
}

bool obi_resolve(obi_reader *r, const obi_table *table, const ob_yaml *at, const void **found,
                 ob_err *err)
{
    *found = at->kind == OB_YAML_SCALAR ? obi_find(table, at->text) : NULL;
    if (*found != NULL) {
        return true;
    }
    /* Only a mistake pays for the names. */
    const char **names = OB_NEW(r->arena, const char *, table->count, err);
    for (size_t i = 0; names != NULL && i < table->count; i++) {
        ob_span name = {0};
        if (!ob_arena_dup(r->arena, entry_at(table, i)->id, &name, err)) {
            return false;
        }
        names[i] = name.ptr;
    }
    if (names == NULL) {
        return false;
    }
    const char *near = ob_text_nearest(at->text, names, table->count);
    if (near != NULL) {
        return obi_mistake(r, at, err, "unknown %s '%.*s', did you mean '%s'?", table->noun,
                           OB_SHOW(cut(at->text)), near);
    }
    return obi_mistake(r, at, err, "unknown %s '%.*s'; correct the id, or add the %s", table->noun,
                       OB_SHOW(cut(at->text)), table->noun);
}

bool obi_known(obi_reader *r, const ob_yaml *map, const char *const *names, size_t count,
               ob_err *err)
{
    for (size_t i = 0; i < map->count; i++) {
        /* A map of this one key, so that each unknown key is told. */
        const ob_yaml one = {.kind = OB_YAML_MAP,
                             .line = map->line,
                             .column = map->column,
                             .count = 1,
                             .items = &map->items[i],
                             .keys = &map->keys[i]};
        if (!ob_yaml_known(r->doc, &one, names, count, err) && !obi_took(r, err)) {
            return false;
        }
    }
    return true;
}

bool obi_text_maybe(obi_reader *r, const ob_yaml *map, const char *key, ob_span *out, ob_err *err)
{
    if (!ob_yaml_text(r->doc, map, key, out, err)) {
        return obi_took(r, err);
    }
    return true;
}

bool obi_text(obi_reader *r, const ob_yaml *map, const char *key, ob_span *out, ob_err *err)
{
    const ob_yaml *value = NULL;
    if (!ob_yaml_need(r->doc, map, key, &value, err) || !ob_yaml_text(r->doc, map, key, out, err)) {
        return obi_took(r, err);
    }
    return true;
}

static bool check_items(obi_reader *r, const char *key, const ob_yaml *list, ob_err *err)
{
    for (size_t i = 0; i < list->count; i++) {
        const ob_yaml *item = &list->items[i];
        if (item->kind != OB_YAML_SCALAR || item->text.len == 0) {
            if (!obi_mistake(r, item, err, "%s holds words only; write one here or take it out",
                             key)) {
                return false;
            }
            continue;
        }
        for (size_t k = 0; k < i; k++) {
            if (ob_span_is(list->items[k].text, item->text) &&
                !obi_mistake(r, item, err, "'%.*s' stands twice in %s; take one out",
                             OB_SHOW(cut(item->text)), key)) {
                return false;
            }
        }
    }
    return true;
}

bool obi_list(obi_reader *r, const ob_yaml *map, const char *key, bool compulsory,
              const ob_yaml **out, ob_err *err)
{
    const ob_yaml *list = ob_yaml_get(map, key);
    *out = &obi_empty_list;
    if (list == NULL && !compulsory) {
        return true;
    }
    if (list == NULL) {
        return ob_yaml_need(r->doc, map, key, &list, err) || obi_took(r, err);
    }
    if (list->kind != OB_YAML_SEQ || list->count > LIST_MAX) {
        return obi_mistake(r, list, err, "%s is a list; write [ONE, ANOTHER]", key);
    }
    if (compulsory && list->count == 0) {
        return obi_mistake(r, list, err, "%s is empty; name at least one", key);
    }
    *out = list;
    return check_items(r, key, list, err);
}

bool obi_word(obi_reader *r, const ob_yaml *at, const char *what, const char *const *names,
              size_t count, ob_err *err)
{
    if (at->kind == OB_YAML_SCALAR && ob_text_index(at->text, names, count) >= 0) {
        return true;
    }
    const char *near = ob_text_nearest(at->text, names, count);
    if (near != NULL) {
        return obi_mistake(r, at, err, "unknown %s '%.*s', did you mean '%s'?", what,
                           OB_SHOW(cut(at->text)), near);
    }
    OB_AUTO(ob_buf) list = {.max = 4096};
    for (size_t i = 0; i < count; i++) {
        ob_buf_add_str(&list, i == 0 ? "" : ", ");
        ob_buf_add_str(&list, names[i]);
    }
    return obi_mistake(r, at, err, "unknown %s '%.*s'; use one of: %.*s", what,
                       OB_SHOW(cut(at->text)), OB_SHOW(ob_buf_span(&list)));
}

bool obi_words(obi_reader *r, const ob_yaml *list, const char *what, const char *const *names,
               size_t count, ob_err *err)
{
    for (size_t i = 0; i < list->count; i++) {
        if (!obi_word(r, &list->items[i], what, names, count, err)) {
            return false;
        }
    }
    return true;
}

bool obi_mappings(obi_reader *r, const ob_yaml *map, const ob_yaml **out, ob_err *err)
{
    static const char *const families[] = {"aiuc_1",
                                           "anssi",
                                           "atlas",
                                           "atlas_mitigation",
                                           "cn",
                                           "eu_ai_act",
                                           "gdpr",
                                           "iso_42001",
                                           "itu_t",
                                           "etsi_en_304_223",
                                           "nist_ai_100_2",
                                           "nist_ai_rmf",
                                           "nist_ai_600_1",
                                           "nist_sp_800_53",
                                           "owasp_asi",
                                           "owasp_llm",
                                           "pci_dss",
                                           "sg_starter_kit"};
    const ob_yaml *maps = ob_yaml_get(map, "mappings");
    *out = NULL;
    if (maps == NULL) {
        return true;
    }
    if (maps->kind != OB_YAML_MAP) {
        return obi_mistake(r, maps, err, "mappings is a map; write FAMILY: [ID, ID]");
    }
    *out = maps;
    for (size_t i = 0; i < maps->count; i++) {
        const ob_yaml *ids = NULL;
        ob_span family = {0};
        if (!obi_word(r, &maps->keys[i], "family of mappings", families, OB_COUNT(families), err) ||
            !ob_arena_dup(r->arena, maps->keys[i].text, &family, err) ||
            !obi_list(r, maps, family.ptr, true, &ids, err)) {
            return false;
        }
    }
    return true;
}

bool obi_verified(obi_reader *r, const ob_yaml *map, ob_span *verification, bool *verified,
                  ob_err *err)
{
    static const char *const words[] = {"text read", "facts seen in secondary text", "remembered"};
    const ob_yaml *at = ob_yaml_get(map, "verification");
    *verified = true;
    if (!obi_text(r, map, "verification", verification, err) ||
        (verification->len > 0 && !obi_word(r, at, "verification", words, OB_COUNT(words), err)) ||
        (!ob_yaml_bool(r->doc, map, "verified", verified, err) && !obi_took(r, err))) {
        return false;
    }
    bool read = ob_span_is_str(*verification, words[0]);
    if (read && !*verified) {
        return obi_mistake(r, ob_yaml_get(map, "verified"), err,
                           "the text was read, yet this says unverified; take out 'verified'");
    }
    if (!read && *verified && ob_text_index(*verification, words, OB_COUNT(words)) > 0) {
        return obi_mistake(r, at, err,
                           "the text itself was not read; add 'verified: false' to this entry");
    }
    return true;
}

bool obi_url(obi_reader *r, const ob_yaml *map, ob_span *url, ob_err *err)
{
    if (!obi_text(r, map, "url", url, err)) {
        return false;
    }
    size_t start = ob_span_has_prefix(*url, OB_SPAN("https://"))  ? 8
                   : ob_span_has_prefix(*url, OB_SPAN("http://")) ? 7
                                                                  : 0;
    bool good = url->len == 0 || (start > 0 && url->len > start && url->ptr[start] != '/');
    for (size_t i = 0; i < url->len; i++) {
        good = good && (unsigned char)url->ptr[i] > ' ';
    }
    return good ||
           obi_mistake(r, ob_yaml_get(map, "url"), err,
                       "'%.*s' is no web address; write https://HOST/PATH", OB_SHOW(cut(*url)));
}

/* 2025, 2025-08 or 2025-08-20 */
static bool is_date(ob_span text)
{
    char whole[11] = "2000-01-01";
    int64_t ignored_ms = 0;
    ob_err ignored = {0};
    if (text.len != 4 && text.len != 7 && text.len != 10) {
        return false;
    }
    memcpy(whole, text.ptr, text.len);
    return ob_time_parse(ob_span_str(whole), &ignored_ms, &ignored);
}

bool obi_date_field(obi_reader *r, const ob_yaml *map, ob_span *date, ob_err *err)
{
    return obi_text(r, map, "date", date, err) &&
           (date->len == 0 || is_date(*date) ||
            obi_mistake(r, ob_yaml_get(map, "date"), err,
                        "'%.*s' is no date; write YYYY, YYYY-MM or YYYY-MM-DD",
                        OB_SHOW(cut(*date))));
}

static bool fits_form(ob_span id, const char *form)
{
    size_t i = 0;
    for (; *form != '\0' && *form != '*'; form++, i++) {
        char c = i < id.len ? id.ptr[i] : '\0';
        bool upper = c >= 'A' && c <= 'Z';
        bool digit = c >= '0' && c <= '9';
        if (*form == 'A' ? !upper : *form == '9' ? !digit : c != *form) {
            return false;
        }
    }
    if (*form == '\0') {
        return i == id.len;
    }
    bool good = i < id.len;
    for (; i < id.len; i++) {
        char c = id.ptr[i];
        good = good && ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-');
    }
    return good;
}

bool obi_id(obi_reader *r, const ob_yaml *map, const char *form, const obi_table *before,
            ob_span *out, ob_err *err)
{
    ob_span id = {0};
    const ob_yaml *at = ob_yaml_get(map, "id");
    if (!obi_text(r, map, "id", &id, err) || id.len == 0) {
        return id.len > 0 || r->problems != NULL;
    }
    /* The second evaluation of a requirement has a b behind its number. */
    bool second = form[0] == 'E' && id.ptr[id.len - 1] == 'b';
    if (!fits_form(second ? ob_span_sub(id, 0, id.len - 1) : id, form) &&
        !obi_mistake(r, at, err, "'%.*s' is no id of %s; write it like %s (A a capital, 9 a digit)",
                     OB_SHOW(cut(id)), before->noun, form)) {
        return false;
    }
    const obi_entry *first = obi_find(before, id);
    if (first != NULL &&
        !obi_mistake(r, at, err,
                     "%s %.*s stands here a second time, first at line %u; give it another id",
                     before->noun, OB_SHOW(cut(id)), first->at->line)) {
        return false;
    }
    *out = id;
    return true;
}
