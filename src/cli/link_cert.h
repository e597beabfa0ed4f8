/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of ombud link cert. */
#ifndef OB_CLI_LINK_CERT_H
#define OB_CLI_LINK_CERT_H

#include "cli/options.h"
#include "node/cert.h"

#include <ombud/buf.h>

/* The files of an authority, in its folder. */
#define OB_AUTHORITY_CERT "authority.crt"
#define OB_AUTHORITY_KEY  "authority.key"
#define OB_AUTHORITY_LIST "authority.crl"

/* What was looked at, for the report. */
typedef struct ob_cert_report {
    const char *source; /* as the user named it */
    const ob_cert_ask *ask;
    const ob_cert_answer *answer;
    bool live;
    bool proven; /* a live peer proved that it has the key of the first certificate */
} ob_cert_report;

OB_MUST bool ob_cert_show(const ob_cert_report *report, ob_arena *arena, ob_buf *out, ob_err *err);
OB_MUST bool ob_cert_json(const ob_cert_report *report, ob_arena *arena, ob_buf *out, ob_err *err);

/* Whether text names a live peer: tls://, dtls://, coaps:// or coap://. */
bool ob_cert_is_peer(const char *text);
/* Gets the certificates that a live peer shows into the set. *proven: it has the key of the first
 * one. *sent: something left, whether it succeeds or not. */
OB_MUST bool ob_cert_peer(const ob_args *args, const char *uri, ob_arena *arena, ob_cert_set *set,
                          bool *proven, bool *sent, ob_err *err);

/* The file itself, or the authority's certificate where path is its folder; in the arena. */
OB_MUST bool ob_cert_authority_path(const char *path, const char *file, ob_arena *arena,
                                    ob_span *out, ob_err *err);

/* Verbs of link cert; each gives the exit status. */
int ob_cert_make_authority(const ob_args *args);
int ob_cert_make_issue(const ob_args *args);
int ob_cert_make_list(const ob_args *args);

#endif
