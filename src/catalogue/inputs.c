/* SPDX-License-Identifier: Apache-2.0 */
#include "catalogue/inputs.h"

#include "catalogue/inputs_core.h"

#include <ombud/text.h>

#include <errno.h>
#include <limits.h>
#include <unistd.h>

typedef struct reader {
    ob_inputs *out;
    ob_arena *arena;
    const char *folder;
    const ob_input_folders *folders;
    const ob_yaml_doc *doc;
} reader;

bool obi_inputs_is_name(ob_span text)
{
    bool good = text.len > 0 && text.len <= 64;
    for (size_t i = 0; good && i < text.len; i++) {
        char c = text.ptr[i];
        good = (c >= 'a' && c <= 'z') || (i > 0 && ((c >= '0' && c <= '9') || c == '_'));
    }
    return good;
}

static bool need_name(const ob_yaml_doc *doc, const ob_yaml *key, ob_err *err)
{
    return obi_inputs_is_name(key->text) ||
           ob_yaml_fail(doc, key, err, "'%.*s' is no name; use lower-case letters, digits and _",
                        OB_SHOW(ob_span_sub(key->text, 0, OB_QUOTE_MAX)));
}

void ob_input_fill(const ob_input *input, ob_buf *out)
{
    ob_span text = input->text;
    while (out->len < input->fill && out->bad == OB_OK) {
        size_t left = input->fill - out->len;
        size_t end = left < text.len ? left : text.len;
        while (end < text.len && end > 0 && ((unsigned char)text.ptr[end] & 0xC0u) == 0x80) {
            end--;
        }
        ob_buf_add(out, ob_span_sub(text, 0, end));
        if (end < text.len) {
            return;
        }
    }
}

/* Notes that a text is to be repeated; one that is so already is repeated here, a longer one is
 * cut. */
static bool fill(const ob_yaml_doc *doc, const ob_yaml *at, size_t bytes, ob_input *input,
                 ob_arena *arena, ob_err *err)
{
    if (bytes == 0) {
        return true;
    }
    if (input->text.len == 0 ||
        (!input->literal && ob_span_find(input->text, OB_SPAN("{{"), 0) != SIZE_MAX)) {
        return ob_yaml_fail(doc, at, err,
                            "fill repeats a text as it is: it needs one, and without "
                            "{{names}}");
    }
    if (input->fill > 0) {
        OB_AUTO(ob_buf) text = {.max = OB_INPUTS_FILL_MAX};
        ob_input_fill(input, &text);
        if (!ob_buf_check(&text, "a filled text", err) ||
            !ob_arena_dup(arena, ob_buf_span(&text), &input->text, err)) {
            return false;
        }
    }
    if (bytes < input->text.len) {
        size_t end = bytes;
        while (end > 0 && ((unsigned char)input->text.ptr[end] & 0xC0u) == 0x80) {
            end--;
        }
        input->text = ob_span_sub(input->text, 0, end);
        bytes = 0;
    }
    input->fill = bytes;
    return true;
}

static bool read_size(const ob_yaml_doc *doc, const ob_yaml *map, size_t *bytes, ob_err *err)
{
    return ob_yaml_bytes(doc, map, "fill", OB_INPUTS_FILL_MAX, bytes, err);
}

/* A list of texts, or of maps of text, kind, lang, fill and fields of its own. */

static bool read_item(const reader *r, const ob_yaml_doc *doc, const ob_yaml *item, ob_input *input,
                      ob_err *err)
{
    static const char *const own[] = {"text", "kind", "lang", "fill"};
    const ob_yaml *text = NULL;
    size_t bytes = 0;
    if (!ob_yaml_need(doc, item, "text", &text, err) ||
        !ob_yaml_text(doc, item, "text", &input->text, err) ||
        !ob_yaml_text(doc, item, "kind", &input->kind, err) ||
        !ob_yaml_text(doc, item, "lang", &input->lang, err) || !read_size(doc, item, &bytes, err) ||
        !fill(doc, item, bytes, input, r->arena, err)) {
        return false;
    }
    ob_var *fields = OB_NEW(r->arena, ob_var, item->count, err);
    for (size_t i = 0; fields != NULL && i < item->count; i++) {
        const ob_yaml *key = &item->keys[i];
        if (ob_text_index(key->text, own, OB_COUNT(own)) >= 0) {
            continue;
        }
        if (!need_name(doc, key, err)) {
            return false;
        }
        if (item->items[i].kind != OB_YAML_SCALAR) {
            return ob_yaml_fail(doc, &item->items[i], err, "'%.*s' is one text or number",
                                OB_SHOW(key->text));
        }
        fields[input->fields_count++] = (ob_var){key->text, item->items[i].text, false};
    }
    input->fields = fields;
    return fields != NULL;
}

