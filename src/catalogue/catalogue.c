/* SPDX-License-Identifier: Apache-2.0 */
#include "catalogue/reader.h"

#include <dirent.h>
#include <errno.h>
#include <ombud/text.h>

#define PROCEDURES_MAX 2048
#define RUBRICS_MAX    256

static int by_text(const void *a, const void *b)
{
    return ob_span_compare(*(const ob_span *)a, *(const ob_span *)b);
}

/* The *.yaml files of a folder, sorted by name so that the order never depends on the disk. */
static bool list_folder(obi_reader *r, const char *folder, size_t most, ob_span *paths,
                        size_t *count, ob_err *err)
{
    size_t first = *count;
    DIR *dir = opendir(folder);
    if (dir == NULL && errno == ENOENT && most == RUBRICS_MAX) {
        return true; /* nobody needs to have rubrics */
    }
    if (dir == NULL) {
        return ob_fail_errno(err, errno, "cannot open %s", folder);
    }
    bool good = true;
    const struct dirent *entry = NULL;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is ours alone */
    while (good && (entry = readdir(dir)) != NULL) {
        ob_span name = ob_span_str(entry->d_name);
        if (name.ptr[0] == '.' || !ob_span_has_suffix(name, OB_SPAN(".yaml"))) {
            continue;
        }
        good = *count < most ||
               ob_fail(err, OB_ERR_LIMIT, "%s holds more than %zu files", folder, most);
        good =
            good && ob_arena_printf(r->arena, &paths[*count], err, "%s/%s", folder, entry->d_name);
        *count += good;
    }
    (void)closedir(dir);
    qsort(paths + first, *count - first, sizeof *paths, by_text);
    return good;
}

static bool add_digest(ob_digest *sum, const ob_digest *more, ob_err *err)
{
    const ob_span parts[] = {{(const char *)sum->bytes, OB_SHA256_BYTES},
                             {(const char *)more->bytes, OB_SHA256_BYTES}};
    return ob_sha256(parts, OB_COUNT(parts), sum, err);
}

static int by_id(const void *a, const void *b)
{
    return ob_span_compare(((const ob_procedure *)a)->id, ((const ob_procedure *)b)->id);
}

/* Rubrics */

static bool read_rubric(obi_reader *r, ob_rubric *list, size_t *count, const char *path,
                        ob_err *err)
{
    ob_rubric *q = &list[*count];
    if (!ob_rubric_load(q, r->arena, path, r->problems, err)) {
        return err->kind == OB_OK || obi_took(r, err);
    }
    r->doc = &q->doc;
    for (size_t k = 0; k < *count; k++) {
        if (ob_span_is(list[k].id, q->id)) {
            return obi_mistake(r, ob_yaml_get(q->doc.root, "id"), err,
                               "rubric %.*s exists already; give it another id",
                               OB_SHOW(ob_span_sub(q->id, 0, OB_QUOTE_MAX)));
        }
    }
    (*count)++;
    return add_digest(&r->c->digest, &q->doc.digest, err);
}

bool obi_read_rubrics(obi_reader *r, const ob_catalogue_from *from, ob_err *err)
{
    ob_span *paths = OB_NEW(r->arena, ob_span, RUBRICS_MAX, err);
    size_t total = 0;
    size_t count = 0;
    for (size_t i = 0; paths != NULL && i <= from->packs_count; i++) {
        ob_span folder = i == 0 ? r->c->folder : ob_span_str(from->packs[i - 1]);
        ob_span own = {0};
        if (!ob_arena_printf(r->arena, &own, err, "%.*s/rubrics", OB_SHOW(folder)) ||
            (!list_folder(r, own.ptr, RUBRICS_MAX, paths, &total, err) && !obi_took(r, err))) {
            return false;
        }
    }
    ob_rubric *list = paths == NULL ? NULL : OB_NEW(r->arena, ob_rubric, total, err);
    for (size_t i = 0; list != NULL && i < total; i++) {
        if (!read_rubric(r, list, &count, paths[i].ptr, err)) {
            return false;
        }
    }
    r->c->rubrics = list;
    r->c->rubrics_count = count;
    return list != NULL;
}

