/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the client; only the files of this folder include it. */
#ifndef OB_DRIVE_CLIENT_CORE_H
#define OB_DRIVE_CLIENT_CORE_H

#include "drive/client.h"
#include "drive/driver.h"
#include "drive/mapping.h"

#include <curl/curl.h>
#include <ombud/sse.h>
#include <uv.h>

#define OB_HEAD_MAX  65536 /* header block of a reply */
#define OB_RECENT    40    /* requests looked at for "more than half failed" */
#define OB_UNREACHED 3     /* failed connections, before any reply, that end a run */
#define OB_EASY_POOL 64

/* A request as it leaves, and as it is shown. */
typedef struct obi_wire {
    ob_span method;
    ob_span url;
    ob_span target; /* host of the URL, as curl reads it; empty where curl refuses the URL */
    ob_span path;   /* of the URL, for cookies */
    bool private;   /* https, or nobody in between: loopback */
    ob_span host;   /* connected to: the target, or the proxy where one is used */
    ob_span named;  /* by a Host header of the service file; empty if there is none */
    struct curl_slist *headers;
    ob_span body;
    bool has_body;
    ob_span shown; /* request line, headers, blank line, body; secrets masked */
} obi_wire;

struct ob_client_core;
struct obi_exchange;

/* What moves the bytes of an attempt: HTTP, or the pipes of a local program. One table a way; a
 * driver names its own. */
typedef struct obi_transport {
    bool resends; /* what was sent and not answered may be sent again where it has no effects */
    /* Checks the way against the scope, sets core->loopback and core->usual_in_flight, makes ready.
     * Sends nothing. */
    bool (*open)(struct ob_client_core *core, ob_err *err);
    /* Begins to close, also what was opened in part; the loop runs until all is closed. */
    void (*close)(struct ob_client_core *core);
    /* Fills x->wire. */
    bool (*build)(struct ob_client_core *core, struct obi_exchange *x, ob_err *err);
    /* What must be there before an attempt may be told and sent; NULL: nothing. */
    bool (*ready)(struct ob_client_core *core, struct obi_exchange *x, ob_err *err);
    /* Sends; obi_attempt_ended is called when the attempt is over, never from in here. */
    bool (*start)(struct ob_client_core *core, struct obi_exchange *x, ob_err *err);
    /* Takes its hands off the attempt. */
    void (*drop)(struct ob_client_core *core, struct obi_exchange *x);
} obi_transport;

extern const obi_transport obi_transport_http;
extern const obi_transport obi_transport_program;

/* How an attempt ended. */
typedef struct obi_end {
    ob_lost lost;
    int status;    /* 0 where there is none */
    bool answered; /* the service said something of its own */
    char why[160]; /* one sentence when lost */
} obi_end;

typedef enum obi_phase {
    OBI_QUEUED,
    OBI_TOLD, /* to the hooks; leaves once they have settled it */
    OBI_ACTIVE,
    OBI_WAITING
} obi_phase;

typedef struct obi_exchange {
    struct obi_exchange *next; /* in the queue, or among those told */
    struct obi_exchange *all_next;
    struct obi_exchange **all_link;
    struct ob_client_core *core;
    ob_call call;
    ob_arena arena;
    obi_wire wire;
    bool built;
    obi_phase phase;
    uint64_t started_ns;
    unsigned attempts;
    /* of the attempt at hand */
    ob_attempt attempt;
    CURL *easy;
    uv_timer_t timer; /* first byte, or the wait before a retry */
    bool timer_open;
    ob_buf head;
    ob_buf body;
    ob_sse sse;
    bool sse_open;
    uint64_t sent_ns;
    uint64_t first_byte_ns;
    uint64_t first_token_ns;
    uint64_t last_byte_ns;
    double max_gap_ms;
    unsigned blocks_out; /* header blocks that left: more than one means a resend by curl */
    bool too_large;
    bool resend_refused; /* what curl wanted to send again */
    bool first_byte_late;
    bool head_open; /* the head's last line is still to come */
    bool refused;   /* by the scope */
    char refusal[160];
    char curl_text[CURL_ERROR_SIZE];
    ob_span answer; /* what expressions read: the body, or what the transport makes of it */
    /* The body in UTF-8, where its charset was another; it is kept in its place, because in another
     * charset no secret in it would be known. */
    ob_span converted;
    /* of a local program */
    struct obi_process *process;     /* that has the attempt; NULL: none */
    struct obi_exchange *in_process; /* next in the process's list */
    uint64_t line;                   /* the request's id */
    uint64_t line_limit_ms;          /* for the first byte of its answer */
    bool line_late;                  /* its time is up, but a line is arriving */
} obi_exchange;

