/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of the detectors' own files (compiled rules, models): 32 bits, the least byte first. */
#ifndef OB_DETECT_CURSOR_H
#define OB_DETECT_CURSOR_H

#include <ombud/buf.h>

/* Reads; past the end it gives zeros and says so. */
typedef struct obi_cursor {
    ob_span text;
    size_t at;
    bool bad;
} obi_cursor;

static inline uint32_t obi_take_number(obi_cursor *c)
{
    uint32_t number = 0;
    if (c->text.len - c->at < 4) {
        c->bad = true;
        return 0;
    }
    for (unsigned shift = 0; shift < 32; shift += 8) {
        number |= (uint32_t)(unsigned char)c->text.ptr[c->at++] << shift;
    }
    return number;
}

static inline void obi_put_number(ob_buf *out, size_t number)
{
    for (unsigned shift = 0; shift < 32; shift += 8) {
        ob_buf_add_char(out, (char)(number >> shift & 0xff));
    }
}

#endif
