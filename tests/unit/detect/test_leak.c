/* SPDX-License-Identifier: Apache-2.0 */
/* Planted values and instructions are found in all their forms and wherever a text is cut, and
 * nothing of a value leaves a stream. */
#include "ob_test.h"

#include "detect/kinds.h"
#include "detect/split_check.h"

#include <ombud/decode.h>
#include <string.h>

#define CODE   "OMB-0f1e2d3c4b5a6978"
#define PHRASE "blue lantern forty two"
#define NUMBER "4471902265"

static ob_detector *detector;
static ob_scanner *scanner;
static bool kinds[256];

static const char *const value_texts[] = {CODE, PHRASE, NUMBER};

static const char *const prompt_texts[] = {
    "You are Nova, the assistant of Example Telecom. Never tell a customer about the internal "
    "credit of thirty euros that agents may give without approval. Our shops are open from nine to "
    "six on weekdays and closed on all public holidays.",
    "请不要告诉客户任何关于内部折扣的信息，包括五十元的挽留优惠和主管批准的流程。",
};

static const char *const may_say_texts[] = {
    "Our shops are open from nine to six on weekdays and closed on all public holidays.",
};

static ob_span values[OB_COUNT(value_texts)];
static ob_span prompts[OB_COUNT(prompt_texts)];
static ob_span may_say[OB_COUNT(may_say_texts)];

static void spans(ob_span *to, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        to[i] = ob_span_str(texts[i]);
    }
}

static ob_scan_options options = {.min_score = 50,
                                  .kinds = kinds,
                                  .canaries = values,
                                  .canary_count = OB_COUNT(values),
                                  .prompts = prompts,
                                  .prompt_count = OB_COUNT(prompts),
                                  .prompt_exempt = may_say,
                                  .prompt_exempt_count = OB_COUNT(may_say)};

static int set_up(void **state)
{
    ob_err err = {0};
    (void)state;
    spans(values, value_texts, OB_COUNT(values));
    spans(prompts, prompt_texts, OB_COUNT(prompts));
    spans(may_say, may_say_texts, OB_COUNT(may_say));
    kinds[OB_KIND_CANARY] = true;
    kinds[OB_KIND_PROMPT_LEAK] = true;
    assert_ok(ob_detector_new(&detector, (ob_span){0}, NULL, &err));
    assert_ok(ob_scanner_new(&scanner, detector, &options, &err));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ob_scanner_free(scanner);
    ob_detector_free(detector);
    return 0;
}

static const struct {
    const char *text;
    const char *value; /* NULL: none */
    const char *steps;
} rows[] = {
    {"code " CODE " here", CODE, "as sent"},
    {"code omb0F1E2D3C4B5A6978 here", "omb0F1E2D3C4B5A6978", "as sent"},
    {"O M B 0 f 1 e 2 d 3 c 4 b 5 a 6 9 7 8 ok", "O M B 0 f 1 e 2 d 3 c 4 b 5 a 6 9 7 8",
     "spacing"},
    {"8796a5b4c3d2e1f0-BMO", "8796a5b4c3d2e1f0-BMO", "reversed"},
    {"BZO-0s1r2q3p4o5n6978", "BZO-0s1r2q3p4o5n6978", "rot13"},
    {"T01CLTBmMWUyZDNjNGI1YTY5Nzg= is it", "T01CLTBmMWUyZDNjNGI1YTY5Nzg=", "base64"},
    {"4f4d422d30663165326433633462356136393738", "4f4d422d30663165326433633462356136393738", "hex"},
    {"OMB%2D0f1e%32d3c4b%35a6978", "OMB%2D0f1e%32d3c4b%35a6978", "percent"},
    {"the value is blue lantern\nforty two, yes", "blue lantern\nforty two", "as sent"},
    {"The Blue Lantern, forty-two!", "Blue Lantern, forty-two", "as sent"},
    {"call 4471902265 now", NUMBER, "as sent"},
    {"call 44719022651 now", NULL, NULL},
    {"call 44719 02265", "44719 02265", "as sent"},
    {"blue lantern forty or two", NULL, NULL},
    {"OMB-0f1e2d3c4b5a697", NULL, NULL},
    {"a blue lantern; forty of them", NULL, NULL},
};

static void canaries(void **state)
{
    static split check;
    (void)state;
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_err err = {0};
        ob_span text = ob_span_str(rows[i].text);
        assert_ok(split_start(&check, detector, scanner, text, &err));
        if (check.hit_count != (rows[i].value != NULL)) {
            fail_msg("%s: %zu findings", rows[i].text, check.hit_count);
        }
        for (size_t at = 1; at < text.len; at++) {
            if (!split_once(&check, at, &err)) {
                fail_msg("%s, cut at %zu: %s", rows[i].text, at, err.text);
            }
        }
        if (!split_even(&check, 1, &err) || !split_even(&check, 3, &err)) {
            fail_msg("%s: %s", rows[i].text, err.text);
        }
        if (rows[i].value == NULL) {
            continue;
        }
        OB_AUTO(ob_buf) steps = {.max = 256};
        ob_steps_show(check.hits[0].steps, &steps);
        assert_span(ob_buf_span(&steps), rows[i].steps);
        assert_span(ob_span_sub(text, (size_t)check.hits[0].start, (size_t)check.hits[0].end),
                    rows[i].value);
    }
    ob_buf_fini(&check.want);
}

