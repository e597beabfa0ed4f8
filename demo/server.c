/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP in front of the assistant: one thread a connection (a turn may have to wait), one lock
 * around the state. Streams are sent event by event, so that a client sees them in pieces.
 */
#include "server.h"
#include "core.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <unistd.h>

#define BODY_MAX     ((size_t)1 << 20)
#define IDLE_SECONDS 120

static enum MHD_Result send_with(obd_request *r, unsigned status, const char *type, ob_span text,
                                 const char *retry_after)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        text.len, (void *)(uintptr_t)text.ptr, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) {
        return MHD_NO;
    }
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    (void)MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (retry_after != NULL) {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, retry_after);
    }
    enum MHD_Result result = MHD_queue_response(r->connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result send_text(obd_request *r, unsigned status, const char *type, ob_span text)
{
    return send_with(r, status, type, text, NULL);
}

enum MHD_Result obd_send_json(obd_request *r, unsigned status, const ob_buf *json)
{
    return json->bad == OB_OK
               ? send_text(r, status, "application/json", ob_buf_span(json))
               : send_text(r, 500, "application/json", OB_SPAN("{\"error\":\"too large\"}"));
}

enum MHD_Result obd_send_error(obd_request *r, unsigned status, const char *what)
{
    OB_AUTO(ob_buf) json = {.max = 1024};
    ob_buf_add_str(&json, "{\"error\":");
    ob_buf_add_json(&json, ob_span_str(what));
    ob_buf_add_char(&json, '}');
    return obd_send_json(r, status, &json);
}

void obd_request_tag(const obd_request *r, const char *otherwise, char tag[200])
{
    const char *named =
        MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "X-Ombud-Trial");
    (void)snprintf(tag, 200, "%s", named == NULL ? otherwise : named);
}

enum MHD_Result obd_send_retry(obd_request *r, const char *seconds, const char *what)
{
    OB_AUTO(ob_buf) json = {.max = 1024};
    ob_buf_add_str(&json, "{\"error\":");
    ob_buf_add_json(&json, ob_span_str(what));
    ob_buf_add_char(&json, '}');
    return send_with(r, 429, "application/json", ob_buf_span(&json), seconds);
}

const char *obd_bearer(const obd_request *r)
{
    const char *value =
        MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION);
    return value != NULL && strncmp(value, "Bearer ", 7) == 0 ? value + 7 : "";
}

bool obd_parse_body(obd_request *r, ob_json_doc *doc)
{
    ob_err ignored = {0};
    return ob_json_parse(doc, &r->arena, ob_buf_span(&r->body), &ignored) &&
           doc->root->kind == OB_JSON_OBJECT;
}

void obd_copy_text(const ob_json *object, const char *key, char *out, size_t room)
{
    (void)snprintf(out, room, "%.*s", OB_SHOW(ob_json_text(object, key)));
    /* A cut may have gone through a character. */
    size_t bad = ob_utf8_bad(ob_span_str(out));
    if (bad != SIZE_MAX) {
        out[bad] = '\0';
    }
}

/* Turns */

/* False when the turn was refused; refused says how. */
static bool converse(obd_request *r, obd_turn *turn, ob_span text, enum MHD_Result *refused)
{
    turn->core = r->core;
    turn->text = text;
    turn->at_ms = ob_clock_wall_ms();
    turn->reply.max = BODY_MAX;
    turn->tools.max = BODY_MAX;
    turn->dialogue.max = BODY_MAX;
    obd_request_tag(r, turn->session, turn->tag);
    if (!obd_within_limits(r, turn, refused)) {
        return false;
    }
    obd_talk(turn);
    return true;
}

static void free_turn(obd_turn *turn)
{
    ob_buf_fini(&turn->reply);
    ob_buf_fini(&turn->tools);
    ob_buf_fini(&turn->dialogue);
}

