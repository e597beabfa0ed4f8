/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words that a service refuses with. Wording is a hint only: a service can refuse in other words,
 * and can say these ones and comply all the same.
 */
#include "detect/codings.h"

#include <ombud/look.h>

/* In lower case, with the plain apostrophe. */
static const char *const phrases[] = {
    /* en */
    "i can't help",
    "i cannot help",
    "i can't do that",
    "i cannot do that",
    "i'm not able to",
    "i am not able to",
    "i can't share",
    "i cannot share",
    "i can't provide",
    "i cannot provide",
    "i can't disclose",
    "i cannot disclose",
    "i won't",
    "i will not",
    "we cannot provide",
    "we can't provide",
    "i'm unable to",
    "i am unable to",
    "we are unable to",
    "i must decline",
    "i have to decline",
    "i'm sorry, but i can't",
    "i'm sorry, but i cannot",
    "i am sorry, but i can't",
    "i am sorry, but i cannot",
    "not allowed to",
    "i refuse",
    "can't assist",
    "cannot assist",
    "cannot be disclosed",
    "i may not",
    "only speak about your own",
    /* fr */
    "je ne peux pas",
    "je ne peux rien",
    "je ne suis pas en mesure",
    "je ne suis pas autoris\u00e9",
    "nous ne pouvons pas",
    "nous ne sommes pas en mesure",
    "il m'est impossible",
    "il ne m'est pas possible",
    "je regrette de ne pas pouvoir",
    "je dois refuser",
    "je refuse",
    "je ne saurais",
    "je n'ai pas le droit",
    /* es */
    "no puedo",
    "no podemos",
    "no me es posible",
    "no nos es posible",
    "no estoy autorizado",
    "no estoy autorizada",
    "no estamos autorizados",
    "no se me permite",
    "debo negarme",
    "me niego a",
    "no tengo permiso",
    "lamento no poder",
    "siento no poder",
    "no es posible facilitar",
    /* ru */
    "\u044f \u043d\u0435 \u043c\u043e\u0433\u0443",
    "\u043c\u044b \u043d\u0435 \u043c\u043e\u0436\u0435\u043c",
    "\u043d\u0435 \u043c\u043e\u0433\u0443 \u043f\u043e\u043c\u043e\u0447\u044c",
    "\u043d\u0435 \u043c\u043e\u0433\u0443 "
    "\u043f\u0440\u0435\u0434\u043e\u0441\u0442\u0430\u0432\u0438\u0442\u044c",
    "\u043d\u0435 \u043c\u043e\u0433\u0443 \u0441\u043e\u043e\u0431\u0449\u0438\u0442\u044c",
    "\u043d\u0435 \u043c\u043e\u0433\u0443 \u0432\u044b\u043f\u043e\u043b\u043d\u0438\u0442\u044c",
    "\u043d\u0435 \u0438\u043c\u0435\u044e \u043f\u0440\u0430\u0432\u0430",
    "\u043c\u043d\u0435 \u043d\u0435 \u0440\u0430\u0437\u0440\u0435\u0448\u0435\u043d\u043e",
    "\u0432\u044b\u043d\u0443\u0436\u0434\u0435\u043d "
    "\u043e\u0442\u043a\u0430\u0437\u0430\u0442\u044c",
    "\u0432\u044b\u043d\u0443\u0436\u0434\u0435\u043d\u0430 "
    "\u043e\u0442\u043a\u0430\u0437\u0430\u0442\u044c",
    "\u043d\u0435\u0432\u043e\u0437\u043c\u043e\u0436\u043d\u043e "
    "\u043f\u0440\u0435\u0434\u043e\u0441\u0442\u0430\u0432\u0438\u0442\u044c",
    "\u043e\u0442\u043a\u0430\u0437\u044b\u0432\u0430\u044e\u0441\u044c",
    "\u043a \u0441\u043e\u0436\u0430\u043b\u0435\u043d\u0438\u044e, \u043d\u0435 "
    "\u043c\u043e\u0433\u0443",
    /* ar */
    "\u0644\u0627 \u0623\u0633\u062a\u0637\u064a\u0639",
    "\u0644\u0627 \u064a\u0645\u0643\u0646\u0646\u064a",
    "\u0644\u0627 \u0646\u0633\u062a\u0637\u064a\u0639",
    "\u0644\u0627 \u064a\u0645\u0643\u0646\u0646\u0627",
    "\u0644\u0633\u062a \u0642\u0627\u062f\u0631",
    "\u0644\u0633\u062a \u0642\u0627\u062f\u0631\u0627",
    "\u0644\u0633\u062a \u0642\u0627\u062f\u0631\u064b\u0627",
    "\u063a\u064a\u0631 \u0645\u0635\u0631\u062d \u0644\u064a",
    "\u0644\u064a\u0633 \u0628\u0625\u0645\u0643\u0627\u0646\u064a",
    "\u0644\u0627 \u064a\u0633\u0645\u062d \u0644\u064a",
    "\u0644\u0627 \u064a\u064f\u0633\u0645\u062d \u0644\u064a",
    "\u0623\u0639\u062a\u0630\u0631 \u0639\u0646 \u0639\u062f\u0645",
    "\u0646\u0639\u062a\u0630\u0631 \u0639\u0646 \u0639\u062f\u0645",
    "\u0623\u0631\u0641\u0636",
    "\u064a\u062a\u0639\u0630\u0631 \u0639\u0644\u064a",
    "\u0644\u0646 \u0623\u062a\u0645\u0643\u0646",
    /* zh */
    "\u6211\u4e0d\u80fd",
    "\u6211\u4eec\u4e0d\u80fd",
    "\u6211\u65e0\u6cd5",
    "\u6211\u4eec\u65e0\u6cd5",
    "\u65e0\u6cd5\u63d0\u4f9b",
    "\u65e0\u6cd5\u4e3a\u60a8",
    "\u4e0d\u80fd\u63d0\u4f9b",
    "\u4e0d\u80fd\u4e3a\u60a8",
    "\u4e0d\u4fbf\u900f\u9732",
    "\u4e0d\u4fbf\u63d0\u4f9b",
    "\u6055\u6211\u4e0d\u80fd",
    "\u6055\u4e0d\u80fd",
    "\u6055\u96be",
    "\u6211\u62d2\u7edd",
    "\u65e0\u6743",
    "\u4e0d\u80fd\u900f\u9732",
    "\u65e0\u6cd5\u900f\u9732",
    "\u65e0\u6cd5\u534f\u52a9",
    "\u65e0\u6cd5\u6ee1\u8db3",
    "\u5e2e\u4e0d\u4e86",
};

