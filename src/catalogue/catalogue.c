/* SPDX-License-Identifier: Apache-2.0 */
#include "catalogue/catalogue.h"

#include <dirent.h>
#include <errno.h>
#include <ombud/text.h>

typedef struct reader {
    ob_catalogue *c;
    ob_arena *arena;
    ob_yaml_doc doc; /* the file being read */
    const ob_input_folders *folders;
} reader;

#define FILE_MAX_ITEMS 4096
#define PROCEDURES_MAX 2048

/* Opens FOLDER/name and gives its list, or the root when list is NULL. */
static bool open_file(reader *r, const char *name, const char *list, const ob_yaml **items,
                      ob_err *err)
{
    ob_span path = {0};
    if (!ob_arena_printf(r->arena, &path, err, "%.*s/%s", OB_SHOW(r->c->folder), name) ||
        !ob_yaml_load(&r->doc, r->arena, path.ptr, OB_INPUT_FILE_MAX, err)) {
        return false;
    }
    const ob_span parts[] = {{(const char *)r->c->digest.bytes, OB_SHA256_BYTES},
                             {(const char *)r->doc.digest.bytes, OB_SHA256_BYTES}};
    if (!ob_sha256(parts, OB_COUNT(parts), &r->c->digest, err)) {
        return false;
    }
    *items = r->doc.root;
    if (list == NULL) {
        return true;
    }
    const char *const keys[] = {"ombud", list};
    if (!ob_yaml_known(&r->doc, r->doc.root, keys, 2, err) ||
        !ob_yaml_need(&r->doc, r->doc.root, list, items, err)) {
        return false;
    }
    if ((*items)->kind != OB_YAML_SEQ || (*items)->count > FILE_MAX_ITEMS) {
        return ob_yaml_fail(&r->doc, *items, err, "%s is a list of at most %d items", list,
                            FILE_MAX_ITEMS);
    }
    return true;
}

static bool need_text(const reader *r, const ob_yaml *node, const char *key, ob_span *out,
                      ob_err *err)
{
    const ob_yaml *value = NULL;
    return ob_yaml_need(&r->doc, node, key, &value, err) &&
           ob_yaml_text(&r->doc, node, key, out, err);
}

static bool unknown(const reader *r, const ob_yaml *at, const char *what, ob_err *err)
{
    return ob_yaml_fail(&r->doc, at, err, "unknown %s '%.*s'", what,
                        OB_SHOW(ob_span_sub(at->text, 0, OB_QUOTE_MAX)));
}

static bool read_profile(reader *r, ob_err *err)
{
    static const char *const keys[] = {"ombud",     "profile", "title",   "title_zh",  "pillars",
                                       "scenarios", "levels",  "methods", "level_rule"};
    const ob_yaml *root = NULL;
    const ob_yaml *pillars = NULL;
    if (!open_file(r, "profile.yaml", NULL, &root, err) ||
        !ob_yaml_known(&r->doc, root, keys, OB_COUNT(keys), err) ||
        !need_text(r, root, "title", &r->c->title, err) ||
        !ob_yaml_need(&r->doc, root, "pillars", &pillars, err)) {
        return false;
    }
    if (pillars->kind != OB_YAML_SEQ || pillars->count == 0) {
        return ob_yaml_fail(&r->doc, pillars, err, "pillars is a list with at least one item");
    }
    ob_pillar *list = OB_NEW(r->arena, ob_pillar, pillars->count, err);
    for (size_t i = 0; list != NULL && i < pillars->count; i++) {
        if (!need_text(r, &pillars->items[i], "id", &list[i].id, err) ||
            !need_text(r, &pillars->items[i], "title", &list[i].title, err)) {
            return false;
        }
    }
    r->c->pillars = list;
    r->c->pillars_count = pillars->count;
    return list != NULL;
}

