/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns with {{names}}: what the procedure wrote is a pattern, what a reply gave never is. */
#include "evaluate/oracle.h"

typedef struct filler {
    const ob_oracle *oracle;
    const ob_observation *obs;
    ob_span text;
    size_t at; /* behind the last name */
    ob_buf *out;
} filler;

static bool is_pattern(const ob_procedure *p, ob_span name)
{
    for (size_t i = 0; i < p->vars_count; i++) {
        if (ob_span_is(p->vars[i].name, name)) {
            return true;
        }
    }
    return ob_span_has_prefix(name, OB_SPAN("input."));
}

static void add_quoted(ob_buf *out, ob_span value)
{
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     (unsigned char)c >= 0x80;
        if (!plain) {
            ob_buf_add_char(out, '\\');
        }
        ob_buf_add_char(out, c);
    }
}

static bool fill(void *ctx, ob_span name, ob_err *err)
{
    filler *f = ctx;
    size_t open = ob_span_find(f->text, OB_SPAN("{{"), f->at);
    size_t close = ob_span_find(f->text, OB_SPAN("}}"), open);
    ob_span value = {0};
    ob_buf_add(f->out, ob_span_sub(f->text, f->at, open));
    f->at = close + 2;
    if (!ob_oracle_expand(f->obs, ob_span_sub(f->text, open, f->at), &value, err)) {
        return false;
    }
    if (is_pattern(f->oracle->procedure, name)) {
        ob_buf_add_str(f->out, "(?:");
        ob_buf_add(f->out, value);
        ob_buf_add_char(f->out, ')');
    } else {
        add_quoted(f->out, value);
    }
    return true;
}

bool ob_oracle_pattern_read(const ob_oracle_reader *reader, const ob_yaml *node,
                            ob_oracle_pattern *pattern, ob_err *err)
{
    const ob_yaml_doc *doc = &reader->procedure->doc;
    ob_err inner = {0};
    if (node->kind != OB_YAML_SCALAR) {
        return ob_yaml_fail(doc, node, err, "a pattern is one text");
    }
    pattern->text = node->text;
    if (ob_span_find(node->text, OB_SPAN("{{"), 0) != SIZE_MAX) {
        return true;
    }
    return ob_pattern_new(&pattern->fixed, reader->arena, node->text, &inner) ||
           ob_yaml_fail(doc, node, err, "%s", inner.text);
}

bool ob_oracle_pattern_make(const ob_oracle_pattern *pattern, const ob_oracle *oracle,
                            const ob_observation *obs, const ob_pattern **made, ob_err *err)
{
    if (pattern->fixed != NULL) {
        *made = pattern->fixed;
        return true;
    }
    OB_AUTO(ob_buf) out = {.max = OB_INPUT_FILE_MAX};
    filler f = {.oracle = oracle, .obs = obs, .text = pattern->text, .out = &out};
    if (!ob_template_names(pattern->text, fill, &f, err)) {
        return false;
    }
    ob_buf_add(&out, ob_span_sub(pattern->text, f.at, pattern->text.len));
    return ob_buf_check(&out, "a pattern", err) &&
           ob_pattern_new(made, obs->arena, ob_buf_span(&out), err);
}
