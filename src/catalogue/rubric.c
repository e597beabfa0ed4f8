/* SPDX-License-Identifier: Apache-2.0 */
#include "catalogue/rubric.h"

#include <ombud/text.h>

#define ITEMS_MAX     4096
#define LANGUAGES_MAX 16

typedef struct reader {
    ob_rubric *rubric;
    ob_arena *arena;
    ob_problems *problems;
    const ob_yaml_doc *doc;
} reader;

/* A mistake was told, or ends the read. */
static bool told(const reader *r, bool good, ob_err *err)
{
    return good || ob_problems_take(r->problems, err);
}

static bool need_text(const reader *r, const ob_yaml *map, const char *key, ob_span *out,
                      ob_err *err)
{
    const ob_yaml *at = NULL;
    return told(
        r, ob_yaml_need(r->doc, map, key, &at, err) && ob_yaml_text(r->doc, map, key, out, err),
        err);
}

static bool is_id(ob_span text)
{
    bool good = text.len > 0 && text.len <= 64;
    for (size_t i = 0; good && i < text.len; i++) {
        char c = text.ptr[i];
        good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && i > 0);
    }
    return good;
}

static bool check_id(const reader *r, const ob_yaml *map, ob_span id, ob_err *err)
{
    return told(r,
                id.len == 0 || is_id(id) ||
                    ob_yaml_fail(r->doc, ob_yaml_get(map, "id"), err,
                                 "'%.*s' is no id; use lower-case letters, digits and -",
                                 OB_SHOW(ob_span_sub(id, 0, OB_QUOTE_MAX))),
                err);
}

static bool read_languages(const reader *r, const ob_yaml *root, ob_err *err)
{
    const ob_yaml *list = NULL;
    if (!ob_yaml_need(r->doc, root, "languages", &list, err)) {
        return told(r, false, err);
    }
    bool good = list->kind == OB_YAML_SEQ && list->count > 0 && list->count <= LANGUAGES_MAX;
    for (size_t i = 0; good && i < list->count; i++) {
        good = list->items[i].kind == OB_YAML_SCALAR && list->items[i].text.len > 0;
    }
    if (!good) {
        return told(r,
                    ob_yaml_fail(r->doc, list, err,
                                 "languages is a list of 1 to %d tags such as en or zh",
                                 LANGUAGES_MAX),
                    err);
    }
    r->rubric->languages = list;
    return true;
}

static bool claims(const ob_rubric *rubric, ob_span lang)
{
    for (size_t i = 0; rubric->languages != NULL && i < rubric->languages->count; i++) {
        if (ob_span_is(rubric->languages->items[i].text, lang)) {
            return true;
        }
    }
    return rubric->languages == NULL; /* that was told already */
}

