/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A service that is a local program: the transport (program.c) and one of its processes
 * (process.c). The program has one slot a process; a slot is filled when its first request comes
 * and again after a death. A process that is on its way out has left its slot, so that the next one
 * need not wait for it; it frees itself when it has been reaped and its last handle is closed.
 * Nobody else includes this. Everything runs on the client's loop.
 */
#ifndef OB_DRIVE_PROCESS_H
#define OB_DRIVE_PROCESS_H

#include "drive/client_core.h"
#include "drive/lines.h"

#include <signal.h>

#define OBI_DEATHS       3    /* in a row, without an answer in between, that end a run */
#define OBI_SILENT       3    /* requests in a row without an answer: the process is ended */
#define OBI_GRACE_MS     1000 /* from the end of its standard input to TERM, and on to KILL */
#define OBI_LAST_WORD_MS 250  /* from the first sign that a process ends to the belief in it */
#define OBI_ERROR_LINE   4096 /* bytes of one line on standard error */
#define OBI_NAME         41

typedef enum obi_process_state {
    OBI_RUNNING,
    OBI_LEAVING, /* it has ended, or closed a pipe; what it still said is read */
    OBI_ENDING,  /* its standard input is closed */
    OBI_TERMED,
    OBI_KILLED
} obi_process_state;

typedef struct obi_process {
    struct obi_program *program;
    struct obi_process **slot; /* NULL once it has left it */
    obi_process_state state;
    uv_process_t handle;
    uv_pipe_t in;  /* its standard input */
    uv_pipe_t out; /* its standard output */
    uv_pipe_t err; /* its standard error */
    uv_timer_t timer;
    uv_write_t write;
    unsigned handles; /* that are not closed yet */
    bool writing;
    ob_buf sending; /* the line that is being written */
    bool exited;
    bool at_end; /* of its standard output */
    int64_t exit_status;
    int exit_signal;
    ob_buf error_line;
    char last_error[100]; /* last line of its standard error, as shown */
    /* of program.c: */
    obi_lines lines;
    obi_exchange
        *exchanges; /* in order, linked by in_process; those not yet sent have no block out */
    uint64_t started_ns;
    bool answered;       /* at least once */
    unsigned silent;     /* requests in a row that got no answer */
    uint64_t line_ns;    /* when the line at hand began */
    uint64_t piece_ns;   /* when its last piece came */
    double gap_ms;       /* longest silence in it */
    uint64_t ignored_ns; /* when a line came that answers nothing; 0 = never */
    char ignored[120];   /* the last of them, in words */
    bool warned;
} obi_process;

typedef struct obi_program {
    ob_client_core *core;
    char **words;
    char **environment;
    char name[OBI_NAME]; /* "node bot.js", as shown */
    obi_process **slots;
    unsigned deaths;         /* in a row */
    char read_buffer[65536]; /* one read at a time */
    bool pipe_ignored;
    struct sigaction old_pipe;
} obi_program;

/* process.c: starts one in the slot; fails with OB_ERR_INPUT when it cannot be started. */
OB_MUST bool obi_process_start(obi_program *program, obi_process **slot, ob_err *err);
/* Writes a line, of which a copy is made; only when nothing is being written. False: not one byte
 * of it left, and the process is no longer running. */
OB_MUST bool obi_process_write(obi_process *p, ob_span line, ob_err *err, bool *sent);
/* Leaves its slot and ends: end of input, then TERM, then KILL. deaf: its output is closed at once.
 */
void obi_process_end(obi_process *p, bool deaf);
/* How it ended: "ended with exit status 1: last line of its standard error". */
void obi_process_tell(const obi_process *p, char out[160]);
/* Foreign text for people, without what is secret. */
void obi_program_show(const ob_client_core *core, ob_span text, size_t max_bytes, ob_buf *out);

/* program.c, told by process.c: */
void obi_program_bytes(obi_process *p, ob_span bytes);
void obi_program_writable(obi_process *p);
/* It has ended by itself, or closed a pipe. */
void obi_program_gone(obi_process *p);

#endif
