/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/codings.h"
#include "detect/numbers.h"

#include <ombud/look.h>

#define UNIT 10000

typedef struct unit {
    const char *text;
    const char *normal;
} unit;

static const unit currencies[] = {
    {"US$", "USD"},
    {"EUR", "EUR"},
    {"USD", "USD"},
    {"GBP", "GBP"},
    {"CNY", "CNY"},
    {"RMB", "CNY"},
    {"CHF", "CHF"},
    {"euros", "EUR"},
    {"euro", "EUR"},
    {"dollars", "USD"},
    {"dollar", "USD"},
    {"yuan", "CNY"},
    {"pounds", "GBP"},
    {"pound", "GBP"},
    {"\u20ac", "EUR"},
    {"$", "USD"},
    {"\u00a3", "GBP"},
    {"\u00a5", "CNY"},
    {"\uffe5", "CNY"},
    {"\u6b27\u5143", "EUR"},
    {"\u7f8e\u5143", "USD"},
    {"\u82f1\u9551", "GBP"},
    {"\u4eba\u6c11\u5e01", "CNY"},
    {"\u5143", "CNY"},
    {"\u5757", "CNY"},
};

static const unit durations[] = {
    {"minutes", "minute"},
    {"minute", "minute"},
    {"mins", "minute"},
    {"min", "minute"},
    {"hours", "hour"},
    {"hour", "hour"},
    {"hrs", "hour"},
    {"hr", "hour"},
    {"days", "day"},
    {"day", "day"},
    {"weeks", "week"},
    {"week", "week"},
    {"months", "month"},
    {"month", "month"},
    {"years", "year"},
    {"year", "year"},
    {"\u5206\u949f", "minute"},
    {"\u5c0f\u65f6", "hour"},
    {"\u5de5\u4f5c\u65e5", "working day"},
    {"\u5929", "day"},
    {"\u65e5", "day"},
    {"\u661f\u671f", "week"},
    {"\u5468", "week"},
    {"\u6708", "month"},
    {"\u5e74", "year"},
};

static const unit volumes[] = {
    {"KB", "KB"},   {"MB", "MB"},   {"GB", "GB"},   {"TB", "TB"},
    {"KiB", "KiB"}, {"MiB", "MiB"}, {"GiB", "GiB"}, {"TiB", "TiB"},
};

static const unit percents[] = {
    {"%", "%"},
    {"\uff05", "%"},
    {"percent", "%"},
    {"per cent", "%"},
};

static const unit months[] = {
    {"January", "01"},   {"February", "02"}, {"March", "03"},    {"April", "04"},
    {"May", "05"},       {"June", "06"},     {"July", "07"},     {"August", "08"},
    {"September", "09"}, {"October", "10"},  {"November", "11"}, {"December", "12"},
    {"Sept", "09"},      {"Jan", "01"},      {"Feb", "02"},      {"Mar", "03"},
    {"Apr", "04"},       {"Jun", "06"},      {"Jul", "07"},      {"Aug", "08"},
    {"Sep", "09"},       {"Oct", "10"},      {"Nov", "11"},      {"Dec", "12"},
};

static bool is_at(ob_span text, size_t pos, const char *word)
{
    ob_span want = ob_span_str(word);
    return ob_span_is_nocase(ob_span_sub(text, pos, pos + want.len), want);
}

static bool ends_with(ob_span text, size_t pos, const char *word)
{
    size_t len = strlen(word);
    return pos >= len && is_at(text, pos - len, word);
}

/* The unit at *pos, whole words only; moves *pos behind it. */
static const char *unit_at(ob_span text, size_t *pos, const unit *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_at(text, *pos, list[i].text)) {
            continue;
        }
        size_t end = *pos + strlen(list[i].text);
        bool letter = obi_is_alpha(text.ptr[end - 1]);
        if (letter && end < text.len && (obi_is_alnum(text.ptr[end]) || text.ptr[end] == '_')) {
            continue;
        }
        *pos = end;
        return list[i].normal;
    }
    return NULL;
}

static size_t skip_blank(ob_span text, size_t pos)
{
    if (is_at(text, pos, "\u00a0") || is_at(text, pos, "\u202f")) {
        return pos + (text.ptr[pos] == '\xc2' ? 2 : 3);
    }
    return pos < text.len && text.ptr[pos] == ' ' ? pos + 1 : pos;
}

static void number_show(int64_t value, char out[32])
{
    int64_t whole = value / UNIT;
    int64_t rest = value % UNIT;
    int len = snprintf(out, 32, "%lld.%04lld", (long long)whole, (long long)rest);
    while (len > 0 && (out[len - 1] == '0' || out[len - 1] == '.')) {
        bool point = out[len - 1] == '.';
        out[--len] = 0;
        if (point) {
            break;
        }
    }
}

