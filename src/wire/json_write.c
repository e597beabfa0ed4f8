/* SPDX-License-Identifier: Apache-2.0 */
#include <ombud/json.h>

#include <math.h>

static void write_value(ob_buf *out, const ob_json *value)
{
    switch (value->kind) {
    case OB_JSON_BOOL:
        ob_buf_add_str(out, value->truth ? "true" : "false");
        break;
    case OB_JSON_NUMBER:
        ob_buf_add(out, value->text);
        break;
    case OB_JSON_STRING:
        ob_buf_add_json(out, value->text);
        break;
    case OB_JSON_ARRAY:
    case OB_JSON_OBJECT: {
        bool object = value->kind == OB_JSON_OBJECT;
        ob_buf_add_char(out, object ? '{' : '[');
        for (const ob_json *item = value->first; item != NULL; item = item->next) {
            if (object) {
                ob_buf_add_json(out, item->key);
                ob_buf_add_char(out, ':');
            }
            write_value(out, item); /* depth is bounded by the parser */
            ob_buf_add_str(out, item->next == NULL ? "" : ",");
        }
        ob_buf_add_char(out, object ? '}' : ']');
        break;
    }
    case OB_JSON_NULL:
    case OB_JSON_ARRAY_END:
    case OB_JSON_OBJECT_END:
    case OB_JSON_KEY:
    case OB_JSON_END:
        ob_buf_add_str(out, "null");
        break;
    }
}

void ob_json_write(ob_buf *out, const ob_json *value)
{
    write_value(out, value);
}

static void new_line(ob_json_writer *w)
{
    if (w->indent > 0) {
        ob_buf_add_char(w->out, '\n');
        for (size_t i = 0; i < w->depth * w->indent; i++) {
            ob_buf_add_char(w->out, ' ');
        }
    }
}

static bool has_bit(const uint64_t *bits, size_t level)
{
    return (bits[level / 64] >> (level % 64) & 1) != 0;
}

static void set_bit(uint64_t *bits, size_t level, bool on)
{
    uint64_t bit = (uint64_t)1 << (level % 64);
    bits[level / 64] = on ? bits[level / 64] | bit : bits[level / 64] & ~bit;
}

/* A text that is not there does less harm than one that is not JSON. */
static void refuse(ob_json_writer *w)
{
    w->out->bad = OB_ERR_LIMIT;
}

/* Comma, line and key in front of a value; nothing follows the error that a misfit sets. */
static void before(ob_json_writer *w, const char *key)
{
    bool in_object = w->depth > 0 && has_bit(w->objects, w->depth - 1);
    if ((key != NULL) != in_object || (w->depth == 0 && w->has_root)) {
        refuse(w);
        return;
    }
    w->has_root = true;
    if (w->depth > 0) {
        if (has_bit(w->has_items, w->depth - 1)) {
            ob_buf_add_char(w->out, ',');
        }
        set_bit(w->has_items, w->depth - 1, true);
        new_line(w);
    }
    if (key != NULL) {
        ob_buf_add_json(w->out, ob_span_str(key));
        ob_buf_add_str(w->out, w->indent > 0 ? ": " : ":");
    }
}

static void open_level(ob_json_writer *w, const char *key, bool object)
{
    before(w, key);
    if (w->depth == OB_JSON_DEPTH_MAX) {
        refuse(w);
        return;
    }
    set_bit(w->has_items, w->depth, false);
    set_bit(w->objects, w->depth, object);
    w->depth++;
    ob_buf_add_char(w->out, object ? '{' : '[');
}

void ob_jw_object(ob_json_writer *w, const char *key)
{
    open_level(w, key, true);
}

void ob_jw_array(ob_json_writer *w, const char *key)
{
    open_level(w, key, false);
}

void ob_jw_end(ob_json_writer *w, bool object)
{
    if (w->depth == 0 || has_bit(w->objects, w->depth - 1) != object) {
        refuse(w);
        return;
    }
    w->depth--;
    if (has_bit(w->has_items, w->depth)) {
        new_line(w);
    }
    ob_buf_add_char(w->out, object ? '}' : ']');
}

void ob_jw_text(ob_json_writer *w, const char *key, ob_span text)
{
    before(w, key);
    ob_buf_add_json(w->out, text);
}

void ob_jw_str(ob_json_writer *w, const char *key, const char *text)
{
    ob_jw_text(w, key, ob_span_str(text));
}

static void add_number(ob_buf *out, bool negative, uint64_t size)
{
    char text[24];
    size_t at = sizeof text;
    do {
        text[--at] = (char)('0' + size % 10);
        size /= 10;
    } while (size > 0);
    if (negative) {
        text[--at] = '-';
    }
    ob_buf_add(out, (ob_span){text + at, sizeof text - at});
}

void ob_jw_u64(ob_json_writer *w, const char *key, uint64_t value)
{
    before(w, key);
    add_number(w->out, false, value);
}

void ob_jw_i64(ob_json_writer *w, const char *key, int64_t value)
{
    before(w, key);
    add_number(w->out, value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

/* What printf would write, for numbers of at most six decimals, as times in milliseconds are. */
static bool add_short(ob_buf *out, double value)
{
    double size = fabs(value);
    if (!(size >= 0.0001 && size < 10000)) {
        return false;
    }
    uint64_t millionths = (uint64_t)(size * 1e6 + 0.5);
    if ((double)millionths / 1e6 != size) {
        return false;
    }
    add_number(out, value < 0, millionths / 1000000);
    uint64_t rest = millionths % 1000000;
    if (rest > 0) {
        char digits[7] = ".";
        size_t len = sizeof digits;
        for (size_t i = len; i > 1; rest /= 10) {
            digits[--i] = (char)('0' + rest % 10);
        }
        while (digits[len - 1] == '0') {
            len--;
        }
        ob_buf_add(out, (ob_span){digits, len});
    }
    return true;
}

/* As printf, which takes the point from the language that the program has chosen. */
static void add_any(ob_buf *out, double value)
{
    char text[64];
    bool plain = true;
    (void)snprintf(text, sizeof text, "%.10g", value);
    for (const char *at = text; *at != '\0'; at++) {
        bool before = plain;
        plain = strchr("0123456789+-e", *at) != NULL;
        if (plain || before) {
            ob_buf_add_char(out, plain ? *at : '.');
        }
    }
}

void ob_jw_double(ob_json_writer *w, const char *key, double value)
{
    before(w, key);
    if (isfinite(value) && !add_short(w->out, value)) {
        add_any(w->out, value);
    } else if (!isfinite(value)) {
        ob_buf_add_str(w->out, "null");
    }
}

void ob_jw_bool(ob_json_writer *w, const char *key, bool value)
{
    before(w, key);
    ob_buf_add_str(w->out, value ? "true" : "false");
}

void ob_jw_null(ob_json_writer *w, const char *key)
{
    before(w, key);
    ob_buf_add_str(w->out, "null");
}

void ob_jw_text_or_null(ob_json_writer *w, const char *key, ob_span text)
{
    if (text.len == 0) {
        ob_jw_null(w, key);
    } else {
        ob_jw_text(w, key, text);
    }
}

void ob_jw_texts(ob_json_writer *w, const char *key, const ob_span *list, size_t count)
{
    ob_jw_array(w, key);
    for (size_t i = 0; i < count; i++) {
        ob_jw_text(w, NULL, list[i]);
    }
    ob_jw_end(w, false);
}

void ob_jw_raw(ob_json_writer *w, const char *key, ob_span text)
{
    before(w, key);
    ob_buf_add(w->out, text);
}
