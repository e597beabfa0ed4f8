/* SPDX-License-Identifier: Apache-2.0 */
#include "map/paper_form.h"

static void open_numbered(obi_page *g, obi_tag tag, uint32_t number)
{
    const obi_marks *marks = &g->form->marks[tag];
    ob_buf_add_str(g->out, marks->before);
    if (marks->number != NULL) {
        ob_buf_addf(g->out, "%u%s", number, marks->number);
    }
}

static void open_tag(obi_page *g, obi_tag tag)
{
    open_numbered(g, tag, 0);
}

static void close_tag(obi_page *g, obi_tag tag)
{
    ob_buf_add_str(g->out, g->form->marks[tag].behind);
}

void obi_page_text(obi_page *page, ob_span text)
{
    page->bad = page->bad || !page->form->text(page->out, text, page->err);
}

static void add_tagged(obi_page *g, obi_tag tag, ob_span text)
{
    open_tag(g, tag);
    obi_page_text(g, text);
    close_tag(g, tag);
}

static void add_strong(obi_page *g, const char *what, uint32_t number, const char *behind)
{
    open_tag(g, OBI_TAG_STRONG);
    ob_buf_addf(g->out, "%s %u%s", what, number, behind);
    close_tag(g, OBI_TAG_STRONG);
}

/* Ids */

/* The number of a source: they are sorted, but few. */
static uint32_t source_of(const ob_paper *p, const ob_ref *ref)
{
    uint32_t i = 0;
    while (i < p->sources_count &&
           (p->sources[i].kind != ref->kind || p->sources[i].index != ref->index)) {
        i++;
    }
    return i;
}

static void add_id(obi_page *g, const ob_ref *ref)
{
    OB_AUTO(ob_buf) id = {.max = 4096};
    g->bad = g->bad || !ob_ref_id(g->p, ref, &id, g->err);
    obi_page_text(g, ob_buf_span(&id));
}

static void add_refs(obi_page *g, const ob_ref *refs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool rule = refs[i].kind == OB_REF_RULE;
        obi_tag tag = rule ? OBI_TAG_TO_RULE : OBI_TAG_TO_SOURCE;
        ob_buf_add_str(g->out, i == 0 ? "" : ", ");
        open_numbered(g, tag, rule ? refs[i].index : source_of(g->p, &refs[i]));
        add_id(g, &refs[i]);
        close_tag(g, tag);
    }
}

static void add_list_link(obi_page *g, uint32_t list)
{
    open_numbered(g, OBI_TAG_TO_LIST, list);
    ob_buf_addf(g->out, "List %u", list);
    close_tag(g, OBI_TAG_TO_LIST);
}

/* Blocks */

static void add_sentence(obi_page *g, const ob_sentence *s)
{
    size_t shown = s->list == 0 ? s->refs_count : OB_PAPER_IDS;
    obi_page_text(g, s->text);
    open_tag(g, OBI_TAG_IDS);
    add_refs(g, s->refs, shown);
    if (s->list != 0) {
        ob_buf_addf(g->out, " and %zu more: ", s->refs_count - shown);
        add_list_link(g, s->list);
    }
    close_tag(g, OBI_TAG_IDS);
}

static void add_sentences(obi_page *g, obi_tag tag, obi_tag next, const ob_block *b)
{
    open_tag(g, tag);
    for (size_t i = 0; i < b->count; i++) {
        if (i > 0) {
            open_tag(g, next);
        }
        add_sentence(g, &b->sentences[i]);
    }
    close_tag(g, tag);
}

static void add_heads(obi_page *g, const char *const *heads, size_t count, bool ids)
{
    open_tag(g, OBI_TAG_HEADS);
    for (size_t c = 0; c < count + ids; c++) {
        add_tagged(g, OBI_TAG_HEAD, ob_span_str(c < count ? heads[c] : "Ids"));
    }
    close_tag(g, OBI_TAG_HEADS);
    for (size_t c = 0; c < count + ids; c++) {
        open_tag(g, OBI_TAG_UNDER);
    }
    close_tag(g, OBI_TAG_UNDER);
}

static void add_rows(obi_page *g, const ob_block *b, size_t from, size_t to)
{
    add_heads(g, b->heads, b->columns, b->ids);
    for (size_t r = from; r < to; r++) {
        size_t count = 0;
        const ob_ref *refs = NULL;
        g->bad = g->bad || !obi_row_refs(b, r, g->p->arena, true, &refs, &count, g->err);
        open_tag(g, OBI_TAG_ROW);
        for (size_t c = 0; c < b->columns; c++) {
            add_tagged(g, OBI_TAG_CELL, b->sentences[r * b->columns + c].text);
        }
        if (b->ids) {
            open_tag(g, OBI_TAG_CELL_IDS);
            if (b->lists[r] != 0) {
                add_list_link(g, b->lists[r]);
            } else {
                add_refs(g, refs, count);
            }
            close_tag(g, OBI_TAG_CELL_IDS);
        }
        close_tag(g, OBI_TAG_ROW);
    }
}

