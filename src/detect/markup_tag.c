/* SPDX-License-Identifier: Apache-2.0 */
/* Elements of HTML and SVG that run, load or ask for something, and handlers in any element. */
#include "detect/markup.h"

typedef enum element_use {
    USE_NONE,
    USE_ALWAYS, /* it is active by itself */
    USE_ALONE,  /* also, but the word stands in brackets elsewhere, as in "List<Object>" */
    USE_WITH    /* with an attribute; without one it may be a placeholder, as in "<input>" */
} element_use;

static const struct {
    const char *name;
    element_use use;
} elements[] = {
    {"script", USE_ALWAYS}, {"iframe", USE_ALWAYS}, {"frameset", USE_ALWAYS},
    {"applet", USE_ALWAYS}, {"svg", USE_ALWAYS},    {"math", USE_ALONE},
    {"style", USE_ALONE},   {"frame", USE_WITH},    {"object", USE_WITH},
    {"embed", USE_WITH},    {"portal", USE_WITH},   {"base", USE_WITH},
    {"meta", USE_WITH},     {"link", USE_WITH},     {"form", USE_WITH},
    {"input", USE_WITH},    {"button", USE_WITH},   {"textarea", USE_WITH},
    {"select", USE_WITH},   {"isindex", USE_WITH},
};

static element_use use_of(ob_span name)
{
    for (size_t i = 0; i < OB_COUNT(elements); i++) {
        if (ob_span_is_nocase(name, ob_span_str(elements[i].name))) {
            return elements[i].use;
        }
    }
    return USE_NONE;
}

static bool begins_nocase(ob_span text, const char *begin)
{
    ob_span wanted = ob_span_str(begin);
    return ob_span_is_nocase(ob_span_sub(text, 0, wanted.len), wanted) && text.len >= wanted.len;
}

/* What the attributes of a tag are. */
typedef struct attributes {
    size_t end;   /* behind ">" */
    bool closed;  /* there is one */
    bool any;     /* with a value */
    bool handler; /* "on..." */
    bool inner;   /* srcdoc: a page within */
} attributes;

static void see_name(attributes *seen, ob_span text, size_t start, size_t end)
{
    ob_span name = ob_span_sub(text, start, end);
    size_t equal = obi_skip_blank(text, end);
    if (name.len == 0 || equal == text.len || text.ptr[equal] != '=') {
        return;
    }
    seen->any = true;
    seen->handler =
        seen->handler || (name.len >= 5 && begins_nocase(name, "on") && obi_all(name, OBI_LETTER));
    seen->inner = seen->inner || ob_span_is_nocase(name, OB_SPAN("srcdoc"));
}

static size_t attribute_end(ob_span text, size_t at)
{
    while (at < text.len && (obi_is(text.ptr[at], OBI_TOKEN) || obi_one_of(text.ptr[at], ":."))) {
        at++;
    }
    return at;
}

/* From the end of the element's name on: attributes, quotes among them, up to ">" or to what is no
 * tag any more. */
static attributes read_attributes(ob_span text, size_t at)
{
    attributes seen = {0};
    char quote = '\0';
    bool fresh = true; /* a name may begin here */
    for (; at < text.len; at++) {
        char c = text.ptr[at];
        if (quote != '\0') {
            fresh = c == quote;
            quote = c == quote ? '\0' : quote;
        } else if (c == '>' || c == '<') {
            seen.closed = c == '>';
            seen.end = at + seen.closed;
            return seen;
        } else if ((c == '"' || c == '\'') && at > 0 &&
                   (text.ptr[at - 1] == '=' || obi_blank(text.ptr[at - 1]))) {
            quote = c;
        } else if (fresh && obi_is(c, OBI_LETTER)) {
            size_t end = attribute_end(text, at);
            see_name(&seen, text, at, end);
            at = end - 1;
            fresh = false;
        } else {
            fresh = obi_blank(c) || obi_one_of(c, "/\"'") || (unsigned char)c < ' ';
        }
    }
    seen.end = text.len;
    return seen;
}

/* Behind the name of an element. */
static size_t name_end(ob_span text, size_t at)
{
    while (at < text.len && (obi_is(text.ptr[at], OBI_ALNUM | OBI_SIGN) ||
                             (text.ptr[at] == ':' &&
                              (at + 1 == text.len || obi_is(text.ptr[at + 1], OBI_LETTER))))) {
        at++;
    }
    return at;
}

static const char *rule_of(element_use use, const attributes *seen, bool glued)
{
    if (use == USE_ALWAYS || (use == USE_ALONE && !glued)) {
        return "script/element";
    }
    if (seen->handler) {
        return "script/handler";
    }
    if (seen->inner) {
        return "script/srcdoc";
    }
    return use != USE_NONE && seen->any ? "script/element" : NULL;
}

obi_fit obi_markup_tag(const obi_markup_at *at, obi_mark *mark)
{
    size_t name = at->start + 1;
    size_t end = name_end(at->text, name);
    bool glued = at->start > 0 && obi_is(at->text.ptr[at->start - 1], OBI_TOKEN);
    if (end == at->text.len && !at->last) {
        return OBI_FIT_MORE;
    }
    bool bounded = end == at->text.len || obi_blank(at->text.ptr[end]) ||
                   obi_one_of(at->text.ptr[end], "/>\f") || (unsigned char)at->text.ptr[end] < ' ';
    element_use use = use_of(ob_span_sub(at->text, name, end));
    if (!bounded || (end == at->text.len && use != USE_ALWAYS)) {
        return OBI_FIT_NO;
    }
    attributes seen = read_attributes(at->text, end);
    if (!seen.closed && seen.end == at->text.len && !at->last) {
        return OBI_FIT_MORE;
    }
    const char *rule = rule_of(use, &seen, glued);
    if (rule == NULL) {
        return OBI_FIT_NO;
    }
    *mark = (obi_mark){.start = at->start,
                       .end = seen.end,
                       .rule = rule,
                       .kind = OB_KIND_SCRIPT,
                       .sure = use == USE_ALWAYS || seen.handler || seen.inner,
                       .tail = seen.closed ? OBI_TAIL_NONE : OBI_TAIL_TAG};
    return OBI_FIT_YES;
}

/* Outside of a tag that is in sight: what breaks out of one begins with a quote or a slash, and
 * its value is code. */
obi_fit obi_markup_handler(const obi_markup_at *at, obi_mark *mark)
{
    char before = at->start > 0 ? at->text.ptr[at->start - 1] : ' ';
    size_t name = obi_run(at->text, at->start, OBI_LETTER);
    size_t equal = obi_skip_blank(at->text, name);
    if (obi_is(before, OBI_TOKEN) || obi_one_of(before, ".@$")) {
        return OBI_FIT_NO;
    }
    if (equal == at->text.len && !at->last) {
        return OBI_FIT_MORE;
    }
    if (equal >= at->text.len || at->text.ptr[equal] != '=') {
        return OBI_FIT_NO;
    }
    size_t end = equal + 1;
    bool calls = false;
    while (end < at->text.len && end - equal < 64 && !calls && at->text.ptr[end] != '\n' &&
           at->text.ptr[end] != '>') {
        calls = end > equal + 2 && obi_one_of(at->text.ptr[end], "(`=[");
        end++;
    }
    if (!calls && end == at->text.len && !at->last) {
        return OBI_FIT_MORE;
    }
    *mark = (obi_mark){.start = at->start,
                       .end = end,
                       .rule = "script/attribute",
                       .kind = OB_KIND_SCRIPT,
                       .sure = obi_one_of(before, "\"'/`")};
    return calls ? OBI_FIT_YES : OBI_FIT_NO;
}
