/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Postal addresses in scripts with words. An address is decided at its head, a number and a street;
 * what follows, such as the town, is read by its tail.
 */
#include "detect/address.h"
#include "detect/breaks.h"
#include "detect/codings.h"
#include "detect/name_words.h"

#define WORDS_MAX 40 /* of a segment; the rest cannot begin a head */
#define WORD_MAX  48
#define NAME_MAX  5 /* words between the number and the word for a street */

typedef enum word_kind {
    WORD_OTHER,
    WORD_NUMBER, /* 12, 12B, 12-14, 5th is a name */
    WORD_CAPITAL,
    WORD_PARTICLE
} word_kind;

typedef struct word {
    size_t start;
    size_t end;  /* without a sign at its end */
    bool comma;  /* something other than one blank follows */
    bool street; /* behind the name of one */
    bool plain;  /* also, but an ordinary word */
    bool common; /* in no address */
    bool first;  /* in front of it */
    bool joined; /* a street in one word: "Hauptstrasse" */
    bool unit;
    uint8_t kind;
} word;

typedef struct words {
    word items[WORDS_MAX];
    size_t count;
} words;

static bool is_number(ob_span text)
{
    size_t digits = 0;
    while (digits < text.len && obi_is_digit(text.ptr[digits])) {
        digits++;
    }
    if (digits == 0 || digits > 5) {
        return false;
    }
    if (digits == text.len || (digits + 1 == text.len && obi_is_alpha(text.ptr[digits]))) {
        return true;
    }
    if (text.ptr[digits] != '-' && text.ptr[digits] != '/') {
        return false;
    }
    for (size_t i = digits + 1; i < text.len; i++) {
        if (!obi_is_alnum(text.ptr[i])) {
            return false;
        }
    }
    return text.len - digits <= 5;
}

/* Endings of streets that are written in one word: German, Dutch, Nordic languages. *plain: other
 * words end so, too. */
static bool is_joined(ob_span small, bool *plain)
{
    static const struct {
        ob_span text;
        bool plain;
    } endings[] = {

#define ENDING(text, plain) {{(text), sizeof(text) - 1}, (plain)}
        ENDING("stra\u00dfe", false), ENDING("strasse", false),    ENDING("str", false),
        ENDING("gasse", false),       ENDING("allee", false),      ENDING("chaussee", false),
        ENDING("straat", false),      ENDING("laan", false),       ENDING("gracht", false),
        ENDING("gatan", false),       ENDING("v\u00e4gen", false), ENDING("gade", true),
        ENDING("vej", false),         ENDING("gata", true),        ENDING("veien", false),
        ENDING("katu", false),        ENDING("utca", false),       ENDING("weg", true),
        ENDING("platz", true),        ENDING("damm", true),        ENDING("plein", true),
#undef ENDING
    };

    for (size_t i = 0; i < OB_COUNT(endings); i++) {
        ob_span ending = endings[i].text;
        if (small.len < ending.len || small.ptr[small.len - 1] != ending.ptr[ending.len - 1]) {
            continue;
        }
        bool whole = small.len == ending.len && ending.len >= 5; /* behind its name: "Lange" */
        if ((whole || small.len >= ending.len + 3) && ob_span_has_suffix(small, ending)) {
            *plain = endings[i].plain;
            return true;
        }
    }
    return false;
}

/* "PO", in front of "Box", and words like it. */
static bool is_box(ob_span text)
{
    char first = text.len > 1 ? obi_lower(text.ptr[0]) : '\0';
    return (first == 'p' || first == 'a') &&
           (ob_span_is_nocase(text, OB_SPAN("po")) || ob_span_is_nocase(text, OB_SPAN("p.o")) ||
            ob_span_is_nocase(text, OB_SPAN("postfach")) ||
            ob_span_is_nocase(text, OB_SPAN("apartado")));
}

static bool ends_sentence(char c)
{
    return c == '.' || c == ':' || c == '!' || c == '?' || c == '\'' || c == '*';
}

static void describe(ob_span text, word *one)
{
    OB_UNSET char room[WORD_MAX];
    ob_span whole = ob_span_sub(text, one->start, one->end);
    bool capital = obi_capital(whole);
    one->kind = is_number(whole)               ? WORD_NUMBER
                : capital                      ? WORD_CAPITAL
                : obi_name_particle_any(whole) ? WORD_PARTICLE
                                               : WORD_OTHER;
    if (one->kind == WORD_OTHER && obi_is_digit(whole.ptr[0]) && whole.len <= 5 &&
        obi_is_alpha(whole.ptr[whole.len - 1])) {
        one->kind = WORD_CAPITAL; /* 5th */
    }
    if (!capital) {
        return;
    }
    ob_span small = obi_small(whole, room, sizeof room);
    one->plain = obi_street_plain(small);
    one->street = one->plain || obi_street(small);
    one->common = !one->street && obi_common_word(small);
    bool plain = false;
    one->joined = is_joined(small, &plain);
    one->plain = one->plain || plain;
    one->unit = obi_address_unit(small);
}

