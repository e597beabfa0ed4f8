/* SPDX-License-Identifier: Apache-2.0 */
#include "map/meeting_lines.h"

#include <ombud/text.h>

bool obi_line_holds(ob_span text, const char *words)
{
    return ob_span_find_nocase(text, ob_span_str(words), 0) != SIZE_MAX;
}

/* Without the mark or number of a list; *mark tells that there was a mark. */
ob_span obi_line_bare(ob_span text, bool *mark)
{
    static const char *const marks[] = {
        "\xe2\x80\xa2", "\xe2\x80\x93", "\xe2\x80\x94", "\xc2\xb7", "\xef\x82\xb7",
        "\xe2\x96\xaa", "\xe2\x97\xa6", "- ",           "o ",       "* "};
    *mark = false;
    for (size_t i = 0; i < OB_COUNT(marks); i++) {
        if (ob_span_has_prefix(text, ob_span_str(marks[i]))) {
            *mark = true;
            return ob_span_trim(ob_span_sub(text, strlen(marks[i]), text.len));
        }
    }
    return text;
}

/* "1. Hot topics", "2 Next meetings", "2.1 virtual": the length of the number, 0 if there is none.
 */
size_t obi_line_section(ob_span text)
{
    size_t at = 0;
    while (at < text.len && ((text.ptr[at] >= '0' && text.ptr[at] <= '9') || text.ptr[at] == '.')) {
        at++;
    }
    bool blank = at > 0 && at + 1 < text.len && text.ptr[at] == ' ';
    /* "10 new work items" is a number of things: without a point, a title in capitals follows. */
    bool point = ob_span_find(ob_span_sub(text, 0, at), OB_SPAN("."), 0) != SIZE_MAX;
    bool title = blank && at <= 2 && text.ptr[at + 1] >= 'A' && text.ptr[at + 1] <= 'Z';
    return blank && at <= 4 && text.ptr[0] != '.' && (point || title) ? at : 0;
}

static uint32_t word_number(ob_span word)
{
    static const char *const names[] = {"one",     "two",       "three",    "four",     "five",
                                        "six",     "seven",     "eight",    "nine",     "ten",
                                        "eleven",  "twelve",    "thirteen", "fourteen", "fifteen",
                                        "sixteen", "seventeen", "eighteen", "nineteen"};
    static const char *const tens[] = {"twenty", "thirty",  "forty",  "fifty",
                                       "sixty",  "seventy", "eighty", "ninety"};
    for (uint32_t i = 0; i < OB_COUNT(names); i++) {
        if (ob_span_is_nocase(word, ob_span_str(names[i]))) {
            return i + 1;
        }
    }
    /* "forty", "forty-two" */
    for (uint32_t i = 0; i < OB_COUNT(tens); i++) {
        ob_span front = ob_span_sub(word, 0, strlen(tens[i]));
        ob_span rest = ob_span_sub(word, front.len, word.len);
        if (ob_span_is_nocase(front, ob_span_str(tens[i])) &&
            (rest.len == 0 || rest.ptr[0] == '-')) {
            return (i + 2) * 10 + word_number(ob_span_sub(rest, 1, rest.len));
        }
    }
    return 0;
}

/* The sum of the numbers and number words of a sentence, up to where it refers to an annex. */
int64_t obi_line_sum(ob_span text)
{
    size_t annex = ob_span_find_nocase(text, OB_SPAN("Annex"), 0);
    int64_t sum = 0;
    bool any = false;
    ob_span rest = ob_span_sub(text, 0, annex);
    ob_span word = {0};
    while (ob_span_cut(&rest, ' ', &word)) {
        uint64_t value = 0;
        ob_err err = {0};
        while (word.len > 0 && strchr(",.;:", word.ptr[word.len - 1]) != NULL) {
            word = ob_span_sub(word, 0, word.len - 1);
        }
        char thousands[8] = "";
        if (word.len == 5 && word.ptr[1] == ',') { /* "1,160" */
            (void)snprintf(thousands, sizeof thousands, "%c%.3s", word.ptr[0], word.ptr + 2);
            word = ob_span_str(thousands);
        }
        uint32_t said = word_number(word);
        if (said > 0 || (word.len < 5 && ob_span_to_u64(word, &value, &err))) {
            sum += said > 0 ? said : (int64_t)value;
            any = true;
        }
    }
    return any ? sum : -1;
}

/* The number directly behind words, "TAP approval (5)" or "Contributions: 77"; -1. */
int64_t obi_line_number_behind(ob_span text, const char *words)
{
    size_t at = strlen(words);
    int64_t value = -1;
    if (!ob_span_is_nocase(ob_span_sub(text, 0, at), ob_span_str(words))) {
        return -1;
    }
    while (at < text.len && strchr(" (:", text.ptr[at]) != NULL) {
        at++;
    }
    for (; at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9' && value < 1000000; at++) {
        value = (value < 0 ? 0 : value * 10) + (text.ptr[at] - '0');
    }
    /* "Agreed 1 new Supplement and 2 Technical Reports" is another sentence. */
    ob_span rest = ob_span_sub(text, at, text.len);
    bool ends = rest.len == 0 || strchr("),;.", rest.ptr[0]) != NULL ||
                ob_span_has_prefix(rest, OB_SPAN(" (")) ||
                ob_span_has_prefix(rest, OB_SPAN(" from "));
    return ends ? value : -1;
}

/* The number in front of words, "42 outgoing liaison statements"; -1. */
int64_t obi_line_number_before(ob_span text, const char *words)
{
    size_t at = ob_span_find_nocase(text, ob_span_str(words), 0);
    if (at == SIZE_MAX || at == 0) {
        return -1;
    }
    ob_span before = ob_span_trim(ob_span_sub(text, 0, at));
    size_t start = before.len;
    while (start > 0 && before.ptr[start - 1] != ' ' && before.ptr[start - 1] != '(') {
        start--;
    }
    return obi_line_sum(ob_span_sub(before, start, before.len));
}
