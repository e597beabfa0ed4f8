/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Papers as Markdown, a line a sentence. All text is escaped, ours as well as foreign, since both
 * stand in one sentence: nothing in a title makes a link, a tag, a list or a cell of a table.
 */
#include "map/paper_core.h"

#include <ombud/text.h>

typedef struct page {
    ob_buf *out;
    const ob_paper *p;
    ob_err *err;
    unsigned section[2];
    char annex; /* the last one: 'A' */
    bool bad;
} page;

/* A line that begins like a list or a heading would become one. */
static bool starts_block(ob_span text, size_t at)
{
    char c = text.ptr[at];
    if (at == 0 && strchr("#+-=:", c) != NULL) {
        return true;
    }
    size_t digits = 0;
    while (digits < at && text.ptr[digits] >= '0' && text.ptr[digits] <= '9') {
        digits++;
    }
    return digits == at && at > 0 && (c == '.' || c == ')');
}

static void add_text(page *g, ob_span text)
{
    OB_AUTO(ob_buf) clean = {.max = OB_PAPER_MAX};
    size_t pos = 0;
    for (uint32_t rune = 0; ob_utf8_next(text, &pos, &rune);) {
        ob_buf_add_rune(&clean, obi_paper_hides(rune) ? ' ' : rune);
    }
    g->bad = g->bad || !ob_buf_check(&clean, "a text", g->err);
    ob_span s = ob_buf_span(&clean);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool link = c == ':' && i + 2 < s.len && s.ptr[i + 1] == '/' && s.ptr[i + 2] == '/';
        bool host =
            c == '.' && i >= 3 && ob_span_is_nocase(ob_span_sub(s, i - 3, i), OB_SPAN("www"));
        if (strchr("\\`*_[]<>|&~$^@{}", c) != NULL || link || host || starts_block(s, i)) {
            ob_buf_add_char(g->out, '\\');
        }
        ob_buf_add_char(g->out, c);
    }
}

static void add_ref(page *g, const ob_ref *ref)
{
    OB_AUTO(ob_buf) id = {.max = 4096};
    g->bad = g->bad || !ob_ref_id(g->p, ref, &id, g->err);
    add_text(g, ob_buf_span(&id));
}

static void add_refs(page *g, const ob_ref *refs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ob_buf_add_str(g->out, i == 0 ? "" : ", ");
        add_ref(g, &refs[i]);
    }
}

static void add_sentence(page *g, const ob_sentence *s)
{
    size_t shown = s->list == 0 ? s->refs_count : OB_PAPER_IDS;
    add_text(g, s->text);
    ob_buf_add_str(g->out, " [");
    add_refs(g, s->refs, shown);
    if (s->list != 0) {
        ob_buf_addf(g->out, " and %zu more: List %u", s->refs_count - shown, s->list);
    }
    ob_buf_add_char(g->out, ']');
}

static void add_rows(page *g, const ob_block *b, size_t from, size_t to)
{
    ob_arena *arena = g->p->arena;
    for (size_t c = 0; c < b->columns; c++) {
        ob_buf_addf(g->out, "| %s ", b->heads[c]);
    }
    ob_buf_add_str(g->out, b->ids ? "| Ids |\n" : "|\n");
    for (size_t c = 0; c < b->columns + b->ids; c++) {
        ob_buf_add_str(g->out, "| --- ");
    }
    ob_buf_add_str(g->out, "|\n");
    for (size_t r = from; r < to; r++) {
        size_t count = 0;
        const ob_ref *refs = NULL;
        g->bad = g->bad || !obi_row_refs(b, r, arena, true, &refs, &count, g->err);
        for (size_t c = 0; c < b->columns; c++) {
            ob_buf_add_str(g->out, "| ");
            add_text(g, b->sentences[r * b->columns + c].text);
            ob_buf_add_char(g->out, ' ');
        }
        if (b->ids) {
            ob_buf_add_str(g->out, "| ");
            if (b->lists[r] != 0) {
                ob_buf_addf(g->out, "List %u", b->lists[r]);
            } else {
                add_refs(g, refs, count);
            }
            ob_buf_add_char(g->out, ' ');
        }
        ob_buf_add_str(g->out, "|\n");
    }
    ob_buf_add_char(g->out, '\n');
}

static void add_table(page *g, const ob_block *b)
{
    size_t rows = b->count / b->columns;
    if (rows == 0) {
        return;
    }
    ob_buf_addf(g->out, "**Table %u.** ", b->number);
    add_text(g, b->text);
    if (b->shown < rows) {
        ob_buf_addf(g->out, " The first %zu of %zu rows; the others are in Annex A.", b->shown,
                    rows);
    }
    ob_buf_add_str(g->out, "\n\n");
    add_rows(g, b, 0, b->shown);
}

static void add_heading(page *g, const ob_block *b)
{
    g->section[b->level > 1] += 1;
    if (b->level > 1) {
        ob_buf_addf(g->out, "### %u.%u ", g->section[0], g->section[1]);
    } else {
        g->section[1] = 0;
        ob_buf_addf(g->out, "## %u ", g->section[0]);
    }
    add_text(g, b->text);
    ob_buf_add_str(g->out, "\n\n");
}

static void add_blank(page *g, const ob_block *b)
{
    ob_buf_addf(g->out, "> **Blank %u.** ", b->number);
    add_text(g, b->text);
    ob_buf_add_str(g->out, "\n>\n> \\_\\_\\_\\_\\_\\_\\_\\_\n");
    for (size_t i = 0; i < b->count; i++) {
        ob_buf_add_str(g->out, ">\n> - ");
        add_sentence(g, &b->sentences[i]);
        ob_buf_add_char(g->out, '\n');
    }
    ob_buf_add_char(g->out, '\n');
}

