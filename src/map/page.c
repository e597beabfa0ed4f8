/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages as cells. HTML goes through libxml2's parser, which takes broken pages as browsers do; only
 * its events are used, no tree is built and nothing is fetched. Text is cut at line ends, at bars
 * where a line begins or ends with one, and at the tabs that browsers put between the cells of a
 * table that is copied.
 */
#include "map/page.h"

#include "map/page_decode.h"

#include <libxml/HTMLparser.h>
#include <ombud/text.h>
#include <stdarg.h>

bool ob_page_fail_at(const ob_page_text *page, uint32_t line, ob_err *err, const char *where,
                     const char *format, ...)
{
    OB_AUTO(ob_buf) name = {.max = 4096};
    char text[sizeof err->text];
    char at[16] = "";
    va_list values;
    va_start(values, format);
    if (vsnprintf(text, sizeof text, format, values) < 0) {
        text[0] = '\0';
    }
    va_end(values);
    size_t long_name = page->name.len > 100 ? page->name.len - 100 : 0;
    ob_buf_add_shown(&name, ob_span_sub(page->name, long_name, page->name.len), 100);
    if (line > 0) {
        (void)snprintf(at, sizeof at, ":%u", line);
    }
    return ob_fail_at(err, OB_ERR_INPUT, where, "%s%.*s%s: %s", long_name > 0 ? "..." : "",
                      OB_SHOW(ob_buf_span(&name)), at, text);
}

/* Cells */

typedef struct builder {
    ob_arena *arena;
    ob_buf cell; /* folded so far */
    uint32_t line;
    bool row;       /* the next cell is the first of its row */
    bool tab;       /* a tab stands before the next cell */
    ob_cell *cells; /* heap */
    size_t count;
    size_t cap;
    ob_err *err;
    bool bad;
    /* HTML */
    htmlParserCtxtPtr parser;
    unsigned hidden; /* open elements whose text nobody sees */
    bool no_memory;
} builder;

static void builder_fini(builder *b)
{
    ob_buf_fini(&b->cell);
    ob_mem_free(b->cells);
    if (b->parser != NULL) {
        htmlFreeParserCtxt(b->parser);
    }
}

static void end_cell(builder *b)
{
    ob_span text = ob_span_trim(ob_buf_span(&b->cell));
    void *items = b->cells;
    /* A cell that memory or the limit cut is no empty one. */
    b->bad = b->bad || !ob_buf_check(&b->cell, "a cell of a page", b->err);
    if (b->bad || text.len == 0) {
        ob_buf_reset(&b->cell);
        return;
    }
    b->bad = !ob_array_grow(&items, &b->cap, b->count, sizeof *b->cells, OB_PAGE_CELLS_MAX, b->err);
    if (!b->bad) {
        b->cells = items;
        ob_cell *cell = &b->cells[b->count++];
        *cell = (ob_cell){.line = b->line, .row = b->row, .tab = b->tab && !b->row};
        b->bad = !ob_arena_dup(b->arena, text, &cell->text, b->err);
    }
    b->row = false;
    ob_buf_reset(&b->cell);
}

static bool is_blank(uint32_t rune)
{
    return rune <= ' ' || rune == 0xa0 || rune == 0x3000 || (rune >= 0x2000 && rune <= 0x200b) ||
           rune == 0x202f || rune == 0xfeff || rune == 0x7f || (rune >= 0x80 && rune < 0xa0);
}

/* Adds text to the cell; any run of blanks becomes one. */
static void add_text(builder *b, ob_span text, uint32_t line)
{
    uint32_t rune = 0;
    for (size_t at = 0; ob_utf8_next(text, &at, &rune);) {
        bool empty = b->cell.len == 0;
        if (is_blank(rune)) {
            if (!empty && b->cell.ptr[b->cell.len - 1] != ' ') {
                ob_buf_add_char(&b->cell, ' ');
            }
            continue;
        }
        if (empty) {
            b->line = line;
        }
        ob_buf_add_rune(&b->cell, rune);
    }
}

/* Text */

#define TABLE_LEAST 3 /* rows */

/* The line behind the marks of quotation that a mail program put before it. */
static ob_span behind_quote(ob_span line)
{
    ob_span rest = ob_span_trim(line);
    while (rest.len > 0 && rest.ptr[0] == '>') {
        rest = ob_span_trim(ob_span_sub(rest, 1, rest.len));
    }
    return rest;
}

/* A page that was quoted has the marks before most of its lines; one "> 10" is text. */
static bool is_quoted(ob_span text)
{
    ob_span line = {0};
    size_t lines = 0;
    size_t quoted = 0;
    while (ob_span_cut_line(&text, &line)) {
        line = ob_span_trim(line);
        lines += line.len > 0;
        quoted += line.len > 0 && line.ptr[0] == '>';
    }
    return quoted * 2 > lines;
}

