/* SPDX-License-Identifier: Apache-2.0 */
/* Sockets of ombud link. */
#ifndef OB_CLI_LINK_NET_H
#define OB_CLI_LINK_NET_H

#include <ombud/exchange.h>

#include <sys/socket.h>

/* "127.0.0.1:5683", "[::1]:5683"; the host is an address. */
OB_MUST bool ob_link_address(const char *text, struct sockaddr_storage *address, socklen_t *len,
                             ob_err *err);
/* A socket that is bound there; *bound is where, with the port that the system chose for 0. */
OB_MUST bool ob_link_bind(const struct sockaddr_storage *address, socklen_t len, int *fd,
                          struct sockaddr_storage *bound, ob_err *err);
/* A socket that speaks with that address only; it does not block, and a stream (SOCK_STREAM) may
 * still be on its way there. */
OB_MUST bool ob_link_connect(const struct sockaddr *address, socklen_t len, int kind, int *fd,
                             ob_err *err);

#endif
