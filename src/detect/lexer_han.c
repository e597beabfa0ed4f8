/* SPDX-License-Identifier: Apache-2.0 */
/* Segments of Han characters: names behind a label, addresses, plates; and the way over plain text.
 */
#include "detect/han.h"
#include "detect/lexer_core.h"
#include "detect/runes.h"

/* Han characters that are held: a name behind its label, an address, a plate. */
bool obi_lex_han(ob_span text, size_t pos, bool last, unsigned what, bool colon,
                 obi_segment *segment)
{
    size_t end = pos;
    unsigned seen = what == OBI_HAN_NAME ? OBI_SEEN_VALUE : OBI_SEEN_STREET;
    *segment = (obi_segment){.start = pos, .seen = OBI_SEEN_HAN};
    while (end < text.len && end - pos <= OB_HOLD_MAX - 4) {
        obi_rune_at rune = {.rune = (unsigned char)text.ptr[end], .len = 1};
        if (rune.rune >= 0x80) {
            rune = obi_rune_look(text, end, last);
        }
        if (rune.glyph == OBI_GLYPH_MORE) {
            return false;
        }
        ob_span before = ob_span_sub(text, pos, end);
        if (!(what == OBI_HAN_NAME ? obi_han_name_goes_on(before, colon, rune.rune)
                                   : obi_han_address_goes_on(before, rune.rune))) {
            segment->end = end;
            segment->seen |= seen;
            return true;
        }
        /* A city may stand before a number that is not of its address. */
        seen |= rune.rune >= '0' && rune.rune <= '9' ? OBI_SEEN_DIGITS | OBI_SEEN_MIXED : 0U;
        end += rune.len;
    }
    segment->end = end;
    segment->seen |= seen;
    return last || end < text.len;
}

/* A province, a letter, perhaps a dot, and letters and digits. */
bool obi_lex_plate(ob_span text, size_t pos, bool last, obi_segment *segment)
{
    obi_word word;
    *segment = (obi_segment){.start = pos, .seen = OBI_SEEN_HAN | OBI_SEEN_MIXED};
    if (!obi_word_read(text, pos + 3, OB_HOLD_MAX / 2, last, &word)) {
        return false;
    }
    segment->end = word.end;
    segment->seen |= word.folded > 0 ? OBI_SEEN_FOLDS : 0U;
    obi_gap between = obi_gap_read(text, word.end, last);
    if (word.visible > 1 || between.wide || word.full) {
        return last || word.end < text.len;
    }
    if (between.more) {
        return false;
    }
    if (obi_word_read(text, between.end, OB_HOLD_MAX / 2, last, &word)) {
        segment->end = word.end;
        return last || word.end < text.len;
    }
    return false;
}

/* What a Han character at *pos begins; 0: nothing, and *pos has moved behind it. */
unsigned obi_han_begins(obi_lexer *lexer, ob_span text, size_t *pos, uint32_t rune, bool last,
                        bool *more)
{
    size_t end = *pos + 3;
    if (lexer->label != 0 && lexer->gap < 4 && obi_han_between(rune)) {
        lexer->gap++;
        *pos = end;
        return 0;
    }
    if (lexer->label != 0) {
        unsigned what = (lexer->label & OBI_HAN_NAME) != 0 ? OBI_HAN_NAME : OBI_HAN_ADDRESS;
        if (what == OBI_HAN_ADDRESS || obi_han_name_goes_on((ob_span){0}, lexer->colon, rune)) {
            return what;
        }
    }
    unsigned open = obi_han_open(text, end);
    if ((open & (OBI_HAN_BEGINS | OBI_HAN_PLATE)) != 0 && end >= text.len && !last) {
        *more = true;
        return 0;
    }
    if ((open & OBI_HAN_BEGINS) != 0 && end < text.len && (unsigned char)text.ptr[end] >= 0xe0) {
        obi_rune_at next = obi_rune_look(text, end, last);
        if (next.glyph == OBI_GLYPH_MORE) {
            *more = true;
            return 0;
        }
        if (next.len == 3 && (obi_han_open(text, end + 3) & OBI_HAN_PLACE) != 0) {
            return OBI_HAN_ADDRESS;
        }
    }
    if ((open & OBI_HAN_PLATE) != 0 && end < text.len) {
        obi_glyph next = obi_first_glyph(text, end, last);
        if (next == OBI_GLYPH_MORE) {
            *more = true;
            return 0;
        }
        if (next == OBI_GLYPH_UPPER) {
            return OBI_HAN_PLATE;
        }
    }
    bool label = (open & (OBI_HAN_NAME | OBI_HAN_ADDRESS)) != 0 && (open & OBI_HAN_PLACE) == 0;
    lexer->label = label ? (uint8_t)(open & (OBI_HAN_NAME | OBI_HAN_ADDRESS)) : 0;
    lexer->gap = 0;
    lexer->colon = false;
    *pos = end;
    return 0;
}

