/* SPDX-License-Identifier: Apache-2.0 */
/* Papers as JSON; doc/schema/map-paper-1.json describes the keys. Nothing is cut here. */
#include "map/paper_core.h"

#include <ombud/json.h>

typedef struct page {
    ob_json_writer w;
    const ob_paper *p;
    ob_err *err;
    bool bad;
} page;

static void id(page *g, const char *key, const ob_ref *ref)
{
    OB_AUTO(ob_buf) text = {.max = 4096};
    g->bad = g->bad || !ob_ref_id(g->p, ref, &text, g->err);
    ob_jw_text(&g->w, key, ob_buf_span(&text));
}

static void ids(page *g, const ob_sentence *s)
{
    ob_jw_array(&g->w, "ids");
    for (size_t i = 0; i < s->refs_count; i++) {
        id(g, NULL, &s->refs[i]);
    }
    ob_jw_end(&g->w, false);
}

static void sentences(page *g, const ob_block *b)
{
    ob_jw_array(&g->w, "sentences");
    for (size_t i = 0; i < b->count; i++) {
        ob_jw_object(&g->w, NULL);
        ob_jw_text(&g->w, "text", b->sentences[i].text);
        ids(g, &b->sentences[i]);
        ob_jw_end(&g->w, true);
    }
    ob_jw_end(&g->w, false);
}

static void table(page *g, const ob_block *b)
{
    ob_jw_array(&g->w, "columns");
    for (size_t c = 0; c < b->columns; c++) {
        ob_jw_str(&g->w, NULL, b->heads[c]);
    }
    ob_jw_end(&g->w, false);
    ob_jw_u64(&g->w, "shown", b->shown);
    ob_jw_array(&g->w, "rows");
    for (size_t r = 0; b->columns > 0 && r < b->count / b->columns; r++) {
        const ob_ref *refs = NULL;
        ob_sentence row = {0};
        g->bad = g->bad || !obi_row_refs(b, r, g->p->arena, false, &refs, &row.refs_count, g->err);
        ob_jw_object(&g->w, NULL);
        ob_jw_array(&g->w, "cells");
        for (size_t c = 0; c < b->columns; c++) {
            ob_jw_text(&g->w, NULL, b->sentences[r * b->columns + c].text);
        }
        ob_jw_end(&g->w, false);
        ob_jw_array(&g->w, "ids");
        for (size_t i = 0; i < row.refs_count; i++) {
            id(g, NULL, &refs[i]);
        }
        ob_jw_end(&g->w, false);
        ob_jw_end(&g->w, true);
    }
    ob_jw_end(&g->w, false);
}

static void block(page *g, const ob_block *b)
{
    ob_jw_object(&g->w, NULL);
    ob_jw_str(&g->w, "kind", ob_block_names[b->kind]);
    switch (b->kind) {
    case OB_BLOCK_HEADING:
        ob_jw_u64(&g->w, "level", b->level);
        ob_jw_text(&g->w, "text", b->text);
        break;
    case OB_BLOCK_PARAGRAPH:
    case OB_BLOCK_BULLET:
        sentences(g, b);
        break;
    case OB_BLOCK_TABLE:
        ob_jw_u64(&g->w, "number", b->number);
        ob_jw_text(&g->w, "caption", b->text);
        table(g, b);
        break;
    case OB_BLOCK_BLANK:
        ob_jw_u64(&g->w, "number", b->number);
        ob_jw_text(&g->w, "asked", b->text);
        sentences(g, b);
        break;
    case OB_BLOCK_RULE:
        id(g, "id", &(ob_ref){.kind = OB_REF_RULE, .index = b->number});
        ob_jw_text(&g->w, "text", b->text);
        break;
    }
    ob_jw_end(&g->w, true);
}

static void head(page *g)
{
    const ob_paper *p = g->p;
    const ob_map *m = p->map;
    ob_jw_str(&g->w, "format", "ombud.map.paper");
    ob_jw_u64(&g->w, "version", 1);
    ob_day_json(&g->w, "as_of", m->as_of);
    ob_day_json(&g->w, "landscape", m->baseline_day);
    ob_jw_str(&g->w, "uuid", p->uuid);
    ob_jw_str(&g->w, "kind", p->kind->id);
    ob_jw_text(&g->w, "title", p->title);
    ob_jw_text(&g->w, "body", m->bodies[p->body].id);
    ob_jw_text_or_null(&g->w, "group",
                       p->group == OB_NONE ? ((ob_span){0}) : m->bodies[p->group].id);
    ob_jw_text_or_null(&g->w, "meeting",
                       p->meeting == OB_NONE ? ((ob_span){0}) : m->meetings[p->meeting].id);
    ob_day_json(&g->w, "meeting_start", p->meeting_day);
    ob_day_json(&g->w, "report_due", p->report_due);
    ob_jw_u64(&g->w, "fresh_days", p->ask.fresh_days);
    ob_jw_u64(&g->w, "blanks", p->blanks);
}

static void sources(page *g)
{
    const ob_paper *p = g->p;
    ob_jw_array(&g->w, "sources");
    for (size_t i = 0; i < p->sources_count; i++) {
        const ob_ref *ref = &p->sources[i];
        ob_jw_object(&g->w, NULL);
        id(g, "id", ref);
        ob_jw_str(&g->w, "kind", ob_ref_names[ref->kind]);
        ob_jw_text_or_null(&g->w, "title", ob_ref_title(p, ref));
        ob_jw_text_or_null(&g->w, "body", obi_ref_body(p, ref));
        ob_jw_text_or_null(&g->w, "status", obi_ref_status(p, ref));
        ob_day_json(&g->w, "read", ob_ref_day(p, ref));
        ob_jw_str(&g->w, "known_from", obi_ref_evidence(p, ref));
        ob_jw_bool(&g->w, "reported", ob_ref_reported(p, ref));
        ob_jw_end(&g->w, true);
    }
    ob_jw_end(&g->w, false);
}

static void rules(page *g)
{
    const ob_paper *p = g->p;
    ob_jw_array(&g->w, "rules");
    for (uint32_t i = 0; i < p->kind->rules_count; i++) {
        if (p->rules_cited[i]) {
            ob_jw_object(&g->w, NULL);
            id(g, "id", &(ob_ref){.kind = OB_REF_RULE, .index = i});
            ob_jw_str(&g->w, "text", p->kind->rules[i].text);
            ob_jw_end(&g->w, true);
        }
    }
    ob_jw_end(&g->w, false);
}

bool ob_paper_json(ob_buf *out, const ob_paper *p, ob_err *err)
{
    page g = {.w = {.out = out, .indent = 2}, .p = p, .err = err};
    ob_jw_object(&g.w, NULL);
    head(&g);
    ob_jw_array(&g.w, "blocks");
    for (size_t i = 0; i < p->count; i++) {
        block(&g, &p->blocks[i]);
    }
    ob_jw_end(&g.w, false);
    rules(&g);
    sources(&g);
    ob_jw_end(&g.w, true);
    ob_buf_add_char(out, '\n');
    return !g.bad && ob_buf_check(out, "a paper", err);
}
