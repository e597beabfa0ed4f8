/* SPDX-License-Identifier: Apache-2.0 */
/* Every report without memory: none comes out in part. */
#include "nomem.h"

#include "report/report.h"
#include "report/sample.h"

#include <ombud/limits.h>

static bool write_work(void *ctx, ob_err *err)
{
    ob_procedure_view procedures[6];
    ob_summary summary = sample_summary(procedures);
    OB_AUTO(ob_buf) out = {.max = OB_REPORT_MAX};
    return ((const ob_report_writer *)ctx)->write(&summary, &out, err);
}

static bool terminal_work(void *ctx, ob_err *err)
{
    ob_procedure_view procedures[6];
    ob_summary summary = sample_summary(procedures);
    OB_AUTO(ob_buf) out = {.max = OB_REPORT_MAX};
    (void)ctx;
    return ob_report_terminal(&summary, &(ob_terminal_style){.width = 80}, &out, err);
}

static void reports_without_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < ob_report_writers_count; i++) {
        ob_report_writer writer = *ob_report_writers[i];
        assert_true(nomem_sweep(writer.id, write_work, &writer, 1, false) > 1);
    }
    assert_true(nomem_sweep("terminal", terminal_work, NULL, 1, false) > 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reports_without_memory)};
    return cmocka_run_group_tests_name("report_nomem", tests, NULL, NULL);
}
