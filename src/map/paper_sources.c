/* SPDX-License-Identifier: Apache-2.0 */
/* What a paper cites: ids, and how well each is known; and the lines above a paper. */
#include "map/paper_core.h"

const char *const ob_ref_names[OB_REFS] = {"body",    "document", "clause", "requirement",
                                           "meeting", "topic",    "rule"};

static ob_span raw_id(const ob_paper *p, const ob_ref *ref)
{
    const ob_map *m = p->map;
    switch (ref->kind) {
    case OB_REF_BODY:
        return m->bodies[ref->index].id;
    case OB_REF_ACTIVITY:
        return m->activities[ref->index].id;
    case OB_REF_CLAUSE:
        return m->clauses[ref->index].id;
    case OB_REF_REQUIREMENT:
        return m->catalogue->requirements[ref->index].id;
    case OB_REF_MEETING:
        return m->meetings[ref->index].id;
    case OB_REF_TOPIC:
        return m->topics[ref->index].id;
    case OB_REF_RULE:
        return ob_span_str(p->kind->rules[ref->index].id);
    }
    return (ob_span){0};
}

bool ob_ref_id(const ob_paper *p, const ob_ref *ref, ob_buf *out, ob_err *err)
{
    ob_buf_add_str(out, ref->kind == OB_REF_TOPIC  ? "topic:"
                        : ref->kind == OB_REF_RULE ? "rule:"
                                                   : "");
    ob_buf_add(out, raw_id(p, ref));
    return ob_buf_check(out, "an id", err);
}

ob_span ob_ref_title(const ob_paper *p, const ob_ref *ref)
{
    const ob_map *m = p->map;
    switch (ref->kind) {
    case OB_REF_BODY:
        return m->bodies[ref->index].name;
    case OB_REF_ACTIVITY:
        return m->activities[ref->index].title;
    case OB_REF_CLAUSE:
        return m->activities[m->clauses[ref->index].owner].title;
    case OB_REF_REQUIREMENT:
        return m->catalogue->requirements[ref->index].title;
    case OB_REF_MEETING:
        return m->meetings[ref->index].title;
    case OB_REF_TOPIC:
        return m->topics[ref->index].title;
    case OB_REF_RULE:
        return ob_span_str(p->kind->rules[ref->index].text);
    }
    return (ob_span){0};
}

ob_day ob_ref_day(const ob_paper *p, const ob_ref *ref)
{
    const ob_map *m = p->map;
    switch (ref->kind) {
    case OB_REF_BODY:
        return m->bodies[ref->index].data_day;
    case OB_REF_ACTIVITY:
        return ob_map_age(m, &m->activities[ref->index]);
    case OB_REF_CLAUSE:
        return ob_map_age(m, &m->activities[m->clauses[ref->index].owner]);
    case OB_REF_MEETING:
        return m->meetings[ref->index].page != NULL
                   ? m->meetings[ref->index].page_day
                   : m->bodies[m->meetings[ref->index].body].data_day;
    case OB_REF_REQUIREMENT:
    case OB_REF_TOPIC:
    case OB_REF_RULE:
        break;
    }
    return 0;
}

bool ob_ref_reported(const ob_paper *p, const ob_ref *ref)
{
    const ob_activity *a = ref->kind == OB_REF_ACTIVITY ? &p->map->activities[ref->index] : NULL;
    return a != NULL && a->evidence <= OB_EVIDENCE_SECONDARY;
}

const char *obi_ref_evidence(const ob_paper *p, const ob_ref *ref)
{
    static const char *const words[OB_EVIDENCES] = {"not seen", "only reported", "page", "record"};
    const ob_map *m = p->map;
    switch (ref->kind) {
    case OB_REF_BODY:
        return m->bodies[ref->index].verified ? "seen" : "to be confirmed";
    case OB_REF_ACTIVITY:
        return words[m->activities[ref->index].evidence];
    case OB_REF_CLAUSE:
        return words[m->activities[m->clauses[ref->index].owner].evidence];
    case OB_REF_MEETING:
        return m->meetings[ref->index].verified ? "seen" : "to be confirmed";
    case OB_REF_REQUIREMENT:
        return "catalogue";
    case OB_REF_TOPIC:
    case OB_REF_RULE:
        return "ours";
    }
    return "";
}