/* Procedures */

/* Adds one procedure to those read, if it can be used. */
static bool read_procedure(obi_reader *r, ob_procedure *list, size_t *count, const char *folder,
                           const ob_input_folders *inputs, const char *path, ob_err *err)
{
    ob_procedure *p = &list[*count];
    bool usable = false;
    if (!ob_procedure_load(p, r->arena, folder, inputs, path, r->problems, err)) {
        return err->kind == OB_OK || obi_took(r, err);
    }
    if (!obi_check_procedure(r, p, &usable, err)) {
        return false;
    }
    for (size_t k = 0; k < *count; k++) {
        if (!ob_span_is(list[k].id, p->id)) {
            continue;
        }
        ob_span at = list[k].doc.name;
        return obi_mistake(r, ob_yaml_get(p->doc.root, "id"), err,
                           "procedure %.*s exists already in %.*s; give it another id",
                           OB_SHOW(ob_span_sub(p->id, 0, OB_QUOTE_MAX)),
                           OB_SHOW(ob_span_sub(at, at.len > 60 ? at.len - 60 : 0, at.len)));
    }
    *count += usable;
    return !usable || add_digest(&r->c->procedures_digest, &p->digest, err);
}

bool obi_read_procedures(obi_reader *r, const ob_catalogue_from *from, ob_err *err)
{
    ob_span *paths = OB_NEW(r->arena, ob_span, PROCEDURES_MAX, err);
    ob_span own = {0};
    size_t total = 0;
    size_t count = 0;
    if (paths == NULL ||
        !ob_arena_printf(r->arena, &own, err, "%.*s/procedures", OB_SHOW(r->c->folder)) ||
        (!list_folder(r, own.ptr, PROCEDURES_MAX, paths, &total, err) && !obi_took(r, err))) {
        return false;
    }
    size_t own_count = total;
    for (size_t i = 0; i < from->packs_count; i++) {
        if (!list_folder(r, from->packs[i], PROCEDURES_MAX, paths, &total, err)) {
            return false;
        }
    }
    ob_procedure *list = OB_NEW(r->arena, ob_procedure, total, err);
    for (size_t i = 0; list != NULL && i < total; i++) {
        /* The texts of a pack lie beside it, those of the profile below the profile. */
        ob_span folder = r->c->folder;
        const char *slash = i < own_count ? NULL : strrchr(paths[i].ptr, '/');
        if (slash != NULL &&
            !ob_arena_dup(r->arena, ob_span_sub(paths[i], 0, (size_t)(slash - paths[i].ptr)),
                          &folder, err)) {
            return false;
        }
        if (!read_procedure(r, list, &count, folder.ptr, &from->inputs, paths[i].ptr, err)) {
            return false;
        }
    }
    if (list == NULL) {
        return false;
    }
    qsort(list, count, sizeof *list, by_id);
    r->c->procedures = list;
    r->c->procedures_count = count;
    return true;
}

bool ob_catalogue_load(ob_catalogue *catalogue, ob_arena *arena, const ob_catalogue_from *from,
                       ob_err *err)
{
    ob_catalogue read = {0};
    obi_reader r = {.c = &read, .arena = arena, .problems = from->problems};
    ob_span profile = from->profile;
    for (size_t i = 0; i < profile.len; i++) {
        char c = profile.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9' && i > 0) || (c == '-' && i > 0))) {
            return ob_fail(err, OB_ERR_INPUT, "'%.*s' is no name of a profile",
                           OB_SHOW(ob_span_sub(profile, 0, 40)));
        }
    }
    if (!ob_arena_dup(arena, profile, &read.profile, err) ||
        !ob_arena_printf(arena, &read.folder, err, "%s/%.*s", from->folder, OB_SHOW(profile)) ||
        !obi_read_profile(&r, err) || !obi_read_references(&r, err) || !obi_read_threats(&r, err) ||
        !obi_read_requirements(&r, err) || !obi_read_evaluations(&r, err) ||
        !obi_check_links(&r, err) || !obi_read_rubrics(&r, from, err) ||
        !obi_read_procedures(&r, from, err)) {
        return false;
    }
    *catalogue = read;
    return true;
}

