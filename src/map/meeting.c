/* SPDX-License-Identifier: Apache-2.0 */
/* Reads summaries of meetings. Each cell is one line or bullet; a section ends where the next
 * begins. */
#include "map/item_labels.h"
#include "map/meeting_lines.h"

#include <ombud/json.h>
#include <ombud/text.h>

const char *const ob_output_names[OB_OUTPUTS] = {"tap_approved",
                                                 "tap_not_approved",
                                                 "tap_determined",
                                                 "aap_consented",
                                                 "agreed",
                                                 "new_work_items",
                                                 "discontinued",
                                                 "liaison_statements",
                                                 "work_items_progressed",
                                                 "participants",
                                                 "contributions"};

#define MOST 500

/* Summaries say so, or have a meeting of a group and its topics. */
bool ob_meeting_is(const ob_page_text *page)
{
    bool meeting = false;
    bool topics = false;
    for (size_t i = 0; i < page->count && i < 100; i++) {
        ob_span text = page->cells[i].text;
        bool here = (obi_line_holds(text, "SG") || obi_line_holds(text, "Study Group") ||
                     obi_line_holds(text, "TSAG")) &&
                    obi_line_holds(text, "Meeting");
        meeting = meeting || here;
        topics = topics || obi_line_holds(text, "Hot topics");
        if (obi_line_holds(text, "Executive Summary") || obi_line_holds(text, "Meeting of ITU-T") ||
            (here && obi_line_holds(text, "Summary")) || (meeting && topics)) {
            return true;
        }
    }
    return false;
}

typedef struct reader {
    const ob_page_text *page;
    ob_arena *arena;
    ob_meeting_page *m;
    ob_span *topics;
    ob_cg *groups;
    ob_future *future;
} reader;

static void set(reader *r, ob_output output, int64_t value)
{
    if (value >= 0 && r->m->outputs[output] < 0) {
        r->m->outputs[output] = value;
    }
}

/* Numbers in front of what they count. At the start of a line they are those of the meeting; those
 * of its workshops stand within one. */
static void read_counts(reader *r, ob_span text)
{
    static const struct {
        const char *words;
        ob_output output;
        size_t before; /* how far in front the number may begin */
    } counts[] = {
        {" new work items", OB_OUTPUT_NEW_WORK_ITEMS, 12},
        {" work items were discontinued", OB_OUTPUT_DISCONTINUED, 12},
        {" work items discontinued", OB_OUTPUT_DISCONTINUED, 12},
        {" outgoing liaison statements", OB_OUTPUT_LIAISON_STATEMENTS, SIZE_MAX},
        {" outgoing LS", OB_OUTPUT_LIAISON_STATEMENTS, SIZE_MAX},
        {" participants", OB_OUTPUT_PARTICIPANTS, 6},
        {" contributions", OB_OUTPUT_CONTRIBUTIONS, 6},
    };

    for (size_t i = 0; i < OB_COUNT(counts); i++) {
        size_t at = ob_span_find_nocase(text, ob_span_str(counts[i].words), 0);
        if (at != SIZE_MAX && at < counts[i].before) {
            set(r, counts[i].output, obi_line_number_before(text, counts[i].words));
        }
    }
    if (obi_line_holds(text, "meeting was attended by")) {
        set(r, OB_OUTPUT_PARTICIPANTS, obi_line_number_before(text, " participants"));
    }
}

