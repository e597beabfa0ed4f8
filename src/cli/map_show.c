/* SPDX-License-Identifier: Apache-2.0 */
/* ombud map show: all that is known of one activity. */
#include "cli/map.h"

#include <ombud/json.h>

/* What the page says, or, where no page was read, the landscape. */
typedef struct view {
    const ob_item *item; /* the page, or NULL */
    ob_span id;
    ob_names former;
    ob_span title;
    ob_span status;
    ob_span group;
    ob_span question;
    ob_span timing;
    ob_span approval;
    ob_names liaisons;
} view;

static bool same_name(ob_map_cli *cli, ob_span a, ob_span b, bool *same, ob_err *err)
{
    ob_doc_name x = {0};
    ob_doc_name y = {0};
    if (!ob_doc_name_read(&x, &cli->arena, a, err) || !ob_doc_name_read(&y, &cli->arena, b, err)) {
        return false;
    }
    *same = ob_span_is(x.key, y.key);
    return true;
}

/*
 * The page that answers: the last one of the present id. A page of an earlier name answers only to
 * that name, and only as long as no page says what became of it.
 */
static bool page_of(ob_map_cli *cli, const ob_activity *a, ob_span asked, const ob_item **page,
                    ob_err *err)
{
    const ob_item *present = NULL;
    const ob_item *earlier = NULL;
    for (size_t i = 0; i < a->readings_count; i++) {
        const ob_item *item = &a->readings[i].item;
        bool is_present = false;
        bool is_asked = false;
        if (!same_name(cli, item->id, a->id, &is_present, err) ||
            !same_name(cli, item->id, asked, &is_asked, err)) {
            return false;
        }
        present = is_present ? item : present;
        earlier = is_asked ? item : earlier;
        for (size_t k = 0; k < item->former.count; k++) {
            bool left = false;
            if (!same_name(cli, item->former.items[k], asked, &left, err)) {
                return false;
            }
            earlier = left ? NULL : earlier;
        }
    }
    *page = earlier != NULL ? earlier : present;
    return true;
}

static bool view_of(ob_map_cli *cli, uint32_t number, ob_span asked, view *v, ob_err *err)
{
    const ob_map *m = &cli->map;
    const ob_activity *a = &m->activities[number];
    uint32_t node = ob_map_node_of(m, OB_NODE_ACTIVITY, number);
    const ob_item *item = NULL;
    bool present = true;
    if (!page_of(cli, a, asked, &item, err) ||
        (item != NULL && !same_name(cli, item->id, a->id, &present, err))) {
        return false;
    }
    if (item != NULL) {
        *v = (view){item,
                    present ? a->id : item->id,
                    present ? a->former : item->former,
                    item->title,
                    item->status,
                    item->group,
                    item->question,
                    item->timing,
                    item->approval,
                    item->liaisons};
        return true;
    }
    *v = (view){.id = a->id,
                .former = a->former,
                .title = a->title,
                .status = a->status,
                .group = ob_map_group(m, a),
                .question = a->question,
                .timing = a->timing,
                .approval = a->approval};
    uint32_t first = m->out.first[node];
    uint32_t end = m->out.first[node + 1];
    ob_span *names = OB_NEW(&cli->arena, ob_span, end - first, err);
    for (uint32_t i = first; names != NULL && i < end; i++) {
        const ob_relation *r = &m->relations[m->out.numbers[i]];
        if (r->type == OB_REL_LIAISON_WITH) {
            ob_span name = m->bodies[r->to].short_name;
            bool group = ob_span_has_prefix(name, OB_SPAN("SG")) || ob_span_is_str(name, "TSAG");
            if (!ob_arena_printf(&cli->arena, &names[v->liaisons.count++], err, "%s%.*s",
                                 group ? "ITU-T " : "", OB_SHOW(name))) {
                return false;
            }
        }
    }
    v->liaisons.items = names;
    return names != NULL;
}

static void names_or_null(ob_json_writer *w, const char *key, ob_names names)
{
    if (names.count == 0) {
        ob_jw_null(w, key);
        return;
    }
    ob_jw_texts(w, key, names.items, names.count);
}

