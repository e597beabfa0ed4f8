/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/url.h"

#include "detect/codings.h"

/* How far back a markdown image may begin. */
#define LABEL_MAX 256

static const char *const opaque[] = {"mailto",     "tel",      "sms",  "data",
                                     "javascript", "vbscript", "blob", "file"};
/* Names that end a bare host: enough for what people write without a scheme. */
static const char *const tops[] = {"com", "net",  "org",  "info",   "biz",  "io",      "co",  "cn",
                                   "de",  "eu",   "uk",   "us",     "ru",   "app",     "dev", "top",
                                   "xyz", "site", "shop", "online", "link", "example", "test"};

static bool is_word(char c)
{
    return obi_is_alnum(c) || c == '.' || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_slash(char c)
{
    return c == '/' || c == '\\';
}

static bool has_slashes(ob_span text, size_t pos)
{
    return pos + 2 < text.len && is_slash(text.ptr[pos]) && is_slash(text.ptr[pos + 1]);
}

/* Chinese punctuation and full-width signs end a link: U+3000 to 303F, U+FF00 to FF5F. */
static bool is_wide_mark(ob_span text, size_t pos)
{
    return pos + 1 < text.len && (memcmp(text.ptr + pos, "\xe3\x80", 2) == 0 ||
                                  memcmp(text.ptr + pos, "\xef\xbc", 2) == 0);
}

size_t obi_url_stop(ob_span text, size_t start)
{
    size_t pos = start;
    int open = 0;
    for (; pos < text.len; pos++) {
        char c = text.ptr[pos];
        if ((unsigned char)c <= ' ' || c == 0x7f || strchr("<>\"`|", c) != NULL ||
            is_wide_mark(text, pos) || (c == ')' && open == 0)) {
            break;
        }
        open += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    return pos;
}

/* Signs at the end belong to the sentence. */
static size_t link_end(ob_span text, size_t start, size_t least)
{
    size_t pos = obi_url_stop(text, start);
    while (pos > least && strchr(".,;:!?'*_]}", text.ptr[pos - 1]) != NULL) {
        pos--;
    }
    return pos;
}

static bool is_image(ob_span text, size_t start)
{
    size_t at = start;
    while (at > 0 && (text.ptr[at - 1] == '"' || text.ptr[at - 1] == '\'' ||
                      text.ptr[at - 1] == ' ' || text.ptr[at - 1] == '<')) {
        if (start - at > 4) {
            return false;
        }
        at--;
    }
    ob_span before = ob_span_sub(text, at > 16 ? at - 16 : 0, at);
    static const char *const loads[] = {"src=", "srcset=", "background=", "poster=", "url("};
    for (size_t i = 0; i < OB_COUNT(loads); i++) {
        ob_span load = ob_span_str(loads[i]);
        if (before.len >= load.len &&
            ob_span_is_nocase(ob_span_sub(before, before.len - load.len, before.len), load)) {
            return true;
        }
    }
    if (at < 2 || text.ptr[at - 1] != '(' || text.ptr[at - 2] != ']') {
        return false;
    }
    size_t stop = at > LABEL_MAX ? at - LABEL_MAX : 0;
    for (size_t i = at - 2; i > stop; i--) {
        if (text.ptr[i] == '[') {
            return text.ptr[i - 1] == '!';
        }
    }
    return false;
}

/* Fills host and query from the authority that starts at pos. */
static void parts_of(ob_span text, size_t pos, size_t end, ob_url *url)
{
    size_t stop = pos;
    size_t host = pos;
    while (stop < end && strchr("/?#\\", text.ptr[stop]) == NULL) {
        host = text.ptr[stop] == '@' ? stop + 1 : host;
        stop++;
    }
    size_t tail = 0;
    if (host < stop && text.ptr[host] == '[') {
        const char *close = memchr(text.ptr + host, ']', stop - host);
        tail = close == NULL ? stop : (size_t)(close - text.ptr) + 1;
    } else {
        const char *colon = memchr(text.ptr + host, ':', stop - host);
        tail = colon == NULL ? stop : (size_t)(colon - text.ptr);
    }
    url->host = ob_span_sub(text, host, tail);
}

static void query_of(ob_span text, size_t pos, size_t end, ob_url *url)
{
    const char *mark = pos < end ? memchr(text.ptr + pos, '?', end - pos) : NULL;
    if (mark == NULL) {
        return;
    }
    size_t start = (size_t)(mark - text.ptr) + 1;
    const char *hash = start < end ? memchr(text.ptr + start, '#', end - start) : NULL;
    url->query = ob_span_sub(text, start, hash == NULL ? end : (size_t)(hash - text.ptr));
}

static bool opaque_fits(ob_span scheme, ob_span rest)
{
    if (rest.len == 0 || (unsigned char)rest.ptr[0] <= ' ') {
        return false;
    }
    if (ob_span_is_nocase(scheme, OB_SPAN("data"))) {
        size_t slash = ob_span_find(ob_span_sub(rest, 0, 40), OB_SPAN("/"), 0);
        return slash != SIZE_MAX || rest.ptr[0] == ',' || rest.ptr[0] == ';';
    }
    if (ob_span_is_nocase(scheme, OB_SPAN("tel")) || ob_span_is_nocase(scheme, OB_SPAN("sms"))) {
        return rest.ptr[0] == '+' || obi_is_digit(rest.ptr[0]);
    }
    return obi_is_alnum(rest.ptr[0]) || (unsigned char)rest.ptr[0] > ' ';
}

/* A link whose scheme ends at colon; its letters start at start or later. */
static bool with_scheme(ob_span text, size_t start, size_t colon, ob_url *url)
{
    size_t first = colon;
    while (first > start && obi_is_alnum(text.ptr[first - 1])) {
        first--;
    }
    ob_span scheme = ob_span_sub(text, first, colon);
    if (scheme.len < 2 || obi_is_digit(scheme.ptr[0])) {
        return false;
    }
    bool authority = has_slashes(text, colon + 1);
    bool known = false;
    for (size_t i = 0; i < OB_COUNT(opaque); i++) {
        known = known || ob_span_is_nocase(scheme, ob_span_str(opaque[i]));
    }
    if (!authority && !(known && opaque_fits(scheme, ob_span_sub(text, colon + 1, text.len)))) {
        return false;
    }
    size_t body = authority ? colon + 3 : colon + 1;
    size_t end = link_end(text, body, body);
    *url = (ob_url){.whole = ob_span_sub(text, first, end), .scheme = scheme};
    if (end == body) {
        return false;
    }
    if (authority) {
        parts_of(text, body, end, url);
    } else if (ob_span_is_nocase(scheme, OB_SPAN("mailto"))) {
        const char *at = memchr(text.ptr + body, '@', end - body);
        if (at != NULL) {
            parts_of(text, (size_t)(at - text.ptr) + 1, end, url);
        }
    }
    query_of(text, body, end, url);
    url->image = is_image(text, first);
    return true;
}

static bool host_fits(ob_span text, ob_span host, size_t end)
{
    size_t dot = host.len;
    while (dot > 0 && host.ptr[dot - 1] != '.') {
        dot--;
    }
    ob_span top = ob_span_sub(host, dot, host.len);
    if (dot < 2 || top.len < 2 || !obi_is_alpha(top.ptr[0])) {
        return false;
    }
    if (ob_span_is_nocase(ob_span_sub(host, 0, 4), OB_SPAN("www."))) {
        return true;
    }
    for (size_t i = 0; i < OB_COUNT(tops); i++) {
        if (ob_span_is_nocase(top, ob_span_str(tops[i]))) {
            return true;
        }
    }
    return end + 1 < text.len && text.ptr[end] == '/' && obi_is_alpha(text.ptr[end + 1]) &&
           host.len >= 5 && top.len <= 6;
}

/* A host without a scheme: "www.help.example", "pay.example.net/now". */
static bool bare_host(ob_span text, size_t start, size_t end, ob_url *url)
{
    for (size_t i = end; i > start; i--) {
        unsigned char c = (unsigned char)text.ptr[i - 1];
        if (c >= 0xe3 && c <= 0xe9) {
            /* Han characters in front belong to the sentence. */
            start = i + 2 < end ? i + 2 : end;
            break;
        }
    }
    while (end > start && (text.ptr[end - 1] == '.' || text.ptr[end - 1] == '-')) {
        end--;
    }
    if (start == end || (start > 0 && text.ptr[start - 1] == '@') ||
        (end < text.len && text.ptr[end] == '@') ||
        !host_fits(text, ob_span_sub(text, start, end), end)) {
        return false;
    }
    size_t last =
        end < text.len && (text.ptr[end] == '/' || text.ptr[end] == '?' || text.ptr[end] == ':')
            ? link_end(text, end, end)
            : end;
    *url = (ob_url){.whole = ob_span_sub(text, start, last)};
    parts_of(text, start, last, url);
    query_of(text, end, last, url);
    url->image = is_image(text, start);
    return true;
}

static bool double_slash(ob_span text, size_t pos, ob_url *url)
{
    bool opened = pos == 0 || strchr(" \t\r\n\"'(=<", text.ptr[pos - 1]) != NULL;
    if (!opened || text.ptr[pos] != '/' || !has_slashes(text, pos) || !is_word(text.ptr[pos + 2])) {
        return false;
    }
    size_t end = link_end(text, pos + 2, pos + 2);
    *url = (ob_url){.whole = ob_span_sub(text, pos, end)};
    parts_of(text, pos + 2, end, url);
    query_of(text, pos + 2, end, url);
    url->image = is_image(text, pos);
    return url->host.len > 0 && memchr(url->host.ptr, '.', url->host.len) != NULL;
}

bool obi_url_at(ob_span text, size_t least, size_t slashes, ob_url *url)
{
    return slashes > least && text.ptr[slashes - 1] == ':'
               ? with_scheme(text, least, slashes - 1, url)
               : double_slash(text, slashes, url);
}

bool obi_url_scheme(ob_span text, size_t least, size_t colon, ob_url *url)
{
    return with_scheme(text, least, colon, url);
}

bool obi_url_bare(ob_span text, size_t start, ob_url *url)
{
    size_t end = start;
    while (end < text.len && is_word(text.ptr[end]) && !is_wide_mark(text, end)) {
        end++;
    }
    return bare_host(text, start, end, url);
}

size_t obi_url_end(ob_span text, size_t start)
{
    return link_end(text, start, start);
}

bool obi_url_loads(ob_span text, size_t start)
{
    return is_image(text, start);
}

bool ob_url_next(ob_span text, size_t *pos, ob_url *url)
{
    size_t at = *pos;
    ob_url found;
    while (at < text.len) {
        bool hit = false;
        size_t next = at + 1;
        if (is_wide_mark(text, at)) {
            next = at + 3;
        } else if (is_word(text.ptr[at])) {
            size_t end = at;
            while (end < text.len && is_word(text.ptr[end]) && !is_wide_mark(text, end)) {
                end++;
            }
            next = end;
            hit = (end < text.len && text.ptr[end] == ':' && with_scheme(text, at, end, &found)) ||
                  bare_host(text, at, end, &found);
        } else {
            hit = double_slash(text, at, &found);
        }
        if (hit) {
            *url = found;
            *pos = (size_t)(found.whole.ptr - text.ptr) + found.whole.len;
            return true;
        }
        at = next;
    }
    *pos = text.len;
    return false;
}

bool ob_host_allowed(ob_span host, const ob_span *allow, size_t count)
{
    while (host.len > 0 && host.ptr[host.len - 1] == '.') {
        host.len--;
    }
    for (size_t i = 0; i < count && host.len > 0; i++) {
        ob_span entry = allow[i];
        if (entry.len > 1 && entry.ptr[0] == '.') {
            bool under =
                host.len > entry.len &&
                ob_span_is_nocase(ob_span_sub(host, host.len - entry.len, host.len), entry);
            if (under || ob_span_is_nocase(host, ob_span_sub(entry, 1, entry.len))) {
                return true;
            }
        } else if (ob_span_is_nocase(host, entry)) {
            return true;
        }
    }
    return false;
}
