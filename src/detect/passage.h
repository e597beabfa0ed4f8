/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passages: findings that need many words (injection). The words of the reader are gathered into
 * sentences; a window is the last two of them. Windows whose words weigh enough are looked at by
 * the rules (passage_rules.c) and by the model (model.h).
 */
#ifndef OB_DETECT_PASSAGE_H
#define OB_DETECT_PASSAGE_H

#include "detect/reader.h"

/* Most words of a window. A longer sentence is cut, and the parts overlap by half. */
#define OBI_WINDOW_WORDS 64
/* Most folded bytes of one. */
#define OBI_WINDOW_BYTES (OBI_WINDOW_WORDS * (OBI_TOKEN_MAX + 1))

/* The language of a window as far as its script and its small words tell. */
enum {
    OBI_LANG_OTHER,
    OBI_LANG_EN,
    OBI_LANG_ZH,
    OBI_LANG_FR,
    OBI_LANG_ES,
    OBI_LANG_RU,
    OBI_LANG_AR,
    OBI_LANG_DE,
    OBI_LANG_PT,
    OBI_LANG_IT,
    OBI_LANG_JA,
    OBI_LANG_KO,
    OBI_LANGS
};

/* Words in a row, with their folded bytes: words stand one blank apart, Han characters and kana
 * without one. A word's bytes begin at words[i].at of folded. Borrowed for the call. */
typedef struct obi_window {
    const obi_token *words;
    size_t count;
    ob_span folded;
    unsigned lang; /* OBI_LANG_* */
    size_t fresh;  /* the words from here on were in no window before */
} obi_window;

#endif
