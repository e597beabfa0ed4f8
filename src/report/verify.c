/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does the store still hold the evidence that a report was written from? The report names the last
 * hash of the chain, and that hash stands for every record before it.
 */
#include "report/report.h"

#include <ombud/json.h>

static int nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_digest(ob_span hex, ob_digest *digest)
{
    if (hex.len != 2 * sizeof digest->bytes) {
        return false;
    }
    for (size_t i = 0; i < sizeof digest->bytes; i++) {
        int high = nibble(hex.ptr[2 * i]);
        int low = nibble(hex.ptr[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        digest->bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* A report of a newer version may mean something else by the same words. */
static bool check_head(const ob_json *root, ob_err *err)
{
    const ob_json *version = ob_json_get(root, "version");
    if (!ob_span_is_str(ob_json_text(root, "format"), "ombud.report")) {
        return ob_fail(err, OB_ERR_INPUT, "this is no report: \"format\" is not \"ombud.report\"");
    }
    ob_span number = version == NULL || version->kind != OB_JSON_NUMBER
                         ? OB_SPAN("unknown")
                         : ob_span_sub(version->text, 0, 20);
    if (!ob_span_is_str(number, "1")) {
        return ob_fail(err, OB_ERR_INPUT,
                       "the report's version is %.*s; this program reads version 1",
                       OB_SHOW(number));
    }
    return true;
}

static bool read_report(ob_arena *arena, ob_span json, ob_span *id, ob_digest *chain, ob_err *err)
{
    ob_json_doc doc = {0};
    if (!ob_json_parse(&doc, arena, json, err)) {
        return ob_wrap(err, "the report");
    }
    if (doc.duplicate_at != SIZE_MAX) {
        return ob_fail(err, OB_ERR_INPUT, "the report: byte %zu: a key stands twice",
                       doc.duplicate_at);
    }
    if (!check_head(doc.root, err)) {
        return false;
    }
    const ob_json *run = ob_json_get(doc.root, "run");
    ob_span name = ob_json_text(run, "id");
    if (name.len == 0 || name.len >= sizeof((ob_run_info *)NULL)->id ||
        memchr(name.ptr, '\0', name.len) != NULL) {
        return ob_fail(err, OB_ERR_INPUT, "the report names no run");
    }
    if (!read_digest(ob_json_text(run, "chain"), chain)) {
        return ob_fail(err, OB_ERR_INPUT,
                       "the report's run.chain is not a SHA-256 of 64 lower-case hex digits");
    }
    return ob_arena_dup(arena, name, id, err);
}

static void say_bad(ob_buf *message, const ob_run_info *run, const char *shown, uint64_t seq)
{
    if (seq > run->records) {
        ob_buf_addf(message,
                    "the store does not fit the report: run %s ends after %llu records with "
                    "another hash than the report's: it was resumed after the report was written, "
                    "or records were added or taken away",
                    shown, (unsigned long long)run->records);
    } else {
        ob_buf_addf(message,
                    "the evidence was changed: record %llu of run %s does not fit the chain",
                    (unsigned long long)seq, shown);
    }
}

bool ob_report_verify(ob_store *store, ob_span report_json, ob_buf *message, bool *good,
                      ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) shown = {.max = 400};
    ob_span id = {0};
    ob_digest chain;
    ob_run_info run = {0};
    uint64_t seq = 0;
    bool fits = false;
    if (!read_report(&arena, report_json, &id, &chain, err)) {
        return false;
    }
    ob_buf_add_shown(&shown, id, id.len);
    if (!ob_store_run_find(store, &arena, id.ptr, &run, err)) {
        return ob_wrap(err, "run %s of the report", shown.ptr);
    }
    /* A prefix finds a run, too; a report names its run in full. */
    if (!ob_span_is_str(id, run.id)) {
        return ob_fail(err, OB_ERR_INPUT, "the store holds no run %s", shown.ptr);
    }
    if (!ob_store_verify(store, run.id, &chain, &fits, &seq, err)) {
        return ob_wrap(err, "run %s", run.id);
    }
    if (fits) {
        ob_buf_addf(message, "run %s: all %llu records fit the chain and the report", shown.ptr,
                    (unsigned long long)run.records);
    } else {
        say_bad(message, &run, shown.ptr, seq);
    }
    if (!ob_buf_check(message, "the answer", err)) {
        return false;
    }
    *good = fits;
    return true;
}
