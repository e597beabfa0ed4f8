/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes are a procedure or are refused with a place in them, once when read and once when made
 * ready. fuzz_pack.c goes on from there, with files beside the procedure.
 */
#include "evaluate/test.h"

#include "fuzz.h"

static ob_span text;

static void check_refusal(const ob_err *err)
{
    /* No text lies where the procedure looks, so a missing file is a refusal too. */
    hold(err->kind == OB_ERR_INPUT || err->kind == OB_ERR_LIMIT || err->kind == OB_ERR_IO);
    hold(err->text[0] != '\0');
    hold_place(err, "f.yaml", text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_procedure procedure = {0};
    ob_test test = {0};
    ob_err err = {0};
    text = (ob_span){(const char *)data, size};
    if (!ob_procedure_parse(&procedure, &arena, "/nonexistent", OB_SPAN("f.yaml"), text, &err)) {
        check_refusal(&err);
        hold(procedure.inputs_count == 0);
        return 0;
    }
    for (size_t level = 0; level < OB_LEVELS; level++) {
        hold(procedure.limit[level] > 0 && procedure.limit[level] < 1);
        hold(level == 0 || procedure.limit[level] <= procedure.limit[level - 1]);
        hold(procedure.max[level] > 0);
    }
    hold(procedure.alpha > 0 && procedure.alpha < 1 && procedure.inputs_count > 0);
    if (!ob_test_compile(&test, &arena, &procedure, &err)) {
        check_refusal(&err);
        return 0;
    }
    hold(test.procedure == &procedure && test.hit_if != NULL);
    return 0;
}
