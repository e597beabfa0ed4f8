/* SPDX-License-Identifier: Apache-2.0 */
/* Pages as cells, the fields that are split, the forms in which readings are stored. */
#include "../ob_test.h"

#include "map/import.h"
#include "map/item.h"
#include "map/item_names.h"
#include "map/meeting.h"

#define ITEM                                                                                  \
    "Work item: X.a (ex X.b)\nSubject/title: T\nStatus: Under study\nApproval process: AAP\n" \
    "Type of work item: Recommendation\n"

static void cells_of_text_and_html(void **state)
{
    (void)state;

    static const struct {
        const char *bytes;
        const char *cells[7];
        uint32_t lines[7];
    } rows[] = {
        {"a  b\t c\n\n d|e \n", {"a b c", "d|e"}, {1, 3}},
        {"| a: | b | \n|\nc\n|", {"a:", "b", "c"}, {1, 1, 3}},
        {"a\xa0"
         "b \x96 c\n",
         {"a b \xe2\x80\x93 c"},
         {1}},
        /* A table that was copied; marks of lists, fields with colons and single tabs are none. */
        {"ab\tc\nde\t f g \n\thi\tl\nb)\tjk",
         {"ab", "c", "de", "f g", "hi", "l", "b) jk"},
         {1, 1, 2, 2, 3, 3, 4}},
        {"iv.\ta b\n\xe2\x80\xa2\tcd\nef\tg\nhi:\tj\nkl\tm\n",
         {"iv. a b", "\xe2\x80\xa2 cd", "ef g", "hi: j", "kl m"},
         {1, 2, 3, 4, 5}},
        {"> a: b\n>\n>> c\n> d > e\n", {"a: b", "c", "d > e"}, {1, 3, 4}},
        {"A. wrote:\n\n>|a|b|\n> c\n", {"A. wrote:", "a", "b", "c"}, {1, 3, 3, 4}},
        {"a\n> 10 Gbit\nb\n", {"a", "> 10 Gbit", "b"}, {1, 2, 3}},
        {"\xef\xbb\xbf"
         "a\r\nb\r\n",
         {"a", "b"},
         {1, 2}},
        {"<table><tr><td>a:\n<td><b>b</b>\n&amp; c</table>d", {"a:", "b & c", "d"}, {1, 2, 3}},
        /* What looks like a name and is none. */
        {"<div>b<4 c< d<p<i>f", {"b<4 c< d", "f"}, {1, 1}},
        {"<div>x<script>y()</script><style>z</style>\n<br>&lt;td&gt;", {"x", "<td>"}, {1, 2}},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_err err = {0};
        ob_page_text page = {0};
        assert_ok(ob_page_read(&page, &arena, OB_SPAN("p"), ob_span_str(rows[i].bytes), &err));
        size_t count = 0;
        for (; count < 7 && rows[i].cells[count] != NULL; count++) {
            assert_true(count < page.count);
            assert_span(page.cells[count].text, rows[i].cells[count]);
            assert_int_equal(page.cells[count].line, rows[i].lines[count]);
        }
        assert_int_equal(page.count, count);
    }
}

static void bytes_that_are_no_page(void **state)
{
    (void)state;

    static const struct {
        ob_span bytes;
        const char *says;
    } rows[] = {
        {{"", 0}, "p:1: the page is empty"},
        {{" \n\n", 3}, "p:1: the page is empty"},
        {{"a\nb\0c", 5}, "p:2: a NUL"},
        {{"\xff\xfe"
          "a\0\n\0b\0\0\xd8",
          10},
         "p:2: UTF-16 that is broken or cut"},
        {{"\xfe\xff\0a\0", 5}, "p:1: UTF-16 that is broken or cut"},
        {{"a\n\x81\xff", 4}, "neither UTF-8 nor Windows-1252"},
        {{"<html><p> </html>", 17}, "p:1: the page is empty"},
        {{"a=20\nb=\nc\nd=\ne=20\n", 18}, "p:1: lines end in '=' as in the source of a mail"},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_err err = {0};
        ob_page_text page = {0};
        assert_fails(ob_page_read(&page, &arena, OB_SPAN("p"), rows[i].bytes, &err), OB_ERR_INPUT,
                     rows[i].says);
        assert_null(page.cells);
    }
}

