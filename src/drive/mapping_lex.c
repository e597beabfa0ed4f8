/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lexer that decides which jq may run. It cuts an expression into the same words as jq's own
 * lexer does, and keeps brackets balanced, so that nothing of an expression can act outside the
 * parentheses it is put into.
 */
#include "drive/mapping.h"

#include <ombud/text.h>

#define NESTING_MAX 64

static const char *const words[] = {
    "add",  "all",    "and",      "any",      "ascii_downcase", "capture",  "elif",
    "else", "empty",  "end",      "false",    "first",          "fromjson", "has",
    "if",   "join",   "keys",     "last",     "length",         "ltrimstr", "map",
    "not",  "null",   "or",       "rtrimstr", "select",         "split",    "test",
    "then", "tojson", "tonumber", "tostring", "true",           "type",
};

/* What the last word was, for signs and for keys of objects. */
typedef enum last_word {
    LAST_OPERAND,
    LAST_OPERATOR,
    LAST_KEY_NEXT /* an object's key may follow */
} last_word;

typedef struct lexer {
    ob_span text;
    size_t at;
    size_t start; /* of the present word */
    char open[NESTING_MAX];
    size_t depth;
    last_word last;
} lexer;

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char peek(const lexer *lex, size_t ahead)
{
    return lex->at + ahead < lex->text.len ? lex->text.ptr[lex->at + ahead] : '\0';
}

static char top(const lexer *lex)
{
    return lex->depth == 0 ? '\0' : lex->open[lex->depth - 1];
}

static bool refuse(const lexer *lex, ob_err *err, const char *what)
{
    OB_AUTO(ob_buf) shown = {.max = 4096};
    size_t end = lex->at > lex->start ? lex->at : lex->start + 1;
    ob_buf_add_shown(&shown, ob_span_sub(lex->text, lex->start, end), OB_QUOTE_MAX);
    return ob_fail(err, OB_ERR_INPUT, "'%.*s' %s", OB_SHOW(ob_buf_span(&shown)), what);
}

static bool push(lexer *lex, char bracket, ob_err *err)
{
    if (lex->depth == NESTING_MAX) {
        return refuse(lex, err, "nests deeper than " OB_STR(NESTING_MAX) " levels");
    }
    lex->open[lex->depth++] = bracket;
    lex->last = bracket == '{' ? LAST_KEY_NEXT : LAST_OPERATOR;
    return true;
}

static bool pop(lexer *lex, char bracket, ob_err *err)
{
    if (top(lex) != bracket) {
        return refuse(lex, err, "closes nothing that is open; balance the brackets");
    }
    lex->depth--;
    lex->last = LAST_OPERAND;
    return true;
}

static void skip_name(lexer *lex)
{
    while (is_letter(peek(lex, 0)) || is_digit(peek(lex, 0))) {
        lex->at++;
    }
}

static bool take_word(lexer *lex, ob_err *err)
{
    bool key = lex->last == LAST_KEY_NEXT;
    skip_name(lex);
    ob_span word = ob_span_sub(lex->text, lex->start, lex->at);
    if (key) {
        lex->last = LAST_OPERAND;
        return true;
    }
    if (ob_text_index(word, words, OB_COUNT(words)) < 0) {
        const char *near = ob_text_nearest(word, words, OB_COUNT(words));
        char what[96];
        (void)snprintf(what, sizeof what, "is not allowed in an expression%s%s%s",
                       near == NULL ? "; a key of the answer is written with a '.' before it"
                                    : ", did you mean '",
                       near == NULL ? "" : near, near == NULL ? "" : "'?");
        return refuse(lex, err, what);
    }
    if (ob_span_is_str(word, "if")) {
        return push(lex, 'i', err);
    }
    if (ob_span_is_str(word, "end")) {
        return pop(lex, 'i', err);
    }
    static const char *const joints[] = {"and", "or", "then", "elif", "else"};
    bool joint = ob_text_index(word, joints, OB_COUNT(joints)) >= 0;
    if ((ob_span_is_str(word, "then") || ob_span_is_str(word, "elif") ||
         ob_span_is_str(word, "else")) &&
        top(lex) != 'i') {
        return refuse(lex, err, "stands outside of an 'if'");
    }
    lex->last = joint ? LAST_OPERATOR : LAST_OPERAND;
    return true;
}

