/* SPDX-License-Identifier: Apache-2.0 */
/* Pages, readings and the shipped landscape, without memory: an error each time, and no more. */
#include "../nomem.h"
#include "../scratch.h"
#include "ask_world.h"

#include "map/import.h"
#include "map/item.h"
#include "map/landscape.h"
#include "map/meeting.h"
#include "map/paper.h"

#include <libxml/parser.h>
#include <unistd.h>

static const char item_text[] =
    "[2025-2028] : [SG17] : [Q7/17]\n| Work item: | X.a (ex X.b; X.c) |\nSubject/title: T\n"
    "Status: Under study\nApproval process: AAP\nType of work item: Recommendation\n"
    "Liaison: SG13 SG20, ISO/IEC JTC 1/SC 27 WG4 & WG5\nSummary: s\n(editor 1), Editor\n";
static const char item_html[] =
    "<table><tr><td>Work item:<td>X.a<tr><td>Subject/title:<td>T<tr><td>Status:<td>Under study"
    "<tr><td>Approval process:<td>AAP<tr><td>Type:<td>R<tr><td>Summary:<td>s</table>";
static const char meeting_text[] =
    "Executive Summary\nMeeting of ITU-T SG5, Nowhere, 3-4 May 2025\nHot topics\n- one\n- two\n"
    "1. Output\n- TAP approval (3): Annex A.\n- CG-A: continued, ToR in TD1.\n"
    "2. Future SG5 meetings\n| 7 Jan 2026 | here |\n";

static bool item_work(void *ctx, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) json = {.max = 65536};
    ob_page_text page = {0};
    ob_item item = {0};
    ob_item back = {0};
    if (!ob_page_read(&page, &arena, OB_SPAN("p"), ob_span_str(ctx), err) ||
        !ob_item_read(&item, &arena, &page, err)) {
        assert_null(item.id.ptr);
        return false;
    }
    ob_item_write(&json, &item);
    if (!ob_buf_check(&json, "it", err) || !ob_item_parse(&back, &arena, ob_buf_span(&json), err)) {
        assert_null(back.id.ptr);
        return false;
    }
    assert_span(back.id, "X.a");
    assert_int_equal(back.liaisons.count, item.liaisons.count);
    return true;
}

/*
 * libxml2 has all memory from here, too, so that it runs out in the midst of a page. What it loses
 * itself where its parser cannot be made is no leak of ours: the leak check does not look at it.
 */
/* NOLINTBEGIN(readability-identifier-naming): names of the sanitizer */
void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

/* NOLINTEND(readability-identifier-naming) */

static void watch_leaks(bool on)
{
    if (__lsan_disable != NULL && __lsan_enable != NULL) {
        (on ? __lsan_enable : __lsan_disable)();
    }
}

static void *theirs(size_t bytes)
{
    watch_leaks(false);
    void *made = __wrap_malloc(bytes);
    watch_leaks(true);
    return made;
}

static void *theirs_again(void *old, size_t bytes)
{
    watch_leaks(false);
    void *made = __wrap_realloc(old, bytes);
    watch_leaks(true);
    return made;
}

static char *their_text(const char *text)
{
    size_t bytes = strlen(text) + 1;
    char *copy = theirs(bytes);
    return copy == NULL ? NULL : memcpy(copy, text, bytes);
}

static const char cut_html[] =
    "<html><body class=a><table><tr><td>alpha &amp; beta &eacute;<td title='x y'>gamma</table>"
    "<p>delta<p><b>epsilon</b><ul><li>zeta<li>eta</ul><script>x</script><custom a=b>theta</custom>"
    "</body></html>";

/* All the text of a page, or an error: none of it is lost in silence. */
static bool whole_work(void *ctx, ob_err *err)
{
    static const char *const words[] = {
        "alpha & beta \xc3\xa9", "gamma", "delta", "epsilon", "zeta", "eta", "theta"};
    OB_AUTO(ob_arena) arena = {0};
    ob_page_text page = {0};
    if (!ob_page_read(&page, &arena, OB_SPAN("p"), ob_span_str(ctx), err)) {
        assert_null(page.cells);
        return false;
    }
    for (size_t i = 0; i < OB_COUNT(words); i++) {
        if (i >= page.count || !ob_span_is_str(page.cells[i].text, words[i])) {
            fail_msg("'%s' is lost, '%.*s' stands there", words[i],
                     OB_SHOW(i < page.count ? page.cells[i].text : OB_SPAN("nothing")));
        }
    }
    assert_int_equal(page.count, OB_COUNT(words));
    return true;
}

