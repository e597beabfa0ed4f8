/* SPDX-License-Identifier: Apache-2.0 */
#include "map/item_labels.h"

#include <ombud/limits.h>
#include <ombud/text.h>

/* Spellings of labels, without the colon. The first of each is what messages name. */
static const struct {
    obi_label of;
    const char *text;
} spellings[] = {
    {OBI_WORK_ITEM, "Work item"},
    {OBI_WORK_ITEM, "Work item name"},
    {OBI_WORK_ITEM, "Work item ID"},
    {OBI_TITLE, "Subject/title"},
    {OBI_TITLE, "Subject / title"},
    {OBI_TITLE, "Title"},
    {OBI_TITLE, "Subject"},
    {OBI_STATUS, "Status"},
    {OBI_APPROVAL, "Approval process"},
    {OBI_APPROVAL, "Approval procedure"},
    {OBI_TYPE, "Type of work item"},
    {OBI_TYPE, "Type"},
    {OBI_TYPE, "Document type"},
    {OBI_VERSION, "Version"},
    {OBI_PROVISIONAL, "Provisional name"},
    {OBI_EQUIVALENT, "Equivalent number"},
    {OBI_TIMING, "Timing"},
    {OBI_TIMING, "Target date"},
    {OBI_LIAISON, "Liaison"},
    {OBI_LIAISON, "Liaisons"},
    {OBI_LIAISON, "Liaison(s)"},
    {OBI_LIAISON, "Liaison with"},
    {OBI_LIAISON, "Liaison relationship"},
    {OBI_LIAISON, "Liaison relationships"},
    {OBI_MEMBERS, "Supporting members"},
    {OBI_MEMBERS, "Supporting member(s)"},
    {OBI_SUMMARY, "Summary"},
    {OBI_COMMENT, "Comment"},
    {OBI_COMMENT, "Comments"},
    {OBI_COMMENT, "Comment(s)"},
    {OBI_REFERENCES, "Reference(s)"},
    {OBI_REFERENCES, "References"},
    {OBI_REFERENCES, "Historic references"},
    {OBI_REFERENCES, "Base text(s)"},
    {OBI_CONTACTS, "Contact(s)"},
    {OBI_CONTACTS, "Contacts"},
    {OBI_CONTACTS, "Contact"},
    {OBI_CONTACTS, "Editor(s)"},
    {OBI_CONTACTS, "Editors"},
    {OBI_JUSTIFICATION, "ITU-T A.5 justification(s)"},
    {OBI_JUSTIFICATION, "ITU-T A.5 reference(s)"},
    {OBI_REGISTERED, "First registration in the WP"},
    {OBI_REGISTERED, "First registration"},
    {OBI_UPDATED, "Last update"},
};

/* Colons of East Asian keyboards are wider. */
static size_t colon_of(ob_span text, size_t *behind)
{
    size_t colon = ob_span_find(text, OB_SPAN(":"), 0);
    size_t wide = ob_span_find(text, OB_SPAN("\xef\xbc\x9a"), 0);
    *behind = wide < colon ? wide + 3 : colon + 1;
    return wide < colon ? wide : colon;
}

/* Without the marks that converters and mail programs put around text or before a line. */
static ob_span plain(ob_span text)
{
    static const char *const heads[] = {"\xe2\x80\xa2", "\xc2\xb7", "*",  "_", "#",
                                        "> ",           "- ",       "+ ", " "};
    for (size_t i = 0; i < OB_COUNT(heads); i++) {
        if (ob_span_has_prefix(text, ob_span_str(heads[i]))) {
            text = ob_span_sub(text, strlen(heads[i]), text.len);
            i = SIZE_MAX; /* from the first one again */
        }
    }
    while (text.len > 0 && strchr("*_ ", text.ptr[text.len - 1]) != NULL) {
        text = ob_span_sub(text, 0, text.len - 1);
    }
    return text;
}

static obi_label named(ob_span name)
{
    for (size_t i = 0; i < OB_COUNT(spellings); i++) {
        if (ob_span_is_nocase(name, ob_span_str(spellings[i].text))) {
            return spellings[i].of;
        }
    }
    return OBI_LABELS;
}

obi_label obi_label_of(const ob_cell *cell, bool bare, ob_span *rest)
{
    ob_span text = cell->text;
    size_t behind = 0;
    size_t colon = colon_of(text, &behind);
    if (bare && cell->row) {
        *rest = (ob_span){0};
        return named(plain(behind == text.len ? ob_span_sub(text, 0, colon) : text));
    }
    if (colon == SIZE_MAX || colon > 40) {
        return OBI_LABELS;
    }
    ob_span name = plain(ob_span_sub(text, 0, colon));
    obi_label of = named(name);
    if (of < OBI_LABELS) {
        ob_span value = ob_span_trim(ob_span_sub(text, behind, text.len));
        bool bold = name.ptr != text.ptr && ob_span_has_prefix(value, OB_SPAN("*"));
        *rest = bold ? plain(value) : value;
    }
    return of;
}

const char *obi_label_name(obi_label of)
{
    for (size_t i = 0; i < OB_COUNT(spellings); i++) {
        if (spellings[i].of == of) {
            return spellings[i].text;
        }
    }
    return "";
}

bool obi_labels_are_bare(const ob_page_text *page)
{
    bool found = false;
    ob_span rest = {0};
    for (size_t i = 0; i < page->count; i++) {
        const ob_cell *cell = &page->cells[i];
        if (obi_label_of(cell, false, &rest) == OBI_WORK_ITEM) {
            return false;
        }
        /* The head of a table of search results has the name of the next column behind it. */
        bool value = i + 1 < page->count && !page->cells[i + 1].row &&
                     named(plain(page->cells[i + 1].text)) == OBI_LABELS;
        found = found || (value && cell->row && obi_label_of(cell, true, &rest) == OBI_WORK_ITEM);
    }
    return found;
}

