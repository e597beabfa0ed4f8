/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jq, for service files only. A checked subset: our own lexer admits paths, comparison, logic,
 * construction and a fixed list of functions, because jq 1.6 can read the environment, abort and
 * loop. All expressions of a file become one program, compiled once.
 */
#ifndef OB_DRIVE_MAPPING_H
#define OB_DRIVE_MAPPING_H

#include <ombud/limits.h>
#include <ombud/mem.h>

typedef struct ob_mapping ob_mapping;

/* Checks one expression; on failure *at is the byte offset of the offending word within it. */
OB_MUST bool ob_mapping_check(ob_span expression, size_t *at, ob_err *err);
/* Compiles count checked expressions into one program; *mapping is closed with the arena. */
OB_MUST bool ob_mapping_new(ob_mapping **mapping, ob_arena *arena, const ob_span *expressions,
                            size_t count, ob_err *err);
/*
 * Runs expression index over a JSON text and puts its first result into *result (JSON text in
 * arena; for a string result *result is the JSON text too and *text the plain string). No result,
 * null or a run-time error of jq is OB_ERR_PEER with the reason.
 */
OB_MUST bool ob_mapping_run(ob_mapping *mapping, ob_arena *arena, unsigned index, ob_span json,
                            ob_span *result, ob_span *text, ob_err *err);

#endif
