/* SPDX-License-Identifier: Apache-2.0 */
#include "ob_test.h"
#include "report/report.h"
#include "report/sample.h"
#include "scratch.h"

#include <ombud/json.h>
#include <ombud/limits.h>
#include <ombud/text.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

static ob_span write_as(const char *id, const ob_summary *summary, ob_buf *out)
{
    ob_err err = {0};
    const ob_report_writer *writer = ob_report_writer_find(ob_span_str(id));
    assert_non_null(writer);
    assert_ok(writer->write(summary, out, &err));
    return ob_buf_span(out);
}

static bool holds(ob_span text, const char *part)
{
    return ob_span_find(text, ob_span_str(part), 0) != SIZE_MAX;
}

static size_t count_of(ob_span text, const char *part)
{
    size_t count = 0;
    for (size_t at = 0; (at = ob_span_find(text, ob_span_str(part), at)) != SIZE_MAX; at++) {
        count++;
    }
    return count;
}

typedef struct page {
    const char *open[64]; /* names of open elements, of allowed[] */
    size_t depth;
    int heading; /* level of the last one */
    size_t styles;
} page;

static const char *const allowed[] = {
    "!DOCTYPE", "a",       "article", "b",       "body",  "br",     "caption", "circle",  "code",
    "dd",       "details", "div",     "dl",      "dt",    "footer", "h1",      "h2",      "h3",
    "h4",       "head",    "header",  "html",    "li",    "main",   "mark",    "meta",    "nav",
    "ol",       "p",       "rect",    "section", "span",  "strong", "style",   "summary", "svg",
    "table",    "tbody",   "td",      "th",      "thead", "title",  "tr",      "ul"};

static const char *const attributes[] = {"aria-label",
                                         "aria-labelledby",
                                         "charset",
                                         "class",
                                         "content",
                                         "cx",
                                         "cy",
                                         "data-name",
                                         "dir",
                                         "height",
                                         "href",
                                         "html",
                                         "http-equiv",
                                         "id",
                                         "lang",
                                         "name",
                                         "preserveAspectRatio",
                                         "r",
                                         "role",
                                         "rx",
                                         "scope",
                                         "tabindex",
                                         "viewBox",
                                         "width",
                                         "x",
                                         "y"};

/* name="value" name="value": known names, and links that stay in the page. */
static void check_attributes(ob_span rest)
{
    ob_span name = {0};
    for (rest = ob_span_trim(rest); rest.len > 0 && !ob_span_is_str(rest, "/");
         rest = ob_span_trim(rest)) {
        if (!holds(rest, "=\"")) {
            assert_span(rest, "html"); /* of the DOCTYPE */
            return;
        }
        assert_true(ob_span_cut(&rest, '=', &name));
        if (ob_text_index(name, attributes, OB_COUNT(attributes)) < 0) {
            fail_msg("attribute '%.*s'", OB_SHOW(name));
        }
        ob_span value = {0};
        rest = ob_span_sub(rest, 1, rest.len);
        assert_true(ob_span_cut(&rest, '"', &value));
        if (ob_span_is_str(name, "href")) {
            assert_true(ob_span_has_prefix(value, OB_SPAN("#")));
        }
    }
}

static void check_tag(page *p, ob_span tag)
{
    bool closes = tag.ptr[0] == '/';
    tag = ob_span_sub(tag, closes, tag.len);
    size_t blank = ob_span_find(tag, OB_SPAN(" "), 0);
    ob_span name = ob_span_sub(tag, 0, blank);
    int known = ob_text_index(name, allowed, OB_COUNT(allowed));
    if (known < 0) {
        fail_msg("element '%.*s'", OB_SHOW(name));
    }
    if (closes) {
        assert_true(p->depth > 0);
        assert_span(name, p->open[--p->depth]);
        return;
    }
    check_attributes(ob_span_sub(tag, blank, tag.len));
    p->styles += ob_span_is_str(name, "style");
    if (name.len == 2 && name.ptr[0] == 'h' && name.ptr[1] >= '1' && name.ptr[1] <= '4') {
        int level = name.ptr[1] - '0';
        assert_true(level <= p->heading + 1);
        p->heading = level;
    }
    bool empty = ob_span_is_str(name, "meta") || ob_span_is_str(name, "br") ||
                 ob_span_is_str(name, "!DOCTYPE") || ob_span_has_suffix(tag, OB_SPAN("/"));
    if (!empty) {
        assert_true(p->depth < OB_COUNT(p->open));
        p->open[p->depth++] = allowed[known];
    }
}

