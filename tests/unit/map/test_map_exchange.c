/* SPDX-License-Identifier: Apache-2.0 */
/* What importers take and refuse, word for word; and that statements come back from the forms. */
#include "../ob_test.h"

#include "map/export.h"
#include "map/landscape_core.h"

typedef struct taken {
    ob_buf said; /* "kind subject day body" a line */
    ob_arena arena;
    ob_statements list;
} taken;

static void taken_fini(taken *t)
{
    ob_buf_fini(&t->said);
    ob_arena_fini(&t->arena);
    ob_statements_fini(&t->list);
}

static bool take(void *ctx, const ob_reading *r, ob_err *why)
{
    taken *t = ctx;
    ob_span body = {0};
    ob_json_doc doc = {0};
    ob_span text[OB_ST_KEYS];
    const char *wrong = NULL;
    ob_err err = {0};
    (void)why;
    ob_buf_addf(&t->said, "%.*s %.*s %.*s %.*s\n", OB_SHOW(r->kind), OB_SHOW(r->subject),
                OB_SHOW(r->day), OB_SHOW(r->body));
    if (!ob_span_is(r->kind, OB_SPAN("relation"))) {
        return true;
    }
    assert_ok(ob_arena_dup(&t->arena, r->body, &body, &err));
    assert_ok(ob_json_parse(&doc, &t->arena, body, &err));
    ob_statement_texts(doc.root, text);
    assert_ok(ob_statements_add(&t->list, &t->arena, text, &wrong, &err));
    assert_null(wrong);
    return true;
}

static bool read_in(const char *id, ob_span bytes, taken *t, ob_err *err)
{
    const ob_import_sink sink = {take, t};
    const ob_import_file file = {.name = OB_SPAN("p"), .bytes = bytes, .day = 20261124};
    t->said.max = 1u << 20;
    return ob_import(id, &file, &sink, err);
}

#define OLIR "Focal Document Element,Rationale,Relationship,Reference Document Element"
#define REL  "relation a -> b 2026-11-24 {\"from\":\"a\",\"to\":\"b\","

