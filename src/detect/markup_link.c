/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Links, as text, markdown, HTML and CSS write them: all have two slashes, "www." or a scheme in
 * common, so it is enough to look what stands around these. Most links are honest; link.h says what
 * speaks against one.
 */
#include "detect/link.h"
#include "detect/markup.h"
#include "detect/url.h"

/* Bytes between the end of an address and the end of what is shown for it. */
#define SHOWN_MAX 96
/* Before a scheme, in bytes. */
#define SCHEME_MAX 24

static bool ends_nocase(ob_span text, const char *end)
{
    ob_span wanted = ob_span_str(end);
    return text.len >= wanted.len &&
           ob_span_is_nocase(ob_span_sub(text, text.len - wanted.len, text.len), wanted);
}

/* What stands before an address, without the quotes and brackets around it. */
static ob_span outside(const obi_markup_at *at, size_t start)
{
    ob_span before = obi_markup_before(at, start);
    while (before.len > 0 && obi_one_of(before.ptr[before.len - 1], "\"' <\t\n")) {
        before.len--;
    }
    return before;
}

/* Behind "](" of markdown: its text in *shown, false where the beginning of that is out of sight.
 */
static bool label_of(ob_span before, ob_span *shown, bool *image)
{
    size_t close = before.len - 2;
    unsigned open = 1;
    for (size_t i = close; i > 0; i--) {
        open += before.ptr[i - 1] == ']';
        open -= before.ptr[i - 1] == '[';
        if (open == 0) {
            *image = i > 1 && before.ptr[i - 2] == '!';
            *shown = ob_span_sub(before, i, close);
            return true;
        }
    }
    return false;
}

/* What is shown between a tag and the next, behind an address that ends at end; *behind: where that
 * ends. False if more text is needed. */
static bool element_text(const obi_markup_at *at, size_t end, ob_span *shown, size_t *behind)
{
    ob_span text = ob_span_sub(at->text, 0, end + SHOWN_MAX);
    bool last = at->last || at->text.len >= end + SHOWN_MAX;
    size_t close = end;
    while (close < text.len && text.ptr[close] != '>' && text.ptr[close] != '<') {
        close++;
    }
    *behind = close;
    if (close == text.len || text.ptr[close] != '>') {
        return close < text.len || last;
    }
    size_t open = close + 1;
    while (open < text.len && text.ptr[open] != '<' && text.ptr[open] != '\n') {
        open++;
    }
    *shown = ob_span_sub(text, close + 1, open);
    *behind = open;
    return open < text.len || last;
}

/* The address shows one host and goes to another. */
static void look_shown(const ob_url *url, ob_span shown, obi_against *all)
{
    ob_span host = obi_link_shown(shown);
    if (host.len > 0 && url->host.len > 0 && !obi_link_same_owner(host, url->host)) {
        obi_against_add(all, 400, "link/shown");
    }
}

static bool is_list(const ob_scan_options *options)
{
    return options != NULL && options->host_count > 0;
}

/* The verdict on an address whose surroundings are known. */
static bool judge(const obi_markup_at *at, const ob_url *url, bool image, ob_span shown,
                  obi_mark *mark)
{
    obi_against all = {0};
    bool allowed = is_list(at->options) &&
                   ob_host_allowed(url->host, at->options->hosts, at->options->host_count);
    if (url->host.len == 0 || ob_span_is_nocase(url->host, OB_SPAN("localhost"))) {
        return false;
    }
    look_shown(url, shown, &all);
    obi_link_host(url, &all);
    if (!allowed) {
        obi_link_data(url, image, &all);
    }
    if (is_list(at->options) && !allowed) {
        obi_against_add(&all, image ? 350 : 250, "link/foreign-host");
    }
    mark->kind = image ? OB_KIND_IMAGE : OB_KIND_LINK;
    mark->rule = all.rule;
    mark->near_ = (int16_t)all.score;
    mark->tail = OBI_TAIL_URL;
    return all.rule != NULL;
}

