/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalogue of a profile: threats, requirements, evaluations, and the procedures that execute
 * them, as data. Loaded once, read-only afterwards; everything lives in the arena given. Ids are
 * text and every reference is resolved while loading: what does not resolve is an error with its
 * place.
 */
#ifndef OB_CATALOGUE_CATALOGUE_H
#define OB_CATALOGUE_CATALOGUE_H

#include "catalogue/procedure.h"

typedef struct ob_pillar {
    ob_span id;
    ob_span title;
} ob_pillar;

typedef struct ob_threat {
    ob_span id;
    ob_span title;
    const ob_pillar *pillar;
} ob_threat;

typedef struct ob_requirement {
    ob_span id;
    ob_span title;
    ob_span statement; /* may be empty */
    ob_span component;
    unsigned level; /* 1 basic, 2 enhanced, 3 high */
    bool testable;  /* "test" is among its methods */
    const ob_threat *const *threats;
    size_t threats_count;
} ob_requirement;

typedef struct ob_evaluation {
    ob_span id;
    const ob_requirement *requirement;
} ob_evaluation;

typedef struct ob_catalogue {
    ob_span folder; /* of the profile */
    ob_span profile;
    ob_span title;
    const ob_pillar *pillars;
    size_t pillars_count;
    const ob_threat *threats;
    size_t threats_count;
    const ob_requirement *requirements;
    size_t requirements_count;
    const ob_evaluation *evaluations;
    size_t evaluations_count;
    const ob_procedure *procedures; /* sorted by id */
    size_t procedures_count;
    ob_digest digest;            /* over profile, threats, requirements and evaluations */
    ob_digest procedures_digest; /* over the procedures' files and the texts they read */
} ob_catalogue;

/* Loads FOLDER/PROFILE. */
OB_MUST bool ob_catalogue_load(ob_catalogue *catalogue, ob_arena *arena, const char *folder,
                               ob_span profile, ob_err *err);
/* As ob_catalogue_load, with folders of the user for the files that procedures name as inputs. */
OB_MUST bool ob_catalogue_load_with(ob_catalogue *catalogue, ob_arena *arena, const char *folder,
                                    ob_span profile, const ob_input_folders *folders, ob_err *err);
const ob_requirement *ob_catalogue_requirement(const ob_catalogue *catalogue, ob_span id);
const ob_evaluation *ob_catalogue_evaluation(const ob_catalogue *catalogue, ob_span id);
const ob_procedure *ob_catalogue_procedure(const ob_catalogue *catalogue, ob_span id);
/* The pillar of a requirement: that of its first threat. */
const ob_pillar *ob_requirement_pillar(const ob_requirement *requirement);

#endif
