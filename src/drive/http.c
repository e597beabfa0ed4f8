/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One attempt through curl's multi interface on a libuv loop. Nothing of the environment counts: no
 * proxy variables, no netrc, no redirects, http and https only. Each new socket is checked against
 * the scope before it is made, with the address that the name really resolved to.
 */
#include "drive/client_core.h"

#include <unistd.h>

#define CONNECTIONS_KEPT 64

/*
 * A socket that curl waits for. curl forgets its sockets whenever no transfer needs them; the watch
 * of a connection that is kept then rests, still at work, until the next transfer on it or until
 * the socket is closed. Telling the system anew each time would cost more than the exchange itself.
 */
typedef struct socket_watch {
    uv_poll_t poll;
    curl_socket_t socket;
    int events;
    ob_client_core *core;
    struct socket_watch *next; /* among those at rest */
} socket_watch;

static void read_charset(obi_exchange *x, obi_end *end)
{
    ob_err err = {0};
    ob_span body = ob_buf_span(&x->body);
    bool good = obi_charset_read(&x->arena, ob_buf_span(&x->head), body, &x->answer, &err);
    x->converted = x->answer.ptr == body.ptr ? (ob_span){"", 0} : x->answer;
    if (!good && end->lost == OB_LOST_NONE) {
        end->lost = OB_LOST_MAPPING;
        (void)snprintf(end->why, sizeof end->why, "%.150s", err.text);
    }
    /* A reader of JSON may overlook a mark before it (RFC 8259, 8.1). */
    x->answer = ob_span_skip_mark(x->answer);
}

/* Reads the end of the transfer off curl, which forgets it with the next one. */
static void end_attempt(ob_client_core *core, obi_exchange *x, CURLcode code)
{
    obi_end end = {0};
    long status = 0;
    if (x->resend_refused) {
        /* curl's own words would be about the refusal. */
        (void)snprintf(x->curl_text, sizeof x->curl_text, "it ended without an answer");
    }
    end.lost = obi_answer_classify(core, x, code, end.why);
    if (x->head.len > 0) {
        (void)curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
    }
    end.status = (int)status;
    end.answered = status > 0;
    read_charset(x, &end);
    if (x->attempt.address[0] == '\0' && x->blocks_out > 0) {
        /* A re-used connection opened no socket; its address is known to curl. */
        char *ip = NULL;
        long port = 0;
        if (curl_easy_getinfo(x->easy, CURLINFO_PRIMARY_IP, &ip) == CURLE_OK && ip != NULL &&
            curl_easy_getinfo(x->easy, CURLINFO_PRIMARY_PORT, &port) == CURLE_OK) {
            (void)snprintf(x->attempt.address, sizeof x->attempt.address,
                           strchr(ip, ':') != NULL ? "[%s]:%ld" : "%s:%ld", ip, port);
        }
    }
    obi_attempt_ended(core, x, &end);
}

static void free_watch(uv_handle_t *handle)
{
    ob_mem_free(handle->data);
}

static void end_watch(socket_watch *watch)
{
    (void)uv_poll_stop(&watch->poll);
    uv_close((uv_handle_t *)&watch->poll, free_watch);
}

/* Takes the watch of a socket from those at rest; NULL if there is none. */
static socket_watch *wake(ob_client_core *core, curl_socket_t socket)
{
    for (socket_watch **at = &core->resting; *at != NULL; at = &(*at)->next) {
        socket_watch *watch = *at;
        if (watch->socket == socket) {
            *at = watch->next;
            return watch;
        }
    }
    return NULL;
}

static int on_close(void *ctx, curl_socket_t socket)
{
    socket_watch *watch = wake(ctx, socket);
    if (watch != NULL) {
        end_watch(watch);
    }
    return close(socket);
}

static void read_messages(ob_client_core *core)
{
    int left = 0;
    for (CURLMsg *message; (message = curl_multi_info_read(core->multi, &left)) != NULL;) {
        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        obi_exchange *x = NULL;
        CURL *easy = message->easy_handle;
        CURLcode code = message->data.result;
        (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&x);
        end_attempt(core, x, code);
    }
    obi_after_events(core);
}

static void on_socket_ready(uv_poll_t *poll, int status, int events)
{
    socket_watch *watch = poll->data;
    ob_client_core *core = watch->core;
    int flags = status < 0 ? CURL_CSELECT_ERR : 0;
    int running = 0;
    for (const socket_watch *at = core->resting; at != NULL; at = at->next) {
        if (at == watch) {
            /* The service closed a connection at rest; curl sees that when it wants it again. */
            (void)wake(core, watch->socket);
            end_watch(watch);
            return;
        }
    }
    if ((events & UV_READABLE) != 0) {
        flags |= CURL_CSELECT_IN;
    }
    if ((events & UV_WRITABLE) != 0) {
        flags |= CURL_CSELECT_OUT;
    }
    (void)curl_multi_socket_action(core->multi, watch->socket, flags, &running);
    read_messages(core);
}

