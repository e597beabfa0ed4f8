/* SPDX-License-Identifier: Apache-2.0 */
/* What an ended attempt means: why it is lost, or what it says. */
#include "drive/client_core.h"

#include <ombud/json.h>

const char *const ob_lost_names[OB_LOSTS] = {
    "none",   "connect",   "first byte", "time",  "reset",  "cut",    "too large",
    "status", "throttled", "mapping",    "scope", "budget", "stopped"};

static long status_of(const obi_exchange *x)
{
    long status = 0;
    if (x->easy != NULL) {
        (void)curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
    }
    return x->head.len > 0 ? status : 0;
}

ob_span obi_head_value(ob_span head, const char *name)
{
    ob_span line;
    while (ob_span_cut_line(&head, &line)) {
        ob_span field;
        if (ob_span_cut(&line, ':', &field) && ob_span_is_nocase(field, ob_span_str(name))) {
            return ob_span_trim(line);
        }
    }
    return (ob_span){"", 0};
}

uint64_t obi_answer_retry_after(const ob_client_core *core, const obi_exchange *x)
{
    ob_span text = obi_head_value(ob_buf_span(&x->head), "retry-after");
    uint64_t ms = 500ull << (x->attempts > 6 ? 6 : x->attempts);
    uint64_t seconds = 0;
    ob_err ignored = {0};
    if (ob_span_to_u64(text, &seconds, &ignored)) {
        ms = seconds > 60 ? 60000 : seconds * 1000;
    } else if (text.len > 0 && text.len < 60) {
        char date[64];
        (void)snprintf(date, sizeof date, "%.*s", OB_SHOW(text));
        time_t at = curl_getdate(date, NULL);
        int64_t wait = at < 0 ? 0 : (int64_t)at * 1000 - ob_clock_wall_ms();
        ms = wait < 0 ? 0 : wait > 60000 ? 60000 : (uint64_t)wait;
    }
    return (uint64_t)((double)ms * core->o.service->time_scale);
}

static ob_lost connection_lost(const obi_exchange *x, CURLcode code)
{
    bool sent = x->blocks_out > 0;
    bool answered = x->first_byte_ns != 0;
    if (x->too_large) {
        return OB_LOST_TOO_LARGE;
    }
    if (x->refused && !sent) {
        return OB_LOST_SCOPE;
    }
    if (x->first_byte_late) {
        return OB_LOST_FIRST_BYTE;
    }
    if (code == CURLE_OPERATION_TIMEDOUT) {
        return !sent ? OB_LOST_CONNECT : answered ? OB_LOST_TOTAL : OB_LOST_FIRST_BYTE;
    }
    if (code == CURLE_PARTIAL_FILE || (answered && x->body.len > 0 && code == CURLE_RECV_ERROR)) {
        return OB_LOST_CUT;
    }
    return sent ? OB_LOST_RESET : OB_LOST_CONNECT;
}

static void tell_connection(const obi_exchange *x, ob_lost lost, CURLcode code, char why[160])
{
    const ob_service_limits *l = &x->core->o.service->limits;
    OB_AUTO(ob_buf) shown = {.max = 1024};
    /* curl quotes the peer in it, such as the name in a certificate. */
    ob_buf_add_shown(&shown,
                     ob_span_str(x->curl_text[0] != '\0' ? x->curl_text : curl_easy_strerror(code)),
                     120);
    const char *text = shown.ptr == NULL ? "" : shown.ptr;
    ob_span host = ob_span_sub(x->wire.host, 0, 60);
    switch (lost) {
    case OB_LOST_SCOPE:
        (void)snprintf(why, 160, "%.150s", x->refusal);
        break;
    case OB_LOST_TOO_LARGE:
        (void)snprintf(why, 160, "%.*s sent more than %zu bytes", OB_SHOW(host),
                       x->head.bad != OB_OK ? (size_t)OB_HEAD_MAX : l->reply_bytes);
        break;
    case OB_LOST_FIRST_BYTE:
        (void)snprintf(why, 160, "%.*s sent no byte within %llu ms", OB_SHOW(host),
                       (unsigned long long)l->first_byte_ms);
        break;
    case OB_LOST_TOTAL:
        (void)snprintf(why, 160, "%.*s did not end its reply within %llu ms", OB_SHOW(host),
                       (unsigned long long)l->total_ms);
        break;
    case OB_LOST_CUT:
        (void)snprintf(why, 160, "%.*s ended the reply early: %.90s", OB_SHOW(host), text);
        break;
    case OB_LOST_CONNECT:
        (void)snprintf(why, 160, "%.*s cannot be reached: %.100s", OB_SHOW(host), text);
        break;
    case OB_LOST_NONE:
    case OB_LOST_RESET:
    case OB_LOST_STATUS:
    case OB_LOST_THROTTLED:
    case OB_LOST_MAPPING:
    case OB_LOST_BUDGET:
    case OB_LOST_STOPPED:
        (void)snprintf(why, 160, "%.*s broke the connection: %.100s", OB_SHOW(host), text);
    }
}

