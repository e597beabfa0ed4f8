/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a page of the work programme from its cells. */
#include "map/item.h"

#include "map/item_names.h"
#include "map/name.h"

#include <ombud/limits.h>

#include <ombud/text.h>

typedef enum label {
    WORK_ITEM,
    TITLE,
    STATUS,
    APPROVAL,
    TYPE,
    VERSION,
    PROVISIONAL,
    EQUIVALENT,
    TIMING,
    LIAISON,
    MEMBERS,
    SUMMARY,
    COMMENT,
    REFERENCES,
    CONTACTS,
    JUSTIFICATION,
    REGISTERED,
    UPDATED,
    LABELS
} label;

/* Spellings of labels, without the colon. The first of each is what messages name. */
static const struct {
    label of;
    const char *text;
} spellings[] = {
    {WORK_ITEM, "Work item"},
    {TITLE, "Subject/title"},
    {TITLE, "Subject / title"},
    {TITLE, "Title"},
    {TITLE, "Subject"},
    {STATUS, "Status"},
    {APPROVAL, "Approval process"},
    {APPROVAL, "Approval procedure"},
    {TYPE, "Type of work item"},
    {TYPE, "Type"},
    {VERSION, "Version"},
    {PROVISIONAL, "Provisional name"},
    {EQUIVALENT, "Equivalent number"},
    {TIMING, "Timing"},
    {LIAISON, "Liaison"},
    {LIAISON, "Liaisons"},
    {LIAISON, "Liaison(s)"},
    {MEMBERS, "Supporting members"},
    {MEMBERS, "Supporting member(s)"},
    {SUMMARY, "Summary"},
    {COMMENT, "Comment"},
    {COMMENT, "Comments"},
    {COMMENT, "Comment(s)"},
    {REFERENCES, "Reference(s)"},
    {REFERENCES, "References"},
    {REFERENCES, "Historic references"},
    {REFERENCES, "Base text(s)"},
    {CONTACTS, "Contact(s)"},
    {CONTACTS, "Contacts"},
    {CONTACTS, "Editor(s)"},
    {JUSTIFICATION, "ITU-T A.5 justification(s)"},
    {JUSTIFICATION, "ITU-T A.5 reference(s)"},
    {REGISTERED, "First registration in the WP"},
    {REGISTERED, "First registration"},
    {UPDATED, "Last update"},
};

/* Without the marks that converters put around bold text. */
static ob_span plain(ob_span text)
{
    while (text.len > 0 && strchr("*_# ", text.ptr[0]) != NULL) {
        text = ob_span_sub(text, 1, text.len);
    }
    while (text.len > 0 && strchr("*_ ", text.ptr[text.len - 1]) != NULL) {
        text = ob_span_sub(text, 0, text.len - 1);
    }
    return text;
}

/* The label that a cell begins with; what stands behind the colon in *rest. */
static label label_of(ob_span text, ob_span *rest)
{
    size_t colon = ob_span_find(text, OB_SPAN(":"), 0);
    if (colon == SIZE_MAX || colon > 40) {
        return LABELS;
    }
    ob_span name = plain(ob_span_sub(text, 0, colon));
    for (size_t i = 0; i < OB_COUNT(spellings); i++) {
        if (ob_span_is_nocase(name, ob_span_str(spellings[i].text))) {
            ob_span behind = ob_span_trim(ob_span_sub(text, colon + 1, text.len));
            bool bold = name.ptr != text.ptr && ob_span_has_prefix(behind, OB_SPAN("*"));
            *rest = bold ? plain(behind) : behind;
            return spellings[i].of;
        }
    }
    return LABELS;
}

static const char *name_of(label of)
{
    for (size_t i = 0; i < OB_COUNT(spellings); i++) {
        if (spellings[i].of == of) {
            return spellings[i].text;
        }
    }
    return "";
}

/* "[2025-2028] : [SG17] : [Q6/17]" */
static bool is_banner(ob_span text)
{
    bool good = text.len >= 11 && text.ptr[0] == '[' && text.ptr[5] == '-' && text.ptr[10] == ']';
    for (size_t i = 1; good && i < 10; i++) {
        good = i == 5 || (text.ptr[i] >= '0' && text.ptr[i] <= '9');
    }
    return good;
}

