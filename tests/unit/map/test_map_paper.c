/* SPDX-License-Identifier: Apache-2.0 */
/* Papers: a sentence cites what bears it out, days due, and titles that would like to be markup. */
#include "ask_world.h"

#include "map/paper_facts.h"

static const ob_paper_rule rules[] = {{"one", "The first rule."}, {"two", "The second rule."}};

static ob_paper_kind kind_of(void (*write)(ob_paper *p))
{
    return (ob_paper_kind){
        .id = "test", .title = "Test", .rules = rules, .rules_count = 2, .write = write};
}

static ob_err make(world *w, ob_paper *p, const ob_paper_kind *kind)
{
    ob_err err = {0};
    const ob_paper_from from = {
        .map = &w->map, .arena = &w->arena, .body = 0, .meeting = OB_NONE, .with = OB_NONE};
    bool good = ob_paper_make(p, kind, &from, &err);
    assert_int_equal(good, err.kind == OB_OK);
    return err;
}

/* What a builder that makes a mistake is told. */
static void says_nothing(ob_paper *p)
{
    ob_paper_paragraph(p);
    ob_say(p, "all is well");
    ob_say_end(p);
}

static void says_topic_and_rule(ob_paper *p)
{
    ob_paper_paragraph(p);
    ob_say(p, "much is done on ");
    ob_say_topic(p, 0);
    ob_cite_rule(p, "one");
    ob_say_end(p);
}

static void does_not_end(ob_paper *p)
{
    ob_paper_paragraph(p);
    ob_say_activity(p, 0);
    ob_paper_heading(p, 1, "Next");
}

static void has_no_sentence(ob_paper *p)
{
    ob_paper_bullet(p);
}

static void says_before_a_block(ob_paper *p)
{
    ob_say_activity(p, 0);
    ob_say_end(p);
}

static void names_no_rule(ob_paper *p)
{
    ob_paper_paragraph(p);
    ob_say_activity(p, 0);
    ob_cite_rule(p, "three");
    ob_say_end(p);
}

static const char *const heads[] = {"A", "B"};

static void rows_without_ids(ob_paper *p)
{
    ob_paper_table(p, "Rows.", heads, 2);
    ob_paper_cell(p);
    ob_say_topic(p, 0);
    ob_paper_cell(p);
    ob_say(p, "1");
}

static void rows_too_short(ob_paper *p)
{
    ob_paper_table(p, "Rows.", heads, 2);
    ob_paper_cell(p);
    ob_say_activity(p, 0);
}

static void blank_with_a_bare_fact(ob_paper *p)
{
    ob_paper_blank(p, "What?");
    ob_say(p, "nothing bears this out");
    ob_say_end(p);
}

static void what_is_refused(void **state)
{
    (void)state;

    static const struct {
        void (*write)(ob_paper *p);
        const char *says;
    } rows[] = {
        {says_nothing, "a sentence without an id: All is well"},
        {says_topic_and_rule, "a sentence without an id: Much is done on Agents"},
        {does_not_end, "a sentence does not end: D.0"},
        {has_no_sentence, "a paragraph without a sentence"},
        {says_before_a_block, "a sentence where none belongs: D.0"},
        {names_no_rule, "test has no rule 'three'"},
        {rows_without_ids, "row 1 of 'Rows.' cites nothing"},
        {rows_too_short, "a row of 'Rows.' has too few cells"},
        {blank_with_a_bare_fact, "a sentence without an id: Nothing bears this out"},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_paper) p = {0};
        world w = {0};
        world_make(&w, 3);
        world_close(&w);
        const ob_paper_kind kind = kind_of(rows[i].write);
        ob_err err = make(&w, &p, &kind);
        assert_int_equal(err.kind, OB_ERR_BUG);
        assert_string_equal(err.text, rows[i].says);
        ob_arena_fini(&w.arena);
    }
}

