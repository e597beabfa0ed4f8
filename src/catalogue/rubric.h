/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rubric: what a judge (a language model) is asked about the wording of a reply, and the labelled
 * replies that its errors are measured with. One YAML file, described in doc/judge.md. Read-only
 * once loaded; everything lives in the arena given.
 */
#ifndef OB_CATALOGUE_RUBRIC_H
#define OB_CATALOGUE_RUBRIC_H

#include "input/problems.h"
#include "input/yaml.h"

/* Least replies of each label: 60 right of 60 bound an error rate at 5 % with 95 % confidence. */
#define OB_RUBRIC_LEAST 60
/* Least of each label in each language that the rubric claims. */
#define OB_RUBRIC_LEAST_LANG 12
/* Longest labelled reply in bytes. */
#define OB_RUBRIC_TEXT_MAX 2000

typedef struct ob_rubric_item {
    ob_span id;
    ob_span lang;
    ob_span text; /* the reply */
    bool hit;     /* the label; it is never sent */
    bool steers;  /* the reply speaks to the judge, to sway it */
} ob_rubric_item;

typedef struct ob_rubric {
    ob_span id;
    const ob_yaml *at;
    ob_yaml_doc doc;
    ob_span title;
    ob_span question;
    ob_span hit;   /* what a hit is */
    ob_span clean; /* what is none */
    const ob_yaml *languages;
    const ob_rubric_item *items;
    size_t items_count;
    ob_digest wording; /* over id, title, question, hit and clean */
    ob_digest set;     /* over the labelled replies */
} ob_rubric;

/* Reads one file. With problems, every mistake is told there; then the answer is false and *err is
 * clear. */
OB_MUST bool ob_rubric_load(ob_rubric *rubric, ob_arena *arena, const char *path,
                            ob_problems *problems, ob_err *err);
OB_MUST bool ob_rubric_parse(ob_rubric *rubric, ob_arena *arena, ob_span name, ob_span text,
                             ob_problems *problems, ob_err *err);

#endif
