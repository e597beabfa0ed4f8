/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The forms in which people read papers. A form says what stands before and behind each part; the
 * walk over the blocks, their numbers, the annexes and the sources is one for all of them.
 */
#ifndef OB_MAP_PAPER_FORM_H
#define OB_MAP_PAPER_FORM_H

#include "map/paper_core.h"

#define OB_MARKS(tag, a, b, c, d, e, f) OBI_TAG_##tag,

typedef enum obi_tag {
#include "map/paper_marks.def"
    OBI_TAGS
} obi_tag;

#undef OB_MARKS

typedef struct obi_marks {
    const char *before;
    const char *number; /* not NULL: behind .before the number of the part, then this */
    const char *behind;
} obi_marks;

typedef struct obi_page obi_page;

typedef struct obi_paper_form {
    obi_marks marks[OBI_TAGS];
    /* Writes foreign text, or ours, so that nothing in it has a meaning in the form. */
    bool (*text)(ob_buf *out, ob_span text, ob_err *err);
    void (*begin)(obi_page *page);    /* before the title; NULL: nothing */
    void (*contents)(obi_page *page); /* behind the note; NULL: nothing */
} obi_paper_form;

struct obi_page {
    ob_buf *out;
    const ob_paper *p;
    const obi_paper_form *form;
    ob_err *err;
    uint32_t section[2];
    char annex; /* the last one: 'A' */
    bool bad;
};

void obi_page_text(obi_page *page, ob_span text);
OB_MUST bool obi_paper_write(ob_buf *out, const ob_paper *p, const obi_paper_form *form,
                             ob_err *err);

#endif