static void what_is_taken(void **state)
{
    static const struct {
        const char *bytes;
        const char *said;
    } rows[] = {
        {"from,to,set\r\n a ,\"b\",none\r\n\r\n",
         REL "\"set\":\"none\",\"review\":\"proposed\"}\n"},
        {"\xef\xbb\xbfset,to,from,note\nequal,b,a,\"x\n y\"\nequal,b,a,x y\n",
         REL "\"set\":\"equal\",\"review\":\"proposed\",\"note\":\"x y\"}\n"},
        {"from,to,set,note,author\na,b,equal,''=1,'-b\n",
         REL "\"set\":\"equal\",\"review\":\"proposed\",\"author\":\"-b\",\"note\":\"'=1\"}\n"},
        {"from,to,set,rationale\na,b,subset,semantic\na,b,equal,\n",
         REL "\"set\":\"equal\",\"review\":\"proposed\"}\nrelation a -> b / 2 2026-11-24 "
             "{\"from\":\"a\",\"to\":\"b\",\"set\":\"subset\",\"rationale\":\"semantic\","
             "\"review\":\"proposed\"}\n"},
        {"from,to,set,strength,review,author,reviewer,date\na,b,equal,07,accepted,x,y,2027-Q2\n",
         REL "\"set\":\"equal\",\"strength\":\"7\",\"review\":\"accepted\",\"author\":\"x\","
             "\"reviewer\":\"y\",\"date\":\"2027-06\"}\n"},
        {"id,title,kind\nX.1,One,TS\n", "item X.1 2026-11-24 {\"id\":\"X.1\",\"title\":\"One\","
                                        "\"type\":\"TS\",\"reported\":true}\n"},
        {OLIR ",Strength of Relationship\na,Semantic,Subset of,b,8\n",
         REL "\"set\":\"subset\",\"rationale\":\"semantic\",\"review\":\"proposed\",\"note\":"
             "\"The file gives the strength 8 and names no reviewer.\"}\n"},
        {"#x: y\nsubject_id\tpredicate_id\tobject_id\tpredicate_modifier\n"
         "doc:a\tskos:relatedMatch\tdoc:b\tNot\n",
         REL "\"set\":\"none\",\"review\":\"proposed\"}\n"},
        {"subject_id\tpredicate_id\tobject_id\ndoc:%61\tskos:narrowMatch\tb\n",
         REL "\"set\":\"superset\",\"review\":\"proposed\"}\n"},
        {"{\"mapping-collection\":{\"provenance\":{\"matching-rationale\":\"semantic\"},"
         "\"mappings\":{\"source-resource\":{\"href\":\"#1\"},\"target-resource\":{\"href\":"
         "\"https://t\"},\"maps\":[{\"relationship\":\"equivalent-to\",\"sources\":[{\"id-ref\":"
         "\"a\"}],\"targets\":[{\"id-ref\":\"b\"},{\"id-ref\":\"c\"}]}]},\"back-matter\":"
         "{\"resources\":[{\"uuid\":\"1\",\"title\":\"S\"}]}}}",
         "relation S#a -> https://t#b 2026-11-24 {\"from\":\"S#a\",\"to\":\"https://t#b\",\"set\":"
         "\"equal\",\"rationale\":\"semantic\",\"review\":\"proposed\"}\n"
         "relation S#a -> https://t#c 2026-11-24 {\"from\":\"S#a\",\"to\":\"https://t#c\",\"set\":"
         "\"equal\",\"rationale\":\"semantic\",\"review\":\"proposed\"}\n"},
        {"TY  - STAND\nTI  - A\n  b\nM1  - X.1\nM1  - X.2\nPY  - 2024/05/\nER  - \n",
         "item X.1 2026-11-24 {\"id\":\"X.1\",\"title\":\"A b\",\"status\":\"Published on "
         "2024-05\",\"type\":\"standard\",\"reported\":true}\n"},
        {"TY  - JOUR\nT1  - A\nIS  - 3\nID  - k\nER  -\n",
         "item k 2026-11-24 {\"id\":\"k\",\"title\":\"A\",\"status\":\"Published\",\"type\":"
         "\"article\",\"reported\":true}\n"},
        {"% c\n@TechReport{k, title = {A {B} \\& \"c\"}, number = 7, month = feb, year = 2024}",
         "item 7 2026-11-24 {\"id\":\"7\",\"title\":\"A B & \\\"c\\\"\",\"status\":\"Published on "
         "2024-02\",\"type\":\"report\",\"reported\":true}\n"},
        {"@misc{k,title=\"A {\"} b\" # \" c\",}@string{x = {y}}",
         "item k 2026-11-24 {\"id\":\"k\",\"title\":\"A \\\" b c\",\"status\":\"Published\","
         "\"type\":\"document\",\"reported\":true}\n"},
        {"{\"format\":\"ombud.map.export\",\"version\":1,\"readings\":[{\"kind\":\"item\","
         "\"subject\":\"X\",\"date\":\"2025-01\",\"source\":\"f\",\"sha256\":"
         "\"0000000000000000000000000000000000000000000000000000000000000000\",\"body\":"
         "{\"id\":\"X\",\"title\":\"T\"}}],\"sets\":[{\"from\":\"a\",\"to\":\"b\",\"set\":\"none\"}"
         ","
         "{\"from\":\"c\",\"to\":\"d\",\"set\":\"none\",\"origin\":\"baseline\"}]}",
         "item X 2025-01 {\"id\":\"X\",\"title\":\"T\"}\n" REL
         "\"set\":\"none\",\"review\":\"proposed\"}\n"},
    };

    (void)state;
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        taken t __attribute__((cleanup(taken_fini))) = {0};
        ob_err err = {0};
        assert_ok(read_in(NULL, ob_span_str(rows[i].bytes), &t, &err));
        assert_span(ob_buf_span(&t.said), rows[i].said);
    }
}

