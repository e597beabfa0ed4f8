/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL that is meant to become part of a query: UNION and SELECT, and conditions that compare
 * constants. Each of its words stands in honest texts; what counts is what follows. Comments and
 * what stands for a blank in a URL are blanks, too.
 */
#include "detect/sql.h"

/* Bytes of one blank at pos: white space, a plus, an escaped blank, a comment. 0: none. */
static size_t blank_at(obi_sql *r)
{
    char c = obi_sql_look(r);
    if (obi_blank(c) || c == '+') {
        return 1;
    }
    if (c == '%') {
        r->more = r->more || !obi_sql_has(r, 3);
        bool two = obi_sql_has(r, 3);
        char high = two ? r->text.ptr[r->pos + 1] : '\0';
        char low = two ? r->text.ptr[r->pos + 2] : '\0';
        bool code = (high == '0' && obi_one_of(low, "9aAbBcCdD")) || (high == '2' && low == '0') ||
                    ((high | 0x20) == 'a' && low == '0');
        return code ? 3 : 0;
    }
    if (c == '*' || c == '/') {
        r->more = r->more || !obi_sql_has(r, 3);
        if (c == '*') { /* behind what a version comment lets run */
            return obi_sql_has(r, 2) && r->text.ptr[r->pos + 1] == '/' ? 2 : 0;
        }
        if (!obi_sql_has(r, 2) || r->text.ptr[r->pos + 1] != '*') {
            return 0;
        }
        if (obi_sql_has(r, 3) && r->text.ptr[r->pos + 2] == '!') {
            return obi_run(r->text, r->pos + 3, OBI_DIGIT) - r->pos;
        }
        size_t end =
            ob_span_find(ob_span_sub(r->text, 0, r->pos + OBI_SQL_NEAR), OB_SPAN("*/"), r->pos + 2);
        r->more = r->more || (end == SIZE_MAX && r->text.len < r->pos + OBI_SQL_NEAR);
        return end == SIZE_MAX ? 0 : end + 2 - r->pos;
    }
    return 0;
}

size_t obi_sql_skip(obi_sql *r)
{
    size_t from = r->pos;
    for (size_t bytes; (bytes = blank_at(r)) > 0;) {
        r->pos += bytes;
    }
    return r->pos - from;
}

/* A run of letters, digits and underscores, and behind it. */
ob_span obi_sql_word(obi_sql *r)
{
    size_t from = r->pos;
    while (obi_sql_has(r, 1) &&
           (obi_is(r->text.ptr[r->pos], OBI_ALNUM) || r->text.ptr[r->pos] == '_')) {
        r->pos++;
    }
    r->more = r->more || !obi_sql_has(r, 1);
    return ob_span_sub(r->text, from, r->pos);
}

bool obi_sql_is(ob_span text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (ob_span_is_nocase(text, ob_span_str(*words))) {
            return true;
        }
    }
    return false;
}

static obi_fit answer(const obi_sql *r, bool yes)
{
    return r->more && !r->at->last ? OBI_FIT_MORE : yes ? OBI_FIT_YES : OBI_FIT_NO;
}

bool obi_sql_glued(const obi_markup_at *at)
{
    return at->start > 0 && obi_is(at->text.ptr[at->start], OBI_ALNUM) &&
           (obi_is(at->text.ptr[at->start - 1], OBI_TOKEN) || at->text.ptr[at->start - 1] == '.');
}

char obi_sql_before(const obi_markup_at *at)
{
    ob_span before = obi_markup_before(at, at->start);
    while (before.len > 0 &&
           (obi_blank(before.ptr[before.len - 1]) || before.ptr[before.len - 1] == '+')) {
        before.len--;
    }
    return before.len > 0 ? before.ptr[before.len - 1] : '\0';
}

obi_fit obi_sql_read(const obi_markup_at *at, obi_sql_form *form, const char *rule, bool sure,
                     obi_mark *mark)
{
    obi_sql r = {.at = at, .text = at->text, .pos = at->end};
    if (obi_sql_glued(at)) {
        return OBI_FIT_NO;
    }
    bool yes = form(&r);
    *mark = (obi_mark){
        .start = at->start, .end = r.pos, .rule = rule, .kind = OB_KIND_SQL, .sure = sure};
    return answer(&r, yes);
}

/* What ends a query behind a condition, so that the rest of it does not count. */
bool obi_sql_comment(obi_sql *r)
{
    (void)obi_sql_skip(r);
    char c = obi_sql_look(r);
    char next = obi_sql_has(r, 2) ? r->text.ptr[r->pos + 1] : '\0';
    r->more = r->more || !obi_sql_has(r, 2);
    if ((c == '-' && next == '-') || (c == '/' && next == '*') || (c == ';' && next == '-')) {
        r->pos += 2;
        return true;
    }
    bool ends = c == '#' || c == ';' || ((c == '\'' || c == '"') && next == '\0');
    r->pos += ends;
    return ends;
}

