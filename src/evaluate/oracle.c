/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluate/oracle.h"

#include <ombud/text.h>
#include <stdarg.h>

#define OB_ORACLE(id) &ob_oracle_row_##id,
const ob_oracle_row *const ob_oracle_rows[] = {
#include "evaluate/all.def"
};
#undef OB_ORACLE
const size_t ob_oracle_rows_count = OB_COUNT(ob_oracle_rows);

static bool find_row(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle, ob_err *err)
{
    const char *names[32];
    _Static_assert(OB_COUNT(ob_oracle_rows) <= OB_COUNT(names), "room for all ids");
    const ob_yaml_doc *doc = &r->procedure->doc;
    if (node->kind != OB_YAML_MAP) {
        return ob_yaml_fail(doc, node, err, "an oracle is a map such as {regex: .., in: [..]}");
    }
    for (size_t i = 0; i < OB_COUNT(ob_oracle_rows); i++) {
        names[i] = ob_oracle_rows[i]->id;
        if (ob_yaml_get(node, names[i]) != NULL) {
            if (oracle->row != NULL) {
                return ob_yaml_fail(doc, node, err, "an oracle is either %s or %s, not both",
                                    oracle->row->id, names[i]);
            }
            oracle->row = ob_oracle_rows[i];
        }
    }
    if (oracle->row != NULL) {
        return true;
    }
    ob_span word = node->count > 0 ? node->keys[0].text : (ob_span){"", 0};
    const char *near = ob_text_nearest(word, names, OB_COUNT(ob_oracle_rows));
    return ob_yaml_fail(doc, node, err, "no oracle is called '%.*s'%s%s%s",
                        OB_SHOW(ob_span_sub(word, 0, OB_QUOTE_MAX)),
                        near == NULL ? "" : ", did you mean '", near == NULL ? "" : near,
                        near == NULL ? "" : "'?");
}

/* in: one name or a list; each must be extracted somewhere in the flow. */
static bool read_in(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle, ob_err *err)
{
    const ob_yaml_doc *doc = &r->procedure->doc;
    const ob_yaml *in = ob_yaml_get(node, "in");
    if (in == NULL) {
        return !oracle->row->needs_in ||
               ob_yaml_fail(doc, node, err, "%s needs in: the names it looks at", oracle->row->id);
    }
    size_t count = in->kind == OB_YAML_SEQ ? in->count : 1;
    ob_span *names = OB_NEW(r->arena, ob_span, count, err);
    for (size_t i = 0; names != NULL && i < count; i++) {
        const ob_yaml *item = in->kind == OB_YAML_SEQ ? &in->items[i] : in;
        bool known = false;
        for (size_t s = 0; s < r->procedure->flow_count; s++) {
            const ob_flow_step *step = &r->procedure->flow[s];
            for (size_t t = 0; t < step->takes_count; t++) {
                known = known || ob_span_is(step->takes[t].name, item->text);
            }
        }
        if (!known) {
            return ob_yaml_fail(doc, item, err, "the flow extracts nothing under '%.*s'",
                                OB_SHOW(ob_span_sub(item->text, 0, OB_QUOTE_MAX)));
        }
        names[i] = item->text;
    }
    oracle->in = names;
    oracle->in_count = count;
    return names != NULL;
}

typedef struct asker {
    const ob_oracle_reader *reader;
    ob_span *names; /* NULL while they are counted */
    size_t count;
} asker;

static bool ask(void *ctx, ob_span name, ob_err *err)
{
    asker *a = ctx;
    (void)err;
    for (size_t s = 0; s < a->reader->procedure->flow_count; s++) {
        const ob_flow_step *step = &a->reader->procedure->flow[s];
        for (size_t t = 0; t < step->takes_count; t++) {
            if (ob_span_is(step->takes[t].name, name)) {
                if (a->names != NULL) {
                    a->names[a->count] = name;
                }
                a->count++;
                return true;
            }
        }
    }
    return true;
}

static bool ask_all(asker *a, const ob_yaml *node, ob_err *err)
{
    ob_err inner = {0};
    if (node->kind == OB_YAML_SCALAR && !ob_template_names(node->text, ask, a, &inner)) {
        return ob_yaml_fail(&a->reader->procedure->doc, node, err, "%s", inner.text);
    }
    for (size_t i = 0; i < node->count; i++) {
        if (!ask_all(a, &node->items[i], err)) {
            return false;
        }
    }
    return true;
}

/* Which extracts the oracle's own texts name. */
static bool read_asks(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle,
                      ob_err *err)
{
    asker a = {.reader = r};
    if (obi_oracle_nests(oracle)) {
        return true;
    }
    if (!ask_all(&a, node, err)) {
        return false;
    }
    a.names = OB_NEW(r->arena, ob_span, a.count + 1, err);
    a.count = 0;
    if (a.names == NULL || !ask_all(&a, node, err)) {
        return false;
    }
    oracle->asks = a.names;
    oracle->asks_count = a.count;
    return true;
}