static bool claim_set(ob_claim *claim, ob_claim_type type, ob_span text, size_t start, size_t end)
{
    claim->type = type;
    claim->at = ob_span_sub(text, start, end);
    return true;
}

static bool amount_set(ob_claim *claim, ob_span text, size_t start, size_t end,
                       const char *currency, int64_t value)
{
    (void)snprintf(claim->value, sizeof claim->value, "%s %lld.%02lld", currency,
                   (long long)(value / UNIT), (long long)(value % UNIT / 100));
    return claim_set(claim, OB_CLAIM_AMOUNT, text, start, end);
}

static bool measure_set(ob_claim *claim, ob_claim_type type, ob_span at, int64_t value,
                        const char *name)
{
    char shown[32];
    number_show(value, shown);
    (void)snprintf(claim->value, sizeof claim->value, "%s %s", shown, name);
    claim->type = type;
    claim->at = at;
    return true;
}

static bool date_set(ob_claim *claim, ob_span at, int64_t year, int64_t month, int64_t day)
{
    static const int lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1 ||
        day > lengths[month - 1]) {
        return false;
    }
    (void)snprintf(claim->value, sizeof claim->value, "%04d-%02d-%02d", (int)year, (int)month,
                   (int)day);
    claim->type = OB_CLAIM_DATE;
    claim->at = at;
    return true;
}

/* Digits at *pos as a number below 10,000; false if there are none or too many. */
static bool short_number(ob_span text, size_t *pos, int64_t *value)
{
    size_t start = *pos;
    *value = 0;
    while (*pos < text.len && *pos - start < 5 && obi_is_digit(text.ptr[*pos])) {
        *value = *value * 10 + (text.ptr[(*pos)++] - '0');
    }
    return *pos > start && *pos - start < 5;
}

static bool numeric_date(ob_span text, size_t start, ob_claim *claim)
{
    size_t pos = start;
    int64_t part[3] = {0};
    if (!short_number(text, &pos, &part[0])) {
        return false;
    }
    if (is_at(text, pos, "\u5e74")) {
        pos += 3;
        if (!short_number(text, &pos, &part[1]) || !is_at(text, pos, "\u6708")) {
            return false;
        }
        pos += 3;
        bool whole = short_number(text, &pos, &part[2]) &&
                     (is_at(text, pos, "\u65e5") || is_at(text, pos, "\u53f7"));
        return whole &&
               date_set(claim, ob_span_sub(text, start, pos + 3), part[0], part[1], part[2]);
    }
    char mark = pos < text.len ? text.ptr[pos] : 0;
    bool year_first = pos - start == 4;
    if (!(mark == '-' || mark == '/' || mark == '.') || (mark != '.' && !year_first)) {
        return false;
    }
    pos++;
    if (!short_number(text, &pos, &part[1]) || pos >= text.len || text.ptr[pos] != mark) {
        return false;
    }
    pos++;
    if (!short_number(text, &pos, &part[2]) ||
        (pos < text.len && (text.ptr[pos] == '-' || text.ptr[pos] == '_')) ||
        (pos + 1 < text.len && text.ptr[pos] == '.' && obi_is_digit(text.ptr[pos + 1])) ||
        (pos < text.len && obi_is_alpha(text.ptr[pos]) && text.ptr[pos] != 'T')) {
        return false;
    }
    return date_set(claim, ob_span_sub(text, start, pos), part[year_first ? 0 : 2], part[1],
                    part[year_first ? 2 : 0]);
}

static size_t skip_ordinal(ob_span text, size_t pos)
{
    static const char *const ends[] = {"st", "nd", "rd", "th"};
    for (size_t i = 0; i < OB_COUNT(ends); i++) {
        if (is_at(text, pos, ends[i])) {
            return pos + 2;
        }
    }
    return pos;
}

/* "24 November 2026", "24th of Nov. 2026". */
static bool day_first(ob_span text, size_t start, ob_claim *claim)
{
    size_t pos = start;
    int64_t day = 0;
    int64_t year = 0;
    if (!short_number(text, &pos, &day)) {
        return false;
    }
    pos = skip_blank(text, skip_ordinal(text, pos));
    pos += is_at(text, pos, "of ") ? 3 : 0;
    const char *month = unit_at(text, &pos, months, OB_COUNT(months));
    if (month == NULL) {
        return false;
    }
    pos += pos < text.len && (text.ptr[pos] == '.' || text.ptr[pos] == ',');
    pos = skip_blank(text, pos);
    return short_number(text, &pos, &year) && date_set(claim, ob_span_sub(text, start, pos), year,
                                                       (month[0] - '0') * 10 + month[1] - '0', day);
}

