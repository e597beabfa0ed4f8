/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The queue of exchanges, the limits, and what follows an attempt: deliver, or try again. An
 * exchange is tried again only before the first byte of a reply came, never when it may have had
 * effects, and after a 429 as the service file says.
 */
#include "drive/client_core.h"

static void start_more(ob_client_core *core);

/* Ends of exchanges */

static void timer_closed(uv_handle_t *handle)
{
    obi_exchange *x = handle->data;
    ob_arena_fini(&x->arena);
    ob_mem_free(x);
}

void obi_exchange_free(obi_exchange *x)
{
    ob_client_core *core = x->core;
    core->transport->drop(core, x);
    if (x->phase == OBI_TOLD) {
        obi_told_forget(core, x);
    }
    *x->all_link = x->all_next;
    if (x->all_next != NULL) {
        x->all_next->all_link = x->all_link;
    }
    curl_slist_free_all(x->wire.headers);
    x->wire.headers = NULL;
    ob_buf_fini(&x->head);
    ob_buf_fini(&x->body);
    if (x->sse_open) {
        ob_sse_fini(&x->sse);
    }
    uv_close((uv_handle_t *)&x->timer, timer_closed);
}

/* Tells the caller and forgets the exchange. */
static void deliver(obi_exchange *x, ob_reply *reply)
{
    void (*done)(void *, const ob_reply *) = x->call.done;
    void *ctx = x->call.ctx;
    reply->attempts = x->attempts;
    reply->exchange_ms = (double)(ob_clock_ns() - x->started_ns) / 1e6;
    /* done may send again, so the exchange must not stand in its way; its arena lives on until the
     * loop closes the timer. */
    done(ctx, reply);
    obi_exchange_free(x);
}

static void deliver_unsent(obi_exchange *x, ob_lost lost, const char *why)
{
    ob_reply reply = {
        .lost = lost, .first_byte_ms = -1, .first_token_ms = -1, .max_gap_ms = -1, .total_ms = 0};
    (void)snprintf(reply.why, sizeof reply.why, "%.150s", why);
    deliver(x, &reply);
}

/* Limits */

static void on_rate_timer(uv_timer_t *timer)
{
    obi_after_events(timer->data);
}

/* May a request leave now? If not, the timer will ask again. */
static bool rate_allows(ob_client_core *core)
{
    uint64_t ms = obi_pace_take(core);
    if (ms > 0) {
        (void)uv_timer_start(&core->rate_timer, on_rate_timer, ms, 0);
    }
    return ms == 0;
}

static void remember_result(ob_client_core *core, bool failed)
{
    core->recent[core->recent_at++ % OB_RECENT] = failed;
    if (core->recent_count < OB_RECENT) {
        core->recent_count++;
    }
}

/* Off loopback a service that mostly fails is left alone. */
static void watch_failures(ob_client_core *core)
{
    unsigned failed = 0;
    ob_err err = {0};
    for (size_t i = 0; i < core->recent_count; i++) {
        failed += core->recent[i];
    }
    if (!core->loopback && !core->o.helper && core->recent_count == OB_RECENT &&
        failed > OB_RECENT / 2) {
        ob_client client = {core};
        (void)ob_fail(
            &err, OB_ERR_PEER,
            "%u of the last %d requests failed; the run stops so as not to harm the service",
            failed, OB_RECENT);
        ob_client_abort(&client, &err);
    }
}

/* Attempts */

static void reset_attempt(obi_exchange *x)
{
    ob_buf_reset(&x->head);
    ob_buf_reset(&x->body);
    x->answer = (ob_span){"", 0};
    if (x->sse_open) {
        ob_sse_fini(&x->sse);
        x->sse_open = false;
    }
    x->first_byte_ns = 0;
    x->first_token_ns = 0;
    x->last_byte_ns = 0;
    x->max_gap_ms = 0;
    x->blocks_out = 0;
    x->too_large = false;
    x->resend_refused = false;
    x->first_byte_late = false;
    x->head_open = false;
    x->refused = false;
}

