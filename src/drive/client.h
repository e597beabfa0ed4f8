/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client: the only sockets and child processes of an evaluation. One event loop (libuv) with
 * curl's multi interface; many exchanges in flight under a rate, a concurrency and a budget. An
 * exchange is one logical request (a turn, a login, opening a session, a back-end call) with all
 * its attempts; every attempt is told to the hooks before its first byte leaves and again when it
 * has ended, so none is lost. Threads: one client, one thread; callbacks run on it.
 */
#ifndef OB_DRIVE_CLIENT_H
#define OB_DRIVE_CLIENT_H

#include "drive/scope.h"
#include "drive/service.h"

#include <ombud/sys.h>

/* Why an exchange gave no usable reply. */
typedef enum ob_lost {
    OB_LOST_NONE,
    OB_LOST_CONNECT,    /* no connection, TLS included */
    OB_LOST_FIRST_BYTE, /* time limit before the first byte */
    OB_LOST_TOTAL,      /* time limit of the whole */
    OB_LOST_RESET,      /* connection ended before the reply did */
    OB_LOST_CUT,        /* shorter than announced, stream without its end, broken JSON */
    OB_LOST_TOO_LARGE,
    OB_LOST_STATUS,    /* a status outside 200 .. 299 */
    OB_LOST_THROTTLED, /* 429 or 503 with Retry-After, after the policy was followed */
    OB_LOST_MAPPING,   /* complete, but the reply is not where the service file says */
    OB_LOST_SCOPE,     /* an address the scope does not cover: nothing was sent */
    OB_LOST_BUDGET,    /* no request left; nothing was sent */
    OB_LOST_STOPPED    /* interrupted before it was sent */
} ob_lost;

#define OB_LOSTS 13
extern const char *const ob_lost_names[OB_LOSTS]; /* "none", "connect", "first byte", ... */

/* One request on the wire: of HTTP, or a line to a local program. */
typedef struct ob_attempt {
    uint64_t id;      /* from 1, unique within the client */
    unsigned number;  /* from 1 within its exchange */
    const char *why;  /* "" for the first; "connection died", "retry: reset", "retry: 429" ... */
    const char *kind; /* "say", "login", "open", "end", "create", "remove", or the back-end name */
    ob_span request;  /* method line, headers and body, or the line; secrets masked */
    /* filled when it has ended: */
    char address[64]; /* the peer, empty if none was reached */
    ob_lost lost;
    int status;           /* 0 if no status line arrived */
    ob_span head;         /* header block as received, secrets masked */
    ob_span body;         /* as received (SSE streams included), secrets masked */
    double first_byte_ms; /* from sending; negative if it never came */
    double total_ms;
} ob_attempt;

/* What an exchange gave. Spans live until done returns. */
typedef struct ob_reply {
    ob_lost lost;
    char why[160]; /* one sentence when lost */
    int status;
    ob_span head;            /* last attempt's header block */
    ob_span body;            /* last attempt's raw body, secrets masked */
    ob_span answer;          /* what expressions read of it, masked: without a program's "id" */
    ob_span text;            /* say: the reply's text (all deltas of a stream joined) */
    ob_span tools;           /* say: JSON array text, or empty */
    ob_span citations;       /* say: JSON text, or empty */
    ob_span usage;           /* say: JSON text, or empty */
    const ob_var *extracted; /* other calls: what the file's expressions gave (JSON text; plain for
                                strings) */
    size_t extracted_count;
    const ob_span *shown;  /* the extracted values as they may be shown and stored */
    double first_byte_ms;  /* of the last attempt; -1 if none */
    double first_token_ms; /* first content of a stream; -1 if none */
    double max_gap_ms;     /* longest silence between two pieces of the body */
    double total_ms;       /* of the last attempt */
    double exchange_ms; /* from the moment the exchange was started, retries and waits included */
    unsigned attempts;
    uint64_t attempt_id; /* of the last attempt */
} ob_reply;

/* A turn of a conversation, for drivers that send the history. */
typedef struct ob_turn {
    bool assistant;
    ob_span text;
} ob_turn;

typedef struct ob_cookie {
    ob_span name;
    ob_span value;
    ob_span domain; /* or the host that set it */
    ob_span path;
    int64_t until_ms; /* INT64_MAX: as long as the jar */
    bool host_only;   /* not for names below the domain */
    bool secure;      /* for https only */
} ob_cookie;

/* The cookies of one actor (RFC 6265). Memory is the arena's. */
typedef struct ob_jar {
    ob_arena *arena;
    ob_cookie *items;
    size_t count;
    size_t cap;
} ob_jar;

