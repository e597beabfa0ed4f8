/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pull parser: one token a call, no recursion, no allocation. States say what may come next; a
 * bit per level remembers whether it is an object.
 */
#include <ombud/json.h>
#include <ombud/text.h>

enum state {
    WANT_VALUE,     /* a value must come */
    WANT_VALUE_END, /* a value or ']' (behind '[') */
    WANT_KEY,       /* a key must come (behind ',' in an object) */
    WANT_KEY_END,   /* a key or '}' (behind '{') */
    WANT_MORE,      /* ',' or the closing bracket, or the end at level 0 */
    ENDED,
    BROKEN
};

void ob_json_start(ob_json_parser *parser, ob_span text)
{
    *parser = (ob_json_parser){.text = text, .state = WANT_VALUE};
}

static ob_step bad(ob_json_parser *p, size_t at, const char *why)
{
    p->at = at;
    p->why = at >= p->text.len ? "the text ends early" : why;
    p->state = BROKEN;
    return OB_BAD;
}

static bool in_object(const ob_json_parser *p)
{
    size_t level = p->depth - 1;
    return p->depth > 0 && (p->objects[level / 64] >> (level % 64) & 1) != 0;
}

static void skip_space(ob_json_parser *p)
{
    while (p->at < p->text.len) {
        char c = p->text.ptr[p->at];
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
            break;
        }
        p->at++;
    }
}

static bool is_digit(const ob_json_parser *p, size_t at)
{
    return at < p->text.len && p->text.ptr[at] >= '0' && p->text.ptr[at] <= '9';
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Is text the beginning of a UTF-8 sequence that its end cut off? More bytes could make it right:
 * an overlong form or a surrogate shows in its second byte already (RFC 3629, 4), and is wrong. */
static bool is_cut_rune(ob_span text)
{
    unsigned char lead = (unsigned char)text.ptr[0];
    size_t need = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.len >= need) {
        return false;
    }
    for (size_t i = 1; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        unsigned char least = i > 1 ? 0x80 : lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        unsigned char most = i > 1 ? 0xbf : lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        if (c < least || c > most) {
            return false;
        }
    }
    return true;
}

/* The run of plain bytes (ASCII but controls, quote and backslash) from at on, eight at a time:
 * most of most texts. It may end before the run does; the caller looks at each byte that is left.
 */
static size_t skip_plain(ob_span text, size_t at)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t tops = UINT64_C(0x8080808080808080);
    while (at + 8 <= text.len) {
        uint64_t v = 0;
        (void)memcpy(&v, text.ptr + at, sizeof v);
        uint64_t quote = v ^ ones * '"';
        uint64_t slash = v ^ ones * '\\';
        /* The top bit of a byte that is less than 0x20, a quote, a backslash, or set in v itself. A
         * borrow may set it in a byte behind such a one, never in front of the first. */
        uint64_t found =
            ((v - ones * 0x20) & ~v) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash) | v;
        if ((found & tops) != 0) {
            break;
        }
        at += 8;
    }
    return at;
}

/* The string that starts at the quote at p->at; raw is what stands between the quotes. */
static ob_step read_string(ob_json_parser *p, ob_json_token *token)
{
    size_t start = p->at + 1;
    size_t at = start;
    token->escaped = false;
    for (;;) {
        at = skip_plain(p->text, at);
        if (at >= p->text.len) {
            return bad(p, at, "");
        }
        unsigned char c = (unsigned char)p->text.ptr[at];
        if (c == '"') {
            break;
        }
        if (c < 0x20) {
            return bad(p, at, "a control character stands in a string");
        }
        if (c >= 0x80) {
            size_t next = at;
            uint32_t rune = 0;
            (void)ob_utf8_next(p->text, &next, &rune);
            if (rune == 0xfffd && next - at == 1) {
                bool cut = is_cut_rune(ob_span_sub(p->text, at, p->text.len));
                return bad(p, cut ? p->text.len : at, "invalid UTF-8");
            }
            at = next;
            continue;
        }
        if (c == '\\') {
            token->escaped = true;
            at++;
            if (at >= p->text.len) {
                return bad(p, at, "");
            }
            if (p->text.ptr[at] == 'u') {
                for (size_t i = 1; i <= 4; i++) {
                    if (at + i >= p->text.len || !is_hex(p->text.ptr[at + i])) {
                        return bad(p, at + i, "\\u needs four hex digits");
                    }
                }
                at += 4;
            } else if (strchr("\"\\/bfnrt", p->text.ptr[at]) == NULL || p->text.ptr[at] == '\0') {
                return bad(p, at, "unknown escape in a string");
            }
        }
        at++;
    }
    token->raw = ob_span_sub(p->text, start, at);
    token->at = p->at;
    p->at = at + 1;
    return OB_DONE;
}