/* "November 24, 2026". */
static bool month_first(ob_span text, size_t start, ob_claim *claim)
{
    size_t pos = start;
    int64_t day = 0;
    int64_t year = 0;
    const char *month = unit_at(text, &pos, months, OB_COUNT(months));
    if (month == NULL) {
        return false;
    }
    pos += pos < text.len && text.ptr[pos] == '.';
    pos = skip_blank(text, pos);
    if (!short_number(text, &pos, &day)) {
        return false;
    }
    pos = skip_ordinal(text, pos);
    pos += pos < text.len && text.ptr[pos] == ',';
    pos = skip_blank(text, pos);
    return short_number(text, &pos, &year) && date_set(claim, ob_span_sub(text, start, pos), year,
                                                       (month[0] - '0') * 10 + month[1] - '0', day);
}

static bool clause_number(ob_span text, size_t *pos, ob_claim *claim)
{
    size_t start = *pos;
    while (*pos < text.len && (obi_is_digit(text.ptr[*pos]) ||
                               (text.ptr[*pos] == '.' && *pos > start && *pos + 1 < text.len &&
                                obi_is_digit(text.ptr[*pos + 1])))) {
        (*pos)++;
    }
    if (*pos == start || *pos - start > 20 || (*pos < text.len && obi_is_alpha(text.ptr[*pos]))) {
        return false;
    }
    (void)snprintf(claim->value, sizeof claim->value, "%.*s", (int)(*pos - start),
                   text.ptr + start);
    return true;
}

static bool clause_at(ob_span text, size_t start, ob_claim *claim)
{
    static const unit words[] = {{"clauses", ""},  {"clause", ""},   {"sections", ""},
                                 {"section", ""},  {"articles", ""}, {"article", ""},
                                 {"paragraph", ""}};
    size_t pos = start;
    if (is_at(text, pos, "\u7b2c")) {
        pos += 3;
        obi_number number;
        size_t digits = pos;
        if (!clause_number(text, &digits, claim)) {
            if (!obi_number_at(text, pos, &number) || !number.chinese) {
                return false;
            }
            digits = number.end;
            number_show(number.value, claim->value);
        }
        return is_at(text, digits, "\u6761") &&
               claim_set(claim, OB_CLAIM_CLAUSE, text, start, digits + 3);
    }
    if (is_at(text, pos, "\u00a7")) {
        pos += 2;
        pos += is_at(text, pos, "\u00a7") ? 2 : 0;
    } else if (unit_at(text, &pos, words, OB_COUNT(words)) == NULL) {
        return false;
    }
    pos = skip_blank(text, pos);
    pos = is_at(text, pos, "no. ") ? pos + 4 : pos;
    return clause_number(text, &pos, claim) && claim_set(claim, OB_CLAIM_CLAUSE, text, start, pos);
}

static bool is_open_end(ob_span text, size_t end)
{
    return end < text.len &&
           (obi_is_alnum(text.ptr[end]) || text.ptr[end] == ':' || text.ptr[end] == '_') &&
           !(text.ptr[end] == ':' && (end + 1 == text.len || !obi_is_digit(text.ptr[end + 1])));
}

static bool prefix_amount(ob_span text, size_t start, ob_claim *claim)
{
    size_t pos = start;
    obi_number number;
    const char *currency = unit_at(text, &pos, currencies, OB_COUNT(currencies));
    if (currency == NULL) {
        return false;
    }
    pos = skip_blank(text, pos);
    if (!obi_number_at(text, pos, &number) || number.chinese || is_open_end(text, number.end)) {
        return false;
    }
    return amount_set(claim, text, start, number.end, currency, number.value);
}

static bool prefix_percent(ob_span text, size_t start, ob_claim *claim)
{
    obi_number number;
    if (!is_at(text, start, "\u767e\u5206\u4e4b") || !obi_number_at(text, start + 9, &number)) {
        return false;
    }
    return measure_set(claim, OB_CLAIM_PERCENT, ob_span_sub(text, start, number.end), number.value,
                       "%");
}

/* A number of years that is a calendar year, a day of a month, an ordinal: no span of time. */
static bool is_calendar(ob_span text, size_t start, const obi_number *number, size_t at)
{
    return (is_at(text, at, "\u5e74") && number->value >= INT64_C(1900) * UNIT) ||
           ends_with(text, start, "\u7b2c") ||
           ((is_at(text, at, "\u65e5") || is_at(text, at, "\u6708")) &&
            (ends_with(text, start, "\u6708") || ends_with(text, start, "\u5e74"))) ||
           is_at(text, at, "\u6708");
}

