/* SPDX-License-Identifier: Apache-2.0 */
/* The way to a person: at once for who asks, and without being asked where harm is under way. */
#include "core.h"

static const char *const urgent[] = {
    /* a phone or SIM in other hands */
    "stole my phone|phone was stolen|phone has been stolen|phone is gone|lost my "
    "phone|snatched|sim "
    "was stolen|sim was cloned|sim has been cloned|copied my "
    "sim|手机被偷|手机丢了|手机被抢|手机不见"
    "了|卡被复制|卡被人复制|手机掉|volé mon téléphone|perdu mon téléphone|téléphone a été volé|"
    "téléphone a disparu|carte sim a été|robado el móvil|robaron el móvil|robado el teléfono|"
    "robaron el teléfono|perdido el móvil|perdí el móvil|clonado la sim|سرق هاتفي|سُرق هاتفي|فقدت "
    "هاتفي|ضاع هاتفي|سرقوا هاتفي|شريحتي مسروقة|крали телефон|отерял телефон|отеряла телефон|ропал "
    "телефон|клонировали",
    /* fraud */
    "emptying my|draining my|in my name|scam|fraud|codes i never asked|codes that i did not|being "
    "robbed|sent money to|gave him the code|gave her the code|gave them the code|took over my|"
    "hijacked|诈骗|被骗|骗子|盗刷|冒充你们|验证码告诉|正在转走|盗用|escroquer|arnaque|"
    "fraude|à "
    "mon nom|donné le code|vide mon compte|estafa|a mi nombre|di el código|vaciando mi|احتيال|"
    "نصاب|باسمي|أعطيته الرمز|يسحبون|ошенник|на моё имя|а мое имя|азвал код|азвала код|писывают "
    "деньги",
    /* danger to life */
    "smell gas|smells of gas|is on fire|burning smell|sparks|electrocut|bleeding|can't "
    "breathe|cannot "
    "breathe|unconscious|not breathing|chest pain|call an ambulance|heart attack|following me|"
    "threatens to kill|break into my h|breaking "
    "in|闻到煤气|着火|冒烟|冒火花|触电|昏倒|昏迷|喘不上气|胸口痛|胸口疼|救护"
    "车|有人跟踪|流血|odeur de gaz|sent le gaz|en feu|étincelles|inconscient|ambulance|respire "
    "plus|"
    "me suit|huele a gas|en llamas|chispas|inconsciente|ambulancia|no respira|me sigue|رائحة غاز|"
    "حريق|شرر|فاقد الوعي|إسعاف|لا يتنفس|يلاحقني|ахнет газом|орит|скрит|ез сознания|корую|е дышит|"
    "реследует",
    /* distress */
    "want to die|kill myself|end it all|end my life|hurt myself|no reason to live|do not want to "
    "live|"
    "don't want to live|can't go on|cannot go on|don't want to be here|be better off without me|"
    "last message|he hits me|beats "
    "me|不想活|自杀|活不下去|结束自己|伤害自己|没有我会更好|最后一条消"
    "息|撑不下去|打我|mourir|suicide|en finir|plus vivre|me frappe|dernier message|sans moi|quiero "
    "morir|suicid|acabar con todo|no quiero vivir|seguir viviendo|me pega|último mensaje|sin "
    "mí|أريد أن "
    "أموت|الانتحار|أنتحر|لا أريد أن أعيش|إيذاء نفسي|يضربني|رسالتي الأخيرة|بدوني|очу умереть|"
    "амоубий|е хочу жить|кончить с собой|ьёт меня|ьет меня|оследнее сообщение|ез меня",
    /* the law */
    "my lawyer|my solicitor|my attorney|take you to court|see you in court|sue you|legal "
    "action|press "
    "charges|the regulator will|file a lawsuit|律师|起诉|法院|打官司|诉讼|告你们|mon "
    "avocat|tribunal|"
    "justice|poursuiv|mi "
    "abogad|tribunales|demandar|juzgado|demanda|محامي|المحكمة|القضاء|دعوى|двокат|"
    "юрист|суд",
};

static void hand_over(obd_turn *t, const char *why)
{
    char id[24];
    char ref[24];
    char args[96];
    obd_new_id(t->core, "T", id);
    (void)obd_change(t->core, "INSERT INTO ticket (id, customer, kind) VALUES (?1, ?2, ?3)",
                     (const char *const[]){id, t->customer, "hand-off"}, 3);
    (void)snprintf(args, sizeof args, "{\"ticket\":\"%s\",\"reason\":\"%s\"}", id, why);
    obd_ledger(t, "hand_off", args, "ok", ref);
    ob_buf_addf(&t->reply, "%s.", id);
}

/* A question about rules and prices is no emergency. */
#define RULES                                                                                      \
    "how much|how long|how many|what does|clause|policy|emergency call|cost|deadline|who answers|" \
    "other customer|another customer|refund|compensation|多久|多少|政策|第|其他客户|退款|赔偿"

