/* SPDX-License-Identifier: Apache-2.0 */
/* Opening and closing a client, its limits, and what can be asked of it. */
#include "drive/client_core.h"

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
    core->rate = least_rate(least_rate(core->o.rate, l->rate), scope->rate);
    core->in_flight = (unsigned)least(least(core->o.in_flight, l->in_flight), scope->in_flight);
    core->max_requests = least(least(core->o.max_requests, l->requests), scope->requests);
    if (core->rate <= 0 && !core->loopback) {
        core->rate = 2;
    }
    if (core->in_flight == 0) {
        core->in_flight = core->usual_in_flight;
    }
    if (core->max_requests == 0) {
        core->max_requests = core->loopback ? UINT64_MAX : 5000;
    }
}

static bool prepare(ob_client_core *core, ob_client *client, ob_err *err)
{
    if (!ob_scope_check_time(core->o.scope, ob_clock_wall_ms(), err)) {
        return false;
    }
    for (size_t i = 0; i < core->o.secrets.count; i++) {
        if (!ob_client_hide(client, core->o.secrets.items[i].value, err)) {
            return false;
        }
    }
    core->loop = core->beside == NULL ? &core->own_loop : core->beside->loop;
    if (core->beside == NULL && uv_loop_init(core->loop) != 0) {
        return ob_fail(err, OB_ERR_NOMEM, "the event loop cannot start");
    }
    core->loop_open = true;
    (void)uv_timer_init(core->loop, &core->rate_timer);
    (void)uv_prepare_init(core->loop, &core->settler);
    (void)uv_idle_init(core->loop, &core->gather);
    core->settler.data = core;
    core->rate_timer.data = core;
    if (!core->transport->open(core, err)) {
        return false;
    }
    set_limits(core);
    core->pace.since_ns = ob_clock_ns();
    return true;
}

static bool watch_stop(ob_client_core *core, ob_err *err)
{
    if (core->o.stop_fd <= 0) {
        return true;
    }
    if (uv_poll_init(core->loop, &core->stop_poll, core->o.stop_fd) != 0) {
        return ob_fail(err, OB_ERR_BUG, "the stop descriptor cannot be watched");
    }
    core->stop_open = true;
    core->stop_poll.data = core;
    (void)uv_poll_start(&core->stop_poll, UV_READABLE, obi_on_stop);
    return true;
}

static void free_core(ob_client_core *core)
{
    ob_mem_free(core->hidden);
    ob_mem_free(core->addresses);
    ob_arena_fini(&core->arena);
    ob_mem_free(core);
}

bool ob_client_open(ob_client *client, const ob_client_options *options, ob_err *err)
{
    ob_client_core *core = ob_mem_new(sizeof *core);
    if (core == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for a client");
    }
    *core = (ob_client_core){.o = *options,
                             .arena = {.secret = true},
                             .transport = options->service->driver->transport,
                             .attempt_ids = options->first_id};
    core->queue_end = &core->queue;
    core->beside = options->beside == NULL ? NULL : options->beside->core;
    core->told_end = &core->told;
    ob_client opened = {core};
    if (!prepare(core, &opened, err) || !watch_stop(core, err)) {
        if (!core->loop_open) {
            free_core(core);
        } else if (core->beside == NULL) {
            ob_client_close(&opened);
        } else {
            core->beside->beside = core; /* closed with it */
        }
        return false;
    }
    if (core->beside != NULL) {
        core->beside->beside = core;
    }
    *client = opened;
    return true;
}

/* Everything that hangs on the loop is told to end; the loop has to turn once more for it. */
static void let_go(ob_client_core *core)
{
    while (core->all != NULL) {
        obi_exchange_free(core->all);
    }
    while (core->waits != NULL) {
        obi_wait *wait = core->waits;
        core->waits = wait->next;
        uv_close((uv_handle_t *)&wait->timer, obi_wait_closed);
    }
    core->transport->close(core);
    uv_close((uv_handle_t *)&core->rate_timer, NULL);
    uv_close((uv_handle_t *)&core->settler, NULL);
    uv_close((uv_handle_t *)&core->gather, NULL);
    if (core->stop_open) {
        uv_close((uv_handle_t *)&core->stop_poll, NULL);
    }
}

void ob_client_close(ob_client *client)
{
    ob_client_core *core = client == NULL ? NULL : client->core;
    if (core == NULL || core->o.beside != NULL) {
        return; /* of two the first one closes both */
    }
    let_go(core);
    if (core->beside != NULL) {
        let_go(core->beside);
    }
    (void)uv_run(core->loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(core->loop);
    if (core->beside != NULL) {
        free_core(core->beside);
    }
    free_core(core);
    client->core = NULL;
}

bool ob_client_preview(ob_client *client, const ob_call *call, ob_buf *out, ob_err *err)
{
    ob_client_core *core = client->core;
    obi_exchange x = {.core = core, .call = *call, .arena = {.secret = true}};
    uint64_t lines = core->lines;
    bool good = core->transport->build(core, &x, err);
    core->lines = lines; /* the number is still to be given */
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

bool obi_note_address(ob_client_core *core, const obi_exchange *x, ob_err *err)
{
    char text[200];
    bool literal =
        strncmp(x->attempt.address[0] == '[' ? x->attempt.address + 1 : x->attempt.address,
                x->wire.host.ptr, x->wire.host.len) == 0;
    (void)snprintf(text, sizeof text, "%.*s%s%s",
                   OB_SHOW(ob_span_sub(x->wire.host, 0, literal ? 0 : 120)), literal ? "" : " ",
                   x->attempt.address);
    ob_span line = ob_span_str(text);
    size_t at = 0;
    while (at < core->addresses_count && ob_span_compare(core->addresses[at], line) < 0) {
        at++;
    }
    if (at < core->addresses_count && ob_span_is(core->addresses[at], line)) {
        return true;
    }
    void *items = core->addresses;
    ob_span copy = {0};
    if (!ob_array_grow(&items, &core->addresses_cap, core->addresses_count, sizeof copy, 10000,
                       err) ||
        !ob_arena_dup(&core->arena, line, &copy, err)) {
        core->addresses = items;
        return false;
    }
    core->addresses = items;
    (void)memmove(&core->addresses[at + 1], &core->addresses[at],
                  (core->addresses_count - at) * sizeof copy);
    core->addresses[at] = copy;
    core->addresses_count++;
    return true;
}

ob_span ob_client_address(const ob_client *client, size_t i)
{
    return i < client->core->addresses_count ? client->core->addresses[i] : (ob_span){"", 0};
}
