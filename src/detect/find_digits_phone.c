/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Telephone numbers in running text. With "+" or "00" the plan of the country says what it is;
 * without, a number is one as dialled somewhere: in a place that its grouping tells, or anywhere
 * that people who write to us call from, where a cue says that it is a number at all.
 */
#include "detect/find_digits.h"
#include "detect/phone.h"

/* Added where a number is unlikely to be anything else, so that it is found without a cue. */
#define TELLING 250
/* Added where few other things are written so. */
#define LIKELY 180
/* For a number that no plan has, though it is written as one. */
#define DOUBTFUL (-150)
/* For numbers that belong to firms: free of charge, shared cost. */
#define BUSINESS (-300)

static bool take_word(const obi_scan *scan, size_t *at, const char *what)
{
    ob_span rest = ob_span_sub(scan->text, *at, scan->text.len);
    ob_span word = ob_span_str(what);
    if (!ob_span_is_nocase(ob_span_sub(rest, 0, word.len), word)) {
        return false;
    }
    *at += word.len;
    return true;
}

static bool begins_extension(char c)
{
    return c == 'x' || c == 'X' || c == 'e' || c == 'E' || c == '\xe8';
}

size_t obi_extension(const obi_scan *scan, size_t end)
{
    static const char *const words[] = {"ext.", "ext", "extension", "x.", "x", "\u8f6c", "\u8f49"};
    size_t at = end;
    at += at < scan->text.len && scan->text.ptr[at] == ',' ? 1 : 0;
    at += at < scan->text.len && scan->text.ptr[at] == ' ' ? 1 : 0;
    bool comma = at > end && scan->text.ptr[at - 1] == ','; /* without a blank behind */
    if (at == scan->text.len || comma || !begins_extension(scan->text.ptr[at])) {
        return end;
    }
    bool found = false;
    for (size_t i = 0; i < OB_COUNT(words) && !found; i++) {
        found = take_word(scan, &at, words[i]);
    }
    if (!found) {
        return end;
    }
    (void)take_word(scan, &at, " ");
    size_t last = obi_run(scan->text, at, OBI_DIGIT);
    return last > at && last - at <= 6 ? last : end;
}

static char at_or_zero(const obi_digits *number, size_t at)
{
    return at < number->scan->text.len ? number->scan->text.ptr[at] : '\0';
}

/* Where it begins with its sign or bracket: "+", "(+" and "(" of a bracket that closes inside. */
static size_t opening(const obi_digits *number)
{
    size_t start = number->start;
    size_t from = number->scan->from;
    bool closes = at_or_zero(number, number->groups[0].end) == ')' && number->count > 1;
    for (int i = 0; i < 2 && start > from; i++) {
        char before = number->scan->text.ptr[start - 1];
        if (before == '+' || (before == '(' && closes)) {
            start--;
        }
    }
    return start;
}

static void found(obi_digits *number, ob_kind kind, ob_valid check, const char *rule, int near)
{
    if (near >= TELLING || number->groups[0].plus) {
        number->strict_right = false; /* "...-Office", as in a letterhead */
    }
    obi_number_found(number, kind, opening(number), number->tail, check, rule, near);
}

/* "+" and digits without what is only for callers at home, "(0)". */
static bool plus_text(const obi_digits *number, char *out, size_t cap, size_t *len)
{
    size_t start = opening(number);
    ob_span text = number->scan->text;
    /* "(+44) 20 ...": the canonical form takes brackets inside only. */
    size_t skip = text.ptr[start] == '(' && text.ptr[start + 1] == '+' ? 1 : 0;
    OB_UNSET char raw[2 * OBI_NUMBER_MAX + 40];
    size_t count = 0;
    for (size_t i = start + skip; i < number->end; i++) {
        if (skip != 0 && text.ptr[i] == ')') {
            skip = 0;
            continue;
        }
        if (count == sizeof raw) {
            return false;
        }
        raw[count++] = text.ptr[i];
    }
    return ob_canonical(OB_KIND_MSISDN, (ob_span){raw, count}, out, cap, len);
}

