/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/rules.h"
#include "ob_test.h"

#include "detect/valid_core.h"

/* A rule with what every rule needs. */
static ob_rule plain(const char *id, const char *literal, const char *pattern)
{
    return (ob_rule){.id = ob_span_str(id),
                     .title = OB_SPAN("Something of ours"),
                     .kind = ob_span_str(id),
                     .class_ = OB_HIT_PII,
                     .literal = ob_span_str(literal),
                     .pattern = ob_span_str(pattern),
                     .score = 60,
                     .score_cued = 90};
}

static ob_detector *detector_of(const ob_rule *rules, size_t count)
{
    ob_err err = {0};
    ob_detector *d = NULL;
    bool stale = true;
    OB_AUTO(ob_buf) file = {.max = OB_RULES_FILE_MAX};
    assert_ok(ob_rules_write(rules, count, &file, &err));
    assert_ok(ob_detector_new(&d, ob_buf_span(&file), &stale, &err));
    assert_false(stale);
    return d;
}

/* Runs the family over a text that is one segment from "from" on. */
static void look(const ob_detector *d, const char *text, size_t from, char next, obi_scan *scan)
{
    ob_err err = {0};
    static obi_literal literals[64];
    struct hs_scratch *scratch = NULL;
    *scan = (obi_scan){.text = ob_span_str(text),
                       .from = from,
                       .next = next,
                       .seen = OBI_SEEN_LITERAL,
                       .detector = d,
                       .literals = literals,
                       .cue_at = SIZE_MAX};
    assert_ok(obi_rules_scratch(d, &scratch, &err));
    assert_true(
        obi_rules_scan(d, scratch, scan->text, literals, OB_COUNT(literals), &scan->literal_count));
    scan->scratch = scratch;
    obi_find_rule(scan);
    scan->scratch = NULL;
    obi_rules_scratch_free(scratch);
}

/* What the only rule finds in text: "" for nothing. */
static void finds(const ob_detector *d, const char *text, const char *value)
{
    obi_scan scan;
    look(d, text, 0, '\0', &scan);
    if (value[0] == '\0') {
        assert_int_equal(scan.count, 0);
        return;
    }
    assert_int_equal(scan.count, 1);
    assert_span(ob_span_sub(scan.text, scan.found[0].start, scan.found[0].end), value);
}

static void shipped_literals(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_detector *d = NULL;
    struct hs_scratch *scratch = NULL;
    obi_literal found[8];
    size_t count = 9;
    bool stale = true;
    assert_ok(ob_detector_new(&d, (ob_span){0}, &stale, &err));
    assert_false(stale);
    assert_int_equal(ob_detector_kinds(d), OB_KINDS);
    assert_int_equal(d->rule_count, obi_rules_shipped());
    assert_ok(obi_rules_scratch(d, &scratch, &err));
    assert_true(obi_rules_scan(d, scratch, OB_SPAN("ghp_ AIza xAKIA akia"), found, 8, &count));
    assert_int_equal(count, 3);
    const char *heads[] = {"ghp_", "AIza", "AKIA"};
    const size_t starts[] = {0, 5, 11};
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(found[i].start, starts[i]);
        assert_int_equal(found[i].end, starts[i] + 4);
        assert_span(d->rules[found[i].rule].head, heads[i]);
        assert_false(obi_rules_extends(d, found[i].rule));
    }
    assert_int_equal(d->rules[found[2].rule].kind, OB_KIND_KEY_AWS);
    assert_false(obi_rules_scan(d, scratch, OB_SPAN("ghp_ AIza xAKIA"), found, 2, &count));
    assert_int_equal(count, 2);
    assert_true(obi_rules_scan(d, scratch, (ob_span){0}, found, 8, &count));
    assert_int_equal(count, 0);
    obi_rules_scratch_free(scratch);
    ob_detector_free(d);
    ob_detector_free(NULL);
}

