/* SPDX-License-Identifier: Apache-2.0 */
/* Which words belong together: the rules are those of what people write in groups, such as
 * numbers, names, dates and addresses. To join too much costs a little delay in a stream, to join
 * too little loses a finding. */
#include "detect/lexer_core.h"
#include "detect/name_words.h"
#include "detect/runes.h"

obi_gap obi_gap_read(ob_span text, size_t pos, bool last)
{
    obi_gap found = {.end = pos};
    if (text.len - pos > 1 && text.ptr[pos] == ' ' &&
        obi_glyphs[(unsigned char)text.ptr[pos + 1]] <= OBI_GLYPH_DIGIT) { /* mostly */
        found.end++;
        found.blanks++;
        return found;
    }
    while (found.end < text.len) {
        uint8_t glyph = obi_glyphs[(unsigned char)text.ptr[found.end]];
        unsigned len = 1;
        if (glyph == OBI_GLYPH_HIGH) {
            obi_rune_at rune = obi_rune_look(text, found.end, last);
            glyph = rune.glyph;
            len = rune.len;
        }
        if (glyph == OBI_GLYPH_MORE) {
            break;
        }
        if (glyph < OBI_GLYPH_SPACE || glyph == OBI_GLYPH_HIGH) {
            return found;
        }
        if (found.blanks + found.points + found.lines == 3 || text.ptr[found.end] == '"') {
            found.wide = true;
            return found;
        }
        found.blanks += glyph == OBI_GLYPH_SPACE;
        found.lines += glyph == OBI_GLYPH_LINE;
        found.points += glyph == OBI_GLYPH_POINT || glyph == OBI_GLYPH_COLON;
        found.end += len;
    }
    found.more = !last;
    found.wide = last;
    return found;
}

/* What the word at pos begins with, behind up to two signs; MORE if that is not there yet. */
obi_glyph obi_first_glyph(ob_span text, size_t pos, bool last)
{
    for (unsigned signs = 0; pos < text.len && signs < 3; signs++) {
        uint8_t glyph = obi_glyphs[(unsigned char)text.ptr[pos]];
        unsigned len = 1;
        if (glyph == OBI_GLYPH_HIGH) {
            obi_rune_at rune = obi_rune_look(text, pos, last);
            glyph = rune.glyph;
            len = rune.len;
        }
        if (glyph != OBI_GLYPH_SIGN && glyph != OBI_GLYPH_HIDDEN) {
            /* A sign that stands alone, as between letters that are set apart. */
            bool only = signs > 0 && glyph >= OBI_GLYPH_ALONE && glyph != OBI_GLYPH_MORE;
            return only ? OBI_GLYPH_SIGN : (obi_glyph)glyph;
        }
        pos += len;
    }
    return pos < text.len || last ? OBI_GLYPH_SIGN : OBI_GLYPH_MORE;
}

/* A full stop, except behind an initial, a short form such as "St." or "Hauptstr.", or an ordinal
 * number. */
static bool ends_sentence(ob_span text, const obi_word *word)
{
    char c = text.ptr[word->end - 1];
    return c == '!' || c == '?' ||
           (c == '.' && word->visible > (word->digits > 0 ? 3 : 5) &&
            !ob_span_has_suffix(ob_span_sub(text, word->start, word->end), OB_SPAN("str.")));
}

obi_role obi_role_of(ob_span text, const obi_word *word)
{
    size_t letters = (size_t)word->lowers + word->uppers + (size_t)2 * word->letters + word->signs;
    if (word->digits > 0 || letters > 18 || word->hidden > 0) {
        return OBI_ROLE_NONE;
    }
    return obi_word_role(ob_span_sub(text, word->start, word->end));
}

/* A word of lower-case letters that is joined to what follows. */
bool obi_begins_group(obi_role role)
{
    return role == OBI_ROLE_NUMBER || role == OBI_ROLE_MONTH || role == OBI_ROLE_STREET;
}

/* A line of a machine readable zone or of a base64 block, or the head of a PEM block: it goes on in
 * the next line. */
