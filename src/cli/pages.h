/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is generated from the rows of commands and options: manual pages and shell completion. A new
 * command or option needs nothing here.
 */
#ifndef OB_CLI_PAGES_H
#define OB_CLI_PAGES_H

#include "cli/options.h"

#include <ombud/buf.h>

/* The manual page ombud-NAME(1), in mdoc(7). */
void ob_page_man(ob_buf *out, const ob_command *command);
/* The completion of a shell: "bash", "zsh" or "fish"; false for another one. */
bool ob_page_completion(ob_buf *out, const char *shell);

/* What stands for a value. */
typedef enum ob_value_kind {
    OB_VALUE_NONE, /* a flag */
    OB_VALUE_ANY,
    OB_VALUE_KNOWN, /* ob_option_known lists them */
    OB_VALUE_FILE,
    OB_VALUE_FOLDER
} ob_value_kind;

ob_value_kind ob_value_kind_of(const ob_option *option);
/* Word number which, from 0, that a command takes first, such as "serve": the words in lower case
 * behind its name in its usage lines; false behind the last. */
bool ob_command_word(const ob_command *command, size_t which, ob_span *word);
/* Does a command take a file or folder as its argument? */
bool ob_command_takes_file(const ob_command *command);

#endif
