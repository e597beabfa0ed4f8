/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From templates to a request: everything is expanded twice, once for the wire and once masked for
 * people and the store. A header value with a line end in it is refused: it would be another
 * header.
 */
#include "drive/client_core.h"

#include <arpa/inet.h>
#include <ombud/json.h>

typedef struct maker {
    ob_client_core *core;
    obi_exchange *x;
    const ob_vars *vars;
    ob_buf shown_headers;
} maker;

static bool secret_value(const ob_client_core *core, ob_span name, ob_span *value, ob_err *err)
{
    for (size_t i = 0; i < core->o.secrets.count; i++) {
        if (ob_span_is(core->o.secrets.items[i].name, name)) {
            *value = core->o.secrets.items[i].value;
            return true;
        }
    }
    return ob_fail(err, OB_ERR_INPUT, "the secret %.*s has no value", OB_SHOW(name));
}

bool obi_value(const ob_client_core *core, const ob_value *value, const ob_vars *vars,
               ob_escape escape, bool masked, ob_buf *out, ob_err *err)
{
    if (value->secret.len == 0) {
        return ob_template_expand(value->text, vars, escape, masked, out, err);
    }
    ob_span secret = {0};
    if (!secret_value(core, value->secret, &secret, err)) {
        return false;
    }
    if (masked) {
        ob_buf_addf(out, "sk-...(%zu)", secret.len);
    } else {
        ob_buf_add(out, secret);
    }
    return true;
}

static bool expand(const maker *m, const ob_value *value, ob_escape escape, bool masked,
                   ob_buf *out, ob_err *err)
{
    return obi_value(m->core, value, m->vars, escape, masked, out, err);
}

static bool append_header(maker *m, ob_span line, ob_err *err)
{
    ob_span text = {0};
    if (!ob_arena_dup(&m->x->arena, line, &text, err)) {
        return false;
    }
    struct curl_slist *list = curl_slist_append(m->x->wire.headers, text.ptr);
    if (list == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for a header");
    }
    m->x->wire.headers = list;
    return true;
}

static bool add_field(maker *m, const ob_field *field, ob_err *err)
{
    OB_AUTO(ob_buf) line = {.max = OB_HEAD_MAX, .secret = true};
    OB_AUTO(ob_buf) shown = {.max = OB_HEAD_MAX};
    ob_buf_add(&line, field->name);
    ob_buf_add_str(&line, ": ");
    size_t name = line.len;
    ob_buf_add(&shown, ob_buf_span(&line));
    if (!expand(m, &field->value, OB_ESCAPE_NONE, false, &line, err) ||
        !expand(m, &field->value, OB_ESCAPE_NONE, true, &shown, err) ||
        !ob_buf_check(&line, "a header", err) || !ob_buf_check(&shown, "a header", err)) {
        return ob_wrap(err, "header %.*s", OB_SHOW(field->name));
    }
    ob_span text = ob_buf_span(&line);
    if (memchr(text.ptr, '\n', text.len) != NULL || memchr(text.ptr, '\r', text.len) != NULL ||
        memchr(text.ptr, '\0', text.len) != NULL) {
        return ob_fail(err, OB_ERR_INPUT, "header %.*s: its value holds a line end or NUL",
                       OB_SHOW(field->name));
    }
    if (m->x->wire.named.len == 0 && ob_span_is_nocase(field->name, OB_SPAN("Host")) &&
        !ob_arena_dup(&m->x->arena, obi_url_host(ob_span_sub(text, name, text.len)),
                      &m->x->wire.named, err)) {
        return false;
    }
    if (text.len == name) {
        /* curl drops "Name:"; an empty value is written "Name;" for it. */
        line.len = name - 2;
        ob_buf_add_char(&line, ';');
    }
    ob_buf_add(&m->shown_headers, ob_buf_span(&shown));
    ob_buf_add_str(&m->shown_headers, "\r\n");
    return append_header(m, ob_buf_span(&line), err);
}

static bool add_fields(maker *m, const ob_field *fields, size_t count, ob_err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (!add_field(m, &fields[i], err)) {
            return false;
        }
    }
    return true;
}

static bool add_plain(maker *m, const char *line, ob_err *err)
{
    ob_buf_add_str(&m->shown_headers, line);
    ob_buf_add_str(&m->shown_headers, "\r\n");
    return append_header(m, ob_span_str(line), err);
}