static void what_is_refused(void **state)
{
    static const struct {
        const char *bytes;
        const char *says;
    } rows[] = {
        {"from,to,set\na,b,equal\na,b,equals\n", "p:3: set is subset, superset, equal"},
        {"from,to,set\n\n\na,,equal\n", "p:4: a relation needs both ends"},
        {"from,to,set\na,a ,equal\n", "p:2: from and to are the same"},
        {"from,to,set,strength\na,b,equal,5\n", "p:2: a strength needs author, reviewer"},
        {"from,to,set,strenght\na,b,equal,5\n", "p:1: no column is called 'strenght'; there are"},
        {"from,to,set\na,b,equal,x\n", "p:2: more cells than columns (3)"},
        {"from,to,set\na,\"b,equal\n", "p:2: "},
        {"from,to,set\na,\xff,equal\n", "p:2: the text is not UTF-8"},
        {"from,to,set,note\na,b,equal,x\x01y\n", "p:2: a text holds a control character"},
        {"id,title\nX.1,One\nX.2\n", "p:3: a row needs id and title"},
        {"Focal Document Element,Relationship\n", "p:1: no column is called 'Rationale'"},
        {OLIR "\na,Semantic,near,b\n", "p:2: set is subset"},
        {"#a\n#b\nsubject_id\tpredicate_id\tobject_id\na\towl:sameAs\tb\n",
         "p:4: the predicate 'owl:sameAs' is none"},
        {"subject_id\tpredicate_id\na\tb\n", "p:1: no column is called 'object_id'"},
        {"{\"mapping-collection\":\n{}}", "p:2: a mapping-collection needs mappings"},
        {"{\"mapping-collection\":{\"mappings\":\n[{}]}}", "p:2: a mapping needs source-resource"},
        {"{\"mapping-collection\":{\"mappings\":[\n{\"source-resource\":{\"href\":\"a\"},"
         "\"target-resource\":{\"href\":\"b\"},\"maps\":[\n{\"relationship\":\"near\",\"sources\":"
         "[{}],\"targets\":[{}]}]}]}}",
         "p:3: a relationship is equal-to"},
        {"{\"format\":\"ombud.map.export\",\n\"version\":1,,}", "p:2: this is no JSON: "},
        {"{\"format\":\"ombud.map.export\",\"version\":2}", "p:1: it is not of the format"},
        {"{\"format\":\"ombud.map.export\",\"version\":1,\"readings\":[\n{\"kind\":\"item\"}]}",
         "p:2: a reading needs kind"},
        {"TY  - STAND\nTI  - x\n", "p:2: the last record has no 'ER  - '"},
        {"TY  - STAND\nTI  - x\nTY  - STAND\n", "p:3: the record before has no 'ER  - '"},
        {"TY  - STAND\nM1  - x\nER  - \n", "p:1: the record that begins here has no title"},
        {"TY  - STAND\nTI  - x\nM1  - y\nPY  - soon\nER  - \n", "p:1: the record that begins here "
                                                                "has a date that is none"},
        {"\n@misc{k, title = {x", "p:2: the value that begins here has no end"},
        {"@misc{k,\ntitle {x}}", "p:2: an entry holds 'name = value,'"},
        {"@misc{k,\ntitle = {x} year = 3}", "p:2: behind a value stands ',' or '}'"},
        {"@misc{k,\ntitle = }", "p:2: a value stands in braces"},
        {"hello", "p:1: neither a page of the ITU-T work programme"},
    };

    (void)state;
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        taken t __attribute__((cleanup(taken_fini))) = {0};
        ob_err err = {0};
        assert_fails(read_in(NULL, ob_span_str(rows[i].bytes), &t, &err), OB_ERR_INPUT,
                     rows[i].says);
        assert_true(strncmp(err.text, rows[i].says, strlen(rows[i].says)) == 0);
        assert_int_equal(t.said.len, 0);
    }
}

/* Statements of all kinds of words, with the texts that forms stumble over. */
static void make(ob_statements *list, ob_arena *arena, bool holding)
{
    static const char *const ends[] = {"X.1",     "X.1#2 b", "R-FE-07", "#a",
                                       "a#",      "=1#-2",   "a\tb",    "\"q\", \xc3\xa4",
                                       "doc:%41", "a -> b",  "'+x"};
    static const char *const notes[] = {"", "-", "'@", "a \"b\", c", "line\nline", "\xe6\x96\x87"};
    size_t n = 0;
    for (size_t i = 0; i < OB_COUNT(ends); i++) {
        for (size_t k = 0; k < OB_COUNT(ends); k++, n++) {
            ob_err err = {0};
            const char *wrong = NULL;
            int review = 1 + (int)(n % (OB_REVIEWS - 1));
            review = holding && review != OB_REVIEW_PROPOSED ? OB_REVIEW_ACCEPTED : review;
            bool full = review >= OB_REVIEW_REVIEWED;
            const ob_span text[OB_ST_KEYS] = {
                ob_span_str(ends[i]),
                ob_span_str(ends[k]),
                ob_span_str(ob_set_names[n % OB_SETS]),
                ob_span_str(n % OB_RATIONALES == 0 ? "" : ob_rationale_names[n % OB_RATIONALES]),
                ob_span_str(!full        ? ""
                            : n % 2 == 0 ? "10"
                                         : "0"),
                ob_span_str(ob_review_names[review]),
                ob_span_str(full ? "=A" : ""),
                ob_span_str(full ? "B \"C\"" : ""),
                ob_span_str(full ? "2026-10-01" : ""),
                ob_span_str(notes[n % OB_COUNT(notes)])};
            if (i != k) {
                assert_ok(ob_statements_add(list, arena, text, &wrong, &err));
                assert_null(wrong);
            }
        }
    }
    ob_statements_sort(list);
    assert_int_equal(list->count, OB_COUNT(ends) * (OB_COUNT(ends) - 1));
}

