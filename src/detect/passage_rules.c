/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules over the concepts of a window. A window has 64 words at most, so where a concept stands is
 * one number with a bit for each word, and a rule is a few operations on such numbers.
 */
#include "detect/kinds.h"
#include "detect/lexicon.h"
#include "detect/scan.h"

/* What speaks against. */
#define TALK_BRAKE   (-200)
#define QUOTED_BRAKE (-350)
#define MINE_BRAKE   (-300)
/* Of a rule that depends on the place, in percent. */
#define DESK_SHARE 55
/* A rule that is worth less says nothing. */
#define POINTS_MIN 60
#define SETS_MAX   OBI_RULE_SETS

typedef enum order {
    IN_ORDER,
    ANYWHERE
} order;

typedef struct rule {
    const char *id;
    obi_set sets[SETS_MAX]; /* 0: none */
    uint16_t kind;
    int16_t points;
    uint8_t technique;
    uint8_t gap;
    uint8_t order;
    const int *shares; /* by obi_place, where that matters; NULL: it weighs the same everywhere */
} rule;

#define S(name) OBI_SET(name)

/* What rules that depend on the place weigh there, in percent. A customer may ask for an answer in
 * any form; a text that is only read has nobody to answer to. In a user's turn all of it is 0. */
static const int of_output[OBI_PLACES] = {[OBI_PLACE_BETWEEN] = 40, [OBI_PLACE_DOCUMENT] = 100};
static const int of_tasks[OBI_PLACES] = {[OBI_PLACE_DOCUMENT] = 100};

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
#define OB_PLACED(by, id_, kind_, technique_, points_, gap_, order_, ...) \
    {.id = (id_),                                                         \
     .sets = {__VA_ARGS__},                                               \
     .kind = OB_KIND_INJECTION_##kind_,                                   \
     .points = (points_),                                                 \
     .technique = OBI_BY_##technique_,                                    \
     .gap = (gap_),                                                       \
     .order = (order_),                                                   \
     .shares = (by)},
#define OB_RULE(...)      OB_PLACED(of_output, __VA_ARGS__)
#define OB_RULE_READ(...) OB_PLACED(of_tasks, __VA_ARGS__)
#include "detect/output_rules.def"
#undef OB_RULE_READ
#undef OB_RULE
#undef OB_PLACED
};

/* Words at which one of the concepts begins. */
static uint64_t words_of(const obi_meaning *meaning, obi_set set)
{
    uint64_t words = 0;
    for (set &= meaning->seen; set != 0; set &= set - 1) {
        words |= meaning->at[obi_set_first(set)];
    }
    return words;
}

/* Up to count words behind each of the words; before each. starts: words at which something new
 * begins that neither goes over. */
static uint64_t behind(uint64_t words, unsigned count, uint64_t starts)
{
    uint64_t all = 0;
    for (unsigned i = 0; i < count && words != 0; i++) {
        words = words << 1 & ~starts;
        all |= words;
    }
    return all;
}

static uint64_t before(uint64_t words, unsigned count, uint64_t starts)
{
    uint64_t all = 0;
    for (unsigned i = 0; i < count && words != 0; i++) {
        words = (words & ~starts) >> 1;
        all |= words;
    }
    return all;
}

typedef struct place {
    unsigned first;
    unsigned last;
} place;

/* Verbs behind "not": people who say that something is not to be shown. */
static uint64_t first_words(const rule *r, const obi_meaning *meaning, bool han)
{
    uint64_t words = words_of(meaning, r->sets[0]);
    bool shows = r->technique == OBI_BY_EXTRACT || r->technique == OBI_BY_EXFILTRATE;
    return shows ? words & ~behind(meaning->at[OBI_MEANS_NOT], han ? 3 : 2, 0) : words;
}

