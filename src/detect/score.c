/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a candidate is worth: prior of its kind and check (scores.def), cue words before it, and
 * neighbours. The terms are hundredths of log-odds; their sum becomes a probability in percent.
 *
 * Of several words the nearest decides: "order number 123, card 4111..." is a card, "card order
 * 4111..." is an order. A word in a sentence that has ended, or that another number has used up,
 * counts less.
 */
#include "detect/scan.h"
#include "detect/valid_core.h"

/* Terms of cue words, before what lessens them. */
enum {
    NAMES_STRONG = 350,
    NAMES_WEAK = 200,
    AGAINST_STRONG = -450,
    AGAINST_WEAK = -250,
    OTHER_KIND = -80 /* a strong word for another kind stands nearer */
};

/* Scores below it are not worth a place among the candidates. */
#define SCORE_LEAST 5
/* Where a cue of a kind without form of its own, and one against, stop to count in full. */
#define CLOSE_REACH 12
/* From this prior on the value proves itself, and words against it say half as much. */
#define PROVEN 300
/* Amounts are hardly longer. */
#define QUANTITY_DIGITS 10

typedef enum weigh {
    WEIGH_NUMBER,
    WEIGH_CLOSE,
    WEIGH_TOKEN,
    WEIGH_TEXT
} weigh;

typedef struct worth {
    uint8_t weigh;
    uint8_t own[2];
    uint8_t related[3];
    int16_t prior[3]; /* by ob_valid */
    int16_t form;
} worth;

