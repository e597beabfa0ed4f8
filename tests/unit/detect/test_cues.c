/* SPDX-License-Identifier: Apache-2.0 */
/* Cue words: every word of the table is found, in any case, and its place is judged. */
#include "ob_test.h"

#include "detect/cues.h"

static const struct {
    const char *name;
} groups[] = {

#define OB_CUE_GROUP(group, act) {#group},
#include "detect/cues.def"
#undef OB_CUE_GROUP
};

static const struct {
    obi_cue_group group;
    bool strong;
    const char *words;
} rows[] = {

#define STRONG                           true
#define WEAK                             false
#define OB_CUES(group, strength, words_) {OBI_CUE_##group, strength, words_},
#include "detect/cues.def"
#undef OB_CUES
};

/* The nearest word of the group, or NULL. */
static const obi_cue *of_group(const char *left, obi_cue_group group)
{
    static obi_cue cues[OBI_CUES_MAX];
    size_t count = obi_cues_before(ob_span_str(left), cues);
    for (size_t i = 0; i < count; i++) {
        if (cues[i].group == group) {
            return &cues[i];
        }
    }
    return NULL;
}

static void upper(char *text)
{
    for (; *text != '\0'; text++) {
        if (*text >= 'a' && *text <= 'z') {
            *text = (char)(*text - 32);
        }
    }
}

static void test_all_words(void **state)
{
    (void)state;
    char text[256];
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_span rest = ob_span_str(rows[i].words);
        for (ob_span word; ob_span_cut(&rest, '|', &word);) {
            word.len -= word.ptr[word.len - 1] == '*' ? 1 : 0;
            for (int form = 0; form < 3; form++) {
                (void)snprintf(text, sizeof text, form == 1 ? "%.*s:" : "x %.*s ", OB_SHOW(word));
                if (form == 2) {
                    upper(text);
                }
                const obi_cue *cue = of_group(text, rows[i].group);
                if (cue == NULL || (rows[i].strong && (cue->flags & OBI_CUE_STRONG) == 0)) {
                    fail_msg("'%s' does not name %s; run scripts/cue-index if cues.def changed",
                             text, groups[rows[i].group].name);
                }
            }
        }
    }
}

static void test_languages(void **state)
{
    (void)state;

    static const struct {
        const char *left;
        obi_cue_group group;
    } table[] = {
        {"My Credit-Card number is ", OBI_CUE_CARD},
        {"{\"cardNumber\":\"", OBI_CUE_CARD},
        {"sim_card_number=", OBI_CUE_ICCID},
        {"我的银行卡号是", OBI_CUE_CARD},
        {"我的手機號碼：", OBI_CUE_PHONE},
        {"SIM 卡号 ", OBI_CUE_ICCID},
        {"Mon numéro de téléphone est le ", OBI_CUE_PHONE},
        {"Né le ", OBI_CUE_BIRTH},
        {"MI NÚMERO DE TELÉFONO ES EL ", OBI_CUE_PHONE},
        {"contraseña: ", OBI_CUE_PASSWORD},
        {"ورقم هاتفي هو ", OBI_CUE_PHONE},
        {"بالبطاقة رقم ", OBI_CUE_CARD},
        {"КОД ПОДТВЕРЖДЕНИЯ ", OBI_CUE_OTP},
        {"позвоните по телефону ", OBI_CUE_PHONE},
        {"мой ПИН-код ", OBI_CUE_PIN},
        {"Meine Kreditkartennummer lautet ", OBI_CUE_CARD},
        {"Geburtsdatum: ", OBI_CUE_BIRTH},
        {"o número do cartão é ", OBI_CUE_CARD},
        {"meu endereço é ", OBI_CUE_ADDR},
        {"ｃａｒｄ ", OBI_CUE_CARD}, /* full width */
        {"c\xe2\x80\x8b"
         "ard ",
         OBI_CUE_CARD},                 /* a zero width space inside */
        {"номеp кaрты ", OBI_CUE_CARD}, /* p and a of it are Latin */
        {"주민등록번호 ", OBI_CUE_RRN},
        {"マイナンバーは", OBI_CUE_MYNUM},
        {"PESEL ", OBI_CUE_PESEL},
    };

    for (size_t i = 0; i < OB_COUNT(table); i++) {
        const obi_cue *cue = of_group(table[i].left, table[i].group);
        if (cue == NULL || (cue->flags & OBI_CUE_STRONG) == 0) {
            fail_msg("%s: no %s", table[i].left, groups[table[i].group].name);
        }
    }
}

static void test_whole_words(void **state)
{
    (void)state;
    assert_null(of_group("a discard ", OBI_CUE_CARD));
    assert_null(of_group("cardiology ", OBI_CUE_CARD));
    assert_null(of_group("spinning ", OBI_CUE_PIN));
    assert_null(of_group("recordered ", OBI_CUE_TICKET));
    assert_null(of_group("штелефон ", OBI_CUE_PHONE));
    assert_null(of_group("мобылка ", OBI_CUE_PHONE));
    /* The longest word is meant: no card, and no telephone. */
    assert_null(of_group("SIM card number ", OBI_CUE_CARD));
    assert_null(of_group("手机串号", OBI_CUE_PHONE));
    assert_null(of_group("客服电话", OBI_CUE_PHONE));
    assert_non_null(of_group("客服电话", OBI_CUE_HOTLINE));
    /* A window that begins inside a word does not make another one of it. */
    char text[256];
    (void)snprintf(text, sizeof text, "%s%s", "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee",
                   "xcard aaa bbb ccc ddd ");
    assert_null(of_group(text, OBI_CUE_CARD));
}

