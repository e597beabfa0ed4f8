/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OSCAL mapping collections. A map of several sources and targets becomes a statement for each two
 * of them. What is not about two sets (qualifiers, coverage, gap summaries) is not taken.
 */
#include "map/exchange.h"
#include "map/oscal.h"

#include <ombud/text.h>
#include <stdlib.h>

typedef struct resource {
    ob_span uuid;
    ob_span document;
    size_t at; /* in the file: of two with one UUID the first counts */
} resource;

typedef struct collection {
    const ob_import_file *file;
    ob_arena *arena;
    const ob_json *root;
    resource *resources; /* by UUID */
    size_t count;
    ob_statements list;
} collection;

static void collection_fini(collection *c)
{
    ob_statements_fini(&c->list);
}

static bool knows(const ob_import_file *file)
{
    ob_span text = ob_span_trim(file->bytes);
    return text.len > 0 && text.ptr[0] == '{' &&
           ob_span_find(ob_span_sub(text, 0, 400), OB_SPAN("\"mapping-collection\""), 0) !=
               SIZE_MAX;
}

static bool fail_at(const collection *c, const ob_json *at, ob_err *err, const char *text)
{
    size_t line = 1;
    size_t column = 1;
    ob_text_place(c->file->bytes, at == NULL ? 0 : at->at, &line, &column);
    return ob_import_fail(c->file, line, err, "%s", text);
}

static const ob_json *first_of(const ob_json *list)
{
    return list != NULL && list->kind == OB_JSON_ARRAY ? list->first : NULL;
}

static ob_span prop(const ob_json *of, const char *name)
{
    for (const ob_json *at = first_of(ob_json_get(of, "props")); at != NULL; at = at->next) {
        if (ob_span_is_str(ob_json_text(at, "name"), name) &&
            ob_span_is(ob_json_text(at, "ns"), OB_SPAN(OBI_OSCAL_NS))) {
            return ob_json_text(at, "value");
        }
    }
    return (ob_span){0};
}

/* UUIDs are written in any case; here they are in lower case. */
static bool lower(const collection *c, ob_span text, ob_span *lowered, ob_err *err)
{
    char *copy = OB_NEW(c->arena, char, text.len + 1, err);
    for (size_t i = 0; copy != NULL && i < text.len; i++) {
        bool capital = text.ptr[i] >= 'A' && text.ptr[i] <= 'Z';
        copy[i] = (char)(capital ? text.ptr[i] + ('a' - 'A') : text.ptr[i]);
    }
    *lowered = (ob_span){copy, text.len};
    return copy != NULL;
}

static int compare(const void *a, const void *b)
{
    const resource *x = a;
    const resource *y = b;
    int order = ob_span_compare(x->uuid, y->uuid);
    return order != 0 ? order : x->at < y->at ? -1 : x->at > y->at;
}

/* The resources of the back matter; the name of one is its document id, else its title. */
static bool find_resources(collection *c, ob_err *err)
{
    const ob_json *list = ob_json_get(ob_json_get(c->root, "back-matter"), "resources");
    c->resources = OB_NEW(c->arena, resource, list == NULL ? 0 : list->count, err);
    for (const ob_json *at = first_of(list); c->resources != NULL && at != NULL; at = at->next) {
        resource *r = &c->resources[c->count++];
        ob_span id = ob_json_text(first_of(ob_json_get(at, "document-ids")), "identifier");
        r->document = id.len > 0 ? id : ob_json_text(at, "title");
        r->at = at->at;
        if (!lower(c, ob_json_text(at, "uuid"), &r->uuid, err)) {
            return false;
        }
    }
    if (c->count > 0) {
        qsort(c->resources, c->count, sizeof *c->resources, compare);
    }
    return c->resources != NULL;
}

/* The name of what is referred to, else the reference itself. */
static bool document_of(const collection *c, const ob_json *reference, ob_span *document,
                        ob_err *err)
{
    ob_span href = ob_json_text(reference, "href");
    size_t low = 0;
    size_t high = c->count;
    resource wanted = {0};
    *document = href;
    if (href.len < 2 || href.ptr[0] != '#') {
        return true;
    }
    if (!lower(c, ob_span_sub(href, 1, href.len), &wanted.uuid, err)) {
        return false;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ob_span_compare(c->resources[middle].uuid, wanted.uuid) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low < c->count && ob_span_is(c->resources[low].uuid, wanted.uuid) &&
        c->resources[low].document.len > 0) {
        *document = c->resources[low].document;
    }
    return true;
}

static bool end_of(const collection *c, ob_span document, const ob_json *item, ob_span *end,
                   ob_err *err)
{
    ob_span id = ob_json_text(item, "id-ref");
    if (id.len == 0) {
        return fail_at(c, item, err, "a source or target needs an id-ref");
    }
    *end = id;
    return prop(item, OBI_OSCAL_END).len > 0 ||
           ob_arena_printf(c->arena, end, err, "%.*s#%.*s", OB_SHOW(document), OB_SHOW(id));
}

