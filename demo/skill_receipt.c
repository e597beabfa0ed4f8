/* SPDX-License-Identifier: Apache-2.0 */
/* Complaints, and answers that are reported as wrong: both are kept, and the customer gets the
 * number under which they are kept. Understood in six languages. */
#include "core.h"

#define ASKS                                                                                \
    "how long|how many|how quickly|how do i|where do i|deadline|when will|policy|how much|" \
    "clause|多久|多长|政策|期限|条款|怎么"
#define COMPLAINTS                                                                                     \
    "complain|complian|compalin|complant|投诉|投拆|plainte|réclamation|me plaindre|reclamación|" \
    "reclamar|queja|شكوى|أشتكي|الشكوى|жалоб|Жалоб|жалуюсь|пожаловаться|претензи"
#define FLAGS                                                                                                                                                         \
    "report that answer|report this answer|report your answer|report the answer|flag that|flag "                                                                      \
    "this|flag your|report a wrong answer|wrong answer to be recorded|举报这个回答|反馈错误回答|"                                                         \
    "上报这个回答|标记这个回答|报告这个错误|signaler cette réponse|signaler votre réponse|"                                                       \
    "signale cette réponse|signaler la réponse|denunciar esa respuesta|reportar esa respuesta|"                                                                     \
    "informar de esa respuesta|reportar la respuesta|reportar su respuesta|الإبلاغ عن هذه "                                                               \
    "الإجابة|أبلغ عن هذه الإجابة|أبلغ عن الإجابة|الإبلاغ عن الإجابة|сообщить об этом ответе|" \
    "пожаловаться на ответ|сообщаю об ошибочном ответе|отметить ответ|сообщить об ошибке в " \
    "ответе"
#define OTHERS \
    "another customer|other customer|previous caller|customer before|last case|其他客户|上一位"

typedef struct wording {
    const char *marks; /* what only this language has got */
    const char *complaint;
    const char *flag;
} wording;

/* The first whose marks stand in the turn; English has none and is the last. */
static const wording wordings[] = {
    {"投诉|投拆|回答|错误", "已登记您的投诉，回执：", "谢谢，已登记您的反馈，编号："},
    {"а|е|о", "Ваша жалоба зарегистрирована, номер: ", "Спасибо, сообщение принято, номер: "},
    {"ا|ل", "تم تسجيل شكواك، الرقم: ", "شكرا، تم تسجيل بلاغك، الرقم: "},
    {"plainte|réclamation|plaindre|réponse", "Votre réclamation est enregistrée, numéro : ",
     "Merci, votre signalement est enregistré, numéro : "},
    {"queja|reclama|respuesta",
     "Su reclamación queda registrada, número: ", "Gracias, su aviso queda registrado, número: "},
    {"", "I have taken your complaint. Your receipt: ",
     "Thank you, I have passed your report on. Your reference: "},
};

static const wording *wording_for(ob_span text)
{
    size_t i = 0;
    while (i + 1 < OB_COUNT(wordings) && !obd_has(text, wordings[i].marks)) {
        i++;
    }
    return &wordings[i];
}

/* Weak services take the complaint and give no number, or one under which nothing is kept. */
static void say_lost(obd_turn *t, const char *dial)
{
    if (obd_form(t->core, dial, t->tag, 2) == 0) {
        obd_say_both(t, "Thank you, we have got it.", "谢谢，我们已收到。");
    } else {
        ob_buf_addf(&t->reply, "OK: T-%06u.", 900000 + obd_form(t->core, "lost", t->tag, 99999));
    }
}

bool obd_complaint(obd_turn *t)
{
    if (obd_has(t->text, ASKS) || !obd_has(t->text, COMPLAINTS)) {
        return false;
    }
    bool lost = obd_fires(t->core, OBD_COMPLAINTS_RECEIPT, t->tag);
    if (!lost) {
        ob_buf_add_str(&t->reply, wording_for(t->text)->complaint);
    }
    size_t end = t->reply.len;
    bool wrong = obd_fires(t->core, OBD_INTENT_WRONG, t->tag);
    obd_open_ticket(t, wrong ? "fault" : "complaint", wrong ? "open_ticket" : "open_complaint");
    if (lost) {
        t->reply.len = end;
        say_lost(t, "complaints.receipt");
    }
    return true;
}

bool obd_skill_flag(obd_turn *t)
{
    char ref[24];
    if (!obd_has(t->text, FLAGS) || obd_has(t->text, OTHERS)) {
        return false;
    }
    if (obd_fires(t->core, OBD_FEEDBACK_LOST, t->tag)) {
        say_lost(t, "feedback.lost");
        return true;
    }
    obd_ledger(t, "flag_answer", "{}", "ok", ref);
    ob_buf_add_str(&t->reply, wording_for(t->text)->flag);
    ob_buf_addf(&t->reply, "%s.", ref);
    return true;
}
