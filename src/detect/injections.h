/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What passages need of a detector: the lexicon and a model. They are made when a scanner first
 * asks for them, since many programs look for values alone, and take half a megabyte and some
 * milliseconds. Threads may ask at the same time.
 */
#ifndef OB_DETECT_INJECTIONS_H
#define OB_DETECT_INJECTIONS_H

#include <ombud/mem.h>

struct obi_lexicon;
struct obi_model;

typedef struct obi_injections obi_injections;

OB_MUST bool obi_injections_new(obi_injections **injections, ob_err *err);
void obi_injections_free(obi_injections *injections);
/* Another model than the shipped one; borrowed. Before anybody asks. */
void obi_injections_model(obi_injections *injections, const struct obi_model *model);
/* Both live as long as injections. On failure nothing is kept, and the next one may ask again. */
OB_MUST bool obi_injections_take(obi_injections *injections, const struct obi_lexicon **lexicon,
                                 const struct obi_model **model, ob_err *err);

#endif