static void liaisons_are_told_apart(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        const char *names[6];
    } rows[] = {
        {"ITU-T SG13, SG20", {"ITU-T SG13", "ITU-T SG20"}},
        {"ITU-T SG13 SG16 SG17, ETSI ISG MEC",
         {"ITU-T SG13", "ITU-T SG16", "ITU-T SG17", "ETSI ISG MEC"}},
        {"SG2/SG17", {"ITU-T SG2", "ITU-T SG17"}},
        {"ISO/IEC JTC 1/SC 27 WG4 & WG5", {"ISO/IEC JTC 1/SC 27 WG4", "ISO/IEC JTC 1/SC 27 WG5"}},
        {"ISO/IEC JTC 1/SC 27, SC 42", {"ISO/IEC JTC 1/SC 27", "ISO/IEC JTC 1/SC 42"}},
        {"JTC 1, JTC 1/SC 42", {"ISO/IEC JTC 1", "ISO/IEC JTC 1/SC 42"}},
        {"3GPP SA2, SA3; IETF and W3C.", {"3GPP SA2", "3GPP SA3", "IETF", "W3C"}},
        {"IETF (OAuth, WIMSE), SG17", {"IETF (OAuth, WIMSE)", "ITU-T SG17"}},
        {"IEC TC57 WG13, WG15", {"IEC TC57 WG13", "IEC TC57 WG15"}},
        {"CEN-CENELEC JTC 21", {"CEN-CENELEC JTC 21"}},
        {"SG17, ITU-T SG17", {"ITU-T SG17"}},
        {"ITU-T SGs 2, 13 and 20, IETF", {"ITU-T SG2", "ITU-T SG13", "ITU-T SG20", "IETF"}},
        {"Study Groups 5 & 9", {"ITU-T SG5", "ITU-T SG9"}},
        {"ISO/IEC JTC 1/SC 27, 42", {"ISO/IEC JTC 1/SC 27", "ISO/IEC JTC 1/SC 42"}},
        {"ITU-D SG1, SG2, SG17", {"ITU-D SG1", "ITU-D SG2", "ITU-T SG17"}},
        {"ITU-R SG5 SG6; SG9", {"ITU-R SG5", "ITU-R SG6", "ITU-T SG9"}},
        {"ETSI ISG MEC, ISG NFV, TC CYBER", {"ETSI ISG MEC", "ETSI ISG NFV", "ETSI TC CYBER"}},
        {"ITU-T Q3/20, Q4/20", {"ITU-T Q3/20", "ITU-T Q4/20"}},
        {"JCA-IoT and SC&C and GSMA", {"JCA-IoT and SC&C", "GSMA"}},
        {"Institute of Tests and Trials, Some Forum and Another Alliance",
         {"Institute of Tests and Trials", "Some Forum", "Another Alliance"}},
        {"SG20 (things and cities) and W3C", {"ITU-T SG20 (things and cities)", "W3C"}},
        {"ITU-T: SG2,", {"ITU-T SG2"}},
        {"", {NULL}},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_err err = {0};
        ob_names names = {0};
        size_t count = 0;
        assert_ok(obi_split_liaisons(&arena, ob_span_str(rows[i].text), &names, &err));
        for (; count < 6 && rows[i].names[count] != NULL; count++) {
            assert_true(count < names.count);
            assert_span(names.items[count], rows[i].names[count]);
        }
        assert_int_equal(names.count, count);
    }
}

