/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hiding itself. Presence says nothing: joined emoji, Persian and Indic text, flags and Chinese
 * text of full width are honest. What counts is how many there are, and beside what they stand.
 */
#include "detect/codings.h"
#include "detect/runes.h"
#include "detect/scan.h"

#define RULE "hiding"

/* From so many on it is reported. */
enum {
    INVISIBLE_MIN = 3,
    SELECTORS_MIN = 3,
    TAGS_MIN = 2,
    ALIKE_WORDS_MIN = 2,
    ALIKE_LETTERS_MIN = 3,
    WIDE_MIN = 8,
    STYLED_MIN = 5 /* each beside another one */
};

/* How many there were, and between which bytes. */
typedef struct tally {
    size_t start;
    size_t end;
    unsigned count;
} tally;

typedef struct word {
    size_t start;
    unsigned plain; /* letters of ASCII */
    unsigned alike; /* of Greek, Cyrillic and others that look like one */
    unsigned other; /* of these scripts, that look like none */
} word;

typedef struct looker {
    obi_scan *scan;
    uint32_t before;      /* the visible rune before; 0: none */
    bool styled_before;   /* it is a digit of mathematics or in a circle */
    bool selector_before; /* the rune before, visible or not, is a selector of the second set */
    tally invisible;
    tally pending; /* invisible ones whose neighbour is still to come */
    tally selectors;
    tally soft;
    size_t since_soft; /* visible runes since a soft hyphen */
    tally tags;
    tally styled;
    tally wide; /* the full-width word in progress */
    tally widest;
    word word;
    tally alike_words;
    unsigned alike_letters;
    size_t override; /* SIZE_MAX: none */
} looker;

static void count(tally *to, size_t start, size_t end)
{
    to->start = to->count == 0 ? start : to->start;
    to->end = end;
    to->count++;
}

static void join(tally *to, tally *from)
{
    if (from->count > 0) {
        to->start = to->count == 0 ? from->start : to->start;
        to->end = from->end;
        to->count += from->count;
    }
    *from = (tally){0};
}

/* A letter or digit of Latin text, beside which nothing invisible has to stand. */
static bool is_latin(uint32_t rune)
{
    return rune < 0x80 ? obi_is_alnum((char)rune)
                       : rune >= 0xc0 && rune < 0x250 && obi_rune(rune) == OBI_RUNE_WORD;
}

static bool is_direction(uint32_t rune)
{
    return rune == 0x61c || rune == 0x200e || rune == 0x200f ||
           (rune >= 0x202a && rune <= 0x202e) || (rune >= 0x2066 && rune <= 0x2069);
}

static bool is_mark(uint32_t rune)
{
    return (rune >= 0x300 && rune <= 0x36f) || (rune >= 0x20d0 && rune <= 0x20ff);
}

static bool is_styled_digit(uint32_t rune)
{
    return (rune >= 0x1d7ce && rune <= 0x1d7ff) || (rune >= 0x2460 && rune <= 0x2468) ||
           rune == 0x24ea || (rune >= 0x24f5 && rune <= 0x24fd) ||
           (rune >= 0x2776 && rune <= 0x277e) || (rune >= 0x2780 && rune <= 0x2788) ||
           (rune >= 0x278a && rune <= 0x2792);
}

static bool is_han(uint32_t rune)
{
    return (rune >= 0x2e80 && rune <= 0x9fff) || (rune >= 0xf900 && rune <= 0xfaff) ||
           (rune >= 0x20000 && rune <= 0x3ffff);
}

enum {
    HAS_LATIN = 1,
    HAS_ASIAN = 2, /* where characters of full width are usual */
    HAS_LEFTWARD = 4
};

/* Which scripts stand in the segment and before it. */
static unsigned scripts_of(ob_span text)
{
    unsigned has = 0;
    uint32_t rune = 0;
    for (size_t pos = 0; ob_utf8_next(text, &pos, &rune);) {
        has |= rune < 0x80 && obi_is_alpha((char)rune) ? HAS_LATIN : 0U;
        has |= (rune >= 0x3000 && rune <= 0x9fff) || (rune >= 0xac00 && rune <= 0xd7a3) ? HAS_ASIAN
                                                                                        : 0U;
        has |= (rune >= 0x590 && rune <= 0x8ff) || (rune >= 0xfb1d && rune <= 0xfdff) ||
                       (rune >= 0xfe70 && rune <= 0xfefc)
                   ? HAS_LEFTWARD
                   : 0U;
    }
    return has;
}