/* Peers and those between may take different ones of them for the end of the reply. */
static bool two_lengths(ob_span head)
{
    ob_span line;
    ob_span length = {0};
    while (ob_span_cut_line(&head, &line)) {
        ob_span field;
        if (!ob_span_cut(&line, ':', &field) ||
            !ob_span_is_nocase(field, OB_SPAN("content-length"))) {
            continue;
        }
        if (length.ptr != NULL && !ob_span_is(length, ob_span_trim(line))) {
            return true;
        }
        length = ob_span_trim(line);
    }
    return false;
}

ob_lost obi_answer_classify(ob_client_core *core, obi_exchange *x, CURLcode code, char why[160])
{
    (void)core;
    why[0] = '\0';
    if (code != CURLE_OK) {
        ob_lost lost = connection_lost(x, code);
        tell_connection(x, lost, code, why);
        return lost;
    }
    long status = status_of(x);
    if (two_lengths(ob_buf_span(&x->head))) {
        (void)snprintf(why, 160, "%.*s gave two lengths of its reply that differ",
                       OB_SHOW(ob_span_sub(x->wire.host, 0, 60)));
        return OB_LOST_CUT;
    }
    if (status >= 200 && status <= 299) {
        ob_span packed = obi_head_value(ob_buf_span(&x->head), "content-encoding");
        if (packed.len == 0 || ob_span_is_nocase(packed, OB_SPAN("identity"))) {
            return OB_LOST_NONE;
        }
        /* Nothing is unpacked here, so a small reply stays small. */
        OB_AUTO(ob_buf) masked = {.max = (size_t)OB_HEAD_MAX * 2};
        OB_AUTO(ob_buf) shown = {.max = 256};
        obi_mask(core, x, packed, &masked); /* whole: a part of a secret is known to no mask */
        ob_buf_add_shown(&shown, ob_buf_span(&masked), 30);
        (void)snprintf(why, 160,
                       "%.*s answered with Content-Encoding %.*s, which was not asked for",
                       OB_SHOW(ob_span_sub(x->wire.host, 0, 60)), OB_SHOW(ob_buf_span(&shown)));
        return OB_LOST_MAPPING;
    }
    if (status == 0) {
        /* curl is content with a first line such as "HTTP/200 OK". */
        (void)snprintf(why, 160, "%.*s answered without a valid HTTP status line",
                       OB_SHOW(ob_span_sub(x->wire.host, 0, 60)));
        return OB_LOST_CUT;
    }
    bool later = obi_head_value(ob_buf_span(&x->head), "retry-after").len > 0;
    bool throttled = status == 429 || (status == 503 && later);
    (void)snprintf(why, 160, "%.*s answered %s with status %ld%s",
                   OB_SHOW(ob_span_sub(x->wire.host, 0, 60)), x->call.kind, status,
                   throttled ? "; a lower rate may avoid it" : "");
    return throttled ? OB_LOST_THROTTLED : OB_LOST_STATUS;
}

/* Takes what the file's expressions say out of a JSON answer. */
static bool extract(const ob_client_core *core, obi_exchange *x, ob_span body, ob_reply *reply,
                    ob_err *err)
{
    const ob_call_template *call = x->call.call;
    ob_var *vars = OB_NEW(&x->arena, ob_var, call->extracts_count, err);
    if (vars == NULL) {
        return false;
    }
    for (size_t i = 0; i < call->extracts_count; i++) {
        const ob_extract *e = &call->extracts[i];
        ob_span json = {0};
        ob_span text = {0};
        if (!ob_mapping_run(core->o.service->mapping, &x->arena, e->expression, body, &json, &text,
                            err)) {
            return ob_wrap(err, "%s: %.*s", x->call.kind, OB_SHOW(e->name));
        }
        bool string = json.len > 0 && json.ptr[0] == '"';
        vars[i] = (ob_var){.name = e->name, .value = string ? text : json, .secret = e->secret};
    }
    reply->extracted = vars;
    reply->extracted_count = call->extracts_count;
    return true;
}

bool obi_answer_read(const ob_client_core *core, obi_exchange *x, ob_span body, ob_reply *reply,
                     ob_err *err)
{
    const ob_service *s = core->o.service;
    if (x->call.call != NULL) {
        return extract(core, x, body, reply, err);
    }
    return s->driver->reply(s, &x->arena, ob_buf_span(&x->head), body, reply, err);
}
