/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside ombud map: one row of map_verbs.def and one file map_NAME.c a verb. A verb gets the
 * landscape loaded as it asked for, writes into a buffer, and gives the exit status.
 */
#ifndef OB_CLI_MAP_H
#define OB_CLI_MAP_H

#include "cli/cli.h"
#include "map/landscape.h"

#define OB_MAP_OUTPUT_MAX ((size_t)256 << 20)

typedef struct ob_map_cli {
    const ob_args *args;
    ob_arena arena;
    ob_map map;
    ob_store store; /* .core NULL: none */
    ob_buf pack_bytes;
    ob_yaml_pack pack;
    ob_catalogue catalogue;
    ob_day as_of;
    ob_span folder; /* of the landscape */
    ob_buf out;     /* what the verb writes; printed, or --out FILE, when it gives OB_EXIT_OK or
                     * OB_EXIT_FOUND */
} ob_map_cli;

/* What a verb needs. */
enum {
    OB_MAP_WANTS_MAP = 1,       /* .map, with the readings of the store if there is one */
    OB_MAP_WANTS_CATALOGUE = 2, /* requirements are nodes of .map */
    OB_MAP_WANTS_FOLDER = 4,    /* .folder only */
    OB_MAP_WANTS_CLAUSES = 8    /* the catalogue where the first word is a clause or requirement */
};

typedef struct ob_map_verb {
    const char *name;
    unsigned wants;
    size_t words_min; /* arguments behind the verb */
    size_t words_max;
    const char *takes; /* for messages: "an id", "files or folders" */
    int (*run)(ob_map_cli *cli);
} ob_map_verb;

#define OB_MAP_VERB(id) extern const ob_map_verb ob_map_verb_##id;
#include "cli/map_verbs.def"
#undef OB_MAP_VERB

/* Opens .store: to read, if there is one or one is named; to write, made if need be. */
OB_MUST bool ob_map_open_store(ob_map_cli *cli, bool write, ob_err *err);
/* Argument number i behind the verb. */
ob_span ob_map_word(const ob_map_cli *cli, size_t i);
/* The activity that an argument means; a failure says which id is near. */
OB_MUST bool ob_map_argument(ob_map_cli *cli, ob_span text, uint32_t *activity, ob_err *err);

/* What show says of a meeting. */
void ob_map_show_meeting(ob_map_cli *cli, uint32_t number);
/* And of a clause, a requirement, a body. */
void ob_map_show_node(ob_map_cli *cli, uint32_t node);

/*
 * Tables for people: columns as wide as they need, the last one broken at the width of the terminal
 * (120 where there is none), so that nothing is lost. Cells are foreign bytes and are shown as
 * such.
 */
#define OB_TABLE_COLUMNS 8

typedef struct ob_table {
    ob_arena *arena;
    size_t columns;
    ob_span (*rows)[OB_TABLE_COLUMNS]; /* heap */
    size_t count;
    size_t cap;
} ob_table;

void ob_table_fini(ob_table *table);
OB_MUST bool ob_table_add(ob_table *table, const ob_span cells[OB_TABLE_COLUMNS], ob_err *err);
void ob_table_write(const ob_table *table, ob_buf *out, unsigned width);

/* The width for a table on standard output. */
unsigned ob_map_width(void);
/* "as of 2026-11-26, landscape of 2026-11-23": the line under every table. */
void ob_map_foot(const ob_map_cli *cli, ob_buf *out);
/* "SG17", or what is known of who does it. */
ob_span ob_map_group(const ob_map *map, const ob_activity *activity);

#endif
