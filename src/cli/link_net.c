/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/link_net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <unistd.h>

bool ob_link_address(const char *text, struct sockaddr_storage *address, socklen_t *len,
                     ob_err *err)
{
    const char *colon = strrchr(text, ':');
    char host[64];
    uint64_t port = 0;
    size_t host_len = colon == NULL ? 0 : (size_t)(colon - text);
    bool v6 = host_len > 2 && text[0] == '[' && text[host_len - 1] == ']';
    if (host_len == 0 || host_len >= sizeof host ||
        !ob_span_to_u64(ob_span_str(colon + 1), &port, err) || port > 65535) {
        return ob_fail(err, OB_ERR_USAGE,
                       "--listen is like 127.0.0.1:5683 or [::1]:5683, not '%.60s'", text);
    }
    (void)snprintf(host, sizeof host, "%.*s", (int)(host_len - (v6 ? 2 : 0)), text + (v6 ? 1 : 0));
    struct sockaddr_in v4_address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 v6_address = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    memset(address, 0, sizeof *address);
    if (!v6 && inet_pton(AF_INET, host, &v4_address.sin_addr) == 1) {
        memcpy(address, &v4_address, sizeof v4_address);
        *len = sizeof v4_address;
        return true;
    }
    if (v6 && inet_pton(AF_INET6, host, &v6_address.sin6_addr) == 1) {
        memcpy(address, &v6_address, sizeof v6_address);
        *len = sizeof v6_address;
        return true;
    }
    return ob_fail(err, OB_ERR_USAGE,
                   "--listen takes an address such as 127.0.0.1:5683, and no "
                   "name: '%.60s'",
                   text);
}

bool ob_link_bind(const struct sockaddr_storage *address, socklen_t len, int *fd,
                  struct sockaddr_storage *bound, ob_err *err)
{
    socklen_t size = sizeof *bound;
    int s = socket(address->ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s < 0) {
        return ob_fail_errno(err, errno, "cannot make a socket");
    }
    if (bind(s, (const struct sockaddr *)address, len) != 0 ||
        getsockname(s, (struct sockaddr *)bound, &size) != 0) {
        int code = errno;
        (void)close(s);
        return ob_fail_errno(err, code, "cannot listen there; is something else there?");
    }
    *fd = s;
    return true;
}

bool ob_link_connect(const struct sockaddr *address, socklen_t len, int kind, int *fd, ob_err *err)
{
    int s = socket(address->sa_family, kind | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s < 0) {
        return ob_fail_errno(err, errno, "cannot make a socket");
    }
    if (connect(s, address, len) != 0 && errno != EINPROGRESS) {
        int code = errno;
        (void)close(s);
        return ob_fail_errno(err, code, "cannot reach the server");
    }
    *fd = s;
    return true;
}
