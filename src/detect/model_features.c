/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the model sees of a window. A feature is a hash of 32 bits; its first input is a tag, so
 * that a word and the same letters within another word are different features. Files of weights
 * hold on to all of this: what changes here needs another OBI_MODEL_FEATURES.
 */
#include "detect/model.h"

#include <ombud/text.h>

/* Letters of a word that are looked at; a longer one is no word of a language. */
#define RUNES_MAX 24
/* Concepts of a window that are looked at, each time they are there. */
#define MEANINGS_MAX 48
/* Concepts that are so few words apart belong together. */
#define NEAR_WORDS 4

enum {
    TAG_WORD = 0x57314001,
    TAG_PAIR = 0x57324003,
    TAG_SKIP = 0x57334005,
    TAG_TRIPLE = 0x57344007,
    TAG_CHARS = 0x43314009,
    TAG_SHAPE = 0x5331400b,
    TAG_SIGN = 0x4731400d,
    TAG_SIGN_WORD = 0x4732400f,
    TAG_MEANS = 0x4d314011,
    TAG_MEANS_PAIR = 0x4d324013,
    TAG_MEANS_NEAR = 0x4d334015,
    TAG_MEANS_TRIPLE = 0x4d344017
};

/* What stands before every other word of any text. */
#define PLAIN                                                                                   \
    (OBI_GAP_BLANK | OBI_GAP_WIDE | OBI_GAP_COMMA | OBI_GAP_STOP | OBI_GAP_DOT | OBI_GAP_LINE | \
     OBI_GAP_PARAGRAPH | OBI_GAP_APOSTROPHE | OBI_GAP_START | OBI_GAP_DASH)

/* Flags whose share of the words is part of the shape. */
static const uint32_t shapes[] = {
    OBI_TOKEN_CAPITAL,  OBI_TOKEN_CAPS,   OBI_TOKEN_DIGIT,  OBI_TOKEN_HAN,    OBI_TOKEN_KANA,
    OBI_TOKEN_CYRILLIC, OBI_TOKEN_ARABIC, OBI_TOKEN_HANGUL, OBI_TOKEN_HIDDEN, OBI_TOKEN_QUOTED};

/* Spreads every bit of h over all of them (the end of MurmurHash3, Appleby, public domain). */
static uint32_t spread(uint32_t h)
{
    h ^= h >> 16;
    h *= UINT32_C(0x85ebca6b);
    h ^= h >> 13;
    h *= UINT32_C(0xc2b2ae35);
    return h ^ h >> 16;
}

static uint32_t join(uint32_t left, uint32_t right)
{
    return (left ^ left >> 15) * UINT32_C(0x9e3779b1) + right;
}

static void add(obi_features *l, uint32_t feature)
{
    if (l->count < OBI_MODEL_FEATURES_MAX) {
        l->hashes[l->count++] = feature;
    }
}

/* The letters of a word with its ends as characters of their own; returns how many. */
static size_t letters_of(ob_span word, bool high, uint32_t out[RUNES_MAX + 2])
{
    size_t count = 1;
    out[0] = 1;
    if (!high) {
        for (; count <= RUNES_MAX && count <= word.len; count++) {
            out[count] = (unsigned char)word.ptr[count - 1];
        }
    } else {
        size_t pos = 0;
        while (count <= RUNES_MAX && ob_utf8_next(word, &pos, &out[count])) {
            count++;
        }
    }
    out[count] = 2;
    return count + 1;
}

/* Three to five characters in a row. They are most of all features; the slot spreads their bits. */
static void add_chars(obi_features *l, ob_span word, bool high)
{
    uint32_t letters[RUNES_MAX + 2];
    size_t count = letters_of(word, high, letters);
    if (l->count + 3 * count > OBI_MODEL_FEATURES_MAX) {
        return;
    }
    uint32_t *out = l->hashes + l->count;
    for (size_t i = 0; i + 3 <= count; i++) {
        uint32_t h = TAG_CHARS ^ letters[i];
        h = (h ^ h >> 15) * UINT32_C(0x85ebca6b) + letters[i + 1];
        h = (h ^ h >> 15) * UINT32_C(0x85ebca6b) + letters[i + 2];
        *out++ = h ^ h >> 15;
        if (i + 4 <= count) {
            h = (h ^ h >> 15) * UINT32_C(0x85ebca6b) + letters[i + 3];
            *out++ = h ^ h >> 15;
        }
        if (i + 5 <= count) {
            h = (h ^ h >> 15) * UINT32_C(0x85ebca6b) + letters[i + 4];
            *out++ = h ^ h >> 15;
        }
    }
    l->count = (size_t)(out - l->hashes);
}

static void add_words(obi_features *l, const obi_window *w)
{
    const obi_token *words = w->words;
    for (size_t i = 0; i < w->count; i++) {
        uint32_t h = words[i].hash;
        bool han = (words[i].flags & OBI_TOKEN_HAN) != 0;
        add(l, spread(TAG_WORD ^ h));
        if (i >= 1) {
            add(l, spread(TAG_PAIR ^ join(words[i - 1].hash, h)));
        }
        if (i >= 2 && !han) {
            add(l, spread(TAG_SKIP ^ join(words[i - 2].hash, h)));
        }
        if (i >= 2 && han && (words[i - 1].flags & words[i - 2].flags & OBI_TOKEN_HAN) != 0) {
            add(l, spread(TAG_TRIPLE ^ join(join(words[i - 2].hash, words[i - 1].hash), h)));
        }
        if ((words[i].gap & ~(uint32_t)PLAIN) != 0) {
            uint32_t signs = words[i].gap & ~(uint32_t)(PLAIN & ~OBI_GAP_LINE);
            add(l, spread(TAG_SIGN ^ signs));
            add(l, spread(TAG_SIGN_WORD ^ join(signs, h)));
        }
        if (!han) {
            add_chars(l, (ob_span){w->folded.ptr + words[i].at, words[i].len},
                      (words[i].flags & OBI_TOKEN_HIGH) != 0);
        }
    }
}

