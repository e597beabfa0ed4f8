/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file of compiled rules. Numbers are 32 bits, the least byte first; a text is its length and
 * its bytes.
 *
 *   at   bytes
 *    0       8  "OMBUDRUL"
 *    8       4  version of this format
 *   12      32  version of Vectorscan, filled up with NUL
 *   44      16  architecture, filled up with NUL
 *   60      32  SHA-256 of the shipped rules (obi_rules_shipped_digest)
 *   92      32  SHA-256 of all bytes of the file but these
 *  124          number of the operator's rules; of each: id, title, kind, literal, pattern, the
 * kind that checks it (texts); class, check, case, score, score beside a cue, reach, number of
 * cues; the cues; the database of its pattern, as a text, empty where it has none the database of
 * all literals, as a text
 *
 * Vectorscan believes what it is given, so a database is handed to it only when the digest holds.
 * That keeps out damage, not an author with bad intent: a file of rules is as trusted as a program.
 * What was made for other shipped rules, another Vectorscan or another machine is made anew from
 * the operator's rules in it.
 */
#include "detect/cursor.h"
#include "detect/rules.h"

#include <hs/hs.h>

#define MAGIC          "OMBUDRUL"
#define VERSION        1
#define AT_VERSION     8
#define AT_VECTORSCAN  12
#define AT_MACHINE     44
#define AT_SHIPPED     60
#define AT_DIGEST      92
#define HEAD_BYTES     124
#define VECTORSCAN_MAX 32
#define MACHINE_MAX    16

#if defined(__x86_64__)
static const char machine[MACHINE_MAX] = "x86_64";
#elif defined(__aarch64__)
static const char machine[MACHINE_MAX] = "aarch64";
#else
static const char machine[MACHINE_MAX] = "other";
#endif

static void put_text(ob_buf *out, ob_span text)
{
    obi_put_number(out, text.len);
    ob_buf_add(out, text);
}

static bool put_database(ob_buf *out, const struct hs_database *database, ob_err *err)
{
    char *bytes = NULL;
    size_t len = 0;
    if (database == NULL) {
        obi_put_number(out, 0);
        return true;
    }
    hs_error_t code = hs_serialize_database(database, &bytes, &len);
    if (code != HS_SUCCESS) {
        return obi_hs_fail(code, "a database", err);
    }
    put_text(out, (ob_span){bytes, len});
    ob_mem_free(bytes);
    return true;
}

static bool put_rule(ob_buf *out, const obi_own_rule *own, ob_err *err)
{
    const ob_rule *rule = &own->text;
    bool kind = rule->check == OB_RULE_CHECK_KIND;
    put_text(out, rule->id);
    put_text(out, rule->title);
    put_text(out, rule->kind);
    put_text(out, rule->literal);
    put_text(out, rule->pattern);
    put_text(out, ob_span_str(kind ? ob_kind_rows[rule->check_kind].id : ""));
    obi_put_number(out, rule->class_);
    obi_put_number(out, rule->check);
    obi_put_number(out, rule->any_case);
    obi_put_number(out, rule->score);
    obi_put_number(out, rule->score_cued);
    obi_put_number(out, own->reach);
    obi_put_number(out, rule->cue_count);
    for (size_t i = 0; i < rule->cue_count; i++) {
        put_text(out, rule->cues[i]);
    }
    return put_database(out, own->pattern, err);
}

static void vectorscan(char out[VECTORSCAN_MAX])
{
    memset(out, 0, VECTORSCAN_MAX);
    (void)snprintf(out, VECTORSCAN_MAX, "%s", hs_version());
}

/* Everything in front of the digest. */
static bool put_head(ob_buf *out, ob_err *err)
{
    char version[VECTORSCAN_MAX];
    ob_digest shipped;
    if (!obi_rules_shipped_digest(&shipped, err)) {
        return false;
    }
    vectorscan(version);
    ob_buf_add_str(out, MAGIC);
    obi_put_number(out, VERSION);
    ob_buf_add(out, (ob_span){version, sizeof version});
    ob_buf_add(out, (ob_span){machine, sizeof machine});
    ob_buf_add(out, (ob_span){(const char *)shipped.bytes, sizeof shipped.bytes});
    return ob_buf_check(out, "the head of the rules", err);
}

static bool write_detector(const ob_detector *d, ob_buf *out, ob_err *err)
{
    OB_AUTO(ob_buf) head = {.max = HEAD_BYTES};
    OB_AUTO(ob_buf) body = {.max = OB_RULES_FILE_MAX};
    ob_digest digest;
    obi_put_number(&body, d->own_count);
    for (size_t i = 0; i < d->own_count; i++) {
        if (!put_rule(&body, &d->own[i], err)) {
            return false;
        }
    }
    if (!put_database(&body, d->heads, err) || !put_head(&head, err) ||
        !ob_buf_check(&body, "the file of rules", err)) {
        return false;
    }
    const ob_span parts[] = {ob_buf_span(&head), ob_buf_span(&body)};
    if (!ob_sha256(parts, OB_COUNT(parts), &digest, err)) {
        return false;
    }
    ob_buf_add(out, ob_buf_span(&head));
    ob_buf_add(out, (ob_span){(const char *)digest.bytes, sizeof digest.bytes});
    ob_buf_add(out, ob_buf_span(&body));
    return ob_buf_check(out, "the file of rules", err);
}

