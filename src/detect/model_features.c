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
/* With what a text is about: so many for looking at, a concept and one of these so few words apart,
 * two of these. */
#define MATTERS_MAX   160
#define MATTER_WORDS  6
#define MATTERS_WORDS 3
/* Two words belong together, whatever they enclose, up to so many words apart. */
#define FAR_WORDS 5
/* Lines that begin in a window are counted up to here. */
#define LINES_MAX 7

_Static_assert((int)OBI_MEANS_EARLIER == OBI_MODEL_CONCEPTS, "all of concepts.def are features");

enum {
    TAG_WORD = 0x57314001,
    TAG_PAIR = 0x57324003,
    TAG_SKIP = 0x57334005,
    TAG_TRIPLE = 0x57344007,
    TAG_FIRST = 0x57364009,
    TAG_FAR = 0x5735400b,
    TAG_ROW = 0x5737400d,
    TAG_CHARS = 0x43314009,
    TAG_SHAPE = 0x5331400b,
    TAG_SIGN = 0x4731400d,
    TAG_SIGN_WORD = 0x4732400f,
    TAG_ITEM = 0x47334011,
    TAG_MEANS = 0x4d314011,
    TAG_MEANS_PAIR = 0x4d324013,
    TAG_MEANS_NEAR = 0x4d334015,
    TAG_MEANS_TRIPLE = 0x4d344017,
    TAG_MATTER = 0x41314019,
    TAG_MATTER_NEAR = 0x4132401b
};

/* What stands before every other word of any text. */
#define PLAIN                                                                                   \
    (OBI_GAP_BLANK | OBI_GAP_WIDE | OBI_GAP_COMMA | OBI_GAP_STOP | OBI_GAP_DOT | OBI_GAP_LINE | \
     OBI_GAP_PARAGRAPH | OBI_GAP_APOSTROPHE | OBI_GAP_START | OBI_GAP_DASH | OBI_GAP_BAD)

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

/* The part of a left one in what joins it to others. */
static uint32_t left_part(uint32_t left)
{
    return (left ^ left >> 15) * UINT32_C(0x9e3779b1);
}

static uint32_t join(uint32_t left, uint32_t right)
{
    return left_part(left) + right;
}

/* Where the features of a window go: into a list, or into a sum of their weights. */
typedef struct sink {
    uint32_t *hashes; /* NULL: the weights are summed up */
    const int8_t *weights;
    obi_model_words *known; /* NULL: none */
    unsigned bits;
    int32_t sum;
    size_t count;
} sink;

static sink sum_of(const obi_model *model)
{
    return (sink){.weights = model->parts.weights, .bits = model->parts.bits};
}

static inline void put(sink *to, uint32_t feature)
{
    if (to->hashes != NULL) {
        to->hashes[to->count] = feature;
    } else {
        to->sum += to->weights[obi_model_slot(feature, to->bits)];
    }
    to->count++;
}

