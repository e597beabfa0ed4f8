/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs of ombud map that ask a question share. */
#ifndef OB_CLI_MAP_ASK_H
#define OB_CLI_MAP_ASK_H

#include "cli/map.h"
#include "map/ask.h"

#include <ombud/json.h>
#include <ombud/text.h>

/* The question as the options --body, --with, --topic and --fresh put it. */
OB_MUST bool ob_map_ask(ob_map_cli *cli, ob_ask *ask, ob_err *err);
/* A body that the option names; OB_NONE where it is not given. */
OB_MUST bool ob_map_option_body(ob_map_cli *cli, const char *option, uint32_t *body, ob_err *err);
/* A topic by its id; one that is not there is a mistake. */
OB_MUST bool ob_map_topic_named(ob_map_cli *cli, const char *text, uint32_t *topic, ob_err *err);

/* Opens the object of an answer: format, version, as_of, landscape; and closes it. */
void ob_map_json_open(ob_map_cli *cli, ob_json_writer *w, const char *format);
void ob_map_json_close(ob_map_cli *cli, ob_json_writer *w);
/* null where there is nothing to say. */
void ob_map_json_topic(ob_json_writer *w, const char *key, const ob_map *map, uint32_t topic);
void ob_map_json_body(ob_json_writer *w, const char *key, const ob_map *map, uint32_t body);
void ob_map_json_ids(ob_json_writer *w, const char *key, const ob_map *map, const uint32_t *numbers,
                     size_t count);

/* "X.1, X.2, X.3 and 4 more", in the arena of the verb. */
OB_MUST bool ob_map_ids(ob_map_cli *cli, const uint32_t *numbers, size_t count, size_t most,
                        ob_span *text, ob_err *err);
OB_MUST bool ob_map_names(ob_map_cli *cli, ob_names names, ob_span *text, ob_err *err);
/* "SG17", or the id where there is no short name. */
ob_span ob_map_short(const ob_map *map, uint32_t body);
/* "2026-08", or "never". In the arena. */
OB_MUST bool ob_map_day(ob_map_cli *cli, ob_day day, ob_span *text, ob_err *err);
/* Text in the arena, for a cell. */
OB_MUST bool ob_map_cell(ob_map_cli *cli, ob_span *cell, ob_err *err, const char *format, ...)
    OB_PRINTF(4, 5);
/* A list for people, broken behind its commas at the width of the terminal, shown as foreign. */
OB_MUST bool ob_map_wrap(ob_map_cli *cli, const char *title, ob_span list, ob_err *err);
/* Writes the table, and nothing where it has no row but the heading. */
void ob_map_table(ob_map_cli *cli, const ob_table *table);

#endif
