/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds cue words. What stands before a place is folded first: lower case, no accents, look-alikes
 * of Latin letters as Latin letters, one blank for any run of what is no letter and no digit. Then,
 * where a word may begin, three bytes choose a bucket of the table, whose words are tried from the
 * longest on. cues_index.def is made by scripts/cue-index, which folds the words in the same way.
 */
#include "detect/cues.h"

#include <ombud/text.h>

enum {
    WINDOW = 96,     /* bytes that are looked at */
    CHARACTERS = 56, /* ... and characters: the reach and the longest word */
    DIGITS = 4,      /* of a word that is a value rather than a name */
    BUCKETS = 1024
};

typedef struct row {
    const char *word;
    uint8_t len;
    uint8_t group;
    bool strong;
    bool stem; /* may go on behind its end */
} row;

static const row rows[] = {
#define OB_CUE(word_, group_, strong_, stem_) \
    {(word_), sizeof(word_) - 1, OBI_CUE_##group_, (strong_) != 0, (stem_) != 0},
#include "detect/cues_index.def"
#undef OB_CUE
};

static const uint16_t buckets[BUCKETS + 1] = {
#define OB_CUE_BUCKET(first) (first),
#include "detect/cues_index.def"
#undef OB_CUE_BUCKET
};

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

const uint8_t obi_cue_acts[OBI_CUE_GROUPS] = {
#define OB_CUE_GROUP(group, act) OBI_CUE_##act,
#include "detect/cues.def"
#undef OB_CUE_GROUP
};

/* The folded text. */
typedef struct fold {
    char text[WINDOW + 4];
    uint8_t character[WINDOW + 4]; /* of each byte: how many characters stand before it */
    bool edge[WINDOW + 4];         /* a word begins here, for scripts with blanks */
    size_t len;
    size_t characters;
    size_t sentence; /* where the last sentence but the open one ends, 0 for nowhere */
    size_t value;    /* where the last word with DIGITS digits begins */
    size_t digits;   /* of the word so far */
    size_t word;     /* where it begins */
    bool asked;
    bool lower; /* the last letter was a lower-case one of ASCII */
} fold;

static void put_blank(fold *to)
{
    if (to->len > 0 && to->text[to->len - 1] != ' ') {
        to->character[to->len] = (uint8_t)to->characters;
        to->edge[to->len] = true;
        to->text[to->len++] = ' ';
    }
    to->lower = false;
    to->digits = 0;
}

static void put_rune(fold *to, uint32_t rune, bool edge)
{
    char bytes[4];
    size_t count = ob_utf8_put(rune, bytes);
    for (size_t i = 0; i < count; i++) {
        to->character[to->len] = (uint8_t)to->characters;
        to->edge[to->len] = edge && i == 0;
        to->text[to->len++] = bytes[i];
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static void end_sentence(fold *to, bool asked)
{
    to->sentence = to->len;
    to->asked = asked;
}

/* A full stop ends a sentence unless the word before is as short as an abbreviation ("no. 5"). */
static void put_point(fold *to, ob_span text, size_t at)
{
    char c = text.ptr[at];
    bool last = at + 1 == text.len;
    bool open = !last && !is_blank(text.ptr[at + 1]) && (uint8_t)text.ptr[at + 1] < 0x80;
    bool brief = c == '.' && (last || (to->len < to->word + 4 && to->digits == 0));
    if ((c == '!' || c == '?' || c == '.') && !open && !brief) {
        end_sentence(to, c == '?');
    } else if (c == '\n' && at + 1 < text.len && text.ptr[at + 1] == '\n') {
        end_sentence(to, false);
    }
    /* Inside of a number a blank or sign does not end it. */
    size_t digits = to->digits;
    put_blank(to);
    to->digits = c == '\n' ? 0 : digits;
}

static void put_ascii(fold *to, ob_span text, size_t at)
{
    char c = text.ptr[at];
    bool upper = c >= 'A' && c <= 'Z';
    bool digit = c >= '0' && c <= '9';
    if (!upper && !digit && !(c >= 'a' && c <= 'z')) {
        put_point(to, text, at);
        return;
    }
    size_t len = to->len;
    bool begins = len == 0 || to->text[len - 1] == ' ';
    if (begins || (uint8_t)to->text[len - 1] >= 0xd8) {
        to->word = len;
    }
    to->character[len] = (uint8_t)to->characters;
    to->edge[len] = begins || digit || (upper && to->lower) ||
                    (to->text[len - 1] >= '0' && to->text[len - 1] <= '9') ||
                    (uint8_t)to->text[len - 1] >= 0x80;
    to->text[to->len++] = upper ? (char)(c + 32) : c;
    to->lower = !upper && !digit;
    if (digit && ++to->digits == DIGITS) {
        to->value = to->word;
    } else if (!digit) {
        to->digits = 0;
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

static void put_other(fold *to, uint32_t rune)
{
    if (is_dropped(rune)) {
        return;
    }
    if (is_cjk_end(rune)) {
        end_sentence(to, rune == 0xff1f || rune == 0x61f);
    }
    char base = rune >= 0xc0 && rune <= 0x17f ? latin[rune - 0xc0] : '\0';
    if (is_sign(rune) || base == ' ') {
        put_blank(to);
        return;
    }
    bool begins = to->len == 0 || to->text[to->len - 1] == ' ';
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
        to->word = to->len;
    }
    put_rune(to, rune, begins || rune >= 0x600);
    to->lower = false;
    to->digits = 0;
}

/* The last characters of left, from a rune's start on. */
static ob_span window(ob_span left)
{
    size_t at = left.len;
    for (size_t count = 0; at > 0 && left.len - at < WINDOW && count < CHARACTERS; count++) {
        size_t back = at - 1;
        while (back > 0 && ((uint8_t)left.ptr[back] & 0xc0) == 0x80) {
            back--;
        }
        if (left.len - back > WINDOW) {
            break;
        }
        at = back;
    }
    return ob_span_sub(left, at, left.len);
}

/* cut: the text goes on before, so its first word may be the end of one. */
static void fold_text(fold *to, ob_span text, bool cut)
{
    for (size_t at = 0; at < text.len; to->characters++) {
        uint8_t c = (uint8_t)text.ptr[at];
        if (c < 0x80) {
            put_ascii(to, text, at++);
        } else {
            uint32_t rune = 0;
            if (ob_utf8_next(text, &at, &rune)) {
                put_other(to, rune);
            }
        }
    }
    to->text[to->len] = ' ';
    to->edge[to->len] = true;
    if (cut && to->len > 0 && (uint8_t)to->text[0] < 0xe0) {
        to->edge[0] = false;
    }
}

static bool is_low(char c)
{
    return (uint8_t)c < 0x80;
}

/* Behind the word if it stands at place at, or 0. */
static size_t match(const fold *in, size_t at, const row *cue)
{
    const char *word = cue->word;
    const char *end = word + cue->len;
    while (word < end) {
        if (in->text[at] == *word) {
            at++;
            word++;
        } else if (*word == ' ') {
            word++;
        } else {
            return 0;
        }
        if (at > in->len) {
            return 0;
        }
    }
    /* Arabic, Han and others begin with these lead bytes. */
    uint8_t lead = (uint8_t)end[-1];
    if (cue->stem || in->edge[at] || (lead >= 0x80 && (uint8_t)in->text[at] < 0x80)) {
        return at;
    }
    size_t back = at - 1;
    while (((uint8_t)in->text[back] & 0xc0) == 0x80) {
        back--;
    }
    return (uint8_t)in->text[back] >= 0xd8 ? at : 0;
}

static size_t bucket_of(char a, char b, char c)
{
    uint32_t head = (uint32_t)(uint8_t)a | (uint32_t)(uint8_t)b << 8 | (uint32_t)(uint8_t)c << 16;
    return (uint32_t)(head * 2654435761U) >> 22;
}

static void keep(const fold *in, const row *cue, size_t end, obi_cue *cues, size_t *count)
{
    size_t last = in->character[end - 1] + (size_t)1;
    size_t distance = in->characters - last;
    if (distance > OBI_CUE_REACH) {
        return;
    }
    unsigned flags = cue->strong ? OBI_CUE_STRONG : 0;
    if (in->sentence >= end && in->sentence > 0) {
        flags |= in->asked ? (unsigned)OBI_CUE_BEFORE | OBI_CUE_ASKED : (unsigned)OBI_CUE_BEFORE;
    }
    flags |= in->value >= end ? (unsigned)OBI_CUE_USED : 0;
    if (*count == OBI_CUES_MAX) {
        memmove(cues, cues + 1, (OBI_CUES_MAX - 1) * sizeof(*cues));
        --*count;
    }
    cues[(*count)++] = (obi_cue){cue->group, (uint8_t)flags, (uint8_t)distance};
}

/* All rows of the longest word of a bucket that stands at place at; returns its end or 0. */
static size_t look_up(const fold *in, size_t at, size_t bucket, obi_cue *cues, size_t *count)
{
    size_t longest = 0;
    size_t len = 0;
    for (size_t i = buckets[bucket]; i < buckets[bucket + 1]; i++) {
        if (longest > 0 && rows[i].len < len) {
            break;
        }
        size_t end = match(in, at, &rows[i]);
        if (end > 0) {
            longest = end;
            len = rows[i].len;
            keep(in, &rows[i], end, cues, count);
        }
    }
    return longest;
}

size_t obi_cues_before(ob_span left, obi_cue cues[OBI_CUES_MAX])
{
    ob_span text = window(left);
    fold in;
    memset(&in, 0, sizeof(in));
    fold_text(&in, text, text.len < left.len);
    size_t count = 0;
    for (size_t at = 0; at + 1 < in.len;) {
        bool inside = at > 0 && in.text[at - 1] != ' ' && in.text[at] >= '0' && in.text[at] <= '9';
        if (!in.edge[at] || in.text[at] == ' ' || inside) {
            at++;
            continue;
        }
        char head[3] = {in.text[at], ' ', ' '};
        for (size_t i = at + 1, n = 1; n < 3 && i <= in.len && i < at + 5; i++) {
            if (in.text[i] != ' ') {
                head[n++] = in.text[i];
            }
        }
        size_t end = look_up(&in, at, bucket_of(head[0], head[1], head[2]), cues, &count);
        if (end == 0 && head[2] != ' ' && is_low(in.text[at + 1]) && in.edge[at + 2]) {
            end = look_up(&in, at, bucket_of(head[0], head[1], ' '), cues, &count);
        }
        at = end > 0 ? end : at + 1;
    }
    for (size_t i = 0; i < count / 2; i++) { /* nearest first */
        obi_cue other = cues[i];
        cues[i] = cues[count - 1 - i];
        cues[count - 1 - i] = other;
    }
    return count;
}
