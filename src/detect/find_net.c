/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of machines (IP, MAC) and of cells. */
#include "detect/pieces.h"

/* Hundredths of log-odds. */
enum {
    NOBODYS = -100,    /* loopback, unspecified, multicast, documentation */
    SMALL = -250,      /* four numbers below ten: a section, a version */
    EVERYBODYS = -600, /* a name server that operators tell everybody to use */
    LETTERS = -400,    /* an IPv6 address without any digit: a name in a program */
    NAMED = -250,      /* part of a name such as a file's */
    GROUPED = 100,     /* six pairs, or three fours: hardly anything else is written so */
};

#define WORD(text)               \
    {                            \
        (text), sizeof(text) - 1 \
    }

/* Text ends with a word in lower case, in whatever case. Most do not, by their last letter. */
static bool ends_with(ob_span text, ob_span word)
{
    return text.len >= word.len && (text.ptr[text.len - 1] | 32) == (word.ptr[word.len - 1] | 32) &&
           ob_span_is_nocase(ob_span_sub(text, text.len - word.len, text.len), word);
}

/* Words behind which four numbers are a version; a letter in front would make them others. */
static bool is_version_word(ob_span text)
{
    static const ob_span words[] = {
        WORD("version"),
        WORD("vers."),
        WORD("ver"),
        WORD("ver."),
        WORD("v"),
        WORD("v."),
        WORD("build"),
        WORD("release"),
        WORD("rel."),
        WORD("firmware"),
        WORD("revision"),
        WORD("rev"),
        WORD("rev."),
        WORD("software"),
        WORD("patch"),
        WORD("sdk"),
        WORD("kernel"),
        WORD("driver"),
        WORD("upgrade"),
        WORD("update"),
        WORD("updated"),
        WORD("upgraded"),
        WORD("baseband"),
        WORD("android"),
        WORD("ios"),
        WORD("windows"),
        WORD("macos"),
        WORD("harmonyos"),
        WORD("emui"),
        WORD("miui"),
        WORD("openwrt"),
        WORD("os"),
        WORD("app"),
        WORD("chrome"),
        WORD("firefox"),
        WORD("versi\u00f3n"),
        WORD("vers\u00e3o"),
        WORD("\u0432\u0435\u0440\u0441\u0438\u044f"),
        WORD("\u0432\u0435\u0440\u0441\u0438\u0438"),
        WORD("\u7248\u672c"),
        WORD("\u7248\u672c\u53f7"),
        WORD("\u56fa\u4ef6"),
        WORD("\u5347\u7ea7\u5230"),
        WORD("\u5347\u7ea7\u81f3"),
        WORD("\u5185\u6838"),
        WORD("\u0627\u0644\u0625\u0635\u062f\u0627\u0631"),
    };
    for (size_t i = 0; i < OB_COUNT(words); i++) {
        ob_span word = words[i];
        if (!ends_with(text, word)) {
            continue;
        }
        size_t at = text.len - word.len;
        /* Han words stand anywhere, others as words. */
        if ((unsigned char)word.ptr[0] >= 0xe0 || at == 0 ||
            (!obi_is(text.ptr[at - 1], OBI_ALNUM) && !obi_letter_before(text, at))) {
            return true;
        }
    }
    return false;
}

/* Takes off what may stand between such a word and its number, of which little is let through:
 * "version is", "build no. ". */
static ob_span drop_link(ob_span text)
{
    static const ob_span links[] = {WORD("is"),     WORD("no"),     WORD("no."),    WORD("number"),
                                    WORD("to"),     WORD("="),      WORD(":"),      WORD("#"),
                                    WORD("\""),     WORD("("),      WORD("from"),   WORD("at"),
                                    WORD("was"),    WORD("now"),    WORD("es"),     WORD("der"),
                                    WORD("\u4e3a"), WORD("\u662f"), WORD("\u53f7"), WORD("\uff1a"),
                                    WORD("\uff08")};
    for (size_t round = 0; round < 4; round++) {
        size_t before = text.len;
        while (text.len > 0 && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t')) {
            text.len--;
        }
        for (size_t i = 0; i < OB_COUNT(links); i++) {
            ob_span link = links[i];
            size_t at = text.len < link.len ? 0 : text.len - link.len;
            bool word = obi_is(link.ptr[0], OBI_LETTER);
            if (ends_with(text, link) &&
                (!word || at == 0 || !obi_is(text.ptr[at - 1], OBI_ALNUM))) {
                text.len = at;
                break;
            }
        }
        if (text.len == before) {
            break;
        }
    }
    return text;
}

static bool is_behind_version_word(const obi_scan *scan, size_t start)
{
    ob_span left = ob_span_sub(scan->text, 0, start);
    return is_version_word(left) || is_version_word(drop_link(left));
}

