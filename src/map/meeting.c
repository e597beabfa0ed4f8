/* SPDX-License-Identifier: Apache-2.0 */
/* Reads summaries of meetings. Each cell is one line or bullet; a section ends where the next
 * begins. */
#include "map/meeting.h"

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

static bool holds(ob_span text, const char *words)
{
    return ob_span_find_nocase(text, ob_span_str(words), 0) != SIZE_MAX;
}

/* Without the mark or number of a list; *mark tells that there was a mark. */
static ob_span bare(ob_span text, bool *mark)
{
    static const char *const marks[] = {"\xe2\x80\xa2", "\xe2\x80\x93", "\xe2\x80\x94", "\xc2\xb7",
                                        "\xef\x82\xb7", "- ",           "o ",           "* "};
    *mark = false;
    for (size_t i = 0; i < OB_COUNT(marks); i++) {
        if (ob_span_has_prefix(text, ob_span_str(marks[i]))) {
            *mark = true;
            return ob_span_trim(ob_span_sub(text, strlen(marks[i]), text.len));
        }
    }
    return text;
}

/* "1. Hot topics", "2 Next meetings", "2.1 virtual": the length of the number, 0 if there is none.
 */
static size_t section_number(ob_span text)
{
    size_t at = 0;
    while (at < text.len && ((text.ptr[at] >= '0' && text.ptr[at] <= '9') || text.ptr[at] == '.')) {
        at++;
    }
    bool blank = at > 0 && at + 1 < text.len && text.ptr[at] == ' ';
    /* "10 new work items" is a number of things: without a point, a title in capitals follows. */
    bool point = ob_span_find(ob_span_sub(text, 0, at), OB_SPAN("."), 0) != SIZE_MAX;
    bool title = blank && at <= 2 && text.ptr[at + 1] >= 'A' && text.ptr[at + 1] <= 'Z';
    return blank && at <= 4 && text.ptr[0] != '.' && (point || title) ? at : 0;
}

/* The study group that a text names: "SG17" for "SG17", "SG 17" and "Study Group 17". */
static bool group_of(ob_span text, ob_arena *arena, ob_span *group, ob_err *err)
{
    static const char *const words[] = {"SG", "Study Group"};
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
    return (holds(text, "SG") || holds(text, "Study Group")) &&
           (holds(text, "Meeting") || holds(text, "Content Week")) && !holds(text, "Next SG") &&
           !holds(text, "Future SG");
}

bool ob_meeting_is(const ob_page_text *page)
{
    for (size_t i = 0; i < page->count && i < 100; i++) {
        if (holds(page->cells[i].text, "Executive Summary") ||
            holds(page->cells[i].text, "Meeting of ITU-T")) {
            return true;
        }
    }
    return false;
}

