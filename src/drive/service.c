/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The service file, section by section; doc/service-file.md is its reference for users.
 */
#include "drive/driver.h"
#include "drive/scope.h"
#include "drive/service_read.h"

#include <ombud/text.h>

#define ACCOUNTS_MAX 1000
#define BACKEND_MAX  64
#define HOSTS_MAX    256

const char *const ob_ability_names[OB_ABILITIES] = {"session", "stream", "ledger", "state",
                                                    "kb",      "fault",  "actor",  "proxy"};

static const ob_yaml *section(const obi_service_reader *r, const char *key)
{
    return ob_yaml_get(r->doc->root, key);
}

bool obi_read_address(obi_service_reader *r, ob_err *err)
{
    const ob_yaml *node = NULL;
    ob_span text = {0};
    if (r->service->driver->is_program) {
        return true; /* there is none; obi_read_command says what stands for it */
    }
    if (!ob_yaml_need(r->doc, r->doc->root, "address", &node, err) ||
        !ob_yaml_text(r->doc, r->doc->root, "address", &text, err)) {
        return false;
    }
    while (text.len > 0 && text.ptr[text.len - 1] == '/') {
        text.len--;
    }
    size_t scheme = ob_span_has_prefix(text, OB_SPAN("http://"))    ? 7
                    : ob_span_has_prefix(text, OB_SPAN("https://")) ? 8
                                                                    : 0;
    if (scheme == 0) {
        return ob_yaml_fail(r->doc, node, err, "'address' must begin with http:// or https://");
    }
    ob_span host = ob_span_sub(text, scheme, text.len);
    if (ob_span_find(host, OB_SPAN("@"), 0) != SIZE_MAX) {
        return ob_yaml_fail(r->doc, node, err,
                            "'address' holds a user name; use headers and {secret: NAME}");
    }
    for (size_t i = 0; i < host.len; i++) {
        if (host.ptr[i] <= ' ' || host.ptr[i] == 0x7f || strchr("/?#{}\\\"", host.ptr[i]) != NULL) {
            return ob_yaml_fail(
                r->doc, node, err,
                "'address' is scheme, host and port only; paths belong to requests");
        }
    }
    /* Without any scope each host name is possible, so only the form is judged here. */
    ob_err why = {0};
    if (!ob_scope_check_url(&(ob_scope){0}, text, &why) && why.kind == OB_ERR_INPUT) {
        return ob_yaml_fail(r->doc, node, err, "%s", why.text);
    }
    r->service->address = text;
    return true;
}

bool obi_read_tls(obi_service_reader *r, ob_err *err)
{
    static const char *const keys[] = {"ca_file", "client_cert", "client_key"};
    const ob_yaml *node = section(r, "tls");
    ob_service *s = r->service;
    if (node == NULL) {
        return true;
    }
    if (!ob_yaml_known(r->doc, node, keys, OB_COUNT(keys), err) ||
        !ob_yaml_text(r->doc, node, "ca_file", &s->ca_file, err) ||
        !ob_yaml_text(r->doc, node, "client_cert", &s->client_cert, err) ||
        !obi_read_value(r, node, "client_key", &s->client_key, err)) {
        return false;
    }
    bool key = s->client_key.text.len > 0 || s->client_key.secret.len > 0;
    return key == (s->client_cert.len > 0) ||
           ob_yaml_fail(r->doc, node, err, "'client_cert' and 'client_key' need each other");
}

static bool read_openai(obi_service_reader *r, ob_err *err)
{
    static const char *const keys[] = {"path", "model", "stream", "system"};
    const ob_yaml *node = section(r, "openai");
    ob_service *s = r->service;
    const ob_yaml *model = NULL;
    s->path = OB_SPAN("/v1/chat/completions");
    if (!ob_span_is_str(ob_span_str(s->driver->id), "openai")) {
        return node == NULL || ob_yaml_fail(r->doc, node, err, "'openai' needs 'driver: openai'");
    }
    if (node == NULL) {
        return ob_yaml_fail(r->doc, r->doc->root, err, "needs 'openai' with a 'model'; add it");
    }
    if (!ob_yaml_known(r->doc, node, keys, OB_COUNT(keys), err) ||
        !ob_yaml_text(r->doc, node, "path", &s->path, err) ||
        !ob_yaml_need(r->doc, node, "model", &model, err) ||
        !ob_yaml_text(r->doc, node, "model", &s->model, err) ||
        !ob_yaml_bool(r->doc, node, "stream", &s->stream, err) ||
        !obi_read_value(r, node, "system", &s->system, err)) {
        return false;
    }
    return s->path.ptr[0] == '/' ||
           ob_yaml_fail(r->doc, ob_yaml_get(node, "path"), err, "'path' must begin with '/'");
}

