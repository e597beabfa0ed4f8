/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a page of the work programme from its cells. */
#include "map/item.h"

#include "map/item_labels.h"
#include "map/item_names.h"
#include "map/name.h"

#include <ombud/limits.h>
#include <ombud/text.h>

bool ob_item_is(const ob_page_text *page)
{
    unsigned labels = 0;
    ob_span rest = {0};
    for (size_t i = 0; i < page->count; i++) {
        ob_span text = page->cells[i].text;
        obi_label of = obi_label_of(&page->cells[i], false, &rest);
        labels |= of < OBI_LABELS && of != OBI_REFERENCES && of != OBI_CONTACTS ? 1u << of : 0u;
        if (obi_is_banner(text) || ob_span_is_nocase(text, OB_SPAN("ITU-T work programme")) ||
            of == OBI_WORK_ITEM) {
            return true;
        }
    }
    return __builtin_popcount(labels) >= 3 || obi_labels_are_bare(page);
}

typedef struct reader {
    const ob_page_text *page;
    ob_arena *arena;
    ob_item *item;
    ob_buf values[OBI_LABELS];
    uint32_t lines[OBI_LABELS]; /* of the label, 0: not seen */
    obi_label current;          /* whose value is being read, OBI_LABELS: none */
    uint32_t value_line;        /* of its last cell */
    bool bare;                  /* labels have no colon */
    bool early;                 /* the summary stands before other fields */
} reader;

static void reader_fini(reader *r)
{
    for (int i = 0; i < OBI_LABELS; i++) {
        ob_buf_fini(&r->values[i]);
    }
}

static void add_value(reader *r, const ob_cell *cell, ob_span text)
{
    ob_buf *value = &r->values[r->current];
    if (text.len == 0 || obi_is_furniture(text)) {
        return;
    }
    if (value->len > 0 && cell->line == r->value_line && !cell->row && !cell->tab) {
        ob_buf_add_str(value, " | "); /* parted by a bar of the text itself */
    } else if (value->len > 0) {
        bool name = r->current == OBI_LIAISON && obi_begins_liaison(ob_buf_span(value), text);
        ob_buf_add_str(value, name ? "; " : " ");
    }
    ob_buf_add(value, text);
    r->value_line = cell->line;
    if (r->current == OBI_REGISTERED || r->current == OBI_UPDATED) {
        r->current = OBI_LABELS; /* a stamp is one cell, the foot of the page may follow */
    }
}

/* The label that a cell begins with, if it is one there. */
static obi_label label_at(reader *r, const ob_cell *cell, ob_span *rest)
{
    obi_label of = obi_label_of(cell, r->bare, rest);
    bool behind = of < OBI_SUMMARY && r->lines[OBI_SUMMARY] > 0 && !r->early;
    if (!behind || of == OBI_WORK_ITEM) {
        return of;
    }
    /* Behind the summary only the small print follows; "Status:" there is a word of it, unless this
     * page has its fields in another order. */
    bool missing = r->lines[of] == 0 &&
                   (of == OBI_TITLE || of == OBI_STATUS || of == OBI_APPROVAL || of == OBI_TYPE);
    r->early = missing;
    return missing ? of : OBI_LABELS;
}

/* Does a cell begin a field that is none of ours, and end the one before it? */
static bool ends_field(const reader *r, const ob_cell *cell, const ob_cell *next)
{
    if (r->current >= OBI_SUMMARY && r->current != OBI_COMMENT) {
        return false;
    }
    if (r->bare) {
        return cell->row && next != NULL && !next->row;
    }
    if (r->current == OBI_COMMENT || obi_is_other_label(cell, false)) {
        return r->current != OBI_COMMENT;
    }
    bool filled = r->values[r->current].len > 0;
    bool words = r->current == OBI_TITLE || (r->current == OBI_LIAISON && cell->text.len > 1 &&
                                             cell->text.ptr[1] >= 'A' && cell->text.ptr[1] <= 'Z');
    return filled && !words && obi_is_other_label(cell, true);
}

static bool begin_field(reader *r, const ob_cell *cell, obi_label of, ob_span rest, ob_err *err)
{
    bool once = of <= OBI_SUMMARY || of == OBI_REGISTERED || of == OBI_UPDATED;
    if (once && r->lines[of] > 0) {
        return ob_page_fail(r->page, cell->line, err,
                            "'%s:' again, it stands in line %u; one page holds one work item",
                            obi_label_name(of), r->lines[of]);
    }
    r->lines[of] = r->lines[of] > 0 ? r->lines[of] : cell->line;
    r->current = of;
    r->value_line = 0;
    if (rest.len > 0) {
        add_value(r, cell, rest);
    }
    return true;
}

