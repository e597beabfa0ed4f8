/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shortest report: one line for scripts. The outcome, then name=value pairs without blanks in
 * them; new pairs go to the end.
 */
#include "report/table.h"
#include "report/words.h"

static const char *const names[OB_OUTCOMES] = {"fail", "error", "inconclusive", "pass",
                                               "not_applicable"};

static bool write(const ob_summary *s, ob_buf *out, ob_err *err)
{
    unsigned counts[OB_OUTCOMES];
    obi_report_tally(s, counts);
    ob_buf_addf(out, "%s run=", ob_outcome_names[s->outcome]);
    ob_buf_add_shown(out, ob_span_str(s->run.id), sizeof s->run.id);
    ob_buf_add_str(out, " state=");
    ob_buf_add_shown(out, ob_span_str(s->run.state), sizeof s->run.state);
    for (size_t i = 0; i < OB_OUTCOMES; i++) {
        ob_buf_addf(out, " %s=%u", names[i], counts[i]);
    }
    ob_buf_addf(out, " requirements_not_tested=%zu\n", obi_report_untested(s));
    return ob_buf_check(out, "the line of the report", err);
}

const ob_report_writer ob_report_writer_verdict = {
    .id = "verdict",
    .title = "One line, for scripts",
    .doc = "reports.md",
    .write = write,
};
