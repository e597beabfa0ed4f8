/* SPDX-License-Identifier: Apache-2.0 */
/* The quick way over prose, which most of a text consists of: words of small letters that nothing
 * makes interesting, one blank between them. It says what obi_lex_word would say, but sooner. */
#include "detect/han.h"
#include "detect/lexer_core.h"
#include "detect/lexer_masks.h"

/* Where a plain word ends that begins with the letter at pos: small letters, with up to two hyphens
 * or apostrophes inside, and a sign that ends a clause. *letters: without that sign. pos if it is
 * not plain, or may go on. */
static size_t plain_end(ob_span text, size_t pos, size_t *letters)
{
    size_t end = pos + 1;
    for (unsigned signs = 0; end < text.len; end++) {
        char c = text.ptr[end];
        if (c >= 'a' && c <= 'z') {
            continue;
        }
        if ((c != '\'' && c != '-') || end + 1 >= text.len || text.ptr[end + 1] < 'a' ||
            text.ptr[end + 1] > 'z' || ++signs > 2) {
            break;
        }
    }
    *letters = end;
    if (end < text.len && (text.ptr[end] == '.' || text.ptr[end] == '?' || text.ptr[end] == '!')) {
        end++;
    }
    bool ended = end < text.len && obi_glyphs[(unsigned char)text.ptr[end]] >= OBI_GLYPH_SPACE &&
                 obi_glyphs[(unsigned char)text.ptr[end]] <= OBI_GLYPH_POINT;
    return ended && end - pos <= 24 ? end : pos;
}

static bool holds_literal(const obi_lexer *lexer, size_t end)
{
    return lexer->literal_next < lexer->literal_count &&
           lexer->literals[lexer->literal_next].start + lexer->literal_base < end;
}

size_t obi_skip_lower(const obi_lexer *lexer, ob_span text, size_t pos)
{
    size_t letters = pos;
    size_t end = plain_end(text, pos, &letters);
    if (end == pos || letters - pos < 2 || lexer->rest || holds_literal(lexer, end)) {
        return pos;
    }
    bool prose =
        pos > 1 && text.ptr[pos - 1] == ' ' && text.ptr[pos - 2] >= 'a' && text.ptr[pos - 2] < 's';
    if (!prose && obi_announced_plain(text, pos)) {
        return pos;
    }
    obi_role role =
        letters - pos > 10 ? OBI_ROLE_NONE : obi_word_role(ob_span_sub(text, pos, letters));
    return obi_begins_group(role) ? pos : end;
}

/* Two small letters stand at pos. */
static bool goes_on_low(ob_span text, size_t pos)
{
    return pos + 1 < text.len && text.ptr[pos] >= 'a' && text.ptr[pos] <= 'z' &&
           text.ptr[pos + 1] >= 'a' && text.ptr[pos + 1] <= 'z';
}

size_t obi_skip_capital(const obi_lexer *lexer, ob_span text, size_t pos)
{
    size_t letters = pos;
    size_t end = plain_end(text, pos, &letters);
    bool alone = letters - pos == 1;
    bool comma = end > pos && text.ptr[end] == ',' && !alone;
    size_t blank = comma ? end + 1 : end;
    if (end == pos || end != letters || lexer->rest || !goes_on_low(text, blank + 1) ||
        text.ptr[blank] != ' ' || holds_literal(lexer, blank) ||
        (!alone && !obi_begins_sentence(text, pos)) ||
        obi_announced(text, pos) != OBI_ANNOUNCE_NONE ||
        obi_begins_group(obi_word_role(ob_span_sub(text, pos, letters)))) {
        return pos;
    }
    size_t behind = blank + 1;
    if (comma) {
        return blank;
    }
    if (plain_end(text, blank + 1, &behind) == blank + 1) {
        return pos;
    }
    obi_role follows = alone ? OBI_ROLE_NONE : obi_word_role(ob_span_sub(text, blank + 1, behind));
    return follows == OBI_ROLE_NONE || follows == OBI_ROLE_IS ? blank : pos;
}

