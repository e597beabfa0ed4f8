/* SPDX-License-Identifier: Apache-2.0 */
/* ombud map report: the map as one page that works without a network. */
#include "cli/map.h"
#include "report/map_page.h"

static int report(ob_map_cli *cli)
{
    ob_err err = {0};
    ob_day since = 0;
    const char *text = ob_args_text(cli->args, "since");
    if (text != NULL && !ob_day_read(ob_span_str(text), &since)) {
        (void)ob_fail(&err, OB_ERR_USAGE, "--since is a day such as 2026-10-31, not '%.40s'", text);
        return ob_cli_usage("map", &err);
    }
    if (ob_args_text(cli->args, "out") == NULL) {
        (void)ob_fail(&err, OB_ERR_USAGE, "map report needs --out FILE.html");
        return ob_cli_usage("map", &err);
    }
    return ob_map_page(&cli->out, &cli->arena, &cli->map, since, &err) ? OB_EXIT_OK
                                                                       : ob_cli_fail(&err, false);
}

const ob_map_verb ob_map_verb_report = {
    .name = "report", .wants = OB_MAP_WANTS_MAP, .takes = "options only", .run = report};
