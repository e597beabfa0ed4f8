/* SPDX-License-Identifier: Apache-2.0 */
/* What has numbers and more in it: dates, of which only those of births are reported, places by
 * latitude and longitude, and lines of call records. */
#include "detect/find_digits.h"

#define YEAR  "\u5e74"
#define MONTH "\u6708"
#define DAY   "\u65e5"
#define DAY2  "\u53f7"

static size_t size_of(const obi_group *group)
{
    return (size_t)(group->end - group->start);
}

static unsigned number_of(const obi_scan *scan, const obi_group *group)
{
    return obi_number(scan->text, group->start, size_of(group));
}

static bool is_year(const obi_scan *scan, const obi_group *group)
{
    unsigned year = size_of(group) == 4 ? number_of(scan, group) : 0;
    return year >= OB_BIRTH_YEAR_MIN && year <= 2099;
}

static bool is_part(const obi_scan *scan, const obi_group *group, unsigned most)
{
    unsigned number = size_of(group) <= 2 ? number_of(scan, group) : 0;
    return number >= 1 && number <= most;
}

static ob_span between(const obi_scan *scan, const obi_group *left)
{
    return ob_span_sub(scan->text, left->end, left[1].start);
}

/* Three groups with the same sign between: year first, or last. */
static bool is_date(const obi_scan *scan, const obi_group *group)
{
    ob_span sign = between(scan, group);
    if (sign.len != 1 || !obi_one_of(sign.ptr[0], "-./") ||
        !ob_span_is(sign, between(scan, group + 1))) {
        return false;
    }
    if (is_year(scan, group)) {
        return is_part(scan, group + 1, 12) && is_part(scan, group + 2, 31);
    }
    return is_year(scan, group + 2) &&
           ((is_part(scan, group, 12) && is_part(scan, group + 1, 31)) ||
            (is_part(scan, group, 31) && is_part(scan, group + 1, 12)));
}

/* 12/03/85: a date only where a birth is spoken of. */
static bool is_short_date(const obi_scan *scan, const obi_group *group)
{
    ob_span sign = between(scan, group);
    return sign.len == 1 && obi_one_of(sign.ptr[0], "-./") &&
           ob_span_is(sign, between(scan, group + 1)) && size_of(group + 2) == 2 &&
           is_part(scan, group, 31) && is_part(scan, group + 1, 31) &&
           (is_part(scan, group, 12) || is_part(scan, group + 1, 12));
}

static bool is_chinese_date(const obi_scan *scan, const obi_group *group, size_t *end)
{
    ob_span rest = ob_span_sub(scan->text, group[2].end, scan->text.len);
    if (!is_year(scan, group) || !ob_span_is_str(ob_span_trim(between(scan, group)), YEAR) ||
        !ob_span_is_str(ob_span_trim(between(scan, group + 1)), MONTH) ||
        !is_part(scan, group + 1, 12) || !is_part(scan, group + 2, 31) ||
        (!ob_span_has_prefix(rest, OB_SPAN(DAY)) && !ob_span_has_prefix(rest, OB_SPAN(DAY2)))) {
        return false;
    }
    *end = group[2].end + sizeof DAY - 1;
    return true;
}

/* Reports a date of birth; what no cue speaks of is no birth. */
static void born(obi_scan *scan, size_t start, size_t end, bool full_year)
{
    if (obi_edge_left(scan, start, 8) == OBI_EDGE_DEAD || !obi_cued(scan, OB_KIND_DOB, start)) {
        return;
    }
    ob_span value = ob_span_sub(scan->text, start, end);
    ob_valid check = !full_year ? OB_VALID_MAYBE : ob_validate(OB_KIND_DOB, value);
    obi_found(scan, OB_KIND_DOB, start, end, check, "dob", full_year ? 0 : -60);
}

static size_t blanks_back(ob_span text, size_t at, size_t from)
{
    while (at > from && obi_one_of(text.ptr[at - 1], " ,.-")) {
        at--;
    }
    return at;
}

static size_t letters_back(ob_span text, size_t at, size_t from)
{
    while (at > from && obi_is(text.ptr[at - 1], OBI_LETTER)) {
        at--;
    }
    return at;
}

/* "12 March 1985", "12th March 1985", "March 12, 1985", "March 12th, 1985". group is the year; the
 * one before it the day. */
static void born_in_words(obi_scan *scan, const obi_group *group)
{
    ob_span text = scan->text;
    size_t from = scan->from;
    const obi_group *day = group - 1;
    size_t end = blanks_back(text, group->start, from);
    size_t word = letters_back(text, end, from);
    size_t start = day->start;
    if (!is_part(scan, day, 31)) {
        return;
    }
    if (word == day->end && end - word <= 2) { /* nothing but "th" behind the day */
        size_t month = blanks_back(text, day->start, from);
        start = letters_back(text, month, from);
        if (month - start < 3) {
            return;
        }
    } else {
        size_t ending = blanks_back(text, word, from);
        if (end - word < 3 || letters_back(text, ending, from) != day->end ||
            ending - day->end > 2) {
            return;
        }
    }
    if (group->end - start <= ob_kind_rows[OB_KIND_DOB].most) {
        born(scan, start, group->end, true);
    }
}

