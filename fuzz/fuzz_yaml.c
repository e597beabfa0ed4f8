/* SPDX-License-Identifier: Apache-2.0 */
/* Reading twice gives the same answer, and a refusal says why. */
#include "input/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_span text = {(const char *)data, size};
    ob_yaml_doc one = {0};
    ob_yaml_doc two = {0};
    ob_err a = {0};
    ob_err b = {0};
    bool first = ob_yaml_parse(&one, &arena, OB_SPAN("f"), text, OB_INPUT_FILE_MAX, &a);
    bool second = ob_yaml_parse(&two, &arena, OB_SPAN("f"), text, OB_INPUT_FILE_MAX, &b);
    if (first != second || strcmp(a.text, b.text) != 0 || (!first && a.text[0] == '\0')) {
        abort();
    }
    if (first && (one.root->kind != two.root->kind || one.root->count != two.root->count)) {
        abort();
    }
    return 0;
}
