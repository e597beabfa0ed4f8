/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets: tokens by their heads, values by their labels. Tokens are put together from parts, so
 * that no scanner takes this file for a leak; none is anybody's.
 */
#include "find_rows.h"

#include "detect/secrets.h"

#include <ombud/sys.h>

enum {
    SEEN = OBI_SEEN_LITERAL | OBI_SEEN_MIXED,
    VALUE = OBI_SEEN_MIXED | OBI_SEEN_VALUE
};

#define HEX32 "9f2c47d18be05a3670c4d92e8b15fa63"

/* In place of the scanner: every head of the table that stands in the segment. */
static size_t heads(ob_span text, size_t from, obi_literal *out, size_t cap)
{
    size_t count = 0;
    for (size_t at = from; at < text.len; at++) {
        for (size_t i = 0; i < OBI_SECRETS && count < cap; i++) {
            ob_span head = {obi_secrets[i].head, obi_secrets[i].head_len};
            if (ob_span_has_prefix(ob_span_sub(text, at, text.len), head)) {
                out[count++] = (obi_literal){
                    .start = (uint32_t)at, .end = (uint32_t)(at + head.len), .rule = (uint32_t)i};
            }
        }
    }
    return count;
}

static void find(obi_scan *scan)
{
    obi_literal literals[64];
    scan->literals = literals;
    scan->literal_count = heads(scan->text, scan->from, literals, OB_COUNT(literals));
    obi_find_secret(scan);
    scan->literals = NULL;
    scan->literal_count = 0;
}

static void finds_tokens_by_their_heads(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"",
         "AKIA"
         "Q7ZB3XVN5MWK2HTD",
         SEEN, OB_KIND_KEY_AWS,
         "AKIA"
         "Q7ZB3XVN5MWK2HTD"},
        {"",
         "id=AKIA"
         "Q7ZB3XVN5MWK2HTD&x=1",
         SEEN, OB_KIND_KEY_AWS,
         "AKIA"
         "Q7ZB3XVN5MWK2HTD"},
        {"",
         "AIza"
         "Kq7vT2mZx9Lw4Rb8Yc1Nd6Pf3Gh5Js0VtQe",
         SEEN, OB_KIND_KEY_GCP,
         "AIza"
         "Kq7vT2mZx9Lw4Rb8Yc1Nd6Pf3Gh5Js0VtQe"},
        {"",
         "ghp_"
         "Kq7vT2mZx9Lw4Rb8Yc1Nd6Pf3Gh5Js0VtQe1",
         SEEN, OB_KIND_KEY_GITHUB,
         "ghp_"
         "Kq7vT2mZx9Lw4Rb8Yc1Nd6Pf3Gh5Js0VtQe1"},
        {"",
         "glpat-"
         "Kq7vT2mZx9Lw4Rb8Yc1N.",
         SEEN, OB_KIND_KEY_GITLAB,
         "glpat-"
         "Kq7vT2mZx9Lw4Rb8Yc1N"},
        {"",
         "xoxb-"
         "918273645012-Kq7vT2mZx9Lw4Rb8Yc1N",
         SEEN, OB_KIND_KEY_SLACK,
         "xoxb-"
         "918273645012-Kq7vT2mZx9Lw4Rb8Yc1N"},
        {"",
         "xoxa-"
         "2-511111111-41827364501-c19f27a04be8",
         SEEN, OB_KIND_KEY_SLACK,
         "xoxa-"
         "2-511111111-41827364501-c19f27a04be8"},
        {"",
         "https://hooks.slack.com/services/"
         "T0KQ7VT2M/B0ZX9LW4R/b8Yc1Nd6Pf3Gh5Js0VtQe1Mu",
         SEEN | OBI_SEEN_AT, OB_KIND_KEY_SLACK,
         "hooks.slack.com/services/"
         "T0KQ7VT2M/B0ZX9LW4R/b8Yc1Nd6Pf3Gh5Js0VtQe1Mu"},
        {"",
         "sk_live_"
         "Kq7vT2mZx9Lw4Rb8Yc1Nd6Pf",
         SEEN, OB_KIND_KEY_STRIPE,
         "sk_live_"
         "Kq7vT2mZx9Lw4Rb8Yc1Nd6Pf"},
        {"", "SK" HEX32, SEEN, OB_KIND_KEY_TWILIO, "SK" HEX32},
        {"",
         "LTAI"
         "5tKq7vT2mZx9Lw4Rb8Yc",
         SEEN, OB_KIND_KEY_ALIBABA,
         "LTAI"
         "5tKq7vT2mZx9Lw4Rb8Yc"},
        {"",
         "gsk_"
         "Kq7vT2mZx9Lw4Rb8Yc1Nd6Pf3Gh5Js0VtQe1Mu8Xa2Bz6Wy4Co7D",
         SEEN, OB_KIND_KEY_LLM,
         "gsk_"
         "Kq7vT2mZx9Lw4Rb8Yc1Nd6Pf3Gh5Js0VtQe1Mu8Xa2Bz6Wy4Co7D"},
        {"",
         "hvs."
         "CAESIKq7vT2mZx9Lw4Rb8Yc1Nd6Pf",
         SEEN, OB_KIND_KEY_GENERIC,
         "hvs."
         "CAESIKq7vT2mZx9Lw4Rb8Yc1Nd6Pf"},
        {"", "FLWSECK_TEST-" HEX32 "-X", SEEN, OB_KIND_KEY_GENERIC, "FLWSECK_TEST-" HEX32 "-X"},
    };
    check_rows(find, rows, OB_COUNT(rows));
}