/* Three, three and four digits, as all of North America writes it, perhaps behind the code 1. */
static bool is_american(const obi_digits *number)
{
    return number->shape == 0x334 || number->shape == 0x1334 || number->shape == 0x3334 ||
           number->shape == 0x37 || number->shape == 0x137;
}

static void try_plus(obi_digits *number)
{
    char text[24];
    size_t len = 0;
    ob_phone phone = {0};
    if (!plus_text(number, text, sizeof text, &len)) {
        return;
    }
    ob_valid check = ob_phone_valid((ob_span){text, len}, NULL, &phone);
    bool mobile = check == OB_VALID_YES && phone.code == 86 && phone.type == OB_PHONE_MOBILE;
    if (check == OB_VALID_YES || (check == OB_VALID_MAYBE && !number->crowded)) {
        found(number, mobile ? OB_KIND_MSISDN_CN : OB_KIND_MSISDN, check, "msisdn-plus", 0);
    } else if (!number->crowded && len >= 9 && len <= 16 &&
               ob_phone_code_length(ob_span_sub((ob_span){text, len}, 1, len)) > 0) {
        /* A country and as many digits as any has: plans change, and people mistype. */
        found(number, OB_KIND_MSISDN, OB_VALID_MAYBE, "msisdn-plus", DOUBTFUL);
    }
}

/* As dialled from abroad: "00", and "011" of North America. */
static bool try_abroad(obi_digits *number)
{
    ob_span text = {number->text, number->len};
    ob_phone phone = {0};
    bool american = ob_span_has_prefix(text, OB_SPAN("011"));
    if ((!american && !ob_span_has_prefix(text, OB_SPAN("00"))) || number->len < 10) {
        return false;
    }
    ob_valid check = ob_phone_valid(text, american ? "US" : NULL, &phone);
    if (check == OB_VALID_NO || phone.national == 0) {
        /* "001-..." of a number that the plan does not have: the shape is plain, though. */
        if (number->count < 3 || !is_american(number)) {
            return false;
        }
        found(number, OB_KIND_MSISDN, OB_VALID_MAYBE, "msisdn-abroad", TELLING);
        return true;
    }
    bool mobile = phone.code == 86 && phone.type == OB_PHONE_MOBILE;
    found(number, mobile ? OB_KIND_MSISDN_CN : OB_KIND_MSISDN, check, "msisdn-abroad",
          american ? 0 : TELLING);
    return true;
}

/* Eleven digits from 13 to 19, perhaps behind 86. Long enough to be found without a cue in Chinese
 * text, or in the grouping that only these numbers have. */
static bool try_china(obi_digits *number)
{
    size_t skip = number->len == 13 && number->text[0] == '8' && number->text[1] == '6' ? 2 : 0;
    if (number->len - skip != 11 || number->text[skip] != '1' || number->text[skip + 1] < '3' ||
        (skip == 0 && number->shape == 0x1334)) {
        return false;
    }
    ob_valid check = ob_validate(OB_KIND_MSISDN_CN, (ob_span){number->text, number->len});
    if (check == OB_VALID_NO && !obi_number_cued(number, OB_KIND_MSISDN_CN, number->start)) {
        return false;
    }
    bool telling = number->han || number->shape == 0x344 || number->shape == 0x2344;
    found(number, OB_KIND_MSISDN_CN, check, "msisdn-cn", telling ? 0 : -100);
    return check != OB_VALID_NO;
}

/* 010-12345678. Other countries write 0 and an area, too; Chinese text or a cue tells. */
static bool try_landline(obi_digits *number)
{
    OB_UNSET char text[OBI_NUMBER_MAX];
    size_t len = 0;
    size_t start = opening(number);
    ob_span raw = ob_span_sub(number->scan->text, start, number->end);
    /* Only Beijing and the cities of 02 have an area of three digits. */
    bool area = number->groups[0].end - number->groups[0].start != 3 || number->text[1] == '2' ||
                (number->text[1] == '1' && number->text[2] == '0');
    if (number->text[0] != '0' || number->len < 10 || number->len > 12 || !area ||
        !ob_canonical(OB_KIND_LANDLINE_CN, raw, text, sizeof text, &len)) {
        return false;
    }
    ob_valid check = ob_validate(OB_KIND_LANDLINE_CN, (ob_span){text, len});
    if (check == OB_VALID_NO) {
        return false;
    }
    found(number, OB_KIND_LANDLINE_CN, check, "landline-cn", number->han ? 0 : -120);
    return number->han;
}

