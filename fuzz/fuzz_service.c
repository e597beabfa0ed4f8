/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes are a service file or are refused as input; what is taken can be worked with. */
#include "drive/driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_span text = {(const char *)data, size};
    ob_service service = {0};
    const ob_span *names = NULL;
    size_t count = 0;
    ob_err err = {0};
    if (!ob_service_parse(&service, &arena, OB_SPAN("f"), text, &err)) {
        if ((err.kind != OB_ERR_INPUT && err.kind != OB_ERR_LIMIT) || err.text[0] == '\0') {
            abort();
        }
        return 0;
    }
    if (service.driver == NULL || service.limits.total_ms < service.limits.connect_ms ||
        !(service.time_scale > 0) ||
        !(ob_span_has_prefix(service.address, OB_SPAN("http://")) ||
          ob_span_has_prefix(service.address, OB_SPAN("https://"))) ||
        !ob_service_secret_names(&service, &arena, &names, &count, &err)) {
        abort();
    }
    for (size_t i = 1; i < count; i++) {
        if (ob_span_compare(names[i - 1], names[i]) >= 0) {
            abort();
        }
    }
    return 0;
}
