/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An operator's rule: whether it is well formed, its pattern, and where its value ends.
 *
 * A pattern is compiled by itself and anchored at the start, so it costs nothing but behind its
 * literal. It must have a greatest length: a value is held until its end is known.
 */
#include "detect/rules.h"

#include "detect/valid_core.h"

#include <hs/hs.h>
#include <math.h>
#include <ombud/text.h>

#define ID_MAX 64

static bool is_id(ob_span text)
{
    bool good = text.len > 0 && text.len <= ID_MAX;
    for (size_t i = 0; good && i < text.len; i++) {
        good = obi_is(text.ptr[i], OBI_LOWER | OBI_DIGIT) || (text.ptr[i] == '-' && i > 0);
    }
    return good;
}

/* One line of text that can be shown. */
static bool is_line(ob_span text)
{
    bool good = text.len > 0 && text.len <= OB_RULE_TEXT_MAX && ob_utf8_bad(text) == SIZE_MAX;
    for (size_t i = 0; good && i < text.len; i++) {
        good = (unsigned char)text.ptr[i] >= ' ' && text.ptr[i] != 0x7f;
    }
    return good;
}

static size_t first_word(ob_span literal)
{
    size_t at = ob_span_find(literal, OB_SPAN(" "), 0);
    return at == SIZE_MAX ? literal.len : at;
}

static bool check_texts(const ob_rule *rule, const char **field, ob_err *err)
{
    *field = is_id(rule->id) ? "kind" : "id";
    if (!is_id(rule->id) || !is_id(rule->kind)) {
        return ob_fail(err, OB_ERR_INPUT,
                       "use 1 to %d lower-case letters, digits and -, and no - in front", ID_MAX);
    }
    *field = is_line(rule->title) ? "literal" : "title";
    if (!is_line(rule->title) || !is_line(rule->literal)) {
        return ob_fail(err, OB_ERR_INPUT, "write one line of 1 to %d bytes", OB_RULE_TEXT_MAX);
    }
    if (first_word(rule->literal) < OB_RULE_HEAD_MIN) {
        return ob_fail(err, OB_ERR_INPUT,
                       "the first word has fewer than %d bytes, so it stands nearly everywhere; "
                       "write a longer one",
                       OB_RULE_HEAD_MIN);
    }
    *field = "cues";
    for (size_t i = 0; i < rule->cue_count; i++) {
        if (!is_line(rule->cues[i])) {
            return ob_fail(err, OB_ERR_INPUT, "write each cue in one line of 1 to %d bytes",
                           OB_RULE_TEXT_MAX);
        }
    }
    return rule->cue_count <= OB_RULE_CUES_MAX ||
           ob_fail(err, OB_ERR_INPUT, "write at most %d cues", OB_RULE_CUES_MAX);
}

bool ob_rule_check_form(const ob_rule *rule, const char **field, ob_err *err)
{
    if (!check_texts(rule, field, err)) {
        return false;
    }
    ob_kind kind = ob_kind_find(rule->kind);
    *field = "class";
    if (kind < OB_KINDS && obi_kind_class(kind) != rule->class_) {
        return ob_fail(err, OB_ERR_INPUT,
                       "kind %.*s is of class %s; write that, or a kind of your own",
                       OB_SHOW(rule->kind), ob_hit_class_name(obi_kind_class(kind)));
    }
    *field = "pattern";
    if (rule->pattern.len > OB_RULE_PATTERN_MAX) {
        return ob_fail(err, OB_ERR_INPUT, "write at most %d bytes", OB_RULE_PATTERN_MAX);
    }
    *field = "validator";
    if (rule->check != OB_RULE_CHECK_NONE && rule->pattern.len == 0) {
        return ob_fail(err, OB_ERR_INPUT,
                       "a literal alone needs no validator; take it out, or add a pattern");
    }
    *field = "score";
    return (rule->score >= 1 && rule->score <= 99 && rule->score_cued >= rule->score &&
            rule->score_cued <= 99) ||
           ob_fail(err, OB_ERR_INPUT,
                   "use 1 to 99 percent, and beside a cue not less than without one");
}

/* Why a pattern is not taken, in the order in which a person can mend it. */
static bool check_width(const hs_expr_info_t *info, ob_err *err)
{
    if (info->min_width == 0) {
        return ob_fail(err, OB_ERR_INPUT,
                       "the pattern matches the empty text; let it begin with the literal");
    }
    if (info->matches_at_eod) {
        return ob_fail(err, OB_ERR_INPUT,
                       "the pattern asks for the end of the text ($ or \\z), which a stream does "
                       "not know; take it out");
    }
    if (info->max_width == UINT32_MAX) {
        return ob_fail(err, OB_ERR_INPUT,
                       "the pattern has no greatest length; write a bound such as {1,40} in place "
                       "of * or +");
    }
    return info->max_width <= OB_HOLD_MAX ||
           ob_fail(err, OB_ERR_INPUT,
                   "the pattern can match %u bytes; the most is %d, so lower its bounds",
                   info->max_width, OB_HOLD_MAX);
}

