/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Codes that are nothing but a few digits: PIN, PUK, one-time code, service password, porting
 * code, card security code. Only a label before them makes them known.
 */
#include "detect/find_digits.h"

/* Words after which a number is a time, an amount or a count, whatever was spoken of before. */
static bool counts_something(const obi_scan *scan, size_t start)
{
    static const char *const words[] = {
        "since", "in",   "at",    "to",    "of",   "until", "by",     "with", "and",
        "or",    "for",  "than",  "about", "over", "after", "before", "from", "costs",
        "cost",  "line", "error", "last",  "next", "year",  "within", "only", "another"};
    size_t end = start;
    while (end > 0 && scan->text.ptr[end - 1] == ' ') {
        end--;
    }
    size_t at = end;
    while (at > 0 && obi_is(scan->text.ptr[at - 1], OBI_LETTER)) {
        at--;
    }
    ob_span word = ob_span_sub(scan->text, at, end);
    for (size_t i = 0; i < OB_COUNT(words); i++) {
        if (ob_span_is_nocase(word, ob_span_str(words[i]))) {
            return true;
        }
    }
    return false;
}

/* "500 MB", "10 minutes": a unit behind it. */
static bool has_unit(const obi_scan *scan, size_t end)
{
    static const char *const units[] = {
        "GB",     "MB",     "KB",     "Mbps",   "kbps",    "Mbit",   "min",    "minutes",
        "hours",  "days",   "h",      "s",      "am",      "pm",     "USD",    "EUR",
        "GBP",    "RMB",    "CNY",    "yuan",   "euro",    "euros",  "times",  "km",
        "weeks",  "months", "years",  "digits", "dollars", "pounds", "\u5143", "\u5757",
        "\u5206", "\u5146", "\u5929", "\u6b21", "\u4e2a",  "\u5e74", "\u4f4d"};
    size_t at = end + (end < scan->text.len && scan->text.ptr[end] == ' ' ? 1 : 0);
    ob_span rest = ob_span_sub(scan->text, at, scan->text.len);
    ob_span word = ob_span_sub(rest, 0, obi_run(rest, 0, OBI_LETTER));
    for (size_t i = 0; i < OB_COUNT(units); i++) {
        ob_span unit = ob_span_str(units[i]);
        bool ascii = (unsigned char)unit.ptr[0] < 0x80;
        if (ascii ? ob_span_is_nocase(word, unit) : ob_span_has_prefix(rest, unit)) {
            return true;
        }
    }
    return false;
}

static bool is_year(const obi_digits *number)
{
    return number->len == 4 && ((number->text[0] == '1' && number->text[1] == '9') ||
                                (number->text[0] == '2' && number->text[1] == '0'));
}

void obi_number_codes(obi_digits *number)
{
    static const uint8_t kinds[] = {OB_KIND_PIN,    OB_KIND_PUK,  OB_KIND_OTP,
                                    OB_KIND_SVCPWD, OB_KIND_PORT, OB_KIND_CVV};
    obi_scan *scan = number->scan;
    int near = 0;
    bool judged = false;
    for (size_t i = 0; i < OB_COUNT(kinds); i++) {
        ob_kind kind = (ob_kind)kinds[i];
        OB_UNSET char value[OBI_NUMBER_MAX];
        size_t len = 0;
        if (number->len < ob_kind_rows[kind].least || number->len > ob_kind_rows[kind].most ||
            !obi_number_cued(number, kind, number->start) ||
            !ob_canonical(kind, ob_span_sub(scan->text, number->start, number->end), value,
                          sizeof value, &len)) {
            continue;
        }
        if (!judged) {
            bool announced = (scan->seen & OBI_SEEN_VALUE) != 0 && number->start == scan->from;
            near = counts_something(scan, number->start) || has_unit(scan, number->end) ? -400 : 0;
            near += is_year(number) && !announced ? -200 : 0;
            judged = true;
        }
        obi_number_found(number, kind, number->start, number->end,
                         ob_validate(kind, (ob_span){value, len}), ob_kind_rows[kind].id, near);
    }
}