/* Waiting and the model happen without the lock: other customers go on. */
static void settle(obd_request *r, obd_turn *turn)
{
    bool words = r->core->llm_url[0] != '\0' && turn->status == 200;
    if (turn->delay_ms == 0 && !words) {
        obd_disclose(turn);
        return;
    }
    if (words) {
        obd_llm_recall(turn);
    }
    (void)pthread_mutex_unlock(&r->core->lock);
    if (turn->delay_ms > 0) {
        (void)usleep(turn->delay_ms * 1000);
    }
    if (words) {
        obd_llm_reword(turn);
    }
    (void)pthread_mutex_lock(&r->core->lock);
    if (words) {
        obd_llm_keep(turn);
    }
    obd_disclose(turn);
}

static ob_span last_user_text(const ob_json *root)
{
    const ob_json *messages = ob_json_get(root, "messages");
    ob_span text = {"", 0};
    for (const ob_json *m = messages == NULL ? NULL : messages->first; m != NULL; m = m->next) {
        if (ob_span_is_str(ob_json_text(m, "role"), "user")) {
            text = ob_json_text(m, "content");
        }
    }
    return text;
}

static void put_citations(ob_json_writer *w, const obd_turn *turn)
{
    ob_jw_array(w, "citations");
    if (turn->citation[0] != '\0') {
        ob_jw_str(w, NULL, turn->citation);
    }
    ob_jw_end(w, false);
}

/* Tokens as rules count them: some four bytes each. */
static void put_usage(ob_json_writer *w, const obd_turn *turn)
{
    size_t said = turn->text.len / 4 + 1;
    size_t replied = turn->reply.len / 4 + 1;
    ob_jw_object(w, "usage");
    ob_jw_u64(w, "prompt_tokens", said);
    ob_jw_u64(w, "completion_tokens", replied);
    ob_jw_u64(w, "total_tokens", said + replied);
    ob_jw_end(w, true);
}

/* What strict clients want of each answer and each piece of a stream. */
static void put_head(ob_json_writer *w, const char *object, const obd_turn *turn)
{
    char id[64];
    (void)snprintf(id, sizeof id, "chatcmpl-%s", turn->session);
    ob_jw_str(w, "id", id);
    ob_jw_str(w, "object", object);
    ob_jw_u64(w, "created", (uint64_t)turn->at_ms / 1000);
    ob_jw_str(w, "model", "reference");
}

static enum MHD_Result whole_completion(obd_request *r, const obd_turn *turn)
{
    OB_AUTO(ob_buf) json = {.max = BODY_MAX};
    ob_json_writer w = {.out = &json};
    ob_jw_object(&w, NULL);
    put_head(&w, "chat.completion", turn);
    ob_jw_array(&w, "choices");
    ob_jw_object(&w, NULL);
    ob_jw_u64(&w, "index", 0);
    ob_jw_object(&w, "message");
    ob_jw_str(&w, "role", "assistant");
    ob_jw_text(&w, "content", ob_buf_span(&turn->reply));
    ob_jw_end(&w, true);
    ob_jw_str(&w, "finish_reason", "stop");
    ob_jw_end(&w, true);
    ob_jw_end(&w, false);
    put_citations(&w, turn);
    put_usage(&w, turn);
    ob_jw_end(&w, true);
    return obd_send_json(r, 200, &json);
}

/* A stream that is handed out one event a call. */
typedef struct event_stream {
    ob_buf text;
    size_t at;
} event_stream;

static ssize_t next_event(void *ctx, uint64_t pos, char *out, size_t room)
{
    event_stream *s = ctx;
    (void)pos;
    if (s->at >= s->text.len) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    ob_span rest = ob_span_sub(ob_buf_span(&s->text), s->at, s->text.len);
    size_t end = ob_span_find(rest, OB_SPAN("\n\n"), 0);
    size_t length = end == SIZE_MAX ? rest.len : end + 2;
    length = length > room ? room : length;
    (void)memcpy(out, rest.ptr, length);
    s->at += length;
    return (ssize_t)length;
}

static void free_stream(void *ctx)
{
    event_stream *s = ctx;
    ob_buf_fini(&s->text);
    ob_mem_free(s);
}

