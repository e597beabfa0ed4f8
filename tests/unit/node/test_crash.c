/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server is killed at each step of writing its state file, started again, and sent all that was
 * sent before. No number of it protects two messages, no request is executed twice. OB_KILLS says
 * how often; the calls are wrapped by the linker.
 */
#include "node_test.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define JOBS        16384 /* requests that change something, of all lives together */
#define DATAGRAMS   32768
#define PATIENCE_MS 100000 /* a life ends by itself long before: a disk may take its time */
#define SECRET      "0102030405060708090a0b0c0d0e0f10\n"

ssize_t __real_write(int fd, const void *bytes, size_t len);
int __real_fsync(int fd);
int __real_rename(const char *from, const char *to);
ssize_t __wrap_write(int fd, const void *bytes, size_t len);
int __wrap_fsync(int fd);
int __wrap_rename(const char *from, const char *to);

static unsigned countdown; /* 0: not armed */

static void perhaps_die(void)
{
    if (countdown > 0 && --countdown == 0) {
        (void)kill(getpid(), SIGKILL);
    }
}

ssize_t __wrap_write(int fd, const void *bytes, size_t len)
{
    perhaps_die();
    return __real_write(fd, bytes, len);
}

int __wrap_fsync(int fd)
{
    perhaps_die();
    return __real_fsync(fd);
}

int __wrap_rename(const char *from, const char *to)
{
    perhaps_die();
    return __real_rename(from, to);
}

/* What the lives of the server leave behind. */
typedef struct ledger {
    unsigned executed[JOBS];
} ledger;

static ledger *book;

typedef struct wide {
    size_t len;
    uint8_t bytes[OB_COAP_DATAGRAM_MAX];
} wide;

typedef struct answer {
    bool own;        /* it has a number of the server, */
    uint64_t number; /* or that of the request with this message id */
    ob_digest text;
} answer;

static int line = -1; /* to the server */
static wide sent[DATAGRAMS];
static size_t sent_count;
static answer answers[DATAGRAMS];
static size_t answer_count;
static ob_node_client client;
static ob_rng rng;

/* --- the server, in a process of its own --- */

static void to_client(void *ctx, const ob_coap_remote *to, ob_span datagram)
{
    (void)to;
    if (send(*(int *)ctx, datagram.ptr, datagram.len, MSG_NOSIGNAL) < 0) {
        _exit(0);
    }
}

static void note_executed(void *ctx, const ob_coap_msg *request)
{
    uint64_t job = 0;
    ob_err err = {0};
    (void)ctx;
    if (ob_span_to_u64(request->payload, &job, &err) && job < JOBS) {
        __atomic_fetch_add(&book->executed[job], 1, __ATOMIC_SEQ_CST);
    }
}

static void live(int fd, unsigned until)
{
    ob_err err = {0};
    ob_arena arena = {0};
    ob_node_config config;
    ob_node_server *server = NULL;
    ob_coap_remote from = {.len = 1};
    uint8_t bytes[OB_COAP_DATAGRAM_MAX];
    uint64_t end = ob_clock_ns() / 1000000 + PATIENCE_MS;
    countdown = until;
    if (!ob_node_config_load(&config, &arena, "server.yaml", &err) ||
        !ob_node_server_open(&server,
                             &(ob_node_server_options){.config = &config,
                                                       .arena = &arena,
                                                       .step = 4,
                                                       .sensor_ms = 1,
                                                       .send = to_client,
                                                       .executed = note_executed,
                                                       .ctx = &fd},
                             ob_clock_ns() / 1000000, &err)) {
        _exit(3);
    }
    for (uint64_t now = 0; now < end && ob_node_server_broken(server) == NULL;) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        int ready = poll(&wait, 1, 1);
        now = ob_clock_ns() / 1000000;
        ssize_t got = ready > 0 ? recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) : -1;
        if (got == 0) {
            _exit(0);
        }
        if (got > 0) {
            ob_node_server_receive(server, &from, (ob_span){(char *)bytes, (size_t)got}, now, WALL);
        }
        ob_node_server_tick(server, now, WALL);
    }
    _exit(4);
}