bool obi_is_other_label(const ob_cell *cell, bool all)
{
    size_t behind = 0;
    size_t colon = colon_of(cell->text, &behind);
    if (!cell->row || colon == SIZE_MAX || colon > 40) {
        return false;
    }
    ob_span name = plain(ob_span_sub(cell->text, 0, colon));
    ob_span word = {0};
    size_t words = 0;
    bool good = name.len > 1 && name.ptr[0] >= 'A' && name.ptr[0] <= 'Z';
    for (ob_span at = name; ob_span_cut(&at, ' ', &word);) {
        words++;
    }
    /* "ITU-T X.1058 | ISO:" is none: labels have letters only. */
    for (size_t i = 0; good && i < name.len; i++) {
        char c = name.ptr[i];
        good = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || strchr(" ()/-'", c) != NULL;
    }
    return good && words <= 5 && (behind == cell->text.len || all);
}

/* Banners */

/* "2025-2028", with any dash. */
static bool is_period(ob_span text)
{
    static const char *const dashes[] = {"-", "\xe2\x80\x93", "\xe2\x80\x90", "\xe2\x80\x91"};
    bool good = text.len >= 9;
    for (size_t i = 0; good && i < 4; i++) {
        char last = text.ptr[text.len - 1 - i];
        good = text.ptr[i] >= '0' && text.ptr[i] <= '9' && last >= '0' && last <= '9';
    }
    ob_span dash = good ? ob_span_sub(text, 4, text.len - 4) : (ob_span){0};
    for (size_t i = 0; i < OB_COUNT(dashes); i++) {
        if (ob_span_is(dash, ob_span_str(dashes[i]))) {
            return true;
        }
    }
    return false;
}

static bool digit_at(ob_span text, size_t at)
{
    return at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';
}

static bool is_group(ob_span text)
{
    return (ob_span_has_prefix(text, OB_SPAN("SG")) && (digit_at(text, 2) || digit_at(text, 3))) ||
           ob_span_has_prefix(text, OB_SPAN("TSAG")) || ob_span_has_prefix(text, OB_SPAN("FG-")) ||
           (ob_span_has_prefix(text, OB_SPAN("Study Group ")) && digit_at(text, 12));
}

static bool is_question(ob_span text)
{
    return ob_span_has_prefix(text, OB_SPAN("Q")) && text.len < 40 &&
           (digit_at(text, 1) || digit_at(text, 2) || ob_span_find(text, OB_SPAN("/"), 0) < 20);
}

static bool is_working_party(ob_span text)
{
    return ob_span_has_prefix(text, OB_SPAN("WP")) && digit_at(text, 2);
}

/* The next part between colons; *brackets tells that it stood in some. */
static bool cut_part(ob_span *rest, ob_span *part, bool *brackets)
{
    if (!ob_span_cut(rest, ':', part)) {
        return false;
    }
    *part = ob_span_trim(*part);
    *brackets = part->len > 1 && part->ptr[0] == '[' && part->ptr[part->len - 1] == ']';
    *part = *brackets ? ob_span_trim(ob_span_sub(*part, 1, part->len - 1)) : *part;
    return true;
}

bool obi_is_banner(ob_span text)
{
    ob_span part = {0};
    bool brackets = false;
    for (ob_span rest = text; text.len < 200 && cut_part(&rest, &part, &brackets);) {
        if (is_period(part) && (brackets || rest.len == 0 || part.ptr == text.ptr)) {
            return true;
        }
    }
    return false;
}

void obi_read_banner(ob_span text, ob_span *period, ob_span *group, ob_span *question)
{
    ob_span part = {0};
    bool brackets = false;
    bool began = period->len > 0;
    for (ob_span rest = text; cut_part(&rest, &part, &brackets);) {
        if (period->len == 0 && is_period(part)) {
            *period = part;
            continue;
        }
        began = period->len > 0;
        if (question->len == 0 && began && is_question(part)) {
            *question = part;
        } else if (group->len == 0 && began &&
                   (brackets ? !is_working_party(part) : is_group(part))) {
            *group = part;
        }
    }
}

bool obi_is_silent(ob_span text)
{
    static const char *const words[] = {"n/a", "none", "nil", "not applicable"};
    uint32_t rune = 0;
    bool dashes = true;
    for (size_t at = 0; dashes && ob_utf8_next(text, &at, &rune);) {
        dashes = rune == '-' || rune == ' ' || (rune >= 0x2010 && rune <= 0x2015) ||
                 rune == 0x2212 || rune == 0xad;
    }
    for (size_t i = 0; i < OB_COUNT(words); i++) {
        dashes = dashes || ob_span_is_nocase(text, ob_span_str(words[i]));
    }
    return dashes;
}

bool obi_is_person(ob_span text)
{
    static const char *const roles[] = {"Editor",          "Co-editor",     "Associate editor",
                                        "Rapporteur",      "Contributor",   "Associate Rapporteur",
                                        "Editors",         "Main editor",   "Lead editor",
                                        "Acting editor",   "Co-Rapporteur", "Convener",
                                        "Vice-Rapporteur", "Editor(s)"};
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

bool obi_is_furniture(ob_span text)
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

bool obi_is_foot(ob_span text)
{
    static const char *const heads[] = {"Top - Feedback", "Contact for this page", "Copyright ",
                                        "\xc2\xa9 ",      "Back to top",           "\xc2\xa9 ITU"};
    for (size_t i = 0; i < OB_COUNT(heads); i++) {
        if (ob_span_is_nocase(ob_span_sub(text, 0, strlen(heads[i])), ob_span_str(heads[i]))) {
            return true;
        }
    }
    return false;
}
