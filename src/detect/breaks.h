/* SPDX-License-Identifier: Apache-2.0 */
/* What sets words apart: a test of one bit, because it is asked for each byte. */
#ifndef OB_DETECT_BREAKS_H
#define OB_DETECT_BREAKS_H

#include <stdbool.h>
#include <stdint.h>

#define OBI_BREAK(c) (UINT64_C(1) << ((c)&63))

/* Quotes, brackets and signs of a list, below 64 and from there on. */
#define OBI_BREAK_SIGNS                                                                   \
    (OBI_BREAK('"') | OBI_BREAK('(') | OBI_BREAK(')') | OBI_BREAK(',') | OBI_BREAK(';') | \
     OBI_BREAK('<') | OBI_BREAK('>'))
#define OBI_BREAK_SIGNS_HIGH                                                              \
    (OBI_BREAK('[') | OBI_BREAK(']') | OBI_BREAK('{') | OBI_BREAK('}') | OBI_BREAK('|') | \
     OBI_BREAK('`'))

/* These signs, white space, or '\0'. */
static inline bool obi_breaks(char c)
{
    uint64_t low = OBI_BREAK_SIGNS | OBI_BREAK('\0') | OBI_BREAK(' ') | OBI_BREAK('\t') |
                   OBI_BREAK('\r') | OBI_BREAK('\n');
    uint64_t set = (c & 64) != 0 ? OBI_BREAK_SIGNS_HIGH : low;
    return (unsigned char)c < 0x80 && (set >> (c & 63) & 1) != 0;
}

/* Visible, of ASCII, and none of these signs. */
static inline bool obi_is_plain(char c)
{
    uint64_t low = OBI_BREAK_SIGNS | (OBI_BREAK(' ') | (OBI_BREAK(' ') - 1));
    uint64_t high = OBI_BREAK_SIGNS_HIGH | OBI_BREAK(0x7f);
    uint64_t set = (c & 64) != 0 ? high : low;
    return (unsigned char)c < 0x80 && (set >> (c & 63) & 1) == 0;
}

#endif
