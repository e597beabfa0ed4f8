/* SPDX-License-Identifier: Apache-2.0 */
/* Days as people write them: "22-30 January 2019", "Mon 1-Wed 10 June 2026", "9 April 2026". */
#include "map/meeting.h"

typedef struct point {
    uint32_t day;
    uint32_t month;
    uint32_t year;
} point;

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The run of letters at the start. */
static ob_span letters(ob_span text)
{
    size_t at = 0;
    while (at < text.len && is_letter(text.ptr[at])) {
        at++;
    }
    return ob_span_sub(text, 0, at);
}

/* Number of the name among names, from 1, when word is its first three letters or more of it. */
static uint32_t name_number(ob_span word, const char *const *names, uint32_t count)
{
    for (uint32_t i = 0; i < count && word.len >= 3; i++) {
        ob_span name = ob_span_str(names[i]);
        if (word.len <= name.len && ob_span_is_nocase(word, ob_span_sub(name, 0, word.len))) {
            return i + 1;
        }
    }
    return 0;
}

static uint32_t month_of(ob_span word)
{
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    return name_number(word, names, OB_COUNT(names));
}

bool ob_is_weekday(ob_span word)
{
    static const char *const names[] = {"monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday"};
    return name_number(word, names, OB_COUNT(names)) > 0;
}

static size_t skip_blanks(ob_span text, size_t at)
{
    while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == ',')) {
        at++;
    }
    return at;
}

static size_t take_number(ob_span text, size_t at, size_t digits, uint32_t *value)
{
    size_t start = at;
    *value = 0;
    while (at < text.len && is_digit(text.ptr[at]) && at - start < digits + 1) {
        *value = *value * 10 + (uint32_t)(text.ptr[at++] - '0');
    }
    return at > start && at - start <= digits ? at : 0;
}

/* Reads a point of time at *at: [weekday] day [month [year]]. */
static bool take_point(ob_span text, size_t *at, point *p)
{
    size_t here = skip_blanks(text, *at);
    ob_span word = letters(ob_span_sub(text, here, text.len));
    if (ob_is_weekday(word)) {
        here = skip_blanks(text, here + word.len);
    }
    size_t end = take_number(text, here, 2, &p->day);
    if (end == 0 || p->day == 0 || p->day > 31) {
        return false;
    }
    word = letters(ob_span_sub(text, end, text.len));
    if (word.len == 2) {
        end += 2; /* 1st, 2nd, 3rd, 4th */
    } else if (end < text.len && strchr(":/.%+", text.ptr[end]) != NULL) {
        return false;
    }
    *at = end;
    size_t next = skip_blanks(text, end);
    word = letters(ob_span_sub(text, next, text.len));
    p->month = month_of(word);
    if (p->month == 0) {
        return true;
    }
    *at = next + word.len;
    next = skip_blanks(text, *at + (*at < text.len && text.ptr[*at] == '.'));
    end = take_number(text, next, 4, &p->year);
    if (end == next + 4 && p->year >= 1900 && p->year < 2200) {
        *at = end;
    } else {
        p->year = 0;
    }
    return true;
}

/* A dash or "to" at *at. */
static bool take_dash(ob_span text, size_t *at)
{
    static const char *const dashes[] = {"-",   "\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x80\x91",
                                         "to ", "until "};
    size_t here = skip_blanks(text, *at);
    for (size_t i = 0; i < OB_COUNT(dashes); i++) {
        if (ob_span_has_prefix(ob_span_sub(text, here, text.len), ob_span_str(dashes[i]))) {
            *at = here + strlen(dashes[i]);
            return true;
        }
    }
    return false;
}

static bool valid(const point *p, ob_day *day)
{
    char text[OB_DAY_TEXT_MAX];
    (void)snprintf(text, sizeof text, "%04u-%02u-%02u", p->year % 10000, p->month % 100,
                   p->day % 100);
    return ob_day_read(ob_span_str(text), day);
}

