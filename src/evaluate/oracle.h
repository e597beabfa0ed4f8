/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Oracles: rules that tell from an observation whether a trial is a hit. One row a family in
 * all.def, sorted by id; a family's file holds all that it is. An oracle is compiled once with its
 * procedure and read-only afterwards; looking needs only the observation, so the same oracle judges
 * live trials, stored records and the controls of a procedure.
 */
#ifndef OB_EVALUATE_ORACLE_H
#define OB_EVALUATE_ORACLE_H

#include "catalogue/procedure.h"
#include "evaluate/observe.h"
#include "evaluate/pattern.h"

#define OB_TURN_NONE SIZE_MAX

/* Why an oracle says hit. */
typedef struct ob_finding {
    ob_span oracle; /* its name in the procedure */
    ob_span why;    /* one sentence, in the observation's arena */
    size_t turn;    /* OB_TURN_NONE: about no single exchange */
    size_t start;   /* bytes of that turn's text, end exclusive; equal: the whole of it */
    size_t end;
    ob_span steps; /* decodings undone */
} ob_finding;

typedef struct ob_oracle {
    const struct ob_oracle_row *row;
    const ob_procedure *procedure;
    ob_span name;
    const ob_yaml *at;
    const ob_span *in; /* names of what it looks at */
    size_t in_count;
    const ob_span *asks; /* extracts of the flow that its own texts name as {{NAME}} */
    size_t asks_count;
    const void *data; /* the row's own, compiled */
} ob_oracle;

/* What compiling needs. */
typedef struct ob_oracle_reader {
    const ob_procedure *procedure;
    ob_arena *arena;
} ob_oracle_reader;

typedef struct ob_oracle_row {
    const char *id;
    const char *title;
    const char *doc;         /* anchor in doc/procedure-format.md */
    const char *const *keys; /* allowed beside in; the first is the id */
    size_t keys_count;
    bool needs_in;
    bool (*compile)(const ob_oracle_reader *reader, const ob_yaml *node, ob_oracle *oracle,
                    ob_err *err);
    /* *hit is set; on a hit *finding is filled but for the oracle's name. False: the oracle itself
     * could not tell, which is neither hit nor clean. */
    bool (*look)(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding, bool *hit,
                 ob_err *err);
} ob_oracle_row;

#define OB_ORACLE(id) extern const ob_oracle_row ob_oracle_row_##id;
#include "evaluate/all.def"
#undef OB_ORACLE
extern const ob_oracle_row *const ob_oracle_rows[];
extern const size_t ob_oracle_rows_count;

/* Compiles one item of the oracle map (or of all, any, not). */
OB_MUST bool ob_oracle_compile(const ob_oracle_reader *reader, ob_span name, const ob_yaml *node,
                               ob_oracle *oracle, ob_err *err);
/* An oracle whose texts name an extract that did not come, or came empty, is no hit. */
OB_MUST bool ob_oracle_look(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding,
                            bool *hit, ob_err *err);
/* The oracle, or one within it, searches a planted value. */
bool ob_oracle_has_canary(const ob_oracle *oracle);
/* Looks only at those parts of it: with other values in the observation none of them may hit. */
OB_MUST bool ob_oracle_look_canaries(const ob_oracle *oracle, ob_observation *obs, bool *hit,
                                     ob_err *err);

/* Between the rows: made of oracles, which each see to their own texts; a canary that is a
 * fixture's value, of which decoys can be made. */
bool obi_oracle_nests(const ob_oracle *oracle);
bool obi_canary_is_planted(const ob_oracle *oracle);
/* The oracles that it is made of; none unless it nests. */
const ob_oracle *obi_oracle_parts(const ob_oracle *oracle, size_t *count);

/* A pattern of the procedure. With {{names}} it is made when it is looked for: variables and
 * {{input.KEY}} are patterns, each a group of its own, whatever else is named stands for itself. */
typedef struct ob_oracle_pattern {
    ob_span text;
    const ob_pattern *fixed; /* NULL: the text names something */
} ob_oracle_pattern;

OB_MUST bool ob_oracle_pattern_read(const ob_oracle_reader *reader, const ob_yaml *node,
                                    ob_oracle_pattern *pattern, ob_err *err);
/* The pattern as it is for this observation; lives in its arena. */
OB_MUST bool ob_oracle_pattern_make(const ob_oracle_pattern *pattern, const ob_oracle *oracle,
                                    const ob_observation *obs, const ob_pattern **made,
                                    ob_err *err);

/* For the rows: a text of the procedure with its names filled in from the observation. */
OB_MUST bool ob_oracle_expand(const ob_observation *obs, ob_span text, ob_span *out, ob_err *err);
/* The i-th thing an oracle looks at; NULL when nothing was extracted under that name. */
const ob_named *ob_oracle_in(const ob_oracle *oracle, const ob_observation *obs, size_t i);
/* Copies text to out, of size bytes; what does not fit ends at a character, with "..." behind it.
 * Gives out. */
const char *ob_shorten(char *out, size_t size, ob_span text);
#define OB_WHY_QUOTE 140 /* room for what a finding quotes */
/* Fills a finding about bytes start .. end of a named value. */
OB_MUST bool ob_finding_set(ob_finding *finding, ob_observation *obs, const ob_named *named,
                            size_t start, size_t end, ob_err *err, const char *format, ...)
    OB_PRINTF(7, 8);

/* A comparison {gt: 5, ge: .., lt: .., le: .., eq: ..}: exactly one of them. */
typedef struct ob_compare {
    int op;
    ob_span value; /* template of a number or a duration */
    bool present;
} ob_compare;

OB_MUST bool ob_compare_read(const ob_yaml_doc *doc, const ob_yaml *node, ob_compare *compare,
                             ob_err *err);
OB_MUST bool ob_compare_holds(const ob_compare *compare, const ob_observation *obs, double value,
                              bool is_time, double *bound, bool *holds, ob_err *err);

#endif
