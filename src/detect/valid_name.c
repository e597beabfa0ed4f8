/* SPDX-License-Identifier: Apache-2.0 */
/* Names of people and postal addresses. Nothing proves either; what has their form is a MAYBE. */
#include "detect/han.h"
#include "detect/valid_core.h"

#include <ombud/text.h>

/* How many Han characters text has, and a dot inside as between the parts of a foreign name; 0 if
 * there is anything else. */
static size_t count_han(ob_span text)
{
    size_t count = 0;
    size_t at = 0;
    uint32_t rune = 0;
    bool dot = true;
    while (ob_utf8_next(text, &at, &rune)) {
        if (rune == 0xb7 && !dot) {
            dot = true;
        } else if (obi_is_han(rune)) {
            dot = false;
            count++;
        } else {
            return 0;
        }
    }
    return dot ? 0 : count;
}

static bool is_chinese_name(ob_span text)
{
    size_t count = count_han(text);
    size_t front = obi_han_surname(text);
    bool dotted = ob_span_find(text, OB_SPAN("\u00b7"), 0) != SIZE_MAX;
    return dotted ? count >= 4 && count <= 12 : front > 0 && count > front && count <= front + 2;
}

static bool is_letter(char c)
{
    return obi_is(c, OBI_LETTER) || (unsigned char)c >= 0x80;
}

/* One word of a name: a capital (or a letter beyond ASCII) and letters, with inner hyphens and
 * apostrophes; or an initial and a dot. */
static bool is_name_word(ob_span word)
{
    bool joined = true;
    if (word.len == 2 && obi_is(word.ptr[0], OBI_UPPER) && word.ptr[1] == '.') {
        return true;
    }
    if (word.len < 2 || word.len > 24 ||
        (!obi_is(word.ptr[0], OBI_UPPER) && (unsigned char)word.ptr[0] < 0xc3)) {
        return false;
    }
    for (size_t i = 0; i < word.len; i++) {
        bool letter = is_letter(word.ptr[i]);
        if (!letter && (joined || (word.ptr[i] != '-' && word.ptr[i] != '\''))) {
            return false;
        }
        joined = !letter;
    }
    return !joined;
}

static bool is_particle(ob_span word)
{
    static const char *const list[] = {"de",  "da", "di", "del", "della", "der", "den", "van",
                                       "von", "la", "le", "bin", "al",    "el",  "dos", "du"};
    for (size_t i = 0; i < OB_COUNT(list); i++) {
        if (ob_span_is_str(word, list[i])) {
            return true;
        }
    }
    return false;
}

static bool is_latin_name(ob_span text)
{
    ob_span rest = text;
    ob_span word = {0};
    size_t words = 0;
    size_t all = 0;
    size_t at = 0;
    uint32_t rune = 0;
    while (ob_utf8_next(text, &at, &rune)) {
        if (rune > 0x24f && (rune < 0x1e00 || rune > 0x1eff)) {
            return false; /* not the Latin script */
        }
    }
    while (ob_span_cut(&rest, ' ', &word)) {
        if (is_name_word(word)) {
            words++;
        } else if (!is_particle(word)) {
            return false;
        }
        all++;
    }
    return words >= 2 && words <= 4 && all <= 6 && is_name_word(word) && word.len > 1 &&
           word.ptr[word.len - 1] != '.' && text.ptr[text.len - 1] != ' ';
}

ob_valid obi_valid_name(ob_span value)
{
    return obi_maybe_if(is_chinese_name(value) || is_latin_name(value));
}

/* A name; also with its label, a colon or a blank, then behind a colon any two to six Han
 * characters. */
