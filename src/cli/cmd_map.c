/* SPDX-License-Identifier: Apache-2.0 */
/* ombud map: who standardizes what. Opens what a verb needs and hands over. */
#include "cli/map.h"

#include <sys/stat.h>
#include <unistd.h>

#define PACK "landscape.pack"

#define OB_MAP_VERB(id) &ob_map_verb_##id,
static const ob_map_verb *const verbs[] = {
#include "cli/map_verbs.def"
};
#undef OB_MAP_VERB

static void cli_fini(ob_map_cli *cli)
{
    ob_store_close(&cli->store);
    ob_buf_fini(&cli->pack_bytes);
    ob_buf_fini(&cli->out);
    ob_arena_fini(&cli->arena);
}

ob_span ob_map_word(const ob_map_cli *cli, size_t i)
{
    return i + 1 < cli->args->words_count ? ob_span_str(cli->args->words[i + 1]) : (ob_span){0};
}

bool ob_map_argument(ob_map_cli *cli, ob_span text, uint32_t *activity, ob_err *err)
{
    ob_span near = {0};
    OB_AUTO(ob_buf) shown = {.max = 1024};
    if (!ob_map_find(&cli->map, text, activity, err)) {
        return false;
    }
    if (*activity != OB_NONE) {
        return true;
    }
    if (!ob_map_near(&cli->map, &cli->arena, text, &near, err)) {
        return false;
    }
    ob_buf_add_shown(&shown, text, 60);
    return ob_fail(err, OB_ERR_USAGE, "nothing has the id '%.*s'%s%.*s%s",
                   OB_SHOW(ob_buf_span(&shown)),
                   near.len > 0 ? "; did you mean '" : "; 'ombud map search' looks for words",
                   OB_SHOW(near), near.len > 0 ? "'?" : "");
}

static bool is_there(const char *path, bool folder)
{
    struct stat info = {0};
    return stat(path, &info) == 0 && (S_ISDIR(info.st_mode) == folder);
}

/* The folder of the program, then two up: a build folder lies in the sources. */
static bool beside(ob_arena *arena, int up, const char *name, ob_span *path, ob_err *err)
{
    char self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    self[length > 0 ? length : 0] = '\0';
    for (int i = 0; i <= up && strrchr(self, '/') != NULL; i++) {
        *strrchr(self, '/') = '\0';
    }
    return ob_arena_printf(arena, path, err, "%s/%s", self, name);
}

static bool find_folder(ob_map_cli *cli, ob_err *err)
{
    const char *given = ob_args_text(cli->args, "landscape");
    if (given != NULL) {
        return ob_arena_dup(&cli->arena, ob_span_str(given), &cli->folder, err) &&
               (is_there(given, true) ||
                ob_fail(err, OB_ERR_USAGE, "--landscape: %.100s is no folder", given));
    }
    if (!beside(&cli->arena, 2, "landscape", &cli->folder, err)) {
        return false;
    }
    if (is_there(cli->folder.ptr, true)) {
        return true;
    }
    return ob_arena_dup(&cli->arena, OB_SPAN(OB_DATADIR "/landscape"), &cli->folder, err) &&
           (is_there(cli->folder.ptr, true) ||
            ob_fail(err, OB_ERR_INPUT, "no landscape at %s; name one with --landscape DIR",
                    cli->folder.ptr));
}

/* A pack saves time and nothing else: one that cannot be read is passed over. */
static bool open_pack(ob_map_cli *cli, ob_err *err)
{
    ob_span path = {0};
    ob_err unread = {0};
    if (!beside(&cli->arena, 0, PACK, &path, err)) {
        return false;
    }
    if (!is_there(path.ptr, false)) {
        path = OB_SPAN(OB_DATADIR "/" PACK);
    }
    if (is_there(path.ptr, false) && ob_file_read(path.ptr, &cli->pack_bytes, &unread)) {
        ob_yaml_pack_open(&cli->pack, ob_buf_span(&cli->pack_bytes));
    }
    return true;
}

bool ob_map_open_store(ob_map_cli *cli, bool write, ob_err *err)
{
    const char *path = ob_args_text(cli->args, "store");
    bool named = ob_args_count(cli->args, "store") > 0;
    /* Nobody has to have a store; one that is named must be there. */
    if (!write && !named && !is_there(path, false)) {
        return true;
    }
    return ob_store_open(&cli->store, path, !write, err);
}

static bool read_as_of(ob_map_cli *cli, ob_err *err)
{
    const char *text = ob_args_text(cli->args, "as-of");
    if (text == NULL) {
        cli->as_of = ob_day_of_ms(ob_clock_wall_ms());
        return true;
    }
    return (ob_day_read(ob_span_str(text), &cli->as_of) && cli->as_of % 100 != 0) ||
           ob_fail(err, OB_ERR_USAGE, "--as-of is a day such as 2026-11-24, not '%.40s'", text);
}