ob_span obi_ref_body(const ob_paper *p, const ob_ref *ref)
{
    const ob_map *m = p->map;
    uint32_t body = ref->kind == OB_REF_BODY       ? m->bodies[ref->index].parent
                    : ref->kind == OB_REF_ACTIVITY ? m->activities[ref->index].body
                    : ref->kind == OB_REF_CLAUSE  ? m->activities[m->clauses[ref->index].owner].body
                    : ref->kind == OB_REF_MEETING ? m->meetings[ref->index].body
                                                  : OB_NONE;
    if (body == OB_NONE) {
        return (ob_span){0};
    }
    return m->bodies[body].short_name.len > 0 ? m->bodies[body].short_name : m->bodies[body].id;
}

ob_span obi_ref_status(const ob_paper *p, const ob_ref *ref)
{
    return ref->kind == OB_REF_ACTIVITY  ? p->map->activities[ref->index].status
           : ref->kind == OB_REF_MEETING ? p->map->meetings[ref->index].status
                                         : (ob_span){0};
}

const char obi_paper_note[] = "Ids in brackets bear out the sentence before them; ombud map show, "
                              "list and catalogue show what "
                              "stands behind each. What a person has to judge is a numbered blank.";

/* Does an earlier cell or reference of the row have it; or, if wanted, does any cell show it? */
static bool row_has(const ob_sentence *cells, size_t count, const ob_ref *ref, bool shown)
{
    for (size_t c = 0; c < count; c++) {
        for (size_t i = 0; i < cells[c].refs_count; i++) {
            const ob_ref *other = &cells[c].refs[i];
            if (!shown && other == ref) {
                return false;
            }
            if (other->kind == ref->kind && other->index == ref->index &&
                (!shown || other->shown)) {
                return true;
            }
        }
    }
    return false;
}

bool obi_row_refs(const ob_block *table, size_t row, ob_arena *arena, bool hidden,
                  const ob_ref **refs, size_t *count, ob_err *err)
{
    const ob_sentence *cells = &table->sentences[row * table->columns];
    size_t most = 0;
    size_t used = 0;
    for (size_t c = 0; c < table->columns; c++) {
        most += cells[c].refs_count;
    }
    ob_ref *made = OB_NEW(arena, ob_ref, most + 1, err);
    for (size_t c = 0; made != NULL && c < table->columns; c++) {
        for (size_t i = 0; i < cells[c].refs_count; i++) {
            const ob_ref *ref = &cells[c].refs[i];
            if (!(hidden && row_has(cells, table->columns, ref, true)) &&
                !row_has(cells, table->columns, ref, false)) {
                made[used++] = *ref;
            }
        }
    }
    *refs = made;
    *count = used;
    return made != NULL;
}

/* Documents that are cited: how old what is known about them is, and who says so. */
typedef struct ages {
    size_t documents;
    size_t stale;
    size_t unread;
    size_t reported;
    ob_day oldest;
    ob_day newest;
} ages;

static ages ages_of(const ob_paper *p)
{
    ages a = {0};
    for (size_t i = 0; i < p->sources_count; i++) {
        const ob_ref *ref = &p->sources[i];
        ob_day day = ref->kind == OB_REF_ACTIVITY ? ob_ref_day(p, ref) : 0;
        if (ref->kind != OB_REF_ACTIVITY) {
            continue;
        }
        a.documents++;
        a.reported += ob_ref_reported(p, ref);
        a.unread += day == 0;
        if (day != 0) {
            a.stale += ob_age_days(p->map, day) > (int64_t)p->ask.fresh_days;
            a.oldest = a.oldest == 0 || day < a.oldest ? day : a.oldest;
            a.newest = day > a.newest ? day : a.newest;
        }
    }
    return a;
}

static bool fact(const ob_paper *p, obi_paper_fact *fact, const char *name, const ob_buf *text,
                 ob_err *err)
{
    fact->name = name;
    return ob_buf_check(text, name, err) &&
           ob_arena_dup(p->arena, ob_buf_span(text), &fact->text, err);
}

static void add_day(ob_buf *out, ob_day day)
{
    char text[OB_DAY_TEXT_MAX];
    ob_day_write(day, text);
    ob_buf_add_str(out, text);
}

