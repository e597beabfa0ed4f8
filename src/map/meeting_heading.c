/* SPDX-License-Identifier: Apache-2.0 */
/* The heading of a meeting's summary: which group, where and when. */
#include "map/meeting_lines.h"

/* The study group that a text names: "SG17" for "SG17", "SG 17" and "Study Group 17". */
static bool group_of(ob_span text, ob_arena *arena, ob_span *group, ob_err *err)
{
    static const char *const words[] = {"SG", "Study Group"};
    if (obi_line_holds(text, "TSAG")) {
        *group = OB_SPAN("TSAG");
        return true;
    }
    for (size_t i = 0; i < OB_COUNT(words); i++) {
        for (size_t at = 0; (at = ob_span_find_nocase(text, ob_span_str(words[i]), at)) != SIZE_MAX;
             at++) {
            size_t digit = at + strlen(words[i]);
            digit += digit < text.len && text.ptr[digit] == ' ';
            size_t end = digit;
            while (end < text.len && text.ptr[end] >= '0' && text.ptr[end] <= '9') {
                end++;
            }
            if (end > digit && end - digit <= 2) {
                return ob_arena_printf(arena, group, err, "SG%.*s",
                                       OB_SHOW(ob_span_sub(text, digit, end)));
            }
        }
    }
    return true;
}

static bool is_heading(ob_span text)
{
    static const char *const groups[] = {"SG", "Study Group", "TSAG"};
    static const char *const others[] = {"Next SG",   "Future SG",   "Next Study Group",
                                         "Next TSAG", "Future TSAG", "Future Study Group"};
    bool group = false;
    bool meeting = obi_line_holds(text, "Meeting") || obi_line_holds(text, "Content Week");
    for (size_t i = 0; i < OB_COUNT(groups); i++) {
        group = group || obi_line_holds(text, groups[i]);
    }
    for (size_t i = 0; i < OB_COUNT(others); i++) {
        group = group && !obi_line_holds(text, others[i]);
    }
    return group && meeting && obi_line_section(text) == 0;
}

/* "2027, Geneva, Switzerland)": up to two names in capitals. */
static ob_span place_behind(ob_span behind)
{
    size_t end = 0;
    while (behind.len > 0 && strchr(", ", behind.ptr[0]) != NULL) {
        behind = ob_span_sub(behind, 1, behind.len);
    }
    for (int commas = 0; end < behind.len && strchr(");.", behind.ptr[end]) == NULL; end++) {
        ob_span rest = ob_span_sub(behind, end, behind.len);
        bool name = rest.len > 2 && rest.ptr[1] == ' ' && rest.ptr[2] >= 'A' && rest.ptr[2] <= 'Z';
        if (rest.ptr[0] == ',' && (++commas > 1 || !name)) {
            break;
        }
    }
    return ob_span_trim(ob_span_sub(behind, 0, end));
}

/* The place stands before the days, "'Security', Geneva, 22-30 January", or behind them. */
static ob_span place_of(ob_span text, size_t days, size_t used, bool own_line)
{
    ob_span before = ob_span_trim(ob_span_sub(text, 0, days));
    while (before.len > 0 && strchr(", (", before.ptr[before.len - 1]) != NULL) {
        before = ob_span_sub(before, 0, before.len - 1);
    }
    size_t word = before.len;
    while (word > 0 && before.ptr[word - 1] != ' ' && before.ptr[word - 1] != ',') {
        word--;
    }
    ob_span last = ob_span_sub(before, word, before.len);
    if (ob_is_weekday(last) || ob_span_is_nocase(last, OB_SPAN("from"))) {
        before = ob_span_trim(ob_span_sub(before, 0, word));
        while (before.len > 0 && before.ptr[before.len - 1] == ',') {
            before = ob_span_trim(ob_span_sub(before, 0, before.len - 1));
        }
    }
    size_t at = before.len;
    while (at > 0 && before.ptr[at - 1] != ',' && before.ptr[at - 1] != '(') {
        at--;
    }
    /* "Geneva, Switzerland": what stands before belongs to it, up to the name of the meeting. */
    for (size_t more = at; more > 1 && before.ptr[more - 1] == ',';) {
        size_t start = more - 1;
        while (start > 0 && before.ptr[start - 1] != ',' && before.ptr[start - 1] != '(') {
            start--;
        }
        ob_span piece = ob_span_trim(ob_span_sub(before, start, more - 1));
        if (start == 0 || obi_line_holds(piece, ")") || is_heading(piece) ||
            obi_line_holds(piece, "SG") || obi_line_holds(piece, "'")) {
            break;
        }
        at = start;
        more = start;
    }
    ob_span place = ob_span_trim(ob_span_sub(before, at, before.len));
    if ((at > 0 || own_line) && place.len > 0 && !is_heading(place)) {
        return place;
    }
    return place_behind(ob_span_sub(text, used, text.len));
}

