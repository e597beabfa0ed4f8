/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON (RFC 8259) for bytes from outside: a pull parser, a read-only tree over it, JSON Pointer,
 * and a writer. Unlike the usual libraries it keeps the text of numbers (a 20-digit ICCID sent as a
 * number survives) and reports duplicate keys, NUL characters and bad UTF-8 instead of hiding them.
 * The tree lives in the caller's arena; strings are unescaped there or borrow from the input.
 */
#ifndef OMBUD_JSON_H
#define OMBUD_JSON_H

#include <ombud/buf.h>
#include <ombud/limits.h>
#include <ombud/mem.h>

OB_BEGIN

typedef enum ob_json_kind {
    OB_JSON_NULL,
    OB_JSON_BOOL,
    OB_JSON_NUMBER,
    OB_JSON_STRING,
    OB_JSON_ARRAY,
    OB_JSON_OBJECT,
    OB_JSON_ARRAY_END,  /* pull parser only */
    OB_JSON_OBJECT_END, /* pull parser only */
    OB_JSON_KEY,        /* pull parser only */
    OB_JSON_END         /* pull parser only: the text ended well */
} ob_json_kind;

typedef struct ob_json_token {
    ob_json_kind kind;
    bool truth;   /* OB_JSON_BOOL */
    bool escaped; /* OB_JSON_STRING, OB_JSON_KEY: raw holds backslash escapes */
    ob_span raw;  /* number text; string or key without its quotes, still escaped */
    size_t at;    /* byte offset of the token */
} ob_json_token;

typedef struct ob_json_parser {
    ob_span text;
    size_t at;       /* byte offset of the next byte, or of the defect after OB_BAD */
    const char *why; /* after OB_BAD: what is wrong, a constant */
    size_t depth;
    uint8_t state;
    uint64_t objects[(OB_JSON_DEPTH_MAX + 63) / 64]; /* bit per level: is it an object */
} ob_json_parser;

/* Starts over a whole text, which it borrows. */
OB_API void ob_json_start(ob_json_parser *parser, ob_span text);
/* OB_DONE: one token (the last is OB_JSON_END); OB_BAD: at and why tell. Never OB_MORE. */
OB_API ob_step ob_json_next(ob_json_parser *parser, ob_json_token *token);
/* Unescapes the raw text of a string token into out. A lone surrogate becomes U+FFFD. */
OB_MUST OB_API bool ob_json_unescape(ob_span raw, ob_buf *out, ob_err *err);

typedef struct ob_json ob_json;

struct ob_json {
    ob_json_kind kind; /* NULL, BOOL, NUMBER, STRING, ARRAY or OBJECT */
    bool truth;
    ob_span text;   /* number: as written; string: unescaped */
    ob_span key;    /* of a member: its unescaped name */
    size_t count;   /* array, object */
    ob_json *first; /* first item or member, in order */
    ob_json *next;  /* the next one in the same parent */
    size_t at;      /* byte offset of the value in the input */
    size_t key_at;  /* of a member: byte offset of its name */
};

typedef struct ob_json_doc {
    const ob_json *root;
    size_t duplicate_at; /* byte offset of the first duplicate key, SIZE_MAX if none */
    bool has_nul;        /* some string holds U+0000 */
} ob_json_doc;

/* Parses a whole text into arena. Fails with OB_ERR_INPUT and "byte N: what". Duplicate keys are
 * kept all; ob_json_get gives the last one. The caller decides about duplicate_at and has_nul. */
OB_MUST OB_API bool ob_json_parse(ob_json_doc *doc, ob_arena *arena, ob_span text, ob_err *err);
/* Member of an object, or NULL (also for NULL and non-objects). */
OB_API const ob_json *ob_json_get(const ob_json *object, const char *key);
/* JSON Pointer (RFC 6901): "" is the root, "/a/0/b". NULL where nothing is there. */
OB_API const ob_json *ob_json_at(const ob_json *root, ob_span pointer);
/* The text of a string member, or the empty span. */
OB_API ob_span ob_json_text(const ob_json *object, const char *key);
/* The whole text is one JSON number, as 1, -2.5 or 1e3; 01, +1 and .5 are not. */
OB_API bool ob_json_is_number(ob_span text);
/* The number of a member; fallback where it is missing, no number, or out of range. */
OB_API int64_t ob_json_i64(const ob_json *object, const char *key, int64_t fallback);
OB_API double ob_json_double(const ob_json *object, const char *key, double fallback);
/* Same value: numbers by their exact decimal value (1.50 is 1.5, and no digit is rounded away),
 * objects in any order of names; where a name stands twice, its values agree one by one. Costs
 * n log n, so that a service cannot make it slow. */
OB_API bool ob_json_equal(const ob_json *a, const ob_json *b);
/* Appends the compact text of a value; members keep their order. */
OB_API void ob_json_write(ob_buf *out, const ob_json *value);

/*
 * A writer that cannot produce broken JSON: commas are its business, and what would not fit (an
 * item with a key, a member without one, the other closing bracket, a second root) sets the
 * buffer's sticky error instead. What was opened must be closed by the caller.
 */
typedef struct ob_json_writer {
    ob_buf *out;
    unsigned indent; /* spaces a level; 0 = compact */
    size_t depth;
    uint64_t has_items[(OB_JSON_DEPTH_MAX + 63) / 64];
    uint64_t objects[(OB_JSON_DEPTH_MAX + 63) / 64]; /* bit per level: is it an object */
    bool has_root;
} ob_json_writer;

/* key NULL: an array item or the root. Levels over OB_JSON_DEPTH_MAX set the buffer's sticky error.
 */
OB_API void ob_jw_object(ob_json_writer *w, const char *key);
OB_API void ob_jw_array(ob_json_writer *w, const char *key);
OB_API void ob_jw_end(ob_json_writer *w, bool object);
OB_API void ob_jw_text(ob_json_writer *w, const char *key, ob_span text);
OB_API void ob_jw_str(ob_json_writer *w, const char *key, const char *text);
OB_API void ob_jw_u64(ob_json_writer *w, const char *key, uint64_t value);
OB_API void ob_jw_i64(ob_json_writer *w, const char *key, int64_t value);
/* Shortest text with at most 10 significant digits; NaN and infinities become null. */
OB_API void ob_jw_double(ob_json_writer *w, const char *key, double value);
OB_API void ob_jw_bool(ob_json_writer *w, const char *key, bool value);
OB_API void ob_jw_null(ob_json_writer *w, const char *key);
/* null where the text is empty: nothing to tell is not the empty text. */
OB_API void ob_jw_text_or_null(ob_json_writer *w, const char *key, ob_span text);
OB_API void ob_jw_texts(ob_json_writer *w, const char *key, const ob_span *list, size_t count);
/* text is already one valid JSON value. */
OB_API void ob_jw_raw(ob_json_writer *w, const char *key, ob_span text);

OB_END

#endif
