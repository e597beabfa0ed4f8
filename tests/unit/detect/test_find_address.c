/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/address.h"
#include "scan_help.h"

static void heads(void **state)
{
    (void)state;

    static const struct {
        const char *left;
        const char *segment;
        const char *head; /* "" for none; the tail reads on behind it */
    } rows[] = {
        {"at ", "12 Alder Street", "12 Alder Street"},
        {"at ", "12B Old Alder Road", "12B Old Alder Road"},
        {"at ", "350 5th Avenue", "350 5th Avenue"},
        {"", "Flat 3, 12 Alder Street", "Flat 3, 12 Alder Street"},
        {"", "PO Box 77", "PO Box 77"},
        {"", "Alderstra\u00dfe 12, 99998 Ort", "Alderstra\u00dfe 12"},
        {"", "Lange Stra\u00dfe 5", "Lange Stra\u00dfe 5"},
        {"", "Calle Olmo 5", "Calle Olmo 5"},
        {"calle ", "Olmo 5", "Olmo 5"},
        {"", "12 rue de la Lune", "12 rue de la Lune"},
        {"", "Rua Olmo, 100", "Rua Olmo, 100"},
        {"", "500 Minutes And Data", ""},
        {"", "12 Way", ""},
        {"", "Route 66", ""},
        {"", "5 Star Service", ""},
        {"", "Build 12 Release", ""},
        {"", "Alder Street", ""},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        obi_scan scan;
        char text[400];
        scan_with(&scan, text, sizeof text, obi_find_address, rows[i].left, rows[i].segment,
                  OBI_SEEN_CAPITALS | OBI_SEEN_STREET);
        const obi_candidate *found = scan_longest(&scan, OB_KIND_ADDR);
        ob_span head =
            found == NULL ? (ob_span){0} : ob_span_sub(scan.text, found->start, found->end);
        if (!ob_span_is_str(head, rows[i].head)) {
            fail_msg("%s%s: \"%.*s\"", rows[i].left, rows[i].segment, OB_SHOW(head));
        }
        assert_true(found == NULL || found->tail == OBI_TAIL_ADDRESS);
    }
}

static void in_han(void **state)
{
    (void)state;

    static const struct {
        const char *left;
        const char *segment;
        const char *address;
    } rows[] = {
        /* Province, city, district, road, number, building, room. */
        {"",
         "\u5e7f\u4e1c\u7701\u6df1\u5733\u5e02\u5357\u5c71\u533a\u6a61\u6811\u8def8\u53f72\u680b301"
         "\u5ba4",
         "\u5e7f\u4e1c\u7701\u6df1\u5733\u5e02\u5357\u5c71\u533a\u6a61\u6811\u8def8\u53f72\u680b301"
         "\u5ba4"},
        {"", "\u6df1\u5733\u5e02\u5357\u5c71\u533a\u6a61\u6811\u8def8\u53f7\u697c",
         "\u6df1\u5733\u5e02\u5357\u5c71\u533a\u6a61\u6811\u8def8\u53f7\u697c"},
        {"", "\u6df1\u5733\u5e02\u5357\u5c71\u533a\u6a61\u6811\u8def8\u53f7301",
         "\u6df1\u5733\u5e02\u5357\u5c71\u533a\u6a61\u6811\u8def8\u53f7301"},
        /* A village. */
        {"", "\u6e56\u5357\u7701\u6a61\u6811\u53bf\u6a61\u6811\u9547\u6a61\u6811\u67513\u7ec4",
         "\u6e56\u5357\u7701\u6a61\u6811\u53bf\u6a61\u6811\u9547\u6a61\u6811\u67513\u7ec4"},
        /* No place of the gazetteer, but a label. */
        {"\u5730\u5740\uff1a", "\u6a61\u6811\u8def8\u53f7", "\u6a61\u6811\u8def8\u53f7"},
        {"\u5730\u5740", "\u662f\u6a61\u6811\u8def8\u53f7", "\u6a61\u6811\u8def8\u53f7"},
        {"\u6211", "\u6a61\u6811\u8def8\u53f7", ""},
        /* Traditional characters. */
        {"", "\u53f0\u5317\u5e02\u6a61\u6a39\u8def1\u865f5\u6a13",
         "\u53f0\u5317\u5e02\u6a61\u6a39\u8def1\u865f5\u6a13"},
        /* A mere mention. */
        {"", "\u5317\u4eac", ""},
        {"\u4f4f\u5728", "\u5317\u4eac\u5e02", ""},
        {"", "\u6df1\u5733\u5e02\u5357\u5c71\u533a", ""},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        obi_scan scan;
        char text[400];
        scan_with(&scan, text, sizeof text, obi_find_address, rows[i].left, rows[i].segment,
                  OBI_SEEN_HAN | OBI_SEEN_STREET);
        const obi_candidate *found = scan_longest(&scan, OB_KIND_ADDR);
        ob_span all =
            found == NULL ? (ob_span){0} : ob_span_sub(scan.text, found->start, found->end);
        if (!ob_span_is_str(all, rows[i].address)) {
            fail_msg("row %zu: \"%.*s\"", i, OB_SHOW(all));
        }
    }
}