/* Where the days of a text begin, given where they end. */
static size_t days_begin(ob_span text, size_t used)
{
    ob_day start = 0;
    ob_day end = 0;
    size_t stop = 0;
    size_t at = used;
    /* The shortest tail that still gives all of them. */
    ob_day whole_start = 0;
    ob_day whole_end = 0;
    (void)ob_days_read(ob_span_sub(text, 0, used), 0, &whole_start, &whole_end, &stop);
    while (at > 0) {
        at--;
        if (ob_days_read(ob_span_sub(text, at, used), 0, &start, &end, &stop) &&
            start == whole_start && end == whole_end && at + stop == used) {
            break;
        }
    }
    while (at > 0 && text.ptr[at - 1] >= '0' && text.ptr[at - 1] <= '9') {
        at--;
    }
    return at;
}

/* The days of a heading stand in its line or in one of the next two, below the place. */
static bool take_heading(ob_meeting_page *m, const ob_page_text *p, size_t at, size_t line)
{
    ob_span text = p->cells[at].text;
    ob_span days = p->cells[line].text;
    size_t used = 0;
    if (!ob_days_read(days, 0, &m->start, &m->end, &used)) {
        return false;
    }
    m->title = text;
    m->place = place_of(days, days_begin(days, used), used, line > at);
    if (m->place.len == 0 && line == at + 2) {
        m->place = p->cells[at + 1].text;
    }
    m->kind = obi_line_holds(text, "Content Week") ? OB_SPAN("content week") : OB_SPAN("plenary");
    return true;
}

/* Looks from a cell on for a heading with its days; *bad is one without. */
static bool find_heading(ob_meeting_page *m, const ob_page_text *p, size_t from, size_t *at,
                         size_t *bad)
{
    bool mark = false;
    for (size_t i = from; i < p->count && i < from + 200; i++) {
        ob_span text = p->cells[i].text;
        if (obi_line_holds(text, "Hot topics")) {
            return false; /* what is announced below is no heading */
        }
        (void)obi_line_bare(text, &mark);
        if (mark || !is_heading(text)) {
            continue;
        }
        for (size_t k = i; k < p->count && k < i + 3; k++) {
            if (take_heading(m, p, i, k)) {
                *at = k + 1;
                return true;
            }
        }
        *bad = *bad == SIZE_MAX ? i : *bad;
    }
    return false;
}

bool obi_meeting_heading(ob_meeting_page *meeting, ob_arena *arena, const ob_page_text *page,
                         size_t *at, ob_err *err)
{
    ob_meeting_page made = *meeting;
    size_t from = 0;
    size_t bad = SIZE_MAX;
    while (from < page->count && !obi_line_holds(page->cells[from].text, "Executive Summary")) {
        from++;
    }
    /* Menus in front of the summary name meetings, too. */
    if (!find_heading(&made, page, from, at, &bad) && !find_heading(&made, page, 0, at, &bad)) {
        return bad != SIZE_MAX
                   ? ob_page_fail(
                         page, page->cells[bad].line, err,
                         "the heading of the meeting has no date such as '8-17 April 2025'")
                   : ob_page_fail(
                         page, page->cells[0].line, err,
                         "no heading such as 'Meeting of ITU-T SG17, Geneva, 8-17 April 2025'");
    }
    if (!group_of(made.title, arena, &made.group, err)) {
        return false;
    }
    if (made.group.len == 0) {
        return ob_page_fail(page, page->cells[*at - 1].line, err,
                            "the heading names no study group");
    }
    bool sg = ob_span_has_prefix(made.group, OB_SPAN("SG"));
    if (!ob_arena_printf(arena, &made.id, err, "%s%.*s-%04u-%02u", sg ? "sg" : "tsag",
                         OB_SHOW(ob_span_sub(made.group, sg ? 2 : 4, made.group.len)),
                         made.start / 10000, made.start / 100 % 100)) {
        return false;
    }
    *meeting = made;
    return true;
}
