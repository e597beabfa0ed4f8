/* SPDX-License-Identifier: Apache-2.0 */
/* ombud link serve: the server of src/node on a UDP socket. */
#include "cli/cli.h"
#include "cli/link.h"
#include "cli/link_net.h"
#include "drive/scope.h"
#include "node/server.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#define SENSOR_MS 2000

typedef struct serving {
    const ob_args *args;
    int fd;
    ob_node_server *server;
} serving;

static uint64_t now_ms(void)
{
    return ob_clock_ns() / 1000000;
}

static void send_to(void *ctx, const ob_coap_remote *to, ob_span datagram)
{
    const serving *s = ctx;
    struct sockaddr_storage address = {0};
    memcpy(&address, to->bytes, to->len);
    /* What the network does not take is lost, as anything that it takes may be. */
    (void)sendto(s->fd, datagram.ptr, datagram.len, MSG_NOSIGNAL, (const struct sockaddr *)&address,
                 to->len);
}

static void say(void *ctx, const char *line)
{
    const serving *s = ctx;
    if (ob_args_flag(s->args, "verbose")) {
        ob_cli_say(s->args, "%s", line);
    }
}

/* All that has arrived; at most as many as keep the clock in sight. */
static void receive(const serving *s)
{
    for (unsigned i = 0; i < 64; i++) {
        struct sockaddr_storage address = {0};
        socklen_t len = sizeof address;
        char bytes[OB_COAP_DATAGRAM_MAX];
        ob_coap_remote from = {0};
        ssize_t got =
            recvfrom(s->fd, bytes, sizeof bytes, MSG_TRUNC, (struct sockaddr *)&address, &len);
        if (got < 0 || len > sizeof from.bytes) {
            return;
        }
        from.len = (uint8_t)len;
        memcpy(from.bytes, &address, len);
        /* A longer one was not made for this server, and its end is lost. */
        if (got <= (ssize_t)sizeof bytes) {
            ob_node_server_receive(s->server, &from, (ob_span){bytes, (size_t)got}, now_ms(),
                                   ob_clock_wall_ms());
        }
    }
}

static int loop(const serving *s, int stop)
{
    struct pollfd waits[2] = {{.fd = s->fd, .events = POLLIN}, {.fd = stop, .events = POLLIN}};
    while (ob_node_server_broken(s->server) == NULL) {
        uint64_t now = now_ms();
        uint64_t wake = ob_node_server_wake(s->server);
        int wait = wake <= now ? 0 : wake - now > 60000 ? 60000 : (int)(wake - now);
        if (poll(waits, 2, wait) < 0 && errno != EINTR) {
            break;
        }
        if (waits[1].revents != 0) {
            return OB_EXIT_OK;
        }
        receive(s);
        ob_node_server_tick(s->server, now_ms(), ob_clock_wall_ms());
    }
    const ob_err *broken = ob_node_server_broken(s->server);
    return broken == NULL ? OB_EXIT_UNDECIDED : ob_cli_fail(broken, true);
}

static bool open_all(serving *s, ob_arena *arena, ob_node_config *config, int *stop,
                     struct sockaddr_storage *bound, ob_err *err)
{
    struct sockaddr_storage address;
    socklen_t len = 0;
    const char *path = ob_args_text(s->args, "config");
    ob_node_server_options options = {.config = path == NULL ? NULL : config,
                                      .arena = arena,
                                      .sensor_ms = SENSOR_MS,
                                      .send = send_to,
                                      .say = say,
                                      .ctx = s};
    return ob_link_address(ob_args_text(s->args, "listen"), &address, &len, err) &&
           (path == NULL || ob_node_config_load(config, arena, path, err)) &&
           ob_cli_signals(stop, err) && ob_link_bind(&address, len, &s->fd, bound, err) &&
           ob_node_server_open(&s->server, &options, now_ms(), err);
}

int ob_link_serve(const ob_args *args)
{
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    ob_node_config config = {0};
    serving s = {.args = args, .fd = -1};
    struct sockaddr_storage bound = {0};
    char shown[64];
    int stop = -1;
    int status = OB_EXIT_OK;
    if (args->words_count > 1) {
        (void)ob_fail(&err, OB_ERR_USAGE, "link serve takes options only, not '%.40s'",
                      args->words[1]);
        return ob_cli_usage("link", &err);
    }
    if (open_all(&s, &arena, &config, &stop, &bound, &err)) {
        ob_address_show((const struct sockaddr *)&bound, shown);
        (void)printf("serving coap://%s\n", shown);
        (void)fflush(stdout);
        if (!ob_address_is_loopback((const struct sockaddr *)&bound) &&
            (ob_args_text(args, "config") == NULL || !config.has_rights)) {
            ob_cli_say(args, "warning: there is no rights table, so whoever reaches this address "
                             "may use the actuator");
        }
        status = loop(&s, stop);
    } else {
        status = ob_cli_fail(&err, false);
    }
    ob_node_server_close(s.server);
    if (s.fd >= 0) {
        (void)close(s.fd);
    }
    return status;
}
