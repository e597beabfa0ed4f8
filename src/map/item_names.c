/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names within fields. Lists of liaisons are written for people: "ITU-T SG13 SG16 SG17, ETSI ISG
 * MEC", "ISO/IEC JTC 1/SC 27, SC 42", "ISO/IEC JTC 1/SC 27 WG4 & WG5". What a name leaves out is
 * taken from the one before it.
 */
#include "map/item_names.h"

#include <ombud/text.h>

void obi_cut_former(ob_span *id, ob_span *former)
{
    static const char *const heads[] = {
        "(ex ",        "(ex. ", "(ex-",         "(ex: ",        "(formerly ",
        "(formerly: ", "[ex ",  "(previously ", "(previously: "};
    for (size_t i = 0; i < OB_COUNT(heads); i++) {
        size_t at = ob_span_find_nocase(*id, ob_span_str(heads[i]), 0);
        if (at != SIZE_MAX) {
            ob_span rest = ob_span_sub(*id, at + strlen(heads[i]), id->len);
            size_t end = rest.len;
            while (end > 0 && rest.ptr[end - 1] != ')' && rest.ptr[end - 1] != ']') {
                end--;
            }
            *former = ob_span_sub(rest, 0, end > 0 ? end - 1 : rest.len);
            *id = ob_span_trim(ob_span_sub(*id, 0, at));
            return;
        }
    }
}

/* The first of some words in text outside of brackets; *len is its length. SIZE_MAX: none. */
static size_t find_outside(ob_span text, const char *const *words, size_t count, size_t *len)
{
    int depth = 0;
    for (size_t at = 0; at < text.len; at++) {
        depth += text.ptr[at] == '(' ? 1 : text.ptr[at] == ')' && depth > 0 ? -1 : 0;
        for (size_t i = 0; depth == 0 && i < count; i++) {
            *len = strlen(words[i]);
            if (ob_span_is(ob_span_sub(text, at, at + *len), (ob_span){words[i], *len})) {
                return at;
            }
        }
    }
    return SIZE_MAX;
}

/* Does the & at text[at] stand between two names, and not within one such as SC&C? */
static bool parts_names(ob_span text, size_t at)
{
    char before = at > 0 ? text.ptr[at - 1] : ' ';
    char behind = at + 1 < text.len ? text.ptr[at + 1] : ' ';
    return before == ' ' || behind == ' ' || (before >= '0' && before <= '9');
}

/* The next piece up to a separator outside of brackets; false at the end. */
static bool cut_piece(ob_span *rest, ob_span *piece)
{
    int depth = 0;
    size_t at = 0;
    if (rest->len == 0) {
        return false;
    }
    for (; at < rest->len; at++) {
        char c = rest->ptr[at];
        depth += c == '(' ? 1 : c == ')' && depth > 0 ? -1 : 0;
        if (depth == 0 && (c == ',' || c == ';' || (c == '&' && parts_names(*rest, at)))) {
            break;
        }
    }
    *piece = ob_span_trim(ob_span_sub(*rest, 0, at));
    *rest = ob_span_sub(*rest, at + 1, rest->len);
    return true;
}

static bool add_name(ob_arena *arena, ob_span *items, size_t *count, ob_span name, ob_err *err)
{
    for (size_t i = 0; i < *count; i++) {
        if (ob_span_is_nocase(items[i], name)) {
            return true;
        }
    }
    if (*count >= OB_ITEM_LISTS_MAX) {
        return true; /* no page names so many; the whole text is kept beside the list */
    }
    return ob_arena_dup(arena, name, &items[*count], err) && ((*count)++, true);
}

