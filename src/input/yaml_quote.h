/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the loader of YAML: texts in single quotes. */
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

#endif
