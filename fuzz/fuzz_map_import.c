/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The importers that read bytes: the first byte chooses one. A refusal names the file and a line of
 * it, and gives nothing. What is taken can be read again by the map, and set relations come back
 * from every form that keeps them all as they were.
 */
#include "map/export.h"
#include "map/landscape_core.h"

#include "fuzz.h"

static const char *const ids[] = {"json", "oscal-mapping", "olir", "sssom", "csv", "ris", "bibtex"};

typedef struct taken {
    ob_arena arena;
    ob_statements list;
    size_t count;
} taken;

static void taken_fini(taken *t)
{
    ob_statements_fini(&t->list);
    ob_arena_fini(&t->arena);
}

static void hold_line(const ob_err *err, ob_span text)
{
    uint64_t lines = 1;
    uint64_t line = 0;
    const char *at = err->text + 2;
    for (size_t i = 0; i < text.len; i++) {
        lines += text.ptr[i] == '\n' || text.ptr[i] == '\r'; /* line ends of old Macs, too */
    }
    hold_sentence(err->text);
    hold(strncmp(err->text, "p:", 2) == 0);
    for (; *at >= '0' && *at <= '9'; at++) {
        line = line * 10 + (uint64_t)(*at - '0');
    }
    hold(*at == ':' && line > 0 && line <= lines + 1);
}

static bool take(void *ctx, const ob_reading *r, ob_err *err)
{
    taken *t = ctx;
    ob_json_doc doc = {0};
    t->count++;
    hold(r->subject.len > 0 && r->day.len > 0 && ob_utf8_bad(r->body) == SIZE_MAX);
    if (ob_span_is(r->kind, OB_SPAN("item"))) {
        ob_item item = {0};
        hold(ob_item_parse(&item, &t->arena, r->body, err));
    } else if (ob_span_is(r->kind, OB_SPAN("relation"))) {
        ob_span text[OB_ST_KEYS];
        ob_span body = {0};
        const char *wrong = NULL;
        hold(ob_arena_dup(&t->arena, r->body, &body, err) &&
             ob_json_parse(&doc, &t->arena, body, err));
        ob_statement_texts(doc.root, text);
        hold(ob_statements_add(&t->list, &t->arena, text, &wrong, err));
    }
    return true;
}

static void hold_round(const taken *first, const char *id)
{
    OB_AUTO(ob_buf) out = {.max = OB_EXPORT_MAX};
    taken again __attribute__((cleanup(taken_fini))) = {0};
    obi_name_slot slot = {0};
    struct obi_names_table empty = {&slot, 0};
    const ob_map map = {.as_of = 20261126, .names = &empty, .body_names = &empty};
    const ob_export e = {.map = &map, .arena = &again.arena, .statements = &first->list};
    const ob_import_sink sink = {take, &again};
    ob_err err = {0};
    hold(ob_exporter_named(id)->write(&e, &out, &err));
    const ob_import_file file = {.name = OB_SPAN("p"), .bytes = ob_buf_span(&out), .day = 20261126};
    hold(ob_import(id, &file, &sink, &err));
    ob_statements_sort(&again.list);
    hold(again.list.count == first->list.count);
    for (size_t i = 0; i < again.list.count; i++) {
        for (int k = 0; k < OB_ST_KEYS; k++) {
            hold(ob_span_is(again.list.items[i].text[k], first->list.items[i].text[k]));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    taken first __attribute__((cleanup(taken_fini))) = {0};
    const ob_import_sink sink = {take, &first};
    ob_err err = {0};
    if (size == 0) {
        return 0;
    }
    const ob_import_file file = {
        .name = OB_SPAN("p"), .bytes = {(const char *)data + 1, size - 1}, .day = 20261126};
    if (!ob_import(ids[data[0] % OB_COUNT(ids)], &file, &sink, &err)) {
        hold(first.count == 0 && (err.kind == OB_ERR_INPUT || err.kind == OB_ERR_LIMIT));
        if (err.kind == OB_ERR_INPUT) {
            hold_line(&err, file.bytes);
        }
        return 0;
    }
    ob_statements_sort(&first.list);
    if (first.list.count > 0) {
        hold_round(&first, "csv");
        hold_round(&first, "oscal-mapping");
    }
    return 0;
}
