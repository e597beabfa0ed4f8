/* SPDX-License-Identifier: Apache-2.0 */
/* Which words belong together: the rules are those of what people write in groups, such as
 * numbers, names, dates and addresses. To join too much costs a little delay in a stream, to join
 * too little loses a finding. */
#include "detect/lexer.h"

#include "detect/han.h"
#include "detect/name_words.h"
#include "detect/rules.h"
#include "detect/runes.h"

/* Between two words. */
typedef struct gap {
    size_t end;
    unsigned blanks;
    unsigned points;
    unsigned lines;
    bool more; /* it may go on */
    bool wide; /* too wide for anything to belong together */
} gap;

typedef struct cutter {
    obi_lexer *lexer;
    ob_span text;
    bool last;
    obi_segment *segment;
    obi_word word;   /* the last one of the segment */
    uint8_t carried; /* digits stand before a lonely sign, which is the last word */
    uint8_t named;   /* lower-case words of a name that may still follow */
    unsigned digits;
    unsigned singles;
    unsigned numbers; /* number words */
    unsigned numerals;
    unsigned words;
    bool capital; /* one of the words is */
} cutter;

static gap read_gap(ob_span text, size_t pos, bool last)
{
    gap found = {.end = pos};
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
static obi_glyph first_glyph(ob_span text, size_t pos, bool last)
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

static bool is_cap(unsigned glyph)
{
    return glyph == OBI_GLYPH_UPPER || glyph == OBI_GLYPH_CAPITAL;
}

static bool is_low(unsigned glyph)
{
    return glyph == OBI_GLYPH_LOWER || glyph == OBI_GLYPH_LETTER;
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

static obi_role role_of(ob_span text, const obi_word *word)
{
    size_t letters = (size_t)word->lowers + word->uppers + 2U * word->letters + word->signs;
    if (word->digits > 0 || letters > 18 || word->hidden > 0) {
        return OBI_ROLE_NONE;
    }
    return obi_word_role(ob_span_sub(text, word->start, word->end));
}

/* A word of lower-case letters that is joined to what follows. */
static bool begins_group(obi_role role)
{
    return role == OBI_ROLE_NUMBER || role == OBI_ROLE_MONTH || role == OBI_ROLE_STREET;
}

/* A line of a machine readable zone or of a base64 block, or the head of a PEM block: it goes on in
 * the next line. */
static bool is_line(const cutter *cut)
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
static bool may_join(const cutter *cut, const gap *between, obi_role role)
{
    const obi_word *word = &cut->word;
    if (between->wide || (between->lines > 0 && !is_line(cut))) {
        return false;
    }
    return word->digits > 0 || word->numerals > 0 || cut->carried > 0 || cut->named > 0 ||
           word->visible == 1 || is_cap(word->first) || is_line(cut) ||
           (role != OBI_ROLE_NONE && role != OBI_ROLE_IS && (begins_group(role) || cut->words > 1));
}

/* The rules that the first character of the next word decides. */
static bool joins(const cutter *cut, const gap *between, obi_role role, obi_glyph next)
{
    const obi_word *word = &cut->word;
    bool blank = between->blanks == 1 && between->points == 0 && between->lines == 0;
    bool comma = between->points <= 1 && between->blanks <= 1 && between->lines == 0;
    bool digits = word->digits > 0 || word->numerals > 0 || cut->carried > 0;
    if (between->lines > 0 || (blank && (cut->segment->seen & OBI_SEEN_BEGIN) != 0)) {
        return is_line(cut) ? between->blanks + between->points == 0 || blank : is_cap(next);
    }
    if (word->visible == 1 && between->points == 0 && next < OBI_GLYPH_ALONE) {
        return true;
    }
    if (role == OBI_ROLE_NUMBER && comma && next < OBI_GLYPH_SPACE) {
        return true;
    }
    if (ends_sentence(cut->text, word)) {
        return false;
    }
    if (next == OBI_GLYPH_DIGIT || next == OBI_GLYPH_NUMERAL) {
        return digits || (comma && (is_cap(word->first) || role == OBI_ROLE_MONTH)) ||
               (blank && role == OBI_ROLE_OF && cut->digits > 0);
    }
    if (is_cap(next)) {
        return blank && (word->digits > 0 || is_cap(word->first) || role == OBI_ROLE_STREET ||
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
static bool joins_word(const cutter *cut, const gap *between, obi_role role, const obi_word *next)
{
    const obi_word *word = &cut->word;
    if (between->blanks != 1 || between->points + between->lines > 0 ||
        (ends_sentence(cut->text, word) && word->digits == 0)) {
        return false;
    }
    obi_role follows = role_of(cut->text, next);
    bool day = word->digits >= 1 && word->digits <= 2;
    if ((day && (follows == OBI_ROLE_MONTH || follows == OBI_ROLE_OF)) ||
        (is_house(word) && follows == OBI_ROLE_STREET)) {
        return true;
    }
    if ((is_cap(word->first) || role == OBI_ROLE_PARTICLE || role == OBI_ROLE_OF ||
         role == OBI_ROLE_STREET) &&
        (follows == OBI_ROLE_PARTICLE || follows == OBI_ROLE_OF)) {
        return true;
    }
    return (role == OBI_ROLE_OF && follows == OBI_ROLE_MONTH) ||
           (role == OBI_ROLE_MONTH && follows == OBI_ROLE_OF) || cut->named > 0;
}

/* Whether the next word has to be read before the rules can say no. */
static bool asks_word(const cutter *cut, const gap *between, obi_role role)
{
    const obi_word *word = &cut->word;
    return between->blanks == 1 && between->points + between->lines == 0 &&
           (cut->named > 0 || is_house(word) || is_cap(word->first) || role == OBI_ROLE_MONTH ||
            role == OBI_ROLE_STREET || (cut->words > 1 && role != OBI_ROLE_NONE));
}

static unsigned word_seen(const cutter *cut, const obi_word *word)
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
    if (word->percents >= 3 || word->escapes >= 3 || word->turned ||
        (word->signs >= 5 && 2U * word->signs + 3 >= word->visible)) {
        seen |= OBI_SEEN_CODED;
    }
    if (word->folded > 0 || ((word->hidden > 0 || word->alike > 0) && plain > 0)) {
        seen |= OBI_SEEN_FOLDS;
    }
    seen |= word->at ? OBI_SEEN_AT : 0U;
    seen |= word->colons >= 2 ? OBI_SEEN_COLONS : 0U;
    seen |= is_cap(word->first) ? OBI_SEEN_CAPITALS : 0U;
    if (word->visible >= 10 && cut->text.ptr[word->start] == '-' &&
        ob_span_has_prefix(ob_span_sub(cut->text, word->start, word->end), OB_SPAN("-----BEGIN"))) {
        seen |= OBI_SEEN_BEGIN;
    }
    return seen;
}

static void add_word(cutter *cut, const obi_word *word)
{
    unsigned seen = word_seen(cut, word);
    bool sign = word->first == OBI_GLYPH_SIGN && word->hidden == 0;
    cut->carried = sign && (cut->word.digits > 0 || cut->carried > 0);
    cut->singles = word->visible == 1 ? cut->singles + 1 : 0;
    cut->digits += word->digits;
    cut->numerals += word->numerals;
    cut->words++;
    cut->capital = cut->capital || is_cap(word->first);
    cut->word = *word;
    cut->segment->end = word->end;
    seen |= cut->digits >= 3 ? OBI_SEEN_DIGITS : 0U;
    if (cut->numerals > 0 && cut->numerals + word->uppers + word->lowers + cut->digits >= 6) {
        seen |= OBI_SEEN_CODED;
    }
    seen |= cut->singles >= 6 || cut->numbers >= 6 ? OBI_SEEN_CODED : 0U;
    seen |= cut->capital && cut->digits > 0 ? OBI_SEEN_STREET : 0U;
    cut->segment->seen |= seen;
}

/* A label or an assignment stands before pos. */
static bool announced(ob_span text, size_t pos)
{
    unsigned skipped = 0;
    while (pos > 0 && skipped < 4 &&
           (text.ptr[pos - 1] == ' ' || text.ptr[pos - 1] == '"' || text.ptr[pos - 1] == '(' ||
            text.ptr[pos - 1] == '`' || text.ptr[pos - 1] == '[' || text.ptr[pos - 1] == '\'')) {
        pos--;
        skipped++;
    }
    if (pos == 0) {
        return false;
    }
    char c = text.ptr[pos - 1];
    if (c == ':' || c == '=' || c == '>') {
        return true;
    }
    if (c == 's' || c == 't') { /* is, was, es, est, ist */
        size_t start = pos;
        while (start > 0 && pos - start < 4 && text.ptr[start - 1] >= 'a' &&
               text.ptr[start - 1] <= 'z') {
            start--;
        }
        return skipped > 0 && obi_word_role(ob_span_sub(text, start, pos)) == OBI_ROLE_IS;
    }
    static const char *const han[] = {"\u662f", "\u4e3a", "\u70ba", "\uff1a", "\uff1d", "\u53eb"};
    for (size_t i = 0; (unsigned char)c >= 0x80 && pos >= 3 && i < OB_COUNT(han); i++) {
        if (memcmp(text.ptr + pos - 3, han[i], 3) == 0) {
            return true;
        }
    }
    return false;
}

/* "name is" stands before pos: the next words may be a name without capitals. */
static bool name_announced(ob_span text, size_t pos)
{
    ob_span before = ob_span_sub(text, pos < 8 ? 0 : pos - 8, pos);
    return ob_span_has_suffix(before, OB_SPAN("name is ")) ||
           ob_span_has_suffix(before, OB_SPAN("name's "));
}

/* Dates and plates of Chinese go on from digits to Han characters without a gap. Adds them; false
 * if more text is needed. */
static bool add_han(cutter *cut, bool *added)
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

/* Adds what follows, as long as it belongs to the segment. False if more text is needed. */
static bool grow(cutter *cut)
{
    for (;;) {
        bool date = false;
        if (!add_han(cut, &date)) {
            return false;
        }
        gap between = {.end = cut->segment->end};
        obi_role role = OBI_ROLE_NONE;
        if (!date) {
            between = read_gap(cut->text, cut->word.end, cut->last);
            role = role_of(cut->text, &cut->word);
            cut->numbers = role == OBI_ROLE_NUMBER ? cut->numbers + 1 : 0;
            cut->segment->seen |= cut->numbers >= 6 ? OBI_SEEN_CODED : 0U;
            if (!may_join(cut, &between, role)) {
                return true;
            }
        }
        if (between.more || between.end >= cut->text.len) {
            return cut->last;
        }
        obi_glyph next = first_glyph(cut->text, between.end, cut->last);
        if (next == OBI_GLYPH_MORE) {
            return false;
        }
        bool joined = date ? next == OBI_GLYPH_DIGIT : joins(cut, &between, role, next);
        bool lonely = next == OBI_GLYPH_SIGN && cut->word.digits > 0 && between.lines == 0;
        /* A sign by itself among characters that are set apart. */
        lonely =
            lonely || (next == OBI_GLYPH_SPACE && cut->singles >= 2 && between.lines == 0 &&
                       obi_glyphs[(unsigned char)cut->text.ptr[between.end]] == OBI_GLYPH_SIGN);
        if ((next >= OBI_GLYPH_ALONE && !lonely) ||
            (!joined && !lonely && (date || !is_low(next) || !asks_word(cut, &between, role)))) {
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
        if (!joined && !(lonely && word.first == OBI_GLYPH_SIGN && word.visible <= 2) &&
            !joins_word(cut, &between, role, &word)) {
            return true;
        }
        cut->named = cut->named > 0 ? (uint8_t)(cut->named - 1) : 0;
        add_word(cut, &word);
    }
}

/* The literals that lie in the segment, and how far the rules of the first of them reach. */
static size_t take_literals(obi_lexer *lexer, obi_segment *segment)
{
    size_t reach = 0;
    size_t i = lexer->literal_next;
    while (i < lexer->literal_count &&
           lexer->literals[i].start + lexer->literal_base < segment->start) {
        i++;
    }
    segment->first = i;
    for (;
         i < lexer->literal_count && lexer->literals[i].start + lexer->literal_base < segment->end;
         i++) {
        size_t least = obi_rules_reach(lexer->detector, &lexer->literals[i]);
        size_t end = lexer->literals[i].start + lexer->literal_base + least;
        if (least > 0 && end > reach) {
            reach = end;
        }
    }
    segment->behind = i;
    return reach;
}

/* A literal that only begins in the segment is none of it. */
static void close_literals(const obi_lexer *lexer, obi_segment *segment)
{
    while (segment->behind > segment->first &&
           lexer->literals[segment->behind - 1].end + lexer->literal_base > segment->end) {
        segment->behind--;
    }
    segment->seen |= segment->behind > segment->first ? OBI_SEEN_LITERAL : 0U;
}

/* An operator's rule may cover blanks, so its segment is as long as the rule can be. */
static bool extend(obi_lexer *lexer, ob_span text, size_t reach, bool last, obi_segment *segment)
{
    size_t most = segment->start + OB_HOLD_MAX;
    reach = reach < most ? reach : most;
    if (reach <= segment->end) {
        return true;
    }
    if (text.len < reach + 1 && !last) {
        return false;
    }
    size_t end = reach < text.len ? reach : text.len;
    while (end > segment->end && end < text.len && ((unsigned char)text.ptr[end] & 0xc0) == 0x80) {
        end--;
    }
    segment->extended = true;
    segment->natural = segment->end;
    segment->end = end;
    lexer->rest = true; /* perhaps; the next byte tells */
    return true;
}

/* A word of lower-case letters that nothing makes interesting: most of a text. */
static bool is_dull(const obi_lexer *lexer, ob_span text, const obi_word *word)
{
    if (word->lowers != word->visible || word->visible < 2 || word->full || word->hidden > 0 ||
        lexer->rest || announced(text, word->start)) {
        return false;
    }
    if (word->visible <= 9 && begins_group(role_of(text, word))) {
        return false;
    }
    return lexer->literal_next >= lexer->literal_count ||
           lexer->literals[lexer->literal_next].start + lexer->literal_base >= word->end;
}

/* A sentence begins at pos, so nothing announces what follows. */
static bool begins_sentence(ob_span text, size_t pos)
{
    while (pos > 0 && (text.ptr[pos - 1] == ' ' || text.ptr[pos - 1] == '\n')) {
        pos--;
    }
    return pos == 0 || text.ptr[pos - 1] == '.' || text.ptr[pos - 1] == '!' ||
           text.ptr[pos - 1] == '?' || (pos >= 3 && memcmp(text.ptr + pos - 3, "\u3002", 3) == 0);
}

/* The segment that begins with the word at pos. False if more text is needed. */
static bool lex_word(obi_lexer *lexer, ob_span text, size_t pos, bool last, obi_segment *segment)
{
    cutter cut = {.lexer = lexer, .text = text, .last = last, .segment = segment};
    obi_word word;
    if (!obi_word_read(text, pos, OB_HOLD_MAX, last, &word)) {
        return false;
    }
    *segment = (obi_segment){.start = pos, .end = word.end};
    if (is_dull(lexer, text, &word)) {
        return true;
    }
    bool value = announced(text, pos);
    if (lexer->rest) {
        segment->seen |= OBI_SEEN_REST;
    }
    add_word(&cut, &word);
    char ends = text.ptr[word.end - 1]; /* with nothing behind it, it assigns nothing here */
    if (value || word.assigns > (ends == ':' || ends == '=')) {
        segment->seen |= OBI_SEEN_VALUE;
    }
    cut.named = value && is_low(word.first) && name_announced(text, pos) ? 2 : 0;
    if (!word.full && !grow(&cut)) {
        return false;
    }
    size_t reach = take_literals(lexer, segment);
    bool rest = lexer->rest;
    lexer->rest = word.full;
    if ((reach > segment->end && !extend(lexer, text, reach, last, segment)) ||
        (segment->end == text.len && !last && !word.full)) {
        lexer->rest = rest;
        return false;
    }
    segment->seen |= word.full ? OBI_SEEN_CUT : 0U;
    if (segment->seen == OBI_SEEN_CAPITALS && cut.words == 1 && begins_sentence(text, pos)) {
        segment->seen = 0; /* the capital of a sentence */
    }
    close_literals(lexer, segment);
    lexer->literal_next = segment->behind;
    return true;
}

/* Han characters that are held: a name behind its label, an address, a plate. */
static bool lex_han(ob_span text, size_t pos, bool last, unsigned what, bool colon,
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
static bool lex_plate(ob_span text, size_t pos, bool last, obi_segment *segment)
{
    obi_word word;
    *segment = (obi_segment){.start = pos, .seen = OBI_SEEN_HAN | OBI_SEEN_MIXED};
    if (!obi_word_read(text, pos + 3, OB_HOLD_MAX / 2, last, &word)) {
        return false;
    }
    segment->end = word.end;
    segment->seen |= word.folded > 0 ? OBI_SEEN_FOLDS : 0U;
    gap between = read_gap(text, word.end, last);
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
static unsigned han_begins(obi_lexer *lexer, ob_span text, size_t *pos, uint32_t rune, bool last,
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
        obi_glyph next = first_glyph(text, end, last);
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

/* Beside the values of obi_han: an operator's rule, whose literal need not be a word. */
#define BEGINS_RULE 1024u

/* Where the next literal at or behind at begins, SIZE_MAX if none does. */
static size_t next_literal(obi_lexer *lexer, size_t at)
{
    for (; lexer->literal_next < lexer->literal_count; lexer->literal_next++) {
        size_t start = lexer->literals[lexer->literal_next].start + lexer->literal_base;
        if (start >= at) {
            return start;
        }
    }
    return SIZE_MAX;
}

static bool rule_begins(obi_lexer *lexer, size_t at)
{
    if (next_literal(lexer, at) != at) {
        return false;
    }
    for (size_t i = lexer->literal_next;
         i < lexer->literal_count && lexer->literals[i].start + lexer->literal_base == at; i++) {
        if (obi_rules_reach(lexer->detector, &lexer->literals[i]) > 0) {
            return true;
        }
    }
    return false;
}

static bool lex_rule(obi_lexer *lexer, ob_span text, size_t pos, bool last, obi_segment *segment)
{
    *segment = (obi_segment){.start = pos, .end = pos + 1};
    size_t reach = take_literals(lexer, segment);
    if (!extend(lexer, text, reach, last, segment)) {
        return false;
    }
    segment->natural = pos;
    close_literals(lexer, segment);
    lexer->literal_next = segment->behind;
    return true;
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

/* Plain Han text, where nothing begins and nothing is announced. The last character may be cut. */
static size_t skip_han(obi_lexer *lexer, ob_span text, size_t at)
{
    size_t start = at;
    size_t literal = next_literal(lexer, at);
    while (at + 3 < text.len && at != literal) {
        const char *ptr = text.ptr + at;
        if ((unsigned char)ptr[0] - 0xe4U > 5 || ((unsigned char)ptr[1] & 0xc0) != 0x80 ||
            ((unsigned char)ptr[2] & 0xc0) != 0x80 || obi_rune3(ptr) != OBI_RUNE_ALONE ||
            obi_han_is_special((ptr[0] & 15U) << 12 | (ptr[1] & 63U) << 6 | (ptr[2] & 63U))) {
            break;
        }
        at += 3;
    }
    if (at > start) {
        lexer->rest = false;
        lexer->gap = 0;
        lexer->colon = false;
    }
    return at;
}

/* Behind a word of lower-case letters that ends at a blank or a separating sign and that nothing
 * makes interesting, which most of a text consists of; or pos. As lex_word would say, but sooner.
 */
static size_t skip_lower(const obi_lexer *lexer, ob_span text, size_t pos)
{
    size_t end = pos + 1;
    while (end < text.len && text.ptr[end] >= 'a' && text.ptr[end] <= 'z') {
        end++;
    }
    size_t len = end - pos;
    bool ended = end < text.len && obi_glyphs[(unsigned char)text.ptr[end]] >= OBI_GLYPH_SPACE &&
                 obi_glyphs[(unsigned char)text.ptr[end]] <= OBI_GLYPH_POINT;
    if (!ended || len < 2 || len > 24 || lexer->rest) {
        return pos;
    }
    bool prose =
        pos > 1 && text.ptr[pos - 1] == ' ' && text.ptr[pos - 2] >= 'a' && text.ptr[pos - 2] < 's';
    if ((!prose && announced(text, pos)) ||
        (lexer->literal_next < lexer->literal_count &&
         lexer->literals[lexer->literal_next].start + lexer->literal_base < end)) {
        return pos;
    }
    obi_role role = len > 10 ? OBI_ROLE_NONE : obi_word_role(ob_span_sub(text, pos, end));
    return begins_group(role) ? pos : end;
}

/* Moves *at over what is dull by itself. Returns the glyph that a word begins with, ALONE with
 * *what set where Han characters are to be held, MORE where text is missing or at the end. */
static obi_glyph skip(obi_lexer *lexer, ob_span text, size_t *at, bool last, unsigned *what)
{
    bool more = false;
    while (*at < text.len) {
        uint8_t glyph = obi_glyphs[(unsigned char)text.ptr[*at]];
        obi_rune_at rune = {.rune = (unsigned char)text.ptr[*at], .len = 1};
        if (glyph == OBI_GLYPH_LOWER) {
            size_t end = skip_lower(lexer, text, *at);
            lexer->label = 0;
            if (end == *at) {
                return OBI_GLYPH_LOWER;
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
            size_t end = lexer->label == 0 ? skip_han(lexer, text, *at) : *at;
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
        if (glyph >= OBI_GLYPH_ALONE && rule_begins(lexer, *at)) {
            *what = BEGINS_RULE;
            return OBI_GLYPH_ALONE;
        }
        if (rune.len == 3 && (glyph == OBI_GLYPH_ALONE || glyph == OBI_GLYPH_NUMERAL)) {
            *what = han_begins(lexer, text, at, rune.rune, last, &more);
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
        bool whole = what == 0             ? lex_word(lexer, text, *at, last, segment)
                     : what == BEGINS_RULE ? lex_rule(lexer, text, *at, last, segment)
                     : what == OBI_HAN_PLATE
                         ? lex_plate(text, *at, last, segment)
                         : lex_han(text, *at, last, what, lexer->colon, segment);
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
