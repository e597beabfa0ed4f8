/* SPDX-License-Identifier: Apache-2.0 */
/* Names of people and postal addresses. Nothing proves either; what has their form is a MAYBE. */
#include "detect/valid_core.h"

#include <ombud/text.h>

static bool is_han(uint32_t rune)
{
    return (rune >= 0x3400 && rune <= 0x4dbf) || (rune >= 0x4e00 && rune <= 0x9fff);
}

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
        } else if (is_han(rune)) {
            dot = false;
            count++;
        } else {
            return 0;
        }
    }
    return dot ? 0 : count;
}

/* Begins with one of the usual surnames, which most people of China have. */
static size_t surname(ob_span text)
{
    static const char pairs[][7] = {
        "\u6b27\u9633", "\u53f8\u9a6c", "\u4e0a\u5b98", "\u8bf8\u845b",
        "\u7687\u752b", "\u5c09\u8fdf", "\u53f8\u5f92", "\u4e1c\u65b9",
        "\u590f\u4faf", "\u6155\u5bb9", "\u4ee4\u72d0",
    };
    static const char single[] =
        "\u738b\u674e\u5f20\u5218\u9648\u6768\u8d75\u9ec4\u5468\u5434\u5f90\u5b59\u80e1\u6731\u9ad8"
        "\u6797\u4f55\u90ed\u9a6c\u7f57\u6881\u5b8b\u90d1\u8c22\u97e9\u5510\u51af\u4e8e\u8463\u8427"
        "\u7a0b\u66f9\u8881\u9093\u8bb8\u5085\u6c88\u66fe\u5f6d\u5415\u82cf\u5362\u848b\u8521\u8d3e"
        "\u4e01\u9b4f\u859b\u53f6\u960e\u4f59\u6f58\u675c\u6234\u590f\u949f\u6c6a\u7530\u4efb\u59dc"
        "\u8303\u65b9\u77f3\u59da\u8c2d\u5ed6\u90b9\u718a\u91d1\u9646\u90dd\u5b54\u767d\u5d14\u5eb7"
        "\u6bdb\u90b1\u79e6\u6c5f\u53f2\u987e\u4faf\u90b5\u5b5f\u9f99\u4e07\u6bb5\u96f7\u94b1\u6c64"
        "\u5c39\u9ece\u6613\u6b66\u4e54\u8d3a\u8d56\u9f9a\u5e9e\u6a0a\u5170\u6bb7\u65bd\u9676\u6d2a"
        "\u7fdf\u989c\u502a\u4e25\u725b\u6e29\u82a6\u5b63\u4fde\u7ae0\u9c81\u845b\u4f0d\u97e6\u7533"
        "\u5c24\u6bd5\u8042\u7126\u67f3\u90a2\u5cb3\u9f50\u6885\u83ab\u5e84\u8f9b\u795d\u5de6\u6d82"
        "\u8c37\u7941\u8212\u803f\u725f\u535c\u8096\u8a79\u5173\u82d7\u51cc\u8d39\u7eaa\u9773\u76db"
        "\u7ae5\u6b27\u7504\u9879\u66f2\u6e38\u88f4\u5e2d\u536b\u67e5\u5c48\u9c8d\u8983\u970d\u7fc1"
        "\u968b\u7518\u666f\u8584\u5355\u5305\u53f8\u67cf\u5b81\u67ef\u962e\u6842\u95f5\u67f4\u534e"
        "\u8f66\u5189\u623f\u9634\u95eb\u7f2a\u82df\u9122\u55bb\u9a86\u515a\u5bab\u695a\u6ed5\u5a04"
        "\u81e7\u827e\u95fb\u4ed8\u5f35\u5289\u9673\u694a\u8d99\u9ec3\u5433\u5b6b\u99ac\u7f85\u912d"
        "\u8b1d\u97d3\u99ae\u856d\u8a31\u9127\u8449\u5442\u8607\u76e7\u8523\u8cc8\u95bb\u937e\u8b5a"
        "\u9112\u9678\u9867\u9f8d\u842c\u9322\u6e6f\u8cf4\u9f94\u984f\u56b4\u6eab\u9b6f\u97cb";
    for (size_t i = 0; i < OB_COUNT(pairs); i++) {
        if (ob_span_has_prefix(text, ob_span_str(pairs[i]))) {
            return 2;
        }
    }
    for (size_t i = 0; text.len >= 3 && i + 3 < sizeof single; i += 3) {
        if (memcmp(single + i, text.ptr, 3) == 0) {
            return 1;
        }
    }
    return 0;
}

static bool is_chinese_name(ob_span text)
{
    size_t count = count_han(text);
    size_t front = surname(text);
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

/* A label, a colon or a blank, and a name; behind a colon any two to six Han characters. */
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
    return OB_VALID_NO;
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