static bool meeting_work(void *ctx, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) json = {.max = 65536};
    ob_page_text page = {0};
    ob_meeting_page meeting = {0};
    ob_meeting_page back = {0};
    (void)ctx;
    if (!ob_page_read(&page, &arena, OB_SPAN("p"), OB_SPAN(meeting_text), err) ||
        !ob_meeting_read(&meeting, &arena, &page, err)) {
        assert_null(meeting.id.ptr);
        return false;
    }
    ob_meeting_write(&json, &meeting);
    if (!ob_buf_check(&json, "it", err) ||
        !ob_meeting_parse(&back, &arena, ob_buf_span(&json), err)) {
        assert_null(back.id.ptr);
        return false;
    }
    assert_int_equal(back.future_count, 1);
    assert_int_equal(back.topics.count, 2);
    return true;
}

typedef struct counted {
    size_t count;
} counted;

static bool take(void *ctx, const ob_reading *reading, ob_err *err)
{
    (void)reading;
    (void)err;
    ((counted *)ctx)->count++;
    return true;
}

static bool import_work(void *ctx, ob_err *err)
{
    counted c = {0};
    const ob_import_sink sink = {take, &c};
    const ob_import_file file = {.name = OB_SPAN("p"), .bytes = ob_span_str(ctx), .day = 20260101};
    bool good = ob_import(NULL, &file, &sink, err);
    assert_int_equal(c.count, good ? 1 : 0);
    return good;
}

static const char *const mappings[] = {
    "from,to,set,note\na,b,equal,\"x\n y\"\n",
    "id,title\nX.1,a  b\n",
    "subject_id\tpredicate_id\tobject_id\ndoc:%61\tskos:exactMatch\tdoc:b\n",
    "Focal Document Element,Rationale,Relationship,Reference Document Element\n"
    "a,Semantic,Equal to,b\n",
    "{\"mapping-collection\":{\"mappings\":{\"source-resource\":{\"href\":\"s\"},"
    "\"target-resource\":{\"href\":\"t\"},\"maps\":[{\"relationship\":\"equal-to\",\"sources\":"
    "[{\"id-ref\":\"a\"}],\"targets\":[{\"id-ref\":\"b\"}]}]}}}",
    "{\"format\":\"ombud.map.export\",\"version\":1,\"sets\":[{\"from\":\"a\",\"to\":\"b\","
    "\"set\":\"none\"}]}",
    "TY  - STAND\nTI  - A\n  b\nM1  - X.1\nPY  - 2024/05/\nER  - \n",
    "@misc{k, title = {A {B}}, year = 2024, month = feb}",
};

static void exchanged(void **state)
{
    (void)state;
    for (size_t i = 0; i < OB_COUNT(mappings); i++) {
        char text[512];
        (void)snprintf(text, sizeof text, "%s", mappings[i]);
        assert_true(nomem_sweep("a mapping", import_work, text, 1, false) > 3);
    }
}

/* The shipped landscape, packed or as YAML, with one reading. */
typedef struct shipped {
    char folder[4096];
    ob_buf bytes;
    ob_yaml_pack pack;
    ob_store store;
} shipped;

static bool load_work(void *ctx, ob_err *err)
{
    const shipped *s = ctx;
    OB_AUTO(ob_arena) arena = {0};
    ob_store store = s->store;
    ob_map map = {0};
    const ob_map_from from = {
        .folder = s->folder, .pack = &s->pack, .store = &store, .as_of = 20261201};
    uint32_t found = OB_NONE;
    if (!ob_map_load(&map, &arena, &from, err)) {
        assert_null(map.activities);
        return false;
    }
    if (!ob_map_find(&map, OB_SPAN("X.mt-integrity"), &found, err)) {
        return false;
    }
    assert_span(map.activities[found].id, "X.1129");
    assert_int_equal(map.activities[found].readings_count, 1);
    return true;
}