static bool read_threats(reader *r, ob_err *err)
{
    static const char *const keys[] = {"id",     "title",    "title_zh",    "pillar",
                                       "asset",  "actor",    "description", "scenarios",
                                       "stride", "mappings", "incidents",   "countered_by"};
    const ob_yaml *items = NULL;
    if (!open_file(r, "threats.yaml", "threats", &items, err)) {
        return false;
    }
    ob_threat *list = OB_NEW(r->arena, ob_threat, items->count, err);
    for (size_t i = 0; list != NULL && i < items->count; i++) {
        const ob_yaml *node = &items->items[i];
        ob_span pillar = {0};
        if (!ob_yaml_known(&r->doc, node, keys, OB_COUNT(keys), err) ||
            !need_text(r, node, "id", &list[i].id, err) ||
            !need_text(r, node, "title", &list[i].title, err) ||
            !need_text(r, node, "pillar", &pillar, err)) {
            return false;
        }
        for (size_t k = 0; k < r->c->pillars_count; k++) {
            if (ob_span_is(pillar, r->c->pillars[k].id)) {
                list[i].pillar = &r->c->pillars[k];
            }
        }
        if (list[i].pillar == NULL) {
            return unknown(r, ob_yaml_get(node, "pillar"), "pillar", err);
        }
        for (size_t k = 0; k < i; k++) {
            if (ob_span_is(list[k].id, list[i].id)) {
                return ob_yaml_fail(&r->doc, node, err, "threat %.*s stands here a second time",
                                    OB_SHOW(list[i].id));
            }
        }
    }
    r->c->threats = list;
    r->c->threats_count = items->count;
    return list != NULL;
}

static bool read_requirement(reader *r, const ob_yaml *node, ob_requirement *q, ob_err *err)
{
    static const char *const keys[] = {"id",        "title",   "title_zh",  "level",
                                       "component", "keyword", "statement", "statement_zh",
                                       "threats",   "methods", "mappings",  "evaluations"};
    const ob_yaml *threats = NULL;
    uint64_t level = 0;
    if (!ob_yaml_known(&r->doc, node, keys, OB_COUNT(keys), err) ||
        !need_text(r, node, "id", &q->id, err) || !need_text(r, node, "title", &q->title, err) ||
        !ob_yaml_text(&r->doc, node, "statement", &q->statement, err) ||
        !need_text(r, node, "component", &q->component, err) ||
        !ob_yaml_u64(&r->doc, node, "level", 1, OB_LEVELS, &level, err) ||
        !ob_yaml_need(&r->doc, node, "level", &threats, err) ||
        !ob_yaml_need(&r->doc, node, "threats", &threats, err)) {
        return false;
    }
    q->level = (unsigned)level;
    const ob_yaml *methods = ob_yaml_get(node, "methods");
    for (size_t i = 0; methods != NULL && i < methods->count && methods->kind == OB_YAML_SEQ; i++) {
        q->testable = q->testable || ob_span_is_str(methods->items[i].text, "test");
    }
    if (threats->kind != OB_YAML_SEQ || threats->count == 0) {
        return ob_yaml_fail(&r->doc, threats, err, "a requirement counters at least one threat");
    }
    const ob_threat **list = OB_NEW(r->arena, const ob_threat *, threats->count, err);
    for (size_t i = 0; list != NULL && i < threats->count; i++) {
        for (size_t k = 0; k < r->c->threats_count; k++) {
            if (ob_span_is(threats->items[i].text, r->c->threats[k].id)) {
                list[i] = &r->c->threats[k];
            }
        }
        if (list[i] == NULL) {
            return unknown(r, &threats->items[i], "threat", err);
        }
    }
    q->threats = list;
    q->threats_count = threats->count;
    return list != NULL;
}

