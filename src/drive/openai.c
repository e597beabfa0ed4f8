/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenAI-compatible chat completions, as one JSON answer or as a stream of server-sent events. A
 * stream counts as whole when "[DONE]" or a finish_reason came; anything else was cut.
 */
#include "drive/client_core.h"
#include "drive/driver.h"

#include <ombud/json.h>
#include <ombud/sse.h>

#define TOOLS_MAX 64

static void target(const ob_service *service, ob_request_template *request)
{
    *request = (ob_request_template){.method = OB_SPAN("POST"), .url = {.text = service->path}};
}

static void put_message(ob_json_writer *w, const char *role, ob_span text)
{
    ob_jw_object(w, NULL);
    ob_jw_str(w, "role", role);
    ob_jw_text(w, "content", text);
    ob_jw_end(w, true);
}

static bool put_system(const ob_service *service, const ob_vars *vars, bool masked,
                       ob_json_writer *w, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = OB_INPUT_FILE_MAX};
    char name[160];
    if (service->system.text.len == 0 && service->system.secret.len == 0) {
        return true;
    }
    ob_span form = service->system.text;
    if (service->system.secret.len > 0) {
        (void)snprintf(name, sizeof name, "{{secret.%.*s}}", OB_SHOW(service->system.secret));
        form = ob_span_str(name);
    }
    if (!ob_template_expand(form, vars, OB_ESCAPE_NONE, masked, &text, err) ||
        !ob_buf_check(&text, "the system message", err)) {
        return false;
    }
    put_message(w, "system", ob_buf_span(&text));
    return true;
}

static bool body(const ob_service *service, const ob_call *call, const ob_vars *vars, bool masked,
                 ob_buf *out, ob_err *err)
{
    ob_json_writer w = {.out = out};
    ob_jw_object(&w, NULL);
    if (service->model.len > 0) {
        ob_jw_text(&w, "model", service->model);
    }
    ob_jw_array(&w, "messages");
    if (call->system.len > 0) {
        put_message(&w, "system", call->system);
    } else if (!put_system(service, vars, masked, &w, err)) {
        return false;
    }
    for (size_t i = 0; i < call->history_count; i++) {
        put_message(&w, call->history[i].assistant ? "assistant" : "user", call->history[i].text);
    }
    put_message(&w, "user", call->say);
    ob_jw_end(&w, false);
    if (service->stream) {
        ob_jw_bool(&w, "stream", true);
    }
    if (service->temperature.len > 0) {
        ob_jw_raw(&w, "temperature", service->temperature);
    }
    if (service->json_mode) {
        ob_jw_object(&w, "response_format");
        ob_jw_str(&w, "type", "json_object");
        ob_jw_end(&w, true);
    }
    ob_jw_end(&w, true);
    return true;
}

/* content is a text, or a list of parts with texts. */
static void add_content(const ob_json *content, ob_buf *text)
{
    if (content == NULL) {
        return;
    }
    if (content->kind == OB_JSON_STRING) {
        ob_buf_add(text, content->text);
    } else if (content->kind == OB_JSON_ARRAY) {
        for (const ob_json *part = content->first; part != NULL; part = part->next) {
            ob_buf_add(text, ob_json_text(part, "text"));
            ob_buf_add(text, ob_json_text(part, "refusal"));
        }
    }
}

/* What the customer reads of a message or of a piece of it: a refusal stands in a field of its own.
 */
static void add_words(const ob_json *message, ob_buf *text)
{
    add_content(ob_json_get(message, "content"), text);
    ob_buf_add(text, ob_json_text(message, "refusal"));
}

static bool keep_json(ob_arena *arena, const ob_json *value, ob_span *out, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = OB_REPLY_MAX_CEILING};
    if (value == NULL || value->kind == OB_JSON_NULL) {
        return true;
    }
    ob_json_write(&text, value);
    return ob_buf_check(&text, "a reply", err) && ob_arena_dup(arena, ob_buf_span(&text), out, err);
}

