/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The judge's file: where a language model answers and how it is asked; doc/judge.md describes it
 * for users. It becomes a service of its own, with driver openai, so that its requests have limits,
 * secrets and evidence like all others.
 */
#ifndef OB_DRIVE_JUDGE_H
#define OB_DRIVE_JUDGE_H

#include "drive/service.h"

typedef struct ob_judge {
    ob_span title;
    ob_service service;
    ob_digest settings; /* over what its answers hang on: address, path, model, how it is asked */
} ob_judge;

/* Everything lives in arena. */
OB_MUST bool ob_judge_load(ob_judge *judge, ob_arena *arena, const char *path, ob_err *err);
OB_MUST bool ob_judge_parse(ob_judge *judge, ob_arena *arena, ob_span name, ob_span text,
                            ob_err *err);

#endif