ob_valid obi_valid_name_cn(ob_span value)
{
    static const char *const labels[] = {
        "\u8054\u7cfb\u4eba",
        "\u6536\u4ef6\u4eba",
        "\u6301\u5361\u4eba",
        "\u59d3\u540d",
        "\u6237\u540d",
        "\u673a\u4e3b",
        "\u5ba2\u6237",
        "\u7528\u6237",
        "account holder",
        "customer",
        "contact",
        "name",
    };
    for (size_t i = 0; i < OB_COUNT(labels); i++) {
        ob_span label = ob_span_str(labels[i]);
        if (!ob_span_is_nocase(ob_span_sub(value, 0, label.len), label)) {
            continue;
        }
        ob_span rest = ob_span_sub(value, label.len, value.len);
        bool wide = ob_span_has_prefix(rest, OB_SPAN("\uff1a"));
        bool colon = wide || ob_span_has_prefix(rest, OB_SPAN(":"));
        rest = ob_span_trim(ob_span_sub(rest, wide ? 3 : colon ? 1 : 0, rest.len));
        size_t han = count_han(rest);
        return obi_maybe_if(is_chinese_name(rest) || is_latin_name(rest) ||
                            (colon && han >= 2 && han <= 6));
    }
    return obi_valid_name(value);
}

static bool has_any(ob_span text, const char *const *words, size_t count, size_t *at)
{
    size_t first = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t found = ob_span_find(text, ob_span_str(words[i]), *at);
        first = found < first ? found : first;
    }
    *at = first;
    return first != SIZE_MAX;
}

/* A division, then a road, a village or an estate, then a number of a house, unit or room. */
static bool is_chinese_address(ob_span text)
{
    static const char *const areas[] = {"\u7701", "\u5e02", "\u533a", "\u53bf", "\u5dde"};
    static const char *const roads[] = {"\u8def", "\u8857", "\u9053",       "\u5df7",      "\u6751",
                                        "\u9547", "\u4e61", "\u5c0f\u533a", "\u82b1\u56ed"};
    static const char *const units[] = {"\u53f7", "\u680b", "\u5e62",       "\u5f04", "\u5ba4",
                                        "\u697c", "\u5ea7", "\u5355\u5143", "\u5c42"};
    size_t at = 0;
    if (!has_any(text, areas, OB_COUNT(areas), &at) ||
        !has_any(text, roads, OB_COUNT(roads), &at)) {
        return false;
    }
    while (has_any(text, units, OB_COUNT(units), &at)) {
        if (at > 0 && obi_is(text.ptr[at - 1], OBI_DIGIT | OBI_UPPER)) {
            return true;
        }
        at += 3;
    }
    return false;
}

/* A house number, one to five words of a name, a word for a street. */
static bool is_english_address(ob_span text)
{
    static const char *const streets[] = {
        "Street", "St",        "Road", "Rd",      "Avenue",   "Ave",     "Lane",    "Ln",
        "Drive",  "Dr",        "Way",  "Court",   "Ct",       "Place",   "Pl",      "Close",
        "Square", "Boulevard", "Blvd", "Terrace", "Crescent", "Highway", "Parkway",
    };
    size_t at = obi_run(text, 0, OBI_DIGIT);
    if (at == 0 || at > 6) {
        return false;
    }
    at += at < text.len && obi_is(text.ptr[at], OBI_LETTER) ? 1 : 0;
    for (size_t words = 0; words < 6 && at < text.len && text.ptr[at] == ' '; words++) {
        size_t end = at + 1;
        while (end < text.len && (is_letter(text.ptr[end]) || obi_is(text.ptr[end], OBI_DIGIT) ||
                                  text.ptr[end] == '\'' || text.ptr[end] == '.')) {
            end++;
        }
        ob_span word = ob_span_sub(text, at + 1, end);
        if (word.len > 1 && word.ptr[word.len - 1] == '.') {
            word.len--;
        }
        for (size_t i = 0; words > 0 && i < OB_COUNT(streets); i++) {
            if (ob_span_is_str(word, streets[i])) {
                return true;
            }
        }
        if (word.len == 0 ||
            !(obi_is(word.ptr[0], OBI_UPPER | OBI_DIGIT) || (unsigned char)word.ptr[0] >= 0x80)) {
            return false;
        }
        at = end;
    }
    return false;
}

ob_valid obi_valid_addr(ob_span value)
{
    return obi_maybe_if(is_english_address(value) || is_chinese_address(value));
}
