/* SPDX-License-Identifier: Apache-2.0 */
#include "drive/judge.h"

#include "drive/driver.h"
#include "drive/service_read.h"

/* key: {secret: NAME} becomes the bearer token; a key in plain text would be kept in the file. */
static bool read_key(obi_service_reader *r, ob_err *err)
{
    const ob_yaml *node = ob_yaml_get(r->doc->root, "key");
    ob_value key = {0};
    ob_span text = {0};
    if (node == NULL) {
        return true;
    }
    if (!obi_read_value(r, r->doc->root, "key", &key, err)) {
        return false;
    }
    if (key.secret.len == 0) {
        return ob_yaml_fail(r->doc, node, err, "'key' is {secret: NAME}; a key stands in no file");
    }
    ob_field *header = OB_NEW(r->arena, ob_field, 1, err);
    if (header == NULL ||
        !ob_arena_printf(r->arena, &text, err, "Bearer {{secret.%.*s}}", OB_SHOW(key.secret))) {
        return false;
    }
    *header = (ob_field){.name = OB_SPAN("Authorization"), .value = {.text = text}};
    r->service->headers = header;
    r->service->headers_count = 1;
    return true;
}

/* temperature: 0 unless the file says another number, or none for models that refuse it. */
static bool read_temperature(obi_service_reader *r, ob_err *err)
{
    const ob_yaml *root = r->doc->root;
    const ob_yaml *node = ob_yaml_get(root, "temperature");
    double value = 0;
    r->service->temperature = OB_SPAN("0");
    if (node == NULL) {
        return true;
    }
    if (node->kind == OB_YAML_SCALAR && ob_span_is_str(node->text, "none")) {
        r->service->temperature = (ob_span){"", 0};
        return true;
    }
    return ob_yaml_double(r->doc, root, "temperature", 0, 2, &value, err) &&
           ob_arena_printf(r->arena, &r->service->temperature, err, "%.9g", value);
}

static bool make_settings(ob_judge *judge, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = OB_INPUT_FILE_MAX};
    const ob_service *s = &judge->service;
    const ob_span parts[] = {s->address, s->path, s->model, s->temperature,
                             s->json_mode ? OB_SPAN("json") : OB_SPAN("text")};
    for (size_t i = 0; i < OB_COUNT(parts); i++) {
        ob_buf_addf(&text, "%zu:", parts[i].len);
        ob_buf_add(&text, parts[i]);
    }
    const ob_span whole = ob_buf_span(&text);
    return ob_buf_check(&text, "the judge's settings", err) &&
           ob_sha256(&whole, 1, &judge->settings, err);
}

static bool read_all(ob_judge *judge, ob_arena *arena, ob_err *err)
{
    static const char *const keys[] = {"ombud", "judge",       "address",   "path", "model",
                                       "key",   "temperature", "json_mode", "tls",  "limits"};
    obi_service_reader *r = OB_NEW(arena, obi_service_reader, 1, err);
    ob_service *s = &judge->service;
    const ob_yaml *root = s->doc.root;
    const ob_yaml *node = NULL;
    uint64_t version = 0;
    if (r == NULL) {
        return false;
    }
    r->service = s;
    r->doc = &s->doc;
    r->arena = arena;
    r->names.arena = arena;
    r->secrets.arena = arena;
    s->time_scale = 1;
    s->driver = ob_driver_find(OB_SPAN("openai"));
    s->path = OB_SPAN("/v1/chat/completions");
    if (!ob_yaml_known(r->doc, root, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(r->doc, root, "ombud", &node, err) ||
        !ob_yaml_u64(r->doc, root, "ombud", 1, 1, &version, err) ||
        !ob_yaml_need(r->doc, root, "judge", &node, err) ||
        !ob_yaml_text(r->doc, root, "judge", &judge->title, err) || !obi_read_address(r, err) ||
        !ob_yaml_text(r->doc, root, "path", &s->path, err) ||
        !ob_yaml_need(r->doc, root, "model", &node, err) ||
        !ob_yaml_text(r->doc, root, "model", &s->model, err) ||
        !ob_yaml_bool(r->doc, root, "json_mode", &s->json_mode, err)) {
        return false;
    }
    if (s->path.ptr[0] != '/' || ob_span_find(s->path, OB_SPAN("{{"), 0) != SIZE_MAX) {
        return ob_yaml_fail(r->doc, ob_yaml_get(root, "path"), err,
                            "'path' must begin with '/' and is no template");
    }
    s->title = judge->title;
    return read_key(r, err) && read_temperature(r, err) && obi_read_tls(r, err) &&
           obi_read_limits(r, err) && obi_check_uses(r, err) && make_settings(judge, err);
}

bool ob_judge_parse(ob_judge *judge, ob_arena *arena, ob_span name, ob_span text, ob_err *err)
{
    ob_judge read = {0};
    if (!ob_yaml_parse(&read.service.doc, arena, name, text, OB_INPUT_FILE_MAX, err) ||
        !read_all(&read, arena, err)) {
        return false;
    }
    *judge = read;
    return true;
}

bool ob_judge_load(ob_judge *judge, ob_arena *arena, const char *path, ob_err *err)
{
    ob_judge read = {0};
    if (!ob_yaml_load(&read.service.doc, arena, path, OB_INPUT_FILE_MAX, err) ||
        !read_all(&read, arena, err)) {
        return false;
    }
    *judge = read;
    return true;
}
