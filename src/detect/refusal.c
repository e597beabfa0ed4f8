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
    "je ne suis pas autorisé",
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
    "я не могу",
    "мы не можем",
    "не могу помочь",
    "не могу предоставить",
    "не могу сообщить",
    "не могу выполнить",
    "не имею права",
    "мне не разрешено",
    "вынужден отказать",
    "вынуждена отказать",
    "невозможно предоставить",
    "отказываюсь",
    "к сожалению, не могу",
    /* ar */
    "لا أستطيع",
    "لا يمكنني",
    "لا نستطيع",
    "لا يمكننا",
    "لست قادر",
    "لست قادرا",
    "لست قادرًا",
    "غير مصرح لي",
    "ليس بإمكاني",
    "لا يسمح لي",
    "لا يُسمح لي",
    "أعتذر عن عدم",
    "نعتذر عن عدم",
    "أرفض",
    "يتعذر علي",
    "لن أتمكن",
    /* zh */
    "我不能",
    "我们不能",
    "我无法",
    "我们无法",
    "无法提供",
    "无法为您",
    "不能提供",
    "不能为您",
    "不便透露",
    "不便提供",
    "恕我不能",
    "恕不能",
    "恕难",
    "我拒绝",
    "无权",
    "不能透露",
    "无法透露",
    "无法协助",
    "无法满足",
    "帮不了",
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