static void months_before(void **state)
{
    (void)state;

    static const struct {
        ob_day day;
        unsigned months;
        ob_day before;
    } rows[] = {
        {20260601, 1, 20260501},  {20260331, 1, 20260228},
        {20240331, 1, 20240229},  {20260131, 1, 20251231},
        {20260115, 1, 20251215},  {20260531, 1, 20260430},
        {20270101, 13, 20251201}, {20000331, 1, 20000229},
        {21000331, 1, 21000228},  {0, 1, 0},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        assert_int_equal(ob_day_months_before(rows[i].day, rows[i].months), rows[i].before);
    }
}

static void english(ob_paper *p)
{
    static const uint32_t numbers[] = {0, 1, 2, 3, 4};
    static const size_t counts[] = {0, 1, 2, 12, 13};
    for (size_t i = 1; i <= OB_COUNT(numbers); i++) {
        ob_paper_bullet(p);
        ob_say_activities(p, numbers, i, 3);
        ob_say_end(p);
    }
    for (size_t i = 0; i < OB_COUNT(counts); i++) {
        ob_paper_bullet(p);
        ob_say_count(p, counts[i], "thing", "things");
        ob_say(p, " of ");
        ob_say_body(p, 0);
        ob_say_end(p);
    }
    ob_paper_bullet(p);
    ob_say(p, "it was read on ");
    ob_say_day(p, 20260800);
    ob_say(p, ", in ");
    ob_say_topic(p, 1);
    ob_cite_activities(p, numbers, 2);
    ob_say_end(p);
}

static void sentences_read_well(void **state)
{
    (void)state;

    static const char *const texts[] = {"D.0.",
                                        "D.0 and D.1.",
                                        "D.0, D.1 and D.2.",
                                        "D.0, D.1, D.2 and D.3.",
                                        "D.0, D.1, D.2 and 2 more.",
                                        "No things of one.",
                                        "One thing of one.",
                                        "Two things of one.",
                                        "Twelve things of one.",
                                        "13 things of one.",
                                        "It was read on 2026-08, in things."};

    OB_AUTO(ob_paper) p = {0};
    world w = {0};
    world_make(&w, 5);
    world_close(&w);
    w.topics[1].short_name = OB_SPAN("things");
    const ob_paper_kind kind = kind_of(english);
    ob_err err = make(&w, &p, &kind);
    assert_int_equal(err.kind, OB_OK);
    assert_int_equal(p.count, OB_COUNT(texts));
    for (size_t i = 0; i < OB_COUNT(texts); i++) {
        assert_span(p.blocks[i].sentences[0].text, texts[i]);
    }
    /* What is not named is cited all the same. */
    assert_int_equal(p.blocks[4].sentences[0].refs_count, 5);
    assert_int_equal(p.sources_count, 5 + 1 + 1);
    ob_arena_fini(&w.arena);
}

/* Titles of others, in sentences, cells and among the sources. */
static void hostile(ob_paper *p)
{
    ob_paper_heading(p, 1, "A & B");
    ob_paper_paragraph(p);
    for (uint32_t i = 0; i < 6; i++) {
        ob_say_text(p, p->map->activities[i].title);
        ob_cite(p, OB_REF_ACTIVITY, i);
        ob_say_end(p);
    }
    ob_paper_table(p, "Titles.", heads, 2);
    for (uint32_t i = 0; i < 6; i++) {
        ob_paper_cell(p);
        ob_say_activity(p, i);
        ob_paper_cell(p);
        ob_say_text(p, p->map->activities[i].title);
    }
}

static void hostile_world(world *w)
{
    static const char *const titles[] = {
        "</p><script>alert(1)</script> &lt; \"q\" 'a'",
        "[a](http://evil.example/x) ![i](x) <http://evil.example> www.evil.example a@b.c",
        "x | y | z\n| new row |\r\n# no heading",
        "1. no list",
        "- no list `code` *bold* _it_ ~~gone~~ $math$ ^sup^ {.class}",
        "# no heading \\| \\",
    };

    world_make(w, 6);
    world_close(w);
    for (size_t i = 0; i < OB_COUNT(titles); i++) {
        w->activities[i].title = ob_span_str(titles[i]);
    }
    w->ids[0][0] = '<';
}

