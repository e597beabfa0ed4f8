/* SPDX-License-Identifier: Apache-2.0 */
/* The rights table: who may do what where, and until when. */
#include "node/config_parts.h"
#include "node/uri.h"

#include <ombud/text.h>

typedef obi_node_reading reading;

static const char *const method_names[] = {"GET",   "POST",  "PUT",   "DELETE",
                                           "FETCH", "PATCH", "iPATCH"};

static bool read_methods(const reading *r, const ob_yaml *map, unsigned *methods, ob_err *err)
{
    const ob_yaml *list = NULL;
    if (!obi_node_read_list(r, map, "methods", OB_COUNT(method_names), &list, err)) {
        return false;
    }
    if (list == NULL) {
        return ob_yaml_fail(r->doc, map, err, "needs methods such as [GET, PUT]");
    }
    for (size_t i = 0; i < list->count; i++) {
        const ob_yaml *item = &list->items[i];
        int at = item->kind == OB_YAML_SCALAR
                     ? ob_text_index(item->text, method_names, OB_COUNT(method_names))
                     : -1;
        if (at < 0) {
            return ob_yaml_fail(r->doc, item, err,
                                "unknown method; use GET, POST, PUT, DELETE, FETCH, PATCH or "
                                "iPATCH");
        }
        *methods |= 2U << at;
    }
    return true;
}

static bool is_known(const ob_node_config *c, ob_span who)
{
    bool known = ob_span_is_str(who, OB_NODE_ANYONE);
    for (size_t i = 0; i < c->context_count; i++) {
        known = known || ob_span_is(who, c->contexts[i].name);
    }
    for (size_t i = 0; i < c->edhoc.peer_count; i++) {
        known = known || ob_span_is(who, c->edhoc.peers[i].name);
    }
    return known;
}

/* What keeps a segment, with its %XX undone, from being one of a request for a resource here; NULL:
 * nothing. */
static const char *fault_of(ob_span segment)
{
    if (segment.len == 0) {
        return "no resource here has an empty segment; leave out the slash at the end, or one of "
               "two";
    }
    if (ob_span_is_str(segment, ".") || ob_span_is_str(segment, "..")) {
        return "no request has a segment . or ..; write the path without it";
    }
    if (memchr(segment.ptr, '/', segment.len) != NULL ||
        memchr(segment.ptr, '\0', segment.len) != NULL) {
        return "no resource here has %2F or %00 within a segment";
    }
    return NULL;
}

/* The segments of text, which has no slash in front, as requests have them (RFC 7252, 6.4), each
 * behind a slash. */
static bool read_segments(const reading *r, const ob_yaml *node, ob_span text, ob_span *made,
                          ob_err *err)
{
    ob_span piece;
    char *path = OB_NEW(r->arena, char, text.len + 1, err);
    size_t used = 0;
    if (path == NULL) {
        return false;
    }
    while (ob_node_piece(&text, '/', &piece)) {
        size_t len = 0;
        path[used++] = '/';
        if (!ob_node_unescape(piece, path + used, &len)) {
            return ob_yaml_fail(r->doc, node, err, "a %% has two hexadecimal digits behind it");
        }
        const char *fault = fault_of((ob_span){path + used, len});
        if (fault != NULL) {
            return ob_yaml_fail(r->doc, node, err, "%s", fault);
        }
        used += len;
    }
    *made = (ob_span){path, used};
    return used < OB_NODE_PATH_MAX ||
           ob_yaml_fail(r->doc, node, err, "no resource here has a path of more than %d bytes",
                        OB_NODE_PATH_MAX - 1);
}

/* "/a%20b" is the segment "a b", "/" no segment at all, and with a star behind a slash all that is
 * below belongs to it. */
