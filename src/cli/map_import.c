/* SPDX-License-Identifier: Apache-2.0 */
/* ombud map import: saved pages become readings of the store. */
#include "cli/map.h"
#include "map/import.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#define FILES_MAX  1000000
#define DEPTH_MAX  16
#define SOURCE_MAX ((size_t)64 << 20)

typedef struct work {
    ob_map_cli *cli;
    char **paths; /* heap, each its own */
    size_t count;
    size_t cap;
    size_t added;
    size_t known;
    size_t unread;
    size_t skipped;
    ob_buf problems; /* what could not be read and why: items of a JSON array */
} work;

static void work_fini(work *w)
{
    for (size_t i = 0; i < w->count; i++) {
        ob_mem_free(w->paths[i]);
    }
    ob_mem_free(w->paths);
    ob_buf_fini(&w->problems);
}

static bool add_path(work *w, ob_span path, ob_err *err)
{
    void *paths = w->paths;
    if (!ob_array_grow(&paths, &w->cap, w->count, sizeof *w->paths, FILES_MAX, err)) {
        return false;
    }
    w->paths = paths;
    char *copy = ob_mem_new(path.len + 1);
    if (copy == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for names of files");
    }
    (void)memcpy(copy, path.ptr, path.len);
    copy[path.len] = '\0';
    w->paths[w->count++] = copy;
    return true;
}

/* Tables and JSON of all kinds lie in folders; those that are ours are known by how they begin. One
 * that cannot be read is wanted, so that this is told. */
static bool is_known(const ob_importer *importer, ob_span path)
{
    OB_AUTO(ob_buf) bytes = {.max = SOURCE_MAX};
    ob_err err = {0};
    bool read = ob_file_read(path.ptr, &bytes, &err);
    const ob_import_file file = {.name = path, .bytes = ob_buf_span(&bytes)};
    return !read || importer->knows(&file);
}

/* Names that an importer asks for; addresses as names ("wp_item.aspx?isn=1") are pages, too. */
static bool is_wanted(ob_span name)
{
    if (ob_span_find_nocase(name, OB_SPAN(".aspx"), 0) != SIZE_MAX) {
        return true;
    }
    for (size_t i = 0; i < ob_importers_count; i++) {
        ob_span rest = ob_span_str(ob_importers[i]->suffixes);
        ob_span suffix = {0};
        while (ob_span_cut(&rest, ' ', &suffix)) {
            size_t at = name.len > suffix.len ? name.len - suffix.len : name.len;
            if (ob_span_is_nocase(ob_span_sub(name, at, name.len), suffix) &&
                (ob_importers[i]->pages || is_known(ob_importers[i], name))) {
                return true;
            }
        }
    }
    return false;
}

static int compare_entries(const void *a, const void *b)
{
    return ob_span_compare(*(const ob_span *)a, *(const ob_span *)b);
}

static bool collect(work *w, ob_span path, unsigned depth, ob_err *err);

/* The entries of a folder, sorted, so that the same folder is read in the same order everywhere. */
static bool collect_folder(work *w, ob_span path, unsigned depth, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_span *names = NULL;
    size_t count = 0;
    size_t cap = 0;
    DIR *dir = opendir(path.ptr);
    int code = errno;
    bool good = dir != NULL && depth < DEPTH_MAX;
    if (!good) {
        (void)(dir == NULL ? ob_fail_errno(err, code, "%.150s", path.ptr)
                           : ob_fail(err, OB_ERR_LIMIT, "%.150s: more than %d folders deep",
                                     path.ptr, DEPTH_MAX));
    }
    for (struct dirent *e = NULL; good && (e = readdir(dir)) != NULL;) { /* NOLINT: one thread */
        void *items = names;
        if (e->d_name[0] == '.') {
            continue;
        }
        good = ob_array_grow(&items, &cap, count, sizeof *names, FILES_MAX, err);
        names = items;
        good = good && ob_arena_printf(&arena, &names[count], err, "%s/%s", path.ptr, e->d_name);
        count += good;
    }
    if (dir != NULL) {
        (void)closedir(dir);
    }
    if (good && count > 0) {
        qsort(names, count, sizeof *names, compare_entries);
    }
    for (size_t i = 0; good && i < count; i++) {
        good = collect(w, names[i], depth + 1, err);
    }
    ob_mem_free(names);
    return good;
}