static ob_step read_number(ob_json_parser *p, ob_json_token *token)
{
    size_t start = p->at;
    size_t at = start;
    if (p->text.ptr[at] == '-') {
        at++;
    }
    if (!is_digit(p, at)) {
        return bad(p, at, "a number needs a digit");
    }
    if (p->text.ptr[at] == '0' && is_digit(p, at + 1)) {
        return bad(p, at + 1, "a number must not begin with 0");
    }
    while (is_digit(p, at)) {
        at++;
    }
    if (at < p->text.len && p->text.ptr[at] == '.') {
        at++;
        if (!is_digit(p, at)) {
            return bad(p, at, "a number needs a digit behind its point");
        }
        while (is_digit(p, at)) {
            at++;
        }
    }
    if (at < p->text.len && (p->text.ptr[at] == 'e' || p->text.ptr[at] == 'E')) {
        at++;
        if (at < p->text.len && (p->text.ptr[at] == '+' || p->text.ptr[at] == '-')) {
            at++;
        }
        if (!is_digit(p, at)) {
            return bad(p, at, "an exponent needs a digit");
        }
        while (is_digit(p, at)) {
            at++;
        }
    }
    *token = (ob_json_token){
        .kind = OB_JSON_NUMBER, .raw = ob_span_sub(p->text, start, at), .at = start};
    p->at = at;
    return OB_DONE;
}

static ob_step read_word(ob_json_parser *p, ob_json_token *token)
{
    static const struct {
        const char *word;
        ob_json_kind kind;
        bool truth;
    } words[] = {{"true", OB_JSON_BOOL, true},
                 {"false", OB_JSON_BOOL, false},
                 {"null", OB_JSON_NULL, false}};

    for (size_t i = 0; i < OB_COUNT(words); i++) {
        size_t length = strlen(words[i].word);
        ob_span here = ob_span_sub(p->text, p->at, p->at + length);
        if (here.len > 0 && here.ptr[0] == words[i].word[0]) {
            for (size_t k = 0; k < length; k++) {
                if (k >= here.len || here.ptr[k] != words[i].word[k]) {
                    return bad(p, p->at + k, "unknown word; true, false or null is wanted");
                }
            }
            *token = (ob_json_token){
                .kind = words[i].kind, .truth = words[i].truth, .raw = here, .at = p->at};
            p->at += length;
            return OB_DONE;
        }
    }
    return bad(p, p->at, "a value is wanted");
}

static ob_step open_level(ob_json_parser *p, ob_json_token *token, bool object)
{
    if (p->depth == OB_JSON_DEPTH_MAX) {
        p->at = p->at < p->text.len ? p->at : p->text.len - 1;
        return bad(p, p->at, "nested too deep");
    }
    uint64_t bit = (uint64_t)1 << (p->depth % 64);
    if (object) {
        p->objects[p->depth / 64] |= bit;
    } else {
        p->objects[p->depth / 64] &= ~bit;
    }
    p->depth++;
    *token = (ob_json_token){.kind = object ? OB_JSON_OBJECT : OB_JSON_ARRAY,
                             .raw = ob_span_sub(p->text, p->at, p->at + 1),
                             .at = p->at};
    p->at++;
    p->state = object ? WANT_KEY_END : WANT_VALUE_END;
    return OB_DONE;
}

static ob_step close_level(ob_json_parser *p, ob_json_token *token)
{
    bool object = in_object(p);
    *token = (ob_json_token){.kind = object ? OB_JSON_OBJECT_END : OB_JSON_ARRAY_END,
                             .raw = ob_span_sub(p->text, p->at, p->at + 1),
                             .at = p->at};
    p->at++;
    p->depth--;
    p->state = WANT_MORE;
    return OB_DONE;
}

