/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operator's rules. Their scores are what the operator wrote, so candidates are made here and
 * not weighed by score.c.
 */
#include "detect/rules.h"

#include "detect/valid_core.h"

#include <ombud/text.h>

#define CUE_RUNES 24

/* The text of CUE_RUNES characters before start. */
static ob_span before(const obi_scan *scan, size_t start)
{
    size_t at = start;
    for (unsigned runes = 0; at > 0 && runes < CUE_RUNES; at--) {
        runes += ((unsigned char)scan->text.ptr[at - 1] & 0xc0) != 0x80;
    }
    return ob_span_sub(scan->text, at, start);
}

/* As a word of its own, where it is one of letters and digits. */
static bool stands_alone(ob_span text, size_t at, size_t len)
{
    bool joined =
        (at > 0 && obi_is(text.ptr[at], OBI_ALNUM) && obi_is(text.ptr[at - 1], OBI_ALNUM)) ||
        (at + len < text.len && obi_is(text.ptr[at + len - 1], OBI_ALNUM) &&
         obi_is(text.ptr[at + len], OBI_ALNUM));
    return !joined;
}

static bool cued(const obi_scan *scan, const ob_rule *rule, size_t start)
{
    ob_span text = before(scan, start);
    for (size_t i = 0; i < rule->cue_count; i++) {
        for (size_t at = 0; (at = ob_span_find_nocase(text, rule->cues[i], at)) != SIZE_MAX; at++) {
            if (stands_alone(text, at, rule->cues[i].len)) {
                return true;
            }
        }
    }
    return false;
}

static void report(obi_scan *scan, const obi_rule *rule, size_t start, size_t end, ob_valid check)
{
    const obi_own_rule *own = rule->own;
    bool beside = cued(scan, &own->text, start);
    if (scan->count == OBI_FOUND_MAX) {
        return;
    }
    scan->found[scan->count++] = (obi_candidate){
        .start = (uint32_t)start,
        .end = (uint32_t)end,
        .steps = scan->steps,
        .rule = rule->name,
        .kind = rule->kind,
        .check = (uint8_t)check,
        .score = beside ? own->text.score_cued : own->text.score,
        .prior = own->terms,
        .cue = (int16_t)(beside ? own->terms_cued - own->terms : 0),
    };
}

void obi_find_rule(obi_scan *scan)
{
    const ob_detector *d = scan->detector;
    for (size_t i = 0; i < scan->literal_count; i++) {
        const obi_literal *literal = &scan->literals[i];
        ob_valid check = OB_VALID_NO;
        const obi_rule *rule = literal->rule < d->rule_count ? &d->rules[literal->rule] : NULL;
        if (rule == NULL || rule->own == NULL || literal->start < scan->from) {
            continue;
        }
        size_t end =
            obi_own_match(rule->own, scan->scratch, scan->text, literal->start, scan->next, &check);
        if (end > 0) {
            report(scan, rule, literal->start, end, check);
        }
    }
}
