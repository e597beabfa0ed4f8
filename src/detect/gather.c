/* SPDX-License-Identifier: Apache-2.0 */
/* The words of the reader, gathered into windows. */
#include "detect/gather_core.h"

/* A sentence of fewer words stays in the next window together with the one before it. */
#define SHORT_WORDS 8

void obi_gather_start(obi_gather *g, const obi_model *model)
{
    g->model = model;
    g->odd = 0;
    g->base = 0;
    g->words = g->store;
    g->count = 0;
    g->fresh = 0;
    g->len = 0;
    g->sentence_count = 0;
    g->weight = 0;
    g->gate = 0;
    g->key = 0;
    g->han[0] = 0;
    g->han[1] = 0;
}

bool obi_gather_ready(const obi_gather *g, const obi_token *token)
{
    return g->count == OBI_WINDOW_WORDS || (g->count > g->fresh && obi_begins_sentence(token));
}

uint64_t obi_gather_odd_key(const obi_token *token, const char *folded)
{
    char plain[OBI_TOKEN_MAX + 8];
    if ((token->flags & OBI_TOKEN_LETTER) == 0) {
        return 0;
    }
    size_t len = obi_plain((ob_span){folded, token->len}, token->flags, plain);
    return obi_key(plain, len);
}

/* A Han character comes, as its bytes; 0: one of the few that have four, of which nothing is known.
 */
static void weigh_han(obi_gather *g, const obi_lexicon *lexicon, uint32_t han)
{
    for (unsigned back = 1; han != 0 && back <= 2 && back <= g->count; back++) {
        if (g->han[back - 1] == 0) {
            break;
        }
        uint64_t key =
            back == 1 ? obi_key_han(g->han[0], han, 0) : obi_key_han(g->han[1], g->han[0], han);
        if (obi_lexicon_met(lexicon, key)) {
            obi_weigh_han(lexicon, key, &g->weights[g->base + g->count - back], &g->weight);
        }
    }
    g->han[1] = g->han[0];
    g->han[0] = han;
}

/* What a word may mean; of Han characters it is noted for the first of several. */
static uint8_t weigh(obi_gather *g, const obi_lexicon *lexicon, const obi_token *token,
                     const char *folded)
{
    uint64_t before = g->key;
    if ((token->flags & OBI_TOKEN_HAN) != 0) {
        const unsigned char *bytes = (const unsigned char *)folded;
        g->key = 0;
        weigh_han(g, lexicon,
                  token->len != 3 ? 0
                                  : bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16);
        return 0;
    }
    g->han[0] = 0;
    g->han[1] = 0;
    bool plain = (token->flags & (OBI_TOKEN_HIGH | OBI_TOKEN_DIGIT)) == 0;
    g->key = plain ? obi_key_ascii(folded, token->len) : obi_gather_odd_key(token, folded);
    return obi_weigh(lexicon, before, g->key, token->gap);
}

void obi_gather_add(obi_gather *g, const obi_lexicon *lexicon, const obi_token *token,
                    const char *folded)
{
    const obi_token *before = g->count == 0 ? NULL : &g->words[g->count - 1];
    if (before != NULL && (before->flags & token->flags & OBI_TOKEN_HAN) == 0) {
        g->folded[g->len++] = ' ';
    }
    if (g->count == g->fresh || obi_begins_sentence(token)) {
        g->sentences[g->sentence_count++] = (uint8_t)g->count;
    }
    size_t stored = g->base + g->count;
    obi_token *word = &g->store[stored];
    if (word != token) {
        *word = *token;
    }
    word->at = (uint16_t)g->len;
    /* A fixed size is one instruction, and most words are short. */
    memcpy(g->folded + g->len, folded, 16);
    if (token->len > 16) {
        memcpy(g->folded + g->len + 16, folded + 16, OBI_TOKEN_MAX - 16);
    }
    g->weights[stored] = weigh(g, lexicon, token, folded);
    g->weight += g->weights[stored];
    g->odd |= (uint64_t)obi_token_is_odd(word) << g->count;
    if (g->model != NULL) {
        uint32_t hash_before = before == NULL ? 0 : before->hash;
        g->gates[stored] = (int16_t)obi_model_gate_word(g->model, hash_before, word->hash);
        g->gate += g->gates[stored];
    }
    g->len += token->len;
    g->count++;
}

