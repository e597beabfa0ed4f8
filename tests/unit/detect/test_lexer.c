/* SPDX-License-Identifier: Apache-2.0 */
/* Segments: what belongs together, what shows something, and that more text is asked for where it
 * could change the answer. */
#include "detect/lexer.h"

#include "ob_test.h"
#include <stdio.h>

typedef struct segment_case {
    const char *text;
    const char *segments; /* one behind the other, each in angle brackets */
} segment_case;

static const segment_case cases[] = {
    {"nothing to see here, really", ""},
    {"my card 4111 1111 1111 1111 was declined", "<4111 1111 1111 1111>"},
    {"call (201) 555-0123 or +44 7911 123456.", "<(201) 555-0123><+44 7911 123456.>"},
    {"201 - 555 - 0123 now", "<201 - 555 - 0123>"},
    {"pay DE89 3704 0044 0532 0130 00 please", "<DE89 3704 0044 0532 0130 00>"},
    {"from James Walker to you", "<James Walker>"},
    {"from Maria de la Cruz to you", "<Maria de la Cruz>"},
    {"a sentence. Capital letters begin it", ""},
    {"born on 12 March 1985 in town", "<12 March 1985>"},
    {"born on 1 de mayo de 1985 in town", "<1 de mayo de 1985>"},
    {"at 12 Maple Street, near us", "<12 Maple Street>"},
    {"the code: 1234", "<1234>"},
    {"my name is james walker and I pay", "<james walker and>"},
    {"key=abc, thanks", "<key=abc>"},
    {"four one one one two two", "<four one one one two two>"},
    {"4 1 1 1 2 2 and", "<4 1 1 1 2 2>"},
    {"a@example.org; b", "<a@example.org>"},
    {"&#52;&#49;&#49; is", "<&#52;&#49;&#49;>"},
    {"I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<"
     "<",
     "<I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<"
     "<<>"},
    /* Chinese: "my mobile number is 138..., thank you"; a label and a name; a date; a plate */
    {"\u6211\u7684\u624b\u673a\u53f713812345678\uff0c\u8c22\u8c22", "<13812345678>"},
    {"\u6211\u53eb\u738b\u5c0f\u660e\uff0c", "<\u738b\u5c0f\u660e>"},
    {"\u751f\u4e8e1985\u5e743\u670812\u65e5\u3002", "<1985\u5e743\u670812\u65e5>"},
    {"\u8f66\u724c\u4eacA12345\u3002", "<\u4eacA12345>"},
    {"\u4e00\u76f4\u6709\u4e09\u4e2a", ""}, /* numerals that are words */
    {"\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b",
     "<\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b>"},
    /* hidden: a zero-width space between digits, an override up to its end */
    {"4\u200b1\u200b1\u200b1 is", "<4\u200b1\u200b1\u200b1>"},
};

static ob_detector *detector;

static void collect(const char *text, size_t piece, char *out, size_t cap)
{
    obi_lexer lexer = {.detector = detector};
    ob_span whole = ob_span_str(text);
    size_t at = 0;
    size_t len = 0;
    for (size_t end = piece; len < cap; end += piece) {
        obi_segment segment;
        bool last = end >= whole.len;
        while (obi_lex(&lexer, ob_span_sub(whole, 0, end), &at, last, &segment)) {
            len += (size_t)snprintf(out + len, cap - len, "<%.*s>",
                                    (int)(segment.end - segment.start), text + segment.start);
        }
        if (last) {
            break;
        }
    }
    out[len] = '\0';
}

static void test_segments(void **state)
{
    (void)state;
    for (size_t i = 0; i < OB_COUNT(cases); i++) {
        for (size_t piece = 1; piece < 200; piece += piece < 8 ? 1 : 190) {
            char out[2048];
            collect(cases[i].text, piece, out, sizeof out);
            assert_string_equal(out, cases[i].segments);
        }
    }
}

/* A word longer than a segment is cut, and both halves say so. */
static void test_long_word(void **state)
{
    (void)state;
    char text[600];
    memset(text, 'a', sizeof text);
    memset(text, '7', 20);
    obi_lexer lexer = {.detector = detector};
    obi_segment segment;
    size_t at = 0;
    ob_span whole = {text, sizeof text};
    assert_true(obi_lex(&lexer, whole, &at, true, &segment));
    assert_int_equal(segment.end, OB_HOLD_MAX);
    assert_true((segment.seen & OBI_SEEN_CUT) != 0 && (segment.seen & OBI_SEEN_REST) == 0);
    assert_true(obi_lex(&lexer, whole, &at, true, &segment));
    assert_int_equal(segment.start, OB_HOLD_MAX);
    assert_true((segment.seen & OBI_SEEN_REST) != 0);
}

/* Plain prose leaves word by word: nothing but the unfinished word is held. */
static void test_delay(void **state)
{
    (void)state;
    static const char text[] = "please explain why this bill is higher than usual and";
    obi_lexer lexer = {.detector = detector};
    size_t at = 0;
    for (size_t end = 1; end < sizeof text; end++) {
        obi_segment segment;
        while (obi_lex(&lexer, (ob_span){text, end}, &at, false, &segment)) {
        }
        size_t word = end;
        while (word > 0 && text[word - 1] != ' ') {
            word--;
        }
        assert_true(at >= word);
    }
}

static int start(void **state)
{
    (void)state;
    ob_err err = {0};
    return ob_detector_new(&detector, (ob_span){0}, NULL, &err) ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    ob_detector_free(detector);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_segments),
        cmocka_unit_test(test_long_word),
        cmocka_unit_test(test_delay),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