/* The character of Han at pos is there as a whole, and no numeral. */
static bool goes_on_han(ob_span text, size_t pos)
{
    if (text.len < 4 || pos > text.len - 4) {
        return false;
    }
    uint32_t rune = obi_rune_of_four(text.ptr + pos);
    return rune >= OBI_HAN_FIRST && rune < OBI_HAN_FIRST + OBI_HAN_WORDS * 64 &&
           (obi_han_step(rune) & OBI_HAN_NUMERAL) == 0;
}

size_t obi_skip_mark(const obi_lexer *lexer, ob_span text, size_t pos)
{
    if ((text.ptr[pos] != '?' && text.ptr[pos] != '!') || pos == 0 || pos + 1 >= text.len ||
        (unsigned char)text.ptr[pos - 1] < 0x80 || lexer->rest || holds_literal(lexer, pos + 1)) {
        return pos;
    }
    bool blank = text.ptr[pos + 1] == ' ';
    bool dull = text.ptr[pos + 1] == '\n' || (blank && goes_on_low(text, pos + 2)) ||
                goes_on_han(text, blank ? pos + 2 : pos + 1);
    return dull && obi_announced(text, pos) == OBI_ANNOUNCE_NONE ? pos + 1 : pos;
}

static bool is_ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

#define HEADING_MAX 4 /* signs: more may be something coded */

size_t obi_skip_bullet(const obi_lexer *lexer, ob_span text, size_t pos)
{
    char c = text.ptr[pos];
    size_t end = pos + 1;
    while (c == '#' && end < text.len && text.ptr[end] == '#') {
        end++;
    }
    /* A text may begin with a formula, and a single letter is joined with the sign. */
    bool dull = (c == '-' || c == '*' || c == '#') && pos > 0 && end - pos <= HEADING_MAX &&
                text.len - end > 2 && text.ptr[end] == ' ' && is_ascii_letter(text.ptr[end + 1]) &&
                is_ascii_letter(text.ptr[end + 2]);
    return dull && !lexer->rest && !holds_literal(lexer, end) &&
                   obi_announced(text, pos) == OBI_ANNOUNCE_NONE
               ? end
               : pos;
}

/* What stands before the word at pos are the words "name is". */
static bool behind_name_is(ob_span text, size_t pos)
{
    return pos >= 8 && memcmp(text.ptr + pos - 8, "name is ", 8) == 0;
}

/* In front of a blank it announces nothing, but for a word such as "is". */
static bool is_plain_before(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == ',' ||
           c == '.' || c == '?' || c == '!' || c == ';' || c == ')';
}

/* Where the masks begin, and what they say of the 64 bytes there; behind the text there is nothing.
 */
typedef struct looked {
    size_t base;
    obi_masks masks;
} looked;

static void look(looked *to, ob_span text, size_t at)
{
    to->base = at;
    if (text.len - at >= OBI_MASKS_LEN) {
        to->masks = obi_masks_of(text.ptr + at);
        return;
    }
    char rest[OBI_MASKS_LEN] = {0};
    memcpy(rest, text.ptr + at, text.len - at);
    to->masks = obi_masks_of(rest);
}

/* A single small letter from pos to end, a blank behind it, says nothing if two more of them
 * follow; a value may be one letter. */
static bool is_lone_letter(ob_span text, size_t pos, uint64_t lower)
{
    bool may_announce = text.ptr[pos - 2] == 's' || text.ptr[pos - 2] == 't';
    return (lower >> 2 & 3) == 3 &&
           (!may_announce || obi_announced(text, pos) == OBI_ANNOUNCE_NONE);
}

/* The length of the word of small letters that a mask begins with. */
static unsigned length_of(uint64_t lower)
{
    return lower == UINT64_MAX ? 64 : (unsigned)__builtin_ctzll(~lower);
}