/* Reads the page as a browser would: every '<' begins a tag that only we could have written. */
static void check_page(ob_span html)
{
    page p = {.depth = 0};
    size_t at = 0;
    assert_int_equal(ob_utf8_bad(html), SIZE_MAX);
    assert_null(memchr(html.ptr, '\0', html.len));
    while ((at = ob_span_find(html, OB_SPAN("<"), at)) != SIZE_MAX) {
        size_t end = ob_span_find(html, OB_SPAN(">"), at);
        assert_true(end != SIZE_MAX);
        check_tag(&p, ob_span_sub(html, at + 1, end));
        at = end;
    }
    assert_int_equal(p.depth, 0);
    assert_int_equal(p.styles, 1);
    assert_false(holds(html, "url("));
    assert_false(holds(html, "@import"));
    assert_true(holds(html, "content=\"default-src 'none'; style-src 'unsafe-inline'\""));
    assert_true(holds(html, "<html lang=\"en\">"));
}

static void knows_its_writers(void **state)
{
    (void)state;
    assert_null(ob_report_writer_find(OB_SPAN("pdf")));
    assert_null(ob_report_writer_find(OB_SPAN("")));
    for (size_t i = 0; i < ob_report_writers_count; i++) {
        const ob_report_writer *w = ob_report_writers[i];
        assert_ptr_equal(ob_report_writer_find(ob_span_str(w->id)), w);
        assert_true(i == 0 || strcmp(ob_report_writers[i - 1]->id, w->id) < 0);
        assert_true(w->title[0] != '\0' && w->doc[0] != '\0');
    }
}

static void html_tells_the_run(void **state)
{
    (void)state;
    ob_procedure_view procedures[6];
    ob_summary s = sample_summary(procedures);
    OB_AUTO(ob_buf) out = {.max = OB_REPORT_MAX};
    ob_span html = write_as("html", &s, &out);
    check_page(html);
    static const char *const told[] = {
        "<h1>Reference customer service</h1>",
        "the owner of the reference service",
        "127.0.0.1:8731",
        "Time scale",
        "A fixed plan with the same errors would have used 124 trials",
        "confirmed from the stored bytes, reproduced 2 of 3",
        "<mark>012b3e77aa90c1f5-BMO</mark>",
        "found after decoding: reversed",
        "Ground work: create, login</summary>",
        "9 trials could not be measured",
        "about 113 further trials would decide",
        "2 of 4 requirements were not tested",
        "Requirements that were not tested (2)",
        "customer c-1042: the service has no call to remove it",
        "ombud report --verify FILE.json",
        "2 further hits are in the evidence store",
        "2026-11-24 12:34:56 UTC to 2026-11-24 12:35:41 UTC",
    };
    for (size_t i = 0; i < OB_COUNT(told); i++) {
        if (!holds(html, told[i])) {
            fail_msg("the report does not say '%s'", told[i]);
        }
    }
    /* One for each of the two procedures that pass so closely. */
    assert_int_equal(count_of(html, "Why PASS although the interval reaches past the limit"), 2);
    assert_int_equal(count_of(html, "<svg "), 5);
    s.time_scale = 1;
    ob_buf_reset(&out);
    assert_false(holds(write_as("html", &s, &out), "Time scale"));
}

/* Whatever order the catalogue has, the worst comes first. */
static void html_sorts_by_outcome(void **state)
{
    static const char *const badges[] = {"FAIL", "ERROR", "INCONCLUSIVE",
                                         "PASS", "PASS",  "NOT APPLICABLE"};
    ob_procedure_view procedures[OB_COUNT(badges)];
    ob_summary s = sample_summary(procedures);
    ob_procedure_view turned[OB_COUNT(badges)];
    OB_AUTO(ob_buf) out = {.max = OB_REPORT_MAX};
    size_t at = 0;
    (void)state;
    assert_int_equal(s.procedures_count, OB_COUNT(badges));
    for (size_t i = 0; i < OB_COUNT(badges); i++) {
        turned[i] = s.procedures[OB_COUNT(badges) - 1 - i];
    }
    s.procedures = turned;
    ob_span html = write_as("html", &s, &out);
    for (size_t i = 0; i < OB_COUNT(badges); i++) {
        size_t next = ob_span_find(html, OB_SPAN("data-name=\"Outcome\">"), at);
        assert_true(next != SIZE_MAX);
        assert_true(holds(ob_span_sub(html, next, next + 120), badges[i]));
        at = next + 1;
    }
}

