/* SPDX-License-Identifier: Apache-2.0 */
/* What --dry-run prints. */
#ifndef OB_CLI_EVALUATE_PLAN_H
#define OB_CLI_EVALUATE_PLAN_H

#include "evaluate/run.h"

/* The plan, what does not apply and why, and the first request of each procedure; sends nothing. */
OB_MUST bool obi_evaluate_plan(const ob_run_options *options, ob_arena *arena, ob_err *err);

#endif