static bool take_cell(reader *r, size_t at, ob_err *err)
{
    const ob_cell *cell = &r->page->cells[at];
    const ob_cell *next = at + 1 < r->page->count ? cell + 1 : NULL;
    ob_item *item = r->item;
    ob_span rest = {0};
    bool head = r->lines[OBI_WORK_ITEM] == 0 && r->lines[OBI_TITLE] == 0;
    if (head && (item->study_period.len > 0 || obi_is_banner(cell->text))) {
        obi_read_banner(cell->text, &item->study_period, &item->group, &item->question);
    }
    obi_label of = label_at(r, cell, &rest);
    if (of < OBI_LABELS) {
        return begin_field(r, cell, of, rest, err);
    }
    if (obi_is_person(cell->text) && (r->lines[OBI_SUMMARY] > 0 || r->current == OBI_CONTACTS)) {
        item->editors++;
        return true;
    }
    bool skipped = r->current == OBI_CONTACTS || r->current == OBI_JUSTIFICATION;
    if (r->current < OBI_LABELS && !skipped) {
        if (obi_is_foot(cell->text) || ends_field(r, cell, next)) {
            r->current = OBI_LABELS;
        } else {
            add_value(r, cell, cell->text);
        }
    }
    return true;
}

static bool check_whole(const reader *r, ob_err *err)
{
    static const obi_label needed[] = {OBI_WORK_ITEM, OBI_TITLE, OBI_STATUS,
                                       OBI_APPROVAL,  OBI_TYPE,  OBI_SUMMARY};
    for (size_t i = 0; i < OB_COUNT(needed); i++) {
        if (r->lines[needed[i]] == 0) {
            return ob_page_fail(r->page, r->page->lines, err,
                                "the page ends without '%s:'; it was cut or is another one, save "
                                "the whole page",
                                obi_label_name(needed[i]));
        }
    }
    for (size_t i = 0; i < 2; i++) {
        if (obi_is_silent(ob_span_trim(ob_buf_span(&r->values[needed[i]])))) {
            return ob_page_fail(r->page, r->lines[needed[i]], err, "'%s:' has no value",
                                obi_label_name(needed[i]));
        }
    }
    return true;
}

static bool keep(reader *r, obi_label of, ob_span *out, ob_err *err)
{
    ob_span text = ob_span_trim(ob_buf_span(&r->values[of]));
    return obi_is_silent(text) || ob_arena_dup(r->arena, text, out, err);
}

/* "X.Suppl.16 (ex X.1037; X.rev;)" */
static bool read_heading(reader *r, ob_err *err)
{
    ob_span heading = {0};
    ob_doc_name name = {0};
    ob_item *item = r->item;
    if (!keep(r, OBI_WORK_ITEM, &heading, err)) {
        return false;
    }
    ob_span id = heading;
    ob_span former = {0};
    obi_cut_former(&id, &former);
    if (!ob_doc_name_read(&name, r->arena, id, err)) {
        return false;
    }
    item->id = name.plain;
    if (item->id.len == 0 || item->id.len > 100 ||
        ob_span_find(item->id, OB_SPAN(":"), 0) != SIZE_MAX) {
        OB_AUTO(ob_buf) shown = {.max = 1024};
        ob_buf_add_shown(&shown, heading, OB_QUOTE_MAX);
        return ob_page_fail(r->page, r->lines[OBI_WORK_ITEM], err, "no name of a work item: '%.*s'",
                            OB_SHOW(ob_buf_span(&shown)));
    }
    /* An old layout also has them in a line of their own. */
    ob_span provisional = {0};
    if (former.len == 0 && !keep(r, OBI_PROVISIONAL, &provisional, err)) {
        return false;
    }
    return obi_split_former(r->arena, former.len > 0 ? former : provisional, item->id,
                            &item->former, err);
}

bool ob_item_read(ob_item *item, ob_arena *arena, const ob_page_text *page, ob_err *err)
{
    ob_item made = {0};
    OB_AUTO(reader) r = {.page = page, .arena = arena, .item = &made, .current = OBI_LABELS};
    r.bare = obi_labels_are_bare(page);
    for (int i = 0; i < OBI_LABELS; i++) {
        r.values[i].max = OB_PAGE_MAX;
    }
    for (size_t i = 0; i < page->count; i++) {
        if (!take_cell(&r, i, err)) {
            return false;
        }
    }
    for (int i = 0; i < OBI_LABELS; i++) {
        if (!ob_buf_check(&r.values[i], "a field of a page", err)) {
            return false;
        }
    }
    if (!check_whole(&r, err) || !read_heading(&r, err)) {
        return false;
    }
    ob_span *const fields[OBI_LABELS] = {
        [OBI_TITLE] = &made.title,       [OBI_STATUS] = &made.status,
        [OBI_APPROVAL] = &made.approval, [OBI_TYPE] = &made.type,
        [OBI_VERSION] = &made.version,   [OBI_EQUIVALENT] = &made.equivalent,
        [OBI_TIMING] = &made.timing,     [OBI_LIAISON] = &made.liaison,
        [OBI_MEMBERS] = &made.members,   [OBI_SUMMARY] = &made.summary,
        [OBI_COMMENT] = &made.comment,   [OBI_REGISTERED] = &made.registered,
        [OBI_UPDATED] = &made.updated};
    made.cut = true;
    for (int i = 0; i < OBI_LABELS; i++) {
        made.cut = made.cut && (i <= OBI_SUMMARY || r.lines[i] == 0);
        if (fields[i] != NULL && !keep(&r, (obi_label)i, fields[i], err)) {
            return false;
        }
    }
    if (!obi_split_liaisons(arena, made.liaison, &made.liaisons, err)) {
        return false;
    }
    *item = made;
    return true;
}