static void values(void **state)
{
    (void)state;
    ob_rule number = plain("staff-number", "STF-", "STF-[0-9]{6,8}");
    ob_detector *d = detector_of(&number, 1);
    finds(d, "STF-123456", "STF-123456");
    finds(d, "the STF-12345678, x", "STF-12345678");
    finds(d, "STF-123456789", ""); /* goes on */
    finds(d, "XSTF-123456", "");   /* begins within a word */
    finds(d, "STF-12345", "");     /* too short */
    finds(d, "stf-123456", "");    /* other case */
    finds(d, "\xe5\xb7\xa5STF-123456\xe5\xb7\xa5", "STF-123456");
    finds(d, "STF-123456\xff", "STF-123456");
    ob_detector_free(d);

    ob_rule phrase = plain("project", "Project Blue Falcon", "");
    d = detector_of(&phrase, 1);
    finds(d, "about Project Blue Falcon.", "Project Blue Falcon");
    finds(d, "about Project Blue\r\nFalcon.", "Project Blue\r\nFalcon");
    finds(d, "about Project Blue Falcons", "");
    finds(d, "about Project Blue", "");
    finds(d, "about Project Red Falcon", "");
    finds(d, "about Project blue falcon", "");
    bool more = false;
    size_t reach =
        obi_rules_reach(d, (uint32_t)obi_rules_shipped(), (ob_span){0}, 3, 10, false, &more);
    assert_true(reach >= 3 + strlen("Project Blue\r\nFalcon"));
    assert_false(more);
    ob_detector_free(d);
}

static void scores(void **state)
{
    (void)state;
    obi_scan scan;
    const ob_span cues[] = {OB_SPAN("staff"), OB_SPAN("\xe5\xb7\xa5\xe5\x8f\xb7")};
    ob_rule rule = plain("staff-number", "STF-", "STF-[0-9]{6}");
    rule.cues = cues;
    rule.cue_count = OB_COUNT(cues);
    rule.score = 50;
    ob_detector *d = detector_of(&rule, 1);

    const struct {
        const char *text;
        bool cued;
    } rows[] = {
        {"STF-123456", false},
        {"Staff: STF-123456", true},
        {"staffing STF-123456", false},
        {"distaff STF-123456", false},
        {"\xe5\xb7\xa5\xe5\x8f\xb7\xef\xbc\x9aSTF-123456", true},
        {"staff 123456789012345678 STF-123456", false}, /* 25 characters before */
        {"staff 123456789012345678STF-123456", false},
        {"staff 12345678901234567 STF-123456", true},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        look(d, rows[i].text, 0, ' ', &scan);
        size_t count = i == 6 ? 0 : 1; /* there it begins within a word */
        assert_int_equal(scan.count, count);
        if (count == 1) {
            assert_int_equal(scan.found[0].score, rows[i].cued ? 90 : 50);
            assert_int_equal(scan.found[0].prior, 0);
            assert_int_equal(scan.found[0].cue, rows[i].cued ? 220 : 0);
            assert_int_equal(scan.found[0].check, OB_VALID_MAYBE);
            assert_string_equal(scan.found[0].rule, "staff-number");
            assert_int_equal(scan.found[0].kind, OB_KINDS);
        }
    }
    look(d, "STF-123456 STF-123456", 3, '7', &scan); /* the first before it, the last goes on */
    assert_int_equal(scan.count, 0);
    ob_detector_free(d);
}