static bool match_in_order(const rule *r, const obi_meaning *meaning, bool han, uint64_t starts,
                           place *at)
{
    unsigned gap = han ? 2U * r->gap + 1 : r->gap;
    uint64_t chain[SETS_MAX] = {first_words(r, meaning, han)};
    unsigned count = 1;
    for (; count < SETS_MAX && r->sets[count] != 0; count++) {
        chain[count] = words_of(meaning, r->sets[count]) & behind(chain[count - 1], gap, starts);
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
        uint64_t left = chain[i] & before((uint64_t)1 << word, gap, starts);
        word = 63U - (unsigned)__builtin_clzll(left);
    }
    at->first = word;
    return true;
}

static bool match_anywhere(const rule *r, const obi_meaning *meaning, bool han, uint64_t starts,
                           place *at)
{
    unsigned gap = han ? 2U * r->gap + 1 : r->gap;
    uint64_t first = first_words(r, meaning, han);
    uint64_t all = first;
    /* "No new card without a check" is a rule of the house. */
    uint64_t denied =
        r->technique != OBI_BY_SKIP_CHECKS
            ? 0
            : behind(meaning->at[OBI_MEANS_NOT] & ~meaning->at[OBI_MEANS_NOCHECK], 3, 0);
    for (unsigned i = 1; i < SETS_MAX && r->sets[i] != 0; i++) {
        uint64_t words = words_of(meaning, r->sets[i]) & ~denied;
        first &= words | behind(words, gap, starts) | before(words, gap, starts);
        all |= words;
    }
    if (first == 0) {
        return false;
    }
    unsigned word = 63U - (unsigned)__builtin_clzll(first);
    uint64_t one = (uint64_t)1 << word;
    uint64_t near_ =
        r->sets[1] == 0 ? one : all & (one | behind(one, gap, starts) | before(one, gap, starts));
    at->first = (unsigned)__builtin_ctzll(near_);
    at->last = 63U - (unsigned)__builtin_clzll(near_);
    return true;
}

void obi_rules_index(obi_lexicon *lexicon)
{
    _Static_assert(OB_COUNT(rules) <= OBI_RULE_BITS, "a bit for each rule");
    for (size_t r = 0; r < OB_COUNT(rules); r++) {
        for (size_t k = 0; k < SETS_MAX; k++) {
            obi_set set = rules[r].sets[k] == 0 ? ~(obi_set)0 : rules[r].sets[k];
            for (size_t c = 0; c < OBI_CONCEPTS; c++) {
                lexicon->rules[k][c][r / 64] |= (uint64_t)(set >> c & 1) << (r % 64);
            }
        }
    }
}

/* The rules all of whose sets are among the concepts that are there. False: there is none, as in
 * most windows. */
static bool candidates_of(const obi_lexicon *lexicon, obi_set seen,
                          uint64_t rows[OBI_RULE_BITS / 64])
{
    uint64_t of_set[SETS_MAX][OBI_RULE_BITS / 64] = {0};
    for (; seen != 0; seen &= seen - 1) {
        size_t c = obi_set_first(seen);
        for (size_t k = 0; k < SETS_MAX; k++) {
            for (size_t i = 0; i < OBI_RULE_BITS / 64; i++) {
                of_set[k][i] |= lexicon->rules[k][c][i];
            }
        }
    }
    uint64_t any = 0;
    for (size_t i = 0; i < OBI_RULE_BITS / 64; i++) {
        rows[i] = of_set[0][i] & of_set[1][i] & of_set[2][i];
        any |= rows[i];
    }
    return any != 0;
}

/* The first of them from from on; OBI_RULE_BITS: none. */
static size_t next_of(const uint64_t rows[OBI_RULE_BITS / 64], size_t from)
{
    while (from < OBI_RULE_BITS) {
        uint64_t left = rows[from / 64] >> (from % 64);
        if (left != 0) {
            return from + (size_t)__builtin_ctzll(left);
        }
        from = (from | 63) + 1;
    }
    return from;
}