/* The rows of the body, or those behind them. */
static void add_table(obi_page *g, const ob_block *b, bool rest)
{
    size_t rows = b->count / b->columns;
    obi_tag tag = rest ? OBI_TAG_TABLE_REST : OBI_TAG_TABLE;
    if (rest ? b->shown >= rows : rows == 0) {
        return;
    }
    open_numbered(g, tag, b->number);
    open_tag(g, OBI_TAG_CAPTION);
    add_strong(g, "Table", b->number, rest ? ", continued." : ".");
    obi_page_text(g, b->text);
    if (!rest && b->shown < rows) {
        ob_buf_addf(g->out, " The first %zu of %zu rows; the others are in ", b->shown, rows);
        open_numbered(g, OBI_TAG_TO_TABLE, b->number);
        ob_buf_add_str(g->out, "Annex A");
        close_tag(g, OBI_TAG_TO_TABLE);
        ob_buf_add_char(g->out, '.');
    }
    close_tag(g, OBI_TAG_CAPTION);
    add_rows(g, b, rest ? b->shown : 0, rest ? rows : b->shown);
    close_tag(g, tag);
}

static void add_heading(obi_page *g, const ob_block *b)
{
    obi_tag tag = b->level > 1 ? OBI_TAG_PART : OBI_TAG_SECTION;
    g->section[b->level > 1] += 1;
    open_numbered(g, tag, g->section[0]);
    if (b->level > 1) {
        ob_buf_addf(g->out, "%u.%u ", g->section[0], g->section[1]);
    } else {
        g->section[1] = 0;
        ob_buf_addf(g->out, "%u ", g->section[0]);
    }
    obi_page_text(g, b->text);
    close_tag(g, tag);
}

static void add_blank(obi_page *g, const ob_block *b)
{
    open_numbered(g, OBI_TAG_BLANK, b->number);
    add_strong(g, "Blank", b->number, ".");
    obi_page_text(g, b->text);
    open_tag(g, OBI_TAG_ROOM);
    if (b->count > 0) {
        open_tag(g, OBI_TAG_BLANK_FACTS);
        for (size_t i = 0; i < b->count; i++) {
            open_tag(g, OBI_TAG_BLANK_FACT);
            add_sentence(g, &b->sentences[i]);
            close_tag(g, OBI_TAG_BLANK_FACT);
        }
        close_tag(g, OBI_TAG_BLANK_FACTS);
    }
    close_tag(g, OBI_TAG_BLANK);
}

static void add_rule(obi_page *g, obi_tag tag, uint32_t number)
{
    open_numbered(g, tag, number);
    obi_page_text(g, ob_span_str(g->p->kind->rules[number].text));
    open_tag(g, OBI_TAG_IDS);
    add_id(g, &(ob_ref){.kind = OB_REF_RULE, .index = number});
    close_tag(g, OBI_TAG_IDS);
    close_tag(g, tag);
}

static void add_block(obi_page *g, const ob_block *b, bool first, bool last)
{
    switch (b->kind) {
    case OB_BLOCK_HEADING:
        add_heading(g, b);
        break;
    case OB_BLOCK_PARAGRAPH:
        add_sentences(g, OBI_TAG_PARAGRAPH, OBI_TAG_PARAGRAPH_NEXT, b);
        break;
    case OB_BLOCK_BULLET:
        if (first) {
            open_tag(g, OBI_TAG_BULLETS);
        }
        add_sentences(g, OBI_TAG_BULLET, OBI_TAG_BULLET_NEXT, b);
        if (last) {
            close_tag(g, OBI_TAG_BULLETS);
        }
        break;
    case OB_BLOCK_TABLE:
        add_table(g, b, false);
        break;
    case OB_BLOCK_BLANK:
        add_blank(g, b);
        break;
    case OB_BLOCK_RULE:
        add_rule(g, OBI_TAG_RULE, b->number);
        break;
    }
}

static void add_blocks(obi_page *g)
{
    const ob_block *blocks = g->p->blocks;
    for (size_t i = 0; i < g->p->count; i++) {
        bool first = i == 0 || blocks[i - 1].kind != OB_BLOCK_BULLET;
        bool last = i + 1 == g->p->count || blocks[i + 1].kind != OB_BLOCK_BULLET;
        add_block(g, &blocks[i], first, last);
    }
}

/* Annexes */

