/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalogue of a profile: threats, requirements, evaluations, what they refer to, and the
 * procedures that execute them, as data. Loaded once, read-only afterwards; everything lives in the
 * arena given. Every reference is followed while loading, in both directions where the data name
 * both: what does not resolve is a mistake with its place and a hint.
 *
 * Lists of ids and words stay nodes of the file: a sequence of scalars, never NULL.
 */
#ifndef OB_CATALOGUE_CATALOGUE_H
#define OB_CATALOGUE_CATALOGUE_H

#include "catalogue/procedure.h"
#include "catalogue/rubric.h"
#include "input/problems.h"

/* An item of profile.yaml: a pillar (problem area), a scenario, a level or a method. */
typedef struct ob_word {
    ob_span id;
    const ob_yaml *at;
    ob_span title;
    ob_span title_zh;
    ob_span name; /* short: basic, enhanced, high of levels; what methods are called */
    ob_span name_zh;
    bool added; /* the project's own, not one of the draft Recommendation */
} ob_word;

typedef ob_word ob_pillar;

typedef struct ob_words {
    const ob_word *items;
    size_t count;
} ob_words;

/* Each entry starts with its id and its node, so that tables of all kinds are searched alike. */
typedef struct ob_threat {
    ob_span id;
    const ob_yaml *at;
    ob_span title;
    ob_span title_zh;
    const ob_pillar *pillar;
    ob_span asset;
    ob_span actor;
    ob_span description;
    ob_span description_zh; /* may be empty */
    const ob_yaml *scenarios;
    const ob_yaml *stride;
    const ob_yaml *mappings; /* map of lists, or NULL */
    const ob_yaml *incidents;
    const ob_yaml *countered_by;
} ob_threat;

typedef struct ob_requirement {
    ob_span id;
    const ob_yaml *at;
    ob_span title;
    ob_span title_zh;
    ob_span statement;
    ob_span statement_zh; /* may be empty */
    ob_span component;
    ob_span keyword; /* required, recommended or optional */
    unsigned level;  /* 1 basic, 2 enhanced, 3 high */
    bool testable;   /* "test" is among its methods */
    const ob_threat *const *threats;
    size_t threats_count;
    const ob_yaml *threat_ids;
    const ob_yaml *methods;
    const ob_yaml *mappings; /* map of lists, or NULL */
    const ob_yaml *evaluations;
} ob_requirement;

typedef struct ob_evaluation {
    ob_span id;
    const ob_yaml *at;
    const ob_requirement *requirement;
    ob_span mode;
    ob_span stimulus;
    ob_span stimulus_zh; /* may be empty */
    ob_span observation;
    ob_span observation_zh;  /* may be empty */
    ob_span pass[OB_LEVELS]; /* by level; the same text three times if there is one for all */
    bool pass_by_level;
    const ob_yaml *metrics;
    ob_span plan;      /* of a test with a sample fixed in advance */
    ob_span plan_size; /* in words */
} ob_evaluation;

typedef struct ob_metric {
    ob_span id;
    const ob_yaml *at;
    ob_span title;
    ob_span title_zh;
    ob_span definition;
    ob_span unit;
    ob_span better; /* higher or lower */
} ob_metric;

typedef struct ob_plan {
    ob_span id;
    const ob_yaml *at;
    ob_span title;
    ob_span title_zh;
    ob_span logic;
    const ob_yaml *table; /* list of maps of numbers, or NULL */
} ob_plan;

/* An incident or a source: what is known, from where, and whether its text was read. */
typedef struct ob_incident {
    ob_span id;
    const ob_yaml *at;
    ob_span title;
    ob_span date;
    ob_span facts;
    ob_span lesson;
    ob_span url;
    ob_span verification;
    bool verified;
} ob_incident;

typedef struct ob_source {
    ob_span id;
    const ob_yaml *at;
    ob_span title;
    ob_span body;
    ob_span year;
    ob_span url;
    ob_span status;
    ob_span verification;
    bool verified;
} ob_source;

typedef struct ob_catalogue {
    ob_span folder; /* of the profile */
    ob_span profile;
    ob_span title;
    ob_span title_zh;
    ob_span level_rule;
    ob_words scenarios;
    ob_words levels;
    ob_words methods;
    const ob_pillar *pillars;
    size_t pillars_count;
    const ob_threat *threats;
    size_t threats_count;
    const ob_requirement *requirements;
    size_t requirements_count;
    const ob_evaluation *evaluations;
    size_t evaluations_count;
    const ob_metric *metrics;
    size_t metrics_count;
    const ob_plan *plans;
    size_t plans_count;
    const ob_incident *incidents;
    size_t incidents_count;
    const ob_source *sources;
    size_t sources_count;
    const ob_rubric *rubrics;
    size_t rubrics_count;
    const ob_procedure *procedures; /* sorted by id */
    size_t procedures_count;
    ob_digest digest;            /* over all files but the procedures */
    ob_digest procedures_digest; /* over the procedures' files and the texts they read */
} ob_catalogue;

typedef struct ob_catalogue_from {
    const char *folder;
    ob_span profile; /* FOLDER/PROFILE is read */
    /* Folders of further procedures; the texts of each are looked up below its folder, and its
     * rubrics are those of FOLDER/rubrics. */
    const char *const *packs;
    size_t packs_count;
    ob_input_folders inputs; /* where the user's own texts are looked up */
    /* NULL: the first mistake is the error. Else each is told, and the catalogue holds what could
     * be read: good for running the procedures' controls, and for nothing else. */
    ob_problems *problems;
} ob_catalogue_from;

OB_MUST bool ob_catalogue_load(ob_catalogue *catalogue, ob_arena *arena,
                               const ob_catalogue_from *from, ob_err *err);
const ob_threat *ob_catalogue_threat(const ob_catalogue *catalogue, ob_span id);
const ob_requirement *ob_catalogue_requirement(const ob_catalogue *catalogue, ob_span id);
const ob_evaluation *ob_catalogue_evaluation(const ob_catalogue *catalogue, ob_span id);
const ob_metric *ob_catalogue_metric(const ob_catalogue *catalogue, ob_span id);
const ob_plan *ob_catalogue_plan(const ob_catalogue *catalogue, ob_span id);
const ob_incident *ob_catalogue_incident(const ob_catalogue *catalogue, ob_span id);
const ob_source *ob_catalogue_source(const ob_catalogue *catalogue, ob_span id);
const ob_rubric *ob_catalogue_rubric(const ob_catalogue *catalogue, ob_span id);
const ob_procedure *ob_catalogue_procedure(const ob_catalogue *catalogue, ob_span id);
const ob_word *ob_words_find(const ob_words *words, ob_span id);
/* The pillar of a requirement: that of its first threat. */
const ob_pillar *ob_requirement_pillar(const ob_requirement *requirement);
/* True if the list of scalars holds text. */
bool ob_yaml_holds(const ob_yaml *list, ob_span text);

#endif
