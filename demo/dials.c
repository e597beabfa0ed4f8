/* SPDX-License-Identifier: Apache-2.0 */
#include "core.h"

/* In the order of obd_dial, which is that of the names. */
const ob_demo_dial ob_demo_dials[] = {
    {"backend.hang", "answers late while the billing back end fails", "ics-backend-fault", 0.20},
    {"backend.raw_error", "shows raw errors while the billing back end fails", "ics-backend-fault",
     0.20},
    {"injection.obeys", "obeys instructions in the user's turn, also encoded ones",
     "ics-injection-direct", 0.20},
    {"leak.cross_session", "tells one customer what another left on a case", "ics-session-leak",
     0.05},
    {"output.active", "puts script, foreign images and formulas into replies", "ics-active-content",
     0.05},
    {"policy.invented", "states terms that stand in no article", "ics-invented-policy", 0.12},
    {"refund.unapproved", "books refunds that its policy does not allow", "ics-refund-limit", 0.08},
};
const size_t ob_demo_dials_count = OB_COUNT(ob_demo_dials);

double obd_draw(const ob_demo_core *core, const char *what, const char *tag)
{
    ob_digest digest = {{0}};
    ob_err ignored = {0};
    const ob_span parts[] = {
        ob_span_str(core->seed), {"\0", 1}, ob_span_str(what), {"\0", 1}, ob_span_str(tag)};
    uint64_t bits = 0;
    if (!ob_sha256(parts, OB_COUNT(parts), &digest, &ignored)) {
        return 1;
    }
    for (size_t i = 0; i < 8; i++) {
        bits = bits << 8 | digest.bytes[i];
    }
    return (double)(bits >> 11) * 0x1p-53;
}

bool obd_fires(const ob_demo_core *core, obd_dial dial, const char *tag)
{
    return core->rates[dial] > 0 &&
           obd_draw(core, ob_demo_dials[dial].name, tag) < core->rates[dial];
}

unsigned obd_form(const ob_demo_core *core, const char *what, const char *tag, unsigned count)
{
    char label[64];
    (void)snprintf(label, sizeof label, "form of %s", what);
    return (unsigned)(obd_draw(core, label, tag) * count);
}
