/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The service that both are measured against: answers each POST with {"reply": TEXT}, TEXT being
 * the "text" of the request as it came. One thread, epoll, connections kept alive; a delay holds
 * answers back without holding up anybody else. As cheap as a peer can be, so that what is
 * measured is the client.
 *
 *   echo [DELAY_MS]     prints "port N", then "first SECONDS" (monotonic) at its first request
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ROOM        65536
#define CONNECTIONS 1024

typedef struct connection {
    int fd;
    size_t len;    /* bytes of a request that have come */
    size_t answer; /* bytes of the answer that waits, 0: none */
    uint64_t due_ns;
    struct connection *next; /* in the queue of answers */
    char in[ROOM];
    char out[ROOM + 256];
} connection;

static connection *by_fd[CONNECTIONS];
static connection *queue;
static connection **queue_end = &queue;
static uint64_t delay_ns;
static bool any_request;

static uint64_t now_ns(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void drop(connection *c)
{
    for (connection **at = &queue; *at != NULL; at = &(*at)->next) {
        if (*at == c) {
            *at = c->next;
            queue_end = c->next == NULL ? at : queue_end;
            break;
        }
    }
    by_fd[c->fd] = NULL;
    (void)close(c->fd);
    free(c);
}

static bool send_answer(connection *c)
{
    bool good = write(c->fd, c->out, c->answer) == (ssize_t)c->answer;
    c->answer = 0;
    return good;
}

/* The JSON string behind "text":, with its quotes. */
static const char *find_text(const char *body, size_t *len)
{
    const char *at = strstr(body, "\"text\":");
    const char *end = at == NULL ? NULL : at + 8;
    if (end == NULL || at[7] != '"') {
        *len = 2;
        return "\"\"";
    }
    while (*end != '\0' && *end != '"') {
        end += *end == '\\' && end[1] != '\0' ? 2 : 1;
    }
    *len = (size_t)(end - (at + 7)) + (*end == '"');
    return at + 7;
}

static bool answer(connection *c, const char *body)
{
    size_t len = 0;
    const char *text = find_text(body, &len);
    int head = snprintf(c->out, sizeof c->out,
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\n\r\n{\"reply\": ",
                        len + 11);
    (void)memcpy(c->out + head, text, len);
    c->out[(size_t)head + len] = '}';
    c->answer = (size_t)head + len + 1;
    if (!any_request) {
        any_request = true;
        (void)printf("first %.6f\n", (double)now_ns() / 1e9);
        (void)fflush(stdout);
    }
    if (delay_ns == 0) {
        return send_answer(c);
    }
    c->due_ns = now_ns() + delay_ns;
    c->next = NULL;
    *queue_end = c;
    queue_end = &c->next;
    return true;
}

static size_t body_length(const char *head)
{
    for (const char *at = head; (at = strstr(at, "\r\n")) != NULL;) {
        at += 2;
        if (strncasecmp(at, "content-length:", 15) == 0) {
            return strtoul(at + 15, NULL, 10);
        }
    }
    return 0;
}

static bool take(connection *c)
{
    ssize_t got = read(c->fd, c->in + c->len, sizeof c->in - 1 - c->len);
    if (got <= 0) {
        return false;
    }
    c->len += (size_t)got;
    c->in[c->len] = '\0';
    char *body = strstr(c->in, "\r\n\r\n");
    if (body == NULL) {
        return c->len + 1 < sizeof c->in;
    }
    body += 4;
    size_t all = (size_t)(body - c->in) + body_length(c->in);
    if (c->len < all) {
        return all < sizeof c->in;
    }
    c->len = 0; /* nobody sends a second request before the answer to the first */
    return answer(c, body);
}

static void greet(int listener, int poll)
{
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    connection *c = fd < 0 || fd >= CONNECTIONS ? NULL : malloc(sizeof *c);
    if (c == NULL) {
        (void)(fd < 0 ? 0 : close(fd));
        return;
    }
    c->fd = fd;
    c->len = 0;
    c->answer = 0;
    by_fd[fd] = c;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    (void)epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
}

/* Milliseconds until the next answer is due, -1: none waits. */
static int send_due(void)
{
    while (queue != NULL) {
        connection *c = queue;
        uint64_t now = now_ns();
        if (c->due_ns > now) {
            return (int)((c->due_ns - now) / 1000000) + 1;
        }
        queue = c->next;
        queue_end = queue == NULL ? &queue : queue_end;
        if (!send_answer(c)) {
            drop(c);
        }
    }
    return -1;
}

int main(int argc, char **argv)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int poll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    delay_ns = argc > 1 ? strtoul(argv[1], NULL, 10) * 1000000 : 0;
    if (poll < 0 || bind(listener, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(listener, 128) != 0 || getsockname(listener, (struct sockaddr *)&at, &size) != 0 ||
        epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event) != 0) {
        perror("echo");
        return 1;
    }
    (void)printf("port %u\n", ntohs(at.sin_port));
    (void)fflush(stdout);
    for (;;) {
        struct epoll_event events[64];
        int count = epoll_wait(poll, events, 64, send_due());
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                greet(listener, poll);
            } else if (by_fd[fd] != NULL && !take(by_fd[fd])) {
                drop(by_fd[fd]);
            }
        }
    }
}
