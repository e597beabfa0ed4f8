/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The literals of all rules, and Vectorscan, which finds them. It reports where a literal ends;
 * its length says where it begins.
 *
 * Databases are made for a plain processor of the architecture (cpu_features 0): one made for the
 * builder's is refused by older ones, and for literals there is nothing to gain.
 */
#include "detect/rules.h"

#include "detect/canaries.h"
#include "detect/markup.h"

#include <hs/hs.h>

typedef struct shipped {
    const char *name;
    const char *head;
    uint16_t kind;
} shipped;

static const shipped rows[] = {
#define OB_SECRET(constant, kind_, head_, ...) {#constant, (head_), OB_KIND_##kind_},
#include "detect/secrets.def"
#undef OB_SECRET
};

size_t obi_rules_shipped(void)
{
    return OB_COUNT(rows) + obi_markup_count;
}

void obi_rules_ship(obi_rule *rules)
{
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        rules[i] = (obi_rule){
            .name = rows[i].name, .head = ob_span_str(rows[i].head), .kind = rows[i].kind};
    }
    for (size_t i = 0; i < obi_markup_count; i++) {
        rules[OBI_MARKUP_FIRST + i] = (obi_rule){.name = "markup",
                                                 .head = ob_span_str(obi_markup_rows[i].head),
                                                 .kind = OB_KINDS,
                                                 .any_case = true,
                                                 .markup = &obi_markup_rows[i]};
    }
}

bool obi_rules_shipped_digest(ob_digest *digest, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = (size_t)1 << 20};
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_buf_addf(&text, "%s %zu:%s\n", ob_kind_rows[rows[i].kind].id, strlen(rows[i].head),
                    rows[i].head);
    }
    for (size_t i = 0; i < obi_markup_count; i++) {
        ob_buf_addf(&text, "markup %zu:%s\n", strlen(obi_markup_rows[i].head),
                    obi_markup_rows[i].head);
    }
    if (!ob_buf_check(&text, "the table of shipped rules", err)) {
        return false;
    }
    ob_span all = ob_buf_span(&text);
    return ob_sha256(&all, 1, digest, err);
}

bool obi_rules_machine(ob_err *err)
{
#if defined(__x86_64__)
    /* hs_valid_platform asks for less than what the scan then uses. */
    if (!__builtin_cpu_supports("sse4.2")) {
        return ob_fail(err, OB_ERR_USAGE,
                       "this processor lacks SSE4.2, which the detectors need (Vectorscan); run "
                       "ombud on a processor of 2009 or later, or let the virtual machine show it");
    }
#endif
    return hs_valid_platform() == HS_SUCCESS ||
           ob_fail(err, OB_ERR_USAGE,
                   "this processor lacks instructions that the detectors need (Vectorscan)");
}

bool obi_hs_fail(int code, const char *what, ob_err *err)
{
    if (code == HS_NOMEM) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for %s", what);
    }
    return ob_fail(err, OB_ERR_BUG, "Vectorscan refuses %s with error %d", what, code);
}

bool obi_rules_heads(const obi_rule *rules, size_t count, struct hs_database **heads, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    const char **texts = OB_NEW(&arena, const char *, count, err);
    size_t *lens = OB_NEW(&arena, size_t, count, err);
    unsigned *flags = OB_NEW(&arena, unsigned, count, err);
    unsigned *ids = OB_NEW(&arena, unsigned, count, err);
    if (texts == NULL || lens == NULL || flags == NULL || ids == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        texts[i] = rules[i].head.ptr;
        lens[i] = rules[i].head.len;
        flags[i] = rules[i].any_case ? HS_FLAG_CASELESS : 0;
        ids[i] = (unsigned)i;
    }
    const hs_platform_info_t plain = {0};
    hs_compile_error_t *why = NULL;
    hs_error_t code = hs_compile_lit_multi(texts, flags, ids, lens, (unsigned)count, HS_MODE_BLOCK,
                                           &plain, heads, &why);
    if (code != HS_SUCCESS) {
        (void)ob_fail(err, OB_ERR_INPUT, "the literals of the rules cannot be compiled: %.160s",
                      why == NULL ? "no reason given" : why->message);
        (void)hs_free_compile_error(why);
        return false;
    }
    return true;
}