/* "nginx/1.2.3.4", "app-1.2.3.4", "1.2.3.4-beta": a letter before a sign, or behind a hyphen. */
static bool is_named(ob_span text, size_t start, size_t end)
{
    bool before = start >= 2 && obi_one_of(text.ptr[start - 1], "-/_") &&
                  obi_is(text.ptr[start - 2], OBI_ALNUM) && !obi_is(text.ptr[start - 2], OBI_DIGIT);
    bool behind = end + 1 < text.len && obi_one_of(text.ptr[end], "-_.+") &&
                  obi_is(text.ptr[end + 1], OBI_LETTER);
    return before || behind;
}

static int near_of_class(ob_ip_class class)
{
    switch (class) {
    case OB_IP_UNSPECIFIED:
    case OB_IP_LOOPBACK:
    case OB_IP_MULTICAST:
    case OB_IP_DOCUMENTATION:
        return NOBODYS;
    default:
        return 0;
    }
}

static bool is_name_server(ob_span address)
{
    static const char *const servers[] = {
        "8.8.8.8",   "8.8.4.4",         "1.1.1.1",         "1.0.0.1",        "9.9.9.9",
        "223.5.5.5", "223.6.6.6",       "114.114.114.114", "119.29.29.29",   "180.76.76.76",
        "1.2.4.8",   "114.114.115.115", "208.67.222.222",  "208.67.220.220", "94.140.14.14",
    };
    for (size_t i = 0; i < OB_COUNT(servers); i++) {
        if (ob_span_is_str(address, servers[i])) {
            return true;
        }
    }
    return false;
}

/* Behind "/24" at end, if it is the length of a prefix. */
static size_t behind_prefix(ob_span text, size_t end)
{
    if (end >= text.len || text.ptr[end] != '/') {
        return end;
    }
    size_t last = obi_run(text, end + 1, OBI_DIGIT);
    bool fits = last > end + 1 && last - end <= 4;
    fits = fits && !(last < text.len &&
                     (obi_is(text.ptr[last], OBI_ALNUM) || obi_one_of(text.ptr[last], "/-.:_")) &&
                     !(text.ptr[last] == '.' && last + 1 == text.len));
    return fits ? last : end;
}

static void found_ip(obi_scan *scan, size_t start, size_t end, int near)
{
    ob_ip_class class = ob_ip_classify(ob_span_sub(scan->text, start, end));
    size_t whole = behind_prefix(scan->text, end);
    ob_valid check = ob_validate(OB_KIND_IP, ob_span_sub(scan->text, start, whole));
    if (check == OB_VALID_NO) {
        whole = end;
        check = ob_validate(OB_KIND_IP, ob_span_sub(scan->text, start, end));
    }
    if (class != OB_IP_NONE && check != OB_VALID_NO) {
        obi_found(scan, OB_KIND_IP, start, whole, check, "ip", near + near_of_class(class));
    }
}

/* A run of digits and dots that begins at start; its end. */
static size_t try_ip4(obi_scan *scan, size_t start)
{
    ob_span text = scan->text;
    size_t end = start;
    unsigned dots = 0;
    bool small = true;
    while (end < text.len) {
        size_t digits = obi_run(text, end, OBI_DIGIT);
        small = small && digits - end == 1;
        if (digits == end || digits + 1 >= text.len || text.ptr[digits] != '.' ||
            !obi_is(text.ptr[digits + 1], OBI_DIGIT)) {
            end = digits;
            break;
        }
        dots++;
        end = digits + 1;
    }
    bool glued = (end < text.len && (obi_is(text.ptr[end], OBI_ALNUM) || text.ptr[end] == '_')) ||
                 (end == text.len && (scan->seen & OBI_SEEN_CUT) != 0) || obi_letter_at(text, end);
    if (dots == 3 && !glued && end - start <= 15 && !is_behind_version_word(scan, start)) {
        int near = is_name_server(ob_span_sub(text, start, end)) ? EVERYBODYS : small ? SMALL : 0;
        found_ip(scan, start, end, near + (is_named(text, start, end) ? NAMED : 0));
    }
    return end;
}

