/* SPDX-License-Identifier: Apache-2.0 */
#include "map/cited.h"

/* Words of both forms for what we call kinds; others stay. */
static ob_span kind_of(ob_span word)
{
    static const char *const rows[][2] = {{"STAND", "standard"},
                                          {"standard", "standard"},
                                          {"RPRT", "report"},
                                          {"techreport", "report"},
                                          {"report", "report"},
                                          {"BOOK", "book"},
                                          {"book", "book"},
                                          {"JOUR", "article"},
                                          {"article", "article"},
                                          {"CONF", "conference paper"},
                                          {"CPAPER", "conference paper"},
                                          {"inproceedings", "conference paper"},
                                          {"ELEC", "page"},
                                          {"online", "page"},
                                          {"GEN", "document"},
                                          {"misc", "document"},
                                          {"manual", "document"}};
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        if (ob_span_is_nocase(word, ob_span_str(rows[i][0]))) {
            return ob_span_str(rows[i][1]);
        }
    }
    return word;
}

bool ob_cited_give(const ob_cited *r, ob_arena *arena, const ob_import_file *file,
                   const ob_import_sink *sink, ob_err *err)
{
    ob_span id = r->number.len > 0 ? r->number : r->doi.len > 0 ? r->doi : r->key;
    ob_item item = {
        .reported = true, .group = r->publisher, .type = kind_of(r->kind), .comment = r->note};
    ob_day day = 0;
    char shown[OB_DAY_TEXT_MAX] = "";
    if (id.len == 0 || r->title.len == 0) {
        return ob_import_fail(file, r->line, err, "the record that begins here has no %s",
                              r->title.len == 0 ? "title" : "number, DOI or key");
    }
    if (r->date.len > 0 && !ob_day_read(r->date, &day)) {
        return ob_import_fail(file, r->line, err,
                              "the record that begins here has a date that is none");
    }
    ob_day_write(day, shown);
    if (!ob_arena_printf(arena, &item.status, err, "Published%s%s", day != 0 ? " on " : "",
                         shown) ||
        !ob_fold_blanks(arena, id, &item.id, err) ||
        !ob_fold_blanks(arena, r->title, &item.title, err) ||
        !ob_fold_blanks(arena, r->summary, &item.summary, err)) {
        return false;
    }
    if (item.id.len == 0 || item.title.len == 0) {
        return ob_import_fail(file, r->line, err,
                              "the record that begins here has an empty title "
                              "or number");
    }
    return ob_item_give(&item, file, sink, err);
}