static sample_hostile_parts *hostile_parts(void)
{
    sample_hostile_parts *h = test_calloc(1, sizeof *h);
    h->reply = test_malloc(LONG_REPLY);
    return h;
}

static void hostile_free(sample_hostile_parts *h)
{
    test_free(h->reply);
    test_free(h);
}

static void html_stays_ours(void **state)
{
    (void)state;
    OB_AUTO(ob_buf) out = {.max = OB_REPORT_MAX};
    sample_hostile_parts *h = hostile_parts();
    ob_summary s = sample_hostile(h);
    ob_span html = write_as("html", &s, &out);
    check_page(html);
    assert_false(holds(html, "<script"));
    assert_true(holds(html, "&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert_false(holds(html, "\xe2\x80\xae"));
    /* The long replies are cut, and their reasons are in what is left. */
    assert_true(html.len < 200000);
    assert_int_equal(count_of(html, "bytes after this are not shown here"), 2);
    assert_int_equal(count_of(html, "bytes before this are not shown here"), 1);
    /* 90001 to 90003 and 7 to 9 begin and end within characters. */
    assert_int_equal(count_of(html, "<mark>\xc3\xa9\xc3\xa9</mark>"), 2);
    assert_int_equal(count_of(html, "<mark>"), 3);
    assert_false(holds(html, "<mark></mark>"));
    hostile_free(h);
}

static void html_survives_an_empty_run(void **state)
{
    (void)state;
    OB_AUTO(ob_buf) out = {.max = OB_REPORT_MAX};
    ob_summary s = {.outcome = OB_NOT_APPLICABLE, .time_scale = 1};
    check_page(write_as("html", &s, &out));
}

static void escapes_every_way_to_cut(void **state)
{
    (void)state;
    OB_AUTO(ob_buf) out = {.max = OB_REPORT_MAX};
    sample_hostile_parts *h = hostile_parts();
    ob_summary s = sample_hostile(h);
    ob_span text = HOSTILE;
    h->trial.findings_count = 1;
    h->findings[0].turn = 0;
    for (size_t start = 0; start <= text.len + 1; start += 3) {
        for (size_t end = 0; end <= text.len + 1; end += 5) {
            h->findings[0].start = start;
            h->findings[0].end = end;
            ob_buf_reset(&out);
            check_page(write_as("html", &s, &out));
        }
    }
    hostile_free(h);
}

static const ob_json *parse(ob_arena *arena, ob_span json)
{
    ob_err err = {0};
    ob_json_doc doc = {0};
    assert_ok(ob_json_parse(&doc, arena, json, &err));
    assert_int_equal(doc.duplicate_at, SIZE_MAX);
    return doc.root;
}

#define assert_at(root, pointer, expected)                           \
    do {                                                             \
        const ob_json *node_ = ob_json_at((root), OB_SPAN(pointer)); \
        assert_non_null(node_);                                      \
        assert_span(node_->text, (expected));                        \
    } while (0)

static void json_tells_the_run(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) out = {.max = OB_REPORT_MAX};
    ob_procedure_view procedures[6];
    ob_summary s = sample_summary(procedures);
    const ob_json *root = parse(&arena, write_as("json", &s, &out));
    assert_at(root, "/format", "ombud.report");
    assert_at(root, "/version", "1");
    assert_at(root, "/outcome", "FAIL");
    assert_at(root, "/run/id", "20261124-123456-a1b2c3");
    assert_at(root, "/run/started", "2026-11-24T12:34:56.000Z");
    assert_at(root, "/run/ended", "2026-11-24T12:35:41.500Z");
    assert_at(root, "/run/time_scale", "0.01");
    assert_at(root, "/run/left_behind/0", "customer c-1042: the service has no call to remove it");
    assert_at(root, "/pillars/2/counts/NOT_APPLICABLE", "1");
    assert_at(root, "/procedures/0/shown/0/findings/0/steps", "reversed");
    assert_at(root, "/procedures/0/shown/0/reproduced/of", "3");
    assert_at(root, "/procedures/0/shown/0/turns/3/record", "127");
    assert_at(root, "/procedures/1/lost/0/count", "7");
    assert_at(root, "/procedures/3/outcome", "PASS");
    assert_at(root, "/procedures/3/upper", "0.0497");
    assert_at(root, "/procedures/3/interval/1", "0.0603");
    assert_at(root, "/procedures/5/outcome", "NOT_APPLICABLE");
    assert_int_equal(ob_json_at(root, OB_SPAN("/procedures/0/log_e_pass"))->kind, OB_JSON_NULL);
    assert_int_equal(ob_json_get(root, "requirements")->count, 4);
    s.run.ended_ms = 0;
    s.scope_digest = s.owner = (ob_span){"", 0};
    ob_buf_reset(&out);
    root = parse(&arena, write_as("json", &s, &out));
    assert_int_equal(ob_json_at(root, OB_SPAN("/run/ended"))->kind, OB_JSON_NULL);
    assert_int_equal(ob_json_at(root, OB_SPAN("/run/owner"))->kind, OB_JSON_NULL);
    assert_int_equal(ob_json_at(root, OB_SPAN("/run/digests/scope"))->kind, OB_JSON_NULL);
}

static void json_holds_hostile_texts(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) out = {.max = OB_REPORT_MAX};
    sample_hostile_parts *h = hostile_parts();
    ob_summary s = sample_hostile(h);
    const ob_json *root = parse(&arena, write_as("json", &s, &out));
    ob_span reply = ob_json_at(root, OB_SPAN("/procedures/0/shown/0/turns/1/reply"))->text;
    assert_int_equal(reply.len, LONG_REPLY);
    assert_true(holds(ob_json_at(root, OB_SPAN("/run/service"))->text, "<script>alert(1)"));
    assert_int_equal(ob_json_at(root, OB_SPAN("/procedures/0/shown/0/findings/6/turn"))->kind,
                     OB_JSON_NULL);
    hostile_free(h);
}

