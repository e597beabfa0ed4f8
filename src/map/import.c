/* SPDX-License-Identifier: Apache-2.0 */
#include "map/import.h"

#include <ombud/text.h>

#define OB_IMPORTER(id) extern const ob_importer ob_importer_##id;
#include "map/importers.def"
#undef OB_IMPORTER
#define OB_IMPORTER(id) &ob_importer_##id,
const ob_importer *const ob_importers[] = {
#include "map/importers.def"
};
#undef OB_IMPORTER
const size_t ob_importers_count = OB_COUNT(ob_importers);

/* Readings wait here, so that a file that breaks in the middle gives none. */
typedef struct waiting {
    ob_arena *arena;
    ob_reading *items; /* heap */
    size_t count;
    size_t cap;
} waiting;

static bool wait_for(void *ctx, const ob_reading *reading, ob_err *err)
{
    waiting *w = ctx;
    void *items = w->items;
    ob_reading copy = *reading;
    if (!ob_array_grow(&items, &w->cap, w->count, sizeof *w->items, 1000000, err)) {
        return false;
    }
    w->items = items;
    if (!ob_arena_dup(w->arena, reading->kind, &copy.kind, err) ||
        !ob_arena_dup(w->arena, reading->subject, &copy.subject, err) ||
        !ob_arena_dup(w->arena, reading->day, &copy.day, err) ||
        !ob_arena_dup(w->arena, reading->source, &copy.source, err) ||
        !ob_arena_dup(w->arena, reading->body, &copy.body, err)) {
        return false;
    }
    w->items[w->count++] = copy;
    return true;
}

bool ob_reading_give(const ob_import_file *file, const ob_import_sink *sink, ob_span kind,
                     ob_span subject, const ob_digest *digest, const ob_buf *body, ob_err *err)
{
    char day[OB_DAY_TEXT_MAX];
    ob_day_write(file->day, day);
    ob_reading reading = {.kind = kind,
                          .subject = subject,
                          .day = ob_span_str(day),
                          .source = file->name,
                          .body = ob_buf_span(body)};
    if (digest != NULL) {
        reading.digest = *digest;
    } else if (!ob_sha256(&file->bytes, 1, &reading.digest, err)) {
        return false;
    }
    return ob_buf_check(body, "a reading", err) && sink->take(sink->ctx, &reading, err);
}

/* The importer that is named, or the first that knows the file; the page is made when it is needed.
 */
static bool choose(const char *id, ob_import_file *file, ob_page_text *page, ob_arena *arena,
                   const ob_importer **chosen, ob_err *err)
{
    *chosen = NULL;
    for (size_t i = 0; i < ob_importers_count && *chosen == NULL; i++) {
        const ob_importer *importer = ob_importers[i];
        if (id != NULL && strcmp(id, importer->id) != 0) {
            continue;
        }
        if (importer->pages && file->page == NULL) {
            if (!ob_page_read(page, arena, file->name, file->bytes, err)) {
                return false;
            }
            file->page = page;
        }
        *chosen = id != NULL || importer->knows(file) ? importer : NULL;
    }
    return true;
}

bool ob_import(const char *id, const ob_import_file *file, const ob_import_sink *sink, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {.cap = (size_t)2 << 30}; /* trees are larger than their files */
    waiting w = {.arena = &arena};
    const ob_import_sink hold = {wait_for, &w};
    ob_import_file with_page = *file;
    ob_page_text page = {0};
    const ob_importer *importer = NULL;
    if (!choose(id, &with_page, &page, &arena, &importer, err)) {
        return false;
    }
    if (importer == NULL) {
        ob_page_text named = {.name = file->name};
        return ob_page_fail(&named, 1, err,
                            "neither a page of the ITU-T work programme nor the summary of a "
                            "meeting, nor JSON, OSCAL, OLIR, SSSOM, CSV, RIS or BibTeX");
    }
    bool good = importer->read(&with_page, &arena, &hold, err);
    for (size_t i = 0; good && i < w.count; i++) {
        good = sink->take(sink->ctx, &w.items[i], err);
    }
    ob_mem_free(w.items);
    return good;
}
