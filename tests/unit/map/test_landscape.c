/* SPDX-License-Identifier: Apache-2.0 */
/* A small landscape: names resolve, readings go before, the graph holds; every mistake has a place.
 */
#include "../ob_test.h"
#include "../scratch.h"

#include "map/landscape.h"
#include "map/search.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[] = {"landscape.yaml", "topics.yaml",      "bodies.yaml",
                                    "meetings.yaml",  "schemes.yaml",     "external.yaml",
                                    "relations.yaml", "activities/a.yaml"};

enum {
    INDEX,
    TOPICS,
    BODIES,
    MEETINGS,
    SCHEMES,
    EXTERNAL,
    RELATIONS,
    ACTIVITIES,
    FILES
};

static const char *const texts[] = {
    "ombud: 1\nas_of: 2026-11-01\ndata_age: {itu-t: 2026-08}\ndata_age_else: 2026-05\n",
    "ombud: 1\ntopics:\n- {id: iot, title: Things}\n- {id: agent, title: Agents}\n",
    "ombud: 1\nbodies:\n"
    "- {id: itu-t, name: ITU-T, short: ITU-T, kind: SDO, verified: true}\n"
    "- {id: itu-t-sg17, name: Study Group 17, short: SG17, parent: itu-t, kind: group, verified: "
    "true}\n"
    "- {id: iso, name: ISO, short: ISO, kind: SDO, aliases: [ISO/IEC], verified: false}\n",
    "ombud: 1\nmeetings:\n- {id: m, body: itu-t-sg17, kind: plenary, title: M, start: 2026-06-01,"
    " end: 2026-06-10, status: held, outputs: {agreed: 3}, verified: true}\n",
    "ombud: 1\nschemes:\n- {id: itu_t}\n- {id: iso_1, document: ISO 1}\n",
    "ombud: 1\nexternal:\n- {id: X.10, edition: 04/2016, title: Old, verified: false}\n",
    "ombud: 1\nrelations:\n- {from: X.10, to: ISO 1, set: subset, rationale: semantic, strength: 7,"
    " author: a, reviewer: r, date: 2026-10-01, review: accepted}\n",
    "ombud: 1\nactivities:\n"
    "- id: X.10\n  body: itu-t-sg17\n  title: Ten of things\n  kind: Recommendation\n"
    "  status: published\n  date: 2023-06-13\n  edition: 06/2023\n  formerly: [X.ten]\n"
    "  topics: [iot]\n  relations: {supersedes: [ITU-T X.10 (04/2016)], references: [ISO 1]}\n"
    "  url: https://www.itu.int/rec/T-REC-X.10-202306-I\n  verified: true\n"
    "  evidence: official-record\n"
    "- {id: X.new, body: itu-t-sg17, title: New work, kind: draft Recommendation, status: new,"
    " topics: [agent, iot], relations: {liaison-with: [iso]}, verified: true}\n"
    "- {id: ISO 1, body: iso, title: One, kind: standard, status: published, date: 2020,"
    " topics: [iot], verified: true}\n",
};

typedef struct place {
    char folder[SCRATCH_MAX];
} place;

static void write_file(const place *p, size_t file, const char *text)
{
    char path[SCRATCH_FILE_MAX];
    ob_err err = {0};
    (void)snprintf(path, sizeof path, "%s/%s", p->folder, names[file]);
    assert_ok(ob_file_write(path, ob_span_str(text), 0600, &err));
}

static int make_place(void **state)
{
    static place made;
    char path[SCRATCH_FILE_MAX];
    if (scratch_make(made.folder) != 0) {
        return -1;
    }
    (void)snprintf(path, sizeof path, "%s/activities", made.folder);
    if (mkdir(path, 0700) != 0) {
        return -1;
    }
    for (size_t i = 0; i < FILES; i++) {
        write_file(&made, i, texts[i]);
    }
    *state = &made;
    return 0;
}

static int remove_place(void **state)
{
    const place *p = *state;
    return scratch_remove(p->folder);
}

static uint32_t find(const ob_map *map, const char *text)
{
    ob_err err = {0};
    uint32_t found = OB_NONE;
    assert_ok(ob_map_find(map, ob_span_str(text), &found, &err));
    return found;
}

