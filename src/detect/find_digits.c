/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digit runs: the groups of a segment, and which of them are taken together. Groups that blanks
 * join may be one number or several, so at each group the longest number is tried first; groups
 * joined by a hyphen, dot or bracket are never taken apart.
 */
#include "detect/find_digits.h"

/* Groups of a number within a longer chain; a whole chain may have more. */
#define SPREAD 7
/* What a number loses that has other groups beside it, and if one of them is part of an id. */
#define CROWDED (-60)
#define IN_ID   (-200)

/* Words count within 24 characters. */
#define CUE_REACH 26

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

/* A letter of any script, or what else is beyond ASCII. */
static bool is_wordy(char c)
{
    return (unsigned char)c >= 0x80 || obi_is(c, OBI_LETTER);
}

/* False if there are more groups than have room. */
static bool collect(const obi_scan *scan, obi_groups *groups)
{
    ob_span text = scan->text;
    size_t at = scan->from;
    size_t word = at;
    while (word > 0 && at - word < CUE_REACH && !is_wordy(text.ptr[word - 1])) {
        word--;
    }
    word = at - word < CUE_REACH ? word : 0;
    for (size_t last = at;; last = at) { /* the end of the group before */
        while (at < text.len && !obi_is(text.ptr[at], OBI_DIGIT)) {
            at++;
        }
        if (at == text.len) {
            break;
        }
        size_t back = at;
        while (back > last && !is_wordy(text.ptr[back - 1])) {
            back--;
        }
        word = back > last ? back : word;
        if (groups->count == groups->cap) {
            return false;
        }
        size_t end = obi_run(text, at, OBI_DIGIT);
        obi_group *group = &groups->all[groups->count];
        *group = (obi_group){.start = (uint16_t)at, .end = (uint16_t)end, .word = (uint16_t)word};
        group->plus = has_plus(text, scan->from, at);
        if (groups->count > 0 && !group->plus) {
            group->gap = (uint8_t)gap_of(text, group[-1].end, at);
        }
        groups->count++;
        at = end;
    }
    return true;
}

bool obi_number_cued(const obi_digits *number, ob_kind kind, size_t start)
{
    size_t word = number->groups[0].word;
    return word > 0 && start - word < CUE_REACH && obi_cued(number->scan, kind, start);
}

void obi_number_found(obi_digits *number, ob_kind kind, size_t start, size_t end, ob_valid check,
                      const char *rule, int near)
{
    if ((!number->strict_left && !number->strict_right) || obi_number_cued(number, kind, start)) {
        obi_found(number->scan, kind, start, end, check, rule, near + number->near_);
    }
}

/* Bytes before a number that say which script it stands in. */
#define HAN_REACH 24

/* Eight bytes are. */
static bool all_ascii(const unsigned char *bytes)
{
    uint64_t eight = 0;
    memcpy(&eight, bytes, sizeof eight);
    return (eight & UINT64_C(0x8080808080808080)) == 0;
}

