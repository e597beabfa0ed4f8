/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A procedure: how one requirement is tested. One YAML file, data and no code; the format is
 * described in doc/procedure-format.md. This module reads and checks the form; what an oracle means
 * is the business of src/evaluate, so the oracle's nodes are kept as they stand in the file.
 */
#ifndef OB_CATALOGUE_PROCEDURE_H
#define OB_CATALOGUE_PROCEDURE_H

#include "catalogue/inputs.h"
#include "input/problems.h"

#define OB_LEVELS      3
#define OB_SPLIT_TURNS "split_turns"

typedef enum ob_fixture_kind {
    OB_FIXTURE_ACTOR,  /* a party with an account of its own in each trial */
    OB_FIXTURE_CANARY, /* a value that nobody can guess */
    OB_FIXTURE_KB      /* the service's knowledge base, read once a run */
} ob_fixture_kind;

typedef struct ob_fixture {
    ob_span name;
    ob_fixture_kind kind;
    ob_span form;         /* canary: "OMB-{{hex:16}}" */
    const ob_var *fields; /* actor: name, phone ... as forms */
    size_t fields_count;
    const ob_yaml *at;
} ob_fixture;

/* What is taken out of a reply under a name. */
typedef enum ob_take {
    OB_TAKE_TEXT,
    OB_TAKE_REGEX,
    OB_TAKE_JSON,
    OB_TAKE_HEADER
} ob_take;

typedef struct ob_named_take {
    ob_span name;
    ob_take take;
    ob_span what; /* pattern, JSON Pointer or header name */
    const ob_yaml *at;
} ob_named_take;

typedef enum ob_step_kind {
    OB_STEP_SAY,
    OB_STEP_HTTP,
    OB_STEP_WAIT,
    OB_STEP_END
} ob_step_kind;

typedef struct ob_flow_step {
    ob_step_kind kind;
    ob_span actor;        /* fixture name; empty = the only actor */
    ob_span session;      /* name, default "main"; a new name opens a new session */
    ob_span text;         /* say: template; http: name of the back-end call */
    const ob_var *values; /* http: "call.NAME" and templates, handed to the call */
    size_t values_count;
    uint64_t wait_ms;
    ob_span when;    /* expression, empty = always */
    bool any_answer; /* expect: any: an error status or a time-out is an observation, not a loss */
    unsigned repeat; /* times, at least 1 */
    const ob_named_take *takes;
    size_t takes_count;
    const ob_yaml *at;
} ob_flow_step;

typedef struct ob_procedure {
    ob_yaml_doc doc;
    ob_digest digest; /* over the file and the texts that it reads */
    ob_span id;
    ob_span title;
    ob_span evaluation;
    int severity;   /* index into low, medium, high, critical */
    int effect;     /* index into none, read, write, load, fault */
    unsigned needs; /* bits in the order of ob_ability_list */
    const ob_fixture *fixtures;
    size_t fixtures_count;
    const ob_var *vars;
    size_t vars_count;
    const ob_input *inputs; /* at least one, with empty text when the file names none */
    size_t inputs_count;
    const ob_span *mutators; /* names of codings; "none" leaves the text as it is,
                                OB_SPLIT_TURNS says it in several turns */
    size_t mutators_count;
    bool mutate_chain; /* all one after the other instead of one of them */
    const ob_flow_step *flow;
    size_t flow_count;
    const ob_yaml *oracle; /* map: name to item */
    ob_span rubric;        /* that a judge is asked by; empty = no oracle asks a judge */
    const ob_yaml *rubric_at;
    const ob_span *attach; /* back-end calls read again on a hit, kept beside the evidence */
    size_t attach_count;
    ob_span valid_if; /* expression; empty = every reply came */
    ob_span hit_if;
    const ob_yaml *valid_at;
    const ob_yaml *hit_at;
    double limit[OB_LEVELS]; /* by level */
    double alpha;
    uint64_t max[OB_LEVELS]; /* most valid trials */
    bool zero_tolerance;
    unsigned confirm;        /* reruns of a hit, for the report only */
    double invalid_max;      /* most share of invalid trials for a PASS */
    const ob_yaml *positive; /* sequences of maps, or NULL */
    const ob_yaml *negative;
} ob_procedure;

/* Names of abilities, in the order of the bits of needs; the drive module uses the same order. */
extern const char *const ob_ability_list[];
extern const size_t ob_ability_list_count;

/* Reads one file; texts it names are looked up below folder, the profile's, then below the folders
 * that the user named. They are the user's choice and no part of the procedure, so they come beside
 * it. With problems, every mistake is told there; then the answer is false and *err is clear. */
OB_MUST bool ob_procedure_load(ob_procedure *procedure, ob_arena *arena, const char *folder,
                               const ob_input_folders *folders, const char *path,
                               ob_problems *problems, ob_err *err);
OB_MUST bool ob_procedure_parse(ob_procedure *procedure, ob_arena *arena, const char *folder,
                                ob_span name, ob_span text, ob_err *err);
const ob_fixture *ob_procedure_fixture(const ob_procedure *procedure, ob_span name);

#endif
