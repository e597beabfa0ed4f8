/* SPDX-License-Identifier: Apache-2.0 */
/* Scores: what is found alone, what needs a word that names it, and what speaks against. */
#define SCAN_REAL
#include "scan_help.h"

#include "detect/scanner.h"

#include <ombud/decode.h>

static obi_scan scan;
static char text[1024];

/* The score of value between left and right as one of kind; 0 where it is dropped. */
static unsigned score_of(ob_kind kind, const char *left, const char *value, const char *right)
{
    int len = snprintf(text, sizeof text, "%s%s%s", left, value, right);
    assert_true(len > 0 && (size_t)len < sizeof text);
    size_t from = strlen(left);
    scan = (obi_scan){.text = {text, (size_t)len}, .from = from, .cue_at = SIZE_MAX};
    char plain[256];
    size_t plain_len = 0;
    ob_valid check = OB_VALID_NO;
    if (ob_canonical(kind, ob_span_str(value), plain, sizeof plain, &plain_len)) {
        check = ob_validate(kind, (ob_span){plain, plain_len});
    }
    obi_found(&scan, kind, from, from + strlen(value), check, "test", 0);
    return scan.count == 1 ? scan.found[0].score : 0;
}

static bool is_found(ob_kind kind, const char *left, const char *value, const char *right)
{
    return score_of(kind, left, value, right) >= OB_SCORE_DEFAULT;
}