static bool read_resource(const reading *r, const ob_yaml *node, ob_span text, ob_node_right *out,
                          ob_err *err)
{
    out->below = ob_span_has_suffix(text, OB_SPAN("/*"));
    text.len -= out->below ? 2 : 0;
    if ((text.len == 0 && !out->below) || (text.len > 0 && text.ptr[0] != '/') ||
        ob_span_find(text, OB_SPAN("*"), 0) != SIZE_MAX) {
        return ob_yaml_fail(r->doc, node, err,
                            "a resource is a path such as /actuator or /faults/*, with a star only "
                            "at the end");
    }
    if (ob_span_find(text, OB_SPAN("?"), 0) != SIZE_MAX ||
        ob_span_find(text, OB_SPAN("#"), 0) != SIZE_MAX) {
        return ob_yaml_fail(r->doc, node, err,
                            "a right is for a path, with any query; a ? or # that belongs to the "
                            "path is written %%3F or %%23");
    }
    out->resource = (ob_span){0};
    return text.len == (out->below ? 0 : 1) ||
           read_segments(r, node, ob_span_sub(text, 1, text.len), &out->resource, err);
}

static bool read_right(const reading *r, const ob_yaml *map, ob_node_right *out, ob_err *err)
{
    static const char *const keys[] = {"who", "resource", "methods", "until"};
    const ob_yaml *node = NULL;
    const ob_yaml *place = NULL;
    ob_span text = {0};
    ob_span until = {0};
    ob_err why = {0};
    out->until_ms = INT64_MAX;
    if (!ob_yaml_known(r->doc, map, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(r->doc, map, "resource", &place, err) ||
        !ob_yaml_text(r->doc, map, "resource", &text, err) ||
        !read_methods(r, map, &out->methods, err) ||
        !ob_yaml_text(r->doc, map, "until", &until, err) ||
        !ob_yaml_need(r->doc, map, "who", &node, err) ||
        !ob_yaml_text(r->doc, map, "who", &out->who, err)) {
        return false;
    }
    if (!is_known(r->config, out->who)) {
        return ob_yaml_fail(r->doc, node, err,
                            "nobody has this name; name a context, a peer, or " OB_NODE_ANYONE);
    }
    if (until.len > 0 && !ob_time_parse(until, &out->until_ms, &why)) {
        return ob_yaml_fail(r->doc, ob_yaml_get(map, "until"), err,
                            "'until' must be a date such as 2026-11-24 or 2026-11-24T08:00:00Z");
    }
    return read_resource(r, place, text, out, err);
}

bool obi_node_read_rights(reading *r, const ob_yaml *root, ob_err *err)
{
    const ob_yaml *list = ob_yaml_get(root, "rights");
    if (list == NULL) {
        return true;
    }
    r->config->has_rights = true; /* an empty list is a table that denies everything */
    if (list->kind != OB_YAML_SEQ || list->count > OB_NODE_RIGHTS_MAX) {
        return ob_yaml_fail(r->doc, list, err, "'rights' must be a list of at most %d entries",
                            OB_NODE_RIGHTS_MAX);
    }
    ob_node_right *items = OB_NEW(r->arena, ob_node_right, list->count, err);
    if (items == NULL) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (!read_right(r, &list->items[i], &items[i], err)) {
            return false;
        }
    }
    r->config->rights = items;
    r->config->right_count = list->count;
    return true;
}

bool ob_node_may(const ob_node_config *config, ob_span who, ob_span path, uint8_t method,
                 int64_t wall_ms)
{
    if (!config->has_rights) {
        return true;
    }
    for (size_t i = 0; i < config->right_count; i++) {
        const ob_node_right *r = &config->rights[i];
        bool here = ob_span_is(r->resource, path) ||
                    (r->below && ob_span_has_prefix(path, r->resource) &&
                     path.len > r->resource.len && path.ptr[r->resource.len] == '/');
        if (here && method < 32 && (r->methods >> method & 1) != 0 && wall_ms < r->until_ms &&
            (ob_span_is(r->who, who) || ob_span_is_str(r->who, OB_NODE_ANYONE))) {
            return true;
        }
    }
    return false;
}