/* Lines of a text that begin like this. */
static size_t lines_with(ob_span text, const char *start)
{
    size_t count = 0;
    ob_span line = {0};
    while (ob_span_cut_line(&text, &line)) {
        count += ob_span_has_prefix(line, ob_span_str(start));
    }
    return count;
}

/* Bytes that stand without a backslash before them. */
static size_t bare(ob_span text, const char *what)
{
    size_t count = 0;
    for (size_t at = 0; (at = ob_span_find(text, ob_span_str(what), at)) != SIZE_MAX; at++) {
        count += at == 0 || text.ptr[at - 1] != '\\';
    }
    return count;
}

static void markdown_is_not_broken(void **state)
{
    (void)state;
    OB_AUTO(ob_paper) p = {0};
    OB_AUTO(ob_buf) out = {.max = OB_PAPER_MAX};
    world w = {0};
    hostile_world(&w);
    const ob_paper_kind kind = kind_of(hostile);
    ob_err err = make(&w, &p, &kind);
    assert_int_equal(err.kind, OB_OK);
    assert_ok(ob_paper_markdown(&out, &p, &err));
    ob_span text = ob_buf_span(&out);
    assert_int_equal(bare(text, "<"), 0);
    assert_int_equal(bare(text, "]("), 0);
    assert_int_equal(bare(text, "`"), 0);
    assert_int_equal(bare(text, "~"), 0);
    assert_int_equal(bare(text, "$"), 0);
    assert_int_equal(bare(text, "@"), 0);
    assert_int_equal(bare(text, "://"), 0);
    assert_int_equal(bare(text, "*bold"), 0);
    assert_int_equal(lines_with(text, "- "), 0);
    assert_int_equal(lines_with(text, "1. "), 0);
    assert_int_equal(lines_with(text, "# "), 1);
    assert_int_equal(lines_with(text, "## "), 2);
    /* Each row has as many cells as its table has columns. */
    ob_span line = {0};
    while (ob_span_cut_line(&text, &line)) {
        size_t bars = bare(line, "|");
        if (ob_span_has_prefix(line, OB_SPAN("|"))) {
            assert_true(bars == 3 || bars == 7);
        }
    }
    ob_arena_fini(&w.arena);
}

static void html_has_no_tag_of_others(void **state)
{
    (void)state;

    static const char *const never[] = {"<script", "</p><s", "http://evil.example\"",
                                        "&lt;p",   "<http",  "src="};

    OB_AUTO(ob_paper) p = {0};
    OB_AUTO(ob_buf) out = {.max = OB_PAPER_MAX};
    world w = {0};
    hostile_world(&w);
    const ob_paper_kind kind = kind_of(hostile);
    ob_err err = make(&w, &p, &kind);
    assert_int_equal(err.kind, OB_OK);
    assert_ok(ob_paper_html(&out, &p, &err));
    ob_span text = ob_buf_span(&out);
    for (size_t i = 0; i < OB_COUNT(never); i++) {
        if (ob_span_find(text, ob_span_str(never[i]), 0) != SIZE_MAX) {
            fail_msg("the page has %s", never[i]);
        }
    }
    assert_int_not_equal(ob_span_find(text, OB_SPAN("&lt;script&gt;"), 0), SIZE_MAX);
    assert_int_not_equal(ob_span_find(text, OB_SPAN("<h2 id=\"h1\">1 A &amp; B"), 0), SIZE_MAX);
    ob_arena_fini(&w.arena);
}