/* UNION [ALL | DISTINCT] [(] SELECT */
static bool union_select(obi_sql *r)
{
    static const char *const selects[] = {"select", "values", NULL};
    static const char *const alls[] = {"all", "distinct", "distinctrow", NULL};
    bool apart = obi_sql_skip(r) > 0;
    while (obi_sql_take(r, '(')) {
        apart = true;
        (void)obi_sql_skip(r);
    }
    ob_span next = obi_sql_word(r);
    if (obi_sql_is(next, alls)) {
        (void)obi_sql_skip(r);
        while (obi_sql_take(r, '(')) {
            (void)obi_sql_skip(r);
        }
        next = obi_sql_word(r);
    }
    return apart && obi_sql_is(next, selects);
}

/* One side of a comparison. */
typedef enum side {
    SIDE_NONE,
    SIDE_NUMBER,
    SIDE_STRING,
    SIDE_NAME,
    SIDE_CALL, /* a function that only an attack asks for, or a query */
    SIDE_TRUTH
} side;

static side quoted(obi_sql *r, char quote)
{
    size_t from = ++r->pos;
    while (obi_sql_has(r, 1) && r->text.ptr[r->pos] != quote && r->pos - from < 40) {
        r->pos++;
    }
    (void)obi_sql_take(r, quote);
    return SIDE_STRING;
}

static side read_side(obi_sql *r)
{
    static const char *const calls[] = {
        "sleep",     "benchmark", "ascii",     "substring", "substr",  "exists",
        "length",    "mid",       "ord",       "char",      "if",      "extractvalue",
        "updatexml", "pg_sleep",  "load_file", "database",  "version", "count",
        "cast",      "convert",   "user",      "exp",       NULL};
    static const char *const truths[] = {"true", "false", "null", NULL};
    static const char *const nots[] = {"not", "binary", "ascii", NULL};
    (void)obi_sql_skip(r);
    char c = obi_sql_look(r);
    while (c == '!' || c == '~' || c == '(' || c == '-') {
        r->pos++;
        (void)obi_sql_skip(r);
        c = obi_sql_look(r);
    }
    if (c == '\'' || c == '"') {
        return quoted(r, c);
    }
    ob_span text = obi_sql_word(r);
    if (text.len == 0) {
        bool own = obi_sql_take(r, '@') && obi_sql_take(r, '@');
        return own ? SIDE_CALL : SIDE_NONE;
    }
    if (obi_is(text.ptr[0], OBI_DIGIT)) {
        return SIDE_NUMBER;
    }
    if (obi_sql_is(text, nots) && obi_sql_look(r) != '(') {
        (void)obi_sql_skip(r);
        text = obi_sql_word(r);
    }
    if (ob_span_is_nocase(text, OB_SPAN("select"))) {
        return SIDE_CALL;
    }
    if (obi_sql_is(text, truths)) {
        return SIDE_TRUTH;
    }
    return obi_sql_is(text, calls) && obi_sql_take(r, '(') ? SIDE_CALL : SIDE_NAME;
}

static bool operator_at(obi_sql *r)
{
    static const char *const words[] = {
        "like", "ilike",   "rlike",  "regexp",  "in",     "between", "is",    "sounds", "glob",
        "not",  "notnull", "isnull", "collate", "escape", "similar", "match", NULL};
    (void)obi_sql_skip(r);
    size_t from = r->pos;
    while (obi_one_of(obi_sql_look(r), "=<>!") && obi_sql_has(r, 1)) {
        r->pos++;
    }
    if (r->pos > from) {
        return true;
    }
    ob_span text = obi_sql_word(r);
    if (obi_sql_is(text, words)) {
        return true;
    }
    r->pos = from;
    return false;
}

/* Behind OR or AND: a comparison of two constants, a truth, a function that waits. quoted: a quote
 * stands before it, which closes a string of the query. */
static bool condition(obi_sql *r, bool breaks)
{
    side left = read_side(r);
    size_t behind = r->pos;
    if (left == SIDE_CALL) {
        return true;
    }
    if (left == SIDE_NONE || (left == SIDE_NAME && !breaks)) {
        return false;
    }
    if (operator_at(r)) {
        side right = read_side(r);
        bool constant = right == SIDE_NUMBER || right == SIDE_STRING || right == SIDE_CALL ||
                        right == SIDE_TRUTH;
        bool compared = constant && (left != SIDE_NAME || breaks);
        return compared || (breaks && obi_sql_comment(r));
    }
    r->pos = behind;
    return (left == SIDE_NUMBER || left == SIDE_TRUTH) && breaks && obi_sql_comment(r);
}

/* How many quotes of that kind stand before the literal in its line: an odd one opened a string. */
static bool is_open(const obi_markup_at *at, char quote)
{
    ob_span before = obi_markup_before(at, at->start);
    unsigned count = 0;
    for (size_t i = before.len; i > 0 && before.ptr[i - 1] != '\n'; i--) {
        count += before.ptr[i - 1] == quote;
    }
    return count % 2 == 1;
}