static void checks(void **state)
{
    (void)state;

    const struct {
        ob_rule_check check;
        const char *literal;
        const char *pattern;
        const char *good;
        const char *bad;
    } rows[] = {
        {OB_RULE_CHECK_LUHN, "ACC-", "ACC-[0-9]{11}", "ACC-79927398713", "ACC-79927398710"},
        {OB_RULE_CHECK_LUHN, "A17-", "A17-[0-9]{11}", "A17-79927398713", "A17-79927398710"},
        {OB_RULE_CHECK_LUHN, "8986", "8986[0-9]{4}", "89860001", "89860004"},
        {OB_RULE_CHECK_VERHOEFF, "ACC-", "ACC-[0-9]{4}", "ACC-2363", "ACC-2364"},
        {OB_RULE_CHECK_MOD11_10, "ACC-", "ACC-[0-9]{5}", "ACC-07945", "ACC-07946"},
        {OB_RULE_CHECK_MOD11_2, "ACC-", "ACC-[0-9]{3}[0-9X]", "ACC-079X", "ACC-0790"},
        {OB_RULE_CHECK_EAN13, "EAN ", "EAN [0-9]{13}", "EAN 4006381333931", "EAN 4006381333932"},
        {OB_RULE_CHECK_MOD97, "ACC-", "ACC-[0-9A-Z]{5,8}", "ACC-79444", "ACC-79445"},
        {OB_RULE_CHECK_KIND, "IMEI ", "IMEI [0-9]{15}", "IMEI 490154203237518",
         "IMEI 490154203237519"},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_rule rule = plain("checked", rows[i].literal, rows[i].pattern);
        rule.check = rows[i].check;
        rule.check_kind = OB_KIND_IMEI;
        ob_detector *d = detector_of(&rule, 1);
        finds(d, rows[i].good, rows[i].good);
        finds(d, rows[i].bad, "");
        ob_detector_free(d);
    }
}

static void forms(void **state)
{
    (void)state;
    ob_err err = {0};
    const char *field = NULL;
    const ob_span no_cue = OB_SPAN("");
    char long_text[OB_RULE_TEXT_MAX + 2] = {0};
    memset(long_text, 'a', sizeof long_text - 1);
    ob_rule rules[16];
    const char *fields[OB_COUNT(rules)];
    size_t count = 0;
#define BAD(name, change)                                       \
    do {                                                        \
        rules[count] = plain("good", "GOOD-", "GOOD-[0-9]{4}"); \
        rules[count].change;                                    \
        fields[count++] = (name);                               \
    } while (0)
    BAD("id", id = OB_SPAN("Bad"));
    BAD("id", id = OB_SPAN("-bad"));
    BAD("id", id = OB_SPAN(""));
    BAD("kind", kind = OB_SPAN("b d"));
    BAD("title", title = OB_SPAN("two\nlines"));
    BAD("title", title = ob_span_str(long_text));
    BAD("literal", literal = OB_SPAN("no good"));
    BAD("literal", literal = OB_SPAN(" good"));
    BAD("literal", literal = OB_SPAN("go\xff"
                                     "d"));
    BAD("class", kind = OB_SPAN("puk"));
    BAD("validator", pattern = OB_SPAN(""));
    BAD("score", score = 0);
    BAD("score", score = 91);
    BAD("score", score_cued = 100);
    BAD("cues", cues = &no_cue);
#undef BAD
    rules[10].check = OB_RULE_CHECK_LUHN;
    rules[14].cue_count = 1;
    for (size_t i = 0; i < count; i++) {
        assert_fails(ob_rule_check_form(&rules[i], &field, &err), OB_ERR_INPUT, "");
        assert_string_equal(field, fields[i]);
    }
    ob_rule good = plain("good", "GOOD-", "GOOD-[0-9]{4}");
    assert_ok(ob_rule_check_form(&good, &field, &err));
}