static void readings_json(ob_json_writer *w, const ob_activity *a)
{
    char hex[65];
    OB_AUTO(ob_buf) page = {.max = OB_MAP_OUTPUT_MAX};
    ob_jw_array(w, "readings");
    for (size_t i = 0; i < a->readings_count; i++) {
        const ob_item_reading *r = &a->readings[i];
        ob_buf_reset(&page);
        ob_item_write(&page, &r->item);
        ob_digest_hex(&r->digest, hex);
        ob_jw_object(w, NULL);
        ob_day_json(w, "date", r->day);
        ob_jw_text(w, "source", r->source);
        ob_jw_str(w, "sha256", hex);
        ob_jw_raw(w, "page", ob_buf_span(&page));
        ob_jw_end(w, true);
    }
    ob_jw_end(w, false);
}

static void relations_json(ob_json_writer *w, const ob_map *m, uint32_t node)
{
    ob_jw_array(w, "relations");
    for (int in = 0; in < 2; in++) {
        const ob_edges *edges = in ? &m->in : &m->out;
        for (uint32_t i = edges->first[node]; i < edges->first[node + 1]; i++) {
            const ob_relation *r = &m->relations[edges->numbers[i]];
            if (r->type >= OB_REL_WORK_OF) {
                continue;
            }
            ob_jw_object(w, NULL);
            ob_jw_str(w, "type", ob_relation_names[r->type]);
            if (r->type == OB_REL_SET) {
                ob_jw_str(w, "set", ob_set_names[r->set]);
                ob_jw_str(w, "review", ob_review_names[r->review]);
            }
            ob_jw_str(w, "direction", in ? "in" : "out");
            ob_jw_text(w, "id", ob_map_node_id(m, in ? r->from : r->to));
            ob_jw_end(w, true);
        }
    }
    ob_jw_end(w, false);
}

static void rest_json(ob_json_writer *w, const ob_map *m, uint32_t number)
{
    const ob_activity *a = &m->activities[number];
    ob_jw_text_or_null(w, "body", a->body == OB_NONE ? ((ob_span){0}) : m->bodies[a->body].id);
    ob_jw_text_or_null(w, "kind", a->kind);
    ob_jw_str(w, "state", ob_state_names[a->state]);
    ob_day_json(w, "date", a->date);
    ob_jw_text_or_null(w, "edition", a->edition);
    ob_day_json(w, "registered", a->registered);
    ob_jw_array(w, "topics");
    for (size_t i = 0; i < a->topics_count; i++) {
        ob_jw_text(w, NULL, m->topics[a->topics[i]].id);
    }
    ob_jw_end(w, false);
    ob_jw_text_or_null(w, "summary", a->summary);
    ob_jw_text_or_null(w, "url", a->url);
    ob_jw_bool(w, "verified", a->verified);
    ob_jw_str(w, "evidence", ob_evidence_names[a->evidence]);
    ob_jw_bool(w, "external", a->external);
    ob_jw_text_or_null(w, "note", a->note);
    ob_day_json(w, "data_of", ob_map_age(m, a));
    relations_json(w, m, ob_map_node_of(m, OB_NODE_ACTIVITY, number));
    ob_day_json(w, "as_of", m->as_of);
}

static void show_json(ob_map_cli *cli, uint32_t number, const view *v)
{
    const ob_map *m = &cli->map;
    const ob_activity *a = &m->activities[number];
    ob_json_writer w = {.out = &cli->out, .indent = 2};
    ob_jw_object(&w, NULL);
    ob_jw_text(&w, "id", v->id);
    ob_jw_text_or_null(&w, "title", v->title);
    ob_jw_text_or_null(&w, "status", v->status);
    ob_jw_text_or_null(&w, "group", v->group);
    ob_jw_text_or_null(&w, "question", v->question);
    ob_jw_text_or_null(&w, "timing", v->timing);
    ob_jw_text_or_null(&w, "approval", v->approval);
    names_or_null(&w, "liaisons", v->liaisons);
    names_or_null(&w, "former_ids", v->former);
    readings_json(&w, a);
    ob_jw_text_or_null(&w, "now", ob_span_is(v->id, a->id) ? ((ob_span){0}) : a->id);
    rest_json(&w, m, number);
    ob_jw_str(&w, "format", "ombud.map.show");
    ob_jw_u64(&w, "version", 1);
    ob_jw_end(&w, true);
    ob_buf_add_char(&cli->out, '\n');
}