/* A word of small letters that long ends at end as plain words do, in front of a blank. */
static bool ends_plain(ob_span text, size_t end, unsigned len, uint64_t blank)
{
    if ((blank >> len & 1) != 0) {
        return true;
    }
    return (blank >> len >> 1 & 1) != 0 && (text.ptr[end] == ',' || text.ptr[end] == '.' ||
                                            text.ptr[end] == '?' || text.ptr[end] == '!');
}

#define LETTERS_MAX 22u /* with the signs around it, a word is then within the masks */

/* The same as obi_skip_capital, behind a plain word and a blank, by the masks from pos on. */
static size_t skip_first(const obi_lexer *lexer, ob_span text, size_t pos, uint64_t lower,
                         uint64_t blank)
{
    unsigned len = 1 + length_of(lower >> 1);
    if (len > LETTERS_MAX / 2 || (blank >> len & 1) == 0) {
        return obi_skip_capital(lexer, text, pos);
    }
    size_t next = pos + len + 1;
    lower >>= len + 1;
    blank >>= len + 1;
    unsigned follows = length_of(lower);
    char before = text.ptr[pos - 2];
    if (len == 1) {
        return is_lone_letter(text, pos, lower << 2) && follows <= LETTERS_MAX / 2 &&
                       ends_plain(text, next + follows, follows, blank)
                   ? pos + 1
                   : obi_skip_capital(lexer, text, pos);
    }
    if (before != '.' && before != '?' && before != '!') {
        return pos;
    }
    char low[2] = {(char)(text.ptr[pos] | 0x20), text.ptr[pos + 1]};
    if (follows < 2 || follows > LETTERS_MAX / 2 || obi_may_begin_group(low, len) ||
        !ends_plain(text, next + follows, follows, blank)) {
        return obi_skip_capital(lexer, text, pos);
    }
    obi_role role = obi_word_role((ob_span){text.ptr + next, follows});
    return role == OBI_ROLE_NONE || role == OBI_ROLE_IS ? next - 1 : pos;
}

/* Where the blank behind the word stands that begins with a letter at pos, lower being the mask
 * from there; pos if the word is not plain. */
static size_t plain_word(const obi_lexer *lexer, ob_span text, size_t pos, uint64_t lower,
                         uint64_t blank)
{
    unsigned len = length_of(lower);
    if (len < 2) {
        if (len == 1 && (blank >> 1 & 1) != 0) {
            return is_lone_letter(text, pos, lower) ? pos + 1 : pos;
        }
        bool upper = pos < text.len && text.ptr[pos] >= 'A' && text.ptr[pos] <= 'Z';
        return upper ? skip_first(lexer, text, pos, lower, blank) : pos;
    }
    if (len > LETTERS_MAX || !ends_plain(text, pos + len, len, blank) ||
        behind_name_is(text, pos) ||
        (len <= 10 && obi_may_begin_group(text.ptr + pos, len) &&
         obi_begins_group(obi_word_role((ob_span){text.ptr + pos, len})))) {
        return pos;
    }
    return pos + len + ((blank >> len & 1) == 0);
}

size_t obi_skip_plain(obi_lexer *lexer, ob_span text, size_t at, bool *stuck)
{
    size_t literal = obi_next_literal(lexer, at);
    if (literal == at) {
        return at;
    }
    lexer->rest = false;
    if (at == 0 || !is_plain_before(text.ptr[at - 1])) {
        return at + 1;
    }
    looked here;
    look(&here, text, at);
    *stuck = false;
    for (;;) {
        size_t place = at + 1 - here.base;
        if (place >= OBI_MASKS_LEN / 2) {
            look(&here, text, at);
            place = 1;
        }
        size_t end =
            plain_word(lexer, text, at + 1, here.masks.lower >> place, here.masks.blank >> place);
        if (end == at + 1 || literal < end) {
            *stuck = end < text.len && text.ptr[end] >= 'A' && text.ptr[end] <= 'Z';
            return at + 1;
        }
        at = end;
        if (literal == end) {
            return at;
        }
    }
}
