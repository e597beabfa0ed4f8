/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where HTTP requests may go, as far as it shows before a socket is made: at the start of a run,
 * and from the URL of each request. What names resolve to is checked as sockets are made (http.c).
 */
#include "drive/client_core.h"

#include <netdb.h>

static bool resolves_to_loopback(ob_span host)
{
    char name[256];
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    if (host.len == 0 || host.len >= sizeof name) {
        return false;
    }
    (void)memcpy(name, host.ptr, host.len);
    name[host.len] = '\0';
    if (getaddrinfo(name, NULL, &hints, &list) != 0) {
        return false;
    }
    bool all = list != NULL;
    for (const struct addrinfo *a = list; a != NULL; a = a->ai_next) {
        all = all && ob_address_is_loopback(a->ai_addr);
    }
    freeaddrinfo(list);
    return all;
}

static bool plain_value(ob_client_core *core, const ob_value *value, ob_span *out, ob_err *err)
{
    ob_span text = value->text;
    for (size_t i = 0; value->secret.len > 0 && i < core->o.secrets.count; i++) {
        if (ob_span_is(core->o.secrets.items[i].name, value->secret)) {
            text = core->o.secrets.items[i].value;
        }
    }
    return ob_arena_dup(&core->arena, text, out, err);
}

/* A host that a template makes up is taken for one elsewhere. */
static bool stays(const ob_request_template *request)
{
    ob_span url = request->url.text;
    bool below_address = request->url.secret.len == 0 && (url.len == 0 || url.ptr[0] == '/');
    return below_address || resolves_to_loopback(obi_url_host(url));
}

/* Is all that the service file asks for below its address, or on loopback? */
static bool calls_stay(const ob_service *s)
{
    const ob_call_template *const calls[] = {&s->login, &s->session_open, &s->session_end,
                                             &s->actor_create, &s->actor_remove};
    bool all = stays(&s->say);
    for (size_t i = 0; all && i < OB_COUNT(calls); i++) {
        all = stays(&calls[i]->request);
    }
    for (size_t i = 0; all && i < s->backend_count; i++) {
        all = stays(&s->backend[i].request);
    }
    return all;
}

static const ob_scope no_scope = {.present = false};

/* Where requests will go, as far as the scope can say it now. */
bool obi_way_open(ob_client_core *core, ob_err *err)
{
    const ob_service *s = core->o.service;
    bool near = resolves_to_loopback(obi_url_host(s->address));
    core->loopback = near && calls_stay(s); /* nobody else is harmed */
    core->usual_in_flight = core->loopback ? 16 : 4;
    if (core->o.helper && near) {
        core->o.scope = &no_scope; /* which allows loopback and nothing else */
    }
    if (!plain_value(core, &s->proxy, &core->proxy, err) ||
        !plain_value(core, &s->client_key, &core->client_key, err) ||
        !(core->proxy.len > 0 ? ob_scope_check_behind_proxy(core->o.scope, s->address, err)
                              : ob_scope_check_url(core->o.scope, s->address, err))) {
        return false;
    }
    core->client_key_is_text = s->client_key.secret.len > 0;
    if (core->proxy.len > 0) {
        core->proxy_host = obi_url_host(core->proxy);
        if (!ob_scope_check_url(core->o.scope, core->proxy, err)) {
            return ob_wrap(err, "the proxy");
        }
    }
    if (!near && !core->o.scope->present) {
        /* A name says nothing about where it leads; where it leads off loopback, leave is needed.
         */
        return ob_fail(err, OB_ERR_SCOPE,
                       "%.*s is not loopback and needs a scope file that allows it: --scope FILE",
                       OB_SHOW(ob_span_sub(s->address, 0, 80)));
    }
    return true;
}

bool obi_way_refuse(const ob_client_core *core, const obi_exchange *x, const char *why, ob_err *err)
{
    OB_AUTO(ob_buf) masked = {.max = (size_t)OB_HEAD_MAX * 2};
    OB_AUTO(ob_buf) shown = {.max = 4096};
    obi_mask(core, x, x->wire.url, &masked);
    ob_buf_add_shown(&shown, ob_buf_span(&masked), 80);
    return ob_fail(err, OB_ERR_INPUT, "%s: '%.*s' %s", x->call.kind, OB_SHOW(ob_buf_span(&shown)),
                   why);
}

/* Behind a proxy no socket of ours shows where the request goes. */
bool obi_way_check(const ob_client_core *core, const obi_exchange *x, ob_err *err)
{
    if (x->wire.target.len == 0) {
        return obi_way_refuse(core, x,
                              "is no URL; write http(s)://HOST[:PORT]/PATH, without a user", err);
    }
    if (core->proxy.len == 0) {
        return true;
    }
    if (x->wire.named.len > 0) {
        return obi_way_refuse(core, x, "goes to a proxy, where a Host header may not name another",
                              err);
    }
    return ob_scope_check_behind_proxy(core->o.scope, x->wire.url, err) ||
           ob_wrap(err, "%s", x->call.kind);
}