bool ob_rules_write(const ob_rule *rules, size_t count, ob_buf *out, ob_err *err)
{
    if (!obi_rules_machine(err)) {
        return false;
    }
    ob_detector *d = ob_mem_new(sizeof *d);
    if (d == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for the rules");
    }
    *d = (ob_detector){0};
    bool good = obi_detector_fill(d, rules, count, err) && write_detector(d, out, err);
    ob_detector_free(d);
    return good;
}

/* Compiles what the own rules in d say. */
static bool compile_all(ob_detector *d, ob_err *err)
{
    for (size_t i = 0; i < d->own_count; i++) {
        obi_own_rule *own = &d->own[i];
        if (!obi_rule_pattern(&own->text, &own->pattern, &own->reach, err)) {
            return ob_wrap(err, "rule %.*s", OB_SHOW(own->text.id));
        }
    }
    return obi_rules_heads(d->rules, d->rule_count, &d->heads, err) && obi_detector_scratch(d, err);
}

/* Copies the texts of a rule, with a NUL behind each, and prepares it. */
static bool keep(ob_detector *d, obi_own_rule *own, const ob_rule *rule, ob_err *err)
{
    ob_rule *text = &own->text;
    *text = *rule;
    ob_span *cues = OB_NEW(&d->arena, ob_span, rule->cue_count, err);
    if (cues == NULL || !ob_arena_dup(&d->arena, rule->id, &text->id, err) ||
        !ob_arena_dup(&d->arena, rule->title, &text->title, err) ||
        !ob_arena_dup(&d->arena, rule->kind, &text->kind, err) ||
        !ob_arena_dup(&d->arena, rule->literal, &text->literal, err) ||
        !ob_arena_dup(&d->arena, rule->pattern, &text->pattern, err)) {
        return false;
    }
    for (size_t i = 0; i < rule->cue_count; i++) {
        if (!ob_arena_dup(&d->arena, rule->cues[i], &cues[i], err)) {
            return false;
        }
    }
    text->cues = cues;
    obi_own_prepare(own);
    return true;
}

static bool check_ids(const ob_rule *rules, size_t count, ob_err *err)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (ob_span_is(rules[i].id, rules[k].id)) {
                return ob_fail(err, OB_ERR_INPUT, "two rules have the id %.*s; change one",
                               OB_SHOW(rules[i].id));
            }
        }
    }
    return true;
}

bool obi_detector_fill(ob_detector *d, const ob_rule *rules, size_t count, ob_err *err)
{
    const char *field = NULL;
    if (count > OB_RULES_MAX) {
        return ob_fail(err, OB_ERR_LIMIT, "there are %zu rules; the most is %d", count,
                       OB_RULES_MAX);
    }
    d->own = OB_NEW(&d->arena, obi_own_rule, count, err);
    if (d->own == NULL || !check_ids(rules, count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!ob_rule_check_form(&rules[i], &field, err)) {
            return ob_wrap(err, "rule %.*s, %s", OB_SHOW(ob_span_sub(rules[i].id, 0, 40)), field);
        }
        if (!keep(d, &d->own[i], &rules[i], err)) {
            return false;
        }
        d->own_count++;
    }
    return obi_detector_tables(d, err) && compile_all(d, err);
}

static ob_span take_text(obi_cursor *c)
{
    uint32_t len = obi_take_number(c);
    if (c->bad || c->text.len - c->at < len) {
        c->bad = true;
        return (ob_span){0};
    }
    c->at += len;
    return (ob_span){c->text.ptr + c->at - len, len};
}

static uint32_t take_below(obi_cursor *c, uint32_t bound)
{
    uint32_t number = obi_take_number(c);
    c->bad = c->bad || number >= bound;
    return c->bad ? 0 : number;
}

static bool damaged(ob_err *err)
{
    return ob_fail(err, OB_ERR_INPUT,
                   "the file of compiled rules is damaged; write it again with 'ombud scan "
                   "compile'");
}

