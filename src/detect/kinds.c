/* SPDX-License-Identifier: Apache-2.0 */
/* The table of kinds and its look-up. */
#include "detect/kinds.h"

const ob_kind_row ob_kind_rows[OB_KINDS] = {
#define OB_KIND(constant, id_, class_, title_, region_, validator, least_, most_, letters_, \
                groups_)                                                                    \
    [OB_KIND_##constant] = {                                                                \
        .id = (id_),                                                                        \
        .title = (title_),                                                                  \
        .region = (region_),                                                                \
        .groups = (groups_),                                                                \
        .class = OB_CLASS_##class_,                                                         \
        .letters = OB_LETTERS_##letters_,                                                   \
        .least = (least_),                                                                  \
        .most = (most_),                                                                    \
    },
#include "detect/kinds.def"
#undef OB_KIND
};

ob_kind ob_kind_find(ob_span id)
{
    size_t first = 0;
    size_t behind = OB_KINDS;
    while (first < behind) {
        size_t middle = first + (behind - first) / 2;
        int order = ob_span_compare(id, ob_span_str(ob_kind_rows[middle].id));
        if (order == 0) {
            return (ob_kind)middle;
        }
        if (order < 0) {
            behind = middle;
        } else {
            first = middle + 1;
        }
    }
    return OB_KINDS;
}