/* Where what is shown for the address stands: before it in markdown, behind it in HTML. */
static obi_fit in_context(const obi_markup_at *at, const ob_url *url, obi_mark *mark)
{
    size_t start = (size_t)(url->whole.ptr - at->text.ptr);
    ob_span before = outside(at, start);
    ob_span shown = {0};
    bool image = url->image;
    size_t behind = start + url->whole.len;
    if (ends_nocase(before, "](")) {
        bool marked = false;
        image = !label_of(before, &shown, &marked) || marked || image;
    } else if (ends_nocase(before, "href=") && !element_text(at, behind, &shown, &behind)) {
        return OBI_FIT_MORE;
    }
    mark->start = start;
    mark->end = at->whole ? behind : start + url->whole.len;
    return at->whole || judge(at, url, image, shown, mark) ? OBI_FIT_YES : OBI_FIT_NO;
}

obi_fit obi_markup_link(const obi_markup_at *at, obi_mark *mark)
{
    ob_url url = {0};
    char before = at->start > 0 ? at->text.ptr[at->start - 1] : ' ';
    size_t least = at->start > SCHEME_MAX ? at->start - SCHEME_MAX : 0;
    bool found = false;
    if (obi_url_stop(at->text, at->start) == at->text.len && !at->last) {
        return OBI_FIT_MORE;
    }
    if (at->text.ptr[at->start] == '/') {
        found = before != '/' && obi_url_at(at->text, least, at->start, &url);
    } else {
        found = !obi_is(before, OBI_TOKEN) && !obi_one_of(before, "/.@") &&
                obi_url_bare(at->text, at->start, &url);
    }
    if (!found || (size_t)(url.whole.ptr - at->text.ptr) > at->start) {
        return OBI_FIT_NO;
    }
    size_t end = (size_t)(url.whole.ptr - at->text.ptr) + url.whole.len;
    /* Signs at its end may be in its middle yet. */
    bool ended = obi_url_stop(at->text, end) < at->text.len || at->last;
    return ended ? in_context(at, &url, mark) : OBI_FIT_MORE;
}

/* The letters before a colon, over the white space that browsers pass over, from right to left. */
static bool spells(ob_span before, const char *word, size_t *start)
{
    size_t at = before.len;
    for (size_t left = strlen(word); left > 0;) {
        if (at == 0) {
            return false;
        }
        char c = before.ptr[--at];
        if (obi_one_of(c, "\t\r\n")) {
            continue;
        }
        if ((c | 0x20) != word[--left]) {
            return false;
        }
    }
    *start = at;
    return at == 0 || !obi_is(before.ptr[at - 1], OBI_TOKEN);
}

static bool is_active_type(ob_span rest)
{
    static const char *const types[] = {"text/html",    "image/svg",       "text/xml",
                                        "application/", "text/javascript", "text/css",
                                        "text/vbscript"};
    for (size_t i = 0; i < OB_COUNT(types); i++) {
        ob_span type = ob_span_str(types[i]);
        if (ob_span_is_nocase(ob_span_sub(rest, 0, type.len), type)) {
            return true;
        }
    }
    return false;
}

/* As an address: in an attribute, or where markdown has one. */
static bool is_address(ob_span before)
{
    return ends_nocase(before, "](") || ends_nocase(before, "]:") || ends_nocase(before, "href=") ||
           ends_nocase(before, "src=") || ends_nocase(before, "url(");
}

obi_fit obi_markup_scheme(const obi_markup_at *at, obi_mark *mark)
{
    ob_span before = obi_markup_before(at, at->start);
    size_t from = at->start - before.len;
    size_t start = at->start - from;
    bool data = (at->text.ptr[at->start] | 0x20) == 'd';
    bool runs = data ? start == 0 || !obi_is(before.ptr[start - 1], OBI_TOKEN)
                     : spells(before, "java", &start) || spells(before, "vb", &start) ||
                           spells(before, "live", &start);
    if (!runs) {
        return OBI_FIT_NO;
    }
    size_t end = obi_url_end(at->text, at->end);
    if (obi_url_stop(at->text, at->end) == at->text.len && !at->last) {
        return OBI_FIT_MORE;
    }
    if (end == at->end || (data && !is_active_type(ob_span_sub(at->text, at->end, end)))) {
        return OBI_FIT_NO;
    }
    bool address = is_address(outside(at, from + start));
    *mark = (obi_mark){.start = from + start,
                       .end = end,
                       .rule = data ? "link/data" : "link/script",
                       .kind = address ? OB_KIND_LINK : OB_KIND_SCRIPT,
                       .sure = true,
                       .near_ = address ? 200 : 0,
                       .tail = OBI_TAIL_URL};
    return OBI_FIT_YES;
}
