/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports: what a run came to, for people and for programs. Each writer turns a summary into one
 * text; none of them judges anything. Formats are rows of all.def. The terminal's is apart, because
 * it needs to know the terminal.
 *
 * Every text of a summary is foreign: it comes from a service, a file or a person. A writer passes
 * it through the one escaping function of its medium.
 */
#ifndef OB_REPORT_REPORT_H
#define OB_REPORT_REPORT_H

#include "evaluate/summary.h"

typedef struct ob_report_writer {
    const char *id; /* as --format names it */
    const char *title;
    const char *doc; /* its description, below doc/ */
    bool (*write)(const ob_summary *summary, ob_buf *out, ob_err *err);
} ob_report_writer;

/* Sorted by id. */
extern const ob_report_writer *const ob_report_writers[];
extern const size_t ob_report_writers_count;

/* NULL if there is none of that id. */
const ob_report_writer *ob_report_writer_find(ob_span id);

typedef struct ob_terminal_style {
    unsigned width; /* columns; 0 = 80 */
    bool colour;
} ob_terminal_style;

/* What an evaluator wants to see at once: a line a procedure, reasons, the outcome. */
OB_MUST bool ob_report_terminal(const ob_summary *summary, const ob_terminal_style *style,
                                ob_buf *out, ob_err *err);

/* Reads run id and chain hash from a JSON report and checks the store against it. *good tells
 * whether it fits, message says so in a sentence either way; false only if no answer was possible.
 */
OB_MUST bool ob_report_verify(ob_store *store, ob_span report_json, ob_buf *message, bool *good,
                              ob_err *err);
/* As ob_report_verify, for the figures: outcomes and counts are computed again from the records;
 * message tells the first that the report gives otherwise, and stays empty where none differs. */
OB_MUST bool ob_report_verify_figures(ob_store *store, ob_span report_json, ob_buf *message,
                                      bool *good, ob_err *err);

#endif