static bool start_attempt(ob_client_core *core, obi_exchange *x, ob_err *err)
{
    const char *why = x->attempt.why;
    const obi_transport *t = core->transport;
    if ((t->ready != NULL && !t->ready(core, x, err)) || (!x->built && !t->build(core, x, err))) {
        return false;
    }
    x->built = true;
    reset_attempt(x);
    x->attempts++;
    core->requests++;
    x->attempt = (ob_attempt){.id = ++core->attempt_ids,
                              .number = x->attempts,
                              .why = why == NULL ? "" : why,
                              .kind = x->call.kind,
                              .request = x->wire.shown,
                              .first_byte_ms = -1};
    if (core->o.hooks.sending != NULL &&
        !core->o.hooks.sending(core->o.hooks.ctx, x->call.owner, &x->attempt, err)) {
        x->phase = OBI_ACTIVE;
        return false;
    }
    obi_told_add(core, x);
    return true;
}

/* A permission may end while a run goes on. */
static bool in_time(const ob_client_core *core)
{
    ob_err ignored = {0};
    return ob_scope_check_time(core->o.scope, ob_clock_wall_ms(), &ignored);
}

bool obi_may_resend(ob_client_core *core, const obi_exchange *x)
{
    return !x->call.writes && x->attempts <= core->o.service->limits.retries && !core->stopping &&
           !core->aborting && in_time(core) && core->requests < core->max_requests &&
           obi_pace_take(core) == 0;
}

static void on_retry(uv_timer_t *timer)
{
    obi_exchange *x = timer->data;
    ob_client_core *core = x->core;
    ob_err err = {0};
    uint64_t ms = 0;
    if (core->stopping || core->aborting || !in_time(core)) {
        core->active--;
        deliver_unsent(x, OB_LOST_STOPPED, "the run was stopped before a retry");
    } else if (core->requests >= core->max_requests) {
        core->active--;
        deliver_unsent(x, OB_LOST_BUDGET, "the request budget is spent");
    } else if ((ms = obi_pace_take(core)) > 0) {
        (void)uv_timer_start(&x->timer, on_retry, ms, 0);
    } else if (!start_attempt(core, x, &err)) {
        ob_client client = {core};
        ob_client_abort(&client, &err);
        core->active--;
        deliver_unsent(x, OB_LOST_STOPPED, err.text);
    }
    obi_after_events(core);
}

/* Why this attempt is to be followed by another; NULL if it is not. */
static const char *retry_reason(const ob_client_core *core, const obi_exchange *x, ob_lost lost)
{
    bool unanswered = x->first_byte_ns == 0;
    bool harmless = x->blocks_out == 0 || (core->transport->resends && !x->call.writes);
    if (x->attempts > core->o.service->limits.retries || core->stopping || core->aborting) {
        return NULL;
    }
    if (lost == OB_LOST_THROTTLED && x->call.any_status) {
        return NULL;
    }
    if (lost == OB_LOST_THROTTLED && core->o.service->limits.on_429 == OB_429_WAIT) {
        return "retry: throttled";
    }
    if (!unanswered || !harmless) {
        return NULL;
    }
    switch (lost) {
    case OB_LOST_CONNECT:
        return "retry: no connection";
    case OB_LOST_RESET:
        return "retry: reset";
    case OB_LOST_FIRST_BYTE:
        return "retry: no first byte";
    case OB_LOST_NONE:
    case OB_LOST_TOTAL:
    case OB_LOST_CUT:
    case OB_LOST_TOO_LARGE:
    case OB_LOST_STATUS:
    case OB_LOST_THROTTLED:
    case OB_LOST_MAPPING:
    case OB_LOST_SCOPE:
    case OB_LOST_BUDGET:
    case OB_LOST_STOPPED:
        break;
    }
    return NULL;
}

/* Why a whole answer holds no reply. The sentence may quote the answer, and cut a secret in it
 * where no mask knows it any more, so it is made from what may be shown. */