/* Behind a black flag: the tags of a region and their end; moves *pos behind them. */
static void skip_flag(ob_span text, size_t *pos)
{
    size_t at = *pos;
    uint32_t rune = 0;
    for (unsigned tags = 0; tags < 7 && ob_utf8_next(text, &at, &rune); tags++) {
        bool region = (rune >= 0xe0030 && rune <= 0xe0039) || (rune >= 0xe0061 && rune <= 0xe007a);
        if (rune == 0xe007f && tags >= 3) {
            *pos = at;
        }
        if (!region) {
            return;
        }
    }
}

static void end_word(looker *look, size_t end)
{
    word *seen = &look->word;
    if (seen->plain > 0 && seen->alike > 0 && seen->other == 0) {
        count(&look->alike_words, seen->start, end);
        look->alike_letters += seen->alike;
    }
    *seen = (word){0};
    if (look->wide.count > look->widest.count) {
        look->widest = look->wide;
    }
    look->wide = (tally){0};
}

static void see_word(looker *look, uint32_t rune, uint8_t is, size_t start, size_t end)
{
    word *seen = &look->word;
    bool wide = (rune >= 0xff21 && rune <= 0xff3a) || (rune >= 0xff41 && rune <= 0xff5a);
    bool foreign = (rune >= 0x370 && rune < 0x590) || (rune >= 0x13a0 && rune < 0x1400);
    bool letter = rune < 0x80 ? obi_is_alnum((char)rune)
                              : is == OBI_RUNE_WORD || wide || (foreign && is > OBI_RUNE_HIDING);
    if (!letter) {
        end_word(look, start);
        return;
    }
    if (seen->plain + seen->alike + seen->other == 0) {
        seen->start = start;
    }
    seen->plain += rune < 0x80 && obi_is_alpha((char)rune);
    seen->alike += foreign && is > OBI_RUNE_HIDING;
    seen->other += foreign && is <= OBI_RUNE_HIDING;
    if (wide) {
        count(&look->wide, start, end);
    }
}

/* A rune that is not seen. */
static void see_hidden(looker *look, uint32_t rune, size_t start, size_t end)
{
    ob_span text = look->scan->text;
    bool selector = rune >= 0xe0100 && rune <= 0xe01ef;
    if (rune >= 0xe0000 && rune <= 0xe007f) {
        count(&look->tags, start, end);
    } else if (selector) {
        /* One behind a Han character chooses its form. */
        bool form = !look->selector_before && is_han(look->before);
        if (!form) {
            count(&look->selectors, start, end);
        }
    } else if (rune >= 0xfe00 && rune <= 0xfe0f) {
        /* A digit in a key cap has one, too. */
        bool key = ob_span_has_prefix(ob_span_sub(text, end, text.len), OB_SPAN("\u20e3"));
        if (look->before < 0x80 && is_latin(look->before) && !key) {
            count(&look->selectors, start, end);
        }
    } else if (rune == 0xad) {
        /* Syllables have two letters at least. */
        if (look->since_soft == 1 || look->soft.count == 0) {
            count(&look->soft, start, end);
        }
        look->since_soft = 0;
    } else if (rune == 0x202e) {
        look->override = look->override == SIZE_MAX ? start : look->override;
    } else if (!is_direction(rune) && !is_mark(rune)) {
        count(&look->pending, start, end);
        if (is_latin(look->before)) {
            join(&look->invisible, &look->pending);
        }
    }
    look->selector_before = selector;
}

static void see_visible(looker *look, uint32_t rune, uint8_t is, size_t start, size_t end)
{
    if (is_latin(rune)) {
        join(&look->invisible, &look->pending);
    }
    look->pending = (tally){0};
    look->since_soft++;
    bool styled = rune >= 0x2460 && is_styled_digit(rune);
    if (styled && look->styled_before) {
        count(&look->styled, start, end);
    }
    look->styled_before = styled;
    look->selector_before = false;
    look->before = rune;
    see_word(look, rune, is, start, end);
}

static void report(looker *look, unsigned kind, const tally *what, unsigned least)
{
    if (what->count >= least) {
        obi_found(look->scan, kind, what->start, what->end, OB_VALID_MAYBE, RULE, 0);
    }
}

