/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the loader of YAML: texts in quotes. */
#ifndef OB_INPUT_YAML_QUOTE_H
#define OB_INPUT_YAML_QUOTE_H

#include <ombud/mem.h>

/*
 * The value of a text in single quotes (YAML 1.2, 7.3.2), read from the first byte behind its
 * opening quote. The library leaks memory for a line with more than a few doubled quotes, so those
 * texts do not go through it. False also when the closing quote is not there, with OB_ERR_BUG: the
 * library has seen it before.
 */
OB_MUST bool obi_yaml_single_quoted(ob_span source, ob_arena *arena, ob_span *value, ob_err *err);

/*
 * The same of a text in double quotes (YAML 1.2, 7.3.1 and 5.7): escapes become characters, two
 * that are halves of a pair of UTF-16 become one. The library gives a wrong value, and leaks, where
 * many escaped line breaks follow each other. It has refused escapes that do not exist.
 */
OB_MUST bool obi_yaml_double_quoted(ob_span source, ob_arena *arena, ob_span *value, ob_err *err);

#endif