static void much(ob_paper *p)
{
    uint32_t numbers[20];
    for (uint32_t i = 0; i < 20; i++) {
        numbers[i] = i;
    }
    for (int twice = 0; twice < 2; twice++) {
        ob_paper_paragraph(p);
        ob_say_activities(p, numbers, 20, 2);
        ob_cite_rule(p, "two");
        ob_say_end(p);
    }
    ob_paper_table(p, "Rows.", heads, 2);
    for (uint32_t i = 0; i < 20; i++) {
        ob_paper_cell(p);
        ob_say_activity(p, i);
        ob_paper_cell(p);
        ob_cite_activities(p, numbers, i == 19 ? 20 : 0);
    }
}

/* No id is lost where there are too many: they stand in a list, equal ones once. */
static void long_lists(void **state)
{
    (void)state;
    OB_AUTO(ob_paper) p = {0};
    OB_AUTO(ob_buf) out = {.max = OB_PAPER_MAX};
    world w = {0};
    world_make(&w, 20);
    world_close(&w);
    const ob_paper_kind kind = kind_of(much);
    ob_err err = make(&w, &p, &kind);
    assert_int_equal(err.kind, OB_OK);
    assert_int_equal(p.lists_count, 2);
    assert_int_equal(p.lists[0].count, 21);
    assert_int_equal(p.lists[1].count, 19); /* the row shows one of the 20 */
    assert_int_equal(p.annexed, 1);
    assert_int_equal(p.sources_count, 20);
    assert_ok(ob_paper_markdown(&out, &p, &err));
    ob_span text = ob_buf_span(&out);

    static const char *const there[] = {
        "D.0, D.1 and 18 more. [D.0, D.1, D.2, D.3, D.4, D.5, D.6, D.7 and 13 more: List 1]",
        "The first 10 of 20 rows; the others are in Annex A.",
        "\n| D.9 |  |  |\n\n## Annex A: further rows of tables",
        "\n| D.19 |  | List 2 |\n",
        "## Annex B: lists of ids\n\n- List 1: [D.0, ",
        "D.18, D.19, rule:two]\n- List 2: [D.0, ",
        "## Annex C: rules\n\n- *Rule.* The second rule. [rule:two]\n\n## Annex D: sources",
    };

    for (size_t i = 0; i < OB_COUNT(there); i++) {
        if (ob_span_find(text, ob_span_str(there[i]), 0) == SIZE_MAX) {
            fail_msg("the paper lacks: %s", there[i]);
        }
    }
    ob_arena_fini(&w.arena);
}

static void brief(ob_paper *p)
{
    ob_paper_paragraph(p);
    ob_say_activity(p, 0);
    ob_say_end(p);
}

static void plenaries(void **state)
{
    (void)state;
    ob_meeting meetings[] = {
        {.id = OB_SPAN("past"), .kind = OB_SPAN("plenary"), .start = 20260601, .end = 20260610},
        {.id = OB_SPAN("week"),
         .kind = OB_SPAN("content week"),
         .start = 20261201,
         .end = 20261204},
        {.id = OB_SPAN("short"), .kind = OB_SPAN("plenary"), .start = 20261210, .end = 20261210},
        {.id = OB_SPAN("next"), .kind = OB_SPAN("plenary"), .start = 20270331, .end = 20270404},
        {.id = OB_SPAN("later"), .kind = OB_SPAN("plenary"), .start = 20271001, .end = 20271004}};
    world w = {0};
    world_make(&w, 1);
    world_close(&w);
    w.map.meetings = meetings;
    w.map.meetings_count = OB_COUNT(meetings);
    const ob_paper_kind kind = kind_of(brief);
    ob_paper p = {0};
    char uuid[40];
    ob_err err = make(&w, &p, &kind);
    assert_int_equal(err.kind, OB_OK);
    assert_int_equal(p.meeting, 3);
    assert_int_equal(p.last, 0);
    assert_int_equal(p.report_due, 20270228);
    (void)snprintf(uuid, sizeof uuid, "%s", p.uuid);
    ob_paper_fini(&p);
    /* The same content has the same name, another one another. */
    err = make(&w, &p, &kind);
    assert_int_equal(err.kind, OB_OK);
    assert_string_equal(uuid, p.uuid);
    ob_paper_fini(&p);
    w.ids[0][2] = '7';
    err = make(&w, &p, &kind);
    assert_int_equal(err.kind, OB_OK);
    assert_string_not_equal(uuid, p.uuid);
    ob_paper_fini(&p);
    ob_arena_fini(&w.arena);
}

