/* SPDX-License-Identifier: Apache-2.0 */
/* Any text: findings lie inside it, and each search moves forward to its end. */
#include "fuzz.h"

#include <ombud/look.h>

static void inside(ob_span text, ob_span at, size_t before, size_t pos)
{
    hold(at.len > 0 && at.ptr >= text.ptr && at.ptr + at.len <= text.ptr + text.len);
    hold(pos > before && pos <= text.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ob_span text = {(const char *)data, size};
    ob_url url;
    ob_claim claim;
    for (size_t pos = 0, before = 0; ob_url_next(text, &pos, &url); before = pos) {
        inside(text, url.whole, before, pos);
    }
    for (size_t pos = 0, before = 0; ob_claim_next(text, &pos, &claim); before = pos) {
        inside(text, claim.at, before, pos);
        hold(strlen(claim.value) > 0 && strlen(claim.value) < sizeof claim.value);
    }
    return 0;
}