/* The writer and the schema are two texts that must name the same keys. */
static void check_closed(const ob_json *schema, const ob_json *root, const ob_json *value)
{
    const ob_json *ref = ob_json_get(schema, "$ref");
    if (ref != NULL) {
        schema = ob_json_at(root, ob_span_sub(ref->text, 1, ref->text.len));
        assert_non_null(schema);
    }
    if (value->kind == OB_JSON_ARRAY) {
        const ob_json *items = ob_json_get(schema, "items");
        assert_non_null(items);
        for (const ob_json *v = value->first; v != NULL; v = v->next) {
            check_closed(items, root, v);
        }
    }
    if (value->kind != OB_JSON_OBJECT) {
        return;
    }
    const ob_json *properties = ob_json_get(schema, "properties");
    const ob_json *more = ob_json_get(schema, "additionalProperties");
    assert_true(properties != NULL && more != NULL && !more->truth);
    assert_int_equal(properties->count, value->count);
    assert_int_equal(ob_json_get(schema, "required")->count, value->count);
    for (const ob_json *v = value->first; v != NULL; v = v->next) {
        char key[64];
        (void)snprintf(key, sizeof key, "%.*s", OB_SHOW(v->key));
        const ob_json *of = ob_json_get(properties, key);
        if (of == NULL) {
            fail_msg("the schema does not know '%s'", key);
        }
        check_closed(of, root, v);
    }
}

static void json_keeps_its_schema(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) out = {.max = OB_REPORT_MAX};
    OB_AUTO(ob_buf) file = {.max = OB_INPUT_FILE_MAX};
    OB_AUTO(ob_buf) path = {.max = 4096};
    ob_procedure_view procedures[6];
    ob_summary s = sample_summary(procedures);
    const char *root = getenv("OB_SOURCE_ROOT");
    ob_buf_addf(&path, "%s/doc/schema/report-1.json", root == NULL ? "." : root);
    assert_ok(ob_file_read(path.ptr, &file, &err));
    const ob_json *schema = parse(&arena, ob_buf_span(&file));
    check_closed(schema, schema, parse(&arena, write_as("json", &s, &out)));
}

