/* SPDX-License-Identifier: Apache-2.0 */
/* Names of documents and bodies in all spellings, editions, and days. */
#include "../ob_test.h"

#include "map/meeting.h"
#include "map/name.h"

static void spellings_have_one_key(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        const char *key;
        const char *edition;
    } rows[] = {
        {"X.1234", "X.1234", ""},
        {"ITU-T X.1234", "X.1234", ""},
        {"Rec. X.1234 (2024)", "X.1234", "2024"},
        {"Rec. ITU-T X.1234 (06/2024)", "X.1234", "06/2024"},
        {"draft new Recommendation ITU-T X.foo", "X.FOO", ""},
        {"  x.1234\xc2\xa0", "X.1234", ""},
        {"X.Suppl.16", "X.SUPPL.16", ""},
        {"X Sup16", "X.SUPPL.16", ""},
        {"Y.Supp. 96", "Y.SUPPL.96", ""},
        {"Y.supp.NAC-roadmap", "Y.SUPP.NAC-ROADMAP", ""},
        {"ISO/IEC 27011:2024", "ISO/IEC27011", "2024"},
        {"ISO/IEC FDIS 27090", "ISO/IEC27090", ""},
        {"ISO/DIS 22144", "ISO22144", ""},
        {"ETSI EN 304 223 V2.1.1", "ETSIEN304223", "V2.1.1"},
        {"ETSI TS 104 223 (V1.1.1)", "ETSITS104223", "V1.1.1"},
        {"GB/T 45654-2025", "GB/T45654", "2025"},
        {"IEEE Std 7000-2021", "IEEESTD7000", "2021"},
        {"X.1051 (ex X.foo)", "X.1051(EXX.FOO)", ""},
        {"ISO/IEC TR 24029\xe2\x80\x91"
         "1",
         "ISO/IECTR24029-1", ""},
        {"", "", ""},
        {"ITU-T", "", ""},
        {"(2024)", "(2024)", ""},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_err err = {0};
        ob_doc_name name = {0};
        assert_ok(ob_doc_name_read(&name, &arena, ob_span_str(rows[i].text), &err));
        assert_span(name.key, rows[i].key);
        assert_span(name.edition, rows[i].edition);
    }
}

static bool fits(const char *named, const char *recorded)
{
    return ob_edition_fits(ob_span_str(named), ob_span_str(recorded));
}

static void editions_fit_as_far_as_they_say(void **state)
{
    (void)state;
    assert_true(fits("", "06/2024"));
    assert_true(fits("2024", "06/2024"));
    assert_true(fits("06/2024", "2024-06"));
    assert_true(fits("V1.2.1", "1.2.1"));
    assert_false(fits("2023", "06/2024"));
    assert_false(fits("05/2024", "06/2024"));
    assert_false(fits("V1.2.1", "V1.3.1"));
    assert_false(fits("2024", "V1.3.1"));
}

static void days_are_read_and_written(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        ob_day day;
        ob_day last;
    } rows[] = {
        {"2026", 20260000, 20261231},       {"2026-02", 20260200, 20260228},
        {"2024-02", 20240200, 20240229},    {"2026-11-24", 20261124, 20261124},
        {"11/2026", 20261100, 20261130},    {"2027-Q4", 20271200, 20271231},
        {"2024-02-29", 20240229, 20240229},
    };

    static const char *const bad[] = {"",           "26",       "2026-13", "2026-00",
                                      "2026-02-29", "2026/11",  "2027-Q5", "2026-11-00",
                                      "13/2026",    "2026-1-1", "20261124"};
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_day day = 0;
        assert_true(ob_day_read(ob_span_str(rows[i].text), &day));
        assert_int_equal(day, rows[i].day);
        assert_int_equal(ob_day_last(day), rows[i].last);
    }
    for (size_t i = 0; i < OB_COUNT(bad); i++) {
        ob_day day = 7;
        assert_false(ob_day_read(ob_span_str(bad[i]), &day));
        assert_int_equal(day, 7);
    }
    char text[OB_DAY_TEXT_MAX];
    ob_day_write(20261124, text);
    assert_string_equal(text, "2026-11-24");
    ob_day_write(20261100, text);
    assert_string_equal(text, "2026-11");
    ob_day_write(0, text);
    assert_string_equal(text, "");
    assert_int_equal(ob_day_count(19700101), 0);
    assert_int_equal(ob_day_count(20260301) - ob_day_count(20260228), 1);
    assert_int_equal(ob_day_count(20261124), 20781);
    assert_int_equal(ob_day_of_ms((int64_t)20781 * 86400000), 20261124);
}

static void days_in_prose(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        ob_day start;
        ob_day end;
    } rows[] = {
        {"Geneva, 22-30 January 2019", 20190122, 20190130},
        {"Tuesday 27 August \xe2\x80\x93 Thursday 5 September 2019, Geneva", 20190827, 20190905},
        {"Tuesday 17 \xe2\x80\x93 Thursday 26 March 2020 in Geneva", 20200317, 20200326},
        {"Mon 1\xe2\x80\x93Wed 10 June 2026", 20260601, 20260610},
        {"9 April 2026, 13:00-16:00", 20260409, 20260409},
        {"7-11 Sept 2026", 20260907, 20260911},
        {"(8 - 17 September 2015, Geneva)", 20150908, 20150917},
        {"28 December 2025 - 3 January 2026", 20251228, 20260103},
        {"28 December - 3 January 2026", 20251228, 20260103},
        {"the 5th SG17 meeting with 25 texts, 2 June 2026", 20260602, 20260602},
        {"1st to 3rd May 2026", 20260501, 20260503},
    };

    static const char *const none[] = {
        "",          "May/June 2022", "8 working days", "31 April 2026", "TD73/2 of 13:00",
        "June 2026", "10 June"};
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_day start = 0;
        ob_day end = 0;
        size_t used = 0;
        assert_true(ob_days_read(ob_span_str(rows[i].text), 0, &start, &end, &used));
        assert_int_equal(start, rows[i].start);
        assert_int_equal(end, rows[i].end);
        assert_true(used <= strlen(rows[i].text));
    }
    for (size_t i = 0; i < OB_COUNT(none); i++) {
        ob_day start = 0;
        ob_day end = 0;
        size_t used = 0;
        assert_false(ob_days_read(ob_span_str(none[i]), 0, &start, &end, &used));
    }
}

static void bodies_have_one_key(void **state)
{
    (void)state;
    static const char *const same[][2] = {
        {"ITU-T SG17", "SG 17"},
        {"ITU-T Study Group 17", "sg17"},
        {"ISO/IEC JTC1/SC27", "ISO/IEC JTC 1 SC 27"},
        {"CEN/CENELEC", "CEN-CENELEC"},
    };
    for (size_t i = 0; i < OB_COUNT(same); i++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_err err = {0};
        ob_span a = {0};
        ob_span b = {0};
        assert_ok(ob_body_key(&arena, ob_span_str(same[i][0]), &a, &err));
        assert_ok(ob_body_key(&arena, ob_span_str(same[i][1]), &b, &err));
        assert_true(a.len > 0);
        assert_true(ob_span_is(a, b));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spellings_have_one_key),
        cmocka_unit_test(editions_fit_as_far_as_they_say),
        cmocka_unit_test(days_are_read_and_written),
        cmocka_unit_test(days_in_prose),
        cmocka_unit_test(bodies_have_one_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
