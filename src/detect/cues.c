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
    BUCKET_BITS = 12,
    HEAD = 11, /* bytes that choose the bucket of a long word */
    START_BITS = 13,
    START_FEW = 64,   /* a word of three or four bytes begins so */
    START_MORE = 128, /* a word of five bytes or more does */
    FIVE_BITS = 14
};

/* A word without its blanks. No pointer, so that nothing is to be relocated when the program
 * starts. */
typedef struct row {
    uint64_t head;   /* its first eight bytes, the first one lowest */
    uint64_t blanks; /* a bit a byte: a blank may stand before it. The lowest is set */
    uint16_t tail;   /* where in tails what is behind these eight begins */
    uint8_t len;
    uint8_t group;
    bool strong;
    bool stem; /* may go on behind its end */
} row;

static const row rows[] = {
#define OB_CUE(head_, blanks_, tail_, len_, group_, strong_, stem_) \
    {(head_), (blanks_), (tail_), (len_), OBI_CUE_##group_, (strong_) != 0, (stem_) != 0},
#include "detect/cues_index.def"
#undef OB_CUE
};

/* Eight bytes each. */
static const uint64_t tails[] = {
#define OB_CUE_TAILS
#include "detect/cues_index.def"
#undef OB_CUE_TAILS
};

static const uint16_t buckets[(1 << BUCKET_BITS) + 1] = {
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

/* By a hash of the first three bytes of a word, how many bytes the longest one of them has, and
 * START_FEW, START_MORE: most places stop here. */
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

/* The first len bytes of eight are others. */
static bool differ(uint64_t one, uint64_t other, size_t len)
{
    return (one ^ other) << (64 - 8 * (len < 8 ? len : 8)) != 0;
}

/* Behind the word if it stands at place at, or 0. bytes: the first eight there. */
static size_t match(const obi_fold *in, size_t at, uint64_t bytes, const row *cue)
{
    size_t end = at + cue->len;
    /* Of the blanks of the text none may stand where the word has none. */
    uint64_t inside = UINT64_MAX >> (64 - cue->len);
    if (differ(bytes, cue->head, cue->len) || end > in->len ||
        (obi_bits_from(&in->blank, at) & inside & ~cue->blanks) != 0) {
        return 0;
    }
    const uint64_t *tail = tails + cue->tail;
    for (size_t next = at + 8; next < end; next += 8) {
        if (differ(obi_fold_load(in->text + next), *tail++, end - next)) {
            return 0;
        }
    }
    if (cue->stem || obi_bit(&in->edge, end)) {
        return end;
    }
    size_t back = end - 1;
    while (back > 0 && ((uint8_t)in->text[back] & 0xc0) == 0x80) {
        back--;
    }
    /* Words of Arabic, Han and others, which begin with these bytes, end anywhere. */
    return (uint8_t)in->text[back] >= 0xd8 ? end : 0;
}

#define FIVE_BYTES  UINT64_C(0xffffffffff)
#define THREE_BYTES UINT64_C(0xffffff)

/* Of the first bytes of a word: up to eight, and three more. A product has its best bits on top. */
static uint64_t hash_of(uint64_t eight, uint64_t more)
{
    return (eight ^ more * UINT64_C(0xc2b2ae3d27d4eb4f)) * UINT64_C(0x9e3779b97f4a7c15);
}

/* Of two bytes; a blank stands for the third. */
static uint64_t two_of(uint64_t bytes)
{
    return (bytes & 0xffff) | (uint64_t)' ' << 16;
}

/* The place in starts of three bytes. */
static uint32_t start_of(uint64_t bytes)
{
    return ((uint32_t)(bytes & THREE_BYTES) * 0x9e3779b1U) >> (32 - START_BITS);
}

/* The place in fives of five bytes. */
static uint64_t five_of(uint64_t bytes)
{
    return hash_of(bytes & FIVE_BYTES, 0) >> (64 - FIVE_BITS);
}

/* How many characters stand before the end of a word. */
static size_t characters_to(const obi_fold *in, size_t end)
{
    size_t last = end - 1;
    while (last > 0 && ((uint8_t)in->text[last] & 0xc0) == 0x80) {
        last--;
    }
    return in->character[last] + (size_t)1;
}

static void keep(obi_fold *in, const row *cue, size_t end, obi_cue *cues, size_t *count)
{
    size_t before = characters_to(in, end);
    size_t distance = in->characters - before;
    if (distance > OBI_CUE_REACH) {
        return;
    }
    if (!in->read) {
        obi_fold_read(in);
    }
    unsigned flags = cue->strong ? OBI_CUE_STRONG : 0;
    if (in->sentence >= before) {
        flags |= in->asked ? (unsigned)OBI_CUE_BEFORE | OBI_CUE_ASKED : (unsigned)OBI_CUE_BEFORE;
    }
    flags |= in->value >= before ? (unsigned)OBI_CUE_USED : 0;
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
static inline void look_up(const obi_fold *in, size_t at, uint64_t bytes, uint64_t hash,
                           words *best)
{
    size_t bucket = hash >> (64 - BUCKET_BITS);
    for (size_t i = buckets[bucket]; i < buckets[bucket + 1]; i++) {
        if (tags[i] != (uint8_t)(hash >> (56 - BUCKET_BITS))) {
            continue;
        }
        size_t end = match(in, at, bytes, &rows[i]);
        if (end > best->end) {
            best->end = end;
            best->count = 0;
        }
        if (end > 0 && end == best->end && best->count < OBI_CUES_MAX) {
            best->items[best->count++] = &rows[i];
        }
    }
}

/* Words of five bytes or more may begin with these. */
static inline uint64_t may_be_more(unsigned start, uint64_t bytes)
{
    uint64_t five = five_of(bytes);
    return start / START_MORE & fives[five / 64] >> five % 64;
}

/* Most places are told apart here, without a branch for each: what is left of in->start are those
 * with words that may begin so. */
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
            unsigned start = starts[start_of(bytes)];
            kept |= ((start / START_FEW | may_be_more(start, bytes)) & 1) << at;
        }
        for (uint64_t rest = in->start.of[i] & two & ~kept; rest != 0; rest &= rest - 1) {
            size_t at = (size_t)__builtin_ctzll(rest);
            bool may = starts[start_of(two_of(obi_fold_load(text + at)))] != 0;
            kept |= (uint64_t)may << at;
        }
        in->start.of[i] = kept;
    }
}

