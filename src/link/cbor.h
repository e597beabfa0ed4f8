/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deterministic CBOR (RFC 8949, 4.2) without memory of its own. The reader refuses what is not the
 * shortest form or has no definite length; the writer cannot make anything else.
 */
#ifndef OB_LINK_CBOR_H
#define OB_LINK_CBOR_H

#include <ombud/span.h>

/* Levels of arrays, maps and tags that obi_cbor_skip follows. */
#define OBI_CBOR_DEPTH 8

typedef enum obi_cbor_major {
    OBI_CBOR_UINT,
    OBI_CBOR_NEGATIVE, /* the number is -1 - value */
    OBI_CBOR_BYTES,
    OBI_CBOR_TEXT,
    OBI_CBOR_ARRAY, /* value: items */
    OBI_CBOR_MAP,   /* value: pairs */
    OBI_CBOR_TAG,
    OBI_CBOR_SIMPLE /* 20 false, 21 true, 22 null; floating-point numbers as their bits */
} obi_cbor_major;

typedef struct obi_cbor_item {
    obi_cbor_major major;
    uint64_t value;
    ob_span bytes; /* of BYTES and TEXT */
} obi_cbor_item;

typedef struct obi_cbor_reader {
    ob_span text;
    size_t at;
} obi_cbor_reader;

/* The next item's head, with the bytes of a string; the items of an array follow. False: the text
 * ends, or it is not deterministic CBOR; at stays there. */
OB_MUST bool obi_cbor_next(obi_cbor_reader *r, obi_cbor_item *item);
/* The next item with all that is in it, as it stands. */
OB_MUST bool obi_cbor_skip(obi_cbor_reader *r, ob_span *whole);
/* The next item, which must be a byte string, a number, or an array or map of any size. */
OB_MUST bool obi_cbor_bytes(obi_cbor_reader *r, ob_span *bytes);
OB_MUST bool obi_cbor_int(obi_cbor_reader *r, int64_t *value);
OB_MUST bool obi_cbor_many(obi_cbor_reader *r, obi_cbor_major major, uint64_t *count);
bool obi_cbor_done(const obi_cbor_reader *r);
/* Whether the next item is of that kind; false at the end, too. */
bool obi_cbor_is(const obi_cbor_reader *r, obi_cbor_major major);

typedef struct obi_cbor_writer {
    uint8_t *ptr;
    size_t cap;
    size_t len;
    bool full; /* what was to be written did not fit */
} obi_cbor_writer;

void obi_cbor_put_head(obi_cbor_writer *w, obi_cbor_major major, uint64_t value);
void obi_cbor_put_int(obi_cbor_writer *w, int64_t value);
void obi_cbor_put_bytes(obi_cbor_writer *w, ob_span bytes);
void obi_cbor_put_text(obi_cbor_writer *w, ob_span text);
/* Items that are encoded already. */
void obi_cbor_put_raw(obi_cbor_writer *w, ob_span items);
ob_span obi_cbor_written(const obi_cbor_writer *w);

#endif
