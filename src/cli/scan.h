/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ombud scan: what its files share. A job is made of the options once (scan_setup.c); texts go
 * through it one after the other (scan_text.c whole files in constant memory, scan_lines.c lines of
 * JSON), findings are shown by scan_show.c, and all that is written goes through scan_out.c.
 */
#ifndef OB_CLI_SCAN_H
#define OB_CLI_SCAN_H

#include "cli/cli.h"
#include "input/labelled.h"

#include <ombud/detect.h>

/* Bytes read, scanned and written at a time. */
#define OB_SCAN_PIECE ((size_t)64 << 10)
/* A longer line of JSON is told as an error, not kept. */
#define OB_SCAN_LINE_MAX ((size_t)64 << 20)

/*
 * Where the output goes: standard output, or a file that gets its name when all of it was written.
 * Text is gathered and leaves by ob_scan_out_flush, or when a piece is full.
 */
typedef struct ob_scan_out {
    const char *path; /* NULL: standard output */
    char part[4096];  /* the name until then; "" when there is none */
    int fd;
    ob_buf text;
    bool gone; /* whoever reads standard output went away */
} ob_scan_out;

OB_MUST bool ob_scan_out_open(ob_scan_out *out, const char *path, ob_err *err);
OB_MUST bool ob_scan_out_add(ob_scan_out *out, ob_span text, ob_err *err);
OB_MUST bool ob_scan_out_flush(ob_scan_out *out, ob_err *err);
/* Writes the rest and gives a file its name. */
OB_MUST bool ob_scan_out_finish(ob_scan_out *out, ob_err *err);
/* Removes what ob_scan_out_finish did not finish. */
void ob_scan_out_close(ob_scan_out *out);

/* The line on standard error that tells how far a long scan is. */
typedef struct ob_scan_progress {
    bool live; /* a terminal: one line, rewritten */
    bool quiet;
    bool shown;
    unsigned tenth; /* plain: the last tenth told */
    uint64_t start_ns;
    uint64_t told_ns;
    uint64_t all; /* bytes of all inputs; 0: not known */
} ob_scan_progress;

typedef enum ob_scan_form {
    OB_SCAN_TABLE,
    OB_SCAN_JSON,
    OB_SCAN_REDACT
} ob_scan_form;

typedef struct ob_scan_job {
    const ob_args *args;
    ob_arena arena;
    ob_detector *detector;
    ob_scanner *scanner;
    bool *kinds;
    ob_scan_options options;
    ob_where where;
    ob_scan_form form;
    bool lines; /* --jsonl */
    bool explain;
    bool show_values;
    ob_span key; /* of pseudonyms; empty: masks */
    ob_scan_out out;
    ob_scan_progress progress;
    int stop_fd;
    /* Figures. */
    unsigned fail_on; /* percent; above 100: never */
    bool failed;      /* a finding reached it */
    bool headed;      /* the table has its first line */
    uint64_t bytes;
    uint64_t inputs;
    uint64_t hits;
    uint64_t unread;        /* lines that are no text */
    uint64_t *hits_of_kind; /* by index */
    char first_unread[200];
} ob_scan_job;

/* ombud scan compile: gives the exit status. */
int ob_scan_compile(const ob_args *args);
/* ombud scan train, ombud scan evaluate: the same. */
int ob_scan_train(const ob_args *args);
int ob_scan_evaluate(const ob_args *args);
/* The labelled texts of --data, with all mistakes told; both classes are there. */
OB_MUST bool ob_scan_labelled(const ob_args *args, ob_arena *arena, ob_labelled_rows *rows,
                              ob_err *err);
/* Puts the model of --model in the place of the shipped one. */
OB_MUST bool ob_scan_model(const ob_args *args, ob_detector *detector, ob_err *err);
/* The first option given that is none of own, or NULL: it would be passed over in silence. */
const char *ob_scan_misplaced(const ob_args *args, const char *const *own, size_t count);
/* A detector with the compiled rules of a file; NULL: the shipped ones. Says so when the file is
 * for another version or machine. Free it with ob_detector_free. */
OB_MUST bool ob_cli_detector(const ob_args *args, const char *rules, ob_detector **detector,
                             ob_err *err);

/* The place that --where names. */
OB_MUST bool ob_scan_where(const ob_args *args, ob_where *where, ob_err *err);
/* Reads the options. */
OB_MUST bool ob_scan_setup(ob_scan_job *job, ob_err *err);
/* The detector with the rules that --rules names, or the shipped ones. */
OB_MUST bool ob_scan_load(ob_scan_job *job, ob_err *err);
OB_MUST bool ob_scan_key(ob_scan_job *job, ob_err *err);
/* Hosts, planted values and instructions of the service (scan_own.c). */
OB_MUST bool ob_scan_own(ob_scan_job *job, ob_err *err);
void ob_scan_job_fini(ob_scan_job *job);

/* An input that is read in pieces. */
typedef struct ob_scan_in {
    const char *name; /* as given; "-" is standard input */
    int fd;
    char head[2]; /* its first bytes, */
    size_t seen;  /* as many as there are by now */
} ob_scan_in;

OB_MUST bool ob_scan_in_open(ob_scan_in *in, const char *name, ob_err *err);
void ob_scan_in_close(ob_scan_in *in);
/* The next piece, at most OB_SCAN_PIECE bytes; 0 at the end. OB_ERR_CANCELLED after a signal. What
 * was gathered for the output leaves before it waits. */
OB_MUST bool ob_scan_in_read(ob_scan_job *job, ob_scan_in *in, char *piece, size_t *got,
                             ob_err *err);
/* Adds up the sizes of regular files for the progress line. */
void ob_scan_measure(ob_scan_job *job);
/* Takes the progress line away, so that other text may stand there. */
void ob_scan_erase(ob_scan_progress *progress);

/* Scans one file of text; one of lines. */
OB_MUST bool ob_scan_text(ob_scan_job *job, ob_scan_in *in, ob_err *err);
OB_MUST bool ob_scan_lines(ob_scan_job *job, ob_scan_in *in, ob_err *err);

/* A finding with what is needed to show it. */
typedef struct ob_scan_found {
    const ob_hit *hit;
    ob_span value; /* its bytes, or of a long one the first */
    const char *file;
    uint64_t line; /* 0: not known */
    uint64_t column;
} ob_scan_found;

/* Counts it, without a word. */
void ob_scan_count(ob_scan_job *job, const ob_hit *hit);
/* Shows it as a row of the table. */
OB_MUST bool ob_scan_row(ob_scan_job *job, const ob_scan_found *found, ob_err *err);
/* Appends it as a member of "findings". */
void ob_scan_json(const ob_scan_job *job, const ob_hit *hit, ob_buf *out);
/* ob_scan_sink.mask of --pseudonyms: ctx is the job. */
bool ob_scan_pseudonym(void *ctx, const ob_hit *hit, ob_span value, const uint8_t digest[32],
                       ob_buf *out, ob_err *err);
/* Tells the figures of --stats, and what could not be read, on standard error. */
void ob_scan_tell(ob_scan_job *job);
/* The table of --list-kinds. */
OB_MUST bool ob_scan_list_kinds(ob_scan_job *job, ob_err *err);

#endif
