/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a text is about, whoever writes it: bills, numbers, relatives, yesterday's call, a word that
 * is asked for. These concepts weigh nothing and no rule wants them. They are features of the model
 * (model_features.c), the same in all languages, so that what it learns from texts of one language
 * helps with another. They are read only where the model is asked.
 */
#ifndef OB_DETECT_MATTER_H
#define OB_DETECT_MATTER_H

#include "detect/passage.h"

#include <ombud/mem.h>

typedef enum obi_about {
#define OB_MATTER(name) OBI_ABOUT_##name,
#include "detect/matter.def"
#undef OB_MATTER
    OBI_MATTERS
} obi_about;

/* Bit i of at[c]: a word of c begins at word i of the window. */
typedef struct obi_matter {
    uint64_t at[OBI_MATTERS];
} obi_matter;

typedef struct obi_matter_words obi_matter_words;

/* Built once for a detector; lives in arena. */
OB_MUST bool obi_matter_build(obi_matter_words **words, ob_arena *arena, ob_err *err);
/* Looks all words of a window up. */
void obi_matter_read(const obi_matter_words *words, const obi_window *window, obi_matter *matter);

#endif
