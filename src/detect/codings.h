/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the families of codings share: their rows, their step bits, and the weaver that builds a
 * view together with its offset map. One weaver makes one view; nothing here outlives the arena of
 * the views.
 */
#ifndef OB_DETECT_CODINGS_H
#define OB_DETECT_CODINGS_H

#include <ombud/decode.h>
#include <ombud/text.h>

#define OB_CODING(id) extern const ob_coding ob_coding_##id;
#include "detect/codings.def"
#undef OB_CODING

enum {
#define OB_CODING(id) OBI_CODING_##id,
#include "detect/codings.def"
#undef OB_CODING
    OBI_CODINGS
};

#define OBI_STEP(id) ((uint64_t)1 << OBI_CODING_##id)

typedef struct obi_weave {
    ob_views *views;
    const ob_view *from;
    char *out;
    uint32_t *map;
    size_t len;
    size_t cap;
    bool full; /* the byte limit of all views was reached; what follows is dropped */
} obi_weave;

/* False if there is no room for another view; marks the views as cut then. */
bool obi_weave_start(obi_weave *weave, ob_views *views, const ob_view *from);
/* Adds bytes that all come from place at of the source view. */
OB_MUST bool obi_weave_put(obi_weave *weave, ob_span bytes, size_t at, ob_err *err);
/* Adds the bytes start to end of the source view as they are. */
OB_MUST bool obi_weave_copy(obi_weave *weave, size_t start, size_t end, ob_err *err);
/* Ends a stretch that stands alone: a line feed that belongs to place end. */
OB_MUST bool obi_weave_part(obi_weave *weave, size_t end, ob_err *err);
/* Adds the view, whose last boundary is place end of the source; nothing if it is empty. */
OB_MUST bool obi_weave_done(obi_weave *weave, size_t end, uint64_t steps, uint64_t turned,
                            ob_err *err);

/* Whether decoded bytes can be meant as text: six printable characters in a row. Most false
 * candidates fail it. */
bool obi_textlike(const char *bytes, size_t len);

/* Whether four of five code points can be read, six at least. */
bool obi_mostly_text(ob_span text);

/*
 * Which of the codings in mask can have something to undo in a short text, told in one pass: a
 * hash, a UUID or plain words have nothing for most of them.
 */
uint64_t obi_decode_signs(ob_span text, uint64_t mask);
/*
 * Undoes codings in views, which begin with the text itself, and in what comes of that: those in
 * first of the text, those in mask below it. strict: where obi_decode_signs sees signs only, and
 * what base64, hexadecimal and words for digits give must be text or a number.
 */
bool obi_decode_more(ob_views *views, uint64_t first, uint64_t mask, bool strict, ob_err *err);

/* Classes of bytes (classes.c); a test holds the table against what the names say. */
#define OBI_LETTER    1   /* of ASCII */
#define OBI_DIGIT     2   /* 0 to 9 */
#define OBI_BASE64    4   /* in either alphabet of base64 */
#define OBI_HEX       8   /* hexadecimal digit */
#define OBI_SEPARATOR 16  /* of letters set apart */
#define OBI_LEET      32  /* sign that stands for a letter */
#define OBI_NO_HEX    64  /* letter that ends a stretch of hexadecimal bytes: not in "0x1f" */
#define OBI_HIGH      128 /* beyond ASCII */
extern const uint8_t obi_classes[256];

static inline unsigned obi_class(char c)
{
    return obi_classes[(unsigned char)c];
}

static inline bool obi_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool obi_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool obi_is_alnum(char c)
{
    return obi_is_alpha(c) || obi_is_digit(c);
}

static inline char obi_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* 0 to 15, or -1. */
static inline int obi_hex_value(char c)
{
    if (obi_is_digit(c)) {
        return c - '0';
    }
    char lower = obi_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* The letter that a sign of leet stands for, or c itself. */
static inline char obi_leet_char(char c)
{
    switch (c) {
    case '0':
        return 'o';
    case '1':
        return 'i';
    case '3':
        return 'e';
    case '4':
    case '@':
        return 'a';
    case '5':
    case '$':
        return 's';
    case '7':
        return 't';
    default:
        return c;
    }
}

/* The look-alikes, digits and invisible characters that both directions use (fold.c). */
OB_MUST bool obi_fold_all(ob_views *views, const ob_view *from, ob_err *err);

#endif
