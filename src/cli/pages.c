/* SPDX-License-Identifier: Apache-2.0 */
/* What rows say of values and words, for completion and manual pages. */
#include "cli/pages.h"

#include <ombud/text.h>

ob_value_kind ob_value_kind_of(const ob_option *option)
{
    ob_span ignored = {0};
    if (option->value == NULL) {
        return OB_VALUE_NONE;
    }
    if (ob_option_known(option, 0, &ignored)) {
        return OB_VALUE_KNOWN;
    }
    return strcmp(option->value, "FILE") == 0  ? OB_VALUE_FILE
           : strcmp(option->value, "DIR") == 0 ? OB_VALUE_FOLDER
                                               : OB_VALUE_ANY;
}

/* What stands behind "  ombud NAME " in a usage line; false for other lines. */
static bool usage_rest(const ob_command *command, ob_span line, ob_span *rest)
{
    ob_span words = ob_span_trim(line);
    ob_span word = {0};
    if (!ob_span_cut(&words, ' ', &word) || !ob_span_is_str(word, "ombud") ||
        !ob_span_cut(&words, ' ', &word) || !ob_span_is_str(word, command->name)) {
        return false;
    }
    *rest = words;
    return true;
}

bool ob_command_word(const ob_command *command, size_t which, ob_span *word)
{
    ob_span lines = ob_span_str(command->usage);
    ob_span line = {0};
    while (ob_span_cut_line(&lines, &line)) {
        ob_span rest = {0};
        ob_span first = {0};
        if (!usage_rest(command, line, &rest) || !ob_span_cut(&rest, ' ', &first) ||
            first.len == 0 || first.ptr[0] < 'a' || first.ptr[0] > 'z') {
            continue;
        }
        /* "bash|zsh|fish" are three words. */
        for (ob_span part = {0}; ob_span_cut(&first, '|', &part);) {
            if (which-- == 0) {
                *word = part;
                return true;
            }
        }
    }
    return false;
}

bool ob_command_takes_file(const ob_command *command)
{
    return strstr(command->usage, ".yaml") != NULL || strstr(command->usage, ".json") != NULL ||
           strstr(command->usage, "DIR") != NULL || strstr(command->usage, "FILE") != NULL;
}