static bool is_line(const obi_cutter *cut)
{
    const obi_word *word = &cut->word;
    ob_span text = ob_span_sub(cut->text, word->start, word->end);
    if (word->zone && word->visible >= 28) {
        return true;
    }
    if ((cut->segment->seen & OBI_SEEN_BEGIN) != 0) {
        return ob_span_has_suffix(text, OB_SPAN("-----")) && cut->words > 1;
    }
    for (size_t i = 0; word->visible >= 60 && i < text.len; i++) {
        if (obi_glyphs[(unsigned char)text.ptr[i]] > OBI_GLYPH_DIGIT ||
            (obi_glyphs[(unsigned char)text.ptr[i]] == OBI_GLYPH_SIGN && text.ptr[i] != '+' &&
             text.ptr[i] != '/' && text.ptr[i] != '=')) {
            return false;
        }
    }
    return word->visible >= 60;
}

/* Something could belong to the word in spite of the gap: if not, nobody has to wait. */
static bool may_join(const obi_cutter *cut, const obi_gap *between, obi_role role)
{
    const obi_word *word = &cut->word;
    if (between->wide || (between->lines > 0 && !is_line(cut))) {
        return false;
    }
    return word->digits > 0 || word->numerals > 0 || cut->carried > 0 || cut->named > 0 ||
           word->visible == 1 || obi_is_cap(word->first) || is_line(cut) ||
           (role != OBI_ROLE_NONE && role != OBI_ROLE_IS &&
            (obi_begins_group(role) || cut->words > 1));
}

/* The rules that the first character of the next word decides. */
static bool joins(const obi_cutter *cut, const obi_gap *between, obi_role role, obi_glyph next)
{
    const obi_word *word = &cut->word;
    bool blank = between->blanks == 1 && between->points == 0 && between->lines == 0;
    bool comma = between->points <= 1 && between->blanks <= 1 && between->lines == 0;
    bool digits = word->digits > 0 || word->numerals > 0 || cut->carried > 0;
    if (between->lines > 0 || (blank && (cut->segment->seen & OBI_SEEN_BEGIN) != 0)) {
        return is_line(cut) ? between->blanks + between->points == 0 || blank : obi_is_cap(next);
    }
    if (role == OBI_ROLE_NUMBER && comma && next < OBI_GLYPH_SPACE) {
        return true;
    }
    if (ends_sentence(cut->text, word)) {
        return false;
    }
    if (next == OBI_GLYPH_DIGIT || next == OBI_GLYPH_NUMERAL) {
        return digits || (comma && (obi_is_cap(word->first) || role == OBI_ROLE_MONTH)) ||
               (blank && role == OBI_ROLE_OF && cut->digits > 0);
    }
    if (obi_is_cap(next)) {
        return blank && (word->digits > 0 || obi_is_cap(word->first) || role == OBI_ROLE_STREET ||
                         (cut->words > 1 && (role == OBI_ROLE_PARTICLE || role == OBI_ROLE_OF)));
    }
    return false;
}

/* A number that may be of a day or a house: "12", "4b". */
static bool is_house(const obi_word *word)
{
    return word->digits >= 1 && word->digits <= 4 && word->visible <= word->digits + 1U;
}

/* The rules that need the next word as a whole: months, particles, lower-case names. */
static bool joins_word(const obi_cutter *cut, const obi_gap *between, obi_role role,
                       const obi_word *next)
{
    const obi_word *word = &cut->word;
    if (between->blanks != 1 || between->points + between->lines > 0 ||
        (ends_sentence(cut->text, word) && word->digits == 0)) {
        return false;
    }
    obi_role follows = obi_role_of(cut->text, next);
    bool day = word->digits >= 1 && word->digits <= 2;
    if ((day && (follows == OBI_ROLE_MONTH || follows == OBI_ROLE_OF)) ||
        (is_house(word) && follows == OBI_ROLE_STREET)) {
        return true;
    }
    if ((obi_is_cap(word->first) || role == OBI_ROLE_PARTICLE || role == OBI_ROLE_OF ||
         role == OBI_ROLE_STREET) &&
        (follows == OBI_ROLE_PARTICLE || follows == OBI_ROLE_OF)) {
        return true;
    }
    return (role == OBI_ROLE_OF && follows == OBI_ROLE_MONTH) ||
           (role == OBI_ROLE_MONTH && follows == OBI_ROLE_OF) || cut->named > 0;
}