/* Behind a quote: what comments out the rest of the query, and nothing behind it. */
static bool comment_tail(obi_sql *r)
{
    char before = r->at->start > 0 ? r->text.ptr[r->at->start - 1] : '\0';
    bool value = before == '\0' || obi_is(before, OBI_ALNUM) || obi_one_of(before, ")%=");
    char quote = r->text.ptr[r->at->start];
    if (!value || is_open(r->at, quote) || !obi_sql_comment(r)) {
        return false;
    }
    while (obi_sql_take(r, '-') || obi_sql_take(r, '+')) {
    }
    (void)obi_sql_skip(r);
    return (!obi_sql_has(r, 1) && r->at->last) || obi_one_of(obi_sql_look(r), "&\n");
}

/* A quote that ends a string of the query, then a condition or a comment. */
static bool behind_quote(obi_sql *r)
{
    static const char *const joints[] = {"or", "and", "xor", "having", "where", NULL};
    r->pos = r->at->start + 1;
    (void)obi_sql_skip(r);
    while (obi_sql_take(r, ')')) {
        (void)obi_sql_skip(r);
    }
    size_t from = r->pos;
    char c = obi_sql_look(r);
    bool signs = (c == '|' || c == '&') && obi_sql_has(r, 2) && r->text.ptr[from + 1] == c;
    r->more = r->more || !obi_sql_has(r, 2);
    if (signs) {
        r->pos += 2;
        return condition(r, true);
    }
    if (obi_sql_is(obi_sql_word(r), joints)) {
        return condition(r, true);
    }
    r->pos = from;
    (void)obi_sql_take(r, ';');
    return comment_tail(r);
}

/* A number that is compared: the word before it decides. */
static bool number(obi_sql *r)
{
    static const char *const joints[] = {"or", "and", "xor", "having", "where", "when", "if", NULL};
    ob_span before = obi_markup_before(r->at, r->at->start);
    size_t at = before.len;
    while (at > 0 && obi_is(before.ptr[at - 1], OBI_DIGIT)) {
        at--;
    }
    r->pos = r->at->start - (before.len - at);
    size_t end = at;
    while (end > 0 &&
           (obi_blank(before.ptr[end - 1]) || obi_one_of(before.ptr[end - 1], "+(!~/*-"))) {
        end--;
    }
    if (end > 2 && ob_span_is(ob_span_sub(before, end - 3, end), OB_SPAN("%20"))) {
        end -= 3;
    }
    size_t word = end;
    while (word > 0 && obi_is(before.ptr[word - 1], OBI_LETTER)) {
        word--;
    }
    bool signs = end > 1 && (ob_span_has_suffix(ob_span_sub(before, 0, end), OB_SPAN("||")) ||
                             ob_span_has_suffix(ob_span_sub(before, 0, end), OB_SPAN("&&")));
    ob_span joint = ob_span_sub(before, word, end);
    bool tail = r->text.ptr[r->at->end - 1] == '-';
    /* "order by 10--": how many columns there are. */
    bool by = tail && end < at && ob_span_is_nocase(joint, OB_SPAN("by"));
    return (signs || by || (end < at && obi_sql_is(joint, joints))) && condition(r, tail);
}

obi_fit obi_markup_sql_union(const obi_markup_at *at, obi_mark *mark)
{
    return obi_sql_read(at, union_select, "sql/union", true, mark);
}

obi_fit obi_markup_sql_quote(const obi_markup_at *at, obi_mark *mark)
{
    return obi_sql_read(at, behind_quote, "sql/quote", true, mark);
}

obi_fit obi_markup_sql_number(const obi_markup_at *at, obi_mark *mark)
{
    obi_markup_at moved = *at;
    while (moved.start > at->from && moved.start + OBI_MARKUP_LEFT > at->start &&
           obi_is(at->text.ptr[moved.start - 1], OBI_DIGIT)) {
        moved.start--;
    }
    return obi_sql_read(&moved, number, "sql/condition", true, mark);
}

/* Two strings that are compared, of which the first one's beginning is a part of the query, or
 * stands behind "or". */
static bool equal_strings(obi_sql *r)
{
    static const char *const joints[] = {"or", "and", "where", "having", NULL};
    ob_span before = obi_markup_before(r->at, r->at->start);
    size_t at = before.len;
    while (at > 0 && obi_is(before.ptr[at - 1], OBI_ALNUM)) {
        at--;
    }
    if (at == 0 && r->at->start == before.len) {
        return before.len < 3; /* the literal is all there is */
    }
    if (at == 0 || before.ptr[at - 1] != '\'') {
        return false;
    }
    for (at--; at > 0 && !obi_is(before.ptr[at - 1], OBI_ALNUM) && before.len - at < 24; at--) {
    }
    size_t end = at;
    while (at > 0 && obi_is(before.ptr[at - 1], OBI_LETTER)) {
        at--;
    }
    return obi_sql_is(ob_span_sub(before, at, end), joints);
}

obi_fit obi_markup_sql_equal(const obi_markup_at *at, obi_mark *mark)
{
    return obi_sql_read(at, equal_strings, "sql/condition", true, mark);
}