/* --- what watches it --- */

/* A nonce that protects two different texts is the end of secrecy. */
static void note_answer(ob_span datagram)
{
    ob_err err = {0};
    ob_coap_msg msg;
    ob_span value;
    ob_oscore_option option;
    answer a = {0};
    assert_ok(ob_coap_read(&msg, datagram, &err));
    if (!ob_coap_find(&msg, OB_COAP_OSCORE, &value)) {
        return;
    }
    assert_ok(ob_oscore_option_read(&option, value, &err));
    a.own = option.piv.len > 0;
    a.number = msg.id;
    for (size_t i = 0; a.own && i < option.piv.len; i++) {
        a.number = (i == 0 ? 0 : a.number << 8) | (uint8_t)option.piv.ptr[i];
    }
    assert_ok(ob_sha256(&msg.payload, 1, &a.text, &err));
    for (size_t i = 0; i < answer_count; i++) {
        const answer *b = &answers[i];
        if (b->own == a.own && b->number == a.number) {
            if (memcmp(&a.text, &b->text, sizeof a.text) != 0) {
                fail_msg("number %llu protects two messages", (unsigned long long)a.number);
            }
            return;
        }
    }
    assert_true(answer_count < DATAGRAMS);
    answers[answer_count++] = a;
}

static bool to_server(void *ctx, ob_span datagram, ob_err *err)
{
    (void)ctx;
    assert_true(sent_count < DATAGRAMS);
    if (((uint8_t)datagram.ptr[0] >> 4 & 3) == OB_COAP_CON) {
        memcpy(sent[sent_count].bytes, datagram.ptr, datagram.len);
        sent[sent_count++].len = datagram.len;
    }
    return send(line, datagram.ptr, datagram.len, MSG_NOSIGNAL) >= 0 ||
           ob_fail(err, OB_ERR_CANCELLED, "the server is gone");
}

static uint64_t now_ms(void *ctx)
{
    (void)ctx;
    return ob_clock_ns() / 1000000;
}

static bool from_server(void *ctx, uint64_t until_ms, uint8_t *bytes, size_t cap, size_t *len,
                        ob_err *err)
{
    struct pollfd wait = {.fd = line, .events = POLLIN};
    uint64_t now = now_ms(ctx);
    *len = 0;
    if (poll(&wait, 1, until_ms > now ? (int)(until_ms - now) : 0) <= 0) {
        return true;
    }
    ssize_t got = recv(line, bytes, cap, 0);
    if (got <= 0) {
        return ob_fail(err, OB_ERR_CANCELLED, "the server is gone");
    }
    *len = (size_t)got;
    note_answer((ob_span){(char *)bytes, *len});
    return true;
}

static bool ask(uint8_t method, const char *path, ob_span payload, bool observe, ob_err *err)
{
    ob_node_request request = {.method = method,
                               .options = {{OB_COAP_URI_PATH, ob_span_str(path)}},
                               .option_count = 1,
                               .payload = payload,
                               .observe = observe};
    ob_node_response response = {.body = {.max = 1000}, .location = {.max = 100}};
    bool good = ob_node_client_do(&client, &request, &response, err);
    good = good && (response.code >> 5 == 2 ||
                    ob_fail(err, OB_ERR_PEER, "%u.%02u", response.code >> 5, response.code & 31U));
    ob_buf_fini(&response.body);
    ob_buf_fini(&response.location);
    return good;
}

/* Sends again what was sent at any time before. */
static void replay(void)
{
    for (unsigned i = 0; i < 4 && sent_count > 0; i++) {
        const wide *old = &sent[i < 2 && sent_count > 8 ? sent_count - 1 - ob_rng_below(&rng, 8)
                                                        : ob_rng_below(&rng, sent_count)];
        (void)send(line, old->bytes, old->len, MSG_NOSIGNAL);
    }
}

/* Every eighth notification wants to be acknowledged, and until then no other comes. */
static void acknowledge(const uint8_t *bytes, size_t len)
{
    ob_err err = {0};
    ob_coap_msg msg;
    if (len > 0 && ob_coap_read(&msg, (ob_span){(const char *)bytes, len}, &err) &&
        msg.type == OB_COAP_CON) {
        const uint8_t ack[] = {0x60, 0, bytes[2], bytes[3]};
        (void)send(line, ack, sizeof ack, MSG_NOSIGNAL);
    }
}