/* A run of hexadecimal digits, colons and dots, as one or more addresses are written. */
static void try_ip6(obi_scan *scan, size_t start, size_t end)
{
    ob_span text = scan->text;
    bool double_front = end - start > 1 && text.ptr[start + 1] == ':';
    if (text.ptr[start] == ':' && !double_front) { /* "ip:2001:..." */
        start++;
    }
    while (end > start &&
           (text.ptr[end - 1] == '.' ||
            (text.ptr[end - 1] == ':' && !(end - start > 1 && text.ptr[end - 2] == ':')))) {
        end--;
    }
    if (end - start >= 2) {
        /* The zone is a name of this machine's own, and is masked with the address. */
        size_t zone = end;
        if (zone + 1 < text.len && text.ptr[zone] == '%') {
            zone = obi_run(text, zone + 1, OBI_TOKEN);
        }
        if (zone > end + 1) {
            ob_span address = ob_span_sub(text, start, end);
            ob_valid check = ob_validate(OB_KIND_IP, address);
            ob_ip_class class = ob_ip_classify(address);
            if (class != OB_IP_NONE && check != OB_VALID_NO) {
                obi_found(scan, OB_KIND_IP, start, zone, check, "ip", GROUPED);
            }
            return;
        }
        bool letters = end - start > 2;
        for (size_t i = start; i < end; i++) {
            letters = letters && !obi_is(text.ptr[i], OBI_DIGIT);
        }
        found_ip(scan, start, end, letters ? LETTERS : 0);
    }
}

/* count groups of len hexadecimal digits with the same sign between, and nothing of the kind around
 * them. 0, or where they end. */
static size_t groups(ob_span text, size_t start, size_t count, size_t len)
{
    size_t at = start;
    char sign = start + len < text.len ? text.ptr[start + len] : '\0';
    for (size_t i = 0; i < count; i++) {
        if (obi_run(ob_span_sub(text, 0, at + len), at, OBI_HEX) != at + len) {
            return 0;
        }
        at += len;
        if (i + 1 < count && (at >= text.len || text.ptr[at++] != sign)) {
            return 0;
        }
    }
    bool goes_on = at < text.len &&
                   (obi_is(text.ptr[at], OBI_ALNUM) || (text.ptr[at] == sign && at + 1 < text.len &&
                                                        obi_is(text.ptr[at + 1], OBI_ALNUM)));
    bool begins = start >= 2 && text.ptr[start - 1] == sign && sign != ':' && sign != ' ' &&
                  obi_is(text.ptr[start - 2], OBI_ALNUM);
    bool pairs = start >= 3 && sign == ':' && text.ptr[start - 1] == ':' &&
                 obi_is(text.ptr[start - 2], OBI_HEX) && obi_is(text.ptr[start - 3], OBI_HEX) &&
                 (start == 3 || !obi_is(text.ptr[start - 4], OBI_ALNUM));
    return goes_on || begins || pairs ? 0 : at;
}

/* At a run of len letters and digits: an address of a network card, in pairs, in fours, in halves
 * or, beside a cue, in one. Its end, or 0. */
static size_t try_mac(obi_scan *scan, size_t start, size_t len)
{
    ob_span text = scan->text;
    size_t end = len == 2   ? groups(text, start, 6, 2)
                 : len == 4 ? groups(text, start, 3, 4)
                 : len == 6 ? groups(text, start, 2, 6)
                            : start + len;
    int near = len <= 4 ? GROUPED : 0;
    OB_UNSET char value[OB_CANONICAL_MAX];
    size_t used = 0;
    ob_span raw = ob_span_sub(text, start, end);
    bool blanks = start + len < end && text.ptr[start + len] == ' ';
    bool sure =
        (len == 2 || (len == 4 && start + 4 < end && text.ptr[start + 4] == '.')) && !blanks;
    if (end == 0 || !ob_canonical(OB_KIND_MAC, raw, value, sizeof value, &used) ||
        (!sure && (obi_hangs(text, start, end) || !obi_cued(scan, OB_KIND_MAC, start)))) {
        return 0;
    }
    ob_valid check = ob_validate(OB_KIND_MAC, (ob_span){value, used});
    if (check != OB_VALID_NO) {
        obi_found(scan, OB_KIND_MAC, start, end, check, "mac", sure ? near : 0);
    }
    return end;
}

/* At a run of three digits: country, network, area and cell with hyphens between. */
static void try_cell(obi_scan *scan, size_t start)
{
    ob_span text = scan->text;
    size_t end = start;
    unsigned parts = 1;
    while (end < text.len &&
           (obi_is(text.ptr[end], OBI_HEX) ||
            (text.ptr[end] == '-' && end + 1 < text.len && obi_is(text.ptr[end + 1], OBI_HEX)))) {
        parts += text.ptr[end++] == '-' ? 1 : 0;
    }
    bool goes_on = end < text.len && (obi_is(text.ptr[end], OBI_ALNUM) || text.ptr[end] == '-');
    bool hangs = start >= 2 && text.ptr[start - 1] == '-';
    ob_span value = ob_span_sub(text, start, end);
    if ((parts == 3 || parts == 4) && !goes_on && !hangs) {
        ob_valid check = ob_validate(OB_KIND_CELL, value);
        if (check != OB_VALID_NO) {
            obi_found(scan, OB_KIND_CELL, start, end, check, "cell", 0);
        }
    }
}