static void say_meeting(const ob_paper *p, ob_buf *out)
{
    const ob_map *m = p->map;
    if (p->meeting != OB_NONE) {
        const ob_meeting *at = &m->meetings[p->meeting];
        ob_buf_add(out, at->title.len > 0 ? at->title : at->id);
        ob_buf_add_str(out, ", from ");
        add_day(out, at->start);
        ob_buf_addf(out, " (%.*s)", OB_SHOW(at->id));
    } else if (p->meeting_day != 0) {
        ob_buf_add_str(out, "begins on ");
        add_day(out, p->meeting_day);
        ob_buf_add_str(out, ", as given; the landscape does not have it");
    } else {
        ob_buf_add_str(out, "none is known from ");
        add_day(out, p->map->as_of);
        ob_buf_add_str(out, " on");
    }
}

static void say_data(const ob_paper *p, const ages *a, ob_buf *out)
{
    if (a->documents == 0) {
        ob_buf_add_str(out, "no document is cited");
        return;
    }
    ob_buf_addf(out, "%zu document%s and work items cited, last read ", a->documents,
                a->documents == 1 ? "" : "s");
    if (a->oldest == a->newest) {
        add_day(out, a->newest);
    } else {
        ob_buf_add_str(out, "between ");
        add_day(out, a->oldest);
        ob_buf_add_str(out, " and ");
        add_day(out, a->newest);
    }
    if (a->stale > 0) {
        ob_buf_addf(out, "; %zu of them more than %u days ago", a->stale, p->ask.fresh_days);
    }
    if (a->unread > 0) {
        ob_buf_addf(out, "; of %zu it is not known when", a->unread);
    }
}

/* Those that nobody saw; the first ones by name, all of them are marked among the sources. */
static void say_reported(const ob_paper *p, const ages *a, ob_buf *out)
{
    size_t said = 0;
    size_t shown = a->reported > 6 ? 5 : a->reported;
    ob_buf_addf(out, "%zu of %zu, as the annex of sources says: ", a->reported, a->documents);
    for (size_t i = 0; i < p->sources_count && said < shown; i++) {
        if (ob_ref_reported(p, &p->sources[i])) {
            ob_buf_add_str(out, said++ == 0 ? "" : ", ");
            ob_buf_add(out, raw_id(p, &p->sources[i]));
        }
    }
    if (shown < a->reported) {
        ob_buf_addf(out, " and %zu more", a->reported - shown);
    }
}

bool obi_paper_facts(const ob_paper *p, obi_paper_fact facts[OBI_PAPER_FACTS], size_t *count,
                     ob_err *err)
{
    const ob_map *m = p->map;
    OB_AUTO(ob_buf) text = {.max = OB_PAPER_MAX};
    ages a = ages_of(p);
    size_t used = 0;
    bool good = true;
    for (int line = 0; good && line < 8; line++) {
        const char *name = NULL;
        ob_buf_reset(&text);
        switch (line) {
        case 0:
            name = "Body";
            ob_buf_addf(&text, "%.*s (%.*s)", OB_SHOW(m->bodies[p->body].name),
                        OB_SHOW(m->bodies[p->body].id));
            break;
        case 1:
            name = p->group == OB_NONE ? NULL : "Group";
            if (name != NULL) {
                ob_buf_addf(&text, "%.*s (%.*s)", OB_SHOW(m->bodies[p->group].name),
                            OB_SHOW(m->bodies[p->group].id));
            }
            break;
        case 2:
            name = "Meeting";
            say_meeting(p, &text);
            break;
        case 3:
            name = p->report_due == 0 ? NULL : "Report due";
            add_day(&text, p->report_due);
            ob_buf_add_str(&text, p->report_due < m->as_of ? ", past" : "");
            break;
        case 4:
            name = "As of";
            add_day(&text, m->as_of);
            ob_buf_add_str(&text, "; landscape of ");
            add_day(&text, m->baseline_day);
            break;
        case 5:
            name = "Data";
            say_data(p, &a, &text);
            break;
        case 6:
            name = a.reported == 0 ? NULL : "Only reported";
            say_reported(p, &a, &text);
            break;
        case 7:
            name = "Identifier";
            ob_buf_addf(&text, "urn:uuid:%s", p->uuid);
            break;
        default:
            break;
        }
        good = name == NULL || fact(p, &facts[used], name, &text, err);
        used += name != NULL;
    }
    *count = used;
    return good;
}
