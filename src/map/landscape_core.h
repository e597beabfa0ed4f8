/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the landscape; only its files include this. */
#ifndef OB_MAP_LANDSCAPE_CORE_H
#define OB_MAP_LANDSCAPE_CORE_H

#include "map/landscape.h"

/* Names to numbers: open addressing, several entries may have one key. */
typedef struct obi_name_slot {
    ob_span key; /* empty: free */
    uint32_t number;
    bool former;
} obi_name_slot;

struct obi_names_table {
    obi_name_slot *slots;
    uint32_t mask;
};

/* A relation before its ends are known as nodes. */
typedef struct obi_relations {
    ob_relation *items; /* heap */
    size_t count;
    size_t cap;
} obi_relations;

/* What the readings of a store say, parsed. */
typedef struct obi_read {
    const ob_reading *reading;
    uint32_t activity; /* of an item */
    ob_day own_day;    /* how young it says it is itself */
    ob_item item;
} obi_read;

typedef struct obi_loader {
    ob_map *map; /* its arrays are written through the pointers below */
    ob_arena *arena;
    const ob_map_from *from;
    ob_problems *problems;
    const ob_yaml_doc *docs;
    size_t docs_count;
    const ob_yaml_doc *doc; /* the one that is read */
    ob_topic *topics;
    ob_body *bodies;
    ob_activity *activities;
    ob_meeting *meetings;
    ob_scheme *schemes;
    ob_clause *clauses;
    obi_read *items; /* readings of work items */
    size_t items_count;
    ob_reading *meeting_readings;
    size_t meeting_readings_count;
    ob_reading *relation_readings;
    size_t relation_readings_count;
    obi_relations relations;
    ob_day data_day_else;
} obi_loader;

#define OBI_RELATIONS_MAX 1000000

/* Numbers of files in .docs. */
enum {
    OBI_FILE_SCHEMES = 4,
    OBI_FILE_RELATIONS = 6
};

/* A mistake at a node of the file being read: true when it was told and reading may go on. */
bool obi_map_mistake(obi_loader *l, const ob_yaml *at, ob_err *err, const char *format, ...)
    OB_PRINTF(4, 5);
/* A failed read: true when it was told. */
bool obi_map_took(obi_loader *l, ob_err *err);

OB_MUST bool obi_names_make(struct obi_names_table **table, ob_arena *arena, size_t most,
                            ob_err *err);
void obi_names_add(struct obi_names_table *table, ob_span key, uint32_t number, bool former);
/* The next entry with the key; *at is 0 before the first call. */
const obi_name_slot *obi_names_next(const struct obi_names_table *table, ob_span key, uint32_t *at);
/* All names of an activity. */
OB_MUST bool obi_names_add_activity(obi_loader *l, uint32_t number, ob_err *err);

OB_MUST bool obi_map_read_files(obi_loader *l, ob_err *err);
OB_MUST bool obi_map_read_topics(obi_loader *l, ob_err *err);
OB_MUST bool obi_map_read_bodies(obi_loader *l, ob_err *err);
OB_MUST bool obi_map_read_activities(obi_loader *l, ob_err *err);
OB_MUST bool obi_map_read_external(obi_loader *l, ob_err *err);
OB_MUST bool obi_map_read_meetings(obi_loader *l, ob_err *err);
OB_MUST bool obi_map_read_schemes(obi_loader *l, ob_err *err);
/* Readings of the store: before the tables are made, and then what they say goes into them. */
OB_MUST bool obi_map_fetch(obi_loader *l, ob_err *err);
OB_MUST bool obi_map_apply_items(obi_loader *l, ob_err *err);
OB_MUST bool obi_map_apply_meetings(obi_loader *l, ob_err *err);
/* Relations of the files, the readings, the catalogue, and the graph. */
OB_MUST bool obi_map_relate(obi_loader *l, ob_err *err);
/* The catalogue and all clauses, before the relations. */
OB_MUST bool obi_map_clauses(obi_loader *l, ob_err *err);
OB_MUST bool obi_map_set_relations(obi_loader *l, ob_err *err);
/* What is wrong with the texts of a relation (those of a statement, exchange.h); NULL: nothing, and
 * the relation has all but its ends. */
const char *obi_relation_wrong(const ob_span text[], ob_relation *r);
OB_MUST bool obi_map_graph(obi_loader *l, ob_err *err);
OB_MUST bool obi_relations_add(obi_loader *l, const ob_relation *relation, ob_err *err);
/* A title that stands beside the id of a node has to be the recorded one; at NULL: none stands
 * there. Capitals, blanks and points do not count. A mistake at the title's node. */
OB_MUST bool obi_map_title_fits(obi_loader *l, const ob_yaml *at, uint32_t node, ob_err *err);
/* What only a check looks at: editions, addresses, doubles. */
OB_MUST bool obi_map_check(obi_loader *l, ob_err *err);

#endif
