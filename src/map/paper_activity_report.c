/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The activity report of a correspondence group, or of a Question, to the plenary of its study
 * group: what was read and what changed since the last plenary, how the work stands, gaps, overlaps
 * and liaisons, trends, what comes next. What the group did, only its people know: blanks.
 */
#include "map/paper_activity.h"
#include "map/paper_facts.h"

static const ob_paper_rule rules[] = {
    {"focus", OBI_FOCUS_RULE},
    {"due", "A report is due one calendar month before the plenary begins: on the day of the same "
            "number, or on the last day of a shorter month. Where the landscape gives a day, that "
            "one counts."},
    {"period", "The period begins behind the last plenary of more than one day that was over, or "
               "on the day of --since. A change is what the last reading of a page says that the "
               "last one of before does not."},
    {"late", "Open work is late when the last day of its timing is over."},
    {"gap", "A topic is a gap where the body has neither a standard nor open work on one, no title "
            "has the words of the topic, and the data are fresh."},
    {"partner", "Both bodies are at work on a topic, and no list of liaisons names the other: that "
                "weighs most. Then: they list us and we do not list them; we list them and they do "
                "not list us; their text is out while we are at work."},
    {"trend", "Only items that were read up to the first day and again after it are counted."},
    {"answer", "A liaison statement counts as answered when one of the receiver's to the sender "
               "has a later day."},
};

size_t obi_unlisted(const obi_activity *f, uint32_t *bodies, size_t most, size_t *all)
{
    size_t named = 0;
    size_t count = 0;
    for (size_t i = 0; i < f->partners_count; i++) {
        const ob_partner *x = &f->partners[i];
        if (x->count > 0 && x->reasons[0].kind == OB_REASON_UNLISTED) {
            count++;
            if (named < most) {
                bodies[named++] = x->body;
            }
        }
    }
    if (all != NULL) {
        *all = count;
    }
    return named;
}

static void say_us(ob_paper *p)
{
    ob_say_body(p, obi_author(p));
}

/* The last whole plenary that was over before both the day and the meeting reported to. */
static uint32_t last_plenary(const ob_paper *p)
{
    const ob_map *m = p->map;
    ob_day before = p->meeting_day != 0 && p->meeting_day < m->as_of ? p->meeting_day : m->as_of;
    uint32_t last = OB_NONE;
    for (uint32_t i = 0; i < m->meetings_count; i++) {
        const ob_meeting *at = &m->meetings[i];
        bool whole = ob_span_is_str(at->kind, "plenary") && at->end > at->start;
        last = at->body == p->body && whole && at->end < before ? i : last;
    }
    return last;
}

/* Cells and turns of the topics that the report is about. All texts of the body count there: a gap
 * is one of the body, whatever its titles say. */
static bool keep_topics(ob_paper *p, obi_activity *f)
{
    ob_gap_cell *cells = OB_NEW(p->arena, ob_gap_cell, f->gaps.count + 1, &p->err);
    ob_turn *turns = OB_NEW(p->arena, ob_turn, f->turns_count + 1, &p->err);
    ob_gaps kept = {.words = f->gaps.words};
    size_t kept_turns = 0;
    if (cells == NULL || turns == NULL) {
        return false;
    }
    for (size_t i = 0; i < f->gaps.count; i++) {
        if (obi_has_topic(&f->scope, f->gaps.cells[i].topic)) {
            cells[kept.count++] = f->gaps.cells[i];
            kept.states[f->gaps.cells[i].state]++;
        }
    }
    for (size_t i = 0; i < f->turns_count; i++) {
        if (obi_has_topic(&f->scope, f->turns[i].topic)) {
            turns[kept_turns++] = f->turns[i];
        }
    }
    kept.cells = cells;
    f->gaps = kept;
    f->turns = turns;
    f->turns_count = kept_turns;
    return true;
}