static ob_span set_of(ob_span word)
{
    for (int i = 0; i < OB_SETS; i++) {
        if (ob_span_is_str(word, obi_oscal_sets[i])) {
            return ob_span_str(ob_set_names[i]);
        }
    }
    /* Earlier drafts of the model have it for texts that ask for the same in other words. */
    return ob_span_is(word, OB_SPAN("equivalent-to")) ? ob_span_str(ob_set_names[OB_SET_EQUAL])
                                                      : (ob_span){0};
}

static bool add_two(collection *c, const ob_json *map, ob_span text[OB_ST_KEYS], ob_err *err)
{
    const char *wrong = NULL;
    if (!ob_statements_add(&c->list, c->arena, text, &wrong, err)) {
        return false;
    }
    return wrong == NULL || fail_at(c, map, err, wrong);
}

static bool read_map(collection *c, const ob_json *map, const ob_span documents[2],
                     ob_span rationale, ob_err *err)
{
    ob_span text[OB_ST_KEYS] = {0};
    const ob_json *sources = first_of(ob_json_get(map, "sources"));
    const ob_json *targets = first_of(ob_json_get(map, "targets"));
    ob_span own = ob_json_text(map, "matching-rationale");
    if (sources == NULL || targets == NULL) {
        return fail_at(c, map, err, "a map needs sources and targets");
    }
    text[OB_ST_SET] = set_of(ob_json_text(map, "relationship"));
    if (text[OB_ST_SET].len == 0) {
        return fail_at(c, map, err,
                       "a relationship is equal-to, equivalent-to, subset-of, superset-of, "
                       "intersects-with or no-relationship");
    }
    for (size_t i = 0; i < OB_COUNT(obi_oscal_props); i++) {
        text[obi_oscal_props[i]] = prop(map, ob_statement_keys[obi_oscal_props[i]]);
    }
    /* Ours says with each map whether it has a rationale; the one above is for others. */
    bool ours = text[OB_ST_REVIEW].len > 0;
    text[OB_ST_RATIONALE] = own.len > 0 || ours ? own : rationale;
    text[OB_ST_NOTE] = ob_json_text(map, "remarks");
    for (const ob_json *s = sources; s != NULL; s = s->next) {
        for (const ob_json *t = targets; t != NULL; t = t->next) {
            if (!end_of(c, documents[0], s, &text[OB_ST_FROM], err) ||
                !end_of(c, documents[1], t, &text[OB_ST_TO], err) || !add_two(c, map, text, err)) {
                return false;
            }
        }
    }
    return true;
}

static bool read_mapping(collection *c, const ob_json *mapping, ob_span above, ob_err *err)
{
    ob_span documents[2];
    const ob_json *maps = first_of(ob_json_get(mapping, "maps"));
    ob_span own = ob_json_text(mapping, "matching-rationale");
    if (!document_of(c, ob_json_get(mapping, "source-resource"), &documents[0], err) ||
        !document_of(c, ob_json_get(mapping, "target-resource"), &documents[1], err)) {
        return false;
    }
    if (documents[0].len == 0 || documents[1].len == 0 || maps == NULL) {
        return fail_at(c, mapping, err,
                       "a mapping needs source-resource and target-resource, each with href, and "
                       "maps");
    }
    for (const ob_json *at = maps; at != NULL; at = at->next) {
        if (!read_map(c, at, documents, own.len > 0 ? own : above, err)) {
            return false;
        }
    }
    return true;
}

static bool read_collection(const ob_import_file *file, ob_arena *arena, const ob_import_sink *sink,
                            ob_err *err)
{
    collection c __attribute__((cleanup(collection_fini))) = {.file = file, .arena = arena};
    ob_json_doc doc = {0};
    if (!ob_import_json(&doc, arena, file, err)) {
        return false;
    }
    c.root = ob_json_get(doc.root, "mapping-collection");
    const ob_json *mappings = ob_json_get(c.root, "mappings");
    ob_span rationale = ob_json_text(ob_json_get(c.root, "provenance"), "matching-rationale");
    bool one = mappings != NULL && mappings->kind == OB_JSON_OBJECT;
    if (mappings == NULL || (!one && first_of(mappings) == NULL)) {
        return fail_at(&c, c.root, err, "a mapping-collection needs mappings");
    }
    if (!find_resources(&c, err)) {
        return false;
    }
    for (const ob_json *at = one ? mappings : mappings->first; at != NULL;
         at = one ? NULL : at->next) {
        if (!read_mapping(&c, at, rationale, err)) {
            return false;
        }
    }
    return ob_statements_give(&c.list, arena, file, sink, err);
}

extern const ob_importer ob_importer_oscal;

const ob_importer ob_importer_oscal = {
    .id = "oscal-mapping",
    .title = "OSCAL mapping collections",
    .suffixes = ".json",
    .knows = knows,
    .read = read_collection,
};
