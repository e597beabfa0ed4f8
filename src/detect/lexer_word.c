/* SPDX-License-Identifier: Apache-2.0 */
/* Segments that begin with a word: what stands before it, the literals in it. */
#include "detect/canaries.h"
#include "detect/lexer_core.h"
#include "detect/markup.h"
#include "detect/rules.h"

obi_announce obi_announced(ob_span text, size_t pos)
{
    unsigned skipped = 0;
    while (pos > 0 && skipped < 4 &&
           (text.ptr[pos - 1] == ' ' || text.ptr[pos - 1] == '"' || text.ptr[pos - 1] == '(' ||
            text.ptr[pos - 1] == '`' || text.ptr[pos - 1] == '[' || text.ptr[pos - 1] == '\'')) {
        pos--;
        skipped++;
    }
    if (pos == 0) {
        return OBI_ANNOUNCE_NONE;
    }
    char c = text.ptr[pos - 1];
    if (c == ':' || c == '=' || c == '>') {
        return OBI_ANNOUNCE_SIGN;
    }
    if (c == 's' || c == 't') { /* is, was, es, est, ist */
        size_t start = pos;
        while (start > 0 && pos - start < 4 && text.ptr[start - 1] >= 'a' &&
               text.ptr[start - 1] <= 'z') {
            start--;
        }
        bool is = skipped > 0 && obi_word_role(ob_span_sub(text, start, pos)) == OBI_ROLE_IS;
        return is ? OBI_ANNOUNCE_WORD : OBI_ANNOUNCE_NONE;
    }
    static const char *const han[] = {"\u662f", "\u4e3a", "\u70ba", "\uff1a", "\uff1d", "\u53eb"};
    for (size_t i = 0; (unsigned char)c >= 0x80 && pos >= 3 && i < OB_COUNT(han); i++) {
        if (memcmp(text.ptr + pos - 3, han[i], 3) == 0) {
            return OBI_ANNOUNCE_SIGN;
        }
    }
    return OBI_ANNOUNCE_NONE;
}

/* "name is" stands before pos: the next words may be a name without capitals. */
static bool name_announced(ob_span text, size_t pos)
{
    ob_span before = ob_span_sub(text, pos < 8 ? 0 : pos - 8, pos);
    return ob_span_has_suffix(before, OB_SPAN("name is ")) ||
           ob_span_has_suffix(before, OB_SPAN("name's "));
}

bool obi_announced_plain(ob_span text, size_t pos)
{
    obi_announce by = obi_announced(text, pos);
    return by == OBI_ANNOUNCE_SIGN || (by == OBI_ANNOUNCE_WORD && name_announced(text, pos));
}

/* The literals that lie in the segment, and how far the rules of these reach. False if more text is
 * needed for that. */
static bool take_literals(obi_lexer *lexer, ob_span text, bool last, obi_segment *segment,
                          size_t *reach, bool *cut)
{
    size_t i = lexer->literal_next;
    bool more = false;
    ob_span held = ob_span_sub(text, 0, segment->start + OB_HOLD_MAX);
    bool whole = last || text.len >= segment->start + OB_HOLD_MAX;
    while (i < lexer->literal_count &&
           lexer->literals[i].start + lexer->literal_base < segment->start) {
        i++;
    }
    segment->first = i;
    for (;
         i < lexer->literal_count && lexer->literals[i].start + lexer->literal_base < segment->end;
         i++) {
        const obi_literal *literal = &lexer->literals[i];
        size_t start = literal->start + lexer->literal_base;
        if (literal->rule == OBI_RULE_CANARY && start > segment->start &&
            literal->end + lexer->literal_base > segment->start + OB_HOLD_MAX) {
            segment->end = start; /* a segment of its own: all of it must be looked at at once */
            *cut = true;
            break;
        }
        size_t end = obi_rules_reach(lexer->detector, literal->rule, held, start,
                                     literal->end + lexer->literal_base, whole, &more);
        *reach = end > *reach ? end : *reach;
    }
    const obi_markup_row *cell = obi_markup_first_cell(held, segment->start);
    if (cell != NULL) {
        size_t end = obi_markup_reach(cell, held, 0, 0, whole, &more);
        segment->seen |= end > 0 ? OBI_SEEN_LITERAL : 0U;
        *reach = end > *reach ? end : *reach;
    }
    segment->behind = i;
    return !more;
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

/* An operator's rule and markup may cover blanks, so the segment is as long as these can be. */
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
        lexer->rest || obi_announced_plain(text, word->start)) {
        return false;
    }
    if (word->visible <= 9 && obi_begins_group(obi_role_of(text, word))) {
        return false;
    }
    return lexer->literal_next >= lexer->literal_count ||
           lexer->literals[lexer->literal_next].start + lexer->literal_base >= word->end;
}

