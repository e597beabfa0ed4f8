/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules over the concepts of a window. A window has 64 words at most, so where a concept stands is
 * one number with a bit for each word, and a rule is a few operations on such numbers.
 */
#include "detect/kinds.h"
#include "detect/lexicon.h"
#include "detect/scan.h"

/* Log-odds of a window without any rule, in hundredths. */
#define PRIOR (-350)
/* What speaks against. */
#define TALK_BRAKE   (-170)
#define QUOTED_BRAKE (-150)
#define MINE_BRAKE   (-300)
#define SETS_MAX     3

typedef enum order {
    IN_ORDER,
    ANYWHERE
} order;

typedef struct rule {
    const char *id;
    uint64_t sets[SETS_MAX]; /* 0: none */
    uint16_t kind;
    int16_t points;
    uint8_t technique;
    uint8_t gap;
    uint8_t order;
} rule;

#define S(name) OBI_SET(name)

static const rule rules[] = {
#define OB_RULE(id_, kind_, technique_, points_, gap_, order_, ...) \
    {.id = (id_),                                                   \
     .sets = {__VA_ARGS__},                                         \
     .kind = OB_KIND_INJECTION_##kind_,                             \
     .points = (points_),                                           \
     .technique = OBI_BY_##technique_,                              \
     .gap = (gap_),                                                 \
     .order = (order_)},
#include "detect/injection_rules.def"
#undef OB_RULE
};

/* Words at which one of the concepts begins. */
static uint64_t words_of(const obi_meaning *meaning, uint64_t set)
{
    uint64_t words = 0;
    for (set &= meaning->seen; set != 0; set &= set - 1) {
        words |= meaning->at[__builtin_ctzll(set)];
    }
    return words;
}

/* Up to count words behind each of the words; before each. */
static uint64_t behind(uint64_t words, unsigned count)
{
    uint64_t all = 0;
    for (unsigned i = 0; i < count && words != 0; i++) {
        words <<= 1;
        all |= words;
    }
    return all;
}

static uint64_t before(uint64_t words, unsigned count)
{
    uint64_t all = 0;
    for (unsigned i = 0; i < count && words != 0; i++) {
        words >>= 1;
        all |= words;
    }
    return all;
}

typedef struct place {
    unsigned first;
    unsigned last;
} place;

static bool match_in_order(const rule *r, const obi_meaning *meaning, unsigned gap, place *at)
{
    uint64_t chain[SETS_MAX] = {words_of(meaning, r->sets[0])};
    unsigned count = 1;
    for (; count < SETS_MAX && r->sets[count] != 0; count++) {
        chain[count] = words_of(meaning, r->sets[count]) & behind(chain[count - 1], gap);
        if (chain[count] == 0) {
            return false;
        }
    }
    if (chain[count - 1] == 0) {
        return false;
    }
    /* The last place, and back from there the nearest ones. */
    unsigned word = 63U - (unsigned)__builtin_clzll(chain[count - 1]);
    at->last = word;
    for (unsigned i = count - 1; i-- > 0;) {
        uint64_t left = chain[i] & before((uint64_t)1 << word, gap);
        word = 63U - (unsigned)__builtin_clzll(left);
    }
    at->first = word;
    return true;
}

static bool match_anywhere(const rule *r, const obi_meaning *meaning, unsigned gap, place *at)
{
    uint64_t first = words_of(meaning, r->sets[0]);
    uint64_t all = first;
    for (unsigned i = 1; i < SETS_MAX && r->sets[i] != 0; i++) {
        uint64_t words = words_of(meaning, r->sets[i]);
        first &= words | behind(words, gap) | before(words, gap);
        all |= words;
    }
    if (first == 0) {
        return false;
    }
    unsigned word = 63U - (unsigned)__builtin_clzll(first);
    uint64_t one = (uint64_t)1 << word;
    uint64_t near_ = r->sets[1] == 0 ? one : all & (one | behind(one, gap) | before(one, gap));
    at->first = (unsigned)__builtin_ctzll(near_);
    at->last = 63U - (unsigned)__builtin_clzll(near_);
    return true;
}