/* "X.1452#10.2", "R-FE-07": what only a catalogue knows. */
static bool names_clause(ob_span word)
{
    return ob_span_find(word, OB_SPAN("#"), 0) != SIZE_MAX ||
           ob_span_is_nocase(ob_span_sub(word, 0, 2), OB_SPAN("R-"));
}

static bool open_map(ob_map_cli *cli, const ob_map_verb *verb, ob_err *err)
{
    ob_map_from from = {.pack = &cli->pack, .as_of = cli->as_of};
    bool clause = (verb->wants & OB_MAP_WANTS_CLAUSES) != 0 && names_clause(ob_map_word(cli, 0));
    if (clause || (verb->wants & OB_MAP_WANTS_CATALOGUE) != 0) {
        ob_span folder = {0};
        ob_catalogue_from catalogue = {.profile = ob_span_str(ob_args_text(cli->args, "profile"))};
        if (!ob_cli_catalogue(cli->args, &cli->arena, &folder, err)) {
            return false;
        }
        catalogue.folder = folder.ptr;
        if (!ob_catalogue_load(&cli->catalogue, &cli->arena, &catalogue, err)) {
            return false;
        }
        from.catalogue = &cli->catalogue;
    }
    if (!open_pack(cli, err) || !find_folder(cli, err) || !ob_map_open_store(cli, false, err)) {
        return false;
    }
    from.folder = cli->folder.ptr;
    from.store = cli->store.core == NULL ? NULL : &cli->store;
    return ob_map_load(&cli->map, &cli->arena, &from, err);
}

static int finish(ob_map_cli *cli, int status)
{
    ob_err err = {0};
    const char *path = ob_args_text(cli->args, "out");
    if (cli->out.len == 0 && cli->out.bad == OB_OK) {
        return status;
    }
    if (!ob_buf_check(&cli->out, "the output", &err) ||
        !ob_cli_write(path == NULL ? "-" : path, ob_buf_span(&cli->out), &err)) {
        return ob_cli_fail(&err, false);
    }
    return status;
}

static const ob_map_verb *find_verb(const ob_args *args, ob_err *err)
{
    const char *names[OB_COUNT(verbs)];
    const char *word = args->words_count > 0 ? args->words[0] : "";
    for (size_t i = 0; i < OB_COUNT(verbs); i++) {
        names[i] = verbs[i]->name;
        if (strcmp(word, verbs[i]->name) == 0) {
            return verbs[i];
        }
    }
    const char *near = ob_text_nearest(ob_span_str(word), names, OB_COUNT(names));
    (void)ob_fail(err, OB_ERR_USAGE, "map takes a verb such as show, list or check%s%s%s",
                  near == NULL ? "" : "; did you mean '", near == NULL ? "" : near,
                  near == NULL ? "" : "'?");
    return NULL;
}

static int run_command(const ob_args *args)
{
    ob_err err = {0};
    const ob_map_verb *verb = find_verb(args, &err);
    if (verb == NULL) {
        return ob_cli_usage("map", &err);
    }
    size_t words = args->words_count - 1;
    if (words < verb->words_min || words > verb->words_max) {
        (void)ob_fail(&err, OB_ERR_USAGE, "map %s takes %s", verb->name, verb->takes);
        return ob_cli_usage("map", &err);
    }
    ob_map_cli cli __attribute__((cleanup(cli_fini))) = {
        .args = args, .pack_bytes = {.max = OB_YAML_PACK_MAX}, .out = {.max = OB_MAP_OUTPUT_MAX}};
    if (!read_as_of(&cli, &err)) {
        return ob_cli_usage("map", &err);
    }
    bool good = (verb->wants & OB_MAP_WANTS_MAP) != 0      ? open_map(&cli, verb, &err)
                : (verb->wants & OB_MAP_WANTS_FOLDER) != 0 ? find_folder(&cli, &err)
                                                           : true;
    return good ? finish(&cli, verb->run(&cli)) : ob_cli_fail(&err, false);
}