static bool find_partners(ob_paper *p, obi_activity *f)
{
    obi_facts facts = {0};
    if (f->scope.only == NULL) {
        return ob_ask_partners(&p->ask, &f->partners, &f->partners_count, &p->err);
    }
    if (!obi_facts_make(&facts, p, &p->err)) {
        return false;
    }
    f->partners = facts.partners;
    f->partners_count = facts.partners_count;
    return true;
}

static bool gather(ob_paper *p, obi_activity *f)
{
    const ob_map *m = p->map;
    if (!obi_scope_of(p, &f->scope)) {
        return false;
    }
    f->last = last_plenary(p);
    f->since = p->since != 0        ? ob_day_last(p->since)
               : f->last != OB_NONE ? ob_day_last(m->meetings[f->last].end)
                                    : 0;
    /* The year to come is what a plenary can plan. */
    ob_day until = ob_day_plus(m->as_of, 365);
    if (!obi_changes_ask(p, &f->scope, f->since, &f->changes) ||
        !obi_dated_ask(p, &f->scope, f->since, &f->changes.seen, &f->dated) ||
        !obi_due_ask(p, &f->scope, until, &f->due)) {
        return false;
    }
    f->base = f->changes.edits.compared_with > f->since ? f->changes.edits.compared_with : f->since;
    f->open = obi_list_make(p);
    f->texts = obi_list_make(p);
    for (uint32_t i = 0; i < m->inside_count && p->err.kind == OB_OK; i++) {
        const ob_activity *a = &m->activities[i];
        if (obi_in_scope(m, &f->scope, i) && ob_activity_is_live(a) && !obi_is_liaison(a)) {
            obi_list_add(ob_activity_is_open(a) ? &f->open : &f->texts, i);
        }
    }
    return p->err.kind == OB_OK &&
           ob_ask_trend(&p->ask, f->scope.only, f->base, &f->trend, &p->err) &&
           ob_ask_turns(&p->ask, f->base, &f->turns, &f->turns_count, &p->err) &&
           ob_ask_readings(&p->ask, f->scope.only, f->since, &f->reads, &f->reads_count, &p->err) &&
           ob_ask_gaps(&p->ask, OB_SORT_STANDARD, &f->gaps, &p->err) && keep_topics(p, f) &&
           ob_ask_subjects(&p->ask, &f->overlaps, &p->err) && find_partners(p, f);
}

static void to_whom(ob_paper *p)
{
    say_us(p);
    ob_say(p, " reports to ");
    if (p->meeting != OB_NONE) {
        ob_say(p, "the ");
        ob_say_meeting(p, p->meeting);
        ob_say_end(p);
        return;
    }
    if (obi_author(p) == p->body) {
        ob_say(p, "its plenary");
    } else {
        ob_say_body(p, p->body);
        ob_say(p, p->meeting_day != 0 ? " at its plenary" : "");
    }
    if (p->meeting_day != 0) {
        ob_say(p, " from ");
        ob_say_day(p, p->meeting_day);
    }
    ob_say_end(p);
}

static void due(ob_paper *p)
{
    ob_say(p, "the report is due on ");
    ob_say_day(p, p->report_due);
    ob_say(p, "; on ");
    ob_say_day(p, p->map->as_of);
    ob_say(p, " ");
    obi_say_lateness(p, p->report_due);
    ob_cite(p, p->meeting != OB_NONE ? OB_REF_MEETING : OB_REF_BODY,
            p->meeting != OB_NONE ? p->meeting : p->body);
    ob_cite_rule(p, "due");
    ob_say_end(p);
}

static void period(ob_paper *p, const obi_activity *f)
{
    if (f->since == 0) {
        ob_say(p, "its period has no first day, as no plenary of ");
        ob_say_body(p, p->body);
        ob_say(p, " that is over is known");
    } else if (p->since == 0) {
        ob_say(p, "it covers what came after the ");
        ob_say_meeting(p, f->last);
    } else {
        ob_say(p, "it covers what came after ");
        ob_say_day(p, f->since);
        ob_cite(p, OB_REF_BODY, p->body);
    }
    ob_cite_rule(p, "period");
    ob_say_end(p);
}

