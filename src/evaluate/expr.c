/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluate/expr.h"

#define DEPTH_MAX 32

typedef struct parser {
    ob_arena *arena;
    ob_span rest;
    ob_span word; /* the token at hand; empty at the end */
    bool (*known)(const void *ctx, ob_span name);
    const void *ctx;
    unsigned depth;
} parser;

static void next_word(parser *p)
{
    p->rest = ob_span_trim(p->rest);
    size_t length = 0;
    while (length < p->rest.len) {
        char c = p->rest.ptr[length];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) {
            break;
        }
        length++;
    }
    if (length == 0 && p->rest.len > 0) {
        length = 1;
    }
    p->word = ob_span_sub(p->rest, 0, length);
    p->rest = ob_span_sub(p->rest, length, p->rest.len);
}

static bool parse_or(parser *p, const ob_expr **expr, ob_err *err);

static ob_expr *node_new(parser *p, ob_expr_kind kind, ob_err *err)
{
    ob_expr *node = OB_NEW(p->arena, ob_expr, 1, err);
    if (node != NULL) {
        node->kind = kind;
    }
    return node;
}

static bool parse_atom(parser *p, const ob_expr **expr, ob_err *err)
{
    if (++p->depth > DEPTH_MAX) {
        return ob_fail(err, OB_ERR_INPUT, "the expression is nested over %d levels", DEPTH_MAX);
    }
    if (ob_span_is_str(p->word, "not")) {
        ob_expr *node = node_new(p, OB_EXPR_NOT, err);
        next_word(p);
        if (node == NULL || !parse_atom(p, &node->left, err)) {
            return false;
        }
        *expr = node;
    } else if (ob_span_is_str(p->word, "(")) {
        next_word(p);
        if (!parse_or(p, expr, err)) {
            return false;
        }
        if (!ob_span_is_str(p->word, ")")) {
            return ob_fail(err, OB_ERR_INPUT, "')' is missing");
        }
        next_word(p);
    } else {
        ob_expr *node = node_new(p, OB_EXPR_NAME, err);
        if (node == NULL) {
            return false;
        }
        bool word = p->word.len > 0 && p->word.ptr[0] >= 'a' && p->word.ptr[0] <= 'z' &&
                    !ob_span_is_str(p->word, "and") && !ob_span_is_str(p->word, "or");
        if (!word) {
            return ob_fail(err, OB_ERR_INPUT, "a name is wanted%s%.*s%s",
                           p->word.len > 0 ? " instead of '" : " at the end", OB_SHOW(p->word),
                           p->word.len > 0 ? "'" : "");
        }
        if (!p->known(p->ctx, p->word)) {
            return ob_fail(err, OB_ERR_INPUT, "unknown name '%.*s'", OB_SHOW(p->word));
        }
        if (!ob_arena_dup(p->arena, p->word, &node->name, err)) {
            return false;
        }
        next_word(p);
        *expr = node;
    }
    p->depth--;
    return true;
}

static bool parse_chain(parser *p, const char *word, ob_expr_kind kind,
                        bool (*inner)(parser *, const ob_expr **, ob_err *), const ob_expr **expr,
                        ob_err *err)
{
    if (!inner(p, expr, err)) {
        return false;
    }
    while (ob_span_is_str(p->word, word)) {
        ob_expr *node = node_new(p, kind, err);
        next_word(p);
        if (node == NULL || !inner(p, &node->right, err)) {
            return false;
        }
        node->left = *expr;
        *expr = node;
    }
    return true;
}

static bool parse_and(parser *p, const ob_expr **expr, ob_err *err)
{
    return parse_chain(p, "and", OB_EXPR_AND, parse_atom, expr, err);
}

static bool parse_or(parser *p, const ob_expr **expr, ob_err *err)
{
    return parse_chain(p, "or", OB_EXPR_OR, parse_and, expr, err);
}

bool ob_expr_parse(const ob_expr **expr, ob_arena *arena, ob_span text,
                   bool (*known)(const void *ctx, ob_span name), const void *ctx, ob_err *err)
{
    parser p = {.arena = arena, .rest = text, .known = known, .ctx = ctx};
    const ob_expr *parsed = NULL;
    next_word(&p);
    if (!parse_or(&p, &parsed, err)) {
        return false;
    }
    if (p.word.len > 0) {
        return ob_fail(err, OB_ERR_INPUT, "'and' or 'or' is wanted instead of '%.*s'",
                       OB_SHOW(p.word));
    }
    *expr = parsed;
    return true;
}

bool ob_expr_eval(const ob_expr *expr,
                  bool (*truth)(void *ctx, ob_span name, bool *value, ob_err *err), void *ctx,
                  bool *value, ob_err *err)
{
    if (expr == NULL) {
        *value = true;
        return true;
    }
    if (expr->kind == OB_EXPR_NAME) {
        return truth(ctx, expr->name, value, err);
    }
    bool left = false;
    if (!ob_expr_eval(expr->left, truth, ctx, &left, err)) {
        return false;
    }
    if (expr->kind == OB_EXPR_NOT) {
        *value = !left;
        return true;
    }
    if (left == (expr->kind == OB_EXPR_OR)) {
        *value = left;
        return true;
    }
    return ob_expr_eval(expr->right, truth, ctx, value, err);
}