static void add_rule(page *g, uint32_t number)
{
    const ob_paper_rule *rule = &g->p->kind->rules[number];
    ob_buf_add_str(g->out, "*Rule.* ");
    add_text(g, ob_span_str(rule->text));
    ob_buf_addf(g->out, " [rule:%s]\n", rule->id);
}

static void add_block(page *g, const ob_block *b, const ob_block *next)
{
    switch (b->kind) {
    case OB_BLOCK_HEADING:
        add_heading(g, b);
        break;
    case OB_BLOCK_PARAGRAPH:
    case OB_BLOCK_BULLET:
        for (size_t i = 0; i < b->count; i++) {
            ob_buf_add_str(g->out, b->kind == OB_BLOCK_PARAGRAPH ? "" : i == 0 ? "- " : "  ");
            add_sentence(g, &b->sentences[i]);
            ob_buf_add_char(g->out, '\n');
        }
        if (b->kind == OB_BLOCK_PARAGRAPH || next == NULL || next->kind != OB_BLOCK_BULLET) {
            ob_buf_add_char(g->out, '\n');
        }
        break;
    case OB_BLOCK_TABLE:
        add_table(g, b);
        break;
    case OB_BLOCK_BLANK:
        add_blank(g, b);
        break;
    case OB_BLOCK_RULE:
        add_rule(g, b->number);
        ob_buf_add_char(g->out, '\n');
        break;
    }
}

static void add_head(page *g)
{
    obi_paper_fact facts[OBI_PAPER_FACTS] = {0};
    size_t count = 0;
    g->bad = g->bad || !obi_paper_facts(g->p, facts, &count, g->err);
    ob_buf_add_str(g->out, "# ");
    add_text(g, g->p->title);
    ob_buf_add_str(g->out, "\n\n| | |\n| --- | --- |\n");
    for (size_t i = 0; i < count; i++) {
        ob_buf_addf(g->out, "| %s | ", facts[i].name);
        add_text(g, facts[i].text);
        ob_buf_add_str(g->out, " |\n");
    }
    ob_buf_addf(g->out, "\n%s\n\n", obi_paper_note);
}

static void add_annex(page *g, const char *title)
{
    ob_buf_addf(g->out, "## Annex %c: %s\n\n", ++g->annex, title);
}

static void add_annexes(page *g)
{
    const ob_paper *p = g->p;
    if (p->annexed > 0) {
        add_annex(g, "further rows of tables");
    }
    for (size_t i = 0; i < p->count; i++) {
        const ob_block *b = &p->blocks[i];
        if (b->kind == OB_BLOCK_TABLE && b->shown < b->count / b->columns) {
            ob_buf_addf(g->out, "**Table %u, continued.** ", b->number);
            add_text(g, b->text);
            ob_buf_add_str(g->out, "\n\n");
            add_rows(g, b, b->shown, b->count / b->columns);
        }
    }
    if (p->lists_count > 0) {
        add_annex(g, "lists of ids");
    }
    for (uint32_t i = 0; i < p->lists_count; i++) {
        ob_buf_addf(g->out, "- List %u: [", i + 1);
        add_refs(g, p->lists[i].refs, p->lists[i].count);
        ob_buf_add_str(g->out, "]\n");
    }
    ob_buf_add_str(g->out, p->lists_count > 0 ? "\n" : "");
}

static void add_rules(page *g)
{
    bool any = false;
    for (uint32_t i = 0; i < g->p->kind->rules_count; i++) {
        if (g->p->rules_cited[i]) {
            if (!any) {
                add_annex(g, "rules");
            }
            ob_buf_add_str(g->out, "- ");
            add_rule(g, i);
            any = true;
        }
    }
    ob_buf_add_str(g->out, any ? "\n" : "");
}

static void add_sources(page *g)
{
    const ob_paper *p = g->p;
    add_annex(g, "sources");
    ob_buf_add_str(g->out, "| Id | Title | Body | Status | Last read | Known from |\n"
                           "| --- | --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < p->sources_count; i++) {
        const ob_ref *ref = &p->sources[i];
        char day[OB_DAY_TEXT_MAX];
        ob_day_write(ob_ref_day(p, ref), day);
        ob_buf_add_str(g->out, "| ");
        add_ref(g, ref);
        ob_buf_add_str(g->out, " | ");
        ob_span title = ob_ref_title(p, ref);
        add_text(g, title.len > 0 ? title : OB_SPAN("title not known"));
        ob_buf_add_str(g->out, " | ");
        add_text(g, obi_ref_body(p, ref));
        ob_buf_add_str(g->out, " | ");
        add_text(g, obi_ref_status(p, ref));
        ob_buf_addf(g->out, " | %s | %s |\n", day, obi_ref_evidence(p, ref));
    }
}

bool ob_paper_markdown(ob_buf *out, const ob_paper *p, ob_err *err)
{
    page g = {.out = out, .p = p, .err = err, .annex = 'A' - 1};
    add_head(&g);
    for (size_t i = 0; i < p->count; i++) {
        add_block(&g, &p->blocks[i], i + 1 < p->count ? &p->blocks[i + 1] : NULL);
    }
    add_annexes(&g);
    add_rules(&g);
    add_sources(&g);
    return !g.bad && ob_buf_check(out, "a paper", err);
}