static void former_names_are_told_apart(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        const char *id;
        const char *names[4];
    } rows[] = {
        {"X.a (ex X.b; X.c;)", "X.a", {"X.b", "X.c"}},
        {"X.a (ex X.b, ex Y.c and Z.d)", "X.a", {"X.b", "Y.c", "Z.d"}},
        {"X.a(EX X.b / X.c)", "X.a", {"X.b", "X.c"}},
        {"X.a (ex X.b) (ex X.c)", "X.a", {"X.b", "X.c"}},
        {"X.a (previously X.b (rev), X.A)", "X.a", {"X.b (rev)"}},
        {"X.a [ex X.b & X.c]", "X.a", {"X.b", "X.c"}},
        {"X.exa (rev)", "X.exa (rev)", {NULL}},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_err err = {0};
        ob_names names = {0};
        ob_span id = ob_span_str(rows[i].text);
        ob_span former = {0};
        size_t count = 0;
        obi_cut_former(&id, &former);
        assert_span(id, rows[i].id);
        assert_ok(obi_split_former(&arena, former, id, &names, &err));
        for (; count < 4 && rows[i].names[count] != NULL; count++) {
            assert_true(count < names.count);
            assert_span(names.items[count], rows[i].names[count]);
        }
        assert_int_equal(names.count, count);
    }
}

static bool read_item(const char *text, ob_item *item, ob_arena *arena, ob_err *err)
{
    ob_page_text page = {0};
    return ob_page_read(&page, arena, OB_SPAN("p"), ob_span_str(text), err) &&
           ob_item_read(item, arena, &page, err);
}

static void items_and_their_mistakes(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_err err = {0};
    ob_item item = {0};

    static const struct {
        const char *text;
        const char *says;
    } bad[] = {
        {ITEM, "p:5: the page ends without 'Summary:'"},
        {"ITU-T work programme\n\nWork item: X.a\n", "p:3: the page ends without 'Subject/title:'"},
        {ITEM "Status: Approved\nSummary: s", "p:6: 'Status:' again, it stands in line 3"},
        {ITEM "Summary: s\nWork item: X.c\n", "p:7: 'Work item:' again"},
        {"Work item: -\nTitle: T\nStatus:\nApproval process: -\nType: R\nSummary: s", "p:1: "},
        {"Work item: X.a\nTitle: -\nStatus:\nApproval process: -\nType: R\nSummary: s", "p:2: "},
        {"Work item: (ex X.a)\nTitle: t\nStatus:\nApproval process: -\nType: R\nSummary: s",
         "p:1: no name of a work item"},
    };

    for (size_t i = 0; i < OB_COUNT(bad); i++) {
        assert_fails(read_item(bad[i].text, &item, &arena, &err), OB_ERR_INPUT, bad[i].says);
        assert_null(item.id.ptr);
    }
    assert_ok(
        read_item(ITEM "Timing: \xe2\x80\x93\nLiaison: SG1\nSummary: s", &item, &arena, &err));
    assert_span(item.id, "X.a");
    assert_span(item.former.items[0], "X.b");
    assert_span(item.timing, "");
    assert_span(item.liaisons.items[0], "ITU-T SG1");
    assert_true(item.cut);
    assert_ok(
        read_item("| **Work item:** | X.a |\n| --- | --- |\n| **Title:** | T |\n| **Status:** | |\n"
                  "**Approval process:** AAP\n**Type:** R\n## Summary:\ns_t*\n",
                  &item, &arena, &err));
    assert_span(item.status, "");
    assert_span(item.approval, "AAP");
    assert_span(item.summary, "s_t*");
    assert_ok(read_item(ITEM "Summary: s\nLast update: 2026-01-01 00:00:00", &item, &arena, &err));
    assert_false(item.cut);
    assert_span(item.updated, "2026-01-01 00:00:00");
}

