/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A liaison statement: to another body, on the subjects that both have. What is asked follows from
 * rules; who signs it, and what is promised, is a person's.
 */
#include "map/paper_liaison.h"

static const ob_paper_rule rules[] = {
    {"focus", OBI_FOCUS_RULE},
    {"for", "A statement is for action if it asks for something that only the receiver can do; "
            "else for information."},
    {"list", "Open work of the receiver, on a topic of open work of the sender, that does not list "
             "the sender, or is not known to: it is asked to."},
    {"tell", "Open work of the receiver on a topic of the sender: its status and date are asked "
             "for."},
    {"terms", "Both have work or texts on a topic, and one of the two still has open work: the "
              "terms should be the same."},
    {"twice", "Open work of both that shares topics, rare words of titles or a relation, with at "
              "least 5 bits of information: it may be done twice."},
    {"answer", "An answer helps if it comes before the sender's next meeting."},
};

/* Whom to write to, in one line, for somebody who did not say. */
static void fail_without(ob_paper *p)
{
    const ob_partner *partners = NULL;
    size_t count = 0;
    OB_AUTO(ob_buf) names = {.max = 1024};
    if (!ob_ask_partners(&p->ask, &partners, &count, &p->err)) {
        return;
    }
    for (size_t i = 0; i < count && i < 8; i++) {
        const ob_body *b = &p->map->bodies[partners[i].body];
        ob_buf_addf(&names, "%s%.*s", i == 0 ? "" : ", ", OB_SHOW(b->id));
    }
    (void)ob_fail(&p->err, OB_ERR_USAGE, "map paper liaison needs a receiver, --to ID; %s%.*s",
                  count == 0 ? "nobody has work on a subject of ours" : "the weightiest first: ",
                  OB_SHOW(ob_buf_span(&names)));
}

static bool check(ob_paper *p)
{
    const ob_map *m = p->map;
    if (p->with == OB_NONE) {
        fail_without(p);
        return false;
    }
    if (ob_map_body_within(m, p->with, p->body) || ob_map_body_within(m, p->body, p->with)) {
        return ob_fail(&p->err, OB_ERR_USAGE,
                       "--to: %.*s is a part of %.*s, or the other way round",
                       OB_SHOW(m->bodies[p->with].id), OB_SHOW(m->bodies[p->body].id));
    }
    return true;
}

bool obi_is_between(const ob_paper *p, uint32_t ours, uint32_t theirs)
{
    const ob_map *m = p->map;
    return ob_map_body_within(m, m->activities[ours].body, p->body) &&
           ob_map_body_within(m, m->activities[theirs].body, p->with);
}

/* Is the letter about it? */
static bool is_meant(const ob_paper *p, const obi_letter *l, uint32_t activity)
{
    return (l->scope.only == NULL || l->scope.only[activity]) &&
           (p->ask.topic == OB_NONE ||
            ob_activity_has_topic(&p->map->activities[activity], p->ask.topic));
}

/* Was something said of the two that says as much? */
static bool is_told(const ob_paper *p, const obi_letter *l, const ob_relation *r)
{
    for (size_t i = 0; i < l->relations_count; i++) {
        const ob_relation *o = &p->map->relations[l->relations[i]];
        bool same = (o->from == r->from && o->to == r->to) ||
                    (o->from == r->to && o->to == r->from &&
                     (r->type == OB_REL_EQUIVALENT_TO || r->type == OB_REL_RELATED));
        bool equal =
            o->type == OB_REL_EQUIVALENT_TO && r->type == OB_REL_SET && r->set == OB_SET_EQUAL;
        if (same && (o->type == r->type || equal)) {
            return true;
        }
    }
    return false;
}

static bool find_relations(ob_paper *p, obi_letter *l)
{
    const ob_map *m = p->map;
    l->relations = OB_NEW(p->arena, uint32_t, (size_t)m->relations_count + 1, &p->err);
    for (uint32_t i = 0; l->relations != NULL && i < m->relations_count; i++) {
        const ob_relation *r = &m->relations[i];
        uint32_t a = 0;
        uint32_t b = 0;
        bool documents = (r->type < OB_RELS_DOCUMENT || r->type == OB_REL_SET) &&
                         ob_relation_counts(r) && ob_map_node(m, r->from, &a) == OB_NODE_ACTIVITY &&
                         ob_map_node(m, r->to, &b) == OB_NODE_ACTIVITY;
        if (!documents || (!obi_is_between(p, a, b) && !obi_is_between(p, b, a)) ||
            !is_meant(p, l, a) || !is_meant(p, l, b) || is_told(p, l, r)) {
            continue;
        }
        l->relations[l->relations_count++] = i;
        obi_list_add(obi_is_between(p, a, b) ? &l->ours : &l->theirs, a);
        obi_list_add(obi_is_between(p, a, b) ? &l->theirs : &l->ours, b);
    }
    return l->relations != NULL;
}