static bool read_items(const reader *r, const ob_yaml_doc *doc, const ob_yaml *list, ob_err *err)
{
    if (list->kind != OB_YAML_SEQ || list->count == 0) {
        return ob_yaml_fail(doc, list, err, "a list of inputs with at least one item is wanted");
    }
    ob_input *inputs = OB_NEW(r->arena, ob_input, list->count, err);
    for (size_t i = 0; inputs != NULL && i < list->count; i++) {
        const ob_yaml *item = &list->items[i];
        inputs[i].lang = OB_SPAN("en");
        if (item->kind == OB_YAML_SCALAR) {
            inputs[i].text = item->text;
        } else if (item->kind != OB_YAML_MAP) {
            return ob_yaml_fail(doc, item, err, "an input is a text or a map with text");
        } else if (!read_item(r, doc, item, &inputs[i], err)) {
            return false;
        }
    }
    *r->out = (ob_inputs){inputs, list->count};
    return inputs != NULL;
}

/* matrix: the product of its axes */

static bool check_matrix(const reader *r, const ob_yaml *matrix, size_t *count, ob_err *err)
{
    if (matrix->kind != OB_YAML_MAP || matrix->count == 0) {
        return ob_yaml_fail(r->doc, matrix, err, "matrix is a map of axis to list of values");
    }
    *count = 1;
    for (size_t i = 0; i < matrix->count; i++) {
        const ob_yaml *axis = &matrix->items[i];
        if (!need_name(r->doc, &matrix->keys[i], err)) {
            return false;
        }
        if (axis->kind != OB_YAML_SEQ || axis->count == 0) {
            return ob_yaml_fail(r->doc, axis, err, "an axis is a list of values");
        }
        for (size_t k = 0; k < axis->count; k++) {
            if (axis->items[k].kind != OB_YAML_SCALAR) {
                return ob_yaml_fail(r->doc, &axis->items[k], err, "a value is one text or number");
            }
        }
        if (axis->count > OB_INPUTS_MATRIX_MAX / *count) {
            return ob_yaml_fail(r->doc, matrix, err,
                                "the matrix makes more than %zu items; shorten its axes",
                                OB_INPUTS_MATRIX_MAX);
        }
        *count *= axis->count;
    }
    return true;
}

static void make_cell(const ob_yaml *matrix, size_t number, ob_input *input, ob_var *fields)
{
    input->lang = OB_SPAN("en");
    for (size_t i = matrix->count; i-- > 0;) {
        const ob_yaml *axis = &matrix->items[i];
        ob_span name = matrix->keys[i].text;
        ob_span value = axis->items[number % axis->count].text;
        number /= axis->count;
        if (ob_span_is_str(name, "text")) {
            input->text = value;
        } else if (ob_span_is_str(name, "kind")) {
            input->kind = value;
        } else if (ob_span_is_str(name, "lang")) {
            input->lang = value;
        } else {
            fields[input->fields_count++] = (ob_var){name, value, false};
        }
    }
    input->fields = fields;
}

static bool read_matrix(const reader *r, const ob_yaml *matrix, ob_err *err)
{
    size_t count = 0;
    if (!check_matrix(r, matrix, &count, err)) {
        return false;
    }
    ob_input *inputs = OB_NEW(r->arena, ob_input, count, err);
    ob_var *fields = OB_NEW(r->arena, ob_var, count * matrix->count, err);
    for (size_t i = 0; inputs != NULL && fields != NULL && i < count; i++) {
        make_cell(matrix, i, &inputs[i], &fields[i * matrix->count]);
    }
    *r->out = (ob_inputs){inputs, count};
    return inputs != NULL && fields != NULL;
}

/* file */

