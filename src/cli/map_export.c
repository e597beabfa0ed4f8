/* SPDX-License-Identifier: Apache-2.0 */
/* ombud map export: the map in a form that others read. */
#include "cli/map.h"
#include "map/export.h"

#include <errno.h>
#include <ombud/text.h>
#include <sys/stat.h>

static const ob_exporter *choose(const ob_map_cli *cli, ob_err *err)
{
    const char *names[32];
    size_t count = ob_exporters_count < OB_COUNT(names) ? ob_exporters_count : OB_COUNT(names);
    const char *format = ob_args_text(cli->args, "format");
    for (size_t i = 0; i < count; i++) {
        names[i] = ob_exporters[i]->id;
    }
    const ob_exporter *exporter = format == NULL ? NULL : ob_exporter_named(format);
    if (exporter == NULL) {
        OB_AUTO(ob_buf) all = {.max = 1024};
        for (size_t i = 0; i < count; i++) {
            ob_buf_addf(&all, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", names[i]);
        }
        (void)ob_fail(err, OB_ERR_USAGE, "map export needs --format %.*s",
                      OB_SHOW(ob_buf_span(&all)));
    }
    return exporter;
}

typedef struct folder {
    const char *path;
    size_t files;
} folder;

static bool make_folder(const char *path, ob_err *err)
{
    struct stat info = {0};
    if (mkdir(path, 0777) == 0 || (stat(path, &info) == 0 && S_ISDIR(info.st_mode))) {
        return true;
    }
    int code = errno;
    return ob_fail_errno(err, code, "%.150s", path);
}

static bool take_file(void *ctx, ob_span path, ob_span text, ob_err *err)
{
    folder *f = ctx;
    OB_AUTO(ob_arena) scratch = {0};
    ob_span full = {0};
    ob_span above = {0};
    size_t slash = ob_span_find(path, OB_SPAN("/"), 0);
    if (!ob_arena_printf(&scratch, &full, err, "%s/%.*s", f->path, OB_SHOW(path)) ||
        !ob_arena_printf(&scratch, &above, err, "%s/%.*s", f->path,
                         OB_SHOW(ob_span_sub(path, 0, slash == SIZE_MAX ? 0 : slash))) ||
        !make_folder(f->path, err) || (slash != SIZE_MAX && !make_folder(above.ptr, err)) ||
        !ob_file_write(full.ptr, text, 0666, err)) {
        return false;
    }
    f->files++;
    return true;
}

static bool write_files(ob_map_cli *cli, const ob_exporter *exporter, const ob_export *e,
                        ob_err *err)
{
    folder f = {.path = ob_args_text(cli->args, "out")};
    const ob_export_sink sink = {take_file, &f};
    if (f.path == NULL) {
        return ob_fail(err, OB_ERR_USAGE, "--format %s needs --out DIR", exporter->id);
    }
    if (!exporter->write_files(e, &sink, err)) {
        return false;
    }
    (void)printf("%zu file%s in %s\n", f.files, f.files == 1 ? "" : "s", f.path);
    return true;
}

static int export_map(ob_map_cli *cli)
{
    ob_err err = {0};
    ob_statements statements __attribute__((cleanup(ob_statements_fini))) = {0};
    ob_store *store = cli->store.core == NULL ? NULL : &cli->store;
    const ob_export e = {
        .map = &cli->map, .store = store, .arena = &cli->arena, .statements = &statements};
    const ob_exporter *exporter = choose(cli, &err);
    if (exporter == NULL) {
        return ob_cli_usage("map", &err);
    }
    bool good = ob_statements_of(&statements, &cli->arena, &cli->map, store, &err) &&
                (exporter->write != NULL ? exporter->write(&e, &cli->out, &err)
                                         : write_files(cli, exporter, &e, &err));
    return good ? OB_EXIT_OK : ob_cli_fail(&err, false);
}

const ob_map_verb ob_map_verb_export = {.name = "export",
                                        .wants = OB_MAP_WANTS_MAP | OB_MAP_WANTS_CATALOGUE,
                                        .takes = "options only",
                                        .run = export_map};
