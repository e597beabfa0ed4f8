/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one loader of YAML. Packs, service, scope and landscape files all come through here; nobody
 * else includes libyaml. The document is copied into our own read-only tree in the caller's arena,
 * so libyaml is gone when the call returns. Accepted: one document of maps, sequences and scalars;
 * refused, each with file:line:column (or the byte offset where no line exists): empty input, NUL,
 * invalid UTF-8, a second document, anchors, aliases, tags, merge keys, duplicate keys (both places
 * named), nesting over OB_YAML_DEPTH_MAX, a null value where a value is asked for.
 */
#ifndef OB_INPUT_YAML_H
#define OB_INPUT_YAML_H

#include <ombud/limits.h>
#include <ombud/sys.h>

typedef enum ob_yaml_kind {
    OB_YAML_NULL,
    OB_YAML_SCALAR,
    OB_YAML_SEQ,
    OB_YAML_MAP
} ob_yaml_kind;

typedef struct ob_yaml ob_yaml;

struct ob_yaml {
    ob_yaml_kind kind;
    bool quoted;          /* scalar in quotes or a block: always text, never number or boolean */
    uint32_t line;        /* from 1 */
    uint32_t column;      /* from 1, code points */
    ob_span text;         /* scalar */
    size_t count;         /* seq, map */
    const ob_yaml *items; /* seq: count items; map: count values */
    const ob_yaml *keys;  /* map: count keys, all scalars, in file order */
};

typedef struct ob_yaml_doc {
    ob_span name;     /* file name for messages */
    ob_span text;     /* the bytes read */
    ob_digest digest; /* SHA-256 of text */
    const ob_yaml *root;
} ob_yaml_doc;

OB_MUST bool ob_yaml_load(ob_yaml_doc *doc, ob_arena *arena, const char *path, size_t max,
                          ob_err *err);
/* As ob_yaml_load, from memory; name stands for the file in messages. Text is copied. */
OB_MUST bool ob_yaml_parse(ob_yaml_doc *doc, ob_arena *arena, ob_span name, ob_span text,
                           size_t max, ob_err *err);

/* Fails with "NAME:LINE:COLUMN: text" (kind OB_ERR_INPUT). */
bool ob_yaml_fail_at(const ob_yaml_doc *doc, const ob_yaml *node, ob_err *err, const char *where,
                     const char *format, ...) OB_PRINTF(5, 6);
#define ob_yaml_fail(doc, node, err, ...) \
    ob_yaml_fail_at((doc), (node), (err), OB_WHERE, __VA_ARGS__)

/* Value of key in a map, or NULL (also when map is NULL or no map). */
const ob_yaml *ob_yaml_get(const ob_yaml *map, const char *key);
/* The node is a map and each of its keys is among names; otherwise fails at the unknown key with
 * "did you mean". */
OB_MUST bool ob_yaml_known(const ob_yaml_doc *doc, const ob_yaml *map, const char *const *names,
                           size_t count, ob_err *err);
/* As ob_yaml_get, but absent or null is an error at the map: "needs KEY". */
OB_MUST bool ob_yaml_need(const ob_yaml_doc *doc, const ob_yaml *map, const char *key,
                          const ob_yaml **node, ob_err *err);

/*
 * Typed reads of an optional key of a map: absent leaves *out as it is (the default) and is true;
 * a wrong type or range fails at the value. Use ob_yaml_need first for compulsory keys.
 */
OB_MUST bool ob_yaml_text(const ob_yaml_doc *doc, const ob_yaml *map, const char *key, ob_span *out,
                          ob_err *err); /* a scalar that is not empty */
OB_MUST bool ob_yaml_bool(const ob_yaml_doc *doc, const ob_yaml *map, const char *key, bool *out,
                          ob_err *err); /* true or false, unquoted */
OB_MUST bool ob_yaml_u64(const ob_yaml_doc *doc, const ob_yaml *map, const char *key, uint64_t low,
                         uint64_t high, uint64_t *out, ob_err *err);
OB_MUST bool ob_yaml_double(const ob_yaml_doc *doc, const ob_yaml *map, const char *key, double low,
                            double high, double *out, ob_err *err);
/* "250ms", "5s", "2m", "1h", or "0s"; the result is in milliseconds. */
OB_MUST bool ob_yaml_duration(const ob_yaml_doc *doc, const ob_yaml *map, const char *key,
                              uint64_t *out_ms, ob_err *err);
/* "64KiB", "4MiB" or a number of bytes. */
OB_MUST bool ob_yaml_bytes(const ob_yaml_doc *doc, const ob_yaml *map, const char *key, size_t max,
                           size_t *out, ob_err *err);
/* One of names, its index in *out. */
OB_MUST bool ob_yaml_choice(const ob_yaml_doc *doc, const ob_yaml *map, const char *key,
                            const char *const *names, size_t count, int *out, ob_err *err);
/* A duration text that stands alone (also for the values of steps). */
OB_MUST bool ob_duration_parse(ob_span text, uint64_t *ms, ob_err *err);

#endif
