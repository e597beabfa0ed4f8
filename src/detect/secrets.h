/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets in text, shared by the files of the family: the table of tokens that begin with a literal
 * (secrets.def), what stands before a value that a label announces (secret_label.c), and whether a
 * value can be a secret at all (secret_value.c).
 */
#ifndef OB_DETECT_SECRETS_H
#define OB_DETECT_SECRETS_H

#include "detect/scan.h"
#include "detect/valid_core.h"

/* Flags of a row of secrets.def. */
enum {
    /* 1 is OBI_SECRET_ANY_CASE of rules.h */
    OBI_SECRET_DOTS = 2,   /* dots and tildes belong to it */
    OBI_SECRET_LONG = 4,   /* may go on behind a full segment */
    OBI_SECRET_WEAK = 8,   /* the head is short or common: the rest must be plainly random */
    OBI_SECRET_PLAIN = 16, /* head and form are proof: the rest need not look random */
    OBI_SECRET_BACK = 32,  /* the literal stands inside: what is before it belongs to the token */
    OBI_SECRET_HEADLESS = 64, /* the head is a label: the secret is what follows */
    OBI_SECRET_URL = 128,     /* the head may stand behind "https://" or a dot */
    OBI_SECRET_LABEL = 256,   /* an identifier that is a secret beside a label only */
    OBI_SECRET_MORE = 512,    /* a hyphen or percent sign and more of the token may follow */
    OBI_SECRET_CHECK = 1024   /* ob_validate of the kind has the last word */
};

typedef struct obi_secret {
    const char *rule; /* "secret/" and the head */
    const char *head;
    uint16_t head_len;
    uint16_t least;
    uint16_t most;
    uint16_t flags;
    uint8_t kind;
    uint8_t classes;
} obi_secret;

/* The rows by name, which is also the rule of an obi_literal. */
typedef enum obi_secret_row {
#define OB_SECRET(constant, kind, head, classes, least, most, flags) OBI_SECRET_ROW_##constant,
#include "detect/secrets.def"
#undef OB_SECRET
    OBI_SECRETS
} obi_secret_row;

extern const obi_secret obi_secrets[OBI_SECRETS];

/* What a label makes of the value behind it. */
enum {
    OBI_LABEL_PASSWORD = 1, /* somebody chose it: short, of words, with signs */
    OBI_LABEL_TOKEN = 2,    /* a machine made it: a token, a secret, an API key */
    OBI_LABEL_KEY = 4,      /* "key" alone, which may be a key of a table */
    OBI_LABEL_VENDOR = 8,   /* a service whose keys have no literal */
    OBI_LABEL_STRICT = 16,  /* ":" or "=" stands between */
    OBI_LABEL_DIRECT = 32,  /* nothing stands between */
    OBI_LABEL_SCHEME = 64,  /* "Bearer", "Basic" ... stand before it */
    OBI_LABEL_ID = 128,     /* the label says that it is an identifier */
    OBI_LABEL_ABOUT = 256,  /* secret_words.def; none of these three is ever in an answer */
    OBI_LABEL_PUBLIC = 512,
    OBI_LABEL_FALSE = 1024
};

/* The label of the value that begins at at, or 0; also 0 where no label there could make a secret
 * of value. text: what stands before, and the value. */
unsigned obi_secret_label(ob_span text, size_t at, ob_span value);
/* The same for a label that is known to end where text ends; how: OBI_LABEL_STRICT and so on. */
unsigned obi_secret_label_of(ob_span label, unsigned how);

/* A key that its vendor has published as an example; the whole value, with its head. */
bool obi_secret_published(ob_span value);
/* A stand-in ("your_password", "${VAR}", "xxxx", "<token>"). */
/* token: it stands behind the head of a token, and is random or nothing. */
bool obi_secret_placeholder(ob_span value, bool token);
/* Plainly made by a machine: digits and letters mixed, hardly a character twice, no words. */
bool obi_secret_random(ob_span value);
/* Whether a value may be a secret beside a label that stands right before it (OBI_LABEL_DIRECT):
 * false for most words, at little cost. */
bool obi_secret_alone(ob_span value);
/* No label makes a secret of it: most words, times and amounts, at little cost. */
bool obi_secret_never(ob_span value);
/* Whether a value can be what its label says. */
ob_valid obi_secret_value(ob_span value, unsigned label);

/* Assignments, passwords in addresses, user:password behind an option (secret_assign.c). */
void obi_secret_assignments(obi_scan *scan);

#endif
