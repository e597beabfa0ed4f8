/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Papers as one page of HTML: nothing is loaded, no script, black on white when printed. Ids are
 * small links to the sources at the end. Foreign text goes through ob_buf_add_html and nothing
 * else; ids of elements are made from numbers.
 */
#include "map/paper_core.h"

/* clang-format off */
static const char style_screen[] =
    ":root{color-scheme:light dark;--ink:#1b2430;--soft:#525d6b;--line:#d8dee6;--ground:#f5f7f9;"
    "--card:#fff;--link:#0a4f99;--open:#6b4500;--open-bg:#fdf1d8}"
    "@media (prefers-color-scheme:dark){:root{--ink:#e6eaf0;--soft:#a9b4c1;--line:#333d49;"
    "--ground:#11151a;--card:#1a2028;--link:#8fc1ff;--open:#ffd48a;--open-bg:#40300b}}"
    "*{box-sizing:border-box}"
    "html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:1rem}"
    "body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,"
    "-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"Liberation Sans\",sans-serif;"
    "overflow-wrap:anywhere}"
    "header,nav,main,footer{max-width:60rem;margin:0 auto;padding:0 1.25rem}"
    "header{padding-top:2.5rem}footer{padding-bottom:3rem}"
    "h1,h2,h3{line-height:1.25;margin:0 0 .5rem;text-wrap:balance}"
    "h1{font-size:1.9rem;letter-spacing:-.01em}h2{font-size:1.35rem;margin-top:2.75rem}"
    "h3{font-size:1.1rem;margin-top:1.75rem}"
    "p,li{max-width:46rem}p,ul{margin:0 0 .75rem}ul{padding-left:1.2rem}li{margin:0 0 .45rem}"
    "a{color:var(--link);text-underline-offset:.15em}"
    "a:focus-visible{outline:3px solid var(--link);outline-offset:2px}"
    ".skip{position:absolute;left:-100rem}.skip:focus{left:1rem;top:1rem}"
    ".soft,.note{color:var(--soft)}.note{font-size:.875rem}"
    ".ids{font-size:.75rem;color:var(--soft)}.ids a{text-decoration:none}"
    ".ids a:hover{text-decoration:underline}"
    "dl{display:grid;grid-template-columns:minmax(7rem,9rem) minmax(0,1fr);gap:.3rem 1.25rem;"
    "margin:1.25rem 0;font-size:.9375rem}dt{color:var(--soft)}dd{margin:0}"
    "nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;padding:0;font-size:.9375rem}"
    "nav li{margin:0}"
    ".scroll{overflow-x:auto;margin:0 0 1.25rem}"
    "table{border-collapse:collapse;width:100%;background:var(--card);font-size:.875rem;"
    "border:1px solid var(--line)}"
    "caption{text-align:left;color:var(--soft);padding:.5rem 0;font-size:.875rem}"
    "th,td{text-align:left;vertical-align:top;padding:.45rem .6rem;"
    "border-bottom:1px solid var(--line);min-width:4rem}td.ids{min-width:7.5rem}"
    "th{font-weight:600;color:var(--soft);font-size:.8125rem;overflow-wrap:normal}"
    "tbody tr:last-child>*{border-bottom:0}tr:target,li:target{background:var(--open-bg)}"
    ".blank{background:var(--open-bg);border:1px dashed var(--open);border-radius:.6rem;"
    "padding:.75rem 1rem;margin:0 0 1rem;break-inside:avoid}"
    ".blank .asked{font-weight:600;margin:0}.blank b{color:var(--open)}"
    ".blank .room{border-bottom:1px solid var(--open);height:2rem;margin:0 0 .75rem;max-width:none}"
    ".blank ul{margin:0;font-size:.9375rem}"
    ".rule{border-left:3px solid var(--line);padding-left:.85rem;color:var(--soft);"
    "font-size:.9375rem}";