/* What share of all one is, in five steps: none, below a sixteenth, a quarter, a half, more. */
static uint32_t step_of(uint64_t part, uint64_t all)
{
    return part == 0 ? 0 : part * 16 < all ? 1 : part * 4 < all ? 2 : part * 2 < all ? 3 : 4;
}

static uint32_t log2_of(uint64_t number)
{
    uint32_t log = 0;
    while (number > 1) {
        number >>= 1;
        log++;
    }
    return log;
}

static void add_shape(obi_features *l, const obi_window *w)
{
    uint64_t of_flag[OB_COUNT(shapes)] = {0};
    uint64_t signs = 0;
    uint64_t letters = 0;
    uint64_t all = w->words[w->count - 1].end - w->words[0].start;
    for (size_t i = 0; i < w->count; i++) {
        const obi_token *word = &w->words[i];
        letters += word->end - word->start;
        signs += (word->gap & ~(uint32_t)PLAIN) != 0;
        for (size_t k = 0; k < OB_COUNT(shapes); k++) {
            of_flag[k] += (word->flags & shapes[k]) != 0;
        }
    }
    add(l, spread(TAG_SHAPE ^ log2_of(w->count)));
    add(l, spread(TAG_SHAPE ^ (0x100 + step_of((all > letters ? all - letters : 0) * 2, all))));
    add(l, spread(TAG_SHAPE ^ (0x200 + log2_of(letters * 2 / w->count))));
    add(l, spread(TAG_SHAPE ^ (0x280 + step_of(signs, w->count))));
    for (uint32_t k = 0; k < OB_COUNT(shapes); k++) {
        add(l, spread(TAG_SHAPE ^ (0x300 + k * 0x10 + step_of(of_flag[k], w->count))));
    }
}

static unsigned lowest(uint64_t bits)
{
    return (unsigned)__builtin_ctzll(bits);
}

/* Concepts in the order of the words that they begin at; of one word several, by number. */
static size_t concepts_of(const obi_meaning *m, size_t words, uint8_t concept[MEANINGS_MAX],
                          uint8_t at[MEANINGS_MAX])
{
    uint8_t of_word[OBI_WINDOW_WORDS] = {0};
    uint8_t start[OBI_WINDOW_WORDS + 1];
    size_t count = 0;
    for (uint64_t left = m->seen; left != 0; left &= left - 1) {
        for (uint64_t at_words = m->at[lowest(left)]; at_words != 0; at_words &= at_words - 1) {
            of_word[lowest(at_words)]++;
        }
    }
    for (size_t i = 0; i < words; i++) {
        start[i] = (uint8_t)(count < MEANINGS_MAX ? count : MEANINGS_MAX);
        count += of_word[i];
    }
    for (uint64_t left = m->seen; left != 0; left &= left - 1) {
        unsigned c = lowest(left);
        for (uint64_t at_words = m->at[c]; at_words != 0; at_words &= at_words - 1) {
            unsigned word = lowest(at_words);
            if (start[word] < MEANINGS_MAX) {
                concept[start[word]] = (uint8_t)c;
                at[start[word]++] = (uint8_t)word;
            }
        }
    }
    return count < MEANINGS_MAX ? count : MEANINGS_MAX;
}

static void add_meaning(obi_features *l, const obi_window *w, const obi_meaning *m)
{
    uint8_t concept[MEANINGS_MAX] = {0};
    uint8_t at[MEANINGS_MAX] = {0};
    uint64_t paired[OBI_CONCEPTS] = {0}; /* told once, however often they are there */
    uint64_t near[OBI_CONCEPTS] = {0};
    size_t count = concepts_of(m, w->count, concept, at);
    for (uint64_t left = m->seen; left != 0; left &= left - 1) {
        add(l, spread(TAG_MEANS ^ lowest(left)));
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t k = i + 1; k < count; k++) {
            uint64_t bit = (uint64_t)1 << concept[k];
            uint32_t pair = (uint32_t) concept[i] << 8 | concept[k];
            if ((paired[concept[i]] & bit) == 0) {
                paired[concept[i]] |= bit;
                add(l, spread(TAG_MEANS_PAIR ^ pair));
            }
            if (at[k] - at[i] <= NEAR_WORDS && (near[concept[i]] & bit) == 0) {
                near[concept[i]] |= bit;
                add(l, spread(TAG_MEANS_NEAR ^ pair));
            }
        }
        if (i + 2 < count && at[i + 2] - at[i] <= 2 * NEAR_WORDS) {
            add(l, spread(TAG_MEANS_TRIPLE ^ ((uint32_t) concept[i] << 16 |
                                              (uint32_t) concept[i + 1] << 8 | concept[i + 2])));
        }
    }
    l->heavy = l->count;
}

void obi_model_features(const obi_window *window, const obi_meaning *meaning,
                        obi_features *features)
{
    features->count = 0;
    features->heavy = 0;
    if (window->count == 0) {
        return;
    }
    /* The words last: the others must not fall off the end of a window of endless words. */
    add_meaning(features, window, meaning);
    add_shape(features, window);
    add_words(features, window);
}