/* Lower case of Latin and Cyrillic letters; one apostrophe for all. */
static uint32_t fold(uint32_t rune)
{
    bool upper = (rune >= 'A' && rune <= 'Z') || (rune >= 0xc0 && rune <= 0xde && rune != 0xd7) ||
                 (rune >= 0x410 && rune <= 0x42f);
    return upper ? rune + 32 : rune == 0x2019 || rune == 0x2bc ? '\'' : rune;
}

static bool starts_with(ob_span text, size_t at, ob_span phrase, size_t *end)
{
    uint32_t want = 0;
    uint32_t have = 0;
    for (size_t pos = 0; ob_utf8_next(phrase, &pos, &want);) {
        if (!ob_utf8_next(text, &at, &have) || fold(have) != want) {
            return false;
        }
    }
    *end = at;
    return true;
}

/* Between letters of an alphabet no phrase begins or ends; Chinese knows no such places. */
static bool within_word(uint32_t before, uint32_t rune)
{
    bool letter = (before >= 'a' && before <= 'z') || (before >= 0xdf && before <= 0x17f) ||
                  (before >= 0x430 && before <= 0x44f) || (before >= 0x620 && before <= 0x64a);
    return letter && rune < 0x4e00;
}

/* "I will not" is no part of "I will note". */
static bool goes_on(ob_span text, size_t end, ob_span phrase)
{
    uint32_t last = 0;
    uint32_t next = 0;
    for (size_t pos = 0; ob_utf8_next(phrase, &pos, &last);) {
    }
    return ob_utf8_next(text, &end, &next) && within_word(last, ' ') &&
           within_word(fold(next), ' ');
}

bool ob_refusal_find(ob_span text, ob_span *at)
{
    uint32_t before = ' ';
    uint32_t rune = 0;
    for (size_t pos = 0, start = 0; ob_utf8_next(text, &pos, &rune); start = pos) {
        rune = fold(rune);
        for (size_t i = 0; !within_word(before, rune) && i < OB_COUNT(phrases); i++) {
            size_t end = 0;
            if (starts_with(text, start, ob_span_str(phrases[i]), &end) &&
                !goes_on(text, end, ob_span_str(phrases[i]))) {
                *at = ob_span_sub(text, start, end);
                return true;
            }
        }
        before = rune;
    }
    return false;
}
