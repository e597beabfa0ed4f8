/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which input a trial uses and how it is encoded. Inputs are drawn by a seeded permutation, so that
 * all are used before one comes again; the coding is drawn for each trial.
 */
#include "evaluate/engine.h"

#include <ombud/decode.h>

#define PARTS_LEAST 2
#define PARTS_MOST  4

static bool encode(ob_span coding, ob_rng *rng, ob_choice *made, ob_arena *arena, ob_err *err)
{
    ob_span *text = &made->text;
    if (ob_span_is_str(coding, OB_SPLIT_TURNS)) {
        made->parts = PARTS_LEAST + (unsigned)ob_rng_below(rng, PARTS_MOST - PARTS_LEAST + 1);
        return true;
    }
    const ob_coding *row = ob_coding_find(coding);
    OB_AUTO(ob_buf) out = {.max = OB_REQUEST_MAX};
    if (row == NULL) {
        return true; /* "none" */
    }
    return row->encode(*text, rng, &out, err) && ob_buf_check(&out, "an encoded input", err) &&
           ob_arena_dup(arena, ob_buf_span(&out), text, err);
}

static bool expand(const ob_input *input, ob_span text, const ob_vars *vars, ob_buf *out,
                   ob_err *err)
{
    if (input->literal) {
        ob_buf_add(out, text);
        return true;
    }
    return ob_template_expand(text, vars, OB_ESCAPE_NONE, false, out, err);
}

bool ob_choice_fields(const ob_choice *choice, ob_vars *vars, ob_err *err)
{
    for (size_t i = 0; i < choice->input->fields_count; i++) {
        const ob_var *field = &choice->input->fields[i];
        OB_AUTO(ob_buf) value = {.max = OB_REQUEST_MAX};
        if (!expand(choice->input, field->value, vars, &value, err) ||
            !ob_buf_check(&value, "a field of an input", err) ||
            !ob_vars_set_in(vars, "input", field->name, ob_buf_span(&value), false, err)) {
            return false;
        }
    }
    return true;
}

bool ob_choice_make(const ob_engine *e, const ob_family *family, int64_t number,
                    const ob_vars *vars, ob_arena *arena, ob_choice *choice, ob_err *err)
{
    const ob_procedure *p = family->procedure;
    ob_rng rng;
    OB_AUTO(ob_buf) text = {.max = OB_REQUEST_MAX};
    ob_choice made = {.coding = OB_SPAN("none"), .parts = 1};
    made.input_index = family->order[(size_t)number % p->inputs_count];
    made.input = &p->inputs[made.input_index];
    if (!ob_engine_rng(e, family, number, 0, "choice", &rng, err)) {
        return false;
    }
    if (!expand(made.input, made.input->text, vars, &text, err)) {
        if (err->kind != OB_ERR_INPUT) {
            return false;
        }
        *err = (ob_err){0};
        made.late = true;
        ob_buf_reset(&text);
        ob_buf_add(&text, made.input->text);
    }
    ob_input_fill(made.input, &text);
    if (!ob_buf_check(&text, "an input", err) ||
        !ob_arena_dup(arena, ob_buf_span(&text), &made.text, err)) {
        return false;
    }
    if (p->mutate_chain) {
        made.coding = OB_SPAN("chain");
        for (size_t i = 0; i < p->mutators_count; i++) {
            if (!encode(p->mutators[i], &rng, &made, arena, err)) {
                return false;
            }
        }
    } else if (p->mutators_count > 0) {
        made.coding = p->mutators[ob_rng_below(&rng, p->mutators_count)];
        if (!encode(made.coding, &rng, &made, arena, err)) {
            return false;
        }
    }
    *choice = made;
    return true;
}

ob_span ob_choice_part(ob_span text, unsigned part, unsigned parts)
{
    size_t ends[2] = {0};
    for (unsigned k = 0; k < 2; k++) {
        size_t at = text.len * (part + k) / parts;
        for (size_t near = 0; near < 24 && at > 0 && at + near < text.len; near++) {
            if (text.ptr[at + near] == ' ') {
                at += near + 1;
                break;
            }
        }
        while (at < text.len && ((unsigned char)text.ptr[at] & 0xc0) == 0x80) {
            at++;
        }
        ends[k] = part + k == parts ? text.len : at;
    }
    return ob_span_sub(text, ends[0], ends[1]);
}
