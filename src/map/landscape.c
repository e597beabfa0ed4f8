/* SPDX-License-Identifier: Apache-2.0 */
/* The landscape: words of its enumerations, and the order in which it is put together. */
#include "map/landscape_core.h"

#include <dirent.h>
#include <errno.h>
#include <ombud/text.h>
#include <stdarg.h>
#include <stdlib.h>

const char *const ob_state_names[OB_STATES] = {"unknown",    "new",      "study",     "last-call",
                                               "carried",    "approved", "published", "continuous",
                                               "superseded", "stopped"};
const char *const ob_evidence_names[OB_EVIDENCES] = {"none", "secondary", "official-page",
                                                     "official-record"};
const char *const ob_relation_names[OB_RELS] = {"supersedes",   "references",  "equivalent-to",
                                                "liaison-with", "complements", "part-of",
                                                "continued-as", "continues",   "formerly-work-item",
                                                "related",      "produced-by", "published-by",
                                                "set",          "work-of",     "group-of",
                                                "clause-of",    "rests-on"};
const char *const ob_rationale_names[OB_RATIONALES] = {"unsaid", "syntactic", "semantic",
                                                       "functional"};
const char *const ob_review_names[OB_REVIEWS] = {"stated",   "suggested", "proposed",
                                                 "reviewed", "accepted",  "rejected"};

/* The first row that fits decides; a text fits that begins with the words. */
ob_state ob_state_of(ob_span status)
{
    static const struct {
        const char *begins;
        ob_state state;
    } rows[] = {
        {"under study", OB_STATE_STUDY},
        {"under development", OB_STATE_STUDY},
        {"under revision", OB_STATE_STUDY},
        {"new", OB_STATE_NEW},
        {"determined", OB_STATE_LAST_CALL},
        {"consented", OB_STATE_LAST_CALL},
        {"planned for", OB_STATE_STUDY},
        {"last call", OB_STATE_LAST_CALL},
        {"additional review", OB_STATE_LAST_CALL},
        {"[carried", OB_STATE_CARRIED},
        {"carried", OB_STATE_CARRIED},
        {"approved", OB_STATE_APPROVED},
        {"agreed", OB_STATE_APPROVED},
        {"published", OB_STATE_PUBLISHED},
        {"in force", OB_STATE_PUBLISHED},
        {"draft (public enquiry", OB_STATE_LAST_CALL},
        {"draft (fdis", OB_STATE_LAST_CALL},
        {"draft (dts", OB_STATE_LAST_CALL},
        {"draft (dis", OB_STATE_LAST_CALL},
        {"draft", OB_STATE_STUDY},
        {"individual draft, expired", OB_STATE_STOPPED},
        {"individual draft", OB_STATE_STUDY},
        {"active project", OB_STATE_STUDY},
        {"active", OB_STATE_CONTINUOUS},
        {"continuous", OB_STATE_CONTINUOUS},
        {"sent", OB_STATE_PUBLISHED},
        {"superseded", OB_STATE_SUPERSEDED},
        {"replaced", OB_STATE_SUPERSEDED},
        {"withdrawn", OB_STATE_SUPERSEDED},
        {"merged", OB_STATE_SUPERSEDED},
        {"[merged", OB_STATE_SUPERSEDED},
        {"stopped", OB_STATE_STOPPED},
        {"discontinued", OB_STATE_STOPPED},
        {"[discontinued", OB_STATE_STOPPED},
        {"deleted", OB_STATE_STOPPED},
        {"[deleted", OB_STATE_STOPPED},
        {"expired", OB_STATE_STOPPED},
        {"declined", OB_STATE_STOPPED},
        {"not approved", OB_STATE_STUDY},
        {"closed", OB_STATE_STOPPED},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_span begins = ob_span_str(rows[i].begins);
        if (ob_span_is_nocase(ob_span_sub(status, 0, begins.len), begins)) {
            return rows[i].state;
        }
    }
    return OB_STATE_UNKNOWN;
}

bool ob_state_is_open(ob_state state)
{
    return state == OB_STATE_NEW || state == OB_STATE_STUDY || state == OB_STATE_LAST_CALL ||
           state == OB_STATE_CARRIED;
}

bool ob_activity_is_open(const ob_activity *activity)
{
    return ob_state_is_open(activity->state) && !activity->went_on;
}

bool obi_map_took(obi_loader *l, ob_err *err)
{
    return ob_problems_take(l->problems, err);
}

bool obi_map_mistake(obi_loader *l, const ob_yaml *at, ob_err *err, const char *format, ...)
{
    char text[sizeof err->text];
    va_list values;
    va_start(values, format);
    if (vsnprintf(text, sizeof text, format, values) < 0) {
        text[0] = '\0';
    }
    va_end(values);
    (void)ob_yaml_fail(l->doc, at, err, "%s", text);
    return obi_map_took(l, err);
}

/* The files of a folder */

static const char *const fixed[] = {"landscape.yaml", "topics.yaml",  "bodies.yaml",
                                    "meetings.yaml",  "schemes.yaml", "external.yaml",
                                    "relations.yaml"};