/* A rune of three bytes at ptr, of blocks where any such bytes are well formed; 0 if it is another
 * one. */
static inline uint32_t rune_of_three(const char *ptr)
{
    unsigned first = (unsigned char)ptr[0];
    unsigned second = (unsigned char)ptr[1];
    unsigned third = (unsigned char)ptr[2];
    bool ours = (first >= 0xe3 && first <= 0xec) || (first == 0xef && second < 0xbf);
    if (!ours || (second & 0xc0) != 0x80 || (third & 0xc0) != 0x80) {
        return 0;
    }
    return (first & 15) << 12 | (second & 63) << 6 | (third & 63);
}

/* What stands behind rune is its value, so a numeral there may be one. */
static bool announces(uint32_t rune)
{
    return rune == 0x662f || rune == 0x4e3a || rune == 0x70ba || rune == 0x53eb || rune == 0xff1a ||
           rune == 0xff1d;
}

#define NUMERALS_MAX 3U /* in a row that are words of prose, such as "always" */

/* The characters from at on that say nothing, up to most; *before is the rune in front of at, and
 * then the last one. Most of Chinese text is passed over here. */
static size_t plain_han(ob_span text, size_t at, size_t most, uint32_t *before)
{
    uint32_t last = *before;
    for (; at < most; at += 3) {
        uint32_t rune = obi_rune_of_four(text.ptr + at);
        if (!(rune >= OBI_HAN_FIRST && rune < OBI_HAN_FIRST + OBI_HAN_WORDS * 64)) {
            break;
        }
        unsigned step = obi_han_step(rune);
        if ((step & (OBI_HAN_NUMERAL | (unsigned)obi_han_pair(last, rune))) != 0) {
            break;
        }
        last = rune;
    }
    *before = last;
    return at;
}

size_t obi_skip_han(obi_lexer *lexer, ob_span text, size_t at)
{
    size_t start = at;
    size_t literal = obi_next_literal(lexer, at);
    size_t end = text.len < 3 ? 0 : text.len - 3;
    size_t most = literal < end ? literal : end;
    uint32_t before = at < 3 ? 0 : rune_of_three(text.ptr + at - 3);
    unsigned numerals = 0;
    for (;;) {
        size_t from = at;
        at = plain_han(text, at, most, &before);
        numerals = at > from ? 0 : numerals;
        if (at >= most) {
            break;
        }
        uint32_t rune = rune_of_three(text.ptr + at);
        uint8_t class = rune == 0 ? (uint8_t)OBI_RUNE_WORD : obi_rune3(text.ptr + at);
        bool numeral = class == OBI_RUNE_NUMERAL && at > start && numerals < NUMERALS_MAX &&
                       (numerals > 0 || !announces(before));
        if (obi_is_han(rune) && obi_han_pair(before, rune) &&
            (obi_han_open(text, at + 3) & (OBI_HAN_NAME | OBI_HAN_ADDRESS)) != 0) {
            before = 0;
            at -= at > start && numerals == 0 ? 3 : 0;
            break;
        }
        if (!numeral && (numerals > 0 || class == OBI_RUNE_WORD || class > OBI_RUNE_COLON)) {
            break;
        }
        numerals += numeral;
        before = rune;
        at += 3;
    }
    /* What the next character decides is left to those who can wait for it. */
    at -= (size_t)3 * numerals;
    if (numerals == 0 && at > start && obi_han_waits(before)) {
        at -= 3;
    }
    if (at > start) {
        lexer->rest = false;
        lexer->gap = 0;
        lexer->colon = false;
    }
    return at;
}
