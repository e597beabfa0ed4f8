/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses in Han characters: divisions, a road or a village, the house. */
#include "detect/address.h"
#include "detect/codings.h"
#include "detect/han.h"

#include <ombud/text.h>

#define HAN_LEN 3

/* What the segment has of an address, in the order in which they are written. */
typedef struct parts {
    unsigned areas;  /* province, city, district */
    unsigned roads;  /* road, village, estate */
    unsigned houses; /* house, building, unit, room, with a number before */
    size_t end;      /* behind the last part */
} parts;

static bool one_of(uint32_t rune, const char *set)
{
    ob_span list = ob_span_str(set);
    size_t at = 0;
    uint32_t one = 0;
    while (ob_utf8_next(list, &at, &one)) {
        if (one == rune) {
            return true;
        }
    }
    return false;
}

static bool is_area(uint32_t rune)
{
    return one_of(rune, "\u7701\u5e02\u533a\u53bf\u5dde\u76df\u65d7\u5340\u7e23");
}

static bool is_road(uint32_t rune)
{
    return one_of(rune,
                  "\u9547\u4e61\u6751\u8def\u8857\u9053\u5df7\u5f04\u91cc\u6bb5\u5c6f\u5be8\u5e84"
                  "\u56ed\u82d1\u57ce\u53a6\u540c\u93ae\u9109\u5712\u838a\u5ec8\u9662");
}

static bool is_house(uint32_t rune)
{
    return one_of(rune,
                  "\u53f7\u680b\u5e62\u697c\u5ea7\u5355\u5ba4\u5c42\u7ec4\u6237\u5f04\u9662\u865f"
                  "\u68df\u6a13\u55ae\u5c64\u7d44\u6236\u95e8\u5df7\u623f");
}

/* Numbers of houses are also written in Chinese numerals, or with a letter. */
static bool is_numeral(uint32_t rune)
{
    return (rune < 0x80 && obi_is_alnum((char)rune)) ||
           one_of(rune,
                  "\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u7532\u4e59") ||
           (rune >= 0xff10 && rune <= 0xff19);
}

/* Behind a number follows what is counted by it and is no house: a line of the metro, a mast. */
static bool is_serial(ob_span text, size_t at)
{
    uint32_t rune = 0;
    return ob_utf8_next(text, &at, &rune) &&
           one_of(rune, "\u7ebf\u7dda\u57fa\u5957\u901a\u7801\u78bc\u5361\u673a\u6a5f");
}

static parts read_parts(ob_span text, size_t at)
{
    parts read = {.end = at};
    uint32_t rune = 0;
    uint32_t before = 0;
    for (size_t next = at; ob_utf8_next(text, &next, &rune); before = rune) {
        if (!obi_han_address_goes_on(ob_span_sub(text, read.end, read.end), rune)) {
            break;
        }
        bool unit = obi_han_unit(rune) || rune == 0x95e8; /* a gate with a number */
        bool numbered = unit && is_numeral(before);
        if (unit && is_house(rune) && numbered && !is_serial(text, next)) {
            read.houses++;
        } else if (unit && is_road(rune) && next > at + HAN_LEN) {
            read.roads++;
        } else if (unit && is_area(rune) && next > at + HAN_LEN && !numbered) {
            read.areas++;
        } else {
            /* Behind a number of a house, bare digits are the room. */
            if (read.houses > 0 && rune < 0x80 && (obi_is_digit((char)rune) || rune == '-') &&
                next - read.end <= 6) {
                read.end = rune == '-' ? read.end : next;
            } else if (next - read.end > (size_t)12 * HAN_LEN) {
                break;
            }
            continue;
        }
        /* What goes with it: the second half of "unit" and "lane", "building" behind "number". */
        uint32_t half = 0;
        size_t behind = next;
        while (ob_utf8_next(text, &behind, &half) &&
               (half == 0x5143 || half == 0x540c || (is_house(rune) && is_house(half)))) {
            next = behind;
        }
        read.end = next;
    }
    return read;
}

/* A label for an address before at, over what may stand between. */
static bool labelled(ob_span text, size_t at)
{
    for (unsigned i = 0; i < 6 && at > 0; i++) {
        if (obi_han_address_label(text, at)) {
            return true;
        }
        uint32_t rune = 0;
        size_t start = at - 1;
        while (start > 0 && ((unsigned char)text.ptr[start] & 0xc0) == 0x80) {
            start--;
        }
        size_t next = start;
        (void)ob_utf8_next(text, &next, &rune);
        if (!obi_han_between(rune) && rune != '"') {
            return false;
        }
        at = start;
    }
    return at > 0 && obi_han_address_label(text, at);
}

void obi_find_address_han(obi_scan *scan)
{
    size_t at = scan->from;
    uint32_t rune = 0;
    for (size_t next = at; ob_utf8_next(scan->text, &next, &rune) && obi_han_between(rune);) {
        at = next;
    }
    bool place = obi_han_place(ob_span_sub(scan->text, at, scan->text.len));
    bool label = labelled(scan->text, at);
    if (!place && !label) {
        return;
    }
    parts read = read_parts(scan->text, at);
    unsigned upper = read.areas + (place ? 1 : 0);
    bool whole = read.houses > 0 && read.roads > 0 && (upper > 0 || label);
    bool most = label && read.houses > 0 && upper > 0;
    bool rough = label && upper >= 2 && read.roads > 0;
    if (whole || most || rough) {
        obi_found_long(scan, OB_KIND_ADDR, at, read.end, OB_VALID_MAYBE, "addr-cn",
                       whole ? 200 : 120, OBI_TAIL_ADDRESS);
    }
}
