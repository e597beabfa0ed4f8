/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds cue words. What stands before a place is folded first (cues_fold.h). Then each place where
 * a word may begin is passed or not by its first three and five bytes; of those that are left, a
 * hash chooses a bucket of the table, whose words are tried from the longest on. cues_index.def is
 * made by scripts/cue-index, which folds the words in the same way.
 */
#include "detect/cues.h"
#include "detect/cues_fold.h"

enum {
    BUCKETS = 4096,
    HEAD = 11, /* bytes without blanks that choose the bucket of a long word */
    START_BITS = 13,
    START_FEW = 64, /* a word of three or four bytes begins so */
    FIVE_BITS = 14
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

/* By a hash of the first three bytes of a word, how many bytes without blanks the longest one of
 * them has, and START_FEW: most places stop here. */
static const uint8_t starts[1 << START_BITS] = {
#define OB_CUE_STARTS
#include "detect/cues_index.def"
#undef OB_CUE_STARTS
};

/* A bit for each hash of the first five. */
static const uint64_t fives[(1 << FIVE_BITS) / 64] = {
#define OB_CUE_FIVES
#include "detect/cues_index.def"
#undef OB_CUE_FIVES
};

const uint8_t obi_cue_acts[OBI_CUE_GROUPS] = {
#define OB_CUE_GROUP(group, act) OBI_CUE_##act,
#include "detect/cues.def"
#undef OB_CUE_GROUP
};

/* Behind the word if it stands at place at, or 0. */
static size_t match(const obi_fold *in, size_t at, const row *cue)
{
    const char *word = cue->word;
    const char *end = word + cue->len;
    while (word < end) {
        if (in->text[at] == *word) {
            at++;
            while (*word == ' ' && at < in->len && in->text[at] == ' ') {
                at++;
            }
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
    if (cue->stem || obi_bit(&in->edge, at)) {
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

/* The place in starts of three bytes. */
static uint32_t start_of(uint32_t bytes)
{
    return (bytes * 0x9e3779b1U) >> (32 - START_BITS);
}

/* The place in fives of five bytes. */
static uint64_t five_of(uint64_t bytes)
{
    return (bytes * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - FIVE_BITS);
}

/* Characters between a word that ends at end and the place. */
static size_t distance_of(const obi_fold *in, size_t end)
{
    if (in->ascii) {
        return in->characters - end;
    }
    size_t last = end - 1;
    while (last > 0 && ((uint8_t)in->text[last] & 0xc0) == 0x80) {
        last--;
    }
    return in->characters - (in->character[last] + (size_t)1);
}

static void keep(obi_fold *in, const row *cue, size_t end, obi_cue *cues, size_t *count)
{
    if (end == 0 || end > in->len) {
        return; /* no word ends there */
    }
    size_t distance = distance_of(in, end);
    if (distance > OBI_CUE_REACH) {
        return;
    }
    if (!in->read) {
        obi_fold_read(in);
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
static void look_up(const obi_fold *in, size_t at, uint32_t hash, words *best)
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

/* Which words may begin at a place, by the first bytes there. */
typedef struct head {
    size_t longest; /* bytes without blanks of the longest one, 0 for none */
    bool two;       /* of two bytes */
    bool few;       /* of three or four */
    bool more;      /* of five or more */
} head;

static inline head head_of(uint64_t bytes, size_t count, bool two)
{
    unsigned start = count > 2 ? starts[start_of((uint32_t)bytes & 0xffffff)] : 0;
    uint64_t five = five_of(bytes & UINT64_C(0xffffffffff));
    head is = {.longest = start % START_FEW};
    is.two = two && starts[start_of(((uint32_t)bytes & 0xffff) | ' ' << 16)] != 0;
    is.few = (start & START_FEW) != 0;
    is.more = is.longest > 4 && count > 4 && (fives[five / 64] >> five % 64 & 1) != 0;
    is.longest = is.more ? is.longest : is.few ? 4 : is.two ? 2 : 0;
    return is;
}

/* A blank is among the first five. */
static head head_of_few(const obi_fold *in, size_t at)
{
    uint64_t bytes = 0;
    unsigned count = 0;
    bool two = false;
    for (; at < in->len && count < 5; at++) {
        if (in->text[at] != ' ') {
            bytes |= (uint64_t)(uint8_t)in->text[at] << 8 * count++;
            two = two || (count == 2 && obi_bit(&in->edge, at + 1));
        }
    }
    return head_of(bytes, count, two);
}

/* The lowest bit of each blank's high half; bits behind the first blank may be wrong. */
static inline uint64_t blanks_of(uint64_t bytes)
{
    uint64_t other = bytes ^ UINT64_MAX / 255 * ' ';
    return (other - UINT64_MAX / 255) & ~other & UINT64_MAX / 255 * 0x80;
}

#define FIVE_BYTES UINT64_C(0xffffffffff)

static inline head head_at(const obi_fold *in, size_t at)
{
    uint64_t bytes = obi_fold_load(in->text + at);
    bool two = obi_bit(&in->edge, at + 2);
    unsigned count = 8;
    for (uint64_t blanks; (blanks = blanks_of(bytes) & FIVE_BYTES) != 0; count--) {
        unsigned shift = (unsigned)__builtin_ctzll(blanks) & 56;
        if (shift < 16 || count < 6) {
            return head_of_few(in, at);
        }
        uint64_t before = (UINT64_C(1) << shift) - 1;
        bytes = (bytes & before) | (bytes >> 8 & ~before);
    }
    return head_of(bytes, 5, two);
}

/* Most places are told apart here, without a branch for each: what is left of in->start are those
 * with words that may begin so, and those with a blank among the first bytes. */
static void sieve(obi_fold *in)
{
    for (size_t i = 0; i < OB_COUNT(in->start.of); i++) {
        uint64_t kept = 0;
        const char *text = in->text + 64 * i;
        /* Ends of words two bytes behind each place. */
        uint64_t two = in->edge.of[i] >> 2 | (i == 0 ? in->edge.of[1] << 62 : 0);
        for (uint64_t rest = in->start.of[i]; rest != 0; rest &= rest - 1) {
            size_t at = (size_t)__builtin_ctzll(rest);
            uint64_t bytes = obi_fold_load(text + at);
            unsigned start = starts[start_of((uint32_t)bytes & 0xffffff)];
            uint64_t five = five_of(bytes & FIVE_BYTES);
            uint64_t more =
                fives[five / 64] >> five % 64 & (start % START_FEW + START_FEW - 5) / START_FEW;
            uint64_t may = (start & START_FEW) | more | (blanks_of(bytes) & FIVE_BYTES);
            kept |= (uint64_t)(may != 0) << at;
        }
        in->start.of[i] = kept | (in->start.of[i] & two);
    }
}

/* The longest words at a place where one may begin. As the bytes come in, their hash tells at each
 * length of heads which words begin so; a word of two bytes has a blank for the third. */
static void look(const obi_fold *in, size_t at, head begins, words *best)
{
    uint32_t hash = 2166136261U;
    size_t len = 0;
    size_t most = begins.longest < HEAD ? begins.longest : HEAD;
    for (size_t next = at; next < in->len && len < most; next++) {
        if (in->text[next] == ' ') {
            continue;
        }
        hash = hash_more(hash, in->text[next]);
        len++;
        if (len == 2 && begins.two) {
            look_up(in, at, hash_more(hash, ' '), best);
        }
        if ((len == 3 && begins.few) || len == 5 || len == 8 || len == HEAD) {
            look_up(in, at, hash, best);
        }
    }
}

/* From place at on, the words that are near enough; *count of them were kept. */
static void look_from(obi_fold *in, size_t at, obi_cue *cues, size_t *count)
{
    for (at = obi_bit_next(&in->start, at); at + 1 < in->len; at = obi_bit_next(&in->start, at)) {
        head begins = head_at(in, at);
        OB_UNSET words best;
        best.count = best.end = 0;
        if (begins.longest != 0) {
            look(in, at, begins, &best);
        }
        for (size_t i = 0; i < best.count; i++) {
            keep(in, best.items[i], best.end, cues, count);
        }
        at = best.end > 0 ? best.end : at + 1;
    }
}

/* Whether a word that begins before in->from ends within reach. A word of a text of ASCII that is
 * not so long needs no look. */
static bool reaches(const obi_fold *in)
{
    for (size_t at = obi_bit_next(&in->start, 0); at < in->from;
         at = obi_bit_next(&in->start, at + 1)) {
        head begins = head_at(in, at);
        if (begins.longest == 0) {
            continue;
        }
        uint64_t to_reach = (in->letters | in->digits) >> at << at << (63 - in->from);
        size_t needed = (size_t)__builtin_popcountll(to_reach);
        if (begins.longest >= needed) {
            OB_UNSET words best;
            best.count = best.end = 0;
            look(in, at, begins, &best);
            if (best.end > in->from) {
                return true;
            }
        }
    }
    return false;
}

size_t obi_cues_read(ob_span left, bool any, obi_cue cues[OBI_CUES_MAX])
{
    OB_UNSET obi_fold in;
    bool ascii = false;
    size_t count = 0;
    bool some = left.len > 0 && !any && obi_fold_ascii(&in, left, &ascii);
    if (left.len == 0 || (!some && (ascii || !obi_fold_any(&in, left)))) {
        return 0;
    }
    sieve(&in);
    in.from = in.ascii && in.len > OBI_CUE_REACH + 1 ? in.len - OBI_CUE_REACH - 1 : 0;
    look_from(&in, in.from > 0 && !reaches(&in) ? in.from : 0, cues, &count);
    for (size_t i = 0; i < count / 2; i++) { /* nearest first */
        obi_cue other = cues[i];
        cues[i] = cues[count - 1 - i];
        cues[count - 1 - i] = other;
    }
    return count;
}

size_t obi_cues_before(ob_span left, obi_cue cues[OBI_CUES_MAX])
{
    return obi_cues_read(left, false, cues);
}
