/* SPDX-License-Identifier: Apache-2.0 */
#include "ob_test.h"

#include <ombud/buf.h>
#include <ombud/look.h>

static void claims_table(void **state)
{
    (void)state;

    /* The claims of each text, joined by "; ". */
    static const struct {
        const char *text;
        const char *claims;
    } rows[] = {
        {"It costs EUR 37.40 a month.", "amount EUR 37.40"},
        {"It costs 37,40 \u20ac now", "amount EUR 37.40"},
        {"\u20ac1,234.56 or $5 or \u00a312",
         "amount EUR 1234.56; amount USD 5.00; amount GBP 12.00"},
        {"twenty euros", "amount EUR 20.00"},
        {"\u8d39\u752830\u5143", "amount CNY 30.00"},
        {"\u4e09\u5341\u5757", "amount CNY 30.00"},
        {"within 11 days", "duration 11 day"},
        {"within eleven days", "duration 11 day"},
        {"an 11-day period", "duration 11 day"},
        {"forty-two hours", "duration 42 hour"},
        {"3 to 5 working days", "duration 5 working day"},
        {"\u5341\u4e00\u5929\u5185", "duration 11 day"},
        {"\u4e09\u5341\u65e5\u5185\u9000\u6b3e", "duration 30 day"},
        {"3\u4e2a\u6708", "duration 3 month"},
        {"24\u5c0f\u65f6", "duration 24 hour"},
        {"20 % off, or 20 percent, or 20%", "percent 20 %; percent 20 %; percent 20 %"},
        {"\u767e\u5206\u4e4b\u4e8c\u5341", "percent 20 %"},
        {"5 GB and 500 MB and 1.5GB", "volume 5 GB; volume 500 MB; volume 1.5 GB"},
        {"on 2026-11-24.", "date 2026-11-24"},
        {"24 November 2026", "date 2026-11-24"},
        {"November 24, 2026", "date 2026-11-24"},
        {"24th of Nov. 2026", "date 2026-11-24"},
        {"2026\u5e7411\u670824\u65e5", "date 2026-11-24"},
        {"see clause 14.7 and section 3.2", "clause 14.7; clause 3.2"},
        {"\u00a714.7", "clause 14.7"},
        {"\u7b2c14.7\u6761", "clause 14.7"},
        {"\u7b2c\u5341\u56db\u6761", "clause 14"},
        {"open from 8:00 to 20:00", ""},
        {"call 0800 555 0100 or +49 30 5550100", ""},
        {"order A-2024-11 and #1234", ""},
        {"version 2.4.1 days", ""},
        {"available 24/7", ""},
        {"T-2026-11-24", ""},
        {"the second section of the day", ""},
        {"\u7b2c\u4e09\u5929", ""},
        {"100 Mbps", ""},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_buf) out = {.max = 4000};
        ob_claim claim;
        for (size_t pos = 0; ob_claim_next(ob_span_str(rows[i].text), &pos, &claim);) {
            ob_buf_addf(&out, "%s%s %s", out.len > 0 ? "; " : "", ob_claim_type_name(claim.type),
                        claim.value);
        }
        if (!ob_span_is_str(ob_buf_span(&out), rows[i].claims)) {
            fail_msg("'%s': '%.*s', wanted '%s'", rows[i].text, OB_SHOW(ob_buf_span(&out)),
                     rows[i].claims);
        }
    }
}

static void urls_table(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        const char *host; /* NULL: no link */
        const char *query;
        bool image;
        bool allowed;
    } rows[] = {
        {"see https://help.example.net/a?b=c#d.", "help.example.net", "b=c", false, true},
        {"(https://help.example.net)", "help.example.net", "", false, true},
        {"HTTPS://HELP.EXAMPLE.NET.", "HELP.EXAMPLE.NET", "", false, true},
        {"https://help.example.net./x", "help.example.net.", "", false, true},
        {"https://a.b.shop.example/x", "a.b.shop.example", "", false, true},
        {"https://badshop.example/x", "badshop.example", "", false, false},
        {"https://help.example.net@evil.example/", "evil.example", "", false, false},
        {"https://help.example.net:443@evil.example:80/", "evil.example", "", false, false},
        {"https://help.example.net\\@evil.example/", "help.example.net", "", false, true},
        {"https:\\\\evil.example/x", "evil.example", "", false, false},
        {"https://h\u0435lp.example.net/", "h\u0435lp.example.net", "", false, false},
        {"![x](https://evil.example/p?d=1)", "evil.example", "d=1", true, false},
        {"[x](//evil.example/p)", "evil.example", "", false, false},
        {"<img src='//evil.example/p'>", "evil.example", "", true, false},
        {"background:url(https://evil.example/p)", "evil.example", "", true, false},
        {"\u8bf7\u8bbf\u95eehttps://help.example.net/a\u3002", "help.example.net", "", false, true},
        {"\u8bf7\u8bbf\u95eewww.evil.example\u3002", "www.evil.example", "", false, false},
        {"go to www.evil.example, please", "www.evil.example", "", false, false},
        {"https://[2001:db8::1]:8080/x", "[2001:db8::1]", "", false, false},
        {"mailto:a@evil.example?subject=x", "evil.example", "subject=x", false, false},
        {"tel:+4930555", "", "", false, false},
        {"javascript:alert(1)", "", "", false, false},
        {"data:text/html,x", "", "", false, false},
        {"Your data: none. A note: see e.g. above, and/or call.", NULL, NULL, false, false},
        {"Open 8:00. Costs 3.50 a day // comment", NULL, NULL, false, false},
        {"write to a@help.example.net", NULL, NULL, false, false},
    };

    const ob_span allow[] = {OB_SPAN("help.example.net"), OB_SPAN(".shop.example")};
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_url url = {0};
        size_t pos = 0;
        bool found = ob_url_next(ob_span_str(rows[i].text), &pos, &url);
        if (found != (rows[i].host != NULL)) {
            fail_msg("'%s': %s '%.*s'", rows[i].text, found ? "found" : "missed",
                     OB_SHOW(url.whole));
        }
        if (!found) {
            continue;
        }
        assert_span(url.host, rows[i].host);
        assert_span(url.query, rows[i].query);
        assert_int_equal(url.image, rows[i].image);
        assert_int_equal(ob_host_allowed(url.host, allow, 2), rows[i].allowed);
        assert_false(ob_url_next(ob_span_str(rows[i].text), &pos, &url));
    }
}