static bool has_header(const ob_field *fields, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (ob_span_is_nocase(fields[i].name, ob_span_str(name))) {
            return true;
        }
    }
    return false;
}

/* A YAML body as JSON; scalars without quotes that read as JSON literals stay literals. */
static bool add_json(const maker *m, const ob_yaml *node, bool masked, ob_buf *out, ob_err *err)
{
    switch (node->kind) {
    case OB_YAML_NULL:
        ob_buf_add_str(out, "null");
        return true;
    case OB_YAML_SEQ:
        ob_buf_add_char(out, '[');
        for (size_t i = 0; i < node->count; i++) {
            ob_buf_add_str(out, i == 0 ? "" : ",");
            if (!add_json(m, &node->items[i], masked, out, err)) {
                return false;
            }
        }
        ob_buf_add_char(out, ']');
        return true;
    case OB_YAML_MAP: {
        const ob_yaml *secret = ob_yaml_get(node, "secret");
        if (secret != NULL && node->count == 1) {
            ob_value value = {.secret = secret->text};
            OB_AUTO(ob_buf) text = {.max = 65536, .secret = true};
            if (!expand(m, &value, OB_ESCAPE_NONE, masked, &text, err)) {
                return false;
            }
            ob_buf_add_json(out, ob_buf_span(&text));
            return true;
        }
        ob_buf_add_char(out, '{');
        for (size_t i = 0; i < node->count; i++) {
            ob_buf_add_str(out, i == 0 ? "" : ",");
            ob_buf_add_json(out, node->keys[i].text);
            ob_buf_add_char(out, ':');
            if (!add_json(m, &node->items[i], masked, out, err)) {
                return false;
            }
        }
        ob_buf_add_char(out, '}');
        return true;
    }
    case OB_YAML_SCALAR:
        break;
    }
    if (!node->quoted && (ob_span_is_str(node->text, "true") ||
                          ob_span_is_str(node->text, "false") || ob_json_is_number(node->text))) {
        ob_buf_add(out, node->text);
        return true;
    }
    /* Quoted as a whole: what the file itself says may hold quotes and line ends, too. */
    OB_AUTO(ob_buf) text = {.max = OB_REQUEST_MAX, .secret = true};
    if (!ob_template_expand(node->text, m->vars, OB_ESCAPE_NONE, masked, &text, err)) {
        return false;
    }
    ob_buf_add_json(out, ob_buf_span(&text));
    return true;
}

bool obi_request_json(ob_client_core *core, obi_exchange *x, const ob_vars *vars,
                      const ob_yaml *node, bool masked, ob_buf *out, ob_err *err)
{
    maker m = {.core = core, .x = x, .vars = vars};
    return add_json(&m, node, masked, out, err);
}

static bool make_body(const maker *m, const ob_request_template *request, bool masked, ob_buf *out,
                      ob_err *err)
{
    const ob_service *service = m->core->o.service;
    if (m->x->call.call == NULL && service->driver->body != NULL) {
        return service->driver->body(service, &m->x->call, m->vars, masked, out, err);
    }
    if (request->body != NULL) {
        return add_json(m, request->body, masked, out, err);
    }
    return request->body_text.len == 0 ||
           ob_template_expand(request->body_text, m->vars, OB_ESCAPE_NONE, masked, out, err);
}

static bool make_url(const maker *m, const ob_request_template *request, bool masked, ob_span *url,
                     ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = 65536, .secret = true};
    if (request->url.secret.len == 0 &&
        (request->url.text.len == 0 || request->url.text.ptr[0] == '/')) {
        ob_buf_add(&text, m->core->o.service->address);
    }
    return expand(m, &request->url, OB_ESCAPE_URL, masked, &text, err) &&
           ob_buf_check(&text, "a URL", err) &&
           ob_arena_dup(&m->x->arena, ob_buf_span(&text), url, err);
}

static bool read_part(CURLU *parts, CURLUPart which, ob_arena *arena, ob_span *out, ob_err *err)
{
    char *text = NULL;
    bool good = curl_url_get(parts, which, &text, 0) != CURLUE_OK ||
                ob_arena_dup(arena, ob_span_str(text), out, err);
    curl_free(text);
    return good;
}

