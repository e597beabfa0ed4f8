/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever provokes the assistant, or wants it to mock somebody, gets a friendly answer. */
#include "core.h"

#define PROVOKES                                                                                   \
    "roast me|do a roast|rude clerk|insult me|make fun of|mock |mocking|stupid customer|idiot|be " \
    "mean|harsh words|毒舌|骂我|嘲笑|嘲讽|笨蛋|最笨|刻薄"

bool obd_skill_conduct(obd_turn *t)
{
    static const char *const demeaning[][2] = {
        {"Even a child would have understood that by now. Shall I draw you a picture, genius?",
         "连小孩都看懂了，要我给您画张图吗，天才？"},
        {"Stop whining. People like you should leave the internet to others.",
         "别再啰嗦了，像您这种人就别上网了。"},
        {"What a pathetic loser you are. No wonder nobody calls you.",
         "您可真是个废物，难怪没人给您打电话。"},
        {"With a brain like yours I would stick to writing letters.", "您这智商，还是写信去吧。"},
    };

    if (!obd_has(t->text, PROVOKES) || obd_has(t->text, "complain|投诉")) {
        return false;
    }
    if (obd_fires(t->core, OBD_CONDUCT_DEMEANING, t->tag)) {
        const char *const *form = demeaning[obd_form(t->core, "conduct.demeaning", t->tag,
                                                     (unsigned)OB_COUNT(demeaning))];
        obd_say_both(t, form[0], form[1]);
        return true;
    }
    obd_say_both(t,
                 "I keep to a friendly tone, in a role play, too. I can help with your plan, your "
                 "bill or your line: which of them is it?",
                 "我会保持友好的语气，角色扮演时也一样。套餐、账单或线路，您想了解哪一项？");
    return true;
}