static void report_all(looker *look)
{
    obi_scan *scan = look->scan;
    report(look, OB_KIND_ZERO_WIDTH, &look->invisible, INVISIBLE_MIN);
    report(look, OB_KIND_VARIATION_SELECTOR, &look->selectors, SELECTORS_MIN);
    report(look, OB_KIND_SOFT_HYPHEN, &look->soft, INVISIBLE_MIN);
    report(look, OB_KIND_TAG_CHARACTERS, &look->tags, TAGS_MIN);
    report(look, OB_KIND_DIGIT_SCRIPT, &look->styled, STYLED_MIN);
    if (look->alike_words.count >= ALIKE_WORDS_MIN || look->alike_letters >= ALIKE_LETTERS_MIN) {
        report(look, OB_KIND_HOMOGLYPH, &look->alike_words, 1);
    }
    bool wide = look->widest.count >= WIDE_MIN;
    if (!wide && look->override == SIZE_MAX) {
        return;
    }
    unsigned has = scripts_of(scan->text);
    if (wide && (has & HAS_LATIN) != 0 && (has & HAS_ASIAN) == 0) {
        report(look, OB_KIND_FULL_WIDTH, &look->widest, WIDE_MIN);
    }
    if (look->override != SIZE_MAX && (has & HAS_LEFTWARD) == 0) {
        size_t end = ob_span_find(scan->text, OB_SPAN("\u202c"), look->override);
        end = end == SIZE_MAX ? scan->text.len : end + 3;
        obi_found(scan, OB_KIND_BIDI, look->override, end, OB_VALID_MAYBE, RULE, 0);
    }
}

/* Behind a character of ASCII that ends a word and all that may hang on it, words of ASCII say
 * nothing: where the last one of them begins that may go on behind, from at on. */
static size_t skip_words(ob_span text, size_t at)
{
    size_t start = at;
    for (; at < text.len && (unsigned char)text.ptr[at] < 0x80; at++) {
    }
    while (at > start && obi_is_alnum(text.ptr[at - 1])) {
        at--;
    }
    return at;
}

static void look_for_signs(obi_scan *scan)
{
    looker look = {.scan = scan, .override = SIZE_MAX, .since_soft = 2};
    size_t pos = scan->from;
    while (pos < scan->text.len) {
        size_t start = pos;
        unsigned char c = (unsigned char)scan->text.ptr[pos];
        uint32_t rune = c;
        if (c < 0x80) {
            see_visible(&look, rune, OBI_RUNE_ALONE, start, ++pos);
            if (!obi_is_alnum((char)c)) {
                size_t next = skip_words(scan->text, pos);
                look.since_soft += next - pos;
                look.before = (unsigned char)scan->text.ptr[next - 1];
                pos = next;
            }
            continue;
        }
        (void)ob_utf8_next(scan->text, &pos, &rune);
        uint8_t is = obi_rune(rune);
        if (rune == 0x1f3f4) {
            skip_flag(scan->text, &pos);
        }
        if (is == OBI_RUNE_INVISIBLE || is == OBI_RUNE_HIDING) {
            see_hidden(&look, rune, start, pos);
        } else {
            see_visible(&look, rune, is, start, pos);
        }
    }
    end_word(&look, pos);
    report_all(&look);
}

/* The first bytes that the base64 in text decodes to; how many. */
static size_t decode_head(ob_span text, char *out, size_t cap)
{
    uint32_t bits = 0;
    unsigned have = 0;
    size_t len = 0;
    for (size_t i = 0; i < text.len && len < cap; i++) {
        bits = bits << 6 | (uint32_t)ob_base64_value(text.ptr[i]);
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[len++] = (char)(bits >> have & 255);
        }
    }
    return len;
}

/* Sentences: letters and blanks, of which there is one for each dozen letters at least, unless most
 * is not Latin. Keys, certificates, pictures and data in JSON or XML are none. */
static bool is_prose(ob_span text)
{
    size_t runes = 0;
    size_t good = 0;
    size_t blanks = 0;
    size_t high = 0;
    uint32_t rune = 0;
    for (size_t pos = 0; ob_utf8_next(text, &pos, &rune); runes++) {
        bool blank = rune == ' ' || rune == '\n';
        bool beyond = rune >= 0xa0 && rune != 0xfffd;
        good += blank || beyond || rune == ',' || rune == '.' || rune == '\'' ||
                (rune < 0x80 && obi_is_alpha((char)rune));
        blanks += blank;
        high += beyond;
    }
    return good * 10 >= runes * 9 && (blanks * 12 >= runes || high * 2 >= runes);
}

/* A block of base64 that goes on behind the segment is decided by its head. */
static void look_for_block(obi_scan *scan)
{
    char head[96];
    size_t start = scan->text.len;
    while (start > scan->from && ob_base64_value(scan->text.ptr[start - 1]) >= 0) {
        start--;
    }
    ob_span block = ob_span_sub(scan->text, start, scan->text.len);
    if (block.len < 160) {
        return;
    }
    size_t len = decode_head(block, head, sizeof head);
    if (is_prose((ob_span){head, len})) {
        obi_found_long(scan, OB_KIND_BASE64, start, scan->text.len, OB_VALID_MAYBE, RULE, 0,
                       OBI_TAIL_WORD);
    }
}

void obi_find_evasion(obi_scan *scan)
{
    look_for_signs(scan);
    if ((scan->seen & OBI_SEEN_CUT) != 0) {
        look_for_block(scan);
    }
}