static bool is_safe(ob_span name)
{
    ob_span rest = name;
    ob_span part = {0};
    bool good = name.len > 0 && name.ptr[0] != '/' && memchr(name.ptr, 0, name.len) == NULL;
    while (good && ob_span_cut(&rest, '/', &part)) {
        good = !ob_span_is_str(part, "..");
    }
    return good;
}

/* Looks below one folder: *path stays empty when nothing is there. */
static bool look_below(const reader *r, const ob_yaml *at, const char *folder, ob_span name,
                       ob_span *path, ob_err *err)
{
    char base[PATH_MAX];
    char real[PATH_MAX];
    ob_span here = {0};
    if (!ob_arena_printf(r->arena, &here, err, "%s/%.*s", folder, OB_SHOW(name))) {
        return false;
    }
    if (realpath(folder, base) == NULL || realpath(here.ptr, real) == NULL) {
        if (errno == ENOENT || errno == ENOTDIR) {
            return true;
        }
        return ob_fail_errno(err, errno, "cannot open %s", here.ptr);
    }
    size_t length = strlen(base);
    bool within = strncmp(base, real, length) == 0 &&
                  (real[length] == '/' || (length > 0 && base[length - 1] == '/'));
    if (!within) {
        return ob_yaml_fail(r->doc, at, err,
                            "'%.*s' is a link that leads out of its folder; name the folder that "
                            "holds it with --inputs DIR",
                            OB_SHOW(ob_span_sub(name, 0, OB_QUOTE_MAX)));
    }
    *path = here;
    return true;
}

static bool find_file(const reader *r, const ob_yaml *at, ob_span name, ob_span *path, ob_err *err)
{
    OB_AUTO(ob_buf) searched = {.max = (size_t)1 << 20};
    size_t count = r->folders == NULL ? 0 : r->folders->count;
    if (!is_safe(name)) {
        return ob_yaml_fail(r->doc, at, err,
                            "'%.*s' must lie below the profile's folder or one given with --inputs "
                            "DIR, without '..'",
                            OB_SHOW(ob_span_sub(name, 0, OB_QUOTE_MAX)));
    }
    for (size_t i = 0; i <= count; i++) {
        const char *folder = i == 0 ? r->folder : r->folders->items[i - 1];
        if (!look_below(r, at, folder, name, path, err)) {
            return false;
        }
        if (path->len > 0) {
            return true;
        }
        ob_buf_add_str(&searched, i > 0 ? ", " : "");
        ob_buf_add_str(&searched, folder);
    }
    return ob_buf_check(&searched, "the list of folders", err) &&
           ob_yaml_fail(r->doc, at, err,
                        "no file '%.*s'; name its folder with --inputs DIR (searched: %.*s)",
                        OB_SHOW(ob_span_sub(name, 0, OB_QUOTE_MAX)),
                        OB_SHOW(ob_buf_span(&searched)));
}

static bool read_format(const reader *r, const ob_yaml *node, ob_span name,
                        ob_inputs_format *format, ob_err *err)
{
    static const char *const formats[] = {"yaml", "csv", "json", "jsonl", "text"};
    static const char *const ends[] = {".yaml", ".csv", ".json", ".jsonl", ".txt"};
    int which = -1;
    if (!ob_yaml_choice(r->doc, node, "format", formats, OB_COUNT(formats), &which, err)) {
        return false;
    }
    for (int i = 0; which < 0 && i < (int)OB_COUNT(ends); i++) {
        if (ob_span_has_suffix(name, ob_span_str(ends[i]))) {
            which = i;
        }
    }
    if (which < 0) {
        return ob_yaml_fail(r->doc, node, err,
                            "say what the file is with format: yaml, csv, json, "
                            "jsonl or text");
    }
    *format = (ob_inputs_format)which;
    return true;
}

/* A map of name to text, as pairs; columns and where. */
static bool read_pairs(const reader *r, const ob_yaml *map, const char *what,
                       ob_inputs_pair **pairs, size_t *count, ob_err *err)
{
    if (map == NULL) {
        return true;
    }
    if (map->kind != OB_YAML_MAP || map->count == 0) {
        return ob_yaml_fail(r->doc, map, err, "%s is a map", what);
    }
    *pairs = OB_NEW(r->arena, ob_inputs_pair, map->count, err);
    for (size_t i = 0; *pairs != NULL && i < map->count; i++) {
        if (map->items[i].kind != OB_YAML_SCALAR) {
            return ob_yaml_fail(r->doc, &map->items[i], err, "%s holds texts", what);
        }
        (*pairs)[(*count)++] = (ob_inputs_pair){map->keys[i].text, map->items[i].text};
    }
    return *pairs != NULL;
}

