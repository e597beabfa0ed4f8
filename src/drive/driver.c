/* SPDX-License-Identifier: Apache-2.0 */
#include "drive/driver.h"

#define OB_DRIVER(id) &ob_driver_##id,
const ob_driver *const ob_drivers[] = {
#include "drive/all.def"
};
#undef OB_DRIVER
const size_t ob_drivers_count = OB_COUNT(ob_drivers);

const ob_driver *ob_driver_find(ob_span id)
{
    for (size_t i = 0; i < ob_drivers_count; i++) {
        if (ob_span_is_str(id, ob_drivers[i]->id)) {
            return ob_drivers[i];
        }
    }
    return NULL;
}
