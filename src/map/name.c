/* SPDX-License-Identifier: Apache-2.0 */
#include "map/name.h"

#include <ombud/text.h>
#include <time.h>

/* Words in front of an id that say what it is and not which. */
static const char *const before[] = {"ITU-T", "ITU", "REC.", "REC",     "RECOMMENDATION",
                                     "DRAFT", "NEW", "THE",  "REVISED", "RECOMMENDATIONS"};
/* Stages that ISO writes into the number of a text while it is made. */
static const char *const stages[] = {"FDIS", "DIS", "CD", "WD", "PRF", "AWI"};

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool number(ob_span text, uint32_t *value)
{
    *value = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit(text.ptr[i]) || i > 8) {
            return false;
        }
        *value = *value * 10 + (uint32_t)(text.ptr[i] - '0');
    }
    return text.len > 0;
}

static uint32_t days_of(uint32_t year, uint32_t month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool ob_day_read(ob_span text, ob_day *day)
{
    uint32_t year = 0;
    uint32_t month = 0;
    uint32_t number_of_day = 0;
    if (text.len == 7 && text.ptr[2] == '/') {
        if (!number(ob_span_sub(text, 3, 7), &year) || !number(ob_span_sub(text, 0, 2), &month) ||
            month == 0) {
            return false;
        }
    } else {
        if (text.len < 4 || !number(ob_span_sub(text, 0, 4), &year)) {
            return false;
        }
        bool quarter = text.len == 7 && text.ptr[4] == '-' && upper(text.ptr[5]) == 'Q' &&
                       text.ptr[6] >= '1' && text.ptr[6] <= '4';
        if (quarter) {
            month = (uint32_t)(text.ptr[6] - '0') * 3;
        } else if (text.len > 4 && ((text.len != 7 && text.len != 10) || text.ptr[4] != '-' ||
                                    !number(ob_span_sub(text, 5, 7), &month) || month == 0)) {
            return false;
        }
        if (text.len == 10 &&
            (text.ptr[7] != '-' || !number(ob_span_sub(text, 8, 10), &number_of_day) ||
             number_of_day == 0)) {
            return false;
        }
    }
    if (year < 1800 || year > 2999 || month > 12 ||
        (number_of_day > 0 && number_of_day > days_of(year, month))) {
        return false;
    }
    *day = year * 10000 + month * 100 + number_of_day;
    return true;
}

void ob_day_write(ob_day day, char out[OB_DAY_TEXT_MAX])
{
    unsigned year = day / 10000 % 10000;
    unsigned month = day / 100 % 100;
    unsigned number_of_day = day % 100;
    if (day == 0) {
        out[0] = '\0';
    } else if (month == 0) {
        (void)snprintf(out, OB_DAY_TEXT_MAX, "%04u", year);
    } else if (number_of_day == 0) {
        (void)snprintf(out, OB_DAY_TEXT_MAX, "%04u-%02u", year, month);
    } else {
        (void)snprintf(out, OB_DAY_TEXT_MAX, "%04u-%02u-%02u", year, month, number_of_day);
    }
}

void ob_day_json(ob_json_writer *w, const char *key, ob_day day)
{
    char text[OB_DAY_TEXT_MAX];
    ob_day_write(day, text);
    ob_jw_text_or_null(w, key, ob_span_str(text));
}

ob_day ob_day_last(ob_day day)
{
    uint32_t year = day / 10000;
    uint32_t month = day / 100 % 100;
    if (day == 0 || day % 100 != 0) {
        return day;
    }
    month = month == 0 ? 12 : month;
    return year * 10000 + month * 100 + days_of(year, month);
}

/* Days from civil (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
int64_t ob_day_count(ob_day day)
{
    int64_t month = day / 100 % 100 == 0 ? 1 : day / 100 % 100;
    int64_t number_of_day = day % 100 == 0 ? 1 : day % 100;
    int64_t year = (int64_t)(day / 10000) - (month <= 2);
    int64_t era = year / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + number_of_day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

ob_day ob_day_of_ms(int64_t wall_ms)
{
    struct tm parts = {0};
    time_t seconds = (time_t)(wall_ms / 1000);
    (void)gmtime_r(&seconds, &parts);
    return (uint32_t)(parts.tm_year + 1900) * 10000 + (uint32_t)(parts.tm_mon + 1) * 100 +
           (uint32_t)parts.tm_mday;
}

/* The length of a blank at the start of rest: a space, a tab, or a no-break space. */
static size_t blank(ob_span rest)
{
    if (rest.len > 0 && (rest.ptr[0] == ' ' || rest.ptr[0] == '\t')) {
        return 1;
    }
    return ob_span_has_prefix(rest, OB_SPAN("\xc2\xa0")) ? 2 : 0;
}

/* Takes the next word, without blanks around it. */
static bool cut_word(ob_span *rest, ob_span *word)
{
    size_t at = 0;
    size_t skip = 0;
    while ((skip = blank(ob_span_sub(*rest, at, rest->len))) > 0) {
        at += skip;
    }
    size_t start = at;
    while (at < rest->len && blank(ob_span_sub(*rest, at, rest->len)) == 0) {
        at++;
    }
    *word = ob_span_sub(*rest, start, at);
    *rest = ob_span_sub(*rest, at, rest->len);
    return word->len > 0;
}

static bool among(ob_span word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (ob_span_is_nocase(word, ob_span_str(words[i]))) {
            return true;
        }
    }
    return false;
}

