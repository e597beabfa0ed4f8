/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/link_way.h"

#include "cli/cli.h"
#include "cli/link_net.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <unistd.h>

static bool check_scope(const ob_scope *scope, ob_span host, const struct sockaddr *address,
                        ob_effect effect, ob_err *err)
{
    if (!scope->present && ob_address_is_loopback(address)) {
        return true;
    }
    return ob_scope_check_address(scope, host, address, err) &&
           ob_scope_check_effect(scope, effect, err) &&
           ob_scope_check_time(scope, ob_clock_wall_ms(), err);
}

bool ob_link_way_open(ob_link_way *way, const ob_args *args, ob_arena *arena, ob_span host,
                      uint16_t port, int kind, ob_effect effect, ob_err *err)
{
    ob_scope scope = {0};
    char name[256];
    char service[8];
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = kind};
    struct addrinfo *found = NULL;
    const char *path = ob_args_text(args, "scope");
    way->fd = -1;
    if (!ob_cli_signals(&way->stop, err) ||
        (path != NULL && !ob_scope_load(&scope, arena, path, err))) {
        return false;
    }
    (void)snprintf(name, sizeof name, "%.*s", OB_SHOW(host));
    (void)snprintf(service, sizeof service, "%u", port);
    way->most = scope.requests;
    way->gap_ms = scope.rate > 0 ? (uint64_t)(1000 / scope.rate) : 0;
    int code = getaddrinfo(name, service, &hints, &found);
    if (code != 0 || found == NULL) {
        OB_AUTO(ob_buf) shown = {.max = 1024};
        ob_buf_add_shown(&shown, host, 60);
        return ob_fail(err, OB_ERR_INPUT, "cannot find the address of '%.*s': %s",
                       OB_SHOW(ob_buf_span(&shown)), gai_strerror(code));
    }
    bool good = check_scope(&scope, host, found->ai_addr, effect, err) &&
                ob_link_connect(found->ai_addr, found->ai_addrlen, kind, &way->fd, err);
    freeaddrinfo(found);
    return good;
}

void ob_link_way_close(ob_link_way *way)
{
    if (way->fd >= 0) {
        (void)close(way->fd);
    }
    way->fd = -1;
}

static uint64_t now_ms(void)
{
    return ob_clock_ns() / 1000000;
}

bool ob_link_way_take(ob_link_way *way, ob_err *err)
{
    uint64_t now = now_ms();
    if (way->most > 0 && way->count == way->most) {
        return ob_fail(err, OB_ERR_LIMIT, "the scope allows %llu requests, and no more",
                       (unsigned long long)way->most);
    }
    if (way->sent && now < way->last_ms + way->gap_ms) {
        (void)poll(NULL, 0, (int)(way->last_ms + way->gap_ms - now));
    }
    way->last_ms = now_ms();
    way->sent = true;
    way->count++;
    return true;
}

bool ob_link_way_wait(const ob_link_way *way, short events, uint64_t until_ms, bool *ready,
                      ob_err *err)
{
    struct pollfd waits[2] = {{.fd = way->fd, .events = events},
                              {.fd = way->stop, .events = POLLIN}};
    uint64_t now = now_ms();
    uint64_t wait = until_ms > now ? until_ms - now : 0;
    int count = poll(waits, 2, wait > 60000 ? 60000 : (int)wait);
    if (count > 0 && waits[1].revents != 0) {
        return ob_fail(err, OB_ERR_CANCELLED, "stopped");
    }
    *ready = count > 0 && waits[0].revents != 0;
    return true;
}

/* --- as a wire of the CoAP client --- */

static bool wire_send(void *ctx, ob_span datagram, ob_err *err)
{
    ob_link_way *way = ctx;
    if (!ob_link_way_take(way, err)) {
        return false;
    }
    /* A refusal tells of an earlier datagram; this one may still arrive, or is sent again. */
    if (send(way->fd, datagram.ptr, datagram.len, MSG_NOSIGNAL) < 0 && errno != ECONNREFUSED &&
        errno != EAGAIN) {
        return ob_fail_errno(err, errno, "cannot send");
    }
    return true;
}

static uint64_t wire_now(void *ctx)
{
    (void)ctx;
    return now_ms();
}

static bool wire_wait(void *ctx, uint64_t until_ms, uint8_t *bytes, size_t cap, size_t *len,
                      ob_err *err)
{
    const ob_link_way *way = ctx;
    bool ready = false;
    *len = 0;
    if (!ob_link_way_wait(way, POLLIN, until_ms, &ready, err)) {
        return false;
    }
    ssize_t got = ready ? recv(way->fd, bytes, cap, MSG_TRUNC) : 0;
    if (got < 0 && errno == ECONNREFUSED) {
        return ob_fail(err, OB_ERR_PEER, "nobody listens there");
    }
    *len = got > 0 && (size_t)got <= cap ? (size_t)got : 0;
    return true;
}

ob_node_wire ob_link_way_wire(ob_link_way *way)
{
    return (ob_node_wire){way, wire_send, wire_wait, wire_now};
}

bool ob_link_choose_id(uint8_t *id, ob_err *err)
{
    if (!ob_random(id, 1, err)) {
        return false;
    }
    *id = (uint8_t)(*id % 24 + (*id & 0x80 ? 0x20 : 0));
    return true;
}
