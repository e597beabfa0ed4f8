/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A URI that is taken apart and put together again, each byte as %XX, comes apart into the same
 * options; none of them is what a request cannot have. A URL without a fault has no byte that a URL
 * cannot have.
 */
#include "fuzz.h"
#include "node/uri.h"

#include <ombud/buf.h>

static void add_escaped(ob_buf *out, ob_span value)
{
    for (size_t i = 0; i < value.len; i++) {
        ob_buf_addf(out, "%%%02X", (unsigned)(uint8_t)value.ptr[i]);
    }
}

static void compose(const ob_node_uri *uri, ob_buf *out)
{
    char mark = '?';
    ob_buf_add_str(out, "coap://");
    if (uri->has_name) {
        add_escaped(out, uri->options[0].value);
    } else {
        bool v6 = ob_span_find(uri->host, OB_SPAN(":"), 0) != SIZE_MAX;
        ob_buf_addf(out, v6 ? "[%.*s]" : "%.*s", OB_SHOW(uri->host));
    }
    ob_buf_addf(out, ":%u", uri->port);
    for (size_t i = 0; i < uri->option_count; i++) {
        const ob_coap_option *o = &uri->options[i];
        if (o->number == OB_COAP_URI_HOST) {
            continue;
        }
        ob_buf_add_char(out, o->number == OB_COAP_URI_PATH ? '/' : mark);
        mark = o->number == OB_COAP_URI_PATH ? mark : '&';
        add_escaped(out, o->value);
    }
}

static void look_at(const ob_node_uri *uri)
{
    size_t paths = 0;
    uint16_t last = 0;
    for (size_t i = 0; i < uri->option_count; i++) {
        const ob_coap_option *o = &uri->options[i];
        bool path = o->number == OB_COAP_URI_PATH;
        hold(o->value.len <= 255 && o->number >= last);
        hold(path || o->number == OB_COAP_URI_QUERY || (i == 0 && uri->has_name));
        hold(!path || (!ob_span_is_str(o->value, ".") && !ob_span_is_str(o->value, "..")));
        paths += path;
        last = o->number;
    }
    size_t first = uri->has_name ? 1 : 0;
    hold(uri->host.len > 0 && uri->port > 0);
    hold(paths != 1 || uri->options[first].value.len > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) text = {.max = 65536};
    ob_err err = {0};
    ob_node_uri uri;
    ob_node_uri again;
    ob_span given = {(const char *)data, size};
    if (ob_node_uri_read(&uri, &arena, given, &err)) {
        look_at(&uri);
        compose(&uri, &text);
        bool long_name = uri.has_name && uri.options[0].value.len > 80;
        hold(long_name || ob_node_uri_read(&again, &arena, ob_buf_span(&text), &err));
        for (size_t i = 0; i < uri.option_count && !long_name; i++) {
            hold(again.option_count == uri.option_count && again.port == uri.port);
            hold(again.options[i].number == uri.options[i].number);
            hold(ob_span_is(again.options[i].value, uri.options[i].value));
        }
    } else {
        hold(err.kind == OB_ERR_USAGE);
        hold_sentence(err.text);
    }
    size_t fault = ob_node_url_fault(given);
    hold(fault == SIZE_MAX || fault <= size);
    for (size_t i = 0; i < size && fault == SIZE_MAX; i++) {
        hold(data[i] > ' ' && data[i] < 127 && data[i] != '#');
    }
    return 0;
}
