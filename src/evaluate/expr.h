/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The expressions of a procedure (valid_if, hit_if, when): names, "and", "or", "not" and
 * parentheses; "and" binds closer than "or". A name is true when its oracle hit, or when something
 * was extracted under it. Compiled once into the arena, evaluated for each trial.
 */
#ifndef OB_EVALUATE_EXPR_H
#define OB_EVALUATE_EXPR_H

#include <ombud/mem.h>

typedef enum ob_expr_kind {
    OB_EXPR_NAME,
    OB_EXPR_AND,
    OB_EXPR_OR,
    OB_EXPR_NOT
} ob_expr_kind;

typedef struct ob_expr {
    ob_expr_kind kind;
    ob_span name;
    const struct ob_expr *left;
    const struct ob_expr *right;
} ob_expr;

/* known(ctx, name) says whether a name exists. Fails with OB_ERR_INPUT and what is wrong. */
OB_MUST bool ob_expr_parse(const ob_expr **expr, ob_arena *arena, ob_span text,
                           bool (*known)(const void *ctx, ob_span name), const void *ctx,
                           ob_err *err);
/* truth(ctx, name, &value, err) is asked for each name that decides; NULL expr is true. */
OB_MUST bool ob_expr_eval(const ob_expr *expr,
                          bool (*truth)(void *ctx, ob_span name, bool *value, ob_err *err),
                          void *ctx, bool *value, ob_err *err);

#endif