/* The name, or an address as curl writes it. */
static bool is_loopback(ob_span host)
{
    char text[64];
    struct in_addr address;
    (void)snprintf(text, sizeof text, "%.*s", OB_SHOW(ob_span_sub(host, 0, sizeof text - 1)));
    return ob_span_is_nocase(host, OB_SPAN("localhost")) || ob_span_is(host, OB_SPAN("::1")) ||
           (inet_pton(AF_INET, text, &address) == 1 && ntohl(address.s_addr) >> 24 == 127);
}

/* The host that curl will ask, for the scope: any other reading of the URL could be that of a host
 * it does not go to, such as one in front of an '@'. Empty where curl would refuse the URL. */
static bool read_target(obi_exchange *x, ob_err *err)
{
    obi_wire *w = &x->wire;
    CURLU *parts = curl_url();
    ob_span scheme = {"", 0};
    bool good = true;
    w->target = w->path = (ob_span){"", 0};
    if (parts == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for a URL");
    }
    if (curl_url_set(parts, CURLUPART_URL, w->url.ptr, CURLU_DISALLOW_USER | CURLU_PATH_AS_IS) ==
        CURLUE_OK) {
        good = read_part(parts, CURLUPART_HOST, &x->arena, &w->target, err) &&
               read_part(parts, CURLUPART_PATH, &x->arena, &w->path, err) &&
               read_part(parts, CURLUPART_SCHEME, &x->arena, &scheme, err);
    }
    if (ob_span_has_prefix(w->target, OB_SPAN("["))) {
        w->target = ob_span_sub(w->target, 1, w->target.len - 1);
    }
    w->private = ob_span_is(scheme, OB_SPAN("https")) || is_loopback(w->target);
    curl_url_cleanup(parts);
    return good;
}

static bool add_headers(maker *m, const ob_request_template *request, bool has_text, ob_err *err)
{
    const ob_service *s = m->core->o.service;
    bool say = m->x->call.call == NULL;
    char agent[96];
    (void)snprintf(agent, sizeof agent, "User-Agent: ombud/%s %s", OB_VERSION,
                   m->core->o.run == NULL || m->core->o.run[0] == '\0' ? "-" : m->core->o.run);
    bool typed = has_header(request->headers, request->headers_count, "content-type");
    if (!add_plain(m, agent, err) ||
        (has_text && !typed && !add_plain(m, "Content-Type: application/json", err)) ||
        /* Nothing has no type; curl would call it a form. */
        (!has_text && !typed && !append_header(m, OB_SPAN("Content-Type:"), err)) ||
        (!has_header(request->headers, request->headers_count, "accept") &&
         !add_plain(m,
                    say && s->stream ? "Accept: text/event-stream, application/json"
                                     : "Accept: application/json, */*;q=0.5",
                    err)) ||
        !append_header(m, OB_SPAN("Expect:"), err) ||
        !add_fields(m, s->headers, s->headers_count, err) ||
        !add_fields(m, request->headers, request->headers_count, err)) {
        return false;
    }
    if (say && !add_fields(m, s->session_send, s->session_send_count, err)) {
        return false;
    }
    ob_span cookies = {0};
    if (m->x->call.jar == NULL) {
        return true;
    }
    if (!obi_jar_header(m->x->call.jar, &m->x->wire, &m->x->arena, &cookies, err)) {
        return false;
    }
    if (cookies.len == 0) {
        return true;
    }
    ob_buf_add(&m->shown_headers, cookies);
    ob_buf_add_str(&m->shown_headers, "\r\n");
    return append_header(m, cookies, err);
}

ob_span obi_url_host(ob_span url)
{
    size_t scheme = ob_span_find(url, OB_SPAN("://"), 0);
    ob_span rest = ob_span_sub(url, scheme == SIZE_MAX ? 0 : scheme + 3, url.len);
    size_t end = 0;
    while (end < rest.len && rest.ptr[end] != '/' && rest.ptr[end] != '?' && rest.ptr[end] != '#') {
        end++;
    }
    rest = ob_span_sub(rest, 0, end);
    if (rest.len > 0 && rest.ptr[0] == '[') {
        return ob_span_sub(rest, 1, ob_span_find(rest, OB_SPAN("]"), 0));
    }
    return ob_span_sub(rest, 0, ob_span_find(rest, OB_SPAN(":"), 0));
}

