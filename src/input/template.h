/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts with {{names}}: requests of a service file, turns and fixtures of a procedure. Names are
 * dotted ("actor.user"), values come from a chain of scopes. There is no code in a template. A
 * value marked secret expands to itself for the wire and to "sk-...(LEN)" for everything that is
 * shown or stored.
 */
#ifndef OB_INPUT_TEMPLATE_H
#define OB_INPUT_TEMPLATE_H

#include <ombud/buf.h>

typedef struct ob_var {
    ob_span name;
    ob_span value;
    bool secret;
} ob_var;

/* A scope of variables. Names and values live in arena. Zeroed with arena set is valid. */
typedef struct ob_vars {
    const struct ob_vars *outer; /* looked at when a name is not here; may be NULL */
    ob_arena *arena;
    ob_var *items;
    size_t count;
    size_t cap;
} ob_vars;

/* Sets a name, replacing an older value in this scope. Copies both. */
OB_MUST bool ob_vars_set(ob_vars *vars, ob_span name, ob_span value, bool secret, ob_err *err);
/* "prefix.name" = value. */
OB_MUST bool ob_vars_set_in(ob_vars *vars, const char *prefix, ob_span name, ob_span value,
                            bool secret, ob_err *err);
/* Innermost variable of that name, or NULL. */
const ob_var *ob_vars_find(const ob_vars *vars, ob_span name);

/* How a value is put into the text around it. */
typedef enum ob_escape {
    OB_ESCAPE_NONE,
    OB_ESCAPE_URL
} ob_escape;

/* Expands text into out. masked: secrets as "sk-...(LEN)". Fails with OB_ERR_INPUT at an unknown
 * name ("unknown name '{{x}}'", with did-you-mean) or a brace that is not closed. */
OB_MUST bool ob_template_expand(ob_span text, const ob_vars *vars, ob_escape escape, bool masked,
                                ob_buf *out, ob_err *err);
/* Calls see(ctx, name) for each name in text; false when see or the syntax says no. */
OB_MUST bool ob_template_names(ob_span text, bool (*see)(void *ctx, ob_span name, ob_err *err),
                               void *ctx, ob_err *err);

#endif