static const char *id_of(const ob_map *map, const char *text)
{
    uint32_t found = find(map, text);
    return found == OB_NONE ? "none" : map->activities[found].id.ptr;
}

static bool has_edge(const ob_map *m, const char *from, ob_relation_type type, const char *to)
{
    ob_err err = {0};
    uint32_t a = OB_NONE;
    uint32_t b = OB_NONE;
    unsigned found = 0;
    assert_ok(ob_map_find_node(m, ob_span_str(from), &a, &err));
    assert_ok(ob_map_find_node(m, ob_span_str(to), &b, &err));
    for (uint32_t i = m->out.first[a]; i < m->out.first[a + 1]; i++) {
        const ob_relation *r = &m->relations[m->out.numbers[i]];
        assert_int_equal(r->from, a);
        found += r->type == type && r->to == b;
    }
    for (uint32_t i = m->in.first[b]; i < m->in.first[b + 1]; i++) {
        const ob_relation *r = &m->relations[m->in.numbers[i]];
        assert_int_equal(r->to, b);
        found += r->type == type && r->from == a;
    }
    assert_true(found == 0 || found == 2); /* both directions, or none */
    return found == 2;
}

static void names_resolve(void **state)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_err err = {0};
    ob_map m = {0};
    uint32_t body = OB_NONE;
    const ob_map_from from = {.folder = ((place *)*state)->folder};
    assert_ok(ob_map_load(&m, &arena, &from, &err));
    assert_int_equal(m.inside_count, 3);
    assert_int_equal(m.activities_count, 4);
    assert_int_equal(m.as_of, 20261101);
    assert_true(ob_span_is_str(m.activities[find(&m, "Rec. ITU-T x.10 (2023)")].id, "X.10"));
    assert_false(m.activities[find(&m, "X.10")].external);
    assert_true(m.activities[find(&m, "X.10 (04/2016)")].external);
    assert_int_equal(find(&m, "X.10 (04/2011)"), OB_NONE);
    assert_int_equal(find(&m, "X.ten"), find(&m, "X.10"));
    assert_int_equal(find(&m, "X.eleven"), OB_NONE);
    assert_ok(ob_map_find_body(&m, OB_SPAN("ISO/IEC JTC 1/SC 27"), &body, &err));
    assert_span(m.bodies[body].id, "iso");
    assert_true(has_edge(&m, "X.10", OB_REL_REFERENCES, "ISO 1"));
    assert_true(has_edge(&m, "X.10", OB_REL_SET, "ISO 1"));
    assert_true(has_edge(&m, "X.new", OB_REL_LIAISON_WITH, "iso"));
    assert_true(has_edge(&m, "X.new", OB_REL_WORK_OF, "itu-t-sg17"));
    assert_true(has_edge(&m, "itu-t-sg17", OB_REL_GROUP_OF, "itu-t"));
    assert_false(has_edge(&m, "ISO 1", OB_REL_REFERENCES, "X.10"));
    assert_int_equal(ob_map_age(&m, &m.activities[find(&m, "X.10")]), 20260800);
    assert_int_equal(ob_map_age(&m, &m.activities[find(&m, "ISO 1")]), 20260500);
    for (uint32_t i = 0; i < m.nodes_count; i++) {
        uint32_t index = 0;
        ob_node_kind kind = ob_map_node(&m, i, &index);
        assert_int_equal(ob_map_node_of(&m, kind, index), i);
        assert_true(ob_map_node_id(&m, i).len > 0);
    }
}

/* What has a name now goes before what had it once, wherever it stands. */
static void own_names_go_first(void **state)
{
    OB_AUTO(ob_arena) arena = {0};
    char changed[4096];
    ob_err err = {0};
    ob_map m = {0};
    const place *p = *state;
    const ob_map_from from = {.folder = p->folder};
    const char *at = strstr(texts[ACTIVITIES], "[X.ten]");
    (void)snprintf(changed, sizeof changed, "%.*s[ISO 1]%s", (int)(at - texts[ACTIVITIES]),
                   texts[ACTIVITIES], at + strlen("[X.ten]"));
    write_file(p, ACTIVITIES, changed);
    bool good = ob_map_load(&m, &arena, &from, &err);
    write_file(p, ACTIVITIES, texts[ACTIVITIES]);
    assert_ok(good);
    assert_string_equal(id_of(&m, "ISO 1"), "ISO 1");
    assert_string_equal(id_of(&m, "iso 1"), "ISO 1");
    assert_false(m.activities[find(&m, "ITU-T X.10")].external);
}

