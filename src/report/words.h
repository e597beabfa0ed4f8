/* SPDX-License-Identifier: Apache-2.0 */
/* Words and figures that the reports for people share. What they add is our own text. */
#ifndef OB_REPORT_WORDS_H
#define OB_REPORT_WORDS_H

#include "evaluate/summary.h"

/* A part that memory was too short for is missing from the report, so there is no report. */
void obi_report_carry(ob_buf *out, const ob_buf *part);
/* "5.0 %", "0.33 %": two digits that say something. */
void obi_report_percent(ob_buf *out, double rate);
/* A bound with the digits that tell it from its limit: "4.97 %", "12.3 %". */
void obi_report_bound(ob_buf *out, double rate);
/* "1 trial", "no hits", "3 hits". */
void obi_report_count(ob_buf *out, uint64_t count, const char *one, const char *many);
/* "2026-11-24 13:05:07 UTC". */
void obi_report_time(ob_buf *out, int64_t wall_ms);
/* The end of a text at or before at that cuts no UTF-8 character. */
size_t obi_report_boundary(ob_span text, size_t at);
/* The outcome as it stands in running text: "NOT APPLICABLE". */
const char *obi_report_word(ob_outcome outcome);
/* A procedure of the run belongs to the requirement. */
bool obi_report_is_tested(const ob_summary *summary, const ob_requirement_view *requirement);
/* How many requirements nothing belongs to. */
size_t obi_report_untested(const ob_summary *summary);
/* Where the two-sided interval reaches past the limit although the one-sided bound keeps it. */
bool obi_report_is_past(const ob_procedure_view *procedure);

/* What is known of the rate in a few characters: "< 4.97 %", "confirmed", "-". */
void obi_report_rate(ob_buf *out, const ob_procedure_view *procedure);
/* Where a procedure stands in a report: worst outcome first, then the most severe. */
#define OBI_REPORT_RANKS ((unsigned)OB_OUTCOMES * OB_SEVERITIES)
unsigned obi_report_rank(const ob_procedure_view *procedure);
/* The first hits that the report shows, and a line that tells of the others; stop ends it. */
void obi_report_hits(ob_buf *out, const ob_procedure_view *procedure, size_t most,
                     void (*write)(ob_buf *out, const ob_trial_view *trial), const char *stop);
/* How many procedures have each outcome. */
void obi_report_tally(const ob_summary *summary, unsigned counts[OB_OUTCOMES]);

#endif
