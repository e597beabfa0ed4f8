/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libjq behind the lexer. One program holds all expressions of a file, chosen by an index that
 * travels with the input, because compiling jq's own library takes longest by far.
 */
#include "drive/mapping.h"

#include <ombud/json.h>

#include <jq.h>
#include <unistd.h>

#define PROGRAM_MAX ((size_t)OB_MAPPING_EXPRESSION_MAX * OB_MAPPING_EXPRESSIONS_MAX + 65536)

struct ob_mapping {
    jq_state *jq;
    const char *program;
    const ob_span *paths;       /* of each expression that is a plain path, else empty */
    const ob_span *expressions; /* the caller's, which lives as long */
    size_t count;
    char said[160]; /* jq's first complaint while it compiles */
};

static void close_mapping(void *arg)
{
    ob_mapping *mapping = arg;
    if (mapping->jq != NULL) {
        jq_teardown(&mapping->jq);
    }
}

/* jq hands its complaints here instead of printing them. */
static void keep_complaint(void *ctx, jv message)
{
    ob_mapping *mapping = ctx;
    jv text = jq_format_error(message);
    if (mapping->said[0] == '\0' && jv_get_kind(text) == JV_KIND_STRING) {
        ob_span line = {0};
        ob_span all = ob_span_str(jv_string_value(text));
        OB_AUTO(ob_buf) shown = {.max = 4096};
        if (ob_span_cut_line(&all, &line)) {
            ob_buf_add_shown(&shown, line, sizeof mapping->said - 40);
        }
        (void)snprintf(mapping->said, sizeof mapping->said, "%.*s", OB_SHOW(ob_buf_span(&shown)));
    }
    jv_free(text);
}

/*
 * Takes HOME out of the environment by exchanging pointers, which other threads may read meanwhile:
 * unlike setenv and unsetenv it moves nothing. The number of what was hidden, which is once at most
 * in any environment that is in order.
 */
#define HOMES_MAX 4
static char hidden_home[] = "OMBUD_HIDDEN=";

static size_t hide_homes(char *homes[HOMES_MAX])
{
    size_t count = 0;
    for (char **at = environ; at != NULL && *at != NULL; at++) {
        if (count < HOMES_MAX && strncmp(*at, "HOME=", 5) == 0) {
            homes[count++] = *at;
            *at = hidden_home;
        }
    }
    return count;
}

static void show_homes(char *const homes[HOMES_MAX], size_t count)
{
    size_t shown = 0;
    for (char **at = environ; at != NULL && *at != NULL; at++) {
        if (*at == hidden_home && shown < count) {
            *at = homes[shown++];
        }
    }
}

static bool compile(ob_mapping *mapping, const char *program, ob_err *err)
{
    mapping->said[0] = '\0';
    mapping->jq = jq_init();
    if (mapping->jq == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "no memory for jq");
    }
    jq_set_error_cb(mapping->jq, keep_complaint, mapping);
    jq_set_attr(mapping->jq, jv_string("JQ_LIBRARY_PATH"), jv_array());
    /* jq reads ~/.jq while it compiles, and what stands there could change any word's meaning. */
    char *homes[HOMES_MAX];
    size_t hidden = hide_homes(homes);
    int compiled = jq_compile(mapping->jq, program);
    show_homes(homes, hidden);
    if (!compiled) {
        return ob_fail(err, OB_ERR_INPUT, "jq refuses it: %s",
                       mapping->said[0] == '\0' ? "no reason given" : mapping->said);
    }
    return true;
}

/* After the whole was refused: which expression is it? */
static bool blame(const ob_span *expressions, size_t count, size_t *bad, ob_err *err)
{
    for (size_t i = 0; i < count; i++) {
        ob_mapping alone = {0};
        OB_AUTO(ob_buf) program = {.max = PROGRAM_MAX};
        ob_buf_add_char(&program, '(');
        ob_buf_add(&program, expressions[i]);
        ob_buf_add_char(&program, ')');
        ob_err why = {0};
        bool fine =
            ob_buf_check(&program, "an expression", &why) && compile(&alone, program.ptr, &why);
        close_mapping(&alone);
        if (!fine) {
            OB_AUTO(ob_buf) shown = {.max = 4096};
            ob_buf_add_shown(&shown, expressions[i], OB_QUOTE_MAX);
            *err = why;
            *bad = i;
            return ob_wrap(err, "expression '%.*s'", OB_SHOW(ob_buf_span(&shown)));
        }
    }
    return false;
}

/* Most expressions are names behind dots, as ".choices.text"; those need no jq for most replies. */
static bool is_plain_path(ob_span expression)
{
    char before = '.';
    if (expression.len < 2 || expression.ptr[0] != '.') {
        return ob_span_is_str(expression, ".");
    }
    for (size_t i = 1; i < expression.len; i++) {
        char c = expression.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        bool digit = c >= '0' && c <= '9';
        if (before == '.' ? !letter : !letter && !digit && c != '.') {
            return false;
        }
        before = c;
    }
    return before != '.';
}

