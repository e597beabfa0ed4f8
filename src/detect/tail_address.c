/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An address goes on step by step: a separator and a word that can be in an address, judged with
 * the first characters of what follows it. A step reads nothing before it and at most AHEAD bytes.
 */
#include "detect/address.h"
#include "detect/codings.h"
#include "detect/han.h"
#include "detect/name_words.h"

#include <ombud/text.h>

#define AHEAD    60
#define WORD_MAX 40
#define HAN_MAX  8 /* characters up to a word for a part of a building */

typedef enum step_answer {
    STEP_NO,
    STEP_YES,
    STEP_MORE
} step_answer;

/* What a step looks at: text from at on, cut after AHEAD bytes. whole: nothing follows it. */
typedef struct view {
    ob_span text;
    bool whole; /* it ends with the text, or with what may be looked at */
} view;

static bool is_letter(char c)
{
    return obi_is_alpha(c) || (unsigned char)c >= 0x80;
}

/* Part of a word of an address. Han and what else begins with bytes from 0xe3 on is not. */
static bool is_word(char c)
{
    return obi_is_alnum(c) || ((unsigned char)c >= 0x80 && (unsigned char)c < 0xe3) || c == '-' ||
           c == '\'' || c == '/' || c == '#' || c == '&';
}

static size_t word_end(ob_span text, size_t at)
{
    while (at < text.len && is_word(text.ptr[at])) {
        at++;
    }
    return at;
}

static size_t digits_at(ob_span text, size_t at)
{
    size_t end = at;
    while (end < text.len && obi_is_digit(text.ptr[end])) {
        end++;
    }
    return end - at;
}

/* Behind a number, the sentence goes on with it: the number counts nothing. */
static bool is_function_word(ob_span small)
{
    static const char *const list[] = {"and", "is",      "my",    "but", "please", "so",  "with",
                                       "the", "because", "since", "was", "has",    "if",  "that",
                                       "or",  "y",       "et",    "und", "e",      "but", "for"};
    for (size_t i = 0; i < OB_COUNT(list); i++) {
        if (ob_span_is_str(small, list[i])) {
            return true;
        }
    }
    return false;
}

/* At end, behind a number, nothing follows that makes it a count or part of a telephone number. */
static step_answer number_ends(const view *see, size_t digits, size_t end)
{
    ob_span text = see->text;
    if (end + 2 >= text.len && !see->whole) {
        return STEP_MORE;
    }
    if (end + 1 >= text.len || text.ptr[end] != ' ') {
        return STEP_YES;
    }
    size_t more = digits_at(text, end + 1);
    if (more > 0) {
        return end + 1 + more >= text.len && !see->whole ? STEP_MORE
               : digits + more <= 5                      ? STEP_YES
                                                         : STEP_NO;
    }
    if (!is_letter(text.ptr[end + 1]) || (unsigned char)text.ptr[end + 1] >= 0xe3 ||
        obi_capital(ob_span_sub(text, end + 1, text.len))) {
        return STEP_YES;
    }
    size_t next = word_end(text, end + 1);
    if (next == text.len && !see->whole) {
        return STEP_MORE;
    }
    char room[WORD_MAX];
    ob_span small = obi_small(ob_span_sub(text, end + 1, next), room, sizeof room);
    bool goes_on = digits >= 5 || is_function_word(small) || obi_name_particle(small) ||
                   obi_address_unit(small) || obi_street_first(small);
    return goes_on ? STEP_YES : STEP_NO;
}

/* A number, perhaps with a letter; "62704-1234". */
static step_answer number_step(const view *see, size_t at, size_t *end)
{
    ob_span text = see->text;
    size_t digits = digits_at(text, at);
    size_t stop = word_end(text, at);
    if (stop == text.len && !see->whole) {
        return STEP_MORE;
    }
    size_t rest = stop - at - digits;
    bool fits = digits <= 6 &&
                (rest <= 2 || text.ptr[at + digits] == '-' || text.ptr[at + digits] == '/') &&
                rest <= 6;
    if (!fits || (stop < text.len && obi_among(text.ptr[stop], "@:%$_=.") && stop + 1 < text.len &&
                  obi_is_alnum(text.ptr[stop + 1]))) {
        return STEP_NO;
    }
    step_answer answer = number_ends(see, digits, stop);
    *end = answer == STEP_YES ? stop : *end;
    return answer;
}

/* Capitals and digits: "LS1", "4DY". */
static bool is_postcode(ob_span word)
{
    bool digit = false;
    for (size_t i = 0; i < word.len; i++) {
        bool upper = word.ptr[i] >= 'A' && word.ptr[i] <= 'Z';
        digit = digit || obi_is_digit(word.ptr[i]);
        if (!upper && !obi_is_digit(word.ptr[i]) && word.ptr[i] != '-') {
            return false;
        }
    }
    return digit && word.len <= 8;
}

/* A number or a capital follows at at: what a unit or a particle needs. */
static step_answer leads(const view *see, size_t at)
{
    ob_span text = see->text;
    while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '.' || text.ptr[at] == '#')) {
        at++;
    }
    if (at + 2 > text.len && !see->whole) {
        return STEP_MORE;
    }
    return at < text.len &&
                   (obi_is_digit(text.ptr[at]) || obi_capital(ob_span_sub(text, at, text.len)))
               ? STEP_YES
               : STEP_NO;
}

