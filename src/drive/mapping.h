/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jq, for service files only. A checked subset: our own lexer admits paths, comparison, logic,
 * construction and a fixed list of functions, because jq 1.6 can read the environment, abort and
 * loop. All expressions of a file become one program, compiled once.
 *
 * Admitted: paths (".a", ".[0]", ".[1:3]", ".[]", "..", "?"), "|", ",", "//", comparisons, "+" (to
 * join texts), numbers, strings without interpolation, "[...]", "{...}", "(...)", "and or not true
 * false null", "if then elif else end", and the functions in mapping_lex.c. Refused: every other
 * word, assignment, "- * / %", "$variables", "@formats", comments.
 *
 * Threads: one mapping, one thread. While jq compiles, HOME is not in the environment; that happens
 * in ob_mapping_new or, where all expressions are plain paths, at the first reply for which these
 * do not lead to a string or to nothing. libjq ends the process when memory is out.
 */
#ifndef OB_DRIVE_MAPPING_H
#define OB_DRIVE_MAPPING_H

#include <ombud/limits.h>
#include <ombud/mem.h>

typedef struct ob_mapping ob_mapping;

#define OB_MAPPING_EXPRESSION_MAX  4096 /* bytes of one expression */
#define OB_MAPPING_EXPRESSIONS_MAX 200  /* in one file */

/* Checks one expression; on failure *at is the byte offset of the offending word within it. */
OB_MUST bool ob_mapping_check(ob_span expression, size_t *at, ob_err *err);
/* Compiles count checked expressions into one program; *mapping is closed with the arena, and
 * borrows expressions. On failure *bad is the number of the expression that jq refuses, count where
 * it is none of them. */
OB_MUST bool ob_mapping_new(ob_mapping **mapping, ob_arena *arena, const ob_span *expressions,
                            size_t count, size_t *bad, ob_err *err);
/* Expression index as the file has it; borrows. */
ob_span ob_mapping_text(const ob_mapping *mapping, unsigned index);
/*
 * Runs expression index over a JSON text and puts its first result into *result (JSON text in
 * arena; for a string result *result is the JSON text too and *text the plain string). No result,
 * null or a run-time error of jq is OB_ERR_PEER with the reason.
 */
OB_MUST bool ob_mapping_run(ob_mapping *mapping, ob_arena *arena, unsigned index, ob_span json,
                            ob_span *result, ob_span *text, ob_err *err);

#endif