static void patterns(void **state)
{
    (void)state;
    ob_err err = {0};

    const struct {
        const char *pattern;
        const char *says;
    } rows[] = {
        {"", NULL},
        {"GOOD-[0-9]{4}", NULL},
        {"GOOD-(a|b\\d){1,40}", NULL},
        {"GOOD-.{0,251}", "1009 bytes"},
        {"GOOD-[a-z]{0,251}", NULL},
        {"GOOD-[a-z]{0,252}", "257 bytes; the most is 256"},
        {"GOOD-.+", "no greatest length"},
        {"GOOD-[0-9]*", "no greatest length"},
        {"(GOOD-)?", "empty text"},
        {"GOOD-$", "end of the text"},
        {"GOOD-(\\d)\\1", "cannot be used"},
        {"GOOD-(", "cannot be used"},
        {"GOOD)|(?:x", "cannot be used"},
        {"GOOD-\\Qa", "cannot be used"},
        {"GOOD-(?=x)y", "cannot be used"},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_rule rule = plain("good", "GOOD-", rows[i].pattern);
        size_t wrong = 0;
        if (rows[i].says == NULL) {
            assert_ok(ob_rule_check_pattern(&rule, NULL, 0, &wrong, &err));
            continue;
        }
        assert_fails(ob_rule_check_pattern(&rule, NULL, 0, &wrong, &err), OB_ERR_INPUT,
                     rows[i].says);
        assert_int_equal(wrong, SIZE_MAX);
    }
    ob_rule rule = plain("good", "GOOD-", "GOOD-[0-9]{4}");
    const ob_span examples[] = {OB_SPAN("a GOOD-1234, yes"), OB_SPAN("GOOD-123")};
    size_t wrong = 0;
    assert_ok(ob_rule_check_pattern(&rule, examples, 1, &wrong, &err));
    assert_fails(ob_rule_check_pattern(&rule, examples, 2, &wrong, &err), OB_ERR_INPUT,
                 "finds nothing");
    assert_int_equal(wrong, 1);
}

/* Two rules with a kind of their own, one with a shipped kind. */
static void kinds(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_buf) file = {.max = OB_RULES_FILE_MAX};
    ob_rule rules[] = {plain("one", "ONE-", ""), plain("two", "TWO-", ""),
                       plain("three", "THREE-", "")};
    rules[1].kind = OB_SPAN("one");
    rules[2].kind = OB_SPAN("puk");
    rules[2].class_ = OB_HIT_SECRET;
    rules[2].any_case = true;
    ob_detector *d = detector_of(rules, OB_COUNT(rules));
    assert_int_equal(ob_detector_kinds(d), OB_KINDS + 1);
    assert_int_equal(ob_detector_kind_find(d, OB_SPAN("one")), OB_KINDS);
    assert_int_equal(ob_detector_kind_find(d, OB_SPAN("two")), SIZE_MAX);
    assert_int_equal(ob_detector_kind_find(d, OB_SPAN("puk")), OB_KIND_PUK);
    const ob_hit_kind *kind = ob_detector_kind(d, OB_KINDS);
    assert_string_equal(kind->id, "one");
    assert_string_equal(kind->title, "Something of ours");
    assert_string_equal(kind->region, "");
    assert_int_equal(kind->class_, OB_HIT_PII);
    assert_string_equal(ob_detector_kind(d, OB_KIND_TW_ID)->region, "TW");
    obi_scan scan;
    look(d, "tHrEe- ONE- TWO- two-", 0, ' ', &scan);
    assert_int_equal(scan.count, 3);
    assert_int_equal(scan.found[0].kind, OB_KIND_PUK);
    assert_int_equal(scan.found[1].kind, OB_KINDS);
    assert_int_equal(scan.found[2].kind, OB_KINDS);
    assert_string_equal(scan.found[2].rule, "two");
    ob_detector_free(d);

    rules[1].class_ = OB_HIT_LEAK;
    assert_fails(ob_rules_write(rules, 2, &file, &err), OB_ERR_INPUT, "kind one is of class pii");
    rules[1] = rules[0];
    assert_fails(ob_rules_write(rules, 2, &file, &err), OB_ERR_INPUT, "two rules have the id one");
    assert_int_equal(file.len, 0);
    assert_string_equal(ob_hit_class_name(OB_HIT_EVASION), "evasion");
}