bool obi_split_former(ob_arena *arena, ob_span text, ob_span id, ob_names *names, ob_err *err)
{
    /* "X.a; X.b", "X.a and X.b", and brackets one after the other: "X.a) (ex X.b". */
    static const char *const parts[] = {";", ",", " and ", " / ", " & ", ") (", ")("};
    static const char *const heads[] = {"and ", "ex ", "ex. ", "ex: ", "formerly "};
    ob_span *items = OB_NEW(arena, ob_span, OB_ITEM_LISTS_MAX, err);
    ob_span piece = {0};
    size_t count = 0;
    if (items == NULL) {
        return false;
    }
    while (text.len > 0) {
        size_t len = 0;
        size_t at = find_outside(text, parts, OB_COUNT(parts), &len);
        piece = ob_span_trim(ob_span_sub(text, 0, at));
        text = at == SIZE_MAX ? ((ob_span){0}) : ob_span_sub(text, at + len, text.len);
        for (size_t i = 0; i < OB_COUNT(heads); i++) {
            size_t head = strlen(heads[i]);
            bool has = ob_span_is_nocase(ob_span_sub(piece, 0, head), ob_span_str(heads[i]));
            piece = has ? ob_span_trim(ob_span_sub(piece, head, piece.len)) : piece;
        }
        if (piece.len > 0 && !ob_span_is_nocase(piece, id) &&
            !add_name(arena, items, &count, piece, err)) {
            return false;
        }
    }
    *names = (ob_names){items, count};
    return true;
}

/* Where the digits at the end of a text begin; its length where there are none. */
static size_t digits_at_end(ob_span text)
{
    size_t at = text.len;
    while (at > 0 && text.ptr[at - 1] >= '0' && text.ptr[at - 1] <= '9') {
        at--;
    }
    return at;
}

/* Does text begin with a word and a number, "SG17" or "SG 17"? Where it ends, or 0. */
static size_t numbered(ob_span text, const char *word)
{
    size_t at = strlen(word);
    if (!ob_span_is_nocase(ob_span_sub(text, 0, at), ob_span_str(word))) {
        return 0;
    }
    at += at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '-');
    size_t start = at;
    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9') {
        at++;
    }
    return at > start ? at : 0;
}

/* Where the last word with a number of this kind starts; SIZE_MAX. */
static size_t last_numbered(ob_span text, const char *word)
{
    size_t found = SIZE_MAX;
    for (size_t at = 0; at < text.len; at++) {
        bool start = at == 0 || strchr(" /-", text.ptr[at - 1]) != NULL;
        if (start && numbered(ob_span_sub(text, at, text.len), word) > 0) {
            found = at;
        }
    }
    return found;
}

/* The number behind a word, as in "SG17"; 0 if it is none. */
static unsigned number_of(ob_span text, const char *word)
{
    size_t end = numbered(text, word);
    unsigned value = 0;
    for (size_t at = strlen(word); at < end && value < 1000; at++) {
        bool digit = text.ptr[at] >= '0' && text.ptr[at] <= '9';
        value = digit ? value * 10 + (unsigned)(text.ptr[at] - '0') : value;
    }
    return value;
}

/* Study groups are those of ITU-T, unless the list is about another sector, which has fewer. */
static ob_span sector_of(ob_span piece, ob_span before)
{
    unsigned number = number_of(piece, "SG");
    if (ob_span_has_prefix(before, OB_SPAN("ITU-D ")) && number > 0 && number <= 2) {
        return OB_SPAN("ITU-D ");
    }
    if (ob_span_has_prefix(before, OB_SPAN("ITU-R ")) && number > 0 && number <= 7) {
        return OB_SPAN("ITU-R ");
    }
    return OB_SPAN("ITU-T ");
}

