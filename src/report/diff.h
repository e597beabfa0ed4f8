/* SPDX-License-Identifier: Apache-2.0 */
/* Writers of a comparison of two runs. They judge nothing; every text of it is foreign. */
#ifndef OB_REPORT_DIFF_H
#define OB_REPORT_DIFF_H

#include "evaluate/diff.h"
#include "report/report.h"

/* What a release engineer wants to see at once: the changes, the new hits, the answer. */
OB_MUST bool ob_diff_terminal(const ob_diff *diff, const ob_terminal_style *style, ob_buf *out,
                              ob_err *err);
/* One object, closed by doc/schema/diff-1.json. */
OB_MUST bool ob_diff_json(const ob_diff *diff, ob_buf *out, ob_err *err);
/* For a pull request or an issue. */
OB_MUST bool ob_diff_markdown(const ob_diff *diff, ob_buf *out, ob_err *err);

/* The answer in a sentence of ours. */
const char *obi_diff_sentence(ob_change change);
/* "PASS", "N/A", "not run". */
const char *obi_diff_outcome(const ob_procedure_view *view);
/* The change as a table says it: "worse", "new", "-". */
const char *obi_diff_word(const ob_diff_procedure *procedure);
/* Something about it is worth a line: an outcome, a hit or the way of comparing changed. */
bool obi_diff_is_news(const ob_diff *diff, const ob_diff_procedure *procedure);

#endif
