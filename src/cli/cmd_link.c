/* SPDX-License-Identifier: Apache-2.0 */
/* ombud link: secure interconnection of constrained devices. */
#include "cli/cli.h"
#include "cli/link.h"

static int run_command(const ob_args *args)
{
    ob_err err = {0};
    if (args->words_count > 0 && strcmp(args->words[0], "vectors") == 0) {
        return ob_link_vectors(args);
    }
    (void)ob_fail(&err, OB_ERR_USAGE,
                  args->words_count == 0 ? "link needs to know what to do"
                                         : "link does not know '%.60s'",
                  args->words_count == 0 ? "" : args->words[0]);
    return ob_cli_usage("link", &err);
}

static const ob_option options[] = {
    {"all", OB_OPTION_FLAG, false, NULL, NULL, "vectors: print the entries that passed, too", NULL},
};

const ob_command ob_command_link = {
    .name = "link",
    .purpose = "secure interconnection of constrained devices: CoAP, OSCORE, EDHOC",
    .usage = "  ombud link vectors FILE.json... [options]\n",
    .examples = "  ombud link vectors oscore-generated.json\n"
                "  ombud link vectors --all edhoc-generated.json\n",
    .options = options,
    .options_count = OB_COUNT(options),
    .notes = "vectors runs files of test vectors for OSCORE, EDHOC and COSE, and prints as its\n"
             "last line \"N passed, N failed, N skipped\". doc/link.md tells the formats and what\n"
             "is skipped.\n"
             "\n"
             "Exit status: 0 done, 1 a vector failed, 2 wrong usage or input, 4 our own fault.\n",
    .run = run_command,
};
