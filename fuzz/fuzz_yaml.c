/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A refusal names a place inside the file. What is taken lies inside the file, is the same when
 * read twice, and the same values again when it is printed and read once more.
 */
#include "input/yaml.h"

#include "fuzz.h"

#define KEY_MAX 900 /* YAML ends the search for a key's colon at 1024 characters */

static bool printable; /* no key is too long for YAML */

static void print(ob_buf *out, const ob_yaml *node)
{
    switch (node->kind) {
    case OB_YAML_NULL:
        ob_buf_add_str(out, "null");
        break;
    case OB_YAML_SCALAR:
        print_quoted(out, node->text);
        break;
    case OB_YAML_SEQ:
    case OB_YAML_MAP:
        ob_buf_add_char(out, node->kind == OB_YAML_SEQ ? '[' : '{');
        for (size_t i = 0; i < node->count; i++) {
            ob_buf_add_str(out, i > 0 ? ",\n " : "");
            if (node->kind == OB_YAML_MAP) {
                size_t before = out->len;
                print_quoted(out, node->keys[i].text);
                printable = printable && out->len - before < KEY_MAX;
                ob_buf_add_str(out, ": ");
            }
            print(out, &node->items[i]);
        }
        ob_buf_add_char(out, node->kind == OB_YAML_SEQ ? ']' : '}');
        break;
    }
}

static void same(const ob_yaml *a, const ob_yaml *b, bool places)
{
    hold(a->kind == b->kind && a->count == b->count);
    hold(a->kind != OB_YAML_SCALAR || ob_span_is(a->text, b->text));
    hold(!places || (a->line == b->line && a->column == b->column && a->quoted == b->quoted));
    for (size_t i = 0; i < a->count; i++) {
        if (a->kind == OB_YAML_MAP) {
            same(&a->keys[i], &b->keys[i], places);
        }
        same(&a->items[i], &b->items[i], places);
    }
}

/* Each node says where it stands as a message would. */
static void inside(const ob_yaml_doc *doc, const ob_yaml *node)
{
    ob_err err = {0};
    hold(!ob_yaml_fail(doc, node, &err, "x") && err.kind == OB_ERR_INPUT);
    hold_place(&err, "f.yaml", doc->text);
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == OB_YAML_MAP) {
            inside(doc, &node->keys[i]);
        }
        inside(doc, &node->items[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) out = {.max = OB_INPUT_FILE_MAX};
    ob_span text = {(const char *)data, size};
    ob_yaml_doc one = {0};
    ob_yaml_doc two = {0};
    ob_err a = {0};
    ob_err b = {0};
    bool first = ob_yaml_parse(&one, &arena, OB_SPAN("f.yaml"), text, OB_INPUT_FILE_MAX, &a);
    bool second = ob_yaml_parse(&two, &arena, OB_SPAN("f.yaml"), text, OB_INPUT_FILE_MAX, &b);
    hold(first == second && strcmp(a.text, b.text) == 0);
    if (!first) {
        hold(one.root == NULL && a.kind == OB_ERR_INPUT && strstr(a.text, "f.yaml:") == a.text);
        hold_sentence(a.text);
        hold_place(&a, "f.yaml", text);
        return 0;
    }
    same(one.root, two.root, true);
    inside(&one, one.root);
    printable = true;
    print(&out, one.root);
    if (printable && ob_buf_check(&out, "the text", &a)) {
        hold(ob_yaml_parse(&two, &arena, OB_SPAN("f.yaml"), ob_buf_span(&out), OB_INPUT_FILE_MAX,
                           &a));
        same(one.root, two.root, false);
    }
    return 0;
}
