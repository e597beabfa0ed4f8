/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model: how much the words of a window look like an attack. It is linear over hashed features:
 *
 *   words      each word; two words in a row; two words with up to four between them; the first
 *              one of a sentence or line; of Han, where a character is a word, two with one between
 *              them, and three and four in a row
 *   characters three to five in a row within a word, whose ends count as characters
 *   meaning    concepts of the lexicon that the window has, two of them in their order, three that
 *              follow each other: the same in all languages. These count twice
 *   matter     concepts of what any text may be about (matter.h), each, two close together, and one
 *              close to one of the lexicon
 *   signs      what stands before a word, where that is more than a blank or a comma, alone and
 *              together with the word; the dots and dashes of lists
 *   shape      how many words and lines, how long words are, how many are capitals, digits, hidden
 *              or within quotes, of which scripts, how much stands between words
 *
 * A feature's hash picks one of 2^bits weights of 8 bits. The raw score is their sum divided by the
 * length of the row of what they count (the square root of the sum of squares), so that long
 * windows do not win by their length. The language of the window then says how that becomes
 * log-odds (calibration).
 *
 * Before that, the gate: a small table of word weights that is summed up first. Windows whose sum
 * stays low, nearly all of honest texts, are not looked at any further. What this loses is measured
 * in training (doc/model-card.md).
 *
 * A model is made by "ombud scan train", never changes and may be used by many threads. Its score
 * is a function of the window and the file alone: sums are integers, and the one square root and
 * division are exact to the last bit by IEEE 754.
 */
#ifndef OB_DETECT_MODEL_H
#define OB_DETECT_MODEL_H

#include "detect/lexicon.h"

#include <ombud/buf.h>

/* What the features are. Another number: weights for older features mean nothing. */
#define OBI_MODEL_FEATURES 3
/* So many of the concepts are features, the first ones. */
#define OBI_MODEL_CONCEPTS 64
#define OBI_MODEL_BITS_MIN 12
#define OBI_MODEL_BITS_MAX 18
#define OBI_MODEL_GATE_MIN 10
#define OBI_MODEL_GATE_MAX 16
#define OBI_MODEL_NOTE_MAX 200
#define OBI_MODEL_FILE_MAX ((size_t)1 << 20)
/* Of a window; further ones are not counted. */
#define OBI_MODEL_FEATURES_MAX 4096
/* A score that says nothing, where the gate was silent: below every score. */
#define OBI_MODEL_SILENT    (-1500)
#define OBI_MODEL_SCORE_MAX 1500

/* log-odds = bias + slope * raw, both in 1/65536. Never above: slopes are positive. */
typedef struct obi_model_line {
    int32_t bias;
    int32_t slope;
} obi_model_line;

/* What a file holds (model_file.c says how). Pointers borrow from the model. */
typedef struct obi_model_parts {
    unsigned bits;      /* 2^bits weights */
    unsigned gate_bits; /* 2^gate_bits word weights */
    int32_t gate_least; /* the least sum of word weights that opens the gate */
    obi_model_line lines[OBI_LANGS];
    const int8_t *weights;
    const int8_t *gate;
    ob_span note; /* one line for people: from what it was trained */
} obi_model_parts;

typedef struct obi_model {
    obi_model_parts parts;
} obi_model;

/* Reads a file of ombud scan train. OB_ERR_INPUT with one sentence for what is none, is damaged, or
 * was made for other features. The bytes are copied to arena. */
OB_MUST bool obi_model_read(obi_model **model, ob_arena *arena, ob_span bytes, ob_err *err);
/* The model that is part of the library. */
OB_MUST bool obi_model_shipped(obi_model **model, ob_arena *arena, ob_err *err);
/* Appends the file of a model. */
OB_MUST bool obi_model_write(const obi_model_parts *parts, ob_buf *out, ob_err *err);

