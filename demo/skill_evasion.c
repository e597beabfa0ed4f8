/* SPDX-License-Identifier: Apache-2.0 */
/* A guard that was trained on plain English and Chinese: the same order in another language, or in
 * a form that has to be decoded, gets past it. */
#include "core.h"

bool obd_skill_evasion(obd_turn *t)
{
    if (!obd_fires(t->core, OBD_INJECTION_EVASION, t->tag)) {
        return false;
    }
    obd_lang lang = obd_language(t->text);
    bool plain = (lang == OBD_EN || lang == OBD_ZH) && obd_has(t->text, "OMB-");
    return !plain && obd_obey_text(t, t->text, "injection.evasion");
}
