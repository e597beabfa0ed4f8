/* SPDX-License-Identifier: Apache-2.0 */
/* The words of all titles, numbered; only questions include this. */
#ifndef OB_MAP_ASK_WORDS_H
#define OB_MAP_ASK_WORDS_H

#include "map/ask.h"

typedef struct obi_title_word {
    ob_span text;   /* as it first stood, folded to lower case, without a plural s */
    uint32_t count; /* titles that have it */
} obi_title_word;

typedef struct obi_words {
    const obi_title_word *words;
    uint32_t count;
    const uint32_t
        *first; /* words of activity i: numbers[first[i]] up to first[i + 1], each once */
    const uint32_t *numbers;
    const uint32_t *titles_first; /* activities with word w, likewise */
    const uint32_t *titles;
} obi_words;

/* Words of three letters and more, in titles of activities that are not external. */
OB_MUST bool obi_words_make(obi_words *words, ob_arena *arena, const ob_map *map, ob_err *err);
/* The same of any texts, one an activity; they must stay as long as the words do. */
OB_MUST bool obi_words_of(obi_words *words, ob_arena *arena, const ob_span *texts, uint32_t count,
                          ob_err *err);

/* The next word of a text, folded into out; false at its end. */
#define OBI_WORD_MAX 40
bool obi_next_word(ob_span text, size_t *at, char out[OBI_WORD_MAX], size_t *length);

/* The sort of each activity that is not external: kinds are few, so each is looked up once. */
OB_MUST bool obi_sorts_make(const ob_sort **sorts, ob_arena *arena, const ob_map *map, ob_err *err);

#endif