/* The words; false if none of them can begin an address. */
static bool split(ob_span text, size_t from, words *list)
{
    bool begins = false;
    size_t at = from;
    while (at < text.len && list->count < WORDS_MAX) {
        if (obi_breaks(text.ptr[at])) {
            at++;
            continue;
        }
        word *one = &list->items[list->count++];
        size_t start = at;
        while (at < text.len && !obi_breaks(text.ptr[at])) {
            at++;
        }
        size_t end = at;
        while (end > start + 1 && ends_sentence(text.ptr[end - 1])) {
            end--;
        }
        *one = (word){.start = start, .end = end};
        one->comma =
            end < at || at + 1 >= text.len || text.ptr[at] != ' ' || obi_breaks(text.ptr[at + 1]);
        ob_span whole = ob_span_sub(text, start, end);
        one->first = obi_street_first_any(whole);
        begins = begins || one->first || is_number(whole) || is_box(whole);
    }
    return begins;
}

/* Flat 3, 12 High Street: the unit in front of the house number belongs to it. */
static size_t with_unit(const words *list, size_t at)
{
    if (at >= 1 && list->items[at - 1].unit && !list->items[at - 1].comma) {
        at--; /* Unit 4/22 High Street */
    }
    for (unsigned i = 0; i < 2 && at >= 2 && list->items[at - 2].unit; i++) {
        at -= 2;
    }
    return list->items[at].start;
}

static void report(obi_scan *scan, size_t start, size_t end, const char *rule, int near)
{
    obi_found_long(scan, OB_KIND_ADDR, start, end, OB_VALID_MAYBE, rule, near, OBI_TAIL_ADDRESS);
}

/* A town follows behind a comma, or words for an address stand in front. */
static bool is_likely(obi_scan *scan, const words *list, size_t first, size_t last)
{
    bool town = last + 1 == list->count
                    ? scan->next == ','
                    : list->items[last].comma && scan->text.ptr[list->items[last].end] == ',';
    return town || obi_cued(scan, OB_KIND_ADDR, list->items[first].start);
}

/* 12 Maple Street: a number, names, a word for a street. Returns the word behind it, or 0. */
static size_t english(obi_scan *scan, const words *list, size_t at)
{
    size_t last = 0;
    for (size_t i = at + 1; i < list->count && i <= at + NAME_MAX + 1; i++) {
        const word *one = &list->items[i];
        if (list->items[i - 1].comma && !(i > at + 1 && list->items[i - 1].street)) {
            break;
        }
        if (one->kind == WORD_OTHER || one->kind == WORD_NUMBER || one->common) {
            break;
        }
        if (one->street && i > at + 1) {
            last = i;
        }
    }
    if (last == 0 || (list->items[last].plain && !is_likely(scan, list, at, last))) {
        return 0;
    }
    report(scan, with_unit(list, at), list->items[last].end, "addr-street", 150);
    return last + 1;
}

/* 12 rue de la Paix: a number and a street of which the name follows. */
static size_t number_first(obi_scan *scan, const words *list, size_t at)
{
    size_t i = at + 1;
    while (i < list->count && i <= at + 2 && !list->items[i].first) {
        i++; /* 12 bis, rue ... */
    }
    if (i >= list->count || i > at + 2) {
        return 0;
    }
    while (i + 1 < list->count && list->items[i + 1].kind == WORD_PARTICLE) {
        i++;
    }
    if (i + 1 >= list->count || list->items[i + 1].kind != WORD_CAPITAL) {
        return 0;
    }
    report(scan, with_unit(list, at), list->items[i + 1].end, "addr-street-first", 150);
    return i + 2;
}

/* Calle Mayor 5, ul. Lenina, d. 5: behind the name stands a number. The word for a street is at at;
 * or before the segment, if at is SIZE_MAX. */
