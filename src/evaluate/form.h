/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Forms of planted values: text with {{hex:16}}, {{digits:4}}, {{alpha:6}}. The random parts come
 * from a generator keyed by 256 secret bits of the run, so nobody who sees one value can guess
 * another.
 */
#ifndef OB_EVALUATE_FORM_H
#define OB_EVALUATE_FORM_H

#include <ombud/sys.h>

/* Appends a value of that form. */
OB_MUST bool ob_form_fill(ob_span form, ob_rng *rng, ob_buf *out, ob_err *err);
/* Bits of entropy of the random parts; 0 with *err filled when the form is wrong. */
double ob_form_bits(ob_span form, ob_err *err);

#endif