static bool read_at(ob_span text, size_t *at, uint32_t year, ob_day *start, ob_day *end)
{
    point a = {0};
    point b = {0};
    size_t here = *at;
    if (!take_point(text, &here, &a)) {
        return false;
    }
    size_t behind = here;
    bool two = take_dash(text, &behind) && take_point(text, &behind, &b) && b.month > 0;
    if (!two) {
        b = a;
        behind = here;
    }
    b.year = b.year == 0 ? year : b.year;
    a.month = a.month == 0 ? b.month : a.month;
    if (a.year == 0) {
        a.year = a.month > b.month ? b.year - 1 : b.year;
    }
    if (b.month == 0 || b.year == 0 || !valid(&a, start) || !valid(&b, end) || *end < *start) {
        return false;
    }
    *at = behind;
    return true;
}

/* "January 11-20, 2027", "January 28 - February 3, 2027" */
static bool read_month_first(ob_span text, size_t *at, ob_day *start, ob_day *end)
{
    point a = {.month = month_of(letters(ob_span_sub(text, *at, text.len)))};
    size_t here = *at + letters(ob_span_sub(text, *at, text.len)).len;
    here = skip_blanks(text, here + (here < text.len && text.ptr[here] == '.'));
    size_t next = a.month == 0 ? 0 : take_number(text, here, 2, &a.day);
    if (next == 0) {
        return false;
    }
    point b = a;
    size_t behind = next;
    if (take_dash(text, &behind)) {
        behind = skip_blanks(text, behind);
        ob_span word = letters(ob_span_sub(text, behind, text.len));
        b.month = month_of(word) > 0 ? month_of(word) : a.month;
        behind = skip_blanks(text, behind + (month_of(word) > 0 ? word.len : 0));
        next = take_number(text, behind, 2, &b.day);
    }
    size_t year = next == 0 ? 0 : skip_blanks(text, next);
    size_t stop = next == 0 ? 0 : take_number(text, year, 4, &b.year);
    a.year = a.month > b.month ? b.year - 1 : b.year;
    if (stop != year + 4 || b.year < 1900 || !valid(&a, start) || !valid(&b, end) ||
        *end < *start) {
        return false;
    }
    *at = stop;
    return true;
}

/* "2027-01-11" or "11.01.2027", ten signs. */
static bool take_numeric(ob_span text, size_t *at, ob_day *day)
{
    ob_span ten = ob_span_sub(text, *at, *at + 10);
    point p = {0};
    bool dots = ten.len == 10 && ten.ptr[2] == '.' && ten.ptr[5] == '.' &&
                take_number(ten, 0, 2, &p.day) == 2 && take_number(ten, 3, 2, &p.month) == 5 &&
                take_number(ten, 6, 4, &p.year) == 10 && p.month > 0 && p.day > 0;
    bool good = dots ? valid(&p, day) : ten.len == 10 && ob_day_read(ten, day);
    good = good && (*at + 10 == text.len || !is_digit(text.ptr[*at + 10]));
    *at += good ? 10 : 0;
    return good;
}

/* "2027-01-11 to 2027-01-20", "2027-01-11/2027-01-20" */
static bool read_numeric(ob_span text, size_t *at, ob_day *start, ob_day *end)
{
    if (!take_numeric(text, at, start)) {
        return false;
    }
    size_t behind = *at;
    ob_day last = 0;
    bool dash = take_dash(text, &behind);
    behind += !dash && behind < text.len && text.ptr[behind] == '/';
    size_t second = skip_blanks(text, behind);
    if (behind == *at || !take_numeric(text, &second, &last)) {
        *end = *start;
        return true;
    }
    *end = last;
    *at = second;
    return *end >= *start;
}

bool ob_days_read(ob_span text, uint32_t year, ob_day *start, ob_day *end, size_t *used)
{
    ob_day first = 0;
    ob_day last = 0;
    for (size_t at = 0; at < text.len; at++) {
        char before = at == 0 ? ' ' : text.ptr[at - 1];
        bool begins = is_digit(text.ptr[at]) && !is_digit(before) && !is_letter(before) &&
                      strchr("./:-", before) == NULL;
        size_t stop = at;
        bool month = is_letter(text.ptr[at]) && !is_letter(before) && !is_digit(before);
        size_t numeric = at;
        if (begins && read_numeric(text, &numeric, &first, &last)) {
            stop = numeric;
        } else if (month ? !read_month_first(text, &stop, &first, &last)
                         : !begins || !read_at(text, &stop, year, &first, &last)) {
            continue;
        }
        if (first != 0) {
            *start = first;
            *end = last;
            *used = stop;
            return true;
        }
    }
    return false;
}
