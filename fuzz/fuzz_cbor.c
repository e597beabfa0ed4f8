/* SPDX-License-Identifier: Apache-2.0 */
/* What is read as deterministic CBOR is, written again item by item, the same bytes. */
#include "fuzz.h"
#include "link/cbor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t bytes[4096];
    obi_cbor_reader r = {.text = {(const char *)data, size}};
    obi_cbor_writer w = {.ptr = bytes, .cap = sizeof bytes};
    obi_cbor_item item;
    while (obi_cbor_next(&r, &item)) {
        if (item.major == OBI_CBOR_SIMPLE) {
            /* Numbers with a point keep their width, which the writer does not make. */
            obi_cbor_put_raw(&w, ob_span_sub(r.text, w.len, r.at));
        } else {
            obi_cbor_put_head(&w, item.major, item.value);
            obi_cbor_put_raw(&w, item.bytes);
        }
        hold(w.full || (w.len == r.at && memcmp(bytes, data, r.at) == 0));
    }
    ob_span whole;
    r.at = 0;
    while (obi_cbor_skip(&r, &whole)) {
        obi_cbor_reader again = {.text = whole};
        ob_span same;
        hold(whole.len > 0 && obi_cbor_skip(&again, &same) && same.len == whole.len);
    }
    return 0;
}