bool ob_mapping_new(ob_mapping **mapping, ob_arena *arena, const ob_span *expressions, size_t count,
                    size_t *bad, ob_err *err)
{
    *bad = count;
    if (count > OB_MAPPING_EXPRESSIONS_MAX) {
        return ob_fail(err, OB_ERR_LIMIT, "more than %d jq expressions in one file",
                       OB_MAPPING_EXPRESSIONS_MAX);
    }
    OB_AUTO(ob_buf) program = {.max = PROGRAM_MAX};
    ob_buf_add_str(&program, ".[0] as $i | .[1] | ");
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;
        if (!ob_mapping_check(expressions[i], &at, err)) {
            *bad = i;
            return ob_wrap(err, "expression %zu, byte %zu", i + 1, at);
        }
        ob_buf_addf(&program, "%s $i == %zu then (", i == 0 ? "if" : " elif", i);
        ob_buf_add(&program, expressions[i]);
        ob_buf_add_char(&program, ')');
    }
    ob_buf_add_str(&program, count == 0 ? "empty" : " else empty end");
    ob_mapping *made = OB_NEW(arena, ob_mapping, 1, err);
    ob_span *paths = OB_NEW(arena, ob_span, count, err);
    if (made == NULL || paths == NULL || !ob_buf_check(&program, "the jq program", err) ||
        !ob_arena_defer(arena, close_mapping, made, err)) {
        return false;
    }
    made->expressions = expressions;
    size_t plain = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_plain_path(expressions[i])) {
            paths[i] = expressions[i];
            plain++;
        }
    }
    ob_span kept = {0};
    if (!ob_arena_dup(arena, ob_buf_span(&program), &kept, err)) {
        return false;
    }
    made->program = kept.ptr;
    made->paths = paths;
    made->count = count;
    /* Plain paths cannot be wrong, and most runs then never need jq, which takes long to start. */
    if (plain < count && !compile(made, made->program, err)) {
        return err->kind == OB_ERR_INPUT ? blame(expressions, count, bad, err) : false;
    }
    *mapping = made;
    return true;
}

ob_span ob_mapping_text(const ob_mapping *mapping, unsigned index)
{
    return index < mapping->count ? mapping->expressions[index] : (ob_span){"", 0};
}

/* Walks a plain path. False where jq has to tell: at a value that has no members. *found is NULL
 * where nothing is. */
static bool walk(const ob_json *root, ob_span path, const ob_json **found)
{
    const ob_json *at = root;
    ob_span name = {0};
    path = ob_span_sub(path, 1, path.len);
    while (at != NULL && at->kind != OB_JSON_NULL && ob_span_cut(&path, '.', &name)) {
        if (at->kind != OB_JSON_OBJECT) {
            return false;
        }
        const ob_json *next = NULL;
        for (const ob_json *m = at->first; m != NULL; m = m->next) {
            next = ob_span_is(m->key, name) ? m : next;
        }
        at = next;
    }
    *found = at == NULL || at->kind == OB_JSON_NULL ? NULL : at;
    return true;
}

/* Whether jq writes this text as we do. */
static bool is_plain_text(ob_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c < 0x20 ? c != '\n' && c != '\t' && c != '\r' : c == 0x7f) {
            return false;
        }
    }
    return true;
}

static bool give_null(ob_err *err)
{
    return ob_fail(err, OB_ERR_PEER, "the expression gives null for this reply");
}

/* More digits than a double surely holds, so that jq would round some of them away. */
#define DIGITS_KEPT 15

static bool has_long_number(const ob_json *value)
{
    if (value->kind == OB_JSON_NUMBER) {
        size_t digits = 0;
        for (size_t i = 0; i < value->text.len && (value->text.ptr[i] | 0x20) != 'e'; i++) {
            char c = value->text.ptr[i];
            digits += c >= '0' && c <= '9' && (digits > 0 || c != '0');
        }
        return digits > DIGITS_KEPT;
    }
    for (const ob_json *item = value->first; item != NULL; item = item->next) {
        if (has_long_number(item)) { /* depth is bounded by the parser */
            return true;
        }
    }
    return false;
}

typedef enum plain_end {
    ASK_JQ,
    FOUND,
    FAILED
} plain_end;

static plain_end give_written(const ob_json *found, ob_arena *arena, ob_span *result, ob_span *text,
                              ob_err *err)
{
    OB_AUTO(ob_buf) json = {.max = OB_REPLY_MAX_CEILING * 2, .secret = true};
    ob_json_write(&json, found);
    if (!ob_buf_check(&json, "a reply", err) ||
        !ob_arena_dup(arena, ob_buf_span(&json), result, err)) {
        return FAILED;
    }
    *text = (ob_span){0};
    return FOUND;
}

