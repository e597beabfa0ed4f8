/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules and model together. The rules know what to look for and are blind for what nobody thought
 * of; the model has seen many texts and takes much for an attack that only looks like one. Their
 * sum is better than either, with the rules at a part of their points (doc/model-card.md has the
 * figures).
 */
#include "detect/kinds.h"
#include "detect/lexicon.h"
#include "detect/model.h"
#include "detect/scan.h"

/*
 * The gate of a model loses few of the attacks that it would find. Most of those with a low sum are
 * found by the rules as well, and where no rule speaks the model must be sure (ALONE), so there the
 * sum has to be higher by so many steps: half of the windows that it opened for remain, and of
 * texts held out 0.2 points of the attacks are lost at 1 % false alarms.
 */
#define GATE_ALONE 120
/* Log-odds of a window of which nothing is known, in hundredths; without and with a model. */
#define PRIOR       (-350)
#define PRIOR_MODEL (-320)
/* With a model that does not join them, the rules alone must be surer; so must the model alone. */
#define APART (-25)
#define ALONE (-60)
/* Hundredths of log-odds by which what a text is about may move a score. */
#define MATTER_MOVES 150
/* Hundredths of the points of the rules that count beside the model. */
#define JOINED     50
#define SUM_MAX    2000
#define LATE_BYTES 512
#define LATE_STEP  45
#define LATE_MAX   5
#define LATE_ONCE  120

/*
 * A long text is looked at often, so one window of it looks like an attack by chance sooner: the
 * later a window, the more the model has to say. 45 hundredths for each doubling of 512 bytes, and
 * 120 once: what customers write is short, and articles have many orders.
 */
static int lateness(uint64_t start)
{
    int doublings = 0;
    for (uint64_t blocks = start / LATE_BYTES; blocks > 0 && doublings < LATE_MAX; blocks /= 2) {
        doublings++;
    }
    return doublings * LATE_STEP + (doublings > 0 ? LATE_ONCE : 0);
}

/* A window of so many words and more is a list of values, and not talk, where so many sixteenths of
 * them have digits; it is no text where so many quarters stand behind what no text has. */
#define LIST_WORDS      16
#define LIST_SIXTEENTHS 7
#define BAD_QUARTERS    1

/*
 * The model learned from talk. Of a list of values (meters, addresses of devices, hexadecimal) or
 * of bytes that are no text it knows a few words and nothing else, and what it says of these is
 * chance. Rules need words of their own, so they are believed.
 */
static bool is_talk(const obi_window *window)
{
    size_t digits = 0;
    size_t bad = 0;
    for (size_t i = 0; i < window->count; i++) {
        digits += (window->words[i].flags & OBI_TOKEN_DIGIT) != 0;
        bad += (window->words[i].gap & OBI_GAP_BAD) != 0;
    }
    return bad * 4 < window->count * BAD_QUARTERS + 1 &&
           (window->count < LIST_WORDS || digits * 16 < window->count * LIST_SIXTEENTHS);
}

static bool is_open(const obi_model *model, int gate)
{
    return model != NULL && gate >= model->parts.gate_least + GATE_ALONE;
}

bool obi_gather_shows(const obi_gather *g)
{
    return obi_gather_weight(g) >= OBI_WEIGHT_MIN || is_open(g->model, obi_gather_gate(g));
}

/* What rules and a score of the model say together, in log-odds. */
static int joined_odds(const obi_verdict *verdict, int score)
{
    int points = verdict->points < SUM_MAX ? verdict->points : SUM_MAX;
    return PRIOR_MODEL + points * JOINED / 100 + verdict->brakes / 2 + score;
}

/*
 * The score of the model. To read what a text is about is a third of the work of judging, and it
 * seldom moves a score by more than MATTER_MOVES, so it is done only where so much would decide.
 */
static int ask(const obi_passages *p, const obi_window *window, const obi_verdict *verdict,
               obi_meaning *meaning)
{
    obi_window known = *window;
    int less = lateness(window->words[0].start) - (verdict->points == 0 ? ALONE : 0);
    known.lang = obi_window_lang(window, p->lexicon);
    const obi_model_sum light = obi_model_light(p->model, p->known, &known);
    obi_model_sum sum = light;
    obi_model_heavy(p->model, &known, meaning, false, &sum);
    int score = obi_model_odds(p->model, known.lang, &sum) - less;
    if (joined_odds(verdict, score) < -MATTER_MOVES) {
        return score;
    }
    obi_matter_read(p->lexicon->matter, window, &meaning->matter);
    sum = light;
    obi_model_heavy(p->model, &known, meaning, true, &sum);
    return obi_model_odds(p->model, known.lang, &sum) - less;
}

bool obi_window_judge(const obi_passages *p, const obi_window *window, obi_verdict *verdict)
{
    obi_meaning meaning;
    obi_meaning_read(p->lexicon, window, &meaning);
    uint64_t doubted = obi_rules_doubt(window, &meaning);
    obi_rules_judge(p->lexicon, window, &meaning, verdict);
    obi_rules_believe(doubted, &meaning);
    /* The model costs more than the rules: it is asked where it may matter. */
    if (p->model == NULL ||
        (verdict->points == 0 && (!is_open(p->model, window->gate) || !is_talk(window)))) {
        return verdict->points > 0;
    }
    verdict->has_model = true;
    verdict->model = ask(p, window, verdict, &meaning);
    if (verdict->points > 0) {
        return true;
    }
    /* Without a rule nobody can say which of the words it was. */
    verdict->kind = OB_KIND_INJECTION_DIRECT;
    verdict->rule = "model";
    verdict->first = 0;
    verdict->last = window->count - 1;
    return verdict->model > ALONE;
}

void obi_verdict_hit(const obi_verdict *verdict, int carry, ob_hit *hit)
{
    int points = verdict->points < SUM_MAX ? verdict->points : SUM_MAX;
    int prior = verdict->has_model ? PRIOR + APART : PRIOR;
    int alone = prior + points + verdict->brakes;
    int part = points * JOINED / 100;
    int both = joined_odds(verdict, verdict->model);
    /* A model that never saw such an attack does not talk the rules out of theirs. */
    bool joined = verdict->has_model && (points == 0 || both > alone);
    hit->rule = verdict->rule;
    hit->kind = verdict->kind;
    hit->check = OB_HIT_CHECK_NONE;
    hit->prior = (int16_t)(joined ? PRIOR_MODEL : prior);
    hit->cue = (int16_t)(joined ? part : points);
    hit->near_ = (int16_t)((joined ? both - PRIOR_MODEL - part : verdict->brakes) + carry);
    hit->techniques = verdict->techniques;
    hit->score = obi_percent(hit->prior + hit->cue + hit->near_);
}