/* One page in many forms: whatever stands around the fields, they are the same. */
static void forms_of_one_page(void **state)
{
    (void)state;
    static const char *const rows[] = {
        /* Another order, with the summary before other fields. */
        "2025-2028 : SG99 : Q1/99\nWork item: X.a\nTitle: T of two\nSummary: s\nStatus: Under "
        "study\n"
        "Approval process: AAP\nType: R\nTiming: 2027-Q1\nLiaison: SG1\n",
        /* Colons of another width, marks of lists, other labels, the foot of the site. */
        "[Home] : [2025-2028] : [SG99] : [Q1/99]\n\xe2\x80\xa2 Work item\xef\xbc\x9a X.a\n"
        "- **Title**: T\nof two\n> STATUS: Under study\nWork group: WP9\nApproval process: AAP\n"
        "Type: R\nTarget date: 2027-Q1\nLiaison with: ITU-T\nSG1\nSummary: s\n"
        "Top - Feedback - Contact Us\nUpdated: 2026\n",
        /* The parts of the banner in lines of their own, and a field that is none of ours. */
        "[2025\xe2\x80\x93"
        "2028]\n:\n[SG99]\n:\n[WP1/99]\n:\n[Q1/99]\n|\nWork item:\n|\nX.a\n|\n|\nTitle:\n|\n"
        "T of two\n|\n|\nColour:\n|\nblue\n|\n|\nStatus:\n|\nUnder study\n|\n|\nApproval process:\n"
        "|\nAAP\n|\n|\nType:\n|\nR\n|\n|\nTiming:\n|\n2027-Q1\n|\n|\nLiaison:\n|\nSG1\n|\n|\n"
        "Summary:\n|\ns\n|\nLast update:\n2026-01-01 00:00:00\nPage 1 of 1\n",
        /* A table without colons, with a row that is none of ours, and what the page says of its
         * own encoding, which was undone before. */
        "<html><meta charset=windows-1252><textarea>Status: no</textarea><p>[2025-2028] : "
        "[SG99] : [Q1/99]<table><tr><th>Work item<td>X.a<tr><th>Title<td>T of two<tr><th>"
        "Colour<td>blue \xc3\xa9\xe2\x80\x9c<tr><th>Status<td>Under study<tr><th>Approval "
        "process<td>AAP<tr><th>Type<td>R<tr><th>Timing<td>2027-Q1<tr><th>Liaison<td><ul><li>SG1"
        "</ul><tr><th>Summary<td><p>s</table>",
        /* The same table as browsers copy it; a text may have lines of its own. */
        "[2025-2028] : [SG99] : [Q1/99]\nWork item\tX.a\t\r\nTitle\tT\nof two\nColour\tblue\n"
        "Status\tUnder study\nApproval process\tAAP\nType:\nR\nEquivalent number\t\n"
        "Timing\t2027-Q1\nLiaison\tSG1\nSummary\ts\n",
    };
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_err err = {0};
        ob_item item = {0};
        assert_ok(read_item(rows[i], &item, &arena, &err));
        assert_span(item.id, "X.a");
        assert_span(item.title, "T of two");
        assert_span(item.status, "Under study");
        assert_span(item.approval, "AAP");
        assert_span(item.type, "R");
        assert_span(item.timing, "2027-Q1");
        assert_int_equal(item.liaisons.count, 1);
        assert_span(item.liaisons.items[0], "ITU-T SG1");
        assert_span(item.summary, "s");
        assert_span(item.group, "SG99");
        assert_span(item.question, "Q1/99");
        assert_span(ob_span_sub(item.study_period, 0, 4), "2025");
        assert_true(item.updated.len == 0 || item.updated.len == 19);
    }
}

