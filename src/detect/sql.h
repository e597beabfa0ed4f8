/* SPDX-License-Identifier: Apache-2.0 */
/* Reads SQL forwards from a literal: words, blanks of all kinds, and whether the text was enough.
 */
#ifndef OB_DETECT_SQL_H
#define OB_DETECT_SQL_H

#include "detect/markup.h"

/* Bytes between the parts of one form. */
#define OBI_SQL_NEAR 96

typedef struct obi_sql {
    const obi_markup_at *at;
    ob_span text;
    size_t pos;
    bool more; /* the text ended where something could go on */
} obi_sql;

static inline bool obi_sql_has(const obi_sql *r, size_t bytes)
{
    return r->pos + bytes <= r->text.len;
}

/* The next byte, or NUL. */
static inline char obi_sql_look(obi_sql *r)
{
    bool there = obi_sql_has(r, 1);
    r->more = r->more || !there;
    return there ? r->text.ptr[r->pos] : '\0';
}

static inline bool obi_sql_take(obi_sql *r, char c)
{
    bool taken = obi_sql_look(r) == c && obi_sql_has(r, 1);
    r->pos += taken;
    return taken;
}

/* Over white space, plus signs, escaped blanks and comments; how many bytes. */
size_t obi_sql_skip(obi_sql *r);
/* A run of letters, digits and underscores. */
ob_span obi_sql_word(obi_sql *r);
/* text is one of the words, which NULL ends. */
bool obi_sql_is(ob_span text, const char *const *words);
/* Over what ends a query, so that the rest of it does not count. */
bool obi_sql_comment(obi_sql *r);
/* The last byte before the literal that is no blank; NUL at the beginning of what is seen. */
char obi_sql_before(const obi_markup_at *at);
/* A letter or digit stands right before the literal, which begins with one, too. */
bool obi_sql_glued(const obi_markup_at *at);

typedef bool obi_sql_form(obi_sql *r);

/* Reads one form from the literal's end on. */
obi_fit obi_sql_read(const obi_markup_at *at, obi_sql_form *form, const char *rule, bool sure,
                     obi_mark *mark);

#endif
