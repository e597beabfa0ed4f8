/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Completion for bash, zsh and fish, written from the rows. Each shell gets its own script, because
 * each has its own idea of how to ask for files.
 */
#include "cli/cli.h"
#include "cli/pages.h"

#include <ombud/text.h>

static const ob_option *option_at(const ob_command *c, size_t i)
{
    size_t own = c->options_count;
    return i < own                             ? &c->options[i]
           : i < own + ob_common_options_count ? &ob_common_options[i - own]
                                               : NULL;
}

static void add_known(ob_buf *out, const ob_option *o, const char *between)
{
    ob_span value = {0};
    for (size_t i = 0; ob_option_known(o, i, &value); i++) {
        ob_buf_add_str(out, i == 0 ? "" : between);
        ob_buf_add(out, value);
    }
}

/* bash: COMP_WORDBREAKS holds '=', so "--level=2" arrives as three words. */

static void bash_values(ob_buf *out, const ob_command *c)
{
    const ob_option *o = NULL;
    for (size_t i = 0; (o = option_at(c, i)) != NULL; i++) {
        ob_value_kind kind = ob_value_kind_of(o);
        if (kind == OB_VALUE_NONE) {
            continue;
        }
        ob_buf_addf(out, "    %s:--%s) ", c->name, o->name);
        if (kind == OB_VALUE_KNOWN) {
            ob_buf_add_str(out, "_ombud_words '");
            add_known(out, o, " ");
            ob_buf_add_char(out, '\'');
        } else {
            ob_buf_add_str(out, kind == OB_VALUE_FILE     ? "_ombud_files -f"
                                : kind == OB_VALUE_FOLDER ? "_ombud_files -d"
                                                          : ":");
        }
        ob_buf_add_str(out, "; return;;\n");
    }
}

static void bash_words(ob_buf *out, const ob_command *c)
{
    const ob_option *o = NULL;
    ob_span word = {0};
    ob_buf_addf(out, "    %s) options='", c->name);
    for (size_t i = 0; (o = option_at(c, i)) != NULL; i++) {
        ob_buf_addf(out, "%s--%s", i == 0 ? "" : " ", o->name);
    }
    ob_buf_add_str(out, "' words='");
    for (size_t i = 0; ob_command_word(c, i, &word); i++) {
        ob_buf_add_str(out, i == 0 ? "" : " ");
        ob_buf_add(out, word);
    }
    ob_buf_addf(out, "' files=%s;;\n", ob_command_takes_file(c) ? "yes" : "");
}

static void bash(ob_buf *out)
{
    ob_buf_add_str(
        out, "# bash completion for ombud; written by 'ombud completion bash'\n"
             "_ombud_words() {\n"
             "    mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$current\")\n"
             "}\n"
             "_ombud_files() {\n"
             "    compopt -o filenames 2>/dev/null\n"
             "    mapfile -t COMPREPLY < <(compgen \"$1\" -- \"$current\")\n"
             "}\n"
             "_ombud() {\n"
             "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
             "    local command=${COMP_WORDS[1]} options='' words='' files=''\n"
             "    COMPREPLY=()\n"
             "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
             "        _ombud_words '");
    for (size_t i = 0; i < ob_commands_count; i++) {
        ob_buf_addf(out, "%s ", ob_commands[i]->name);
    }
    ob_buf_add_str(out, "help --help --version'\n"
                        "        return\n"
                        "    fi\n"
                        "    if [ \"$command\" = help ]; then\n"
                        "        _ombud_words '");
    for (size_t i = 0; i < ob_commands_count; i++) {
        ob_buf_addf(out, "%s%s", i == 0 ? "" : " ", ob_commands[i]->name);
    }
    ob_buf_add_str(out, "'\n"
                        "        return\n"
                        "    fi\n"
                        "    if [ \"$current\" = = ]; then\n"
                        "        current=''\n"
                        "    elif [ \"$before\" = = ]; then\n"
                        "        before=${COMP_WORDS[COMP_CWORD-2]}\n"
                        "    fi\n"
                        "    case $command:$before in\n");
    for (size_t i = 0; i < ob_commands_count; i++) {
        bash_values(out, ob_commands[i]);
    }
    ob_buf_add_str(out, "    esac\n"
                        "    case $command in\n");
    for (size_t i = 0; i < ob_commands_count; i++) {
        bash_words(out, ob_commands[i]);
    }
    ob_buf_add_str(out, "    esac\n"
                        "    if [[ $current == -* ]]; then\n"
                        "        _ombud_words \"$options\"\n"
                        "    elif [ -n \"$words\" ] && [ \"$COMP_CWORD\" -eq 2 ]; then\n"
                        "        _ombud_words \"$words\"\n"
                        "    elif [ -n \"$files\" ]; then\n"
                        "        _ombud_files -f\n"
                        "    fi\n"
                        "}\n"
                        "complete -F _ombud ombud\n");
}

/* Text between single quotes of zsh and fish; brackets and colons mean something to _arguments. */
static void add_quoted(ob_buf *out, const char *text, bool zsh)
{
    for (; *text != '\0'; text++) {
        if (zsh && strchr("[]:\\", *text) != NULL) {
            ob_buf_add_char(out, '\\');
        }
        ob_buf_add_str(out, *text == '\'' ? (zsh ? "'\\''" : "\\'") : "");
        if (*text != '\'') {
            ob_buf_add_char(out, *text);
        }
    }
}