static void test_reach(void **state)
{
    (void)state;
    const obi_cue *cue = of_group("card in my wallet has the ", OBI_CUE_CARD);
    assert_non_null(cue);
    assert_int_equal(cue->distance, 22);
    assert_null(of_group("card in my old wallet has the nr ", OBI_CUE_CARD));
    assert_int_equal(of_group("card: ", OBI_CUE_CARD)->distance, 2);
    assert_int_equal(of_group("卡号是：", OBI_CUE_CARD)->distance, 2);
    assert_null(of_group("", OBI_CUE_CARD));
}

static unsigned flags_of(const char *left)
{
    const obi_cue *cue = of_group(left, OBI_CUE_CARD);
    assert_non_null(cue);
    return cue->flags & ~(unsigned)OBI_CUE_STRONG;
}

static void test_sentences(void **state)
{
    (void)state;
    assert_int_equal(flags_of("card no. "), 0);
    assert_int_equal(flags_of("card, e. g. "), 0);
    assert_int_equal(flags_of("I lost my card. "), OBI_CUE_BEFORE);
    assert_int_equal(flags_of("card!\n"), OBI_CUE_BEFORE);
    assert_int_equal(flags_of("我的卡号没了。"), OBI_CUE_BEFORE);
    assert_int_equal(flags_of("your card? "), OBI_CUE_BEFORE | OBI_CUE_ASKED);
    assert_int_equal(flags_of("卡号？"), OBI_CUE_BEFORE | OBI_CUE_ASKED);
    assert_int_equal(flags_of("card 4111 1111, "), OBI_CUE_USED);
    assert_int_equal(flags_of("card 12, "), 0);
}

static void test_order(void **state)
{
    (void)state;
    obi_cue cues[OBI_CUES_MAX];
    size_t count = obi_cues_before(OB_SPAN("order number 5, card and pin "), cues);
    assert_int_equal(count, 3);
    assert_int_equal(cues[0].group, OBI_CUE_PIN);
    assert_int_equal(cues[1].group, OBI_CUE_CARD);
    assert_int_equal(cues[2].group, OBI_CUE_TICKET);
    /* More than there is room for: the nearest stay. */
    count = obi_cues_before(OB_SPAN("ip ip ip ip ip ip ip ip ip ip pin ki "), cues);
    assert_int_equal(count, OBI_CUES_MAX);
    assert_int_equal(cues[0].group, OBI_CUE_KI);
    assert_int_equal(cues[1].group, OBI_CUE_PIN);
}

/* Any bytes are taken, and none is read outside. */
static void test_any_bytes(void **state)
{
    (void)state;
    uint32_t seed = 1;
    for (int round = 0; round < 4000; round++) {
        char text[128];
        size_t len = (size_t)round % sizeof text;
        for (size_t i = 0; i < len; i++) {
            seed = seed * 1664525 + 1013904223;
            text[i] = (char)(seed >> 24);
        }
        obi_cue cues[OBI_CUES_MAX];
        size_t count = obi_cues_before((ob_span){text, len}, cues);
        assert_true(count <= OBI_CUES_MAX);
        for (size_t i = 0; i < count; i++) {
            assert_true(cues[i].group < OBI_CUE_GROUPS && cues[i].distance <= OBI_CUE_REACH);
        }
    }
}

/* The way for texts of ASCII and the one for any script give the same, for every length, whatever
 * stands where: words of the table, signs that end sentences, digits, lines, capitals. */
static void test_both_ways(void **state)
{
    (void)state;
    static const char *const between[] = {
        " ", ". ", "? ",    "!\n",  "\n\n", " 4111 ", "12 34, ", "-", "  ",   ".",     "5",
        "A", "x",  " no. ", "Dr. ", "_",    ": ",     "\t ",     "a", "o.k.", "7\n34", "2\n"};
    uint32_t seed = 7;
    size_t found = 0;
    for (int round = 0; round < 20000; round++) {
        char text[160];
        size_t len = 0;
        while (len < 100) {
            seed = seed * 1664525 + 1013904223;
            ob_span rest = ob_span_str(rows[(seed >> 8) % OB_COUNT(rows)].words);
            ob_span word = {0};
            for (unsigned skip = seed >> 20 & 15; ob_span_cut(&rest, '|', &word) && skip > 0;) {
                skip--;
            }
            const char *sign = between[(seed >> 4) % OB_COUNT(between)];
            size_t start = len;
            len += (size_t)snprintf(text + len, sizeof text - len, "%.*s%s",
                                    (int)(word.len < 40 ? word.len : 40), word.ptr, sign);
            for (size_t i = start; i < len; i++) { /* what is not ASCII becomes a blank */
                text[i] = (unsigned char)text[i] < 0x80 ? text[i] : ' ';
            }
            if ((seed >> 28 & 3) == 0) {
                text[len] = '\0';
                upper(text + start);
            }
        }
        len -= (size_t)round % 70;
        obi_cue one[OBI_CUES_MAX];
        obi_cue other[OBI_CUES_MAX];
        size_t count = obi_cues_read((ob_span){text, len}, false, one);
        assert_int_equal(count, obi_cues_read((ob_span){text, len}, true, other));
        assert_memory_equal(one, other, count * sizeof one[0]);
        found += count;
    }
    assert_true(found > 20000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_words),   cmocka_unit_test(test_languages),
        cmocka_unit_test(test_whole_words), cmocka_unit_test(test_reach),
        cmocka_unit_test(test_sentences),   cmocka_unit_test(test_order),
        cmocka_unit_test(test_any_bytes),   cmocka_unit_test(test_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
