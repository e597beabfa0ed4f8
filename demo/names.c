/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether an article speaks of what a question names. A plan, a device, a clause or a fee that the
 * article does not hold must not be answered with the figures of another one.
 */
#include "core.h"

#define NAME_RUNES 3 /* fewer Chinese characters in front of "plan" or "fee" are no name */
#define WORDS_KEPT 8

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_part(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static bool is_one_of(ob_span word, const char *words)
{
    ob_span rest = ob_span_str(words);
    for (ob_span one; ob_span_cut(&rest, '|', &one);) {
        if (ob_span_is_nocase(word, one)) {
            return true;
        }
    }
    return false;
}

static bool stands_in(ob_span word, const ob_span article[3])
{
    for (size_t i = 0; i < 3; i++) {
        if (ob_span_find_nocase(article[i], word, 0) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

/* Words that are written large without naming anything in particular. */
#define COMMON "I|I'm|EUR|SIM|EU|Plan|OK|ID|eSIM|TV|PIN|Hello|Hi|Wi-Fi|GB|Internet"

/* Every capitalised word that begins no sentence, and every number with a point or a digit in a
 * name, must stand in the article. */
static bool large_words_fit(ob_span text, const ob_span article[3])
{
    bool sentence = true;
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        while (at < text.len && is_part(text.ptr[at])) {
            at++;
        }
        if (at == start) {
            char c = text.ptr[at++];
            sentence =
                sentence ? c == ' ' || c == '"' : c == '.' || c == '?' || c == '!' || c == ':';
            continue;
        }
        ob_span word = ob_span_sub(text, start, at);
        while (word.len > 0 && (word.ptr[word.len - 1] == '.' || word.ptr[word.len - 1] == '-')) {
            word.len--;
        }
        if (word.len == 0) {
            continue;
        }
        bool digit = false;
        for (size_t i = 0; i < word.len; i++) {
            digit = digit || (word.ptr[i] >= '0' && word.ptr[i] <= '9');
        }
        bool large = word.ptr[0] >= 'A' && word.ptr[0] <= 'Z';
        bool particular = digit || (large && !sentence && !is_one_of(word, COMMON));
        if (particular && !stands_in(word, article)) {
            return false;
        }
        sentence = text.ptr[at - 1] == '.' ||
                   (at < text.len && (text.ptr[at] == '?' || text.ptr[at] == '!'));
    }
    return true;
}

#define FEES "fee|fees|surcharge|charge|charges|bonus|exemption|levy|deposit|rebate"
#define PLAIN                                                                                     \
    "a|an|any|are|do|does|every|extra|for|free|from|have|high|how|i|in|is|monthly|much|my|no|of|" \
    "on|other|our|pay|some|that|the|there|this|to|what|when|which|with|without|you|your"

/* A fee goes by the small words in front of it: the reminder fee is no "cabinet turnover fee". */
static bool fees_fit(ob_span text, const ob_span article[3])
{
    ob_span kept[WORDS_KEPT];
    size_t count = 0;
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        while (at < text.len && is_letter(text.ptr[at])) {
            at++;
        }
        ob_span word = ob_span_sub(text, start, at);
        if (word.len == 0) {
            count = text.ptr[at] == ' ' || text.ptr[at] == '-' ? count : 0;
            at++;
        } else if (is_one_of(word, FEES)) {
            while (count > 0) {
                if (!stands_in(kept[--count], article)) {
                    return false;
                }
            }
        } else if (is_one_of(word, PLAIN)) {
            count = 0;
        } else if (count < WORDS_KEPT) {
            kept[count++] = word;
        }
    }
    return true;
}

/* What a Chinese question sets between title marks names a thing, too. */
static bool titles_fit(ob_span text, const ob_span article[3])
{
    size_t at = 0;
    while ((at = ob_span_find(text, OB_SPAN("《"), at)) != SIZE_MAX) {
        size_t start = at + strlen("《");
        size_t end = ob_span_find(text, OB_SPAN("》"), start);
        if (!stands_in(ob_span_sub(text, start, end), article)) {
            return false;
        }
        at = start;
    }
    return true;
}

/* The length of the word of the list that text starts with, the longest one; 0 if none. */
static size_t starts_with(ob_span text, ob_span words)
{
    size_t longest = 0;
    for (ob_span one; ob_span_cut(&words, '|', &one);) {
        if (one.len > longest && ob_span_has_prefix(text, one)) {
            longest = one.len;
        }
    }
    return longest;
}

#define KINDS "套餐|合约|合同|漫游|费|卡|包|版"
#define PLAIN_ZH                                                                                                                    \
    "的|了|吗|呢|我|你|您|请|请问|在|是|有|和|与|要|会|能|可以|怎么|怎样|什么|多少|多久|几|哪|这|" \
    "那|个|"                                                                                                                      \
    "一|张|每|月|天|年|次|收费|免费|话费|付费|费用|月费|提前|终止|以后|之后|以前|时|期间|里|内|"  \
    "用|办|"                                                                                                                      \
    "补办|买|购买|需要|如何|换|改|最|便宜|新|旧|手机|宽带|国际|国内|国外|海外|上网|流量|数据|"    \
    "电话|"                                                                                                                       \
    "通话|短信|家庭|网上|签订|你好|您好|想|问|知道"

/* Chinese sets no spaces: a name is what stands before "plan", "contract" or "fee" once plain words
 * and those that point to the article are taken away. */
static bool chinese_names_fit(ob_span text, const ob_span article[3])
{
    size_t from = 0;
    size_t runes = 0;
    for (size_t at = 0; at < text.len;) {
        ob_span rest = ob_span_sub(text, at, text.len);
        size_t plain = starts_with(rest, OB_SPAN(PLAIN_ZH));
        size_t key = starts_with(rest, article[1]);
        size_t kind = starts_with(rest, OB_SPAN(KINDS));
        size_t step = plain > key ? plain : key;
        if (step > kind) {
            at += step;
            runes = 0;
            continue;
        }
        if (kind > 0) {
            if (runes >= NAME_RUNES && !stands_in(ob_span_sub(text, from, at), article)) {
                return false;
            }
            at += kind;
            runes = 0;
            continue;
        }
        size_t start = at;
        uint32_t rune = 0;
        if (!ob_utf8_next(text, &at, &rune)) {
            return true;
        }
        bool han = rune >= 0x4e00 && rune <= 0x9fff;
        from = runes == 0 ? start : from;
        runes = han ? runes + 1 : 0;
    }
    return true;
}

bool obd_names_fit(ob_span text, const ob_span article[3])
{
    return large_words_fit(text, article) && fees_fit(text, article) && titles_fit(text, article) &&
           chinese_names_fit(text, article);
}