bool ob_item_is(const ob_page_text *page)
{
    unsigned labels = 0;
    ob_span rest = {0};
    for (size_t i = 0; i < page->count; i++) {
        ob_span text = page->cells[i].text;
        label of = label_of(text, &rest);
        labels |= of < LABELS && of != REFERENCES && of != CONTACTS ? 1u << of : 0u;
        if (is_banner(text) || ob_span_is_nocase(text, OB_SPAN("ITU-T work programme")) ||
            of == WORK_ITEM) {
            return true;
        }
    }
    return __builtin_popcount(labels) >= 3;
}

static void read_banner(ob_item *item, ob_span text)
{
    ob_span rest = text;
    for (size_t at = 0; (at = ob_span_find(rest, OB_SPAN("["), 0)) != SIZE_MAX;) {
        size_t end = ob_span_find(rest, OB_SPAN("]"), at);
        if (end == SIZE_MAX) {
            return;
        }
        ob_span inside = ob_span_trim(ob_span_sub(rest, at + 1, end));
        rest = ob_span_sub(rest, end + 1, rest.len);
        if (item->study_period.len == 0) {
            item->study_period = inside;
        } else if (inside.len > 0 && inside.ptr[0] == 'Q') {
            item->question = item->question.len == 0 ? inside : item->question;
        } else {
            item->group = item->group.len == 0 ? inside : item->group;
        }
    }
}

/* What a page shows where there is nothing to say. */
static bool is_silent(ob_span text)
{
    static const char *const words[] = {"",    "-",  "--", "\xe2\x80\x93", "\xe2\x80\x94",
                                        "n/a", "N/A"};
    return ob_text_index(text, words, OB_COUNT(words)) >= 0;
}

/* A line about a person: "(name), Editor". */
static bool is_person(ob_span text)
{
    static const char *const roles[] = {"Editor",     "Co-editor",   "Associate editor",
                                        "Rapporteur", "Contributor", "Associate Rapporteur",
                                        "Co-Editor",  "Editors",     "Main editor"};
    size_t comma = text.len;
    while (comma > 0 && text.ptr[comma - 1] != ',') {
        comma--;
    }
    ob_span last = ob_span_trim(ob_span_sub(text, comma, text.len));
    for (size_t i = 0; i < OB_COUNT(roles); i++) {
        if (ob_span_is_nocase(last, ob_span_str(roles[i]))) {
            return true;
        }
    }
    return false;
}

/* Buttons and hints of the page between the fields. */
static bool is_furniture(ob_span text)
{
    static const char *const heads[] = {"[Submit new",        "Generate A.5",
                                        "See guidelines for", "[Declared patent",
                                        "[Associated work",   "---"};
    for (size_t i = 0; i < OB_COUNT(heads); i++) {
        if (ob_span_has_prefix(text, ob_span_str(heads[i]))) {
            return true;
        }
    }
    return false;
}

typedef struct reader {
    const ob_page_text *page;
    ob_arena *arena;
    ob_item *item;
    ob_buf values[LABELS];
    uint32_t lines[LABELS]; /* of the label, 0: not seen */
    label current;          /* whose value is being read, LABELS: none */
    uint32_t value_line;    /* of its last cell */
} reader;

static void reader_fini(reader *r)
{
    for (int i = 0; i < LABELS; i++) {
        ob_buf_fini(&r->values[i]);
    }
}

static void add_value(reader *r, const ob_cell *cell, ob_span text)
{
    ob_buf *value = &r->values[r->current];
    if (text.len == 0 || is_furniture(text)) {
        return;
    }
    if (value->len > 0) {
        /* Cells of one row were parted by a bar of the text itself. */
        ob_buf_add_str(value, cell->line == r->value_line && !cell->row ? " | " : " ");
    }
    ob_buf_add(value, text);
    r->value_line = cell->line;
}

