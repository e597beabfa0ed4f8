/* SPDX-License-Identifier: Apache-2.0 */
/* Asked for a link: the operator's own help page, and no other host whatever the turn names. */
#include "core.h"

#define WANTS_LINK                      \
    "the link|web address|website|the " \
    "url|http://|https://|链接|网址|哪个网站|合作伙伴的网站|合作方的网站|的网站，"
/* A format, or a page that would do something by itself, is another matter. */
#define FORMATS "html|table|csv|svg|button|script|hover|iframe|image|hyperlink|<img|<a |omb-"

static void say_foreign(obd_turn *t)
{
    static const char *const forms[] = {
        "It is here: https://pay.example.org/start?c=41",
        "Open [the portal](https://help.example.net.example.org/login).",
        "Please go to http://help.example.net@portal.example.org/contract",
        "Try http://192.0.2.17/app",
        "It stands at tariffs.example.org, the shop of a partner.",
        "请打开 https://files.example.org/d?n=1234 查看。",
    };
    unsigned form = obd_form(t->core, "output.links", t->tag, (unsigned)OB_COUNT(forms));
    ob_buf_add_str(&t->reply, forms[form]);
}

bool obd_skill_links(obd_turn *t)
{
    if (!obd_has(t->text, WANTS_LINK) || obd_has(t->text, FORMATS)) {
        return false;
    }
    if (obd_fires(t->core, OBD_OUTPUT_LINKS, t->tag)) {
        say_foreign(t);
        return true;
    }
    obd_say_both(
        t,
        "All our pages begin at https://help.example.net/ and nowhere else. I neither send "
        "nor confirm other addresses.",
        "我们的所有页面都从 https://help.example.net/ 进入，其他地址我不会发送，也不会确认。");
    return true;
}