static bool matches(const rule *r, const obi_meaning *meaning, bool han, place *at)
{
    for (unsigned i = 0; i < SETS_MAX && r->sets[i] != 0; i++) {
        if ((r->sets[i] & meaning->seen) == 0) {
            return false;
        }
    }
    unsigned gap = han ? 2U * r->gap + 1 : r->gap;
    return r->order == IN_ORDER ? match_in_order(r, meaning, gap, at)
                                : match_anywhere(r, meaning, gap, at);
}

static bool is_word(const obi_window *window, size_t i, const char *text)
{
    const obi_token *word = &window->words[i];
    return ob_span_is_str(ob_span_sub(window->folded, word->at, (size_t)word->at + word->len),
                          text);
}

/* Marks of chat templates, and roles in brackets or in front of a colon. */
static void see_tags(const obi_window *window, obi_meaning *meaning)
{
    const uint32_t opens = OBI_GAP_ANGLE | OBI_GAP_SQUARE | OBI_GAP_PIPE;
    const uint32_t line = OBI_GAP_START | OBI_GAP_LINE | OBI_GAP_STOP | OBI_GAP_HASH |
                          OBI_GAP_STAR | OBI_GAP_QUOTE | OBI_GAP_SQUARE | OBI_GAP_CURLY |
                          OBI_GAP_DASH | OBI_GAP_CLOSE | OBI_GAP_SLASH;
    uint64_t roles = meaning->at[OBI_MEANS_ROLE];
    for (size_t i = 0; i < window->count; i++) {
        uint64_t bit = (uint64_t)1 << i;
        uint32_t gap = window->words[i].gap;
        if ((gap & OBI_GAP_ANGLE) != 0 && (gap & OBI_GAP_DOT) != 0 && (gap & OBI_GAP_DASH) != 0) {
            meaning->at[OBI_MEANS_COMMENT] |= bit;
        }
        if ((roles & bit) == 0) {
            continue;
        }
        size_t next = i + meaning->words[i];
        uint32_t end = next < window->count ? window->words[next].gap : 0;
        bool template = (gap & OBI_GAP_PIPE) != 0 && (gap & OBI_GAP_ANGLE) != 0;
        bool bracket = (gap & opens) != 0 && (gap & OBI_GAP_DOT) == 0 &&
                       ((end & (OBI_GAP_CLOSE | OBI_GAP_COLON)) != 0 || next == window->count);
        bool inst = (gap & OBI_GAP_SQUARE) != 0 && is_word(window, i, "inst");
        bool heading = (gap & OBI_GAP_HASH) != 0 && (end & (OBI_GAP_COLON | OBI_GAP_LINE)) != 0 &&
                       !is_word(window, i, "end");
        bool json = i > 0 && (gap & OBI_GAP_COLON) != 0 && (gap & OBI_GAP_QUOTE) != 0 &&
                    is_word(window, i - 1, "role");
        bool end_tag = is_word(window, i, "s") && (gap & OBI_GAP_ANGLE) != 0;
        bool vague = is_word(window, i, "s") || is_word(window, i, "start") ||
                     is_word(window, i, "end") || is_word(window, i, "begin") ||
                     is_word(window, i, "message") || is_word(window, i, "messages") ||
                     is_word(window, i, "header") || is_word(window, i, "action") ||
                     is_word(window, i, "role") || is_word(window, i, "model");
        if (template || inst || json || (bracket && !vague) || (heading && !vague) ||
            (end_tag && (gap & OBI_GAP_SLASH) != 0)) {
            meaning->at[OBI_MEANS_TAG] |= bit;
        } else if (!vague && (end & OBI_GAP_COLON) != 0 && (gap & line) != 0) {
            meaning->at[OBI_MEANS_TURN] |= bit;
        }
    }
    const obi_concept made[] = {OBI_MEANS_TAG, OBI_MEANS_TURN, OBI_MEANS_COMMENT};
    for (size_t i = 0; i < OB_COUNT(made); i++) {
        meaning->seen |= meaning->at[made[i]] != 0 ? (uint64_t)1 << made[i] : 0;
    }
}