static bool service_error(const ob_json *root, ob_err *err)
{
    const ob_json *error = ob_json_get(root, "error");
    ob_span text = ob_json_text(error, "message");
    OB_AUTO(ob_buf) shown = {.max = 400};
    if (error == NULL || error->kind == OB_JSON_NULL) {
        return true;
    }
    ob_buf_add_shown(&shown, text.len > 0 ? text : error->text, OB_QUOTE_MAX);
    return ob_fail(err, OB_ERR_PEER, "the reply is an error object: %.*s",
                   OB_SHOW(ob_buf_span(&shown)));
}

static bool whole_reply(ob_arena *arena, ob_span text, ob_reply *reply, ob_err *err)
{
    ob_json_doc doc = {0};
    if (!ob_json_parse(&doc, arena, text, err)) {
        err->kind = OB_ERR_PEER;
        return ob_wrap(err, "the reply is not JSON");
    }
    const ob_json *choices = ob_json_get(doc.root, "choices");
    const ob_json *first = choices == NULL ? NULL : choices->first;
    const ob_json *message = ob_json_get(first, "message");
    if (!service_error(doc.root, err)) {
        return false;
    }
    if (message == NULL) {
        return ob_fail(err, OB_ERR_PEER, "the reply has no choices[0].message");
    }
    OB_AUTO(ob_buf) content = {.max = OB_REPLY_MAX_CEILING};
    add_words(message, &content);
    return ob_buf_check(&content, "a reply", err) &&
           ob_arena_dup(arena, ob_buf_span(&content), &reply->text, err) &&
           keep_json(arena, ob_json_get(message, "tool_calls"), &reply->tools, err) &&
           keep_json(arena, ob_json_get(doc.root, "citations"), &reply->citations, err) &&
           keep_json(arena, ob_json_get(doc.root, "usage"), &reply->usage, err);
}

/* A tool call that arrives in pieces: name once, arguments bit by bit, told apart by index. */
typedef struct tool_call {
    ob_buf name;
    ob_buf arguments;
} tool_call;

typedef struct stream {
    ob_arena *arena;
    ob_reply *reply;
    ob_buf text;
    tool_call tools[TOOLS_MAX];
    size_t tools_count;
    bool ended;
} stream;

static bool take_tools(stream *s, const ob_json *list, ob_err *err)
{
    for (const ob_json *t = list == NULL ? NULL : list->first; t != NULL; t = t->next) {
        uint64_t index = 0;
        const ob_json *number = ob_json_get(t, "index");
        const ob_json *function = ob_json_get(t, "function");
        if (number != NULL && !ob_span_to_u64(number->text, &index, err)) {
            err->kind = OB_ERR_PEER;
            return ob_wrap(err, "a tool call of the stream");
        }
        if (index >= TOOLS_MAX) {
            return ob_fail(err, OB_ERR_PEER, "the stream makes more than %d tool calls", TOOLS_MAX);
        }
        tool_call *call = &s->tools[index];
        call->name.max = 4096;
        call->arguments.max = OB_EVENT_MAX;
        ob_buf_add(&call->name, ob_json_text(function, "name"));
        ob_buf_add(&call->arguments, ob_json_text(function, "arguments"));
        if (index >= s->tools_count) {
            s->tools_count = (size_t)index + 1;
        }
    }
    return true;
}

static bool take_event(stream *s, ob_span data, ob_err *err)
{
    ob_json_doc doc = {0};
    ob_span copy = {0};
    if (ob_span_is_str(ob_span_trim(data), "[DONE]")) {
        s->ended = true;
        return true;
    }
    if (!ob_arena_dup(s->arena, data, &copy, err) || !ob_json_parse(&doc, s->arena, copy, err)) {
        err->kind = err->kind == OB_ERR_INPUT ? OB_ERR_PEER : err->kind;
        return ob_wrap(err, "an event of the stream is not JSON");
    }
    if (!service_error(doc.root, err)) {
        return false;
    }
    const ob_json *choices = ob_json_get(doc.root, "choices");
    const ob_json *first = choices == NULL ? NULL : choices->first;
    const ob_json *delta = ob_json_get(first, "delta");
    s->ended = s->ended || ob_json_text(first, "finish_reason").len > 0;
    add_words(delta, &s->text);
    return take_tools(s, ob_json_get(delta, "tool_calls"), err) &&
           keep_json(s->arena, ob_json_get(doc.root, "citations"), &s->reply->citations, err) &&
           keep_json(s->arena, ob_json_get(doc.root, "usage"), &s->reply->usage, err);
}