/* Reads a rule; *database is the one of its pattern. */
static bool take_rule(ob_detector *d, obi_cursor *c, ob_span *database, ob_err *err)
{
    ob_span cues[OB_RULE_CUES_MAX];
    const char *field = NULL;
    obi_own_rule *own = &d->own[d->own_count];
    ob_rule rule = {0};
    rule.id = take_text(c);
    rule.title = take_text(c);
    rule.kind = take_text(c);
    rule.literal = take_text(c);
    rule.pattern = take_text(c);
    rule.check_kind = ob_kind_find(take_text(c));
    rule.class_ = (ob_hit_class)take_below(c, OB_HIT_EVASION + 1);
    rule.check = (ob_rule_check)take_below(c, OB_RULE_CHECK_KIND + 1);
    rule.any_case = take_below(c, 2) == 1;
    rule.score = (uint8_t)take_below(c, 100);
    rule.score_cued = (uint8_t)take_below(c, 100);
    own->reach = take_below(c, OB_HOLD_MAX + 1);
    rule.cue_count = take_below(c, OB_RULE_CUES_MAX + 1);
    rule.cues = cues;
    for (size_t i = 0; i < rule.cue_count; i++) {
        cues[i] = take_text(c);
    }
    *database = take_text(c);
    /* A kind that checks may be gone in a later version: then the rule is no longer what it was. */
    if (!c->bad && rule.check == OB_RULE_CHECK_KIND && rule.check_kind == OB_KINDS) {
        return ob_fail(err, OB_ERR_INPUT,
                       "rule %.60s of the compiled file is checked by a kind that this ombud does "
                       "not know; correct its YAML file and compile it again",
                       rule.id.ptr);
    }
    if (c->bad || !ob_rule_check_form(&rule, &field, err)) {
        return damaged(err);
    }
    if (!keep(d, own, &rule, err)) {
        return false;
    }
    d->own_count++;
    return true;
}

/* *old: another Vectorscan or machine made it. */
static bool load(ob_span bytes, struct hs_database **out, bool *old, ob_err *err)
{
    struct hs_database *made = NULL;
    hs_error_t code = hs_deserialize_database(bytes.ptr, bytes.len, &made);
    if (code == HS_SUCCESS) {
        *out = made;
        return true;
    }
    *old = code == HS_DB_VERSION_ERROR || code == HS_DB_PLATFORM_ERROR;
    return code == HS_NOMEM ? obi_hs_fail(code, "the rules", err) : *old || damaged(err);
}

static bool load_all(ob_detector *d, const ob_span *patterns, ob_span heads, bool *old, ob_err *err)
{
    for (size_t i = 0; i < d->own_count && !*old; i++) {
        obi_own_rule *own = &d->own[i];
        if ((patterns[i].len == 0) != (own->text.pattern.len == 0)) {
            return damaged(err);
        }
        if (patterns[i].len > 0 && !load(patterns[i], &own->pattern, old, err)) {
            return false;
        }
    }
    if (!*old && !load(heads, &d->heads, old, err)) {
        return false;
    }
    for (size_t i = 0; i < d->own_count && *old; i++) {
        (void)hs_free_database(d->own[i].pattern);
        d->own[i].pattern = NULL;
    }
    return *old || obi_detector_scratch(d, err);
}

static bool read_body(ob_detector *d, ob_span body, bool *old, ob_err *err)
{
    obi_cursor c = {.text = body};
    OB_AUTO(ob_arena) arena = {0};
    uint32_t count = take_below(&c, OB_RULES_MAX + 1);
    ob_span *patterns = OB_NEW(&arena, ob_span, count, err);
    d->own = OB_NEW(&d->arena, obi_own_rule, count, err);
    if (patterns == NULL || d->own == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!take_rule(d, &c, &patterns[i], err)) {
            return false;
        }
    }
    ob_span heads = take_text(&c);
    if (c.bad || c.at != body.len) {
        return damaged(err);
    }
    return obi_detector_tables(d, err) && (*old || load_all(d, patterns, heads, old, err)) &&
           (!*old || compile_all(d, err));
}

bool obi_rules_read(ob_detector *d, ob_span compiled, bool *stale, ob_err *err)
{
    obi_cursor c = {.text = compiled, .at = AT_VERSION};
    ob_digest digest;
    OB_AUTO(ob_buf) ours = {.max = HEAD_BYTES};
    if (!ob_span_has_prefix(compiled, OB_SPAN(MAGIC))) {
        return ob_fail(err, OB_ERR_INPUT,
                       "this is no file of compiled rules; make one with 'ombud scan compile'");
    }
    if (compiled.len < HEAD_BYTES) {
        return damaged(err);
    }
    uint32_t version = obi_take_number(&c);
    if (version != VERSION) {
        return ob_fail(err, OB_ERR_INPUT,
                       "the file of compiled rules has format %u and this ombud reads %d; write it "
                       "again with 'ombud scan compile'",
                       version, VERSION);
    }
    const ob_span parts[] = {ob_span_sub(compiled, 0, AT_DIGEST),
                             ob_span_sub(compiled, HEAD_BYTES, compiled.len)};
    if (!ob_sha256(parts, OB_COUNT(parts), &digest, err) || !put_head(&ours, err)) {
        return false;
    }
    if (memcmp(digest.bytes, compiled.ptr + AT_DIGEST, sizeof digest.bytes) != 0) {
        return damaged(err);
    }
    bool old = !ob_span_is(ob_buf_span(&ours), parts[0]);
    if (!read_body(d, parts[1], &old, err)) {
        return false;
    }
    *stale = old;
    return true;
}