static const ob_option options[] = {
    {"all", OB_OPTION_FLAG, false, NULL, NULL, "every row, not only the first ones", NULL},
    {"as-of", OB_OPTION_TEXT, false, "DATE", NULL, "the day to look from; default today", NULL},
    {"body", OB_OPTION_TEXT, false, "ID", NULL, "of this body and those below it", NULL},
    {"catalogue", OB_OPTION_TEXT, false, "DIR", NULL, "folder of catalogues", NULL},
    {"format", OB_OPTION_TEXT, false, "FORM", NULL, "export, paper: the form to write", NULL},
    {"fresh", OB_OPTION_NUMBER, false, "DAYS", "180", "gaps, paper: older data prove nothing",
     NULL},
    {"json", OB_OPTION_FLAG, false, NULL, NULL, "as JSON", NULL},
    {"kind", OB_OPTION_TEXT, false, "TEXT", NULL, "list: kinds with this text; gaps: standard, ...",
     NULL},
    {"landscape", OB_OPTION_TEXT, false, "DIR", NULL, "folder of the landscape", NULL},
    {"meeting", OB_OPTION_TEXT, false, "ID", NULL, "paper: to this meeting, or its first day",
     NULL},
    {"most", OB_OPTION_NUMBER, false, "N", "50", "suggest: no more than so many new ones", NULL},
    {"note", OB_OPTION_TEXT, false, "TEXT", NULL, "accept, reject: why", NULL},
    {"out", OB_OPTION_TEXT, false, "FILE", NULL, "write there, not to standard output", NULL},
    {"profile", OB_OPTION_TEXT, false, "NAME", "ics", "which catalogue", NULL},
    {"question", OB_OPTION_TEXT, false, "Q", NULL, "list: of this Question, such as Q7/17", NULL},
    {"rationale", OB_OPTION_TEXT, false, "syntactic|semantic|functional", NULL,
     "accept: what was compared", NULL},
    {"reviewer", OB_OPTION_TEXT, false, "NAME", NULL, "accept, reject: who says so", NULL},
    {"set", OB_OPTION_TEXT, false, "subset|superset|equal|intersects|none", NULL,
     "accept: what the first is of the other", NULL},
    {"since", OB_OPTION_TEXT, false, "DATE", NULL,
     "diff, timeline, report, paper: from this day on", NULL},
    {"status", OB_OPTION_TEXT, false, "TEXT", NULL, "list: open, a stage, or a text of the status",
     NULL},
    {"steps", OB_OPTION_NUMBER, false, "N", "4", "path: at most so many relations", NULL},
    {"store", OB_OPTION_TEXT, false, "FILE", "ombud.db", "store of readings", NULL},
    {"strength", OB_OPTION_NUMBER, false, "N", NULL, "accept: 0 to 10", NULL},
    {"to", OB_OPTION_TEXT, false, "ID", NULL, "paper liaison: to this body", NULL},
    {"topic", OB_OPTION_TEXT, true, "ID", NULL, "with this topic", NULL},
    {"until", OB_OPTION_TEXT, false, "DATE", NULL, "timeline: up to this day", NULL},
    {"with", OB_OPTION_TEXT, false, "ID", NULL, "overlaps: with this body only", NULL},
};

const ob_command ob_command_map = {
    .name = "map",
    .purpose = "show who standardizes what, and keep it up to date",
    .usage = "  ombud map show ID\n  ombud map list\n  ombud map search WORD...\n"
             "  ombud map gaps|overlaps|timeline\n  ombud map partners --body ID\n"
             "  ombud map path A B\n  ombud map coverage [ID]\n"
             "  ombud map diff --since DATE\n  ombud map paper KIND\n"
             "  ombud map suggest\n  ombud map accept|reject ID --reviewer NAME\n"
             "  ombud map import FILE|DIR...\n  ombud map export --format FORM\n"
             "  ombud map report --out FILE.html\n  ombud map check [DIR]\n"
             "  ombud map compile --out FILE [DIR]\n",
    .examples = "  ombud map list --body SG17 --status open\n"
                "  ombud map overlaps --body SG17 --with SG21\n"
                "  ombud map import --as-of 2026-11-24 pages/\n"
                "  ombud map diff --since 2026-10-31\n",
    .options = options,
    .options_count = OB_COUNT(options),
    .notes = "An ID may be written in any way, with or without ITU-T, and may be a former\n"
             "one, or that of a meeting such as sg17-2026-06. import takes saved pages of\n"
             "the ITU-T work programme and summaries of meetings, as text or HTML; mappings\n"
             "as OSCAL, OLIR, SSSOM, CSV or JSON; lists of documents as CSV, RIS or BibTeX;\n"
             "--as-of is the day on which they were read. Every reading is kept. The stages\n"
             "that --status takes: new, study, last-call, carried, approved, published,\n"
             "continuous, superseded, stopped, unknown.\n"
             "export writes csv, graphml, json, olir, oscal-mapping, sssom or yaml; paper\n"
             "writes markdown, html, json or, by pandoc, docx. The meeting of a paper is the\n"
             "next plenary if none is named.\n"
             "gaps claims nothing from data that are older than --fresh. suggest keeps its\n"
             "suggestions in the store; none is in an answer before somebody accepts it.\n"
             "The papers are activity-report, call, digest, liaison --to ID, strategy, swot\n"
             "and tor; each sentence names the ids that bear it out.\n"
             "compile writes the form that makes commands start fast.\n"
             "Exit status: 0 done, 1 check found a mistake, 2 wrong usage or input.\n",
    .run = run_command,
};