/* Behind anything, also where the lexer would cut a word of 256 bytes in its middle. */
static void behind_anything(void **state)
{
    static split check;
    (void)state;
    for (size_t len = 0; len < 600; len += 7) {
        ob_err err = {0};
        OB_AUTO(ob_buf) text = {.max = 2048};
        for (size_t i = 0; i < len; i++) {
            ob_buf_add_char(&text, (char)('a' + i % 25));
        }
        ob_buf_add(&text, OB_SPAN("x" CODE "x"));
        assert_ok(split_start(&check, detector, scanner, ob_buf_span(&text), &err));
        if (check.hit_count != 1 || check.hits[0].start != len + 1) {
            fail_msg("%zu bytes before: %zu findings", len, check.hit_count);
        }
        if (!split_even(&check, 1, &err) || !split_even(&check, 50, &err)) {
            fail_msg("%zu bytes before: %s", len, err.text);
        }
    }
    ob_buf_fini(&check.want);
}

typedef struct told {
    ob_hit hits[8];
    size_t count;
} told;

static bool tell(void *ctx, const ob_hit *hit, ob_err *err)
{
    told *all = ctx;
    (void)err;
    assert_true(all->count < OB_COUNT(all->hits));
    all->hits[all->count++] = *hit;
    return true;
}

static void same_in_pieces(ob_span text, const ob_hit *hits, size_t count)
{
    ob_hit want[8];
    assert_true(count <= OB_COUNT(want));
    memcpy(want, hits, count * sizeof *want);
    for (size_t size = 1; size < 40; size += 3) {
        told all = {.count = 0};
        ob_err err = {0};
        ob_scanner_start(scanner, &(ob_scan_sink){.ctx = &all, .hit = tell});
        for (size_t at = 0; at < text.len; at += size) {
            assert_ok(ob_scanner_feed(scanner, ob_span_sub(text, at, at + size), &err));
        }
        assert_ok(ob_scanner_end(scanner, &err));
        assert_int_equal(all.count, count);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(all.hits[i].start, want[i].start);
            assert_int_equal(all.hits[i].end, want[i].end);
            assert_int_equal(all.hits[i].score, want[i].score);
        }
    }
}

static void instructions(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        const char *value; /* NULL: none */
    } table[] = {
        {"My rules say: NEVER tell a customer about \"the internal credit of thirty euros\" that "
         "agents may give. Anything else?",
         "NEVER tell a customer about \"the internal credit of thirty euros\" that agents may "
         "give"},
        {"好的：不要告诉客户任何关于内部折扣的信息，包括五十元的优惠。",
         "不要告诉客户任何关于内部折扣的信息，包括五十元的"},
        {"Our shops are open from nine to six on weekdays and closed on all public holidays. Bye!",
         NULL},
        {"I may not tell a customer about the internal credit of anybody.", NULL},
        {"Agents may give thirty euros without approval, so never tell a customer.", NULL},
        {"关于内部折扣的信息，我不能说。", NULL},
    };

    for (size_t i = 0; i < OB_COUNT(table); i++) {
        const ob_hit *hits = NULL;
        size_t count = 0;
        ob_err err = {0};
        ob_span text = ob_span_str(table[i].text);
        assert_ok(ob_scanner_text(scanner, text, &hits, &count, &err));
        if (count != (table[i].value != NULL)) {
            fail_msg("%s: %zu findings", table[i].text, count);
        }
        if (count > 0) {
            assert_int_equal(hits[0].kind, OB_KIND_PROMPT_LEAK);
            assert_span(ob_span_sub(text, (size_t)hits[0].start, (size_t)hits[0].end),
                        table[i].value);
        }
        same_in_pieces(text, hits, count);
    }
}

/* Rows that lie far apart are no leak. */
static void far_apart(void **state)
{
    const ob_hit *hits = NULL;
    size_t count = 0;
    ob_err err = {0};
    OB_AUTO(ob_buf) text = {.max = 8192};
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        ob_buf_add(&text, OB_SPAN("tell a customer about the internal credit of "));
        for (unsigned k = 0; k < 60; k++) {
            ob_buf_addf(&text, "word%u ", k);
        }
    }
    assert_ok(ob_scanner_text(scanner, ob_buf_span(&text), &hits, &count, &err));
    assert_int_equal(count, 0);
}

static void refused(void **state)
{
    ob_scanner *none = NULL;
    ob_err err = {0};
    const ob_span bad[] = {OB_SPAN(CODE), OB_SPAN("short")};
    const ob_span few[] = {OB_SPAN("Be kind to all customers.")};
    (void)state;
    assert_false(ob_scanner_new(&none, detector,
                                &(ob_scan_options){.canaries = bad, .canary_count = 2}, &err));
    assert_int_equal(err.kind, OB_ERR_INPUT);
    assert_non_null(strstr(err.text, "canary 2"));
    err = (ob_err){0};
    assert_false(ob_scanner_new(&none, detector,
                                &(ob_scan_options){.prompts = few, .prompt_count = 1}, &err));
    assert_int_equal(err.kind, OB_ERR_INPUT);
    assert_null(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canaries),     cmocka_unit_test(behind_anything),
        cmocka_unit_test(instructions), cmocka_unit_test(far_apart),
        cmocka_unit_test(refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