static void put_event(ob_buf *out, const char *role, ob_span delta, bool last, const obd_turn *turn)
{
    ob_json_writer w = {.out = out};
    ob_buf_add_str(out, "data: ");
    ob_jw_object(&w, NULL);
    put_head(&w, "chat.completion.chunk", turn);
    ob_jw_array(&w, "choices");
    ob_jw_object(&w, NULL);
    ob_jw_u64(&w, "index", 0);
    ob_jw_object(&w, "delta");
    if (role != NULL) {
        ob_jw_str(&w, "role", role);
    }
    if (delta.len > 0) {
        ob_jw_text(&w, "content", delta);
    }
    ob_jw_end(&w, true);
    if (last) {
        ob_jw_str(&w, "finish_reason", "stop");
    } else {
        ob_jw_null(&w, "finish_reason");
    }
    ob_jw_end(&w, true);
    ob_jw_end(&w, false);
    if (last) {
        put_citations(&w, turn);
    }
    ob_jw_end(&w, true);
    ob_buf_add_str(out, "\n\n");
}

/* Pieces of some ten bytes, never within a character. */
static void put_pieces(ob_buf *out, ob_span text, const obd_turn *turn)
{
    for (size_t at = 0; at < text.len;) {
        size_t end = at + 11 < text.len ? at + 11 : text.len;
        while (end < text.len && ((unsigned char)text.ptr[end] & 0xc0) == 0x80) {
            end++;
        }
        put_event(out, NULL, ob_span_sub(text, at, end), false, turn);
        at = end;
    }
}

static enum MHD_Result streamed_completion(obd_request *r, const obd_turn *turn)
{
    event_stream *s = ob_mem_new(sizeof *s);
    if (s == NULL) {
        return MHD_NO;
    }
    *s = (event_stream){.text = {.max = BODY_MAX * 32}};
    put_event(&s->text, "assistant", (ob_span){"", 0}, false, turn);
    put_pieces(&s->text, ob_buf_span(&turn->reply), turn);
    put_event(&s->text, NULL, (ob_span){"", 0}, true, turn);
    ob_buf_add_str(&s->text, "data: [DONE]\n\n");
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, next_event, s, free_stream);
    if (response == NULL) {
        free_stream(s);
        return MHD_NO;
    }
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/event-stream");
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    enum MHD_Result result = MHD_queue_response(r->connection, 200, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result completions(obd_request *r)
{
    ob_json_doc doc = {0};
    obd_turn turn = {0};
    const char *session =
        MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "X-Session-Id");
    if (!obd_who(r, turn.customer)) {
        return obd_send_error(r, 401, "log in first");
    }
    if (!obd_parse_body(r, &doc)) {
        return obd_send_error(r, 400, "a JSON object is wanted");
    }
    if (!obd_take_session(r, turn.customer, session, turn.session)) {
        return obd_send_error(r, 404, "no such session");
    }
    turn.named_session = session != NULL;
    turn.messages = ob_json_get(doc.root, "messages");
    enum MHD_Result result = MHD_NO;
    if (!converse(r, &turn, last_user_text(doc.root), &result)) {
        return result;
    }
    settle(r, &turn);
    const ob_json *stream = ob_json_get(doc.root, "stream");
    result = turn.status != 200
                 ? send_text(r, (unsigned)turn.status, "text/plain", ob_buf_span(&turn.reply))
             : stream != NULL && stream->truth ? streamed_completion(r, &turn)
                                               : whole_completion(r, &turn);
    free_turn(&turn);
    return result;
}

static void put_reply(ob_buf *json, const obd_turn *turn, const char *session)
{
    ob_json_writer w = {.out = json};
    ob_jw_object(&w, NULL);
    ob_jw_text(&w, "reply", ob_buf_span(&turn->reply));
    ob_jw_str(&w, "session_id", session);
    put_citations(&w, turn);
    OB_AUTO(ob_buf) tools = {.max = BODY_MAX};
    ob_buf_addf(&tools, "[%.*s]", OB_SHOW(ob_buf_span(&turn->tools)));
    ob_jw_raw(&w, "tools", ob_buf_span(&tools));
    put_usage(&w, turn);
    ob_jw_end(&w, true);
}

