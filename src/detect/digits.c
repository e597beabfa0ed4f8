/* SPDX-License-Identifier: Apache-2.0 */
/* Digits as words: English, German, Spanish and French, and Chinese numerals read one by one. */
#include "detect/codings.h"

/* The shortest first. */
#define WORD(text, sign)                 \
    {                                    \
        (text), sizeof(text) - 1, (sign) \
    }

static const struct {
    const char *word;
    size_t len;
    char digit;
} words[] = {
    WORD("dos", '2'),   WORD("one", '1'),    WORD("six", '6'),    WORD("two", '2'),
    WORD("uno", '1'),   WORD("acht", '8'),   WORD("cero", '0'),   WORD("cinq", '5'),
    WORD("deux", '2'),  WORD("drei", '3'),   WORD("eins", '1'),   WORD("five", '5'),
    WORD("four", '4'),  WORD("huit", '8'),   WORD("neuf", '9'),   WORD("neun", '9'),
    WORD("nine", '9'),  WORD("null", '0'),   WORD("ocho", '8'),   WORD("seis", '6'),
    WORD("sept", '7'),  WORD("tres", '3'),   WORD("vier", '4'),   WORD("zero", '0'),
    WORD("zwei", '2'),  WORD("cinco", '5'),  WORD("eight", '8'),  WORD("nueve", '9'),
    WORD("sechs", '6'), WORD("seven", '7'),  WORD("siete", '7'),  WORD("three", '3'),
    WORD("trois", '3'), WORD("cuatro", '4'), WORD("quatre", '4'), WORD("sieben", '7'),
};

#define LETTER(c) ((uint32_t)1 << ((c) - 'a'))

/* First letters of the words, by their length. */
static const uint32_t firsts[] = {
    [3] = LETTER('d') | LETTER('o') | LETTER('s') | LETTER('t') | LETTER('u'),
    [4] = LETTER('a') | LETTER('c') | LETTER('d') | LETTER('e') | LETTER('f') | LETTER('h') |
          LETTER('n') | LETTER('o') | LETTER('s') | LETTER('t') | LETTER('v') | LETTER('z'),
    [5] = LETTER('c') | LETTER('e') | LETTER('n') | LETTER('s') | LETTER('t'),
    [6] = LETTER('c') | LETTER('q') | LETTER('s'),
};

/* As they are written, then as on cheques: simplified, traditional, Japanese. scripts/rune-table
 * reads this table. */
static const struct {
    uint32_t rune;
    char digit;
} numerals[] = {{0x3007, '0'}, {0x96f6, '0'}, {0x25cb, '0'}, {0x4e00, '1'}, {0x5e7a, '1'},
                {0x4e8c, '2'}, {0x4e24, '2'}, {0x5169, '2'}, {0x4e09, '3'}, {0x56db, '4'},
                {0x4e94, '5'}, {0x516d, '6'}, {0x4e03, '7'}, {0x516b, '8'}, {0x4e5d, '9'},
                {0x58f9, '1'}, {0x8d30, '2'}, {0x53c1, '3'}, {0x8086, '4'}, {0x4f0d, '5'},
                {0x9646, '6'}, {0x67d2, '7'}, {0x634c, '8'}, {0x7396, '9'}, {0x58f1, '1'},
                {0x8cb3, '2'}, {0x5f10, '2'}, {0x53c3, '3'}, {0x53c4, '3'}, {0x53c2, '3'},
                {0x9678, '6'}};

#define PAGE(page) (UINT64_C(1) << (page) % 64)

/* A bit for each 256 characters among which are numerals, from U+0000 on: other characters, which
 * are most, need no look at the table. */
static const uint64_t pages[] = {
    PAGE(0x25) | PAGE(0x30),
    PAGE(0x4e) | PAGE(0x4f) | PAGE(0x51) | PAGE(0x53) | PAGE(0x56) | PAGE(0x58) | PAGE(0x5e) |
        PAGE(0x5f) | PAGE(0x63) | PAGE(0x67) | PAGE(0x73),
    PAGE(0x80) | PAGE(0x8c) | PAGE(0x8d) | PAGE(0x96),
};