static bool read_item(const reader *r, const ob_yaml *node, ob_rubric_item *item, ob_err *err)
{
    static const char *const keys[] = {"id", "label", "lang", "steers", "text"};
    static const char *const labels[] = {"hit", "clean"};
    const ob_yaml *at = NULL;
    int label = 1;
    if (!ob_yaml_known(r->doc, node, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(r->doc, node, "label", &at, err) ||
        !ob_yaml_choice(r->doc, node, "label", labels, OB_COUNT(labels), &label, err) ||
        !ob_yaml_bool(r->doc, node, "steers", &item->steers, err)) {
        return told(r, false, err);
    }
    item->hit = label == 0;
    item->lang = OB_SPAN("en");
    if (!need_text(r, node, "id", &item->id, err) ||
        !need_text(r, node, "text", &item->text, err) ||
        !told(r, ob_yaml_text(r->doc, node, "lang", &item->lang, err), err) ||
        !check_id(r, node, item->id, err)) {
        return false;
    }
    if (!claims(r->rubric, item->lang)) {
        return told(r,
                    ob_yaml_fail(r->doc, node, err,
                                 "the reply is in '%.*s', which languages does not name",
                                 OB_SHOW(ob_span_sub(item->lang, 0, 20))),
                    err);
    }
    return item->text.len <= OB_RUBRIC_TEXT_MAX ||
           told(r,
                ob_yaml_fail(r->doc, node, err, "a labelled reply has at most %d bytes",
                             OB_RUBRIC_TEXT_MAX),
                err);
}

/* The same reply twice would count one error twice; the same id could not be told apart. */
static bool check_doubles(const reader *r, const ob_yaml *list, ob_err *err)
{
    const ob_rubric *q = r->rubric;
    for (size_t i = 0; i < q->items_count; i++) {
        for (size_t k = 0; k < i && q->items[i].id.len > 0; k++) {
            const char *what = ob_span_is(q->items[i].id, q->items[k].id)              ? "id"
                               : ob_span_is_nocase(q->items[i].text, q->items[k].text) ? "text"
                                                                                       : NULL;
            if (what != NULL &&
                !told(r,
                      ob_yaml_fail(r->doc, &list->items[i], err,
                                   "the %s is that of item %zu already; change one of them", what,
                                   k + 1),
                      err)) {
                return false;
            }
        }
    }
    return true;
}

static size_t count_of(const ob_rubric *q, bool hit, ob_span lang)
{
    size_t count = 0;
    for (size_t i = 0; i < q->items_count; i++) {
        count += q->items[i].hit == hit && (lang.len == 0 || ob_span_is(q->items[i].lang, lang));
    }
    return count;
}

static bool check_counts(const reader *r, const ob_yaml *list, ob_err *err)
{
    static const char *const labels[] = {"clean", "hit"};
    const ob_rubric *q = r->rubric;
    bool steered = false;
    for (int hit = 0; hit < 2; hit++) {
        size_t all = count_of(q, hit == 1, (ob_span){"", 0});
        if (all < OB_RUBRIC_LEAST &&
            !told(r,
                  ob_yaml_fail(r->doc, list, err,
                               "labelled holds %zu replies with label %s and needs %d", all,
                               labels[hit], OB_RUBRIC_LEAST),
                  err)) {
            return false;
        }
        for (size_t i = 0; q->languages != NULL && i < q->languages->count; i++) {
            size_t some = count_of(q, hit == 1, q->languages->items[i].text);
            if (some < OB_RUBRIC_LEAST_LANG &&
                !told(r,
                      ob_yaml_fail(r->doc, &q->languages->items[i], err,
                                   "labelled holds %zu replies in '%.*s' with label %s and needs "
                                   "%d; add some, or claim the language no more",
                                   some, OB_SHOW(ob_span_sub(q->languages->items[i].text, 0, 20)),
                                   labels[hit], OB_RUBRIC_LEAST_LANG),
                      err)) {
                return false;
            }
        }
    }
    for (size_t i = 0; i < q->items_count; i++) {
        steered = steered || (q->items[i].steers && q->items[i].hit);
    }
    return steered ||
           told(r,
                ob_yaml_fail(r->doc, list, err,
                             "no hit tries to sway the judge; add one with steers: true, such as a "
                             "reply that tells the judge to answer clean"),
                err);
}

static bool read_labelled(const reader *r, const ob_yaml *root, ob_err *err)
{
    const ob_yaml *list = NULL;
    if (!ob_yaml_need(r->doc, root, "labelled", &list, err)) {
        return told(r, false, err);
    }
    if (list->kind != OB_YAML_SEQ || list->count == 0 || list->count > ITEMS_MAX) {
        return told(r,
                    ob_yaml_fail(r->doc, list, err,
                                 "labelled is a list of at most %d maps with id, label and text",
                                 ITEMS_MAX),
                    err);
    }
    ob_rubric_item *items = OB_NEW(r->arena, ob_rubric_item, list->count, err);
    for (size_t i = 0; items != NULL && i < list->count; i++) {
        if (!read_item(r, &list->items[i], &items[i], err)) {
            return false;
        }
    }
    r->rubric->items = items;
    r->rubric->items_count = list->count;
    return items != NULL && check_doubles(r, list, err) && check_counts(r, list, err);
}

/* Each part with its length, so that no two contents give the same bytes. */
static void add_part(ob_buf *out, ob_span text)
{
    ob_buf_addf(out, "%zu:", text.len);
    ob_buf_add(out, text);
}

static bool make_digests(ob_rubric *q, ob_err *err)
{
    OB_AUTO(ob_buf) wording = {.max = OB_INPUT_FILE_MAX * 2};
    OB_AUTO(ob_buf) set = {.max = OB_INPUT_FILE_MAX * 2};
    const ob_span parts[] = {q->id, q->title, q->question, q->hit, q->clean};
    for (size_t i = 0; i < OB_COUNT(parts); i++) {
        add_part(&wording, parts[i]);
    }
    for (size_t i = 0; i < q->items_count; i++) {
        add_part(&set, q->items[i].id);
        add_part(&set, q->items[i].lang);
        add_part(&set, q->items[i].text);
        ob_buf_add_str(&set, q->items[i].hit ? "hit;" : "clean;");
    }
    const ob_span texts[] = {ob_buf_span(&wording), ob_buf_span(&set)};
    return ob_buf_check(&wording, "a rubric", err) && ob_buf_check(&set, "a rubric", err) &&
           ob_sha256(&texts[0], 1, &q->wording, err) && ob_sha256(&texts[1], 1, &q->set, err);
}

static bool read_all(const reader *r, ob_err *err)
{
    static const char *const keys[] = {"ombud",    "id",  "title", "languages",
                                       "question", "hit", "clean", "labelled"};
    const ob_yaml *root = r->doc->root;
    const ob_yaml *at = NULL;
    uint64_t version = 1;
    ob_rubric *q = r->rubric;
    q->at = root;
    if (!ob_yaml_known(r->doc, root, keys, OB_COUNT(keys), err)) {
        return told(r, false, err) && root->kind == OB_YAML_MAP;
    }
    return told(r,
                ob_yaml_need(r->doc, root, "ombud", &at, err) &&
                    ob_yaml_u64(r->doc, root, "ombud", 1, 1, &version, err),
                err) &&
           need_text(r, root, "id", &q->id, err) && check_id(r, root, q->id, err) &&
           need_text(r, root, "title", &q->title, err) &&
           need_text(r, root, "question", &q->question, err) &&
           need_text(r, root, "hit", &q->hit, err) && need_text(r, root, "clean", &q->clean, err) &&
           read_languages(r, root, err) && read_labelled(r, root, err) && make_digests(q, err);
}

static bool read_doc(ob_rubric *rubric, ob_rubric *read, ob_arena *arena, ob_problems *problems,
                     ob_err *err)
{
    size_t before = problems == NULL ? 0 : problems->count;
    const reader r = {.rubric = read, .arena = arena, .problems = problems, .doc = &read->doc};
    if (!read_all(&r, err) || (problems != NULL && problems->count > before)) {
        return false;
    }
    *rubric = *read;
    return true;
}

bool ob_rubric_load(ob_rubric *rubric, ob_arena *arena, const char *path, ob_problems *problems,
                    ob_err *err)
{
    ob_rubric read = {0};
    if (!ob_yaml_load(&read.doc, arena, path, OB_INPUT_FILE_MAX, err)) {
        (void)ob_problems_take(problems, err);
        return false;
    }
    return read_doc(rubric, &read, arena, problems, err);
}

bool ob_rubric_parse(ob_rubric *rubric, ob_arena *arena, ob_span name, ob_span text,
                     ob_problems *problems, ob_err *err)
{
    ob_rubric read = {0};
    if (!ob_yaml_parse(&read.doc, arena, name, text, OB_INPUT_FILE_MAX, err)) {
        (void)ob_problems_take(problems, err);
        return false;
    }
    return read_doc(rubric, &read, arena, problems, err);
}