static void head(ob_paper *p, const obi_activity *f)
{
    ob_paper_heading(p, 1, "Meeting and period");
    ob_paper_paragraph(p);
    to_whom(p);
    if (p->report_due != 0) {
        due(p);
    }
    period(p, f);
    if (f->scope.only != NULL) {
        ob_say(p, "it is about the work of ");
        obi_say_whose(p, &f->scope);
        ob_cite_rule(p, "focus");
        ob_say_end(p);
    }
    if (p->meeting_day == 0) {
        ob_paper_blank(p, "Which plenary is this report for, and when does it begin? The report "
                          "is due a month before.");
        obi_say_no_plenary(p);
    }
}

/* "one item is new, two were put off and one was stopped": what there is of it. */
static void say_counts(ob_paper *p, const obi_changes *c)
{
    static const struct {
        ob_edit_kind kind;
        const char *one;
        const char *many;
    } rows[] = {
        {OB_EDIT_NEW, "item is new", "items are new"},
        {OB_EDIT_PUBLISHED, "was approved or published", "were approved or published"},
        {OB_EDIT_ADVANCED, "is a stage further", "are a stage further"},
        {OB_EDIT_STALLED, "was put off", "were put off"},
        {OB_EDIT_STOPPED, "was stopped or replaced", "were stopped or replaced"},
    };

    size_t left = 0;
    bool any = false;
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        left += c->of[rows[i].kind].count > 0;
    }
    ob_say(p, left == 0 ? "; no item is new, out, put off or stopped" : ": ");
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        const obi_list *of = &c->of[rows[i].kind];
        if (of->count == 0) {
            continue;
        }
        left--;
        ob_say(p, !any ? "" : left == 0 ? " and " : ", ");
        ob_say_count(p, of->count, rows[i].one, rows[i].many);
        ob_cite_activities(p, of->items, of->count);
        any = true;
    }
}

static void summary_changes(ob_paper *p, const obi_activity *f)
{
    size_t pages = 0;
    for (size_t i = 0; i < f->reads_count; i++) {
        pages += f->reads[i].since;
    }
    ob_paper_bullet(p);
    if (pages == 0) {
        ob_say(p, "no page of ");
        obi_say_whose(p, &f->scope);
        ob_say(p, " was read in the period; what follows rests on the landscape of ");
        ob_say_day(p, p->map->baseline_day);
    } else {
        ob_say_count(p, pages, "page of ", "pages of ");
        obi_say_whose(p, &f->scope);
        ob_say(p, pages == 1 ? " was read in the period" : " were read in the period");
        say_counts(p, &f->changes);
    }
    ob_say_end(p);
}

static void summary_work(ob_paper *p, const obi_activity *f)
{
    ob_paper_bullet(p);
    ob_say_body(p, f->scope.question.len > 0 ? p->group : p->body);
    ob_say(p, " has ");
    ob_say_count(p, f->open.count, "open work item", "open work items");
    ob_say(p, f->scope.only != NULL ? " on AI" : "");
    ob_cite_activities(p, f->open.items, f->open.count);
    ob_say(p, ", of which ");
    obi_say_how_many(p, f->due.late.count, "is late", "are late");
    if (f->due.late.count > 0) {
        ob_say(p, " (");
        ob_say_activities(p, f->due.late.items, f->due.late.count, 4);
        ob_say(p, ")");
    }
    ob_cite_rule(p, "late");
    ob_say_end(p);
}

static void summary_partners(ob_paper *p, const obi_activity *f)
{
    uint32_t bodies[3];
    size_t unlisted = 0;
    size_t named = obi_unlisted(f, bodies, OB_COUNT(bodies), &unlisted);
    if (unlisted == 0) {
        return;
    }
    ob_paper_bullet(p);
    ob_say_count(p, unlisted, "body is", "bodies are");
    ob_say(p, " at work on a subject of ");
    obi_say_whose(p, &f->scope);
    ob_say(p, " while no list of liaisons names the other");
    ob_say(p, unlisted == 1 ? ": " : "; the first to write to are ");
    ob_say_bodies(p, bodies, named, 0);
    ob_cite_rule(p, "partner");
    ob_say_end(p);
}

