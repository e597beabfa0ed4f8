/* SPDX-License-Identifier: Apache-2.0 */
/* ombud link vectors: reads the files, tells what kind each entry is, and counts. */
#include "cli/link_vectors.h"
#include "cli/cli.h"
#include "cli/link.h"

#include <stdarg.h>

#define FILE_MAX ((size_t)16 << 20)

ob_vector_result ob_vector_fail(ob_vectors *v, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(v->why, sizeof v->why, format, args);
    va_end(args);
    return OB_VECTOR_FAILED;
}

ob_vector_result ob_vector_skip(ob_vectors *v, const char *why)
{
    (void)snprintf(v->why, sizeof v->why, "%s", why);
    return OB_VECTOR_SKIPPED;
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 87 : -1;
}

ob_span ob_vector_bytes(ob_vectors *v, ob_span text, bool *bad)
{
    ob_err err = {0};
    char *bytes = text.len == 0 ? NULL : ob_arena_take(&v->arena, text.len / 2 + 1, 1, &err);
    if (text.len % 2 != 0 || (text.len > 0 && bytes == NULL)) {
        *bad = true;
        return (ob_span){0};
    }
    for (size_t i = 0; i < text.len / 2; i++) {
        int high = digit(text.ptr[2 * i]);
        int low = digit(text.ptr[2 * i + 1]);
        if (high < 0 || low < 0) {
            *bad = true;
            return (ob_span){0};
        }
        bytes[i] = (char)(high * 16 + low);
    }
    return (ob_span){bytes, text.len / 2};
}

ob_span ob_vector_hex(ob_vectors *v, const ob_json *object, const char *key, bool *bad)
{
    return ob_vector_bytes(v, ob_json_text(object, key), bad);
}

ob_vector_result ob_vector_same(ob_vectors *v, const char *what, ob_span made, ob_span wanted)
{
    if (ob_span_is(made, wanted)) {
        return OB_VECTOR_PASSED;
    }
    size_t at = 0;
    while (at < made.len && at < wanted.len && made.ptr[at] == wanted.ptr[at]) {
        at++;
    }
    return ob_vector_fail(v, "%s differs from byte %zu on (%zu bytes, %zu wanted)", what, at,
                          made.len, wanted.len);
}

bool ob_vector_accepts(const ob_vectors *v, const ob_json *entry)
{
    ob_span says = ob_json_text(entry, "expect");
    says = says.len > 0 ? says : ob_json_text(v->root, "expect");
    return !ob_span_is_str(says, "reject");
}

static bool has(const ob_json *object, const char *key)
{
    return ob_json_get(object, key) != NULL;
}

/* The kind of an entry follows from what it has. */
static ob_vector_result run(ob_vectors *v, const ob_json *entry)
{
    ob_span kind = ob_json_text(entry, "kind");
    if (ob_span_is_str(kind, "key-derivation")) {
        return ob_vector_derivation(v, entry);
    }
    if (ob_span_is_str(kind, "request") || ob_span_is_str(kind, "response")) {
        return ob_vector_message(v, entry, ob_span_is_str(kind, "response"));
    }
    if (ob_span_is_str(kind, "edhoc-session")) {
        return ob_vector_session(v, entry);
    }
    if (ob_span_has_prefix(kind, OB_SPAN("group-")) ||
        has(entry, "group") + has(entry, "mode") + has(entry, "flag") >= 2) {
        return ob_vector_skip(v, "Group OSCORE");
    }
    if (ob_span_has_prefix(kind, OB_SPAN("COSE_")) || ob_span_is_str(kind, "CWT")) {
        return ob_vector_cose_flat(v, entry);
    }
    if (has(entry, "message") && has(v->root, "context")) {
        return ob_vector_arrival(v, entry, ob_json_get(v->root, "context"));
    }
    if (has(entry, "field") && has(entry, "hex")) {
        return ob_vector_edhoc_arrival(v, entry);
    }
    if (has(ob_json_get(entry, "output"), "cbor")) {
        return ob_vector_cose(v, entry);
    }
    return ob_vector_fail(v, "an entry of no kind that doc/link.md lists");
}

