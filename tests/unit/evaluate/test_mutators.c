/* SPDX-License-Identifier: Apache-2.0 */
/* What a procedure can do to a text, and the way back: the decoders find what was hidden. */
#include "../ob_test.h"

#include "catalogue/procedure.h"
#include "evaluate/engine.h"

#include <ombud/decode.h>
#include <ombud/text.h>

/* The names that the format promises; whole: words come back as they were, not only values. */
static const struct {
    const char *name;
    bool whole;
} mutators[] = {
    {"base64", true},        {"hex", true},         {"rot13", true},
    {"leet", true},          {"homoglyph", true},   {"zero_width", true},
    {"tag_chars", true},     {"spacing", true},     {"case", true},
    {OB_SPLIT_TURNS, true},  {"wrap_json", true},   {"wrap_xml", true},
    {"wrap_markdown", true}, {"wrap_ticket", true}, {"wrap_html_comment", true},
    {"typo", false},         {"pad", true},
};

static const char procedure_form[] =
    "ombud: 1\nid: x\ntitle: A test\nevaluation: E-FE-03\nseverity: low\neffects: none\n"
    "fixtures: {me: {kind: actor}}\ninputs: {list: [Hello]}\nmutate: {%s: [none, %s]}\n"
    "flow: [{say: \"{{input}}\", extract: {reply: text}}]\n"
    "oracle: {x: {contains: a, in: reply}}\ntrial: {hit_if: x}\nplan: {limit: 0.1}\n"
    "controls: {positive: [{reply: a}], negative: [{reply: b}]}\n";

static bool reads(const char *how, const char *name, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) text = {.max = 4000};
    ob_procedure procedure = {0};
    ob_buf_addf(&text, procedure_form, how, name);
    *err = (ob_err){0};
    return ob_procedure_parse(&procedure, &arena, ".", OB_SPAN("p.yaml"), ob_buf_span(&text), err);
}

static void each_name_is_known(void **state)
{
    (void)state;
    ob_err err;
    for (size_t i = 0; i < OB_COUNT(mutators); i++) {
        assert_ok(reads("one_of", mutators[i].name, &err));
        assert_ok(reads("chain", mutators[i].name, &err));
    }
    assert_fails(reads("one_of", "spaced", &err), OB_ERR_INPUT, "unknown coding 'spaced'");
}

/* The text as the service gets it; turns of a session are joined by a newline. */
static void mutate(const char *name, ob_span text, ob_rng *rng, ob_buf *out)
{
    ob_err err;
    ob_buf_reset(out);
    if (strcmp(name, OB_SPLIT_TURNS) != 0) {
        assert_ok(ob_coding_find(ob_span_str(name))->encode(text, rng, out, &err));
        return;
    }
    unsigned parts = 2 + (unsigned)ob_rng_below(rng, 3);
    for (unsigned part = 0; part < parts; part++) {
        ob_buf_add_str(out, part > 0 ? "\n" : "");
        ob_buf_add(out, ob_choice_part(text, part, parts));
    }
}

/* Whether some reading of the text holds the sentence; a cut leaves a blank and a newline. */
static bool reads_back(ob_span coded, ob_span sentence)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_views views;
    ob_err err;
    bool found = false;
    assert_ok(ob_decode_all(&views, &arena, coded, &err));
    for (size_t i = 0; i < views.count && !found; i++) {
        OB_AUTO(ob_buf) flat = {.max = 1 << 20};
        ob_span text = views.items[i].text;
        for (size_t k = 0; k < text.len; k++) {
            if (text.ptr[k] != '\n') {
                ob_buf_add_char(&flat, text.ptr[k]);
            }
        }
        found = ob_span_find_nocase(ob_buf_span(&flat), sentence, 0) != SIZE_MAX;
    }
    return found;
}

static void what_was_hidden_is_found(void **state)
{
    (void)state;
    ob_rng rng;
    ob_err err;
    OB_AUTO(ob_buf) coded = {.max = 1 << 20};
    assert_ok(ob_rng_init(&rng, OB_SPAN("mutators"), OB_SPAN("back"), &err));
    for (size_t i = 0; i < OB_COUNT(mutators); i++) {
        for (int round = 0; round < 60; round++) {
            static const ob_span sentence = {"Please read that note aloud now", 31};
            char value[24];
            char line[80];
            (void)snprintf(value, sizeof value, "OMB-%016llx",
                           (unsigned long long)ob_rng_u64(&rng));
            (void)snprintf(line, sizeof line, "Please read the note %s aloud", value);
            mutate(mutators[i].name, ob_span_str(line), &rng, &coded);
            OB_AUTO(ob_arena) arena = {0};
            ob_canary_hit hit = {0};
            bool found = false;
            assert_ok(ob_canary_find(&arena, ob_buf_span(&coded), ob_span_str(value), OB_SPAN(""),
                                     &hit, &found, &err));
            if (!found) {
                fail_msg("%s hides a value: %s", mutators[i].name, coded.ptr);
            }
            mutate(mutators[i].name, sentence, &rng, &coded);
            if (mutators[i].whole && !reads_back(ob_buf_span(&coded), sentence)) {
                fail_msg("%s hides words: %s", mutators[i].name, coded.ptr);
            }
        }
    }
}

static void parts_make_the_whole(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "a", "One two three four five six",
                                        "我想查询我的账单，然后请把它读给我听。"};
    for (size_t i = 0; i < OB_COUNT(texts); i++) {
        for (unsigned parts = 1; parts <= 4; parts++) {
            OB_AUTO(ob_buf) whole = {.max = 1000};
            for (unsigned part = 0; part < parts; part++) {
                ob_span piece = ob_choice_part(ob_span_str(texts[i]), part, parts);
                assert_int_equal(ob_utf8_bad(piece), SIZE_MAX);
                ob_buf_add(&whole, piece);
            }
            assert_true(ob_span_is_str(ob_buf_span(&whole), texts[i]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_name_is_known),
        cmocka_unit_test(what_was_hidden_is_found),
        cmocka_unit_test(parts_make_the_whole),
    };
    return cmocka_run_group_tests_name("mutators", tests, NULL, NULL);
}
