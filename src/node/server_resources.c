/* SPDX-License-Identifier: Apache-2.0 */
/* The example resources. */
#include "node/server_parts.h"

void obi_node_refuse(obi_reply *r, uint8_t code, const char *why)
{
    r->code = code;
    r->payload = ob_span_str(why);
}

/* A tag of a representation: a client that reads it in blocks sees whether it changed (RFC 7959,
 * 2.4). It protects from nobody. */
static uint32_t tag_of(ob_span body)
{
    uint32_t hash = 2166136261U; /* FNV-1a */
    for (size_t i = 0; i < body.len; i++) {
        hash = (hash ^ (uint8_t)body.ptr[i]) * 16777619U;
    }
    return hash | 1;
}

/* asked: NULL for a body that goes out without being asked for a block of it. */
void obi_node_cut(obi_reply *r, ob_span body, uint8_t szx, const ob_coap_block *asked)
{
    ob_coap_block block = {.szx = szx};
    ob_span slice;
    if (asked != NULL) {
        block = *asked;
    }
    if (!ob_coap_block_slice(body, &block, &slice)) {
        obi_node_refuse(r, OB_COAP_CODE(4, 0), "a block behind the end");
        r->format = OBI_NO_FORMAT;
        return;
    }
    r->payload = slice;
    if (block.more || block.number > 0 || asked != NULL) {
        r->has_block2 = true;
        r->block2 = block;
        r->etag = tag_of(body);
    }
}

static void represent(const obi_request *q, obi_reply *r, ob_span body, uint32_t format)
{
    ob_coap_block asked;
    ob_span value;
    uint32_t accept = 0;
    if (ob_coap_find(q->msg, OB_COAP_ACCEPT, &value) &&
        (!ob_coap_find_uint(q->msg, OB_COAP_ACCEPT, &accept) || accept != format)) {
        obi_node_refuse(r, OB_COAP_CODE(4, 6), NULL);
        return;
    }
    bool has = ob_coap_find(q->msg, OB_COAP_BLOCK2, &value);
    if (has && !ob_coap_block_read(value, &asked)) {
        obi_node_refuse(r, OB_COAP_CODE(4, 0), "a block option that cannot be read");
        return;
    }
    r->code = OB_COAP_CODE(2, 5);
    r->format = format;
    obi_node_cut(r, body, OB_COAP_BLOCK_SZX_MAX, has ? &asked : NULL);
}

ob_span obi_node_sensor(ob_node_server *s)
{
    unsigned tenths = 195 + s->reading % 40 + (s->on ? 30 : 0);
    int len = snprintf(s->text, sizeof s->text, "{\"celsius\":%u.%u,\"reading\":%u}", tenths / 10,
                       tenths % 10, s->reading);
    return (ob_span){s->text, (size_t)len};
}

static void serve_sensor(ob_node_server *s, obi_request *q, obi_reply *r)
{
    if (q->msg->code != OB_COAP_GET) {
        obi_node_refuse(r, OB_COAP_CODE(4, 5), NULL);
        return;
    }
    represent(q, r, obi_node_sensor(s), OBI_FORMAT_JSON);
    if (r->code == OB_COAP_CODE(2, 5)) {
        obi_node_watch_begin(s, q, r);
    }
}

static void executes(ob_node_server *s, const obi_request *q)
{
    if (s->options.executed != NULL) {
        s->options.executed(s->options.ctx, q->msg);
    }
}

static void serve_actuator(ob_node_server *s, obi_request *q, obi_reply *r)
{
    bool on = ob_span_is_str(q->body, "on");
    if (q->msg->code == OB_COAP_GET) {
        represent(q, r, s->on ? OB_SPAN("on") : OB_SPAN("off"), OBI_FORMAT_TEXT);
    } else if (q->msg->code != OB_COAP_PUT) {
        obi_node_refuse(r, OB_COAP_CODE(4, 5), NULL);
    } else if (!on && !ob_span_is_str(q->body, "off")) {
        obi_node_refuse(r, OB_COAP_CODE(4, 0), "on or off is wanted");
    } else {
        executes(s, q);
        s->on = on;
        r->code = OB_COAP_CODE(2, 4);
        obi_node_sensor_changed(s, q->now_ms, q->wall_ms);
    }
}

