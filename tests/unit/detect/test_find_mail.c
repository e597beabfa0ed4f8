/* SPDX-License-Identifier: Apache-2.0 */
/* E-mail and SIP addresses, and identifiers that say what they are. */
#include "find_rows.h"

enum {
    AT = OBI_SEEN_AT,
    WORD = OBI_SEEN_DIGITS | OBI_SEEN_MIXED,
    VALUE = WORD | OBI_SEEN_VALUE
};

static void finds_mail(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"", "ana.lopez+bill@mail.example.com", AT, OB_KIND_EMAIL,
         "ana.lopez+bill@mail.example.com"},
        {"", "ana@example.com.", AT, OB_KIND_EMAIL, "ana@example.com"},
        {"", "ana@example.com!", AT, OB_KIND_EMAIL, "ana@example.com"},
        {"", "mailto:ana@example.com", AT, OB_KIND_EMAIL, "ana@example.com"},
        {"", "mailto:ana@example.com?subject=x", AT, OB_KIND_EMAIL, "ana@example.com"},
        {"", "'ana@example.com'", AT, OB_KIND_EMAIL, "ana@example.com"},
        {"", "**ana@example.com**", AT, OB_KIND_EMAIL, "ana@example.com"},
        {"", "email=ana@example.com", AT, OB_KIND_EMAIL, "ana@example.com"},
        {"", "-o'neil@example.ie", AT, OB_KIND_EMAIL, "o'neil@example.ie"},
        {"", "ana@m\u00fcnchen.de", AT, OB_KIND_EMAIL, "ana@m\u00fcnchen.de"},
        {"", "\u0430\u043d\u043d\u0430@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444", AT,
         OB_KIND_EMAIL,
         "\u0430\u043d\u043d\u0430@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444"},
        {"", "ana@example.com.Please", AT, OB_KIND_EMAIL, "ana@example.com"},
        {"", "https://shop.example/?m=ana@example.com", AT, OB_KIND_EMAIL, "ana@example.com"},
    };
    check_rows(obi_find_mail, rows, OB_COUNT(rows));
}

static void leaves_other_signs_alone(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"", "@support", AT, OB_KINDS, NULL},
        {"", "logo@2x.png", AT, OB_KINDS, NULL},
        {"", "package@1.2.3", AT, OB_KINDS, NULL},
        {"", "ana@localhost", AT, OB_KINDS, NULL},
        {"", "ana..b@.com", AT, OB_KINDS, NULL},
        {"", "git@git.example.com:group/project.git", AT, OB_KINDS, NULL},
        {"", "https://user:geheim@db.example.com/", AT, OB_KINDS, NULL},
        {"", "ana@example.com", AT | OBI_SEEN_CUT, OB_KINDS, NULL},
        {"", "https://social.example/@ana", AT, OB_KINDS, NULL},
    };
    check_rows(obi_find_mail, rows, OB_COUNT(rows));
}

static void finds_sip(void **state)
{
    (void)state;
#define IMS "001010123456789@ims.mnc001.mcc001.3gppnetwork.org"
    static const find_row rows[] = {
        {"", "sip:ana@example.com", AT, OB_KIND_SIPURI, "sip:ana@example.com"},
        {"", "SIPS:+447700900123@192.0.2.7:5061", AT, OB_KIND_SIPURI,
         "SIPS:+447700900123@192.0.2.7:5061"},
        {"", "sip:ana@example.com.", AT, OB_KIND_SIPURI, "sip:ana@example.com"},
        {"", "sip:ana@example.com", AT, OB_KIND_EMAIL, NULL},
        {"", "gossip:ana@example.com", AT, OB_KIND_SIPURI, NULL},
        {"", IMS, AT, OB_KIND_SIPURI, IMS},
        {"", "nai-ana@example.com", AT, OB_KIND_SUPI, "nai-ana@example.com"},
    };
    check_rows(obi_find_mail, rows, OB_COUNT(rows));
}