static void sign(ob_buf *file)
{
    ob_err err = {0};
    ob_digest digest;
    const ob_span parts[] = {ob_span_sub(ob_buf_span(file), 0, 92),
                             ob_span_sub(ob_buf_span(file), 124, file->len)};
    assert_ok(ob_sha256(parts, 2, &digest, &err));
    memcpy(file->ptr + 92, digest.bytes, sizeof digest.bytes);
}

/* Damage is told, whatever byte it hits; a file of another version or machine is made anew. */
static void files(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_detector *d = NULL;
    bool stale = false;
    OB_AUTO(ob_buf) file = {.max = OB_RULES_FILE_MAX};
    OB_AUTO(ob_buf) again = {.max = OB_RULES_FILE_MAX};
    ob_rule rule = plain("staff-number", "STF-", "STF-[0-9]{6}");
    assert_ok(ob_rules_write(&rule, 1, &file, &err));
    assert_ok(ob_rules_write(&rule, 1, &again, &err));
    assert_true(ob_span_is(ob_buf_span(&file), ob_buf_span(&again)));
    for (size_t i = 0; i < file.len; i += i < 400 ? 1 : 97) {
        file.ptr[i] = (char)(file.ptr[i] ^ 0x20);
        assert_fails(ob_detector_new(&d, ob_buf_span(&file), &stale, &err), OB_ERR_INPUT,
                     "ombud scan compile");
        file.ptr[i] = (char)(file.ptr[i] ^ 0x20);
    }
    for (size_t len = 1; len < file.len; len += len < 400 ? 1 : 97) {
        assert_fails(ob_detector_new(&d, ob_span_sub(ob_buf_span(&file), 0, len), &stale, &err),
                     OB_ERR_INPUT, "ombud scan compile");
    }
    assert_null(d);
    const size_t others[] = {12, 44, 60}; /* Vectorscan, machine, shipped rules */
    for (size_t i = 0; i < OB_COUNT(others); i++) {
        file.ptr[others[i]]++;
        sign(&file);
        stale = false;
        assert_ok(ob_detector_new(&d, ob_buf_span(&file), &stale, &err));
        assert_true(stale);
        finds(d, "STF-123456", "STF-123456");
        ob_detector_free(d);
        file.ptr[others[i]]--;
    }
    sign(&file);
    assert_true(ob_span_is(ob_buf_span(&file), ob_buf_span(&again)));
    file.ptr[8] = 2;
    sign(&file);
    assert_fails(ob_detector_new(&d, ob_buf_span(&file), &stale, &err), OB_ERR_INPUT,
                 "has format 2");
}

/* What a stream tells, as lines. */
static bool tell(void *ctx, const ob_hit *hit, ob_err *err)
{
    ob_buf *out = ctx;
    ob_buf_addf(out, "%s %llu-%llu\n", hit->rule, (unsigned long long)hit->start,
                (unsigned long long)hit->end);
    return ob_buf_check(out, "findings", err);
}

static void stream(ob_scanner *scanner, ob_span text, size_t first, size_t step, ob_buf *out)
{
    ob_err err = {0};
    const ob_scan_sink sink = {.ctx = out, .hit = tell};
    ob_buf_reset(out);
    ob_scanner_start(scanner, &sink);
    assert_ok(ob_scanner_feed(scanner, ob_span_sub(text, 0, first), &err));
    for (size_t at = first; at < text.len; at += step) {
        assert_ok(ob_scanner_feed(scanner, ob_span_sub(text, at, at + step), &err));
    }
    assert_ok(ob_scanner_end(scanner, &err));
}