static bool read_columns(const reader *r, const ob_yaml *node, ob_inputs_source *s, ob_err *err)
{
    const ob_yaml *map = ob_yaml_get(node, "columns");
    ob_inputs_pair *pairs = NULL;
    size_t count = 0;
    if (!read_pairs(r, map, "columns", &pairs, &count, err) ||
        !ob_yaml_text(r->doc, node, "column", &s->text_column, err)) {
        return false;
    }
    s->fields = pairs;
    for (size_t i = 0; i < count; i++) {
        if (!need_name(r->doc, &map->keys[i], err)) {
            return false;
        }
        ob_span *own = ob_span_is_str(pairs[i].name, "text")   ? &s->text_column
                       : ob_span_is_str(pairs[i].name, "kind") ? &s->kind_column
                       : ob_span_is_str(pairs[i].name, "lang") ? &s->lang_column
                                                               : NULL;
        if (own == NULL) {
            s->fields[s->fields_count++] = pairs[i];
        } else if (own->len > 0) {
            return ob_yaml_fail(r->doc, &map->keys[i], err,
                                "column: names the text already; leave one of the two out");
        } else {
            *own = pairs[i].value;
        }
    }
    if (s->text_column.len == 0) {
        s->text_column = OB_SPAN("text");
    }
    return true;
}

static bool read_source(const reader *r, const ob_yaml *node, ob_inputs_source *s, ob_err *err)
{
    ob_span delimiter = OB_SPAN(",");
    s->lang = OB_SPAN("en");
    if (!read_columns(r, node, s, err) ||
        !read_pairs(r, ob_yaml_get(node, "where"), "where", &s->where, &s->where_count, err) ||
        !ob_yaml_text(r->doc, node, "kind", &s->kind, err) ||
        !ob_yaml_text(r->doc, node, "lang", &s->lang, err) ||
        !ob_yaml_text(r->doc, node, "items", &s->pointer, err) ||
        !ob_yaml_text(r->doc, node, "delimiter", &delimiter, err)) {
        return false;
    }
    if (ob_span_is_str(delimiter, "tab")) {
        delimiter = OB_SPAN("\t");
    }
    if (delimiter.len != 1 || strchr("\"\r\n", delimiter.ptr[0]) != NULL) {
        return ob_yaml_fail(r->doc, ob_yaml_get(node, "delimiter"), err,
                            "delimiter is one character, or tab");
    }
    s->delimiter = delimiter.ptr[0];
    return true;
}

static bool known_for(const reader *r, const ob_yaml *node, ob_inputs_format format, ob_err *err)
{
    static const char *const yaml[] = {"file", "format", "fill", "most"};
    static const char *const text[] = {"file", "format", "fill", "most", "kind", "lang"};
    static const char *const jsonl[] = {"file", "format", "fill",    "most", "kind",
                                        "lang", "column", "columns", "where"};
    static const char *const json[] = {"file", "format", "fill",    "most",  "kind",
                                       "lang", "column", "columns", "where", "items"};
    static const char *const csv[] = {"file", "format", "fill",    "most",  "kind",
                                      "lang", "column", "columns", "where", "delimiter"};
    switch (format) {
    case OB_INPUTS_YAML:
        return ob_yaml_known(r->doc, node, yaml, OB_COUNT(yaml), err);
    case OB_INPUTS_TEXT:
        return ob_yaml_known(r->doc, node, text, OB_COUNT(text), err);
    case OB_INPUTS_JSONL:
        return ob_yaml_known(r->doc, node, jsonl, OB_COUNT(jsonl), err);
    case OB_INPUTS_JSON:
        return ob_yaml_known(r->doc, node, json, OB_COUNT(json), err);
    case OB_INPUTS_CSV:
        break;
    }
    return ob_yaml_known(r->doc, node, csv, OB_COUNT(csv), err);
}

