/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between telling and sending: requests that were told to the hooks wait here until the hooks have
 * made all of it safe, for many at once, because that costs the same for one as for twenty.
 */
#include "drive/client_core.h"

void obi_told_add(ob_client_core *core, obi_exchange *x)
{
    x->phase = OBI_TOLD;
    x->next = NULL;
    *core->told_end = x;
    core->told_end = &x->next;
    core->told_count++;
}

void obi_told_forget(ob_client_core *core, const obi_exchange *x)
{
    obi_exchange **at = &core->told;
    while (*at != x) {
        at = &(*at)->next;
    }
    *at = x->next;
    core->told_end = x->next == NULL ? at : core->told_end;
    core->told_count--;
}

static void on_gathered(uv_idle_t *gather)
{
    (void)uv_idle_stop(gather);
}

/* While answers are under way, one more turn of the loop that waits for nothing often brings some
 * of them, whose next requests then leave together with these. */
static bool gathers(ob_client_core *core)
{
    if (core->told_count == 0 || core->told_count >= core->active || core->gathered) {
        core->gathered = false;
        return false;
    }
    core->gathered = true;
    (void)uv_idle_start(&core->gather, on_gathered);
    return true;
}

void obi_settle(uv_prepare_t *settler)
{
    ob_client_core *core = settler->data;
    ob_client client = {core};
    ob_err err = {0};
    if (!core->aborting && gathers(core)) {
        return;
    }
    bool good = core->o.hooks.settle == NULL || core->o.hooks.settle(core->o.hooks.ctx, &err);
    while (good && !core->aborting && core->told != NULL) {
        obi_exchange *x = core->told;
        obi_told_forget(core, x);
        x->phase = OBI_ACTIVE;
        good = core->transport->start(core, x, &err);
    }
    if (!good) {
        ob_client_abort(&client, &err);
    }
    if (core->aborting) {
        obi_after_events(core);
    }
}