static bool finish_stream(stream *s, ob_err *err)
{
    OB_AUTO(ob_buf) tools = {.max = OB_REPLY_MAX_CEILING};
    ob_json_writer w = {.out = &tools};
    if (!s->ended) {
        return ob_fail(err, OB_ERR_PEER,
                       "the stream ends early: neither [DONE] nor a finish_reason");
    }
    if (s->tools_count > 0) {
        ob_jw_array(&w, NULL);
        for (size_t i = 0; i < s->tools_count; i++) {
            ob_jw_object(&w, NULL);
            ob_jw_text(&w, "name", ob_buf_span(&s->tools[i].name));
            ob_jw_text(&w, "arguments", ob_buf_span(&s->tools[i].arguments));
            ob_jw_end(&w, true);
        }
        ob_jw_end(&w, false);
    }
    return ob_buf_check(&s->text, "a reply", err) && ob_buf_check(&tools, "a reply", err) &&
           ob_arena_dup(s->arena, ob_buf_span(&s->text), &s->reply->text, err) &&
           ob_arena_dup(s->arena, ob_buf_span(&tools), &s->reply->tools, err);
}

static bool stream_reply(ob_arena *arena, ob_span bytes, ob_reply *reply, ob_err *err)
{
    ob_sse sse;
    ob_sse_event event;
    stream s = {.arena = arena, .reply = reply, .text = {.max = OB_REPLY_MAX_CEILING}};
    bool good = true;
    ob_step step = OB_MORE;
    ob_sse_init(&sse);
    while (good && (step = ob_sse_feed(&sse, &bytes, &event)) == OB_DONE) {
        good = take_event(&s, event.data, err);
    }
    if (good && step == OB_BAD) {
        good = ob_fail(err, OB_ERR_PEER, "an event of the stream is larger than %zu bytes",
                       OB_EVENT_MAX);
    }
    good = good && finish_stream(&s, err);
    ob_sse_fini(&sse);
    ob_buf_fini(&s.text);
    for (size_t i = 0; i < TOOLS_MAX; i++) {
        ob_buf_fini(&s.tools[i].name);
        ob_buf_fini(&s.tools[i].arguments);
    }
    return good;
}

static bool is_stream(ob_span head)
{
    ob_span line;
    while (ob_span_cut_line(&head, &line)) {
        ob_span field;
        if (ob_span_cut(&line, ':', &field) && ob_span_is_nocase(field, OB_SPAN("content-type"))) {
            return ob_span_find_nocase(line, OB_SPAN("text/event-stream"), 0) != SIZE_MAX;
        }
    }
    return false;
}

static bool reply(const ob_service *service, ob_arena *arena, ob_span head, ob_span bytes,
                  ob_reply *out, ob_err *err)
{
    (void)service;
    return is_stream(head) ? stream_reply(arena, bytes, out, err)
                           : whole_reply(arena, bytes, out, err);
}

/* A role frame or a usage frame is no word of the reply. */
static bool is_content(ob_span data)
{
    size_t at = ob_span_find(data, OB_SPAN("\"content\""), 0);
    if (at == SIZE_MAX) {
        return false;
    }
    for (at += 9; at < data.len; at++) {
        char c = data.ptr[at];
        if (c == '"') {
            return at + 1 < data.len && data.ptr[at + 1] != '"';
        }
        if (c != ':' && c != ' ') {
            return false;
        }
    }
    return false;
}

const ob_driver ob_driver_openai = {
    .id = "openai",
    .title = "OpenAI-compatible chat, JSON or streamed",
    .doc = "service-file.md",
    .transport = &obi_transport_http,
    .keeps_session = true,
    .target = target,
    .body = body,
    .reply = reply,
    .is_content = is_content,
};