static bool is_text(const ob_json *value)
{
    return value == NULL || value->kind == OB_JSON_STRING;
}

static enum MHD_Result chat(obd_request *r)
{
    ob_json_doc doc = {0};
    obd_turn turn = {.core = r->core};
    if (!obd_who(r, turn.customer)) {
        return obd_send_error(r, 401, "log in first");
    }
    if (!obd_parse_body(r, &doc)) {
        return obd_malformed(r, "a JSON object is wanted");
    }
    if (!is_text(ob_json_get(doc.root, "session_id")) || ob_json_get(doc.root, "text") == NULL ||
        !is_text(ob_json_get(doc.root, "text"))) {
        return obd_malformed(r, "text and session_id are texts");
    }
    char named[40];
    obd_copy_text(doc.root, "session_id", named, sizeof named);
    if (!obd_take_session(r, turn.customer, named[0] == '\0' ? NULL : named, turn.session)) {
        return obd_send_error(r, 404, "no such session");
    }
    turn.named_session = named[0] != '\0';
    OB_AUTO(ob_buf) json = {.max = BODY_MAX};
    enum MHD_Result result = MHD_NO;
    obd_request_tag(r, turn.session, turn.tag);
    if (obd_answered(r, &turn, &json)) {
        return obd_send_json(r, 200, &json);
    }
    if (!converse(r, &turn, ob_json_text(doc.root, "text"), &result)) {
        return result;
    }
    settle(r, &turn);
    put_reply(&json, &turn, named);
    if (turn.status == 200) { /* what failed may be tried again */
        obd_keep_answer(r, &turn, &json);
        result = obd_send_json(r, 200, &json);
    } else {
        result = send_text(r, (unsigned)turn.status, "text/plain", ob_buf_span(&turn.reply));
    }
    free_turn(&turn);
    return result;
}

/* Routes */

static const struct {
    const char *method;
    const char *path;
    bool prefix;
    bool admin;
    enum MHD_Result (*handle)(obd_request *r);
} routes[] = {
    {"POST", "/login", false, false, obd_login},
    {"POST", "/logout", false, false, obd_logout},
    {"POST", "/sessions", false, false, obd_open_session},
    {"DELETE", "/sessions/", true, false, obd_end_session},
    {"POST", "/v1/chat/completions", false, false, completions},
    {"POST", "/chat", false, false, chat},
    {"GET", "/objects/", true, false, obd_object},
    {"POST", "/admin/customers", false, true, obd_admin_create},
    {"DELETE", "/admin/customers/", true, true, obd_admin_remove},
    {"GET", "/admin/ledger", false, true, obd_admin_ledger},
    {"GET", "/admin/state", false, true, obd_admin_state},
    {"GET", "/admin/desktop", false, true, obd_admin_desktop},
    {"GET", "/admin/kb", false, true, obd_admin_kb},
    {"POST", "/admin/kb", false, true, obd_admin_plant},
    {"DELETE", "/admin/kb", false, true, obd_admin_unplant},
    {"POST", "/admin/faults", false, true, obd_admin_break},
    {"DELETE", "/admin/faults", false, true, obd_admin_mend},
    {"PUT", "/admin/dials", false, true, obd_admin_dials},
};