#define assert_found(kind, left, value)                                                       \
    do {                                                                                      \
        if (!is_found(OB_KIND_##kind, (left), (value), "")) {                                 \
            fail_msg("%s%s: %u", (left), (value), score_of(OB_KIND_##kind, left, value, "")); \
        }                                                                                     \
    } while (0)
#define assert_silent(kind, left, value)                                                      \
    do {                                                                                      \
        if (is_found(OB_KIND_##kind, (left), (value), "")) {                                  \
            fail_msg("%s%s: %u", (left), (value), score_of(OB_KIND_##kind, left, value, "")); \
        }                                                                                     \
    } while (0)

/* A strong check, its own literal, a weaker check with ranges, or a telling form. */
static void test_found_alone(void **state)
{
    (void)state;
    assert_found(IBAN, "", "DE89370400440532013000");
    assert_found(CN_RIC, "", "11010519491231002X");
    assert_found(FR_NIR, "", "255081416802538");
    assert_found(BR_CPF, "", "529.982.247-25");
    assert_found(KEY_AWS, "", "AKIAIOSFODNN7EXAMPLE");
    assert_found(PAN, "", "4111 1111 1111 1111");
    assert_found(IMEI, "", "490154203237518");
    assert_found(ICCID, "", "8901000000000000019");
    assert_found(MSISDN, "", "+447700900123");
    assert_found(MSISDN_CN, "", "13800138000");
    assert_found(US_SSN, "", "078-05-1121");
    assert_found(EMAIL, "", "ada@example.com");
    assert_found(MAC, "", "00:00:5E:00:53:01");
    assert_found(IP, "", "93.184.216.34");
    assert_found(CN_PLATE, "", "京A12345");
    assert_found(UK_NINO, "", "AB 12 34 56 C");
}

/* A weak check at the length of an order number, or a form that proves nothing. */
static void test_needs_a_cue(void **state)
{
    (void)state;

    static const struct {
        ob_kind kind;
        const char *value;
        const char *cues[4];
    } table[] = {
        {OB_KIND_US_ABA, "021000021", {"routing number ", "my ABA: "}},
        {OB_KIND_CA_SIN, "046454286", {"SIN: ", "numéro d'assurance sociale "}},
        {OB_KIND_NL_BSN, "111222333", {"BSN ", "burgerservicenummer: "}},
        {OB_KIND_AU_TFN, "123456782", {"tax file number ", "TFN: "}},
        {OB_KIND_UK_NHS, "9434765919", {"NHS number ", "my nhs no. "}},
        {OB_KIND_IN_AADHAAR, "234123412346", {"Aadhaar ", "आधार "}},
        {OB_KIND_US_SSN, "078051121", {"SSN ", "social security number: "}},
        {OB_KIND_PL_PESEL, "44051401359", {"PESEL: ", "numer pesel "}},
        {OB_KIND_IMSI, "460990123456789", {"IMSI ", "国际移动用户识别码："}},
        {OB_KIND_OTP,
         "482913",
         {"验证码", "код подтверждения ", "رمز التحقق: ", "Bestätigungscode "}},
        {OB_KIND_PIN, "4821", {"my PIN is ", "code PIN : ", "ПИН-код ", "PIN码是"}},
        {OB_KIND_PUK, "12345678", {"PUK ", "código PUK: ", "解锁码", "código de desbloqueio "}},
        {OB_KIND_CVV, "737", {"CVV ", "安全码：", "cryptogramme : ", "Prüfnummer "}},
        {OB_KIND_DOB, "1985-03-12", {"born on ", "出生日期：", "né le ", "geboren am "}},
        {OB_KIND_DOB, "12.03.1985", {"дата рождения ", "تاريخ الميلاد ", "nascida em "}},
    };

    for (size_t i = 0; i < OB_COUNT(table); i++) {
        assert_false(is_found(table[i].kind, "", table[i].value, ""));
        assert_false(is_found(table[i].kind, "I have got ", table[i].value, ""));
        for (size_t k = 0; k < 4 && table[i].cues[k] != NULL; k++) {
            if (!is_found(table[i].kind, table[i].cues[k], table[i].value, "")) {
                fail_msg("%s%s: %u", table[i].cues[k], table[i].value,
                         score_of(table[i].kind, table[i].cues[k], table[i].value, ""));
            }
        }
    }
}

/* A customer mistypes his number: it is still his. */
static void test_failed_check(void **state)
{
    (void)state;
    const char *wrong = "4111111111111112";
    assert_silent(PAN, "", wrong);
    assert_silent(PAN, "pay with ", wrong);
    assert_found(PAN, "card number ", wrong);
    assert_found(PAN, "银行卡号", wrong);
    assert_found(PAN, "numéro de carte : ", wrong);
    assert_found(PAN, "mi tarjeta ", wrong);
    assert_found(PAN, "رقم البطاقة ", wrong);
    assert_found(PAN, "номер карты ", wrong);
    assert_found(PAN, "Kreditkartennummer ", wrong);
    assert_found(PAN, "meu cartão ", wrong);
    assert_silent(PAN, "card order number ", wrong);
    assert_silent(PAN, "信用卡订单号", wrong);
    assert_found(CN_RIC, "身份证号", "110105194912310021");
    assert_found(IBAN, "IBAN: ", "DE89370400440532013001");
    assert_found(IMEI, "IMEI ", "490154203237519");
    assert_silent(EMAIL, "email ", "not-an-address");
}

static void test_spoken_against(void **state)
{
    (void)state;
    const char *card = "4111111111111111";
    static const char *const lefts[] = {
        "order number ", "Ticket ",     "tracking no. ",    "订单号",   "流水號：",
        "commande n° ",  "pedido ",     "رقم الطلب ",       "заказ № ", "Rechnungsnummer ",
        "encomenda ",    "request id ", "transaction id: ", "运单号",   "номер заявки ",
    };
    for (size_t i = 0; i < OB_COUNT(lefts); i++) {
        assert_silent(PAN, lefts[i], card);
        assert_silent(MSISDN_CN, lefts[i], "13800138000");
    }
    assert_silent(IP, "Build ", "10.2.71.35");
    assert_silent(IP, "固件版本", "10.2.71.35");
    assert_silent(IP, "версия прошивки ", "10.2.71.35");
    assert_found(IP, "order ", "93.184.216.34"); /* no order looks like it */
    assert_silent(MSISDN_CN, "hotline ", "13800138000");
    assert_found(MSISDN_CN, "请拨打", "13800138000");
    assert_silent(LANDLINE_CN, "请拨打", "4001234567");
    assert_silent(LANDLINE_CN, "客服热线", "010-12345678");
    /* An address of e-mail stays one whatever stands before. */
    assert_found(EMAIL, "order ", "ada@example.com");
    assert_found(IBAN, "for order 5: ", "DE89370400440532013000");
}

static void test_nearest_wins(void **state)
{
    (void)state;
    assert_found(PAN, "order number 123, card ", "4111111111111111");
    assert_found(PAN, "关于订单，卡号是", "4111111111111111");
    assert_silent(PAN, "the card of order ", "4111111111111111");
    assert_found(MSISDN_CN, "invoice for my phone ", "13800138000");
    assert_silent(MSISDN_CN, "my phone has order no ", "13800138000");
    /* What speaks against ends with its sentence, and with the number that it is for. */
    assert_found(PAN, "I have no order. Take ", "4111111111111111");
    assert_found(PAN, "order 20264087135, ", "4111111111111111");
    /* A strong word for another kind speaks against, too. */
    assert_true(score_of(OB_KIND_PAN, "", "4111111111111111", "") >
                score_of(OB_KIND_PAN, "tracking area TAC ", "4111111111111111", ""));
}

/* Behind the end of a sentence a word counts less, behind a question a little less. */
static void test_sentences(void **state)
{
    (void)state;
    const char *aba = "021000021";
    unsigned same = score_of(OB_KIND_US_ABA, "my routing number ", aba, "");
    unsigned asked = score_of(OB_KIND_US_ABA, "Your routing number? ", aba, "");
    unsigned earlier = score_of(OB_KIND_US_ABA, "I know my routing number. ", aba, "");
    assert_true(same > asked && asked > earlier);
    assert_found(US_ABA, "Your routing number? ", aba);
    assert_silent(PIN, "I forgot my PIN. Since ", "2023");
    assert_found(PIN, "What is your PIN? ", "4821");
    assert_silent(PIN, "my PIN was blocked again in ", "2023");
    assert_found(PIN, "the PIN of my new SIM is: ", "4821");
    /* Used up by another value. */
    assert_silent(PIN, "PIN 4821 and ", "2023");
}

static void test_neighbours(void **state)
{
    (void)state;

    static const struct {
        const char *left;
        const char *right;
    } table[] = {
        {"x", ""}, {"", "x"},  {"#", ""},   {"$", ""},          {"12.", ""},   {"", ".5"},
        {"", "%"}, {"€ ", ""}, {"", " GB"}, {"/articles/", ""}, {"ab12-", ""}, {"", "-ab1"},
    };

    for (size_t i = 0; i < OB_COUNT(table); i++) {
        if (is_found(OB_KIND_MSISDN_CN, table[i].left, "13800138000", table[i].right)) {
            fail_msg("'%s' '%s'", table[i].left, table[i].right);
        }
    }
    assert_found(MSISDN_CN, "手机", "13800138000");
    assert_found(MSISDN_CN, "tel-", "13800138000");
    assert_found(MSISDN_CN, "\\n", "13800138000"); /* a line feed in a JSON text */
    assert_true(is_found(OB_KIND_MSISDN_CN, "(", "13800138000", ")"));
    assert_true(is_found(OB_KIND_MSISDN_CN, "打", "13800138000", "。"));
    assert_found(IMEI, "IMEI", "490154203237518");
    /* The segment begins, or goes on, inside a word. */
    scan.seen = OBI_SEEN_REST;
    scan.count = 0;
    scan.cue_at = SIZE_MAX;
    obi_found(&scan, OB_KIND_IMEI, scan.from, scan.text.len, OB_VALID_YES, "test", -200);
    assert_true(scan.count == 0 || scan.found[0].score < 50);
}

/* Every kind is found beside a strong word of a group that names it, wherever its check says so. */
#define OWN(group) OBI_CUE_##group
static const uint8_t own_group[OB_KINDS] = {
#define OB_SCORE(kind, weigh, yes, maybe, no, form, own1, ...) [OB_KIND_##kind] = OWN(own1),
#include "detect/scores.def"
#undef OB_SCORE
};

static const char *strong_word(obi_cue_group group)
{
    static const struct {
        obi_cue_group group;
        bool strong;
        const char *words;
    } rows[] = {

#define STRONG                            true
#define WEAK                              false
#define OB_CUES(group_, strength, words_) {OBI_CUE_##group_, strength, words_},
#include "detect/cues.def"
#undef OB_CUES
    };
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        if (rows[i].group == group && rows[i].strong) {
            return rows[i].words;
        }
    }
    fail_msg("a group without strong words");
    return "";
}

static void test_every_kind(void **state)
{
    (void)state;

    static const struct {
        ob_kind kind;
        ob_valid wanted;
        const char *value;
    } table[] = {

#define EXAMPLE(kind, wanted, value) {OB_KIND_##kind, OB_VALID_##wanted, value},
#include "examples.def"
#undef EXAMPLE
    };
    for (size_t i = 0; i < OB_COUNT(table); i++) {
        if (table[i].wanted == OB_VALID_NO || own_group[table[i].kind] == OBI_CUE_NONE) {
            continue; /* ways of hiding have no names */
        }
        ob_span words = ob_span_str(strong_word(own_group[table[i].kind]));
        ob_span word;
        assert_true(ob_span_cut(&words, '|', &word));
        char left[128];
        (void)snprintf(left, sizeof left, "my %.*s: ", OB_SHOW(word));
        if (!is_found(table[i].kind, left, table[i].value, "")) {
            fail_msg("%s%s: %u", left, table[i].value,
                     score_of(table[i].kind, left, table[i].value, ""));
        }
        assert_true(obi_cued(&scan, table[i].kind, scan.from));
    }
}

static void test_cued(void **state)
{
    (void)state;
    (void)score_of(OB_KIND_PAN, "card ", "4111111111111111", "");
    assert_true(obi_cued(&scan, OB_KIND_PAN, scan.from));
    assert_false(obi_cued(&scan, OB_KIND_IMEI, scan.from));
    assert_false(obi_cued(&scan, OB_KIND_PAN, 0)); /* another place: looked at anew */
    assert_true(obi_cued(&scan, OB_KIND_PAN, scan.from));
}

/* The score is the logistic of the terms, rounded. */
static void test_logistic(void **state)
{
    (void)state;
    unsigned before = 0;
    for (int near = -400; near <= 800; near += 7) {
        scan = (obi_scan){.text = OB_SPAN("ada@example.com"), .cue_at = SIZE_MAX};
        obi_found(&scan, OB_KIND_EMAIL, 0, scan.text.len, OB_VALID_YES, "test", near - 450);
        unsigned score = scan.count == 1 ? scan.found[0].score : 0;
        assert_true(score >= before && score <= 100);
        if (near == 0 - 400 + 7 * 57) { /* -1 */
            assert_int_equal(score, 50);
        }
        if (scan.count == 1) {
            assert_int_equal(scan.found[0].prior + scan.found[0].near_ + scan.found[0].cue, near);
        }
        before = score;
    }
    assert_int_equal(before, 100);
}

/* More candidates than there is room for: the best stay. */
static void test_full(void **state)
{
    (void)state;
    scan = (obi_scan){.text = OB_SPAN("ada@example.com"), .cue_at = SIZE_MAX};
    for (int i = 0; i < 3 * OBI_FOUND_MAX; i++) {
        obi_found(&scan, OB_KIND_EMAIL, 0, scan.text.len, OB_VALID_YES, "test",
                  i % OBI_FOUND_MAX == 5 ? 0 : -450);
    }
    assert_int_equal(scan.count, OBI_FOUND_MAX);
    unsigned best = 0;
    for (size_t i = 0; i < scan.count; i++) {
        best += scan.found[i].score > 90 ? 1 : 0;
    }
    assert_int_equal(best, 3);
    /* Outside of the segment nothing is taken. */
    size_t count = scan.count = 0;
    scan.from = 4;
    obi_found(&scan, OB_KIND_EMAIL, 0, 8, OB_VALID_YES, "test", 0);
    obi_found(&scan, OB_KIND_EMAIL, 8, 8, OB_VALID_YES, "test", 0);
    obi_found(&scan, OB_KIND_EMAIL, 8, 99, OB_VALID_YES, "test", 0);
    assert_int_equal(scan.count, count);
}

static void put(ob_kind kind, uint32_t start, uint32_t end, uint8_t score)
{
    scan.found[scan.count++] =
        (obi_candidate){.start = start, .end = end, .kind = (uint16_t)kind, .score = score};
}

static void test_settle(void **state)
{
    (void)state;
    for (int turn = 0; turn < 2; turn++) { /* the order does not matter */
        scan.count = 0;
        if (turn == 1) {
            put(OB_KIND_VIN, 40, 50, 60);
            put(OB_KIND_PIN, 42, 46, 60);
        }
        put(OB_KIND_PAN, 20, 36, 70);
        put(OB_KIND_IMEI, 20, 35, 90);
        put(OB_KIND_IP, 36, 40, 55);
        put(OB_KIND_PUK, 0, 8, 80);
        put(OB_KIND_OTP, 0, 8, 80);
        put(OB_KIND_ADDR, 8, 20, 51);
        if (turn == 0) {
            put(OB_KIND_PIN, 42, 46, 60);
            put(OB_KIND_VIN, 40, 50, 60);
        }
        obi_scan_settle(&scan);
        assert_int_equal(scan.count, 5);
        static const ob_kind kinds[] = {OB_KIND_OTP, OB_KIND_ADDR, OB_KIND_IMEI, OB_KIND_IP,
                                        OB_KIND_VIN};
        for (size_t i = 0; i < 5; i++) {
            assert_int_equal(scan.found[i].kind, kinds[i]);
            assert_true(i == 0 || scan.found[i - 1].end <= scan.found[i].start);
        }
    }
    scan.count = 0;
    obi_scan_settle(&scan);
    assert_int_equal(scan.count, 0);
}

static void test_explain(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_detector *detector = NULL;
    assert_ok(ob_detector_new(&detector, (ob_span){0}, NULL, &err));
    OB_AUTO(ob_buf) out = {.max = 1024};
    ob_hit hit = {.start = 10,
                  .end = 26,
                  .rule = "pan",
                  .kind = OB_KIND_PAN,
                  .check = OB_HIT_CHECK_PASSED,
                  .score = 69,
                  .prior = 130,
                  .cue = -45,
                  .near_ = -5};
    ob_hit_explain(detector, &hit, &out);
    assert_string_equal(out.ptr,
                        "pan by rule pan, bytes 10-26, as sent; check passed: prior +1.30, "
                        "cue -0.45, near -0.05; 69 %");
    ob_detector_free(detector);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found_alone),  cmocka_unit_test(test_needs_a_cue),
        cmocka_unit_test(test_failed_check), cmocka_unit_test(test_spoken_against),
        cmocka_unit_test(test_nearest_wins), cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_neighbours),   cmocka_unit_test(test_every_kind),
        cmocka_unit_test(test_cued),         cmocka_unit_test(test_logistic),
        cmocka_unit_test(test_full),         cmocka_unit_test(test_settle),
        cmocka_unit_test(test_explain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
