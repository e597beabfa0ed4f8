/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts with {{names}}. One scanner feeds expansion and the check at load, so that what loads
 * also expands.
 */
#include "input/template.h"

#include <ombud/limits.h>
#include <ombud/text.h>

#define NAMES_COMPARED_MAX 256 /* of a scope chain, for "did you mean" */

static ob_var *find_here(const ob_vars *vars, ob_span name)
{
    for (size_t i = 0; i < vars->count; i++) {
        if (ob_span_is(vars->items[i].name, name)) {
            return &vars->items[i];
        }
    }
    return NULL;
}

static bool make_room(ob_vars *vars, ob_err *err)
{
    if (vars->count < vars->cap) {
        return true;
    }
    size_t cap = vars->cap == 0 ? 8 : vars->cap * 2;
    ob_var *items = OB_NEW(vars->arena, ob_var, cap, err);
    if (items == NULL) {
        return false;
    }
    for (size_t i = 0; i < vars->count; i++) {
        items[i] = vars->items[i];
    }
    vars->items = items;
    vars->cap = cap;
    return true;
}

bool ob_vars_set(ob_vars *vars, ob_span name, ob_span value, bool secret, ob_err *err)
{
    ob_var var = {.secret = secret};
    ob_var *old = find_here(vars, name);
    if (!ob_arena_dup(vars->arena, value, &var.value, err)) {
        return false;
    }
    if (old != NULL) {
        var.name = old->name;
        *old = var;
        return true;
    }
    if (!ob_arena_dup(vars->arena, name, &var.name, err) || !make_room(vars, err)) {
        return false;
    }
    vars->items[vars->count++] = var;
    return true;
}

bool ob_vars_set_in(ob_vars *vars, const char *prefix, ob_span name, ob_span value, bool secret,
                    ob_err *err)
{
    ob_span whole = {0};
    return ob_arena_printf(vars->arena, &whole, err, "%s.%.*s", prefix, OB_SHOW(name)) &&
           ob_vars_set(vars, whole, value, secret, err);
}

const ob_var *ob_vars_find(const ob_vars *vars, ob_span name)
{
    for (; vars != NULL; vars = vars->outer) {
        const ob_var *found = find_here(vars, name);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

static bool is_name(ob_span name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '_' || c == '-';
        bool dot = c == '.' && i > 0 && i + 1 < name.len && name.ptr[i - 1] != '.';
        if (!word && !dot) {
            return false;
        }
    }
    return name.len > 0;
}

static bool fail_shown(ob_err *err, ob_span text, const char *what)
{
    OB_AUTO(ob_buf) shown = {.max = 4096};
    ob_buf_add_shown(&shown, text, OB_QUOTE_MAX);
    return ob_fail(err, OB_ERR_INPUT, "%s '%.*s'", what, OB_SHOW(ob_buf_span(&shown)));
}

/* Takes the next plain piece and the name behind it off *rest; has_name is false at the end. */
static bool next_piece(ob_span *rest, ob_span *plain, ob_span *name, bool *has_name, ob_err *err)
{
    size_t open = ob_span_find(*rest, OB_SPAN("{{"), 0);
    if (open == SIZE_MAX) {
        *plain = *rest;
        *rest = (ob_span){0};
        *has_name = false;
        return true;
    }
    size_t close = ob_span_find(*rest, OB_SPAN("}}"), open + 2);
    if (close == SIZE_MAX) {
        return fail_shown(err, ob_span_sub(*rest, open, rest->len),
                          "a '{{' is not closed by '}}' in");
    }
    *name = ob_span_trim(ob_span_sub(*rest, open + 2, close));
    if (!is_name(*name)) {
        return fail_shown(err, ob_span_sub(*rest, open, close + 2),
                          "between '{{' and '}}' stands no name (letters, digits, '_', '-', '.') "
                          "in");
    }
    *plain = ob_span_sub(*rest, 0, open);
    *rest = ob_span_sub(*rest, close + 2, rest->len);
    *has_name = true;
    return true;
}

static bool fail_unknown(const ob_vars *vars, ob_span name, ob_err *err)
{
    const char *known[NAMES_COMPARED_MAX];
    size_t count = 0;
    for (; vars != NULL; vars = vars->outer) {
        /* Names were copied by ob_arena_dup, which puts a NUL behind them. */
        for (size_t i = 0; i < vars->count && count < NAMES_COMPARED_MAX; i++) {
            known[count++] = vars->items[i].name.ptr;
        }
    }
    const char *near = ob_text_nearest(name, known, count);
    int shown = name.len > OB_QUOTE_MAX ? OB_QUOTE_MAX : (int)name.len;
    if (near != NULL) {
        return ob_fail(err, OB_ERR_INPUT, "unknown name '{{%.*s}}', did you mean '{{%s}}'?", shown,
                       name.ptr, near);
    }
    return ob_fail(err, OB_ERR_INPUT, "unknown name '{{%.*s}}'", shown, name.ptr);
}

static void add_url(ob_buf *out, ob_span value)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            ob_buf_add_char(out, (char)c);
        } else {
            ob_buf_add_char(out, '%');
            ob_buf_add_char(out, digits[c >> 4]);
            ob_buf_add_char(out, digits[c & 15]);
        }
    }
}

static bool add_value(ob_buf *out, const ob_var *var, ob_escape escape, bool masked, ob_err *err)
{
    if (var->secret && masked) {
        ob_buf_addf(out, "sk-...(%zu)", var->value.len);
        return true;
    }
    switch (escape) {
    case OB_ESCAPE_NONE:
        ob_buf_add(out, var->value);
        return true;
    case OB_ESCAPE_URL:
        add_url(out, var->value);
        return true;
    }
    return ob_fail(err, OB_ERR_BUG, "unknown way %d to escape a value", (int)escape);
}

bool ob_template_expand(ob_span text, const ob_vars *vars, ob_escape escape, bool masked,
                        ob_buf *out, ob_err *err)
{
    for (bool has_name = true; has_name;) {
        ob_span plain = {0};
        ob_span name = {0};
        if (!next_piece(&text, &plain, &name, &has_name, err)) {
            return false;
        }
        ob_buf_add(out, plain);
        if (!has_name) {
            break;
        }
        const ob_var *var = ob_vars_find(vars, name);
        if (var == NULL) {
            return fail_unknown(vars, name, err);
        }
        if (!add_value(out, var, escape, masked, err)) {
            return false;
        }
    }
    return ob_buf_check(out, "the expanded text", err);
}

bool ob_template_names(ob_span text, bool (*see)(void *ctx, ob_span name, ob_err *err), void *ctx,
                       ob_err *err)
{
    for (bool has_name = true; has_name;) {
        ob_span plain = {0};
        ob_span name = {0};
        if (!next_piece(&text, &plain, &name, &has_name, err)) {
            return false;
        }
        if (has_name && !see(ctx, name, err)) {
            return false;
        }
    }
    return true;
}