typedef struct counts {
    size_t of[3];
} counts;

static void tell(const ob_args *args, ob_vectors *v, ob_span id, ob_vector_result result, counts *c)
{
    static const char *const words[] = {"ok", "FAIL", "skip"};
    c->of[result]++;
    if (result == OB_VECTOR_PASSED && !ob_args_flag(args, "all")) {
        return;
    }
    OB_AUTO(ob_buf) line = {.max = 2000};
    ob_buf_addf(&line, "%-4s ", words[result]);
    ob_buf_add_shown(&line, id.len > 0 ? id : OB_SPAN("(no id)"), 100);
    if (result != OB_VECTOR_PASSED) {
        ob_buf_add_str(&line, ": ");
        ob_buf_add_shown(&line, ob_span_str(v->why), sizeof v->why);
    }
    (void)printf("%.*s\n", OB_SHOW(ob_buf_span(&line)));
}

static void run_all(const ob_args *args, ob_vectors *v, counts *c)
{
    const ob_json *list = ob_json_get(v->root, "vectors");
    for (const ob_json *e = list == NULL ? NULL : list->first; e != NULL; e = e->next) {
        tell(args, v, ob_json_text(e, "id"), run(v, e), c);
        ob_arena_reset(&v->arena);
    }
    const ob_json *replay = ob_json_get(v->root, "replay");
    const ob_json *sequences = ob_json_get(replay, "sequences");
    unsigned window = (unsigned)ob_json_i64(replay, "window_size", 32);
    for (const ob_json *e = sequences == NULL ? NULL : sequences->first; e != NULL; e = e->next) {
        tell(args, v, ob_json_text(e, "id"), ob_vector_replay(v, e, window), c);
        ob_arena_reset(&v->arena);
    }
    if (has(v->root, "response_codes")) {
        (void)ob_vector_skip(v, "mapping between HTTP and CoAP, which belongs to a proxy");
        tell(args, v, OB_SPAN("http-coap-mapping"), OB_VECTOR_SKIPPED, c);
    }
}

static bool read_json(ob_arena *arena, const char *path, const ob_json **root, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = FILE_MAX};
    ob_span kept;
    ob_json_doc doc;
    if (!ob_file_read(path, &text, err) || !ob_arena_dup(arena, ob_buf_span(&text), &kept, err)) {
        return false;
    }
    if (!ob_json_parse(&doc, arena, kept, err)) {
        return ob_wrap(err, "%s", path);
    }
    *root = doc.root;
    return true;
}

static bool run_file(const ob_args *args, const char *path, counts *c, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_vectors v = {.path = path};
    if (!read_json(&arena, path, &v.root, err) || !ob_link_sessions(&v, &arena, err)) {
        return false;
    }
    if (!has(v.root, "vectors") && !has(v.root, "response_codes") && !has(v.root, "replay")) {
        return ob_fail(err, OB_ERR_INPUT,
                       "%s: no list \"vectors\" in it; doc/link.md shows the "
                       "formats",
                       path);
    }
    run_all(args, &v, c);
    ob_arena_fini(&v.arena);
    return true;
}

int ob_link_vectors(const ob_args *args)
{
    counts c = {0};
    ob_err err = {0};
    if (args->words_count < 2) {
        (void)ob_fail(&err, OB_ERR_USAGE, "link vectors needs a file");
        return ob_cli_usage("link", &err);
    }
    for (size_t i = 1; i < args->words_count; i++) {
        if (!run_file(args, args->words[i], &c, &err)) {
            return ob_cli_fail(&err, false);
        }
    }
    (void)printf("%zu passed, %zu failed, %zu skipped\n", c.of[OB_VECTOR_PASSED],
                 c.of[OB_VECTOR_FAILED], c.of[OB_VECTOR_SKIPPED]);
    return c.of[OB_VECTOR_FAILED] > 0 ? OB_EXIT_FOUND : OB_EXIT_OK;
}
