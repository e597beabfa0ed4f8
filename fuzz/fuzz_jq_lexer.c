/* SPDX-License-Identifier: Apache-2.0 */
/* What is admitted holds none of the marks that reach outside; a refusal points into the text. */
#include "drive/mapping.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ob_span text = {(const char *)data, size};
    ob_err err = {0};
    size_t at = 0;
    if (!ob_mapping_check(text, &at, &err)) {
        if (at > size || err.text[0] == '\0') {
            abort();
        }
        return 0;
    }
    bool quoted = false;
    for (size_t i = 0; i < size; i++) {
        char c = text.ptr[i];
        if (quoted && c == '\\') {
            i++;
            if (text.ptr[i] == '(') {
                abort();
            }
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == '$' || c == '@' || c == '#' || c == '`' || c == '%')) {
            abort();
        }
    }
    return 0;
}
