/* SPDX-License-Identifier: Apache-2.0 */
/* Folds a text of any script, rune by rune. cues_index.def has the letters that scripts/cue-index
 * folds in the same way. */
#include "detect/cues_fold.h"

#include <endian.h>
#include <ombud/text.h>

static const char latin[] = {
#define OB_CUE_LATIN(c) (c),
#include "detect/cues_index.def"
#undef OB_CUE_LATIN
};

static const uint16_t cyrillic[] = {
#define OB_CUE_CYRILLIC(rune) (rune),
#include "detect/cues_index.def"
#undef OB_CUE_CYRILLIC
};

/* The text so far. */
typedef struct fold {
    obi_fold *to;
    size_t digits; /* of the word so far */
    size_t word;   /* where it begins */
    bool lower;    /* the last letter was a lower-case one of ASCII */
    bool blank;    /* one or more stand behind the last letter */
} fold;

/* Nothing stands before, or a blank. */
static bool is_begin(const fold *in)
{
    return in->blank || in->to->len == 0;
}

static void put_blank(fold *in)
{
    in->blank = in->to->len > 0;
    in->lower = false;
    in->digits = 0;
}

/* What stands at the end of text now is a character that begins there. */
static void mark(fold *in, bool edge, bool start)
{
    obi_fold *to = in->to;
    size_t len = to->len;
    to->character[len] = (uint8_t)to->characters;
    to->blank.of[len / 64] |= (uint64_t)is_begin(in) << len % 64;
    to->edge.of[len / 64] |= (uint64_t)edge << len % 64;
    to->start.of[len / 64] |= (uint64_t)start << len % 64;
    in->blank = false;
}