void obi_find_dates(obi_scan *scan, obi_groups *groups)
{
    for (size_t i = 0; i < groups->count; i++) {
        obi_group *group = &groups->all[i];
        size_t end = 0;
        bool three = i + 2 < groups->count;
        if (three && (is_date(scan, group) || is_chinese_date(scan, group, &end))) {
            end = end == 0 ? group[2].end : end;
            if (obi_edge_right(scan, end, 8) != OBI_EDGE_DEAD &&
                obi_edge_left(scan, group->start, 8) != OBI_EDGE_DEAD) {
                born(scan, group->start, end, true);
                group[0].date = group[1].date = group[2].date = true;
                i += 2;
            }
        } else if (three && size_of(group) <= 2 && is_short_date(scan, group) &&
                   obi_edge_right(scan, group[2].end, 8) == OBI_EDGE_CLEAN) {
            born(scan, group->start, group[2].end, false);
        } else if (i > 0 && is_year(scan, group)) {
            born_in_words(scan, group);
        } else if (size_of(group) == 8 &&
                   (number_of(scan, group) / 1000000 == 19 ||
                    number_of(scan, group) / 1000000 == 20) &&
                   obi_edge_right(scan, group->end, 8) == OBI_EDGE_CLEAN) {
            born(scan, group->start, group->end, true);
        }
    }
}

/* Latitude and longitude: two decimals with a comma, three digits or more behind each point. */
static void find_place(obi_scan *scan, const obi_group *group)
{
    ob_span text = scan->text;
    if (!ob_span_is_str(between(scan, group), ".") ||
        !ob_span_is_str(between(scan, group + 2), ".") || size_of(group) > 2 ||
        size_of(group + 2) > 3 || size_of(group + 1) < 3 || size_of(group + 3) < 3) {
        return;
    }
    size_t start = group->start;
    start -= start > scan->from && text.ptr[start - 1] == '-' ? 1 : 0;
    size_t end = group[3].end;
    ob_valid check = ob_validate(OB_KIND_GEO, ob_span_sub(text, start, end));
    if (check != OB_VALID_NO && obi_edge_left(scan, start, 8) != OBI_EDGE_DEAD &&
        obi_edge_right(scan, end, 8) != OBI_EDGE_DEAD) {
        /* Four decimals place somebody within ten metres; few other pairs are so exact. */
        bool exact = size_of(group + 1) >= 4 && size_of(group + 3) >= 4;
        obi_found(scan, OB_KIND_GEO, start, end, check, "geo", exact ? 200 : 0);
    }
}

/* Behind a unit of time or volume, and a blank before it. */
static size_t unit_end(ob_span text, size_t at)
{
    static const char *const units[] = {"sec", "min", "s",      "KB",
                                        "MB",  "GB",  "\u79d2", "\u5206\u949f"};
    size_t start = at + (at < text.len && text.ptr[at] == ' ' ? 1 : 0);
    ob_span rest = ob_span_sub(text, start, text.len);
    for (size_t i = 0; i < OB_COUNT(units); i++) {
        ob_span unit = ob_span_str(units[i]);
        if (ob_span_is_nocase(ob_span_sub(rest, 0, unit.len), unit) &&
            (unit.len == rest.len || !obi_is(rest.ptr[unit.len], OBI_ALNUM))) {
            return start + unit.len;
        }
    }
    return at;
}

/* Number, date, time of two or three parts, amount: the groups of a record. */
static void find_record(obi_scan *scan, const obi_group *group, size_t count)
{
    if (size_of(group) < 7 || size_of(group) > 15 || !is_year(scan, group + 1) ||
        size_of(group + 2) != 2 || size_of(group + 3) != 2 || size_of(group + 4) != 2 ||
        size_of(group + 5) != 2 || !ob_span_is_str(between(scan, group + 4), ":")) {
        return;
    }
    size_t last = ob_span_is_str(between(scan, group + 5), ":") ? 7 : 6;
    if (last >= count) {
        return;
    }
    size_t start = (size_t)group->start - (group->plus ? 1 : 0);
    size_t end = unit_end(scan->text, group[last].end);
    ob_valid check = end - start <= ob_kind_rows[OB_KIND_CDR].most
                         ? ob_validate(OB_KIND_CDR, ob_span_sub(scan->text, start, end))
                         : OB_VALID_NO;
    if (check != OB_VALID_NO && obi_edge_left(scan, start, 8) != OBI_EDGE_DEAD) {
        /* More than the number in it is worth alone, cue or not. */
        obi_found(scan, OB_KIND_CDR, start, end, check, "cdr", 400);
    }
}

void obi_find_records(obi_scan *scan, const obi_groups *groups)
{
    for (size_t i = 0; i + 3 < groups->count; i++) {
        find_place(scan, &groups->all[i]);
        if (i + 6 < groups->count) {
            find_record(scan, &groups->all[i], groups->count - i);
        }
    }
}