static const worth worths[OB_KINDS] = {
#define OB_SCORE(kind, weigh_, yes, maybe, no, form_, own1, own2, rel1, rel2, rel3)          \
    [OB_KIND_##kind] = {                                                                     \
        .weigh = WEIGH_##weigh_,                                                             \
        .own = {OBI_CUE_##own1, OBI_CUE_##own2},                                             \
        .related = {OBI_CUE_##rel1, OBI_CUE_##rel2, OBI_CUE_##rel3},                         \
        .prior = {[OB_VALID_NO] = (no), [OB_VALID_MAYBE] = (maybe), [OB_VALID_YES] = (yes)}, \
        .form = (form_),                                                                     \
    },
#include "detect/scores.def"
#undef OB_SCORE
};

/* Kinds that are not in the table: those of a detector's own, such as encodings and rules. */
static const worth worth_of_rules = {
    .weigh = WEIGH_TEXT,
    .own = {OBI_CUE_NONE, OBI_CUE_NONE},
    .related = {OBI_CUE_NONE, OBI_CUE_NONE, OBI_CUE_NONE},
    .prior = {[OB_VALID_NO] = -900, [OB_VALID_MAYBE] = 150, [OB_VALID_YES] = 300},
};

static const worth *worth_of(unsigned kind)
{
    return kind < OB_KINDS ? &worths[kind] : &worth_of_rules;
}

/* Rounded to whole percents: the log-odds from which each percent is reached. */
uint8_t obi_percent(int odds)
{
    static const int16_t from[100] = {
        -529, -418, -366, -332, -306, -284, -267, -251, -238, -225, -214, -204, -195, -186, -177,
        -170, -162, -155, -148, -142, -136, -130, -124, -118, -113, -107, -102, -97,  -92,  -87,
        -82,  -78,  -73,  -69,  -64,  -60,  -55,  -51,  -47,  -43,  -38,  -34,  -30,  -26,  -22,
        -18,  -14,  -10,  -6,   -2,   2,    6,    10,   14,   18,   22,   26,   30,   34,   38,
        43,   47,   51,   55,   60,   64,   69,   73,   78,   82,   87,   92,   97,   102,  107,
        113,  118,  124,  130,  136,  142,  148,  155,  162,  170,  177,  186,  195,  204,  214,
        225,  238,  251,  267,  284,  306,  332,  366,  418,  529};
    size_t low = 0;
    for (size_t high = OB_COUNT(from); low < high;) {
        size_t middle = (low + high) / 2;
        if (odds >= from[middle]) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return (uint8_t)low;
}

/* Puts aside the words of the place asked for last. */
static void put_aside(obi_scan *scan)
{
    if (scan->cue_at == SIZE_MAX) {
        scan->place_count = 0;
        return;
    }
    obi_cue_place *place = &scan->places[scan->place_count++ % OBI_CUE_PLACES];
    place->at = (uint32_t)scan->cue_at;
    place->count = (uint8_t)scan->cue_count;
    memcpy(place->cues, scan->cues, scan->cue_count * sizeof scan->cues[0]);
}

static void read_cues(obi_scan *scan, size_t start)
{
    if (scan->cue_at == start) {
        return;
    }
    put_aside(scan);
    scan->cue_at = start;
    for (size_t i = 0; i < scan->place_count && i < OBI_CUE_PLACES; i++) {
        const obi_cue_place *place = &scan->places[i];
        if (place->at == start) {
            scan->cue_count = place->count;
            memcpy(scan->cues, place->cues, place->count * sizeof scan->cues[0]);
            return;
        }
    }
    scan->cue_count = obi_cues_before(ob_span_sub(scan->text, 0, start), scan->cues);
}

/* What a word says for a kind: 0 for nothing, and what lessens it left aside. */
static int names(const worth *of, const obi_cue *cue)
{
    bool strong = (cue->flags & OBI_CUE_STRONG) != 0;
    if (cue->group == of->own[0] || cue->group == of->own[1]) {
        return strong ? NAMES_STRONG : NAMES_WEAK;
    }
    bool related = cue->group == of->related[0] || cue->group == of->related[1] ||
                   cue->group == of->related[2];
    return strong && related ? NAMES_WEAK : 0;
}

/* The value follows a colon, an equals sign or a word such as "is". */
static bool is_announced(const obi_scan *scan, size_t start)
{
    size_t at = start;
    while (at > 0 && (scan->text.ptr[at - 1] == ' ' || scan->text.ptr[at - 1] == '"' ||
                      scan->text.ptr[at - 1] == '\'')) {
        at--;
    }
    return (at > 0 && obi_one_of(scan->text.ptr[at - 1], ":=")) ||
           ((scan->seen & OBI_SEEN_VALUE) != 0 && start <= scan->from + 1);
}

/* What is left of a term that names. */
static int lessened(int term, const obi_cue *cue, bool close)
{
    if ((cue->flags & OBI_CUE_BEFORE) != 0) {
        term = (cue->flags & OBI_CUE_ASKED) != 0 ? term * 4 / 5 : term / 2;
    }
    if ((cue->flags & OBI_CUE_USED) != 0) {
        term /= close ? 4 : 2;
    }
    return close && cue->distance > CLOSE_REACH ? term / 2 : term;
}

static bool is_telephone(unsigned kind)
{
    return kind == OB_KIND_MSISDN || kind == OB_KIND_MSISDN_CN || kind == OB_KIND_LANDLINE_CN;
}

/* What a word says against a kind, or 0. It reaches less far than one that names. */
static int opposes(const worth *of, unsigned kind, const obi_cue *cue, ob_span value)
{
    unsigned act = obi_cue_acts[cue->group];
    bool little = value.len <= QUANTITY_DIGITS && obi_all(value, OBI_DIGIT);
    bool release = act == OBI_CUE_RELEASE && kind == OB_KIND_IP;
    if (act == OBI_CUE_NAMES || (of->weigh == WEIGH_TEXT && !release) ||
        (act == OBI_CUE_TELEPHONE && !is_telephone(kind)) || (act == OBI_CUE_QUANTITY && !little)) {
        return 0;
    }
    int term = (cue->flags & OBI_CUE_STRONG) != 0 ? AGAINST_STRONG : AGAINST_WEAK;
    term = of->weigh == WEIGH_TOKEN ? term / 2 : term;
    /* Hotlines are seldom mobile: where a form is that of a mobile number only, it may be
     * anybody's. */
    term = act == OBI_CUE_TELEPHONE && kind == OB_KIND_MSISDN_CN ? term / 2 : term;
    term = cue->distance > CLOSE_REACH ? term / 2 : term;
    term = (cue->flags & OBI_CUE_BEFORE) != 0 ? term / 6 : term;
    return (cue->flags & OBI_CUE_USED) != 0 ? term / 4 : term;
}

/* The term of the cue words before start. */
static int cue_term(obi_scan *scan, unsigned kind, size_t start, ob_span value, bool proven)
{
    read_cues(scan, start);
    const worth *of = worth_of(kind);
    bool close = of->weigh == WEIGH_CLOSE && !is_announced(scan, start);
    int best = 0;
    int worst = 0;
    int other = 0;
    for (size_t i = 0; i < scan->cue_count; i++) { /* from the nearest on */
        const obi_cue *cue = &scan->cues[i];
        int term = lessened(names(of, cue), cue, close);
        int against = opposes(of, kind, cue, value) / (proven ? 2 : 1);
        if (term > 0) {
            term = worst < 0 ? term / 4 : term;
            best = term > best ? term : best;
        } else if (against < 0) {
            against = best > 0 ? against / 6 : against;
            worst = against < worst ? against : worst;
        } else if (best == 0 && of->weigh != WEIGH_TEXT &&
                   (cue->flags & (OBI_CUE_STRONG | OBI_CUE_BEFORE | OBI_CUE_USED)) ==
                       OBI_CUE_STRONG) {
            other = OTHER_KIND;
        }
    }
    return best + worst + other;
}

bool obi_cued(obi_scan *scan, unsigned kind, size_t start)
{
    read_cues(scan, start);
    const worth *of = worth_of(kind);
    for (size_t i = 0; i < scan->cue_count; i++) {
        if (names(of, &scan->cues[i]) > 0) {
            return true;
        }
    }
    return false;
}

/* Grouped by signs that no number has by accident, by blanks only, or not at all. */
static int form_term(const worth *of, ob_span value)
{
    int term = 0;
    for (size_t i = 0; of->form != 0 && i < value.len; i++) {
        if (obi_one_of(value.ptr[i], "-./:()+")) {
            return of->form;
        }
        term = value.ptr[i] == ' ' ? of->form / 2 : term;
    }
    return term;
}

/* International form: the plus sign of a telephone number, or 00 and groups. */
static int plus_term(unsigned kind, ob_span value)
{
    return kind == OB_KIND_MSISDN && value.len > 0 && value.ptr[0] == '+' ? 330 : 0;
}

static bool ends_with(ob_span text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (ob_span_has_suffix(text, ob_span_str(*words))) {
            return true;
        }
    }
    return false;
}

/* The word that ends before at, over hyphens and underscores, has a digit: start is inside an id.
 */
static bool in_chain(ob_span text, size_t at)
{
    size_t least = at > 20 ? at - 20 : 0;
    for (; at > least && (obi_is(text.ptr[at - 1], OBI_TOKEN)); at--) {
        if (obi_is(text.ptr[at - 1], OBI_DIGIT)) {
            return true;
        }
    }
    return false;
}

static int left_term(const obi_scan *scan, size_t start, bool token)
{
    static const char *const currencies[] = {"$", "£", "¥", "€", "₹", "₽", "￥", NULL};
    ob_span before = ob_span_sub(scan->text, 0, start);
    if (before.len == 0) {
        return 0;
    }
    char c = before.ptr[start - 1];
    char further = start > 1 ? before.ptr[start - 2] : '\0';
    bool labelled = scan->cue_count > 0 && scan->cues[0].distance == 0;
    if (obi_is(c, OBI_ALNUM) && obi_is(scan->text.ptr[start], OBI_ALNUM)) {
        /* "IMEI3569..." is a label, and "\n4111" in a JSON text a line feed. */
        return labelled || further == '\\' ? 0 : token ? -200 : -400;
    }
    if (token) {
        return 0;
    }
    if (c == '#') {
        return -200;
    }
    if ((c == '.' || c == ',') && obi_is(further, OBI_DIGIT)) {
        return -300;
    }
    if (c == '/' && obi_is(further, OBI_ALNUM)) {
        return -250; /* a part of a path */
    }
    if ((c == '-' || c == '_') && in_chain(before, start - 1)) {
        return -250;
    }
    if (c == ' ' && ends_with(ob_span_sub(before, 0, start - 1), currencies)) {
        return -400;
    }
    return ends_with(before, currencies) ? -400 : 0;
}

static bool is_unit(ob_span after)
{
    static const char *const units[] = {"gb",   "mb", "kb",  "tb",  "mbps", "kbps",  "gbps",
                                        "mbit", "ms", "min", "usd", "eur",  "gbp",   "cny",
                                        "rmb",  "km", "kwh", "gib", "mib",  "points"};
    size_t end = obi_run(after, 0, OBI_LETTER);
    for (size_t i = 0; end > 0 && i < OB_COUNT(units); i++) {
        if (ob_span_is_nocase(ob_span_sub(after, 0, end), ob_span_str(units[i]))) {
            return true;
        }
    }
    return false;
}

static int right_term(const obi_scan *scan, size_t end, bool token)
{
    ob_span after = ob_span_sub(scan->text, end, scan->text.len);
    char c = after.len > 0 ? after.ptr[0] : scan->next;
    char further = after.len > 1 ? after.ptr[1] : '\0';
    bool cut = after.len == 0 && (scan->seen & OBI_SEEN_CUT) != 0;
    if (cut || (obi_is(c, OBI_ALNUM) && obi_is(scan->text.ptr[end - 1], OBI_ALNUM))) {
        return token ? -200 : -400;
    }
    if (token) {
        return 0;
    }
    if (c == '%' || c == '$' || c == '@') {
        return -400;
    }
    if (c == '.' && obi_is(further, OBI_DIGIT)) {
        return -300;
    }
    if ((c == '-' || c == '_') && obi_is(further, OBI_ALNUM)) {
        return -200;
    }
    return c == ' ' && is_unit(ob_span_sub(after, 1, after.len)) ? -250 : 0;
}

static int near_term(const obi_scan *scan, const worth *of, size_t start, size_t end)
{
    if (of->weigh == WEIGH_TEXT) {
        return 0;
    }
    bool token = of->weigh == WEIGH_TOKEN;
    int term = left_term(scan, start, token) + right_term(scan, end, token);
    if (start == scan->from && (scan->seen & OBI_SEEN_REST) != 0) {
        term -= token ? 200 : 400;
    }
    return term;
}

static int16_t bounded(int term)
{
    return (int16_t)(term < -2000 ? -2000 : term > 2000 ? 2000 : term);
}

/* Where a candidate goes: a new place, or that of the least, if that is less. */
static obi_candidate *place_for(obi_scan *scan, unsigned score)
{
    if (scan->count < OBI_FOUND_MAX) {
        return &scan->found[scan->count++];
    }
    obi_candidate *least = &scan->found[0];
    for (size_t i = 1; i < scan->count; i++) {
        if (scan->found[i].score < least->score) {
            least = &scan->found[i];
        }
    }
    return least->score < score ? least : NULL;
}

void obi_found_long(obi_scan *scan, unsigned kind, size_t start, size_t end, ob_valid check,
                    const char *rule, int near, obi_tail tail)
{
    if (start < scan->from || start >= end || end > scan->text.len) {
        return;
    }
    const worth *of = worth_of(kind);
    ob_span value = ob_span_sub(scan->text, start, end);
    int prior = of->prior[check] + form_term(of, value) + plus_term(kind, value);
    if (prior + NAMES_STRONG + near <= -300) {
        return; /* no cue could save it */
    }
    int cue = cue_term(scan, kind, start, value, of->prior[check] >= PROVEN);
    if (check == OB_VALID_NO && cue <= NAMES_WEAK) {
        return;
    }
    int around = near_term(scan, of, start, end) + near;
    uint8_t score = obi_percent(prior + cue + around);
    obi_candidate *to = score < SCORE_LEAST ? NULL : place_for(scan, score);
    if (to != NULL) {
        *to = (obi_candidate){.start = (uint32_t)start,
                              .end = (uint32_t)end,
                              .steps = scan->steps,
                              .rule = rule,
                              .kind = (uint16_t)kind,
                              .check = (uint8_t)check,
                              .score = score,
                              .prior = bounded(prior),
                              .cue = bounded(cue),
                              .near_ = bounded(around),
                              .tail = (uint8_t)tail};
    }
}

void obi_found(obi_scan *scan, unsigned kind, size_t start, size_t end, ob_valid check,
               const char *rule, int near)
{
    obi_found_long(scan, kind, start, end, check, rule, near, OBI_TAIL_NONE);
}