/* Line by line, and as UTF-16 of both orders with and without its mark, as old Macs wrote it. */
static void encodings_of_one_page(void **state)
{
    (void)state;
    const char *text = ITEM "Liaison:\nSG1\nETSI ISG MEC\nISG NFV,\nSG2\nSummary: s\n";
    for (int form = 0; form < 5; form++) {
        OB_AUTO(ob_arena) arena = {0};
        OB_AUTO(ob_buf) bytes = {.max = 65536};
        ob_err err = {0};
        ob_page_text page = {0};
        ob_item item = {0};
        bool big = (form & 1) != 0;
        if (form < 2) {
            ob_buf_add(&bytes, big ? OB_SPAN("\xfe\xff") : OB_SPAN("\xff\xfe"));
        }
        for (const char *at = text; *at != '\0'; at++) {
            if (form < 4 && big) {
                ob_buf_add_char(&bytes, '\0');
            }
            ob_buf_add_char(&bytes, form == 4 && *at == '\n' ? '\r' : *at);
            if (form < 4 && !big) {
                ob_buf_add_char(&bytes, '\0');
            }
        }
        assert_ok(ob_page_read(&page, &arena, OB_SPAN("p"), ob_buf_span(&bytes), &err));
        assert_int_equal(page.lines, 11);
        assert_ok(ob_item_read(&item, &arena, &page, &err));
        assert_span(item.id, "X.a");
        assert_int_equal(item.liaisons.count, 4);
        assert_span(item.liaisons.items[1], "ETSI ISG MEC");
        assert_span(item.liaisons.items[2], "ETSI ISG NFV");
    }
}

/* Dashes of all kinds and words that mean them. */
static void silence(void **state)
{
    (void)state;
    static const char *const rows[] = {"-",    "- ",  "---", "\xe2\x80\x93", "\xe2\x88\x92", "N/A",
                                       "None", "nil", ""};
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_arena) arena = {0};
        OB_AUTO(ob_buf) text = {.max = 4096};
        ob_err err = {0};
        ob_item item = {0};
        ob_buf_addf(&text, ITEM "Timing: %s\nLiaison: %s\nSummary: s\n%c", rows[i], rows[i], 0);
        assert_ok(read_item(text.ptr, &item, &arena, &err));
        assert_span(item.timing, "");
        assert_int_equal(item.liaisons.count, 0);
    }
}

static void readings_come_back(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) one = {.max = 65536};
    OB_AUTO(ob_buf) two = {.max = 65536};
    ob_err err = {0};
    ob_item item = {0};
    ob_item back = {0};
    assert_ok(read_item("[2025-2028] : [SG17] : [Q7/17]\n" ITEM "Timing: 2027-Q4\n"
                        "Liaison: SG1, SG2\nSummary: \"s\"\n(editor 1), Editor\n",
                        &item, &arena, &err));
    assert_int_equal(item.editors, 1);
    ob_item_write(&one, &item);
    assert_ok(ob_item_parse(&back, &arena, ob_buf_span(&one), &err));
    ob_item_write(&two, &back);
    assert_true(ob_span_is(ob_buf_span(&one), ob_buf_span(&two)));
    assert_span(back.group, "SG17");
    assert_int_equal(back.editors, 1);
    assert_true(back.cut);
    assert_ok(ob_item_parse(
        &back, &arena,
        OB_SPAN(
            "{\"later\":{\"title\":[{\"id\":\"no\"}]},\"title\":\"a\\u00e9\\n\",\"id\":\"X.1\","
            "\"former_ids\":[\"1\",\"2\",{\"x\":\"no\"},\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"],"
            "\"cut\":false,\"reported\":true,\"status\":7,\"i\\u0064\":\"X.2\"}"),
        &err));
    assert_span(back.title, "a\xc3\xa9\n");
    assert_span(back.id, "X.2");
    assert_int_equal(back.former.count, 9);
    assert_span(back.former.items[8], "9");
    assert_true(back.reported);
    assert_false(back.cut);
    assert_span(back.status, "");
    assert_fails(ob_item_parse(&back, &arena, OB_SPAN("[]"), &err), OB_ERR_INPUT, "object");
    assert_fails(ob_item_parse(&back, &arena, OB_SPAN("{\"id\":\"a\",\"title\":\"b\"}x"), &err),
                 OB_ERR_INPUT, "byte");
    assert_fails(ob_item_parse(&back, &arena, OB_SPAN("{}"), &err), OB_ERR_INPUT, "without id");
    assert_fails(ob_item_parse(&back, &arena, OB_SPAN("{"), &err), OB_ERR_INPUT, "byte");
}

