/* SPDX-License-Identifier: Apache-2.0 */
/* ombud scan compile: the shipped rules and an operator's as one file that loads at once. */
#include "cli/cli.h"
#include "cli/scan.h"
#include "input/rules_yaml.h"

static void tell(void *ctx, const char *text)
{
    (void)ctx;
    (void)fprintf(stderr, "ombud: %s\n", text);
}

static int usage(ob_err *err, const char *text)
{
    (void)ob_fail(err, OB_ERR_USAGE, "%s", text);
    return ob_cli_usage("scan", err);
}

/* What scan takes and compile does not would be passed over in silence. */
static const char *misplaced(const ob_args *args)
{
    for (size_t i = 0; i < args->given_count; i++) {
        size_t option = args->given[i].option;
        const char *name = option < args->options_count ? args->options[option].name : "rules";
        if (strcmp(name, "rules") != 0 && strcmp(name, "out") != 0) {
            return name;
        }
    }
    return NULL;
}

static bool read_rules(const ob_args *args, ob_arena *arena, ob_rules_yaml *rules, ob_err *err)
{
    ob_problems problems = {.tell = tell};
    for (size_t i = 0; i < ob_args_count(args, "rules"); i++) {
        if (!ob_rules_yaml_load(rules, arena, ob_args_nth(args, "rules", i), &problems, err)) {
            return false;
        }
    }
    return problems.count == 0 || ob_fail(err, OB_ERR_INPUT,
                                          problems.count == 1 ? "1 mistake; nothing was written"
                                                              : "%zu mistakes; nothing was written",
                                          problems.count);
}

int ob_scan_compile(const ob_args *args)
{
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) file = {.max = OB_RULES_FILE_MAX};
    ob_rules_yaml rules = {0};
    const char *out = ob_args_count(args, "out") == 0 ? NULL : ob_args_text(args, "out");
    const char *other = misplaced(args);
    uint64_t began = ob_clock_ns();
    if (args->words_count > 1) {
        return usage(&err, "scan compile takes its rules with --rules FILE");
    }
    if (other != NULL) {
        (void)ob_fail(&err, OB_ERR_USAGE, "--%s is not for scan compile", other);
        return ob_cli_usage("scan", &err);
    }
    if (out == NULL) {
        return usage(&err, "scan compile needs --out FILE");
    }
    if (!obi_rules_machine(&err) || !read_rules(args, &arena, &rules, &err) ||
        !ob_rules_write(rules.rules, rules.count, &file, &err) ||
        !ob_cli_write(out, ob_buf_span(&file), &err)) {
        return ob_cli_fail(&err, false);
    }
    ob_cli_say(args, "%s: %zu shipped rules and %zu of yours, %zu KiB, compiled in %llu ms", out,
               obi_rules_shipped(), rules.count, file.len / 1024,
               (unsigned long long)((ob_clock_ns() - began) / 1000000));
    return OB_EXIT_OK;
}
