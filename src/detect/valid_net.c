/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of machines, cells and places. */
#include "detect/valid_core.h"

/* All zeros and all ones name nobody. Everything else may be somebody's, also made-up ones (bit 2
 * of the first byte), which phones use. */
ob_valid obi_valid_mac(ob_span value)
{
    return obi_maybe_if(obi_all(value, OBI_HEX) && !obi_uniform(value));
}

static bool parse_ip4(ob_span text, uint8_t out[4])
{
    ob_span rest = text;
    for (size_t i = 0; i < 4; i++) {
        ob_span part = {0};
        if (!ob_span_cut(&rest, '.', &part) || part.len > 3 || !obi_all(part, OBI_DIGIT) ||
            (part.len > 1 && part.ptr[0] == '0') || obi_number(part, 0, part.len) > 255) {
            return false;
        }
        out[i] = (uint8_t)obi_number(part, 0, part.len);
    }
    return rest.len == 0 && text.ptr[text.len - 1] != '.';
}

static unsigned hex_value(char c)
{
    return obi_value36(obi_is(c, OBI_LOWER) ? (char)(c - 32) : c);
}

/* RFC 4291, 2.2: groups of four hex digits, one run of zero groups as "::", perhaps an IPv4 address
 * at the end. *parts is set to how many groups are written. */
static bool parse_ip6(ob_span text, uint16_t out[8], unsigned *parts)
{
    uint16_t groups[8] = {0};
    size_t count = 0;
    size_t gap = SIZE_MAX;
    size_t at = 0;
    if (ob_span_has_prefix(text, OB_SPAN("::"))) {
        gap = 0;
        at = 2;
    }
    while (at < text.len) {
        size_t end = obi_run(text, at, OBI_HEX);
        uint8_t four[4];
        if (end < text.len && text.ptr[end] == '.' && count <= 6 &&
            parse_ip4(ob_span_sub(text, at, text.len), four)) {
            groups[count++] = (uint16_t)(four[0] << 8 | four[1]);
            groups[count++] = (uint16_t)(four[2] << 8 | four[3]);
            break;
        }
        if (end == at || end - at > 4 || count == 8) {
            return false;
        }
        for (; at < end; at++) {
            groups[count] = (uint16_t)((unsigned)groups[count] << 4 | hex_value(text.ptr[at]));
        }
        count++;
        if (at == text.len) {
            break;
        }
        if (text.ptr[at++] != ':' || at == text.len) {
            return false;
        }
        if (text.ptr[at] == ':') {
            if (gap != SIZE_MAX) {
                return false;
            }
            gap = count;
            at++;
        }
    }
    if (gap == SIZE_MAX ? count != 8 : count > 7) {
        return false;
    }
    for (size_t i = 0; i < 8; i++) {
        size_t missing = 8 - count;
        out[i] = i < gap ? groups[i] : i < gap + missing ? 0 : groups[i - missing];
    }
    *parts = (unsigned)count;
    return true;
}

typedef struct block {
    uint32_t first; /* IPv4: the address; IPv6: its first two groups */
    uint8_t bits;
    ob_ip_class class;
} block;

static ob_ip_class find_block(const block *blocks, size_t count, uint32_t address)
{
    for (size_t i = 0; i < count; i++) {
        if ((address ^ blocks[i].first) >> (32 - blocks[i].bits) == 0) {
            return blocks[i].class;
        }
    }
    return OB_IP_PUBLIC;
}

/* IANA IPv4 special-purpose registry; the narrower block stands first. */
static ob_ip_class classify4(const uint8_t four[4])
{
    static const block blocks[] = {
        {0x00000000, 32, OB_IP_UNSPECIFIED},   {0x00000000, 8, OB_IP_RESERVED},
        {0x0a000000, 8, OB_IP_PRIVATE},        {0x64400000, 10, OB_IP_PRIVATE},
        {0x7f000000, 8, OB_IP_LOOPBACK},       {0xa9fe0000, 16, OB_IP_LINK_LOCAL},
        {0xac100000, 12, OB_IP_PRIVATE},       {0xc0000000, 24, OB_IP_RESERVED},
        {0xc0000200, 24, OB_IP_DOCUMENTATION}, {0xc0a80000, 16, OB_IP_PRIVATE},
        {0xc6120000, 15, OB_IP_RESERVED},      {0xc6336400, 24, OB_IP_DOCUMENTATION},
        {0xcb007100, 24, OB_IP_DOCUMENTATION}, {0xe9fc0000, 24, OB_IP_DOCUMENTATION},
        {0xe0000000, 4, OB_IP_MULTICAST},      {0xf0000000, 4, OB_IP_RESERVED},
    };
    uint32_t address =
        (uint32_t)four[0] << 24 | (uint32_t)four[1] << 16 | (uint32_t)four[2] << 8 | four[3];
    return find_block(blocks, OB_COUNT(blocks), address);
}