/* Numbers that stand in a bullet. */
static void read_outputs(reader *r, ob_span text)
{
    static const struct {
        const char *words;
        ob_output output;
    } behind[] = {
        {"TAP approval", OB_OUTPUT_TAP_APPROVED},
        {"TAP approved", OB_OUTPUT_TAP_APPROVED},
        {"TAP not approved", OB_OUTPUT_TAP_NOT_APPROVED},
        {"TAP determined", OB_OUTPUT_TAP_DETERMINED},
        {"TAP determination", OB_OUTPUT_TAP_DETERMINED},
        {"AAP consented", OB_OUTPUT_AAP_CONSENTED},
        {"AAP consent", OB_OUTPUT_AAP_CONSENTED},
        {"Agreed", OB_OUTPUT_AGREED},
        {"New work items", OB_OUTPUT_NEW_WORK_ITEMS},
        {"New work items agreed", OB_OUTPUT_NEW_WORK_ITEMS},
        {"New work items approved", OB_OUTPUT_NEW_WORK_ITEMS},
        {"New work item", OB_OUTPUT_NEW_WORK_ITEMS},
        {"Work items discontinued", OB_OUTPUT_DISCONTINUED},
        {"Work item discontinued", OB_OUTPUT_DISCONTINUED},
        {"Discontinued work items", OB_OUTPUT_DISCONTINUED},
        {"Outgoing liaison statements", OB_OUTPUT_LIAISON_STATEMENTS},
        {"Outgoing liaisons", OB_OUTPUT_LIAISON_STATEMENTS},
        {"Outgoing LSs", OB_OUTPUT_LIAISON_STATEMENTS},
        {"Liaison statements sent", OB_OUTPUT_LIAISON_STATEMENTS},
        {"Participants", OB_OUTPUT_PARTICIPANTS},
        {"Contributions", OB_OUTPUT_CONTRIBUTIONS},
    };

    for (size_t i = 0; i < OB_COUNT(behind); i++) {
        set(r, behind[i].output, obi_line_number_behind(text, behind[i].words));
    }
    if (obi_line_holds(text, "Approved (TAP)") || obi_line_holds(text, "announced for TAP")) {
        set(r, OB_OUTPUT_TAP_APPROVED,
            obi_line_sum(ob_span_sub(text, 0, ob_span_find(text, OB_SPAN("(WTSA"), 0))));
    }
    if (obi_line_holds(text, "determined (TAP)")) {
        set(r, OB_OUTPUT_TAP_DETERMINED, obi_line_sum(text));
    }
    if (obi_line_holds(text, "Consented (AAP)") || obi_line_holds(text, "Consent (AAP)")) {
        set(r, OB_OUTPUT_AAP_CONSENTED, obi_line_sum(text));
    }
    ob_span agreed = ob_span_sub(text, 0, 7);
    if (ob_span_is_nocase(agreed, OB_SPAN("Agreed ")) ||
        ob_span_is_nocase(agreed, OB_SPAN("Agreed:"))) {
        set(r, OB_OUTPUT_AGREED, obi_line_sum(ob_span_sub(text, 7, text.len)));
    }
    read_counts(r, text);
}

/* A row of the table of numbers: its last cell is the total. */
static void read_row(reader *r, size_t at)
{
    const ob_page_text *p = r->page;
    size_t last = at;
    while (last + 1 < p->count && !p->cells[last + 1].row) {
        last++;
    }
    if (last < at + 2) {
        return;
    }
    ob_span name = p->cells[at].text;
    int64_t total = obi_line_sum(p->cells[last].text);
    if (ob_span_is_nocase(name, OB_SPAN("New work items agreed"))) {
        set(r, OB_OUTPUT_NEW_WORK_ITEMS, total);
    } else if (ob_span_is_nocase(name, OB_SPAN("Work items progressed"))) {
        set(r, OB_OUTPUT_PROGRESSED, total);
    }
}

