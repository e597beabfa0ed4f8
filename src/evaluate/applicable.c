/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a procedure can be executed on a service at all: abilities it needs, back-end calls that
 * its flow makes, and facts that its texts name. What is missing is said, and the outcome is
 * NOT_APPLICABLE.
 */
#include "evaluate/applicable.h"

static const char *missing_ability(const ob_service *service, const ob_procedure *p)
{
    static const char *const reasons[] = {
        "the service file has no sessions (session, or {{session.key}} in a turn)",
        "the service does not stream",
        "the service file names no ledger",
        "the service file names no state",
        "the service file names no knowledge base",
        "the service file names no call that makes the back end fail",
        "the service file has no two accounts (actors)",
        "the service file names no proxy"};
    for (size_t i = 0; i < OB_COUNT(reasons); i++) {
        if ((p->needs & 1u << i) != 0 && (service->abilities & 1u << i) == 0) {
            return reasons[i];
        }
    }
    return NULL;
}

typedef struct seeker {
    const ob_service *service;
    ob_span missing; /* fact */
} seeker;

static bool see(void *ctx, ob_span name, ob_err *err)
{
    seeker *s = ctx;
    (void)err;
    if (ob_span_has_prefix(name, OB_SPAN("service.")) && s->missing.len == 0) {
        ob_span fact = ob_span_sub(name, strlen("service."), name.len);
        s->missing = ob_service_fact(s->service, fact) == NULL ? fact : s->missing;
    }
    return true;
}

static void look(seeker *s, const ob_yaml *node)
{
    ob_err ignored = {0}; /* texts with single braces are no templates */
    if (node->kind == OB_YAML_SCALAR) {
        (void)!ob_template_names(node->text, see, s, &ignored);
    }
    for (size_t i = 0; i < node->count; i++) {
        look(s, &node->items[i]);
    }
}

bool ob_applicable(const ob_service *service, const ob_procedure *p, ob_arena *arena,
                   const char **why_not, ob_err *err)
{
    ob_span text = {0};
    seeker s = {.service = service};
    *why_not = missing_ability(service, p);
    for (size_t i = 0; *why_not == NULL && i < p->flow_count; i++) {
        if (p->flow[i].kind == OB_STEP_HTTP &&
            ob_service_backend(service, p->flow[i].text) == NULL) {
            if (!ob_arena_printf(arena, &text, err,
                                 "the service file names no back-end call '%.*s'",
                                 OB_SHOW(p->flow[i].text))) {
                return false;
            }
            *why_not = text.ptr;
        }
    }
    if (*why_not != NULL) {
        return true;
    }
    const ob_yaml *root = p->doc.root;
    for (size_t i = 0; i < root->count; i++) {
        if (!ob_span_is_str(root->keys[i].text, "controls")) {
            look(&s, &root->items[i]);
        }
    }
    if (s.missing.len > 0 &&
        !ob_arena_printf(arena, &text, err, "the service file states no fact '%.*s'",
                         OB_SHOW(s.missing))) {
        return false;
    }
    *why_not = s.missing.len > 0 ? text.ptr : NULL;
    return true;
}
