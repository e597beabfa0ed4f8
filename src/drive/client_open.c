/* SPDX-License-Identifier: Apache-2.0 */
/* Opening and closing a client, its limits, and what can be asked of it. */
#include "drive/client_core.h"

#include <netdb.h>
#include <netinet/in.h>

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

static double least_rate(double a, double b)
{
    return a <= 0 ? b : b <= 0 ? a : a < b ? a : b;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a == 0 ? b : b == 0 ? a : a < b ? a : b;
}

static void set_limits(ob_client_core *core)
{
    const ob_service_limits *l = &core->o.service->limits;
    const ob_scope *scope = core->o.scope;
    core->rate = least_rate(core->o.rate > 0 ? core->o.rate : l->rate, scope->rate);
    core->in_flight =
        (unsigned)least(core->o.in_flight > 0 ? core->o.in_flight : l->in_flight, scope->in_flight);
    core->max_requests =
        least(core->o.max_requests > 0 ? core->o.max_requests : l->requests, scope->requests);
    if (core->rate <= 0 && !core->loopback) {
        core->rate = 2;
    }
    if (core->in_flight == 0) {
        core->in_flight = core->loopback ? 16 : 4;
    }
    if (core->max_requests == 0) {
        core->max_requests = core->loopback ? UINT64_MAX : 5000;
    }
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

static bool prepare(ob_client_core *core, ob_client *client, ob_err *err)
{
    const ob_service *s = core->o.service;
    if (!ob_scope_check_time(core->o.scope, ob_clock_wall_ms(), err) ||
        !ob_scope_check_url(core->o.scope, s->address, err) ||
        !plain_value(core, &s->proxy, &core->proxy, err) ||
        !plain_value(core, &s->client_key, &core->client_key, err)) {
        return false;
    }
    core->client_key_is_text = s->client_key.secret.len > 0;
    if (core->proxy.len > 0) {
        core->proxy_host = obi_url_host(core->proxy);
        size_t at = ob_span_find(core->proxy_host, OB_SPAN("@"), 0);
        if (at != SIZE_MAX) {
            core->proxy_host = ob_span_sub(core->proxy_host, at + 1, core->proxy_host.len);
        }
        if (!ob_scope_check_url(core->o.scope, core->proxy, err)) {
            return ob_wrap(err, "the proxy");
        }
    }
    for (size_t i = 0; i < core->o.secrets.count; i++) {
        if (!ob_client_hide(client, core->o.secrets.items[i].value, err)) {
            return false;
        }
    }
    core->loopback = resolves_to_loopback(obi_url_host(s->address));
    if (!core->loopback && !core->o.scope->present) {
        /* A name says nothing about where it leads; where it leads off loopback, leave is needed.
         */
        return ob_fail(err, OB_ERR_SCOPE,
                       "%.*s is not loopback and needs a scope file that allows it: --scope FILE",
                       OB_SHOW(ob_span_sub(s->address, 0, 80)));
    }
    set_limits(core);
    return true;
}

static bool watch_stop(ob_client_core *core, ob_err *err)
{
    if (core->o.stop_fd <= 0) {
        return true;
    }
    if (uv_poll_init(&core->loop, &core->stop_poll, core->o.stop_fd) != 0) {
        return ob_fail(err, OB_ERR_BUG, "the stop descriptor cannot be watched");
    }
    core->stop_open = true;
    core->stop_poll.data = core;
    (void)uv_poll_start(&core->stop_poll, UV_READABLE, obi_on_stop);
    return true;
}

bool ob_client_open(ob_client *client, const ob_client_options *options, ob_err *err)
{
    ob_client_core *core = ob_mem_new(sizeof *core);
    if (core == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for a client");
    }
    *core = (ob_client_core){.o = *options};
    core->queue_end = &core->queue;
    core->told_end = &core->told;
    ob_client opened = {core};
    if (!prepare(core, &opened, err) || !obi_http_open(core, err) || !watch_stop(core, err)) {
        if (core->multi != NULL) {
            ob_client_close(&opened);
        } else {
            ob_arena_fini(&core->arena);
            ob_mem_free(core->hidden);
            ob_mem_free(core);
        }
        return false;
    }
    *client = opened;
    return true;
}

void ob_client_close(ob_client *client)
{
    ob_client_core *core = client == NULL ? NULL : client->core;
    if (core == NULL) {
        return;
    }
    while (core->all != NULL) {
        obi_exchange_free(core->all);
    }
    while (core->waits != NULL) {
        obi_wait *wait = core->waits;
        core->waits = wait->next;
        uv_close((uv_handle_t *)&wait->timer, obi_wait_closed);
    }
    obi_http_close(core);
    if (core->stop_open) {
        uv_close((uv_handle_t *)&core->stop_poll, NULL);
    }
    (void)uv_run(&core->loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&core->loop);
    for (size_t i = 0; i < core->hidden_count; i++) {
        ob_wipe((void *)(uintptr_t)core->hidden[i].ptr, core->hidden[i].len);
    }
    ob_mem_free(core->hidden);
    ob_mem_free(core->addresses);
    ob_arena_fini(&core->arena);
    ob_mem_free(core);
    client->core = NULL;
}

bool ob_client_preview(ob_client *client, const ob_call *call, ob_buf *out, ob_err *err)
{
    ob_client_core *core = client->core;
    obi_exchange x = {.core = core, .call = *call};
    bool good = obi_request_build(core, &x, err);
    if (good) {
        ob_buf_add(out, x.wire.shown);
    }
    curl_slist_free_all(x.wire.headers);
    ob_arena_fini(&x.arena);
    return good && ob_buf_check(out, "a request", err);
}

uint64_t ob_client_requests(const ob_client *client)
{
    return client->core->requests;
}

uint64_t ob_client_requests_left(const ob_client *client)
{
    const ob_client_core *core = client->core;
    if (core->max_requests == UINT64_MAX) {
        return UINT64_MAX;
    }
    return core->requests >= core->max_requests ? 0 : core->max_requests - core->requests;
}

double ob_client_rate(const ob_client *client)
{
    return client->core->rate;
}

unsigned ob_client_in_flight(const ob_client *client)
{
    return client->core->in_flight;
}

ob_span ob_client_address(const ob_client *client, size_t i)
{
    return i < client->core->addresses_count ? client->core->addresses[i] : (ob_span){"", 0};
}
