/* SPDX-License-Identifier: Apache-2.0 */
/* What a judge's recorded figures make of a procedure's verdict. */
#include "evaluate/judge_figures.h"
#include "evaluate/summary_build.h"

static uint64_t number(const ob_json *node, const char *key)
{
    int64_t value = ob_json_i64(node, key, 0);
    return value < 0 ? 0 : (uint64_t)value;
}

bool obi_summary_judge(ob_summary_build *b, const ob_json *judge, ob_procedure_view *view,
                       ob_err *err)
{
    if (judge == NULL) {
        return true;
    }
    ob_judge_view *made = OB_NEW(b->arena, ob_judge_view, 1, err);
    if (made == NULL) {
        return false;
    }
    *made = (ob_judge_view){.rubric = ob_json_text(judge, "rubric"),
                            .judge = ob_json_text(judge, "title"),
                            .model = ob_json_text(judge, "model"),
                            .address = ob_json_text(judge, "address"),
                            .calibrated = ob_json_text(judge, "calibrated"),
                            .hits = number(judge, "hits"),
                            .hits_right = number(judge, "hits_right"),
                            .clean = number(judge, "clean"),
                            .clean_right = number(judge, "clean_right"),
                            .unusable = number(judge, "unusable")};
    if (made->hits_right > made->hits || made->clean_right > made->clean) {
        return ob_fail(err, OB_ERR_STORE, "the figures of the judge are damaged");
    }
    ob_judge_figures(made, view->limit, view->alpha);
    view->judge = made;
    return true;
}

void obi_summary_true_bounds(ob_procedure_view *v)
{
    v->lower = ob_judge_true_lower(v->judge, v->lower);
    v->upper = ob_judge_true_upper(v->judge, v->upper);
    v->interval[0] = ob_judge_true_lower(v->judge, v->interval[0]);
    v->interval[1] = ob_judge_true_upper(v->judge, v->interval[1]);
}
