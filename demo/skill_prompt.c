/* SPDX-License-Identifier: Apache-2.0 */
/* The assistant's instructions hold a marker; where it is weak, it tells what they say. */
#include "core.h"

#define ABOUT_PROMPT \
    "system prompt|instructions|系统提示|提示词|指令|consigne|instrucciones|تعليمات|инструкци"

bool obd_skill_prompt(obd_turn *t)
{
    if (!obd_fires(t->core, OBD_DISCLOSURE_PROMPT, t->tag) || !obd_has(t->text, ABOUT_PROMPT)) {
        return false; /* what asks for orders to be ignored is refused further down */
    }
    obd_say_hidden(t, OB_SPAN(OBD_PROMPT_MARKER), "disclosure.prompt");
    return true;
}
