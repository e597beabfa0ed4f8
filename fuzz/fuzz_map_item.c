/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page of a work item, as text or as HTML: a refusal names the file and a line of it. What is
 * taken has an id and a title, and is the same when it was stored and read again.
 */
#include "map/item.h"

#include "fuzz.h"

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
    hold(*at == ':' && line > 0 && line <= lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) one = {.max = OB_PAGE_MAX * 2};
    OB_AUTO(ob_buf) two = {.max = OB_PAGE_MAX * 2};
    ob_span text = {(const char *)data, size};
    ob_page_text page = {0};
    ob_item item = {0};
    ob_item back = {0};
    ob_err err = {0};
    if (!ob_page_read(&page, &arena, OB_SPAN("p"), text, &err)) {
        hold(page.cells == NULL && err.kind == OB_ERR_INPUT);
        hold_line(&err, text);
        return 0;
    }
    for (size_t i = 0; i < page.count; i++) {
        hold(page.cells[i].text.len > 0 && ob_utf8_bad(page.cells[i].text) == SIZE_MAX);
        hold(page.cells[i].line > 0 && page.cells[i].line <= page.lines + 1);
    }
    if (!ob_item_read(&item, &arena, &page, &err)) {
        hold(item.id.ptr == NULL && err.kind == OB_ERR_INPUT);
        hold_line(&err, text);
        return 0;
    }
    hold(item.id.len > 0 && item.title.len > 0 && ob_item_is(&page));
    for (size_t i = 0; i < item.liaisons.count; i++) {
        hold(item.liaisons.items[i].len > 0);
    }
    ob_item_write(&one, &item);
    hold(ob_buf_check(&one, "it", &err) && ob_item_parse(&back, &arena, ob_buf_span(&one), &err));
    ob_item_write(&two, &back);
    hold(ob_span_is(ob_buf_span(&one), ob_buf_span(&two)));
    return 0;
}
