/* SPDX-License-Identifier: Apache-2.0 */
/* The first byte chooses a kind, the rest is a candidate: the canonical form is its own canonical
 * form, within the bounds of its kind, and judged the same way twice. */
#include "detect/phone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) {
        __builtin_trap();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char once[16384];
    static char twice[16384];
    if (size == 0) {
        return 0;
    }
    ob_kind kind = (ob_kind)(data[0] % OB_KINDS);
    ob_span raw = {(const char *)data + 1, size - 1};
    ob_valid valid = ob_validate(kind, raw);
    size_t len = 0;
    size_t again = 0;
    check(valid == ob_validate(kind, raw));
    if (ob_canonical(kind, raw, once, sizeof once, &len)) {
        ob_span form = {once, len};
        check(len >= ob_kind_rows[kind].least && len <= ob_kind_rows[kind].most);
        check(ob_canonical(kind, form, twice, sizeof twice, &again));
        check(ob_span_is(form, (ob_span){twice, again}));
        check(ob_validate(kind, form) == ob_validate(kind, (ob_span){twice, again}));
    }
    ob_phone phone = {0};
    valid = ob_phone_valid(raw, "CN", &phone);
    check((valid == OB_VALID_NO) == (phone.type == OB_PHONE_NONE) && phone.national <= raw.len);
    check((ob_ip_classify(raw) != OB_IP_NONE) == (ob_validate(OB_KIND_IP, raw) != OB_VALID_NO) ||
          ob_span_find(raw, OB_SPAN("/"), 0) != SIZE_MAX);
    return 0;
}