typedef struct obi_wait {
    struct obi_wait *next;
    struct obi_wait **link;
    uv_timer_t timer;
    void (*fn)(void *ctx);
    void *ctx;
    struct ob_client_core *core;
} obi_wait;

typedef struct obi_pace {
    uint64_t next_ns;   /* the rate allows the next request then */
    uint64_t hold_ns;   /* until then a service that throttles wants nothing */
    uint64_t since_ns;  /* what follows is counted since then */
    uint64_t answered;  /* requests that were not throttled */
    uint64_t lately[2]; /* answers of late: good ones, throttled ones */
    unsigned falls;     /* of the rate, in a row */
    double took;        /* requests a second that were not throttled; 0: not known */
    double learnt;      /* requests a second that may leave; 0: not throttled yet */
} obi_pace;

typedef struct ob_client_core {
    ob_client_options o;
    const obi_transport *transport;
    ob_arena arena;
    uv_loop_t own_loop;
    uv_loop_t *loop;               /* own_loop, or that of the client beside */
    struct ob_client_core *beside; /* the other client of the loop, or NULL */
    bool loop_open;                /* something of this client hangs on the loop */
    CURLM *multi;
    struct socket_watch *resting; /* http.c */
    uv_timer_t curl_timer;
    struct obi_program *program; /* the local program, if the service is one */
    uint64_t lines;              /* ids given to its requests */
    uv_timer_t rate_timer;
    uv_prepare_t settler; /* at work while the loop runs */
    uv_idle_t gather;     /* keeps the loop from waiting */
    bool gathered;        /* in the turn before */
    uv_poll_t stop_poll;
    bool stop_open;
    CURL *pool[OB_EASY_POOL];
    size_t pool_count;
    obi_exchange *queue;
    obi_exchange **queue_end;
    obi_exchange *told;
    obi_exchange **told_end;
    unsigned told_count;
    obi_exchange *all;
    obi_wait *waits;
    unsigned active; /* in flight or waiting for a retry */
    double rate;
    unsigned in_flight;
    unsigned usual_in_flight; /* where nobody says */
    uint64_t max_requests;    /* UINT64_MAX = no limit */
    bool loopback;            /* nobody else is harmed */
    uint64_t taken;           /* exchanges that left the queue */
    obi_pace pace;
    uint64_t requests;
    uint64_t attempt_ids;
    uint64_t answered; /* requests that got an answer */
    uint64_t unreached;
    uint8_t recent[OB_RECENT]; /* 1 = failed */
    size_t recent_at;
    size_t recent_count;
    bool stopping;
    bool aborting;
    ob_err why; /* of the abort */
    ob_span proxy;
    ob_span proxy_host;
    ob_span client_key;
    bool client_key_is_text;
    ob_span *addresses; /* heap, sorted */
    size_t addresses_count;
    size_t addresses_cap;
    ob_span *hidden; /* heap: values that are never shown */
    size_t hidden_count;
    size_t hidden_cap;
} ob_client_core;

/* request.c: the transport's build for HTTP, and its parts that any request needs. */
OB_MUST bool obi_request_build(ob_client_core *core, obi_exchange *x, ob_err *err);
/* What templates of the exchange may name, over x->call.vars: say and the secrets. */
OB_MUST bool obi_request_vars(ob_client_core *core, obi_exchange *x, ob_vars *vars, ob_err *err);
/* A YAML body as JSON. */
OB_MUST bool obi_request_json(ob_client_core *core, obi_exchange *x, const ob_vars *vars,
                              const ob_yaml *node, bool masked, ob_buf *out, ob_err *err);
/* A value or the secret that it names. */
OB_MUST bool obi_value(const ob_client_core *core, const ob_value *value, const ob_vars *vars,
                       ob_escape escape, bool masked, ob_buf *out, ob_err *err);
/* mask.c: appends text with every known secret of the exchange replaced; x NULL: those of the
 * service file only. */
