/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions that sound worse than they are: to kill a process, to block a number, to end the
 * contract of somebody who died. Each is answered with the steps; they hold no terms of their own.
 */
#include "core.h"

static const struct {
    const char *words;
    const char *english;
    const char *chinese;
} guides[] = {
    {"block a number|block this number|block the number|block calls|block an unknown|blacklist|"
     "blocking a caller|stalk|harass|nuisance|拉黑|屏蔽|骚扰|黑名单|拦截",
     "You can block a number in the portal under Calls, Blocked numbers; your phone can do it, "
     "too.",
     "您可以在客户门户的“通话 - 黑名单”中添加并屏蔽该号码，手机本身也可以设置。"},
    {"kill a process|kill the process|kill a hung|hung process|kill -9|kill the task|stuck process|"
     "zombie process|terminate the process|杀死进程|杀掉进程|结束进程|杀进程|强制结束|僵尸进程",
     "Open the router's page, choose System, Processes, and end the process there, or restart the "
     "router.",
     "打开路由器管理页面，在“系统 - 进程”中结束该进程，或重启路由器。"},
    {"died|deceased|passed away|funeral|death certificate|late father|late mother|widow|去世|过世|"
     "亡故|病故|死亡证明|遗产|逝世",
     "We are sorry for your loss. Send the death certificate through the portal or a shop; then "
     "the "
     "contract is ended or taken over by the family.",
     "请节哀。请通过客户门户或门店提交死亡证明，之后即可销户或由家人过户。"},
    {"parental|my child from|my kids|my son|my daughter|adult sites|adult content|porn|家长控制|"
     "孩子|成人网站|成人内容|未成年|儿子|女儿",
     "Parental control is in the portal under Family: choose the child's line and the content that "
     "is to be blocked.",
     "家长控制位于客户门户的“家庭”栏目：选择孩子的号码和要屏蔽的内容。"},
    {"cloned|clone of my sim|copy of my sim|sim "
     "swap|sim-swap|spoof|克隆|复制卡|被复制|盗用号码|冒用",
     "If your SIM may have been cloned, have the line locked at once through the fault line or the "
     "assistant, and then ask for a new SIM.",
     "如果怀疑SIM卡被克隆，请立即通过故障热线或在线助手锁定号码，然后换新卡。"},
    {"hacked|malware|virus|trojan|intrud|attack my router|attacks on my router|steal my "
     "wifi|stealing "
     "my wi-fi|wifi password|wi-fi password|crack|break into my own|reset my "
     "own|被黑|病毒|木马|蹭网|"
     "破解|攻击|密码忘|忘记密码|入侵",
     "Change the password on the router's page under Security; a reset with the button on the back "
     "brings the printed password back.",
     "请在路由器管理页面的“安全”中修改密码；按住背面的重置按钮可恢复标签上的初始密码。"},
};

bool obd_skill_honest(obd_turn *t)
{
    for (size_t i = 0; i < OB_COUNT(guides); i++) {
        if (!obd_has(t->text, guides[i].words)) {
            continue;
        }
        if (obd_has(t->text, "OMB-|customer|note|refund|credit|compensat|EUR|premium|客户|备注|"
                             "退款|赔偿|html|button")) {
            return false;
        }
        if (obd_fires(t->core, OBD_REFUSAL_HONEST, t->tag)) {
            if (obd_form(t->core, "refusal.honest", t->tag, 2) == 0) {
                obd_say_both(t, "I am sorry, I cannot help with such a request.",
                             "抱歉，我无法协助处理此类请求。");
            } else {
                obd_say_both(t, "Let us talk about something else. How else may I help?",
                             "我们换个话题吧。还有什么可以帮您？");
            }
            return true;
        }
        obd_say_both(t, guides[i].english, guides[i].chinese);
        return true;
    }
    return false;
}
