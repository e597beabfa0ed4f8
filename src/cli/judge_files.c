/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/judge_files.h"

#include <unistd.h>

bool ob_cli_calibration_path(const ob_args *args, const char *option, const char *judge,
                             ob_arena *arena, ob_span *path, ob_err *err)
{
    const char *given = ob_args_text(args, option);
    ob_span base = ob_span_str(judge);
    if (given != NULL) {
        return ob_arena_dup(arena, ob_span_str(given), path, err);
    }
    if (ob_span_has_suffix(base, OB_SPAN(".yaml"))) {
        base = ob_span_sub(base, 0, base.len - strlen(".yaml"));
    }
    return ob_arena_printf(arena, path, err, "%.*s.calibration.json", OB_SHOW(base));
}

bool ob_cli_judge_load(const ob_args *args, ob_arena *arena, ob_cli_judge *judge,
                       ob_run_options *options, ob_err *err)
{
    const char *path = ob_args_text(args, "judge");
    const char *given = ob_args_text(args, "calibration");
    ob_span calibration = {0};
    if (path == NULL) {
        return given == NULL ||
               ob_fail(err, OB_ERR_USAGE, "--calibration belongs to a judge: give --judge FILE");
    }
    if (!ob_judge_load(&judge->judge, arena, path, err) ||
        !ob_cli_secrets(args, arena, &judge->judge.service, NULL, &options->judge_secrets, err) ||
        !ob_cli_calibration_path(args, "calibration", path, arena, &calibration, err)) {
        return false;
    }
    options->judge = &judge->judge;
    /* Without one it is refused where a procedure asks for it, with the rubric's name. */
    if (given == NULL && access(calibration.ptr, F_OK) != 0) {
        return true;
    }
    options->calibration = &judge->calibration;
    return ob_calibration_load(&judge->calibration, arena, calibration.ptr, err);
}
