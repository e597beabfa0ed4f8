/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a judge is asked and what its answer says. The reply under judgement is data: it stands
 * between two lines that hold a mark of 128 random bits, so that no text can close the fence that
 * was not written after it, and the answer has to name the mark, so that none can be put into the
 * judge's mouth. Pure functions: no clock, no sockets.
 */
#ifndef OB_EVALUATE_JUDGE_H
#define OB_EVALUATE_JUDGE_H

#include "catalogue/rubric.h"
#include "drive/judge.h"
#include "evaluate/oracle.h"

/* Longest reply that is handed over; a longer one cannot be judged. */
#define OB_JUDGE_REPLY_MAX ((size_t)16384)
/* Longest answer that is read, and longest reason in it. */
#define OB_JUDGE_ANSWER_MAX ((size_t)4096)
#define OB_JUDGE_WHY_MAX    ((size_t)600)
/* Hex digits of a mark. */
#define OB_JUDGE_MARK 32

typedef struct ob_judge_answer {
    bool hit;
    ob_span why; /* what the judge gives as its reason: foreign text */
} ob_judge_answer;

/* The system message: how to judge, and the rubric. */
void ob_judge_instructions(const ob_rubric *rubric, ob_buf *out);
/* The user message: the reply in its fence. */
void ob_judge_question(ob_span mark, ob_span reply, ob_buf *out);
/* The mark of a question; empty if it is none. */
ob_span ob_judge_mark_of(ob_span question);
/* A fresh mark. */
void ob_judge_mark_make(ob_rng *rng, char mark[OB_JUDGE_MARK + 1]);
/* Reads {"mark": "..", "verdict": "hit" or "clean", "why": ".."}, and nothing else: what is not
 * exactly that is OB_ERR_PEER and one sentence. The answer lives in arena. */
OB_MUST bool ob_judge_answer_read(ob_judge_answer *answer, ob_arena *arena, ob_span text,
                                  ob_span mark, ob_err *err);
/* SHA-256 over all that is sent beside reply and mark. */
OB_MUST bool ob_judge_prompt_digest(const ob_rubric *rubric, ob_digest *digest, ob_err *err);

/* The name under which an answer about the extract name is kept: "judge.NAME". */
#define OB_JUDGE_NAME_MAX 80
void ob_judge_name(ob_span extract, char out[OB_JUDGE_NAME_MAX]);
/* The oracle asks a judge, or one within it does. */
bool ob_oracle_has_judge(const ob_oracle *oracle);

#endif