static void add_annex(obi_page *g, const char *title)
{
    open_tag(g, OBI_TAG_ANNEX);
    ob_buf_addf(g->out, "Annex %c: %s", ++g->annex, title);
    close_tag(g, OBI_TAG_ANNEX);
}

static void add_rest(obi_page *g)
{
    const ob_paper *p = g->p;
    if (p->annexed > 0) {
        add_annex(g, "further rows of tables");
    }
    for (size_t i = 0; i < p->count; i++) {
        if (p->blocks[i].kind == OB_BLOCK_TABLE) {
            add_table(g, &p->blocks[i], true);
        }
    }
}

static void add_lists(obi_page *g)
{
    const ob_paper *p = g->p;
    if (p->lists_count == 0) {
        return;
    }
    add_annex(g, "lists of ids");
    open_tag(g, OBI_TAG_BULLETS);
    for (uint32_t i = 0; i < p->lists_count; i++) {
        open_numbered(g, OBI_TAG_LIST, i + 1);
        ob_buf_addf(g->out, "List %u:", i + 1);
        open_tag(g, OBI_TAG_IDS);
        add_refs(g, p->lists[i].refs, p->lists[i].count);
        close_tag(g, OBI_TAG_IDS);
        close_tag(g, OBI_TAG_LIST);
    }
    close_tag(g, OBI_TAG_BULLETS);
}

static void add_rules(obi_page *g)
{
    bool any = false;
    for (uint32_t i = 0; i < g->p->kind->rules_count; i++) {
        if (!g->p->rules_cited[i]) {
            continue;
        }
        if (!any) {
            add_annex(g, "rules");
            open_tag(g, OBI_TAG_RULES);
            any = true;
        }
        add_rule(g, OBI_TAG_RULE_CITED, i);
    }
    if (any) {
        close_tag(g, OBI_TAG_RULES);
    }
}

static void add_sources(obi_page *g)
{
    static const char *const heads[] = {"Id", "Title", "Body", "Status", "Last read", "Known from"};
    const ob_paper *p = g->p;
    add_annex(g, "sources");
    open_tag(g, OBI_TAG_SOURCES);
    add_heads(g, heads, OB_COUNT(heads), false);
    for (uint32_t i = 0; i < p->sources_count; i++) {
        const ob_ref *ref = &p->sources[i];
        char day[OB_DAY_TEXT_MAX];
        ob_span title = ob_ref_title(p, ref);
        ob_day_write(ob_ref_day(p, ref), day);
        open_numbered(g, OBI_TAG_SOURCE, i);
        open_tag(g, OBI_TAG_CELL);
        add_id(g, ref);
        close_tag(g, OBI_TAG_CELL);
        add_tagged(g, OBI_TAG_CELL, title.len > 0 ? title : OB_SPAN("title not known"));
        add_tagged(g, OBI_TAG_CELL, obi_ref_body(p, ref));
        add_tagged(g, OBI_TAG_CELL, obi_ref_status(p, ref));
        add_tagged(g, OBI_TAG_CELL, ob_span_str(day));
        add_tagged(g, OBI_TAG_CELL, ob_span_str(obi_ref_evidence(p, ref)));
        close_tag(g, OBI_TAG_SOURCE);
    }
    close_tag(g, OBI_TAG_SOURCES);
}

static void add_head(obi_page *g)
{
    obi_paper_fact facts[OBI_PAPER_FACTS] = {0};
    size_t count = 0;
    g->bad = g->bad || !obi_paper_facts(g->p, facts, &count, g->err);
    if (g->form->begin != NULL) {
        g->form->begin(g);
    }
    add_tagged(g, OBI_TAG_TITLE, g->p->title);
    open_tag(g, OBI_TAG_FACTS);
    for (size_t i = 0; i < count; i++) {
        add_tagged(g, OBI_TAG_FACT_NAME, ob_span_str(facts[i].name));
        add_tagged(g, OBI_TAG_FACT, facts[i].text);
    }
    close_tag(g, OBI_TAG_FACTS);
    open_tag(g, OBI_TAG_NOTE);
    ob_buf_add_str(g->out, obi_paper_note);
    close_tag(g, OBI_TAG_NOTE);
    if (g->form->contents != NULL) {
        g->form->contents(g);
    }
}

bool obi_paper_write(ob_buf *out, const ob_paper *p, const obi_paper_form *form, ob_err *err)
{
    obi_page g = {.out = out, .p = p, .form = form, .err = err, .annex = 'A' - 1};
    add_head(&g);
    add_blocks(&g);
    add_rest(&g);
    add_lists(&g);
    add_rules(&g);
    add_sources(&g);
    open_tag(&g, OBI_TAG_END);
    return !g.bad && ob_buf_check(out, "a paper", err);
}
