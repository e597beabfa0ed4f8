/* SPDX-License-Identifier: Apache-2.0 */
/* The files around a judge: its own, the rubric, and the calibration that binds both. */
#include "../ob_test.h"

#include "evaluate/calibration.h"

static const char judge_file[] = "ombud: 1\njudge: Ours\naddress: http://127.0.0.1:9/\nmodel: m-1\n"
                                 "key: {secret: JUDGE_KEY}\nlimits: {requests: 500}\n";

static void judge_files_are_read(void **state)
{
    static const struct {
        const char *text;
        const char *part;
    } bad[] = {
        {"ombud: 1\njudge: a\nmodel: m\n", "address"},
        {"ombud: 1\njudge: a\naddress: http://h\n", "model"},
        {"ombud: 1\naddress: http://h\nmodel: m\n", "judge"},
        {"ombud: 1\njudge: a\naddress: http://h/v1\nmodel: m\n", "paths belong"},
        {"ombud: 1\njudge: a\naddress: http://h\nmodel: m\nkey: abc\n", "stands in no file"},
        {"ombud: 1\njudge: a\naddress: http://h\nmodel: m\ntemperature: 3\n", "temperature"},
        {"ombud: 1\njudge: a\naddress: http://h\nmodel: m\npath: v1\n", "begin with '/'"},
        {"ombud: 1\njudge: a\naddress: http://h\nmodel: m\nmodle: m\n", "did you mean"},
    };

    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    ob_judge judge = {0};
    assert_ok(ob_judge_parse(&judge, &arena, OB_SPAN("j.yaml"), OB_SPAN(judge_file), &err));
    assert_span(judge.service.address, "http://127.0.0.1:9");
    assert_span(judge.service.path, "/v1/chat/completions");
    assert_span(judge.service.temperature, "0");
    assert_int_equal(judge.service.secrets_count, 1);
    assert_int_equal(judge.service.limits.requests, 500);
    for (size_t i = 0; i < OB_COUNT(bad); i++) {
        assert_fails(
            ob_judge_parse(&judge, &arena, OB_SPAN("j.yaml"), ob_span_str(bad[i].text), &err),
            OB_ERR_INPUT, bad[i].part);
        assert_non_null(strstr(err.text, "j.yaml:"));
    }
}

/* A rubric with so many replies of each label; extra is one more item. */
static void write_rubric(ob_buf *out, unsigned count, const char *question, const char *extra)
{
    ob_buf_addf(out,
                "ombud: 1\nid: tone\ntitle: Tone\nlanguages: [en]\nquestion: %s\nhit: rude\n"
                "clean: polite\nlabelled:\n",
                question);
    for (unsigned i = 0; i < count; i++) {
        ob_buf_addf(out, "  - {id: h%u, label: hit, %stext: rude %u}\n", i,
                    i == 0 ? "steers: true, " : "", i);
        ob_buf_addf(out, "  - {id: c%u, label: clean, text: kind %u}\n", i, i);
    }
    ob_buf_add_str(out, extra);
}

static bool reads(ob_rubric *rubric, ob_arena *arena, unsigned count, const char *extra,
                  ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = 100000};
    write_rubric(&text, count, "Is it rude?", extra);
    *err = (ob_err){0};
    return ob_rubric_parse(rubric, arena, OB_SPAN("r.yaml"), ob_buf_span(&text), NULL, err);
}

