/* SPDX-License-Identifier: Apache-2.0 */
/* A service whose rules wear off: what it refuses at first it does once the dialogue is long. */
#include "core.h"

#define WORN "5" /* turns of the session, this one included */

bool obd_skill_persist(obd_turn *t)
{
    char found[8];
    return obd_fires(t->core, OBD_RULES_WEAR, t->tag) && t->named_session &&
           obd_ask(t->core, "SELECT 1 FROM session WHERE id = ?1 AND turns > " WORN,
                   (const char *const[]){t->session}, 1, found, sizeof found) &&
           obd_obey_text(t, t->text, "rules.wear");
}