/* Whether the next word has to be read before the rules can say no. */
static bool asks_word(const obi_cutter *cut, const obi_gap *between, obi_role role)
{
    const obi_word *word = &cut->word;
    return between->blanks == 1 && between->points + between->lines == 0 &&
           (cut->named > 0 || is_house(word) || obi_is_cap(word->first) || role == OBI_ROLE_MONTH ||
            role == OBI_ROLE_STREET || (cut->words > 1 && role != OBI_ROLE_NONE));
}

static unsigned word_seen(const obi_cutter *cut, const obi_word *word)
{
    unsigned seen = 0;
    unsigned plain = (unsigned)word->lowers + word->uppers + word->digits;
    unsigned letters = (unsigned)word->lowers + word->uppers + word->letters;
    bool turns = word->uppers > 0 && word->lowers > 0 &&
                 (word->uppers > 1 || word->first != OBI_GLYPH_UPPER);
    bool pairs = word->visible == 17 && word->signs == 5; /* a MAC address without a digit */
    if (word->visible >= 8 &&
        ((word->digits > 0 && (letters > 0 || word->signs > 0)) || turns || pairs)) {
        seen |= OBI_SEEN_MIXED;
    }
    if (plain >= 15 && (turns || (word->digits > 0 && letters > 0) || word->digits >= 22)) {
        seen |= OBI_SEEN_CODED;
    }
    /* "I" alone begins no name; an initial is joined with the word behind it, which has its own. */
    seen |= obi_is_cap(word->first) && word->visible > 1 ? OBI_SEEN_CAPITALS : 0U;
    if (plain == word->visible && word->hidden + word->folded == 0) {
        return seen; /* the rest is of what has more than letters and digits of ASCII */
    }
    if (word->percents >= 3 || word->escapes >= 3 || word->turned ||
        (word->signs >= 5 && 2U * word->signs + 3 >= word->visible)) {
        seen |= OBI_SEEN_CODED;
    }
    if (word->folded > 0 || ((word->hidden > 0 || word->alike > 0) && plain > 0)) {
        seen |= OBI_SEEN_FOLDS;
    }
    seen |= word->at ? OBI_SEEN_AT : 0U;
    seen |= word->colons >= 2 ? OBI_SEEN_COLONS : 0U;
    if (word->visible >= 10 && cut->text.ptr[word->start] == '-' &&
        ob_span_has_prefix(ob_span_sub(cut->text, word->start, word->end), OB_SPAN("-----BEGIN"))) {
        seen |= OBI_SEEN_BEGIN;
    }
    return seen;
}

void obi_cut_add(obi_cutter *cut, const obi_word *word)
{
    unsigned seen = word_seen(cut, word);
    bool sign = word->first == OBI_GLYPH_SIGN && word->hidden == 0;
    cut->carried = sign && (cut->word.digits > 0 || cut->carried > 0);
    cut->singles = word->visible == 1 ? cut->singles + 1 : 0;
    cut->digits += word->digits;
    cut->numerals += word->numerals;
    cut->words++;
    cut->capital = cut->capital || obi_is_cap(word->first);
    cut->word = *word;
    cut->segment->end = word->end;
    seen |= cut->digits >= 3 ? OBI_SEEN_DIGITS : 0U;
    /* One numeral behind digits is the next word: "10086" and "always" of Chinese text. */
    unsigned letters = (unsigned)word->uppers + word->lowers;
    if (cut->numerals >= (letters >= 6 ? 1U : 3U) && cut->numerals + letters + cut->digits >= 6) {
        seen |= OBI_SEEN_CODED;
    }
    seen |= cut->singles >= 6 || cut->numbers >= 6 ? OBI_SEEN_CODED : 0U;
    seen |= cut->capital && cut->digits > 0 ? OBI_SEEN_STREET : 0U;
    cut->segment->seen |= seen;
}

