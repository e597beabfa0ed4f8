/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluate/try_show.h"
#include "drive/driver.h"
#include "drive/mapping.h"

#include <ombud/json.h>
#include <ombud/text.h>

#define SHOWN      300 /* bytes of a value */
#define BODY_SHOWN 600
#define KEYS_SHOWN 8
#define DEPTH_MAX  4 /* how far texts are looked for */

static void label(ob_buf *out, const char *name)
{
    ob_buf_addf(out, "  %-10s ", name);
}

static void add_shown_line(ob_buf *out, const char *name, ob_span text, size_t most)
{
    label(out, name);
    ob_buf_add_shown(out, text, most);
    ob_buf_add_char(out, '\n');
}

/* The first key of a path such as ".a.b[0].c"; false where the expression is more than a path. */
static bool next_key(ob_span *path, ob_span *key, size_t *index)
{
    size_t end = 1;
    if (path->len < 2 || (path->ptr[0] != '.' && path->ptr[0] != '[')) {
        return false;
    }
    if (path->ptr[0] == '.' && path->ptr[1] == '[') {
        *path = ob_span_sub(*path, 1, path->len);
    }
    bool item = path->ptr[0] == '[';
    while (end < path->len && path->ptr[end] != '.' && path->ptr[end] != '[' &&
           path->ptr[end] != ']') {
        char c = path->ptr[end];
        bool digit = c >= '0' && c <= '9';
        if (!digit && (item || (c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')))) {
            return false;
        }
        end++;
    }
    ob_err ignored = {0};
    uint64_t number = 0;
    *key = ob_span_sub(*path, 1, end);
    if (item &&
        (end == path->len || path->ptr[end] != ']' || !ob_span_to_u64(*key, &number, &ignored))) {
        return false;
    }
    *index = item ? (size_t)number : SIZE_MAX;
    *path = ob_span_sub(*path, item ? end + 1 : end, path->len);
    return key->len > 0;
}

static const ob_json *child(const ob_json *at, ob_span key, size_t index)
{
    const ob_json *c =
        at->kind == (index == SIZE_MAX ? OB_JSON_OBJECT : OB_JSON_ARRAY) ? at->first : NULL;
    for (size_t i = 0; c != NULL; c = c->next, i++) {
        if (index == SIZE_MAX ? ob_span_is(c->key, key) : i == index) {
            return c;
        }
    }
    return NULL;
}

static void add_keys(ob_buf *out, const ob_json *at, ob_span wanted)
{
    const char *names[KEYS_SHOWN * 4];
    char texts[KEYS_SHOWN * 4][64];
    size_t count = 0;
    for (const ob_json *c = at->first; c != NULL && count < OB_COUNT(names); c = c->next) {
        (void)snprintf(texts[count], sizeof texts[count], "%.*s",
                       OB_SHOW(ob_span_sub(c->key, 0, 60)));
        names[count] = texts[count];
        count++;
    }
    const char *near = ob_text_nearest(wanted, names, count);
    ob_buf_add_str(out, count == 0 ? "is empty" : count == 1 ? "has the key " : "has the keys ");
    for (size_t i = 0; i < count && i < KEYS_SHOWN; i++) {
        ob_buf_add_str(out, i == 0 ? "" : ", ");
        ob_buf_add_shown(out, ob_span_str(names[i]), 60);
    }
    ob_buf_add_str(out, count > KEYS_SHOWN ? ", ..." : "");
    if (near != NULL) {
        ob_buf_add_str(out, "; did you mean ");
        ob_buf_add_shown(out, ob_span_str(near), 60);
        ob_buf_add_char(out, '?');
    }
}

/* Why an expression gives nothing: the first part of the path that is not there, and what is. */
static void add_why(ob_buf *out, const ob_json *root, ob_span expression, const char *said)
{
    ob_span rest = expression;
    ob_span key = {0};
    size_t index = 0;
    const ob_json *at = root;
    ob_buf_add_str(out, "nothing: ");
    for (;;) {
        ob_span before = ob_span_sub(expression, 0, expression.len - rest.len);
        const ob_json *next = next_key(&rest, &key, &index) ? child(at, key, index) : NULL;
        if (next != NULL && next->kind != OB_JSON_NULL && rest.len > 0) {
            at = next;
            continue;
        }
        if (key.len == 0 || (next != NULL && next->kind != OB_JSON_NULL)) {
            ob_buf_add_str(out, said);
            return;
        }
        if (next != NULL) {
            ob_buf_add_str(out, "null is there");
            return;
        }
        ob_buf_add_shown(out, ob_span_sub(expression, 0, expression.len - rest.len), 80);
        ob_buf_addf(out, " is not there; %s", before.len == 0 ? "the answer" : "");
        ob_buf_add_shown(out, before, 80);
        ob_buf_add_char(out, ' ');
        if (at->kind == OB_JSON_OBJECT) {
            add_keys(out, at, key);
        } else {
            ob_buf_addf(out, "is %s", at->kind == OB_JSON_ARRAY ? "a list" : "no object");
        }
        return;
    }
}

typedef struct shower {
    ob_buf *out;
    ob_arena *arena;
    const obi_tried *tried;
    const ob_reply *reply;
    const ob_json *root; /* of the answer; NULL when it is no JSON */
    bool good;
    bool empty; /* a reply without a word, and no tool was called */
    bool hides; /* the answer holds secrets whose values are not known */
    unsigned nothing;
} shower;

/* What stands in the answer is of no charset that it may be of (drive/charset.c). */
static bool strange_charset(const shower *s)
{
    return strstr(s->reply->why, "charset '") != NULL;
}

static void row(shower *s, const char *name, unsigned index, bool secret, ob_span known)
{
    ob_span expression = ob_mapping_text(s->tried->service->mapping, index);
    ob_span json = {0};
    ob_span text = {0};
    ob_err err = {0};
    OB_AUTO(ob_buf) shown = {.max = 4096};
    ob_buf_add_shown(&shown, expression, 200);
    label(s->out, name);
    ob_buf_addf(s->out, "%-20.*s ", OB_SHOW(ob_buf_span(&shown)));
    if (shown.len > 20) {
        ob_buf_addf(s->out, "\n%34s", "");
    }
    if (s->root == NULL) {
        ob_buf_add_str(s->out, strange_charset(s) ? "nothing: the answer cannot be read"
                                                  : "nothing: the answer is no JSON");
    } else if (!ob_mapping_run(s->tried->service->mapping, s->arena, index, s->reply->answer, &json,
                               &text, &err)) {
        add_why(s->out, s->root, expression, err.text);
        s->nothing++;
    } else if (secret) {
        ob_buf_addf(s->out, "sk-...(%zu)", known.len > 0 ? known.len : json.len);
    } else {
        bool word = json.ptr[0] == '"';
        ob_buf_add_shown(s->out,
                         !word          ? json
                         : text.len > 0 ? text
                                        : OB_SPAN("an empty text"),
                         SHOWN);
    }
    ob_buf_add_char(s->out, '\n');
}

static void rows(shower *s)
{
    const ob_service *service = s->tried->service;
    const ob_call_template *call = s->tried->call;
    if (call == NULL && service->reply < 0) {
        return;
    }
    if (call == NULL) {
        const struct {
            const char *name;
            int index;
        } parts[] = {{"reply", service->reply},
                     {"tools", service->tools},
                     {"citations", service->citations},
                     {"usage", service->usage}};

        for (size_t i = 0; i < OB_COUNT(parts); i++) {
            if (parts[i].index >= 0) {
                row(s, parts[i].name, (unsigned)parts[i].index, false, (ob_span){0});
            }
        }
        return;
    }
    for (size_t i = 0; i < call->extracts_count; i++) {
        const ob_extract *e = &call->extracts[i];
        char name[64];
        (void)snprintf(name, sizeof name, "%.*s", OB_SHOW(ob_span_sub(e->name, 0, 60)));
        row(s, name, e->expression, e->secret,
            i < s->reply->extracted_count ? s->reply->extracted[i].value : (ob_span){0});
    }
}

/* A driver whose protocol says where things are. */
static void fixed_parts(shower *s)
{
    const struct {
        const char *name;
        ob_span value;
    } parts[] = {{"reply", s->reply->text},
                 {"tools", s->reply->tools},
                 {"citations", s->reply->citations},
                 {"usage", s->reply->usage}};

    for (size_t i = 0; i < OB_COUNT(parts); i++) {
        if (parts[i].value.len > 0) {
            add_shown_line(s->out, parts[i].name, parts[i].value, SHOWN);
        }
    }
    if (s->reply->text.len == 0) {
        add_shown_line(s->out, "reply", OB_SPAN("is empty"), SHOWN);
    }
}

static void find_texts(ob_buf *out, const ob_json *at, const char *path, unsigned depth,
                       unsigned *found)
{
    size_t index = 0;
    for (const ob_json *c = at->first; c != NULL && *found < KEYS_SHOWN; c = c->next, index++) {
        char here[200];
        if (at->kind == OB_JSON_OBJECT) {
            (void)snprintf(here, sizeof here, "%s.%.*s", path, OB_SHOW(ob_span_sub(c->key, 0, 60)));
        } else {
            (void)snprintf(here, sizeof here, "%s[%zu]", path[0] == '\0' ? "." : path, index);
        }
        if (c->kind == OB_JSON_STRING && ob_span_trim(c->text).len > 0) {
            ob_buf_add_str(out, (*found)++ == 0 ? "" : ", ");
            ob_buf_add_shown(out, ob_span_str(here), 160);
        } else if (depth < DEPTH_MAX) {
            find_texts(out, c, here, depth + 1, found);
        }
    }
}

static void add_texts(const shower *s, ob_buf *out)
{
    OB_AUTO(ob_buf) texts = {.max = 4096};
    unsigned found = 0;
    find_texts(&texts, s->root, "", 0, &found);
    ob_buf_addf(out, "%s%.*s", found == 0 ? "" : "; texts in the answer are at ",
                OB_SHOW(ob_buf_span(&texts)));
}

/* Values of JSON, one a line, as services send that stream their answers in this form. */
static bool has_json_lines(const shower *s, ob_span body)
{
    ob_json_doc doc = {0};
    ob_err ignored = {0};
    ob_span line = {0};
    return ob_span_cut_line(&body, &line) && ob_span_trim(body).len > 0 &&
           ob_json_parse(&doc, s->arena, line, &ignored);
}

/* The service speaks as OpenAI's interface does, and says that it cannot answer. */
static void mend_error(const ob_json *error, ob_buf *out)
{
    const ob_json *message = error->kind == OB_JSON_OBJECT ? ob_json_get(error, "message") : error;
    bool model = message != NULL && message->kind == OB_JSON_STRING &&
                 ob_span_find(message->text, OB_SPAN("model"), 0) != SIZE_MAX;
    ob_buf_add_str(out, model ? "the service says what it misses; is the name of the model right?"
                              : "the service itself says what is wrong; its owner can mend it");
}

static void mend_mapping(const shower *s, ob_buf *out)
{
    ob_span body = ob_span_trim(s->reply->body);
    bool pieces =
        ob_span_has_prefix(body, OB_SPAN("data:")) || ob_span_has_prefix(body, OB_SPAN("event:"));
    if (s->reply->status == 202 || (s->root == NULL && pieces)) {
        ob_buf_add_str(out, pieces ? "the answer comes in events" : "202: the answer comes later");
        ob_buf_add_str(out, "; a small program that waits for it goes between, see 'A service that "
                            "answers later' in doc/service-file.md");
    } else if (s->root == NULL && body.len > 0 && body.ptr[0] == '<') {
        ob_buf_add_str(out, "this is a web page; correct 'address' or 'path', so that they lead to "
                            "the interface");
    } else if (s->root == NULL && strange_charset(s)) {
        ob_buf_add_str(out, "the service names a charset that its answer is not in, or that is "
                            "rare; let it answer in UTF-8");
    } else if (s->root == NULL && has_json_lines(s, body)) {
        ob_buf_add_str(out, "the answer comes in pieces, one a line; ask for it as a whole, often "
                            "by 'stream: false' in 'body', or let a small program put it together, "
                            "see 'A service that answers later' in doc/service-file.md");
    } else if (s->root == NULL) {
        ob_buf_add_str(out, "the answer must be JSON; correct 'path', or the service");
    } else if (s->tried->call == NULL && s->tried->service->reply < 0 && !s->empty) {
        const ob_json *error = ob_json_get(s->root, "error");
        if (error != NULL && error->kind != OB_JSON_NULL) {
            mend_error(error, out);
        } else {
            ob_buf_add_str(out, "it does not answer as OpenAI's interface does; describe it with "
                                "'driver: json'");
        }
    } else {
        ob_buf_add_str(out,
                       !s->empty ? "correct the expression that gives nothing"
                       : s->tried->service->reply < 0
                           ? "no test can judge an empty reply; its owner can mend it"
                           : "no test can judge an empty reply; correct the expression, or the "
                             "service");
        add_texts(s, out);
    }
}

static void mend_status(const shower *s, ob_buf *out)
{
    int status = s->reply->status;
    bool say = s->tried->call == NULL;
    const char *driver = s->tried->service->driver->id;
    if (status == 401 || status == 403) {
        ob_buf_add_str(out, "it wants credentials, or others; see 'headers' and 'login', and the "
                            "secrets that were given");
    } else if (status == 404 && say && strcmp(driver, "openai") == 0) {
        ob_buf_add_str(out, "correct 'path' or 'model' below 'openai', or 'address'");
    } else if (status == 404) {
        ob_buf_addf(out, "nothing is there; correct the 'path' of '%s', or 'address'",
                    say ? driver : s->tried->kind);
    } else if (status == 405) {
        ob_buf_add_str(out, "it takes another method; set 'method' in the request");
    } else if (status >= 300 && status <= 399) {
        ob_buf_add_str(out, "the service is elsewhere; correct 'address' or 'path'");
    } else if (status == 429) {
        ob_buf_add_str(out, "it wants fewer requests; wait, and set 'rate' below 'limits'");
    } else if (status >= 500) {
        ob_buf_add_str(out, "the service itself failed; its own log tells why");
    } else {
        ob_buf_add_str(out, "it does not take what was sent; compare the request with what it "
                            "expects");
        ob_buf_add_str(out, say && strcmp(driver, "openai") == 0 ? ", the model's name, too" : "");
    }
}

static void mend_program(const shower *s, ob_buf *out)
{
    switch (s->reply->lost) {
    case OB_LOST_FIRST_BYTE:
    case OB_LOST_TOTAL:
        ob_buf_add_str(out, "does it end each line and flush it? If it is slow, raise 'first_byte' "
                            "and 'total' below 'limits', 'connect' if it starts slowly");
        break;
    case OB_LOST_RESET:
        ob_buf_add_str(out, "start the program by hand; --verbose shows what it prints on standard "
                            "error");
        break;
    case OB_LOST_TOO_LARGE:
        ob_buf_add_str(out, "raise 'reply_size' below 'limits', if such answers are wanted");
        break;
    case OB_LOST_MAPPING:
        mend_mapping(s, out);
        break;
    case OB_LOST_NONE:
    case OB_LOST_CONNECT:
    case OB_LOST_CUT:
    case OB_LOST_STATUS:
    case OB_LOST_THROTTLED:
    case OB_LOST_SCOPE:
    case OB_LOST_BUDGET:
    case OB_LOST_STOPPED:
        break;
    }
}

static void mend(const shower *s, ob_buf *out)
{
    if (s->empty) {
        mend_mapping(s, out);
        return;
    }
    if (s->tried->service->driver->is_program) {
        mend_program(s, out);
        return;
    }
    bool tls = strstr(s->reply->why, "SSL") != NULL || strstr(s->reply->why, "certificate") != NULL;
    switch (s->reply->lost) {
    case OB_LOST_CONNECT:
        ob_buf_add_str(out, tls ? "does it speak https? 'ca_file' below 'tls' names a certificate "
                                  "authority of your own"
                                : "start the service, or correct host and port of 'address'");
        break;
    case OB_LOST_FIRST_BYTE:
    case OB_LOST_TOTAL:
        ob_buf_add_str(out, "raise 'first_byte' and 'total' below 'limits' if it is slow");
        break;
    case OB_LOST_CUT:
        ob_buf_add_str(out, "the service's own log tells why the answer ended early");
        break;
    case OB_LOST_RESET:
        ob_buf_add_str(out, "http or https in 'address'? If that is right, the service's own log "
                            "tells why");
        break;
    case OB_LOST_TOO_LARGE:
        ob_buf_add_str(out, "raise 'reply_size' below 'limits', if such answers are wanted");
        break;
    case OB_LOST_STATUS:
    case OB_LOST_THROTTLED:
        mend_status(s, out);
        break;
    case OB_LOST_MAPPING:
        mend_mapping(s, out);
        break;
    case OB_LOST_SCOPE:
        ob_buf_add_str(out, "name the address in the scope file");
        break;
    case OB_LOST_NONE:
    case OB_LOST_BUDGET:
    case OB_LOST_STOPPED:
        break;
    }
}

/* The request line and the body; headers would hide them. */
static void add_sent(shower *s)
{
    ob_span rest = s->tried->sent;
    ob_span line = {0};
    if (!ob_span_cut_line(&rest, &line)) {
        return;
    }
    add_shown_line(s->out, "sent", line, SHOWN);
    while (ob_span_cut_line(&rest, &line) && line.len > 0) {
    }
    if (rest.len > 0) {
        add_shown_line(s->out, "", ob_span_trim(rest), BODY_SHOWN);
    }
}

static void add_trouble(shower *s)
{
    OB_AUTO(ob_buf) hint = {.max = 8192};
    const ob_reply *r = s->reply;
    if (!s->empty && (r->lost != OB_LOST_MAPPING || s->root == NULL ||
                      (!s->tried->call && s->tried->service->reply < 0))) {
        add_shown_line(s->out, "why", ob_span_str(r->why), sizeof r->why);
    }
    add_sent(s);
    if (s->hides) {
        add_shown_line(s->out, "answer", OB_SPAN("not shown: it may hold secrets"), SHOWN);
    } else if (r->body.len > 0) {
        add_shown_line(s->out, "answer", r->body, BODY_SHOWN);
    } else if (r->status != 0) {
        add_shown_line(s->out, "answer", OB_SPAN("is empty"), SHOWN);
    }
    mend(s, &hint);
    if (hint.len > 0) {
        add_shown_line(s->out, "to mend", ob_buf_span(&hint), hint.len);
    }
}

static bool has_secret(const ob_call_template *call)
{
    for (size_t i = 0; call != NULL && i < call->extracts_count; i++) {
        if (call->extracts[i].secret) {
            return true;
        }
    }
    return false;
}

bool obi_try_show(ob_buf *out, ob_arena *arena, const obi_tried *tried, const ob_reply *reply,
                  unsigned *nothing)
{
    ob_json_doc doc = {0};
    ob_err err = {0};
    shower s = {.out = out,
                .arena = arena,
                .tried = tried,
                .reply = reply,
                .good = reply->lost == OB_LOST_NONE};
    bool complete = s.good || reply->lost == OB_LOST_MAPPING;
    bool json = reply->body.len > 0 && ob_json_parse(&doc, arena, reply->answer, &err);
    s.root = json ? doc.root : NULL;
    s.hides = complete && !s.good && has_secret(tried->call);
    s.empty = s.good && tried->call == NULL && ob_span_trim(reply->text).len == 0 &&
              reply->tools.len == 0;
    ob_buf_add_str(out, s.empty ? "EMPTY" : s.good ? "ok" : "LOST");
    if (reply->status != 0) {
        ob_buf_addf(out, ", status %d", reply->status);
    }
    if (reply->total_ms >= 0 && (reply->status != 0 || s.good)) {
        ob_buf_addf(out, ", %.0f ms", reply->total_ms);
    }
    ob_buf_addf(out, reply->attempts > 1 ? ", %u attempts\n" : "\n", reply->attempts);
    if (complete) {
        rows(&s);
    }
    if (s.good && tried->call == NULL && tried->service->reply < 0) {
        fixed_parts(&s);
    }
    if (!s.good || s.empty) {
        add_trouble(&s);
    }
    *nothing += s.good ? s.nothing : 0;
    return s.good && !s.empty;
}
