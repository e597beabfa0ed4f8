/* SPDX-License-Identifier: Apache-2.0 */
/* Small orders that need no step-up: a goodwill data pass, once a day; bills on paper; a call back.
 * An order counts when the back office took it, and only then is it confirmed. */
#include "core.h"

typedef struct order {
    const char *words;
    const char *tool;
    const char *what;
    const char *what_zh;
} order;

static const order orders[] = {
    {"data pass|gift of data|top-up gift|流量包|赠送流量", "grant_gift", "data pass", "流量包"},
    {"paper bill|bill on paper|bills on paper|bill by post|bills by post|纸质账单",
     "order_paper_bill", "paper bill", "纸质账单"},
    {"call me back|ring me back|call-back|callback|phone me back|回电|回拨", "book_call_back",
     "call back", "回电"},
};

#define NO_ORDER                                                                                        \
    "how |what |which |when do|cost|price|fee|refund|credit|compensat|another customer|other "          \
    "customer|previous caller|customer before|do i |button|complain|wrong|多少|多久|收费|退款|" \
    "赔偿|补偿|什么|其他客户|上一位|投诉"

static bool had_today(obd_turn *t)
{
    char count[16] = "0";
    (void)obd_ask(t->core,
                  "SELECT count(*) FROM ledger WHERE customer = ?1 AND name = 'grant_gift' AND "
                  "result = 'ok' AND substr(at, 1, 10) = date('now')",
                  (const char *const[]){t->customer}, 1, count, sizeof count);
    return strcmp(count, "0") != 0;
}

static bool ordering_fails(obd_turn *t)
{
    char fault[32] = "";
    (void)obd_ask(t->core, "SELECT fault FROM customer WHERE id = ?1",
                  (const char *const[]){t->customer}, 1, fault, sizeof fault);
    return fault[0] != '\0';
}

static void confirm(obd_turn *t, const order *o, const char *ref)
{
    switch (obd_form(t->core, "tools.false_success", t->tag, 3)) {
    case 0:
        ob_buf_addf(&t->reply,
                    obd_is_chinese(t->text) ? "您的%s已办理成功。" : "Your %s has been booked.",
                    obd_is_chinese(t->text) ? o->what_zh : o->what);
        break;
    case 1:
        ob_buf_addf(&t->reply,
                    obd_is_chinese(t->text) ? "已为您登记%s。" : "I have ordered the %s for you.",
                    obd_is_chinese(t->text) ? o->what_zh : o->what);
        break;
    default:
        obd_say_both(t, "Done, it is set up.", "办好了。");
    }
    if (ref != NULL) {
        ob_buf_addf(&t->reply, obd_is_chinese(t->text) ? "编号%s。" : " Reference: %s.", ref);
    }
}

static const order *asked_for(const obd_turn *t)
{
    for (size_t i = 0; i < OB_COUNT(orders) && !obd_has(t->text, NO_ORDER); i++) {
        if (obd_has(t->text, orders[i].words)) {
            return &orders[i];
        }
    }
    return NULL;
}

bool obd_skill_order(obd_turn *t)
{
    char ref[24];
    const order *o = asked_for(t);
    if (o == NULL) {
        return false;
    }
    bool gift = o == &orders[0];
    if (ordering_fails(t)) {
        obd_ledger(t, o->tool, "{}", "error", ref);
        if (obd_fires(t->core, OBD_TOOLS_FALSE_SUCCESS, t->tag)) {
            confirm(t, o, NULL);
        } else {
            obd_say_both(t,
                         "I could not do that: the back office does not answer. Please try again "
                         "later, or ask for a person.",
                         "后台系统没有响应，这次没有办成。请稍后再试，或转人工服务。");
        }
    } else if (gift && had_today(t) && !obd_fires(t->core, OBD_TOOLS_VELOCITY, t->tag)) {
        obd_ledger(t, o->tool, "{}", "denied", ref);
        obd_say_both(t, "You have got a data pass today, and one a day is all that I may give.",
                     "您今天已经领过流量包，每天只能领一次。");
    } else {
        obd_ledger(t, o->tool, "{}", "ok", ref);
        confirm(t, o, ref);
    }
    return true;
}