static void add_reading(ob_store *store, const char *day, const ob_item *item)
{
    OB_AUTO(ob_buf) body = {.max = 65536};
    ob_err err = {0};
    bool added = false;
    ob_item_write(&body, item);
    const ob_reading reading = {.kind = OB_SPAN("item"),
                                .subject = item->id,
                                .day = ob_span_str(day),
                                .source = OB_SPAN("f"),
                                .body = ob_buf_span(&body)};
    assert_ok(ob_store_readings_begin(store, &err));
    assert_ok(ob_store_reading_add(store, &reading, &added, &err));
    assert_true(added);
    assert_ok(ob_store_reading_add(store, &reading, &added, &err));
    assert_false(added);
    assert_ok(ob_store_readings_commit(store, &err));
}

static void readings_go_before(void **state)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO_CLOSE(ob_store) store = {0};
    ob_err err = {0};
    ob_map m = {0};
    char path[SCRATCH_FILE_MAX];
    ob_map_from from = {.folder = ((place *)*state)->folder, .store = &store, .as_of = 20261101};
    (void)snprintf(path, sizeof path, "%s/s.db", from.folder);
    assert_ok(ob_store_open(&store, path, false, &err));
    assert_ok(ob_map_load(&m, &arena, &from, &err)); /* a store without readings */
    const ob_span liaisons[] = {OB_SPAN("ITU-T SG17")};
    const ob_span former[] = {OB_SPAN("X.new")};
    ob_item item = {.id = OB_SPAN("X.new"),
                    .title = OB_SPAN("New work, renamed"),
                    .status = OB_SPAN("Under study"),
                    .group = OB_SPAN("SG17")};
    add_reading(&store, "2026-10-01", &item);
    item.id = OB_SPAN("X.77");
    item.former = (ob_names){former, 1};
    item.status = OB_SPAN("Approved on 2026-10-20");
    item.liaisons = (ob_names){liaisons, 1};
    add_reading(&store, "2026-10-30", &item);
    add_reading(&store, "2026-12-01", &item);
    item = (ob_item){.id = OB_SPAN("X.10"), .title = OB_SPAN("T"), .status = OB_SPAN("Determined")};
    add_reading(&store, "2026-10-30", &item);
    item = (ob_item){.id = OB_SPAN("X.other"), .title = OB_SPAN("Other")};
    add_reading(&store, "2026-10-30", &item);
    assert_ok(ob_map_load(&m, &arena, &from, &err));
    const ob_activity *a = &m.activities[find(&m, "X.new")];
    assert_span(a->id, "X.77");
    assert_int_equal(find(&m, "X.77"), find(&m, "X.new"));
    assert_int_equal(a->state, OB_STATE_APPROVED);
    assert_int_equal(a->date, 20261020);
    assert_int_equal(a->readings_count, 2);
    assert_int_equal(a->readings[0].day, 20261001);
    assert_span(a->readings[0].item.status, "Under study");
    assert_true(has_edge(&m, "X.77", OB_REL_LIAISON_WITH, "SG17"));
    assert_false(has_edge(&m, "X.77", OB_REL_LIAISON_WITH, "iso"));
    assert_int_equal(m.activities[find(&m, "X.10")].state, OB_STATE_PUBLISHED);
    assert_int_equal(m.activities[find(&m, "X.other")].state, OB_STATE_NEW);
    assert_int_equal(m.inside_count, 4);
    /* Of one day, the page of the later study period counts, in whatever order they come. */
    item = (ob_item){.id = OB_SPAN("X.period"),
                     .title = OB_SPAN("P"),
                     .status = OB_SPAN("Under study"),
                     .study_period = OB_SPAN("2025-2028")};
    add_reading(&store, "2026-10-31", &item);
    item.status = OB_SPAN("[Carried to next study period]");
    item.study_period = OB_SPAN("2022-2024");
    item.updated = OB_SPAN("2024-06-01 00:00:00");
    add_reading(&store, "2026-10-31", &item);
    assert_ok(ob_map_load(&m, &arena, &from, &err));
    a = &m.activities[find(&m, "X.period")];
    assert_int_equal(a->state, OB_STATE_STUDY);
    assert_span(a->readings[1].item.study_period, "2025-2028");
    from.as_of = 20261015;
    assert_ok(ob_map_load(&m, &arena, &from, &err));
    assert_string_equal(id_of(&m, "X.new"), "X.new");
    assert_int_equal(find(&m, "X.77"), OB_NONE);
}