static char numeral(uint32_t rune)
{
    if (rune >> 14 >= OB_COUNT(pages) || (pages[rune >> 14] >> (rune >> 8 & 63) & 1) == 0) {
        return 0;
    }
    for (size_t i = 0; i < OB_COUNT(numerals); i++) {
        if (numerals[i].rune == rune) {
            return numerals[i].digit;
        }
    }
    return 0;
}

static bool encode(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    static const uint32_t chinese[] = {0x3007, 0x4e00, 0x4e8c, 0x4e09, 0x56db,
                                       0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d};
    static const char *const english_words[] = {"zero", "one", "two",   "three", "four",
                                                "five", "six", "seven", "eight", "nine"};
    bool english = ob_rng_below(rng, 3) != 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!obi_is_digit(c)) {
            ob_buf_add_char(out, c);
        } else if (english) {
            ob_buf_add_char(out, ' ');
            ob_buf_add_str(out, english_words[c - '0']);
            ob_buf_add_char(out, ' ');
        } else {
            ob_buf_add_rune(out, chinese[c - '0']);
        }
    }
    return ob_buf_check(out, "encoded text", err);
}

/* The digit that starts at pos, a letter or beyond ASCII, as a whole word or a numeral; 0 if none.
 * *end is moved behind what was looked at in any case. */
static char digit_at(ob_span text, size_t pos, size_t *end)
{
    *end = pos;
    if ((unsigned char)text.ptr[pos] >= 0x80) {
        uint32_t rune = 0;
        (void)ob_utf8_next(text, end, &rune);
        return numeral(rune);
    }
    while (*end < text.len && (obi_class(text.ptr[*end]) & OBI_LETTER) != 0) {
        (*end)++;
    }
    ob_span word = {text.ptr + pos, *end - pos};
    char first = obi_lower(word.ptr[0]);
    if (word.len >= OB_COUNT(firsts) || (firsts[word.len] & LETTER(first)) == 0) {
        return 0;
    }
    for (size_t i = 0; i < OB_COUNT(words) && words[i].len <= word.len; i++) {
        if (words[i].word[0] == first && words[i].len == word.len &&
            ob_span_is_nocase(word, (ob_span){words[i].word, words[i].len})) {
            return words[i].digit;
        }
    }
    return 0;
}

static bool decode(ob_views *views, const ob_view *from, ob_err *err)
{
    ob_span text = from->text;
    obi_weave weave = {0};
    size_t copied = 0;
    if ((from->steps & OBI_STEP(digit_words)) != 0) {
        return true;
    }
    for (size_t pos = 0; pos < text.len;) {
        if ((obi_class(text.ptr[pos]) & (OBI_LETTER | OBI_HIGH)) == 0) {
            pos++;
            continue;
        }
        size_t end = pos;
        char digit = digit_at(text, pos, &end);
        if (digit == 0) {
            pos = end;
            continue;
        }
        if (weave.views == NULL && !obi_weave_start(&weave, views, from)) {
            return true;
        }
        /* White space between two digits in words goes, so that a number stands in one piece. */
        size_t gap = pos;
        while (gap > copied && text.ptr[gap - 1] == ' ') {
            gap--;
        }
        bool joined = copied > 0 && gap == copied;
        if ((!joined && !obi_weave_copy(&weave, copied, pos, err)) ||
            !obi_weave_put(&weave, (ob_span){&digit, 1}, pos, err)) {
            return false;
        }
        copied = end;
        pos = end;
    }
    return weave.views == NULL ||
           (obi_weave_copy(&weave, copied, text.len, err) &&
            obi_weave_done(&weave, text.len, OBI_STEP(digit_words), from->turned, err));
}

const ob_coding ob_coding_digit_words = {
    .name = "digit_words",
    .title = "Digits as words",
    .encode = encode,
    .decode = decode,
};