/* One life: jobs and replays until the server dies. */
static unsigned watch(unsigned *job, char why[256])
{
    ob_err err = {0};
    unsigned done = 0;
    replay();
    if (!ask(OB_COAP_GET, "sensor", (ob_span){0}, true, &err)) {
        (void)snprintf(why, 256, "%s", err.text);
        return 0;
    }
    while (done < 30) {
        char text[16];
        (void)snprintf(text, sizeof text, "%u", *job);
        assert_true(*job < JOBS);
        (*job)++; /* whether it was executed is not known when the server dies; it is not repeated
                   */
        if (!ask(OB_COAP_POST, "faults", ob_span_str(text), false, &err)) {
            break;
        }
        done++;
        replay();
    }
    uint64_t until = now_ms(NULL) + PATIENCE_MS;
    while (err.kind == OB_OK && now_ms(NULL) < until) { /* notifications use up the numbers */
        uint8_t bytes[OB_COAP_DATAGRAM_MAX];
        size_t len = 0;
        (void)from_server(NULL, until, bytes, sizeof bytes, &len, &err);
        acknowledge(bytes, len);
    }
    (void)snprintf(why, 256, "%s", err.text);
    return done;
}

static void killed_at_every_write_it_uses_no_number_twice(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_arena arena = {0};
    ob_node_config config;
    ob_oscore oscore;
    unsigned job = 0;
    unsigned done = 0;
    char why[256];
    const char *asked = getenv("OB_KILLS");
    unsigned kills = asked == NULL ? 50 : (unsigned)strtoul(asked, NULL, 10);
    ob_node_wire way = {NULL, to_server, from_server, now_ms};
    assert_ok(ob_node_config_load(&config, &arena, "client.yaml", &err));
    assert_ok(ob_node_context_open(&oscore, &config.contexts[0], NULL, &err));
    assert_ok(ob_node_client_init(&client, &way, &err));
    assert_ok(ob_rng_init(&rng, OB_SPAN("crash"), (ob_span){0}, &err));
    client.context = &oscore;
    for (unsigned i = 0; i < kills && job + 40 < JOBS && sent_count + 400 < DATAGRAMS; i++) {
        int ends[2];
        int status = 0;
        assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            (void)close(ends[0]);
            live(ends[1], 1 + i % 16);
        }
        (void)close(ends[1]);
        line = ends[0];
        why[0] = 0;
        done += watch(&job, why);
        (void)close(line);
        assert_int_equal(waitpid(child, &status, 0), child);
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
            fail_msg("life %u ended with %x: %s", i, (unsigned)status, why);
        }
    }
    unsigned twice = 0;
    unsigned once = 0;
    for (unsigned i = 0; i < job; i++) {
        once += book->executed[i] == 1;
        twice += book->executed[i] > 1;
    }
    print_message("# %u kills, %u jobs, %u executed, %zu numbers, %zu requests to choose replays "
                  "from\n",
                  kills, job, once, answer_count, sent_count);
    assert_int_equal(twice, 0);
    assert_true(once >= done && done >= kills / 4); /* it did work in between */
    ob_oscore_wipe(&oscore);
    ob_arena_fini(&arena);
}

static int make_files(void **state)
{
    (void)state;
    book = mmap(NULL, sizeof *book, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(book != MAP_FAILED);
    go_away();
    put_file("psk.hex", SECRET, 0600);
    put_file("server.yaml",
             "ombud: 1\nstate: server.state\ncontexts:\n"
             "- {name: meter, sender-id: \"01\", recipient-id: \"\", secret: psk.hex}\n",
             0644);
    put_file("client.yaml",
             "ombud: 1\nstate: client.state\ncontexts:\n"
             "- {name: server, sender-id: \"\", recipient-id: \"01\", secret: psk.hex}\n",
             0644);
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    (void)munmap(book, sizeof *book);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_at_every_write_it_uses_no_number_twice),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
