/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When the next request may leave: what the rate says, and what a service that throttles asks for.
 * When many are answered by 429, each waiting for itself would use up the retries against the same
 * limit. So everything is held until the wait is over, and goes on somewhat slower than what the
 * service took before it; a little faster again with time. Where slowing down does not help, it was
 * not the rate, and each request waits for itself.
 */
#include "drive/client_core.h"

#define SLOWER  0.8
#define SLOWEST 0.05  /* requests a second */
#define SEEKS   1.1   /* per answer, as long as it is not known what the service takes */
#define CREEPS  1.002 /* per answer, near to it */
#define LATELY  40    /* answers */
#define MANY    4     /* of late, and a fifth of all: not by chance */
#define HELPED  100   /* so many answers later slowing down has helped */
#define FALLS   3     /* so often in a row it is tried */

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

/* Counts of late; what was long ago weighs less and less. */
static void remember(obi_pace *pace, bool throttled)
{
    pace->lately[throttled]++;
    if (pace->lately[0] + pace->lately[1] >= LATELY) {
        pace->lately[0] /= 2;
        pace->lately[1] /= 2;
    }
}

void obi_pace_answered(ob_client_core *core)
{
    obi_pace *pace = &core->pace;
    remember(pace, false);
    if (++pace->answered >= HELPED) {
        pace->falls = 0;
    }
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
    double rate = SLOWER * (first || pace->took < pace->learnt ? pace->took : pace->learnt);
    return !first && rate < pace->learnt / 2 ? pace->learnt / 2 : rate;
}

void obi_pace_throttled(ob_client_core *core, int status, uint64_t wait_ms)
{
    obi_pace *pace = &core->pace;
    uint64_t now = ob_clock_ns();
    uint64_t until = now + wait_ms * 1000000;
    remember(pace, true);
    bool many = pace->lately[1] >= MANY && pace->lately[1] * 5 >= pace->lately[0] + pace->lately[1];
    if (!many || pace->falls > FALLS) {
        return;
    }
    bool told = now < pace->hold_ns; /* of the same burst */
    pace->hold_ns = until > pace->hold_ns ? until : pace->hold_ns;
    if (told) {
        return;
    }
    bool first = pace->learnt <= 0;
    double rate = slower(pace, (double)(until - pace->since_ns) / 1e9, wait_ms);
    pace->learnt = rate < SLOWEST ? SLOWEST : rate;
    if (++pace->falls > FALLS) {
        pace->learnt = 0; /* for the rest of the run */
        pace->hold_ns = 0;
    }
    pace->since_ns = until;
    pace->answered = 0;
    pace->lately[0] = pace->lately[1] = 0;
    if (pace->learnt <= 0) {
        ob_log_event(core->o.log, OB_LOG_INFO, "service.throttles",
                     "status=%d hint=\"slowing down does not help\"", status);
        return;
    }
    ob_log_event(core->o.log, first && pace->falls == 1 ? OB_LOG_WARN : OB_LOG_INFO,
                 "service.throttles",
                 "status=%d wait_ms=%llu rate=%.2f hint=\"a lower --rate, or rate in limits of the "
                 "service file, avoids it\"",
                 status, (unsigned long long)wait_ms, pace->learnt);
}
