/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns of procedures: PCRE2 with match limits, so that no pattern and no reply can hang a run.
 * Text need not be valid UTF-8.
 */
#ifndef OB_EVALUATE_PATTERN_H
#define OB_EVALUATE_PATTERN_H

#include <ombud/mem.h>

typedef struct ob_pattern ob_pattern;

/* Compiles; freed with the arena. Fails with OB_ERR_INPUT and the place within the pattern. */
OB_MUST bool ob_pattern_new(const ob_pattern **pattern, ob_arena *arena, ob_span text, ob_err *err);
/* The first match at or after from; with a group in the pattern the bytes of the first group. A
 * match that runs into the limits is OB_ERR_LIMIT. */
OB_MUST bool ob_pattern_find(const ob_pattern *pattern, ob_span text, size_t from, size_t *start,
                             size_t *end, bool *found, ob_err *err);

#endif