static bool duration_at(ob_span text, size_t start, const obi_number *number, ob_claim *claim)
{
    static const char *const kinds[] = {"working ", "business "};
    size_t pos = number->end;
    pos = pos < text.len && text.ptr[pos] == '-' ? pos + 1 : skip_blank(text, pos);
    bool working = false;
    for (size_t i = 0; i < OB_COUNT(kinds); i++) {
        if (is_at(text, pos, kinds[i])) {
            pos += strlen(kinds[i]);
            working = true;
        }
    }
    pos += is_at(text, pos, "calendar ") ? 9 : 0;
    if (is_at(text, pos, "\u4e2a")) {
        pos += 3;
    } else if (is_calendar(text, start, number, pos)) {
        return false;
    }
    const char *name = unit_at(text, &pos, durations, OB_COUNT(durations));
    if (name == NULL || (working && strcmp(name, "day") != 0)) {
        return false;
    }
    return measure_set(claim, OB_CLAIM_DURATION, ob_span_sub(text, start, pos), number->value,
                       working ? "working day" : name);
}

static bool suffix_claim(ob_span text, size_t start, ob_claim *claim)
{
    obi_number number;
    if (!obi_number_at(text, start, &number)) {
        return false;
    }
    if (duration_at(text, start, &number, claim)) {
        return true;
    }
    size_t pos = skip_blank(text, number.end);
    const char *name = unit_at(text, &pos, percents, OB_COUNT(percents));
    if (name != NULL) {
        return measure_set(claim, OB_CLAIM_PERCENT, ob_span_sub(text, start, pos), number.value,
                           name);
    }
    name = unit_at(text, &pos, volumes, OB_COUNT(volumes));
    if (name != NULL) {
        return !(pos < text.len && text.ptr[pos] == '/') &&
               measure_set(claim, OB_CLAIM_VOLUME, ob_span_sub(text, start, pos), number.value,
                           name);
    }
    name = unit_at(text, &pos, currencies, OB_COUNT(currencies));
    /* "5 $10 vouchers": the sign belongs to what follows. */
    bool own = name != NULL && !(pos < text.len && obi_is_digit(text.ptr[pos]));
    return own && amount_set(claim, text, start, pos, name, number.value);
}

static bool claim_at(ob_span text, size_t pos, ob_claim *claim)
{
    unsigned char c = (unsigned char)text.ptr[pos];
    if (obi_is_digit((char)c)) {
        return obi_number_starts(text, pos) &&
               (numeric_date(text, pos, claim) || day_first(text, pos, claim) ||
                suffix_claim(text, pos, claim));
    }
    if (obi_is_alpha((char)c)) {
        return month_first(text, pos, claim) || clause_at(text, pos, claim) ||
               prefix_amount(text, pos, claim) || suffix_claim(text, pos, claim);
    }
    if (c == '$' || c >= 0xc2) {
        return clause_at(text, pos, claim) || prefix_percent(text, pos, claim) ||
               prefix_amount(text, pos, claim) || suffix_claim(text, pos, claim);
    }
    return false;
}

bool ob_claim_next(ob_span text, size_t *pos, ob_claim *claim)
{
    size_t at = *pos;
    while (at < text.len) {
        ob_claim found = {0};
        bool inside = at > 0 && obi_is_alnum(text.ptr[at]) && obi_is_alnum(text.ptr[at - 1]);
        if (!inside && claim_at(text, at, &found)) {
            *claim = found;
            *pos = (size_t)(found.at.ptr - text.ptr) + found.at.len;
            return true;
        }
        obi_number number;
        bool wide = (unsigned char)text.ptr[at] >= 0x80;
        if (wide && obi_number_at(text, at, &number)) {
            /* Numerals are read once: the rest of a number is not another one. */
            at = number.end;
            continue;
        }
        if (obi_is_digit(text.ptr[at])) {
            while (at < text.len && obi_is_digit(text.ptr[at])) {
                at++;
            }
            continue;
        }
        at++;
    }
    *pos = text.len;
    return false;
}

const char *ob_claim_type_name(ob_claim_type type)
{
    switch (type) {
    case OB_CLAIM_AMOUNT:
        return "amount";
    case OB_CLAIM_DURATION:
        return "duration";
    case OB_CLAIM_DATE:
        return "date";
    case OB_CLAIM_PERCENT:
        return "percent";
    case OB_CLAIM_VOLUME:
        return "volume";
    case OB_CLAIM_CLAUSE:
        return "clause";
    case OB_CLAIM_NAME:
        return "name";
    }
    return "claim";
}
