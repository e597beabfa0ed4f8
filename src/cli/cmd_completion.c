/* SPDX-License-Identifier: Apache-2.0 */
/* ombud completion: what a shell needs to complete commands, options and values. */
#include "cli/cli.h"
#include "cli/pages.h"

static int run_command(const ob_args *args)
{
    ob_err err = {0};
    OB_AUTO(ob_buf) out = {.max = 1 << 20};
    if (args->words_count != 1 || !ob_page_completion(&out, args->words[0])) {
        (void)ob_fail(&err, OB_ERR_USAGE, "completion takes bash, zsh or fish");
        return ob_cli_usage("completion", &err);
    }
    if (!ob_buf_check(&out, "the completion", &err) ||
        !ob_cli_write("-", ob_buf_span(&out), &err)) {
        return ob_cli_fail(&err, false);
    }
    return OB_EXIT_OK;
}

const ob_command ob_command_completion = {
    .name = "completion",
    .purpose = "print the completion of commands and options for a shell",
    .usage = "  ombud completion bash|zsh|fish\n",
    .examples = "  eval \"$(ombud completion bash)\"\n"
                "  ombud completion zsh > ~/.zfunc/_ombud\n"
                "  ombud completion fish > ~/.config/fish/completions/ombud.fish\n",
    .notes = "An installed ombud has them where the shells look.\n"
             "\n"
             "Exit status: 0 printed, 2 no such shell.\n",
    .run = run_command,
};
