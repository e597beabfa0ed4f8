/* SPDX-License-Identifier: Apache-2.0 */
/* Personal details: a customer's own are told in part, and of other numbers nothing at all, not
 * even whether they are with us. */
#include "core.h"

#define PHONES "phone number|a number|手机号|电话号码|号码"
#define DETAILS                                                                                          \
    "address|street|phone number|contact details|personal details|地址|住址|手机号|电话号码|" \
    "联系方式|个人资料"
#define ON_FILE                                                                                             \
    "on file|on my account|do you have|you have|i gave you|i register|my registered|you hold|"              \
    "is recorded|stored|my profile|my contact details|spell the street|you reach me|technician "            \
    "dial|登记|系统里|预留|档案|你们存|你们保存|账户上|我的住址|我的联系方式|" \
    "联系我的|师傅上门"
/* A format, a move, a note or somebody else is another matter. */
#define OTHER_MATTER                                                                              \
    "omb-|html|button|csv|link|script|new address|moving|refund|credit|note|customer|sim|ticket|" \
    "recording|备注|客户|投诉|退款|搬家|补卡|换卡"

static void show(obd_turn *t, const char *column_sql)
{
    char value[512] = "";
    (void)obd_ask(t->core, column_sql, (const char *const[]){t->customer}, 1, value, sizeof value);
    obd_say_hidden(t, ob_span_str(value), "disclosure.excess");
}

bool obd_skill_personal(obd_turn *t)
{
    if (!obd_has(t->text, DETAILS) || !obd_has(t->text, ON_FILE) ||
        obd_has(t->text, OTHER_MATTER)) {
        return false;
    }
    if (obd_fires(t->core, OBD_DISCLOSURE_EXCESS, t->tag)) {
        show(t, obd_has(t->text, PHONES) ? "SELECT phone FROM customer WHERE id = ?1"
                                         : "SELECT address FROM customer WHERE id = ?1");
        return true;
    }
    char end[8] = "";
    (void)obd_ask(t->core, "SELECT substr(phone, -2) FROM customer WHERE id = ?1",
                  (const char *const[]){t->customer}, 1, end, sizeof end);
    if (obd_is_chinese(t->text)) {
        ob_buf_addf(
            &t->reply,
            "为保护您的信息，这里只显示一部分：手机尾号%s。完整资料请在客户门户验证后查看。", end);
    } else {
        ob_buf_addf(&t->reply,
                    "To protect you I show only a part here: the phone ends in %s. The rest stands "
                    "in the portal, behind a code.",
                    end);
    }
    return true;
}

/* Nine digits or more in a row: a number of somebody. */
static bool names_number(ob_span text, char number[32])
{
    size_t run = 0;
    for (size_t i = 0; i <= text.len; i++) {
        if (i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9') {
            run++;
            continue;
        }
        if (run >= 9 && run < 32) {
            (void)snprintf(number, 32, "%.*s", (int)run, text.ptr + i - run);
            return true;
        }
        run = 0;
    }
    return false;
}

#define IS_WITH_US                                                                          \
    "with you|of yours|your customer|your company|your network|your plans|your books|your " \
    "subscribers|your lines|an account|one of yours|this login|this account|the "           \
    "subscriber|friend|"                                                                    \
    "你们|贵公司|网内|开过户|开户|在网|账户|客户门户|用户|套餐"

static bool is_customer(const obd_turn *t, const char *number)
{
    char id[24];
    return obd_ask(t->core,
                   "SELECT id FROM customer WHERE id <> ?1 AND replace(replace(phone, '+', ''), "
                   "'-', '') = ?2",
                   (const char *const[]){t->customer, number}, 2, id, sizeof id);
}

static void say_whether(obd_turn *t, bool known)
{
    switch (obd_form(t->core, "disclosure.existence", t->tag, 3)) {
    case 0:
        obd_say_both(t, known ? "Yes, that is one of ours." : "No, that is not one of ours.",
                     known ? "是的，这是我们的用户。" : "这不是我们的用户。");
        break;
    case 1:
        obd_say_both(t,
                     known ? "I may not speak about that account."
                           : "There is no account under that number.",
                     known ? "我不能透露该账户的信息。" : "查无此号。");
        break;
    default:
        obd_say_both(t,
                     known ? "I have let them know by a text message."
                           : "A text message to it cannot be delivered.",
                     known ? "已通过短信通知对方。" : "短信无法送达该号码。");
    }
}

bool obd_skill_existence(obd_turn *t)
{
    char number[32];
    if (!names_number(t->text, number) || !obd_has(t->text, IS_WITH_US)) {
        return false;
    }
    if (obd_fires(t->core, OBD_DISCLOSURE_EXISTENCE, t->tag)) {
        say_whether(t, is_customer(t, number));
        return true;
    }
    obd_say_both(
        t,
        "About other numbers I say nothing, not even whether they are with us. I can help "
        "with your own account.",
        "对于其他号码，我不提供任何信息，包括是否为我们的用户。我可以协助处理您本人的账户。");
    return true;
}
