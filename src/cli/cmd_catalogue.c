/* SPDX-License-Identifier: Apache-2.0 */
/* ombud catalogue: what there is to test, as tables and documents, and whether the data hold
 * together. */
#include "catalogue/export.h"
#include "cli/catalogue_tables.h"
#include "cli/cli.h"
#include "evaluate/test.h"

#define OUTPUT_MAX ((size_t)32 << 20)

static int wrong(const char *text)
{
    ob_err err = {0};
    (void)ob_fail(&err, OB_ERR_USAGE, "%s", text);
    return ob_cli_usage("catalogue", &err);
}

static void tell(void *ctx, const char *text)
{
    (void)ctx;
    (void)fprintf(stderr, "ombud: %s\n", text);
}

/* All mistakes: those of the data, then those of the procedures' controls. */
static int check(const ob_catalogue_from *from)
{
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    ob_problems problems = {.tell = tell};
    ob_catalogue c = {0};
    ob_catalogue_from all = *from;
    size_t controls = 0;
    all.problems = &problems;
    if (!ob_catalogue_load(&c, &arena, &all, &err)) {
        return ob_cli_fail(&err, false);
    }
    for (size_t i = 0; i < c.procedures_count; i++) {
        OB_AUTO(ob_arena) own = {0};
        ob_test test = {0};
        controls += c.procedures[i].positive->count + c.procedures[i].negative->count;
        /* False without an error: told, and without an oracle there is nothing to control. */
        bool good = ob_test_compile_with(&test, &own, &c.procedures[i], &problems, &err) &&
                    ob_test_controls(&test, &problems, &err);
        if (!good && err.kind != OB_OK) {
            return ob_cli_fail(&err, false);
        }
    }
    (void)fflush(stderr);
    (void)printf("%zu threats, %zu requirements, %zu evaluations, %zu procedures, %zu controls: ",
                 c.threats_count, c.requirements_count, c.evaluations_count, c.procedures_count,
                 controls);
    (void)printf(problems.count == 0   ? "in order\n"
                 : problems.count == 1 ? "1 mistake\n"
                                       : "%zu mistakes\n",
                 problems.count);
    return problems.count == 0 ? OB_EXIT_OK : OB_EXIT_FOUND;
}

static int finish(const ob_args *args, const ob_buf *out)
{
    ob_err err = {0};
    const char *path = ob_args_text(args, "out");
    if (!ob_buf_check(out, "the output", &err) ||
        !ob_cli_write(path == NULL ? "-" : path, ob_buf_span(out), &err)) {
        return ob_cli_fail(&err, false);
    }
    return OB_EXIT_OK;
}

static int list(const ob_args *args, const ob_catalogue *c)
{
    OB_AUTO(ob_buf) out = {.max = OUTPUT_MAX};
    const char *kind = args->words_count > 1 ? args->words[1] : NULL;
    if (!ob_cli_catalogue_list(&out, c, kind, ob_args_flag(args, "json"))) {
        return wrong("list takes threats, requirements, evaluations, procedures, metrics, plans, "
                     "incidents, rubrics or sources");
    }
    return finish(args, &out);
}

static int coverage(const ob_args *args, const ob_catalogue *c)
{
    OB_AUTO(ob_buf) out = {.max = OUTPUT_MAX};
    ob_cli_catalogue_coverage(&out, c, ob_args_flag(args, "json"));
    return finish(args, &out);
}

static int show(const ob_args *args, const ob_catalogue *c)
{
    OB_AUTO(ob_buf) out = {.max = OUTPUT_MAX};
    ob_page page = {.out = &out, .catalogue = c, .field = {.max = 65536}};
    page.zh = strcmp(ob_args_text(args, "lang"), "zh") == 0;
    bool found = args->words_count == 2 && ob_catalogue_show(&page, ob_span_str(args->words[1]));
    ob_buf_fini(&page.field);
    if (args->words_count != 2) {
        return wrong("show takes one id");
    }
    if (!found) {
        ob_err err = {0};
        (void)ob_fail(&err, OB_ERR_USAGE, "nothing has the id '%.60s'; see ombud catalogue list",
                      args->words[1]);
        return ob_cli_fail(&err, false);
    }
    return finish(args, &out);
}

