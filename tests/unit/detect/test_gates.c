/* SPDX-License-Identifier: Apache-2.0 */
/* What is passed over without a closer look: each gate agrees with what it stands for. */
#include "ob_test.h"

#include "detect/breaks.h"
#include "detect/secrets.h"
#include "detect/words.h"

#include <ombud/decode.h>

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static void test_breaks(void **state)
{
    (void)state;
    for (int i = 0; i < 256; i++) {
        char c = (char)i;
        bool sign = c != '\0' && strchr("\"(),;<>[]{}|`", c) != NULL;
        assert_int_equal(obi_breaks(c),
                         sign || c == '\0' || c == ' ' || (i >= '\t' && i <= '\n') || c == '\r');
        assert_int_equal(obi_is_plain(c), i > ' ' && i <= '~' && !sign);
    }
}

/* Each character alone and all of them, also in texts that are longer than one sum. */
static void test_tally(void **state)
{
    (void)state;
    static char text[3000];
    static obi_scan scan;
    uint32_t seed = 3;
    for (size_t round = 0; round < 600; round++) {
        obi_tally wanted = {.counted = true};
        size_t len = round < 256 ? 1 : round * 5;
        size_t from = round < 256 ? 0 : round % 9;
        for (size_t i = 0; i < len; i++) {
            char c = round < 256 ? (char)round
                                 : "09azAZ.:-<>/'\xe4 "[next_random(&seed) % (round % 15 + 1)];
            text[i] = c;
            if (i >= from) {
                wanted.digits = (uint16_t)(wanted.digits + (c >= '0' && c <= '9'));
                wanted.letters =
                    (uint16_t)(wanted.letters + ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')));
                wanted.dots = (uint16_t)(wanted.dots + (c == '.'));
                wanted.colons = (uint16_t)(wanted.colons + (c == ':'));
                wanted.hyphens = (uint16_t)(wanted.hyphens + (c == '-'));
                wanted.angles = (uint16_t)(wanted.angles + (c == '<'));
            }
        }
        scan = (obi_scan){.text = {text, len}, .from = from};
        for (int again = 0; again < 2; again++) {
            const obi_tally *tally = obi_scan_tally(&scan);
            assert_true(tally->counted);
            assert_int_equal(tally->digits, wanted.digits);
            assert_int_equal(tally->letters, wanted.letters);
            assert_int_equal(tally->dots, wanted.dots);
            assert_int_equal(tally->colons, wanted.colons);
            assert_int_equal(tally->hyphens, wanted.hyphens);
            assert_int_equal(tally->angles, wanted.angles);
        }
    }
}

/* What cannot be a secret right behind a label is refused by all labels there. */
static void test_alone(void **state)
{
    (void)state;
    static const char *const alphabets[] = {"aB3",
                                            "abcdefABCDEF0123456789",
                                            "abc-:",
                                            "0123456789",
                                            "xYz!@$%9",
                                            "abcdefghij_./,;:'",
                                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
                                            "abcdef:0123456789",
                                            "abcdefghijklmnopqrstuvwxyz0123456789-_.",
                                            "aA1\xc3\xa9",
                                            "fcadbe"};
    uint32_t seed = 5;
    size_t secrets = 0;
    size_t refused = 0;
    for (size_t round = 0; round < 60000; round++) {
        const char *set = alphabets[round % OB_COUNT(alphabets)];
        char value[48];
        size_t len = next_random(&seed) % sizeof value;
        for (size_t i = 0; i < len; i++) {
            value[i] = set[next_random(&seed) % strlen(set)];
        }
        if (len == 17 && (round & 16) != 0) { /* a name and a password of a package server */
            value[8] = ':';
        }
        if (len == 36 && (round & 16) != 0) {
            value[8] = value[13] = value[18] = value[23] = '-';
        }
        unsigned label =
            (next_random(&seed) & 15) | OBI_LABEL_DIRECT | ((round & 32) != 0 ? OBI_LABEL_ID : 0);
        bool secret = obi_secret_value((ob_span){value, len}, label) != OB_VALID_NO;
        bool may = obi_secret_alone((ob_span){value, len});
        if (secret && !may) {
            fail_msg("%.*s is one for label %u", (int)len, value, label);
        }
        secrets += secret;
        refused += !may;
    }
    assert_true(secrets > 300 && refused > 6000);
}

/* What no label makes a secret is none beside any. */
static void test_never(void **state)
{
    (void)state;
    static const char *const sets[] = {"aB",          "aBcDeF1", "0123456789", "0123456789-:.!",
                                       "abcdefghijk", "abcXYZ",  "a1!",        "!@#",
                                       "aB.-",        "\u00e9a1"};
    uint32_t seed = 11;
    size_t secrets = 0;
    size_t refused = 0;
    for (size_t round = 0; round < 60000; round++) {
        char value[40];
        const char *set = sets[next_random(&seed) % OB_COUNT(sets)];
        size_t len = 5 + next_random(&seed) % (round % 4 == 0 ? 35 : 14);
        for (size_t i = 0; i < len; i++) {
            value[i] = set[next_random(&seed) % strlen(set)];
        }
        unsigned label = next_random(&seed) & 0xffff;
        bool secret = obi_secret_value((ob_span){value, len}, label) != OB_VALID_NO;
        bool never = obi_secret_never((ob_span){value, len});
        if (secret && never) {
            fail_msg("%.*s is one for label %u", (int)len, value, label);
        }
        secrets += secret;
        refused += never;
    }
    assert_true(secrets > 1000 && refused > 6000);
}

/* A word is read as where the text is too short behind it for the quick way. */
static void test_words(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a", "word", "B", "7", "2026", ".",  "?", "!", "-",
                                         "<", "&",    ";", ",", " ",    "\n", "(", ":", "\u00e9"};
    uint32_t seed = 13;
    size_t quick = 0;
    for (size_t round = 0; round < 60000; round++) {
        char text[64] = "";
        size_t len = 0;
        while (len < 24) {
            const char *piece = pieces[next_random(&seed) % OB_COUNT(pieces)];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        memcpy(text + len, "  0123456789abcdef", 18);
        obi_word one = {0};
        obi_word other = {0};
        assert_true(obi_word_read((ob_span){text, len + 18}, 0, OB_HOLD_MAX, true, &one));
        size_t most = one.end + 2; /* what says that it has ended */
        assert_true(obi_word_read((ob_span){text, most}, 0, OB_HOLD_MAX, true, &other));
        quick += one.end > 0 && one.end < 16 && most <= 16;
        assert_memory_equal(&one, &other, sizeof one);
    }
    assert_true(quick > 10000);
}

/* Every numeral is read, whatever page it is on. */
static void test_numerals(void **state)
{
    (void)state;
    static const char text[] =
        "\u3007 \u96f6 \u25cb \u4e00 \u5e7a \u4e8c \u4e24 \u5169 \u4e09 \u56db "
        "\u4e94 \u516d \u4e03 \u516b \u4e5d \u58f9 \u8d30 \u53c1 \u8086 \u4f0d "
        "\u9646 \u67d2 \u634c \u7396 \u58f1 \u8cb3 \u5f10 \u53c3 \u53c4 \u53c2 "
        "\u9678";
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {.cap = 1 << 20};
    ob_views views = {0};
    assert_true(ob_decode_all(&views, &arena, OB_SPAN(text), &err));
    bool found = false;
    for (size_t i = 0; i < views.count; i++) {
        ob_span view = views.items[i].text;
        found = found || ob_span_is_str(view, "0001122234567891234567891223336");
    }
    assert_true(found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_breaks), cmocka_unit_test(test_tally),
        cmocka_unit_test(test_alone),  cmocka_unit_test(test_never),
        cmocka_unit_test(test_words),  cmocka_unit_test(test_numerals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
