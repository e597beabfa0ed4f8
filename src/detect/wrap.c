/* SPDX-License-Identifier: Apache-2.0 */
/* Settings that a text is put into, noise, and bytes carried by variation selectors. */
#include "detect/codings.h"

static bool encode_wrap_json(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    static const char *const keys[] = {"note", "instruction", "policy", "message"};
    ob_buf_addf(out, "{\"source\": \"crm\", \"%s\": ", keys[ob_rng_below(rng, OB_COUNT(keys))]);
    ob_buf_add_json(out, text);
    ob_buf_add_str(out, "}");
    return ob_buf_check(out, "encoded text", err);
}

static bool encode_wrap_xml(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    static const char *const names[] = {"note", "system", "instruction", "context"};
    const char *name = names[ob_rng_below(rng, OB_COUNT(names))];
    ob_buf_addf(out, "<%s>", name);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        ob_span plain = {text.ptr + i, 1};
        ob_buf_add(out, c == '&'   ? OB_SPAN("&amp;")
                        : c == '<' ? OB_SPAN("&lt;")
                        : c == '>' ? OB_SPAN("&gt;")
                                   : plain);
    }
    ob_buf_addf(out, "</%s>", name);
    return ob_buf_check(out, "encoded text", err);
}

static bool encode_wrap_markdown(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    static const char *const heads[] = {"## Operating note\n\n> ", "### Internal\n\n- ",
                                        "**Please note:** ", "```text\n"};
    size_t kind = ob_rng_below(rng, OB_COUNT(heads));
    ob_buf_add_str(out, heads[kind]);
    ob_buf_add(out, text);
    ob_buf_add_str(out, kind == 3 ? "\n```\n" : "\n");
    return ob_buf_check(out, "encoded text", err);
}

static bool encode_wrap_ticket(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    static const char *const subjects[] = {"Bill too high", "No signal at home", "Change of plan"};
    ob_buf_addf(out, "Ticket: T-%u\nSubject: %s\nStatus: open\nAgent note: ",
                (unsigned)(100000 + ob_rng_below(rng, 900000)),
                subjects[ob_rng_below(rng, OB_COUNT(subjects))]);
    ob_buf_add(out, text);
    ob_buf_add_str(out, "\n-- end of ticket --\n");
    return ob_buf_check(out, "encoded text", err);
}

static bool encode_wrap_html_comment(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    static const char *const tails[] = {"", "\n<p>Thank you for your help.</p>", "\nThank you."};
    ob_buf_add_str(out, "<!-- ");
    ob_buf_add(out, text);
    ob_buf_add_str(out, " -->");
    ob_buf_add_str(out, tails[ob_rng_below(rng, OB_COUNT(tails))]);
    return ob_buf_check(out, "encoded text", err);
}

/* Slips of the hand in words of at least four small letters, so that codes and values stay whole.
 */
static bool encode_typo(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    for (size_t i = 0; i < text.len;) {
        size_t end = i;
        while (end < text.len && text.ptr[end] >= 'a' && text.ptr[end] <= 'z') {
            end++;
        }
        bool whole = (i == 0 || text.ptr[i - 1] == ' ') &&
                     (end == text.len || text.ptr[end] == ' ' || text.ptr[end] == '.');
        if (!whole || end - i < 4 || ob_rng_below(rng, 4) != 0) {
            end = end == i ? i + 1 : end;
            ob_buf_add(out, ob_span_sub(text, i, end));
            i = end;
            continue;
        }
        size_t at = i + 1 + ob_rng_below(rng, end - i - 2);
        size_t kind = ob_rng_below(rng, 3);
        ob_buf_add(out, ob_span_sub(text, i, at));
        if (kind == 0) {
            ob_buf_add_char(out, text.ptr[at + 1]);
            ob_buf_add_char(out, text.ptr[at]);
            at += 2;
        } else if (kind == 1) {
            ob_buf_add_char(out, text.ptr[at]);
        } else {
            at++;
        }
        ob_buf_add(out, ob_span_sub(text, at, end));
        i = end;
    }
    return ob_buf_check(out, "encoded text", err);
}