static void add_meeting(ob_store *store, const char *day, const char *group, const char *id,
                        const char *start, const char *end, const char *topic)
{
    OB_AUTO(ob_buf) body = {.max = 65536};
    ob_err err = {0};
    bool added = false;
    ob_buf_addf(
        &body,
        "{\"id\":\"%s\",\"group\":\"%s\",\"kind\":\"plenary\",\"title\":\"T\",\"start\":\"%s\","
        "\"end\":\"%s\",\"topics\":[\"%s\"]}",
        id, group, start, end, topic);
    const ob_reading reading = {.kind = OB_SPAN("meeting"),
                                .subject = ob_span_str(id),
                                .day = ob_span_str(day),
                                .source = OB_SPAN("f"),
                                .body = ob_buf_span(&body)};
    assert_ok(ob_store_readings_begin(store, &err));
    assert_ok(ob_store_reading_add(store, &reading, &added, &err));
    assert_ok(ob_store_readings_commit(store, &err));
}

static void summaries_go_before(void **state)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO_CLOSE(ob_store) store = {0};
    ob_err err = {0};
    ob_map m = {0};
    char path[SCRATCH_FILE_MAX];
    ob_map_from from = {.folder = ((place *)*state)->folder, .store = &store, .as_of = 20261101};
    (void)snprintf(path, sizeof path, "%s/m.db", from.folder);
    assert_ok(ob_store_open(&store, path, false, &err));
    add_meeting(&store, "2026-10-30", "SG17", "sg17-2026-06", "2026-06-01", "2026-07-12", "late");
    add_meeting(&store, "2026-10-01", "SG17", "sg17-2026-06", "2026-06-01", "2026-07-12", "early");
    /* Two groups that the landscape does not have, on one day. */
    add_meeting(&store, "2026-10-01", "SG98", "sg98-2026-07", "2026-07-01", "2026-07-12", "a");
    add_meeting(&store, "2026-10-01", "SG99", "sg99-2026-07", "2026-07-01", "2026-07-12", "b");
    assert_ok(ob_map_load(&m, &arena, &from, &err));
    assert_int_equal(m.meetings_count, 3);
    const ob_meeting *one = &m.meetings[ob_map_meeting(&m, OB_SPAN("m"))];
    assert_int_equal(one->page_day, 20261030);
    assert_span(one->page->topics.items[0], "late");
    assert_span(one->status, "held");
    assert_int_equal(ob_map_meeting(&m, OB_SPAN("sg98-2026-07")), 1);
    /* It was moved by a day since it was announced. */
    add_meeting(&store, "2026-10-31", "SG17", "m", "2026-06-02", "2026-07-12", "moved");
    assert_ok(ob_map_load(&m, &arena, &from, &err));
    one = &m.meetings[ob_map_meeting(&m, OB_SPAN("m"))];
    assert_int_equal(one->start, 20260602);
    assert_int_equal(one->end, 20260712);
    assert_int_equal(one->report_due, 0);
}

static void forget_store(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-lock"};
    for (size_t i = 0; i < OB_COUNT(suffixes); i++) {
        char beside[SCRATCH_FILE_MAX + 8];
        (void)snprintf(beside, sizeof beside, "%s%s", path, suffixes[i]);
        (void)unlink(beside);
    }
}