static void finds_tokens_whose_literal_is_inside(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"", "tK48Q~Kq7vT2mZx9Lw4Rb8Yc1Nd6Pf3Gh5Js0V", SEEN, OB_KIND_KEY_GENERIC,
         "tK48Q~Kq7vT2mZx9Lw4Rb8Yc1Nd6Pf3Gh5Js0V"},
        {"", "918273645:AAKq7vT2mZx9Lw4Rb8Yc1Nd6Pf3Gh5Js0Vt", SEEN, OB_KIND_KEY_GENERIC,
         "918273645:AAKq7vT2mZx9Lw4Rb8Yc1Nd6Pf3Gh5Js0Vt"},
        {"",
         "MTk4NjIyNDgzNDcxOTI1MjQ4."
         "Kq7vT2.mZx9Lw4Rb8Yc1Nd6Pf3Gh5Js0Vt",
         SEEN, OB_KIND_KEY_GENERIC,
         "MTk4NjIyNDgzNDcxOTI1MjQ4."
         "Kq7vT2.mZx9Lw4Rb8Yc1Nd6Pf3Gh5Js0Vt"},
        {"", HEX32 "-us14", SEEN, OB_KIND_KEY_GENERIC, HEX32 "-us14"},
        {"", "918273645:AAKq7vT2", SEEN, OB_KINDS, NULL},
        {"", "built-for-the-us14", SEEN, OB_KINDS, NULL},
    };
    check_rows(find, rows, OB_COUNT(rows));
}

static void refuses_what_only_begins_so(void **state)
{
    (void)state;
    static const char *const segments[] = {
        "AKIAXXXXXXXXXXXXXXXX",                    /* a stand-in */
        "AKIAQ7ZB3XVN5MWK2HT",                     /* a character short */
        "AKIAQ7ZB3XVN5MWK2HTDA",                   /* one too many */
        "TODAYINASIAQ7ZB3XVN5MWK2HTD",             /* inside a word */
        "AIzaSyabcdefghijklmnopqrstuvwxyz1234567", /* the alphabet */
        "ghp_000000000000000000000000000000000000",
        "xoxb-my-bot-token",
        "xoxp-1234-1234-1234-c19f27a04be8c19f27a04be8",
        "sk-ant-api03-abc",
        "icons.ico-" HEX32 ".png", /* a file */
        "vQ+EZAKGqQRiRyqAFRQshGPWOIAwNWGORfKHSBnVNFtVmWYoW6PH23lkqbbDWep",
        "desk-" HEX32,
    };
    for (size_t i = 0; i < OB_COUNT(segments); i++) {
        find_row row = {"", segments[i], SEEN, OB_KINDS, NULL};
        check_row(find, &row);
    }
}

/* A label does not make a second, vaguer finding of a token that says what it is. */
static void a_head_says_more_than_a_label(void **state)
{
    (void)state;
    char text[OB_HOLD_MAX];
    obi_scan scan;
    scan_with(&scan, text, sizeof text, find, "OPENAI_API_KEY=\"",
              "sk-proj-"
              "Kq7vT2mZx9Lw4Rb8Yc1Nd6Pf3Gh5Js0VtQe1Mu8X",
              VALUE | SEEN);
    assert_int_equal(scan.count, 1);
    assert_int_equal(scan.found[0].kind, OB_KIND_KEY_LLM);
}