static void put_rune(fold *in, uint32_t rune, bool edge)
{
    obi_fold *to = in->to;
    char bytes[4];
    size_t count = ob_utf8_put(rune, bytes);
    mark(in, edge, edge);
    for (size_t i = 0; i < count; i++) {
        to->text[to->len++] = bytes[i];
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static void end_sentence(obi_fold *to, bool asked)
{
    to->sentence = to->characters;
    to->asked = asked;
}

bool obi_fold_abbreviation(ob_span word)
{
    static const char words[][4] = {"no",  "nr",
                                    "num", "nos",
                                    "tel", "mob",
                                    "mr",  "mrs",
                                    "ms",  "dr",
                                    "st",  "ref",
                                    "sr",  "sra",
                                    "acc", {'a', 'c', 'c', 't'},
                                    "ext", "art",
                                    "geb", {'p', 'r', 'o', 'f'},
                                    "mme", {'d', 'o', 't', 't'},
                                    "ave", "apt"};
    char mine[4] = {0}; /* none is longer */
    if (word.len < 2 || word.len > sizeof mine) {
        return word.len < 2;
    }
    for (size_t i = 0; i < word.len; i++) {
        mine[i] = word.ptr[i];
    }
    for (size_t i = 0; i < OB_COUNT(words); i++) {
        if (memcmp(mine, words[i], sizeof mine) == 0) { /* one comparison: no call */
            return true;
        }
    }
    return false;
}

static void put_point(fold *in, ob_span text, size_t at)
{
    obi_fold *to = in->to;
    ob_span word = {to->text + in->word, to->len - in->word};
    bool shortened = !in->blank && obi_fold_abbreviation(word);
    char c = text.ptr[at];
    bool last = at + 1 == text.len;
    bool open = !last && !is_blank(text.ptr[at + 1]) && (uint8_t)text.ptr[at + 1] < 0x80;
    if (((c == '!' || c == '?') && !open) || (c == '.' && !open && !last && !shortened)) {
        end_sentence(to, c == '?');
    } else if (c == '\n' && at + 1 < text.len && text.ptr[at + 1] == '\n') {
        end_sentence(to, false);
    }
    /* Inside of a number a blank or sign does not end it. */
    size_t digits = in->digits;
    put_blank(in);
    in->digits = c == '\n' ? 0 : digits;
}

static void put_ascii(fold *in, ob_span text, size_t at)
{
    obi_fold *to = in->to;
    char c = text.ptr[at];
    bool upper = c >= 'A' && c <= 'Z';
    bool digit = c >= '0' && c <= '9';
    if (!upper && !digit && !(c >= 'a' && c <= 'z')) {
        put_point(in, text, at);
        return;
    }
    size_t len = to->len;
    bool begins = is_begin(in);
    if (begins || (uint8_t)to->text[len - 1] >= 0xd8) {
        in->word = len;
    }
    bool edge = begins || digit || (upper && in->lower) ||
                (to->text[len - 1] >= '0' && to->text[len - 1] <= '9') ||
                (uint8_t)to->text[len - 1] >= 0x80;
    mark(in, edge, edge && (begins || !digit)); /* a digit inside of a word begins none */
    to->text[to->len++] = upper ? (char)(c + 32) : c;
    in->lower = !upper && !digit;
    if (digit && ++in->digits == OBI_FOLD_DIGITS) {
        to->value = to->character[in->word];
    } else if (!digit) {
        in->digits = 0;
    }
}

static bool is_cjk_end(uint32_t rune)
{
    return rune == 0x3002 || rune == 0xff01 || rune == 0xff1f || rune == 0xff0e || rune == 0xff61 ||
           rune == 0xff1b || rune == 0x61f || rune == 0x6d4;
}

static bool is_sign(uint32_t rune)
{
    return (rune >= 0x80 && rune < 0xc0) || (rune >= 0x2000 && rune <= 0x206f) ||
           (rune >= 0x3000 && rune <= 0x303f) || (rune >= 0xff00 && rune <= 0xff0f) ||
           (rune >= 0xff1a && rune <= 0xff20) || (rune >= 0xff3b && rune <= 0xff40) ||
           (rune >= 0xff5b && rune <= 0xff65) || rune == 0x60c || rune == 0x61b || rune == 0x61f ||
           rune == 0x6d4 || rune == 0xfffd;
}

static uint32_t fold_arabic(uint32_t rune)
{
    switch (rune) {
    case 0x622:
    case 0x623:
    case 0x625:
    case 0x671:
        return 0x627;
    case 0x629:
        return 0x647;
    case 0x649:
    case 0x626:
        return 0x64a;
    case 0x624:
        return 0x648;
    default:
        return rune;
    }
}

/* Invisible, or a mark on a letter. */
static bool is_dropped(uint32_t rune)
{
    return rune == 0xad || (rune >= 0x200b && rune <= 0x200f) ||
           (rune >= 0x2060 && rune <= 0x2064) || rune == 0xfeff ||
           (rune >= 0x300 && rune <= 0x36f) || rune == 0x640 || (rune >= 0x64b && rune <= 0x652) ||
           (rune >= 0xfe00 && rune <= 0xfe0f);
}

static void put_other(fold *in, uint32_t rune)
{
    obi_fold *to = in->to;
    if (is_dropped(rune)) {
        return;
    }
    if (is_cjk_end(rune)) {
        end_sentence(to, rune == 0xff1f || rune == 0x61f);
    }
    char base = rune >= 0xc0 && rune <= 0x17f ? latin[rune - 0xc0] : '\0';
    if (is_sign(rune) || base == ' ') {
        put_blank(in);
        return;
    }
    bool begins = is_begin(in);
    if (base != '\0') {
        rune = (uint32_t)base;
    } else if (rune >= 0x400 && rune <= 0x45f) {
        rune = cyrillic[rune - 0x400];
    } else if (rune >= 0x622 && rune <= 0x671) {
        rune = fold_arabic(rune);
    } else if (rune >= 0xff10 && rune <= 0xff5a) { /* full width */
        rune = rune - 0xff10 + '0';
        rune = rune >= 'A' && rune <= 'Z' ? rune + 32 : rune;
    }
    if (begins) {
        in->word = to->len;
    }
    put_rune(in, rune, begins || rune >= 0x600);
    in->lower = false;
    in->digits = 0;
}

/* The last characters of left, from a rune's start on. */
static ob_span window(ob_span left)
{
    size_t at = left.len > OBI_FOLD_BYTES ? left.len - OBI_FOLD_BYTES : 0;
    while (at > 0 && at < left.len && ((uint8_t)left.ptr[at] & 0xc0) == 0x80) {
        at++;
    }
    size_t count = at < left.len && ((uint8_t)left.ptr[at] & 0xc0) == 0x80;
    size_t next = at;
    for (; left.len - next >= 8; next += 8) { /* the bytes that no character begins with: 10... */
        uint64_t eight = obi_fold_load(left.ptr + next);
        uint64_t rest = eight & ~(eight << 1) & UINT64_MAX / 255 * 0x80;
        count += 8 - (rest >> 7) * (UINT64_MAX / 255) / (UINT64_C(1) << 56);
    }
    for (; next < left.len; next++) {
        count += ((uint8_t)left.ptr[next] & 0xc0) != 0x80;
    }
    for (; count > OBI_FOLD_CHARACTERS; count--) {
        do {
            at++;
        } while (((uint8_t)left.ptr[at] & 0xc0) == 0x80);
    }
    return ob_span_sub(left, at, left.len);
}

/* Digits and signs alone are no words: in lists of numbers there is nothing to look for. */
static bool has_letter(ob_span text)
{
    for (size_t i = text.len; i-- > 0;) { /* mostly there is one near the place */
        uint8_t c = (uint8_t)text.ptr[i];
        if (c >= 0x80 || (uint8_t)((c | 32U) - 'a') < 26) {
            return true;
        }
    }
    return false;
}

static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Small letters at the beginning of a word, or behind another small letter. Returns how many. */
static size_t put_small(fold *in, ob_span text, size_t at)
{
    obi_fold *to = in->to;
    size_t len = to->len;
    bool begins = is_begin(in);
    if (!begins && !is_small(to->text[len - 1])) {
        return 0;
    }
    mark(in, begins, begins);
    if (begins) {
        in->word = len;
        in->digits = 0;
    }
    size_t count = 0;
    do {
        to->character[len + count] = (uint8_t)(to->characters + count);
        to->text[len + count] = text.ptr[at + count];
        count++;
    } while (at + count < text.len && is_small(text.ptr[at + count]));
    to->len += count;
    in->lower = true;
    return count;
}

/* Three bytes, the first one lowest, are a character from U+4000 to U+9FFF. */
static bool is_han(uint32_t three)
{
    return (three & 0xc0c0f0) == 0x8080e0 && (three & 15) - 4 < 6;
}

/* How many of the bytes from at on are Han characters. */
static size_t han_bytes(ob_span text, size_t at)
{
    size_t end = at;
    uint32_t four = 0;
    for (; text.len - end > 3; end += 3) {
        memcpy(&four, text.ptr + end, sizeof four);
        if (!is_han(le32toh(four))) {
            return end - at;
        }
    }
    if (text.len - end == 3) {
        const uint8_t *last = (const uint8_t *)text.ptr + end;
        end += is_han(last[0] | (uint32_t)last[1] << 8 | (uint32_t)last[2] << 16) ? 3 : 0;
    }
    return end - at;
}

/* Every third of so many bits from at on. */
static void set_thirds(obi_bits *bits, size_t at, size_t count)
{
    const uint64_t thirds = UINT64_C(0x9249249249249249);
    for (size_t end = at + count; at < end;) {
        size_t some = end - at < 64 - at % 64 ? end - at : 64 - at % 64;
        bits->of[at / 64] |= (thirds & UINT64_MAX >> (64 - some)) << at % 64;
        at += (some + 2) / 3 * 3;
    }
}

/* Han characters, each a word of its own. Returns their bytes. */
static size_t put_han(fold *in, ob_span text, size_t at)
{
    obi_fold *to = in->to;
    size_t len = to->len;
    size_t bytes = han_bytes(text, at);
    if (bytes == 0) {
        return 0;
    }
    in->word = is_begin(in) ? len : in->word;
    to->blank.of[len / 64] |= (uint64_t)is_begin(in) << len % 64;
    set_thirds(&to->edge, len, bytes);
    set_thirds(&to->start, len, bytes);
    memcpy(to->text + len, text.ptr + at, bytes);
    for (size_t i = 0; i < bytes; i += 3) {
        to->character[len + i] = (uint8_t)to->characters++;
    }
    to->len += bytes;
    in->blank = false;
    in->lower = false;
    in->digits = 0;
    return bytes;
}

bool obi_fold_any(obi_fold *to, ob_span left)
{
    ob_span text = window(left);
    if (!has_letter(text)) {
        return false;
    }
    fold in = {.to = to};
    to->edge = to->start = to->blank = (obi_bits){{0, 0}};
    to->len = to->characters = to->from = to->sentence = to->value = 0;
    to->asked = to->ascii = false;
    to->read = true;
    for (size_t at = 0; at < text.len;) {
        uint8_t c = (uint8_t)text.ptr[at];
        size_t taken = 0;
        uint32_t rune = 0;
        if (is_small((char)c) && (taken = put_small(&in, text, at)) > 0) {
            to->characters += taken;
            at += taken;
            continue;
        }
        if (c >= 0x80 && (taken = put_han(&in, text, at)) > 0) {
            at += taken;
            continue;
        }
        if (c < 0x80) {
            put_ascii(&in, text, at++);
        } else if (ob_utf8_next(text, &at, &rune)) {
            put_other(&in, rune);
        }
        to->characters++;
    }
    memset(to->text + to->len, ' ', 8);
    obi_bit_set(&to->edge, to->len);
    /* The text goes on before, so its first word may be the end of one. */
    if (text.len < left.len && to->len > 0 && (uint8_t)to->text[0] < 0xe0) {
        to->edge.of[0] &= ~UINT64_C(1);
        to->start.of[0] &= ~UINT64_C(1);
    }
    return true;
}
