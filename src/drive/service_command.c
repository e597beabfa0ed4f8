/* SPDX-License-Identifier: Apache-2.0 */
/* The section 'command' of a service file: a service that is a local program. */
#include "drive/driver.h"
#include "drive/service_read.h"

#define WORDS_MAX     64
#define PROCESSES_MAX 64
#define ADDRESS_BYTES 160 /* of the words, as they are shown */

static bool read_words(obi_service_reader *r, const ob_yaml *node, ob_err *err)
{
    ob_service_command *c = &r->service->command;
    const ob_yaml *list = NULL;
    if (!ob_yaml_need(r->doc, node, "run", &list, err)) {
        return false;
    }
    if (list->kind != OB_YAML_SEQ || list->count == 0 || list->count > WORDS_MAX) {
        return ob_yaml_fail(r->doc, list, err,
                            "'run' must be a list of words such as [node, bot.js]; no shell reads "
                            "it");
    }
    ob_span *words = OB_NEW(r->arena, ob_span, list->count, err);
    if (words == NULL) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        const ob_yaml *item = &list->items[i];
        if (item->kind != OB_YAML_SCALAR || (i == 0 && item->text.len == 0) ||
            memchr(item->text.ptr, '\0', item->text.len) != NULL) {
            return ob_yaml_fail(r->doc, item, err, "a word of 'run' is one text without NUL");
        }
        if (!ob_arena_dup(r->arena, item->text, &words[i], err)) {
            return false;
        }
    }
    c->words = words;
    c->words_count = list->count;
    return true;
}

/* Relative folders count from the service file, so that file and program can move together. */
static bool read_folder(obi_service_reader *r, const ob_yaml *node, ob_err *err)
{
    ob_span folder = {"", 0};
    ob_span name = r->doc->name;
    if (!ob_yaml_text(r->doc, node, "folder", &folder, err)) {
        return false;
    }
    while (name.len > 0 && name.ptr[name.len - 1] != '/') {
        name.len--;
    }
    if (folder.len > 0 && memchr(folder.ptr, '\0', folder.len) != NULL) {
        return ob_yaml_fail(r->doc, ob_yaml_get(node, "folder"), err, "'folder' holds NUL");
    }
    if (folder.len > 0 && folder.ptr[0] == '/') {
        return ob_arena_dup(r->arena, folder, &r->service->command.folder, err);
    }
    return ob_arena_printf(r->arena, &r->service->command.folder, err, "%.*s%.*s",
                           name.len == 0 ? 2 : (int)name.len, name.len == 0 ? "./" : name.ptr,
                           OB_SHOW(folder));
}

static bool read_environment(obi_service_reader *r, const ob_yaml *node, ob_err *err)
{
    ob_service_command *c = &r->service->command;
    r->at_start = true;
    bool good =
        obi_read_fields(r, node, "environment", false, &c->environment, &c->environment_count, err);
    r->at_start = false;
    for (size_t i = 0; good && i < c->environment_count; i++) {
        ob_span name = c->environment[i].name;
        if (name.ptr[0] <= '9' || memchr(name.ptr, '-', name.len) != NULL) {
            return ob_yaml_fail(r->doc, &ob_yaml_get(node, "environment")->keys[i], err,
                                "the name of a variable is made of letters, digits and '_', and "
                                "begins with no digit");
        }
    }
    return good;
}

/* What people see in place of an address. */
static bool make_address(obi_service_reader *r, ob_err *err)
{
    OB_AUTO(ob_buf) words = {.max = 65536};
    OB_AUTO(ob_buf) text = {.max = 4096};
    const ob_service_command *c = &r->service->command;
    for (size_t i = 0; i < c->words_count && words.len < ADDRESS_BYTES; i++) {
        ob_buf_add_str(&words, i == 0 ? "" : " ");
        ob_buf_add(&words, ob_span_sub(c->words[i], 0, ADDRESS_BYTES));
    }
    ob_buf_add_str(&text, "command:");
    ob_buf_add_shown(&text, ob_buf_span(&words), ADDRESS_BYTES);
    return ob_buf_check(&text, "the words of 'run'", err) &&
           ob_arena_dup(r->arena, ob_buf_span(&text), &r->service->address, err);
}

static bool refuse_http(const obi_service_reader *r, ob_err *err)
{
    static const char *const keys[] = {"address", "headers", "proxy", "tls"};
    for (size_t i = 0; i < OB_COUNT(keys); i++) {
        const ob_yaml *node = ob_yaml_get(r->doc->root, keys[i]);
        if (node != NULL) {
            return ob_yaml_fail(r->doc, node, err,
                                "'%s' is for services behind HTTP, not for 'driver: command'; "
                                "remove it",
                                keys[i]);
        }
    }
    return true;
}

bool obi_read_command(obi_service_reader *r, ob_err *err)
{
    static const char *const keys[] = {"run",   "folder", "environment", "processes",
                                       "reply", "tools",  "citations",   "usage"};
    const ob_yaml *node = ob_yaml_get(r->doc->root, "command");
    ob_service *s = r->service;
    uint64_t processes = 1;
    if (!s->driver->is_program) {
        return node == NULL || ob_yaml_fail(r->doc, node, err, "'command' needs 'driver: command'");
    }
    if (node == NULL) {
        return ob_yaml_fail(r->doc, r->doc->root, err,
                            "needs 'command' with the program's words as 'run'; add it");
    }
    if (!refuse_http(r, err) || !ob_yaml_known(r->doc, node, keys, OB_COUNT(keys), err) ||
        !read_words(r, node, err) || !read_folder(r, node, err) ||
        !read_environment(r, node, err) ||
        !ob_yaml_u64(r->doc, node, "processes", 1, PROCESSES_MAX, &processes, err)) {
        return false;
    }
    s->command.processes = (unsigned)processes;
    s->uses_session_key = true; /* a line says which conversation it is of */
    return make_address(r, err) &&
           obi_read_expression_or(r, node, "reply", ".reply", &s->reply, err) &&
           obi_read_expression(r, node, "tools", &s->tools, err) &&
           obi_read_expression(r, node, "citations", &s->citations, err) &&
           obi_read_expression(r, node, "usage", &s->usage, err);
}