static bool refused(hs_compile_error_t *why, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = 4096};
    ob_buf_add_shown(&text, ob_span_str(why == NULL ? "no reason given" : why->message), 160);
    (void)hs_free_compile_error(why);
    return ob_fail(err, OB_ERR_INPUT, "the pattern cannot be used: %.*s",
                   OB_SHOW(ob_buf_span(&text)));
}

bool obi_rule_pattern(const ob_rule *rule, struct hs_database **pattern, uint32_t *reach,
                      ob_err *err)
{
    const hs_platform_info_t plain = {0};
    unsigned flags = HS_FLAG_UTF8 | (rule->any_case ? HS_FLAG_CASELESS : 0);
    OB_AUTO(ob_buf) alone = {.max = OB_RULE_PATTERN_MAX};
    OB_AUTO(ob_buf) anchored = {.max = OB_RULE_PATTERN_MAX + 16};
    hs_expr_info_t *info = NULL;
    hs_compile_error_t *why = NULL;
    /* Line ends of a CR LF in the literal's blanks. */
    uint32_t most = (uint32_t)rule->literal.len * 2;
    if (rule->pattern.len == 0) {
        *pattern = NULL;
        *reach = most;
        return true;
    }
    ob_buf_add(&alone, rule->pattern);
    ob_buf_addf(&anchored, "^(?:%.*s)", OB_SHOW(rule->pattern));
    if (memchr(rule->pattern.ptr, '\0', rule->pattern.len) != NULL) {
        return ob_fail(err, OB_ERR_INPUT, "the pattern holds a NUL; take it out");
    }
    if (!ob_buf_check(&alone, "the pattern", err) || !ob_buf_check(&anchored, "the pattern", err)) {
        return false;
    }
    /* By itself first: it must not be able to close the group that anchors it. */
    if (hs_expression_info(alone.ptr, flags, &info, &why) != HS_SUCCESS) {
        return refused(why, err);
    }
    bool good = check_width(info, err);
    uint32_t width = info->max_width;
    ob_mem_free(info);
    struct hs_database *made = NULL;
    if (!good) {
        return false;
    }
    if (hs_compile(anchored.ptr, flags, HS_MODE_BLOCK, &plain, &made, &why) != HS_SUCCESS) {
        return refused(why, err);
    }
    *pattern = made;
    *reach = width > most ? width : most;
    return true;
}

static int16_t terms_of(uint8_t percent)
{
    return (int16_t)lround(100 * log(percent / (100.0 - percent)));
}

void obi_own_prepare(obi_own_rule *rule)
{
    ob_span literal = rule->text.literal;
    rule->rest = ob_span_sub(literal, first_word(literal), literal.len);
    rule->terms = terms_of(rule->text.score);
    rule->terms_cued = terms_of(rule->text.score_cued);
}

/* Bytes of white space at at: in a phrase any one stands for a blank, also the end of a line. */
static size_t blank(ob_span text, size_t at)
{
    if (at + 1 < text.len && text.ptr[at] == '\r' && text.ptr[at + 1] == '\n') {
        return 2;
    }
    return at < text.len && obi_one_of(text.ptr[at], " \t\n") ? 1 : 0;
}

static char lower(char c)
{
    return obi_is(c, OBI_UPPER) ? (char)(c | 0x20) : c;
}

/* Behind the whole literal, whose first word is at start; 0: the rest of it is not there. */
static size_t literal_end(const obi_own_rule *rule, ob_span text, size_t start)
{
    size_t at = start + rule->text.literal.len - rule->rest.len;
    for (size_t i = 0; i < rule->rest.len; i++) {
        char c = rule->rest.ptr[i];
        if (c == ' ') {
            size_t bytes = blank(text, at);
            if (bytes == 0) {
                return 0;
            }
            at += bytes;
        } else if (at < text.len && (c == text.ptr[at] ||
                                     (rule->text.any_case && lower(c) == lower(text.ptr[at])))) {
            at++;
        } else {
            return 0;
        }
    }
    return at <= text.len ? at : 0;
}

static int on_end(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                  void *ctx)
{
    (void)id;
    (void)from;
    (void)flags;
    unsigned long long *longest = ctx;
    *longest = to > *longest ? to : *longest;
    return 0;
}

/* What the check covers: behind a literal that ends in a sign, which is a label, else all of it. */
static ob_span checked_part(const obi_own_rule *rule, ob_span value, size_t literal)
{
    ob_span text = rule->text.literal;
    bool label = !obi_is(text.ptr[text.len - 1], OBI_ALNUM);
    return label ? ob_span_trim(ob_span_sub(value, literal, value.len)) : value;
}

static ob_valid check_kind(ob_kind kind, ob_span value)
{
    char canonical[OB_HOLD_MAX];
    size_t len = 0;
    if (!ob_canonical(kind, value, canonical, sizeof canonical, &len)) {
        return OB_VALID_NO;
    }
    return ob_validate(kind, (ob_span){canonical, len});
}

