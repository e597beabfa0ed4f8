/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CSV (RFC 4180) for bytes from outside: a pull parser over a whole text, one field at a time. Line
 * ends are LF or CR LF, also within quotes; a byte order mark at the start is skipped. Refused,
 * with the byte offset: a quote that is not closed, text behind a closing quote, a quote within a
 * field that does not begin with one, and NUL. What columns mean is the caller's business.
 */
#ifndef OB_INPUT_CSV_H
#define OB_INPUT_CSV_H

#include <ombud/mem.h>

typedef struct ob_csv_field {
    bool end;     /* no field: the text ended well */
    bool quoted;  /* stood in quotes, which raw leaves out */
    bool doubled; /* raw holds doubled quotes */
    bool last;    /* the last one of its record */
    ob_span raw;  /* borrows from the text */
    size_t at;    /* byte offset */
} ob_csv_field;

typedef struct ob_csv {
    ob_span text;
    char delimiter;
    bool open;       /* a delimiter was read, so a field follows even at the end of the text */
    size_t at;       /* of the next byte, or of the defect after OB_BAD */
    const char *why; /* after OB_BAD: what is wrong, a constant */
} ob_csv;

/* Starts over a whole text, which it borrows. delimiter is no quote, CR, LF or NUL. */
void ob_csv_start(ob_csv *csv, ob_span text, char delimiter);
/* OB_DONE: one field, or the end; OB_BAD: at and why tell. Never OB_MORE. */
ob_step ob_csv_next(ob_csv *csv, ob_csv_field *field);
/* The value of a field, its doubled quotes made single; borrows where nothing is to be done. */
OB_MUST bool ob_csv_value(const ob_csv_field *field, ob_arena *arena, ob_span *value, ob_err *err);

#endif
