/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/train.h"

double ob_sparse_dot(const ob_sparse *row, const double *weights)
{
    double sum = 0;
    for (size_t i = 0; i < row->count; i++) {
        sum += (double)row->values[i] * weights[row->slots[i]];
    }
    return sum;
}

bool ob_fit_missing(ob_err *err)
{
    return ob_fail(err, OB_ERR_USAGE,
                   "this ombud was built without liblinear; install liblinear-dev and build it "
                   "again");
}

#ifdef OB_LINEAR
#    include <linear.h>

bool ob_fit_can(void)
{
    return true;
}

static void say_nothing(const char *text)
{
    (void)text;
}

/* Rows as the library wants them: from 1 on, the constant term, and an end. */
static bool convert(const ob_fit_row *rows, size_t slots, struct problem *p, ob_arena *arena,
                    ob_err *err)
{
    for (int i = 0; i < p->l; i++) {
        const ob_sparse *x = rows[i].x;
        struct feature_node *nodes = OB_NEW(arena, struct feature_node, x->count + 2, err);
        if (nodes == NULL) {
            return false;
        }
        for (size_t k = 0; k < x->count; k++) {
            nodes[k] =
                (struct feature_node){.index = (int)x->slots[k] + 1, .value = (double)x->values[k]};
        }
        nodes[x->count] = (struct feature_node){.index = (int)slots + 1, .value = 1};
        nodes[x->count + 1] = (struct feature_node){.index = -1};
        p->x[i] = nodes;
        p->y[i] = rows[i].attack ? 1 : -1;
    }
    return true;
}

bool ob_fit(const ob_fit_row *rows, size_t count, size_t slots, double cost, double precision,
            double *weights, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {.cap = (size_t)8 << 30};
    int labels[2] = {1, -1};
    size_t attacks = 0;
    for (size_t i = 0; i < count; i++) {
        attacks += rows[i].attack;
    }
    if (attacks == 0 || attacks == count || count > INT32_MAX) {
        return ob_fail(err, OB_ERR_INPUT, "training needs attacks and honest texts");
    }
    double all = (double)count / 2;
    double of_class[2] = {all / (double)attacks, all / (double)(count - attacks)};
    struct problem p = {.l = (int)count,
                        .n = (int)slots + 1,
                        .y = OB_NEW(&arena, double, count, err),
                        .x = OB_NEW(&arena, struct feature_node *, count, err),
                        .bias = 1};
    struct parameter how = {.solver_type = L2R_LR,
                            .eps = precision,
                            .C = cost,
                            .nr_weight = 2,
                            .weight_label = labels,
                            .weight = of_class};
    if (p.y == NULL || p.x == NULL || !convert(rows, slots, &p, &arena, err)) {
        return false;
    }
    const char *bad = check_parameter(&p, &how);
    if (bad != NULL) {
        return ob_fail(err, OB_ERR_BUG, "liblinear refuses its parameters: %s", bad);
    }
    set_print_string_function(say_nothing);
    struct model *made = train(&p, &how);
    if (made == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "liblinear made no model");
    }
    /* The library's weights speak for the label that came first. */
    double sign = made->label[0] == 1 ? 1 : -1;
    for (size_t i = 0; i < slots; i++) {
        weights[i] = sign * made->w[i];
    }
    free_and_destroy_model(&made);
    return true;
}

#else

bool ob_fit_can(void)
{
    return false;
}

bool ob_fit(const ob_fit_row *rows, size_t count, size_t slots, double cost, double precision,
            double *weights, ob_err *err)
{
    (void)rows;
    (void)count;
    (void)slots;
    (void)cost;
    (void)precision;
    (void)weights;
    return ob_fit_missing(err);
}

#endif
