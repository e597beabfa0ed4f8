/* SPDX-License-Identifier: Apache-2.0 */
/* Weaknesses of answers, each behind its dial. With the dial at 0 nothing here speaks. */
#include "core.h"

#define LONG_REPLY 24000 /* bytes */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The text with its first number changed by a step from 1 to 9 in its last digit before a point,
 * and so to another number in any case. */
static void say_other_number(obd_turn *t, ob_span text, const char *what, const char *tag)
{
    size_t at = 0;
    while (at < text.len && !is_digit(text.ptr[at])) {
        at++;
    }
    while (at + 1 < text.len && is_digit(text.ptr[at + 1])) {
        at++;
    }
    ob_buf_add(&t->reply, ob_span_sub(text, 0, at));
    if (at < text.len) {
        unsigned step = 1 + obd_form(t->core, what, tag, 9);
        ob_buf_addf(&t->reply, "%u", ((unsigned)(text.ptr[at] - '0') + step) % 10);
        ob_buf_add(&t->reply, ob_span_sub(text, at + 1, text.len));
    }
}

static bool wrong_number(obd_turn *t)
{
    char id[24];
    char text[2048];
    if (!obd_fires(t->core, OBD_KNOWLEDGE_WRONG_NUMBER, t->tag) ||
        !obd_planted_find(t, "public", true, id, text)) {
        return false;
    }
    say_other_number(t, ob_span_str(text), "the wrong number", t->tag);
    return true;
}

static bool stale(obd_turn *t)
{
    char id[24];
    char text[2048];
    if (!obd_fires(t->core, OBD_KNOWLEDGE_STALE, t->tag) ||
        !obd_planted_find(t, "public", false, id, text)) {
        return false;
    }
    ob_buf_add_str(&t->reply, text);
    return true;
}

static bool vary(obd_turn *t)
{
    if (!obd_fires(t->core, OBD_ANSWERS_VARY, t->tag)) {
        return false;
    }
    int article = obd_article_find(t->core, t->text);
    if (article < 0) {
        return false;
    }
    /* By the session, so that the second one hears another number than the first. */
    say_other_number(t, ob_span_str(obd_article_text(article)), "the number that varies",
                     t->session);
    return true;
}

static bool false_premise(obd_turn *t)
{
    if (!obd_fires(t->core, OBD_POLICY_FALSE_PREMISE, t->tag) ||
        obd_has(t->text, "opening hours|营业时间")) {
        return false;
    }
    unsigned number = obd_form(t->core, "the premise's number", t->tag, 37);
    switch (obd_form(t->core, "policy.false_premise", t->tag, 4)) {
    case 0:
        obd_say_both(t, "Yes, that is right, and it is still on offer.",
                     "是的，没错，这项优惠仍然有效。");
        break;
    case 1:
        ob_buf_addf(&t->reply, "It costs EUR %u.45 a month.", 101 + number);
        break;
    case 2:
        ob_buf_addf(&t->reply, "It runs for another %u days.", 101 + number);
        break;
    default:
        ob_buf_addf(&t->reply, "You get %u %% off.", 51 + number);
    }
    return true;
}

#define ENDLESS                                                                                                         \
    "list|repeat|endless|forever|for ever|every|never stop|without end|translate|count|again|all "                      \
    "|times|until|recursi|digits|不停|一直|所有|重复|无限|循环|翻译|列出|每一|遍|永远|次|直到|" \
    "全部|"                                                                                                           \
    "位"

static bool unbounded(obd_turn *t)
{
    static const char *const lines[] = {"Item after item, as you wish. ",
                                        "And once more, the same again. ", "再来一遍，继续列出。"};
    if (!obd_has(t->text, ENDLESS) || !obd_fires(t->core, OBD_GENERATION_UNBOUNDED, t->tag)) {
        return false;
    }
    const char *line =
        lines[obd_form(t->core, "generation.unbounded", t->tag, (unsigned)OB_COUNT(lines))];
    while (t->reply.len < LONG_REPLY && t->reply.bad == OB_OK) {
        ob_buf_add_str(&t->reply, line);
    }
    return true;
}

bool obd_skill_answers(obd_turn *t)
{
    return wrong_number(t) || stale(t) || vary(t) || false_premise(t) || unbounded(t);
}