/* Dates and plates of Chinese go on from digits to Han characters without a gap. Adds them; false
 * if more text is needed. */
static bool add_han(obi_cutter *cut, bool *added)
{
    size_t pos = cut->segment->end;
    *added = false;
    if (cut->word.digits == 0 || pos >= cut->text.len) {
        return pos < cut->text.len || cut->last;
    }
    obi_rune_at rune = {0};
    if ((unsigned char)cut->text.ptr[pos] >= 0x80) {
        rune = obi_rune_look(cut->text, pos, cut->last);
    }
    if (rune.glyph == OBI_GLYPH_MORE) {
        return false;
    }
    if (rune.rune == 0x5e74 || rune.rune == 0x6708 || rune.rune == 0x65e5) { /* year, month, day */
        cut->segment->end += 3;
        cut->segment->seen |= OBI_SEEN_HAN;
        *added = true;
    }
    return true;
}

/* Two lower-case letters stand at pos. */
static bool goes_on_low(ob_span text, size_t pos)
{
    return pos + 1 < text.len && text.ptr[pos] >= 'a' && text.ptr[pos] <= 'z' &&
           text.ptr[pos + 1] >= 'a' && text.ptr[pos + 1] <= 'z';
}

bool obi_cut_grow(obi_cutter *cut)
{
    for (;;) {
        bool date = false;
        if (!add_han(cut, &date)) {
            return false;
        }
        obi_gap between = {.end = cut->segment->end};
        obi_role role = OBI_ROLE_NONE;
        if (!date) {
            between = obi_gap_read(cut->text, cut->word.end, cut->last);
            role = obi_role_of(cut->text, &cut->word);
            cut->numbers = role == OBI_ROLE_NUMBER ? cut->numbers + 1 : 0;
            cut->segment->seen |= cut->numbers >= 6 ? OBI_SEEN_CODED : 0U;
            if (!may_join(cut, &between, role)) {
                return true;
            }
        }
        if (between.more || between.end >= cut->text.len) {
            return cut->last;
        }
        obi_glyph next = obi_first_glyph(cut->text, between.end, cut->last);
        if (next == OBI_GLYPH_MORE) {
            return false;
        }
        bool joined = date ? next == OBI_GLYPH_DIGIT : joins(cut, &between, role, next);
        /* Characters that are set apart: the next one is single, too, as its end will show. */
        bool single = !joined && cut->word.visible == 1 && between.points + between.lines == 0 &&
                      next < OBI_GLYPH_ALONE && !goes_on_low(cut->text, between.end);
        bool lonely = next == OBI_GLYPH_SIGN && cut->word.digits > 0 && between.lines == 0;
        /* A sign by itself among characters that are set apart. */
        lonely =
            lonely || (next == OBI_GLYPH_SPACE && cut->singles >= 2 && between.lines == 0 &&
                       obi_glyphs[(unsigned char)cut->text.ptr[between.end]] == OBI_GLYPH_SIGN);
        if ((next >= OBI_GLYPH_ALONE && !lonely) ||
            (!joined && !lonely && !single &&
             (date || !obi_is_low(next) || !asks_word(cut, &between, role)))) {
            return true;
        }
        size_t taken = between.end - cut->segment->start;
        obi_word word;
        if (taken >= OB_HOLD_MAX) {
            return true;
        }
        if (!obi_word_read(cut->text, between.end, OB_HOLD_MAX - taken, cut->last, &word)) {
            return false;
        }
        if (word.full) {
            return true; /* it begins a segment of its own */
        }
        if (!joined && !(single && word.visible == 1) &&
            !(lonely && word.first == OBI_GLYPH_SIGN && word.visible <= 2) &&
            !joins_word(cut, &between, role, &word)) {
            return true;
        }
        cut->named = cut->named > 0 ? (uint8_t)(cut->named - 1) : 0;
        obi_cut_add(cut, &word);
    }
}