/* A way of writing numbers that is known for one country. */
typedef struct phone_shape {
    uint32_t sizes;
    const char *front; /* first digits */
    char region[3];
    bool blanks; /* also telling with blanks between, which all numbers may have */
} phone_shape;

static const phone_shape shapes[] = {
    {0x334, "", "US", false},    {0x37, "", "US", false},    {0x1334, "1", "US", true},
    {0x56, "07", "GB", true},    {0x533, "07", "GB", true},  {0x344, "02", "GB", true},
    {0x434, "01", "GB", true},   {0x434, "07", "GB", true},  {0x56, "01", "GB", true},
    {0x533, "01", "GB", true},   {0x434, "08", "GB", true},  {0x22222, "0", "FR", true},
    {0x433, "04", "AU", true},   {0x244, "0", "AU", false},  {0x434, "09", "PH", true},
    {0x434, "05", "TR", true},   {0x3322, "5", "TR", true},  {0x4322, "05", "TR", true},
    {0x13322, "05", "TR", true}, {0x344, "010", "KR", true}, {0x344, "090", "JP", true},
    {0x344, "080", "JP", true},  {0x344, "070", "JP", true}, {0x254, "", "BR", false},
    {0x55, "6", "IN", true},     {0x55, "9", "IN", true},    {0x55, "8", "IN", true},
    {0x55, "7", "IN", true},
};

/* Where a bracket, hyphen or dot, and not only blanks, stands between the groups. */
static bool has_sign(const obi_digits *number)
{
    for (size_t i = 1; i < number->count; i++) {
        if (number->groups[i].gap == OBI_GAP_TIGHT) {
            return true;
        }
    }
    return false;
}

static bool try_shape(obi_digits *number)
{
    ob_span text = {number->text, number->len};
    bool sign = has_sign(number);
    for (size_t i = 0; i < OB_COUNT(shapes) && (sign || !number->crowded); i++) {
        const phone_shape *shape = &shapes[i];
        if (number->shape != shape->sizes) {
            continue;
        }
        ob_phone phone = {0};
        if (!ob_span_has_prefix(text, ob_span_str(shape->front)) ||
            ob_phone_valid(text, shape->region, &phone) == OB_VALID_NO) {
            continue;
        }
        /* 0800, 0900, 1-888: what is free or costs more begins with 8 or 9 there. */
        char area = phone.national < text.len ? text.ptr[phone.national] : '\0';
        bool personal = phone.type != OB_PHONE_OTHER;
        bool firm = !personal && (area == '8' || area == '9');
        int near = firm ? BUSINESS : personal && (sign || shape->blanks) ? TELLING : 0;
        found(number, OB_KIND_MSISDN, OB_VALID_MAYBE, "msisdn-shape", near);
        return true;
    }
    return false;
}

/* What needs no plan: an area in brackets and two groups behind, and the form of North
 * America with an area that is not given out, or with an extension. Areas such as 400 and 800 are
 * those of firms, there and in China. */
static bool try_form(obi_digits *number)
{
    const obi_group *first = &number->groups[0];
    size_t area = (size_t)(first->end - first->start);
    bool bracket = opening(number) < number->start;
    bool firm = number->text[1] == '0' && number->text[2] == '0';
    bool american = (number->shape == 0x334 || number->shape == 0x37) && has_sign(number) &&
                    number->text[0] >= '2' && !firm;
    if (bracket && number->count == 3 && area >= 2 && area <= 3 && number->len <= 11 && !firm) {
        found(number, OB_KIND_MSISDN, OB_VALID_MAYBE, "msisdn-shape", TELLING);
        return true;
    }
    if (!american || number->han) {
        return false;
    }
    found(number, OB_KIND_MSISDN, OB_VALID_MAYBE, "msisdn-shape",
          number->tail > number->end ? TELLING : LIKELY);
    return true;
}