void obi_mask(const ob_client_core *core, const obi_exchange *x, ob_span text, ob_buf *out);
/* As obi_mask for a header block: values of headers that carry credentials are always hidden. */
void obi_mask_head(const ob_client_core *core, const obi_exchange *x, ob_span head, ob_buf *out);
/* As obi_mask, in place; the text stays as it is when it holds no secret. */
OB_MUST bool obi_hide_in(const ob_client_core *core, obi_exchange *x, ob_span *text, ob_err *err);
/* As ob_client_hide, of a value that is borrowed: whoever adds it sets hidden_count back. */
OB_MUST bool obi_hide_value(ob_client_core *core, ob_span value, ob_err *err);
/* Gives a reply its head and body, and hides what is secret in all its texts. */
OB_MUST bool obi_hide_reply(const ob_client_core *core, obi_exchange *x, ob_reply *reply,
                            ob_err *err);
/* jar.c */
/* Cookies for another domain than that of the request are left out. */
OB_MUST bool obi_jar_take(ob_jar *jar, const obi_wire *wire, ob_span head, ob_err *err);
/* The header with those that go with the request; empty if none does. */
OB_MUST bool obi_jar_header(const ob_jar *jar, const obi_wire *wire, ob_arena *arena, ob_span *line,
                            ob_err *err);
/* way.c: checks the way against the scope at the start, fills core->proxy, client_key, loopback. */
OB_MUST bool obi_way_open(ob_client_core *core, ob_err *err);
/* May this request leave? Only for a URL that is one, and that a proxy may be asked for. */
OB_MUST bool obi_way_check(const ob_client_core *core, const obi_exchange *x, ob_err *err);
/* "KIND: 'URL' WHY", secrets masked; returns false. */
bool obi_way_refuse(const ob_client_core *core, const obi_exchange *x, const char *why,
                    ob_err *err);
/* settle.c: requests that the hooks know of and that have not left; the end of a turn of the loop.
 */
void obi_told_add(ob_client_core *core, obi_exchange *x);
void obi_told_forget(ob_client_core *core, const obi_exchange *x);
void obi_settle(uv_prepare_t *settler);
/* client_open.c: keeps the address that was contacted, for ob_client_address. */
OB_MUST bool obi_note_address(ob_client_core *core, const obi_exchange *x, ob_err *err);
/* pace.c: how many ms a request has to wait; 0: it may leave now, and its place is taken. */
uint64_t obi_pace_take(ob_client_core *core);
void obi_pace_answered(ob_client_core *core);
/* A request is to be sent again after the wait. */
void obi_pace_throttled(ob_client_core *core, int status, uint64_t wait_ms);
/* client.c */
void obi_exchange_free(obi_exchange *x);
void obi_on_stop(uv_poll_t *poll, int status, int events);
void obi_wait_closed(uv_handle_t *handle);
/* An attempt is over: deliver, or try again. Call obi_after_events once all are told. */
void obi_attempt_ended(ob_client_core *core, obi_exchange *x, const obi_end *end);
void obi_after_events(ob_client_core *core);
/* May a request that was sent and not answered leave once more at once? Takes its place in the rate
 * if so. */
bool obi_may_resend(ob_client_core *core, const obi_exchange *x);
/* answer.c: what curl's code means, and reads the reply out of an answer (masked or not). */
ob_lost obi_answer_classify(ob_client_core *core, obi_exchange *x, CURLcode code, char why[160]);
OB_MUST bool obi_answer_read(const ob_client_core *core, obi_exchange *x, ob_span body,
                             ob_reply *reply, ob_err *err);
/* Retry-After in ms (seconds or an HTTP date), or a default that grows with the attempts. */
uint64_t obi_answer_retry_after(const ob_client_core *core, const obi_exchange *x);
/* Value of a header of the reply, or empty. */
ob_span obi_head_value(ob_span head, const char *name);

/* charset.c: the body as UTF-8, by the charset of Content-Type. Borrows body where nothing is
 * converted. */
OB_MUST bool obi_charset_read(ob_arena *arena, ob_span head, ob_span body, ob_span *answer,
                              ob_err *err);
/* Host part of a URL, without port and brackets. */
ob_span obi_url_host(ob_span url);

#endif
