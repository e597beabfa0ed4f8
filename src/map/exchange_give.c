/* SPDX-License-Identifier: Apache-2.0 */
/* What importers have in common: giving readings, and saying where a mistake is. */
#include "map/exchange.h"

#include <ombud/text.h>
#include <stdarg.h>

bool ob_import_fail_at(const ob_import_file *file, size_t line, ob_err *err, const char *where,
                       const char *format, ...)
{
    char text[sizeof err->text];
    ob_page_text named = {.name = file->name};
    va_list values;
    va_start(values, format);
    if (vsnprintf(text, sizeof text, format, values) < 0) {
        text[0] = '\0';
    }
    va_end(values);
    return ob_page_fail_at(&named, (uint32_t)line, err, where, "%s", text);
}

bool ob_import_is_text(const ob_import_file *file, ob_err *err)
{
    size_t line = 0;
    size_t column = 0;
    size_t at = ob_utf8_bad(file->bytes);
    size_t nul = ob_span_find(file->bytes, OB_SPAN("\0"), 0);
    if (at == SIZE_MAX && nul == SIZE_MAX) {
        return true;
    }
    ob_text_place(file->bytes, at < nul ? at : nul, &line, &column);
    return ob_import_fail(file, line, err, "%s",
                          at < nul ? "the text is not UTF-8" : "the text holds a NUL");
}

bool ob_import_json(ob_json_doc *doc, ob_arena *arena, const ob_import_file *file, ob_err *err)
{
    ob_json_parser parser;
    ob_json_token token = {0};
    size_t line = 1;
    size_t column = 1;
    ob_json_start(&parser, file->bytes);
    while (ob_json_next(&parser, &token) == OB_DONE) {
        if (token.kind == OB_JSON_END) {
            return ob_json_parse(doc, arena, file->bytes, err);
        }
    }
    ob_text_place(file->bytes, parser.at, &line, &column);
    return ob_import_fail(file, line, err, "this is no JSON: %s", parser.why);
}

static bool give(const ob_statement *s, ob_span subject, const ob_import_file *file,
                 const ob_import_sink *sink, const ob_digest *digest, ob_err *err)
{
    OB_AUTO(ob_buf) body = {.max = OB_PAGE_MAX};
    ob_statement_write(&body, s);
    return ob_reading_give(file, sink, OB_SPAN("relation"), subject, digest, &body, err);
}

bool ob_statements_give(ob_statements *list, ob_arena *arena, const ob_import_file *file,
                        const ob_import_sink *sink, ob_err *err)
{
    ob_digest digest = {0};
    unsigned same = 0;
    ob_statements_sort(list);
    if (!ob_sha256(&file->bytes, 1, &digest, err)) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        /* Two may be related for several reasons. The last reading of a subject holds, so further
         * ones of one file get subjects of their own. */
        const ob_statement *s = &list->items[i];
        ob_span subject = {0};
        char more[24] = "";
        bool again = i > 0 && ob_span_is(s->text[OB_ST_FROM], s[-1].text[OB_ST_FROM]) &&
                     ob_span_is(s->text[OB_ST_TO], s[-1].text[OB_ST_TO]);
        same = again ? same + 1 : 0;
        if (again) {
            (void)snprintf(more, sizeof more, " / %u", same + 1);
        }
        if (!ob_arena_printf(arena, &subject, err, "%.*s -> %.*s%s", OB_SHOW(s->text[OB_ST_FROM]),
                             OB_SHOW(s->text[OB_ST_TO]), more) ||
            !give(s, subject, file, sink, &digest, err)) {
            return false;
        }
    }
    return true;
}

bool ob_item_give(const ob_item *item, const ob_import_file *file, const ob_import_sink *sink,
                  ob_err *err)
{
    OB_AUTO(ob_buf) body = {.max = OB_PAGE_MAX * 2};
    ob_item_write(&body, item);
    return ob_reading_give(file, sink, OB_SPAN("item"), item->id, NULL, &body, err);
}