typedef struct ob_call {
    const ob_call_template *call; /* NULL: a turn ("say") through the driver */
    const char *kind;             /* as in ob_attempt; a constant or outlives the exchange */
    ob_span say;                  /* the turn's text */
    uint64_t lane;          /* what belongs together: one process of a program answers all of it */
    ob_span system;         /* openai: system message instead of the file's; no template */
    const ob_turn *history; /* earlier turns, oldest first; outlives the exchange */
    size_t history_count;
    const ob_vars *vars; /* actor.*, session.*, trial.* and what the call uses */
    ob_jar *jar;         /* cookies sent and taken; may be NULL */
    bool any_status;     /* an error status is what is looked at: neither retried nor a failure */
    bool writes;         /* effects above read: fresh connection, no resend after sending */
    void *owner;         /* handed to the hooks */
    void (*done)(void *ctx, const ob_reply *reply);
    void *ctx;
} ob_call;

typedef struct ob_hooks {
    void *ctx;
    /* Before the first byte leaves. False stops the run: nothing is sent. */
    bool (*sending)(void *ctx, void *owner, const ob_attempt *attempt, ob_err *err);
    /* Once for all that sending and ended told since the last time: it must be safe on return, for
     * then the bytes leave. Called at least every second turn of the loop, before anything is
     * waited for.
     * False stops the run. */
    bool (*settle)(void *ctx, ob_err *err);
    bool (*ended)(void *ctx, void *owner, const ob_attempt *attempt, ob_err *err);
    /* The stop descriptor became readable; called once. */
    void (*stopping)(void *ctx);
} ob_hooks;

typedef struct ob_client_options {
    const ob_service *service;
    const ob_scope *scope;
    ob_secrets secrets;
    ob_hooks hooks;
    const char *run;       /* run id for the User-Agent "ombud/VERSION RUN" */
    double rate;           /* 0 = as service, scope and defaults say; the smallest wins */
    unsigned in_flight;    /* likewise */
    uint64_t max_requests; /* likewise */
    int stop_fd;           /* readable = stop; -1 = none (0 is taken as none, too) */
    const ob_log *log;
    /* What a local program gets of the environment, besides what the service file names. */
    const ob_var *environment;
    size_t environment_count;
    /* A second client on the loop of this one, at most one: ob_client_run and ob_client_close of
     * that one do for both. NULL: a loop of its own. */
    const struct ob_client *beside;
    uint64_t first_id; /* attempts are numbered behind it, so that no two clients share a number */
    /* No part of the service: on loopback it needs no scope, and however much of it fails, the run
     * goes on, since the caller counts what is lost. */
    bool helper;
} ob_client_options;

typedef struct ob_client {
    struct ob_client_core *core;
} ob_client;

/* Checks secrets, scope dates and the early address rules, then makes ready; sends nothing. */
OB_MUST bool ob_client_open(ob_client *client, const ob_client_options *options, ob_err *err);
/* Queues an exchange. done is called from ob_client_run, also when it is lost. Spans of call (say,
 * history, vars) are borrowed until done. */
OB_MUST bool ob_client_send(ob_client *client, const ob_call *call, ob_err *err);
/* Calls fn(ctx) from ob_client_run after ms milliseconds. */
OB_MUST bool ob_client_after(ob_client *client, uint64_t ms, void (*fn)(void *ctx), void *ctx,
                             ob_err *err);
/* Runs until nothing is queued, in flight or timed; false on what ends a run (store, scope, bug,
 * 429 under the policy "stop", or more than half of 40 requests lost off loopback). */
OB_MUST bool ob_client_run(ob_client *client, ob_err *err);
/* Ends the run with this error once control is back in ob_client_run: for callbacks, which cannot
 * fail. Queued exchanges end as OB_LOST_STOPPED. */
void ob_client_abort(ob_client *client, const ob_err *why);
/* Lets exchanges in flight end; what is queued ends as OB_LOST_STOPPED. */
void ob_client_stop(ob_client *client);
/* The bytes that the call would send, secrets masked; nothing is sent. */
OB_MUST bool ob_client_preview(ob_client *client, const ob_call *call, ob_buf *out, ob_err *err);
/* Requests sent so far, retries and resends by curl included. */
uint64_t ob_client_requests(const ob_client *client);
uint64_t ob_client_requests_left(const ob_client *client); /* UINT64_MAX = no limit */
/* The limits in force. */
double ob_client_rate(const ob_client *client);
unsigned ob_client_in_flight(const ob_client *client);
/* Address number i ("host 127.0.0.1:8080"), sorted, unique; empty behind the last. Borrows. */
ob_span ob_client_address(const ob_client *client, size_t i);
/* Registers a value that must never be shown or stored. */
OB_MUST bool ob_client_hide(ob_client *client, ob_span value, ob_err *err);
void ob_client_close(ob_client *client);

#endif