static bool read_yaml(const reader *r, ob_span path, ob_digest *digest, ob_err *err)
{
    static const char *const keys[] = {"ombud", "items"};
    ob_yaml_doc *doc = OB_NEW(r->arena, ob_yaml_doc, 1, err);
    const ob_yaml *items = NULL;
    if (doc == NULL || !ob_yaml_load(doc, r->arena, path.ptr, OB_INPUT_FILE_MAX, err)) {
        return false;
    }
    *digest = doc->digest;
    return ob_yaml_known(doc, doc->root, keys, OB_COUNT(keys), err) &&
           ob_yaml_need(doc, doc->root, "items", &items, err) && read_items(r, doc, items, err);
}

static bool read_file(const reader *r, const ob_yaml *node, ob_digest *digest, ob_err *err)
{
    ob_inputs_source s = {.doc = r->doc, .at = node};
    ob_span name = {0};
    ob_digest read = {{0}};
    const ob_yaml *at = ob_yaml_get(node, "file");
    if (!ob_yaml_text(r->doc, node, "file", &name, err) ||
        !read_format(r, node, name, &s.format, err) || !known_for(r, node, s.format, err) ||
        !ob_yaml_u64(r->doc, node, "most", 1, OB_INPUTS_MAX, &s.most, err) ||
        !find_file(r, at, name, &s.path, err)) {
        return false;
    }
    if (s.format == OB_INPUTS_YAML ? !read_yaml(r, s.path, &read, err)
                                   : !read_source(r, node, &s, err) ||
                                         !obi_inputs_file(&s, r->out, r->arena, &read, err)) {
        return false;
    }
    if (s.most > 0 && r->out->count > s.most) {
        r->out->count = (size_t)s.most;
    }
    const ob_span parts[] = {{(const char *)digest->bytes, OB_SHA256_BYTES},
                             {(const char *)read.bytes, OB_SHA256_BYTES}};
    return ob_sha256(parts, OB_COUNT(parts), digest, err);
}

/* fill of all inputs; one that was filled already is long enough or is cut. */
static bool fill_all(const reader *r, const ob_yaml *node, ob_err *err)
{
    size_t bytes = 0;
    if (!read_size(r->doc, node, &bytes, err)) {
        return false;
    }
    if (bytes == 0) {
        return true;
    }
    ob_input *filled = OB_NEW(r->arena, ob_input, r->out->count, err);
    for (size_t i = 0; filled != NULL && i < r->out->count; i++) {
        filled[i] = r->out->items[i];
        if (!fill(r->doc, ob_yaml_get(node, "fill"), bytes, &filled[i], r->arena, err)) {
            return false;
        }
    }
    r->out->items = filled;
    return filled != NULL;
}

bool ob_inputs_read(ob_inputs *inputs, const ob_yaml_doc *doc, const ob_yaml *node,
                    const char *folder, const ob_input_folders *folders, ob_arena *arena,
                    ob_digest *digest, ob_err *err)
{
    static const char *const list_keys[] = {"list", "fill"};
    static const char *const matrix_keys[] = {"matrix", "fill"};
    static const ob_input none = {.text = {"", 0}, .lang = {"en", 2}};
    const reader r = {
        .out = inputs, .arena = arena, .folder = folder, .folders = folders, .doc = doc};
    if (node == NULL) {
        *inputs = (ob_inputs){&none, 1};
        return true;
    }
    const ob_yaml *list = ob_yaml_get(node, "list");
    const ob_yaml *matrix = ob_yaml_get(node, "matrix");
    bool file = ob_yaml_get(node, "file") != NULL;
    if ((list != NULL) + (matrix != NULL) + file != 1) {
        return ob_yaml_fail(doc, node, err, "inputs needs exactly one of list, file and matrix");
    }
    if (file) {
        return read_file(&r, node, digest, err) && fill_all(&r, node, err);
    }
    if (list != NULL) {
        return ob_yaml_known(doc, node, list_keys, OB_COUNT(list_keys), err) &&
               read_items(&r, doc, list, err) && fill_all(&r, node, err);
    }
    return ob_yaml_known(doc, node, matrix_keys, OB_COUNT(matrix_keys), err) &&
           read_matrix(&r, matrix, err) && fill_all(&r, node, err);
}
