/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/name_words.h"
#include "scan_help.h"

typedef struct row {
    const char *left;
    const char *segment;
    const char *name; /* "" for none */
} row;

static void check(const row *rows, size_t count, unsigned kind, unsigned seen)
{
    for (size_t i = 0; i < count; i++) {
        obi_scan scan;
        char text[400];
        scan_with(&scan, text, sizeof text, obi_find_name, rows[i].left, rows[i].segment, seen);
        const obi_candidate *found = scan_longest(&scan, kind);
        ob_span name = {0};
        if (found != NULL) {
            assert_true(found->start >= scan.from && found->end <= scan.text.len);
            name = ob_span_sub(scan.text, found->start, found->end);
        }
        if (!ob_span_is_str(name, rows[i].name)) {
            fail_msg("%s%s: \"%.*s\"", rows[i].left, rows[i].segment, OB_SHOW(name));
        }
    }
}

static void behind_cues(void **state)
{
    (void)state;
    static const row rows[] = {
        {"my name is ", "Ruth", "Ruth"},
        {"My name's ", "Ruth Adeyemi", "Ruth Adeyemi"},
        {"my name is ", "ruth adeyemi", "ruth adeyemi"},
        {"my name is ", "ruth and", "ruth"},
        {"my name is ", "not", ""},
        {"My name is ", "Dr Ruth Adeyemi.", "Ruth Adeyemi"},
        {"this is ", "Ruth Adeyemi", "Ruth Adeyemi"},
        {"\xe3\x80\x82this is ", "Ruth Adeyemi", "Ruth Adeyemi"},
        {"this is ", "Ruth", ""},
        {"this is ", "Very Important", ""},
        {"this is ", "Completely Unacceptable", ""},
        {"this is ", "Samsung Galaxy", ""},
        {"I am ", "Angry", ""},
        {"I am ", "From Leeds", ""},
        {"account holder ", "Ruth O'Hara", "Ruth O'Hara"},
        {"account holder ", "Ruth", ""},
        {"account holder: ", "Ruth", "Ruth"},
        {"the account holder is ", "Ruth", "Ruth"},
        {"", "Account Holder Ruth Adeyemi", "Ruth Adeyemi"},
        {"", "Dear Ruth", "Ruth"},
        {"", "Dear Customer", ""},
        {"", "Mr Jean-Luc van der Velde", "Jean-Luc van der Velde"},
        {"", "Mrs. Adeyemi's", "Adeyemi"},
        {"20 ms ", "Ping", ""},
        {"Name: ", "Ludwig van Buren", "Ludwig van Buren"},
        {"File name: ", "Summary Draft", ""},
        {"Name: ", "Premium Plan", ""},
        {"{\"name\": \"", "Ruth Adeyemi", "Ruth Adeyemi"},
        {"Customer: ", "Cancel", ""},
        {"customer ", "Ruth B. Adeyemi", "Ruth B. Adeyemi"},
        {"Kind regards,\n", "Ruth Adeyemi", "Ruth Adeyemi"},
        {"Kind regards ", "Ruth Adeyemi", ""},
        {"my wife ", "Ruth", "Ruth"},
        {"me llamo ", "Jos\u00e9 Garz\u00f3n de la Vega", "Jos\u00e9 Garz\u00f3n de la Vega"},
        {"je m'appelle ", "\u00c9lise", "\u00c9lise"},
        {"ich hei\u00dfe ", "J\u00fcrgen Vo\u00df", "J\u00fcrgen Vo\u00df"},
        {"\u041c\u0435\u043d\u044f \u0437\u043e\u0432\u0443\u0442 ",
         "\u041e\u043b\u044c\u0433\u0430", "\u041e\u043b\u044c\u0433\u0430"},
        {"\u0627\u0633\u0645\u064a ", "\u0623\u062d\u0645\u062f", "\u0623\u062d\u0645\u062f"},
        {"\u59d3\u540d\uff1a", "Ruth Adeyemi", "Ruth Adeyemi"},
        {"the ", "Maple Router", ""},
        {"", "Ruth Adeyemi", ""},
        {"my name is ", "user_12", ""},
        {"my name is ", "ruth@example.com", ""},
    };
    check(rows, OB_COUNT(rows), OB_KIND_NAME, OBI_SEEN_CAPITALS | OBI_SEEN_VALUE);
}

static void in_han(void **state)
{
    (void)state;
    static const row rows[] = {
        {"\u6211\u53eb", "\u5b59\u6653\u6797", "\u5b59\u6653\u6797"},
        {"\u59d3\u540d\uff1a", "\u5b59\u6653\u6797", "\u5b59\u6653\u6797"},
        {"\u59d3\u540d: ", "\u5b59\u6797", "\u5b59\u6797"},
        {"\u6237\u4e3b", "\u662f\u5b59\u6653\u6797", "\u5b59\u6653\u6797"},
        {"\u6237\u4e3b\u662f", "\u5b59\u6653\u6797", "\u5b59\u6653\u6797"},
        {"\u6211\u53eb", "\u5b59\u96ea\u60f3\u67e5", "\u5b59\u96ea"}, /* "would like to look up" */
        {"\u6536\u4ef6\u4eba", "\u6b27\u9633\u5a1c\u5a1c", "\u6b27\u9633\u5a1c\u5a1c"},
        {"\u8054\u7cfb\u4eba\uff1a", "\u5b59\u5148\u751f", "\u5b59\u5148\u751f"},
        {"\u59d3\u540d\uff1a", "\u963f\u5e03\u52d2\u00b7\u70ed\u897f",
         "\u963f\u5e03\u52d2\u00b7\u70ed\u897f"},
        {"\u6237\u4e3b", "\u5173\u7cfb\u8bc1\u660e", ""}, /* "relation" */
        {"\u8054\u7cfb\u4eba\uff1a", "\u6682\u65e0", ""}, /* "none" */
        {"\u6211\u662f", "\u9ad8\u4e2d\u751f", ""},       /* "a pupil" */
        {"\u6211\u662f", "\u5b59\u6653\u6797", "\u5b59\u6653\u6797"},
        {"\u6211\u662f", "\u5b59\u8f66\u7968\u53f7", ""},
        {"\u7684", "\u5b59\u6653\u6797", ""},
    };
    check(rows, OB_COUNT(rows), OB_KIND_NAME_CN, OBI_SEEN_HAN | OBI_SEEN_VALUE);
}

/* The lists are searched by halving: each cue and word must be found in its place. */
static void tables(void **state)
{
    (void)state;
    static const char *const cues[] = {
#define NAME_CUE(key, text, kind) text,
#include "detect/name_table.def"
#undef NAME_CUE
    };
    static const char *const stops[] = {
#define NAME_STOP(word) word,
#include "detect/name_table.def"
#undef NAME_STOP
    };
    for (size_t i = 0; i < OB_COUNT(cues); i++) {
        char text[80];
        size_t start = 0;
        int len = snprintf(text, sizeof text, ". %s", cues[i]);
        text[2] = text[2] >= 'a' && text[2] <= 'z' ? (char)(text[2] - 32) : text[2];
        if (obi_name_cue_at((ob_span){text, (size_t)len}, (size_t)len, &start) == OBI_NAME_NONE &&
            (unsigned char)text[2] < 0x80) {
            fail_msg("no cue: %s", text);
        }
    }
    for (size_t i = 0; i < OB_COUNT(stops); i++) {
        assert_true(obi_common_word(ob_span_str(stops[i])));
    }
    assert_false(obi_common_word(OB_SPAN("adeyemi")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(behind_cues),
        cmocka_unit_test(in_han),
        cmocka_unit_test(tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
