/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Papers as one page of HTML: nothing is loaded, no script, black on white when printed. Ids are
 * small links to the sources at the end. Foreign text goes through ob_buf_add_html and nothing
 * else; ids of elements are made from numbers.
 */
#include "map/paper_form.h"

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

static bool add_text(ob_buf *out, ob_span text, ob_err *err)
{
    (void)err;
    ob_buf_add_html(out, text);
    return true;
}

static void add_begin(obi_page *g)
{
    ob_buf_add_str(g->out,
                   "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                   "style-src 'unsafe-inline'\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                   "<meta name=\"generator\" content=\"Ombud\">\n<title>");
    obi_page_text(g, g->p->title);
    ob_buf_add_str(g->out, "</title>\n<style>");
    ob_buf_add_str(g->out, style_screen);
    ob_buf_add_str(g->out, style_other);
    ob_buf_add_str(g->out, "</style></head>\n<body><a class=\"skip\" href=\"#main\">To the "
                           "text</a>\n<header>");
}

static void add_contents(obi_page *g)
{
    unsigned section = 0;
    ob_buf_add_str(g->out, "<nav aria-label=\"Contents\"><ul>");
    for (size_t i = 0; i < g->p->count; i++) {
        if (g->p->blocks[i].kind == OB_BLOCK_HEADING && g->p->blocks[i].level == 1) {
            ob_buf_addf(g->out, "<li><a href=\"#h%u\">", ++section);
            obi_page_text(g, g->p->blocks[i].text);
            ob_buf_add_str(g->out, "</a></li>");
        }
    }
    ob_buf_add_str(g->out, "<li><a href=\"#sources\">Sources</a></li></ul></nav>\n"
                           "<main id=\"main\">\n");
}

#define OB_MARKS(tag, a, b, c, before, number, behind) {before, number, behind},
static const obi_paper_form form = {.text = add_text,
                                    .begin = add_begin,
                                    .contents = add_contents,
                                    .marks = {
#include "map/paper_marks.def"
                                    }};

bool ob_paper_html(ob_buf *out, const ob_paper *p, ob_err *err)
{
    return obi_paper_write(out, p, &form, err);
}