static bool read_json(obi_service_reader *r, ob_err *err)
{
    static const char *const keys[] = {"request", "reply", "tools", "citations", "usage"};
    const ob_yaml *node = section(r, "json");
    ob_service *s = r->service;
    const ob_yaml *request = NULL;
    const ob_yaml *reply = NULL;
    if (!ob_span_is_str(ob_span_str(s->driver->id), "json")) {
        return node == NULL || ob_yaml_fail(r->doc, node, err, "'json' needs 'driver: json'");
    }
    if (node == NULL) {
        return ob_yaml_fail(r->doc, r->doc->root, err,
                            "needs 'json' with 'request' and 'reply'; add it");
    }
    if (!ob_yaml_known(r->doc, node, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(r->doc, node, "request", &request, err) ||
        !ob_yaml_need(r->doc, node, "reply", &reply, err)) {
        return false;
    }
    r->in_turn = true;
    r->turn = request;
    bool fine = obi_read_request(r, request, &s->say, err);
    r->in_turn = false;
    return fine && obi_read_expression(r, node, "reply", &s->reply, err) &&
           obi_read_expression(r, node, "tools", &s->tools, err) &&
           obi_read_expression(r, node, "citations", &s->citations, err) &&
           obi_read_expression(r, node, "usage", &s->usage, err);
}

static bool read_session(obi_service_reader *r, ob_err *err)
{
    static const char *const keys[] = {"open", "send", "end"};
    const ob_yaml *login = section(r, "login");
    const ob_yaml *node = section(r, "session");
    ob_service *s = r->service;
    if (login != NULL &&
        !obi_read_call(r, login, OB_SPAN("login"), "actor", true, &s->login, err)) {
        return false;
    }
    if (node == NULL) {
        return true;
    }
    const ob_yaml *open = ob_yaml_get(node, "open");
    const ob_yaml *end = ob_yaml_get(node, "end");
    return ob_yaml_known(r->doc, node, keys, OB_COUNT(keys), err) &&
           (open == NULL ||
            obi_read_call(r, open, OB_SPAN("open"), "session", false, &s->session_open, err)) &&
           obi_read_fields(r, node, "send", true, &s->session_send, &s->session_send_count, err) &&
           (end == NULL ||
            obi_read_call(r, end, OB_SPAN("end"), NULL, false, &s->session_end, err));
}

static bool read_accounts(obi_service_reader *r, const ob_yaml *list, ob_err *err)
{
    if (list == NULL) {
        return true;
    }
    if (list->kind != OB_YAML_SEQ || list->count == 0 || list->count > ACCOUNTS_MAX) {
        return ob_yaml_fail(r->doc, list, err,
                            "'accounts' must be a list of 1 to " OB_STR(ACCOUNTS_MAX) " accounts");
    }
    ob_account *accounts = OB_NEW(r->arena, ob_account, list->count, err);
    if (accounts == NULL) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        ob_account *account = &accounts[i];
        if (!obi_read_fields(r, &list->items[i], NULL, false, &account->fields, &account->count,
                             err)) {
            return false;
        }
        for (size_t k = 0; k < account->count; k++) {
            if (!ob_vars_set_in(&r->names, "actor", account->fields[k].name, (ob_span){0}, false,
                                err)) {
                return false;
            }
        }
    }
    r->service->accounts = accounts;
    r->service->accounts_count = list->count;
    return true;
}