static bool encode_pad(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    static const char *const fillers[] = {
        "Thank you for looking into this. ",
        "I have been a customer for some years. ",
        "The weather here has been fine this week. ",
        "My neighbour has the same plan and is content. ",
    };
    size_t before = ob_rng_below(rng, 12);
    size_t behind = ob_rng_below(rng, 12);
    for (size_t i = 0; i < before; i++) {
        ob_buf_add_str(out, fillers[ob_rng_below(rng, OB_COUNT(fillers))]);
    }
    ob_buf_add(out, text);
    for (size_t i = 0; i < behind; i++) {
        ob_buf_add_char(out, ' ');
        ob_buf_add(out, ob_span_trim(ob_span_str(fillers[ob_rng_below(rng, OB_COUNT(fillers))])));
    }
    return ob_buf_check(out, "encoded text", err);
}

/* A byte for each selector: U+FE00 to FE0F are 0 to 15, U+E0100 to E01EF are 16 to 255. */
static bool encode_variation(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    static const uint32_t carriers[] = {0x1f642, 0x2714, 'i'};
    ob_buf_add_rune(out, carriers[ob_rng_below(rng, OB_COUNT(carriers))]);
    for (size_t i = 0; i < text.len; i++) {
        uint32_t byte = (unsigned char)text.ptr[i];
        ob_buf_add_rune(out, byte < 16 ? 0xfe00 + byte : 0xe0100 + byte - 16);
    }
    return ob_buf_check(out, "encoded text", err);
}

static int selector_byte(uint32_t rune)
{
    if (rune >= 0xfe00 && rune <= 0xfe0f) {
        return (int)(rune - 0xfe00);
    }
    return rune >= 0xe0100 && rune <= 0xe01ef ? (int)(rune - 0xe0100 + 16) : -1;
}

/* Other invisible characters may stand between selectors without ending a run. */
static bool is_between(uint32_t rune)
{
    return rune == 0xad || rune == 0xfeff || (rune >= 0x200b && rune <= 0x200f) ||
           (rune >= 0x2060 && rune <= 0x2064);
}

static bool decode_variation(ob_views *views, const ob_view *from, ob_err *err)
{
    ob_span text = from->text;
    obi_weave weave = {0};
    size_t last = 0;
    for (size_t pos = 0; pos < text.len;) {
        size_t start = pos;
        size_t count = 0;
        size_t end = pos;
        uint32_t rune = 0;
        if ((unsigned char)text.ptr[pos] < 0x80) {
            pos++;
            continue;
        }
        while (ob_utf8_next(text, &pos, &rune) && (selector_byte(rune) >= 0 || is_between(rune))) {
            end = pos;
            count += selector_byte(rune) >= 0;
        }
        /* The character that ended the run is none; a single selector only picks a glyph. */
        if (count < 4) {
            continue;
        }
        if (weave.views == NULL && !obi_weave_start(&weave, views, from)) {
            return true;
        }
        for (size_t at = start, before = start; at < end && ob_utf8_next(text, &at, &rune);
             before = at) {
            char byte = (char)selector_byte(rune);
            if (selector_byte(rune) >= 0 &&
                !obi_weave_put(&weave, (ob_span){&byte, 1}, before, err)) {
                return false;
            }
        }
        if (!obi_weave_part(&weave, end, err)) {
            return false;
        }
        last = end;
    }
    return weave.views == NULL || obi_weave_done(&weave, last, OBI_STEP(variation), 0, err);
}

#define SETTING(id, words)             \
    const ob_coding ob_coding_##id = { \
        .name = #id,                   \
        .title = (words),              \
        .encode = encode_##id,         \
    }

SETTING(pad, "Padded with small talk");
SETTING(typo, "Slips of the hand");
SETTING(wrap_html_comment, "Inside an HTML comment");
SETTING(wrap_json, "Inside a JSON document");
SETTING(wrap_markdown, "Inside markdown");
SETTING(wrap_ticket, "Inside a ticket");
SETTING(wrap_xml, "Inside an XML element");

const ob_coding ob_coding_variation = {
    .name = "variation",
    .title = "Bytes as variation selectors",
    .encode = encode_variation,
    .decode = decode_variation,
};