typedef struct tail {
    const char *text;
    size_t len; /* of the address */
} tail;

static const tail tails[] = {
    {"", 0},
    {".", 0},
    {" and my router", 0},
    {", Springfield, IL 62704. I would", 23},
    {", Springfield, IL 62704 and my", 23},
    {", Leeds LS1 4DY", 15},
    {", Leeds LS1 4DY, please", 15},
    {", Suite 5, New York, NY 10118-0110, USA.", 39},
    {" Apt 4B, Ort", 12},
    {" Rd. Apt 5", 10},
    {", 99998 Ort", 11},
    {", 75001 Ville-sur-Mer", 21},
    {"\nSuite 5", 0},
    {"\n99998 Ort", 10},
    {", 5 days ago", 0},
    {", Leeds, 0113 496 0000", 7},
    {", My router", 0},
    {", https://example.com", 0},
    {", example.com", 0},
    {", Example.com", 0},
    {" uses", 0},
    {"s", 0},
    {", \u0434. 5, \u043a\u0432. 12", 17},
    {", \u043a\u0432. 1", 9},
    {"3\u53f72\u5355\u5143501\u5ba4\u3002", 17},
    {",5\u5355\u5143\u00e9", 8},
    {"5\u53f7\u697c\u8001\u4eba", 7},
    {"\u8bf7\u95ee5\u53f7", 0},
    {", \u8001\u4eba\u7528\u7684", 0},
    {", Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0},
};

static void ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < OB_COUNT(tails); i++) {
        bool more = true;
        size_t len = obi_tail_address(ob_span_str(tails[i].text), 0, 0, true, &more);
        if (len != tails[i].len || more) {
            fail_msg("%s: %zu", tails[i].text, len);
        }
    }
}

static void ends_somewhere(void **state)
{
    (void)state;
    char text[400];
    bool more = true;
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = " Alder"[i % 6];
    }
    /* As many words of 6 bytes as fit. */
    ob_span all = {text, sizeof text};
    assert_int_equal(obi_tail_address(all, 0, 0, true, &more), 198);
    assert_false(more);
    assert_int_equal(obi_tail_address(all, 0, 16, false, &more), 180);
    assert_false(more);
}

/* However the text is cut: the same answer, and never more than it in between. */
static void ends_in_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < OB_COUNT(tails); i++) {
        ob_span text = ob_span_str(tails[i].text);
        for (size_t first = 0; first <= text.len; first++) {
            size_t at = 0;
            bool more = true;
            for (size_t cut = first; more; cut = cut < text.len ? cut + 1 : cut) {
                at += obi_tail_address(ob_span_sub(text, 0, cut), at, at, cut == text.len, &more);
                bool decided = !more && at != tails[i].len;
                if (at > tails[i].len || decided || (more && cut - at >= 64)) {
                    fail_msg("%s, up to %zu: %zu", tails[i].text, cut, at);
                }
            }
            if (at != tails[i].len) {
                fail_msg("%s, from %zu: %zu", tails[i].text, first, at);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heads),          cmocka_unit_test(in_han),         cmocka_unit_test(ends),
        cmocka_unit_test(ends_in_pieces), cmocka_unit_test(ends_somewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