obi_table obi_table_threats(const ob_catalogue *c)
{
    return (obi_table){"threat", c->threats, sizeof *c->threats, c->threats_count};
}

const ob_threat *ob_catalogue_threat(const ob_catalogue *catalogue, ob_span id)
{
    const obi_table table = obi_table_threats(catalogue);
    return obi_find(&table, id);
}

obi_table obi_table_requirements(const ob_catalogue *c)
{
    return (obi_table){"requirement", c->requirements, sizeof *c->requirements,
                       c->requirements_count};
}

const ob_requirement *ob_catalogue_requirement(const ob_catalogue *catalogue, ob_span id)
{
    const obi_table table = obi_table_requirements(catalogue);
    return obi_find(&table, id);
}

obi_table obi_table_evaluations(const ob_catalogue *c)
{
    return (obi_table){"evaluation", c->evaluations, sizeof *c->evaluations, c->evaluations_count};
}

const ob_evaluation *ob_catalogue_evaluation(const ob_catalogue *catalogue, ob_span id)
{
    const obi_table table = obi_table_evaluations(catalogue);
    return obi_find(&table, id);
}

obi_table obi_table_metrics(const ob_catalogue *c)
{
    return (obi_table){"metric", c->metrics, sizeof *c->metrics, c->metrics_count};
}

const ob_metric *ob_catalogue_metric(const ob_catalogue *catalogue, ob_span id)
{
    const obi_table table = obi_table_metrics(catalogue);
    return obi_find(&table, id);
}

obi_table obi_table_plans(const ob_catalogue *c)
{
    return (obi_table){"plan", c->plans, sizeof *c->plans, c->plans_count};
}

const ob_plan *ob_catalogue_plan(const ob_catalogue *catalogue, ob_span id)
{
    const obi_table table = obi_table_plans(catalogue);
    return obi_find(&table, id);
}

obi_table obi_table_incidents(const ob_catalogue *c)
{
    return (obi_table){"incident", c->incidents, sizeof *c->incidents, c->incidents_count};
}

const ob_incident *ob_catalogue_incident(const ob_catalogue *catalogue, ob_span id)
{
    const obi_table table = obi_table_incidents(catalogue);
    return obi_find(&table, id);
}

obi_table obi_table_sources(const ob_catalogue *c)
{
    return (obi_table){"source", c->sources, sizeof *c->sources, c->sources_count};
}

const ob_source *ob_catalogue_source(const ob_catalogue *catalogue, ob_span id)
{
    const obi_table table = obi_table_sources(catalogue);
    return obi_find(&table, id);
}

obi_table obi_table_rubrics(const ob_catalogue *c)
{
    return (obi_table){"rubric", c->rubrics, sizeof *c->rubrics, c->rubrics_count};
}

const ob_rubric *ob_catalogue_rubric(const ob_catalogue *catalogue, ob_span id)
{
    const obi_table table = obi_table_rubrics(catalogue);
    return obi_find(&table, id);
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

const ob_word *ob_words_find(const ob_words *words, ob_span id)
{
    for (size_t i = 0; i < words->count; i++) {
        if (ob_span_is(words->items[i].id, id)) {
            return &words->items[i];
        }
    }
    return NULL;
}

const ob_pillar *ob_requirement_pillar(const ob_requirement *requirement)
{
    return requirement->threats[0]->pillar;
}

bool ob_yaml_holds(const ob_yaml *list, ob_span text)
{
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        if (ob_span_is(list->items[i].text, text)) {
            return true;
        }
    }
    return false;
}