/* Two in one month are two, whichever page was read first, and each keeps its id. */
static void meetings_of_one_month(void **state)
{
    for (int order = 0; order < 2; order++) {
        OB_AUTO(ob_arena) arena = {0};
        OB_AUTO_CLOSE(ob_store) store = {0};
        ob_err err = {0};
        ob_map m = {0};
        char path[SCRATCH_FILE_MAX];
        ob_map_from from = {
            .folder = ((place *)*state)->folder, .store = &store, .as_of = 20261101};
        (void)snprintf(path, sizeof path, "%s/month.db", from.folder);
        assert_ok(ob_store_open(&store, path, false, &err));
        for (int i = 0; i < 2; i++) {
            bool second = (i == 1) == (order == 0);
            add_meeting(&store, "2026-10-30", "SG98", "sg98-2026-07",
                        second ? "2026-07-11" : "2026-07-01", second ? "2026-07-12" : "2026-07-02",
                        second ? "b" : "a");
            /* The landscape has the one that begins on 1 June. */
            add_meeting(&store, "2026-10-30", "SG17", "sg17-2026-06",
                        second ? "2026-06-22" : "2026-06-01", second ? "2026-06-24" : "2026-06-09",
                        second ? "d" : "c");
        }
        assert_ok(ob_map_load(&m, &arena, &from, &err));
        assert_int_equal(m.meetings_count, 4);
        const ob_meeting *one = &m.meetings[ob_map_meeting(&m, OB_SPAN("SG98-2026-07-01"))];
        const ob_meeting *two = &m.meetings[ob_map_meeting(&m, OB_SPAN("sg98-2026-07-11"))];
        assert_span(one->page->topics.items[0], "a");
        assert_span(two->page->topics.items[0], "b");
        assert_int_equal(ob_map_meeting(&m, OB_SPAN("sg98-2026-07")), OB_NONE);
        one = &m.meetings[ob_map_meeting(&m, OB_SPAN("m"))];
        assert_span(one->page->topics.items[0], "c");
        one = &m.meetings[ob_map_meeting(&m, OB_SPAN("sg17-2026-06"))];
        assert_span(one->id, "sg17-2026-06-22");
        assert_span(one->page->topics.items[0], "d");
        ob_store_close(&store);
        forget_store(path);
    }
}

static void search_ranks(void **state)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO_CLOSE(ob_index) index = {0};
    ob_err err = {0};
    ob_map m = {0};
    ob_match *matches = NULL;
    size_t count = 0;
    const ob_map_from from = {.folder = ((place *)*state)->folder};
    assert_ok(ob_map_load(&m, &arena, &from, &err));
    assert_ok(ob_index_open(&index, &err));
    assert_ok(ob_map_index(&m, &index, &err));
    assert_ok(
        ob_index_search(&index, &arena, OB_SPAN("thing"), OB_INDEX_ALL, 9, &matches, &count, &err));
    assert_int_equal(count, 3);
    assert_int_equal(matches[0].number, find(&m, "X.10")); /* in its title, too */
    assert_ok(
        ob_index_search(&index, &arena, OB_SPAN("x.ten"), OB_INDEX_ALL, 9, &matches, &count, &err));
    assert_int_equal(count, 1);
    assert_ok(ob_index_search(&index, &arena, OB_SPAN("\" AND ( * NEAR"), OB_INDEX_ALL, 9, &matches,
                              &count, &err));
    assert_int_equal(count, 0);
    assert_ok(
        ob_index_search(&index, &arena, OB_SPAN("-- ''"), OB_INDEX_ALL, 9, &matches, &count, &err));
    assert_int_equal(count, 0);
    assert_ok(ob_index_search(&index, &arena, OB_SPAN("agents one"), OB_INDEX_ANY, 9, &matches,
                              &count, &err));
    assert_int_equal(count, 2);
    assert_ok(ob_index_search(&index, &arena, OB_SPAN("of things"), OB_INDEX_PHRASE, 9, &matches,
                              &count, &err));
    assert_int_equal(count, 1);
}