/* The longest words at a place where one may begin, tried by each length of heads. */
static void look(const obi_fold *in, size_t at, words *best)
{
    uint64_t bytes = obi_fold_load(in->text + at);
    unsigned start = starts[start_of(bytes)];
    best->count = best->end = 0;
    if (obi_bit(&in->edge, at + 2) && starts[start_of(two_of(bytes))] != 0) {
        look_up(in, at, bytes, hash_of(two_of(bytes), 0), best);
    }
    if ((start & START_FEW) != 0) {
        look_up(in, at, bytes, hash_of(bytes & THREE_BYTES, 0), best);
    }
    if ((may_be_more(start, bytes) & 1) == 0) {
        return;
    }
    size_t longest = start % START_FEW;
    longest = longest < in->len - at ? longest : in->len - at;
    look_up(in, at, bytes, hash_of(bytes & FIVE_BYTES, 0), best);
    if (longest >= 8) {
        look_up(in, at, bytes, hash_of(bytes, 0), best);
    }
    if (longest >= HEAD) {
        uint64_t more = obi_fold_load(in->text + at + HEAD - 8) >> 40;
        look_up(in, at, bytes, hash_of(bytes, more), best);
    }
}

/* From place at on, the words that are near enough; *count of them were kept. */
static void look_from(obi_fold *in, size_t at, obi_cue *cues, size_t *count)
{
    for (at = obi_bit_next(&in->start, at); at + 1 < in->len; at = obi_bit_next(&in->start, at)) {
        OB_UNSET words best;
        look(in, at, &best);
        for (size_t i = 0; i < best.count; i++) {
            keep(in, best.items[i], best.end, cues, count);
        }
        at = best.end > 0 ? best.end : at + 1;
    }
}

/* Whether a word that begins before in->from ends behind it, within reach. One that is not so long
 * needs no look. */
static bool reaches(const obi_fold *in)
{
    for (size_t at = obi_bit_next(&in->start, 0); at < in->from;
         at = obi_bit_next(&in->start, at + 1)) {
        OB_UNSET words best;
        size_t longest = starts[start_of(obi_fold_load(in->text + at))] % START_FEW;
        if (at + (longest < 2 ? 2 : longest) > in->from) {
            look(in, at, &best);
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
