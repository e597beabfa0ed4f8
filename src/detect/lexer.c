/* SPDX-License-Identifier: Apache-2.0 */
/* The way over the text: what is dull is passed over, what is not becomes a segment. */
#include "detect/han.h"
#include "detect/lexer_core.h"
#include "detect/name_words.h"
#include "detect/rules.h"

/* A bracket begins a word in front of a number only, as in "(201) 555-0123". */
static bool is_bracket_word(ob_span text, size_t pos, bool last, bool *more)
{
    if (text.ptr[pos] != '(') {
        return false;
    }
    *more = pos + 1 == text.len && !last;
    return pos + 1 < text.len &&
           ((text.ptr[pos + 1] >= '0' && text.ptr[pos + 1] <= '9') || text.ptr[pos + 1] == '+');
}

/* A colon or an equals sign that stands alone, as behind a label in front of Han characters. */
static bool is_label_sign(ob_span text, size_t pos, bool last, bool *more)
{
    if (text.ptr[pos] != ':' && text.ptr[pos] != '=') {
        return false;
    }
    *more = pos + 1 == text.len && !last;
    return pos + 1 < text.len &&
           (text.ptr[pos + 1] == ' ' || (unsigned char)text.ptr[pos + 1] >= 0xe3);
}

/* Moves *at over what is dull by itself. Returns the glyph that a word begins with, ALONE with
 * *what set where Han characters are to be held, MORE where text is missing or at the end. */
static obi_glyph skip(obi_lexer *lexer, ob_span text, size_t *at, bool last, unsigned *what)
{
    bool more = false;
    while (*at < text.len) {
        uint8_t glyph = obi_glyphs[(unsigned char)text.ptr[*at]];
        if (text.ptr[*at] == ' ' && lexer->label == 0) {
            bool stuck = false;
            size_t end = obi_skip_plain(lexer, text, *at, &stuck);
            if (end > *at) {
                *at = end;
                if (stuck) {
                    return OBI_GLYPH_UPPER;
                }
                continue;
            }
        }
        obi_rune_at rune = {.rune = (unsigned char)text.ptr[*at], .len = 1};
        if (glyph == OBI_GLYPH_SIGN) {
            size_t end = obi_skip_mark(lexer, text, *at);
            end = end > *at ? end : obi_skip_bullet(lexer, text, *at);
            if (end > *at) {
                lexer->label = 0;
                *at = end;
                continue;
            }
        }
        if (glyph == OBI_GLYPH_LOWER || glyph == OBI_GLYPH_UPPER) {
            size_t end = glyph == OBI_GLYPH_LOWER ? obi_skip_lower(lexer, text, *at)
                                                  : obi_skip_capital(lexer, text, *at);
            lexer->label = 0;
            if (end == *at) {
                return (obi_glyph)glyph;
            }
            *at = end;
            continue;
        }
        if (glyph == OBI_GLYPH_HIGH) {
            bool behind = *at > 0 && (unsigned char)text.ptr[*at - 1] < 0x80;
            if (lexer->label == 0 && behind && obi_name_announced(text, *at)) {
                lexer->label = OBI_HAN_NAME;
                lexer->gap = 0;
                lexer->colon = true;
            }
            size_t end = lexer->label == 0 ? obi_skip_han(lexer, text, *at) : *at;
            if (end > *at) {
                *at = end;
                continue;
            }
            rune = obi_rune_look(text, *at, last);
            glyph = rune.glyph;
        }
        if (glyph == OBI_GLYPH_MORE) {
            return OBI_GLYPH_MORE;
        }
        if (glyph >= OBI_GLYPH_ALONE && obi_rule_begins(lexer, *at)) {
            *what = OBI_BEGINS_RULE;
            return OBI_GLYPH_ALONE;
        }
        if (rune.len == 3 && (glyph == OBI_GLYPH_ALONE || glyph == OBI_GLYPH_NUMERAL)) {
            *what = obi_han_begins(lexer, text, at, rune.rune, last, &more);
            lexer->rest = false;
            if (more || *what != 0) {
                return more ? OBI_GLYPH_MORE : OBI_GLYPH_ALONE;
            }
            if (glyph == OBI_GLYPH_ALONE) {
                continue;
            }
            *at -= 3;
        }
        if (lexer->label != 0 && lexer->gap < 4 && is_label_sign(text, *at, last, &more)) {
            lexer->colon = true;
            lexer->gap++;
            ++*at;
            continue;
        }
        if (!more && (glyph < OBI_GLYPH_ALONE || is_bracket_word(text, *at, last, &more))) {
            lexer->label = 0;
            return (obi_glyph)glyph;
        }
        if (more) {
            return OBI_GLYPH_MORE;
        }
        lexer->rest = false;
        lexer->colon = lexer->colon || glyph == OBI_GLYPH_COLON;
        lexer->label = lexer->gap < 4 ? lexer->label : 0;
        lexer->gap = lexer->gap < 4 ? (uint8_t)(lexer->gap + 1) : lexer->gap;
        *at += rune.len;
    }
    return OBI_GLYPH_MORE;
}

void obi_lex_back(obi_lexer *lexer, const obi_segment *segment, size_t at)
{
    size_t i = segment->first;
    while (i < lexer->literal_count &&
           (lexer->literals[i].start + lexer->literal_base < at ||
            lexer->literals[i].start + lexer->literal_base <= segment->start)) {
        i++;
    }
    lexer->literal_next = i;
    lexer->rest = lexer->rest && at > segment->natural;
}

bool obi_lex(obi_lexer *lexer, ob_span text, size_t *at, bool last, obi_segment *segment)
{
    for (;;) {
        unsigned what = 0;
        obi_glyph glyph = skip(lexer, text, at, last, &what);
        if (glyph == OBI_GLYPH_MORE) {
            return false;
        }
        bool whole = what == 0                 ? obi_lex_word(lexer, text, *at, last, segment)
                     : what == OBI_BEGINS_RULE ? obi_lex_rule(lexer, text, *at, last, segment)
                     : what == OBI_HAN_PLATE
                         ? obi_lex_plate(text, *at, last, segment)
                         : obi_lex_han(text, *at, last, what, lexer->colon, segment);
        if (!whole) {
            return false;
        }
        lexer->label = 0;
        if (segment->end == *at) { /* nothing was held after all */
            segment->end += 3;
            segment->seen = 0;
        }
        *at = segment->end;
        if (segment->seen != 0) {
            return true;
        }
    }
}