/* The same extent as in jq: "1.", "1.5e3", ".5". */
static void take_number(lexer *lex)
{
    while (is_digit(peek(lex, 0))) {
        lex->at++;
    }
    if (peek(lex, 0) == '.') {
        lex->at++;
        while (is_digit(peek(lex, 0))) {
            lex->at++;
        }
    }
    size_t sign = peek(lex, 1) == '+' || peek(lex, 1) == '-' ? 1 : 0;
    if ((peek(lex, 0) == 'e' || peek(lex, 0) == 'E') && is_digit(peek(lex, 1 + sign))) {
        lex->at += 1 + sign;
        while (is_digit(peek(lex, 0))) {
            lex->at++;
        }
    }
    lex->last = LAST_OPERAND;
}

static bool take_escape(lexer *lex, ob_err *err)
{
    char c = peek(lex, 1);
    if (c == '(') {
        lex->start = lex->at;
        lex->at += 2;
        return refuse(lex, err, "inserts into a text, which is not allowed; join with '+'");
    }
    size_t digits = c == 'u' ? 4 : 0;
    bool fine = c != '\0' && strchr("\"\\/bfnrtu", c) != NULL;
    for (size_t i = 0; i < digits; i++) {
        char d = peek(lex, 2 + i);
        fine = fine && (is_digit(d) || (d >= 'a' && d <= 'f') || (d >= 'A' && d <= 'F'));
    }
    if (!fine) {
        lex->start = lex->at;
        return refuse(lex, err, "begins no escape of a JSON text");
    }
    lex->at += 2 + digits;
    return true;
}

static bool take_string(lexer *lex, ob_err *err)
{
    lex->at++;
    while (lex->at < lex->text.len) {
        char c = peek(lex, 0);
        if (c == '"') {
            lex->at++;
            lex->last = LAST_OPERAND;
            return true;
        }
        if (c != '\\') {
            lex->at++;
        } else if (!take_escape(lex, err)) {
            return false;
        }
    }
    return refuse(lex, err, "is a text without its closing quote");
}

static bool take_dot(lexer *lex)
{
    if (peek(lex, 1) == '.') {
        lex->at += 2;
    } else if (is_letter(peek(lex, 1))) {
        lex->at++;
        skip_name(lex);
    } else if (is_digit(peek(lex, 1))) {
        take_number(lex);
    } else {
        lex->at++;
    }
    lex->last = LAST_OPERAND;
    return true;
}

/* Operators that are admitted, longest first, and those that are refused with a reason. */
static bool take_operator(lexer *lex, ob_err *err)
{
    static const char *const fine[] = {"==", "!=", "<=", ">=", "//", "<", ">", "|", ",", "+"};
    static const char *const assign[] = {"?//=", "//=", "|=", "+=", "-=", "*=", "/=", "%="};
    ob_span rest = ob_span_sub(lex->text, lex->at, lex->text.len);
    for (size_t i = 0; i < OB_COUNT(assign); i++) {
        if (ob_span_has_prefix(rest, ob_span_str(assign[i]))) {
            lex->at += strlen(assign[i]);
            return refuse(lex, err, "assigns, which is not allowed in an expression");
        }
    }
    for (size_t i = 0; i < OB_COUNT(fine); i++) {
        if (ob_span_has_prefix(rest, ob_span_str(fine[i]))) {
            lex->at += strlen(fine[i]);
            lex->last = fine[i][0] == ',' && top(lex) == '{' ? LAST_KEY_NEXT : LAST_OPERATOR;
            return true;
        }
    }
    lex->at++;
    switch (rest.ptr[0]) {
    case '=':
        return refuse(lex, err, "assigns, which is not allowed in an expression; compare with ==");
    case '#':
        return refuse(lex, err, "begins a comment; put comments into the YAML around it");
    case '$':
        return refuse(lex, err, "begins a variable, which is not allowed in an expression");
    case '@':
        return refuse(lex, err, "begins a format, which is not allowed in an expression");
    case '-':
    case '*':
    case '/':
    case '%':
        return refuse(lex, err, "calculates, which is not allowed in an expression");
    default:
        return refuse(lex, err, "is not allowed in an expression");
    }
}