static socket_watch *new_watch(ob_client_core *core, curl_socket_t socket)
{
    socket_watch *watch = ob_mem_new(sizeof *watch);
    if (watch == NULL) {
        return NULL;
    }
    *watch = (socket_watch){.socket = socket, .core = core};
    if (uv_poll_init_socket(core->loop, &watch->poll, socket) != 0) {
        ob_mem_free(watch);
        return NULL;
    }
    watch->poll.data = watch;
    return watch;
}

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *ctx, void *socket_ctx)
{
    ob_client_core *core = ctx;
    socket_watch *watch = socket_ctx;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (watch != NULL) {
            watch->next = core->resting;
            core->resting = watch;
            (void)curl_multi_assign(core->multi, socket, NULL);
        }
        return 0;
    }
    if (watch == NULL) {
        watch = wake(core, socket);
        watch = watch != NULL ? watch : new_watch(core, socket);
        if (watch == NULL) {
            return -1;
        }
        (void)curl_multi_assign(core->multi, socket, watch);
    }
    int events = (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
    if (events == watch->events) {
        return 0;
    }
    watch->events = events;
    return uv_poll_start(&watch->poll, events, on_socket_ready) == 0 ? 0 : -1;
}

static void on_curl_timer(uv_timer_t *timer)
{
    ob_client_core *core = timer->data;
    int running = 0;
    (void)curl_multi_socket_action(core->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    read_messages(core);
}

static int on_timer_wanted(CURLM *multi, long ms, void *ctx)
{
    ob_client_core *core = ctx;
    (void)multi;
    if (ms < 0) {
        (void)uv_timer_stop(&core->curl_timer);
    } else {
        /* At once would re-enter curl from its own callback; the next turn of the loop is soon
         * enough. */
        (void)uv_timer_start(&core->curl_timer, on_curl_timer, (uint64_t)ms, 0);
    }
    return 0;
}

/* What happens during a transfer */

static curl_socket_t on_open(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
    obi_exchange *x = ctx;
    ob_err err = {0};
    ob_span asked = x->wire.named.len > 0 ? x->wire.named : x->wire.host;
    (void)purpose;
    if (!ob_scope_check_address(x->core->o.scope, asked, &address->addr, &err)) {
        x->refused = true;
        (void)snprintf(x->refusal, sizeof x->refusal, "%.150s", err.text);
        return CURL_SOCKET_BAD;
    }
    ob_address_show(&address->addr, x->attempt.address);
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static void on_late(uv_timer_t *timer)
{
    obi_exchange *x = timer->data;
    ob_client_core *core = x->core;
    curl_off_t began_us = 0;
    if (x->first_byte_ns != 0) {
        return;
    }
    if (curl_easy_getinfo(x->easy, CURLINFO_STARTTRANSFER_TIME_T, &began_us) == CURLE_OK &&
        began_us > 0) {
        /* Bytes came, but no whole line yet, and curl hands out whole lines. */
        x->first_byte_ns = x->last_byte_ns = ob_clock_ns();
        return;
    }
    x->first_byte_late = true;
    end_attempt(core, x, CURLE_OPERATION_TIMEDOUT);
    obi_after_events(core);
}

static void abort_with(ob_client_core *core, const ob_err *err)
{
    ob_client client = {core};
    ob_client_abort(&client, err);
}

/* A header block has left. */
static void on_block_out(obi_exchange *x)
{
    x->blocks_out++;
    x->sent_ns = ob_clock_ns();
    (void)uv_timer_start(&x->timer, on_late, x->core->o.service->limits.first_byte_ms, 0);
}

/* The attempt at hand died with a connection that was kept open; a further one is to leave. */
static bool tell_resend(obi_exchange *x, ob_err *err)
{
    ob_client_core *core = x->core;
    const ob_hooks *hooks = &core->o.hooks;
    ob_attempt dead = x->attempt;
    dead.lost = OB_LOST_RESET;
    dead.total_ms = (double)(ob_clock_ns() - x->sent_ns) / 1e6;
    dead.first_byte_ms = -1;
    x->attempts++;
    core->requests++;
    x->attempt.id = ++core->attempt_ids;
    x->attempt.number = x->attempts;
    x->attempt.why = "connection died";
    return (hooks->ended == NULL || hooks->ended(hooks->ctx, x->call.owner, &dead, err)) &&
           (hooks->sending == NULL ||
            hooks->sending(hooks->ctx, x->call.owner, &x->attempt, err)) &&
           (hooks->settle == NULL || hooks->settle(hooks->ctx, err));
}

/*
 * curl has a connection and is about to send. Where the request has left before, curl does it again
 * because a connection that it re-used had died: an attempt of its own, which is told like any
 * other before it leaves and keeps to the same limits. What may not leave now ends here, and the
 * client decides about another try.
 */
static int on_ready(void *ctx, char *ip, char *local_ip, int port, int local_port)
{
    obi_exchange *x = ctx;
    ob_client_core *core = x->core;
    ob_err err = {0};
    (void)ip;
    (void)local_ip;
    (void)port;
    (void)local_port;
    if (x->blocks_out == 0) {
        return CURL_PREREQFUNC_OK;
    }
    if (!obi_may_resend(core, x)) {
        x->resend_refused = true;
        return CURL_PREREQFUNC_ABORT;
    }
    if (!tell_resend(x, &err)) {
        abort_with(core, &err);
        return CURL_PREREQFUNC_ABORT;
    }
    return CURL_PREREQFUNC_OK;
}

static int on_debug(CURL *easy, curl_infotype type, char *data, size_t size, void *ctx)
{
    ob_span text = {data, size};
    (void)easy;
    if (type == CURLINFO_HEADER_OUT && !ob_span_has_prefix(text, OB_SPAN("CONNECT "))) {
        on_block_out(ctx);
    }
    return 0;
}

static void note_bytes(obi_exchange *x)
{
    uint64_t now = ob_clock_ns();
    if (x->first_byte_ns == 0) {
        x->first_byte_ns = now;
        (void)uv_timer_stop(&x->timer);
    } else {
        double gap = (double)(now - x->last_byte_ns) / 1e6;
        x->max_gap_ms = gap > x->max_gap_ms ? gap : x->max_gap_ms;
    }
    x->last_byte_ns = now;
}

static size_t on_header(char *data, size_t size, size_t count, void *ctx)
{
    obi_exchange *x = ctx;
    ob_span line = {data, size * count};
    note_bytes(x);
    if (!x->head_open && ob_span_has_prefix(line, OB_SPAN("HTTP/"))) {
        ob_buf_reset(&x->head); /* the head of the answer follows, not that of a 100 */
    }
    x->head_open = ob_span_trim(line).len > 0;
    ob_buf_add(&x->head, line);
    if (x->head.bad != OB_OK) {
        x->too_large = true;
        return 0;
    }
    return line.len;
}

/* Only for the time of the first word; the reply itself is read from the whole body at the end. */
static void look_for_content(obi_exchange *x, ob_span bytes)
{
    const ob_service *service = x->core->o.service;
    ob_sse_event event;
    if (x->call.call != NULL || x->first_token_ns != 0 || !service->stream ||
        service->driver->is_content == NULL) {
        return;
    }
    if (!x->sse_open) {
        ob_sse_init(&x->sse);
        x->sse_open = true;
    }
    while (x->first_token_ns == 0 && ob_sse_feed(&x->sse, &bytes, &event) == OB_DONE) {
        if (service->driver->is_content(event.data)) {
            x->first_token_ns = x->last_byte_ns;
        }
    }
}

static size_t on_body(char *data, size_t size, size_t count, void *ctx)
{
    obi_exchange *x = ctx;
    ob_span bytes = {data, size * count};
    note_bytes(x);
    ob_buf_add(&x->body, bytes);
    if (x->body.bad != OB_OK) {
        x->too_large = true;
        return 0;
    }
    look_for_content(x, bytes);
    return bytes.len;
}

/* Starting */

static CURL *take_easy(ob_client_core *core)
{
    if (core->pool_count > 0) {
        return core->pool[--core->pool_count];
    }
    return curl_easy_init();
}

static bool set_tls(const ob_client_core *core, CURL *easy)
{
    const ob_service *s = core->o.service;
    bool good = true;
    if (s->ca_file.len > 0) {
        good = curl_easy_setopt(easy, CURLOPT_CAINFO, s->ca_file.ptr) == CURLE_OK;
    }
    if (good && s->client_cert.len > 0) {
        good = curl_easy_setopt(easy, CURLOPT_SSLCERT, s->client_cert.ptr) == CURLE_OK;
    }
    if (good && core->client_key.len > 0 && core->client_key_is_text) {
        /* curl only reads through the pointer. */
        struct curl_blob blob = {.data = (void *)(uintptr_t)core->client_key.ptr,
                                 .len = core->client_key.len,
                                 .flags = CURL_BLOB_COPY};
        good = curl_easy_setopt(easy, CURLOPT_SSLKEY_BLOB, &blob) == CURLE_OK;
    } else if (good && core->client_key.len > 0) {
        good = curl_easy_setopt(easy, CURLOPT_SSLKEY, core->client_key.ptr) == CURLE_OK;
    }
    return good;
}

static bool set_request(ob_client_core *core, obi_exchange *x, CURL *easy)
{
    const ob_service_limits *l = &core->o.service->limits;
    const obi_wire *w = &x->wire;
    bool good =
        curl_easy_setopt(easy, CURLOPT_URL, w->url.ptr) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, w->headers) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)l->connect_ms) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)l->total_ms) == CURLE_OK;
    if (good && ob_span_is_str(w->method, "HEAD") && !w->has_body) {
        good = curl_easy_setopt(easy, CURLOPT_NOBODY, 1L) == CURLE_OK; /* none will come */
    }
    if (good && w->has_body) {
        good = curl_easy_setopt(easy, CURLOPT_POST, 1L) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)w->body.len) ==
                   CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_POSTFIELDS, w->body.ptr) == CURLE_OK;
    }
    /* The method was copied with a NUL behind it only if it came from a file; make sure of it. */
    ob_span method = {0};
    ob_err ignored = {0};
    good = good && ob_arena_dup(&x->arena, w->method, &method, &ignored) &&
           curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method.ptr) == CURLE_OK;
    /* A connection that is kept was opened under another name, perhaps. */
    if (good && (x->call.writes || w->named.len > 0)) {
        good = curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK;
    }
    return good;
}