/* The language by script, else by how many small words of it there are. */
unsigned obi_gather_lang(const obi_gather *g, const obi_lexicon *lexicon)
{
    unsigned counts[OBI_LANGS] = {0};
    unsigned best = OBI_LANG_OTHER;
    for (size_t i = 0; i < g->count; i++) {
        uint32_t is = g->words[i].flags;
        if ((is & (OBI_TOKEN_HAN | OBI_TOKEN_CYRILLIC | OBI_TOKEN_ARABIC | OBI_TOKEN_HANGUL)) !=
            0) {
            counts[OBI_LANG_JA] += (is & OBI_TOKEN_KANA) != 0 ? 3 : 0;
            counts[OBI_LANG_ZH] += (is & OBI_TOKEN_HAN) != 0;
            counts[OBI_LANG_RU] += (is & OBI_TOKEN_CYRILLIC) != 0 ? 2 : 0;
            counts[OBI_LANG_AR] += (is & OBI_TOKEN_ARABIC) != 0 ? 2 : 0;
            counts[OBI_LANG_KO] += (is & OBI_TOKEN_HANGUL) != 0 ? 2 : 0;
        } else {
            counts[obi_lexicon_lang(lexicon, g->words[i].hash)] += 2;
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
                        .gate = g->gate};
}

/* The word from which on the next window goes on. */
static size_t kept_from(const obi_gather *g)
{
    size_t last = g->sentence_count == 0 ? 0 : g->sentences[g->sentence_count - 1];
    if (g->count == OBI_WINDOW_WORDS && last < OBI_WINDOW_WORDS / 2) {
        return OBI_WINDOW_WORDS / 2; /* a long sentence */
    }
    size_t from = last;
    for (size_t i = g->sentence_count; i-- > 0 && g->count - from < SHORT_WORDS;) {
        if (g->count - g->sentences[i] <= OBI_WINDOW_WORDS / 2) {
            from = g->sentences[i];
        }
    }
    return from;
}

/* The words go on from the beginning of the room for them. */
static void make_room(obi_gather *g)
{
    size_t bytes = g->count == 0 ? g->len : g->words[0].at;
    memmove(g->store, g->words, g->count * sizeof g->store[0]);
    memmove(g->weights, g->weights + g->base, g->count * sizeof g->weights[0]);
    memmove(g->gates, g->gates + g->base, g->count * sizeof g->gates[0]);
    memmove(g->folded, g->folded + bytes, g->len - bytes);
    g->len -= bytes;
    g->words = g->store;
    g->base = 0;
    for (size_t i = 0; i < g->count; i++) {
        g->words[i].at = (uint16_t)(g->words[i].at - bytes);
    }
}

/* The sums of the words that are kept, which are few. */
static void sum_up(obi_gather *g)
{
    unsigned weight = 0;
    int gate = 0;
    for (size_t i = 0; i < g->count; i++) {
        weight += g->weights[g->base + i];
        gate += g->model == NULL ? 0 : g->gates[g->base + i];
    }
    g->weight = weight;
    g->gate = gate;
}

void obi_gather_shift(obi_gather *g)
{
    size_t from = kept_from(g);
    g->count -= from;
    g->base += from;
    g->words += from;
    g->odd = from < OBI_WINDOW_WORDS ? g->odd >> from : 0;
    if (g->base > OBI_WINDOW_WORDS) {
        make_room(g);
    }
    if (g->model != NULL && g->count > 0) {
        g->gates[g->base] = (int16_t)obi_model_gate_word(g->model, 0, g->words[0].hash);
    }
    sum_up(g);
    size_t kept = 0;
    for (size_t i = 0; i < g->sentence_count; i++) {
        if (g->sentences[i] >= from) {
            g->sentences[kept++] = (uint8_t)(g->sentences[i] - from);
        }
    }
    g->sentence_count = kept;
    g->fresh = g->count;
}