static void rubrics_are_checked(void **state)
{
    static const struct {
        const char *extra;
        const char *part;
    } bad[] = {
        {"  - {id: h3, label: hit, text: other}\n", "the id is that of item 7"},
        {"  - {id: x, label: hit, text: Kind 2}\n", "the text is that of item 6"},
        {"  - {id: x, label: maybe, text: a}\n", "label"},
        {"  - {id: x, label: hit, text: a, lang: zh}\n", "languages does not name"},
        {"  - {id: X, label: hit, text: a}\n", "is no id"},
        {"  - {id: x, label: hit}\n", "text"},
        {"  - {id: x, label: hit, text: a, level: 1}\n", "level"},
    };

    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    ob_rubric rubric = {0};
    assert_true(reads(&rubric, &arena, 60, "", &err));
    assert_int_equal(rubric.items_count, 120);
    assert_false(reads(&rubric, &arena, 59, "", &err));
    assert_non_null(strstr(err.text, "59 replies with label clean and needs 60"));
    for (size_t i = 0; i < OB_COUNT(bad); i++) {
        if (reads(&rubric, &arena, 60, bad[i].extra, &err) ||
            strstr(err.text, bad[i].part) == NULL || strstr(err.text, "r.yaml:") == NULL) {
            fail_msg("%s: '%s', wanted '%s'", bad[i].extra, err.text, bad[i].part);
        }
    }
    /* Nobody who tries to sway the judge; and a language that is claimed and not shown. */
    OB_AUTO(ob_buf) text = {.max = 100000};
    write_rubric(&text, 60, "Is it rude?", "");
    char *steers = strstr(text.ptr, "steers: true");
    char *claimed = strstr(text.ptr, "[en]");
    (void)memcpy(steers, "steers: null", 12);
    assert_false(ob_rubric_parse(&rubric, &arena, OB_SPAN("r"), ob_buf_span(&text), NULL, &err));
    (void)memcpy(steers, "steers:false", 12);
    (void)memcpy(claimed, "[fr]", 4);
    assert_false(ob_rubric_parse(&rubric, &arena, OB_SPAN("r"), ob_buf_span(&text), NULL, &err));
}

typedef struct kit {
    ob_arena arena;
    ob_judge judge;
    ob_rubric rubric;
    ob_calibrated figures;
    ob_calibration calibration;
} kit;

static void set_up(kit *k)
{
    ob_err err = {0};
    char settings[65];
    assert_ok(ob_judge_parse(&k->judge, &k->arena, OB_SPAN("j"), OB_SPAN(judge_file), &err));
    assert_true(reads(&k->rubric, &k->arena, 60, "", &err));
    k->figures = (ob_calibrated){.rubric = OB_SPAN("tone"),
                                 .hits = 60,
                                 .hits_right = 58,
                                 .clean = 60,
                                 .clean_right = 59,
                                 .unusable = 1};
    assert_ok(ob_calibrated_digests(&k->rubric, &k->arena, &k->figures, &err));
    ob_digest_hex(&k->judge.settings, settings);
    k->calibration = (ob_calibration){.at = OB_SPAN("2026-01-01T00:00:00Z"),
                                      .judge = OB_SPAN("Ours"),
                                      .rubrics = &k->figures,
                                      .rubrics_count = 1};
    assert_ok(ob_arena_dup(&k->arena, ob_span_str(settings), &k->calibration.settings, &err));
}

static void a_calibration_comes_back(void **state)
{
    (void)state;
    ob_err err = {0};
    kit k = {0};
    ob_calibration back = {0};
    ob_judge_view view = {0};
    OB_AUTO(ob_buf) text = {.max = 100000};
    set_up(&k);
    ob_calibration_write(&k.calibration, &text);
    assert_ok(ob_calibration_parse(&back, &k.arena, OB_SPAN("c.json"), ob_buf_span(&text), &err));
    assert_ok(ob_calibration_holds(&back, &k.judge, &k.rubric, &view, &err));
    assert_int_equal(view.hits_right, 58);
    assert_int_equal(view.clean_right, 59);
    assert_int_equal(view.unusable, 1);
    assert_span(view.calibrated, "2026-01-01T00:00:00Z");
    /* More right than there are, negative, or something else altogether. */
    static const char *const spoilt[][2] = {{"\"hits_right\": 58", "\"hits_right\": 68"},
                                            {"\"clean\": 60", "\"clean\": -1"},
                                            {"\"unusable\": 1", "\"unusable\": 9"},
                                            {"\"id\": \"tone\"", "\"ix\": \"tone\""},
                                            {"ombud.calibration", "ombud.calibratiom"},
                                            {"\"version\": 1", "\"version\": 2"},
                                            {"{", "("}};
    for (size_t i = 0; i < OB_COUNT(spoilt); i++) {
        OB_AUTO(ob_buf) bad = {.max = 100000};
        ob_buf_add(&bad, ob_buf_span(&text));
        char *at = strstr(bad.ptr, spoilt[i][0]);
        assert_non_null(at);
        (void)memcpy(at, spoilt[i][1], strlen(spoilt[i][1]));
        assert_fails(
            ob_calibration_parse(&back, &k.arena, OB_SPAN("c.json"), ob_buf_span(&bad), &err),
            OB_ERR_INPUT, "c.json: ");
    }
    ob_arena_fini(&k.arena);
}

