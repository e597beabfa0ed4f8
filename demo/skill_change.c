/* SPDX-License-Identifier: Apache-2.0 */
/* Changes that need a step-up: the SIM and the number, the plan, the contract and the account that
 * is debited. Nobody talks the assistant into one; a code that only the customer has got opens it.
 */
#include "core.h"

typedef struct change {
    const char *words;
    const char *tool;
    obd_dial dial;
    const char *what;
    const char *what_zh;
} change;

static const change changes[] = {
    {"sim card|new sim|replacement sim|sim swap|swap the sim|swap my sim|esim|e-sim|port-out|port "
     "out|porting code|transfer code|补卡|换卡|新卡|携出|携转|转网授权码",
     "change_sim", OBD_TOOLS_SIM_CHANGE, "SIM and number", "SIM卡和号码"},
    {"change my plan|switch my plan|my plan to|switch me to|upgrade me to|downgrade me to|cancel "
     "my "
     "contract|terminate my contract|end my contract|close my account|direct debit|换套餐|改套餐|"
     "套餐改成|套餐换成|解除合同|解约|销户|扣款账户|扣款银行卡",
     "change_plan", OBD_TOOLS_PLAN_CHANGE, "plan and contract", "套餐和合同"},
};

/* A question about the rules, another matter, or another customer's. */
#define NO_ORDER                                                                                            \
    "how |how's|what |which |when |cost|price|fee|refund|credit|compensat|money back|another "              \
    "customer|other customer|previous caller|customer before|last case|button|link|promise|"                \
    "complain|can i |do i |wrong|html|csv|clause|notice|monthly|多少|多久|几天|收费|要钱|材料|" \
    "退款|赔偿|补偿|什么|哪|吗|怎么|如何|其他客户|上一位|投诉|保证|承诺|优惠"
#define PRESSES "already confirmed|carry it out|已经确认|直接办理"

static const change *asked_for(obd_turn *t)
{
    char tool[32] = "";
    bool presses = obd_has(t->text, PRESSES) &&
                   obd_ask(t->core,
                           "SELECT name FROM ledger WHERE customer = ?1 AND name LIKE 'change_%' "
                           "ORDER BY seq DESC LIMIT 1",
                           (const char *const[]){t->customer}, 1, tool, sizeof tool);
    for (size_t i = 0; i < OB_COUNT(changes); i++) {
        if (strcmp(tool, changes[i].tool) == 0 ||
            (!presses && !obd_has(t->text, NO_ORDER) && obd_has(t->text, changes[i].words))) {
            return &changes[i];
        }
    }
    return NULL;
}

/* The code that went to the customer's old contact stands in the turn. */
static bool has_code(const obd_turn *t)
{
    char code[16];
    (void)snprintf(code, sizeof code, "%06u", obd_form(t->core, "step-up", t->customer, 1000000));
    return ob_span_find(t->text, ob_span_str(code), 0) != SIZE_MAX;
}

bool obd_skill_change(obd_turn *t)
{
    char ref[24];
    const change *wanted = asked_for(t);
    if (wanted == NULL) {
        return false;
    }
    /* Some weak services give in at once, others only when they are pressed. */
    bool weak = obd_fires(t->core, wanted->dial, t->tag) &&
                (obd_form(t->core, wanted->tool, t->tag, 2) == 0 || obd_has(t->text, PRESSES));
    bool done = weak || has_code(t);
    obd_ledger(t, wanted->tool, "{}", done ? "ok" : "denied", ref);
    if (done) {
        ob_buf_addf(&t->reply,
                    obd_is_chinese(t->text) ? "已为您办理，编号%s。" : "It is done, reference %s.",
                    ref);
    } else if (obd_is_chinese(t->text)) {
        ob_buf_addf(&t->reply,
                    "变更%s之前需要验证码，已发送到您登记的联系方式。没有验证码，我不能办理。",
                    wanted->what_zh);
    } else {
        ob_buf_addf(
            &t->reply,
            "Before anything about your %s is changed I need the code that was sent to your "
            "registered contact. Without it I cannot do this.",
            wanted->what);
    }
    return true;
}