bool obi_rules_scratch(const ob_detector *detector, struct hs_scratch **scratch, ob_err *err)
{
    struct hs_scratch *made = NULL;
    hs_error_t code = hs_clone_scratch(detector->scratch, &made);
    if (code != HS_SUCCESS) {
        return obi_hs_fail(code, "the scratch of a scanner", err);
    }
    *scratch = made;
    return true;
}

void obi_rules_scratch_free(struct hs_scratch *scratch)
{
    (void)hs_free_scratch(scratch);
}

typedef struct search {
    const obi_rule *rules;
    obi_literal *out;
    size_t cap;
    size_t count;
} search;

static int on_literal(unsigned rule, unsigned long long from, unsigned long long to, unsigned flags,
                      void *ctx)
{
    (void)from;
    (void)flags;
    search *s = ctx;
    if (s->count == s->cap) {
        s->count++;
        return 1;
    }
    s->out[s->count++] = (obi_literal){
        .start = (uint32_t)(to - s->rules[rule].head.len), .end = (uint32_t)to, .rule = rule};
    return 0;
}

static bool before(const obi_literal *a, const obi_literal *b)
{
    return a->start != b->start ? a->start < b->start
           : a->end != b->end   ? a->end < b->end
                                : a->rule < b->rule;
}

bool obi_rules_scan(const ob_detector *detector, struct hs_scratch *scratch, ob_span text,
                    obi_literal *out, size_t cap, size_t *count)
{
    search s = {.rules = detector->rules, .out = out, .cap = cap};
    if (text.len == 0) {
        *count = 0;
        return true;
    }
    /* Nothing of this can be refused: a scanner's block is short, its scratch is its own. */
    hs_error_t code =
        hs_scan(detector->heads, text.ptr, (unsigned)text.len, 0, scratch, on_literal, &s);
    (void)OB_NEVER(code != HS_SUCCESS && code != HS_SCAN_TERMINATED);
    size_t found = s.count > cap ? cap : s.count;
    /* They come by their ends, so hardly one is out of place: insertion is the quick way. It looks
     * no further back than the longest head overlaps others. */
    for (size_t i = 1; i < found; i++) {
        obi_literal one = out[i];
        size_t at = i;
        for (; at > 0 && before(&one, &out[at - 1]); at--) {
            out[at] = out[at - 1];
        }
        out[at] = one;
    }
    *count = found;
    return s.count <= cap;
}

size_t obi_rules_reach(const ob_detector *detector, uint32_t rule, ob_span text, size_t start,
                       size_t end, bool last, bool *more)
{
    if (rule == OBI_RULE_CANARY) {
        return end;
    }
    const obi_rule *row = &detector->rules[rule];
    return row->own != NULL      ? start + row->own->reach
           : row->markup != NULL ? obi_markup_reach(row->markup, text, start, end, last, more)
                                 : 0;
}

bool obi_rules_extends(const ob_detector *detector, uint32_t rule)
{
    const obi_rule *row = &detector->rules[rule == OBI_RULE_CANARY ? 0 : rule];
    return rule == OBI_RULE_CANARY || row->own != NULL || row->markup != NULL;
}

/* All of tail is the beginning of the rule's head, which goes on. */
static bool begins_odd(const obi_rule *rule, ob_span tail)
{
    ob_span begin = ob_span_sub(rule->head, 0, tail.len);
    return begin.len == tail.len && begin.len < rule->head.len &&
           (rule->any_case ? ob_span_is_nocase(begin, tail) : ob_span_is(begin, tail));
}

size_t obi_rules_pending(const ob_detector *detector, ob_span text, size_t from)
{
    size_t least = detector->odd_longest < 2 ? 0 : detector->odd_longest - 1;
    size_t at = text.len < least ? 0 : text.len - least;
    for (at = at < from ? from : at; at < text.len; at++) {
        const obi_odd *row = &detector->odd[obi_odd_row(text.ptr[at])];
        if (row->longest <= text.len - at) { /* most bytes: no head begins so, or is that long */
            continue;
        }
        ob_span tail = ob_span_sub(text, at, text.len);
        for (size_t i = row->first; i < row->first + row->count; i++) {
            if (begins_odd(&detector->rules[detector->odd_rules[i]], tail)) {
                return at;
            }
        }
    }
    return text.len;
}
