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
    CHARACTERS = 48, /* ... and characters: the reach and the longest word */
    DIGITS = 4,      /* of a word that is a value rather than a name */
    BUCKETS = 4096,
    HEAD = 11 /* bytes without blanks that choose the bucket of a long word */
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
#define OB_CUE_BUCKETS
#include "detect/cues_index.def"
#undef OB_CUE_BUCKETS
};

/* Of each row a byte of its hash: the words of a bucket that the text does not have are told apart
 * without a look at them, which would be far away in memory. */
static const uint8_t tags[] = {
#define OB_CUE_TAGS
#include "detect/cues_index.def"
#undef OB_CUE_TAGS
};

/* A bit for each hash of the first three bytes of a word: most places stop here. */
static const uint64_t gates[BUCKETS / 64] = {
#define OB_CUE_GATES
#include "detect/cues_index.def"
#undef OB_CUE_GATES
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

/* The word so far is one that a full stop may shorten: "no. 5", "Mr. X", "d. o. b.". */
static bool is_abbreviation(const fold *to)
{
    static const char *const words[] = {"no",  "nr",  "num", "nos",  "tel", "mob",  "mr",  "mrs",
                                        "ms",  "dr",  "st",  "ref",  "sr",  "sra",  "acc", "acct",
                                        "ext", "art", "geb", "prof", "mme", "dott", "ave", "apt"};
    ob_span word = {to->text + to->word, to->len - to->word};
    if (word.len > 4) {
        return false; /* none is longer */
    }
    for (size_t i = 0; word.len > 1 && i < OB_COUNT(words); i++) {
        if (ob_span_is_str(word, words[i])) {
            return true;
        }
    }
    return word.len <= 1;
}

static void put_point(fold *to, ob_span text, size_t at)
{
    char c = text.ptr[at];
    bool last = at + 1 == text.len;
    bool open = !last && !is_blank(text.ptr[at + 1]) && (uint8_t)text.ptr[at + 1] < 0x80;
    if (((c == '!' || c == '?') && !open) || (c == '.' && !open && !last && !is_abbreviation(to))) {
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
    unsigned all = 0;
    size_t at = left.len > CHARACTERS ? left.len - CHARACTERS : 0;
    for (size_t i = at; i < left.len; i++) {
        all |= (uint8_t)left.ptr[i];
    }
    if (all < 0x80) {
        return ob_span_sub(left, at, left.len);
    }
    at = left.len;
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

/* Digits and signs alone are no words: in lists of numbers there is nothing to look for. */
static bool has_letter(ob_span text)
{
    unsigned found = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = (uint8_t)text.ptr[i];
        found |= (unsigned)(c >= 0x80) | (unsigned)((uint8_t)((c | 32U) - 'a') < 26);
    }
    return found != 0;
}

static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Small letters at the beginning of a word, or behind another small letter. Returns how many. */
static size_t put_small(fold *to, ob_span text, size_t at)
{
    size_t len = to->len;
    bool begins = len == 0 || to->text[len - 1] == ' ';
    if (!begins && !is_small(to->text[len - 1])) {
        return 0;
    }
    size_t count = 0;
    do {
        to->character[len + count] = (uint8_t)(to->characters + count);
        to->edge[len + count] = false;
        to->text[len + count] = text.ptr[at + count];
        count++;
    } while (at + count < text.len && is_small(text.ptr[at + count]));
    if (begins) {
        to->edge[len] = true;
        to->word = len;
        to->digits = 0;
    }
    to->len += count;
    to->lower = true;
    return count;
}

/* A Han character, U+4000 to U+9FFF. Returns its bytes, or 0. */
static size_t put_han(fold *to, ob_span text, size_t at)
{
    size_t len = to->len;
    if (text.len - at < 3 || ((uint8_t)text.ptr[at + 1] & 0xc0) != 0x80 ||
        ((uint8_t)text.ptr[at + 2] & 0xc0) != 0x80) {
        return 0;
    }
    for (size_t i = 0; i < 3; i++) {
        to->character[len + i] = (uint8_t)to->characters;
        to->edge[len + i] = i == 0;
        to->text[len + i] = text.ptr[at + i];
    }
    to->word = len == 0 || to->text[len - 1] == ' ' ? len : to->word;
    to->len += 3;
    to->lower = false;
    to->digits = 0;
    return 3;
}

/* cut: the text goes on before, so its first word may be the end of one. */
static void fold_text(fold *to, ob_span text, bool cut)
{
    to->len = to->characters = to->sentence = to->value = to->digits = to->word = 0;
    to->asked = to->lower = false;
    for (size_t at = 0; at < text.len;) {
        uint8_t c = (uint8_t)text.ptr[at];
        size_t taken = 0;
        uint32_t rune = 0;
        if (is_small((char)c) && (taken = put_small(to, text, at)) > 0) {
            to->characters += taken;
            at += taken;
            continue;
        }
        if (c < 0x80) {
            put_ascii(to, text, at++);
        } else if (c >= 0xe4 && c <= 0xe9 && (taken = put_han(to, text, at)) > 0) {
            at += taken;
        } else if (ob_utf8_next(text, &at, &rune)) {
            put_other(to, rune);
        }
        to->characters++;
    }
    to->text[to->len] = ' ';
    to->edge[to->len] = true;
    if (cut && to->len > 0 && (uint8_t)to->text[0] < 0xe0) {
        to->edge[0] = false;
    }
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
    if (cue->stem || in->edge[at]) {
        return at;
    }
    size_t back = at > 0 ? at - 1 : 0;
    while (back > 0 && ((uint8_t)in->text[back] & 0xc0) == 0x80) {
        back--;
    }
    /* Words of Arabic, Han and others, which begin with these bytes, end anywhere. */
    return (uint8_t)in->text[back] >= 0xd8 ? at : 0;
}

/* FNV-1a over the bytes of a word that are no blanks, one after the other. */
static uint32_t hash_more(uint32_t hash, char c)
{
    return (hash ^ (uint8_t)c) * 16777619U;
}

static uint32_t bucket_of(uint32_t hash)
{
    return (hash ^ hash >> 15) % BUCKETS;
}

static void keep(const fold *in, const row *cue, size_t end, obi_cue *cues, size_t *count)
{
    if (end == 0 || end > in->len) {
        return; /* no word ends there */
    }
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
    for (size_t i = *count; i > 0 && cues[i - 1].distance == distance; i--) {
        if (cues[i - 1].group == cue->group) { /* the same word with a blank elsewhere */
            cues[i - 1].flags |= (uint8_t)flags;
            return;
        }
    }
    if (*count == OBI_CUES_MAX) {
        memmove(cues, cues + 1, (OBI_CUES_MAX - 1) * sizeof(*cues));
        --*count;
    }
    cues[(*count)++] = (obi_cue){cue->group, (uint8_t)flags, (uint8_t)distance};
}

/* Words that end at one place. */
typedef struct words {
    const row *items[OBI_CUES_MAX];
    size_t count;
    size_t end;
} words;

/* Adds the longest words with a hash that stand at place at. */
static void look_up(const fold *in, size_t at, uint32_t hash, words *best)
{
    uint32_t bucket = bucket_of(hash);
    for (size_t i = buckets[bucket]; i < buckets[bucket + 1]; i++) {
        if (tags[i] != hash >> 24) {
            continue;
        }
        size_t end = match(in, at, &rows[i]);
        if (end > best->end) {
            best->end = end;
            best->count = 0;
        }
        if (end > 0 && end == best->end && best->count < OBI_CUES_MAX) {
            best->items[best->count++] = &rows[i];
        }
    }
}

static bool is_gated(uint32_t bucket)
{
    return (gates[bucket / 64] >> bucket % 64 & 1) == 0;
}

/* The longest words at a place where one may begin. As the bytes come in, their hash tells at two,
 * with a blank for the third, whether they may be all of a word, at three whether any word begins
 * so, and at each length of heads which words do. */
static void look(const fold *in, size_t at, words *best)
{
    uint32_t hash = 2166136261U;
    size_t len = 0;
    for (size_t next = at; next < in->len && len < HEAD; next++) {
        if (in->text[next] == ' ') {
            continue;
        }
        hash = hash_more(hash, in->text[next]);
        len++;
        if (len == 2 && in->edge[next + 1]) {
            uint32_t brief = hash_more(hash, ' ');
            if (!is_gated(bucket_of(brief))) {
                look_up(in, at, brief, best);
            }
        }
        if (len == 3 && is_gated(bucket_of(hash))) {
            return;
        }
        if (len == 3 || len == 5 || len == 8 || len == HEAD) {
            look_up(in, at, hash, best);
        }
    }
}

size_t obi_cues_before(ob_span left, obi_cue cues[OBI_CUES_MAX])
{
    ob_span text = window(left);
    if (!has_letter(text)) {
        return 0;
    }
    words best;
    fold in;
    fold_text(&in, text, text.len < left.len);
    size_t count = 0;
    for (size_t at = 0; at + 1 < in.len && at < WINDOW;) {
        if (!in.edge[at] || in.text[at] == ' ' ||
            (at > 0 && in.text[at - 1] != ' ' && in.text[at] >= '0' && in.text[at] <= '9')) {
            at++; /* no word begins here; a digit inside of one begins none, either */
            continue;
        }
        best.count = 0;
        best.end = 0;
        look(&in, at, &best);
        for (size_t i = 0; i < best.count; i++) {
            keep(&in, best.items[i], best.end, cues, &count);
        }
        at = best.end > 0 ? best.end : at + 1;
    }
    for (size_t i = 0; i < count / 2; i++) { /* nearest first */
        obi_cue other = cues[i];
        cues[i] = cues[count - 1 - i];
        cues[count - 1 - i] = other;
    }
    return count;
}
