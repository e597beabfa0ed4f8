/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes of a peer, through curl, the client, the classification of what came, and the driver: the
 * whole way but the network. Each connection of the client is one end of a pair of sockets in which
 * the same bytes wait already. The first byte chooses who asks and how.
 *
 * Whatever comes: the caller is told once, with a reply or one sentence; every request is told to
 * the hooks before and after; what may have had effects is sent once; limits hold; the secret that
 * the request carries is shown to nobody, even where the peer repeats it.
 */
#include "drive/driver.h"

#include "fuzz.h"

#include <ombud/json.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RETRIES    2
#define REPLY_MAX  2048
#define SOCKETS    8
#define SECRET     "sk-fuzz-4242424242"
#define SHOW(type) __attribute__((visibility("default"))) type
#define FLAG(bits) ((choice & (bits)) != 0)

/* In the place of the C library's, for this program and for curl. */
SHOW(int) socket(int domain, int type, int protocol);
SHOW(int) connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t length);

static struct peer {
    ob_span bytes;
    bool on;
    int ends[SOCKETS];
    unsigned count;
} peer;

static struct seen {
    unsigned sending;
    unsigned ended;
    unsigned done;
    bool writes;
    ob_span tools[3];
} seen;

int socket(int domain, int type, int protocol)
{
    int pair[2];
    if (!peer.on || (domain != AF_INET && domain != AF_INET6)) {
        return (int)syscall(SYS_socket, domain, type, protocol);
    }
    hold(peer.count < SOCKETS);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        return -1;
    }
    hold(write(pair[1], peer.bytes.ptr, peer.bytes.len) == (ssize_t)peer.bytes.len);
    hold(shutdown(pair[1], SHUT_WR) == 0);
    peer.ends[peer.count++] = pair[1];
    return pair[0];
}

int connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t length)
{
    const struct sockaddr *to = address.__sockaddr__;
    bool ours = peer.on && to->sa_family != AF_UNIX;
    return ours ? 0 : (int)syscall(SYS_connect, fd, to, length);
}

static void hold_no_secret(ob_span text)
{
    hold(ob_span_find(text, OB_SPAN(SECRET), 0) == SIZE_MAX);
}

static bool on_sending(void *ctx, void *owner, const ob_attempt *attempt, ob_err *err)
{
    (void)ctx;
    (void)owner;
    (void)err;
    seen.sending++;
    hold(attempt->id == seen.sending && attempt->number == seen.sending);
    hold((attempt->number == 1) == (attempt->why[0] == '\0'));
    hold(attempt->request.len > 0);
    hold_no_secret(attempt->request);
    return true;
}

static bool on_ended(void *ctx, void *owner, const ob_attempt *attempt, ob_err *err)
{
    (void)ctx;
    (void)owner;
    (void)err;
    seen.ended++;
    hold(attempt->id == seen.ended && seen.sending - seen.ended <= 1);
    hold_no_secret(attempt->head);
    hold_no_secret(attempt->body);
    return true;
}

static void hold_json(ob_span text)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_json_doc doc = {0};
    ob_err err = {0};
    hold(text.len == 0 || ob_json_parse(&doc, &arena, text, &err));
}

static void on_done(void *ctx, const ob_reply *r)
{
    (void)ctx;
    seen.done++;
    hold(r->lost >= OB_LOST_NONE && (unsigned)r->lost < OB_LOSTS);
    hold(r->attempts == seen.sending && r->attempts <= RETRIES + 1 + SOCKETS);
    hold_no_secret(ob_span_str(r->why));
    hold_no_secret(r->text);
    hold_no_secret(r->body);
    hold_no_secret(r->head);
    if (r->lost == OB_LOST_NONE) {
        hold(r->why[0] == '\0' && r->status >= 200 && r->status <= 299 && r->first_byte_ms >= 0);
        hold(r->text.len <= (size_t)3 * REPLY_MAX);
        hold_json(r->tools);
        hold_json(r->citations);
        hold_json(r->usage);
    } else {
        hold_sentence(r->why);
        /* There is a status where the sentence speaks of one. */
        hold((r->lost != OB_LOST_STATUS && r->lost != OB_LOST_THROTTLED) || r->status != 0);
        hold(r->lost != OB_LOST_SCOPE && r->lost != OB_LOST_BUDGET);
    }
    hold(r->max_gap_ms >= -1 && r->total_ms >= 0 && r->exchange_ms >= 0);
}

static ob_service make_service(uint8_t choice)
{
    static const ob_field headers[] = {{{"Authorization", 13}, {.secret = {"key", 3}}},
                                       {{"X-Key", 5}, {.secret = {"key", 3}}}};
    return (ob_service){.title = OB_SPAN("f"),
                        .driver = ob_driver_find(OB_SPAN("openai")),
                        .address = OB_SPAN("http://127.0.0.1:9"),
                        .path = OB_SPAN("/v1/chat/completions"),
                        .headers = headers,
                        .headers_count = OB_COUNT(headers),
                        .time_scale = 1e-6,
                        .stream = FLAG(1),
                        .limits = {.connect_ms = 1000,
                                   .first_byte_ms = 1000,
                                   .total_ms = 2000,
                                   .reply_bytes = REPLY_MAX,
                                   .retries = RETRIES,
                                   .on_429 = FLAG(4) ? OB_429_WAIT : OB_429_MEASURE}};
}

static void talk(const ob_service *service, ob_client *client, uint8_t choice)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_jar jar = {.arena = &arena};
    ob_err err = {0};
    ob_call call = {.kind = "say",
                    .say = OB_SPAN("Hello"),
                    .jar = &jar,
                    .any_status = FLAG(8),
                    .writes = FLAG(2),
                    .done = on_done};
    (void)service;
    hold(ob_client_send(client, &call, &err));
    if (!ob_client_run(client, &err)) {
        /* Three connections that cannot be had, or a flood of cookies, end a run. */
        hold(err.kind == OB_ERR_PEER || err.kind == OB_ERR_LIMIT);
        hold_sentence(err.text);
        hold_no_secret(ob_span_str(err.text));
    }
    hold(seen.done == 1 && seen.sending == seen.ended && seen.sending >= 1);
    hold(ob_client_requests(client) == seen.sending);
    hold(!FLAG(2) || seen.sending == 1 || FLAG(4)); /* after a 429 nothing was done */
    hold(peer.count <= seen.sending);
    for (size_t i = 0; i < jar.count; i++) {
        hold(jar.items[i].name.len > 0 && jar.items[i].path.len > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const ob_var secret = {{"key", 3}, {SECRET, sizeof SECRET - 1}, true};
    const ob_scope scope = {0};
    ob_client client = {0};
    ob_err err = {0};
    uint8_t choice = size > 0 ? data[0] : 0;
    if (size < 1 || size > 32768) {
        return 0;
    }
    ob_service service = make_service(choice);
    const ob_client_options options = {.service = &service,
                                       .scope = &scope,
                                       .secrets = {&secret, 1},
                                       .hooks = {.sending = on_sending, .ended = on_ended},
                                       .stop_fd = -1};
    seen = (struct seen){0};
    peer = (struct peer){.bytes = {(const char *)data + 1, size - 1}};
    hold(ob_client_open(&client, &options, &err));
    peer.on = true;
    talk(&service, &client, choice);
    peer.on = false;
    ob_client_close(&client);
    for (unsigned i = 0; i < peer.count; i++) {
        hold(close(peer.ends[i]) == 0);
    }
    return 0;
}
