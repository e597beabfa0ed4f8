/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of people behind a cue: "my name is", "Mr", "account holder:". Without a cue no capitalised
 * word is a name, because products and places are written the same way.
 */
#include "detect/find_name.h"
#include "detect/breaks.h"
#include "detect/codings.h"
#include "detect/name_words.h"
#include "detect/scan.h"

#define WORD_MAX  48
#define WORDS_MAX 4
#define LOW_MAX   3
#define GAP_MAX   8 /* bytes between a cue and the name */

/* What stands between the cue and the name, read backwards. */
typedef struct gap {
    bool colon; /* or "is" */
    bool comma;
    bool line;
    bool dot;
} gap;

typedef struct reading {
    size_t end;
    unsigned words;
    bool low;    /* words without a capital count */
    bool strict; /* common words are refused, not only cut off */
} reading;

static size_t gap_before(ob_span text, size_t at, gap *between)
{
    for (size_t first = at; at > 0 && first - at < GAP_MAX; at--) {
        switch (text.ptr[at - 1]) {
        case ':':
        case '=':
        case '>': /* of a tag */
            between->colon = true;
            break;
        case ',':
            between->comma = true;
            break;
        case '.':
            between->dot = true;
            break;
        case '\n':
            between->line = true;
            break;
        case ' ':
        case '\t':
        case '\r':
        case '"':
        case '\'':
        case '*':
        case '_':
        case '`':
        case '(':
        case '[':
        case '-':
            break;
        default:
            if (at < 3 || memcmp(text.ptr + at - 3, "\xef\xbc\x9a", 3) != 0) {
                return at;
            }
            between->colon = true; /* full width */
            at -= 2;
        }
    }
    return at;
}

/* "is" in front of at is taken as a colon: "the account holder is". */
static size_t is_before(ob_span text, size_t at, gap *between)
{
    static const char *const list[] = {" is", " es", " est", " ist", " \u00e9", " \u00e8"};
    if (!obi_among(text.ptr[at - 1], "st\xa9\xa8")) {
        return at;
    }
    for (size_t i = 0; i < OB_COUNT(list); i++) {
        if (ob_span_has_suffix(ob_span_sub(text, 0, at), ob_span_str(list[i]))) {
            between->colon = true;
            return at - strlen(list[i]);
        }
    }
    return at;
}

static bool gap_fits(obi_name_cue cue, const gap *between)
{
    switch (cue) {
    case OBI_NAME_NONE:
        return false;
    case OBI_NAME_SIGN:
        return (between->comma || between->line) && !between->colon;
    case OBI_NAME_LOW:
    case OBI_NAME_TITLE:
        return !between->comma && !between->line && !between->colon;
    case OBI_NAME_LABEL:
    case OBI_NAME_ALONE:
        return !between->comma && !between->dot && (!between->line || between->colon);
    case OBI_NAME_SURE:
    case OBI_NAME_FAMILY:
    case OBI_NAME_WEAK:
    case OBI_NAME_GREET:
        break;
    }
    return !between->comma && !between->dot && !between->line;
}

/* The cue for a name that begins at at. */
static obi_name_cue cue_before(ob_span text, size_t at, gap *between)
{
    size_t start = 0;
    size_t end = gap_before(text, at, between);
    if (end == 0 || end == at) {
        return OBI_NAME_NONE;
    }
    obi_name_cue cue = obi_name_cue_at(text, end, &start);
    if (cue == OBI_NAME_NONE) {
        unsigned label = obi_name_label_before(text, end);
        if (label > 0) {
            return label == 2 || between->colon ? OBI_NAME_LABEL : OBI_NAME_WEAK;
        }
        size_t front = is_before(text, end, between);
        if (front < end) {
            cue = obi_name_cue_at(text, front, &start);
            cue = cue == OBI_NAME_LABEL || cue == OBI_NAME_ALONE || cue == OBI_NAME_WEAK
                      ? cue
                      : OBI_NAME_NONE;
        }
    }
    return gap_fits(cue, between) ? cue : OBI_NAME_NONE;
}

static size_t word_end(ob_span text, size_t at)
{
    while (at < text.len && !obi_breaks(text.ptr[at])) {
        at++;
    }
    return at;
}

static bool is_letter(char c)
{
    return obi_is_alpha(c) || (unsigned char)c >= 0x80;
}

/* The letters of a word: without signs at its end, and without "'s". */
static ob_span core_of(ob_span word)
{
    for (size_t i = 0; i + 1 < word.len; i++) {
        size_t mark = word.ptr[i] == '\''                                          ? 1
                      : i + 3 < word.len && memcmp(word.ptr + i, "\u2019", 3) == 0 ? 3
                                                                                   : 0;
        if (mark > 0 && i + mark + 1 == word.len && obi_lower(word.ptr[i + mark]) == 's') {
            return ob_span_sub(word, 0, i);
        }
    }
    while (word.len > 0 && !is_letter(word.ptr[word.len - 1])) {
        word.len--;
    }
    return word;
}

/* Letters, with single hyphens and apostrophes between them. */
static bool is_spelled(ob_span word)
{
    bool joined = true;
    for (size_t i = 0; i < word.len; i++) {
        bool letter = is_letter(word.ptr[i]);
        if (!letter && (joined || (word.ptr[i] != '-' && word.ptr[i] != '\''))) {
            return false;
        }
        joined = !letter;
    }
    return word.len > 0 && word.len <= WORD_MAX && !joined && (unsigned char)word.ptr[0] < 0xe3;
}

