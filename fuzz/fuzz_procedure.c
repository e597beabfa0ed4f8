/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes are a procedure or are refused as input, once when read and once when made ready. */
#include "evaluate/test.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_refusal(const ob_err *err)
{
    /* No text lies where the procedure looks, so a missing file is a refusal too. */
    bool known = err->kind == OB_ERR_INPUT || err->kind == OB_ERR_LIMIT || err->kind == OB_ERR_IO;
    if (!known || err->text[0] == '\0') {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_span text = {(const char *)data, size};
    ob_procedure procedure = {0};
    ob_test test = {0};
    ob_err err = {0};
    if (!ob_procedure_parse(&procedure, &arena, "/nonexistent", OB_SPAN("f"), text, &err)) {
        check_refusal(&err);
        return 0;
    }
    for (size_t level = 0; level < OB_LEVELS; level++) {
        if (!(procedure.limit[level] > 0 && procedure.limit[level] < 1)) {
            abort();
        }
    }
    if (!(procedure.alpha > 0 && procedure.alpha < 1) || procedure.inputs_count == 0) {
        abort();
    }
    if (!ob_test_compile(&test, &arena, &procedure, &err)) {
        check_refusal(&err);
        return 0;
    }
    if (test.procedure != &procedure || test.hit_if == NULL) {
        abort();
    }
    return 0;
}