/* "CG-COP (Child online protection): continued, new ToR in TD69/P." */
static void read_group(reader *r, ob_span text)
{
    size_t end = 0;
    size_t colon = ob_span_find(text, OB_SPAN(":"), 0);
    if (!ob_span_has_prefix(text, OB_SPAN("CG-")) || r->m->groups_count >= MOST) {
        return;
    }
    while (end < text.len && strchr(" (:,", text.ptr[end]) == NULL) {
        end++;
    }
    ob_cg cg = {.name = ob_span_sub(text, 0, end)};
    if (colon != SIZE_MAX) {
        ob_span rest = ob_span_trim(ob_span_sub(text, colon + 1, text.len));
        size_t comma = ob_span_find(rest, OB_SPAN(","), 0);
        cg.state = ob_span_trim(ob_span_sub(rest, 0, comma));
        while (cg.state.len > 0 && strchr(".;", cg.state.ptr[cg.state.len - 1]) != NULL) {
            cg.state = ob_span_sub(cg.state, 0, cg.state.len - 1);
        }
    }
    for (size_t at = 0; (at = ob_span_find(text, OB_SPAN("TD"), at)) != SIZE_MAX; at++) {
        size_t stop = at + 2;
        while (stop < text.len && strchr(" ,;.)", text.ptr[stop]) == NULL) {
            stop++;
        }
        if (stop > at + 2 && text.ptr[at + 2] >= '0' && text.ptr[at + 2] <= '9') {
            cg.tor = ob_span_sub(text, at, stop);
            break;
        }
    }
    r->groups[r->m->groups_count++] = cg;
}

/* A meeting that is announced: its line, or the row of a table. */
static bool read_future(reader *r, size_t at, ob_span text, ob_err *err)
{
    const ob_page_text *p = r->page;
    ob_future f = {.text = text};
    size_t number = obi_line_section(text);
    size_t used = 0;
    /* "2.1 4th meeting" has a number in front, "9 April 2026" is a day. */
    if (ob_span_find(ob_span_sub(text, 0, number), OB_SPAN("."), 0) != SIZE_MAX) {
        f.text = ob_span_trim(ob_span_sub(text, number, text.len));
    }
    if (!p->cells[at].row || r->m->future_count >= MOST) {
        return true;
    }
    for (size_t i = at + 1; i < p->count && !p->cells[i].row; i++) {
        if (!ob_arena_printf(r->arena, &f.text, err, "%.*s | %.*s", OB_SHOW(f.text),
                             OB_SHOW(p->cells[i].text))) {
            return false;
        }
    }
    if (ob_days_read(f.text, 0, &f.start, &f.end, &used)) {
        r->future[r->m->future_count++] = f;
    }
    return true;
}

typedef enum section {
    PLAIN,
    TOPICS,
    CANDIDATES, /* numbers of what may come next time are no output */
    FUTURE
} section;

static section section_of(ob_span text, section before, bool mark)
{
    static const char *const topics[] = {"Hot topic", "Key topics", "Main topics"};
    static const char *const meetings[] = {"Next SG",      "Future SG",      "Next meeting",
                                           "Next TSAG",    "Future TSAG",    "Future meeting",
                                           "Upcoming SG",  "Upcoming meet",  "Planned meeting",
                                           "Next plenary", "Coming meetings"};
    size_t number = obi_line_section(text);
    ob_span title = ob_span_trim(ob_span_sub(text, number, text.len));
    bool short_text = text.len < 120;
    for (size_t i = 0; short_text && !mark && i < OB_COUNT(topics); i++) {
        if (obi_line_holds(text, topics[i])) {
            return TOPICS;
        }
    }
    if (!mark && number > 0 && obi_line_holds(title, "andidate")) {
        return CANDIDATES;
    }
    for (size_t i = 0; short_text && !mark && i < OB_COUNT(meetings); i++) {
        if (obi_line_holds(title, meetings[i])) {
            return FUTURE;
        }
    }
    if (!mark && number > 0 && before != FUTURE) {
        return PLAIN;
    }
    if (before == TOPICS && !mark &&
        (obi_line_holds(text, "Output") || obi_line_holds(text, "Ouput") ||
         obi_line_holds(text, "Workshop") || obi_line_holds(text, "Participa"))) {
        return PLAIN;
    }
    return before;
}

/* "Annex A", "Annex B - New work items": the lists behind the summary. "Annex A a)." is the end of
 * a bullet. */
