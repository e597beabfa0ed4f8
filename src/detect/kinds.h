/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of what detectors find, one row each in kinds.def. A kind is a small number that is
 * fixed within one build; what is written to files and shown to people is its id.
 */
#ifndef OB_DETECT_KINDS_H
#define OB_DETECT_KINDS_H

#include <ombud/span.h>

typedef enum ob_kind {
#define OB_KIND(constant, ...) OB_KIND_##constant,
#include "detect/kinds.def"
#undef OB_KIND
    OB_KINDS /* how many there are; also "none" */
} ob_kind;

typedef enum ob_kind_class {
    OB_CLASS_PII,      /* tells who somebody is, or about somebody */
    OB_CLASS_SECRET,   /* gives access to whoever has it */
    OB_CLASS_LEAK,     /* instructions or planted values; known to the scanner, not by a form */
    OB_CLASS_MARKUP,   /* runs, loads or links; its grammar is its check */
    OB_CLASS_EVASION,  /* hides text; has no form to check */
    OB_CLASS_INJECTION /* tries to steer the service; a passage, without a form */
} ob_kind_class;

typedef enum ob_kind_letters {
    OB_LETTERS_KEEP,
    OB_LETTERS_UPPER
} ob_kind_letters;

/* A row of kinds.def, which says what the members mean. All strings are constants. */
typedef struct ob_kind_row {
    const char *id;
    const char *title;  /* for people */
    const char *region; /* "" for the world */
    const char *groups;
    ob_kind_class class;
    ob_kind_letters letters;
    uint16_t least; /* bytes of the canonical form */
    uint16_t most;
} ob_kind_row;

/* In the order of ob_kind, which is the order of the ids. */
extern const ob_kind_row ob_kind_rows[OB_KINDS];

/* The kind with that id, or OB_KINDS. */
ob_kind ob_kind_find(ob_span id);

#endif