static step_answer word_step(const view *see, size_t at, size_t *end)
{
    ob_span text = see->text;
    char room[WORD_MAX];
    size_t stop = word_end(text, at);
    if (stop + 1 >= text.len && !see->whole) {
        return STEP_MORE;
    }
    ob_span word = ob_span_sub(text, at, stop);
    ob_span small = obi_small(word, room, sizeof room);
    if (word.len == 0 || small.len == 0 ||
        (stop < text.len && obi_among(text.ptr[stop], "@:%$_="))) {
        return STEP_NO;
    }
    bool dotted = stop < text.len && text.ptr[stop] == '.';
    if (dotted && stop + 1 < text.len && obi_is_alnum(text.ptr[stop + 1]) && word.len > 1) {
        return STEP_NO; /* a host name */
    }
    if (obi_address_unit(small) || obi_name_particle(small) || obi_street_first(small) ||
        word.ptr[0] == '#') {
        step_answer answer = leads(see, stop);
        if (answer == STEP_YES) {
            *end = stop + (dotted ? 1 : 0);
        }
        if (answer != STEP_NO || !obi_capital(word)) {
            return answer;
        }
    }
    bool capital = obi_capital(word) || (unsigned char)word.ptr[0] == 0xd8 ||
                   (unsigned char)word.ptr[0] == 0xd9;
    if (!capital || (obi_common_word(small) && !obi_region(word) && !is_postcode(word))) {
        return STEP_NO;
    }
    if (dotted && word.len <= 4 &&
        (obi_street(small) || obi_street_plain(small) || ob_span_is(small, OB_SPAN("st")))) {
        step_answer answer = leads(see, stop + 1); /* "Rd. Apt 5" */
        *end = answer == STEP_YES ? stop + 1 : stop;
        return answer == STEP_NO ? STEP_YES : answer;
    }
    *end = stop;
    return STEP_YES;
}

/* Han characters, digits and letters up to a word for a part: "3" and "dong". */
static step_answer han_step(const view *see, size_t at, size_t *end)
{
    uint32_t rune = 0;
    size_t next = at;
    for (size_t count = 0; count < HAN_MAX; count++) {
        size_t before = next;
        if (next + 3 >= see->text.len && !see->whole) {
            return STEP_MORE; /* a character may be cut in two */
        }
        if (!ob_utf8_next(see->text, &next, &rune) ||
            !obi_han_address_goes_on(ob_span_sub(see->text, at, before), rune)) {
            return STEP_NO;
        }
        if (count > 0 && obi_han_unit(rune)) {
            /* The second half of "unit", and "building" behind "number", go with it. */
            size_t behind = next;
            if (next + 3 > see->text.len && !see->whole) {
                return STEP_MORE;
            }
            bool half = ob_utf8_next(see->text, &behind, &rune) &&
                        (rune == 0x5143 || rune == 0x697c || rune == 0x9662);
            *end = half ? behind : next;
            return STEP_YES;
        }
    }
    return STEP_NO;
}

/* What stands between the words: blanks, a comma and a blank, a line feed before a number. A line
 * that begins with a word is hardly ever told from the next sentence. */
static size_t separator(ob_span text, size_t at)
{
    size_t end = at;
    if (end < text.len && text.ptr[end] == '.' && end + 1 < text.len && text.ptr[end + 1] == ',') {
        end++;
    }
    if (end < text.len && text.ptr[end] == ',') {
        end++;
    } else if (ob_span_has_prefix(ob_span_sub(text, end, end + 3), OB_SPAN("\uff0c"))) {
        end += 3;
    }
    while (end < text.len && end - at < 4 && (text.ptr[end] == ' ' || text.ptr[end] == '\t')) {
        end++;
    }
    if (end < text.len && (text.ptr[end] == '\n' || text.ptr[end] == '\r')) {
        size_t feed = end + (text.ptr[end] == '\r' ? 2 : 1);
        end = feed < text.len && !obi_is_digit(text.ptr[feed]) ? end : feed;
    }
    return end;
}

static step_answer step(const view *see, size_t *end)
{
    ob_span text = see->text;
    size_t at = separator(text, 0);
    if (at + 4 > text.len && !see->whole) {
        return STEP_MORE;
    }
    if (at >= text.len) {
        return STEP_NO;
    }
    unsigned char c = (unsigned char)text.ptr[at];
    if (c >= 0xe3 || obi_is_digit((char)c)) {
        step_answer han = han_step(see, at, end);
        if (han != STEP_NO || c >= 0xe3) {
            return han;
        }
    }
    if (at == 0) {
        return STEP_NO; /* within a word */
    }
    return obi_is_digit((char)c) ? number_step(see, at, end) : word_step(see, at, end);
}

size_t obi_tail_address(ob_span text, size_t from, size_t used, bool last, bool *more)
{
    size_t at = from;
    for (;;) {
        size_t left = text.len - at;
        view see = {.text = ob_span_sub(text, at, at + AHEAD), .whole = last || left >= AHEAD};
        size_t end = 0;
        step_answer answer = step(&see, &end);
        *more = answer == STEP_MORE;
        if (answer != STEP_YES || end == 0 || used + at - from + end > OBI_ADDRESS_MAX) {
            return at - from;
        }
        at += end;
    }
}
