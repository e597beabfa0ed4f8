/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When the next request may leave: what the rate says, and what a service that throttles asks for.
 * One 429 speaks for all requests of a run: had only its own request to wait, the others would
 * use up their retries against the same limit. So everything is held until the wait is over, and
 * goes on somewhat slower than what the service took before it; a little faster again with time.
 */
#include "drive/client_core.h"

#define SLOWER  0.8
#define SLOWEST 0.05  /* requests a second */
#define SEEKS   1.1   /* per answer, as long as it is not known what the service takes */
#define CREEPS  1.002 /* per answer, near to it */

uint64_t obi_pace_take(ob_client_core *core)
{
    obi_pace *pace = &core->pace;
    double rate = core->rate;
    if (pace->learnt > 0 && (rate <= 0 || pace->learnt < rate)) {
        rate = pace->learnt;
    }
    if (rate <= 0) {
        return 0;
    }
    uint64_t now = ob_clock_ns();
    uint64_t from = pace->next_ns > pace->hold_ns ? pace->next_ns : pace->hold_ns;
    if (now < from) {
        return (from - now) / 1000000 + 1;
    }
    uint64_t step = (uint64_t)(1e9 / rate);
    pace->next_ns = (pace->next_ns + step < now ? now : pace->next_ns) + step;
    return 0;
}

void obi_pace_answered(ob_client_core *core)
{
    obi_pace *pace = &core->pace;
    pace->answered++;
    if (pace->learnt > 0) {
        pace->learnt *= pace->took > 0 && pace->learnt >= SLOWER * pace->took ? CREEPS : SEEKS;
    }
}

/* What came through since the last time tells what the service takes; when nothing did, somebody
 * else uses it up. */
static double slower(obi_pace *pace, double seconds, uint64_t wait_ms)
{
    bool first = pace->learnt <= 0;
    if (pace->answered == 0) {
        return first ? 1000 / (double)(wait_ms < 100 ? 100 : wait_ms) : pace->learnt / 2;
    }
    pace->took = (double)pace->answered / (seconds < 0.1 ? 0.1 : seconds);
    return SLOWER * (first || pace->took < pace->learnt ? pace->took : pace->learnt);
}

void obi_pace_throttled(ob_client_core *core, int status, uint64_t wait_ms)
{
    obi_pace *pace = &core->pace;
    uint64_t now = ob_clock_ns();
    uint64_t until = now + wait_ms * 1000000;
    bool told = now < pace->hold_ns; /* of the same burst */
    pace->hold_ns = until > pace->hold_ns ? until : pace->hold_ns;
    if (told) {
        return;
    }
    bool first = pace->learnt <= 0;
    double rate = slower(pace, (double)(until - pace->since_ns) / 1e9, wait_ms);
    pace->learnt = rate < SLOWEST ? SLOWEST : rate;
    pace->since_ns = until;
    pace->answered = 0;
    ob_log_event(core->o.log, first ? OB_LOG_WARN : OB_LOG_INFO, "service.throttles",
                 "status=%d wait_ms=%llu rate=%.2f hint=\"a lower --rate, or rate in limits of the "
                 "service file, avoids it\"",
                 status, (unsigned long long)wait_ms, pace->learnt);
}
