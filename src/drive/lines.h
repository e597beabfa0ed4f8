/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines that a local program prints, and whose answer each one is. Sans-IO: bytes go in, cut
 * anyhow, lines come out; no pipe, no clock.
 *
 * Every answer is one line that is a JSON object. With a member "id" (a number, or a text of the
 * same digits) it belongs to the request of that id. Without one, or with null, it belongs to the
 * oldest request still open, so a program that answers in order needs no ids. A program that has
 * given a right id once gives them always: its lines without one are nobody's from then on. A
 * request that was given up keeps its turn, so that its late answer is not taken for another's.
 *
 * Ownership: obi_lines owns its memory; a line borrows until the next call. One object, one thread.
 */
#ifndef OB_DRIVE_LINES_H
#define OB_DRIVE_LINES_H

#include <ombud/buf.h>

#define OBI_LINES_GIVEN_UP 1000 /* requests that keep their turn; older ones are forgotten */

typedef enum obi_line_kind {
    OBI_LINE_ANSWER,  /* of the request id, which is no longer open */
    OBI_LINE_LATE,    /* of the request id, which was given up */
    OBI_LINE_STRAY,   /* has an id that no request has, or none where others had one */
    OBI_LINE_UNASKED, /* has no id, and nothing is open: what comes next may be out of step */
    OBI_LINE_NONSENSE /* no JSON object */
} obi_line_kind;

#define OBI_LINE_KINDS 5

typedef struct obi_line {
    obi_line_kind kind;
    uint64_t id;  /* of the request; 0 where no request is meant */
    ob_span text; /* without its line end; never empty */
} obi_line;

typedef struct obi_open_request {
    uint64_t id;
    bool given_up;
} obi_open_request;

typedef struct obi_lines {
    ob_buf line;            /* what has come of the line at hand */
    obi_open_request *open; /* oldest first */
    size_t open_count;
    size_t open_cap;
    size_t given_up;
    bool gives_ids;
    bool told; /* line was handed out and is to be forgotten */
} obi_lines;

/* line_max: most bytes of one line. */
void obi_lines_init(obi_lines *lines, size_t line_max);
void obi_lines_fini(obi_lines *lines);
/* A request was sent; id is above 0 and larger than all before. */
OB_MUST bool obi_lines_expect(obi_lines *lines, uint64_t id, ob_err *err);
/* The request was not sent after all: as if it had never been expected. */
void obi_lines_unexpect(obi_lines *lines, uint64_t id);
/* Nobody waits for this answer any more. */
void obi_lines_give_up(obi_lines *lines, uint64_t id);
/*
 * Takes bytes off the front of *bytes. OB_DONE: one line; call again. OB_MORE: all are taken, more
 * are needed. OB_BAD: a line is longer than line_max (or memory is out); nothing comes any more.
 * Empty lines are skipped.
 */
ob_step obi_lines_feed(obi_lines *lines, ob_span *bytes, obi_line *line);
/* Some of a line has come, but not its end. */
bool obi_lines_is_partial(const obi_lines *lines);

#endif