static const char style_other[] =
    "@media (max-width:40rem){header,nav,main,footer{padding-left:1rem;padding-right:1rem}"
    "h1{font-size:1.5rem}dl{grid-template-columns:minmax(0,1fr);gap:0}dd{margin:0 0 .6rem}}"
    "@page{margin:18mm 16mm}"
    "@media print{:root{color-scheme:light;--ink:#000;--soft:#333;--line:#999;--ground:#fff;"
    "--card:#fff;--link:#000;--open:#000;--open-bg:#fff}html{font-size:9pt}"
    "table,.ids{font-size:.75rem}th,td{padding:.2rem .4rem}h2{margin-top:1.5rem}h3{margin-top:.75rem}"
    ".blank{padding:.4rem .75rem;margin-bottom:.6rem}.blank .room{height:1.3rem;margin-bottom:.3rem}"
    "p,ul,.scroll{margin-bottom:.5rem}li{margin-bottom:.2rem}dl{font-size:.8rem;margin:.5rem 0}"
    "nav,.skip{display:none}header,main,footer{max-width:none;padding:0}p,li{max-width:none}"
    "h2,h3,caption{break-after:avoid}tr{break-inside:avoid}thead{display:table-header-group}"
    "p{orphans:3;widows:3}a{text-decoration:none}.scroll{overflow:visible}}";

/* clang-format on */

typedef struct page {
    ob_buf *out;
    const ob_paper *p;
    ob_err *err;
    unsigned section[2];
    char annex; /* the last one: 'A' */
    bool bad;
} page;

static void add_text(page *g, ob_span text)
{
    ob_buf_add_html(g->out, text);
}

/* The number of a source: they are sorted, but few. */
static size_t source_of(const ob_paper *p, const ob_ref *ref)
{
    size_t i = 0;
    while (i < p->sources_count &&
           (p->sources[i].kind != ref->kind || p->sources[i].index != ref->index)) {
        i++;
    }
    return i;
}

static void add_ref(page *g, const ob_ref *ref)
{
    OB_AUTO(ob_buf) id = {.max = 4096};
    g->bad = g->bad || !ob_ref_id(g->p, ref, &id, g->err);
    if (ref->kind == OB_REF_RULE) {
        ob_buf_addf(g->out, "<a href=\"#r%u\">", ref->index);
    } else {
        ob_buf_addf(g->out, "<a href=\"#s%zu\">", source_of(g->p, ref));
    }
    add_text(g, ob_buf_span(&id));
    ob_buf_add_str(g->out, "</a>");
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
    ob_buf_add_str(g->out, " <span class=\"ids\">[");
    add_refs(g, s->refs, shown);
    if (s->list != 0) {
        ob_buf_addf(g->out, " and %zu more: <a href=\"#l%u\">List %u</a>", s->refs_count - shown,
                    s->list, s->list);
    }
    ob_buf_add_str(g->out, "]</span>");
}

static void add_rows(page *g, const ob_block *b, size_t from, size_t to)
{
    ob_buf_add_str(g->out, "</caption><thead><tr>");
    for (size_t c = 0; c < b->columns; c++) {
        ob_buf_addf(g->out, "<th scope=\"col\">%s</th>", b->heads[c]);
    }
    ob_buf_add_str(g->out, b->ids ? "<th scope=\"col\">Ids</th></tr></thead><tbody>"
                                  : "</tr></thead><tbody>");
    for (size_t r = from; r < to; r++) {
        size_t count = 0;
        const ob_ref *refs = NULL;
        g->bad = g->bad || !obi_row_refs(b, r, g->p->arena, true, &refs, &count, g->err);
        ob_buf_add_str(g->out, "\n<tr>");
        for (size_t c = 0; c < b->columns; c++) {
            ob_buf_add_str(g->out, "<td>");
            add_text(g, b->sentences[r * b->columns + c].text);
            ob_buf_add_str(g->out, "</td>");
        }
        if (b->ids) {
            ob_buf_add_str(g->out, "<td class=\"ids\">");
            if (b->lists[r] != 0) {
                ob_buf_addf(g->out, "<a href=\"#l%u\">List %u</a>", b->lists[r], b->lists[r]);
            } else {
                add_refs(g, refs, count);
            }
            ob_buf_add_str(g->out, "</td>");
        }
        ob_buf_add_str(g->out, "</tr>");
    }
    ob_buf_add_str(g->out, "</tbody></table></div>\n");
}

static void add_table(page *g, const ob_block *b)
{
    size_t rows = b->count / b->columns;
    if (rows == 0) {
        return;
    }
    ob_buf_addf(g->out, "<div class=\"scroll\"><table><caption><b>Table %u.</b> ", b->number);
    add_text(g, b->text);
    if (b->shown < rows) {
        ob_buf_addf(g->out,
                    " The first %zu of %zu rows; the others are in <a href=\"#t%u\">Annex A</a>.",
                    b->shown, rows, b->number);
    }
    add_rows(g, b, 0, b->shown);
}