/* The subject with the works that the letter is about. False: on one side there is none left. */
static bool narrow(ob_paper *p, const obi_letter *l, const ob_subject *from, ob_subject *to)
{
    *to = *from;
    for (int i = 0; i < 2; i++) {
        uint32_t *works = OB_NEW(p->arena, uint32_t, (size_t)from->count[i] + 1, &p->err);
        if (works == NULL) {
            return false;
        }
        to->works[i] = works;
        to->count[i] = 0;
        to->open[i] = 0;
        for (uint32_t k = 0; k < from->count[i]; k++) {
            if (is_meant(p, l, from->works[i][k])) {
                works[to->count[i]++] = from->works[i][k];
                to->open[i] += k < from->open[i];
            }
        }
    }
    return to->count[0] > 0 && to->count[1] > 0;
}

/* Who is asked for what on one subject. */
static void sort_subject(ob_paper *p, obi_letter *l, const ob_subject *s)
{
    for (uint32_t i = 0; i < s->count[0]; i++) {
        uint32_t ours = s->works[0][i];
        if (i < s->open[0]) {
            obi_list_add(&l->ours, ours);
        }
        if (i < s->open[0] && s->open[1] > 0 && !ob_lists_body(p->map, ours, l->to)) {
            obi_list_add(&l->add, ours);
        }
    }
    for (uint32_t i = 0; i < s->count[1]; i++) {
        uint32_t theirs = s->works[1][i];
        obi_list_add(&l->theirs, theirs);
        if (i >= s->open[1]) {
            continue;
        }
        obi_list_add(&l->tell, theirs);
        if (s->open[0] > 0 && !ob_lists_body(p->map, theirs, l->from)) {
            obi_list_add(&l->list, theirs);
        }
    }
}

static bool gather(ob_paper *p, obi_letter *l)
{
    const ob_map *m = p->map;
    ob_ask ask = p->ask;
    l->from = p->body;
    l->to = p->with;
    l->ours = obi_list_make(p);
    l->theirs = obi_list_make(p);
    l->list = obi_list_make(p);
    l->tell = obi_list_make(p);
    l->add = obi_list_make(p);
    if (!obi_scope_of(p, &l->scope) || !ob_ask_overlaps(&ask, &l->overlaps, &p->err)) {
        return false;
    }
    l->subjects = OB_NEW(p->arena, ob_subject, l->overlaps.subjects_count + 1, &p->err);
    l->twice = OB_NEW(p->arena, const ob_pair *, l->overlaps.pairs_count + 1, &p->err);
    if (l->subjects == NULL || l->twice == NULL) {
        return false;
    }
    for (size_t i = 0; i < l->overlaps.subjects_count; i++) {
        const ob_subject *s = &l->overlaps.subjects[i];
        ob_subject *kept = &l->subjects[l->subjects_count];
        if (ob_map_body_within(m, s->body[1], l->to) && obi_has_topic(&l->scope, s->topic) &&
            narrow(p, l, s, kept)) {
            l->subjects_count++;
            sort_subject(p, l, kept);
        }
    }
    for (size_t i = 0; i < l->overlaps.pairs_count; i++) {
        const ob_pair *x = &l->overlaps.pairs[i];
        uint32_t a = x->activity[0];
        uint32_t b = x->activity[1];
        bool open = ob_activity_is_open(&m->activities[a]) &&
                    ob_activity_is_open(&m->activities[b]) &&
                    (l->scope.only == NULL || (l->scope.only[a] && l->scope.only[b]));
        if (open && (obi_is_between(p, a, b) || obi_is_between(p, b, a))) {
            l->twice[l->twice_count++] = x;
        }
    }
    return find_relations(p, l);
}

static ob_span name_of(const ob_body *b)
{
    return b->short_name.len > 0 ? b->short_name : b->id;
}

static void write_liaison(ob_paper *p)
{
    obi_letter l = {0};
    const ob_map *m = p->map;
    if (!check(p) || !gather(p, &l)) {
        return;
    }
    if (l.subjects_count + l.relations_count == 0) {
        (void)ob_fail(&p->err, OB_ERR_USAGE,
                      "%.*s and %.*s have no subject in common and no related documents: there is "
                      "nothing to write about",
                      OB_SHOW(m->bodies[l.from].id), OB_SHOW(m->bodies[l.to].id));
        return;
    }
    ob_paper_title(p, "Liaison statement from %.*s to %.*s", OB_SHOW(name_of(&m->bodies[l.from])),
                   OB_SHOW(name_of(&m->bodies[l.to])));
    obi_letter_say(p, &l);
}

const ob_paper_kind ob_paper_kind_liaison = {.id = "liaison",
                                             .title = "Liaison statement",
                                             .flags = OB_PAPER_TAKES_WITH | OB_PAPER_TAKES_TOPIC,
                                             .rules = rules,
                                             .rules_count = OB_COUNT(rules),
                                             .write = write_liaison};