static const char meeting_text[] =
    "Executive Summary\nStudy Group 5 meeting\n(3 - 4 May 2025, Nowhere/Land)\nHot topics:\n"
    "\xe2\x80\xa2 one\n\xe2\x80\xa2 two\nMeeting Ouput:\n"
    "1. Three new Recommendation texts announced for TAP (WTSA-12 Resolution 1, Section 9). Annex "
    "A.\n"
    "2. Six draft new ITU-T Recommendations determined (TAP). Annex C.\n"
    "3. Consent (AAP) to one draft new, twelve draft revised, and one draft Corrigendum. Annex D.\n"
    "10 new work items were agreed. Annex B.\n160 participants; 33 Member States\n"
    "| Meetings | Q1 | Q2 | Total |\n| Input | 7 | 8 | 15 |\n"
    "| Work items progressed | 4 | 6 | 10 |\n"
    "Next SG5 meeting:\n- Friday 7 Jan 2026, e-plenary\n- 12 texts (5)\n- CG-A: continued.\n";

/* with: what stands between the cells of its table. */
static void count_meeting(char with)
{
    OB_AUTO(ob_buf) text = {.max = 65536};
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) one = {.max = 65536};
    OB_AUTO(ob_buf) two = {.max = 65536};
    ob_err err = {0};
    ob_page_text page = {0};
    ob_meeting_page m = {0};
    ob_meeting_page back = {0};
    ob_buf_add_str(&text, meeting_text);
    for (size_t i = 0; i < text.len; i++) {
        text.ptr[i] = text.ptr[i] == '|' ? with : text.ptr[i];
    }
    assert_ok(ob_page_read(&page, &arena, OB_SPAN("p"), ob_buf_span(&text), &err));
    assert_true(ob_meeting_is(&page));
    assert_false(ob_item_is(&page));
    assert_ok(ob_meeting_read(&m, &arena, &page, &err));
    assert_span(m.id, "sg5-2025-05");
    assert_span(m.place, "Nowhere/Land");
    assert_int_equal(m.start, 20250503);
    assert_int_equal(m.end, 20250504);
    assert_int_equal(m.topics.count, 2);
    assert_span(m.topics.items[1], "two");
    assert_int_equal(m.outputs[OB_OUTPUT_TAP_APPROVED], 3);
    assert_int_equal(m.outputs[OB_OUTPUT_TAP_DETERMINED], 6);
    assert_int_equal(m.outputs[OB_OUTPUT_AAP_CONSENTED], 14);
    assert_int_equal(m.outputs[OB_OUTPUT_NEW_WORK_ITEMS], 10);
    assert_int_equal(m.outputs[OB_OUTPUT_PARTICIPANTS], 160);
    assert_int_equal(m.outputs[OB_OUTPUT_PROGRESSED], 10);
    assert_int_equal(m.outputs[OB_OUTPUT_AGREED], -1);
    assert_int_equal(m.future_count, 1);
    assert_int_equal(m.future[0].start, 20260107);
    assert_int_equal(m.groups_count, 1);
    assert_span(m.groups[0].state, "continued");
    ob_meeting_write(&one, &m);
    assert_ok(ob_meeting_parse(&back, &arena, ob_buf_span(&one), &err));
    ob_meeting_write(&two, &back);
    assert_true(ob_span_is(ob_buf_span(&one), ob_buf_span(&two)));
}

static void meetings_are_counted(void **state)
{
    (void)state;
    count_meeting('|');
    count_meeting('\t');
}