static bool read_requirements(reader *r, ob_err *err)
{
    const ob_yaml *items = NULL;
    if (!open_file(r, "requirements.yaml", "requirements", &items, err)) {
        return false;
    }
    ob_requirement *list = OB_NEW(r->arena, ob_requirement, items->count, err);
    for (size_t i = 0; list != NULL && i < items->count; i++) {
        if (!read_requirement(r, &items->items[i], &list[i], err)) {
            return false;
        }
        for (size_t k = 0; k < i; k++) {
            if (ob_span_is(list[k].id, list[i].id)) {
                return ob_yaml_fail(&r->doc, &items->items[i], err,
                                    "requirement %.*s stands here a second time",
                                    OB_SHOW(list[i].id));
            }
        }
    }
    r->c->requirements = list;
    r->c->requirements_count = items->count;
    return list != NULL;
}

static bool read_evaluations(reader *r, ob_err *err)
{
    static const char *const keys[] = {"id",          "requirement", "mode",    "stimulus",
                                       "observation", "pass",        "metrics", "fixed_plan"};
    const ob_yaml *items = NULL;
    if (!open_file(r, "evaluations.yaml", "evaluations", &items, err)) {
        return false;
    }
    ob_evaluation *list = OB_NEW(r->arena, ob_evaluation, items->count, err);
    for (size_t i = 0; list != NULL && i < items->count; i++) {
        const ob_yaml *node = &items->items[i];
        ob_span requirement = {0};
        if (!ob_yaml_known(&r->doc, node, keys, OB_COUNT(keys), err) ||
            !need_text(r, node, "id", &list[i].id, err) ||
            !need_text(r, node, "requirement", &requirement, err)) {
            return false;
        }
        list[i].requirement = ob_catalogue_requirement(r->c, requirement);
        if (list[i].requirement == NULL) {
            return unknown(r, ob_yaml_get(node, "requirement"), "requirement", err);
        }
        for (size_t k = 0; k < i; k++) {
            if (ob_span_is(list[k].id, list[i].id)) {
                return ob_yaml_fail(&r->doc, node, err, "evaluation %.*s stands here a second time",
                                    OB_SHOW(list[i].id));
            }
        }
    }
    r->c->evaluations = list;
    r->c->evaluations_count = items->count;
    return list != NULL;
}

static int by_text(const void *a, const void *b)
{
    return ob_span_compare(*(const ob_span *)a, *(const ob_span *)b);
}

/* The *.yaml files of procedures/, sorted by name so that the order never depends on the disk. */
static bool list_procedures(reader *r, ob_span **paths, size_t *count, ob_err *err)
{
    ob_span folder = {0};
    ob_span *names = OB_NEW(r->arena, ob_span, PROCEDURES_MAX, err);
    if (names == NULL ||
        !ob_arena_printf(r->arena, &folder, err, "%.*s/procedures", OB_SHOW(r->c->folder))) {
        return false;
    }
    DIR *dir = opendir(folder.ptr);
    if (dir == NULL) {
        return ob_fail_errno(err, errno, "cannot open %s", folder.ptr);
    }
    bool good = true;
    const struct dirent *entry = NULL;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is ours alone */
    while (good && (entry = readdir(dir)) != NULL) {
        ob_span name = ob_span_str(entry->d_name);
        if (name.ptr[0] == '.' || !ob_span_has_suffix(name, OB_SPAN(".yaml"))) {
            continue;
        }
        good = *count < PROCEDURES_MAX || ob_fail(err, OB_ERR_LIMIT, "%s holds more than %d files",
                                                  folder.ptr, PROCEDURES_MAX);
        good = good &&
               ob_arena_printf(r->arena, &names[*count], err, "%s/%s", folder.ptr, entry->d_name);
        *count += good;
    }
    (void)closedir(dir);
    qsort(names, *count, sizeof *names, by_text);
    *paths = names;
    return good;
}

static bool add_digest(ob_digest *sum, const ob_digest *more, ob_err *err)
{
    const ob_span parts[] = {{(const char *)sum->bytes, OB_SHA256_BYTES},
                             {(const char *)more->bytes, OB_SHA256_BYTES}};
    return ob_sha256(parts, OB_COUNT(parts), sum, err);
}

