/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the loader of catalogues. Each read of a field returns false only when loading has to end:
 * a mistake that was told to the collector leaves the field empty and is true.
 */
#ifndef OB_CATALOGUE_READER_H
#define OB_CATALOGUE_READER_H

#include "catalogue/catalogue.h"

typedef enum obi_file {
    OBI_PROFILE,
    OBI_SOURCES,
    OBI_METRICS,
    OBI_PLANS,
    OBI_INCIDENTS,
    OBI_THREATS,
    OBI_REQUIREMENTS,
    OBI_EVALUATIONS,
    OBI_FILES
} obi_file;

typedef struct obi_reader {
    ob_catalogue *c;
    ob_arena *arena;
    ob_problems *problems;
    ob_yaml_doc docs[OBI_FILES];
    const ob_yaml_doc *doc; /* the file being read or checked */
} obi_reader;

/* Entries of one kind; each starts with an ob_span id and its node. */
typedef struct obi_table {
    const char *noun;
    const void *items;
    size_t size;
    size_t count;
} obi_table;

typedef struct obi_entry {
    ob_span id;
    const ob_yaml *at;
} obi_entry;

extern const ob_yaml obi_empty_list;

const void *obi_find(const obi_table *table, ob_span id);
/* A mistake at a node of r->doc: told, or the error. */
bool obi_mistake(obi_reader *r, const ob_yaml *at, ob_err *err, const char *format, ...)
    OB_PRINTF(4, 5);
/* Fails as above if the id is not in the table, with the nearest one. */
bool obi_resolve(obi_reader *r, const obi_table *table, const ob_yaml *at, const void **found,
                 ob_err *err);
/* A failed read of a field is told. */
bool obi_took(obi_reader *r, ob_err *err);
bool obi_known(obi_reader *r, const ob_yaml *map, const char *const *names, size_t count,
               ob_err *err);
bool obi_text(obi_reader *r, const ob_yaml *map, const char *key, ob_span *out, ob_err *err);
bool obi_text_maybe(obi_reader *r, const ob_yaml *map, const char *key, ob_span *out, ob_err *err);
/* A list of different scalars; not there and not compulsory: empty. */
bool obi_list(obi_reader *r, const ob_yaml *map, const char *key, bool compulsory,
              const ob_yaml **out, ob_err *err);
/* One word among names. */
bool obi_word(obi_reader *r, const ob_yaml *at, const char *what, const char *const *names,
              size_t count, ob_err *err);
bool obi_words(obi_reader *r, const ob_yaml *list, const char *what, const char *const *names,
               size_t count, ob_err *err);
bool obi_mappings(obi_reader *r, const ob_yaml *map, const ob_yaml **out, ob_err *err);
bool obi_verified(obi_reader *r, const ob_yaml *map, ob_span *verification, bool *verified,
                  ob_err *err);
bool obi_url(obi_reader *r, const ob_yaml *map, ob_span *url, ob_err *err);
bool obi_date_field(obi_reader *r, const ob_yaml *map, ob_span *date, ob_err *err);
/* The id: form is like "T-A99", A a letter, 9 a digit, * one or more of A-Z, 0-9 and '-'. */
bool obi_id(obi_reader *r, const ob_yaml *map, const char *form, const obi_table *before,
            ob_span *out, ob_err *err);

/* Opens a file of the profile; *items is its list, empty if it could not be read. */
bool obi_open(obi_reader *r, obi_file file, const ob_yaml **items, ob_err *err);
bool obi_read_profile(obi_reader *r, ob_err *err);
bool obi_read_references(obi_reader *r, ob_err *err);
bool obi_read_threats(obi_reader *r, ob_err *err);
bool obi_read_requirements(obi_reader *r, ob_err *err);
bool obi_read_evaluations(obi_reader *r, ob_err *err);
bool obi_read_rubrics(obi_reader *r, const ob_catalogue_from *from, ob_err *err);
bool obi_read_procedures(obi_reader *r, const ob_catalogue_from *from, ob_err *err);
/* What needs all files: links that have to agree in both directions. */
bool obi_check_links(obi_reader *r, ob_err *err);
bool obi_check_procedure(obi_reader *r, const ob_procedure *p, bool *usable, ob_err *err);

obi_table obi_table_threats(const ob_catalogue *c);
obi_table obi_table_requirements(const ob_catalogue *c);
obi_table obi_table_evaluations(const ob_catalogue *c);
obi_table obi_table_metrics(const ob_catalogue *c);
obi_table obi_table_plans(const ob_catalogue *c);
obi_table obi_table_incidents(const ob_catalogue *c);
obi_table obi_table_sources(const ob_catalogue *c);
obi_table obi_table_rubrics(const ob_catalogue *c);

#endif
