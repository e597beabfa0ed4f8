/* SPDX-License-Identifier: Apache-2.0 */
#include "map/ask_words.h"

#include <string.h>

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80;
}

static unsigned char lower(char c)
{
    unsigned char u = (unsigned char)c;
    return u >= 'A' && u <= 'Z' ? (unsigned char)(u + 32) : u;
}

bool obi_next_word(ob_span text, size_t *at, char out[OBI_WORD_MAX], size_t *length)
{
    size_t used = 0;
    while (*at < text.len && !is_letter(lower(text.ptr[*at]))) {
        (*at)++;
    }
    if (*at == text.len) {
        return false;
    }
    for (; *at < text.len && is_letter(lower(text.ptr[*at])); (*at)++) {
        if (used < OBI_WORD_MAX) {
            out[used++] = (char)lower(text.ptr[*at]);
        }
    }
    /* "agents" is "agent"; "access" and "analysis" stay. */
    bool plural = used > 3 && out[used - 1] == 's' && strchr("sui", out[used - 2]) == NULL;
    *length = used - plural;
    return true;
}

typedef struct maker {
    ob_arena *arena;
    obi_title_word *words;
    uint32_t *slots; /* number + 1; 0: free */
    uint32_t mask;
    uint32_t count;
} maker;

static bool number_of(maker *m, ob_span word, uint32_t *number, ob_err *err)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < word.len; i++) {
        hash = (hash ^ (unsigned char)word.ptr[i]) * 16777619u;
    }
    uint32_t at = hash & m->mask;
    while (m->slots[at] != 0 && !ob_span_is(m->words[m->slots[at] - 1].text, word)) {
        at = (at + 1) & m->mask;
    }
    if (m->slots[at] == 0) {
        m->words[m->count].text = word;
        if (!ob_arena_dup(m->arena, word, &m->words[m->count].text, err)) {
            return false;
        }
        m->slots[at] = ++m->count;
    }
    *number = m->slots[at] - 1;
    return true;
}

/* How many words all titles have together, short ones included. */
static size_t most_words(const ob_span *texts, uint32_t count)
{
    size_t most = 1;
    for (uint32_t i = 0; i < count; i++) {
        ob_span title = texts[i];
        bool within = false;
        for (size_t k = 0; k < title.len; k++) {
            bool letter = is_letter(lower(title.ptr[k]));
            most += letter && !within;
            within = letter;
        }
    }
    return most;
}

static bool read_title(maker *m, ob_span title, uint32_t *numbers, uint32_t start, uint32_t *used,
                       ob_err *err)
{
    char word[OBI_WORD_MAX];
    size_t length = 0;
    for (size_t at = 0; obi_next_word(title, &at, word, &length);) {
        uint32_t number = 0;
        bool again = false;
        if (length < 3) {
            continue;
        }
        if (!number_of(m, (ob_span){word, length}, &number, err)) {
            return false;
        }
        for (uint32_t i = start; i < *used; i++) {
            again = again || numbers[i] == number;
        }
        if (!again) {
            numbers[(*used)++] = number;
            m->words[number].count++;
        }
    }
    return true;
}

static bool turn_around(obi_words *words, ob_arena *arena, uint32_t activities, ob_err *err)
{
    uint32_t *first = OB_NEW(arena, uint32_t, (size_t)words->count + 1, err);
    uint32_t *titles = OB_NEW(arena, uint32_t, (size_t)words->first[activities] + 1, err);
    if (first == NULL || titles == NULL) {
        return false;
    }
    for (uint32_t w = 0; w < words->count; w++) {
        first[w + 1] = first[w] + words->words[w].count;
    }
    /* Filled from the back, so that each start is right again at the end. */
    for (uint32_t i = activities; i-- > 0;) {
        for (uint32_t n = words->first[i]; n < words->first[i + 1]; n++) {
            titles[--first[words->numbers[n] + 1]] = i;
        }
    }
    for (uint32_t w = 0; w < words->count; w++) {
        first[w] = first[w + 1];
    }
    first[words->count] = words->first[activities];
    words->titles_first = first;
    words->titles = titles;
    return true;
}

bool obi_words_make(obi_words *words, ob_arena *arena, const ob_map *map, ob_err *err)
{
    ob_span *titles = OB_NEW(arena, ob_span, (size_t)map->inside_count + 1, err);
    for (uint32_t i = 0; titles != NULL && i < map->inside_count; i++) {
        titles[i] = map->activities[i].title;
    }
    return titles != NULL && obi_words_of(words, arena, titles, map->inside_count, err);
}

bool obi_words_of(obi_words *words, ob_arena *arena, const ob_span *texts, uint32_t count,
                  ob_err *err)
{
    size_t most = most_words(texts, count);
    size_t slots = 64;
    while (slots < most * 2) {
        slots *= 2;
    }
    maker m = {.arena = arena, .mask = (uint32_t)(slots - 1)};
    m.words = OB_NEW(arena, obi_title_word, most, err);
    m.slots = m.words == NULL ? NULL : OB_NEW(arena, uint32_t, slots, err);
    uint32_t *numbers = m.slots == NULL ? NULL : OB_NEW(arena, uint32_t, most, err);
    uint32_t *first = numbers == NULL ? NULL : OB_NEW(arena, uint32_t, (size_t)count + 1, err);
    uint32_t used = 0;
    for (uint32_t i = 0; first != NULL && i < count; i++) {
        first[i] = used;
        if (!read_title(&m, texts[i], numbers, used, &used, err)) {
            return false;
        }
    }
    if (first == NULL) {
        return false;
    }
    first[count] = used;
    *words = (obi_words){.words = m.words, .count = m.count, .first = first, .numbers = numbers};
    return turn_around(words, arena, count, err);
}

bool obi_sorts_make(const ob_sort **sorts, ob_arena *arena, const ob_map *map, ob_err *err)
{
    struct {
        ob_span kind;
        ob_sort sort;
    } known[64];

    size_t count = 0;
    ob_sort *made = OB_NEW(arena, ob_sort, (size_t)map->inside_count + 1, err);
    for (uint32_t i = 0; made != NULL && i < map->inside_count; i++) {
        ob_span kind = map->activities[i].kind;
        size_t at = 0;
        while (at < count && !ob_span_is(known[at].kind, kind)) {
            at++;
        }
        made[i] = at < count ? known[at].sort : ob_sort_of(kind);
        if (at == count && count < OB_COUNT(known)) {
            known[count].kind = kind;
            known[count++].sort = made[i];
        }
    }
    *sorts = made;
    return made != NULL;
}
