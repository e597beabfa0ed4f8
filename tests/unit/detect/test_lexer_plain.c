/* SPDX-License-Identifier: Apache-2.0 */
/* The quick ways over plain text: the masks, the table and the sieve of Han characters, and that a
 * text is cut as it would be word by word. */
#include "detect/han.h"
#include "detect/lexer_core.h"
#include "detect/lexer_masks.h"
#include "detect/name_words.h"
#include "detect/runes.h"

#include "ob_test.h"

static ob_detector *detector;

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void check_masks(const char *bytes)
{
    uint64_t lower = 0;
    uint64_t blank = 0;
    for (unsigned i = 0; i < OBI_MASKS_LEN; i++) {
        lower |= (uint64_t)(bytes[i] >= 'a' && bytes[i] <= 'z') << i;
        blank |= (uint64_t)(bytes[i] == ' ') << i;
    }
    obi_masks quick = obi_masks_of(bytes);
    obi_masks portable = obi_masks_portable(bytes);
    assert_true(quick.lower == lower && quick.blank == blank);
    assert_true(portable.lower == lower && portable.blank == blank);
}

/* Every byte at every place, and random ones at every alignment. */
static void test_masks(void **state)
{
    (void)state;
    char bytes[OBI_MASKS_LEN * 2];
    for (unsigned value = 0; value < 256; value++) {
        for (unsigned place = 0; place < OBI_MASKS_LEN; place++) {
            memset(bytes, value % 2 == 0 ? 'z' : ' ', sizeof bytes);
            bytes[place] = (char)value;
            check_masks(bytes);
        }
    }
    static const char near[] = "az{`AZ[@ !\x1f\x80\xa0\xff\xe1\xfa";
    uint32_t random = 20261126;
    for (unsigned round = 0; round < 200; round++) {
        for (size_t i = 0; i < sizeof bytes; i++) {
            uint32_t some = next_random(&random);
            bytes[i] = round % 2 == 0 ? near[some % (sizeof near - 1)] : (char)(some >> 8);
        }
        for (unsigned at = 0; at < OBI_MASKS_LEN; at++) {
            check_masks(bytes + at);
        }
    }
}

static size_t put(char *out, uint32_t rune)
{
    out[0] = (char)(0xe0 | rune >> 12);
    out[1] = (char)(0x80 | (rune >> 6 & 63));
    out[2] = (char)(0x80 | (rune & 63));
    return 3;
}

/* What the table and the sieve let pass opens nothing. */
static void test_han(void **state)
{
    (void)state;
    const uint32_t end = OBI_HAN_FIRST + OBI_HAN_WORDS * 64;
    const unsigned opened = OBI_HAN_NAME | OBI_HAN_ADDRESS | OBI_HAN_PLACE;
    char pair[6];
    size_t passed = 0;
    for (uint32_t second = OBI_HAN_FIRST; second < end; second++) {
        unsigned step = obi_han_step(second);
        (void)put(pair + 3, second);
        assert_int_equal(obi_rune_of_four(pair + 2), 0);
        assert_int_equal((step & OBI_HAN_NUMERAL) != 0, obi_rune(second) != OBI_RUNE_ALONE);
        if ((step & OBI_HAN_OPENS) == 0) {
            (void)put(pair, OBI_HAN_FIRST);
            unsigned open = obi_han_open((ob_span){pair, sizeof pair}, sizeof pair);
            assert_int_equal(open & ~(unsigned)OBI_HAN_BEGINS, 0);
            assert_int_equal(obi_han_waits(second), open != 0);
            continue;
        }
        for (uint32_t first = OBI_HAN_FIRST; first < end; first++) {
            if (!obi_han_pair(first, second)) {
                (void)put(pair, first);
                passed++;
                if ((obi_han_open((ob_span){pair, sizeof pair}, sizeof pair) & opened) != 0) {
                    fail_msg("U+%04X U+%04X", first, second);
                }
            }
        }
    }
    assert_true(passed > 1000000);
}

/* As obi_lex, word by word and character by character; the text is whole and holds no brackets and
 * no sign that stands alone. */