static bool read_actors(obi_service_reader *r, ob_err *err)
{
    static const char *const keys[] = {"create", "remove", "accounts"};
    const ob_yaml *node = section(r, "actors");
    ob_service *s = r->service;
    if (node == NULL) {
        return true;
    }
    const ob_yaml *create = ob_yaml_get(node, "create");
    const ob_yaml *gone = ob_yaml_get(node, "remove");
    const ob_yaml *accounts = ob_yaml_get(node, "accounts");
    s->actor_create.writes = true;
    s->actor_remove.writes = true;
    if (!ob_yaml_known(r->doc, node, keys, OB_COUNT(keys), err)) {
        return false;
    }
    if ((create == NULL) == (accounts == NULL)) {
        return ob_yaml_fail(r->doc, node, err, "needs either 'create' or 'accounts'");
    }
    if (gone != NULL && create == NULL) {
        return ob_yaml_fail(r->doc, gone, err, "'remove' needs 'create'");
    }
    return (create == NULL ||
            obi_read_call(r, create, OB_SPAN("create"), "actor", false, &s->actor_create, err)) &&
           (gone == NULL ||
            obi_read_call(r, gone, OB_SPAN("remove"), NULL, false, &s->actor_remove, err)) &&
           read_accounts(r, accounts, err);
}

static bool read_backend(obi_service_reader *r, ob_err *err)
{
    static const char *const faults[] = {"break", "mend"};
    const ob_yaml *node = section(r, "backend");
    if (node == NULL) {
        return true;
    }
    if (node->kind != OB_YAML_MAP || node->count > BACKEND_MAX) {
        return ob_yaml_fail(r->doc, node, err,
                            "'backend' must be a map of at most " OB_STR(BACKEND_MAX) " calls");
    }
    ob_call_template *calls = OB_NEW(r->arena, ob_call_template, node->count, err);
    if (calls == NULL) {
        return false;
    }
    for (size_t i = 0; i < node->count; i++) {
        calls[i].writes = ob_text_index(node->keys[i].text, faults, OB_COUNT(faults)) >= 0;
        r->in_backend = true;
        bool fine =
            obi_read_call(r, &node->items[i], node->keys[i].text, NULL, false, &calls[i], err) &&
            obi_read_asks(r, &node->items[i], &calls[i], err);
        r->in_backend = false;
        if (!fine) {
            return false;
        }
    }
    r->service->backend = calls;
    r->service->backend_count = node->count;
    return true;
}

const ob_call_template *ob_service_backend(const ob_service *service, ob_span name)
{
    for (size_t i = 0; i < service->backend_count; i++) {
        if (ob_span_is(service->backend[i].name, name)) {
            return &service->backend[i];
        }
    }
    return NULL;
}

static bool has_call(const ob_service *s, const char *name)
{
    return ob_service_backend(s, ob_span_str(name)) != NULL;
}

/* What the file would need for the ability, or NULL when it is there. */
static const char *missing_for(const ob_service *s, unsigned ability)
{
    switch (ability) {
    case OB_CAN_SESSION:
        return s->session_open.present || s->session_send_count > 0 || s->session_key ||
                       s->driver->keeps_session
                   ? NULL
                   : "'session', '{{session.key}}' in the turn, or 'driver: openai'";
    case OB_CAN_STREAM:
        return s->stream ? NULL : "'openai: {stream: true}'";
    case OB_CAN_LEDGER:
        return has_call(s, "ledger") ? NULL : "a call 'ledger' below 'backend'";
    case OB_CAN_STATE:
        return has_call(s, "state") ? NULL : "a call 'state' below 'backend'";
    case OB_CAN_KB:
        return has_call(s, "kb") ? NULL : "a call 'kb' below 'backend'";
    case OB_CAN_FAULT:
        return has_call(s, "break") && has_call(s, "mend")
                   ? NULL
                   : "the calls 'break' and 'mend' below 'backend'";
    case OB_CAN_ACTOR:
        return s->actor_create.present || s->accounts_count >= 2
                   ? NULL
                   : "'actors' with 'create' or at least two accounts";
    case OB_CAN_PROXY:
        return s->proxy.text.len > 0 || s->proxy.secret.len > 0 ? NULL : "'proxy'";
    default:
        return "nothing that exists";
    }
}

