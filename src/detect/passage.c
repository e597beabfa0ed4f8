/* SPDX-License-Identifier: Apache-2.0 */
/* Words into windows, windows into findings. */
#include "detect/passage.h"

#include "detect/kinds.h"
#include "detect/model.h"

#include <ombud/mem.h>

/* A sentence of fewer words stays in the next window together with the one before it. */
#define SHORT_WORDS 8
/* Bytes fed at a time, so that what a view needs is still there. */
#define SLICE OBI_VIEW_BYTES
/* A finding that grows with each sentence is told in parts of this size. */
#define HIT_MAX 8192
/* Of the evidence in a window that is no finding, this part remains for those behind it. */
#define LEVEL_PART 4
#define LEVEL_MAX  110
/* Less of it is nothing. */
#define LEVEL_MIN 200

bool obi_passages_init(obi_passages *p, const obi_lexicon *lexicon, ob_arena *arena, ob_err *err)
{
    *p = (obi_passages){.lexicon = lexicon, .arena = arena};
    p->inner = ob_mem_new(sizeof *p->inner);
    p->raw = ob_mem_new(2 * OBI_VIEW_BYTES);
    p->known = ob_mem_new(sizeof *p->known);
    if (p->inner == NULL || p->raw == NULL || p->known == NULL) {
        obi_passages_fini(p);
        return ob_fail(err, OB_ERR_NOMEM, "no memory for passages");
    }
    memset(p->known, 0, sizeof *p->known);
    obi_passages_start(p);
    return true;
}

void obi_passages_fini(obi_passages *p)
{
    if (p->raw != NULL) {
        ob_wipe(p->raw, 2 * OBI_VIEW_BYTES);
    }
    if (p->known != NULL) {
        ob_wipe(p->known, sizeof *p->known);
    }
    ob_mem_free(p->known);
    ob_mem_free(p->raw);
    ob_mem_free(p->inner);
    p->known = NULL;
    p->raw = NULL;
    p->inner = NULL;
}

void obi_passages_start(obi_passages *p)
{
    obi_reader_start(&p->reader);
    obi_gather_start(&p->gather, p->model);
    p->raw_len = 0;
    p->raw_start = 0;
    p->viewed = 0;
    p->waiting = (ob_hit){0};
    obi_place_start(p);
}

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
    g->key = 0;
    g->han[0] = 0;
    g->han[1] = 0;
}

/* Whether a sentence begins with token. */
static bool begins_sentence(const obi_token *token)
{
    if ((token->gap & (OBI_GAP_STOP | OBI_GAP_PARAGRAPH)) != 0) {
        return true;
    }
    /* A line that goes on with a small letter was only wrapped. */
    return (token->gap & OBI_GAP_LINE) != 0 &&
           ((token->flags & (OBI_TOKEN_CAPITAL | OBI_TOKEN_DIGIT | OBI_TOKEN_HAN |
                             OBI_TOKEN_ARABIC | OBI_TOKEN_HANGUL)) != 0 ||
            (token->gap & (OBI_GAP_ANGLE | OBI_GAP_SQUARE | OBI_GAP_CURLY | OBI_GAP_HASH |
                           OBI_GAP_STAR | OBI_GAP_DASH | OBI_GAP_QUOTE)) != 0);
}

bool obi_gather_ready(const obi_gather *g, const obi_token *token)
{
    return g->count == OBI_WINDOW_WORDS || (g->count > g->fresh && begins_sentence(token));
}

/* A Han character comes. What it means together with one or two before it counts for the first of
 * them. Of the few that have four bytes nothing is known. */
static void weigh_han(obi_gather *g, const obi_lexicon *lexicon, const obi_token *token,
                      const char *folded)
{
    const unsigned char *bytes = (const unsigned char *)folded;
    uint32_t han =
        token->len != 3 ? 0 : bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16;
    for (unsigned back = 1; han != 0 && back <= 2 && back <= g->count; back++) {
        if (g->han[back - 1] == 0) {
            break;
        }
        uint64_t key =
            back == 1 ? obi_key_han(g->han[0], han, 0) : obi_key_han(g->han[1], g->han[0], han);
        if (!obi_lexicon_met(lexicon, key)) {
            continue;
        }
        uint8_t weight = obi_lexicon_weight(lexicon, key);
        uint8_t *first = &g->weights[g->base + g->count - back];
        *first = weight > *first ? weight : *first;
    }
    g->han[1] = g->han[0];
    g->han[0] = han;
}

/* The key of a word that is not plain as it stands. */
static uint64_t odd_key(const obi_token *token, const char *folded)
{
    char plain[OBI_TOKEN_MAX + 8];
    if ((token->flags & OBI_TOKEN_LETTER) == 0) {
        return 0;
    }
    size_t len = obi_plain((ob_span){folded, token->len}, token->flags, plain);
    return obi_key(plain, len);
}