static bool read_procedures(reader *r, ob_err *err)
{
    ob_span *paths = NULL;
    size_t count = 0;
    if (!list_procedures(r, &paths, &count, err)) {
        return false;
    }
    ob_procedure *list = OB_NEW(r->arena, ob_procedure, count, err);
    for (size_t i = 0; list != NULL && i < count; i++) {
        ob_procedure *p = &list[i];
        if (!ob_procedure_load_with(p, r->arena, r->c->folder.ptr, r->folders, paths[i].ptr, NULL, err)) {
            return false;
        }
        if (ob_catalogue_evaluation(r->c, p->evaluation) == NULL) {
            return ob_yaml_fail(&p->doc, ob_yaml_get(p->doc.root, "evaluation"), err,
                                "unknown evaluation '%.*s'", OB_SHOW(p->evaluation));
        }
        for (size_t k = 0; k < i; k++) {
            if (ob_span_is(list[k].id, p->id)) {
                return ob_yaml_fail(&p->doc, ob_yaml_get(p->doc.root, "id"), err,
                                    "procedure %.*s exists already in %.*s", OB_SHOW(p->id),
                                    OB_SHOW(list[k].doc.name));
            }
        }
        if (!add_digest(&r->c->procedures_digest, &p->digest, err)) {
            return false;
        }
    }
    r->c->procedures = list;
    r->c->procedures_count = count;
    return list != NULL;
}

bool ob_catalogue_load(ob_catalogue *catalogue, ob_arena *arena, const char *folder,
                       ob_span profile, ob_err *err)
{
    return ob_catalogue_load_with(catalogue, arena, folder, profile, NULL, err);
}

bool ob_catalogue_load_with(ob_catalogue *catalogue, ob_arena *arena, const char *folder,
                            ob_span profile, const ob_input_folders *folders, ob_err *err)
{
    ob_catalogue read = {0};
    reader r = {.c = &read, .arena = arena, .folders = folders};
    for (size_t i = 0; i < profile.len; i++) {
        char c = profile.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9' && i > 0) || (c == '-' && i > 0))) {
            return ob_fail(err, OB_ERR_INPUT, "'%.*s' is no name of a profile",
                           OB_SHOW(ob_span_sub(profile, 0, 40)));
        }
    }
    if (!ob_arena_dup(arena, profile, &read.profile, err) ||
        !ob_arena_printf(arena, &read.folder, err, "%s/%.*s", folder, OB_SHOW(profile)) ||
        !read_profile(&r, err) || !read_threats(&r, err) || !read_requirements(&r, err) ||
        !read_evaluations(&r, err) || !read_procedures(&r, err)) {
        return false;
    }
    *catalogue = read;
    return true;
}

const ob_requirement *ob_catalogue_requirement(const ob_catalogue *catalogue, ob_span id)
{
    for (size_t i = 0; i < catalogue->requirements_count; i++) {
        if (ob_span_is(catalogue->requirements[i].id, id)) {
            return &catalogue->requirements[i];
        }
    }
    return NULL;
}

const ob_evaluation *ob_catalogue_evaluation(const ob_catalogue *catalogue, ob_span id)
{
    for (size_t i = 0; i < catalogue->evaluations_count; i++) {
        if (ob_span_is(catalogue->evaluations[i].id, id)) {
            return &catalogue->evaluations[i];
        }
    }
    return NULL;
}

const ob_procedure *ob_catalogue_procedure(const ob_catalogue *catalogue, ob_span id)
{
    for (size_t i = 0; i < catalogue->procedures_count; i++) {
        if (ob_span_is(catalogue->procedures[i].id, id)) {
            return &catalogue->procedures[i];
        }
    }
    return NULL;
}

const ob_pillar *ob_requirement_pillar(const ob_requirement *requirement)
{
    return requirement->threats[0]->pillar;
}
