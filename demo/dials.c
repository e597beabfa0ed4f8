/* SPDX-License-Identifier: Apache-2.0 */
#include "core.h"

#define OBD_ROW(id, name, title, procedure, rate) {name, title, procedure, rate},
const ob_demo_dial ob_demo_dials[] = {
#include "dials.def"
};
#undef OBD_ROW
const size_t ob_demo_dials_count = OB_COUNT(ob_demo_dials);

double obd_draw(const ob_demo_core *core, const char *what, const char *tag)
{
    ob_digest digest = {{0}};
    ob_err ignored = {0};
    const ob_span parts[] = {
        ob_span_str(core->seed), {"\0", 1}, ob_span_str(what), {"\0", 1}, ob_span_str(tag)};
    uint64_t bits = 0;
    if (!ob_sha256(parts, OB_COUNT(parts), &digest, &ignored)) {
        return 1;
    }
    for (size_t i = 0; i < 8; i++) {
        bits = bits << 8 | digest.bytes[i];
    }
    return (double)(bits >> 11) * 0x1p-53;
}

bool obd_fires(const ob_demo_core *core, obd_dial dial, const char *tag)
{
    return core->rates[dial] > 0 &&
           obd_draw(core, ob_demo_dials[dial].name, tag) < core->rates[dial];
}

unsigned obd_form(const ob_demo_core *core, const char *what, const char *tag, unsigned count)
{
    char label[64];
    (void)snprintf(label, sizeof label, "form of %s", what);
    return (unsigned)(obd_draw(core, label, tag) * count);
}