/* The place stands before the days, "'Security', Geneva, 22-30 January", or behind them. */
static ob_span place_of(ob_span text, size_t days, size_t used)
{
    ob_span before = ob_span_trim(ob_span_sub(text, 0, days));
    while (before.len > 0 && strchr(", (", before.ptr[before.len - 1]) != NULL) {
        before = ob_span_sub(before, 0, before.len - 1);
    }
    size_t word = before.len;
    while (word > 0 && before.ptr[word - 1] != ' ' && before.ptr[word - 1] != ',') {
        word--;
    }
    if (ob_is_weekday(ob_span_sub(before, word, before.len))) {
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
        if (start == 0 || is_heading(piece) || holds(piece, "SG") || holds(piece, "'")) {
            break;
        }
        at = start;
        more = start;
    }
    ob_span place = ob_span_trim(ob_span_sub(before, at, before.len));
    if (at > 0 && place.len > 0 && !is_heading(place)) {
        return place;
    }
    ob_span behind = ob_span_sub(text, used, text.len);
    while (behind.len > 0 && strchr(", ", behind.ptr[0]) != NULL) {
        behind = ob_span_sub(behind, 1, behind.len);
    }
    size_t end = 0;
    while (end < behind.len && strchr("),;.", behind.ptr[end]) == NULL) {
        end++;
    }
    return ob_span_trim(ob_span_sub(behind, 0, end));
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

typedef struct reader {
    const ob_page_text *page;
    ob_arena *arena;
    ob_meeting_page *m;
    ob_span *topics;
    ob_cg *groups;
    ob_future *future;
    uint32_t year;
} reader;

static bool read_heading(reader *r, size_t *at, ob_err *err)
{
    const ob_page_text *p = r->page;
    for (size_t i = 0; i < p->count && i < 200; i++) {
        ob_span text = p->cells[i].text;
        if (!is_heading(text)) {
            continue;
        }
        for (size_t k = i; k < p->count && k < i + 3; k++) {
            size_t used = 0;
            ob_span days = p->cells[k].text;
            if (!ob_days_read(days, 0, &r->m->start, &r->m->end, &used)) {
                continue;
            }
            r->m->title = text;
            r->m->place = place_of(days, days_begin(days, used), used);
            r->m->kind = holds(text, "Content Week") ? OB_SPAN("content week") : OB_SPAN("plenary");
            *at = k + 1;
            if (!group_of(text, r->arena, &r->m->group, err)) {
                return false;
            }
            if (r->m->group.len == 0) {
                return ob_page_fail(p, p->cells[i].line, err, "the heading names no study group");
            }
            r->year = r->m->start / 10000;
            return ob_arena_printf(r->arena, &r->m->id, err, "sg%.*s-%04u-%02u",
                                   OB_SHOW(ob_span_sub(r->m->group, 2, r->m->group.len)),
                                   r->m->start / 10000, r->m->start / 100 % 100);
        }
        return ob_page_fail(p, p->cells[i].line, err,
                            "the heading of the meeting has no date such as '8-17 April 2025'");
    }
    return ob_page_fail(p, p->cells[0].line, err,
                        "no heading such as 'Meeting of ITU-T SG17, Geneva, 8-17 April 2025'");
}

static uint32_t word_number(ob_span word)
{
    static const char *const names[] = {"one",    "two",    "three",    "four",     "five",
                                        "six",    "seven",  "eight",    "nine",     "ten",
                                        "eleven", "twelve", "thirteen", "fourteen", "fifteen"};
    for (uint32_t i = 0; i < OB_COUNT(names); i++) {
        if (ob_span_is_nocase(word, ob_span_str(names[i]))) {
            return i + 1;
        }
    }
    return 0;
}

/* The sum of the numbers and number words of a sentence, up to where it refers to an annex. */
static int64_t sum_of(ob_span text)
{
    size_t annex = ob_span_find_nocase(text, OB_SPAN("Annex"), 0);
    int64_t sum = 0;
    bool any = false;
    ob_span rest = ob_span_sub(text, 0, annex);
    ob_span word = {0};
    while (ob_span_cut(&rest, ' ', &word)) {
        uint64_t value = 0;
        ob_err err = {0};
        while (word.len > 0 && strchr(",.;:", word.ptr[word.len - 1]) != NULL) {
            word = ob_span_sub(word, 0, word.len - 1);
        }
        uint32_t said = word_number(word);
        if (said > 0 || (word.len < 5 && ob_span_to_u64(word, &value, &err))) {
            sum += said > 0 ? said : (int64_t)value;
            any = true;
        }
    }
    return any ? sum : -1;
}

/* The number directly behind words, "TAP approval (5)" or "Contributions: 77"; -1. */
static int64_t number_behind(ob_span text, const char *words)
{
    size_t at = strlen(words);
    int64_t value = -1;
    if (!ob_span_is_nocase(ob_span_sub(text, 0, at), ob_span_str(words))) {
        return -1;
    }
    while (at < text.len && strchr(" (:", text.ptr[at]) != NULL) {
        at++;
    }
    for (; at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9' && value < 1000000; at++) {
        value = (value < 0 ? 0 : value * 10) + (text.ptr[at] - '0');
    }
    return value;
}

/* The number in front of words, "42 outgoing liaison statements"; -1. */
static int64_t number_before(ob_span text, const char *words)
{
    size_t at = ob_span_find_nocase(text, ob_span_str(words), 0);
    if (at == SIZE_MAX || at == 0) {
        return -1;
    }
    ob_span before = ob_span_trim(ob_span_sub(text, 0, at));
    size_t start = before.len;
    while (start > 0 && before.ptr[start - 1] != ' ' && before.ptr[start - 1] != '(') {
        start--;
    }
    return sum_of(ob_span_sub(before, start, before.len));
}

static void set(reader *r, ob_output output, int64_t value)
{
    if (value >= 0 && r->m->outputs[output] < 0) {
        r->m->outputs[output] = value;
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
        {"New work item", OB_OUTPUT_NEW_WORK_ITEMS},
        {"Work items discontinued", OB_OUTPUT_DISCONTINUED},
        {"Work item discontinued", OB_OUTPUT_DISCONTINUED},
        {"Discontinued work items", OB_OUTPUT_DISCONTINUED},
        {"Outgoing liaison statements", OB_OUTPUT_LIAISON_STATEMENTS},
        {"Outgoing liaisons", OB_OUTPUT_LIAISON_STATEMENTS},
        {"Contributions", OB_OUTPUT_CONTRIBUTIONS},
    };

    for (size_t i = 0; i < OB_COUNT(behind); i++) {
        set(r, behind[i].output, number_behind(text, behind[i].words));
    }
    if (holds(text, "Approved (TAP)") || holds(text, "announced for TAP")) {
        set(r, OB_OUTPUT_TAP_APPROVED,
            sum_of(ob_span_sub(text, 0, ob_span_find(text, OB_SPAN("(WTSA"), 0))));
    }
    if (holds(text, "determined (TAP)")) {
        set(r, OB_OUTPUT_TAP_DETERMINED, sum_of(text));
    }
    if (holds(text, "Consented (AAP)") || holds(text, "Consent (AAP)")) {
        set(r, OB_OUTPUT_AAP_CONSENTED, sum_of(text));
    }
    if (ob_span_is_nocase(ob_span_sub(text, 0, 7), OB_SPAN("Agreed "))) {
        set(r, OB_OUTPUT_AGREED, sum_of(text));
    }
    set(r, OB_OUTPUT_NEW_WORK_ITEMS, number_before(text, "new work items were agreed"));
    set(r, OB_OUTPUT_LIAISON_STATEMENTS, number_before(text, "outgoing liaison statements"));
    size_t people = ob_span_find_nocase(text, OB_SPAN(" participants"), 0);
    if (people != SIZE_MAX && people < 6) {
        set(r, OB_OUTPUT_PARTICIPANTS, number_before(text, "participants"));
    }
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
    int64_t total = sum_of(p->cells[last].text);
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
    size_t number = section_number(text);
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
    size_t number = section_number(text);
    ob_span title = ob_span_trim(ob_span_sub(text, number, text.len));
    bool short_text = text.len < 120;
    if (short_text && holds(text, "Hot topics")) {
        return TOPICS;
    }
    if (!mark && number > 0 && holds(title, "andidate")) {
        return CANDIDATES;
    }
    if (short_text && !mark &&
        (holds(title, "Next SG") || holds(title, "Future SG") || holds(title, "Next meeting") ||
         holds(title, "Future meeting"))) {
        return FUTURE;
    }
    if (!mark && number > 0 && before != FUTURE) {
        return PLAIN;
    }
    if (before == TOPICS && (holds(text, "Output") || holds(text, "Ouput") ||
                             holds(text, "Workshop") || holds(text, "Participa"))) {
        return PLAIN;
    }
    return before;
}

static bool read_cells(reader *r, size_t from, ob_err *err)
{
    section now = PLAIN;
    bool marked = false; /* the topics have marks */
    for (size_t i = from; i < r->page->count; i++) {
        bool mark = false;
        ob_span text = bare(r->page->cells[i].text, &mark);
        section next = section_of(text, now, mark);
        bool begins = next != now;
        now = next;
        if (begins && now != PLAIN) {
            marked = false;
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
            size_t number = section_number(text);
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
    if (!read_heading(&r, &from, err) || !read_cells(&r, from, err)) {
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