static bool take_cell(reader *r, const ob_cell *cell, ob_err *err)
{
    ob_span rest = {0};
    label of = label_of(cell->text, &rest);
    if (is_banner(cell->text) && r->item->study_period.len == 0) {
        read_banner(r->item, cell->text);
        return true;
    }
    /* Behind the summary only the small print follows; "Status:" there is a word of it. */
    if (of < SUMMARY && of != WORK_ITEM && r->lines[SUMMARY] > 0) {
        of = LABELS;
    }
    bool once = of <= SUMMARY || of == REGISTERED || of == UPDATED;
    if (of < LABELS && once && r->lines[of] > 0) {
        return ob_page_fail(r->page, cell->line, err,
                            "'%s:' again, it stands in line %u; one page holds one work item",
                            name_of(of), r->lines[of]);
    }
    if (of < LABELS) {
        r->lines[of] = r->lines[of] > 0 ? r->lines[of] : cell->line;
        r->current = of;
        r->value_line = 0;
        if (rest.len > 0) {
            add_value(r, cell, rest);
        }
        return true;
    }
    if (is_person(cell->text) && (r->lines[SUMMARY] > 0 || r->current == CONTACTS)) {
        r->item->editors++;
        return true;
    }
    if (r->current < LABELS && r->current != CONTACTS && r->current != JUSTIFICATION) {
        add_value(r, cell, cell->text);
    }
    return true;
}

static bool check_whole(const reader *r, ob_err *err)
{
    static const label needed[] = {WORK_ITEM, TITLE, STATUS, APPROVAL, TYPE, SUMMARY};
    for (size_t i = 0; i < OB_COUNT(needed); i++) {
        if (r->lines[needed[i]] == 0) {
            return ob_page_fail(r->page, r->page->lines, err,
                                "the page ends without '%s:'; it was cut or is another one, save "
                                "the whole page",
                                name_of(needed[i]));
        }
    }
    for (size_t i = 0; i < 2; i++) {
        if (is_silent(ob_span_trim(ob_buf_span(&r->values[needed[i]])))) {
            return ob_page_fail(r->page, r->lines[needed[i]], err, "'%s:' has no value",
                                name_of(needed[i]));
        }
    }
    return true;
}

static bool keep(reader *r, label of, ob_span *out, ob_err *err)
{
    ob_span text = ob_span_trim(ob_buf_span(&r->values[of]));
    return is_silent(text) || ob_arena_dup(r->arena, text, out, err);
}

/* "X.Suppl.16 (ex X.1037; X.rev;)" */
static bool read_heading(reader *r, ob_err *err)
{
    ob_span heading = {0};
    ob_doc_name name = {0};
    ob_item *item = r->item;
    if (!keep(r, WORK_ITEM, &heading, err)) {
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
        return ob_page_fail(r->page, r->lines[WORK_ITEM], err, "no name of a work item: '%.*s'",
                            OB_SHOW(ob_buf_span(&shown)));
    }
    /* An old layout also has them in a line of their own. */
    ob_span provisional = {0};
    if (former.len == 0 && !keep(r, PROVISIONAL, &provisional, err)) {
        return false;
    }
    return obi_split_former(r->arena, former.len > 0 ? former : provisional, item->id,
                            &item->former, err);
}

bool ob_item_read(ob_item *item, ob_arena *arena, const ob_page_text *page, ob_err *err)
{
    ob_item made = {0};
    OB_AUTO(reader) r = {.page = page, .arena = arena, .item = &made, .current = LABELS};
    for (int i = 0; i < LABELS; i++) {
        r.values[i].max = OB_PAGE_MAX;
    }
    for (size_t i = 0; i < page->count; i++) {
        if (!take_cell(&r, &page->cells[i], err)) {
            return false;
        }
    }
    for (int i = 0; i < LABELS; i++) {
        if (!ob_buf_check(&r.values[i], "a field of a page", err)) {
            return false;
        }
    }
    if (!check_whole(&r, err) || !read_heading(&r, err)) {
        return false;
    }
    ob_span *const fields[LABELS] = {
        [TITLE] = &made.title,     [STATUS] = &made.status,   [APPROVAL] = &made.approval,
        [TYPE] = &made.type,       [VERSION] = &made.version, [EQUIVALENT] = &made.equivalent,
        [TIMING] = &made.timing,   [LIAISON] = &made.liaison, [MEMBERS] = &made.members,
        [SUMMARY] = &made.summary, [COMMENT] = &made.comment, [REGISTERED] = &made.registered,
        [UPDATED] = &made.updated};
    made.cut = true;
    for (int i = 0; i < LABELS; i++) {
        made.cut = made.cut && (i <= SUMMARY || r.lines[i] == 0);
        if (fields[i] != NULL && !keep(&r, (label)i, fields[i], err)) {
            return false;
        }
    }
    if (!obi_split_liaisons(arena, made.liaison, &made.liaisons, err)) {
        return false;
    }
    *item = made;
    return true;
}