static bool read_abilities(obi_service_reader *r, ob_err *err)
{
    const ob_yaml *list = section(r, "abilities");
    for (unsigned i = 0; list == NULL && i < OB_ABILITIES; i++) {
        r->service->abilities |= missing_for(r->service, 1U << i) == NULL ? 1U << i : 0;
    }
    if (list == NULL) {
        return true;
    }
    if (list->kind != OB_YAML_SEQ) {
        return ob_yaml_fail(r->doc, list, err, "'abilities' must be a list such as [session]");
    }
    for (size_t i = 0; i < list->count; i++) {
        const ob_yaml *item = &list->items[i];
        ob_span word = item->kind == OB_YAML_SCALAR ? item->text : (ob_span){0};
        int at = ob_text_index(word, ob_ability_names, OB_ABILITIES);
        if (at < 0) {
            const char *near = ob_text_nearest(word, ob_ability_names, OB_ABILITIES);
            return ob_yaml_fail(r->doc, item, err,
                                "unknown ability%s%s; there are session, stream, ledger, state, "
                                "kb, fault, actor and proxy",
                                near == NULL ? "" : ", did you mean ", near == NULL ? "" : near);
        }
        const char *missing = missing_for(r->service, 1U << at);
        if (missing != NULL) {
            return ob_yaml_fail(r->doc, item, err, "the ability '%s' needs %s",
                                ob_ability_names[at], missing);
        }
        r->service->abilities |= 1U << at;
    }
    return true;
}

static bool read_hosts(obi_service_reader *r, ob_err *err)
{
    const ob_yaml *list = section(r, "allow_hosts");
    if (list == NULL) {
        return true;
    }
    if (list->kind != OB_YAML_SEQ || list->count > HOSTS_MAX) {
        return ob_yaml_fail(r->doc, list, err,
                            "'allow_hosts' must be a list of at most " OB_STR(HOSTS_MAX) " hosts");
    }
    ob_span *hosts = OB_NEW(r->arena, ob_span, list->count, err);
    if (hosts == NULL) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        const ob_yaml *item = &list->items[i];
        hosts[i] = item->text;
        if (item->kind != OB_YAML_SCALAR || item->text.len == 0 ||
            ob_span_find(item->text, OB_SPAN("/"), 0) != SIZE_MAX) {
            return ob_yaml_fail(r->doc, item, err,
                                "must be a host name such as help.example.net, without scheme");
        }
    }
    r->service->allow_hosts = hosts;
    r->service->allow_hosts_count = list->count;
    return true;
}

bool obi_read_limits(obi_service_reader *r, ob_err *err)
{
    static const char *const keys[] = {"connect",   "first_byte", "total",   "reply_size", "rate",
                                       "in_flight", "requests",   "retries", "on_429"};
    static const char *const policies[] = {"wait", "stop", "measure"};
    const ob_yaml *node = section(r, "limits");
    ob_service_limits limits = {.connect_ms = 5000,
                                .first_byte_ms = 30000,
                                .total_ms = 60000,
                                .reply_bytes = OB_REPLY_MAX_DEFAULT,
                                .retries = 2,
                                .on_429 = OB_429_WAIT};
    uint64_t in_flight = 0;
    uint64_t retries = limits.retries;
    int policy = OB_429_WAIT;
    if (node != NULL &&
        (!ob_yaml_known(r->doc, node, keys, OB_COUNT(keys), err) ||
         !ob_yaml_duration(r->doc, node, "connect", &limits.connect_ms, err) ||
         !ob_yaml_duration(r->doc, node, "first_byte", &limits.first_byte_ms, err) ||
         !ob_yaml_duration(r->doc, node, "total", &limits.total_ms, err) ||
         !ob_yaml_bytes(r->doc, node, "reply_size", OB_REPLY_MAX_CEILING, &limits.reply_bytes,
                        err) ||
         !ob_yaml_double(r->doc, node, "rate", 0.001, 1e6, &limits.rate, err) ||
         !ob_yaml_u64(r->doc, node, "in_flight", 1, 10000, &in_flight, err) ||
         !ob_yaml_u64(r->doc, node, "requests", 1, UINT64_MAX >> 1, &limits.requests, err) ||
         !ob_yaml_u64(r->doc, node, "retries", 0, 10, &retries, err) ||
         !ob_yaml_choice(r->doc, node, "on_429", policies, OB_COUNT(policies), &policy, err))) {
        return false;
    }
    if (limits.connect_ms == 0 || limits.first_byte_ms == 0 || limits.total_ms == 0 ||
        limits.total_ms > 86400000 ||
        (limits.connect_ms > limits.total_ms && !r->service->driver->is_program) ||
        limits.first_byte_ms > limits.total_ms || limits.reply_bytes == 0) {
        return ob_yaml_fail(r->doc, node, err,
                            "limits must be above 0, 'connect' and 'first_byte' at most 'total', "
                            "and 'total' at most 24h");
    }
    limits.in_flight = (unsigned)in_flight;
    limits.retries = (unsigned)retries;
    limits.on_429 = (ob_policy_429)policy;
    r->service->limits = limits;
    return true;
}