static void add_heading(page *g, const ob_block *b)
{
    g->section[b->level > 1] += 1;
    if (b->level > 1) {
        ob_buf_addf(g->out, "<h3>%u.%u ", g->section[0], g->section[1]);
        add_text(g, b->text);
        ob_buf_add_str(g->out, "</h3>\n");
        return;
    }
    g->section[1] = 0;
    ob_buf_addf(g->out, "<h2 id=\"h%u\">%u ", g->section[0], g->section[0]);
    add_text(g, b->text);
    ob_buf_add_str(g->out, "</h2>\n");
}

static void add_blank(page *g, const ob_block *b)
{
    ob_buf_addf(g->out, "<div class=\"blank\" id=\"b%u\"><p class=\"asked\"><b>Blank %u.</b> ",
                b->number, b->number);
    add_text(g, b->text);
    ob_buf_add_str(g->out, "</p><p class=\"room\"></p>");
    for (size_t i = 0; i < b->count; i++) {
        ob_buf_add_str(g->out, i == 0 ? "<ul><li>" : "<li>");
        add_sentence(g, &b->sentences[i]);
        ob_buf_add_str(g->out, i + 1 == b->count ? "</li></ul>" : "</li>");
    }
    ob_buf_add_str(g->out, "</div>\n");
}

static void add_rule(page *g, uint32_t number)
{
    const ob_paper_rule *rule = &g->p->kind->rules[number];
    ob_buf_addf(g->out, "<p class=\"rule\" id=\"r%u\"><i>Rule.</i> ", number);
    add_text(g, ob_span_str(rule->text));
    ob_buf_addf(g->out, " <span class=\"ids\">[rule:%s]</span></p>\n", rule->id);
}

static void add_list(page *g, const ob_block *b, const char *open, const char *close)
{
    ob_buf_add_str(g->out, open);
    for (size_t i = 0; i < b->count; i++) {
        ob_buf_add_str(g->out, i == 0 ? "" : "\n");
        add_sentence(g, &b->sentences[i]);
    }
    ob_buf_add_str(g->out, close);
}

static void add_block(page *g, size_t number)
{
    const ob_paper *p = g->p;
    const ob_block *b = &p->blocks[number];
    bool first = number == 0 || p->blocks[number - 1].kind != OB_BLOCK_BULLET;
    bool last = number + 1 == p->count || p->blocks[number + 1].kind != OB_BLOCK_BULLET;
    switch (b->kind) {
    case OB_BLOCK_HEADING:
        add_heading(g, b);
        break;
    case OB_BLOCK_PARAGRAPH:
        add_list(g, b, "<p>", "</p>\n");
        break;
    case OB_BLOCK_BULLET:
        add_list(g, b, first ? "<ul>\n<li>" : "<li>", last ? "</li>\n</ul>\n" : "</li>\n");
        break;
    case OB_BLOCK_TABLE:
        add_table(g, b);
        break;
    case OB_BLOCK_BLANK:
        add_blank(g, b);
        break;
    case OB_BLOCK_RULE:
        add_rule(g, b->number);
        break;
    }
}

static void add_nav(page *g)
{
    unsigned section = 0;
    ob_buf_add_str(g->out, "<nav aria-label=\"Contents\"><ul>");
    for (size_t i = 0; i < g->p->count; i++) {
        if (g->p->blocks[i].kind == OB_BLOCK_HEADING && g->p->blocks[i].level == 1) {
            ob_buf_addf(g->out, "<li><a href=\"#h%u\">", ++section);
            add_text(g, g->p->blocks[i].text);
            ob_buf_add_str(g->out, "</a></li>");
        }
    }
    ob_buf_add_str(g->out, "<li><a href=\"#sources\">Sources</a></li></ul></nav>\n");
}

