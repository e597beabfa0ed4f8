/* SPDX-License-Identifier: Apache-2.0 */
/* Two replies say the same: byte by byte, in their words, or in their checkable statements. */
#include "evaluate/oracle.h"

#include <ombud/text.h>

enum {
    BY_TEXT,
    BY_WORDS,
    BY_CLAIMS
};

static const char *const by_names[] = {"text", "words", "claims"};

typedef struct same {
    ob_span as;
    int by;
} same;

static bool compile(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle, ob_err *err)
{
    static const char *const keys[] = {"as", "by"};
    const ob_yaml_doc *doc = &r->procedure->doc;
    const ob_yaml *map = ob_yaml_get(node, "same_as");
    const ob_yaml *as = NULL;
    same *data = OB_NEW(r->arena, same, 1, err);
    oracle->data = data;
    if (data == NULL || !ob_yaml_known(doc, map, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(doc, map, "as", &as, err) || !ob_yaml_text(doc, map, "as", &data->as, err) ||
        !ob_yaml_choice(doc, map, "by", by_names, OB_COUNT(by_names), &data->by, err)) {
        return false;
    }
    for (size_t s = 0; s < r->procedure->flow_count; s++) {
        const ob_flow_step *step = &r->procedure->flow[s];
        for (size_t t = 0; t < step->takes_count; t++) {
            if (ob_span_is(step->takes[t].name, data->as)) {
                return true;
            }
        }
    }
    return ob_yaml_fail(doc, as, err, "the flow extracts nothing under '%.*s'",
                        OB_SHOW(ob_span_sub(data->as, 0, OB_QUOTE_MAX)));
}

static bool is_ascii_alnum(uint32_t rune)
{
    return (rune >= '0' && rune <= '9') || (rune >= 'a' && rune <= 'z') ||
           (rune >= 'A' && rune <= 'Z');
}

/* Blanks and marks: ASCII, Latin-1, general punctuation, CJK and full-width ones. */
static bool is_mark(uint32_t rune)
{
    return (rune < 0x80 && !is_ascii_alnum(rune)) || (rune >= 0x80 && rune <= 0xbf) ||
           rune == 0xd7 || rune == 0xf7 || rune == 0x60c || rune == 0x61b || rune == 0x61f ||
           (rune >= 0x2000 && rune <= 0x2bff) || (rune >= 0x3000 && rune <= 0x303f) ||
           (rune >= 0xff01 && rune <= 0xff0f) || (rune >= 0xff1a && rune <= 0xff20) ||
           (rune >= 0xfe00 && rune <= 0xfe4f) || rune == 0xfffd;
}

static uint32_t lower(uint32_t rune)
{
    bool upper = (rune >= 'A' && rune <= 'Z') || (rune >= 0xc0 && rune <= 0xde && rune != 0xd7) ||
                 (rune >= 0x410 && rune <= 0x42f);
    return upper ? rune + 32 : rune;
}

/* Where the token of ASCII letters, digits and joining marks that starts at pos ends; *id when it
 * has a digit and is therefore no word. */
static size_t token_end(ob_span text, size_t pos, bool *id)
{
    size_t end = pos;
    *id = false;
    for (size_t at = pos; at < text.len; at++) {
        unsigned char c = (unsigned char)text.ptr[at];
        if (is_ascii_alnum(c)) {
            *id = *id || (c >= '0' && c <= '9');
            end = at + 1;
        } else if (at != end || strchr("-_.:/@#", c) == NULL || c == '\0') {
            break;
        }
    }
    return end;
}

/* Words without digits, ids, marks and case; Chinese as it stands. */
static bool words_of(ob_span text, ob_buf *out, ob_err *err)
{
    bool gap = true;
    for (size_t pos = 0; pos < text.len;) {
        bool id = false;
        size_t end = token_end(text, pos, &id);
        if (end > pos && id) {
            gap = true;
            pos = end;
            continue;
        }
        uint32_t rune = 0;
        if (!ob_utf8_next(text, &pos, &rune)) {
            break;
        }
        bool skip = is_mark(rune) || (rune >= 0xff10 && rune <= 0xff19);
        if (!skip && gap && rune < 0x2e80) {
            ob_buf_add_char(out, ' ');
        }
        if (!skip) {
            ob_buf_add_rune(out, lower(rune));
        }
        gap = skip;
    }
    return ob_buf_check(out, "the words of a reply", err);
}

static bool claims_within(ob_span a, ob_span b)
{
    ob_claim one;
    for (size_t at = 0; ob_claim_next(a, &at, &one);) {
        bool found = false;
        ob_claim other;
        for (size_t from = 0; !found && ob_claim_next(b, &from, &other);) {
            found = one.type == other.type && strcmp(one.value, other.value) == 0;
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

static bool is_same(const same *data, ob_span a, ob_span b, bool *equal, ob_err *err)
{
    if (data->by == BY_TEXT) {
        *equal = ob_span_is(ob_span_trim(a), ob_span_trim(b));
        return true;
    }
    if (data->by == BY_CLAIMS) {
        *equal = claims_within(a, b) && claims_within(b, a);
        return true;
    }
    OB_AUTO(ob_buf) left = {.max = 2 * OB_REPLY_MAX_CEILING};
    OB_AUTO(ob_buf) right = {.max = 2 * OB_REPLY_MAX_CEILING};
    if (!words_of(a, &left, err) || !words_of(b, &right, err)) {
        return false;
    }
    *equal = ob_span_is(ob_buf_span(&left), ob_buf_span(&right));
    return true;
}

static bool look(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding, bool *hit,
                 ob_err *err)
{
    const same *data = oracle->data;
    const ob_named *other = ob_observation_find(obs, data->as);
    *hit = false;
    for (size_t i = 0; other != NULL && i < oracle->in_count && !*hit; i++) {
        const ob_named *named = ob_oracle_in(oracle, obs, i);
        if (named == NULL) {
            continue;
        }
        if (!is_same(data, named->value, other->value, hit, err) ||
            (*hit &&
             !ob_finding_set(finding, obs, named, 0, 0, err,
                             "%.*s and %.*s say the same, compared by %s", OB_SHOW(named->name),
                             OB_SHOW(data->as), by_names[data->by]))) {
            return false;
        }
    }
    return true;
}

static const char *const keys[] = {"same_as"};
const ob_oracle_row ob_oracle_row_same_as = {
    "same_as", "Two replies say the same", "same_as", keys, 1, true, compile, look};
