/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the commands share: exit statuses, messages, secrets, where data lie. The only code that
 * prints, exits and reads the environment is in this folder.
 */
#ifndef OB_CLI_CLI_H
#define OB_CLI_CLI_H

#include "catalogue/catalogue.h"
#include "cli/options.h"
#include "drive/service.h"
#include "evaluate/summary.h"

#include <ombud/sys.h>
#include <ombud/text.h>

#define OB_EXIT_OK        0
#define OB_EXIT_FOUND     1
#define OB_EXIT_USAGE     2
#define OB_EXIT_UNDECIDED 3
#define OB_EXIT_BUG       4

#define OB_COMMAND(id) extern const ob_command ob_command_##id;
#include "cli/all.def"
#undef OB_COMMAND
extern const ob_command *const ob_commands[];
extern const size_t ob_commands_count;

/* Prints "ombud: text" to standard error and gives the exit status for it. sent: requests had left,
 * so what failed is a run and not its preparation. */
int ob_cli_fail(const ob_err *err, bool sent);
/* As ob_cli_fail for wrong usage, with "try 'ombud NAME --help'". */
int ob_cli_usage(const char *command, const ob_err *err);
/* A line for people on standard error; nothing with --quiet. */
void ob_cli_say(const ob_args *args, const char *format, ...) OB_PRINTF(2, 3);

bool ob_cli_colour(const ob_args *args, int fd);
unsigned ob_cli_width(int fd);
/* A log sink on standard error as --log, --quiet and --verbose say. */
ob_log ob_cli_log(const ob_args *args);

/* Values for the names that the service file (or a judge's) asks for: --secret NAME=@FILE, else
 * OMBUD_SECRET_NAME of the environment. extra, if not NULL, is one more that goes before both. */
OB_MUST bool ob_cli_secrets(const ob_args *args, ob_arena *arena, const ob_service *service,
                            const ob_var *extra, ob_secrets *secrets, ob_err *err);
/* What a service that is a local program gets of our environment: what programs need to be found,
 * to speak the user's language and to write temporary files; nothing that may be secret. */
OB_MUST bool ob_cli_environment(ob_arena *arena, const ob_var **items, size_t *count, ob_err *err);
/* Folder of the catalogue: --catalogue, else beside the sources, else as installed. */
OB_MUST bool ob_cli_catalogue(const ob_args *args, ob_arena *arena, ob_span *folder, ob_err *err);
/* The folders of --procedures and --inputs. */
OB_MUST bool ob_cli_packs(const ob_args *args, ob_arena *arena, ob_catalogue_from *from,
                          ob_err *err);
/* A new private folder "NAME-XXXXXX" in TMPDIR, or /tmp; its path goes to made, of size bytes. */
OB_MUST bool ob_cli_folder(char *made, size_t size, const char *name, ob_err *err);
/* Is it "-" or /dev/stdout? NULL is not. */
bool ob_cli_is_stdout(const char *path);
/* Can ob_cli_write do it later? NULL is no file, so there is nothing to ask. */
OB_MUST bool ob_cli_writable(const char *path, ob_err *err);
/* Writes a report; "-" is standard output. */
OB_MUST bool ob_cli_write(const char *path, ob_span text, ob_err *err);

/* The descriptor that becomes readable at the first INT or TERM; the second ends the program. */
OB_MUST bool ob_cli_signals(int *fd, ob_err *err);

/* Outcome to exit status: fail_on is the least severity that counts. */
int ob_cli_status(const ob_summary *summary, ob_severity fail_on);

/* The severity that --fail-on names; the option has a fallback. */
OB_MUST bool ob_cli_fail_on(const ob_args *args, ob_severity *severity, ob_err *err);

#define OB_CLI_IDS_MAX 64

/* The ids of an option such as --only ID,... which may be given several times. */
OB_MUST bool ob_cli_ids(const ob_args *args, const char *option, ob_span ids[OB_CLI_IDS_MAX],
                        size_t *count, ob_err *err);

/* An evaluation as evaluate and demo run it. */
typedef struct ob_cli_evaluation {
    const ob_args *args;
    const char *service_path;
    const char *scope_path; /* or NULL */
    const char *store_path;
    const char *html_path;     /* or NULL */
    const char *json_path;     /* or NULL */
    const char *junit_path;    /* or NULL */
    const char *markdown_path; /* or NULL */
    const ob_var *secret;      /* or NULL */
    const char *seed;          /* or NULL */
    bool resume;
    bool dry_run;
    bool try_it;
    bool fail_on_any;
} ob_cli_evaluation;

/* Gives the exit status. */
int ob_cli_evaluate(const ob_cli_evaluation *evaluation);

#endif
