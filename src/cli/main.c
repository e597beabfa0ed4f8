/* SPDX-License-Identifier: Apache-2.0 */
/* ombud: finds the command and hands over. */
#include "cli/cli.h"

#include <ombud/text.h>

static const ob_command *const commands[] = {
    &ob_command_catalogue, &ob_command_demo,   &ob_command_evaluate,
    &ob_command_judge,     &ob_command_report, &ob_command_selftest,
};

static void print_help(void)
{
    (void)fputs("ombud: tests whether a customer service is secure, with evidence\n\nUsage:\n"
                "  ombud COMMAND [options] [arguments]\n\nCommands:\n",
                stdout);
    for (size_t i = 0; i < OB_COUNT(commands); i++) {
        (void)printf("  %-10s %s\n", commands[i]->name, commands[i]->purpose);
    }
    (void)fputs("  help       show the help of a command\n\n"
                "Start with 'ombud demo': it runs a fictional service, evaluates it and\n"
                "writes a report. 'ombud COMMAND --help' tells more; --version the version.\n",
                stdout);
}

static const ob_command *find(const char *name)
{
    for (size_t i = 0; i < OB_COUNT(commands); i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

static int unknown(const char *name)
{
    const char *names[OB_COUNT(commands)];
    ob_err err = {0};
    for (size_t i = 0; i < OB_COUNT(commands); i++) {
        names[i] = commands[i]->name;
    }
    const char *near = ob_text_nearest(ob_span_str(name), names, OB_COUNT(names));
    (void)ob_fail(&err, OB_ERR_USAGE, "unknown command '%.40s'%s%s%s", name,
                  near == NULL ? "" : ", did you mean '", near == NULL ? "" : near,
                  near == NULL ? "" : "'?");
    return ob_cli_usage(NULL, &err);
}

static int flush(int status)
{
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        (void)fputs("ombud: cannot write to standard output\n", stderr);
        return status == OB_EXIT_OK ? OB_EXIT_BUG : status;
    }
    return status;
}

int main(int argc, char **argv)
{
    ob_err err = {0};
    ob_args args;
    const char *name = argc > 1 ? argv[1] : "help";
    if (strcmp(name, "--version") == 0) {
        (void)puts("ombud " OB_VERSION);
        return flush(OB_EXIT_OK);
    }
    if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        const ob_command *of = argc > 2 ? find(argv[2]) : NULL;
        if (argc > 2 && of == NULL) {
            return unknown(argv[2]);
        }
        if (of != NULL) {
            ob_command_help(of);
        } else {
            print_help();
        }
        return flush(OB_EXIT_OK);
    }
    const ob_command *command = find(name);
    if (command == NULL) {
        return unknown(name);
    }
    if (!ob_args_parse(&args, command->options, command->options_count, argc - 2, argv + 2, &err)) {
        return ob_cli_usage(command->name, &err);
    }
    if (args.help) {
        ob_command_help(command);
        return flush(OB_EXIT_OK);
    }
    return flush(command->run(&args));
}