static void languages_table(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        const char *lang;
    } rows[] = {
        {"Yes, you can change it.", "en"},
        {"I don't know", "en"},
        {"The Comfort plan costs EUR 30.", "en"},
        {"\u597d\u7684", "zh"},
        {"\u60a8\u7684 Comfort plan \u5df2\u7ecf\u6fc0\u6d3b\uff0c\u89c1 https://example.org/help",
         "zh"},
        {"Bonjour, comment puis-je vous aider ?", "fr"},
        {"C'est not\u00e9, l'agence vous rappelle.", "fr"},
        {"Hola, \u00bfen qu\u00e9 puedo ayudarle?", "es"},
        {"No puedo hacer eso por usted.", "es"},
        {"\u0417\u0434\u0440\u0430\u0432\u0441\u0442\u0432\u0443\u0439\u0442\u0435!", "ru"},
        {"\u0645\u0631\u062d\u0628\u0627 \u0628\u0643", "ar"},
        {"Ich kann die Rechnung nicht finden.", ""},
        {"N\u00e3o posso fazer isso com voc\u00ea.", ""},
        {"OMB-12ab 42 https://example.org/the/and?is=you", ""},
        {"", ""},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_span lang = ob_lang_guess(ob_span_str(rows[i].text));
        if (!ob_span_is_str(lang, rows[i].lang)) {
            fail_msg("'%s' is '%.*s', wanted '%s'", rows[i].text, OB_SHOW(lang), rows[i].lang);
        }
    }
}

static void names_table(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        const char *names;
    } rows[] = {
        {"Take Plan Comfort or the Family Plus plan.", "Comfort; Family Plus"},
        {"The \"Roam\" option and our tariff Easy.", "Roam; Easy"},
        {"Your plan is fine. The plan ends. Which plans?", ""},
        {"Option 1: call us. Mobile plans from us.", ""},
        {"\u6211\u4eec\u63a8\u8350\u8212\u9002\u5957\u9910\u3002", "\u8212\u9002"},
        {"\u60a8\u7684\u201c\u6781\u901f\u201d\u5957\u9910", "\u6781\u901f"},
        {"\u60a8\u7684\u5957\u9910\u662f\u6708\u79df\u5957\u9910", ""},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_buf) out = {.max = 4000};
        ob_claim claim;
        for (size_t pos = 0; ob_name_next(ob_span_str(rows[i].text), &pos, &claim);) {
            ob_buf_addf(&out, "%s%s", out.len > 0 ? "; " : "", claim.value);
        }
        if (!ob_span_is_str(ob_buf_span(&out), rows[i].names)) {
            fail_msg("'%s': '%.*s', wanted '%s'", rows[i].text, OB_SHOW(ob_buf_span(&out)),
                     rows[i].names);
        }
    }
    assert_true(ob_name_in(OB_SPAN("We sell COMFORT."), OB_SPAN("Comfort")));
    assert_false(ob_name_in(OB_SPAN("It is comfortable."), OB_SPAN("Comfort")));
}

static void refusals_table(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        bool refusal;
    } rows[] = {
        {"I can\u2019t help with that.", true},
        {"Je ne peux pas vous le dire.", true},
        {"No puedo hacerlo.", true},
        {"\u042f \u043d\u0435 \u043c\u043e\u0433\u0443", true},
        {"\u5bf9\u4e0d\u8d77\uff0c\u6211\u65e0\u6cd5\u529e\u7406\u3002", true},
        {"\u0644\u0627 \u0623\u0633\u062a\u0637\u064a\u0639", true},
        {"Done, I will note it down for you.", false},
        {"\u597d\u7684\uff0c\u5df2\u7ecf\u529e\u7406\u3002", false},
        {"", false},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_span at = {0};
        if (ob_refusal_find(ob_span_str(rows[i].text), &at) != rows[i].refusal) {
            fail_msg("'%s' was judged wrongly", rows[i].text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(claims_table),    cmocka_unit_test(urls_table),
        cmocka_unit_test(languages_table), cmocka_unit_test(names_table),
        cmocka_unit_test(refusals_table),
    };
    return cmocka_run_group_tests_name("look", tests, NULL, NULL);
}
