/* SPDX-License-Identifier: Apache-2.0 */
/* ombud: finds the command and hands over. */
#include "cli/cli.h"
#include "cli/pages.h"

#include <ombud/text.h>

#include <signal.h>

#define OB_COMMAND(id) &ob_command_##id,
const ob_command *const ob_commands[] = {
#include "cli/all.def"
};
#undef OB_COMMAND
const size_t ob_commands_count = OB_COUNT(ob_commands);

static void print_help(void)
{
    (void)fputs("ombud: tests whether a customer service is secure, with evidence\n\nUsage:\n"
                "  ombud COMMAND [options] [arguments]\n\nCommands:\n",
                stdout);
    for (size_t i = 0; i < OB_COUNT(ob_commands); i++) {
        (void)printf("  %-10s %s\n", ob_commands[i]->name, ob_commands[i]->purpose);
    }
    (void)fputs("  help       show the help of a command; --format man: its manual page\n\n"
                "Start with 'ombud demo': it runs a fictional service, evaluates it and\n"
                "writes a report. 'ombud COMMAND --help' tells more; --version the version.\n",
                stdout);
}

static const ob_command *find(const char *name)
{
    for (size_t i = 0; i < OB_COUNT(ob_commands); i++) {
        if (strcmp(ob_commands[i]->name, name) == 0) {
            return ob_commands[i];
        }
    }
    return NULL;
}

static int unknown(const char *name)
{
    const char *names[OB_COUNT(ob_commands)];
    ob_err err = {0};
    for (size_t i = 0; i < OB_COUNT(ob_commands); i++) {
        names[i] = ob_commands[i]->name;
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
        return status == OB_EXIT_OK ? OB_EXIT_UNDECIDED : status;
    }
    return status;
}

/* ombud help [COMMAND [--format man]]; argv begins behind the word help. */
static int help(int argc, char **argv)
{
    if (argc == 1 && (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "help") == 0)) {
        argc = 0;
    }
    const ob_command *of = argc > 0 ? find(argv[0]) : NULL;
    ob_err err = {0};
    bool man = argc == 3 && strcmp(argv[1], "--format") == 0 && strcmp(argv[2], "man") == 0;
    if (argc > 0 && of == NULL) {
        return unknown(argv[0]);
    }
    if (argc > 1 && !man) {
        (void)ob_fail(&err, OB_ERR_USAGE, "help takes a command, and perhaps --format man");
        return ob_cli_usage(NULL, &err);
    }
    if (man) {
        OB_AUTO(ob_buf) page = {.max = 1 << 20};
        ob_page_man(&page, of);
        return ob_buf_check(&page, "the manual page", &err) &&
                       ob_cli_write("-", ob_buf_span(&page), &err)
                   ? OB_EXIT_OK
                   : ob_cli_fail(&err, false);
    }
    if (of != NULL) {
        ob_command_help(of);
    } else {
        print_help();
    }
    return flush(OB_EXIT_OK);
}

int main(int argc, char **argv)
{
    ob_err err = {0};
    ob_args args;
    const char *name = argc > 1 ? argv[1] : "help";
    /* A file that may not grow any more is told like a full disk. */
    (void)signal(SIGXFSZ, SIG_IGN);
    if (strcmp(name, "--version") == 0) {
        (void)puts("ombud " OB_VERSION);
        return flush(OB_EXIT_OK);
    }
    if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        return help(argc - 2, argv + 2);
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