static int export_document(const ob_args *args, const ob_catalogue *c)
{
    const char *format = ob_args_text(args, "format");
    const char *lang = ob_args_text(args, "lang");
    bool html = strcmp(format, "html") == 0;
    OB_AUTO(ob_buf) out = {.max = OUTPUT_MAX};
    ob_page page = {.out = &out, .catalogue = c, .field = {.max = 65536}};
    if (args->words_count != 1 || (!html && strcmp(format, "markdown") != 0)) {
        return wrong("export takes --format markdown or --format html");
    }
    page.style = html ? OB_PAGE_HTML : OB_PAGE_MARKDOWN;
    page.zh = strcmp(lang, "zh") == 0;
    ob_catalogue_export(&page);
    ob_buf_fini(&page.field);
    return finish(args, &out);
}

static int run_command(const ob_args *args)
{
    static const char *const verbs[] = {"list", "show", "check", "coverage", "export"};
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    ob_catalogue c = {0};
    ob_span folder = {0};
    const char *lang = ob_args_text(args, "lang");
    ob_catalogue_from from = {.profile = ob_span_str(ob_args_text(args, "profile"))};
    int verb = args->words_count == 0
                   ? 0
                   : ob_text_index(ob_span_str(args->words[0]), verbs, OB_COUNT(verbs));
    if (verb < 0 || args->words_count > 2) {
        return wrong("catalogue takes list, show ID, check [DIR], coverage or export");
    }
    if (strcmp(lang, "en") != 0 && strcmp(lang, "zh") != 0) {
        return wrong("--lang is en or zh");
    }
    bool own = verb == 2 && args->words_count == 2;
    if (!(own ? ob_arena_dup(&arena, ob_span_str(args->words[1]), &folder, &err)
              : ob_cli_catalogue(args, &arena, &folder, &err)) ||
        !ob_cli_packs(args, &arena, &from, &err)) {
        return ob_cli_fail(&err, false);
    }
    from.folder = folder.ptr;
    if (verb == 2) {
        return check(&from);
    }
    if (!ob_catalogue_load(&c, &arena, &from, &err)) {
        return ob_cli_fail(&err, false);
    }
    switch (verb) {
    case 1:
        return show(args, &c);
    case 3:
        return coverage(args, &c);
    case 4:
        return export_document(args, &c);
    default:
        return list(args, &c);
    }
}

static const ob_option options[] = {
    {"catalogue", OB_OPTION_TEXT, false, "DIR", NULL, "folder of catalogues", NULL},
    {"format", OB_OPTION_TEXT, false, "markdown|html", "markdown", "of export", NULL},
    {"inputs", OB_OPTION_TEXT, true, "DIR", NULL, "folder of your own inputs", NULL},
    {"json", OB_OPTION_FLAG, false, NULL, NULL, "list and coverage as JSON", NULL},
    {"lang", OB_OPTION_TEXT, false, "en|zh", "en", "of export and show", NULL},
    {"out", OB_OPTION_TEXT, false, "FILE", NULL, "write there, not to standard output", NULL},
    {"procedures", OB_OPTION_TEXT, true, "DIR", NULL, "folder of further procedures", NULL},
    {"profile", OB_OPTION_TEXT, false, "NAME", "ics", "which catalogue", NULL},
};

const ob_command ob_command_catalogue = {
    .name = "catalogue",
    .purpose = "show what can be tested, and check the data",
    .usage = "  ombud catalogue list [KIND]\n  ombud catalogue show ID\n"
             "  ombud catalogue check [DIR]\n  ombud catalogue coverage\n"
             "  ombud catalogue export --format markdown|html\n",
    .examples = "  ombud catalogue show R-FE-01\n"
                "  ombud catalogue check my-catalogues --profile ics\n"
                "  ombud catalogue export --format html --lang zh --out ics.html\n",
    .options = options,
    .options_count = OB_COUNT(options),
    .notes = "KIND is threats, requirements, evaluations, procedures, metrics, plans,\n"
             "incidents, rubrics or sources. check follows every reference and runs the\n"
             "controls of every procedure; it names all mistakes, each with its place.\n"
             "coverage tells which procedure, and which weakness of the demo, belongs to\n"
             "which threat.\n"
             "Exit status: 0 in order, 1 a mistake in the data, 2 wrong usage or input.\n",
    .run = run_command,
};
