/* SPDX-License-Identifier: Apache-2.0 */
/* Names, addresses, dates and lines of records: what people write rather than compute. */
#include "detect/phone.h"
#include "detect/valid_core.h"

#include <ombud/text.h>

/* Reads up to most digits at *at; false if there are fewer than least. */
static bool take_number(ob_span text, size_t *at, size_t least, size_t most, unsigned *number)
{
    size_t end = obi_run(text, *at, OBI_DIGIT);
    size_t count = end - *at;
    if (count < least || count > most) {
        return false;
    }
    *number = obi_number(text, *at, count);
    *at = end;
    return true;
}

static bool take_text(ob_span text, size_t *at, const char *what)
{
    ob_span word = ob_span_str(what);
    if (!ob_span_has_prefix(ob_span_sub(text, *at, text.len), word)) {
        return false;
    }
    *at += word.len;
    return true;
}

/* An English month by its first three letters or in full. */
static bool take_month(ob_span text, size_t *at, unsigned *month)
{
    static const char *const months[12] = {"january",   "february", "march",    "april",
                                           "may",       "june",     "july",     "august",
                                           "september", "october",  "november", "december"};
    ob_span word = ob_span_sub(text, *at, obi_run(text, *at, OBI_LETTER));
    for (unsigned i = 0; i < 12; i++) {
        ob_span name = ob_span_str(months[i]);
        if (ob_span_is_nocase(word, name) || ob_span_is_nocase(word, ob_span_sub(name, 0, 3))) {
            *month = i + 1;
            *at += word.len;
            return true;
        }
    }
    return false;
}

static bool take_blank(ob_span text, size_t *at)
{
    bool any = false;
    while (*at < text.len && obi_one_of(text.ptr[*at], " ,-.") && *at < 20) {
        (*at)++;
        any = true;
    }
    return any;
}

/* 1 January 1990, 1st of no month; 01-Jan-1990; January 1, 1990. */
static bool born_in_words(ob_span value)
{
    static const char *const endings[] = {"st", "nd", "rd", "th"};
    unsigned day = 0;
    unsigned month = 0;
    unsigned year = 0;
    size_t at = 0;
    bool first = take_month(value, &at, &month) && take_blank(value, &at);
    if (!take_number(value, &at, 1, 2, &day)) {
        return false;
    }
    for (size_t i = 0; i < OB_COUNT(endings); i++) {
        if (take_text(value, &at, endings[i])) {
            break;
        }
    }
    return take_blank(value, &at) &&
           (first || (take_month(value, &at, &month) && take_blank(value, &at))) &&
           take_number(value, &at, 4, 4, &year) && at == value.len && obi_birth(year, month, day);
}

/* Year, month, day, or day and month in either order and the year; one sign between them. */
static bool born_in_numbers(ob_span value)
{
    unsigned parts[3] = {0};
    size_t at = 0;
    size_t first = obi_run(value, 0, OBI_DIGIT);
    char sign = first < value.len ? value.ptr[first] : '\0';
    if (!obi_one_of(sign, "-/.")) {
        return false;
    }
    for (size_t i = 0; i < 3; i++) {
        bool year = i == (first == 4 ? 0U : 2U);
        if (!take_number(value, &at, year ? 4 : 1, year ? 4 : 2, &parts[i]) ||
            (i < 2 && (at >= value.len || value.ptr[at++] != sign))) {
            return false;
        }
    }
    if (at != value.len) {
        return false;
    }
    return first == 4
               ? obi_birth(parts[0], parts[1], parts[2])
               : obi_birth(parts[2], parts[1], parts[0]) || obi_birth(parts[2], parts[0], parts[1]);
}