/* "1.", "a)", "iv.", a bullet: the tab behind one is a blank of the text. */
static bool is_mark(ob_span text)
{
    size_t letters = 0;
    for (size_t i = 0; i < text.len; i++) {
        int small = text.ptr[i] | 0x20;
        letters += small >= 'a' && small <= 'z';
    }
    return letters < 2 || (text.len < 6 && strchr(".)", text.ptr[text.len - 1]) != NULL);
}

/* Is a line a row of a table that was copied, "label<TAB>value"? Behind a colon, the blank of a
 * field may be a tab, too. */
static bool is_tabbed(ob_span line)
{
    ob_span first = {0};
    line = ob_span_trim(line);
    bool tab = ob_span_find(line, OB_SPAN("\t"), 0) != SIZE_MAX && ob_span_cut(&line, '\t', &first);
    first = ob_span_trim(first);
    return tab && !ob_span_has_suffix(first, OB_SPAN(":")) && !is_mark(first);
}

/* Single tabs stand in prose, too. */
static bool has_table(ob_span text)
{
    ob_span line = {0};
    size_t rows = 0;
    while (rows < TABLE_LEAST && ob_span_cut_line(&text, &line)) {
        rows += is_tabbed(line);
    }
    return rows == TABLE_LEAST;
}

static void read_text(builder *b, ob_span text)
{
    ob_span line = {0};
    bool quoted = is_quoted(text);
    bool table = has_table(text);
    for (uint32_t number = 1; ob_span_cut_line(&text, &line); number++) {
        ob_span rest = quoted ? behind_quote(line) : ob_span_trim(line);
        ob_span piece = {0};
        bool bars = rest.len > 0 && (rest.ptr[0] == '|' || rest.ptr[rest.len - 1] == '|');
        b->row = true;
        b->tab = table && !bars && is_tabbed(rest);
        if (!bars && !b->tab) {
            add_text(b, rest, number);
            end_cell(b);
            continue;
        }
        while (ob_span_cut(&rest, bars ? '|' : '\t', &piece)) {
            add_text(b, piece, number);
            end_cell(b);
        }
    }
}

/* HTML */

static bool is_word(const xmlChar *name, const char *const *words, size_t count)
{
    return ob_text_index(ob_span_str((const char *)name), words, count) >= 0;
}

static const char *const unseen[] = {"script",   "style",  "title",   "noscript",
                                     "template", "option", "textarea"};
static const char *const blocks[] = {
    "address", "article", "blockquote", "body", "br",    "caption", "dd", "div", "dl",
    "dt",      "footer",  "form",       "h1",   "h2",    "h3",      "h4", "h5",  "h6",
    "header",  "hr",      "li",         "main", "nav",   "ol",      "p",  "pre", "section",
    "table",   "tbody",   "td",         "th",   "thead", "tr",      "ul"};
static const char *const rows[] = {"br", "dt", "li", "p", "tr", "div", "h1", "h2", "h3", "h4"};

static void on_start(void *ctx, const xmlChar *name, const xmlChar **attributes)
{
    builder *b = ctx;
    (void)attributes;
    b->hidden += is_word(name, unseen, OB_COUNT(unseen));
    if (is_word(name, blocks, OB_COUNT(blocks))) {
        end_cell(b);
        b->row = b->row || is_word(name, rows, OB_COUNT(rows));
    }
}

static void on_end(void *ctx, const xmlChar *name)
{
    builder *b = ctx;
    if (b->hidden > 0 && is_word(name, unseen, OB_COUNT(unseen))) {
        b->hidden--;
    }
    if (is_word(name, blocks, OB_COUNT(blocks))) {
        end_cell(b);
    }
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
    builder *b = ctx;
    int line = b->parser == NULL || b->parser->input == NULL ? 1 : b->parser->input->line;
    ob_span bytes = {(const char *)text, len > 0 ? (size_t)len : 0};
    /* The parser stands behind the text, which may have ended some lines. */
    int breaks = 0;
    size_t lead = 0;
    while (lead < bytes.len && is_blank((unsigned char)bytes.ptr[lead])) {
        lead++;
    }
    for (size_t i = lead; i < bytes.len; i++) {
        breaks += bytes.ptr[i] == '\n';
    }
    if (b->hidden == 0) {
        add_text(b, bytes, line > breaks ? (uint32_t)(line - breaks) : 1);
    }
}

/* A name that libxml2 cannot keep it takes for none, and says so when it stands behind it; where no
 * name is, it stands right behind the '<', or at the next one. */