static void add_head(page *g)
{
    obi_paper_fact facts[OBI_PAPER_FACTS] = {0};
    size_t count = 0;
    g->bad = g->bad || !obi_paper_facts(g->p, facts, &count, g->err);
    ob_buf_add_str(g->out,
                   "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                   "style-src 'unsafe-inline'\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                   "<meta name=\"generator\" content=\"Ombud\">\n<title>");
    add_text(g, g->p->title);
    ob_buf_add_str(g->out, "</title>\n<style>");
    ob_buf_add_str(g->out, style_screen);
    ob_buf_add_str(g->out, style_other);
    ob_buf_add_str(g->out, "</style></head>\n<body><a class=\"skip\" href=\"#main\">To the "
                           "text</a>\n<header><h1>");
    add_text(g, g->p->title);
    ob_buf_add_str(g->out, "</h1>\n<dl>");
    for (size_t i = 0; i < count; i++) {
        ob_buf_addf(g->out, "<dt>%s</dt><dd>", facts[i].name);
        add_text(g, facts[i].text);
        ob_buf_add_str(g->out, "</dd>\n");
    }
    ob_buf_addf(g->out, "</dl><p class=\"note\">%s</p></header>\n", obi_paper_note);
    add_nav(g);
    ob_buf_add_str(g->out, "<main id=\"main\">\n");
}

static void add_annex(page *g, const char *title)
{
    g->annex++;
    ob_buf_addf(g->out, "<h2 id=\"annex-%c\">Annex %c: %s</h2>\n", g->annex, g->annex, title);
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
            ob_buf_addf(g->out,
                        "<div class=\"scroll\" id=\"t%u\"><table><caption><b>Table %u, "
                        "continued.</b> ",
                        b->number, b->number);
            add_text(g, b->text);
            add_rows(g, b, b->shown, b->count / b->columns);
        }
    }
    if (p->lists_count > 0) {
        add_annex(g, "lists of ids");
        ob_buf_add_str(g->out, "<ul>\n");
    }
    for (uint32_t i = 0; i < p->lists_count; i++) {
        ob_buf_addf(g->out, "<li id=\"l%u\">List %u: <span class=\"ids\">", i + 1, i + 1);
        add_refs(g, p->lists[i].refs, p->lists[i].count);
        ob_buf_add_str(g->out, "</span></li>\n");
    }
    ob_buf_add_str(g->out, p->lists_count > 0 ? "</ul>\n" : "");
}

static void add_rules(page *g)
{
    bool any = false;
    for (uint32_t i = 0; i < g->p->kind->rules_count; i++) {
        if (g->p->rules_cited[i]) {
            if (!any) {
                add_annex(g, "rules");
            }
            add_rule(g, i);
            any = true;
        }
    }
}

static void add_sources(page *g)
{
    const ob_paper *p = g->p;
    add_annex(g, "sources");
    ob_buf_add_str(
        g->out, "<div id=\"sources\" class=\"scroll\"><table><thead><tr><th scope=\"col\">Id</th>"
                "<th scope=\"col\">Title</th><th scope=\"col\">Body</th>"
                "<th scope=\"col\">Status</th><th scope=\"col\">Last read</th>"
                "<th scope=\"col\">Known from</th></tr></thead><tbody>");
    for (size_t i = 0; i < p->sources_count; i++) {
        const ob_ref *ref = &p->sources[i];
        OB_AUTO(ob_buf) id = {.max = 4096};
        char day[OB_DAY_TEXT_MAX];
        ob_day_write(ob_ref_day(p, ref), day);
        g->bad = g->bad || !ob_ref_id(p, ref, &id, g->err);
        ob_buf_addf(g->out, "\n<tr id=\"s%zu\"><td>", i);
        add_text(g, ob_buf_span(&id));
        ob_buf_add_str(g->out, "</td><td>");
        ob_span title = ob_ref_title(p, ref);
        add_text(g, title.len > 0 ? title : OB_SPAN("title not known"));
        ob_buf_add_str(g->out, "</td><td>");
        add_text(g, obi_ref_body(p, ref));
        ob_buf_add_str(g->out, "</td><td>");
        add_text(g, obi_ref_status(p, ref));
        ob_buf_addf(g->out, "</td><td>%s</td><td>%s</td></tr>", day, obi_ref_evidence(p, ref));
    }
    ob_buf_add_str(g->out, "</tbody></table></div>\n");
}

bool ob_paper_html(ob_buf *out, const ob_paper *p, ob_err *err)
{
    page g = {.out = out, .p = p, .err = err, .annex = 'A' - 1};
    add_head(&g);
    for (size_t i = 0; i < p->count; i++) {
        add_block(&g, i);
    }
    add_annexes(&g);
    add_rules(&g);
    add_sources(&g);
    ob_buf_add_str(out, "</main>\n</body></html>\n");
    return !g.bad && ob_buf_check(out, "a paper", err);
}
