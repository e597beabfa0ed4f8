/* SPDX-License-Identifier: Apache-2.0 */
/* A finding in words: where it is, what it is called, and the terms of its score. */
#include "detect/scan.h"

static void add_term(ob_buf *out, const char *name, int hundredths)
{
    int size = hundredths < 0 ? -hundredths : hundredths;
    ob_buf_addf(out, "%s %c%d.%02d", name, hundredths < 0 ? '-' : '+', size / 100, size % 100);
}

void ob_hit_explain(const ob_detector *detector, const ob_hit *hit, ob_buf *out)
{
    static const char *const checks[] = {[OB_HIT_CHECK_FAILED] = "failed",
                                         [OB_HIT_CHECK_NONE] = "none",
                                         [OB_HIT_CHECK_PASSED] = "passed"};
    const ob_hit_kind *kind = ob_detector_kind(detector, hit->kind);
    ob_buf_add_shown(out, ob_span_str(kind->id), 80);
    ob_buf_add_str(out, " by rule ");
    ob_buf_add_shown(out, ob_span_str(hit->rule), 80);
    ob_buf_addf(out, ", bytes %llu-%llu, ", (unsigned long long)hit->start,
                (unsigned long long)hit->end);
    ob_steps_show(hit->steps, out);
    ob_buf_addf(out,
                "; check %s: ", hit->check < OB_COUNT(checks) ? checks[hit->check] : "unknown");
    add_term(out, "prior", hit->prior);
    add_term(out, ", cue", hit->cue);
    add_term(out, ", near", hit->near_);
    ob_buf_addf(out, "; %u %%", hit->score);
    const char *name = NULL;
    const char *before = "; by ";
    for (unsigned i = 0; (name = ob_hit_technique_name(i)) != NULL; i++) {
        if ((hit->techniques >> i & 1) != 0) {
            ob_buf_add_str(out, before);
            ob_buf_add_str(out, name);
            before = ", ";
        }
    }
}