/* An old key of Stripe's manual, known by its hash only. */
static void knows_published_keys(void **state)
{
    (void)state;
    find_row row = {"",
                    "sk_test_"
                    "4eC39HqLyjWDarjtT1zdp7dc",
                    SEEN, OB_KINDS, NULL};
    check_row(find, &row);
    find_row other = {"",
                      "sk_test_"
                      "4eC39HqLyjWDarjtT1zdp7dd",
                      SEEN, OB_KIND_KEY_STRIPE,
                      "sk_test_"
                      "4eC39HqLyjWDarjtT1zdp7dd"};
    check_row(find, &other);
}

static void finds_what_a_label_announces(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"my password is ", "aB3dE5fG!12", VALUE, OB_KIND_KEY_GENERIC, "aB3dE5fG!12"},
        {"password: ", "hunter2", VALUE, OB_KIND_KEY_GENERIC, "hunter2"},
        {"password: ", "hunter2 Thanks", VALUE, OB_KIND_KEY_GENERIC, "hunter2"},
        {"password: ", "'Kx7!pq2Zt'.", VALUE, OB_KIND_KEY_GENERIC, "Kx7!pq2Zt"},
        {"the password for the portal is ", "Kx7!pq2Zt", VALUE, OB_KIND_KEY_GENERIC, "Kx7!pq2Zt"},
        {"I changed my password to ", "Kx7!pq2Zt", VALUE, OB_KIND_KEY_GENERIC, "Kx7!pq2Zt"},
        {"my pass code is ", "Zebra77kk", VALUE, OB_KIND_KEY_GENERIC, "Zebra77kk"},
        {"\u5bc6\u7801\u662f", "aB3dE5fG!12", VALUE, OB_KIND_KEY_GENERIC, "aB3dE5fG!12"},
        {"\u5bc6\u7801 ", "abc12345", VALUE, OB_KIND_KEY_GENERIC, "abc12345"},
        {"\u5bc6\u7801\uff1a", "hunter22", VALUE, OB_KIND_KEY_GENERIC, "hunter22"},
        {"\u043c\u043e\u0439 \u043f\u0430\u0440\u043e\u043b\u044c: ", "Zima2024!", VALUE,
         OB_KIND_KEY_GENERIC, "Zima2024!"},
        {"la contrase\u00f1a es ", "Perro_2023", VALUE, OB_KIND_KEY_GENERIC, "Perro_2023"},
        {"Das Passwort lautet: ", "Hund!2019", VALUE, OB_KIND_KEY_GENERIC, "Hund!2019"},
        {"Le mot de passe est ", "Chaton77!", VALUE, OB_KIND_KEY_GENERIC, "Chaton77!"},
        {"API key: ", HEX32, VALUE, OB_KIND_KEY_GENERIC, HEX32},
        {"", "api_key=" HEX32, SEEN, OB_KIND_KEY_GENERIC, HEX32},
        {"\"oktaApiToken\": \"", "00Kq7vT2mZx9Lw4Rb8Yc1Nd6Pf3", VALUE, OB_KIND_KEY_GENERIC,
         "00Kq7vT2mZx9Lw4Rb8Yc1Nd6Pf3"},
        {"my airtable key is ", "k7qv2mzx9lw4rb8yc", VALUE, OB_KIND_KEY_GENERIC,
         "k7qv2mzx9lw4rb8yc"},
        {"snyk_token = '", "3f8a9b2c-4d5e-4f70-8192-a3b4c5d6e7f8", VALUE, OB_KIND_KEY_GENERIC,
         "3f8a9b2c-4d5e-4f70-8192-a3b4c5d6e7f8"},
        {"discord = \"", "918273645012837465", VALUE, OB_KIND_KEY_GENERIC, "918273645012837465"},
        {"Authorization: Bearer ", "c19f27a04be8c19f27a04be8", VALUE, OB_KIND_KEY_GENERIC,
         "c19f27a04be8c19f27a04be8"},
        {"getenv_or(\"api_token\", \"", HEX32, VALUE, OB_KIND_KEY_GENERIC, HEX32},
        {"tool --token ", HEX32, VALUE, OB_KIND_KEY_GENERIC, HEX32},
        {"", "https://x.example/?page=2&token=" HEX32 "&y=1", SEEN | OBI_SEEN_AT,
         OB_KIND_KEY_GENERIC, HEX32},
    };
    check_rows(find, rows, OB_COUNT(rows));
}

