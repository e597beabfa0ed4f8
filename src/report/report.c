/* SPDX-License-Identifier: Apache-2.0 */
/* The table of report writers. */
#include "report/table.h"

#define OB_REPORT_WRITER(id) &ob_report_writer_##id,
const ob_report_writer *const ob_report_writers[] = {
#include "report/all.def"
};
#undef OB_REPORT_WRITER

const size_t ob_report_writers_count = OB_COUNT(ob_report_writers);

const ob_report_writer *ob_report_writer_find(ob_span id)
{
    for (size_t i = 0; i < ob_report_writers_count; i++) {
        if (ob_span_is_str(id, ob_report_writers[i]->id)) {
            return ob_report_writers[i];
        }
    }
    return NULL;
}
