/* SPDX-License-Identifier: Apache-2.0 */
/* Escapes that stand in the middle of text: percent (RFC 3986), HTML character references, and the
 * backslash forms of JSON and C. Each view keeps the text around them. */
#include "detect/codings.h"

/* Reads one escape at pos; sets *rune (or a byte below 256 if *raw) and *end. */
typedef bool (*escape_fn)(ob_span text, size_t pos, size_t *end, uint32_t *rune, bool *raw);

static bool decode_with(ob_views *views, const ob_view *from, char lead, escape_fn read,
                        uint64_t step, ob_err *err)
{
    ob_span text = from->text;
    obi_weave weave = {0};
    size_t copied = 0;
    for (size_t pos = 0; pos < text.len;) {
        const char *next = memchr(text.ptr + pos, lead, text.len - pos);
        if (next == NULL) {
            break;
        }
        pos = (size_t)(next - text.ptr);
        size_t end = pos + 1;
        uint32_t rune = 0;
        bool raw = false;
        if (!read(text, pos, &end, &rune, &raw)) {
            pos++;
            continue;
        }
        if (weave.views == NULL && !obi_weave_start(&weave, views, from)) {
            return true;
        }
        char bytes[4] = {(char)rune, 0, 0, 0};
        size_t count = raw ? 1 : ob_utf8_put(rune, bytes);
        if (!obi_weave_copy(&weave, copied, pos, err) ||
            !obi_weave_put(&weave, (ob_span){bytes, count}, pos, err)) {
            return false;
        }
        copied = end;
        pos = end;
    }
    if (weave.views == NULL) {
        return true;
    }
    return obi_weave_copy(&weave, copied, text.len, err) &&
           obi_weave_done(&weave, text.len, step, 0, err);
}

/* Up to most digits of a base at *pos; false if there are none or the value is no code point. */
static bool read_number(ob_span text, size_t *pos, int base, size_t most, uint32_t *value)
{
    size_t start = *pos;
    uint32_t sum = 0;
    while (*pos < text.len && *pos - start < most) {
        int digit = obi_hex_value(text.ptr[*pos]);
        if (digit < 0 || digit >= base) {
            break;
        }
        sum = sum * (uint32_t)base + (uint32_t)digit;
        (*pos)++;
    }
    *value = sum;
    return *pos > start && sum > 0 && sum <= 0x10ffff && (sum < 0xd800 || sum > 0xdfff);
}

static bool read_percent(ob_span text, size_t pos, size_t *end, uint32_t *rune, bool *raw)
{
    size_t at = pos + 1;
    *raw = true;
    if (!read_number(text, &at, 16, 2, rune) || at != pos + 3) {
        return false;
    }
    *end = at;
    return true;
}

static const struct {
    const char *name;
    uint32_t rune;
} entities[] = {
    {"amp", '&'},    {"apos", '\''},  {"ast", '*'},      {"bsol", '\\'},  {"colon", ':'},
    {"comma", ','},  {"commat", '@'}, {"dash", 0x2010},  {"dollar", '$'}, {"equals", '='},
    {"excl", '!'},   {"grave", '`'},  {"gt", '>'},       {"hyphen", '-'}, {"lbrack", '['},
    {"lowbar", '_'}, {"lpar", '('},   {"lsqb", '['},     {"lt", '<'},     {"nbsp", 0xa0},
    {"num", '#'},    {"percnt", '%'}, {"period", '.'},   {"plus", '+'},   {"quest", '?'},
    {"quot", '"'},   {"rpar", ')'},   {"rsqb", ']'},     {"semi", ';'},   {"shy", 0xad},
    {"sol", '/'},    {"Tab", '\t'},   {"NewLine", '\n'},
};