/* "/faults/3" is the third; 0: no such. */
static size_t fault_number(const ob_node_server *s, const char *path)
{
    uint64_t number = 0;
    ob_err ignored = {0};
    ob_span digits = ob_span_str(path + strlen("/faults/"));
    return ob_span_to_u64(digits, &number, &ignored) && number <= s->fault_count ? (size_t)number
                                                                                 : 0;
}

static void report_fault(ob_node_server *s, obi_request *q, obi_reply *r)
{
    obi_fault *fault = &s->faults[s->fault_count];
    if (q->body.len == 0) {
        obi_node_refuse(r, OB_COAP_CODE(4, 0), "a report has a body");
        return;
    }
    if (s->fault_count == OBI_FAULTS || (fault->ptr = ob_mem_new(q->body.len)) == NULL) {
        obi_node_refuse(r, OB_COAP_CODE(5, 3), "no room for more reports");
        return;
    }
    executes(s, q);
    memcpy(fault->ptr, q->body.ptr, q->body.len);
    fault->len = q->body.len;
    fault->format = OBI_FORMAT_TEXT;
    (void)ob_coap_find_uint(q->msg, OB_COAP_CONTENT_FORMAT, &fault->format);
    s->fault_count++;
    r->code = OB_COAP_CODE(2, 1);
    (void)snprintf(r->location[0], sizeof r->location[0], "faults");
    (void)snprintf(r->location[1], sizeof r->location[1], "%zu", s->fault_count);
}

static void list_faults(ob_node_server *s, obi_request *q, obi_reply *r)
{
    size_t used = 0;
    for (size_t i = 1; i <= s->fault_count; i++) {
        used += (size_t)snprintf(s->text + used, sizeof s->text - used, "%s</faults/%zu>;sz=%zu",
                                 i == 1 ? "" : ",", i, s->faults[i - 1].len);
    }
    represent(q, r, (ob_span){s->text, used}, OBI_FORMAT_LINKS);
}

static void serve_faults(ob_node_server *s, obi_request *q, obi_reply *r)
{
    bool one = q->path[strlen("/faults")] == '/';
    size_t number = one ? fault_number(s, q->path) : 0;
    if (one && number == 0) {
        obi_node_refuse(r, OB_COAP_CODE(4, 4), NULL);
    } else if (q->msg->code == OB_COAP_GET && one) {
        const obi_fault *fault = &s->faults[number - 1];
        represent(q, r, (ob_span){fault->ptr, fault->len}, fault->format);
    } else if (q->msg->code == OB_COAP_GET) {
        list_faults(s, q, r);
    } else if (q->msg->code == OB_COAP_POST && !one) {
        report_fault(s, q, r);
    } else {
        obi_node_refuse(r, OB_COAP_CODE(4, 5), NULL);
    }
}

static void serve_core(ob_node_server *s, obi_request *q, obi_reply *r)
{
    bool edhoc = s->options.config->edhoc.present;
    int len = snprintf(s->text, sizeof s->text,
                       "</sensor>;rt=\"temperature\";ct=50;obs,"
                       "</actuator>;rt=\"switch\";ct=0,"
                       "</faults>;rt=\"faults\";ct=40%s",
                       edhoc ? ",</.well-known/edhoc>;rt=\"core.edhoc\"" : "");
    if (q->msg->code != OB_COAP_GET) {
        obi_node_refuse(r, OB_COAP_CODE(4, 5), NULL);
        return;
    }
    represent(q, r, (ob_span){s->text, (size_t)len}, OBI_FORMAT_LINKS);
}

static bool is_upload_of(const obi_upload *u, const obi_request *q)
{
    return u->used && u->key == q->key && strcmp(u->path, q->path) == 0 &&
           (q->key != OBI_NOBODY || ob_coap_same_remote(&u->remote, q->remote));
}

