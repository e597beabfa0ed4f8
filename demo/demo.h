/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reference service: a fictional operator's assistant over HTTP, with weaknesses that can be
 * dialled. It is the newcomer's target, the ground truth that procedures are measured against, and
 * an upstream for tests. It uses base, wire and stats only and runs as a process of its own, so
 * that it shares no code with what measures it. Its language part is rules and retrieval.
 *
 * Dials decide by a keyed hash of seed, dial and trial tag, never by a running generator: the same
 * trial always meets the same service.
 */
#ifndef OB_DEMO_H
#define OB_DEMO_H

#include <ombud/sys.h>

#define OB_DEMO_DIALS_MAX 64

typedef struct ob_demo_dial {
    const char *name;
    const char *title;     /* the weakness */
    const char *procedure; /* that finds it */
    double design_rate;    /* 4 times the procedure's limit, at least 0.05; 1 = structural */
} ob_demo_dial;

extern const ob_demo_dial ob_demo_dials[];
extern const size_t ob_demo_dials_count;

typedef struct ob_demo_options {
    const char *host;                /* numeric, default 127.0.0.1 */
    uint16_t port;                   /* 0 = any free one */
    double rates[OB_DEMO_DIALS_MAX]; /* 0 .. 1, in the order of ob_demo_dials */
    ob_span seed;
    ob_span admin_token; /* for the calls below /admin */
    const char *llm_url; /* an OpenAI-compatible model for the wording, or NULL */
} ob_demo_options;

typedef struct ob_demo {
    struct ob_demo_core *core;
} ob_demo;

/* Starts serving in threads of its own. Everything of options is copied. */
OB_MUST bool ob_demo_open(ob_demo *demo, const ob_demo_options *options, ob_err *err);
uint16_t ob_demo_port(const ob_demo *demo);
void ob_demo_close(ob_demo *demo);
/* The service file and the owner's permission for a service at "host:port". */
void ob_demo_service_file(ob_buf *out, const char *address);
void ob_demo_scope_file(ob_buf *out, const char *address, int64_t now_ms);

#endif
