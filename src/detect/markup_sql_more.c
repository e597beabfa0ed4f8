/* SPDX-License-Identifier: Apache-2.0 */
/* SQL beside conditions: statements, comments behind a quote, and what only the inside of a
 * database knows. */
#include "detect/sql.h"

/* A statement: its object's name follows, and it stands behind, or in front of, what ends another
 * one; or in a text of its own. */
static bool statement(obi_sql *r)
{
    static const char *const objects[] = {"table",    "database", "schema", "view",
                                          "index",    "column",   "user",   "procedure",
                                          "function", "trigger",  NULL};
    static const char *const into[] = {"where", "values", "select", "set", NULL};
    ob_span head = ob_span_sub(r->text, r->at->start, r->at->end);
    char before = obi_sql_before(r->at);
    bool breaks = obi_one_of(before, ";'\")") && before != '\0';
    if (ob_span_is_nocase(head, OB_SPAN("drop")) || ob_span_is_nocase(head, OB_SPAN("alter")) ||
        ob_span_is_nocase(head, OB_SPAN("truncate"))) {
        if (obi_sql_skip(r) == 0 || !obi_sql_is(obi_sql_word(r), objects)) {
            return false;
        }
    }
    static const char *const joint[] = {"from", "into", NULL};
    bool joined =
        ob_span_is_nocase(head, OB_SPAN("delete")) || ob_span_is_nocase(head, OB_SPAN("insert"));
    if (joined && (obi_sql_skip(r) == 0 || !obi_sql_is(obi_sql_word(r), joint))) {
        return false;
    }
    if (obi_sql_skip(r) == 0) {
        return false;
    }
    while (obi_sql_has(r, 1) &&
           (obi_is(r->text.ptr[r->pos], OBI_TOKEN) || obi_one_of(r->text.ptr[r->pos], ".`[]\"*"))) {
        r->pos++;
    }
    r->more = r->more || !obi_sql_has(r, 1);
    size_t behind = r->pos;
    bool ends = obi_sql_comment(r);
    r->pos = ends ? r->pos : behind;
    if (ends || breaks) {
        return true;
    }
    (void)obi_sql_skip(r);
    (void)obi_sql_take(r, '(');
    bool goes = obi_sql_is(obi_sql_word(r), into);
    bool own = r->at->start == 0 || before == '\0';
    return goes || (own && behind == r->text.len);
}

/* Over a quote, behind blanks. */
static bool quoted(obi_sql *r)
{
    (void)obi_sql_skip(r);
    return obi_sql_take(r, '\'') || obi_sql_take(r, '"');
}

/* Names of what only the inside of a database has. */
static bool inside(obi_sql *r)
{
    ob_span head = ob_span_sub(r->text, r->at->start, r->at->end);
    if (ob_span_is_nocase(head, OB_SPAN("xp_")) || ob_span_is_nocase(head, OB_SPAN("dbms_")) ||
        ob_span_is_nocase(head, OB_SPAN("sp_exec"))) {
        static const char *const names[] = {"cmdshell", "dirtree",  "regread", "fileexist",
                                            "lock",     "pipe",     "ldap",    "utility",
                                            "utesql",   "oacreate", NULL};
        return obi_sql_is(obi_sql_word(r), names);
    }
    if (ob_span_is_nocase(head, OB_SPAN("waitfor"))) {
        static const char *const units[] = {"delay", "time", NULL};
        return obi_sql_skip(r) > 0 && obi_sql_is(obi_sql_word(r), units) && quoted(r);
    }
    if (ob_span_has_suffix(head, OB_SPAN("file")) || ob_span_has_suffix(head, OB_SPAN("FILE"))) {
        ob_span before = ob_span_trim(obi_markup_before(r->at, r->at->start));
        before = ob_span_sub(before, before.len < 4 ? 0 : before.len - 4, before.len);
        return ob_span_is_nocase(before, OB_SPAN("into"));
    }
    if (ob_span_is_nocase(head, OB_SPAN("shutdown"))) {
        return obi_sql_before(r->at) == ';' && obi_sql_comment(r);
    }
    return true;
}

/* A function that waits: of programs, too, so that it must stand in a query. */
static bool waits(obi_sql *r)
{
    static const char *const before[] = {"select", "and",  "or", "if", "||",
                                         "when",   "then", ",",  NULL};
    ob_span left = ob_span_trim(obi_markup_before(r->at, r->at->start));
    while (left.len > 0 && obi_one_of(left.ptr[left.len - 1], "+( ")) {
        left.len--;
    }
    for (size_t i = 0; before[i] != NULL; i++) {
        size_t len = strlen(before[i]);
        if (left.len >= len && ob_span_is_nocase(ob_span_sub(left, left.len - len, left.len),
                                                 ob_span_str(before[i]))) {
            (void)obi_sql_word(r);
            return true;
        }
    }
    bool assigned = left.len > 0 && obi_one_of(left.ptr[left.len - 1], "'\";=") &&
                    obi_is(obi_sql_look(r), OBI_DIGIT);
    (void)obi_sql_word(r);
    return assigned;
}

/* "(select ... from", or a query of nothing but what the database has of its own. */
static bool subquery(obi_sql *r)
{
    static const char *const own[] = {"sleep", "user",         "version", "database", "concat",
                                      "count", "null",         "case",    "top",      "load_file",
                                      "char",  "group_concat", NULL};
    static const char *const from_[] = {"from", NULL};
    if (obi_sql_skip(r) == 0 && obi_sql_look(r) != '(' && obi_sql_look(r) != '@') {
        return false;
    }
    size_t from = r->pos;
    if (obi_sql_take(r, '@')) {
        return true;
    }
    if (obi_is(obi_sql_look(r), OBI_DIGIT)) {
        (void)obi_sql_word(r);
        return true;
    }
    if (obi_sql_is(obi_sql_word(r), own)) {
        return true;
    }
    while (r->pos - from < OBI_SQL_NEAR && obi_sql_has(r, 1) && r->text.ptr[r->pos] != '\n') {
        if (obi_sql_is(obi_sql_word(r), from_)) {
            return true;
        }
        r->pos += obi_sql_has(r, 1);
    }
    r->more = r->more || (!obi_sql_has(r, 1) && r->pos - from < OBI_SQL_NEAR);
    return false;
}

obi_fit obi_markup_sql_statement(const obi_markup_at *at, obi_mark *mark)
{
    return obi_sql_read(at, statement, "sql/statement", false, mark);
}

obi_fit obi_markup_sql_inside(const obi_markup_at *at, obi_mark *mark)
{
    return obi_sql_read(at, inside, "sql/inside", true, mark);
}

obi_fit obi_markup_sql_waits(const obi_markup_at *at, obi_mark *mark)
{
    return obi_sql_read(at, waits, "sql/time", true, mark);
}

obi_fit obi_markup_sql_query(const obi_markup_at *at, obi_mark *mark)
{
    return obi_sql_read(at, subquery, "sql/query", false, mark);
}
