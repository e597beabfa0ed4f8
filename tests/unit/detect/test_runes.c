/* SPDX-License-Identifier: Apache-2.0 */
/* The table of runes against the Unicode data of another source (ICU), and against the normal form.
 */
#include "detect/codings.h"
#include "detect/runes.h"
#include "ob_test.h"

#include <unicode/uchar.h>

/* Not yet assigned in the data that the table was made from. */
static bool is_newer(uint32_t rune)
{
    UVersionInfo age;
    u_charAge((UChar32)rune, age);
    return age[0] == 0 || age[0] > 14;
}

static bool is_rune(uint32_t rune)
{
    return (rune < 0xd800 || rune > 0xdfff) && !is_newer(rune);
}

static void test_ignorable(void **state)
{
    (void)state;
    for (uint32_t rune = 0x80; rune < 0x110000; rune++) {
        uint8_t is = obi_rune(rune);
        bool hidden = is == OBI_RUNE_INVISIBLE || is == OBI_RUNE_HIDING;
        if (u_hasBinaryProperty((UChar32)rune, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) && !hidden) {
            fail_msg("U+%04X is ignorable and not invisible", rune);
        }
        int8_t category = u_charType((UChar32)rune);
        bool mark = (rune >= 0x300 && rune <= 0x36f) || (rune >= 0x20d0 && rune <= 0x20ff);
        if (hidden && !mark && !is_newer(rune) && category != U_FORMAT_CHAR &&
            !u_hasBinaryProperty((UChar32)rune, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) {
            fail_msg("U+%04X is invisible without being ignorable", rune);
        }
    }
}

static void test_letters(void **state)
{
    (void)state;
    for (uint32_t rune = 0x80; rune < 0x20000; rune++) {
        uint8_t is = obi_rune(rune);
        if (is_rune(rune) && is == OBI_RUNE_WORD && rune != 0x2019 && rune != 0xb7 &&
            rune != 0x30fb && (U_GET_GC_MASK((UChar32)rune) & (U_GC_L_MASK | U_GC_M_MASK)) == 0) {
            fail_msg("U+%04X is in words and no letter", rune);
        }
        if (is_rune(rune) && (is == OBI_RUNE_SPACE) != (u_isUWhiteSpace((UChar32)rune) != 0)) {
            fail_msg("U+%04X: white space", rune);
        }
    }
    const uint32_t unspaced[] = {0x4e2d, 0x9fff, 0x3042, 0x30a2, 0xac00, 0xe01, 0x1f600, 0x20000};
    for (size_t i = 0; i < OB_COUNT(unspaced); i++) {
        assert_int_equal(obi_rune(unspaced[i]), OBI_RUNE_ALONE);
    }
}

static void test_digits(void **state)
{
    (void)state;
    for (uint32_t rune = 0x80; rune < 0x20000; rune++) {
        if (is_rune(rune) && u_charType((UChar32)rune) == U_DECIMAL_DIGIT_NUMBER &&
            obi_rune(rune) != '0' + u_charDigitValue((UChar32)rune)) {
            fail_msg("U+%04X is no digit", rune);
        }
    }
    assert_int_equal(obi_rune(0x2460), '1'); /* circled */
    assert_int_equal(obi_rune(0x24ea), '0');
    assert_int_equal(obi_rune(0x1d7ce), '0'); /* mathematical */
    const uint32_t numerals[] = {0x3007, 0x96f6, 0x5e7a, 0x5169, 0x4e24, 0x58f9, 0x9678};
    for (size_t i = 0; i < OB_COUNT(numerals); i++) {
        assert_int_equal(obi_rune(numerals[i]), OBI_RUNE_NUMERAL);
    }
}

/* What the normal form makes of one rune: that many bytes in out, or SIZE_MAX if it stays. */
static size_t folded(ob_arena *arena, uint32_t rune, char out[64])
{
    char bytes[4];
    uint32_t map[5] = {0, 1, 2, 3, 4};
    ob_view items[4] = {{.text = {bytes, ob_utf8_put(rune, bytes)}, .map = map}};
    ob_views views = {.arena = arena, .items = items, .count = 1, .cap = 4};
    ob_err err = {0};
    assert_true(obi_fold_all(&views, &items[0], &err));
    if (views.count == 1) {
        return SIZE_MAX;
    }
    assert_true(items[1].text.len <= 64);
    memcpy(out, items[1].text.ptr, items[1].text.len);
    return items[1].text.len;
}

/* What the lexer takes for a character of ASCII becomes that character, and the other way round. */
static void test_folds(void **state)
{
    (void)state;
    ob_arena arena = {0};
    for (uint32_t rune = 0x80; rune < 0x20000; rune++) {
        if (!is_rune(rune) || (rune >= 0x1f1e6 && rune < 0x1f200)) {
            continue; /* flags are symbols for the lexer */
        }
        char out[64];
        size_t len = folded(&arena, rune, out);
        uint8_t is = obi_rune(rune);
        bool plain = len == 1 && out[0] > ' ' && out[0] < 0x7f;
        if (is > OBI_RUNE_HIDING && !(plain && (uint8_t)out[0] == is)) {
            fail_msg("U+%04X is '%c' and is not folded to it", rune, is);
        }
        if (plain && is != (uint8_t)out[0] && is != OBI_RUNE_POINT && is != OBI_RUNE_COLON) {
            fail_msg("U+%04X is folded to '%c' and is %u", rune, out[0], is);
        }
        if (plain && is == OBI_RUNE_COLON && out[0] != ':' && out[0] != '=') {
            fail_msg("U+%04X is no colon", rune);
        }
        if (rune % 1024 == 0) {
            ob_arena_reset(&arena);
        }
    }
    ob_arena_fini(&arena);
}

static void test_bytes(void **state)
{
    (void)state;
    for (uint32_t rune = 0x1000; rune < 0x10000; rune++) {
        char bytes[4];
        if (rune < 0xd800 || rune > 0xdfff) {
            assert_int_equal(ob_utf8_put(rune, bytes), 3);
            assert_int_equal(obi_rune3(bytes), obi_rune(rune));
        }
    }
    assert_int_equal(obi_rune(0xff1a), OBI_RUNE_COLON);
    assert_int_equal(obi_rune(0xff0c), OBI_RUNE_POINT);
    assert_int_equal(obi_rune(0xff20), '@');
    assert_int_equal(obi_rune(0x202e), OBI_RUNE_HIDING);
    assert_int_equal(obi_rune(0xe0041), OBI_RUNE_HIDING);
    assert_int_equal(obi_rune(0xe0100), OBI_RUNE_HIDING);
    assert_int_equal(obi_rune(0xe01f0), OBI_RUNE_INVISIBLE);
    assert_int_equal(obi_rune(0x10ffff), OBI_RUNE_ALONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ignorable), cmocka_unit_test(test_letters),
        cmocka_unit_test(test_digits),    cmocka_unit_test(test_folds),
        cmocka_unit_test(test_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