static bool read_entity(ob_span text, size_t pos, size_t *end, uint32_t *rune, bool *raw)
{
    (void)raw;
    size_t at = pos + 1;
    if (at < text.len && text.ptr[at] == '#') {
        at++;
        bool hex = at < text.len && obi_lower(text.ptr[at]) == 'x';
        at += hex;
        if (!read_number(text, &at, hex ? 16 : 10, 7, rune)) {
            return false;
        }
        *end = at + (at < text.len && text.ptr[at] == ';');
        return true;
    }
    for (size_t i = 0; i < OB_COUNT(entities); i++) {
        size_t len = strlen(entities[i].name);
        if (text.len - at > len && text.ptr[at + len] == ';' &&
            ob_span_is_nocase((ob_span){text.ptr + at, len}, ob_span_str(entities[i].name))) {
            *rune = entities[i].rune;
            *end = at + len + 1;
            return true;
        }
    }
    return false;
}

static bool read_backslash(ob_span text, size_t pos, size_t *end, uint32_t *rune, bool *raw)
{
    if (pos + 1 >= text.len) {
        return false;
    }
    char kind = text.ptr[pos + 1];
    size_t at = pos + 2;
    if (kind == 'x') {
        *raw = true;
        *end = pos + 4;
        return read_number(text, &at, 16, 2, rune) && at == *end;
    }
    if (kind == 'u' && at < text.len && text.ptr[at] == '{') {
        at++;
        *end = at;
        if (!read_number(text, &at, 16, 6, rune) || at >= text.len || text.ptr[at] != '}') {
            return false;
        }
        *end = at + 1;
        return true;
    }
    if (kind == 'u' || kind == 'U') {
        size_t most = kind == 'u' ? 4 : 8;
        *end = at + most;
        return read_number(text, &at, 16, most, rune) && at == *end;
    }
    const char *simple = kind == 0 ? NULL : strchr("n\nt\tr\r\"\"\\\\//", kind);
    if (simple == NULL || simple[1] == 0) {
        return false;
    }
    *rune = (unsigned char)(kind == 'n' ? '\n' : kind == 't' ? '\t' : kind == 'r' ? '\r' : kind);
    *end = at;
    return true;
}

static bool decode_percent(ob_views *views, const ob_view *from, ob_err *err)
{
    return decode_with(views, from, '%', read_percent, OBI_STEP(percent), err);
}

static bool decode_html(ob_views *views, const ob_view *from, ob_err *err)
{
    return decode_with(views, from, '&', read_entity, OBI_STEP(html), err);
}

static bool decode_escape(ob_views *views, const ob_view *from, ob_err *err)
{
    return decode_with(views, from, '\\', read_backslash, OBI_STEP(escape), err);
}

static bool encode_percent(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    bool all = ob_rng_below(rng, 2) == 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (all || !obi_is_alnum(c) || ob_rng_below(rng, 2) == 0) {
            ob_buf_addf(out, "%%%02X", (unsigned)(unsigned char)c);
        } else {
            ob_buf_add_char(out, c);
        }
    }
    return ob_buf_check(out, "encoded text", err);
}

static bool encode_html(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    uint32_t rune = 0;
    for (size_t pos = 0; ob_utf8_next(text, &pos, &rune);) {
        ob_buf_addf(out, ob_rng_below(rng, 2) == 0 ? "&#%u;" : "&#x%x;", (unsigned)rune);
    }
    return ob_buf_check(out, "encoded text", err);
}

static bool encode_escape(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    bool upper = ob_rng_below(rng, 2) == 0;
    uint32_t rune = 0;
    for (size_t pos = 0; ob_utf8_next(text, &pos, &rune);) {
        if (rune < 0x10000) {
            ob_buf_addf(out, upper ? "\\u%04X" : "\\u%04x", (unsigned)rune);
        } else {
            ob_buf_addf(out, "\\u{%x}", (unsigned)rune);
        }
    }
    return ob_buf_check(out, "encoded text", err);
}

const ob_coding ob_coding_percent = {
    .name = "percent",
    .title = "Percent encoding",
    .encode = encode_percent,
    .decode = decode_percent,
};

const ob_coding ob_coding_html = {
    .name = "html",
    .title = "HTML character references",
    .encode = encode_html,
    .decode = decode_html,
};

const ob_coding ob_coding_escape = {
    .name = "escape",
    .title = "Backslash escapes",
    .encode = encode_escape,
    .decode = decode_escape,
};
