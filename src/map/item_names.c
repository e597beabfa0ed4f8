/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names within fields. Lists of liaisons are written for people: "ITU-T SG13 SG16 SG17, ETSI ISG
 * MEC", "ISO/IEC JTC 1/SC 27, SC 42", "ISO/IEC JTC 1/SC 27 WG4 & WG5". What a name leaves out is
 * taken from the one before it.
 */
#include "map/item_names.h"

void obi_cut_former(ob_span *id, ob_span *former)
{
    static const char *const heads[] = {"(ex ", "(ex. ", "(ex-", "(ex: ", "(formerly ", "[ex "};
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

/* The next piece up to one of the separators outside of brackets; false at the end. */
static bool cut_piece(ob_span *rest, const char *separators, ob_span *piece)
{
    int depth = 0;
    size_t at = 0;
    if (rest->len == 0) {
        return false;
    }
    for (; at < rest->len; at++) {
        char c = rest->ptr[at];
        depth += c == '(' ? 1 : c == ')' && depth > 0 ? -1 : 0;
        if (depth == 0 && strchr(separators, c) != NULL) {
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
    ob_span *items = OB_NEW(arena, ob_span, OB_ITEM_LISTS_MAX, err);
    ob_span piece = {0};
    size_t count = 0;
    if (items == NULL) {
        return false;
    }
    while (cut_piece(&text, ";,", &piece)) {
        piece = ob_span_has_prefix(piece, OB_SPAN("ex "))
                    ? ob_span_trim(ob_span_sub(piece, 3, piece.len))
                    : piece;
        if (piece.len > 0 && !ob_span_is_nocase(piece, id) &&
            !add_name(arena, items, &count, piece, err)) {
            return false;
        }
    }
    *names = (ob_names){items, count};
    return true;
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

/* What has to stand in front of a piece, from the full name before it. */
static ob_span front_of(ob_span piece, ob_span before)
{
    static const char *const third[] = {"SA", "CT", "RAN", "TSG"};
    if (numbered(piece, "SG") > 0 || ob_span_is_nocase(piece, OB_SPAN("TSAG")) ||
        ob_span_is_nocase(ob_span_sub(piece, 0, 12), OB_SPAN("Study Group "))) {
        return OB_SPAN("ITU-T ");
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

static ob_span without_and(ob_span piece)
{
    static const char *const heads[] = {"and ", "or "};
    for (size_t i = 0; i < OB_COUNT(heads); i++) {
        ob_span head = ob_span_str(heads[i]);
        if (ob_span_is_nocase(ob_span_sub(piece, 0, head.len), head)) {
            return ob_span_trim(ob_span_sub(piece, head.len, piece.len));
        }
    }
    return piece;
}

static bool add_liaison(ob_arena *arena, ob_span *items, size_t *count, ob_span piece, ob_err *err)
{
    ob_span before = *count > 0 ? items[*count - 1] : (ob_span){0};
    ob_span whole = {0};
    piece = without_and(piece);
    while (piece.len > 0 && strchr(". -", piece.ptr[piece.len - 1]) != NULL) {
        piece = ob_span_sub(piece, 0, piece.len - 1);
    }
    if (piece.len == 0) {
        return true;
    }
    ob_span front = front_of(piece, before);
    return ob_arena_printf(arena, &whole, err, "%.*s%.*s", OB_SHOW(front), OB_SHOW(piece)) &&
           add_name(arena, items, count, whole, err);
}

bool obi_split_liaisons(ob_arena *arena, ob_span text, ob_names *names, ob_err *err)
{
    ob_span *items = OB_NEW(arena, ob_span, OB_ITEM_LISTS_MAX, err);
    ob_span piece = {0};
    size_t count = 0;
    if (items == NULL) {
        return false;
    }
    while (cut_piece(&text, ",;&", &piece)) {
        /* " and " parts names, too, unless it belongs to one: no body's name has it. */
        for (size_t at = 0; (at = ob_span_find(piece, OB_SPAN(" and "), 0)) != SIZE_MAX;) {
            if (!add_liaison(arena, items, &count, ob_span_sub(piece, 0, at), err)) {
                return false;
            }
            piece = ob_span_trim(ob_span_sub(piece, at + 5, piece.len));
        }
        ob_span rest = {0};
        while (cut_groups(&piece, &rest)) {
            if (!add_liaison(arena, items, &count, piece, err)) {
                return false;
            }
            piece = rest;
        }
        if (!add_liaison(arena, items, &count, piece, err)) {
            return false;
        }
    }
    *names = (ob_names){items, count};
    return true;
}