static bool tell_unread(const ob_client_core *core, obi_exchange *x, const ob_err *inner,
                        ob_reply *reply, ob_err *err)
{
    ob_reply ignored = {0};
    ob_err shown = {0};
    bool cut = strstr(inner->text, "ends early") != NULL;
    reply->lost = cut ? OB_LOST_CUT : OB_LOST_MAPPING;
    if (ob_span_is(reply->answer, x->answer)) {
        shown = *inner;
    } else if (obi_answer_read(core, x, reply->answer, &ignored, &shown)) {
        (void)ob_fail(&shown, OB_ERR_PEER, "the reply cannot be read once its secrets are hidden");
    }
    ob_span why = ob_span_str(shown.text);
    if (!obi_hide_in(core, x, &why, err)) {
        return false;
    }
    (void)snprintf(reply->why, sizeof reply->why, "%.155s", why.ptr);
    return true;
}

/* Reads the reply, then tells the hooks, with all that is secret hidden. */
static bool conclude(ob_client_core *core, obi_exchange *x, ob_reply *reply, ob_err *err)
{
    ob_err inner = {0};
    if (reply->lost == OB_LOST_NONE && !obi_answer_read(core, x, x->answer, reply, &inner) &&
        (inner.kind == OB_ERR_NOMEM || inner.kind == OB_ERR_BUG)) {
        *err = inner;
        return false;
    }
    size_t globals = core->hidden_count;
    bool hidden = true;
    for (size_t i = 0; hidden && i < reply->extracted_count; i++) {
        hidden =
            !reply->extracted[i].secret || obi_hide_value(core, reply->extracted[i].value, err);
    }
    hidden = hidden && obi_hide_reply(core, x, reply, err) &&
             (inner.kind == OB_OK || tell_unread(core, x, &inner, reply, err));
    /* The extracted secrets are hidden by the variables they become from now on. */
    core->hidden_count = globals;
    if (!hidden) {
        return false;
    }
    x->attempt.lost = reply->lost;
    x->attempt.status = reply->status;
    x->attempt.head = reply->head;
    x->attempt.body = reply->body;
    x->attempt.first_byte_ms = reply->first_byte_ms;
    x->attempt.total_ms = reply->total_ms;
    return core->o.hooks.ended == NULL ||
           core->o.hooks.ended(core->o.hooks.ctx, x->call.owner, &x->attempt, err);
}

static void measure(const obi_exchange *x, ob_reply *reply)
{
    double base = (double)x->sent_ns;
    reply->attempt_id = x->attempt.id;
    reply->first_byte_ms = x->first_byte_ns == 0 ? -1 : ((double)x->first_byte_ns - base) / 1e6;
    reply->first_token_ms = x->first_token_ns == 0 ? -1 : ((double)x->first_token_ns - base) / 1e6;
    reply->max_gap_ms = x->first_byte_ns == 0 ? -1 : x->max_gap_ms;
    reply->total_ms = ((double)ob_clock_ns() - base) / 1e6;
}

/* Nobody is there at all: say so once instead of trying every trial. */
static void watch_reach(ob_client_core *core, const obi_exchange *x, const ob_reply *reply,
                        bool answered)
{
    ob_err err = {0};
    core->answered += answered;
    core->unreached += reply->lost == OB_LOST_CONNECT && x->blocks_out == 0;
    if (core->answered == 0 && core->unreached >= OB_UNREACHED && !core->aborting &&
        !core->o.helper) {
        ob_client client = {core};
        (void)ob_fail(&err, OB_ERR_PEER, "%s", reply->why);
        ob_client_abort(&client, &err);
    }
}

static void wait_for_retry(ob_client_core *core, obi_exchange *x, const char *why,
                           const ob_reply *reply)
{
    uint64_t ms = (uint64_t)(250.0 * x->attempts * core->o.service->time_scale);
    if (reply->lost == OB_LOST_THROTTLED) {
        ms = obi_answer_retry_after(core, x);
        obi_pace_throttled(core, reply->status, ms);
    }
    x->attempt.why = why;
    x->phase = OBI_WAITING;
    (void)uv_timer_start(&x->timer, on_retry, ms, 0);
}