/* The result without jq: for a plain path that leads to a string, to nothing, or to what jq would
 * change. */
static plain_end run_plain(ob_span path, ob_arena *arena, const ob_json_doc *doc, ob_span *result,
                           ob_span *text, ob_err *err)
{
    const ob_json *found = NULL;
    if (path.len == 0 || doc->duplicate_at != SIZE_MAX || doc->has_nul ||
        !walk(doc->root, path, &found)) {
        return ASK_JQ;
    }
    if (found == NULL) {
        (void)give_null(err);
        return FAILED;
    }
    if (has_long_number(found)) {
        return give_written(found, arena, result, text, err);
    }
    if (found->kind != OB_JSON_STRING || !is_plain_text(found->text)) {
        return ASK_JQ;
    }
    OB_AUTO(ob_buf) json = {.max = found->text.len * 2 + 2, .secret = true};
    ob_span json_copy = {0};
    ob_span plain_copy = {0};
    ob_buf_add_json(&json, found->text);
    if (!ob_buf_check(&json, "a reply", err) ||
        !ob_arena_dup(arena, ob_buf_span(&json), &json_copy, err) ||
        !ob_arena_dup(arena, found->text, &plain_copy, err)) {
        return FAILED;
    }
    *result = json_copy;
    *text = plain_copy;
    return FOUND;
}

static bool fail_jq(jv result, ob_err *err)
{
    jv message = jv_invalid_get_msg(result);
    bool text = jv_get_kind(message) == JV_KIND_STRING;
    if (jv_get_kind(message) == JV_KIND_NULL) {
        jv_free(message);
        return ob_fail(err, OB_ERR_PEER, "the expression gives nothing for this reply");
    }
    OB_AUTO(ob_buf) shown = {.max = 4096};
    ob_buf_add_shown(&shown, text ? ob_span_str(jv_string_value(message)) : (ob_span){0}, 120);
    jv_free(message);
    return ob_fail(err, OB_ERR_PEER, "the expression fails on this reply: %.*s",
                   OB_SHOW(ob_buf_span(&shown)));
}

static ob_span span_of(jv text)
{
    return (ob_span){jv_string_value(text), (size_t)jv_string_length_bytes(jv_copy(text))};
}

/* Takes result. */
static bool copy_result(jv result, ob_arena *arena, ob_span *json, ob_span *plain, ob_err *err)
{
    ob_span json_copy = {0};
    ob_span plain_copy = {0};
    bool fine = jv_get_kind(result) != JV_KIND_STRING ||
                ob_arena_dup(arena, span_of(result), &plain_copy, err);
    jv dumped = jv_dump_string(result, 0);
    fine = fine && ob_arena_dup(arena, span_of(dumped), &json_copy, err);
    jv_free(dumped);
    if (fine) {
        *json = json_copy;
        *plain = plain_copy;
    }
    return fine;
}

bool ob_mapping_run(ob_mapping *mapping, ob_arena *arena, unsigned index, ob_span json,
                    ob_span *result, ob_span *text, ob_err *err)
{
    if (OB_NEVER(index >= mapping->count)) {
        return ob_fail(err, OB_ERR_BUG, "there is no jq expression %u", index);
    }
    /* jq aborts on an input that is not valid, so our own parser reads it first. */
    ob_json_doc doc = {0};
    ob_err why = {0};
    if (json.len > INT32_MAX || !ob_json_parse(&doc, arena, json, &why)) {
        return ob_fail(
            err, why.kind == OB_ERR_NOMEM || why.kind == OB_ERR_LIMIT ? why.kind : OB_ERR_PEER,
            "the reply is not valid JSON: %s", why.text);
    }
    plain_end end = run_plain(mapping->paths[index], arena, &doc, result, text, err);
    if (end != ASK_JQ) {
        return end == FOUND;
    }
    if (mapping->jq == NULL && !compile(mapping, mapping->program, err)) {
        return false;
    }
    jv value = jv_parse_sized(json.ptr, (int)json.len);
    if (!jv_is_valid(value)) {
        return fail_jq(value, err);
    }
    jv input = jv_array_append(jv_array_append(jv_array(), jv_number((double)index)), value);
    jq_start(mapping->jq, input, 0);
    jv first = jq_next(mapping->jq);
    bool fine = false;
    if (!jv_is_valid(first)) {
        fine = fail_jq(first, err);
    } else if (jv_get_kind(first) == JV_KIND_NULL) {
        jv_free(first);
        fine = give_null(err);
    } else {
        fine = copy_result(first, arena, result, text, err);
    }
    /* Further results are not wanted; a new start lets go of this reply. */
    jq_start(mapping->jq, jv_null(), 0);
    return fine;
}