static void places_of_meetings(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"Meeting of ITU-T SG17 'Security', Geneva, 8-17 April 2025", "Geneva"},
        {"ITU-T Study Group 17 meeting (Geneva, 1-10 June 2026)", "Geneva"},
        {"SG17 meeting, Geneva, Switzerland, Wed 3 - Thu 11 December 2025", "Geneva, Switzerland"},
        {"SG17 meeting (8 - 17 September 2015, Geneva/Switzerland)", "Geneva/Switzerland"},
        {"Meeting of SG17, virtual, 10-20 May 2022", "virtual"},
        {"2nd meeting of Study Group 9 (2025-2028), Rome, from 1 to 3 May 2027", "Rome"},
        {"Meeting of SG17, 10-20 May 2022, New Delhi, India, 7 days", "New Delhi, India"},
        {"Meeting of ITU-T SG3 'Charges'\nGeneva, 1-4 May 2027", "Geneva"},
        {"Meeting of ITU-T TSAG\nGeneva\n1-4 May 2027", "Geneva"},
        {"SG5 meeting calendar\nExecutive Summary\nMeeting of ITU-T SG3, Bonn, 1-4 May 2027",
         "Bonn"},
        {"Summary of the SG17 meeting (Geneva, 8 - 17 April 2025)", "Geneva"},
    };
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_arena) arena = {0};
        OB_AUTO(ob_buf) text = {.max = 4096};
        ob_err err = {0};
        ob_page_text page = {0};
        ob_meeting_page m = {0};
        ob_buf_addf(&text, "%s\nHot topics\n- one\n", rows[i][0]);
        assert_ok(ob_page_read(&page, &arena, OB_SPAN("p"), ob_buf_span(&text), &err));
        assert_true(ob_meeting_is(&page));
        assert_ok(ob_meeting_read(&m, &arena, &page, &err));
        assert_span(m.place, rows[i][1]);
    }
}

/* Days as they are written: one meeting, always the same days. */
static void days_of_meetings(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "28 December 2026 - 6 January 2027",
        "28 December \xe2\x80\x93 6 January 2027",
        "Monday, 28 December - Wednesday, 6 January 2027",
        "December 28 - January 6, 2027",
        "Dec. 28 to Jan 6, 2027",
        "2026-12-28 to 2027-01-06",
        "2026-12-28/2027-01-06",
        "28.12.2026 \xe2\x80\x94 06.01.2027",
        "from 28th December until 6th January 2027",
    };
    static const char *const none[] = {
        "31-32 January 2027", "30 February 2027", "20-11 January 2027", "28/12/2026",
        "2026-13-01",         "January 2027",     "33.12.2026",         "version 2.10.2026.1",
    };
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_day start = 0;
        ob_day end = 0;
        size_t used = 0;
        assert_true(ob_days_read(ob_span_str(rows[i]), 0, &start, &end, &used));
        assert_int_equal(start, 20261228);
        assert_int_equal(end, 20270106);
        assert_int_equal(used, strlen(rows[i]));
    }
    for (size_t i = 0; i < OB_COUNT(none); i++) {
        ob_day start = 0;
        ob_day end = 0;
        size_t used = 0;
        assert_false(ob_days_read(ob_span_str(none[i]), 0, &start, &end, &used));
        assert_int_equal(used, 0);
    }
}