static bool set_common(ob_client_core *core, obi_exchange *x, CURL *easy)
{
    return curl_easy_setopt(easy, CURLOPT_PRIVATE, x) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY, core->proxy.len > 0 ? core->proxy.ptr : "") ==
               CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOPROXY, "") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, x->curl_text) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, x) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, core) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERDATA, x) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, x) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_ready) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQDATA, x) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_DEBUGDATA, x) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS) == CURLE_OK;
}

static bool http_start(ob_client_core *core, obi_exchange *x, ob_err *err)
{
    if (!obi_way_check(core, x, err)) {
        return false;
    }
    CURL *easy = take_easy(core);
    if (easy == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for a request");
    }
    curl_easy_reset(easy);
    x->curl_text[0] = '\0';
    if (!set_common(core, x, easy) || !set_tls(core, easy) || !set_request(core, x, easy)) {
        curl_easy_cleanup(easy);
        return obi_way_refuse(core, x, "is refused by the network library", err);
    }
    x->easy = easy;
    x->sent_ns = ob_clock_ns();
    CURLMcode code = curl_multi_add_handle(core->multi, easy);
    if (code != CURLM_OK) {
        x->easy = NULL;
        curl_easy_cleanup(easy);
        return ob_fail(err, OB_ERR_BUG, "the network library: %s", curl_multi_strerror(code));
    }
    return true;
}