bool ob_oracle_compile(const ob_oracle_reader *reader, ob_span name, const ob_yaml *node,
                       ob_oracle *oracle, ob_err *err)
{
    ob_oracle made = {.procedure = reader->procedure, .name = name, .at = node};
    const char *keys[16];
    size_t count = 0;
    if (!find_row(reader, node, &made, err) || made.row == NULL) {
        return false;
    }
    for (; count < made.row->keys_count; count++) {
        keys[count] = made.row->keys[count];
    }
    if (made.row->needs_in) {
        keys[count++] = "in";
    }
    if (!ob_yaml_known(&reader->procedure->doc, node, keys, count, err) ||
        !read_in(reader, node, &made, err) || !read_asks(reader, node, &made, err) ||
        !made.row->compile(reader, node, &made, err)) {
        return false;
    }
    *oracle = made;
    return true;
}

bool ob_oracle_look(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding, bool *hit,
                    ob_err *err)
{
    ob_finding found = {.turn = OB_TURN_NONE};
    bool said = false;
    for (size_t i = 0; i < oracle->asks_count; i++) {
        const ob_var *value = ob_vars_find(&obs->vars, oracle->asks[i]);
        if (value == NULL || value->value.len == 0) {
            *hit = false;
            return true;
        }
    }
    if (!oracle->row->look(oracle, obs, &found, &said, err)) {
        return ob_wrap(err, "oracle %.*s", OB_SHOW(oracle->name));
    }
    if (said) {
        found.oracle = oracle->name;
        *finding = found;
    }
    *hit = said;
    return true;
}

bool ob_oracle_expand(const ob_observation *obs, ob_span text, ob_span *out, ob_err *err)
{
    if (ob_span_find(text, OB_SPAN("{{"), 0) == SIZE_MAX) {
        *out = text;
        return true;
    }
    OB_AUTO(ob_buf) buf = {.max = OB_INPUT_FILE_MAX};
    return ob_template_expand(text, &obs->vars, OB_ESCAPE_NONE, false, &buf, err) &&
           ob_buf_check(&buf, "a text of the procedure", err) &&
           ob_arena_dup(obs->arena, ob_buf_span(&buf), out, err);
}

const ob_named *ob_oracle_in(const ob_oracle *oracle, const ob_observation *obs, size_t i)
{
    return ob_observation_find(obs, oracle->in[i]);
}

const char *ob_shorten(char *out, size_t size, ob_span text)
{
    static const char more[] = "...";
    if (text.len < size) {
        (void)snprintf(out, size, "%.*s", OB_SHOW(text));
        return out;
    }
    size_t end = size - sizeof more;
    while (end > 0 && ((unsigned char)text.ptr[end] & 0xC0) == 0x80) {
        end--;
    }
    (void)snprintf(out, size, "%.*s%s", OB_SHOW(ob_span_sub(text, 0, end)), more);
    return out;
}

bool ob_finding_set(ob_finding *finding, ob_observation *obs, const ob_named *named, size_t start,
                    size_t end, ob_err *err, const char *format, ...)
{
    char text[400];
    va_list values;
    va_start(values, format);
    (void)vsnprintf(text, sizeof text, format, values);
    va_end(values);
    finding->turn = OB_TURN_NONE;
    finding->start = 0;
    finding->end = 0;
    if (named != NULL) {
        finding->turn = named->turn;
        /* Offsets are told against the turn's whole text, which a named part may be cut from. */
        ob_span whole = obs->turns[named->turn].text;
        size_t base = ob_span_find(whole, named->value, 0);
        if (base != SIZE_MAX && end > start) {
            finding->start = base + start;
            finding->end = base + end;
        }
    }
    return ob_arena_dup(obs->arena, ob_span_str(text), &finding->why, err);
}

static const char *const compare_names[] = {"gt", "ge", "lt", "le", "eq"};

bool ob_compare_read(const ob_yaml_doc *doc, const ob_yaml *node, ob_compare *compare, ob_err *err)
{
    if (node == NULL) {
        return true;
    }
    if (node->kind == OB_YAML_MAP && node->count == 1 && node->items[0].kind == OB_YAML_SCALAR) {
        compare->op = ob_text_index(node->keys[0].text, compare_names, OB_COUNT(compare_names));
        compare->value = node->items[0].text;
        compare->present = true;
        if (compare->op >= 0) {
            return true;
        }
    }
    return ob_yaml_fail(doc, node, err, "a comparison is like {gt: 5}, with gt, ge, lt, le or eq");
}

bool ob_compare_holds(const ob_compare *compare, const ob_observation *obs, double value,
                      bool is_time, double *bound, bool *holds, ob_err *err)
{
    ob_span text = {0};
    if (!ob_oracle_expand(obs, compare->value, &text, err)) {
        return false;
    }
    if (is_time) {
        uint64_t ms = 0;
        if (!ob_duration_parse(text, &ms, err)) {
            return false;
        }
        *bound = (double)ms * obs->time_scale;
    } else if (!ob_span_to_double(text, bound, err)) {
        return false;
    }
    switch (compare->op) {
    case 0:
        *holds = value > *bound;
        break;
    case 1:
        *holds = value >= *bound;
        break;
    case 2:
        *holds = value < *bound;
        break;
    case 3:
        *holds = value <= *bound;
        break;
    default:
        *holds = value >= *bound && value <= *bound;
    }
    return true;
}