/* "V1.2.1", "v18.4.0" */
static bool is_version(ob_span text)
{
    bool dot = false;
    if (text.len < 2 || upper(text.ptr[0]) != 'V') {
        return false;
    }
    for (size_t i = 1; i < text.len; i++) {
        dot = dot || text.ptr[i] == '.';
        if (!is_digit(text.ptr[i]) && (text.ptr[i] != '.' || i == 1)) {
            return false;
        }
    }
    return dot;
}

/* Takes an edition off the end: "(04/2016)", ":2022", " V1.2.1". */
static ob_span cut_edition(ob_span *text)
{
    ob_day day = 0;
    size_t at = text->len;
    if (at > 0 && text->ptr[at - 1] == ')') {
        while (at > 0 && text->ptr[at - 1] != '(') {
            at--;
        }
        ob_span inside = ob_span_trim(ob_span_sub(*text, at, text->len - 1));
        if (at > 1 && (ob_day_read(inside, &day) || is_version(inside))) {
            *text = ob_span_trim(ob_span_sub(*text, 0, at - 1));
            return inside;
        }
        return (ob_span){0};
    }
    /* These publishers write the year into the number: "GB 45438-2025". */
    bool dated =
        ob_span_has_prefix(*text, OB_SPAN("GB")) || ob_span_has_prefix(*text, OB_SPAN("IEEE"));
    if (dated && at > 6 && text->ptr[at - 5] == '-' &&
        ob_day_read(ob_span_sub(*text, at - 4, at), &day)) {
        ob_span year = ob_span_sub(*text, at - 4, at);
        *text = ob_span_sub(*text, 0, at - 5);
        return year;
    }
    while (at > 0 && text->ptr[at - 1] != ':' && text->ptr[at - 1] != ' ') {
        at--;
    }
    ob_span last = ob_span_sub(*text, at, text->len);
    if (at > 1 && (text->ptr[at - 1] == ':' ? ob_day_read(last, &day) : is_version(last))) {
        *text = ob_span_trim(ob_span_sub(*text, 0, at - 1));
        return last;
    }
    return (ob_span){0};
}

/* One form for "X.Suppl.16", "X Sup 16", "X.Supp16": with letter and number. In place. */
static size_t unify_supplement(char *key, size_t len)
{
    static const char *const words[] = {"SUPPLEMENT", "SUPPL", "SUPP", "SUP"};
    char number_text[16];
    size_t at = 1;
    if (len < 5 || key[0] < 'A' || key[0] > 'Z') {
        return len;
    }
    at += key[at] == '.';
    for (size_t i = 0; i < OB_COUNT(words); i++) {
        ob_span rest = {key + at, len - at};
        if (ob_span_has_prefix(rest, ob_span_str(words[i]))) {
            at += strlen(words[i]);
            break;
        }
        if (i + 1 == OB_COUNT(words)) {
            return len;
        }
    }
    at += at < len && key[at] == '.';
    size_t digits = len - at;
    if (digits == 0 || digits >= sizeof number_text || len > 60) {
        return len;
    }
    for (size_t i = 0; i < digits; i++) {
        if (!is_digit(key[at + i])) {
            return len;
        }
        number_text[i] = key[at + i];
    }
    const ob_span word = OB_SPAN(".SUPPL.");
    (void)memcpy(key + 1, word.ptr, word.len);
    (void)memcpy(key + 1 + word.len, number_text, digits);
    return 1 + word.len + digits;
}