bool obi_begins_sentence(ob_span text, size_t pos)
{
    while (pos > 0 && (text.ptr[pos - 1] == ' ' || text.ptr[pos - 1] == '\n')) {
        pos--;
    }
    return pos == 0 || text.ptr[pos - 1] == '.' || text.ptr[pos - 1] == '!' ||
           text.ptr[pos - 1] == '?' || (pos >= 3 && memcmp(text.ptr + pos - 3, "\u3002", 3) == 0);
}

/* The segment that begins with the word at pos. False if more text is needed. */
bool obi_lex_word(obi_lexer *lexer, ob_span text, size_t pos, bool last, obi_segment *segment)
{
    obi_cutter cut = {.lexer = lexer, .text = text, .last = last, .segment = segment};
    obi_word word;
    if (!obi_word_read(text, pos, OB_HOLD_MAX, last, &word)) {
        return false;
    }
    *segment = (obi_segment){.start = pos, .end = word.end};
    if (is_dull(lexer, text, &word)) {
        return true;
    }
    bool value = obi_announced(text, pos) != OBI_ANNOUNCE_NONE;
    if (lexer->rest) {
        segment->seen |= OBI_SEEN_REST;
    }
    obi_cut_add(&cut, &word);
    char ends = text.ptr[word.end - 1]; /* with nothing behind it, it assigns nothing here */
    if (value || word.assigns > (ends == ':' || ends == '=')) {
        segment->seen |= OBI_SEEN_VALUE;
    }
    cut.named = value && obi_is_low(word.first) && name_announced(text, pos) ? 2 : 0;
    if (!word.full && !obi_cut_grow(&cut)) {
        return false;
    }
    size_t reach = 0;
    bool rest = lexer->rest;
    bool full = word.full;
    if (!take_literals(lexer, text, last, segment, &reach, &full)) {
        return false;
    }
    lexer->rest = full;
    if ((reach > segment->end && !extend(lexer, text, reach, last, segment)) ||
        (segment->end == text.len && !last && !full)) {
        lexer->rest = rest;
        return false;
    }
    segment->seen |= full ? OBI_SEEN_CUT : 0U;
    if (segment->seen == OBI_SEEN_CAPITALS && cut.words == 1 && obi_begins_sentence(text, pos)) {
        segment->seen = 0; /* the capital of a sentence */
    }
    close_literals(lexer, segment);
    lexer->literal_next = segment->behind;
    return true;
}

/* Where the next literal at or behind at begins, SIZE_MAX if none does. */
size_t obi_next_literal(obi_lexer *lexer, size_t at)
{
    for (; lexer->literal_next < lexer->literal_count; lexer->literal_next++) {
        size_t start = lexer->literals[lexer->literal_next].start + lexer->literal_base;
        if (start >= at) {
            return start;
        }
    }
    return SIZE_MAX;
}

bool obi_rule_begins(obi_lexer *lexer, size_t at)
{
    if (obi_next_literal(lexer, at) != at) {
        return false;
    }
    for (size_t i = lexer->literal_next;
         i < lexer->literal_count && lexer->literals[i].start + lexer->literal_base == at; i++) {
        if (obi_rules_extends(lexer->detector, lexer->literals[i].rule)) {
            return true;
        }
    }
    return false;
}

bool obi_lex_rule(obi_lexer *lexer, ob_span text, size_t pos, bool last, obi_segment *segment)
{
    *segment = (obi_segment){.start = pos, .end = pos + 1};
    size_t reach = 0;
    bool rest = lexer->rest;
    lexer->rest = false;
    bool cut = false;
    if (!take_literals(lexer, text, last, segment, &reach, &cut) ||
        !extend(lexer, text, reach, last, segment)) {
        lexer->rest = rest;
        return false;
    }
    segment->natural = pos;
    if (!segment->extended) { /* markup that is none: a dull character */
        lexer->literal_next = segment->behind;
        return true;
    }
    close_literals(lexer, segment);
    lexer->literal_next = segment->behind;
    return true;
}