/* A rule finds the same however the text comes, and hides nothing from the others. */
static void pieces(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_rule rules[] = {
        plain("falcon", "Project Blue Falcon", ""),
        plain("han", "\xe5\xb7\xa5\xe5\x8f\xb7", "\xe5\xb7\xa5\xe5\x8f\xb7 ?[0-9]{4}"),
        plain("bracket", "<<KEY(", "<<KEY\\([a-z ]{1,40}\\)>>"),
        plain("long", "LONG-", "LONG-[a-z ]{1,200}!")};
    const ob_span text = OB_SPAN(
        "The Project Blue\nFalcon. \xe8\xaf\xb7\xe9\x97\xae\xe5\xb7\xa5\xe5\x8f\xb7 "
        "1234\xe6\x98\xaf, "
        "\xe5\xb7\xa5\xe5\x8f\xb7"
        "5678 \xe5\xb7\xa5\xe5\x8f\xb7 123 x<<KEY(one two)>> <<KEY(three "
        "LONG-is it, mail ann@example.com or LONG-yes indeed! LONG-no and bob@example.com again "
        "Project Blue <<KEY(four)>>");
    const char *want = "falcon 4-23\nhan 31-42\nhan 47-57\nbracket 70-86\nemail 116-131\n"
                       "long 135-151\nemail 164-179\nbracket 199-212\n";
    ob_detector *d = NULL;
    ob_scanner *scanner = NULL;
    OB_AUTO(ob_buf) whole = {.max = 4096};
    OB_AUTO(ob_buf) cut = {.max = 4096};
    for (size_t i = 0; i < OB_COUNT(rules); i++) {
        rules[i].score = 90;
    }
    d = detector_of(rules, OB_COUNT(rules));
    assert_ok(ob_scanner_new(&scanner, d, NULL, &err));
    stream(scanner, text, text.len, 1, &whole);
    assert_string_equal(whole.ptr, want);
    for (size_t first = 0; first < text.len; first++) {
        stream(scanner, text, first, text.len, &cut);
        assert_string_equal(cut.ptr, whole.ptr);
    }
    for (size_t step = 1; step < 8; step++) {
        stream(scanner, text, 0, step, &cut);
        assert_string_equal(cut.ptr, whole.ptr);
    }
    ob_scanner_free(scanner);
    ob_detector_free(d);
}

static void waits_at(const ob_detector *d, const char *text, size_t want)
{
    size_t at = obi_rules_pending(d, ob_span_str(text), 0);
    if (at != want) {
        fail_msg("'%s' waits at %zu instead of %zu", text, at, want);
    }
}

/* A stream waits where the text ends with the beginning of a head that the lexer would cut. */
static void beginnings(void **state)
{
    (void)state;
    const ob_rule rules[] = {plain("a", "\u5361\u53f7\u662f", ""), plain("b", "\u5361\u7247", ""),
                             plain("c", "Ref(A)", ""), plain("d", "ref[b]", "")};
    ob_rule any[4];
    memcpy(any, rules, sizeof any);
    any[3].any_case = true;
    ob_detector *d = detector_of(any, 4);
    waits_at(d, "x \u5361", 2);
    waits_at(d, "x \u5361\u53f7", 2);
    waits_at(d, "x \u5361\u53f7\u662f", 11); /* whole */
    waits_at(d, "x \u5361\u7247", 8);
    waits_at(d, "x \u5361\xe5\x8f", 2); /* within a character */
    waits_at(d, "x \u5361\u662f", 8);
    waits_at(d, "Re", 0);
    waits_at(d, "rE", 0); /* of a rule for any case */
    waits_at(d, "REF[B", 0);
    waits_at(d, "Ref(A", 0);
    waits_at(d, "REF(A", 5);
    waits_at(d, "", 0);
    waits_at(d, "a < b", 5);
    waits_at(d, "a <!Enti", 2);
    waits_at(d, "a 7 ", 2);
    waits_at(d, "(sele", 0);
    assert_int_equal(obi_rules_pending(d, ob_span_str("x \u5361\u53f7"), 5), 8); /* behind it */
    ob_detector_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_literals),
        cmocka_unit_test(values),
        cmocka_unit_test(scores),
        cmocka_unit_test(checks),
        cmocka_unit_test(forms),
        cmocka_unit_test(patterns),
        cmocka_unit_test(kinds),
        cmocka_unit_test(files),
        cmocka_unit_test(pieces),
        cmocka_unit_test(beginnings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