static bool is_dialled(ob_span text)
{
    static const char regions[][3] = {"US", "GB", "CN", "DE", "FR", "IN", "AU", "ES", "IT", "BR",
                                      "MX", "JP", "KR", "ZA", "SG", "HK", "TW", "MY", "ID", "TH",
                                      "PH", "TR", "RU", "PL", "NL", "SE", "CH", "AT", "BE", "SA",
                                      "AE", "EG", "NG", "KE", "VN", "PT", "DK", "NO", "FI", "GR"};
    for (size_t i = 0; i < OB_COUNT(regions); i++) {
        if (ob_phone_valid(text, regions[i], NULL) != OB_VALID_NO) {
            return true;
        }
    }
    return false;
}

/* 0, an area and two or more groups: "0171 234 5678". Nothing else is written like it. */
static bool try_trunk(obi_digits *number)
{
    ob_span text = {number->text, number->len};
    if (number->text[0] != '0' || number->text[1] == '0' || number->len < 9 || number->len > 11 ||
        number->count < 3 || number->count > 5 || number->crowded || number->shape == 0x324) {
        return false;
    }
    for (size_t i = 0; i < number->count; i++) {
        size_t len = (size_t)(number->groups[i].end - number->groups[i].start);
        if (len < 2 || len > 4) {
            return false;
        }
    }
    if (!is_dialled(text)) {
        return false;
    }
    found(number, OB_KIND_MSISDN, OB_VALID_MAYBE, "msisdn-shape", LIKELY);
    return true;
}

/* Numbers one after the other, rather than one in groups. */
static bool is_list(const obi_digits *number)
{
    size_t single = 0;
    size_t pairs = 0;
    for (size_t i = 0; i < number->count; i++) {
        size_t len = (size_t)(number->groups[i].end - number->groups[i].start);
        single += len == 1 ? 1 : 0;
        pairs += len == 2 ? 1 : 0;
    }
    return number->count > 5 || single > 1 || (number->crowded && pairs == number->count);
}

/* As dialled anywhere, beside a cue: the plans of where most callers are, then the form alone. A
 * number without a country is not longer than twelve digits. */
static void try_cued(obi_digits *number)
{
    ob_span text = {number->text, number->len};
    if (number->len > 12 || number->len < (number->count > 1 ? 7 : 4) ||
        number->groups[0].word == 0 || is_list(number) ||
        !obi_number_cued(number, OB_KIND_MSISDN, opening(number))) {
        return;
    }
    if (number->count > 1 || is_dialled(text)) {
        found(number, OB_KIND_MSISDN, OB_VALID_MAYBE, "msisdn-cue", 0);
    }
}

/* Four numbers up to 255 with dots between are an address of another kind. */
static bool is_ip(const obi_digits *number)
{
    if (number->count != 4) {
        return false;
    }
    ob_span text = number->scan->text;
    for (size_t i = 0; i < number->count; i++) {
        const obi_group *group = &number->groups[i];
        size_t len = (size_t)(group->end - group->start);
        if (len > 3 || obi_number(text, group->start, len) > 255 ||
            (i > 0 && (text.ptr[group->start - 1] != '.' || group->start - group[-1].end != 1))) {
            return false;
        }
    }
    return true;
}

void obi_number_phone(obi_digits *number)
{
    if (number->len > 18 || is_ip(number)) {
        return;
    }
    if (number->groups[0].plus) {
        try_plus(number);
        return;
    }
    if (number->len < 7) {
        try_cued(number);
        return;
    }
    bool done = try_abroad(number) || try_china(number);
    done = try_landline(number) || done;
    if (!done && !try_shape(number) && !try_form(number) && !try_trunk(number)) {
        try_cued(number);
    }
}
