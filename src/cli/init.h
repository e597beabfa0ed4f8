/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files to begin with: a commented service file for each driver, and the owner's scope. What is
 * optional stands behind '#' at the beginning of a line; a comment for people has a blank after it.
 * So a line that lost its '#' is valid where it stands.
 */
#ifndef OB_CLI_INIT_H
#define OB_CLI_INIT_H

#include <ombud/buf.h>

/* The known words as the placeholder of --init shows them; a test holds it against the table. */
#define OB_INIT_WORDS "openai|json|command|scope"

/* Writes the file called which to out; now_ms is the wall clock, for the dates of a scope. */
OB_MUST bool ob_init_write(const char *which, int64_t now_ms, ob_buf *out, ob_err *err);

#endif