void obi_attempt_ended(ob_client_core *core, obi_exchange *x, const obi_end *end)
{
    ob_err err = {0};
    ob_reply reply = {.lost = end->lost, .status = end->status};
    ob_client client = {core};
    (void)snprintf(reply.why, sizeof reply.why, "%s", end->why);
    measure(x, &reply);
    if (reply.lost == OB_LOST_SCOPE) {
        core->requests--; /* refused before a socket was made: nothing was sent */
    }
    core->transport->drop(core, x);
    bool good =
        (x->attempt.address[0] == '\0' || obi_note_address(core, x, &err)) &&
        conclude(core, x, &reply, &err) &&
        (x->call.jar == NULL || obi_jar_take(x->call.jar, &x->wire, ob_buf_span(&x->head), &err));
    remember_result(core, reply.lost != OB_LOST_NONE && !(x->call.any_status && reply.status > 0));
    watch_reach(core, x, &reply, end->answered);
    watch_failures(core);
    if (!good) {
        ob_client_abort(&client, &err);
    }
    if (reply.lost == OB_LOST_THROTTLED && !x->call.any_status &&
        core->o.service->limits.on_429 == OB_429_STOP) {
        (void)ob_fail(&err, OB_ERR_PEER, "%s and limits.on_429 says stop", reply.why);
        ob_client_abort(&client, &err);
    }
    const char *again = good ? retry_reason(core, x, reply.lost) : NULL;
    if (reply.lost != OB_LOST_THROTTLED) {
        obi_pace_answered(core);
    }
    if (again != NULL) {
        wait_for_retry(core, x, again, &reply);
        return;
    }
    core->active--;
    deliver(x, &reply);
}

/* Timers of the caller */

void obi_wait_closed(uv_handle_t *handle)
{
    ob_mem_free(handle->data);
}

static void on_wait_over(uv_timer_t *timer)
{
    obi_wait *wait = timer->data;
    ob_client_core *core = wait->core;
    *wait->link = wait->next;
    if (wait->next != NULL) {
        wait->next->link = wait->link;
    }
    wait->fn(wait->ctx);
    uv_close((uv_handle_t *)timer, obi_wait_closed);
    obi_after_events(core);
}

static void end_wait_now(ob_client_core *core)
{
    for (obi_wait *wait = core->waits; wait != NULL; wait = wait->next) {
        (void)uv_timer_start(&wait->timer, on_wait_over, 0, 0);
    }
}

/* The queue */

static obi_exchange *take_first(ob_client_core *core)
{
    obi_exchange *x = core->queue;
    core->queue = x->next;
    core->taken++;
    if (core->queue == NULL) {
        core->queue_end = &core->queue;
    }
    x->next = NULL;
    return x;
}

static void start_more(ob_client_core *core)
{
    while (core->queue != NULL) {
        ob_err err = {0};
        if (core->stopping || core->aborting || !in_time(core)) {
            deliver_unsent(take_first(core), OB_LOST_STOPPED, "the run was stopped");
            continue;
        }
        if (core->active >= core->in_flight) {
            return;
        }
        if (core->requests >= core->max_requests) {
            deliver_unsent(take_first(core), OB_LOST_BUDGET, "the request budget is spent");
            continue;
        }
        if (!rate_allows(core)) {
            return;
        }
        obi_exchange *x = take_first(core);
        core->active++;
        if (!start_attempt(core, x, &err)) {
            ob_client client = {core};
            core->active--;
            ob_client_abort(&client, &err);
            deliver_unsent(x, OB_LOST_STOPPED, err.text);
        }
    }
}

/* Nothing that is under way matters any more. */
static void drop_active(ob_client_core *core)
{
    obi_exchange *x = core->all;
    while (x != NULL) {
        if (x->phase == OBI_QUEUED) {
            x = x->all_next;
            continue;
        }
        core->active--;
        deliver_unsent(x, OB_LOST_STOPPED, "the run was ended");
        x = core->all;
    }
}

static bool is_idle(const ob_client_core *core)
{
    return core == NULL || (core->queue == NULL && core->active == 0 && core->waits == NULL);
}