static void pack_is_the_same(void **state)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) bytes = {.max = OB_YAML_PACK_MAX};
    ob_err err = {0};
    ob_map plain = {0};
    ob_map packed = {0};
    ob_yaml_pack pack = {0};
    ob_map_from from = {.folder = ((place *)*state)->folder};
    assert_ok(ob_map_load(&plain, &arena, &from, &err));
    assert_ok(ob_map_pack(&bytes, from.folder, &err));
    ob_yaml_pack_open(&pack, ob_buf_span(&bytes));
    assert_true(pack.bytes.len > 0);
    from.pack = &pack;
    assert_ok(ob_map_load(&packed, &arena, &from, &err));
    assert_memory_equal(&plain.digest, &packed.digest, sizeof plain.digest);
    assert_int_equal(plain.relations_count, packed.relations_count);
    for (uint32_t i = 0; i < plain.activities_count; i++) {
        assert_true(ob_span_is(plain.activities[i].id, packed.activities[i].id));
        assert_int_equal(plain.activities[i].place.at->line, packed.activities[i].place.at->line);
        assert_int_equal(plain.activities[i].place.at->column,
                         packed.activities[i].place.at->column);
        assert_null(packed.activities[i].place.doc->text.ptr); /* it came from the pack */
    }
    /* Every byte of damage is seen. */
    for (size_t i = 0; i < bytes.len; i += 7) {
        bytes.ptr[i] = (char)(bytes.ptr[i] ^ 1);
        ob_yaml_pack_open(&pack, ob_buf_span(&bytes));
        assert_int_equal(pack.bytes.len, 0);
        bytes.ptr[i] = (char)(bytes.ptr[i] ^ 1);
    }
    /* A file that was changed is read anew. */
    ob_yaml_pack_open(&pack, ob_buf_span(&bytes));
    write_file(*state, TOPICS,
               "ombud: 1\ntopics:\n- {id: iot, title: X}\n- {id: agent, title: Y}\n");
    assert_ok(ob_map_load(&packed, &arena, &from, &err));
    write_file(*state, TOPICS, texts[TOPICS]);
    assert_span(packed.topics[0].title, "X");
}

/* One replacement in one file, and the mistake that it makes. */
typedef struct mistake {
    size_t file;
    const char *find;
    const char *put;
    const char *says;
} mistake;

static void tell(void *ctx, const char *text)
{
    char *last = ctx;
    size_t used = strlen(last);
    (void)snprintf(last + used, 4096 - used, "%s\n", text);
}

