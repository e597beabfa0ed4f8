/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include <ombud/text.h>

const ob_option ob_common_options[] = {
    {"color", OB_OPTION_TEXT, false, "auto|always|never", "auto", "colours", NULL},
    {"help", OB_OPTION_FLAG, false, NULL, NULL, "show this help", NULL},
    {"log", OB_OPTION_TEXT, false, "text|json", "text", "form of messages", NULL},
    {"quiet", OB_OPTION_FLAG, false, NULL, NULL, "no progress, errors only", NULL},
    {"verbose", OB_OPTION_FLAG, false, NULL, NULL, "tell more", NULL},
};
const size_t ob_common_options_count = OB_COUNT(ob_common_options);

/* Index among own and common rows together; SIZE_MAX if there is none. */
static size_t find(const ob_args *args, ob_span name)
{
    for (size_t i = 0; i < args->options_count + OB_COUNT(ob_common_options); i++) {
        const ob_option *o = i < args->options_count ? &args->options[i]
                                                     : &ob_common_options[i - args->options_count];
        if (ob_span_is_str(name, o->name) || (o->alias != NULL && ob_span_is_str(name, o->alias))) {
            return i;
        }
    }
    return SIZE_MAX;
}

static const ob_option *row(const ob_args *args, size_t i)
{
    return i < args->options_count ? &args->options[i]
                                   : &ob_common_options[i - args->options_count];
}

static bool unknown(const ob_args *args, ob_span name, ob_err *err)
{
    const char *names[96];
    size_t count = 0;
    for (size_t i = 0; i < args->options_count + OB_COUNT(ob_common_options) && count < 96; i++) {
        names[count++] = row(args, i)->name;
    }
    const char *near = ob_text_nearest(name, names, count);
    return ob_fail(err, OB_ERR_USAGE, "unknown option '--%.*s'%s%s%s",
                   OB_SHOW(ob_span_sub(name, 0, 40)), near == NULL ? "" : ", did you mean '--",
                   near == NULL ? "" : near, near == NULL ? "" : "'?");
}

bool ob_option_known(const ob_option *option, size_t which, ob_span *value)
{
    const char *v = option->value;
    ob_span rest = ob_span_str(v == NULL ? "" : v);
    ob_span part = {0};
    if (v == NULL || strchr(v, '|') == NULL || (v[0] >= 'A' && v[0] <= 'Z')) {
        return false;
    }
    for (size_t i = 0; i <= which; i++) {
        if (!ob_span_cut(&rest, '|', &part)) {
            return false;
        }
    }
    *value = part;
    return true;
}

/* Where the placeholder lists the values, no other is taken. */
static bool check_known(const ob_option *o, const char *text, ob_err *err)
{
    OB_AUTO(ob_buf) all = {.max = 1024};
    ob_span value = {0};
    ob_span next = {0};
    for (size_t i = 0; ob_option_known(o, i, &value); i++) {
        if (ob_span_is_str(value, text)) {
            return true;
        }
        ob_buf_add_str(&all, i == 0 ? "" : ob_option_known(o, i + 1, &next) ? ", " : " or ");
        ob_buf_add(&all, value);
    }
    return all.len == 0 || ob_fail(err, OB_ERR_USAGE, "--%s takes %.*s, not '%.40s'", o->name,
                                   OB_SHOW(ob_buf_span(&all)), text);
}

static bool add(ob_args *args, size_t option, const char *text, ob_err *err)
{
    const ob_option *o = row(args, option);
    if (args->given_count == OB_VALUES_MAX) {
        return ob_fail(err, OB_ERR_USAGE, "more than %d options", OB_VALUES_MAX);
    }
    if (!check_known(o, text, err)) {
        return false;
    }
    if (!o->many && ob_args_count(args, o->name) > 0 && o->type != OB_OPTION_FLAG) {
        return ob_fail(err, OB_ERR_USAGE, "--%s may be given once only", o->name);
    }
    args->given[args->given_count].option = option;
    args->given[args->given_count++].text = text;
    return true;
}

static const struct {
    char letter;
    const char *name;
} letters[] = {{'h', "help"}, {'q', "quiet"}, {'v', "verbose"}};

static bool parse_option(ob_args *args, int argc, char **argv, int *i, ob_err *err)
{
    const char *word = argv[*i];
    ob_span name = ob_span_str(word + 2);
    const char *value = strchr(word, '=');
    if (word[1] != '-') {
        name = (ob_span){0};
        for (size_t k = 0; k < OB_COUNT(letters); k++) {
            if (word[1] == letters[k].letter && word[2] == '\0') {
                name = ob_span_str(letters[k].name);
            }
        }
        if (name.len == 0) {
            return ob_fail(err, OB_ERR_USAGE, "unknown option '%.40s'", word);
        }
        value = NULL;
    } else if (value != NULL) {
        name.len = (size_t)(value - name.ptr);
        value++;
    }
    size_t option = find(args, name);
    if (option == SIZE_MAX) {
        return unknown(args, name, err);
    }
    if (row(args, option)->type == OB_OPTION_FLAG) {
        if (value != NULL) {
            return ob_fail(err, OB_ERR_USAGE, "--%s takes no value", row(args, option)->name);
        }
        return add(args, option, "", err);
    }
    if (value == NULL) {
        if (*i + 1 >= argc) {
            return ob_fail(err, OB_ERR_USAGE, "--%s needs a value: %s", row(args, option)->name,
                           row(args, option)->value);
        }
        value = argv[++*i];
    }
    return add(args, option, value, err);
}