/* What an answer shall hold is said in one sentence; code stands behind the one about it. */
static bool matches(const rule *r, const obi_meaning *meaning, bool han, uint64_t starts, place *at)
{
    starts = r->shares != NULL && r->technique != OBI_BY_TOOL ? starts : 0;
    return r->order == IN_ORDER ? match_in_order(r, meaning, han, starts, at)
                                : match_anywhere(r, meaning, han, starts, at);
}

static bool is_word(const obi_window *window, size_t i, const char *text)
{
    const obi_token *word = &window->words[i];
    return ob_span_is_str(ob_span_sub(window->folded, word->at, (size_t)word->at + word->len),
                          text);
}

/* The sign behind the phrase that begins at word i. */
static uint32_t gap_behind(const obi_window *window, const obi_meaning *meaning, size_t i)
{
    size_t next = i + (meaning->words[i] > 1 ? meaning->words[i] : 1U);
    return next < window->count ? window->words[next].gap : 0;
}

/* A role in brackets, a heading, or that of JSON: [system], ### Instruction:, "role": "system". */
static bool is_tag(const obi_window *window, const obi_meaning *meaning, size_t i)
{
    uint32_t gap = window->words[i].gap;
    uint32_t end = gap_behind(window, meaning, i);
    if ((gap & (OBI_GAP_ANGLE | OBI_GAP_SQUARE)) != 0) {
        const uint32_t comment = OBI_GAP_ANGLE | OBI_GAP_DOT | OBI_GAP_DASH;
        return (gap & comment) != comment &&
               ((end & (OBI_GAP_CLOSE | OBI_GAP_COLON)) != 0 || i + 1 == window->count);
    }
    if ((gap & OBI_GAP_COLON) != 0 && (gap & OBI_GAP_QUOTE) != 0 && i > 0 &&
        is_word(window, i - 1, "role")) {
        return is_word(window, i, "system") || is_word(window, i, "developer");
    }
    bool turn = is_word(window, i, "system") || is_word(window, i, "instruction") ||
                is_word(window, i, "assistant") || is_word(window, i, "human") ||
                is_word(window, i, "user");
    return turn && (gap & OBI_GAP_HASH) != 0 && (end & (OBI_GAP_COLON | OBI_GAP_LINE)) != 0;
}

/* A role with a colon behind it at the beginning of a line, or as a value in JSON. */
static bool is_turn(const obi_window *window, const obi_meaning *meaning, size_t i)
{
    const uint32_t begins = OBI_GAP_START | OBI_GAP_LINE | OBI_GAP_STOP | OBI_GAP_HASH |
                            OBI_GAP_STAR | OBI_GAP_SQUARE | OBI_GAP_DASH | OBI_GAP_CLOSE |
                            OBI_GAP_SLASH;
    uint32_t gap = window->words[i].gap;
    if ((gap & OBI_GAP_COLON) != 0 && (gap & OBI_GAP_QUOTE) != 0) {
        return i > 0 && is_word(window, i - 1, "role");
    }
    return (gap & begins) != 0 && (gap_behind(window, meaning, i) & OBI_GAP_COLON) != 0;
}

/* A function with an argument: do_it(a=b), do_it("b"). */
static bool is_called(const obi_window *window, size_t i)
{
    if ((window->words[i].gap & OBI_GAP_UNDER) == 0 || i + 1 >= window->count) {
        return false;
    }
    uint32_t open = window->words[i + 1].gap;
    uint32_t more = i + 2 < window->count ? window->words[i + 2].gap : 0;
    return (open & OBI_GAP_ROUND) != 0 &&
           ((open & OBI_GAP_QUOTE) != 0 || (more & (OBI_GAP_EQUALS | OBI_GAP_COLON)) != 0);
}