static void write_form(const char *id, const ob_statements *list, ob_buf *out)
{
    OB_AUTO(ob_arena) arena = {0};
    obi_name_slot slot = {0};
    struct obi_names_table empty = {&slot, 0};
    const ob_map map = {.as_of = 20261126, .names = &empty, .body_names = &empty};
    const ob_export e = {.map = &map, .arena = &arena, .statements = list};
    ob_err err = {0};
    out->max = 1u << 22;
    assert_ok(ob_exporter_named(id)->write(&e, out, &err));
}

static void they_come_back(void **state)
{
    static const struct {
        const char *id;
        bool holding; /* the form leaves out what does not hold */
    } rows[] = {{"csv", false}, {"oscal-mapping", false}, {"olir", true}, {"sssom", true}};

    (void)state;
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        taken first __attribute__((cleanup(taken_fini))) = {0};
        taken again __attribute__((cleanup(taken_fini))) = {0};
        OB_AUTO(ob_buf) one = {0};
        OB_AUTO(ob_buf) two = {0};
        ob_err err = {0};
        make(&first.list, &first.arena, rows[i].holding);
        write_form(rows[i].id, &first.list, &one);
        assert_ok(read_in(NULL, ob_buf_span(&one), &again, &err));
        ob_statements_sort(&again.list);
        assert_int_equal(again.list.count, first.list.count);
        for (size_t n = 0; n < first.list.count; n++) {
            for (int k = 0; k < OB_ST_KEYS; k++) {
                assert_true(ob_span_is(first.list.items[n].text[k], again.list.items[n].text[k]));
            }
        }
        write_form(rows[i].id, &again.list, &two);
        assert_true(ob_span_is(ob_buf_span(&one), ob_buf_span(&two)));
    }
}

static void what_does_not_hold_is_left_out(void **state)
{
    taken t __attribute__((cleanup(taken_fini))) = {0};
    OB_AUTO(ob_buf) out = {0};
    ob_err err = {0};
    (void)state;
    assert_ok(read_in("csv",
                      OB_SPAN("from,to,set,review,reviewer\na,b,equal,suggested,\n"
                              "c,d,equal,rejected,r\ne,f,equal,accepted,r\n"),
                      &t, &err));
    write_form("olir", &t.list, &out);
    assert_true(ob_span_find(ob_buf_span(&out), OB_SPAN("\ne,"), 0) != SIZE_MAX);
    assert_int_equal(ob_span_find(ob_buf_span(&out), OB_SPAN("\na,"), 0), SIZE_MAX);
    assert_int_equal(ob_span_find(ob_buf_span(&out), OB_SPAN("\nc,"), 0), SIZE_MAX);
    ob_buf_reset(&out);
    write_form("oscal-mapping", &t.list, &out);
    assert_true(ob_span_find(ob_buf_span(&out), OB_SPAN("\"deprecated\""), 0) != SIZE_MAX);
}

/* RFC 9562 in another program gives the same. */
static void uuids(void **state)
{
    char uuid[OB_UUID_MAX];
    ob_err err = {0};
    const ob_span parts[] = {OB_SPAN("a"), OB_SPAN("b")};
    (void)state;
    assert_ok(ob_uuid(uuid, "map", parts, 2, &err));
    assert_string_equal(uuid, "c5657b5a-77b6-5568-adb1-183e18b5f795");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken),  cmocka_unit_test(what_is_refused),
        cmocka_unit_test(they_come_back), cmocka_unit_test(what_does_not_hold_is_left_out),
        cmocka_unit_test(uuids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
