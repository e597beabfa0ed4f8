/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digit runs: the groups of a segment, and which of them are taken together. Groups that blanks
 * join may be one number or several, so at each group the longest number is tried first; groups
 * joined by a hyphen, dot or bracket are never taken apart.
 */
#include "detect/find_digits.h"

/* Groups of a number within a longer chain; a whole chain may have more. */
#define SPREAD 7
/* What a number loses whose neighbours are groups that look like its own. */
#define CROWDED (-100)

/* The gap between two groups, at most three bytes. */
static obi_gap gap_of(ob_span text, size_t end, size_t start)
{
    bool blank = false;
    bool closing = false;
    bool sign = false;
    if (start - end > 3) {
        return OBI_GAP_APART;
    }
    for (size_t i = end; i < start; i++) {
        char c = text.ptr[i];
        blank = blank || c == ' ';
        closing = closing || c == ')';
        sign = sign || c == '-' || c == '.' || c == '/';
        if (!obi_one_of(c, " -./()")) {
            return OBI_GAP_APART;
        }
    }
    return closing || !blank || (sign && start - end < 3) ? OBI_GAP_TIGHT : OBI_GAP_WIDE;
}

static bool has_plus(ob_span text, size_t from, size_t start)
{
    return start > from &&
           (text.ptr[start - 1] == '+' ||
            (text.ptr[start - 1] == '(' && start - 1 > from && text.ptr[start - 2] == '+'));
}

static void collect(const obi_scan *scan, obi_groups *groups)
{
    ob_span text = scan->text;
    size_t at = scan->from;
    while (at < text.len && groups->count < OBI_GROUPS_MAX) {
        if (!obi_is(text.ptr[at], OBI_DIGIT)) {
            at++;
            continue;
        }
        size_t end = obi_run(text, at, OBI_DIGIT);
        obi_group *group = &groups->all[groups->count];
        *group = (obi_group){.start = (uint16_t)at, .end = (uint16_t)end};
        group->plus = has_plus(text, scan->from, at);
        if (groups->count > 0 && !group->plus) {
            group->gap = (uint8_t)gap_of(text, group[-1].end, at);
        }
        groups->count++;
        at = end;
    }
}

bool obi_number_sizes(const obi_digits *number, const char *sizes)
{
    for (size_t i = 0; i < number->count; i++) {
        if (sizes[i] - '0' != number->groups[i].end - number->groups[i].start) {
            return false;
        }
    }
    return sizes[number->count] == '\0';
}

void obi_number_found(obi_digits *number, ob_kind kind, size_t start, size_t end, ob_valid check,
                      const char *rule, int near)
{
    if (!number->strict || obi_cued(number->scan, kind, start)) {
        obi_found(number->scan, kind, start, end, check, rule, near + number->near_);
    }
}

/* Han, kana and hangul are the three-byte characters from U+3000 on. */
static bool stands_in_han(const obi_scan *scan, size_t start)
{
    if ((unsigned char)scan->next >= 0xe3) {
        return true;
    }
    for (size_t i = start; i-- > 0 && start - i < 24;) {
        if ((unsigned char)scan->text.ptr[i] >= 0xe3) {
            return true;
        }
    }
    return false;
}

/* A letter that belongs to the value: the check character of China and Chile, the filler of a SIM
 * card's serial. */
static size_t letter_behind(const obi_digits *number)
{
    ob_span text = number->scan->text;
    size_t at = number->end;
    bool rut = number->digits == 7 || number->digits == 8;
    if (rut && at < text.len && text.ptr[at] == '-') {
        at++;
    }
    char c = at < text.len ? text.ptr[at] : '\0';
    bool belongs = (number->digits == 17 && (c == 'X' || c == 'x')) ||
                   (rut && (c == 'K' || c == 'k')) ||
                   (number->digits == 19 && (c == 'F' || c == 'f'));
    return belongs ? at : SIZE_MAX;
}