/* For people */

#define NAME_WIDTH 14

/* Text at the column of the values, broken at blanks. */
static void field(ob_buf *out, const char *name, ob_span text)
{
    size_t width = ob_map_width();
    size_t room = (width < 100 ? width : 100) - NAME_WIDTH;
    ob_span rest = ob_span_trim(text);
    if (rest.len == 0) {
        return;
    }
    ob_buf_addf(out, "  %-*s", NAME_WIDTH - 2, name);
    for (bool first = true; rest.len > 0; first = false) {
        size_t cut = rest.len;
        if (cut > room) {
            cut = room;
            while (cut > 0 && rest.ptr[cut] != ' ') {
                cut--;
            }
            cut = cut == 0 ? ob_span_find(rest, OB_SPAN(" "), room) : cut;
        }
        if (!first) {
            ob_buf_addf(out, "%*s", NAME_WIDTH, "");
        }
        ob_buf_add_shown(out, ob_span_sub(rest, 0, cut), SIZE_MAX);
        ob_buf_add_char(out, '\n');
        rest = ob_span_trim(ob_span_sub(rest, cut, rest.len));
    }
}

static void join(ob_buf *line, ob_span text, const char *between)
{
    if (text.len > 0) {
        ob_buf_add_str(line, line->len > 0 ? between : "");
        ob_buf_add(line, text);
    }
}

static void names_field(ob_buf *out, const char *name, ob_names names)
{
    OB_AUTO(ob_buf) line = {.max = OB_MAP_OUTPUT_MAX};
    for (size_t i = 0; i < names.count; i++) {
        join(&line, names.items[i], ", ");
    }
    field(out, name, ob_buf_span(&line));
}

static void relations_text(ob_buf *out, const ob_map *m, uint32_t node)
{
    for (int in = 0; in < 2; in++) {
        const ob_edges *edges = in ? &m->in : &m->out;
        OB_AUTO(ob_buf) line = {.max = OB_MAP_OUTPUT_MAX};
        for (uint32_t i = edges->first[node]; i < edges->first[node + 1]; i++) {
            const ob_relation *r = &m->relations[edges->numbers[i]];
            if (r->type >= OB_REL_WORK_OF || (r->type == OB_REL_LIAISON_WITH && !in)) {
                continue;
            }
            ob_buf_add_str(&line, line.len > 0 ? "; " : "");
            if (in) {
                ob_buf_add(&line, ob_map_node_id(m, r->from));
                ob_buf_add_str(&line, " ");
            }
            ob_buf_add_str(&line, r->type == OB_REL_SET ? ob_set_names[r->set]
                                                        : ob_relation_names[r->type]);
            ob_buf_addf(&line, "%s", r->review > OB_REVIEW_STATED ? " (" : "");
            ob_buf_add_str(&line, r->review > OB_REVIEW_STATED ? ob_review_names[r->review] : "");
            ob_buf_addf(&line, "%s", r->review > OB_REVIEW_STATED ? ")" : "");
            if (!in) {
                ob_buf_add_str(&line, " ");
                ob_buf_add(&line, ob_map_node_id(m, r->to));
            }
        }
        field(out, in ? "named by" : "relations", ob_buf_span(&line));
    }
}

static void readings_text(ob_buf *out, const ob_activity *a)
{
    for (size_t i = 0; i < a->readings_count; i++) {
        char day[OB_DAY_TEXT_MAX];
        OB_AUTO(ob_buf) line = {.max = OB_MAP_OUTPUT_MAX};
        const ob_item_reading *r = &a->readings[i];
        ob_day_write(r->day, day);
        ob_buf_addf(&line, "%s  ", day);
        ob_buf_add(&line, r->item.status.len > 0 ? r->item.status : OB_SPAN("(no status)"));
        ob_buf_add_str(&line, "  ");
        ob_buf_add(&line, r->source);
        field(out, i == 0 ? "readings" : "", ob_buf_span(&line));
    }
}