static size_t name_first(obi_scan *scan, const words *list, size_t at)
{
    size_t i = at == SIZE_MAX ? 0 : at + 1;
    size_t names = 0;
    while (i < list->count && i <= at + NAME_MAX + 1 &&
           (list->items[i].kind == WORD_CAPITAL || list->items[i].kind == WORD_PARTICLE) &&
           !list->items[i].common && !(list->items[i].unit && names > 0)) {
        names += list->items[i].kind == WORD_CAPITAL;
        i++;
        if (list->items[i - 1].comma) {
            break;
        }
    }
    bool number = i < list->count && (list->items[i].kind == WORD_NUMBER || list->items[i].unit);
    /* Cyrillic: the house follows behind a comma, as a word of its own. */
    bool opens = i == list->count && scan->next == ',' && i > 0 &&
                 (unsigned char)scan->text.ptr[list->items[i - 1].start] >= 0xd0;
    if (names == 0 || (!number && !opens)) {
        return 0;
    }
    size_t start = list->items[at == SIZE_MAX ? 0 : at].start;
    report(scan, start, list->items[number ? i : i - 1].end, "addr-street-first", 150);
    return i + 1;
}

/* Hauptstrasse 12. */
static size_t joined(obi_scan *scan, const words *list, size_t at)
{
    if (at + 1 >= list->count || list->items[at + 1].kind != WORD_NUMBER ||
        list->items[at + 1].end - list->items[at + 1].start > 5) {
        return 0;
    }
    if (list->items[at].plain && !list->items[at + 1].comma &&
        !obi_cued(scan, OB_KIND_ADDR, list->items[at].start)) {
        return 0;
    }
    /* Lange Strasse, Berliner Allee: the word alone is no name. */
    bool bare = list->items[at].end - list->items[at].start <= 8;
    size_t start =
        bare && at > 0 && list->items[at - 1].kind == WORD_CAPITAL && !list->items[at - 1].comma
            ? at - 1
            : at;
    report(scan, list->items[start].start, list->items[at + 1].end, "addr-street-joined", 60);
    return at + 2;
}

/* PO Box 12. */
static size_t box(obi_scan *scan, const words *list, size_t at)
{
    ob_span text = scan->text;
    ob_span first = ob_span_sub(text, list->items[at].start, list->items[at].end);
    size_t i = at + 1;
    if (!is_box(first) || i >= list->count) {
        return 0;
    }
    if (ob_span_is_nocase(ob_span_sub(text, list->items[i].start, list->items[i].end),
                          OB_SPAN("box"))) {
        i++;
    } else if (first.len <= 3) {
        return 0;
    }
    if (i >= list->count || !obi_is_digit(text.ptr[list->items[i].start])) {
        return 0;
    }
    report(scan, list->items[at].start, list->items[i].end, "addr-box", 180);
    return i + 1;
}

/* A word for a street stands right before the segment: "calle ", "rue de la ". */
static bool street_before(ob_span text, size_t from)
{
    for (unsigned i = 0; i < 3 && from > 1 && text.ptr[from - 1] == ' '; i++) {
        size_t end = from - 1;
        size_t start = end;
        while (start > 0 && !obi_breaks(text.ptr[start - 1])) {
            start--;
        }
        ob_span whole = ob_span_sub(text, start, end);
        if (obi_street_first_any(whole)) {
            return true;
        }
        if (!obi_name_particle_any(whole)) {
            return false;
        }
        from = start;
    }
    return false;
}

void obi_find_address(obi_scan *scan)
{
    if ((scan->seen & OBI_SEEN_HAN) != 0) {
        obi_find_address_han(scan);
    }
    if ((scan->seen & OBI_SEEN_CAPITALS) == 0) {
        return;
    }
    bool before = street_before(scan->text, scan->from);
    if (!before && (scan->seen & OBI_SEEN_STREET) == 0 && scan->next != ',') {
        return;
    }
    OB_UNSET words list;
    list.count = 0;
    if (!split(scan->text, scan->from, &list) && !before) {
        return;
    }
    for (size_t i = 0; i < list.count; i++) {
        describe(scan->text, &list.items[i]);
    }
    size_t at = before ? name_first(scan, &list, SIZE_MAX) : 0;
    while (at < list.count) {
        const word *one = &list.items[at];
        size_t next = 0;
        if (one->kind == WORD_NUMBER && !one->comma) {
            next = english(scan, &list, at);
            next = next > 0 ? next : number_first(scan, &list, at);
        } else if (one->first) {
            next = name_first(scan, &list, at);
        } else if (one->kind == WORD_CAPITAL) {
            next = box(scan, &list, at);
        }
        if (next == 0 && one->joined) {
            next = joined(scan, &list, at);
        }
        at = next > 0 ? next : at + 1;
    }
}