/* A capital in front, or behind "al-", "d'" and the like. */
static bool has_capital(ob_span word)
{
    for (size_t i = 0; i < 4 && i < word.len; i++) {
        if ((i == 0 || word.ptr[i - 1] == '-' || word.ptr[i - 1] == '\'') &&
            obi_capital(ob_span_sub(word, i, word.len))) {
            return true;
        }
    }
    return false;
}

/* Endings of words that describe and of what is described. */
static bool is_common(ob_span small)
{
    static const char *const endings[] = {"able", "ible", "tion", "ment", "ness",
                                          "less", "ful",  "ing",  "ity",  "ive"};
    for (size_t i = 0; i < OB_COUNT(endings); i++) {
        if (ob_span_has_suffix(small, ob_span_str(endings[i]))) {
            return true;
        }
    }
    return false;
}

typedef enum word_kind {
    WORD_END,
    WORD_PARTICLE,
    WORD_NAME,
    WORD_COMMON
} word_kind;

static word_kind judge_word(ob_span core, const reading *name)
{
    OB_UNSET char room[WORD_MAX];
    if (!is_spelled(core)) {
        return WORD_END;
    }
    ob_span small = obi_small(core, room, sizeof room);
    if (name->low && !obi_capital(core)) {
        return obi_name_low_stop(small) || small.len < 2 ? WORD_END : WORD_NAME;
    }
    if (name->words > 0 && !obi_capital(core) && obi_name_particle(small)) {
        return WORD_PARTICLE;
    }
    if (name->words > 0 && obi_address_unit(small)) {
        return WORD_END;
    }
    if (obi_name_stop(small) || (name->strict && is_common(small))) {
        return WORD_COMMON;
    }
    return has_capital(core) ? WORD_NAME : WORD_END;
}

/* Reads a name at at. False where there is none. */
static bool read_name(ob_span text, size_t at, reading *name)
{
    unsigned particles = 0;
    unsigned full = 0; /* words that are no initials */
    unsigned most = name->low ? LOW_MAX : WORDS_MAX;
    while (at < text.len && name->words < most) {
        size_t end = word_end(text, at);
        ob_span core = core_of(ob_span_sub(text, at, end));
        word_kind kind = judge_word(core, name);
        if (kind == WORD_COMMON && name->strict) {
            return false;
        }
        if (kind == WORD_END || kind == WORD_COMMON) {
            break;
        }
        bool initial = core.len == 1;
        bool whole = core.len == end - at || (initial && end - at == 2 && text.ptr[end - 1] == '.');
        if (kind == WORD_NAME) {
            name->end = at + core.len;
            name->words++;
            full += initial ? 0 : 1;
        }
        particles = kind == WORD_PARTICLE ? particles + 1 : 0;
        if (!whole || particles > 2 || end >= text.len || text.ptr[end] != ' ') {
            break;
        }
        at = end + 1;
    }
    return full > 0;
}

static bool enough(obi_name_cue cue, const gap *between, unsigned words, bool comma)
{
    switch (cue) {
    case OBI_NAME_LABEL:
    case OBI_NAME_ALONE:
        return words >= 2 || between->colon;
    case OBI_NAME_GREET:
        return words >= 2 || comma;
    case OBI_NAME_WEAK:
    case OBI_NAME_SIGN:
        return words >= 2;
    case OBI_NAME_SURE:
    case OBI_NAME_LOW:
    case OBI_NAME_TITLE:
    case OBI_NAME_FAMILY:
        return words >= 1;
    case OBI_NAME_NONE:
        break;
    }
    return false;
}

/* How sure a cue makes it, in hundredths of log-odds. The prior of names is low, because so is what
 * a word alone says; the cues of score.c come on top, but know other words. */
static int weight(obi_name_cue cue)
{
    return cue == OBI_NAME_SURE ? 500 : cue >= OBI_NAME_WEAK ? 350 : 420;
}

/* The name at at, if a cue stands before it. Returns where to go on: at, if there is none. */
static size_t find_at(obi_scan *scan, size_t at)
{
    gap between = {0};
    ob_span text = scan->text;
    obi_name_cue cue = cue_before(text, at, &between);
    bool capital = at + 4 <= text.len ? has_capital(ob_span_sub(text, at, at + 4))
                                      : obi_capital(ob_span_sub(text, at, text.len));
    if (cue == OBI_NAME_NONE || (!capital && cue != OBI_NAME_SURE)) {
        return at;
    }
    reading name = {.low = !capital, .strict = cue >= OBI_NAME_WEAK};
    bool found = read_name(text, at, &name);
    bool comma = name.end == text.len ? scan->next == ',' : text.ptr[name.end] == ',';
    if (!found || !enough(cue, &between, name.words, comma)) {
        return at;
    }
    obi_found(scan, OB_KIND_NAME, at, name.end, OB_VALID_MAYBE, "name", weight(cue));
    return name.end;
}

void obi_find_name(obi_scan *scan)
{
    ob_span text = scan->text;
    if ((scan->seen & OBI_SEEN_HAN) != 0) {
        obi_find_name_han(scan);
    }
    if ((scan->seen & (OBI_SEEN_CAPITALS | OBI_SEEN_VALUE)) == 0 ||
        (scan->seen & OBI_SEEN_REST) != 0) {
        return;
    }
    for (size_t at = scan->from; at < text.len;) {
        while (at < text.len && obi_among(text.ptr[at], "*_':=")) {
            at++; /* stress, a quote, or what stands between a label and its value */
        }
        size_t next = at < text.len && is_letter(text.ptr[at]) ? find_at(scan, at) : at;
        at = word_end(text, next);
        while (at < text.len && obi_breaks(text.ptr[at])) {
            at++;
        }
    }
}
