/* SPDX-License-Identifier: Apache-2.0 */
/* A manual page for each command, written from its row. */
#include "cli/cli.h"
#include "cli/pages.h"

#include <ombud/text.h>

/* The day of the texts; pages that are built twice are the same. */
#define PAGE_DATE "November 26, 2026"

/* Text that no macro may read: a backslash, and a dot or quote at the beginning of a line. */
static void add_text(ob_buf *out, ob_span text, bool at_line)
{
    if (at_line && text.len > 0 && (text.ptr[0] == '.' || text.ptr[0] == '\'')) {
        ob_buf_add_str(out, "\\&");
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        ob_buf_add_str(out, c == '\\' ? "\\e" : c == '-' ? "\\-" : "");
        if (c != '\\' && c != '-') {
            ob_buf_add_char(out, c);
        }
    }
}

static void add_literal(ob_buf *out, ob_span lines, size_t indent)
{
    ob_span line = {0};
    ob_buf_add_str(out, ".Bd -literal -offset indent -compact\n");
    while (ob_span_cut_line(&lines, &line)) {
        size_t blanks = 0;
        while (blanks < indent && blanks < line.len && line.ptr[blanks] == ' ') {
            blanks++;
        }
        add_text(out, ob_span_sub(line, blanks, line.len), true);
        ob_buf_add_char(out, '\n');
    }
    ob_buf_add_str(out, ".Ed\n");
}

/* Running text: each sentence begins a line, as mdoc wants it, and lines stay short. */
static void add_words(ob_buf *out, ob_span text)
{
    ob_span word = {0};
    size_t column = 0;
    while (ob_span_cut(&text, ' ', &word)) {
        if (word.len == 0) {
            continue;
        }
        bool breaks = column > 0 && column + word.len > 70;
        ob_buf_add_str(out, column == 0 ? "" : breaks ? "\n" : " ");
        column = breaks ? 0 : column;
        add_text(out, word, column == 0);
        char last = word.ptr[word.len - 1];
        bool ends = last == '.' || (last == ':' && text.len == 0);
        column = ends ? 0 : column + word.len + 1;
        ob_buf_add_str(out, ends ? "\n" : "");
    }
    ob_buf_add_str(out, column > 0 ? "\n" : "");
}

static void add_option(ob_buf *out, const ob_option *o)
{
    OB_AUTO(ob_buf) help = {.max = 1024};
    ob_buf_addf(out, ".It Fl \\-%s", o->name);
    if (o->value != NULL) {
        ob_buf_addf(out, " Ar %s", o->value);
    }
    ob_buf_add_char(out, '\n');
    ob_buf_add_str(&help, o->help);
    ob_buf_add_char(&help, '.');
    if (help.ptr != NULL && help.ptr[0] >= 'a' && help.ptr[0] <= 'z') {
        help.ptr[0] = (char)(help.ptr[0] - 'a' + 'A');
    }
    add_words(out, ob_buf_span(&help));
    if (o->fallback != NULL) {
        ob_buf_addf(out, "Default:\n.Ql %s .\n", o->fallback);
    }
    if (o->alias != NULL) {
        ob_buf_addf(out, "Also called\n.Fl \\-%s .\n", o->alias);
    }
    if (o->many) {
        ob_buf_add_str(out, "May be given several times.\n");
    }
}

static void add_options(ob_buf *out, const ob_command *command)
{
    ob_buf_add_str(out, ".Bl -tag -width Ds\n");
    for (size_t i = 0; i < command->options_count; i++) {
        add_option(out, &command->options[i]);
    }
    for (size_t i = 0; i < ob_common_options_count; i++) {
        add_option(out, &ob_common_options[i]);
    }
    ob_buf_add_str(out, ".El\n");
}

typedef struct notes {
    ob_buf text;  /* paragraphs that are gathered */
    ob_buf table; /* lines that begin with blanks, as they are */
    ob_buf *out;
} notes;

static void flush(notes *n)
{
    if (n->text.len > 0) {
        ob_buf_add_str(n->out, ".Pp\n");
        add_words(n->out, ob_buf_span(&n->text));
    }
    if (n->table.len > 0) {
        add_literal(n->out, ob_buf_span(&n->table), 2);
    }
    ob_buf_reset(&n->text);
    ob_buf_reset(&n->table);
}

/* The notes in paragraphs; those about the exit status (of_status) have a section of their own. */
static void add_notes(ob_buf *out, const ob_command *command, bool of_status)
{
    notes n = {.text = {.max = 8192}, .table = {.max = 8192}, .out = out};
    ob_span lines = ob_span_str(command->notes == NULL ? "" : command->notes);
    ob_span line = {0};
    bool in_status = false;
    while (ob_span_cut_line(&lines, &line)) {
        if (line.len == 0 || ob_span_has_prefix(line, OB_SPAN("Exit status:"))) {
            flush(&n);
            in_status = line.len > 0;
        }
        if (line.len == 0 || in_status != of_status) {
            continue;
        }
        if (line.ptr[0] == ' ') {
            ob_buf_add(&n.table, line);
            ob_buf_add_char(&n.table, '\n');
            continue;
        }
        if (n.table.len > 0) {
            flush(&n);
        }
        ob_buf_add_str(&n.text, n.text.len > 0 ? " " : "");
        ob_buf_add(&n.text, in_status && n.text.len == 0
                                ? ob_span_trim(ob_span_sub(line, strlen("Exit status:"), line.len))
                                : line);
    }
    flush(&n);
    ob_buf_fini(&n.text);
    ob_buf_fini(&n.table);
}

void ob_page_man(ob_buf *out, const ob_command *command)
{
    OB_AUTO(ob_buf) upper = {.max = 100};
    OB_AUTO(ob_buf) status = {.max = 8192};
    for (const char *c = command->name; *c != '\0'; c++) {
        ob_buf_add_char(&upper, *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c);
    }
    ob_buf_addf(out,
                ".\\\" SPDX-License-Identifier: Apache-2.0\n"
                ".Dd " PAGE_DATE "\n.Dt OMBUD-%.*s 1\n.Os\n.Sh NAME\n.Nm ombud-%s\n.Nd %s\n"
                ".Sh SYNOPSIS\n",
                OB_SHOW(ob_buf_span(&upper)), command->name, command->purpose);
    add_literal(out, ob_span_str(command->usage), 2);
    ob_buf_addf(out,
                ".Sh DESCRIPTION\nThe command\n.Cm %s\nof\n.Xr ombud 1 :\n%s.\n"
                "These are its options, and those that every command takes:\n",
                command->name, command->purpose);
    add_options(out, command);
    add_notes(out, command, false);
    add_notes(&status, command, true);
    ob_buf_add_str(out, ".Sh EXIT STATUS\n");
    if (status.len > 0) {
        /* The section's first words need no paragraph before them. */
        ob_buf_add(out, ob_span_sub(ob_buf_span(&status), strlen(".Pp\n"), status.len));
    } else {
        ob_buf_add_str(out, "As of\n.Xr ombud 1 .\n");
    }
    ob_buf_add_str(out, ".Sh EXAMPLES\n");
    add_literal(out, ob_span_str(command->examples), 2);
    ob_buf_add_str(out, ".Sh SEE ALSO\n.Xr ombud 1\n");
}