/* What has to stand in front of a piece, from the full name before it. */
static ob_span front_of(ob_span piece, ob_span before)
{
    static const char *const third[] = {"SA", "CT", "RAN", "TSG"};
    if (numbered(piece, "SG") > 0) {
        return sector_of(piece, before);
    }
    if (ob_span_is_nocase(piece, OB_SPAN("TSAG")) ||
        ob_span_is_nocase(ob_span_sub(piece, 0, 12), OB_SPAN("Study Group "))) {
        return OB_SPAN("ITU-T ");
    }
    if (ob_span_has_prefix(before, OB_SPAN("ITU-T Q")) && numbered(piece, "Q") > 0) {
        return OB_SPAN("ITU-T ");
    }
    bool etsi = ob_span_has_prefix(before, OB_SPAN("ETSI "));
    if (etsi && (ob_span_has_prefix(piece, OB_SPAN("ISG ")) ||
                 (ob_span_has_prefix(piece, OB_SPAN("TC ")) && numbered(piece, "TC") == 0))) {
        return OB_SPAN("ETSI ");
    }
    size_t digits = digits_at_end(before);
    if (digits < before.len && digits_at_end(piece) == 0) {
        return ob_span_sub(before, 0, digits); /* "SG13, 20" */
    }
    size_t wg = last_numbered(before, "WG");
    if (numbered(piece, "WG") > 0 && wg != SIZE_MAX) {
        return ob_span_sub(before, 0, wg);
    }
    size_t sc = last_numbered(before, "SC");
    if (numbered(piece, "SC") > 0) {
        return sc != SIZE_MAX ? ob_span_sub(before, 0, sc) : OB_SPAN("ISO/IEC JTC 1/");
    }
    size_t jtc = numbered(piece, "JTC");
    if (jtc > 0 && (ob_span_has_suffix(ob_span_sub(piece, 0, jtc), OB_SPAN("C1")) ||
                    ob_span_has_suffix(ob_span_sub(piece, 0, jtc), OB_SPAN(" 1")))) {
        return OB_SPAN("ISO/IEC ");
    }
    size_t tc = last_numbered(before, "TC");
    if (numbered(piece, "TC") > 0 && tc != SIZE_MAX) {
        return ob_span_sub(before, 0, tc);
    }
    for (size_t i = 0; i < OB_COUNT(third); i++) {
        bool third_party = ob_span_has_prefix(before, OB_SPAN("3GPP"));
        if (third_party &&
            (numbered(piece, third[i]) > 0 || ob_span_has_prefix(piece, ob_span_str(third[i])))) {
            return OB_SPAN("3GPP ");
        }
    }
    return (ob_span){0};
}

/* "ITU-T SG13 SG16", "SG13/SG16": the end of the first name, and the rest that starts with a study
 * group. */
static bool cut_groups(ob_span *piece, ob_span *rest)
{
    size_t first = SIZE_MAX;
    for (size_t at = 0; at < piece->len; at++) {
        bool start = at == 0 || strchr(" /", piece->ptr[at - 1]) != NULL;
        if (!start || numbered(ob_span_sub(*piece, at, piece->len), "SG") == 0) {
            continue;
        }
        if (first == SIZE_MAX) {
            first = at;
            continue;
        }
        *rest = ob_span_sub(*piece, at, piece->len);
        *piece = ob_span_trim(ob_span_sub(*piece, 0, at));
        if (ob_span_has_suffix(*piece, OB_SPAN("/"))) {
            *piece = ob_span_trim(ob_span_sub(*piece, 0, piece->len - 1));
        }
        return true;
    }
    return false;
}

static ob_span without(ob_span piece, const char *const *heads, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ob_span head = ob_span_str(heads[i]);
        if (ob_span_is_nocase(ob_span_sub(piece, 0, head.len), head)) {
            return ob_span_trim(ob_span_sub(piece, head.len, piece.len));
        }
    }
    return piece;
}