static void what_is_about_ai(void **state)
{
    (void)state;

    static const struct {
        const char *title;
        bool ai;
    } rows[] = {
        {"Security guidelines for Artificial Intelligence of Things", true},
        {"AIoT devices", true},
        {"Requirements for AI-enabled services", true},
        {"Evaluation of LLMs", true},
        {"Intelligent customer services", true},
        {"Guidelines for detecting DEEPFAKE media", true},
        {"XAI", false}, /* not a word of its own */
        {"MAIN points of HTML", false},
        {"Intelligent transport systems", false},
        {"User agents", false},
        {"", false},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        if (obi_speaks_of_ai(ob_span_str(rows[i].title)) != rows[i].ai) {
            fail_msg("%s", rows[i].title);
        }
    }
}

/* Who leads: the most work, by fresh records. */
static void directions(void **state)
{
    (void)state;

    static const uint32_t topic[] = {0};

    static const struct {
        uint32_t ours; /* open; then their texts, their open work */
        uint32_t texts;
        uint32_t open;
        ob_day read; /* their records */
        obi_direction direction;
    } rows[] = {
        {2, 1, 1, 20261001, OBI_LEAD},  {2, 1, 1, 20250101, OBI_ALIGN},
        {2, 3, 0, 20261001, OBI_ALIGN}, {1, 0, 2, 20261001, OBI_ALIGN},
        {0, 3, 1, 20261001, OBI_ADOPT}, {0, 0, 3, 20261001, OBI_WATCH},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_paper) p = {0};
        world w = {0};
        uint32_t count = rows[i].ours + rows[i].texts + rows[i].open;
        world_make(&w, count);
        for (uint32_t k = 0; k < count; k++) {
            bool ours = k < rows[i].ours;
            bool text = !ours && k < rows[i].ours + rows[i].texts;
            w.activities[k].body = ours ? 0 : 1;
            w.activities[k].state = text ? OB_STATE_PUBLISHED : OB_STATE_STUDY;
            w.activities[k].title = OB_SPAN("AI agents");
            w.activities[k].topics = topic;
            w.activities[k].topics_count = 1;
        }
        w.bodies[1].data_day = rows[i].read;
        world_close(&w);
        const ob_paper_kind kind = kind_of(brief);
        ob_err err = make(&w, &p, &kind);
        obi_facts facts = {0};
        assert_int_equal(err.kind, OB_OK);
        assert_ok(obi_facts_make(&facts, &p, &err));
        assert_int_equal(facts.stands_count, 1);
        assert_int_equal(facts.stands[0].direction, rows[i].direction);
        assert_int_equal(facts.stands[0].rival, 1);
        assert_int_equal(facts.stale_count, rows[i].read == 20250101);
        /* That nothing is there is claimed for fresh records of ours only. */
        assert_int_equal(facts.stands[0].gap == OB_GAP_EMPTY, rows[i].ours == 0);
        w.bodies[0].data_day = 20250101;
        assert_ok(obi_facts_make(&facts, &p, &err));
        assert_int_not_equal(facts.stands[0].gap, OB_GAP_EMPTY);
        ob_arena_fini(&w.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(months_before),
        cmocka_unit_test(sentences_read_well),
        cmocka_unit_test(markdown_is_not_broken),
        cmocka_unit_test(html_has_no_tag_of_others),
        cmocka_unit_test(long_lists),
        cmocka_unit_test(plenaries),
        cmocka_unit_test(what_is_about_ai),
        cmocka_unit_test(directions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