/* Chinese text: Han around it (bytes 0xe4 to 0xe9 in front), and no kana or hangul. */
static bool stands_in_han(const obi_scan *scan, const obi_group *group)
{
    size_t start = group->start;
    const unsigned char *text = (const unsigned char *)scan->text.ptr;
    unsigned char next = (unsigned char)scan->next;
    bool han = next >= 0xe4 && next <= 0xe9;
    bool other = next >= 0xea && next <= 0xed;
    if (group->word == 0 || start - group->word >= HAN_REACH) {
        return han;
    }
    size_t least = start < HAN_REACH ? 0 : start - HAN_REACH + 1;
    for (size_t i = start; i-- > least;) {
        if (text[i] < 0x80) { /* mostly they all are */
            i -= i >= least + 7 && all_ascii(text + i - 7) ? 7 : 0;
            continue;
        }
        han = han || (text[i] >= 0xe4 && text[i] <= 0xe9);
        other = other || (text[i] >= 0xea && text[i] <= 0xed) ||
                (text[i] == 0xe3 && i + 1 < start && text[i + 1] >= 0x81 && text[i + 1] <= 0x83);
    }
    return han && !other;
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

static void read_letter(obi_digits *number)
{
    ob_span text = number->scan->text;
    size_t letter = letter_behind(number);
    if (letter != SIZE_MAX) {
        char c = text.ptr[letter];
        number->text[number->len++] = obi_is(c, OBI_LOWER) ? (char)(c - 32) : c;
        number->end = letter + 1;
    }
}

/* The group before, or behind, is glued to letters: "GB82 1234 ...". */
static bool is_in_id(const obi_digits *number, bool before, bool behind)
{
    ob_span text = number->scan->text;
    size_t left = before ? number->groups[-1].start : 0;
    size_t right = behind ? number->groups[number->count].end : text.len;
    return (left > 0 && obi_is(text.ptr[left - 1], OBI_LETTER)) ||
           (right < text.len && obi_is(text.ptr[right], OBI_LETTER));
}

/* Tries the number; true if something was found. before and behind: the chain has groups there. */
static bool try_number(obi_digits *number, obi_edge left, bool before, bool behind)
{
    obi_scan *scan = number->scan;
    if (left == OBI_EDGE_DEAD) {
        return false;
    }
    read_letter(number);
    number->tail = obi_extension(scan, number->end);
    obi_edge right = obi_edge_right(scan, number->tail, number->digits);
    if (right == OBI_EDGE_DEAD) {
        return false;
    }
    size_t found = scan->count;
    number->strict_left = left == OBI_EDGE_CUE;
    number->strict_right = right == OBI_EDGE_CUE;
    number->crowded = before || behind;
    number->near_ = is_in_id(number, before, behind)       ? IN_ID
                    : number->crowded && number->count > 1 ? CROWDED
                                                           : 0;
    if (number->len == number->digits && number->digits >= 6) {
        obi_number_phone(number);
    }
    /* Beside others, pairs of digits are a list. */
    bool list = number->crowded && number->digits <= 2 * number->count;
    if (!number->groups[0].plus && number->tail == number->end && !list) {
        obi_number_kinds(number);
        if (!number->crowded && number->digits <= 9) {
            obi_number_codes(number);
        }
    }
    return scan->count > found;
}

/* Reads up to most groups as long as their digits have room; returns how many. digits and shapes:
 * those of the first groups, by how many these are. */
static size_t read_groups(obi_digits *number, size_t most, uint8_t *digits, uint64_t *shapes)
{
    const char *text = number->scan->text.ptr;
    size_t sum = 0;
    size_t count = 0;
    digits[0] = 0;
    shapes[0] = 0;
    while (count < most) {
        const obi_group *group = &number->groups[count];
        size_t len = (size_t)(group->end - group->start);
        if (sum + len > OBI_NUMBER_MAX) {
            break;
        }
        for (size_t i = 0; i < len; i++) { /* few: a call of memcpy costs more */
            number->text[sum + i] = text[group->start + i];
        }
        sum += len;
        shapes[count + 1] = shapes[count] << 4 | (len < 15 ? len : 15);
        digits[++count] = (uint8_t)sum;
    }
    return count;
}

/* Whether a number of so many digits can be anything: the kinds have up to 20, and 32; less than
 * seven are nothing without a word before them, or a plus sign. */
static bool has_kinds(const obi_group *first, size_t digits)
{
    bool worded = first->word > 0 && first->start - first->word < CUE_REACH + 2;
    return digits <= 20 ? digits >= 7 || (digits >= 3 && (worded || first->plus)) : digits == 32;
}

/* The longest number that begins at groups[at], within a chain of count groups; how many groups it
 * took, 0 for none. */
static size_t take_number(obi_scan *scan, const obi_group *groups, size_t at, size_t count)
{
    const obi_group *first = groups + at;
    size_t start = first->start - (first->plus ? (size_t)1 : 0);
    obi_edge left_short = obi_edge_left(scan, start, 0);
    bool listed =
        start > 0 && (scan->text.ptr[start - 1] == ',' || scan->text.ptr[start - 1] == ':');
    obi_edge left_long = listed ? obi_edge_left(scan, start, OBI_LONG_DIGITS) : left_short;
    if (left_short == OBI_EDGE_DEAD && left_long == OBI_EDGE_DEAD) {
        return 0;
    }
    obi_digits number = {.scan = scan, .groups = first, .start = first->start};
    OB_UNSET uint8_t digits[OBI_NUMBER_MAX + 1]; /* in the groups before */
    OB_UNSET uint64_t shapes[OBI_NUMBER_MAX + 1];
    size_t end = at + read_groups(&number,
                                  at == 0               ? count
                                  : at + SPREAD < count ? SPREAD
                                                        : count - at,
                                  digits, shapes);
    /* Asked for telephone numbers without a plus sign only. */
    number.han = digits[end - at] >= 7 && stands_in_han(scan, first);
    for (; end > at; end--) {
        bool whole = at == 0 && end == count;
        if ((end < count && groups[end].gap != OBI_GAP_WIDE) ||
            !has_kinds(first, digits[end - at]) || (!whole && end - at > SPREAD)) {
            continue;
        }
        number.count = end - at;
        number.end = groups[end - 1].end;
        number.len = number.digits = digits[end - at];
        number.shape = shapes[end - at];
        if (try_number(&number, number.digits < OBI_LONG_DIGITS ? left_short : left_long, at > 0,
                       end < count)) {
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

static void find_in(obi_scan *scan, obi_groups *groups)
{
    if (groups->count > 3) {
        obi_find_records(scan, groups);
    }
    obi_find_dates(scan, groups);
    for (size_t at = 0; at < groups->count;) {
        const obi_group *first = &groups->all[at++];
        if (first->date) {
            continue;
        }
        while (at < groups->count && groups->all[at].gap != OBI_GAP_APART &&
               !groups->all[at].date) {
            at++;
        }
        walk_chain(scan, first, (size_t)(groups->all + at - first));
    }
}

/* Apart, because room for so many groups costs more than the work on most segments. */
__attribute__((noinline)) static void find_in_many(obi_scan *scan)
{
    OB_UNSET obi_group all[OBI_GROUPS_MAX];
    obi_groups groups = {.all = all, .cap = OBI_GROUPS_MAX};
    (void)collect(scan, &groups);
    find_in(scan, &groups);
}

void obi_find_digits(obi_scan *scan)
{
    if (obi_scan_tally(scan)->digits == 0) {
        return;
    }
    OB_UNSET obi_group all[8];
    obi_groups groups = {.all = all, .cap = OB_COUNT(all)};
    if (collect(scan, &groups)) {
        find_in(scan, &groups);
    } else {
        find_in_many(scan);
    }
}