static void pages(void **state)
{
    static char text[sizeof item_text];
    static char html[sizeof item_html];
    (void)state;
    memcpy(text, item_text, sizeof text);
    memcpy(html, item_html, sizeof html);
    assert_true(nomem_sweep("a page as text", item_work, text, 1, false) > 20);
    assert_true(nomem_sweep("a page as HTML", item_work, html, 1, true) > 20);
    static char cut[sizeof cut_html];
    memcpy(cut, cut_html, sizeof cut);
    assert_true(nomem_sweep("a page as HTML, libxml2's memory, too", whole_work, cut, 1, true) >
                50);
    assert_true(nomem_sweep("a meeting", meeting_work, NULL, 1, false) > 10);
    assert_true(nomem_sweep("an import", import_work, text, 1, false) > 20);
}

static void landscape(void **state)
{
    static shipped s = {.bytes = {.max = OB_YAML_PACK_MAX}};
    char folder[SCRATCH_MAX];
    char path[SCRATCH_FILE_MAX];
    ob_err err = {0};
    bool added = false;
    const char *root = getenv("OB_SOURCE_ROOT");
    const ob_reading reading = {
        .kind = OB_SPAN("item"),
        .subject = OB_SPAN("X.1129"),
        .day = OB_SPAN("2026-11-30"),
        .source = OB_SPAN("f"),
        .body = OB_SPAN("{\"id\":\"X.1129\",\"title\":\"T\",\"former_ids\":[\"X.mt-integrity\"],"
                        "\"liaisons\":[\"SG20\"]}")};
    (void)state;
    (void)snprintf(s.folder, sizeof s.folder, "%s/landscape", root == NULL ? "." : root);
    assert_int_equal(scratch_make(folder), 0);
    (void)snprintf(path, sizeof path, "%s/s.db", folder);
    assert_ok(ob_store_open(&s.store, path, false, &err));
    assert_ok(ob_store_readings_begin(&s.store, &err));
    assert_ok(ob_store_reading_add(&s.store, &reading, &added, &err));
    assert_ok(ob_store_readings_commit(&s.store, &err));
    assert_ok(ob_map_pack(&s.bytes, s.folder, &err));
    ob_yaml_pack_open(&s.pack, ob_buf_span(&s.bytes));
    assert_true(nomem_sweep("the shipped landscape", load_work, &s, 3, false) > 20);
    ob_store_close(&s.store);
    ob_buf_fini(&s.bytes);
}

/* Every question, in an arena of its own each time. */
static bool ask_work(void *ctx, ob_err *err)
{
    world *w = ctx;
    OB_AUTO(ob_arena) arena = {0};
    ob_gaps gaps = {0};
    ob_overlaps overlaps = {0};
    const ob_partner *partners = NULL;
    const ob_event *events = NULL;
    const ob_set_mask *masks = NULL;
    size_t count = 0;
    size_t events_count = 0;
    ob_ways ways = {0};
    ob_edits edits = {0};
    w->ask.arena = &arena;
    w->ask.body = OB_NONE;
    if (!ob_ask_gaps(&w->ask, OB_SORTS, &gaps, err)) {
        assert_null(gaps.cells);
        return false;
    }
    if (!ob_ask_overlaps(&w->ask, &overlaps, err)) {
        assert_null(overlaps.subjects);
        return false;
    }
    w->ask.body = 0;
    if (!ob_ask_partners(&w->ask, &partners, &count, err)) {
        assert_null(partners);
        return false;
    }
    w->ask.body = OB_NONE;
    if (!ob_ask_path(&w->ask, world_node(0), world_node(1), 4, &ways, err)) {
        assert_null(ways.ways);
        return false;
    }
    if (!ob_ask_sets(&w->ask, world_node(0), 4, &masks, err) ||
        !ob_ask_timeline(&w->ask, 0, 0, &events, &events_count, err)) {
        return false;
    }
    if (!ob_ask_diff(&w->ask, 20260930, &edits, err)) {
        assert_null(edits.changes);
        return false;
    }
    assert_true(overlaps.subjects_count > 0 && overlaps.pairs_count > 0 && count > 0);
    assert_true(ways.count > 1 && events_count > 0 && edits.count == 1);
    return true;
}

