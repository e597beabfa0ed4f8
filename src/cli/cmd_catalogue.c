/* SPDX-License-Identifier: Apache-2.0 */
/* ombud catalogue: what there is to test, and whether the data hold together. */
#include "catalogue/catalogue.h"
#include "cli/cli.h"
#include "evaluate/test.h"

static int list(const ob_catalogue *c)
{
    (void)printf("%.*s: %zu threats, %zu requirements, %zu evaluations, %zu procedures\n\n",
                 OB_SHOW(c->title), c->threats_count, c->requirements_count, c->evaluations_count,
                 c->procedures_count);
    for (size_t i = 0; i < c->procedures_count; i++) {
        const ob_procedure *p = &c->procedures[i];
        const ob_requirement *r = ob_catalogue_evaluation(c, p->evaluation)->requirement;
        (void)printf("%-22.*s %-8.*s %-8.*s %-14.*s %.*s\n", OB_SHOW(p->id), OB_SHOW(p->evaluation),
                     OB_SHOW(r->id), OB_SHOW(ob_requirement_pillar(r)->id), OB_SHOW(p->title));
    }
    return OB_EXIT_OK;
}

static int check(const ob_catalogue *c)
{
    size_t bad = 0;
    size_t controls = 0;
    for (size_t i = 0; i < c->procedures_count; i++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_err err = {0};
        ob_test test = {0};
        controls += c->procedures[i].positive->count + c->procedures[i].negative->count;
        if (!ob_test_compile(&test, &arena, &c->procedures[i], &err) ||
            !ob_test_controls(&test, NULL, &err)) {
            (void)fprintf(stderr, "ombud: %s\n", err.text);
            bad++;
        }
    }
    (void)printf("%zu procedures, %zu controls, %zu with errors\n", c->procedures_count, controls,
                 bad);
    return bad == 0 ? OB_EXIT_OK : OB_EXIT_FOUND;
}

static int run_command(const ob_args *args)
{
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    ob_catalogue catalogue = {0};
    ob_span folder = {0};
    ob_input_folders folders = {0};
    const char *verb = args->words_count > 0 ? args->words[0] : "list";
    bool checks = strcmp(verb, "check") == 0;
    if ((!checks && strcmp(verb, "list") != 0) || args->words_count > 2) {
        (void)ob_fail(&err, OB_ERR_USAGE, "catalogue takes list or check [DIR]");
        return ob_cli_usage("catalogue", &err);
    }
    bool found = args->words_count == 2
                     ? ob_arena_dup(&arena, ob_span_str(args->words[1]), &folder, &err)
                     : ob_cli_catalogue(args, &arena, &folder, &err);
    if (!found) {
        return ob_cli_fail(&err, false);
    }
    if (!ob_cli_inputs(args, &arena, &folders, &err) ||
        !ob_catalogue_load_with(&catalogue, &arena, folder.ptr,
                                ob_span_str(ob_args_text(args, "profile")), &folders, &err)) {
        int status = ob_cli_fail(&err, false);
        return checks && err.kind == OB_ERR_INPUT ? OB_EXIT_FOUND : status;
    }
    return checks ? check(&catalogue) : list(&catalogue);
}

static const ob_option options[] = {
    {"catalogue", OB_OPTION_TEXT, false, "DIR", NULL, "folder of catalogues", NULL},
    {"inputs", OB_OPTION_TEXT, true, "DIR", NULL, "folder of your own inputs", NULL},
    {"profile", OB_OPTION_TEXT, false, "NAME", "ics", "which catalogue", NULL},
};

const ob_command ob_command_catalogue = {
    .name = "catalogue",
    .purpose = "show what can be tested, and check the data",
    .usage = "  ombud catalogue list\n  ombud catalogue check [DIR]\n",
    .examples = "  ombud catalogue list\n"
                "  ombud catalogue check\n"
                "  ombud catalogue check my-catalogues --profile ics\n",
    .options = options,
    .options_count = OB_COUNT(options),
    .notes = "check resolves every reference and runs the controls of every procedure.\n"
             "Exit status: 0 in order, 1 an error in the data, 2 wrong usage or input.\n",
    .run = run_command,
};