static void http_drop(ob_client_core *core, obi_exchange *x)
{
    if (x->easy == NULL) {
        return;
    }
    (void)curl_multi_remove_handle(core->multi, x->easy);
    if (core->pool_count < OB_EASY_POOL) {
        core->pool[core->pool_count++] = x->easy;
    } else {
        curl_easy_cleanup(x->easy);
    }
    x->easy = NULL;
    (void)uv_timer_stop(&x->timer);
}

/* Opening and closing */

static bool http_open(ob_client_core *core, ob_err *err)
{
    if (!obi_way_open(core, err)) {
        return false;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return ob_fail(err, OB_ERR_NOMEM, "the network library cannot start");
    }
    core->multi = curl_multi_init();
    if (core->multi == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for the network library");
    }
    (void)uv_timer_init(core->loop, &core->curl_timer);
    core->curl_timer.data = core;
    (void)curl_multi_setopt(core->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    (void)curl_multi_setopt(core->multi, CURLMOPT_SOCKETDATA, core);
    (void)curl_multi_setopt(core->multi, CURLMOPT_TIMERFUNCTION, on_timer_wanted);
    (void)curl_multi_setopt(core->multi, CURLMOPT_TIMERDATA, core);
    /* By itself curl keeps four for each request at work, so those at rest for a moment are lost.
     */
    (void)curl_multi_setopt(core->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT);
    return true;
}

static void http_close(ob_client_core *core)
{
    if (core->multi == NULL) {
        return;
    }
    for (size_t i = 0; i < core->pool_count; i++) {
        curl_easy_cleanup(core->pool[i]);
    }
    core->pool_count = 0;
    (void)curl_multi_cleanup(core->multi); /* closes all sockets, which ends their watches */
    core->multi = NULL;
    while (core->resting != NULL) {
        end_watch(wake(core, core->resting->socket));
    }
    uv_close((uv_handle_t *)&core->curl_timer, NULL);
}

const obi_transport obi_transport_http = {
    .resends = true,
    .open = http_open,
    .close = http_close,
    .build = obi_request_build,
    .start = http_start,
    .drop = http_drop,
};