static void summary(ob_paper *p, const obi_activity *f)
{
    ob_paper_heading(p, 1, "Summary");
    summary_changes(p, f);
    summary_work(p, f);
    summary_partners(p, f);
}

/* Meetings of the body within the period, other than the one reported to. */
static void say_meetings(ob_paper *p, const obi_activity *f, bool held)
{
    const ob_map *m = p->map;
    bool any = false;
    for (uint32_t i = 0; i < m->meetings_count; i++) {
        const ob_meeting *at = &m->meetings[i];
        if (at->body != p->body || at->start <= f->since || at->start > m->as_of ||
            i == p->meeting || ob_span_is_str(at->status, "held") != held) {
            continue;
        }
        ob_say(p, any    ? "; "
                  : held ? "held in the period: "
                         : "announced for the period, and not known to have taken place: ");
        ob_say_meeting(p, i);
        any = true;
    }
    if (any) {
        ob_cite(p, OB_REF_BODY, p->body);
        ob_say_end(p);
    }
}

/* What only the group's people know. */
static void meetings(ob_paper *p, const obi_activity *f)
{
    ob_paper_heading(p, 1, "Meetings of the group");
    ob_paper_blank(p, "Which meetings did the group hold in the period, when, how, and with how "
                      "many participants?");
    say_meetings(p, f, true);
    say_meetings(p, f, false);
    ob_paper_blank(p, "What did the group agree, and what did it leave open?");
}

static void decisions(ob_paper *p, const obi_activity *f)
{
    ob_paper_heading(p, 1, "Decisions");
    ob_paper_blank(p, "What is the plenary asked to decide?");
    if (f->due.late.count > 0) {
        ob_say_activities(p, f->due.late.items, f->due.late.count, 4);
        ob_say(p, f->due.late.count == 1 ? " is late: a text is needed, or a new date"
                                         : " are late: each needs a text, or a new date");
        ob_cite_rule(p, "late");
        ob_say_end(p);
    }
    uint32_t bodies[3];
    size_t named = obi_unlisted(f, bodies, OB_COUNT(bodies), NULL);
    if (named > 0) {
        ob_say(p, named == 1 ? "a liaison statement is due to " : "liaison statements are due to ");
        ob_say_bodies(p, bodies, named, 0);
        ob_say(p, " first");
        ob_cite_rule(p, "partner");
        ob_say_end(p);
    }
}

static void write_report(ob_paper *p)
{
    obi_activity f = {0};
    if (!gather(p, &f)) {
        return;
    }
    const ob_body *to = &p->map->bodies[p->body];
    const ob_body *from = &p->map->bodies[obi_author(p)];
    ob_span to_name = to->short_name.len > 0 ? to->short_name : to->id;
    ob_span from_name = from->short_name.len > 0 ? from->short_name : from->id;
    if (from == to) {
        ob_paper_title(p, "Activity report of %.*s", OB_SHOW(from_name));
    } else {
        ob_paper_title(p, "Activity report of %.*s to %.*s", OB_SHOW(from_name), OB_SHOW(to_name));
    }
    head(p, &f);
    summary(p, &f);
    meetings(p, &f);
    obi_activity_read(p, &f);
    obi_activity_changes(p, &f);
    obi_activity_state(p, &f);
    obi_activity_gaps(p, &f);
    obi_activity_overlaps(p, &f);
    obi_activity_statements(p);
    obi_activity_trends(p, &f);
    obi_activity_plan(p, &f);
    decisions(p, &f);
}

const ob_paper_kind ob_paper_kind_activity_report = {.id = "activity-report",
                                                     .title = "Activity report",
                                                     .flags = OB_PAPER_TAKES_SINCE,
                                                     .rules = rules,
                                                     .rules_count = OB_COUNT(rules),
                                                     .write = write_report};
