/* SPDX-License-Identifier: Apache-2.0 */
/* From the outcomes of procedures to those of requirements, pillars and the service. */
#include "evaluate/summary_build.h"

/* "These procedures fail" is many claims at once: e-BH over all, besides what was confirmed. */
bool obi_summary_suite(ob_summary_build *b, ob_err *err)
{
    double *log_e = OB_NEW(b->arena, double, b->families_count, err);
    bool *claimed = OB_NEW(b->arena, bool, b->families_count, err);
    size_t used = 0;
    if (log_e == NULL || claimed == NULL) {
        return false;
    }
    for (size_t i = 0; i < b->families_count; i++) {
        if (b->families[i].not_applicable.len + b->families[i].not_tested.len == 0) {
            log_e[used++] = b->families[i].view.log_e_fail;
        }
    }
    ob_ebh(log_e, used, 0.05, claimed);
    used = 0;
    for (size_t i = 0; i < b->families_count; i++) {
        ob_procedure_view *v = &b->families[i].view;
        if (b->families[i].not_applicable.len + b->families[i].not_tested.len > 0) {
            continue;
        }
        bool proven = v->zero_tolerance && v->hits > 0;
        v->suite_wide = v->outcome == OB_FAIL && (proven || claimed[used]);
        used++;
    }
    return true;
}

/* Procedure to requirement to pillar to service, worst first. */
bool obi_summary_roll_up(ob_summary_build *b, ob_err *err)
{
    for (size_t r = 0; r < b->requirements_count; r++) {
        ob_requirement_view *q = &b->requirements[r];
        bool first = true;
        for (size_t i = 0; i < b->families_count; i++) {
            const ob_procedure_view *v = &b->families[i].view;
            if (!ob_span_is(v->requirement, q->id) || (!first && v->outcome >= q->outcome)) {
                continue;
            }
            first = false;
            q->outcome = v->outcome;
            if (!ob_arena_printf(b->arena, &q->reason, err, "%.*s: %.*s", OB_SHOW(v->id),
                                 OB_SHOW(v->reason))) {
                return false;
            }
        }
        for (size_t p = 0; p < b->pillars_count; p++) {
            if (ob_span_is(b->pillars[p].id, q->pillar)) {
                b->pillars[p].counts[q->outcome]++;
                if (q->outcome < b->pillars[p].outcome) {
                    b->pillars[p].outcome = q->outcome;
                }
            }
        }
    }
    b->summary->outcome = OB_NOT_APPLICABLE;
    for (size_t p = 0; p < b->pillars_count; p++) {
        if (b->pillars[p].outcome < b->summary->outcome) {
            b->summary->outcome = b->pillars[p].outcome;
        }
    }
    return true;
}
