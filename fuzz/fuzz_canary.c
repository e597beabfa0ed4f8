/* SPDX-License-Identifier: Apache-2.0 */
/* Any text: a hit lies inside it and is gone once the text itself is the echo; a canary that is put
 * in front is found. */
#include "fuzz.h"

#include <ombud/decode.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ob_span canary = OB_SPAN("OMB-00ff00ff17ab22c9");
    ob_span text = {(const char *)data, size};
    ob_arena arena = {0};
    ob_canary_hit hit = {0};
    ob_err err = {0};
    bool found = false;
    OB_AUTO(ob_buf) planted = {.max = size + 100};
    hold(ob_canary_find(&arena, text, canary, OB_SPAN(""), &hit, &found, &err));
    hold(!found || (hit.start < hit.end && hit.end <= size));
    ob_arena_reset(&arena);
    hold(ob_canary_find(&arena, text, canary, text, &hit, &found, &err) && !found);
    ob_arena_reset(&arena);
    ob_buf_add(&planted, canary);
    ob_buf_add_char(&planted, ' ');
    ob_buf_add(&planted, text);
    hold(ob_canary_find(&arena, ob_buf_span(&planted), canary, OB_SPAN(""), &hit, &found, &err));
    hold(found && hit.start == 0 && hit.end == canary.len && hit.steps == 0);
    ob_arena_fini(&arena);
    return 0;
}