static bool is_lost(const builder *b, const xmlError *error)
{
    const xmlParserInput *in = b->parser == NULL ? NULL : b->parser->input;
    return error->code == XML_ERR_NAME_REQUIRED && error->message != NULL && in != NULL &&
           strstr(error->message, "element name") != NULL && in->cur > in->base &&
           in->cur[-1] != '<' && in->cur[0] != '<';
}

/* What libxml2 says of a page is nobody's concern, as it is mended; that memory ran out is. Then it
 * is stopped: it may look at one place for ever. */
static void on_error(void *ctx, xmlErrorPtr error)
{
    builder *b = ctx;
    bool lost = is_lost(b, error);
    if (error->code == XML_ERR_NO_MEMORY || lost) {
        b->no_memory = true;
        if (b->parser != NULL) {
            xmlStopParser(b->parser);
        }
    }
}

static bool parse_html(builder *b, ob_span text)
{
    htmlSAXHandler handler = {
        .startElement = on_start, .endElement = on_end, .characters = on_text};
    handler.ignorableWhitespace = on_text;
    b->row = true;
    b->parser = htmlCreatePushParserCtxt(&handler, b, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
    if (b->parser == NULL) {
        return false;
    }
    /* The bytes are UTF-8 by now, whatever the page says of itself. */
    (void)htmlCtxtUseOptions(b->parser, HTML_PARSE_NONET | HTML_PARSE_NOERROR |
                                            HTML_PARSE_NOWARNING | HTML_PARSE_RECOVER |
                                            HTML_PARSE_IGNORE_ENC);
    /* What is broken is mended; whether enough was there, the reader of the cells tells. */
    (void)htmlParseChunk(b->parser, text.ptr, (int)text.len, 0);
    (void)htmlParseChunk(b->parser, "", 0, 1);
    end_cell(b);
    return true;
}

/* Without memory the parser ends, or goes on without what it could not hold; either way text would
 * be missing. */
static bool read_html(builder *b, ob_span text)
{
    xmlStructuredErrorFunc other = xmlStructuredError; /* both are of this thread */
    void *other_ctx = xmlStructuredErrorContext;
    xmlSetStructuredErrorFunc(b, on_error);
    bool made = parse_html(b, text);
    xmlSetStructuredErrorFunc(other_ctx, other);
    return (made && !b->no_memory) ||
           ob_fail(b->err, OB_ERR_NOMEM, "no memory for the HTML parser; the page was not read");
}

static bool looks_like_html(ob_span text)
{
    static const char *const signs[] = {"<html", "<table", "<body", "<td", "<div", "<!doctype"};
    for (size_t i = 0; i < OB_COUNT(signs); i++) {
        if (ob_span_find_nocase(text, ob_span_str(signs[i]), 0) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

/* The source of a mail cuts long lines with "=", and writes a blank at the end of one as "=20". */
static bool is_mail_source(ob_span text)
{
    ob_span line = {0};
    size_t lines = 0;
    size_t coded = 0;
    while (ob_span_cut_line(&text, &line)) {
        line = ob_span_trim(line);
        lines += line.len > 0;
        coded += line.len > 0 && line.ptr[line.len - 1] == '=';
        coded +=
            line.len > 3 && ob_span_is(ob_span_sub(line, line.len - 3, line.len), OB_SPAN("=20"));
    }
    return coded >= 4 && coded * 4 > lines;
}

bool ob_page_read(ob_page_text *page, ob_arena *arena, ob_span name, ob_span bytes, ob_err *err)
{
    OB_AUTO(ob_buf) decoded = {.max = OBI_PAGE_TEXT_MAX};
    OB_AUTO(builder) b = {.arena = arena, .cell = {.max = OB_PAGE_MAX}, .err = err};
    ob_page_text made = {.name = name, .lines = 1};
    ob_span text = {0};
    if (!obi_page_decode(&made, &decoded, bytes, &text, err)) {
        return false;
    }
    for (size_t i = 0; i + 1 < text.len; i++) {
        made.lines += text.ptr[i] == '\n';
    }
    if (is_mail_source(text)) {
        return ob_page_fail(&made, 1, err,
                            "lines end in '=' as in the source of a mail; save the page itself");
    }
    made.html = looks_like_html(text);
    if (!made.html) {
        read_text(&b, text);
    } else if (!read_html(&b, text)) {
        return false;
    }
    if (b.bad) {
        return false;
    }
    if (b.count == 0) {
        return ob_page_fail(&made, 1, err, "the page is empty");
    }
    ob_cell *cells = OB_NEW(arena, ob_cell, b.count, err);
    if (cells == NULL) {
        return false;
    }
    (void)memcpy(cells, b.cells, b.count * sizeof *cells);
    made.cells = cells;
    made.count = b.count;
    *page = made;
    return true;
}