static bool born_in_chinese(ob_span value)
{
    unsigned parts[3] = {0};
    size_t at = 0;
    bool fits = take_number(value, &at, 4, 4, &parts[0]) && take_text(value, &at, "\u5e74") &&
                take_number(value, &at, 1, 2, &parts[1]) && take_text(value, &at, "\u6708") &&
                take_number(value, &at, 1, 2, &parts[2]);
    if (!fits || (!take_text(value, &at, "\u65e5") && !take_text(value, &at, "\u53f7"))) {
        return false;
    }
    return at == value.len && obi_birth(parts[0], parts[1], parts[2]);
}

ob_valid obi_valid_dob(ob_span value)
{
    if (value.len == 8 && obi_all(value, OBI_DIGIT)) {
        return obi_maybe_if(
            obi_birth(obi_number(value, 0, 4), obi_number(value, 4, 2), obi_number(value, 6, 2)));
    }
    return obi_maybe_if(born_in_numbers(value) || born_in_chinese(value) || born_in_words(value));
}

/* Number, date and time, and how long or how much, with blanks, commas, semicolons or bars. */
static bool take_gap(ob_span text, size_t *at)
{
    size_t start = *at;
    while (*at < text.len && obi_one_of(text.ptr[*at], " ,;|\t")) {
        (*at)++;
    }
    return *at > start;
}

static bool take_time(ob_span text, size_t *at)
{
    unsigned date[3] = {0};
    unsigned clock[3] = {0};
    bool fits = take_number(text, at, 4, 4, &date[0]) &&
                (take_text(text, at, "-") || take_text(text, at, "/")) &&
                take_number(text, at, 2, 2, &date[1]) &&
                (take_text(text, at, "-") || take_text(text, at, "/")) &&
                take_number(text, at, 2, 2, &date[2]) &&
                (take_text(text, at, " ") || take_text(text, at, "T")) &&
                take_number(text, at, 2, 2, &clock[0]) && take_text(text, at, ":") &&
                take_number(text, at, 2, 2, &clock[1]);
    if (fits && take_text(text, at, ":")) {
        fits = take_number(text, at, 2, 2, &clock[2]);
    }
    (void)take_text(text, at, "Z");
    return fits && obi_date(date[0], date[1], date[2]) && date[0] >= 1980 && clock[0] < 24 &&
           clock[1] < 60 && clock[2] < 60;
}

ob_valid obi_valid_cdr(ob_span value)
{
    static const char *const units[] = {"s",  "sec", "min",    "KB",
                                        "MB", "GB",  "\u79d2", "\u5206\u949f"};
    size_t start = value.ptr[0] == '+' ? 1 : 0;
    size_t at = obi_run(value, start, OBI_DIGIT);
    ob_span number = ob_span_sub(value, 0, at);
    unsigned amount = 0;
    if (at - start < 7 || at - start > 15 || !take_gap(value, &at) || !take_time(value, &at) ||
        !take_gap(value, &at) || !take_number(value, &at, 1, 9, &amount)) {
        return OB_VALID_NO;
    }
    ob_span unit = ob_span_trim(ob_span_sub(value, at, value.len));
    bool known = unit.len == 0;
    for (size_t i = 0; i < OB_COUNT(units); i++) {
        known = known || ob_span_is_nocase(unit, ob_span_str(units[i]));
    }
    if (!known) {
        return OB_VALID_NO;
    }
    /* All three fields are proof enough if the number is one that exists. */
    bool plan = ob_phone_valid(number, NULL, NULL) != OB_VALID_NO ||
                ob_phone_valid(number, "CN", NULL) != OB_VALID_NO;
    return plan ? OB_VALID_YES : OB_VALID_MAYBE;
}

/* Hiding has no form of its own: the family that reports it has counted. */
ob_valid obi_valid_hiding(ob_span value)
{
    return value.len > 0 ? OB_VALID_MAYBE : OB_VALID_NO;
}

/* What runs, links or leaks is told where it stands, by its grammar: the value alone says nothing.
 */
ob_valid obi_valid_markup(ob_span value)
{
    return value.len > 0 ? OB_VALID_MAYBE : OB_VALID_NO;
}