/* The catalogue checks such a name too, but cannot tell where in the file it stands. */
static bool read_profile(obi_service_reader *r, ob_err *err)
{
    const ob_yaml *node = NULL;
    ob_span name = {0};
    if (!ob_yaml_need(r->doc, r->doc->root, "profile", &node, err) ||
        !ob_yaml_text(r->doc, r->doc->root, "profile", &name, err)) {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!((c >= 'a' && c <= 'z') || ((c == '-' || (c >= '0' && c <= '9')) && i > 0))) {
            return ob_yaml_fail(r->doc, node, err,
                                "a profile is a word of small letters, digits and '-'; 'ics' is "
                                "that of customer services");
        }
    }
    r->service->profile = name;
    return true;
}

static bool read_head(obi_service_reader *r, ob_err *err)
{
    static const char *const keys[] = {
        "ombud",  "service", "profile", "driver",      "address",     "time_scale", "proxy",
        "tls",    "headers", "command", "openai",      "json",        "login",      "session",
        "actors", "backend", "facts",   "fault_scope", "allow_hosts", "abilities",  "limits"};
    static const char *const fault_scopes[] = {"service", "actor"};
    const ob_yaml *root = r->doc->root;
    ob_service *s = r->service;
    const ob_yaml *node = NULL;
    uint64_t version = 0;
    ob_span driver = {0};
    int fault_scope = 0;
    s->time_scale = 1;
    if (root->kind == OB_YAML_MAP && ob_yaml_get(root, "scope") != NULL) {
        return ob_yaml_fail(r->doc, root, err, "this is a scope file; give it with --scope");
    }
    if (ob_yaml_get(root, "version") != NULL) {
        return ob_yaml_fail(r->doc, ob_yaml_get(root, "version"), err,
                            "unknown key 'version'; the version of the format is 'ombud: 1'");
    }
    if (!ob_yaml_known(r->doc, root, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(r->doc, root, "ombud", &node, err) ||
        !ob_yaml_u64(r->doc, root, "ombud", 1, 1, &version, err) ||
        !ob_yaml_need(r->doc, root, "service", &node, err) ||
        !ob_yaml_text(r->doc, root, "service", &s->title, err) || !read_profile(r, err) ||
        !ob_yaml_double(r->doc, root, "time_scale", 0.0001, 1000, &s->time_scale, err) ||
        !ob_yaml_choice(r->doc, root, "fault_scope", fault_scopes, OB_COUNT(fault_scopes),
                        &fault_scope, err) ||
        !ob_yaml_need(r->doc, root, "driver", &node, err) ||
        !ob_yaml_text(r->doc, root, "driver", &driver, err)) {
        return false;
    }
    s->fault_scope_actor = fault_scope == 1;
    s->driver = ob_driver_find(driver);
    return s->driver != NULL ||
           ob_yaml_fail(r->doc, node, err, "there is no such driver; use openai, json or command");
}

static bool read_facts(obi_service_reader *r, ob_err *err)
{
    const ob_yaml *node = section(r, "facts");
    if (node == NULL) {
        return true;
    }
    if (node->kind != OB_YAML_MAP) {
        return ob_yaml_fail(r->doc, node, err, "'facts' must be a map of names to texts");
    }
    ob_var *facts = OB_NEW(r->arena, ob_var, node->count, err);
    for (size_t i = 0; facts != NULL && i < node->count; i++) {
        if (node->items[i].kind != OB_YAML_SCALAR) {
            return ob_yaml_fail(r->doc, &node->items[i], err, "a fact is one text or number");
        }
        facts[i] = (ob_var){node->keys[i].text, node->items[i].text, false};
    }
    r->service->facts = facts;
    r->service->facts_count = node->count;
    return facts != NULL;
}

/* What every run sets: who an invented caller is, which trial asks, which run it is. */
static bool know_common_names(obi_service_reader *r, ob_err *err)
{
    static const char *const names[] = {"actor.name",  "actor.phone", "actor.address",
                                        "session.key", "trial.tag",   "run.id"};
    for (size_t i = 0; i < OB_COUNT(names); i++) {
        if (!ob_vars_set(&r->names, ob_span_str(names[i]), (ob_span){"", 0}, false, err)) {
            return false;
        }
    }
    return true;
}

static bool read_headers(obi_service_reader *r, ob_err *err)
{
    ob_service *s = r->service;
    r->with_all = true;
    bool fine =
        obi_read_fields(r, r->doc->root, "headers", true, &s->headers, &s->headers_count, err);
    r->with_all = false;
    return fine;
}

static bool read_all(ob_service *s, ob_arena *arena, ob_err *err)
{
    obi_service_reader *r = OB_NEW(arena, obi_service_reader, 1, err);
    if (r == NULL) {
        return false;
    }
    r->service = s;
    r->doc = &s->doc;
    r->arena = arena;
    r->names.arena = arena;
    r->secrets.arena = arena;
    const ob_yaml *root = s->doc.root;
    s->reply = s->tools = s->citations = s->usage = -1;
    return know_common_names(r, err) && read_head(r, err) && obi_read_address(r, err) &&
           obi_read_value(r, root, "proxy", &s->proxy, err) && obi_read_tls(r, err) &&
           read_headers(r, err) && read_openai(r, err) && read_json(r, err) &&
           obi_read_command(r, err) && read_session(r, err) && read_actors(r, err) &&
           read_backend(r, err) && read_facts(r, err) && read_hosts(r, err) &&
           obi_read_limits(r, err) && obi_check_uses(r, err) && read_abilities(r, err) &&
           (s->driver->check == NULL || s->driver->check(s, root, arena, err));
}

bool ob_service_parse(ob_service *service, ob_arena *arena, ob_span name, ob_span text, ob_err *err)
{
    ob_service result = {0};
    if (!ob_yaml_parse(&result.doc, arena, name, text, OB_INPUT_FILE_MAX, err) ||
        !read_all(&result, arena, err)) {
        return false;
    }
    *service = result;
    return true;
}

bool ob_service_load(ob_service *service, ob_arena *arena, const char *path, ob_err *err)
{
    ob_service result = {0};
    if (!ob_yaml_load(&result.doc, arena, path, OB_INPUT_FILE_MAX, err) ||
        !read_all(&result, arena, err)) {
        return false;
    }
    *service = result;
    return true;
}

const ob_var *ob_service_fact(const ob_service *service, ob_span name)
{
    for (size_t i = 0; i < service->facts_count; i++) {
        if (ob_span_is(service->facts[i].name, name)) {
            return &service->facts[i];
        }
    }
    return NULL;
}

bool ob_service_secret_names(const ob_service *service, ob_arena *arena, const ob_span **names,
                             size_t *count, ob_err *err)
{
    ob_span *copy = OB_NEW(arena, ob_span, service->secrets_count, err);
    if (copy == NULL) {
        return false;
    }
    for (size_t i = 0; i < service->secrets_count; i++) {
        copy[i] = service->secrets[i];
    }
    *names = copy;
    *count = service->secrets_count;
    return true;
}