static ob_step read_value(ob_json_parser *p, ob_json_token *token)
{
    char c = p->text.ptr[p->at];
    if (c == '{' || c == '[') {
        return open_level(p, token, c == '{');
    }
    p->state = WANT_MORE;
    if (c == '"') {
        *token = (ob_json_token){.kind = OB_JSON_STRING};
        return read_string(p, token);
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
        return read_number(p, token);
    }
    return read_word(p, token);
}

static ob_step read_key(ob_json_parser *p, ob_json_token *token)
{
    if (p->text.ptr[p->at] != '"') {
        return bad(p, p->at, "a key in quotes is wanted");
    }
    *token = (ob_json_token){.kind = OB_JSON_KEY};
    if (read_string(p, token) != OB_DONE) {
        return OB_BAD;
    }
    skip_space(p);
    if (p->at >= p->text.len || p->text.ptr[p->at] != ':') {
        return bad(p, p->at, "':' is wanted behind a key");
    }
    p->at++;
    p->state = WANT_VALUE;
    return OB_DONE;
}

ob_step ob_json_next(ob_json_parser *parser, ob_json_token *token)
{
    ob_json_parser *p = parser;
    if (p->state == BROKEN) {
        return OB_BAD;
    }
    for (;;) {
        skip_space(p);
        if (p->state == ENDED || (p->state == WANT_MORE && p->depth == 0)) {
            if (p->at < p->text.len) {
                return bad(p, p->at, "something stands behind the value");
            }
            p->state = ENDED;
            *token = (ob_json_token){.kind = OB_JSON_END, .at = p->at};
            return OB_DONE;
        }
        if (p->at >= p->text.len) {
            return bad(p, p->text.len, "");
        }
        char c = p->text.ptr[p->at];
        switch (p->state) {
        case WANT_VALUE_END:
            if (c == ']') {
                return close_level(p, token);
            }
            return read_value(p, token);
        case WANT_VALUE:
            return read_value(p, token);
        case WANT_KEY_END:
            if (c == '}') {
                return close_level(p, token);
            }
            return read_key(p, token);
        case WANT_KEY:
            return read_key(p, token);
        default:
            break;
        }
        if (c == (in_object(p) ? '}' : ']')) {
            return close_level(p, token);
        }
        if (c != ',') {
            return bad(p, p->at, in_object(p) ? "',' or '}' is wanted" : "',' or ']' is wanted");
        }
        p->at++;
        p->state = in_object(p) ? WANT_KEY : WANT_VALUE;
    }
}

static uint32_t four_hex(const char *at)
{
    uint32_t value = 0;
    for (size_t i = 0; i < 4; i++) {
        char c = at[i];
        value = value << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return value;
}

bool ob_json_unescape(ob_span raw, ob_buf *out, ob_err *err)
{
    for (size_t at = 0; at < raw.len;) {
        const char *slash = memchr(raw.ptr + at, '\\', raw.len - at);
        size_t end = slash == NULL ? raw.len : (size_t)(slash - raw.ptr);
        ob_buf_add(out, ob_span_sub(raw, at, end));
        if (slash == NULL) {
            break;
        }
        if (end + 1 >= raw.len) {
            return ob_fail(err, OB_ERR_INPUT, "byte %zu: the text ends early", raw.len);
        }
        char c = raw.ptr[end + 1];
        at = end + 2;
        if (c != 'u') {
            static const char from[] = "bfnrt";
            static const char to[] = "\b\f\n\r\t";
            const char *found = strchr(from, c);
            ob_buf_add_char(out, found == NULL ? c : to[found - from]);
            continue;
        }
        if (at + 4 > raw.len) {
            return ob_fail(err, OB_ERR_INPUT, "byte %zu: the text ends early", raw.len);
        }
        uint32_t rune = four_hex(raw.ptr + at);
        at += 4;
        if (rune >= 0xd800 && rune < 0xdc00 && at + 6 <= raw.len && raw.ptr[at] == '\\' &&
            raw.ptr[at + 1] == 'u') {
            uint32_t low = four_hex(raw.ptr + at + 2);
            if (low >= 0xdc00 && low < 0xe000) {
                rune = 0x10000 + ((rune - 0xd800) << 10) + (low - 0xdc00);
                at += 6;
            }
        }
        ob_buf_add_rune(out, rune); /* a lone surrogate becomes U+FFFD there */
    }
    return ob_buf_check(out, "a JSON string", err);
}
