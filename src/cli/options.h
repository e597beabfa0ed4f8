/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options of the command line. One row an option feeds the parser, --help and the manual pages. The
 * rows of a command are constant; what the user gave is in an ob_args beside them.
 */
#ifndef OB_CLI_OPTIONS_H
#define OB_CLI_OPTIONS_H

#include <ombud/mem.h>

typedef enum ob_option_type {
    OB_OPTION_FLAG,
    OB_OPTION_TEXT,
    OB_OPTION_NUMBER,
    OB_OPTION_REAL
} ob_option_type;

typedef struct ob_option {
    const char *name; /* without dashes */
    ob_option_type type;
    bool many;            /* may be given several times */
    const char *value;    /* "FILE"; NULL for a flag; "text|html" when these are all there are */
    const char *fallback; /* default as text, or NULL */
    const char *help;     /* one line, lower case, no full stop */
    const char *alias;    /* second name, or NULL */
} ob_option;

#define OB_VALUES_MAX 1024
#define OB_WORDS_MAX  1024 /* names of files that a shell's * gives */

typedef struct ob_args {
    const ob_option *options;
    size_t options_count;

    struct {
        size_t option;
        const char *text; /* "" for a flag */
    } given[OB_VALUES_MAX];

    size_t given_count;
    const char *words[OB_WORDS_MAX]; /* what is no option */
    size_t words_count;
    bool help;
} ob_args;

typedef struct ob_command {
    const char *name;
    const char *purpose;  /* one line */
    const char *usage;    /* lines */
    const char *examples; /* three lines */
    const ob_option *options;
    size_t options_count;
    const char *notes; /* exit statuses and the like, or NULL */
    int (*run)(const ob_args *args);
} ob_command;

/* Options that every command takes. */
extern const ob_option ob_common_options[];
extern const size_t ob_common_options_count;

/* Value number which, from 0, of those that a placeholder lists; false behind the last, and always
 * where it lists none. */
bool ob_option_known(const ob_option *option, size_t which, ob_span *value);
/* Sorts arguments into options and words. Fails with OB_ERR_USAGE and the nearest name. */
OB_MUST bool ob_args_parse(ob_args *args, const ob_option *options, size_t count, int argc,
                           char **argv, ob_err *err);
/* The last value given, or the fallback, or NULL. */
const char *ob_args_text(const ob_args *args, const char *name);
bool ob_args_flag(const ob_args *args, const char *name);
/* Number of times given; the i-th value. */
size_t ob_args_count(const ob_args *args, const char *name);
const char *ob_args_nth(const ob_args *args, const char *name, size_t i);
/* *value keeps what it is when the option was not given and has no fallback. */
OB_MUST bool ob_args_number(const ob_args *args, const char *name, uint64_t low, uint64_t high,
                            uint64_t *value, ob_err *err);
OB_MUST bool ob_args_real(const ob_args *args, const char *name, double low, double high,
                          double *value, ob_err *err);
/* Writes the help of a command to standard output, at most 80 columns wide. */
void ob_command_help(const ob_command *command);

#endif