static void tend(ob_client_core *core)
{
    if (core != NULL && core->aborting) {
        drop_active(core);
        end_wait_now(core);
    }
    if (core != NULL) {
        start_more(core);
    }
}

/* What ends at one client may queue something at the other, and the other way round. */
static void tend_both(ob_client_core *core)
{
    ob_client_core *other = core->beside;
    uint64_t before = 0;
    do {
        before = core->taken + (other == NULL ? 0 : other->taken);
        tend(core);
        tend(other);
    } while (core->taken + (other == NULL ? 0 : other->taken) != before);
}

void obi_after_events(ob_client_core *core)
{
    tend_both(core);
    if (is_idle(core) && is_idle(core->beside)) {
        uv_stop(core->loop);
    }
}

bool ob_client_send(ob_client *client, const ob_call *call, ob_err *err)
{
    ob_client_core *core = client->core;
    obi_exchange *x = ob_mem_new(sizeof *x);
    if (x == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for a request");
    }
    *x = (obi_exchange){.core = core,
                        .call = *call,
                        .started_ns = ob_clock_ns(),
                        .head = {.max = OB_HEAD_MAX, .secret = true}, /* cookies, tokens */
                        .body = {.max = core->o.service->limits.reply_bytes, .secret = true},
                        .arena = {.secret = true},
                        .all_next = core->all,
                        .all_link = &core->all};
    (void)uv_timer_init(core->loop, &x->timer);
    x->timer.data = x;
    if (core->all != NULL) {
        core->all->all_link = &x->all_next;
    }
    core->all = x;
    *core->queue_end = x;
    core->queue_end = &x->next;
    return true;
}

bool ob_client_after(ob_client *client, uint64_t ms, void (*fn)(void *ctx), void *ctx, ob_err *err)
{
    ob_client_core *core = client->core;
    obi_wait *wait = ob_mem_new(sizeof *wait);
    if (wait == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for a timer");
    }
    *wait =
        (obi_wait){.fn = fn, .ctx = ctx, .core = core, .next = core->waits, .link = &core->waits};
    if (core->waits != NULL) {
        core->waits->link = &wait->next;
    }
    core->waits = wait;
    (void)uv_timer_init(core->loop, &wait->timer);
    wait->timer.data = wait;
    (void)uv_timer_start(&wait->timer, on_wait_over, ms, 0);
    return true;
}

void obi_on_stop(uv_poll_t *poll, int status, int events)
{
    ob_client_core *core = poll->data;
    (void)status;
    (void)events;
    (void)uv_poll_stop(poll);
    if (core->o.hooks.stopping != NULL) {
        core->o.hooks.stopping(core->o.hooks.ctx);
    }
    obi_after_events(core);
}

bool ob_client_run(ob_client *client, ob_err *err)
{
    ob_client_core *core = client->core;
    ob_client_core *other = core->beside;
    tend_both(core);
    if (!is_idle(core) || !is_idle(other)) {
        (void)uv_prepare_start(&core->settler, obi_settle);
        if (other != NULL) {
            (void)uv_prepare_start(&other->settler, obi_settle);
        }
        (void)uv_run(core->loop, UV_RUN_DEFAULT);
        (void)uv_prepare_stop(&core->settler);
        if (other != NULL) {
            (void)uv_prepare_stop(&other->settler);
        }
    }
    if (core->aborting || (core->beside != NULL && core->beside->aborting)) {
        *err = core->aborting ? core->why : core->beside->why;
        return false;
    }
    return true;
}

void ob_client_abort(ob_client *client, const ob_err *why)
{
    ob_client_core *core = client->core;
    if (!core->aborting) {
        core->aborting = true;
        core->why = *why;
    }
}

void ob_client_stop(ob_client *client)
{
    ob_client_core *core = client->core;
    core->stopping = true;
    end_wait_now(core);
    for (obi_exchange *x = core->all; x != NULL; x = x->all_next) {
        if (x->phase == OBI_WAITING) {
            (void)uv_timer_start(&x->timer, on_retry, 0, 0);
        }
    }
}
