/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Server-sent events (WHATWG HTML, 9.2), sans-IO: bytes in any cutting go in, events come out.
 */
#ifndef OMBUD_SSE_H
#define OMBUD_SSE_H

#include <ombud/buf.h>
#include <ombud/limits.h>

OB_BEGIN

typedef struct ob_sse_event {
    ob_span type; /* "message" when the stream names none */
    ob_span data; /* data lines joined by LF, without the last LF */
    ob_span id;
} ob_sse_event;

typedef struct ob_sse {
    ob_buf line;
    ob_buf data;
    ob_buf type;
    ob_buf id;
    uint64_t consumed; /* bytes eaten so far */
    uint8_t state;
    bool has_data;
    bool fresh; /* the event told last is to be forgotten */
} ob_sse;

/* A zeroed ob_sse must be initialized; fini accepts NULL and zero. */
OB_API void ob_sse_init(ob_sse *sse);
/* Eats bytes from *input until an event is complete (OB_DONE; event borrows until the next call) or
 * the input is used up (OB_MORE). OB_BAD: a line or an event over OB_EVENT_MAX; the stream is dead.
 */
OB_API ob_step ob_sse_feed(ob_sse *sse, ob_span *input, ob_sse_event *event);
OB_API void ob_sse_fini(ob_sse *sse);

OB_END

#endif