static int compare_names(const void *a, const void *b)
{
    const ob_span *x = a;
    const ob_span *y = b;
    return ob_span_compare(*x, *y);
}

/* Paths of the YAML files below activities/, sorted. */
static bool list_activities(ob_arena *arena, const char *folder, ob_span **paths, size_t *count,
                            ob_err *err)
{
    enum {
        MOST = 4096
    };

    ob_span path = {0};
    ob_span *list = OB_NEW(arena, ob_span, MOST, err);
    if (list == NULL || !ob_arena_printf(arena, &path, err, "%s/activities", folder)) {
        return false;
    }
    DIR *dir = opendir(path.ptr);
    size_t used = 0;
    bool good = dir != NULL;
    if (!good) {
        int code = errno;
        return ob_fail_code_at(err, OB_ERR_INPUT, code, OB_WHERE, "%s", path.ptr);
    }
    for (struct dirent *e = NULL; good && (e = readdir(dir)) != NULL;) { /* NOLINT: one thread */
        if (!ob_span_has_suffix(ob_span_str(e->d_name), OB_SPAN(".yaml"))) {
            continue;
        }
        good = used < MOST
                   ? ob_arena_printf(arena, &list[used++], err, "%s/%s", path.ptr, e->d_name)
                   : ob_fail(err, OB_ERR_LIMIT, "%s: more than %d files", path.ptr, (int)MOST);
    }
    (void)closedir(dir);
    qsort(list, used, sizeof *list, compare_names);
    *paths = list;
    *count = used;
    return good;
}

static bool load_docs(ob_arena *arena, const ob_map_from *from, ob_yaml_doc **docs, size_t *count,
                      ob_err *err)
{
    ob_span *paths = NULL;
    size_t used = 0;
    if (!list_activities(arena, from->folder, &paths, &used, err)) {
        return false;
    }
    ob_yaml_doc *made = OB_NEW(arena, ob_yaml_doc, OB_COUNT(fixed) + used, err);
    if (made == NULL) {
        return false;
    }
    for (size_t i = 0; i < OB_COUNT(fixed) + used; i++) {
        ob_span path = {0};
        if (i < OB_COUNT(fixed)) {
            if (!ob_arena_printf(arena, &path, err, "%s/%s", from->folder, fixed[i])) {
                return false;
            }
        } else {
            path = paths[i - OB_COUNT(fixed)];
        }
        /* What a pack saves is lost by looking for it twice: the file is read once. */
        if (!ob_yaml_pack_load(from->pack, &made[i], arena, path.ptr, OB_LANDSCAPE_FILE_MAX, err)) {
            return false;
        }
    }
    *docs = made;
    *count = OB_COUNT(fixed) + used;
    return true;
}

bool ob_map_pack(ob_buf *out, const char *folder, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_map_from from = {.folder = folder};
    ob_yaml_doc *docs = NULL;
    size_t count = 0;
    if (!load_docs(&arena, &from, &docs, &count, err)) {
        return false;
    }
    const ob_yaml_doc **list = OB_NEW(&arena, const ob_yaml_doc *, count, err);
    for (size_t i = 0; list != NULL && i < count; i++) {
        list[i] = &docs[i];
    }
    return list != NULL && ob_yaml_pack_write(out, list, count, err);
}

static bool digest_of(obi_loader *l, ob_err *err)
{
    ob_span *parts = OB_NEW(l->arena, ob_span, l->docs_count, err);
    for (size_t i = 0; parts != NULL && i < l->docs_count; i++) {
        parts[i] = (ob_span){(const char *)l->docs[i].digest.bytes, OB_SHA256_BYTES};
    }
    return parts != NULL && ob_sha256(parts, l->docs_count, &l->map->digest, err);
}

static bool load(obi_loader *l, ob_err *err)
{
    ob_yaml_doc *docs = NULL;
    if (!load_docs(l->arena, l->from, &docs, &l->docs_count, err)) {
        return false;
    }
    l->docs = docs;
    l->map->as_of = l->from->as_of;
    /* The order matters: each step resolves names that those before it made known. */
    return digest_of(l, err) && obi_map_read_files(l, err) && obi_map_fetch(l, err) &&
           obi_map_read_topics(l, err) && obi_map_read_bodies(l, err) &&
           obi_map_read_activities(l, err) && obi_map_apply_items(l, err) &&
           obi_map_read_external(l, err) && obi_map_read_meetings(l, err) &&
           obi_map_apply_meetings(l, err) && obi_map_read_schemes(l, err) &&
           obi_map_clauses(l, err) && obi_map_relate(l, err) && obi_map_set_relations(l, err) &&
           obi_map_graph(l, err) && (l->problems == NULL || obi_map_check(l, err));
}

bool ob_map_load(ob_map *map, ob_arena *arena, const ob_map_from *from, ob_err *err)
{
    ob_map made = {0};
    obi_loader l = {.map = &made, .arena = arena, .from = from, .problems = from->problems};
    bool good = load(&l, err);
    ob_mem_free(l.relations.items);
    if (good) {
        *map = made;
    }
    return good;
}