static void finds_heads(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"", "tel:+447700900123", WORD, OB_KIND_SIPURI, "tel:+447700900123"},
        {"", "tel:+44-7700-900123.", WORD, OB_KIND_SIPURI, "tel:+44-7700-900123"},
        {"", "tel:10086", WORD, OB_KINDS, NULL},
        {"", "hotel:+447700900123", WORD, OB_KINDS, NULL},
        {"", "imsi-001010123456789", WORD, OB_KIND_SUPI, "imsi-001010123456789"},
        {"", "supi=IMSI-001010123456789,", WORD, OB_KIND_SUPI, "IMSI-001010123456789"},
        {"", "imsi-999910123456789000", WORD, OB_KINDS, NULL},
        {"", "suci-0-001-01-0000-0-0-0123456789", WORD, OB_KIND_SUCI,
         "suci-0-001-01-0000-0-0-0123456789"},
        {"", "suci-0-460-00-12-1-27-a1b2c3.", WORD, OB_KIND_SUCI, "suci-0-460-00-12-1-27-a1b2c3"},
        {"", "5g-guti-00101cafe0011223344", WORD, OB_KIND_GUTI, "5g-guti-00101cafe0011223344"},
        {"TMSI is ", "0x1A2B3C4D", VALUE, OB_KIND_GUTI, "0x1A2B3C4D"},
        {"", "0x1A2B3C4D", WORD, OB_KINDS, NULL},
        {"", "LPA:1$smdp.example.com$TEST-MATCH-01", WORD, OB_KIND_LPA,
         "LPA:1$smdp.example.com$TEST-MATCH-01"},
        {"eSIM activation code: ", "1$smdp.example.com$TEST-MATCH-01.", VALUE, OB_KIND_LPA,
         "1$smdp.example.com$TEST-MATCH-01"},
        {"", "LPA:2$smdp.example.com$X", WORD, OB_KINDS, NULL},
    };
    check_rows(obi_find_scheme, rows, OB_COUNT(rows));
}

static void finds_network_passwords(void **state)
{
    (void)state;
#define CODE "WIFI:T:WPA;S:home;P:example-pass;;"
    static const find_row rows[] = {
        {"", CODE, WORD, OB_KIND_WIFI, CODE},
        {"WIFI:T:WPA;S:home;", "P:example-pass", WORD, OB_KIND_WIFI, "example-pass"},
        {"", "WIFI:P:example-pass", WORD, OB_KIND_WIFI, "WIFI:P:example-pass"},
        {"", "WIFI:T:WPA;S:home;P:short;;", WORD, OB_KINDS, NULL},
        {"", "P:example-pass", WORD, OB_KINDS, NULL},
        {"my WiFi password is ", "Sunny2Day!x.", VALUE, OB_KIND_WIFI, "Sunny2Day!x"},
        {"my WiFi password is ", "incorrect", VALUE, OB_KINDS, NULL},
        {"broadband account: ", "t0755123456@isp.example", VALUE, OB_KIND_BBACCT,
         "t0755123456@isp.example"},
        {"\u5bbd\u5e26\u8d26\u53f7\uff1a", "ad12345678", VALUE, OB_KIND_BBACCT, "ad12345678"},
        {"broadband account is ", "blocked", VALUE, OB_KINDS, NULL},
    };
    check_rows(obi_find_scheme, rows, OB_COUNT(rows));
}

/* A concealed identifier may be longer than a segment. */
static void goes_on_behind_the_segment(void **state)
{
    (void)state;
    char segment[OB_HOLD_MAX + 1];
    char text[2 * OB_HOLD_MAX];
    obi_scan scan;
    int head = snprintf(segment, sizeof segment, "suci-0-460-00-12-1-27-");
    (void)memset(segment + head, 'a', sizeof segment - 1 - (size_t)head);
    segment[sizeof segment - 1] = '\0';
    scan_with(&scan, text, sizeof text, obi_find_scheme, "", segment, WORD | OBI_SEEN_CUT);
    const obi_candidate *one = scan_longest(&scan, OB_KIND_SUCI);
    assert_non_null(one);
    assert_int_equal(one->tail, OBI_TAIL_WORD);
    assert_int_equal(one->end, sizeof segment - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_mail),
        cmocka_unit_test(leaves_other_signs_alone),
        cmocka_unit_test(finds_sip),
        cmocka_unit_test(finds_heads),
        cmocka_unit_test(finds_network_passwords),
        cmocka_unit_test(goes_on_behind_the_segment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