bool ob_args_parse(ob_args *args, const ob_option *options, size_t count, int argc, char **argv,
                   ob_err *err)
{
    bool only_words = false;
    *args = (ob_args){.options = options, .options_count = count};
    for (int i = 0; i < argc; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = true;
        } else if (!only_words && argv[i][0] == '-' && argv[i][1] != '\0') {
            if (!parse_option(args, argc, argv, &i, err)) {
                return false;
            }
        } else if (args->words_count == OB_COUNT(args->words)) {
            return ob_fail(err, OB_ERR_USAGE, "too many arguments at '%.40s'", argv[i]);
        } else {
            args->words[args->words_count++] = argv[i];
        }
    }
    args->help = ob_args_flag(args, "help");
    return true;
}

size_t ob_args_count(const ob_args *args, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < args->given_count; i++) {
        count += strcmp(row(args, args->given[i].option)->name, name) == 0;
    }
    return count;
}

const char *ob_args_nth(const ob_args *args, const char *name, size_t nth)
{
    for (size_t i = 0; i < args->given_count; i++) {
        if (strcmp(row(args, args->given[i].option)->name, name) == 0 && nth-- == 0) {
            return args->given[i].text;
        }
    }
    return NULL;
}

bool ob_args_flag(const ob_args *args, const char *name)
{
    return ob_args_count(args, name) > 0;
}

const char *ob_args_text(const ob_args *args, const char *name)
{
    size_t count = ob_args_count(args, name);
    if (count > 0) {
        return ob_args_nth(args, name, count - 1);
    }
    size_t option = find(args, ob_span_str(name));
    return option == SIZE_MAX ? NULL : row(args, option)->fallback;
}

bool ob_args_number(const ob_args *args, const char *name, uint64_t low, uint64_t high,
                    uint64_t *value, ob_err *err)
{
    const char *text = ob_args_text(args, name);
    uint64_t number = 0;
    if (text == NULL) {
        return true;
    }
    if (!ob_span_to_u64(ob_span_str(text), &number, err) || number < low || number > high) {
        return ob_fail(err, OB_ERR_USAGE,
                       "--%s takes a whole number from %llu to %llu, not '%.40s'", name,
                       (unsigned long long)low, (unsigned long long)high, text);
    }
    *value = number;
    return true;
}

bool ob_args_real(const ob_args *args, const char *name, double low, double high, double *value,
                  ob_err *err)
{
    const char *text = ob_args_text(args, name);
    double number = 0;
    if (text == NULL) {
        return true;
    }
    if (!ob_span_to_double(ob_span_str(text), &number, err) || number < low || number > high) {
        return ob_fail(err, OB_ERR_USAGE, "--%s takes a number from %.7g to %.7g, not '%.40s'",
                       name, low, high, text);
    }
    *value = number;
    return true;
}

#define HELP_WIDTH 80
#define HELP_LEFT  26 /* where what an option does begins */

/* The words of text from column at on; lines that follow begin at HELP_LEFT. The column behind. */
static size_t help_words(const char *text, size_t at)
{
    ob_span rest = ob_span_str(text);
    for (ob_span word = {0}; ob_span_cut(&rest, ' ', &word);) {
        bool first = at == HELP_LEFT;
        if (!first && at + 1 + word.len > HELP_WIDTH) {
            (void)printf("\n%*s", HELP_LEFT, "");
            at = HELP_LEFT;
            first = true;
        }
        (void)printf("%s%.*s", first ? "" : " ", OB_SHOW(word));
        at += word.len + !first;
    }
    return at;
}

static void help_rows(const ob_option *options, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char left[64];
        char fallback[64];
        const ob_option *o = &options[i];
        (void)snprintf(left, sizeof left, "--%s%s%s", o->name, o->value == NULL ? "" : " ",
                       o->value == NULL ? "" : o->value);
        if (strlen(left) > 23) {
            (void)printf("  %s\n%*s", left, HELP_LEFT, "");
        } else {
            (void)printf("  %-23s ", left);
        }
        size_t at = help_words(o->help, HELP_LEFT);
        if (o->fallback != NULL) {
            (void)snprintf(fallback, sizeof fallback, "[%s]", o->fallback);
            (void)help_words(fallback, at);
        }
        (void)putchar('\n');
    }
}

void ob_command_help(const ob_command *command)
{
    (void)printf("ombud %s: %s\n\nUsage:\n%s\nExamples:\n%s", command->name, command->purpose,
                 command->usage, command->examples);
    if (command->options_count > 0) {
        (void)printf("\nOptions:\n");
        help_rows(command->options, command->options_count);
    }
    (void)printf("\nEverywhere:\n");
    help_rows(ob_common_options, OB_COUNT(ob_common_options));
    if (command->notes != NULL) {
        (void)printf("\n%s", command->notes);
    }
}