static void finds_passwords_of_addresses_and_options(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"", "postgres://app:geheim7@db.example/x", SEEN | OBI_SEEN_AT, OB_KIND_KEY_GENERIC,
         "geheim7"},
        {"", "redis://:p@ss7word@cache.example:6379", SEEN | OBI_SEEN_AT, OB_KIND_KEY_GENERIC,
         "p@ss7word"},
        {"curl -u ", "ana:Kx7!pq2Zt", SEEN, OB_KIND_KEY_GENERIC, "Kx7!pq2Zt"},
        {"curl --user \"", "ana:Kx7!pq2Zt", SEEN, OB_KIND_KEY_GENERIC, "Kx7!pq2Zt"},
        {"", "http://admin:password@host.example/", SEEN | OBI_SEEN_AT, OB_KINDS, NULL},
        {"", "https://host.example:8443/a@b", SEEN | OBI_SEEN_AT, OB_KINDS, NULL},
        {"curl -u ", "user:pass", SEEN, OB_KINDS, NULL},
        {"curl -u ", "$USERNAME:$PASSWORD", SEEN, OB_KINDS, NULL},
    };
    check_rows(find, rows, OB_COUNT(rows));
}

static void leaves_sentences_and_programs_alone(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"my password is ", "not working"},
        {"the password is ", "wrong"},
        {"the password is ", "case-sensitive"},
        {"Password: ", "Forgotten"},
        {"Password: ", "required"},
        {"password: ", "ana@example.com"},
        {"password changed: ", "2024-05-01"},
        {"password: ", "your_password1"},
        {"password = ", "xxxxxxxx1"},
        {"password = ", "$DB_PASS"},
        {"password: ", "https://help.example/reset7"},
        {"token url: ", "login7.example.com/x9"},
        {"public_key = \"", HEX32},
        {"csrf-token=", HEX32},
        {"credentialsId: '", "3f8a9b2c-4d5e-4f70-8192-a3b4c5d6e7f8"},
        {"trace id: ", HEX32},
        {"commit ", "9f2c47d18be05a3670c4d92e8b15fa639f2c47d1"},
        {"order token ID: ", "482910"},
        {"dummyToken = \"", HEX32},
        {"secret_length = ", "X25519.secret_length"},
        {"the secret ingredient is ", "Vanilla99"},
        {"snowflake.password=\n", "jdbc.snowflake.url=7"},
        {"notes: jsonwebtoken:", "jjwt-jackson-0.11.2"},
        {"API_KEY=", "glpat-abc1"},
        {"Wi-Fi password: ", "Kx7!pq2Zt"},
    };
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        find_row row = {rows[i][0], rows[i][1], VALUE, OB_KINDS, NULL};
        check_row(find, &row);
    }
}

static const obi_candidate *look(obi_scan *scan, char *text, size_t cap, const char *segment,
                                 unsigned seen, char next, unsigned kind)
{
    int len = snprintf(text, cap, "%s", segment);
    *scan = (obi_scan){.text = {text, (size_t)len}, .seen = seen, .next = next, .cue_at = SIZE_MAX};
    find(scan);
    return scan_longest(scan, kind);
}

static void swallows_what_goes_on(void **state)
{
    (void)state;
    char text[OB_HOLD_MAX + 1];
    obi_scan scan;
    static const char head[] = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
    static const char jwt[] = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
                              "eyJzdWIiOiJvbWJ1ZC10ZXN0LXVzZXIifQ.Kq7vT2mZx9Lw4Rb8Yc1Nd6Pf3Gh";
    const obi_candidate *one = look(&scan, text, sizeof text, jwt, SEEN, ' ', OB_KIND_KEY_JWT);
    assert_non_null(one);
    assert_int_equal(one->end, strlen(jwt));
    assert_int_equal(one->tail, OBI_TAIL_NONE);
    one = look(&scan, text, sizeof text, jwt, SEEN | OBI_SEEN_CUT, 'x', OB_KIND_KEY_JWT);
    assert_non_null(one);
    assert_int_equal(one->tail, OBI_TAIL_WORD);
    assert_null(look(&scan, text, sizeof text, head, SEEN, ' ', OB_KIND_KEY_JWT));

    static const char pem[] = "-----BEGIN EC PRIVATE KEY-----";
    one = look(&scan, text, sizeof text, pem, OBI_SEEN_BEGIN, '\n', OB_KIND_KEY_PEM);
    assert_non_null(one);
    assert_int_equal(one->tail, OBI_TAIL_PEM);
    assert_int_equal(one->check, OB_VALID_YES);
    one = look(&scan, text, sizeof text, pem, OBI_SEEN_BEGIN, '\0', OB_KIND_KEY_PEM);
    assert_non_null(one);
    assert_int_equal(one->check, OB_VALID_MAYBE);
    assert_null(look(&scan, text, sizeof text, pem, OBI_SEEN_BEGIN, '-', OB_KIND_KEY_PEM));
    assert_null(look(&scan, text, sizeof text, "-----BEGIN PUBLIC KEY-----", OBI_SEEN_BEGIN, '\n',
                     OB_KIND_KEY_PEM));
}