static void show_text(ob_map_cli *cli, uint32_t number, const view *v)
{
    const ob_map *m = &cli->map;
    const ob_activity *a = &m->activities[number];
    ob_buf *out = &cli->out;
    char day[OB_DAY_TEXT_MAX];
    OB_AUTO(ob_buf) line = {.max = OB_MAP_OUTPUT_MAX};
    ob_buf_add_shown(out, v->id, SIZE_MAX);
    ob_buf_add_str(out, "\n");
    field(out, "now", ob_span_is(v->id, a->id) ? ((ob_span){0}) : a->id);
    field(out, "title", v->title.len > 0 ? v->title : OB_SPAN("not known"));
    join(&line, a->body == OB_NONE ? v->group : m->bodies[a->body].name, "");
    join(&line, v->question, "; ");
    field(out, "body", ob_buf_span(&line));
    field(out, "kind", a->external ? OB_SPAN("outside the landscape") : a->kind);
    ob_buf_reset(&line);
    join(&line, a->status.len > 0 ? a->status : OB_SPAN("none given"), "");
    if (!ob_span_is_str(a->status, ob_state_names[a->state])) {
        join(&line, ob_span_str(ob_state_names[a->state]), "; stage: ");
    }
    field(out, "status", ob_buf_span(&line));
    if (v->item != NULL && !ob_span_is(v->status, a->status)) {
        field(out, "page says", v->status.len > 0 ? v->status : OB_SPAN("no status"));
    }
    ob_buf_reset(&line);
    ob_day_write(a->date, day);
    join(&line, a->edition, "");
    join(&line, ob_span_str(day), ", ");
    field(out, a->edition.len > 0 ? "edition" : "date", ob_buf_span(&line));
    field(out, "timing", v->timing);
    field(out, "approval", v->approval);
    names_field(out, "liaisons", v->liaisons);
    names_field(out, "formerly", v->former);
    ob_buf_reset(&line);
    for (size_t i = 0; i < a->topics_count; i++) {
        join(&line, m->topics[a->topics[i]].id, ", ");
    }
    field(out, "topics", ob_buf_span(&line));
    field(out, "summary", a->summary);
    relations_text(out, m, ob_map_node_of(m, OB_NODE_ACTIVITY, number));
    field(out, "address", a->url);
    field(out, "note", a->note);
    ob_buf_reset(&line);
    ob_day_write(ob_map_age(m, a), day);
    ob_buf_addf(&line, "%s%s, last looked at %s", a->verified ? "" : "not verified, ",
                ob_evidence_names[a->evidence], day);
    field(out, "evidence", ob_buf_span(&line));
    readings_text(out, a);
    ob_map_foot(cli, out);
}

static int show(ob_map_cli *cli)
{
    ob_err err = {0};
    uint32_t number = OB_NONE;
    uint32_t node = OB_NONE;
    uint32_t index = 0;
    uint32_t meeting = ob_map_meeting(&cli->map, ob_map_word(cli, 0));
    view v = {0};
    if (meeting != OB_NONE) {
        ob_map_show_meeting(cli, meeting);
        return OB_EXIT_OK;
    }
    if (!ob_map_find_node(&cli->map, ob_map_word(cli, 0), &node, &err)) {
        return ob_cli_fail(&err, false);
    }
    if (node != OB_NONE && ob_map_node(&cli->map, node, &index) != OB_NODE_ACTIVITY) {
        ob_map_show_node(cli, node);
        return OB_EXIT_OK;
    }
    if (!ob_map_argument(cli, ob_map_word(cli, 0), &number, &err) ||
        !view_of(cli, number, ob_map_word(cli, 0), &v, &err)) {
        return ob_cli_fail(&err, false);
    }
    if (ob_args_flag(cli->args, "json")) {
        show_json(cli, number, &v);
    } else {
        show_text(cli, number, &v);
    }
    return OB_EXIT_OK;
}

const ob_map_verb ob_map_verb_show = {.name = "show",
                                      .wants = OB_MAP_WANTS_MAP | OB_MAP_WANTS_CLAUSES,
                                      .words_min = 1,
                                      .words_max = 1,
                                      .takes = "one id",
                                      .run = show};