static inline void add(sink *to, uint32_t feature)
{
    if (to->count < OBI_MODEL_FEATURES_MAX) {
        put(to, feature);
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

/* Three to five characters in a row. They are most of all features; the slot spreads their bits.
 * The sink is a copy here and comes back, so that the numbers of the caller's may stay in
 * registers. */
static sink with_rows(sink all, const uint32_t *letters, size_t count)
{
    sink *to = &all;
    for (size_t i = 0; i + 3 <= count; i++) {
        uint32_t h = TAG_CHARS ^ letters[i];
        h = (h ^ h >> 15) * UINT32_C(0x85ebca6b) + letters[i + 1];
        h = (h ^ h >> 15) * UINT32_C(0x85ebca6b) + letters[i + 2];
        put(to, h ^ h >> 15);
        if (i + 4 <= count) {
            h = (h ^ h >> 15) * UINT32_C(0x85ebca6b) + letters[i + 3];
            put(to, h ^ h >> 15);
        }
        if (i + 5 <= count) {
            h = (h ^ h >> 15) * UINT32_C(0x85ebca6b) + letters[i + 4];
            put(to, h ^ h >> 15);
        }
    }
    return all;
}

/* Words without end have no room for all of theirs. */
static bool has_room(const sink *to, size_t letters)
{
    return to->count + 3 * letters <= OBI_MODEL_FEATURES_MAX;
}

static inline void add_chars(sink *to, ob_span word, bool high)
{
    uint32_t letters[RUNES_MAX + 2];
    size_t count = letters_of(word, high, letters);
    if (has_room(to, count)) {
        *to = with_rows(*to, letters, count);
    }
}

/* The bytes of a word with zeros behind them. */
static void bytes_of(ob_span word, uint64_t bytes[OBI_MODEL_WORD / 8])
{
    size_t len = word.len;
    memcpy(bytes, word.ptr, OBI_MODEL_WORD);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    memset((char *)bytes + len, 0, OBI_MODEL_WORD - len);
#else
    if (len > 8) {
        bytes[1] = bytes[1] << (128 - 8 * len) >> (128 - 8 * len);
    } else {
        bytes[0] = len == 0 ? 0 : bytes[0] << (64 - 8 * len) >> (64 - 8 * len);
        bytes[1] = 0;
    }
#endif
}

/* What the characters of a word add, as it is kept. */
static obi_model_word word_of(sink one, const obi_token *word, ob_span text,
                              const uint64_t bytes[OBI_MODEL_WORD / 8])
{
    uint32_t letters[RUNES_MAX + 2];
    size_t count = letters_of(text, (word->flags & OBI_TOKEN_HIGH) != 0, letters);
    one.sum = 0;
    one.count = 0;
    one = with_rows(one, letters, count);
    return (obi_model_word){.bytes = {bytes[0], bytes[1]},
                            .sum = (int16_t)one.sum,
                            .letters = (uint8_t)count,
                            .features = (uint8_t)one.count};
}

/* It depends on the word alone, and most words come again. */
static inline void add_known(sink *to, const obi_token *word, ob_span text)
{
    uint64_t bytes[OBI_MODEL_WORD / 8];
    obi_model_word *known = &to->known->words[word->hash % OBI_MODEL_WORDS];
    bytes_of(text, bytes);
    if (known->bytes[0] != bytes[0] || known->bytes[1] != bytes[1]) {
        *known = word_of(*to, word, text, bytes);
    }
    if (has_room(to, known->letters)) {
        to->sum += known->sum;
        to->count += known->features;
    }
}

/* add, or put where it is known that there is room for all: one branch less a feature. */
static inline void note(sink *to, uint32_t h, bool room)
{
    if (room) {
        put(to, h);
    } else {
        add(to, h);
    }
}

/* Whether words from and from + 1 are Han characters. */
static inline bool are_han(const obi_token *words, size_t from)
{
    return (words[from].flags & words[from + 1].flags & OBI_TOKEN_HAN) != 0;
}

/* A character of Han text with those before it: two, four, and one left out. lefts: left_part of
 * each word. */
static inline void add_han(sink *to, const obi_token *words, const uint32_t *lefts, size_t i,
                           bool room)
{
    uint32_t h = words[i].hash;
    note(to, spread(TAG_SKIP ^ (lefts[i - 2] + h)), room);
    if (are_han(words, i - 2)) {
        uint32_t row = lefts[i - 2] + lefts[i - 1] + h;
        note(to, spread(TAG_TRIPLE ^ row), room);
        if (i >= 3 && (words[i - 3].flags & OBI_TOKEN_HAN) != 0) {
            note(to, spread(TAG_ROW ^ (lefts[i - 3] + row)), room);
        }
    }
}

/* A word with those before it. */
static inline void add_neighbours(sink *to, const obi_token *words, const uint32_t *lefts, size_t i,
                                  bool room)
{
    uint32_t h = words[i].hash;
    if (i >= 1) {
        note(to, spread(TAG_PAIR ^ (lefts[i - 1] + h)), room);
    }
    if (i >= 2 && (words[i].flags & OBI_TOKEN_HAN) != 0) {
        add_han(to, words, lefts, i, room);
        return;
    }
    if (i >= 2) {
        note(to, spread(TAG_SKIP ^ (lefts[i - 2] + h)), room);
    }
    if (i >= FAR_WORDS) { /* of most words, without a loop */
        note(to, spread(TAG_FAR ^ (lefts[i - 3] + h)), room);
        note(to, spread(TAG_FAR ^ (lefts[i - 4] + h)), room);
        note(to, spread(TAG_FAR ^ (lefts[i - 5] + h)), room);
        return;
    }
    for (size_t back = 3; back <= i; back++) {
        note(to, spread(TAG_FAR ^ (lefts[i - back] + h)), room);
    }
}

_Static_assert(FAR_WORDS == 5, "the farthest words are those of add_neighbours");

/* What stands before a word: signs, the end of a sentence, the dot of a list. */
static inline void add_signs(sink *to, const obi_token *word, bool first, bool room)
{
    const uint32_t dots = OBI_GAP_DASH | OBI_GAP_STAR | OBI_GAP_HASH;
    uint32_t gap = word->gap;
    if (gap <= OBI_GAP_BLANK && !first) {
        return; /* most words */
    }
    if (first || (gap & (OBI_GAP_STOP | OBI_GAP_LINE)) != 0) {
        note(to, spread(TAG_FIRST ^ word->hash), room);
    }
    if ((gap & OBI_GAP_LINE) != 0 && (gap & dots) != 0) {
        note(to, spread(TAG_ITEM), room);
        note(to, spread(TAG_ITEM ^ word->hash), room);
    }
    if ((gap & ~(uint32_t)PLAIN) != 0) {
        uint32_t signs = gap & ~(uint32_t)(PLAIN & ~OBI_GAP_LINE);
        note(to, spread(TAG_SIGN ^ signs), room);
        note(to, spread(TAG_SIGN_WORD ^ join(signs, word->hash)), room);
    }
}

/* room: there is room for all. The sink is a copy, so that its numbers may stay in registers. */
static inline void add_words(sink *to, const obi_window *w, bool room)
{
    OB_UNSET uint32_t lefts[OBI_WINDOW_WORDS];
    const obi_token *words = w->words;
    sink all = *to;
    for (size_t i = 0; i < w->count; i++) {
        ob_span text = {w->folded.ptr + words[i].at, words[i].len};
        lefts[i] = left_part(words[i].hash);
        note(&all, spread(TAG_WORD ^ words[i].hash), room);
        add_neighbours(&all, words, lefts, i, room);
        add_signs(&all, &words[i], i == 0, room);
        if ((words[i].flags & OBI_TOKEN_HAN) != 0) {
            continue;
        }
        if (all.known != NULL && text.len <= OBI_MODEL_WORD) {
            add_known(&all, &words[i], text);
        } else {
            add_chars(&all, text, (words[i].flags & OBI_TOKEN_HIGH) != 0);
        }
    }
    *to = all;
}

/* At most so many features has a word, but for its characters: itself, two or five with others, the
 * first of a line, two of a list, two of signs. */
#define OF_WORD 11

/* Whether there is room for all features of the words. */
static bool has_room_for(const sink *to, const obi_window *w)
{
    const obi_token *last = &w->words[w->count - 1];
    size_t letters = (size_t)last->at - w->words[0].at + last->len + 2 * w->count;
    return to->count + OF_WORD * w->count + 3 * letters <= OBI_MODEL_FEATURES_MAX;
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

static void add_shape(sink *to, const obi_window *w)
{
    uint64_t of_flag[16] = {0}; /* by the number of the bit */
    uint32_t all_shapes = 0;
    uint64_t signs = 0;
    uint32_t lines = 0;
    uint64_t letters = 0;
    uint64_t all = w->words[w->count - 1].end - w->words[0].start;
    for (size_t k = 0; k < OB_COUNT(shapes); k++) {
        all_shapes |= shapes[k];
    }
    for (size_t i = 0; i < w->count; i++) {
        const obi_token *word = &w->words[i];
        letters += word->end - word->start;
        signs += (word->gap & ~(uint32_t)PLAIN) != 0;
        lines += (word->gap & OBI_GAP_LINE) != 0;
        for (uint32_t left = word->flags & all_shapes; left != 0; left &= left - 1) {
            of_flag[__builtin_ctz(left)]++;
        }
    }
    add(to, spread(TAG_SHAPE ^ log2_of(w->count)));
    add(to, spread(TAG_SHAPE ^ (0x100 + step_of((all > letters ? all - letters : 0) * 2, all))));
    add(to, spread(TAG_SHAPE ^ (0x200 + log2_of(letters * 2 / w->count))));
    add(to, spread(TAG_SHAPE ^ (0x280 + step_of(signs, w->count))));
    add(to, spread(TAG_SHAPE ^ (0x290 + (lines < LINES_MAX ? lines : LINES_MAX))));
    for (uint32_t k = 0; k < OB_COUNT(shapes); k++) {
        add(to, spread(TAG_SHAPE ^
                       (0x300 + k * 0x10 + step_of(of_flag[__builtin_ctz(shapes[k])], w->count))));
    }
}

static unsigned lowest(uint64_t bits)
{
    return (unsigned)__builtin_ctzll(bits);
}

_Static_assert(OBI_MODEL_CONCEPTS == 64, "those of matter.def begin a new number of bits");

/* Words at which a concept begins: one of concepts.def, or behind those one of matter.def. */
static uint64_t words_of(const obi_meaning *m, unsigned concept)
{
    return concept < OBI_MODEL_CONCEPTS ? m->at[concept]
                                        : m->matter.at[concept - OBI_MODEL_CONCEPTS];
}

/* Concepts in the order of the words that they begin at; of one word several, by number. */
typedef struct meanings {
    size_t count;
    uint8_t concept[MATTERS_MAX];
    uint8_t at[MATTERS_MAX];
} meanings;

/* Those of both kinds that a window has; bit i of the first is concept i. */
typedef struct kinds {
    uint64_t of[(OBI_MODEL_CONCEPTS + OBI_MATTERS + 63) / 64];
} kinds;

/* Takes the lowest one out; false: there is none. */
static bool next_kind(kinds *left, unsigned *concept)
{
    for (unsigned i = 0; i < OB_COUNT(left->of); i++) {
        if (left->of[i] != 0) {
            *concept = 64 * i + lowest(left->of[i]);
            left->of[i] &= left->of[i] - 1;
            return true;
        }
    }
    return false;
}

/* The first concepts of a window that are among those wanted; most of them at most. */
static void put_in_order(const obi_meaning *m, const kinds *wanted, size_t most, meanings *out)
{
    uint8_t of_word[OBI_WINDOW_WORDS] = {0};
    OB_UNSET uint8_t start[OBI_WINDOW_WORDS];
    uint64_t begun = 0; /* words that a concept begins at */
    size_t count = 0;
    unsigned c = 0;
    for (kinds some = *wanted; next_kind(&some, &c);) {
        begun |= words_of(m, c);
        for (uint64_t left = words_of(m, c); left != 0; left &= left - 1) {
            of_word[lowest(left)]++;
        }
    }
    for (uint64_t left = begun; left != 0; left &= left - 1) {
        unsigned i = lowest(left);
        start[i] = (uint8_t)(count < most ? count : most);
        count += of_word[i];
    }
    for (kinds some = *wanted; next_kind(&some, &c);) {
        for (uint64_t left = words_of(m, c); left != 0; left &= left - 1) {
            unsigned word = lowest(left);
            if (start[word] < most) {
                out->concept[start[word]] = (uint8_t)c;
                out->at[start[word]++] = (uint8_t)word;
            }
        }
    }
    out->count = count < most ? count : most;
}

/* Those of the concepts of a window that the model knows. */
static uint64_t known_of(const obi_meaning *m)
{
    return (uint64_t)m->seen;
}

static void add_meaning(sink *to, const obi_meaning *m)
{
    OB_UNSET meanings all;
    OB_UNSET uint64_t paired[OBI_MODEL_CONCEPTS]; /* told once, however often they are there */
    OB_UNSET uint64_t near[OBI_MODEL_CONCEPTS];
    uint64_t known = known_of(m);
    if (known == 0) {
        return;
    }
    put_in_order(m, &(kinds){.of = {known}}, MEANINGS_MAX, &all);
    for (uint64_t left = known; left != 0; left &= left - 1) {
        paired[lowest(left)] = 0;
        near[lowest(left)] = 0;
        add(to, spread(TAG_MEANS ^ lowest(left)));
    }
    const uint8_t *concept = all.concept;
    const uint8_t *at = all.at;
    for (size_t i = 0; i < all.count; i++) {
        for (size_t k = i + 1; k < all.count; k++) {
            /* The analyser does not see that put_in_order has filled as many as it counts. */
            /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
            uint64_t bit = (uint64_t)1 << concept[k];
            uint32_t pair = (uint32_t) concept[i] << 8 | concept[k];
            if ((paired[concept[i]] & bit) == 0) {
                paired[concept[i]] |= bit;
                add(to, spread(TAG_MEANS_PAIR ^ pair));
            }
            if (at[k] - at[i] <= NEAR_WORDS && (near[concept[i]] & bit) == 0) {
                near[concept[i]] |= bit;
                add(to, spread(TAG_MEANS_NEAR ^ pair));
            }
        }
        if (i + 2 < all.count && at[i + 2] - at[i] <= 2 * NEAR_WORDS) {
            add(to, spread(TAG_MEANS_TRIPLE ^ ((uint32_t) concept[i] << 16 |
                                               (uint32_t) concept[i + 1] << 8 | concept[i + 2])));
        }
    }
}

/* What the text is about: each concept, and those of both kinds that are close to it. */
static void add_matter(sink *to, const obi_meaning *m)
{
    enum {
        KINDS = OBI_MODEL_CONCEPTS + OBI_MATTERS
    };

    OB_UNSET meanings all;
    uint64_t told[KINDS][(KINDS + 63) / 64] = {0};
    kinds wanted = {.of = {known_of(m)}};
    for (unsigned c = 0; c < OBI_MATTERS; c++) {
        if (m->matter.at[c] != 0) {
            wanted.of[1 + c / 64] |= (uint64_t)1 << c % 64;
            add(to, spread(TAG_MATTER ^ c));
        }
    }
    put_in_order(m, &wanted, MATTERS_MAX, &all);
    for (size_t i = 0; i < all.count; i++) {
        unsigned first = all.concept[i];
        for (size_t k = i + 1; k < all.count && all.at[k] - all.at[i] <= MATTER_WORDS; k++) {
            unsigned second = all.concept[k];
            bool matter[] = {first >= OBI_MODEL_CONCEPTS, second >= OBI_MODEL_CONCEPTS};
            uint64_t bit = (uint64_t)1 << second % 64;
            bool close = matter[0] != matter[1] || all.at[k] - all.at[i] <= MATTERS_WORDS;
            if ((!matter[0] && !matter[1]) || !close || first == second ||
                (told[first][second / 64] & bit) != 0) {
                continue;
            }
            told[first][second / 64] |= bit;
            add(to, spread(TAG_MATTER_NEAR ^ (first << 8 | second)));
        }
    }
}

void obi_model_features(const obi_window *window, const obi_meaning *meaning,
                        obi_features *features)
{
    sink to = {.hashes = features->hashes};
    features->count = 0;
    features->heavy = 0;
    if (window->count == 0) {
        return;
    }
    /* The words last: the others must not fall off the end of a window of endless words. */
    add_meaning(&to, meaning);
    features->heavy = to.count;
    add_matter(&to, meaning);
    add_shape(&to, window);
    add_words(&to, window, false);
    features->count = to.count;
}

obi_model_sum obi_model_light(const obi_model *model, obi_model_words *known,
                              const obi_window *window)
{
    sink to = sum_of(model);
    to.known = known;
    add_shape(&to, window);
    if (known != NULL && has_room_for(&to, window)) {
        add_words(&to, window, true);
    } else {
        add_words(&to, window, false);
    }
    return (obi_model_sum){.light = to.sum, .squares = to.count};
}

void obi_model_heavy(const obi_model *model, const obi_window *window, const obi_meaning *meaning,
                     bool matter, obi_model_sum *sum)
{
    sink to = sum_of(model);
    add_meaning(&to, meaning);
    sum->heavy = to.sum;
    size_t heavy = to.count;
    to.sum = 0;
    if (matter) {
        add_matter(&to, meaning);
    }
    if (sum->squares + to.count + (size_t)3 * (RUNES_MAX + 2) > OBI_MODEL_FEATURES_MAX) {
        /* Some of a window of endless words has no room beside the meaning. */
        sum->light = 0;
        sum->squares = 0;
        add_shape(&to, window);
        add_words(&to, window, false);
    }
    sum->light += to.sum;
    sum->squares += to.count - heavy;
    sum->squares = obi_model_squares(sum->squares + heavy, heavy);
}