/* "Write a poem" is a task at the beginning of a sentence, and not in the middle of one. */
static void keep_first_tasks(const obi_lexicon *lexicon, const obi_window *window,
                             obi_meaning *meaning)
{
    const uint32_t begins =
        OBI_GAP_START | OBI_GAP_LINE | OBI_GAP_STOP | OBI_GAP_PARAGRAPH | OBI_GAP_COLON;
    unsigned lang = obi_window_lang(window, lexicon);
    bool verb_last = lang == OBI_LANG_JA || lang == OBI_LANG_KO;
    uint64_t tasks = meaning->at[OBI_MEANS_TASK];
    for (uint64_t left = tasks; left != 0; left &= left - 1) {
        unsigned word = (unsigned)__builtin_ctzll(left);
        if (word > 0 && !verb_last && (window->words[word].gap & begins) == 0) {
            tasks &= ~((uint64_t)1 << word);
        }
    }
    meaning->at[OBI_MEANS_TASK] = tasks;
    meaning->seen &= tasks != 0 ? ~(obi_set)0 : ~S(TASK);
}

/* Words before which signs stand that may be a concept. */
static uint64_t words_with_signs(const obi_window *window)
{
    uint64_t words = 0;
    for (size_t i = 0; i < window->count; i++) {
        words |= (uint64_t)((window->words[i].gap & (OBI_GAP_ANGLE | OBI_GAP_UNDER)) != 0) << i;
    }
    return words;
}

/* What stands before a token of a chat template, <|im_start|>. */
#define TEMPLATE (OBI_GAP_PIPE | OBI_GAP_ANGLE)
/* Most words of one: <|start_header_id|>. */
#define TEMPLATE_WORDS 4

/* Concepts that are seen from the signs around words. */
static void see_signs(const obi_window *window, obi_meaning *meaning)
{
    const uint32_t comment = OBI_GAP_ANGLE | OBI_GAP_DOT | OBI_GAP_DASH;
    uint64_t roles = meaning->at[OBI_MEANS_ROLE];
    for (uint64_t left = roles | words_with_signs(window); left != 0; left &= left - 1) {
        size_t i = (size_t)__builtin_ctzll(left);
        uint64_t bit = (uint64_t)1 << i;
        uint32_t gap = window->words[i].gap;
        bool role = (roles & bit) != 0;
        if ((gap & comment) == comment) {
            meaning->at[OBI_MEANS_COMMENT] |= bit;
        }
        if ((gap & TEMPLATE) == TEMPLATE || (role && is_tag(window, meaning, i))) {
            meaning->at[OBI_MEANS_TAG] |= bit;
        } else if (role && is_turn(window, meaning, i)) {
            meaning->at[OBI_MEANS_TURN] |= bit;
        }
        if ((gap & OBI_GAP_UNDER) != 0 && is_called(window, i)) {
            meaning->at[OBI_MEANS_CALLED] |= bit;
        }
    }
    const obi_concept made[] = {OBI_MEANS_TAG, OBI_MEANS_TURN, OBI_MEANS_COMMENT, OBI_MEANS_CALLED};
    for (size_t i = 0; i < OB_COUNT(made); i++) {
        meaning->seen |= meaning->at[made[i]] != 0 ? (obi_set)1 << made[i] : 0;
    }
}

/* Among the signs of a dump of bytes the beginning of a token before word i may be chance: then no
 * end stands behind one of the next words. */
static bool is_chance(const obi_window *window, size_t i)
{
    const uint32_t ends = OBI_GAP_PIPE | OBI_GAP_CLOSE;
    uint32_t gap = window->words[i].gap;
    if ((gap & TEMPLATE) != TEMPLATE || (gap & (OBI_GAP_DOT | OBI_GAP_BAD)) == 0) {
        return false;
    }
    for (size_t k = i + 1; k <= i + TEMPLATE_WORDS && k < window->count; k++) {
        if ((window->words[k].gap & ends) == ends) {
            return false;
        }
    }
    return i + TEMPLATE_WORDS < window->count;
}

uint64_t obi_rules_doubt(const obi_window *window, obi_meaning *meaning)
{
    uint64_t tags = meaning->at[OBI_MEANS_TAG];
    uint64_t doubted = 0;
    for (uint64_t left = tags; left != 0; left &= left - 1) {
        unsigned i = (unsigned)__builtin_ctzll(left);
        doubted |= (uint64_t)is_chance(window, i) << i;
    }
    meaning->at[OBI_MEANS_TAG] = tags & ~doubted;
    meaning->seen &= tags == doubted ? ~S(TAG) : ~(obi_set)0;
    return doubted;
}