static void zsh_option(ob_buf *out, const ob_option *o)
{
    ob_value_kind kind = ob_value_kind_of(o);
    ob_buf_addf(out, "        '%s--%s%s[", o->many ? "*" : "", o->name,
                kind == OB_VALUE_NONE ? "" : "=");
    add_quoted(out, o->help, true);
    ob_buf_add_char(out, ']');
    if (kind != OB_VALUE_NONE) {
        ob_buf_addf(out, ":%s:", kind == OB_VALUE_KNOWN ? "value" : o->value);
    }
    if (kind == OB_VALUE_KNOWN) {
        ob_buf_add_char(out, '(');
        add_known(out, o, " ");
        ob_buf_add_char(out, ')');
    }
    ob_buf_add_str(out, kind == OB_VALUE_FILE     ? "_files"
                        : kind == OB_VALUE_FOLDER ? "_files -/"
                                                  : "");
    ob_buf_add_str(out, "' \\\n");
}

static void zsh_command(ob_buf *out, const ob_command *c)
{
    const ob_option *o = NULL;
    ob_span word = {0};
    size_t words = 0;
    ob_buf_addf(out, "    %s)\n        _arguments \\\n", c->name);
    for (size_t i = 0; (o = option_at(c, i)) != NULL; i++) {
        zsh_option(out, o);
    }
    for (; ob_command_word(c, words, &word); words++) {
        ob_buf_add_str(out, words == 0 ? "        '1:what:(" : " ");
        ob_buf_add(out, word);
    }
    ob_buf_add_str(out, words > 0 ? ")' \\\n" : "");
    ob_buf_add_str(out, ob_command_takes_file(c) ? "        '*:file:_files'\n"
                                                 : "        '*:argument:'\n");
    ob_buf_add_str(out, "        ;;\n");
}

static void zsh(ob_buf *out)
{
    ob_buf_add_str(out, "#compdef ombud\n"
                        "# zsh completion for ombud; written by 'ombud completion zsh'\n"
                        "_ombud() {\n"
                        "    local -a commands\n"
                        "    commands=(\n");
    for (size_t i = 0; i < ob_commands_count; i++) {
        ob_buf_addf(out, "        '%s:", ob_commands[i]->name);
        add_quoted(out, ob_commands[i]->purpose, true);
        ob_buf_add_str(out, "'\n");
    }
    ob_buf_add_str(out, "        'help:show the help of a command'\n"
                        "    )\n"
                        "    if (( CURRENT == 2 )); then\n"
                        "        _describe command commands\n"
                        "        return\n"
                        "    fi\n"
                        "    local command=$words[2]\n"
                        "    shift words\n"
                        "    (( CURRENT-- ))\n"
                        "    case $command in\n"
                        "    help) _describe command commands ;;\n");
    for (size_t i = 0; i < ob_commands_count; i++) {
        zsh_command(out, ob_commands[i]);
    }
    ob_buf_add_str(out, "    esac\n"
                        "}\n"
                        "if [ \"$funcstack[1]\" = _ombud ]; then\n"
                        "    _ombud \"$@\"\n"
                        "else\n"
                        "    compdef _ombud ombud\n"
                        "fi\n");
}

static void fish_command(ob_buf *out, const ob_command *c)
{
    const ob_option *o = NULL;
    ob_span word = {0};
    for (size_t i = 0; ob_command_word(c, i, &word); i++) {
        ob_buf_addf(out, "complete -c ombud -n '__fish_seen_subcommand_from %s' -a %.*s\n", c->name,
                    OB_SHOW(word));
    }
    if (ob_command_takes_file(c)) {
        ob_buf_addf(out, "complete -c ombud -n '__fish_seen_subcommand_from %s' -F\n", c->name);
    }
    for (size_t i = 0; (o = option_at(c, i)) != NULL; i++) {
        ob_value_kind kind = ob_value_kind_of(o);
        ob_buf_addf(out, "complete -c ombud -n '__fish_seen_subcommand_from %s' -l %s", c->name,
                    o->name);
        ob_buf_add_str(out, kind == OB_VALUE_NONE     ? ""
                            : kind == OB_VALUE_FILE   ? " -rF"
                            : kind == OB_VALUE_FOLDER ? " -x -a '(__fish_complete_directories)'"
                                                      : " -x");
        if (kind == OB_VALUE_KNOWN) {
            ob_buf_add_str(out, " -a '");
            add_known(out, o, " ");
            ob_buf_add_char(out, '\'');
        }
        ob_buf_add_str(out, " -d '");
        add_quoted(out, o->help, false);
        ob_buf_add_str(out, "'\n");
    }
}

static void fish(ob_buf *out)
{
    ob_buf_add_str(out, "# fish completion for ombud; written by 'ombud completion fish'\n"
                        "complete -c ombud -f\n");
    for (size_t i = 0; i < ob_commands_count; i++) {
        ob_buf_addf(out, "complete -c ombud -n __fish_use_subcommand -a %s -d '",
                    ob_commands[i]->name);
        add_quoted(out, ob_commands[i]->purpose, false);
        ob_buf_add_str(out, "'\n");
    }
    ob_buf_add_str(out, "complete -c ombud -n __fish_use_subcommand -a help -d 'show the help of a "
                        "command'\n"
                        "complete -c ombud -n '__fish_seen_subcommand_from help' -a '");
    for (size_t i = 0; i < ob_commands_count; i++) {
        ob_buf_addf(out, "%s%s", i == 0 ? "" : " ", ob_commands[i]->name);
    }
    ob_buf_add_str(out, "'\n");
    for (size_t i = 0; i < ob_commands_count; i++) {
        fish_command(out, ob_commands[i]);
    }
}

bool ob_page_completion(ob_buf *out, const char *shell)
{
    static const struct {
        const char *name;
        void (*write)(ob_buf *out);
    } shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};

    for (size_t i = 0; i < OB_COUNT(shells); i++) {
        if (strcmp(shells[i].name, shell) == 0) {
            shells[i].write(out);
            return true;
        }
    }
    return false;
}