static void add_to_key(char *key, size_t *len, ob_span word)
{
    for (size_t at = 0; at < word.len;) {
        uint32_t rune = 0;
        size_t start = at;
        (void)ob_utf8_next(word, &at, &rune);
        if (rune == 0x2010 || rune == 0x2011 || rune == 0x2013 || rune == 0x2212) {
            key[(*len)++] = '-';
            continue;
        }
        for (size_t i = start; i < at; i++) {
            key[(*len)++] = upper(word.ptr[i]);
        }
    }
}

bool ob_doc_name_read(ob_doc_name *name, ob_arena *arena, ob_span text, ob_err *err)
{
    ob_span rest = ob_span_trim(text);
    ob_span edition = cut_edition(&rest);
    ob_span word = {0};
    size_t len = 0;
    /* " Sup16" may grow by the points of ".SUPPL." */
    char *key = OB_NEW(arena, char, rest.len + 8, err);
    if (key == NULL) {
        return false;
    }
    ob_span behind = rest;
    while (cut_word(&behind, &word) && among(word, before, OB_COUNT(before))) {
        rest = ob_span_trim(behind);
    }
    ob_span plain = rest;
    for (bool first = true; cut_word(&rest, &word); first = false) {
        ob_span slash = ob_span_sub(word, 4, word.len);
        if (first && ob_span_has_prefix(word, OB_SPAN("ISO/")) &&
            among(slash, stages, OB_COUNT(stages))) {
            word = ob_span_sub(word, 0, 3);
        }
        if (first || !among(word, stages, OB_COUNT(stages))) {
            add_to_key(key, &len, word);
        }
    }
    len = unify_supplement(key, len);
    *name = (ob_doc_name){.plain = plain, .key = {key, len}, .edition = edition};
    return true;
}

static ob_span without_v(ob_span text)
{
    return is_version(text) ? ob_span_sub(text, 1, text.len) : text;
}

bool ob_edition_fits(ob_span named, ob_span recorded)
{
    ob_day a = 0;
    ob_day b = 0;
    if (named.len == 0 || ob_span_is_nocase(without_v(named), without_v(recorded))) {
        return true;
    }
    if (!ob_day_read(named, &a) || !ob_day_read(recorded, &b)) {
        return false;
    }
    uint32_t scale = a % 10000 == 0 || b % 10000 == 0 ? 10000
                     : a % 100 == 0 || b % 100 == 0   ? 100
                                                      : 1;
    return a / scale == b / scale;
}

bool ob_body_key(ob_arena *arena, ob_span text, ob_span *key, ob_err *err)
{
    static const char *const drop[] = {"ITUT", "ITUTSTUDYGROUP", "STUDYGROUP"};
    char *out = OB_NEW(arena, char, text.len + 3, err);
    size_t len = 2;
    if (out == NULL) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = upper(text.ptr[i]);
        if (is_digit(c) || (c >= 'A' && c <= 'Z')) {
            out[len++] = c;
        }
    }
    ob_span made = {out + 2, len - 2};
    for (size_t i = OB_COUNT(drop); i-- > 0;) {
        if (made.len > strlen(drop[i]) && ob_span_has_prefix(made, ob_span_str(drop[i]))) {
            made = ob_span_sub(made, strlen(drop[i]), made.len);
            if (i > 0) {
                /* There is room: what was dropped is longer. */
                char *front = out + 2 + strlen(drop[i]) - 2;
                front[0] = 'S';
                front[1] = 'G';
                made = (ob_span){front, made.len + 2};
            }
            break;
        }
    }
    *key = made;
    return true;
}