static bool is_annex(ob_span text)
{
    ob_span rest = ob_span_sub(text, 7, text.len);
    bool letter = ob_span_is_nocase(ob_span_sub(text, 0, 6), OB_SPAN("Annex ")) && text.len > 6 &&
                  text.ptr[6] >= 'A' && text.ptr[6] <= 'Z';
    bool title = rest.len > 1 && rest.ptr[0] == ' ' && (rest.ptr[1] < 'a' || rest.ptr[1] > 'z');
    return letter && text.len < 120 && (rest.len == 0 || rest.ptr[0] == ':' || title);
}

/* "Hot topics: one, two" */
static void read_inline(reader *r, section now, ob_span text)
{
    size_t colon = ob_span_find(text, OB_SPAN(":"), 0);
    ob_span rest = colon == SIZE_MAX ? ((ob_span){0}) : ob_span_sub(text, colon + 1, text.len);
    ob_span piece = {0};
    const char separator = ob_span_find(rest, OB_SPAN(";"), 0) != SIZE_MAX ? ';' : ',';
    while (now == TOPICS && ob_span_cut(&rest, separator, &piece)) {
        piece = ob_span_trim(piece);
        if (piece.len > 0 && r->m->topics.count < MOST) {
            r->topics[r->m->topics.count++] = piece;
        }
    }
}

static bool read_cells(reader *r, size_t from, ob_err *err)
{
    section now = PLAIN;
    bool marked = false; /* the topics have marks */
    for (size_t i = from; i < r->page->count; i++) {
        bool mark = false;
        ob_span text = obi_line_bare(r->page->cells[i].text, &mark);
        section next = section_of(text, now, mark);
        bool begins = next != now;
        now = next;
        if (!mark && (is_annex(text) || obi_is_foot(text))) {
            break;
        }
        if (begins && now != PLAIN) {
            marked = false;
            read_inline(r, now, text);
            continue;
        }
        if (now == TOPICS) {
            marked = marked || mark;
            if (marked && !mark) {
                now = PLAIN;
            } else if (r->m->topics.count < MOST) {
                r->topics[r->m->topics.count++] = text;
                continue;
            }
        }
        if (now == PLAIN) {
            size_t number = mark ? 0 : obi_line_section(text);
            read_outputs(r, ob_span_trim(ob_span_sub(text, number, text.len)));
            if (r->page->cells[i].row) {
                read_row(r, i);
            }
        }
        if (now == FUTURE && !read_future(r, i, text, err)) {
            return false;
        }
        read_group(r, text);
    }
    return true;
}

bool ob_meeting_read(ob_meeting_page *meeting, ob_arena *arena, const ob_page_text *page,
                     ob_err *err)
{
    ob_meeting_page made = {0};
    reader r = {.page = page, .arena = arena, .m = &made};
    size_t from = 0;
    bool says = false;
    r.topics = OB_NEW(arena, ob_span, MOST, err);
    r.groups = r.topics == NULL ? NULL : OB_NEW(arena, ob_cg, MOST, err);
    r.future = r.groups == NULL ? NULL : OB_NEW(arena, ob_future, MOST, err);
    if (r.future == NULL) {
        return false;
    }
    for (size_t i = 0; i < OB_OUTPUTS; i++) {
        made.outputs[i] = -1;
    }
    made.topics.items = r.topics;
    made.groups = r.groups;
    made.future = r.future;
    if (!obi_meeting_heading(&made, arena, page, &from, err) || !read_cells(&r, from, err)) {
        return false;
    }
    for (size_t i = 0; i < OB_OUTPUTS; i++) {
        says = says || made.outputs[i] >= 0;
    }
    if (!says && made.topics.count == 0 && made.future_count == 0) {
        return ob_page_fail(page, page->lines, err,
                            "the page ends behind its heading; it was cut, save the whole page");
    }
    *meeting = made;
    return true;
}
