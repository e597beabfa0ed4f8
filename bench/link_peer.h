/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL's DTLS 1.2 and TLS 1.3, both sides in one process, for the bench of the link. */
#ifndef OB_BENCH_LINK_PEER_H
#define OB_BENCH_LINK_PEER_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A key and a certificate that its owner signed. */
typedef struct own {
    EVP_PKEY *key;
    X509 *certificate;
} own;

/* edwards: Ed25519, else P-256. Ends the process where OpenSSL refuses. */
own own_make(bool edwards, const char *serial);
void own_free(own *o);

typedef struct peer {
    SSL_CTX *client;
    SSL_CTX *server;
    bool datagrams; /* DTLS 1.2, else TLS 1.3 */
} peer;

/* edwards: keys are agreed on by X25519, else by P-256. DTLS takes certificates of P-256 only. */
peer peer_make(bool datagrams, bool edwards, const own *client, const own *server);
void peer_free(peer *p);

/* A connection that is up. octets: of the handshake, both ways, without UDP or TCP; flights: how
 * often the direction changed. */
typedef struct connection {
    SSL *client;
    SSL *server;
    size_t octets;
    size_t flights;
} connection;

connection connection_make(const peer *p);
void connection_free(connection *c);
/* Sends text from one side to the other; the octets of the record. */
size_t connection_send(SSL *from, SSL *to, const void *text, size_t len);

_Noreturn void stop(const char *what);

#endif