static void questions(void **state)
{
    static world w;
    static const uint32_t topic[] = {0};
    static ob_item_reading readings[2];
    (void)state;
    world_make(&w, WORLD_ACTIVITIES);
    for (uint32_t i = 0; i < WORLD_ACTIVITIES; i++) {
        w.activities[i].body = i % 2;
        w.activities[i].topics = topic;
        w.activities[i].topics_count = i < 6;
        w.activities[i].state = OB_STATE_STUDY;
        w.activities[i].title = i < 4 ? OB_SPAN("Quorum agents everywhere") : OB_SPAN("Another");
        w.activities[i].timing = OB_SPAN("2026-10");
    }
    world_relate(&w, world_node(0), world_node(1), OB_REL_RELATED);
    world_relate(&w, world_node(0), world_node(2), OB_REL_SET);
    world_relate(&w, world_node(2), world_node(1), OB_REL_SET);
    world_close(&w);
    for (int i = 0; i < 2; i++) {
        readings[i] = (ob_item_reading){
            .day = i == 0 ? 20260930 : 20261031,
            .item = {.id = OB_SPAN("D.0"), .title = i == 0 ? OB_SPAN("A") : OB_SPAN("B")}};
    }
    w.activities[0].readings = readings;
    w.activities[0].readings_count = 2;
    assert_true(nomem_sweep("questions", ask_work, &w, 1, false) > 10);
    w.ask.arena = &w.arena;
    ob_arena_fini(&w.arena);
}

/* A paper of a small world, in all its forms. */
typedef struct paper_of {
    world *w;
    const ob_paper_kind *kind;
} paper_of;

static bool paper_work(void *ctx, ob_err *err)
{
    const paper_of *of = ctx;
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_paper) p = {0};
    OB_AUTO(ob_buf) out = {.max = OB_PAPER_MAX};
    const ob_paper_from from = {.map = &of->w->map,
                                .arena = &arena,
                                .body = 0,
                                .meeting = OB_NONE,
                                .with = strcmp(of->kind->id, "liaison") == 0 ? 1 : OB_NONE,
                                .topic = OB_NONE};
    return ob_paper_make(&p, of->kind, &from, err) && ob_paper_markdown(&out, &p, err) &&
           ob_paper_html(&out, &p, err) && ob_paper_json(&out, &p, err);
}

static void papers(void **state)
{
    (void)state;
    world w = {0};
    world_make(&w, 8);
    for (uint32_t i = 0; i < 8; i++) {
        static const uint32_t topics[] = {0, 1};
        w.activities[i].title = OB_SPAN("AI of things");
        w.activities[i].body = i % 2;
        w.activities[i].state = i < 5 ? OB_STATE_STUDY : OB_STATE_PUBLISHED;
        w.activities[i].topics = topics;
        w.activities[i].topics_count = 2;
    }
    static const ob_item_reading readings[] = {
        {.day = 20260901, .item = {.id = {"D.0", 3}, .status = {"under study", 11}}},
        {.day = 20261120, .item = {.id = {"D.0", 3}, .status = {"approved", 8}}}};

    w.activities[0].readings = readings;
    w.activities[0].readings_count = OB_COUNT(readings);
    (void)world_relate(&w, world_node(0), world_node(1), OB_REL_RELATED);
    world_close(&w);
    for (size_t i = 0; i < ob_paper_kinds_count; i++) {
        paper_of of = {&w, ob_paper_kinds[i]};
        assert_true(nomem_sweep(of.kind->id, paper_work, &of, 7, false) > 10);
    }
    ob_arena_fini(&w.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pages), cmocka_unit_test(exchanged),
                                       cmocka_unit_test(landscape), cmocka_unit_test(questions),
                                       cmocka_unit_test(papers)};
    assert_int_equal(xmlMemSetup(free, theirs, theirs_again, their_text), 0);
    xmlInitParser();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