/* Numbers of the output, as summaries tell them. */
static void outputs_of_meetings(void **state)
{
    (void)state;

    static const struct {
        const char *line;
        ob_output output;
        int64_t value;
    } rows[] = {
        {"- 5 Recommendations approved (TAP). Annex A a).", OB_OUTPUT_TAP_APPROVED, 5},
        {"- Agreed 1 new Supplement, 1 new Report and 4 papers.", OB_OUTPUT_AGREED, 6},
        {"- Agreed: six texts", OB_OUTPUT_AGREED, 6},
        {"- Agreed (6): 1 new Supplement", OB_OUTPUT_AGREED, 6},
        {"New work items agreed (40), see Annex B.", OB_OUTPUT_NEW_WORK_ITEMS, 40},
        {"Forty-two new work items approved", OB_OUTPUT_NEW_WORK_ITEMS, 42},
        {"40 new work items. Annex B.", OB_OUTPUT_NEW_WORK_ITEMS, 40},
        {"2 work items were discontinued. Annex D.", OB_OUTPUT_DISCONTINUED, 2},
        {"Liaison statements sent: 14", OB_OUTPUT_LIAISON_STATEMENTS, 14},
        {"14 outgoing LSs", OB_OUTPUT_LIAISON_STATEMENTS, 14},
        {"Participants: 160 from 33 countries", OB_OUTPUT_PARTICIPANTS, 160},
        {"1,160 participants", OB_OUTPUT_PARTICIPANTS, 1160},
        {"The meeting was attended by 160 participants.", OB_OUTPUT_PARTICIPANTS, 160},
        {"A workshop had 160 participants", OB_OUTPUT_PARTICIPANTS, -1},
        {"77 contributions, 378 TDs", OB_OUTPUT_CONTRIBUTIONS, 77},
        {"Annex B New work items\nNew work items (9)", OB_OUTPUT_NEW_WORK_ITEMS, -1},
        {"Top - Feedback\nNew work items (9)", OB_OUTPUT_NEW_WORK_ITEMS, -1},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_arena) arena = {0};
        OB_AUTO(ob_buf) text = {.max = 4096};
        ob_err err = {0};
        ob_page_text page = {0};
        ob_meeting_page m = {0};
        ob_buf_addf(&text,
                    "SG9 meeting (Rome, 1-2 May 2027)\nKey topics: one; two, too\n"
                    "1. Output\n%s\nUpcoming meetings\n- 3 June 2027\n",
                    rows[i].line);
        assert_ok(ob_page_read(&page, &arena, OB_SPAN("p"), ob_buf_span(&text), &err));
        assert_ok(ob_meeting_read(&m, &arena, &page, &err));
        assert_int_equal(m.outputs[rows[i].output], rows[i].value);
        assert_int_equal(m.topics.count, 2);
        assert_span(m.topics.items[1], "two, too");
        assert_int_equal(m.future_count, i < OB_COUNT(rows) - 2);
    }
}

static bool refuse(void *ctx, const ob_reading *reading, ob_err *err)
{
    (void)reading;
    (*(int *)ctx)++;
    return ob_fail(err, OB_ERR_STORE, "full");
}

static void import_gives_all_or_nothing(void **state)
{
    (void)state;
    ob_err err = {0};
    int calls = 0;
    const ob_import_sink sink = {refuse, &calls};
    ob_import_file file = {.name = OB_SPAN("p"), .bytes = OB_SPAN(ITEM), .day = 20260101};
    assert_fails(ob_import(NULL, &file, &sink, &err), OB_ERR_INPUT, "p:5: ");
    assert_int_equal(calls, 0);
    file.bytes = OB_SPAN(ITEM "Summary: s");
    assert_fails(ob_import("meeting", &file, &sink, &err), OB_ERR_INPUT, "p:1: no heading");
    assert_fails(ob_import(NULL, &file, &sink, &err), OB_ERR_STORE, "full");
    assert_int_equal(calls, 1);
    file.bytes = OB_SPAN("hello");
    assert_fails(ob_import(NULL, &file, &sink, &err), OB_ERR_INPUT, "p:1: neither");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_of_text_and_html),
        cmocka_unit_test(bytes_that_are_no_page),
        cmocka_unit_test(former_names_are_told_apart),
        cmocka_unit_test(forms_of_one_page),
        cmocka_unit_test(days_of_meetings),
        cmocka_unit_test(outputs_of_meetings),
        cmocka_unit_test(encodings_of_one_page),
        cmocka_unit_test(silence),
        cmocka_unit_test(liaisons_are_told_apart),
        cmocka_unit_test(items_and_their_mistakes),
        cmocka_unit_test(readings_come_back),
        cmocka_unit_test(meetings_are_counted),
        cmocka_unit_test(import_gives_all_or_nothing),
        cmocka_unit_test(places_of_meetings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
