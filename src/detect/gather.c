/* SPDX-License-Identifier: Apache-2.0 */
/* The words of the reader, gathered into windows. */
#include "detect/gather_core.h"

/* A sentence of fewer words stays in the next window together with the one before it. */
#define SHORT_WORDS 8

void obi_gather_start(obi_gather *g, const obi_model *model)
{
    g->model = model;
    g->words = g->store;
    g->count = 0;
    g->fresh = 0;
    g->len = 0;
    g->key = 0;
    g->weight = 0;
    g->gate = 0;
    g->gate_before = 0;
    g->begins = 0;
    g->lines = 0;
    g->weighing = 0;
    g->odd = 0;
    g->single = 0;
}

bool obi_gather_ready(const obi_gather *g, const obi_token *token)
{
    return g->count == OBI_WINDOW_WORDS || (g->count > g->fresh && obi_begins_sentence(token));
}

/* What a word may mean; of two and three Han characters in a row it is noted for the first. */
static void weigh(obi_gather *g, const obi_lexicon *lexicon, const obi_token *word, size_t i)
{
    uint32_t before = g->key;
    g->key = obi_key(word, g->folded + word->at);
    uint64_t pair = obi_key_pair(before, g->key);
    if ((word->flags & OBI_TOKEN_HAN) != 0) {
        bool after = i > 0 && (word[-1].flags & OBI_TOKEN_HAN) != 0;
        if (after) {
            obi_weigh_at(g, i - 1, obi_lexicon_weight(lexicon, pair));
        }
        if (after && i > 1 && (word[-2].flags & OBI_TOKEN_HAN) != 0) {
            uint64_t first = obi_key_pair(word[-2].hash, word[-1].hash);
            obi_weigh_at(g, i - 2, obi_lexicon_weight(lexicon, obi_key_three(first, word->hash)));
        }
        return;
    }
    if (obi_may_weigh(lexicon, g->key, pair, word->gap)) {
        obi_weigh_at(g, i, obi_weigh(lexicon, g->key, pair, word->gap));
    }
}

void obi_gather_add(obi_gather *g, const obi_lexicon *lexicon, const obi_token *token,
                    const char *folded)
{
    size_t i = g->count;
    obi_token *word = &g->words[i];
    bool joined = i > 0 && (word[-1].flags & token->flags & OBI_TOKEN_HAN) != 0;
    if (!joined) {
        g->folded[g->len++] = ' ';
    }
    if (i == g->fresh || obi_begins_sentence(token)) {
        g->begins |= (uint64_t)1 << i;
    }
    if (word != token) {
        *word = *token;
    }
    word->at = (uint16_t)g->len;
    /* A fixed size is one instruction, and most words are short. */
    memcpy(g->folded + g->len, folded, 16);
    if (token->len > 16) {
        memcpy(g->folded + g->len + 16, folded + 16, OBI_TOKEN_MAX - 16);
    }
    obi_note_gap(g, i, word->gap);
    g->odd |= (uint64_t)(word->len >= OBI_RUN_LETTERS) << i;
    g->single |= (uint64_t)(word->len == 1) << i;
    weigh(g, lexicon, word, i);
    if (g->model != NULL) {
        uint32_t before = i == 0 ? 0 : word[-1].hash;
        g->gate = (uint16_t)(g->gate + obi_model_gate_word(g->model, before, word->hash));
    }
    word->gate = g->gate;
    g->len += word->len;
    g->count++;
}

/* The language by script, else by how many small words of it there are. */
unsigned obi_window_lang(const obi_window *window, const obi_lexicon *lexicon)
{
    unsigned counts[OBI_LANGS] = {0};
    unsigned best = OBI_LANG_OTHER;
    for (size_t i = 0; i < window->count; i++) {
        uint32_t is = window->words[i].flags;
        if ((is & OBI_TOKEN_HAN) != 0) {
            counts[OBI_LANG_ZH]++;
            counts[OBI_LANG_JA] += (is & OBI_TOKEN_KANA) != 0 ? 3 : 0;
        } else if ((is & (OBI_TOKEN_CYRILLIC | OBI_TOKEN_ARABIC | OBI_TOKEN_HANGUL)) != 0) {
            counts[OBI_LANG_RU] += (is & OBI_TOKEN_CYRILLIC) != 0 ? 2 : 0;
            counts[OBI_LANG_AR] += (is & OBI_TOKEN_ARABIC) != 0 ? 2 : 0;
            counts[OBI_LANG_KO] += (is & OBI_TOKEN_HANGUL) != 0 ? 2 : 0;
        } else {
            counts[obi_lexicon_lang(lexicon, window->words[i].hash)] += 2;
        }
    }
    for (unsigned i = OBI_LANG_EN; i < OBI_LANGS; i++) {
        best = counts[i] > (best == OBI_LANG_OTHER ? 0 : counts[best]) ? i : best;
    }
    return best;
}

obi_window obi_gather_window(const obi_gather *g)
{
    return (obi_window){.words = g->words,
                        .count = g->count,
                        .folded = {g->folded, g->len},
                        .fresh = g->fresh,
                        .gate = obi_gather_gate(g)};
}

/* The highest of them; there is one. */
static size_t last_of(uint64_t words)
{
    return 63U - (size_t)__builtin_clzll(words);
}

/* The word from which on the next window goes on. */
static size_t kept_from(const obi_gather *g)
{
    uint64_t begins = g->begins;
    size_t last = begins == 0 ? 0 : last_of(begins);
    if (g->count == OBI_WINDOW_WORDS && last < OBI_WINDOW_WORDS / 2) {
        return OBI_WINDOW_WORDS / 2; /* a long sentence */
    }
    size_t from = last;
    for (; begins != 0 && g->count - from < SHORT_WORDS; begins &= ~((uint64_t)1 << last)) {
        last = last_of(begins);
        if (g->count - last <= OBI_WINDOW_WORDS / 2) {
            from = last;
        }
    }
    return from;
}

/* The words go on from the beginning of the room for them. */
static void make_room(obi_gather *g)
{
    size_t bytes = g->count == 0 ? g->len : g->words[0].at;
    memmove(g->store, g->words, g->count * sizeof g->store[0]);
    memmove(g->folded, g->folded + bytes, g->len - bytes);
    g->len -= bytes;
    g->words = g->store;
    for (size_t i = 0; i < g->count; i++) {
        g->words[i].at = (uint16_t)(g->words[i].at - bytes);
    }
}

/* The sums of the words that are kept. */
static void sum_up(obi_gather *g)
{
    g->weight = 0;
    for (uint64_t left = g->weighing; left != 0; left &= left - 1) {
        g->weight += g->words[__builtin_ctzll(left)].weight;
    }
    g->gate_before = g->gate;
    if (g->model != NULL && g->count > 0) {
        /* Nothing stands before the first one any more. */
        const obi_token *word = &g->words[0];
        g->gate_before = (uint16_t)(word->gate - obi_model_gate_word(g->model, 0, word->hash));
    }
}

void obi_gather_shift(obi_gather *g)
{
    size_t from = kept_from(g);
    g->count -= from;
    g->words += from;
    if (g->words > g->store + OBI_WINDOW_WORDS) {
        make_room(g);
    }
    g->begins >>= from; /* a word is kept, so it is below 64 */
    g->lines >>= from;
    g->weighing >>= from;
    g->odd >>= from;
    g->single >>= from;
    sum_up(g);
    g->fresh = g->count;
}