static ob_valid check_value(const ob_rule *rule, ob_span value)
{
    char kept[OB_HOLD_MAX];
    size_t len = 0;
    if (rule->check == OB_RULE_CHECK_NONE) {
        return OB_VALID_MAYBE;
    }
    if (rule->check == OB_RULE_CHECK_KIND) {
        return check_kind(rule->check_kind, value);
    }
    for (size_t i = 0; i < value.len && len < sizeof kept; i++) {
        char c = value.ptr[i];
        bool last = i + 1 == value.len && rule->check == OB_RULE_CHECK_MOD11_2;
        if (obi_is(c, rule->check == OB_RULE_CHECK_MOD97 ? OBI_ALNUM : OBI_DIGIT) ||
            (last && (c == 'X' || c == 'x'))) {
            kept[len++] = obi_is(c, OBI_LOWER) ? (char)(c - 0x20) : c;
        }
    }
    ob_span digits = {kept, len};
    if (len < 2) {
        return OB_VALID_NO;
    }
    switch (rule->check) {
    case OB_RULE_CHECK_LUHN:
        return obi_yes_if(obi_luhn(digits));
    case OB_RULE_CHECK_VERHOEFF:
        return obi_yes_if(obi_verhoeff(digits));
    case OB_RULE_CHECK_MOD11_10:
        return obi_yes_if(obi_mod11_10(digits));
    case OB_RULE_CHECK_MOD11_2:
        return obi_yes_if(obi_mod11_2(digits));
    case OB_RULE_CHECK_EAN13:
        return obi_yes_if(len == 13 && obi_ean13(digits));
    case OB_RULE_CHECK_MOD97:
        return obi_yes_if(obi_mod97(digits, 0) == 1);
    case OB_RULE_CHECK_NONE:
    case OB_RULE_CHECK_KIND:
        break;
    }
    return OB_VALID_MAYBE;
}

size_t obi_own_match(const obi_own_rule *rule, struct hs_scratch *scratch, ob_span text,
                     size_t start, char next, ob_valid *check)
{
    size_t literal = literal_end(rule, text, start);
    size_t end = literal;
    if (literal == 0 || (start > 0 && obi_is(text.ptr[start], OBI_ALNUM) &&
                         obi_is(text.ptr[start - 1], OBI_ALNUM))) {
        return 0;
    }
    if (rule->pattern != NULL) {
        unsigned long long longest = 0;
        /* A few bytes more than it may cover, so that it sees what stands behind. In the mode for
         * UTF-8 it may be given nothing else. */
        ob_span at = ob_span_sub(text, start, start + rule->reach + 4);
        size_t bad = ob_utf8_bad(at);
        at.len = bad < at.len ? bad : at.len;
        (void)hs_scan(rule->pattern, at.ptr, (unsigned)at.len, 0, scratch, on_end, &longest);
        end = start + (size_t)longest;
    }
    char behind = end < text.len ? text.ptr[end] : next;
    if (end <= start || (obi_is(text.ptr[end - 1], OBI_ALNUM) && obi_is(behind, OBI_ALNUM))) {
        return 0;
    }
    ob_span value = ob_span_sub(text, start, end);
    size_t label = literal < end ? literal - start : 0;
    ob_valid result = check_value(&rule->text, checked_part(rule, value, label));
    *check = result;
    return result == OB_VALID_NO ? 0 : end;
}

/* Whether a rule finds something in text. */
static bool finds(const obi_own_rule *rule, struct hs_scratch *scratch, ob_span text)
{
    ob_span literal = rule->text.literal;
    ob_span head = ob_span_sub(literal, 0, literal.len - rule->rest.len);
    size_t at = 0;
    ob_valid check = OB_VALID_NO;
    for (;; at++) {
        at = rule->text.any_case ? ob_span_find_nocase(text, head, at)
                                 : ob_span_find(text, head, at);
        if (at == SIZE_MAX || obi_own_match(rule, scratch, text, at, '\0', &check) > 0) {
            return at != SIZE_MAX;
        }
    }
}

bool ob_rule_check_pattern(const ob_rule *rule, const ob_span *examples, size_t count,
                           size_t *wrong, ob_err *err)
{
    obi_own_rule own = {.text = *rule};
    struct hs_scratch *scratch = NULL;
    *wrong = SIZE_MAX;
    if (!obi_rule_pattern(rule, &own.pattern, &own.reach, err)) {
        return false;
    }
    obi_own_prepare(&own);
    int code = own.pattern == NULL ? HS_SUCCESS : hs_alloc_scratch(own.pattern, &scratch);
    bool good = code == HS_SUCCESS || obi_hs_fail(code, "a pattern", err);
    for (size_t i = 0; good && i < count; i++) {
        if (!finds(&own, scratch, examples[i])) {
            *wrong = i;
            good = ob_fail(err, OB_ERR_INPUT,
                           "the rule finds nothing in this example; correct one of both");
        }
    }
    (void)hs_free_scratch(scratch);
    (void)hs_free_database(own.pattern);
    return good;
}
