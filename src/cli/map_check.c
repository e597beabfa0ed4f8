/* SPDX-License-Identifier: Apache-2.0 */
/* ombud map check: every mistake of a landscape, with its place; and ombud map compile. */
#include "cli/map.h"

static void tell(void *ctx, const char *text)
{
    (void)ctx;
    (void)fprintf(stderr, "ombud: %s\n", text);
}

static int check(ob_map_cli *cli)
{
    ob_err err = {0};
    ob_problems problems = {.tell = tell};
    ob_span folder = cli->args->words_count > 1 ? ob_map_word(cli, 0) : cli->folder;
    ob_span catalogues = {0};
    ob_catalogue_from catalogue = {.profile = ob_span_str(ob_args_text(cli->args, "profile"))};
    ob_map_from from = {.folder = folder.ptr, .as_of = cli->as_of, .problems = &problems};
    if (!ob_cli_catalogue(cli->args, &cli->arena, &catalogues, &err)) {
        return ob_cli_fail(&err, false);
    }
    /* Readings are compared with the files where somebody names their store. */
    if (ob_args_count(cli->args, "store") > 0) {
        if (!ob_map_open_store(cli, false, &err)) {
            return ob_cli_fail(&err, false);
        }
        from.store = &cli->store;
    }
    catalogue.folder = catalogues.ptr;
    from.catalogue = &cli->catalogue;
    if (!ob_catalogue_load(&cli->catalogue, &cli->arena, &catalogue, &err) ||
        !ob_map_load(&cli->map, &cli->arena, &from, &err)) {
        return ob_cli_fail(&err, false);
    }
    (void)fflush(stderr);
    const ob_map *m = &cli->map;
    ob_buf_addf(&cli->out,
                "%u bodies, %u activities, %u external, %u meetings, %u topics, %u relations, "
                "%u requirements on %u clauses: ",
                m->bodies_count, m->inside_count, m->activities_count - m->inside_count,
                m->meetings_count, m->topics_count, m->relations_count, m->requirements_count,
                m->clauses_count);
    if (problems.count == 0) {
        ob_buf_add_str(&cli->out, "in order\n");
    } else {
        ob_buf_addf(&cli->out, "%zu mistake%s\n", problems.count, problems.count == 1 ? "" : "s");
    }
    return problems.count == 0 ? OB_EXIT_OK : OB_EXIT_FOUND;
}

const ob_map_verb ob_map_verb_check = {.name = "check",
                                       .wants = OB_MAP_WANTS_FOLDER,
                                       .words_max = 1,
                                       .takes = "no more than the folder of a landscape",
                                       .run = check};

static int compile(ob_map_cli *cli)
{
    ob_err err = {0};
    ob_span folder = cli->args->words_count > 1 ? ob_map_word(cli, 0) : cli->folder;
    if (ob_args_text(cli->args, "out") == NULL) {
        (void)ob_fail(&err, OB_ERR_USAGE, "map compile needs --out FILE");
        return ob_cli_usage("map", &err);
    }
    return ob_map_pack(&cli->out, folder.ptr, &err) ? OB_EXIT_OK : ob_cli_fail(&err, false);
}

const ob_map_verb ob_map_verb_compile = {.name = "compile",
                                         .wants = OB_MAP_WANTS_FOLDER,
                                         .words_max = 1,
                                         .takes = "no more than the folder of a landscape",
                                         .run = compile};