void obi_rules_believe(uint64_t doubted, obi_meaning *meaning)
{
    meaning->at[OBI_MEANS_TAG] |= doubted;
    meaning->seen |= doubted != 0 ? S(TAG) : 0;
}

/* One turn may be a label of a form; two are talk that somebody wrote down. */
static void see_dialogue(const obi_window *window, obi_meaning *meaning)
{
    uint64_t turns = 0;
    uint64_t parties = meaning->at[OBI_MEANS_PARTY] | meaning->at[OBI_MEANS_ROLE];
    for (uint64_t left = parties; left != 0; left &= left - 1) {
        size_t word = (size_t)__builtin_ctzll(left);
        turns |= (uint64_t)is_turn(window, meaning, word) << word;
    }
    if ((turns & (turns - 1)) != 0) {
        meaning->at[OBI_MEANS_DIALOGUE] = turns;
        meaning->seen |= S(DIALOGUE);
    }
}

void obi_meaning_read(const obi_lexicon *lexicon, const obi_window *window, obi_meaning *meaning)
{
    obi_lexicon_read(lexicon, window, meaning);
    see_signs(window, meaning);
    if ((meaning->seen & S(TASK)) != 0) {
        keep_first_tasks(lexicon, window, meaning);
    }
    see_dialogue(window, meaning);
}

static bool is_mostly_han(const obi_window *window)
{
    size_t han = 0;
    for (size_t i = 0; i < window->count; i++) {
        han += (window->words[i].flags & OBI_TOKEN_HAN) != 0;
    }
    return han * 2 > window->count;
}

/* Whether the quotes around a word are those of JSON: behind a name in quotes, too. */
static bool is_value(const obi_window *window, size_t at)
{
    while (at > 0 && (window->words[at].gap & OBI_GAP_QUOTE) == 0) {
        at--;
    }
    return at > 0 && (window->words[at].gap & OBI_GAP_COLON) != 0 &&
           (window->words[at - 1].flags & OBI_TOKEN_QUOTED) != 0;
}

/* Whether all words of a place stand within the quotes of prose. */
static bool is_quoted(const obi_window *window, size_t first, size_t last)
{
    for (size_t i = first; i <= last; i++) {
        if ((window->words[i].flags & OBI_TOKEN_QUOTED) == 0) {
            return false;
        }
    }
    return !is_value(window, first);
}

/* What talk about attacks takes from a rule. Questions are such talk, too ("how do ..."), and tasks
 * are questions; an order about an answer is none. */
static int talk_of(const rule *r)
{
    return r->shares == NULL ? TALK_BRAKE : r->shares == of_tasks ? 0 : TALK_BRAKE / 2;
}

/* What speaks against an injection: talk about attacks, quotes, and what people take back. */
static int brakes_of(const obi_window *window, const obi_meaning *meaning, size_t first,
                     size_t last, int talk)
{
    int sum = 0;
    sum += is_quoted(window, first, last) ? QUOTED_BRAKE : 0;
    /* A forged turn stays one beside a question. */
    bool tag = (meaning->seen & S(TAG)) != 0;
    sum += (meaning->seen & S(TALK)) == 0 ? 0
           : tag && talk < TALK_BRAKE / 2 ? TALK_BRAKE / 2
                                          : talk;
    uint64_t taken_back = meaning->at[OBI_MEANS_IGNORE];
    uint64_t mine = behind(taken_back, 4, 0) & meaning->at[OBI_MEANS_THING];
    bool told = (meaning->seen & (S(TOLD) | S(PROMPT) | S(ORDERS) | S(UNBOUND) | S(NOCHECK))) != 0;
    sum += mine != 0 && !told ? MINE_BRAKE : 0;
    return sum;
}

