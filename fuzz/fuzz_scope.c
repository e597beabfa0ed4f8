/* SPDX-License-Identifier: Apache-2.0 */
/* Reading twice gives the same answer, and a refusal says why. */
#include "drive/scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_span text = {(const char *)data, size};
    ob_scope one = {0};
    ob_scope two = {0};
    ob_err a = {0};
    ob_err b = {0};
    bool first = ob_scope_parse(&one, &arena, OB_SPAN("f"), text, &a);
    bool second = ob_scope_parse(&two, &arena, OB_SPAN("f"), text, &b);
    if (first != second || strcmp(a.text, b.text) != 0 || (!first && a.text[0] == '\0')) {
        abort();
    }
    if (first && (one.addresses_count != two.addresses_count || one.until_ms <= one.from_ms)) {
        abort();
    }
    return 0;
}