void obi_meaning_read(const obi_lexicon *lexicon, const obi_window *window, obi_meaning *meaning)
{
    obi_lexicon_read(lexicon, window, meaning);
    see_tags(window, meaning);
}

static bool is_mostly_han(const obi_window *window)
{
    size_t han = 0;
    for (size_t i = 0; i < window->count; i++) {
        han += (window->words[i].flags & OBI_TOKEN_HAN) != 0;
    }
    return han * 2 > window->count;
}

/* What speaks against an injection: talk about attacks, quotes, and what people take back. */
static int brakes_of(const obi_window *window, const obi_meaning *meaning, size_t first,
                     size_t last)
{
    int sum = 0;
    bool quoted = true;
    for (size_t i = first; i <= last; i++) {
        quoted = quoted && (window->words[i].flags & OBI_TOKEN_QUOTED) != 0;
    }
    sum += quoted ? QUOTED_BRAKE : 0;
    sum += (meaning->seen & S(TALK)) != 0 ? TALK_BRAKE : 0;
    uint64_t taken_back = meaning->at[OBI_MEANS_IGNORE] | meaning->at[OBI_MEANS_BYPASS];
    uint64_t mine =
        behind(taken_back, 4) & (meaning->at[OBI_MEANS_MINE] | meaning->at[OBI_MEANS_THING]);
    bool told = (meaning->seen & (S(TOLD) | S(PROMPT) | S(ORDERS) | S(UNBOUND))) != 0;
    sum += mine != 0 && !told ? MINE_BRAKE : 0;
    return sum;
}

/* Adds the points of a rule to those of its technique. */
static void weigh(int best[OBI_TECHNIQUES], int second[OBI_TECHNIQUES], const rule *r)
{
    int points = r->points;
    if (points > best[r->technique]) {
        second[r->technique] = best[r->technique];
        best[r->technique] = points;
    } else if (points > second[r->technique]) {
        second[r->technique] = points;
    }
}

void obi_rules_judge(const obi_lexicon *lexicon, const obi_window *window, obi_verdict *verdict)
{
    obi_meaning meaning;
    int best[OBI_TECHNIQUES] = {0};
    int second[OBI_TECHNIQUES] = {0};
    int top = 0;
    bool fresh = false;
    obi_meaning_read(lexicon, window, &meaning);
    bool han = is_mostly_han(window);
    obi_verdict made = {.first = window->count};
    for (size_t i = 0; i < OB_COUNT(rules); i++) {
        const rule *r = &rules[i];
        place at;
        if (!matches(r, &meaning, han, &at)) {
            continue;
        }
        weigh(best, second, r);
        size_t end = at.last + meaning.words[at.last] - 1U;
        fresh = fresh || end >= window->fresh;
        made.first = at.first < made.first ? at.first : made.first;
        made.last = end > made.last ? end : made.last;
        made.techniques |= 1U << r->technique;
        if (r->points > top) {
            top = r->points;
            made.kind = r->kind;
            made.rule = r->id;
        }
    }
    if (top == 0 || !fresh) {
        return;
    }
    for (size_t i = 0; i < OBI_TECHNIQUES; i++) {
        made.points += best[i] + second[i] / 4;
    }
    made.last = made.last < window->count ? made.last : window->count - 1;
    made.brakes = brakes_of(window, &meaning, made.first, made.last);
    *verdict = made;
}

void obi_verdict_hit(const obi_verdict *verdict, int carry, ob_hit *hit)
{
    int near_ = verdict->brakes + carry;
    hit->rule = verdict->rule;
    hit->kind = verdict->kind;
    hit->check = OB_HIT_CHECK_NONE;
    hit->prior = PRIOR;
    hit->cue = (int16_t)(verdict->points < 2000 ? verdict->points : 2000);
    hit->near_ = (int16_t)near_;
    hit->techniques = verdict->techniques;
    hit->score = obi_percent(PRIOR + hit->cue + near_);
}
