/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a candidate can be an identifier of a kind. Pure functions: no heap, clock or locale; the
 * time they take grows with the length of the value at most, and a value of a wrong length costs
 * nothing. A value is judged by its form, never looked up; YES does not say that anybody has it.
 */
#ifndef OB_DETECT_VALIDATE_H
#define OB_DETECT_VALIDATE_H

#include "detect/kinds.h"

typedef enum ob_valid {
    OB_VALID_NO,    /* cannot be one: length, alphabet, check digit, date or range is wrong */
    OB_VALID_MAYBE, /* form and ranges fit, nothing proves it: believe it beside a cue only */
    OB_VALID_YES    /* a check digit holds (of 1 in 10 or better), or its form is its own proof:
                       a literal that nothing else begins with, and everything behind it fits */
} ob_valid;

/* Years in dates of birth. A constant, so that a verdict never depends on the day it is given. */
#define OB_BIRTH_YEAR_MIN 1900
#define OB_BIRTH_YEAR_MAX 2035

/* Judges the canonical form (kinds.def tells what that is for each kind). */
ob_valid ob_validate(ob_kind kind, ob_span canonical);

#define OB_CANONICAL_MAX 96 /* of kinds with groups, and of most others */

/*
 * Writes the canonical form of raw to out and its length to *len: separators taken out, letters as
 * the kind wants them. False, with out and *len untouched, where raw cannot be one: a grouping that
 * the kind does not have, fewer or more bytes than it allows, or more than cap. Not validated
 * beyond that. raw has no white space around it. out may not overlap raw.
 */
OB_MUST bool ob_canonical(ob_kind kind, ob_span raw, char *out, size_t cap, size_t *len);

/* What an IP address (4 or 6) is for: RFC 6890 and the IANA registries it began. */
typedef enum ob_ip_class {
    OB_IP_NONE, /* not an address */
    OB_IP_UNSPECIFIED,
    OB_IP_LOOPBACK,
    OB_IP_PRIVATE, /* RFC 1918, RFC 4193, and shared space of operators, RFC 6598 */
    OB_IP_LINK_LOCAL,
    OB_IP_MULTICAST,
    OB_IP_DOCUMENTATION,
    OB_IP_RESERVED,
    OB_IP_PUBLIC
} ob_ip_class;

ob_ip_class ob_ip_classify(ob_span text);

#endif