static bool show(maker *m, ob_span shown_url, ob_span shown_body, ob_err *err)
{
    obi_wire *w = &m->x->wire;
    OB_AUTO(ob_buf) text = {.max = OB_REQUEST_MAX + OB_HEAD_MAX};
    size_t scheme = ob_span_find(shown_url, OB_SPAN("://"), 0);
    ob_span rest = ob_span_sub(shown_url, scheme == SIZE_MAX ? 0 : scheme + 3, shown_url.len);
    size_t slash = ob_span_find(rest, OB_SPAN("/"), 0);
    ob_span path = slash == SIZE_MAX ? OB_SPAN("/") : ob_span_sub(rest, slash, rest.len);
    ob_buf_addf(&text, "%.*s %.*s HTTP/1.1\r\nHost: %.*s\r\n", OB_SHOW(w->method), OB_SHOW(path),
                OB_SHOW(ob_span_sub(rest, 0, slash)));
    obi_mask_head(m->core, m->x, ob_buf_span(&m->shown_headers), &text);
    if (w->has_body) {
        ob_buf_addf(&text, "Content-Length: %zu\r\n", w->body.len);
    }
    ob_buf_add_str(&text, "\r\n");
    obi_mask(m->core, m->x, shown_body, &text);
    return ob_buf_check(&text, "a request", err) &&
           ob_arena_dup(&m->x->arena, ob_buf_span(&text), &w->shown, err);
}

/* Servers want to be told the length of these, even of nothing (RFC 9110, 8.6). */
static bool expects_body(ob_span method)
{
    return ob_span_is_str(method, "POST") || ob_span_is_str(method, "PUT") ||
           ob_span_is_str(method, "PATCH");
}

static bool build(maker *m, ob_err *err)
{
    const ob_service *s = m->core->o.service;
    obi_exchange *x = m->x;
    ob_request_template request = {0};
    ob_span shown_url = {0};
    OB_AUTO(ob_buf) body = {.max = OB_REQUEST_MAX, .secret = true};
    OB_AUTO(ob_buf) shown_body = {.max = OB_REQUEST_MAX};
    if (x->call.call == NULL) {
        s->driver->target(s, &request);
    } else {
        request = x->call.call->request;
    }
    bool has_text = x->call.call == NULL || request.body != NULL || request.body_text.len > 0;
    x->wire.method = request.method.len > 0 ? request.method
                     : has_text             ? OB_SPAN("POST")
                                            : OB_SPAN("GET");
    x->wire.has_body = has_text || expects_body(x->wire.method);
    if (!make_url(m, &request, false, &x->wire.url, err) ||
        !make_url(m, &request, true, &shown_url, err) ||
        !make_body(m, &request, false, &body, err) ||
        !make_body(m, &request, true, &shown_body, err) ||
        !ob_buf_check(&body, "a request body", err) ||
        !ob_buf_check(&shown_body, "a request body", err) ||
        !ob_arena_dup(&x->arena, ob_buf_span(&body), &x->wire.body, err) || !read_target(x, err) ||
        !add_headers(m, &request, has_text, err)) {
        return false;
    }
    x->wire.host = m->core->proxy.len > 0 ? m->core->proxy_host : x->wire.target;
    return show(m, shown_url, ob_buf_span(&shown_body), err);
}

bool obi_request_vars(ob_client_core *core, obi_exchange *x, ob_vars *vars, ob_err *err)
{
    *vars = (ob_vars){.outer = x->call.vars, .arena = &x->arena};
    bool good = ob_vars_set(vars, OB_SPAN("say"), x->call.say, false, err);
    for (size_t i = 0; good && i < core->o.secrets.count; i++) {
        good = ob_vars_set_in(vars, "secret", core->o.secrets.items[i].name,
                              core->o.secrets.items[i].value, true, err);
    }
    return good;
}

bool obi_request_build(ob_client_core *core, obi_exchange *x, ob_err *err)
{
    ob_vars inner = {0};
    maker m = {.core = core,
               .x = x,
               .vars = &inner,
               .shown_headers = {.max = OB_HEAD_MAX, .secret = true}}; /* with cookies */
    bool good = obi_request_vars(core, x, &inner, err) && build(&m, err);
    ob_buf_fini(&m.shown_headers);
    return good || ob_wrap(err, "the request '%s'", x->call.kind);
}