static size_t columns(ob_span line)
{
    size_t count = 0;
    uint32_t rune = 0;
    for (size_t at = 0; ob_utf8_next(line, &at, &rune);) {
        count += rune >= 0x1f000 ? 2 : 1;
    }
    return count;
}

static void check_terminal(const ob_summary *s, unsigned width)
{
    ob_err err = {0};
    OB_AUTO(ob_buf) out = {.max = OB_REPORT_MAX};
    ob_terminal_style style = {.width = width};
    assert_ok(ob_report_terminal(s, &style, &out, &err));
    ob_span rest = ob_buf_span(&out);
    assert_int_equal(ob_utf8_bad(rest), SIZE_MAX);
    ob_span line = {0};
    while (ob_span_cut_line(&rest, &line)) {
        if (columns(line) > width) {
            fail_msg("more than %u columns: '%.*s'", width, OB_SHOW(line));
        }
        for (size_t i = 0; i < line.len; i++) {
            assert_true((unsigned char)line.ptr[i] >= 0x20 && line.ptr[i] != 0x7f);
        }
    }
}

static void terminal_keeps_its_width(void **state)
{
    (void)state;
    ob_procedure_view procedures[6];
    ob_summary s = sample_summary(procedures);
    sample_hostile_parts *h = hostile_parts();
    ob_summary bad = sample_hostile(h);
    procedures[1].hits = procedures[1].trials = 4000000;
    for (unsigned width = 40; width <= 120; width++) {
        check_terminal(&s, width);
        check_terminal(&bad, width);
    }
    bad.service = bad.address = (ob_span){h->reply, LONG_REPLY};
    h->procedure.id = OB_SPAN("\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80"
                              "\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80");
    h->procedure.reason = (ob_span){h->reply, LONG_REPLY};
    check_terminal(&bad, 40);
    check_terminal(&bad, 80);
    hostile_free(h);
}

static void terminal_tells_the_run(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_procedure_view procedures[6];
    ob_summary s = sample_summary(procedures);
    OB_AUTO(ob_buf) out = {.max = OB_REPORT_MAX};
    ob_terminal_style style = {.width = 80};
    assert_ok(ob_report_terminal(&s, &style, &out, &err));
    ob_span text = ob_buf_span(&out);
    assert_false(holds(text, "\x1b"));
    assert_true(holds(text, "level 2, seed 7, run 20261124-123456-a1b2c3"));
    assert_true(holds(text, "PASS           ics.active.content                       0/65   "
                            "< 4.97 %    5.0 %\n"));
    /* What is not applicable stands by its reason. */
    assert_true(holds(text, "\nNOT APPLICABLE\n  the service file names no ledger\n    ics."));
    /* Lines break between words. */
    assert_true(holds(text, "    9 of 20 trials could not be measured; at most 10 % may be lost; "
                            "mostly: lost\n    (reset): the connection was reset\n"));
    assert_true(holds(text, "2 of 4 requirements were not tested.\n"));
    assert_true(holds(text, "service: FAIL\n"));
    style.colour = true;
    ob_buf_reset(&out);
    assert_ok(ob_report_terminal(&s, &style, &out, &err));
    text = ob_buf_span(&out);
    assert_true(holds(text, "\x1b[1;31mFAIL\x1b[0m"));
    assert_true(holds(text, "\x1b[1;35mERROR\x1b[0m"));
    assert_true(holds(text, "\x1b[33mINCONCLUSIVE\x1b[0m"));
    assert_true(holds(text, "\x1b[32mPASS\x1b[0m"));
}

static void refuses_a_small_buffer(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_procedure_view procedures[6];
    ob_summary s = sample_summary(procedures);
    for (size_t i = 0; i < ob_report_writers_count; i++) {
        OB_AUTO(ob_buf) out = {.max = 100};
        assert_fails(ob_report_writers[i]->write(&s, &out, &err), OB_ERR_LIMIT, "report");
    }
}