/* Whether a run of letters and digits, with the colons around it, is all that an IPv6 address may
 * have; *end is moved behind it. */
static bool is_ip6_run(ob_span text, size_t start, size_t *end)
{
    unsigned colons = 0;
    size_t at = start;
    while (at < text.len && (obi_is(text.ptr[at], OBI_HEX) || text.ptr[at] == ':' ||
                             (text.ptr[at] == '.' && colons > 1))) {
        colons += text.ptr[at++] == ':' ? 1 : 0;
    }
    *end = at;
    bool glued = at < text.len && (obi_is(text.ptr[at], OBI_ALNUM) || text.ptr[at] == '_');
    return colons >= 2 && !glued && !obi_letter_at(text, at);
}

/* "ip:" and "IPv6:" may stand in front of an address, "12345:" may not. */
static bool is_label(ob_span text, size_t end)
{
    size_t start = end;
    bool digits = false;
    while (start > 0 && obi_is(text.ptr[start - 1], OBI_ALNUM)) {
        start--;
        digits = digits || obi_is(text.ptr[start], OBI_DIGIT);
    }
    return !digits || ob_span_is_nocase(ob_span_sub(text, start, end), OB_SPAN("ipv6"));
}

/* What a segment has of the signs that addresses are written with. */
typedef struct signs {
    bool ip4;
    bool ip6;
    bool mac;
    bool cell;
} signs;

/* A word of twelve letters and digits. */
static bool has_twelve(const obi_scan *scan)
{
    ob_span text = scan->text;
    for (size_t at = scan->from; at < text.len; at++) {
        size_t end = obi_run(text, at, OBI_ALNUM);
        if (end - at == 12) {
            return true;
        }
        at = end;
    }
    return false;
}

static signs count_signs(obi_scan *scan)
{
    const obi_tally *has = obi_scan_tally(scan);
    /* The address of a network card has twelve digits to base 16, in whatever groups. */
    bool twelve = has->digits + has->letters >= 12;
    return (signs){.ip4 = has->dots >= 3,
                   .ip6 = has->colons >= 2 && (scan->seen & OBI_SEEN_COLONS) != 0,
                   .mac = twelve && (has->dots >= 2 || has->colons >= 5 || has->hyphens > 0 ||
                                     has_twelve(scan)),
                   .cell = has->hyphens >= 2};
}

/* What may begin at a run of letters and digits, or at a colon; behind what it had, or at. */
static size_t look_at(obi_scan *scan, size_t at, size_t end, signs has)
{
    ob_span text = scan->text;
    char before = at > 0 ? text.ptr[at - 1] : '\0';
    size_t len = end - at;
    size_t next = 0;
    if (before == '_' || obi_letter_before(text, at) || (len == 0 && obi_is(before, OBI_ALNUM))) {
        return at;
    }
    if (has.ip6 && len <= 4 && is_ip6_run(text, at, &next) && groups(text, at, 6, 2) == 0) {
        if (before != ':' || is_label(text, at - 1)) {
            try_ip6(scan, at, next);
        }
        return next;
    }
    if (has.mac && (len == 2 || len == 4 || len == 6 || len == 12)) {
        next = try_mac(scan, at, len);
        if (next > 0) {
            return next;
        }
    }
    if (len == 0 || len > 3 || end == text.len || !obi_is(text.ptr[at], OBI_DIGIT)) {
        return at;
    }
    bool inside = at >= 2 && before == '.' && obi_is(text.ptr[at - 2], OBI_ALNUM);
    if (has.ip4 && text.ptr[end] == '.' && !inside) {
        return try_ip4(scan, at);
    }
    if (has.cell && len == 3 && text.ptr[end] == '-') {
        try_cell(scan, at);
    }
    return at;
}

void obi_find_net(obi_scan *scan)
{
    ob_span text = scan->text;
    signs has = count_signs(scan);
    size_t at = scan->from;
    if (!has.ip4 && !has.ip6 && !has.mac && !has.cell) {
        return;
    }
    if ((scan->seen & OBI_SEEN_REST) != 0) {
        at = obi_run(text, at, OBI_ALNUM);
    }
    while (at < text.len) {
        size_t end = at;
        while (end < text.len && obi_is(text.ptr[end], OBI_ALNUM)) {
            end++;
        }
        if (end == at && !(has.ip6 && text.ptr[at] == ':')) {
            at++;
            continue;
        }
        size_t behind = look_at(scan, at, end, has);
        at = behind > at ? behind : end > at ? end : at + 1;
    }
}