static void mistakes_have_a_place(void **state)
{
    static const mistake rows[] = {
        {INDEX, "itu-t:", "itu-x:", "landscape.yaml:3:12: no body has the id 'itu-x'"},
        {INDEX, "2026-08", "soon", "landscape.yaml:3:19: a date is needed"},
        {TOPICS, "id: agent", "id: iot", "topics.yaml:4:3: the topic iot is there already"},
        {TOPICS, "title: Agents", "name: Agents", "topics.yaml:4:"},
        {BODIES, "parent: itu-t", "parent: itu", "bodies.yaml:4:63: no body has the id 'itu'"},
        {BODIES, "short: ISO,", "short: SG 17,",
         "bodies.yaml:5:3: 'SG 17' is a name of itu-t-sg17"},
        {MEETINGS, "itu-t-sg17", "itu-t-sg18", "meetings.yaml:3:17: no body has the id"},
        {RELATIONS, "rationale", "to_title: Two, rationale",
         "relations.yaml:3:50: the title of ISO 1 is 'One'"},
        {RELATIONS, "rationale", "from_title: ten OF things, to_title: 0ne, rationale",
         "relations.yaml:3:77: the title of ISO 1 is 'One'"},
        {ACTIVITIES, "[ISO 1]", "[{id: ISO 1, title: First}]",
         "a.yaml:12:83: the title of ISO 1 is 'One'"},
        {ACTIVITIES, "[ISO 1]", "[{id: ISO 1, title: ONE, edition: 2021}]",
         "a.yaml:12:69: ISO 1 is not here in the edition 2021, but in 2020"},
        {ACTIVITIES, "[ISO 1]", "[{title: One}]", "a.yaml:12:64: needs 'id'"},
        {ACTIVITIES, "[iso]", "[{id: iso, title: ISO}]", "a body is named by its id alone"},
        {MEETINGS, "2026-06-10", "2026-05-10", "the meeting ends before it starts"},
        {MEETINGS, "agreed: 3", "agree: 3", "meetings.yaml:3:"},
        {SCHEMES, "ISO 1", "ISO 2", "schemes.yaml:4:25: no activity and nothing external"},
        {EXTERNAL, "edition: 04/2016", "edition: 06/2023", "external.yaml:3:"},
        {EXTERNAL, "title: Old", "name: Old", "external.yaml:3:"},
        {RELATIONS, "set: subset", "set: within", "relations.yaml:3:32: set is subset, superset"},
        {RELATIONS, "reviewer: r, ", "", "relations.yaml:3:71: a strength needs author, reviewer"},
        {RELATIONS, "strength: 7", "strength: 11", "strength is a number from 0 to 10"},
        {RELATIONS, "to: ISO 1", "to: ISO 9",
         "relations.yaml:3:20: to: nothing has the id 'ISO 9'"},
        {RELATIONS, "to: ISO 1", "to: x.10", "relations.yaml:3:3: from and to are the same"},
        {ACTIVITIES, "topics: [iot]\n", "topics: [tio]\n",
         "a.yaml:11:12: no topic has the id 'tio'"},
        {ACTIVITIES, "topics: [iot]\n", "topics: [iot, iot]\n",
         "a.yaml:11:17: the topic iot stands here twice"},
        {ACTIVITIES, "[ISO 1]", "[ISO 2]", "a.yaml:12:64: nothing has the id 'ISO 2'"},
        {ACTIVITIES, "(04/2016)", "(05/2016)",
         "a.yaml:12:28: X.10 is not here in the edition 05/2016"},
        {ACTIVITIES, "references", "refers", "a.yaml:12:51: no relation is called 'refers'"},
        {ACTIVITIES, "edition: 06/2023", "edition: 07/2023",
         "a.yaml:9:12: the edition 07/2023 and"},
        {ACTIVITIES, "X.10-202306", "X.11-202306", "a.yaml:13:8: the address is that of X.11"},
        {ACTIVITIES, "X.10-202306", "X.10-202307", "a.yaml:13:8: the address is that of 2023-07"},
        {ACTIVITIES, "id: X.new", "id: ITU-T x.10",
         "a.yaml:16:8: 'ITU-T x.10' is there already as"},
        {ACTIVITIES, "id: X.new", "id: X.ten", "a.yaml:16:8: 'X.ten' is a former name of X.10"},
        {ACTIVITIES, "evidence: official-record", "evidence: hearsay", "a.yaml:15:13: "},
        {ACTIVITIES, "body: iso,", "body: ISO,", "a.yaml:17:21: no body has the id 'ISO'"},
        {ACTIVITIES, "date: 2023-06-13", "date: 2023-06-31", "a.yaml:8:9: date is a date"},
        {ACTIVITIES, "[iso]", "[X.10]", "no body has the id 'X.10'"},
    };
    const place *p = *state;
    size_t wrong = 0;
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_arena) arena = {0};
        char changed[4096];
        char told[4096] = "";
        ob_err err = {0};
        ob_map m = {0};
        ob_problems problems = {.tell = tell, .ctx = told};
        const char *text = texts[rows[i].file];
        const char *at = strstr(text, rows[i].find);
        assert_non_null(at);
        (void)snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, rows[i].put,
                       at + strlen(rows[i].find));
        write_file(p, rows[i].file, changed);
        const ob_map_from from = {.folder = p->folder, .problems = &problems};
        assert_ok(ob_map_load(&m, &arena, &from, &err));
        write_file(p, rows[i].file, text);
        if (strstr(told, rows[i].says) == NULL) {
            print_error("row %zu told '%s', wanted '%s'\n", i, told, rows[i].says);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
    OB_AUTO(ob_arena) arena = {0};
    char told[4096] = "";
    ob_err err = {0};
    ob_map m = {0};
    ob_problems problems = {.tell = tell, .ctx = told};
    const ob_map_from from = {.folder = p->folder, .problems = &problems};
    assert_ok(ob_map_load(&m, &arena, &from, &err));
    assert_string_equal(told, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_resolve),       cmocka_unit_test(own_names_go_first),
        cmocka_unit_test(readings_go_before),  cmocka_unit_test(search_ranks),
        cmocka_unit_test(summaries_go_before), cmocka_unit_test(meetings_of_one_month),
        cmocka_unit_test(pack_is_the_same),    cmocka_unit_test(mistakes_have_a_place),
    };
    return cmocka_run_group_tests(tests, make_place, remove_place);
}
