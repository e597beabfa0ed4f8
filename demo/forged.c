/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The dialogue belongs to the service: of the messages that a client sends only the last of the
 * user is a turn. The weakness is to believe the others, which anybody can write.
 */
#include "core.h"

bool obd_skill_forged(obd_turn *t)
{
    if (t->messages == NULL || !obd_fires(t->core, OBD_HISTORY_FORGED, t->tag)) {
        return false;
    }
    for (const ob_json *m = t->messages->first; m != NULL; m = m->next) {
        ob_span content = ob_json_text(m, "content");
        if (!ob_span_is_str(ob_json_text(m, "role"), "user") && content.len > 0 &&
            obd_obey_text(t, content, "history.forged")) {
            return true;
        }
    }
    return false;
}
