/* SPDX-License-Identifier: Apache-2.0 */
/* A message that is read and written again is read as the same; what lies in it lies within. */
#include "fuzz.h"

#include <ombud/coap.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ob_err err = {0};
    ob_coap_msg msg;
    ob_coap_msg again;
    ob_coap_option option;
    ob_span made;
    char bytes[8192];
    if (size > sizeof bytes / 2 || !ob_coap_read(&msg, (ob_span){(const char *)data, size}, &err)) {
        return 0;
    }
    unsigned last = 0;
    ob_coap_writer w = ob_coap_writer_on(bytes, sizeof bytes);
    ob_coap_begin(&w, &msg);
    for (ob_coap_iter it = ob_coap_options(&msg); ob_coap_next(&it, &option);) {
        hold(option.number >= last);
        hold(option.value.len == 0 ||
             (option.value.ptr >= (const char *)data &&
              option.value.ptr + option.value.len <= (const char *)data + size));
        last = option.number;
        ob_coap_add(&w, option.number, option.value);
    }
    ob_coap_payload(&w, msg.payload);
    hold(ob_coap_end(&w, &made, &err));
    /* An option may have been written longer than it needs to be, so the bytes may be fewer. */
    hold(made.len <= size && ob_coap_read(&again, made, &err));
    hold(again.type == msg.type && again.code == msg.code && again.id == msg.id &&
         again.token_len == msg.token_len && ob_span_is(again.payload, msg.payload));
    return 0;
}