/* Words at which a sentence begins. */
static uint64_t starts_of(const obi_window *window)
{
    uint64_t starts = 0;
    for (size_t i = 0; i < window->count; i++) {
        const obi_token *word = &window->words[i];
        /* Behind a stop within quotes a sentence goes on. */
        bool small = (word->flags & (OBI_TOKEN_HIGH | OBI_TOKEN_CAPITAL | OBI_TOKEN_DIGIT)) == 0;
        bool begins =
            (word->gap & OBI_GAP_PARAGRAPH) != 0 || ((word->gap & OBI_GAP_STOP) != 0 && !small);
        starts |= (uint64_t)begins << i;
    }
    return starts;
}

/* Whether what the rules of a help desk speak about is in the sentences that a place lies in. */
static bool is_of_desk(const obi_meaning *meaning, const place *at, uint64_t starts)
{
    uint64_t ends = (uint64_t)1 << at->first | (uint64_t)1 << at->last;
    uint64_t words =
        ends | behind(ends, OBI_WINDOW_WORDS, starts) | before(ends, OBI_WINDOW_WORDS, starts);
    return (meaning->at[OBI_MEANS_DESK] & words) != 0;
}

/* What a rule is worth where the window stands. The rules of a help desk say what answers shall
 * hold, too, and speak about customers. */
static int points_of(const rule *r, const obi_window *window, const obi_meaning *meaning,
                     uint64_t starts, const place *at)
{
    if (r->shares == NULL) {
        return r->points;
    }
    /* An article about attacks quotes them. */
    int points =
        is_quoted(window, at->first, at->last) ? 0 : r->points * r->shares[window->place] / 100;
    bool desk = (meaning->seen & S(DESK)) != 0 && is_of_desk(meaning, at, starts);
    return desk ? points * DESK_SHARE / 100 : points;
}

/* Adds the points of a rule to those of its technique. */
static void weigh(int best[OBI_TECHNIQUES], int second[OBI_TECHNIQUES], const rule *r, int points)
{
    if (points > best[r->technique]) {
        second[r->technique] = best[r->technique];
        best[r->technique] = points;
    } else if (points > second[r->technique]) {
        second[r->technique] = points;
    }
}

void obi_rules_judge(const obi_lexicon *lexicon, const obi_window *window,
                     const obi_meaning *meaning, obi_verdict *verdict)
{
    uint64_t rows[OBI_RULE_BITS / 64];
    int best[OBI_TECHNIQUES] = {0};
    int second[OBI_TECHNIQUES] = {0};
    int top = 0;
    bool fresh = false;
    int talk = 0;
    obi_verdict made = {.first = window->count};
    verdict->turned = (unsigned)__builtin_popcountll(meaning->at[OBI_MEANS_TURNED]);
    made.turned = verdict->turned;
    if (!candidates_of(lexicon, meaning->seen, rows)) {
        return;
    }
    bool han = is_mostly_han(window);
    uint64_t starts = starts_of(window);
    for (size_t i = next_of(rows, 0); i < OB_COUNT(rules); i = next_of(rows, i + 1)) {
        const rule *r = &rules[i];
        place at;
        if (!matches(r, meaning, han, starts, &at)) {
            continue;
        }
        int points = points_of(r, window, meaning, starts, &at);
        if (points < POINTS_MIN) {
            continue;
        }
        weigh(best, second, r, points);
        talk = talk_of(r) < talk ? talk_of(r) : talk;
        size_t end = at.last + meaning->words[at.last] - 1U;
        fresh = fresh || end >= window->fresh;
        made.first = at.first < made.first ? at.first : made.first;
        made.last = end > made.last ? end : made.last;
        made.techniques |= 1U << r->technique;
        if (points > top) {
            top = points;
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
    made.brakes = brakes_of(window, meaning, made.first, made.last, talk);
    /* It goes on to the end of its sentence, which is the last one of the window. */
    made.last = window->count - 1;
    *verdict = made;
}
