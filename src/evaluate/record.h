/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bodies of evidence records, written here and read back by confirm.c, resume.c and summary.c;
 * doc/evidence.md describes them for others.
 */
#ifndef OB_EVALUATE_RECORD_H
#define OB_EVALUATE_RECORD_H

#include "evaluate/engine.h"

OB_MUST bool obi_record_run(ob_engine *e, ob_err *err);
OB_MUST bool obi_record_procedure(ob_engine *e, const ob_family *family, ob_err *err);
OB_MUST bool obi_record_start(ob_engine *e, const ob_family *family, int64_t number,
                              int32_t attempt, int64_t rerun_of, const ob_choice *choice,
                              const ob_vars *vars, ob_err *err);
/* trial: NULL for an exchange of no trial. */
OB_MUST bool obi_record_request(ob_engine *e, struct ob_trial *trial, const ob_family *family,
                                int64_t number, int32_t trial_attempt, const ob_attempt *attempt,
                                ob_err *err);
OB_MUST bool obi_record_response(ob_engine *e, struct ob_trial *trial, const ob_family *family,
                                 int64_t number, int32_t trial_attempt, const ob_attempt *attempt,
                                 ob_err *err);
/* The last exchange of obs, and what was named from it. */
OB_MUST bool obi_record_turn(ob_engine *e, const ob_family *family, int64_t number, int32_t attempt,
                             ob_observation *obs, const ob_reply *reply, ob_err *err);
OB_MUST bool obi_record_confirm(ob_engine *e, const ob_family *family, int64_t number,
                                int32_t attempt, const ob_confirmation *confirmation, bool reread,
                                ob_err *err);
OB_MUST bool obi_record_end(ob_engine *e, const ob_family *family, int64_t number, int32_t attempt,
                            int64_t rerun_of, ob_observation *obs, const ob_judgement *judgement,
                            bool confirmed, ob_err *err);
/* kind: "left behind", "deviation", "interrupted", "resumed". */
OB_MUST bool obi_record_note(ob_engine *e, const char *kind, ob_span text, ob_err *err);
OB_MUST bool obi_record_verdict(ob_engine *e, const ob_family *family, ob_err *err);
OB_MUST bool obi_record_finish(ob_engine *e, ob_err *err);

/* Which trial an owner given to the client is. */
ob_family *obi_trial_family(const struct ob_trial *trial, int64_t *number, int32_t *attempt);
/* What the trial has seen so far, and what it is saying. */
ob_observation *obi_trial_seen(struct ob_trial *trial, ob_span *saying);
/* Text as it is stored, which lives as long as the observation: it is told for whom the masks are
 * made. fresh: what the detectors find is masked; else only what was masked before. */
OB_MUST bool obi_record_shown(ob_engine *e, ob_observation *obs, ob_span saying, bool fresh,
                              ob_span text, ob_span *shown, ob_err *err);

#endif