/* What a word may mean, by itself or with the one before it. */
static uint8_t weigh(obi_gather *g, const obi_lexicon *lexicon, const obi_token *token,
                     const char *folded)
{
    uint64_t before = g->key;
    if ((token->flags & OBI_TOKEN_HAN) != 0) {
        g->key = 0;
        weigh_han(g, lexicon, token, folded);
        return 0;
    }
    g->han[0] = 0;
    g->han[1] = 0;
    bool plain = (token->flags & (OBI_TOKEN_HIGH | OBI_TOKEN_DIGIT)) == 0;
    g->key = plain ? obi_key_ascii(folded, token->len) : odd_key(token, folded);
    uint64_t pair = obi_key_pair(before, g->key);
    if (!(obi_lexicon_met(lexicon, g->key) | obi_lexicon_met(lexicon, pair)) &&
        (token->gap & (OBI_GAP_ANGLE | OBI_GAP_SQUARE | OBI_GAP_HASH)) == 0) {
        return 0;
    }
    uint8_t alone = obi_lexicon_weight(lexicon, g->key);
    bool marked = (token->gap & (OBI_GAP_ANGLE | OBI_GAP_SQUARE | OBI_GAP_HASH)) != 0;
    if (marked && (alone > 0 || (token->gap & OBI_GAP_PIPE) != 0)) {
        return OBI_WEIGHT_MIN; /* it may be a role in brackets */
    }
    uint8_t both = obi_lexicon_weight(lexicon, pair);
    return alone > both ? alone : both;
}