static bool lex_slowly(obi_lexer *lexer, ob_span text, size_t *at, obi_segment *segment)
{
    while (*at < text.len) {
        size_t start = *at;
        bool more = false;
        bool high = (unsigned char)text.ptr[*at] >= 0x80;
        obi_rune_at rune = {.len = 1, .glyph = obi_glyphs[(unsigned char)text.ptr[*at]]};
        rune = high ? obi_rune_look(text, *at, true) : rune;
        if (high && lexer->label == 0 && *at > 0 && (unsigned char)text.ptr[*at - 1] < 0x80 &&
            obi_name_announced(text, *at)) {
            lexer->label = OBI_HAN_NAME;
            lexer->gap = 0;
            lexer->colon = true;
        }
        if (rune.len == 3 && (rune.glyph == OBI_GLYPH_ALONE || rune.glyph == OBI_GLYPH_NUMERAL)) {
            unsigned what = obi_han_begins(lexer, text, at, rune.rune, true, &more);
            lexer->rest = false;
            if (what == 0 && rune.glyph == OBI_GLYPH_ALONE) {
                continue;
            }
            *at = start;
            if (what != 0) {
                assert_true(what == OBI_HAN_PLATE
                                ? obi_lex_plate(text, *at, true, segment)
                                : obi_lex_han(text, *at, true, what, lexer->colon, segment));
                lexer->label = 0;
                segment->seen = segment->end == start ? 0 : segment->seen;
                *at = segment->end == start ? start + 3 : segment->end;
                if (segment->seen != 0) {
                    return true;
                }
                continue;
            }
        }
        /* Of these the answer is their own: a value behind "is", and "I" in front of "of". */
        bool lone = rune.glyph == OBI_GLYPH_UPPER && *at + 1 < text.len && text.ptr[*at + 1] == ' ';
        size_t end = rune.glyph == OBI_GLYPH_LOWER ? obi_skip_lower(lexer, text, *at)
                     : lone                        ? obi_skip_capital(lexer, text, *at)
                                                   : *at;
        if (end > *at) {
            *at = end;
            lexer->label = 0;
            continue;
        }
        if (rune.glyph < OBI_GLYPH_ALONE) {
            assert_true(obi_lex_word(lexer, text, *at, true, segment));
            lexer->label = 0;
            *at = segment->end;
            if (segment->seen != 0) {
                return true;
            }
            continue;
        }
        lexer->rest = false;
        lexer->colon = lexer->colon || rune.glyph == OBI_GLYPH_COLON;
        lexer->label = lexer->gap < 4 ? lexer->label : 0;
        lexer->gap = lexer->gap < 4 ? (uint8_t)(lexer->gap + 1) : lexer->gap;
        *at += rune.len;
    }
    return false;
}

static const char *const pieces[] = {
    " ",
    " ",
    " ",
    " ",
    " ",
    " ",
    ", ",
    ". ",
    "? ",
    "! ",
    "\n- ",
    "* ",
    "- ",
    "## ",
    "###",
    "\n",
    "  ",
    "; ",
    "\"",
    ">",
    "the",
    "line",
    "please",
    "is",
    "was",
    "name is",
    "a",
    "y",
    "I",
    "A",
    "one",
    "three",
    "march",
    "may",
    "rue",
    "december",
    "decemberish",
    "of",
    "don't",
    "well-known",
    "abcdefghijklmnopqrstuvw",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "The",
    "What",
    "Thanks",
    "Maria",
    "SIM",
    "12",
    "4111",
    "key=x",
    "caf\u00e9",
    "a@b.example",
    "?",
    "!",
    "\u7684", /* a word without weight, and what is in labels and places */
    "\u7684",
    "\u5fd9\u70e6\u4f60",
    "\u3002",
    "\uff0c",
    "\uff1a",
    "\u4e00",
    "\u4e8c",
    "\u4e00\u4e8c\u4e00\u4e8c\u4e00\u4e8c",
    "\u4e09\u4e9a",
    "\u5341",
    "\u662f",
    "\u6211\u53eb\u738b\u5c0f\u660e",
    "\u6709\u4eba",
    "\u4f4f\u5728",
    "\u5317\u4eac",
    "\u5317",
    "\u4eac",
    "\u6df1",
    "\u6df1\u5733",
    "\u59d3\u540d",
    "\u3042",
    "\ud55c",
};

static size_t make_text(uint32_t *random, char *out, size_t cap)
{
    size_t len = 0;
    for (unsigned parts = next_random(random) % 40; parts > 0; parts--) {
        const char *piece = pieces[next_random(random) % OB_COUNT(pieces)];
        if (len + strlen(piece) <= cap) {
            memcpy(out + len, piece, strlen(piece));
            len += strlen(piece);
        }
    }
    return len;
}

static void test_walk(void **state)
{
    (void)state;
    uint32_t random = 7;
    size_t segments = 0;
    for (unsigned round = 0; round < 30000; round++) {
        char bytes[2000];
        ob_span text = {bytes, make_text(&random, bytes, sizeof bytes)};
        obi_lexer quick = {.detector = detector};
        obi_lexer slow = quick;
        size_t quick_at = 0;
        size_t slow_at = 0;
        for (bool goes_on = true; goes_on; segments++) {
            obi_segment ours = {0};
            obi_segment theirs = {0};
            goes_on = obi_lex(&quick, text, &quick_at, true, &ours);
            bool same = goes_on == lex_slowly(&slow, text, &slow_at, &theirs) &&
                        quick_at == slow_at && quick.label == slow.label && quick.rest == slow.rest;
            if (!same || (goes_on && (ours.start != theirs.start || ours.end != theirs.end ||
                                      ours.seen != theirs.seen))) {
                fail_msg("round %u: %zu to %zu, not %zu to %zu, of: %.*s", round, ours.start,
                         quick_at, theirs.start, slow_at, (int)text.len, text.ptr);
            }
        }
    }
    assert_true(segments > 50000);
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
        cmocka_unit_test(test_masks),
        cmocka_unit_test(test_han),
        cmocka_unit_test(test_walk),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