/* depth 0: named by the user, so taken whatever its name is. */
static bool collect(work *w, ob_span path, unsigned depth, ob_err *err)
{
    struct stat info = {0};
    if (stat(path.ptr, &info) != 0) {
        int code = errno;
        return ob_fail_errno(err, code, "%.150s", path.ptr);
    }
    if (S_ISDIR(info.st_mode)) {
        return collect_folder(w, path, depth, err);
    }
    if (depth > 0 && (!is_wanted(path) || !S_ISREG(info.st_mode))) {
        w->skipped++;
        return true;
    }
    return add_path(w, path, err);
}

static bool take(void *ctx, const ob_reading *reading, ob_err *err)
{
    work *w = ctx;
    bool added = false;
    /* The store is opened with the first reading: pages that are all broken leave none behind. */
    if (w->cli->store.core == NULL &&
        (!ob_map_open_store(w->cli, true, err) || !ob_store_readings_begin(&w->cli->store, err))) {
        return false;
    }
    if (!ob_store_reading_add(&w->cli->store, reading, &added, err)) {
        return false;
    }
    w->added += added;
    w->known += !added;
    return true;
}

/* One file; what is wrong with it is told, and the others go on. */
static bool import_file(work *w, const char *path, ob_err *err)
{
    OB_AUTO(ob_buf) bytes = {.max = SOURCE_MAX};
    const ob_import_sink sink = {take, w};
    bool good = ob_file_read(path, &bytes, err);
    ob_import_file file = {
        .name = ob_span_str(path), .bytes = ob_buf_span(&bytes), .day = w->cli->as_of};
    good = good && ob_import(NULL, &file, &sink, err);
    if (!good &&
        (err->kind == OB_ERR_INPUT || err->kind == OB_ERR_LIMIT || err->kind == OB_ERR_IO)) {
        w->unread++;
        (void)fprintf(stderr, "ombud: %s\n", err->text);
        ob_buf_add_str(&w->problems, w->problems.len > 0 ? "," : "");
        ob_buf_add_json(&w->problems, ob_span_str(err->text));
        *err = (ob_err){0};
        return true;
    }
    return good;
}

static bool import_all(work *w, ob_err *err)
{
    ob_store *store = &w->cli->store;
    for (size_t i = 0; i < w->count; i++) {
        if (!import_file(w, w->paths[i], err)) {
            if (store->core != NULL) {
                ob_store_readings_rollback(store);
            }
            return false;
        }
    }
    return store->core == NULL || ob_store_readings_commit(store, err);
}

static void plural(ob_buf *out, size_t count, const char *one, const char *more)
{
    ob_buf_addf(out, "%zu %s", count, count == 1 ? one : more);
}

static void report(const work *w, ob_buf *out)
{
    char day[OB_DAY_TEXT_MAX];
    ob_day_write(w->cli->as_of, day);
    if (ob_args_flag(w->cli->args, "json")) {
        ob_buf_addf(out,
                    "{\"format\":\"ombud.map.import\",\"version\":1,\"as_of\":\"%s\",\"files\":%zu,"
                    "\"added\":%zu,\"known\":%zu,\"unread\":%zu,\"skipped\":%zu,\"problems\":[",
                    day, w->count, w->added, w->known, w->unread, w->skipped);
        ob_buf_add(out, ob_buf_span(&w->problems));
        ob_buf_add_str(out, "]}\n");
        return;
    }
    plural(out, w->count, "file: ", "files: ");
    plural(out, w->added, "new reading", "new readings");
    ob_buf_addf(out, ", %zu known already, ", w->known);
    plural(out, w->unread, "file", "files");
    ob_buf_add_str(out, " could not be read");
    if (w->skipped > 0) {
        ob_buf_addf(out, "; %zu passed over, which are no pages", w->skipped);
    }
    ob_buf_addf(out, "\nread on %s\n", day);
}

static int import(ob_map_cli *cli)
{
    ob_err err = {0};
    work w
        __attribute__((cleanup(work_fini))) = {.cli = cli, .problems = {.max = OB_MAP_OUTPUT_MAX}};
    for (size_t i = 1; i < cli->args->words_count; i++) {
        if (!collect(&w, ob_span_str(cli->args->words[i]), 0, &err)) {
            return ob_cli_fail(&err, false);
        }
    }
    if (w.count == 0) {
        (void)ob_fail(&err, OB_ERR_USAGE, "no page among what was named");
        return ob_cli_fail(&err, false);
    }
    if (!import_all(&w, &err)) {
        return ob_cli_fail(&err, false);
    }
    report(&w, &cli->out);
    return w.unread == 0 ? OB_EXIT_OK : OB_EXIT_USAGE;
}

const ob_map_verb ob_map_verb_import = {.name = "import",
                                        .words_min = 1,
                                        .words_max = SIZE_MAX,
                                        .takes = "files or folders",
                                        .run = import};
