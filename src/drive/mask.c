/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets never reach the store, a report or a log: they are replaced before anybody else sees
 * bytes. */
#include "drive/client_core.h"

#include <ombud/text.h>

#define SHORTEST 4 /* shorter values would black out half of every text */

static void put_mask(ob_buf *out, size_t length)
{
    ob_buf_addf(out, "sk-...(%zu)", length);
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The value of count hex digits at a place, or -1. */
static int32_t hex_at(ob_span text, size_t at, size_t count)
{
    int32_t value = 0;
    for (size_t i = at; i < at + count; i++) {
        int digit = i < text.len ? hex_value(text.ptr[i]) : -1;
        if (digit < 0) {
            return -1;
        }
        value = value << 4 | digit;
    }
    return value;
}

/* Undoes the escape that text begins with, "%2F" of a URL or "\\/" and "\\u002f" of JSON: puts what
 * it stands for, and returns its length; 0 if there is none. */
static size_t unescape(ob_span text, char escape, char out[4], size_t *count)
{
    static const char from[] = "\"\\/bfnrt";
    static const char to[] = "\"\\/\b\f\n\r\t";
    *count = 1;
    if (escape == '%') {
        int32_t byte = hex_at(text, 1, 2);
        out[0] = (char)byte;
        return byte < 0 ? 0 : 3;
    }
    char c = text.len > 1 ? text.ptr[1] : '\0';
    const char *known = c == '\0' ? NULL : strchr(from, c);
    if (known != NULL) {
        out[0] = to[known - from];
        return 2;
    }
    int32_t rune = c == 'u' ? hex_at(text, 2, 4) : -1;
    int32_t low =
        rune >= 0xd800 && rune < 0xdc00 && text.len > 7 && text.ptr[6] == '\\' && text.ptr[7] == 'u'
            ? hex_at(text, 8, 4)
            : -1;
    bool pair = low >= 0xdc00 && low < 0xe000;
    rune = pair ? 0x10000 + ((rune - 0xd800) << 10) + (low - 0xdc00) : rune;
    *count = rune < 0 ? 0 : ob_utf8_put((uint32_t)rune, out);
    return rune < 0 ? 0 : pair ? 12 : 6;
}

/* Bytes at the start of text that spell the secret with escapes of that kind; 0 if none do. */
static size_t spelled(ob_span text, ob_span secret, char escape)
{
    size_t at = 0;
    for (size_t done = 0; done < secret.len;) {
        char bytes[4];
        size_t count = 1;
        if (at >= text.len) {
            return 0;
        }
        bytes[0] = text.ptr[at];
        size_t length = 1;
        if (bytes[0] == escape) {
            length = unescape(ob_span_sub(text, at, text.len), escape, bytes, &count);
        }
        if (length == 0 || count > secret.len - done ||
            memcmp(bytes, secret.ptr + done, count) != 0) {
            return 0;
        }
        at += length;
        done += count;
    }
    return at;
}

/* A secret found in a text. */
typedef struct found {
    size_t taken;  /* bytes of the text; 0 = none was found */
    size_t length; /* of the secret itself */
} found;

static void look_for(ob_span rest, ob_span secret, found *best)
{
    size_t taken = ob_span_has_prefix(rest, secret) ? secret.len : 0;
    taken = taken > 0 ? taken : spelled(rest, secret, '\\');
    taken = taken > 0 ? taken : spelled(rest, secret, '%');
    if (taken > best->taken) {
        *best = (found){taken, secret.len};
    }
}

/* Longest secret that starts at this byte. */
static found secret_at(const ob_client_core *core, const obi_exchange *x, ob_span rest)
{
    found longest = {0};
    for (size_t i = 0; i < core->hidden_count; i++) {
        look_for(rest, core->hidden[i], &longest);
    }
    for (const ob_vars *v = x == NULL ? NULL : x->call.vars; v != NULL; v = v->outer) {
        for (size_t i = 0; i < v->count; i++) {
            const ob_var *var = &v->items[i];
            if (var->secret && var->value.len >= SHORTEST) {
                look_for(rest, var->value, &longest);
            }
        }
    }
    return longest;
}

/* First bytes of all secrets and of escapes, so that most bytes of a text are passed over quickly;
 * false if there is no secret. */
static bool first_bytes(const ob_client_core *core, const obi_exchange *x, bool first[256])
{
    bool any = core->hidden_count > 0;
    for (size_t i = 0; i < core->hidden_count; i++) {
        first[(unsigned char)core->hidden[i].ptr[0]] = true;
    }
    for (const ob_vars *v = x == NULL ? NULL : x->call.vars; v != NULL; v = v->outer) {
        for (size_t i = 0; i < v->count; i++) {
            if (v->items[i].secret && v->items[i].value.len >= SHORTEST) {
                first[(unsigned char)v->items[i].value.ptr[0]] = true;
                any = true;
            }
        }
    }
    first['\\'] = any;
    first['%'] = any;
    return any;
}

/* Most texts hold no secret, and need no copy. */
static bool holds_secret(const ob_client_core *core, const obi_exchange *x, ob_span text)
{
    bool first[256] = {false};
    for (size_t at = first_bytes(core, x, first) ? 0 : text.len; at < text.len; at++) {
        if (first[(unsigned char)text.ptr[at]] &&
            secret_at(core, x, ob_span_sub(text, at, text.len)).taken > 0) {
            return true;
        }
    }
    return false;
}

void obi_mask(const ob_client_core *core, const obi_exchange *x, ob_span text, ob_buf *out)
{
    bool first[256] = {false};
    size_t plain = 0;
    for (size_t at = first_bytes(core, x, first) ? 0 : text.len; at < text.len;) {
        found secret = {0};
        if (first[(unsigned char)text.ptr[at]]) {
            secret = secret_at(core, x, ob_span_sub(text, at, text.len));
        }
        if (secret.taken == 0) {
            at++;
            continue;
        }
        ob_buf_add(out, ob_span_sub(text, plain, at));
        put_mask(out, secret.length);
        at += secret.taken;
        plain = at;
    }
    ob_buf_add(out, ob_span_sub(text, plain, text.len));
}

static bool carries_credentials(ob_span name)
{
    static const char *const names[] = {"authorization", "proxy-authorization", "cookie",
                                        "set-cookie"};
    for (size_t i = 0; i < OB_COUNT(names); i++) {
        if (ob_span_is_nocase(name, ob_span_str(names[i]))) {
            return true;
        }
    }
    return false;
}

void obi_mask_head(const ob_client_core *core, const obi_exchange *x, ob_span head, ob_buf *out)
{
    ob_span line;
    while (ob_span_cut_line(&head, &line)) {
        size_t colon = ob_span_find(line, OB_SPAN(":"), 0);
        ob_span name = colon == SIZE_MAX ? (ob_span){"", 0} : ob_span_sub(line, 0, colon);
        if (name.len > 0 && carries_credentials(name)) {
            ob_span value = ob_span_trim(ob_span_sub(line, colon + 1, line.len));
            ob_buf_add(out, name);
            ob_buf_add_str(out, ": ");
            if (ob_span_find(value, OB_SPAN("sk-...("), 0) != SIZE_MAX) {
                /* Was expanded masked already, keeps "Bearer"; but a service may write so, too. */
                obi_mask(core, x, value, out);
            } else {
                put_mask(out, value.len);
            }
        } else {
            obi_mask(core, x, line, out);
        }
        ob_buf_add_str(out, "\r\n");
    }
}

/* A service may repeat what it was sent in its words, too. */
bool obi_hide_in(const ob_client_core *core, obi_exchange *x, ob_span *text, ob_err *err)
{
    OB_AUTO(ob_buf) shown = {.max = OB_REPLY_MAX_CEILING * 2};
    if (!holds_secret(core, x, *text)) {
        return true;
    }
    obi_mask(core, x, *text, &shown);
    return ob_buf_check(&shown, "a reply", err) &&
           ob_arena_dup(&x->arena, ob_buf_span(&shown), text, err);
}

/* A value that is no secret itself may hold one, such as a record with the token in it. */
static bool hide_in_extracts(const ob_client_core *core, obi_exchange *x, ob_reply *reply,
                             ob_err *err)
{
    ob_span *shown = OB_NEW(&x->arena, ob_span, reply->extracted_count, err);
    for (size_t i = 0; shown != NULL && i < reply->extracted_count; i++) {
        shown[i] = reply->extracted[i].value;
        if (!obi_hide_in(core, x, &shown[i], err)) {
            return false;
        }
    }
    reply->shown = shown;
    return shown != NULL;
}

bool obi_hide_reply(const ob_client_core *core, obi_exchange *x, ob_reply *reply, ob_err *err)
{
    OB_AUTO(ob_buf) head = {.max = (size_t)OB_HEAD_MAX * 2};
    obi_mask_head(core, x, ob_buf_span(&x->head), &head);
    reply->body = x->converted.len > 0 ? x->converted : ob_buf_span(&x->body);
    reply->answer = x->answer;
    return ob_buf_check(&head, "a reply", err) &&
           ob_arena_dup(&x->arena, ob_buf_span(&head), &reply->head, err) &&
           obi_hide_in(core, x, &reply->body, err) && obi_hide_in(core, x, &reply->answer, err) &&
           hide_in_extracts(core, x, reply, err) && obi_hide_in(core, x, &reply->text, err) &&
           obi_hide_in(core, x, &reply->tools, err) &&
           obi_hide_in(core, x, &reply->citations, err) && obi_hide_in(core, x, &reply->usage, err);
}

bool obi_hide_value(ob_client_core *core, ob_span value, ob_err *err)
{
    void *hidden = core->hidden;
    if (value.len < SHORTEST) {
        return true;
    }
    if (!ob_array_grow(&hidden, &core->hidden_cap, core->hidden_count, sizeof value, 100000, err)) {
        return false;
    }
    core->hidden = hidden;
    core->hidden[core->hidden_count++] = value;
    return true;
}

bool ob_client_hide(ob_client *client, ob_span value, ob_err *err)
{
    ob_span copy = {0};
    return value.len < SHORTEST || (ob_arena_dup(&client->core->arena, value, &copy, err) &&
                                    obi_hide_value(client->core, copy, err));
}