/* The upload that a block belongs to; for its first block a new one, if need be in the place of the
 * oldest. NULL: none is there. */
static obi_upload *upload_of(ob_node_server *s, const obi_request *q, bool first, size_t max)
{
    obi_upload *best = NULL;
    for (size_t i = 0; i < OBI_UPLOADS; i++) {
        obi_upload *u = &s->uploads[i];
        if (u->used && q->now_ms - u->since_ms > OBI_UPLOAD_MS) {
            u->used = false;
        }
        if (is_upload_of(u, q)) {
            u->since_ms = q->now_ms;
            return u;
        }
        if (best == NULL || !u->used || (best->used && u->since_ms < best->since_ms)) {
            best = best != NULL && !best->used ? best : u;
        }
    }
    if (!first) {
        return NULL;
    }
    if (best->body.ptr == NULL) {
        best->body.ptr = ob_mem_new(OBI_BODY_MAX);
    }
    best->body.cap = best->body.ptr == NULL ? 0 : max;
    best->body.len = 0; /* nothing of whoever had it before */
    best->body.last = 0;
    best->used = true;
    best->key = q->key;
    best->since_ms = q->now_ms;
    best->remote = *q->remote;
    (void)snprintf(best->path, sizeof best->path, "%s", q->path);
    return best;
}

bool obi_node_gather(ob_node_server *s, obi_request *q, obi_reply *r, size_t max,
                     obi_upload **upload)
{
    ob_span value;
    uint32_t total = 0;
    q->body = q->msg->payload;
    if (!ob_coap_find(q->msg, OB_COAP_BLOCK1, &value)) {
        return true;
    }
    if (!ob_coap_block_read(value, &r->block1)) {
        obi_node_refuse(r, OB_COAP_CODE(4, 0), "a block option that cannot be read");
        return false;
    }
    r->has_block1 = true;
    bool large = ob_coap_find_uint(q->msg, OB_COAP_SIZE1, &total) && total > max;
    obi_upload *u = upload_of(s, q, r->block1.number == 0 && !large, max);
    ob_coap_body_step step = large       ? OB_COAP_BODY_LARGE
                             : u == NULL ? OB_COAP_BODY_GAP
                                         : ob_coap_body_add(&u->body, &r->block1, q->body);
    switch (step) {
    case OB_COAP_BODY_MORE:
        r->code = OB_COAP_CODE(2, 31);
        return false;
    case OB_COAP_BODY_GAP:
        obi_node_refuse(r, OB_COAP_CODE(4, 8), NULL);
        return false;
    case OB_COAP_BODY_LARGE:
        obi_node_refuse(r, OB_COAP_CODE(4, 13), NULL);
        r->size1 = (uint32_t)max;
        return false;
    case OB_COAP_BODY_DONE:
    default:
        q->body = (ob_span){(const char *)u->body.ptr, u->body.len};
        *upload = u;
        return true;
    }
}

void obi_node_serve(ob_node_server *s, obi_request *q, obi_reply *r)
{
    static const struct {
        const char *path;
        bool below;
        void (*serve)(ob_node_server *s, obi_request *q, obi_reply *r);
    } rows[] = {{"/sensor", false, serve_sensor},
                {"/actuator", false, serve_actuator},
                {"/faults", true, serve_faults},
                {"/.well-known/core", false, serve_core}};

    obi_upload *upload = NULL;
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        size_t len = strlen(rows[i].path);
        if (strncmp(q->path, rows[i].path, len) == 0 &&
            (q->path[len] == '\0' || (rows[i].below && q->path[len] == '/'))) {
            if (obi_node_gather(s, q, r, OBI_BODY_MAX, &upload)) {
                rows[i].serve(s, q, r);
            }
            if (upload != NULL) {
                upload->used = false;
            }
            return;
        }
    }
    obi_node_refuse(r, OB_COAP_CODE(4, 4), NULL);
}
