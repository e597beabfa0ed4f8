/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An operator's rules of detection from YAML (doc/detector-rules.md). Strict: an unknown key, a
 * value out of range or a pattern that cannot be used is told with file, line and column.
 */
#ifndef OB_INPUT_RULES_YAML_H
#define OB_INPUT_RULES_YAML_H

#include "detect/rules.h"
#include "input/problems.h"
#include "input/yaml.h"

/* The rules of one or several files, in the order of reading. Start with "= {0}"; all of it lives
 * in the arena that the files are read into. */
typedef struct ob_rules_yaml {
    ob_rule *rules;
    const char **places; /* "FILE:LINE" of each */
    size_t count;
} ob_rules_yaml;

/* Appends the rules of a file. problems (or NULL) is told each mistake; a rule with one is left
 * out. Patterns are compiled to see whether they can be, so ask obi_rules_machine first. */
OB_MUST bool ob_rules_yaml_load(ob_rules_yaml *rules, ob_arena *arena, const char *path,
                                ob_problems *problems, ob_err *err);
/* As above from memory; name stands for the file in messages. patterns: false leaves patterns and
 * examples unchecked. */
OB_MUST bool ob_rules_yaml_parse(ob_rules_yaml *rules, ob_arena *arena, ob_span name, ob_span text,
                                 bool patterns, ob_problems *problems, ob_err *err);

#endif