static enum MHD_Result route(obd_request *r, const char *method)
{
    if (strcmp(r->path, "/healthz") == 0) {
        return send_text(r, 200, "application/json", OB_SPAN("{\"ok\":true}"));
    }
    for (size_t i = 0; i < OB_COUNT(routes); i++) {
        size_t length = strlen(routes[i].path);
        bool fits = routes[i].prefix
                        ? strncmp(r->path, routes[i].path, length) == 0 && r->path[length]
                        : strcmp(r->path, routes[i].path) == 0;
        if (!fits || strcmp(method, routes[i].method) != 0) {
            continue;
        }
        /* Without a token of its own the back office is shut, not open to all. */
        bool operator_asks =
            r->core->admin_token[0] != '\0' && strcmp(obd_bearer(r), r->core->admin_token) == 0;
        if (routes[i].admin && !operator_asks) {
            return obd_send_error(r, 403, "the admin token is wanted");
        }
        (void)pthread_mutex_lock(&r->core->lock);
        enum MHD_Result result = routes[i].handle(r);
        (void)pthread_mutex_unlock(&r->core->lock);
        return result;
    }
    return obd_send_error(r, 404, "there is nothing here");
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **state)
{
    obd_request *r = *state;
    (void)version;
    if (r == NULL) {
        r = ob_mem_new(sizeof *r);
        if (r == NULL) {
            return MHD_NO;
        }
        *r = (obd_request){.core = ctx, .connection = connection, .body = {.max = BODY_MAX}};
        *state = r;
        return MHD_YES;
    }
    if (*size > 0) {
        ob_buf_add(&r->body, (ob_span){data, *size});
        *size = 0;
        return MHD_YES;
    }
    r->path = url;
    if (r->body.bad != OB_OK) {
        return obd_send_error(r, 413, "the body is larger than 1 MiB");
    }
    return route(r, method);
}

static void on_completed(void *ctx, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    obd_request *r = *state;
    (void)ctx;
    (void)connection;
    (void)code;
    if (r != NULL) {
        ob_buf_fini(&r->body);
        ob_arena_fini(&r->arena);
        ob_mem_free(r);
        *state = NULL;
    }
}

static bool start(ob_demo_core *core, const ob_demo_options *options, ob_err *err)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(options->port)};
    const char *host = options->host == NULL ? "127.0.0.1" : options->host;
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1) {
        return ob_fail(err, OB_ERR_USAGE, "'%.60s' is no numeric IPv4 address", host);
    }
    core->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL, 0, NULL,
        NULL, on_request, core, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_SECONDS, MHD_OPTION_END);
    return core->daemon != NULL ||
           ob_fail(err, OB_ERR_IO, "cannot listen on %s:%u; is something else there?", host,
                   options->port);
}

bool ob_demo_open(ob_demo *demo, const ob_demo_options *options, ob_err *err)
{
    for (size_t i = 0; i < ob_demo_dials_count; i++) {
        if (!(options->rates[i] >= 0 && options->rates[i] <= 1)) {
            return ob_fail(err, OB_ERR_USAGE, "the rate of %s is not between 0 and 1",
                           ob_demo_dials[i].name);
        }
    }
    ob_demo_core *core = ob_mem_new(sizeof *core);
    if (core == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory");
    }
    *core = (ob_demo_core){.next_id = 100000};
    (void)memcpy(core->rates, options->rates, sizeof core->rates);
    (void)snprintf(core->seed, sizeof core->seed, "%.*s", OB_SHOW(options->seed));
    (void)snprintf(core->admin_token, sizeof core->admin_token, "%.*s",
                   OB_SHOW(options->admin_token));
    (void)snprintf(core->llm_url, sizeof core->llm_url, "%s",
                   options->llm_url == NULL ? "" : options->llm_url);
    (void)pthread_mutex_init(&core->lock, NULL);
    ob_demo opened = {core};
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !obd_state_open(core, err) ||
        !obd_articles_load(core, err) || !start(core, options, err)) {
        ob_demo_close(&opened);
        return false;
    }
    *demo = opened;
    return true;
}

uint16_t ob_demo_port(const ob_demo *demo)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(demo->core->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info == NULL ? 0 : info->port;
}

void ob_demo_close(ob_demo *demo)
{
    ob_demo_core *core = demo == NULL ? NULL : demo->core;
    if (core == NULL) {
        return;
    }
    if (core->daemon != NULL) {
        MHD_stop_daemon(core->daemon);
    }
    (void)sqlite3_close(core->db);
    (void)pthread_mutex_destroy(&core->lock);
    ob_mem_free(core);
    demo->core = NULL;
}