void obi_gather_add(obi_gather *g, const obi_lexicon *lexicon, const obi_token *token,
                    const char *folded)
{
    const obi_token *before = g->count == 0 ? NULL : &g->words[g->count - 1];
    if (before != NULL && (before->flags & token->flags & OBI_TOKEN_HAN) == 0) {
        g->folded[g->len++] = ' ';
    }
    if (g->count == g->fresh || begins_sentence(token)) {
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
    g->odd |= (uint64_t)obi_token_is_odd(word) << g->count;
    if (g->model != NULL) {
        uint32_t hash_before = before == NULL ? 0 : before->hash;
        g->gates[stored] = (int16_t)obi_model_gate_word(g->model, hash_before, word->hash);
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
    int gate = 0;
    for (size_t i = 0; g->model != NULL && i < g->count; i++) {
        gate += g->gates[g->base + i];
    }
    return (obi_window){.words = g->words,
                        .count = g->count,
                        .folded = {g->folded, g->len},
                        .fresh = g->fresh,
                        .gate = gate};
}

unsigned obi_gather_weight(const obi_gather *g)
{
    unsigned sum = 0;
    for (size_t i = 0; i < g->count; i++) {
        sum += g->weights[g->base + i];
    }
    return sum;
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
    size_t kept = 0;
    for (size_t i = 0; i < g->sentence_count; i++) {
        if (g->sentences[i] >= from) {
            g->sentences[kept++] = (uint8_t)(g->sentences[i] - from);
        }
    }
    g->sentence_count = kept;
    g->fresh = g->count;
}

ob_span obi_passages_text(const obi_passages *p, const ob_hit *hit)
{
    size_t start = hit->start < p->raw_start ? 0 : (size_t)(hit->start - p->raw_start);
    size_t end = hit->end < p->raw_start ? 0 : (size_t)(hit->end - p->raw_start);
    return ob_span_sub((ob_span){p->raw, p->raw_len}, start, end);
}

static bool tell(obi_passages *p, ob_err *err)
{
    ob_hit hit = p->waiting;
    p->waiting = (ob_hit){0};
    return hit.rule == NULL || p->found(p->ctx, &hit, err);
}

/* A finding goes on with the one before, or that one is told. */
static bool put(obi_passages *p, const ob_hit *hit, ob_err *err)
{
    ob_hit *held = &p->waiting;
    bool joined = held->rule != NULL && held->kind == hit->kind && held->steps == hit->steps &&
                  hit->start <= held->end + 64 && hit->end - held->start <= HIT_MAX;
    if (!joined) {
        if (!tell(p, err)) {
            return false;
        }
        *held = *hit;
        return true;
    }
    uint64_t start = hit->start < held->start ? hit->start : held->start;
    uint64_t end = hit->end > held->end ? hit->end : held->end;
    uint32_t techniques = held->techniques | hit->techniques;
    if (hit->score > held->score) {
        *held = *hit;
    }
    held->start = start;
    held->end = end;
    held->techniques = techniques;
    return true;
}

/* Half of the level is gone after some hundred words. */
static void fade(obi_passages *p, size_t words)
{
    p->level -= (int)((size_t)p->level * words / (words + 128));
}

/* Whether all words of a window may be part of one encoding. */
static bool is_whole(const obi_oddness *shape)
{
    return shape->turned > 0 || shape->single > 0 || shape->mixed > 0 || shape->hidden > 0;
}

/* The bytes of the text that may be an encoding, as far as they are kept: what stands around long
 * runs need not be looked at, but letters that are turned are all words of a window, and the
 * first one that is hidden may be a whole one. */
static ob_span raw_of(const obi_passages *p, const obi_window *window, const obi_oddness *shape,
                      uint64_t *base)
{
    bool whole = is_whole(shape);
    uint64_t end = window->words[whole ? window->count - 1 : shape->last].end;
    uint64_t start = window->words[whole ? 0 : shape->first].start;
    /* What stands right before it may belong to an encoding: % & \ =. */
    start -= start < 8 ? start : 8;
    /* What is kept depends on how the text was cut; this much always is. */
    uint64_t oldest = p->reader.place < OBI_VIEW_BYTES ? 0 : p->reader.place - OBI_VIEW_BYTES;
    start = start < oldest ? oldest : start;
    start = start < p->viewed ? p->viewed : start;
    *base = start;
    size_t first = (size_t)(start - p->raw_start);
    size_t behind = end <= start ? first : (size_t)(end - p->raw_start);
    return ob_span_sub((ob_span){p->raw, p->raw_len}, first, behind);
}

static bool look_at_views(obi_passages *p, const obi_window *window, const obi_oddness *shape,
                          ob_err *err)
{
    uint64_t base = 0;
    ob_hit hit = {0};
    ob_span raw = raw_of(p, window, shape, &base);
    if (!obi_view_judge(p, raw, base, shape, &hit, err)) {
        return false;
    }
    if (hit.rule == NULL) {
        return true;
    }
    p->viewed = hit.end;
    return put(p, &hit, err);
}

/* Long runs that the window shares with the one before were looked at there. */
static bool is_worth_a_view(const obi_gather *g, const obi_oddness *shape)
{
    return obi_is_odd(shape) && (shape->last >= g->fresh || is_whole(shape));
}

static bool look(obi_passages *p, ob_err *err)
{
    obi_gather *g = &p->gather;
    unsigned weight = obi_gather_weight(g);
    obi_window window = obi_gather_window(g);
    obi_oddness shape = obi_oddness_of(g);
    obi_verdict verdict = {0};
    obi_place_look(p);
    window.place = p->place;
    size_t fresh = g->count - g->fresh;
    bool seen = false;
    if (obi_window_shows(p, &window, weight)) {
        window.lang = obi_gather_lang(g, p->lexicon);
        seen = obi_window_judge(p, &window, &verdict);
        shape.turned = verdict.turned;
    }
    if (seen) {
        ob_hit hit = {.start = g->words[verdict.first].start, .end = g->words[verdict.last].end};
        obi_verdict_hit(&verdict, p->level, &hit);
        fade(p, fresh);
        int rest = verdict.points + verdict.brakes;
        p->level += hit.score < OB_SCORE_DEFAULT && rest >= LEVEL_MIN ? rest / LEVEL_PART : 0;
        p->level = p->level > LEVEL_MAX ? LEVEL_MAX : p->level;
        if (!put(p, &hit, err)) {
            return false;
        }
    } else {
        fade(p, fresh);
        if (p->waiting.rule != NULL && g->fresh < g->count &&
            g->words[g->fresh].start > p->waiting.end && !tell(p, err)) {
            return false;
        }
    }
    return !is_worth_a_view(g, &shape) || look_at_views(p, &window, &shape, err);
}

/* Keeps the newest bytes. */
static void keep(obi_passages *p, ob_span slice)
{
    if (p->raw_len + slice.len > 2 * OBI_VIEW_BYTES) {
        size_t old = p->raw_len - OBI_VIEW_BYTES;
        memmove(p->raw, p->raw + old, OBI_VIEW_BYTES);
        p->raw_len -= old;
        p->raw_start += old;
    }
    memcpy(p->raw + p->raw_len, slice.ptr, slice.len);
    p->raw_len += slice.len;
}

/* Room for the word that comes next. */
static obi_token *next_word(obi_gather *g)
{
    return &g->store[g->base + g->count];
}

static bool read(obi_passages *p, ob_span slice, bool last, ob_err *err)
{
    obi_gather *g = &p->gather;
    size_t pos = 0;
    while (obi_reader_next(&p->reader, slice, &pos, last, next_word(g))) {
        if (obi_gather_ready(g, next_word(g))) {
            obi_token next = *next_word(g);
            if (!look(p, err)) {
                return false;
            }
            obi_gather_shift(g);
            *next_word(g) = next;
        }
        obi_gather_add(g, p->lexicon, next_word(g), p->reader.folded);
        if (p->prompts != NULL && !obi_prompts_word(p->prompts, next_word(g) - 1, err)) {
            return false;
        }
    }
    return true;
}

bool obi_passages_feed(obi_passages *p, ob_span piece, bool last, ob_err *err)
{
    while (piece.len > 0) {
        ob_span slice = ob_span_sub(piece, 0, SLICE);
        piece = ob_span_sub(piece, slice.len, piece.len);
        keep(p, slice);
        if (!read(p, slice, false, err)) {
            return false;
        }
    }
    if (!last) {
        return true;
    }
    return read(p, (ob_span){0}, true, err) &&
           (p->gather.count == p->gather.fresh || look(p, err)) && tell(p, err) &&
           (p->prompts == NULL || obi_prompts_end(p->prompts, err));
}
