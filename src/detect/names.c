/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of what an operator sells. In English a name is written with capitals beside a word such as
 * "plan"; in Chinese it stands before such a word, in quotation marks or behind the last character
 * that belongs to the sentence around it.
 */
#include "detect/codings.h"

#include <ombud/look.h>
#include <stdio.h>

#define WORDS_MAX   3
#define CHINESE_MAX 6 /* characters of a name without quotation marks */

typedef struct word {
    size_t start;
    size_t end;
} word;

static bool is_word_byte(char c)
{
    return obi_is_alnum(c) || (unsigned char)c >= 0xc3;
}

static bool in_list(ob_span one, const char *list)
{
    char key[40];
    if (one.len > sizeof key - 3) {
        return false;
    }
    (void)snprintf(key, sizeof key, " %.*s ", OB_SHOW(one));
    return ob_span_find_nocase(ob_span_str(list), ob_span_str(key), 0) != SIZE_MAX;
}

static bool is_keyword(ob_span one)
{
    return in_list(one,
                   " plan plans tariff tariffs option options package packages bundle bundles ");
}

/* Words with a capital that are no part of a name: they begin a sentence or a heading. */
static bool is_common(ob_span one)
{
    return in_list(
        one, " the a an this that these those your our my their its his her any each every all "
             "no some which what both other another new old current existing same such same "
             "first second next best right mobile data prepaid postpaid phone call monthly "
             "annual yearly payment rate price cheaper cheapest available basic different "
             "if with on in for to from of and or as at by is are was be has have does do "
             "choose change changing switch switching take book order cancel compare add see "
             "select only one two three i we you it they he she yes please dear action back "
             "business details summary there here service sim ");
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Behind what may stand between a name and its word: one blank and marks of quotation or stress. */
static size_t skip_between(ob_span text, size_t at)
{
    static const char *const marks[] = {"\"",     "'",      "*",      "_",     "`",
                                        "\u201c", "\u201d", "\u2018", "\u2019"};
    size_t blanks = 0;
    for (bool more = true; more;) {
        more = false;
        if (at < text.len && text.ptr[at] == ' ' && blanks++ == 0) {
            at++;
            more = true;
        }
        for (size_t i = 0; i < OB_COUNT(marks); i++) {
            ob_span mark = ob_span_str(marks[i]);
            if (ob_span_has_prefix(ob_span_sub(text, at, text.len), mark)) {
                at += mark.len;
                more = true;
            }
        }
    }
    return at;
}

static bool word_at(ob_span text, size_t at, word *found)
{
    size_t end = at;
    while (end < text.len && is_word_byte(text.ptr[end])) {
        if ((unsigned char)text.ptr[end] >= 0xe0) {
            break; /* another script */
        }
        end += (unsigned char)text.ptr[end] >= 0xc3 ? 2 : 1;
    }
    *found = (word){at, end > text.len ? text.len : end};
    return found->end > at;
}

static ob_span of(ob_span text, word w)
{
    return ob_span_sub(text, w.start, w.end);
}

static bool name_set(ob_claim *claim, ob_span text, const word *words, size_t count)
{
    size_t len = 0;
    while (count > 0 && is_common(of(text, words[0]))) {
        words++;
        count--;
    }
    if (count == 0 || (count == 1 && words[0].end - words[0].start < 2)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        ob_span one = of(text, words[i]);
        if (len + one.len + 2 > sizeof claim->value) {
            return false;
        }
        len += (size_t)snprintf(claim->value + len, sizeof claim->value - len, "%s%.*s",
                                i > 0 ? " " : "", OB_SHOW(one));
    }
    claim->type = OB_CLAIM_NAME;
    claim->at = ob_span_sub(text, words[0].start, words[count - 1].end);
    return true;
}

/* The words with capitals from at on; returns how many. */
static size_t capitals(ob_span text, size_t at, word words[WORDS_MAX])
{
    size_t count = 0;
    while (count < WORDS_MAX && word_at(text, at, &words[count]) && is_capital(text.ptr[at]) &&
           !is_keyword(of(text, words[count]))) {
        at = words[count++].end;
        if (at >= text.len || text.ptr[at] != ' ') {
            break;
        }
        at++;
    }
    return count;
}

/* A word at at: either the first of a name in front of its keyword, or a keyword with a name. */
static bool english_at(ob_span text, size_t at, ob_claim *claim, size_t *end)
{
    word words[WORDS_MAX];
    word first;
    if (!word_at(text, at, &first)) {
        return false;
    }
    *end = first.end;
    if (is_keyword(of(text, first))) {
        size_t next = skip_between(text, first.end);
        size_t count = next > first.end ? capitals(text, next, words) : 0;
        if (count == 0 || is_common(of(text, words[0])) || !name_set(claim, text, words, count)) {
            return false;
        }
        *end = words[count - 1].end;
        return true;
    }
    size_t count = capitals(text, at, words);
    word last;
    size_t next = count == 0 ? at : skip_between(text, words[count - 1].end);
    if (count == 0 || next == words[count - 1].end || !word_at(text, next, &last) ||
        !is_keyword(of(text, last)) || !name_set(claim, text, words, count)) {
        return false;
    }
    *end = last.end;
    return true;
}

static const char *const chinese_keywords[] = {"\u5957\u9910", "\u8d44\u8d39", "\u6d41\u91cf\u5305",
                                               "\u65b9\u6848"};

/* What never is the end of a sentence's beginning within a name: cut behind the last of them. */
static bool is_sentence(ob_span rune)
{
    static const char list[] =
        "\u7684\u662f\u60a8\u4f60\u6211\u4eec\u4e2a\u79cd\u6b3e\u4e3a\u5230\u5728\u6709\u548c\u4e0e"
        "\u6216\u53ca\u5c06\u628a\u4ece\u6362\u9009\u62e9\u7528\u8be5\u6b64\u8fd9\u90a3\u672c\u8350"
        "\u8d2d\u7406\u901a\u4e86\u8bf7\u67e5\u8be2\u4e8e\u7ea7\u5bf9\u8ba2\u9000\u8ba4\u66f4\u6539"
        "\u53d8\u5417\u5462\u4e5f\u90fd\u8981\u4f1a\u53ef\u4ee5\u770b\u7ed9\u540d\u53eb\u4ec0\u4e48"
        "\u54ea\u4e00\u4e8c\u4e09\u56db\u4e94\u51e0\u529e\u4ecb\u7ecd\u5176\u4ed6\u5f53\u524d";
    return ob_span_find(OB_SPAN(list), rune, 0) != SIZE_MAX;
}

static bool is_common_chinese(ob_span name)
{
    static const char *const list[] = {"\u6d41\u91cf",       "\u624b\u673a", "\u79fb\u52a8",
                                       "\u73b0\u6709",       "\u6240\u6709", "\u4efb\u4f55",
                                       "\u4e0d\u540c",       "\u76f8\u5e94", "\u4f18\u60e0",
                                       "\u8bed\u97f3",       "\u56fd\u9645", "\u6f2b\u6e38",
                                       "\u5bbd\u5e26",       "\u6570\u636e", "\u539f\u6709",
                                       "\u5408\u9002",       "\u6700\u65b0", "\u9884\u4ed8\u8d39",
                                       "\u540e\u4ed8\u8d39", "\u6708\u79df", "\u89e3\u51b3",
                                       "\u5904\u7406",       "\u65b0"};
    for (size_t i = 0; i < OB_COUNT(list); i++) {
        if (ob_span_is_str(name, list[i])) {
            return true;
        }
    }
    return false;
}

static bool is_han(uint32_t rune)
{
    return rune >= 0x4e00 && rune <= 0x9fff;
}

static bool chinese_set(ob_claim *claim, ob_span name)
{
    if (name.len < 6 || name.len >= sizeof claim->value || is_common_chinese(name)) {
        return false;
    }
    (void)snprintf(claim->value, sizeof claim->value, "%.*s", OB_SHOW(name));
    claim->type = OB_CLAIM_NAME;
    claim->at = name;
    return true;
}

/* The name that ends where a keyword begins. */
static bool chinese_before(ob_span text, size_t from, size_t key, ob_claim *claim)
{
    static const char *const quotes[][2] = {
        {"\u201c", "\u201d"}, {"\u300c", "\u300d"}, {"\u300a", "\u300b"}};
    for (size_t i = 0; i < OB_COUNT(quotes); i++) {
        if (ob_span_has_suffix(ob_span_sub(text, from, key), ob_span_str(quotes[i][1]))) {
            for (size_t at = key - 3; at-- > from;) {
                ob_span inner = ob_span_sub(text, at, key - 3);
                if (ob_span_has_prefix(inner, ob_span_str(quotes[i][0]))) {
                    return chinese_set(claim, ob_span_sub(inner, 3, inner.len));
                }
            }
        }
    }
    size_t start = key;
    for (size_t at = key; at >= from + 3; at -= 3) {
        uint32_t rune = 0;
        size_t pos = at - 3;
        if (!ob_utf8_next(text, &pos, &rune) || pos != at || !is_han(rune) ||
            is_sentence(ob_span_sub(text, at - 3, at))) {
            break;
        }
        start = at - 3;
    }
    return key - start <= (size_t)3 * CHINESE_MAX &&
           chinese_set(claim, ob_span_sub(text, start, key));
}

bool ob_name_next(ob_span text, size_t *pos, ob_claim *claim)
{
    size_t from = *pos;
    for (size_t at = from; at < text.len;) {
        size_t end = at + 1;
        ob_claim found = {0};
        unsigned char c = (unsigned char)text.ptr[at];
        if (c < 0xe0 && is_word_byte((char)c)) {
            if (english_at(text, at, &found, &end)) {
                *claim = found;
                *pos = end;
                return true;
            }
        } else if (c >= 0xe0) {
            for (size_t i = 0; i < OB_COUNT(chinese_keywords); i++) {
                ob_span key = ob_span_str(chinese_keywords[i]);
                if (ob_span_has_prefix(ob_span_sub(text, at, text.len), key) &&
                    chinese_before(text, from, at, &found)) {
                    *claim = found;
                    *pos = at + key.len;
                    return true;
                }
            }
        }
        at = end;
    }
    *pos = text.len;
    return false;
}

bool ob_name_in(ob_span text, ob_span name)
{
    bool chinese = name.len > 0 && (unsigned char)name.ptr[0] >= 0xe0;
    if (chinese) {
        for (size_t from = 0; from + 6 <= name.len; from += 3) {
            if (ob_span_find(text, ob_span_sub(name, from, name.len), 0) != SIZE_MAX) {
                return true;
            }
        }
        return false;
    }
    for (size_t at = 0; (at = ob_span_find_nocase(text, name, at)) != SIZE_MAX; at++) {
        size_t end = at + name.len;
        if ((at == 0 || !obi_is_alnum(text.ptr[at - 1])) &&
            (end >= text.len || !obi_is_alnum(text.ptr[end]))) {
            return true;
        }
    }
    return false;
}
