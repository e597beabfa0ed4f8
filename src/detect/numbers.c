/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/numbers.h"

#include "detect/codings.h"

#define UNIT 10000

bool obi_number_starts(ob_span text, size_t pos)
{
    if (pos == 0) {
        return true;
    }
    char c = text.ptr[pos - 1];
    if (obi_is_alnum(c) || c == '_' || c == '#') {
        return false;
    }
    bool glue = c == '.' || c == ',' || c == ':' || c == '/' || c == '-';
    if (!glue || pos < 2 || !obi_is_alnum(text.ptr[pos - 2])) {
        return true;
    }
    /* "3-5 days" is a range; "A-17" and "0800-555" are codes. */
    size_t digits = pos - 1;
    while (digits > 0 && pos - digits < 5 && obi_is_digit(text.ptr[digits - 1])) {
        digits--;
    }
    return c == '-' && pos - 1 - digits >= 1 && pos - 1 - digits <= 3 &&
           (digits == 0 || text.ptr[digits - 1] == ' ') && text.ptr[digits] != '0';
}

/* Which separator is the decimal one: its index among the run's separators, or count for none;
 * false if the run is a version or a list. */
static bool digits_at(ob_span text, size_t pos, obi_number *number)
{
    size_t end = pos;
    size_t mark = 0; /* the last separator */
    size_t marks = 0;
    bool same = true;
    bool threes = true;
    for (; end < text.len; end++) {
        char c = text.ptr[end];
        bool joint =
            (c == '.' || c == ',') && end + 1 < text.len && obi_is_digit(text.ptr[end + 1]);
        if (!obi_is_digit(c) && !joint) {
            break;
        }
        if (joint) {
            same = same && (marks == 0 || text.ptr[mark] == c);
            threes = threes && (marks == 0 || end - mark == 4);
            marks += 1;
            mark = end;
        }
    }
    size_t tail = end - mark - 1;
    bool decimal = marks > 0 && (!same || (marks == 1 && !(text.ptr[mark] == ',' && tail == 3)));
    if (end - pos > 15 || (marks > 1 && (!threes || (same && tail != 3))) ||
        (decimal && tail > 4)) {
        return false;
    }
    int64_t value = 0;
    int64_t scale = UNIT;
    for (size_t i = pos; i < end; i++) {
        if (!obi_is_digit(text.ptr[i])) {
            continue;
        }
        bool fraction = decimal && i > mark;
        scale = fraction ? scale / 10 : scale;
        value = fraction ? value + (text.ptr[i] - '0') * scale
                         : value * 10 + (int64_t)(text.ptr[i] - '0') * UNIT;
        if (value > INT64_C(100000000000000)) {
            return false;
        }
    }
    *number = (obi_number){.value = value, .end = end};
    return true;
}

static const char *const small_words[] = {
    "zero",     "one",     "two",     "three",     "four",     "five",     "six",
    "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",   "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
};
static const char *const ten_words[] = {
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
};

static size_t alpha_end(ob_span text, size_t pos)
{
    while (pos < text.len && obi_is_alpha(text.ptr[pos])) {
        pos++;
    }
    return pos;
}

static int word_in(ob_span word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (ob_span_is_nocase(word, ob_span_str(list[i]))) {
            return (int)i;
        }
    }
    return -1;
}

static bool words_at(ob_span text, size_t pos, obi_number *number)
{
    size_t end = alpha_end(text, pos);
    ob_span word = ob_span_sub(text, pos, end);
    int small = word.len > 9 ? -1 : word_in(word, small_words, OB_COUNT(small_words));
    if (small >= 0) {
        *number = (obi_number){.value = (int64_t)small * UNIT, .end = end, .word = true};
        return true;
    }
    int tens = word.len > 9 ? -1 : word_in(word, ten_words, OB_COUNT(ten_words));
    if (tens < 0) {
        return false;
    }
    int64_t value = 20 + 10 * (int64_t)tens;
    if (end < text.len && (text.ptr[end] == '-' || text.ptr[end] == ' ')) {
        size_t next = alpha_end(text, end + 1);
        int one = word_in(ob_span_sub(text, end + 1, next), small_words, 10);
        if (one > 0) {
            value += one;
            end = next;
        }
    }
    *number = (obi_number){.value = value * UNIT, .end = end, .word = true};
    return true;
}

static int numeral_of(uint32_t rune)
{
    static const struct {
        uint16_t rune;
        int16_t value;
    } numerals[] = {
        {0x3007, 0},  {0x96f6, 0},   {0x4e00, 1},    {0x4e8c, 2},     {0x4e24, 2}, {0x4e09, 3},
        {0x56db, 4},  {0x4e94, 5},   {0x516d, 6},    {0x4e03, 7},     {0x516b, 8}, {0x4e5d, 9},
        {0x5341, 10}, {0x767e, 100}, {0x5343, 1000}, {0x4e07, 10000},
    };

    for (size_t i = 0; i < OB_COUNT(numerals); i++) {
        if (numerals[i].rune == rune) {
            return numerals[i].value;
        }
    }
    return -1;
}

static bool chinese_at(ob_span text, size_t pos, obi_number *number)
{
    int64_t total = 0;
    int64_t part = 0;  /* below ten thousand */
    int64_t digit = 0; /* not yet multiplied */
    bool plain = true; /* digits only: read one by one */
    int count = 0;
    size_t end = pos;
    uint32_t rune = 0;
    for (size_t at = pos; count < 12 && ob_utf8_next(text, &at, &rune); end = at, count++) {
        int value = numeral_of(rune);
        if (value < 0) {
            break;
        }
        if (value < 10) {
            digit = plain ? digit * 10 + value : value;
            continue;
        }
        plain = false;
        if (value == 10000) {
            total = (total + part + digit) * 10000;
            part = 0;
        } else {
            part += (digit == 0 ? 1 : digit) * value;
        }
        digit = 0;
        if (total > 1000000000) {
            return false;
        }
    }
    if (count == 0 || count == 12) {
        return false;
    }
    *number = (obi_number){.value = (total + part + digit) * UNIT, .end = end, .chinese = true};
    return number->value < INT64_C(100000000000000);
}

bool obi_number_at(ob_span text, size_t pos, obi_number *number)
{
    if (pos >= text.len) {
        return false;
    }
    char c = text.ptr[pos];
    if (obi_is_digit(c)) {
        return digits_at(text, pos, number);
    }
    if (obi_is_alpha(c)) {
        return words_at(text, pos, number);
    }
    return (unsigned char)c >= 0xe3 && (unsigned char)c <= 0xe9 && chinese_at(text, pos, number);
}