static bool take_mark(lexer *lex, ob_err *err)
{
    char c = peek(lex, 0);
    switch (c) {
    case '(':
    case '[':
    case '{':
        lex->at++;
        return push(lex, c, err);
    case ')':
        lex->at++;
        return pop(lex, '(', err);
    case ']':
        lex->at++;
        return pop(lex, '[', err);
    case '}':
        lex->at++;
        return pop(lex, '{', err);
    case ';':
        lex->at++;
        lex->last = LAST_OPERATOR;
        return top(lex) == '(' || refuse(lex, err, "separates nothing here");
    case ':':
        lex->at++;
        if (peek(lex, 0) == ':' || (top(lex) != '{' && top(lex) != '[')) {
            return refuse(lex, err, "belongs into {key: value} or [from:to] only");
        }
        lex->last = LAST_OPERATOR;
        return true;
    case '?':
        if (peek(lex, 1) == '/' && peek(lex, 2) == '/' && peek(lex, 3) != '=') {
            lex->at += 3;
            return refuse(lex, err, "is not allowed; put a space between '?' and '//'");
        }
        lex->at++;
        lex->last = LAST_OPERAND;
        return true;
    default:
        return take_operator(lex, err);
    }
}

static bool take_next(lexer *lex, ob_err *err)
{
    char c = peek(lex, 0);
    lex->start = lex->at;
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        lex->at++;
        return true;
    }
    if (is_letter(c)) {
        return take_word(lex, err);
    }
    if (c == '"') {
        return take_string(lex, err);
    }
    if (c == '.') {
        return take_dot(lex);
    }
    if (c == '-' && is_digit(peek(lex, 1)) && lex->last == LAST_OPERATOR) {
        lex->at++;
        take_number(lex);
        return true;
    }
    if (is_digit(c)) {
        take_number(lex);
        return true;
    }
    return take_mark(lex, err);
}

bool ob_mapping_check(ob_span expression, size_t *at, ob_err *err)
{
    lexer lex = {.text = expression, .last = LAST_OPERATOR};
    size_t bad = ob_utf8_bad(expression);
    const char *nul = expression.len == 0 ? NULL : memchr(expression.ptr, '\0', expression.len);
    if (expression.len > OB_MAPPING_EXPRESSION_MAX) {
        *at = OB_MAPPING_EXPRESSION_MAX;
        return ob_fail(err, OB_ERR_INPUT, "an expression may have at most %d bytes",
                       OB_MAPPING_EXPRESSION_MAX);
    }
    if (bad != SIZE_MAX || nul != NULL) {
        *at = nul != NULL ? (size_t)(nul - expression.ptr) : bad;
        return ob_fail(err, OB_ERR_INPUT, "an expression must be UTF-8 text without NUL");
    }
    if (ob_span_trim(expression).len == 0) {
        *at = 0;
        return ob_fail(err, OB_ERR_INPUT, "the expression is empty; write '.' for the whole");
    }
    while (lex.at < expression.len) {
        if (!take_next(&lex, err)) {
            *at = lex.start;
            return false;
        }
    }
    if (lex.depth > 0) {
        *at = expression.len;
        char open = top(&lex);
        return ob_fail(err, OB_ERR_INPUT, "the expression ends before its '%s' is closed",
                       open == 'i' ? "if" : (char[2]){open, '\0'});
    }
    return true;
}