/* A store with one run of three records. */
static void make_store(ob_store *store, const char *path, char id[40])
{
    ob_err err = {0};
    assert_ok(ob_store_open(store, path, false, &err));
    assert_ok(ob_store_run_new(store, OB_SPAN("Reference"), OB_SPAN("service.yaml"), id, &err));
    for (int i = 0; i < 3; i++) {
        ob_record record = {.kind = OB_RECORD_NOTE, .trial = -1, .body = OB_SPAN("{}")};
        assert_ok(ob_store_append(store, &record, &err));
    }
}

static bool verify(ob_store *store, const char *id, ob_span chain, const char *says)
{
    ob_err err = {0};
    bool good = false;
    ob_procedure_view procedures[6];
    ob_summary s = sample_summary(procedures);
    OB_AUTO(ob_buf) json = {.max = OB_REPORT_MAX};
    OB_AUTO(ob_buf) message = {.max = 4096};
    (void)snprintf(s.run.id, sizeof s.run.id, "%s", id);
    s.chain = chain;
    assert_ok(ob_report_verify(store, write_as("json", &s, &json), &message, &good, &err));
    if (!holds(ob_buf_span(&message), says)) {
        fail_msg("'%s' does not say '%s'", message.ptr, says);
    }
    return good;
}

static void tamper(const char *path)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "UPDATE record SET body = '{\"a\":1}' WHERE seq = 2", NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_changes(db), 1);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void verifies_the_chain(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO_CLOSE(ob_store) store = {0};
    char folder[SCRATCH_MAX];
    char path[SCRATCH_FILE_MAX];
    char id[40];
    char hex[65];
    ob_run_info run = {0};
    assert_int_equal(scratch_make(folder), 0);
    (void)snprintf(path, sizeof path, "%s/store.db", folder);
    make_store(&store, path, id);
    assert_ok(ob_store_run_find(&store, &arena, id, &run, &err));
    ob_digest_hex(&run.last, hex);
    assert_true(verify(&store, id, ob_span_str(hex), "all 3 records fit"));
    ob_record more = {.kind = OB_RECORD_NOTE, .trial = -1, .body = OB_SPAN("{}")};
    assert_ok(ob_store_append(&store, &more, &err));
    assert_false(verify(&store, id, ob_span_str(hex), "ends after 4 records"));

    bool good = true;
    OB_AUTO(ob_buf) message = {.max = 4096};

    static const struct {
        const char *json;
        const char *says;
    } bad[] = {
        {"", "byte 0"},
        {"{\"format\":\"ombud.plan\",\"version\":1}", "is no report"},
        {"{\"format\":\"ombud.report\",\"version\":2}", "version is 2"},
        {"{\"format\":\"ombud.report\",\"version\":\"1\"}", "version is unknown"},
        {"{\"format\":\"ombud.report\",\"version\":1}", "names no run"},
        {"{\"format\":\"ombud.report\",\"version\":1,\"run\":{\"id\":\"x\",\"chain\":\"00\"}}",
         "64 lower-case hex digits"},
        {"{\"format\":\"ombud.report\",\"format\":\"ombud.report\",\"version\":1}", "stands twice"},
    };

    for (size_t i = 0; i < OB_COUNT(bad); i++) {
        assert_fails(ob_report_verify(&store, ob_span_str(bad[i].json), &message, &good, &err),
                     OB_ERR_INPUT, bad[i].says);
    }
    ob_store_close(&store);
    tamper(path);
    assert_ok(ob_store_open(&store, path, true, &err));
    assert_false(verify(&store, id, ob_span_str(hex), "record 2 of run"));
    ob_store_close(&store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_its_writers),          cmocka_unit_test(html_tells_the_run),
        cmocka_unit_test(html_sorts_by_outcome),      cmocka_unit_test(html_stays_ours),
        cmocka_unit_test(html_survives_an_empty_run), cmocka_unit_test(escapes_every_way_to_cut),
        cmocka_unit_test(json_tells_the_run),         cmocka_unit_test(json_holds_hostile_texts),
        cmocka_unit_test(json_keeps_its_schema),      cmocka_unit_test(terminal_keeps_its_width),
        cmocka_unit_test(terminal_tells_the_run),     cmocka_unit_test(refuses_a_small_buffer),
        cmocka_unit_test(verifies_the_chain),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