static bool add_liaison(ob_arena *arena, ob_span *items, size_t *count, ob_span piece, ob_err *err)
{
    static const char *const ands[] = {"and ", "or "};
    static const char *const groups[] = {"ITU-T SGs ", "ITU-T Study Groups ", "SGs ",
                                         "Study Groups "};
    static const char *const sector[] = {"ITU-T:"};
    ob_span before = *count > 0 ? items[*count - 1] : (ob_span){0};
    ob_span whole = {0};
    piece = without(piece, ands, OB_COUNT(ands));
    piece = without(piece, sector, OB_COUNT(sector));
    while (piece.len > 0 && strchr(". -", piece.ptr[piece.len - 1]) != NULL) {
        piece = ob_span_sub(piece, 0, piece.len - 1);
    }
    if (piece.len == 0) {
        return true;
    }
    ob_span number = without(piece, groups, OB_COUNT(groups));
    bool many = number.len < piece.len && digits_at_end(number) == 0; /* "SGs 13, 20" */
    piece = many ? number : piece;
    ob_span front = many ? OB_SPAN("ITU-T SG") : front_of(piece, before);
    return ob_arena_printf(arena, &whole, err, "%.*s%.*s", OB_SHOW(front), OB_SHOW(piece)) &&
           add_name(arena, items, count, whole, err);
}

/* "IETF", "SG20", "oneM2M", "ISO/IEC": short names, as bodies have. */
static bool is_short_name(ob_span word)
{
    size_t signs = 0;
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        signs += (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
    return signs >= 2;
}

static ob_span first_word(ob_span text)
{
    return ob_span_sub(text, 0, ob_span_find(text, OB_SPAN(" "), 0));
}

static ob_span last_word(ob_span text)
{
    size_t at = text.len;
    while (at > 0 && text.ptr[at - 1] != ' ') {
        at--;
    }
    return ob_span_sub(text, at, text.len);
}

bool obi_begins_liaison(ob_span before, ob_span text)
{
    ob_span last = last_word(ob_span_trim(before));
    bool open = last.len == 0 || strchr(",;/&-", last.ptr[last.len - 1]) != NULL ||
                ob_span_is_str(last, "and") || ob_span_is_str(last, "ITU-T");
    return !open && is_short_name(first_word(text));
}

/* Does an "and" part two names? It does not in "National Institute of Standards and Technology",
 * where no short name stands beside it and nothing that names end with stands before it. */
static bool and_parts(ob_span before, ob_span behind)
{
    static const char *const ends[] = {"Alliance",   "Association", "Consortium", "Council",
                                       "Foundation", "Forum",       "Group",      "Institute",
                                       "Initiative", "Organization"};
    ob_span last = last_word(before);
    if (ob_span_is_str(last, "JCA-IoT") && ob_span_has_prefix(behind, OB_SPAN("SC&C"))) {
        return false; /* the full name of that group */
    }
    return is_short_name(first_word(behind)) || is_short_name(last) ||
           ob_text_index(last, ends, OB_COUNT(ends)) >= 0;
}

/* The next name of a piece that an "and" parts from the others. */
static bool cut_and(ob_span *piece, ob_span *name)
{
    static const char *const words[] = {" and "};
    for (size_t from = 0; from < piece->len;) {
        size_t len = 0;
        size_t at = find_outside(ob_span_sub(*piece, from, piece->len), words, 1, &len);
        if (at == SIZE_MAX) {
            return false;
        }
        ob_span before = ob_span_trim(ob_span_sub(*piece, 0, from + at));
        ob_span behind = ob_span_trim(ob_span_sub(*piece, from + at + len, piece->len));
        if (and_parts(before, behind)) {
            *name = before;
            *piece = behind;
            return true;
        }
        from += at + len;
    }
    return false;
}

bool obi_split_liaisons(ob_arena *arena, ob_span text, ob_names *names, ob_err *err)
{
    ob_span *items = OB_NEW(arena, ob_span, OB_ITEM_LISTS_MAX, err);
    ob_span piece = {0};
    size_t count = 0;
    if (items == NULL) {
        return false;
    }
    while (cut_piece(&text, &piece)) {
        ob_span name = {0};
        ob_span rest = {0};
        for (bool more = true; more;) {
            more = cut_and(&piece, &name);
            name = more ? name : piece;
            while (cut_groups(&name, &rest)) {
                if (!add_liaison(arena, items, &count, name, err)) {
                    return false;
                }
                name = rest;
            }
            if (!add_liaison(arena, items, &count, name, err)) {
                return false;
            }
        }
    }
    *names = (ob_names){items, count};
    return true;
}