/* IANA IPv6 special-purpose registry. */
static ob_ip_class classify6(const uint16_t groups[8])
{
    static const block blocks[] = {
        {0x20010db8, 32, OB_IP_DOCUMENTATION}, {0x3fff0000, 20, OB_IP_DOCUMENTATION},
        {0xfe800000, 10, OB_IP_LINK_LOCAL},    {0xfc000000, 7, OB_IP_PRIVATE},
        {0xff000000, 8, OB_IP_MULTICAST},      {0x20000000, 3, OB_IP_PUBLIC},
        {0x0064ff9b, 32, OB_IP_PUBLIC},
    };
    bool zero = true;
    for (size_t i = 0; i < 5; i++) {
        zero = zero && groups[i] == 0;
    }
    if (zero && groups[5] == 0xffff) { /* an IPv4 address in IPv6 form */
        uint8_t four[4] = {(uint8_t)(groups[6] >> 8), (uint8_t)groups[6], (uint8_t)(groups[7] >> 8),
                           (uint8_t)groups[7]};
        return classify4(four);
    }
    if (zero && groups[5] == 0 && groups[6] == 0 && groups[7] <= 1) {
        return groups[7] == 0 ? OB_IP_UNSPECIFIED : OB_IP_LOOPBACK;
    }
    uint32_t address = (uint32_t)groups[0] << 16 | groups[1];
    ob_ip_class class = find_block(blocks, OB_COUNT(blocks), address);
    /* Outside of 2000::/3 and these blocks nothing is given out. */
    bool given = groups[0] >> 13 == 1 || address == 0x0064ff9b;
    return class == OB_IP_PUBLIC && !given ? OB_IP_RESERVED : class;
}

ob_ip_class ob_ip_classify(ob_span text)
{
    uint8_t four[4];
    uint16_t groups[8];
    unsigned parts = 0;
    if (text.len < 2 || text.len > 45) {
        return OB_IP_NONE;
    }
    if (parse_ip4(text, four)) {
        return classify4(four);
    }
    return parse_ip6(text, groups, &parts) ? classify6(groups) : OB_IP_NONE;
}

/* An address, perhaps with the length of a prefix. Four small numbers may as well be a version; of
 * IPv6 only what begins like an address that is
 * given out proves itself: "a::b" also is a name in a program. */
ob_valid obi_valid_ip(ob_span value)
{
    uint8_t four[4];
    uint16_t groups[8];
    unsigned parts = 0;
    size_t slash = ob_span_find(value, OB_SPAN("/"), 0);
    ob_span address = ob_span_sub(value, 0, slash);
    ob_span bits = ob_span_sub(value, address.len + 1, value.len);
    bool whole = slash == SIZE_MAX || (bits.len <= 3 && obi_all(bits, OBI_DIGIT));
    unsigned prefix = slash == SIZE_MAX || !whole ? 0 : obi_number(bits, 0, bits.len);
    if (whole && address.len > 0 && parse_ip4(address, four)) {
        return obi_maybe_if(prefix <= 32);
    }
    if (!whole || prefix > 128 || !parse_ip6(address, groups, &parts)) {
        return OB_VALID_NO;
    }
    bool proves = parts >= 3 && groups[0] >= 0x2000 && classify6(groups) != OB_IP_RESERVED;
    return proves || parts == 8 ? OB_VALID_YES : OB_VALID_MAYBE;
}

/* MCC-MNC-area-cell or MCC-MNC-cell: TS 23.003, 4.3.1 and 19.6. */
ob_valid obi_valid_cell(ob_span value)
{
    ob_span rest = value;
    ob_span parts[4] = {{0}};
    size_t count = 0;
    size_t mnc = 0;
    while (count < 4 && ob_span_cut(&rest, '-', &parts[count])) {
        count++;
    }
    if (rest.len > 0 || count < 3 || value.ptr[value.len - 1] == '-' || parts[0].len != 3 ||
        !obi_mcc(parts[0], &mnc) || !obi_all(parts[1], OBI_DIGIT) || parts[1].len < 2 ||
        parts[1].len > 3 || (mnc != 0 && parts[1].len != mnc)) {
        return OB_VALID_NO;
    }
    bool area = obi_all(parts[2], OBI_HEX) && parts[2].len >= 4 && parts[2].len <= 9;
    bool cell = count == 3 || (obi_all(parts[3], OBI_HEX) && parts[3].len <= 9);
    return obi_maybe_if(area && cell);
}

/* A signed decimal of at most most degrees with three or more places behind the point; moves *at.
 */
static bool degrees(ob_span text, size_t *at, unsigned most)
{
    size_t start = *at;
    start += start < text.len && (text.ptr[start] == '-' || text.ptr[start] == '+') ? 1 : 0;
    size_t point = obi_run(text, start, OBI_DIGIT);
    if (point == start || point - start > 3 || point >= text.len || text.ptr[point] != '.') {
        return false;
    }
    size_t end = obi_run(text, point + 1, OBI_DIGIT);
    unsigned whole = obi_number(text, start, point - start);
    ob_span behind = ob_span_sub(text, point + 1, end);
    bool zero = behind.len > 0 && behind.ptr[0] == '0' && obi_uniform(behind);
    *at = end;
    return behind.len >= 3 && (whole < most || (whole == most && zero));
}

ob_valid obi_valid_geo(ob_span value)
{
    size_t at = 0;
    if (!degrees(value, &at, 90) || at >= value.len || value.ptr[at] != ',') {
        return OB_VALID_NO;
    }
    at++;
    while (at < value.len && value.ptr[at] == ' ') {
        at++;
    }
    return obi_maybe_if(degrees(value, &at, 180) && at == value.len);
}
