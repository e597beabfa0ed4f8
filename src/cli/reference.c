/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/reference.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define ARGUMENTS_MAX 160

bool ob_reference_token(char token[33], ob_err *err)
{
    unsigned char bytes[16];
    if (!ob_random(bytes, sizeof bytes, err)) {
        return false;
    }
    for (size_t i = 0; i < sizeof bytes; i++) {
        (void)snprintf(token + 2 * i, 3, "%02x", bytes[i]);
    }
    return true;
}

bool ob_reference_hand_over(const char *token, ob_err *err)
{
    return setenv(OB_REFERENCE_VARIABLE, token, 1) == 0 || /* NOLINT(concurrency-mt-unsafe) */
           ob_fail_errno(err, errno, "cannot hand over the secret");
}

static bool read_address(int fd, ob_reference *service, ob_err *err)
{
    char line[128];
    size_t used = 0;
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    while (used < sizeof line - 1 && poll(&wait, 1, 20000) == 1) {
        ssize_t got = read(fd, line + used, sizeof line - 1 - used);
        if (got <= 0) {
            break;
        }
        used += (size_t)got;
        line[used] = '\0';
        const char *start = strstr(line, "http://");
        const char *end = start == NULL ? NULL : strchr(start, '\n');
        if (end != NULL) {
            (void)snprintf(service->address, sizeof service->address, "%.*s",
                           (int)(end - start - 7), start + 7);
            return true;
        }
    }
    return ob_fail(err, OB_ERR_IO, "the reference service did not start");
}

bool ob_reference_open(ob_reference *service, const char *const *arguments, size_t count,
                       ob_err *err)
{
    static const char *const first[] = {"ombud",    "demo",        "serve",
                                        "--listen", "127.0.0.1:0", "--quiet"};
    const char *argv[ARGUMENTS_MAX];
    int ends[2];
    size_t used = 0;
    if (count > OB_COUNT(argv) - OB_COUNT(first) - 1) {
        return ob_fail(err, OB_ERR_USAGE, "too many arguments for the reference service");
    }
    for (size_t i = 0; i < OB_COUNT(first); i++) {
        argv[used++] = first[i];
    }
    for (size_t i = 0; i < count; i++) {
        argv[used++] = arguments[i];
    }
    argv[used] = NULL;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return ob_fail_errno(err, errno, "cannot make a pipe");
    }
    ob_reference started = {0};
    posix_spawn_file_actions_t actions;
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    /* posix_spawn only reads the texts. */
    int code = posix_spawn(&started.pid, "/proc/self/exe", &actions, NULL,
                           (char *const *)(uintptr_t)argv, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)close(ends[1]);
    bool good = code == 0 || ob_fail_errno(err, code, "cannot start the reference service");
    started.pid = good ? started.pid : 0;
    good = good && read_address(ends[0], &started, err);
    (void)close(ends[0]);
    if (!good) {
        ob_reference_close(&started);
        return false;
    }
    *service = started;
    return true;
}

void ob_reference_close(ob_reference *service)
{
    int status = 0;
    if (service != NULL && service->pid > 0) {
        (void)kill(service->pid, SIGTERM);
        while (waitpid(service->pid, &status, 0) < 0 && errno == EINTR) {
        }
        service->pid = 0;
    }
}

static size_t drop(char *data, size_t size, size_t count, void *ctx)
{
    (void)data;
    (void)ctx;
    return size * count;
}

bool ob_reference_dials(const ob_reference *service, const char *token, const char *body,
                        ob_err *err)
{
    char url[128];
    char bearer[80];
    long status = 0;
    (void)snprintf(url, sizeof url, "http://%s/admin/dials", service->address);
    (void)snprintf(bearer, sizeof bearer, "Authorization: Bearer %.40s", token);
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, bearer);
    if (curl == NULL || headers == NULL) {
        curl_easy_cleanup(curl);
        curl_slist_free_all(headers);
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for a request");
    }
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "PUT");
    (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, 20L);
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    CURLcode code = curl_easy_perform(curl);
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    ob_wipe(bearer, sizeof bearer);
    if (code != CURLE_OK) {
        return ob_fail(err, OB_ERR_PEER, "the reference service does not answer: %s",
                       curl_easy_strerror(code));
    }
    return status == 200 ||
           ob_fail(err, OB_ERR_PEER, "the reference service answers %ld to its dials", status);
}