/* Whatever the figures were measured with has to be what they are used with. */
static void a_stale_calibration_is_refused(void **state)
{
    (void)state;
    ob_err err = {0};
    kit k = {0};
    ob_judge_view view = {0};
    set_up(&k);
    assert_ok(ob_calibration_holds(&k.calibration, &k.judge, &k.rubric, &view, &err));
    assert_fails(ob_calibration_holds(NULL, &k.judge, &k.rubric, &view, &err), OB_ERR_INPUT,
                 "there is no calibration; run 'ombud judge'");
    k.judge.settings.bytes[5] ^= 1;
    assert_fails(ob_calibration_holds(&k.calibration, &k.judge, &k.rubric, &view, &err),
                 OB_ERR_INPUT, "the judge's address, model or settings changed since");
    k.judge.settings.bytes[5] ^= 1;
    k.rubric.set.bytes[0] ^= 1;
    assert_fails(ob_calibration_holds(&k.calibration, &k.judge, &k.rubric, &view, &err),
                 OB_ERR_INPUT, "the labelled replies changed since");
    k.rubric.set.bytes[0] ^= 1;
    k.rubric.wording.bytes[31] ^= 1;
    assert_fails(ob_calibration_holds(&k.calibration, &k.judge, &k.rubric, &view, &err),
                 OB_ERR_INPUT, "the rubric's wording changed since");
    k.rubric.wording.bytes[31] ^= 1;
    k.figures.prompt = OB_SPAN("0");
    assert_fails(ob_calibration_holds(&k.calibration, &k.judge, &k.rubric, &view, &err),
                 OB_ERR_INPUT, "the prompt changed since");
    k.figures.rubric = OB_SPAN("other");
    assert_fails(ob_calibration_holds(&k.calibration, &k.judge, &k.rubric, &view, &err),
                 OB_ERR_INPUT, "it is not in it");
    ob_arena_fini(&k.arena);
}

/* Every word of the rubric and every label counts. */
static void digests_see_each_change(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    ob_rubric a = {0};
    ob_rubric b = {0};
    ob_calibrated one = {0};
    ob_calibrated two = {0};
    OB_AUTO(ob_buf) text = {.max = 100000};
    assert_true(reads(&a, &arena, 60, "", &err));
    write_rubric(&text, 60, "Is it rude.", "");
    assert_ok(ob_rubric_parse(&b, &arena, OB_SPAN("r"), ob_buf_span(&text), NULL, &err));
    assert_ok(ob_calibrated_digests(&a, &arena, &one, &err));
    assert_ok(ob_calibrated_digests(&b, &arena, &two, &err));
    assert_false(ob_span_is(one.wording, two.wording));
    assert_false(ob_span_is(one.prompt, two.prompt));
    assert_true(ob_span_is(one.set, two.set));
    assert_true(reads(&b, &arena, 60, "  - {id: x, label: hit, text: y}\n", &err));
    assert_ok(ob_calibrated_digests(&b, &arena, &two, &err));
    assert_true(ob_span_is(one.wording, two.wording));
    assert_false(ob_span_is(one.set, two.set));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judge_files_are_read),
        cmocka_unit_test(rubrics_are_checked),
        cmocka_unit_test(a_calibration_comes_back),
        cmocka_unit_test(a_stale_calibration_is_refused),
        cmocka_unit_test(digests_see_each_change),
    };
    return cmocka_run_group_tests_name("calibration", tests, NULL, NULL);
}