/* Slots of the gate: of a word, and of two words in a row. */
static inline uint32_t obi_model_gate_slot(uint32_t hash, unsigned bits)
{
    return (hash * UINT32_C(0x9e3779b1)) >> (32 - bits);
}

static inline uint32_t obi_model_gate_pair(uint32_t before, uint32_t hash, unsigned bits)
{
    return ((before ^ before >> 15) * UINT32_C(0x85ebca6b) + hash * UINT32_C(0x9e3779b1)) >>
           (32 - bits);
}

/* What a word adds to the sum that opens the gate, -256 to 254; before: the hash of the word before
 * it in the window, 0 where there is none. */
static inline int obi_model_gate_word(const obi_model *model, uint32_t before, uint32_t hash)
{
    const int8_t *gate = model->parts.gate;
    unsigned bits = model->parts.gate_bits;
    return gate[obi_model_gate_slot(hash, bits)] + gate[obi_model_gate_pair(before, hash, bits)];
}

/* Words of so many bytes are kept, with what their characters add to a sum; so many words. */
#define OBI_MODEL_WORD  16
#define OBI_MODEL_WORDS 2048

typedef struct obi_model_word {
    uint64_t bytes[OBI_MODEL_WORD / 8]; /* folded; zeros behind it. All zeros: free */
    int16_t sum;
    uint8_t letters; /* with its two ends */
    uint8_t features;
} obi_model_word;

/* What one scanner has met of late, by hash. Zeros: nothing. */
typedef struct obi_model_words {
    obi_model_word words[OBI_MODEL_WORDS];
} obi_model_words;

/* Whether the window is worth a score. */
bool obi_model_gate(const obi_model *model, const obi_window *window);
/* Hundredths of log-odds that the window is an attack, where both are equally likely beforehand;
 * within OBI_MODEL_SILENT and OBI_MODEL_SCORE_MAX. Does not ask the gate. known: of this model, or
 * NULL; it changes how long it takes and nothing else. */
int obi_model_score(const obi_model *model, obi_model_words *known, const obi_window *window,
                    const obi_meaning *meaning);
/* How much a feature of the meaning counts, beside 1 of all others. */
#define OBI_MODEL_HEAVY 2

/* The features of a window as hashes of 32 bits; one may come several times. */
typedef struct obi_features {
    uint32_t hashes[OBI_MODEL_FEATURES_MAX];
    size_t count;
    size_t heavy; /* so many of them, the first ones, count OBI_MODEL_HEAVY */
} obi_features;

/* For training: what obi_model_score sums up. */
void obi_model_features(const obi_window *window, const obi_meaning *meaning,
                        obi_features *features);

/* The sum of the squares of what features count, each for itself. */
static inline size_t obi_model_squares(size_t count, size_t heavy)
{
    return count + heavy * (OBI_MODEL_HEAVY * OBI_MODEL_HEAVY - 1);
}

/* The weights of the features of a window, summed up. */
typedef struct obi_model_sum {
    int32_t heavy;
    int32_t light;
    size_t squares;
} obi_model_sum;

/* Of all but meaning and matter; squares is how many. known as for obi_model_score; with it,
 * OBI_MODEL_WORD bytes can be read behind the folded ones. */
obi_model_sum obi_model_light(const obi_model *model, obi_model_words *known,
                              const obi_window *window);
/* Adds what meaning gives to the sum of obi_model_light, and its matter if that was read. */
void obi_model_heavy(const obi_model *model, const obi_window *window, const obi_meaning *meaning,
                     bool matter, obi_model_sum *sum);
/* The score of a whole sum, as obi_model_score gives it. */
int obi_model_odds(const obi_model *model, unsigned lang, const obi_model_sum *sum);

/* The weight that belongs to a feature. */
static inline uint32_t obi_model_slot(uint32_t feature, unsigned bits)
{
    return (feature * UINT32_C(2654435769)) >> (32 - bits);
}

#endif