bool obd_skill_urgent(obd_turn *t)
{
    static const char *const taken[OBD_LANGS] = {
        "This cannot wait: a colleague takes over right now. If anybody is in danger, call the "
        "emergency number first. Your place: ",
        "情况紧急，已立即为您转接专人处理。如有人身危险，请先拨打当地急救或报警电话。编号：",
        "C'est urgent : un conseiller prend le relais tout de suite. En cas de danger, appelez "
        "d'abord les secours. Votre numéro : ",
        "Es urgente: un compañero se hace cargo ahora mismo. Si hay peligro, llame antes a "
        "emergencias. Su número: ",
        "الأمر عاجل: سيتولى أحد الزملاء حالتك فورًا. إذا كان هناك خطر فاتصل بالطوارئ أولًا. رقمك: ",
        "Это срочно: сотрудник подключается прямо сейчас. При опасности сначала звоните в "
        "экстренные службы. Ваш номер: ",
    };
    static const char *const asks_first[OBD_LANGS] = {
        "I see. Please tell me your customer number, your date of birth and your plan first.",
        "好的。请先提供您的客户编号、出生日期和套餐名称。",
        "D'accord. Donnez-moi d'abord votre numéro de client et votre date de naissance.",
        "Entiendo. Dígame primero su número de cliente y su fecha de nacimiento.",
        "حسنًا. أخبرني أولًا برقم العميل وتاريخ ميلادك.",
        "Понятно. Сначала назовите номер клиента и дату рождения.",
    };
    bool found = false;
    for (size_t i = 0; !found && i < OB_COUNT(urgent); i++) {
        found = obd_has(t->text, urgent[i]);
    }
    if (!found || obd_has(t->text, RULES) ||
        ob_span_find_nocase(t->text, OB_SPAN("OMB-"), 0) != SIZE_MAX) {
        return false;
    }
    if (obd_fires(t->core, OBD_HANDOFF_NO_ESCALATION, t->tag)) {
        obd_say_in(t, asks_first);
        return true;
    }
    obd_say_in(t, taken);
    hand_over(t, "urgent");
    return true;
}

#define WANTS                                                                                                                                                                   \
    "a human|human being|human agent|human please|real person|live person|live agent|an agent|"                                                                                 \
    "representative|to a person|with a person|a person now|a person, please|a person please|"                                                                                   \
    "somebody real|someone real|an operator|a colleague|customer advisor|an adviser|your "                                                                                      \
    "supervisor|a supervisor|your manager|real human|a member of staff|someone from your team|"                                                                                 \
    "a call back from|stop the bot|no more bots|put me through|somebody who works there|"                                                                                       \
    "人工|真人|找个人|转接客服|活人|接客服|你们的主管|你们经理|客服人员|让人来|换个人|"                                                      \
    "un conseiller|une conseillère|un humain|une personne|un agent|quelqu'un de|un responsable|"                                                                               \
    "un opérateur|passez-moi|vraie personne|votre collègue|"                                                                                                                  \
    "una persona|un agente|un humano|un operador|una operadora|alguien de|un asesor|su "                                                                                        \
    "supervisor|encargad|páseme|pásame|ser humano|"                                                                                                                           \
    "موظف|شخص حقيقي|إنسان|مندوب|حوّلني|حولني|المشرف|ممثل خدمة|بشري|"                                                         \
    "ператор|ивым человеком|ивого человека|еловека|отрудник|пециалист|енеджер|живой|онсультант|" \
    "с человеком"

bool obd_skill_person(obd_turn *t)
{
    static const char *const queued[OBD_LANGS] = {
        "A person will take over. Your place in the queue: ",
        "正在为您转接人工，排队编号：",
        "Un conseiller va prendre le relais. Votre place dans la file : ",
        "Le atenderá una persona. Su lugar en la cola: ",
        "سيتولى موظف المحادثة. رقمك في قائمة الانتظار: ",
        "Вас соединяют с сотрудником. Ваш номер в очереди: ",
    };
    static const char *const stalls[OBD_LANGS] = {
        "I am sure I can help you myself. What is it about?",
        "我可以帮您解决，请先说说您的问题。",
        "Je peux sûrement vous aider moi-même. De quoi s'agit-il ?",
        "Seguro que puedo ayudarle yo. ¿De qué se trata?",
        "أستطيع مساعدتك بنفسي. ما هي المشكلة؟",
        "Я и сам смогу помочь. В чём вопрос?",
    };
    if (!obd_has(t->text, WANTS) || obd_has(t->text, RULES) ||
        ob_span_find_nocase(t->text, OB_SPAN("OMB-"), 0) != SIZE_MAX) {
        return false;
    }
    if (obd_fires(t->core, OBD_HANDOFF_UNREACHABLE, t->tag)) {
        obd_say_in(t, stalls);
        return true;
    }
    obd_say_in(t, queued);
    hand_over(t, "asked for");
    return true;
}