static void read_text(obi_digits *number)
{
    ob_span text = number->scan->text;
    for (size_t i = 0; i < number->count; i++) {
        size_t len = (size_t)(number->groups[i].end - number->groups[i].start);
        memcpy(number->text + number->len, text.ptr + number->groups[i].start, len);
        number->len += len;
    }
    size_t letter = letter_behind(number);
    if (letter != SIZE_MAX) {
        char c = text.ptr[letter];
        number->text[number->len++] = obi_is(c, OBI_LOWER) ? (char)(c - 32) : c;
        number->end = letter + 1;
    }
}

/* Tries the number; true if something was found. */
static bool try_number(obi_digits *number, bool crowded)
{
    obi_scan *scan = number->scan;
    obi_edge left =
        obi_edge_left(scan, number->start - (number->groups[0].plus ? 1 : 0), number->digits);
    if (left == OBI_EDGE_DEAD) {
        return false;
    }
    read_text(number);
    number->tail = obi_extension(scan, number->end);
    obi_edge right = obi_edge_right(scan, number->tail, number->digits);
    if (right == OBI_EDGE_DEAD) {
        return false;
    }
    size_t before = scan->count;
    number->strict = left == OBI_EDGE_CUE || right == OBI_EDGE_CUE;
    number->han = stands_in_han(scan, number->start);
    number->near_ = crowded && number->count > 1 ? CROWDED : 0;
    if (number->len == number->digits && number->digits >= 6) {
        obi_number_phone(number);
    }
    if (!number->groups[0].plus && number->tail == number->end) {
        obi_number_kinds(number);
        if (!crowded && number->digits <= 9) {
            obi_number_codes(number);
        }
    }
    return scan->count > before;
}

/* The longest number that begins at groups[at], within a chain of count groups; how many groups it
 * took, 0 for none. */
static size_t take_number(obi_scan *scan, const obi_group *groups, size_t at, size_t count)
{
    size_t digits[OBI_NUMBER_MAX + 1] = {0}; /* in the groups before */
    size_t most = at == 0 ? OBI_NUMBER_MAX : SPREAD;
    size_t end = at;
    while (end < count && end - at < most) {
        size_t sum = digits[end - at] + groups[end].end - groups[end].start;
        if (sum > OBI_NUMBER_MAX) {
            break;
        }
        end++;
        digits[end - at] = sum;
    }
    for (; end > at; end--) {
        bool whole = at == 0 && end == count;
        if ((end < count && groups[end].gap != OBI_GAP_WIDE) || digits[end - at] < 3 ||
            (!whole && end - at > SPREAD)) {
            continue;
        }
        obi_digits number = {.scan = scan,
                             .groups = groups + at,
                             .count = end - at,
                             .start = groups[at].start,
                             .end = groups[end - 1].end,
                             .digits = digits[end - at]};
        if (try_number(&number, !whole)) {
            return end - at;
        }
    }
    return 0;
}

static void walk_chain(obi_scan *scan, const obi_group *groups, size_t count)
{
    for (size_t at = 0; at < count;) {
        size_t took =
            at > 0 && groups[at].gap != OBI_GAP_WIDE ? 0 : take_number(scan, groups, at, count);
        at += took > 0 ? took : 1;
    }
}

void obi_find_digits(obi_scan *scan)
{
    obi_groups groups;
    groups.count = 0;
    collect(scan, &groups);
    if (groups.count > 1) {
        obi_find_records(scan, &groups);
    }
    obi_find_dates(scan, &groups);
    for (size_t at = 0; at < groups.count;) {
        size_t end = at + 1;
        while (end < groups.count && groups.all[end].gap != OBI_GAP_APART &&
               !groups.all[end].date) {
            end++;
        }
        if (!groups.all[at].date) {
            walk_chain(scan, groups.all + at, end - at);
        } else {
            end = at + 1;
        }
        at = end;
    }
}
