/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file that says who a node is, whom it knows and what they may do (doc/link.md): for a server
 * and for a client. Secrets do not stand in it; it names the files that hold them. Strict: an
 * unknown key or a wrong value is told with file, line and column. All of it lives in the arena.
 */
#ifndef OB_NODE_CONFIG_H
#define OB_NODE_CONFIG_H

#include "input/yaml.h"

#include <ombud/link.h>

#define OB_NODE_CONTEXTS_MAX 64
#define OB_NODE_PEERS_MAX    64
#define OB_NODE_RIGHTS_MAX   256
#define OB_NODE_CRED_MAX     256 /* bytes of a CCS */

/* Whoever speaks without protection. */
#define OB_NODE_ANYONE "anyone"

typedef struct ob_node_context {
    ob_span name; /* first, as in ob_node_cred */
    ob_span secret_file;
    ob_oscore_options options; /* all but the master secret */
} ob_node_context;

/* How somebody is known to EDHOC: by a CCS, which names itself by its kid, by a certificate, or by
 * the serial number in the subject of a certificate that the authority issued. */
typedef struct ob_node_cred {
    ob_span name; /* of a peer */
    ob_span ccs;
    ob_span certificate_file;
    ob_span serial; /* of a peer; "*": any */
} ob_node_cred;

typedef struct ob_node_edhoc {
    bool present;
    unsigned method;  /* that a client begins with */
    unsigned methods; /* that a server accepts: bit i for method i */
    int suites[OB_EDHOC_SUITES_MAX];
    size_t suite_count;
    bool message_4; /* a server answers message 3 by message 4 */
    ob_span key_file;
    ob_span authority_file; /* certificates of authorities; empty: none */
    ob_span revoked_file;   /* their revocation lists; empty: revocation is not checked */
    bool send_certificate;  /* the own one goes along (x5chain), not its hash (x5t) */
    ob_node_cred own;
    const ob_node_cred *peers;
    size_t peer_count;
} ob_node_edhoc;

/* One row of the rights table: the sense of ITU-T X.1114. */
typedef struct ob_node_right {
    ob_span who;      /* name of a context or of a peer; OB_NODE_ANYONE */
    ob_span resource; /* a path such as /actuator */
    bool below;       /* it was written /faults/ *, without the blank: all paths below, too */
    unsigned methods; /* bit i: the method with code i */
    int64_t until_ms; /* wall time, exclusive; INT64_MAX: no end */
} ob_node_right;

typedef struct ob_node_config {
    ob_yaml_doc doc;
    ob_span state_file; /* empty: none */
    const ob_node_context *contexts;
    size_t context_count;
    ob_node_edhoc edhoc;
    bool has_rights; /* there is a table: what it does not allow is denied */
    const ob_node_right *rights;
    size_t right_count;
} ob_node_config;

OB_MUST bool ob_node_config_load(ob_node_config *config, ob_arena *arena, const char *path,
                                 ob_err *err);
/* As above from memory; name stands for the file in messages, and the files that it names lie
 * beside it. */
OB_MUST bool ob_node_config_parse(ob_node_config *config, ob_arena *arena, ob_span name,
                                  ob_span text, ob_err *err);

/* Whether the table lets who do that; true for everything where there is no table. */
bool ob_node_may(const ob_node_config *config, ob_span who, ob_span path, uint8_t method,
                 int64_t wall_ms);

/* Bytes of pairs of hexadecimal digits; false where text is none. */
OB_MUST bool ob_node_hex(ob_span text, uint8_t *out, size_t cap, size_t *len);

#endif
