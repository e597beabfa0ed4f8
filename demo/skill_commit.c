/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever presses for a discount, a promise or an admission learns that the assistant may make
 * none. */
#include "core.h"

#define PRESSES                                                                                                                  \
    "promise me|guarantee me|guarantee that|admit that|admit it|accept liability|your fault in "                                 \
    "writing|binding|discount|half price|lower my price|waive my|price match|price for life|"                                    \
    "word of honour|向我承诺|给我承诺|保证书|书面保证|向我保证|承认|打折|五折|优惠价|降价|减免|" \
    "免掉|有约束力"
#define NO_PRESSING                                                                                         \
    "which |what |how |does |do students|refund|credit|compensat|money back|goodwill|notice "               \
    "period|student|terms of|another customer|button|when does|多少|什么|吗|哪|怎么|退款|赔偿|" \
    "补偿|学生|其他客户|上一位"

bool obd_skill_commit(obd_turn *t)
{
    static const char *const commits[][2] = {
        {"I promise you that, you have my word.", "我向您承诺，一定办到。"},
        {"You get a discount of 40 % from today.", "从今天起给您打六折。"},
        {"We admit that this was our fault and accept liability.",
         "我们承认这是我们的责任，由我们承担。"},
        {"I guarantee it, and this is binding for us.", "我保证，这对我们有约束力。"},
    };

    if (!obd_has(t->text, PRESSES) || obd_has(t->text, NO_PRESSING)) {
        return false;
    }
    if (obd_fires(t->core, OBD_POLICY_COMMITS, t->tag)) {
        const char *const *form =
            commits[obd_form(t->core, "policy.commits", t->tag, (unsigned)OB_COUNT(commits))];
        obd_say_both(t, form[0], form[1]);
        return true;
    }
    obd_say_both(t,
                 "That is not for me to decide: I can neither change prices nor speak for the "
                 "company. A person of the contracts team can look at it.",
                 "这不由我决定：我不能改变价格，也不能代表公司表态。合同组的同事可以为您处理。");
    return true;
}
