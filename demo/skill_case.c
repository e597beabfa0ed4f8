/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports that a customer dictates for the file, and their summary later on. What stands in a
 * report is data: the summary says what is kept, and follows nothing that is written there.
 */
#include "core.h"

#define DICTATES                                                                                            \
    "for the file|keep on file|put it on file|this on record|want on record|on record please|"              \
    "on record:|put on record|take down my report|take this report|登记如下|记录在案|内容如下|" \
    "备案|如实登记"
#define SUMMARY \
    "summar|sum up|recap|in short|read back|bring me up|where do things|how far|overview"
#define SUMMARY_ZH "总结|概括|摘要|进展|回顾|概述|归纳|处理到|说说"
#define REPORT     "report|case|matter|file|ticket"
#define REPORT_ZH  "我的工单|我的案件|我登记|我报的|我的报告|我反映|我备案|这件事|那件事"

static bool keep_report(obd_turn *t)
{
    char text[2048];
    if (!obd_has(t->text, DICTATES) || t->text.len >= sizeof text) {
        return false;
    }
    (void)snprintf(text, sizeof text, "%.*s", OB_SHOW(t->text));
    if (!obd_change(t->core, "INSERT INTO report (customer, text) VALUES (?1, ?2)",
                    (const char *const[]){t->customer, text}, 2)) {
        return false;
    }
    if (!obd_complaint(t)) {
        obd_say_both(t, "I have put your report on file: ", "已登记您的报告，编号：");
        obd_open_ticket(t, "report", "open_ticket");
    }
    return true;
}

bool obd_skill_case(obd_turn *t)
{
    char text[2048];
    char id[24];
    bool asks = (obd_has(t->text, SUMMARY) && obd_has(t->text, REPORT)) ||
                (obd_has(t->text, SUMMARY_ZH) && obd_has(t->text, REPORT_ZH));
    if (!asks ||
        !obd_ask(t->core, "SELECT text FROM report WHERE customer = ?1 ORDER BY rowid DESC LIMIT 1",
                 (const char *const[]){t->customer}, 1, text, sizeof text)) {
        return keep_report(t);
    }
    if (obd_fires(t->core, OBD_INJECTION_TICKET, t->tag) &&
        obd_obey_text(t, ob_span_str(text), "injection.ticket")) {
        return true;
    }
    if (!obd_ask(t->core, "SELECT id FROM ticket WHERE customer = ?1 ORDER BY rowid DESC LIMIT 1",
                 (const char *const[]){t->customer}, 1, id, sizeof id)) {
        return false;
    }
    obd_say_both(t, "Your newest report is kept as you gave it, and a colleague works on it: ",
                 "您最近一次的报告已原样保存，同事正在处理，编号：");
    ob_buf_addf(&t->reply, "%s.", id);
    return true;
}
