/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pieces a service file is made of: values, headers, expressions, requests, calls.
 */
#include "drive/service_read.h"
#include "drive/driver.h"

#include <ombud/text.h>

static bool note_use(obi_service_reader *r, const ob_yaml *node, ob_err *err)
{
    obi_use *use = OB_NEW(r->arena, obi_use, 1, err);
    if (use == NULL) {
        return false;
    }
    *use = (obi_use){.next = r->uses,
                     .node = node,
                     .in_turn = r->in_turn,
                     .in_backend = r->in_backend,
                     .at_start = r->at_start,
                     .with_all = r->with_all};
    r->uses = use;
    return true;
}

static bool is_token(ob_span text, const char *extra)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && (c == '\0' || strchr(extra, c) == NULL)) {
            return false;
        }
    }
    return text.len > 0;
}

static bool check_name(const obi_service_reader *r, const ob_yaml *node, ob_err *err)
{
    return is_token(node->text, "_-") ||
           ob_yaml_fail(r->doc, node, err, "a name is made of letters, digits, '_' and '-'");
}

static bool note_secret(obi_service_reader *r, ob_span name, ob_err *err)
{
    return ob_vars_set(&r->secrets, name, (ob_span){0}, true, err);
}

static bool read_value_node(obi_service_reader *r, const ob_yaml *node, const char *key,
                            ob_value *out, ob_err *err)
{
    static const char *const keys[] = {"secret"};
    if (node->kind == OB_YAML_SCALAR) {
        out->text = node->text;
        return note_use(r, node, err);
    }
    ob_value value = {0};
    const ob_yaml *name = NULL;
    if (node->kind != OB_YAML_MAP) {
        return ob_yaml_fail(r->doc, node, err, "'%.80s' must be text or {secret: NAME}", key);
    }
    if (!ob_yaml_known(r->doc, node, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(r->doc, node, "secret", &name, err) ||
        !ob_yaml_text(r->doc, node, "secret", &value.secret, err)) {
        return false;
    }
    if (!is_token(value.secret, "_")) {
        return ob_yaml_fail(r->doc, name, err,
                            "the name of a secret is made of letters, digits and '_'");
    }
    *out = value;
    return note_secret(r, value.secret, err);
}

bool obi_read_value(obi_service_reader *r, const ob_yaml *map, const char *key, ob_value *out,
                    ob_err *err)
{
    const ob_yaml *node = ob_yaml_get(map, key);
    return node == NULL || read_value_node(r, node, key, out, err);
}

static bool has_line_break(ob_span text)
{
    return text.len > 0 &&
           (memchr(text.ptr, '\n', text.len) != NULL || memchr(text.ptr, '\r', text.len) != NULL);
}

bool obi_read_fields(obi_service_reader *r, const ob_yaml *map, const char *key, bool headers,
                     const ob_field **out, size_t *count, ob_err *err)
{
    const ob_yaml *node = key == NULL ? map : ob_yaml_get(map, key);
    if (node == NULL) {
        return true;
    }
    if (node->kind != OB_YAML_MAP) {
        return ob_yaml_fail(r->doc, node, err, "'%s' must be a map of names and values",
                            key == NULL ? "account" : key);
    }
    ob_field *fields = OB_NEW(r->arena, ob_field, node->count, err);
    if (fields == NULL) {
        return false;
    }
    for (size_t i = 0; i < node->count; i++) {
        fields[i].name = node->keys[i].text;
        if (headers && !is_token(fields[i].name, "!#$%&'*+-.^_`|~")) {
            return ob_yaml_fail(r->doc, &node->keys[i], err, "not the name of an HTTP header");
        }
        if ((!headers && !check_name(r, &node->keys[i], err)) ||
            !read_value_node(r, &node->items[i], fields[i].name.ptr, &fields[i].value, err)) {
            return false;
        }
        if (headers && has_line_break(fields[i].value.text)) {
            return ob_yaml_fail(r->doc, &node->items[i], err, "a header is one line");
        }
    }
    *out = fields;
    *count = node->count;
    return true;
}

static bool keep_expression(obi_service_reader *r, const ob_yaml *node, ob_span text,
                            unsigned *index, ob_err *err)
{
    if (r->expressions_count == OB_MAPPING_EXPRESSIONS_MAX) {
        return ob_yaml_fail(r->doc, node, err, "more than %d expressions in one file",
                            OB_MAPPING_EXPRESSIONS_MAX);
    }
    *index = (unsigned)r->expressions_count;
    r->expressions_at[r->expressions_count] = node;
    r->expressions[r->expressions_count++] = text;
    return true;
}

/* Moves place from a scalar to what is behind its first bytes, if they stand in its line of the
 * file as they are: neither folded from several lines nor escaped. */
static void move_within(const ob_yaml_doc *doc, const ob_yaml *node, size_t bytes, ob_yaml *place)
{
    ob_span rest = doc->text;
    ob_span line = {0};
    size_t at = 0;
    uint32_t rune = 0;
    uint32_t column = 1;
    for (uint32_t i = 0; i < node->line; i++) {
        if (!ob_span_cut_line(&rest, &line)) {
            return;
        }
    }
    for (; column < node->column + (node->quoted ? 1 : 0); column++) {
        if (!ob_utf8_next(line, &at, &rune)) {
            return;
        }
    }
    if (!ob_span_has_prefix(ob_span_sub(line, at, line.len), ob_span_sub(node->text, 0, bytes))) {
        return;
    }
    for (size_t end = at + bytes; at < end && ob_utf8_next(line, &at, &rune); column++) {
    }
    place->column = column;
}

static bool note_expression(obi_service_reader *r, const ob_yaml *node, unsigned *index,
                            ob_err *err)
{
    ob_err why = {0};
    size_t at = 0;
    if (node->kind != OB_YAML_SCALAR) {
        return ob_yaml_fail(r->doc, node, err, "must be a jq expression such as '.reply'");
    }
    if (!ob_mapping_check(node->text, &at, &why)) {
        ob_yaml place = *node;
        move_within(r->doc, node, at, &place);
        return ob_yaml_fail(r->doc, &place, err, "%s", why.text);
    }
    return keep_expression(r, node, node->text, index, err);
}

bool obi_read_expression(obi_service_reader *r, const ob_yaml *map, const char *key, int *index,
                         ob_err *err)
{
    const ob_yaml *node = ob_yaml_get(map, key);
    unsigned at = 0;
    if (node == NULL) {
        return true;
    }
    if (!note_expression(r, node, &at, err)) {
        return false;
    }
    *index = (int)at;
    return true;
}

bool obi_read_expression_or(obi_service_reader *r, const ob_yaml *map, const char *key,
                            const char *expression, int *index, ob_err *err)
{
    unsigned at = 0;
    if (ob_yaml_get(map, key) != NULL) {
        return obi_read_expression(r, map, key, index, err);
    }
    if (!keep_expression(r, map, ob_span_str(expression), &at, err)) {
        return false;
    }
    *index = (int)at;
    return true;
}

/* Every scalar of a body is a template; the loader has bounded the depth. */
static bool note_body(obi_service_reader *r, const ob_yaml *node, ob_err *err)
{
    if (node->kind == OB_YAML_SCALAR) {
        return note_use(r, node, err);
    }
    for (size_t i = 0; i < node->count; i++) {
        if (!note_body(r, &node->items[i], err)) {
            return false;
        }
    }
    return true;
}

static bool read_target(obi_service_reader *r, const ob_yaml *node, ob_request_template *out,
                        ob_err *err)
{
    const ob_yaml *path = ob_yaml_get(node, "path");
    const ob_yaml *url = ob_yaml_get(node, "url");
    if ((path == NULL) == (url == NULL)) {
        return ob_yaml_fail(r->doc, node, err,
                            "needs either 'path' (below the address) or 'url' (absolute)");
    }
    if (!obi_read_value(r, node, path != NULL ? "path" : "url", &out->url, err)) {
        return false;
    }
    ob_span text = out->url.text;
    if (has_line_break(text) || ob_span_find(text, OB_SPAN(" "), 0) != SIZE_MAX) {
        /* Blanks may stand inside of {{ name }} only; write names without them here. */
        return ob_yaml_fail(r->doc, path != NULL ? path : url, err,
                            "holds a blank; write %%20, and {{name}} without blanks");
    }
    if (path != NULL && (text.len == 0 || text.ptr[0] != '/')) {
        return ob_yaml_fail(r->doc, path, err, "'path' must begin with '/'");
    }
    if (url != NULL && url->kind == OB_YAML_SCALAR &&
        !ob_span_has_prefix(text, OB_SPAN("http://")) &&
        !ob_span_has_prefix(text, OB_SPAN("https://")) &&
        !ob_span_has_prefix(text, OB_SPAN("{{"))) {
        return ob_yaml_fail(r->doc, url, err, "'url' must begin with http:// or https://");
    }
    return true;
}

/* A local program is asked by name; there is no address, method or header. */
static bool read_bare_request(obi_service_reader *r, const ob_yaml *node, ob_request_template *out,
                              ob_err *err)
{
    static const char *const keys[] = {"body"};
    for (size_t i = 0; node->kind == OB_YAML_MAP && i < node->count; i++) {
        if (!ob_span_is_str(node->keys[i].text, "body")) {
            return ob_yaml_fail(r->doc, &node->keys[i], err,
                                "with 'driver: command' a request has only 'body'");
        }
    }
    out->body = ob_yaml_get(node, "body");
    return ob_yaml_known(r->doc, node, keys, OB_COUNT(keys), err) &&
           (out->body == NULL || note_body(r, out->body, err));
}

bool obi_read_request(obi_service_reader *r, const ob_yaml *node, ob_request_template *out,
                      ob_err *err)
{
    static const char *const keys[] = {"method", "path", "url", "headers", "body", "body_text"};
    static const char *const methods[] = {"GET",    "POST", "PUT",    "PATCH",
                                          "DELETE", "HEAD", "OPTIONS"};
    ob_request_template result = {0};
    int method = -1;
    if (r->service->driver->is_program) {
        return read_bare_request(r, node, out, err);
    }
    if (!ob_yaml_known(r->doc, node, keys, OB_COUNT(keys), err) ||
        !ob_yaml_choice(r->doc, node, "method", methods, OB_COUNT(methods), &method, err) ||
        !read_target(r, node, &result, err) ||
        !obi_read_fields(r, node, "headers", true, &result.headers, &result.headers_count, err) ||
        !ob_yaml_text(r->doc, node, "body_text", &result.body_text, err)) {
        return false;
    }
    const ob_yaml *body = ob_yaml_get(node, "body");
    const ob_yaml *text = ob_yaml_get(node, "body_text");
    if (body != NULL && text != NULL) {
        return ob_yaml_fail(r->doc, text, err, "'body' and 'body_text' exclude each other");
    }
    if ((body != NULL && !note_body(r, body, err)) || (text != NULL && !note_use(r, text, err))) {
        return false;
    }
    result.body = body;
    result.method = method >= 0                    ? ob_span_str(methods[method])
                    : body == NULL && text == NULL ? OB_SPAN("GET")
                                                   : OB_SPAN("POST");
    *out = result;
    return true;
}

static bool read_extracts(obi_service_reader *r, const ob_yaml *call, const char *prefix,
                          bool secret, ob_call_template *out, ob_err *err)
{
    const ob_yaml *node = ob_yaml_get(call, "extract");
    if (node == NULL) {
        return true;
    }
    if (node->kind != OB_YAML_MAP) {
        return ob_yaml_fail(r->doc, node, err, "'extract' must be a map of names and expressions");
    }
    ob_extract *items = OB_NEW(r->arena, ob_extract, node->count, err);
    if (items == NULL) {
        return false;
    }
    for (size_t i = 0; i < node->count; i++) {
        items[i].name = node->keys[i].text;
        items[i].secret = secret || ob_span_is_str(items[i].name, "password") ||
                          ob_span_is_str(items[i].name, "token");
        if (!check_name(r, &node->keys[i], err) ||
            !note_expression(r, &node->items[i], &items[i].expression, err) ||
            (prefix != NULL &&
             !ob_vars_set_in(&r->names, prefix, items[i].name, (ob_span){0}, false, err))) {
            return false;
        }
    }
    out->extracts = items;
    out->extracts_count = node->count;
    return true;
}

bool obi_read_call(obi_service_reader *r, const ob_yaml *node, ob_span name, const char *prefix,
                   bool secret, ob_call_template *out, ob_err *err)
{
    static const char *const keys[] = {"request", "extract", "writes"};
    ob_call_template result = {.present = true, .name = name, .writes = out->writes};
    const ob_yaml *request = NULL;
    if (!ob_yaml_known(r->doc, node, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(r->doc, node, "request", &request, err) ||
        !obi_read_request(r, request, &result.request, err) ||
        !ob_yaml_bool(r->doc, node, "writes", &result.writes, err) ||
        !read_extracts(r, node, prefix, secret, &result, err)) {
        return false;
    }
    *out = result;
    return true;
}

#define ASKS_MAX 16

typedef struct asks {
    obi_service_reader *reader;
    ob_call_template *call;
    ob_span *names;
} asks;

static bool see_ask(void *ctx, ob_span name, ob_err *err)
{
    asks *a = ctx;
    const ob_call_template *login = &a->reader->service->login;
    (void)err;
    a->call->uses_session = a->call->uses_session || ob_span_has_prefix(name, OB_SPAN("session."));
    for (size_t i = 0; i < login->extracts_count; i++) {
        ob_span rest = name;
        ob_span prefix = {0};
        a->call->uses_login = a->call->uses_login || (ob_span_cut(&rest, '.', &prefix) &&
                                                      ob_span_is_str(prefix, "actor") &&
                                                      ob_span_is(rest, login->extracts[i].name));
    }
    if (!ob_span_has_prefix(name, OB_SPAN("call."))) {
        return true;
    }
    for (size_t i = 0; i < a->call->asks_count; i++) {
        if (ob_span_is(a->names[i], name)) {
            return true;
        }
    }
    if (a->call->asks_count == ASKS_MAX) {
        return ob_fail(err, OB_ERR_INPUT, "a call takes at most %d values", ASKS_MAX);
    }
    a->names[a->call->asks_count++] = name;
    return true;
}

static bool gather_asks(asks *a, const ob_yaml *node, ob_err *err)
{
    if (node->kind == OB_YAML_SCALAR) {
        ob_err why = {0};
        return ob_template_names(node->text, see_ask, a, &why) ||
               ob_yaml_fail(a->reader->doc, node, err, "%s", why.text);
    }
    for (size_t i = 0; i < node->count; i++) {
        if (!gather_asks(a, &node->items[i], err)) {
            return false;
        }
    }
    return true;
}

bool obi_read_asks(obi_service_reader *r, const ob_yaml *node, ob_call_template *call, ob_err *err)
{
    asks a = {.reader = r, .call = call, .names = OB_NEW(r->arena, ob_span, ASKS_MAX, err)};
    call->asks = a.names;
    return a.names != NULL && gather_asks(&a, node, err);
}

typedef struct use_check {
    obi_service_reader *reader;
    const obi_use *use;
} use_check;

/* The call of the file that gives this name; NULL: none does. */
static const char *given_by(const ob_service *s, ob_span name)
{
    const struct {
        const ob_call_template *call;
        const char *prefix;
        const char *name;
    } calls[] = {{&s->login, "actor.", "login"},
                 {&s->actor_create, "actor.", "create"},
                 {&s->session_open, "session.", "open"}};

    for (size_t i = 0; i < OB_COUNT(calls); i++) {
        ob_span prefix = ob_span_str(calls[i].prefix);
        for (size_t k = 0; k < calls[i].call->extracts_count; k++) {
            if (ob_span_has_prefix(name, prefix) &&
                ob_span_is(ob_span_sub(name, prefix.len, name.len),
                           calls[i].call->extracts[k].name)) {
                return calls[i].name;
            }
        }
    }
    return NULL;
}

static bool see_name(void *ctx, ob_span name, ob_err *err)
{
    use_check *check = ctx;
    obi_service_reader *r = check->reader;
    if (ob_span_has_prefix(name, OB_SPAN("secret."))) {
        ob_span rest = ob_span_sub(name, sizeof "secret." - 1, name.len);
        return is_token(rest, "_")
                   ? note_secret(r, rest, err)
                   : ob_fail(err, OB_ERR_INPUT, "'{{%.*s}}' names no secret", OB_SHOW(name));
    }
    if (check->use->at_start && !ob_span_is_str(name, "run.id")) {
        return ob_fail(err, OB_ERR_INPUT,
                       "'{{%.*s}}' is not known when the program starts; {{run.id}} and "
                       "{{secret.NAME}} are",
                       OB_SHOW(ob_span_sub(name, 0, OB_QUOTE_MAX)));
    }
    const char *giver = check->use->with_all ? given_by(r->service, name) : NULL;
    if (giver != NULL) {
        return ob_fail(err, OB_ERR_INPUT,
                       "these headers go with every request, also with '%s', which gives "
                       "'{{%.*s}}'; put this one below session: send, and below headers of other "
                       "calls that need it",
                       giver, OB_SHOW(ob_span_sub(name, 0, OB_QUOTE_MAX)));
    }
    r->service->uses_session_key =
        r->service->uses_session_key || ob_span_is_str(name, "session.key");
    r->service->session_key =
        r->service->session_key || (check->use->in_turn && ob_span_is_str(name, "session.key"));
    bool say = check->use->in_turn && ob_span_is_str(name, "say");
    r->says = r->says || say;
    if (say || ob_vars_find(&r->names, name) != NULL ||
        (check->use->in_backend && ob_span_has_prefix(name, OB_SPAN("call.")))) {
        return true;
    }
    OB_AUTO(ob_buf) none = {.max = 1024};
    /* Expanding against the known names words the refusal, did-you-mean included. */
    ob_span whole = {0};
    return ob_arena_printf(r->arena, &whole, err, "{{%.*s}}", OB_SHOW(name)) &&
           ob_template_expand(whole, &r->names, OB_ESCAPE_NONE, false, &none, err);
}

static int compare_spans(const void *a, const void *b)
{
    return ob_span_compare(*(const ob_span *)a, *(const ob_span *)b);
}

static bool gather_secrets(obi_service_reader *r, ob_err *err)
{
    ob_span *names = OB_NEW(r->arena, ob_span, r->secrets.count, err);
    if (names == NULL) {
        return false;
    }
    for (size_t i = 0; i < r->secrets.count; i++) {
        names[i] = r->secrets.items[i].name;
    }
    if (r->secrets.count > 1) {
        qsort(names, r->secrets.count, sizeof *names, compare_spans);
    }
    r->service->secrets = names;
    r->service->secrets_count = r->secrets.count;
    return true;
}

bool obi_check_uses(obi_service_reader *r, ob_err *err)
{
    for (const obi_use *use = r->uses; use != NULL; use = use->next) {
        use_check check = {.reader = r, .use = use};
        ob_err why = {0};
        if (!ob_template_names(use->node->text, see_name, &check, &why)) {
            return ob_yaml_fail(r->doc, use->node, err, "%s", why.text);
        }
    }
    if (r->turn != NULL && !r->says) {
        /* No attack would ever arrive, and all would look safe. */
        return ob_yaml_fail(r->doc, r->turn, err,
                            "nothing in 'request' is {{say}}, so no question would reach the "
                            "service; put \"{{say}}\" where the customer's words go");
    }
    ob_err why = {0};
    size_t bad = 0;
    if (!ob_mapping_new(&r->service->mapping, r->arena, r->expressions, r->expressions_count, &bad,
                        &why)) {
        if (bad < r->expressions_count) {
            return ob_yaml_fail(r->doc, r->expressions_at[bad], err, "%s", why.text);
        }
        *err = why;
        return ob_wrap(err, "%.*s", OB_SHOW(r->doc->name));
    }
    return gather_secrets(r, err);
}
