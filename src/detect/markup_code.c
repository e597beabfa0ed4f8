/* SPDX-License-Identifier: Apache-2.0 */
/* Script without an element around it, as it breaks out of a string, and what template engines and
 * loggers expand. Names of functions stand in honest texts, too: what is called with what counts.
 */
#include "detect/markup.h"

/* Bytes of an argument or an expression that are looked at. */
#define INSIDE_MAX 100

static bool begins(ob_span text, size_t at, const char *word)
{
    ob_span wanted = ob_span_str(word);
    return ob_span_is_nocase(ob_span_sub(text, at, at + wanted.len), wanted) &&
           at + wanted.len <= text.len;
}

/* Bytes of the first of the words that stands at at; 0: none does. */
static size_t begins_one(ob_span text, size_t at, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (begins(text, at, *words)) {
            return strlen(*words);
        }
    }
    return 0;
}

static bool holds_one(ob_span text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (ob_span_find_nocase(text, ob_span_str(*words), 0) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

/* Up to the bracket that closes all of depth, at most INSIDE_MAX bytes; *closed: it is there.
 */
static size_t inside_end(ob_span text, size_t at, unsigned depth, char open, char close,
                         bool *closed)
{
    size_t stop = at + INSIDE_MAX < text.len ? at + INSIDE_MAX : text.len;
    *closed = false;
    for (; at < stop; at++) {
        depth += text.ptr[at] == open;
        depth -= text.ptr[at] == close;
        if (depth == 0) {
            *closed = true;
            return at;
        }
    }
    return stop;
}

static bool is_call_of_interest(const obi_markup_at *at, ob_span inside)
{
    static const char *const tells[] = {"document", "cookie",       "xss",          "window",
                                        "origin",   "location",     "atob",         "unescape",
                                        "string.",  "fromcharcode", "/x/",          "self[",
                                        "top[",     "this[",        "localstorage", NULL};
    static const char *const codes[] = {"atob", "unescape", "string.",  "location",
                                        "name", "window",   "document", "fromcharcode",
                                        "$_",   "base64",   "compile(", NULL};
    char before = at->start > 0 ? at->text.ptr[at->start - 1] : ' ';
    ob_span bare = ob_span_trim(inside);
    if ((at->text.ptr[at->start] | 0x20) == 'e') { /* eval */
        return holds_one(inside, codes);
    }
    bool quoted = bare.len >= 2 && obi_one_of(bare.ptr[0], "'\"`");
    bool breaks = obi_one_of(before, "\"'`;)>=+(/{:,") && before != ' ';
    return holds_one(inside, tells) || obi_all(bare, OBI_DIGIT) || (quoted && breaks);
}

static obi_fit call(const obi_markup_at *at, obi_mark *mark)
{
    bool closed = false;
    char before = at->start > 0 ? at->text.ptr[at->start - 1] : ' ';
    size_t end = inside_end(at->text, at->end, 1, '(', ')', &closed);
    if (obi_is(before, OBI_TOKEN)) {
        return OBI_FIT_NO;
    }
    if (!closed && end == at->text.len && !at->last) {
        return OBI_FIT_MORE;
    }
    if (!is_call_of_interest(at, ob_span_sub(at->text, at->end, end))) {
        return OBI_FIT_NO;
    }
    mark->end = end + closed;
    return OBI_FIT_YES;
}

/* "document.cookie" and the like. */
static obi_fit member(const obi_markup_at *at, obi_mark *mark)
{
    static const char *const names[] = {
        "cookie",  "write(", "writeln(",   "location",      "domain",        "body.",      "open(",
        "onerror", "name",   "getelement", "queryselector", "createelement", "parentnode", NULL};
    char before = at->start > 0 ? at->text.ptr[at->start - 1] : ' ';
    if (obi_is(before, OBI_TOKEN)) {
        return OBI_FIT_NO;
    }
    if (at->text.len - at->end < 16 && !at->last) {
        return OBI_FIT_MORE;
    }
    size_t named = begins_one(at->text, at->end, names);
    if (named == 0) {
        return OBI_FIT_NO;
    }
    mark->end = obi_run(at->text, at->end + named, OBI_ALNUM);
    return mark->end < at->text.len || at->last ? OBI_FIT_YES : OBI_FIT_MORE;
}

static obi_fit style(const obi_markup_at *at, obi_mark *mark)
{
    static const char *const loads[] = {"url(", "'", "\"", "//", "http", "\\", NULL};
    size_t next = obi_skip_blank(at->text, at->end);
    if (at->text.ptr[at->start] == '@') {
        if (next + 4 > at->text.len && !at->last) {
            return OBI_FIT_MORE;
        }
        size_t load = begins_one(at->text, next, loads);
        mark->end = next + load;
        return load > 0 ? OBI_FIT_YES : OBI_FIT_NO;
    }
    ob_span before = obi_markup_before(at, at->start);
    while (before.len > 0 && obi_blank(before.ptr[before.len - 1])) {
        before.len--;
    }
    mark->end = at->end;
    return before.len > 0 && before.ptr[before.len - 1] == ':' ? OBI_FIT_YES : OBI_FIT_NO;
}

obi_fit obi_markup_code(const obi_markup_at *at, obi_mark *mark)
{
    ob_span head = ob_span_sub(at->text, at->start, at->end);
    *mark = (obi_mark){
        .start = at->start, .end = at->end, .rule = "script/code", .kind = OB_KIND_SCRIPT};
    if (head.ptr[0] == '@' || begins(head, 0, "expression")) {
        return style(at, mark);
    }
    if (head.ptr[0] == '<' || begins(head, 0, "fromcharcode")) {
        return OBI_FIT_YES;
    }
    return head.ptr[head.len - 1] == '.' ? member(at, mark) : call(at, mark);
}

/* Numbers with a sign of arithmetic between: what is sent to see whether it is computed. */
static bool is_sum(ob_span inside)
{
    ob_span bare = ob_span_trim(inside);
    size_t first = obi_run(bare, 0, OBI_DIGIT | OBI_SIGN);
    size_t sign = obi_skip_blank(bare, first);
    if (first == 0 || sign >= bare.len || !obi_one_of(bare.ptr[sign], "*+/")) {
        return false;
    }
    ob_span rest = ob_span_trim(ob_span_sub(bare, sign + 1, bare.len));
    return rest.len > 0 && (obi_all(rest, OBI_DIGIT) || obi_one_of(rest.ptr[0], "'\""));
}

static bool expands(ob_span inside)
{
    static const char *const reaches[] = {
        "__",       "config.",  "self.",    "request.",    "constructor", ".exec",
        "|attr",    "lipsum",   "cycler",   "joiner.",     "namespace.",  "$on.",
        "process",  "runtime",  "getclass", "classloader", "system(",     "popen",
        "eval(",    "import(",  "jndi:",    "env:",        "lower:",      "upper:",
        "script:",  "::-",      "sys:",     "date:",       "java.lang",   "new java",
        "readfile", "include(", "passthru", "shell_exec",  "file(",       "phpinfo",
        "base:",    "ctx:",     "@java",    "file.open",   "`",           NULL};
    return is_sum(inside) || holds_one(inside, reaches);
}

obi_fit obi_markup_template(const obi_markup_at *at, obi_mark *mark)
{
    bool closed = false;
    bool tag = at->text.ptr[at->start] == '<';
    unsigned depth = at->text.ptr[at->start] == '{' ? 2 : 1;
    size_t end = inside_end(at->text, at->end, depth, tag ? '<' : '{', tag ? '>' : '}', &closed);
    if (!closed && end == at->text.len && !at->last) {
        return OBI_FIT_MORE;
    }
    ob_span inside = ob_span_sub(at->text, at->end, end);
    while (inside.len > 0 && obi_one_of(inside.ptr[0], "={%")) {
        inside = ob_span_sub(inside, 1, inside.len);
    }
    while (inside.len > 0 && obi_one_of(inside.ptr[inside.len - 1], "%}")) {
        inside.len--;
    }
    *mark = (obi_mark){.start = at->start,
                       .end = end + closed,
                       .rule = "script/template",
                       .kind = OB_KIND_SCRIPT,
                       .sure = true};
    return closed && expands(inside) ? OBI_FIT_YES : OBI_FIT_NO;
}
