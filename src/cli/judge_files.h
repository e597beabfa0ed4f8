/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a judge, as the commands judge and evaluate find them. */
#ifndef OB_CLI_JUDGE_FILES_H
#define OB_CLI_JUDGE_FILES_H

#include "cli/cli.h"
#include "evaluate/run.h"

/* What --option says, else beside the judge's file: judge.yaml has judge.calibration.json. */
OB_MUST bool ob_cli_calibration_path(const ob_args *args, const char *option, const char *judge,
                                     ob_arena *arena, ob_span *path, ob_err *err);

/* Of an evaluation. */
typedef struct ob_cli_judge {
    ob_judge judge;
    ob_calibration calibration;
} ob_cli_judge;

/* Loads what --judge and --calibration name and puts it into *options; nothing without --judge. */
OB_MUST bool ob_cli_judge_load(const ob_args *args, ob_arena *arena, ob_cli_judge *judge,
                               ob_run_options *options, ob_err *err);

#endif