/* A value of the row's form, at random. */
static size_t make(const obi_secret *row, uint64_t *seed, char *out)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    size_t len = row->least > 0 ? row->least : 4;
    memcpy(out, row->head, row->head_len);
    for (size_t i = 0; i < len;) {
        *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        char c = letters[(*seed >> 33) % (sizeof letters - 1)];
        if (obi_is(c, row->classes) && (i == 0 || c != out[row->head_len + i - 1])) {
            out[row->head_len + i++] = c;
        }
    }
    return row->head_len + len;
}

/* Another row has the same head, so both have the same name. */
static bool is_shared(const obi_secret *row)
{
    for (size_t i = 0; i < OBI_SECRETS; i++) {
        if (&obi_secrets[i] != row && strcmp(obi_secrets[i].head, row->head) == 0) {
            return true;
        }
    }
    return false;
}

/* A random token of each row is found whole, one that is a character too short is not found as one.
 */
static void every_row_finds_its_tokens(void **state)
{
    (void)state;
    unsigned looked = 0;
    uint64_t seed = 20261126;
    for (size_t i = 0; i < OBI_SECRETS; i++) {
        const obi_secret *row = &obi_secrets[i];
        unsigned other =
            OBI_SECRET_BACK | OBI_SECRET_CHECK | OBI_SECRET_LABEL | OBI_SECRET_HEADLESS;
        if ((row->flags & other) != 0 || row->kind == OB_KIND_KEY_JWT || row->least < 14 ||
            row->least > 200) {
            continue;
        }
        unsigned found = 0;
        char text[OB_HOLD_MAX + 1] = "";
        for (unsigned n = 0; n < 20; n++) {
            obi_scan scan = {.text = {text, make(row, &seed, text)}, .cue_at = SIZE_MAX};
            scan.seen = SEEN;
            find(&scan);
            for (size_t k = 0; k < scan.count; k++) {
                found += scan.found[k].start == 0 && scan.found[k].end == scan.text.len ? 1 : 0;
            }
            obi_scan cut = {.text = {text, scan.text.len - 1}, .cue_at = SIZE_MAX, .seen = SEEN};
            find(&cut);
            for (size_t k = 0; k < cut.count && !is_shared(row); k++) {
                assert_string_not_equal(cut.found[k].rule, row->rule);
            }
        }
        if (found < 12) {
            fail_msg("%s: %u of 20", row->rule, found);
        }
        looked++;
    }
    assert_true(looked > 180);
}

static void tables_are_in_order(void **state)
{
    (void)state;
    static const char *const words[] = {
#define OB_SECRET_WORD(word, roles) word,
#include "detect/secret_words.def"
#undef OB_SECRET_WORD
    };
    for (size_t i = 1; i < OB_COUNT(words); i++) {
        if (strcmp(words[i - 1], words[i]) >= 0) {
            fail_msg("'%s' stands before '%s'", words[i - 1], words[i]);
        }
    }
    for (size_t i = 0; i < OBI_SECRETS; i++) {
        assert_in_range(obi_secrets[i].head_len, 2, 64);
        assert_true(obi_secrets[i].least <= obi_secrets[i].most);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_tokens_by_their_heads),
        cmocka_unit_test(finds_tokens_whose_literal_is_inside),
        cmocka_unit_test(refuses_what_only_begins_so),
        cmocka_unit_test(a_head_says_more_than_a_label),
        cmocka_unit_test(knows_published_keys),
        cmocka_unit_test(finds_what_a_label_announces),
        cmocka_unit_test(finds_passwords_of_addresses_and_options),
        cmocka_unit_test(leaves_sentences_and_programs_alone),
        cmocka_unit_test(swallows_what_goes_on),
        cmocka_unit_test(every_row_finds_its_tokens),
        cmocka_unit_test(tables_are_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
